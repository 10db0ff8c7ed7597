//! `comity submit`: a sweep as a job array of shards, and a job that merges them.

use super::arguments::{Engine, Submit};
use super::cost;
use super::folder::Folder;
use super::merge::faults;
use super::queue::Queue;
use super::run::{asked, begun};
use super::slurm::{Submission, refuse_settled};
use super::slurm_script::{by_hand, unfit};
use crate::cli::terminal::{Terminal, counted};
use crate::cli::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::experiment::Block;
use std::path::{Path, PathBuf};

/// Seconds that a task should take.
const TASK_SECONDS: f64 = 1800.0;
/// Seconds below which tasks are too short for some sites.
const SHORT_SECONDS: f64 = 300.0;
/// Most tasks of an array where nobody has raised it.
const MOST_TASKS: f64 = 1000.0;

/// Submits.
pub fn submit(arguments: &Submit, terminal: &Terminal) -> Result<Ended, Errors> {
    let Engine::Slurm = arguments.engine;
    refuse_settled(&arguments.scheduler)?;
    let program = program(arguments)?;
    let asked = asked(&arguments.swept, terminal)?;
    for path in [&absolute(&asked.folder.path)?, &program] {
        if let Some(why) = unfit(path) {
            let message = format!("{} cannot be named to Slurm: {why}", path.display());
            return Err(vec![Diagnostic::error(message).hint("choose another name")]);
        }
    }
    asked.folder.refuse_strangers()?;
    let lock = asked.folder.lock(false)?;
    let plan = begun(&asked, arguments.resume)?;
    drop(lock);
    let folder = Folder::new(&absolute(&asked.folder.path)?);
    let missing = faults(std::slice::from_ref(&folder), &plan);
    if missing.is_empty() {
        let message = format!("nothing of {} is missing: all blocks are in {}", plan.name(), folder.path.display());
        let hint = format!("comity merge {} makes one result of them", folder.path.display());
        return Err(vec![Diagnostic::error(message).hint(hint)]);
    }
    if let Some(earlier) = Submission::read(&folder).filter(|earlier| !earlier.jobs.is_empty() && !arguments.dry_run)
        && Queue::of(&earlier, true).is_busy()
    {
        let message =
            format!("jobs of an earlier submission seem to be in the queue still: {}", earlier.jobs.join(", "));
        let hint = "if they are, the same blocks are worked out twice, which does no harm but costs time: squeue says what they are";
        terminal.report(&[Diagnostic::warning(message).hint(hint)]);
    }
    let seconds =
        cost::rough_seconds(&asked.study, plan.lines().len()) * plan.cells() as f64 / f64::from(arguments.cpus);
    let blocks = plan.blocks().len();
    let shards = arguments.shards.unwrap_or_else(|| (seconds / TASK_SECONDS).ceil().clamp(1.0, MOST_TASKS) as u32);
    let shards = shards.min(u32::try_from(blocks).unwrap_or(u32::MAX));
    let left: u64 = missing.iter().map(|(block, _)| block.cells()).sum();
    let tasks = shards_of(missing.iter().map(|(block, _)| block.number), shards);
    let mut submission = Submission {
        study: plan.name().to_owned(),
        digest: plan.digest().to_owned(),
        program,
        shards,
        cpus: arguments.cpus,
        rounds: arguments.rounds,
        settle: arguments.settle,
        options: arguments.scheduler.clone(),
        round: 1,
        jobs: Vec::new(),
    };
    let each = seconds * left as f64 / plan.cells().max(1) as f64 / tasks.len().max(1) as f64;
    let mut words = format!(
        "{}: {} in {} of {}, {} each\n",
        plan.name(),
        counted(left as usize * plan.lines().len(), "run"),
        counted(tasks.len(), "task"),
        counted(usize::from(arguments.cpus), "CPU"),
        cost::duration(each)
    );
    if each < SHORT_SECONDS && tasks.len() > 1 {
        let message = format!(
            "tasks of {} are short: some sites ban users for many jobs of less than two minutes",
            cost::duration(each)
        );
        terminal.report(&[Diagnostic::warning(message).hint("take fewer shards, or run it here: comity sweep")]);
    }
    if arguments.dry_run {
        let scripts = submission.prepare(&folder, &tasks, 1)?;
        for (path, text) in &scripts {
            words += &format!("\n# {}\n{text}", path.display());
        }
        let [(array, _), (collect, _)] = &scripts;
        words += &format!("\nNothing was submitted. By hand:\n{}", by_hand(&submission, [array, collect]));
    } else {
        submission.submit(&folder, &tasks, 1)?;
        words += &format!(
            "jobs {}: comity status {} says how far they are\n",
            submission.jobs.join(" and "),
            folder.path.display()
        );
    }
    say(&words)?;
    Ok(Ended::Done)
}

/// The program as the nodes are to start it: by its whole path, unless it is a bare name that they look up.
fn program(arguments: &Submit) -> Result<PathBuf, Errors> {
    let Some(program) = &arguments.program else {
        return std::env::current_exe().map_err(|error| {
            let message = format!("where this program is cannot be found out: {error}");
            vec![Diagnostic::error(message).hint("name it: --program FILE")]
        });
    };
    if program.is_absolute() || program.components().count() == 1 && !program.exists() {
        return Ok(program.clone());
    }
    absolute(program)
}

/// The shards, of so many, that blocks of those numbers belong to, in order.
fn shards_of(blocks: impl Iterator<Item = u64>, count: u32) -> Vec<u32> {
    let count = u64::from(count.max(1));
    let mut shards: Vec<u32> = blocks.map(|number| (number % count) as u32).collect();
    shards.sort_unstable();
    shards.dedup();
    shards
}

/// Another round for the shards of some missing blocks, if there may be one; what is missing, in words, is in `errors`.
///
/// # Errors
/// Those, when there may be none or it cannot be submitted.
pub fn again(
    folder: &Folder,
    missing: &[(Block, String)],
    round: u32,
    mut errors: Errors,
    terminal: &Terminal,
) -> Result<Ended, Errors> {
    let shown = folder.path.display();
    let Some(mut submission) = Submission::read(folder) else {
        let message = format!("no further round can be submitted: how {shown} was submitted is not to be found in it");
        errors.push(Diagnostic::error(message).hint(format!("comity submit {shown} submits what is missing")));
        return Err(errors);
    };
    // A collecting job that is begun again has submitted its round already, unless Slurm has forgotten that.
    if submission.round > round && Queue::of(&submission, true).is_busy() {
        let jobs = submission.jobs.join(" and ");
        say(&format!("{} missing: jobs {jobs} are on their way for them\n", counted(missing.len(), "block")))?;
        return Ok(Ended::Done);
    }
    if round > submission.rounds {
        let message = format!("after {} there are still blocks missing", counted(round as usize, "round"));
        let hint = format!("the logs in {shown}/slurm say why; comity submit {shown} submits what is missing anew");
        errors.push(Diagnostic::error(message).hint(hint));
        return Err(errors);
    }
    for (_, reason) in missing.iter().take(5) {
        terminal.announce(reason);
    }
    let tasks = shards_of(missing.iter().map(|(block, _)| block.number), submission.shards);
    if let Err(more) = submission.submit(folder, &tasks, round + 1) {
        errors.extend(more);
        return Err(errors);
    }
    say(&format!(
        "{} missing: round {} of {} submitted for them, jobs {}\n",
        counted(missing.len(), "block"),
        round + 1,
        submission.rounds + 1,
        submission.jobs.join(" and ")
    ))?;
    Ok(Ended::Done)
}

/// The same path from the root of the file system, links left as they are: other machines may mount it elsewhere.
fn absolute(path: &Path) -> Result<PathBuf, Errors> {
    std::path::absolute(path)
        .map_err(|error| vec![Diagnostic::error(format!("{} cannot be used: {error}", path.display()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shards_with_something_missing_are_submitted() {
        assert_eq!(shards_of([1, 9, 17, 2].into_iter(), 8), [1, 2]);
        assert_eq!(shards_of([0, 19].into_iter(), 1), [0]);
        assert_eq!(shards_of([].into_iter(), 4), Vec::<u32>::new());
    }
}
