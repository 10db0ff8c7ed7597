//! `comity status`: how far a sweep is, from its folder alone.

use super::arguments::Status;
use super::folder::{Fault, Folder, failed_rows};
use super::queue::Queue;
use super::slurm::Submission;
use crate::cli::kept::open;
use crate::cli::terminal::{Terminal, counted, grouped};
use crate::cli::{Ended, Errors, say};
use comity::experiment::Block;
use serde_json::Value;

/// How many bad blocks are told.
const TOLD: usize = 5;

/// Says how far a sweep is.
pub fn status(arguments: &Status, _terminal: &Terminal) -> Result<Ended, Errors> {
    let folder = Folder::new(&arguments.folder);
    let (study, plan) = folder.read_plan()?.plan()?;
    let blocks = plan.blocks();
    let arms = plan.lines().len() as u64;
    let (mut there, mut cells, mut failed, mut bad) = (0_usize, 0_u64, 0_u64, Vec::new());
    for block in &blocks {
        match looked_at(&folder, &plan, block, arguments.thorough) {
            Ok(wrong) => {
                there += 1;
                cells += block.cells();
                failed += wrong;
            }
            Err(Fault::Missing) => {}
            Err(Fault::Bad(reason)) => bad.push(format!("{}: {reason}", folder.block_path(block).display())),
        }
    }
    let mut out = format!(
        "{}: {} of {} done, {} of {} runs",
        study.name(),
        grouped(there as u64),
        counted(blocks.len(), "block"),
        grouped(cells * arms),
        grouped(plan.runs())
    );
    if arguments.thorough {
        out += &format!(", {} failed", grouped(failed));
    }
    out += "\n";
    for reason in bad.iter().take(TOLD) {
        out += &format!("  damaged: {reason}\n");
    }
    if bad.len() > TOLD {
        out += &format!("  ... and {} more\n", bad.len() - TOLD);
    }
    let merged = merged(&folder, plan.digest(), plan.runs());
    let whole = there == blocks.len();
    let submission = Submission::read(&folder).filter(|submission| !submission.jobs.is_empty());
    let queue = submission.as_ref().map(|submission| Queue::of(submission, false));
    if let (Some(submission), Some(queue)) = (&submission, &queue) {
        out += &format!("round {} of at most {}; ", submission.round, submission.rounds + 1);
        out += &queue.words(&submission.jobs.join(", "));
    }
    out += &next(&folder, whole && bad.is_empty(), merged, queue.as_ref());
    say(&out)?;
    Ok(if whole && bad.is_empty() && failed == 0 { Ended::Done } else { Ended::Partly })
}

/// What is to be done next, in words.
fn next(folder: &Folder, whole: bool, merged: bool, queue: Option<&Queue>) -> String {
    let shown = folder.path.display();
    match (whole, merged, queue) {
        (true, true, _) => format!("merged: {}\n", folder.result().display()),
        (_, _, Some(queue)) if queue.is_busy() => "nothing to be done: the last job merges\n".to_owned(),
        (true, false, _) => format!("not merged yet: comity merge {shown}\n"),
        (false, _, None) => format!("carry on: comity sweep {shown} --resume\n"),
        (false, _, Some(Queue::Unknown(_))) => {
            format!("if nothing is at work any more (logs: {shown}/slurm), carry on: comity submit {shown}\n")
        }
        (false, _, Some(Queue::Jobs(_))) => format!("carry on (logs: {shown}/slurm): comity submit {shown}\n"),
    }
}

/// Whether a block is there, and how many of its runs failed, if it is read.
fn looked_at(
    folder: &Folder,
    plan: &comity::experiment::SweepPlan,
    block: &Block,
    thorough: bool,
) -> Result<u64, Fault> {
    if !thorough {
        return if folder.block_path(block).exists() { Ok(0) } else { Err(Fault::Missing) };
    }
    let rows = folder.read_block(plan, block)?;
    Ok(failed_rows(&rows).len() as u64)
}

/// Whether the result in the folder is of this plan, and of all of it.
fn merged(folder: &Folder, digest: &str, runs: u64) -> bool {
    open(&folder.result()).is_ok_and(|kept| {
        kept.manifest.get(super::result::SWEEP_DIGEST).and_then(Value::as_str) == Some(digest)
            && kept.manifest.get("runs").and_then(Value::as_u64) == Some(runs)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_said_to_be_done_next_is_what_helps() {
        let folder = Folder::new(Path::new("out"));
        let (busy, empty) = (Queue::Jobs(vec![(2, "running".to_owned())]), Queue::Jobs(Vec::new()));
        let unknown = Queue::Unknown("no answer".to_owned());
        assert!(next(&folder, true, true, Some(&busy)).starts_with("merged"));
        assert!(next(&folder, false, false, Some(&busy)).contains("nothing to be done"));
        assert!(next(&folder, true, false, Some(&empty)).contains("comity merge out"));
        assert!(next(&folder, false, false, Some(&empty)).contains("comity submit out"));
        assert!(next(&folder, false, false, Some(&unknown)).contains("if nothing is at work any more"));
        assert!(next(&folder, false, true, None).contains("comity sweep out --resume"));
    }
}
