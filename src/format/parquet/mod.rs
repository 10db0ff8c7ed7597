//! Tables as Parquet, written and read without Arrow.
//!
//! [`ParquetWriter`] writes a table so that R, pandas, polars and DuckDB read it; [`read`] reads it back, and reads what they write.

mod pages;
mod read;
mod types;
mod write;

pub use read::{ReadError, footer, read, read_part};
pub use write::ParquetWriter;
