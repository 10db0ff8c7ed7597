//! What must be true of any build of the model.

mod calibration;
mod closed_forms;
mod counts;
mod designs;
mod extremes;
mod levels;
mod mechanisms;
mod optimisation;
mod rules_under_way;
mod sameness;
mod selection;
mod sensitivity;
mod tick_length;

use crate::log::{Event, Log};
use comity::engine::{Setup, Simulation};
use comity::quantity::Ending;
use std::sync::Arc;

/// A whole run, and what was seen of it.
fn run(setup: &Arc<Setup>, replicate: u32) -> (Simulation, Vec<Event>) {
    let mut log = Log::default();
    let mut simulation = Simulation::new(setup, replicate);
    simulation.run(all_ticks(setup), &mut log);
    (simulation, log.events)
}

/// Ticks of burn-in and window together.
fn all_ticks(setup: &Setup) -> u32 {
    setup.time.burn_in_ticks() + setup.time.ticks()
}

/// The endings of the cases, in order.
fn endings(events: &[Event]) -> Vec<Ending> {
    let ending = |event: &Event| match event {
        Event::Case { ending, .. } => Some(*ending),
        _ => None,
    };
    events.iter().filter_map(ending).collect()
}

/// How many cases ended so.
fn ended(endings: &[Ending], so: Ending) -> usize {
    endings.iter().filter(|ending| **ending == so).count()
}

/// Mean and standard error of independent numbers.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
