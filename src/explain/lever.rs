//! What carried a difference into a decision: one group of inputs at a time is set back to what it is in the baseline.
//!
//! A case that ended otherwise in the arm is decided again in the arm's world, with the same noise, in which one group of inputs has the
//! values of the baseline's world (a hybrid). If that alone gives back the baseline's outcome, the group carried the difference. Where no
//! group alone does, the difference had several carriers, any of which was enough. The answer is exact within the model. Skills are lent
//! by level, since awareness and familiarity are kept with one moment of last change; all else is lent as it is kept.

use super::element::Element;
use super::fate::Fate;
use super::scene::Scene;
use crate::mechanism::arrival::Case;
use crate::mechanism::funnel::{Docket, Funnel};
use crate::quantity::{Carrier, Role, Tool};
use crate::world::{Desk, PairSupport, Region, StateIndex, Tie, UnitIndex, World};

/// On whose side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Where the case surfaced: finder, officer, handler.
    Asking,
    /// Everybody the handler could turn to in either world.
    Asked,
}

/// One group of inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lever {
    /// What.
    pub carrier: Carrier,
    /// On whose side.
    pub side: Side,
}

impl Lever {
    /// All groups of inputs, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        use Carrier::{Contacts, Familiarity, GeneralisedTrust, Norm, Presence, Trust, Workload};
        let asking = Carrier::ALL.iter().filter(|carrier| **carrier != Carrier::Several);
        let asked = [Presence, Trust, GeneralisedTrust, Norm, Familiarity, Contacts, Workload];
        asking
            .map(|carrier| Self { carrier: *carrier, side: Side::Asking })
            .chain(asked.into_iter().map(|carrier| Self { carrier, side: Side::Asked }))
    }

    /// Its name, as in `trust` and `trust of the one asked`.
    pub fn label(self) -> String {
        match self.side {
            Side::Asking => self.carrier.label().to_owned(),
            Side::Asked => format!("{} on the side asked", self.carrier.label()),
        }
    }

    /// Its name in tables, as in `trust` and `asked_trust`.
    pub fn key(self) -> String {
        match self.side {
            Side::Asking => self.carrier.key().to_owned(),
            Side::Asked => format!("asked_{}", self.carrier.key()),
        }
    }
}

/// Everybody on whom a case can bear, in either world.
#[derive(Debug, Clone)]
pub(super) struct Parties {
    /// The police desks.
    pub officers: Vec<Desk>,
    /// The desks that handle it.
    pub handlers: Vec<Desk>,
    /// The NGO desks.
    pub workers: Vec<Desk>,
    /// Everybody the handlers could turn to.
    pub candidates: Vec<Desk>,
    /// Those they did turn to.
    pub asked: Vec<Desk>,
    /// Where it surfaced, and the other state.
    pub states: Vec<(StateIndex, StateIndex)>,
}

impl Parties {
    /// Of a case as it surfaces in two worlds and as somebody meets it there, with what became of it.
    pub fn of(scenes: [&Scene; 2], cases: &[Option<&Case>], fates: [&Fate; 2]) -> Self {
        let mut all = Self {
            officers: Vec::new(),
            handlers: Vec::new(),
            workers: Vec::new(),
            candidates: Vec::new(),
            asked: Vec::new(),
            states: Vec::new(),
        };
        for case in cases.iter().copied().flatten() {
            let handler = if case.to_prosecution { case.prosecutor } else { case.officer };
            all.officers.push(case.officer);
            all.handlers.push(handler);
            all.workers.push(case.worker);
            all.states.push((case.here, case.there));
            let region = &scenes[0].region;
            for scene in scenes {
                let ties = &scene.world.people.at(handler).ties;
                let abroad = ties.iter().filter(|tie| region.state_of(tie.to) == case.there);
                all.candidates.extend(abroad.map(|tie| tie.to));
            }
            all.candidates.extend(Role::ALL.iter().map(|&role| region.desks_of(case.there, role).0));
        }
        // Those who stand in for an official point of contact are asked in one of the worlds, if at all.
        let requests = fates.into_iter().filter_map(Fate::decided).filter_map(|decided| decided.record.request);
        all.asked.extend(requests.map(|request| request.counterpart));
        all.candidates.extend(all.asked.iter().copied());
        for list in [&mut all.officers, &mut all.handlers, &mut all.workers, &mut all.candidates, &mut all.asked] {
            list.sort_unstable();
            list.dedup();
        }
        all.states.sort_unstable();
        all.states.dedup();
        all
    }

    fn everybody(&self) -> impl Iterator<Item = Desk> {
        let lists = [&self.officers, &self.handlers, &self.workers, &self.candidates];
        lists.into_iter().flatten().copied()
    }

    fn units(&self, region: &Region) -> Vec<UnitIndex> {
        let mut units: Vec<UnitIndex> = self.everybody().map(|desk| region.unit_of(desk)).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The pieces of the world that a group of inputs consists of.
    pub fn elements(&self, lever: Lever, region: &Region) -> Vec<Element> {
        let mut all = Vec::new();
        // Of all that could be asked, those who were asked in either world stand for their side.
        let (own, others) = match lever.side {
            Side::Asking => (&self.handlers, &self.candidates),
            Side::Asked => (&self.asked, &self.handlers),
        };
        let units: Vec<UnitIndex> = own.iter().map(|desk| region.unit_of(*desk)).collect();
        let each = |all: &mut Vec<Element>, desks: &[Desk], element: fn(Desk) -> Element| {
            all.extend(desks.iter().map(|desk| element(*desk)));
        };
        match lever.carrier {
            Carrier::Arrival | Carrier::Institutions => all.push(Element::Institutions),
            Carrier::Presence => {
                each(&mut all, own, Element::Person);
                if lever.side == Side::Asked {
                    // Somebody away is not asked, and may be missed.
                    each(&mut all, &self.candidates, Element::Person);
                }
                if lever.side == Side::Asking {
                    each(&mut all, &self.officers, Element::Person);
                    each(&mut all, &self.workers, Element::Person);
                }
            }
            Carrier::Awareness => each(&mut all, &self.officers, Element::Awareness),
            Carrier::Referral => {
                each(&mut all, &self.workers, Element::Authorities);
                for unit in self.workers.iter().map(|worker| region.unit_of(*worker)) {
                    all.push(Element::UnitSeen(unit));
                    all.push(Element::Generalised(unit, region.units[unit].state));
                }
            }
            Carrier::Habit => each(&mut all, own, Element::Habit),
            Carrier::Routine => all.extend(units.iter().map(|unit| Element::Routine(*unit))),
            Carrier::Trust | Carrier::Contacts => {
                for owner in own {
                    all.extend(others.iter().map(|other| Element::Tie(*owner, *other)));
                }
            }
            Carrier::GeneralisedTrust => {
                for &(here, there) in &self.states {
                    let other = if lever.side == Side::Asking { there } else { here };
                    all.extend(units.iter().map(|unit| Element::Generalised(*unit, other)));
                }
            }
            Carrier::Norm => {
                each(&mut all, own, Element::Seen);
                all.extend(units.iter().map(|unit| Element::UnitSeen(*unit)));
                all.push(Element::Commitment);
            }
            Carrier::Familiarity => each(&mut all, own, Element::Familiarity),
            Carrier::Workload => each(&mut all, own, Element::Workload),
            Carrier::Several => {
                let levers = Lever::all();
                all.extend(levers.flat_map(|lever| self.elements(lever, region)));
            }
        }
        if (lever.carrier, lever.side) == (Carrier::Contacts, Side::Asking) {
            // An NGO worker with a contact in the other state comes upon more cases.
            let region_states: Vec<StateIndex> = self.states.iter().map(|(_, there)| *there).collect();
            for worker in &self.workers {
                let abroad = (0..region.desks() as Desk).filter(|desk| region_states.contains(&region.state_of(*desk)));
                all.extend(abroad.map(|desk| Element::Tie(*worker, desk)));
            }
        }
        all
    }
}

/// The arm's world, in which one group of inputs after another is lent by the baseline.
pub(super) struct Hybrid<'a> {
    baseline: &'a Scene,
    arm: &'a Scene,
    /// The arm's world, with something lent until it is restored.
    world: World,
    /// The arm's facts, likewise.
    region: Region,
    /// The baseline's institutions with the arm's people, liaison officers and directories. Built when first needed.
    instituted: Option<(World, Region)>,
    docket: Docket,
}

impl<'a> Hybrid<'a> {
    pub fn new(baseline: &'a Scene, arm: &'a Scene) -> Self {
        let (world, region) = (arm.world.clone(), arm.region.clone());
        Self { baseline, arm, world, region, instituted: None, docket: Docket::default() }
    }

    /// What becomes of the arm's case if that group of inputs is the baseline's.
    pub fn fate(&mut self, lever: Lever, parties: &Parties, [baseline, arm]: [Option<&Case>; 2]) -> Fate {
        match lever.carrier {
            Carrier::Arrival => {
                return Fate::of(&self.arm.funnel(), &mut self.docket, baseline);
            }
            Carrier::Institutions => {
                let (world, region) = self.instituted.get_or_insert_with(|| instituted(self.baseline, self.arm));
                let (model, randomness) = (&self.baseline.model, self.arm.randomness);
                let funnel = Funnel { model, region, world, randomness };
                return Fate::of(&funnel, &mut self.docket, arm);
            }
            _ => {}
        }
        self.lend(lever, parties);
        let funnel = Funnel {
            model: &self.arm.model,
            region: &self.region,
            world: &self.world,
            randomness: self.arm.randomness,
        };
        let fate = Fate::of(&funnel, &mut self.docket, arm);
        self.restore(parties);
        fate
    }

    fn restore(&mut self, parties: &Parties) {
        let states = self.arm.region.states.len();
        for &(here, there) in &parties.states {
            let pair = self.arm.region.pair_index(here, there);
            self.region.pairs[pair].support = self.arm.region.pairs[pair].support;
        }
        self.world.away_until = self.arm.world.away_until;
        if self.world.away_until > f64::NEG_INFINITY || self.baseline.world.away_until > f64::NEG_INFINITY {
            let persons = self.world.people.persons.iter_mut().zip(&self.arm.world.people.persons);
            persons.for_each(|(person, own)| person.away_until = own.away_until);
        }
        for desk in parties.everybody() {
            self.world.people.at_mut(desk).clone_from(self.arm.world.people.at(desk));
        }
        for unit in parties.units(&self.arm.region) {
            self.world.units[unit].clone_from(&self.arm.world.units[unit]);
            let row = unit * states..(unit + 1) * states;
            self.world.generalised_trust[row.clone()].copy_from_slice(&self.arm.world.generalised_trust[row]);
        }
        self.world.commitment = self.arm.world.commitment;
    }

    fn lend(&mut self, lever: Lever, parties: &Parties) {
        let (model, region, from) = (&self.arm.model, &self.arm.region, &self.baseline.world);
        let to = &mut self.world;
        let now = to.now;
        let asking = lever.side == Side::Asking;
        let own = if asking { &parties.handlers } else { &parties.candidates };
        let states = region.states.len();
        match lever.carrier {
            Carrier::Arrival | Carrier::Institutions | Carrier::Several => {}
            Carrier::Presence => {
                let more: &[&Vec<Desk>] = if asking { &[&parties.officers, &parties.workers] } else { &[] };
                for &desk in more.iter().copied().flatten().chain(own) {
                    if to.people.at(desk).generation != from.people.at(desk).generation {
                        to.people.at_mut(desk).clone_from(from.people.at(desk));
                    }
                }
                // Who is away matters in the whole unit: somebody else stands in.
                let states = parties.states.iter().map(|&(here, there)| if asking { here } else { there });
                to.away_until = to.away_until.max(from.away_until);
                for state in states {
                    for unit in region.units.iter().filter(|unit| unit.state == state) {
                        for desk in unit.first..unit.first + unit.desks {
                            to.people.at_mut(desk).away_until = from.people.at(desk).away_until;
                        }
                    }
                }
            }
            Carrier::Awareness => {
                for &desk in &parties.officers {
                    let (lender, person) = (from.people.at(desk), to.people.at_mut(desk));
                    model.refresh_skills(person, now);
                    person.awareness.value = model.recognition.awareness(lender, now);
                    person.awareness.level = lender.awareness.level;
                }
            }
            Carrier::Familiarity => {
                for &desk in own {
                    let (lender, person) = (from.people.at(desk), to.people.at_mut(desk));
                    model.refresh_skills(person, now);
                    for &tool in Tool::ALL {
                        let familiarity = &mut person.familiarity[tool as usize];
                        familiarity.value = model.familiarity.with(lender, tool, now);
                        familiarity.level = lender.familiarity[tool as usize].level;
                    }
                }
            }
            Carrier::Referral => {
                for &desk in &parties.workers {
                    let (lender, person) = (from.people.at(desk), to.people.at_mut(desk));
                    person.authorities_for = lender.authorities_for;
                    person.authorities_against = lender.authorities_against;
                    person.authorities_at = lender.authorities_at;
                    let unit = region.unit_of(desk);
                    to.units[unit].seen = from.units[unit].seen;
                    let place = unit * states + region.units[unit].state;
                    to.generalised_trust[place] = from.generalised_trust[place];
                }
            }
            Carrier::Habit => {
                for &desk in own {
                    let (lender, person) = (from.people.at(desk), to.people.at_mut(desk));
                    person.cooperating = lender.cooperating;
                    person.alone = lender.alone;
                    person.habit_at = lender.habit_at;
                    person.last_tool = lender.last_tool;
                }
            }
            Carrier::Routine => {
                for &desk in own {
                    let unit = region.unit_of(desk);
                    let (lender, unit) = (&from.units[unit], &mut to.units[unit]);
                    unit.cooperating = lender.cooperating;
                    unit.alone = lender.alone;
                    unit.routine_at = lender.routine_at;
                    unit.last_tool = lender.last_tool;
                }
            }
            Carrier::Trust => {
                for (owner, other) in pairs(own, parties, asking) {
                    let lender = from.people.at(owner).ties.iter().find(|tie| tie.to == other);
                    let tie = to.people.at_mut(owner).ties.iter_mut().find(|tie| tie.to == other);
                    if let (Some(lender), Some(tie)) = (lender, tie) {
                        *tie = Tie { good: lender.good, bad: lender.bad, evidence_at: lender.evidence_at, ..*tie };
                    }
                }
            }
            Carrier::Contacts => {
                for (owner, other) in pairs(own, parties, asking) {
                    lend_contact(to, from, owner, other);
                }
                for &(here, there) in parties.states.iter().filter(|_| asking) {
                    let pair = region.pair_index(here, there);
                    self.region.pairs[pair].support = introductions(&self.baseline.region, region, pair);
                }
                for &worker in parties.workers.iter().filter(|_| asking) {
                    to.people.at_mut(worker).ties.clone_from(&from.people.at(worker).ties);
                }
            }
            Carrier::GeneralisedTrust => {
                for &(here, there) in &parties.states {
                    let other = if asking { there } else { here };
                    for &desk in own {
                        let place = region.unit_of(desk) * states + other;
                        to.generalised_trust[place] = from.generalised_trust[place];
                    }
                }
            }
            Carrier::Norm => {
                to.commitment = from.commitment;
                for &desk in own {
                    let unit = region.unit_of(desk);
                    to.units[unit].seen = from.units[unit].seen;
                    to.people.at_mut(desk).seen = from.people.at(desk).seen;
                }
            }
            Carrier::Workload => {
                for &desk in own {
                    let (lender, person) = (from.people.at(desk), to.people.at_mut(desk));
                    person.workload = lender.workload;
                    person.workload_at = lender.workload_at;
                }
            }
        }
    }
}

/// What interventions do for a pair in one world, with the liaison officers and directories of another.
fn introductions(from: &Region, to: &Region, pair: usize) -> PairSupport {
    let PairSupport { directory, brokers, .. } = from.pairs[pair].support;
    PairSupport { directory, brokers, ..to.pairs[pair].support }
}

/// The baseline's institutions with the arm's people, and whom they can turn to.
fn instituted(baseline: &Scene, arm: &Scene) -> (World, Region) {
    let world = World {
        people: arm.world.people.clone(),
        units: arm.world.units.clone(),
        generalised_trust: arm.world.generalised_trust.clone(),
        commitment: arm.world.commitment,
        away_until: arm.world.away_until,
        ..baseline.world.clone()
    };
    let mut region = baseline.region.clone();
    for pair in 0..region.pairs.len() {
        region.pairs[pair].support = introductions(&arm.region, &baseline.region, pair);
    }
    (world, region)
}

/// Owners and others of the ties of one side.
fn pairs(own: &[Desk], parties: &Parties, asking: bool) -> Vec<(Desk, Desk)> {
    let others = if asking { &parties.candidates } else { &parties.handlers };
    own.iter().flat_map(|owner| others.iter().map(|other| (*owner, *other))).collect()
}

/// Whether the two know each other, and since when they have not met; evidence stays the arm's where there is any.
fn lend_contact(to: &mut World, from: &World, owner: Desk, other: Desk) {
    let lender = from.people.at(owner).ties.iter().find(|tie| tie.to == other).copied();
    let ties = &mut to.people.at_mut(owner).ties;
    let place = ties.iter().position(|tie| tie.to == other);
    match (lender, place) {
        (Some(lender), Some(place)) => {
            let Tie { good, bad, evidence_at, .. } = ties[place];
            ties[place] = Tie { good, bad, evidence_at, ..lender };
        }
        (Some(lender), None) => ties.push(lender),
        (None, Some(place)) => {
            ties.remove(place);
        }
        (None, None) => {}
    }
}
