//! What somebody has lately seen of others: by members of a unit, or by one practitioner of foreign contacts.

use super::{Desk, NOBODY};

/// Decayed counts of decisions seen, and who was last seen to cooperate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen<const SEEKERS: usize> {
    /// Decayed count of decisions for cooperation.
    pub cooperating: f64,
    /// Decayed count of all decisions.
    pub all: f64,
    /// When the two were last brought up to date, in days.
    pub at: f64,
    /// The last different people seen to cooperate, and when, in days; newest first, [`NOBODY`] where there are not so many.
    pub seekers: [(Desk, f64); SEEKERS],
}

impl<const SEEKERS: usize> Seen<SEEKERS> {
    /// Nothing seen until that day.
    pub fn nothing(at: f64) -> Self {
        Self { cooperating: 0.0, all: 0.0, at, seekers: [(NOBODY, f64::NEG_INFINITY); SEEKERS] }
    }
}

impl<const SEEKERS: usize> Default for Seen<SEEKERS> {
    fn default() -> Self {
        Self::nothing(0.0)
    }
}
