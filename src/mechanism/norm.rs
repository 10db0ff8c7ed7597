//! Norm: the share of peers seen to cooperate, and what is declared to be right.
//!
//! Descriptive part: n = (A + a + c n0) / (B + b + c), where A of B decisions were seen in the unit and a of b among foreign
//! contacts, all counts halving every `half_life`; n0 is the expectation of somebody who has seen nothing, worth c decisions.
//! Under *complex* contagion n counts as 0 until at least two different people were seen to cooperate within
//! `memory` and n reaches the practitioner's own threshold. Injunctive part: the region's declared commitment D lifts
//! n to n + (1 - n) `injunctive` D. A declaration of strength x sets D to 1 - (1 - D)(1 - x); D halves every
//! `declaration_half_life`, more slowly the more practice backs it (the rate is multiplied by 1 - the share of recognised cases
//! of the region in which cooperation is sought).
//!
//! Sources: thresholds about 25 %, 10 to 40 % (Centola et al. 2018); two sources (Centola and Macy 2007); life cycle Finnemore and
//! Sikkink 1998. Ignored on purpose: sanctions and metanorms.

use super::kept;
use crate::world::{Desk, Person, Seen, UnitState, World};

crate::parameters! {
    /// Numbers of the norm.
    Norm in "norm" {
        /// Half-life of what was seen of others.
        half_life: one[Days, 1.0, 36525.0] = 91.3125, Assumed "moving averages of 1 to 6 months (docs/evidence.md, 3.6)";
        /// Share expected by somebody who has seen nothing.
        prior: one[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// How many decisions that expectation is worth.
        prior_weight: one[Evidence, 0.01, 1000.0] = 4.0, Assumed "";
        /// Mean of the thresholds (complex contagion; between 0.05 and 0.6).
        threshold: one[Share, 0.05, 0.6] = 0.25, Seen "25 % tips (Centola et al. 2018)";
        /// Spread of the thresholds (standard deviation).
        threshold_spread: one[Share, 0.0, 1.0] = 0.12, Assumed "other studies 10 to 40 %";
        /// How long a person seen to cooperate counts as a source (complex contagion).
        memory: one[Days, 1.0, 36525.0] = 182.625, Assumed "";
        /// Weight of the region's declared commitment.
        injunctive: one[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// Half-life of a declaration that no practice backs.
        declaration_half_life: one[Days, 1.0, 36525.0] = 365.25, Assumed "";
    }
}

/// How a norm spreads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contagion {
    /// Every observation counts.
    Simple,
    /// Only a share above the own threshold, seen from two sources, counts.
    Complex,
}

impl Norm {
    /// The share seen among the members of a unit.
    pub fn seen_in_unit(&self, unit: &UnitState, now: f64) -> f64 {
        let (cooperating, all) = self.counts(&unit.seen, now);
        (cooperating + self.prior_weight * self.prior) / (all + self.prior_weight)
    }

    /// The norm as a practitioner perceives it.
    pub fn perceived(&self, contagion: Contagion, world: &World, unit: &UnitState, desk: Desk) -> f64 {
        let person = world.people.at(desk);
        let (in_unit, of_contacts) = (self.counts(&unit.seen, world.now), self.counts(&person.seen, world.now));
        let (cooperating, all) = (in_unit.0 + of_contacts.0, in_unit.1 + of_contacts.1);
        let share = (cooperating + self.prior_weight * self.prior) / (all + self.prior_weight);
        let felt = match contagion {
            Contagion::Simple => share,
            Contagion::Complex if share < person.threshold || self.sources(world.now, unit, person, desk) < 2 => 0.0,
            Contagion::Complex => share,
        };
        felt + (1.0 - felt) * self.injunctive * world.commitment
    }

    /// How many different people this practitioner has lately seen to cooperate.
    fn sources(&self, now: f64, unit: &UnitState, person: &Person, desk: Desk) -> usize {
        let recent = |&(who, when): &(Desk, f64)| who != desk && now - when <= self.memory;
        unit.seen.seekers.iter().chain(&person.seen.seekers).filter(|seen| recent(seen)).count()
    }

    /// What is left of the counts of what was seen: decisions for cooperation, and all.
    pub fn counts<const SEEKERS: usize>(&self, seen: &Seen<SEEKERS>, now: f64) -> (f64, f64) {
        let kept = kept(now - seen.at, self.half_life);
        (seen.cooperating * kept, seen.all * kept)
    }

    /// Brings the counts up to date.
    pub fn settle<const SEEKERS: usize>(&self, seen: &mut Seen<SEEKERS>, now: f64) {
        (seen.cooperating, seen.all) = self.counts(seen, now);
        seen.at = now;
    }

    /// Somebody is seen to decide: a member by a unit, a foreign contact by a practitioner.
    pub fn observe<const SEEKERS: usize>(&self, seen: &mut Seen<SEEKERS>, now: f64, who: Desk, cooperates: bool) {
        self.settle(seen, now);
        seen.cooperating += f64::from(u8::from(cooperates));
        seen.all += 1.0;
        if cooperates {
            see(&mut seen.seekers, who, now);
        }
    }

    /// Commitment after a declaration.
    pub fn declare(&self, commitment: f64, strength: f64) -> f64 {
        1.0 - (1.0 - commitment) * (1.0 - strength)
    }

    /// Commitment after a tick in which that share of recognised cases was met with a request.
    pub fn fade(&self, commitment: f64, days: f64, practice: f64) -> f64 {
        commitment * kept(days * (1.0 - practice), self.declaration_half_life)
    }
}

/// Puts somebody seen to cooperate first among the different people last seen.
fn see(seekers: &mut [(Desk, f64)], who: Desk, now: f64) {
    let place = seekers.iter().position(|(other, _)| *other == who).unwrap_or(seekers.len() - 1);
    seekers[..=place].rotate_right(1);
    seekers[0] = (who, now);
}
