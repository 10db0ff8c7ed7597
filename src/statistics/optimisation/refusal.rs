//! Why an optimisation is refused.

use core::fmt;

/// Why nothing can be found. Items, options, rules and the like count from 0 here, and from 1 in the words.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// More items than their packages can be listed for.
    TooManyItems {
        /// Items given.
        given: usize,
        /// The most there may be.
        most: usize,
    },
    /// A rule, or another setting, about an item that is not there.
    NoSuchItem {
        /// The rule.
        rule: usize,
        /// The item.
        item: usize,
        /// How many items there are.
        items: usize,
    },
    /// A rule that names an item twice.
    NamedTwice {
        /// The rule.
        rule: usize,
        /// The item.
        item: usize,
    },
    /// Two rules that contradict each other.
    Contradiction {
        /// One rule.
        one: usize,
        /// The other.
        other: usize,
    },
    /// Rules that no package obeys, whatever the budget.
    NoPackage {
        /// The rules each of which alone stands in the way: without it there are packages. Empty if it takes more than one.
        rules: Vec<usize>,
    },
    /// A budget below the cheapest package that obeys the rules.
    Budget {
        /// The budget.
        budget: f64,
        /// The cost of the cheapest.
        cheapest: f64,
        /// Its items.
        items: Vec<usize>,
    },
    /// A number that is missing or outside its range.
    Number {
        /// What it is.
        what: &'static str,
        /// Of which item, option, draw or proposal.
        of: usize,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// Lists of different lengths.
    Uneven {
        /// What is listed.
        what: &'static str,
        /// How many were given.
        given: usize,
        /// How many there should be.
        needed: usize,
    },
    /// Less than it takes.
    TooFew {
        /// Of what.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many it takes.
        needed: usize,
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

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed =
            |places: &[usize]| places.iter().map(|place| (place + 1).to_string()).collect::<Vec<_>>().join(", ");
        match self {
            Self::TooManyItems { given, most } => write!(
                out,
                "{given} items have too many packages to try them all; leave items out until there are at most {most}, or search"
            ),
            Self::NoSuchItem { rule, item, items } => {
                write!(out, "rule {} names item {}, but there are {items} items", rule + 1, item + 1)
            }
            Self::NamedTwice { rule, item } => {
                write!(out, "rule {} names item {} twice; name each item of a rule once", rule + 1, item + 1)
            }
            Self::Contradiction { one, other } => {
                write!(out, "rules {} and {} contradict each other; take one of them back", one + 1, other + 1)
            }
            Self::NoPackage { rules } if rules.is_empty() => {
                write!(
                    out,
                    "no package obeys all rules, whatever the budget, and it takes more than one rule to be taken back"
                )
            }
            Self::NoPackage { rules } => write!(
                out,
                "no package obeys all rules, whatever the budget; there are packages if one of these rules is taken back: {}",
                listed(rules)
            ),
            Self::Budget { budget, cheapest, items } => write!(
                out,
                "the budget of {budget} buys no package; the cheapest that obeys the rules costs {cheapest} (items: {})",
                if items.is_empty() { "none".to_owned() } else { listed(items) }
            ),
            Self::Number { what, of, value, allowed } => write!(out, "{what} {} is {value}; it is {allowed}", of + 1),
            Self::Uneven { what, given, needed } => {
                write!(
                    out,
                    "there are {given} {what} where there should be {needed}; give them in the same order and number"
                )
            }
            Self::TooFew { what, given, needed } => {
                write!(out, "{given} {what} are too few, it takes at least {needed}")
            }
            Self::Setting { name, value, allowed } => write!(out, "{name} is {value}; it is {allowed}"),
        }
    }
}

impl core::error::Error for Refusal {}
