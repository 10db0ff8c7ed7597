//! The engine agrees with a plain, slow, readable twin of its tick.

mod interventions;
mod slow;

use crate::log::{Event, Log};
use crate::worlds::{Change, REGION, setup};
use comity::engine::{Setup, Simulation};
use comity::parameter::{Declaration, Unit};
use comity::quantity::{Ending, Tool};
use comity::random::{Purpose, Randomness};
use comity::world::{Desk, World};
use slow::Twin;
use std::sync::Arc;

/// How many cases ended where, over all runs of a test: what was compared, and enough of it.
#[derive(Default)]
struct Seen {
    endings: [u32; Ending::COUNT],
    tools: [u32; Tool::COUNT],
    by_habit: u32,
    known: u32,
    rescues: u32,
    arrests: u32,
    prosecutions: u32,
    leaks: u32,
    left: u32,
    brokered: u32,
    occasions: u32,
    reached: u64,
}

/// Runs both and compares everything that can be seen, and the two worlds at the end.
fn agree(changes: &[Change<'_>]) -> Seen {
    let mut seen = Seen::default();
    for replicate in 0..3 {
        compare(&setup(REGION, changes), replicate, &format!("{changes:?}, replicate {replicate}"), &mut seen);
    }
    seen
}

fn compare(setup: &Arc<Setup>, replicate: u32, what: &str, seen: &mut Seen) {
    let ticks = setup.time.burn_in_ticks() + setup.time.ticks();
    let mut engine = Simulation::new(setup, replicate);
    let mut log = Log { asks_why: true, ..Log::default() };
    engine.run(ticks, &mut log);
    let random = Randomness { seed: setup.seed, replicate };
    let mut twin = Twin::new(&setup.program, setup.time, random);
    for _ in 0..ticks {
        twin.step();
    }
    for (place, (engine, twin)) in log.events.iter().zip(&twin.events).enumerate() {
        if !same(engine, twin) {
            let tick = log.events[..place].iter().filter(|event| **event == Event::Tick).count();
            panic!("{what}: event {place}, tick {tick}:\nengine {engine:#?}\ntwin   {twin:#?}");
        }
        count(engine, seen);
    }
    assert_eq!(log.events.len(), twin.events.len(), "{what}");
    states_agree(engine.world(), &engine, &twin, what);
    for state in &engine.world().interventions {
        seen.occasions += state.occasions;
        seen.reached += state.reached;
    }
}

/// Alike but for rounding in the moments.
fn same(engine: &Event, twin: &Event) -> bool {
    let mut twin = twin.clone();
    match (engine, &mut twin) {
        (Event::Case { request: Some(engine), .. }, Event::Case { request: Some(twin), .. }) => {
            if let (Some(engine), Some(twin)) = (&engine.delay, &mut twin.delay)
                && close(*engine, *twin)
            {
                *twin = *engine;
            }
        }
        (Event::Conclusion { due: engine, .. }, Event::Conclusion { due: twin, .. }) if close(*engine, *twin) => {
            *twin = *engine;
        }
        _ => {}
    }
    *engine == twin
}

fn count(event: &Event, seen: &mut Seen) {
    match event {
        Event::Case { ending, request, by_habit, .. } => {
            seen.endings[*ending as usize] += 1;
            seen.by_habit += u32::from(*by_habit);
            if let Some(request) = request {
                seen.tools[request.tool as usize] += 1;
                seen.known += u32::from(request.known);
                seen.brokered += u32::from(request.brokered);
            }
        }
        Event::Conclusion { rescue, arrests, prosecution, leak, .. } => {
            seen.rescues += u32::from(*rescue);
            seen.arrests += arrests;
            seen.prosecutions += u32::from(*prosecution);
            seen.leaks += u32::from(*leak);
        }
        Event::Left(_) => seen.left += 1,
        Event::Missed { .. } | Event::Tick => {}
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-12
}

/// Compares the two worlds, the engine's brought up to date by hand.
fn states_agree(world: &World, simulation: &Simulation, twin: &Twin<'_>, what: &str) {
    let Setup { model, region, .. } = simulation.setup();
    let view = simulation.view();
    let now = world.now;
    let check = |name: &str, desk: usize, engine: f64, twin: f64| {
        assert!(close(engine, twin), "{what}: {name} of {desk}: engine {engine}, twin {twin}");
    };
    let kept = |since: f64, half_life: f64| libm::exp2(-(now - since) / half_life);
    let clock = |since: f64, half_life: f64| match model.disuse {
        comity::mechanism::habit::Disuse::Clock => kept(since, half_life),
        comity::mechanism::habit::Disuse::Cue => 1.0,
    };
    check("now", 0, now, twin.now);
    for (desk, (person, officer)) in world.people.persons.iter().zip(&twin.officers).enumerate() {
        assert_eq!(person.generation, officer.generation, "{what}: desk {desk}");
        if !region.staffed(desk as Desk) {
            continue;
        }
        assert_eq!(world.away(desk as Desk), twin.away(desk as Desk), "{what}: desk {desk}");
        assert_eq!(person.last_tool, officer.last_tool, "{what}: desk {desk}");
        let habit = clock(person.habit_at, model.habit.half_life);
        check("habit of cooperating", desk, person.cooperating * habit, officer.cooperating);
        check("habit of handling alone", desk, person.alone * habit, officer.alone);
        let awareness = person.awareness.faded(kept(person.skill_at, model.recognition.half_life));
        check("awareness", desk, awareness, officer.awareness);
        for tool in 0..Tool::COUNT {
            let familiarity = person.familiarity[tool].faded(kept(person.skill_at, model.familiarity.half_life));
            check("familiarity", desk, familiarity, officer.familiarity[tool]);
        }
        let seen = kept(person.seen.at, model.norm.half_life);
        check("seen of contacts", desk, person.seen.all * seen, officer.seen_all);
        check("cooperation seen of contacts", desk, person.seen.cooperating * seen, officer.seen_for);
        let workload = kept(person.workload_at, model.workload.half_life);
        check("workload", desk, person.workload * workload, officer.workload);
        let evidence = kept(person.authorities_at, model.trust.half_life);
        check("for authorities", desk, person.authorities_for * evidence, officer.authorities_for);
        check("against authorities", desk, person.authorities_against * evidence, officer.authorities_against);
        let live = |tie: &&comity::world::Tie| {
            let turnover = &model.turnover;
            model.ties.live(turnover, region, world, view.randomness, desk as Desk, tie).is_some()
        };
        let ties: Vec<_> = person.ties.iter().filter(live).collect();
        let whom: Vec<Desk> = ties.iter().map(|tie| tie.to).collect();
        assert_eq!(whom, officer.ties.iter().map(|tie| tie.to).collect::<Vec<_>>(), "{what}: ties of {desk}");
        for (engine, twin) in ties.iter().zip(&officer.ties) {
            let evidence = kept(engine.evidence_at, model.trust.half_life);
            check("good evidence", desk, engine.good * evidence, twin.good);
            check("bad evidence", desk, engine.bad * evidence, twin.bad);
            check("last use", desk, engine.used, twin.used);
            check("end of a tie", desk, engine.dies, twin.dies);
        }
    }
    for (unit, (state, office)) in world.units.iter().zip(&twin.offices).enumerate() {
        let routine = clock(state.routine_at, model.habit.routine_half_life);
        check("routine of cooperating", unit, state.cooperating * routine, office.cooperating);
        check("routine of handling alone", unit, state.alone * routine, office.alone);
        let seen = kept(state.seen.at, model.norm.half_life);
        check("seen in the unit", unit, state.seen.all * seen, office.seen_all);
        check("cooperation seen in the unit", unit, state.seen.cooperating * seen, office.seen_for);
        assert_eq!(state.last_tool, office.last_tool, "{what}: unit {unit}");
        for (other, trust) in office.trust.iter().enumerate() {
            check("generalised trust", unit, world.generalised_trust(region, unit, other), *trust);
        }
    }
    for (index, (state, country)) in world.states.iter().zip(&twin.countries).enumerate() {
        check("priority", index, state.priority, country.priority);
        check("lifted priority", index, state.lifted, country.lifted);
        check("practised", index, state.practised, country.practised);
        check("arrived", index, state.arrived, country.arrived);
        check("institutional clock", index, state.clock, country.clock);
        for other in 0..index {
            let gained = twin.gained.get(&(index, other)).copied().unwrap_or(0.0);
            check("harmonisation gained", index, world.harmonised[region.pair_index(index, other)], gained);
        }
    }
    for tool in 0..Tool::COUNT {
        check("suitability", tool, world.suitability[tool], twin.suitability[tool]);
    }
    check("commitment", 0, world.commitment, twin.commitment);
    check("sought", 0, world.sought, twin.sought);
    check("recognised", 0, world.recognised, twin.recognised);
    assert_eq!(world.cases, twin.cases, "{what}");
    for (place, (state, deed)) in world.interventions.iter().zip(&twin.deeds).enumerate() {
        assert_eq!(state.began, deed.began, "{what}: intervention {place}");
        assert_eq!((state.occasions, state.reached), (deed.occasions, deed.reached), "{what}: intervention {place}");
        check("level", place, state.level, deed.level);
        check("cost", place, state.cost, deed.cost);
    }
    let mut open: Vec<u64> = world.open.iter().map(|open| open.case).collect();
    let mut twin_open: Vec<u64> = twin.open.iter().map(|open| open.case).collect();
    open.sort_unstable();
    twin_open.sort_unstable();
    assert_eq!(open, twin_open, "{what}: cooperations under way");
}

#[test]
fn the_engine_agrees_with_its_twin() {
    let seen = agree(&[]);
    for (ending, count) in Ending::ALL.iter().zip(seen.endings) {
        assert!(count > 0, "no case ended {ending:?}: the comparison is too easy");
    }
    for (tool, count) in Tool::ALL.iter().zip(seen.tools) {
        assert!(count > 0, "nobody asked by {tool:?}: the comparison is too easy");
    }
    let Seen { by_habit, known, rescues, arrests, prosecutions, leaks, left, .. } = seen;
    assert!([by_habit, known, rescues, arrests, prosecutions, leaks, left].into_iter().all(|count| count > 0));
}

#[test]
fn the_engine_agrees_with_its_twin_in_every_variant() {
    for changes in [
        vec![("habit.variant", "'utility'")],
        vec![("habit.disuse", "'cue'")],
        vec![("trust.generalised_return", "0.7")],
        vec![("norm.contagion", "'complex'")],
        vec![("institutions.mode", "'endogenous'")],
        vec![("institutions.mode", "'endogenous'"), ("institutions.reference", "0.02"), ("habit.variant", "'utility'")],
        vec![("habit.disuse", "'cue'"), ("norm.contagion", "'complex'"), ("habit.variant", "'utility'")],
    ] {
        agree(&changes);
    }
}

#[test]
fn the_engine_agrees_with_its_twin_without_each_mechanism() {
    for choice in comity::mechanism::choices().iter().filter(|choice| choice.key.starts_with("mechanisms.")) {
        agree(&[(choice.key, "'off'")]);
        if choice.key == "mechanisms.norm" {
            agree(&[(choice.key, "'off'"), ("norm.contagion", "'complex'")]);
        }
    }
}

#[test]
fn the_engine_agrees_with_its_twin_at_any_length_of_tick() {
    for tick in ["1", "2.5", "30.4375"] {
        agree(&[("time.tick", tick)]);
    }
}

#[test]
fn the_engine_agrees_with_its_twin_where_people_come_and_go() {
    let roles = comity::quantity::Role::KEYS.iter().map(|role| format!("role.{role}.turnover")).collect::<Vec<_>>();
    let busy = roles.iter().map(|role| (role.as_str(), "20.0"));
    agree(&busy.chain([("turnover.handover", "0.8"), ("ties.half_life", "30.0")]).collect::<Vec<_>>());
}

#[test]
fn the_engine_agrees_with_its_twin_where_everybody_meets() {
    let roles = comity::quantity::Role::KEYS.iter().map(|role| format!("role.{role}.meetings")).collect::<Vec<_>>();
    let often = roles.iter().map(|role| (role.as_str(), "20.0"));
    let few = [("ties.capacity", "4"), ("ties.capacity_spread", "3"), ("turnover.handover", "0.8")];
    agree(&often.chain(few).collect::<Vec<_>>());
}

#[test]
fn the_engine_agrees_with_its_twin_whatever_the_parameters() {
    for world in 0..40 {
        let mut draws = Randomness { seed: 11, replicate: 0 }.at(Purpose::Bootstrap, 0, world);
        let mut changes: Vec<(String, String)> = Vec::new();
        for parameter in comity::mechanism::declarations().iter().flat_map(Declaration::expand) {
            let Declaration { low, high, unit, .. } = parameter.declaration;
            if draws.uniform() < 0.7 || matches!(parameter.key.as_str(), "arrival.dispersion" | "gate.closures") {
                continue;
            }
            let far = if high <= 1.0 { high } else { (3.0 * parameter.default.abs() + 1.0).min(high) };
            let low = if low < -1.0 { parameter.default - 1.0 } else { low };
            let value = low + draws.uniform() * (far - low);
            let value = if unit == Unit::Count { value.round() } else { value };
            changes.push((parameter.key, format!("{value}")));
        }
        for choice in comity::mechanism::choices() {
            let rarely = if choice.key.starts_with("mechanisms.") { 0.1 } else { 0.5 };
            if draws.uniform() < rarely && choice.key != "mechanisms.arrival" {
                changes.push((choice.key.to_owned(), choice.options[1].to_owned()));
            }
        }
        let changes: Vec<Change<'_>> = changes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        compare(&setup(REGION, &changes), 0, &format!("world {world}, {changes:?}"), &mut Seen::default());
    }
}
