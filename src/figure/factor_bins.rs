//! What a factor does to the points of a design: means of its bins, and the share of variance that they explain.
//!
//! A factor of few levels has a bin for each; another has bins of equal counts, as many as the square root of the number of
//! points, 2 to 10, and equal levels are never parted. The share is the variance between bins over the variance of all
//! points (Pearson's correlation ratio; as a first-order index of given data: Plischke, Borgonovo and Smith 2013).

use crate::statistics::{Interval, Moments, median};

/// The most bins of a factor.
pub(super) const MOST: usize = 10;

/// Some neighbouring levels of a factor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bin {
    /// Lowest and highest level, as the table has them.
    pub(super) ends: (f64, f64),
    /// The median of the levels.
    pub(super) middle: f64,
    /// How many points.
    pub(super) n: u64,
    /// Mean of their values.
    pub(super) mean: f64,
    /// Its interval, by Student's t; missing for a single point.
    pub(super) interval: Interval,
}

/// Bins in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trend {
    pub(super) bins: Vec<Bin>,
    /// Variance between bins over all variance; missing where values do not vary.
    pub(super) share: f64,
    /// How many points have a level and a value.
    pub(super) n: usize,
}

/// Bins of points (level, value), those without either left out; `whole` gives every level a bin of its own.
pub(super) fn trend(levels: &[f64], values: &[f64], whole: bool, confidence: f64) -> Trend {
    let known = levels.iter().zip(values).filter(|(level, value)| level.is_finite() && value.is_finite());
    let mut points: Vec<(f64, f64)> = known.map(|(level, value)| (*level, *value)).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: Moments = points.iter().map(|point| point.1).collect();
    let bins: Vec<Bin> = parted(&points, whole).into_iter().map(|part| bin(part, confidence)).collect();
    let between: f64 = bins.iter().map(|bin| bin.n as f64 * (bin.mean - all.mean()) * (bin.mean - all.mean())).sum();
    let total = all.variance() * (all.n.max(1) - 1) as f64;
    // What is left of equal values by rounding is no variance.
    let least = f64::EPSILON * all.mean() * all.mean() * all.n as f64 * 16.0;
    let share = if total > least { (between / total).clamp(0.0, 1.0) } else { f64::NAN };
    Trend { bins, share, n: points.len() }
}

/// The points in bins; no level is in two of them.
fn parted(points: &[(f64, f64)], whole: bool) -> Vec<&[(f64, f64)]> {
    let levels: Vec<&[(f64, f64)]> = points.chunk_by(|a, b| a.0 == b.0).collect();
    let wanted = (libm::sqrt(points.len() as f64) as usize).clamp(2, MOST);
    if whole || (levels.len() <= MOST && 2 * levels.len() <= points.len()) || levels.len() <= wanted {
        return levels;
    }
    let mut parts = Vec::new();
    let (mut from, mut to) = (0, 0);
    for level in levels {
        to += level.len();
        // A bin ends with the level that reaches its share of the points left.
        if (to - from) * (wanted - parts.len()) >= points.len() - from {
            parts.push(&points[from..to]);
            from = to;
        }
    }
    parts
}

fn bin(points: &[(f64, f64)], confidence: f64) -> Bin {
    let moments: Moments = points.iter().map(|point| point.1).collect();
    let levels: Vec<f64> = points.iter().map(|point| point.0).collect();
    let end = |level: Option<&f64>| level.copied().unwrap_or(f64::NAN);
    Bin {
        ends: (end(levels.first()), end(levels.last())),
        middle: median(&levels),
        n: moments.n,
        mean: moments.mean(),
        interval: moments.interval_at(confidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_of_equal_counts_and_hold_every_point_once() {
        let levels: Vec<f64> = (0..103).map(f64::from).collect();
        let trend = trend(&levels, &levels, false, 0.95);
        assert_eq!(trend.bins.len(), 10);
        assert_eq!(trend.bins.iter().map(|bin| bin.n).sum::<u64>(), 103);
        assert!(trend.bins.iter().all(|bin| (10..=11).contains(&bin.n)), "{:?}", trend.bins);
        assert!(trend.bins.windows(2).all(|pair| pair[0].ends.1 < pair[1].ends.0));
    }

    #[test]
    fn equal_levels_are_never_parted() {
        let levels: Vec<f64> = (0..120).map(|place| if place < 70 { 0.0 } else { f64::from(place) }).collect();
        let trend = trend(&levels, &levels, false, 0.95);
        assert_eq!(trend.bins[0].n, 70);
        assert!(trend.bins[1..].iter().all(|bin| (5..=6).contains(&bin.n)), "{:?}", trend.bins);
        assert_eq!(trend.bins.iter().map(|bin| bin.n).sum::<u64>(), 120);
    }

    #[test]
    fn the_share_is_that_of_the_analysis_of_variance() {
        // Two levels with means 1 and 3 around 2, and 0.5 around each: 8 of 10 in sum of squares.
        let (levels, values) = ([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0], [0.5, 1.5, 0.5, 1.5, 2.5, 3.5, 2.5, 3.5]);
        let trend = trend(&levels, &values, false, 0.95);
        assert!((trend.share - 0.8).abs() < 1e-12, "{}", trend.share);
        assert_eq!(trend.bins.iter().map(|bin| bin.mean).collect::<Vec<_>>(), [1.0, 3.0]);
    }

    #[test]
    fn an_additive_design_is_explained_by_its_factors_and_no_more() {
        let points: Vec<(f64, f64)> = (0..5).flat_map(|a| (0..5).map(move |b| (f64::from(a), f64::from(b)))).collect();
        let of = |pick: fn(&(f64, f64)) -> f64, value: fn(f64, f64) -> f64| {
            let levels: Vec<f64> = points.iter().map(pick).collect();
            let values: Vec<f64> = points.iter().map(|&(a, b)| value(a, b)).collect();
            trend(&levels, &values, false, 0.95).share
        };
        let sum = |a: f64, b: f64| 2.0 * a + b;
        assert!((of(|p| p.0, sum) - 0.8).abs() < 1e-12 && (of(|p| p.1, sum) - 0.2).abs() < 1e-12);
        let crossed = |a: f64, b: f64| (a - 2.0) * (b - 2.0);
        assert!(of(|p| p.0, crossed) < 1e-12, "a pure interaction is not seen");
    }

    #[test]
    fn what_does_not_vary_has_no_share_and_what_is_missing_is_left_out() {
        assert!(trend(&[1.0, 2.0, 3.0], &[0.1; 3], false, 0.95).share.is_nan());
        let trend = trend(&[1.0, f64::NAN, 3.0, 4.0], &[1.0, 2.0, f64::NAN, 5.0], false, 0.95);
        assert_eq!(trend.n, 2);
        assert!(super::trend(&[], &[], false, 0.95).bins.is_empty());
    }
}
