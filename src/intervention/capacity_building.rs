//! Capacity building: training, and more staff.
//!
//! On each occasion every participant learns the share `awareness` of what is missing of the awareness of trafficking, and the share `familiarity` of
//! what is missing of the tools of the role. Both fade as everything learnt does. While it is in force, each unit aimed at has `staff` more desks
//! (investigators, prosecutors, NGO workers or coordinators: those of the roles aimed at); newcomers take them, and leave them when it ends. Its catch: training fades, and
//! without cases to use it on nothing lasts; more desks share the same cases, so that each of them learns less.
//!
//! Source: training meetings change professional practice by 6 to 7 points on the median (Forsetlund et al., memory), half of a skill is lost in 6.5 to 13
//! months (Tatel and Ackerman, seen); share learnt 0.1 to 0.5 (assumed). Ignored on purpose: that trainees are sent who would have learnt anyway.

use super::{Facts, Intervention, Occasion, Stage};
use crate::quantity::{Role, UnitKind};
use crate::random::Randomness;
use crate::world::UnitIndex;

crate::parameters! {
    /// Numbers of capacity building.
    entity CapacityBuilding in "intervention" {
        /// Share of the missing awareness that a participant learns.
        awareness: each[Share, 0.0, 1.0] = 0.3, Assumed "0.1 to 0.5 (docs/evidence.md, 4)";
        /// Share of the missing familiarity with tools that a participant learns.
        familiarity: each[Share, 0.0, 1.0] = 0.3, Assumed "0.1 to 0.5 (docs/evidence.md, 4)";
        /// How many more desks each unit has for a role aimed at (heads excepted).
        staff: each[Count, 0.0, 100_000.0] = 0.0, Assumed "";
    }
}

impl CapacityBuilding {
    /// Teaches.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        for (desk, _) in of.participants(occasion.number, stage) {
            stage.teach(desk, (self.awareness * occasion.strength, self.familiarity * occasion.strength));
        }
    }

    /// Staffs the desks in reserve.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        let reached = of.states_reached(facts.region, randomness);
        let more = (self.staff * strength).round() as u32;
        for unit in staffed_units(of) {
            let unit = &mut facts.region.units[unit];
            if reached.contains(&unit.state) {
                let room = unit.reserve;
                unit.desks += more.min(room);
                unit.reserve -= more.min(room);
            }
        }
    }

    /// The desks it may want to staff.
    pub fn reserve(&self, of: &Intervention) -> impl Iterator<Item = (UnitIndex, u32)> {
        let most = (self.staff * of.delivery.intensity).round() as u32;
        staffed_units(of).map(move |unit| (unit, most)).filter(|(_, most)| *most > 0)
    }
}

/// The units that get more desks: those aimed at whose desks are of a role aimed at (heads come in no greater number).
fn staffed_units(of: &Intervention) -> impl Iterator<Item = UnitIndex> {
    let new_desks = |unit: &UnitIndex| match UnitKind::ALL[unit % UnitKind::COUNT] {
        UnitKind::Police => Role::Investigator,
        UnitKind::Prosecution => Role::Prosecutor,
        UnitKind::Ngo => Role::Ngo,
        UnitKind::Secretariat => Role::Coordinator,
    };
    of.targets.units.iter().copied().filter(move |unit| of.targets.roles.contains(&new_desks(unit)))
}
