//! Information sharing: a common channel, and a list of counterparts.
//!
//! While it is in force between two states, police channels (informal contact and the HSU process) cost less effort and less time, and with chance
//! `directory` a handler finds one more counterpart for each of them: for informal contact the first investigator of the other unit, for the HSU
//! process its first head. Nobody comes to trust anybody by it. Its catch: volume, not trust.
//!
//! Source: traffic of INTERPOL's I-24/7 doubled within a year of its introduction (seen); Europol's SIENA grew by 13 % a year (derived); sizes
//! assumed. Ignored on purpose: what is in the data bases, and who may read them.

use super::{Facts, Intervention, both};
use crate::random::Randomness;

crate::parameters! {
    /// Numbers of information sharing.
    entity InformationSharing in "intervention" {
        /// Share of the effort of police channels that is taken away.
        effort: each[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Share of the delay of police channels that is taken away.
        delay: each[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// Chance that a handler finds one more counterpart by each police channel.
        directory: each[Probability, 0.0, 1.0] = 0.5, Assumed "";
    }
}

impl InformationSharing {
    /// The channel between the pairs reached.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        for (a, b) in of.pairs_reached(facts.region, randomness) {
            let place = facts.region.pair_index(a, b);
            let support = &mut facts.region.pairs[place].support;
            support.effort = both(support.effort, self.effort * strength);
            support.delay = both(support.delay, self.delay * strength);
            support.directory = both(support.directory, self.directory * strength);
        }
    }
}
