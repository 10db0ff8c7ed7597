//! Where returns fall off: the point furthest beyond the straight line between the cheapest and the dearest (Das 1999), after both
//! cost and value were divided by their range.
//!
//! A point's distance is (value share - cost share) / sqrt 2, above 0 where it brings more than its share of the cost. It depends on
//! which points are cheapest and dearest: a dear option that brings little moves the knee. So its frequency over resamples, and the
//! cost of one more unit along the frontier, belong beside it.

/// A knee.
#[derive(Debug, Clone, PartialEq)]
pub struct Knee {
    /// Its place among the points given; the first of the cheapest of equal ones.
    pub place: usize,
    /// The distance of every point.
    pub distances: Vec<f64>,
}

/// The knee of points of cost and value, in any order. `None` for fewer than three points, if the cheapest and the dearest differ in
/// nothing or the dearest is worth no more, if no point lies beyond the line, or a number is not finite.
pub fn knee(points: &[(f64, f64)]) -> Option<Knee> {
    if points.len() < 3 || points.iter().any(|(cost, value)| !cost.is_finite() || !value.is_finite()) {
        return None;
    }
    let cheaper = |a: &&(f64, f64), b: &&(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
    let (first, last) = (points.iter().min_by(cheaper)?, points.iter().max_by(cheaper)?);
    let (range, rise) = (last.0 - first.0, last.1 - first.1);
    if range <= 0.0 || rise <= 0.0 {
        return None;
    }
    let distance = |point: &(f64, f64)| {
        ((point.1 - first.1) / rise - (point.0 - first.0) / range) * core::f64::consts::FRAC_1_SQRT_2
    };
    let distances: Vec<f64> = points.iter().map(distance).collect();
    let further =
        |a: &usize, b: &usize| distances[*a].total_cmp(&distances[*b]).then(cheaper(&&points[*b], &&points[*a]));
    let place = (0..points.len()).rev().max_by(further)?;
    // Points on the line are off it by rounding.
    (distances[place] > 1e-12).then_some(Knee { place, distances })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_or_hollow_frontier_has_no_knee() {
        assert_eq!(knee(&[(0.0, 0.0), (0.1, 0.1), (0.3, 0.3), (1.0, 1.0)]), None);
        assert_eq!(knee(&[(0.0, 0.0), (2.0, 1.0), (3.0, 3.0)]), None);
        assert_eq!(knee(&[(0.0, 0.0), (1.0, 1.0)]), None);
        assert_eq!(knee(&[(0.0, 1.0), (1.0, 2.0), (2.0, 1.0)]), None);
        assert_eq!(knee(&[(0.0, 0.0), (1.0, f64::NAN), (2.0, 1.0)]), None);
    }

    #[test]
    fn units_and_order_do_not_move_it() {
        let points = [(0.0, 0.0), (1.0, 6.0), (2.0, 7.5), (5.0, 10.0)];
        assert_eq!(knee(&points).expect("there is one").place, 1);
        let other: Vec<(f64, f64)> =
            points.iter().rev().map(|(cost, value)| (100.0 * cost + 7.0, value / 9.0)).collect();
        assert_eq!(knee(&other).expect("there is one").place, 2);
    }
}
