//! Ties: formed by working together and by meeting, lost when idle, on rotation, and for want of room.
//!
//! A cooperation makes or refreshes a tie in both directions. Besides, practitioners meet (regional meetings, courses): each
//! role of each state has Poisson(`role.meetings` x desks) meetings a year. At a meeting one of its members meets the
//! likeliest of four candidates abroad (state, role and desk each drawn evenly), the likelihood being
//! exp(role_likeness same role + language_likeness x language + family_likeness same legal family); both gain a tie with
//! `acquaintance` evidence for the other. A tie unused for an exponential time of half-life `half_life` is dead. When the person at
//! the other end leaves, or its owner, it survives (to the successor) with the chance `turnover.handover`. A practitioner
//! keeps `capacity` +- `capacity_spread` live ties (evenly); where there is no room for a new one, those unused longest go (of equals the
//! one made first), until there is. A successor may be handed more than fit; they stay until the next new one.
//!
//! Sources: nine in ten bridges gone in a year (Burt 2002: half-life 110 days), long ties that persist (2022); capacity Miritello et al.
//! 2013. Ignored on purpose: introductions by common acquaintances.

use super::Model;
use super::trust::Evidence;
use super::turnover::Turnover;
use crate::quantity::Role;
use crate::random::{Draws, Purpose, Randomness, gumbel};
use crate::world::{Desk, Person, Region, StateIndex, Tie, World};

crate::parameters! {
    /// Numbers of ties.
    Ties in "ties" {
        /// Half-life of an idle tie.
        half_life: one[Days, 1.0, 36525.0] = 180.0, Derived "between 110 days (Burt 2002) and two years (long ties, 2022)";
        /// Mean number of live foreign ties one can keep.
        capacity: one[Count, 1.0, 1000.0] = 10.0, Assumed "5 to 15";
        /// Most by which that number differs between practitioners.
        capacity_spread: one[Count, 0.0, 1000.0] = 5.0, Assumed "5 to 15";
        /// Evidence for each other that an acquaintance brings.
        acquaintance: one[Evidence, 0.0, 100.0] = 0.5, Assumed "";
        /// Likeness of role in meetings.
        role_likeness: one[Utility, -20.0, 20.0] = 1.5, Assumed "";
        /// Likeness of language in meetings.
        language_likeness: one[Utility, -20.0, 20.0] = 1.5, Assumed "";
        /// Likeness of legal family in meetings.
        family_likeness: one[Utility, -20.0, 20.0] = 0.5, Assumed "similar law eases agreements (Efrat and Newman 2018)";
    }
}

crate::parameters! {
    /// How often practitioners meet colleagues abroad.
    Meetings in "role" {
        /// Foreign colleagues of every role met in a year, for each practitioner.
        meetings: roles[PerYear, 0.0, 1000.0] = [0.05, 2.0, 0.2, 0.2, 4.0], Assumed "";
    }
}

/// How many candidates a meeting offers.
const CANDIDATES: usize = 4;

/// A meeting to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meeting {
    /// When, in days.
    pub time: f64,
    /// Who takes part.
    pub desk: Desk,
    /// The address of its luck.
    pub address: (u64, u64),
}

impl Ties {
    /// How many ties a practitioner can keep, at the uniform number `u`.
    pub fn capacity_at(&self, u: f64) -> usize {
        let low = self.capacity - self.capacity_spread;
        let levels = 2.0 * self.capacity_spread + 1.0;
        (low + libm::floor(u * levels)).max(1.0) as usize
    }

    /// Whether a tie lives now and whom it now leads to: `None` if dead, else how many held the desk before.
    pub fn live(
        &self,
        turnover: &Turnover,
        region: &Region,
        world: &World,
        randomness: Randomness,
        owner: Desk,
        tie: &Tie,
    ) -> Option<u32> {
        if tie.dies <= world.now || !region.staffed(tie.to) {
            return None;
        }
        let present = world.people.at(tie.to).generation;
        let entity = region.address_between(owner, tie.to);
        let handed_over = |generation: u32| {
            let chance = turnover.handover_in(region, region.state_of(tie.to));
            randomness.at(Purpose::Handover, entity, u64::from(generation)).uniform() < chance
        };
        ((tie.generation + 1)..=present).all(handed_over).then_some(present)
    }

    /// Two practitioners worked together or met: the owner's tie, made or refreshed, as a place in the list.
    pub fn refresh(
        &self,
        turnover: &Turnover,
        region: &Region,
        world: &mut World,
        randomness: Randomness,
        owner: Desk,
        to: Desk,
    ) -> usize {
        let now = world.now;
        let dies = now + self.idle_life(region, randomness, owner, to, now);
        let place = world.people.at(owner).ties.iter().position(|tie| tie.to == to);
        if let Some(place) = place {
            let tie = world.people.at(owner).ties[place];
            if let Some(generation) = self.live(turnover, region, world, randomness, owner, &tie) {
                world.people.at_mut(owner).ties[place] = Tie { generation, used: now, dies, ..tie };
                return place;
            }
            world.people.at_mut(owner).ties.remove(place);
        }
        let generation = world.people.at(to).generation;
        self.make_room(turnover, region, world, randomness, owner);
        let ties = &mut world.people.at_mut(owner).ties;
        ties.push(Tie { to, generation, good: 0.0, bad: 0.0, evidence_at: now, used: now, dies });
        ties.len() - 1
    }

    /// Leaves fewer than `capacity` ties: the dead go, then those unused longest, of equals the one made first.
    fn make_room(&self, turnover: &Turnover, region: &Region, world: &mut World, randomness: Randomness, owner: Desk) {
        let capacity = world.people.at(owner).capacity;
        if world.people.at(owner).ties.len() < capacity {
            return;
        }
        let mut ties = std::mem::take(&mut world.people.at_mut(owner).ties);
        ties.retain(|tie| self.live(turnover, region, world, randomness, owner, tie).is_some());
        while ties.len() >= capacity {
            let longest = ties.iter().enumerate().min_by(|(_, a), (_, b)| a.used.total_cmp(&b.used));
            let Some((place, _)) = longest else { break };
            ties.remove(place);
        }
        world.people.at_mut(owner).ties = ties;
    }

    /// How long a tie used now lives unless it is used again, in days.
    fn idle_life(&self, region: &Region, randomness: Randomness, owner: Desk, to: Desk, now: f64) -> f64 {
        let mut draws = randomness.at(Purpose::Idle, region.address_between(owner, to), now.to_bits());
        draws.exponential() * self.half_life / std::f64::consts::LN_2
    }

    /// The owner of these ties leaves; the successor is handed some.
    pub fn hand_over(
        &self,
        turnover: &Turnover,
        region: &Region,
        randomness: Randomness,
        owner: Desk,
        person: &mut Person,
    ) {
        let successor = u64::from(person.generation) + 1;
        let chance = turnover.handover_in(region, region.state_of(owner));
        person.ties.retain(|tie| {
            let entity = region.address_between(owner, tie.to);
            randomness.at(Purpose::Handover, entity, successor << 32).uniform() < chance
        });
    }
}

impl Turnover {
    /// The chance that a contact of or with a practitioner of that state is handed over.
    fn handover_in(&self, region: &Region, state: StateIndex) -> f64 {
        self.handover + region.states[state].support.handover * (1.0 - self.handover)
    }
}

impl Model {
    /// A practitioner works together with somebody abroad, or meets somebody: the tie made or refreshed, with its evidence.
    pub fn work_together(
        &self,
        region: &Region,
        world: &mut World,
        randomness: Randomness,
        (owner, to): (Desk, Desk),
        evidence: Evidence,
    ) {
        let place = self.ties.refresh(&self.turnover, region, world, randomness, owner, to);
        let now = world.now;
        if self.switches.trust {
            self.trust.learn(&mut world.people.at_mut(owner).ties[place], now, evidence);
        }
    }
}

impl Meetings {
    /// The meetings of a year (counted from the start of the window), in order of time.
    pub fn of_year(&self, region: &Region, randomness: Randomness, year: i32) -> Vec<Meeting> {
        let mut all = Vec::new();
        for (state, facts) in region.states.iter().enumerate() {
            for &role in Role::ALL {
                let (first, desks) = region.desks_of(state, role);
                let rate = self.meetings[role as usize] * f64::from(desks);
                if rate <= 0.0 {
                    continue;
                }
                let entity = u64::from(facts.address) << 32 | role as u64;
                let event = super::arrival::year_event(year);
                let mut draws = randomness.at(Purpose::Meetings, entity, event);
                for number in 0..draws.poisson(rate) {
                    let time = (f64::from(year) + draws.uniform()) * crate::quantity::DAYS_PER_YEAR;
                    let desk = first + draws.index(desks as usize) as Desk;
                    all.push(Meeting { time, desk, address: (entity, event << 32 | u64::from(number)) });
                }
            }
        }
        all.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.desk.cmp(&b.desk)).then(a.address.cmp(&b.address)));
        all
    }

    /// Whom the participant of a meeting gets to know.
    pub fn partner(&self, ties: &Ties, region: &Region, randomness: Randomness, meeting: &Meeting) -> Desk {
        let mut draws = randomness.at(Purpose::Meeting, meeting.address.0, meeting.address.1);
        let home = region.state_of(meeting.desk);
        let role = region.role_of(meeting.desk);
        let mut best = (f64::NEG_INFINITY, meeting.desk);
        for _ in 0..CANDIDATES {
            let (state, candidate_role, desk) = candidate(region, home, &mut draws);
            let pair = region.pair(home, state);
            let likeness = ties.role_likeness * f64::from(u8::from(role == candidate_role))
                + ties.language_likeness * pair.language
                + ties.family_likeness * f64::from(u8::from(pair.same_family));
            let score = likeness + gumbel(draws.uniform());
            if score > best.0 {
                best = (score, desk);
            }
        }
        best.1
    }
}

/// Somebody abroad: state, role and desk each drawn evenly.
fn candidate(region: &Region, home: usize, draws: &mut Draws) -> (usize, Role, Desk) {
    let other = draws.index(region.states.len() - 1);
    let state = if other < home { other } else { other + 1 };
    let role = Role::ALL[draws.index(Role::COUNT)];
    let (first, desks) = region.desks_of(state, role);
    (state, role, first + draws.index(desks as usize) as Desk)
}
