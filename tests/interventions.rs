//! Interventions, judged on twin worlds: the same seed with and without.

mod delivery;
mod kinds;
mod page;
mod sameness;

use crate::log::{Event, Log};
use crate::worlds::{Change, REGION, setup};
use comity::engine::{Setup, Simulation};
use comity::quantity::Role;
use comity::world::{Desk, Person};
use std::sync::Arc;

/// The region, and an intervention `x` of it that begins on 1 July 2006, day 181.
fn with(lines: &str, changes: &[Change<'_>]) -> Arc<Setup> {
    setup(&format!("{REGION}\n[intervention.x]\nstart = 2006-07-01\n{lines}\n"), changes)
}

/// The region without any.
fn without(changes: &[Change<'_>]) -> Arc<Setup> {
    setup(REGION, changes)
}

const BEGINS: f64 = 181.0;

/// No case arises, so that only interventions, meetings and rotation move anything.
const NO_CASES: Change<'static> = ("mechanisms.arrival", "off");
const NO_TURNOVER: Change<'static> = ("mechanisms.turnover", "off");

/// A run up to the first tick that begins on that day or later, and what was seen of it.
fn until(setup: &Arc<Setup>, replicate: u32, day: f64) -> (Simulation, Vec<Event>) {
    let mut log = Log::default();
    let mut simulation = Simulation::new(setup, replicate);
    while simulation.world().now < day {
        simulation.step(&mut log);
    }
    (simulation, log.events)
}

/// The state of a run as text, without how far interventions have come.
fn state(simulation: &Simulation) -> String {
    let mut world = simulation.world().clone();
    world.interventions.clear();
    format!("{world:?}")
}

/// Mean and standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// What `measure` gives in the second world beyond the first, over pairs of twins: above 0 by three standard errors at least.
fn rises(what: &str, replicates: u32, measure: impl Fn(u32) -> (f64, f64)) -> f64 {
    let differences: Vec<f64> = (0..replicates)
        .map(|replicate| {
            let (before, after) = measure(replicate);
            after - before
        })
        .collect();
    let (mean, error) = mean_and_error(&differences);
    println!("{what}: {mean:.4} +- {error:.4}");
    assert!(mean > 3.0 * error, "{what}: {mean} +- {error} is not a rise");
    mean
}

/// The people of a role, with their desks.
fn of_role(simulation: &Simulation, role: Role) -> Vec<(Desk, Person)> {
    let region = &simulation.setup().region;
    let desks = (0..region.desks() as Desk).filter(|desk| region.staffed(*desk) && region.role_of(*desk) == role);
    desks.map(|desk| (desk, simulation.world().people.at(desk).clone())).collect()
}

/// How many live ties the people of some roles have.
fn live_ties(simulation: &Simulation, roles: &[Role]) -> f64 {
    let view = simulation.view();
    let people = roles.iter().flat_map(|role| of_role(simulation, *role));
    let live = people.map(|(desk, person)| {
        let ties = &view.model.ties;
        let live = |tie: &&comity::world::Tie| {
            ties.live(&view.model.turnover, view.region, view.world, view.randomness, desk, tie).is_some()
        };
        person.ties.iter().filter(live).count() as f64
    });
    live.sum()
}

/// Cases that surfaced in a stretch of days, by a measure: those that count, and all.
fn counted(events: &[Event], days: (f64, f64), counts: impl Fn(&Event) -> Option<bool>) -> (f64, f64) {
    let within = |event: &&Event| match event {
        Event::Case { time, .. } => days.0 <= *time && *time < days.1,
        _ => false,
    };
    let answers = events.iter().filter(within).filter_map(counts);
    answers.fold((0.0, 0.0), |(part, all), counts| (part + f64::from(u8::from(counts)), all + 1.0))
}
