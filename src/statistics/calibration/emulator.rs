//! Gaussian-process regression that knows of replicates (stochastic kriging: Ankenman, Nelson and Staum 2010).
//!
//! Outcomes are means over replicates at distinct points; the noise of each is its variance over its number of replicates and need not be
//! the same. With K the covariance of the process at the points plus the noise on its diagonal:
//!
//! mean(x) = k(x)' K^-1 y,  variance(x) = k(x, x) - k(x)' K^-1 k(x)  (of the process, without noise);
//! leave-one-out mean_i = y_i - (K^-1 y)_i / (K^-1)_ii,  variance_i = 1 / (K^-1)_ii
//!
//! (Rasmussen and Williams 2006, 5.10 to 5.12).

use super::Refusal;
use super::matrix::{Matrix, backward, cholesky, forward, log_determinant, solve};

/// How smooth the process is. r is the distance in units of lengthscales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Smoothness {
    /// exp(-r^2 / 2): smooth.
    Gaussian,
    /// (1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r): twice differentiable.
    Matern52,
    /// (1 + sqrt(3) r) exp(-sqrt(3) r): once differentiable.
    Matern32,
}

/// The covariance of a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariance {
    /// Its smoothness.
    pub smoothness: Smoothness,
    /// Its variance, above 0.
    pub variance: f64,
    /// One per parameter, above 0.
    pub lengthscales: Vec<f64>,
}

impl Covariance {
    fn between(&self, one: &[f64], other: &[f64]) -> f64 {
        let parts = one.iter().zip(other).zip(&self.lengthscales);
        let square: f64 = parts.map(|((a, b), length)| (a - b) * (a - b) / (length * length)).sum();
        self.variance
            * match self.smoothness {
                Smoothness::Gaussian => libm::exp(-0.5 * square),
                Smoothness::Matern52 => {
                    let r = libm::sqrt(5.0 * square);
                    (1.0 + r + r * r / 3.0) * libm::exp(-r)
                }
                Smoothness::Matern32 => {
                    let r = libm::sqrt(3.0 * square);
                    (1.0 + r) * libm::exp(-r)
                }
            }
    }
}

/// What is emulated.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// \[point\]\[parameter\].
    pub points: &'a [Vec<f64>],
    /// One per point: means over replicates.
    pub means: &'a [f64],
    /// One per point, not below 0: variance over replicates / their number.
    pub noise: &'a [f64],
}

/// A process fitted to outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Emulator {
    points: Vec<Vec<f64>>,
    centred: Vec<f64>,
    centre: f64,
    covariance: Covariance,
    lower: Matrix,
    solved: Vec<f64>,
}

/// What an emulator says of a point that it was not told of.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Per point, the mean when it is left out.
    pub means: Vec<f64>,
    /// Per point, the variance of its outcome when it is left out, noise included.
    pub variances: Vec<f64>,
    /// (outcome - mean) / standard deviation: about standard normal if the emulator can be trusted.
    pub standardised: Vec<f64>,
    /// The sum of logarithms of predictive densities.
    pub log_density: f64,
}

impl Emulator {
    /// A process of a known covariance around `centre`.
    ///
    /// # Errors
    /// [`Refusal::TooFew`] without a point, [`Refusal::Lengths`] for tables that do not fit, [`Refusal::NotFinite`],
    /// [`Refusal::Setting`] for a variance or lengthscale not above 0 or a noise below 0, [`Refusal::Singular`] for two points in one
    /// place without noise.
    pub fn new(observed: Observed<'_>, centre: f64, covariance: Covariance) -> Result<Self, Refusal> {
        check(observed, covariance.lengthscales.len())?;
        Refusal::of_positive("the variance of a process", covariance.variance)?;
        for length in &covariance.lengthscales {
            Refusal::of_positive("a lengthscale", *length)?;
        }
        let Observed { points, means, noise } = observed;
        let entry =
            |i: usize, j: usize| covariance.between(&points[i], &points[j]) + if i == j { noise[i] } else { 0.0 };
        let matrix: Matrix = (0..points.len()).map(|i| (0..points.len()).map(|j| entry(i, j)).collect()).collect();
        let lower = cholesky(&matrix).ok_or(Refusal::Singular { what: "points" })?;
        let centred: Vec<f64> = means.iter().map(|mean| mean - centre).collect();
        let solved = solve(&lower, &centred);
        Ok(Self { points: points.to_vec(), centred, centre, covariance, lower, solved })
    }

    /// A process whose centre is the mean of the outcomes and whose covariance has the largest marginal likelihood found by a search that
    /// always goes the same way: from three starts, each logarithm in turn up and down by a step that is halved when nothing is gained.
    /// Lengthscales are kept between 1/100 and 10 of the range of their parameter.
    ///
    /// # Errors
    /// As [`Emulator::new`]; [`Refusal::TooFew`] for fewer than three points, [`Refusal::Singular`] for outcomes or a parameter that do not
    /// vary.
    pub fn fitted(observed: Observed<'_>, smoothness: Smoothness) -> Result<Self, Refusal> {
        let Observed { points, means, .. } = observed;
        Refusal::of_count("points", points.len(), 3)?;
        check(observed, points[0].len())?;
        let spread: crate::statistics::Moments = means.iter().copied().collect();
        let ranges: Vec<f64> = (0..points[0].len())
            .map(|place| {
                let column = || points.iter().map(move |point| point[place]);
                column().fold(f64::NEG_INFINITY, f64::max) - column().fold(f64::INFINITY, f64::min)
            })
            .collect();
        if spread.variance() <= 0.0 || ranges.iter().any(|range| *range <= 0.0) {
            return Err(Refusal::Singular { what: "outcomes or parameters" });
        }
        let covariance = |logs: &[f64]| Covariance {
            smoothness,
            variance: spread.variance() * libm::exp(logs[0]),
            lengthscales: ranges.iter().zip(&logs[1..]).map(|(range, log)| range * libm::exp(*log)).collect(),
        };
        let likelihood = |logs: &[f64]| {
            let lengths = libm::log(0.01)..=libm::log(10.0);
            if !(-9.0..=9.0).contains(&logs[0]) || logs[1..].iter().any(|log| !lengths.contains(log)) {
                return f64::NEG_INFINITY;
            }
            let fitted = Self::new(observed, spread.mean(), covariance(logs));
            fitted.map_or(f64::NEG_INFINITY, |own| own.log_likelihood())
        };
        let mut best: Option<(f64, Vec<f64>)> = None;
        for start in [0.2, 0.5, 1.5] {
            let mut logs = vec![libm::log(start); ranges.len() + 1];
            logs[0] = 0.0;
            let found = climbed(logs, likelihood);
            if best.as_ref().is_none_or(|(most, _)| found.0 > *most) {
                best = Some(found);
            }
        }
        let (_, logs) = best.ok_or(Refusal::Singular { what: "points" })?;
        Self::new(observed, spread.mean(), covariance(&logs))
    }

    /// Its covariance.
    pub fn covariance(&self) -> &Covariance {
        &self.covariance
    }

    /// Mean and variance of the process (without noise) at a point.
    ///
    /// # Errors
    /// [`Refusal::Lengths`] for a point of other parameters.
    pub fn at(&self, point: &[f64]) -> Result<super::Expected, Refusal> {
        Refusal::of_length("coordinates of a point", point.len(), self.covariance.lengthscales.len())?;
        let shared: Vec<f64> = self.points.iter().map(|own| self.covariance.between(own, point)).collect();
        let mean = self.centre + shared.iter().zip(&self.solved).map(|(k, own)| k * own).sum::<f64>();
        let known: f64 = forward(&self.lower, &shared).iter().map(|value| value * value).sum();
        Ok(super::Expected { mean, variance: (self.covariance.variance - known).max(0.0) })
    }

    /// The logarithm of the marginal likelihood.
    pub fn log_likelihood(&self) -> f64 {
        let fit: f64 = self.centred.iter().zip(&self.solved).map(|(value, own)| value * own).sum();
        let constant = self.centred.len() as f64 * libm::log(2.0 * core::f64::consts::PI);
        -0.5 * (fit + log_determinant(&self.lower) + constant)
    }

    /// Each point seen from all others.
    pub fn left_out(&self) -> LeftOut {
        let size = self.centred.len();
        let mut own = LeftOut { means: Vec::new(), variances: Vec::new(), standardised: Vec::new(), log_density: 0.0 };
        for (place, value) in self.centred.iter().enumerate() {
            let unit: Vec<f64> = (0..size).map(|other| f64::from(u8::from(other == place))).collect();
            let variance = 1.0 / backward(&self.lower, &forward(&self.lower, &unit))[place];
            let off = self.solved[place] * variance;
            own.means.push(self.centre + value - off);
            own.variances.push(variance);
            own.standardised.push(off / libm::sqrt(variance));
            own.log_density -= 0.5 * (libm::log(2.0 * core::f64::consts::PI * variance) + off * off / variance);
        }
        own
    }
}

fn check(observed: Observed<'_>, parameters: usize) -> Result<(), Refusal> {
    let Observed { points, means, noise } = observed;
    Refusal::of_count("points", points.len(), 1)?;
    Refusal::of_count("parameters", parameters, 1)?;
    Refusal::of_length("outcomes", means.len(), points.len())?;
    Refusal::of_length("noises", noise.len(), points.len())?;
    Refusal::of_finite("outcomes", means)?;
    Refusal::of_finite("noises", noise)?;
    if let Some(noise) = noise.iter().find(|noise| **noise < 0.0) {
        return Err(Refusal::Setting { name: "the noise of a point", value: *noise, allowed: "0 or more" });
    }
    for point in points {
        Refusal::of_length("coordinates of a point", point.len(), parameters)?;
        Refusal::of_finite("coordinates of a point", point)?;
    }
    Ok(())
}

/// The top reached from a start, and where it is.
fn climbed(mut place: Vec<f64>, height: impl Fn(&[f64]) -> f64) -> (f64, Vec<f64>) {
    let mut top = height(&place);
    let mut step = 1.0;
    while step > 1e-3 {
        let mut gained = false;
        for axis in 0..place.len() {
            for by in [step, -step] {
                let mut moved = place.clone();
                moved[axis] += by;
                let reached = height(&moved);
                if reached > top {
                    top = reached;
                    place = moved;
                    gained = true;
                    break;
                }
            }
        }
        if !gained {
            step /= 2.0;
        }
    }
    (top, place)
}
