//! Rules of change, one file each, and the list of them in tick order.

use crate::parameter::{Choice, Declaration};
use crate::world::{CorridorNumbers, PairNumbers, StateNumbers};

crate::parameters! {
    /// Placeholder until the mechanisms land.
    Habit in "habit" {
        /// Half-life of an unused habit.
        half_life: one[Days, 1.0, 1e5] = 395.7, Derived "bracketed by skill half-lives of 6.5 to 13 months (Tatel & Ackerman)";
    }
}

/// Every declared number, in the order of the documentation.
pub fn declarations() -> Vec<Declaration> {
    [StateNumbers::DECLARATIONS, CorridorNumbers::DECLARATIONS, PairNumbers::DECLARATIONS, Habit::DECLARATIONS].concat()
}

/// Every declared choice: variants, and the switch of each mechanism.
pub fn choices() -> Vec<Choice> {
    vec![
        Choice { key: "habit.variant", options: &["arbitration", "utility"], sentence: "How habit acts." },
        Choice { key: "mechanisms.habit", options: &["on", "off"], sentence: "The habit mechanism." },
    ]
}
