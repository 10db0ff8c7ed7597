//! Tables as Parquet, without Arrow.
//!
//! Snappy is the codec every reader has, R's nanoparquet included. Reals may be null, nothing else
//! may. A column of few distinct values is a dictionary; a real column of many falls back to
//! byte-stream-split, which compresses about a third better than plain. The footer names no clock and
//! no machine, and rows are gathered into groups of a fixed size, so the bytes depend on the data only.
//!
//! Metadata (key, value) in the footer: `comity:table`, `comity:description`, `comity:columns` (JSON:
//! name, kind, unit and description of every column), `unit:<column>` and `description:<column>`,
//! `ARROW:schema` (the same for Arrow's readers, who show it as metadata of the column), and whatever
//! the caller adds.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};

use crate::quantity::Date;
use crate::table::{Field, Kind, Schema, Table, Values};

use super::super::{arrow_schema, check_chunk, no_such_date};

/// Rows of a row group. Thirty columns of them take 30 MB while they are gathered.
const GROUP_ROWS: usize = 1 << 17;
/// Bytes of a dictionary beyond which a column is written without one.
const DICTIONARY_BYTES: usize = 32 * 1024;
/// Who wrote the file. Readers decide by it which old bugs to work around, so it stays as it is.
const CREATED_BY: &str = "comity";

/// Writes one table as Parquet, chunk by chunk.
#[derive(Debug)]
pub struct ParquetWriter<W: Write + Send> {
    file: SerializedFileWriter<Shared<W>>,
    writer: Shared<W>,
    schema: Schema,
    gathered: Vec<Gathered>,
    rows: usize,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Starts the table, with metadata of the caller beside that of the schema.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn new(writer: W, schema: &Schema, metadata: &[(String, String)]) -> io::Result<Self> {
        let columns = schema.fields.iter().map(|field| column_type(field).map(Arc::new)).collect::<Result<_, _>>();
        let root = columns.and_then(|columns| Type::group_type_builder("table").with_fields(columns).build());
        let root = root.map_err(plain_error)?;
        let mut properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .set_key_value_metadata(Some(footer(schema, metadata)));
        for field in schema.fields.iter().filter(|field| field.kind == Kind::Real) {
            let path = ColumnPath::from(field.name.as_str());
            properties = properties.set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT);
        }
        let writer = Shared(Arc::new(Mutex::new(writer)));
        let file = SerializedFileWriter::new(writer.another(), Arc::new(root), Arc::new(properties.build()))
            .map_err(plain_error)?;
        let gathered = schema.fields.iter().map(|field| Gathered::new(field.kind)).collect();
        Ok(Self { file, writer, schema: schema.clone(), gathered, rows: 0 })
    }

    /// Adds the rows of one chunk.
    ///
    /// # Errors
    /// When the writer fails, the chunk has other columns, or a date is none.
    pub fn write(&mut self, chunk: &Table) -> io::Result<()> {
        check_chunk(&self.schema, chunk)?;
        for (index, column) in chunk.columns().iter().enumerate() {
            let Values::Date(days) = column else { continue };
            if let Some(wrong) = days.iter().find(|days| Date::from_days(**days).is_none()) {
                return Err(no_such_date(&self.schema, index, *wrong));
            }
        }
        let mut start = 0;
        while start < chunk.rows() {
            let end = chunk.rows().min(start + GROUP_ROWS - self.rows);
            for (gathered, column) in self.gathered.iter_mut().zip(chunk.columns()) {
                gathered.append(column, start, end);
            }
            self.rows += end - start;
            start = end;
            if self.rows == GROUP_ROWS {
                self.write_group().map_err(plain_error)?;
            }
        }
        Ok(())
    }

    /// Writes what is left and the footer, and gives the writer back.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.write_group().map_err(plain_error)?;
        }
        self.file.close().map_err(plain_error)?;
        let mut writer = Arc::into_inner(self.writer.0)
            .expect("the file that shared the writer was closed and dropped one line above")
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        writer.flush()?;
        Ok(writer)
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for gathered in &mut self.gathered {
            let Some(mut column) = group.next_column()? else { break };
            match gathered {
                Gathered::Integer(values) => {
                    column.typed::<Int64Type>().write_batch(values, None, None)?;
                    values.clear();
                }
                Gathered::Real { values, present } => {
                    column.typed::<DoubleType>().write_batch(values, Some(present), None)?;
                    values.clear();
                    present.clear();
                }
                Gathered::Text { words, known } => {
                    column.typed::<ByteArrayType>().write_batch(words, None, None)?;
                    words.clear();
                    known.clear();
                }
                Gathered::Date(days) => {
                    column.typed::<Int32Type>().write_batch(days, None, None)?;
                    days.clear();
                }
            }
            column.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

/// The values of one column that wait for their row group to be full.
#[derive(Debug)]
enum Gathered {
    Integer(Vec<i64>),
    /// Only what is present, and for every row whether it is (1) or not (0).
    Real {
        values: Vec<f64>,
        present: Vec<i16>,
    },
    /// Words share their bytes with the first of their kind.
    Text {
        words: Vec<ByteArray>,
        known: BTreeMap<Arc<str>, ByteArray>,
    },
    Date(Vec<i32>),
}

impl Gathered {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Integer => Self::Integer(Vec::new()),
            Kind::Real => Self::Real { values: Vec::new(), present: Vec::new() },
            Kind::Text => Self::Text { words: Vec::new(), known: BTreeMap::new() },
            Kind::Date => Self::Date(Vec::new()),
        }
    }

    fn append(&mut self, column: &Values, start: usize, end: usize) {
        match (self, column) {
            (Self::Integer(mine), Values::Integer(values)) => mine.extend_from_slice(&values[start..end]),
            (Self::Real { values: mine, present }, Values::Real(values)) => {
                let rows = &values[start..end];
                present.extend(rows.iter().map(|value| i16::from(!value.is_nan())));
                mine.extend(rows.iter().filter(|value| !value.is_nan()));
            }
            (Self::Text { words, known }, Values::Text(values)) => {
                for word in &values[start..end] {
                    let bytes = match known.get(word) {
                        Some(bytes) => bytes.clone(),
                        None => {
                            let bytes = ByteArray::from(word.as_bytes().to_vec());
                            known.insert(Arc::clone(word), bytes.clone());
                            bytes
                        }
                    };
                    words.push(bytes);
                }
            }
            (Self::Date(mine), Values::Date(values)) => mine.extend_from_slice(&values[start..end]),
            _ => unreachable!("a chunk was checked against the schema that these were made from"),
        }
    }
}

/// The Parquet type of one column.
fn column_type(field: &Field) -> Result<Type, ParquetError> {
    let (physical, logical, repetition) = match field.kind {
        Kind::Integer => (Physical::INT64, None, Repetition::REQUIRED),
        Kind::Real => (Physical::DOUBLE, None, Repetition::OPTIONAL),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date), Repetition::REQUIRED),
    };
    Type::primitive_type_builder(&field.name, physical).with_logical_type(logical).with_repetition(repetition).build()
}

/// What the footer says of the table and its columns.
fn footer(schema: &Schema, metadata: &[(String, String)]) -> Vec<KeyValue> {
    let columns: Vec<_> = schema
        .fields
        .iter()
        .map(|field| {
            serde_json::json!({
                "name": field.name,
                "kind": kind_name(field.kind),
                "unit": field.unit,
                "description": field.description,
            })
        })
        .collect();
    let mut entries = vec![
        ("comity:table".to_owned(), schema.name.clone()),
        ("comity:description".to_owned(), schema.description.clone()),
        ("comity:columns".to_owned(), serde_json::Value::from(columns).to_string()),
    ];
    for field in &schema.fields {
        entries.push((format!("unit:{}", field.name), field.unit.clone()));
        entries.push((format!("description:{}", field.name), field.description.clone()));
    }
    entries.extend_from_slice(metadata);
    entries.push(("ARROW:schema".to_owned(), arrow_schema::encoded(schema, &entries)));
    entries.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect()
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "integer",
        Kind::Real => "real",
        Kind::Text => "text",
        Kind::Date => "date",
    }
}

/// The writer's own error comes out as it went in; what is Parquet's is wrapped.
fn plain_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}

/// A writer that can be had back, with its error unharmed, after the Parquet file is closed.
#[derive(Debug)]
struct Shared<W>(Arc<Mutex<W>>);

impl<W> Shared<W> {
    fn another(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}
