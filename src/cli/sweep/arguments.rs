//! The command line of sweeps as declared.

use crate::cli::arguments::{OverPosterior, Threads};
use clap::Args;
use std::path::PathBuf;

/// A sweep, and what to change in it.
#[derive(Debug, Clone, Args)]
pub struct Swept {
    /// The study: TOML with a `baseline`, a `[sweep]` and its factors.
    pub study: PathBuf,
    /// Change a value, in the baseline and so at every point (`gate.approval=0.3`) or in the study (`sweep.points=256`). Can be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// How many replicates at every point, instead of the baseline's number.
    #[arg(long, short = 'n', value_name = "N", allow_negative_numbers = true)]
    pub replicates: Option<String>,
    /// Master seed, instead of the baseline's.
    #[arg(long, value_name = "SEED", allow_negative_numbers = true)]
    pub seed: Option<String>,
    /// The folder of the sweep, instead of `output/<study>`.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

/// Arguments of `sweep`.
#[derive(Debug, Args)]
pub struct Sweep {
    /// Which sweep.
    #[command(flatten)]
    pub swept: Swept,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
    /// Say what it would do and cost, and how good its design is; do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Carry on a sweep that was interrupted; what is whole is kept. Begins it where there is none.
    #[arg(long)]
    pub resume: bool,
    /// Only this part of it, as in 3/16, or `auto` for what the scheduler says. Folders of shards are merged by `comity merge`.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Add so many replicates at every point of a sweep that is there.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = ["dry_run", "shard"])]
    pub add_replicates: Option<u32>,
    /// Add points to the design of a sweep that is there: so many, base points or trajectories at least (sobol, saltelli, morris).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with_all = ["dry_run", "shard", "add_replicates"])]
    pub add_points: Option<u64>,
    /// Run again what failed.
    #[arg(long, conflicts_with = "dry_run")]
    pub retry_failed: bool,
    /// Carry on although the study or the program has changed: blocks that no longer belong to it are made anew.
    #[arg(long)]
    pub accept_changes: bool,
    /// For the tasks of `comity submit`: refuse when the folder's plan has another digest.
    #[arg(long, value_name = "DIGEST", hide = true)]
    pub expect: Option<String>,
    /// Over the draws of a calibration: every point with every draw, in memory; no folder of blocks is kept.
    #[command(flatten)]
    pub over: OverPosterior,
}

impl Sweep {
    /// The whole of a sweep: what is missing of it is run.
    pub fn whole(swept: Swept, threads: Threads) -> Self {
        Self {
            swept,
            threads,
            dry_run: false,
            resume: true,
            shard: None,
            add_replicates: None,
            add_points: None,
            retry_failed: false,
            accept_changes: false,
            expect: None,
            over: OverPosterior { posterior: None, draws: 100 },
        }
    }
}

/// Arguments of `sensitivity`.
#[derive(Debug, Args)]
pub struct Sensitivity {
    /// Which sweep: a study, of which what is missing is run first; or the folder of a sweep that is there.
    #[command(flatten)]
    pub swept: Swept,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
    /// At most so many runs: the design is made as large as they allow.
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u64).range(1..))]
    pub budget: Option<u64>,
    /// How many resamples, and dummies, intervals and thresholds are made of.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = resamples)]
    pub resamples: usize,
    /// Look for the corner of assumptions in which the outcome is at most this.
    #[arg(long, value_name = "X", allow_negative_numbers = true, conflicts_with = "above")]
    pub below: Option<f64>,
    /// The same for at least this.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub above: Option<f64>,
    /// With --below or --above: of which outcome, instead of the main one.
    #[arg(long, value_name = "KEY")]
    pub measure: Option<String>,
    /// With --below or --above: of the effect of this arm, instead of the level of the baseline.
    #[arg(long, value_name = "KEY")]
    pub arm: Option<String>,
}

/// A number of resamples.
fn resamples(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 100..=100_000) => Ok(count),
        _ => Err("it is a whole number from 100 to 100000".to_owned()),
    }
}

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct Merge {
    /// Folders of one sweep: each has some of its blocks, all together have every one.
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Where the result goes, instead of `result` in the first folder.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Wait so many seconds for blocks that seem to be missing: network file systems show them late.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub settle: u64,
    /// For the collecting job of `comity submit`: if blocks are missing, submit this round of it for them.
    #[arg(long, value_name = "ROUND", hide = true)]
    pub round: Option<u32>,
    /// For the collecting job of `comity submit`: refuse when the plan has another digest.
    #[arg(long, value_name = "DIGEST", hide = true)]
    pub expect: Option<String>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The folder of a sweep.
    pub folder: PathBuf,
    /// How many runs to run again, at random; the same ones each time.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub sample: u64,
    /// Which luck chooses them.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub sample_seed: u64,
    /// Instead, rebuild this one run, and print it.
    #[arg(long, value_name = "RUN_ID", conflicts_with_all = ["sample", "sample_seed"])]
    pub run: Option<i64>,
    /// With --run: write its scenario into this file, which must not exist yet.
    #[arg(long, value_name = "FILE", requires = "run")]
    pub scenario: Option<PathBuf>,
    /// Threads.
    #[command(flatten)]
    pub threads: Threads,
}

/// Arguments of `submit`.
#[derive(Debug, Args)]
pub struct Submit {
    /// Which sweep.
    #[command(flatten)]
    pub swept: Swept,
    /// What schedules the jobs.
    #[arg(long, value_enum, default_value_t = Engine::Slurm)]
    pub engine: Engine,
    /// How many tasks the job array has; default: tasks of about half an hour.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub shards: Option<u32>,
    /// Processors of a task, and threads in it.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub cpus: u16,
    /// How often tasks that left blocks missing are submitted again.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub rounds: u32,
    /// The collecting job waits so many seconds before it calls a block missing: network file systems show them late.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub settle: u32,
    /// The program on the cluster's nodes, if it is elsewhere than here.
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Write the plan and the scripts and print them; submit nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Carry on a sweep that is there.
    #[arg(long)]
    pub resume: bool,
    /// What follows `--` is handed to sbatch as it is: `-- --partition=long --time=2:00:00`.
    #[arg(last = true, value_name = "SBATCH OPTIONS")]
    pub scheduler: Vec<String>,
}

/// What schedules jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// Slurm's sbatch.
    Slurm,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The folder of a sweep.
    pub folder: PathBuf,
    /// Also read every block, to find damaged ones and failed runs.
    #[arg(long)]
    pub thorough: bool,
}
