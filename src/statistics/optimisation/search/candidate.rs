//! What was proposed, and what came of it.

use crate::statistics::optimisation::dominance::dominates;

/// What came of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The objectives, all to be small.
    pub objectives: Vec<f64>,
    /// By how much constraints are violated in all; 0 if they are not.
    pub violation: f64,
}

impl Outcome {
    /// A failed evaluation. So is one with an objective or violation that is missing or infinite.
    pub fn failed() -> Self {
        Self { objectives: Vec::new(), violation: f64::INFINITY }
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.violation.is_finite() || self.objectives.iter().any(|value| !value.is_finite())
    }
}

/// A point that was evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// A value for each variable: whole numbers, choices (from 0) and switches (0 or 1) as whole numbers.
    pub values: Vec<f64>,
    /// Its objectives; empty if it failed.
    pub objectives: Vec<f64>,
    /// By how much it violates constraints; infinite if it failed.
    pub violation: f64,
    /// The generation that proposed it, from 0.
    pub generation: u64,
}

impl Candidate {
    /// Whether it is better: it violates less, or, if neither violates anything, dominates.
    pub(super) fn beats(&self, other: &Self) -> bool {
        if self.violation > 0.0 || other.violation > 0.0 {
            return self.violation < other.violation;
        }
        dominates(&self.objectives, &other.objectives)
    }
}
