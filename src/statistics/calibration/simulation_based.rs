//! Simulation-based calibration: is the whole pipeline right? (Talts and others 2018.)
//!
//! Parameters are drawn from the prior, figures simulated at them, the pipeline run on these figures as if they had been observed, and
//! the rank of the true parameter among L posterior draws noted. Over many rounds ranks are even on 0 to L if the pipeline is right. Many
//! ranks at both ends: posteriors are too narrow, over-confident. Many in the middle: too wide, which approximate Bayesian
//! computation with a tolerance is by construction. More on one side: shifted.
//!
//! Two tests, both of all ranks at once: chi-square over bins, and the distribution function of ranks against a band that holds
//! it at all ranks together with the level asked for (Sailynoja, Burkner and Vehtari 2022; its level per rank is found by simulation).

use super::{Refusal, chi_square_above};
use crate::random::{Purpose, Randomness};
use crate::statistics::quantile_sorted;

/// How ranks are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankTest {
    /// L, the number of posterior draws of each round: ranks are 0 to L.
    pub draws: u32,
    /// Into how many bins ranks fall; divides L + 1.
    pub bins: u32,
    /// The level of the band, and of the verdict: between 0 and 1.
    pub level: f64,
    /// Seed of the band's simulation.
    pub seed: u64,
    /// How many sets of even ranks are simulated for the band.
    pub simulated: u32,
}

/// What ranks say of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankVerdict {
    /// Nothing speaks against it.
    Calibrated,
    /// Posteriors are too narrow.
    OverConfident,
    /// Posteriors are too wide.
    UnderConfident,
    /// Posteriors lie too low: the truth is often above them.
    ShiftedLow,
    /// Posteriors lie too high.
    ShiftedHigh,
    /// Ranks are not even, in another way.
    Uneven,
}

/// Ranks judged.
#[derive(Debug, Clone, PartialEq)]
pub struct RankReport {
    /// How many ranks in each bin.
    pub counts: Vec<u32>,
    /// Chi-square over bins.
    pub chi_square: f64,
    /// The probability of one as large by chance.
    pub probability: f64,
    /// The largest difference between the distribution function of ranks and the even one.
    pub largest: f64,
    /// Per rank 0 to L - 1: share of ranks not above it, and the band's ends.
    pub distribution: Vec<[f64; 3]>,
    /// Whether the distribution function stays within the band.
    pub within: bool,
    /// Mean of (rank + 1/2) / (L + 1) less 1/2, in standard errors.
    pub shift: f64,
    /// Variance of the same about 1/2 less that of even ranks, in standard errors; above 0 for ranks at the ends.
    pub excess: f64,
    /// The verdict.
    pub verdict: RankVerdict,
}

/// The rank of a true parameter among draws of its posterior: how many are below it, those equal to it counting by chance (discrete
/// parameters have ties). The round is the address of that chance. Draws must be even: resample weighted particles before.
pub fn rank_among(truth: f64, draws: &[f64], seed: u64, round: u64) -> u32 {
    let below = draws.iter().filter(|draw| **draw < truth).count();
    let equal = draws.iter().filter(|draw| **draw == truth).count();
    let luck = if equal == 0 {
        0
    } else {
        Randomness { seed, replicate: 0 }.at(Purpose::Calibration, super::TIES, round).index(equal + 1)
    };
    (below + luck) as u32
}

/// Judges ranks.
///
/// # Errors
/// [`Refusal::TooFew`] for fewer than five ranks a bin, [`Refusal::Setting`] for a rank above L, bins that do not divide L + 1, a level
/// not between 0 and 1, or fewer than 100 simulated sets.
pub fn judge_ranks(ranks: &[u32], test: &RankTest) -> Result<RankReport, Refusal> {
    check(ranks, test)?;
    let size = ranks.len() as f64;
    let places = test.draws + 1;
    let mut each = vec![0_u32; places as usize];
    ranks.iter().for_each(|rank| each[*rank as usize] += 1);
    let counts: Vec<u32> = each.chunks_exact((places / test.bins) as usize).map(|bin| bin.iter().sum()).collect();
    let expected = size / f64::from(test.bins);
    let chi_square: f64 =
        counts.iter().map(|count| (f64::from(*count) - expected) * (f64::from(*count) - expected) / expected).sum();
    let probability = chi_square_above(f64::from(test.bins - 1), chi_square);

    let tails = Tails::new(ranks.len(), test.draws);
    let least = tails.level(test);
    let sums = cumulated(&each);
    let within = tails.smallest(&sums) >= least;
    let distribution: Vec<[f64; 3]> = sums
        .iter()
        .enumerate()
        .map(|(rank, sum)| {
            let (low, high) = tails.band(rank, least);
            [f64::from(*sum) / size, low as f64 / size, high as f64 / size]
        })
        .collect();
    let even = |rank: usize| (rank as f64 + 1.0) / f64::from(places);
    let largest =
        distribution.iter().enumerate().fold(0.0_f64, |most, (rank, row)| most.max((row[0] - even(rank)).abs()));

    let place = |rank: &u32| (f64::from(*rank) + 0.5) / f64::from(places) - 0.5;
    let mean = ranks.iter().map(place).sum::<f64>() / size;
    let square = ranks.iter().map(|rank| place(rank) * place(rank)).sum::<f64>() / size;
    // Moments of even places: their variance, and that of their squares.
    let all = || (0..places).map(|rank| place(&rank) * place(&rank));
    let variance = all().sum::<f64>() / f64::from(places);
    let fourth = all().map(|square| square * square).sum::<f64>() / f64::from(places);
    let shift = mean / libm::sqrt(variance / size);
    let excess = (square - variance) / libm::sqrt((fourth - variance * variance) / size);

    let verdict = if within && probability >= 1.0 - test.level {
        RankVerdict::Calibrated
    } else if shift.abs().max(excess.abs()) < 2.0 {
        RankVerdict::Uneven
    } else if shift.abs() >= excess.abs() {
        if shift > 0.0 { RankVerdict::ShiftedLow } else { RankVerdict::ShiftedHigh }
    } else if excess > 0.0 {
        RankVerdict::OverConfident
    } else {
        RankVerdict::UnderConfident
    };
    Ok(RankReport { counts, chi_square, probability, largest, distribution, within, shift, excess, verdict })
}

fn check(ranks: &[u32], test: &RankTest) -> Result<(), Refusal> {
    let refuse = |name, value: u32, allowed| Err(Refusal::Setting { name, value: f64::from(value), allowed });
    Refusal::of_share("the level", test.level)?;
    if test.bins < 2 || !(test.draws + 1).is_multiple_of(test.bins) {
        return refuse("the number of bins", test.bins, "at least 2, and divides the number of draws and one");
    }
    if test.simulated < 100 {
        return refuse("the number of simulated sets", test.simulated, "at least 100");
    }
    Refusal::of_count("ranks", ranks.len(), 5 * test.bins as usize)?;
    match ranks.iter().find(|rank| **rank > test.draws) {
        Some(rank) => refuse("a rank", *rank, "at most the number of draws"),
        None => Ok(()),
    }
}

/// How many ranks are not above each but the last.
fn cumulated(each: &[u32]) -> Vec<u32> {
    let mut sum = 0;
    each[..each.len() - 1]
        .iter()
        .map(|count| {
            sum += count;
            sum
        })
        .collect()
}

/// Binomial probabilities of how many of n even ranks are not above each rank.
struct Tails {
    n: usize,
    /// \[rank\]\[count\]: of at most so many.
    lower: Vec<Vec<f64>>,
    /// \[rank\]\[count\]: of at least so many.
    upper: Vec<Vec<f64>>,
}

impl Tails {
    fn new(n: usize, draws: u32) -> Self {
        let choose: Vec<f64> = (0..=n)
            .map(|k| libm::lgamma(n as f64 + 1.0) - libm::lgamma(k as f64 + 1.0) - libm::lgamma((n - k) as f64 + 1.0))
            .collect();
        let masses = |rank: u32| -> Vec<f64> {
            let p = (f64::from(rank) + 1.0) / (f64::from(draws) + 1.0);
            let (log_p, log_q) = (libm::log(p), libm::log1p(-p));
            let mass = |(k, choose): (usize, &f64)| libm::exp(choose + k as f64 * log_p + (n - k) as f64 * log_q);
            choose.iter().enumerate().map(mass).collect()
        };
        let (mut lower, mut upper) = (Vec::new(), Vec::new());
        for rank in 0..draws {
            let masses = masses(rank);
            let mut up = masses.clone();
            for k in (0..n).rev() {
                up[k] += up[k + 1];
            }
            let mut down = masses;
            for k in 1..=n {
                down[k] += down[k - 1];
            }
            lower.push(down);
            upper.push(up);
        }
        Self { n, lower, upper }
    }

    /// The smallest two-sided probability over ranks.
    fn smallest(&self, sums: &[u32]) -> f64 {
        let both =
            |(rank, sum): (usize, &u32)| 2.0 * self.lower[rank][*sum as usize].min(self.upper[rank][*sum as usize]);
        sums.iter().enumerate().map(both).fold(f64::INFINITY, f64::min)
    }

    /// The two-sided probability per rank below which even ranks fall anywhere only as often as the level allows.
    fn level(&self, test: &RankTest) -> f64 {
        let one = |set: u32| {
            let randomness = Randomness { seed: test.seed, replicate: 0 };
            let mut draws = randomness.at(Purpose::Calibration, super::BAND, u64::from(set));
            let mut each = vec![0_u32; test.draws as usize + 1];
            (0..self.n).for_each(|_| each[draws.index(test.draws as usize + 1)] += 1);
            self.smallest(&cumulated(&each))
        };
        let mut smallest: Vec<f64> = (0..test.simulated).map(one).collect();
        smallest.sort_by(f64::total_cmp);
        quantile_sorted(&smallest, 1.0 - test.level)
    }

    /// The smallest and the largest count at a rank whose two-sided probability is not below a level.
    fn band(&self, rank: usize, level: f64) -> (usize, usize) {
        let low = self.lower[rank].partition_point(|own| 2.0 * own < level);
        let high = self.upper[rank].partition_point(|own| 2.0 * own >= level);
        (low, high.saturating_sub(1))
    }
}
