//! What a search says its finalists are worth, against what they bring on fresh seeds.
//!
//! The best of many overstates itself, as it was chosen for its luck too; of k equal options by
//! [`luck_of_the_best`](crate::statistics::luck_of_the_best)(k) standard errors. So finalists are run again on seeds the search has
//! not seen, and only that value is reported as theirs.

use super::Refusal;
use crate::statistics::{Direction, Interval, Moments, luck_of_the_best, student_quantile};

/// A finalist on both sets of seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finalist {
    /// On the seeds of the search.
    pub search: Moments,
    /// On fresh seeds.
    pub fresh: Moments,
    /// By how much the search overstated it: above 0 it is worse on fresh seeds, whichever end is best.
    pub shrinkage: f64,
    /// 95 % interval of the shrinkage (Welch's t: the seeds have nothing in common); missing below two replicates on either side.
    pub interval: Interval,
}

/// All finalists.
#[derive(Debug, Clone, PartialEq)]
pub struct Finalists {
    /// In the order given.
    pub each: Vec<Finalist>,
    /// The best by the seeds of the search, the first of equal ones.
    pub best_in_search: usize,
    /// The best by fresh seeds, the first of equal ones.
    pub best_afresh: usize,
    /// Mean shrinkage.
    pub shrinkage: f64,
    /// By how much the search would overstate the best of `screened` equal options with draws of their own, given the standard
    /// error of the one it found best. Shared draws make it less.
    pub luck: f64,
}

/// Compares finalists' outcomes on the seeds of the search with those on fresh ones; per finalist one list of each, missing ones
/// as `NaN`. `screened` is how many options the search chose from.
///
/// # Errors
/// Without finalists, with a finalist that lacks any number on either set of seeds, and when fewer were screened than came through.
pub fn finalists(
    search: &[impl AsRef<[f64]>],
    fresh: &[impl AsRef<[f64]>],
    direction: Direction,
    screened: usize,
) -> Result<Finalists, Refusal> {
    if search.is_empty() || search.len() != fresh.len() {
        return Err(Refusal::TooFewOptions { given: search.len().min(fresh.len()) });
    }
    if screened < search.len() {
        let allowed = "at least the number of finalists";
        return Err(Refusal::Setting { name: "the number of options screened", value: screened as f64, allowed });
    }
    let sign = match direction {
        Direction::Largest => 1.0,
        Direction::Smallest => -1.0,
    };
    let moments = |values: &[f64]| values.iter().copied().collect::<Moments>();
    let each: Vec<Finalist> = search
        .iter()
        .zip(fresh)
        .map(|(search, fresh)| compare(moments(search.as_ref()), moments(fresh.as_ref()), sign))
        .collect();
    if let Some(option) = each.iter().position(|own| !own.shrinkage.is_finite()) {
        return Err(Refusal::NoEstimate { option });
    }
    let best = |of: fn(&Finalist) -> Moments| {
        let better = |a: &usize, b: &usize| (sign * of(&each[*a]).mean()).total_cmp(&(sign * of(&each[*b]).mean()));
        (0..each.len()).rev().max_by(better).expect("there is a finalist")
    };
    let (best_in_search, best_afresh) = (best(|own| own.search), best(|own| own.fresh));
    let shrinkage = each.iter().map(|own| own.shrinkage).collect::<Moments>().mean();
    let luck = luck_of_the_best(screened) * each[best_in_search].search.standard_error();
    Ok(Finalists { each, best_in_search, best_afresh, shrinkage, luck })
}

fn compare(search: Moments, fresh: Moments, sign: f64) -> Finalist {
    const LEVEL: f64 = 0.95;
    let shrinkage = sign * (search.mean() - fresh.mean());
    let squared = |own: &Moments| own.variance() / own.n as f64;
    let (one, other) = (squared(&search), squared(&fresh));
    let both = one + other;
    let degrees = both * both / (one * one / (search.n as f64 - 1.0) + other * other / (fresh.n as f64 - 1.0));
    let interval = if both == 0.0 {
        Interval::around(shrinkage, 0.0)
    } else if degrees.is_finite() && degrees > 0.0 {
        Interval::around(shrinkage, student_quantile(0.5 + LEVEL / 2.0, degrees) * libm::sqrt(both))
    } else {
        Interval::MISSING
    };
    Finalist { search, fresh, shrinkage, interval }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Randomness};
    use crate::statistics::examples::{ARM, BASELINE, close};

    #[test]
    fn shrinkage_is_positive_where_the_search_flattered() {
        let (good, bad) = ([5.0, 6.0, 7.0], [3.0, 4.0, 5.0]);
        let most = finalists(&[good], &[bad], Direction::Largest, 10).expect("it is sound");
        assert_eq!((most.each[0].shrinkage, most.shrinkage), (2.0, 2.0));
        // Two variances of 1 over 3: standard error sqrt(2 / 3), 4 degrees of freedom, t = 2.7764451051977987.
        close(most.each[0].interval.high, 2.0 + 2.776_445_105_197_798_7 * (2.0_f64 / 3.0).sqrt(), 1e-9);
        close(most.luck, luck_of_the_best(10) / 3.0_f64.sqrt(), 1e-12);
        let least = finalists(&[bad], &[good], Direction::Smallest, 10).expect("it is sound");
        assert_eq!(least.each[0].shrinkage, 2.0);
        let two = finalists(&[ARM, BASELINE], &[BASELINE, ARM], Direction::Largest, 2).expect("it is sound");
        assert_eq!((two.best_in_search, two.best_afresh, two.shrinkage), (0, 1, 0.0));
    }

    #[test]
    fn the_best_of_equal_options_shrinks_by_its_luck() {
        // Ten equal options, eight replicates, 800 searches: the mean shrinkage of the winner is 1.539 / sqrt(8), standard error
        // about 0.016.
        let winner = |search: u64| {
            let draw = |option: u64| {
                let mut draws = Randomness { seed: 9, replicate: 0 }.at(Purpose::Search, search, option);
                (0..16).map(|_| draws.normal()).collect::<Vec<f64>>()
            };
            let all: Vec<Vec<f64>> = (0..10).map(draw).collect();
            let (searched, fresh): (Vec<&[f64]>, Vec<&[f64]>) = all.iter().map(|own| own.split_at(8)).unzip();
            let got = finalists(&searched, &fresh, Direction::Largest, 10).expect("it is sound");
            (got.each[got.best_in_search].shrinkage, got.luck)
        };
        let (shrinkage, luck): (Vec<f64>, Vec<f64>) = (0..800).map(winner).unzip();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / 800.0;
        close(mean(&shrinkage), 1.538_752_730_835_173 / 8.0_f64.sqrt(), 0.06);
        close(mean(&luck), 1.538_752_730_835_173 / 8.0_f64.sqrt(), 0.04);
    }

    #[test]
    fn finalists_without_fresh_numbers_are_refused() {
        let failed = finalists(&[[1.0, 2.0]], &[[f64::NAN; 2]], Direction::Largest, 3);
        assert_eq!(failed, Err(Refusal::NoEstimate { option: 0 }));
        assert!(matches!(finalists(&[[1.0]], &[[2.0]], Direction::Largest, 0), Err(Refusal::Setting { .. })));
        let one = finalists(&[[1.0]], &[[2.0]], Direction::Largest, 1).expect("it is sound");
        assert!(one.each[0].interval.low.is_nan());
    }
}
