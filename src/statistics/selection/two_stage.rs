//! Two stages: how many replicates an option takes in all is fixed by its variance in the first (fallback where replicates
//! cannot be added one at a time).
//!
//! With a first stage of n0 replicates of each of k options, whose draws are *not* shared, and standard deviations S, option i
//! takes max(n0, ceil((h S / delta)^2)) replicates and the best mean is within delta of the best with the probability asked
//! for (Rinott 1978); h solves
//!
//! integral of [ integral of Phi(h / sqrt((n0 - 1) (1/x + 1/y))) f(x) dx ]^(k - 1) f(y) dy = level,
//!
//! f being the density of chi-square with n0 - 1 degrees of freedom. Dudewicz and Dalal (1975) take max(n0 + 1, ceil((h S /
//! delta)^2)) and compare weighted means of the two stages; their h solves, with F and f of Student's t,
//!
//! integral of F(t + h)^(k - 1) f(t) dt = level.

use super::Refusal;
use super::race::check_level;
use crate::statistics::distribution::{normal_probability, spread_nodes, student_lower};

/// Which two-stage procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoStage {
    /// Plain means are compared.
    Rinott,
    /// Weighted means are compared; fewer replicates.
    DudewiczDalal,
}

impl TwoStage {
    /// The constant h, by numerical integration (Rinott's to about nine digits, the other's to about ten).
    ///
    /// # Errors
    /// With fewer than two options, fewer than three replicates in the first stage, or a level outside 1 / options to 1.
    pub fn constant(self, options: usize, first_stage: usize, level: f64) -> Result<f64, Refusal> {
        if options < 2 {
            return Err(Refusal::TooFewOptions { given: options });
        }
        if first_stage < 3 {
            return Err(Refusal::TooFewReplicates { given: first_stage, needed: 3 });
        }
        check_level(level, options)?;
        let degrees = first_stage as f64 - 1.0;
        Ok(match self {
            Self::Rinott => {
                let nodes = spread_nodes(degrees);
                solve(level, |h| rinott(h, options, &nodes))
            }
            Self::DudewiczDalal => {
                let nodes = student_nodes(degrees);
                solve(level, |h| dudewicz_dalal(h, options, degrees, &nodes))
            }
        })
    }

    /// Replicates an option takes in all, given the constant, its standard deviation in the first stage and the smallest
    /// difference that matters (above 0).
    pub fn replicates(self, constant: f64, sd: f64, delta: f64, first_stage: usize) -> usize {
        let root = constant * sd / delta;
        let least = first_stage + usize::from(self == Self::DudewiczDalal);
        (libm::ceil(root * root) as usize).max(least)
    }

    /// The weight of the first stage's mean in an option's mean, the second stage's having the rest; the weights of a plain
    /// mean for Rinott, and for an option that does not vary.
    pub fn first_weight(self, constant: f64, sd: f64, delta: f64, first_stage: usize, replicates: usize) -> f64 {
        let (first, all) = (first_stage as f64, replicates as f64);
        if self == Self::Rinott || sd <= 0.0 {
            return first / all;
        }
        let unit = delta / (constant * sd);
        let inside = 1.0 - all / first * (1.0 - (all - first) * unit * unit);
        first / all * (1.0 + libm::sqrt(inside.max(0.0)))
    }
}

/// Where a rising function of h reaches the level.
fn solve(level: f64, probability: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while probability(high) < level && high < 1e12 {
        (low, high) = (high, 2.0 * high);
    }
    while high - low > 1e-12 * high {
        let middle = (low + high) / 2.0;
        if middle <= low || high <= middle {
            break;
        }
        if probability(middle) < level { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// x and y are (n0 - 1) times the squares of the nodes.
fn rinott(h: f64, options: usize, nodes: &[(f64, f64)]) -> f64 {
    let given = |own: f64| -> f64 {
        let beats = |(other, weight): &(f64, f64)| {
            weight * normal_probability(h * own * other / libm::sqrt(own * own + other * other))
        };
        nodes.iter().map(beats).sum()
    };
    nodes.iter().map(|(own, weight)| weight * libm::pow(given(*own), options as f64 - 1.0)).sum()
}

fn dudewicz_dalal(h: f64, options: usize, degrees: f64, nodes: &[(f64, f64)]) -> f64 {
    nodes.iter().map(|(t, weight)| weight * libm::pow(student_lower(t + h, degrees), options as f64 - 1.0)).sum()
}

/// Nodes and weights (sum 1) of Student's t, evenly spaced in the inverse hyperbolic sine, in which its tails vanish fast.
fn student_nodes(degrees: f64) -> Vec<(f64, f64)> {
    const STEP: f64 = 1.0 / 16.0;
    let weight = |v: f64| {
        let t = libm::sinh(v);
        libm::cosh(v) * libm::exp(-(degrees + 1.0) / 2.0 * libm::log1p(t * t / degrees))
    };
    let side = |sign: f64| {
        let places = (1..).map(move |place| sign * f64::from(place) * STEP);
        places.map(move |v| (libm::sinh(v), weight(v))).take_while(|(_, weight)| *weight > 1e-17)
    };
    let mut nodes: Vec<(f64, f64)> = side(-1.0).chain([(0.0, 1.0)]).chain(side(1.0)).collect();
    let total: f64 = nodes.iter().map(|node| node.1).sum();
    nodes.iter_mut().for_each(|node| node.1 /= total);
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_the_two_stages_make_every_mean_as_uncertain_as_every_other() {
        // Chosen so that S^2 (w^2 / n0 + (1 - w)^2 / (N - n0)) = (delta / h)^2.
        let (h, delta, first) = (2.747, 1.0, 20);
        for sd in [0.1, 2.0, 3.0, 7.5] {
            let all = TwoStage::DudewiczDalal.replicates(h, sd, delta, first);
            let weight = TwoStage::DudewiczDalal.first_weight(h, sd, delta, first, all);
            let rest = 1.0 - weight;
            let variance = sd * sd * (weight * weight / first as f64 + rest * rest / (all - first) as f64);
            assert!((variance - (delta / h) * (delta / h)).abs() < 1e-12, "{sd}: {variance}");
        }
        assert_eq!(TwoStage::DudewiczDalal.replicates(h, 0.0, delta, first), 21);
        assert_eq!(TwoStage::Rinott.replicates(h, 0.0, delta, first), 20);
        assert_eq!(TwoStage::Rinott.first_weight(h, 2.0, delta, 20, 40), 0.5);
    }

    #[test]
    fn what_no_constant_is_for_is_refused() {
        assert_eq!(TwoStage::Rinott.constant(1, 20, 0.9), Err(Refusal::TooFewOptions { given: 1 }));
        assert_eq!(TwoStage::Rinott.constant(2, 2, 0.9), Err(Refusal::TooFewReplicates { given: 2, needed: 3 }));
        assert!(matches!(TwoStage::DudewiczDalal.constant(2, 20, 0.5), Err(Refusal::Setting { .. })));
    }
}
