//! Counts conserve, bounds hold.

use super::{all_ticks, ended, endings, run};
use crate::log::Event;
use crate::worlds::{REGION, setup};
use comity::engine::Simulation;
use comity::quantity::Ending;
use comity::random::Randomness;
use comity::record::{Observer, View};
use std::collections::BTreeSet;

#[test]
fn every_case_that_surfaces_is_missed_or_ends_in_exactly_one_place() {
    let setup = setup(REGION, &[]);
    for replicate in 0..3 {
        let (simulation, events) = run(&setup, replicate);
        let first_day = -f64::from(setup.time.burn_in_ticks()) * setup.time.tick_days;
        let random = Randomness { seed: setup.seed, replicate };
        let years = (first_day / 365.25).floor() as i32..=(simulation.world().now / 365.25).floor() as i32;
        let mut surfaced: Vec<(u64, u64)> = years
            .flat_map(|year| setup.model.arrival.surfacings(&setup.region, random, year))
            .filter(|surfacing| first_day <= surfacing.time && surfacing.time < simulation.world().now)
            .map(|surfacing| (u64::from(setup.region.corridors[surfacing.corridor].address), surfacing.event))
            .collect();
        let mut met: Vec<(u64, u64)> = events
            .iter()
            .filter_map(|event| match event {
                Event::Case { corridor, event, .. } | Event::Missed { corridor, event } => Some((*corridor, *event)),
                _ => None,
            })
            .collect();
        surfaced.sort_unstable();
        met.sort_unstable();
        assert_eq!(surfaced, met);
        assert_eq!(simulation.world().cases as usize, endings(&events).len());
    }
}

#[test]
fn the_funnel_adds_up() {
    let (simulation, events) = run(&setup(REGION, &[]), 0);
    let (mut sought, mut concluded) = (0, BTreeSet::new());
    for event in &events {
        match event {
            Event::Case {
                ending, request, communications, recorded_communications, acts, victims, by_habit, ..
            } => {
                sought += usize::from(request.is_some());
                let is_lost = matches!(ending, Ending::Withheld | Ending::NotRecognised | Ending::Alone);
                assert_eq!(request.is_none(), is_lost, "{event:?}");
                let expected = match ending {
                    Ending::Accepted => *acts,
                    _ if is_lost => 0,
                    _ => 1,
                };
                assert_eq!(*communications, expected, "{event:?}");
                assert!(recorded_communications <= communications);
                assert!((1..=18).contains(acts) && (1..=100).contains(victims));
                assert!(!by_habit || ending.recognised());
                let accepted = *ending == Ending::Accepted;
                assert_eq!(request.as_ref().is_some_and(|request| request.delay.is_some()), accepted);
            }
            Event::Conclusion { case, arrests, prosecution, recorded_arrests, recorded_rescues, rescue, .. } => {
                assert!(concluded.insert(*case), "case {case} concluded twice");
                assert!(!prosecution || *arrests > 0);
                assert!(recorded_arrests <= arrests);
                assert!(*rescue || *recorded_rescues == 0);
            }
            Event::Left(_) | Event::Missed { .. } | Event::Tick => {}
        }
    }
    let endings = endings(&events);
    let answers = [Ending::SentBack, Ending::GateShut, Ending::Refused, Ending::Lapsed, Ending::Accepted];
    assert_eq!(sought, answers.into_iter().map(|answer| ended(&endings, answer)).sum::<usize>());
    let under_way = simulation.world().open.iter().filter(|open| concluded.insert(open.case)).count();
    assert_eq!(under_way, simulation.world().open.len(), "no cooperation is both concluded and under way");
    assert_eq!(concluded.len(), ended(&endings, Ending::Accepted));
}

/// Looks at everything that has bounds, at every tick.
struct Bounds;

impl Observer for Bounds {
    fn asks_why(&self, _now: f64) -> bool {
        true
    }

    fn tick(&mut self, view: View<'_>) {
        let View { world, model, .. } = view;
        let share = |name: &str, value: f64| {
            assert!((0.0..=1.0).contains(&value), "{name} is {value} on day {}", world.now);
        };
        let whole = |name: &str, value: f64| {
            assert!(value >= 0.0 && value.is_finite(), "{name} is {value} on day {}", world.now);
        };
        let most_ties = (model.ties.capacity + model.ties.capacity_spread) as usize;
        for (desk, person) in world.people.persons.iter().enumerate() {
            share("habit of cooperating", person.cooperating);
            share("habit of handling alone", person.alone);
            share("awareness", person.awareness.value);
            share("floor of awareness", person.awareness.floor());
            for familiarity in person.familiarity {
                share("familiarity", familiarity.value);
                share("floor of familiarity", familiarity.floor());
            }
            whole("workload", person.workload);
            share("busyness", model.workload.of(person, world.now));
            whole("evidence for authorities", person.authorities_for);
            whole("evidence against authorities", person.authorities_against);
            assert!(person.seen.cooperating <= person.seen.all);
            assert!(1 <= person.capacity && person.capacity <= most_ties);
            assert!(person.ties.len() <= most_ties, "desk {desk} keeps {} ties", person.ties.len());
            let unit = &world.units[view.region.unit_of(desk as u32)];
            share("norm", model.norm.perceived(model.contagion, world, unit, desk as u32));
            for tie in &person.ties {
                whole("good evidence", tie.good);
                whole("bad evidence", tie.bad);
                assert!(tie.used <= world.now);
                assert_ne!(view.region.state_of(tie.to), view.region.state_of(desk as u32));
                share("trust", model.trust.in_contact(Some(tie), 0.5, world.now));
            }
        }
        for unit in &world.units {
            share("routine of cooperating", unit.cooperating);
            share("routine of handling alone", unit.alone);
            assert!(unit.seen.cooperating <= unit.seen.all);
        }
        world.generalised_trust.iter().for_each(|trust| share("generalised trust", *trust));
        world.suitability.iter().for_each(|suitability| share("suitability", *suitability));
        share("commitment", world.commitment);
        assert!(world.sought <= world.recognised);
        for (a, state) in world.states.iter().enumerate() {
            share("priority", state.priority);
            assert!(state.practised <= state.arrived);
            for b in 0..a {
                share("harmonisation", model.institutions.harmonisation(view.region, world, a, b));
            }
        }
    }
}

#[test]
fn what_is_a_share_stays_between_none_and_all() {
    for changes in [
        vec![],
        vec![("habit.disuse", "cue"), ("institutions.mode", "endogenous"), ("norm.contagion", "complex")],
        vec![
            ("habit.learning", "5"),
            ("habit.rival_loss", "1"),
            ("trust.generalisation", "1"),
            ("recognition.learning", "1"),
        ],
        vec![("institutions.mode", "endogenous"), ("institutions.reference", "0"), ("institutions.drift", "10")],
    ] {
        let setup = setup(REGION, &changes);
        Simulation::new(&setup, 0).run(all_ticks(&setup), &mut Bounds);
    }
}
