//! What is observed of a run. An [`Observer`] is told of every case, every conclusion and every tick; what it keeps is its own affair.

use crate::mechanism::Model;
mod counting;
mod depth;
mod levels;
mod measure;
mod stretches;
mod tally;
mod window;

pub use depth::{DEPTH, DepthMeasure};
pub use levels::{LEVEL_DATES, LEVEL_STEPS, LevelCell, LevelDate, Levels, PersonalLevel, level_dates};
pub use measure::{Count, Level, Measure, RATES, Rate, SUMMARY_RATES};
pub use stretches::{Stretch, StretchCounts};
pub use tally::{BINDING_ROWS, GroupKey, INTERVENTION_COLUMNS, PAIR_COLUMNS, Recorder, Tally, series_schema};
pub use window::Window;

use crate::mechanism::arrival::Case;
use crate::mechanism::funnel::{Binding, Finder};
use crate::quantity::{Ending, Litmus, Role, Tool};
use crate::random::Randomness;
use crate::world::{Desk, OpenCooperation, Region, World};

/// The key that stands for the whole region in a `state` column.
pub const REGION: &str = "region";

/// A request for cooperation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// By which tool.
    pub tool: Tool,
    /// To whom.
    pub counterpart: Desk,
    /// Whether the two had worked or met before.
    pub known: bool,
    /// Whether a liaison officer brought them together.
    pub brokered: bool,
    /// Whether the two get to know each other by it.
    pub keeps: bool,
    /// Whether the counterpart judges it well formed.
    pub well_formed: bool,
    /// Days until the cooperation concludes, if it was accepted.
    pub delay: Option<f64>,
    /// Whether an accepted cooperation takes longer than the tool's deadline.
    pub late: bool,
}

/// A case that arrived, and where it ended.
#[derive(Debug, Clone)]
pub struct CaseRecord {
    /// The case.
    pub case: Case,
    /// Who found it.
    pub finder: Finder,
    /// Who handled it, or would have.
    pub handler: Desk,
    /// The handler's role.
    pub role: Role,
    /// Where it ended.
    pub ending: Ending,
    /// Whether habit decided to cooperate or to handle alone.
    pub by_habit: bool,
    /// The request, if cooperation was sought.
    pub request: Option<Request>,
    /// Communications across the border.
    pub communications: u32,
    /// How many of them officials record.
    pub recorded_communications: u32,
    /// Which barriers bind, if the observer asked and there was no cooperation.
    pub binding: Option<Binding>,
    /// The litmus, if the observer asked and the case was handled.
    pub litmus: Option<Litmus>,
}

/// A cooperation that concluded.
#[derive(Debug, Clone)]
pub struct Conclusion {
    /// The cooperation.
    pub cooperation: OpenCooperation,
    /// How many rescued victims officials record.
    pub recorded_rescues: u32,
    /// How many arrests officials record.
    pub recorded_arrests: u32,
}

/// The run as an observer may see it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Rules.
    pub model: &'a Model,
    /// Facts.
    pub region: &'a Region,
    /// State.
    pub world: &'a World,
    /// Randomness.
    pub randomness: Randomness,
}

/// Sees a run go by. Nothing it does can change the run. Moments are starts of ticks, in days since the start of the window.
pub trait Observer {
    /// Whether barriers and litmus are to be worked out in this tick.
    fn asks_why(&self, _now: f64) -> bool {
        false
    }
    /// The cases of a tick are about to be decided on the world as it stands.
    fn deciding(&mut self, _view: View<'_>) {}
    /// A case surfaced that nobody found.
    fn missed(&mut self, _now: f64, _case: &Case) {}
    /// A case arrived and ended somewhere, or went into cooperation.
    fn case(&mut self, _now: f64, _record: &CaseRecord) {}
    /// A cooperation concluded.
    fn conclusion(&mut self, _now: f64, _conclusion: &Conclusion) {}
    /// Somebody left a desk.
    fn left(&mut self, _now: f64, _desk: Desk) {}
    /// An intervention (by its number in the scenario) acted on whoever sits at a desk.
    fn touched(&mut self, _now: f64, _intervention: usize, _desk: Desk) {}
    /// A tick ended; the view still has its moment.
    fn tick(&mut self, _view: View<'_>) {}
}

/// Sees nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blind;

impl Observer for Blind {}
