//! `effects`: every arm against the baseline, by measure and window.

use super::super::compare::{Comparison, Line};
use super::{
    AllResamples, BOOTSTRAPPED, arm_fields, by_line, for_each_effect, measure_cells, measure_fields, pairs, percent,
};
use crate::record::Measure;
use crate::statistics::{
    Interval, Moments, Paired, bca_interval, equivalence, holm, paired, replicates_for_half_width, variance_reduction,
};
use crate::table::{Cell, Field, Schema, Table};
use std::sync::Arc;

/// What the `effects` table says of one arm, measure and window.
struct Effect {
    window: usize,
    outcome: usize,
    paired: Paired,
    bca: Interval,
    factor: f64,
    factor_interval: Interval,
    needed: f64,
    within: bool,
    cost: f64,
    cost_per_additional: f64,
}

fn effect(comparison: &Comparison, resamples: &AllResamples, (line, window, outcome): (usize, usize, usize)) -> Effect {
    let analysis = comparison.analysis();
    let level = analysis.confidence;
    let pairs = pairs(comparison, line, window, outcome);
    let differences = pairs.differences();
    let paired = paired(&pairs, level);
    let bca = resamples.of(pairs.n()).map_or(Interval::MISSING, |of| bca_interval(&differences, of, level).interval);
    let reduction = variance_reduction(&pairs, level);
    let margin = analysis.relevant[outcome];
    let asked = analysis.half_width.filter(|_| outcome == analysis.main).or(margin);
    let needed = asked.and_then(|asked| replicates_for_half_width(paired.sd, asked, level));
    let costs = [0, line].map(|line| comparison.costs(line).into_iter().collect::<Moments>().mean());
    let clear = paired.interval.low > 0.0 || paired.interval.high < 0.0;
    let counted = matches!(analysis.outcomes[outcome], Measure::Count(_));
    let dearer = costs[1] - costs[0];
    let per = if counted && clear && dearer != 0.0 { dearer / paired.difference } else { f64::NAN };
    Effect {
        window,
        outcome,
        bca,
        // If only the differences do not vary, the arm has done nothing that varies: no factor of runs saved.
        factor: if reduction.factor.is_finite() { reduction.factor } else { f64::NAN },
        factor_interval: reduction.interval,
        needed: needed.map_or(f64::NAN, |needed| needed as f64),
        // The interval of that test is the one in the table, so that the verdict can be read off it.
        within: margin.is_some_and(|margin| equivalence(&differences, margin, (1.0 - level) / 2.0).within),
        cost: costs[1],
        cost_per_additional: per,
        paired,
    }
}

impl Effect {
    fn verdict(&self) -> &'static str {
        let Interval { low, high } = self.paired.interval;
        if self.within || (self.paired.n > 1 && low == 0.0 && high == 0.0) {
            "no relevant difference"
        } else if low > 0.0 {
            "more"
        } else if high < 0.0 {
            "less"
        } else {
            "undecided"
        }
    }
}

fn effects_schema(level: f64, currency: &str) -> Arc<Schema> {
    let level = percent(level);
    let mut fields = arm_fields().to_vec();
    fields.push(Field::text(
        "kind",
        "arm, package, order (the arms of a package one after the other) or subset (some arms of a package).",
    ));
    fields.extend(measure_fields());
    fields.extend([
        Field::text("window", "Window of analysis."),
        Field::date("from", "First day of the window."),
        Field::date("until", "First day that no longer belongs to it."),
        Field::integer("n", "replicates", "Replicates in which the measure is defined for baseline and arm."),
        Field::real("baseline_mean", "see unit", "Mean of the baseline in these replicates."),
        Field::real("arm_mean", "see unit", "Mean of the arm in them."),
        Field::real("difference", "see unit", "Mean of arm minus baseline, replicate by replicate with the same draws."),
        Field::real("sd", "see unit", "Standard deviation of these differences."),
        Field::real("ci_low", "see unit", &format!("Lower end of the {level} confidence interval of the difference (Student's t, paired).")),
        Field::real("ci_high", "see unit", "Upper end of it."),
        Field::real("bca_low", "see unit", &format!("Lower end of the {level} bootstrap interval (bias-corrected and accelerated, seeded); missing above {BOOTSTRAPPED} replicates.")),
        Field::real("bca_high", "see unit", "Upper end of it."),
        Field::real("relative_change", "share", "Difference over the size of the baseline mean."),
        Field::real("probability_better", "probability", "Probability that the arm beats the baseline in the same replicate, ties half: has more, or less of the main outcome where the smallest is best."),
        Field::real("variance_factor", "factor", "Variance of a difference of independent runs over that of the paired ones: how many times more replicates independent seeds would take."),
        Field::real("variance_low", "factor", &format!("Lower end of its {level} jackknife interval.")),
        Field::real("variance_high", "factor", "Upper end of it."),
        Field::real("replicates_needed", "replicates", "Replicates in all for the half-width asked for (else the relevant margin); missing if neither is stated."),
        Field::real("p_value", "probability", "Two-sided p-value of the paired t test; missing if nothing differs."),
        Field::real("p_holm", "probability", "The same, adjusted by Holm's rule for all arms and packages of this measure and window."),
        Field::text("verdict", "more, less, no relevant difference (the interval is within the relevant margin) or undecided."),
        Field::real("cost", currency, "Mean cost of the arm's interventions in a replicate, over the whole run."),
        Field::real("cost_per_additional", &format!("{currency} per unit"), "Additional cost over additional outcome; only for counts whose interval is clear of 0. Below 0: per one fewer."),
    ]);
    Schema::of("effects", "What every arm changes against the baseline, one row per arm, measure and window.", fields)
}

pub(super) fn effects(comparison: &Comparison, resamples: &AllResamples) -> Table {
    let analysis = comparison.analysis();
    let lines: Vec<usize> = (1..comparison.lines().len()).collect();
    let mut all: Vec<(usize, Vec<Effect>)> = Vec::new();
    by_line(
        &lines,
        |line| {
            let mut effects = Vec::new();
            for_each_effect(comparison, |window, outcome| {
                effects.push(effect(comparison, resamples, (line, window, outcome)));
            });
            effects
        },
        |line, effects| all.push((line, effects)),
    );
    let ranked = comparison.ranked();
    let per_line = all.first().map_or(0, |(_, effects)| effects.len());
    // Per effect of a line: the adjusted p-value of every ranked line but the baseline, in order.
    let adjusted: Vec<Vec<f64>> = (0..per_line)
        .map(|place| {
            let own = all.iter().filter(|(line, _)| ranked.contains(line));
            holm(&own.map(|(_, effects)| effects[place].paired.p_value).collect::<Vec<f64>>())
        })
        .collect();
    let mut table = Table::new(effects_schema(analysis.confidence, comparison.currency()));
    for (line, effects) in &all {
        let rank = ranked.iter().skip(1).position(|ranked| ranked == line);
        let Line { key, label, kind, .. } = &comparison.lines()[*line];
        for (place, effect) in effects.iter().enumerate() {
            let window = &comparison.windows()[effect.window];
            let [measure, measure_label, unit] = measure_cells(analysis.outcomes[effect.outcome]);
            let paired = &effect.paired;
            let downward = analysis.smallest_is_best && effect.outcome == analysis.main;
            table.push([
                Arc::clone(key).into(),
                Arc::clone(label).into(),
                kind.key().into(),
                measure,
                measure_label,
                unit,
                window.key.as_str().into(),
                Cell::Date(window.from.days()),
                Cell::Date(window.until.days()),
                (paired.n as i64).into(),
                paired.baseline_mean.into(),
                paired.arm_mean.into(),
                paired.difference.into(),
                paired.sd.into(),
                paired.interval.low.into(),
                paired.interval.high.into(),
                effect.bca.low.into(),
                effect.bca.high.into(),
                paired.relative.into(),
                (if downward { 1.0 - paired.beats } else { paired.beats }).into(),
                effect.factor.into(),
                effect.factor_interval.low.into(),
                effect.factor_interval.high.into(),
                effect.needed.into(),
                paired.p_value.into(),
                rank.map_or(f64::NAN, |rank| adjusted[place][rank]).into(),
                effect.verdict().into(),
                effect.cost.into(),
                effect.cost_per_additional.into(),
            ]);
        }
    }
    table
}
