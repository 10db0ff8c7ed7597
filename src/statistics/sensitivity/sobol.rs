//! Shares of the variance (Sobol' 1993): of a group by itself (first order), with all its interactions (total), and of pairs.
//!
//! The estimators are in `terms.rs`. With the BA_i of a design, those of Azzini, Mara and Rosati (2020) are worked out beside the usual
//! ones: no further runs, and about half the error of first orders. Nothing is clamped: a small negative share is an
//! estimate of a small one, and its interval says so. A base point with a missing outcome is left out as a whole, and counted.
//!
//! Models with chance in them need a decision what to do about it ([`Chance`]). Left alone, independent draws shrink first orders by
//! V / (V + s^2) and lift every total share towards the share of chance; the same draws everywhere lift the first
//! order of whatever interacts with chance.

use super::columns::{Columns, Whole};
use super::series::Series;
use super::terms::{Centre, Terms};
use super::{Bootstrap, Estimate, Refusal, Replicated};
use crate::statistics::design::Blocks;

/// What chance is in the outcomes, and how to keep it out of the shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// None, or it is left in.
    Ignored,
    /// A group of the design stands for the seed of a run: A and all AB_i but its own have one seed, B another. Shares of the other
    /// groups, and of pairs, are of V - V_Tseed, the variance of the mean response; total shares then hold the part a
    /// group has with chance, too, and may add up to more. The seed's own shares are of V.
    Seed {
        /// Which group.
        group: usize,
    },
    /// Several replicates of each point, whose means are analysed.
    Replicates {
        /// How many.
        count: usize,
        /// How their draws go together.
        draws: SharedDraws,
    },
}

/// Whether replicates of different points know of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedDraws {
    /// Each point draws for itself: mean(s^2) / r is taken from V and from the numerator of total shares.
    Apart,
    /// Replicate k draws the same at every point (or it is not known): each part is corrected by what the replicates give by
    /// themselves, (r Q - mean(Q_k)) / (r - 1). It is right for draws apart as well, but less precise then.
    Alike,
}

/// What to work out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceAnalysis<'a> {
    /// The design.
    pub blocks: Blocks,
    /// What to do about chance.
    pub chance: Chance,
    /// What outcomes are centred by.
    pub centre: Centre,
    /// How intervals are made: over base points.
    pub bootstrap: Bootstrap<'a>,
}

/// First-order and total share of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// By itself.
    pub first: Estimate,
    /// With all its interactions.
    pub total: Estimate,
}

/// The shares of a group, estimated in two ways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupShares {
    /// First order after Saltelli and others (2010), total after Jansen (1999).
    pub plain: Shares,
    /// After Azzini, Mara and Rosati (2020); only with second order.
    pub crossed: Option<Shares>,
}

impl GroupShares {
    /// The better estimates there are.
    pub fn best(&self) -> Shares {
        self.crossed.unwrap_or(self.plain)
    }
}

/// The second-order share of a pair of groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairShare {
    /// The first group.
    pub one: usize,
    /// The second.
    pub other: usize,
    /// What they do together beyond what each does.
    pub share: Estimate,
}

/// Shares of the variance.
#[derive(Debug, Clone, PartialEq)]
pub struct VarianceShares {
    /// Per group of the design.
    pub groups: Vec<GroupShares>,
    /// All pairs, the first group before the second; only with second order.
    pub pairs: Vec<PairShare>,
    /// The variance the shares are of.
    pub variance: Estimate,
    /// The share that chance has in the variance of a single run; none when it is ignored or cannot be seen.
    pub chance: Option<Estimate>,
    /// The variance of chance in a single run, where replicates show it.
    pub noise: Option<f64>,
    /// Base points analysed.
    pub complete: usize,
    /// Base points left out because an outcome is missing.
    pub failed: usize,
    /// How unsettled the order of the groups by total share is: the 95th percentile over pairs of resamples of sum |R_i - R'_i|
    /// max(T_i, T'_i)^2 / sum max(T_i, T'_i)^2, R being ranks; below 1 it is settled (Sarrazin, Pianosi and Wagener 2016).
    /// Missing below two resamples.
    pub disorder: f64,
}

/// Shares of the variance of outcomes in the order of the design's points (with replicates: point after point, each with all of
/// its replicates), missing ones as `NaN`.
///
/// # Errors
/// When the outcomes are not whole blocks, below eight complete base points, for outcomes that are all the same, a seed group
/// that is not there, fewer than two replicates, when nothing is left without chance, and for a level outside 0 to 1.
pub fn variance_shares(analysis: &VarianceAnalysis<'_>, outcomes: &[f64]) -> Result<VarianceShares, Refusal> {
    let VarianceAnalysis { blocks, chance, bootstrap, .. } = *analysis;
    let replicates = match chance {
        Chance::Replicates { count, .. } if count < 2 => {
            let value = count as f64;
            return Err(Refusal::Setting {
                name: "the number of replicates",
                value,
                allowed: "at least 2 to see chance",
            });
        }
        Chance::Replicates { count, .. } => count,
        Chance::Seed { group } if group >= blocks.groups => {
            return Err(Refusal::NoSuchGroup { group, groups: blocks.groups });
        }
        Chance::Seed { .. } | Chance::Ignored => 1,
    };
    let whole = Whole::of(blocks, outcomes, replicates)?;
    let resamples = bootstrap.drawn(whole.kept.len())?;
    let replicated = Replicated::of(outcomes, replicates)?;
    let columns = Columns::of(blocks, &whole, |row| replicated.means[row]);
    let (shift, varies) = columns.centre();
    if !varies {
        return Err(Refusal::Constant);
    }
    let terms = |columns: Columns| Terms::of(&columns.less(shift), analysis.centre, &resamples);
    let raw = terms(columns);
    let noise = (replicates > 1).then(|| {
        let variances = Columns::of(blocks, &whole, |row| replicated.variances[row]);
        let members = blocks.size() as f64;
        let of_base = |base: usize| variances.all().map(|column| column[base]).sum::<f64>() / members;
        Series::mean(&(0..whole.kept.len()).map(of_base).collect::<Vec<f64>>(), &resamples)
    });
    let r = replicates as f64;
    let corrected = match (chance, &noise) {
        (Chance::Replicates { draws: SharedDraws::Apart, .. }, Some(noise)) => {
            raw.without_noise(&noise.map(|noise| noise / r))
        }
        (Chance::Replicates { draws: SharedDraws::Alike, .. }, _) => {
            let alone = |replicate| terms(Columns::of(blocks, &whole, |row| outcomes[row * replicates + replicate]));
            let sum = (1..replicates).fold(alone(0), |sum, replicate| sum.with(&alone(replicate), |a, b| a + b));
            raw.with(&sum, move |means, sum| (r * means - sum / r) / (r - 1.0))
        }
        _ => raw,
    };
    let shared = shared(&corrected, chance, bootstrap.level)?;
    let chance = match chance {
        Chance::Ignored => None,
        Chance::Seed { group } => Some(shared.groups[group].best().total),
        Chance::Replicates { .. } => noise
            .as_ref()
            .map(|noise| noise.with(&corrected.variance, |noise, own| noise / (noise + own)).estimate(bootstrap.level)),
    };
    let noise = noise.map(|noise| noise.own());
    Ok(VarianceShares { chance, noise, complete: whole.kept.len(), failed: whole.failed, ..shared })
}

/// Divides parts by the variance they are parts of.
fn shared(terms: &Terms, chance: Chance, level: f64) -> Result<VarianceShares, Refusal> {
    let seed = match chance {
        Chance::Seed { group } => Some(group),
        Chance::Ignored | Chance::Replicates { .. } => None,
    };
    let mean_response = seed.map_or(terms.variance.clone(), |seed| terms.variance.less(&terms.groups[seed].total));
    if mean_response.own() <= 0.0 {
        return Err(Refusal::OnlyChance { left: mean_response.own() });
    }
    let crossed_seed = seed.and_then(|seed| terms.groups[seed].crossed.as_ref()).map(|[_, total, _]| total);
    let mut totals = Vec::new();
    let groups = terms.groups.iter().enumerate().map(|(group, own)| {
        let is_seed = seed == Some(group);
        let of = if is_seed { &terms.variance } else { &mean_response };
        let plain_total = own.total.over(of);
        let plain = Shares { first: own.first.over(of).estimate(level), total: plain_total.estimate(level) };
        let crossed = own.crossed.as_ref().map(|[first, total, whole]| {
            let of = match crossed_seed {
                Some(chance) if !is_seed => whole.less(chance),
                _ => whole.clone(),
            };
            (first.over(&of).estimate(level), total.over(&of))
        });
        let best = crossed.as_ref().map_or(&plain_total, |(_, total)| total);
        if !is_seed {
            totals.push(best.resampled().to_vec());
        }
        let crossed = crossed.map(|(first, total)| Shares { first, total: total.estimate(level) });
        GroupShares { plain, crossed }
    });
    let groups = groups.collect();
    let places = (0..terms.groups.len()).flat_map(|one| (one + 1..terms.groups.len()).map(move |other| (one, other)));
    let pairs = terms.pairs.iter().zip(places).map(|(pair, (one, other))| PairShare {
        one,
        other,
        share: pair.over(&mean_response).estimate(level),
    });
    Ok(VarianceShares {
        groups,
        pairs: pairs.collect(),
        variance: mean_response.estimate(level),
        chance: None,
        noise: None,
        complete: 0,
        failed: 0,
        disorder: super::convergence::disorder(&totals),
    })
}
