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
