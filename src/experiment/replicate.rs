//! Many replicates of one scenario: series streamed, the rest added up.

use super::accumulate::Accumulator;
use super::parallel::{Interrupted, Watch, in_order};
use crate::engine::{Setup, Simulation};
use crate::record::{Recorder, Tally, Window, series_schema};
use crate::table::Table;
use std::sync::Arc;

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What all runs share.
    pub setup: Arc<Setup>,
    /// The first replicate.
    pub first: u32,
    /// How many replicates.
    pub replicates: u32,
    /// Whether barriers and litmus are worked out.
    pub why: bool,
}

/// Where the rows of the `series` table go.
pub trait SeriesSink: Send {
    /// What goes wrong there.
    type Error: Send;
    /// The rows of the next replicate, in order.
    ///
    /// # Errors
    /// When they cannot be kept; the experiment ends.
    fn take(&mut self, rows: Table) -> Result<(), Self::Error>;
}

/// Nobody wants the series.
impl SeriesSink for () {
    type Error = std::convert::Infallible;
    fn take(&mut self, _rows: Table) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// What is told of every run besides its rows.
pub type Kept<'a> = &'a mut (dyn FnMut(u32, &Tally) + Send);

/// Why an experiment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// All was done.
    Finished,
    /// Somebody stopped it after so many replicates.
    Interrupted(Interrupted),
}

impl Setup {
    /// The part of a run that is recorded.
    pub fn window(&self) -> Window {
        Window { start: self.time.start, tick_days: self.time.tick_days, ticks: self.time.ticks(), end: self.time.end }
    }

    /// Runs one replicate from its first day to its last.
    pub fn run_one(self: &Arc<Self>, replicate: u32, why: bool) -> (Tally, Table) {
        let mut simulation = Simulation::new(self, replicate);
        let mut recorder = Recorder::new(&self.region, self.window(), why);
        simulation.run(self.time.burn_in_ticks() + self.time.ticks(), &mut recorder);
        recorder.finish(simulation.view(), replicate, &series_schema())
    }
}

/// Runs a plan.
///
/// # Errors
/// Those of the sink.
pub fn replicate<S: SeriesSink>(
    plan: &Plan,
    watch: &dyn Watch,
    sink: &mut S,
    kept: Kept<'_>,
) -> Result<(Option<Accumulator>, Stopped), S::Error> {
    let mut sum: Option<Accumulator> = None;
    let ended = in_order(
        plan.replicates,
        watch,
        |number| plan.setup.run_one(plan.first + number, plan.why),
        |number, (tally, rows)| {
            sum.get_or_insert_with(|| Accumulator::like(&tally)).add(&tally);
            kept(plan.first + number, &tally);
            sink.take(rows)
        },
    )?;
    Ok((sum, ended.map_or(Stopped::Finished, Stopped::Interrupted)))
}
