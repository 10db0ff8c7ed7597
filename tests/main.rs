//! Tests of the whole, one room per module.

mod article;
mod calibrate;
mod compare;
mod explain;
mod fences;
mod figure;
mod format;
mod golden;
mod interventions;
mod log;
mod odd;
mod optimise;
mod printing;
mod program;
mod reproducibility;
mod scenario;
mod schema;
mod storage;
mod sweep;
mod truth;
mod twin;
mod worlds;
