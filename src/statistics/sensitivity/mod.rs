//! Sensitivity analysis: which factors an outcome depends on, how, and what chance has to do with it.
//!
//! | question | function | points |
//! |---|---|---|
//! | which factors matter at all? | [`elementary_effects`], [`screening`], [`noise_floor`] | [`morris`](super::design::morris) |
//! | which share of the variance is whose? | [`variance_shares`], [`convergence`] | [`saltelli`](super::design::saltelli) |
//! | how far does a factor move the distribution? | [`pawn`] | any |
//! | first-order shares from what there is | [`rbd_fast`] | any |
//! | straight or rising relations | [`standardised_coefficients`], [`partial_rank_correlations`] | any |
//! | where does it fail? | [`prim`] | any |
//!
//! Outcomes are numbers in the order of a design's points, a missing one is `NaN`. What a missing one spoils is left out whole (a
//! trajectory, a base point, a row) and counted. With replicates, outcomes come point after point and, within a point,
//! replicate after replicate; [`Replicated`] makes means of them and [`log_variances`] an outcome of its own. Estimates are never clamped.
//! All luck (resamples, dummies) has an address, so the same outcomes give the same bytes. What is refused says why and what would help.
//!
//! In common orders of work: a Latin hypercube with PRCC and PAWN, screening, shares for the factors that are left (with the
//! seed as a factor or with replicates), and PRIM for where it fails.

mod columns;
mod convergence;
mod morris;
mod pawn;
mod prim;
mod rbd_fast;
mod refusal;
mod regression;
mod replicates;
mod sample;
mod series;
mod sobol;
mod terms;
mod verdict;

pub use convergence::{Convergence, NARROW, Settled, Stage, convergence};
pub use morris::{Effects, NoiseFloor, Screened, elementary_effects, noise_floor, noise_of_steps, screening};
pub use pawn::{Pawn, PawnDummy, pawn};
pub use prim::{End, FoundBox, Interest, Limit, Peeling, Prim, kept_in_halves, prim};
pub use rbd_fast::{Harmonic, rbd_fast};
pub use refusal::Refusal;
pub use regression::{Coefficient, Regression, partial_rank_correlations, standardised_coefficients};
pub use replicates::{LogVariances, Replicated, log_variances};
pub use sample::{Dummies, Sample};
pub use series::{Bootstrap, Estimate};
pub use sobol::{
    Chance, GroupShares, PairShare, SharedDraws, Shares, VarianceAnalysis, VarianceShares, variance_shares,
};
pub use terms::Centre;
pub use verdict::{Importance, NEGLIGIBLE_SHARE, Replication, screening_replication, variance_replication};
