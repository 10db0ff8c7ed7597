//! Optimising a mix of measures: what fits a budget, what is worth its cost, and a search where there is too much to try it all.
//!
//! | question | function |
//! |---|---|
//! | which packages of measures are there under a budget and rules? | [`Portfolio`] |
//! | which options are worth their cost, and what does one more unit of effect cost? | [`CostEffect`], [`frontier`] |
//! | where along the frontier do returns fall off? | [`knee`] |
//! | which option is best, given what a unit of effect is worth? | [`acceptability`] |
//! | which option holds whatever is true of the parameters? | [`regret`] |
//! | is one option better than another in all respects, given chance? | [`Dominance`] |
//! | what are good compromises where options are too many to list? | [`Search`] |
//!
//! Replicates are shared by options, so all differences are taken within a replicate and all resampling is of whole replicates. All
//! luck has an address. Options count from 0, and what is found does not depend on their order. Which of a few options is best is the
//! question of [`selection`](super::selection).

mod acceptability;
mod cost_effect;
mod dominance;
mod frontier;
mod hypervolume;
mod knee;
mod portfolio;
mod refusal;
mod regret;
mod search;

pub use acceptability::{Over, acceptability};
pub use cost_effect::CostEffect;
pub use dominance::{Dominance, crowding, fronts, non_dominated};
pub use frontier::{Frontier, OptionOnFrontier, Step, frontier};
pub use hypervolume::hypervolume;
pub use knee::{Knee, knee};
pub use portfolio::{Portfolio, Rule, Subset};
pub use refusal::Refusal;
pub use regret::{Regret, Regrets, regret};
pub use search::{Candidate, Outcome, Search, Settings, Variable};
