//! The command line as declared; help, completions and errors follow from it.

use super::picture::Picture;
use super::sweep::arguments::{Merge, Sensitivity, Status, Submit, Sweep, Verify};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Simulates cooperation habits in a security community.
///
/// A scenario is a TOML file; `comity run` simulates it and leaves tables, charts and a manifest in `output/<scenario>/`.
#[derive(Debug, Parser)]
#[command(name = "comity", version, max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say only what is wrong: no progress, no announcements.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// What comity does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate a scenario and leave tables, charts and a manifest.
    Run(Run),
    /// Compare arms with a baseline, every draw shared: differences with intervals, ranking, synergy.
    Compare(Compare),
    /// Hold a scenario against the patterns of the evidence, and print every one.
    Validate(Validate),
    /// Print a table of a result as an article has it: Markdown, LaTeX, HTML, Typst, CSV.
    Table(Table),
    /// Vary parameters: every point of a design, each with all arms as twin worlds, in blocks that survive interruption.
    Sweep(Box<Sweep>),
    /// Say which assumptions matter, from the runs of a sweep: screening, shares of variance, scenario discovery.
    Sensitivity(Box<Sensitivity>),
    /// Fit a study's factors to recorded figures: posterior, predictive checks, what the data do not say, rival models.
    Calibrate(Box<Calibrate>),
    /// Find the best mix of arms under a budget: every mix or a search, and the finalists again on fresh seeds.
    Optimise(Box<super::optimise::Optimise>),
    /// Make one result of the blocks of a sweep, from one folder or from several.
    Merge(Merge),
    /// Run some runs of a sweep again and compare them with what was kept; or rebuild a single run.
    Verify(Verify),
    /// Hand a sweep to a cluster: a job array of shards, and a job that merges them.
    Submit(Submit),
    /// Say how far a sweep is.
    Status(Status),
    /// Say why: one case, one practitioner, or how a difference spreads between two scenarios.
    Explain(Explain),
    /// Draw the figures of a result again, to a journal's format or your own, without simulating.
    Figure(Box<Figure>),
    /// Write a result as one page of HTML: question, findings, figures, tables, limits, methods.
    Report(Report),
    /// Check scenarios and studies and report every error at once, without simulating.
    Check(Check),
    /// Print the order of a tick, the parameters in force with their sources, and what differs from what it extends.
    Describe(Describe),
    /// Write a commented starter scenario.
    New(New),
    /// Print the JSON Schema of scenarios or studies, for editors that complete and validate.
    Schema(Schema),
    /// Print completions for a shell.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
}

/// How many threads work.
#[derive(Debug, Clone, Args)]
pub struct Threads {
    /// How many threads; the results are the same for any number. Default: all cores.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// Which scenario, and what to change in it.
#[derive(Debug, Args)]
pub struct Chosen {
    /// The scenario file.
    pub scenario: PathBuf,
    /// Change a value: `--set habit.half_life="6 months"`, `--set state.THA.priority=0.8`. Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// How many replicates, instead of the scenario's number.
    #[arg(long, short = 'n', value_name = "N", allow_negative_numbers = true)]
    pub replicates: Option<String>,
    /// Master seed, instead of the scenario's.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
}

/// Over the draws of a calibration.
#[derive(Debug, Args)]
pub struct OverPosterior {
    /// Over the draws of a posterior instead of at one value of each parameter: a table, or the folder of `comity calibrate`. Then -n says
    /// how many runs each draw has (default 2), and what is not known of parameters is told apart from chance.
    #[arg(long, value_name = "FILE")]
    pub posterior: Option<PathBuf>,
    /// How many draws of it, by their weights.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=100_000), requires = "posterior")]
    pub draws: u32,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Scenario and changes.
    #[command(flatten)]
    pub chosen: Chosen,
    /// Where the results go, instead of `output/<scenario>`.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Skip what needs runs of its own: the probes behind D10 and D11, and the patterns beyond the window.
    #[arg(long, conflicts_with = "posterior")]
    pub plain: bool,
    /// Over the draws of a calibration.
    #[command(flatten)]
    pub over: OverPosterior,
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// A study; or a baseline and further scenarios, each of them an arm.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Change a value, in the baseline and so in every arm (`gate.approval=0.3`) or in the study (`analysis.confidence=0.9`). Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// How many replicates, instead of the baseline's number.
    #[arg(long, short = 'n', value_name = "N", allow_negative_numbers = true)]
    pub replicates: Option<String>,
    /// Master seed, instead of the baseline's.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
    /// Add replicates until every contrast of the main outcome is known to so much, or the ranking is settled.
    #[arg(long, value_name = "X", allow_negative_numbers = true, conflicts_with = "posterior")]
    pub until_half_width: Option<String>,
    /// Where the results go, instead of `output/<study>`.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Also keep every value of every replicate, in the table `replicates`.
    #[arg(long, conflicts_with = "posterior")]
    pub keep_replicates: bool,
    /// Print the effects as Markdown tables.
    #[arg(long, conflicts_with = "posterior")]
    pub markdown: bool,
    /// Over the draws of a calibration.
    #[command(flatten)]
    pub over: OverPosterior,
}

/// Arguments of `calibrate`.
#[derive(Debug, Args)]
pub struct Calibrate {
    /// The study: TOML with a `baseline`, `[calibrate]`, targets and factors; its arms are rival models.
    pub study: PathBuf,
    /// Change a value, in the baseline (`gate.approval=0.3`) or in the study (`calibrate.particles=500`). Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Master seed, instead of the baseline's.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// At most so many simulations of each model, those of its prior included: `calibrate.simulations`.
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u64).range(1..))]
    pub budget: Option<u64>,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
    /// Where it is kept, instead of `output/<study>`.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Carry on a calibration that was interrupted; what is whole is kept. Begins it where there is none.
    #[arg(long)]
    pub resume: bool,
    /// Work with others in the same folder, as the I-th of N, or `auto` for what the scheduler says.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Only the study's own model, not its rivals.
    #[arg(long)]
    pub no_rivals: bool,
    /// Check only patterns of the window: not those that need runs on to 2025, more practitioners or probes.
    #[arg(long)]
    pub within: bool,
    /// Say what it would do; do nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// Scenario and changes.
    #[command(flatten)]
    pub chosen: Chosen,
    /// Print a Markdown table.
    #[arg(long)]
    pub markdown: bool,
    /// Test the qualitative predictions Q1 to Q18 instead, each an experiment on twin worlds.
    #[arg(long)]
    pub predictions: bool,
    /// Also leave the table, and its chart, in this folder.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

/// Arguments of `table`.
#[derive(Debug, Args)]
pub struct Table {
    /// A folder that `run`, `compare` or `validate --out` left.
    pub result: PathBuf,
    /// What it is about: effects, ranking, packages, summary, depth, interventions, validation, predictions or parameters; default: what the result mainly holds.
    #[arg(long, short, value_name = "KIND")]
    pub kind: Option<String>,
    /// In which form; default: as the ending of the file says (.tex, .html, .typ, .csv), else Markdown.
    #[arg(long, short, value_enum)]
    pub format: Option<TableForm>,
    /// Only this measure; `all` for every one. Default: of effects and packages the main outcome, of all else everything.
    #[arg(long, value_name = "KEY")]
    pub measure: Option<String>,
    /// Only this window.
    #[arg(long, value_name = "KEY")]
    pub window: Option<String>,
    /// Only these arms, packages or interventions: `--arm exchange,handbook`. Can be repeated.
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    pub arm: Vec<String>,
    /// The caption.
    #[arg(long, value_name = "WORDS")]
    pub title: Option<String>,
    /// The label by which LaTeX and Typst refer to it, instead of `tab:KIND`.
    #[arg(long, value_name = "LABEL")]
    pub label_id: Option<String>,
    /// Write it into this file, which must not exist yet, instead of printing it.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// In which form a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TableForm {
    /// GitHub's pipe tables.
    Markdown,
    /// LaTeX with booktabs.
    Latex,
    /// The rows chosen, every number in full.
    Csv,
    /// A fragment of HTML.
    Html,
    /// Typst.
    Typst,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A scenario, for one case or one practitioner; two of them (baseline, arm), or a study and --arm, for how a difference spreads.
    #[arg(required = true, num_args = 1..=2, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// The arm, or package, of a study: how it comes to differ from the study's baseline.
    #[arg(long, value_name = "KEY")]
    pub arm: Option<String>,
    /// Change a value in every scenario named. Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Master seed, instead of the scenario's.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
    /// Which run; they are numbered from 0.
    #[arg(long, value_name = "R", default_value_t = 0)]
    pub replicate: u32,
    /// The case of this number, in order of arrival in the recorded window.
    #[arg(long, value_name = "N", conflicts_with_all = ["random", "ending", "practitioner"])]
    pub case: Option<u32>,
    /// So many cases at random; the same ones each time.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), conflicts_with = "practitioner")]
    pub random: Option<u32>,
    /// Only cases that ended so; alone, the first of them.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(comity::quantity::Ending::KEYS), conflicts_with = "practitioner")]
    pub ending: Option<String>,
    /// One practitioner's desk over time: state, unit and place, as in THA.police.3.
    #[arg(long, value_name = "STATE.UNIT.PLACE")]
    pub practitioner: Option<String>,
    /// Two scenarios: mean shares over the first N replicates.
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "replicate")]
    pub replicates: Option<u32>,
    /// In which form.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub format: Form,
    /// Two scenarios: also leave the tables `spread` and `carriers` in this folder.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

/// In which form something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Sentences.
    Text,
    /// JSON, every number in full.
    Json,
}

/// Arguments of `figure`.
#[derive(Debug, Args)]
pub struct Figure {
    /// A folder that `run`, `compare`, `validate --out` or `explain --out` left.
    #[arg(required_unless_present = "journals")]
    pub result: Option<PathBuf>,
    /// Say what can be drawn from this result, and draw nothing.
    #[arg(long)]
    pub list: bool,
    /// Say what each journal's preset holds and where that is known from.
    #[arg(long)]
    pub journals: bool,
    /// Only figures of this kind. Can be repeated. Without it, and without --name, all that the result was left with.
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(comity::figure::Kind::KEYS))]
    pub kind: Vec<String>,
    /// Only the figure of this name. Can be repeated.
    #[arg(long, value_name = "NAME")]
    pub name: Vec<String>,
    /// What the figures are of.
    #[command(flatten)]
    pub of: FigureOf,
    /// What they look like.
    #[command(flatten)]
    pub look: FigureLook,
    /// Which words they use.
    #[command(flatten)]
    pub words: FigureWords,
    /// Where they go, instead of `RESULT-figures`. Files of the same name there are replaced.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

/// What figures are of.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is shown")]
pub struct FigureOf {
    /// Key of the measure, as in the table `effects`.
    #[arg(long, value_name = "KEY")]
    pub measure: Option<String>,
    /// Key of the window of time.
    #[arg(long, value_name = "KEY")]
    pub window: Option<String>,
    /// Key of the arm, for figures of one arm.
    #[arg(long, value_name = "KEY")]
    pub arm: Option<String>,
    /// Which quantity of a sensitivity analysis: of the baseline, of an arm (with --arm), of one arm over another (with --against too), or
    /// how far runs lie apart.
    #[arg(long, value_parser = ["level", "effect", "lead", "spread"])]
    pub quantity: Option<String>,
    /// Key of the arm that the lead of the other is over.
    #[arg(long, value_name = "KEY")]
    pub against: Option<String>,
    /// Key of the state, instead of the whole region.
    #[arg(long, value_name = "KEY")]
    pub state: Option<String>,
    /// Keys of the factors of a sweep: one, two (to the right, upwards) or many, as the figure takes.
    #[arg(long, value_name = "KEY,KEY", value_delimiter = ',')]
    pub factor: Vec<String>,
    /// A value of the measure that matters (of a difference, in figures of differences), in its unit, to be marked.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub threshold: Option<f64>,
    /// Only these arms (states, barriers, patterns: whatever the figure lists), by their keys.
    #[arg(long, value_name = "KEY,KEY", value_delimiter = ',')]
    pub select: Vec<String>,
    /// These first and in this order, instead of the figure's own.
    #[arg(long, value_name = "KEY,KEY", value_delimiter = ',')]
    pub order: Vec<String>,
}

/// What figures look like.
#[derive(Debug, Args)]
#[command(next_help_heading = "Size and look")]
pub struct FigureLook {
    /// Widths, text size, lines, resolution and formats that a publisher asks for.
    #[arg(long, value_parser = journals())]
    pub journal: Option<String>,
    /// As wide as one column, one and a half, or two; each figure has its own choice.
    #[arg(long, value_enum, conflicts_with = "width")]
    pub column: Option<Column>,
    /// Width in millimetres.
    #[arg(long, value_name = "MM")]
    pub width: Option<f64>,
    /// Height in millimetres; each figure has its own choice.
    #[arg(long, value_name = "MM")]
    pub height: Option<f64>,
    /// Text size in points.
    #[arg(long, value_name = "PT")]
    pub text: Option<f64>,
    /// In which formats.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMAT,FORMAT")]
    pub format: Vec<Picture>,
    /// Resolution of PNG and TIFF in dots per inch.
    #[arg(long, value_name = "N")]
    pub dpi: Option<u32>,
    /// For which ground and eyes.
    #[arg(long, value_parser = themes(), default_value = "print")]
    pub theme: String,
}

/// Which words figures use.
#[derive(Debug, Args)]
#[command(next_help_heading = "Words")]
pub struct FigureWords {
    /// Title of the figure, in its caption and in what the file says of itself.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Other words for a key or for words of the figure: `--label exchange="Exchange visits"`. Can be repeated.
    #[arg(long, value_name = "KEY=TEXT")]
    pub label: Vec<String>,
    /// A TOML file of words and what stands for them: `"Cooperation rate" = "Kooperationsrate"`.
    #[arg(long, value_name = "FILE")]
    pub language: Option<PathBuf>,
    /// Print the words that these figures use, as such a file to be filled in, and draw nothing.
    #[arg(long)]
    pub print_words: bool,
}

/// How many columns of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Column {
    /// One.
    Single,
    /// One and a half.
    Onehalf,
    /// Two, or the whole page.
    Double,
}

fn journals() -> clap::builder::PossibleValuesParser {
    comity::figure::JOURNALS
        .iter()
        .map(|journal| clap::builder::PossibleValue::new(journal.key).help(journal.name))
        .into()
}

fn themes() -> clap::builder::PossibleValuesParser {
    comity::figure::Theme::ALL.map(comity::figure::Theme::key).into()
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// A folder that `run`, `compare` or `validate --out` left.
    pub result: PathBuf,
    /// The file to write, instead of `RESULT-report.html`. One of that name is replaced.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The scenario and study files.
    #[arg(required = true)]
    pub scenarios: Vec<PathBuf>,
    /// Change a value in each of them before it is checked. Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
}

/// Arguments of `describe`.
#[derive(Debug, Args)]
pub struct Describe {
    /// The scenario file.
    pub scenario: PathBuf,
    /// Change a value before it is described. Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Also print the numbers of every state, corridor and pair.
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct New {
    /// Name of the scenario; the file is NAME.toml.
    pub name: String,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// The schema of studies.
    #[arg(long)]
    pub study: bool,
}
