//! Why a calculation is refused.

use core::fmt;

/// Why numbers cannot be used for calibration. Parameters and particles count from 0 here, and from 1 in the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// A setting outside its range.
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// Two things that should be of one length are not.
    Lengths {
        /// What was given.
        what: &'static str,
        /// How many.
        given: usize,
        /// How many there should be.
        needed: usize,
    },
    /// Too little to go on.
    TooFew {
        /// Of what.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many it takes.
        needed: usize,
    },
    /// Weights that are below 0, not finite, or all 0.
    Weights,
    /// A number that is missing or infinite.
    NotFinite {
        /// Where.
        what: &'static str,
        /// The place, from 0.
        place: usize,
    },
    /// Numbers whose covariance cannot be inverted.
    Singular {
        /// Of what.
        what: &'static str,
    },
    /// A proposal whose outcome is not there although later ones are: the first so many by number cannot be told.
    Hole {
        /// Its number.
        index: u64,
    },
    /// A distance for a proposal that lies outside the prior.
    Outside {
        /// Its number.
        index: u64,
    },
    /// Twice an outcome for one proposal.
    Twice {
        /// Its number.
        index: u64,
    },
}

impl Refusal {
    /// A setting that must lie strictly between 0 and 1.
    pub(super) fn of_share(name: &'static str, value: f64) -> Result<(), Self> {
        if 0.0 < value && value < 1.0 {
            return Ok(());
        }
        Err(Self::Setting { name, value, allowed: "between 0 and 1" })
    }

    /// A setting that must be above 0 and finite.
    pub(super) fn of_positive(name: &'static str, value: f64) -> Result<(), Self> {
        if 0.0 < value && value < f64::INFINITY {
            return Ok(());
        }
        Err(Self::Setting { name, value, allowed: "a number above 0" })
    }

    /// A count that must be another.
    pub(super) fn of_length(what: &'static str, given: usize, needed: usize) -> Result<(), Self> {
        if given == needed { Ok(()) } else { Err(Self::Lengths { what, given, needed }) }
    }

    /// A count that must not be less than another.
    pub(super) fn of_count(what: &'static str, given: usize, needed: usize) -> Result<(), Self> {
        if given >= needed { Ok(()) } else { Err(Self::TooFew { what, given, needed }) }
    }

    /// Numbers that must all be finite.
    pub(super) fn of_finite(what: &'static str, values: &[f64]) -> Result<(), Self> {
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(place) => Err(Self::NotFinite { what, place }),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, value, allowed } => write!(out, "{name} is {value}; it is {allowed}"),
            Self::Lengths { what, given, needed } => {
                write!(out, "{given} {what} where there should be {needed}; give one for each, in the same order")
            }
            Self::TooFew { what, given, needed } => {
                write!(out, "{given} {what} are too few, it takes at least {needed}; run more simulations")
            }
            Self::Weights => write!(out, "weights are not below 0, finite, and not all 0"),
            Self::NotFinite { what, place } => write!(
                out,
                "number {} of {what} is missing or infinite; leave out failed runs before, and say how many they were",
                place + 1
            ),
            Self::Singular { what } => write!(
                out,
                "the covariance of {what} cannot be inverted: one of them is constant or follows from the others; leave \
                 it out, or take more simulations"
            ),
            Self::Hole { index } => write!(
                out,
                "proposal {} has no outcome although later ones have: which are the first accepted depends on it; finish \
                 it first",
                index + 1
            ),
            Self::Outside { index } => write!(
                out,
                "proposal {} lies outside the prior and cannot have a distance; these are outcomes of another calibration",
                index + 1
            ),
            Self::Twice { index } => {
                write!(out, "proposal {} has two outcomes; give each once", index + 1)
            }
        }
    }
}

impl core::error::Error for Refusal {}
