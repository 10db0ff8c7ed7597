//! What a search promises.

use super::{Candidate, Outcome, Search, Settings, Variable, dominates};
use crate::statistics::optimisation::Refusal;
use std::collections::BTreeSet;

const MIXED: [Variable; 4] = [
    Variable::Real { low: 0.0, high: 1.0 },
    Variable::Integer { low: 0, high: 6 },
    Variable::Choice { options: 3 },
    Variable::OnOff,
];

fn settings(seed: u64) -> Settings {
    Settings { seed, population: 20, objectives: 2 }
}

/// Two objectives that pull apart; the third choice costs, the budget forbids what is on together with much.
fn evaluate(values: &[f64]) -> Outcome {
    let [share, level, choice, on] = [values[0], values[1], values[2], values[3]];
    let cost = level + 2.0 * choice + on + share;
    let effect = level * (1.0 + on) + share + f64::from(choice == 1.0) * 3.0;
    Outcome { objectives: vec![cost, -effect], violation: (cost - 9.0).max(0.0) }
}

fn run(seed: u64, generations: usize, evaluate: impl Fn(&[f64]) -> Outcome) -> Search {
    let mut search = Search::start(&MIXED, settings(seed)).expect("it is sound");
    for _ in 0..generations {
        let outcomes: Vec<Outcome> = search.proposals().iter().map(|values| evaluate(values)).collect();
        search.tell(&outcomes).expect("it is what was proposed");
    }
    search
}

#[test]
fn proposals_are_a_function_of_the_seed_and_what_was_told() {
    assert_eq!(run(1, 5, evaluate), run(1, 5, evaluate));
    assert_ne!(run(1, 0, evaluate).proposals(), run(2, 0, evaluate).proposals());
    let turned = |values: &[f64]| Outcome {
        objectives: evaluate(values).objectives.iter().map(|x| -x).collect(),
        violation: 0.0,
    };
    assert_eq!(run(1, 0, evaluate).proposals(), run(1, 0, turned).proposals());
    assert_ne!(run(1, 3, evaluate).proposals(), run(1, 3, turned).proposals());
}

#[test]
fn the_archive_holds_all_that_nothing_found_dominates_and_nothing_is_proposed_twice() {
    let mut search = Search::start(&MIXED, settings(4)).expect("it is sound");
    let mut all: Vec<(Vec<f64>, Outcome)> = Vec::new();
    for _ in 0..15 {
        assert_eq!(search.proposals().len(), 20);
        let outcomes: Vec<Outcome> = search.proposals().iter().map(|values| evaluate(values)).collect();
        all.extend(search.proposals().iter().cloned().zip(outcomes.clone()));
        search.tell(&outcomes).expect("it is what was proposed");
        let fine = |own: &&(Vec<f64>, Outcome)| own.1.violation == 0.0;
        let free = |own: &&(Vec<f64>, Outcome)| {
            !all.iter().filter(fine).any(|other| dominates(&other.1.objectives, &own.1.objectives))
        };
        let want: Vec<&Vec<f64>> = all.iter().filter(fine).filter(free).map(|own| &own.0).collect();
        assert_eq!(search.archive().iter().map(|own| &own.values).collect::<Vec<_>>(), want);
    }
    let distinct: BTreeSet<Vec<u64>> = all.iter().map(|own| own.0.iter().map(|x| x.to_bits()).collect()).collect();
    assert_eq!(distinct.len(), all.len());
    assert!(search.archive().iter().any(|own| own.generation > 0), "later generations find nothing");
}

#[test]
fn what_fails_or_violates_is_worse_than_what_does_not() {
    let candidate = |objectives: &[f64], violation| Candidate {
        values: vec![],
        objectives: objectives.to_vec(),
        violation,
        generation: 0,
    };
    let sound = candidate(&[9.0, 9.0], 0.0);
    let [little, much, failed] =
        [candidate(&[0.0, 0.0], 0.1), candidate(&[0.0, 0.0], 2.0), candidate(&[], f64::INFINITY)];
    assert!(sound.beats(&little) && little.beats(&much) && much.beats(&failed) && sound.beats(&failed));
    assert!(!failed.beats(&failed) && !little.beats(&little));
    // Half of the space fails: nothing of it is among the parents after a few generations.
    let half = |values: &[f64]| if values[3] == 1.0 { Outcome::failed() } else { evaluate(values) };
    let search = run(3, 10, half);
    assert!(search.parents().all(|own| own.values[3] == 0.0 && own.violation == 0.0));
    assert!(run(3, 3, |_| Outcome::failed()).archive().is_empty());
    let missing = |_: &[f64]| Outcome { objectives: vec![f64::NAN, 1.0], violation: 0.0 };
    assert!(run(3, 2, missing).parents().all(|own| own.violation == f64::INFINITY));
}

#[test]
fn a_small_space_is_searched_to_its_end() {
    let small = [Variable::OnOff, Variable::Choice { options: 3 }];
    let mut search = Search::start(&small, settings(1)).expect("it is sound");
    assert_eq!(search.proposals().len(), 6);
    let outcome = |values: &Vec<f64>| Outcome { objectives: vec![values[0], -values[0] - values[1]], violation: 0.0 };
    let outcomes: Vec<Outcome> = search.proposals().iter().map(outcome).collect();
    search.tell(&outcomes).expect("it is what was proposed");
    assert!(search.proposals().is_empty());
    let mut found: Vec<&[f64]> = search.archive().iter().map(|own| own.values.as_slice()).collect();
    found.sort_by(|a, b| a[0].total_cmp(&b[0]));
    assert_eq!(found, [[0.0, 2.0], [1.0, 2.0]]);
    search.tell(&[]).expect("nothing was proposed");
}

#[test]
fn outcomes_that_are_not_of_the_proposals_are_refused_and_change_nothing() {
    let mut search = Search::start(&MIXED, settings(1)).expect("it is sound");
    let before = search.clone();
    assert!(matches!(search.tell(&[]), Err(Refusal::Uneven { given: 0, needed: 20, .. })));
    let below = vec![Outcome { objectives: vec![0.0, 0.0], violation: -1.0 }; 20];
    assert!(matches!(search.tell(&below), Err(Refusal::Number { of: 0, .. })));
    let one = vec![Outcome { objectives: vec![0.0], violation: 0.0 }; 20];
    assert!(matches!(search.tell(&one), Err(Refusal::Uneven { given: 1, needed: 2, .. })));
    assert_eq!(search, before);
}

#[test]
fn variables_and_settings_that_mean_nothing_are_refused() {
    let start = |variable, population| Search::start(&[variable], Settings { population, ..settings(1) });
    assert!(start(Variable::OnOff, 3).is_err());
    assert!(start(Variable::Choice { options: 1 }, 20).is_err());
    assert!(start(Variable::Real { low: 1.0, high: 1.0 }, 20).is_err());
    assert!(start(Variable::Real { low: 0.0, high: f64::NAN }, 20).is_err());
    assert!(start(Variable::Integer { low: 3, high: 3 }, 20).is_err());
    assert!(Search::start(&[], settings(1)).is_err());
    assert!(Search::start(&MIXED, Settings { objectives: 0, ..settings(1) }).is_err());
}
