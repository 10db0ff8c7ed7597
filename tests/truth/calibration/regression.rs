//! Regression adjustment and synthetic likelihood.

use super::{all_close, close, table};
use comity::random::{Purpose, Randomness};
use comity::statistics::Moments;
use comity::statistics::calibration::{
    Adjusted, Adjustment, Axis, Refusal, Scale, Scatter, SyntheticForm, Weights, adjusted, synthetic_likelihood,
};

#[test]
fn the_adjustment_is_that_of_the_closed_form() {
    let rows = table(include_str!("regression_sample.csv"));
    let values: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[0]]).collect();
    let statistics: Vec<Vec<f64>> = rows.iter().map(|row| row[1..].to_vec()).collect();
    let weights = Weights::even(rows.len()).expect("there are some");
    let got = adjusted(&Adjustment {
        axes: &[Axis::Number],
        values: &values,
        weights: &weights,
        statistics: &statistics,
        observed: &[1.2, 0.5],
        nearest: 80,
        scale: Scale::Plain,
        scatter: Scatter::Even,
    })
    .expect("it is sound");
    all_close(&got.deviations, &[1.442_570_000_000_000_1, 0.928_175], 1e-9);
    close(got.bandwidth, 0.998_996_264_869_789_7, 1e-9);
    assert_eq!(got.kept.len(), 80);
    let want = [1.144_103_085_659_515_4, 0.965_639_555_638_467_8, 0.109_890_553_580_037_98];
    all_close(&got.coefficients[0], &want, 1e-9);
    let kept: Moments = got.kept.iter().map(|place| values[*place][0]).collect();
    close(kept.mean(), 0.994_690_325, 1e-9);
    let moved: Vec<f64> = got.values.iter().map(|row| row[0]).collect();
    close(got.weights.mean(&moved), 1.144_103_085_659_515_6, 1e-9);
    close(got.weights.variance(&moved), 0.200_270_390_521_125_25, 1e-9);
    // The particle at the edge weighs nothing.
    assert_eq!(got.weights.values().iter().filter(|weight| **weight == 0.0).count(), 1);
}

/// Two coordinates of which the first moves both statistics, with a scatter that grows with it, and a whole number.
fn sample(scale: Scale, scatter: Scatter, count: u64) -> Adjusted {
    let axes = [Axis::Number, Axis::Integers { count: 4 }];
    let mut values = Vec::new();
    let mut statistics = Vec::new();
    for index in 0..count {
        let mut draws = Randomness { seed: 2, replicate: 0 }.at(Purpose::Bootstrap, 31, index);
        let (s, other) = (draws.normal(), draws.normal());
        let logit = 0.8 * s + libm::exp(0.7 * s) * 0.5 * draws.normal();
        values.push(vec![1.0 / (1.0 + libm::exp(-logit)), axes[1].settled(draws.uniform())]);
        statistics.push(vec![s, other]);
    }
    let weights = Weights::even(values.len()).expect("there are some");
    adjusted(&Adjustment {
        axes: &axes,
        values: &values,
        weights: &weights,
        statistics: &statistics,
        observed: &[2.0, 0.0],
        nearest: values.len() / 2,
        scale,
        scatter,
    })
    .expect("it is sound")
}

#[test]
fn adjusted_values_stay_within_the_prior_on_the_logit() {
    for scatter in [Scatter::Even, Scatter::Changing] {
        let got = sample(Scale::Logit, scatter, 4000);
        assert!(got.values.iter().all(|row| 0.0 < row[0] && row[0] < 1.0));
        // Whole numbers stay where they were.
        assert!(got.values.iter().all(|row| [0.125, 0.375, 0.625, 0.875].contains(&row[1])));
        assert!(got.coefficients[1].is_empty());
    }
    assert!(sample(Scale::Plain, Scatter::Even, 4000).values.iter().any(|row| row[0] <= 0.0 || row[0] >= 1.0));
}

#[test]
fn a_changing_scatter_is_stretched_to_what_it_is_at_the_observed() {
    // At s = 2 the logit is N(1.6, (0.5 exp(1.4))^2), wherever the particle came from.
    let logits =
        |got: &Adjusted| -> Vec<f64> { got.values.iter().map(|row| libm::log(row[0] / (1.0 - row[0]))).collect() };
    let want = 0.5 * libm::exp(1.4);
    let even = sample(Scale::Logit, Scatter::Even, 20_000);
    let changing = sample(Scale::Logit, Scatter::Changing, 20_000);
    let sd = |got: &Adjusted| libm::sqrt(got.weights.variance(&logits(got)));
    close(changing.weights.mean(&logits(&changing)), 1.6, 0.12);
    close(sd(&changing) / want, 1.0, 0.05);
    assert!(sd(&even) / want < 0.9, "{}", sd(&even) / want);
}

#[test]
fn an_adjustment_that_cannot_be_is_refused() {
    let weights = Weights::even(10).expect("there are some");
    let values: Vec<Vec<f64>> = (0..10).map(|i| vec![f64::from(i) / 10.0 + 0.05]).collect();
    let constant = vec![vec![1.0]; 10];
    let mut given = Adjustment {
        axes: &[Axis::Number],
        values: &values,
        weights: &weights,
        statistics: &constant,
        observed: &[1.0],
        nearest: 8,
        scale: Scale::Logit,
        scatter: Scatter::Even,
    };
    assert_eq!(adjusted(&given), Err(Refusal::Singular { what: "statistics" }));
    given.statistics = &values;
    assert!(adjusted(&given).is_ok());
    given.nearest = 11;
    assert!(matches!(adjusted(&given), Err(Refusal::TooFew { .. })));
    given.nearest = 3;
    assert!(matches!(adjusted(&given), Err(Refusal::TooFew { .. })));
}

const OBSERVED: [f64; 3] = [474.0, 142.0, 36.0];

#[test]
fn synthetic_likelihoods_are_those_of_their_definitions() {
    let simulated = table(include_str!("synthetic_simulations.csv"));
    assert_eq!(simulated.len(), 50);
    let plain = synthetic_likelihood(&simulated, &OBSERVED, SyntheticForm::Plain).expect("it is sound");
    all_close(&plain.mean, &[468.147_54, 137.329_02, 36.872_38], 1e-8);
    all_close(&plain.covariance[0], &[879.681_437_028_979_5, 24.018_620_621_632_58, -61.567_382_209_387_72], 1e-8);
    all_close(&plain.covariance[2], &[-61.567_382_209_387_72, -16.659_552_783_265_31, 57.100_797_505_714_28], 1e-8);
    for (form, want) in [
        (SyntheticForm::Plain, -10.918_132_738_960_997),
        (SyntheticForm::Unbiased, -10.961_355_739_213_786),
        (SyntheticForm::Shrunk(0.0), -10.918_132_738_960_995),
        (SyntheticForm::Shrunk(0.5), -10.959_068_643_518_622),
        (SyntheticForm::Shrunk(1.0), -10.977_100_286_264_909),
    ] {
        let got = synthetic_likelihood(&simulated, &OBSERVED, form).expect("it is sound");
        close(got.log_likelihood, want, 1e-8);
    }
}

#[test]
fn the_unbiased_likelihood_is_unbiased_with_few_simulations() {
    // Standard normal, seven simulations, observed 1.2: the mean of estimates is the density; the plain one is off.
    let rounds = 60_000_u64;
    let mean = |form| {
        let one = |round: u64| {
            let mut draws = Randomness { seed: 9, replicate: 0 }.at(Purpose::Bootstrap, 32, round);
            let simulated: Vec<Vec<f64>> = (0..7).map(|_| vec![draws.normal()]).collect();
            libm::exp(synthetic_likelihood(&simulated, &[1.2], form).expect("it is sound").log_likelihood)
        };
        (0..rounds).map(one).collect::<Moments>()
    };
    let density = libm::exp(-0.72) / libm::sqrt(2.0 * std::f64::consts::PI);
    let unbiased = mean(SyntheticForm::Unbiased);
    close(unbiased.mean(), density, 4.0 * unbiased.standard_error());
    let plain = mean(SyntheticForm::Plain);
    assert!((plain.mean() - density).abs() > 8.0 * plain.standard_error());
    // Far away the unbiased estimate is 0.
    let simulated: Vec<Vec<f64>> = (0..7).map(|i| vec![f64::from(i)]).collect();
    let far = synthetic_likelihood(&simulated, &[1e4], SyntheticForm::Unbiased).expect("it is sound");
    assert_eq!(far.log_likelihood, f64::NEG_INFINITY);
}
