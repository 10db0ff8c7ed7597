//! The pages of one column, each checked before it is decoded.
//!
//! The decoders of the Parquet crate trust some sizes and panic when they lie. Here a page whose sizes do
//! not fit its bytes becomes an error.

use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescriptor;

/// Hands on the pages of another reader that are whole.
pub(super) struct CheckedPages {
    inner: Box<dyn PageReader>,
    physical: Physical,
    nullable: bool,
    rows: usize,
    dictionary: bool,
}

impl CheckedPages {
    /// The pages of that column in a row group of so many rows.
    pub(super) fn new(inner: Box<dyn PageReader>, column: &ColumnDescriptor, rows: usize) -> Self {
        let nullable = column.max_def_level() > 0;
        Self { inner, physical: column.physical_type(), nullable, rows, dictionary: false }
    }

    fn check(&mut self, page: &Page) -> Result<()> {
        let count = page.num_values() as usize;
        if count > self.rows {
            return Err(wrong("has more values than its row group has rows"));
        }
        let words = self.physical == Physical::BYTE_ARRAY;
        if let Page::DictionaryPage { buf, .. } = page {
            self.dictionary = true;
            let whole =
                if words { whole_words(buf, count) >= count } else { count * width(self.physical) <= buf.len() };
            return if whole { Ok(()) } else { Err(wrong("has a dictionary that breaks off")) };
        }
        if matches!(page.encoding(), Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY) && !self.dictionary {
            return Err(wrong("refers to a dictionary that is not there"));
        }
        let values = match page {
            Page::DataPage { buf, def_level_encoding, .. } if self.nullable => {
                if *def_level_encoding != Encoding::RLE {
                    return Err(wrong("marks its nulls in a way that is not known here"));
                }
                let length = buf.first_chunk().map_or(usize::MAX, |bytes| u32::from_le_bytes(*bytes) as usize);
                length.checked_add(size_of::<u32>()).and_then(|start| buf.get(start..))
            }
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let start = def_levels_byte_len.checked_add(*rep_levels_byte_len);
                start.and_then(|start| buf.get(start as usize..))
            }
            other => Some(&other.buffer()[..]),
        };
        let Some(values) = values else { return Err(wrong("has a page that breaks off")) };
        if words && page.encoding() == Encoding::PLAIN && !self.nullable && whole_words(values, count) < count {
            return Err(wrong("has a page of words that breaks off"));
        }
        Ok(())
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        if let Some(page) = &page {
            self.check(page)?;
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

fn wrong(words: &str) -> ParquetError {
    ParquetError::General(words.to_owned())
}

/// Bytes of one plain value of fixed width.
fn width(physical: Physical) -> usize {
    match physical {
        Physical::INT32 | Physical::FLOAT => 4,
        Physical::INT64 | Physical::DOUBLE => 8,
        _ => 1,
    }
}

/// How many words (length, then bytes) the data holds, counted up to `most`.
fn whole_words(data: &[u8], most: usize) -> usize {
    let mut rest = data;
    for count in 0..most {
        let Some((length, after)) = rest.split_first_chunk() else { return count };
        let Some(after) = after.get(u32::from_le_bytes(*length) as usize..) else { return count };
        rest = after;
    }
    most
}
