//! `comity sweep`: plans, runs what is missing, and merges.

use super::arguments::{Sweep, Swept};
use super::cost::{self, MOST_RUNS};
use super::folder::{Fault, Folder, failed_rows};
use super::merge::{Merged, merge_folders};
use super::plan_file::PlanFile;
use super::run_words::{announce, described, words};
use super::shard::Shard;
use crate::cli::scenarios::{overrides, read_own_study, start_threads};
use crate::cli::terminal::{Progress, Terminal, counted, grouped};
use crate::cli::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::experiment::{Block, Part, SweepPlan, each};
use comity::scenario::{Override, Study};
use comity::storage::StorageError;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// A study that is a sweep, as it was asked for.
pub struct Asked {
    /// The study.
    pub study: Study,
    /// What the command line changes in it.
    pub overrides: Vec<Override>,
    /// Its file.
    pub path: PathBuf,
    /// Its folder.
    pub folder: Folder,
    /// The plan of the folder, if that was named in place of the study.
    planned: Option<PlanFile>,
}

/// Reads the study of a sweep.
pub fn asked(swept: &Swept, terminal: &Terminal) -> Result<Asked, Errors> {
    let overrides = overrides(&swept.set, swept.replicates.as_deref(), swept.seed.as_deref());
    if swept.study.is_dir() {
        if !overrides.is_empty() || swept.out.is_some() {
            let message = format!("{} is the folder of a sweep, in which nothing can be set", swept.study.display());
            let hint =
                "name the study to change something, and the folder by --out; or take --set, -n, --seed and --out away";
            return Err(vec![Diagnostic::error(message).hint(hint)]);
        }
        let folder = Folder::new(&swept.study);
        let file = folder.read_plan()?;
        let (study, _) = file.plan()?;
        let overrides = file.overrides.iter().map(Override::new).collect();
        return Ok(Asked { overrides, path: swept.study.clone(), folder, study, planned: Some(file) });
    }
    let study = read_own_study(&swept.study, &overrides, terminal)?;
    if study.sweep().is_none() {
        let message = format!("{} varies nothing: it has no [sweep]", swept.study.display());
        let hint = "write [sweep] with a design, and [factor.NAME] for what is varied; comity compare runs it as it is";
        return Err(vec![Diagnostic::error(message).hint(hint)]);
    }
    let out = swept.out.clone().unwrap_or_else(|| PathBuf::from("output").join(study.name()));
    Ok(Asked { overrides, path: swept.study.clone(), folder: Folder::new(&out), study, planned: None })
}

impl Asked {
    /// The plan of the study as it stands.
    pub fn plan(&self) -> Result<SweepPlan, Errors> {
        let wrong =
            |reason: String| vec![Diagnostic::error(format!("{} cannot be swept: {reason}", self.path.display()))];
        let plan = SweepPlan::new(&self.study, Vec::new()).map_err(wrong)?;
        let (arms, points) = (plan.lines().len(), plan.points().rows() as u64);
        let replicates = self.study.baseline().replicates();
        let runs = u128::from(points) * u128::from(replicates) * arms as u128;
        if runs > u128::from(MOST_RUNS) {
            let message = format!(
                "{} points x {} x {} replicates are {} runs, more than {}",
                grouped(points),
                counted(arms, "arm"),
                grouped(u64::from(replicates)),
                grouped(u64::try_from(runs).unwrap_or(u64::MAX)),
                grouped(MOST_RUNS)
            );
            let hint = "take fewer levels, points or replicates; a Latin hypercube or Sobol' points fill many dimensions with few";
            return Err(vec![Diagnostic::error(message).hint(hint)]);
        }
        let part = cost::part(&self.study, arms, (0, points), (0, replicates));
        plan.with_parts(vec![part]).map_err(wrong)
    }

    /// In what it differs from the plan of its folder, in words; from the plan that was named in place of a study only the program can.
    fn differences(&self, file: &PlanFile, fresh: &SweepPlan) -> Vec<String> {
        match &self.planned {
            Some(_) => file.other_program(),
            None => file.differences(&self.path, &self.study, fresh),
        }
    }
}

/// What a sweep came to.
pub enum Came {
    /// Less than a result: it was stopped, or is a shard, or was only looked at; what there is to say has been said.
    ShortOfResult(Ended),
    /// To a result.
    ToResult(Box<SweepPlan>, Merged),
}

/// Sweeps, and says what came of it.
pub fn sweep(arguments: &Sweep, terminal: &Terminal) -> Result<Ended, Errors> {
    if let Some(posterior) = &arguments.over.posterior {
        let keeps = [arguments.dry_run, arguments.resume, arguments.retry_failed, arguments.accept_changes];
        let adds = arguments.shard.is_some() || arguments.add_replicates.is_some() || arguments.add_points.is_some();
        if keeps.contains(&true) || adds {
            let message =
                "a sweep over a posterior is run at once and keeps no folder that could be carried on, added to or cut";
            return Err(vec![Diagnostic::error(message).hint("take --posterior away, or the other option")]);
        }
        start_threads(&arguments.threads)?;
        let swept = &arguments.swept;
        let asked = crate::cli::posterior::Asked {
            posterior,
            draws: arguments.over.draws,
            file: &swept.study,
            set: &swept.set,
            runs: swept.replicates.as_deref(),
            seed: swept.seed.as_deref(),
            out: swept.out.as_ref(),
        };
        return crate::cli::posterior::over(&asked, terminal);
    }
    match swept(arguments, terminal)? {
        Came::ShortOfResult(ended) => Ok(ended),
        Came::ToResult(plan, merged) => {
            say(&words(&plan, &merged))?;
            Ok(if merged.failed > 0 { Ended::Partly } else { Ended::Done })
        }
    }
}

/// Sweeps.
pub fn swept(arguments: &Sweep, terminal: &Terminal) -> Result<Came, Errors> {
    let shard = match &arguments.shard {
        Some(text) => {
            let shard = text.parse::<Shard>();
            Some(shard.map_err(|reason| vec![Diagnostic::error(format!("--shard: {reason}"))])?)
        }
        None => None,
    };
    start_threads(&arguments.threads)?;
    let asked = asked(&arguments.swept, terminal)?;
    let fresh = asked.plan()?;
    if arguments.dry_run {
        let fresh = match &asked.planned {
            Some(file) => file.again(&asked.study)?,
            None => fresh,
        };
        announce(terminal, &asked.study, &fresh, fresh.cells(), None);
        say(&described(&fresh))?;
        return Ok(Came::ShortOfResult(Ended::Done));
    }
    asked.folder.refuse_strangers()?;
    let _lock = asked.folder.lock(shard.is_some())?;
    asked.folder.expects(arguments.expect.as_deref())?;
    let plan = settled(arguments, &asked, fresh, shard)?;
    let blocks: Vec<Block> =
        plan.blocks().into_iter().filter(|block| shard.is_none_or(|shard| shard.holds(block.number))).collect();
    let todo = missing(&asked.folder, &plan, &blocks, arguments.retry_failed, terminal);
    let cells: u64 = todo.iter().map(Block::cells).sum();
    announce(terminal, &asked.study, &plan, cells, shard);
    let done = work(&asked.folder, &plan, todo, terminal)?;
    if done.stopped {
        let hint = "comity sweep STUDY --resume carries on; what is whole is kept";
        terminal.report(&[
            Diagnostic::warning(format!("stopped: {} kept", counted(done.runs as usize, "more run"))).hint(hint)
        ]);
        return Ok(Came::ShortOfResult(Ended::Partly));
    }
    if let Some(shard) = shard {
        let words = format!(
            "shard {shard} of {}: {} in {}{}; when all shards are done: comity merge {}\n",
            plan.name(),
            counted(blocks.len(), "block"),
            asked.folder.path.display(),
            failed_words(done.failed),
            asked.folder.path.display()
        );
        say(&words)?;
        return Ok(Came::ShortOfResult(if done.failed > 0 { Ended::Partly } else { Ended::Done }));
    }
    let merged = merge_folders(std::slice::from_ref(&asked.folder), &asked.study, &plan, None, terminal)?;
    Ok(Came::ToResult(Box::new(plan), merged))
}

fn failed_words(failed: u64) -> String {
    if failed == 0 { String::new() } else { format!(", {} failed", counted(failed as usize, "run")) }
}

/// The plan that is to be worked on: that of the folder, if it has one, else the study's own, which is written down.
fn settled(arguments: &Sweep, asked: &Asked, fresh: SweepPlan, shard: Option<Shard>) -> Result<SweepPlan, Errors> {
    let folder = &asked.folder;
    // Shards that begin together plan one after the other, and all but the first find the plan there.
    let _planning = folder.planning()?;
    let adds = arguments.add_replicates.is_some() || arguments.add_points.is_some();
    let carries_on = arguments.resume || adds || arguments.retry_failed || shard.is_some();
    let shown = folder.path.display();
    if !folder.has_plan() {
        if adds || arguments.retry_failed {
            let message = format!("there is no sweep in {shown} yet that could be added to or mended");
            return Err(vec![Diagnostic::error(message).hint("run it first, or name its folder by --out")]);
        }
        return write(asked, fresh);
    }
    let file = folder.read_plan()?;
    let differing = asked.differences(&file, &fresh);
    if !carries_on {
        let done = fresh.blocks();
        let (hint, what) = match differing.is_empty() {
            true => (
                "--resume carries on with what is missing, --add-replicates adds to it, --out begins another",
                "this sweep",
            ),
            false => ("choose another folder by --out, or remove this one", "another sweep"),
        };
        let there = done.iter().filter(|block| folder.block_path(block).exists()).count();
        let message = format!("{shown} holds {what} already, {there} of {} blocks done", done.len());
        return Err(vec![Diagnostic::error(message).hint(hint)]);
    }
    if !differing.is_empty() {
        if !arguments.accept_changes {
            let message = format!("this is not the sweep that {shown} was begun with: {}", differing.join("; "));
            let hint = "undo the change, choose another folder by --out, or carry on with --accept-changes: what no longer belongs \
                        to it is made anew";
            return Err(vec![Diagnostic::error(message).hint(hint)]);
        }
        // If only the program is another, what was added stays added.
        let plan = if differing == file.other_program() { file.again(&asked.study)? } else { fresh };
        return extended(arguments, asked, plan);
    }
    let plan = file.again(&asked.study)?;
    if adds {
        return extended(arguments, asked, plan);
    }
    kept_up(asked, &file, plan)
}

/// The plan of a folder that is carried on. Words that are nobody's number may have changed: the folder tells of the study as it is.
fn kept_up(asked: &Asked, file: &PlanFile, plan: SweepPlan) -> Result<SweepPlan, Errors> {
    if asked.planned.is_none() && !file.reads(&asked.path, &asked.overrides) { write(asked, plan) } else { Ok(plan) }
}

/// The plan that is to be submitted: that of the folder, if it may be carried on, else the study's own, which is written down.
pub fn begun(asked: &Asked, resume: bool) -> Result<SweepPlan, Errors> {
    let fresh = asked.plan()?;
    let _planning = asked.folder.planning()?;
    if !asked.folder.has_plan() {
        return write(asked, fresh);
    }
    let file = asked.folder.read_plan()?;
    let differing = asked.differences(&file, &fresh);
    if !differing.is_empty() {
        let shown = asked.folder.path.display();
        let message = format!("this is not the sweep that {shown} was begun with: {}", differing.join("; "));
        return Err(vec![Diagnostic::error(message).hint("undo the change, or choose another folder by --out")]);
    }
    if !resume && asked.planned.is_none() {
        let message = format!("{} holds this sweep already", asked.folder.path.display());
        return Err(vec![
            Diagnostic::error(message).hint("--resume submits what is missing of it; --out begins another"),
        ]);
    }
    kept_up(asked, &file, file.again(&asked.study)?)
}

fn unplanned(reason: String) -> Errors {
    vec![Diagnostic::error(reason)]
}

fn write(asked: &Asked, plan: SweepPlan) -> Result<SweepPlan, Errors> {
    let file = match &asked.planned {
        Some(planned) => planned.grown(&plan),
        None => PlanFile::new(&asked.path, &asked.overrides, &asked.study, &plan)?,
    };
    asked.folder.write_plan(&file, &plan).map_err(refused)?;
    Ok(plan)
}

fn refused(error: StorageError) -> Errors {
    vec![Diagnostic::from(error)]
}

/// The plan with what is to be added, written down.
fn extended(arguments: &Sweep, asked: &Asked, plan: SweepPlan) -> Result<SweepPlan, Errors> {
    let arms = plan.lines().len();
    let mut parts: Vec<Part> = plan.parts().to_vec();
    let replicates = parts.iter().map(|part| part.first_replicate + part.replicates).max().unwrap_or(0);
    let points = plan.points().rows() as u64;
    let mut sweep = plan.sweep().clone();
    if let Some(more) = arguments.add_replicates {
        parts.push(cost::part(&asked.study, arms, (0, points), (replicates, more)));
    }
    if let Some(more) = arguments.add_points {
        sweep = sweep
            .extended(more)
            .map_err(|reason| vec![Diagnostic::error(format!("points cannot be added: {reason}"))])?;
        let all = sweep.points().map_err(unplanned)?.rows() as u64;
        if all <= points {
            let message =
                "no points can be added: those that a larger design has repeat the ones that are there".to_owned();
            return Err(vec![Diagnostic::error(message).hint("vary something with more values")]);
        }
        parts.push(cost::part(&asked.study, arms, (points, all - points), (0, replicates)));
    }
    let grown = SweepPlan::of_sweep(&asked.study, sweep, parts).map_err(unplanned)?;
    if grown.points().values().get(..plan.points().values().len()) != Some(plan.points().values()) {
        return Err(unplanned(
            "a larger design has other points than the ones that were run: sweep anew into another folder".to_owned(),
        ));
    }
    if grown.runs() > MOST_RUNS {
        return Err(unplanned(format!(
            "that would be {} runs, more than {}",
            grouped(grown.runs()),
            grouped(MOST_RUNS)
        )));
    }
    write(asked, grown)
}

/// The blocks that are not there, or not as they should be; and those with failed runs, if they are to be run again.
fn missing(folder: &Folder, plan: &SweepPlan, blocks: &[Block], retry: bool, terminal: &Terminal) -> Vec<Block> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
    let found: Vec<(Block, Option<Fault>)> = blocks
        .par_iter()
        .map(|block| {
            let fault = match folder.read_block(plan, block) {
                Ok(rows) if retry && !failed_rows(&rows).is_empty() => Some(Fault::Missing),
                Ok(_) => None,
                Err(fault) => Some(fault),
            };
            (*block, fault)
        })
        .collect();
    for (block, fault) in &found {
        if let Some(Fault::Bad(reason)) = fault {
            let message = format!("{} is made anew: {reason}", folder.block_path(block).display());
            terminal.report(&[Diagnostic::warning(message)]);
        }
    }
    found.into_iter().filter(|(_, fault)| fault.is_some()).map(|(block, _)| block).collect()
}

/// What came of some blocks.
struct Done {
    runs: u64,
    failed: u64,
    stopped: bool,
}

/// Works out blocks on all threads, each written when it is whole.
fn work(folder: &Folder, plan: &SweepPlan, todo: Vec<Block>, terminal: &Terminal) -> Result<Done, Errors> {
    let arms = plan.lines().len() as u64;
    let progress: Progress = terminal.progress(todo.iter().map(Block::cells).sum::<u64>() * arms, "sweeping");
    let (runs, failed, cut) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    // What a failing run has to say is kept in its row.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let ended = each(todo, |block| {
        // A block that is begun after a stop ends at its first cell.
        let Some(rows) = plan.run_block(&block, &progress) else {
            cut.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        };
        failed.fetch_add(failed_rows(&rows).len() as u64, Ordering::Relaxed);
        runs.fetch_add(rows.rows() as u64, Ordering::Relaxed);
        folder.write_block(plan, &block, &rows)
    });
    std::panic::set_hook(hook);
    progress.finish();
    ended.map_err(|error| {
        let told = Diagnostic::from(error);
        let hint = told.hint.clone().unwrap_or_default();
        let more = "then carry on with --resume: what is whole is kept";
        vec![told.hint(if hint.is_empty() { more.to_owned() } else { format!("{hint}; {more}") })]
    })?;
    Ok(Done { runs: runs.into_inner(), failed: failed.into_inner(), stopped: cut.into_inner() > 0 })
}
