//! Why a design is refused.

use super::morris::MOST_CANDIDATES;
use super::{MOST_DIMENSIONS, MOST_NUMBERS, Method};
use core::fmt;

/// Why a design, or the margin of a factor, is refused. Rows, columns, factors and groups count from 0 here, and from 1
/// in the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// No points were asked for.
    NoRows,
    /// There is nothing to vary.
    NoFactors,
    /// A design of more than [`MOST_NUMBERS`].
    TooManyNumbers {
        /// Points asked for; the largest number there is when they cannot be counted.
        rows: usize,
        /// Factors.
        columns: usize,
    },
    /// More dimensions than the sequence has.
    TooManyDimensions {
        /// Dimensions needed.
        needed: usize,
        /// The design.
        method: Method,
    },
    /// A row that is longer or shorter than the first.
    UnevenRow {
        /// The row.
        row: usize,
        /// Its length.
        numbers: usize,
        /// The length of the first.
        columns: usize,
    },
    /// A coordinate outside 0 to 1.
    OutsideTheCube {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The coordinate.
        value: f64,
    },
    /// A factor without levels.
    NoLevels {
        /// The factor.
        factor: usize,
    },
    /// A list that is not as long as there are factors.
    NotOnePerFactor {
        /// What is listed.
        what: &'static str,
        /// Its length.
        given: usize,
        /// Factors.
        factors: usize,
    },
    /// Groups that are not numbered without a gap.
    EmptyGroup {
        /// The missing group.
        group: usize,
    },
    /// A design that cannot vary factors in groups.
    GroupsForbidden {
        /// The design.
        method: Method,
    },
    /// A design that cannot keep a constraint.
    ConstraintsForbidden {
        /// The design.
        method: Method,
    },
    /// Levels of Morris' grid that are odd or below two.
    OddLevels {
        /// Levels asked for.
        levels: usize,
    },
    /// Fewer candidates than trajectories to be chosen from them.
    FewCandidates {
        /// Candidates.
        candidates: usize,
        /// Trajectories.
        trajectories: usize,
    },
    /// More candidates than can be compared in reasonable time.
    ManyCandidates {
        /// Candidates asked for.
        candidates: usize,
    },
    /// The law of a margin with impossible numbers.
    Law {
        /// What is wrong, and how to mend it.
        why: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRows => write!(out, "a design without points; ask for at least one"),
            Self::NoFactors => write!(out, "a design without factors; name at least one"),
            Self::TooManyNumbers { rows, columns } => write!(
                out,
                "{rows} points of {columns} factors are more than {MOST_NUMBERS} numbers; ask for fewer points or levels"
            ),
            Self::TooManyDimensions { needed, method } => write!(
                out,
                "{} needs {needed} dimensions and Sobol' sequences are stored for {MOST_DIMENSIONS}; {}",
                method.name(),
                if *method == Method::Saltelli {
                    "put factors into groups, or screen them with morris first"
                } else {
                    "use a latin hypercube"
                }
            ),
            Self::UnevenRow { row, numbers, columns } => write!(
                out,
                "row {} has {numbers} numbers and the first row has {columns}; give each point one number for each factor",
                row + 1
            ),
            Self::OutsideTheCube { row, column, value } => {
                write!(out, "{value} in row {}, column {} is no coordinate; those go from 0 to 1", row + 1, column + 1)
            }
            Self::NoLevels { factor } => write!(out, "factor {} has no levels; give at least one", factor + 1),
            Self::NotOnePerFactor { what, given, factors } => {
                write!(out, "{given} {what} for {factors} factors; give one for each factor")
            }
            Self::EmptyGroup { group } => {
                write!(out, "group {} has no factor; number groups without a gap, beginning with the first", group + 1)
            }
            Self::GroupsForbidden { method } => write!(
                out,
                "{} cannot vary factors in groups: no analysis of its points knows them; use saltelli or morris, or leave \
                 the groups out",
                method.name(),
            ),
            Self::ConstraintsForbidden { method } => write!(
                out,
                "{} cannot keep a constraint: its estimators need factors that vary independently, and every point of each \
                 block; use a latin hypercube or sobol with a method for given data, or replace the factors by ones that are \
                 free of each other (a share of what is left)",
                method.name()
            ),
            Self::OddLevels { levels } => write!(
                out,
                "morris on {levels} levels: the number of levels is even and at least 2, so that all are met equally often; \
                 4 is usual"
            ),
            Self::FewCandidates { candidates, trajectories } => write!(
                out,
                "{trajectories} trajectories cannot be chosen from {candidates} candidates; ask for more candidates than \
                 trajectories (ten times as many is usual), or for none"
            ),
            Self::ManyCandidates { candidates } => write!(
                out,
                "{candidates} candidates are more than the {MOST_CANDIDATES} that are compared with each other; ask for \
                 fewer, ten times the trajectories are usual"
            ),
            Self::Law { why } => write!(out, "{why}"),
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
        says(Refusal::TooManyNumbers { rows: 900, columns: 7 }, &["900 points of 7", "100000000", "fewer"]);
        let method = Method::Saltelli;
        says(Refusal::TooManyDimensions { needed: 400, method }, &["saltelli needs 400", "128", "groups"]);
        says(Refusal::TooManyDimensions { needed: 400, method: Method::Sobol }, &["sobol", "latin hypercube"]);
        says(Refusal::ConstraintsForbidden { method }, &["saltelli", "independently", "free of each other"]);
        says(Refusal::GroupsForbidden { method: Method::Sobol }, &["sobol", "morris"]);
        says(Refusal::OddLevels { levels: 5 }, &["5 levels", "even", "4 is usual"]);
        says(Refusal::OutsideTheCube { row: 0, column: 2, value: 1.5 }, &["1.5 in row 1, column 3"]);
        says(Refusal::EmptyGroup { group: 1 }, &["group 2", "without a gap"]);
    }
}
