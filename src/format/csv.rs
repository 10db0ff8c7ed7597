//! Tables as comma-separated values (RFC 4180), one header line, `\n` at line ends.
//!
//! Every real number is written with the fewest digits that read back as the same bits (`0.1`, `3.0`,
//! `1e-7`), a missing one as an empty field, infinities as `inf` and `-inf`. Dates are `YYYY-MM-DD`.
//! No locale is asked. An empty word is written `""`, so that it differs from a missing number.

use std::io::{self, Write};

use crate::quantity::Date;
use crate::table::{Schema, Table, Values};

use super::{check_chunk, no_such_date};

/// Bytes gathered before they are handed on.
const BUFFER_BYTES: usize = 128 * 1024;
/// Dates remembered as text: eleven years of days.
const DATES: usize = 4096;
/// Whole reals below this are written as an integer and `.0`, as the shortest text of them is.
const WHOLE_LIMIT: f64 = 1e15;

/// Writes one table as CSV, chunk by chunk.
#[derive(Debug)]
pub struct CsvWriter<W> {
    writer: W,
    schema: Schema,
    buffer: Vec<u8>,
    dates: DateTexts,
}

impl<W: Write> CsvWriter<W> {
    /// Starts the table: the header line.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn new(writer: W, schema: &Schema) -> io::Result<Self> {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES + 4096);
        for (index, field) in schema.fields.iter().enumerate() {
            if index > 0 {
                buffer.push(b',');
            }
            push_text(&mut buffer, &field.name);
        }
        buffer.push(b'\n');
        Ok(Self { writer, schema: schema.clone(), buffer, dates: DateTexts::new() })
    }

    /// Adds the rows of one chunk.
    ///
    /// # Errors
    /// When the writer fails, the chunk has other columns, or a date is none.
    pub fn write(&mut self, chunk: &Table) -> io::Result<()> {
        check_chunk(&self.schema, chunk)?;
        // A line of nothing would be skipped by every reader, so a lone missing value is quoted.
        let missing: &[u8] = if self.schema.fields.len() == 1 { b"\"\"" } else { b"" };
        let mut integer = itoa::Buffer::new();
        let mut real = ryu::Buffer::new();
        for row in 0..chunk.rows() {
            for (index, column) in chunk.columns().iter().enumerate() {
                if index > 0 {
                    self.buffer.push(b',');
                }
                match column {
                    Values::Integer(values) => push_integer(&mut self.buffer, values[row], &mut integer),
                    Values::Real(values) => {
                        let value = values[row];
                        if value.is_nan() {
                            self.buffer.extend_from_slice(missing);
                        } else {
                            push_real(&mut self.buffer, value, &mut integer, &mut real);
                        }
                    }
                    Values::Text(values) => push_text(&mut self.buffer, &values[row]),
                    Values::Date(values) => {
                        let days = values[row];
                        let text = self.dates.get(days).ok_or_else(|| no_such_date(&self.schema, index, days))?;
                        self.buffer.extend_from_slice(text.as_bytes());
                    }
                }
            }
            self.buffer.push(b'\n');
            if self.buffer.len() >= BUFFER_BYTES {
                self.writer.write_all(&self.buffer)?;
                self.buffer.clear();
            }
        }
        Ok(())
    }

    /// Hands on what is left and gives the writer back.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.write_all(&self.buffer)?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// Adds a whole number; most of them have one digit.
fn push_integer(buffer: &mut Vec<u8>, value: i64, text: &mut itoa::Buffer) {
    match u8::try_from(value) {
        Ok(digit) if digit < 10 => buffer.push(b'0' + digit),
        _ => buffer.extend_from_slice(text.format(value).as_bytes()),
    }
}

/// Adds a real number that is not missing.
fn push_real(buffer: &mut Vec<u8>, value: f64, integer: &mut itoa::Buffer, real: &mut ryu::Buffer) {
    let whole = value as i64;
    if value.abs() < WHOLE_LIMIT && (whole as f64).to_bits() == value.to_bits() {
        push_integer(buffer, whole, integer);
        buffer.extend_from_slice(b".0");
    } else {
        buffer.extend_from_slice(real.format(value).as_bytes());
    }
}

/// Adds a word, in quotes where it needs them.
fn push_text(buffer: &mut Vec<u8>, text: &str) {
    let plain = !text.is_empty() && !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if plain {
        buffer.extend_from_slice(text.as_bytes());
        return;
    }
    buffer.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            buffer.push(b'"');
        }
        buffer.push(byte);
    }
    buffer.push(b'"');
}

/// The texts of the dates met lately, because a table repeats its days in every replicate.
#[derive(Debug)]
struct DateTexts {
    slots: Vec<Option<(i32, String)>>,
}

impl DateTexts {
    fn new() -> Self {
        Self { slots: vec![None; DATES] }
    }

    /// The text of that day, if a calendar has it.
    fn get(&mut self, days: i32) -> Option<&str> {
        let slot = self.slots.get_mut(days.rem_euclid(DATES as i32) as usize)?;
        if slot.as_ref().is_none_or(|(known, _)| *known != days) {
            *slot = Some((days, Date::from_days(days)?.to_string()));
        }
        slot.as_ref().map(|(_, text)| text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(value: f64) -> String {
        let mut buffer = Vec::new();
        push_real(&mut buffer, value, &mut itoa::Buffer::new(), &mut ryu::Buffer::new());
        String::from_utf8(buffer).expect("numbers are ASCII")
    }

    #[test]
    fn a_whole_real_is_written_like_any_other_real() {
        for value in [0.0, -0.0, 1.0, -7.0, 12_345.0, 999_999_999_999_999.0, 1e15, 1e16, -1e15] {
            assert_eq!(real(value), format!("{value:?}"));
        }
        assert_eq!(real(f64::INFINITY), "inf");
        assert_eq!(real(f64::NEG_INFINITY), "-inf");
    }

    proptest::proptest! {
        #[test]
        fn every_real_reads_back_as_the_same_bits(bits: u64) {
            let value = f64::from_bits(bits);
            if !value.is_nan() {
                let back: f64 = real(value).parse().expect("a number was written");
                assert_eq!(back.to_bits(), bits);
            }
        }

        #[test]
        fn every_integer_is_written_as_its_digits(value: i64) {
            let mut buffer = Vec::new();
            push_integer(&mut buffer, value, &mut itoa::Buffer::new());
            assert_eq!(buffer, value.to_string().into_bytes());
        }
    }

    #[test]
    fn two_days_that_share_a_slot_keep_their_own_text() {
        let mut dates = DateTexts::new();
        assert_eq!(dates.get(0), Some("1970-01-01"));
        assert_eq!(dates.get(DATES as i32), Some("1981-03-20"));
        assert_eq!(dates.get(0), Some("1970-01-01"));
        assert_eq!(dates.get(-1), Some("1969-12-31"));
        assert_eq!(dates.get(i32::MAX), None);
    }
}
