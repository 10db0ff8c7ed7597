//! All combinations of levels.

use super::points::{allowed, inside};
use super::{Points, Refusal};

/// Where evenly spaced levels stand in the unit interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// From 0 to 1 with both ends (one level: 1/2): for intervals.
    Included,
    /// In the middle of as many equal parts: for whole numbers and categories, each of which owns such a part.
    Left,
}

/// So many evenly spaced coordinates.
pub fn even_levels(count: usize, ends: Ends) -> Vec<f64> {
    match ends {
        Ends::Included if count > 1 => (0..count).map(|level| level as f64 / (count - 1) as f64).collect(),
        _ => (0..count).map(|level| (2 * level + 1) as f64 / (2 * count) as f64).collect(),
    }
}

/// Every combination of the given levels (coordinates from 0 to 1, in the order given), a list for each factor. The last
/// factor changes fastest.
///
/// # Errors
/// Without factors, for a factor without levels, for a level outside 0 to 1 (its `row` is the place in the list, its
/// `column` the factor), and beyond 10^8 numbers.
pub fn full_factorial(levels: &[Vec<f64>]) -> Result<Points, Refusal> {
    let numbers = combinations(levels)?;
    for (column, levels) in levels.iter().enumerate() {
        for (place, level) in levels.iter().enumerate() {
            inside(*level, place, column)?;
        }
    }
    Ok(Points::laid_out(levels.len(), numbers))
}

/// Every combination of some levels, which may be any numbers, row after row; a list for each factor. The last factor changes fastest.
///
/// # Errors
/// Without factors, for a factor without levels, and beyond 10^8 numbers.
pub fn combinations(levels: &[Vec<f64>]) -> Result<Vec<f64>, Refusal> {
    let columns = levels.len();
    if let Some(factor) = levels.iter().position(Vec::is_empty) {
        return Err(Refusal::NoLevels { factor });
    }
    let rows = levels.iter().fold(1_usize, |rows, levels| rows.saturating_mul(levels.len()));
    allowed(rows, columns)?;
    let mut numbers = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        let mut block = rows;
        for levels in levels {
            block /= levels.len();
            numbers.push(levels[row / block % levels.len()]);
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_factor_changes_fastest_and_each_combination_comes_once() {
        let levels = [vec![0.0, 1.0], vec![0.1, 0.2, 0.3], vec![0.5, 0.4]];
        let points = full_factorial(&levels).expect("it is small");
        assert_eq!(points.rows(), 12);
        assert_eq!(points.row(0), [0.0, 0.1, 0.5]);
        assert_eq!(points.row(1), [0.0, 0.1, 0.4]);
        assert_eq!(points.row(2), [0.0, 0.2, 0.5]);
        assert_eq!(points.row(11), [1.0, 0.3, 0.4]);
        let mut sorted: Vec<&[f64]> = points.iter().collect();
        sorted.sort_by(|a, b| a.partial_cmp(b).expect("they are numbers"));
        sorted.dedup();
        assert_eq!(sorted.len(), 12);
    }

    #[test]
    fn even_levels_include_the_ends_or_leave_them() {
        assert_eq!(even_levels(5, Ends::Included), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(even_levels(2, Ends::Left), [0.25, 0.75]);
        assert_eq!(even_levels(1, Ends::Included), [0.5]);
        assert!(even_levels(0, Ends::Left).is_empty());
    }

    #[test]
    fn absurd_and_empty_factorials_are_refused() {
        assert_eq!(full_factorial(&[]), Err(Refusal::NoFactors));
        assert_eq!(full_factorial(&[vec![0.5], vec![]]), Err(Refusal::NoLevels { factor: 1 }));
        let many = vec![even_levels(10, Ends::Included); 70];
        assert_eq!(full_factorial(&many), Err(Refusal::TooManyNumbers { rows: usize::MAX, columns: 70 }));
        let outside = full_factorial(&[vec![0.0, -0.1]]);
        assert_eq!(outside, Err(Refusal::OutsideTheCube { row: 1, column: 0, value: -0.1 }));
    }
}
