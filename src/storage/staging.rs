//! A result folder in the making.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::StorageError;
use super::target::{PARTIAL, Target, bring_to_disk, manifest_digest};
use super::{MANIFEST, RESULT_DIGEST};

/// Bytes gathered before they go to a file.
const BUFFER_BYTES: usize = 256 * 1024;

/// A result folder in the making: hidden beside the final one, gone when dropped unpublished.
#[derive(Debug)]
pub struct Staging {
    target: Target,
    partial: PathBuf,
    /// What went wrong in a file that nobody asked afterwards. Shared with every open file.
    fault: Arc<Mutex<Option<StorageError>>>,
}

/// Where a finished result folder stands, and what it met there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The folder.
    pub path: PathBuf,
    /// What stood there before.
    pub outcome: Outcome,
}

/// What a finished result folder met under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    New,
    /// The same result, which it replaced.
    Replaced,
    /// Something that was left as it is, so the folder got a number.
    Beside {
        /// What has the name that was asked for.
        other: PathBuf,
        /// Why it was left.
        obstacle: Obstacle,
        /// Whether the numbered folder held the same result before.
        replaced: bool,
    },
}

/// Why a name could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A different result is there.
    OtherResult,
    /// A folder with other things in it is there.
    NotAResult,
    /// A file is there.
    File,
    /// The folder there cannot be replaced, because a disk is mounted on it or it is in use.
    Fixed,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.outcome {
            Outcome::New => write!(f, "{path}"),
            Outcome::Replaced => write!(f, "{path} (the same result as before, replaced)"),
            Outcome::Beside { other, obstacle, .. } => {
                let why = match obstacle {
                    Obstacle::OtherResult => "holds a different result",
                    Obstacle::NotAResult => "holds other things than a result",
                    Obstacle::File => "is a file",
                    Obstacle::Fixed => "cannot be replaced",
                };
                write!(f, "{path} ({} {why} and was left as it is)", other.display())
            }
        }
    }
}

impl Staging {
    /// Makes a hidden folder beside the final one, and removes those that dead processes left there.
    ///
    /// # Errors
    /// When the folder cannot be made, or the final name can never become a folder.
    pub fn create(final_dir: &Path) -> Result<Self, StorageError> {
        const TASK: &str = "write results to";
        let target = Target::new(TASK, final_dir)?;
        match fs::metadata(&target.path) {
            Ok(found) if !found.is_dir() => {
                let error = StorageError::new(TASK, final_dir, ErrorKind::NotADirectory, "it is a file, not a folder");
                return Err(error.hint("choose another folder, or move that file"));
            }
            _ => {}
        }
        fs::create_dir_all(&target.parent).map_err(|error| match error.kind() {
            ErrorKind::NotFound => StorageError::new(TASK, final_dir, error.kind(), "no folder can be made there"),
            _ => StorageError::from_io(TASK, final_dir, &error),
        })?;
        {
            let _turn = target.turn();
            target.clear_abandoned();
        }
        loop {
            let partial = target.hidden(PARTIAL);
            match fs::create_dir(&partial) {
                Ok(()) => return Ok(Self { target, partial, fault: Arc::default() }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && partial.is_dir() => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(StorageError::new(TASK, final_dir, error.kind(), "no folder can be made there"));
                }
                Err(error) => return Err(StorageError::from_io(TASK, final_dir, &error)),
            }
        }
    }

    /// The hidden folder, until it is published.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Opens a file of the result for writing; `name` may have folders in it (`charts/rate.svg`).
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn file(&self, name: &str) -> Result<StagedFile, StorageError> {
        const TASK: &str = "write";
        let shown = self.target.path.join(name);
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if name.is_empty() || !inside {
            let reason = "it is not a name inside the result folder";
            return Err(StorageError::new(TASK, &shown, ErrorKind::InvalidInput, reason));
        }
        let path = self.partial.join(name);
        let parent = path.parent().unwrap_or(&self.partial);
        let opened = fs::create_dir_all(parent).and_then(|()| File::create(&path));
        let file = opened.map_err(|error| StorageError::from_io(TASK, &shown, &error))?;
        let writer = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(StagedFile { writer, shown, fault: Arc::clone(&self.fault) })
    }

    /// Writes a whole file of the result.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let mut file = self.file(name)?;
        file.write_all(bytes)?;
        file.finish()
    }

    /// Brings everything safely to the disk and gives the folder its final name.
    ///
    /// `digest` is the `result_digest` that the manifest says.
    ///
    /// # Errors
    /// When a file is not whole, the manifest is missing or says another digest, or no name can be had.
    /// The hidden folder is removed then.
    pub fn publish(self, digest: &str) -> Result<Published, StorageError> {
        self.published(digest, None)
    }

    /// The same in the place of an earlier state of it: a result whose manifest has that word under that key. Files that somebody else put
    /// into that one move over; a result that has another word there keeps its files under the next free number.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn publish_anew(self, digest: &str, (key, word): (&str, &str)) -> Result<Published, StorageError> {
        self.published(digest, Some((key, word)))
    }

    fn published(self, digest: &str, earlier: Option<(&str, &str)>) -> Result<Published, StorageError> {
        const TASK: &str = "finish the results in";
        if let Some(fault) = self.fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(fault);
        }
        if Arc::strong_count(&self.fault) > 1 {
            let reason = "a file in it is still being written";
            return Err(StorageError::new(TASK, &self.target.path, ErrorKind::ResourceBusy, reason));
        }
        if manifest_digest(&self.partial).as_deref() != Some(digest) {
            let reason = format!("its {MANIFEST} does not say {RESULT_DIGEST} {digest}");
            return Err(StorageError::new(TASK, &self.target.path, ErrorKind::InvalidData, reason));
        }
        bring_to_disk(&self.partial).map_err(|error| StorageError::from_io(TASK, &self.target.path, &error))?;
        let _turn = self.target.turn();
        // Somebody may have been killed between setting the old result aside and replacing it.
        self.target.clear_abandoned();
        let aside = match earlier {
            Some((key, word)) => self
                .target
                .step_aside(digest, key, word)
                .map_err(|error| StorageError::from_io(TASK, &self.target.path, &error))?,
            None => None,
        };
        // Once renamed, the hidden folder is no more, and dropping `self` finds nothing to delete.
        let published = self.target.place(&self.partial, digest);
        if let Some(aside) = aside {
            match &published {
                Ok(published) => self.target.retire_but_strangers(&aside, &published.path),
                Err(_) => self.target.restore(&aside),
            }
        }
        published
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Nobody can be told. What stays behind is hidden, and the next run removes it.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// A file of a result in the making. Its errors carry the path.
///
/// An error that nobody sees, because the file is dropped without [`finish`](Self::finish), keeps the
/// result from being published.
#[derive(Debug)]
pub struct StagedFile {
    writer: BufWriter<File>,
    shown: PathBuf,
    fault: Arc<Mutex<Option<StorageError>>>,
}

impl StagedFile {
    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(), StorageError> {
        Ok(self.flush()?)
    }

    pub(super) fn told(&self, error: &io::Error) -> io::Error {
        if error.kind() == ErrorKind::Interrupted {
            return ErrorKind::Interrupted.into();
        }
        let error = StorageError::from_io("write", &self.shown, error);
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| error.clone());
        error.into()
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).map_err(|error| self.told(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(|error| self.told(&error))
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // The error is kept for `publish`.
        let _ = self.flush();
    }
}
