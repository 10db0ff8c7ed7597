//! How far the distribution of the outcome moves when a factor is held in a slice: PAWN (Pianosi and Wagener 2015; 2018 for given
//! data).
//!
//! The values of a factor are cut at its s / S quantiles (type 7) into S slices of nearly equal counts, closed below, the last closed
//! above, too, so that no row is lost; a factor of at most S different values has a slice for each. In each slice the
//! Kolmogorov-Smirnov statistic is the largest distance between the distribution of the outcomes in the slice and that of all. The index is
//! the median over slices, or the largest.
//!
//! It is above 0 for a factor that does nothing, the more so the fewer rows a slice has. So dummies stand beside every
//! factor: its own slices with the rows drawn into them at random (Khorashadi Zadeh and others 2017).

use super::{Dummies, Importance, Refusal, Sample};
use crate::statistics::design::shuffle;
use crate::statistics::multiple::ascending;
use crate::statistics::{median, quantile_sorted};

/// Fewer rows in a slice show nothing.
const LEAST_IN_A_SLICE: usize = 5;

/// What PAWN says of a factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Pawn {
    /// The statistic of each slice, in the order of the factor's values.
    pub slices: Vec<f64>,
    /// Their median.
    pub median: f64,
    /// Their mean.
    pub mean: f64,
    /// The largest.
    pub largest: f64,
    /// What dummies show.
    pub dummy: PawnDummy,
}

/// What dummy factors with the same slices show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PawnDummy {
    /// The mean of their medians.
    pub median: f64,
    /// The quantile of their medians at the level asked for.
    pub median_high: f64,
    /// The mean of their largest.
    pub largest: f64,
    /// The quantile of their largest at the level asked for.
    pub largest_high: f64,
}

impl Pawn {
    /// `Important` if the median lies above that of dummies, else `Negligible`: no more than chance explains.
    pub fn importance(&self) -> Importance {
        if self.median > self.dummy.median_high { Importance::Important } else { Importance::Negligible }
    }

    /// The same by the largest statistic: a factor may matter in one part of its range only.
    pub fn importance_somewhere(&self) -> Importance {
        if self.largest > self.dummy.largest_high { Importance::Important } else { Importance::Negligible }
    }
}

/// PAWN of each factor with so many slices (10 is usual).
///
/// # Errors
/// Below two slices, for fewer rows than five a slice, an outcome or factor that is the same everywhere, and without dummies.
pub fn pawn(sample: &Sample, slices: usize, dummies: &Dummies<'_>) -> Result<Vec<Pawn>, Refusal> {
    if slices < 2 {
        return Err(Refusal::Setting { name: "the number of slices", value: slices as f64, allowed: "at least 2" });
    }
    dummies.check()?;
    sample.at_least(slices.saturating_mul(LEAST_IN_A_SLICE))?;
    sample.varied()?;
    let outcomes = Outcomes::of(sample.outcomes());
    let mut known: Vec<(Vec<usize>, PawnDummy)> = Vec::new();
    let factors = sample.factors().iter().map(|column| {
        let places = sliced(column, slices);
        let sizes = sizes(&places);
        // Factors with slices of the same sizes share their dummies.
        let dummy = match known.iter().find(|(own, _)| *own == sizes) {
            Some((_, dummy)) => *dummy,
            None => {
                let dummy = outcomes.dummies(&sizes, dummies);
                known.push((sizes.clone(), dummy));
                dummy
            }
        };
        let slices = outcomes.distances(&places, &sizes);
        let (median, largest) = summary(&slices);
        let mean = slices.iter().sum::<f64>() / slices.len() as f64;
        Pawn { slices, median, mean, largest, dummy }
    });
    Ok(factors.collect())
}

/// The slice of each row; slices without rows are not counted.
fn sliced(column: &[f64], slices: usize) -> Vec<usize> {
    let mut sorted = column.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    let bounds = if distinct.len() <= slices {
        distinct
    } else {
        let mut bounds: Vec<f64> =
            (0..slices).map(|slice| quantile_sorted(&sorted, slice as f64 / slices as f64)).collect();
        bounds.dedup();
        bounds
    };
    let raw: Vec<usize> = column.iter().map(|value| bounds.partition_point(|bound| bound <= value) - 1).collect();
    let mut number = vec![0; bounds.len()];
    raw.iter().for_each(|slice| number[*slice] = 1);
    let mut next = 0;
    for own in &mut number {
        let filled = *own;
        *own = next;
        next += filled;
    }
    raw.into_iter().map(|slice| number[slice]).collect()
}

/// How many rows each slice has.
fn sizes(places: &[usize]) -> Vec<usize> {
    let mut sizes = vec![0; places.iter().max().map_or(0, |last| last + 1)];
    places.iter().for_each(|place| sizes[*place] += 1);
    sizes
}

/// Median and largest.
fn summary(slices: &[f64]) -> (f64, f64) {
    (median(slices), slices.iter().copied().fold(0.0, f64::max))
}

/// Outcomes in ascending order.
struct Outcomes {
    /// Rows.
    order: Vec<usize>,
    /// Where rows with the same outcome end, in that order.
    ends: Vec<usize>,
}

impl Outcomes {
    fn of(outcomes: &[f64]) -> Self {
        let order = ascending(outcomes);
        let mut ends = Vec::new();
        let mut end = 0;
        for tied in order.chunk_by(|one, other| outcomes[*one] == outcomes[*other]) {
            end += tied.len();
            ends.push(end);
        }
        Self { order, ends }
    }

    /// The Kolmogorov-Smirnov statistic of each slice. Between two members of a slice its own distribution stands still, so the
    /// distance is largest just before or just after one.
    fn distances(&self, places: &[usize], sizes: &[usize]) -> Vec<f64> {
        let all = self.order.len() as f64;
        let mut seen = vec![0_usize; sizes.len()];
        let mut largest = vec![0.0_f64; sizes.len()];
        let mut start = 0;
        for end in &self.ends {
            let tied = &self.order[start..*end];
            let look = |seen: &[usize], largest: &mut [f64], reached: usize| {
                for row in tied {
                    let slice = places[*row];
                    let distance = (seen[slice] as f64 / sizes[slice] as f64 - reached as f64 / all).abs();
                    largest[slice] = largest[slice].max(distance);
                }
            };
            look(&seen, &mut largest, start);
            tied.iter().for_each(|row| seen[places[*row]] += 1);
            look(&seen, &mut largest, *end);
            start = *end;
        }
        largest
    }

    fn dummies(&self, sizes: &[usize], dummies: &Dummies<'_>) -> PawnDummy {
        let mut draws = dummies.draws(self.order.len());
        let mut places: Vec<usize> =
            sizes.iter().enumerate().flat_map(|(slice, size)| core::iter::repeat_n(slice, *size)).collect();
        let (mut medians, mut largest): (Vec<f64>, Vec<f64>) = (0..dummies.count)
            .map(|_| {
                shuffle(&mut places, &mut draws);
                summary(&self.distances(&places, sizes))
            })
            .unzip();
        medians.sort_by(f64::total_cmp);
        largest.sort_by(f64::total_cmp);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        PawnDummy {
            median: mean(&medians),
            median_high: quantile_sorted(&medians, dummies.level),
            largest: mean(&largest),
            largest_high: quantile_sorted(&largest, dummies.level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Address;

    #[test]
    fn slices_are_closed_below_and_the_last_above_too() {
        let column: Vec<f64> = (0..10).map(f64::from).collect();
        assert_eq!(sliced(&column, 5), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(sliced(&[2.0, 1.0, 1.0, 7.0, 7.0], 4), [1, 0, 0, 2, 2]);
        // Half of the rows share one value: the quantiles that fall on it make one slice.
        let tied = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(sizes(&sliced(&tied, 5)), [6, 2, 2]);
    }

    #[test]
    fn a_distance_is_the_largest_anywhere_and_ties_are_passed_as_one() {
        // All: 1, 1, 2, 3; the slice {1, 3}: at 1 it is 1/2 = 1/2, at 2 1/2 against 3/4.
        let outcomes = Outcomes::of(&[1.0, 1.0, 2.0, 3.0]);
        let got = outcomes.distances(&[0, 1, 1, 0], &[2, 2]);
        assert_eq!(got, [0.25, 0.25]);
        let plain = Outcomes::of(&[5.0, 6.0, 7.0, 8.0]).distances(&[0, 0, 1, 1], &[2, 2]);
        assert_eq!(plain, [0.5, 0.5]);
    }

    #[test]
    fn a_constant_factor_and_too_few_rows_are_refused() {
        let dummies = Dummies { address: Address { seed: 1, label: "pawn" }, count: 10, level: 0.95 };
        let outcomes: Vec<f64> = (0..20).map(f64::from).collect();
        let sample = Sample::complete(&[vec![1.0; 20]], &outcomes).expect("it is sound");
        assert_eq!(pawn(&sample, 2, &dummies), Err(Refusal::ConstantFactor { factor: 0 }));
        let few = Refusal::TooFew { what: "points", complete: 20, dropped: 0, needed: 50 };
        assert_eq!(pawn(&sample, 10, &dummies), Err(few));
        assert!(pawn(&sample, 2, &Dummies { count: 0, ..dummies }).is_err());
    }
}
