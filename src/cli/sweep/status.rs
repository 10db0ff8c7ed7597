//! `comity status`: how far a sweep is, from its folder alone.

use super::folder::{Fault, Folder};
use super::slurm;
use crate::cli::arguments::Status;
use crate::cli::terminal::{Terminal, counted, grouped};
use crate::cli::{Ended, Errors, say};
use comity::experiment::Block;

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
    let merged = folder.result().join(comity::storage::MANIFEST).is_file();
    let whole = there == blocks.len();
    let shown = folder.path.display();
    out += &match (whole, merged) {
        (true, true) => format!("merged: {}\n", folder.result().display()),
        (true, false) => format!("not merged yet: comity merge {shown}\n"),
        (false, _) => format!("carry on: comity sweep STUDY --resume --out {shown}\n"),
    };
    out += &slurm::queue(&folder);
    say(&out)?;
    Ok(if whole && bad.is_empty() && failed == 0 { Ended::Done } else { Ended::Partly })
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
    Ok(rows.texts("failed_at").unwrap_or_default().iter().filter(|at| !at.is_empty()).count() as u64)
}
