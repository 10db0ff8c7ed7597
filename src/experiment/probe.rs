//! Probes: experiments on twin worlds at the end of the window.
//!
//! The world is copied; one copy goes on as it is, the others meet a shock; all share every draw of chance. From them come D10
//! (what is left of cooperation in the year after all personal ties and habits are reset), D11 (how long until cooperation is back at 90 %
//! after a betrayal and after a shut gate) and pattern P19 (how fast knowledge fades after training). What is compared is
//! the sum over replicates: single quarters of single runs hold few cases.
//!
//! The shocks are standards, set by convention: *reset* takes every tie and every practitioner's habits; *betrayal* halves every unit's
//! generalised trust in other states and adds five pieces of bad evidence to every tie; *gate* shuts every pair's gate for half a
//! year; *training* lifts awareness and familiarity of all police half of the way to 1.

use super::parallel::{Watch, in_order};
use crate::engine::{Setup, Simulation};
use crate::quantity::{DAYS_PER_MONTH, DAYS_PER_YEAR, Ending, Role};
use crate::record::{Blind, CaseRecord, Observer};
use crate::statistics::Moments;
use crate::world::Desk;
use std::sync::Arc;

/// What the probes found.
#[derive(Debug, Clone, PartialEq)]
pub struct Probes {
    /// How many replicates were probed.
    pub n: u32,
    /// Cooperation in the year after the reset, as a share of the twin's: over replicates.
    pub embedding: Moments,
    /// Days until cooperation is back at 90 % of the twin's, after a betrayal; missing if not within [`HORIZON_YEARS`].
    pub betrayal_days: f64,
    /// Days until it is back, counted from the reopening of the gates.
    pub gate_days: f64,
    /// Days until half of what training brought is lost, among those still at their desks.
    pub knowledge_days: f64,
}

/// How long the copies are watched.
pub const HORIZON_YEARS: f64 = 8.0;
/// How long the gates stay shut.
const GATE_DAYS: f64 = DAYS_PER_YEAR / 2.0;
/// Bad evidence that a betrayal adds to every tie.
const BETRAYAL: f64 = 5.0;
/// Share of the cooperation of the twin that counts as recovered.
const RECOVERED: f64 = 0.9;

/// What one replicate's copies did.
struct Probed {
    /// Cooperations per quarter: as it was, after reset, after betrayal, after the shut gates.
    quarters: [Vec<f64>; 4],
    /// What is left of the training, per month: the trained, and their twins.
    knowledge: Vec<f64>,
}

/// Counts accepted requests per quarter.
struct Quarters {
    start: f64,
    counts: Vec<f64>,
}

impl Observer for Quarters {
    fn case(&mut self, now: f64, record: &CaseRecord) {
        let quarter = ((now - self.start) / (DAYS_PER_YEAR / 4.0)) as usize;
        if let (Ending::Accepted, Some(count)) = (record.ending, self.counts.get_mut(quarter)) {
            *count += 1.0;
        }
    }
}

/// Probes the first replicates of a scenario.
pub fn probe(setup: &Arc<Setup>, replicates: u32, watch: &dyn Watch) -> Probes {
    let quarters = (HORIZON_YEARS * 4.0) as usize;
    let mut sums: [Vec<f64>; 4] = std::array::from_fn(|_| vec![0.0; quarters]);
    let mut knowledge = vec![0.0; KNOWLEDGE_MONTHS];
    let mut embedding = Moments::default();
    let mut n = 0;
    let taken: Result<_, std::convert::Infallible> = in_order(
        replicates,
        watch,
        |number| probe_one(setup, number),
        |_, one| {
            let year = |counts: &[f64]| counts.iter().take(4).sum::<f64>();
            embedding.add(super::accumulate::ratio(year(&one.quarters[1]), year(&one.quarters[0])));
            for (sum, counts) in sums.iter_mut().zip(&one.quarters) {
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            knowledge.iter_mut().zip(&one.knowledge).for_each(|(sum, left)| *sum += left);
            n += 1;
            Ok(())
        },
    );
    match taken {
        Ok(_) => {}
    }
    let quarter = DAYS_PER_YEAR / 4.0;
    let back = |shocked: &[f64], from: usize| {
        let recovered = (from..quarters).find(|&q| shocked[q] >= RECOVERED * sums[0][q] && sums[0][q] > 0.0);
        recovered.map_or(f64::NAN, |q| (q - from + 1) as f64 * quarter)
    };
    Probes {
        n,
        embedding,
        betrayal_days: back(&sums[2], 0),
        gate_days: back(&sums[3], (GATE_DAYS / quarter) as usize),
        knowledge_days: half_life(&knowledge),
    }
}

fn probe_one(setup: &Arc<Setup>, replicate: u32) -> Probed {
    let mut simulation = Simulation::new(setup, replicate);
    simulation.run(setup.time.burn_in_ticks() + setup.time.ticks(), &mut Blind);
    let ticks = (HORIZON_YEARS * DAYS_PER_YEAR / setup.time.tick_days) as u32;
    let count = |shock: fn(&mut Simulation)| {
        let mut copy = simulation.clone();
        shock(&mut copy);
        let mut quarters = Quarters { start: copy.world().now, counts: vec![0.0; (HORIZON_YEARS * 4.0) as usize] };
        copy.run(ticks, &mut quarters);
        quarters.counts
    };
    Probed {
        quarters: [count(|_| {}), count(reset), count(betray), count(shut_gates)],
        knowledge: knowledge_left(&simulation),
    }
}

fn reset(simulation: &mut Simulation) {
    for person in &mut simulation.world_mut().people.persons {
        person.ties.clear();
        person.cooperating = 0.0;
        person.alone = 0.0;
    }
}

fn betray(simulation: &mut Simulation) {
    let loss = simulation.setup().model.trust.loss_weight;
    let states = simulation.setup().region.states.len();
    let world = simulation.world_mut();
    for (place, trust) in world.generalised_trust.iter_mut().enumerate() {
        let own = place / states / crate::quantity::UnitKind::COUNT == place % states;
        *trust *= if own { 1.0 } else { 0.5 };
    }
    for tie in world.people.persons.iter_mut().flat_map(|person| &mut person.ties) {
        tie.bad += loss * BETRAYAL;
    }
}

fn shut_gates(simulation: &mut Simulation) {
    let now = simulation.world().now;
    for closures in &mut simulation.world_mut().closures {
        closures.push((now, now + GATE_DAYS));
    }
}

/// Months over which knowledge is watched after training.
const KNOWLEDGE_MONTHS: usize = 37;

/// Knowledge above the twin's, by month, summed over the police still at their desks.
fn knowledge_left(simulation: &Simulation) -> Vec<f64> {
    let setup = simulation.setup();
    let (mut trained, mut twin) = (simulation.clone(), simulation.clone());
    let police: Vec<Desk> = (0..setup.region.desks() as Desk)
        .filter(|desk| matches!(setup.region.role_of(*desk), Role::Investigator | Role::Head))
        .collect();
    let generations: Vec<u32> = police.iter().map(|desk| trained.world().people.at(*desk).generation).collect();
    let (model, now) = (setup.model.clone(), simulation.world().now);
    for &desk in &police {
        let person = trained.world_mut().people.at_mut(desk);
        model.refresh_skills(person, now);
        for skill in std::iter::once(&mut person.awareness).chain(&mut person.familiarity) {
            skill.value += 0.5 * (1.0 - skill.value);
        }
    }
    let know = |simulation: &Simulation, desk: Desk| {
        let world = simulation.world();
        let person = world.people.at(desk);
        let tools = crate::quantity::Tool::ALL.iter().map(|tool| model.familiarity.with(person, *tool, world.now));
        model.recognition.awareness(person, world.now) + tools.sum::<f64>() / crate::quantity::Tool::COUNT as f64
    };
    let start = now;
    (0..KNOWLEDGE_MONTHS)
        .map(|month| {
            let until = start + month as f64 * DAYS_PER_MONTH;
            while trained.world().now < until {
                trained.step(&mut Blind);
                twin.step(&mut Blind);
            }
            let stayed = police
                .iter()
                .zip(&generations)
                .filter(|(desk, generation)| trained.world().people.at(**desk).generation == **generation);
            let left: Vec<f64> = stayed.map(|(desk, _)| know(&trained, *desk) - know(&twin, *desk)).collect();
            left.iter().sum::<f64>() / left.len().max(1) as f64
        })
        .collect()
}

/// When a falling series first reaches half of its beginning, between months in proportion; in days.
fn half_life(series: &[f64]) -> f64 {
    let half = series[0] / 2.0;
    let below = series.iter().position(|left| *left <= half);
    match below {
        Some(month) if month > 0 => {
            let (before, after) = (series[month - 1], series[month]);
            ((month - 1) as f64 + (before - half) / (before - after)) * DAYS_PER_MONTH
        }
        _ => f64::NAN,
    }
}
