//! `--posterior`: a scenario or a study over the draws of a calibration, parameter uncertainty and chance told apart.
//!
//! The draws become the points of a sweep that is laid over the study: each with luck of its own, all arms as twin worlds.

use super::results::Results;
use super::scenarios::{Disk, toml_text};
use super::terminal::{Terminal, columns, counted, rounded};
use super::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::digest::Digest;
use comity::experiment::{Conclusion, Ensemble, Part, SweepPlan, Watch, each, ensemble};
use comity::numeral::percent;
use comity::scenario::{self, Files, Override, Study};
use comity::statistics::calibration::{Resampling, Weights, luck};
use comity::storage::StorageError;
use comity::table::Table;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Runs of each draw, where nobody says.
const RUNS: &str = "2";
/// The generation of which the luck of these runs is.
const CONCLUDING: u32 = 2_000_000;
/// From which share of the posterior on a conclusion is said to hold.
const HOLDS: f64 = 0.9;

/// What is asked for.
pub struct Asked<'a> {
    /// The posterior: a table, or the folder of a calibration.
    pub posterior: &'a Path,
    /// How many draws.
    pub draws: u32,
    /// The scenario or study.
    pub file: &'a Path,
    /// What the command line sets.
    pub set: &'a [String],
    /// Runs of each draw.
    pub runs: Option<&'a str>,
    /// Master seed.
    pub seed: Option<&'a str>,
    /// Where it goes.
    pub out: Option<&'a PathBuf>,
}

/// Runs it, and says what holds.
pub fn over(asked: &Asked<'_>, terminal: &Terminal) -> Result<Ended, Errors> {
    let draws = read(asked.posterior)?;
    let overrides = super::scenarios::overrides(asked.set, Some(asked.runs.unwrap_or(RUNS)), asked.seed);
    let study = laid(asked, &draws, &overrides, terminal)?;
    let told = |reason: String| vec![Diagnostic::error(format!("{}: {reason}", asked.posterior.display()))];
    let plan = SweepPlan::new(&study, Vec::new()).map_err(told)?;
    let points = plan.points().rows() as u64;
    let part = Part {
        first_point: 0,
        points,
        first_replicate: 0,
        replicates: study.baseline().replicates(),
        cells_per_block: u64::from(study.baseline().replicates()),
        points_at_once: 1,
    };
    let plan = plan.with_parts(vec![part]).map_err(told)?;
    let out = asked.out.cloned().unwrap_or_else(|| PathBuf::from("output").join(format!("{}-posterior", study.name())));
    terminal.announce(&format!(
        "{}: {} of {} x {} x {}, seed {}",
        study.name(),
        counted(points as usize, "draw"),
        asked.posterior.display(),
        counted(plan.lines().len(), "arm"),
        counted(study.baseline().replicates() as usize, "run"),
        plan.seed()
    ));
    let Some(results) = run(&plan, terminal) else {
        return Err(vec![Diagnostic::error("stopped before all draws were run; nothing is kept")]);
    };
    let found = ensemble(&study, &plan, &results);
    let words = publish(&out, asked, &study, &plan, &found)?;
    say(&words)?;
    Ok(Ended::Done)
}

/// Draws of parameters, with weights.
struct Draws {
    parameters: Vec<String>,
    rows: Vec<Vec<String>>,
    weights: Weights,
    digest: String,
}

/// Reads a posterior.
fn read(path: &Path) -> Result<Draws, Errors> {
    let refuse = |message: String, hint: &str| Err(vec![Diagnostic::error(message).hint(hint)]);
    const MAKE: &str =
        "name a table with columns weight and parameters (habit.unit_share ...), or the folder of comity calibrate";
    let candidates = [path.to_owned(), path.join("result/posterior.parquet"), path.join("posterior.parquet")];
    let Some(file) = candidates.iter().find(|path| path.is_file()) else {
        return refuse(format!("there is no posterior {}", path.display()), MAKE);
    };
    let shown = file.display();
    let text = Disk.read(&file.to_string_lossy()).map_err(|error| vec![error])?;
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let broken = |error: csv::Error| vec![Diagnostic::error(format!("{shown} is no table: {error}")).hint(MAKE)];
    let headers: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    let place = |name: &str| headers.iter().position(|header| header == name);
    let (model, weight) = (place("model"), place("weight"));
    let own: Vec<usize> =
        (0..headers.len()).filter(|place| !["model", "draw", "weight"].contains(&headers[*place].as_str())).collect();
    if own.is_empty() || own.iter().any(|place| !headers[*place].contains('.')) {
        let stray: Vec<&str> =
            own.iter().map(|place| headers[*place].as_str()).filter(|header| !header.contains('.')).collect();
        return refuse(format!("{shown} is no posterior: {} no parameters of scenarios", stray.join(", ")), MAKE);
    }
    let (mut rows, mut raw) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(broken)?;
        if model.is_some_and(|place| &record[place] != "baseline") {
            continue;
        }
        let value = weight.map_or(Some(1.0), |place| record[place].parse::<f64>().ok());
        let Some(value) = value else {
            return refuse(format!("{shown}: a weight is no number: {}", &record[weight.unwrap_or(0)]), MAKE);
        };
        raw.push(value);
        rows.push(own.iter().map(|place| record[*place].to_owned()).collect());
    }
    let weights = match Weights::new(&raw) {
        Ok(weights) => weights,
        Err(refusal) => return refuse(format!("{shown}: {refusal}"), MAKE),
    };
    let parameters = own.iter().map(|place| headers[*place].clone()).collect();
    Ok(Draws { parameters, rows, weights, digest: Digest::of(text.as_bytes()) })
}

/// The files on disk, two of them replaced.
struct With<'t> {
    study: (&'t str, String),
    table: (&'t str, String),
}

impl Files for With<'_> {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        match name {
            name if name == self.study.0 => Ok(self.study.1.clone()),
            name if name.ends_with(self.table.0) => Ok(self.table.1.clone()),
            name => Disk.read(name),
        }
    }
}

/// The study with the draws as the points of a sweep over it.
fn laid(asked: &Asked<'_>, draws: &Draws, overrides: &[Override], terminal: &Terminal) -> Result<Study, Errors> {
    const TABLE: &str = "the-posterior.csv";
    let name = asked.file.to_string_lossy().into_owned();
    let (name, mut text) = if scenario::is_study(&name, &Disk) {
        let text = Disk.read(&name).map_err(|error| vec![error])?;
        let (study, _) = scenario::parse_study(&name, &Disk, overrides)?;
        if study.sweep().is_some() || study.space().is_some() {
            let message = format!("{name} varies something by itself, besides the posterior");
            return Err(vec![
                Diagnostic::error(message).hint("take its [sweep] out: --posterior is for scenarios and comparisons"),
            ]);
        }
        (name, text)
    } else {
        // Read once, so that what is wrong with it is told of it.
        scenario::parse(&name, &Disk, overrides)?;
        let base = asked.file.file_name().map_or_else(|| name.clone(), |file| file.to_string_lossy().into_owned());
        // A study of the scenario's own name, in a folder that is not there.
        let study = asked.file.with_file_name("over-the-posterior").join(&base);
        (study.to_string_lossy().into_owned(), format!("baseline = {}\n", toml_text(&format!("../{base}"))))
    };
    text += &format!("\n[sweep]\ndesign = \"table\"\ntable = \"{TABLE}\"\n");
    for (place, parameter) in draws.parameters.iter().enumerate() {
        text += &format!("[factor.p{place}]\nparameter = {}\n", toml_text(parameter));
    }
    text += "[factor.luck]\nparameter = \"run.seed\"\n";
    let heads: Vec<String> = (0..draws.parameters.len()).map(|place| format!("p{place}")).collect();
    let mut table = format!("{},luck\n", heads.join(","));
    let seed = asked.seed.and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let chosen = draws.weights.systematic(asked.draws as usize, Resampling { seed, number: 0 });
    for (number, draw) in chosen.into_iter().enumerate() {
        table += &format!("{},{}\n", draws.rows[draw].join(","), luck(seed, CONCLUDING, number as u64));
    }
    let files = With { study: (&name, text), table: (TABLE, table) };
    let (study, warnings) = scenario::parse_study(&name, &files, overrides).map_err(|errors| {
        let message = format!("{} does not fit {}", asked.posterior.display(), asked.file.display());
        std::iter::once(Diagnostic::error(message)).chain(errors).collect::<Errors>()
    })?;
    terminal.report(&warnings);
    Ok(study)
}

/// Runs all draws on all threads; their rows in order, or nothing if it was stopped.
fn run(plan: &SweepPlan, terminal: &Terminal) -> Option<Table> {
    let blocks = plan.blocks();
    let progress = terminal.progress(plan.runs(), "posterior");
    let done: Mutex<Vec<Option<Table>>> = Mutex::new(vec![None; blocks.len()]);
    let work = |block: comity::experiment::Block| {
        if let Some(rows) = plan.run_block(&block, &progress)
            && let Ok(mut done) = done.lock()
        {
            done[block.number as usize] = Some(rows);
        }
        Ok::<(), std::convert::Infallible>(())
    };
    match each(blocks, work) {
        Ok(()) => {}
    }
    let stopped = progress.stop();
    progress.finish();
    let all = done.into_inner().ok()?;
    if stopped {
        return None;
    }
    let mut rows = all.into_iter();
    let mut first = rows.next()??;
    for more in rows {
        first.append(more?);
    }
    Some(first)
}

fn publish(out: &Path, asked: &Asked<'_>, study: &Study, plan: &SweepPlan, found: &Ensemble) -> Result<String, Errors> {
    let refused = |error: StorageError| vec![Diagnostic::from(error)];
    let metadata =
        [("study", study.name().to_owned()), ("study_digest", study.digest()), ("seed", plan.seed().to_string())];
    let mut results = Results::create(out, metadata).map_err(refused)?;
    results.table(&found.table).map_err(refused)?;
    let findings = concluded(study, plan, found);
    let draws = read(asked.posterior)?;
    let published = results
        .publish([
            ("study", json!(study.name())),
            ("title", json!(study.title())),
            ("description", json!(study.description())),
            ("findings", json!(findings)),
            ("study_digest", json!(study.digest())),
            ("posterior", json!(asked.posterior.display().to_string())),
            ("posterior_digest", json!(draws.digest)),
            ("parameters", json!(draws.parameters)),
            ("draws", json!(plan.points().rows())),
            ("replicates", json!(plan.replicates_of(0))),
            ("seed", json!(plan.seed())),
        ])
        .map_err(refused)?;
    Ok(format!(
        "{}\n{}\n{published}\n  posterior_effects.csv   levels and effects over the posterior, every outcome and window; also as .parquet\n  manifest.json           how to get the same again, and these findings\n",
        study.title(),
        findings
    ))
}

/// What holds, and in how much of the posterior.
fn concluded(study: &Study, plan: &SweepPlan, found: &Ensemble) -> String {
    let measure = plan.outcomes()[plan.main()];
    let mut out = format!(
        "{} of the posterior, {} of each, every draw of chance shared between arms.\n",
        counted(plan.points().rows(), "draw"),
        counted(plan.replicates_of(0) as usize, "run")
    );
    let _ = study;
    for window in plan.windows() {
        let own: Vec<&Conclusion> = found.conclusions.iter().filter(|own| own.window == window.key).collect();
        let when = if plan.windows().len() > 1 { format!(" ({})", window.key) } else { String::new() };
        let mut rows = vec![
            ["", "mean", "95 % interval of the mean", "90 % of draws", "above 0 in", "best in"]
                .map(str::to_owned)
                .to_vec(),
        ];
        let both = |low: f64, high: f64| format!("{} to {}", rounded(low), rounded(high));
        for conclusion in &own {
            let share = |share: f64| if share.is_nan() { String::new() } else { percent(share) };
            rows.push(vec![
                if conclusion.arm.is_empty() { "Baseline (level)".to_owned() } else { conclusion.arm.clone() },
                rounded(conclusion.mean),
                both(conclusion.interval.low, conclusion.interval.high),
                both(conclusion.ninety.low, conclusion.ninety.high),
                share(conclusion.above),
                share(conclusion.best),
            ]);
        }
        out += &format!(
            "\n{}{when}:\n{}",
            comity::numeral::capitalised(&measure.label()),
            columns(&rows, &[1, 2, 3, 4, 5])
        );
        let holds = |up: bool| -> Vec<String> {
            let share = |own: &&&Conclusion| if up { own.above } else { 1.0 - own.above };
            own.iter().filter(|own| !own.arm.is_empty() && share(own) >= HOLDS).map(|own| own.arm.clone()).collect()
        };
        for (up, word) in [(true, "raise"), (false, "lower")] {
            let arms = holds(up);
            if !arms.is_empty() {
                out +=
                    &format!("In at least {} of the posterior these {word} it: {}.\n", percent(HOLDS), arms.join(", "));
            }
        }
        let open: Vec<String> = own
            .iter()
            .filter(|own| !own.arm.is_empty() && own.above < HOLDS && 1.0 - own.above < HOLDS)
            .map(|own| own.arm.clone())
            .collect();
        if !open.is_empty() {
            out += &format!("What these do is not settled: {}.\n", open.join(", "));
        }
    }
    out
}
