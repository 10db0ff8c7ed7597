//! The bias-corrected and accelerated bootstrap of a mean (Efron 1987).
//!
//! Replicates are drawn with replacement many times, and the percentiles of the means so found are corrected for
//! bias z0 and skewness a:
//!
//! level(z) = Phi(z0 + (z0 + z) / (1 - a (z0 + z))),
//!
//! where z0 = Phi^-1(share of resampled means below the mean; those equal to it count half), a = sum d^3 / (6 (sum
//! d^2)^1.5), d being the mean of the leave-one-out means minus each of them. Percentiles are of type 7. Mean
//! differences of pairs need nothing more: a pair is a replicate.
//!
//! Which replicates a resample takes depends on one address (seed, label) and on how many replicates there are, not on
//! the measure or the arm: they are drawn once and used for every effect. So one table of whole numbers serves five
//! hundred effects, adding an arm moves no interval of another, and means of several arms over the same resample may be
//! compared with each other, which is what rank probabilities need. The price is that the Monte Carlo errors of effects
//! go together; at 2,000 resamples they are about a fiftieth of an interval's width.

use super::distribution::normal_probability;
use super::{Interval, quantile_sorted};
use crate::random::{Purpose, Randomness, name_address, normal_quantile};

/// Where random choices of an analysis come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// Seed of the study.
    pub seed: u64,
    /// What is analysed; other labels, other choices.
    pub label: &'a str,
}

/// Which family of choices: the address has a room for each.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum Choice {
    Resample = 0,
    Flip = 1,
    Dummy = 2,
    Half = 3,
}

impl Address<'_> {
    pub(super) fn draws(self, choice: Choice, n: usize) -> crate::random::Draws {
        Randomness { seed: self.seed, replicate: choice as u32 }.at(
            Purpose::Bootstrap,
            u64::from(name_address(self.label)),
            n as u64,
        )
    }
}

/// Choices of n replicates out of n, with replacement, many times.
#[derive(Debug, Clone, PartialEq)]
pub struct Resamples {
    n: usize,
    places: Vec<u32>,
}

impl Resamples {
    /// Draws `count` resamples of `n` replicates from an address.
    ///
    /// # Panics
    /// With 2^32 replicates or more.
    pub fn drawn(address: Address<'_>, n: usize, count: usize) -> Resamples {
        let mut draws = address.draws(Choice::Resample, n);
        let places = (0..n * count).map(|_| u32::try_from(draws.index(n)).expect("replicates are fewer than 2^32"));
        Resamples { n, places: places.collect() }
    }

    /// Every resample there is, once: n^n of them.
    #[cfg(test)]
    fn all(n: usize) -> Resamples {
        let count = n.pow(n as u32);
        let digit = |code: usize, place: usize| (code / n.pow(place as u32) % n) as u32;
        Resamples { n, places: (0..count).flat_map(|code| (0..n).map(move |place| digit(code, place))).collect() }
    }

    /// How many replicates each resample draws from, and has.
    pub fn n(&self) -> usize {
        self.n
    }

    /// How many resamples.
    pub fn count(&self) -> usize {
        self.places.len().checked_div(self.n).unwrap_or(0)
    }

    /// The mean of numbers over each resample, in the order of resamples.
    ///
    /// # Panics
    /// When there are not `n` numbers.
    pub fn means(&self, values: &[f64]) -> Vec<f64> {
        assert_eq!(values.len(), self.n, "resamples are for as many replicates as there are numbers");
        let n = self.n as f64;
        let chunks = self.places.chunks_exact(self.n.max(1));
        chunks.map(|places| places.iter().map(|place| values[*place as usize]).sum::<f64>() / n).collect()
    }
}

/// A bootstrap interval of a mean, and how it was corrected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bca {
    /// The interval.
    pub interval: Interval,
    /// Standard deviation of the resampled means.
    pub standard_error: f64,
    /// Bias correction z0.
    pub bias: f64,
    /// Acceleration a.
    pub acceleration: f64,
}

/// The interval of the mean of numbers (none missing) at a level of confidence between 0 and 1; missing below two
/// numbers.
///
/// If all numbers are equal the interval is that number. If no resampled mean lies on one side of the mean, half a
/// resample is taken to.
///
/// # Panics
/// When the resamples are for another count of numbers.
pub fn bca_interval(values: &[f64], resamples: &Resamples, level: f64) -> Bca {
    let missing = Bca { interval: Interval::MISSING, standard_error: f64::NAN, bias: f64::NAN, acceleration: f64::NAN };
    if values.len() < 2 || resamples.count() == 0 {
        return missing;
    }
    if values.windows(2).all(|pair| pair[0] == pair[1]) {
        let interval = Interval::around(values[0], 0.0);
        return Bca { interval, standard_error: 0.0, bias: 0.0, acceleration: 0.0 };
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let mut means = resamples.means(values);
    let count = means.len() as f64;
    let spread: super::Moments = means.iter().copied().collect();
    means.sort_by(f64::total_cmp);

    // Means that differ from the mean by rounding only are equal to it.
    let rounding = 1e-12 * values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let below = means.partition_point(|value| *value < mean - rounding) as f64;
    let not_above = means.partition_point(|value| *value <= mean + rounding) as f64;
    let share = ((below + not_above) / (2.0 * count)).clamp(0.5 / count, 1.0 - 0.5 / count);
    let bias = normal_quantile(share);
    let acceleration = acceleration(values, mean);

    let at = |z: f64| {
        let moved = bias + z;
        // So skewed that the correction runs off the scale: the end of the scale.
        let slope = 1.0 - acceleration * moved;
        if slope > 0.0 { normal_probability(bias + moved / slope) } else { f64::from(moved > 0.0) }
    };
    let z = normal_quantile(0.5 + level / 2.0);
    let interval = Interval { low: quantile_sorted(&means, at(-z)), high: quantile_sorted(&means, at(z)) };
    Bca { interval, standard_error: spread.sd(), bias, acceleration }
}

/// The acceleration of a mean. A leave-one-out mean is (n mean - x) / (n - 1), so d is (x - mean) / (n - 1), and the
/// scale cancels.
fn acceleration(values: &[f64], mean: f64) -> f64 {
    let (squares, cubes) = values.iter().fold((0.0, 0.0), |(squares, cubes), value| {
        let d = value - mean;
        (squares + d * d, cubes + d * d * d)
    });
    cubes / (6.0 * squares * libm::sqrt(squares))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::{ARM, BASELINE, close};
    use crate::statistics::{Pairs, paired};

    const ADDRESS: Address<'_> = Address { seed: 42, label: "effects" };

    #[test]
    fn complete_enumeration_matches_the_conventions_of_scipy() {
        // All 6^6 resamples, so no Monte Carlo error; conventions of scipy.stats.bootstrap.
        let values = [26.0, 15.0, 33.0, 18.0, 11.0, 34.0];
        let all = Resamples::all(6);
        assert_eq!(all.count(), 46_656);
        let wide = bca_interval(&values, &all, 0.95);
        close(wide.bias, -0.003_492_180_405_881_532, 1e-12);
        close(wide.acceleration, 0.003_756_822_407_437_954_4, 1e-12);
        close(wide.standard_error, 3.585_632_028_862_479, 1e-9);
        close(wide.interval.low, 16.0, 1e-9);
        close(wide.interval.high, 29.833_333_333_333, 1e-9);
        let narrow = bca_interval(&values, &all, 0.9);
        close(narrow.interval.low, 17.0, 1e-9);
        close(narrow.interval.high, 28.666_666_666_667, 1e-9);
    }

    #[test]
    fn for_many_resamples_of_even_numbers_it_is_near_students_interval() {
        let pairs = Pairs::complete(&BASELINE, &ARM);
        let drawn = Resamples::drawn(ADDRESS, 12, 20_000);
        let got = bca_interval(&pairs.differences(), &drawn, 0.95);
        let student = paired(&pairs, 0.95);
        // The bootstrap divides by n and uses the normal: narrower than t by about a seventh at n = 12.
        let share = got.interval.half_width() / student.interval.half_width();
        assert!((0.75..0.95).contains(&share), "{share}");
        close(got.standard_error, student.sd * (11.0_f64 / 144.0).sqrt(), 0.03);
    }

    #[test]
    fn the_same_address_always_gives_the_same_resamples() {
        assert_eq!(Resamples::drawn(ADDRESS, 9, 50), Resamples::drawn(ADDRESS, 9, 50));
        let other = Address { label: "ranking", ..ADDRESS };
        assert_ne!(Resamples::drawn(ADDRESS, 9, 50), Resamples::drawn(other, 9, 50));
        let other = Address { seed: 43, ..ADDRESS };
        assert_ne!(Resamples::drawn(ADDRESS, 9, 50), Resamples::drawn(other, 9, 50));
    }

    #[test]
    fn equal_numbers_leave_no_doubt_and_one_number_no_interval() {
        let drawn = Resamples::drawn(ADDRESS, 5, 100);
        assert_eq!(bca_interval(&[0.1; 5], &drawn, 0.95).interval, Interval { low: 0.1, high: 0.1 });
        let one = Resamples::drawn(ADDRESS, 1, 100);
        assert!(bca_interval(&[3.0], &one, 0.95).interval.low.is_nan());
        assert_eq!(Resamples::drawn(ADDRESS, 0, 100).count(), 0);
    }

    #[test]
    fn the_interval_covers_the_mean_of_a_skewed_law_about_as_often_as_it_says() {
        // 600 samples of 40 exponential numbers: with true coverage 0.93 the standard error is 0.0104.
        let drawn = Resamples::drawn(ADDRESS, 40, 1000);
        let covered = (0..600)
            .filter(|sample| {
                let mut draws = Randomness { seed: 1, replicate: 0 }.at(Purpose::Bootstrap, 77, *sample);
                let values: Vec<f64> = (0..40).map(|_| draws.exponential()).collect();
                let interval = bca_interval(&values, &drawn, 0.95).interval;
                interval.low <= 1.0 && 1.0 <= interval.high
            })
            .count();
        let share = covered as f64 / 600.0;
        assert!((0.895..0.97).contains(&share), "{share}");
    }

    proptest::proptest! {
        #[test]
        fn shifting_and_stretching_the_numbers_does_so_to_the_interval(
            values in proptest::collection::vec(-50.0..50.0, 4..20), shift in -100.0..100.0, stretch in 0.5..20.0,
        ) {
            let drawn = Resamples::drawn(ADDRESS, values.len(), 200);
            let plain = bca_interval(&values, &drawn, 0.9).interval;
            let moved: Vec<f64> = values.iter().map(|value| shift + stretch * value).collect();
            let got = bca_interval(&moved, &drawn, 0.9).interval;
            close(got.low, shift + stretch * plain.low, 1e-6);
            close(got.high, shift + stretch * plain.high, 1e-6);
        }
    }
}
