//! Factors of a special make: the luck of a run, a multiple of what parameters are, a parameter handed over, a switch of an arm.

use super::super::super::Scenario;
use super::super::super::check::Check;
use super::super::super::numbers::Declared;
use super::super::super::report::Origin;
use super::super::super::written::Entry;
use super::factor::{Field, Own, canonical, words_of};
use super::{Domain, Factor, values};
use crate::parameter::{Declaration, Grade, Over, Unit};

/// The luck of a run, which may be varied although it is fixed otherwise: then chance is a factor among the others.
pub(super) const LUCK: &str = "run.seed";

/// How many seeds it goes over where nothing is said.
pub(super) const SEEDS: i64 = 1_000_000_000;

/// What the seed of a run is, as a factor.
pub(super) const OF_LUCK: Declaration = Declaration {
    group: "run",
    name: "seed",
    over: Over::One,
    unit: Unit::Count,
    low: 0.0,
    // Beyond this not every whole number is a number of its own.
    high: 9_007_199_254_740_992.0,
    defaults: &[],
    sentence: "Luck (the seed of a run).",
    grade: Grade::Assumed,
    source: "",
};

/// What a factor is that multiplies what its parameters are.
pub(super) const OF_TIMES: Declaration = Declaration {
    group: "factor",
    name: "times",
    over: Over::One,
    unit: Unit::Factor,
    low: 0.0,
    high: 1000.0,
    defaults: &[],
    sentence: "Times its value.",
    grade: Grade::Assumed,
    source: "",
};

impl Factor {
    /// A parameter of scenarios, as the factor of a group of its own whose values are handed over.
    pub(super) fn of_parameter(parameter: &str, group: usize, baseline: &Scenario) -> Result<Self, String> {
        let canonical = canonical(parameter);
        let declared = baseline.declaration_of(Declared::all(), &canonical);
        let (Some(declared), Some(today)) = (declared, baseline.settings().get(&canonical)) else {
            return Err(format!("{parameter} is no number of the baseline"));
        };
        Ok(Self {
            key: parameter.replace('.', "_"),
            label: words_of(declared.sentence),
            parameters: vec![parameter.to_owned()],
            unit: declared.unit.label().to_owned(),
            domain: Domain::Rows,
            today: Some(today),
            group_name: None,
            group,
            at: Origin::default(),
            nodes: Vec::new(),
            declared: Some(declared),
            own: None,
            switch: None,
        })
    }

    /// The luck of a run, as the factor of a group of its own.
    pub(super) fn luck(group: usize) -> Self {
        Self {
            key: "luck".to_owned(),
            label: words_of(OF_LUCK.sentence),
            parameters: vec![LUCK.to_owned()],
            unit: String::new(),
            domain: Domain::Rows,
            today: None,
            group_name: None,
            group,
            at: Origin::default(),
            nodes: Vec::new(),
            declared: Some(OF_LUCK),
            own: None,
            switch: None,
        }
    }

    /// A switch of an arm, as the factor of a group of its own: 0 is off, 1 is on.
    pub(super) fn of_arm(place: usize, key: &str, label: &str, at: Origin) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            parameters: Vec::new(),
            unit: String::new(),
            domain: Domain::Words { words: vec!["off".to_owned(), "on".to_owned()], weights: None },
            today: None,
            group_name: None,
            group: place,
            at,
            nodes: Vec::new(),
            declared: None,
            own: None,
            switch: Some(place),
        }
    }
}

/// A factor whose value multiplies what its parameters are in the study as it is.
pub(super) fn multiplying(
    check: &mut Check<'_>,
    field: &Field<'_>,
    entry: &Entry,
    (parameters, declarations): (Vec<String>, Vec<Option<Declaration>>),
    at: Origin,
) -> Option<Factor> {
    let path = format!("factor.{}", entry.key);
    let mut own = Vec::with_capacity(parameters.len());
    for (parameter, declared) in parameters.iter().zip(&declarations) {
        let value = field.scenarios().find_map(|scenario| scenario.settings().get(&canonical(parameter)));
        let (Some(value), Some(declared), false) = (value, declared, parameter == LUCK) else {
            let message = format!("{path} multiplies {parameter}, which has no number of the model to be multiplied");
            check.error(at, message, "take times out, and write the values themselves");
            return None;
        };
        own.push(Own { value, low: declared.low, high: declared.high, whole: declared.unit == Unit::Count });
    }
    let label = match entry.node.get("name") {
        Some(node) => check.name(node, &format!("{path}.name"))?,
        None => declarations[0].map_or(String::new(), |of| words_of(of.sentence)),
    };
    let group_name = match entry.node.get("group") {
        Some(node) => Some(check.text(node, &format!("{path}.group"))?),
        None => None,
    };
    let (domain, nodes) = values::domain(check, entry, &path, vec![OF_TIMES], field.asked)?;
    Some(Factor {
        key: entry.key.clone(),
        label,
        parameters,
        unit: "times its value".to_owned(),
        domain,
        today: Some(1.0),
        group_name,
        group: 0,
        at,
        nodes,
        declared: Some(OF_TIMES),
        own: Some(own),
        switch: None,
    })
}
