//! Is there no difference that matters?
//!
//! Not finding a difference is not finding that there is none. Two one-sided t tests (Schuirmann 1987) turn the
//! question round: the mean difference is within a margin m if both "it is -m or less" and "it is m or more" are
//! rejected. That is so at level alpha exactly when the interval of level 1 - 2 alpha lies within the margin.

use super::distribution::student_lower;
use super::{Interval, Moments};

/// Two one-sided tests of a mean difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// p-value against "the difference is -margin or less".
    pub p_not_below: f64,
    /// p-value against "the difference is margin or more".
    pub p_not_above: f64,
    /// The larger of the two: p-value against "there is a difference that matters".
    pub p_value: f64,
    /// Interval of level 1 - 2 alpha.
    pub interval: Interval,
    /// Whether the difference is within the margin.
    pub within: bool,
}

/// Tests whether differences (missing ones passed over) are on average within a margin above 0, at an error probability
/// alpha. Below two differences numbers are missing and the answer is no. Differences that do not vary are within, or
/// not, beyond doubt.
pub fn equivalence(differences: &[f64], margin: f64, alpha: f64) -> Equivalence {
    let moments: Moments = differences.iter().copied().collect();
    let degrees = moments.n as f64 - 1.0;
    let (mean, error) = (moments.mean(), moments.standard_error());
    let p = |distance: f64| {
        if error == 0.0 {
            return if distance > 0.0 { 0.0 } else { 1.0 };
        }
        student_lower(-distance / error, degrees)
    };
    let (p_not_below, p_not_above) =
        if moments.n < 2 { (f64::NAN, f64::NAN) } else { (p(mean + margin), p(margin - mean)) };
    Equivalence {
        p_not_below,
        p_not_above,
        p_value: if p_not_below > p_not_above { p_not_below } else { p_not_above },
        interval: moments.interval_at(1.0 - 2.0 * alpha),
        within: p_not_below < alpha && p_not_above < alpha,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn a_wide_margin_is_met_and_a_narrow_one_is_not() {
        let differences = [0.4, -0.2, 0.1, -0.3, 0.2, 0.0, 0.3, -0.1];
        assert!(equivalence(&differences, 0.5, 0.05).within);
        assert!(!equivalence(&differences, 0.1, 0.05).within);
    }

    #[test]
    fn the_p_values_are_those_of_shifted_one_sided_t_tests() {
        // Differences 1..5: mean 3, standard error sqrt(0.5), 4 degrees of freedom; with margin 5 the upper test has
        // t = -2 / 0.7071 = -2.8284, whose lower tail is 0.02371 (closed form for 4 degrees of freedom).
        let got = equivalence(&[1.0, 2.0, 3.0, 4.0, 5.0], 5.0, 0.05);
        let t: f64 = 8.0_f64.sqrt();
        let share = t / (4.0 + t * t).sqrt();
        let tail = 0.5 - 0.75 * (share - share * share * share / 3.0);
        close(got.p_not_above, tail, 1e-12);
        assert_eq!(got.p_value, got.p_not_above);
        assert!(got.within);
    }

    #[test]
    fn one_difference_proves_nothing_and_equal_ones_prove_all() {
        let one = equivalence(&[0.0], 1.0, 0.05);
        assert!(one.p_value.is_nan() && !one.within);
        assert!(equivalence(&[0.0; 4], 1.0, 0.05).within);
        assert!(!equivalence(&[2.0; 4], 1.0, 0.05).within);
    }

    proptest::proptest! {
        #[test]
        fn it_is_within_exactly_when_the_interval_is(
            differences in proptest::collection::vec(-1.0..1.0, 3..20), margin in 0.05..1.0,
        ) {
            let got = equivalence(&differences, margin, 0.05);
            assert_eq!(got.within, -margin < got.interval.low && got.interval.high < margin);
        }
    }
}
