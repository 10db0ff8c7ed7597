//! What cannot be read or written, and why.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Place};

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
    pub(super) fn new(task: &'static str, path: &Path, kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), task, reason: reason.into(), hint: None, place: None, kind }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The operating system's error in plain words; one that was put in words before stays as it is.
    pub(super) fn from_io(task: &'static str, path: &Path, error: &io::Error) -> Self {
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
pub(super) fn file_on_the_way(path: &Path) -> Option<&Path> {
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
