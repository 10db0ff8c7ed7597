use super::{Observing, Target, distance};
use crate::statistics::Moments;
use crate::statistics::calibration::{ErrorModel, Refusal};
use crate::statistics::examples::close;

fn target(value: f64, error: ErrorModel) -> Target {
    Target::new(value, error, 0.0).expect("it is sound")
}

const MODELS: [ErrorModel; 6] = [
    ErrorModel::Poisson,
    ErrorModel::Overdispersed { size: 8.0 },
    ErrorModel::Deviation { sd: 5.0 },
    ErrorModel::Band { low: 30.0, high: 50.0, probability: 0.9 },
    ErrorModel::Relative { share: 0.1 },
    ErrorModel::Ratio { log_sd: 0.2 },
];

#[test]
fn drawn_observations_have_the_mean_and_variance_of_their_model() {
    for error in MODELS {
        for discrepancy in [0.0, 0.3] {
            let target = Target::new(36.0, error, discrepancy).expect("it is sound");
            let draws: Moments = (0..20_000)
                .map(|draw| {
                    let got = target.draw(36.0, Observing { seed: 4, target: 1, draw });
                    if matches!(error, ErrorModel::Ratio { .. }) { libm::log(got / 36.0) } else { got }
                })
                .collect();
            let want = target.variance() + discrepancy * discrepancy;
            close(draws.variance() / want, 1.0, 0.05);
            // A lopsided band has its mode, not its mean, at the value: sqrt(2 / pi) (below - above), the sides having changed.
            let mean = match error {
                ErrorModel::Ratio { .. } => 0.0,
                ErrorModel::Band { .. } => {
                    let (below, above) = target.joined();
                    36.0 + libm::sqrt(2.0 / core::f64::consts::PI) * (below - above)
                }
                _ => 36.0,
            };
            close(draws.mean(), mean, 4.0 * libm::sqrt(want / 20_000.0));
        }
    }
}

#[test]
fn densities_sum_to_one_over_what_can_be_observed() {
    // Of the observation, so a target for each; simulated 36. Only models whose spread does not depend on the observation.
    for error in [ErrorModel::Poisson, ErrorModel::Overdispersed { size: 8.0 }] {
        for discrepancy in [0.0, 4.0] {
            let sum: f64 = (0..1000_u32)
                .map(|t| libm::exp(Target::new(f64::from(t), error, discrepancy).expect("sound").log_density(36.0)))
                .sum();
            close(sum, 1.0, 1e-9);
        }
    }
    for error in [ErrorModel::Deviation { sd: 5.0 }, ErrorModel::Ratio { log_sd: 0.2 }] {
        let sum: f64 = (1..40_000_u32)
            .map(|t| 0.005 * libm::exp(Target::new(0.005 * f64::from(t), error, 0.1).expect("sound").log_density(36.0)))
            .sum();
        close(sum, 1.0, 1e-6);
    }
    // A band keeps its sides around any value.
    let sum: f64 = (1..40_000_u32)
        .map(|t| {
            let t = 0.005 * f64::from(t);
            let band = ErrorModel::Band { low: t - 6.0, high: t + 14.0, probability: 0.9 };
            0.005 * libm::exp(Target::new(t, band, 0.5).expect("it is sound").log_density(80.0))
        })
        .sum();
    close(sum, 1.0, 1e-6);
}

#[test]
fn a_large_size_is_poisson_and_a_band_is_its_own_interval() {
    let (plain, large) = (target(36.0, ErrorModel::Poisson), target(36.0, ErrorModel::Overdispersed { size: 1e7 }));
    let (one, other) = (plain.interval(0.95), large.interval(0.95));
    close(one.low, other.low, 1e-3);
    close(one.high, other.high, 1e-3);
    close(plain.log_density(40.0), large.log_density(40.0), 1e-4);
    close(plain.variance(), large.variance(), 1e-3);
    let band = target(36.0, ErrorModel::Band { low: 30.0, high: 50.0, probability: 0.9 });
    close(band.interval(0.9).low, 30.0, 1e-12);
    close(band.interval(0.9).high, 50.0, 1e-12);
    // The ends of a 90 % band are 1.645 standard deviations away on either side.
    close(band.distance(30.0), 2.705_543_454_095_404, 1e-12);
    close(band.distance(50.0), 2.705_543_454_095_404, 1e-12);
}

#[test]
fn an_overdispersed_interval_is_exact() {
    // Its ends are where the tails of the negative binomial are 2.5 %.
    let count = target(36.0, ErrorModel::Overdispersed { size: 8.0 });
    let interval = count.interval(0.95);
    let mass = |mean: f64, from: u32, to: u32| -> f64 {
        (from..to)
            .map(|t| libm::exp(target(f64::from(t), ErrorModel::Overdispersed { size: 8.0 }).log_density(mean)))
            .sum()
    };
    close(1.0 - mass(interval.low, 0, 36), 0.025, 1e-10);
    close(mass(interval.high, 0, 37), 0.025, 1e-10);
}

#[test]
fn ratios_of_counts_have_the_spread_of_the_delta_method() {
    let ErrorModel::Ratio { log_sd } = ErrorModel::ratio_of_counts(36.0, 142.0) else { panic!("a ratio") };
    close(log_sd * log_sd, 1.0 / 36.0 + 1.0 / 142.0, 1e-15);
    // Of a share p of n the variance is p (1 - p) / n, that of its logarithm (1 - p) / (n p).
    let ErrorModel::Ratio { log_sd } = ErrorModel::share_of_counts(36.0, 142.0) else { panic!("a ratio") };
    let p = 36.0 / 142.0;
    close(log_sd * log_sd, (1.0 - p) / (142.0 * p), 1e-15);
    assert_eq!(ErrorModel::overdispersed_by(0.5), ErrorModel::Overdispersed { size: 4.0 });
}

#[test]
fn the_distance_is_nothing_at_the_target_and_missing_for_a_failed_run() {
    let targets: Vec<Target> = MODELS.iter().map(|error| target(36.0, *error)).collect();
    assert_eq!(distance(&targets, &[36.0; 6]), Ok(0.0));
    assert!(distance(&targets, &[36.0, f64::NAN, 36.0, 36.0, 36.0, 36.0]).expect("as many").is_nan());
    assert!(matches!(distance(&targets, &[36.0]), Err(Refusal::Lengths { .. })));
    assert_eq!(target(0.0, ErrorModel::Poisson).distance(3.0), 9.0);
    assert_eq!(target(0.3, ErrorModel::Ratio { log_sd: 0.2 }).distance(0.0), f64::INFINITY);
}

#[test]
fn targets_that_cannot_be_are_refused() {
    for (value, error) in [
        (-1.0, ErrorModel::Poisson),
        (f64::NAN, ErrorModel::Poisson),
        (5.0, ErrorModel::Overdispersed { size: 0.0 }),
        (5.0, ErrorModel::Deviation { sd: -1.0 }),
        (5.0, ErrorModel::Band { low: 6.0, high: 9.0, probability: 0.9 }),
        (5.0, ErrorModel::Band { low: 4.0, high: 9.0, probability: 1.0 }),
        (0.0, ErrorModel::Relative { share: 0.1 }),
        (0.0, ErrorModel::Ratio { log_sd: 0.1 }),
    ] {
        assert!(matches!(Target::new(value, error, 0.0), Err(Refusal::Setting { .. })), "{value} {error:?}");
    }
    assert!(Target::new(5.0, ErrorModel::Poisson, -1.0).is_err());
}
