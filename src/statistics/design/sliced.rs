//! Sliced Latin hypercubes: several Latin hypercubes that together are one (Qian 2012).
//!
//! For a few categories that deserve equal care: cross them with the slices, one slice for each combination.

use super::points::allowed;
use super::{Chance, Points, Refusal, draws, in_stratum, shuffled};

/// So many slices of so many rows each, slice after slice. Every column of a slice has one point in each of `rows` equal
/// strata, and every column of the whole one in each of `slices` x `rows`.
///
/// # Errors
/// Without slices, rows or columns, and beyond 10^8 numbers.
pub fn sliced_latin_hypercube(seed: u64, slices: usize, rows: usize, columns: usize) -> Result<Points, Refusal> {
    let all = rows.saturating_mul(slices);
    allowed(all, columns)?;
    let mut numbers = vec![0.0; all * columns];
    for column in 0..columns {
        let mut luck = draws(seed, Chance::Slice, column, ((rows as u64) << 32) | slices as u64);
        // A stratum of the slices is a run of fine strata; each slice gets one of them.
        let shares: Vec<Vec<usize>> = (0..rows).map(|_| shuffled(slices, &mut luck)).collect();
        for slice in 0..slices {
            for (row, stratum) in shuffled(rows, &mut luck).into_iter().enumerate() {
                let fine = stratum * slices + shares[stratum][slice];
                numbers[(slice * rows + row) * columns + column] = in_stratum(fine, luck.uniform(), all);
            }
        }
    }
    Ok(Points::laid_out(columns, numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strata(numbers: impl Iterator<Item = f64>, count: usize) -> Vec<usize> {
        let mut met: Vec<usize> = numbers.map(|x| (x * count as f64) as usize).collect();
        met.sort_unstable();
        met
    }

    proptest::proptest! {
        #[test]
        fn each_slice_and_the_union_are_latin_hypercubes(
            seed: u64, slices in 1..6_usize, rows in 1..20_usize, columns in 1..4_usize,
        ) {
            let points = sliced_latin_hypercube(seed, slices, rows, columns).expect("it is small");
            for column in 0..columns {
                let all: Vec<f64> = points.column(column).collect();
                assert_eq!(strata(all.iter().copied(), slices * rows), (0..slices * rows).collect::<Vec<usize>>());
                for slice in all.chunks_exact(rows) {
                    assert_eq!(strata(slice.iter().copied(), rows), (0..rows).collect::<Vec<usize>>());
                }
            }
        }
    }

    #[test]
    fn nothing_to_slice_is_refused() {
        assert_eq!(sliced_latin_hypercube(1, 0, 4, 2), Err(Refusal::NoRows));
        assert!(sliced_latin_hypercube(1, usize::MAX, 4, 2).is_err());
    }
}
