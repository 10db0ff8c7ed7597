//! Densities of weighted draws: sums of normal kernels, thrown back at the ends of the range, so that nothing leaks beyond them.

use crate::statistics::calibration::Weights;

/// Draws of one quantity on an axis, and the ends of it.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    pub(super) values: Vec<f64>,
    pub(super) ends: (f64, f64),
}

impl Draws {
    /// The width of kernels: Silverman's rule with the effective sample size, for densities of so many dimensions.
    fn width(&self, weights: &Weights, dimensions: f64) -> f64 {
        let sd = libm::sqrt(weights.variance(&self.values));
        let middle = weights.quantiles(&self.values, &[0.25, 0.75]);
        let quarters = (middle[1] - middle[0]) / 1.34;
        let spread = if quarters > 0.0 { sd.min(quarters) } else { sd };
        let least = (self.ends.1 - self.ends.0) * 0.01;
        (if dimensions > 1.0 { 1.06 } else { 0.9 } * spread * libm::pow(weights.effective(), -1.0 / (dimensions + 4.0)))
            .max(least)
    }

    /// The kernel of each draw at places evenly over the range: \[draw\]\[place\].
    fn kernels(&self, width: f64, places: &[f64]) -> Vec<Vec<f64>> {
        let (low, high) = self.ends;
        let kernel = |away: f64| {
            let z = away / width;
            if z.abs() > 6.0 { 0.0 } else { libm::exp(-z * z / 2.0) / (width * 2.506_628_274_631_000_5) }
        };
        let of = |value: &f64| {
            let back = [*value, 2.0 * low - value, 2.0 * high - value];
            places.iter().map(|place| back.iter().map(|from| kernel(place - from)).sum()).collect::<Vec<f64>>()
        };
        self.values.iter().map(of).collect()
    }

    /// So many places evenly from end to end.
    pub(super) fn places(&self, count: usize) -> Vec<f64> {
        let (low, high) = self.ends;
        (0..count).map(|place| low + (high - low) * place as f64 / (count - 1) as f64).collect()
    }

    /// The density at places.
    pub(super) fn density(&self, weights: &Weights, places: &[f64]) -> Vec<f64> {
        let kernels = self.kernels(self.width(weights, 1.0), places);
        let at = |place: usize| kernels.iter().zip(weights.values()).map(|(own, weight)| own[place] * weight).sum();
        (0..places.len()).map(at).collect()
    }
}

/// The density of two quantities together: \[row of `y`\]\[column of `x`\].
pub(super) fn together(x: &Draws, y: &Draws, weights: &Weights, places: (&[f64], &[f64])) -> Vec<Vec<f64>> {
    let across = x.kernels(x.width(weights, 2.0), places.0);
    let upwards = y.kernels(y.width(weights, 2.0), places.1);
    let mut grid = vec![vec![0.0; places.0.len()]; places.1.len()];
    for ((own, other), weight) in across.iter().zip(&upwards).zip(weights.values()) {
        for (row, up) in grid.iter_mut().zip(other).filter(|(_, up)| **up > 0.0) {
            row.iter_mut().zip(own).for_each(|(cell, at)| *cell += weight * up * at);
        }
    }
    grid
}

/// The height above which that share of the mass of a grid lies.
pub(super) fn height_of(grid: &[Vec<f64>], share: f64) -> f64 {
    let mut cells: Vec<f64> = grid.iter().flatten().copied().collect();
    cells.sort_by(|a, b| b.total_cmp(a));
    let whole: f64 = cells.iter().sum();
    let mut sum = 0.0;
    for cell in &cells {
        sum += cell;
        if sum >= share * whole {
            return *cell;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_sums_to_one_and_leaks_nowhere() {
        let values: Vec<f64> = (0..200).map(|place| f64::from(place) / 199.0).collect();
        let draws = Draws { values, ends: (0.0, 1.0) };
        let weights = Weights::even(200).expect("some");
        let places = draws.places(101);
        let density = draws.density(&weights, &places);
        // Even draws have an even density, up to the ends.
        assert!(density.iter().all(|own| (own - 1.0).abs() < 0.05), "{density:?}");
        let sum: f64 = density.iter().sum::<f64>() / 100.0;
        assert!((sum - 1.0).abs() < 0.02, "{sum}");
    }

    #[test]
    fn weights_count() {
        let draws = Draws { values: vec![0.2, 0.8], ends: (0.0, 1.0) };
        let weights = Weights::new(&[1.0, 3.0]).expect("two");
        let density = draws.density(&weights, &[0.2, 0.8]);
        assert!(density[1] > density[0], "{density:?}");
    }

    #[test]
    fn half_of_an_even_grid_lies_above_its_height() {
        let grid = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
        assert_eq!(height_of(&grid, 0.5), 3.0);
        assert_eq!(height_of(&grid, 0.9), 2.0);
    }
}
