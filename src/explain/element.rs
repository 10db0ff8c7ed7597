//! The pieces of a world that can differ between twins, and what last made each of them differ.
//!
//! Pieces are compared by what they have faded to by now, and differ if they do by more than rounding, so that bringing a value up to
//! date is no difference. What does not bear on decisions (counts of practice, cooperations under way, cost) is left out.

use crate::mechanism::kept;
use crate::quantity::Tool;
use crate::record::View;
use crate::world::{Desk, Person, Seen, StateIndex, Tie, UnitIndex, UnitState};

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
    /// Institutions were acted on, by an intervention if its number is known.
    Institutions(Option<usize>),
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
            Self::Routine(_) | Self::UnitSeen(_) | Self::Generalised(..) | Self::Commitment | Self::Institutions => {
                None
            }
        }
    }

    /// The unit it belongs to, if it belongs to a unit as a whole.
    pub fn unit(self) -> Option<UnitIndex> {
        match self {
            Self::Routine(unit) | Self::UnitSeen(unit) | Self::Generalised(unit, _) => Some(unit),
            _ => None,
        }
    }

    /// Whether it differs between two worlds of the same moment.
    pub fn differs(self, a: View<'_>, b: View<'_>) -> bool {
        match self {
            Self::Person(desk) => people_differ((a, b), desk, |_, p| who(p)),
            Self::Awareness(desk) => people_differ((a, b), desk, |view, p| {
                [p.awareness.level, view.model.recognition.awareness(p, view.world.now)]
            }),
            Self::Familiarity(desk) => people_differ((a, b), desk, |view, p| {
                let with = |tool: usize| view.model.familiarity.with(p, Tool::ALL[tool], view.world.now);
                std::array::from_fn::<f64, { 2 * Tool::COUNT }, _>(|place| match place.checked_sub(Tool::COUNT) {
                    None => p.familiarity[place].level,
                    Some(tool) => with(tool),
                })
            }),
            Self::Habit(desk) => people_differ((a, b), desk, |view, p| {
                let (cooperating, alone) = view.model.habit.of_person(view.model.disuse, p, view.world.now);
                [cooperating, alone, tool_number(p.last_tool)]
            }),
            Self::Seen(desk) => people_differ((a, b), desk, |view, p| {
                let (cooperating, all) = view.model.norm.counts(&p.seen, view.world.now);
                let [first, second] = seekers(&p.seen);
                [cooperating, all, first, second]
            }),
            Self::Workload(desk) => people_differ((a, b), desk, |view, p| [view.model.workload.of(p, view.world.now)]),
            Self::Authorities(desk) => people_differ((a, b), desk, |view, p| {
                let kept = kept(view.world.now - p.authorities_at, view.model.trust.half_life);
                [p.authorities_for * kept, p.authorities_against * kept]
            }),
            Self::Tie(owner, to) => {
                tie_of(a, owner, to) != tie_of(b, owner, to) && {
                    let (x, y) = (live_tie(a, owner, to), live_tie(b, owner, to));
                    match (x, y) {
                        (Some(x), Some(y)) => apart(&x, &y),
                        (x, y) => x.is_some() != y.is_some(),
                    }
                }
            }
            Self::Routine(unit) => units_differ((a, b), unit, |view, u| {
                let (cooperating, alone) = view.model.habit.of_unit(view.model.disuse, u, view.world.now);
                [cooperating, alone, tool_number(u.last_tool), 0.0, 0.0]
            }),
            Self::UnitSeen(unit) => units_differ((a, b), unit, |view, u| {
                let (cooperating, all) = view.model.norm.counts(&u.seen, view.world.now);
                let [first, second, third] = seekers(&u.seen);
                [cooperating, all, first, second, third]
            }),
            Self::Generalised(unit, state) => {
                let trust = |view: View<'_>| [view.world.generalised_trust(view.region, unit, state)];
                apart(&trust(a), &trust(b))
            }
            Self::Commitment => apart(&[a.world.commitment], &[b.world.commitment]),
            Self::Institutions => institutions_differ(a, b),
        }
    }
}

/// All pieces that differ between two worlds of the same desks, in order.
pub(super) fn differing(a: View<'_>, b: View<'_>) -> Vec<Element> {
    let region = b.region;
    let mut all = Vec::new();
    let mut look = |element: Element| {
        if element.differs(a, b) {
            all.push(element);
        }
    };
    for desk in 0..region.desks() as Desk {
        let (p, q) = (a.world.people.at(desk), b.world.people.at(desk));
        if p == q {
            continue;
        }
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
        let others = q.ties.iter().filter(|tie| p.ties.iter().all(|own| own.to != tie.to));
        p.ties.iter().chain(others).for_each(|tie| look(Element::Tie(desk, tie.to)));
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

/// What rounding alone may make of a level.
const ROUNDING: f64 = 1e-9;

/// Whether levels differ by more than rounding.
fn apart(a: &[f64], b: &[f64]) -> bool {
    let alike = |(x, y): (&f64, &f64)| x == y || (x - y).abs() <= ROUNDING * (1.0 + x.abs());
    !a.iter().zip(b).all(alike)
}

fn people_differ<const N: usize>(
    (a, b): (View<'_>, View<'_>),
    desk: Desk,
    levels: impl Fn(View<'_>, &Person) -> [f64; N],
) -> bool {
    apart(&levels(a, a.world.people.at(desk)), &levels(b, b.world.people.at(desk)))
}

fn units_differ(
    (a, b): (View<'_>, View<'_>),
    unit: UnitIndex,
    levels: impl Fn(View<'_>, &UnitState) -> [f64; 5],
) -> bool {
    apart(&levels(a, &a.world.units[unit]), &levels(b, &b.world.units[unit]))
}

fn who(person: &Person) -> [f64; 6] {
    let away = if person.away_until > 0.0 { person.away_until } else { 0.0 };
    let generation = f64::from(person.generation);
    [generation, person.since, away, person.quickness, person.threshold, person.capacity as f64]
}

fn tool_number(tool: Option<Tool>) -> f64 {
    tool.map_or(-1.0, |tool| f64::from(tool as u8))
}

fn seekers<const SEEKERS: usize>(seen: &Seen<SEEKERS>) -> [f64; SEEKERS] {
    seen.seekers.map(|(desk, when)| f64::from(desk) + when / 1e7)
}

fn tie_of(view: View<'_>, owner: Desk, to: Desk) -> Option<Tie> {
    view.world.people.at(owner).ties.iter().find(|tie| tie.to == to).copied()
}

/// A tie that lives: whom it leads to, evidence by now, when it was used and will die.
fn live_tie(view: View<'_>, owner: Desk, to: Desk) -> Option<[f64; 5]> {
    let View { model, region, world, randomness } = view;
    let tie = tie_of(view, owner, to)?;
    let generation = model.ties.live(&model.turnover, region, world, randomness, owner, &tie)?;
    let kept = kept(world.now - tie.evidence_at, model.trust.half_life);
    Some([f64::from(generation), tie.good * kept, tie.bad * kept, tie.used, tie.dies])
}

fn institutions_differ(a: View<'_>, b: View<'_>) -> bool {
    let states = |view: View<'_>| -> Vec<f64> {
        view.world.states.iter().flat_map(|state| [state.priority, state.lifted, state.clock]).collect()
    };
    apart(&states(a), &states(b))
        || apart(&a.world.harmonised, &b.world.harmonised)
        || apart(&a.world.suitability, &b.world.suitability)
        || a.world.closures != b.world.closures
        || a.model != b.model
        || a.region != b.region
}
