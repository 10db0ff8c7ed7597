//! Tests of the whole, one room per module.

mod figure;
mod format;
mod odd;
mod scenario;
mod storage;
