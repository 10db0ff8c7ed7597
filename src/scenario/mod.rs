//! As written -> checked -> [`Scenario`]; there is no other way to make one.
//!
//! A scenario is TOML in which every entity is a table keyed by name, so that `extends` is a deep overlay and
//! `--set path=value` reaches everything. What is allowed follows from the declarations of the mechanisms and of the
//! world; nothing is listed twice. Everything is checked before the first tick, and every error is reported at once.

mod check;
mod commitments;
mod describe;
mod entities;
mod extend;
mod interventions;
mod numbers;
mod print;
mod report;
mod resolve;
mod schema;
mod starter;
mod study;
mod units;
mod written;

pub use describe::{changes, describe, differences};
pub use extend::Override;
pub use resolve::parse;
pub use schema::schema;
pub use starter::starter;
pub use study::{
    Analysis, AnalysisWindow, Arm, Calibration, Combination, Constraint, Design, Designed, Domain, FIRST_FRESH, Factor,
    Figure, FigureOf, Method, Optimise, Package, PointLine, Structure, Study, Sweep, is_study, parse_study,
    study_of_files, study_schema,
};

use crate::diagnostic::Diagnostic;
use crate::intervention::Intervention;
use crate::parameter::{Provenance, Settings};
use crate::quantity::{Date, Tool};
use std::collections::BTreeMap;

/// The outer world, as far as scenarios need it: named texts.
pub trait Files {
    /// The text of that name.
    ///
    /// # Errors
    /// When there is no such text, it cannot be read, or it is not UTF-8; the diagnostic says which.
    fn read(&self, name: &str) -> Result<String, Diagnostic>;
}

/// When a run happens, and in what steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeFrame {
    /// First day that is recorded.
    pub start: Date,
    /// First day that is no longer simulated.
    pub end: Date,
    /// Days simulated before the start, unrecorded.
    pub burn_in_days: f64,
    /// Days in one tick.
    pub tick_days: f64,
}

impl TimeFrame {
    /// Ticks from start to end; the last one may reach beyond the end.
    pub fn ticks(&self) -> u32 {
        whole_ticks(f64::from(self.end.days() - self.start.days()), self.tick_days)
    }

    /// Ticks of burn-in before the start.
    pub fn burn_in_ticks(&self) -> u32 {
        whole_ticks(self.burn_in_days, self.tick_days)
    }

    /// The date on which a tick begins, counted from the start (negative in the burn-in).
    pub fn date_of(&self, tick: i64) -> Date {
        let days = f64::from(self.start.days()) + tick as f64 * self.tick_days;
        Date::from_days(days.round() as i32).unwrap_or(self.end)
    }
}

/// How many ticks cover that many days. A millionth of a tick is forgiven, so that 13 weeks are 13 ticks.
fn whole_ticks(days: f64, tick_days: f64) -> u32 {
    (days / tick_days - 1e-6).ceil().max(0.0) as u32
}

/// Where a map shows a state, for instance its capital. No result depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    /// Degrees east of Greenwich, -180 to 180.
    pub longitude: f64,
    /// Degrees north of the equator, -90 to 90.
    pub latitude: f64,
}

/// A member state. Its numbers stand in the settings, as `state.KEY.…`.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Short name, as in `state.THA`.
    pub key: String,
    /// Name in full.
    pub name: String,
    /// Legal family, one word.
    pub legal_family: String,
    /// Working language of its practitioners, one word.
    pub language: String,
    /// When its law against trafficking came into force.
    pub tip_law: Option<Date>,
    /// Where a map shows it.
    pub coordinates: Option<Coordinates>,
}

/// A way by which victims are moved. Its numbers stand in the settings, as `corridor.KEY.…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corridor {
    /// `ORIGIN-DESTINATION`.
    pub key: String,
    /// Index of the state of origin.
    pub from: usize,
    /// Index of the state of destination.
    pub to: usize,
}

/// Facts about two states, in no order. Its numbers, all optional, stand in the settings, as `pair.KEY.…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The keys of both in alphabetical order, joined by a hyphen.
    pub key: String,
    /// Index of the state named first in the key.
    pub a: usize,
    /// Index of the other state.
    pub b: usize,
    /// When their bilateral memorandum was signed.
    pub memorandum: Option<Date>,
    /// When the political gate between them is shut: from the first date until the day before the second.
    pub gate_shut: Vec<(Date, Date)>,
}

/// A treaty under which two states may use tools once both have deposited their ratification.
///
/// A tool named by any treaty is available only under a treaty; a tool named by none is always available.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treaty {
    /// Short name.
    pub key: String,
    /// Name in full.
    pub name: String,
    /// The tools it opens.
    pub tools: Vec<Tool>,
    /// Which state (by index, ascending) deposited when.
    pub deposits: Vec<(usize, Date)>,
}

/// A joint declaration against trafficking.
#[derive(Debug, Clone, PartialEq)]
pub struct CommitmentDeclaration {
    /// Short name.
    pub key: String,
    /// Name in full.
    pub name: String,
    /// When it was made.
    pub date: Date,
    /// How strongly it commits, 0 to 1.
    pub strength: f64,
}

/// A checked scenario: everything that determines a run, and where each value comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    name: String,
    title: String,
    description: String,
    extends: Option<String>,
    time: TimeFrame,
    replicates: u32,
    seed: u64,
    settings: Settings,
    states: Vec<State>,
    corridors: Vec<Corridor>,
    pairs: Vec<Pair>,
    treaties: Vec<Treaty>,
    declarations: Vec<CommitmentDeclaration>,
    currency: String,
    interventions: Vec<Intervention>,
    /// The facts of each intervention, as lines of TOML.
    intervention_facts: Vec<Vec<(&'static str, String)>>,
    facts: BTreeMap<String, Provenance>,
}

impl Scenario {
    /// The file's name without directory and ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its title; the name where none is given.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is about, in sentences.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The file it extends, as [`Files`] knows it.
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// When it happens.
    pub fn time(&self) -> TimeFrame {
        self.time
    }

    /// How often it is run.
    pub fn replicates(&self) -> u32 {
        self.replicates
    }

    /// What all its randomness is keyed by.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Every number and choice in force, those of states, corridors and pairs included.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The member states, in the order of the file (of the base first).
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The corridors, in the order of the file.
    pub fn corridors(&self) -> &[Corridor] {
        &self.corridors
    }

    /// The pairs of which something is said, in the order of the file.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The treaties, in the order of the file.
    pub fn treaties(&self) -> &[Treaty] {
        &self.treaties
    }

    /// The joint declarations, in the order of the file.
    pub fn declarations(&self) -> &[CommitmentDeclaration] {
        &self.declarations
    }

    /// The interventions, in the order of the file.
    pub fn interventions(&self) -> &[Intervention] {
        &self.interventions
    }

    /// The currency in which costs are given.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// Index of the state of that key.
    pub fn state_index(&self, key: &str) -> Option<usize> {
        self.states.iter().position(|state| state.key == key)
    }

    /// Where a fact comes from that is no number: `state.THA.tip_law`, `treaty.asean-mla.deposits.SGP`.
    pub fn provenance(&self, fact: &str) -> Option<&Provenance> {
        self.facts.get(fact)
    }
}
