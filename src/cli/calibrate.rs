//! `comity calibrate`: fits a study's factors to recorded figures, and rival models to the same.

use super::arguments::Calibrate;
use super::ledger::{Identity, Ledger, Step};
use super::results::Results;
use super::scenarios::{overrides, read_own_study, start_threads};
use super::sweep::Shard;
use super::terminal::{Progress, Terminal, counted, grouped};
use super::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::digest::Digest;
use comity::experiment::calibration::{
    Asked, CalibrationTables, Checked, Fit, Keeper, Problem, Trouble, Work, check, compared, fit, of_study, words,
};
use comity::figure::{Context, Tables, calibration_requests};
use comity::scenario::Study;
use comity::storage::{Published, StorageError};
use comity::table::Table;
use serde_json::json;
use std::path::{Path, PathBuf};

/// The key of the manifest under which stands which calibration the result is of.
const CALIBRATION_DIGEST: &str = "calibration_digest";
/// Simulations of a piece on the disk; runs beyond the window take longer.
const PIECE: (usize, usize) = (50, 4);

/// Calibrates.
pub fn calibrate(arguments: &Calibrate, terminal: &Terminal) -> Result<Ended, Errors> {
    let shard = match &arguments.shard {
        Some(text) => Some(text.parse::<Shard>().map_err(|why| vec![Diagnostic::error(format!("--shard: {why}"))])?),
        None => None,
    };
    start_threads(&arguments.threads)?;
    let mut set = arguments.set.clone();
    set.extend(arguments.budget.map(|budget| format!("calibrate.simulations={budget}")));
    let study = read_own_study(&arguments.study, &overrides(&set, None, arguments.seed.as_deref()), terminal)?;
    let refused = |reason: String| {
        vec![Diagnostic::error(format!("{} cannot be calibrated: {reason}", arguments.study.display()))]
    };
    if study.calibration().is_none() {
        let hint = "write [calibrate], [target.NAME] for the figures and [factor.NAME] for what is fitted";
        return Err(refused("it has no [calibrate]".to_owned()).into_iter().map(|error| error.hint(hint)).collect());
    }
    let lines = if arguments.no_rivals { 1 } else { study.arms().len() + 1 };
    let problems: Vec<Problem<'_>> =
        (0..lines).map(|line| Problem::new(&study, line)).collect::<Result<_, _>>().map_err(refused)?;
    terminal.announce(&announced(&study, &problems));
    if arguments.dry_run {
        return Ok(Ended::Done);
    }
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(study.name()));
    let all: Vec<&str> = problems.iter().map(Problem::digest).collect();
    let digest = Digest::of(format!("{} {}", all.join(" "), arguments.within).as_bytes());
    let identity = Identity { command: "calibrate", study: study.name().to_owned(), digest: digest.clone() };
    let ledger = Ledger::open(&folder, &identity, (arguments.resume, shard), terminal)?;
    let mut kept = Kept { ledger: &ledger, per_piece: PIECE.0 };
    let mut done: Vec<(&Problem<'_>, Fit, Checked)> = Vec::new();
    for problem in &problems {
        kept.per_piece = PIECE.0;
        let Some(fitted) = fit(problem, &mut kept).map_err(told)? else { return Ok(ledger.stopped()) };
        if !arguments.within {
            kept.per_piece = PIECE.1;
        }
        let Some(checked) = check(problem, &mut kept, &fitted, !arguments.within).map_err(told)? else {
            return Ok(ledger.stopped());
        };
        terminal.announce(&format!(
            "{}: {} generations, {} simulations",
            problem.label(),
            fitted.generations.len() - 1,
            grouped(fitted.simulations())
        ));
        done.push((problem, fitted, checked));
    }
    if !ledger.concludes() {
        return Ok(Ended::Done);
    }
    let (published, found) = publish(&folder, &study, &digest, &done)?;
    say(&format!(
        "{}: {}\n{found}\n{published}\n  posterior.csv                    weighted draws: comity run, compare and sweep take them by --posterior\n  predictive.csv, learned.csv ...  predictions beside figures, what was learned; each also as .parquet\n  charts/                          figures, captions, numbers drawn\n  manifest.json                    how it was made, and these findings\n",
        study.name(),
        study.title()
    ))?;
    Ok(Ended::Done)
}

fn announced(study: &Study, problems: &[Problem<'_>]) -> String {
    let calibration = problems[0].calibration();
    format!(
        "{}: {} to {}, {} of a generation, at most {} of each of {}; seed {}",
        study.name(),
        counted(problems[0].factors().len(), "parameter"),
        counted(calibration.targets.len(), "figure"),
        counted(calibration.particles as usize, "particle"),
        counted(calibration.simulations as usize, "simulation"),
        counted(problems.len(), "model"),
        calibration.seed
    )
}

fn told(trouble: Trouble<Errors>) -> Errors {
    trouble.unwrap_or_else(|reason| vec![Diagnostic::error(reason)])
}

/// Simulations on the disk.
struct Kept<'l, 't> {
    ledger: &'l Ledger<'t>,
    per_piece: usize,
}

impl Keeper for Kept<'_, '_> {
    type Error = Errors;

    fn rows(&mut self, asked: Asked<'_>, work: &Work<'_>) -> Result<Option<Table>, Errors> {
        let Asked { name, digest, items } = asked;
        let step = Step { name, asked: digest, items, per_piece: self.per_piece, runs_per_item: 1 };
        self.ledger.step(&step, |range, progress: &Progress| work(range, progress))
    }
}

fn publish(
    folder: &Path,
    study: &Study,
    digest: &str,
    done: &[(&Problem<'_>, Fit, Checked)],
) -> Result<(Published, String), Errors> {
    let refused = |error: StorageError| vec![Diagnostic::from(error)];
    let (first, _, _) = done[0];
    let calibration = first.calibration();
    let mut tables = CalibrationTables::new(first);
    let mut found = String::new();
    for (problem, fitted, checked) in done {
        tables.add(problem, fitted, checked);
        found += &words(problem, fitted, checked);
    }
    let beside: Vec<(&Problem<'_>, &Fit, &Checked)> =
        done.iter().map(|(problem, fitted, checked)| (*problem, fitted, checked)).collect();
    found += &compared(&beside);
    let metadata = [
        ("study", study.name().to_owned()),
        ("study_digest", study.digest()),
        (CALIBRATION_DIGEST, digest.to_owned()),
        ("seed", calibration.seed.to_string()),
    ];
    let mut results = Results::create(&folder.join("result"), metadata).map_err(refused)?;
    results.table(&of_study(calibration)).map_err(refused)?;
    let mut charted = Tables::new();
    for table in tables.all() {
        results.table(table).map_err(refused)?;
        charted.insert(table.schema.name.clone(), table.clone());
    }
    let simulations: u64 = done.iter().map(|(_, fitted, _)| fitted.simulations()).sum();
    let context = Context {
        scenario: study.name().to_owned(),
        digest: digest.to_owned(),
        replicates: simulations,
        seed: calibration.seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Context::default()
    };
    results.charts(calibration_requests(&charted), &charted, &context).map_err(refused)?;
    let about = [
        ("study", json!(study.name())),
        ("title", json!(study.title())),
        ("description", json!(study.description())),
        ("findings", json!(found)),
        ("study_digest", json!(study.digest())),
        (CALIBRATION_DIGEST, json!(digest)),
        ("seed", json!(calibration.seed)),
        ("simulations", json!(simulations)),
        ("models", json!(done.iter().map(|(problem, _, _)| problem.key()).collect::<Vec<_>>())),
        ("parameters", json!(first.factors().iter().map(|factor| &factor.key).collect::<Vec<_>>())),
    ];
    let published = results.publish_anew(about, (CALIBRATION_DIGEST, digest)).map_err(refused)?;
    Ok((published, found))
}
