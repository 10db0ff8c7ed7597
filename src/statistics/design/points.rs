//! Points of the unit cube.

use super::Refusal;

/// The most numbers a design may have (0.8 gigabytes).
pub const MOST_NUMBERS: usize = 100_000_000;

/// Points of the unit cube: a row for each point, a column for each factor, laid out row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    columns: usize,
    numbers: Vec<f64>,
}

impl Points {
    /// Points from rows.
    ///
    /// # Errors
    /// Without columns, when rows are of different lengths, when a number lies outside 0 to 1, and beyond
    /// [`MOST_NUMBERS`].
    pub fn from_rows(rows: &[Vec<f64>]) -> Result<Self, Refusal> {
        let columns = rows.first().map_or(0, Vec::len);
        allowed(rows.len(), columns)?;
        if let Some(row) = rows.iter().position(|row| row.len() != columns) {
            return Err(Refusal::UnevenRow { row, numbers: rows[row].len(), columns });
        }
        for (row, numbers) in rows.iter().enumerate() {
            for (column, value) in numbers.iter().enumerate() {
                inside(*value, row, column)?;
            }
        }
        Ok(Self { columns, numbers: rows.concat() })
    }

    /// Points whose sizes were checked and whose numbers lie in the unit interval.
    pub(super) fn laid_out(columns: usize, numbers: Vec<f64>) -> Self {
        debug_assert!(columns > 0 && numbers.len().is_multiple_of(columns));
        debug_assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        Self { columns, numbers }
    }

    /// How many points.
    pub fn rows(&self) -> usize {
        self.numbers.len() / self.columns
    }

    /// How many factors, at least one.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The coordinates of a point, one for each factor.
    ///
    /// # Panics
    /// Beyond the last row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.numbers[row * self.columns..(row + 1) * self.columns]
    }

    /// One coordinate.
    ///
    /// # Panics
    /// Beyond the last row or column.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.row(row)[column]
    }

    /// The points in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f64]> + Clone {
        self.numbers.chunks_exact(self.columns)
    }

    /// The coordinates of all points for one factor.
    ///
    /// # Panics
    /// Beyond the last column, when there are rows.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> + Clone {
        self.iter().map(move |row| row[column])
    }

    /// All numbers, row after row.
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// The points that meet a constraint, in the same order. Only for designs that [admit](super::Method::admits_constraints)
    /// one: what is left of a block or a trajectory cannot be analysed.
    pub fn keep(&self, meets: impl Fn(&[f64]) -> bool) -> Self {
        let numbers = self.iter().filter(|row| meets(row)).flatten().copied().collect();
        Self { columns: self.columns, numbers }
    }

    /// Exchanges a coordinate of two points.
    pub(super) fn exchange(&mut self, first: usize, second: usize, column: usize) {
        self.numbers.swap(first * self.columns + column, second * self.columns + column);
    }
}

/// Whether a design of this size may be made.
pub(super) fn allowed(rows: usize, columns: usize) -> Result<(), Refusal> {
    if rows == 0 {
        return Err(Refusal::NoRows);
    }
    if columns == 0 {
        return Err(Refusal::NoFactors);
    }
    match rows.checked_mul(columns) {
        Some(numbers) if numbers <= MOST_NUMBERS => Ok(()),
        _ => Err(Refusal::TooManyNumbers { rows, columns }),
    }
}

/// Whether a coordinate lies in the unit interval.
pub(super) fn inside(value: f64, row: usize, column: usize) -> Result<(), Refusal> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(Refusal::OutsideTheCube { row, column, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_laid_out_row_after_row() {
        let points = Points::from_rows(&[vec![0.0, 0.5], vec![1.0, 0.25], vec![0.75, 0.0]]).expect("they are sound");
        assert_eq!((points.rows(), points.columns()), (3, 2));
        assert_eq!(points.row(1), [1.0, 0.25]);
        assert_eq!(points.at(2, 0), 0.75);
        assert_eq!(points.column(1).collect::<Vec<f64>>(), [0.5, 0.25, 0.0]);
        assert_eq!(points.numbers(), [0.0, 0.5, 1.0, 0.25, 0.75, 0.0]);
        let kept = points.keep(|row| row[0] + row[1] <= 1.0);
        assert_eq!(kept.numbers(), [0.0, 0.5, 0.75, 0.0]);
    }

    #[test]
    fn what_is_no_point_of_the_cube_is_refused_with_its_place() {
        assert_eq!(Points::from_rows(&[]), Err(Refusal::NoRows));
        assert_eq!(Points::from_rows(&[vec![]]), Err(Refusal::NoFactors));
        let uneven = Points::from_rows(&[vec![0.1, 0.2], vec![0.1]]);
        assert_eq!(uneven, Err(Refusal::UnevenRow { row: 1, numbers: 1, columns: 2 }));
        let outside = Points::from_rows(&[vec![0.1, 1.5]]);
        assert_eq!(outside, Err(Refusal::OutsideTheCube { row: 0, column: 1, value: 1.5 }));
        assert!(Points::from_rows(&[vec![f64::NAN]]).is_err());
        assert_eq!(allowed(10_000_001, 10), Err(Refusal::TooManyNumbers { rows: 10_000_001, columns: 10 }));
        assert!(allowed(10_000_000, 10).is_ok());
        assert!(allowed(usize::MAX, 3).is_err());
    }
}
