//! `stages`: how far cases come in every arm against the baseline, in cases per run and as a share of those that came to light.

use super::super::compare::{Comparison, Line};
use super::super::tables::funnel_stages;
use super::{arm_fields, by_line, percent};
use crate::statistics::{Paired, Pairs, paired};
use crate::table::{Cell, Field, Schema, Table};
use std::sync::Arc;

/// The unit of a row: cases themselves, or their share of the cases that came to light in the same run.
const UNITS: [&str; 2] = ["cases", "share"];

pub(super) fn stages(comparison: &Comparison) -> Table {
    let mut table = Table::new(schema(comparison.analysis().confidence));
    let lines: Vec<usize> = (1..comparison.lines().len()).collect();
    by_line(
        &lines,
        |line| (0..comparison.windows().len()).map(|window| in_window(comparison, line, window)).collect::<Vec<_>>(),
        |line, windows| {
            let Line { key, label, kind, .. } = &comparison.lines()[line];
            for (rows, window) in windows.into_iter().zip(comparison.windows()) {
                for ((stage, stage_label, ..), both) in funnel_stages().zip(rows) {
                    for (unit, paired) in UNITS.into_iter().zip(both) {
                        table.push([
                            Arc::clone(key).into(),
                            Arc::clone(label).into(),
                            kind.key().into(),
                            window.key.as_str().into(),
                            Cell::Date(window.from.days()),
                            Cell::Date(window.until.days()),
                            stage.into(),
                            stage_label.into(),
                            unit.into(),
                            (paired.n as i64).into(),
                            paired.baseline_mean.into(),
                            paired.arm_mean.into(),
                            paired.difference.into(),
                            paired.sd.into(),
                            paired.interval.low.into(),
                            paired.interval.high.into(),
                        ]);
                    }
                }
            }
        },
    );
    table
}

/// Per stage, baseline against arm in cases and in shares of what came to light.
fn in_window(comparison: &Comparison, line: usize, window: usize) -> Vec<[Paired; 2]> {
    let level = comparison.analysis().confidence;
    let share = |part: &[f64], whole: &[f64]| -> Vec<f64> {
        part.iter().zip(whole).map(|(part, whole)| if *whole > 0.0 { part / whole } else { f64::NAN }).collect()
    };
    let whole = [0, line].map(|line| comparison.at_stage(line, window, 0));
    let stage = |stage: usize| {
        let part = [0, line].map(|line| comparison.at_stage(line, window, stage));
        let cases = paired(&Pairs::complete(&part[0], &part[1]), level);
        let shares = Pairs::complete(&share(&part[0], &whole[0]), &share(&part[1], &whole[1]));
        [cases, paired(&shares, level)]
    };
    (0..funnel_stages().count()).map(stage).collect()
}

fn schema(level: f64) -> Arc<Schema> {
    let mut fields = arm_fields().to_vec();
    fields.extend([
        Field::text("kind", "arm, package, order or subset, as in `effects`."),
        Field::text("window", "Window of analysis."),
        Field::date("from", "First day of the window."),
        Field::date("until", "First day that no longer belongs to it."),
        Field::text("stage", "How far the cases came, as in the table `funnel` of a run."),
        Field::text("stage_label", "The same in words."),
        Field::text("unit", "`cases`: per run; `share`: of the cases that came to light in the same run and window."),
        Field::integer("n", "replicates", "Replicates in which it is defined for baseline and arm."),
        Field::real("baseline_mean", "see unit", "Mean of the baseline in these replicates."),
        Field::real("arm_mean", "see unit", "Mean of the arm in them."),
        Field::real(
            "difference",
            "see unit",
            "Mean of arm minus baseline, replicate by replicate with the same draws.",
        ),
        Field::real("sd", "see unit", "Standard deviation of these differences."),
        Field::real(
            "ci_low",
            "see unit",
            &format!(
                "Lower end of the {} confidence interval of the difference (Student's t, paired).",
                percent(level)
            ),
        ),
        Field::real("ci_high", "see unit", "Upper end of it."),
    ]);
    Schema::of("stages", "How far cases come in every arm against the baseline.", fields)
}
