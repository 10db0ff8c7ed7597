//! Harmonisation: laws, standards and priorities are made alike.
//!
//! While it is in force, the share `rate` a year of what the laws of each pair reached lack in harmony is made good, and the state that gives
//! trafficking the lower priority closes the share `priorities` a year of its distance to the other. Both stay when it ends. Its catch: it is slow and
//! dear, and pays for tools that are sensitive to law, which are the formal ones.
//!
//! Source: law spreads by neighbourhood and trade, victim protection excepted (Cho, Dreher and Neumayer 2011, seen); sizes assumed. Ignored on
//! purpose: that drafting needs experts who are then missing elsewhere.

use super::{Intervention, Stage};
use crate::quantity::DAYS_PER_YEAR;

crate::parameters! {
    /// Numbers of harmonisation.
    entity Harmonisation in "intervention" {
        /// Share of the missing harmony of laws that is made good.
        rate: each[PerYear, 0.0, 100.0] = 0.15, Assumed "";
        /// Share of the difference in priority that the state with the lower one closes.
        priorities: each[PerYear, 0.0, 100.0] = 0.1, Assumed "";
    }
}

impl Harmonisation {
    /// That many days of drafting.
    pub fn flow(&self, of: &Intervention, strength: f64, days: f64, stage: &mut Stage<'_>) {
        let (region, world) = (stage.region, &mut *stage.world);
        let years = days / DAYS_PER_YEAR;
        let share = |rate: f64| 1.0 - libm::exp(-rate * strength * years);
        for (a, b) in of.pairs_reached(region, stage.randomness) {
            // What a treaty makes good besides is a share of what laws lack, so a share of the lack of laws is one of the whole lack.
            let legal = stage.model.institutions.of_laws(region, world, a, b);
            world.harmonised[region.pair_index(a, b)] += share(self.rate) * (1.0 - legal);
            let given = |state: usize| world.states[state].priority.clamp(0.0, 1.0);
            let (low, high) = if given(a) < given(b) { (a, b) } else { (b, a) };
            let distance = given(high) - given(low);
            world.states[low].priority += share(self.priorities) * distance;
        }
    }
}
