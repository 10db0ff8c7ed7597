//! Why a selection is refused.

use core::fmt;

/// Why nothing can be selected. Options and replicates count from 0 here, and from 1 in the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Fewer options than there must be.
    TooFewOptions {
        /// How many there are.
        given: usize,
    },
    /// Fewer replicates than there must be.
    TooFewReplicates {
        /// How many there are.
        given: usize,
        /// How many it takes.
        needed: usize,
    },
    /// A replicate that has not one number for each option.
    Uneven {
        /// The replicate.
        replicate: usize,
        /// Numbers given.
        given: usize,
        /// Options.
        options: usize,
    },
    /// A run that failed: its number is missing, or infinite.
    NoValue {
        /// The replicate.
        replicate: usize,
        /// The option.
        option: usize,
    },
    /// A replicate beyond the end of a race.
    Over {
        /// Replicates it has.
        replicates: usize,
    },
    /// An option whose mean or variance is missing, infinite or negative.
    NoEstimate {
        /// The option.
        option: usize,
    },
    /// No option varies, so replicates add nothing.
    NothingVaries,
    /// A setting outside its range.
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewOptions { given } => {
                write!(out, "there is nothing to select among {given} options; give at least two")
            }
            Self::TooFewReplicates { given, needed } => {
                write!(out, "{given} replicates are too few, it takes at least {needed}; run more")
            }
            Self::Uneven { replicate, given, options } => write!(
                out,
                "replicate {} has {given} numbers for {options} options; give one for each, in the same order",
                replicate + 1
            ),
            Self::NoValue { replicate, option } => write!(
                out,
                "option {} has no number in replicate {}; mend the failed run, or leave the replicate out for all options",
                option + 1,
                replicate + 1
            ),
            Self::Over { replicates } => {
                write!(out, "the selection ended after {replicates} replicates; start another one to add to it")
            }
            Self::NoEstimate { option } => write!(
                out,
                "option {} has no mean, or no variance of at least 0; it takes two replicates without a failed run",
                option + 1
            ),
            Self::NothingVaries => {
                write!(
                    out,
                    "the numbers of no option vary, so further replicates would tell nothing; compare the means"
                )
            }
            Self::Setting { name, value, allowed } => write!(out, "{name} is {value}; it is {allowed}"),
        }
    }
}

impl core::error::Error for Refusal {}
