use super::*;
use crate::statistics::examples::close;

fn margin(law: Law) -> Margin {
    Margin::new(law).expect("it is sound")
}

fn values(law: Law, at: &[f64]) -> Vec<f64> {
    let margin = margin(law);
    at.iter().map(|u| margin.at(*u)).collect()
}

#[test]
fn quantiles_match_those_of_scipy() {
    // scipy 1.17.1: ppf of triang, truncnorm, norm, lognorm and beta.
    let check = |law: Law, at: &[f64], want: &[f64]| {
        for (got, want) in values(law, at).into_iter().zip(want) {
            close(got / want, 1.0, 1e-11);
        }
    };
    check(
        Law::Triangular { low: 2.0, mode: 3.0, high: 6.0 },
        &[0.01, 0.3, 0.5, 0.99],
        &[2.2, 3.1017246507621126, 3.550510257216822, 5.653589838486225],
    );
    check(
        Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: -1.0, high: 2.0 },
        &[0.1, 0.5, 0.9],
        &[-0.704647821094745, 0.17116391801782482, 1.2557153641502152],
    );
    check(
        Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 5.0, high: 7.0 },
        &[0.1, 0.5, 0.9],
        &[5.020275925677292, 5.132017491916842, 5.42692682829983],
    );
    check(
        Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: -7.0, high: -5.0 },
        &[0.9, 0.5, 0.1],
        &[5.020275925677292, 5.132017491916842, 5.42692682829983].map(|x: f64| -x),
    );
    check(Law::Normal { mean: 3.0, sd: 2.0 }, &[0.1, 0.9], &[0.43689686891079926, 5.563103131089201]);
    check(
        Law::Lognormal { log_mean: core::f64::consts::LN_2, log_sd: 0.5 },
        &[0.1, 0.9],
        &[1.053767036592073, 3.795905414669421],
    );
    check(
        Law::Pert { low: 0.0, mode: 0.25, high: 1.0 },
        &[0.1, 0.5, 0.9],
        &[0.11223495854585855, 0.3138101704556974, 0.583890374619529],
    );
    check(
        Law::Beta { a: 2.0, b: 4.0, low: 0.0, high: 10.0 },
        &[0.1, 0.5, 0.9],
        &[0.11223495854585855, 0.3138101704556974, 0.583890374619529].map(|x: f64| 10.0 * x),
    );
}

#[test]
fn whole_numbers_and_categories_own_equal_parts_of_the_interval() {
    let at = [0.0, 0.249_999_9, 0.25, 0.5, 0.999_999_99, 1.0];
    assert_eq!(values(Law::Integers { low: 1, high: 4 }, &at), [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
    assert_eq!(values(Law::Integers { low: -2, high: -2 }, &at), [-2.0; 6]);
    assert_eq!(values(Law::Categories { count: 3 }, &at), [0.0, 0.0, 0.0, 1.0, 2.0, 2.0]);
    let weights = vec![0.5, 0.3, 0.2];
    assert_eq!(values(Law::Weighted { weights }, &at), [0.0, 0.0, 0.0, 1.0, 2.0, 2.0]);
    assert_eq!(margin(Law::Integers { low: 1, high: 4 }).values(), Some(4));
    assert_eq!(margin(Law::Interval { low: 1.0, high: 4.0 }).values(), None);
}

#[test]
fn a_category_without_weight_never_comes() {
    let weights = vec![0.0, 2.0, 0.0, 6.0, 0.0];
    let at: Vec<f64> = (0..=1000).map(|i| f64::from(i) / 1000.0).collect();
    let got = values(Law::Weighted { weights }, &at);
    assert!(got.iter().all(|value| *value == 1.0 || *value == 3.0));
    assert_eq!(got.iter().filter(|value| **value == 1.0).count(), 250);
}

#[test]
fn intervals_end_where_they_say() {
    let at = [0.0, 0.5, 1.0];
    assert_eq!(values(Law::Interval { low: -0.1, high: 0.7 }, &at)[..1], [-0.1]);
    assert_eq!(values(Law::Interval { low: -0.1, high: 0.7 }, &at)[2..], [0.7]);
    let logarithmic = values(Law::Logarithmic { low: 0.001, high: 10.0 }, &at);
    close(logarithmic[0], 0.001, 1e-18);
    close(logarithmic[1], 0.1, 1e-15);
    close(logarithmic[2], 10.0, 1e-14);
}

#[test]
fn every_margin_rises_with_its_coordinate_and_is_finite_at_both_ends() {
    let laws = [
        Law::Interval { low: -1e300, high: 7e299 },
        Law::Logarithmic { low: 1e-200, high: 1e200 },
        Law::Integers { low: -5, high: 900 },
        Law::Categories { count: 7 },
        Law::Weighted { weights: vec![1.0, 0.0, 3.0] },
        Law::Normal { mean: 1.0, sd: 3.0 },
        Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: -40.0, high: 3.0 },
        Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 30.0, high: 31.0 },
        Law::Lognormal { log_mean: 1.0, log_sd: 3.0 },
        Law::Triangular { low: 0.0, mode: 0.0, high: 2.0 },
        Law::Triangular { low: 0.0, mode: 2.0, high: 2.0 },
        Law::Beta { a: 0.2, b: 3.0, low: -1.0, high: 1.0 },
        Law::Pert { low: 1.0, mode: 4.0, high: 4.0 },
    ];
    for law in laws {
        let at: Vec<f64> = (0..=200).map(|i| f64::from(i) / 200.0).collect();
        let got = values(law.clone(), &at);
        assert!(got.iter().all(|value| value.is_finite()), "{law:?}: {got:?}");
        assert!(got.windows(2).all(|pair| pair[0] <= pair[1]), "{law:?}: {got:?}");
        assert!(got[0] < got[200], "{law:?}");
    }
}

#[test]
fn impossible_laws_are_refused_with_their_reason() {
    let refused = |law: Law, word: &str| {
        let words = Margin::new(law).expect_err("it is impossible").to_string();
        assert!(words.contains(word), "{words:?} does not say {word:?}");
    };
    refused(Law::Interval { low: 1.0, high: 1.0 }, "not below");
    refused(Law::Interval { low: f64::NEG_INFINITY, high: 1.0 }, "finite");
    refused(Law::Interval { low: 0.0, high: f64::NAN }, "finite");
    refused(Law::Logarithmic { low: 0.0, high: 1.0 }, "above 0");
    refused(Law::Integers { low: 3, high: 2 }, "exchange");
    refused(Law::Integers { low: i64::MIN, high: i64::MAX }, "more than");
    refused(Law::Integers { low: i64::MAX - 2, high: i64::MAX }, "2^53");
    refused(Law::Categories { count: 0 }, "at least one");
    refused(Law::Weighted { weights: vec![] }, "no sum above 0");
    refused(Law::Weighted { weights: vec![0.0] }, "no sum above 0");
    refused(Law::Weighted { weights: vec![1.0, -1.0] }, "no weight");
    refused(Law::Normal { mean: 0.0, sd: 0.0 }, "standard deviation");
    refused(Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 50.0, high: 60.0 }, "never");
    refused(Law::Lognormal { log_mean: 500.0, log_sd: 100.0 }, "natural");
    refused(Law::Triangular { low: 0.0, mode: 3.0, high: 2.0 }, "outside 0 to 2");
    refused(Law::Beta { a: 0.0, b: 1.0, low: 0.0, high: 1.0 }, "shape");
    refused(Law::Pert { low: 0.0, mode: f64::NAN, high: 2.0 }, "outside");
}
