//! When to stop, and why it was stopped.

use super::Refusal;
use core::fmt;

/// A rule that ends a calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EndingRule {
    /// Particles are as near as wanted.
    MinimumEpsilon(f64),
    /// So few simulations are accepted that going on does not pay: a share between 0 and 1.
    MinimumAcceptance(f64),
    /// So many simulations were run; also within a generation, see [`super::accept`].
    MaximumSimulations(u64),
    /// Weights are so uneven that particles are worth fewer than this.
    EffectiveSampleSizeFloor(f64),
    /// So many generations were made.
    MaximumGenerations(u32),
}

/// How far a calibration has come, after a generation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Generations made.
    pub generations: u32,
    /// Epsilon of the last.
    pub epsilon: f64,
    /// Share of its simulations that were accepted.
    pub acceptance: f64,
    /// Simulations of all generations.
    pub simulations: u64,
    /// Effective sample size of the last.
    pub effective: f64,
}

/// Why a calibration stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ended {
    /// The rule.
    pub rule: EndingRule,
    /// How far it had come.
    pub progress: Progress,
}

impl EndingRule {
    /// Whether a rule can be kept.
    ///
    /// # Errors
    /// [`Refusal::Setting`] for a number out of its range.
    pub fn check(self) -> Result<(), Refusal> {
        let refuse = |name, value, allowed| Err(Refusal::Setting { name, value, allowed });
        match self {
            Self::MinimumEpsilon(least) if !(0.0..f64::INFINITY).contains(&least) => {
                refuse("the smallest epsilon", least, "0 or more")
            }
            Self::MinimumAcceptance(share) => Refusal::of_share("the smallest acceptance", share),
            Self::EffectiveSampleSizeFloor(least) => Refusal::of_positive("the smallest effective sample size", least),
            Self::MaximumSimulations(0) => refuse("the largest number of simulations", 0.0, "1 or more"),
            Self::MaximumGenerations(0) => refuse("the largest number of generations", 0.0, "1 or more"),
            _ => Ok(()),
        }
    }

    /// Whether it is time.
    pub fn met(self, progress: &Progress) -> bool {
        match self {
            Self::MinimumEpsilon(least) => progress.epsilon <= least,
            Self::MinimumAcceptance(share) => progress.acceptance < share,
            Self::MaximumSimulations(most) => progress.simulations >= most,
            Self::EffectiveSampleSizeFloor(least) => progress.effective < least,
            Self::MaximumGenerations(most) => progress.generations >= most,
        }
    }
}

/// The first rule, in their order, that says stop.
pub fn ended(rules: &[EndingRule], progress: Progress) -> Option<Ended> {
    rules.iter().find(|rule| rule.met(&progress)).map(|rule| Ended { rule: *rule, progress })
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { generations, epsilon, acceptance, simulations, effective } = self.progress;
        match self.rule {
            EndingRule::MinimumEpsilon(least) => write!(
                out,
                "stopped because particles are as near as wanted: epsilon {epsilon:.4} is not above {least}, after \
                 {generations} generations"
            ),
            EndingRule::MinimumAcceptance(share) => write!(
                out,
                "stopped because coming nearer no longer pays: {:.2} % of simulations were accepted, fewer than {:.2} %; \
                 epsilon is {epsilon:.4}",
                100.0 * acceptance,
                100.0 * share
            ),
            EndingRule::MaximumSimulations(most) => write!(
                out,
                "stopped because simulations are used up: {simulations} of {most}; epsilon is {epsilon:.4}, and more \
                 simulations could bring it down"
            ),
            EndingRule::EffectiveSampleSizeFloor(least) => write!(
                out,
                "stopped because weights became too uneven: the particles are worth {effective:.1}, fewer than {least}; take \
                 more particles"
            ),
            EndingRule::MaximumGenerations(most) => write!(
                out,
                "stopped after {generations} generations, of which {most} were allowed; epsilon is {epsilon:.4}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stops_when_it_should_and_says_why() {
        let progress = Progress { generations: 7, epsilon: 0.5, acceptance: 0.02, simulations: 4000, effective: 90.0 };
        for (rule, not_yet, words) in [
            (EndingRule::MinimumEpsilon(0.5), EndingRule::MinimumEpsilon(0.4), "as near as wanted"),
            (EndingRule::MinimumAcceptance(0.03), EndingRule::MinimumAcceptance(0.01), "2.00 % of simulations"),
            (EndingRule::MaximumSimulations(4000), EndingRule::MaximumSimulations(4001), "4000 of 4000"),
            (EndingRule::EffectiveSampleSizeFloor(100.0), EndingRule::EffectiveSampleSizeFloor(80.0), "worth 90.0"),
            (EndingRule::MaximumGenerations(7), EndingRule::MaximumGenerations(8), "after 7 generations"),
        ] {
            assert_eq!(ended(&[not_yet], progress), None);
            let got = ended(&[not_yet, rule], progress).expect("it is time");
            assert_eq!(got.rule, rule);
            assert!(got.to_string().contains(words), "{got}");
            assert_eq!(rule.check(), Ok(()));
        }
        assert!(EndingRule::MinimumAcceptance(1.5).check().is_err());
        assert!(EndingRule::MaximumSimulations(0).check().is_err());
    }
}
