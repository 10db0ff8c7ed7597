//! The Arrow schema of a table, as the Parquet footer holds it under `ARROW:schema`.
//!
//! Units and descriptions belong to columns, and Parquet itself has no place for them. Arrow's readers
//! (pyarrow, R arrow, polars) look for a schema under that key: an Arrow IPC message, which is one
//! FlatBuffer, in base64. It is small and fixed enough to be written by hand, without the Arrow crates.
//! Layout: `Message.fbs` and `Schema.fbs` of the Arrow format, metadata version 5; the FlatBuffers
//! "internals" page for tables, vectors and strings.

use crate::table::{Field, Kind, Schema};

/// The schema of a table with the unit and description of every column, and the metadata of the table,
/// because Arrow's readers show the latter only if it is in here too.
pub(super) fn encoded(schema: &Schema, entries: &[(String, String)]) -> String {
    let mut flat = Flat { bytes: vec![0; 4] };
    let message = flat.table(&[Slot::Short(4), Slot::Byte(1), Slot::Offset]);
    flat.point(0, message.start);
    let body = flat.table(&[Slot::Absent, Slot::Offset, Slot::Offset]);
    flat.point(message.offsets[0], body.start);
    let fields = flat.vector(schema.fields.len());
    flat.point(body.offsets[0], fields.start);
    for (field, at) in schema.fields.iter().zip(fields.offsets) {
        let start = column(&mut flat, field);
        flat.point(at, start);
    }
    let entries: Vec<_> = entries.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let entries = metadata(&mut flat, &entries);
    flat.point(body.offsets[1], entries);
    flat.align(8);
    // The head of an IPC message: a mark, then the length.
    let mut message = vec![0xFF; 4];
    message.extend_from_slice(&(flat.bytes.len() as u32).to_le_bytes());
    message.extend_from_slice(&flat.bytes);
    base64(&message)
}

/// One `Field`: name, nullable, type, no dictionary, no children, metadata. Returns where it starts.
fn column(flat: &mut Flat, field: &Field) -> usize {
    let (number, kind): (u8, &[Slot]) = match field.kind {
        Kind::Integer => (2, &[Slot::Int(64), Slot::Byte(1)]),
        Kind::Real => (3, &[Slot::Short(2)]),
        Kind::Text => (5, &[]),
        Kind::Date => (8, &[Slot::Short(0)]),
    };
    let nullable = Slot::Byte(u8::from(field.kind == Kind::Real));
    let slots = [Slot::Offset, nullable, Slot::Byte(number), Slot::Offset, Slot::Absent, Slot::Offset, Slot::Offset];
    let table = flat.table(&slots);
    let name = flat.string(&field.name);
    let kind = flat.table(kind).start;
    let children = flat.vector(0).start;
    let entries = metadata(flat, &[("unit", &field.unit), ("description", &field.description)]);
    for (at, start) in table.offsets.iter().zip([name, kind, children, entries]) {
        flat.point(*at, start);
    }
    table.start
}

/// A vector of `KeyValue`. Returns where it starts.
fn metadata(flat: &mut Flat, entries: &[(&str, &str)]) -> usize {
    let vector = flat.vector(entries.len());
    for (at, (key, value)) in vector.offsets.iter().zip(entries) {
        let entry = flat.table(&[Slot::Offset, Slot::Offset]);
        flat.point(*at, entry.start);
        let key = flat.string(key);
        flat.point(entry.offsets[0], key);
        let value = flat.string(value);
        flat.point(entry.offsets[1], value);
    }
    vector.start
}

/// A FlatBuffer, written from its front to its end; what points ahead is filled in later.
struct Flat {
    bytes: Vec<u8>,
}

/// One field of a table.
#[derive(Clone, Copy)]
enum Slot {
    Absent,
    Byte(u8),
    Short(i16),
    Int(i32),
    Offset,
}

/// Where a table or a vector starts, and where its offsets wait to be filled in, in order.
struct Written {
    start: usize,
    offsets: Vec<usize>,
}

impl Flat {
    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }

    /// A table right behind its own list of field positions; every field takes four bytes.
    fn table(&mut self, slots: &[Slot]) -> Written {
        let list = 4 + 2 * slots.len();
        let present = slots.iter().filter(|slot| !matches!(slot, Slot::Absent)).count();
        self.align(4);
        // The list has two-byte items, the table four-byte ones.
        self.bytes.resize(self.bytes.len() + list % 4, 0);
        self.short(list as i16);
        self.short(4 + 4 * present as i16);
        let mut position = 4;
        for slot in slots {
            if matches!(slot, Slot::Absent) {
                self.short(0);
            } else {
                self.short(position);
                position += 4;
            }
        }
        let mut written = Written { start: self.bytes.len(), offsets: Vec::new() };
        self.bytes.extend_from_slice(&(list as i32).to_le_bytes());
        for slot in slots {
            let start = self.bytes.len();
            match slot {
                Slot::Absent => continue,
                Slot::Byte(value) => self.bytes.push(*value),
                Slot::Short(value) => self.short(*value),
                Slot::Int(value) => self.bytes.extend_from_slice(&value.to_le_bytes()),
                Slot::Offset => written.offsets.push(start),
            }
            self.bytes.resize(start + 4, 0);
        }
        written
    }

    fn vector(&mut self, length: usize) -> Written {
        self.align(4);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&(length as u32).to_le_bytes());
        let offsets = (1..=length).map(|item| start + 4 * item).collect();
        self.bytes.resize(start + 4 + 4 * length, 0);
        Written { start, offsets }
    }

    fn string(&mut self, text: &str) -> usize {
        self.align(4);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(0);
        start
    }

    fn short(&mut self, value: i16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Fills in the offset at `at`: how far ahead its target starts.
    fn point(&mut self, at: usize, target: usize) {
        self.bytes[at..at + 4].copy_from_slice(&((target - at) as u32).to_le_bytes());
    }
}

/// Bytes as base64 (RFC 4648, with padding).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (length, expected) in expected.iter().enumerate() {
            assert_eq!(base64(&b"foobar"[..length]), *expected);
        }
    }

    #[test]
    fn the_schema_is_the_one_that_pyarrow_was_seen_to_read() {
        let fields = vec![
            Field::integer("tick", "days", "Days since the start."),
            Field::date("date", "Calendar date."),
            Field::text("state", "The state."),
            Field::real("rate", "share", "Share of cases."),
        ];
        let schema = Schema::of("series", "", fields);
        // Read by `pyarrow.ipc.read_schema` (26.0.1): names, types, nullability, units, descriptions.
        let entries = [("comity:seed".to_owned(), "42".to_owned())];
        let expected = concat!(
            "/////3gDAAAQAAAAAAAKABAABAAIAAwACgAAAAQAAAABAAAAEAAAAAAACgAMAAAABAAIAAoAAAAIAAAAEAMAAAQAAAAkAAAA",
            "7AAAAKQBAABQAgAAAAASABwABAAIAAwAEAAAABQAGAASAAAAGAAAAAAAAAACAAAAIAAAACgAAAAoAAAABAAAAHRpY2sAAAAA",
            "CAAMAAQACAAIAAAAQAAAAAEAAAAAAAAAAgAAABAAAAA4AAAACAAMAAQACAAIAAAACAAAABAAAAAEAAAAdW5pdAAAAAAEAAAA",
            "ZGF5cwAAAAAIAAwABAAIAAgAAAAIAAAAFAAAAAsAAABkZXNjcmlwdGlvbgAVAAAARGF5cyBzaW5jZSB0aGUgc3RhcnQuAAAA",
            "AAASABwABAAIAAwAEAAAABQAGAASAAAAGAAAAAAAAAAIAAAAIAAAACQAAAAkAAAABAAAAGRhdGUAAAAAAAAGAAgABAAGAAAA",
            "AAAAAAAAAAACAAAAEAAAADQAAAAIAAwABAAIAAgAAAAIAAAAEAAAAAQAAAB1bml0AAAAAAAAAAAAAAAACAAMAAQACAAIAAAA",
            "CAAAABQAAAALAAAAZGVzY3JpcHRpb24ADgAAAENhbGVuZGFyIGRhdGUuAAAAABIAHAAEAAgADAAQAAAAFAAYABIAAAAYAAAA",
            "AAAAAAUAAAAcAAAAHAAAABwAAAAFAAAAc3RhdGUAAAAEAAQABAAAAAAAAAACAAAAEAAAADQAAAAIAAwABAAIAAgAAAAIAAAA",
            "EAAAAAQAAAB1bml0AAAAAAAAAAAAAAAACAAMAAQACAAIAAAACAAAABQAAAALAAAAZGVzY3JpcHRpb24ACgAAAFRoZSBzdGF0",
            "ZS4AAAAAEgAcAAQACAAMABAAAAAUABgAEgAAABgAAAABAAAAAwAAACAAAAAkAAAAJAAAAAQAAAByYXRlAAAAAAAABgAIAAQA",
            "BgAAAAIAAAAAAAAAAgAAABAAAAA4AAAACAAMAAQACAAIAAAACAAAABAAAAAEAAAAdW5pdAAAAAAFAAAAc2hhcmUAAAAIAAwA",
            "BAAIAAgAAAAIAAAAFAAAAAsAAABkZXNjcmlwdGlvbgAPAAAAU2hhcmUgb2YgY2FzZXMuAAEAAAAMAAAACAAMAAQACAAIAAAA",
            "CAAAABQAAAALAAAAY29taXR5OnNlZWQAAgAAADQyAAA=",
        );
        assert_eq!(encoded(&schema, &entries), expected);
    }
}
