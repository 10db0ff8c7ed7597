//! Outcomes of a design of blocks, as columns over its complete base points.

use super::Refusal;
use crate::statistics::Moments;
use crate::statistics::design::{Blocks, Member};

/// Fewer complete base points give no shares.
const LEAST_BASE_POINTS: usize = 8;

/// Which base points have all their outcomes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Whole {
    /// The complete ones, in order.
    pub kept: Vec<usize>,
    /// How many are not.
    pub failed: usize,
}

impl Whole {
    /// Looks through outcomes, row after row and replicate after replicate.
    pub fn of(blocks: Blocks, outcomes: &[f64], replicates: usize) -> Result<Whole, Refusal> {
        let unit = blocks.size().saturating_mul(replicates);
        if unit == 0 || !outcomes.len().is_multiple_of(unit) {
            return Err(Refusal::OtherDesign { given: outcomes.len(), unit, what: "base point", needed: None });
        }
        let all = outcomes.chunks_exact(unit).map(|block| block.iter().all(|outcome| outcome.is_finite()));
        let kept: Vec<usize> = all.clone().enumerate().filter(|(_, whole)| *whole).map(|(base, _)| base).collect();
        let failed = all.len() - kept.len();
        if kept.len() < LEAST_BASE_POINTS {
            let complete = kept.len();
            return Err(Refusal::TooFew { what: "base points", complete, dropped: failed, needed: LEAST_BASE_POINTS });
        }
        Ok(Whole { kept, failed })
    }
}

/// The outcomes of each member of the blocks, one for each complete base point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub a: Vec<f64>,
    pub b: Vec<f64>,
    /// Per group.
    pub ab: Vec<Vec<f64>>,
    /// Per group; none without second order.
    pub ba: Vec<Vec<f64>>,
}

impl Columns {
    /// The value of each row of the complete base points.
    pub fn of(blocks: Blocks, whole: &Whole, value: impl Fn(usize) -> f64) -> Columns {
        let column = |member| whole.kept.iter().filter_map(|base| blocks.row(*base, member)).map(&value).collect();
        let crossed = if blocks.second_order { blocks.groups } else { 0 };
        Columns {
            a: column(Member::A),
            b: column(Member::B),
            ab: (0..blocks.groups).map(|group| column(Member::Ab(group))).collect(),
            ba: (0..crossed).map(|group| column(Member::Ba(group))).collect(),
        }
    }

    /// All columns.
    pub fn all(&self) -> impl Iterator<Item = &Vec<f64>> {
        [&self.a, &self.b].into_iter().chain(&self.ab).chain(&self.ba)
    }

    /// The same with a number taken from each outcome: shares do not change, and rounding does less harm.
    pub fn less(mut self, shift: f64) -> Columns {
        let Columns { a, b, ab, ba } = &mut self;
        let all = [a, b].into_iter().chain(ab).chain(ba);
        all.flatten().for_each(|outcome| *outcome -= shift);
        self
    }

    /// The mean over A and B, and whether the outcomes differ by more than rounding.
    pub fn centre(&self) -> (f64, bool) {
        let moments: Moments = self.all().flatten().copied().collect();
        let size = self.all().flatten().fold(0.0_f64, |most, outcome| most.max(outcome.abs()));
        let pairs: Moments = self.a.iter().chain(&self.b).copied().collect();
        (pairs.mean(), moments.sd() > 1e-12 * size)
    }
}
