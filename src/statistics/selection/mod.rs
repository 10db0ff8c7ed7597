//! Ranking and selection: which of several options is best, and where further replicates do most to find out.
//!
//! | question | function |
//! |---|---|
//! | which is best, replicates being added until it is clear? | [`Race`] (Kim and Nelson 2001) |
//! | how to spend a fixed number of runs? | [`allocate`], [`further`] (OCBA, OCBA-m) |
//! | how many replicates in a second and last stage? | [`TwoStage`] (Rinott 1978; Dudewicz and Dalal 1975) |
//! | what is the winner worth on fresh seeds? | [`finalists`] |
//!
//! Replicates share their draws over options, so what counts is the variance of differences; only [`TwoStage`] and [`allocate`] know
//! nothing of that, and are for options with draws of their own. Options count from 0, and what is found does not depend on their order.
//! Nothing is drawn here.

mod allocation;
mod finalists;
mod race;
mod refusal;
mod two_stage;

pub use allocation::{Allocation, Performance, Wanted, allocate, further};
pub use finalists::{Finalist, Finalists, finalists};
pub use race::{Elimination, Indifference, Race, Verdict};
pub use refusal::Refusal;
pub use two_stage::TwoStage;
