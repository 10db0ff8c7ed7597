//! Specialised units: cases are brought together on few desks.
//!
//! While it is in force, the concentration of cases in the units of each state reached is `concentration`, where that is more than it was. Experience, ties and
//! habits then grow on the desks that get the cases. Its catch: when one of those few leaves, a newcomer gets them.
//!
//! Source: 283 cases for 1,640 specialist officers in Thailand 2019 (seen): without concentration nobody sees a case. Sizes assumed. Ignored on
//! purpose: what founding a unit takes.

use super::{Facts, Intervention};
use crate::random::Randomness;

crate::parameters! {
    /// Numbers of specialised units.
    entity SpecialisedUnits in "intervention" {
        /// How cases fall on few desks of a unit, as in `state.KEY.concentration`: 8 puts six in ten on the first of 60 desks.
        concentration: each[Factor, 1.0, 100.0] = 8.0, Assumed "";
    }
}

impl SpecialisedUnits {
    /// The concentration of the states reached.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        for state in of.states_reached(facts.region, randomness) {
            let concentration = &mut facts.region.states[state].numbers.concentration;
            *concentration += (self.concentration - *concentration).max(0.0) * strength.min(1.0);
        }
    }
}
