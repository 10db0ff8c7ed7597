//! Observation: what officials record is a thinned count of what happens.
//!
//! Each communication, rescued victim and arrest is recorded with the chance `state.recording` of the state that asked; the
//! number recorded is binomial. 474 communications is such a number and is compared with recorded ones.
//!
//! Source: existence seen, size assumed (0.3 to 0.9). Ignored on purpose: double counting and invention.

use crate::random::binomial_quantile;

/// How many of `count` are recorded with chance `recording`, at the uniform number `u`.
pub fn recorded(count: u32, recording: f64, u: f64) -> u32 {
    binomial_quantile(count, recording, u)
}
