//! `comity sweep`, `sensitivity`, `merge`, `verify`, `status` and `submit`: sweeps in a folder that survives whatever happens.

pub mod arguments;
mod cost;
mod folder;
mod merge;
mod plan_file;
mod queue;
mod result;
mod run;
mod run_words;
mod sensitivity;
mod shard;
mod slurm;
mod slurm_script;
mod status;
mod submit;
mod verify;

pub use merge::merge;
pub use run::sweep;
pub use sensitivity::sensitivity;
pub use shard::Shard;
pub use status::status;
pub use submit::submit;
pub use verify::verify;

/// Which program this is.
pub fn program() -> String {
    format!("{} ({})", env!("CARGO_PKG_VERSION"), env!("COMITY_COMMIT"))
}
