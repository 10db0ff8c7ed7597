//! Each mechanism switched off leaves its variables as they were.

use super::{all_ticks, ended, endings, run};
use crate::log::Event;
use crate::worlds::{REGION, setup};
use comity::engine::{Setup, Simulation};
use comity::quantity::Ending;
use comity::world::World;

/// The region without one mechanism, after a run.
fn without(mechanism: &str) -> (Simulation, Vec<Event>) {
    let key = format!("mechanisms.{mechanism}");
    // Everything else moves as much as it can.
    let setup = setup(REGION, &[(key.as_str(), "off"), ("institutions.mode", "endogenous")]);
    run(&setup, 0)
}

fn nobody(simulation: &Simulation, moved: impl Fn(&World, usize) -> bool) {
    let world = simulation.world();
    assert!((0..world.people.persons.len()).all(|desk| !moved(world, desk)));
}

#[test]
fn every_variable_moves_where_its_mechanism_is_on() {
    let setup = setup(REGION, &[("institutions.mode", "endogenous")]);
    let (simulation, events) = run(&setup, 0);
    let world = simulation.world();
    let somebody = |moved: &dyn Fn(&comity::world::Person) -> bool| world.people.persons.iter().any(moved);
    assert!(somebody(&|person| person.awareness.value != person.awareness.floor()));
    assert!(somebody(&|person| person.cooperating > 0.0) && somebody(&|person| person.alone > 0.0));
    assert!(somebody(&|person| person.familiarity[0].value != person.familiarity[0].floor()));
    assert!(somebody(&|person| !person.ties.is_empty()));
    assert!(somebody(&|person| person.ties.iter().any(|tie| tie.bad > 0.0)));
    assert!(somebody(&|person| person.seen.all > 0.0));
    assert!(somebody(&|person| person.authorities_against > 0.0));
    assert!(somebody(&|person| person.generation > 0));
    assert!(somebody(&|person| person.workload > 0.0));
    assert!(world.units.iter().any(|unit| unit.cooperating > 0.0 && unit.alone > 0.0));
    assert!(world.closures.iter().any(|closures| !closures.is_empty()));
    assert!(world.states.iter().zip(&setup.region.states).any(|(now, then)| now.priority != then.numbers.priority));
    assert!(world.commitment > 0.0);
    let endings = endings(&events);
    assert!(ended(&endings, Ending::Refused) > 0 && ended(&endings, Ending::GateShut) > 0);
    assert!(events.iter().any(|event| matches!(event, Event::Conclusion { rescue: true, .. })));
}

#[test]
fn without_arrival_no_case_surfaces() {
    let (_, events) = without("arrival");
    assert!(!events.iter().any(|event| matches!(event, Event::Case { .. } | Event::Missed { .. })));
}

#[test]
fn without_recognition_awareness_stays_at_its_own_level() {
    nobody(&without("recognition").0, |world, desk| {
        let awareness = world.people.persons[desk].awareness;
        awareness.value != awareness.floor()
    });
}

#[test]
fn without_choice_a_constant_share_seeks() {
    // Habits off too, so that every recognised case is a toss of the same coin.
    let setup =
        setup(REGION, &[("mechanisms.choice", "off"), ("mechanisms.habit", "off"), ("mechanisms.routine", "off")]);
    let (mut sought, mut recognised) = (0.0, 0.0);
    for replicate in 0..4 {
        for event in run(&setup, replicate).1 {
            if let Event::Case { ending, request, .. } = event {
                recognised += f64::from(u8::from(ending.recognised()));
                sought += f64::from(u8::from(request.is_some()));
            }
        }
    }
    let p = setup.model.choice.constant;
    let error = (p * (1.0 - p) / recognised).sqrt();
    assert!((sought / recognised - p).abs() < 4.0 * error, "{sought} of {recognised}");
}

#[test]
fn without_habit_practitioners_form_none() {
    nobody(&without("habit").0, |world, desk| {
        let person = &world.people.persons[desk];
        person.cooperating != 0.0 || person.alone != 0.0
    });
}

#[test]
fn without_routine_units_form_none() {
    let (simulation, _) = without("routine");
    assert!(simulation.world().units.iter().all(|unit| unit.cooperating == 0.0 && unit.alone == 0.0));
}

#[test]
fn without_trust_nobody_has_evidence_and_no_unit_changes_its_mind() {
    let (simulation, _) = without("trust");
    nobody(&simulation, |world, desk| {
        world.people.persons[desk].ties.iter().any(|tie| tie.good != 0.0 || tie.bad != 0.0)
    });
    let generalised = simulation.setup().model.trust.generalised;
    assert!(simulation.world().generalised_trust.iter().all(|trust| *trust == generalised));
}

#[test]
fn without_familiarity_it_stays_at_its_floor() {
    nobody(&without("familiarity").0, |world, desk| {
        world.people.persons[desk].familiarity.iter().any(|familiarity| familiarity.value != familiarity.floor())
    });
}

#[test]
fn without_ties_nobody_knows_anybody() {
    nobody(&without("ties").0, |world, desk| !world.people.persons[desk].ties.is_empty());
}

#[test]
fn without_norm_nothing_is_seen_and_nothing_declared() {
    for contagion in ["simple", "complex"] {
        let setup = setup(REGION, &[("mechanisms.norm", "off"), ("norm.contagion", contagion)]);
        let (simulation, _) = run(&setup, 0);
        let Setup { model, region, .. } = &*setup;
        nobody(&simulation, |world, desk| {
            let unit = &world.units[region.unit_of(desk as u32)];
            model.norm.perceived(model.contagion, world, unit, desk as u32) != model.norm.prior
        });
    }
}

#[test]
fn without_response_every_request_that_arrives_is_accepted() {
    let endings = endings(&without("response").1);
    assert_eq!(ended(&endings, Ending::Refused) + ended(&endings, Ending::Lapsed), 0);
    assert!(ended(&endings, Ending::Accepted) > 0);
}

#[test]
fn without_execution_nobody_is_rescued_or_arrested() {
    let (_, events) = without("execution");
    let mut concluded = 0;
    for event in events {
        if let Event::Conclusion { rescue, arrests, prosecution, .. } = event {
            concluded += 1;
            assert!(!rescue && arrests == 0 && !prosecution);
        }
    }
    assert!(concluded > 0);
}

#[test]
fn without_referral_ngo_workers_learn_nothing_of_the_authorities() {
    let (simulation, _) = without("referral");
    nobody(&simulation, |world, desk| {
        let person = &world.people.persons[desk];
        person.authorities_for != 0.0 || person.authorities_against != 0.0
    });
}

#[test]
fn without_turnover_everybody_stays() {
    let (simulation, events) = without("turnover");
    nobody(&simulation, |world, desk| world.people.persons[desk].generation != 0);
    assert!(!events.iter().any(|event| matches!(event, Event::Left(_))));
}

#[test]
fn without_workload_no_desk_is_busy() {
    nobody(&without("workload").0, |world, desk| world.people.persons[desk].workload != 0.0);
}

#[test]
fn without_gate_none_shuts() {
    let (simulation, events) = without("gate");
    assert!(simulation.world().closures.iter().all(Vec::is_empty));
    assert_eq!(ended(&endings(&events), Ending::GateShut), 0);
}

#[test]
fn without_institutions_all_stays_as_on_the_first_day() {
    let (simulation, _) = without("institutions");
    let setup = simulation.setup();
    let mut first_day = Simulation::new(&std::sync::Arc::new(setup.clone()), 0);
    first_day.run(setup.time.burn_in_ticks(), &mut comity::record::Blind);
    assert!(all_ticks(setup) > setup.time.burn_in_ticks());
    let (then, now) = (first_day.world(), simulation.world());
    for (a, (state, facts)) in now.states.iter().zip(&setup.region.states).enumerate() {
        assert_eq!(state.priority, facts.numbers.priority);
        for b in 0..a {
            let harmonisation = |world: &World| setup.model.institutions.harmonisation(&setup.region, world, a, b);
            assert_eq!(harmonisation(now), harmonisation(then));
            for &tool in comity::quantity::Tool::ALL {
                let open =
                    |world: &World| setup.region.open(tool, (a, world.states[a].clock), (b, world.states[b].clock));
                assert_eq!(open(now), open(then));
            }
        }
    }
    assert_eq!(now.suitability, setup.model.tools.suitability);
    assert!(now.harmonised.iter().all(|gained| *gained == 0.0));
}

#[test]
fn without_observation_officials_record_everything() {
    let (_, events) = without("observation");
    for event in events {
        match event {
            Event::Case { communications, recorded_communications, .. } => {
                assert_eq!(communications, recorded_communications);
            }
            Event::Conclusion { arrests, recorded_arrests, rescue, recorded_rescues, .. } => {
                assert_eq!(arrests, recorded_arrests);
                assert_eq!(rescue, recorded_rescues > 0);
            }
            _ => {}
        }
    }
}
