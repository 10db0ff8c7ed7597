//! Small worlds for tests, written as scenarios are.

use comity::diagnostic::Diagnostic;
use comity::engine::Setup;
use comity::scenario::{Files, Override, Scenario, parse};
use std::sync::Arc;

/// Four unlike states, a few busy desks, every kind of fact.
pub const REGION: &str = include_str!("worlds/region.toml");

/// A change on top of a scenario: path and value, as in `--set`.
pub type Change<'a> = (&'a str, &'a str);

/// One text, whatever it is called.
struct Text<'a>(&'a str);

impl Files for Text<'_> {
    fn read(&self, _name: &str) -> Result<String, Diagnostic> {
        Ok(self.0.to_owned())
    }
}

/// The setup of a scenario with some changes.
pub fn setup(text: &str, changes: &[Change<'_>]) -> Arc<Setup> {
    Arc::new(Setup::new(&scenario(text, changes)))
}

/// A scenario with some changes.
pub fn scenario(text: &str, changes: &[Change<'_>]) -> Scenario {
    let changes: Vec<Override> = changes.iter().map(|(path, value)| Override::new(format!("{path}={value}"))).collect();
    match parse("world.toml", &Text(text), &changes) {
        Ok((scenario, _)) => scenario,
        Err(errors) => panic!("{changes:?}: {errors:#?}"),
    }
}

/// Files as they lie on the disk.
struct Disk;

impl Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        std::fs::read_to_string(name).map_err(|error| Diagnostic::error(error.to_string()))
    }
}

/// The setup of a shipped scenario with some changes.
pub fn shipped(name: &str, changes: &[Change<'_>]) -> Arc<Setup> {
    Arc::new(Setup::new(&shipped_scenario(name, changes)))
}

/// A shipped scenario with some changes.
pub fn shipped_scenario(name: &str, changes: &[Change<'_>]) -> Scenario {
    let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let changes: Vec<Override> = changes.iter().map(|(path, value)| Override::new(format!("{path}={value}"))).collect();
    match parse(&path, &Disk, &changes) {
        Ok((scenario, _)) => scenario,
        Err(errors) => panic!("{name}, {changes:?}: {errors:#?}"),
    }
}

/// The shipped scenarios that have interventions.
pub fn shipped_with_interventions() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let files =
        std::fs::read_dir(folder).expect("there are scenarios").map(|file| file.expect("it can be read").path());
    let mut names: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .filter(|path| {
            let text = std::fs::read_to_string(path).expect("it is text");
            text.contains("\n[intervention.") && !text.starts_with("#:schema ./study.schema.json")
        })
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}
