//! Agent-based simulation of cooperation habits in a security community.

pub mod diagnostic;
pub mod engine;
#[cfg(feature = "charts")]
pub mod figure;
pub mod mechanism;
pub mod parameter;
pub mod quantity;
pub mod random;
pub mod record;
pub mod scenario;
pub mod format;
pub mod mechanism;
pub mod parameter;
pub mod quantity;
pub mod storage;
pub mod table;
pub mod world;
