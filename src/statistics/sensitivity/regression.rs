//! Regression on the factors: standardised coefficients (SRC) and partial rank correlations (PRCC), each with its R2.
//!
//! SRC are the coefficients of a linear regression in which the outcome and all factors have standard deviation 1 (Saltelli and
//! others 2008, section 1.2.5). For independent factors their squares add up to R2, the share of the variance that a linear model
//! explains: where that is low, they say little. PRCC (Iman and Helton 1988) are correlations of ranks between factor and outcome once
//! the straight-line part of all other factors is taken from both; with C the correlation matrix of ranks of factors and outcome
//! and P its inverse, PRCC_i = -P_iy / sqrt(P_ii P_yy). They fit what rises or falls throughout; R2 of the ranks says whether it does.
//!
//! Intervals: Student's for SRC (error of least squares, n - k - 1 degrees of freedom, not counting that standard deviations are
//! estimated), Fisher's z with n - k - 2 for PRCC. Both suppose points that know nothing of each other.

use super::sample::ranks;
use super::{Estimate, Refusal, Sample};
use crate::random::normal_quantile;
use crate::statistics::{Interval, Moments, student_quantile, student_two_sided};

/// The coefficient of a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The coefficient and its interval.
    pub estimate: Estimate,
    /// The two-sided probability of one as large if the factor did nothing.
    pub probability: f64,
}

/// A regression on all factors.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// Per factor.
    pub coefficients: Vec<Coefficient>,
    /// The share of the variance (of ranks) that the regression explains.
    pub r_squared: f64,
}

/// Standardised regression coefficients.
///
/// # Errors
/// For fewer rows than three more than factors, an outcome or factor that is the same everywhere, and factors that follow from
/// others.
pub fn standardised_coefficients(sample: &Sample, level: f64) -> Result<Regression, Refusal> {
    let columns: Vec<&[f64]> = sample.factors().iter().map(Vec::as_slice).chain([sample.outcomes()]).collect();
    let (inverse, degrees) = inverted(sample, &columns, level)?;
    let y = sample.factors().len();
    // P_yy is 1 / (1 - R2); a coefficient is -P_iy / P_yy, and (C_xx^-1)_ii = P_ii - P_iy^2 / P_yy.
    let unexplained = 1.0 / inverse[y][y];
    let critical = student_quantile(0.5 + level / 2.0, degrees);
    let coefficients = (0..y).map(|i| {
        let value = -inverse[i][y] * unexplained;
        let own = inverse[i][i] - inverse[i][y] * inverse[i][y] * unexplained;
        let error = libm::sqrt(unexplained * own / degrees);
        let estimate = Estimate { value, interval: Interval::around(value, critical * error) };
        Coefficient { estimate, probability: student_two_sided(value / error, degrees) }
    });
    Ok(Regression { coefficients: coefficients.collect(), r_squared: 1.0 - unexplained })
}

/// Partial rank correlation coefficients.
///
/// # Errors
/// As [`standardised_coefficients`].
pub fn partial_rank_correlations(sample: &Sample, level: f64) -> Result<Regression, Refusal> {
    let ranked: Vec<Vec<f64>> = sample.factors().iter().map(|column| ranks(column)).collect();
    let outcome = ranks(sample.outcomes());
    let columns: Vec<&[f64]> = ranked.iter().map(Vec::as_slice).chain([outcome.as_slice()]).collect();
    let (inverse, degrees) = inverted(sample, &columns, level)?;
    let y = ranked.len();
    let reach = normal_quantile(0.5 + level / 2.0) / libm::sqrt((degrees - 1.0).max(1.0));
    let coefficients = (0..y).map(|i| {
        let value = -inverse[i][y] / libm::sqrt(inverse[i][i] * inverse[y][y]);
        let z = libm::atanh(value);
        let interval = Interval { low: libm::tanh(z - reach), high: libm::tanh(z + reach) };
        let t = value * libm::sqrt(degrees / (1.0 - value * value).max(0.0));
        Coefficient { estimate: Estimate { value, interval }, probability: student_two_sided(t, degrees) }
    });
    Ok(Regression { coefficients: coefficients.collect(), r_squared: 1.0 - 1.0 / inverse[y][y] })
}

/// The inverse of the correlation matrix of factors and outcome (which stands last), and the degrees of freedom left.
fn inverted(sample: &Sample, columns: &[&[f64]], level: f64) -> Result<(Vec<Vec<f64>>, f64), Refusal> {
    Refusal::of_level(level)?;
    let factors = sample.factors().len();
    sample.at_least(factors + 3)?;
    sample.varied()?;
    let scaled: Vec<Vec<f64>> = columns.iter().map(|column| standardised(column)).collect();
    let product = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
    let matrix: Vec<Vec<f64>> =
        scaled.iter().map(|one| scaled.iter().map(|other| product(one, other)).collect()).collect();
    Ok((inverse(matrix)?, (sample.rows() - factors - 1) as f64))
}

/// Numbers with mean 0 and sum of squares 1.
fn standardised(column: &[f64]) -> Vec<f64> {
    let moments: Moments = column.iter().copied().collect();
    let scale = libm::sqrt(moments.variance() * (moments.n - 1) as f64);
    column.iter().map(|value| (value - moments.mean()) / scale).collect()
}

/// The inverse of a correlation matrix, by its factor L of Cholesky: (L L')^-1 = (L^-1)' L^-1. The pivot of a column is the share
/// of its variance that the columns before it leave; an outcome that they explain wholly keeps a rounding's worth.
fn inverse(matrix: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, Refusal> {
    const LEAST: f64 = 1e-10;
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - done;
            lower[i][j] = if i != j {
                rest / lower[j][j]
            } else if i + 1 == size {
                libm::sqrt(rest.max(f64::EPSILON))
            } else if rest < LEAST {
                return Err(Refusal::Determined { factor: i });
            } else {
                libm::sqrt(rest)
            };
        }
    }
    let mut inverted = vec![vec![0.0; size]; size];
    for j in 0..size {
        inverted[j][j] = 1.0 / lower[j][j];
        for i in j + 1..size {
            let done: f64 = (j..i).map(|k| lower[i][k] * inverted[k][j]).sum();
            inverted[i][j] = -done / lower[i][i];
        }
    }
    let entry = |i: usize, j: usize| (i.max(j)..size).map(|k| inverted[k][i] * inverted[k][j]).sum::<f64>();
    Ok((0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn the_inverse_is_one() {
        let matrix = vec![vec![1.0, 0.3, -0.2], vec![0.3, 1.0, 0.5], vec![-0.2, 0.5, 1.0]];
        let got = inverse(matrix.clone()).expect("it is regular");
        for (i, row) in matrix.iter().enumerate() {
            let entries = (0..3).map(|j| row.iter().zip(&got).map(|(own, column)| own * column[j]).sum::<f64>());
            entries.enumerate().for_each(|(j, entry)| close(entry, f64::from(u8::from(i == j)), 1e-14));
        }
    }

    #[test]
    fn one_factor_gives_the_plain_correlation_and_its_square() {
        // A textbook regression: x = 1..5, y = 2, 4, 5, 4, 5: r = 0.774597, t = 2.1213 with 3 degrees of freedom, p = 0.1240.
        let sample = Sample::complete(&[vec![1.0, 2.0, 3.0, 4.0, 5.0]], &[2.0, 4.0, 5.0, 4.0, 5.0]).expect("sound");
        let got = standardised_coefficients(&sample, 0.95).expect("there is enough");
        close(got.r_squared, 0.6, 1e-12);
        close(got.coefficients[0].estimate.value, 0.774_596_669_241_483_4, 1e-12);
        close(got.coefficients[0].probability, 0.124_027, 1e-6);
        // Ranks of y: 1, 2.5, 4.5, 2.5, 4.5; Spearman's correlation is 0.737865.
        let got = partial_rank_correlations(&sample, 0.95).expect("there is enough");
        close(got.coefficients[0].estimate.value, 0.737_864_787_372_621_6, 1e-12);
    }

    #[test]
    fn a_factor_that_follows_from_others_is_named() {
        let one: Vec<f64> = (0..30).map(|row| f64::from(row * 7 % 30)).collect();
        let two: Vec<f64> = (0..30).map(|row| f64::from(row * 11 % 30)).collect();
        let three: Vec<f64> = one.iter().zip(&two).map(|(a, b)| 2.0 * a - b).collect();
        let outcomes: Vec<f64> = (0..30).map(|row| f64::from(row * 13 % 30)).collect();
        let sample = Sample::complete(&[one, two, three], &outcomes).expect("it is sound");
        assert_eq!(standardised_coefficients(&sample, 0.95), Err(Refusal::Determined { factor: 2 }));
    }
}
