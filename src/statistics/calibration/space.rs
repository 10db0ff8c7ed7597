//! The unit cube of the prior.
//!
//! A particle is a point of it, one coordinate per parameter; what a coordinate stands for is the parameter's law
//! ([`Margin::at`]). So the prior is even whatever the laws are, and nothing lies outside it but what lies outside the cube. A
//! whole number or a category cuts its edge into parts; its coordinate is always the middle of a part.

use super::Refusal;
use crate::statistics::design::{Law, Margin};

/// One edge of the cube.
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// A number.
    Number,
    /// Whole numbers in order, each equally likely.
    Integers {
        /// How many, at least one.
        count: usize,
    },
    /// Categories without order.
    Categories {
        /// The prior probability of each; they sum to 1.
        shares: Vec<f64>,
    },
}

impl Axis {
    /// The edge of a law.
    pub fn of(margin: &Margin) -> Self {
        match margin.law() {
            Law::Integers { .. } => Self::Integers { count: margin.values().unwrap_or(1) },
            Law::Categories { count } => Self::Categories { shares: vec![1.0 / *count as f64; *count] },
            Law::Weighted { weights } => {
                let sum: f64 = weights.iter().sum();
                Self::Categories { shares: weights.iter().map(|weight| weight / sum).collect() }
            }
            _ => Self::Number,
        }
    }

    /// How many levels; `None` for a number.
    pub fn levels(&self) -> Option<usize> {
        match self {
            Self::Number => None,
            Self::Integers { count } => Some(*count),
            Self::Categories { shares } => Some(shares.len()),
        }
    }

    /// Which level a coordinate stands for, from 0; `None` for a number.
    pub fn level(&self, u: f64) -> Option<usize> {
        match self {
            Self::Number => None,
            Self::Integers { count } => Some(((u * *count as f64) as usize).min(count - 1)),
            Self::Categories { shares } => {
                let last = shares.iter().rposition(|share| *share > 0.0).unwrap_or(0);
                let mut sum = 0.0;
                let above = shares.iter().position(|share| {
                    sum += share;
                    u < sum
                });
                Some(above.unwrap_or(last).min(last))
            }
        }
    }

    /// The middle of the part of a level; 0.5 for a number.
    pub fn middle(&self, level: usize) -> f64 {
        match self {
            Self::Number => 0.5,
            Self::Integers { count } => (level as f64 + 0.5) / *count as f64,
            Self::Categories { shares } => shares[..level].iter().sum::<f64>() + shares[level] / 2.0,
        }
    }

    /// The prior probability of a level; 1 for a number, whose density is 1.
    pub fn share(&self, level: usize) -> f64 {
        match self {
            Self::Number => 1.0,
            Self::Integers { count } => 1.0 / *count as f64,
            Self::Categories { shares } => shares[level],
        }
    }

    /// A coordinate moved to the middle of its part.
    pub fn settled(&self, u: f64) -> f64 {
        match self.level(u) {
            None => u,
            Some(level) => self.middle(level),
        }
    }
}

/// The axes of laws, one per parameter.
///
/// # Errors
/// [`Refusal::TooFew`] without a parameter.
pub fn axes(margins: &[Margin]) -> Result<Vec<Axis>, Refusal> {
    Refusal::of_count("parameters", margins.len(), 1)?;
    Ok(margins.iter().map(Axis::of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn a_level_is_what_its_law_says_and_its_middle_is_in_it() {
        for law in [
            Law::Integers { low: -2, high: 7 },
            Law::Categories { count: 3 },
            Law::Weighted { weights: vec![0.0, 2.0, 1.0, 0.0, 3.0, 0.0] },
        ] {
            let margin = Margin::new(law).expect("it is sound");
            let axis = Axis::of(&margin);
            let first = match margin.law() {
                Law::Integers { low, .. } => *low as f64,
                _ => 0.0,
            };
            for step in 0..1000 {
                let u = (f64::from(step) + 0.5) / 1000.0;
                let level = axis.level(u).expect("it has levels");
                assert_eq!(first + level as f64, margin.at(u), "{u}");
                assert_eq!(axis.level(axis.middle(level)), Some(level));
                assert!(axis.share(level) > 0.0);
            }
            close((0..axis.levels().expect("it has levels")).map(|level| axis.share(level)).sum(), 1.0, 1e-12);
        }
    }
}
