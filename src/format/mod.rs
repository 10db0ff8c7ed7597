//! Tables become bytes.
//!
//! A writer takes any [`Write`](std::io::Write) and is fed a table in chunks; the bytes do not depend
//! on where the rows were cut. Nothing here knows a file: opening, renaming and the words for a full
//! disk belong to [`storage`](crate::storage).

use std::io;

use crate::table::{Schema, Table};

#[cfg(feature = "parquet")]
mod arrow_schema;
pub mod csv;
#[cfg(feature = "parquet")]
pub mod parquet;

/// A chunk must have the columns that the writer was made for.
fn check_chunk(schema: &Schema, chunk: &Table) -> io::Result<()> {
    if schema.fields == chunk.schema.fields {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!(
            "a chunk of table {} with other columns was given to the writer of table {}",
            chunk.schema.name, schema.name
        ),
    ))
}

/// A date that no calendar has cannot be written.
fn no_such_date(schema: &Schema, column: usize, days: i32) -> io::Error {
    let name = schema.fields.get(column).map_or("", |field| field.name.as_str());
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("column {}.{name} holds day {days} after 1970-01-01, which no calendar has", schema.name),
    )
}
