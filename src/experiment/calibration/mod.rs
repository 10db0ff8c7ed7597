//! Calibration of a study's factors to recorded figures, and of rival models (the study's arms) to the same.
//!
//! A [`Problem`] is one model; [`fit`] walks it from the prior towards the figures, generation after generation. Every simulation is a
//! function of the study, the model, the generation and the number of its proposal. Who keeps what was simulated is the caller's
//! affair ([`Keeper`]): work that was interrupted is done again and finds there what it had.

mod checks;
mod draws;
mod problem;
mod schemas;
mod tables;
mod walk;
mod words;

pub use checks::{Checked, Pipeline, Predicted, check};
pub use problem::Problem;
pub use tables::{CalibrationTables, of_study};
pub use walk::{Fit, Generation, Trouble, fit};
pub use words::{compared, words};

use super::Watch;
use crate::table::Table;
use std::ops::Range;

/// Simulations that are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Their name: of a model, a generation, a part of it.
    pub name: &'a str,
    /// What determines them, as a digest.
    pub digest: &'a str,
    /// How many.
    pub items: usize,
}

/// What makes the rows of some simulations, a range of those that are asked for; nothing if it was stopped.
pub type Work<'w> = dyn Fn(Range<usize>, &dyn Watch) -> Option<Table> + Sync + 'w;

/// Somebody who has simulations done, and keeps them.
pub trait Keeper {
    /// Why it can fail.
    type Error;
    /// The rows of the simulations asked for, in order: kept ones, or made by `work` (a range of them). `None` when it was stopped.
    ///
    /// # Errors
    /// When they cannot be kept.
    fn rows(&mut self, asked: Asked<'_>, work: &Work<'_>) -> Result<Option<Table>, Self::Error>;
}

/// Nothing is kept.
impl Keeper for () {
    type Error = std::convert::Infallible;
    fn rows(&mut self, asked: Asked<'_>, work: &Work<'_>) -> Result<Option<Table>, Self::Error> {
        Ok(work(0..asked.items, &()))
    }
}
