//! `comity optimise`: the best mix of arms under a budget.

use super::arguments::Threads;
use super::ledger::{Identity, Ledger, Step};
use super::results::Results;
use super::sweep::Shard;
use super::terminal::{Terminal, counted, grouped};
use super::{Ended, Errors, say, scenarios};
use clap::Args;
use comity::diagnostic::Diagnostic;
use comity::digest::Digest;
use comity::experiment::{
    Block, Evaluate, Forecast, Halt, Optimisation, SweepPlan, optimisation_forecast, optimise as look,
};
use comity::figure::{Context, Kind, Request, Tables};
use comity::scenario::{Optimise as Asked, Study};
use comity::storage::{Published, StorageError};
use comity::table::Table;
use serde_json::json;
use std::path::PathBuf;

/// The key of the manifest under which stands which optimisation the result is of.
const OPTIMISATION_DIGEST: &str = "optimisation_digest";

/// Arguments of `optimise`.
#[derive(Debug, Args)]
pub struct Optimise {
    /// The study: TOML with a `baseline`, arms and `[optimise]`.
    pub study: PathBuf,
    /// Change a value, in the baseline and so in every mix (`gate.approval=0.3`) or in the study (`optimise.budget=500000`). Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Master seed, instead of the baseline's.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
    /// At most so many simulations (money is `optimise.budget` in the study). What was reached with them is said.
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u64).range(1..))]
    pub budget: Option<u64>,
    /// The folder of the work and its result, instead of `output/<study>`.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Say what it would do and take; do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Carry on what was interrupted; what is whole is kept. Begins it where there is nothing.
    #[arg(long)]
    pub resume: bool,
    /// One of several processes that share a folder, as in 3/16, or `auto` for what the scheduler says.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
}

/// Looks for the best mix.
pub fn optimise(arguments: &Optimise, terminal: &Terminal) -> Result<Ended, Errors> {
    scenarios::start_threads(&arguments.threads)?;
    let shard = match arguments.shard.as_deref().map(str::parse::<Shard>).transpose() {
        Ok(shard) => shard,
        Err(error) => return Err(vec![Diagnostic::error(error).hint("write --shard 3/16, or leave it out")]),
    };
    let overrides = scenarios::overrides(&arguments.set, None, arguments.seed.as_deref());
    let study = scenarios::read_study(std::slice::from_ref(&arguments.study), &overrides, terminal)?;
    let (Some(asked), Some(space)) = (study.optimise(), study.space()) else {
        let message = format!("{} asks for no best mix", arguments.study.display());
        let hint = "write [optimise], with budget = ... and indifference = ..., and [arm.NAME] for each thing that may be done";
        return Err(vec![Diagnostic::error(message).hint(hint)]);
    };
    let told = |reason: String| vec![Diagnostic::error(reason)];
    let forecast = optimisation_forecast(&study).map_err(told)?;
    let announced = announced(&study, asked, forecast, arguments.budget);
    if arguments.dry_run {
        say(&dry(&study, asked, &announced, arguments.budget, forecast))?;
        return Ok(Ended::Done);
    }
    terminal.announce(&announced);
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(study.name()));
    // What runs give does not depend on how many there may be: more can be allowed later.
    let described = format!("comity optimise 1\n{}\n{}{}", study.digest(), space.described(), asked.described());
    let identity =
        Identity { command: "optimise", study: study.name().to_owned(), digest: Digest::of(described.as_bytes()) };
    let ledger = Ledger::open(&folder, &identity, (arguments.resume, shard), terminal)?;
    let found = match look(&study, arguments.budget, &mut Kept { ledger: &ledger }) {
        Ok(found) => found,
        Err(Halt::Stopped) => return Ok(ledger.stopped()),
        Err(Halt::Refused { message, hint }) => return Err(vec![Diagnostic::error(message).hint(hint)]),
        Err(Halt::Evaluate(errors)) => return Err(errors),
    };
    if !ledger.concludes() {
        terminal.announce("done: the first shard writes the result");
        return Ok(Ended::Done);
    }
    let published = publish(&folder, (&study, asked), &identity.digest, &found)?;
    say(&words(&study, &found, &published))?;
    Ok(if found.failed > 0 { Ended::Partly } else { Ended::Done })
}

/// Runs that are kept in a ledger.
struct Kept<'l, 't> {
    ledger: &'l Ledger<'t>,
}

impl Evaluate for Kept<'_, '_> {
    type Error = Errors;

    fn run(&mut self, step: &str, plan: &SweepPlan) -> Result<Option<Table>, Errors> {
        let blocks: Vec<Block> = plan.blocks();
        let asked = format!("{} {:?}", plan.digest(), plan.parts());
        let cells = blocks.first().map_or(1, |block| block.cells() as usize);
        let of = Step {
            name: step,
            asked: &Digest::of(asked.as_bytes()),
            items: blocks.len(),
            per_piece: 1,
            runs_per_item: cells * plan.lines().len(),
        };
        self.ledger.step(&of, |items, progress| {
            let mut all: Option<Table> = None;
            for item in items {
                let rows = plan.run_block(&blocks[item], progress)?;
                match &mut all {
                    Some(all) => all.append(rows),
                    None => all = Some(rows),
                }
            }
            all
        })
    }
}

/// What is about to be done, in a line.
fn announced(study: &Study, asked: &Asked, forecast: Forecast, limit: Option<u64>) -> String {
    let space = study.space().map_or(0, |space| space.factors().len());
    let factors = match space - study.arms().len() {
        0 => String::new(),
        others => format!(" and {}", counted(others, "factor")),
    };
    let how = match asked.method.key() {
        "subsets" => format!("every mix ({} obey the rules)", grouped(forecast.mixes)),
        _ => format!("{} of {} mixes", counted(asked.generations as usize, "generation"), asked.population),
    };
    let most = limit.map_or(forecast.most, |limit| limit.min(forecast.most));
    format!(
        "{}: {}{factors}, {how}, {} each; at most {} simulations; seed {}",
        study.name(),
        counted(study.arms().len(), "arm"),
        counted(asked.first as usize, "replicate"),
        grouped(most),
        study.baseline().seed()
    )
}

fn dry(study: &Study, asked: &Asked, announced: &str, limit: Option<u64>, forecast: Forecast) -> String {
    let money = match asked.budget {
        Some(budget) => format!("budget: {} {}", study.baseline().currency(), grouped(budget as u64)),
        None => "budget: none".to_owned(),
    };
    let main = study.analysis().outcomes[study.analysis().main];
    let window = &study.windows()[asked.window];
    let rules = match asked.told.is_empty() {
        true => "rules: none".to_owned(),
        false => format!("rules: {}", asked.told.join("; ")),
    };
    let after = match asked.method.key() {
        "subsets" => format!(
            "then: those within the budget race, up to {} replicates, until differences of {} are told apart",
            grouped(u64::from(asked.most)),
            asked.indifference.unwrap_or(f64::NAN)
        ),
        _ => "then: the efficient ones are kept".to_owned(),
    };
    let short = match limit {
        Some(limit) if limit < forecast.least => {
            format!("\n--budget {limit} is too small: it takes {} at least\n", grouped(forecast.least))
        }
        _ => "\n".to_owned(),
    };
    format!(
        "{announced}\nbest: the {} {} ({}), {} to {}\n{money}, over the whole run and beyond the baseline's cost; which mixes fit it is known when costs are\n{rules}\n{after}\nlast: {} and the efficient ones again on {}; then the parts of the best{short}",
        if study.analysis().smallest_is_best { "smallest" } else { "largest" },
        main.key(),
        window.key,
        window.from,
        window.until,
        counted(asked.finalists, "finalist"),
        counted(asked.fresh as usize, "fresh seed"),
    )
}

fn publish(
    folder: &std::path::Path,
    (study, asked): (&Study, &Asked),
    digest: &str,
    found: &Optimisation,
) -> Result<Published, Errors> {
    let told = |error: StorageError| vec![Diagnostic::from(error)];
    let seed = study.baseline().seed();
    let metadata = [
        ("study", study.name().to_owned()),
        ("study_digest", study.digest()),
        (OPTIMISATION_DIGEST, digest.to_owned()),
        ("seed", seed.to_string()),
    ];
    let mut results = Results::create(&folder.join("result"), metadata).map_err(told)?;
    let mut tables = Tables::new();
    for table in found.tables().into_iter().filter(|table| table.rows() > 0) {
        results.table(table).map_err(told)?;
        tables.insert(table.schema.name.clone(), table.clone());
    }
    let context = Context {
        scenario: study.name().to_owned(),
        digest: digest.to_owned(),
        replicates: u64::from(asked.fresh),
        seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Context::default()
    };
    results.charts(charts(study, asked, &tables), &tables, &context).map_err(told)?;
    let main = study.analysis().outcomes[study.analysis().main];
    let about = [
        ("study", json!(study.name())),
        ("title", json!(study.title())),
        ("description", json!(study.description())),
        ("findings", json!(found.findings)),
        ("study_digest", json!(study.digest())),
        (OPTIMISATION_DIGEST, json!(digest)),
        ("seed", json!(seed)),
        ("method", json!(asked.method.key())),
        ("measure", json!(main.key())),
        ("window", json!(study.windows()[asked.window].key)),
        ("budget", json!(asked.budget)),
        ("rules", json!(asked.told)),
        ("mixes", json!(found.simulated)),
        ("runs", json!(found.runs)),
        ("failed", json!(found.failed)),
    ];
    results.publish_anew(about, (OPTIMISATION_DIGEST, digest)).map_err(told)
}

/// The charts that an optimisation is left with.
fn charts(study: &Study, asked: &Asked, tables: &Tables) -> Vec<Request> {
    let confidence = Some(study.analysis().confidence).filter(|level| *level != 0.95);
    let mut requests = Vec::new();
    if tables.contains_key("frontier") {
        let threshold = asked.budget;
        requests.push(Request { threshold, confidence, ..Request::new(Kind::Mixes, "mixes") });
    }
    if tables.contains_key("acceptability") {
        requests.push(Request { confidence, ..Request::new(Kind::Acceptability, "acceptability") });
    }
    requests
}

fn words(study: &Study, found: &Optimisation, published: &Published) -> String {
    format!(
        "{}: {}\n{}, {}\n{}\n{published}\n  mixes.csv, finalists.csv ...  every number and verdict, each table also as .parquet\n  charts/                       figures, captions, numbers drawn\n  manifest.json                 what was looked for, and these findings\n",
        study.name(),
        study.title(),
        format_args!("{} mixes", grouped(found.simulated as u64)),
        counted(found.runs as usize, "simulation"),
        found.findings,
    )
}
