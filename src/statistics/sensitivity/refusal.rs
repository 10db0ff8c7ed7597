//! Why an analysis is refused.

use core::fmt;

/// Why outcomes cannot be analysed. Factors, groups and rows count from 0 here, and from 1 in the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Outcomes that are not those of the design.
    OtherDesign {
        /// Outcomes given.
        given: usize,
        /// Outcomes of each unit of the design.
        unit: usize,
        /// What such a unit is.
        what: &'static str,
        /// How many outcomes there should be, where that is known.
        needed: Option<usize>,
    },
    /// Too little to go on.
    TooFew {
        /// Of what.
        what: &'static str,
        /// Without missing outcomes.
        complete: usize,
        /// Left out because an outcome is missing.
        dropped: usize,
        /// How many it takes.
        needed: usize,
    },
    /// An outcome that is the same at all points.
    Constant,
    /// Nothing is left when the part of chance is taken away.
    OnlyChance {
        /// The estimated variance without chance, over the variance with it: not above 0.
        left: f64,
    },
    /// A group that is not there.
    NoSuchGroup {
        /// The group.
        group: usize,
        /// How many there are.
        groups: usize,
    },
    /// A factor whose values are not one for each outcome.
    UnevenColumn {
        /// The factor.
        factor: usize,
        /// Values given.
        given: usize,
        /// Outcomes.
        outcomes: usize,
    },
    /// A factor without a value.
    NoValue {
        /// The factor.
        factor: usize,
        /// The row.
        row: usize,
    },
    /// A factor that is the same at all points.
    ConstantFactor {
        /// The factor.
        factor: usize,
    },
    /// A factor that the factors before it determine.
    Determined {
        /// The factor.
        factor: usize,
    },
    /// No factors.
    NoFactors,
    /// Points of which all, or none, are of interest.
    OneKind {
        /// Whether all are.
        all: bool,
    },
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

impl Refusal {
    /// Whether a level of confidence is one.
    pub(super) fn of_level(level: f64) -> Result<(), Self> {
        if 0.0 < level && level < 1.0 {
            return Ok(());
        }
        Err(Self::Setting { name: "the level", value: level, allowed: "between 0 and 1" })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherDesign { given, unit, what, needed } => {
                write!(out, "{given} outcomes are not those of this design: it has {unit} for each {what}")?;
                if let Some(needed) = needed {
                    write!(out, ", {needed} in all")?;
                }
                write!(out, "; give the outcomes of all its points in their order, missing ones as missing")
            }
            Self::TooFew { what, complete, dropped, needed } => {
                write!(out, "{complete} complete {what} are too few, it takes at least {needed}")?;
                match dropped {
                    0 => write!(out, "; ask for a larger design"),
                    _ => write!(
                        out,
                        " ({dropped} were left out because an outcome is missing); mend the failed runs, or ask for a \
                         larger design"
                    ),
                }
            }
            Self::Constant => write!(
                out,
                "the outcome is the same at all points, so nothing can be laid to a factor; look at another outcome, or \
                 give the factors wider ranges"
            ),
            Self::OnlyChance { left } => write!(
                out,
                "without the part of chance nothing is left of the variance (estimated at {left:.3} of it); take more \
                 replicates or base points, or an outcome with less chance in it"
            ),
            Self::NoSuchGroup { group, groups } => {
                write!(out, "group {} is not there; the design has {groups} groups", group + 1)
            }
            Self::UnevenColumn { factor, given, outcomes } => write!(
                out,
                "factor {} has {given} values for {outcomes} outcomes; give one for each, in the same order",
                factor + 1
            ),
            Self::NoValue { factor, row } => write!(
                out,
                "factor {} has no finite value in row {}; what was run had one, so the table is of another design",
                factor + 1,
                row + 1
            ),
            Self::ConstantFactor { factor } => {
                write!(out, "factor {} is the same at all points; leave it out, or vary it", factor + 1)
            }
            Self::Determined { factor } => write!(
                out,
                "factor {} follows from the factors before it, so their parts cannot be told apart; leave one of them \
                 out, or use a design that varies them independently",
                factor + 1
            ),
            Self::OneKind { all } => write!(
                out,
                "{} of the points are of interest, so there is nothing to tell apart; move the threshold",
                if *all { "all" } else { "none" }
            ),
            Self::NoFactors => write!(out, "there are no factors; give at least one"),
            Self::Setting { name, value, allowed } => write!(out, "{name} is {value}; it is {allowed}"),
        }
    }
}

impl core::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_and_how_to_mend_it() {
        let says = |refusal: Refusal, words: &[&str]| {
            let text = refusal.to_string();
            for word in words {
                assert!(text.contains(word), "{text:?} does not say {word:?}");
            }
        };
        let other = Refusal::OtherDesign { given: 39, unit: 8, what: "base point", needed: Some(40) };
        says(other, &["39 outcomes", "8 for each base point", "40 in all", "in their order"]);
        let few = Refusal::TooFew { what: "trajectories", complete: 1, dropped: 3, needed: 2 };
        says(few, &["1 complete trajectories", "at least 2", "3 were left out", "failed runs"]);
        says(Refusal::OnlyChance { left: -0.25 }, &["-0.250", "more replicates"]);
        says(Refusal::Determined { factor: 2 }, &["factor 3", "leave one"]);
        says(Refusal::NoValue { factor: 0, row: 4 }, &["factor 1", "row 5"]);
    }
}
