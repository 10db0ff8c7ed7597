//! Retention: practitioners stay longer, and hand over their contacts.
//!
//! While it is in force, the turnover of the roles aimed at is lower by the share `turnover` in each state reached, and the share `handover` of the contacts
//! that would be lost when somebody leaves is handed over.
//!
//! Source: "Drawbacks of Governmental Rotations" (Wongsa 2013, seen: a heading); handover 0.1 to 0.4 without it (assumed); sizes assumed. Ignored on purpose: that
//! those who stay long may also be those who are bought.

use super::{Facts, Intervention, both};
use crate::random::Randomness;

crate::parameters! {
    /// Numbers of retention.
    entity Retention in "intervention" {
        /// Share by which turnover is lower.
        turnover: each[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Share of the contacts otherwise lost that is handed over.
        handover: each[Share, 0.0, 1.0] = 0.4, Assumed "";
    }
}

impl Retention {
    /// Turnover and handover of the states reached.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        for state in of.states_reached(facts.region, randomness) {
            let support = &mut facts.region.states[state].support;
            for role in &of.targets.roles {
                support.turnover[*role as usize] *= 1.0 - (self.turnover * strength).min(1.0);
            }
            support.handover = both(support.handover, self.handover * strength);
        }
    }
}
