//! Latin hypercubes: in every column each of n equal strata holds exactly one point.
//!
//! The improved ones begin with a plain one and exchange the coordinates of two points in one column, which keeps the
//! strata, whenever that brings the goal nearer. Pairs and columns tried are drawn, so the result is a function of seed,
//! sizes and number of trials. It is a local optimum, not the best there is.

use super::points::allowed;
use super::{Chance, Points, Refusal, draws, in_stratum, shuffled};

/// What exchanges bring nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Points far from each other: a small sum of the 16th powers of inverse distances, nearly the largest smallest distance
    /// (the criterion of Morris and Mitchell 1995).
    Maximin,
    /// Columns with little correlation: a small sum of its squares.
    Correlation,
    /// Every box at the centre holds about its share: a small centred discrepancy (Hickernell 1998).
    Discrepancy,
}

/// A Latin hypercube of so many rows and columns: strata in an order of their own in each column, each point anywhere in its
/// stratum. Coordinates lie in the half-open interval from 0 to 1.
///
/// # Errors
/// Without rows or columns, and beyond 10^8 numbers.
pub fn latin_hypercube(seed: u64, rows: usize, columns: usize) -> Result<Points, Refusal> {
    allowed(rows, columns)?;
    let mut numbers = vec![0.0; rows * columns];
    for column in 0..columns {
        let mut luck = draws(seed, Chance::Latin, column, rows as u64);
        for (row, stratum) in shuffled(rows, &mut luck).into_iter().enumerate() {
            numbers[row * columns + column] = in_stratum(stratum, luck.uniform(), rows);
        }
    }
    Ok(Points::laid_out(columns, numbers))
}

/// A Latin hypercube whose coordinates were exchanged towards a goal, in so many trials. Each trial costs as much as reading
/// the design once; 10,000 are plenty for 100 rows, more gain little. With none it is the plain design of the same seed.
///
/// # Errors
/// As for the plain one.
pub fn improved_latin_hypercube(
    seed: u64,
    rows: usize,
    columns: usize,
    goal: Goal,
    trials: usize,
) -> Result<Points, Refusal> {
    let mut points = latin_hypercube(seed, rows, columns)?;
    if rows < 2 || columns < 2 {
        return Ok(points);
    }
    let mut luck = draws(seed, Chance::Exchange, columns, rows as u64);
    for _ in 0..trials {
        let column = luck.index(columns);
        let first = luck.index(rows);
        let second = (first + 1 + luck.index(rows - 1)) % rows;
        let trial = Trial { points: &points, column, first, second };
        let change = match goal {
            Goal::Maximin => trial.crowding(),
            Goal::Correlation => trial.correlation(),
            Goal::Discrepancy => trial.discrepancy(),
        };
        if change < 0.0 {
            points.exchange(first, second, column);
        }
    }
    Ok(points)
}

/// An exchange of a coordinate of two points, not yet made. Each measure says by how much the goal's sum would change.
struct Trial<'a> {
    points: &'a Points,
    column: usize,
    first: usize,
    second: usize,
}

impl Trial<'_> {
    /// The points that stay where they are.
    fn others(&self) -> impl Iterator<Item = &[f64]> {
        let moved = [self.first, self.second];
        self.points.iter().enumerate().filter(move |(row, _)| !moved.contains(row)).map(|(_, point)| point)
    }

    /// The columns that stay as they are.
    fn kept(&self) -> impl Iterator<Item = usize> + Clone {
        let column = self.column;
        (0..self.points.columns()).filter(move |other| *other != column)
    }

    /// Change of the sum of 16th powers of inverse distances.
    fn crowding(&self) -> f64 {
        let (a, b) = (self.points.row(self.first), self.points.row(self.second));
        let closeness = |squared: f64| {
            let inverse = 1.0 / squared;
            let fourth = inverse * inverse * (inverse * inverse);
            fourth * fourth
        };
        let square = |x: f64| x * x;
        let c = self.column;
        self.others()
            .map(|other| {
                let from_a: f64 = self.kept().map(|k| square(a[k] - other[k])).sum();
                let from_b: f64 = self.kept().map(|k| square(b[k] - other[k])).sum();
                let (own_a, own_b) = (square(a[c] - other[c]), square(b[c] - other[c]));
                let before = closeness(from_a + own_a) + closeness(from_b + own_b);
                closeness(from_a + own_b) + closeness(from_b + own_a) - before
            })
            .sum()
    }

    /// Change of the sum of squared correlations of the column with the others, whose variance an exchange leaves alone.
    fn correlation(&self) -> f64 {
        let points = self.points;
        let n = points.rows() as f64;
        let mean = |column: usize| points.column(column).sum::<f64>() / n;
        let own_mean = mean(self.column);
        let (a, b) = (points.row(self.first), points.row(self.second));
        let by = a[self.column] - b[self.column];
        let column_change = |other: usize| {
            let other_mean = mean(other);
            let pairs = points.column(self.column).zip(points.column(other));
            let cross: f64 = pairs.map(|(x, y)| (x - own_mean) * (y - other_mean)).sum();
            let squares: f64 = points.column(other).map(|y| (y - other_mean) * (y - other_mean)).sum();
            let moved = cross + by * (b[other] - a[other]);
            (moved * moved - cross * cross) / squares
        };
        self.kept().map(column_change).sum()
    }

    /// Change of the squared centred discrepancy, times the square of the count of points.
    fn discrepancy(&self) -> f64 {
        let n = self.points.rows() as f64;
        let (a, b) = (self.points.row(self.first), self.points.row(self.second));
        let off = |x: f64| (x - 0.5).abs();
        let alone = |x: f64| 1.0 + 0.5 * off(x) - 0.5 * off(x) * off(x);
        let pair = |x: f64, y: f64| 1.0 + 0.5 * off(x) + 0.5 * off(y) - 0.5 * (x - y).abs();
        let c = self.column;
        let product = |of: &dyn Fn(usize) -> f64| self.kept().map(of).product::<f64>();
        let alone_change = (product(&|k| alone(a[k])) - product(&|k| alone(b[k]))) * (alone(b[c]) - alone(a[c]));
        let self_change =
            (product(&|k| pair(a[k], a[k])) - product(&|k| pair(b[k], b[k]))) * (pair(b[c], b[c]) - pair(a[c], a[c]));
        let pair_change = |other: &[f64]| {
            let (mut rest_a, mut rest_b) = (1.0, 1.0);
            for k in self.kept() {
                rest_a *= pair(a[k], other[k]);
                rest_b *= pair(b[k], other[k]);
            }
            (rest_a - rest_b) * (pair(b[c], other[c]) - pair(a[c], other[c]))
        };
        2.0 * self.others().map(pair_change).sum::<f64>() + self_change - 2.0 * n * alone_change
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::design::{centred_discrepancy, largest_correlation, smallest_distance};
    use crate::statistics::examples::close;

    const GOALS: [Goal; 3] = [Goal::Maximin, Goal::Correlation, Goal::Discrepancy];

    fn one_point_in_each_stratum(points: &Points) -> bool {
        (0..points.columns()).all(|column| {
            let mut met = vec![0; points.rows()];
            points.column(column).for_each(|x| met[(x * points.rows() as f64) as usize] += 1);
            met.iter().all(|count| *count == 1)
        })
    }

    proptest::proptest! {
        #[test]
        fn each_column_has_one_point_in_each_stratum(seed: u64, rows in 1..60_usize, columns in 1..6_usize) {
            let plain = latin_hypercube(seed, rows, columns).expect("it is small");
            assert!(one_point_in_each_stratum(&plain));
            for goal in GOALS {
                let improved = improved_latin_hypercube(seed, rows, columns, goal, 100).expect("it is small");
                assert!(one_point_in_each_stratum(&improved), "{goal:?}");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_and_another_seed_other_points() {
        let design = |seed| improved_latin_hypercube(seed, 20, 4, Goal::Maximin, 500).expect("it is small");
        assert_eq!(design(3), design(3));
        assert_ne!(design(3), design(4));
    }

    #[test]
    fn a_trial_foretells_what_the_exchange_does() {
        let points = latin_hypercube(9, 12, 3).expect("it is small");
        let (column, first, second) = (1, 4, 7);
        let trial = Trial { points: &points, column, first, second };
        let mut moved = points.clone();
        moved.exchange(first, second, column);
        let n = 12.0;
        let discrepancy = (centred_discrepancy(&moved) - centred_discrepancy(&points)) * n * n;
        close(trial.discrepancy(), discrepancy, 1e-12);
        let crowding = |points: &Points| {
            let rows: Vec<&[f64]> = points.iter().collect();
            let squared = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
            let pairs = (0..12).flat_map(|i| (0..i).map(move |j| (i, j)));
            pairs.map(|(i, j)| libm::pow(squared(rows[i], rows[j]), -8.0)).sum::<f64>()
        };
        let change = crowding(&moved) - crowding(&points);
        close(trial.crowding() / change, 1.0, 1e-9);
        let correlations = |points: &Points| {
            let pair = |other: usize| {
                let rows: Vec<Vec<f64>> = points.iter().map(|row| vec![row[1], row[other]]).collect();
                let r = largest_correlation(&Points::from_rows(&rows).expect("they are points"));
                r * r
            };
            pair(0) + pair(2)
        };
        let mean = points.column(1).sum::<f64>() / n;
        let squares: f64 = points.column(1).map(|x| (x - mean) * (x - mean)).sum();
        close(trial.correlation(), (correlations(&moved) - correlations(&points)) * squares, 1e-12);
    }

    #[test]
    fn exchanges_bring_each_goal_nearer() {
        for seed in 0..10 {
            let plain = latin_hypercube(seed, 30, 4).expect("it is small");
            let improved = |goal| improved_latin_hypercube(seed, 30, 4, goal, 5000).expect("it is small");
            assert!(smallest_distance(&improved(Goal::Maximin)) > 1.5 * smallest_distance(&plain));
            assert!(largest_correlation(&improved(Goal::Correlation)) < 0.02);
            assert!(centred_discrepancy(&improved(Goal::Discrepancy)) < 0.7 * centred_discrepancy(&plain));
        }
    }

    #[test]
    fn points_fall_evenly_within_their_strata() {
        // Place within the stratum: mean 1/2 and variance 1/12 over 2000 numbers.
        let points = latin_hypercube(1, 500, 4).expect("it is small");
        let places: Vec<f64> = points.numbers().iter().map(|x| (x * 500.0) % 1.0).collect();
        let mean = places.iter().sum::<f64>() / 2000.0;
        close(mean, 0.5, 4.0 * libm::sqrt(1.0 / 12.0 / 2000.0));
        let below = places.iter().filter(|place| **place < 0.25).count() as f64;
        close(below, 500.0, 4.0 * libm::sqrt(2000.0 * 0.25 * 0.75));
    }

    #[test]
    fn one_point_or_one_column_is_a_design_too() {
        assert_eq!(improved_latin_hypercube(1, 1, 3, Goal::Maximin, 10).map(|points| points.rows()), Ok(1));
        assert_eq!(improved_latin_hypercube(1, 5, 1, Goal::Correlation, 10).map(|points| points.rows()), Ok(5));
        assert_eq!(latin_hypercube(1, 0, 3), Err(Refusal::NoRows));
        assert_eq!(latin_hypercube(1, 5, 0), Err(Refusal::NoFactors));
    }
}
