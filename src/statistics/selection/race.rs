//! Which option is best, or nearly so? Replicates are added one at a time and options that are clearly behind drop out
//! (Kim and Nelson 2001, with c = 1).
//!
//! With k options, n0 replicates in the first stage and alpha = 1 - level,
//!
//! eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2,  h^2 = 2 eta (n0 - 1),
//!
//! and after r replicates option i stays if its mean is at least that of every option l that is left, minus
//!
//! W(i, l, r) = max(0, delta / (2 r) (h^2 S(i, l)^2 / delta^2 - r)),
//!
//! S(i, l)^2 being the variance of the differences in the first stage. So draws that options share shorten a race. The
//! option left is within delta of the best with the probability asked for, if differences are normal and replicates are
//! independent. delta is the smallest difference that matters: larger ones are found sooner.
//!
//! A race has an end of its own, when every W is 0, and a cap on replicates before that: options it did not tell apart are
//! then named as that, and none of them is called the best.

use super::Refusal;
use crate::statistics::{Direction, Moments};

/// What is to be found out, and at what price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indifference {
    /// Differences below this one do not matter; above 0, in the units of the outcome.
    pub delta: f64,
    /// Probability with which the option found is within `delta` of the best; above 1 / k, below 1.
    pub level: f64,
    /// Which end is best.
    pub direction: Direction,
    /// Replicates at which the race ends, come what may.
    pub most: usize,
}

/// Options that dropped out together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elimination {
    /// After so many replicates.
    pub replicates: usize,
    /// The options, in ascending order.
    pub options: Vec<usize>,
}

/// What a race has found. Options are in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not yet: it takes further replicates of these.
    Undecided {
        /// The options left.
        left: Vec<usize>,
    },
    /// This option is the best, or within `delta` of it.
    Best {
        /// The option.
        option: usize,
    },
    /// These have the same mean to the last bit at the race's own end: each is within `delta` of the best.
    Equal {
        /// The options.
        options: Vec<usize>,
    },
    /// The cap was reached: these remain, and which of them is best has not been told.
    NotToldApart {
        /// The options left.
        left: Vec<usize>,
    },
}

/// A race under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Race {
    rule: Indifference,
    options: usize,
    replicates: usize,
    sums: Vec<f64>,
    /// h^2 S(i, l)^2, row after row.
    ranges: Vec<f64>,
    left: Vec<usize>,
    eliminations: Vec<Elimination>,
}

impl Race {
    /// Starts from the first stage: for each replicate one number per option, none missing. Ten or more replicates are
    /// usual; with very few the race gets long.
    ///
    /// # Errors
    /// With fewer than two options or replicates, uneven replicates, a missing number, settings out of range, or a cap
    /// below the first stage.
    pub fn start(rule: Indifference, first_stage: &[impl AsRef<[f64]>]) -> Result<Self, Refusal> {
        let options = first_stage.first().map_or(0, |row| row.as_ref().len());
        let first = first_stage.len();
        if first < 2 {
            return Err(Refusal::TooFewReplicates { given: first, needed: 2 });
        }
        rule.check(options, first)?;
        let everyone: Vec<usize> = (0..options).collect();
        for (replicate, row) in first_stage.iter().enumerate() {
            check_row(row.as_ref(), replicate, options, &everyone)?;
        }
        let squared = Self::constants(options, first, rule.level).1;
        let range = |own: usize, other: usize| {
            let differences: Moments = first_stage.iter().map(|row| row.as_ref()[own] - row.as_ref()[other]).collect();
            squared * differences.variance()
        };
        let ranges = (0..options * options).map(|cell| range(cell / options, cell % options)).collect();
        let sums = everyone.iter().map(|option| first_stage.iter().map(|row| row.as_ref()[*option]).sum()).collect();
        let mut race =
            Self { rule, options, replicates: first, sums, ranges, left: everyone, eliminations: Vec::new() };
        race.eliminate();
        Ok(race)
    }

    /// The constants (eta, h^2) of so many options (at least two), replicates in the first stage (at least two), and level.
    pub fn constants(options: usize, first_stage: usize, level: f64) -> (f64, f64) {
        let degrees = first_stage as f64 - 1.0;
        let eta = (libm::pow(2.0 * (1.0 - level) / (options as f64 - 1.0), -2.0 / degrees) - 1.0) / 2.0;
        (eta, 2.0 * eta * degrees)
    }

    /// Takes in one more replicate: one number per option, those of options that are out not being looked at.
    ///
    /// # Errors
    /// When the race is over, or the number of an option that is left is missing. The race then is as it was.
    pub fn tell(&mut self, replicate: &[f64]) -> Result<(), Refusal> {
        if !matches!(self.verdict(), Verdict::Undecided { .. }) {
            return Err(Refusal::Over { replicates: self.replicates });
        }
        check_row(replicate, self.replicates, self.options, &self.left)?;
        for option in &self.left {
            self.sums[*option] += replicate[*option];
        }
        self.replicates += 1;
        self.eliminate();
        Ok(())
    }

    /// What has been found so far.
    pub fn verdict(&self) -> Verdict {
        let left = self.left.clone();
        match left.as_slice() {
            [option] => Verdict::Best { option: *option },
            _ if self.replicates >= self.longest() => Verdict::Equal { options: left },
            _ if self.replicates >= self.rule.most => Verdict::NotToldApart { left },
            _ => Verdict::Undecided { left },
        }
    }

    /// The options that are left, in ascending order.
    pub fn left(&self) -> &[usize] {
        &self.left
    }

    /// Replicates so far.
    pub fn replicates(&self) -> usize {
        self.replicates
    }

    /// Who dropped out when.
    pub fn eliminations(&self) -> &[Elimination] {
        &self.eliminations
    }

    /// The mean of an option over the replicates it was in the race for.
    ///
    /// # Panics
    /// When there is no such option.
    pub fn mean(&self, option: usize) -> f64 {
        let out = self.eliminations.iter().find(|elimination| elimination.options.contains(&option));
        self.sums[option] / out.map_or(self.replicates, |elimination| elimination.replicates) as f64
    }

    /// At how many replicates in all the race ends by itself, whatever they bring.
    pub fn longest(&self) -> usize {
        let pairs = self.left.iter().flat_map(|own| self.left.iter().map(move |other| (*own, *other)));
        let longest = pairs.map(|(own, other)| self.ranges[own * self.options + other]).fold(0.0, f64::max);
        // A number beyond what a counter holds becomes its largest.
        (libm::ceil(longest / (self.rule.delta * self.rule.delta)) as usize).max(self.replicates)
    }

    /// W(own, other, r).
    fn reach(&self, own: usize, other: usize) -> f64 {
        let (delta, replicates) = (self.rule.delta, self.replicates as f64);
        let range = self.ranges[own * self.options + other];
        (delta / (2.0 * replicates) * (range / (delta * delta) - replicates)).max(0.0)
    }

    fn eliminate(&mut self) {
        let sign = match self.rule.direction {
            Direction::Largest => 1.0,
            Direction::Smallest => -1.0,
        };
        let mean = |option: usize| sign * self.sums[option] / self.replicates as f64;
        let stays = |own: &usize| {
            self.left.iter().all(|other| other == own || mean(*own) >= mean(*other) - self.reach(*own, *other))
        };
        let (left, out): (Vec<usize>, Vec<usize>) = self.left.iter().partition(|own| stays(own));
        if !out.is_empty() {
            self.eliminations.push(Elimination { replicates: self.replicates, options: out });
            self.left = left;
        }
    }
}

impl Indifference {
    fn check(&self, options: usize, first: usize) -> Result<(), Refusal> {
        if options < 2 {
            return Err(Refusal::TooFewOptions { given: options });
        }
        if !(self.delta.is_finite() && self.delta > 0.0) {
            return Err(Refusal::Setting { name: "delta", value: self.delta, allowed: "a number above 0" });
        }
        check_level(self.level, options)?;
        if self.most < first {
            let allowed = "at least the replicates of the first stage";
            return Err(Refusal::Setting { name: "the cap on replicates", value: self.most as f64, allowed });
        }
        Ok(())
    }
}

/// A level is more than luck would give.
pub(super) fn check_level(level: f64, options: usize) -> Result<(), Refusal> {
    if 1.0 / (options as f64) < level && level < 1.0 {
        return Ok(());
    }
    Err(Refusal::Setting { name: "the level", value: level, allowed: "above 1 / (number of options) and below 1" })
}

/// Whether a replicate has a number for each option, and a finite one where it is needed.
fn check_row(row: &[f64], replicate: usize, options: usize, needed: &[usize]) -> Result<(), Refusal> {
    if row.len() != options {
        return Err(Refusal::Uneven { replicate, given: row.len(), options });
    }
    match needed.iter().find(|option| !row[**option].is_finite()) {
        Some(option) => Err(Refusal::NoValue { replicate, option: *option }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(most: usize) -> Indifference {
        Indifference { delta: 1.0, level: 0.95, direction: Direction::Largest, most }
    }

    #[test]
    fn without_noise_the_best_is_found_at_once() {
        let race = Race::start(rule(10), &[[1.0, 3.0, 2.9], [2.0, 4.0, 3.9]]).expect("it is sound");
        assert_eq!(race.verdict(), Verdict::Best { option: 1 });
        let least = Indifference { direction: Direction::Smallest, ..rule(10) };
        let race = Race::start(least, &[[1.0, 3.0, 2.9], [2.0, 4.0, 3.9]]).expect("it is sound");
        assert_eq!(race.verdict(), Verdict::Best { option: 0 });
        assert_eq!(race.eliminations(), [Elimination { replicates: 2, options: vec![1, 2] }]);
    }

    #[test]
    fn twins_are_equal_and_noise_beyond_the_cap_is_not_told_apart() {
        let twins = Race::start(rule(10), &[[1.0, 1.0], [5.0, 5.0]]).expect("it is sound");
        assert_eq!(twins.verdict(), Verdict::Equal { options: vec![0, 1] });
        let mut noisy =
            Race::start(rule(4), &[[10.0, 0.0, -90.0], [0.0, 10.0, -90.0], [9.0, 1.0, -90.0]]).expect("it is sound");
        assert_eq!(noisy.verdict(), Verdict::Undecided { left: vec![0, 1, 2] });
        noisy.tell(&[0.0, 10.0, -90.0]).expect("it goes on");
        assert_eq!(noisy.verdict(), Verdict::NotToldApart { left: vec![0, 1, 2] });
        assert!(noisy.longest() > 4);
        assert_eq!(noisy.tell(&[0.0; 3]), Err(Refusal::Over { replicates: 4 }));
    }

    #[test]
    fn failed_runs_and_settings_that_mean_nothing_are_refused() {
        let start = |rows: &[[f64; 2]], rule| Race::start(rule, rows).expect_err("it is not sound");
        let missing = start(&[[1.0, 2.0], [1.0, f64::NAN]], rule(9));
        assert_eq!(missing, Refusal::NoValue { replicate: 1, option: 1 });
        assert!(missing.to_string().contains("option 2 has no number in replicate 2"));
        assert_eq!(start(&[[1.0, 2.0]], rule(9)), Refusal::TooFewReplicates { given: 1, needed: 2 });
        for bad in [Indifference { delta: 0.0, ..rule(9) }, Indifference { level: 0.5, ..rule(9) }, rule(1)] {
            assert!(matches!(start(&[[1.0, 2.0], [2.0, 1.0]], bad), Refusal::Setting { .. }));
        }
        assert_eq!(Race::start(rule(9), &[[1.0], [2.0]]), Err(Refusal::TooFewOptions { given: 1 }));
        let rows = [vec![1.0, 2.0], vec![1.0]];
        assert_eq!(Race::start(rule(9), &rows), Err(Refusal::Uneven { replicate: 1, given: 1, options: 2 }));
    }

    #[test]
    fn a_replicate_with_a_failed_run_changes_nothing_and_those_who_are_out_need_no_number() {
        let rows = [[0.0, 5.0, -99.0], [5.0, 0.0, -99.5], [0.0, 5.0, -99.2], [5.0, 0.0, -99.0], [1.0, 4.0, -99.0]];
        let mut race = Race::start(rule(99), &rows).expect("it is sound");
        assert_eq!(race.left(), [0, 1]);
        let before = race.clone();
        assert_eq!(race.tell(&[1.0, f64::NAN, 0.0]), Err(Refusal::NoValue { replicate: 5, option: 1 }));
        assert_eq!(race, before);
        race.tell(&[1.0, 2.0, f64::NAN]).expect("option 2 is out");
        assert_eq!(race.replicates(), 6);
        assert!((race.mean(2) + 99.14).abs() < 1e-12);
    }
}
