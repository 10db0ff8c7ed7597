//! How many replicates does an answer take?
//!
//! For an interval of a wanted half-width: the smallest n with t(n - 1) sd / sqrt(n) at most that. For finding a
//! difference of d standard deviations of differences with a wanted probability (power) by a two-sided paired t test at
//! error probability alpha: with S = sqrt(chi-square(n - 1) / (n - 1)) and c the test's critical value, the test finds
//! it with probability
//!
//! E[ Phi(d sqrt(n) - c S) + Phi(-d sqrt(n) - c S) ],
//!
//! the tails of the noncentral t. Secchi and Seri (2017) recommend a small alpha *and* a high power for simulations,
//! where replicates are cheap: 0.01 and 0.95.

use super::distribution::{normal_probability, spread_nodes, student_quantile};

/// More than anybody will run.
const MOST: usize = 1_000_000_000;

/// The smallest number of replicates, at least 2, for which t(n - 1) sd / sqrt(n) is at most the wanted half-width, if
/// the standard deviation stays as it is. `None` if there is no such number below 10^9: the half-width is not above 0,
/// or something is missing.
pub fn replicates_for_half_width(sd: f64, half_width: f64, level: f64) -> Option<usize> {
    if half_width.is_nan() || half_width <= 0.0 || sd.is_nan() {
        return None;
    }
    let narrow =
        |n: usize| student_quantile(0.5 + level / 2.0, n as f64 - 1.0) * sd / libm::sqrt(n as f64) <= half_width;
    first_that(narrow)
}

/// The smallest number of pairs, at least 2, with which a two-sided paired t test finds a difference of so many
/// standard deviations of differences with at least the wanted power. `None` if there is no such number below 10^9: the
/// difference is 0 or missing.
pub fn replicates_for_power(standardised: f64, alpha: f64, power: f64) -> Option<usize> {
    if standardised.is_nan() || standardised == 0.0 {
        return None;
    }
    let finds = |n: usize| {
        let degrees = n as f64 - 1.0;
        let critical = student_quantile(1.0 - alpha / 2.0, degrees);
        let shift = standardised.abs() * libm::sqrt(n as f64);
        let found = |spread: f64| {
            normal_probability(shift - critical * spread) + normal_probability(-shift - critical * spread)
        };
        spread_nodes(degrees).into_iter().map(|(spread, weight)| weight * found(spread)).sum::<f64>() >= power
    };
    first_that(finds)
}

/// The smallest number from 2 on for which something holds that, once it holds, goes on holding.
fn first_that(holds: impl Fn(usize) -> bool) -> Option<usize> {
    let mut enough = 2;
    while !holds(enough) {
        if enough >= MOST {
            return None;
        }
        enough *= 2;
    }
    let mut least = enough / 2 + 1;
    while least < enough {
        let middle = least + (enough - least) / 2;
        if holds(middle) {
            enough = middle;
        } else {
            least = middle + 1;
        }
    }
    Some(enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicates_needed_match_the_worked_table() {
        // Smallest n with t(n-1) 8.4149 / sqrt(n) at most 1, 2, 5.
        let needed = |half_width| replicates_for_half_width(8.414_903_805_784_476, half_width, 0.95);
        assert_eq!((needed(1.0), needed(2.0), needed(5.0)), (Some(275), Some(71), Some(14)));
        assert_eq!((needed(0.0), needed(f64::NAN)), (None, None));
        assert_eq!(replicates_for_half_width(0.0, 1.0, 0.95), Some(2));
    }

    #[test]
    fn pairs_for_power_match_statsmodels() {
        // statsmodels 0.15.0, TTestPower: 1784.74, 448.68, 74.61 and 31.24 at alpha 0.01 and power 0.95.
        let needed = |standardised| replicates_for_power(standardised, 0.01, 0.95);
        assert_eq!([needed(0.1), needed(-0.2), needed(0.5), needed(0.8)], [Some(1785), Some(449), Some(75), Some(32)]);
        assert_eq!((needed(0.0), needed(f64::NAN)), (None, None));
    }

    proptest::proptest! {
        #[test]
        fn one_replicate_fewer_would_not_do(sd in 0.1..100.0, half_width in 0.5..5.0) {
            let n = replicates_for_half_width(sd, half_width, 0.95).expect("the half-width is above 0");
            let half = |n: usize| student_quantile(0.975, n as f64 - 1.0) * sd / (n as f64).sqrt();
            assert!(half(n) <= half_width);
            assert!(n == 2 || half(n - 1) > half_width);
        }
    }
}
