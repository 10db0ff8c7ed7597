//! Exchange: officers spend time with their counterparts abroad.
//!
//! On each occasion every participant visits one of the states that the own is paired with, drawn evenly, for `days`. There the visitor gets to know `ties`
//! members of the front line of the unit of the same kind who are there (those on whose desks most cases fall most likely), both with `acquaintance` evidence for each other; learns
//! the share `familiarity` of what is missing of the tools of the role; and unlearns the share `unlearning` of the habit of handling alone. Both units
//! take home `trust` evidence for the other state's practitioners. Its catch: visitors are away from their desks meanwhile, and colleagues get their cases;
//! ties die unless they are used, and most go with those who leave.
//!
//! Source: CEPOL exchanges of 12 to 14 days, 80 of 82 participants enlarged their network (seen; self-report, no behaviour measured); sizes assumed. Ignored on
//! purpose: language courses, and that those who are sent are those who can be spared.

use super::{Intervention, Occasion, Stage};
use crate::mechanism::trust::Evidence;

crate::parameters! {
    /// Numbers of an exchange.
    entity Exchange in "intervention" {
        /// How long a visit lasts.
        days: each[Days, 0.0, 3652.5] = 14.0, Seen "CEPOL exchanges last 12 to 14 days";
        /// How many colleagues abroad a visitor gets to know.
        ties: each[Count, 0.0, 100.0] = 2.0, Assumed "1 to 3 (docs/evidence.md, 4)";
        /// Evidence for each other that an acquaintance brings.
        acquaintance: each[Evidence, 0.0, 100.0] = 1.0, Assumed "twice that of an ordinary meeting: people work side by side";
        /// Evidence that both units take home for the other state's practitioners.
        trust: each[Evidence, 0.0, 100.0] = 1.5, Assumed "so that generalised trust moves by 0.02 to 0.05 (docs/evidence.md, 4)";
        /// Share of the missing familiarity with tools that a visitor learns.
        familiarity: each[Share, 0.0, 1.0] = 0.2, Assumed "";
        /// Share of the habit of handling alone that a visitor unlearns.
        unlearning: each[Share, 0.0, 1.0] = 0.3, Assumed "";
    }
}

impl Exchange {
    /// Sends officers abroad.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        let region = stage.region;
        let strength = occasion.strength;
        for (desk, mut draws) in of.participants(occasion.number, stage) {
            let home = region.state_of(desk);
            let partners = of.targets.partners(home);
            let host = partners[draws.index(partners.len())];
            let (own, theirs) = (region.unit_of(desk), region.unit_in(host, region.units[region.unit_of(desk)].kind));
            let away_until = stage.world.now + self.days;
            stage.world.people.at_mut(desk).away_until = away_until;
            stage.world.away_until = stage.world.away_until.max(away_until);
            for _ in 0..self.ties as u32 {
                let colleague = stage.somebody(theirs, &mut draws);
                stage.acquaint(desk, colleague, self.acquaintance * strength);
            }
            stage.teach(desk, (0.0, self.familiarity * strength));
            self.unlearn(stage, desk, strength);
            let evidence = Evidence { good: self.trust * strength, bad: 0.0 };
            stage.impress(own, host, evidence);
            stage.impress(theirs, home, evidence);
        }
    }

    fn unlearn(&self, stage: &mut Stage<'_>, desk: u32, strength: f64) {
        let now = stage.world.now;
        let person = stage.world.people.at_mut(desk);
        let (cooperating, alone) = stage.model.habit.of_person(stage.model.disuse, person, now);
        person.cooperating = cooperating;
        person.alone = alone * (1.0 - (self.unlearning * strength).min(1.0));
        person.habit_at = now;
    }
}
