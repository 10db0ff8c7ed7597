//! Synthetic likelihood: simulated statistics at one setting of the parameters are taken to be normal (Wood 2010).

use super::matrix::{Matrix, cholesky, log_determinant, quadratic};
use super::{Refusal, Weights};

/// How the density is estimated from n simulations of d statistics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SyntheticForm {
    /// The normal density with the mean and covariance (n - 1) of the simulations.
    Plain,
    /// Without bias, whatever n (Ghurye and Olkin 1969; Price and others 2018); n > d + 3.
    Unbiased,
    /// Plain, with correlations shrunk towards 0 (Warton 2008) by a share: 0 leaves them, 1 takes them away. For few simulations.
    Shrunk(f64),
}

/// A synthetic likelihood.
#[derive(Debug, Clone, PartialEq)]
pub struct Synthetic {
    /// The logarithm of the likelihood; minus infinity where the unbiased estimate is 0.
    pub log_likelihood: f64,
    /// Means of the statistics.
    pub mean: Vec<f64>,
    /// Their covariance (n - 1), not shrunk.
    pub covariance: Matrix,
}

/// The logarithm of the likelihood of what was observed, from simulations \[simulation\]\[statistic\].
///
/// # Errors
/// [`Refusal::TooFew`] for fewer simulations than d + 2 (d + 4 for the unbiased form), [`Refusal::Lengths`], [`Refusal::NotFinite`],
/// [`Refusal::Singular`] for statistics that are constant or follow from others, [`Refusal::Setting`] for a share beyond 0 to 1.
pub fn synthetic_likelihood(
    simulated: &[Vec<f64>],
    observed: &[f64],
    form: SyntheticForm,
) -> Result<Synthetic, Refusal> {
    let (count, size) = (simulated.len(), observed.len());
    Refusal::of_count("statistics", size, 1)?;
    Refusal::of_count("simulations", count, size + if form == SyntheticForm::Unbiased { 4 } else { 2 })?;
    Refusal::of_finite("what was observed", observed)?;
    for row in simulated {
        Refusal::of_length("statistics of a simulation", row.len(), size)?;
        Refusal::of_finite("statistics of a simulation", row)?;
    }
    let n = count as f64;
    let mut covariance = Weights::even(count)?.covariance(simulated);
    covariance.iter_mut().flatten().for_each(|entry| *entry *= n / (n - 1.0));
    let mean: Vec<f64> = (0..size).map(|place| simulated.iter().map(|row| row[place]).sum::<f64>() / n).collect();
    let off: Vec<f64> = observed.iter().zip(&mean).map(|(observed, mean)| observed - mean).collect();
    let log_likelihood = match form {
        SyntheticForm::Plain => normal(&covariance, &off)?,
        SyntheticForm::Unbiased => unbiased(&covariance, &off, n)?,
        SyntheticForm::Shrunk(share) => {
            if !(0.0..=1.0).contains(&share) {
                return Err(Refusal::Setting { name: "the shrinkage", value: share, allowed: "between 0 and 1" });
            }
            let entry = |i: usize, j: usize| if i == j { covariance[i][j] } else { (1.0 - share) * covariance[i][j] };
            let shrunk: Matrix = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
            normal(&shrunk, &off)?
        }
    };
    Ok(Synthetic { log_likelihood, mean, covariance })
}

fn factor(covariance: &[Vec<f64>]) -> Result<Matrix, Refusal> {
    cholesky(covariance).ok_or(Refusal::Singular { what: "statistics" })
}

fn normal(covariance: &[Vec<f64>], off: &[f64]) -> Result<f64, Refusal> {
    let lower = factor(covariance)?;
    let constant = off.len() as f64 * libm::log(2.0 * core::f64::consts::PI);
    Ok(-0.5 * (constant + log_determinant(&lower) + quadratic(&lower, off)))
}

/// With M = (n - 1) C and v = off off' / (1 - 1 / n):
/// (2 pi)^(-d/2) c(d, n - 2) / (c(d, n - 1) (1 - 1/n)^(d/2)) abs(M)^(-(n - d - 2)/2) abs(M - v)^((n - d - 3)/2),
/// c(d, k) = 2^(-d k / 2) pi^(-d (d - 1) / 4) / prod over i = 1..d of Gamma((k - i + 1) / 2), and 0 where M - v is not positive definite.
/// abs(M - v) = abs(M) (1 - off' M^-1 off / (1 - 1/n)).
fn unbiased(covariance: &[Vec<f64>], off: &[f64], n: f64) -> Result<f64, Refusal> {
    let lower = factor(covariance)?;
    let d = off.len() as f64;
    let left = 1.0 - quadratic(&lower, off) / ((n - 1.0) * (1.0 - 1.0 / n));
    if left <= 0.0 {
        return Ok(f64::NEG_INFINITY);
    }
    let gammas: f64 = (1..=off.len())
        .map(|i| libm::lgamma((n - 1.0 - i as f64 + 1.0) / 2.0) - libm::lgamma((n - 2.0 - i as f64 + 1.0) / 2.0))
        .sum();
    let constants = d / 2.0 * libm::log(2.0) + gammas;
    let log_m = log_determinant(&lower) + d * libm::log(n - 1.0);
    Ok(-d / 2.0 * libm::log(2.0 * core::f64::consts::PI) + constants - d / 2.0 * libm::log1p(-1.0 / n) - 0.5 * log_m
        + (n - d - 3.0) / 2.0 * libm::log(left))
}
