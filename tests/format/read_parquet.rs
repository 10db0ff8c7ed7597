//! Parquet read back: our own files, those of others, and what is left of damaged ones.

use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::{Type, TypePtr};
use comity::format::parquet::{ParquetWriter, ReadError, read};
use comity::table::{Field, Kind, Schema, Table, Values};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};

use super::{chunks, schema, table};

fn written(table: &Table, rows_of_a_chunk: usize) -> Vec<u8> {
    let metadata = [("comity:seed".to_owned(), "42".to_owned())];
    let mut writer = ParquetWriter::new(Vec::new(), &table.schema, &metadata).expect("memory takes everything");
    for chunk in chunks(table, rows_of_a_chunk) {
        writer.write(&chunk).expect("memory takes everything");
    }
    writer.finish().expect("memory takes everything")
}

/// Equal to the bit; a missing real number is any `NaN`.
fn same(left: &Table, right: &Table) -> bool {
    let bits = |value: &f64| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
    left.schema == right.schema
        && left.columns().iter().zip(right.columns()).all(|pair| match pair {
            (Values::Real(left), Values::Real(right)) => left.iter().map(bits).eq(right.iter().map(bits)),
            (left, right) => left == right,
        })
}

#[test]
fn a_table_of_several_row_groups_reads_back_with_its_schema() {
    let table = table(300_000);
    let back = read(written(&table, 100_001)).expect("it was just written");
    assert_eq!(back.schema, table.schema);
    assert!(same(&back, &table));
}

#[test]
fn a_table_without_rows_reads_back_with_its_columns() {
    let back = read(written(&table(0), 10)).expect("it was just written");
    assert_eq!(back, Table::new(schema()));
}

/// Any kind, with numbers of any bits.
fn any_field() -> impl Strategy<Value = (Kind, String, String)> {
    let kind = prop_oneof![Just(Kind::Integer), Just(Kind::Real), Just(Kind::Text), Just(Kind::Date)];
    (kind, "[ -~äé国]{0,8}", "\\PC{0,20}")
}

/// A small generator, so that long columns are cheap to make and to shrink.
fn bits(seed: u64, row: usize) -> u64 {
    let mut state = seed.wrapping_add(row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

/// A column of many values (`few` = 0) or of so many different ones.
fn any_column(kind: Kind, seed: u64, few: u64, rows: usize) -> Values {
    let draw = |row| if few == 0 { bits(seed, row) } else { bits(seed, (bits(seed, row) % few) as usize) };
    match kind {
        Kind::Integer => Values::Integer((0..rows).map(|row| draw(row) as i64).collect()),
        Kind::Real => Values::Real((0..rows).map(|row| real(draw(row))).collect()),
        Kind::Text => Values::Text((0..rows).map(|row| Arc::from(format!("w{}ü", draw(row) % 5_000))).collect()),
        Kind::Date => Values::Date((0..rows).map(|row| (draw(row) % 60_000) as i32 - 20_000).collect()),
    }
}

/// Every seventh is one of the numbers that are easily lost.
fn real(bits: u64) -> f64 {
    const EDGES: [f64; 6] = [f64::NAN, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE / 2.0, f64::MAX];
    if bits.is_multiple_of(7) { EDGES[(bits / 7 % 6) as usize] } else { f64::from_bits(bits) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_table_reads_back_equal_to_the_bit(
        fields in proptest::collection::vec((any_field(), any::<u64>(), 0_u64..40), 1..6),
        rows in prop_oneof![4 => 0_usize..300, 1 => 131_060_usize..131_100],
        chunk in 1_usize..200_000,
        name in "\\PC{0,12}",
    ) {
        let columns = fields.iter().map(|((kind, _, _), seed, few)| any_column(*kind, *seed, *few, rows)).collect();
        let numbered = fields.iter().enumerate();
        let fields = numbered.map(|(at, ((kind, unit, words), _, _))| Field::new(&format!("c{at} {unit}"), *kind, unit, words));
        let table = Table::from_columns(Schema::of(&name, "Any table.", fields.collect()), columns).expect("it fits");
        let back = read(written(&table, chunk.max(rows / 9)));
        prop_assert!(back.is_ok(), "{back:?}");
        let back = back.expect("it was asked above");
        prop_assert_eq!(&back.schema, &table.schema);
        prop_assert!(same(&back, &table));
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let whole = written(&table(700), 700);
    for length in (0..whole.len()).step_by(37) {
        let error = read(whole[..length].to_vec()).expect_err("its end is missing");
        match length {
            0 => assert_eq!(error, ReadError::Empty),
            1..4 => assert!(matches!(error, ReadError::NotParquet { .. }), "{error}"),
            _ => assert_eq!(error, ReadError::Truncated, "at {length}"),
        }
    }
}

#[test]
fn flipped_bits_give_an_error_or_a_table_and_never_a_panic() {
    let whole = written(&table(40), 40);
    let (mut tables, mut errors) = (0, 0);
    for at in 0..whole.len() {
        for flip in [0x01, 0x10, 0x80, 0xFF] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            match read(bytes) {
                Ok(_) => tables += 1,
                Err(error) => {
                    assert!(!error.to_string().contains("gave up"), "a panic was caught at byte {at} ^ {flip}");
                    errors += 1;
                }
            }
        }
    }
    assert!(tables > 1000 && errors > 1000, "{tables} tables, {errors} errors");
}

#[test]
fn what_is_no_parquet_file_is_told_apart() {
    assert_eq!(read(Vec::new()), Err(ReadError::Empty));
    assert_eq!(read(b"tick,date,state\n0,2006-01-01,Lao PDR\n".to_vec()), Err(ReadError::NotParquet { text: true }));
    assert_eq!(read(vec![0x89, b'P', b'N', b'G', 0, 1]), Err(ReadError::NotParquet { text: false }));
    assert_eq!(read(b"PAR1 but no more".to_vec()), Err(ReadError::Truncated));
    assert_eq!(read(b"PARE and a secret PARE".to_vec()), Err(ReadError::Encrypted));
    let words = read(b"PAR1PAR1PAR1".to_vec()).expect_err("it has no footer").to_string();
    assert!(words.starts_with("the Parquet file is damaged: "), "{words}");
}

/// One column as another program would declare it.
fn column(name: &str, physical: Physical, logical: Option<LogicalType>, repetition: Repetition) -> TypePtr {
    let built = Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition);
    Arc::new(built.build().expect("the type is possible"))
}

/// A file of another program: no metadata, the columns filled in order.
fn foreign(
    columns: Vec<TypePtr>,
    compression: Compression,
    fill: impl Fn(usize, &mut SerializedColumnWriter<'_>),
) -> Vec<u8> {
    let root = Type::group_type_builder("schema").with_fields(columns).build().expect("the columns are possible");
    let properties = WriterProperties::builder().set_compression(compression).build();
    let file = SerializedFileWriter::new(Vec::new(), Arc::new(root), Arc::new(properties));
    let mut file = file.expect("memory takes everything");
    let mut group = file.next_row_group().expect("memory takes everything");
    let mut index = 0;
    while let Some(mut column) = group.next_column().expect("memory takes everything") {
        fill(index, &mut column);
        column.close().expect("memory takes everything");
        index += 1;
    }
    group.close().expect("memory takes everything");
    file.into_inner().expect("memory takes everything")
}

#[test]
fn narrow_and_nullable_columns_of_others_become_the_four_kinds() {
    const OPTIONAL: Repetition = Repetition::OPTIONAL;
    const REQUIRED: Repetition = Repetition::REQUIRED;
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(Default::default())] {
        let columns = vec![
            column("replicate", Physical::INT32, None, OPTIONAL),
            column("arrived", Physical::INT32, Some(LogicalType::integer(32, false)), REQUIRED),
            column("share", Physical::FLOAT, None, OPTIONAL),
            column("rate", Physical::DOUBLE, None, REQUIRED),
            column("state", Physical::BYTE_ARRAY, Some(LogicalType::String), OPTIONAL),
            column("date", Physical::INT32, Some(LogicalType::Date), OPTIONAL),
        ];
        let all: Option<&[i16]> = Some(&[1, 1, 1]);
        let words = ["region", "Việt Nam", "region"].map(ByteArray::from);
        let bytes = foreign(columns, compression, |index, column| {
            let written = match index {
                0 => column.typed::<Int32Type>().write_batch(&[0, 0, -1], all, None),
                1 => column.typed::<Int32Type>().write_batch(&[5, -1, 7], None, None),
                2 => column.typed::<FloatType>().write_batch(&[0.5, 0.1], Some(&[1, 0, 1]), None),
                3 => column.typed::<DoubleType>().write_batch(&[0.25, f64::NAN, -0.0], None, None),
                4 => column.typed::<ByteArrayType>().write_batch(&words, all, None),
                _ => column.typed::<Int32Type>().write_batch(&[13_149, 13_150, -1], all, None),
            };
            written.expect("memory takes everything");
        });
        let back = read(bytes).expect("every column has a kind");
        assert_eq!(back.schema.name, "");
        assert!(back.schema.fields.iter().all(|field| field.unit.is_empty() && field.description.is_empty()));
        assert_eq!(back.integers("replicate"), Some(&[0, 0, -1][..]));
        assert_eq!(back.integers("arrived"), Some(&[5, 4_294_967_295, 7][..]));
        let share = back.reals("share").expect("float is a real number");
        assert!(share[0] == 0.5 && share[1].is_nan() && share[2] == f64::from(0.1_f32), "{share:?}");
        let rate = back.reals("rate").expect("double is a real number");
        assert!(rate[1].is_nan() && rate[2].to_bits() == (-0.0_f64).to_bits(), "{rate:?}");
        assert_eq!(back.texts("state").map(|words| words.join("|")), Some("region|Việt Nam|region".to_owned()));
        assert_eq!(back.dates("date"), Some(&[13_149, 13_150, -1][..]));
    }
}

#[test]
fn a_null_outside_real_columns_is_refused_with_column_and_row() {
    let logical = [None, Some(LogicalType::String), Some(LogicalType::Date)];
    for (physical, logical) in [Physical::INT64, Physical::BYTE_ARRAY, Physical::INT32].into_iter().zip(logical) {
        let columns = vec![column("sought", physical, logical, Repetition::OPTIONAL)];
        let bytes = foreign(columns, Compression::SNAPPY, |_, column| {
            let levels: Option<&[i16]> = Some(&[1, 1, 0, 1]);
            let words = ["a", "b", "c"].map(ByteArray::from);
            let written = match physical {
                Physical::INT64 => column.typed::<Int64Type>().write_batch(&[1, 2, 3], levels, None),
                Physical::INT32 => column.typed::<Int32Type>().write_batch(&[1, 2, 3], levels, None),
                _ => column.typed::<ByteArrayType>().write_batch(&words, levels, None),
            };
            written.expect("memory takes everything");
        });
        let error = read(bytes).expect_err("a row has nothing");
        assert!(matches!(&error, ReadError::Value { column, row: 3, .. } if column == "sought"), "{error}");
    }
}

#[test]
fn a_column_of_a_type_that_tables_lack_is_named_with_a_way_out() {
    let moment = LogicalType::timestamp(true, ::parquet::basic::TimeUnit::MICROS);
    let cases = [
        (Physical::BOOLEAN, None, "holds true and false"),
        (Physical::INT64, Some(moment), "holds moments in time"),
        (Physical::BYTE_ARRAY, None, "holds bytes that are not marked as text"),
        (Physical::INT96, None, "holds moments in time"),
    ];
    for (physical, logical, words) in cases {
        let bytes =
            foreign(vec![column("odd", physical, logical, Repetition::REQUIRED)], Compression::SNAPPY, |_, _| {});
        let error = read(bytes).expect_err("tables have no such kind").to_string();
        assert!(error.starts_with(&format!("column `odd` {words}")), "{error}");
        assert!(error.contains("; "), "no way out: {error}");
    }
    let list = column("item", Physical::INT64, None, Repetition::REPEATED);
    let error = read(foreign(vec![list], Compression::SNAPPY, |_, _| {})).expect_err("a list is no kind").to_string();
    assert!(error.starts_with("column `item` holds a list"), "{error}");
}

#[test]
fn dates_and_numbers_that_no_table_can_hold_are_refused_with_their_row() {
    let unsigned = Some(LogicalType::integer(64, false));
    let bytes = foreign(
        vec![column("n", Physical::INT64, unsigned, Repetition::REQUIRED)],
        Compression::SNAPPY,
        |_, column| {
            column.typed::<Int64Type>().write_batch(&[1, -1], None, None).expect("memory takes everything");
        },
    );
    let error = read(bytes).expect_err("2^64 - 1 has no room").to_string();
    assert!(error.starts_with("column `n`, row 2 (the first is 1): 18446744073709551615"), "{error}");
    let date = column("day", Physical::INT32, Some(LogicalType::Date), Repetition::REQUIRED);
    let bytes = foreign(vec![date], Compression::SNAPPY, |_, column| {
        column.typed::<Int32Type>().write_batch(&[0, i32::MAX], None, None).expect("memory takes everything");
    });
    let error = read(bytes).expect_err("no calendar goes so far").to_string();
    assert!(error.starts_with("column `day`, row 2"), "{error}");
}

/// `pandas.parquet`: pandas 3 with pyarrow, `DataFrame.to_parquet` as it comes (Snappy, dictionaries, every column
/// nullable), of three rows: int32, int64, `datetime.date`, text, float64 and float32 with a missing value each.
#[test]
fn a_file_written_by_pandas_is_a_table() {
    let back = read(include_bytes!("pandas.parquet").to_vec()).expect("it has plain columns");
    let fields: Vec<_> = back.schema.fields.iter().map(|field| (field.name.as_str(), field.kind)).collect();
    let kinds = [Kind::Integer, Kind::Integer, Kind::Date, Kind::Text, Kind::Real, Kind::Real];
    assert_eq!(
        fields,
        ["replicate", "tick", "date", "state", "rate", "share"].into_iter().zip(kinds).collect::<Vec<_>>()
    );
    assert_eq!(back.integers("tick"), Some(&[0, 7, 14][..]));
    assert_eq!(back.dates("date"), Some(&[13_149, 13_156, 13_163][..]));
    assert_eq!(back.texts("state").map(|words| words.join("|")), Some("region|viet-nam|Việt Nam".to_owned()));
    assert!(back.reals("rate").is_some_and(|rate| rate[0] == 0.5 && rate[1].is_nan() && rate[2] == 1.0));
}

/// `polars-zstd.parquet`: the same rows from polars, `DataFrame.write_parquet` as it comes, which compresses with zstd.
#[test]
fn a_compression_that_is_not_known_is_named_with_those_that_are() {
    let error = read(include_bytes!("polars-zstd.parquet").to_vec()).expect_err("zstd is not read").to_string();
    assert!(error.starts_with("column `replicate` is compressed with zstd"), "{error}");
    assert!(error.contains("\"snappy\""), "{error}");
}
