//! Screening by elementary effects (Morris 1991; Campolongo, Cariboni and Saltelli 2007).
//!
//! The effect of a step is the change of the outcome over it, divided by delta, with the sign of the step: per whole range of the
//! factor, whatever its unit. Over the r trajectories
//!
//! mu = mean(EE),  mu* = mean(|EE|),  sigma = sqrt(sum (EE - mu)^2 / (r - 1)).
//!
//! mu* says how much a factor matters, sigma how much its effect differs from place to place (curvature and interactions), and mu
//! far below mu* that its direction does. In a group of several factors each rises or falls by itself, so only mu* is defined.
//!
//! A factor that does nothing still has effects when outcomes have chance in them: with standard deviation s of an outcome
//! and independent draws, EE is normal with variance 2 s^2 / delta^2, hence mu* = 2 s / (delta sqrt(pi)) and sigma = sqrt(2) s /
//! delta. That is the noise floor.

use super::series::Series;
use super::{Bootstrap, Estimate, Importance, Refusal};
use crate::random::normal_quantile;
use crate::statistics::Moments;
use crate::statistics::design::{Groups, Morris};

/// Fewer trajectories have no spread.
const LEAST_TRAJECTORIES: usize = 2;

/// The elementary effects of a design's complete trajectories.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// Per group, per complete trajectory, in the order of trajectories.
    pub sizes: Vec<Vec<f64>>,
    /// Whether the effects of a group have a sign: it has one factor.
    pub signed: Vec<bool>,
    /// Trajectories without a missing outcome.
    pub complete: usize,
    /// Trajectories left out because an outcome is missing.
    pub failed: usize,
}

/// The elementary effects: one outcome for each point of the design, in order, missing ones as `NaN`. With replicates, the means
/// of points ([`Replicated::means`](super::Replicated)).
///
/// # Errors
/// When the outcomes, or the groups, are not those of the design, and below two complete trajectories.
pub fn elementary_effects(design: &Morris, groups: &Groups, outcomes: &[f64]) -> Result<Effects, Refusal> {
    let trajectories = whole_trajectories(design, groups, outcomes.len(), 1)?;
    let length = groups.count() + 1;
    let whole = |rows: &[f64]| rows.iter().all(|outcome| outcome.is_finite());
    let kept: Vec<bool> = outcomes.chunks_exact(length).map(whole).collect();
    let complete = kept.iter().filter(|kept| **kept).count();
    let failed = trajectories - complete;
    if complete < LEAST_TRAJECTORIES {
        return Err(Refusal::TooFew { what: "trajectories", complete, dropped: failed, needed: LEAST_TRAJECTORIES });
    }
    let alone = |group: usize| groups.of_factors().iter().filter(|own| **own == group).count() == 1;
    let signed: Vec<bool> = (0..groups.count()).map(alone).collect();
    let mut sizes = vec![Vec::with_capacity(complete); groups.count()];
    for step in design.steps.iter().filter(|step| kept[step.row / length]) {
        let change = outcomes[step.row + 1] - outcomes[step.row];
        let moved = design.points.row(step.row).iter().zip(design.points.row(step.row + 1)).map(|(from, to)| to - from);
        let rise: f64 = moved.zip(groups.of_factors()).filter(|(_, of)| **of == step.group).map(|(by, _)| by).sum();
        let falls = signed[step.group] && rise < 0.0;
        sizes[step.group].push(if falls { -change } else { change } / design.delta);
    }
    Ok(Effects { sizes, signed, complete, failed })
}

/// How many trajectories there are, if outcomes and groups fit the design.
fn whole_trajectories(design: &Morris, groups: &Groups, given: usize, replicates: usize) -> Result<usize, Refusal> {
    let length = groups.count() + 1;
    let rows = design.points.rows();
    let fits = groups.factors() == design.points.columns()
        && rows.is_multiple_of(length)
        && design.steps.len() == rows / length * groups.count()
        && design.steps.iter().all(|step| step.group < groups.count() && step.row + 1 < rows)
        && given == rows * replicates;
    if fits {
        Ok(rows / length)
    } else {
        let needed = Some(rows * replicates);
        Err(Refusal::OtherDesign { given, unit: length * replicates, what: "trajectory", needed })
    }
}

/// What screening says of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screened {
    /// Mean effect; missing for a group of several factors.
    pub mu: Estimate,
    /// Mean size of the effect.
    pub mu_star: Estimate,
    /// Standard deviation of the effects (r - 1); missing for a group of several factors.
    pub sigma: Estimate,
}

/// Means and spreads per group, with intervals by bootstrap over trajectories.
///
/// # Errors
/// For a level outside 0 to 1.
pub fn screening(effects: &Effects, bootstrap: &Bootstrap<'_>) -> Result<Vec<Screened>, Refusal> {
    let resamples = bootstrap.drawn(effects.complete)?;
    let r = effects.complete as f64;
    let screened = effects.sizes.iter().zip(&effects.signed).map(|(sizes, signed)| {
        let absolute: Vec<f64> = sizes.iter().map(|size| size.abs()).collect();
        let mu_star = Series::mean(&absolute, &resamples).estimate(bootstrap.level);
        if !signed {
            return Screened { mu: Estimate::MISSING, mu_star, sigma: Estimate::MISSING };
        }
        let mu = Series::mean(sizes, &resamples);
        let centred: Vec<f64> = sizes.iter().map(|size| size - mu.own()).collect();
        let squares = Series::mean_of(&centred, &centred, &resamples, |one, other| one * other);
        let off = mu.map(|mean| mean - mu.own());
        let spread = squares.with(&off, |square, off| libm::sqrt(((square - off * off) * r / (r - 1.0)).max(0.0)));
        Screened { mu: mu.estimate(bootstrap.level), mu_star, sigma: spread.estimate(bootstrap.level) }
    });
    Ok(screened.collect())
}

/// What a factor that does nothing shows for chance alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseFloor {
    /// Its expected mu*: 2 s / (delta sqrt(pi)).
    pub mu_star: f64,
    /// What its mu* stays below with the level of confidence (one-sided, by the normal approximation over trajectories).
    pub mu_star_high: f64,
    /// Its expected sigma: sqrt(2) s / delta.
    pub sigma: f64,
}

/// The noise floor for an outcome of standard deviation `sd` at one point (for the mean of r replicates, s / sqrt(r)), a design's
/// delta, and so many trajectories. |EE| has standard deviation sigma sqrt(1 - 2 / pi).
pub fn noise_floor(sd: f64, delta: f64, trajectories: usize, level: f64) -> NoiseFloor {
    const PI: f64 = core::f64::consts::PI;
    let mu_star = 2.0 * sd / (delta * libm::sqrt(PI));
    let sigma = core::f64::consts::SQRT_2 * sd / delta;
    let error = sigma * libm::sqrt((1.0 - 2.0 / PI) / trajectories as f64);
    NoiseFloor { mu_star, mu_star_high: mu_star + normal_quantile(level) * error, sigma }
}

/// The standard deviation that chance gives the mean of a point, as the steps of trajectories feel it: the root of the mean over
/// steps of Var(change over replicates) / (2 r). Changes are taken replicate by replicate, so it is right for replicates that draw
/// independently at each point (then it is s / sqrt(r)) and for replicates that share their draws along a trajectory (then
/// it is less). Outcomes point after point, each with `replicates` of them.
///
/// # Errors
/// Below two replicates, when the outcomes or groups are not those of the design, and without a complete step.
pub fn noise_of_steps(design: &Morris, groups: &Groups, outcomes: &[f64], replicates: usize) -> Result<f64, Refusal> {
    if replicates < 2 {
        let value = replicates as f64;
        return Err(Refusal::Setting { name: "the number of replicates", value, allowed: "at least 2 to see chance" });
    }
    whole_trajectories(design, groups, outcomes.len(), replicates)?;
    let at = |row: usize| &outcomes[row * replicates..(row + 1) * replicates];
    let mut variances = Moments::default();
    for step in &design.steps {
        let changes: Vec<f64> = at(step.row).iter().zip(at(step.row + 1)).map(|(from, to)| to - from).collect();
        if changes.iter().all(|change| change.is_finite()) {
            variances.add(changes.into_iter().collect::<Moments>().variance());
        }
    }
    if variances.n == 0 {
        let dropped = design.steps.len();
        return Err(Refusal::TooFew { what: "steps", complete: 0, dropped, needed: 1 });
    }
    Ok(libm::sqrt(variances.mean() / (2.0 * replicates as f64)))
}

impl Screened {
    /// Whether the group matters: `Important` when the interval of mu* lies above what chance alone reaches, `Negligible` when mu*
    /// is not above it (it cannot be told from a factor that does nothing), else `Undecided`.
    pub fn importance(&self, floor: &NoiseFloor) -> Importance {
        if self.mu_star.value <= floor.mu_star_high {
            Importance::Negligible
        } else if self.mu_star.interval.low > floor.mu_star_high {
            Importance::Important
        } else {
            Importance::Undecided
        }
    }
}
