//! Costs and effects of options over shared replicates.

use super::Refusal;
use super::dominance::non_dominated;
use crate::statistics::{Arms, Direction, Resamples};

/// What each option costs and brings in the replicates that all of them have.
#[derive(Debug, Clone, PartialEq)]
pub struct CostEffect {
    /// The costs of all options, then their effects.
    arms: Arms,
    direction: Direction,
}

impl CostEffect {
    /// Lines options up by replicate: for each option its costs and its effects, a failed run as `NaN`. A replicate in which any
    /// number is missing is left out for all. A cost that is known is repeated; the baseline is an option like the others.
    /// `direction` says which effects are good.
    ///
    /// # Errors
    /// Without options or complete replicates, without one list of effects for each of costs, and with an infinite number.
    pub fn complete(
        costs: &[impl AsRef<[f64]>],
        effects: &[impl AsRef<[f64]>],
        direction: Direction,
    ) -> Result<Self, Refusal> {
        if costs.is_empty() {
            return Err(Refusal::TooFew { what: "options", given: 0, needed: 1 });
        }
        if costs.len() != effects.len() {
            return Err(Refusal::Uneven { what: "lists of effects", given: effects.len(), needed: costs.len() });
        }
        let all: Vec<&[f64]> = costs.iter().map(AsRef::as_ref).chain(effects.iter().map(AsRef::as_ref)).collect();
        for (place, values) in all.iter().enumerate() {
            if let Some(value) = values.iter().find(|value| value.is_infinite()) {
                let what = if place < costs.len() { "a cost of option" } else { "an effect of option" };
                return Err(Refusal::Number { what, of: place % costs.len(), value: *value, allowed: "a number" });
            }
        }
        let arms = Arms::complete(&all);
        if arms.n() == 0 {
            return Err(Refusal::TooFew { what: "replicates complete for all options", given: 0, needed: 1 });
        }
        Ok(Self { arms, direction })
    }

    /// How many options.
    pub fn options(&self) -> usize {
        self.arms.count() / 2
    }

    /// How many complete replicates.
    pub fn n(&self) -> usize {
        self.arms.n()
    }

    /// How many replicates were left out.
    pub fn missing(&self) -> usize {
        self.arms.missing()
    }

    /// What an option costs, by replicate.
    ///
    /// # Panics
    /// When it is not there.
    pub fn costs(&self, option: usize) -> &[f64] {
        self.arms.arm(option)
    }

    /// What an option brings, by replicate.
    ///
    /// # Panics
    /// When it is not there.
    pub fn effects(&self, option: usize) -> &[f64] {
        self.arms.arm(self.options() + option)
    }

    /// Effects such that the largest is best.
    pub(super) fn turned(&self, effect: f64) -> f64 {
        match self.direction {
            Direction::Largest => effect,
            Direction::Smallest => -effect,
        }
    }

    /// Mean cost and mean effect (the largest being best) of each option.
    pub(super) fn means(&self) -> Vec<[f64; 2]> {
        let means = self.arms.means();
        (0..self.options()).map(|option| [means[option], self.turned(means[self.options() + option])]).collect()
    }

    /// The same in one replicate.
    pub(super) fn replicate(&self, replicate: usize) -> Vec<[f64; 2]> {
        let point = |option| [self.costs(option)[replicate], self.turned(self.effects(option)[replicate])];
        (0..self.options()).map(point).collect()
    }

    /// The same over each resample.
    ///
    /// # Panics
    /// When the resamples are for another count of replicates.
    pub(super) fn resampled(&self, resamples: &Resamples) -> Vec<Vec<[f64; 2]>> {
        let means: Vec<Vec<f64>> = (0..self.arms.count()).map(|arm| resamples.means(self.arms.arm(arm))).collect();
        let point = |resample: usize, option: usize| {
            [means[option][resample], self.turned(means[self.options() + option][resample])]
        };
        (0..resamples.count()).map(|own| (0..self.options()).map(|option| point(own, option)).collect()).collect()
    }
}

/// The places of points of cost and effect that no other beats, the cheapest first.
pub(super) fn along(points: &[[f64; 2]]) -> Vec<usize> {
    let small: Vec<[f64; 2]> = points.iter().map(|[cost, effect]| [*cost, -effect]).collect();
    let free = non_dominated(&small);
    let mut places: Vec<usize> = (0..points.len()).filter(|place| free[*place]).collect();
    places.sort_by(|a, b| points[*a][0].total_cmp(&points[*b][0]));
    places
}
