//! Closed forms come out of the engine within Monte Carlo error (docs/evidence.md, 3.1).

use super::mean_and_error;
use crate::worlds::{Change, setup};
use comity::engine::{Setup, Simulation};
use comity::quantity::DAYS_PER_YEAR;
use comity::record::Blind;
use comity::world::Desk;
use std::sync::Arc;

const ONE_DESK: &str = include_str!("../worlds/one_desk.toml");

/// The head of unit of BBB, and the share of BBB's police cases that fall on this desk: floor(2 u^100) = 0.
const HEAD: Desk = 5;
const SHARE: f64 = 0.993_092_495_437_035_9;

fn habit(simulation: &Simulation) -> f64 {
    let model = &simulation.setup().model;
    let world = simulation.world();
    model.habit.of_person(model.disuse, world.people.at(HEAD), world.now).0
}

/// The head's mean habit over the years, one number for each replicate.
fn long_run_habits(setup: &Arc<Setup>, replicates: u32, start: f64) -> Vec<f64> {
    let year = (DAYS_PER_YEAR / setup.time.tick_days) as u32;
    let years = setup.time.ticks() / year;
    let settled = years / 2;
    (0..replicates)
        .map(|replicate| {
            let mut simulation = Simulation::new(setup, replicate);
            simulation.world_mut().people.at_mut(HEAD).cooperating = start;
            simulation.run(settled * year, &mut Blind);
            let mut sum = 0.0;
            for _ in settled..years {
                simulation.run(year, &mut Blind);
                sum += habit(&simulation);
            }
            sum / f64::from(years - settled)
        })
        .collect()
}

fn mean_habit_is(expected: f64, changes: &[Change<'_>]) {
    let habits = long_run_habits(&setup(ONE_DESK, changes), 300, expected);
    let (mean, error) = mean_and_error(&habits);
    assert!(error < 0.008, "{changes:?}: standard error {error}");
    assert!((mean - expected).abs() < 4.0 * error, "{changes:?}: {mean} +- {error}, expected {expected}");
}

/// f g / (f g + lambda + rho), all a year.
fn expected_habit(repetitions: f64, learning: f64, half_life_months: f64, rotation: f64) -> f64 {
    let gained = repetitions * (1.0 - libm::exp(-learning));
    let lost = std::f64::consts::LN_2 * 12.0 / half_life_months;
    gained / (gained + lost + rotation)
}

/// Cases of the corridor a year, so that the head meets that many.
fn cases(repetitions: f64) -> String {
    format!("{}", repetitions / SHARE)
}

#[test]
fn the_formula_gives_the_published_table() {
    for (repetitions, learning, published) in
        [(19.0, 0.045, 0.40), (19.0, 0.012, 0.15), (19.0, 0.166, 0.69), (52.0, 0.045, 0.64), (128.0, 0.045, 0.82)]
    {
        let habit = expected_habit(repetitions, learning, 6.5, 0.0);
        // The table's slow and fast learner are one standard deviation off the median, or near it.
        let tolerance = if learning == 0.045 { 0.006 } else { 0.02 };
        assert!((habit - published).abs() < tolerance, "{repetitions} {learning}: {habit}, published {published}");
    }
}

#[test]
fn mean_habit_is_gain_over_gain_and_decay() {
    for (repetitions, learning) in [(5.0, 0.045), (19.0, 0.045), (52.0, 0.045), (19.0, 0.2)] {
        let expected = expected_habit(repetitions, learning, 6.5, 0.0);
        let cases = cases(repetitions);
        mean_habit_is(expected, &[("corridor.AAA-BBB.cases", &cases), ("habit.learning", &learning.to_string())]);
    }
}

#[test]
fn rotation_adds_to_decay_where_newcomers_start_from_nothing() {
    for (rotation, published) in [(0.5, Some(0.321)), (2.0, None)] {
        let expected = expected_habit(19.0, 0.045, 6.5, rotation);
        assert!(published.is_none_or(|published: f64| (expected - published).abs() < 0.002));
        let (cases, rotation) = (cases(19.0), rotation.to_string());
        let on = [("mechanisms.turnover", "on"), ("role.head.turnover", rotation.as_str())];
        mean_habit_is(
            expected,
            &[[("corridor.AAA-BBB.cases", cases.as_str()), on[0]], [on[1], ("run.seed", "5")]].concat(),
        );
    }
}

#[test]
fn a_habit_fades_by_half_in_its_half_life() {
    let setup = setup(ONE_DESK, &[("mechanisms.arrival", "off"), ("habit.half_life", "100"), ("time.tick", "2.5")]);
    let mut simulation = Simulation::new(&setup, 0);
    simulation.world_mut().people.at_mut(HEAD).cooperating = 0.8;
    for half in [0.4, 0.2, 0.1] {
        simulation.run(40, &mut Blind);
        assert!((habit(&simulation) - half).abs() < 1e-12);
    }
}

// ---- the fold of bistability ------------------------------------------------------------------------------------

const LEARNING: f64 = 0.01;
const HALF_LIFE: f64 = 200.0;

/// Opportunities x = f0 g / lambda at which h is a steady state of P(act) = logistic(b + kappa h).
fn steady_at(h: f64, b: f64, kappa: f64) -> f64 {
    h / (1.0 - h) * (1.0 + libm::exp(-(b + kappa * h)))
}

/// Mean long-run habit and its standard error, from a start, where x opportunities come.
fn practised(x: f64, b: f64, kappa: f64, start: f64) -> (f64, f64) {
    let lambda = std::f64::consts::LN_2 / HALF_LIFE;
    let opportunities = x * lambda / (1.0 - libm::exp(-LEARNING)) * DAYS_PER_YEAR;
    let weights = ["trust", "norm", "priority", "severity", "familiarity"];
    let more = ["suitability", "legal", "language", "effort", "workload"];
    let mut changes: Vec<(String, String)> =
        weights.iter().chain(&more).map(|weight| (format!("choice.{weight}"), "0".to_owned())).collect();
    for (key, value) in [
        ("mechanisms.choice", "on".to_owned()),
        ("habit.variant", "utility".to_owned()),
        ("habit.kappa", kappa.to_string()),
        ("tool.informal.intercept", b.to_string()),
        ("habit.learning", LEARNING.to_string()),
        ("habit.half_life", HALF_LIFE.to_string()),
        ("corridor.AAA-BBB.cases", cases(opportunities)),
        ("time.end", "2031-01-01".to_owned()),
    ] {
        changes.push((key.to_owned(), value));
    }
    let changes: Vec<Change<'_>> = changes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    mean_and_error(&long_run_habits(&setup(ONE_DESK, &changes), 8, start))
}

/// The steady states for x, by their signs of change on a fine grid.
fn steady_states(x: f64, b: f64, kappa: f64) -> Vec<f64> {
    let above = |step: u32| steady_at(f64::from(step) / 1e4, b, kappa) > x;
    (1..10_000).filter(|step| above(*step) != above(step - 1)).map(|step| f64::from(step) / 1e4).collect()
}

#[test]
fn habit_is_bistable_inside_the_fold_and_nowhere_else() {
    let (b, kappa) = (-4.0, 8.0);
    for (x, inside) in [(1.7, false), (2.3, true), (2.7, true), (3.5, false)] {
        let states = steady_states(x, b, kappa);
        assert_eq!(states.len(), if inside { 3 } else { 1 }, "the published fold is 2.00 to 3.08: {states:?}");
        for (start, steady) in [(0.0, states[0]), (0.9, states[states.len() - 1])] {
            let (mean, error) = practised(x, b, kappa, start);
            let tolerance = 4.0 * error + 0.02;
            assert!((mean - steady).abs() < tolerance, "x {x} from {start}: {mean} +- {error}, steady {steady}");
        }
    }
}

#[test]
fn habit_that_weighs_little_has_one_steady_state() {
    let (b, kappa) = (-4.0, 4.0);
    for x in [3.0, 8.0] {
        let states = steady_states(x, b, kappa);
        assert_eq!(states.len(), 1);
        let (low, low_error) = practised(x, b, kappa, 0.0);
        let (high, high_error) = practised(x, b, kappa, 0.9);
        assert!((low - high).abs() < 4.0 * (low_error + high_error) + 0.01, "x {x}: {low} and {high}");
    }
}
