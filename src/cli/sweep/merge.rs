//! `comity merge`: from blocks to one result.

use super::arguments::Merge;
use super::folder::{Fault, Folder, failed_rows};
use super::result::SweepResult;
use super::run_words::words;
use super::submit;
use crate::cli::terminal::{Terminal, counted, grouped};
use crate::cli::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::experiment::{Block, Part, SweepPlan, Watch, block_digest};
use comity::numeral::significant;
use comity::scenario::Study;
use comity::storage::{Published, StorageError};
use comity::table::Table;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many missing or bad blocks, and failed runs, are told.
const TOLD: usize = 5;

/// What a merge came to.
pub struct Merged {
    /// Where the result stands.
    pub published: Published,
    /// Its runs.
    pub runs: u64,
    /// Those that failed.
    pub failed: u64,
    /// The first of them, in words.
    pub failures: Vec<String>,
    /// What was found, in words.
    pub findings: String,
}

/// Merges.
pub fn merge(arguments: &Merge, terminal: &Terminal) -> Result<Ended, Errors> {
    let folders: Vec<Folder> = arguments.folders.iter().map(|path| Folder::new(path)).collect();
    folders[0].expects(arguments.expect.as_deref())?;
    let file = folders[0].read_plan()?;
    for other in &folders[1..] {
        let theirs = other.read_plan()?;
        if (&theirs.digest, &theirs.points_digest, &theirs.parts) != (&file.digest, &file.points_digest, &file.parts) {
            let message = format!("{} and {} are not of one sweep", folders[0].path.display(), other.path.display());
            let hint = "merge folders of shards of one study, planned with the same size and replicates";
            return Err(vec![Diagnostic::error(message).hint(hint)]);
        }
    }
    let (study, plan) = file.plan()?;
    wait_for(&folders, &plan, Duration::from_secs(arguments.settle));
    let merged = match merge_folders(&folders, &study, &plan, arguments.out.as_deref(), terminal) {
        Ok(merged) => merged,
        Err(errors) => {
            let Some(round) = arguments.round else { return Err(errors) };
            let missing = faults(&folders, &plan);
            if !missing.is_empty() {
                return submit::again(&folders[0], &missing, round, errors, terminal);
            }
            // What was missing has come in the meantime; or something else was the matter, and is again.
            merge_folders(&folders, &study, &plan, arguments.out.as_deref(), terminal)?
        }
    };
    say(&words(&plan, &merged))?;
    Ok(if merged.failed > 0 { Ended::Partly } else { Ended::Done })
}

/// Waits for blocks that a network file system may not show yet.
fn wait_for(folders: &[Folder], plan: &SweepPlan, patience: Duration) {
    #[expect(clippy::disallowed_methods, reason = "how long to wait for a file system is no result")]
    let start = Instant::now();
    let there = |block: &Block| folders.iter().any(|folder| folder.block_path(block).exists());
    while start.elapsed() < patience && !plan.blocks().iter().all(there) {
        for folder in folders {
            // Reading the folder makes the file system look again.
            let _ = std::fs::read_dir(folder.path.join("blocks")).map(Iterator::count);
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// Which blocks are missing or bad in all of some folders.
pub fn faults(folders: &[Folder], plan: &SweepPlan) -> Vec<(Block, String)> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
    let fault = |block: &Block| {
        let mut reasons = Vec::new();
        let mut found: Option<(String, &Folder)> = None;
        for folder in folders {
            match folder.read_block(plan, block) {
                Ok(rows) => {
                    let digest = block_digest(&rows);
                    if let Some((other, where_else)) = &found
                        && *other != digest
                    {
                        return Some((
                            *block,
                            format!(
                                "{} and {} hold the same runs with different outcomes",
                                where_else.block_path(block).display(),
                                folder.block_path(block).display()
                            ),
                        ));
                    }
                    found = Some((digest, folder));
                }
                Err(Fault::Missing) => {}
                Err(Fault::Bad(reason)) => reasons.push(format!("{}: {reason}", folder.block_path(block).display())),
            }
        }
        match (found, reasons.is_empty()) {
            (Some(_), _) => None,
            (None, false) => Some((*block, reasons.join("; "))),
            (None, true) => Some((*block, format!("{} is missing ({block})", folders[0].block_path(block).display()))),
        }
    };
    plan.blocks().par_iter().filter_map(fault).collect()
}

/// The rows of a block, from the first folder that has it whole.
fn rows_of(folders: &[Folder], plan: &SweepPlan, block: &Block) -> Result<Table, Errors> {
    folders[0]
        .rows_of(plan, block)
        .or_else(|errors| folders[1..].iter().find_map(|folder| folder.read_block(plan, block).ok()).ok_or(errors))
}

/// Reads the blocks of one part one after the other, and gives their rows point by point.
struct Cursor<'r> {
    part: Part,
    blocks: std::vec::IntoIter<Block>,
    read: &'r dyn Fn(&Block) -> Result<Table, Errors>,
    /// The block read last, and its first row that is not yet taken.
    block: Option<(Table, usize)>,
    /// The rows of points that were run together, in the order of their runs.
    rows: Option<Table>,
    next: usize,
}

impl Cursor<'_> {
    /// The rows of a point; nothing if the part has no such point.
    fn point(&mut self, point: u64, arms: usize) -> Result<Option<Table>, Errors> {
        let Part { first_point, points, replicates, .. } = self.part;
        if point < first_point || first_point + points <= point {
            return Ok(None);
        }
        if self.rows.as_ref().is_none_or(|rows| self.next >= rows.rows()) {
            let wanted = self.part.together_with(point) as usize * replicates as usize * arms;
            self.rows = Some(in_order(&self.gathered(wanted)?));
            self.next = 0;
        }
        let Some(rows) = &self.rows else { return Ok(None) };
        let end = (self.next + replicates as usize * arms).min(rows.rows());
        let own = rows.picked(&(self.next..end).collect::<Vec<_>>());
        self.next = end;
        Ok(Some(own))
    }

    /// So many rows, from as many blocks as it takes.
    fn gathered(&mut self, wanted: usize) -> Result<Table, Errors> {
        let mut found: Option<Table> = None;
        while found.as_ref().map_or(0, Table::rows) < wanted {
            if self.block.as_ref().is_none_or(|(rows, next)| *next >= rows.rows()) {
                let Some(block) = self.blocks.next() else { break };
                self.block = Some(((self.read)(&block)?, 0));
            }
            let Some((rows, next)) = &mut self.block else { break };
            let lacking = wanted - found.as_ref().map_or(0, Table::rows);
            let end = (*next + lacking).min(rows.rows());
            let own = rows.picked(&(*next..end).collect::<Vec<_>>());
            *next = end;
            match &mut found {
                Some(found) => found.append(own),
                None => found = Some(own),
            }
        }
        found.ok_or_else(|| {
            vec![Diagnostic::error("the blocks end before the points do").hint("take plan.json from a copy")]
        })
    }
}

/// The rows by the numbers of their runs.
fn in_order(rows: &Table) -> Table {
    let ids = rows.integers("run_id").unwrap_or_default();
    let mut order: Vec<usize> = (0..rows.rows()).collect();
    order.sort_by_key(|row| ids[*row]);
    rows.picked(&order)
}

/// Makes sure that every block is there and whole, and that those which are there twice agree.
fn whole(folders: &[Folder], plan: &SweepPlan) -> Result<(), Errors> {
    let bad = faults(folders, plan);
    if bad.is_empty() {
        return Ok(());
    }
    let told: Vec<&str> = bad.iter().take(TOLD).map(|(_, reason)| reason.as_str()).collect();
    let more =
        if bad.len() > TOLD { format!("; and {} more", grouped((bad.len() - TOLD) as u64)) } else { String::new() };
    let message = format!(
        "{} of {} cannot be merged: {}{more}",
        counted(bad.len(), "block"),
        grouped(plan.blocks().len() as u64),
        told.join("; ")
    );
    let hint = "comity sweep STUDY --resume --out DIR makes them, and nothing else";
    Err(vec![Diagnostic::error(message).hint(hint)])
}

/// Makes one result of the blocks in some folders.
///
/// # Errors
/// When blocks are missing or bad, which are named, or the result cannot be written.
pub fn merge_folders(
    folders: &[Folder],
    study: &Study,
    plan: &SweepPlan,
    out: Option<&Path>,
    terminal: &Terminal,
) -> Result<Merged, Errors> {
    let there = |block: &Block| folders.iter().any(|folder| folder.block_path(block).exists());
    if folders.len() > 1 || !plan.blocks().iter().all(there) {
        whole(folders, plan)?;
    }
    let path = out.map_or_else(|| folders[0].result(), Path::to_owned);
    let refused = |error: StorageError| vec![Diagnostic::from(error)];
    let mut result = SweepResult::create(&path, study, plan).map_err(refused)?;
    let progress = terminal.progress(plan.runs(), "merging");
    // Every block is made sure of when it is read; of the first that is bad all are told.
    let read = |block: &Block| rows_of(folders, plan, block).or_else(|errors| whole(folders, plan).and(Err(errors)));
    let mut cursors = Vec::new();
    let mut blocks = plan.blocks().into_iter();
    for part in plan.parts() {
        let own: Vec<Block> = blocks.by_ref().take(part.blocks() as usize).collect();
        cursors.push(Cursor { part: *part, blocks: own.into_iter(), read: &read, block: None, rows: None, next: 0 });
    }
    // A point's replicates stand in order, whichever part they came with.
    cursors.sort_by_key(|cursor| cursor.part.first_replicate);
    let arms = plan.lines().len();
    let (mut runs, mut failed, mut failures) = (0_u64, 0_u64, Vec::new());
    let mut gathered = Table::new(std::sync::Arc::clone(plan.schema()));
    for point in 0..plan.points().rows() as u64 {
        if progress.stop() {
            let hint = "every block is kept; comity merge does it anew";
            return Err(vec![Diagnostic::error("stopped before all was merged").hint(hint)]);
        }
        for cursor in &mut cursors {
            if let Some(rows) = cursor.point(point, arms)? {
                note_failures(plan, &rows, &mut failed, &mut failures);
                runs += rows.rows() as u64;
                progress.advanced(rows.rows() as u64);
                gathered.append(rows);
            }
        }
        if gathered.rows() > 20_000 {
            result.add(&gathered).map_err(refused)?;
            gathered = Table::new(std::sync::Arc::clone(plan.schema()));
        }
    }
    result.add(&gathered).map_err(refused)?;
    progress.finish();
    if runs != plan.runs() {
        let message = format!("the blocks hold {} runs where the plan has {}", grouped(runs), grouped(plan.runs()));
        return Err(vec![Diagnostic::error(message).hint("this should not be possible: please report it")]);
    }
    let (published, findings) = result.publish(study, failed, |points| found(plan, points))?;
    Ok(Merged { published, runs, failed, failures, findings })
}

/// Counts failed runs, and puts the first of them into words.
fn note_failures(plan: &SweepPlan, rows: &Table, failed: &mut u64, failures: &mut Vec<String>) {
    for row in failed_rows(rows) {
        *failed += 1;
        if failures.len() < TOLD {
            let id = rows.integers("run_id").map_or(0, |ids| ids[row]);
            let point = rows.integers("point_id").map_or(0, |ids| ids[row]) as u64;
            let arm = rows.texts("arm").map_or("", |arms| &*arms[row]);
            let at = rows.texts("failed_at").map_or("", |words| &*words[row]);
            let why = rows.texts("message").map_or("", |words| &*words[row]);
            failures.push(format!("run {id} ({}, {arm}), at {at}: {why}", plan.point_words(point)));
        }
    }
}

/// Where the outcome that is drawn is largest and smallest, and its difference to the baseline, in sentences.
fn found(plan: &SweepPlan, points: &Table) -> String {
    let measure = plan.outcomes()[plan.main()];
    let mut out = String::new();
    let windows = plan.windows();
    let (arms, ids) = (points.texts("arm").unwrap_or_default(), points.integers("point_id").unwrap_or_default());
    let of_windows = points.texts("window").unwrap_or_default();
    for window in windows {
        for (place, line) in plan.lines().iter().enumerate() {
            let column = if place == 0 { "mean" } else { "difference" };
            let values = points.reals(column).unwrap_or_default();
            let rows = (0..points.rows())
                .filter(|row| *arms[*row] == *line.key && *of_windows[*row] == *window.key && !values[*row].is_nan());
            let rows: Vec<usize> = rows.collect();
            let least = rows.iter().copied().min_by(|a, b| values[*a].total_cmp(&values[*b]));
            let most = rows.iter().copied().max_by(|a, b| values[*a].total_cmp(&values[*b]).then(b.cmp(a)));
            let (Some(least), Some(most)) = (least, most) else { continue };
            let when = if windows.len() > 1 { format!(" ({})", window.key) } else { String::new() };
            let what = if place == 0 { measure.label() } else { format!("difference in {}", measure.label()) };
            if values[least] == values[most] {
                out += &format!("\n{}{when}: {what} {} at every point.", line.label, significant(values[least], 3));
                continue;
            }
            out += &format!(
                "\n{}{when}: {what} from {} ({}) to {} ({}).",
                line.label,
                significant(values[least], 3),
                plan.point_words(ids[least] as u64),
                significant(values[most], 3),
                plan.point_words(ids[most] as u64)
            );
        }
    }
    if out.is_empty() { out } else { out + "\n" }
}
