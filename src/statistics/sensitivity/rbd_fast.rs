//! First-order shares from any sample by a Fourier transform: RBD-FAST (Tarantola, Gatelli and Mara 2006; in this form for any sample
//! EASI, Plischke 2010).
//!
//! Rows are put in the order of a factor, every second one going up and the others coming down again, so that the factor swings once
//! over the N rows. What of the outcome's variance lies in the first M harmonics is the factor's share:
//!
//! S = sum over k = 1..M of P_k / sum over all k >= 1 of P_k,
//!
//! P being the periodogram. Noise has its part in the harmonics as well, a share l = 2 M / N; Tissot and Prieur (2012) take it out: S - l / (1
//! - l) (1 - S). Nothing is clamped.

use super::{Dummies, Importance, Refusal, Sample};
use crate::statistics::design::shuffle;
use crate::statistics::multiple::ascending;
use crate::statistics::quantile_sorted;

/// The first-order share of a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Harmonic {
    /// The share, corrected.
    pub first: f64,
    /// The share before correction.
    pub uncorrected: f64,
    /// The quantile of the corrected shares of dummies at the level asked for.
    pub dummy_high: f64,
}

impl Harmonic {
    /// `Important` if the share lies above that of dummies, else `Negligible` (by itself: it may matter through interactions).
    pub fn importance(&self) -> Importance {
        if self.first > self.dummy_high { Importance::Important } else { Importance::Negligible }
    }
}

/// First-order shares of all factors with so many harmonics (10 is usual).
///
/// Rows with the same value of a factor stay in the order of the sample, so for factors of few values shares depend on it a little.
///
/// # Errors
/// Without harmonics, for fewer rows than four times the harmonics, an outcome or factor that is the same everywhere, and without
/// dummies.
pub fn rbd_fast(sample: &Sample, harmonics: usize, dummies: &Dummies<'_>) -> Result<Vec<Harmonic>, Refusal> {
    if harmonics == 0 {
        return Err(Refusal::Setting { name: "the number of harmonics", value: 0.0, allowed: "at least 1" });
    }
    dummies.check()?;
    sample.at_least(harmonics.saturating_mul(4))?;
    sample.varied()?;
    let outcomes = sample.outcomes();
    let waves = Waves::of(outcomes.len(), harmonics);
    let lambda = 2.0 * harmonics as f64 / outcomes.len() as f64;
    let correct = |share: f64| share - lambda / (1.0 - lambda) * (1.0 - share);
    let mut draws = dummies.draws(outcomes.len());
    let mut places: Vec<usize> = (0..outcomes.len()).collect();
    let mut null: Vec<f64> = (0..dummies.count)
        .map(|_| {
            shuffle(&mut places, &mut draws);
            correct(waves.share(outcomes, &places))
        })
        .collect();
    null.sort_by(f64::total_cmp);
    let dummy_high = quantile_sorted(&null, dummies.level);
    let of_factor = |column: &Vec<f64>| {
        let uncorrected = waves.share(outcomes, &there_and_back(&ascending(column)));
        Harmonic { first: correct(uncorrected), uncorrected, dummy_high }
    };
    Ok(sample.factors().iter().map(of_factor).collect())
}

/// Every second of an order going up, the others coming down.
fn there_and_back(order: &[usize]) -> Vec<usize> {
    let up = order.iter().step_by(2);
    let down = order.iter().skip(1).step_by(2).rev();
    up.chain(down).copied().collect()
}

/// One whole wave of cosines and sines, from which those of all harmonics are picked.
struct Waves {
    wave: Vec<(f64, f64)>,
    harmonics: usize,
}

impl Waves {
    fn of(rows: usize, harmonics: usize) -> Self {
        let angle = |place: usize| 2.0 * core::f64::consts::PI * place as f64 / rows as f64;
        Self { wave: (0..rows).map(|place| (libm::cos(angle(place)), libm::sin(angle(place)))).collect(), harmonics }
    }

    /// The share of the first harmonics in the sum of squares of outcomes in an order. By Parseval's theorem all harmonics together are the
    /// sum of squares; each below the middle stands for two frequencies.
    fn share(&self, outcomes: &[f64], order: &[usize]) -> f64 {
        let n = outcomes.len();
        let mean = outcomes.iter().sum::<f64>() / n as f64;
        let squares: f64 = outcomes.iter().map(|outcome| (outcome - mean) * (outcome - mean)).sum();
        let power = |harmonic: usize| {
            let (mut cosine, mut sine) = (0.0, 0.0);
            for (place, row) in order.iter().enumerate() {
                let (c, s) = self.wave[place * harmonic % n];
                cosine += (outcomes[*row] - mean) * c;
                sine += (outcomes[*row] - mean) * s;
            }
            cosine * cosine + sine * sine
        };
        2.0 * (1..=self.harmonics).map(power).sum::<f64>() / (n as f64 * squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Address;
    use crate::statistics::examples::close;

    #[test]
    fn an_order_goes_up_in_steps_of_two_and_comes_down_by_the_others() {
        assert_eq!(there_and_back(&[0, 1, 2, 3, 4]), [0, 2, 4, 3, 1]);
        assert_eq!(there_and_back(&[5, 1, 2, 3]), [5, 2, 3, 1]);
    }

    #[test]
    fn a_straight_line_is_all_in_the_low_harmonics_and_nothing_else_is() {
        let up: Vec<f64> = (0..400).map(f64::from).collect();
        let other: Vec<f64> = (0..400).map(|row| f64::from(row * 157 % 400)).collect();
        let sample = Sample::complete(&[up.clone(), other], &up).expect("it is sound");
        let dummies = Dummies { address: Address { seed: 1, label: "waves" }, count: 200, level: 0.95 };
        let got = rbd_fast(&sample, 10, &dummies).expect("there is enough");
        // A triangular wave of period N has 8 / (pi k)^2 half squares in its odd harmonics: all but 0.0007 below the tenth.
        close(got[0].uncorrected, 1.0, 0.001);
        assert_eq!(got[0].importance(), Importance::Important);
        assert!(got[1].first.abs() < 0.1, "{:?}", got[1]);
        assert!((0.0..0.1).contains(&got[1].dummy_high), "{:?}", got[1]);
        let few = rbd_fast(&sample, 101, &dummies);
        assert_eq!(few, Err(Refusal::TooFew { what: "points", complete: 400, dropped: 0, needed: 404 }));
    }
}
