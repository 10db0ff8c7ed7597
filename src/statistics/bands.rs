//! A band around a series of differences that holds for all times together.
//!
//! If an arm did nothing, each replicate's series of differences could as well have had its sign turned, as a whole.
//! Turning signs of replicates shows how large the largest |t| over all times gets by chance (max-T, Westfall and Young
//! 1993): the p-value of a time is the share of sign patterns whose largest |t| reaches its own, and mean +- (the
//! level's quantile of the largest |t|) standard errors is the band. How times hang together is in the replicates and
//! need not be known.
//!
//! With few replicates all 2^n patterns are tried and the p-values are exact; else patterns are drawn from an address,
//! the observed one always among them. A replicate may be missing at some times; a time with fewer than five of them
//! has no simultaneous interval and no part in the maximum, since so few say next to nothing about their spread and
//! would widen the band everywhere. A time at which nothing differs in any replicate (before an intervention starts)
//! has the band 0 to 0, no p-value, and no part in the maximum.

use super::bootstrap::Choice;
use super::{Address, Interval, Moments};

/// A time with fewer replicates takes no part.
const LEAST: u64 = 5;

/// How a band is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandRule<'a> {
    /// Where random signs come from.
    pub address: Address<'a>,
    /// How many sign patterns to draw; if there are no more than that, all are tried.
    pub flips: usize,
    /// Level of confidence, between 0 and 1.
    pub level: f64,
}

/// A series of mean differences with its band.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// One point per time.
    pub points: Vec<BandPoint>,
    /// Half-width of the simultaneous band in standard errors; missing where nothing varies.
    pub critical: f64,
    /// How many sign patterns were tried.
    pub patterns: usize,
    /// Whether these were all.
    pub exact: bool,
}

/// The difference at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandPoint {
    /// Replicates that have a number at this time.
    pub n: u64,
    /// Their mean; missing without any.
    pub mean: f64,
    /// Student's interval for this time alone; missing below two replicates.
    pub pointwise: Interval,
    /// The interval that holds for all times together; missing below five replicates.
    pub simultaneous: Interval,
    /// p-value adjusted for all times; missing where nothing differs or below five replicates.
    pub p_value: f64,
}

/// The band of differences given as one series per replicate; a shorter series is missing at the later times.
pub fn band(replicates: &[impl AsRef<[f64]>], rule: BandRule<'_>) -> Band {
    let times = replicates.iter().map(|series| series.as_ref().len()).max().unwrap_or(0);
    let at = |replicate: usize, time: usize| replicates[replicate].as_ref().get(time).copied().unwrap_or(f64::NAN);
    let moments: Vec<Moments> =
        (0..times).map(|time| (0..replicates.len()).map(|replicate| at(replicate, time)).collect()).collect();
    let tested: Vec<usize> = (0..times)
        .filter(|time| {
            moments[*time].n >= LEAST && (0..replicates.len()).any(|replicate| at(replicate, *time).abs() > 0.0)
        })
        .collect();
    let flat: Vec<f64> = (0..replicates.len())
        .flat_map(|replicate| tested.iter().map(move |time| at(replicate, *time)))
        .map(|value| if value.is_nan() { 0.0 } else { value })
        .collect();
    let counts: Vec<f64> = tested.iter().map(|time| moments[*time].n as f64).collect();
    let flips = Flips::new(&flat, counts);

    let n = replicates.len();
    let exact = n < 31 && 1_usize << n <= rule.flips;
    let patterns = if exact { 1_usize << n } else { rule.flips.max(1) };
    let mut draws = rule.address.draws(Choice::Flip, n);
    let mut signs = vec![1.0; n];
    let observed = flips.squared_t(&signs);
    let mut largest = Vec::with_capacity(patterns);
    for pattern in 0..patterns {
        if exact {
            signs
                .iter_mut()
                .enumerate()
                .for_each(|(bit, sign)| *sign = if pattern >> bit & 1 == 1 { -1.0 } else { 1.0 });
        } else if pattern > 0 {
            signs.iter_mut().for_each(|sign| *sign = if draws.uniform() < 0.5 { -1.0 } else { 1.0 });
        }
        largest.push(flips.squared_t(&signs).into_iter().fold(0.0, f64::max));
    }
    largest.sort_by(f64::total_cmp);
    // The smallest bound that the wanted share of patterns keeps.
    let place = (libm::ceil(rule.level * patterns as f64) as usize).clamp(1, patterns) - 1;
    let critical = if tested.is_empty() { f64::NAN } else { libm::sqrt(largest[place]) };

    let mut p_values = vec![f64::NAN; times];
    for (time, squared) in tested.iter().zip(observed) {
        // Patterns that reach it but for rounding reach it.
        let short = largest.partition_point(|value| *value < squared * (1.0 - 1e-9));
        p_values[*time] = (patterns - short) as f64 / patterns as f64;
    }
    let points = moments.iter().zip(p_values).map(|(moments, p_value)| {
        let error = moments.standard_error();
        let half = match error {
            _ if moments.n < LEAST => f64::NAN,
            0.0 => 0.0,
            _ => critical * error,
        };
        let simultaneous = Interval::around(moments.mean(), half);
        BandPoint {
            n: moments.n,
            mean: moments.mean(),
            pointwise: moments.interval_at(rule.level),
            simultaneous,
            p_value,
        }
    });
    Band { points: points.collect(), critical, patterns, exact }
}

/// Numbers whose signs are turned: replicates one after the other, in each the tested times.
struct Flips<'a> {
    flat: &'a [f64],
    counts: Vec<f64>,
    squares: Vec<f64>,
}

impl Flips<'_> {
    fn new(flat: &[f64], counts: Vec<f64>) -> Flips<'_> {
        let mut squares = vec![0.0; counts.len()];
        for series in flat.chunks_exact(counts.len().max(1)) {
            squares.iter_mut().zip(series).for_each(|(sum, value)| *sum += value * value);
        }
        Flips { flat, counts, squares }
    }

    /// t^2 at each time. Signs leave the sum of squares Q as it is, so t^2 = (n - 1) S^2 / (n Q - S^2) for the signed
    /// sum S.
    fn squared_t(&self, signs: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.counts.len()];
        for (series, sign) in self.flat.chunks_exact(self.counts.len().max(1)).zip(signs) {
            sums.iter_mut().zip(series).for_each(|(sum, value)| *sum += sign * value);
        }
        for ((sum, n), squares) in sums.iter_mut().zip(&self.counts).zip(&self.squares) {
            let square = *sum * *sum;
            let rest = n * squares - square;
            *sum = if rest <= 1e-12 * n * squares { f64::INFINITY } else { (n - 1.0) * square / rest };
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Randomness};
    use crate::statistics::examples::close;

    const RULE: BandRule<'_> = BandRule { address: Address { seed: 9, label: "series" }, flips: 2000, level: 0.95 };

    /// Eight replicates of twelve months of differences.
    const SERIES: [[f64; 12]; 8] = [
        [0.0981, -0.3263, 0.3253, 1.6458, 3.6818, 4.6915, 5.0389, 5.1541, 6.8029, 9.3376, 10.5104, 10.1771],
        [-0.0583, 2.4418, 3.5446, 2.7125, 3.5288, 3.2656, 3.5363, 3.9483, 4.135, 5.5884, 6.4253, 6.7358],
        [1.3096, 3.0395, 2.2965, 2.9397, 2.859, 3.5858, 3.1964, 4.1171, 4.9792, 5.5749, 5.427, 5.9308],
        [-0.1913, -0.6465, 0.4782, 0.2689, 2.3392, 3.9558, 2.858, 4.0301, 3.8284, 4.7614, 5.7051, 4.6166],
        [0.6666, 1.3108, 3.1728, 2.8913, 4.5294, 4.3304, 4.8991, 4.9586, 7.3074, 8.7756, 12.1073, 13.6492],
        [1.745, 3.4857, 3.7791, 4.609, 6.8594, 7.3629, 8.4517, 9.3304, 10.8397, 11.3748, 12.1224, 13.2648],
        [1.003, 1.0381, 2.8338, 2.4354, 2.1342, 1.7517, 3.6187, 4.1581, 4.0871, 3.8511, 5.1722, 5.0173],
        [-0.3721, 1.1419, 0.8452, 1.4228, 2.316, 2.7707, 3.6166, 5.8554, 6.2385, 5.8792, 4.9424, 5.6376],
    ];

    #[test]
    fn all_sign_patterns_give_the_exact_band() {
        // Complete enumeration of 2^8 patterns by a separate program.
        let got = band(&SERIES, RULE);
        assert!(got.exact && got.patterns == 256);
        close(got.critical, 3.279_105_489_412_591, 1e-9);
        let p: Vec<f64> = got.points.iter().map(|point| point.p_value).collect();
        assert_eq!(p[..3], [0.234_375, 0.101_562_5, 0.015_625]);
        assert!(p[3..].iter().all(|p| *p == 0.007_812_5));
        let t = [1.918_928_130_524_798_3, 2.729_918_874_493_77, 4.325_015_267_320_102];
        for (point, t) in got.points.iter().zip(t) {
            let error = point.simultaneous.half_width() / got.critical;
            close(point.mean / error, t, 1e-9);
            assert!(point.simultaneous.half_width() > point.pointwise.half_width());
        }
    }

    #[test]
    fn drawn_patterns_come_near_the_exact_ones() {
        let exact = band(&SERIES, RULE);
        // Fewer than 256 are wanted, so they are drawn; and drawn again they are the same.
        let drawn = band(&SERIES, BandRule { flips: 255, ..RULE });
        assert!(!drawn.exact && drawn.patterns == 255);
        for (one, other) in exact.points.iter().zip(&drawn.points) {
            close(one.p_value, other.p_value, 4.0 * (one.p_value / 255.0).sqrt());
        }
        assert_eq!(drawn, band(&SERIES, BandRule { flips: 255, ..RULE }));
    }

    #[test]
    fn times_before_anything_differs_are_zero_and_disturb_nothing() {
        let longer: Vec<Vec<f64>> = SERIES.iter().map(|series| [&[0.0, 0.0], series.as_slice()].concat()).collect();
        let got = band(&longer, RULE);
        let plain = band(&SERIES, RULE);
        assert_eq!(got.critical, plain.critical);
        assert_eq!(got.points[2..], plain.points[..]);
        assert_eq!(got.points[0].simultaneous, Interval { low: 0.0, high: 0.0 });
        assert!(got.points[0].p_value.is_nan());
    }

    #[test]
    fn missing_numbers_are_left_out_where_they_are_missing() {
        let mut gaps: Vec<Vec<f64>> = SERIES.iter().map(|series| series.to_vec()).collect();
        gaps[0][1] = f64::NAN;
        gaps[7].truncate(11);
        (0..8).for_each(|replicate| gaps[replicate][5] = f64::NAN);
        let got = band(&gaps, RULE);
        assert_eq!([got.points[0].n, got.points[1].n, got.points[11].n, got.points[5].n], [8, 7, 7, 0]);
        assert!(got.points[5].mean.is_nan() && got.points[5].simultaneous.low.is_nan());
        assert!(got.points[11].p_value < 0.05);
    }

    #[test]
    fn a_time_with_few_replicates_does_not_widen_the_band_elsewhere() {
        let mut longer: Vec<Vec<f64>> = SERIES.iter().map(|series| series.to_vec()).collect();
        longer[0].push(1.0);
        longer[1].push(1.0);
        let got = band(&longer, RULE);
        assert_eq!(got.critical, band(&SERIES, RULE).critical);
        assert!(got.points[12].simultaneous.low.is_nan() && got.points[12].p_value.is_nan());
        assert_eq!((got.points[12].n, got.points[12].mean), (2, 1.0));
    }

    #[test]
    fn without_numbers_there_is_no_band() {
        let none: [Vec<f64>; 0] = [];
        assert!(band(&none, RULE).points.is_empty());
        let still = band(&[[0.0; 3]; 6], RULE);
        assert!(still.critical.is_nan() && still.points.iter().all(|point| point.simultaneous.high == 0.0));
    }

    #[test]
    fn the_band_holds_everywhere_about_as_often_as_it_says() {
        // 400 studies of 15 replicates of a random walk around a moving truth; at 95 % the standard error is 1.1 %.
        let covered = (0..400)
            .filter(|study| {
                let mut draws = Randomness { seed: 2, replicate: 0 }.at(Purpose::Bootstrap, 4, *study);
                let walk = |draws: &mut crate::random::Draws| -> Vec<f64> {
                    let mut place = 0.0;
                    (1..=10)
                        .map(|time| {
                            place += draws.normal();
                            place + 0.2 * f64::from(time)
                        })
                        .collect()
                };
                let series: Vec<Vec<f64>> = (0..15).map(|_| walk(&mut draws)).collect();
                let got = band(&series, BandRule { flips: 500, ..RULE });
                (1_u32..).zip(&got.points).all(|(time, point)| {
                    let truth = 0.2 * f64::from(time);
                    point.simultaneous.low <= truth && truth <= point.simultaneous.high
                })
            })
            .count();
        let share = covered as f64 / 400.0;
        assert!((0.91..0.985).contains(&share), "{share}");
    }
}
