//! Rules and facts that interventions change under way: what must not come of it.

use super::{all_ticks, run};
use crate::log::{Event, Log};
use crate::worlds::{Change, REGION, setup};
use comity::engine::{Setup, Simulation};
use comity::record::Blind;
use std::sync::Arc;

fn with(interventions: &str, changes: &[Change<'_>]) -> Arc<Setup> {
    setup(&format!("{REGION}\n{interventions}"), changes)
}

fn cases(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Case { .. } | Event::Missed { .. })).count()
}

#[test]
fn bringing_everything_up_to_date_in_every_tick_changes_nothing() {
    // Deliberation is on, so that its constant stand-in is read by nobody; but a changed rule has all that fades brought up to date.
    let inert = "[intervention.inert]\nkind = 'parameter'\nparameter = 'choice.constant'\nset = 0.9\nstart = 2005-01-01\nramp_up = 1500";
    for changes in [vec![], vec![("habit.disuse", "'cue'"), ("norm.contagion", "'complex'")]] {
        let (_, plain) = run(&with("", &changes), 0);
        let (_, settled) = run(&with(inert, &changes), 0);
        assert_eq!(plain, settled);
    }
}

#[test]
fn a_surge_brings_as_many_cases_as_it_says_however_long_the_tick() {
    let year = [
        ("time.burn_in", "0"),
        ("time.end", "2007-01-01"),
        ("arrival.dispersion", "1000"),
        ("mechanisms.ties", "off"),
        ("mechanisms.norm", "off"),
    ];
    let surge = "[intervention.wave]\nkind = 'shock'\nevent = 'surge'\nfactor = 300\nstart = 2006-01-01\nlasts = 9999";
    for tick in ["7", "91.25"] {
        let changes: Vec<Change<'_>> = year.iter().copied().chain([("time.tick", tick)]).collect();
        let (_, events) = run(&with(surge, &changes), 0);
        let expected = 300.0 * 195.0;
        let share = cases(&events) as f64 / expected;
        assert!((share - 1.0).abs() < 0.1, "{share} of the expected cases at ticks of {tick} days");
        let mut addresses: Vec<(u64, u64)> = Vec::new();
        for event in &events {
            if let Event::Case { corridor, event, .. } | Event::Missed { corridor, event } = event {
                addresses.push((*corridor, event & 0xff_00ff_ffff));
            }
        }
        let all = addresses.len();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), all, "two cases share an address at ticks of {tick} days");
    }
}

#[test]
fn a_fork_where_two_setups_part_is_the_run_from_the_start() {
    for tick in ["0.1", "0.14", "0.28", "7"] {
        let changes = [("time.tick", tick), ("time.burn_in", "3"), ("time.end", "2006-02-15")];
        let plain = with("", &changes);
        for day in 1..=30 {
            let arm = with(
                &format!(
                    "[intervention.purge]\nkind = 'shock'\nevent = 'purge'\nshare = 0.5\nstart = 2006-01-{day:02}"
                ),
                &changes,
            );
            let part = plain.diverges_from(&arm).expect("they differ");
            let mut trunk = Simulation::new(&plain, 0);
            trunk.run(part as u32, &mut Blind);
            let mut fork = trunk.fork(&arm);
            let mut whole = Simulation::new(&arm, 0);
            whole.run(part as u32, &mut Blind);
            assert!(whole.world().interventions.iter().all(|state| state.began.is_none()), "tick {tick}, day {day}");
            fork.run(12, &mut Blind);
            whole.run(12, &mut Blind);
            assert_eq!(fork.world().interventions, whole.world().interventions, "tick {tick}, day {day}");
            assert!(fork.world().interventions[0].began.is_some(), "tick {tick}, day {day}");
            assert_eq!(fork.world().people.persons, whole.world().people.persons, "tick {tick}, day {day}");
        }
    }
}

#[test]
fn what_was_lifted_for_a_while_is_back_where_it_was() {
    for change in ["parameter = 'state.AAA.awareness'\nadd = 0.5", "parameter = 'tool.joint.familiarity'\nadd = 0.9"] {
        let lift = format!("[intervention.lift]\nkind = 'parameter'\n{change}\nstart = 2006-01-01\nend = 2006-06-01");
        let still: [Change<'_>; 1] = [("mechanisms.turnover", "off")];
        let levels = |setup: &Arc<Setup>| {
            let mut simulation = Simulation::new(setup, 0);
            simulation.run(all_ticks(setup), &mut Log::default());
            let of =
                |person: &comity::world::Person| (person.awareness.floor(), person.familiarity.map(|one| one.floor()));
            simulation.world().people.persons.iter().map(of).collect::<Vec<_>>()
        };
        for (plain, lifted) in levels(&with("", &still)).iter().zip(levels(&with(&lift, &still))) {
            assert!((plain.0 - lifted.0).abs() < 1e-12, "awareness: {} and {}", plain.0, lifted.0);
            for (plain, lifted) in plain.1.iter().zip(lifted.1) {
                assert!((plain - lifted).abs() < 1e-12, "familiarity: {plain} and {lifted}");
            }
        }
    }
}
