//! Working out a block: one row per run, whatever happens in it.

use super::plan::{Block, RunId, SweepPlan};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::engine::Simulation;
use crate::experiment::parallel::Watch;
use crate::experiment::worlds::Worlds;
use crate::record::StretchCounts;
use crate::scenario::Scenario;
use crate::table::{Cell, Table, Values};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Where something failed, `scenario` or `run`, and why.
type Failure = (&'static str, String);
/// What came of a run: its outcomes and cost, or where it failed.
type Outcome = Result<Vec<f64>, Failure>;
/// A point that is being run: its number, the cells of its factors, and its runs.
type Made = (u64, Vec<Cell>, Result<Worlds, Failure>);

/// Longest message of a failed run, in characters.
const MESSAGE: usize = 300;

impl SweepPlan {
    /// Works out a block, its rows in the order of its cells and arms; `None` if the watch asks to stop.
    ///
    /// The watch is told of every run.
    pub fn run_block(&self, block: &Block, watch: &dyn Watch) -> Option<Table> {
        self.run_cells(block.each_cell(), watch)
    }

    /// Works out one cell: all arms of a point in a replicate.
    pub fn run_cell(&self, point: u64, replicate: u32) -> Table {
        self.run_cells(std::iter::once((point, replicate)), &()).expect("nobody asks to stop")
    }

    /// Works out some replicates of a point.
    pub fn run_point(&self, point: u64, replicates: std::ops::Range<u32>) -> Table {
        self.run_cells(replicates.map(|replicate| (point, replicate)), &()).expect("nobody asks to stop")
    }

    fn run_cells(&self, cells: impl Iterator<Item = (u64, u32)>, watch: &dyn Watch) -> Option<Table> {
        let mut table = Table::new(Arc::clone(self.schema()));
        let lines: Vec<Arc<str>> = self.lines().iter().map(|line| Arc::from(line.key.as_str())).collect();
        let mut made: Option<Made> = None;
        for (point, replicate) in cells {
            if watch.stop() {
                return None;
            }
            if made.as_ref().is_none_or(|(other, _, _)| *other != point) {
                made = Some((point, self.factor_cells(point).collect(), self.worlds(point)));
            }
            let Some((_, factors, worlds)) = &made else { continue };
            let outcomes = match worlds {
                Ok(worlds) => self.outcomes_of(worlds, replicate),
                Err(failed) => lines.iter().map(|_| Err(failed.clone())).collect(),
            };
            for ((arm, line), outcome) in lines.iter().enumerate().zip(outcomes) {
                let id = RunId { point, replicate, arm: arm as u32 };
                let own =
                    [id.number().into(), (point as i64).into(), i64::from(replicate).into(), Arc::clone(line).into()];
                let (values, failed_at, message) = match outcome {
                    Ok(values) => (values, "", String::new()),
                    Err((stage, message)) => (vec![f64::NAN; self.values_per_run()], stage, message),
                };
                let values = values.into_iter().map(Cell::from);
                let end = [Cell::from(failed_at), Cell::from(message.as_str())];
                table.push_cells(own.into_iter().chain(factors.iter().cloned()).chain(values).chain(end));
            }
            watch.advanced(lines.len() as u64);
        }
        Some(table)
    }

    /// Outcomes in every window, and the cost.
    fn values_per_run(&self) -> usize {
        self.windows().len() * self.outcomes().len() + 1
    }

    /// The scenario of a run, as it is simulated.
    ///
    /// # Errors
    /// What is wrong with the scenarios at that point.
    pub fn scenario(&self, run: RunId) -> Result<Scenario, Vec<Diagnostic>> {
        let mut all = self.sweep().scenarios(self.points().row(run.point as usize))?;
        Ok(all.swap_remove(run.arm as usize))
    }

    /// All runs of a point, ready to go.
    fn worlds(&self, point: u64) -> Result<Worlds, Failure> {
        let scenarios =
            self.sweep().scenarios(self.points().row(point as usize)).map_err(|errors| ("scenario", told(&errors)))?;
        let all: Vec<&Scenario> = scenarios.iter().collect();
        guarded(|| Worlds::new(&all, &self.stretches()))
    }

    fn outcomes_of(&self, worlds: &Worlds, replicate: u32) -> Vec<Outcome> {
        let look = |simulation: &Simulation, counts: &StretchCounts| {
            let of_window = |counts: &_| self.outcomes().iter().map(|measure| measure.of(counts)).collect::<Vec<f64>>();
            counts.counts().iter().flat_map(of_window).chain([simulation.cost()]).collect::<Vec<f64>>()
        };
        match guarded(|| worlds.run(replicate, look)) {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            // One of them fails: the others are run by themselves.
            Err(_) => (0..worlds.len()).map(|run| guarded(|| worlds.run_alone(run, replicate, look))).collect(),
        }
    }
}

/// Does something that should not panic; if it does, the panic is what the run failed of.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|cause| {
        let words =
            cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
        ("run", shortened(words.unwrap_or("it gave up without a reason")))
    })
}

/// What is wrong with a scenario, without the places, which depend on where the study was read from.
fn told(errors: &[Diagnostic]) -> String {
    use crate::diagnostic::Severity;
    let errors = errors.iter().filter(|error| error.severity == Severity::Error);
    shortened(&errors.map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))
}

fn shortened(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MESSAGE { line } else { line.chars().take(MESSAGE - 1).chain(['…']).collect() }
}

/// SHA-256 of the values of a table, whatever file they stand in, in hexadecimal digits.
pub fn block_digest(table: &Table) -> String {
    let mut digest = Digest::new();
    for column in table.columns() {
        match column {
            Values::Integer(v) => v.iter().for_each(|x| digest.update(&x.to_le_bytes())),
            Values::Real(v) => v.iter().for_each(|x| digest.update(&bits(*x).to_le_bytes())),
            Values::Date(v) => v.iter().for_each(|x| digest.update(&x.to_le_bytes())),
            Values::Text(v) => v.iter().for_each(|word| {
                digest.update(&(word.len() as u64).to_le_bytes());
                digest.update(word.as_bytes());
            }),
        }
    }
    digest.hex()
}

/// The bits of a number; missing is missing, whatever its bits.
fn bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

/// The columns in which a row of one table differs from a row of another of the same columns, with both values in words.
pub fn rows_differ(one: &Table, row: usize, other: &Table, other_row: usize) -> Vec<(String, String, String)> {
    let mut differing = Vec::new();
    for (field, (a, b)) in one.schema.fields.iter().zip(one.columns().iter().zip(other.columns())) {
        let (same, a, b) = match (a, b) {
            (Values::Integer(a), Values::Integer(b)) => {
                (a[row] == b[other_row], a[row].to_string(), b[other_row].to_string())
            }
            (Values::Real(a), Values::Real(b)) => {
                (bits(a[row]) == bits(b[other_row]), format!("{:?}", a[row]), format!("{:?}", b[other_row]))
            }
            (Values::Date(a), Values::Date(b)) => {
                (a[row] == b[other_row], a[row].to_string(), b[other_row].to_string())
            }
            (Values::Text(a), Values::Text(b)) => {
                (a[row] == b[other_row], a[row].to_string(), b[other_row].to_string())
            }
            _ => (false, "of one kind".to_owned(), "of another kind".to_owned()),
        };
        if !same {
            differing.push((field.name.clone(), a, b));
        }
    }
    differing
}
