//! Trajectories for screening (Morris 1991).
//!
//! A trajectory begins on a grid of p levels (even) and changes one group of factors after the other, each by
//! delta = p / (2 (p - 1)): half the levels, so that every level is met equally often. In a group each factor rises or falls by
//! itself. An elementary effect is the change of the outcome over one step, divided by delta, with the sign of the
//! step; it is in units of the whole range of a factor.
//!
//! Of many candidates those can be kept that lie far from each other (Campolongo and others 2007): between two trajectories the
//! distance is the sum of the distances between all points of the one and all of the other, and the spread of a choice
//! is the root of the sum of the squared distances of its pairs. Where there are few choices all are looked at; else a
//! choice grows from every candidate by the best next one (after Ruano and others 2012), and members of the best are exchanged
//! until no exchange helps. That is a local optimum.

use super::points::allowed;
use super::{Chance, Groups, Points, Refusal, draws, shuffled};

/// The most choices that are all looked at.
const MOST_CHOICES: usize = 20_000;

/// The most candidates that are compared with each other.
pub(super) const MOST_CANDIDATES: usize = 1000;

/// What trajectories to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trajectories {
    /// Luck.
    pub seed: u64,
    /// How many, at least one.
    pub count: usize,
    /// From how many candidates they are chosen for their spread; 0 takes them as they are drawn.
    pub candidates: usize,
    /// Levels of the grid, even; 4 is usual.
    pub levels: usize,
}

/// One step of a trajectory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Row before the step; the next row is after it.
    pub row: usize,
    /// The group of factors that changes.
    pub group: usize,
}

/// A design of trajectories.
#[derive(Debug, Clone, PartialEq)]
pub struct Morris {
    /// Trajectory after trajectory, each of one row more than there are groups.
    pub points: Points,
    /// How far a factor moves in a step: up or down, as the points show.
    pub delta: f64,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// The trajectories of a design.
///
/// # Errors
/// Without trajectories, for odd levels or fewer than two, for fewer candidates than trajectories or more than 1000, and
/// beyond 10^8 numbers (of all candidates).
pub fn morris(plan: &Trajectories, groups: &Groups) -> Result<Morris, Refusal> {
    let Trajectories { seed, count, candidates, levels } = *plan;
    if levels < 2 || levels % 2 == 1 {
        return Err(Refusal::OddLevels { levels });
    }
    let factors = groups.factors();
    let drawn = count.max(candidates);
    allowed(count, 1)?;
    allowed(drawn.saturating_mul(groups.count() + 1), factors)?;
    if candidates > 0 {
        if candidates < count {
            return Err(Refusal::FewCandidates { candidates, trajectories: count });
        }
        if candidates > MOST_CANDIDATES {
            return Err(Refusal::ManyCandidates { candidates });
        }
    }
    let mut paths = Vec::with_capacity(drawn);
    let mut orders = Vec::with_capacity(drawn);
    for number in 0..drawn {
        let mut luck = draws(seed, Chance::Trajectory, 0, number as u64);
        let start: Vec<usize> = (0..factors).map(|_| luck.index(levels / 2)).collect();
        let rises: Vec<bool> = (0..factors).map(|_| luck.uniform() < 0.5).collect();
        let order = shuffled(groups.count(), &mut luck);
        paths.push(trajectory(&start, &rises, &order, groups, levels));
        orders.push(order);
    }
    let chosen = if candidates > count { widest(&paths, count, factors) } else { (0..count).collect() };
    let numbers: Vec<f64> = chosen.iter().flat_map(|place| &paths[*place]).copied().collect();
    let chosen_orders = chosen.iter().enumerate().map(|(place, number)| (place, &orders[*number]));
    let steps = chosen_orders.flat_map(|(place, order)| {
        let first = place * (groups.count() + 1);
        order.iter().enumerate().map(move |(step, group)| Step { row: first + step, group: *group })
    });
    Ok(Morris { steps: steps.collect(), points: Points::laid_out(factors, numbers), delta: delta(levels) })
}

/// How far a factor moves in a step on so many levels.
fn delta(levels: usize) -> f64 {
    levels as f64 / (2 * (levels - 1)) as f64
}

/// The points of one trajectory, row after row: one more than there are groups. A factor that starts at level s of the lower
/// half goes from s up by half the levels when it rises and from there down to s when it falls, in the step in which the
/// order names its group.
///
/// # Panics
/// When `start` and `rises` are not one for each factor, or with fewer than two levels.
pub fn trajectory(start: &[usize], rises: &[bool], order: &[usize], groups: &Groups, levels: usize) -> Vec<f64> {
    assert!(levels >= 2, "a step needs two levels");
    assert!(start.len() == groups.factors() && rises.len() == groups.factors(), "one start and one direction a factor");
    let mut numbers = Vec::with_capacity((order.len() + 1) * start.len());
    for row in 0..=order.len() {
        for (factor, group) in groups.of_factors().iter().enumerate() {
            let moved = order[..row].contains(group);
            let level = if moved == rises[factor] { start[factor] + levels / 2 } else { start[factor] };
            numbers.push(level as f64 / (levels - 1) as f64);
        }
    }
    numbers
}

/// The distance between two trajectories: the sum over all pairs of their points.
fn distance(one: &[f64], other: &[f64], factors: usize) -> f64 {
    let between = |a: &[f64], b: &[f64]| libm::sqrt(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum());
    let from = |a: &[f64]| other.chunks_exact(factors).map(|b| between(a, b)).sum::<f64>();
    if one == other { 0.0 } else { one.chunks_exact(factors).map(from).sum() }
}

/// The spread of trajectories (each row after row, all of `factors` factors): the root of the sum of the squared distances of
/// their pairs.
pub fn spread(paths: &[Vec<f64>], factors: usize) -> f64 {
    let pairs = (0..paths.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let squares = pairs.map(|(i, j)| distance(&paths[i], &paths[j], factors)).map(|d| d * d);
    libm::sqrt(squares.sum())
}

/// Which trajectories to take for the widest spread, in ascending order.
fn widest(paths: &[Vec<f64>], count: usize, factors: usize) -> Vec<usize> {
    let all = paths.len();
    let mut squares = vec![vec![0.0; all]; all];
    for i in 0..all {
        for j in 0..i {
            let d = distance(&paths[i], &paths[j], factors);
            squares[i][j] = d * d;
            squares[j][i] = d * d;
        }
    }
    let choices = (0..count).try_fold(1_usize, |choices, i| Some(choices.checked_mul(all - i)? / (i + 1)));
    match choices {
        Some(choices) if choices <= MOST_CHOICES => best_of_all(&squares, count),
        _ => best_grown(&squares, count),
    }
}

/// The sum of the squared distances of the pairs of a choice.
fn sum_of(squares: &[Vec<f64>], choice: &[usize]) -> f64 {
    choice.iter().enumerate().flat_map(|(place, i)| choice[..place].iter().map(|j| squares[*i][*j])).sum()
}

/// The best choice of all; the first in order of those that are equal.
fn best_of_all(squares: &[Vec<f64>], count: usize) -> Vec<usize> {
    let all = squares.len();
    let mut choice: Vec<usize> = (0..count).collect();
    let mut best = (sum_of(squares, &choice), choice.clone());
    // The next choice in order: the last place that can move on does, and those behind it follow closely.
    while let Some(place) = (0..count).rev().find(|place| choice[*place] < all - count + place) {
        let from = choice[place] + 1;
        (place..count).for_each(|later| choice[later] = from + later - place);
        let sum = sum_of(squares, &choice);
        if sum > best.0 {
            best = (sum, choice.clone());
        }
    }
    best.1
}

/// The best choice grown from each candidate, its members exchanged until none gains.
fn best_grown(squares: &[Vec<f64>], count: usize) -> Vec<usize> {
    let all = squares.len();
    let first_largest = |values: &mut dyn Iterator<Item = (usize, f64)>| {
        values.fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
    };
    let grown = (0..all).map(|start| {
        let mut choice = vec![start];
        let mut sums = squares[start].clone();
        while choice.len() < count {
            let mut free = (0..all).filter(|next| !choice.contains(next)).map(|next| (next, sums[next]));
            let (next, _) = first_largest(&mut free);
            choice.push(next);
            (0..all).for_each(|other| sums[other] += squares[next][other]);
        }
        choice
    });
    let ranked = grown.map(|choice| (sum_of(squares, &choice), choice));
    let (mut sum, mut choice) =
        ranked.fold((f64::NEG_INFINITY, Vec::new()), |best, next| if next.0 > best.0 { next } else { best });
    let mut place = 0;
    let mut unmoved = 0;
    while unmoved < count {
        let mut rest = choice.clone();
        let own = rest.remove(place);
        let gain = |next: usize| rest.iter().map(|other| squares[next][*other]).sum::<f64>();
        let mut free = (0..all).filter(|next| !rest.contains(next)).map(|next| (next, gain(next)));
        let (next, gained) = first_largest(&mut free);
        // Beyond rounding, so that it ends.
        if gained - gain(own) > 1e-9 * sum.max(1.0) {
            sum += gained - gain(own);
            choice[place] = next;
            unmoved = 0;
        } else {
            unmoved += 1;
        }
        place = (place + 1) % count;
    }
    choice.sort_unstable();
    choice
}

#[cfg(test)]
mod tests;
