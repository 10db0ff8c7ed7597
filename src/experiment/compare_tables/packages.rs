//! `packages` and `orders`: what arms do together, and one after the other.

use super::super::compare::Comparison;
use super::{for_each_effect, pairs, percent, places};
use crate::statistics::{Direction, Moments, shapley, synergy};
use crate::table::{Field, Schema, Table};
use std::sync::Arc;

pub(super) fn packages(comparison: &Comparison) -> Table {
    let analysis = comparison.analysis();
    let fields = vec![
        Field::text("package", "Short name of the package."),
        Field::text("measure", "What is measured."),
        Field::text("unit", "Unit of the measure."),
        Field::text("window", "Window of analysis."),
        Field::text("part", "whole, sum (of the effects of its arms alone), synergy (whole minus sum), or an arm."),
        Field::text(
            "kind",
            "whole, sum or synergy; for an arm: alone (its effect by itself), shapley (its share of the whole, on average over all orders of adding), last (what it adds to all others).",
        ),
        Field::real("value", "see unit", "Mean effect over replicates, paired with the baseline."),
        Field::real(
            "ci_low",
            "see unit",
            &format!("Lower end of the {} confidence interval (Student's t).", percent(analysis.confidence)),
        ),
        Field::real("ci_high", "see unit", "Upper end of it."),
        Field::integer("n", "replicates", "Replicates in which all of it is defined."),
    ];
    let mut table = Table::new(Schema::of(
        "packages",
        "What packages bring beyond their parts, and what each part brings.",
        fields,
    ));
    for package in comparison.packages() {
        for_each_effect(comparison, |window, outcome| {
            let values = |line: usize| comparison.in_window(line, window, outcome);
            let measure = analysis.outcomes[outcome];
            let mut row = |part: &str, kind: &str, moments: &Moments| {
                let interval = moments.interval_at(analysis.confidence);
                table.push([
                    Arc::clone(&comparison.lines()[package.whole].key).into(),
                    measure.key().into(),
                    measure.unit().as_str().into(),
                    comparison.windows()[window].key.as_str().into(),
                    part.into(),
                    kind.into(),
                    moments.mean().into(),
                    interval.low.into(),
                    interval.high.into(),
                    (moments.n as i64).into(),
                ]);
            };
            let alone: Vec<Vec<f64>> = package.arms.iter().map(|arm| values(*arm)).collect();
            let synergy = synergy(&values(0), &alone, &values(package.whole));
            row("whole", "whole", &synergy.package);
            row("sum", "sum", &synergy.sum);
            row("synergy", "synergy", &synergy.synergy);
            let combinations: Vec<Vec<f64>> = package.combinations.iter().map(|line| values(*line)).collect();
            let Some(shapley) = shapley(&combinations) else { return };
            for (arm, share) in package.arms.iter().zip(&shapley.shares) {
                let key = &comparison.lines()[*arm].key;
                row(key, "alone", &share.first);
                row(key, "shapley", &share.share);
                row(key, "last", &share.last);
            }
        });
    }
    table
}

pub(super) fn orders(comparison: &Comparison) -> Table {
    let analysis = comparison.analysis();
    let fields = vec![
        Field::text("package", "Short name of the package."),
        Field::text("order", "Its arms, the first first."),
        Field::text("measure", "What is measured."),
        Field::text("unit", "Unit of the measure."),
        Field::text("window", "Window of analysis."),
        Field::real("value", "see unit", "Mean difference from the baseline."),
        Field::real(
            "ci_low",
            "see unit",
            &format!("Lower end of the {} confidence interval (Student's t, paired).", percent(analysis.confidence)),
        ),
        Field::real("ci_high", "see unit", "Upper end of it."),
        Field::integer(
            "rank",
            "",
            "Place by value: the largest first, or the smallest of the main outcome where that is best.",
        ),
    ];
    let mut table = Table::new(Schema::of("orders", "What the order of a package's arms does.", fields));
    for package in comparison.packages().iter().filter(|package| !package.orders.is_empty()) {
        for_each_effect(comparison, |window, outcome| {
            let of_order = |(line, _): &(usize, Vec<usize>)| -> Moments {
                pairs(comparison, *line, window, outcome).differences().into_iter().collect()
            };
            let effects: Vec<Moments> = package.orders.iter().map(of_order).collect();
            let means: Vec<f64> = effects.iter().map(Moments::mean).collect();
            let main = outcome == analysis.main;
            let ranks = places(&means, if main { comparison.direction() } else { Direction::Largest });
            for (((_, arms), moments), rank) in package.orders.iter().zip(&effects).zip(ranks) {
                let keys: Vec<&str> = arms.iter().map(|arm| &*comparison.lines()[*arm].key).collect();
                let interval = moments.interval_at(analysis.confidence);
                table.push([
                    Arc::clone(&comparison.lines()[package.whole].key).into(),
                    keys.join(" > ").as_str().into(),
                    analysis.outcomes[outcome].key().into(),
                    analysis.outcomes[outcome].unit().as_str().into(),
                    comparison.windows()[window].key.as_str().into(),
                    moments.mean().into(),
                    interval.low.into(),
                    interval.high.into(),
                    (rank as i64).into(),
                ]);
            }
        });
    }
    table
}
