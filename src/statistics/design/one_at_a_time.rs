//! A baseline, and one factor changed in each point.

use super::points::{allowed, inside};
use super::{Points, Refusal};

/// The baseline, then each factor in turn at each of its levels (coordinates from 0 to 1) with all others as in the
/// baseline. A level equal to the baseline's own coordinate is that point already and is left out; a factor may have none.
///
/// # Errors
/// Without factors, without a list for each factor, for a coordinate outside 0 to 1 (of the baseline: `row` 0; of a level:
/// `row` is its place in the list), and beyond 10^8 numbers.
pub fn one_at_a_time(baseline: &[f64], levels: &[Vec<f64>]) -> Result<Points, Refusal> {
    let numbers = deviations(baseline, levels)?;
    for (column, (own, levels)) in baseline.iter().zip(levels).enumerate() {
        inside(*own, 0, column)?;
        for (place, level) in levels.iter().enumerate() {
            inside(*level, place, column)?;
        }
    }
    Ok(Points::laid_out(baseline.len(), numbers))
}

/// A row of any numbers, then each of them in turn at each of its levels with all others as in that row, row after row. A level equal to
/// the first row's own number is left out.
///
/// # Errors
/// Without factors, without a list for each factor, and beyond 10^8 numbers.
pub fn deviations(baseline: &[f64], levels: &[Vec<f64>]) -> Result<Vec<f64>, Refusal> {
    let columns = baseline.len();
    if levels.len() != columns {
        return Err(Refusal::NotOnePerFactor { what: "lists of levels", given: levels.len(), factors: columns });
    }
    let rows = levels.iter().fold(1_usize, |rows, levels| rows.saturating_add(levels.len()));
    allowed(rows, columns)?;
    let mut numbers = baseline.to_vec();
    for (column, levels) in levels.iter().enumerate() {
        for level in levels.iter().filter(|level| **level != baseline[column]) {
            numbers.extend_from_slice(baseline);
            let own = numbers.len() - columns + column;
            numbers[own] = *level;
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_point_differs_from_the_baseline_in_one_factor() {
        let levels = [vec![0.0, 0.5, 1.0], vec![], vec![0.1]];
        let points = one_at_a_time(&[0.5, 0.3, 0.2], &levels).expect("it is sound");
        let rows: Vec<&[f64]> = points.iter().collect();
        assert_eq!(rows, [[0.5, 0.3, 0.2], [0.0, 0.3, 0.2], [1.0, 0.3, 0.2], [0.5, 0.3, 0.1]]);
    }

    #[test]
    fn a_list_of_levels_for_each_factor_is_needed() {
        let refused = one_at_a_time(&[0.5, 0.5], &[vec![0.1]]);
        assert_eq!(refused, Err(Refusal::NotOnePerFactor { what: "lists of levels", given: 1, factors: 2 }));
        assert_eq!(one_at_a_time(&[], &[]), Err(Refusal::NoFactors));
        let outside = one_at_a_time(&[0.5, 1.1], &[vec![], vec![]]);
        assert_eq!(outside, Err(Refusal::OutsideTheCube { row: 0, column: 1, value: 1.1 }));
    }
}
