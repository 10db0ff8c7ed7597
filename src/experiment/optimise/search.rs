//! Mixes are proposed generation by generation (NSGA-II on cost and effect), where there are too many to try them all.
//!
//! All generations run on the same replicates, so that mixes are compared on shared draws. A mix that breaks a rule is not simulated.
//! Fields of interventions are searched over the coordinate of their law, from 0 to 1; whole numbers and lists over their places.

use super::pool::{Of, Pool, Stage};
use super::{Course, Evaluate, Halt, finals};
use crate::scenario::{Domain, Factor, Optimise};
use crate::statistics::optimisation::{Outcome, Search, Settings, Variable, crowding, hypervolume, non_dominated};
use std::collections::{BTreeMap, BTreeSet};

/// Most of the efficient mixes that are run again on fresh seeds.
const MOST_EFFICIENT: usize = 30;
/// What a broken rule weighs, against budgets exceeded.
const RULE: f64 = 1e6;

/// What a generation came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Generation {
    /// Mixes proposed.
    pub(super) proposed: usize,
    /// Of these, how many had not been simulated before.
    pub(super) simulated: usize,
    /// How many broke a rule.
    pub(super) broken: usize,
    /// How many cost more than the budget.
    pub(super) beyond: usize,
    /// Efficient mixes so far.
    pub(super) archive: usize,
    /// What they dominate of cost times effect.
    pub(super) hypervolume: f64,
    /// The best effect so far of a mix that fits.
    pub(super) best: f64,
    /// Simulations so far.
    pub(super) runs: u64,
}

/// How a factor is searched over.
enum Axis {
    /// It has one value.
    Fixed(f64),
    /// Over places; the value of each.
    Places(Vec<f64>, Variable),
    /// Over the coordinate of its law.
    Coordinate(Variable),
}

fn axis(factor: &Factor) -> Axis {
    let places = |values: Vec<f64>, ordered: bool| match values.len() {
        1 => Axis::Fixed(values[0]),
        count if ordered => Axis::Places(values, Variable::Integer { low: 0, high: count as i64 - 1 }),
        count => Axis::Places(values, Variable::Choice { options: count }),
    };
    match &factor.domain {
        _ if factor.is_switch() => Axis::Places(vec![0.0, 1.0], Variable::OnOff),
        Domain::Words { words, .. } => places((0..words.len()).map(|place| place as f64).collect(), false),
        Domain::Numbers(numbers) => {
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            sorted.dedup();
            places(sorted, true)
        }
        Domain::Law { margin, .. } => match margin.values() {
            // Whole numbers own equal parts of the way, each its middle.
            Some(count) if count <= 10_000 => {
                places((0..count).map(|place| margin.at((place as f64 + 0.5) / count as f64)).collect(), true)
            }
            _ => {
                let ends = margin.at(0.0).is_finite() && margin.at(1.0).is_finite();
                let (low, high) = if ends { (0.0, 1.0) } else { (0.01, 0.99) };
                Axis::Coordinate(Variable::Real { low, high })
            }
        },
        Domain::Rows => Axis::Fixed(0.0),
    }
}

/// Searches.
pub(super) fn run<R: Evaluate>(
    pool: &mut Pool<'_>,
    asked: &Optimise,
    runner: &mut R,
) -> Result<Course, Halt<R::Error>> {
    let axes: Vec<Axis> = pool.space.factors().iter().map(axis).collect();
    let variables: Vec<Variable> = axes
        .iter()
        .filter_map(|axis| match axis {
            Axis::Fixed(_) => None,
            Axis::Places(_, variable) | Axis::Coordinate(variable) => Some(*variable),
        })
        .collect();
    let settings = Settings { seed: asked.seed, population: asked.population, objectives: 2 };
    let refused = |reason: String| Halt::refused(format!("mixes cannot be searched: {reason}"), "change [optimise]");
    let mut search = Search::start(&variables, settings).map_err(|refusal| refused(refusal.to_string()))?;
    let reserve = finals::runs(pool, asked).0;
    let first = 0..asked.first;
    let sign = pool.sign();
    let mut generations: Vec<Generation> = Vec::new();
    let mut all: BTreeSet<usize> = BTreeSet::new();
    if pool.broken(0, &asked.rules) == 0 {
        all.insert(0);
    }
    let mut reference = None;
    let mut cut_short = false;
    for number in 0..asked.generations {
        if search.proposals().is_empty() {
            break;
        }
        let proposals: Vec<Vec<f64>> = search.proposals().iter().map(|own| values(pool, &axes, own)).collect();
        let mixes: Vec<usize> = proposals.iter().map(|own| pool.place_of(own)).collect();
        let broken: Vec<usize> = mixes.iter().map(|mix| pool.broken(*mix, &asked.rules)).collect();
        let allowed: Vec<usize> =
            mixes.iter().zip(&broken).filter(|(_, broken)| **broken == 0).map(|(mix, _)| *mix).collect();
        let before = pool.simulated();
        let more = pool.missing(&allowed, &first);
        if !pool.allows(more + reserve) {
            if number == 0 {
                let needed = more + reserve;
                let message = format!(
                    "{} simulations are too few: the first generation, and the finalists on fresh seeds, take {needed}",
                    pool.limit
                );
                let hint = format!("write --budget {needed} or more, or a smaller population, first or fresh");
                return Err(Halt::refused(message, hint));
            }
            cut_short = true;
            break;
        }
        pool.evaluate((&format!("generation-{number:03}"), Stage::First), &allowed, first.clone(), runner)?;
        let outcomes: Vec<Outcome> =
            mixes.iter().zip(&broken).map(|(mix, broken)| outcome(pool, asked, *mix, *broken)).collect();
        let beyond = outcomes.iter().filter(|own| 0.0 < own.violation && own.violation < RULE).count();
        all.extend(mixes.iter().zip(&outcomes).filter(|(_, own)| own.violation == 0.0).map(|(mix, _)| *mix));
        search.tell(&outcomes).map_err(|refusal| refused(refusal.to_string()))?;
        let (front, points) = front(pool, &all, sign);
        let dearest = allowed.iter().map(|mix| pool.in_search(*mix, Of::Cost).mean()).fold(0.0, f64::max);
        let reference = *reference.get_or_insert(asked.budget.unwrap_or(dearest));
        generations.push(Generation {
            proposed: mixes.len(),
            simulated: pool.simulated() - before,
            broken: broken.iter().filter(|broken| **broken > 0).count(),
            beyond,
            archive: front.len(),
            hypervolume: hypervolume(&points, &[reference, 0.0]).unwrap_or(f64::NAN),
            best: points.iter().map(|point| -point[1]).fold(f64::NAN, f64::max) * sign,
            runs: pool.runs,
        });
    }
    let (front, points) = front(pool, &all, sign);
    if front.is_empty() {
        return Err(none_fits(pool, asked));
    }
    // Of very many the ends and the loneliest.
    let everyone: Vec<usize> = (0..front.len()).collect();
    let lonely = crowding(&points, &everyone);
    let mut order = everyone;
    order.sort_by(|a, b| lonely[*b].total_cmp(&lonely[*a]).then(a.cmp(b)));
    let mut frontier: Vec<usize> = order.into_iter().take(MOST_EFFICIENT).map(|place| front[place]).collect();
    frontier.sort_unstable();
    let mut best: Vec<usize> =
        all.iter().copied().filter(|mix| pool.in_search(*mix, pool.main()).mean().is_finite()).collect();
    best.sort_by(|a, b| {
        let mean = |mix: usize| sign * pool.in_search(mix, pool.main()).mean();
        mean(*b).total_cmp(&mean(*a)).then(a.cmp(b))
    });
    best.truncate(asked.finalists);
    Ok(Course {
        left: best.clone(),
        chosen: best,
        frontier,
        winner: None,
        equal: false,
        dropped: BTreeMap::new(),
        screened: all.len(),
        broken_off: 0,
        raced: 0,
        cut_short,
        apart: (f64::NAN, f64::NAN),
        generations,
    })
}

/// The values of all factors, of what the search varies.
fn values(pool: &Pool<'_>, axes: &[Axis], varied: &[f64]) -> Vec<f64> {
    let mut varied = varied.iter();
    let mut next = || varied.next().copied().unwrap_or(0.0);
    let one = |(axis, factor): (&Axis, &Factor)| match axis {
        Axis::Fixed(value) => *value,
        Axis::Places(values, _) => values[next() as usize],
        Axis::Coordinate(_) => factor.at(next()),
    };
    axes.iter().zip(pool.space.factors()).map(one).collect()
}

fn outcome(pool: &Pool<'_>, asked: &Optimise, mix: usize, broken: usize) -> Outcome {
    if broken > 0 {
        return Outcome { objectives: vec![0.0, 0.0], violation: RULE + broken as f64 };
    }
    let (cost, effect) = (pool.in_search(mix, Of::Cost).mean(), pool.in_search(mix, pool.main()).mean());
    if !cost.is_finite() || !effect.is_finite() {
        return Outcome::failed();
    }
    let over = match asked.budget {
        Some(budget) if !Pool::fits(cost, asked.budget) => (cost / budget - 1.0).min(RULE / 2.0),
        _ => 0.0,
    };
    Outcome { objectives: vec![cost, -pool.sign() * effect], violation: over }
}

/// Those that no other dominates, with cost and effect, both to be small.
fn front(pool: &Pool<'_>, all: &BTreeSet<usize>, sign: f64) -> (Vec<usize>, Vec<[f64; 2]>) {
    let point = |mix: &usize| [pool.in_search(*mix, Of::Cost).mean(), -sign * pool.in_search(*mix, pool.main()).mean()];
    let points: Vec<[f64; 2]> = all.iter().map(point).collect();
    let free = non_dominated(&points);
    let kept = || free.iter().enumerate().filter(|(_, free)| **free).map(|(place, _)| place);
    let mixes: Vec<usize> = all.iter().copied().collect();
    (kept().map(|place| mixes[place]).collect(), kept().map(|place| points[place]).collect())
}

fn none_fits<E>(pool: &Pool<'_>, asked: &Optimise) -> Halt<E> {
    let cost = |mix: usize| pool.in_search(mix, Of::Cost).mean();
    let known = (1..pool.mixes.len()).filter(|mix| cost(*mix).is_finite());
    match known.min_by(|a, b| cost(*a).total_cmp(&cost(*b))) {
        Some(mix) => {
            let message = format!(
                "no mix that was found obeys the rules and fits the budget of {}: the cheapest costs {} ({})",
                super::words::money(pool, asked.budget.unwrap_or(f64::INFINITY)),
                super::words::money(pool, cost(mix)),
                pool.label(mix)
            );
            let most = libm::ceil(cost(mix));
            Halt::refused(
                message,
                format!("raise optimise.budget to {most} or more, loosen the rules, or search longer"),
            )
        }
        None => Halt::refused(
            "no mix that was proposed obeys the rules, or every run failed",
            "loosen the rules, or raise population and generations",
        ),
    }
}
