//! Handbook: a book of legal cooperation is handed out.
//!
//! On each occasion every participant takes it up with chance `uptake`; the familiarity to which whoever did returns without use or training rises by `floor`
//! for each tool it treats (all, unless the scenario names some). Whoever takes a desk aimed at after it was handed out, and while it is in force,
//! finds it there and takes it up with the same chance.
//! Its catch: it is cheap, few take it up, and where there is nobody to ask it helps nobody.
//!
//! Source: printed materials change professional practice by 4.3 points on the median (Farmer et al. 2008, seen; from health care), hence a floor of 0.02 to
//! 0.06; uptake 0.05 to 0.3 (assumed); a Thai manual went to 100 officers and about 1,500 stations (seen). Ignored on purpose: that books go out of date.

use super::{Intervention, Occasion, Stage};
use crate::mechanism::tool;
use crate::quantity::Tool;
use crate::world::Desk;

crate::parameters! {
    /// Numbers of a handbook.
    entity HandbookNumbers in "intervention" {
        /// Chance that somebody who gets it takes it up.
        uptake: each[Probability, 0.0, 1.0] = 0.15, Assumed "0.05 to 0.3 (docs/evidence.md, 4)";
        /// By how much it raises the floor of familiarity.
        floor: each[Share, 0.0, 1.0] = 0.04, Derived "printed materials: 4.3 points on the median (Farmer et al. 2008; from health care)";
    }
}

/// Content of a handbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Handbook {
    /// The tools it treats.
    pub tools: Vec<Tool>,
    /// Its numbers.
    pub numbers: HandbookNumbers,
}

/// Occasions from which on newcomers' luck is addressed: by how many held the desk before.
const NEWCOMERS: u32 = 1 << 31;

impl Handbook {
    /// Is handed out.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        for (desk, mut draws) in of.participants(occasion.number, stage) {
            if draws.uniform() < self.numbers.uptake {
                self.take_up(stage, desk, occasion.strength);
            }
        }
    }

    /// Is found by somebody new.
    pub fn welcome(&self, of: &Intervention, strength: f64, desk: Desk, stage: &mut Stage<'_>) {
        let generation = stage.world.people.at(desk).generation;
        let mut draws = of.luck(stage.randomness, NEWCOMERS | generation, stage.region.address_of(desk));
        let reached = draws.uniform() < of.delivery.coverage && draws.uniform() < of.delivery.share;
        if reached && draws.uniform() < self.numbers.uptake && of.eligible(stage.region, desk) {
            self.take_up(stage, desk, strength);
        }
    }

    fn take_up(&self, stage: &mut Stage<'_>, desk: Desk, strength: f64) {
        let now = stage.world.now;
        let role = stage.region.role_of(desk);
        let person = stage.world.people.at_mut(desk);
        stage.model.refresh_skills(person, now);
        for tool in tool::of_role(role).filter(|tool| self.tools.contains(tool)) {
            let familiarity = &mut person.familiarity[tool as usize];
            familiarity.level += self.numbers.floor * strength;
            familiarity.value = familiarity.value.max(familiarity.floor());
        }
        stage.touched.push(desk);
    }
}
