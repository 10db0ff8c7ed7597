//! Shock: something befalls the region. Four events:
//!
//! * *gate*: the political gate of each pair reached is shut from the occasion for as long as the intervention lasts (if the mechanism `gate` is on);
//! * *betrayal* (a leak, a scandal): between the states of each pair reached, every unit's generalised trust in the other's practitioners falls by the share
//!   `loss`, and every tie gains `evidence` bad pieces of evidence;
//! * *purge*: each participant leaves at once, with all contacts, and a newcomer takes the desk;
//! * *surge*: while it is in force, `factor` times as many cases arise on the corridors between the states of each pair reached.
//!
//! Source: Indonesia stopped police cooperation with Australia in 2013 while officers stayed in place, and one leak stopped sharing after the Manchester bombing of 2017
//! (seen): two different shocks, the first soon over. Sizes by convention. Ignored on purpose: their causes.

use super::{Facts, Intervention, Occasion, Stage};
use crate::quantity::{UnitKind, closed_list};
use crate::random::Randomness;

crate::parameters! {
    /// Numbers of a shock.
    entity ShockNumbers in "intervention" {
        /// Share of generalised trust that a betrayal takes.
        loss: each[Share, 0.0, 1.0] = 0.5, Assumed "a standard, by convention";
        /// Pieces of bad evidence that a betrayal adds to every tie.
        evidence: each[Evidence, 0.0, 1000.0] = 5.0, Assumed "a standard, by convention";
        /// How many times as many cases a surge brings.
        factor: each[Factor, 0.0, 1000.0] = 2.0, Assumed "";
    }
}

closed_list! {
    /// What befalls the region.
    Event {
        /// The political gate shuts.
        Gate = "gate", "a shut gate";
        /// Trust is betrayed.
        Betrayal = "betrayal", "a betrayal";
        /// Practitioners are made to leave.
        Purge = "purge", "a purge";
        /// More cases arise.
        Surge = "surge", "a surge of cases";
    }
}

/// Content of a shock.
#[derive(Debug, Clone, PartialEq)]
pub struct Shock {
    /// What befalls the region.
    pub event: Event,
    /// Its numbers.
    pub numbers: ShockNumbers,
}

impl Shock {
    /// Strikes.
    pub fn act(&self, of: &Intervention, occasion: Occasion, stage: &mut Stage<'_>) {
        match self.event {
            Event::Gate => self.shut(of, occasion.ends, stage),
            Event::Betrayal => self.betray(of, occasion.strength, stage),
            Event::Purge => {
                let leaving = of.participants(occasion.number, stage).into_iter().map(|(desk, _)| desk);
                stage.leaving.extend(leaving);
            }
            Event::Surge => {}
        }
    }

    fn shut(&self, of: &Intervention, ends: f64, stage: &mut Stage<'_>) {
        if !stage.model.switches.gate {
            return;
        }
        let now = stage.world.now;
        for (a, b) in of.pairs_reached(stage.region, stage.randomness) {
            stage.world.closures[stage.region.pair_index(a, b)].push((now, ends));
        }
    }

    fn betray(&self, of: &Intervention, strength: f64, stage: &mut Stage<'_>) {
        let region = stage.region;
        let loss = (self.numbers.loss * strength).min(1.0);
        let bad = stage.model.trust.loss_weight * self.numbers.evidence * strength;
        for (a, b) in of.pairs_reached(region, stage.randomness) {
            for (own, other) in [(a, b), (b, a)] {
                for &kind in UnitKind::ALL {
                    let unit = region.unit_in(own, kind);
                    if stage.model.switches.trust {
                        stage.world.generalised_trust[unit * region.states.len() + other] *= 1.0 - loss;
                    }
                    let facts = &region.units[unit];
                    for desk in facts.first..facts.first + facts.desks {
                        for tie in &mut stage.world.people.at_mut(desk).ties {
                            if stage.model.switches.trust && region.state_of(tie.to) == other {
                                tie.bad += bad;
                            }
                        }
                    }
                }
            }
        }
    }

    /// More cases on the corridors between the states reached.
    pub fn hold(&self, of: &Intervention, strength: f64, randomness: Randomness, facts: &mut Facts<'_>) {
        if self.event != Event::Surge {
            return;
        }
        for (a, b) in of.pairs_reached(facts.region, randomness) {
            for corridor in &mut facts.region.corridors {
                if [(a, b), (b, a)].contains(&(corridor.origin, corridor.destination)) {
                    corridor.cases *= (1.0 + (self.numbers.factor - 1.0) * strength).max(0.0);
                }
            }
        }
    }
}
