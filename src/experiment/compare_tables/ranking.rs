//! `ranking` and `rank_probabilities`: which arm is best in the main outcome, and how surely.

use super::super::compare::{Comparison, Line};
use super::{AllResamples, arm_fields, measure_cells, measure_fields, percent, places};
use crate::statistics::rank_probabilities;
use crate::table::{Field, Schema, Table};
use std::sync::Arc;

pub(super) fn ranking(comparison: &Comparison, resamples: &AllResamples) -> Table {
    let analysis = comparison.analysis();
    let level = percent(analysis.confidence);
    let mut fields = measure_fields().to_vec();
    fields.push(Field::text("window", "Window of analysis."));
    fields.extend(arm_fields());
    fields.extend([
        Field::integer("n", "replicates", "Replicates in which the measure is defined for all that are ranked."),
        Field::real("mean", "see unit", "Mean over them."),
        Field::integer("rank", "", "Place by mean, the best first."),
        Field::real("difference", "see unit", "Mean minus the best mean of the others."),
        Field::real("ci_low", "see unit", &format!("Lower end of the simultaneous {level} interval of that difference (multiple comparisons with the best, paired, Bonferroni).")),
        Field::real("ci_high", "see unit", "Upper end of it."),
        Field::text("verdict", "best (surely), may be best, or not best."),
        Field::real("probability_best", "probability", "Share of bootstrap resamples of the replicates in which it has the best mean."),
    ]);
    let mut table = Table::new(Schema::of("ranking", "Which arm is best in the main outcome, and how surely.", fields));
    let ranked = comparison.ranked();
    for (window, named) in comparison.windows().iter().enumerate() {
        let rivals = comparison.rivals(window);
        let against = comparison.against_best(window);
        let probabilities = resamples.of(rivals.n()).map(|of| rank_probabilities(&rivals, comparison.direction(), of));
        let ranks = places(&rivals.means(), comparison.direction());
        for (place, (line, best)) in ranked.iter().zip(&against).enumerate() {
            let Line { key, label, .. } = &comparison.lines()[*line];
            let [measure, measure_label, unit] = measure_cells(analysis.outcomes[analysis.main]);
            let verdict = match (best.surely_best, best.possibly_best) {
                (true, _) => "best",
                (false, true) => "may be best",
                (false, false) => "not best",
            };
            table.push([
                measure,
                measure_label,
                unit,
                named.key.as_str().into(),
                Arc::clone(key).into(),
                Arc::clone(label).into(),
                (rivals.n() as i64).into(),
                best.mean.into(),
                (ranks[place] as i64).into(),
                best.difference.into(),
                best.interval.low.into(),
                best.interval.high.into(),
                verdict.into(),
                probabilities.as_ref().map_or(f64::NAN, |rows| rows[place][0]).into(),
            ]);
        }
    }
    table
}

pub(super) fn ranks(comparison: &Comparison, resamples: &AllResamples) -> Table {
    let analysis = comparison.analysis();
    let fields = vec![
        Field::text("measure", "The main outcome."),
        Field::text("window", "Window of analysis."),
        Field::text("arm", "Short name of the arm or package."),
        Field::integer("rank", "", "Place by mean, the best first."),
        Field::real(
            "probability",
            "probability",
            "Share of bootstrap resamples of the replicates in which it has that rank.",
        ),
    ];
    let mut table = Table::new(Schema::of("rank_probabilities", "How probable each rank of each arm is.", fields));
    for (window, named) in comparison.windows().iter().enumerate() {
        let rivals = comparison.rivals(window);
        let Some(of) = resamples.of(rivals.n()) else { continue };
        for (line, row) in comparison.ranked().iter().zip(rank_probabilities(&rivals, comparison.direction(), of)) {
            for (rank, probability) in (1_i64..).zip(row) {
                table.push([
                    analysis.outcomes[analysis.main].key().into(),
                    named.key.as_str().into(),
                    Arc::clone(&comparison.lines()[*line].key).into(),
                    rank.into(),
                    probability.into(),
                ]);
            }
        }
    }
    table
}
