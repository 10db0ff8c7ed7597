//! Pure functions on numbers and tables.

mod arms;
mod bands;
mod best;
mod bootstrap;
pub mod calibration;
mod describe;
pub mod design;
mod distribution;
mod equivalence;
mod multiple;
mod nested;
pub mod optimisation;
mod packages;
mod paired;
mod precision;
mod ranking;
mod reduction;
pub mod selection;
pub mod sensitivity;
mod sequential;

pub use arms::{Arms, Contrast, Pooling, against_baseline, all_pairs};
pub use bands::{Band, BandPoint, BandRule, band};
pub use best::{AgainstBest, BestRule, Direction, against_best};
pub use bootstrap::{Address, Bca, Resamples, bca_interval};
pub use describe::{Interval, Moments, gini, median, quantile_sorted};
pub use distribution::{Sides, Simultaneous, normal_probability, student_lower, student_quantile, student_two_sided};
pub use equivalence::{Equivalence, equivalence};
pub use multiple::{benjamini_hochberg, holm};
pub use nested::{Nested, nested};
pub use packages::{Shapley, ShapleyShare, Synergy, shapley, synergy};
pub use paired::{Paired, Pairs, Ratio, hedges_correction, paired, ratio_of_means, superiority};
pub use precision::{replicates_for_half_width, replicates_for_power};
pub use ranking::{luck_of_the_best, rank_probabilities};
pub use reduction::{Reduction, variance_reduction};
pub use sequential::{Reason, Stopping, StoppingRule, stopping};

/// Worked examples that several tests share.
#[cfg(test)]
mod examples {
    /// Twelve replicates of a baseline; the reference values were computed from it by scipy 1.17.1.
    pub const BASELINE: [f64; 12] =
        [412.0, 455.0, 398.0, 471.0, 430.0, 444.0, 409.0, 462.0, 437.0, 420.0, 449.0, 426.0];
    /// The same twelve replicates of an arm.
    pub const ARM: [f64; 12] = [438.0, 470.0, 431.0, 489.0, 441.0, 478.0, 425.0, 480.0, 472.0, 433.0, 470.0, 451.0];
    /// Four arms in eight replicates on shared streams.
    pub const FOUR: [[f64; 8]; 4] = [
        [412.0, 455.0, 398.0, 471.0, 430.0, 444.0, 409.0, 462.0],
        [438.0, 470.0, 431.0, 489.0, 441.0, 478.0, 425.0, 480.0],
        [401.0, 449.0, 410.0, 455.0, 428.0, 436.0, 415.0, 440.0],
        [452.0, 468.0, 447.0, 497.0, 460.0, 481.0, 433.0, 492.0],
    ];

    /// Says which number is off, and by how much.
    pub fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance, "got {got}, want {want}, off by {:e}", got - want);
    }
}
