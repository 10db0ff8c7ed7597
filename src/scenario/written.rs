//! A scenario as written: TOML as a tree in the order of the file, every key and value with its place.

use super::report::{Origin, Report};
use crate::diagnostic::Diagnostic;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// One value, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) at: Origin,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Whole(i128),
    Real(f64),
    Truth(bool),
    Moment(Datetime),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// One key of a table with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_at: Origin,
    pub(super) node: Node,
}

impl Node {
    /// The entries, if this is a table.
    pub(super) fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of that key, if this is a table that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Whether this is `false`, by which a variant takes out what its base has.
    pub(super) fn takes_out(&self) -> bool {
        matches!(self.value, Value::Truth(false))
    }

    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a text",
            Value::Whole(_) | Value::Real(_) => "a number",
            Value::Truth(_) => "true or false",
            Value::Moment(moment) if moment.date.is_some() && moment.time.is_none() => "a date",
            Value::Moment(_) => "a time of day",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Reads a whole file. What is no TOML is reported, and the rest is read.
pub(super) fn document(report: &mut Report, source: usize, text: &str) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(Origin::whole(source), |span| Origin {
            source,
            start: span.start.min(text.len()),
            end: span.end.min(text.len()),
        });
        report.syntax(at, syntax_error(error.message()));
    }
    Node { value: Value::Table(entries(table.into_inner(), source, 0)), at: Origin::whole(source) }
}

/// Reads one value, as given on the command line; `offset` is where it begins in its source.
///
/// A bare word is a text. `None` when the value is written like a list, table or quoted text, but is none.
pub(super) fn value(report: &mut Report, source: usize, text: &str, offset: usize) -> Option<Node> {
    let at = Origin { source, start: offset, end: offset + text.len() };
    match DeValue::parse(text) {
        Ok(value) => Some(Node { at, ..node(value.into_inner(), at, offset) }),
        Err(error) if text.starts_with(['[', '{', '"', '\'']) => {
            report.syntax(at, syntax_error(error.message()));
            None
        }
        Err(_) => Some(Node { value: Value::Text(text.to_owned()), at }),
    }
}

fn syntax_error(message: &str) -> Diagnostic {
    let hint = if message.contains("duplicate key") {
        "a key or table may stand only once; join the two"
    } else if message.contains("quot") || message.contains("string") {
        "texts stand in double quotes: name = \"Thailand\""
    } else {
        "a line is either [table] or key = value, with texts in double quotes and dates bare"
    };
    Diagnostic::error(format!("this is no TOML: {message}")).hint(hint)
}

fn entries(table: DeTable<'_>, source: usize, offset: usize) -> Vec<Entry> {
    let place = |span: std::ops::Range<usize>| Origin { source, start: offset + span.start, end: offset + span.end };
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| {
            let (key_at, at) = (place(key.span()), place(value.span()));
            Entry { key: key.into_inner().into_owned(), key_at, node: node(value.into_inner(), at, offset) }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_at);
    entries
}

fn node(value: DeValue<'_>, at: Origin, offset: usize) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Whole(
            i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(if number.as_str().starts_with('-') {
                i128::MIN
            } else {
                i128::MAX
            }),
        ),
        DeValue::Float(number) => Value::Real(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Truth(truth),
        DeValue::Datetime(moment) => Value::Moment(moment),
        DeValue::Array(list) => Value::List(
            list.into_iter()
                .map(|item| {
                    let span = item.span();
                    let at = Origin { source: at.source, start: offset + span.start, end: offset + span.end };
                    node(item.into_inner(), at, offset)
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(entries(table, at.source, offset)),
    };
    Node { value, at }
}
