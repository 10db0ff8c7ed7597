//! What may be concluded, as data: words for it are made elsewhere.

use super::{Estimate, NoiseFloor, Screened};

/// Whether a factor matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// It does, beyond what chance explains.
    Important,
    /// It does not, or no more than what chance explains.
    Negligible,
    /// The interval holds both.
    Undecided,
}

/// The total share below which a factor may be fixed without much harm (Sarrazin, Pianosi and Wagener 2016).
pub const NEGLIGIBLE_SHARE: f64 = 0.05;

impl Estimate {
    /// Whether a share matters: the whole interval above the threshold, the whole below, or neither.
    pub fn importance(&self, threshold: f64) -> Importance {
        if self.interval.low > threshold {
            Importance::Important
        } else if self.interval.high < threshold {
            Importance::Negligible
        } else {
            Importance::Undecided
        }
    }
}

/// Whether more replicates of each point are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replication {
    /// Chance is small enough.
    Enough,
    /// So many in all, at least, if the estimates stay as they are.
    More {
        /// Replicates of each point.
        replicates: usize,
    },
    /// More, but nothing is seen above chance yet, so how many cannot be said.
    Unseen,
}

/// Whether the noise floor of a screening is low enough: at most a share (0.1 is usual) of the largest mu*. The floor falls with the
/// root of the number of replicates. `Unseen` when no mu* rises
/// above the floor.
pub fn screening_replication(screened: &[Screened], floor: &NoiseFloor, replicates: usize, share: f64) -> Replication {
    let largest = screened.iter().map(|group| group.mu_star.value).fold(0.0, f64::max);
    if floor.mu_star <= share * largest {
        return Replication::Enough;
    }
    if largest <= floor.mu_star_high {
        return Replication::Unseen;
    }
    let times = floor.mu_star / (share * largest);
    Replication::More { replicates: libm::ceil(replicates as f64 * times * times) as usize }
}

/// Whether chance is small enough in the means of points: its variance there, s^2 / r, at most a share (0.5 is usual) of the
/// variance that the factors give. `Unseen` when nothing is left of that.
pub fn variance_replication(noise: f64, variance: f64, replicates: usize, share: f64) -> Replication {
    if variance.is_nan() || variance <= 0.0 {
        return Replication::Unseen;
    }
    let needed = libm::ceil(noise / (share * variance)) as usize;
    if needed <= replicates { Replication::Enough } else { Replication::More { replicates: needed } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Interval;

    #[test]
    fn an_interval_around_the_threshold_decides_nothing() {
        let share = |low, high| Estimate { value: 0.5 * (low + high), interval: Interval { low, high } };
        assert_eq!(share(0.06, 0.2).importance(NEGLIGIBLE_SHARE), Importance::Important);
        assert_eq!(share(-0.01, 0.04).importance(NEGLIGIBLE_SHARE), Importance::Negligible);
        assert_eq!(share(0.01, 0.1).importance(NEGLIGIBLE_SHARE), Importance::Undecided);
        assert_eq!(Estimate::MISSING.importance(NEGLIGIBLE_SHARE), Importance::Undecided);
    }

    #[test]
    fn as_many_replicates_are_asked_for_as_bring_chance_down_to_the_share() {
        assert_eq!(variance_replication(8.0, 2.0, 4, 0.5), Replication::More { replicates: 8 });
        assert_eq!(variance_replication(8.0, 2.0, 8, 0.5), Replication::Enough);
        assert_eq!(variance_replication(8.0, -0.1, 8, 0.5), Replication::Unseen);
        let mu_star = Estimate { value: 10.0, interval: Interval { low: 9.0, high: 11.0 } };
        let screened = [Screened { mu: mu_star, mu_star, sigma: mu_star }];
        let floor = NoiseFloor { mu_star: 2.0, mu_star_high: 3.0, sigma: 2.5 };
        assert_eq!(screening_replication(&screened, &floor, 3, 0.1), Replication::More { replicates: 12 });
        assert_eq!(screening_replication(&screened, &floor, 3, 0.2), Replication::Enough);
        let high = NoiseFloor { mu_star: 9.0, mu_star_high: 12.0, sigma: 11.0 };
        assert_eq!(screening_replication(&screened, &high, 3, 0.1), Replication::Unseen);
    }
}
