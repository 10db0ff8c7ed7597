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

mod digest;
mod error;
mod lock;
mod owner;
mod staging;
mod target;
mod text;

pub use digest::HashingWriter;
pub use error::StorageError;
pub use lock::{Lock, lock};
pub use staging::{Obstacle, Outcome, Published, StagedFile, Staging};
pub use text::{SCENARIO_BYTES, read_bytes, read_text, write_new, write_over};

/// The file that makes a folder a result folder.
pub const MANIFEST: &str = "manifest.json";
/// The field of the manifest that says which result it is.
pub const RESULT_DIGEST: &str = "result_digest";
