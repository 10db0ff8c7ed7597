//! NGO referral: does the NGO that found a case tell the police?
//!
//! P = logistic(intercept + trust_weight (2 T - 1) - fear_weight x fear + norm_weight (2 n - 1)), where T is the worker's
//! trust in the authorities of the own state (beta evidence with the NGO's generalised trust as prior),
//! fear = 1 - protection + complicity_fear x complicity (at most 1), and n the share of referrals seen among
//! colleagues. A referral that brings the victims no help within
//! `patience` counts as `silence` failures; one that does, as a success.
//!
//! Source: "did not receive assistance or case follow-ups ... stopped referring" (TIP report 2020, Trinidad and Tobago:
//! mechanism only). Ignored on purpose: that NGOs differ in mandate and in funding.

use super::kept;
use super::norm::Norm;
use super::trust::Trust;
use crate::world::{Desk, Person, Region, World};

crate::parameters! {
    /// Numbers of NGO referral.
    Referral in "referral" {
        /// Intercept of referring.
        intercept: one[Utility, -20.0, 20.0] = 2.2, Assumed "set so that about 4 in 10 cases are referred; analogue 38 % of survivors sought police help (WAO Malaysia 2014-15)";
        /// Weight of trust in the authorities.
        trust_weight: one[Utility, 0.0, 20.0] = 1.5, Assumed "";
        /// Weight of fear for the victims.
        fear_weight: one[Utility, 0.0, 20.0] = 1.5, Assumed "";
        /// Weight of what other NGO workers do.
        norm_weight: one[Utility, 0.0, 20.0] = 0.5, Assumed "";
        /// How much official complicity adds to fear.
        complicity_fear: one[Factor, 0.0, 10.0] = 1.0, Assumed "";
        /// How long an NGO waits for help before a referral counts as without follow-up.
        patience: one[Days, 1.0, 3652.5] = 90.0, Assumed "";
        /// Failures that a referral without help or follow-up counts as.
        silence: one[Evidence, 0.0, 10.0] = 0.75, Assumed "0.5 to 1 (docs/evidence.md, 3.9); mechanism seen in TIP report 2020";
    }
}

/// The logit of referral, and what removing a barrier would give back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReferralLogit {
    /// The logit as things are.
    pub logit: f64,
    /// What it would gain without fear for the victims.
    pub fear: f64,
    /// What it would gain with full trust in the authorities.
    pub distrust: f64,
}

impl Referral {
    /// Fear for the victims in a state, from 0 to 1; raids add to it where victims are not protected.
    pub fn fear(&self, protection: f64, complicity: f64, raids: f64) -> f64 {
        let unprotected = 1.0 - protection;
        (unprotected + self.complicity_fear * complicity + raids * unprotected).clamp(0.0, 1.0)
    }

    /// The NGO worker's trust in the authorities of the own state.
    pub fn trust(&self, trust: &Trust, region: &Region, world: &World, worker: Desk) -> f64 {
        let person = world.people.at(worker);
        let unit = region.unit_of(worker);
        let prior = world.generalised_trust(region, unit, region.state_of(worker));
        let kept = kept(world.now - person.authorities_at, trust.half_life);
        trust.expectation(person.authorities_for * kept, person.authorities_against * kept, prior)
    }

    /// The logit of referral.
    pub fn logit(&self, trust: f64, norm: f64, fear: f64) -> ReferralLogit {
        let (fear, distrust) = (self.fear_weight * fear, self.trust_weight * 2.0 * (1.0 - trust));
        let logit = self.intercept + self.trust_weight + self.norm_weight * (2.0 * norm - 1.0) - fear - distrust;
        ReferralLogit { logit, fear, distrust }
    }

    /// What a worker sees colleagues do: the share that refers.
    pub fn norm(&self, norm: &Norm, region: &Region, world: &World, worker: Desk) -> f64 {
        norm.seen_in_unit(&world.units[region.unit_of(worker)], world.now)
    }

    /// A worker learns from what became of a referral.
    ///
    /// `feedback` is the share of the disappointment that being told takes away.
    pub fn learn(&self, trust: &Trust, person: &mut Person, now: f64, (helped, feedback): (bool, f64)) {
        let kept = kept(now - person.authorities_at, trust.half_life);
        person.authorities_for *= kept;
        person.authorities_against *= kept;
        person.authorities_at = now;
        if helped {
            person.authorities_for += 1.0;
        } else {
            person.authorities_against += trust.loss_weight * self.silence * (1.0 - feedback);
        }
    }
}
