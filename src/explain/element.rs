//! The pieces of a world that can differ between twins, and what last made each of them differ.
//!
//! Pieces are compared as they are kept, to the bit: two habits that were last repeated at different moments differ, even if by now
//! they have the same strength. What does not bear on decisions (counts of practice, cooperations under way) is left out.

use crate::world::{Desk, Fading, Person, Region, StateIndex, Tie, UnitIndex, UnitState, World};

/// A piece of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Who sits at a desk, with traits.
    Person(Desk),
    /// Awareness of whoever sits there.
    Awareness(Desk),
    /// Familiarity with tools.
    Familiarity(Desk),
    /// Personal habits, and the tool used last.
    Habit(Desk),
    /// What was seen of contacts.
    Seen(Desk),
    /// How busy.
    Workload(Desk),
    /// An NGO worker's experience with the authorities.
    Authorities(Desk),
    /// A tie: owner, other.
    Tie(Desk, Desk),
    /// A unit's routine, and the tool used last.
    Routine(UnitIndex),
    /// What is seen in a unit.
    UnitSeen(UnitIndex),
    /// A unit's trust in the practitioners of a state.
    Generalised(UnitIndex, StateIndex),
    /// The region's declared commitment.
    Commitment,
    /// Priorities, institutional clocks, harmonisation, suitability, gates.
    Institutions,
}

/// Where a difference comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A case that was decided differently, or had other consequences: its place among the nodes.
    Case(usize),
    /// Somebody's desk was acted on, by an intervention if its number is known.
    Person(Desk, Option<usize>),
    /// A unit was acted on.
    Unit(UnitIndex, Option<usize>),
    /// Institutions were acted on.
    Institutions,
    /// The two scenarios have other parameters or facts.
    Parameters,
}

/// Why a piece differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// What made it begin to differ.
    pub began: Cause,
    /// What last changed the difference.
    pub last: Cause,
    /// When that was, in ticks of the lockstep.
    pub when: u64,
}

impl Difference {
    /// A piece acted on from outside.
    pub fn outside(cause: Cause, when: u64) -> Self {
        Self { began: cause, last: cause, when }
    }

    /// A piece that a case changed; before that it differed so, if it did.
    pub fn by_case(place: usize, when: u64, before: Option<Self>) -> Self {
        let last = Cause::Case(place);
        Self { began: before.map_or(last, |before| before.began), last, when }
    }
}

impl Element {
    /// The desk it belongs to, if it belongs to one.
    pub fn desk(self) -> Option<Desk> {
        match self {
            Self::Person(desk)
            | Self::Awareness(desk)
            | Self::Familiarity(desk)
            | Self::Habit(desk)
            | Self::Seen(desk)
            | Self::Workload(desk)
            | Self::Authorities(desk)
            | Self::Tie(desk, _) => Some(desk),
            Self::Routine(_) | Self::UnitSeen(_) | Self::Generalised(..) | Self::Commitment | Self::Institutions => None,
        }
    }

    /// The unit it belongs to, if it belongs to a unit as a whole.
    pub fn unit(self) -> Option<UnitIndex> {
        match self {
            Self::Routine(unit) | Self::UnitSeen(unit) | Self::Generalised(unit, _) => Some(unit),
            _ => None,
        }
    }

    /// Whether it differs between two worlds.
    pub fn differs(self, a: &World, b: &World, region: &Region) -> bool {
        let person = |desk: Desk| (a.people.at(desk), b.people.at(desk));
        match self {
            Self::Person(desk) => differ(person(desk), who),
            Self::Awareness(desk) => differ(person(desk), |p| (bits(p.awareness), p.skill_at.to_bits())),
            Self::Familiarity(desk) => differ(person(desk), |p| (p.familiarity.map(bits), p.skill_at.to_bits())),
            Self::Habit(desk) => differ(person(desk), |p| {
                (p.cooperating.to_bits(), p.alone.to_bits(), p.habit_at.to_bits(), p.last_tool)
            }),
            Self::Seen(desk) => differ(person(desk), |p| {
                (p.seen_for.to_bits(), p.seen_all.to_bits(), p.seen_at.to_bits(), p.seekers.map(seeker))
            }),
            Self::Workload(desk) => differ(person(desk), |p| (p.workload.to_bits(), p.workload_at.to_bits())),
            Self::Authorities(desk) => differ(person(desk), |p| {
                (p.authorities_for.to_bits(), p.authorities_against.to_bits(), p.authorities_at.to_bits())
            }),
            Self::Tie(owner, to) => {
                let tie = |p: &Person| p.ties.iter().find(|tie| tie.to == to).map(tie_bits);
                differ(person(owner), tie)
            }
            Self::Routine(unit) => differ((&a.units[unit], &b.units[unit]), |u: &UnitState| {
                (u.cooperating.to_bits(), u.alone.to_bits(), u.routine_at.to_bits(), u.last_tool)
            }),
            Self::UnitSeen(unit) => differ((&a.units[unit], &b.units[unit]), |u: &UnitState| {
                (u.seen_for.to_bits(), u.seen_all.to_bits(), u.seen_at.to_bits(), u.seekers.map(seeker))
            }),
            Self::Generalised(unit, state) => {
                differ((a, b), |world| world.generalised_trust(region, unit, state).to_bits())
            }
            Self::Commitment => differ((a, b), |world| world.commitment.to_bits()),
            Self::Institutions => institutions_differ(a, b),
        }
    }
}

/// All pieces that differ between two worlds of the same desks, in order.
pub(super) fn differing(a: &World, b: &World, region: &Region) -> Vec<Element> {
    let mut all = Vec::new();
    let mut look = |element: Element| {
        if element.differs(a, b, region) {
            all.push(element);
        }
    };
    for desk in 0..region.desks() as Desk {
        let of_desk = [
            Element::Person,
            Element::Awareness,
            Element::Familiarity,
            Element::Habit,
            Element::Seen,
            Element::Workload,
            Element::Authorities,
        ];
        of_desk.into_iter().for_each(|element| look(element(desk)));
        let (x, y) = (&a.people.at(desk).ties, &b.people.at(desk).ties);
        if x != y {
            let others = y.iter().filter(|tie| x.iter().all(|own| own.to != tie.to));
            x.iter().chain(others).for_each(|tie| look(Element::Tie(desk, tie.to)));
        }
    }
    for unit in 0..region.units.len() {
        look(Element::Routine(unit));
        look(Element::UnitSeen(unit));
        (0..region.states.len()).for_each(|state| look(Element::Generalised(unit, state)));
    }
    look(Element::Commitment);
    look(Element::Institutions);
    all
}

fn differ<T, K: PartialEq>((a, b): (T, T), key: impl Fn(T) -> K) -> bool {
    key(a) != key(b)
}

fn who(person: &Person) -> (u32, u64, u64, u64, usize) {
    (
        person.generation,
        person.since.to_bits(),
        person.learning.to_bits(),
        person.threshold.to_bits(),
        person.capacity,
    )
}

fn bits(fading: Fading) -> (u64, u64) {
    (fading.value.to_bits(), fading.floor.to_bits())
}

fn seeker((desk, when): (Desk, f64)) -> (Desk, u64) {
    (desk, when.to_bits())
}

fn tie_bits(tie: &Tie) -> (u32, [u64; 5]) {
    (tie.generation, [tie.good, tie.bad, tie.evidence_at, tie.used, tie.dies].map(f64::to_bits))
}

fn institutions_differ(a: &World, b: &World) -> bool {
    let states = |world: &World| -> Vec<(u64, u64)> {
        world.states.iter().map(|state| (state.priority.to_bits(), state.clock.to_bits())).collect()
    };
    let numbers = |all: &[f64]| -> Vec<u64> { all.iter().map(|number| number.to_bits()).collect() };
    states(a) != states(b)
        || numbers(&a.harmonised) != numbers(&b.harmonised)
        || numbers(&a.suitability) != numbers(&b.suitability)
        || a.closures != b.closures
}
