//! The same is the same to the bit, and worlds differ only where and when something differs.

use super::{all_ticks, run};
use crate::log::{Event, Log};
use crate::worlds::{Change, REGION, setup};
use comity::engine::{Setup, Simulation};
use comity::quantity::{Ending, Tool};
use comity::record::Blind;
use std::collections::BTreeMap;

/// Everything that can differ between two worlds, written out to the last digit.
///
/// Cooperations under way are sorted, since the heap's inner order is nobody's business.
fn written(simulation: &Simulation) -> String {
    let mut world = simulation.world().clone();
    let open = std::mem::take(&mut world.open).into_sorted_vec();
    format!("{world:?} {open:?}")
}

#[test]
fn two_runs_are_identical_to_the_bit() {
    let setup = setup(REGION, &[]);
    let ((first, first_events), (second, second_events)) = (run(&setup, 1), run(&setup, 1));
    assert_eq!(first_events, second_events);
    assert_eq!(written(&first), written(&second));
    assert_ne!(written(&first), written(&run(&setup, 2).0), "replicates differ");
}

#[test]
fn a_clone_goes_on_exactly_as_the_original_does() {
    let setup = setup(REGION, &[("institutions.mode", "endogenous")]);
    let mut original = Simulation::new(&setup, 0);
    original.run(150, &mut Blind);
    let mut clone = original.clone();
    let (mut log, mut clone_log) = (Log::default(), Log::default());
    original.run(100, &mut log);
    clone.run(100, &mut clone_log);
    assert_eq!(log.events, clone_log.events);
    assert_eq!(written(&original), written(&clone));
    let mut unbroken = Simulation::new(&setup, 0);
    unbroken.run(250, &mut Blind);
    assert_eq!(written(&original), written(&unbroken));
}

#[test]
fn asking_why_changes_nothing() {
    for changes in [vec![], vec![("habit.variant", "utility"), ("norm.contagion", "complex")]] {
        let setup = setup(REGION, &changes);
        let (blind, events) = run(&setup, 0);
        let mut curious = Simulation::new(&setup, 0);
        let mut log = Log { asks_why: true, ..Log::default() };
        curious.run(all_ticks(&setup), &mut log);
        assert_eq!(written(&blind), written(&curious));
        let mut asked = 0;
        for event in &mut log.events {
            if let Event::Case { binding, litmus, ending, .. } = event {
                assert_eq!(binding.take().is_some(), *ending != Ending::Accepted);
                assert_eq!(litmus.take().is_some(), ending.recognised());
                asked += 1;
            }
        }
        assert!(asked > 500);
        assert_eq!(log.events, events);
    }
}

#[test]
fn a_replicate_alone_is_the_same_as_among_many() {
    let setup = setup(REGION, &[]);
    let alone = written(&run(&setup, 3).0);
    // All of them side by side, tick by tick.
    let mut many: Vec<Simulation> = (0..5).map(|replicate| Simulation::new(&setup, replicate)).collect();
    for _ in 0..all_ticks(&setup) {
        many.iter_mut().rev().for_each(|simulation| simulation.step(&mut Blind));
    }
    assert_eq!(written(&many[3]), alone);
}

/// Runs both, and says on which day what is seen first differs.
fn first_difference(one: &[Change<'_>], other: &[Change<'_>]) -> Option<f64> {
    let (one, other) = (setup(REGION, one), setup(REGION, other));
    let by_tick = |setup| {
        let (_, events) = run(setup, 0);
        let mut ticks: Vec<Vec<Event>> = events.split(|event| *event == Event::Tick).map(<[Event]>::to_vec).collect();
        assert_eq!(ticks.pop(), Some(Vec::new()), "nothing happens after the last tick");
        ticks
    };
    let (first, second) = (by_tick(&one), by_tick(&other));
    let tick = first.iter().zip(&second).position(|(first, second)| first != second)?;
    Some((tick as f64 - f64::from(one.time.burn_in_ticks())) * one.time.tick_days)
}

fn day(setup: &Setup, date: (i32, u8, u8)) -> f64 {
    let date = comity::quantity::Date::new(date.0, date.1, date.2).expect("a date");
    f64::from(date.days() - setup.time.start.days())
}

#[test]
fn twin_worlds_differ_only_downstream() {
    let region = setup(REGION, &[]);
    let shut = "[{ from = 2007-02-10, until = 2008-06-01 }]";
    for (key, value, date) in [
        ("pair.BBB-DDD.gate_shut", shut, (2007, 2, 10)),
        ("treaty.mutual.deposits.BBB", "2008-02-01", (2006, 9, 20)),
        ("state.CCC.tip_law", "2007-05-05", (2007, 5, 5)),
        ("declaration.second.strength", "1.0", (2007, 1, 13)),
    ] {
        let differs = first_difference(&[], &[(key, value)]);
        let differs = differs.unwrap_or_else(|| panic!("{key}: no difference at all: the test is too easy"));
        let earliest = day(&region, date) - region.time.tick_days;
        assert!(earliest < differs, "{key}: differs on day {differs}, but acts from day {}", day(&region, date));
    }
}

#[test]
fn what_acts_after_the_end_changes_nothing() {
    for (key, value) in [
        ("pair.BBB-DDD.gate_shut", "[{ from = 2008-08-01, until = 2009-06-01 }]"),
        ("state.CCC.tip_law", "2010-01-01"),
        ("time.end", "2009-07-01"),
    ] {
        assert_eq!(first_difference(&[], &[(key, value)]), None, "{key}");
    }
}

/// What became of a case: where it ended, what was asked of whom, by whom, and whether by habit.
type Fate = (Ending, Option<(Tool, u64)>, u64, bool);

/// What became of each case, with desks named by their addresses.
fn fates(text: &str, changes: &[Change<'_>]) -> BTreeMap<(u64, u64), Fate> {
    let setup = setup(text, changes);
    let (_, events) = run(&setup, 0);
    let fate = |event: &Event| match event {
        Event::Case { corridor, event, ending, request, handler, by_habit, .. } => {
            let address = |desk| setup.region.address_of(desk);
            let request = request.as_ref().map(|request| (request.tool, address(request.counterpart)));
            Some(((*corridor, *event), (*ending, request, address(*handler), *by_habit)))
        }
        _ => None,
    };
    events.iter().filter_map(fate).collect()
}

#[test]
fn states_and_corridors_that_touch_nobody_change_nobodys_cases() {
    // A new state would be met at meetings, and the region's practice backs what was declared: neither here.
    let meetings: Vec<String> =
        comity::quantity::Role::KEYS.iter().map(|role| format!("role.{role}.meetings")).collect();
    let mut changes: Vec<Change<'_>> = meetings.iter().map(|key| (key.as_str(), "0")).collect();
    changes.push(("norm.injunctive", "0"));
    let states = "[state.EEE]\nlegal_family = \"civil\"\nlanguage = \"een\"\n\
        [state.FFF]\nlegal_family = \"civil\"\nlanguage = \"een\"\n";
    let corridors = "[corridor.EEE-FFF]\ncases = 100\n";
    let (time, rest) = REGION.split_once("[run]").expect("[run]");
    let before = fates(REGION, &changes);
    assert!(before.len() > 500);
    for larger in [
        format!("{REGION}\n{states}{corridors}"),
        format!("{time}{states}{corridors}[run]{rest}"),
        format!("{REGION}\n[corridor.DDD-AAA]\ncases = 0\n"),
    ] {
        let after = fates(&larger, &changes);
        for (case, fate) in &before {
            assert_eq!(after.get(case), Some(fate));
        }
    }
}
