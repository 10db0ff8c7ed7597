//! `comity validate`: every pattern of the evidence beside what the model gives.

use super::arguments::Validate;
use super::results::Results;
use super::run_results::context;
use super::scenarios::{Loaded, load};
use super::terminal::{Terminal, columns, counted, grouped, rounded};
use super::{Ended, Errors, say};
use comity::article::{self, Choice, Source};
use comity::diagnostic::Diagnostic;
use comity::engine::Setup;
use comity::experiment::{
    Expected, Finding, Held, Plan, Stopped, Use, Validation, Validator, Verdict, Watch, predict, prediction_runs,
    predictions_table, replicate, validation_table, verdicts,
};
use comity::figure::{Kind, Request};
use comity::scenario::Scenario;
use comity::table::Table;
use serde_json::json;
use std::fmt::Write as _;
use std::sync::Arc;

/// Runs that the patterns beyond the window are given at most.
const FURTHER: u32 = 100;

/// What is said of a table that Ctrl-C cut short.
const PARTLY: &str = "Interrupted: this is of the replicates that were done, and what was not reached is not tested.\n";

/// Prints every pattern.
pub fn validate(arguments: &Validate, terminal: &Terminal) -> Result<Ended, Errors> {
    let loaded = load(&arguments.chosen, terminal)?;
    if arguments.predictions {
        return predictions(arguments, &loaded, terminal);
    }
    let scenario = &loaded.scenario;
    let results = open(arguments, scenario)?;
    let setup = Arc::new(Setup::new(scenario));
    let replicates = scenario.replicates();
    let further = replicates.min(FURTHER);
    let runs = u64::from(replicates) + Validator::further_runs(further);
    terminal.announce(&format!(
        "{}: {} of the window, and {further} each on to 2025, with more practitioners, and as probes",
        scenario.name(),
        counted(replicates as usize, "replicate")
    ));
    let progress = terminal.progress(runs, "patterns");
    let mut validator = Validator::new(scenario, &setup);
    let plan = Plan { setup: Arc::clone(&setup), first: 0, replicates, why: false };
    let Ok((sum, stopped)) = replicate(&plan, &progress, &mut (), &mut |_, tally| validator.add(tally));
    if stopped == Stopped::Finished {
        validator.look_further(&setup, further, &progress, &|more| loaded.again(more));
    }
    progress.finish();
    let whole = stopped == Stopped::Finished && !progress.stop();
    let all = validator.finish();
    let table = validation_table(&all);
    let words = match arguments.markdown {
        true => markdown(article::Kind::Validation, &table, scenario, whole)?,
        false => plain(&all),
    };
    say(&(words + if whole { "" } else { PARTLY }))?;
    let done = sum.map_or(0, |sum| sum.n);
    keep(results, scenario, &table, (Kind::Validation, done, whole), terminal)?;
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

/// Opens the folder that was asked for, if one was, before the first run.
fn open(arguments: &Validate, scenario: &Scenario) -> Result<Option<Results>, Errors> {
    let metadata = || {
        [
            ("scenario", scenario.name().to_owned()),
            ("scenario_digest", scenario.digest()),
            ("seed", scenario.seed().to_string()),
        ]
    };
    let results = arguments.out.as_ref().map(|out| Results::create(out, metadata())).transpose();
    results.map_err(|error| vec![Diagnostic::from(error)])
}

/// Leaves a table and its chart in the folder that was asked for, if one was.
fn keep(
    results: Option<Results>,
    scenario: &Scenario,
    table: &Table,
    (kind, done, whole): (Kind, u64, bool),
    terminal: &Terminal,
) -> Result<(), Errors> {
    let Some(mut results) = results else { return Ok(()) };
    let context = context(scenario, done);
    let tables = [(table.schema.name.clone(), table.clone())].into();
    let published = results
        .table(table)
        .and_then(|()| results.charts(vec![Request::new(kind, kind.key())], &tables, &context))
        .and_then(|()| results.write("scenario.toml", scenario.to_toml().as_bytes()))
        .and_then(|()| {
            results.publish([
                ("scenario", json!(scenario.name())),
                ("seed", json!(scenario.seed())),
                ("title", json!(scenario.title())),
                ("description", json!(scenario.description())),
                ("replicates", json!(done)),
                ("interrupted", json!(!whole)),
                ("scenario_digest", json!(scenario.digest())),
            ])
        });
    terminal.announce(&published.map_err(|error| vec![Diagnostic::from(error)])?.to_string());
    Ok(())
}

/// Tests every prediction.
fn predictions(arguments: &Validate, loaded: &Loaded, terminal: &Terminal) -> Result<Ended, Errors> {
    if !loaded.scenario.settings().is_on("arrival") {
        let message = format!("no case arrives in {}, so no prediction can be tested", loaded.scenario.name());
        return Err(vec![Diagnostic::error(message).hint("write mechanisms.arrival = \"on\"")]);
    }
    let results = open(arguments, &loaded.scenario)?;
    let replicates = loaded.scenario.replicates();
    let runs = prediction_runs() * u64::from(replicates);
    terminal.announce(&format!(
        "{}: 18 predictions, {} of each arm, {} runs of 4 to 14 years",
        loaded.scenario.name(),
        counted(replicates as usize, "replicate"),
        grouped(runs)
    ));
    let progress = terminal.progress(prediction_runs_of(replicates), "predictions");
    let findings = predict(replicates, &progress, &|text| loaded.under(text));
    progress.finish();
    let findings = findings.map_err(|(key, mut errors): (_, Errors)| {
        let message = format!("the experiment of {key} cannot be made with this scenario");
        errors.insert(0, Diagnostic::error(message).hint("what is wrong with it follows"));
        errors
    })?;
    let whole = !progress.stop();
    let table = predictions_table(&findings);
    let words = match arguments.markdown {
        true => {
            markdown(article::Kind::Predictions, &table, &loaded.scenario, whole)?
                + "\n"
                + &count_of_predictions(&findings)
                + "\n"
        }
        false => predictions_plain(&findings),
    };
    say(&(words + if whole { "" } else { PARTLY }))?;
    keep(results, &loaded.scenario, &table, (Kind::Predictions, u64::from(replicates), whole), terminal)?;
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

/// Steps of the bar: one for each replicate of each prediction.
fn prediction_runs_of(replicates: u32) -> u64 {
    18 * u64::from(replicates)
}

fn expected(finding: &Finding) -> String {
    match finding.expected {
        Expected::More => "> 0".to_owned(),
        Expected::Within(margin) => format!("\u{b1} {}", rounded(margin)),
    }
}

fn came_out(finding: &Finding) -> String {
    if finding.low.is_nan() {
        return rounded(finding.estimate);
    }
    format!("{} [{}, {}]", rounded(finding.estimate), rounded(finding.low), rounded(finding.high))
}

fn predictions_plain(findings: &[Finding]) -> String {
    let mut out = String::new();
    for (key, verdict) in verdicts(findings) {
        let parts: Vec<&Finding> = findings.iter().filter(|finding| finding.key == key).collect();
        let sentence = parts.first().map_or("", |finding| finding.sentence);
        let _ = writeln!(out, "{key}  {}  {sentence}", verdict.key().to_uppercase());
        let rows: Vec<Vec<String>> = parts
            .iter()
            .map(|f| vec![f.verdict.key().to_owned(), came_out(f), expected(f), f.test.to_owned()])
            .collect();
        out += &columns(&rows, &[]);
        out.push('\n');
    }
    out + &count_of_predictions(findings) + "\n"
}

fn count_of_predictions(findings: &[Finding]) -> String {
    let all = verdicts(findings);
    let of = |verdict| all.iter().filter(|(_, other)| *other == verdict).count();
    format!(
        "Predictions: {} held, {} broken, {} undecided, {} not tested. Estimates with 95 % intervals, {}.",
        of(Verdict::Held),
        of(Verdict::Broken),
        of(Verdict::Undecided),
        of(Verdict::Untested),
        counted(findings.iter().map(|finding| finding.n as usize).max().unwrap_or(0), "replicate")
    )
}

/// A table of the result as an article prints it, in Markdown.
fn markdown(kind: article::Kind, table: &Table, scenario: &Scenario, whole: bool) -> Result<String, Errors> {
    let source = Source {
        name: scenario.name().to_owned(),
        digest: scenario.digest(),
        replicates: Some(u64::from(scenario.replicates())),
        seed: Some(scenario.seed()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        interrupted: !whole,
    };
    let printed = article::printed(kind, table, &Choice::default(), &source);
    printed.map(|printed| printed.markdown()).map_err(|error| vec![Diagnostic::error(error.to_string())])
}

fn band(validation: &Validation) -> String {
    let (low, high) = (validation.pattern.low, validation.pattern.high);
    if high.is_finite() {
        format!("{} to {}", rounded(low), rounded(high))
    } else {
        format!("at least {}", rounded(low))
    }
}

fn model(validation: &Validation) -> String {
    let interval = validation.model.interval();
    if interval.low.is_nan() {
        rounded(validation.model.mean())
    } else {
        format!("{} [{}, {}]", rounded(validation.model.mean()), rounded(interval.low), rounded(interval.high))
    }
}

fn cells(validation: &Validation) -> Vec<String> {
    let share = validation.runs_in_band;
    vec![
        validation.pattern.key.to_owned(),
        validation.pattern.sentence.to_owned(),
        if validation.pattern.used == Use::Calibrated { "calibrated" } else { "held out" }.to_owned(),
        band(validation),
        model(validation),
        if share.is_nan() { "-".to_owned() } else { format!("{:.0} %", 100.0 * share) },
        validation.held().key().to_owned(),
    ]
}

const HEADER: [&str; 7] = ["", "pattern", "use", "band", "model: mean [95 % interval]", "runs in band", ""];

fn plain(all: &[Validation]) -> String {
    let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
    rows.extend(all.iter().map(cells));
    let mut out = columns(&rows, &[5]);
    out += &format!("\n{}\n", count(all));
    out
}

/// How many patterns hold, in words.
pub fn count(all: &[Validation]) -> String {
    let of = |used: Use| {
        let tested: Vec<&Validation> =
            all.iter().filter(|v| v.pattern.used == used && v.held() != Held::Untested).collect();
        (tested.iter().filter(|v| v.held() == Held::Holds).count(), tested.len())
    };
    let ((held, tested), (out_held, out_tested)) = (of(Use::Calibrated), of(Use::HeldOut));
    format!(
        "Patterns of ASEAN 2006-08: {held} of {tested} calibrated figures hold, {out_held} of {out_tested} held-out ones."
    )
}
