//! Figures a simulator is held against, and how uncertain they are.
//!
//! A figure is not the truth: a count is one outcome of chance, an estimate has a standard deviation, an expert names a band.
//! [`Target`] is a value t with such an error model; a simulated value s stands for the mean of what could have been observed.
//! Fitting closer than the error is fitting noise. That recording misses cases is not an error in this sense: the simulator records,
//! so s is thinned already.
//!
//! | error model | variance at t | observed given s |
//! |---|---|---|
//! | `Poisson` | t, at least 1 | Poisson(s) |
//! | `Overdispersed { size: k }` | t + t^2 / k, at least 1 | negative binomial, mean s, size k |
//! | `Deviation { sd }` | sd^2 | normal |
//! | `Relative { share: c }` | (c t)^2 | normal, standard deviation c abs(t) |
//! | `Band { low, high, probability: p }` | two halves, see below | two half normals joined at s |
//! | `Ratio { log_sd }` | of the logarithm: log_sd^2 | lognormal, median s |
//!
//! A band's two standard deviations are (t - low) / z and (high - t) / z with z the normal quantile at (1 + p) / 2, so that it holds p
//! whatever its shape. A *discrepancy*, the standard deviation of what the model cannot get right, is in units of the value (of its
//! logarithm for a ratio) and is added as a variance; a count then is over-dispersed by as much.

use super::gamma::gamma_quantile;
use super::{ErrorModel, Refusal};
use crate::random::{Draws, Purpose, Randomness, normal_quantile};
use crate::statistics::Interval;
use crate::statistics::design::beta::beta_quantile;

/// A checked figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    value: f64,
    error: ErrorModel,
    discrepancy: f64,
}

/// Where the luck of a perturbed observation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observing {
    /// Seed of the calibration.
    pub seed: u64,
    /// Which target.
    pub target: u32,
    /// Which draw.
    pub draw: u64,
}

impl Target {
    /// Checks a figure; the discrepancy is 0 or more.
    ///
    /// # Errors
    /// [`Refusal::Setting`]: a count below 0, a ratio not above 0, a spread that is not above 0, a band without the value in it.
    pub fn new(value: f64, error: ErrorModel, discrepancy: f64) -> Result<Self, Refusal> {
        let refuse = |name, value, allowed| Err(Refusal::Setting { name, value, allowed });
        if !value.is_finite() {
            return refuse("the value of a target", value, "a finite number");
        }
        if !(0.0..f64::INFINITY).contains(&discrepancy) {
            return refuse("the discrepancy of a target", discrepancy, "0 or more");
        }
        match error {
            ErrorModel::Poisson | ErrorModel::Overdispersed { .. } if value < 0.0 => {
                return refuse("the count of a target", value, "0 or more");
            }
            ErrorModel::Ratio { .. } if value <= 0.0 => {
                return refuse(
                    "the ratio of a target",
                    value,
                    "above 0: a ratio of counts without a case has no logarithm",
                );
            }
            ErrorModel::Relative { .. } if value == 0.0 => {
                return refuse("a target with a relative error", value, "not 0: give its standard deviation");
            }
            _ => {}
        }
        match error {
            ErrorModel::Poisson => {}
            ErrorModel::Overdispersed { size } => Refusal::of_positive("the size of over-dispersion", size)?,
            ErrorModel::Deviation { sd } => Refusal::of_positive("the standard deviation of a target", sd)?,
            ErrorModel::Relative { share } => Refusal::of_positive("the relative error of a target", share)?,
            ErrorModel::Ratio { log_sd } => Refusal::of_positive("the standard deviation of a logarithm", log_sd)?,
            ErrorModel::Band { low, high, probability } => {
                Refusal::of_share("the probability of a band", probability)?;
                if !(low < value && low.is_finite()) {
                    return refuse("the lower end of a band", low, "a number below the value of the target");
                }
                if !(value < high && high.is_finite()) {
                    return refuse("the upper end of a band", high, "a number above the value of the target");
                }
            }
        }
        Ok(Self { value, error, discrepancy })
    }

    /// The figure.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its error model.
    pub fn error(&self) -> ErrorModel {
        self.error
    }

    /// The standard deviation of what the model cannot get right.
    pub fn discrepancy(&self) -> f64 {
        self.discrepancy
    }

    /// The variance of the observation (of its logarithm for a ratio), without the discrepancy.
    pub fn variance(&self) -> f64 {
        match self.error {
            ErrorModel::Poisson => self.value.max(1.0),
            ErrorModel::Overdispersed { size } => (self.value + self.value * self.value / size).max(1.0),
            ErrorModel::Deviation { sd } => sd * sd,
            ErrorModel::Relative { share } => share * share * self.value * self.value,
            ErrorModel::Ratio { log_sd } => log_sd * log_sd,
            ErrorModel::Band { .. } => {
                // Of two half normals joined, each weighing as its standard deviation.
                let (below, above) = self.halves();
                let skew = above - below;
                (1.0 - 2.0 / core::f64::consts::PI) * skew * skew + below * above
            }
        }
    }

    /// The contribution to a squared distance: (s - t)^2 / (Var_obs + Var_disc), with logarithms for a ratio and with the standard
    /// deviation of the side that s is on for a band. Missing for a missing s; infinite for a ratio not above 0.
    pub fn distance(&self, simulated: f64) -> f64 {
        self.squared(simulated, 0.0)
    }

    /// The same when the simulated value is itself uncertain, by a variance in units of the value.
    pub(super) fn squared(&self, simulated: f64, uncertain: f64) -> f64 {
        let (off, variance) = match self.error {
            ErrorModel::Ratio { .. } if simulated <= 0.0 => return f64::INFINITY,
            ErrorModel::Ratio { log_sd } => {
                (libm::log(simulated / self.value), log_sd * log_sd + uncertain / (simulated * simulated))
            }
            ErrorModel::Band { .. } => {
                let (below, above) = self.halves();
                let side = if simulated < self.value { below } else { above };
                (simulated - self.value, side * side + uncertain)
            }
            _ => (simulated - self.value, self.variance() + uncertain),
        };
        off * off / (variance + self.discrepancy * self.discrepancy)
    }

    /// The logarithm of the probability (counts) or density (others) of the figure if the simulated value were the mean of what can
    /// be observed. Missing for a missing s; minus infinity for what cannot be.
    pub fn log_density(&self, simulated: f64) -> f64 {
        if simulated.is_nan() {
            return f64::NAN;
        }
        let (t, disc) = (self.value, self.discrepancy * self.discrepancy);
        match self.error {
            ErrorModel::Poisson | ErrorModel::Overdispersed { .. } => {
                if simulated < 0.0 {
                    return f64::NEG_INFINITY;
                }
                if simulated == 0.0 {
                    return if t == 0.0 { 0.0 } else { f64::NEG_INFINITY };
                }
                match self.size_at(simulated) {
                    None => t * libm::log(simulated) - simulated - libm::lgamma(t + 1.0),
                    Some(k) => {
                        libm::lgamma(t + k)
                            - libm::lgamma(k)
                            - libm::lgamma(t + 1.0)
                            - k * libm::log1p(simulated / k)
                            - t * libm::log1p(k / simulated)
                    }
                }
            }
            ErrorModel::Deviation { .. } | ErrorModel::Relative { .. } => {
                normal_log_density(t - simulated, self.variance() + disc)
            }
            ErrorModel::Ratio { .. } if simulated <= 0.0 => f64::NEG_INFINITY,
            ErrorModel::Ratio { log_sd } => {
                normal_log_density(libm::log(t / simulated), log_sd * log_sd + disc) - libm::log(t)
            }
            ErrorModel::Band { .. } => {
                // Seen from s, the observation lies on the other side.
                let (below, above) = self.joined();
                let side = if simulated < t { below } else { above };
                let z = (t - simulated) / side;
                0.5 * libm::log(2.0 / core::f64::consts::PI) - libm::log(below + above) - 0.5 * z * z
            }
        }
    }

    /// What could have been observed if the simulated value were its mean: the figure's error and the discrepancy laid on it. Missing
    /// for a missing s, for a count below 0 and for a ratio not above 0.
    pub fn draw(&self, simulated: f64, address: Observing) -> f64 {
        let entity = super::OBSERVING | u64::from(address.target);
        let mut draws = Randomness { seed: address.seed, replicate: 0 }.at(Purpose::Calibration, entity, address.draw);
        let disc = self.discrepancy * self.discrepancy;
        match self.error {
            ErrorModel::Poisson | ErrorModel::Overdispersed { .. } => {
                if simulated.is_nan() || simulated < 0.0 {
                    return f64::NAN;
                }
                let mean = match self.size_at(simulated) {
                    Some(size) => simulated * draws.gamma_mean_one(size),
                    None => simulated,
                };
                f64::from(draws.poisson(mean))
            }
            ErrorModel::Deviation { .. } | ErrorModel::Relative { .. } => {
                simulated + libm::sqrt(self.variance() + disc) * draws.normal()
            }
            ErrorModel::Ratio { .. } if simulated <= 0.0 => f64::NAN,
            ErrorModel::Ratio { log_sd } => simulated * libm::exp(libm::sqrt(log_sd * log_sd + disc) * draws.normal()),
            ErrorModel::Band { .. } => {
                let (below, above) = self.joined();
                // What lies below t when s is above it: the halves change sides.
                simulated + two_halves(above, below, &mut draws)
            }
        }
    }

    /// The central interval of the truth at a level between 0 and 1, from the figure and its error alone (without discrepancy): exact
    /// for counts (Garwood 1936, and the same for the negative binomial), and the band itself at its own probability.
    pub fn interval(&self, level: f64) -> Interval {
        let tail = (1.0 - level) / 2.0;
        let z = normal_quantile(1.0 - tail);
        let t = self.value;
        match self.error {
            ErrorModel::Poisson => Interval {
                low: if t > 0.0 { gamma_quantile(t, tail) } else { 0.0 },
                high: gamma_quantile(t + 1.0, 1.0 - tail),
            },
            ErrorModel::Overdispersed { size } => {
                // P(X >= t) = I_p(t, k) and P(X <= t) = 1 - I_p(t + 1, k) with p = m / (m + k).
                let mean = |p: f64| size * p / (1.0 - p);
                Interval {
                    low: if t > 0.0 { mean(beta_quantile(tail, t, size)) } else { 0.0 },
                    high: mean(beta_quantile(1.0 - tail, t + 1.0, size)),
                }
            }
            ErrorModel::Deviation { .. } | ErrorModel::Relative { .. } => {
                Interval::around(t, z * libm::sqrt(self.variance()))
            }
            ErrorModel::Ratio { log_sd } => {
                Interval { low: t * libm::exp(-z * log_sd), high: t * libm::exp(z * log_sd) }
            }
            ErrorModel::Band { .. } => {
                let (below, above) = self.halves();
                Interval { low: t - z * below, high: t + z * above }
            }
        }
    }

    /// The standard deviations of a band below and above the value; even for others.
    fn halves(&self) -> (f64, f64) {
        match self.error {
            ErrorModel::Band { low, high, probability } => {
                let z = normal_quantile(0.5 + probability / 2.0);
                ((self.value - low) / z, (high - self.value) / z)
            }
            _ => {
                let sd = libm::sqrt(self.variance());
                (sd, sd)
            }
        }
    }

    /// The same, with the discrepancy.
    fn joined(&self) -> (f64, f64) {
        let (below, above) = self.halves();
        let with = |side: f64| libm::sqrt(side * side + self.discrepancy * self.discrepancy);
        (with(below), with(above))
    }

    /// The size of a count's over-dispersion about a mean above 0: s^2 over the variance beyond Poisson; `None` without any.
    fn size_at(&self, mean: f64) -> Option<f64> {
        let inverse = match self.error {
            ErrorModel::Overdispersed { size } => 1.0 / size,
            _ => 0.0,
        };
        let beyond = mean * mean * inverse + self.discrepancy * self.discrepancy;
        // So little that it would be lost in rounding is none.
        (beyond > 1e-6 * mean && mean > 0.0).then(|| mean * mean / beyond)
    }
}

/// The squared distance of simulated values from their targets: the sum of contributions. For targets that know nothing of each other.
///
/// # Errors
/// [`Refusal::Lengths`] when there is not one value for each target.
pub fn distance(targets: &[Target], simulated: &[f64]) -> Result<f64, Refusal> {
    Refusal::of_length("simulated values", simulated.len(), targets.len())?;
    Ok(targets.iter().zip(simulated).map(|(target, value)| target.distance(*value)).sum())
}

fn normal_log_density(off: f64, variance: f64) -> f64 {
    -0.5 * (libm::log(2.0 * core::f64::consts::PI * variance) + off * off / variance)
}

/// Two half normals joined at 0, each weighing as its standard deviation.
fn two_halves(below: f64, above: f64, draws: &mut Draws) -> f64 {
    let left = draws.uniform() * (below + above) < below;
    let size = draws.normal().abs();
    if left { -below * size } else { above * size }
}

#[cfg(test)]
mod tests;
