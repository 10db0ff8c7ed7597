//! The folder of a sweep: its plan, its blocks, its lock, and the result they are merged into.
//!
//! ```text
//! plan.json           what is to be done, with every text it was read from: the folder can be moved and carried on anywhere
//! runs.parquet        one row per run, before anything has run
//! blocks/000000.parquet ...   whole blocks of runs; a file of that name is whole or it is not there
//! result/             what `comity merge` makes of them
//! sensitivity/        what `comity sensitivity` makes of the result
//! ```

use super::plan_file::PlanFile;
use crate::cli::Errors;
use comity::diagnostic::Diagnostic;
use comity::experiment::{Block, SweepPlan, block_digest};
use comity::format::parquet::{self, ParquetWriter};
use comity::storage::{Lock, StorageError, lock, read_bytes, read_text, write_over};
use comity::table::{Field, Table};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The name of the plan's file.
const PLAN: &str = "plan.json";
/// The name of the run table's file.
const RUNS: &str = "runs.parquet";
/// Bytes of a plan beyond which it is none of ours.
const PLAN_BYTES: u64 = 256 * 1024 * 1024;
/// Points whose runs are written to the run table at a time.
const POINTS_AT_ONCE: u64 = 1000;

/// What may stand in the folder.
const OWN: [&str; 8] = [PLAN, RUNS, LOCK, PLANNING, "blocks", "result", "sensitivity", "slurm"];
/// The file that keeps two sweeps out of one folder.
const LOCK: &str = "lock";
/// The file that keeps two processes from planning at once.
const PLANNING: &str = "planning";
/// How long another process may plan.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder of a sweep.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

/// What is wrong with a block that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no file.
    Missing,
    /// The file is not what it should be, for this reason.
    Bad(String),
}

impl Folder {
    /// The folder of that name, whether it is there or not.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Whether it holds a plan.
    pub fn has_plan(&self) -> bool {
        self.path.join(PLAN).is_file()
    }

    /// Where its merged result stands.
    pub fn result(&self) -> PathBuf {
        self.path.join("result")
    }

    /// Reads the plan.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn read_plan(&self) -> Result<PlanFile, Errors> {
        let file = self.path.join(PLAN);
        let refuse = |message: String, hint: &str| Err(vec![Diagnostic::error(message).hint(hint)]);
        if !self.path.is_dir() {
            let message = format!("there is no folder {}", self.path.display());
            return refuse(message, "name the folder of a sweep: comity sweep leaves output/STUDY");
        }
        if !file.is_file() {
            let message = format!("{} is not the folder of a sweep: it has no {PLAN}", self.path.display());
            return refuse(message, "name a folder that comity sweep or submit made");
        }
        let text = read_text(&file, PLAN_BYTES).map_err(|error| vec![Diagnostic::from(error)])?;
        PlanFile::read(&text).or_else(|reason| {
            refuse(
                format!("{} cannot be used: {reason}", file.display()),
                "take it from a copy, or sweep anew into another folder",
            )
        })
    }

    /// Makes sure that the plan is the one whose digest is expected, if one is.
    ///
    /// # Errors
    /// When it is another.
    pub fn expects(&self, digest: Option<&str>) -> Result<(), Errors> {
        let Some(digest) = digest else { return Ok(()) };
        let file = self.read_plan()?;
        if file.digest == digest {
            return Ok(());
        }
        let short = |digest: &str| digest.chars().take(12).collect::<String>();
        let message = format!(
            "the plan in {} is no longer the one that was submitted: it was {} and is {} ({})",
            self.path.display(),
            short(digest),
            short(&file.digest),
            file.study
        );
        Err(vec![Diagnostic::error(message).hint("submit it again, or put the earlier plan.json back")])
    }

    /// Writes the run table, then the plan: a folder with a plan has all that belongs to it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_plan(&self, file: &PlanFile, plan: &SweepPlan) -> Result<(), StorageError> {
        let schema = plan.run_table(0..0).schema;
        let metadata = [("comity:plan".to_owned(), plan.digest().to_owned())];
        let mut runs = ParquetWriter::new(Vec::new(), &schema, &metadata)?;
        let points = plan.points().rows() as u64;
        let mut first = 0;
        while first < points {
            runs.write(&plan.run_table(first..points.min(first + POINTS_AT_ONCE)))?;
            first += POINTS_AT_ONCE;
        }
        write_over(&self.path.join(RUNS), &runs.finish()?)?;
        write_over(&self.path.join(PLAN), file.text().as_bytes())
    }

    /// Keeps others from working in the folder until the lock is dropped; a process that dies leaves none behind.
    ///
    /// # Errors
    /// When somebody else works there, or the file of the lock cannot be made.
    pub fn lock(&self, shared: bool) -> Result<Lock, Errors> {
        let told = |error: StorageError| vec![Diagnostic::from(error)];
        match lock(&self.path.join(LOCK), shared).map_err(told)? {
            Some(lock) => Ok(lock),
            None => {
                let message = format!("another process is at work in {}", self.path.display());
                let hint = "wait until it is done (comity status says how far it is), stop it, or choose another folder by --out";
                Err(vec![Diagnostic::error(message).hint(hint)])
            }
        }
    }

    /// Waits until nobody else plans in the folder, and keeps others from it until the lock is dropped.
    ///
    /// # Errors
    /// When somebody does for very long, or the file of the lock cannot be made.
    pub fn planning(&self) -> Result<Lock, Errors> {
        #[expect(clippy::disallowed_methods, reason = "how long to wait for another process is no result")]
        let start = Instant::now();
        loop {
            if let Some(lock) = lock(&self.path.join(PLANNING), false).map_err(|error| vec![Diagnostic::from(error)])? {
                return Ok(lock);
            }
            if start.elapsed() > PATIENCE {
                let message = format!("another process has been planning in {} for minutes", self.path.display());
                return Err(vec![Diagnostic::error(message).hint("stop it, or choose another folder by --out")]);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes sure that what stands in a folder without a plan is of a sweep.
    ///
    /// # Errors
    /// When there are other things.
    pub fn refuse_strangers(&self) -> Result<(), Errors> {
        if self.has_plan() || !self.has_strangers() {
            return Ok(());
        }
        let message = format!("{} holds other things than a sweep", self.path.display());
        Err(vec![Diagnostic::error(message).hint("choose another folder by --out")])
    }

    fn has_strangers(&self) -> bool {
        let names = self.path.read_dir().into_iter().flatten().flatten().map(|entry| entry.file_name());
        let mut names = names.map(|name| name.to_string_lossy().into_owned());
        names.any(|name| !OWN.contains(&name.as_str()) && !OWN.iter().any(|own| name.starts_with(&format!(".{own}."))))
    }

    /// The file of a block.
    pub fn block_path(&self, block: &Block) -> PathBuf {
        self.path.join("blocks").join(format!("{:06}.parquet", block.number))
    }

    /// Writes a block: whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_block(&self, plan: &SweepPlan, block: &Block, rows: &Table) -> Result<(), StorageError> {
        let metadata = [
            ("comity:plan", plan.digest().to_owned()),
            ("comity:block", block.to_string()),
            ("comity:rows", block_digest(rows)),
            ("comity:program", super::program()),
        ];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), value));
        let mut writer = ParquetWriter::new(Vec::new(), &rows.schema, &metadata)?;
        writer.write(rows)?;
        write_over(&self.block_path(block), &writer.finish()?)
    }

    /// Reads a block, and makes sure that it is the one that belongs there and that nothing in it has changed since it was written.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read_block(&self, plan: &SweepPlan, block: &Block) -> Result<Table, Fault> {
        let path = self.block_path(block);
        if !path.exists() {
            return Err(Fault::Missing);
        }
        let bad = |reason: String| Fault::Bad(reason);
        let bytes = read_bytes(&path).map_err(|error| bad(error.reason))?;
        let of = |key: &str| parquet::footer(&bytes, &format!("comity:{key}"));
        let (of_plan, of_block, digest) = (of("plan"), of("block"), of("rows"));
        let table = parquet::read(bytes).map_err(|error| bad(error.to_string()))?;
        if of_plan.as_deref() != Some(plan.digest()) {
            return Err(bad("it belongs to another sweep".to_owned()));
        }
        if of_block.as_deref() != Some(&*block.to_string()) {
            let other = of_block.unwrap_or_else(|| "of no block".to_owned());
            return Err(bad(format!("it holds {other}, where {block} belongs")));
        }
        // Words of columns may have changed since: what they are called and hold may not.
        let alike = |(a, b): (&Field, &Field)| (&a.name, a.kind) == (&b.name, b.kind);
        let (own, wanted) = (&table.schema.fields, &plan.schema().fields);
        if own.len() != wanted.len() || !own.iter().zip(wanted).all(alike) {
            return Err(bad("its columns are not those of the results".to_owned()));
        }
        if table.rows() as u64 != block.cells() * plan.lines().len() as u64
            || digest.as_deref() != Some(&*block_digest(&table))
        {
            return Err(bad("what it holds is not what was written".to_owned()));
        }
        Ok(table.renamed((**plan.schema()).clone()))
    }

    /// The rows of a block that has to be there.
    ///
    /// # Errors
    /// What is wrong with it, and how to mend it.
    pub fn rows_of(&self, plan: &SweepPlan, block: &Block) -> Result<Table, Errors> {
        self.read_block(plan, block).map_err(|fault| {
            let why = match fault {
                Fault::Missing => "is missing".to_owned(),
                Fault::Bad(reason) => format!("cannot be used: {reason}"),
            };
            let message = format!("{} {why}", self.block_path(block).display());
            vec![Diagnostic::error(message).hint("comity sweep STUDY --resume makes it anew")]
        })
    }

    /// Which program wrote a block.
    pub fn program_of(&self, block: &Block) -> Option<String> {
        parquet::footer(&read_bytes(&self.block_path(block)).ok()?, "comity:program")
    }
}

/// The rows of some results in which a run failed.
pub fn failed_rows(results: &Table) -> Vec<usize> {
    let at = results.texts("failed_at").unwrap_or_default();
    (0..at.len()).filter(|row| !at[*row].is_empty()).collect()
}
