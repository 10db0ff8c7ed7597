//! Workload: busy desks.
//!
//! Each case taken on, and each request accepted, adds one; the count halves every `half_life`. The workload that enters the
//! utility is w / (w + `half`), between 0 and 1. Ignored on purpose: that a full desk passes cases on.

use super::kept;
use crate::world::Person;

crate::parameters! {
    /// Numbers of workload.
    Workload in "workload" {
        /// Time in which half of the work on a case is done.
        half_life: one[Days, 1.0, 36525.0] = 30.0, Assumed "";
        /// Open work, in cases, at which a desk is half as busy as can be.
        half: one[Factor, 0.01, 10000.0] = 5.0, Assumed "";
    }
}

impl Workload {
    /// Cases a practitioner has left on the desk now.
    pub fn left(&self, person: &Person, now: f64) -> f64 {
        person.workload * kept(now - person.workload_at, self.half_life)
    }

    /// How busy a practitioner is, from 0 to 1.
    pub fn of(&self, person: &Person, now: f64) -> f64 {
        let cases = self.left(person, now);
        cases / (cases + self.half)
    }

    /// A practitioner takes on a case.
    pub fn take_on(&self, person: &mut Person, now: f64) {
        person.workload = self.left(person, now) + 1.0;
        person.workload_at = now;
    }
}
