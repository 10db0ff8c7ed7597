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
use comity::storage::{Published, StorageError};
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
    let own = draws.weights.effective();
    if f64::from(asked.draws) > own {
        let message = format!(
            "{} draws are asked for, and {} is worth {}: some are taken several times, and intervals are narrower than they should be",
            asked.draws,
            asked.posterior.display(),
            rounded(own)
        );
        terminal.report(&[Diagnostic::warning(message).hint("ask for fewer --draws, and for more runs of each by -n")]);
    }
    let overrides = super::scenarios::overrides(asked.set, Some(asked.runs.unwrap_or(RUNS)), asked.seed);
    let told = |reason: String| vec![Diagnostic::error(format!("{}: {reason}", asked.posterior.display()))];
    let swept = swept(asked, &overrides)?;
    let points = swept.is_some();
    let (study, plan) = match swept {
        Some(study) => {
            let plan = crossed(&study, &draws, asked, terminal).map_err(told)?;
            (study, plan)
        }
        None => {
            let study = laid(asked, &draws, &overrides, terminal)?;
            let plan = SweepPlan::new(&study, Vec::new()).map_err(told)?;
            (study, plan)
        }
    };
    let replicates = study.baseline().replicates();
    let part = Part {
        first_point: 0,
        points: plan.points().rows() as u64,
        first_replicate: 0,
        replicates,
        cells_per_block: u64::from(replicates),
        points_at_once: 1,
    };
    let plan = plan.with_parts(vec![part]).map_err(told)?;
    let count = plan.points().rows() / asked.draws as usize;
    let of_points = if points { format!("{} x ", counted(count, "point")) } else { String::new() };
    let size = format!("{of_points}{}", counted(asked.draws as usize, "draw"));
    terminal.announce(&format!(
        "{}: {size} of {} x {} x {}, seed {}",
        study.name(),
        asked.posterior.display(),
        counted(plan.lines().len(), "arm"),
        counted(replicates as usize, "run"),
        plan.seed()
    ));
    let Some(results) = run(&plan, terminal) else {
        return Err(vec![Diagnostic::error("stopped before all draws were run; nothing is kept")]);
    };
    let head = format!("{size} of the posterior, {} of each", counted(replicates as usize, "run"));
    let (table, findings) = match points {
        true => (by_point(&study, &plan, &results, asked.draws as usize), head + ".\n"),
        false => {
            let found = ensemble(&study, &plan, &results);
            let words = concluded(&plan, &found, &head);
            (found.table, words)
        }
    };
    let published = publish(asked, &draws, (&study, &plan), &table, &findings)?;
    say(&format!(
        "{}\n{findings}\n{published}\n  {}.csv   levels and effects over the posterior, every outcome and window; also as .parquet\n  manifest.json           how to get the same again, and these findings\n",
        study.title(),
        table.schema.name
    ))?;
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
    if rows.is_empty() {
        return refuse(format!("{shown} has no draws of the baseline"), MAKE);
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

/// The study, if it is a sweep.
fn swept(asked: &Asked<'_>, overrides: &[Override]) -> Result<Option<Study>, Errors> {
    let name = asked.file.to_string_lossy();
    if !scenario::is_study(&name, &Disk) {
        return Ok(None);
    }
    let (study, _) = scenario::parse_study(&name, &Disk, overrides)?;
    Ok(study.sweep().is_some().then_some(study))
}

/// Every point of a sweep with every draw, each pair with luck of its own.
fn crossed(study: &Study, draws: &Draws, asked: &Asked<'_>, terminal: &Terminal) -> Result<SweepPlan, String> {
    let Some(sweep) = study.sweep() else { return Err("it is no sweep".to_owned()) };
    if sweep.factors().iter().any(scenario::Factor::is_luck) {
        return Err("the sweep has the seed of a run as a factor, which the draws have by themselves".to_owned());
    }
    let points = sweep.points()?;
    let joined = sweep.with_parameters(&draws.parameters, study.baseline())?.with_luck();
    let hint = "the arm is run with its own value, whatever the draw";
    let masked: Vec<Diagnostic> =
        joined.masked().into_iter().map(|words| Diagnostic::warning(words).hint(hint)).collect();
    terminal.report(&masked);
    let seed = study.baseline().seed();
    let chosen = draws.weights.systematic(asked.draws as usize, Resampling { seed, number: 0 });
    let mut numbers = Vec::new();
    for point in 0..points.rows() {
        // A draw has the same luck at every point: differences between points are the factors' doing.
        for (number, draw) in chosen.iter().enumerate() {
            numbers.extend_from_slice(points.row(point));
            for (value, parameter) in draws.rows[*draw].iter().zip(&draws.parameters) {
                numbers.push(value.parse::<f64>().map_err(|_| format!("{parameter} is {value}, which is no number"))?);
            }
            numbers.push(luck(seed, CONCLUDING, number as u64) as f64);
        }
    }
    SweepPlan::of_sweep(study, joined.of_rows(numbers), Vec::new())
}

/// Levels and effects over the draws, point by point of the sweep.
fn by_point(study: &Study, plan: &SweepPlan, results: &Table, draws: usize) -> Table {
    let own = study.sweep().map_or(0, |sweep| sweep.factors().len());
    let rows = draws * plan.replicates_of(0) as usize * plan.lines().len();
    let mut all: Option<Table> = None;
    for point in 0..results.rows() / rows {
        let picked: Vec<usize> = (point * rows..(point + 1) * rows).collect();
        let found = ensemble(study, plan, &results.picked(&picked)).table;
        let design = plan.design_table().picked(&vec![point * draws; found.rows()]);
        let mut fields =
            vec![comity::table::Field::integer("point_id", "", "Number of the point of the design, from 0.")];
        fields.extend(design.schema.fields[1..=own].iter().cloned());
        fields.extend(found.schema.fields.iter().cloned());
        let mut columns = vec![comity::table::Values::Integer(vec![point as i64; found.rows()])];
        columns.extend(design.columns()[1..=own].iter().cloned());
        columns.extend(found.columns().iter().cloned());
        let sentence = "Levels and effects over the draws of a posterior, at every point of a sweep.";
        let schema = comity::table::Schema::of("posterior_points", sentence, fields);
        if let Ok(table) = Table::from_columns(schema, columns) {
            match &mut all {
                Some(all) => all.append(table),
                None => all = Some(table),
            }
        }
    }
    all.unwrap_or_else(|| results.clone())
}

/// The study with the draws as the points of a sweep over it.
fn laid(asked: &Asked<'_>, draws: &Draws, overrides: &[Override], terminal: &Terminal) -> Result<Study, Errors> {
    const TABLE: &str = "the-posterior.csv";
    let name = asked.file.to_string_lossy().into_owned();
    let (name, mut text, seed) = if scenario::is_study(&name, &Disk) {
        let text = Disk.read(&name).map_err(|error| vec![error])?;
        let (study, _) = scenario::parse_study(&name, &Disk, overrides)?;
        if study.space().is_some() {
            let message = format!("{name} chooses values by itself, besides the posterior");
            return Err(vec![Diagnostic::error(message).hint("--posterior is for scenarios, comparisons and sweeps")]);
        }
        (name, text, study.baseline().seed())
    } else {
        // Read once, so that what is wrong with it is told of it.
        let (own, _) = scenario::parse(&name, &Disk, overrides)?;
        let base = asked.file.file_name().map_or_else(|| name.clone(), |file| file.to_string_lossy().into_owned());
        // A study of the scenario's own name, in a folder that is not there.
        let study = asked.file.with_file_name("over-the-posterior").join(&base);
        (study.to_string_lossy().into_owned(), format!("baseline = {}\n", toml_text(&format!("../{base}"))), own.seed())
    };
    text += &format!("\n[sweep]\ndesign = \"table\"\ntable = \"{TABLE}\"\n");
    for (place, parameter) in draws.parameters.iter().enumerate() {
        text += &format!("[factor.p{place}]\nparameter = {}\n", toml_text(parameter));
    }
    text += "[factor.luck]\nparameter = \"run.seed\"\n";
    let heads: Vec<String> = (0..draws.parameters.len()).map(|place| format!("p{place}")).collect();
    let mut table = format!("{},luck\n", heads.join(","));
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

fn publish(
    asked: &Asked<'_>,
    draws: &Draws,
    (study, plan): (&Study, &SweepPlan),
    table: &Table,
    findings: &str,
) -> Result<Published, Errors> {
    let refused = |error: StorageError| vec![Diagnostic::from(error)];
    let usual = || PathBuf::from("output").join(format!("{}-posterior", study.name()));
    let out = asked.out.cloned().unwrap_or_else(usual);
    let metadata =
        [("study", study.name().to_owned()), ("study_digest", study.digest()), ("seed", plan.seed().to_string())];
    let mut results = Results::create(&out, metadata).map_err(refused)?;
    results.table(table).map_err(refused)?;
    results
        .publish([
            ("study", json!(study.name())),
            ("title", json!(study.title())),
            ("description", json!(study.description())),
            ("findings", json!(findings)),
            ("study_digest", json!(study.digest())),
            ("posterior", json!(asked.posterior.display().to_string())),
            ("posterior_digest", json!(draws.digest)),
            ("parameters", json!(draws.parameters)),
            ("points", json!(plan.points().rows() / asked.draws as usize)),
            ("draws", json!(asked.draws)),
            ("replicates", json!(plan.replicates_of(0))),
            ("seed", json!(plan.seed())),
        ])
        .map_err(refused)
}

/// What holds, and in how much of the posterior.
fn concluded(plan: &SweepPlan, found: &Ensemble, head: &str) -> String {
    let measure = plan.outcomes()[plan.main()];
    let mut out = format!("{head}, every draw of chance shared between arms.\n");
    let interval = format!("{} interval of the mean", percent(plan.confidence()));
    let lost = found.conclusions.iter().map(|own| own.lost).max().unwrap_or(0);
    if lost > 0 {
        out +=
            &format!("Up to {} are left out of a line: a run failed or has no such outcome.\n", counted(lost, "draw"));
    }
    for window in plan.windows() {
        let own: Vec<&Conclusion> = found.conclusions.iter().filter(|own| own.window == window.key).collect();
        let when = if plan.windows().len() > 1 { format!(" ({})", window.key) } else { String::new() };
        let mut rows =
            vec![["", "mean", &interval, "90 % of draws", "above 0 in", "best in"].map(str::to_owned).to_vec()];
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
