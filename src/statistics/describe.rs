//! Means, spreads, quantiles, intervals and inequality.

use super::distribution::student_quantile;

/// Count, mean and sum of squared deviations of numbers seen one after the other (Welford 1962); missing numbers are
/// passed over.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    /// How many numbers.
    pub n: u64,
    /// Their mean; 0 while there are none.
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Takes in a number; `NaN` is missing.
    pub fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.n += 1;
        let off = value - self.mean;
        self.mean += off / self.n as f64;
        self.squares += off * (value - self.mean);
    }

    /// The mean; missing without numbers.
    pub fn mean(&self) -> f64 {
        if self.n == 0 { f64::NAN } else { self.mean }
    }

    /// The variance (n - 1); missing below two numbers.
    pub fn variance(&self) -> f64 {
        if self.n < 2 { f64::NAN } else { self.squares / (self.n - 1) as f64 }
    }

    /// The standard deviation (n - 1); missing below two numbers.
    pub fn sd(&self) -> f64 {
        libm::sqrt(self.variance())
    }

    /// The standard error of the mean; missing below two numbers.
    pub fn standard_error(&self) -> f64 {
        self.sd() / libm::sqrt(self.n as f64)
    }

    /// The 95 % confidence interval of the mean by Student's t; missing below two numbers.
    pub fn interval(&self) -> Interval {
        self.interval_at(0.95)
    }

    /// The confidence interval of the mean by Student's t at a level between 0 and 1; missing below two numbers.
    pub fn interval_at(&self, level: f64) -> Interval {
        if self.n < 2 {
            return Interval::MISSING;
        }
        let half = student_quantile(0.5 + level / 2.0, (self.n - 1) as f64) * self.sd() / libm::sqrt(self.n as f64);
        Interval::around(self.mean, half)
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Moments {
        let mut moments = Moments::default();
        values.into_iter().for_each(|value| moments.add(value));
        moments
    }
}

/// An interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// No interval: both ends are missing.
    pub const MISSING: Interval = Interval { low: f64::NAN, high: f64::NAN };

    /// The interval of a half-width around a middle.
    pub fn around(middle: f64, half: f64) -> Interval {
        Interval { low: middle - half, high: middle + half }
    }

    /// Seen from the other side: the interval of the number with its sign turned.
    pub fn negated(self) -> Interval {
        Interval { low: -self.high, high: -self.low }
    }

    /// Half of its width.
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// The quantile of sorted numbers, between neighbours in proportion (type 7); missing without numbers.
pub fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = libm::floor(place) as usize;
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// The median of numbers in any order; missing ones are passed over.
pub fn median(values: &[f64]) -> f64 {
    let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    present.sort_by(f64::total_cmp);
    quantile_sorted(&present, 0.5)
}

/// The Gini coefficient of numbers that are not negative: 0 for equal ones, near 1 when one has all; missing if all are
/// 0.
pub fn gini(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let sum: f64 = sorted.iter().sum();
    if sum <= 0.0 {
        return f64::NAN;
    }
    let weighted: f64 = sorted.iter().enumerate().map(|(place, value)| (place as f64 + 1.0) * value).sum();
    2.0 * weighted / (n * sum) - (n + 1.0) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_agree_with_a_worked_example() {
        let mut moments = Moments::default();
        [2.0, 4.0, 4.0, f64::NAN, 4.0, 5.0, 5.0, 7.0, 9.0].iter().for_each(|x| moments.add(*x));
        assert_eq!(moments.n, 8);
        assert!((moments.mean() - 5.0).abs() < 1e-12);
        assert!((moments.sd() - 2.138_089_935_299_395).abs() < 1e-12);
        // t(0.975, 7) = 2.364624251592785
        assert!(
            (moments.interval().high - (5.0 + 2.364_624_251_592_785 * 2.138_089_935_299_395 / 8.0_f64.sqrt())).abs()
                < 1e-9
        );
    }

    #[test]
    fn one_number_has_a_mean_but_no_interval() {
        let mut moments = Moments::default();
        moments.add(3.0);
        assert_eq!(moments.mean(), 3.0);
        assert!(moments.sd().is_nan() && moments.interval().low.is_nan());
    }

    #[test]
    fn quantiles_interpolate_between_neighbours() {
        assert_eq!(quantile_sorted(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.5);
        assert_eq!(quantile_sorted(&[1.0, 2.0, 3.0, 4.0], 0.25), 1.75);
        assert_eq!(quantile_sorted(&[1.0, 2.0, 3.0, 4.0], 1.0), 4.0);
        assert_eq!(quantile_sorted(&[7.0], 0.05), 7.0);
        assert!(quantile_sorted(&[], 0.5).is_nan());
    }

    #[test]
    fn gini_is_nothing_for_equals_and_large_for_one_who_has_all() {
        assert!(gini(&[3.0; 9]).abs() < 1e-12);
        assert!((gini(&[0.0, 0.0, 0.0, 1.0]) - 0.75).abs() < 1e-12);
        assert!((gini(&[1.0, 2.0, 3.0, 4.0]) - 0.25).abs() < 1e-12);
    }
}
