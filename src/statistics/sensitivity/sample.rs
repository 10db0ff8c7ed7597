//! Any points and their outcomes, for methods that ask for no particular design.

use super::Refusal;
use crate::random::Draws;
use crate::statistics::Address;
use crate::statistics::bootstrap::Choice;
use crate::statistics::multiple::ascending;

/// Factors and an outcome in rows without a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Per factor, per row.
    factors: Vec<Vec<f64>>,
    outcomes: Vec<f64>,
    missing: usize,
}

impl Sample {
    /// The rows whose outcome is there. Factors column by column, in whatever unit: numbers, or categories by their number.
    ///
    /// # Errors
    /// Without factors, when a factor has not one value for each outcome, or one that is not finite.
    pub fn complete(factors: &[Vec<f64>], outcomes: &[f64]) -> Result<Self, Refusal> {
        if factors.is_empty() {
            return Err(Refusal::NoFactors);
        }
        for (factor, column) in factors.iter().enumerate() {
            if column.len() != outcomes.len() {
                return Err(Refusal::UnevenColumn { factor, given: column.len(), outcomes: outcomes.len() });
            }
            if let Some(row) = column.iter().position(|value| !value.is_finite()) {
                return Err(Refusal::NoValue { factor, row });
            }
        }
        let there = |column: &[f64]| {
            let rows = column.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_finite());
            rows.map(|(value, _)| *value).collect::<Vec<f64>>()
        };
        let kept = there(outcomes);
        let missing = outcomes.len() - kept.len();
        Ok(Self { factors: factors.iter().map(|column| there(column)).collect(), outcomes: kept, missing })
    }

    /// Some of its rows.
    pub(super) fn of_rows(&self, rows: &[usize]) -> Self {
        let picked = |column: &Vec<f64>| rows.iter().map(|row| column[*row]).collect::<Vec<f64>>();
        Self { factors: self.factors.iter().map(picked).collect(), outcomes: picked(&self.outcomes), missing: 0 }
    }

    /// Per factor its values, one for each row.
    pub fn factors(&self) -> &[Vec<f64>] {
        &self.factors
    }

    /// The outcomes.
    pub fn outcomes(&self) -> &[f64] {
        &self.outcomes
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.outcomes.len()
    }

    /// Rows left out because their outcome is missing.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Refuses fewer rows than it takes, and an outcome that does not vary.
    pub(super) fn at_least(&self, needed: usize) -> Result<(), Refusal> {
        let complete = self.rows();
        if complete < needed {
            return Err(Refusal::TooFew { what: "points", complete, dropped: self.missing, needed });
        }
        if constant(&self.outcomes) { Err(Refusal::Constant) } else { Ok(()) }
    }

    /// Refuses a factor that does not vary.
    pub(super) fn varied(&self) -> Result<(), Refusal> {
        match self.factors.iter().position(|column| constant(column)) {
            Some(factor) => Err(Refusal::ConstantFactor { factor }),
            None => Ok(()),
        }
    }
}

/// Whether all numbers are the same.
fn constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// Dummy factors: how they are made, and how many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dummies<'a> {
    /// Where they come from.
    pub address: Address<'a>,
    /// How many, at least one; 1000 are usual.
    pub count: usize,
    /// Up to which quantile of the dummies a factor passes for one; 0.95 is usual.
    pub level: f64,
}

impl Dummies<'_> {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.count == 0 {
            return Err(Refusal::Setting { name: "the number of dummies", value: 0.0, allowed: "at least 1" });
        }
        Refusal::of_level(self.level)
    }

    /// The draws for orders of so many rows.
    pub(super) fn draws(&self, rows: usize) -> Draws {
        self.address.draws(Choice::Dummy, rows)
    }
}

/// Ranks from 1; equal values share the mean of theirs. (Zeros of either sign are equal.)
pub(super) fn ranks(column: &[f64]) -> Vec<f64> {
    let plain: Vec<f64> = column.iter().map(|value| value + 0.0).collect();
    let order = ascending(&plain);
    let mut ranks = vec![0.0; plain.len()];
    let mut start = 0;
    for tied in order.chunk_by(|one, other| plain[*one] == plain[*other]) {
        let mean = start as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|row| ranks[*row] = mean);
        start += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_an_outcome_are_left_out_and_counted() {
        let factors = [vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
        let sample = Sample::complete(&factors, &[0.5, f64::NAN, 0.25]).expect("it is sound");
        assert_eq!((sample.rows(), sample.missing()), (2, 1));
        assert_eq!(sample.factors()[1], [4.0, 6.0]);
        let few = Refusal::TooFew { what: "points", complete: 2, dropped: 1, needed: 3 };
        assert_eq!(sample.at_least(3), Err(few));
        assert_eq!(Sample::complete(&factors, &[1.0]), Err(Refusal::UnevenColumn { factor: 0, given: 3, outcomes: 1 }));
        let hole = [vec![1.0, f64::NAN]];
        assert_eq!(Sample::complete(&hole, &[1.0, 2.0]), Err(Refusal::NoValue { factor: 0, row: 1 }));
        assert_eq!(Sample::complete(&[], &[1.0]), Err(Refusal::NoFactors));
    }

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(ranks(&[0.0, -0.0, -1.0]), [2.5, 2.5, 1.0]);
    }
}
