//! Tests of the whole, one room per module.

mod figure;
mod format;
mod storage;
//! All tests that look at comity from outside, one room each.

mod scenario;
