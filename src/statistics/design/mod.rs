//! Designs of experiments: at which points of the unit cube to run, and what a coordinate stands for.
//!
//! A design is a function of sizes and seed alone: the same call gives the same bits on every machine, and all
//! chance has an address (`Purpose::Design`) of its own, so no run of a model shares luck with the design that asked for it.
//!
//! | design | rows | groups | constraints | what for |
//! |---|---|---|---|---|
//! | [`full_factorial`] | product of the counts of levels | no | yes | few factors, all combinations, tables and surfaces |
//! | [`one_at_a_time`] | 1 + levels | no | yes | a first look; blind to interactions |
//! | [`latin_hypercube`], [`improved_latin_hypercube`] | any | no | yes | given-data methods, surrogates |
//! | [`sliced_latin_hypercube`] | slices x any | no | yes | crossed with a few categories: each slice is one, and so is the union |
//! | [`sobol`] | a power of two | no | yes | given-data methods, integrals, prefixes that extend |
//! | [`saltelli`] | base points x (factors + 2), or twice the factors | yes | no | variance shares |
//! | [`morris`] | trajectories x (factors + 1) | yes | no | screening |
//!
//! Coordinates lie in the closed unit interval; [`Margin`] maps one to the value of a factor. Discrete values have equal
//! shares of the interval (never rounding, which halves the end levels). [`Points::keep`] applies a constraint to a design
//! that admits one; [`Method`] says which do and why the others do not. [`quality`] prints a design as plain numbers.

pub(super) mod beta;
mod directions;
mod factorial;
mod groups;
mod latin;
mod margin;
mod method;
mod morris;
mod one_at_a_time;
mod points;
mod quality;
mod refusal;
mod saltelli;
mod sliced;
mod sobol;

pub use factorial::{Ends, combinations, even_levels, full_factorial};
pub use groups::Groups;
pub use latin::{Goal, improved_latin_hypercube, latin_hypercube};
pub use margin::{Law, Margin};
pub use method::Method;
pub use morris::{Morris, Step, Trajectories, morris, spread, trajectory};
pub use one_at_a_time::{deviations, one_at_a_time};
pub use points::{MOST_NUMBERS, Points};
pub use quality::{
    Quality, centred_discrepancy, largest_correlation, quality, smallest_distance, wraparound_discrepancy,
};
pub use refusal::Refusal;
pub use saltelli::{Blocks, Member, saltelli};
pub use sliced::sliced_latin_hypercube;
pub use sobol::{BasePoints, MOST_DIMENSIONS, Scrambling, sobol};

use crate::random::{Draws, Purpose, Randomness};

/// What of a design is drawn. Numbered by hand and never renumbered.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
enum Chance {
    /// Order of strata and place within them: event = rows.
    Latin = 1,
    /// Which places are tried for exchange: event = rows.
    Exchange = 2,
    /// Order of strata within and between slices: event = rows of a slice and slices.
    Slice = 3,
    /// Flips of binary digits: event = depth and digits before.
    Scramble = 4,
    /// Start, order and directions of a trajectory: event = trajectory.
    Trajectory = 5,
}

/// The draws of a part of a design.
fn draws(seed: u64, what: Chance, column: usize, event: u64) -> Draws {
    let entity = (u64::from(what as u32) << 32) | column as u64;
    Randomness { seed, replicate: 0 }.at(Purpose::Design, entity, event)
}

/// The numbers from 0 to `count` - 1 in an order in which each is equally likely.
fn shuffled(count: usize, draws: &mut Draws) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    shuffle(&mut order, draws);
    order
}

/// Puts things into an order in which each is equally likely (Fisher and Yates).
pub(super) fn shuffle<T>(things: &mut [T], draws: &mut Draws) {
    for last in (1..things.len()).rev() {
        things.swap(last, draws.index(last + 1));
    }
}

/// Place `part` in stratum `stratum` of `strata` equal ones, never beyond its upper end.
fn in_stratum(stratum: usize, part: f64, strata: usize) -> f64 {
    let low = stratum as f64 / strata as f64;
    let high = (stratum as f64 + 1.0) / strata as f64;
    ((stratum as f64 + part) / strata as f64).clamp(low, high.next_down())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_these_very_points() {
        // Golden values: a change here moves every design with luck in it. The first bits of each design, mixed.
        let mixed = |points: &Points| {
            let mix = |word: u64, x: &f64| word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(x.to_bits() >> 8);
            points.numbers().iter().fold(0, mix)
        };
        let base = BasePoints::at_least(16).expect("it is small");
        let groups = Groups::single(3).expect("there are some");
        let trajectories = Trajectories { seed: 1, count: 4, candidates: 40, levels: 4 };
        let got = [
            mixed(&latin_hypercube(1, 10, 3).expect("it is small")),
            mixed(&improved_latin_hypercube(1, 10, 3, Goal::Maximin, 200).expect("it is small")),
            mixed(&improved_latin_hypercube(1, 10, 3, Goal::Correlation, 200).expect("it is small")),
            mixed(&improved_latin_hypercube(1, 10, 3, Goal::Discrepancy, 200).expect("it is small")),
            mixed(&sliced_latin_hypercube(1, 2, 5, 3).expect("it is small")),
            mixed(&sobol(base, 3, Scrambling::Owen(1)).expect("it is small")),
            mixed(&saltelli(base, &groups, true, Scrambling::Owen(1)).expect("it is small").0),
            mixed(&morris(&trajectories, &groups).expect("it is small").points),
        ];
        let want = [
            681_731_401_351_767_621,
            9_051_419_578_484_799_753,
            14_546_799_293_906_083_617,
            2_341_417_599_594_169_845,
            3_679_727_030_756_984_597,
            1_085_571_413_155_180_759,
            1_404_506_613_655_713_792,
            7_269_391_629_217_611_252,
        ];
        assert_eq!(got, want);
    }
}
