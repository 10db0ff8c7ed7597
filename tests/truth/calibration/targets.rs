//! The historical figures and how uncertain they are.

use super::close;
use comity::statistics::calibration::{ErrorModel, Target, gamma_probability, gamma_quantile};

#[test]
fn counts_have_the_exact_interval_of_garwood() {
    // scipy 1.17.1, 95 %.
    for (count, low, high) in [
        (0.0, 0.0, 3.688_879_454_113_935_4),
        (36.0, 25.213_957_417_315_23, 49.839_174_489_236_19),
        (142.0, 119.605_416_066_808, 167.370_075_926_003_63),
        (474.0, 432.283_467_931_172_3, 518.655_547_351_306_2),
    ] {
        let interval = Target::new(count, ErrorModel::Poisson, 0.0).expect("it is sound").interval(0.95);
        close(interval.low, low, 1e-8);
        close(interval.high, high, 1e-8);
    }
}

#[test]
fn conjugate_posteriors_of_rates_have_the_quantiles_of_scipy() {
    // 30 months; prior Gamma(1, rate 0.1), and Jeffreys'.
    for (count, prior, rate, want) in [
        (474.0, 1.0, 30.1, [14.393_304_703_586_121, 15.769_658_082_527_57, 17.231_081_307_352_362]),
        (474.0, 0.5, 30.0, [14.425_365_460_855_95, 15.805_556_944_265_588, 17.271_101_826_698_98]),
        (142.0, 1.0, 30.1, [4.004_095_519_008_461_5, 4.739_760_968_538_652, 5.560_467_638_837_329]),
        (142.0, 0.5, 30.0, [4.002_143_650_938_545, 4.738_893_521_339_124, 5.560_967_938_810_225]),
        (36.0, 1.0, 30.1, [0.865_495_500_568_306_7, 1.218_179_595_141_440_3, 1.655_786_527_881_600_9]),
    ] {
        for (p, want) in [0.025, 0.5, 0.975].into_iter().zip(want) {
            let got = gamma_quantile(count + prior, p) / rate;
            close(got, want, 1e-8);
            close(gamma_probability(count + prior, got * rate), p, 1e-11);
        }
    }
}
