//! The political gate between two states, and the requirement of a formal letter.
//!
//! While the gate of a pair is shut no request passes. The scenario can shut it from day to day; besides, it shuts at random
//! `closures` times a year for an exponential time of mean `closure_days`. An informal request is sent back for a
//! formal letter with chance `approval` (or the pair's own) x the tool's exposure to it.
//!
//! Source: Indonesia stopped police cooperation with Australia in November 2013 while officers stayed in place; police may not act
//! "without a formal letter" (ASEAN-ACT). Ignored on purpose: partial closures.

use crate::random::{Purpose, Randomness};
use crate::world::{Region, StateIndex, World};

crate::parameters! {
    /// Numbers of gates and approval.
    Gate in "gate" {
        /// How often the gate of a pair shuts.
        closures: one[PerYear, 0.0, 1000.0] = 0.02, Assumed "";
        /// Mean time for which it stays shut.
        closure_days: one[Days, 0.0, 36525.0] = 120.0, Assumed "";
        /// Chance that an informal request is sent back for a formal letter.
        approval: one[Probability, 0.0, 1.0] = 0.25, Assumed "0.2 to 0.7; existence seen (ASEAN-ACT)";
    }
}

impl Gate {
    /// Adds the closures that begin in a year (counted from the start of the window).
    pub fn close(&self, region: &Region, world: &mut World, randomness: Randomness, year: i32) {
        if self.closures <= 0.0 {
            return;
        }
        for (pair, closures) in region.pairs.iter().zip(&mut world.closures) {
            let mut draws = randomness.at(Purpose::Gate, pair.address, super::arrival::year_event(year));
            for _ in 0..draws.poisson(self.closures) {
                let from = (f64::from(year) + draws.uniform()) * crate::quantity::DAYS_PER_YEAR;
                closures.push((from, from + self.closure_days * draws.exponential()));
            }
            let now = world.now;
            closures.retain(|(_, until)| *until > now);
        }
    }

    /// The chance that a request of full exposure is sent back.
    pub fn approval(&self, region: &Region, a: StateIndex, b: StateIndex) -> f64 {
        region.pair(a, b).approval.unwrap_or(self.approval)
    }
}
