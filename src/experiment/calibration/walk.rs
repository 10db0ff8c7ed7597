//! From the prior towards the figures.

use super::problem::Problem;
use super::{Asked, Keeper};
use crate::digest::Digest;
use crate::statistics::calibration::{
    Accepted, Adjustment, EndingRule, Filled, Kernel, Outcome, Population, Progress, Proposal, Proposer, Proposing,
    Scale, Scatter, Spread, Wanted, Weights, accept, adjusted, ended, next_epsilon,
};
use crate::table::Table;

/// The fewest proposals of a generation that are simulated together at first, and later.
const CHUNK: u64 = 200;
const LATER_CHUNK: u64 = 50;
/// How particles move.
const KERNEL: Kernel = Kernel { spread: Spread::Full, jump: 0.2 };

/// What a generation came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Generation {
    /// Which, from 0: the prior.
    pub number: u32,
    /// How near particles had to come (a squared distance); infinite for the prior.
    pub epsilon: f64,
    /// Particles.
    pub particles: usize,
    /// Simulations.
    pub simulations: u64,
    /// Of these, failed ones.
    pub failed: u64,
    /// Share of simulations accepted.
    pub acceptance: f64,
    /// Effective sample size.
    pub effective: f64,
    /// The median squared distance of particles.
    pub distance: f64,
}

/// What a walk came to.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The generations, the prior first.
    pub generations: Vec<Generation>,
    /// Why it ended, in words.
    pub ended: String,
    /// Simulations of a generation that was left out.
    pub left_out: u64,
    /// Simulations of the prior.
    pub prior: Table,
    /// The particles of the prior: coordinates, in the order of its simulations that did not fail.
    pub prior_points: Vec<Vec<f64>>,
    /// The last whole generation.
    pub last: Population,
    /// Its targets: \[particle\]\[target\].
    pub figures: Vec<Vec<f64>>,
    /// The posterior: coordinates in the unit cube of the prior.
    pub posterior: Vec<Vec<f64>>,
    /// Weights of the posterior.
    pub weights: Weights,
    /// Whether it was moved by regression to what was observed; else why not.
    pub adjusted: Result<(), String>,
}

impl Fit {
    /// All simulations.
    pub fn simulations(&self) -> u64 {
        self.generations.iter().map(|generation| generation.simulations).sum::<u64>() + self.left_out
    }
}

/// A generation that was walked to its end.
struct Walked {
    accepted: Accepted,
    /// Simulations, those that were run and not looked at too.
    spent: u64,
    /// Simulations of all proposals that were run, by their number.
    rows: Table,
    /// The row of each proposal; none if it was not run.
    row_of: Vec<Option<usize>>,
    /// The coordinates of each proposal.
    points: Vec<Option<Vec<f64>>>,
}

/// Why a walk cannot be gone, or could not be kept.
pub type Trouble<E> = Result<E, String>;

/// Walks a model from its prior to the figures; `None` when it was stopped.
///
/// # Errors
/// In words when the model cannot be fitted at all: too few runs of the prior do not fail. Else those of the keeper.
pub fn fit<K: Keeper>(problem: &Problem<'_>, keeper: &mut K) -> Result<Option<Fit>, Trouble<K::Error>> {
    let calibration = problem.calibration();
    let words = |refusal: crate::statistics::calibration::Refusal| {
        Trouble::<K::Error>::Err(format!("{}: {refusal}", problem.label()))
    };
    let mut left = calibration.simulations;
    let prior = Proposer::prior(problem.axes().to_vec()).map_err(words)?;
    let wanted = Wanted {
        seed: calibration.seed,
        generation: 0,
        particles: calibration.prior as usize,
        epsilon: f64::INFINITY,
        simulations_left: left,
    };
    let Some(first) = generation(problem, keeper, &prior, wanted)? else { return Ok(None) };
    left = left.saturating_sub(first.spent);
    let Some(mut population) = first.accepted.population.clone() else {
        return Err(Err(format!(
            "{}: no run of the prior gave all figures; look at one of them with comity run, and at the priors",
            problem.label()
        )));
    };
    let mut generations = vec![told(0, &first, &population, f64::INFINITY)];
    let prior_points = population.values.clone();
    let of_particles: Vec<usize> =
        population.indices.iter().filter_map(|index| first.row_of[*index as usize]).collect();
    let prior_rows = first.rows.picked(&of_particles);
    // The nearest of the prior are the first generation, which costs no simulation.
    let share = f64::from(calibration.particles) / population.values.len() as f64;
    if let Some(epsilon) = next_epsilon(&population, share.min(1.0), calibration.epsilon) {
        population = nearest(&population, epsilon).map_err(words)?;
        generations.push(Generation {
            number: 1,
            epsilon,
            particles: population.values.len(),
            simulations: 0,
            failed: 0,
            acceptance: f64::NAN,
            effective: population.weights.effective(),
            distance: population.weights.quantile(&population.distances, 0.5),
        });
    }
    let mut figures = figures_of(problem, &first, &population);
    let rules = [
        EndingRule::MinimumEpsilon(calibration.epsilon),
        EndingRule::MaximumSimulations(calibration.simulations),
        EndingRule::MinimumAcceptance(calibration.least_acceptance),
        EndingRule::MaximumGenerations(calibration.generations + 1),
    ];
    let mut left_out = 0;
    let mut ending =
        (left == 0).then(|| format!("the {} runs of the prior used up its simulations", calibration.simulations));
    while ending.is_none() {
        let Some(epsilon) = next_epsilon(&population, calibration.quantile, calibration.epsilon) else {
            ending = Some("no distance is left to come nearer".to_owned());
            break;
        };
        let proposer = Proposer::from(problem.axes().to_vec(), &population, KERNEL).map_err(words)?;
        let wanted = Wanted {
            generation: generations.len() as u32,
            particles: calibration.particles as usize,
            epsilon,
            simulations_left: left,
            ..wanted
        };
        let Some(next) = generation(problem, keeper, &proposer, wanted)? else { return Ok(None) };
        left = left.saturating_sub(next.spent);
        let whole = next.accepted.filled == Filled::Whole;
        let Some(nearer) = next.accepted.population.clone().filter(|_| whole) else {
            let spent = calibration.simulations - left;
            ending = Some(format!(
                "its {spent} simulations were used up within generation {}, which had {} of {} particles and is left out",
                wanted.generation, next.accepted.particles, wanted.particles
            ));
            left_out = next.spent;
            break;
        };
        let least = calibration.least_effective * f64::from(calibration.particles);
        let effective = nearer.weights.effective();
        if effective < least {
            ending = Some(format!(
                "the weights of generation {} are so uneven that it is worth {} particles, fewer than {}; it is left out",
                wanted.generation,
                crate::numeral::significant(effective, 3),
                crate::numeral::significant(least, 3)
            ));
            left_out = next.spent;
            break;
        }
        population = nearer;
        figures = figures_of(problem, &next, &population);
        generations.push(told(wanted.generation, &next, &population, epsilon));
        let progress = Progress {
            generations: generations.len() as u32,
            epsilon,
            acceptance: next.accepted.acceptance(),
            simulations: calibration.simulations - left,
            effective: population.weights.effective(),
        };
        ending = ended(&rules, progress).map(|ended| ended.to_string());
    }
    let observed: Vec<f64> = calibration.targets.iter().map(|figure| figure.target.value()).collect();
    let adjusting = adjusted(&Adjustment {
        axes: problem.axes(),
        values: &population.values,
        weights: &population.weights,
        statistics: &figures,
        observed: &observed,
        nearest: population.values.len(),
        scale: Scale::Logit,
        scatter: Scatter::Even,
    });
    let (posterior, weights, adjusted) = match adjusting {
        // A draw that would be moved across a constraint stays where it was accepted.
        Ok(moved) => {
            let back = |(value, place): (Vec<f64>, &usize)| {
                if problem.keeps(&value) { value } else { population.values[*place].clone() }
            };
            (moved.values.into_iter().zip(&moved.kept).map(back).collect(), moved.weights, Ok(()))
        }
        Err(refusal) => (population.values.clone(), population.weights.clone(), Err(refusal.to_string())),
    };
    Ok(Some(Fit {
        generations,
        ended: ending.unwrap_or_default(),
        left_out,
        prior: prior_rows,
        prior_points,
        last: population,
        figures,
        posterior,
        weights,
        adjusted,
    }))
}

/// Goes on with a generation until it is full, or nothing may be simulated any more; `None` when it was stopped.
fn generation<K: Keeper>(
    problem: &Problem<'_>,
    keeper: &mut K,
    proposer: &Proposer,
    wanted: Wanted,
) -> Result<Option<Walked>, Trouble<K::Error>> {
    let chunk = (wanted.particles as u64).max(if wanted.generation == 0 { 1 } else { CHUNK });
    let mut outcomes: Vec<(u64, Outcome)> = Vec::new();
    let mut rows: Option<Table> = None;
    let (mut row_of, mut points): (Vec<Option<usize>>, Vec<Option<Vec<f64>>>) = (Vec::new(), Vec::new());
    let mut spent = 0_u64;
    let mut next_chunk = chunk;
    loop {
        let first = points.len() as u64;
        let budget = wanted.simulations_left.saturating_sub(spent).min(next_chunk);
        let mut asked: Vec<(u32, u64, Vec<f64>)> = Vec::new();
        let mut proposed = 0_u64;
        // A proposal outside the prior costs nothing; of those that never come inside an end is made.
        while (asked.len() as u64) < budget && proposed < 100 * chunk {
            let index = first + proposed;
            let address = Proposing { seed: wanted.seed, generation: wanted.generation, index };
            let inside = match proposer.propose(address) {
                Proposal::Inside { values, .. } if problem.keeps(&values) => Some(values),
                _ => None,
            };
            if let Some(values) = &inside {
                asked.push((wanted.generation, index, values.clone()));
            }
            points.push(inside);
            proposed += 1;
        }
        if asked.is_empty() && budget > 0 {
            return Err(Err(format!(
                "{}: none of {proposed} proposals keeps the constraints; loosen them",
                problem.label()
            )));
        }
        let name = format!("{}-generation-{:03}-{:06}", problem.key(), wanted.generation, first);
        let digest = Digest::of(format!("{} {asked:?}", problem.digest()).as_bytes());
        let work = |range: std::ops::Range<usize>, watch: &dyn super::Watch| {
            let some: Vec<(u32, u64, &[f64])> =
                asked[range].iter().map(|(generation, number, at)| (*generation, *number, at.as_slice())).collect();
            problem.simulate(&some, watch)
        };
        let made = match asked.is_empty() {
            true => None,
            false => {
                let asked = Asked { name: &name, digest: &digest, items: asked.len() };
                let Some(made) = keeper.rows(asked, &work).map_err(Ok)? else { return Ok(None) };
                Some(made)
            }
        };
        let distances = made.as_ref().map(|made| problem.distances(made)).unwrap_or_default();
        let held = rows.as_ref().map_or(0, Table::rows);
        let mut next = 0;
        for (place, point) in points[first as usize..].iter().enumerate() {
            let outcome = match point {
                Some(_) if next < distances.len() => {
                    row_of.push(Some(held + next));
                    next += 1;
                    if distances[next - 1].is_finite() {
                        Outcome::Distance(distances[next - 1])
                    } else {
                        Outcome::Failed
                    }
                }
                _ => {
                    row_of.push(None);
                    Outcome::Outside
                }
            };
            outcomes.push((first + place as u64, outcome));
        }
        spent += next as u64;
        match (&mut rows, made) {
            (Some(rows), Some(made)) => rows.append(made),
            (rows @ None, made) => *rows = made,
            _ => {}
        }
        let accepted = accept(proposer, &outcomes, wanted).map_err(|refusal| Err(refusal.to_string()))?;
        let wanting = wanted.particles.saturating_sub(accepted.particles) as f64;
        let enough = libm::ceil(1.1 * wanting / accepted.acceptance().max(1e-3)) as u64;
        next_chunk = enough.clamp(LATER_CHUNK.min(chunk), chunk);
        if accepted.filled != Filled::Wanting || spent >= wanted.simulations_left {
            let Some(rows) = rows else {
                return Err(Err(format!(
                    "{}: there are no simulations left for generation {}",
                    problem.label(),
                    wanted.generation
                )));
            };
            return Ok(Some(Walked { accepted, spent, rows, row_of, points }));
        }
    }
}

/// The particles of the prior that are near enough, each weighing the same.
fn nearest(prior: &Population, epsilon: f64) -> Result<Population, crate::statistics::calibration::Refusal> {
    let near: Vec<usize> = (0..prior.values.len()).filter(|place| prior.distances[*place] <= epsilon).collect();
    Ok(Population {
        generation: prior.generation,
        epsilon,
        values: near.iter().map(|place| prior.values[*place].clone()).collect(),
        weights: Weights::even(near.len())?,
        distances: near.iter().map(|place| prior.distances[*place]).collect(),
        indices: near.iter().map(|place| prior.indices[*place]).collect(),
    })
}

/// The targets of the particles of a generation.
fn figures_of(problem: &Problem<'_>, walked: &Walked, population: &Population) -> Vec<Vec<f64>> {
    let all = problem.observed_of(&walked.rows);
    debug_assert_eq!(walked.points.len(), walked.row_of.len());
    let rows = population.indices.iter().filter_map(|index| walked.row_of[*index as usize]);
    rows.map(|row| all[row].clone()).collect()
}

fn told(number: u32, walked: &Walked, population: &Population, epsilon: f64) -> Generation {
    let accepted = &walked.accepted;
    Generation {
        number,
        epsilon,
        particles: accepted.particles,
        simulations: walked.spent,
        failed: accepted.failed,
        acceptance: accepted.acceptance(),
        effective: population.weights.effective(),
        distance: population.weights.quantile(&population.distances, 0.5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior() -> Population {
        let distances = vec![4.0, 1.0, 9.0, 0.5, 2.0];
        Population {
            generation: 0,
            epsilon: f64::INFINITY,
            values: (0..5).map(|place| vec![f64::from(place) / 10.0]).collect(),
            weights: Weights::even(5).expect("some"),
            distances,
            indices: vec![0, 2, 3, 7, 8],
        }
    }

    #[test]
    fn the_nearest_of_the_prior_keep_their_values_distances_and_numbers_and_weigh_the_same() {
        let near = nearest(&prior(), 2.0).expect("there are some");
        assert_eq!(near.values, [vec![0.1], vec![0.3], vec![0.4]]);
        assert_eq!(near.distances, [1.0, 0.5, 2.0]);
        assert_eq!(near.indices, [2, 7, 8]);
        assert!(near.weights.values().iter().all(|weight| (weight - 1.0 / 3.0).abs() < 1e-12));
        assert_eq!(near.epsilon, 2.0);
        assert!(nearest(&prior(), 0.1).is_err(), "none is that near");
    }
}
