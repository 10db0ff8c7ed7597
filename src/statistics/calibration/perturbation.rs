//! From one population to the next: a particle is drawn by weight and moved by a kernel (Beaumont and others 2009).
//!
//! Numbers move by a normal kernel; its covariance is by default twice the weighted covariance of the population. Whole numbers move
//! by a normal kernel rounded to levels, of variance twice theirs and of standard deviation 1/2 at least, so that neighbours are always
//! in reach. A category stays, or jumps to any other that the prior allows, each as likely. Kernels of the three kinds are independent.
//! The weight of a particle is prior / sum over ancestors of weight x kernel; the kernel is not cut at the edges of the cube: what
//! falls outside is simply not run, which cancels in the weights.

use super::matrix::{cholesky, forward};
use super::{Axis, Population, Refusal};
use crate::random::{Draws, Purpose, Randomness};
use crate::statistics::normal_probability;

/// How numbers move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Normal, twice the weighted covariance.
    Full,
    /// Normal, twice the weighted variance of each, without correlation.
    Componentwise,
    /// Normal, the weighted covariance corrected for the size of the sample, times Silverman's squared bandwidth
    /// (4 / (d + 2))^(2 / (d + 4)) ESS^(-2 / (d + 4)): as pyABC has it. Narrower: fewer rejected, more uneven weights.
    Silverman,
}

/// A kernel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kernel {
    /// How numbers move.
    pub spread: Spread,
    /// The probability that a category jumps, strictly between 0 and 1.
    pub jump: f64,
}

impl Default for Kernel {
    fn default() -> Self {
        Self { spread: Spread::Full, jump: 0.3 }
    }
}

/// Where proposals come from: the prior, or a population and a kernel.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposer {
    axes: Vec<Axis>,
    moved: Option<Moved>,
}

/// A population ready to be moved.
#[derive(Debug, Clone, PartialEq)]
struct Moved {
    population: Population,
    sums: Vec<f64>,
    /// Which axes are numbers.
    numbers: Vec<usize>,
    /// The factor of the kernel's covariance.
    lower: Vec<Vec<f64>>,
    /// Numbers of ancestors, in units in which the kernel is even.
    whitened: Vec<Vec<f64>>,
    /// One over the kernel's normalising constant.
    scale: f64,
    /// Per axis, the standard deviation of levels; for whole numbers alone.
    deviations: Vec<f64>,
    /// Per axis that has levels, the probability of a step by so many levels, or for categories to stay and to jump to one other.
    steps: Vec<Vec<f64>>,
    /// \[particle\]\[axis\]; 0 for a number.
    levels: Vec<Vec<usize>>,
    jump: f64,
}

/// The address of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposing {
    /// Seed of the calibration.
    pub seed: u64,
    /// Which generation, from 0.
    pub generation: u32,
    /// Which proposal of it, from 0.
    pub index: u64,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq)]
pub enum Proposal {
    /// To be simulated.
    Inside {
        /// The particle it was moved from; none from the prior.
        ancestor: Option<usize>,
        /// Coordinates in the unit cube, one per parameter.
        values: Vec<f64>,
    },
    /// Outside the prior: rejected without a simulation.
    Outside,
}

impl Proposer {
    /// Proposals from the prior.
    ///
    /// # Errors
    /// [`Refusal::TooFew`] without a parameter.
    pub fn prior(axes: Vec<Axis>) -> Result<Self, Refusal> {
        Refusal::of_count("parameters", axes.len(), 1)?;
        Ok(Self { axes, moved: None })
    }

    /// Proposals from a population. Where its covariance cannot be inverted (few particles, or a parameter that no longer varies),
    /// numbers move without correlation, by 10^-6 at least.
    ///
    /// # Errors
    /// [`Refusal::Lengths`] for particles of other parameters, [`Refusal::Setting`] for the probability of a jump.
    pub fn from(axes: Vec<Axis>, population: &Population, kernel: Kernel) -> Result<Self, Refusal> {
        Refusal::of_share("the probability that a category jumps", kernel.jump)?;
        Refusal::of_count("parameters", axes.len(), 1)?;
        for particle in &population.values {
            Refusal::of_length("coordinates of a particle", particle.len(), axes.len())?;
        }
        Refusal::of_length("particles", population.values.len(), population.weights.len())?;
        let numbers: Vec<usize> = (0..axes.len()).filter(|axis| axes[*axis] == Axis::Number).collect();
        let lower = factor(population, &numbers, kernel.spread);
        let whitened = population.values.iter().map(|own| forward(&lower, &chosen(own, &numbers))).collect();
        let roots: f64 = lower.iter().enumerate().map(|(i, row)| row[i]).product();
        let scale = 1.0 / (roots * libm::pow(2.0 * core::f64::consts::PI, numbers.len() as f64 / 2.0));
        let deviations: Vec<f64> =
            axes.iter().enumerate().map(|(axis, own)| deviation(population, axis, own)).collect();
        let steps = axes.iter().zip(&deviations).map(|(axis, sd)| steps(axis, *sd, kernel.jump)).collect();
        let levels = population.values.iter().map(|own| levels(&axes, own)).collect();
        let moved = Moved {
            sums: population.weights.sums(),
            population: population.clone(),
            numbers,
            lower,
            whitened,
            scale,
            deviations,
            steps,
            levels,
            jump: kernel.jump,
        };
        Ok(Self { axes, moved: Some(moved) })
    }

    /// How many parameters.
    pub fn parameters(&self) -> usize {
        self.axes.len()
    }

    /// A proposal: a function of this and of its address alone.
    pub fn propose(&self, address: Proposing) -> Proposal {
        let randomness = Randomness { seed: address.seed, replicate: address.generation };
        let mut draws = randomness.at(Purpose::Calibration, super::PROPOSING, address.index);
        let Some(moved) = &self.moved else {
            let values = self.axes.iter().map(|axis| axis.settled(draws.uniform())).collect();
            return Proposal::Inside { ancestor: None, values };
        };
        let weights = &moved.population.weights;
        let ancestor = weights.place(&moved.sums, draws.uniform());
        match self.stepped(moved, &moved.population.values[ancestor], &mut draws) {
            Some(values) => Proposal::Inside { ancestor: Some(ancestor), values },
            None => Proposal::Outside,
        }
    }

    /// A particle moved; `None` if it left the cube.
    fn stepped(&self, moved: &Moved, from: &[f64], draws: &mut Draws) -> Option<Vec<f64>> {
        let normals: Vec<f64> = moved.numbers.iter().map(|_| draws.normal()).collect();
        let mut values = from.to_vec();
        for (row, axis) in moved.lower.iter().zip(&moved.numbers) {
            values[*axis] += row.iter().zip(&normals).map(|(entry, normal)| entry * normal).sum::<f64>();
        }
        for (axis, own) in self.axes.iter().enumerate() {
            let Some(level) = own.level(from[axis]) else {
                if !(0.0 < values[axis] && values[axis] < 1.0) {
                    return None;
                }
                continue;
            };
            let level = match own {
                Axis::Integers { count } => {
                    let to = level as f64 + libm::floor(moved.deviations[axis] * draws.normal() + 0.5);
                    (0.0 <= to && to < *count as f64).then_some(to as usize)?
                }
                _ => jumped(own, level, moved.jump, draws),
            };
            values[axis] = own.middle(level);
        }
        Some(values)
    }

    /// The unnormalised weight of a particle: prior over the density with which it is proposed. 1 for all from the prior.
    pub fn weight(&self, values: &[f64]) -> f64 {
        let Some(moved) = &self.moved else { return 1.0 };
        let prior: f64 = self
            .axes
            .iter()
            .zip(values)
            .map(|(axis, u)| axis.level(*u).map_or(1.0, |level| axis.share(level)))
            .product();
        let own = forward(&moved.lower, &chosen(values, &moved.numbers));
        let own_levels = levels(&self.axes, values);
        let ancestors = moved.levels.iter().zip(&moved.whitened).zip(moved.population.weights.values());
        let proposed: f64 = ancestors
            .map(|((from, whitened), weight)| {
                let square: f64 = own.iter().zip(whitened).map(|(a, b)| (a - b) * (a - b)).sum();
                weight * moved.scale * libm::exp(-0.5 * square) * self.step(moved, from, &own_levels)
            })
            .sum();
        prior / proposed
    }

    /// The probability of the steps of whole numbers and categories.
    fn step(&self, moved: &Moved, from: &[usize], to: &[usize]) -> f64 {
        let one = |(axis, own): (usize, &Axis)| match own {
            Axis::Number => 1.0,
            Axis::Integers { .. } => moved.steps[axis][from[axis].abs_diff(to[axis])],
            Axis::Categories { .. } => moved.steps[axis][usize::from(from[axis] != to[axis])],
        };
        self.axes.iter().enumerate().map(one).product()
    }
}

/// The level on each axis; 0 for a number.
fn levels(axes: &[Axis], values: &[f64]) -> Vec<usize> {
    axes.iter().zip(values).map(|(axis, u)| axis.level(*u).unwrap_or(0)).collect()
}

/// Probabilities of steps.
fn steps(axis: &Axis, sd: f64, jump: f64) -> Vec<f64> {
    match axis {
        Axis::Number => Vec::new(),
        Axis::Integers { count } => {
            // On the side of small probabilities, which keep their digits.
            let one = |by: f64| normal_probability((0.5 - by) / sd) - normal_probability((-0.5 - by) / sd);
            (0..*count).map(|by| one(by as f64)).collect()
        }
        Axis::Categories { .. } => match possible(axis).saturating_sub(1) {
            0 => vec![1.0, 0.0],
            others => vec![1.0 - jump, jump / others as f64],
        },
    }
}

fn chosen(values: &[f64], places: &[usize]) -> Vec<f64> {
    places.iter().map(|place| values[*place]).collect()
}

/// The factor of the kernel's covariance.
fn factor(population: &Population, numbers: &[usize], spread: Spread) -> Vec<Vec<f64>> {
    let rows: Vec<Vec<f64>> = population.values.iter().map(|particle| chosen(particle, numbers)).collect();
    let mut covariance = population.weights.covariance(&rows);
    let dimensions = numbers.len() as f64;
    let times = match spread {
        Spread::Full | Spread::Componentwise => 2.0,
        Spread::Silverman => {
            let effective = population.weights.effective();
            let bandwidth = libm::pow(4.0 / (dimensions + 2.0) / effective, 1.0 / (dimensions + 4.0));
            bandwidth * bandwidth / population.weights.correction()
        }
    };
    covariance.iter_mut().flatten().for_each(|entry| *entry *= times);
    let alone = |covariance: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let entry = |i: usize, j: usize| {
            let variance: f64 = covariance[i][i];
            // One particle alone has no spread, and with Silverman's correction not even a number.
            let sd = libm::sqrt(if variance > 1e-12 { variance } else { 1e-12 });
            if i == j { sd } else { 0.0 }
        };
        (0..numbers.len()).map(|i| (0..numbers.len()).map(|j| entry(i, j)).collect()).collect()
    };
    match spread {
        Spread::Componentwise => alone(&covariance),
        _ if covariance.iter().enumerate().any(|(i, row)| row[i].is_nan() || row[i] < 1e-12) => alone(&covariance),
        _ => cholesky(&covariance).unwrap_or_else(|| alone(&covariance)),
    }
}

/// The standard deviation of the steps of whole numbers.
fn deviation(population: &Population, place: usize, axis: &Axis) -> f64 {
    let Axis::Integers { .. } = axis else { return f64::NAN };
    let levels: Vec<f64> =
        population.values.iter().map(|particle| axis.level(particle[place]).unwrap_or(0) as f64).collect();
    libm::sqrt(2.0 * population.weights.variance(&levels)).max(0.5)
}

/// How many categories the prior allows.
fn possible(axis: &Axis) -> usize {
    (0..axis.levels().unwrap_or(0)).filter(|level| axis.share(*level) > 0.0).count()
}

/// A category after its step.
fn jumped(axis: &Axis, level: usize, jump: f64, draws: &mut Draws) -> usize {
    let others = possible(axis).saturating_sub(1);
    if others == 0 || draws.uniform() >= jump {
        return level;
    }
    let which = draws.index(others);
    let mut open = (0..axis.levels().unwrap_or(0)).filter(|other| *other != level && axis.share(*other) > 0.0);
    open.nth(which).unwrap_or(level)
}
