//! `assumed = 0.5`: every number of the baseline that is assumed is varied, by this share of itself up and down.

use super::super::super::Scenario;
use super::super::super::extend::ENTITIES;
use super::super::super::numbers::Declared;
use super::super::super::report::Origin;
use super::super::super::written::{Entry, Node, Value};
use super::Design;
use super::factor::{canonical, words_of};
use crate::parameter::{Declaration, Grade, Unit};

/// The factors for what is assumed and not spoken for, as if they were written, and what is left out, in words.
pub(super) struct Assumed {
    /// The factors.
    pub(super) entries: Vec<Entry>,
    /// What is left out.
    pub(super) notices: Vec<String>,
}

/// Every assumed number of the baseline, but what written factors stand for.
pub(super) fn assumed(baseline: &Scenario, written: &[&Entry], design: &Design, (share, at): (f64, Origin)) -> Assumed {
    let declared = Declared::all();
    let spoken_for = spoken_for(baseline, written);
    let settings = baseline.settings();
    let off: Vec<String> = settings
        .choices()
        .filter(|(_, word, _)| *word == "off")
        .filter_map(|(key, _, _)| key.strip_prefix("mechanisms.").map(|group| format!("{group}.")))
        .collect();
    let (mut entries, mut zeros, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    let of_entity = |key: &str| key.split('.').next().is_some_and(|group| ENTITIES.contains(&group));
    for (key, value, provenance) in settings.numbers() {
        if provenance.grade != Grade::Assumed || of_entity(key) || spoken_for.iter().any(|own| own == key) {
            continue;
        }
        let Some(of) = declared.of_key(key) else { continue };
        if off.iter().any(|group| key.starts_with(group)) {
            idle.push(key);
            continue;
        }
        match ends(&of, value, share) {
            Some(ends) => entries.push(entry(
                key,
                at,
                vec![text(key, at)],
                &Made { name: name(&of, key), ends, times: false, design },
            )),
            None => zeros.push(key),
        }
    }
    for group in ENTITIES {
        for of in declared.of_entities(group) {
            let end = format!(".{}", of.name);
            let all = settings.numbers().filter(|(key, value, provenance)| {
                let own = key.strip_prefix(group).is_some_and(|rest| rest.starts_with('.')) && key.ends_with(&end);
                own && provenance.grade == Grade::Assumed && *value != 0.0 && !spoken_for.iter().any(|own| own == key)
            });
            let parameters: Vec<Node> = all.map(|(key, _, _)| text(key, at)).collect();
            if !parameters.is_empty() {
                let (key, name) = (format!("{group}.{}", of.name), words_of(of.sentence));
                let made = Made {
                    name: format!("{name} (all, as multiples)"),
                    ends: (1.0 - share, 1.0 + share),
                    times: true,
                    design,
                };
                entries.push(entry(&key, at, parameters, &made));
            }
        }
    }
    let mut notices = Vec::new();
    if !zeros.is_empty() {
        notices
            .push(format!("{} are assumed to be 0, of which a share is 0 too: they are not varied", zeros.join(", ")));
    }
    if !idle.is_empty() {
        notices.push(format!("{} belong to what is switched off: they are not varied", idle.join(", ")));
    }
    Assumed { entries, notices }
}

/// The parameters that written factors stand for, one by one.
fn spoken_for(baseline: &Scenario, written: &[&Entry]) -> Vec<String> {
    let words = |node: &Node| match &node.value {
        Value::Text(text) => vec![text.clone()],
        Value::List(list) => list
            .iter()
            .filter_map(|item| if let Value::Text(text) = &item.value { Some(text.clone()) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    let written = written.iter().filter_map(|entry| entry.node.get("parameter")).flat_map(words);
    let mut all = Vec::new();
    for word in written {
        match word.split('.').map(str::trim).collect::<Vec<_>>()[..] {
            [group, "*", name] => {
                let own = |key: &&str| {
                    let mut steps = key.split('.');
                    steps.next() == Some(group) && steps.next_back() == Some(name)
                };
                all.extend(baseline.settings().numbers().map(|(key, _, _)| key).filter(own).map(str::to_owned));
            }
            _ => all.push(canonical(&word)),
        }
    }
    all
}

/// Between what a number goes; nothing for one that has no share.
fn ends(of: &Declaration, value: f64, share: f64) -> Option<(f64, f64)> {
    let reach = share * value.abs();
    let (mut low, mut high) = (value - reach, value + reach);
    if of.unit == Unit::Count {
        (low, high) = (libm::floor(low), libm::ceil(high));
    }
    (low, high) = (low.max(of.low), high.min(of.high));
    (low < high).then_some((low, high))
}

/// What is said of a factor.
struct Made<'d> {
    name: String,
    ends: (f64, f64),
    times: bool,
    design: &'d Design,
}

/// The name for people: what it means, and of which tool or role.
fn name(of: &Declaration, key: &str) -> String {
    let meaning = words_of(of.sentence);
    match key.split('.').collect::<Vec<_>>()[..] {
        [_, whose, _] => format!("{meaning} ({})", whose.replace('_', " ")),
        _ => meaning,
    }
}

fn entry(key: &str, at: Origin, parameters: Vec<Node>, made: &Made<'_>) -> Entry {
    let node = |value| Node { value, at };
    let row = |key: &str, node| Entry { key: key.to_owned(), key_at: at, node };
    let mut rows = vec![
        row("parameter", node(Value::List(parameters))),
        row("name", node(Value::Text(made.name.clone()))),
        row("from", node(Value::Real(made.ends.0))),
        row("to", node(Value::Real(made.ends.1))),
    ];
    if made.times {
        rows.push(row("times", node(Value::Truth(true))));
    }
    // A grid has both ends.
    if matches!(made.design, Design::OneAtATime | Design::Factorial) {
        rows.push(row("levels", node(Value::Whole(2))));
    }
    row(&key.replace('.', "_"), node(Value::Table(rows)))
}

fn text(key: &str, at: Origin) -> Node {
    Node { value: Value::Text(key.to_owned()), at }
}
