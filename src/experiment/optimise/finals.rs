//! On seeds that no search has seen: what finalists and efficient mixes bring and cost, which is best, and what its parts add.

use super::pool::{Of, Pool, Stage, runs_of};
use super::{Course, Evaluate, Halt};
use crate::scenario::{FIRST_FRESH, Optimise};
use crate::statistics::optimisation::{CostEffect, Frontier, Over, acceptability, frontier};
use crate::statistics::selection::{Finalists, finalists};
use crate::statistics::{
    Address, AgainstBest, Arms, BestRule, Interval, Moments, Pooling, Ratio, Resamples, against_best, ratio_of_means,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// Efficient mixes that are reckoned with before it is known how many there are.
const EFFICIENT: u64 = 20;
/// Resamples of the frontier and the acceptability curves.
const RESAMPLES: usize = 2000;
/// Worths at which acceptability is told.
const WORTHS: usize = 201;

/// What fresh seeds say.
pub(super) struct Ends {
    /// The mixes that were run on them, finalists first.
    pub(super) options: Vec<usize>,
    /// The replicates.
    pub(super) fresh: Range<u32>,
    /// Which of the options are within the budget.
    pub(super) fitting: Vec<usize>,
    /// The mix that is recommended.
    pub(super) best: Option<usize>,
    /// By mix that fits: how it stands against the best of the others.
    pub(super) against: BTreeMap<usize, AgainstBest>,
    /// The efficient ones of those that fit; places are those in `fitting`.
    pub(super) frontier: Option<Frontier>,
    /// Worths of a unit of the outcome, and for each the share in which each of `fitting` is best.
    pub(super) worths: Vec<(f64, Vec<f64>)>,
    /// What the search overstated: of these mixes.
    pub(super) overstated: Option<(Vec<usize>, Finalists)>,
    /// What each arm of the best brings.
    pub(super) parts: Vec<PartOfBest>,
    /// Its parts alone, added up, against the whole: synergy.
    pub(super) synergy: Option<(Moments, Interval)>,
    /// Efficient mixes that were not run again, as simulations ran out.
    pub(super) left_out: usize,
    /// Whether simulations ran out before the parts of the best.
    pub(super) without_parts: bool,
}

/// An arm of the best mix.
pub(super) struct PartOfBest {
    /// Which arm.
    pub(super) arm: usize,
    /// The mix of it alone.
    pub(super) alone: usize,
    /// The best without it.
    pub(super) without: usize,
    /// What it adds to the others.
    pub(super) adds: (Moments, Interval),
    /// What it adds to their cost.
    pub(super) adds_cost: Moments,
}

/// Simulations that fresh seeds take: of the finalists alone, and with efficient mixes and parts.
pub(super) fn runs(pool: &Pool<'_>, asked: &Optimise) -> (u64, u64) {
    let (fresh, finalists) = (u64::from(asked.fresh), asked.finalists as u64);
    let parts = runs_of(2 * pool.arms() as u64, fresh);
    (runs_of(finalists, fresh), runs_of(finalists + EFFICIENT, fresh) + parts)
}

/// Runs them again.
pub(super) fn run<R: Evaluate>(
    pool: &mut Pool<'_>,
    asked: &Optimise,
    course: &Course,
    runner: &mut R,
) -> Result<Ends, Halt<R::Error>> {
    let fresh = FIRST_FRESH..FIRST_FRESH + asked.fresh;
    let mut options = course.chosen.clone();
    let efficient: Vec<usize> = course.frontier.iter().copied().filter(|mix| !course.chosen.contains(mix)).collect();
    // The dearest of the efficient ones bring most: they come first if simulations run out.
    let mut left_out = 0;
    for mix in efficient.iter().rev() {
        options.push(*mix);
        if !pool.allows(pool.missing(&options, &fresh)) {
            options.pop();
            left_out += 1;
        }
    }
    if pool.broken(0, &asked.rules) == 0 && !options.contains(&0) {
        options.push(0);
    }
    pool.evaluate(("fresh", Stage::Fresh), &options, fresh.clone(), runner)?;
    // Doing nothing is known without a run, if nothing else is run.
    let whole = |mix: &&usize| {
        **mix == 0 || pool.beyond(**mix, pool.main(), fresh.clone()).iter().any(|number| number.is_finite())
    };
    let affordable = |mix: &&usize| {
        let cost: Moments = pool.beyond(**mix, Of::Cost, fresh.clone()).into_iter().collect();
        **mix == 0 || Pool::fits(cost.mean(), asked.budget)
    };
    let fitting: Vec<usize> = options.iter().filter(whole).filter(affordable).copied().collect();
    let mut ends = Ends {
        options,
        fresh,
        fitting,
        best: None,
        against: BTreeMap::new(),
        frontier: None,
        worths: Vec::new(),
        overstated: None,
        parts: Vec::new(),
        synergy: None,
        left_out,
        without_parts: false,
    };
    judge(pool, course, &mut ends);
    economy(pool, &mut ends);
    overstated(pool, course, &mut ends);
    parts(pool, &mut ends, runner)?;
    Ok(ends)
}

impl Ends {
    /// A number of a mix on fresh seeds, beyond the baseline.
    pub(super) fn of(&self, pool: &Pool<'_>, mix: usize, of: Of) -> Vec<f64> {
        pool.beyond(mix, of, self.fresh.clone())
    }

    /// Its mean.
    pub(super) fn mean(&self, pool: &Pool<'_>, mix: usize, of: Of) -> Moments {
        self.of(pool, mix, of).into_iter().collect()
    }

    /// What one more unit costs, beyond doing nothing; missing where it brings no more than that.
    pub(super) fn price(&self, pool: &Pool<'_>, mix: usize, of: Of) -> Ratio {
        let sign = if of == pool.main() { pool.sign() } else { 1.0 };
        let both = self.of(pool, mix, Of::Cost).into_iter().zip(self.of(pool, mix, of));
        let (costs, units): (Vec<f64>, Vec<f64>) = both
            .filter(|(cost, unit)| cost.is_finite() && unit.is_finite())
            .map(|(cost, unit)| (cost, sign * unit))
            .unzip();
        let found = ratio_of_means(&costs, &units, pool.study.analysis().confidence);
        let rises = units.iter().sum::<f64>() > 0.0;
        if rises { found } else { Ratio { ratio: f64::NAN, interval: Interval::MISSING } }
    }
}

/// Which is recommended, and which others may be as good.
fn judge(pool: &Pool<'_>, course: &Course, ends: &mut Ends) {
    let effects: Vec<Vec<f64>> = ends.fitting.iter().map(|mix| ends.of(pool, *mix, pool.main())).collect();
    let rule =
        BestRule { direction: pool.direction(), pooling: Pooling::Pairwise, level: pool.study.analysis().confidence };
    let arms = Arms::complete(&effects);
    if arms.n() > 0 {
        ends.against = ends.fitting.iter().copied().zip(against_best(&arms, rule)).collect();
    }
    let cheaper = |a: &usize, b: &usize| {
        let cost = |mix: usize| ends.mean(pool, mix, Of::Cost).mean();
        cost(*b).total_cmp(&cost(*a)).then(b.cmp(a))
    };
    // Of those that are the same to the race the cheapest is the best; else the one that brings most.
    let better = |a: &&usize, b: &&usize| {
        let mean = |mix: usize| pool.sign() * ends.mean(pool, mix, pool.main()).mean();
        let first = if course.equal { std::cmp::Ordering::Equal } else { mean(**a).total_cmp(&mean(**b)) };
        first.then_with(|| cheaper(a, b))
    };
    let among = |of: &[usize]| ends.fitting.iter().filter(|mix| of.contains(mix)).max_by(better).copied();
    let winner = course.winner.filter(|winner| ends.fitting.contains(winner));
    ends.best = winner.or_else(|| among(&course.left)).or_else(|| among(&ends.fitting));
}

/// Frontier and acceptability.
fn economy(pool: &Pool<'_>, ends: &mut Ends) {
    let costs: Vec<Vec<f64>> = ends.fitting.iter().map(|mix| ends.of(pool, *mix, Of::Cost)).collect();
    let effects: Vec<Vec<f64>> = ends.fitting.iter().map(|mix| ends.of(pool, *mix, pool.main())).collect();
    let Ok(options) = CostEffect::complete(&costs, &effects, pool.direction()) else { return };
    let seed = pool.study.baseline().seed();
    let resamples = Resamples::drawn(Address { seed, label: "optimise" }, options.n(), RESAMPLES);
    let found = frontier(&options, &resamples, pool.study.analysis().confidence);
    // From nothing to well beyond what the dearest step of the frontier costs a unit.
    let dearest = found.efficient.iter().map(|step| step.ratio.ratio.abs()).filter(|ratio| ratio.is_finite());
    let most = dearest.fold(0.0, f64::max) * 1.5;
    if most > 0.0 {
        let worths: Vec<f64> = (0..WORTHS).map(|place| most * place as f64 / (WORTHS - 1) as f64).collect();
        if let Ok(rows) = acceptability(&options, &worths, Over::Resamples(&resamples)) {
            ends.worths = worths.into_iter().zip(rows).collect();
        }
    }
    ends.frontier = Some(found);
}

/// What the search overstated.
fn overstated(pool: &Pool<'_>, course: &Course, ends: &mut Ends) {
    let of: Vec<usize> = ends.fitting.iter().copied().filter(|mix| *mix > 0 && course.chosen.contains(mix)).collect();
    let search: Vec<Vec<f64>> = of.iter().map(|mix| pool.beyond(*mix, pool.main(), 0..pool.searched(*mix))).collect();
    let fresh: Vec<Vec<f64>> = of.iter().map(|mix| ends.of(pool, *mix, pool.main())).collect();
    let found = finalists(&search, &fresh, pool.direction(), course.screened.max(of.len()));
    ends.overstated = found.ok().map(|found| (of, found));
}

/// What each arm of the best brings alone, and what it adds to the others.
fn parts<R: Evaluate>(pool: &mut Pool<'_>, ends: &mut Ends, runner: &mut R) -> Result<(), Halt<R::Error>> {
    let Some(best) = ends.best else { return Ok(()) };
    let arms = pool.arms_of(best);
    if arms.len() < 2 {
        return Ok(());
    }
    let (count, values) = (pool.arms(), pool.mixes[best].values.clone());
    let mut places = Vec::new();
    for arm in &arms {
        let (mut alone, mut without) = (values.clone(), values.clone());
        (0..count).filter(|other| other != arm).for_each(|other| alone[other] = 0.0);
        without[*arm] = 0.0;
        places.push((*arm, pool.place_of(&alone), pool.place_of(&without)));
    }
    let mixes: Vec<usize> = places.iter().flat_map(|(_, alone, without)| [*alone, *without]).collect();
    if !pool.allows(pool.missing(&mixes, &ends.fresh)) {
        ends.without_parts = true;
        return Ok(());
    }
    pool.evaluate(("parts", Stage::Fresh), &mixes, ends.fresh.clone(), runner)?;
    let level = pool.study.analysis().confidence;
    let main = pool.main();
    let less = |one: Vec<f64>, other: Vec<f64>| one.iter().zip(&other).map(|(a, b)| a - b).collect::<Moments>();
    for (arm, alone, without) in &places {
        let adds = less(ends.of(pool, best, main), ends.of(pool, *without, main));
        let adds_cost = less(ends.of(pool, best, Of::Cost), ends.of(pool, *without, Of::Cost));
        let adds = (adds, adds.interval_at(level));
        ends.parts.push(PartOfBest { arm: *arm, alone: *alone, without: *without, adds, adds_cost });
    }
    let mut sum = vec![0.0; ends.fresh.len()];
    for (_, alone, _) in &places {
        sum.iter_mut().zip(ends.of(pool, *alone, main)).for_each(|(sum, own)| *sum += own);
    }
    let synergy = less(ends.of(pool, best, main), sum);
    ends.synergy = Some((synergy, synergy.interval_at(level)));
    Ok(())
}
