//! The best mix of arms under a budget: what is tried, in which order, and what is said of it.
//!
//! Mixes share their draws and their baseline, so every effect is a mean of differences within replicates. What was tried on the seeds of
//! the search is chosen partly for its luck; so the finalists, the efficient ones and the parts of the best are run again on seeds that
//! no search has seen (replicates from [`FIRST_FRESH`](crate::scenario::FIRST_FRESH) on), and only that is reported as theirs.
//!
//! | stage | subsets | search |
//! |---|---|---|
//! | 1 | every arm alone: costs | generations of mixes (NSGA-II on cost and effect) |
//! | 2 | every mix whose costs could fit | |
//! | 3 | a race of those that fit (Kim and Nelson) | |
//! | 4 | finalists and the efficient ones on fresh seeds | the same |
//! | 5 | the parts of the best, alone and left out, on the same fresh seeds | the same |
//!
//! A mix costs what it costs beyond the baseline, on average over replicates; sums of single costs only say what need not be run at all.
//! Nothing here knows of files: whoever runs the blocks of a plan is handed over ([`Evaluate`]). What is found is a function of the study.

mod finals;
mod pool;
mod search;
mod subsets;
mod tables;
mod words;

use super::sweep::SweepPlan;
use crate::scenario::{Method, Optimise, Study};
use crate::table::Table;
use pool::Pool;

/// Runs what an optimisation asks for.
pub trait Evaluate {
    /// Why it could not.
    type Error;

    /// The rows of all blocks of a plan, in their order; `None` when somebody asked to stop.
    ///
    /// # Errors
    /// When results cannot be kept.
    fn run(&mut self, step: &str, plan: &SweepPlan) -> Result<Option<Table>, Self::Error>;
}

/// Why an optimisation came to no end.
#[derive(Debug)]
pub enum Halt<E> {
    /// Somebody asked to stop.
    Stopped,
    /// It cannot be done: why, and the way out.
    Refused {
        /// Why.
        message: String,
        /// The way out.
        hint: String,
    },
    /// Runs could not be had.
    Evaluate(E),
}

impl<E> Halt<E> {
    fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), hint: hint.into() }
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Optimisation {
    /// Every mix that was looked at.
    pub mixes: Table,
    /// Those that were run again on fresh seeds.
    pub finalists: Table,
    /// The efficient ones among them, the cheapest first.
    pub frontier: Table,
    /// Which of them is the best, given what a unit of the outcome is worth.
    pub acceptability: Table,
    /// What each part of the best adds to it.
    pub parts: Table,
    /// The generations of a search; empty without one.
    pub search: Table,
    /// Verdicts, one a line.
    pub findings: String,
    /// How many simulations it took.
    pub runs: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How many mixes were simulated.
    pub simulated: usize,
}

impl Optimisation {
    /// All tables.
    pub fn tables(&self) -> [&Table; 6] {
        [&self.mixes, &self.finalists, &self.frontier, &self.acceptability, &self.parts, &self.search]
    }
}

/// What an optimisation would take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Mixes that may be looked at, at most.
    pub mixes: u64,
    /// Simulations it takes at least.
    pub least: u64,
    /// Simulations at most.
    pub most: u64,
}

/// What the optimisation of a study would take; with subsets before costs are known, so that a budget makes it less.
///
/// # Errors
/// When the study is none.
pub fn forecast(study: &Study) -> Result<Forecast, String> {
    let (pool, asked) = (Pool::new(study, None)?, asked(study)?);
    let finals = finals::runs(&pool, asked);
    Ok(match asked.method {
        Method::Subsets => {
            let (mixes, alone) = (subsets::obeying(&pool, asked).len() as u64, subsets::single_runs(&pool, asked));
            let tried = pool::runs_of(mixes, u64::from(asked.first));
            let race = pool::runs_of(mixes, u64::from(asked.most - asked.first));
            Forecast { mixes, least: alone + finals.0, most: alone + tried + race + finals.1 }
        }
        Method::Search => {
            let generation = pool::runs_of(asked.population as u64, u64::from(asked.first));
            let mixes = asked.population as u64 * u64::from(asked.generations);
            Forecast { mixes, least: generation + finals.0, most: generation * u64::from(asked.generations) + finals.1 }
        }
    })
}

/// Looks for the best mix of a study with at most so many simulations.
///
/// # Errors
/// When it is stopped, runs cannot be had, or there is nothing to be found: no arms, no mix within the budget, too few simulations.
pub fn optimise<R: Evaluate>(
    study: &Study,
    limit: Option<u64>,
    runner: &mut R,
) -> Result<Optimisation, Halt<R::Error>> {
    let refused = |reason: String| Halt::refused(reason, "write [optimise] and arms, and see comity check");
    let asked = asked(study).map_err(refused)?;
    let mut pool = Pool::new(study, limit).map_err(refused)?;
    let course = match asked.method {
        Method::Subsets => subsets::run(&mut pool, asked, runner)?,
        Method::Search => search::run(&mut pool, asked, runner)?,
    };
    let ends = finals::run(&mut pool, asked, &course, runner)?;
    Ok(Optimisation {
        mixes: tables::mixes(&pool, asked, &course, &ends),
        finalists: tables::finalists(&pool, &ends),
        frontier: tables::frontier(&pool, &ends),
        acceptability: tables::acceptability(&pool, &ends),
        parts: tables::parts(&pool, &ends),
        search: tables::search(&pool, &course),
        findings: words::findings(&pool, asked, &course, &ends),
        runs: pool.runs,
        failed: pool.failed,
        simulated: pool.simulated(),
    })
}

fn asked(study: &Study) -> Result<&Optimise, String> {
    study.optimise().ok_or_else(|| format!("{} is a study without [optimise]", study.name()))
}

/// How a search went, before anything was run on fresh seeds.
struct Course {
    /// Those to be run again, and why: the best first.
    chosen: Vec<usize>,
    /// Those on the frontier by the seeds of the search.
    frontier: Vec<usize>,
    /// The mix that a race found to be the best, if it found one.
    winner: Option<usize>,
    /// Mixes that a race could not tell apart, or that are the same to it.
    left: Vec<usize>,
    /// Whether those left are the same to the race: each is within the indifference of the best.
    equal: bool,
    /// Of each mix that dropped out of a race, after how many replicates.
    dropped: std::collections::BTreeMap<usize, u32>,
    /// Mixes that were in the race, or chosen among in a search.
    screened: usize,
    /// Mixes that were left out of the race because a run of them failed.
    broken_off: usize,
    /// How far the race went, in replicates; 0 without one.
    raced: u32,
    /// Whether simulations ran out before the end.
    cut_short: bool,
    /// By how much a real cost was below the sum of single costs at most, as a share; and how far above.
    apart: (f64, f64),
    /// What each generation came to.
    generations: Vec<search::Generation>,
}
