//! Approximate Bayesian computation, generation after generation.

use super::{all_close, close};
use comity::random::{Draws, Purpose, Randomness};
use comity::statistics::calibration::{
    Accepted, Axis, Ended, EndingRule, Filled, Kernel, Outcome, Population, Progress, Proposal, Proposer, Proposing,
    Refusal, Spread, Wanted, Weights, accept, ended, gamma_probability, next_epsilon,
};
use comity::statistics::normal_probability;

#[test]
fn importance_weights_are_those_of_beaumont_and_of_pyabc() {
    let previous = Population {
        generation: 0,
        epsilon: 1.0,
        values: vec![vec![0.2, 1.0], vec![0.5, 1.4], vec![0.9, 0.7], vec![0.4, 1.1]],
        weights: Weights::new(&[0.1, 0.4, 0.2, 0.3]).expect("they are sound"),
        distances: vec![0.0; 4],
        indices: vec![0, 1, 2, 3],
    };
    close(previous.weights.effective(), 3.333_333_333_333_333, 1e-12);
    let covariance = previous.weights.covariance(&previous.values);
    all_close(&covariance[0], &[0.0436, -0.0296], 1e-12);
    all_close(&covariance[1], &[-0.0296, 0.0681], 1e-12);
    let correction = previous.weights.correction();
    close(covariance[0][0] / correction, 0.062_285_714_285_714_3, 1e-12);
    close(covariance[1][1] / correction, 0.097_285_714_285_714_25, 1e-12);
    for (spread, want) in [
        (Spread::Full, [0.277_090_961_390_745_7, 0.402_975_358_182_146_4, 0.319_933_680_427_107_85]),
        (Spread::Silverman, [0.236_172_488_008_261_43, 0.466_045_139_811_812_06, 0.297_782_372_179_926_4]),
    ] {
        let kernel = Kernel { spread, ..Kernel::default() };
        let proposer = Proposer::from(vec![Axis::Number, Axis::Number], &previous, kernel).expect("it is sound");
        let raw: Vec<f64> = [[0.45, 1.2], [0.8, 0.9], [0.3, 1.3]].iter().map(|own| proposer.weight(own)).collect();
        let weights = Weights::new(&raw).expect("they are sound");
        all_close(weights.values(), &want, 1e-9);
    }
}

/// Luck of a simulation, apart from that of proposals.
fn luck(address: Proposing) -> Draws {
    Randomness { seed: address.seed, replicate: address.generation }.at(Purpose::Bootstrap, 99, address.index)
}

/// Runs proposals in parcels until the generation is there or capped.
fn generation(
    proposer: &Proposer,
    wanted: Wanted,
    parcel: u64,
    distance: &dyn Fn(&[f64], &mut Draws) -> f64,
) -> (Accepted, Vec<(u64, Outcome)>) {
    let mut outcomes = Vec::new();
    loop {
        let from = outcomes.len() as u64;
        for index in from..from + parcel {
            let address = Proposing { seed: wanted.seed, generation: wanted.generation, index };
            outcomes.push((
                index,
                match proposer.propose(address) {
                    Proposal::Outside => Outcome::Outside,
                    Proposal::Inside { values, .. } => Outcome::Distance(distance(&values, &mut luck(address))),
                },
            ));
        }
        let accepted = accept(proposer, &outcomes, wanted).expect("outcomes are whole");
        if accepted.filled != Filled::Wanting {
            return (accepted, outcomes);
        }
    }
}

/// A whole calibration down to an epsilon.
fn calibrated(
    axes: &[Axis],
    kernel: Kernel,
    seed: u64,
    particles: usize,
    least: f64,
    distance: &dyn Fn(&[f64], &mut Draws) -> f64,
) -> (Population, u64, Ended) {
    let rules = [EndingRule::MinimumEpsilon(least), EndingRule::MaximumSimulations(2_000_000)];
    let mut proposer = Proposer::prior(axes.to_vec()).expect("there are parameters");
    let mut wanted = Wanted { seed, generation: 0, particles, epsilon: f64::INFINITY, simulations_left: 2_000_000 };
    let mut simulations = 0;
    loop {
        let (accepted, _) = generation(&proposer, wanted, 2000, distance);
        simulations += accepted.simulations;
        wanted.simulations_left -= accepted.simulations;
        let acceptance = accepted.acceptance();
        let population = accepted.population.expect("some are accepted");
        let progress = Progress {
            generations: wanted.generation + 1,
            epsilon: wanted.epsilon,
            acceptance,
            simulations,
            effective: population.weights.effective(),
        };
        if let Some(why) = ended(&rules, progress) {
            return (population, simulations, why);
        }
        wanted.epsilon = next_epsilon(&population, 0.5, least).expect("there is a nearer");
        wanted.generation += 1;
        proposer = Proposer::from(axes.to_vec(), &population, kernel).expect("it is sound");
    }
}

/// The largest difference between a weighted distribution function and another.
fn largest_difference(values: &[f64], weights: &Weights, probability: &dyn Fn(f64) -> f64) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut below = 0.0;
    let mut most = 0.0_f64;
    for place in order {
        let want = probability(values[place]);
        most = most.max((want - below).abs());
        below += weights.values()[place];
        most = most.max((want - below).abs());
    }
    most
}

#[test]
fn the_mixture_of_two_normals_is_found_from_near_and_far() {
    // theta even on -10 to 10, an outcome N(theta, 1) or N(theta, 0.1^2), observed 0. The posterior at a tolerance is the mixture seen through
    // a window of that width: an average of the distribution function over the window, by its integral z Phi(z) + phi(z).
    const EPSILON: f64 = 0.025;
    let distance = |values: &[f64], luck: &mut Draws| {
        let sd = if luck.uniform() < 0.5 { 1.0 } else { 0.1 };
        (20.0 * values[0] - 10.0 + sd * luck.normal()).abs()
    };
    let integral = |x: f64, sd: f64| {
        let z = x / sd;
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
        sd * (z * normal_probability(z) + density)
    };
    let probability = |u: f64| {
        let x = 20.0 * u - 10.0;
        let one = |sd: f64| (integral(x + EPSILON, sd) - integral(x - EPSILON, sd)) / (2.0 * EPSILON);
        0.5 * one(1.0) + 0.5 * one(0.1)
    };
    for (seed, spread) in [(1, Spread::Full), (2, Spread::Componentwise), (3, Spread::Silverman)] {
        let kernel = Kernel { spread, ..Kernel::default() };
        let (population, simulations, why) = calibrated(&[Axis::Number], kernel, seed, 1000, EPSILON, &distance);
        let effective = population.weights.effective();
        let off = largest_difference(&population.column(0), &population.weights, &probability);
        assert!(off <= 1.63 / libm::sqrt(effective), "{spread:?}: {off}, {effective}, {simulations}");
        assert!(effective > 250.0 && simulations < 400_000, "{spread:?}: {effective}, {simulations}");
        assert_eq!(why.rule, EndingRule::MinimumEpsilon(EPSILON));
        assert_eq!(population.epsilon, EPSILON);
    }
}

#[test]
fn accepting_on_the_exact_count_gives_the_conjugate_posterior() {
    // Prior Gamma(1, rate 0.1), 36 events in 30 months: Gamma(37, rate 30.1).
    let rate = |u: f64| -10.0 * libm::log1p(-u);
    let distance = |values: &[f64], luck: &mut Draws| (f64::from(luck.poisson(30.0 * rate(values[0]))) - 36.0).abs();
    // From the prior alone, and by generations.
    let prior = Proposer::prior(vec![Axis::Number]).expect("there is a parameter");
    let wanted = Wanted { seed: 5, generation: 0, particles: 500, epsilon: 0.0, simulations_left: 1_000_000 };
    let (rejection, _) = generation(&prior, wanted, 20_000, &distance);
    let rejected = rejection.population.expect("some are accepted");
    let (walked, _, _) = calibrated(&[Axis::Number], Kernel::default(), 6, 800, 0.0, &distance);
    for population in [rejected, walked] {
        let rates: Vec<f64> = population.column(0).into_iter().map(rate).collect();
        let effective = population.weights.effective();
        let off = largest_difference(&rates, &population.weights, &|x| gamma_probability(37.0, 30.1 * x));
        assert!(off <= 1.63 / libm::sqrt(effective), "{off}, {effective}");
        close(population.weights.mean(&rates), 1.229_235_880_398_671, 4.0 * 0.202 / libm::sqrt(effective));
    }
}

#[test]
fn whole_numbers_and_categories_come_out_as_by_enumeration() {
    // A whole number n of 0 to 7, a category with prior (.2, .5, .3) that adds (0, 2, 5), and a number u: y = n + added + u + normal, 6 seen.
    let shares = [0.2, 0.5, 0.3];
    let added = [0.0, 2.0, 5.0];
    let axes = [Axis::Integers { count: 8 }, Axis::Categories { shares: shares.to_vec() }, Axis::Number];
    let of = axes.clone();
    let distance = move |values: &[f64], luck: &mut Draws| {
        let n = of[0].level(values[0]).expect("it has levels") as f64;
        let category = of[1].level(values[1]).expect("it has levels");
        (n + added[category] + values[2] + luck.normal() - 6.0).abs()
    };
    let (population, _, _) = calibrated(&axes, Kernel::default(), 8, 4000, 0.1, &distance);
    // The posterior by enumeration, the number by many steps, the tolerance by the normal probability of the window.
    let mut posterior = [[0.0; 3]; 8];
    for (n, row) in posterior.iter_mut().enumerate() {
        for (category, cell) in row.iter_mut().enumerate() {
            for step in 0..200 {
                let mean = n as f64 + added[category] + (f64::from(step) + 0.5) / 200.0;
                *cell += shares[category] * (normal_probability(6.1 - mean) - normal_probability(5.9 - mean));
            }
        }
    }
    let total: f64 = posterior.iter().flatten().sum();
    let effective = population.weights.effective();
    assert!(effective > 1000.0, "{effective}");
    let weight = |holds: &dyn Fn(&[f64]) -> bool| -> f64 {
        population.values.iter().zip(population.weights.values()).filter(|(own, _)| holds(own)).map(|(_, w)| w).sum()
    };
    for (n, row) in posterior.iter().enumerate() {
        let want = row.iter().sum::<f64>() / total;
        let got = weight(&|own| axes[0].level(own[0]) == Some(n));
        close(got, want, 4.0 * libm::sqrt(want * (1.0 - want) / effective) + 1e-4);
    }
    for category in 0..3 {
        let want = posterior.iter().map(|row| row[category]).sum::<f64>() / total;
        let got = weight(&|own| axes[1].level(own[1]) == Some(category));
        close(got, want, 4.0 * libm::sqrt(want * (1.0 - want) / effective));
    }
    // What is not wanted by any jump is never proposed: all coordinates are middles of their parts.
    assert!(population.values.iter().all(|own| own[1] == axes[1].settled(own[1]) && own[0] == axes[0].settled(own[0])));
}

#[test]
fn a_category_that_the_prior_rules_out_is_never_proposed() {
    let axis = Axis::Categories { shares: vec![0.0, 0.5, 0.0, 0.5] };
    let prior = Proposer::prior(vec![axis.clone()]).expect("there is a parameter");
    let wanted = Wanted { seed: 1, generation: 0, particles: 50, epsilon: 1.0, simulations_left: 1000 };
    let (first, _) = generation(&prior, wanted, 50, &|_, _| 0.0);
    let next = Proposer::from(vec![axis.clone()], &first.population.expect("all are"), Kernel::default());
    let next = next.expect("it is sound");
    let mut seen = [0; 4];
    for index in 0..2000 {
        let Proposal::Inside { values, .. } = next.propose(Proposing { seed: 1, generation: 1, index }) else {
            panic!("a category does not leave the cube")
        };
        seen[axis.level(values[0]).expect("it has levels")] += 1;
    }
    assert!(seen[0] == 0 && seen[2] == 0 && seen[1] > 500 && seen[3] > 500, "{seen:?}");
}

#[test]
fn a_proposal_is_a_function_of_its_address_alone() {
    let prior = Proposer::prior(vec![Axis::Number, Axis::Integers { count: 5 }]).expect("there are parameters");
    let wanted = Wanted { seed: 1, generation: 0, particles: 40, epsilon: 1.0, simulations_left: 1000 };
    let (first, _) = generation(&prior, wanted, 40, &|_, _| 0.5);
    let axes = vec![Axis::Number, Axis::Integers { count: 5 }];
    let next = Proposer::from(axes, &first.population.expect("all are"), Kernel::default()).expect("it is sound");
    let at = |seed, generation, index| next.propose(Proposing { seed, generation, index });
    let forwards: Vec<Proposal> = (0..100).map(|index| at(1, 1, index)).collect();
    let mut backwards: Vec<Proposal> = (0..100).rev().map(|index| at(1, 1, index)).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let all = |seed, generation| -> Vec<Proposal> { (0..100).map(|index| at(seed, generation, index)).collect() };
    assert_ne!(forwards, all(2, 1));
    assert_ne!(forwards, all(1, 2));
    let inside: Vec<&Proposal> = forwards.iter().filter(|own| **own != Proposal::Outside).collect();
    assert!(inside.len() > 20 && inside.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn the_order_of_completion_and_what_ran_beyond_change_nothing() {
    let prior = Proposer::prior(vec![Axis::Number]).expect("there is a parameter");
    let wanted = Wanted { seed: 3, generation: 0, particles: 60, epsilon: 0.4, simulations_left: 10_000 };
    let distance = |values: &[f64], _: &mut Draws| values[0];
    let (small, _) = generation(&prior, wanted, 10, &distance);
    let (large, mut outcomes) = generation(&prior, wanted, 1000, &distance);
    assert_eq!(small, large);
    outcomes.sort_by_key(|(index, _)| index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    assert_eq!(accept(&prior, &outcomes, wanted), Ok(large.clone()));
    let population = large.population.expect("all are there");
    assert_eq!(population.values.len(), 60);
    assert!(population.indices.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(population.distances.iter().all(|own| *own <= 0.4));
    close(population.weights.values().iter().sum(), 1.0, 1e-12);
    assert_eq!(large.proposals, population.indices[59] + 1);
    // What is missing in the middle, doubled, or of another calibration is noticed.
    let holed: Vec<(u64, Outcome)> = outcomes.iter().copied().filter(|(index, _)| *index != 7).collect();
    assert_eq!(accept(&prior, &holed, wanted), Err(Refusal::Hole { index: 7 }));
    outcomes.push((9, Outcome::Failed));
    assert_eq!(accept(&prior, &outcomes, wanted), Err(Refusal::Twice { index: 9 }));
}

#[test]
fn simulations_are_capped_within_a_generation_and_failed_ones_count() {
    let prior = Proposer::prior(vec![Axis::Number]).expect("there is a parameter");
    let wanted = Wanted { seed: 3, generation: 0, particles: 60, epsilon: 0.5, simulations_left: 25 };
    let outcomes: Vec<(u64, Outcome)> = (0..500)
        .map(|index| match index % 5 {
            0 => (index, Outcome::Failed),
            1 => (index, Outcome::Outside),
            2 => (index, Outcome::Distance(f64::NAN)),
            _ => (index, Outcome::Distance(0.1)),
        })
        .collect();
    let got = accept(&prior, &outcomes, wanted).expect("outcomes are whole");
    assert_eq!((got.filled, got.simulations, got.failed), (Filled::Capped, 25, 13));
    assert_eq!(got.population.as_ref().expect("some are").values.len(), 12);
    close(got.acceptance(), 12.0 / 25.0, 1e-15);
    let enough = Wanted { simulations_left: 1000, ..wanted };
    let got = accept(&prior, &outcomes, enough).expect("outcomes are whole");
    assert_eq!((got.filled, got.population.expect("some are").values.len()), (Filled::Whole, 60));
    // Used up by the last outcome: capped as well, not wanting more.
    let got = accept(&prior, &outcomes[..10], Wanted { simulations_left: 8, ..wanted }).expect("outcomes are whole");
    assert_eq!(got.filled, Filled::Capped);
    let none = accept(&prior, &[(0, Outcome::Failed)], wanted).expect("outcomes are whole");
    assert!(none.population.is_none() && none.filled == Filled::Wanting);
}

#[test]
fn epsilon_falls_also_where_distances_have_ties() {
    let population = |epsilon: f64, distances: &[f64]| Population {
        generation: 0,
        epsilon,
        values: vec![vec![0.5]; distances.len()],
        weights: Weights::even(distances.len()).expect("there are some"),
        distances: distances.to_vec(),
        indices: (0..distances.len() as u64).collect(),
    };
    assert_eq!(next_epsilon(&population(f64::INFINITY, &[4.0, 1.0, 3.0, 2.0]), 0.5, 0.0), Some(2.5));
    assert_eq!(next_epsilon(&population(3.0, &[3.0, 1.0, 3.0, 3.0]), 0.5, 0.0), Some(1.0));
    assert_eq!(next_epsilon(&population(3.0, &[3.0, 3.0, 3.0, 3.0]), 0.5, 0.0), None);
    assert_eq!(next_epsilon(&population(4.0, &[4.0, 1.0, 3.0, 2.0]), 0.5, 2.75), Some(2.75));
    assert_eq!(next_epsilon(&population(1.0, &[0.5, 0.6]), 0.5, 1.0), None);
}
