//! Sensitivity analysis against other programs (SALib 1.6.0, scipy 1.17.1), closed forms, and measured errors of estimators.
//!
//! `ishigami_blocks_scrambled_256.txt`: outcomes of Ishigami's function on SALib's scrambled blocks (N = 256, seed 7, second
//! order), row after row. `ishigami_latin_1000.csv`: a Latin hypercube of 1000 points of the function, with a dummy.

mod given_data;
mod noise;
mod prim;
mod screening;
mod shares;

use comity::random::{Draws, Purpose, Randomness};
use comity::statistics::Address;
use comity::statistics::design::{BasePoints, Blocks, Groups, Points, Scrambling, saltelli};
use comity::statistics::sensitivity::{Bootstrap, Centre, Chance, VarianceAnalysis};

/// Exact first-order and total shares of Ishigami's function with a = 7, b = 0.1.
const EXACT: [[f64; 2]; 3] = [
    [0.313_905_191_147_811_46, 0.557_588_855_209_959_2],
    [0.442_411_144_790_040_9, 0.442_411_144_790_040_9],
    [0.0, 0.243_683_664_062_147_7],
];

const NONE: Bootstrap<'static> = Bootstrap { address: Address { seed: 1, label: "truth" }, resamples: 0, level: 0.95 };

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "got {got}, want {want}, off by {:e}", got - want);
}

/// A coordinate as an angle from -pi to pi.
fn to_angle(u: f64) -> f64 {
    let pi = core::f64::consts::PI;
    u * (pi - -pi) + -pi
}

/// Ishigami's function of three angles, a = 7, b = 0.1.
fn ishigami(x: &[f64]) -> f64 {
    let second = libm::sin(x[1]);
    let third = x[2] * x[2] * x[2] * x[2];
    libm::sin(x[0]) + 7.0 * second * second + 0.1 * third * libm::sin(x[0])
}

/// Blocks for so many factors.
fn blocks(count: usize, factors: usize, second_order: bool, scrambling: Scrambling) -> (Points, Blocks) {
    let base = BasePoints::at_least(count).expect("it is small");
    let groups = Groups::single(factors).expect("there are some");
    saltelli(base, &groups, second_order, scrambling).expect("it is small")
}

/// Outcomes of Ishigami's function on blocks.
fn ishigami_blocks(count: usize, second_order: bool, scrambling: Scrambling) -> (Vec<f64>, Blocks) {
    let (points, blocks) = blocks(count, 3, second_order, scrambling);
    let angles = |row: &[f64]| row.iter().map(|u| to_angle(*u)).collect::<Vec<f64>>();
    (points.iter().map(|row| ishigami(&angles(row))).collect(), blocks)
}

/// A plain analysis without intervals.
fn plain(blocks: Blocks) -> VarianceAnalysis<'static> {
    VarianceAnalysis { blocks, chance: Chance::Ignored, centre: Centre::Pairs, bootstrap: NONE }
}

/// The luck of a test.
fn luck(test: u64, event: u64) -> Draws {
    Randomness { seed: 2024, replicate: 0 }.at(Purpose::Bootstrap, test, event)
}
