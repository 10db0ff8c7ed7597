//! Working group: heads, prosecutors and coordinators meet.
//!
//! On each occasion every participant gets to know `contacts` participants of the own role from states that the own is paired with, drawn evenly (of any role, if
//! there is none of the own); both gain a tie, or refresh it, with `acquaintance` evidence for each other. Each unit that takes part takes home `trust` evidence
//! for the practitioners of every state paired with its own that does. Its catch: contacts stay at the top, unless, with chance `delegation`, a
//! participant passes one on: then somebody at the front of both units (an investigator in a specialist unit; the first desks most likely) gets to know the
//! other.
//!
//! Source: that meetings make ties (CEPOL, seen: 80 of 82 participants enlarged their network; self-report); sizes assumed. Ignored on purpose: what is
//! agreed at the table.

use super::{Intervention, Occasion, Stage};
use crate::mechanism::trust::Evidence;
use crate::world::Desk;

crate::parameters! {
    /// Numbers of a working group.
    entity WorkingGroup in "intervention" {
        /// How many colleagues from other states each participant gets to know.
        contacts: each[Count, 0.0, 100.0] = 3.0, Assumed "";
        /// Evidence for each other that an acquaintance brings.
        acquaintance: each[Evidence, 0.0, 100.0] = 0.5, Assumed "as in ordinary meetings";
        /// Evidence that each unit takes home for the practitioners of every other state.
        trust: each[Evidence, 0.0, 100.0] = 1.0, Assumed "";
        /// Chance that a contact is passed on to the front line of both units.
        delegation: each[Probability, 0.0, 1.0] = 0.0, Assumed "";
    }
}

impl WorkingGroup {
    /// Meets.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        let region = stage.region;
        let participants = of.participants(occasion.number, stage);
        let desks: Vec<Desk> = participants.iter().map(|(desk, _)| *desk).collect();
        let mut units: Vec<usize> = desks.iter().map(|desk| region.unit_of(*desk)).collect();
        units.sort_unstable();
        units.dedup();
        for (desk, mut draws) in participants {
            let partners = of.targets.partners(region.state_of(desk));
            let abroad: Vec<Desk> =
                desks.iter().copied().filter(|other| partners.contains(&region.state_of(*other))).collect();
            if abroad.is_empty() {
                continue;
            }
            let role = region.role_of(desk);
            let alike: Vec<Desk> = abroad.iter().copied().filter(|other| region.role_of(*other) == role).collect();
            let others = if alike.is_empty() { abroad } else { alike };
            stage.touched.push(desk);
            for _ in 0..self.contacts as u32 {
                let other = others[draws.index(others.len())];
                stage.acquaint(desk, other, self.acquaintance * occasion.strength);
                if draws.uniform() < self.delegation {
                    let own = stage.somebody(region.unit_of(desk), &mut draws);
                    let theirs = stage.somebody(region.unit_of(other), &mut draws);
                    stage.acquaint(own, theirs, self.acquaintance * occasion.strength);
                }
            }
        }
        let evidence = Evidence { good: self.trust * occasion.strength, bad: 0.0 };
        for &unit in &units {
            for other in of.targets.partners(region.units[unit].state) {
                if units.iter().any(|unit| region.units[*unit].state == other) {
                    stage.impress(unit, other, evidence);
                }
            }
        }
    }
}
