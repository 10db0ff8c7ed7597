//! Trust: a beta reputation with the unit's generalised trust as prior.
//!
//! T = (s + c G) / (s + q + c), s and q the evidence for and against the other, which fades with `half_life`; G the unit's
//! generalised trust in that state's practitioners, the prior for strangers, weighted c. Bad evidence weighs `loss_weight`
//! times good. Each piece of evidence w that a member lives through also moves the unit's G the share
//! 1 - (1 - generalisation)^w of the way to 1 (good) or to 0 (bad). Of itself it goes back to where it started at the rate `generalised_return`
//! (0: not at all).
//!
//! Sources: Josang and Ismail 2002; asymmetry Slovic 1993, contested (loss_weight 1 is allowed); generalisation Pettigrew and
//! Tropp 2006, weaker in Paluck et al. 2018. Ignored on purpose: hearsay, and that trust in competence
//! and in integrity differ.

use super::kept;
use crate::world::{Region, Tie, UnitIndex, World};

crate::parameters! {
    /// Numbers of trust.
    Trust in "trust" {
        /// Half-life of evidence.
        half_life: one[Days, 1.0, 365250.0] = 547.875, Assumed "6 to 36 months (docs/evidence.md, 3.4)";
        /// How many pieces of evidence the prior is worth.
        prior_weight: one[Evidence, 0.01, 1000.0] = 4.0, Assumed "2 to 6 (docs/evidence.md, 3.4)";
        /// How many times bad evidence weighs good.
        loss_weight: one[Factor, 0.0, 100.0] = 2.0, Memory "1 to 4; asymmetry Slovic 1993, contested";
        /// Generalised trust at the start.
        generalised: one[Share, 0.0, 1.0] = 0.4, Assumed "";
        /// Share of the way that one piece of evidence moves the unit's generalised trust.
        generalisation: one[Share, 0.0, 1.0] = 0.02, Assumed "0.02 to 0.3 a period (docs/evidence.md, 3.4)";
        /// How fast a unit's generalised trust goes back to where it started, of itself.
        generalised_return: one[PerYear, 0.0, 100.0] = 0.0, Assumed "0: only experience moves it; how long interventions last rests on this (docs/findings.md)";
        /// Evidence for the other in a cooperation that bears fruit.
        success: one[Evidence, 0.0, 100.0] = 1.0, Assumed "";
        /// Evidence for the other in a cooperation that bears none.
        fruitless: one[Evidence, 0.0, 100.0] = 0.4, Assumed "";
        /// Evidence against the other in a refusal.
        refusal: one[Evidence, 0.0, 100.0] = 0.4, Assumed "";
        /// Evidence against the other in silence past the deadline.
        silence: one[Evidence, 0.0, 100.0] = 0.3, Assumed "0 to 1 (docs/evidence.md, 3.4)";
        /// Evidence against the other in a leak.
        betrayal: one[Evidence, 0.0, 1000.0] = 3.0, Assumed "one leak stopped sharing (Manchester 2017)";
    }
}

/// What speaks for and against somebody after an experience; the loss weight is not yet applied.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// For.
    pub good: f64,
    /// Against.
    pub bad: f64,
}

impl Trust {
    /// Expected reliability from evidence and prior.
    pub fn expectation(&self, good: f64, bad: f64, prior: f64) -> f64 {
        (good + self.prior_weight * prior) / (good + bad + self.prior_weight)
    }

    /// Trust in the other end of a tie, or in a stranger.
    pub fn in_contact(&self, tie: Option<&Tie>, prior: f64, now: f64) -> f64 {
        match tie {
            None => prior,
            Some(tie) => {
                let kept = kept(now - tie.evidence_at, self.half_life);
                self.expectation(tie.good * kept, tie.bad * kept, prior)
            }
        }
    }

    /// Adds an experience to a tie.
    pub fn learn(&self, tie: &mut Tie, now: f64, evidence: Evidence) {
        let kept = kept(now - tie.evidence_at, self.half_life);
        tie.good = tie.good * kept + evidence.good;
        tie.bad = tie.bad * kept + self.loss_weight * evidence.bad;
        tie.evidence_at = now;
    }

    /// The end of a tick: generalised trust goes back towards its start, by the share 1 - exp(-`generalised_return` x years).
    pub fn return_to_start(&self, world: &mut World, days: f64) {
        if self.generalised_return > 0.0 {
            let share = 1.0 - libm::exp(-self.generalised_return * days / crate::quantity::DAYS_PER_YEAR);
            for trust in &mut world.generalised_trust {
                *trust += share * (self.generalised - *trust);
            }
        }
    }

    /// Adds a member's experience with a state's practitioners to the unit's generalised trust.
    pub fn generalise(&self, region: &Region, world: &mut World, unit: UnitIndex, state: usize, evidence: Evidence) {
        let trust = &mut world.generalised_trust[unit * region.states.len() + state];
        let left = |weight: f64| libm::pow(1.0 - self.generalisation, weight);
        if evidence.good > 0.0 {
            *trust = 1.0 - (1.0 - *trust) * left(evidence.good);
        }
        if evidence.bad > 0.0 {
            *trust *= left(self.loss_weight * evidence.bad);
        }
    }
}
