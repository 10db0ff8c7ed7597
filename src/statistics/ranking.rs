//! How probable is it that an arm comes first, second, ...?
//!
//! Replicates are resampled jointly for all arms, so what a replicate does to all alike does not disturb the order;
//! within each resample arms are ranked by their means. Arms that tie share the ranks they fill. The shares are
//! bootstrap probabilities: a description of how settled the order is, not posterior probabilities.

use super::distribution::normal_probability;
use super::{Arms, Direction, Resamples};

/// For each arm (row) the probability of each rank (column), the first column being the best; empty without resamples.
///
/// # Panics
/// When the resamples are for another count of replicates.
pub fn rank_probabilities(arms: &Arms, direction: Direction, resamples: &Resamples) -> Vec<Vec<f64>> {
    let count = arms.count();
    if resamples.count() == 0 {
        return Vec::new();
    }
    let means: Vec<Vec<f64>> = (0..count).map(|arm| resamples.means(arms.arm(arm))).collect();
    let by_resample =
        (0..resamples.count()).map(|resample| means.iter().map(|arm| arm[resample]).collect::<Vec<f64>>());
    let mut times = vec![vec![0.0; count]; count];
    let mut order: Vec<usize> = (0..count).collect();
    for mean in by_resample {
        order.sort_by(|a, b| match direction {
            Direction::Largest => mean[*b].total_cmp(&mean[*a]).then(a.cmp(b)),
            Direction::Smallest => mean[*a].total_cmp(&mean[*b]).then(a.cmp(b)),
        });
        let mut start = 0;
        for tied in order.chunk_by(|a, b| mean[*a] == mean[*b]) {
            for arm in tied {
                times[*arm][start..start + tied.len()].iter_mut().for_each(|cell| *cell += 1.0 / tied.len() as f64);
            }
            start += tied.len();
        }
    }
    times.iter_mut().flatten().for_each(|cell| *cell /= resamples.count() as f64);
    times
}

/// By how many standard errors the best of so many equal arms overstates itself: the expected maximum of independent
/// standard normal numbers, 0 for one. (A plain sum of evenly spaced values: the function is smooth and vanishes at
/// both ends.)
pub fn luck_of_the_best(count: usize) -> f64 {
    const STEP: f64 = 1.0 / 32.0;
    let density = |x: f64| libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * core::f64::consts::PI);
    let below = |x: f64| libm::pow(normal_probability(x), count as f64 - 1.0);
    let at = |place: i32| f64::from(place) * STEP;
    (-320..=320).map(at).map(|x| x * count as f64 * density(x) * below(x)).sum::<f64>() * STEP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Address;
    use crate::statistics::examples::{FOUR, close};

    fn drawn() -> Resamples {
        Resamples::drawn(Address { seed: 3, label: "ranking" }, 8, 2000)
    }

    #[test]
    fn the_luck_of_the_best_matches_its_quadrature() {
        // Expected maxima of k standard normal numbers; for 2 it is 1 / sqrt(pi), for 3 it is 1.5 / sqrt(pi).
        let want = [
            (1, 0.0),
            (2, 0.564_189_583_547_756_1),
            (3, 0.846_284_375_321_634_3),
            (5, 1.162_964_473_640_519_6),
            (10, 1.538_752_730_835_173),
            (100, 2.507_593_636_441_687_8),
        ];
        for (count, want) in want {
            close(luck_of_the_best(count), want, 1e-8);
        }
    }

    #[test]
    fn rows_and_columns_are_probabilities() {
        let got = rank_probabilities(&Arms::complete(&FOUR), Direction::Largest, &drawn());
        for place in 0..4 {
            close(got[place].iter().sum(), 1.0, 1e-9);
            close(got.iter().map(|row| row[place]).sum(), 1.0, 1e-9);
        }
    }

    #[test]
    fn an_arm_that_is_ahead_in_every_replicate_is_always_first() {
        let lower: Vec<f64> = FOUR[3].iter().map(|value| value - 0.5).collect();
        let arms = Arms::complete(&[lower, FOUR[3].to_vec(), FOUR[2].to_vec()]);
        let got = rank_probabilities(&arms, Direction::Largest, &drawn());
        assert_eq!(got[1][0], 1.0);
        assert_eq!(got[0][1], 1.0);
        let least = rank_probabilities(&arms, Direction::Smallest, &drawn());
        assert_eq!(least[1][2], 1.0);
    }

    #[test]
    fn equal_arms_share_their_ranks() {
        let got = rank_probabilities(&Arms::complete(&[FOUR[0], FOUR[0]]), Direction::Largest, &drawn());
        assert!(got.iter().flatten().all(|share| *share == 0.5));
    }

    #[test]
    fn two_arms_rank_as_the_sign_of_their_resampled_difference() {
        let arms = Arms::complete(&[FOUR[0], FOUR[2]]);
        let got = rank_probabilities(&arms, Direction::Largest, &drawn());
        let differences: Vec<f64> = FOUR[0].iter().zip(FOUR[2]).map(|(a, b)| a - b).collect();
        let means = drawn().means(&differences);
        let share =
            means.iter().map(|mean| f64::from(*mean > 0.0) + 0.5 * f64::from(*mean == 0.0)).sum::<f64>() / 2000.0;
        close(got[0][0], share, 1e-9);
        assert!(0.5 < share && share < 1.0);
    }
}
