//! An arm against the baseline, replicate by replicate.
//!
//! The same replicate of every arm meets the same draws, so the effect of an arm is the mean of the differences
//! D = arm - baseline over replicates, and its uncertainty is theirs:
//!
//! mean(D) +- t(n - 1) sd(D) / sqrt(n).
//!
//! Relative change is mean(D) / |mean(baseline)| with Fieller's interval (1954): all shares f for which mean(D) - f
//! mean(baseline) could be 0, given how both vary and vary together. It is exact for normal means and needs no
//! resampling; where the baseline itself cannot be told from 0 no finite interval exists, and it is missing.
//!
//! The probability that the arm beats the baseline *in the same replicate* is P(D > 0) + P(D = 0) / 2 with
//! Wilson's interval (1927) for n trials; counting a tie as half a trial won makes that interval, if anything, too
//! wide. A12 (Vargha and Delaney 2000) is the same probability for two replicates drawn apart from each other.
//!
//! Standardised effects carry Hedges' correction for small samples. `hedges` divides by the ordinary spread of
//! replicates, the root of the mean of both variances. `hedges_inflated` (d_z) divides by the spread of the
//! differences, which shared draws make small on purpose: it measures the experiment more than the intervention, and is
//! not an effect size of a policy.
//!
//! Larger is called better here; who wants less reads the probabilities as 1 - p.

use super::distribution::{student_quantile, student_two_sided};
use super::{Interval, Moments};
use crate::random::normal_quantile;

/// The replicates that both baseline and arm have; the others are counted as missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    baseline: Vec<f64>,
    arm: Vec<f64>,
    missing: usize,
}

impl Pairs {
    /// Pairs replicates by their place and leaves out those in which either number is missing (`NaN`, or beyond the
    /// end).
    pub fn complete(baseline: &[f64], arm: &[f64]) -> Pairs {
        let both = baseline.iter().copied().zip(arm.iter().copied());
        let (before, after): (Vec<f64>, Vec<f64>) = both.filter(|(b, a)| !b.is_nan() && !a.is_nan()).unzip();
        let missing = baseline.len().max(arm.len()) - before.len();
        Pairs { baseline: before, arm: after, missing }
    }

    /// How many complete pairs.
    pub fn n(&self) -> usize {
        self.baseline.len()
    }

    /// How many replicates were left out.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The baseline's numbers.
    pub fn baseline(&self) -> &[f64] {
        &self.baseline
    }

    /// The arm's numbers.
    pub fn arm(&self) -> &[f64] {
        &self.arm
    }

    /// Arm minus baseline in each replicate.
    pub fn differences(&self) -> Vec<f64> {
        self.arm.iter().zip(&self.baseline).map(|(arm, baseline)| arm - baseline).collect()
    }
}

/// What pairs say about an arm; see the top of this file. Missing (`NaN`) where there are too few.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Complete pairs.
    pub n: usize,
    /// Replicates left out because a number was missing.
    pub missing: usize,
    /// Mean of the baseline in these pairs.
    pub baseline_mean: f64,
    /// Mean of the arm in these pairs.
    pub arm_mean: f64,
    /// Mean difference, in the units of the measure.
    pub difference: f64,
    /// Standard deviation of the differences.
    pub sd: f64,
    /// Student's interval of the mean difference.
    pub interval: Interval,
    /// Two-sided p-value of the paired t test; 0 if the differences are all the same and not 0, missing if all are 0.
    pub p_value: f64,
    /// Mean difference over the size of the baseline mean; missing if that is 0.
    pub relative: f64,
    /// Fieller's interval of the relative change; missing where it is not bounded.
    pub relative_interval: Interval,
    /// Probability that the arm beats the baseline in the same replicate, ties half.
    pub beats: f64,
    /// Wilson's interval of that probability.
    pub beats_interval: Interval,
    /// Probability that the arm beats the baseline in another replicate, ties half (A12).
    pub superiority: f64,
    /// Mean difference in ordinary standard deviations of replicates, corrected for small samples.
    pub hedges: f64,
    /// Mean difference in standard deviations of differences (d_z), corrected for small samples: inflated by pairing.
    pub hedges_inflated: f64,
}

/// Compares an arm with the baseline at a level of confidence between 0 and 1.
pub fn paired(pairs: &Pairs, level: f64) -> Paired {
    let n = pairs.n();
    let differences = pairs.differences();
    let baseline: Moments = pairs.baseline.iter().copied().collect();
    let arm: Moments = pairs.arm.iter().copied().collect();
    let difference: Moments = differences.iter().copied().collect();
    let degrees = n as f64 - 1.0;
    let correction = hedges_correction(degrees);
    let ordinary = libm::sqrt((baseline.variance() + arm.variance()) / 2.0);
    let beats = beats(&differences);
    let relative = ratio_of_means(&differences, &pairs.baseline, level);
    let falls = baseline.mean() < 0.0;
    Paired {
        n,
        missing: pairs.missing,
        baseline_mean: baseline.mean(),
        arm_mean: arm.mean(),
        difference: difference.mean(),
        sd: difference.sd(),
        interval: difference.interval_at(level),
        p_value: student_two_sided(difference.mean() / difference.standard_error(), degrees),
        relative: if falls { -relative.ratio } else { relative.ratio },
        relative_interval: if falls { relative.interval.negated() } else { relative.interval },
        beats,
        beats_interval: wilson(beats, n, level),
        superiority: superiority(&pairs.baseline, &pairs.arm),
        hedges: correction * quotient(difference.mean(), ordinary),
        hedges_inflated: correction * quotient(difference.mean(), difference.sd()),
    }
}

/// A quotient; missing over 0.
fn quotient(above: f64, below: f64) -> f64 {
    if below == 0.0 { f64::NAN } else { above / below }
}

/// The share of positive numbers, zeros half; missing without numbers.
fn beats(differences: &[f64]) -> f64 {
    let score: f64 = differences.iter().map(|d| f64::from(*d > 0.0) + 0.5 * f64::from(*d == 0.0)).sum();
    score / differences.len() as f64
}

/// Wilson's interval of a share among `n`; missing without any.
fn wilson(share: f64, n: usize, level: f64) -> Interval {
    if n == 0 {
        return Interval::MISSING;
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let n = n as f64;
    let shrink = 1.0 + z * z / n;
    let middle = (share + z * z / (2.0 * n)) / shrink;
    let half = z / shrink * libm::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    let Interval { low, high } = Interval::around(middle, half);
    Interval { low: low.max(0.0), high: high.min(1.0) }
}

/// A ratio of two means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Mean above over mean below; missing if the mean below is 0.
    pub ratio: f64,
    /// Fieller's interval; missing where it is not bounded, that is where the mean below cannot be told from 0.
    pub interval: Interval,
}

/// The ratio of two means over the same replicates (none missing), such as additional cost per additional case.
///
/// # Panics
/// When there are not as many numbers above as below.
pub fn ratio_of_means(above: &[f64], below: &[f64], level: f64) -> Ratio {
    assert_eq!(above.len(), below.len(), "both are of the same replicates");
    let (over, under): (Moments, Moments) = (above.iter().copied().collect(), below.iter().copied().collect());
    let ratio = quotient(over.mean(), under.mean());
    let n = above.len() as f64;
    if above.len() < 2 {
        return Ratio { ratio, interval: Interval::MISSING };
    }
    let products = above.iter().zip(below).map(|(a, b)| (a - over.mean()) * (b - under.mean()));
    let covariance = products.sum::<f64>() / (n - 1.0);
    let t = student_quantile(0.5 + level / 2.0, n - 1.0);
    let scale = t * t / n;
    // The roots f of mean(above - f below)^2 = t^2 var(above - f below) / n.
    let square = under.mean() * under.mean() - scale * under.variance();
    let linear = over.mean() * under.mean() - scale * covariance;
    let constant = over.mean() * over.mean() - scale * over.variance();
    if square.is_nan() || square <= 0.0 {
        return Ratio { ratio, interval: Interval::MISSING };
    }
    let root = libm::sqrt((linear * linear - square * constant).max(0.0));
    Ratio { ratio, interval: Interval { low: (linear - root) / square, high: (linear + root) / square } }
}

/// The probability that a number of `arm` is above one of `baseline`, ties half, over all pairings (A12); missing if
/// either is empty. Numbers are not missing.
pub fn superiority(baseline: &[f64], arm: &[f64]) -> f64 {
    let mut sorted = baseline.to_vec();
    sorted.sort_by(f64::total_cmp);
    let score: f64 = arm
        .iter()
        .map(|value| {
            let below = sorted.partition_point(|other| other < value);
            let not_above = sorted.partition_point(|other| other <= value);
            (below + not_above) as f64 / 2.0
        })
        .sum();
    score / (baseline.len() as f64 * arm.len() as f64)
}

/// Hedges' correction of a standardised effect, J = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)); missing up to one degree
/// of freedom.
pub fn hedges_correction(degrees: f64) -> f64 {
    if degrees.is_nan() || degrees <= 1.0 {
        return f64::NAN;
    }
    let half = degrees / 2.0;
    libm::exp(libm::lgamma(half) - libm::lgamma(half - 0.5)) / libm::sqrt(half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::{ARM, BASELINE, close};

    fn example() -> Paired {
        paired(&Pairs::complete(&BASELINE, &ARM), 0.95)
    }

    #[test]
    fn the_paired_t_test_matches_scipy() {
        // scipy 1.17.1, stats.ttest_rel.
        let got = example();
        assert_eq!((got.n, got.missing), (12, 0));
        close(got.difference, 22.083_333_333_333_332, 1e-12);
        close(got.sd, 8.414_903_805_784_476, 1e-12);
        close(got.interval.low, 16.736_758_533_334_64, 1e-9);
        close(got.interval.high, 27.429_908_133_332_024, 1e-9);
        close(got.p_value, 1.899_689_424_293_638_1e-6, 1e-14);
        close(got.arm_mean - got.baseline_mean, got.difference, 1e-12);
    }

    #[test]
    fn relative_change_matches_the_closed_form_of_fieller() {
        // Ratio of means 1.05083 with Fieller's interval, closed form.
        let got = example();
        close(got.relative, 0.050_834_452_330_711_6, 1e-12);
        close(got.relative_interval.low, 0.038_194_413_322_382_2, 1e-9);
        close(got.relative_interval.high, 0.063_761_231_954_165_4, 1e-9);
    }

    #[test]
    fn the_ratio_of_means_matches_the_closed_form_of_fieller() {
        let got = ratio_of_means(&ARM, &BASELINE, 0.95);
        close(got.ratio, 1.050_834_452_330_711_6, 1e-12);
        close(got.interval.low, 1.038_194_413_322_382_2, 1e-9);
        close(got.interval.high, 1.063_761_231_954_165_4, 1e-9);
    }

    #[test]
    fn below_zero_a_rise_is_still_a_rise() {
        let turned = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| -value).collect() };
        let got = paired(&Pairs::complete(&turned(&BASELINE), &turned(&ARM)), 0.95);
        close(got.relative, -example().relative, 1e-15);
        close(got.relative_interval.low, -example().relative_interval.high, 1e-12);
    }

    #[test]
    fn a_baseline_that_may_be_zero_has_no_bounded_relative_interval() {
        let got = paired(&Pairs::complete(&[-3.0, 4.0, 1.0, -1.0], &[2.0, 2.0, 5.0, 1.0]), 0.95);
        assert!(got.relative_interval.low.is_nan() && !got.relative.is_nan());
        assert!(paired(&Pairs::complete(&[0.0; 3], &[1.0, 2.0, 3.0]), 0.95).relative.is_nan());
    }

    #[test]
    fn a_missing_number_drops_its_pair_and_is_counted() {
        let baseline = [1.0, f64::NAN, 3.0, 4.0, 5.0];
        let arm = [2.0, 2.0, f64::NAN, 6.0];
        let pairs = Pairs::complete(&baseline, &arm);
        assert_eq!(pairs, Pairs { baseline: vec![1.0, 4.0], arm: vec![2.0, 6.0], missing: 3 });
        assert_eq!(paired(&pairs, 0.95).difference, 1.5);
    }

    #[test]
    fn without_pairs_everything_is_missing() {
        let got = paired(&Pairs::complete(&[f64::NAN], &[1.0]), 0.95);
        assert_eq!((got.n, got.missing), (0, 1));
        let numbers =
            [got.difference, got.interval.low, got.p_value, got.relative, got.beats, got.superiority, got.hedges];
        assert!(numbers.iter().all(|number| number.is_nan()));
    }

    #[test]
    fn identical_arms_differ_by_nothing_exactly() {
        let got = paired(&Pairs::complete(&BASELINE, &BASELINE), 0.95);
        assert_eq!((got.difference, got.sd, got.interval), (0.0, 0.0, Interval { low: 0.0, high: 0.0 }));
        assert_eq!((got.beats, got.superiority, got.relative), (0.5, 0.5, 0.0));
        assert!(got.p_value.is_nan() && got.hedges_inflated.is_nan());
    }

    #[test]
    fn wins_count_whole_and_ties_half() {
        let got = paired(&Pairs::complete(&[1.0, 2.0, 3.0, 4.0], &[2.0, 2.0, 1.0, 9.0]), 0.95);
        assert_eq!(got.beats, 2.5 / 4.0);
        // Of the pairings with 1, 2, 3, 4: each 2 wins once and ties once, 1 ties once, 9 wins four times.
        assert_eq!(got.superiority, (1.5 + 1.5 + 0.5 + 4.0) / 16.0);
    }

    #[test]
    fn wilson_matches_its_published_example() {
        // Newcombe 1998, table I: 81 of 263, 95 %: 0.2553 to 0.3662; 0 of 20: 0 to 0.1611.
        let interval = wilson(81.0 / 263.0, 263, 0.95);
        close(interval.low, 0.2553, 5e-5);
        close(interval.high, 0.3662, 5e-5);
        close(wilson(0.0, 20, 0.95).high, 0.1611, 5e-5);
        assert_eq!(wilson(0.0, 20, 0.95).low, 0.0);
    }

    #[test]
    fn hedges_correction_is_near_its_familiar_approximation() {
        // J is about 1 - 3 / (4 m - 1); exactly Gamma(1) / (1 Gamma(1/2)) = 1 / sqrt(pi) at m = 2.
        close(hedges_correction(2.0), 1.0 / core::f64::consts::PI.sqrt(), 1e-14);
        close(hedges_correction(50.0), 1.0 - 3.0 / 199.0, 2e-5);
        assert!(hedges_correction(1.0).is_nan());
    }

    #[test]
    fn pairing_inflates_the_standardised_difference() {
        let got = example();
        close(got.hedges_inflated, hedges_correction(11.0) * 22.083_333_333_333_332 / 8.414_903_805_784_476, 1e-12);
        // By the root of half the variance-reduction factor, 14.237616347491175.
        close(got.hedges_inflated / got.hedges, (14.237_616_347_491_175_f64 / 2.0).sqrt(), 1e-12);
    }

    proptest::proptest! {
        #[test]
        fn superiority_is_the_count_over_all_pairings(values in proptest::collection::vec(0..9_i32, 2..30)) {
            let (first, second) = values.split_at(values.len() / 2);
            let numbers = |part: &[i32]| -> Vec<f64> { part.iter().map(|value| f64::from(*value)).collect() };
            let (first, second) = (numbers(first), numbers(second));
            let pairings = first.iter().flat_map(|b| second.iter().map(move |a| (a, b)));
            let count: f64 = pairings.map(|(a, b)| f64::from(a > b) + 0.5 * f64::from(a == b)).sum();
            close(superiority(&first, &second), count / (first.len() * second.len()) as f64, 1e-12);
        }
    }
}
