//! Several replicates of each point.
//!
//! Outcomes come point after point and, within a point, replicate after replicate. A point of which a replicate is missing is
//! missing as a whole: runs that fail are seldom a fair sample of all.

use super::Refusal;
use crate::statistics::Moments;

/// What the replicates of each point come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicated {
    /// How many replicates each point has.
    pub replicates: usize,
    /// The mean of each point; missing if one of its replicates is.
    pub means: Vec<f64>,
    /// The variance (r - 1) over the replicates of each point; missing with one replicate, and where the mean is.
    pub variances: Vec<f64>,
}

impl Replicated {
    /// From outcomes point after point, each with as many replicates.
    ///
    /// # Errors
    /// Without replicates, and when the outcomes are not as many for each point.
    pub fn of(outcomes: &[f64], replicates: usize) -> Result<Self, Refusal> {
        if replicates == 0 {
            return Err(Refusal::Setting { name: "the number of replicates", value: 0.0, allowed: "at least 1" });
        }
        if !outcomes.len().is_multiple_of(replicates) {
            let given = outcomes.len();
            return Err(Refusal::OtherDesign { given, unit: replicates, what: "point", needed: None });
        }
        let whole = |point: &[f64]| point.iter().all(|outcome| outcome.is_finite());
        let moments = outcomes
            .chunks_exact(replicates)
            .map(|point| if whole(point) { point.iter().copied().collect() } else { Moments::default() });
        let (means, variances) = moments.map(|moments| (moments.mean(), moments.variance())).unzip();
        Ok(Self { replicates, means, variances })
    }

    /// The variance over replicates of one point, averaged over the points that are not missing: E[Var(Y|x)].
    pub fn noise(&self) -> f64 {
        let moments: Moments = self.variances.iter().copied().collect();
        moments.mean()
    }
}

/// The logarithm of the variance over replicates, as an outcome of its own: what makes the model less predictable?
#[derive(Debug, Clone, PartialEq)]
pub struct LogVariances {
    /// Point after point and, within a point, batch after batch; missing where replicates are, or all agree.
    pub values: Vec<f64>,
    /// Batches of a point. From four replicates on there are two halves, which tell how uncertain a logarithm is; below, one.
    pub batches: usize,
}

/// The logarithms of the variance over the replicates of each point (dispersion as a response of its own: Marrel and others
/// 2012). An estimated variance is uncertain, more so from few replicates, and that uncertainty would pass for
/// an effect of all factors together: two halves of the replicates measure it. An odd replicate is added to the second half.
///
/// # Errors
/// Below two replicates, and when the outcomes are not as many for each point.
pub fn log_variances(outcomes: &[f64], replicates: usize) -> Result<LogVariances, Refusal> {
    if replicates < 2 {
        let value = replicates as f64;
        return Err(Refusal::Setting { name: "the number of replicates", value, allowed: "at least 2 for a variance" });
    }
    let whole = Replicated::of(outcomes, replicates)?;
    let log = |variance: f64| if variance > 0.0 { libm::log(variance) } else { f64::NAN };
    if replicates < 4 {
        return Ok(LogVariances { values: whole.variances.into_iter().map(log).collect(), batches: 1 });
    }
    let halves = outcomes.chunks_exact(replicates).zip(&whole.means).flat_map(|(point, mean)| {
        let (first, second) = point.split_at(replicates / 2);
        let variance = |half: &[f64]| half.iter().copied().collect::<Moments>().variance();
        if mean.is_nan() { [f64::NAN; 2] } else { [log(variance(first)), log(variance(second))] }
    });
    Ok(LogVariances { values: halves.collect(), batches: 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_without_one_of_its_replicates_is_missing() {
        let got = Replicated::of(&[1.0, 3.0, 2.0, f64::NAN, 5.0, 5.0], 2).expect("they are whole points");
        assert_eq!((got.means[0], got.variances[0]), (2.0, 2.0));
        assert!(got.means[1].is_nan() && got.variances[1].is_nan());
        assert_eq!(got.noise(), 1.0);
        assert!(Replicated::of(&[1.0; 5], 2).is_err());
        assert!(Replicated::of(&[1.0], 1).expect("one is enough for a mean").variances[0].is_nan());
    }

    #[test]
    fn log_variances_come_in_halves_from_four_replicates_on() {
        let got = log_variances(&[0.0, 2.0, 1.0, 5.0, 9.0], 5).expect("they are a point");
        assert_eq!((got.batches, got.values[0]), (2, libm::log(2.0)));
        assert!((got.values[1] - libm::log(16.0)).abs() < 1e-12);
        let got = log_variances(&[1.0, 3.0, 4.0, 4.0], 2).expect("they are two points");
        assert_eq!((got.batches, got.values[0]), (1, libm::log(2.0)));
        assert!(got.values[1].is_nan());
        assert!(log_variances(&[1.0], 1).is_err());
    }
}
