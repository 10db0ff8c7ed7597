//! `comity verify`: runs of a sweep made again, and held against what was kept.

use super::arguments::Verify;
use super::folder::Folder;
use crate::cli::scenarios::start_threads;
use crate::cli::terminal::{Terminal, columns, counted, grouped};
use crate::cli::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::experiment::{Block, RunId, SweepPlan, rows_differ};
use comity::random::{Purpose, Randomness};
use comity::storage::write_new;
use std::collections::BTreeSet;

/// How many differences are told.
const TOLD: usize = 10;

/// Verifies, or rebuilds a run.
pub fn verify(arguments: &Verify, terminal: &Terminal) -> Result<Ended, Errors> {
    start_threads(&arguments.threads)?;
    let folder = Folder::new(&arguments.folder);
    let (_, plan) = folder.read_plan()?.plan()?;
    match arguments.run {
        Some(number) => rebuilt(arguments, &folder, &plan, number),
        None => sampled(arguments, &folder, &plan, terminal),
    }
}

/// The block that holds a cell.
fn block_of(plan: &SweepPlan, point: u64, replicate: u32) -> Option<Block> {
    plan.blocks().into_iter().find(|block| block.each_cell().any(|cell| cell == (point, replicate)))
}

/// One run, made again.
fn rebuilt(arguments: &Verify, folder: &Folder, plan: &SweepPlan, number: i64) -> Result<Ended, Errors> {
    let Some(run) = RunId::of(number).filter(|run| plan.holds(*run)) else {
        let message = format!("{} has no run {number}", folder.path.display());
        let hint = "take a run_id from results.parquet or runs.parquet: 10,000,000 point_id + 100 replicate + the place of the arm";
        return Err(vec![Diagnostic::error(message).hint(hint)]);
    };
    if let Some(path) = &arguments.scenario {
        let scenario = plan.scenario(run)?;
        write_new(path, scenario.to_toml().as_bytes()).map_err(|error| vec![Diagnostic::from(error)])?;
    }
    let again = plan.run_cell(run.point, run.replicate);
    let row = run.arm as usize;
    let mut rows = Vec::new();
    for (field, cell) in again.schema.fields.iter().zip(again.words(row)) {
        rows.push(vec![field.name.clone(), cell, field.unit.clone()]);
    }
    let mut out = columns(&rows, &[]);
    let kept = block_of(plan, run.point, run.replicate).and_then(|block| folder.read_block(plan, &block).ok());
    let place = kept.as_ref().and_then(|kept| kept.integers("run_id")?.iter().position(|id| *id == number));
    let mut ended = Ended::Done;
    match kept.as_ref().zip(place) {
        None => out += "\nIt has not been kept yet, or its block is damaged.\n",
        Some((kept, place)) => {
            let differing = rows_differ(kept, place, &again, row);
            if differing.is_empty() {
                out += "\nThe same, to the bit, as what was kept.\n";
            } else {
                ended = Ended::Partly;
                out += &format!("\n{}", told(number, &differing));
            }
        }
    }
    say(&out)?;
    Ok(ended)
}

fn told(run: i64, differing: &[(String, String, String)]) -> String {
    let words = differing.iter().map(|(column, kept, now)| format!("{column} was {kept} and is {now}"));
    format!("run {run}: {}\n", words.collect::<Vec<_>>().join(", "))
}

/// Cells drawn at random, the same ones each time, each with all its arms.
fn sampled(arguments: &Verify, folder: &Folder, plan: &SweepPlan, terminal: &Terminal) -> Result<Ended, Errors> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    let arms = plan.lines().len() as u64;
    let wanted = arguments.sample.div_ceil(arms).clamp(1, plan.cells());
    let mut draws =
        Randomness { seed: arguments.sample_seed, replicate: 0 }.at(Purpose::Design, u64::MAX, plan.cells());
    let mut chosen = BTreeSet::new();
    if wanted == plan.cells() {
        chosen.extend(0..plan.cells());
    }
    while (chosen.len() as u64) < wanted {
        chosen.insert(draws.index(plan.cells() as usize) as u64);
    }
    // Cells are numbered through all blocks.
    let mut by_block: Vec<(Block, Vec<u64>)> = Vec::new();
    let mut first = 0;
    for block in plan.blocks() {
        let own: Vec<u64> = chosen.range(first..first + block.cells()).map(|cell| cell - first).collect();
        first += block.cells();
        if !own.is_empty() {
            by_block.push((block, own));
        }
    }
    let progress = terminal.progress(chosen.len() as u64 * arms, "verifying");
    let found: Vec<Result<(u64, Vec<String>), Errors>> =
        by_block.into_par_iter().map(|(block, cells)| of_block(folder, plan, &block, &cells, &progress)).collect();
    progress.finish();
    let (mut runs, mut differing, mut errors) = (0, Vec::new(), Errors::new());
    for found in found {
        match found {
            Ok((count, words)) => {
                runs += count;
                differing.extend(words);
            }
            Err(found) => errors.extend(found),
        }
    }
    let programs = programs(folder, plan);
    let mut out = format!(
        "{}: {} of {} run again, {}.\n",
        plan.name(),
        counted(runs as usize, "run"),
        grouped(plan.runs()),
        match differing.len() {
            0 => "each the same, to the bit".to_owned(),
            count => format!("{} differ", grouped(count as u64)),
        }
    );
    differing.iter().take(TOLD).for_each(|words| out += words);
    if differing.len() > TOLD {
        out += &format!("... and {} more\n", differing.len() - TOLD);
    }
    if programs.len() > 1 || (!differing.is_empty() && !programs.contains(&super::program())) {
        out += &format!("Blocks were made by {}; this is {}.\n", programs.join(" and "), super::program());
    }
    say(&out)?;
    terminal.report(&errors);
    Ok(if differing.is_empty() && errors.is_empty() { Ended::Done } else { Ended::Partly })
}

/// Which programs made the blocks.
fn programs(folder: &Folder, plan: &SweepPlan) -> Vec<String> {
    let all: BTreeSet<String> = plan.blocks().iter().filter_map(|block| folder.program_of(block)).collect();
    all.into_iter().collect()
}

/// Runs some cells of a block again.
fn of_block(
    folder: &Folder,
    plan: &SweepPlan,
    block: &Block,
    cells: &[u64],
    progress: &dyn comity::experiment::Watch,
) -> Result<(u64, Vec<String>), Errors> {
    let kept = folder.rows_of(plan, block)?;
    let arms = plan.lines().len();
    let (mut count, mut differing) = (0, Vec::new());
    let all: Vec<(u64, u32)> = block.each_cell().collect();
    for cell in cells {
        let (point, replicate) = all[*cell as usize];
        let again = plan.run_cell(point, replicate);
        for arm in 0..arms {
            let row = *cell as usize * arms + arm;
            let found = rows_differ(&kept, row, &again, arm);
            if !found.is_empty() {
                differing.push(told(kept.integers("run_id").map_or(0, |ids| ids[row]), &found));
            }
            count += 1;
        }
        progress.advanced(arms as u64);
    }
    Ok((count, differing))
}
