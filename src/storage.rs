//! The only door to files.
//!
//! Results are written into a hidden folder beside the final one ([`Staging`]) and renamed when they
//! are whole, so that nothing half-written ever stands under the final name. Every result folder holds
//! `manifest.json` with a `result_digest`. The same result again replaces the old folder; another
//! result, or a folder that is none of ours, is never touched: the new one goes beside it, numbered.
//!
//! Processes that publish to the same name take turns by a lock on the folder around it. Where there are
//! no such locks, the file system keeps them apart: a folder can be renamed onto a name only while
//! nothing (or an empty folder) has that name, and an old result is looked at once more after it was set
//! aside and before it is deleted. The worst that can happen then is one result under two numbers.
//!
//! A process that was killed leaves its hidden folder behind. The next [`Staging::create`] for the same
//! result removes it, when its process is known to be gone, and gives back what it had set aside.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::diagnostic::{Diagnostic, Place};

/// The file that makes a folder a result folder.
pub const MANIFEST: &str = "manifest.json";
/// The field of the manifest that says which result it is.
pub const RESULT_DIGEST: &str = "result_digest";
/// Bytes of a scenario beyond which it is refused unread.
pub const SCENARIO_BYTES: u64 = 10 * 1024 * 1024;

/// Bytes of a manifest beyond which it is none of ours.
const MANIFEST_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes gathered before they go to a file.
const BUFFER_BYTES: usize = 256 * 1024;
/// A hidden folder of an unknown process is given up after this long without a change.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);
/// How often a name is tried again when somebody else was quicker.
const ATTEMPTS: usize = 1000;
/// How long others are let finish before it goes on without the lock.
const PATIENCE: Duration = Duration::from_secs(30);
/// The highest number that a result gets.
const NUMBERS: usize = 100_000;

// --------------------------------------------------------------------------------------------------
// Errors
// --------------------------------------------------------------------------------------------------

/// What could not be done with which path, why, and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageError {
    /// The file or folder.
    pub path: PathBuf,
    /// What was tried, to be read after "cannot".
    pub task: &'static str,
    /// Why it failed, in plain words.
    pub reason: String,
    /// What helps, if that is known.
    pub hint: Option<String>,
    /// Where in the file, if it has a place.
    pub place: Option<Box<Place>>,
    /// The kind of failure, as the operating system has it.
    pub kind: ErrorKind,
}

impl StorageError {
    fn new(task: &'static str, path: &Path, kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), task, reason: reason.into(), hint: None, place: None, kind }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The operating system's error in plain words; one that was put in words before stays as it is.
    fn from_io(task: &'static str, path: &Path, error: &io::Error) -> Self {
        if let Some(known) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return known.clone();
        }
        let kind = error.kind();
        let (reason, hint) = match kind {
            ErrorKind::PermissionDenied => {
                let hint = if task.starts_with("read") {
                    "ask its owner for permission to read, or copy it"
                } else {
                    "choose a folder that you may write to"
                };
                ("permission denied".to_owned(), Some(hint.to_owned()))
            }
            ErrorKind::StorageFull => {
                ("the disk is full".to_owned(), Some("free some space, or choose a folder on another disk".to_owned()))
            }
            ErrorKind::QuotaExceeded => (
                "your disk quota is used up".to_owned(),
                Some("free some space, or choose a folder on another disk".to_owned()),
            ),
            ErrorKind::ReadOnlyFilesystem => {
                ("the disk is read-only".to_owned(), Some("choose a folder on another disk".to_owned()))
            }
            ErrorKind::InvalidFilename => (
                "the name is too long or has characters that names cannot have here".to_owned(),
                Some("choose a shorter or plainer name".to_owned()),
            ),
            ErrorKind::FileTooLarge => ("the file grew larger than this disk allows".to_owned(), None),
            ErrorKind::IsADirectory => ("it is a folder, not a file".to_owned(), None),
            ErrorKind::NotFound => ("it does not exist".to_owned(), None),
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => match file_on_the_way(path) {
                Some(file) => {
                    let reason = format!("{} is a file, not a folder", file.display());
                    (reason, Some("choose another folder, or move that file".to_owned()))
                }
                None => (error.to_string(), None),
            },
            _ => (error.to_string(), None),
        };
        Self { path: path.to_owned(), task, reason, hint, place: None, kind }
    }
}

/// The first of the path's ancestors, or the path itself, that is something else than a folder.
fn file_on_the_way(path: &Path) -> Option<&Path> {
    let mut ancestors: Vec<_> = path.ancestors().filter(|path| !path.as_os_str().is_empty()).collect();
    ancestors.reverse();
    ancestors.into_iter().find(|path| fs::metadata(path).is_ok_and(|found| !found.is_dir()))
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.task, self.path.display(), self.reason)
    }
}

impl std::error::Error for StorageError {}

impl From<StorageError> for Diagnostic {
    fn from(error: StorageError) -> Self {
        let mut diagnostic = Self::error(error.to_string());
        diagnostic.place = error.place.map(|place| *place);
        diagnostic.hint = error.hint;
        diagnostic
    }
}

impl From<StorageError> for io::Error {
    fn from(error: StorageError) -> Self {
        Self::new(error.kind, error)
    }
}

/// The error of a writer that came out of this module, or of something that wraps it, keeps its path.
impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        Self::from_io("write", Path::new("the results"), &error)
    }
}

// --------------------------------------------------------------------------------------------------
// A result folder in the making
// --------------------------------------------------------------------------------------------------

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
        // Once renamed, the hidden folder is no more, and dropping `self` finds nothing to delete.
        self.target.place(&self.partial, digest)
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

    fn told(&self, error: &io::Error) -> io::Error {
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

// --------------------------------------------------------------------------------------------------
// Names, and how folders come to have them
// --------------------------------------------------------------------------------------------------

/// Ending of a hidden folder in the making.
const PARTIAL: &str = "partial";
/// Ending of an old result that is set aside while the new one takes its name.
const ASIDE: &str = "old";

/// The final folder, and everything that is named after it.
#[derive(Debug)]
struct Target {
    path: PathBuf,
    parent: PathBuf,
    name: OsString,
}

/// What has a name.
enum Found {
    Nothing,
    EmptyFolder,
    Result(String),
    Obstacle(Obstacle),
}

/// How a folder came to have a name.
enum Taken {
    Free,
    Replaced,
    Not(Obstacle),
}

impl Target {
    fn new(task: &'static str, final_dir: &Path) -> Result<Self, StorageError> {
        let linked = fs::symlink_metadata(final_dir).is_ok_and(|found| found.is_symlink());
        let path = if linked || final_dir.file_name().is_none() {
            // Through a link, and out of `.` and `..`, to the folder that has a name.
            let path = if final_dir.as_os_str().is_empty() { Path::new(".") } else { final_dir };
            fs::canonicalize(path).map_err(|error| StorageError::from_io(task, final_dir, &error))?
        } else {
            final_dir.to_owned()
        };
        let (Some(name), Some(parent)) = (path.file_name(), path.parent()) else {
            let reason = "it is the root of a disk, which cannot be replaced";
            let error = StorageError::new(task, final_dir, ErrorKind::InvalidInput, reason);
            return Err(error.hint("choose a folder inside it"));
        };
        let parent = if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() };
        Ok(Self { name: name.to_owned(), parent, path })
    }

    /// A hidden name of ours that nobody else has.
    fn hidden(&self, ending: &str) -> PathBuf {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let mut name = self.hidden_start(ending);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        name.push(format!("{}-{}-{count}", machine(), std::process::id()));
        self.parent.join(name)
    }

    fn hidden_start(&self, ending: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(format!(".{ending}-"));
        name
    }

    /// The final name, or with a number from 2 the name beside it.
    fn numbered(&self, number: usize) -> PathBuf {
        if number == 1 {
            return self.path.clone();
        }
        let mut name = self.name.clone();
        name.push(format!("-{number}"));
        self.path.with_file_name(name)
    }

    /// Waits until nobody else publishes into the same folder, as long as what is returned lives.
    fn turn(&self) -> Option<File> {
        // Not every system lets a folder be opened or locked; then the renames alone must do.
        let folder = File::open(&self.parent).ok()?;
        #[expect(clippy::disallowed_methods, reason = "how long to wait for another process is no result")]
        let start = Instant::now();
        loop {
            match folder.try_lock() {
                Ok(()) => return Some(folder),
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(_) => return None,
            }
        }
    }

    /// Gives a whole folder the final name, or the first number that is free or holds the same result.
    fn place(&self, folder: &Path, digest: &str) -> Result<Published, StorageError> {
        let mut other = None;
        for number in 1..=NUMBERS {
            let path = self.numbered(number);
            let (replaced, obstacle) = match self.take(folder, &path, digest)? {
                Taken::Free => (false, other),
                Taken::Replaced => (true, other),
                Taken::Not(obstacle) => {
                    other.get_or_insert(obstacle);
                    continue;
                }
            };
            bring_folder_to_disk(&self.parent);
            let outcome = match (obstacle, replaced) {
                (Some(obstacle), replaced) => Outcome::Beside { other: self.path.clone(), obstacle, replaced },
                (None, true) => Outcome::Replaced,
                (None, false) => Outcome::New,
            };
            return Ok(Published { path, outcome });
        }
        let reason = format!("none of {NUMBERS} names beside it is free");
        Err(StorageError::new("finish the results in", &self.path, ErrorKind::AlreadyExists, reason))
    }

    /// Tries to give a whole folder one name.
    fn take(&self, folder: &Path, path: &Path, digest: &str) -> Result<Taken, StorageError> {
        const TASK: &str = "give the finished results the name";
        for _ in 0..ATTEMPTS {
            let attempt = match look(path) {
                Found::Nothing => fs::rename(folder, path).map(|()| Taken::Free),
                // Only an empty folder can be removed so; elsewhere than on Unix it would be in the way.
                Found::EmptyFolder => {
                    fs::remove_dir(path).and_then(|()| fs::rename(folder, path)).map(|()| Taken::Free)
                }
                Found::Result(found) if found == digest => match self.replace(folder, path, digest) {
                    Ok(true) => Ok(Taken::Replaced),
                    Ok(false) => continue,
                    Err(error) => Err(error),
                },
                Found::Result(_) => return Ok(Taken::Not(Obstacle::OtherResult)),
                Found::Obstacle(obstacle) => return Ok(Taken::Not(obstacle)),
            };
            match attempt {
                Ok(taken) => return Ok(taken),
                Err(error) => match error.kind() {
                    // The folder itself is gone: nothing can be given a name any more.
                    ErrorKind::NotFound if !folder.exists() => {
                        return Err(StorageError::new(TASK, path, error.kind(), "they were deleted meanwhile"));
                    }
                    // Somebody was quicker: look again.
                    ErrorKind::NotFound
                    | ErrorKind::AlreadyExists
                    | ErrorKind::DirectoryNotEmpty
                    | ErrorKind::NotADirectory => {}
                    ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => return Ok(Taken::Not(Obstacle::Fixed)),
                    // Elsewhere than on Unix an occupied name is a matter of permission.
                    ErrorKind::PermissionDenied if cfg!(not(unix)) && path.exists() => {}
                    _ => return Err(StorageError::from_io(TASK, path, &error)),
                },
            }
        }
        Ok(Taken::Not(Obstacle::Fixed))
    }

    /// Sets the old result aside, lets the new one have its name, and deletes the old one. `false` when
    /// somebody else meddled and everything is as it was.
    fn replace(&self, folder: &Path, path: &Path, digest: &str) -> io::Result<bool> {
        let aside = self.hidden(ASIDE);
        fs::rename(path, &aside)?;
        // Between the look and the rename, another result may have come to have the name.
        let same = manifest_digest(&aside).as_deref() == Some(digest);
        let renamed = if same { fs::rename(folder, path) } else { Err(ErrorKind::AlreadyExists.into()) };
        match renamed {
            Ok(()) => {
                self.retire(&aside, path);
                Ok(true)
            }
            Err(error) => {
                self.restore(&aside);
                match error.kind() {
                    ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => Ok(false),
                    _ => Err(error),
                }
            }
        }
    }

    /// Deletes an old result whose twin has its name now. What somebody else put into it moves over.
    fn retire(&self, aside: &Path, twin: &Path) {
        move_missing(aside, twin);
        // Under this name the rest of it goes, even if this process is killed half-way.
        let rest = self.hidden(PARTIAL);
        let _ = fs::rename(aside, &rest).and_then(|()| fs::remove_dir_all(&rest));
    }

    /// Gives a result that was set aside a name again; when the same result has one, it is not needed.
    fn restore(&self, aside: &Path) {
        let Some(digest) = manifest_digest(aside) else { return };
        for number in 1..=NUMBERS {
            let path = self.numbered(number);
            match look(&path) {
                Found::Nothing if fs::rename(aside, &path).is_ok() => return,
                Found::Result(found) if found == digest => return self.retire(aside, &path),
                _ => {}
            }
        }
    }

    /// Removes the hidden folders of processes that are gone, and restores what they had set aside.
    fn clear_abandoned(&self) {
        let Ok(entries) = fs::read_dir(&self.parent) else { return };
        let (partial, aside) = (self.hidden_start(PARTIAL), self.hidden_start(ASIDE));
        for entry in entries.flatten() {
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                continue;
            }
            let name = entry.file_name();
            let path = entry.path();
            if owner(&name, &partial).is_some_and(|owner| owner.is_gone(&path)) {
                let _ = fs::remove_dir_all(&path);
            } else if owner(&name, &aside).is_some_and(|owner| owner.is_gone(&path)) {
                self.restore(&path);
            }
        }
    }
}

/// What has that name.
fn look(path: &Path) -> Found {
    match fs::symlink_metadata(path) {
        Err(_) => return Found::Nothing,
        Ok(found) if found.is_symlink() => return Found::Obstacle(Obstacle::Fixed),
        Ok(found) if !found.is_dir() => return Found::Obstacle(Obstacle::File),
        Ok(_) => {}
    }
    if let Some(digest) = manifest_digest(path) {
        return Found::Result(digest);
    }
    match fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Found::EmptyFolder,
        Ok(false) => Found::Obstacle(Obstacle::NotAResult),
        Err(error) if error.kind() == ErrorKind::NotFound => Found::Nothing,
        Err(_) => Found::Obstacle(Obstacle::Fixed),
    }
}

/// The digest that the manifest of a folder says, if it is a result folder.
fn manifest_digest(folder: &Path) -> Option<String> {
    let text = read_text(&folder.join(MANIFEST), MANIFEST_BYTES).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(manifest.get(RESULT_DIGEST)?.as_str()?.to_owned())
}

/// Moves what is in the one folder and not in the other.
fn move_missing(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries.flatten() {
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if fs::symlink_metadata(&new).is_err() {
            let _ = fs::rename(&old, &new);
        } else if new.is_dir() && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            move_missing(&old, &new);
        }
    }
}

/// Waits until a folder and all in it is on the disk.
fn bring_to_disk(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            bring_to_disk(&entry.path())?;
        } else if kind.is_file() {
            File::options().write(true).open(entry.path())?.sync_all()?;
        }
    }
    bring_folder_to_disk(folder);
    Ok(())
}

/// Waits until the names in a folder are on the disk. Not every system can, and the bytes are safe.
fn bring_folder_to_disk(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

// --------------------------------------------------------------------------------------------------
// Whose hidden folder is it?
// --------------------------------------------------------------------------------------------------

/// The process that a hidden folder is named after.
struct Owner {
    machine: String,
    process: u32,
}

/// The owner of a folder with that name, if it is one of ours.
fn owner(name: &OsStr, start: &OsStr) -> Option<Owner> {
    let rest = name.as_encoded_bytes().strip_prefix(start.as_encoded_bytes())?;
    let mut parts = std::str::from_utf8(rest).ok()?.split('-');
    let (machine, process, count) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let hex = machine.len() == 8 && machine.bytes().all(|byte| byte.is_ascii_hexdigit());
    if parts.next().is_some() || !hex || !digits(process) || !digits(count) {
        return None;
    }
    Some(Owner { machine: machine.to_owned(), process: process.parse().ok()? })
}

impl Owner {
    /// Whether the process is known to have ended; of one on another machine, whether the folder has
    /// not changed for a day.
    fn is_gone(&self, folder: &Path) -> bool {
        if self.machine == machine() && machine() != UNKNOWN_MACHINE {
            return !is_alive(self.process);
        }
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let changed = entries.filter_map(|entry| entry.metadata().ok()?.modified().ok());
        let last = changed.chain(fs::metadata(folder).and_then(|found| found.modified())).max();
        #[expect(clippy::disallowed_methods, reason = "how old an abandoned folder is, is no result")]
        let now = SystemTime::now();
        last.and_then(|last| now.duration_since(last).ok()).is_some_and(|age| age > ABANDONED)
    }
}

/// Whether a process of this machine still runs. One that ended stays listed, in state `Z`, until its
/// parent asks how; in a container without an init nobody ever does.
fn is_alive(process: u32) -> bool {
    match fs::read_to_string(format!("/proc/{process}/stat")) {
        // The name in brackets may have anything in it, brackets too.
        Ok(stat) => !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with(['Z', 'X', 'x']),
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// The name of a machine that has no name for itself.
const UNKNOWN_MACHINE: &str = "00000000";

/// Eight digits for where a process number means something: this boot of this machine, this container,
/// this user. Result folders may stand on a disk that many machines share.
fn machine() -> &'static str {
    static MACHINE: OnceLock<String> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let space = fs::read_link("/proc/self/ns/pid");
        let status = fs::read_to_string("/proc/self/status");
        let (Ok(boot), Ok(space), Ok(status)) = (boot, space, status) else { return UNKNOWN_MACHINE.to_owned() };
        let user = status.lines().find(|line| line.starts_with("Uid:")).unwrap_or_default();
        let mut hex = Digest::of(format!("{boot}{}{user}", space.display()).as_bytes());
        hex.truncate(UNKNOWN_MACHINE.len());
        hex
    })
}

// --------------------------------------------------------------------------------------------------
// Single files
// --------------------------------------------------------------------------------------------------

/// Reads a whole text file, unless it is larger than `max_bytes`, which is found out without reading it.
///
/// A byte order mark at its start is left out.
///
/// # Errors
/// When it is missing (with the nearest name in that folder as hint), a folder, empty, too large or not
/// UTF-8 (with the place).
pub fn read_text(path: &Path, max_bytes: u64) -> Result<String, StorageError> {
    const TASK: &str = "read";
    let failed = |error: io::Error| StorageError::from_io(TASK, path, &error);
    let found = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(TASK, path),
        _ => failed(error),
    })?;
    if found.is_dir() {
        let error = StorageError::new(TASK, path, ErrorKind::IsADirectory, "it is a folder, not a file");
        return Err(error.hint("name a file in it"));
    }
    let too_large = |size: &str| {
        let reason = format!("it has {size}, more than the {} allowed", in_bytes(max_bytes));
        let error = StorageError::new(TASK, path, ErrorKind::FileTooLarge, reason);
        error.hint("is it the right file? Tables and results are not read as text")
    };
    if found.len() > max_bytes {
        return Err(too_large(&in_bytes(found.len())));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large("no end"));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(TASK, path, error.as_bytes(), error.utf8_error()))?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.trim().is_empty() {
        return Err(StorageError::new(TASK, path, ErrorKind::UnexpectedEof, "it is empty"));
    }
    Ok(text)
}

/// Writes a file that must not exist yet: whole or not at all.
///
/// # Errors
/// When something has that name, or it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    const TASK: &str = "write";
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            let error = StorageError::new(TASK, path, error.kind(), "it exists already");
            error.hint("choose another name, or move it")
        }
        ErrorKind::NotFound => StorageError::new(TASK, path, error.kind(), "its folder does not exist"),
        _ => StorageError::from_io(TASK, path, &error),
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = fs::remove_file(path);
        StorageError::from_io(TASK, path, &error)
    })
}

/// A file that does not exist, and the one that may have been meant.
fn missing(task: &'static str, path: &Path) -> StorageError {
    let error = StorageError::new(task, path, ErrorKind::NotFound, "it does not exist");
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(parent) else {
        return error.hint(format!("the folder {} does not exist either", parent.display()));
    };
    let asked = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let names = entries.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    // Directories have no order; a hint has.
    names.sort();
    let nearness = |name: &str| strsim::jaro_winkler(&asked, &name.to_lowercase());
    match names.iter().max_by(|a, b| nearness(a).total_cmp(&nearness(b))) {
        Some(name) if nearness(name) > 0.75 => error.hint(format!("did you mean {}?", parent.join(name).display())),
        _ => error,
    }
}

/// A file that is not text as we read it, with the place of the first wrong byte.
fn not_utf8(task: &'static str, path: &Path, bytes: &[u8], wrong: std::str::Utf8Error) -> StorageError {
    let offset = wrong.valid_up_to();
    let (before, after) = bytes.split_at_checked(offset).unwrap_or((bytes, &[]));
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = after.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| offset + length);
    let excerpt = String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default());
    let excerpt = excerpt.trim_end_matches('\r').chars().take(200).collect();
    let column = 1 + String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count();
    let byte = after.first().copied().unwrap_or_default();
    let reason = format!("it is not UTF-8: byte {offset} (line {line}) is 0x{byte:02X}");
    let mut error = StorageError::new(task, path, ErrorKind::InvalidData, reason);
    error.place = Some(Box::new(Place { file: path.display().to_string(), line, column, excerpt, width: 1 }));
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        error.hint("it looks like UTF-16; save it as UTF-8")
    } else if before.contains(&0) || after.contains(&0) {
        error.hint("it looks like data, not text; is it the right file?")
    } else {
        error.hint("save it as UTF-8 in your editor")
    }
}

fn in_bytes(bytes: u64) -> String {
    const MEGABYTE: u64 = 1024 * 1024;
    if bytes < MEGABYTE { format!("{bytes} bytes") } else { format!("{:.0} MB", bytes as f64 / MEGABYTE as f64) }
}

// --------------------------------------------------------------------------------------------------
// Digests
// --------------------------------------------------------------------------------------------------

/// A SHA-256 in the making.
#[derive(Debug, Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// The digest of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The digest of some bytes, in hexadecimal digits.
    pub fn of(bytes: &[u8]) -> String {
        let mut digest = Self::new();
        digest.update(bytes);
        digest.hex()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest in hexadecimal digits.
    pub fn hex(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
        self.0.finalize().iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
    }
}

/// A writer that digests what it passes on.
#[derive(Debug)]
pub struct HashingWriter<W> {
    writer: W,
    digest: Digest,
}

impl<W: Write> HashingWriter<W> {
    /// Digests what is written to `writer`.
    pub fn new(writer: W) -> Self {
        Self { writer, digest: Digest::new() }
    }

    /// The writer, and the digest of all that was written, in hexadecimal digits.
    pub fn finish(self) -> (W, String) {
        (self.writer, self.digest.hex())
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
