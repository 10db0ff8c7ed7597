//! From a comparison to tables: `effects`, `ranking`, `rank_probabilities`, `packages`, `orders`, `differences`, `replicates`.
//!
//! Every number of an arm rests on that arm and the baseline alone, so that adding an arm changes no other one's row; only what
//! compares arms with each other (Holm's p-values, ranks) knows them all. The bootstrap and the bands are keyed by the seed, not by the
//! arm, which makes an interval of an arm the same whoever else is in the study.

use super::compare::{Comparison, Line, LineKind};
use super::parallel::in_order;
use crate::record::Measure;
use crate::statistics::{
    Address, BandRule, Direction, Interval, Moments, Paired, Pairs, Resamples, band, bca_interval, equivalence, holm,
    paired, rank_probabilities, replicates_for_half_width, shapley, synergy, variance_reduction,
};
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
    pub fn all(&self) -> [&Table; 6] {
        [&self.effects, &self.ranking, &self.rank_probabilities, &self.packages, &self.orders, &self.differences]
    }
}

/// Makes all tables of a comparison.
pub fn compare_tables(comparison: &Comparison) -> CompareTables {
    let resamples = all_resamples(comparison);
    CompareTables {
        effects: effects(comparison, &resamples),
        ranking: ranking(comparison, &resamples),
        rank_probabilities: ranks(comparison, &resamples),
        packages: packages(comparison),
        orders: orders(comparison),
        differences: differences(comparison),
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

fn percent(level: f64) -> String {
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

fn effects(comparison: &Comparison, resamples: &AllResamples) -> Table {
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

fn ranking(comparison: &Comparison, resamples: &AllResamples) -> Table {
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

/// The rank of each mean, from 1; equal means share the better rank.
fn places(means: &[f64], direction: Direction) -> Vec<usize> {
    let better = |a: f64, b: f64| match direction {
        Direction::Largest => a > b,
        Direction::Smallest => a < b,
    };
    means.iter().map(|mean| 1 + means.iter().filter(|other| better(**other, *mean)).count()).collect()
}

fn ranks(comparison: &Comparison, resamples: &AllResamples) -> Table {
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

fn packages(comparison: &Comparison) -> Table {
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

fn orders(comparison: &Comparison) -> Table {
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

fn differences(comparison: &Comparison) -> Table {
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
