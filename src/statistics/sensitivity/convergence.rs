//! Have the shares settled?
//!
//! They are worked out on the first quarter of the base points, the first half and all: prefixes of a Sobol' sequence whose
//! length is a power of two are designs of their own. Two things are asked of the last stage (Sarrazin, Pianosi and Wagener 2016): that the
//! widest interval of a total share is narrow enough, and that resamples agree on the order of the groups, those with large shares
//! above all.

use super::{Chance, Refusal, VarianceAnalysis, VarianceShares, variance_shares};
use crate::statistics::quantile_sorted;

/// The width of a 95 % interval below which shares have settled (Sarrazin, Pianosi and Wagener 2016).
pub const NARROW: f64 = 0.05;

/// The shares on a prefix of the design.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Base points of the prefix, complete or not.
    pub base_points: usize,
    /// The shares, or why they are refused.
    pub shares: Result<VarianceShares, Refusal>,
}

/// Whether shares have settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Intervals are narrow and the order stands.
    Settled,
    /// The order stands, but an interval is wide.
    Wide,
    /// Intervals are narrow, but the order does not stand.
    Unordered,
    /// Neither.
    Neither,
    /// There are no intervals to judge by.
    Unknown,
}

/// The stages and the verdict on the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Convergence {
    /// A quarter, a half and all of the base points.
    pub stages: Vec<Stage>,
    /// The widest interval of a total share at the last stage, the seed's aside.
    pub widest: f64,
    /// By how much a total share moved at most from half of the base points to all; missing without the half.
    pub moved: f64,
    /// The verdict.
    pub settled: Settled,
    /// With how many base points the widest interval would be narrow, if widths fall with their root; missing where that
    /// cannot be said.
    pub enough: Option<usize>,
}

/// Shares at N / 4, N / 2 and N base points, and whether they have settled: total shares with intervals narrower than `narrow`
/// ([`NARROW`] is usual) and an order that stands.
///
/// # Errors
/// As [`variance_shares`] on the whole design. Stages that are refused say so.
pub fn convergence(analysis: &VarianceAnalysis<'_>, outcomes: &[f64], narrow: f64) -> Result<Convergence, Refusal> {
    let all = variance_shares(analysis, outcomes)?;
    let replicates = match analysis.chance {
        Chance::Replicates { count, .. } => count,
        Chance::Seed { .. } | Chance::Ignored => 1,
    };
    let unit = analysis.blocks.size() * replicates;
    let bases = outcomes.len() / unit;
    let stage =
        |base_points: usize| Stage { base_points, shares: variance_shares(analysis, &outcomes[..base_points * unit]) };
    let mut stages: Vec<Stage> = [bases / 4, bases / 2].map(stage).into();
    let seed = match analysis.chance {
        Chance::Seed { group } => Some(group),
        Chance::Replicates { .. } | Chance::Ignored => None,
    };
    let totals = |shares: &VarianceShares| -> Vec<super::Estimate> {
        let groups = shares.groups.iter().enumerate().filter(|(group, _)| Some(*group) != seed);
        groups.map(|(_, group)| group.best().total).collect()
    };
    let last = totals(&all);
    // A missing width is the widest.
    let widest = last.iter().map(super::Estimate::width).max_by(f64::total_cmp).unwrap_or(f64::NAN);
    let half = stages.last().and_then(|stage| stage.shares.as_ref().ok()).map(totals);
    let moved = half.map_or(f64::NAN, |half| {
        half.iter().zip(&last).map(|(half, last)| (last.value - half.value).abs()).fold(0.0, f64::max)
    });
    let settled = match (widest < narrow, all.disorder < 1.0) {
        _ if widest.is_nan() || all.disorder.is_nan() => Settled::Unknown,
        (true, true) => Settled::Settled,
        (false, true) => Settled::Wide,
        (true, false) => Settled::Unordered,
        (false, false) => Settled::Neither,
    };
    let times = widest / narrow;
    let needed = libm::ceil(bases as f64 * times * times);
    let enough = (needed.is_finite() && needed < 1e12).then(|| (needed as usize).max(bases).next_power_of_two());
    stages.push(Stage { base_points: bases, shares: Ok(all) });
    Ok(Convergence { stages, widest, moved, settled, enough })
}

/// How unsettled the order is ([`VarianceShares::disorder`]), from the resampled total shares of each group. Neighbours in the order
/// of resamples are the pairs.
pub(super) fn disorder(totals: &[Vec<f64>]) -> f64 {
    let count = totals.first().map_or(0, Vec::len);
    let at = |resample: usize| totals.iter().map(|group| group[resample]).collect::<Vec<f64>>();
    let ranks = |shares: &[f64]| {
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|one, other| shares[*other].total_cmp(&shares[*one]));
        let mut ranks = vec![0.0; shares.len()];
        order.iter().enumerate().for_each(|(rank, group)| ranks[*group] = rank as f64);
        ranks
    };
    let of_pair = |first: usize| {
        let (one, other) = (at(first), at(first + 1));
        let (rank_one, rank_other) = (ranks(&one), ranks(&other));
        let weights: Vec<f64> = one.iter().zip(&other).map(|(a, b)| a.max(*b)).map(|share| share * share).collect();
        let apart = rank_one.iter().zip(&rank_other).map(|(a, b)| (a - b).abs());
        apart.zip(&weights).map(|(apart, weight)| apart * weight).sum::<f64>() / weights.iter().sum::<f64>()
    };
    let mut of_pairs: Vec<f64> = (0..count / 2).map(|pair| of_pair(2 * pair)).filter(|own| own.is_finite()).collect();
    of_pairs.sort_by(f64::total_cmp);
    quantile_sorted(&of_pairs, 0.95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_never_changes_is_settled_and_one_among_equals_is_not() {
        let apart = vec![vec![0.6, 0.7, 0.65, 0.6], vec![0.3, 0.2, 0.25, 0.3]];
        assert_eq!(disorder(&apart), 0.0);
        let equal = vec![vec![0.4, 0.5, 0.4, 0.5], vec![0.5, 0.4, 0.5, 0.4]];
        assert_eq!(disorder(&equal), 1.0);
        // Small ones may change places.
        let small = vec![vec![0.9, 0.9], vec![0.01, 0.02], vec![0.02, 0.01]];
        assert!(disorder(&small) < 0.01);
        assert!(disorder(&[]).is_nan());
    }
}
