//! History matching: which settings of the parameters cannot have produced the figures (Vernon, Goldstein and Bower 2010).
//!
//! I = abs(z - E) / sqrt(Var_emulator + Var_ensemble / r + Var_discrepancy + Var_observation). By Pukelsheim's three-sigma rule a setting
//! with I above 3 is implausible whatever the distribution, as long as it has one mode. What is left is a region, not a best fit; it may
//! be empty, which says that the model cannot do it.

use super::matrix::{cholesky, quadratic};
use super::{Refusal, Target, chi_square_quantile};

/// The usual cut.
pub const CUT: f64 = 3.0;

/// What a simulator or emulator expects at a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The expectation.
    pub mean: f64,
    /// How uncertain it is, as a variance: of the emulator and of the mean over replicates (their variance over their number) together.
    pub variance: f64,
}

impl Expected {
    /// From replicates alone; `None` with fewer than two that are not missing.
    pub fn of_replicates(outcomes: &[f64]) -> Option<Self> {
        let moments: crate::statistics::Moments = outcomes.iter().copied().collect();
        let error = moments.standard_error();
        (moments.n >= 2).then(|| Self { mean: moments.mean(), variance: error * error })
    }
}

/// The implausibility of an expectation; missing for a missing one.
pub fn implausibility(target: &Target, expected: Expected) -> f64 {
    libm::sqrt(target.squared(expected.mean, expected.variance))
}

/// Implausibilities of several figures together.
#[derive(Debug, Clone, PartialEq)]
pub struct Implausibility {
    /// One per target.
    pub each: Vec<f64>,
    /// The largest.
    pub largest: f64,
    /// The second largest, which one bad emulator cannot spoil; the largest with one target.
    pub second: f64,
}

/// Implausibilities, one per target. A missing one makes the largest and second largest missing.
///
/// # Errors
/// [`Refusal::Lengths`] when there is not one expectation for each target, [`Refusal::TooFew`] without a target.
pub fn implausibilities(targets: &[Target], expected: &[Expected]) -> Result<Implausibility, Refusal> {
    Refusal::of_count("targets", targets.len(), 1)?;
    Refusal::of_length("expectations", expected.len(), targets.len())?;
    let each: Vec<f64> = targets.iter().zip(expected).map(|(target, own)| implausibility(target, *own)).collect();
    if each.iter().any(|value| value.is_nan()) {
        return Ok(Implausibility { each, largest: f64::NAN, second: f64::NAN });
    }
    let mut sorted = each.clone();
    sorted.sort_by(|one, other| other.total_cmp(one));
    Ok(Implausibility { largest: sorted[0], second: *sorted.get(1).unwrap_or(&sorted[0]), each })
}

/// The implausibility of several figures that go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointImplausibility {
    /// (z - E)' C^-1 (z - E).
    pub squared: f64,
    /// The chi-square quantile with as many degrees of freedom as figures.
    pub cut: f64,
}

impl JointImplausibility {
    /// Whether the setting can be left out.
    pub fn implausible(self) -> bool {
        self.squared > self.cut
    }
}

/// The Mahalanobis distance of figures from expectations, with the covariance of everything that is uncertain, against the chi-square
/// quantile at a level between 0 and 1.
///
/// # Errors
/// [`Refusal::Lengths`], [`Refusal::Singular`], [`Refusal::Setting`] for the level, [`Refusal::NotFinite`].
pub fn joint_implausibility(off: &[f64], covariance: &[Vec<f64>], level: f64) -> Result<JointImplausibility, Refusal> {
    Refusal::of_share("the level", level)?;
    Refusal::of_count("targets", off.len(), 1)?;
    Refusal::of_finite("differences from targets", off)?;
    Refusal::of_length("rows of the covariance", covariance.len(), off.len())?;
    for row in covariance {
        Refusal::of_length("entries of a row of the covariance", row.len(), off.len())?;
    }
    let lower = cholesky(covariance).ok_or(Refusal::Singular { what: "targets" })?;
    Ok(JointImplausibility { squared: quadratic(&lower, off), cut: chi_square_quantile(off.len() as f64, level) })
}

/// The share of settings that are not implausible: those whose number is not missing and not above the cut, among those that have one;
/// missing if none has.
pub fn non_implausible(implausibilities: &[f64], cut: f64) -> f64 {
    let known = implausibilities.iter().filter(|value| !value.is_nan()).count();
    let left = implausibilities.iter().filter(|value| **value <= cut).count();
    if known == 0 { f64::NAN } else { left as f64 / known as f64 }
}
