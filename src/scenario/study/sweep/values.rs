//! The values of a factor as written: a list, or a law.

use super::super::super::check::Check;
use super::super::super::units;
use super::super::super::written::{Entry, Node, Value};
use super::{Design, Domain};
use crate::parameter::{Declaration, Unit};
use crate::statistics::design::{Law, Margin};

/// The keys of a factor that say its law.
pub(super) const LAW_KEYS: [&str; 13] =
    ["from", "to", "levels", "scale", "whole", "distribution", "mean", "sd", "mode", "a", "b", "log_mean", "log_sd"];
/// Most levels of a factor.
const MOST_LEVELS: u64 = 1_000_000;

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

/// Over which values a factor goes.
pub(super) fn domain(
    check: &mut Check<'_>,
    entry: &Entry,
    path: &str,
    of: Vec<Declaration>,
    design: &Design,
) -> Option<(Domain, Vec<Node>)> {
    let get = |key: &str| entry.node.get(key);
    let in_rows = matches!(design, Design::Rows { from: "list" | "table", .. });
    if let Some(node) = get("values") {
        if let Some(key) = LAW_KEYS.iter().find(|key| get(key).is_some()) {
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
    let Some(_) = LAW_KEYS.iter().find(|key| get(key).is_some()) else {
        if in_rows {
            return Some((Domain::Rows, Vec::new()));
        }
        check.missing(entry.key_at, format!("{path} has no values"), "write values = [...], or from = and to =");
        return None;
    };
    if in_rows {
        let message = format!("{path} has a law, but its values are those of the rows");
        check.error(entry.key_at, message, "take from, to and the like out, or choose another design");
        return None;
    }
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
    for key in LAW_KEYS.iter().filter(|key| **key != "distribution" && get(key).is_some()) {
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
    if let Some(twice) = (1..words.len()).find(|place| words[..*place].contains(&words[*place])) {
        let message = format!("{path}.values has {} twice", words[twice]);
        check.error(items[twice].at, message, "take one out; weights say how often a word is drawn");
        return None;
    }
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
