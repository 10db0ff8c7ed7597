//! Practitioners: one at each desk, with traits, skills, habits, norms and ties.

use super::{Desk, Seen, TieSet};
use crate::quantity::Tool;

/// A value that returns to its floor when it is not used.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fading {
    /// The value when last touched.
    pub value: f64,
    /// Where it returns to, before it is held between 0 and 1: what was added to it can be taken away again.
    pub level: f64,
}

impl Fading {
    /// The value after a share `kept` of its distance from the floor is left.
    pub fn faded(self, kept: f64) -> f64 {
        let floor = self.floor();
        floor + (self.value - floor) * kept
    }

    /// Where it returns to.
    pub fn floor(self) -> f64 {
        self.level.clamp(0.0, 1.0)
    }
}

/// One practitioner.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// How many held this desk before.
    pub generation: u32,
    /// When this one came, in days.
    pub since: f64,
    /// Until when this one is away from the desk, in days.
    pub away_until: f64,
    /// Learning rate of habits, as a multiple of the median practitioner's.
    pub quickness: f64,
    /// Share of peers that must be seen to cooperate before the norm is felt (complex contagion).
    pub threshold: f64,
    /// How many live foreign ties this one can keep.
    pub capacity: usize,
    /// Tool used last.
    pub last_tool: Option<Tool>,
    /// Habit of cooperating.
    pub cooperating: f64,
    /// Habit of handling alone.
    pub alone: f64,
    /// When the two habits were last brought up to date, in days.
    pub habit_at: f64,
    /// Awareness of trafficking.
    pub awareness: Fading,
    /// Familiarity with each tool.
    pub familiarity: [Fading; Tool::COUNT],
    /// When awareness and familiarity were last brought up to date, in days.
    pub skill_at: f64,
    /// What foreign contacts were seen to do.
    pub seen: Seen<2>,
    /// Decayed count of cases taken on.
    pub workload: f64,
    /// When it was last brought up to date, in days.
    pub workload_at: f64,
    /// Evidence for the authorities of the own state (NGO workers).
    pub authorities_for: f64,
    /// Evidence against them.
    pub authorities_against: f64,
    /// When the two were last brought up to date, in days.
    pub authorities_at: f64,
    /// Ties to foreign practitioners.
    pub ties: TieSet,
}

/// Everybody, by desk.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// The person at each desk.
    pub persons: Vec<Person>,
    /// The turnover hazard at which the person at each desk leaves (see [`StateNow::hazard`](super::StateNow::hazard)).
    pub leaves_at: Vec<f64>,
}

impl People {
    /// The person at a desk.
    pub fn at(&self, desk: Desk) -> &Person {
        &self.persons[desk as usize]
    }

    /// The person at a desk.
    pub fn at_mut(&mut self, desk: Desk) -> &mut Person {
        &mut self.persons[desk as usize]
    }
}
