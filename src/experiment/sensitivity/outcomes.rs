//! What every run of a sweep came to, put in the order of its design.

use super::subject::Subject;
use crate::experiment::SweepPlan;
use crate::statistics::design::{Blocks, Member};
use crate::statistics::sensitivity::log_variances;
use crate::table::Table;

/// An outcome in a window: places in the plan's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value {
    pub measure: usize,
    pub window: usize,
}

/// The outcomes of a sweep: per line (arm), outcome and window one number for each run, point after point, and within a point
/// replicate after replicate; missing ones are `NaN`.
#[derive(Debug, Clone)]
pub struct Outcomes<'p> {
    plan: &'p SweepPlan,
    /// Per line, then per value.
    numbers: Vec<Vec<f64>>,
    rows: u64,
    failed: u64,
    /// The first run that is not where it should be.
    stranger: Option<i64>,
}

/// The numbers of one quantity.
pub(super) struct Series {
    /// Point after point, each with its replicates.
    pub numbers: Vec<f64>,
    /// How many each point has.
    pub replicates: usize,
}

impl<'p> Outcomes<'p> {
    /// None yet.
    pub fn new(plan: &'p SweepPlan) -> Self {
        let count = plan.lines().len() * plan.windows().len() * plan.outcomes().len();
        Self { plan, numbers: vec![Vec::new(); count], rows: 0, failed: 0, stranger: None }
    }

    /// Takes in rows of the table `results`, in their order.
    ///
    /// # Errors
    /// When a column is missing.
    pub fn add(&mut self, results: &Table) -> Result<(), String> {
        let per_line = self.plan.windows().len() * self.plan.outcomes().len();
        let first = 4 + self.plan.factors().len();
        let missing = || "its table of results has other columns than the sweep says".to_owned();
        let ids = results.integers("run_id").ok_or_else(missing)?;
        let failed = results.texts("failed_at").ok_or_else(missing)?;
        let columns: Option<Vec<&[f64]>> = (first..first + per_line)
            .map(|place| match results.columns().get(place) {
                Some(crate::table::Values::Real(values)) => Some(values.as_slice()),
                _ => None,
            })
            .collect();
        let columns = columns.ok_or_else(missing)?;
        let lines = self.plan.lines().len() as u64;
        for row in 0..results.rows() {
            let replicates = u64::from(self.plan.replicates_of(0));
            let (cell, line) = (self.rows / lines, self.rows % lines);
            let id = crate::experiment::RunId {
                point: cell / replicates.max(1),
                replicate: (cell % replicates.max(1)) as u32,
                arm: line as u32,
            };
            if id.number() != ids[row] && self.stranger.is_none() {
                self.stranger = Some(ids[row]);
            }
            self.failed += u64::from(!failed[row].is_empty());
            let own = line as usize * per_line;
            columns.iter().enumerate().for_each(|(value, column)| self.numbers[own + value].push(column[row]));
            self.rows += 1;
        }
        Ok(())
    }

    /// Refuses outcomes that are not all of those the plan asks for, in its order.
    pub(super) fn whole(&self) -> Result<(), String> {
        let points = self.plan.points().rows() as u64;
        let replicates = self.plan.replicates_of(0);
        if let Some(point) = (0..points).find(|point| self.plan.replicates_of(*point) != replicates) {
            return Err(format!(
                "point 0 has {replicates} replicates and point {point} has {}: add the missing ones first",
                self.plan.replicates_of(point)
            ));
        }
        if let Some(run) = self.stranger {
            return Err(format!("its results hold run {run} where another belongs: they are of another design"));
        }
        if self.rows != self.plan.runs() {
            return Err(format!("its results hold {} runs where the design has {}", self.rows, self.plan.runs()));
        }
        Ok(())
    }

    /// The plan.
    pub fn plan(&self) -> &'p SweepPlan {
        self.plan
    }

    /// How many runs failed.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Replicates of a point.
    pub(super) fn replicates(&self) -> usize {
        self.plan.replicates_of(0) as usize
    }

    /// How many points.
    pub(super) fn points(&self) -> usize {
        self.plan.points().rows()
    }

    /// Every outcome in every window, the outcome that is drawn first.
    pub(super) fn values(&self) -> Vec<Value> {
        let windows = 0..self.plan.windows().len();
        let mut measures: Vec<usize> = (0..self.plan.outcomes().len()).collect();
        measures.sort_by_key(|measure| *measure != self.plan.main());
        measures.iter().flat_map(|measure| windows.clone().map(|window| Value { measure: *measure, window })).collect()
    }

    /// Keys of an outcome and its window.
    pub(super) fn name(&self, value: Value) -> (&str, &str) {
        (self.plan.outcomes()[value.measure].key(), &self.plan.windows()[value.window].key)
    }

    /// The numbers of an arm.
    pub(super) fn line(&self, line: usize, value: Value) -> &[f64] {
        let (windows, outcomes) = (self.plan.windows().len(), self.plan.outcomes().len());
        &self.numbers[line * windows * outcomes + value.window * outcomes + value.measure]
    }

    /// The numbers of a quantity; nothing where there is no such quantity.
    pub(super) fn of(&self, subject: Subject, value: Value) -> Option<Series> {
        let less = |one: usize, other: usize| {
            let pairs = self.line(one, value).iter().zip(self.line(other, value));
            pairs.map(|(one, other)| one - other).collect::<Vec<f64>>()
        };
        let replicates = self.replicates();
        Some(match subject {
            Subject::Level => Series { numbers: self.line(0, value).to_vec(), replicates },
            Subject::Effect(line) => Series { numbers: less(line, 0), replicates },
            Subject::Lead { best, rival } => Series { numbers: less(best, rival), replicates },
            Subject::Spread => {
                let spread = log_variances(self.line(0, value), replicates).ok()?;
                Series { numbers: spread.values, replicates: spread.batches }
            }
        })
    }
}

impl Series {
    /// The mean of each point; missing if one of its replicates is.
    pub(super) fn means(&self) -> Vec<f64> {
        self.numbers.chunks(self.replicates.max(1)).map(|own| own.iter().sum::<f64>() / own.len() as f64).collect()
    }
}

/// The points of blocks that are independent of each other: A and B of each.
pub(super) fn independent(blocks: Blocks, points: usize) -> Vec<usize> {
    (0..points).filter(|row| matches!(blocks.member(*row).1, Member::A | Member::B)).collect()
}
