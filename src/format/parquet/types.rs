//! What a Parquet column becomes in a table: its kind by its physical and logical type.

use parquet::basic::{Compression, ConvertedType, LogicalType, Type as Physical};
use parquet::schema::types::Type;

use crate::table::Kind;

/// How the values of a column are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// What they become.
    pub(super) kind: Kind,
    /// Whether the sign bit of a whole number is a digit.
    pub(super) unsigned: bool,
}

/// How the column is to be taken, or what it is instead and how to mend that.
pub(super) fn reading(column: &Type) -> Result<Reading, (String, &'static str)> {
    const PLAIN: &str = "keep plain columns only: numbers, text and dates";
    if !column.is_primitive() {
        return Err(("a list or a structure".to_owned(), PLAIN));
    }
    let info = column.get_basic_info();
    if info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED {
        return Err(("a list".to_owned(), PLAIN));
    }
    let of = |kind| Ok(Reading { kind, unsigned: false });
    let integer = |signed: bool| Ok(Reading { kind: Kind::Integer, unsigned: !signed });
    let physical = column.get_physical_type();
    match (physical, info.logical_type_ref(), info.converted_type()) {
        (Physical::INT32 | Physical::INT64, Some(LogicalType::Integer(integers)), _) => integer(integers.is_signed),
        (
            Physical::INT32 | Physical::INT64,
            None,
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64,
        ) => integer(false),
        (
            Physical::INT32 | Physical::INT64,
            None,
            ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64,
        ) => integer(true),
        (Physical::INT32, Some(LogicalType::Date), _) | (Physical::INT32, None, ConvertedType::DATE) => of(Kind::Date),
        // A column in which nothing was ever there: Arrow's null type.
        (Physical::INT32, Some(LogicalType::Unknown), _) => of(Kind::Real),
        (Physical::FLOAT | Physical::DOUBLE, None, _) => of(Kind::Real),
        (Physical::BYTE_ARRAY, Some(LogicalType::String | LogicalType::Enum), _)
        | (Physical::BYTE_ARRAY, None, ConvertedType::UTF8 | ConvertedType::ENUM) => of(Kind::Text),
        (_, Some(LogicalType::Timestamp(_)), _)
        | (_, None, ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS)
        | (Physical::INT96, _, _) => Err((
            "moments in time".to_owned(),
            "make dates of them before writing (pandas: .dt.date, polars: .dt.date(), R: as.Date)",
        )),
        (_, Some(LogicalType::Time(_)), _) | (_, None, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => {
            Err(("times of day".to_owned(), PLAIN))
        }
        (Physical::BOOLEAN, _, _) => Err(("true and false".to_owned(), "write them as 0 and 1")),
        (Physical::BYTE_ARRAY, None, ConvertedType::NONE) => {
            Err(("bytes that are not marked as text".to_owned(), "write the column as strings"))
        }
        (_, Some(LogicalType::Decimal(_)), _) | (_, None, ConvertedType::DECIMAL) => {
            Err(("decimals".to_owned(), "write the column as 64-bit floating-point numbers"))
        }
        (physical, Some(logical), _) => Err((format!("{logical:?} ({physical})"), PLAIN)),
        (physical, None, ConvertedType::NONE) => Err((format!("{physical}"), PLAIN)),
        (physical, None, converted) => Err((format!("{converted} ({physical})"), PLAIN)),
    }
}

/// The name of a compression that cannot be undone here, if it is one.
pub(super) fn unknown_compression(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) => None,
        Compression::ZSTD(_) => Some("zstd"),
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZO => Some("lzo"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("lz4"),
    }
}
