//! Regression adjustment (Beaumont, Zhang and Balding 2002; Blum and Francois 2010).
//!
//! Accepted particles have statistics near the observed ones, not equal to them. A local-linear regression of parameters on statistics
//! says by how much a parameter would have differed: theta* = theta - (s - s_obs)' b. Statistics are scaled by their median absolute
//! deviation (without a constant), h is the distance of the n-th nearest, weights are 1 - (d / h)^2 (Epanechnikov) times those of the
//! particles; the n-th weighs nothing. With a scatter that changes, the logarithm of squared residuals is regressed in the same way, and
//! residuals are stretched by the ratio of standard deviations at s_obs and at s.
//!
//! On the logit of coordinates of the unit cube adjusted values stay within the prior. Whole numbers and categories stay as they are.

use super::matrix::{cholesky, solve};
use super::{Axis, Refusal, Weights};
use crate::random::expit;
use crate::statistics::median;

/// On which scale parameters are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As they are, without bounds.
    Plain,
    /// The logit of numbers strictly between 0 and 1.
    Logit,
}

/// Whether the scatter of parameters about the regression changes with the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scatter {
    /// It does not.
    Even,
    /// It does, log-linearly.
    Changing,
}

/// What is adjusted.
#[derive(Debug, Clone, Copy)]
pub struct Adjustment<'a> {
    /// One per parameter; only numbers are adjusted.
    pub axes: &'a [Axis],
    /// \[particle\]\[parameter\].
    pub values: &'a [Vec<f64>],
    /// One per particle.
    pub weights: &'a Weights,
    /// \[particle\]\[statistic\].
    pub statistics: &'a [Vec<f64>],
    /// One per statistic.
    pub observed: &'a [f64],
    /// How many of the nearest are kept; the last weighs nothing.
    pub nearest: usize,
    /// The scale of parameters.
    pub scale: Scale,
    /// Their scatter.
    pub scatter: Scatter,
}

/// An adjusted sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// Which particles were kept, from the first.
    pub kept: Vec<usize>,
    /// \[kept\]\[parameter\].
    pub values: Vec<Vec<f64>>,
    /// One per kept particle.
    pub weights: Weights,
    /// The distance at which weights become 0.
    pub bandwidth: f64,
    /// What each statistic was divided by.
    pub deviations: Vec<f64>,
    /// Per parameter the intercept (the fit at what was observed) and a slope per statistic, on the scale adjusted; empty for a parameter
    /// that is not.
    pub coefficients: Vec<Vec<f64>>,
}

/// Adjusts a sample.
///
/// # Errors
/// [`Refusal::Lengths`] for tables that do not fit, [`Refusal::TooFew`] for fewer kept than three more than statistics or fewer particles
/// than kept, [`Refusal::NotFinite`] for missing numbers, [`Refusal::Singular`] for statistics that are constant or follow from others,
/// [`Refusal::Setting`] for a coordinate that has no logit.
pub fn adjusted(given: &Adjustment<'_>) -> Result<Adjusted, Refusal> {
    check(given)?;
    let statistics = given.observed.len();
    let deviations: Vec<f64> = (0..statistics)
        .map(|place| deviation(&given.statistics.iter().map(|row| row[place]).collect::<Vec<f64>>()))
        .collect::<Result<_, _>>()?;
    let off = |row: &Vec<f64>| -> Vec<f64> {
        (0..statistics).map(|place| (row[place] - given.observed[place]) / deviations[place]).collect()
    };
    let offs: Vec<Vec<f64>> = given.statistics.iter().map(off).collect();
    let distances: Vec<f64> =
        offs.iter().map(|row| libm::sqrt(row.iter().map(|value| value * value).sum::<f64>())).collect();
    let mut sorted = distances.clone();
    sorted.sort_by(f64::total_cmp);
    let bandwidth = sorted[given.nearest - 1];
    let kept: Vec<usize> = (0..distances.len()).filter(|place| distances[*place] <= bandwidth).collect();
    let raw: Vec<f64> = kept
        .iter()
        .map(|place| {
            let share = if bandwidth > 0.0 { distances[*place] / bandwidth } else { 0.0 };
            given.weights.values()[*place] * (1.0 - share * share)
        })
        .collect();
    let weights = Weights::new(&raw)?;
    let near: Vec<&[f64]> = kept.iter().map(|place| offs[*place].as_slice()).collect();
    let fit = Fit::new(&near, weights.values())?;

    let mut values: Vec<Vec<f64>> = kept.iter().map(|place| given.values[*place].clone()).collect();
    let mut coefficients = Vec::new();
    for (parameter, axis) in given.axes.iter().enumerate() {
        if *axis != Axis::Number {
            coefficients.push(Vec::new());
            continue;
        }
        let scaled: Vec<f64> = values.iter().map(|row| onto(given.scale, row[parameter])).collect::<Result<_, _>>()?;
        let own = fit.coefficients(&scaled);
        let moved = fit.adjusted(&scaled, &own, given.scatter);
        for (row, value) in values.iter_mut().zip(moved) {
            row[parameter] = back(given.scale, value);
        }
        // Slopes in units of the statistics.
        let slopes = own[1..].iter().zip(&deviations).map(|(slope, deviation)| slope / deviation);
        coefficients.push([own[0]].into_iter().chain(slopes).collect());
    }
    Ok(Adjusted { kept, values, weights, bandwidth, deviations, coefficients })
}

fn check(given: &Adjustment<'_>) -> Result<(), Refusal> {
    let particles = given.weights.len();
    Refusal::of_length("rows of parameters", given.values.len(), particles)?;
    Refusal::of_length("rows of statistics", given.statistics.len(), particles)?;
    Refusal::of_count("nearest particles", given.nearest, given.observed.len() + 3)?;
    Refusal::of_count("particles", particles, given.nearest)?;
    Refusal::of_finite("what was observed", given.observed)?;
    for (values, statistics) in given.values.iter().zip(given.statistics) {
        Refusal::of_length("parameters of a particle", values.len(), given.axes.len())?;
        Refusal::of_length("statistics of a particle", statistics.len(), given.observed.len())?;
        Refusal::of_finite("parameters of a particle", values)?;
        Refusal::of_finite("statistics of a particle", statistics)?;
    }
    Ok(())
}

/// The median absolute deviation; where more than half are equal, the standard deviation.
fn deviation(column: &[f64]) -> Result<f64, Refusal> {
    let middle = median(column);
    let off: Vec<f64> = column.iter().map(|value| (value - middle).abs()).collect();
    let found = median(&off);
    if found > 0.0 {
        return Ok(found);
    }
    let moments: crate::statistics::Moments = column.iter().copied().collect();
    if moments.sd() > 0.0 { Ok(moments.sd()) } else { Err(Refusal::Singular { what: "statistics" }) }
}

fn onto(scale: Scale, value: f64) -> Result<f64, Refusal> {
    match scale {
        Scale::Plain => Ok(value),
        Scale::Logit => {
            Refusal::of_share("a coordinate", value)?;
            Ok(libm::log(value) - libm::log1p(-value))
        }
    }
}

fn back(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Plain => value,
        Scale::Logit => expit(value).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0),
    }
}

/// Weighted least squares on an intercept and the rows.
struct Fit<'a> {
    rows: &'a [&'a [f64]],
    weights: &'a [f64],
    lower: Vec<Vec<f64>>,
}

impl<'a> Fit<'a> {
    fn new(rows: &'a [&'a [f64]], weights: &'a [f64]) -> Result<Self, Refusal> {
        let size = rows.first().map_or(0, |row| row.len()) + 1;
        let entry = |row: &[f64], place: usize| if place == 0 { 1.0 } else { row[place - 1] };
        let product = |i: usize, j: usize| -> f64 {
            rows.iter().zip(weights).map(|(row, weight)| weight * entry(row, i) * entry(row, j)).sum()
        };
        let normal: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| product(i, j)).collect()).collect();
        let lower = cholesky(&normal).ok_or(Refusal::Singular { what: "statistics" })?;
        Ok(Self { rows, weights, lower })
    }

    fn coefficients(&self, values: &[f64]) -> Vec<f64> {
        let mut right = vec![0.0; self.lower.len()];
        for ((row, weight), value) in self.rows.iter().zip(self.weights).zip(values) {
            right[0] += weight * value;
            for (sum, entry) in right[1..].iter_mut().zip(*row) {
                *sum += weight * entry * value;
            }
        }
        solve(&self.lower, &right)
    }

    /// The slopes' part of the fit at each row.
    fn slopes(&self, coefficients: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| row.iter().zip(&coefficients[1..]).map(|(x, b)| x * b).sum()).collect()
    }

    fn adjusted(&self, values: &[f64], coefficients: &[f64], scatter: Scatter) -> Vec<f64> {
        let slopes = self.slopes(coefficients);
        let residuals: Vec<f64> =
            values.iter().zip(&slopes).map(|(value, slope)| value - slope - coefficients[0]).collect();
        let stretched: Vec<f64> = match scatter {
            Scatter::Even => residuals,
            Scatter::Changing => {
                let logs: Vec<f64> = residuals.iter().map(|r| libm::log((r * r).max(f64::MIN_POSITIVE))).collect();
                let own = self.slopes(&self.coefficients(&logs));
                residuals.iter().zip(own).map(|(residual, slope)| residual * libm::exp(-0.5 * slope)).collect()
            }
        };
        stretched.iter().map(|residual| coefficients[0] + residual).collect()
    }
}
