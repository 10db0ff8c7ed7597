//! A search for good compromises between objectives (NSGA-II, Deb and others 2002), as a machine that proposes and is told.
//!
//! Each generation proposes points; whoever can evaluates them and tells the objectives, all to be small, and by how much constraints
//! are violated. The next generation's parents are the best of parents and children together, by fronts and, in the last front that
//! has room, by crowding (the sum over objectives). Parents are drawn by tournaments of two; pairs are crossed with probability 0.9
//! (variable by variable with 1/2, index 15) and each variable is changed with probability 1 / (number of variables) (index 20).
//!
//! What violates constraints is worse than what does not, and the worse the more it violates them; a failed evaluation is worse than
//! all others. A point is proposed once: what was proposed before is passed over, so evaluations of a noisy model are to be means over
//! replicates whose draws are shared by all points, and the archive's points are to be evaluated again on fresh seeds.
//!
//! The archive keeps every point found that violates nothing and that no other dominates, however many.
//!
//! Proposals are a function of seed, variables and what was told. The first generation is a Latin hypercube; the luck of later ones has
//! the address (seed, generation, pair).

mod candidate;
#[cfg(test)]
mod tests;
mod variable;

pub use candidate::{Candidate, Outcome};
pub use variable::Variable;

use super::Refusal;
use super::dominance::{crowding, dominates, fronts_by};
use crate::random::{Draws, Purpose, Randomness};
use crate::statistics::design::latin_hypercube;
use std::collections::BTreeSet;

/// The probability that a pair is crossed at all.
const CROSSED: f64 = 0.9;
/// Pairs tried for each place of a generation before points are drawn at random, and points drawn before the search gives up.
const TRIES: usize = 20;
/// Set in the event of a point drawn at random, so that its address is no pair's.
const AT_RANDOM: u64 = 1 << 63;

/// What a search is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Seed of all its luck.
    pub seed: u64,
    /// Points of a generation, at least 4.
    pub population: usize,
    /// Objectives, at least 1.
    pub objectives: usize,
}

/// A parent with its standing.
#[derive(Debug, Clone, PartialEq)]
struct Parent {
    candidate: Candidate,
    front: usize,
    crowding: f64,
}

/// A search under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    variables: Vec<Variable>,
    settings: Settings,
    generation: u64,
    proposals: Vec<Vec<f64>>,
    /// Bits of all values proposed.
    seen: BTreeSet<Vec<u64>>,
    parents: Vec<Parent>,
    archive: Vec<Candidate>,
}

impl Search {
    /// A search that has proposed its first generation.
    ///
    /// # Errors
    /// Without variables, with one that has fewer than two values, and with too small or too large a population or no objectives.
    pub fn start(variables: &[Variable], settings: Settings) -> Result<Self, Refusal> {
        if variables.is_empty() {
            return Err(Refusal::TooFew { what: "variables", given: 0, needed: 1 });
        }
        variables.iter().enumerate().try_for_each(|(place, variable)| variable.check(place))?;
        if settings.objectives == 0 {
            return Err(Refusal::TooFew { what: "objectives", given: 0, needed: 1 });
        }
        let population = Refusal::Setting {
            name: "the population",
            value: settings.population as f64,
            allowed: "at least 4, and at most 10^8 over the number of variables",
        };
        if settings.population < 4 {
            return Err(population);
        }
        let points = latin_hypercube(settings.seed, settings.population, variables.len()).map_err(|_| population)?;
        let mut search = Self {
            variables: variables.to_vec(),
            settings,
            generation: 0,
            proposals: Vec::new(),
            seen: BTreeSet::new(),
            parents: Vec::new(),
            archive: Vec::new(),
        };
        for point in points.iter() {
            let values = search.variables.iter().zip(point).map(|(variable, u)| variable.at(*u)).collect();
            search.propose(values);
        }
        search.fill_at_random();
        Ok(search)
    }

    /// The points to be evaluated: values of each variable, as in [`Candidate`]. Never one twice in a search. They may be fewer than
    /// the population where there are few left, and none when nothing new was found.
    pub fn proposals(&self) -> &[Vec<f64>] {
        &self.proposals
    }

    /// The generation of these proposals, from 0.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Takes in what came of the proposals, in their order, and proposes the next generation.
    ///
    /// # Errors
    /// With another number of outcomes or objectives, and with a violation below 0. The search then is as it was.
    pub fn tell(&mut self, outcomes: &[Outcome]) -> Result<(), Refusal> {
        self.check(outcomes)?;
        let generation = self.generation;
        let proposals = core::mem::take(&mut self.proposals);
        let children = proposals.into_iter().zip(outcomes).map(|(values, outcome)| {
            let failed = outcome.has_failed();
            Candidate {
                values,
                objectives: if failed { Vec::new() } else { outcome.objectives.clone() },
                violation: if failed { f64::INFINITY } else { outcome.violation },
                generation,
            }
        });
        let children: Vec<Candidate> = children.collect();
        children.iter().for_each(|child| self.keep(child));
        self.survive(children);
        self.generation += 1;
        self.breed();
        self.fill_at_random();
        Ok(())
    }

    /// Every point found so far that violates nothing and that no other dominates, in the order they were proposed.
    pub fn archive(&self) -> &[Candidate] {
        &self.archive
    }

    /// The parents of the generation proposed now: front by front.
    pub fn parents(&self) -> impl Iterator<Item = &Candidate> {
        self.parents.iter().map(|parent| &parent.candidate)
    }

    fn check(&self, outcomes: &[Outcome]) -> Result<(), Refusal> {
        if outcomes.len() != self.proposals.len() {
            let (given, needed) = (outcomes.len(), self.proposals.len());
            return Err(Refusal::Uneven { what: "outcomes of proposals", given, needed });
        }
        for (of, outcome) in outcomes.iter().enumerate() {
            if outcome.violation < 0.0 {
                let (what, value) = ("the violation of proposal", outcome.violation);
                return Err(Refusal::Number { what, of, value, allowed: "0 or more" });
            }
            let (given, needed) = (outcome.objectives.len(), self.settings.objectives);
            if !outcome.has_failed() && given != needed {
                return Err(Refusal::Uneven { what: "objectives of a proposal", given, needed });
            }
        }
        Ok(())
    }

    fn keep(&mut self, child: &Candidate) {
        if child.violation > 0.0 || self.archive.iter().any(|own| dominates(&own.objectives, &child.objectives)) {
            return;
        }
        self.archive.retain(|own| !dominates(&child.objectives, &own.objectives));
        self.archive.push(child.clone());
    }

    /// The best of parents and children become parents.
    fn survive(&mut self, children: Vec<Candidate>) {
        let parents = core::mem::take(&mut self.parents).into_iter().map(|parent| parent.candidate);
        let all: Vec<Candidate> = parents.chain(children).collect();
        let objectives: Vec<&[f64]> = all.iter().map(|own| own.objectives.as_slice()).collect();
        let fronts = fronts_by(all.len(), |one, other| all[one].beats(&all[other]));
        for (place, front) in fronts.iter().enumerate() {
            let room = self.settings.population - self.parents.len();
            if room == 0 {
                break;
            }
            // A front of failed evaluations has no objectives, so all of it is equally crowded.
            let distances = crowding(&objectives, front);
            let mut order: Vec<usize> = (0..front.len()).collect();
            order.sort_by(|a, b| distances[*b].total_cmp(&distances[*a]));
            self.parents.extend(order.into_iter().take(room).map(|own| Parent {
                candidate: all[front[own]].clone(),
                front: place,
                crowding: distances[own],
            }));
        }
    }

    fn draws(&self, event: u64) -> Draws {
        Randomness { seed: self.settings.seed, replicate: 0 }.at(Purpose::Search, self.generation, event)
    }

    /// Proposes values unless they were proposed before, or there are enough.
    fn propose(&mut self, values: Vec<f64>) {
        // Adding 0 makes -0 the same as 0.
        let bits = values.iter().map(|value| (value + 0.0).to_bits()).collect();
        if self.proposals.len() < self.settings.population && self.seen.insert(bits) {
            self.proposals.push(values);
        }
    }

    fn breed(&mut self) {
        for pair in 0..TRIES * self.settings.population {
            if self.proposals.len() >= self.settings.population {
                break;
            }
            let mut draws = self.draws(pair as u64);
            let (one, other) = (self.tournament(&mut draws), self.tournament(&mut draws));
            let crossed = draws.uniform() < CROSSED;
            let (mut first, mut second) = (Vec::new(), Vec::new());
            for (place, variable) in self.variables.iter().enumerate() {
                let parents = [one, other].map(|parent| self.parents[parent].candidate.values[place]);
                let children = if crossed { variable.cross(parents, &mut draws) } else { parents };
                let [one, other] = children.map(|value| self.perhaps_mutated(*variable, value, &mut draws));
                first.push(one);
                second.push(other);
            }
            self.propose(first);
            self.propose(second);
        }
    }

    fn perhaps_mutated(&self, variable: Variable, value: f64, draws: &mut Draws) -> f64 {
        let share = 1.0 / self.variables.len() as f64;
        if draws.uniform() < share { variable.mutate(value, draws) } else { value }
    }

    /// The place of the better of two parents drawn.
    fn tournament(&self, draws: &mut Draws) -> usize {
        let (one, other) = (draws.index(self.parents.len()), draws.index(self.parents.len()));
        let (first, second) = (&self.parents[one], &self.parents[other]);
        let second_wins = second.front < first.front || second.front == first.front && second.crowding > first.crowding;
        if second_wins { other } else { one }
    }

    fn fill_at_random(&mut self) {
        for event in 0..TRIES * self.settings.population {
            if self.proposals.len() >= self.settings.population {
                break;
            }
            let mut draws = self.draws(AT_RANDOM | event as u64);
            let values = self.variables.iter().map(|variable| variable.at(draws.uniform())).collect();
            self.propose(values);
        }
    }
}
