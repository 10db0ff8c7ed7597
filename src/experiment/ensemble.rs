//! Conclusions over a posterior: draws of parameters, each run several times, so that what is not known of parameters and chance are told
//! apart.

use super::SweepPlan;
use crate::scenario::Study;
use crate::statistics::calibration::{Weights, holding};
use crate::statistics::{Interval, Moments, nested, quantile_sorted};
use crate::table::{Cell, Field, Schema, Table, Values};
use std::sync::Arc;

/// One conclusion, for words.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// Name of the arm; empty for the baseline's level.
    pub arm: String,
    /// Key of the window.
    pub window: String,
    /// Draws left out, because a run failed or has no such outcome.
    pub lost: usize,
    /// Mean over draws and runs.
    pub mean: f64,
    /// Its interval.
    pub interval: Interval,
    /// Central 90 % of draws.
    pub ninety: Interval,
    /// Share of draws in which it is above 0.
    pub above: f64,
    /// The interval of that share.
    pub above_interval: Interval,
    /// Share of draws in which the arm is the best.
    pub best: f64,
}

/// What came of the draws of a posterior.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensemble {
    /// One row per arm, measure and window.
    pub table: Table,
    /// Of the main outcome.
    pub conclusions: Vec<Conclusion>,
}

/// Takes together the results of a plan whose points are draws of a posterior, each weighing the same.
pub fn ensemble(study: &Study, plan: &SweepPlan, results: &Table) -> Ensemble {
    let (windows, measures, lines) = (plan.windows(), plan.outcomes(), plan.lines());
    let runs = plan.replicates_of(0) as usize;
    let first = 4 + plan.factors().len();
    let level = plan.confidence();
    let column = |value: usize| match &results.columns()[first + value] {
        Values::Real(values) => values.as_slice(),
        _ => &[],
    };
    let smallest = study.analysis().smallest_is_best;
    let mut table = Table::new(schema());
    let mut conclusions = Vec::new();
    for (window, own) in windows.iter().enumerate() {
        for (measure, of) in measures.iter().enumerate() {
            let values = column(window * measures.len() + measure);
            // Per line, per draw: one number for each run; whole draws only.
            let numbers = |line: usize| -> Vec<Vec<f64>> {
                let mine: Vec<f64> = values.iter().skip(line).step_by(lines.len()).copied().collect();
                mine.chunks(runs).map(<[f64]>::to_vec).collect()
            };
            let base = numbers(0);
            let of_line = |line: usize| -> Vec<Vec<f64>> {
                if line == 0 {
                    return base.clone();
                }
                let less =
                    |(own, base): (Vec<f64>, &Vec<f64>)| own.iter().zip(base).map(|(own, base)| own - base).collect();
                numbers(line).into_iter().zip(&base).map(less).collect()
            };
            let all: Vec<Vec<Vec<f64>>> = (0..lines.len()).map(of_line).collect();
            let has = |line: usize, draw: usize| all[line][draw].iter().all(|value| value.is_finite());
            let whole_of = |line: usize| (0..base.len()).filter(|draw| has(line, *draw)).collect::<Vec<usize>>();
            // Arms are ranked where every one of them has a value.
            let ranked: Vec<usize> =
                (0..base.len()).filter(|draw| (1..lines.len()).all(|line| has(line, *draw))).collect();
            let mean = |draw: &Vec<f64>| draw.iter().sum::<f64>() / draw.len() as f64;
            let sign = if smallest { -1.0 } else { 1.0 };
            // Arms that are equal share a draw.
            let win = |line: usize, draw: usize| {
                let of = |line: usize| sign * mean(&all[line][draw]);
                let most = (1..lines.len()).map(of).fold(f64::NEG_INFINITY, f64::max);
                let equals = (1..lines.len()).filter(|line| of(*line) == most).count() as f64;
                if of(line) == most { 1.0 / equals } else { 0.0 }
            };
            for (line, name) in lines.iter().enumerate() {
                let whole = whole_of(line);
                let rows: Vec<&Vec<f64>> = whole.iter().map(|draw| &all[line][*draw]).collect();
                let means: Vec<f64> = rows.iter().map(|row| mean(row)).collect();
                let moments: Moments = means.iter().copied().collect();
                let found = nested(&rows, level);
                let interval = found.map_or_else(|| moments.interval_at(level), |found| found.interval);
                let above: Vec<f64> = means
                    .iter()
                    .map(|mean| f64::from(u8::from(*mean > 0.0)) + 0.5 * f64::from(u8::from(*mean == 0.0)))
                    .collect();
                let share =
                    Weights::even(means.len()).and_then(|even| holding(&above, &even, level)).ok().filter(|_| line > 0);
                let mut sorted = means.clone();
                sorted.sort_by(f64::total_cmp);
                let ninety = Interval { low: quantile_sorted(&sorted, 0.05), high: quantile_sorted(&sorted, 0.95) };
                let is_main = measure == plan.main();
                let wins = || ranked.iter().map(|draw| win(line, *draw)).sum::<f64>() / ranked.len() as f64;
                let best = if line > 0 && is_main { wins() } else { f64::NAN };
                let missing = Interval::MISSING;
                let row: [Cell; 22] = [
                    if line == 0 { "level" } else { "effect" }.into(),
                    name.key.as_str().into(),
                    name.label.as_str().into(),
                    of.key().into(),
                    of.label().as_str().into(),
                    of.unit().as_str().into(),
                    own.key.as_str().into(),
                    (whole.len() as i64).into(),
                    ((base.len() - whole.len()) as i64).into(),
                    (runs as i64).into(),
                    moments.mean().into(),
                    found.map_or_else(|| moments.standard_error(), |found| found.standard_error).into(),
                    interval.low.into(),
                    interval.high.into(),
                    ninety.low.into(),
                    ninety.high.into(),
                    found.map_or(f64::NAN, |found| found.variance_parameters).into(),
                    found.map_or(f64::NAN, |found| found.variance_chance).into(),
                    share.map_or(f64::NAN, |share| share.share).into(),
                    share.map_or(missing, |share| share.interval).low.into(),
                    share.map_or(missing, |share| share.interval).high.into(),
                    best.into(),
                ];
                table.push_cells(row);
                if is_main {
                    conclusions.push(Conclusion {
                        arm: if line == 0 { String::new() } else { name.label.clone() },
                        window: own.key.clone(),
                        lost: base.len() - whole.len(),
                        mean: moments.mean(),
                        interval,
                        ninety,
                        above: share.map_or(f64::NAN, |share| share.share),
                        above_interval: share.map_or(missing, |share| share.interval),
                        best,
                    });
                }
            }
        }
    }
    Ensemble { table, conclusions }
}

fn schema() -> Arc<Schema> {
    let see = "see unit";
    let fields = vec![
        Field::text(
            "quantity",
            "`level` of the baseline, or `effect` of an arm: its difference to the baseline, draw by draw.",
        ),
        Field::text("arm", "Short name of the arm, or `baseline`."),
        Field::text("arm_label", "Its name for people."),
        Field::text("measure", "What is measured."),
        Field::text("measure_label", "Its name for people."),
        Field::text("unit", "Unit of the measure."),
        Field::text("window", "Window of analysis."),
        Field::integer("draws", "", "Draws of which every run has a value (of an effect, in the baseline as well)."),
        Field::integer("lost", "", "Draws left out, because a run failed or has no such outcome."),
        Field::integer("runs", "", "Runs of each draw."),
        Field::real("mean", see, "Mean over draws and runs."),
        Field::real("standard_error", see, "Its standard error, runs of the same draw resembling each other."),
        Field::real(
            "ci_low",
            see,
            "Lower end of its confidence interval, with one degree of freedom fewer than draws.",
        ),
        Field::real("ci_high", see, "Upper end of it."),
        Field::real(
            "low",
            see,
            "5th percentile of the means of draws: what the posterior leaves open, and what is left of chance.",
        ),
        Field::real("high", see, "95th percentile."),
        Field::real(
            "variance_parameters",
            "square of unit",
            "Variance from parameters; below 0 where it cannot be told from chance, missing with one run.",
        ),
        Field::real("variance_chance", "square of unit", "Variance from chance in a run; missing with one run."),
        Field::real(
            "above",
            "share",
            "Share of draws whose mean over its runs is above 0, ties half: what chance those few runs leave is in it.",
        ),
        Field::real("above_low", "share", "Lower end of its confidence interval (Wilson)."),
        Field::real("above_high", "share", "Upper end of it."),
        Field::real(
            "best",
            "share",
            "Share of draws in which the arm is the best of the arms by the main outcome, equal ones sharing a draw; missing for others.",
        ),
    ];
    Schema::of("posterior_effects", "Levels and effects over the draws of a posterior.", fields)
}
