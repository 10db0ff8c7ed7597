//! A table as readers meet it, in no format yet.

use std::sync::Arc;

use crate::table::{Schema, Table};

/// Lines of a page.
const PAGE: usize = 42;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Align {
    /// Words, flush left, on one line.
    Left,
    /// Words, flush left, over several lines where the table would be too wide; columns share what room there is by these weights.
    Wrapped(f64),
    /// Numbers, flush right, on one line.
    Right,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its head, below the head it may share with its neighbours.
    pub head: String,
    /// Its head where no heads are shared.
    pub alone: String,
    /// How it is set.
    pub align: Align,
}

impl Column {
    /// A column of words on one line.
    pub fn left(head: &str) -> Self {
        Self { head: head.to_owned(), alone: head.to_owned(), align: Align::Left }
    }

    /// A column of words that may run over several lines.
    pub fn wrapped(head: &str, weight: f64) -> Self {
        Self { align: Align::Wrapped(weight), ..Self::left(head) }
    }

    /// A column of numbers.
    pub fn right(head: &str) -> Self {
        Self { align: Align::Right, ..Self::left(head) }
    }

    /// The same, with another head where no heads are shared.
    #[must_use]
    pub fn or_alone(mut self, head: &str) -> Self {
        head.clone_into(&mut self.alone);
        self
    }
}

/// A head shared by neighbouring columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The head.
    pub head: String,
    /// Its first column, from 0.
    pub first: usize,
    /// How many columns it covers, at least 1.
    pub count: usize,
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Plain text.
    pub text: String,
    /// Whether it is set in bold.
    pub strong: bool,
}

impl From<String> for Entry {
    fn from(text: String) -> Self {
        Self { text, strong: false }
    }
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Rows under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The heading; empty where there is none.
    pub title: String,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Entry>>,
}

/// A table as readers meet it. Every text in it is plain.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The caption; empty where there is none.
    pub caption: String,
    /// The label by which a text refers to it: letters, digits, `:`, `.`, `_` and `-`.
    pub label: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// Heads shared by neighbouring columns, from left to right, without overlap.
    pub spans: Vec<Span>,
    /// The rows, in groups.
    pub groups: Vec<Group>,
    /// What stands below it, a sentence or several each.
    pub notes: Vec<String>,
    /// The rows it was made of, in full precision.
    pub data: Table,
}

impl Printed {
    /// A table of words alone, without caption, notes and data: the first row is its head, the columns named in `right` hold numbers.
    pub fn of_words(rows: &[Vec<String>], right: &[usize]) -> Self {
        let [head, body @ ..] = rows else { return Self::of_words(&[Vec::new()], right) };
        let column = |(place, head): (usize, &String)| match right.contains(&place) {
            true => Column::right(head),
            false => Column::left(head),
        };
        let cells = |row: &Vec<String>| {
            let mut cells: Vec<Entry> = row.iter().map(|cell| Entry::from(cell.as_str())).collect();
            cells.resize(head.len(), Entry::from(""));
            cells
        };
        Self {
            caption: String::new(),
            label: "tab:words".to_owned(),
            columns: head.iter().enumerate().map(column).collect(),
            spans: Vec::new(),
            groups: vec![Group { title: String::new(), rows: body.iter().map(cells).collect() }],
            notes: Vec::new(),
            data: Table::new(Arc::new(Schema {
                name: "words".to_owned(),
                description: String::new(),
                fields: Vec::new(),
            })),
        }
    }

    /// Whether its body takes more lines than a page holds, headings of groups among them.
    pub(super) fn is_long(&self) -> bool {
        let lines = self.groups.iter().map(|group| group.rows.len() + usize::from(!group.title.is_empty()));
        lines.sum::<usize>() > PAGE
    }

    /// The shared head, or none, over each stretch of columns, from left to right: head and how many columns.
    pub(super) fn stretches(&self) -> Vec<(Option<&str>, usize)> {
        let mut out = Vec::new();
        let mut at = 0;
        for span in &self.spans {
            out.extend(std::iter::repeat_n((None, 1), span.first.saturating_sub(at)));
            out.push((Some(span.head.as_str()), span.count));
            at = span.first + span.count;
        }
        out.extend(std::iter::repeat_n((None, 1), self.columns.len().saturating_sub(at)));
        out
    }

    /// All notes in one paragraph.
    pub(super) fn note(&self) -> String {
        self.notes.join(" ")
    }
}

/// A text on one line: every control character and run of spaces is a space; what turns the direction of writing, and what cannot
/// be seen at all, is left out.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => {}
            ' ' | '\u{2028}' | '\u{2029}' | '\u{85}' => space(&mut out),
            _ if letter.is_control() => space(&mut out),
            _ => out.push(letter),
        }
    }
    out.trim_matches(' ').to_owned()
}

fn space(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}
