//! Which box to look at first, and whether another sample would have given it.

use super::{FoundBox, Interest, Peeling, Prim, prim};
use crate::statistics::Address;
use crate::statistics::bootstrap::Choice;
use crate::statistics::design::shuffle;
use crate::statistics::sensitivity::Sample;

impl Prim {
    /// How well a box tells points of interest from others: its share of the ones less its share of the others (Youden's index). 0 for the
    /// whole.
    fn merit(&self, own: &FoundBox) -> f64 {
        let whole = &self.boxes[0];
        let others = (whole.points - whole.hits) as f64;
        own.coverage - (own.points - own.hits) as f64 / others
    }

    /// The box with the largest merit, the earliest of equals. It is a suggestion: what coverage is worth against density is the user's to
    /// say.
    pub fn suggested(&self) -> usize {
        let best = self.boxes.iter().map(|own| self.merit(own)).fold(0.0, f64::max);
        self.boxes.iter().position(|own| self.merit(own) == best).unwrap_or(0)
    }
}

/// In what share of searches on random halves of the points the suggested box limits each factor. Halves that cannot be searched
/// (all or none of their points are of interest) are passed over; missing when all of them are.
pub fn kept_in_halves(
    sample: &Sample,
    interest: Interest,
    peeling: &Peeling,
    (address, searches): (Address<'_>, usize),
) -> Vec<f64> {
    let mut draws = address.draws(Choice::Half, sample.rows());
    let mut rows: Vec<usize> = (0..sample.rows()).collect();
    let mut kept = vec![0_usize; sample.factors().len()];
    let mut done = 0_usize;
    for _ in 0..searches {
        shuffle(&mut rows, &mut draws);
        let mut half = rows[..rows.len() / 2].to_vec();
        half.sort_unstable();
        let Ok(found) = prim(&sample.of_rows(&half), interest, peeling) else { continue };
        done += 1;
        let suggested = &found.boxes[found.suggested()];
        for (factor, kept) in kept.iter_mut().enumerate() {
            *kept += usize::from(suggested.limits.iter().any(|limit| limit.factor == factor));
        }
    }
    kept.into_iter().map(|kept| if done == 0 { f64::NAN } else { kept as f64 / done as f64 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_is_found_in_every_half_and_a_factor_that_does_nothing_in_few() {
        let draw = |row: usize, by: usize| (row * by % 997) as f64 / 997.0;
        let (one, other): (Vec<f64>, Vec<f64>) = (0..400).map(|row| (draw(row, 617), draw(row, 233))).unzip();
        let outcomes: Vec<f64> = one.iter().map(|value| if *value < 0.3 { 0.0 } else { 1.0 }).collect();
        let sample = Sample::complete(&[one, other], &outcomes).expect("it is sound");
        let address = Address { seed: 3, label: "halves" };
        let interest = Interest::AtMost(0.5);
        let kept = kept_in_halves(&sample, interest, &Peeling::default(), (address, 20));
        assert_eq!(kept[0], 1.0);
        assert!(kept[1] < 0.5, "{kept:?}");
        let found = prim(&sample, interest, &Peeling::default()).expect("there is a corner");
        let best = &found.boxes[found.suggested()];
        assert!(best.coverage > 0.95 && best.density > 0.95, "{best:?}");
    }
}
