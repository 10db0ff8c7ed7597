//! How uncertain a figure is; what each model means for a target is said beside [`Target`](super::Target).

/// How uncertain a figure is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ErrorModel {
    /// A count, as uncertain as counts of independent events are at least.
    Poisson,
    /// A count of events that come in clusters: negative binomial.
    Overdispersed {
        /// Size k, above 0; the square of the coefficient of variation beyond Poisson is 1 / k.
        size: f64,
    },
    /// A standard deviation in units of the value.
    Deviation {
        /// Above 0.
        sd: f64,
    },
    /// A band that holds the truth with a probability.
    Band {
        /// Below the value.
        low: f64,
        /// Above the value.
        high: f64,
        /// Strictly between 0 and 1.
        probability: f64,
    },
    /// A standard deviation as a share of the value.
    Relative {
        /// Above 0; 0.1 is 10 %.
        share: f64,
    },
    /// A quantity above 0 whose logarithm has a standard deviation.
    Ratio {
        /// Above 0.
        log_sd: f64,
    },
}

impl ErrorModel {
    /// Over-dispersed by a coefficient of variation that stays however large the count: size 1 / cv^2.
    pub fn overdispersed_by(variation: f64) -> Self {
        Self::Overdispersed { size: 1.0 / (variation * variation) }
    }

    /// A ratio of two counts above 0 of which neither holds the other: log_sd^2 = 1 / a + 1 / b.
    pub fn ratio_of_counts(numerator: f64, denominator: f64) -> Self {
        Self::Ratio { log_sd: libm::sqrt(1.0 / numerator + 1.0 / denominator) }
    }

    /// A share: a count above 0 of those that are among a larger one: log_sd^2 = 1 / a - 1 / b.
    pub fn share_of_counts(part: f64, whole: f64) -> Self {
        Self::Ratio { log_sd: libm::sqrt((1.0 / part - 1.0 / whole).max(0.0)) }
    }
}
