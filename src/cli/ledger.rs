//! Long work that goes step by step, each step decided by those before it: every piece of a step is kept when it is whole.
//!
//! ```text
//! FOLDER/ledger.json                      whose work it is
//! FOLDER/steps/NAME/000000.parquet ...    pieces of a step; a file of that name is whole or it is not there
//! ```
//!
//! Work that is a function of its scenario and seed is carried on by doing it again: what a step asks for is the same, and pieces that are
//! there are read instead of made. Several processes (shards) share a folder: each makes its own pieces of a step, waits for the others', and
//! makes those of a process that seems to have gone.

use super::sweep::{Shard, program};
use super::terminal::{Progress, Terminal};
use super::{Ended, Errors};
use comity::diagnostic::Diagnostic;
use comity::experiment::{Watch, block_digest, each};
use comity::format::parquet::{self, ParquetWriter};
use comity::storage::{Lock, StorageError, lock, read_bytes, read_text, write_over};
use comity::table::Table;
use serde_json::{Value, json};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The file that says whose work it is.
const NAME: &str = "ledger.json";
/// The file that says that somebody is at work.
const LOCK: &str = "lock";
/// Bytes of it beyond which it is none of ours.
const BYTES: u64 = 16 * 1024 * 1024;
/// How long a piece of another process is waited for without any new one before it is made here.
const PATIENCE: Duration = Duration::from_secs(600);

/// Whose work a folder holds.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The command.
    pub command: &'static str,
    /// The study's name.
    pub study: String,
    /// Everything that determines what a piece holds, as a digest.
    pub digest: String,
}

/// A folder of steps.
pub struct Ledger<'t> {
    folder: PathBuf,
    digest: String,
    shard: Option<Shard>,
    terminal: &'t Terminal,
    _lock: Lock,
}

/// A step: so many items, in pieces.
#[derive(Debug, Clone, Copy)]
pub struct Step<'s> {
    /// Its name, and that of its folder: `generation-03`.
    pub name: &'s str,
    /// What it asks for, as a digest; other steps, or other askings of this one, have others.
    pub asked: &'s str,
    /// How many items.
    pub items: usize,
    /// How many of them a piece has; the last may have fewer.
    pub per_piece: usize,
    /// How many runs an item is, for the progress bar.
    pub runs_per_item: usize,
}

impl<'t> Ledger<'t> {
    /// Opens a folder, or begins one.
    ///
    /// # Errors
    /// When it holds other things, or other work, or this work already and it is not to be carried on; and when another process is at work
    /// in it that shares nothing.
    pub fn open(
        folder: &Path,
        identity: &Identity,
        (resume, shard): (bool, Option<Shard>),
        terminal: &'t Terminal,
    ) -> Result<Self, Errors> {
        let told = |error: StorageError| vec![Diagnostic::from(error)];
        let refuse = |message: String, hint: &str| Err(vec![Diagnostic::error(message).hint(hint)]);
        let (shown, file) = (folder.display(), folder.join(NAME));
        // A process that begins at the same time may have come as far as the lock, or a file that has no name yet.
        let strange = |name: &str| name != LOCK && name != NAME && !name.starts_with('.');
        let occupied = folder.read_dir().is_ok_and(|entries| {
            entries.into_iter().flatten().any(|entry| strange(&entry.file_name().to_string_lossy()))
        });
        if occupied && !file.is_file() {
            return refuse(format!("{shown} holds other things than this"), "choose another folder by --out");
        }
        let Some(held) = lock(&folder.join(LOCK), shard.is_some()).map_err(told)? else {
            let hint = "wait until it is done, stop it, or choose another folder by --out";
            return refuse(format!("another process is at work in {shown}"), hint);
        };
        if file.is_file() {
            let text = read_text(&file, BYTES).map_err(told)?;
            let kept: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
            let word = |key: &str| kept.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            if word("digest") != identity.digest {
                let what = format!(
                    "{shown} holds another work: {} of {}, made by {}",
                    word("command"),
                    word("study"),
                    word("program")
                );
                return refuse(what, "undo the change of the study, or choose another folder by --out");
            }
            if word("program") != program() {
                let what = format!("{shown} was begun by another program, {}; this is {}", word("program"), program());
                return refuse(what, "choose another folder by --out, or go on with the program that began it");
            }
            if !resume && shard.is_none() {
                let hint = "--resume carries on with what is missing; --out begins another";
                return refuse(format!("{shown} holds this already"), hint);
            }
        } else {
            let Identity { command, study, digest } = identity;
            let text = json!({ "command": command, "study": study, "digest": digest, "program": program() });
            write_over(&file, format!("{text:#}\n").as_bytes()).map_err(told)?;
        }
        let (folder, digest) = (folder.to_owned(), identity.digest.clone());
        Ok(Self { folder, digest, shard, terminal, _lock: held })
    }

    /// Does a step: pieces that are there are read, the others made by `work` (a range of items, one row or several for each, in order)
    /// on all threads. `None` when it was stopped.
    ///
    /// # Errors
    /// When a piece cannot be written.
    pub fn step(
        &self,
        step: &Step<'_>,
        work: impl Fn(Range<usize>, &Progress) -> Option<Table> + Sync + Send,
    ) -> Result<Option<Table>, Errors> {
        let pieces = step.items.div_ceil(step.per_piece.max(1));
        let range = |piece: usize| piece * step.per_piece..step.items.min((piece + 1) * step.per_piece);
        let missing = |own: bool| {
            let mine = |piece: &usize| !own || self.shard.is_none_or(|shard| shard.holds(*piece as u64));
            (0..pieces).filter(mine).filter(|piece| self.read(step, *piece).is_none()).collect::<Vec<usize>>()
        };
        let todo = missing(true);
        if !self.make(step, todo, &range, &work)? {
            return Ok(None);
        }
        if self.shard.is_some() {
            #[expect(clippy::disallowed_methods, reason = "how long to wait for another process is no result")]
            let mut last = (Instant::now(), usize::MAX);
            let progress = self.terminal.progress(0, "waiting for other shards");
            let mut left = missing(false);
            loop {
                // What is there stays there: only what was missing is looked for again.
                left.retain(|piece| self.read(step, *piece).is_none());
                if left.is_empty() {
                    break;
                }
                if progress.stop() {
                    return Ok(None);
                }
                if left.len() != last.1 {
                    #[expect(clippy::disallowed_methods, reason = "how long to wait for another process is no result")]
                    let now = Instant::now();
                    last = (now, left.len());
                } else if last.0.elapsed() > PATIENCE {
                    if !self.make(step, left.clone(), &range, &work)? {
                        return Ok(None);
                    }
                    continue;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
            progress.finish();
        }
        let mut all: Option<Table> = None;
        for piece in 0..pieces {
            let Some(rows) = self.read(step, piece) else {
                let message = format!("{} was there and is gone", self.path(step, piece).display());
                return Err(vec![Diagnostic::error(message).hint("carry on with --resume: it is made again")]);
            };
            match &mut all {
                Some(all) => all.append(rows),
                None => all = Some(rows),
            }
        }
        Ok(all)
    }

    /// Makes some pieces; whether all were made before somebody asked to stop.
    fn make(
        &self,
        step: &Step<'_>,
        pieces: Vec<usize>,
        range: &(impl Fn(usize) -> Range<usize> + Sync),
        work: &(impl Fn(Range<usize>, &Progress) -> Option<Table> + Sync + Send),
    ) -> Result<bool, Errors> {
        if pieces.is_empty() {
            return Ok(true);
        }
        let items: usize = pieces.iter().map(|piece| range(*piece).len()).sum();
        let progress = self.terminal.progress((items * step.runs_per_item) as u64, step.name);
        let ended = each(pieces, |piece| {
            let Some(rows) = work(range(piece), &progress) else { return Ok(()) };
            self.write(step, piece, &rows)
        });
        let stopped = progress.stop();
        progress.finish();
        let hint = "what is whole is kept; mend it and carry on with --resume";
        ended.map_err(|error| vec![Diagnostic::from(error).hint(hint)])?;
        Ok(!stopped)
    }

    fn path(&self, step: &Step<'_>, piece: usize) -> PathBuf {
        self.folder.join("steps").join(step.name).join(format!("{piece:06}.parquet"))
    }

    /// What stands in the footer of a piece besides the digest of its rows.
    fn footer(&self, step: &Step<'_>, piece: usize) -> String {
        format!("{} {} {} {piece} of {} by {}", self.digest, step.name, step.asked, step.items, step.per_piece)
    }

    fn write(&self, step: &Step<'_>, piece: usize, rows: &Table) -> Result<(), StorageError> {
        let metadata = [("comity:piece", self.footer(step, piece)), ("comity:rows", block_digest(rows))];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), value));
        let mut writer = ParquetWriter::new(Vec::new(), &rows.schema, &metadata)?;
        writer.write(rows)?;
        write_over(&self.path(step, piece), &writer.finish()?)
    }

    /// A piece, if it is there, whole, and the one that belongs there.
    fn read(&self, step: &Step<'_>, piece: usize) -> Option<Table> {
        let path = self.path(step, piece);
        if !path.is_file() {
            return None;
        }
        let bytes = read_bytes(&path).ok()?;
        let of = |key: &str| parquet::footer(&bytes, key);
        let (own, digest) = (of("comity:piece")?, of("comity:rows")?);
        let rows = parquet::read(bytes).ok()?;
        (own == self.footer(step, piece) && digest == block_digest(&rows)).then_some(rows)
    }

    /// What is said when it was stopped.
    pub fn stopped(&self) -> Ended {
        let hint = "--resume carries on; what is whole is kept";
        self.terminal.report(&[Diagnostic::warning("stopped before the end").hint(hint)]);
        Ended::Partly
    }

    /// Whether this process tells and keeps what all of it came to: the first of several.
    pub fn concludes(&self) -> bool {
        self.shard.is_none_or(|shard| shard.index == 0)
    }
}
