//! Results do not depend on the length of a tick, beyond discretisation.

use super::{mean_and_error, run};
use crate::log::Event;
use crate::worlds::{REGION, setup};
use comity::quantity::Ending;

const REPLICATES: u32 = 60;

/// What a scholar reads off a run.
const MEASURES: [&str; 6] = ["arrived", "seeking rate", "cooperation rate", "rescues", "left", "habit of cooperating"];

fn measures(tick: &str, replicate: u32) -> [f64; 6] {
    // Stretches of time that all lengths of tick divide.
    let setup = setup(REGION, &[("time.tick", tick), ("time.burn_in", "910"), ("time.end", "2008-06-29")]);
    let (simulation, events) = run(&setup, replicate);
    let (mut arrived, mut recognised, mut sought, mut accepted, mut rescues, mut left) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for event in &events {
        match event {
            Event::Case { ending, request, .. } => {
                arrived += 1.0;
                recognised += f64::from(u8::from(ending.recognised()));
                sought += f64::from(u8::from(request.is_some()));
                accepted += f64::from(u8::from(*ending == Ending::Accepted));
            }
            Event::Conclusion { rescue: true, .. } => rescues += 1.0,
            Event::Left(_) => left += 1.0,
            _ => {}
        }
    }
    let world = simulation.world();
    let model = &setup.model;
    let habits = world.people.persons.iter().map(|person| model.habit.of_person(model.disuse, person, world.now).0);
    let habit = habits.sum::<f64>() / world.people.persons.len() as f64;
    [arrived, sought / recognised, accepted / arrived, rescues, left, habit]
}

#[test]
fn results_hardly_depend_on_the_length_of_a_tick() {
    let weekly: Vec<[f64; 6]> = (0..REPLICATES).map(|replicate| measures("7", replicate)).collect();
    for tick in ["1", "14"] {
        let other: Vec<[f64; 6]> = (0..REPLICATES).map(|replicate| measures(tick, replicate)).collect();
        for (place, name) in MEASURES.iter().enumerate() {
            let of = |runs: &[[f64; 6]]| runs.iter().map(|run| run[place]).collect::<Vec<_>>();
            let (week, _) = mean_and_error(&of(&weekly));
            let differences: Vec<f64> =
                weekly.iter().zip(&other).map(|(weekly, other)| other[place] - weekly[place]).collect();
            let (difference, error) = mean_and_error(&differences);
            println!("tick {tick}: {name} weekly {week:.4}, difference {difference:.4} +- {error:.4}");
            assert!(
                difference.abs() <= 4.0 * error + 0.002 * week,
                "tick {tick}: {name} {week}, difference {difference} +- {error}"
            );
        }
    }
}
