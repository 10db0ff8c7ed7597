//! Liaison officer: somebody posted with the neighbours, who brings practitioners together.
//!
//! While officers are posted between two states (each side's with the other), a handler of either has, with chance `reach`, an officer's help in a case: the
//! official point of contact of each tool is then no stranger, but deserves at least `trust` on the officer's word, from both sides; the context is a stable one;
//! and the share `delay` of the time is saved. Only with chance `keeps` do the two get to know each other by it. Its catch: a quick gain that
//! collapses when the officer is called home, because the contacts were the officer's.
//!
//! Source: the presence of attaches is "extremely important", most so with weak institutions (Brazilian Federal Police, seen); pooled officers had "little
//! intended effect" (Block 2010, seen); sizes assumed. Ignored on purpose: who the officer is.

use super::{Facts, Intervention, both};
use crate::random::Randomness;
use crate::world::Broker;

crate::parameters! {
    /// Numbers of liaison officers.
    entity LiaisonOfficer in "intervention" {
        /// Chance that an officer can be had for a case.
        reach: each[Probability, 0.0, 1.0] = 0.8, Assumed "";
        /// Trust that a counterpart deserves at least, on the officer's word.
        trust: each[Share, 0.0, 1.0] = 0.75, Assumed "";
        /// Share of the delay that is saved.
        delay: each[Share, 0.0, 1.0] = 0.5, Assumed "0.4 to 0.7 (docs/evidence.md, 4)";
        /// Chance that the two who were brought together get to know each other.
        keeps: each[Probability, 0.0, 1.0] = 0.2, Assumed "";
    }
}

impl LiaisonOfficer {
    /// Officers posted between the pairs reached.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        if strength <= 0.0 {
            return;
        }
        for (a, b) in of.pairs_reached(facts.region, randomness) {
            let place = facts.region.pair_index(a, b);
            for broker in &mut facts.region.pairs[place].support.brokers {
                *broker = Broker {
                    reach: both(broker.reach, self.reach * strength),
                    trust: broker.trust.max(self.trust),
                    delay: broker.delay.max(self.delay),
                    keeps: broker.keeps.max(self.keeps),
                };
            }
        }
    }
}
