//! A lock that keeps processes out of each other's way, and that a process which dies does not leave behind.

use super::error::StorageError;
use std::fs::{self, File, TryLockError};
use std::path::Path;

/// A lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "it is held, not used")] File);

/// Takes the lock of that file, alone or together with others who share it; `None` if somebody else has it.
///
/// Where a file system knows no locks, everybody gets it.
///
/// # Errors
/// When the file cannot be made.
pub fn lock(path: &Path, shared: bool) -> Result<Option<Lock>, StorageError> {
    let fault = |error: std::io::Error| StorageError::from_io("write", path, &error);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(fault)?;
    match if shared { file.try_lock_shared() } else { file.try_lock() } {
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
    }
}

/// Removes a result folder whose manifest has that word under that key: an earlier state of what is about to be written anew.
///
/// # Errors
/// When it is such a folder and cannot be removed.
pub fn discard_result(path: &Path, key: &str, word: &str) -> Result<(), StorageError> {
    let manifest = super::text::read_text(&path.join(super::MANIFEST), 64 * 1024 * 1024);
    let manifest = manifest.ok().and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let own = manifest.as_ref().and_then(|manifest| manifest.get(key)).and_then(serde_json::Value::as_str);
    if own != Some(word) {
        return Ok(());
    }
    fs::remove_dir_all(path).map_err(|error| StorageError::from_io("replace", path, &error))
}
