//! Nothing leads to nothing, everything to nearly everything; hindrances hinder.

use super::{ended, endings, run};
use crate::worlds::{Change, REGION, setup};
use comity::engine::Simulation;
use comity::mechanism::choice::{Choice, Gain, Removed, Situation};
use comity::mechanism::funnel::{Docket, Finder, Funnel};
use comity::parameter::Settings;
use comity::quantity::{Barrier, Ending};
use comity::record::Blind;
use proptest::prelude::*;

const STATES: [&str; 4] = ["AAA", "BBB", "CCC", "DDD"];
const TOOLS: &[&str] = comity::quantity::Tool::KEYS;

/// Sets a number of every state, or of every tool.
fn each(group: &str, keys: &[&str], name: &str, value: &str) -> Vec<(String, String)> {
    keys.iter().map(|key| (format!("{group}.{key}.{name}"), value.to_owned())).collect()
}

/// Accepted / arrived, over a few replicates.
fn cooperation_rate(changes: &[(String, String)]) -> f64 {
    let changes: Vec<Change<'_>> = changes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let setup = setup(REGION, &changes);
    let (mut accepted, mut arrived) = (0, 0);
    for replicate in 0..4 {
        let endings = endings(&run(&setup, replicate).1);
        accepted += ended(&endings, Ending::Accepted);
        arrived += endings.len();
    }
    accepted as f64 / arrived as f64
}

fn one(key: &str, value: &str) -> Vec<(String, String)> {
    vec![(key.to_owned(), value.to_owned())]
}

#[test]
fn without_awareness_nobody_cooperates() {
    let blind = [each("state", &STATES, "awareness", "0"), one("recognition.spread", "0")].concat();
    assert_eq!(cooperation_rate(&blind), 0.0);
}

#[test]
fn without_trust_and_familiarity_hardly_anybody_cooperates() {
    let strangers = [
        one("trust.generalised", "0"),
        one("trust.success", "0"),
        one("trust.fruitless", "0"),
        one("ties.acquaintance", "0"),
        one("familiarity.spread", "0"),
        one("familiarity.learning", "0"),
        each("tool", TOOLS, "familiarity", "0"),
    ]
    .concat();
    let (as_it_is, without) = (cooperation_rate(&[]), cooperation_rate(&strangers));
    assert!(as_it_is > 0.1, "the region as it is: {as_it_is}");
    assert!(without < 0.03, "without trust and familiarity: {without}, as it is {as_it_is}");
}

#[test]
fn where_everything_is_perfect_nearly_every_case_is_cooperated_on() {
    let perfect = [
        one("trust.generalised", "1"),
        one("trust.loss_weight", "0"),
        one("trust.refusal", "0"),
        one("familiarity.spread", "0"),
        one("recognition.spread", "0"),
        one("arrival.hidden", "1"),
        one("norm.prior", "1"),
        one("gate.closures", "0"),
        one("gate.approval", "0"),
        one("pair.AAA-BBB.gate_shut", "[]"),
        one("pair.AAA-BBB.approval", "0"),
        one("workload.half", "10000"),
        one("referral.silence", "0"),
        one("institutions.base", "1"),
        one("pair.BBB-DDD.harmonisation", "1"),
        each("tool", TOOLS, "familiarity", "1"),
        each("tool", TOOLS, "suitability", "1"),
        each("tool", TOOLS, "effort", "0"),
        each("state", &STATES, "awareness", "1"),
        each("state", &STATES, "english", "1"),
        each("state", &STATES, "priority", "1"),
        each("state", &STATES, "protection", "1"),
        each("state", &STATES, "complicity", "0"),
    ]
    .concat();
    let rate = cooperation_rate(&perfect);
    assert!(rate > 0.93, "{rate}");
}

fn weights() -> Choice {
    Choice::from_settings(&Settings::defaults(Choice::DECLARATIONS, &[]))
}

fn situation() -> impl Strategy<Value = Situation> {
    let share = || 0.0..=1.0;
    let first = (-5.0..5.0, share(), share(), share(), share(), share());
    let second = (share(), share(), share(), share(), share(), share());
    (first, second).prop_map(|((intercept, trust, norm, priority, severity, familiarity), second)| {
        let (suitability, legal_sensitivity, harmonisation, language, effort, workload) = second;
        Situation {
            intercept,
            trust,
            norm,
            priority,
            severity,
            familiarity,
            suitability,
            legal_sensitivity,
            harmonisation,
            language,
            effort,
            workload,
        }
    })
}

proptest! {
    #[test]
    fn raising_one_barrier_never_raises_the_utility_of_seeking(now in situation(), by in 0.0..=1.0) {
        let worse = |value: f64| value * (1.0 - by);
        let more = |value: f64| value + (1.0 - value) * by;
        let (before, gains) = weights().utility(&now);
        for raised in [
            Situation { trust: worse(now.trust), ..now },
            Situation { norm: worse(now.norm), ..now },
            Situation { priority: worse(now.priority), ..now },
            Situation { familiarity: worse(now.familiarity), ..now },
            Situation { suitability: worse(now.suitability), ..now },
            Situation { legal_sensitivity: more(now.legal_sensitivity), ..now },
            Situation { harmonisation: worse(now.harmonisation), ..now },
            Situation { language: worse(now.language), ..now },
            Situation { effort: more(now.effort), ..now },
            Situation { workload: more(now.workload), ..now },
        ] {
            let (after, _) = weights().utility(&raised);
            prop_assert!(after <= before + 1e-12, "{raised:?}: {after} > {before}");
        }
        prop_assert!(gains.iter().all(|gain| *gain >= 0.0));
    }

    #[test]
    fn removing_a_barrier_is_the_situation_without_it(now in situation()) {
        let (before, gains) = weights().utility(&now);
        for (gain, without) in [
            (Gain::Unfamiliarity, Situation { familiarity: 1.0, ..now }),
            (Gain::Unsuitability, Situation { suitability: 1.0, ..now }),
            (Gain::LegalDifference, Situation { harmonisation: 1.0, ..now }),
            (Gain::Distrust, Situation { trust: 1.0, ..now }),
            (Gain::Language, Situation { language: 1.0, ..now }),
            (Gain::Workload, Situation { workload: 0.0, ..now }),
            (Gain::Norm, Situation { norm: 1.0, ..now }),
            (Gain::Priority, Situation { priority: 1.0, ..now }),
        ] {
            let (after, _) = weights().utility(&without);
            prop_assert!((before + gains[gain as usize] - after).abs() < 1e-12);
        }
    }
}

/// What is guaranteed, and no more. Removing a barrier before the choice (fear, unawareness) or after it (gate, approval) leaves the request as
/// it is, so that an accepted case stays accepted. Removing one that weighs in the utility keeps a request a request, but may
/// turn it to another tool or counterpart, who may refuse.
#[test]
fn removing_a_barrier_takes_nothing_away_where_that_is_guaranteed() {
    for variant in ["arbitration", "utility"] {
        let setup = setup(REGION, &[("habit.variant", variant)]);
        let mut simulation = Simulation::new(&setup, 0);
        simulation.run(super::all_ticks(&setup), &mut Blind);
        let view = simulation.view();
        let funnel = Funnel { model: view.model, region: view.region, world: view.world, randomness: view.randomness };
        let mut docket = Docket::default();
        let (mut turned, mut accepted) = (0, 0);
        for year in 10..20 {
            for surfacing in view.model.arrival.surfacings(view.region, view.randomness, year) {
                let acts = &view.model.acts_table;
                let case = view.model.arrival.case(view.region, view.randomness, surfacing, acts);
                for finder in [Finder::Police, Finder::Ngo] {
                    let as_it_is = funnel.open(&mut docket, &case, finder, true);
                    accepted += u32::from(as_it_is.ending == Ending::Accepted);
                    for &barrier in Barrier::ALL {
                        let without = funnel.walk(&mut docket, &case, Removed::barrier(barrier));
                        let outside = [Barrier::Unawareness, Barrier::NgoFear, Barrier::Gate, Barrier::Approval];
                        if as_it_is.sought.is_some() {
                            assert!(without.sought.is_some(), "{barrier:?} removed, and no request any more");
                            if outside.contains(&barrier) {
                                assert_eq!(without.sought, as_it_is.sought, "{barrier:?}");
                            }
                            turned += u32::from(without.sought != as_it_is.sought);
                        }
                        if as_it_is.ending == Ending::Accepted && outside.contains(&barrier) {
                            assert_eq!(without.ending, Ending::Accepted, "{barrier:?}");
                        }
                    }
                }
            }
        }
        assert!(accepted > 100 && turned > 0, "the test is too easy: {accepted} accepted, {turned} turned");
    }
}
