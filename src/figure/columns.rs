//! Columns of a table, or a clear word about what is missing.

use std::borrow::Cow;
use std::sync::Arc;

use crate::table::{Table, Values};

use super::FigureError;

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

/// That nothing was found.
pub(super) fn nothing(table: &Table, what: &str) -> FigureError {
    FigureError::Nothing { table: table.schema.name.clone(), what: what.to_owned() }
}
