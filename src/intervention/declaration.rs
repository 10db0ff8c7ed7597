//! Declaration: states commit themselves, in words.
//!
//! Each occasion lifts the region's declared commitment, D <- 1 - (1 - D)(1 - strength x the share of the region's states that are reached), as a
//! declaration dated in the scenario does (if the mechanism `norm` is on), and lifts the priority of the states reached by the share `priority` of what is missing. Both fade with
//! `norm.declaration_half_life`, more slowly the more practice backs them. Its catch: without practice nothing is left.
//!
//! Source: the injunctive norm as in `norm`; sizes assumed. Ignored on purpose: that declarations differ in wording, and who signs them.

use super::{Intervention, Occasion, Stage, both};

crate::parameters! {
    /// Numbers of a declaration.
    entity DeclarationNumbers in "intervention" {
        /// How strongly it commits.
        strength: each[Share, 0.0, 1.0] = 0.4, Assumed "";
        /// Share of the missing priority by which states lift it.
        priority: each[Share, 0.0, 1.0] = 0.1, Assumed "";
    }
}

/// Content of a declaration.
pub type JointDeclaration = DeclarationNumbers;

impl DeclarationNumbers {
    /// Declares.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        let reached = of.states_reached(stage.region, stage.randomness);
        if reached.is_empty() {
            return;
        }
        let world = &mut *stage.world;
        if stage.model.switches.norm {
            // Where only some states stand behind it, it commits the region that much less.
            let share = reached.len() as f64 / stage.region.states.len() as f64;
            let strength = (self.strength * occasion.strength * share).min(1.0);
            world.commitment = stage.model.norm.declare(world.commitment, strength);
        }
        for state in reached {
            let given = world.states[state].priority.clamp(0.0, 1.0);
            let lifted = both(world.priority(state), self.priority * occasion.strength) - given;
            world.states[state].lifted = world.states[state].lifted.max(lifted);
        }
    }
}
