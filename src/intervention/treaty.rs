//! Treaty: a new agreement, ratified state by state.
//!
//! Each state reached ratifies after its own log-normal time (median `ratification`, spread `ratification_spread`) from when the intervention begins,
//! by its institutional clock. Between two states that both have ratified, the tools named are open, whatever other treaties say, and the share
//! `harmonisation` of what their laws lack in harmony is made good. Nothing happens before both have. A tool that no treaty names is open to
//! all already, and stays so. Its catch: what is open must still be used, by people who know the tool and each other.
//!
//! Source: the ASEAN treaty on mutual legal assistance was signed in November 2004 and deposited between 2005 and 2013, about the middle
//! of 2007 on the median (dates from memory): hence three years. Ignored on purpose: reservations, and implementing laws.

use super::{Facts, Intervention, both};
use crate::quantity::Tool;
use crate::random::Randomness;
use crate::world::Accord;

crate::parameters! {
    /// Numbers of a treaty.
    entity TreatyNumbers in "intervention" {
        /// Median time until a state ratifies.
        ratification: each[Days, 0.0, 36525.0] = 1095.75, Derived "deposits of the ASEAN treaty on mutual legal assistance, signed 2004: 2005 to 2013 (dates from memory)";
        /// Spread of that time (standard deviation of the logarithm).
        ratification_spread: each[Factor, 0.0, 5.0] = 0.7, Assumed "";
        /// Share of the missing harmonisation made good between states that both ratified.
        harmonisation: each[Share, 0.0, 1.0] = 0.15, Assumed "";
    }
}

/// Content of a treaty.
#[derive(Debug, Clone, PartialEq)]
pub struct Treaty {
    /// The tools it opens.
    pub tools: Vec<Tool>,
    /// Its numbers.
    pub numbers: TreatyNumbers,
}

impl Treaty {
    /// Ratifications, with the days on which they take effect, by each state's institutional clock.
    pub fn hold(
        &self,
        of: &Intervention,
        (strength, clocks): (f64, &[f64]),
        randomness: Randomness,
        facts: &mut Facts<'_>,
    ) {
        let region = &mut *facts.region;
        let mut deposits = vec![None; region.states.len()];
        for state in of.states_reached(region, randomness) {
            let mut draws = of.luck(randomness, 0, u64::from(region.states[state].address));
            let wait = libm::exp(self.numbers.ratification_spread * draws.normal());
            deposits[state] = Some(clocks[state] + self.numbers.ratification * wait);
        }
        for tool in &self.tools {
            let treaties = &mut region.treaties[*tool as usize];
            if !treaties.is_empty() {
                treaties.push(deposits.clone());
            }
        }
        region.accords.push(Accord { deposits, gain: both(0.0, self.numbers.harmonisation * strength) });
    }
}
