//! Screening by trajectories.

use super::{close, luck};
use comity::statistics::Address;
use comity::statistics::design::{Groups, Morris, Points, Step, Trajectories, morris};
use comity::statistics::sensitivity::{
    Bootstrap, Importance, Refusal, Replicated, elementary_effects, noise_floor, noise_of_steps, screening,
};

const BOOTSTRAP: Bootstrap<'static> =
    Bootstrap { address: Address { seed: 5, label: "screening" }, resamples: 1000, level: 0.95 };

fn drawn(count: usize, groups: &Groups) -> Morris {
    morris(&Trajectories { seed: 8, count, candidates: 0, levels: 4 }, groups).expect("it is small")
}

#[test]
fn effects_are_per_range_whatever_the_units() {
    // SALib 1.6.0 on ranges 0 to 100, 0 to 0.01 and -5 to 5, here in thirds of the range; four trajectories.
    const THIRDS: [[u8; 3]; 16] = [
        [3, 2, 2],
        [3, 0, 2],
        [3, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [2, 1, 0],
        [2, 1, 2],
        [2, 3, 2],
        [3, 0, 2],
        [3, 2, 2],
        [3, 2, 0],
        [1, 2, 0],
        [0, 0, 1],
        [2, 0, 1],
        [2, 2, 1],
        [2, 2, 3],
    ];
    const OUTCOMES: [f64; 16] = [
        6.777_777_777_777_776,
        4.777_777_777_777_776,
        27.0,
        25.666_666_666_666_668,
        26.0,
        27.333_333_333_333_332,
        5.111_111_111_111_109,
        7.111_111_111_111_109,
        4.777_777_777_777_776,
        6.777_777_777_777_776,
        29.0,
        27.666_666_666_666_668,
        2.777_777_777_777_776,
        4.111_111_111_111_109,
        6.111_111_111_111_109,
        28.333_333_333_333_332,
    ];
    let rows: Vec<Vec<f64>> =
        THIRDS.iter().map(|row| row.iter().map(|third| f64::from(*third) / 3.0).collect()).collect();
    let orders = [[1, 2, 0], [0, 2, 1], [1, 2, 0], [0, 1, 2]];
    let steps = orders.iter().enumerate().flat_map(|(path, order)| {
        order.iter().enumerate().map(move |(step, group)| Step { row: path * 4 + step, group: *group })
    });
    let design =
        Morris { points: Points::from_rows(&rows).expect("they are sound"), delta: 2.0 / 3.0, steps: steps.collect() };
    let groups = Groups::single(3).expect("there are some");
    let effects = elementary_effects(&design, &groups, &OUTCOMES).expect("they fit");
    let got = screening(&effects, &BOOTSTRAP).expect("it is sound");
    let want =
        [[2.0, 2.0, 0.0], [3.0, 3.0, 0.0], [-16.666_666_666_666_67, 33.333_333_333_333_34, 33.333_333_333_333_33]];
    for (got, [mu, mu_star, sigma]) in got.iter().zip(want) {
        close(got.mu.value, mu, 1e-9);
        close(got.mu_star.value, mu_star, 1e-9);
        close(got.sigma.value, sigma, 1e-7);
    }
    assert_eq!((effects.complete, effects.failed), (4, 0));
}

#[test]
fn a_straight_line_has_its_slopes_and_no_spread_and_groups_have_only_sizes() {
    let groups = Groups::of(vec![0, 1, 1]).expect("they are sound");
    let design = drawn(12, &groups);
    let outcomes: Vec<f64> = design.points.iter().map(|x| 5.0 - 2.0 * x[0] + 3.0 * x[1] + x[2]).collect();
    let effects = elementary_effects(&design, &groups, &outcomes).expect("they fit");
    let got = screening(&effects, &BOOTSTRAP).expect("it is sound");
    close(got[0].mu.value, -2.0, 1e-12);
    close(got[0].mu_star.value, 2.0, 1e-12);
    close(got[0].sigma.value, 0.0, 1e-7);
    assert!(got[1].mu.value.is_nan() && got[1].sigma.value.is_nan());
    // Both rise or fall together (4) or against each other (2).
    assert!((2.0..=4.0).contains(&got[1].mu_star.value), "{:?}", got[1].mu_star);
}

#[test]
fn a_failed_run_takes_its_trajectory_with_it_and_is_counted() {
    let groups = Groups::single(3).expect("there are some");
    let design = drawn(6, &groups);
    let mut outcomes: Vec<f64> = design.points.iter().map(|x| x[0] * x[1] + x[2]).collect();
    let all = elementary_effects(&design, &groups, &outcomes).expect("they fit");
    outcomes[4 * 2 + 3] = f64::NAN;
    let got = elementary_effects(&design, &groups, &outcomes).expect("they fit");
    assert_eq!((got.complete, got.failed), (5, 1));
    for (got, all) in got.sizes.iter().zip(&all.sizes) {
        let without: Vec<f64> = all.iter().enumerate().filter(|(path, _)| *path != 2).map(|(_, size)| *size).collect();
        assert_eq!(*got, without);
    }
    let other = elementary_effects(&design, &groups, &outcomes[1..]);
    let refusal = Refusal::OtherDesign { given: 23, unit: 4, what: "trajectory", needed: Some(24) };
    assert_eq!(other, Err(refusal));
    (0..5).for_each(|path| outcomes[path * 4] = f64::NAN);
    let few = elementary_effects(&design, &groups, &outcomes);
    assert_eq!(few, Err(Refusal::TooFew { what: "trajectories", complete: 1, dropped: 5, needed: 2 }));
}

#[test]
fn the_noise_floor_is_its_closed_form_and_an_inert_factor_lies_on_it() {
    let floor = noise_floor(1.0, 2.0 / 3.0, 20, 0.95);
    close(floor.mu_star, 1.692_568_750_643_269_2, 1e-12);
    close(floor.sigma, 2.121_320_343_559_643, 1e-12);
    // 4000 trajectories: mu* is known to 1.28 / sqrt(4000) = 0.02, sigma to 0.024.
    let groups = Groups::single(2).expect("there are some");
    let design = drawn(4000, &groups);
    let noisy = |x: f64, row: usize| 8.0 * x + luck(1, row as u64).normal();
    let outcomes: Vec<f64> = design.points.iter().enumerate().map(|(row, x)| noisy(x[0], row)).collect();
    let effects = elementary_effects(&design, &groups, &outcomes).expect("they fit");
    let got = screening(&effects, &BOOTSTRAP).expect("it is sound");
    close(got[1].mu_star.value, floor.mu_star, 0.08);
    close(got[1].sigma.value, floor.sigma, 0.1);
    let floor = noise_floor(1.0, 2.0 / 3.0, 4000, 0.999);
    assert_eq!(got[0].importance(&floor), Importance::Important);
    assert_eq!(got[1].importance(&floor), Importance::Negligible);
}

#[test]
fn an_inert_factor_is_taken_for_one_that_matters_no_more_often_than_said() {
    let groups = Groups::single(5).expect("there are some");
    let floor = noise_floor(1.0, 2.0 / 3.0, 20, 0.95);
    let design = drawn(20, &groups);
    let above = (0..200_u64).map(|sample| {
        let mut draws = luck(2, sample);
        let outcomes: Vec<f64> = design.points.iter().map(|_| draws.normal()).collect();
        let effects = elementary_effects(&design, &groups, &outcomes).expect("they fit");
        let got = screening(&effects, &BOOTSTRAP).expect("it is sound");
        got.iter().filter(|group| group.importance(&floor) != Importance::Negligible).count()
    });
    // 1000 inert factors, of which 50 are expected; those of one sample share outcomes, so the error is somewhat above 7.
    let share = above.sum::<usize>() as f64 / 1000.0;
    assert!((0.02..0.085).contains(&share), "{share}");
}

#[test]
fn the_noise_of_steps_sees_whether_replicates_share_their_draws() {
    let groups = Groups::single(3).expect("there are some");
    let design = drawn(300, &groups);
    let noise = |shared: bool| {
        let outcome = |row: usize, replicate: usize| {
            let own = luck(3, (row * 4 + replicate) as u64).normal();
            let path = luck(4, (row / 4 * 4 + replicate) as u64).normal();
            if shared { 0.9 * path + libm::sqrt(0.19) * own } else { own }
        };
        let rows = design.points.rows();
        let outcomes: Vec<f64> = (0..rows * 4).map(|place| outcome(place / 4, place % 4)).collect();
        let means = Replicated::of(&outcomes, 4).expect("they are whole points");
        close(means.noise(), 1.0, 0.12);
        noise_of_steps(&design, &groups, &outcomes, 4).expect("they fit")
    };
    close(noise(false), 0.5, 0.03);
    close(noise(true), 0.5 * libm::sqrt(0.19), 0.015);
}
