//! Calibrating a stochastic simulator to sparse figures.
//!
//! | step | here |
//! |---|---|
//! | figures and how uncertain they are | [`Target`], [`ErrorModel`], [`distance`] |
//! | the prior as a unit cube | [`Axis`], [`axes`] |
//! | approximate Bayesian computation, generation after generation | [`Proposer`], [`accept`], [`next_epsilon`], [`ended`] |
//! | weighted samples | [`Weights`] |
//! | accepted particles moved to what was observed | [`adjusted`] |
//! | a likelihood from simulations that are nearly normal | [`synthetic_likelihood`] |
//! | what cannot have produced the figures | [`implausibilities`], [`Emulator`] |
//! | what was learned, and what was not | [`identifiability`], [`information`] |
//! | do predictions look like the figures? | [`predictive_check`], [`coverage`] |
//! | is the pipeline right? | [`judge_ranks`] |
//! | in how much of the posterior a conclusion holds | [`holding`] |
//!
//! Nothing here runs a simulator. A calibration is a walk of states that somebody else keeps: proposals are functions of (seed,
//! generation, number), their outcomes come back in any order, and the first so many by number are accepted. So results depend neither
//! on cores nor on which run ends first, and a walk that was interrupted goes on as if it had not been. Outcomes are numbers, a missing
//! one is `NaN`.

mod adjustment;
mod emulator;
mod ending;
mod error_model;
mod gamma;
mod history;
mod learned;
mod matrix;
mod perturbation;
mod population;
mod predictive;
mod refusal;
mod simulation_based;
mod space;
mod synthetic;
mod target;
mod weighted;

pub use adjustment::{Adjusted, Adjustment, Scale, Scatter, adjusted};
pub use emulator::{Covariance, Emulator, LeftOut, Observed, Smoothness};
pub use ending::{Ended, EndingRule, Progress, ended};
pub use error_model::ErrorModel;
pub use gamma::{chi_square_above, chi_square_quantile, gamma_probability, gamma_quantile};
pub use history::{
    CUT, Expected, Implausibility, JointImplausibility, implausibilities, implausibility, joint_implausibility,
    non_implausible,
};
pub use learned::{
    Combination, Contraction, Draws, Identifiability, Information, Learned, correlations, identifiability, information,
};
pub use perturbation::{Kernel, Proposal, Proposer, Proposing, Spread};
pub use population::{Accepted, Filled, Outcome, Population, Wanted, accept, next_epsilon};
pub use predictive::{Agreement, Holding, PredictiveCheck, coverage, holding, predictive_check};
pub use refusal::Refusal;
pub use simulation_based::{RankReport, RankTest, RankVerdict, judge_ranks, rank_among};
pub use space::{Axis, axes};
pub use synthetic::{Synthetic, SyntheticForm, synthetic_likelihood};
pub use target::{Observing, Target, distance};
pub use weighted::{Resampling, Weights};

/// What is drawn, as entities of [`Purpose::Calibration`](crate::random::Purpose::Calibration).
const PROPOSING: u64 = 0;
const RESAMPLING: u64 = 1;
const BAND: u64 = 2;
const TIES: u64 = 3;
const LUCK: u64 = 4;
/// With the number of the target in the low half.
const OBSERVING: u64 = 1 << 32;

/// The seed of the run of a proposal: a whole number below 2^53 that depends on seed, generation and number of the proposal alone.
pub fn luck(seed: u64, generation: u32, index: u64) -> u64 {
    let randomness = crate::random::Randomness { seed, replicate: generation };
    let mut draws = randomness.at(crate::random::Purpose::Calibration, LUCK, index);
    (draws.uniform() * 9_007_199_254_740_992.0) as u64
}
