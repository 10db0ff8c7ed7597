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
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Where something failed, `scenario` or `run`, and why.
type Failure = (&'static str, String);
/// What came of a run: its outcomes and cost, or where it failed.
type Outcome = Result<Vec<f64>, Failure>;

/// Points that are run together, because they have a baseline in common, or one point by itself.
struct Together {
    points: Vec<u64>,
    /// Per point: the cells of its factors.
    factors: Vec<Vec<Cell>>,
    /// Per point and line: which run it is; or why there is none.
    runs: Vec<Vec<Result<usize, Failure>>>,
    /// How many runs there are.
    count: usize,
    /// The runs, if there are any.
    worlds: Result<Option<Worlds>, Failure>,
}

/// Most points that are run together, so that their worlds stay few.
pub const MOST_POINTS_AT_ONCE: u64 = 16;

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

    /// Works out some replicates of some points, point by point in every replicate.
    pub fn run_points(&self, points: Range<u64>, replicates: Range<u32>) -> Table {
        let cells = replicates.flat_map(|replicate| points.clone().map(move |point| (point, replicate)));
        self.run_cells(cells, &()).expect("nobody asks to stop")
    }

    fn run_cells(&self, cells: impl Iterator<Item = (u64, u32)>, watch: &dyn Watch) -> Option<Table> {
        let mut table = Table::new(Arc::clone(self.schema()));
        let lines: Vec<Arc<str>> = self.lines().iter().map(|line| Arc::from(line.key.as_str())).collect();
        let most = if self.shares_baseline() { MOST_POINTS_AT_ONCE as usize } else { 1 };
        let mut made: Option<Together> = None;
        let mut cells = cells.peekable();
        while let Some((first, replicate)) = cells.next() {
            if watch.stop() {
                return None;
            }
            let mut points = vec![first];
            while points.len() < most
                && let Some((point, _)) = cells.next_if(|(_, other)| *other == replicate)
            {
                points.push(point);
            }
            if made.as_ref().is_none_or(|made| made.points != points) {
                made = Some(self.together(points));
            }
            let Some(made) = &made else { continue };
            let outcomes = self.outcomes_of(made, replicate);
            for (place, point) in made.points.iter().enumerate() {
                for (arm, line) in lines.iter().enumerate() {
                    let id = RunId { point: *point, replicate, arm: arm as u32 };
                    let own = [
                        id.number().into(),
                        (*point as i64).into(),
                        i64::from(replicate).into(),
                        Arc::clone(line).into(),
                    ];
                    let outcome = match &made.runs[place][arm] {
                        Ok(run) => &outcomes[*run],
                        Err(failed) => &Err(failed.clone()),
                    };
                    let (values, failed_at, message) = match outcome {
                        Ok(values) => (values.clone(), "", ""),
                        Err((stage, message)) => (vec![f64::NAN; self.values_per_run()], *stage, message.as_str()),
                    };
                    let values = values.into_iter().map(Cell::from);
                    let end = [Cell::from(failed_at), Cell::from(message)];
                    table.push_cells(
                        own.into_iter().chain(made.factors[place].iter().cloned()).chain(values).chain(end),
                    );
                }
            }
            watch.advanced((made.points.len() * lines.len()) as u64);
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
        self.sweep().scenarios(self.points().row(run.point as usize)).swap_remove(run.arm as usize)
    }

    /// All runs of some points, ready to go: what their scenarios have in common is run once.
    fn together(&self, points: Vec<u64>) -> Together {
        let mut scenarios: Vec<Scenario> = Vec::new();
        let mut runs: Vec<Vec<Result<usize, Failure>>> = Vec::with_capacity(points.len());
        for point in &points {
            let mut own = self.sweep().scenarios(self.points().row(*point as usize)).into_iter();
            // The first of all is the baseline of every point; without it there is nothing to go on from.
            let baseline = own.next().map_or(Err(("scenario", String::new())), |first| match first {
                Ok(scenario) => {
                    if scenarios.is_empty() {
                        scenarios.push(scenario);
                    }
                    Ok(0)
                }
                Err(errors) => Err(("scenario", told(&errors))),
            });
            let mut places = vec![baseline.clone()];
            for line in own {
                places.push(match (&baseline, line) {
                    (Ok(_), Ok(scenario)) => {
                        scenarios.push(scenario);
                        Ok(scenarios.len() - 1)
                    }
                    (_, Err(errors)) => Err(("scenario", told(&errors))),
                    (Err(failed), Ok(_)) => Err(failed.clone()),
                });
            }
            runs.push(places);
        }
        let all: Vec<&Scenario> = scenarios.iter().collect();
        let worlds = if all.is_empty() { Ok(None) } else { guarded(|| Worlds::new(&all, &self.stretches())).map(Some) };
        let factors = points.iter().map(|point| self.factor_cells(*point).collect()).collect();
        Together { count: all.len(), points, factors, runs, worlds }
    }

    /// What came of every run of some points in a replicate.
    fn outcomes_of(&self, made: &Together, replicate: u32) -> Vec<Outcome> {
        let look = |simulation: &Simulation, counts: &StretchCounts| {
            let of_window = |counts: &_| self.outcomes().iter().map(|measure| measure.of(counts)).collect::<Vec<f64>>();
            counts.counts().iter().flat_map(of_window).chain([simulation.cost()]).collect::<Vec<f64>>()
        };
        let worlds = match &made.worlds {
            Ok(Some(worlds)) => worlds,
            Ok(None) => return Vec::new(),
            Err(failed) => return vec![Err(failed.clone()); made.count],
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

/// The columns in which a row of one table differs from a row of another of the same columns, with both values in words; numbers in words
/// are the same only if their bits are.
pub fn rows_differ(one: &Table, row: usize, other: &Table, other_row: usize) -> Vec<(String, String, String)> {
    let names = one.schema.fields.iter().map(|field| field.name.clone());
    let all = names.zip(one.words(row)).zip(other.words(other_row)).map(|((name, one), other)| (name, one, other));
    all.filter(|(_, one, other)| one != other).collect()
}
