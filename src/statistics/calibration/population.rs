//! Populations of particles: which proposals are kept, and how near the next must come.

use super::{Proposal, Proposer, Proposing, Refusal, Weights};

/// Accepted particles of one generation.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Which generation, from 0.
    pub generation: u32,
    /// How near a particle had to come; infinite when all were taken.
    pub epsilon: f64,
    /// Coordinates in the unit cube of the prior: \[particle\]\[parameter\], in the order of proposals.
    pub values: Vec<Vec<f64>>,
    /// One weight per particle.
    pub weights: Weights,
    /// One distance per particle.
    pub distances: Vec<f64>,
    /// The number of the proposal that each particle was.
    pub indices: Vec<u64>,
}

impl Population {
    /// The coordinates of one parameter, in the order of particles.
    pub fn column(&self, parameter: usize) -> Vec<f64> {
        self.values.iter().map(|particle| particle[parameter]).collect()
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// It lay outside the prior and was not run.
    Outside,
    /// Its run failed: a simulation that is not accepted.
    Failed,
    /// Its distance; a missing one counts as failed.
    Distance(f64),
}

/// What a generation is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Seed of the calibration.
    pub seed: u64,
    /// Which generation, from 0.
    pub generation: u32,
    /// How many particles.
    pub particles: usize,
    /// How near they must come: a distance of as much is accepted.
    pub epsilon: f64,
    /// How many simulations may still be run, in this generation too.
    pub simulations_left: u64,
}

/// Whether a generation is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// It has as many particles as wanted.
    Whole,
    /// It has not, and may go on.
    Wanting,
    /// It has not, and there are no simulations left.
    Capped,
}

/// What was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The particles; none if no proposal was accepted, and none yet while the generation is wanting.
    pub population: Option<Population>,
    /// How many proposals were accepted.
    pub particles: usize,
    /// Whether there are enough.
    pub filled: Filled,
    /// Proposals looked at: those after the last that was needed are left out, though they may have been run.
    pub proposals: u64,
    /// Of these, simulations.
    pub simulations: u64,
    /// Of these simulations, failed ones.
    pub failed: u64,
}

impl Accepted {
    /// The share of simulations that were accepted; missing without any.
    pub fn acceptance(&self) -> f64 {
        if self.simulations == 0 { f64::NAN } else { self.particles as f64 / self.simulations as f64 }
    }
}

/// Keeps the first proposals of a generation, by number, that came near enough. Outcomes may stand in any order, so it does not matter
/// which run ended first; keeping those that *ended* first would favour parameters with short runs.
///
/// # Errors
/// [`Refusal::Hole`] and [`Refusal::Twice`] when outcomes are not those of the proposals 0, 1, 2, ...; [`Refusal::Outside`] for a
/// distance of a proposal that was outside; [`Refusal::TooFew`] when no particle is wanted; [`Refusal::Setting`] for a missing epsilon.
pub fn accept(proposer: &Proposer, outcomes: &[(u64, Outcome)], wanted: Wanted) -> Result<Accepted, Refusal> {
    Refusal::of_count("wanted particles", wanted.particles, 1)?;
    if wanted.epsilon.is_nan() {
        return Err(Refusal::Setting { name: "epsilon", value: wanted.epsilon, allowed: "a number" });
    }
    let mut sorted = outcomes.to_vec();
    sorted.sort_by_key(|(index, _)| *index);
    for (place, (index, _)) in (0_u64..).zip(&sorted) {
        if *index < place {
            return Err(Refusal::Twice { index: *index });
        }
        if *index > place {
            return Err(Refusal::Hole { index: place });
        }
    }
    let mut kept = Kept::default();
    let (mut proposals, mut simulations, mut failed) = (0, 0, 0);
    let mut filled = Filled::Wanting;
    for (index, outcome) in sorted {
        if outcome != Outcome::Outside && simulations == wanted.simulations_left {
            filled = Filled::Capped;
            break;
        }
        proposals += 1;
        let distance = match outcome {
            Outcome::Outside => continue,
            Outcome::Failed => f64::NAN,
            Outcome::Distance(distance) => distance,
        };
        simulations += 1;
        failed += u64::from(distance.is_nan());
        if distance <= wanted.epsilon {
            let address = Proposing { seed: wanted.seed, generation: wanted.generation, index };
            let Proposal::Inside { values, .. } = proposer.propose(address) else {
                return Err(Refusal::Outside { index });
            };
            kept.values.push(values);
            kept.distances.push(distance);
            kept.indices.push(index);
        }
        if kept.values.len() == wanted.particles {
            filled = Filled::Whole;
            break;
        }
    }
    if filled == Filled::Wanting && simulations == wanted.simulations_left {
        filled = Filled::Capped;
    }
    let particles = kept.values.len();
    let population = if filled == Filled::Wanting { None } else { kept.population(proposer, wanted)? };
    Ok(Accepted { population, particles, filled, proposals, simulations, failed })
}

#[derive(Default)]
struct Kept {
    values: Vec<Vec<f64>>,
    distances: Vec<f64>,
    indices: Vec<u64>,
}

impl Kept {
    fn population(self, proposer: &Proposer, wanted: Wanted) -> Result<Option<Population>, Refusal> {
        if self.values.is_empty() {
            return Ok(None);
        }
        let raw: Vec<f64> = self.values.iter().map(|values| proposer.weight(values)).collect();
        Ok(Some(Population {
            generation: wanted.generation,
            epsilon: wanted.epsilon,
            weights: Weights::new(&raw)?,
            values: self.values,
            distances: self.distances,
            indices: self.indices,
        }))
    }
}

/// How near the next generation must come: the weighted quantile of distances at `share`, between 0 and 1, but not below `least`. When
/// that is not nearer than now (distances of counts have ties), the largest distance that is; `None` when there is no such, or `least`
/// is reached.
pub fn next_epsilon(population: &Population, share: f64, least: f64) -> Option<f64> {
    let quantile = population.weights.quantile(&population.distances, share);
    let nearer = if quantile < population.epsilon {
        quantile
    } else {
        let below = population.distances.iter().copied().filter(|distance| *distance < population.epsilon);
        below.max_by(f64::total_cmp)?
    };
    let next = nearer.max(least);
    (next < population.epsilon).then_some(next)
}
