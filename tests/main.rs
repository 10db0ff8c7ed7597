//! Tests of the whole, one room per module.

mod figure;
mod format;
mod scenario;
mod storage;
mod twin;
mod worlds;
