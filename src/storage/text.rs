//! Single files.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use super::error::StorageError;
use super::owner;
use super::target::PARTIAL;
use crate::diagnostic::Place;

/// Bytes of a scenario beyond which it is refused unread.
pub const SCENARIO_BYTES: u64 = 10 * 1024 * 1024;

/// Reads a whole text file, unless it is larger than `max_bytes`, which is found out without reading it.
///
/// A byte order mark at its start is left out.
///
/// # Errors
/// When it is missing (with the nearest name in that folder as hint), a folder, empty, too large or not
/// UTF-8 (with the place).
pub fn read_text(path: &Path, max_bytes: u64) -> Result<String, StorageError> {
    pub(super) const TASK: &str = "read";
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
    pub(super) const TASK: &str = "write";
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

/// Writes a file whole or not at all, in the place of an older one of that name; its folder is made if need be.
///
/// # Errors
/// When it cannot be written.
pub fn write_over(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    const TASK: &str = "write";
    let fault = |error: io::Error| StorageError::from_io(TASK, path, &error);
    if path.is_dir() {
        let error = StorageError::new(TASK, path, ErrorKind::IsADirectory, "a folder has that name");
        return Err(error.hint("choose another name"));
    }
    // A device or a pipe would be lost, and a result would no longer be what its manifest says.
    if fs::symlink_metadata(path).is_ok_and(|about| !about.is_file()) {
        let error = StorageError::new(TASK, path, ErrorKind::AlreadyExists, "it is no plain file, and would be lost");
        return Err(error.hint("choose another name"));
    }
    if path.with_file_name(super::MANIFEST).is_file() {
        let error = StorageError::new(
            TASK,
            path,
            ErrorKind::AlreadyExists,
            "its folder holds a result, which is kept as it is",
        );
        return Err(error.hint("choose another folder"));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let name = path.file_name().unwrap_or_default();
    clear_away(path, &owner::hidden_start(name, PARTIAL));
    let partial = path.with_file_name(owner::hidden(name, PARTIAL));
    let written = File::create(&partial).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&partial, path)).map_err(|error| {
        let _ = fs::remove_file(&partial);
        fault(error)
    })
}

/// Removes what processes that were killed left of that file.
fn clear_away(path: &Path, start: &OsStr) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = owner::owner(&entry.file_name(), start);
        if left.is_some_and(|owner| owner.is_gone(&entry.path())) {
            // What cannot be removed does no harm: it is hidden, and never read.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Reads a whole file as it is.
///
/// # Errors
/// When it cannot be read.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, StorageError> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing("read", path),
        _ => StorageError::from_io("read", path, &error),
    })
}

/// A file that does not exist, and the one that may have been meant.
pub(super) fn missing(task: &'static str, path: &Path) -> StorageError {
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
pub(super) fn not_utf8(task: &'static str, path: &Path, bytes: &[u8], wrong: std::str::Utf8Error) -> StorageError {
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

pub(super) fn in_bytes(bytes: u64) -> String {
    pub(super) const MEGABYTE: u64 = 1024 * 1024;
    if bytes < MEGABYTE { format!("{bytes} bytes") } else { format!("{:.0} MB", bytes as f64 / MEGABYTE as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_cleared_away_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("comity-over-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("there is room");
        let path = folder.join("a.svg");
        let mut child = std::process::Command::new("true").spawn().expect("a process");
        let dead = child.id();
        child.wait().expect("it ends");
        let left = folder.join(format!(".a.svg.partial-{}-{dead}-0", owner::machine()));
        let alive = folder.join(format!(".a.svg.partial-{}-{}-700", owner::machine(), std::process::id()));
        let other = folder.join(".b.svg.partial-x");
        for file in [&left, &alive, &other] {
            fs::write(file, "half").expect("there is room");
        }
        write_over(&path, b"whole").expect("it is written");
        write_over(&path, b"whole again").expect("it is written over");
        assert_eq!(fs::read(&path).expect("it is there"), b"whole again");
        assert!(owner::machine() == owner::UNKNOWN_MACHINE || !left.exists(), "what the dead left is gone");
        assert!(alive.exists() && other.exists(), "what others write is kept");
        assert!(write_over(&folder, b"x").is_err(), "a folder is not written over");
        fs::write(folder.join(super::super::MANIFEST), "{}").expect("there is room");
        assert!(write_over(&path, b"x").is_err(), "a result is not written into");
        fs::remove_dir_all(&folder).expect("it goes");
    }
}
