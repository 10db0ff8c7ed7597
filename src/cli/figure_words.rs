//! The words of figures: a language file, labels from the command line, and the list to be translated.

use super::Errors;
use comity::diagnostic::Diagnostic;
use comity::figure::Wording;
use comity::storage::{SCENARIO_BYTES, read_text};
use std::path::Path;
use toml::{Table, Value};

/// Words of the file, then of the command line, which has the last word.
///
/// # Errors
/// When the file cannot be read, is no TOML, or holds something that is no word.
pub fn wording(language: Option<&Path>, labels: &[String]) -> Result<Wording, Errors> {
    let mut errors = Vec::new();
    let mut words = match language {
        Some(path) => of_file(path)?,
        None => Vec::new(),
    };
    for label in labels {
        match label.split_once('=') {
            Some((own, other)) if !own.trim().is_empty() && !other.trim().is_empty() => {
                words.push((own.trim().to_owned(), other.to_owned()))
            }
            _ => errors.push(
                Diagnostic::error(format!("--label {label} is not KEY=TEXT"))
                    .hint("write --label exchange=\"Exchange visits\""),
            ),
        }
    }
    if errors.is_empty() { Ok(Wording::new(words)) } else { Err(errors) }
}

fn of_file(path: &Path) -> Result<Vec<(String, String)>, Errors> {
    let text = read_text(path, SCENARIO_BYTES).map_err(|error| vec![Diagnostic::from(error)])?;
    let shown = path.display();
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        let message = format!("{shown}, line {line}: {}", error.message());
        vec![Diagnostic::error(message).hint("write words and what stands for them: \"baseline\" = \"Ausgangslage\"")]
    })?;
    let (words, others): (Vec<_>, Vec<_>) = table.into_iter().partition(|(_, value)| value.is_str());
    let wrong = others.into_iter().map(|(own, value)| {
        let message = format!("{shown}: what stands for \"{own}\" is no text, but {}", value.type_str());
        let hint = match value {
            Value::Table(_) => "put words that hold a dot in quotes: \"n. s.\" = \"n. s.\"",
            _ => "put it in quotes",
        };
        Diagnostic::error(message).hint(hint)
    });
    let wrong: Errors = wrong.collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(words.into_iter().filter_map(|(own, value)| value.as_str().map(|other| (own, other.to_owned()))).collect())
}

/// The words as a file to be filled in.
pub fn template(words: &[String]) -> String {
    let mut out = String::from(
        "# Words of figures, and what is to stand for them: translate what is right of the equals sign. Captions stay English.\n\
         # comity figure RESULT --language THIS-FILE\n",
    );
    for own in words {
        let quoted = Value::String(own.clone()).to_string();
        // TOML may write text over several lines; a key stands on one.
        let quoted = if quoted.contains('\n') || !quoted.starts_with('"') { format!("{own:?}") } else { quoted };
        out += &format!("{quoted} = {quoted}\n");
    }
    out
}
