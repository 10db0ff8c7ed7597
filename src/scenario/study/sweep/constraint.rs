//! Constraints: bounds on weighted sums of factors, which leave out points.

use super::super::super::check::Check;
use super::super::super::report::Report;
use super::super::super::written::Node;
use super::super::{nothing_called, tables};
use super::{Domain, Factor, checking};
use crate::parameter::Unit;

/// A bound on a weighted sum of factors.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// Its name in the study.
    pub key: String,
    /// Factor, by index, and its weight.
    pub weights: Vec<(usize, f64)>,
    /// The least the sum may be.
    pub at_least: Option<f64>,
    /// The most it may be.
    pub at_most: Option<f64>,
}

impl Constraint {
    /// Whether a point keeps it.
    pub(super) fn kept(&self, values: &[f64]) -> bool {
        let terms = || self.weights.iter().map(|(factor, weight)| weight * values[*factor]);
        let sum: f64 = terms().sum();
        // 0.1 + 0.2 is not more than 0.3.
        let slack = 1e-12 * terms().map(f64::abs).sum::<f64>();
        self.at_least.is_none_or(|least| least <= sum + slack) && self.at_most.is_none_or(|most| sum - slack <= most)
    }
}

/// Reads `[constraint.*]`; `None` where one is wrong, which is reported.
pub(super) fn constraints(report: &mut Report, study: &Node, factors: &[Factor]) -> Option<Vec<Constraint>> {
    let mut check = checking(report);
    let mut found = Some(Vec::new());
    for entry in tables(&mut check, study, "constraint") {
        let path = format!("constraint.{}", entry.key);
        check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &["weights", "at_least", "at_most"]);
        let bound = |check: &mut Check<'_>, key: &str| match entry.node.get(key) {
            Some(node) => check.quantity(node, &format!("{path}.{key}"), Unit::Utility, (f64::MIN, f64::MAX)).map(Some),
            None => Some(None),
        };
        let (at_least, at_most) = (bound(&mut check, "at_least"), bound(&mut check, "at_most"));
        let example =
            "write weights = { a = 1, b = 2 } and at_most = 10; for a < b: weights = { a = 1, b = -1 } and at_most = 0";
        let weights = entry.node.get("weights").map(|node| (node, check.table(node, &format!("{path}.weights"))));
        let Some((_, weights)) = weights.filter(|(_, weights)| !weights.is_empty()) else {
            check.missing(entry.key_at, format!("{path} bounds a sum of nothing"), example);
            found = None;
            continue;
        };
        if at_least == Some(None) && at_most == Some(None) {
            check.missing(entry.key_at, format!("{path} has no bound"), example);
            found = None;
        }
        if let (Some(Some(least)), Some(Some(most))) = (at_least, at_most)
            && least > most
        {
            check.error(entry.key_at, format!("{path} is at least {least} and at most {most}"), "exchange the two");
            found = None;
        }
        let known: Vec<&str> = factors.iter().map(|factor| factor.key.as_str()).collect();
        let mut sum = Vec::new();
        for weight in weights {
            let Some(place) = known.iter().position(|key| *key == weight.key) else {
                nothing_called(&mut check, weight.key_at, "factor", &weight.key, &known);
                found = None;
                continue;
            };
            if matches!(factors[place].domain, Domain::Words { .. }) {
                let message = format!("{path} weighs {}, whose values are words", weight.key);
                check.error(weight.key_at, message, "only factors that are numbers can be added up");
                found = None;
            }
            let at = format!("{path}.weights.{}", weight.key);
            match check.quantity(&weight.node, &at, Unit::Utility, (f64::MIN, f64::MAX)) {
                Some(number) => sum.push((place, number)),
                None => found = None,
            }
        }
        match (at_least, at_most, &mut found) {
            (Some(at_least), Some(at_most), Some(found)) => {
                found.push(Constraint { key: entry.key.clone(), weights: sum, at_least, at_most });
            }
            _ => found = None,
        }
    }
    found
}
