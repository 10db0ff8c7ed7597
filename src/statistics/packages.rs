//! What is a package of interventions worth beyond its parts, and which part brings how much of it?
//!
//! All is computed in each replicate, where every combination met the same draws, and then averaged, so everything has
//! an interval.
//!
//! Synergy is the package's effect minus the sum of its parts' effects, (P - B) - sum (Xj - B): above 0 the parts help
//! each other, below 0 they do the same work twice.
//!
//! A Shapley share (Shapley 1953) is what a part adds on average over all orders in which the parts could be brought
//! in; with v(S) the outcome under the parts S,
//!
//! share(i) = sum over S without i of |S|! (k - |S| - 1)! / k! (v(S + i) - v(S)).
//!
//! Shares add up to the package's effect exactly. How much order matters is seen from what the part adds when it comes
//! first, alone, and when it comes last, on top of all others.

use super::{Arms, Moments};

/// A package against the sum of its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Synergy {
    /// Effect of the package.
    pub package: Moments,
    /// Sum of the effects of its parts.
    pub sum: Moments,
    /// The package's effect minus that sum.
    pub synergy: Moments,
    /// Replicates left out because a number was missing.
    pub missing: usize,
}

/// The synergy of a package from outcomes by replicate; a replicate in which any is missing is left out.
pub fn synergy(baseline: &[f64], parts: &[impl AsRef<[f64]>], package: &[f64]) -> Synergy {
    let all: Vec<&[f64]> = [baseline, package].into_iter().chain(parts.iter().map(AsRef::as_ref)).collect();
    let arms = Arms::complete(&all);
    let whole = |replicate: usize| arms.arm(1)[replicate] - arms.arm(0)[replicate];
    let sum = |replicate: usize| -> f64 {
        (2..arms.count()).map(|part| arms.arm(part)[replicate] - arms.arm(0)[replicate]).sum()
    };
    Synergy {
        package: (0..arms.n()).map(whole).collect(),
        sum: (0..arms.n()).map(sum).collect(),
        synergy: (0..arms.n()).map(|replicate| whole(replicate) - sum(replicate)).collect(),
        missing: arms.missing(),
    }
}

/// How a package's effect divides among its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapley {
    /// One share per part.
    pub shares: Vec<ShapleyShare>,
    /// Effect of the package: the sum of the shares.
    pub package: Moments,
    /// Replicates left out because a number was missing.
    pub missing: usize,
}

/// What one part brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapleyShare {
    /// On average over all orders.
    pub share: Moments,
    /// When it comes first, alone.
    pub first: Moments,
    /// When it comes last, on top of all others.
    pub last: Moments,
}

/// Shapley shares from the outcomes of all combinations, by replicate: the combination at place m has part j if bit j
/// of m is set, so place 0 is the baseline and the last place the package. A replicate in which any is missing is left
/// out. `None` unless the number of combinations is 2^k for k from 1 to 16.
pub fn shapley(combinations: &[impl AsRef<[f64]>]) -> Option<Shapley> {
    let count = combinations.len();
    let parts = count.checked_ilog2()? as usize;
    if !count.is_power_of_two() || !(1..=16).contains(&parts) {
        return None;
    }
    let arms = Arms::complete(combinations);
    let effect = |with: usize, without: usize| arms.difference(with, without);
    let full = count - 1;
    // |S|! (k - |S| - 1)! / k! is 1 / (k (k - 1 choose |S|)).
    let mut weights = vec![1.0 / parts as f64; parts];
    for size in 1..parts {
        weights[size] = weights[size - 1] * size as f64 / (parts - size) as f64;
    }
    let part = |part: usize| {
        let bit = 1_usize << part;
        let share = |replicate: usize| -> f64 {
            (0..count)
                .filter(|set| set & bit == 0)
                .map(|set| {
                    let added = arms.arm(set | bit)[replicate] - arms.arm(set)[replicate];
                    weights[set.count_ones() as usize] * added
                })
                .sum()
        };
        ShapleyShare {
            share: (0..arms.n()).map(share).collect(),
            first: effect(bit, 0),
            last: effect(full, full ^ bit),
        }
    };
    Some(Shapley { shares: (0..parts).map(part).collect(), package: effect(full, 0), missing: arms.missing() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn synergy_is_what_the_parts_do_not_explain() {
        let baseline = [10.0, 12.0, 11.0, f64::NAN];
        let parts = [[12.0, 14.0, 13.0, 1.0], [11.0, 13.0, 13.0, 1.0]];
        let package = [15.0, 16.0, 15.0, 1.0];
        // Package: 5, 4, 4; parts together: 3, 3, 4; synergy: 2, 1, 0.
        let got = synergy(&baseline, &parts, &package);
        assert_eq!((got.missing, got.synergy.n), (1, 3));
        close(got.synergy.mean(), 1.0, 1e-12);
        close(got.synergy.sd(), 1.0, 1e-12);
        close(got.package.mean() - got.sum.mean(), got.synergy.mean(), 1e-12);
    }

    #[test]
    fn the_glove_game_divides_as_shapley_says() {
        // A left glove (part 0) and two right ones: a pair is worth 1. Shares 2/3, 1/6, 1/6.
        let worth = |set: usize| f64::from(set & 1 == 1 && set > 1);
        let combinations: Vec<[f64; 2]> = (0..8).map(|set| [worth(set), 10.0 + 2.0 * worth(set)]).collect();
        let got = shapley(&combinations).expect("eight combinations of three parts");
        // Two replicates, the second worth twice as much: mean 1.5 times.
        close(got.shares[0].share.mean(), 1.5 * 2.0 / 3.0, 1e-12);
        close(got.shares[1].share.mean(), 1.5 / 6.0, 1e-12);
        close(got.shares[2].share.mean(), 1.5 / 6.0, 1e-12);
        assert_eq!(got.shares[0].first.mean(), 0.0);
        assert_eq!((got.shares[0].last.mean(), got.shares[1].last.mean()), (1.5, 0.0));
    }

    #[test]
    fn combinations_must_be_all_of_them() {
        let three = [[1.0], [2.0], [3.0]];
        assert!(shapley(&three).is_none());
        assert!(shapley(&three[..1]).is_none());
        assert!(shapley(&three[..0]).is_none());
        assert_eq!(shapley(&three[..2]).expect("one part").shares[0].share.mean(), 1.0);
    }

    proptest::proptest! {
        #[test]
        fn shares_add_up_to_the_effect_of_the_package(
            parts in 1..7_usize, values in proptest::collection::vec(-10.0..10.0, 64 * 3),
        ) {
            let combinations: Vec<&[f64]> = values.chunks_exact(3).take(1 << parts).collect();
            let got = shapley(&combinations).expect("a power of two");
            let sum: f64 = got.shares.iter().map(|share| share.share.mean()).sum();
            close(sum, got.package.mean(), 1e-10);
        }

        #[test]
        fn without_synergy_every_order_gives_the_same(effects in proptest::collection::vec(-10.0..10.0, 1..6)) {
            let worth = |set: usize| -> f64 {
                effects.iter().enumerate().filter(|(part, _)| set >> part & 1 == 1).map(|(_, effect)| effect).sum()
            };
            let combinations: Vec<[f64; 1]> = (0..1 << effects.len()).map(|set| [worth(set)]).collect();
            let got = shapley(&combinations).expect("a power of two");
            for (share, effect) in got.shares.iter().zip(&effects) {
                close(share.share.mean(), *effect, 1e-10);
                close(share.first.mean(), share.last.mean(), 1e-10);
            }
        }
    }
}
