//! All integration tests, in one binary.

mod format;
mod storage;
//! Tests of the whole, one room per module.

mod figure;
