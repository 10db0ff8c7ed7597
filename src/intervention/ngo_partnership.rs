//! NGO partnership: police and NGOs work together.
//!
//! On each occasion every NGO worker who takes part gains `trust` evidence for the authorities, and so does the NGO in general. While it is in force,
//! the share `protection` of what victims lack in protection is made good in each state reached, `feedback` takes that share of the disappointment out
//! of a referral that brings no help (whoever is told why, does not hear silence), and `raids` raises the chance that the police find a case by that share. Its
//! catch: raids without protection feed the NGOs' fear, by `raids` x what protection lacks, and lower referral.
//!
//! Source: NGOs that "did not receive assistance or case follow-ups ... stopped referring" (TIP report 2020 on Trinidad and Tobago, seen: the mechanism); raids that treat victims as
//! criminals (TIP reports on Malaysia, seen); sizes assumed. Ignored on purpose: that NGOs depend on funds.

use super::{Facts, Intervention, Occasion, Stage, both};
use crate::mechanism::kept;
use crate::mechanism::trust::Evidence;
use crate::random::Randomness;

crate::parameters! {
    /// Numbers of an NGO partnership.
    entity NgoPartnership in "intervention" {
        /// Evidence for the authorities that a worker gains on each occasion.
        trust: each[Evidence, 0.0, 100.0] = 1.0, Assumed "";
        /// Share of the missing protection of victims that is made good.
        protection: each[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// Share of the disappointment of a referral without help that feedback takes away.
        feedback: each[Share, 0.0, 1.0] = 0.7, Assumed "absence of feedback stops referral (TIP report 2020: mechanism only)";
        /// Share by which raids raise the chance that the police find a case.
        raids: each[Share, 0.0, 1.0] = 0.0, Assumed "";
    }
}

impl NgoPartnership {
    /// Police and NGO workers meet.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        let good = self.trust * occasion.strength;
        for (desk, _) in of.participants(occasion.number, stage) {
            let now = stage.world.now;
            if stage.model.switches.referral {
                let person = stage.world.people.at_mut(desk);
                let left = kept(now - person.authorities_at, stage.model.trust.half_life);
                person.authorities_for = person.authorities_for * left + good;
                person.authorities_against *= left;
                person.authorities_at = now;
            }
            let (unit, state) = (stage.region.unit_of(desk), stage.region.state_of(desk));
            stage.impress(unit, state, Evidence { good, bad: 0.0 });
            stage.touched.push(desk);
        }
    }

    /// Protection, feedback and raids in the states reached.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        for state in of.states_reached(facts.region, randomness) {
            let state = &mut facts.region.states[state];
            state.numbers.protection = both(state.numbers.protection, self.protection * strength);
            state.support.feedback = both(state.support.feedback, self.feedback * strength);
            state.support.raids += self.raids * strength;
        }
    }
}
