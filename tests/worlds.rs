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
