//! Agent-based simulation of cooperation habits in a security community.

pub mod article;
pub mod diagnostic;
pub mod digest;
pub mod engine;
pub mod experiment;
pub mod explain;
#[cfg(feature = "charts")]
pub mod figure;
pub mod format;
pub mod intervention;
pub mod mechanism;
pub mod numeral;
pub mod parameter;
pub mod quantity;
pub mod random;
pub mod record;
#[cfg(feature = "charts")]
pub mod report;
pub mod scenario;
pub mod statistics;
pub mod storage;
pub mod table;
pub mod world;
