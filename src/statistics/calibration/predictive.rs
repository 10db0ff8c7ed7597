//! Posterior predictive checks: does what was observed look like what the calibrated model would have us observe?
//!
//! Predictive draws are simulated values with the error of the figure laid on ([`super::Target::draw`]), weighted as their particles.

use super::{Refusal, Weights};
use crate::statistics::Interval;

/// Where a figure lies among its predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Inside the central 50 %.
    InsideHalf,
    /// Inside the central 90 %.
    InsideNinety,
    /// Outside the central 90 %.
    Outside,
}

impl Agreement {
    /// The verdict of a rank from 0 to 1.
    pub fn of(rank: f64) -> Self {
        let off = (rank - 0.5).abs();
        if off <= 0.25 {
            Self::InsideHalf
        } else if off <= 0.45 {
            Self::InsideNinety
        } else {
            Self::Outside
        }
    }
}

/// A figure among its predictions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictiveCheck {
    /// The weight of draws below the figure and half of that of draws equal to it: 0 to 1.
    pub rank: f64,
    /// The continuous ranked probability score, E abs(X - t) - E abs(X - X') / 2, in units of the figure: smaller is better.
    pub score: f64,
    /// The mean of the draws.
    pub mean: f64,
    /// Their median.
    pub median: f64,
    /// Their central 50 %.
    pub half: Interval,
    /// Their central 90 %.
    pub ninety: Interval,
    /// The verdict of the rank.
    pub agreement: Agreement,
}

/// Compares a figure with predictive draws.
///
/// # Errors
/// [`Refusal::Lengths`] when there is not one draw for each weight, [`Refusal::NotFinite`].
pub fn predictive_check(observed: f64, draws: &[f64], weights: &Weights) -> Result<PredictiveCheck, Refusal> {
    Refusal::of_length("draws", draws.len(), weights.len())?;
    Refusal::of_finite("draws", draws)?;
    Refusal::of_finite("what was observed", &[observed])?;
    let of = |draw: &f64| if *draw < observed { 1.0 } else { 0.5 * f64::from(u8::from(*draw == observed)) };
    let rank: f64 = draws.iter().zip(weights.values()).map(|(draw, weight)| weight * of(draw)).sum();
    Ok(PredictiveCheck {
        rank,
        score: score(observed, draws, weights),
        mean: weights.mean(draws),
        median: weights.quantile(draws, 0.5),
        half: weights.interval(draws, 0.5),
        ninety: weights.interval(draws, 0.9),
        agreement: Agreement::of(rank),
    })
}

/// E abs(X - X') = 2 sum over gaps of neighbours of gap x weight below x weight above.
fn score(observed: f64, draws: &[f64], weights: &Weights) -> f64 {
    let off: Vec<f64> = draws.iter().map(|draw| (draw - observed).abs()).collect();
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|one, other| draws[*one].total_cmp(&draws[*other]));
    let mut below = 0.0;
    let mut apart = 0.0;
    for pair in order.windows(2) {
        below += weights.values()[pair[0]];
        apart += (draws[pair[1]] - draws[pair[0]]) * below * (1.0 - below);
    }
    weights.mean(&off) - apart
}

/// The share of figures inside their band: of a series in time, or of figures that were held out. Pairs with a missing number are left
/// out; missing if none is left.
///
/// # Errors
/// [`Refusal::Lengths`] when there is not one band for each figure.
pub fn coverage(observed: &[f64], bands: &[Interval]) -> Result<f64, Refusal> {
    Refusal::of_length("bands", bands.len(), observed.len())?;
    let known = || {
        observed.iter().zip(bands).filter(|(value, band)| !(value.is_nan() || band.low.is_nan() || band.high.is_nan()))
    };
    let inside = known().filter(|(value, band)| band.low <= **value && **value <= band.high).count();
    Ok(if known().count() == 0 { f64::NAN } else { inside as f64 / known().count() as f64 })
}

/// The share of the posterior in which a conclusion holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    /// The weighted share.
    pub share: f64,
    /// Its interval (Wilson's, with the effective sample size for the number of draws).
    pub interval: Interval,
    /// The effective sample size.
    pub effective: f64,
}

/// The share of the posterior in which a conclusion holds: per draw 1 where it does, 0 where it does not, or the share of replicates in
/// which it does. How sure the mean difference is, [`crate::statistics::nested`] says.
///
/// # Errors
/// [`Refusal::Lengths`], [`Refusal::Setting`] for a share beyond 0 to 1 or a level not between them.
pub fn holding(holds: &[f64], weights: &Weights, level: f64) -> Result<Holding, Refusal> {
    Refusal::of_share("the level", level)?;
    Refusal::of_length("draws", holds.len(), weights.len())?;
    if let Some(value) = holds.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        return Err(Refusal::Setting { name: "how far a conclusion holds", value: *value, allowed: "between 0 and 1" });
    }
    let share = weights.mean(holds).clamp(0.0, 1.0);
    let effective = weights.effective();
    let z = crate::random::normal_quantile(0.5 + level / 2.0);
    let square = z * z / effective;
    let middle = (share + square / 2.0) / (1.0 + square);
    let half = libm::sqrt(square * (share * (1.0 - share) + square / 4.0)) / (1.0 + square);
    let interval = Interval { low: (middle - half).max(0.0), high: (middle + half).min(1.0) };
    Ok(Holding { share, interval, effective })
}
