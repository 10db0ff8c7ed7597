//! `differences`: arms against the baseline period by period.

use super::super::compare::{Comparison, Line, LineKind};
use super::{RESAMPLES, arm_fields, by_line, measure_cells, measure_fields, percent};
use crate::statistics::{Address, BandRule, Interval, Moments, Pairs, band};
use crate::table::{Cell, Field, Schema, Table};
use std::sync::Arc;

pub(super) fn differences(comparison: &Comparison) -> Table {
    let analysis = comparison.analysis();
    let level = percent(analysis.confidence);
    let mut fields = arm_fields().to_vec();
    fields.extend(measure_fields());
    fields.extend([
        Field::date("period_start", "First day of the period."),
        Field::integer(
            "n",
            "replicates",
            "Replicates in which the measure is defined for baseline and arm in that period.",
        ),
        Field::real("difference", "see unit", "Mean of arm minus baseline, replicate by replicate."),
        Field::real("sd", "see unit", "Standard deviation of these differences."),
        Field::real(
            "ci_low",
            "see unit",
            &format!("Lower end of the {level} confidence interval for this period alone (Student's t)."),
        ),
        Field::real("ci_high", "see unit", "Upper end of it."),
        Field::real(
            "band_low",
            "see unit",
            &format!(
                "Lower end of the {level} band that holds for all periods together (max-T over random signs, seeded)."
            ),
        ),
        Field::real("band_high", "see unit", "Upper end of it."),
        Field::real("baseline_mean", "see unit", "Mean of the baseline in these replicates."),
        Field::real("arm_mean", "see unit", "Mean of the arm in them."),
    ]);
    let mut table = Table::new(Schema::of("differences", "Arms and packages against the baseline over time.", fields));
    let outcomes = 0..analysis.outcomes.len();
    let lines: Vec<usize> =
        comparison.ranked().into_iter().filter(|line| comparison.lines()[*line].kind != LineKind::Baseline).collect();
    by_line(
        &lines,
        |line| outcomes.clone().map(|outcome| over_time(comparison, line, outcome)).collect::<Vec<_>>(),
        |line, outcomes| {
            for (rows, measure) in outcomes.into_iter().zip(&analysis.outcomes) {
                for (row, period) in rows.into_iter().zip(comparison.periods()) {
                    let Line { key, label, .. } = &comparison.lines()[line];
                    let [measure, measure_label, unit] = measure_cells(*measure);
                    table.push([
                        Arc::clone(key).into(),
                        Arc::clone(label).into(),
                        measure,
                        measure_label,
                        unit,
                        Cell::Date(period.from.days()),
                        (row.differences.n as i64).into(),
                        row.differences.mean().into(),
                        row.differences.sd().into(),
                        row.alone.low.into(),
                        row.alone.high.into(),
                        row.together.low.into(),
                        row.together.high.into(),
                        row.baseline_mean.into(),
                        row.arm_mean.into(),
                    ]);
                }
            }
        },
    );
    table
}

/// A period of an arm against the baseline.
struct Point {
    differences: Moments,
    alone: Interval,
    together: Interval,
    baseline_mean: f64,
    arm_mean: f64,
}

fn over_time(comparison: &Comparison, line: usize, outcome: usize) -> Vec<Point> {
    let level = comparison.analysis().confidence;
    let columns: Vec<[Vec<f64>; 2]> = (0..comparison.periods().len())
        .map(|period| [0, line].map(|line| comparison.in_period(line, period, outcome)))
        .collect();
    let series: Vec<Vec<f64>> = (0..comparison.replicates())
        .map(|replicate| columns.iter().map(|[baseline, arm]| arm[replicate] - baseline[replicate]).collect())
        .collect();
    let address = Address { seed: comparison.seed(), label: "compare" };
    let band = band(&series, BandRule { address, flips: RESAMPLES, level });
    let point = |(period, [baseline, arm]): (usize, &[Vec<f64>; 2])| {
        let pairs = Pairs::complete(baseline, arm);
        let mean = |values: &[f64]| values.iter().copied().collect::<Moments>().mean();
        let (alone, together) = band
            .points
            .get(period)
            .map_or((Interval::MISSING, Interval::MISSING), |point| (point.pointwise, point.simultaneous));
        Point {
            differences: pairs.differences().into_iter().collect(),
            alone,
            together,
            baseline_mean: mean(pairs.baseline()),
            arm_mean: mean(pairs.arm()),
        }
    };
    columns.iter().enumerate().map(point).collect()
}
