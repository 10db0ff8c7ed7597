//! Agent-based simulation of cooperation habits in a security community.

pub mod diagnostic;
#[cfg(feature = "charts")]
pub mod figure;
pub mod mechanism;
pub mod parameter;
pub mod quantity;
pub mod table;
pub mod world;
