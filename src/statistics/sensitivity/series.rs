//! Estimates with bootstrap intervals.
//!
//! Every estimator of a design is a function of means over its units (base points, trajectories). Those means over the
//! sample itself and over each resample stand in one series; an estimator is worked out place by place, and the interval
//! goes from one percentile of the resampled values to the other (Efron and Tibshirani 1993, chapter 13). It is not
//! symmetric and nothing in it is clamped.

use super::Refusal;
use crate::statistics::{Address, Interval, Resamples, quantile_sorted};

/// How intervals are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap<'a> {
    /// Where the resamples come from.
    pub address: Address<'a>,
    /// How many; 1000 are usual, and with none there are no intervals.
    pub resamples: usize,
    /// The level of confidence, between 0 and 1.
    pub level: f64,
}

impl Bootstrap<'_> {
    /// Resamples of so many units.
    pub(super) fn drawn(&self, units: usize) -> Result<Resamples, Refusal> {
        Refusal::of_level(self.level)?;
        Ok(Resamples::drawn(self.address, units, self.resamples))
    }
}

/// An estimate and its bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate; missing where it is not defined.
    pub value: f64,
    /// From percentile to percentile; missing without resamples.
    pub interval: Interval,
}

impl Estimate {
    /// No estimate.
    pub const MISSING: Estimate = Estimate { value: f64::NAN, interval: Interval::MISSING };

    /// How wide the interval is; missing without one.
    pub fn width(&self) -> f64 {
        self.interval.high - self.interval.low
    }
}

/// A number of the sample, and the same of each resample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series(Vec<f64>);

impl Series {
    /// The mean of numbers, one for each unit.
    pub fn mean(values: &[f64], resamples: &Resamples) -> Series {
        let own = values.iter().sum::<f64>() / values.len() as f64;
        Series(core::iter::once(own).chain(resamples.means(values)).collect())
    }

    /// The mean of a function of two columns.
    pub fn mean_of(one: &[f64], other: &[f64], resamples: &Resamples, of: impl Fn(f64, f64) -> f64) -> Series {
        let values: Vec<f64> = one.iter().zip(other).map(|(one, other)| of(*one, *other)).collect();
        Series::mean(&values, resamples)
    }

    /// Place by place.
    pub fn map(&self, of: impl Fn(f64) -> f64) -> Series {
        Series(self.0.iter().map(|own| of(*own)).collect())
    }

    /// Place by place with another.
    pub fn with(&self, other: &Series, of: impl Fn(f64, f64) -> f64) -> Series {
        Series(self.0.iter().zip(&other.0).map(|(own, other)| of(*own, *other)).collect())
    }

    /// The difference.
    pub fn less(&self, other: &Series) -> Series {
        self.with(other, |own, other| own - other)
    }

    /// The sum.
    pub fn plus(&self, other: &Series) -> Series {
        self.with(other, |own, other| own + other)
    }

    /// The quotient.
    pub fn over(&self, other: &Series) -> Series {
        self.with(other, |own, other| own / other)
    }

    /// The number of the sample.
    pub fn own(&self) -> f64 {
        self.0[0]
    }

    /// The numbers of the resamples.
    pub fn resampled(&self) -> &[f64] {
        &self.0[1..]
    }

    /// The number of the sample with its interval. Resamples in which it is not defined are passed over.
    pub fn estimate(&self, level: f64) -> Estimate {
        let mut sorted: Vec<f64> = self.resampled().iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let low = quantile_sorted(&sorted, 0.5 - level / 2.0);
        Estimate { value: self.own(), interval: Interval { low, high: quantile_sorted(&sorted, 0.5 + level / 2.0) } }
    }
}
