//! Tests of the whole, one room per module.

mod compare;
mod fences;
mod figure;
mod format;
mod golden;
mod log;
mod odd;
mod program;
mod reproducibility;
mod scenario;
mod schema;
mod storage;
mod truth;
mod twin;
mod worlds;
