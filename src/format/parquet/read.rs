//! Reading Parquet back, our own and that of others.
//!
//! Kinds come from the types in the file, units and descriptions by column name from the footer's
//! `comity:columns` where it is there. 32- and 64-bit integers become whole numbers, `float` and `double`
//! real numbers, strings words, days dates. A null real number is missing (`NaN`); a null in any other
//! column is an error, for there is no missing word, date or whole number in a table.
//!
//! Damaged bytes give an error, or, where the damage leaves a valid file (Parquet as written here has no
//! checksums), a table of other values. Sizes and places in the footer and in the pages are checked before
//! they are used; if the Parquet crate should panic on something else, the panic is caught here and becomes
//! an error (its words then still go to the panic hook).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{FileMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;

use crate::quantity::Date;
use crate::table::{Field, Kind, Schema, Table, Values};

use super::pages::CheckedPages;
use super::types::{Reading, reading, unknown_compression};

/// What a Parquet file begins and ends with.
const MARK: &[u8] = b"PAR1";
/// The same of a file whose footer is encrypted.
const ENCRYPTED_MARK: &[u8] = b"PARE";
/// Mark, footer length and mark: what is there at least.
const LEAST_BYTES: usize = 12;
/// Rows taken from the Parquet reader at a time.
const BATCH_ROWS: usize = 1 << 14;

/// Why bytes cannot be read as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There are no bytes.
    Empty,
    /// The bytes are something else.
    NotParquet {
        /// Whether they look like text, such as CSV.
        text: bool,
    },
    /// The file begins as Parquet but its end is missing.
    Truncated,
    /// The file is encrypted.
    Encrypted,
    /// The file contradicts itself or breaks off.
    Damaged {
        /// Where and how.
        reason: String,
    },
    /// A column is of a type that tables do not have, or is stored in a way that is not known here.
    Column {
        /// Name of the column.
        column: String,
        /// What is wrong with it.
        reason: String,
        /// How to mend it.
        mend: String,
    },
    /// A value cannot stand in a table.
    Value {
        /// Name of the column.
        column: String,
        /// Row, from 1.
        row: u64,
        /// What is wrong with it.
        reason: String,
        /// How to mend it.
        mend: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty; a Parquet file without rows still has a header and a footer"),
            Self::NotParquet { text: true } => f.write_str(
                "this is text, not Parquet (a Parquet file begins with the letters PAR1); give a CSV file the ending .csv",
            ),
            Self::NotParquet { text: false } => {
                f.write_str("this is not Parquet (a Parquet file begins with the letters PAR1)")
            }
            Self::Truncated => f.write_str(
                "the Parquet file breaks off: its footer is missing (copied or written only in part?); copy or make it again",
            ),
            Self::Encrypted => f.write_str("the Parquet file is encrypted; write it without encryption"),
            Self::Damaged { reason } => {
                write!(f, "the Parquet file is damaged: {reason}; copy or make it again")
            }
            Self::Column { column, reason, mend } => write!(f, "column `{column}` {reason}; {mend}"),
            Self::Value { column, row, reason, mend } => {
                write!(f, "column `{column}`, row {row} (the first is 1): {reason}; {mend}")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a whole Parquet file as a table.
///
/// Name and description of the table are those of the footer, empty where there are none. Uncompressed,
/// Snappy and gzip files are read; zstd, lz4 and brotli are named in the error.
///
/// # Errors
/// When the bytes are no whole Parquet file, a column is of a type that tables do not have (lists, moments
/// in time, truth values), two columns have one name, a value other than a real number is null, a whole
/// number is beyond 64 signed bits, or a date is none.
pub fn read(bytes: Vec<u8>) -> Result<Table, ReadError> {
    read_part(bytes, &|table| (0..table.rows()).collect())
}

/// Reads the rows of a Parquet file that are wanted; it is asked of a group of rows at a time, so that of a
/// long table no more than one group is held beside what is kept.
///
/// # Errors
/// As [`read`].
pub fn read_part(bytes: Vec<u8>, wanted: &dyn Fn(&Table) -> Vec<usize>) -> Result<Table, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.starts_with(ENCRYPTED_MARK) {
        return Err(ReadError::Encrypted);
    }
    if !bytes.starts_with(MARK) {
        let head = &bytes[..bytes.len().min(512)];
        let text = head.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t'));
        return Err(ReadError::NotParquet { text });
    }
    if bytes.len() < LEAST_BYTES || !bytes.ends_with(MARK) {
        return Err(ReadError::Truncated);
    }
    let bytes = Bytes::from(bytes);
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, wanted)))
        .unwrap_or_else(|_| Err(damaged("the Parquet reader gave up on its contents")))
}

/// An entry of the footer that the writer's caller added, such as `comity:seed`; nothing where the bytes are no
/// whole Parquet file or have no such entry.
pub fn footer(bytes: &[u8], key: &str) -> Option<String> {
    if bytes.len() < LEAST_BYTES || !bytes.starts_with(MARK) || !bytes.ends_with(MARK) {
        return None;
    }
    let end = bytes.len() - 2 * MARK.len();
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().ok()?) as usize;
    let tail = bytes.get(end.checked_sub(length)?..end)?;
    let about = catch_unwind(|| ParquetMetaDataReader::decode_metadata(tail)).ok()?.ok()?;
    let entries = about.file_metadata().key_value_metadata()?;
    entries.iter().find(|entry| entry.key == key)?.value.clone()
}

fn read_checked(bytes: Bytes, wanted: &dyn Fn(&Table) -> Vec<usize>) -> Result<Table, ReadError> {
    let length = bytes.len() as u64;
    let file = SerializedFileReader::new(bytes).map_err(unreadable)?;
    let about = file.metadata().file_metadata();
    let (schema, readings) = schema(about)?;
    let mut whole = Table::new(Arc::clone(&schema));
    let mut words = vec![Words::default(); schema.fields.len()];
    let mut before = 0;
    for index in 0..file.num_row_groups() {
        let rows = check_group(file.metadata().row_group(index), index, &schema, length)?;
        let group = file.get_row_group(index).map_err(unreadable)?;
        let mut columns: Vec<Values> = schema.fields.iter().map(|field| Values::empty(field.kind)).collect();
        for (place, values) in columns.iter_mut().enumerate() {
            let part = Part {
                group: &*group,
                place,
                name: &schema.fields[place].name,
                reading: readings[place],
                before,
                rows,
            };
            part.read(values, &mut words[place])?;
        }
        before += rows as u64;
        let part = Table::from_columns(Arc::clone(&schema), columns).map_err(damaged)?;
        let kept = wanted(&part);
        whole.append(if kept.len() == part.rows() { part } else { part.picked(&kept) });
    }
    Ok(whole)
}

/// The columns by the types of the file, with the words of the footer about them.
fn schema(about: &FileMetaData) -> Result<(Arc<Schema>, Vec<Reading>), ReadError> {
    let entries = about.key_value_metadata();
    let entry = |key: &str| entries?.iter().find(|entry| entry.key == key)?.value.clone();
    let known = match entry("comity:columns") {
        Some(text) => described(&text)?,
        None => BTreeMap::new(),
    };
    let mut names = BTreeSet::new();
    let (mut fields, mut readings) = (Vec::new(), Vec::new());
    for column in about.schema_descr().root_schema().get_fields() {
        let name = column.name();
        let wrong =
            |reason: String, mend: &str| ReadError::Column { column: name.to_owned(), reason, mend: mend.to_owned() };
        if !names.insert(name) {
            return Err(wrong("is there twice".to_owned(), "give every column a name of its own"));
        }
        let reading =
            reading(column).map_err(|(found, mend)| wrong(format!("holds {found}, which tables do not have"), mend))?;
        let (unit, description) = known.get(name).map_or(("", ""), |(unit, description)| (unit, description));
        fields.push(Field::new(name, reading.kind, unit, description));
        readings.push(reading);
    }
    let text = |key| entry(key).unwrap_or_default();
    Ok((Schema::of(&text("comity:table"), &text("comity:description"), fields), readings))
}

/// Unit and description of every column, by name.
fn described(text: &str) -> Result<BTreeMap<String, (String, String)>, ReadError> {
    let wrong = || damaged("`comity:columns` in its footer is not what comity writes there");
    let columns: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|_| wrong())?;
    let mut found = BTreeMap::new();
    for column in &columns {
        let word = |key: &str| column.get(key).and_then(serde_json::Value::as_str).map(str::to_owned).ok_or_else(wrong);
        found.insert(word("name")?, (word("unit")?, word("description")?));
    }
    Ok(found)
}

/// How many rows a group has, after what the footer says of it was found possible.
fn check_group(group: &RowGroupMetaData, index: usize, schema: &Schema, length: u64) -> Result<usize, ReadError> {
    let wrong = |what: String| damaged(format!("row group {} {what}", index + 1));
    let rows = usize::try_from(group.num_rows()).map_err(|_| wrong(format!("claims {} rows", group.num_rows())))?;
    if group.num_columns() != schema.fields.len() {
        return Err(wrong(format!("has {} columns, the file {}", group.num_columns(), schema.fields.len())));
    }
    for (column, field) in group.columns().iter().zip(&schema.fields) {
        if let Some(name) = unknown_compression(column.compression()) {
            return Err(ReadError::Column {
                column: field.name.clone(),
                reason: format!("is compressed with {name}, which cannot be read here"),
                mend: "write the file with compression \"snappy\", \"gzip\" or none".to_owned(),
            });
        }
        if column.num_values() != group.num_rows() {
            return Err(wrong(format!(
                "has {rows} rows, but {} values of column `{}`",
                column.num_values(),
                field.name
            )));
        }
        let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
        let end = start.checked_add(column.compressed_size());
        let inside = start >= 0 && column.compressed_size() >= 0 && end.is_some_and(|end| end as u64 <= length);
        if !inside {
            return Err(wrong(format!("places column `{}` outside the file", field.name)));
        }
    }
    Ok(rows)
}

/// One column of one row group.
struct Part<'a> {
    group: &'a dyn RowGroupReader,
    place: usize,
    name: &'a str,
    reading: Reading,
    /// Rows of the groups before.
    before: u64,
    rows: usize,
}

impl Part<'_> {
    fn read(&self, values: &mut Values, words: &mut Words) -> Result<(), ReadError> {
        let pages = self.group.get_column_page_reader(self.place).map_err(|error| self.unreadable(&error))?;
        let about = self.group.metadata().column(self.place).column_descr_ptr();
        let pages = CheckedPages::new(pages, &about, self.rows);
        let column = get_column_reader(about, Box::new(pages));
        match (values, column) {
            (Values::Integer(values), ColumnReader::Int32ColumnReader(column)) => self.each(column, |row, value| {
                let value = value.ok_or_else(|| self.null(row))?;
                values.push(if self.reading.unsigned { i64::from(value as u32) } else { i64::from(value) });
                Ok(())
            }),
            (Values::Integer(values), ColumnReader::Int64ColumnReader(column)) => self.each(column, |row, value| {
                let value = value.ok_or_else(|| self.null(row))?;
                if self.reading.unsigned && value < 0 {
                    let reason = format!("{} is beyond 64 bits with a sign", value as u64);
                    return Err(self.wrong(row, reason, "write the column as real numbers"));
                }
                values.push(value);
                Ok(())
            }),
            (Values::Real(values), ColumnReader::DoubleColumnReader(column)) => self.each(column, |_, value| {
                values.push(value.unwrap_or(f64::NAN));
                Ok(())
            }),
            (Values::Real(values), ColumnReader::FloatColumnReader(column)) => self.each(column, |_, value| {
                values.push(value.map_or(f64::NAN, f64::from));
                Ok(())
            }),
            // Nothing is there in such a column; its type is only a stand-in.
            (Values::Real(values), ColumnReader::Int32ColumnReader(column)) => self.each(column, |_, _| {
                values.push(f64::NAN);
                Ok(())
            }),
            (Values::Text(values), ColumnReader::ByteArrayColumnReader(column)) => self.each(column, |row, value| {
                let value = value.ok_or_else(|| self.null(row))?;
                let word = words.word(&value);
                values.push(
                    word.ok_or_else(|| self.wrong(row, "bytes that are not UTF-8".to_owned(), "write text as UTF-8"))?,
                );
                Ok(())
            }),
            (Values::Date(values), ColumnReader::Int32ColumnReader(column)) => self.each(column, |row, value| {
                let days = value.ok_or_else(|| self.null(row))?;
                if Date::from_days(days).is_none() {
                    let reason = format!("day {days} after 1970-01-01, which no calendar has");
                    return Err(self.wrong(row, reason, "mend the date"));
                }
                values.push(days);
                Ok(())
            }),
            _ => Err(damaged(format!("column `{}` is stored as another type than declared", self.name))),
        }
    }

    /// Hands every value over with its row in the group, `None` where there is a null.
    fn each<T: DataType>(
        &self,
        mut column: ColumnReaderImpl<T>,
        mut take: impl FnMut(usize, Option<T::T>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let (mut values, mut present) = (Vec::new(), Vec::new());
        let mut row = 0;
        while row < self.rows {
            values.clear();
            present.clear();
            let most = BATCH_ROWS.min(self.rows - row);
            let read = column.read_records(most, Some(&mut present), None, &mut values);
            let (records, _, _) = read.map_err(|error| self.unreadable(&error))?;
            if records == 0 {
                let reason = format!("column `{}` has {row} of {} rows in a row group", self.name, self.rows);
                return Err(damaged(reason));
            }
            let mut next = values.drain(..);
            if present.is_empty() {
                for (offset, value) in next.enumerate() {
                    take(row + offset, Some(value))?;
                }
            } else {
                for (offset, level) in present.iter().enumerate() {
                    take(row + offset, if *level == 0 { None } else { next.next() })?;
                }
            }
            row += records;
        }
        Ok(())
    }

    fn wrong(&self, row: usize, reason: String, mend: &str) -> ReadError {
        let row = self.before + row as u64 + 1;
        ReadError::Value { column: self.name.to_owned(), row, reason, mend: mend.to_owned() }
    }

    fn null(&self, row: usize) -> ReadError {
        let kind = match self.reading.kind {
            Kind::Integer => "a whole number",
            Kind::Real => "a real number",
            Kind::Text => "a word",
            Kind::Date => "a date",
        };
        let mend = match self.reading.kind {
            Kind::Integer => "fill or drop such rows, or write the column as real numbers, which may be missing",
            _ => "fill or drop such rows",
        };
        self.wrong(row, format!("nothing (null) where {kind} must be"), mend)
    }

    fn unreadable(&self, error: &ParquetError) -> ReadError {
        damaged(format!("column `{}`: {}", self.name, words_of(error)))
    }
}

/// The words of a column, each kept once.
#[derive(Debug, Clone, Default)]
struct Words {
    known: BTreeSet<Arc<str>>,
    last: Option<Arc<str>>,
}

impl Words {
    /// The word, if it is UTF-8. Rows often repeat the word of the row before.
    fn word(&mut self, bytes: &ByteArray) -> Option<Arc<str>> {
        if let Some(last) = self.last.as_ref().filter(|last| last.as_bytes() == bytes.data()) {
            return Some(Arc::clone(last));
        }
        let text = std::str::from_utf8(bytes.data()).ok()?;
        let word = match self.known.get(text) {
            Some(word) => Arc::clone(word),
            None => {
                let word: Arc<str> = Arc::from(text);
                self.known.insert(Arc::clone(&word));
                word
            }
        };
        self.last = Some(Arc::clone(&word));
        Some(word)
    }
}

fn damaged(reason: impl Into<String>) -> ReadError {
    ReadError::Damaged { reason: reason.into() }
}

fn unreadable(error: ParquetError) -> ReadError {
    damaged(words_of(&error))
}

/// What the Parquet crate says, without its own heading.
fn words_of(error: &ParquetError) -> String {
    match error {
        ParquetError::General(words) | ParquetError::NYI(words) | ParquetError::EOF(words) => words.clone(),
        other => other.to_string(),
    }
}
