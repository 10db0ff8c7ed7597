//! What was noticed, in words and pictures for a terminal, as rustc does it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use comity::diagnostic::{Diagnostic, Place, Severity};

/// All of them, one below the other, each with its line and its way out.
pub fn render(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        out += &renderer.render(&report(diagnostic));
        out += "\n\n";
    }
    out
}

fn report(diagnostic: &Diagnostic) -> Vec<Group<'_>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str());
    let mut groups = vec![match &diagnostic.place {
        Some(place) if place.excerpt.is_empty() => title.element(origin(place)),
        Some(place) => title.element(snippet(place)),
        None => Group::with_title(title),
    }];
    if let Some(hint) = &diagnostic.hint {
        groups.push(Group::with_title(Level::HELP.with_name("hint").secondary_title(hint.as_str())));
    }
    groups
}

/// A place without its line.
fn origin(place: &Place) -> annotate_snippets::Origin<'_> {
    let origin = annotate_snippets::Origin::path(place.file.as_str());
    if place.width == 0 && place.line == 1 { origin } else { origin.line(place.line).char_column(place.column) }
}

/// A place with its line, the part that is meant underlined.
fn snippet(place: &Place) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let byte_of =
        |characters: usize| place.excerpt.char_indices().nth(characters).map_or(place.excerpt.len(), |(byte, _)| byte);
    let first = place.column.saturating_sub(1);
    let span = byte_of(first)..byte_of(first + place.width);
    Snippet::source(place.excerpt.as_str())
        .path(place.file.as_str())
        .line_start(place.line)
        .annotation(AnnotationKind::Primary.span(span))
}
