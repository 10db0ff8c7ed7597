//! Several arms over the same replicates, and contrasts between them that hold together.
//!
//! How much a contrast of two arms varies can be known in three ways:
//!
//! * `Independent`: replicates of different arms have nothing in common; one variance within arms is pooled over all,
//!   with k (n - 1) degrees of freedom (Dunnett 1955). Wasteful where draws are shared.
//! * `Shared`: replicates share their draws. What a replicate does to all arms alike is taken out first (Nelson and
//!   Matejcik 1995): S^2 = 2 sum (Yij - Yi. - Y.j + Y..)^2 / ((k - 1)(n - 1)) is the variance of any difference, with
//!   (k - 1)(n - 1) degrees of freedom. It holds if all differences of arms vary equally (sphericity).
//! * `Pairwise`: each difference has its own variance, n - 1 degrees of freedom, and the level is split among
//!   contrasts (Bonferroni): wider, and right without sphericity.

use super::distribution::{Sides, Simultaneous, student_quantile, student_two_sided};
use super::{Interval, Moments};

/// Numbers of several arms in the replicates that all of them have.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms {
    values: Vec<Vec<f64>>,
    missing: usize,
}

impl Arms {
    /// Lines arms up by replicate and leaves out replicates in which any is missing (`NaN`, or beyond the end).
    pub fn complete(arms: &[impl AsRef<[f64]>]) -> Arms {
        let replicates = arms.iter().map(|arm| arm.as_ref().len()).max().unwrap_or(0);
        let there =
            |replicate: &usize| arms.iter().all(|arm| arm.as_ref().get(*replicate).is_some_and(|x| !x.is_nan()));
        let kept: Vec<usize> = (0..replicates).filter(there).collect();
        let values = arms.iter().map(|arm| kept.iter().map(|replicate| arm.as_ref()[*replicate]).collect()).collect();
        Arms { values, missing: replicates - kept.len() }
    }

    /// How many arms.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// How many complete replicates.
    pub fn n(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }

    /// How many replicates were left out.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The numbers of one arm, by replicate.
    pub fn arm(&self, place: usize) -> &[f64] {
        &self.values[place]
    }

    /// The mean of each arm; missing without replicates.
    pub fn means(&self) -> Vec<f64> {
        self.values.iter().map(|arm| arm.iter().copied().collect::<Moments>().mean()).collect()
    }

    /// The moments of one arm minus another, replicate by replicate.
    pub(super) fn difference(&self, arm: usize, other: usize) -> Moments {
        self.values[arm].iter().zip(&self.values[other]).map(|(a, b)| a - b).collect()
    }

    /// Standard error of every difference and its degrees of freedom, by a pooled variance.
    pub(super) fn pooled(&self, shared: bool) -> (f64, f64) {
        let (k, n) = (self.count() as f64, self.n() as f64);
        let means = self.means();
        let overall = means.iter().sum::<f64>() / k;
        let mut squares = 0.0;
        for replicate in 0..self.n() {
            let common =
                if shared { self.values.iter().map(|arm| arm[replicate]).sum::<f64>() / k - overall } else { 0.0 };
            for (arm, mean) in self.values.iter().zip(&means) {
                let rest = arm[replicate] - mean - common;
                squares += rest * rest;
            }
        }
        // What is only rounding counts as 0.
        let scale: f64 = self.values.iter().flatten().map(|value| value * value).sum();
        if squares <= 1e-26 * scale {
            squares = 0.0;
        }
        let degrees = if shared { (k - 1.0) * (n - 1.0) } else { k * (n - 1.0) };
        (libm::sqrt(2.0 * squares / degrees / n), degrees)
    }
}

/// How much a contrast of two arms varies; see the top of this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// One variance within arms, replicates of arms having nothing in common.
    Independent,
    /// One variance of differences, replicates sharing their draws (sphericity).
    Shared,
    /// Each difference its own variance, the level split (Bonferroni).
    Pairwise,
}

/// One arm against another, among contrasts that hold together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// The arm.
    pub arm: usize,
    /// The arm it is compared with.
    pub other: usize,
    /// Mean of the arm minus mean of the other.
    pub difference: f64,
    /// Simultaneous interval of the difference.
    pub interval: Interval,
    /// p-value adjusted for all contrasts; 0 if the difference does not vary and is not 0, missing if it does not vary
    /// and is 0.
    pub p_value: f64,
}

/// Every arm but the baseline against the baseline (Dunnett 1955, or Bonferroni when pairwise), at a joint level
/// between 0 and 1; intervals are missing below two replicates.
pub fn against_baseline(arms: &Arms, baseline: usize, pooling: Pooling, level: f64) -> Vec<Contrast> {
    let pairs: Vec<(usize, usize)> =
        (0..arms.count()).filter(|arm| *arm != baseline).map(|arm| (arm, baseline)).collect();
    if pairs.is_empty() || arms.n() < 2 || pooling == Pooling::Pairwise {
        return bonferroni(arms, &pairs, level);
    }
    let (error, degrees) = arms.pooled(pooling == Pooling::Shared);
    let together = Simultaneous { comparisons: pairs.len(), degrees, sides: Sides::Two };
    let reach = together.quantile(level);
    let means = arms.means();
    let contrast = |(arm, other): (usize, usize)| {
        let difference = means[arm] - means[other];
        let distance = (difference / error).abs();
        Contrast {
            arm,
            other,
            difference,
            interval: Interval::around(difference, reach * error),
            p_value: if distance.is_finite() { 1.0 - together.probability(distance) } else { distance.recip() },
        }
    };
    pairs.into_iter().map(contrast).collect()
}

/// Every arm against every later one, each with its own variance and the joint level split (Bonferroni).
pub fn all_pairs(arms: &Arms, level: f64) -> Vec<Contrast> {
    let count = arms.count();
    let pairs: Vec<(usize, usize)> =
        (0..count).flat_map(|arm| (arm + 1..count).map(move |other| (arm, other))).collect();
    bonferroni(arms, &pairs, level)
}

fn bonferroni(arms: &Arms, pairs: &[(usize, usize)], level: f64) -> Vec<Contrast> {
    let share = (1.0 - level) / pairs.len() as f64;
    let degrees = arms.n() as f64 - 1.0;
    let contrast = |(arm, other): (usize, usize)| {
        let moments = arms.difference(arm, other);
        let p = student_two_sided(moments.mean() / moments.standard_error(), degrees) * pairs.len() as f64;
        Contrast {
            arm,
            other,
            difference: moments.mean(),
            interval: moments.interval_at(1.0 - share),
            p_value: if p.is_nan() { p } else { p.min(1.0) },
        }
    };
    pairs.iter().copied().map(contrast).collect()
}

/// Half-width of a one-sided paired bound of the difference of two arms, the level split among `among` of them.
pub(super) fn one_sided_reach(arms: &Arms, pair: (usize, usize), among: usize, level: f64) -> f64 {
    let quantile = student_quantile(1.0 - (1.0 - level) / among as f64, arms.n() as f64 - 1.0);
    quantile * arms.difference(pair.0, pair.1).standard_error()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::{FOUR, close};

    #[test]
    fn bonferroni_of_all_pairs_matches_scipy() {
        // Paired t intervals at 1 - 0.05 / 6, quantiles of scipy 1.17.1.
        let want = [
            (0, 1, -21.375, -32.410_171_812_023_39, -10.339_828_187_976_604),
            (0, 2, 5.875, -8.446_401_129_662_442, 20.196_401_129_662_44),
            (0, 3, -31.125, -45.213_753_760_071_505, -17.036_246_239_928_495),
            (1, 2, 27.25, 11.139_668_564_039_354, 43.360_331_435_960_646),
            (1, 3, -9.75, -18.675_730_030_385_445, -0.824_269_969_614_555),
            (2, 3, -37.0, -53.970_192_693_805_124, -20.029_807_306_194_876),
        ];
        let got = all_pairs(&Arms::complete(&FOUR), 0.95);
        assert_eq!(got.len(), 6);
        for (got, (arm, other, difference, low, high)) in got.iter().zip(want) {
            assert_eq!((got.arm, got.other), (arm, other));
            close(got.difference, difference, 1e-12);
            close(got.interval.low, low, 1e-9);
            close(got.interval.high, high, 1e-9);
            assert_eq!(got.p_value < 0.05, !(low <= 0.0 && 0.0 <= high), "interval and p-value agree");
        }
    }

    #[test]
    fn dunnett_against_the_baseline_matches_scipy() {
        // scipy 1.17.1, stats.dunnett, whose constant comes from a random integral: it gives 2.4838, the exact one is
        // 2.4830.
        let arms = Arms::complete(&FOUR);
        let got = against_baseline(&arms, 0, Pooling::Independent, 0.95);
        let want = [
            (0.194_234_191, -8.049_760_968, 50.799_760_968),
            (0.925_952_714, -35.299_760_968, 23.549_760_968),
            (0.036_249_105, 1.700_239_032, 60.549_760_968),
        ];
        let (error, _) = arms.pooled(false);
        for (got, (p, low, high)) in got.iter().zip(want) {
            close(got.p_value, p, 5e-4);
            close(got.interval.low / error, low / error, 1e-3);
            close(got.interval.high / error, high / error, 1e-3);
            close(got.interval.half_width() / error, 2.483_035_966_989_183_5, 1e-8);
        }
    }

    #[test]
    fn the_pooled_variances_match_their_definitions() {
        let arms = Arms::complete(&FOUR);
        // Mean square within arms 561.3526785714286 with 28 degrees of freedom (one-way analysis of variance).
        let (error, degrees) = arms.pooled(false);
        close(error * error * 8.0 / 2.0, 561.352_678_571_428_6, 1e-9);
        assert_eq!(degrees, 28.0);
        // S^2 of Nelson and Matejcik, from its formula by a separate program.
        let (error, degrees) = arms.pooled(true);
        close(error * error * 8.0, 116.252_976_190_476_19, 1e-9);
        assert_eq!(degrees, 21.0);
    }

    #[test]
    fn shared_draws_narrow_the_contrasts_with_the_baseline() {
        let arms = Arms::complete(&FOUR);
        let width = |pooling| against_baseline(&arms, 0, pooling, 0.95)[0].interval.half_width();
        assert!(3.0 * width(Pooling::Shared) < width(Pooling::Independent));
        assert!(width(Pooling::Pairwise) < width(Pooling::Independent));
    }

    #[test]
    fn a_replicate_that_one_arm_lacks_is_left_out_for_all() {
        let arms = Arms::complete(&[vec![1.0, 2.0, 3.0, 9.0], vec![f64::NAN, 5.0, 6.0]]);
        assert_eq!((arms.n(), arms.missing()), (2, 2));
        assert_eq!(arms.means(), [2.5, 5.5]);
    }

    #[test]
    fn two_arms_are_a_paired_t_test_however_it_is_pooled() {
        let arms = Arms::complete(&FOUR[..2]);
        let shared = against_baseline(&arms, 0, Pooling::Shared, 0.95)[0];
        let pairwise = against_baseline(&arms, 0, Pooling::Pairwise, 0.95)[0];
        close(shared.interval.low, pairwise.interval.low, 1e-8);
        close(shared.p_value, pairwise.p_value, 1e-9);
    }

    #[test]
    fn arms_that_are_the_same_differ_by_nothing_and_have_no_p_value() {
        let tenths = FOUR[0].map(|value| value / 10.0);
        let got = against_baseline(&Arms::complete(&[tenths, tenths, tenths]), 0, Pooling::Shared, 0.95);
        for contrast in got {
            assert_eq!(contrast.interval, Interval { low: 0.0, high: 0.0 });
            assert!(contrast.p_value.is_nan());
        }
        assert!(against_baseline(&Arms::complete(&[[1.0], [2.0]]), 0, Pooling::Shared, 0.95)[0].interval.low.is_nan());
    }
}
