//! How much pairing was worth.
//!
//! The variance-reduction factor is (var(baseline) + var(arm)) / var(arm - baseline): how many times more
//! replicates independent seeds would have needed for the same interval. Below 1 shared draws did harm.
//!
//! Its interval is a jackknife over replicates (Tukey 1958) of the factor's logarithm, since a factor is positive and
//! skewed: exp(log F +- t(n - 1) se), se^2 = (n - 1) / n sum (log F(-i) - mean)^2. Where the differences do not
//! vary at all the factor is infinite, and where they do not vary without one replicate the interval is missing.

use super::distribution::student_quantile;
use super::{Interval, Moments, Pairs};

/// The variance-reduction factor of pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reduction {
    /// (var(baseline) + var(arm)) / var(difference); infinite if only the differences do not vary, missing if nothing
    /// varies.
    pub factor: f64,
    /// Jackknife interval of the factor.
    pub interval: Interval,
    /// Correlation of baseline and arm over replicates; missing if either does not vary.
    pub correlation: f64,
}

/// The variance-reduction factor, with its interval at a level of confidence between 0 and 1.
pub fn variance_reduction(pairs: &Pairs, level: f64) -> Reduction {
    let n = pairs.n();
    if n < 3 {
        return Reduction { factor: f64::NAN, interval: Interval::MISSING, correlation: f64::NAN };
    }
    let differences = pairs.differences();
    let baseline = Deviations::of(pairs.baseline());
    let arm = Deviations::of(pairs.arm());
    let difference = Deviations::of(&differences);
    let apart = baseline.squares + arm.squares;
    let factor = if apart == 0.0 { f64::NAN } else { apart / difference.squares };
    let product: f64 = baseline.each.iter().zip(&arm.each).map(|(b, a)| b * a).sum();
    let spread = libm::sqrt(baseline.squares * arm.squares);
    let correlation = if spread == 0.0 { f64::NAN } else { product / spread };

    let logs: Vec<f64> = (0..n)
        .map(|left_out| {
            let apart = baseline.without(left_out) + arm.without(left_out);
            libm::log(apart / difference.without(left_out))
        })
        .collect();
    let interval = if logs.iter().all(|log| log.is_finite()) {
        let spread: Moments = logs.into_iter().collect();
        // (n - 1) / n times the sum of squares is (n - 1)^2 / n times the variance.
        let error = (n as f64 - 1.0) * spread.standard_error();
        let half = student_quantile(0.5 + level / 2.0, n as f64 - 1.0) * error;
        Interval { low: factor * libm::exp(-half), high: factor * libm::exp(half) }
    } else {
        Interval::MISSING
    };
    Reduction { factor, interval, correlation }
}

/// Deviations from the mean, and the sum of their squares.
struct Deviations {
    each: Vec<f64>,
    squares: f64,
}

impl Deviations {
    fn of(values: &[f64]) -> Deviations {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let each: Vec<f64> = if values.windows(2).all(|pair| pair[0] == pair[1]) {
            vec![0.0; values.len()]
        } else {
            values.iter().map(|value| value - mean).collect()
        };
        let squares = each.iter().map(|value| value * value).sum();
        Deviations { each, squares }
    }

    /// The sum of squares around the mean of the others; what is only rounding counts as 0.
    fn without(&self, place: usize) -> f64 {
        let n = self.each.len() as f64;
        let rest = self.squares - self.each[place] * self.each[place] * n / (n - 1.0);
        if rest <= 1e-12 * self.squares { 0.0 } else { rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::{ARM, BASELINE, close};

    #[test]
    fn the_factor_matches_its_definition() {
        // Variances 509.7197, 498.4545 and, of the differences, 70.8106.
        let got = variance_reduction(&Pairs::complete(&BASELINE, &ARM), 0.95);
        close(got.factor, 14.237_616_347_491_175, 1e-9);
        close(got.correlation, 0.929_821_571_761_065_3, 1e-12);
    }

    #[test]
    fn the_jackknife_agrees_with_leaving_out_each_replicate_in_turn() {
        let plain = |left_out: usize| {
            let keep = |values: &[f64]| -> Vec<f64> {
                values.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, value)| *value).collect()
            };
            let pairs = Pairs::complete(&keep(&BASELINE), &keep(&ARM));
            libm::log(variance_reduction(&pairs, 0.95).factor)
        };
        let logs: Vec<f64> = (0..12).map(plain).collect();
        let mean = logs.iter().sum::<f64>() / 12.0;
        let error = (11.0 / 12.0 * logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>()).sqrt();
        let got = variance_reduction(&Pairs::complete(&BASELINE, &ARM), 0.95);
        close(libm::log(got.interval.low), libm::log(14.237_616_347_491_175) - 2.200_985_160_082_949 * error, 1e-9);
        close(libm::log(got.interval.high), libm::log(14.237_616_347_491_175) + 2.200_985_160_082_949 * error, 1e-9);
        assert!(got.interval.low > 1.0, "pairing helped");
    }

    #[test]
    fn identical_arms_need_no_replicates_at_all() {
        let got = variance_reduction(&Pairs::complete(&BASELINE, &BASELINE), 0.95);
        assert_eq!(got.factor, f64::INFINITY);
        assert!(got.interval.low.is_nan());
        let shifted: Vec<f64> = BASELINE.iter().map(|value| value + 0.1).collect();
        assert!(variance_reduction(&Pairs::complete(&BASELINE, &shifted), 0.95).factor > 1e20);
    }

    #[test]
    fn one_replicate_that_differs_gives_a_factor_without_interval() {
        let mut arm = BASELINE;
        arm[3] += 5.0;
        let got = variance_reduction(&Pairs::complete(&BASELINE, &arm), 0.95);
        assert!(got.factor.is_finite() && got.interval.low.is_nan());
    }

    #[test]
    fn nothing_that_varies_has_no_factor() {
        assert!(variance_reduction(&Pairs::complete(&[1.0; 5], &[2.0; 5]), 0.95).factor.is_nan());
        assert!(variance_reduction(&Pairs::complete(&[1.0, 2.0], &[2.0, 4.0]), 0.95).factor.is_nan());
    }
}
