//! Differences under several settings of the parameters, each with several seeds.
//!
//! Where parameters are not known but drawn from what data leave open, runs of the same draw resemble each other, and
//! counting every run as independent makes the interval too narrow. One-way analysis of variance with random effects:
//! with m draws of r seeds each, MSB and MSW the mean squares between and within draws,
//!
//! standard error = sqrt(MSB / (m r)) with m - 1 degrees of freedom;
//! variance from parameters = (MSB - MSW) / r, variance from chance = MSW.
//!
//! The first is reported as it comes; below 0 it says that parameters add nothing that can be told from chance.

use super::{Interval, Moments, student_quantile};

/// Mean difference over draws of parameters and seeds, and where its uncertainty comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nested {
    /// Mean over everything.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval, with (draws - 1) degrees of freedom.
    pub interval: Interval,
    /// Mean square between draws.
    pub between: f64,
    /// Mean square within draws.
    pub within: f64,
    /// Variance that comes from parameters; may be below 0.
    pub variance_parameters: f64,
    /// Variance that comes from chance.
    pub variance_chance: f64,
    /// Share of draws whose mean is above 0, ties half.
    pub positive: f64,
}

/// The nested mean of differences, one row per draw of parameters, one column per seed; `None` unless there are at
/// least two rows of the same length of at least two, and nothing is missing.
pub fn nested(rows: &[impl AsRef<[f64]>], level: f64) -> Option<Nested> {
    let seeds = rows.first()?.as_ref().len();
    let whole = |row: &[f64]| row.len() == seeds && row.iter().all(|value| !value.is_nan());
    if rows.len() < 2 || seeds < 2 || !rows.iter().all(|row| whole(row.as_ref())) {
        return None;
    }
    let each: Vec<Moments> = rows.iter().map(|row| row.as_ref().iter().copied().collect()).collect();
    let draws: Moments = each.iter().map(Moments::mean).collect();
    let (m, r) = (rows.len() as f64, seeds as f64);
    let between = r * draws.variance();
    let within = each.iter().map(Moments::variance).sum::<f64>() / m;
    let standard_error = libm::sqrt(between / (m * r));
    let positive =
        each.iter().map(|row| f64::from(row.mean() > 0.0) + 0.5 * f64::from(row.mean() == 0.0)).sum::<f64>() / m;
    Some(Nested {
        mean: draws.mean(),
        standard_error,
        interval: Interval::around(draws.mean(), student_quantile(0.5 + level / 2.0, m - 1.0) * standard_error),
        between,
        within,
        variance_parameters: (between - within) / r,
        variance_chance: within,
        positive,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn the_worked_example_of_random_effects_is_met() {
        // Six draws of four seeds; one-way random-effects analysis of variance by a separate program.
        let rows = [
            [24.305, 26.22, 28.266, 20.645],
            [24.732, 10.616, 15.617, 25.081],
            [10.102, 11.016, 8.512, 11.897],
            [-6.057, -0.137, 9.227, 3.295],
            [16.919, 19.372, 19.539, 18.489],
            [29.8, 20.847, 29.851, 24.792],
        ];
        let got = nested(&rows, 0.95).expect("a whole table");
        close(got.mean, 16.789_416_666_666_668, 1e-10);
        close(got.between, 349.171_611_666_666_7, 1e-9);
        close(got.within, 20.735_435_305_555_555, 1e-10);
        close(got.variance_parameters, 82.109_044_090_277_79, 1e-10);
        close(got.standard_error, 3.814_291_173_046_150_6, 1e-10);
        close(got.interval.low, 6.984_469_061_406_303, 1e-8);
        close(got.interval.high, 26.594_364_271_927_034, 1e-8);
        assert_eq!(got.positive, 1.0);
    }

    #[test]
    fn a_table_with_gaps_is_refused() {
        assert_eq!(nested(&[vec![1.0, 2.0], vec![1.0]], 0.95), None);
        assert_eq!(nested(&[[1.0, f64::NAN], [1.0, 2.0]], 0.95), None);
        assert_eq!(nested(&[[1.0, 2.0]], 0.95), None);
        assert_eq!(nested(&[[1.0], [2.0]], 0.95), None);
    }
}
