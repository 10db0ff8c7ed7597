//! When are there enough replicates?
//!
//! A mean difference is settled when Student's interval is at most as wide as wanted, and stays so. The half-width of
//! few replicates is itself uncertain and dips below the wanted one by luck, which would end a study too early and with
//! an interval that covers too seldom. So no answer is given below a least number (10, or 20 to 30 where differences
//! are skewed), and from the first replicate s at which the half-width is small enough it must stay so during a further
//!
//! k(s) = floor(5 / 100 max(s, 100))
//!
//! replicates (the look-ahead of Hoad, Robinson and Davies 2010). The half-width is absolute: a relative one never
//! stops where the difference is near 0. Replicates may come in batches; the rule looks back over all of them one by
//! one, so that the size of batches changes when it is asked, not what it answers.

use super::distribution::student_quantile;
use super::{Moments, replicates_for_half_width};

/// When to stop adding replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoppingRule {
    /// Wanted half-width of the interval, in the units of the measure.
    pub half_width: f64,
    /// Level of confidence, between 0 and 1.
    pub level: f64,
    /// No answer below this many replicates; less than 10 counts as 10.
    pub least: usize,
}

/// Why a difference is settled, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There are fewer replicates than the least number.
    Few {
        /// The least number.
        least: usize,
    },
    /// The interval is wider than wanted.
    Wide,
    /// The interval is narrow enough, but not for long.
    LookingAhead {
        /// At how many replicates it became narrow enough.
        since: usize,
        /// At how many replicates it will have been so for long enough.
        until: usize,
    },
    /// The interval became narrow enough and stayed so: settled.
    Held {
        /// At how many replicates it became narrow enough.
        since: usize,
    },
}

/// The answer of the rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopping {
    /// Replicates that have a number.
    pub n: usize,
    /// Half-width now; missing below two replicates.
    pub half_width: f64,
    /// Why it is settled, or not.
    pub reason: Reason,
    /// How many replicates it takes in all, if differences go on varying as they do; `n` or less if settled. `None` if
    /// that cannot be said (too few, or no half-width above 0 is wanted).
    pub projected: Option<usize>,
}

impl Stopping {
    /// Whether the difference is settled.
    pub fn settled(&self) -> bool {
        matches!(self.reason, Reason::Held { .. })
    }
}

/// Asks the rule about differences in the order of replicates; missing ones are passed over.
pub fn stopping(differences: &[f64], rule: StoppingRule) -> Stopping {
    let least = rule.least.max(10);
    let mut moments = Moments::default();
    let mut since = None;
    for difference in differences.iter().filter(|difference| !difference.is_nan()) {
        moments.add(*difference);
        let n = moments.n as usize;
        if n >= least {
            since = if half_width(&moments, rule.level) <= rule.half_width { since.or(Some(n)) } else { None };
        }
    }
    let n = moments.n as usize;
    let needed = replicates_for_half_width(moments.sd(), rule.half_width, rule.level);
    let projected = match since {
        Some(since) => Some(since + look_ahead(since)),
        None => needed.map(|needed| needed.max(least)).map(|needed| needed + look_ahead(needed)),
    };
    let reason = match since {
        _ if n < least => Reason::Few { least },
        None => Reason::Wide,
        Some(since) if n < since + look_ahead(since) => {
            Reason::LookingAhead { since, until: since + look_ahead(since) }
        }
        Some(since) => Reason::Held { since },
    };
    Stopping { n, half_width: half_width(&moments, rule.level), reason, projected }
}

fn half_width(moments: &Moments, level: f64) -> f64 {
    if moments.n < 2 {
        return f64::NAN;
    }
    student_quantile(0.5 + level / 2.0, (moments.n - 1) as f64) * moments.standard_error()
}

/// For how many further replicates the interval must stay narrow enough.
fn look_ahead(since: usize) -> usize {
    5 * since.max(100) / 100
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Randomness};
    use crate::statistics::examples::close;

    const RULE: StoppingRule = StoppingRule { half_width: 0.5, level: 0.95, least: 10 };

    fn normals(n: usize, study: u64) -> Vec<f64> {
        let mut draws = Randomness { seed: 8, replicate: 0 }.at(Purpose::Bootstrap, 2, study);
        (0..n).map(|_| draws.normal()).collect()
    }

    #[test]
    fn below_the_least_number_nothing_is_settled() {
        let got = stopping(&[1.0; 9], RULE);
        assert_eq!((got.n, got.reason), (9, Reason::Few { least: 10 }));
        assert_eq!(stopping(&[1.0; 12], StoppingRule { least: 20, ..RULE }).reason, Reason::Few { least: 20 });
        assert!(!stopping(&[], RULE).settled());
        assert_eq!(stopping(&[], RULE).projected, None);
    }

    #[test]
    fn differences_that_do_not_vary_are_settled_after_the_look_ahead() {
        assert_eq!(stopping(&[0.0; 14], RULE).reason, Reason::LookingAhead { since: 10, until: 15 });
        let got = stopping(&[0.0; 15], RULE);
        assert_eq!((got.reason, got.projected, got.half_width), (Reason::Held { since: 10 }, Some(15), 0.0));
        assert!(got.settled());
    }

    #[test]
    fn a_stray_replicate_in_the_look_ahead_starts_it_anew() {
        let mut differences = vec![0.0; 12];
        differences.push(20.0);
        let got = stopping(&differences, RULE);
        assert_eq!(got.reason, Reason::Wide);
        // sd of one 20 among thirteen is 5.547; t sd / sqrt(n) <= 0.5 takes 476 replicates, and 5 % more.
        let needed = replicates_for_half_width(5.547_001_962_252_291, 0.5, 0.95).expect("above 0");
        assert_eq!(got.projected, Some(needed + 5 * needed / 100));
    }

    #[test]
    fn the_look_ahead_is_five_replicates_or_five_percent() {
        assert_eq!(
            [look_ahead(10), look_ahead(100), look_ahead(119), look_ahead(120), look_ahead(400)],
            [5, 5, 5, 6, 20]
        );
    }

    #[test]
    fn asked_after_every_replicate_it_stops_where_the_plain_rule_does() {
        // The rule as published: at the first n with a small enough half-width look k(n) replicates ahead; if one is
        // too wide, go on from there.
        let differences = normals(200, 3);
        let wide = |n: usize| {
            let moments: Moments = differences[..n].iter().copied().collect();
            moments.interval().half_width() > RULE.half_width
        };
        let mut n = 10;
        let stop = loop {
            match (n..=n + look_ahead(n)).rev().find(|n| wide(*n)) {
                Some(last) => n = last + 1,
                None => break n + look_ahead(n),
            }
        };
        let asked = (1..=200).find(|n| stopping(&differences[..*n], RULE).settled());
        assert_eq!(asked, Some(stop));
        assert_eq!(stopping(&differences[..stop], RULE).projected, Some(stop));
    }

    #[test]
    fn missing_replicates_are_passed_over() {
        let differences = normals(60, 4);
        let mut gaps = differences.clone();
        gaps.insert(5, f64::NAN);
        assert_eq!(stopping(&gaps, RULE), stopping(&differences, RULE));
    }

    #[test]
    fn stopping_early_does_not_spoil_the_coverage() {
        // 1000 studies of normal differences with sd 1 stopped at half-width 0.4 from 10 replicates on: coverage at
        // least 0.93 (standard error 0.7 %; a fixed number has 0.95).
        let rule = StoppingRule { half_width: 0.4, ..RULE };
        let covered = (0..1000)
            .filter(|study| {
                let differences = normals(150, 100 + study);
                let stop = (10..=150).find(|n| stopping(&differences[..*n], rule).settled()).expect("150 are plenty");
                let moments: Moments = differences[..stop].iter().copied().collect();
                moments.interval().low <= 0.0 && 0.0 <= moments.interval().high
            })
            .count() as f64
            / 1000.0;
        assert!(covered >= 0.925, "{covered}");
        close(covered, 0.95, 0.03);
    }
}
