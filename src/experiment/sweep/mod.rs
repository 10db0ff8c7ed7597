//! Sweeps: a plan of points, arms and replicates, cut into blocks, each of which is worked out by itself.
//!
//! A *cell* is a point and a replicate: the baseline and all arms with the same draws. What a run gives depends on the study, its
//! point, arm and replicate and on nothing else, so that blocks may be worked out in any order, anywhere and more than once.

mod block;
mod plan;
mod points;

pub use block::{MOST_POINTS_AT_ONCE, block_digest, rows_differ};
pub use plan::{Block, MOST_ARMS, MOST_SWEPT_REPLICATES, Part, RunId, SweepPlan};
pub use points::PointsTable;
