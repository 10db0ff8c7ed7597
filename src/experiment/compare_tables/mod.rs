//! From a comparison to tables: `effects`, `stages`, `ranking`, `rank_probabilities`, `packages`, `orders`, `differences`, `replicates`.
//!
//! Every number of an arm rests on that arm and the baseline alone, so that adding an arm changes no other one's row; only what
//! compares arms with each other (Holm's p-values, ranks) knows them all. The bootstrap and the bands are keyed by the seed, not by the
//! arm, which makes an interval of an arm the same whoever else is in the study.

mod differences;
mod effects;
mod packages;
mod ranking;
mod stages;

use super::compare::Comparison;
use super::parallel::in_order;
use crate::record::Measure;
use crate::statistics::{Address, Direction, Pairs, Resamples};
use crate::table::{Cell, Field, Schema, Table};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// Resamples of the bootstrap, and sign patterns of a band.
const RESAMPLES: usize = 2000;
/// Replicates beyond which there is no bootstrap: Student's interval is exact enough by then.
const BOOTSTRAPPED: usize = 5000;

/// The tables of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareTables {
    /// One row per arm, measure and window.
    pub effects: Table,
    /// How far cases come in every arm, one row per arm, window, stage and unit.
    pub stages: Table,
    /// Who may be the best.
    pub ranking: Table,
    /// How probable each rank is.
    pub rank_probabilities: Table,
    /// Sum, synergy and shares.
    pub packages: Table,
    /// The effect of order.
    pub orders: Table,
    /// Effects over time.
    pub differences: Table,
}

impl CompareTables {
    /// All of them, in the order in which they are written.
    pub fn all(&self) -> [&Table; 7] {
        let Self { effects, stages, ranking, rank_probabilities, packages, orders, differences } = self;
        [effects, stages, ranking, rank_probabilities, packages, orders, differences]
    }
}

/// Makes all tables of a comparison.
pub fn compare_tables(comparison: &Comparison) -> CompareTables {
    let resamples = all_resamples(comparison);
    CompareTables {
        effects: effects::effects(comparison, &resamples),
        stages: stages::stages(comparison),
        ranking: ranking::ranking(comparison, &resamples),
        rank_probabilities: ranking::ranks(comparison, &resamples),
        packages: packages::packages(comparison),
        orders: packages::orders(comparison),
        differences: differences::differences(comparison),
    }
}

fn arm_fields() -> [Field; 2] {
    [Field::text("arm", "Short name of the arm, package or combination."), Field::text("label", "Its name for people.")]
}

fn measure_fields() -> [Field; 3] {
    [
        Field::text("measure", "What is measured, over the whole region."),
        Field::text("measure_label", "Its name for people."),
        Field::text("unit", "Unit of the measure, and of every column whose unit is `see unit`."),
    ]
}

pub(super) fn percent(level: f64) -> String {
    format!("{} %", (level * 1e4).round() / 1e2)
}

/// Everything that the tables say of a measure.
fn measure_cells(measure: Measure) -> [Cell; 3] {
    [measure.key().into(), measure.label().as_str().into(), measure.unit().as_str().into()]
}

/// The resamples for every number of complete replicates that may occur, drawn once each.
struct AllResamples {
    by_count: BTreeMap<usize, Resamples>,
}

impl AllResamples {
    fn of(&self, n: usize) -> Option<&Resamples> {
        self.by_count.get(&n)
    }
}

fn all_resamples(comparison: &Comparison) -> AllResamples {
    let mut counts: Vec<usize> = (0..comparison.windows().len()).map(|window| comparison.rivals(window).n()).collect();
    for line in 1..comparison.lines().len() {
        for_each_effect(comparison, |window, outcome| counts.push(pairs(comparison, line, window, outcome).n()));
    }
    let address = Address { seed: comparison.seed(), label: "compare" };
    counts.sort_unstable();
    counts.dedup();
    let drawn = counts.into_iter().filter(|n| 2 <= *n && *n <= BOOTSTRAPPED);
    AllResamples { by_count: drawn.map(|n| (n, Resamples::drawn(address, n, RESAMPLES))).collect() }
}

fn for_each_effect(comparison: &Comparison, mut each: impl FnMut(usize, usize)) {
    for outcome in 0..comparison.analysis().outcomes.len() {
        for window in 0..comparison.windows().len() {
            each(window, outcome);
        }
    }
}

fn pairs(comparison: &Comparison, line: usize, window: usize, outcome: usize) -> Pairs {
    Pairs::complete(&comparison.in_window(0, window, outcome), &comparison.in_window(line, window, outcome))
}

/// Works on every line but the baseline, on all threads where there are some, and hands over the results in order.
fn by_line<T: Send>(lines: &[usize], work: impl Fn(usize) -> T + Sync, mut take: impl FnMut(usize, T) + Send) {
    let taken: Result<_, Infallible> = in_order(
        lines.len() as u32,
        &(),
        |place| work(lines[place as usize]),
        |place, result| {
            take(lines[place as usize], result);
            Ok(())
        },
    );
    match taken {
        Ok(_) => {}
    }
}

/// The rank of each mean, from 1; equal means share the better rank.
fn places(means: &[f64], direction: Direction) -> Vec<usize> {
    let better = |a: f64, b: f64| match direction {
        Direction::Largest => a > b,
        Direction::Smallest => a < b,
    };
    means.iter().map(|mean| 1 + means.iter().filter(|other| better(**other, *mean)).count()).collect()
}

/// Every value behind the other tables, so that anybody can check them.
pub fn replicates_table(comparison: &Comparison) -> Table {
    let fields = vec![
        Field::integer(
            "replicate",
            "",
            "Number of the replicate, from 0; the same number has the same draws in every arm.",
        ),
        Field::text("arm", "Short name of the arm, package or combination, or `baseline`."),
        Field::text("measure", "What is measured, or `cost`."),
        Field::text("window", "Window of analysis; `run` for the cost, which is of the whole run."),
        Field::real("value", "unit of the measure", "Its value; missing where the measure is not defined."),
    ];
    let mut table = Table::new(Schema::of("replicates", "Every value of every replicate.", fields));
    let outcomes = &comparison.analysis().outcomes;
    for (place, line) in comparison.lines().iter().enumerate() {
        let mut columns: Vec<(Arc<str>, Arc<str>, Vec<f64>)> = Vec::new();
        for_each_effect(comparison, |window, outcome| {
            let named = Arc::from(comparison.windows()[window].key.as_str());
            let values = comparison.in_window(place, window, outcome);
            columns.push((Arc::from(outcomes[outcome].key()), named, values));
        });
        columns.push((Arc::from("cost"), Arc::from("run"), comparison.costs(place)));
        for replicate in 0..comparison.replicates() {
            for (measure, window, values) in &columns {
                table.push([
                    (replicate as i64).into(),
                    Arc::clone(&line.key).into(),
                    Arc::clone(measure).into(),
                    Arc::clone(window).into(),
                    values[replicate].into(),
                ]);
            }
        }
    }
    table
}
