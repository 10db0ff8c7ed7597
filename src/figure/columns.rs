//! Columns of a table, or a clear word about what is missing.

use std::borrow::Cow;
use std::sync::Arc;

use crate::table::{Table, Values};

use super::{Context, FigureError};

fn missing(table: &Table, column: &str, kind: &'static str) -> FigureError {
    FigureError::MissingColumn {
        table: table.schema.name.clone(),
        column: column.to_owned(),
        kind,
        present: table.schema.fields.iter().map(|field| field.name.clone()).collect(),
    }
}

/// Words.
pub(super) fn texts<'a>(table: &'a Table, column: &str) -> Result<&'a [Arc<str>], FigureError> {
    table.texts(column).ok_or_else(|| missing(table, column, "words"))
}

/// Whole numbers.
pub(super) fn integers<'a>(table: &'a Table, column: &str) -> Result<&'a [i64], FigureError> {
    table.integers(column).ok_or_else(|| missing(table, column, "whole numbers"))
}

/// Dates.
pub(super) fn dates<'a>(table: &'a Table, column: &str) -> Result<&'a [i32], FigureError> {
    table.dates(column).ok_or_else(|| missing(table, column, "dates"))
}

/// Numbers, whole or real.
pub(super) fn numbers<'a>(table: &'a Table, column: &str) -> Result<Cow<'a, [f64]>, FigureError> {
    match table.column(column) {
        Some(Values::Real(values)) => Ok(Cow::Borrowed(values)),
        Some(Values::Integer(values)) => Ok(values.iter().map(|&value| value as f64).collect()),
        _ => Err(missing(table, column, "numbers")),
    }
}

/// Rows of that measure and window, or a word about what there is.
pub(super) fn rows_of(table: &Table, wanted: &[(&str, &str)]) -> Result<Vec<usize>, FigureError> {
    let columns = wanted
        .iter()
        .map(|(column, value)| Ok((texts(table, column)?, *value)))
        .collect::<Result<Vec<_>, FigureError>>()?;
    let fits = |row: &usize| columns.iter().all(|(words, value)| &*words[*row] == *value);
    let rows: Vec<usize> = (0..table.rows()).filter(fits).collect();
    if rows.is_empty() {
        let words: Vec<String> = wanted.iter().map(|(column, value)| format!("{column} `{value}`")).collect();
        let has: Vec<String> = wanted
            .iter()
            .zip(&columns)
            .filter(|((_, value), (words, _))| !words.iter().any(|word| &**word == *value))
            .map(|((column, _), (words, _))| format!("{column} has {}", distinct(words).join(", ")))
            .collect();
        let has = if has.is_empty() { String::new() } else { format!(" ({})", has.join("; ")) };
        return Err(nothing(table, &format!("rows of {}{has}", words.join(" and "))));
    }
    Ok(rows)
}

/// The different words of a column in the order in which they first come; of very many the first ones.
pub(super) fn distinct(words: &[Arc<str>]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for word in words {
        if known.iter().any(|other| *other == **word) {
            continue;
        }
        if known.len() == 20 {
            known.push("...".to_owned());
            break;
        }
        known.push(word.to_string());
    }
    if known.is_empty() { vec!["nothing".to_owned()] } else { known }
}

/// The rows in which those columns have those words and which are of the state shown: the numbers of a figure.
pub(super) fn shown(table: &Table, context: &Context, wanted: &[(&str, &str)]) -> Table {
    let state = table.texts("state");
    let fits = |row: &usize| {
        state.is_none_or(|state| context.shows(&state[*row]))
            && wanted.iter().all(|(column, word)| table.texts(column).is_none_or(|words| &*words[*row] == *word))
    };
    table.picked(&(0..table.rows()).filter(fits).collect::<Vec<usize>>())
}

/// The first word of a column in those rows; empty where the table has no such column.
pub(super) fn word(table: &Table, column: &str, rows: &[usize]) -> String {
    let found = table.texts(column).zip(rows.first()).map(|(words, &row)| words[row].to_string());
    found.unwrap_or_default()
}

/// The unit of a column.
pub(super) fn unit(table: &Table, column: &str) -> String {
    table.schema.fields.iter().find(|field| field.name == column).map(|field| field.unit.clone()).unwrap_or_default()
}

/// That nothing was found.
pub(super) fn nothing(table: &Table, what: &str) -> FigureError {
    FigureError::Nothing { table: table.schema.name.clone(), what: what.to_owned() }
}
