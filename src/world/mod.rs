//! The state of one run, as columns, and the facts it is built from.
//!
//! [`Region`] holds what does not change while a run goes on (who there is, what the law books say and
//! from which day); [`World`] holds what does. Whatever fades is kept with the moment it was last
//! touched and is brought up to date, by the closed form of its decay, when it is next read: an idle
//! practitioner costs nothing.

mod people;
mod region;
mod seen;
mod ties;

pub use people::{Fading, People, Person};
pub use region::{
    Accord, Broker, Corridor, CorridorNumbers, Desk, Pair, PairNumbers, PairSupport, Region, State, StateIndex,
    StateNumbers, StateSupport, Unit, UnitIndex,
};
pub use seen::Seen;
pub use ties::{Tie, TieSet};

use crate::quantity::{Role, Tool};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Nobody, in a list of desks.
pub const NOBODY: Desk = Desk::MAX;

/// The routine of a unit and what its members are seen to do.
#[derive(Debug, Clone)]
pub struct UnitState {
    /// Strength of the routine of cooperating.
    pub cooperating: f64,
    /// Strength of the routine of handling alone.
    pub alone: f64,
    /// When the two were last brought up to date, in days.
    pub routine_at: f64,
    /// What its members are seen to do.
    pub seen: Seen<3>,
    /// The tool last used by a member.
    pub last_tool: Option<Tool>,
}

/// What changes about a state.
#[derive(Debug, Clone)]
pub struct StateNow {
    /// Priority given to trafficking, short of what declarations lift it by; taken as between 0 and 1, whatever interventions add to it.
    pub priority: f64,
    /// What declarations lift the priority by; it fades unless practice backs it.
    pub lifted: f64,
    /// Decayed count of arrived cases that met cooperation.
    pub practised: f64,
    /// Decayed count of arrived cases.
    pub arrived: f64,
    /// Days of institutional time gone by since the start of the window; runs with the calendar unless
    /// institutions adapt.
    pub clock: f64,
    /// Turnover hazard gone by since the start of the run, by role.
    pub hazard: [f64; Role::COUNT],
}

/// A case whose cooperation is under way.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenCooperation {
    /// When it concludes, in days.
    pub due: f64,
    /// When it was accepted, in days.
    pub since: f64,
    /// Number of the case in the order of arrival.
    pub case: u64,
    /// State in which the case was found: the one that asked.
    pub asking: StateIndex,
    /// The other state.
    pub asked: StateIndex,
    /// Who asked, and how many had held that desk before.
    pub asker: (Desk, u32),
    /// Who was asked, and how many had held that desk before.
    pub counterpart: (Desk, u32),
    /// By which tool.
    pub tool: Tool,
    /// Acts of the case.
    pub acts: u32,
    /// Whether the context was a stable one: the two had worked or met before, or a liaison officer stood between them.
    pub stable: bool,
    /// Whether the two get to know each other by it.
    pub keeps: bool,
    /// Victims in the case.
    pub victims: u32,
    /// Whether the victims are rescued.
    pub rescue: bool,
    /// How many culprits are arrested.
    pub arrests: u32,
    /// Whether the arrests lead to prosecution.
    pub prosecution: bool,
    /// Whether somebody leaks.
    pub leak: bool,
    /// Whether the answer comes after the tool's deadline.
    pub late: bool,
    /// The NGO worker who referred the case.
    pub referrer: Option<(Desk, u32)>,
    /// Uniform number for what is officially recorded of the result.
    pub recording: f64,
}

impl OpenCooperation {
    /// Whether it bears fruit: a rescue or an arrest.
    pub fn succeeded(&self) -> bool {
        self.rescue || self.arrests > 0
    }
}

impl Eq for OpenCooperation {}

impl Ord for OpenCooperation {
    fn cmp(&self, other: &Self) -> Ordering {
        other.due.total_cmp(&self.due).then(other.case.cmp(&self.case))
    }
}

impl PartialOrd for OpenCooperation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The state of one run.
#[derive(Debug, Clone)]
pub struct World {
    /// Start of the present tick, in days since the start of the window (negative in the burn-in).
    pub now: f64,
    /// Ticks gone by since the start of the run.
    pub tick: u64,
    /// Practitioners and their ties.
    pub people: People,
    /// Units, as in [`Region::units`].
    pub units: Vec<UnitState>,
    /// Generalised trust of each unit in the practitioners of each state: unit-major.
    pub generalised_trust: Vec<f64>,
    /// States, as in [`Region::states`].
    pub states: Vec<StateNow>,
    /// Harmonisation gained since the start by adapting institutions: one per pair of states.
    pub harmonised: Vec<f64>,
    /// Suitability of each tool; taken as between 0 and 1, whatever interventions add to it.
    pub suitability: [f64; Tool::COUNT],
    /// The region's declared commitment.
    pub commitment: f64,
    /// Decayed count of cases of the region in which cooperation was sought.
    pub sought: f64,
    /// Decayed count of recognised cases of the region.
    pub recognised: f64,
    /// Cooperations under way; the next to conclude comes first.
    pub open: BinaryHeap<OpenCooperation>,
    /// Intervals in which the gate of a pair is shut, in days: one list per pair of states.
    pub closures: Vec<Vec<(f64, f64)>>,
    /// Cases met so far.
    pub cases: u64,
    /// The last day on which somebody is away from the desk; before the first, nobody ever was.
    pub away_until: f64,
    /// The interventions of the scenario, in its order.
    pub interventions: Vec<InterventionState>,
}

/// How far an intervention has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InterventionState {
    /// When it began, in days.
    pub began: Option<f64>,
    /// What the institutional clock of each state showed when it began, in days.
    pub clocks: Vec<f64>,
    /// How far it is in force now: 0 not, 1 fully (ramps and fading lie between).
    pub level: f64,
    /// Occasions held.
    pub occasions: u32,
    /// Practitioners reached, each time counted.
    pub reached: u64,
    /// What it has cost, in the currency of the scenario.
    pub cost: f64,
}

impl World {
    /// Generalised trust of a unit in the practitioners of a state.
    pub fn generalised_trust(&self, region: &Region, unit: UnitIndex, state: StateIndex) -> f64 {
        self.generalised_trust[unit * region.states.len() + state]
    }

    /// Priority that a state gives to trafficking now.
    pub fn priority(&self, state: StateIndex) -> f64 {
        (self.states[state].priority.clamp(0.0, 1.0) + self.states[state].lifted).min(1.0)
    }

    /// Suitability of a tool now.
    pub fn suitability(&self, tool: Tool) -> f64 {
        self.suitability[tool as usize].clamp(0.0, 1.0)
    }

    /// Whether somebody is away from the desk now.
    pub fn away(&self, desk: Desk) -> bool {
        self.now < self.away_until && self.now < self.people.at(desk).away_until
    }

    /// Whether the political gate between two states is shut now.
    pub fn gate_shut(&self, region: &Region, a: StateIndex, b: StateIndex) -> bool {
        self.closures[region.pair_index(a, b)].iter().any(|&(from, until)| from <= self.now && self.now < until)
    }
}
