//! Every kind: its effect and its catch.

use super::{
    BEGINS, NO_CASES, NO_TURNOVER, counted, live_ties, mean_and_error, of_role, rises, state, until, with, without,
};
use crate::log::Event;
use crate::worlds::{Change, REGION, setup};
use comity::engine::Simulation;
use comity::mechanism::funnel::Finder;
use comity::quantity::{Ending, Role, Tool, UnitKind};
use comity::random::{Randomness, name_address};
use comity::record::{CaseRecord, Observer, View};
use comity::scenario::{Override, parse};
use comity::world::Desk;

fn sought(event: &Event) -> Option<bool> {
    match event {
        Event::Case { ending, request, .. } if ending.recognised() => Some(request.is_some()),
        _ => None,
    }
}

fn accepted(event: &Event) -> Option<bool> {
    match event {
        Event::Case { ending, .. } => Some(*ending == Ending::Accepted),
        _ => None,
    }
}

fn referred(event: &Event) -> Option<bool> {
    match event {
        Event::Case { ending, finder: Finder::Ngo, .. } => Some(*ending != Ending::Withheld),
        _ => None,
    }
}

fn share((part, all): (f64, f64)) -> f64 {
    part / all
}

// --- Declaration -----------------------------------------------------------------------------------------------------

const DECLARED: &str = "kind = \"declaration\"\nstrength = 0.9\npriority = 0.8";

#[test]
fn a_declaration_lifts_commitment_and_seeking_and_leaves_nothing() {
    let changes: &[Change<'_>] =
        &[("norm.declaration_half_life", "90 days"), ("choice.norm", "2.5"), ("choice.priority", "2")];
    let (plain, declared) = (without(changes), with(DECLARED, changes));
    rises("seeking after a declaration", 120, |replicate| {
        let days = (BEGINS, BEGINS + 90.0);
        let ((before, plain), (after, declared)) =
            (until(&plain, replicate, days.1), until(&declared, replicate, days.1));
        assert!(after.world().commitment > before.world().commitment + 0.2);
        assert!(after.world().priority(2) > before.world().priority(2) + 0.2);
        (share(counted(&plain, days, sought)), share(counted(&declared, days, sought)))
    });
    let late = until(&declared, 0, BEGINS + 1_500.0).0;
    assert!(late.world().states.iter().all(|state| state.lifted < 0.04), "{:?}", late.world().states);
    assert!(late.world().commitment < 0.05);
}

#[test]
fn a_declaration_fades_more_slowly_where_practice_backs_it() {
    let commitment = |constant: &str| {
        let practice = [("mechanisms.choice", "off"), ("mechanisms.habit", "off"), ("choice.constant", constant)];
        until(&with(DECLARED, &practice), 0, BEGINS + 400.0).0.world().commitment
    };
    let (never, always) = (commitment("0"), commitment("1"));
    assert!(always > never + 0.2, "{never} without practice, {always} with it");
}

// --- Working group ---------------------------------------------------------------------------------------------------

const TOP: [Role; 3] = [Role::Head, Role::Prosecutor, Role::Coordinator];

#[test]
fn a_working_group_stays_at_the_top_unless_contacts_are_delegated() {
    let group = |delegation: &str| {
        let lines =
            format!("kind = \"working_group\"\nevery = \"3 months\"\nend = 2007-07-01\ndelegation = {delegation}");
        until(&with(&lines, &[NO_CASES]), 0, 500.0).0
    };
    let (plain, bare, delegated) = (until(&without(&[NO_CASES]), 0, 500.0).0, group("0"), group("1"));
    assert!(live_ties(&bare, &TOP) > live_ties(&plain, &TOP) + 10.0);
    for role in [Role::Investigator, Role::Ngo] {
        assert_eq!(format!("{:?}", of_role(&bare, role)), format!("{:?}", of_role(&plain, role)), "{role:?}");
    }
    let front = |simulation: &Simulation| live_ties(simulation, &[Role::Investigator]);
    assert!(front(&delegated) > front(&plain) + 10.0);
    let police = plain.setup().region.unit_in(0, UnitKind::Police);
    let trust = |simulation: &Simulation, other: usize| {
        simulation.world().generalised_trust(&simulation.setup().region, police, other)
    };
    assert!((1..4).all(|other| trust(&bare, other) > trust(&plain, other)));
    assert_eq!(trust(&bare, 0), trust(&plain, 0), "nobody meets the own state");
}

// --- Treaty ----------------------------------------------------------------------------------------------------------

#[test]
fn a_treaty_does_nothing_before_both_have_ratified_and_then_opens_its_tools_only() {
    let lines = "kind = \"treaty\"\ntools = [\"joint\"]\nstates = [\"AAA\", \"BBB\"]\nratification = \"200 days\"\nharmonisation = 0";
    // Neither has deposited the treaty that gates joint investigations.
    let changes = [
        ("treaty.mutual.deposits.AAA", "2030-01-01"),
        ("treaty.mutual.deposits.BBB", "2030-01-01"),
        ("tool.joint.intercept", "6"),
    ];
    let (plain, treated) = (without(&changes), with(lines, &changes));
    let mut differ = 0;
    for replicate in 0..12 {
        let (mut a, mut b) = (Simulation::new(&plain, replicate), Simulation::new(&treated, replicate));
        let (mut first, mut second) = (crate::log::Log::default(), crate::log::Log::default());
        let mut both = f64::INFINITY;
        while a.world().now < 900.0 {
            a.step(&mut first);
            b.step(&mut second);
            if let Some(accord) = b.setup().region.accords.first() {
                let days = accord.deposits[..2].iter().map(|day| day.expect("both are reached"));
                both = days.fold(0.0, f64::max);
            }
            // Ratified is what the institutional clock has reached at the start of a tick.
            if a.world().now - 7.0 < both {
                assert_eq!(state(&a), state(&b), "replicate {replicate}, day {}", a.world().now);
            }
        }
        let pairs = first.events.iter().zip(&second.events);
        let Some((_, after)) = pairs.into_iter().find(|(before, after)| before != after) else { continue };
        let Event::Case { here, there, request: Some(request), .. } = after else { panic!("{after:?}") };
        assert_eq!((here.min(there), here.max(there), request.tool), (&0, &1, Tool::Joint), "{after:?}");
        differ += 1;
    }
    assert!(differ >= 6, "only {differ} of 12 runs differ");
}

#[test]
fn the_harmonisation_of_a_treaty_acts_between_those_that_have_ratified() {
    let lines = "kind = \"treaty\"\ntools = [\"joint\"]\nstates = [\"AAA\", \"BBB\"]\nratification = 10\nratification_spread = 0\nharmonisation = 0.5";
    let (plain, treated) = (without(&[NO_CASES]), with(lines, &[NO_CASES]));
    let harmony = |setup: &_, day: f64, pair: (usize, usize)| {
        let simulation = until(setup, 0, day).0;
        let view = simulation.view();
        view.model.institutions.harmonisation(view.region, view.world, pair.0, pair.1)
    };
    assert_eq!(harmony(&plain, 188.0, (0, 1)), harmony(&treated, 188.0, (0, 1)));
    let (before, after) = (harmony(&plain, 250.0, (0, 1)), harmony(&treated, 250.0, (0, 1)));
    assert!((after - (1.0 - (1.0 - before) * 0.5)).abs() < 1e-12, "{before} -> {after}");
    assert_eq!(harmony(&plain, 250.0, (0, 2)), harmony(&treated, 250.0, (0, 2)));
}

// --- Information sharing ---------------------------------------------------------------------------------------------

#[test]
fn information_sharing_brings_volume_and_no_trust_of_its_own() {
    let lines = "kind = \"information_sharing\"\neffort = 1\ndirectory = 1";
    let costly = [("tool.informal.effort", "0.9"), ("tool.hsu.effort", "0.9"), ("choice.effort", "3")];
    let (plain, shared) = (without(&costly), with(lines, &costly));
    let communications = |events: &[Event]| -> f64 {
        let of = |event: &Event| match event {
            Event::Case { time, communications, .. } if *time >= BEGINS => f64::from(*communications),
            _ => 0.0,
        };
        events.iter().map(of).sum()
    };
    rises("communications", 40, |replicate| {
        let (before, after) = (until(&plain, replicate, 900.0).1, until(&shared, replicate, 900.0).1);
        (communications(&before), communications(&after))
    });
    let quiet = |setup: &_| state(&until(setup, 0, 900.0).0);
    assert_eq!(
        quiet(&without(&[NO_CASES])),
        quiet(&with(lines, &[NO_CASES])),
        "without cases nobody trusts anybody more"
    );
}

// --- Harmonisation ---------------------------------------------------------------------------------------------------

#[test]
fn harmonisation_is_slow_stays_and_pays_for_tools_that_are_sensitive_to_law() {
    let lines = "kind = \"harmonisation\"\npairs = [\"AAA-CCC\"]\nrate = 0.2\npriorities = 0\nlasts = \"2 years\"";
    let quiet = [NO_CASES, ("time.end", "2010-01-01")];
    let (plain, treated) = (without(&quiet), with(lines, &quiet));
    let harmony = |setup: &_, day: f64| {
        let simulation = until(setup, 0, day).0;
        let view = simulation.view();
        view.model.institutions.harmonisation(view.region, view.world, 0, 2)
    };
    let before = harmony(&plain, 1_100.0);
    for (day, years) in [(BEGINS + 365.25, 1.0), (1_100.0, 2.0)] {
        let expected = 1.0 - (1.0 - before) * libm::exp(-0.2 * years);
        assert!((harmony(&treated, day) - expected).abs() < 0.003, "{} {expected}", harmony(&treated, day));
    }
    let blind: Vec<Change<'_>> = [
        ("tool.informal.legal_sensitivity", "0"),
        ("tool.hsu.legal_sensitivity", "0"),
        ("tool.mla.legal_sensitivity", "0"),
        ("tool.extradition.legal_sensitivity", "0"),
        ("tool.joint.legal_sensitivity", "0"),
    ]
    .to_vec();
    let events = |setup: &_| until(setup, 0, 900.0).1;
    assert_eq!(events(&without(&blind)), events(&with(lines, &blind)));
    assert_ne!(events(&without(&[])), events(&with("kind = \"harmonisation\"\nrate = 5", &[])));
}

#[test]
fn harmonisation_lifts_the_lower_priority_towards_the_higher() {
    let lines = "kind = \"harmonisation\"\npairs = [\"BBB-CCC\"]\nrate = 0\npriorities = 0.5\nlasts = \"1 year\"";
    let simulation = until(&with(lines, &[NO_CASES]), 0, 700.0).0;
    let (high, low) = (simulation.world().states[1].priority, simulation.world().states[2].priority);
    assert_eq!(high, 0.9);
    assert!((low - (0.9 - 0.7 * libm::exp(-0.5))).abs() < 1e-9, "{low}");
}

// --- Exchange --------------------------------------------------------------------------------------------------------

const EXCHANGE: &str = "kind = \"exchange\"\nevery = \"2 months\"\nnumber = 2\nchoose = \"busiest\"\ndays = 28";

/// Who handled, and who was asked, in each tick; nobody of them may be away.
#[derive(Default)]
struct Presence {
    worked: Vec<Desk>,
    cases: u32,
    away: u32,
}

impl Observer for Presence {
    fn case(&mut self, _now: f64, record: &CaseRecord) {
        self.worked.push(record.handler);
        self.worked.extend(record.request.map(|request| request.counterpart));
        self.cases += 1;
    }

    fn tick(&mut self, view: View<'_>) {
        for desk in self.worked.drain(..) {
            assert!(!view.world.away(desk), "day {}: desk {desk} is away", view.world.now);
        }
        let everybody = 0..view.region.desks() as Desk;
        self.away += everybody.filter(|desk| view.world.away(*desk)).count() as u32;
    }
}

#[test]
fn nobody_who_is_away_handles_a_case_or_is_asked() {
    let setup = with(EXCHANGE, &[]);
    let mut seen = Presence::default();
    let mut simulation = Simulation::new(&setup, 0);
    while simulation.world().now < 900.0 {
        simulation.step(&mut seen);
    }
    assert!(seen.away > 200 && seen.cases > 100, "{} away, {} cases", seen.away, seen.cases);
    // Somebody else took what the absent would have got: the first case that differs differs in its handler somewhere.
    let handlers = |events: &[Event]| -> Vec<((u64, u64), Desk)> {
        let of = |event: &Event| match event {
            Event::Case { corridor, event, handler, .. } => Some(((*corridor, *event), *handler)),
            _ => None,
        };
        events.iter().filter_map(of).collect()
    };
    let (plain, sent) = (handlers(&until(&without(&[]), 0, 900.0).1), handlers(&until(&setup, 0, 900.0).1));
    let taken = sent.iter().filter(|(case, desk)| plain.iter().any(|(other, by)| other == case && by != desk)).count();
    assert!(taken > 0, "nobody stood in for anybody");
}

#[test]
fn an_exchange_brings_ties_trust_and_skill_and_unlearns_handling_alone() {
    let (plain, sent) = (without(&[]), with(EXCHANGE, &[]));
    let alone = |simulation: &Simulation| -> f64 {
        let people = of_role(simulation, Role::Investigator).into_iter();
        people
            .map(|(_, person)| {
                simulation
                    .setup()
                    .model
                    .habit
                    .of_person(simulation.setup().model.disuse, &person, simulation.world().now)
                    .1
            })
            .sum()
    };
    let known = |simulation: &Simulation| -> f64 {
        let people = of_role(simulation, Role::Investigator).into_iter();
        people
            .map(|(_, person)| {
                simulation.setup().model.familiarity.with(&person, Tool::Informal, simulation.world().now)
            })
            .sum()
    };
    let trust = |simulation: &Simulation| simulation.world().generalised_trust.iter().sum::<f64>();
    let twins = |replicate| (until(&plain, replicate, 400.0).0, until(&sent, replicate, 400.0).0);
    rises("ties", 30, |replicate| {
        let (before, after) = twins(replicate);
        (live_ties(&before, &[Role::Investigator]), live_ties(&after, &[Role::Investigator]))
    });
    rises("familiarity", 30, |replicate| {
        let (before, after) = twins(replicate);
        (known(&before), known(&after))
    });
    rises("trust", 30, |replicate| {
        let (before, after) = twins(replicate);
        (trust(&before), trust(&after))
    });
    rises("less handling alone", 60, |replicate| {
        let (before, after) = twins(replicate);
        (-alone(&before), -alone(&after))
    });
}

#[test]
fn ties_of_an_exchange_die_unless_used_and_go_with_those_who_leave() {
    let once = "kind = \"exchange\"\nties = 4\nacquaintance = 1";
    let silent = [
        NO_CASES,
        ("role.investigator.meetings", "0"),
        ("role.head.meetings", "0"),
        ("role.prosecutor.meetings", "0"),
        ("role.ngo.meetings", "0"),
        ("role.coordinator.meetings", "0"),
        ("turnover.handover", "0.2"),
    ];
    let ties = |more: &[Change<'_>], day: f64| -> f64 {
        let setup = with(once, &[&silent[..], more].concat());
        (0..8).map(|replicate| live_ties(&until(&setup, replicate, day).0, Role::ALL)).sum()
    };
    let short = [NO_TURNOVER, ("ties.half_life", "100 days")];
    let (fresh, old) = (ties(&short, 189.0), ties(&short, 589.0));
    assert!(fresh > 300.0 && old < 0.12 * fresh, "{fresh} ties, {old} after four half-lives");
    let long = ("ties.half_life", "20 years");
    let (stayed, left) = (ties(&[long, NO_TURNOVER], 900.0), ties(&[long, ("role.investigator.turnover", "3")], 900.0));
    assert!(left < 0.15 * stayed, "{stayed} ties where nobody leaves, {left} where all do");
}

// --- Capacity building -----------------------------------------------------------------------------------------------

#[test]
fn what_training_lifts_fades_by_half_in_every_half_life() {
    let quiet = [NO_CASES, NO_TURNOVER, ("recognition.half_life", "140 days"), ("familiarity.half_life", "280 days")];
    let (plain, trained) =
        (without(&quiet), with("kind = \"capacity_building\"\nawareness = 0.5\nfamiliarity = 0.5", &quiet));
    let lift = |day: f64| {
        let (plain, trained) = (until(&plain, 0, day).0, until(&trained, 0, day).0);
        let model = &plain.setup().model;
        let sum = |simulation: &Simulation| {
            let people = of_role(simulation, Role::Investigator);
            let aware: f64 =
                people.iter().map(|(_, person)| model.recognition.awareness(person, simulation.world().now)).sum();
            let known: f64 = people
                .iter()
                .map(|(_, person)| model.familiarity.with(person, Tool::Hsu, simulation.world().now))
                .sum();
            (aware, known)
        };
        let (before, after) = (sum(&plain), sum(&trained));
        (after.0 - before.0, after.1 - before.1)
    };
    let (first, second) = (lift(189.0), lift(469.0));
    assert!(first.0 > 1.0 && first.1 > 1.0, "{first:?}");
    assert!((second.0 / first.0 - 0.25).abs() < 1e-9, "awareness {first:?} {second:?}");
    assert!((second.1 / first.1 - 0.5).abs() < 1e-9, "familiarity {first:?} {second:?}");
}

#[test]
fn training_sticks_where_cases_keep_it_in_use() {
    let lines = "kind = \"capacity_building\"\nawareness = 0\nfamiliarity = 0.5\nroles = [\"head\"]";
    let forgetful = [NO_TURNOVER, ("familiarity.half_life", "120 days")];
    let idle = [&forgetful[..], &[NO_CASES]].concat();
    let known = |setup: &_, replicate| -> f64 {
        let simulation = until(setup, replicate, 700.0).0;
        let (model, now) = (&simulation.setup().model, simulation.world().now);
        let heads = of_role(&simulation, Role::Head);
        heads.iter().map(|(_, person)| model.familiarity.with(person, Tool::Informal, now)).sum()
    };
    let (untrained, trained, used) = (without(&idle), with(lines, &idle), with(lines, &forgetful));
    assert!(known(&trained, 0) - known(&untrained, 0) < 0.2, "five hundred days without use leave something");
    rises("familiarity kept in use", 60, |replicate| (known(&trained, replicate), known(&used, replicate)));
}

#[test]
fn desks_of_a_programme_are_staffed_while_it_lasts() {
    let lines = "kind = \"capacity_building\"\nawareness = 0\nfamiliarity = 0\nstaff = 3\nroles = [\"investigator\", \"ngo\"]\nunits = [\"AAA.police\", \"CCC.ngo\"]\nlasts = \"1 year\"";
    let (plain, more) = (without(&[]), with(lines, &[]));
    let staff = |setup: &_, day: f64| until(setup, 0, day).0.setup().region.staff();
    let usual = staff(&plain, 0.0);
    assert_eq!([staff(&more, 150.0), staff(&more, 300.0), staff(&more, 600.0)], [usual, usual + 6, usual]);
    let (during, events) = until(&more, 0, 500.0);
    let police = &during.setup().region.units[during.setup().region.unit_in(0, UnitKind::Police)];
    let new = police.first + police.desks - 3..police.first + police.desks;
    let handled = |event: &&Event| matches!(event, Event::Case { handler, .. } if new.contains(handler));
    assert!(events.iter().filter(handled).count() > 0, "nobody works at the new desks");
    assert!(new.clone().all(|desk| during.world().people.at(desk).since >= BEGINS - 7.0));
    let after = until(&more, 0, 880.0).0;
    let reach = |desk: Desk| {
        let view = after.view();
        (0..view.region.desks() as Desk).any(|owner| {
            let ties = view.world.people.at(owner).ties.iter().filter(|tie| tie.to == desk);
            ties.into_iter().any(|tie| {
                view.model
                    .ties
                    .live(&view.model.turnover, view.region, view.world, view.randomness, owner, tie)
                    .is_some()
            })
        })
    };
    assert!(new.clone().all(|desk| !reach(desk)), "somebody reaches an empty desk");
    let late =
        |event: &&Event| matches!(event, Event::Case { handler, time, .. } if new.contains(handler) && *time > 560.0);
    assert_eq!(until(&more, 0, 880.0).1.iter().filter(late).count(), 0, "cases fall on empty desks");
}

// --- Handbook --------------------------------------------------------------------------------------------------------

#[test]
fn a_handbook_that_nobody_takes_up_changes_nothing() {
    let unread = with("kind = \"handbook\"\nuptake = 0", &[]);
    let (a, b) = (until(&without(&[]), 0, 900.0), until(&unread, 0, 900.0));
    assert_eq!((state(&a.0), a.1), (state(&b.0), b.1));
}

#[test]
fn a_handbook_is_found_by_newcomers_only_while_it_is_in_force() {
    let lines = "kind = \"handbook\"\nuptake = 1\nfloor = 0.1\ntools = [\"informal\", \"mla\"]\nend = 2007-07-01\nroles = [\"investigator\", \"prosecutor\"]";
    let (plain, given) = (until(&without(&[NO_CASES]), 0, 900.0).0, until(&with(lines, &[NO_CASES]), 0, 900.0).0);
    let (mut had, mut late) = (0, 0);
    for role in [Role::Investigator, Role::Prosecutor, Role::Head] {
        let own = if role == Role::Prosecutor { Tool::Mla } else { Tool::Informal };
        for ((_, before), (_, after)) in of_role(&plain, role).into_iter().zip(of_role(&given, role)) {
            assert_eq!((before.generation, before.since), (after.generation, after.since));
            for &tool in Tool::ALL {
                let (floor, lifted) =
                    (before.familiarity[tool as usize].floor(), after.familiarity[tool as usize].floor());
                // The tick that the end of 1 July 2007 falls into still has it.
                let has = tool == own && role != Role::Head && before.since < 546.0;
                assert_eq!(
                    lifted,
                    if has { (floor + 0.1).min(1.0) } else { floor },
                    "{role:?} {tool:?} since {}",
                    before.since
                );
            }
            had += u32::from(before.since > BEGINS && before.since < 540.0);
            late += u32::from(before.since > 553.0);
        }
    }
    assert!(had > 3 && late > 3, "{had} newcomers while in force, {late} after");
}

#[test]
fn a_handbook_lifts_familiarity_and_hardly_anything_where_distrust_is_deep() {
    let lines = "kind = \"handbook\"\nuptake = 1\nfloor = 0.5";
    let gain = |generalised: &str| {
        let changes = [("trust.generalised", generalised), ("choice.trust", "6"), ("mechanisms.trust", "off")];
        let (plain, given) = (without(&changes), with(lines, &changes));
        let differences: Vec<f64> = (0..40)
            .map(|replicate| {
                let seek = |setup: &_| counted(&until(setup, replicate, 900.0).1, (BEGINS, 900.0), sought).0;
                seek(&given) - seek(&plain)
            })
            .collect();
        mean_and_error(&differences)
    };
    let ((trusting, error), (distrustful, other)) = (gain("0.6"), gain("0.05"));
    println!("seeking {trusting} +- {error} with trust, {distrustful} +- {other} without");
    assert!(trusting - distrustful > 3.0 * (error * error + other * other).sqrt());
}

// --- Specialised units -----------------------------------------------------------------------------------------------

#[test]
fn specialised_units_concentrate_cases_and_what_is_lost_with_the_key_person() {
    let lines = "kind = \"specialised_units\"\nconcentration = 10\nstates = [\"CCC\"]";
    let (plain, few) = (without(&[NO_TURNOVER]), with(lines, &[NO_TURNOVER]));
    let (first, desks) = {
        let police = &plain.region.units[plain.region.unit_in(2, UnitKind::Police)];
        (police.first, police.desks)
    };
    let key_share = |events: &[Event]| {
        let of = |event: &Event| match event {
            Event::Case { handler, .. } if (first..first + desks).contains(handler) => Some(*handler == first),
            _ => None,
        };
        share(counted(events, (BEGINS, 900.0), of))
    };
    rises("share of cases on the first desk", 20, |replicate| {
        (key_share(&until(&plain, replicate, 900.0).1), key_share(&until(&few, replicate, 900.0).1))
    });
    // Practice lost with the person on the first desk: its habits, by the share of cases that meet them.
    let lost = |simulation: &Simulation| {
        let setup = simulation.setup();
        let concentration = setup.region.states[2].numbers.concentration;
        let meets = libm::pow(1.0 / f64::from(desks), 1.0 / concentration);
        let (cooperating, alone) = setup.model.habit.of_person(
            setup.model.disuse,
            simulation.world().people.at(first),
            simulation.world().now,
        );
        meets * (cooperating + alone)
    };
    rises("practice lost with the key person", 30, |replicate| {
        (lost(&until(&plain, replicate, 900.0).0), lost(&until(&few, replicate, 900.0).0))
    });
}

// --- NGO partnership -------------------------------------------------------------------------------------------------

#[test]
fn a_partnership_raises_referral_and_raids_without_protection_lower_it() {
    let after = (BEGINS, 900.0);
    let rate = |setup: &_, replicate| share(counted(&until(setup, replicate, 900.0).1, after, referred));
    let plain = without(&[]);
    let kind = with("kind = \"ngo_partnership\"\nevery = \"3 months\"\nprotection = 0.8\nfeedback = 1", &[]);
    rises("referral with protection and feedback", 60, |replicate| (rate(&plain, replicate), rate(&kind, replicate)));
    let harsh = with("kind = \"ngo_partnership\"\ntrust = 0\nprotection = 0\nfeedback = 0\nraids = 1", &[]);
    rises("referral lost by raids", 60, |replicate| (-rate(&plain, replicate), -rate(&harsh, replicate)));
    let arrived = |setup: &_, replicate| counted(&until(setup, replicate, 900.0).1, after, accepted).1;
    rises("cases found by raids", 20, |replicate| (arrived(&plain, replicate), arrived(&harsh, replicate)));
}

// --- Liaison officer -------------------------------------------------------------------------------------------------

#[test]
fn liaison_officers_bring_a_quick_gain_that_collapses_when_they_go() {
    let lines = "kind = \"liaison_officer\"\nlasts = \"1 year\"\nreach = 1\ntrust = 1\nkeeps = 0";
    // What is learnt from cases stays out of it, so that only the officers' help is seen.
    let changes = [
        ("trust.generalised", "0.2"),
        ("choice.trust", "4"),
        ("mechanisms.trust", "off"),
        ("mechanisms.habit", "off"),
        ("mechanisms.routine", "off"),
        ("mechanisms.norm", "off"),
    ];
    let (plain, posted) = (without(&changes), with(lines, &changes));
    let gain = |days: (f64, f64)| {
        rises("accepted", 40, |replicate| {
            let of = |setup: &_| share(counted(&until(setup, replicate, days.1).1, days, accepted));
            (of(&plain), of(&posted))
        })
    };
    let during = gain((BEGINS, BEGINS + 180.0));
    let differences: Vec<f64> = (0..40)
        .map(|replicate| {
            let days = (BEGINS + 380.0, BEGINS + 700.0);
            let of = |setup: &_| share(counted(&until(setup, replicate, days.1).1, days, accepted));
            of(&posted) - of(&plain)
        })
        .collect();
    let (left, error) = mean_and_error(&differences);
    println!("{during} at once, {left} +- {error} after the recall");
    assert!(left + 3.0 * error < during / 2.0);
}

#[test]
fn few_contacts_that_an_officer_brokered_are_kept() {
    let ties = |keeps: &str| -> f64 {
        let lines = format!("kind = \"liaison_officer\"\nreach = 1\nkeeps = {keeps}");
        let setup = with(&lines, &[]);
        (0..20).map(|replicate| live_ties(&until(&setup, replicate, 600.0).0, &[Role::Head, Role::Investigator])).sum()
    };
    assert!(ties("0") < ties("1"));
}

// --- Retention -------------------------------------------------------------------------------------------------------

#[test]
fn retention_keeps_people_and_their_ties() {
    let lines = "kind = \"retention\"\nturnover = 0.8\nhandover = 0.8";
    let (plain, kept) = (without(&[]), with(lines, &[]));
    let left = |events: &[Event]| events.iter().filter(|event| matches!(event, Event::Left(_))).count() as f64;
    rises("fewer leave", 20, |replicate| {
        (-left(&until(&plain, replicate, 900.0).1), -left(&until(&kept, replicate, 900.0).1))
    });
    rises("ties", 40, |replicate| {
        (
            live_ties(&until(&plain, replicate, 900.0).0, Role::ALL),
            live_ties(&until(&kept, replicate, 900.0).0, Role::ALL),
        )
    });
}

// --- Shock -----------------------------------------------------------------------------------------------------------

#[test]
fn a_shut_gate_stops_all_and_heals_faster_than_a_betrayal() {
    let changes = [("mechanisms.habit", "off"), ("mechanisms.routine", "off"), ("gate.closures", "0")];
    let plain = without(&changes);
    let gate = with("kind = \"shock\"\nevent = \"gate\"\nlasts = \"6 months\"", &changes);
    let betrayal = with("kind = \"shock\"\nevent = \"betrayal\"\nloss = 0.8\nevidence = 10", &changes);
    let shut = counted(&until(&gate, 0, 360.0).1, (188.0, 364.0), accepted);
    assert!(shut.0 == 0.0 && shut.1 > 10.0, "{shut:?}");
    let lost = |setup: &_, days: (f64, f64), replicate| {
        counted(&until(&plain, replicate, days.1).1, days, accepted).0
            - counted(&until(setup, replicate, days.1).1, days, accepted).0
    };
    // From the reopening, and from the betrayal, on: half a year each.
    rises("a betrayal costs more than a gate that is open again", 60, |replicate| {
        (lost(&gate, (367.0, 550.0), replicate), lost(&betrayal, (188.0, 371.0), replicate))
    });
}

#[test]
fn a_purge_replaces_those_chosen_and_their_contacts_are_gone() {
    let lines = "kind = \"shock\"\nevent = \"purge\"\nroles = [\"investigator\"]\nstates = [\"AAA\", \"CCC\"]";
    let (plain, purged) = (until(&without(&[NO_CASES]), 0, 182.0).0, until(&with(lines, &[NO_CASES]), 0, 182.0).0);
    for ((desk, before), (_, after)) in
        of_role(&plain, Role::Investigator).into_iter().zip(of_role(&purged, Role::Investigator))
    {
        let struck = [0, 2].contains(&plain.setup().region.state_of(desk));
        assert_eq!(after.generation > before.generation, struck, "desk {desk}");
        assert!(!struck || after.ties.iter().all(|tie| tie.used >= 175.0), "desk {desk} kept contacts");
    }
}

// --- Parameter -------------------------------------------------------------------------------------------------------

#[test]
fn every_number_can_be_changed_or_says_why_not() {
    struct Text(String);
    impl comity::scenario::Files for Text {
        fn read(&self, _name: &str) -> Result<String, comity::diagnostic::Diagnostic> {
            Ok(self.0.clone())
        }
    }
    let scenario = parse("world.toml", &Text(REGION.to_owned()), &[]).expect("the region is sound").0;
    let (mut changed, mut refused) = (0, Vec::new());
    for (key, _, _) in scenario.settings().numbers() {
        let mut moved = false;
        for how in ["scale = 0.5", "scale = 2", "add = 0.01", "add = -0.01"] {
            let text = format!(
                "{REGION}\n[intervention.x]\nkind = \"parameter\"\nparameter = \"{key}\"\n{how}\nstart = 2006-01-01\n"
            );
            let burn_in = [Override::new("time.burn_in=0")];
            match parse("world.toml", &Text(text), &burn_in) {
                Ok(_) if moved => {}
                Ok((scenario, _)) => {
                    let setup = std::sync::Arc::new(comity::engine::Setup::new(&scenario));
                    let mut simulation = Simulation::new(&setup, 0);
                    simulation.step(&mut comity::record::Blind);
                    let now = simulation.setup();
                    moved |= now.model != setup.model || now.region != setup.region;
                }
                Err(_) if moved => {}
                Err(errors) => {
                    assert_eq!(errors.len(), 1, "{key}: {errors:?}");
                    assert!(errors[0].message.contains("first day only"), "{key}: {errors:?}");
                    refused.push(key.to_owned());
                    moved = true;
                    break;
                }
            }
        }
        assert!(moved, "{key} does not move");
        changed += 1;
    }
    assert!(changed > 200, "only {changed} numbers");
    let desks = ["investigators", "heads", "prosecutors", "ngo_workers", "coordinators"];
    refused.retain(|key| !desks.iter().any(|desk| key.ends_with(desk)));
    assert_eq!(refused, ["trust.generalised"]);
}

#[test]
fn a_half_life_changed_under_way_does_not_reach_into_the_past() {
    let text = format!(
        "{REGION}\n[intervention.training]\nkind = \"capacity_building\"\nstart = 2006-01-01\nawareness = 1\nfamiliarity = 1\n\
         [intervention.forgetting]\nkind = \"parameter\"\nparameter = \"recognition.half_life\"\nset = 35\nstart = 2006-03-12\n"
    );
    let setup = setup(&text, &[NO_CASES, NO_TURNOVER, ("recognition.half_life", "140 days")]);
    let lift = |day: f64| {
        let simulation = until(&setup, 0, day).0;
        let (_, person) = of_role(&simulation, Role::Investigator).remove(0);
        let value = simulation.setup().model.recognition.awareness(&person, simulation.world().now);
        (value - person.awareness.floor()) / (1.0 - person.awareness.floor())
    };
    // Trained on day 0; from day 70 on, half is lost in 35 days instead of 140.
    for (day, expected) in
        [(70.0, 0.5f64.sqrt()), (77.0, 0.5f64.sqrt() * libm::exp2(-0.2)), (140.0, 0.5f64.sqrt() / 4.0)]
    {
        assert!((lift(day) - expected).abs() < 1e-9, "day {day}: {} for {expected}", lift(day));
    }
}

#[test]
fn what_somebody_waits_for_to_ratify_is_log_normal() {
    let randomness = Randomness { seed: 1, replicate: 0 };
    let setup = with("kind = \"treaty\"\ntools = [\"joint\"]\nratification = 100\nratification_spread = 0.5", &[]);
    let intervention = &setup.program.interventions[0];
    assert_eq!(intervention.address, name_address("x"));
    let logs: Vec<f64> = (0..2_000u32)
        .flat_map(|replicate| {
            let (mut model, mut region) = (setup.model.clone(), setup.region.clone());
            let mut facts = comity::intervention::Facts { model: &mut model, region: &mut region };
            intervention.hold((1.0, &[50.0; 16]), Randomness { replicate, ..randomness }, &mut facts);
            let accord = region.accords.pop().expect("it was added");
            accord
                .deposits
                .into_iter()
                .map(|day| libm::log((day.expect("all are reached") - 50.0) / 100.0))
                .collect::<Vec<_>>()
        })
        .collect();
    let (mean, error) = mean_and_error(&logs);
    let spread = error * (logs.len() as f64).sqrt();
    assert!(mean.abs() < 4.0 * error && (spread - 0.5).abs() < 0.02, "{mean} +- {error}, spread {spread}");
}
