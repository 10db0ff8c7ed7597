//! Tables become bytes, and the bytes become the same table again.

#[cfg(feature = "parquet")]
mod read_parquet;

use std::io::{self, Write};
use std::sync::Arc;

use comity::format::csv::CsvWriter;
use comity::table::{Field, Schema, Table, Values};

fn schema() -> Arc<Schema> {
    Schema::of(
        "series",
        "One row per tick.",
        vec![
            Field::integer("tick", "days", "Days since the start."),
            Field::date("date", "Calendar date."),
            Field::text("state", "The state."),
            Field::real("rate", "share", "Share of cases with cooperation."),
        ],
    )
}

const STATES: [&str; 3] = ["Lao PDR", "Brunei, Sultanate of", "the \"Pearl\"\nof the Orient"];

fn table(rows: usize) -> Table {
    let names: Vec<Arc<str>> = STATES.iter().map(|name| Arc::from(*name)).collect();
    let columns = vec![
        Values::Integer((0..rows as i64).map(|row| row * row - 5).collect()),
        Values::Date((0..rows as i32).map(|row| 13_149 + row % 1_096).collect()),
        Values::Text((0..rows).map(|row| Arc::clone(&names[row % 3])).collect()),
        Values::Real((0..rows).map(|row| if row % 4 == 2 { f64::NAN } else { row as f64 / 3.0 }).collect()),
    ];
    Table::from_columns(schema(), columns).expect("columns fit")
}

/// The same rows in chunks of the given size.
fn chunks(table: &Table, size: usize) -> Vec<Table> {
    let mut chunks = Vec::new();
    for start in (0..table.rows()).step_by(size) {
        let end = table.rows().min(start + size);
        let cut = table.columns().iter().map(|column| match column {
            Values::Integer(v) => Values::Integer(v[start..end].to_vec()),
            Values::Real(v) => Values::Real(v[start..end].to_vec()),
            Values::Text(v) => Values::Text(v[start..end].to_vec()),
            Values::Date(v) => Values::Date(v[start..end].to_vec()),
        });
        chunks.push(Table::from_columns(Arc::clone(&table.schema), cut.collect()).expect("cut columns fit"));
    }
    chunks
}

fn csv(chunks: &[Table]) -> Vec<u8> {
    let mut writer = CsvWriter::new(Vec::new(), &schema()).expect("memory takes everything");
    for chunk in chunks {
        writer.write(chunk).expect("memory takes everything");
    }
    writer.finish().expect("memory takes everything")
}

/// Takes so many bytes and then is full.
#[derive(Debug)]
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "full up"));
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn csv_is_quoted_dated_and_leaves_missing_numbers_empty() {
    let text = String::from_utf8(csv(&[table(4)])).expect("text was written");
    let expected = "tick,date,state,rate\n\
                    -5,2006-01-01,Lao PDR,0.0\n\
                    -4,2006-01-02,\"Brunei, Sultanate of\",0.3333333333333333\n\
                    -1,2006-01-03,\"the \"\"Pearl\"\"\nof the Orient\",\n\
                    4,2006-01-04,Lao PDR,1.0\n";
    assert_eq!(text, expected);
}

#[test]
fn an_empty_table_is_its_header() {
    assert_eq!(csv(&[]), b"tick,date,state,rate\n");
    assert_eq!(csv(&[table(0)]), b"tick,date,state,rate\n");
}

#[test]
fn csv_bytes_do_not_depend_on_the_cut_into_chunks() {
    let whole = table(10_000);
    assert_eq!(csv(&chunks(&whole, 7)), csv(&[whole]));
}

#[test]
fn a_lone_missing_value_does_not_leave_an_empty_line() {
    let fields = vec![Field::real("rate", "share", "")];
    let schema = Schema::of("lone", "", fields);
    let table = Table::from_columns(Arc::clone(&schema), vec![Values::Real(vec![1.5, f64::NAN])]).expect("it fits");
    let mut writer = CsvWriter::new(Vec::new(), &schema).expect("memory takes everything");
    writer.write(&table).expect("memory takes everything");
    assert_eq!(writer.finish().expect("memory takes everything"), b"rate\n1.5\n\"\"\n");
}

#[test]
fn a_chunk_with_other_columns_is_refused() {
    let fields = vec![Field::real("rate", "share", "")];
    let other = Schema::of("other", "", fields);
    let mut writer = CsvWriter::new(Vec::new(), &other).expect("memory takes everything");
    let error = writer.write(&table(1)).expect_err("columns differ");
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn a_date_outside_the_calendar_is_refused_with_its_column() {
    let fields = vec![Field::date("date", "")];
    let schema = Schema::of("days", "", fields);
    let table = Table::from_columns(Arc::clone(&schema), vec![Values::Date(vec![i32::MAX])]).expect("it fits");
    let mut writer = CsvWriter::new(Vec::new(), &schema).expect("memory takes everything");
    let error = writer.write(&table).expect_err("no calendar goes so far");
    assert!(error.to_string().contains("days.date"), "{error}");
}

#[test]
fn a_full_disk_reaches_the_caller_of_the_csv_writer_as_such() {
    let mut writer = CsvWriter::new(Full(100_000), &schema()).expect("the header is not written yet");
    let error = writer.write(&table(20_000)).expect_err("there is no room");
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::{Full, STATES, chunks, schema, table};
    use std::io;
    use std::sync::Arc;

    use comity::format::parquet::ParquetWriter;
    use comity::table::{Field, Kind, Schema, Table, Values};
    use parquet::basic::LogicalType;
    use parquet::column::reader::get_typed_column_reader;
    use parquet::data_type::{ByteArrayType, DoubleType, Int32Type, Int64Type};
    use parquet::file::reader::{FileReader, SerializedFileReader};

    fn written(chunks: &[Table]) -> Vec<u8> {
        let metadata = [("comity:seed".to_owned(), "42".to_owned())];
        let mut writer = ParquetWriter::new(Vec::new(), &schema(), &metadata).expect("memory takes everything");
        for chunk in chunks {
            writer.write(chunk).expect("memory takes everything");
        }
        writer.finish().expect("memory takes everything")
    }

    fn reader(bytes: Vec<u8>, name: &str) -> SerializedFileReader<std::fs::File> {
        let path = std::env::temp_dir().join(format!("comity-{name}-{}.parquet", std::process::id()));
        std::fs::write(&path, bytes).expect("the temporary folder takes files");
        let file = std::fs::File::open(&path).expect("it was just written");
        std::fs::remove_file(&path).expect("it was just written");
        SerializedFileReader::new(file).expect("it is Parquet")
    }

    /// All of a file as one table. Dates, integers and words cannot be missing.
    fn read(reader: &dyn FileReader) -> Table {
        let mut all = Table::new(schema());
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).expect("it is there");
            let rows = group.metadata().num_rows() as usize;
            let mut columns = Vec::new();
            for (index, field) in schema().fields.iter().enumerate() {
                let column = group.get_column_reader(index).expect("it is there");
                columns.push(match field.kind {
                    Kind::Integer => {
                        let mut values = Vec::new();
                        let mut column = get_typed_column_reader::<Int64Type>(column);
                        column.read_records(rows, None, None, &mut values).expect("it reads");
                        Values::Integer(values)
                    }
                    Kind::Date => {
                        let mut values = Vec::new();
                        let mut column = get_typed_column_reader::<Int32Type>(column);
                        column.read_records(rows, None, None, &mut values).expect("it reads");
                        Values::Date(values)
                    }
                    Kind::Text => {
                        let mut values = Vec::new();
                        let mut column = get_typed_column_reader::<ByteArrayType>(column);
                        column.read_records(rows, None, None, &mut values).expect("it reads");
                        let words = values.iter().map(|word| Arc::from(word.as_utf8().expect("words are UTF-8")));
                        Values::Text(words.collect())
                    }
                    Kind::Real => {
                        let (mut values, mut present) = (Vec::new(), Vec::new());
                        let mut column = get_typed_column_reader::<DoubleType>(column);
                        column.read_records(rows, Some(&mut present), None, &mut values).expect("it reads");
                        let mut values = values.into_iter();
                        let value = |level: &i16| if *level == 0 { Some(f64::NAN) } else { values.next() };
                        Values::Real(present.iter().filter_map(value).collect())
                    }
                });
            }
            all.append(Table::from_columns(schema(), columns).expect("columns have one length"));
        }
        all
    }

    fn bits(table: &Table) -> Vec<u64> {
        table.reals("rate").expect("it is there").iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn a_parquet_file_reads_back_as_the_same_table() {
        let table = table(300_000);
        let reader = reader(written(&chunks(&table, 100_001)), "same-table");
        let back = read(&reader);
        assert_eq!(back.integers("tick"), table.integers("tick"));
        assert_eq!(back.dates("date"), table.dates("date"));
        assert_eq!(back.texts("state"), table.texts("state"));
        assert_eq!(bits(&back), bits(&table));
        assert_eq!(reader.num_row_groups(), 3);
    }

    #[test]
    fn parquet_bytes_do_not_depend_on_the_cut_into_chunks() {
        let whole = table(140_000);
        let bytes = written(std::slice::from_ref(&whole));
        assert!(bytes == written(&chunks(&whole, 999)), "chunks of 999 rows give other bytes");
        assert!(bytes == written(&chunks(&whole, 131_073)), "chunks of a group and a row give other bytes");
    }

    #[test]
    fn a_missing_real_is_null_and_words_and_dates_are_typed() {
        let reader = reader(written(&[table(8)]), "typed");
        let group = reader.metadata().row_group(0);
        let statistics = group.column(3).statistics().expect("statistics are written");
        assert_eq!(statistics.null_count_opt(), Some(2));
        let columns = group.schema_descr();
        assert_eq!(columns.column(1).logical_type_ref(), Some(&LogicalType::Date));
        assert_eq!(columns.column(2).logical_type_ref(), Some(&LogicalType::String));
        assert!(columns.column(3).self_type().is_optional());
        assert!(!columns.column(0).self_type().is_optional());
    }

    #[test]
    fn units_and_the_callers_words_are_in_the_footer() {
        let reader = reader(written(&[table(1)]), "footer");
        let file = reader.metadata().file_metadata();
        let entries = file.key_value_metadata().expect("there is metadata");
        let value = |key: &str| {
            let entry = entries.iter().find(|entry| entry.key == key);
            entry.and_then(|entry| entry.value.clone()).unwrap_or_else(|| panic!("{key} is missing"))
        };
        assert_eq!(file.created_by(), Some("comity"));
        assert_eq!(value("comity:table"), "series");
        assert_eq!(value("comity:seed"), "42");
        assert_eq!(value("unit:rate"), "share");
        assert_eq!(value("description:rate"), "Share of cases with cooperation.");
        let columns: serde_json::Value = serde_json::from_str(&value("comity:columns")).expect("it is JSON");
        assert_eq!(columns[3]["unit"], "share");
        assert_eq!(columns[3]["kind"], "real");
    }

    #[test]
    fn an_empty_table_is_a_whole_parquet_file() {
        let reader = reader(written(&[]), "empty");
        assert_eq!(read(&reader).rows(), 0);
    }

    #[test]
    fn a_full_disk_reaches_the_caller_of_the_parquet_writer_as_such() {
        let table = table(140_000);
        let mut writer = ParquetWriter::new(Full(100_000), &schema(), &[]).expect("four bytes have room");
        let error = writer.write(&table).expect_err("there is no room");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        // The last bytes go out in `finish`.
        let mut writer = ParquetWriter::new(Full(10), &schema(), &[]).expect("four bytes have room");
        writer.write(&chunks(&table, 5)[0]).expect("five rows are gathered");
        let error = writer.finish().expect_err("there is no room");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn words_of_any_language_survive() {
        let fields = vec![Field::text("state", "")];
        let schema = Schema::of("words", "", fields);
        let words: Vec<Arc<str>> = ["", "Việt Nam", "ประเทศไทย", STATES[2]].map(Arc::from).to_vec();
        let table = Table::from_columns(Arc::clone(&schema), vec![Values::Text(words.clone())]).expect("it fits");
        let mut writer = ParquetWriter::new(Vec::new(), &schema, &[]).expect("memory takes everything");
        writer.write(&table).expect("memory takes everything");
        let reader = reader(writer.finish().expect("memory takes everything"), "words");
        let column = reader.get_row_group(0).expect("it is there").get_column_reader(0).expect("it is there");
        let mut values = Vec::new();
        get_typed_column_reader::<ByteArrayType>(column).read_records(10, None, None, &mut values).expect("it reads");
        let back: Vec<Arc<str>> = values.iter().map(|word| Arc::from(word.as_utf8().expect("UTF-8"))).collect();
        assert_eq!(back, words);
    }
}
