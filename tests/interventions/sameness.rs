//! Twin worlds are twins: an intervention changes nothing but by what it does, and nothing before it does it.

use super::{state, until, with, without};
use crate::log::Log;
use crate::worlds::{Change, REGION, setup, shipped, shipped_scenario, shipped_with_interventions};
use comity::engine::{Setup, Simulation};
use comity::intervention::Kind;
use comity::record::Blind;
use std::sync::Arc;

/// The shipped window, from half a year before anything begins.
const SHORT: [Change<'static>; 2] = [("time.burn_in", "10 weeks"), ("time.end", "2007-01-15")];

/// A shipped scenario without desks in reserve, which would number desks in another way.
fn of(name: &str) -> Arc<Setup> {
    let mut changes = SHORT.to_vec();
    if name == "capacity-building" {
        changes.push(("intervention.training.staff", "0"));
    }
    shipped(name, &changes)
}

/// What was seen in one step, and the state after it.
fn step(simulation: &mut Simulation) -> (String, String) {
    let mut log = Log::default();
    simulation.step(&mut log);
    (format!("{:?}", log.events), state(simulation))
}

#[test]
fn there_is_a_shipped_scenario_for_every_kind() {
    let names = shipped_with_interventions();
    for kind in Kind::ALL {
        let of_kind = |name: &String| shipped(name, &[]).program.interventions.iter().any(|own| own.kind() == *kind);
        assert!(names.iter().any(of_kind), "no shipped scenario has a {}", kind.label());
    }
    for name in &names {
        let setup = shipped(name, &[]);
        let (plain, own) = (shipped("asean-baseline", &[]).time, setup.time);
        assert_eq!(plain, own, "{name} cannot be compared with the baseline");
    }
}

#[test]
fn before_it_begins_and_after_a_fork_every_shipped_intervention_is_a_twin_of_the_baseline() {
    let plain = shipped("asean-baseline", &SHORT);
    let names = shipped_with_interventions();
    let mut arms: Vec<(String, Arc<Setup>, Simulation, u64)> = names
        .into_iter()
        .map(|name| {
            let setup = of(&name);
            let diverges = plain.diverges_from(&setup).expect("they differ at last");
            assert_eq!(setup.diverges_from(&plain), Some(diverges), "{name}");
            (name, Arc::clone(&setup), Simulation::new(&setup, 3), diverges)
        })
        .collect();
    let mut baseline = Simulation::new(&plain, 3);
    let mut forks: Vec<Option<Simulation>> = vec![None; arms.len()];
    for tick in 0..u64::from(plain.time.burn_in_ticks() + plain.time.ticks()) {
        for ((_, setup, _, diverges), fork) in arms.iter().zip(&mut forks) {
            if tick == *diverges {
                *fork = Some(baseline.fork(setup));
            }
        }
        let expected = step(&mut baseline);
        for ((name, _, arm, diverges), fork) in arms.iter_mut().zip(&mut forks) {
            let seen = step(arm);
            if tick < *diverges {
                assert!(seen == expected, "{name} differs in tick {tick}, before it begins in tick {diverges}");
            }
            if let Some(fork) = fork {
                assert!(step(fork) == seen, "{name}: the fork differs in tick {tick}");
            }
        }
    }
    for ((name, _, arm, diverges), fork) in arms.iter().zip(&forks) {
        assert_eq!(*diverges, 10 + 25, "{name} begins in the tick of 1 July 2006");
        let fork = fork.as_ref().expect("it was forked");
        assert_eq!(fork.world().interventions, arm.world().interventions, "{name}");
        assert_eq!(
            (fork.cost(), &fork.setup().region, &fork.setup().model),
            (arm.cost(), &arm.setup().region, &arm.setup().model)
        );
    }
}

#[test]
fn desks_in_reserve_move_nobody() {
    let until_then: [Change<'_>; 2] = [("time.burn_in", "20 weeks"), ("time.end", "2006-06-25")];
    let rows = |name: &str| format!("{:?}", shipped(name, &until_then).run_one(0, true).1);
    assert_eq!(rows("asean-baseline"), rows("capacity-building"));
    let (plain, reserve) = (shipped("asean-baseline", &until_then), shipped("capacity-building", &until_then));
    assert_eq!(plain.diverges_from(&reserve), Some(0), "it cannot be forked from a world without these desks");
}

#[test]
fn arms_set_up_together_fork_whatever_they_keep_in_reserve_and_give_what_each_gives_alone() {
    let names = ["asean-baseline", "capacity-building", "exchange-programme"];
    let scenarios = names.map(|name| shipped_scenario(name, &SHORT));
    let [plain, trained, exchanged]: [Arc<Setup>; 3] = Setup::together(&scenarios.each_ref())
        .into_iter()
        .map(Arc::new)
        .collect::<Vec<_>>()
        .try_into()
        .expect("there are three");
    let alone = scenarios.each_ref().map(|scenario| Arc::new(Setup::new(scenario)));
    assert!(plain.region.desks() > alone[0].region.desks(), "there is a reserve");
    let results = |setup: &Arc<Setup>| {
        let (tally, rows) = setup.run_one(2, true);
        (format!("{tally:?}"), format!("{rows:?}"))
    };
    assert!(results(&plain) == results(&alone[0]), "the baseline is moved by the reserve of an arm");
    assert!(results(&exchanged) == results(&alone[2]), "an arm is moved by the reserve of another");

    let diverges = trained.diverges_from(&plain).expect("they differ at last") as u32;
    assert!(diverges > 0 && exchanged.diverges_from(&plain) == Some(u64::from(diverges)));
    let mut baseline = Simulation::new(&plain, 2);
    baseline.run(diverges, &mut Blind);
    let (mut fork, mut whole) = (baseline.fork(&trained), Simulation::new(&alone[1], 2));
    whole.run(diverges, &mut Blind);
    for tick in diverges..plain.time.burn_in_ticks() + plain.time.ticks() {
        assert!(step(&mut fork) == step(&mut whole), "the fork differs in tick {tick}");
    }
    assert!(fork.setup().region.staff() > plain.region.staff(), "the reserve was staffed");
}

#[test]
fn an_intervention_that_reaches_nobody_changes_no_bit() {
    let results = |setup: &Arc<Setup>| {
        let (mut tally, rows) = setup.run_one(1, true);
        // What was done in vain, and cost, is told; what came of it is nothing.
        tally.interventions.clear();
        (format!("{tally:?}"), format!("{rows:?}"))
    };
    let plain = results(&shipped("asean-baseline", &SHORT));
    for name in shipped_with_interventions() {
        let setup = shipped(&name, &[]);
        let paths: Vec<String> =
            setup.program.interventions.iter().map(|own| format!("intervention.{}.coverage", own.key)).collect();
        let changes: Vec<Change<'_>> = SHORT.into_iter().chain(paths.iter().map(|path| (path.as_str(), "0"))).collect();
        let (tally, rows) = results(&shipped(&name, &changes));
        assert!(rows == plain.1, "{name} reaches nobody, but the series differs");
        assert!(tally == plain.0, "{name} reaches nobody, but the tables differ");
    }
}

#[test]
fn an_intervention_beyond_the_end_changes_nothing() {
    let late = with("kind = \"exchange\"", &[("intervention.x.start", "2009-01-01")]);
    let (a, b) = (until(&without(&[]), 0, 910.0), until(&late, 0, 910.0));
    assert_eq!((state(&a.0), a.1), (state(&b.0), b.1));
    assert_eq!(b.0.cost(), 0.0);
}

#[test]
fn order_matters_only_where_one_undoes_the_other() {
    let liaison = "[intervention.a]\nkind = \"liaison_officer\"\nstart = 2006-07-01\npairs = [\"AAA-BBB\"]\n";
    let book = "[intervention.b]\nkind = \"handbook\"\nstart = 2006-03-01\nuptake = 0.5\n";
    let run = |text: &str| {
        let (simulation, events) = until(&setup(&format!("{REGION}\n{text}"), &[]), 0, 900.0);
        (state(&simulation), events)
    };
    assert_eq!(run(&format!("{liaison}{book}")), run(&format!("{book}{liaison}")));
    let set = |key: &str, value: &str| {
        format!(
            "[intervention.{key}]\nkind = \"parameter\"\nparameter = \"gate.approval\"\nset = {value}\nstart = 2006-07-01\n"
        )
    };
    let approval = |text: &str| {
        let simulation = until(&setup(&format!("{REGION}\n{text}"), &[]), 0, 300.0).0;
        simulation.setup().model.gate.approval
    };
    let (low, high) = (set("low", "0.1"), set("high", "0.9"));
    assert_eq!((approval(&format!("{low}{high}")), approval(&format!("{high}{low}"))), (0.9, 0.1));
}

#[test]
fn what_holds_leaves_rules_and_facts_as_they_were_when_it_is_over() {
    for lines in [
        "kind = \"liaison_officer\"",
        "kind = \"information_sharing\"\nfading = \"10 days\"",
        "kind = \"retention\"",
        "kind = \"specialised_units\"",
        "kind = \"ngo_partnership\"\nraids = 0.5",
        "kind = \"capacity_building\"\nstaff = 4",
        "kind = \"shock\"\nevent = \"surge\"",
        "kind = \"treaty\"\ntools = [\"joint\"]",
        "kind = \"parameter\"\nparameter = \"state.AAA.english\"\nset = 0",
        "kind = \"parameter\"\nparameter = \"pair.CCC-AAA.approval\"\nset = 0",
        "kind = \"parameter\"\nparameter = \"arrival.acts\"\nset = 2",
    ] {
        let setup = with(&format!("{lines}\nlasts = \"200 days\""), &[]);
        let mut simulation = until(&setup, 0, 250.0).0;
        assert!(simulation.setup().region != setup.region || simulation.setup().model != setup.model, "{lines} holds");
        while simulation.world().now < 600.0 {
            simulation.step(&mut Blind);
        }
        assert_eq!(simulation.setup().model, setup.model, "{lines}");
        assert_eq!(simulation.setup().region, setup.region, "{lines}");
    }
}
