//! p-values adjusted for being many.
//!
//! Holm (1979) keeps the probability of *any* false alarm below the level, whatever the p-values have to do with each
//! other. Benjamini and Hochberg (1995) keep the expected *share* of false alarms among the alarms below it, if the
//! p-values are independent or go together. A missing p-value stays missing and does not count.

/// p-values adjusted by Holm's step-down rule, in the order given.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let order = ascending(p_values);
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut most = 0.0_f64;
    for (rank, place) in order.iter().enumerate() {
        most = most.max((order.len() - rank) as f64 * p_values[*place]).min(1.0);
        adjusted[*place] = most;
    }
    adjusted
}

/// p-values adjusted by Benjamini and Hochberg's step-up rule, in the order given.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let order = ascending(p_values);
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut least = 1.0_f64;
    for (rank, place) in order.iter().enumerate().rev() {
        least = least.min(order.len() as f64 / (rank as f64 + 1.0) * p_values[*place]);
        adjusted[*place] = least;
    }
    adjusted
}

/// The places of numbers that are not missing, smallest first; equal ones in their order.
pub(super) fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|place| !values[*place].is_nan()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    /// The p-values of Benjamini and Hochberg's much used example; adjusted values by statsmodels 0.15.0,
    /// multipletests.
    const P: [f64; 25] = [
        0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34, 0.341,
        0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986,
    ];

    #[test]
    fn holm_matches_statsmodels() {
        let got = holm(&P);
        for (place, want) in [0.025, 0.192, 0.897, 0.902, 0.902, 1.0, 1.0].into_iter().enumerate() {
            close(got[place], want, 1e-12);
        }
        assert!(got[5..].iter().all(|p| *p == 1.0));
    }

    #[test]
    fn benjamini_hochberg_matches_statsmodels() {
        let want = [
            0.025,
            0.1,
            0.21,
            0.21,
            0.21,
            0.25,
            0.264_285_714_285_714_23,
            0.491_071_428_571_428_55,
            0.491_071_428_571_428_55,
            0.491_071_428_571_428_55,
            0.491_071_428_571_428_55,
            0.491_071_428_571_428_55,
            0.491_071_428_571_428_55,
            0.491_071_428_571_428_55,
            0.532_812_5,
            0.532_812_5,
            0.564_705_882_352_941_2,
            0.781_578_947_368_421,
            0.781_578_947_368_421,
            0.87,
            0.907_142_857_142_857_1,
            0.986,
            0.986,
            0.986,
            0.986,
        ];
        for (got, want) in benjamini_hochberg(&P).into_iter().zip(want) {
            close(got, want, 1e-12);
        }
    }

    #[test]
    fn a_missing_p_value_stays_missing_and_does_not_count() {
        let got = holm(&[0.02, f64::NAN, 0.03]);
        assert!(got[1].is_nan());
        assert_eq!((got[0], got[2]), (0.04, 0.04));
        assert_eq!(benjamini_hochberg(&[f64::NAN, 0.02])[1], 0.02);
        assert!(holm(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn adjusting_never_lowers_a_p_value_and_holm_is_the_stricter(p in proptest::collection::vec(0.0..1.0, 1..30)) {
            for ((plain, strict), lenient) in p.iter().zip(holm(&p)).zip(benjamini_hochberg(&p)) {
                assert!(*plain <= lenient + 1e-15 && lenient <= strict + 1e-15 && strict <= 1.0);
            }
        }

        #[test]
        fn the_order_given_does_not_matter(mut p in proptest::collection::vec(0.0..1.0, 1..30)) {
            let forward = holm(&p);
            p.reverse();
            let mut backward = holm(&p);
            backward.reverse();
            assert_eq!(forward, backward);
        }
    }
}
