//! Names, and how folders come to have them.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::StorageError;
use super::owner::{hidden, hidden_start, owner};
use super::staging::{Obstacle, Outcome, Published};
use super::text::read_text;
use super::{MANIFEST, RESULT_DIGEST};

/// Bytes of a manifest beyond which it is none of ours.
const MANIFEST_BYTES: u64 = 64 * 1024 * 1024;
/// How often a name is tried again when somebody else was quicker.
const ATTEMPTS: usize = 1000;
/// How long others are let finish before it goes on without the lock.
const PATIENCE: Duration = Duration::from_secs(30);
/// The highest number that a result gets.
const NUMBERS: usize = 100_000;

/// Ending of a hidden folder in the making.
pub(super) const PARTIAL: &str = "partial";
/// Ending of an old result that is set aside while the new one takes its name.
pub(super) const ASIDE: &str = "old";

/// The final folder, and everything that is named after it.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) parent: PathBuf,
    pub(super) name: OsString,
}

/// What has a name.
pub(super) enum Found {
    Nothing,
    EmptyFolder,
    Result(String),
    Obstacle(Obstacle),
}

/// How a folder came to have a name.
pub(super) enum Taken {
    Free,
    Replaced,
    Not(Obstacle),
}

impl Target {
    pub(super) fn new(task: &'static str, final_dir: &Path) -> Result<Self, StorageError> {
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
    pub(super) fn hidden(&self, ending: &str) -> PathBuf {
        self.parent.join(hidden(&self.name, ending))
    }

    fn hidden_start(&self, ending: &str) -> OsString {
        hidden_start(&self.name, ending)
    }

    /// The final name, or with a number from 2 the name beside it.
    pub(super) fn numbered(&self, number: usize) -> PathBuf {
        if number == 1 {
            return self.path.clone();
        }
        let mut name = self.name.clone();
        name.push(format!("-{number}"));
        self.path.with_file_name(name)
    }

    /// Waits until nobody else publishes into the same folder, as long as what is returned lives.
    pub(super) fn turn(&self) -> Option<File> {
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
    pub(super) fn place(&self, folder: &Path, digest: &str) -> Result<Published, StorageError> {
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
    pub(super) fn take(&self, folder: &Path, path: &Path, digest: &str) -> Result<Taken, StorageError> {
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
    pub(super) fn replace(&self, folder: &Path, path: &Path, digest: &str) -> io::Result<bool> {
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
    pub(super) fn retire(&self, aside: &Path, twin: &Path) {
        move_missing(aside, twin);
        // Under this name the rest of it goes, even if this process is killed half-way.
        let rest = self.hidden(PARTIAL);
        let _ = fs::rename(aside, &rest).and_then(|()| fs::remove_dir_all(&rest));
    }

    /// Sets an earlier state of a result aside: one whose manifest has that word under that key. One that has another word there gets the
    /// next free number, for good.
    pub(super) fn step_aside(&self, digest: &str, key: &str, word: &str) -> io::Result<Option<PathBuf>> {
        let Found::Result(found) = look(&self.path) else { return Ok(None) };
        let manifest = manifest(&self.path);
        match manifest.as_ref().and_then(|manifest| manifest.get(key)).and_then(serde_json::Value::as_str) {
            Some(own) if own == word && found != digest => {
                let aside = self.hidden(ASIDE);
                fs::rename(&self.path, &aside).map(|()| Some(aside))
            }
            Some(own) if own != word => {
                let mut numbered = (2..=NUMBERS).map(|number| self.numbered(number));
                let free = numbered.find(|path| matches!(look(path), Found::Nothing));
                free.map_or(Ok(()), |free| fs::rename(&self.path, free)).map(|()| None)
            }
            _ => Ok(None),
        }
    }

    /// Deletes an earlier state that was set aside; what its manifest does not name moves over to its successor.
    pub(super) fn retire_but_strangers(&self, aside: &Path, successor: &Path) {
        let manifest = manifest(aside).unwrap_or_default();
        let tables = manifest.get("rows").and_then(serde_json::Value::as_object);
        for table in tables.into_iter().flat_map(|tables| tables.keys()) {
            for ending in ["csv", "parquet"] {
                let _ = fs::remove_file(aside.join(format!("{table}.{ending}")));
            }
        }
        let charts = manifest.get("charts").and_then(serde_json::Value::as_array);
        let names =
            charts.into_iter().flatten().filter_map(|chart| chart.get("name").and_then(serde_json::Value::as_str));
        for name in names {
            for ending in ["svg", "pdf", "png", "md", "csv"] {
                let _ = fs::remove_file(aside.join("charts").join(format!("{name}.{ending}")));
            }
        }
        let _ = fs::remove_file(aside.join(MANIFEST));
        self.retire(aside, successor);
    }

    /// Gives a result that was set aside a name again; when the same result has one, it is not needed.
    pub(super) fn restore(&self, aside: &Path) {
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
    pub(super) fn clear_abandoned(&self) {
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
pub(super) fn look(path: &Path) -> Found {
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
pub(super) fn manifest_digest(folder: &Path) -> Option<String> {
    Some(manifest(folder)?.get(RESULT_DIGEST)?.as_str()?.to_owned())
}

/// The manifest of a folder, if it has one that can be read.
fn manifest(folder: &Path) -> Option<serde_json::Value> {
    let text = read_text(&folder.join(MANIFEST), MANIFEST_BYTES).ok()?;
    serde_json::from_str(&text).ok()
}

/// Moves what is in the one folder and not in the other.
pub(super) fn move_missing(from: &Path, to: &Path) {
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
pub(super) fn bring_to_disk(folder: &Path) -> io::Result<()> {
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
pub(super) fn bring_folder_to_disk(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
