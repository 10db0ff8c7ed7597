//! The efficient frontier of cost and effect, how settled it is, and what one more unit of effect costs along it.
//!
//! An option is on the frontier if, by the means, no other brings at least as much for less or more for the same. From one to the next
//! the incremental cost-effectiveness ratio is the mean difference of costs over the mean difference of effects, both within
//! replicates, with Fieller's interval. An option on the frontier is dominated by mixtures (extended dominance) if a mixture of its
//! neighbours would bring as much for less: the ratio up to it is then above the ratio from it on. Mixtures may not exist as
//! measures, so such options are marked and not taken away; the ratios without them are given too, and rise.

use super::CostEffect;
use super::cost_effect::along;
use super::knee::knee;
use crate::statistics::{Interval, Moments, Ratio, Resamples, ratio_of_means};

/// An option seen from the frontier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionOnFrontier {
    /// Its cost.
    pub cost: Moments,
    /// Its effect.
    pub effect: Moments,
    /// Whether it is on the frontier.
    pub on: bool,
    /// Whether it is on the frontier but a mixture of others would bring as much for less.
    pub beaten_by_mixture: bool,
    /// Share of resamples in which it is on the frontier; missing without resamples.
    pub frequency: f64,
    /// Share of resamples in which it is the knee of the frontier; missing without resamples.
    pub knee_frequency: f64,
}

/// From one option on the frontier to the next, dearer one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The cheaper option.
    pub from: usize,
    /// The dearer one.
    pub to: usize,
    /// Additional cost.
    pub cost: Moments,
    /// Student's interval of it.
    pub cost_interval: Interval,
    /// Additional effect, its sign as it was given.
    pub effect: Moments,
    /// Student's interval of it.
    pub effect_interval: Interval,
    /// Additional cost for one unit of effect, with Fieller's interval: it is missing where the additional effect cannot be told
    /// from 0. Its sign is that of the effect as it was given.
    pub ratio: Ratio,
}

/// The efficient frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// Every option.
    pub options: Vec<OptionOnFrontier>,
    /// Those on the frontier, the cheapest first.
    pub along: Vec<usize>,
    /// From each of them to the next.
    pub steps: Vec<Step>,
    /// From each to the next of those that no mixture beats: ratios rise.
    pub efficient: Vec<Step>,
    /// The knee of the frontier by the means, if there is one.
    pub knee: Option<usize>,
}

/// The frontier of options; intervals at a level between 0 and 1.
///
/// # Panics
/// When there are resamples and they are for another count of replicates.
pub fn frontier(options: &CostEffect, resamples: &Resamples, level: f64) -> Frontier {
    let points = options.means();
    let along_means = along(&points);
    let unmixed = hull(&points, &along_means);
    let knee_of = |points: &[[f64; 2]], along: &[usize]| {
        let on: Vec<(f64, f64)> = along.iter().map(|place| points[*place].into()).collect();
        knee(&on).map(|knee| along[knee.place])
    };
    let (mut on, mut knees) = (vec![0.0; points.len()], vec![0.0; points.len()]);
    let drawn = if resamples.count() == 0 { Vec::new() } else { options.resampled(resamples) };
    for points in &drawn {
        let along = along(points);
        along.iter().for_each(|place| on[*place] += 1.0);
        if let Some(found) = knee_of(points, &along) {
            // Twins share it.
            let twins: Vec<usize> = along.into_iter().filter(|place| points[*place] == points[found]).collect();
            twins.iter().for_each(|twin| knees[*twin] += 1.0 / twins.len() as f64);
        }
    }
    let share = |times: f64| if drawn.is_empty() { f64::NAN } else { times / drawn.len() as f64 };
    let describe = |option: usize| OptionOnFrontier {
        cost: options.costs(option).iter().copied().collect(),
        effect: options.effects(option).iter().copied().collect(),
        on: along_means.contains(&option),
        beaten_by_mixture: along_means.contains(&option)
            && !unmixed.iter().any(|place| points[*place] == points[option]),
        frequency: share(on[option]),
        knee_frequency: share(knees[option]),
    };
    let steps = |places: &[usize]| places.windows(2).map(|pair| step(options, pair[0], pair[1], level)).collect();
    Frontier {
        options: (0..points.len()).map(describe).collect(),
        steps: steps(&along_means),
        efficient: steps(&unmixed),
        knee: knee_of(&points, &along_means),
        along: along_means,
    }
}

fn step(options: &CostEffect, from: usize, to: usize, level: f64) -> Step {
    let differences = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let costs = differences(options.costs(to), options.costs(from));
    let effects = differences(options.effects(to), options.effects(from));
    let (cost, effect): (Moments, Moments) = (costs.iter().copied().collect(), effects.iter().copied().collect());
    Step {
        from,
        to,
        cost,
        cost_interval: cost.interval_at(level),
        effect,
        effect_interval: effect.interval_at(level),
        ratio: ratio_of_means(&costs, &effects, level),
    }
}

/// Those of the options along the frontier that no mixture of others beats, one of equal ones.
fn hull(points: &[[f64; 2]], along: &[usize]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for place in along {
        let [cost, effect] = points[*place];
        if kept.last().is_some_and(|last| points[*last] == points[*place]) {
            continue;
        }
        while let [.., before, last] = kept[..] {
            let ([cost_before, effect_before], [cost_last, effect_last]) = (points[before], points[last]);
            let rises = (cost_last - cost_before) * (effect - effect_last)
                <= (cost - cost_last) * (effect_last - effect_before);
            if rises {
                break;
            }
            kept.pop();
        }
        kept.push(*place);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::examples::{BASELINE, close};
    use crate::statistics::{Address, Direction};

    /// Options of known mean: a baseline, three good ones of which the second is beaten by mixtures, and one that is dominated.
    fn options(direction: Direction) -> CostEffect {
        let sign = if direction == Direction::Largest { 1.0 } else { -1.0 };
        let shift = |by: f64| BASELINE.iter().map(|x| sign * (x + by)).collect::<Vec<f64>>();
        let effects = [shift(0.0), shift(10.0), shift(12.0), shift(30.0), shift(9.0)];
        let costs = [0.0, 5.0, 15.0, 25.0, 6.0].map(|cost| vec![cost; 12]);
        CostEffect::complete(&costs, &effects, direction).expect("it is sound")
    }

    fn drawn() -> Resamples {
        Resamples::drawn(Address { seed: 3, label: "frontier" }, 12, 500)
    }

    #[test]
    fn the_frontier_leaves_the_dominated_out_and_marks_what_mixtures_beat() {
        for direction in [Direction::Largest, Direction::Smallest] {
            let got = frontier(&options(direction), &drawn(), 0.95);
            assert_eq!(got.along, [0, 1, 2, 3]);
            assert_eq!(got.options.map_on(), [true, true, true, true, false]);
            let beaten: Vec<bool> = got.options.iter().map(|own| own.beaten_by_mixture).collect();
            assert_eq!(beaten, [false, false, true, false, false]);
            let pairs: Vec<(usize, usize)> = got.efficient.iter().map(|step| (step.from, step.to)).collect();
            assert_eq!(pairs, [(0, 1), (1, 3)]);
            let sign = if direction == Direction::Largest { 1.0 } else { -1.0 };
            close(got.efficient[0].ratio.ratio, sign * 0.5, 1e-9);
            close(got.efficient[1].ratio.ratio, sign, 1e-9);
            close(got.steps[1].ratio.ratio, sign * 5.0, 1e-9);
            // What is the same in every replicate is certain.
            assert!(got.options.iter().zip([1.0, 1.0, 1.0, 1.0, 0.0]).all(|(own, share)| own.frequency == share));
            close(got.steps[0].effect_interval.half_width(), 0.0, 1e-9);
            assert_eq!(got.knee, Some(1));
            assert_eq!(got.options[1].knee_frequency, 1.0);
        }
    }

    trait MapOn {
        fn map_on(&self) -> Vec<bool>;
    }

    impl MapOn for Vec<OptionOnFrontier> {
        fn map_on(&self) -> Vec<bool> {
            self.iter().map(|own| own.on).collect()
        }
    }

    #[test]
    fn intervals_are_those_of_the_differences_within_replicates() {
        let effects = [vec![1.0, 5.0, 9.0], vec![3.0, 8.0, 10.0]];
        let costs = [vec![1.0; 3], vec![2.0, 3.0, 4.0]];
        let options = CostEffect::complete(&costs, &effects, Direction::Largest).expect("it is sound");
        let got = frontier(&options, &Resamples::drawn(Address { seed: 1, label: "" }, 3, 0), 0.9);
        let effect: Moments = [2.0, 3.0, 1.0].into_iter().collect();
        assert_eq!(got.steps[0].effect_interval, effect.interval_at(0.9));
        let cost: Moments = [1.0, 2.0, 3.0].into_iter().collect();
        assert_eq!(got.steps[0].cost_interval, cost.interval_at(0.9));
        assert!(got.options[0].frequency.is_nan());
        assert_eq!(got.knee, None);
    }

    #[test]
    fn twins_are_both_on_the_frontier_and_a_failed_run_takes_its_replicate_out() {
        let effects = [vec![1.0, f64::NAN, 3.0], vec![2.0, 4.0, 4.0], vec![2.0, 4.0, 4.0]];
        let costs = [vec![0.0; 3], vec![1.0; 3], vec![1.0; 3]];
        let options = CostEffect::complete(&costs, &effects, Direction::Largest).expect("it is sound");
        assert_eq!((options.n(), options.missing()), (2, 1));
        let got = frontier(&options, &Resamples::drawn(Address { seed: 1, label: "" }, 2, 50), 0.95);
        assert_eq!(got.along, [0, 1, 2]);
        assert!(got.options.iter().all(|own| own.on && !own.beaten_by_mixture && own.frequency == 1.0));
        assert_eq!(got.efficient.len(), 1);
        assert!(CostEffect::complete(&costs, &effects[..2], Direction::Largest).is_err());
        assert!(CostEffect::complete(&costs[..1], &[[f64::NAN; 3]], Direction::Largest).is_err());
    }

    #[test]
    fn frequencies_do_not_depend_on_the_order_of_options() {
        let noisy = |by: f64, mix: f64| {
            let wave = |(place, x): (usize, &f64)| x + by + mix * ((place * place) % 7) as f64;
            BASELINE.iter().enumerate().map(wave).collect::<Vec<f64>>()
        };
        let effects = [noisy(0.0, 0.0), noisy(3.0, 1.0), noisy(4.0, 2.0), noisy(9.0, -1.0)];
        let costs = [0.0, 4.0, 4.0, 9.0].map(|cost| vec![cost; 12]);
        let order = [2, 0, 3, 1];
        let plain = CostEffect::complete(&costs, &effects, Direction::Largest).expect("it is sound");
        let moved = CostEffect::complete(
            &order.map(|option| costs[option].clone()),
            &order.map(|option| effects[option].clone()),
            Direction::Largest,
        );
        let (one, other) = (frontier(&plain, &drawn(), 0.95), frontier(&moved.expect("it is sound"), &drawn(), 0.95));
        for (place, option) in order.iter().enumerate() {
            assert_eq!(one.options[*option], other.options[place]);
        }
        assert!(one.options.iter().any(|own| 0.0 < own.frequency && own.frequency < 1.0));
        assert_eq!(one.knee, other.knee.map(|place| order[place]));
    }
}
