//! How good a design is, as plain numbers.
//!
//! All but the correlation compare every pair of points: the time grows with the square of their number (10,000 points of ten
//! factors take about a second).

use super::Points;

/// The quality of a design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Squared centred L2 discrepancy: 0 is even.
    pub centred_discrepancy: f64,
    /// Squared wrap-around L2 discrepancy: 0 is even.
    pub wraparound_discrepancy: f64,
    /// The distance of the two points that are nearest to each other; missing for one point.
    pub smallest_distance: f64,
    /// The largest correlation of two factors by its size; missing for one factor.
    pub largest_correlation: f64,
}

/// All numbers of quality.
pub fn quality(points: &Points) -> Quality {
    Quality {
        centred_discrepancy: centred_discrepancy(points),
        wraparound_discrepancy: wraparound_discrepancy(points),
        smallest_distance: smallest_distance(points),
        largest_correlation: largest_correlation(points),
    }
}

/// Squared centred L2 discrepancy (Hickernell 1998); missing without points.
pub fn centred_discrepancy(points: &Points) -> f64 {
    let off = |x: f64| (x - 0.5).abs();
    let alone = |point: &[f64]| point.iter().map(|x| 1.0 + 0.5 * off(*x) - 0.5 * off(*x) * off(*x)).product::<f64>();
    let pair = |x: f64, y: f64| 1.0 + 0.5 * off(x) + 0.5 * off(y) - 0.5 * (x - y).abs();
    let n = points.rows() as f64;
    let all = (0..points.columns()).map(|_| 13.0 / 12.0).product::<f64>();
    all - 2.0 / n * points.iter().map(alone).sum::<f64>() + over_pairs(points, &pair) / (n * n)
}

/// Squared wrap-around L2 discrepancy (Hickernell 1998); missing without points.
pub fn wraparound_discrepancy(points: &Points) -> f64 {
    let pair = |x: f64, y: f64| {
        let apart = (x - y).abs();
        1.5 - apart * (1.0 - apart)
    };
    let n = points.rows() as f64;
    over_pairs(points, &pair) / (n * n) - (0..points.columns()).map(|_| 4.0 / 3.0).product::<f64>()
}

/// The sum over all ordered pairs of points, each with itself too, of the product over columns.
fn over_pairs(points: &Points, factor: &dyn Fn(f64, f64) -> f64) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| factor(*x, *y)).product::<f64>();
    let row = |(place, a): (usize, &[f64])| {
        product(a, a) + 2.0 * points.iter().take(place).map(|b| product(a, b)).sum::<f64>()
    };
    points.iter().enumerate().map(row).sum()
}

/// The smallest Euclidean distance of two points; missing for fewer than two.
pub fn smallest_distance(points: &Points) -> f64 {
    let squared = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
    let pairs = points.iter().enumerate().flat_map(|(place, a)| points.iter().take(place).map(move |b| (a, b)));
    libm::sqrt(pairs.map(|(a, b)| squared(a, b)).fold(f64::NAN, f64::min))
}

/// The largest Pearson correlation of two columns by its size; columns that do not vary are left out; missing when fewer than
/// two vary.
pub fn largest_correlation(points: &Points) -> f64 {
    let n = points.rows() as f64;
    // Each column around its mean, of length 1, unless rounding is all that varies in it.
    let directions = (0..points.columns()).filter_map(|column| {
        let mean = points.column(column).sum::<f64>() / n;
        let length = libm::sqrt(points.column(column).map(|x| (x - mean) * (x - mean)).sum());
        (length > 1e-14 * libm::sqrt(n)).then(|| points.column(column).map(|x| (x - mean) / length).collect())
    });
    let directions: Vec<Vec<f64>> = directions.collect();
    let correlation = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>().abs();
    let pairs = directions.iter().enumerate().flat_map(|(place, a)| directions[..place].iter().map(move |b| (a, b)));
    pairs.map(|(a, b)| correlation(a, b)).fold(f64::NAN, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::close;

    #[test]
    fn one_point_and_one_factor_leave_distance_and_correlation_missing() {
        let one = Points::from_rows(&[vec![0.5]]).expect("it is a point");
        let got = quality(&one);
        assert!(got.smallest_distance.is_nan() && got.largest_correlation.is_nan());
        // By hand: 13/12 - 2 + 1 and 3/2 - 4/3.
        close(got.centred_discrepancy, 1.0 / 12.0, 1e-15);
        close(got.wraparound_discrepancy, 1.0 / 6.0, 1e-15);
    }

    #[test]
    fn a_factor_that_does_not_vary_has_no_correlation() {
        let rows = [vec![0.1, 0.3, 0.2], vec![0.1, 0.6, 0.4], vec![0.1, 0.9, 0.9]];
        let points = Points::from_rows(&rows).expect("they are points");
        close(largest_correlation(&points), 0.970_725_343_394_151_4, 1e-12);
        let equal = Points::from_rows(&[vec![0.1, 0.3], vec![0.1, 0.6]]).expect("they are points");
        assert!(largest_correlation(&equal).is_nan());
        close(smallest_distance(&equal), 0.3, 1e-15);
    }
}
