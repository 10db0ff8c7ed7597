//! Weighted samples.

use super::Refusal;
use super::matrix::Matrix;
use crate::random::{Purpose, Randomness};
use crate::statistics::Interval;

/// Weights that sum to 1, at least one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<f64>);

impl Weights {
    /// Weights of any sum above 0.
    ///
    /// # Errors
    /// [`Refusal::Weights`] when there are none, one is below 0 or not finite, or all are 0.
    pub fn new(raw: &[f64]) -> Result<Self, Refusal> {
        let sum: f64 = raw.iter().sum();
        if raw.iter().any(|weight| *weight < 0.0) || !sum.is_finite() || sum <= 0.0 {
            return Err(Refusal::Weights);
        }
        Ok(Self(raw.iter().map(|weight| weight / sum).collect()))
    }

    /// Even weights of so many.
    ///
    /// # Errors
    /// [`Refusal::Weights`] for none.
    pub fn even(count: usize) -> Result<Self, Refusal> {
        Self::new(&vec![1.0; count])
    }

    /// The weights, in order; they sum to 1.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// How many.
    #[allow(clippy::len_without_is_empty, reason = "there is at least one")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The effective sample size, 1 / sum of squares: from 1 to the count.
    pub fn effective(&self) -> f64 {
        1.0 / self.0.iter().map(|weight| weight * weight).sum::<f64>()
    }

    /// The mean of as many numbers.
    ///
    /// # Panics
    /// When there are not as many numbers as weights; so do all functions here.
    pub fn mean(&self, values: &[f64]) -> f64 {
        assert_eq!(values.len(), self.0.len(), "there is a number for each weight");
        self.0.iter().zip(values).map(|(weight, value)| weight * value).sum()
    }

    /// The variance: weighted mean of squared deviations, without a correction for the size.
    pub fn variance(&self, values: &[f64]) -> f64 {
        let mean = self.mean(values);
        self.0.iter().zip(values).map(|(weight, value)| weight * (value - mean) * (value - mean)).sum()
    }

    /// Covariances of the columns of a table \[sample\]\[column\], without a correction for the size.
    pub fn covariance(&self, rows: &[Vec<f64>]) -> Matrix {
        assert_eq!(rows.len(), self.0.len(), "there is a row for each weight");
        let columns = rows.first().map_or(0, Vec::len);
        let means: Vec<f64> = (0..columns)
            .map(|column| self.0.iter().zip(rows).map(|(weight, row)| weight * row[column]).sum())
            .collect();
        let entry = |i: usize, j: usize| {
            self.0.iter().zip(rows).map(|(weight, row)| weight * (row[i] - means[i]) * (row[j] - means[j])).sum()
        };
        (0..columns).map(|i| (0..columns).map(|j| entry(i.min(j), i.max(j))).collect()).collect()
    }

    /// What a variance is divided by for the one corrected for the size of the sample: 1 - sum of squared weights. 0 when one
    /// weight is all.
    pub fn correction(&self) -> f64 {
        1.0 - self.0.iter().map(|weight| weight * weight).sum::<f64>()
    }

    /// Quantiles at probabilities: between neighbours in proportion, a number standing at the middle of its weight (the sum of
    /// weights before it and half its own); beyond the outermost ones, these.
    pub fn quantiles(&self, values: &[f64], probabilities: &[f64]) -> Vec<f64> {
        assert_eq!(values.len(), self.0.len(), "there is a number for each weight");
        // What weighs nothing is no neighbour.
        let mut order: Vec<usize> = (0..values.len()).filter(|place| self.0[*place] > 0.0).collect();
        order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
        let mut before = 0.0;
        let places: Vec<f64> = order
            .iter()
            .map(|place| {
                let middle = before + self.0[*place] / 2.0;
                before += self.0[*place];
                middle
            })
            .collect();
        let at = |p: f64| {
            let above = places.partition_point(|place| *place < p);
            if above == 0 {
                return values[order[0]];
            }
            if above == places.len() {
                return values[order[above - 1]];
            }
            let (low, high) = (values[order[above - 1]], values[order[above]]);
            let share = (p - places[above - 1]) / (places[above] - places[above - 1]);
            low + share * (high - low)
        };
        probabilities.iter().map(|p| at(*p)).collect()
    }

    /// One quantile, see [`Weights::quantiles`].
    pub fn quantile(&self, values: &[f64], p: f64) -> f64 {
        self.quantiles(values, &[p])[0]
    }

    /// The interval that leaves (1 - level) / 2 on either side.
    pub fn interval(&self, values: &[f64], level: f64) -> Interval {
        let ends = self.quantiles(values, &[0.5 - level / 2.0, 0.5 + level / 2.0]);
        Interval { low: ends[0], high: ends[1] }
    }

    /// So many places drawn with replacement by weight, each at a draw of its own.
    pub fn multinomial(&self, count: usize, address: Resampling) -> Vec<usize> {
        let sums = self.sums();
        let mut draws = address.draws();
        (0..count).map(|_| self.place(&sums, draws.uniform())).collect()
    }

    /// So many places drawn by weight with one draw for all (Kitagawa 1996): each place comes up its weight times the count, rounded
    /// up or down. In the order of places.
    pub fn systematic(&self, count: usize, address: Resampling) -> Vec<usize> {
        let sums = self.sums();
        let start = address.draws().uniform();
        (0..count).map(|step| self.place(&sums, (step as f64 + start) / count as f64)).collect()
    }

    /// Sums of weights up to and with each.
    pub(super) fn sums(&self) -> Vec<f64> {
        let mut sum = 0.0;
        self.0
            .iter()
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect()
    }

    /// The place whose part of the way from 0 to 1 holds `u`; never one without weight.
    pub(super) fn place(&self, sums: &[f64], u: f64) -> usize {
        let last = self.0.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
        sums.partition_point(|sum| *sum <= u).min(last)
    }
}

/// Where the luck of resampling comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// Seed of the calibration.
    pub seed: u64,
    /// Number of the resample; other numbers, other luck.
    pub number: u64,
}

impl Resampling {
    fn draws(self) -> crate::random::Draws {
        Randomness { seed: self.seed, replicate: 0 }.at(Purpose::Calibration, super::RESAMPLING, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn weights_of_nothing_are_refused() {
        for raw in [&[][..], &[0.0, 0.0], &[1.0, -0.5], &[1.0, f64::NAN], &[f64::INFINITY]] {
            assert_eq!(Weights::new(raw), Err(Refusal::Weights), "{raw:?}");
        }
    }

    #[test]
    fn quantiles_stand_at_the_middle_of_their_weight() {
        // Middles at .1, .4, .8: linear between them, flat outside.
        let weights = Weights::new(&[2.0, 4.0, 4.0]).expect("they are sound");
        let values = [10.0, 30.0, 20.0];
        let got = weights.quantiles(&values, &[0.05, 0.1, 0.25, 0.4, 0.6, 0.9]);
        // Sorted: 10 (.2), 20 (.4), 30 (.4).
        for (got, want) in got.iter().zip([10.0, 10.0, 15.0, 20.0, 25.0, 30.0]) {
            close(*got, want, 1e-12);
        }
    }

    #[test]
    fn systematic_resampling_rounds_expected_counts() {
        let weights = Weights::new(&[0.1, 0.0, 0.55, 0.35]).expect("they are sound");
        for number in 0..50 {
            let places = weights.systematic(20, Resampling { seed: 3, number });
            for (place, weight) in weights.values().iter().enumerate() {
                let count = places.iter().filter(|got| **got == place).count() as f64;
                assert!((count - 20.0 * weight).abs() < 1.0, "{place}: {count}");
            }
        }
    }

    #[test]
    fn multinomial_resampling_keeps_to_the_weights() {
        let weights = Weights::new(&[0.1, 0.0, 0.55, 0.35]).expect("they are sound");
        let places = weights.multinomial(20_000, Resampling { seed: 3, number: 1 });
        for (place, weight) in weights.values().iter().enumerate() {
            let share = places.iter().filter(|got| **got == place).count() as f64 / 20_000.0;
            assert!((share - weight).abs() <= 4.0 * libm::sqrt(weight * (1.0 - weight) / 20_000.0), "{place}: {share}");
        }
        assert_eq!(places, weights.multinomial(20_000, Resampling { seed: 3, number: 1 }));
    }

    proptest::proptest! {
        #[test]
        fn weights_sum_to_one_and_quantiles_rise(
            raw in proptest::collection::vec(0.0..5.0, 2..30), values in proptest::collection::vec(-9.0..9.0, 30),
        ) {
            let Ok(weights) = Weights::new(&raw) else { return Ok(()) };
            close(weights.values().iter().sum(), 1.0, 1e-12);
            let effective = weights.effective();
            proptest::prop_assert!(effective >= 1.0 - 1e-9 && effective <= raw.len() as f64 + 1e-9);
            let got = weights.quantiles(&values[..raw.len()], &[0.0, 0.1, 0.3, 0.5, 0.9, 1.0]);
            proptest::prop_assert!(got.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
