//! `comity sensitivity`: which assumptions matter, from the runs of a sweep.

use super::arguments::{Sensitivity as Arguments, Sweep};
use super::folder::Folder;
use super::result::{SWEEP_DIGEST, context};
use super::run::{self, asked};
use crate::cli::results::Results;
use crate::cli::terminal::{Terminal, counted, grouped};
use crate::cli::{Ended, Errors, kept, say};
use comity::diagnostic::Diagnostic;
use comity::experiment::{Outcomes, Sensitivity, SensitivityRequest, SweepPlan, Wanted, sensitivity as analyse};
use comity::figure::{Tables, sensitivity_requests};
use comity::scenario::Study;
use comity::statistics::sensitivity::Interest;
use comity::storage::{Published, StorageError};
use serde_json::json;
use std::cell::RefCell;

/// Analyses a sweep, which is run first where the study is named and something of it is missing.
pub fn sensitivity(arguments: &Arguments, terminal: &Terminal) -> Result<Ended, Errors> {
    let wanted = wanted(arguments)?;
    let folder = if arguments.swept.study.is_dir() {
        if arguments.budget.is_some() {
            let message = format!("{} is there already: a budget caps runs to come", arguments.swept.study.display());
            return Err(vec![Diagnostic::error(message).hint("name the study, or take --budget away")]);
        }
        crate::cli::scenarios::start_threads(&arguments.threads)?;
        asked(&arguments.swept, terminal)?.folder
    } else {
        let mut swept = arguments.swept.clone();
        if let Some(budget) = arguments.budget {
            swept.set.extend(within(budget, &asked(&swept, &Terminal::new(true))?, terminal)?);
        }
        let folder = asked(&swept, &Terminal::new(true))?.folder;
        let sweep = Sweep::whole(swept, arguments.threads.clone());
        if let run::Came::ShortOfResult(ended) = run::swept(&sweep, terminal)? {
            return Ok(ended);
        }
        folder
    };
    let (study, plan) = folder.read_plan()?.plan()?;
    let outcomes = outcomes(&folder, &plan)?;
    let request = SensitivityRequest { resamples: arguments.resamples, wanted };
    let refused =
        |reason: String| vec![Diagnostic::error(format!("{} cannot be analysed: {reason}", folder.path.display()))];
    let found = analyse(&study, &outcomes, &request).map_err(refused)?;
    let published = publish(&folder, &study, &plan, &outcomes, &found)?;
    say(&words(&plan, &outcomes, &found, &published))?;
    Ok(if outcomes.failed() > 0 { Ended::Partly } else { Ended::Done })
}

/// Which points somebody looks for.
fn wanted(arguments: &Arguments) -> Result<Option<Wanted>, Errors> {
    let interest = match (arguments.below, arguments.above) {
        (Some(most), _) => Interest::AtMost(most),
        (None, Some(least)) => Interest::AtLeast(least),
        (None, None) => {
            if arguments.measure.is_some() || arguments.arm.is_some() {
                let message = "--measure and --arm say of what the points below or above a value are looked for";
                return Err(vec![Diagnostic::error(message).hint("add --below X or --above X, or take them away")]);
            }
            return Ok(None);
        }
    };
    Ok(Some(Wanted { measure: arguments.measure.clone(), arm: arguments.arm.clone(), interest }))
}

/// The setting that makes a design as large as so many runs allow.
fn within(budget: u64, asked: &run::Asked, terminal: &Terminal) -> Result<Option<String>, Errors> {
    let refuse = |message: String, hint: String| Err(vec![Diagnostic::error(message).hint(hint)]);
    let Some(sweep) = asked.study.sweep() else { return Ok(None) };
    let design = sweep.design();
    let per_point = sweep.lines().len() as u64 * u64::from(asked.study.baseline().replicates());
    let rows = |size: u64| sweep.of_size(size).points().map(|points| points.rows() as u64);
    let told = |reason: String| vec![Diagnostic::error(reason)];
    let Some(size) = design.size() else {
        let runs = rows(0).map_err(told)? * per_point;
        if runs <= budget {
            return Ok(None);
        }
        let message = format!(
            "a {} design has the points that its values make: {} runs, more than the budget of {}",
            design.name(),
            grouped(runs),
            grouped(budget)
        );
        return refuse(message, "take fewer values, arms or replicates, or a design with a size".to_owned());
    };
    let whole = rows(size).map_err(told)? * per_point;
    if whole <= budget {
        return Ok(None);
    }
    let powers = ["sobol", "saltelli"].contains(&design.name());
    let unit = rows(1).map_err(told)? * per_point;
    let most = budget / unit.max(1);
    let fits = if powers && most > 0 { 1 << most.ilog2() } else { most };
    let least = match design.name() {
        "morris" => 2,
        "saltelli" => 8,
        _ => 50,
    };
    if fits < least {
        let message = format!(
            "{} runs are too few: a {} design of {} factors, {} and {} needs {} at least",
            grouped(budget),
            design.name(),
            sweep.factors().len(),
            counted(sweep.lines().len(), "arm"),
            counted(asked.study.baseline().replicates() as usize, "replicate"),
            grouped(least * unit)
        );
        return refuse(message, "raise --budget, or take fewer factors, arms or replicates".to_owned());
    }
    let key = match design.name() {
        "morris" => "trajectories",
        "saltelli" => "base_points",
        _ => "points",
    };
    terminal.announce(&format!(
        "a budget of {} runs allows {fits} of the {size} {} that the study asks for",
        grouped(budget),
        key.replace('_', " ")
    ));
    Ok(Some(format!("sweep.{key}={fits}")))
}

/// The outcomes in the result of a sweep.
fn outcomes<'p>(folder: &Folder, plan: &'p SweepPlan) -> Result<Outcomes<'p>, Errors> {
    let path = folder.result();
    let refuse = |message: String, hint: &str| Err(vec![Diagnostic::error(message).hint(hint)]);
    if !path.is_dir() {
        let message = format!("{} has no result yet", folder.path.display());
        return refuse(message, "comity sweep STUDY --resume finishes it; comity merge makes one of whole blocks");
    }
    let result = kept::open(&path)?;
    if result.manifest.get(SWEEP_DIGEST).and_then(|digest| digest.as_str()) != Some(plan.digest()) {
        let message = format!("{} is not the result of the sweep that plan.json beside it tells of", path.display());
        return refuse(message, "comity merge makes it anew from the blocks");
    }
    let found = RefCell::new((Outcomes::new(plan), None));
    result.part("results", &|rows| {
        let (outcomes, error) = &mut *found.borrow_mut();
        if error.is_none() {
            *error = outcomes.add(rows).err();
        }
        Vec::new()
    })?;
    match found.into_inner() {
        (outcomes, None) => Ok(outcomes),
        (_, Some(reason)) => {
            refuse(format!("{} cannot be analysed: {reason}", folder.path.display()), "comity merge makes it anew")
        }
    }
}

fn publish(
    folder: &Folder,
    study: &Study,
    plan: &SweepPlan,
    outcomes: &Outcomes<'_>,
    found: &Sensitivity,
) -> Result<Published, Errors> {
    let told = |error: StorageError| vec![Diagnostic::from(error)];
    let metadata = [
        ("study", study.name().to_owned()),
        ("study_digest", study.digest()),
        ("sweep_digest", plan.digest().to_owned()),
        ("seed", plan.seed().to_string()),
    ];
    let mut results = Results::create(&folder.path.join("sensitivity"), metadata).map_err(told)?;
    let mut tables = Tables::new();
    for table in found.tables().into_iter().filter(|table| table.rows() > 0) {
        results.table(table).map_err(told)?;
        tables.insert(table.schema.name.clone(), table.clone());
    }
    let requests = sensitivity_requests(&tables, Some(plan.confidence()));
    results.charts(requests, &tables, &context(study, plan)).map_err(told)?;
    let about = [
        ("study", json!(study.name())),
        ("title", json!(study.title())),
        ("description", json!(study.description())),
        ("findings", json!(found.findings)),
        ("study_digest", json!(study.digest())),
        (SWEEP_DIGEST, json!(plan.digest())),
        ("seed", json!(plan.seed())),
        ("design", json!(plan.sweep().design().name())),
        ("points", json!(plan.points().rows())),
        ("replicates", json!(plan.replicates_of(0))),
        ("runs", json!(plan.runs())),
        ("failed", json!(outcomes.failed())),
    ];
    results.publish_anew(about, (SWEEP_DIGEST, plan.digest())).map_err(told)
}

fn words(plan: &SweepPlan, outcomes: &Outcomes<'_>, found: &Sensitivity, published: &Published) -> String {
    let failed = match outcomes.failed() {
        0 => String::new(),
        many => format!(", {} of them failed", grouped(many)),
    };
    format!(
        "{}: {}\n{} x {} x {} = {}{failed}; {} design\n{}\n{published}\n  indices.csv, analyses.csv ...  every number and verdict, each table also as .parquet\n  charts/                        figures, captions, numbers drawn\n  manifest.json                  what was analysed, and these findings\n",
        plan.name(),
        plan.title(),
        counted(plan.points().rows(), "point"),
        counted(plan.lines().len(), "arm"),
        counted(plan.replicates_of(0) as usize, "replicate"),
        counted(plan.runs() as usize, "run"),
        plan.sweep().design().name(),
        found.findings,
    )
}
