//! Recognition: does the officer see that it is trafficking?
//!
//! P = awareness of the officer x visibility of the case. Recognising a case teaches (awareness moves a share
//! `learning` of its way to 1); what is learnt fades towards the officer's own level with `half_life`.
//! The counterpart of a cooperation learns in the same way.
//!
//! Source: half lost in 6.5 to 13 months, as skills are (Tatel and Ackerman; docs/evidence.md, 3.3). Ignored on purpose: false
//! alarms, and evidence standards that differ between the officer who identifies and the court.

use super::kept;
use crate::world::{Fading, Person};

crate::parameters! {
    /// Numbers of recognition.
    Recognition in "recognition" {
        /// Half-life of awareness above an officer's own level.
        half_life: one[Days, 1.0, 36525.0] = 300.0, Derived "skill half-lives of 6.5 to 13 months (Tatel and Ackerman, 1 344 effects)";
        /// Share of the way to full awareness that one recognised case brings.
        learning: one[Share, 0.0, 1.0] = 0.1, Assumed "";
        /// Spread of awareness between officers of a state (standard deviation).
        spread: one[Share, 0.0, 1.0] = 0.15, Assumed "";
    }
}

impl Recognition {
    /// Awareness now.
    pub fn awareness(&self, person: &Person, now: f64) -> f64 {
        person.awareness.faded(kept(now - person.skill_at, self.half_life))
    }

    /// Learns from a case.
    pub fn learn(&self, awareness: &mut Fading) {
        awareness.value += self.learning * (1.0 - awareness.value);
    }
}
