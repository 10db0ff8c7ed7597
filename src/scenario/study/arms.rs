//! Arms: what each adds to the baseline.

use super::super::Scenario;
use super::super::check::Check;
use super::super::extend::{self, Override, beside, name_pairs, no_such, normal, overlay};
use super::super::report::{Origin, Report};
use super::super::resolve::stem;
use super::super::written::{Entry, Node, Value};
use super::{Arm, Ground, nothing_called, tables, words};
use crate::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// An arm as written.
#[derive(Debug)]
pub(super) struct WrittenArm {
    pub(super) key: String,
    pub(super) label: String,
    /// Where it is named.
    pub(super) at: Origin,
    /// What it lays over the baseline, one after the other.
    pub(super) parts: Vec<Node>,
}

/// The arms of a study file.
pub(super) fn of_study(report: &mut Report, ground: &Ground<'_>, name: &str, study: &Node) -> Vec<WrittenArm> {
    let mut used: Vec<String> = Vec::new();
    let entries: Vec<&Entry> = tables(&mut checking(report), study, "arm");
    let arms = entries.iter().map(|entry| arm(report, ground, (name, study), entry, &mut used)).collect();
    let library = study.get("intervention");
    if let Some(node) = library {
        let mut check = checking(report);
        for entry in check.table(node, "intervention").iter().filter(|entry| !used.contains(&entry.key)) {
            let message = format!("no arm uses intervention.{}", entry.key);
            let hint = format!("add it to an arm: interventions = [\"{}\"], or take it out", entry.key);
            check.warn(entry.key_at, message, hint);
        }
    }
    arms
}

fn checking(report: &mut Report) -> Check<'_> {
    Check { report, clock: None, facts: BTreeMap::new() }
}

fn arm(
    report: &mut Report,
    ground: &Ground<'_>,
    (name, study): (&str, &Node),
    entry: &Entry,
    used: &mut Vec<String>,
) -> WrittenArm {
    let path = format!("arm.{}", entry.key);
    let mut check = checking(report);
    check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &["name", "interventions", "files", "set"]);
    let mut label = entry.node.get("name").and_then(|node| check.name(node, &format!("{path}.name")));
    let mut parts = Vec::new();
    let mut said = false;
    if let Some(node) = entry.node.get("files") {
        let at = format!("{path}.files");
        let files = words(&mut check, node, &at, "files = [\"handbook.toml\"]");
        said |= !files.is_empty();
        for (file, at) in files {
            if let Some((title, added)) = of_file(report, ground, (&beside(name, &file), Some(at))) {
                label = label.or(title);
                parts.extend(added);
            }
        }
    }
    let mut check = checking(report);
    if let Some(node) = entry.node.get("interventions") {
        let library = study.get("intervention");
        let known: Vec<&str> =
            library.and_then(Node::entries).unwrap_or(&[]).iter().map(|entry| entry.key.as_str()).collect();
        let at = format!("{path}.interventions");
        for (word, at) in words(&mut check, node, &at, "interventions = [\"handbook\"]") {
            said = true;
            let found = library.and_then(Node::entries).and_then(|all| all.iter().find(|entry| entry.key == word));
            match found {
                Some(found) => parts.push(group(found.key_at, "intervention", vec![found.clone()])),
                None => nothing_called(&mut check, at, "intervention", &word, &known),
            }
            used.push(word);
        }
    }
    if let Some(node) = entry.node.get("set") {
        let values = check.table(node, &format!("{path}.set"));
        said |= !values.is_empty();
        for value in values {
            let added = set(report, ground, &parts, value);
            parts.extend(added);
        }
    }
    if !said {
        let hint = "write interventions = [...], files = [...] or set = { \"gate.approval\" = 0.0 }";
        checking(report).missing(entry.key_at, format!("{path} adds nothing to the baseline"), hint);
    }
    let label = label.unwrap_or_else(|| readable(&entry.key));
    WrittenArm { key: entry.key.clone(), label, at: entry.key_at, parts }
}

/// A key as words.
pub(super) fn readable(key: &str) -> String {
    key.replace(['-', '_'], " ")
}

/// A tree with one group in it.
fn group(at: Origin, key: &str, entries: Vec<Entry>) -> Node {
    let node = Node { value: Value::Table(entries), at };
    Node { value: Value::Table(vec![Entry { key: key.to_owned(), key_at: at, node }]), at }
}

/// A value of `set` as a tree: the path before it may have dots.
fn set(report: &mut Report, ground: &Ground<'_>, before: &[Node], entry: &Entry) -> Option<Node> {
    let steps: Vec<&str> = entry.key.split('.').map(str::trim).collect();
    if steps.iter().any(|step| step.is_empty()) {
        let message = format!("set wants paths of names joined by dots, but \"{}\" is none", entry.key);
        report.noticed(entry.key_at, Diagnostic::error(message).hint("for example set = { \"gate.approval\" = 0.0 }"));
        return None;
    }
    let mut tree = steps.iter().rev().fold(entry.node.clone(), |node, step| {
        let at = entry.key_at;
        Node { value: Value::Table(vec![Entry { key: (*step).to_owned(), key_at: at, node }]), at }
    });
    let Value::Table(groups) = &mut tree.value else { return None };
    for group in groups {
        if group.key == "pair" {
            name_pairs(report, &mut group.node);
        } else if extend::ENTITIES.contains(&group.key.as_str()) {
            for entity in group.node.entries().unwrap_or(&[]) {
                let has = |root: &Node| root.get(&group.key).and_then(|all| all.get(&entity.key)).is_some();
                if !has(&ground.common.root) && !before.iter().any(has) {
                    report.noticed(entity.key_at, no_such(&ground.common.root, &group.key, &entity.key));
                    return None;
                }
            }
        }
    }
    Some(tree)
}

/// What a scenario file adds to the baseline, and its title.
fn of_file(
    report: &mut Report,
    ground: &Ground<'_>,
    (name, at): (&str, Option<Origin>),
) -> Option<(Option<String>, Vec<Node>)> {
    if ground.common.known.contains(&normal(name)) {
        return Some((None, Vec::new()));
    }
    let chain = extend::chain(report, (name, at), ground.files, &ground.common.known)?;
    if let (false, Some(other)) = (chain.met, &chain.extends) {
        let message = format!("{name} extends {other}, but the baseline is {}", ground.common.baseline);
        let hint = "let it extend the baseline, or what the baseline extends; then all that it adds counts";
        report.noticed(chain.extends_at.unwrap_or(Origin::whole(chain.own)), Diagnostic::error(message).hint(hint));
        return None;
    }
    let mut title = None;
    let mut layers = Vec::new();
    for (place, mut layer) in chain.layers.into_iter().enumerate() {
        let Value::Table(entries) = &mut layer.value else { continue };
        if let Some(entry) = entries.iter().find(|entry| entry.key == "baseline") {
            let error = Diagnostic::error(format!("{name} is a study, not a scenario"));
            report.noticed(entry.key_at, error.hint("a study is compared by itself: comity compare STUDY.toml"));
            return None;
        }
        for entry in entries.extract_if(.., |entry| entry.key == "title" || entry.key == "description") {
            match entry.node.value {
                Value::Text(text) if place == 0 && entry.key == "title" => title = Some(on_one_line(&text)),
                _ => {}
            }
        }
        layers.push(layer);
    }
    layers.reverse();
    Some((title, layers))
}

/// The arms that are scenario files, each named as its file.
pub(super) fn of_files(report: &mut Report, ground: &Ground<'_>, names: &[&str]) -> Vec<WrittenArm> {
    let mut arms: Vec<WrittenArm> = Vec::new();
    for name in names {
        let key = stem(name);
        if arms.iter().any(|arm| arm.key == key) {
            let message = format!("two arms are called {key}");
            report.placeless(Diagnostic::error(message).hint("give one of the files another name"));
            continue;
        }
        let Some((title, parts)) = of_file(report, ground, (name, None)) else { continue };
        let at = parts.last().map_or(Origin::whole(ground.common.own), |part| part.at);
        arms.push(WrittenArm { label: title.unwrap_or_else(|| readable(&key)), key, at, parts });
    }
    arms
}

/// Changes an intervention wherever it stands: in the baseline, and in what arms add.
pub(super) fn change_intervention(
    report: &mut Report,
    ground: &mut Ground<'_>,
    arms: &mut [WrittenArm],
    change: &Override,
) {
    let in_arms = arms.iter_mut().flat_map(|arm| &mut arm.parts);
    let mut done = false;
    for root in std::iter::once(&mut ground.common.root).chain(in_arms) {
        if super::names_one(root, change)
            && let Some(layer) = extend::set(report, root, change)
        {
            overlay(report, root, layer, &[]);
            done = true;
        }
    }
    if !done {
        // Says that there is none, and what there is.
        extend::set(report, &ground.common.root, change);
    }
}

/// Checks every arm, and holds it against the baseline.
pub(super) fn resolved(
    report: &mut Report,
    ground: &Ground<'_>,
    baseline: Option<&Scenario>,
    arms: &[WrittenArm],
) -> Option<Vec<Arm>> {
    let mut all = Some(Vec::new());
    for arm in arms {
        let scenario = ground.common.scenario(report, &arm.key, Some(&arm.label), arm.parts.iter());
        let (Some(scenario), Some(baseline)) = (scenario, baseline) else {
            all = None;
            continue;
        };
        for (differs, group, what) in [
            (scenario.time() != baseline.time(), "time", "another time"),
            (scenario.seed() != baseline.seed(), "run", "another seed"),
        ] {
            if differs {
                let at = arm.parts.iter().rev().find_map(|part| part.get(group)).map_or(arm.at, |node| node.at);
                let message = format!("arm.{} has {what} than the baseline", arm.key);
                let hint = format!("arms share it: take [{group}] out, and say it in the study or by --set for all");
                report.noticed(at, Diagnostic::error(message).hint(hint));
            }
        }
        if scenario.canonical() == baseline.canonical() && !report.failed() {
            let message = format!("arm.{} is the same as the baseline: every difference will be 0", arm.key);
            report.noticed(arm.at, Diagnostic::warning(message).hint("is what it changes the baseline's value?"));
        }
        if let Some(all) = &mut all {
            all.push(Arm { key: arm.key.clone(), label: arm.label.clone(), scenario });
        }
    }
    all
}

/// A title as a label: on one line, and no longer than a label may be.
fn on_one_line(title: &str) -> String {
    let words: Vec<&str> =
        title.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= 120 { line } else { line.chars().take(119).chain(['\u{2026}']).collect() }
}
