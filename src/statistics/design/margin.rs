//! What a coordinate from 0 to 1 stands for.
//!
//! An even coordinate becomes a number of the law by its quantile function. Discrete laws cut the interval into parts and never
//! round, which would halve the parts at both ends: a whole number is low + floor(u (high - low + 1)).

mod check;

use super::Refusal;
use super::beta::beta_quantile;
use crate::random::normal_quantile;
use crate::statistics::normal_probability;

/// The law of a factor's values, as asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Even between two numbers, low below high.
    Interval {
        /// At coordinate 0.
        low: f64,
        /// At coordinate 1.
        high: f64,
    },
    /// Even in the logarithm between two numbers above 0.
    Logarithmic {
        /// At coordinate 0.
        low: f64,
        /// At coordinate 1.
        high: f64,
    },
    /// Whole numbers, each equally likely, both ends included.
    Integers {
        /// The smallest.
        low: i64,
        /// The largest.
        high: i64,
    },
    /// Categories, each equally likely: the value is the place in their list, from 0.
    Categories {
        /// How many, at least one.
        count: usize,
    },
    /// Categories with weights of any sum: the value is the place in their list, from 0.
    Weighted {
        /// None below 0, not all 0.
        weights: Vec<f64>,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// Normal, given that it lies between two numbers.
    TruncatedNormal {
        /// Mean before it is cut.
        mean: f64,
        /// Standard deviation before it is cut, above 0.
        sd: f64,
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
    },
    /// A number whose logarithm is normal.
    Lognormal {
        /// Mean of the logarithm.
        log_mean: f64,
        /// Standard deviation of the logarithm, above 0.
        log_sd: f64,
    },
    /// Triangular.
    Triangular {
        /// The smallest.
        low: f64,
        /// The most likely.
        mode: f64,
        /// The largest.
        high: f64,
    },
    /// Beta, stretched from low to high.
    Beta {
        /// First shape, above 0.
        a: f64,
        /// Second shape, above 0.
        b: f64,
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
    },
    /// Beta with shapes 1 + 4 (mode - low) / (high - low) and 1 + 4 (high - mode) / (high - low): a smooth triangle.
    Pert {
        /// The smallest.
        low: f64,
        /// The most likely.
        mode: f64,
        /// The largest.
        high: f64,
    },
}

/// A law whose numbers were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin(Law);

impl Margin {
    /// Checks a law.
    ///
    /// # Errors
    /// [`Refusal::Law`], which says what is wrong: an end that is not below the other, a number that is not finite, a scale or
    /// shape that is not above 0, weights that sum to nothing, too many values.
    pub fn new(law: Law) -> Result<Self, Refusal> {
        check::check(&law).map_err(|why| Refusal::Law { why })?;
        Ok(Self(law))
    }

    /// The law.
    pub fn law(&self) -> &Law {
        &self.0
    }

    /// How many values there are, for whole numbers and categories.
    pub fn values(&self) -> Option<usize> {
        match &self.0 {
            Law::Integers { low, high } => Some((high - low) as usize + 1),
            Law::Categories { count } => Some(*count),
            Law::Weighted { weights } => Some(weights.len()),
            _ => None,
        }
    }

    /// The value at a coordinate from 0 to 1: a number of the law, a whole number, or the place of a category, from 0. A law
    /// without end is asked no nearer to 0 and 1 than 2^-53, so that its values are finite.
    pub fn at(&self, u: f64) -> f64 {
        let open = u.clamp(f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0);
        match &self.0 {
            Law::Interval { low, high } => between(*low, *high, u),
            Law::Logarithmic { low, high } => {
                libm::exp(between(libm::log(*low), libm::log(*high), u)).clamp(*low, *high)
            }
            Law::Integers { low, high } => *low as f64 + part(u, (high - low) as usize + 1) as f64,
            Law::Categories { count } => part(u, *count) as f64,
            Law::Weighted { weights } => weighted(u, weights) as f64,
            Law::Normal { mean, sd } => mean + sd * normal_quantile(open),
            Law::TruncatedNormal { mean, sd, low, high } => {
                let z = truncated((low - mean) / sd, (high - mean) / sd, u);
                (mean + sd * z).clamp(*low, *high)
            }
            Law::Lognormal { log_mean, log_sd } => libm::exp(log_mean + log_sd * normal_quantile(open)),
            Law::Triangular { low, mode, high } => {
                let (width, left, right) = (high - low, mode - low, high - mode);
                let value = if u * width < left {
                    low + libm::sqrt(u * width * left)
                } else {
                    high - libm::sqrt((1.0 - u) * width * right)
                };
                value.clamp(*low, *high)
            }
            Law::Beta { a, b, low, high } => between(*low, *high, beta_quantile(u, *a, *b)),
            Law::Pert { low, mode, high } => {
                let (a, b) = (1.0 + 4.0 * (mode - low) / (high - low), 1.0 + 4.0 * (high - mode) / (high - low));
                between(*low, *high, beta_quantile(u, a, b))
            }
        }
    }
}

/// The number at share `u` of the way, with both ends exact.
fn between(low: f64, high: f64, u: f64) -> f64 {
    if u >= 1.0 { high } else { (low + u * (high - low)).clamp(low, high) }
}

/// Which of equal parts a coordinate lies in; 1 belongs to the last.
fn part(u: f64, parts: usize) -> usize {
    ((u * parts as f64) as usize).min(parts - 1)
}

/// The first category whose weights up to and with its own exceed the share `u` of all; never one without weight.
fn weighted(u: f64, weights: &[f64]) -> usize {
    let target = u * weights.iter().sum::<f64>();
    let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    for (place, weight) in weights.iter().enumerate().take(last) {
        sum += weight;
        if target < sum {
            return place;
        }
    }
    last
}

/// The quantile of the standard normal between two numbers.
fn truncated(low: f64, high: f64, u: f64) -> f64 {
    // On the upper side probabilities are near 1 and lose their digits: mirror it.
    if low > 0.0 {
        return -truncated(-high, -low, 1.0 - u);
    }
    let below = normal_probability(low);
    let p = below + u * (normal_probability(high) - below);
    if p <= 0.0 {
        low
    } else if p >= 1.0 {
        high
    } else {
        normal_quantile(p)
    }
}

#[cfg(test)]
mod tests;
