//! Whose hidden folder is it?

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::digest::Digest;

/// A hidden folder of an unknown process is given up after this long without a change.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The process that a hidden folder is named after.
pub(super) struct Owner {
    machine: String,
    process: u32,
}

/// A hidden name that nobody else has, of something that is to get the name given.
pub(super) fn hidden(name: &OsStr, ending: &str) -> OsString {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut hidden = hidden_start(name, ending);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    hidden.push(format!("{}-{}-{count}", machine(), std::process::id()));
    hidden
}

/// What all hidden names of it begin with.
pub(super) fn hidden_start(name: &OsStr, ending: &str) -> OsString {
    let mut start = OsString::from(".");
    start.push(name);
    start.push(format!(".{ending}-"));
    start
}

/// The owner of a folder or file with that name, if it is one of ours.
pub(super) fn owner(name: &OsStr, start: &OsStr) -> Option<Owner> {
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
    pub(super) fn is_gone(&self, folder: &Path) -> bool {
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
pub(super) fn is_alive(process: u32) -> bool {
    match fs::read_to_string(format!("/proc/{process}/stat")) {
        // The name in brackets may have anything in it, brackets too.
        Ok(stat) => !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with(['Z', 'X', 'x']),
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// The name of a machine that has no name for itself.
pub(super) const UNKNOWN_MACHINE: &str = "00000000";

/// Eight digits for where a process number means something: this boot of this machine, this container,
/// this user. Result folders may stand on a disk that many machines share.
pub(super) fn machine() -> &'static str {
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
