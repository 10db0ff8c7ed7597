//! How to divide a fixed number of runs among options so that the best, or the best m, are most probably told.
//!
//! The best (OCBA, Chen and others 2000): with d(i) the distance of mean i to the best mean, b,
//!
//! N(i) / N(j) = (s(i) / d(i))^2 / (s(j) / d(j))^2,  N(b) = s(b) sqrt(sum over i of N(i)^2 / s(i)^2).
//!
//! The best m (OCBA-m, Chen, He, Fu and Lee 2008): between the m-th and the next mean a threshold, with se = s / sqrt(n),
//!
//! c = (se(m+1) mean(m) + se(m) mean(m+1)) / (se(m) + se(m+1)),  N(i) in proportion to (s(i) / (mean(i) - c))^2.
//!
//! Options that tie at the border take all: what the formulas tend to as they come together. Options are taken to have draws of
//! their own; with shared draws a race does better.

use super::Refusal;
use crate::statistics::{Direction, Moments};

/// What is known of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// Mean outcome.
    pub mean: f64,
    /// Variance of the outcome over replicates, at least 0.
    pub variance: f64,
    /// Replicates these are from, at least 1.
    pub replicates: usize,
}

impl From<Moments> for Performance {
    fn from(moments: Moments) -> Self {
        Self { mean: moments.mean(), variance: moments.variance(), replicates: moments.n as usize }
    }
}

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The best option.
    Best,
    /// The best so many: at least 1, fewer than there are.
    Top(usize),
}

/// How runs are divided.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// Runs of each option in all; they add up to the budget. Not whole numbers: see [`further`].
    pub runs: Vec<f64>,
    /// The border between the best m and the others; `None` where the best is wanted.
    pub threshold: Option<f64>,
}

/// Divides a budget of runs, those that were made included.
///
/// # Errors
/// With fewer than two options, a mean or variance that is not a number, a budget that is not above 0, a top that is none or
/// everybody, and when nothing varies.
pub fn allocate(
    options: &[Performance],
    wanted: Wanted,
    direction: Direction,
    budget: f64,
) -> Result<Allocation, Refusal> {
    if options.len() < 2 {
        return Err(Refusal::TooFewOptions { given: options.len() });
    }
    let known = |own: &Performance| {
        own.mean.is_finite() && own.variance.is_finite() && own.variance >= 0.0 && own.replicates > 0
    };
    if let Some(option) = options.iter().position(|own| !known(own)) {
        return Err(Refusal::NoEstimate { option });
    }
    if !(budget.is_finite() && budget > 0.0) {
        return Err(Refusal::Setting { name: "the budget", value: budget, allowed: "a number of runs above 0" });
    }
    let mut order: Vec<usize> = (0..options.len()).collect();
    order.sort_by(|a, b| match direction {
        Direction::Largest => options[*b].mean.total_cmp(&options[*a].mean),
        Direction::Smallest => options[*a].mean.total_cmp(&options[*b].mean),
    });
    let (weights, threshold) = match wanted {
        Wanted::Best => (weights_for_best(options, &order), None),
        Wanted::Top(top) if (1..options.len()).contains(&top) => {
            let threshold = threshold(&options[order[top - 1]], &options[order[top]]);
            let distances: Vec<f64> = options.iter().map(|own| own.mean - threshold).collect();
            (ratios(options, &distances), Some(threshold))
        }
        Wanted::Top(top) => {
            let allowed = "at least 1 and fewer than there are options";
            return Err(Refusal::Setting { name: "the number of best options", value: top as f64, allowed });
        }
    };
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return Err(Refusal::NothingVaries);
    }
    Ok(Allocation { runs: weights.iter().map(|weight| budget * weight / sum).collect(), threshold })
}

fn weights_for_best(options: &[Performance], order: &[usize]) -> Vec<f64> {
    let best = order[0];
    let distances: Vec<f64> = options.iter().map(|own| own.mean - options[best].mean).collect();
    let others: Vec<Performance> = options
        .iter()
        .enumerate()
        .map(|(place, own)| if place == best { Performance { variance: 0.0, ..*own } } else { *own })
        .collect();
    let mut weights = ratios(&others, &distances);
    let squares: f64 = weights.iter().zip(&others).map(|(weight, own)| over(weight * weight, own.variance)).sum();
    weights[best] = libm::sqrt(options[best].variance * squares);
    // All others are known exactly: what is left to learn is the best's mean.
    if squares <= 0.0 {
        weights[best] = f64::from(options[best].variance > 0.0);
    }
    weights
}

fn over(above: f64, below: f64) -> f64 {
    if below > 0.0 { above / below } else { 0.0 }
}

/// (s / d)^2, or s^2 for those that vary at no distance at all, the others then being nothing beside them.
fn ratios(options: &[Performance], distances: &[f64]) -> Vec<f64> {
    let at_border = options.iter().zip(distances).any(|(own, distance)| own.variance > 0.0 && *distance == 0.0);
    let ratio = |(own, distance): (&Performance, &f64)| match (at_border, *distance == 0.0) {
        (true, true) => own.variance,
        (true, false) => 0.0,
        (false, _) => over(own.variance, distance * distance),
    };
    options.iter().zip(distances).map(ratio).collect()
}

fn threshold(last: &Performance, next: &Performance) -> f64 {
    let error = |own: &Performance| libm::sqrt(own.variance / own.replicates as f64);
    let (own, other) = (error(last), error(next));
    if own + other > 0.0 {
        (other * last.mean + own * next.mean) / (own + other)
    } else {
        (last.mean + next.mean) / 2.0
    }
}

/// Divides `more` whole runs among options, those that are furthest below what was allocated getting them in proportion to what
/// they lack; none is taken away. Remainders go to the largest, the first of equal ones.
///
/// # Panics
/// When there are not as many numbers of runs as were allocated.
pub fn further(allocation: &Allocation, made: &[usize], more: usize) -> Vec<usize> {
    assert_eq!(allocation.runs.len(), made.len(), "there is one number of runs for each option");
    let mut lacks: Vec<f64> =
        allocation.runs.iter().zip(made).map(|(runs, made)| (runs - *made as f64).max(0.0)).collect();
    if lacks.iter().all(|lack| *lack <= 0.0) {
        lacks.clone_from(&allocation.runs);
    }
    let sum: f64 = lacks.iter().sum();
    let exact: Vec<f64> = lacks.iter().map(|lack| lack / sum * more as f64).collect();
    let mut whole: Vec<usize> = exact.iter().map(|runs| libm::floor(*runs) as usize).collect();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    let rest = |place: &usize| exact[*place] - libm::floor(exact[*place]);
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)));
    let left = more.saturating_sub(whole.iter().sum());
    order.iter().cycle().take(left).for_each(|place| whole[*place] += 1);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    fn options(means: &[f64], variances: &[f64]) -> Vec<Performance> {
        let one = |(mean, variance): (&f64, &f64)| Performance { mean: *mean, variance: *variance, replicates: 20 };
        means.iter().zip(variances).map(one).collect()
    }

    #[test]
    fn the_closed_form_for_the_best_worked_by_hand() {
        // d = 1, 2: (1 / 1)^2 = 1 and (2 / 2)^2 = 1; the best takes sqrt(1 + 1 / 4).
        let best = 1.25_f64.sqrt();
        let three = options(&[1.0, 2.0, 3.0], &[1.0, 1.0, 4.0]);
        let got = allocate(&three, Wanted::Best, Direction::Smallest, 100.0).expect("it is sound").runs;
        let want = [best, 1.0, 1.0].map(|weight| 100.0 * weight / (2.0 + best));
        got.iter().zip(want).for_each(|(got, want)| close(*got, want, 1e-12));
        let turned = options(&[-3.0, -1.0, -2.0], &[4.0, 1.0, 1.0]);
        let got = allocate(&turned, Wanted::Best, Direction::Largest, 100.0).expect("it is sound").runs;
        [want[2], want[0], want[1]].iter().zip(got).for_each(|(want, got)| close(got, *want, 1e-12));
    }

    #[test]
    fn options_that_tie_take_what_the_formula_tends_to() {
        let runs = |gap: f64| {
            let four = options(&[1.0, 1.0 + gap, 1.0 + gap, 3.0], &[4.0, 1.0, 9.0, 1.0]);
            allocate(&four, Wanted::Best, Direction::Smallest, 100.0).expect("it is sound").runs
        };
        runs(1e-7).iter().zip(runs(0.0)).for_each(|(near, tied)| close(*near, tied, 1e-3));
        assert_eq!(runs(0.0)[3], 0.0);
        let top = allocate(&options(&[1.0, 2.0, 2.0], &[1.0, 1.0, 3.0]), Wanted::Top(2), Direction::Smallest, 8.0);
        assert_eq!(top.expect("it is sound").runs, [0.0, 2.0, 6.0]);
    }

    #[test]
    fn whole_runs_add_up_and_go_where_they_lack() {
        let allocation = Allocation { runs: vec![50.0, 30.0, 10.0, 10.0], threshold: None };
        let got = further(&allocation, &[20, 20, 20, 20], 20);
        assert_eq!(got, [15, 5, 0, 0]);
        assert_eq!(further(&allocation, &[100; 4], 7).iter().sum::<usize>(), 7);
        assert_eq!(further(&allocation, &[0; 4], 0), [0; 4]);
    }

    #[test]
    fn what_cannot_be_allocated_is_refused() {
        let flat = options(&[1.0, 2.0], &[0.0, 0.0]);
        assert_eq!(allocate(&flat, Wanted::Best, Direction::Largest, 9.0), Err(Refusal::NothingVaries));
        let failed = options(&[1.0, f64::NAN], &[1.0, 1.0]);
        assert_eq!(allocate(&failed, Wanted::Best, Direction::Largest, 9.0), Err(Refusal::NoEstimate { option: 1 }));
        let sound = options(&[1.0, 2.0], &[1.0, 1.0]);
        for (wanted, budget) in [(Wanted::Top(2), 9.0), (Wanted::Top(0), 9.0), (Wanted::Best, 0.0)] {
            assert!(matches!(allocate(&sound, wanted, Direction::Largest, budget), Err(Refusal::Setting { .. })));
        }
        // Only the best varies: it alone can be learned about.
        let best = options(&[1.0, 2.0], &[0.0, 1.0]);
        assert_eq!(allocate(&best, Wanted::Best, Direction::Largest, 9.0).expect("it is sound").runs, [0.0, 9.0]);
    }
}
