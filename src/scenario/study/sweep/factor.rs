//! A factor: what it stands for, and over which values it goes.

use super::super::super::Scenario;
use super::super::super::check::{Check, is_word};
use super::super::super::extend::{ENTITIES, pair_key};
use super::super::super::numbers::Declared;
use super::super::super::report::{Origin, Report};
use super::super::super::units;
use super::super::super::written::{Entry, Node, Value};
use super::super::words;
use super::template::Template;
use super::{Design, Resolved, Sweep, checking};
use crate::numeral::capitalised;
use crate::parameter::{Declaration, Unit};
use crate::statistics::design::{Ends, Law, Margin, even_levels};

/// The keys of a factor.
const KEYS: [&str; 17] = [
    "name",
    "parameter",
    "values",
    "weights",
    "from",
    "to",
    "levels",
    "scale",
    "whole",
    "distribution",
    "mean",
    "sd",
    "mode",
    "a",
    "b",
    "log_mean",
    "log_sd",
];
/// Most levels of a factor.
const MOST_LEVELS: u64 = 1_000_000;
/// What may not be varied.
const FIXED: [&str; 2] = ["time", "run"];

/// The distributions by name, with the keys each takes.
const DISTRIBUTIONS: [(&str, &[&str]); 7] = [
    ("uniform", &["from", "to"]),
    ("normal", &["mean", "sd"]),
    ("truncated-normal", &["mean", "sd", "from", "to"]),
    ("lognormal", &["log_mean", "log_sd"]),
    ("triangular", &["from", "mode", "to"]),
    ("beta", &["a", "b", "from", "to"]),
    ("pert", &["from", "mode", "to"]),
];

/// The names of the distributions.
pub(in crate::scenario::study) fn distributions() -> Vec<&'static str> {
    DISTRIBUTIONS.iter().map(|(name, _)| *name).collect()
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
    pub(super) at: Origin,
    /// The words of its domain as they are put into scenarios.
    pub(super) nodes: Vec<Node>,
    /// What of its parameters is declared, if they are numbers.
    pub(super) declared: Option<Declaration>,
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

    /// The value at a coordinate from 0 to 1.
    pub(super) fn at(&self, u: f64) -> f64 {
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
                    (Some(levels), Some(values)) => *levels.min(&values),
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
        let Self { key, parameters, domain, group, .. } = self;
        format!("factor {key} {parameters:?} {domain:?} {group}\n")
    }

    /// A value as it is put into scenarios.
    pub(super) fn node(&self, number: f64) -> Node {
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
    fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        std::iter::once(self.resolved.baseline).chain(self.resolved.arms.iter().map(|arm| &arm.scenario))
    }
}

/// Reads one factor.
pub(super) fn read(report: &mut Report, field: &Field<'_>, entry: &Entry) -> Option<Factor> {
    let path = format!("factor.{}", entry.key);
    let mut check = checking(report);
    let keys: Vec<&str> = KEYS.iter().chain(["group"].iter()).copied().collect();
    check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &keys);
    let (parameters, at) = parameters(&mut check, field, entry, &path)?;
    let declared = Declared::all();
    let own = |parameter: &str| field.scenarios().find_map(|scenario| scenario.declaration_of(declared, parameter));
    let declarations: Vec<Option<Declaration>> = parameters.iter().map(|parameter| own(parameter)).collect();
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
    let (domain, nodes) =
        domain(&mut check, entry, &path, declarations.iter().flatten().copied().collect(), field.asked)?;
    // Several parameters that differ have no value in common.
    let now =
        |parameter: &String| field.scenarios().find_map(|scenario| scenario.settings().get(&canonical(parameter)));
    let today = now(&parameters[0]).filter(|today| parameters.iter().all(|other| now(other) == Some(*today)));
    let unit = match (&domain, declared) {
        (Domain::Words { .. }, _) | (_, None) => String::new(),
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
    })
}

/// A sentence as a label: its first part, without the point.
fn words_of(sentence: &str) -> String {
    let first = sentence.split([';', ':', '(']).next().unwrap_or(sentence).trim().trim_end_matches('.');
    first.to_owned()
}

/// A parameter's key as the settings have it.
fn canonical(parameter: &str) -> String {
    match parameter.split('.').collect::<Vec<_>>()[..] {
        ["pair", pair, name] => format!("pair.{}.{name}", pair_key(pair)),
        _ => parameter.to_owned(),
    }
}

/// The parameters a factor stands for, a star in the place of an entity being all of them.
fn parameters(check: &mut Check<'_>, field: &Field<'_>, entry: &Entry, path: &str) -> Option<(Vec<String>, Origin)> {
    let example = "write parameter = \"habit.half_life\", or parameter = \"intervention.exchange.places\"";
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
        if FIXED.contains(&steps[0]) {
            let message = format!("{path}: {} cannot be varied: the points of a sweep share [{}]", word, steps[0]);
            let hint = if word == "run.seed" {
                "every replicate has luck of its own: add replicates"
            } else {
                "make a study of each, and sweep them one by one"
            };
            check.error(at, message, hint);
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

/// Over which values a factor goes.
fn domain(
    check: &mut Check<'_>,
    entry: &Entry,
    path: &str,
    of: Vec<Declaration>,
    design: &Design,
) -> Option<(Domain, Vec<Node>)> {
    let get = |key: &str| entry.node.get(key);
    let lawful = [
        "from",
        "to",
        "levels",
        "scale",
        "whole",
        "distribution",
        "mean",
        "sd",
        "mode",
        "a",
        "b",
        "log_mean",
        "log_sd",
    ];
    let in_rows = matches!(design, Design::Rows { from: "list" | "table", .. });
    if let Some(node) = get("values") {
        if let Some(key) = lawful.iter().find(|key| get(key).is_some()) {
            let at = get(key).map_or(entry.key_at, |node| node.at);
            check.error(at, format!("{path} has values and {key}"), "list its values, or give its law: not both");
            return None;
        }
        return listed(check, entry, node, path, &of);
    }
    if let Some(node) = get("weights") {
        check.error(node.at, format!("{path} has weights, but no values"), "write values = [\"on\", \"off\"]");
        return None;
    }
    let Some(_) = lawful.iter().find(|key| get(key).is_some()) else {
        if in_rows {
            return Some((Domain::Rows, Vec::new()));
        }
        check.missing(entry.key_at, format!("{path} has no values"), "write values = [...], or from = and to =");
        return None;
    };
    let bounds = of.iter().fold((f64::MIN, f64::MAX), |(low, high), of| (low.max(of.low), high.min(of.high)));
    let unit = of.first().map_or(Unit::Factor, |of| of.unit);
    let mut wanted: Vec<&str> = vec!["from", "to"];
    let mut named = "uniform";
    if let Some(node) = get("distribution") {
        named = check.one_of(node, &format!("{path}.distribution"), &distributions())?;
        wanted = DISTRIBUTIONS.iter().find(|(name, _)| *name == named)?.1.to_vec();
    }
    let more: &[&str] = if named == "uniform" { &["scale", "whole", "levels"] } else { &["levels"] };
    let mut sound = true;
    for key in lawful.iter().filter(|key| **key != "distribution" && get(key).is_some()) {
        if !wanted.contains(key) && !more.contains(key) {
            let at = get(key).map_or(entry.key_at, |node| node.at);
            check.error(at, format!("{path}: a {named} law has no {key}"), format!("it has {}", wanted.join(", ")));
            sound = false;
        }
    }
    let mut numbers = Vec::new();
    for key in &wanted {
        let own = match *key {
            // In units of the parameter, and within its range where a value of it is meant.
            "from" | "to" | "mode" | "mean" => Some((unit, bounds)),
            "sd" => Some((if unit == Unit::Days { unit } else { Unit::Utility }, (f64::MIN_POSITIVE, f64::MAX))),
            _ => None,
        };
        let (unit, range) = own.unwrap_or((Unit::Utility, (f64::MIN, f64::MAX)));
        match get(key) {
            Some(node) => numbers.push(check.quantity(node, &format!("{path}.{key}"), unit, range)?),
            None => {
                check.missing(entry.key_at, format!("{path} has no {key}"), format!("write {key} = and a number"));
                sound = false;
            }
        }
    }
    if !sound {
        return None;
    }
    let truth = |check: &mut Check<'_>, key: &str, usual: bool| match get(key).map(|node| (node, &node.value)) {
        Some((_, Value::Truth(truth))) => Some(*truth),
        Some((node, _)) => {
            let message = format!("{path}.{key} is true or false, but {} stands here", node.kind());
            check.error(node.at, message, format!("write {key} = true, without quotes"));
            None
        }
        None => Some(usual),
    };
    let whole = truth(check, "whole", unit == Unit::Count || (of.is_empty() && named == "uniform"))?;
    let scale = match get("scale") {
        Some(node) => check.one_of(node, &format!("{path}.scale"), &["linear", "log"])?,
        None => "linear",
    };
    let number = |key: &str| wanted.iter().position(|wanted| *wanted == key).map_or(f64::NAN, |place| numbers[place]);
    let (low, high, mean, sd, mode) = (number("from"), number("to"), number("mean"), number("sd"), number("mode"));
    let law = match named {
        "normal" => Law::Normal { mean, sd },
        "truncated-normal" => Law::TruncatedNormal { mean, sd, low, high },
        "lognormal" => Law::Lognormal { log_mean: number("log_mean"), log_sd: number("log_sd") },
        "triangular" => Law::Triangular { low, mode, high },
        "beta" => Law::Beta { a: number("a"), b: number("b"), low, high },
        "pert" => Law::Pert { low, mode, high },
        _ if whole && scale == "log" => {
            check.error(
                entry.key_at,
                format!("{path} is of whole numbers on a log scale"),
                "list them: values = [1, 2, 5]",
            );
            return None;
        }
        _ if whole && (low.fract() != 0.0 || high.fract() != 0.0) => {
            check.error(
                entry.key_at,
                format!("{path} is of whole numbers, but goes from {low} to {high}"),
                "write whole ends",
            );
            return None;
        }
        _ if whole => Law::Integers { low: low as i64, high: high as i64 },
        _ if scale == "log" => Law::Logarithmic { low, high },
        _ => Law::Interval { low, high },
    };
    if named != "uniform" && (unit == Unit::Count || of.is_empty()) {
        let what = if of.is_empty() { "no number of the model" } else { "a count" };
        let message = format!("{path} stands for {what}, and a {named} law has no whole numbers");
        check.error(entry.key_at, message, "write from = and to =, or values = [...] with weights");
        return None;
    }
    let margin = match Margin::new(law) {
        Ok(margin) => margin,
        Err(refusal) => {
            check.error(entry.key_at, format!("{path}: {refusal}"), "change its numbers");
            return None;
        }
    };
    let reach = (margin.at(0.0), margin.at(1.0));
    if reach.0 < bounds.0 || bounds.1 < reach.1 {
        let (low, high) = (units::number(bounds.0), units::number(bounds.1));
        let message =
            format!("{path}: this {named} law goes beyond {low} to {high}, where the parameter has no values");
        check.error(entry.key_at, message, "use truncated-normal, or beta, with from and to");
        return None;
    }
    let levels = match get("levels") {
        Some(node) => Some(check.whole(node, &format!("{path}.levels"), 1, MOST_LEVELS)? as usize),
        None => None,
    };
    Some((Domain::Law { margin, levels }, Vec::new()))
}

/// The values of a list: numbers where the parameters are declared as such, else words.
fn listed(
    check: &mut Check<'_>,
    entry: &Entry,
    node: &Node,
    path: &str,
    of: &[Declaration],
) -> Option<(Domain, Vec<Node>)> {
    let Value::List(items) = &node.value else {
        let message = format!("{path}.values is a list, but {} stands here", node.kind());
        check.error(node.at, message, "write values = [0.1, 0.2]");
        return None;
    };
    if items.is_empty() {
        check.missing(node.at, format!("{path}.values is empty"), "write values = [0.1, 0.2]");
        return None;
    }
    if let Some(first) = of.first() {
        if let Some(weights) = entry.node.get("weights") {
            let hint = "only words have weights; give numbers a distribution";
            check.error(weights.at, format!("{path} weighs numbers"), hint);
            return None;
        }
        let bounds = of.iter().fold((first.low, first.high), |(low, high), of| (low.max(of.low), high.min(of.high)));
        let numbers: Vec<Option<f64>> =
            items.iter().map(|item| check.quantity(item, &format!("{path}.values"), first.unit, bounds)).collect();
        let numbers: Vec<f64> = numbers.into_iter().collect::<Option<_>>()?;
        return Some((Domain::Numbers(numbers), Vec::new()));
    }
    let words: Vec<String> = items.iter().map(|item| word(check, item)).collect();
    let weights = match entry.node.get("weights") {
        Some(given) => {
            let Value::List(list) = &given.value else {
                check.error(
                    given.at,
                    format!("{path}.weights is a list"),
                    "write weights = [3, 1], one for each value",
                );
                return None;
            };
            let all: Option<Vec<f64>> = list
                .iter()
                .map(|item| check.quantity(item, &format!("{path}.weights"), Unit::Utility, (0.0, f64::MAX)))
                .collect();
            let all = all?;
            let law = Margin::new(Law::Weighted { weights: all.clone() });
            if all.len() != words.len() || law.is_err() {
                let why =
                    law.err().map_or(format!("{} weights for {} values", all.len(), words.len()), |e| e.to_string());
                check.error(given.at, format!("{path}: {why}"), "give each value one weight, not all of them 0");
                return None;
            }
            Some(all)
        }
        None => None,
    };
    Some((Domain::Words { words, weights }, items.clone()))
}

/// A value as a word.
pub(super) fn word(check: &Check<'_>, node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Truth(true) => "on".to_owned(),
        Value::Truth(false) => "off".to_owned(),
        _ => check.report.written(node.at).split_whitespace().collect::<Vec<_>>().join(" "),
    }
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
