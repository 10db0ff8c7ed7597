//! How probably each option is the best, given what a unit of effect is worth (the acceptability curve).
//!
//! With lambda the worth of a unit of effect, the net benefit of an option is lambda times its effect minus its cost. Over resamples the
//! share in which an option's mean net benefit is the largest says how settled the choice by means is; over replicates it says how
//! often the option would have been the right one in a single world. Options that tie share. These are shares, not posterior probabilities.

use super::{CostEffect, Refusal};
use crate::statistics::Resamples;

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub enum Over<'a> {
    /// Single replicates.
    Replicates,
    /// Means of resamples, at least one, of as many replicates as there are.
    Resamples(&'a Resamples),
}

/// For each worth of a unit of effect (row; 0 or more, in units of cost per unit of effect) the share in which each option (column)
/// is best.
///
/// # Errors
/// When a worth is below 0, missing or infinite, and without resamples, or with those for another count of replicates.
pub fn acceptability(options: &CostEffect, worths: &[f64], over: Over<'_>) -> Result<Vec<Vec<f64>>, Refusal> {
    if let Some(of) = worths.iter().position(|worth| !(worth.is_finite() && *worth >= 0.0)) {
        return Err(Refusal::Number { what: "worth", of, value: worths[of], allowed: "0 or more" });
    }
    let cases = match over {
        Over::Replicates => (0..options.n()).map(|replicate| options.replicate(replicate)).collect(),
        Over::Resamples(resamples) if resamples.n() != options.n() => {
            return Err(Refusal::Uneven {
                what: "replicates in the resamples",
                given: resamples.n(),
                needed: options.n(),
            });
        }
        Over::Resamples(resamples) => options.resampled(resamples),
    };
    if cases.is_empty() {
        return Err(Refusal::TooFew { what: "resamples", given: 0, needed: 1 });
    }
    Ok(worths.iter().map(|worth| shares(&cases, *worth)).collect())
}

fn shares(cases: &[Vec<[f64; 2]>], worth: f64) -> Vec<f64> {
    let mut shares = vec![0.0; cases[0].len()];
    for case in cases {
        let benefits: Vec<f64> = case.iter().map(|[cost, effect]| worth * effect - cost).collect();
        best(&benefits).iter().zip(&mut shares).for_each(|(own, share)| *share += own);
    }
    shares.iter_mut().for_each(|share| *share /= cases.len() as f64);
    shares
}

/// 1 for the largest, divided among equal ones.
pub(super) fn best(values: &[f64]) -> Vec<f64> {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let count = values.iter().filter(|value| **value == most).count() as f64;
    values.iter().map(|value| if *value == most { 1.0 / count } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::{BASELINE, close};
    use crate::statistics::{Address, Direction};

    #[test]
    fn the_cheapest_is_best_where_effect_is_worth_nothing_and_the_strongest_where_it_is_worth_much() {
        let noisy: Vec<f64> =
            BASELINE.iter().enumerate().map(|(place, x)| x + if place % 3 == 0 { -4.0 } else { 8.0 }).collect();
        let costs = [vec![0.0; 12], vec![10.0; 12], vec![10.0; 12]];
        let effects = [BASELINE.to_vec(), noisy.clone(), noisy];
        let options = CostEffect::complete(&costs, &effects, Direction::Largest).expect("it is sound");
        let resamples = Resamples::drawn(Address { seed: 4, label: "worth" }, 12, 1000);
        let got = acceptability(&options, &[0.0, 2.5, 1e6], Over::Resamples(&resamples)).expect("it is sound");
        assert_eq!(got[0], [1.0, 0.0, 0.0]);
        assert!(0.02 < got[1][0] && got[1][0] < 0.98, "{got:?}");
        for row in &got {
            close(row.iter().sum(), 1.0, 1e-12);
            close(row[1], row[2], 1e-12);
        }
        let single = acceptability(&options, &[1e6], Over::Replicates).expect("it is sound");
        close(single[0][0], 4.0 / 12.0, 1e-12);
        assert!(acceptability(&options, &[-1.0], Over::Replicates).is_err());
        let other = Resamples::drawn(Address { seed: 4, label: "worth" }, 5, 10);
        assert!(acceptability(&options, &[1.0], Over::Resamples(&other)).is_err());
    }
}
