//! What the figures say of the parameters, and what they do not.
//!
//! Contraction is 1 - Var(posterior) / Var(prior): 1 for what is known, 0 for what was not learned; below 0 where the posterior is wider.
//! Three figures inform three combinations of parameters at most, so it is looked at for parameters, for the directions in which the
//! posterior is narrow or wide, and for pairs: of a ridge a b = c each factor is hardly learned, and the product is known. With an
//! effective size n the standard error of a contraction is about (1 - contraction) sqrt(2 / n) when the posterior is near normal.

use super::matrix::{Matrix, eigen};
use super::{Refusal, Weights};

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Combination {
    /// A parameter.
    Parameter(usize),
    /// The sum over parameters of these entries times value / prior standard deviation; the entries' squares sum to 1.
    Direction(Vec<f64>),
    /// log a + log b: the product of two parameters above 0.
    Product(usize, usize),
    /// log a - log b: the ratio of two parameters above 0.
    Ratio(usize, usize),
    /// a + b, each over its prior standard deviation.
    Sum(usize, usize),
    /// a - b, each over its prior standard deviation.
    Difference(usize, usize),
}

/// How much was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learned {
    /// Contraction below 0.1, or no more than its standard error explains: not informed by the figures.
    NotInformed,
    /// Below 0.5.
    Weakly,
    /// 0.5 or more.
    Informed,
}

impl Learned {
    /// The verdict of a contraction with a standard error.
    pub fn of(contraction: f64, error: f64) -> Self {
        let beyond_chance = contraction > 1.96 * error;
        if beyond_chance && contraction >= 0.5 {
            Self::Informed
        } else if beyond_chance && contraction >= 0.1 {
            Self::Weakly
        } else {
            Self::NotInformed
        }
    }
}

/// What was learned of a combination.
#[derive(Debug, Clone, PartialEq)]
pub struct Contraction {
    /// Of what.
    pub combination: Combination,
    /// Its prior standard deviation.
    pub prior_sd: f64,
    /// Its posterior standard deviation.
    pub posterior_sd: f64,
    /// 1 - Var(posterior) / Var(prior).
    pub contraction: f64,
    /// Its approximate standard error, from effective sizes of both samples.
    pub standard_error: f64,
    /// The verdict.
    pub learned: Learned,
}

/// A weighted sample of parameters in their own units, \[draw\]\[parameter\].
#[derive(Debug, Clone, Copy)]
pub struct Draws<'a> {
    /// The draws.
    pub values: &'a [Vec<f64>],
    /// One weight each.
    pub weights: &'a Weights,
}

/// What was learned of all parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Identifiability {
    /// One per parameter.
    pub parameters: Vec<Contraction>,
    /// As many directions as parameters, from the narrowest posterior to the widest.
    pub directions: Vec<Contraction>,
    /// Products and ratios (sums and differences where a value is not above 0) of all pairs: (0, 1), (0, 2), ..., two each.
    pub pairs: Vec<Contraction>,
    /// Posterior correlations.
    pub correlations: Matrix,
}

/// What was learned. The prior is a sample as well: even points of the cube turned into values of the laws. Categories have no
/// variance worth the name: leave them out.
///
/// # Errors
/// [`Refusal::TooFew`] without parameters or with fewer than two draws, [`Refusal::Lengths`], [`Refusal::NotFinite`],
/// [`Refusal::Singular`] for a parameter that does not vary in the prior.
pub fn identifiability(posterior: Draws<'_>, prior: Draws<'_>) -> Result<Identifiability, Refusal> {
    let size = posterior.values.first().map_or(0, Vec::len);
    Refusal::of_count("parameters", size, 1)?;
    for draws in [posterior, prior] {
        Refusal::of_count("draws", draws.values.len(), 2)?;
        Refusal::of_length("draws", draws.values.len(), draws.weights.len())?;
        for row in draws.values {
            Refusal::of_length("parameters of a draw", row.len(), size)?;
            Refusal::of_finite("parameters of a draw", row)?;
        }
    }
    let prior_covariance = prior.weights.covariance(prior.values);
    let sds: Vec<f64> = (0..size).map(|place| libm::sqrt(prior_covariance[place][place])).collect();
    // What is constant has a variance of rounding.
    let largest = |place: usize| prior.values.iter().fold(0.0_f64, |most, row| most.max(row[place].abs()));
    if sds.iter().enumerate().any(|(place, sd)| *sd <= 1e-10 * largest(place)) {
        return Err(Refusal::Singular { what: "parameters" });
    }
    let of = |combination| contraction(combination, posterior, prior, &sds);
    let covariance = posterior.weights.covariance(posterior.values);
    let scaled: Matrix = (0..size).map(|i| (0..size).map(|j| covariance[i][j] / (sds[i] * sds[j])).collect()).collect();
    let (_, vectors) = eigen(&scaled);
    let positive = |place: usize| posterior.values.iter().chain(prior.values).all(|row| row[place] > 0.0);
    let mut pairs = Vec::new();
    for one in 0..size {
        for other in one + 1..size {
            let both = if positive(one) && positive(other) {
                [Combination::Product(one, other), Combination::Ratio(one, other)]
            } else {
                [Combination::Sum(one, other), Combination::Difference(one, other)]
            };
            pairs.extend(both.into_iter().map(of));
        }
    }
    Ok(Identifiability {
        parameters: (0..size).map(|place| of(Combination::Parameter(place))).collect(),
        directions: vectors.into_iter().map(|vector| of(Combination::Direction(vector))).collect(),
        pairs,
        correlations: correlations(&covariance),
    })
}

/// Correlations of a covariance; missing for what does not vary, and 1 on the diagonal.
pub fn correlations(covariance: &[Vec<f64>]) -> Matrix {
    let entry = |i: usize, j: usize| {
        let scale = libm::sqrt(covariance[i][i] * covariance[j][j]);
        match () {
            () if i == j => 1.0,
            () if scale > 0.0 => covariance[i][j] / scale,
            () => f64::NAN,
        }
    };
    (0..covariance.len()).map(|i| (0..covariance.len()).map(|j| entry(i, j)).collect()).collect()
}

fn contraction(combination: Combination, posterior: Draws<'_>, prior: Draws<'_>, sds: &[f64]) -> Contraction {
    let value = |row: &[f64]| match &combination {
        Combination::Parameter(place) => row[*place],
        Combination::Direction(entries) => {
            entries.iter().zip(row).zip(sds).map(|((entry, value), sd)| entry * value / sd).sum()
        }
        Combination::Product(a, b) => libm::log(row[*a]) + libm::log(row[*b]),
        Combination::Ratio(a, b) => libm::log(row[*a]) - libm::log(row[*b]),
        Combination::Sum(a, b) => row[*a] / sds[*a] + row[*b] / sds[*b],
        Combination::Difference(a, b) => row[*a] / sds[*a] - row[*b] / sds[*b],
    };
    let variance =
        |draws: Draws<'_>| draws.weights.variance(&draws.values.iter().map(|row| value(row)).collect::<Vec<f64>>());
    let (before, after) = (variance(prior), variance(posterior));
    let share = after / before;
    let relative = libm::sqrt(2.0 / posterior.weights.effective() + 2.0 / prior.weights.effective());
    let standard_error = share * relative;
    Contraction {
        prior_sd: libm::sqrt(before),
        posterior_sd: libm::sqrt(after),
        contraction: 1.0 - share,
        standard_error,
        learned: Learned::of(1.0 - share, standard_error),
        combination,
    }
}

/// Fisher information of parameters about figures with independent errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Information {
    /// J' V^-1 J, \[parameter\]\[parameter\].
    pub matrix: Matrix,
    /// Its eigenvalues from the smallest up; those of directions that are not identified are 0 but for rounding.
    pub eigenvalues: Vec<f64>,
    /// How many directions are identified.
    pub rank: usize,
    /// The directions that are not, of length 1.
    pub null: Vec<Vec<f64>>,
}

/// Fisher information from the derivatives of expected figures in the parameters, \[figure\]\[parameter\], and variances of the figures
/// above 0. For logarithms of parameters multiply each derivative by its parameter. An eigenvalue below 10^-9 of the largest is none.
///
/// # Errors
/// [`Refusal::Lengths`], [`Refusal::NotFinite`], [`Refusal::TooFew`] without figures or parameters, [`Refusal::Setting`] for a variance.
pub fn information(derivatives: &[Vec<f64>], variances: &[f64]) -> Result<Information, Refusal> {
    let size = derivatives.first().map_or(0, Vec::len);
    Refusal::of_count("parameters", size, 1)?;
    Refusal::of_length("variances of figures", variances.len(), derivatives.len())?;
    for (row, variance) in derivatives.iter().zip(variances) {
        Refusal::of_length("derivatives of a figure", row.len(), size)?;
        Refusal::of_finite("derivatives of a figure", row)?;
        Refusal::of_positive("the variance of a figure", *variance)?;
    }
    let entry = |i: usize, j: usize| -> f64 {
        derivatives.iter().zip(variances).map(|(row, variance)| row[i] * row[j] / variance).sum()
    };
    let matrix: Matrix = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
    let (eigenvalues, vectors) = eigen(&matrix);
    let least = 1e-9 * eigenvalues[size - 1].max(0.0);
    let rank = eigenvalues.iter().filter(|value| **value > least).count();
    Ok(Information { null: vectors[..size - rank].to_vec(), rank, matrix, eigenvalues })
}
