//! A factor: what it stands for, and over which values it goes.

use super::super::super::Scenario;
use super::super::super::check::{Check, is_word};
use super::super::super::extend::{ENTITIES, pair_key};
use super::super::super::numbers::Declared;
use super::super::super::report::{Origin, Report};
use super::super::super::units;
use super::super::super::written::{Entry, Node, Value};
use super::super::words;
use super::made::{LUCK, OF_LUCK, SEEDS, multiplying};
use super::template::Template;
use super::{Design, Resolved, Sweep, checking, values};
use crate::numeral::capitalised;
use crate::parameter::{Declaration, Unit};
use crate::statistics::design::{Ends, Law, Margin, even_levels};

/// The keys of a factor besides those of its law.
const OWN_KEYS: [&str; 6] = ["name", "parameter", "values", "weights", "group", "times"];
/// What may not be varied.
const FIXED: [&str; 2] = ["time", "run"];
/// What a parameter is by itself where a factor multiplies it, and between what it may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Own {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) whole: bool,
}

/// Something that is varied.
#[derive(Debug, Clone)]
pub struct Factor {
    /// Its name in the study, and of its column.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// The parameters that it stands for; all get its value.
    pub parameters: Vec<String>,
    /// Its unit in words; empty for words.
    pub unit: String,
    /// Over which values it goes.
    pub domain: Domain,
    /// Its value in the study as it is, if that is a number.
    pub today: Option<f64>,
    pub(super) group_name: Option<String>,
    pub(super) group: usize,
    /// Where it is written.
    pub(in crate::scenario::study) at: Origin,
    /// The words of its domain as they are put into scenarios.
    pub(super) nodes: Vec<Node>,
    /// What of its parameters is declared, if they are numbers.
    pub(super) declared: Option<Declaration>,
    /// What each of its parameters is by itself, if the factor's value multiplies that.
    pub(super) own: Option<Vec<Own>>,
    /// The arm that it switches on and off in a mix, by place, if it does.
    pub(super) switch: Option<usize>,
}

/// The values of a factor.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// The numbers of a law; of a grid, so many of them at even steps.
    Law {
        /// The law.
        margin: Margin,
        /// How many levels a grid has.
        levels: Option<usize>,
    },
    /// Numbers, as listed.
    Numbers(Vec<f64>),
    /// Words (or dates, or lists), as listed; the number of a point is the place in the list.
    Words {
        /// As written.
        words: Vec<String>,
        /// How probable each is, where they are not all alike.
        weights: Option<Vec<f64>>,
    },
    /// As the rows of the design have them.
    Rows,
}

impl Factor {
    /// A value of it as words: a number as written in scenarios, or the word.
    pub fn value(&self, number: f64) -> String {
        match &self.domain {
            Domain::Words { words, .. } => words.get(number as usize).cloned().unwrap_or_default(),
            _ => units::number(number),
        }
    }

    /// Whether its values are words.
    pub fn is_words(&self) -> bool {
        matches!(self.domain, Domain::Words { .. })
    }

    /// The value at a coordinate from 0 to 1: the quantile of its law there.
    pub fn at(&self, u: f64) -> f64 {
        let place = |count: usize| ((u * count as f64) as usize).min(count - 1);
        match &self.domain {
            Domain::Law { margin, .. } => margin.at(u),
            Domain::Numbers(numbers) => numbers[place(numbers.len())],
            Domain::Words { words, weights: None } => place(words.len()) as f64,
            Domain::Words { weights: Some(weights), .. } => {
                let margin = Margin::new(Law::Weighted { weights: weights.clone() });
                margin.map_or(0.0, |margin| margin.at(u))
            }
            Domain::Rows => f64::NAN,
        }
    }

    /// Whether every value is met at a coordinate, none only approached.
    pub(super) fn has_ends(&self) -> bool {
        match &self.domain {
            Domain::Law { margin, .. } => !matches!(margin.law(), Law::Normal { .. } | Law::Lognormal { .. }),
            _ => true,
        }
    }

    /// Its levels in a grid.
    pub(super) fn grid(&self) -> Result<Vec<f64>, String> {
        match &self.domain {
            Domain::Numbers(numbers) => Ok(numbers.clone()),
            Domain::Words { words, .. } => Ok((0..words.len()).map(|place| place as f64).collect()),
            Domain::Law { margin, levels } => {
                let count = match (levels, margin.values()) {
                    (Some(levels), Some(values)) if *levels > values => {
                        return Err(format!(
                            "factor {} has {values} values, and levels = {levels}: take fewer",
                            self.key
                        ));
                    }
                    (Some(levels), Some(_)) => *levels,
                    (Some(levels), None) => *levels,
                    (None, Some(values)) => values,
                    (None, None) => {
                        return Err(format!(
                            "factor {} is an interval, and a grid needs levels: write levels = 5, or values = [...]",
                            self.key
                        ));
                    }
                };
                if !self.has_ends() {
                    return Err(format!(
                        "factor {} has a law without ends, and no even levels: write values = [...]",
                        self.key
                    ));
                }
                Ok(even_levels(count, Ends::Included).into_iter().map(|u| margin.at(u)).collect())
            }
            Domain::Rows => {
                Err(format!("factor {} has no values: write values = [...], or from, to and levels", self.key))
            }
        }
    }

    pub(super) fn described(&self) -> String {
        let Self { key, parameters, domain, group, own, switch, .. } = self;
        if let Some(arm) = switch {
            return format!("switch {key} {arm}\n");
        }
        let times = own.as_ref().map(|own| format!(" times {own:?}")).unwrap_or_default();
        format!("factor {key} {parameters:?} {domain:?} {group}{times}\n")
    }

    /// Whether it switches an arm on and off.
    pub fn is_switch(&self) -> bool {
        self.switch.is_some()
    }

    /// Whether it is the luck of a run.
    pub fn is_luck(&self) -> bool {
        self.parameters == [LUCK]
    }

    /// Whether its value multiplies what its parameters are, instead of replacing it.
    pub fn multiplies(&self) -> bool {
        self.own.is_some()
    }

    /// What one of the parameters is (by place) at a value of the factor.
    pub fn placed(&self, parameter: usize, number: f64) -> f64 {
        match self.own.as_ref().and_then(|own| own.get(parameter)) {
            Some(own) => {
                let product = (own.value * number).clamp(own.low, own.high);
                if own.whole { libm::round(product) } else { product }
            }
            None => number,
        }
    }

    /// A value as it is put into scenarios, in the place of one of the parameters.
    pub(super) fn node(&self, parameter: usize, number: f64) -> Node {
        let number = self.placed(parameter, number);
        if let Domain::Words { .. } = self.domain
            && let Some(node) = self.nodes.get(number as usize)
        {
            return node.clone();
        }
        let whole = number.fract() == 0.0 && number.abs() < 9e15;
        let value = if whole { Value::Whole(number as i128) } else { Value::Real(number) };
        Node { value, at: self.at }
    }
}

/// What factors are read against.
pub(super) struct Field<'f> {
    pub(super) template: &'f Template,
    pub(super) resolved: &'f Resolved<'f>,
    /// The design, still without rows.
    pub(super) asked: &'f Design,
}

impl Field<'_> {
    /// The scenarios in which a parameter may be looked up, the baseline first.
    pub(super) fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        std::iter::once(self.resolved.baseline).chain(self.resolved.arms.iter().map(|arm| &arm.scenario))
    }
}

/// Reads one factor.
pub(super) fn read(report: &mut Report, field: &Field<'_>, entry: &Entry) -> Option<Factor> {
    let path = format!("factor.{}", entry.key);
    let mut check = checking(report);
    let keys: Vec<&str> = OWN_KEYS.iter().chain(&values::LAW_KEYS).copied().collect();
    check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &keys);
    let (parameters, at) = parameters(&mut check, field, entry, &path)?;
    let declared = Declared::all();
    let own = |parameter: &str| match parameter {
        LUCK => Some(OF_LUCK),
        _ => field.scenarios().find_map(|scenario| scenario.declaration_of(declared, parameter)),
    };
    let declarations: Vec<Option<Declaration>> = parameters.iter().map(|parameter| own(parameter)).collect();
    let times = match entry.node.get("times").map(|node| (node, &node.value)) {
        Some((_, Value::Truth(truth))) => *truth,
        Some((node, _)) => {
            let message = format!("{path}.times is true or false, but {} stands here", node.kind());
            check.error(node.at, message, "write times = true, without quotes");
            return None;
        }
        None => false,
    };
    if times {
        return multiplying(&mut check, field, entry, (parameters, declarations), at);
    }
    let declared = declarations[0];
    let unit = |of: &Option<Declaration>| of.map(|of| of.unit);
    if let Some(other) = declarations.iter().position(|other| unit(other) != unit(&declared)) {
        let message =
            format!("{path} stands for {} and {}, which are not of one kind", parameters[0], parameters[other]);
        check.error(at, message, "make two factors of them");
        return None;
    }
    let usual = declared.map(|of| words_of(of.sentence));
    let label = match entry.node.get("name") {
        Some(node) => check.name(node, &format!("{path}.name"))?,
        None => usual.unwrap_or_else(|| capitalised(&super::super::arms::readable(&entry.key))),
    };
    let group_name = match entry.node.get("group") {
        Some(node) => Some(check.text(node, &format!("{path}.group"))?),
        None => None,
    };
    let says_values = values::LAW_KEYS.iter().chain(&["values", "weights"]).any(|key| entry.node.get(key).is_some());
    let (domain, nodes) = match Margin::new(Law::Integers { low: 0, high: SEEDS - 1 }) {
        Ok(margin) if parameters == [LUCK] && !says_values => (Domain::Law { margin, levels: None }, Vec::new()),
        _ => values::domain(&mut check, entry, &path, declarations.iter().flatten().copied().collect(), field.asked)?,
    };
    // Several parameters that differ have no value in common.
    let now =
        |parameter: &String| field.scenarios().find_map(|scenario| scenario.settings().get(&canonical(parameter)));
    let today = now(&parameters[0]).filter(|today| parameters.iter().all(|other| now(other) == Some(*today)));
    let unit = match (&domain, declared) {
        (Domain::Words { .. }, _) | (_, None) => String::new(),
        (_, Some(of)) if of.group == OF_LUCK.group => String::new(),
        (_, Some(of)) if of.unit == Unit::Money => field.resolved.baseline.currency().to_owned(),
        (_, Some(of)) => of.unit.label().to_owned(),
    };
    Some(Factor {
        key: entry.key.clone(),
        label,
        parameters,
        unit,
        domain,
        today,
        group_name,
        group: 0,
        at,
        nodes,
        declared,
        own: None,
        switch: None,
    })
}

/// A sentence as a label: its first part, without the point.
pub(super) fn words_of(sentence: &str) -> String {
    let first = sentence.split([';', ':', '(']).next().unwrap_or(sentence).trim().trim_end_matches('.');
    first.to_owned()
}

/// A parameter's key as the settings have it.
pub(super) fn canonical(parameter: &str) -> String {
    match parameter.split('.').collect::<Vec<_>>()[..] {
        ["pair", pair, name] => format!("pair.{}.{name}", pair_key(pair)),
        _ => parameter.to_owned(),
    }
}

/// The parameters a factor stands for, a star in the place of an entity being all of them.
fn parameters(check: &mut Check<'_>, field: &Field<'_>, entry: &Entry, path: &str) -> Option<(Vec<String>, Origin)> {
    let example = "write parameter = \"habit.half_life\", or parameter = \"intervention.exchange.number\"";
    let Some(node) = entry.node.get("parameter") else {
        check.missing(entry.key_at, format!("{path} stands for no parameter"), example);
        return None;
    };
    let written: Vec<(String, Origin)> = match &node.value {
        Value::List(_) => words(check, node, &format!("{path}.parameter"), "parameter = [\"gate.approval\"]"),
        _ => vec![(check.text(node, &format!("{path}.parameter"))?, node.at)],
    };
    let mut all: Vec<String> = Vec::new();
    for (word, at) in written {
        let steps: Vec<&str> = word.split('.').map(str::trim).collect();
        if steps.len() < 2 || steps.iter().any(|step| *step != "*" && !is_word(step, true)) {
            check.error(at, format!("{path}: \"{word}\" is no path of names joined by dots"), example);
            return None;
        }
        let groups = Declared::all().groups();
        if word == LUCK {
            all.push(word);
            continue;
        }
        if !FIXED.contains(&steps[0]) && !groups.contains(&steps[0]) && !ENTITIES.contains(&steps[0]) {
            let hint = match units::nearest(steps[0], groups.iter().chain(&ENTITIES).copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => example.to_owned(),
            };
            check.error(at, format!("{path}: {} is nothing that can be varied", steps[0]), hint);
            return None;
        }
        if FIXED.contains(&steps[0]) {
            let message = format!("{path}: {} cannot be varied: the points of a sweep share [{}]", word, steps[0]);
            check.error(at, message, "make a study of each, and sweep them one by one");
            return None;
        }
        match steps[..] {
            [group, "*", name] if ENTITIES.contains(&group) => {
                let entities = field.template.entities(group);
                if entities.is_empty() {
                    check.error(at, format!("{path}: the study has no {group} at all"), example);
                    return None;
                }
                all.extend(entities.into_iter().map(|entity| format!("{group}.{entity}.{name}")));
            }
            _ if steps.contains(&"*") => {
                let message = format!("{path}: in \"{word}\" the star stands for no entity");
                check.error(at, message, "it may stand as in state.*.priority");
                return None;
            }
            _ => all.push(steps.join(".")),
        }
        for parameter in &all {
            if let Err(error) = field.template.touched(parameter) {
                check.report.noticed(at, error);
                return None;
            }
        }
    }
    if all.is_empty() {
        check.missing(node.at, format!("{path} stands for no parameter"), example);
        return None;
    }
    Some((all, node.at))
}

/// Sets every factor to its least, its greatest and its listed values, the others left alone, and reports what cannot be.
pub(super) fn try_ends(report: &mut Report, sweep: &Sweep) {
    /// Of a long list the first and last.
    const TRIED: usize = 20;
    for factor in &sweep.factors {
        let mut values: Vec<f64> = match &factor.domain {
            Domain::Law { margin, .. } => vec![margin.at(0.0), margin.at(1.0)],
            Domain::Numbers(numbers) => {
                let ends = numbers.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
                vec![ends.0, ends.1]
            }
            Domain::Words { words, .. } => (0..words.len()).map(|place| place as f64).collect(),
            Domain::Rows => Vec::new(),
        };
        if values.len() > TRIED {
            values.drain(TRIED / 2..values.len() - TRIED / 2);
        }
        for value in values {
            sweep.template.try_one(report, factor, value);
            if report.failed() {
                break;
            }
        }
    }
}
