//! What does not change while a run goes on: who there is, and what stands in the law books from which day.

use crate::quantity::{Role, Tool, UnitKind};
use std::sync::Arc;

/// Number of a state in [`Region::states`].
pub type StateIndex = usize;
/// Number of a unit in [`Region::units`]: four to a state, in the order of [`UnitKind`].
pub type UnitIndex = usize;
/// Number of a desk. People come and go; desks stay.
pub type Desk = u32;

crate::parameters! {
    /// The numbers of one state.
    entity StateNumbers in "state" {
        /// Officers of the specialist trafficking unit.
        investigators: each[Count, 1.0, 1e7] = 60.0, Assumed "";
        /// Heads of the specialist trafficking unit.
        heads: each[Count, 1.0, 1e5] = 2.0, Assumed "";
        /// Prosecutors and officers of the central authority.
        prosecutors: each[Count, 1.0, 1e6] = 12.0, Assumed "";
        /// NGO workers who meet victims of trafficking.
        ngo_workers: each[Count, 1.0, 1e6] = 15.0, Assumed "";
        /// Regional coordinators.
        coordinators: each[Count, 1.0, 1e4] = 1.0, Assumed "";
        /// Priority given to trafficking.
        priority: each[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Protection that victims can count on.
        protection: each[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// Official complicity: share of cases in which somebody in office has a hand.
        complicity: each[Share, 0.0, 1.0] = 0.1, Assumed "";
        /// Chance that an event is officially recorded.
        recording: each[Probability, 0.0, 1.0] = 0.6, Assumed "";
        /// Awareness of trafficking to which officers return without training.
        awareness: each[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Working command of the region's common language.
        english: each[Share, 0.0, 1.0] = 0.4, Assumed "";
        /// Factor on the yearly turnover of every role.
        turnover: each[Factor, 0.0, 100.0] = 1.0, Assumed "";
        /// How cases fall on few desks of a unit: 1 evenly; 3 puts a quarter of them on the first of 60 desks.
        concentration: each[Factor, 1.0, 100.0] = 3.0, Assumed "";
    }
}

crate::parameters! {
    /// The numbers of one corridor.
    entity CorridorNumbers in "corridor" {
        /// Transnational cases that could come to light, a year.
        cases: each[PerYear, 0.0, 1e7] = 20.0, Assumed "";
    }
}

crate::parameters! {
    /// The numbers of one pair of states.
    entity PairNumbers in "pair" {
        /// Ease of a common language, where it is not to follow from the two states.
        language: maybe[Share, 0.0, 1.0] = none, Assumed "";
        /// Harmonisation of laws, where it is not to follow from legal families, laws and priorities.
        harmonisation: maybe[Share, 0.0, 1.0] = none, Assumed "";
        /// Chance that an informal request is sent back for a formal letter, where the pair differs from the rest.
        approval: maybe[Probability, 0.0, 1.0] = none, Assumed "";
    }
}

/// One member state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Its key in the scenario.
    pub key: Arc<str>,
    /// Its luck is addressed by this.
    pub address: u32,
    /// Family of its law.
    pub legal_family: String,
    /// Language of its practitioners.
    pub language: String,
    /// Day on which its law against trafficking comes into force, if ever.
    pub law: Option<f64>,
    /// Its numbers.
    pub numbers: StateNumbers,
    /// What interventions in force do to it.
    pub support: StateSupport,
}

/// What interventions in force do to a state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateSupport {
    /// Share by which raids raise the chance that the police find a case; they add to NGOs' fear where victims are not protected.
    pub raids: f64,
    /// Share of the disappointment of a referral without help that feedback takes away.
    pub feedback: f64,
    /// Factor on turnover, by role.
    pub turnover: [f64; Role::COUNT],
    /// Share of the contacts that would be lost on rotation but are handed over.
    pub handover: f64,
}

impl Default for StateSupport {
    fn default() -> Self {
        Self { raids: 0.0, feedback: 0.0, turnover: [1.0; Role::COUNT], handover: 0.0 }
    }
}

/// What interventions in force do to a pair of states.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PairSupport {
    /// Share of the effort of the police channels that is taken away.
    pub effort: f64,
    /// Share of the delay of the police channels that is taken away.
    pub delay: f64,
    /// Chance that a handler finds one more counterpart, by each police channel.
    pub directory: f64,
    /// Liaison officers who help the one side to reach the other: asked by the state of the lower number, by that of the higher.
    pub brokers: [Broker; 2],
}

/// A liaison officer, as seen by the practitioners who are helped.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Broker {
    /// Chance that the officer can be had for a case.
    pub reach: f64,
    /// Trust that the counterpart brought together deserves, by the officer's word.
    pub trust: f64,
    /// Share of the delay that is taken away.
    pub delay: f64,
    /// Chance that the handler keeps the contact.
    pub keeps: f64,
}

/// An agreement that eases the legal fit of the states that have ratified it.
#[derive(Debug, Clone, PartialEq)]
pub struct Accord {
    /// The day of each state's ratification.
    pub deposits: Vec<Option<f64>>,
    /// Share of the missing harmonisation that it makes good between two that have.
    pub gain: f64,
}

/// What holds between two states.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Its luck is addressed by this.
    pub address: u64,
    /// Ease of a common language.
    pub language: f64,
    /// Whether the scenario states it; else it follows from the two states.
    pub language_stated: bool,
    /// Whether the two belong to one legal family.
    pub same_family: bool,
    /// Harmonisation, where the scenario states it.
    pub harmonisation: Option<f64>,
    /// Chance that an informal request is sent back, where the scenario states it.
    pub approval: Option<f64>,
    /// Intervals in which the gate is shut by the scenario, in days.
    pub closures: Vec<(f64, f64)>,
    /// What interventions in force do to it.
    pub support: PairSupport,
}

/// A flow of cases from a state of origin to a state of destination.
#[derive(Debug, Clone, PartialEq)]
pub struct Corridor {
    /// Its luck is addressed by this.
    pub address: u32,
    /// Origin.
    pub origin: StateIndex,
    /// Destination.
    pub destination: StateIndex,
    /// Cases that could come to light, a year.
    pub cases: f64,
}

/// One organisation in one state.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its state.
    pub state: StateIndex,
    /// What kind of organisation it is.
    pub kind: UnitKind,
    /// Its first desk.
    pub first: Desk,
    /// How many desks it has that are staffed: the first ones.
    pub desks: u32,
    /// How many more there are that an intervention can staff.
    pub reserve: u32,
    /// How many of them, the first ones, are heads.
    pub heads: u32,
}

/// The facts of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Member states.
    pub states: Vec<State>,
    /// Pairs of states, see [`pair_index`](Self::pair_index).
    pub pairs: Vec<Pair>,
    /// Corridors.
    pub corridors: Vec<Corridor>,
    /// For each tool the treaties that open it: for each treaty, the day of each state's deposit.
    /// A tool without treaty is open to all.
    pub treaties: [Vec<Vec<Option<f64>>>; Tool::COUNT],
    /// Agreements that interventions brought about.
    pub accords: Vec<Accord>,
    /// Declarations: day and strength, in order of time.
    pub declarations: Vec<(f64, f64)>,
    /// Units, four to a state.
    pub units: Vec<Unit>,
    /// The unit of each desk.
    pub unit_of: Vec<u32>,
}

impl Region {
    /// How many desks there are, those included that only an intervention would staff.
    pub fn desks(&self) -> usize {
        self.unit_of.len()
    }

    /// How many desks are staffed.
    pub fn staff(&self) -> usize {
        self.units.iter().map(|unit| unit.desks as usize).sum()
    }

    /// Whether somebody sits at a desk.
    pub fn staffed(&self, desk: Desk) -> bool {
        let unit = &self.units[self.unit_of(desk)];
        desk - unit.first < unit.desks
    }

    /// What interventions do for practitioners of one state to reach another's: the liaison officer.
    pub fn broker(&self, asking: StateIndex, asked: StateIndex) -> &Broker {
        &self.pair(asking, asked).support.brokers[usize::from(asking > asked)]
    }

    /// How many pairs of different states there are.
    pub fn pair_count(states: usize) -> usize {
        states * states.saturating_sub(1) / 2
    }

    /// The number of an unordered pair of different states.
    pub fn pair_index(&self, a: StateIndex, b: StateIndex) -> usize {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        high * (high - 1) / 2 + low
    }

    /// What holds between two different states.
    pub fn pair(&self, a: StateIndex, b: StateIndex) -> &Pair {
        &self.pairs[self.pair_index(a, b)]
    }

    /// The unit of that kind in a state.
    pub fn unit_in(&self, state: StateIndex, kind: UnitKind) -> UnitIndex {
        state * UnitKind::COUNT + kind as usize
    }

    /// The unit of a desk.
    pub fn unit_of(&self, desk: Desk) -> UnitIndex {
        self.unit_of[desk as usize] as usize
    }

    /// The state of a desk.
    pub fn state_of(&self, desk: Desk) -> StateIndex {
        self.unit_of(desk) / UnitKind::COUNT
    }

    /// The role of a desk.
    pub fn role_of(&self, desk: Desk) -> Role {
        let unit = &self.units[self.unit_of(desk)];
        match unit.kind {
            UnitKind::Police if desk - unit.first < unit.heads => Role::Head,
            UnitKind::Police => Role::Investigator,
            UnitKind::Prosecution => Role::Prosecutor,
            UnitKind::Ngo => Role::Ngo,
            UnitKind::Secretariat => Role::Coordinator,
        }
    }

    /// The desks of a role in a state: the first, and how many.
    pub fn desks_of(&self, state: StateIndex, role: Role) -> (Desk, u32) {
        let unit = |kind| &self.units[self.unit_in(state, kind)];
        let police = unit(UnitKind::Police);
        match role {
            Role::Head => (police.first, police.heads),
            Role::Investigator => (police.first + police.heads, police.desks - police.heads),
            Role::Prosecutor => (unit(UnitKind::Prosecution).first, unit(UnitKind::Prosecution).desks),
            Role::Ngo => (unit(UnitKind::Ngo).first, unit(UnitKind::Ngo).desks),
            Role::Coordinator => (unit(UnitKind::Secretariat).first, unit(UnitKind::Secretariat).desks),
        }
    }

    /// The address of a desk's luck: state, kind of unit and place in it.
    pub fn address_of(&self, desk: Desk) -> u64 {
        let unit = &self.units[self.unit_of(desk)];
        let place = u64::from(desk - unit.first);
        u64::from(self.states[unit.state].address) << 32 | (unit.kind as u64) << 30 | place
    }

    /// The address of the luck between two desks, in that order.
    pub fn address_between(&self, from: Desk, to: Desk) -> u64 {
        self.address_of(from).rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.address_of(to)
    }

    /// Whether a tool is open between two states, each at its own institutional time.
    pub fn open(&self, tool: Tool, a: (StateIndex, f64), b: (StateIndex, f64)) -> bool {
        let treaties = &self.treaties[tool as usize];
        let bound = |deposits: &[Option<f64>], (state, clock): (StateIndex, f64)| {
            deposits[state].is_some_and(|day| day <= clock)
        };
        treaties.is_empty() || treaties.iter().any(|deposits| bound(deposits, a) && bound(deposits, b))
    }
}
