//! Familiarity with tools: learnt by use, forgotten towards a floor.
//!
//! Each cooperation by a tool moves both sides' familiarity with it a share `learning` of the way to 1. Unused,
//! familiarity returns to the practitioner's floor with `half_life`. Floors differ between practitioners.
//!
//! Source: procedural skills lose half in 6.5 months (accuracy) to 13 (speed) (Tatel and Ackerman); learning of
//! 0.10 to 0.25 a use is assumed. Ignored on purpose: that spaced retrieval slows forgetting.

use super::kept;
use crate::quantity::Tool;
use crate::world::Person;

crate::parameters! {
    /// Numbers of familiarity.
    Familiarity in "familiarity" {
        /// Half-life of familiarity above the floor.
        half_life: one[Days, 1.0, 36525.0] = 197.84375, Seen "accuracy half-life of 6.5 months (Tatel and Ackerman, doi 10.1037/bul0000481)";
        /// Share of the way to full familiarity that one use brings.
        learning: one[Share, 0.0, 1.0] = 0.15, Assumed "0.10 to 0.25 a use";
        /// Spread of floors between practitioners (standard deviation).
        spread: one[Share, 0.0, 1.0] = 0.12, Assumed "";
    }
}

impl Familiarity {
    /// Familiarity with a tool now.
    pub fn with(&self, person: &Person, tool: Tool, now: f64) -> f64 {
        person.familiarity[tool as usize].faded(kept(now - person.skill_at, self.half_life))
    }

    /// Learns from one use of a tool; the person's skills are up to date.
    pub fn learn(&self, person: &mut Person, tool: Tool) {
        let familiarity = &mut person.familiarity[tool as usize];
        familiarity.value += self.learning * (1.0 - familiarity.value);
    }
}
