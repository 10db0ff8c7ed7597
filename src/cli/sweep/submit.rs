//! `comity submit`: a sweep as a job array of shards, and a job that merges them.

use super::cost;
use super::folder::Folder;
use super::merge::faults;
use super::run::{asked, begun};
use super::slurm::Submission;
use crate::cli::arguments::{Engine, Submit};
use crate::cli::terminal::{Terminal, counted};
use crate::cli::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::experiment::SweepPlan;

/// Seconds that a task should take.
const TASK_SECONDS: f64 = 1800.0;
/// Seconds below which tasks are too short for some sites.
const SHORT_SECONDS: f64 = 300.0;
/// Most tasks of an array where nobody has raised it.
const MOST_TASKS: f64 = 1000.0;
/// What is Slurm's, but settled here.
const OURS: [&str; 4] = ["--array", "-a", "--dependency", "--cpus-per-task"];

/// Submits.
pub fn submit(arguments: &Submit, terminal: &Terminal) -> Result<Ended, Errors> {
    let Engine::Slurm = arguments.engine;
    if let Some(option) =
        arguments.scheduler.iter().find(|option| OURS.contains(&option.split('=').next().unwrap_or("")))
    {
        let hint = "shards are chosen by --shards, processors by --cpus, both before the --";
        return Err(vec![Diagnostic::error(format!("{option} is settled by comity submit")).hint(hint)]);
    }
    let asked = asked(&arguments.swept, terminal)?;
    let lock = asked.folder.lock(false)?;
    let plan = begun(&asked, arguments.resume)?;
    drop(lock);
    let folder = Folder::new(&absolute(&asked.folder.path)?);
    let seconds =
        cost::rough_seconds(&asked.study, plan.lines().len()) * plan.cells() as f64 / f64::from(arguments.cpus);
    let blocks = plan.blocks().len();
    let shards = arguments.shards.unwrap_or_else(|| (seconds / TASK_SECONDS).ceil().clamp(1.0, MOST_TASKS) as u32);
    let shards = shards.min(u32::try_from(blocks).unwrap_or(u32::MAX));
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => std::env::current_exe().map_err(|error| {
            vec![
                Diagnostic::error(format!("where this program is cannot be found out: {error}"))
                    .hint("name it: --program FILE"),
            ]
        })?,
    };
    let mut submission = Submission {
        study: plan.name().to_owned(),
        digest: plan.digest().to_owned(),
        program,
        shards,
        cpus: arguments.cpus,
        rounds: arguments.rounds,
        options: arguments.scheduler.clone(),
        jobs: Vec::new(),
    };
    let each = seconds / f64::from(shards);
    let mut words = format!(
        "{}: {} in {} of {} CPUs, {} each\n",
        plan.name(),
        counted(plan.runs() as usize, "run"),
        counted(shards as usize, "task"),
        arguments.cpus,
        cost::duration(each)
    );
    if each < SHORT_SECONDS && shards > 1 {
        let message = format!(
            "tasks of {} are short: some sites ban users for many jobs of less than two minutes",
            cost::duration(each)
        );
        terminal.report(&[Diagnostic::warning(message).hint("take fewer shards, or run it here: comity sweep")]);
    }
    let all: Vec<u32> = (0..shards).collect();
    if arguments.dry_run {
        submission.write(&folder).map_err(|error| vec![Diagnostic::from(error)])?;
        for (name, text) in submission.scripts(&folder, &all, 1) {
            words += &format!("\n# {name}\n{text}");
        }
        words += "\nNothing was submitted.\n";
    } else {
        submission.submit(&folder, &all, 1)?;
        words += &format!(
            "jobs {}: comity status {} says how far they are\n",
            submission.jobs.join(" and "),
            folder.path.display()
        );
    }
    say(&words)?;
    Ok(Ended::Done)
}

/// Another round for the shards that left blocks missing, if there may be one.
pub fn again(
    folder: &Folder,
    plan: &SweepPlan,
    round: u32,
    mut errors: Errors,
    terminal: &Terminal,
) -> Result<Ended, Errors> {
    let Some(mut submission) = Submission::read(folder) else { return Err(errors) };
    let missing = faults(std::slice::from_ref(folder), plan);
    if missing.is_empty() || round > submission.rounds {
        if round > submission.rounds {
            let message = format!("after {} there are still blocks missing", counted(round as usize, "round"));
            errors.push(
                Diagnostic::error(message)
                    .hint("the logs in the folder slurm say why; comity submit STUDY --resume tries anew"),
            );
        }
        return Err(errors);
    }
    let count = u64::from(submission.shards);
    let mut shards: Vec<u32> = missing.iter().map(|(block, _)| (block.number % count) as u32).collect();
    shards.sort_unstable();
    shards.dedup();
    for (_, reason) in missing.iter().take(5) {
        terminal.announce(reason);
    }
    submission.submit(folder, &shards, round + 1)?;
    say(&format!(
        "{} missing: round {} of {} submitted for them, jobs {}\n",
        counted(missing.len(), "block"),
        round,
        submission.rounds,
        submission.jobs.join(" and ")
    ))?;
    Ok(Ended::Done)
}

fn absolute(path: &std::path::Path) -> Result<std::path::PathBuf, Errors> {
    path.canonicalize().map_err(|error| vec![Diagnostic::error(format!("{} cannot be found: {error}", path.display()))])
}
