//! Packages: several arms together, all smaller combinations of them, and all orders.
//!
//! A package lays what its arms add over the baseline, one arm after the other. Where two arms set the same value, the later one would
//! win and the sum of the arms would mean nothing; that is an error.

use super::super::check::Check;
use super::super::report::{Origin, Report};
use super::super::written::{Entry, Node, Value};
use super::super::{Scenario, TimeFrame};
use super::arms::{WrittenArm, readable};
use super::{Combination, Common, Package, nothing_called, tables, words};
use crate::parameter::Unit;
use crate::quantity::Date;
use std::collections::BTreeMap;
use toml::value::Datetime;

/// Most arms whose combinations are all run for Shapley shares: 2^6 runs in each replicate.
const SHARED_OUT: usize = 6;
/// Most arms of a package.
const MOST_ARMS: usize = 12;
/// Most arms whose orders are all run: 24 runs in each replicate.
const ORDERED: usize = 4;
/// Longest stagger, in days.
const STAGGER_DAYS: (f64, f64) = (1.0, 36_600.0);
/// Keys of an intervention under which a whole number is a date in ticks.
const DATED: [&str; 2] = ["start", "end"];

/// Reads `[package.*]` and checks every combination.
pub(super) fn packages(
    report: &mut Report,
    ground: &Common,
    study: &Node,
    arms: &[WrittenArm],
    time: Option<TimeFrame>,
) -> Option<Vec<Package>> {
    let entries = tables(&mut checking(report), study, "package");
    let mut all: Option<Vec<Package>> = Some(Vec::new());
    for entry in entries {
        let package = package(report, ground, entry, arms, time);
        all = all.zip(package).map(|(mut all, package)| {
            all.push(package);
            all
        });
    }
    all
}

fn checking(report: &mut Report) -> Check<'_> {
    Check { report, clock: None, facts: BTreeMap::new() }
}

fn package(
    report: &mut Report,
    ground: &Common,
    entry: &Entry,
    arms: &[WrittenArm],
    time: Option<TimeFrame>,
) -> Option<Package> {
    let path = format!("package.{}", entry.key);
    let mut check = checking(report);
    check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &["name", "arms", "stagger"]);
    if arms.iter().any(|arm| arm.key == entry.key) {
        let message = format!("{path} is called as an arm is");
        check.error(entry.key_at, message, "give the package another name: both stand in the same tables");
    }
    let label = entry.node.get("name").and_then(|node| check.name(node, &format!("{path}.name")));
    let chosen = members(&mut check, entry, &path, arms)?;
    let stagger_node = entry.node.get("stagger");
    let stagger = match stagger_node {
        Some(node) => Some(check.quantity(node, &format!("{path}.stagger"), Unit::Days, STAGGER_DAYS)?),
        None => None,
    };
    one_value_each(&mut check, entry.key_at, &path, &chosen.iter().map(|arm| &arms[*arm]).collect::<Vec<_>>());
    let label = label.unwrap_or_else(|| readable(&entry.key));
    let together = |report: &mut Report, chosen: &[usize], name: &str| {
        ground.scenario(report, name, Some(name), chosen.iter().flat_map(|arm| &arms[*arm].parts))
    };
    let mut scenario = together(report, &chosen, &entry.key);
    if let Some(scenario) = &mut scenario {
        scenario.title.clone_from(&label);
    }
    let mut subsets = Vec::new();
    if chosen.len() <= SHARED_OUT {
        for set in 1..(1_u32 << chosen.len()) - 1 {
            let some: Vec<usize> =
                (0..chosen.len()).filter(|place| set >> place & 1 == 1).map(|place| chosen[place]).collect();
            if some.len() > 1 {
                let scenario = together(report, &some, &keys(arms, &some, "+"))?;
                subsets.push(Combination { arms: some, scenario });
            }
        }
    } else {
        let message = format!("{path} has {} arms: Shapley shares are left out", chosen.len());
        let hint = format!("they would take 2^{} runs in each replicate; at most {SHARED_OUT} arms", chosen.len());
        checking(report).warn(entry.key_at, message, hint);
    }
    let orders = match (stagger, stagger_node) {
        (Some(days), Some(node)) => orders(report, ground, (&path, node.at), (arms, &chosen), (days, time))?,
        _ => Vec::new(),
    };
    let stagger_days = stagger.unwrap_or(0.0);
    Some(Package { key: entry.key.clone(), label, arms: chosen, scenario: scenario?, subsets, orders, stagger_days })
}

/// The keys of some arms, joined.
fn keys(arms: &[WrittenArm], some: &[usize], by: &str) -> String {
    some.iter().map(|arm| arms[*arm].key.as_str()).collect::<Vec<_>>().join(by)
}

/// Which arms a package has.
fn members(check: &mut Check<'_>, entry: &Entry, path: &str, arms: &[WrittenArm]) -> Option<Vec<usize>> {
    let known: Vec<&str> = arms.iter().map(|arm| arm.key.as_str()).collect();
    let example = "arms = [\"handbook\", \"exchange\"]";
    let Some(node) = entry.node.get("arms") else {
        check.missing(entry.key_at, format!("{path} has no arms"), format!("write {example}"));
        return None;
    };
    let mut chosen: Vec<usize> = Vec::new();
    let mut sound = true;
    for (word, at) in words(check, node, &format!("{path}.arms"), example) {
        match known.iter().position(|key| *key == word) {
            Some(arm) if chosen.contains(&arm) => {
                check.error(at, format!("{path} has the arm {word} twice"), "take one out");
                sound = false;
            }
            Some(arm) => chosen.push(arm),
            None => {
                nothing_called(check, at, "arm", &word, &known);
                sound = false;
            }
        }
    }
    if sound && !(2 <= chosen.len() && chosen.len() <= MOST_ARMS) {
        let message = format!("{path} wants 2 to {MOST_ARMS} arms, but has {}", chosen.len());
        check.error(node.at, message, format!("write {example}"));
        sound = false;
    }
    sound.then_some(chosen)
}

/// Reports every value that two arms of a package both set, unless they set it to the same.
fn one_value_each(check: &mut Check<'_>, at: Origin, path: &str, arms: &[&WrittenArm]) {
    let mut seen: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (number, arm) in arms.iter().enumerate() {
        let mut own: BTreeMap<String, String> = BTreeMap::new();
        for part in &arm.parts {
            leaves(check, part, "", &mut own);
        }
        for (key, value) in own.into_iter().filter(|(key, _)| !key.starts_with("run.") && !key.starts_with("time.")) {
            match seen.get(&key) {
                Some((other, before)) if *before != value => {
                    let (one, other) = (&arms[*other].key, &arm.key);
                    let message = format!("{path}: the arms {one} and {other} both set {key}");
                    check.error(at, message, "the later one would undo the earlier one: put them in no package");
                }
                Some(_) => {}
                None => drop(seen.insert(key, (number, value))),
            }
        }
    }
}

/// Every value of a tree, as written, by its path.
fn leaves(check: &Check<'_>, node: &Node, path: &str, found: &mut BTreeMap<String, String>) {
    match node.entries() {
        Some(entries) if node.get("value").is_none() => {
            for entry in entries {
                let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
                leaves(check, &entry.node, &path, found);
            }
        }
        _ => drop(found.insert(path.to_owned(), check.report.written(node.at).to_owned())),
    }
}

/// Every order of a package's arms, each arm's interventions so much later than those of the arm before.
fn orders(
    report: &mut Report,
    ground: &Common,
    (path, at): (&str, Origin),
    (arms, chosen): (&[WrittenArm], &[usize]),
    (days, time): (f64, Option<TimeFrame>),
) -> Option<Vec<Combination>> {
    let time = time?;
    if chosen.len() > ORDERED {
        let message = format!("{path}.stagger wants every order of {} arms", chosen.len());
        let hint = format!("at most {ORDERED} arms can be staggered: take stagger out, or make a smaller package");
        checking(report).error(at, message, hint);
        return None;
    }
    let mut still = chosen.iter().filter(|arm| !arms[**arm].parts.iter().any(dated));
    if let Some(arm) = still.next() {
        let message = format!("{path}.stagger: nothing in the arm {} has a date that could be later", arms[*arm].key);
        let hint = "give its interventions a date, such as start = 2006-07-01, or take stagger out";
        checking(report).error(at, message, hint);
        return None;
    }
    let mut orders = Vec::new();
    for order in permutations(chosen) {
        let moved: Option<Vec<Node>> = (0..)
            .zip(&order)
            .flat_map(|(place, arm)| arms[*arm].parts.iter().map(move |part| (place, part)))
            .map(|(place, part)| moved(part, days * f64::from(place), time.tick_days))
            .collect();
        let Some(moved) = moved else {
            checking(report).error(at, format!("{path}.stagger moves a date beyond the calendar"), "make it shorter");
            return None;
        };
        let name = keys(arms, &order, " > ");
        let scenario: Scenario = ground.scenario(report, &name, Some(&name), moved.iter())?;
        orders.push(Combination { arms: order, scenario });
    }
    Some(orders)
}

/// Every order of some things, in the order of a dictionary.
fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (place, first) in of.iter().enumerate() {
        let rest: Vec<usize> = [&of[..place], &of[place + 1..]].concat();
        all.extend(permutations(&rest).into_iter().map(|rest| [&[*first][..], &rest].concat()));
    }
    all
}

/// Whether an intervention in that tree has a date.
fn dated(part: &Node) -> bool {
    moved(part, 100.0, 1.0).is_some_and(|later| format!("{:?}", later.value) != format!("{:?}", part.value))
}

/// A tree with the dates of its interventions so much later; `None` if the calendar does not reach so far.
fn moved(part: &Node, days: f64, tick_days: f64) -> Option<Node> {
    let mut part = part.clone();
    if let Value::Table(groups) = &mut part.value {
        for group in groups.iter_mut().filter(|group| group.key == "intervention") {
            later(&mut group.node, days, tick_days, false)?;
        }
    }
    Some(part)
}

fn later(node: &mut Node, days: f64, tick_days: f64, in_ticks: bool) -> Option<()> {
    match &mut node.value {
        Value::Moment(moment) => *moment = later_date(moment, days)?,
        Value::Whole(ticks) if in_ticks => *ticks += (days / tick_days).round() as i128,
        Value::List(items) => {
            for item in items {
                later(item, days, tick_days, in_ticks)?;
            }
        }
        Value::Table(entries) => {
            for entry in entries {
                let in_ticks = DATED.contains(&entry.key.as_str());
                later(&mut entry.node, days, tick_days, in_ticks)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn later_date(moment: &Datetime, days: f64) -> Option<Datetime> {
    let Some(date) = moment.date else { return Some(*moment) };
    // What is no date of the calendar is reported where it is read.
    let Some(start) = Date::new(i32::from(date.year), date.month, date.day) else { return Some(*moment) };
    let later = Date::from_days(start.days() + days.round() as i32)?;
    let written: Datetime = later.to_string().parse().ok()?;
    Some(Datetime { date: written.date, ..*moment })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_orders_as_the_factorial_says() {
        assert_eq!(permutations(&[4, 7]), [[4, 7], [7, 4]]);
        let mut all = permutations(&[1, 2, 3, 4]);
        assert_eq!(all.len(), 24);
        all.dedup();
        assert_eq!(all.len(), 24);
    }

    #[test]
    fn a_date_moves_by_days() {
        let moment: Datetime = "2007-12-31".parse().expect("a date");
        let later = later_date(&moment, 365.25).expect("the calendar reaches it");
        assert_eq!(later.to_string(), "2008-12-30");
    }
}
