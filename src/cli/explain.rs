//! `comity explain`: why one case went as it did, what became of one practitioner, and how a difference spreads.

use super::arguments::{Explain, Form};
use super::results::Results;
use super::scenarios::{is_study, overrides, read, read_study, start_threads};
use super::terminal::Terminal;
use super::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::engine::Setup;
use comity::explain::{Pick, Spread, Spreads, account, career, find_desk, pick, roll, spread, spreads};
use comity::figure::{Context, Kind, Request};
use comity::quantity::Ending;
use comity::random::Randomness;
use comity::scenario::{Override, Scenario};
use comity::storage::{Published, StorageError};
use comity::table::Table;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// Explains what is asked about.
pub fn explain(arguments: &Explain, terminal: &Terminal) -> Result<Ended, Errors> {
    start_threads(&arguments.threads)?;
    let overrides = overrides(&arguments.set, None, arguments.seed.as_deref());
    let scenarios = chosen(arguments, overrides, terminal)?;
    // Each is set up beside the other, so that desks have the same numbers.
    let beside = |scenario: &Scenario| {
        let other = scenarios.iter().find(|other| *other != scenario).unwrap_or(scenario);
        Arc::new(Setup::beside(scenario, other))
    };
    let setups: Vec<Arc<Setup>> = scenarios.iter().map(beside).collect();
    within(&scenarios[0], arguments)?;
    match &setups[..] {
        [one] => one_world(arguments, one),
        [baseline, arm] => two_worlds(arguments, terminal, &scenarios, (baseline, arm)),
        _ => Err(vec![Diagnostic::error("explain takes one scenario, or two")]),
    }
}

/// The scenarios that are meant: those named, or the baseline and an arm of a study.
fn chosen(arguments: &Explain, overrides: Vec<Override>, terminal: &Terminal) -> Result<Vec<Scenario>, Errors> {
    if let (true, [study]) = (arguments.arm.is_some() || is_study(&arguments.scenarios[0]), &arguments.scenarios[..]) {
        return of_study(study, arguments.arm.as_deref(), &overrides, terminal);
    }
    if arguments.arm.is_some() {
        return Err(refuse("--arm names an arm of a study", "name one study: comity explain STUDY --arm KEY"));
    }
    let mut scenarios = Vec::new();
    let mut errors = Errors::new();
    for path in &arguments.scenarios {
        match read(path, overrides.clone(), terminal) {
            Ok(loaded) => scenarios.push(loaded.scenario),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(scenarios) } else { Err(errors) }
}

/// The baseline of a study, and one of its arms or packages.
fn of_study(
    path: &PathBuf,
    arm: Option<&str>,
    overrides: &[Override],
    terminal: &Terminal,
) -> Result<Vec<Scenario>, Errors> {
    if !is_study(path) {
        let message = format!("{} is no study, so it has no arms", path.display());
        return Err(refuse(&message, "name a study, or the baseline and the arm: comity explain BASELINE ARM"));
    }
    let study = read_study(std::slice::from_ref(path), overrides, terminal)?;
    let arms = study.arms().iter().map(|arm| (arm.key.as_str(), &arm.scenario));
    let packages = study.packages().iter().map(|package| (package.key.as_str(), &package.scenario));
    let all: Vec<(&str, &Scenario)> = arms.chain(packages).collect();
    let keys = all.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
    let Some(arm) = arm else {
        let message = format!("{} is a study; which of its arms is to be explained?", study.name());
        return Err(refuse(&message, &format!("--arm with one of {keys}")));
    };
    match all.iter().find(|(key, _)| *key == arm) {
        Some((_, scenario)) => Ok(vec![study.baseline().clone(), (*scenario).clone()]),
        None => Err(refuse(&format!("{} has no arm {arm}", study.name()), &format!("its arms are {keys}"))),
    }
}

fn refuse(message: &str, hint: &str) -> Errors {
    vec![Diagnostic::error(message).hint(hint)]
}

/// The replicate must be one that a run of the scenario would have.
fn within(scenario: &Scenario, arguments: &Explain) -> Result<(), Errors> {
    let all = scenario.replicates();
    if arguments.replicate >= all {
        let message = format!("{} has no replicate {}", scenario.name(), arguments.replicate);
        let hint = format!("its replicates are 0 to {}; --set run.replicates=N makes it have more", all - 1);
        return Err(refuse(&message, &hint));
    }
    match arguments.replicates {
        Some(wanted) if wanted > all => {
            let message = format!("{} has {all} replicates, fewer than {wanted}", scenario.name());
            Err(refuse(&message, "ask for fewer, or let it have more with --set run.replicates=N"))
        }
        _ => Ok(()),
    }
}

fn one_world(arguments: &Explain, setup: &Arc<Setup>) -> Result<Ended, Errors> {
    if arguments.replicates.is_some() || arguments.out.is_some() {
        return Err(refuse(
            "--replicates and --out need two scenarios",
            "name the baseline and the arm: comity explain BASELINE ARM",
        ));
    }
    let replicate = arguments.replicate;
    if let Some(key) = &arguments.practitioner {
        let career = career(setup, replicate, find_desk(&setup.region, key)?);
        say(&said(arguments.format, || career.text(), || career.json()))?;
        return Ok(Ended::Done);
    }
    let ending = arguments.ending.as_deref().and_then(Ending::from_key);
    let asked = Pick { case: arguments.case, random: arguments.random, ending };
    if asked == Pick::default() {
        return Err(refuse(
            "explain what?",
            "a case: --case N, --random N or --ending refused; a practitioner: --practitioner THA.police.3; \
             how a difference spreads: name a second scenario",
        ));
    }
    let randomness = Randomness { seed: setup.seed, replicate };
    let entries = pick(&roll(setup, replicate), asked, randomness)?;
    let accounts: Vec<_> = entries.iter().map(|entry| account(setup, replicate, entry)).collect();
    let text = || accounts.iter().map(|account| account.text()).collect::<Vec<_>>().join("\n----\n\n");
    let json = || match &accounts[..] {
        [one] => one.json(),
        all => all.iter().map(|account| account.json()).collect(),
    };
    say(&said(arguments.format, text, json))?;
    Ok(Ended::Done)
}

fn said(form: Form, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> String {
    match form {
        Form::Text => text(),
        Form::Json => format!("{:#}\n", json()),
    }
}

fn two_worlds(
    arguments: &Explain,
    terminal: &Terminal,
    scenarios: &[Scenario],
    (baseline, arm): (&Arc<Setup>, &Arc<Setup>),
) -> Result<Ended, Errors> {
    if arguments.case.is_some()
        || arguments.random.is_some()
        || arguments.ending.is_some()
        || arguments.practitioner.is_some()
    {
        return Err(refuse(
            "--case, --random, --ending and --practitioner need one scenario, but two are named",
            "ask about each scenario by itself",
        ));
    }
    let seed = || [("seed", scenarios[0].seed().to_string())];
    let results = arguments.out.as_deref().map(|out| Results::create(out, seed())).transpose();
    let results = results.map_err(|error| vec![Diagnostic::from(error)])?;
    let found = match arguments.replicates {
        Some(replicates) => {
            let progress = terminal.progress(u64::from(replicates), "following twins");
            let all = spreads(baseline, arm, replicates, &progress);
            progress.finish();
            let all = all?;
            if all.n == 0 {
                return Err(vec![Diagnostic::error("stopped before the first pair of runs was done; nothing is kept")]);
            }
            let whole = all.n == replicates;
            (Found::Many(all), whole)
        }
        None => (Found::One(Box::new(spread(baseline, arm, arguments.replicate)?)), true),
    };
    let (found, whole) = found;
    say(&said(arguments.format, || found.text(), || found.json()))?;
    if let Some(results) = results {
        let published = keep(results, scenarios, &found).map_err(|error| vec![Diagnostic::from(error)])?;
        terminal.announce(&published.to_string());
    }
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

/// What was found of two worlds.
enum Found {
    One(Box<Spread>),
    Many(Spreads),
}

impl Found {
    fn text(&self) -> String {
        match self {
            Self::One(one) => one.text(),
            Self::Many(many) => many.text(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::One(one) => one.json(),
            Self::Many(many) => many.json(),
        }
    }

    fn tables(&self) -> Vec<Table> {
        match self {
            Self::One(one) => vec![one.table(), one.carriers()],
            Self::Many(many) => vec![many.carriers()],
        }
    }
}

/// Leaves tables, text, the chart of one spread, and a manifest in a folder; returns where.
fn keep(mut results: Results, scenarios: &[Scenario], found: &Found) -> Result<Published, StorageError> {
    for table in found.tables() {
        results.table(&table)?;
    }
    results.write("explain.txt", found.text().as_bytes())?;
    if let Found::One(one) = found {
        let tree = one.tree();
        results.table_beside(&tree)?;
        let tables = [(tree.schema.name.clone(), tree)].into();
        results.charts(vec![Request::new(Kind::Spread, "spread")], &tables, &context(scenarios))?;
    }
    let of = |scenario: &Scenario| json!({ "scenario": scenario.name(), "scenario_digest": scenario.digest() });
    let all = scenarios.iter().map(of).collect::<Vec<_>>();
    results.publish([("scenarios", json!(all)), ("seed", json!(scenarios[0].seed()))])
}

/// What the caption of the chart says.
fn context(scenarios: &[Scenario]) -> Context {
    let scenario = scenarios.iter().map(Scenario::name).collect::<Vec<_>>().join(" and ");
    Context { scenario, ..super::run_results::context(&scenarios[0], 1) }
}
