//! Targets: whom an intervention is aimed at.
//!
//! States (all, if none are named); pairs of states (all between the states named); roles (those usual for the kind); units (all of the states
//! named). On an occasion, the practitioners of each unit who are eligible, staffed and not away are put in order, by luck or by a trait, and the
//! first are chosen; for an exchange or a working group those only whose state is paired with another. *Best connected* is who has most live ties abroad, *least familiar* who knows the tools of the role least,
//! *busiest* who has most on the desk; of equals the lower desk comes first.

use super::{Content, Intervention, Stage};
use crate::mechanism::tool;
use crate::quantity::{Role, closed_list};
use crate::random::{Draws, Randomness};
use crate::world::{Desk, Region, StateIndex, UnitIndex};

closed_list! {
    /// In what order practitioners are chosen.
    Choosing {
        /// By luck, anew on every occasion.
        Random = "random", "at random";
        /// Most live ties abroad first.
        BestConnected = "best_connected", "the best connected";
        /// Least familiarity with the tools of the role first.
        LeastFamiliar = "least_familiar", "the least familiar with tools";
        /// Most on the desk first.
        Busiest = "busiest", "the busiest";
    }
}

/// What the targets of a kind of intervention are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targeted {
    /// States.
    States,
    /// Pairs of states.
    Pairs,
    /// Practitioners.
    People,
    /// Practitioners, each with colleagues of the states theirs is paired with.
    PeopleInPairs,
    /// None: it acts on rules.
    Nobody,
}

/// Whom an intervention is aimed at.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    /// States, ascending.
    pub states: Vec<StateIndex>,
    /// Pairs of states, the lower number first.
    pub pairs: Vec<(StateIndex, StateIndex)>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Units, ascending.
    pub units: Vec<UnitIndex>,
    /// In what order practitioners are chosen.
    pub choosing: Choosing,
}

impl Targets {
    /// The states paired with one.
    pub fn partners(&self, state: StateIndex) -> Vec<StateIndex> {
        let other = |&(a, b): &(StateIndex, StateIndex)| match state {
            own if own == a => Some(b),
            own if own == b => Some(a),
            _ => None,
        };
        self.pairs.iter().filter_map(other).collect()
    }
}

/// The occasion under which states and pairs draw whether they are reached: once for all time.
const ONCE: u32 = u32::MAX;

impl Intervention {
    /// The states that are reached.
    pub fn states_reached(&self, region: &Region, randomness: Randomness) -> Vec<StateIndex> {
        let reached = |state: &&StateIndex| {
            self.luck(randomness, ONCE, u64::from(region.states[**state].address)).uniform() < self.delivery.coverage
        };
        self.targets.states.iter().filter(reached).copied().collect()
    }

    /// The pairs of states that are reached.
    pub fn pairs_reached(&self, region: &Region, randomness: Randomness) -> Vec<(StateIndex, StateIndex)> {
        let reached = |(a, b): &&(StateIndex, StateIndex)| {
            self.luck(randomness, ONCE, region.pair(*a, *b).address).uniform() < self.delivery.coverage
        };
        self.targets.pairs.iter().filter(reached).copied().collect()
    }

    /// Whether an intervention that is aimed at nobody comes about at all: once for all time, with chance `coverage`.
    pub fn comes_about(&self, randomness: Randomness) -> bool {
        self.luck(randomness, ONCE, 0).uniform() < self.delivery.coverage
    }

    /// How many states, or pairs of states, are reached: whichever the kind is aimed at.
    pub fn targets_reached(&self, region: &Region, randomness: Randomness) -> usize {
        match self.targeted() {
            Targeted::Pairs | Targeted::PeopleInPairs => self.pairs_reached(region, randomness).len(),
            Targeted::States | Targeted::People => self.states_reached(region, randomness).len(),
            Targeted::Nobody => 0,
        }
    }

    /// Whether a desk is one of those aimed at.
    pub fn eligible(&self, region: &Region, desk: Desk) -> bool {
        self.targets.units.contains(&region.unit_of(desk)) && self.targets.roles.contains(&region.role_of(desk))
    }

    /// Who takes part on an occasion, each with the draws for what happens there; in order of choosing, unit by unit in turn.
    pub fn participants(&self, occasion: u32, stage: &mut Stage<'_>) -> Vec<(Desk, Draws)> {
        let region = stage.region;
        let mut reached: Vec<(usize, Desk, Draws)> = Vec::new();
        for &unit in &self.targets.units {
            let facts = &region.units[unit];
            if self.needs_partners() && self.targets.partners(facts.state).is_empty() {
                continue;
            }
            let eligible = (facts.first..facts.first + facts.desks)
                .filter(|desk| self.targets.roles.contains(&region.role_of(*desk)) && !stage.world.away(*desk));
            let mut order: Vec<(f64, Desk, bool, Draws)> = eligible
                .map(|desk| {
                    let mut draws = self.luck(stage.randomness, occasion, region.address_of(desk));
                    let reached = draws.uniform() < self.delivery.coverage;
                    let by_luck = draws.uniform();
                    (self.precedence(stage, desk, by_luck), desk, reached, draws)
                })
                .collect();
            order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let of_share = libm::ceil(self.delivery.share * order.len() as f64 - 1e-9).max(0.0) as usize;
            let chosen = self.delivery.number.map_or(of_share, |number| of_share.min(number as usize));
            let chosen = order.into_iter().take(chosen).enumerate().filter(|(_, (_, _, reached, _))| *reached);
            reached.extend(chosen.map(|(place, (_, desk, _, draws))| (place, desk, draws)));
        }
        reached.sort_by_key(|(place, desk, _)| (*place, *desk));
        let room = self.delivery.capacity.map_or(usize::MAX, |capacity| capacity as usize);
        let participants: Vec<(Desk, Draws)> =
            reached.into_iter().take(room).map(|(_, desk, draws)| (desk, draws)).collect();
        stage.participants += participants.len() as u64;
        participants
    }

    /// Whether those who take part do so with colleagues of the states theirs is paired with.
    fn needs_partners(&self) -> bool {
        matches!(self.content, Content::Exchange(_) | Content::WorkingGroup(_))
    }

    /// Who comes first, is chosen first.
    fn precedence(&self, stage: &Stage<'_>, desk: Desk, by_luck: f64) -> f64 {
        let Stage { model, region, world, randomness, .. } = stage;
        let person = world.people.at(desk);
        match self.targets.choosing {
            Choosing::Random => by_luck,
            Choosing::BestConnected => {
                let live = |tie: &&crate::world::Tie| {
                    model.ties.live(&model.turnover, region, world, *randomness, desk, tie).is_some()
                };
                person.ties.iter().filter(live).count() as f64
            }
            Choosing::LeastFamiliar => {
                let tools = tool::of_role(region.role_of(desk));
                let known = tools.map(|tool| model.familiarity.with(person, tool, world.now));
                let (sum, count) = known.fold((0.0, 0.0), |(sum, count), known| (sum + known, count + 1.0));
                if count > 0.0 { -sum / count } else { 0.0 }
            }
            Choosing::Busiest => model.workload.of(person, world.now),
        }
    }
}
