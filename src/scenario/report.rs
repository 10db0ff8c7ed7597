//! The texts a scenario is written in, places in them, and what was noticed there.

use crate::diagnostic::{Diagnostic, Place, Severity};
use std::sync::Arc;

/// Longest excerpt shown, in characters.
const EXCERPT: usize = 240;

/// A stretch of one text. An empty stretch at 0 means the text as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Origin {
    pub(super) source: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Origin {
    /// A text as a whole.
    pub(super) fn whole(source: usize) -> Self {
        Self { source, start: 0, end: 0 }
    }
}

/// One text: a file, or one `--set`.
#[derive(Debug)]
struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

/// Where a text of the command line is said to stand.
pub(super) const COMMAND_LINE: &str = "--set";

/// All texts read so far, and all that was noticed in them.
#[derive(Debug, Default)]
pub(super) struct Report {
    sources: Vec<Arc<Source>>,
    noticed: Vec<(Option<Origin>, Nature, Diagnostic)>,
}

/// Whether something was noticed in what is written, or in what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nature {
    /// The text is no TOML here.
    Syntax,
    /// What is written is wrong.
    Written,
    /// Something is missing; after a syntax error that may only seem so.
    Absent,
}

impl Report {
    /// Adds a text; the number returned stands for it in origins.
    pub(super) fn add_source(&mut self, name: &str, text: &str) -> usize {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.sources.push(Arc::new(Source { name: name.to_owned(), text: text.to_owned(), line_starts }));
        self.sources.len() - 1
    }

    /// The same texts, nothing noticed in them yet.
    pub(super) fn afresh(&self) -> Self {
        Self { sources: self.sources.clone(), noticed: Vec::new() }
    }

    /// The text of an origin, as written.
    pub(super) fn written(&self, at: Origin) -> &str {
        self.sources[at.source].text.get(at.start..at.end).unwrap_or("")
    }

    /// Who set what stands there: `file:line`, or `--set`.
    pub(super) fn set_by(&self, at: Origin) -> String {
        let source = &self.sources[at.source];
        if source.name == COMMAND_LINE {
            return COMMAND_LINE.to_owned();
        }
        format!("{}:{}", source.name, source.line_of(at.start) + 1)
    }

    /// What is written there is no TOML.
    pub(super) fn syntax(&mut self, at: Origin, diagnostic: Diagnostic) {
        self.push(at, Nature::Syntax, diagnostic);
    }

    /// Something is wrong (or odd) with what is written there.
    pub(super) fn noticed(&mut self, at: Origin, diagnostic: Diagnostic) {
        self.push(at, Nature::Written, diagnostic);
    }

    /// Something is missing there.
    pub(super) fn missing(&mut self, at: Origin, diagnostic: Diagnostic) {
        self.push(at, Nature::Absent, diagnostic);
    }

    /// Something is wrong that has no place of its own in a text.
    pub(super) fn placeless(&mut self, diagnostic: Diagnostic) {
        self.noticed.push((None, Nature::Written, diagnostic));
    }

    fn push(&mut self, at: Origin, nature: Nature, diagnostic: Diagnostic) {
        let diagnostic = diagnostic.at(self.place(at));
        self.noticed.push((Some(at), nature, diagnostic));
    }

    /// Whether an error was noticed.
    pub(super) fn failed(&self) -> bool {
        self.noticed.iter().any(|(_, _, diagnostic)| diagnostic.severity == Severity::Error)
    }

    /// All that was noticed, in the order of the texts, each thing once.
    ///
    /// After a syntax error, what only seems to be missing is left out, and so is all else on the same line.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.noticed.sort_by_key(|(at, nature, _)| (at.map(|at| (at.source, at.start)), *nature));
        let broken: Vec<Place> = self
            .noticed
            .iter()
            .filter(|(_, nature, _)| *nature == Nature::Syntax)
            .filter_map(|(_, _, diagnostic)| diagnostic.place.clone())
            .collect();
        let mut kept: Vec<Diagnostic> = Vec::new();
        for (at, nature, diagnostic) in self.noticed {
            let Some(place) = &diagnostic.place else {
                kept.push(diagnostic);
                continue;
            };
            let same_line = |other: &Place| other.file == place.file && other.line == place.line;
            // What the reader of TOML put in the place of something broken has no length.
            let made_up = at.is_none_or(|at| at.start == at.end);
            let spoilt = match nature {
                Nature::Syntax => kept.iter().filter_map(|other| other.place.as_ref()).any(same_line),
                Nature::Absent => !broken.is_empty(),
                Nature::Written => broken.iter().any(same_line) || (made_up && !broken.is_empty()),
            };
            if !spoilt && !kept.contains(&diagnostic) {
                kept.push(diagnostic);
            }
        }
        kept
    }

    /// The place of an origin, with its line.
    pub(super) fn place(&self, at: Origin) -> Place {
        let source = &self.sources[at.source];
        if (at.start, at.end) == (0, 0) {
            return Place { file: source.name.clone(), line: 1, column: 1, excerpt: String::new(), width: 0 };
        }
        let number = source.line_of(at.start);
        let from = source.line_starts[number];
        let to = source.line_starts.get(number + 1).map_or(source.text.len(), |next| next - 1);
        let line = source.text[from..to].trim_end_matches('\r');
        let before = source.text.get(from..at.start).map_or(0, |text| text.chars().count());
        let length = line.chars().count();
        let width = source.text.get(at.start..at.end.min(to)).map_or(1, |text| text.chars().count());
        let (excerpt, width) = if before < EXCERPT {
            let shown: String = line.chars().take(EXCERPT).collect();
            (shown, width.min(length.min(EXCERPT).saturating_sub(before)).max(1))
        } else {
            (String::new(), 0)
        };
        Place { file: source.name.clone(), line: number + 1, column: before + 1, excerpt, width }
    }
}

impl Source {
    /// The line (from 0) in which that byte stands.
    fn line_of(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }
}
