//! Which arms go together: rules as written, and whether any mix can keep them.

use super::super::super::check::Check;
use super::super::super::report::Origin;
use super::super::super::written::{Node, Value};
use super::super::{nothing_called, words};
use super::MOST_LISTED;
use crate::statistics::optimisation::{Portfolio, Refusal, Rule};

/// A rule with its place and its words.
pub(super) struct Placed {
    pub(super) rule: Rule,
    pub(super) at: Origin,
    pub(super) told: String,
}

/// Reads every rule.
pub(super) fn rules(check: &mut Check<'_>, node: &Node, arms: &[&str]) -> Vec<Placed> {
    let mut all = Vec::new();
    for key in ["requires", "excludes"] {
        let path = format!("optimise.{key}");
        let Some(written) = node.get(key) else { continue };
        let example = format!("write {key} = [[\"{}\", \"{}\"]]", arms[0], arms.get(1).unwrap_or(&"another-arm"));
        let Value::List(pairs) = &written.value else {
            let message = format!("{path} is a list of pairs of arms, but {} stands here", written.kind());
            check.error(written.at, message, example);
            continue;
        };
        for pair in pairs {
            if !matches!(pair.value, Value::List(_)) {
                let message = format!("{path} is a list of pairs of arms, but {} stands among them", pair.kind());
                check.error(pair.at, message, example.clone());
                continue;
            }
            let named = named(check, pair, &path, arms);
            let two = if key == "requires" { named.len() == 2 } else { named.len() >= 2 };
            if !two {
                let count = if key == "requires" { "two arms: the one, and what it needs" } else { "two arms or more" };
                if check.report.failed() {
                    continue;
                }
                check.error(pair.at, format!("{path}: a pair names {count}"), example.clone());
                continue;
            }
            for (place, item) in named.iter().enumerate() {
                for other in &named[place + 1..] {
                    let (rule, word) = match key {
                        "requires" => (Rule::Requires { item: *item, needs: *other }, "requires"),
                        _ => (Rule::Excludes { item: *item, other: *other }, "excludes"),
                    };
                    all.push(Placed { rule, at: pair.at, told: format!("{} {word} {}", arms[*item], arms[*other]) });
                }
            }
        }
    }
    for key in ["always", "never"] {
        let Some(written) = node.get(key) else { continue };
        for item in named(check, written, &format!("optimise.{key}"), arms) {
            let rule = if key == "always" { Rule::Always { item } } else { Rule::Never { item } };
            all.push(Placed { rule, at: written.at, told: format!("{} is {key} in it", arms[item]) });
        }
    }
    for key in ["at_least", "at_most"] {
        let Some(written) = node.get(key) else { continue };
        let Some(count) = check.whole(written, &format!("optimise.{key}"), 0, arms.len() as u64) else { continue };
        let (count, of) = (count as usize, (0..arms.len()).collect());
        let rule = if key == "at_least" { Rule::AtLeast { count, of } } else { Rule::AtMost { count, of } };
        all.push(Placed { rule, at: written.at, told: format!("{} {count} arms", key.replace('_', " ")) });
    }
    all
}

/// The arms of a list, each once.
fn named(check: &mut Check<'_>, node: &Node, path: &str, arms: &[&str]) -> Vec<usize> {
    let mut all = Vec::new();
    for (word, at) in words(check, node, path, &format!("[\"{}\"]", arms[0])) {
        match arms.iter().position(|arm| *arm == word) {
            Some(place) if all.contains(&place) => {
                check.error(at, format!("{path} names {word} twice"), "name it once");
            }
            Some(place) => all.push(place),
            None => nothing_called(check, at, "arm", &word, arms),
        }
    }
    all
}

/// Reports rules that no mix can keep.
pub(super) fn consistent(check: &mut Check<'_>, placed: &[Placed], arms: &[&str]) {
    if check.report.failed() || placed.is_empty() {
        return;
    }
    // Arms that no rule names by itself are free to be in or out; of many, only as many are looked at as matter.
    let is_named = |item: usize| {
        placed.iter().any(|own| {
            matches!(own.rule, Rule::Requires { .. } | Rule::Excludes { .. } | Rule::Always { .. } | Rule::Never { .. })
                && names(&own.rule, item)
        })
    };
    let (mut kept, free): (Vec<usize>, Vec<usize>) = (0..arms.len()).partition(|item| is_named(*item));
    kept.extend(free.iter().take(MOST_LISTED.saturating_sub(kept.len())));
    if kept.len() > MOST_LISTED {
        return;
    }
    let left_out = arms.len() - kept.len();
    let rules = placed.iter().map(|own| renumbered(&own.rule, &kept, left_out)).collect();
    let portfolio = Portfolio { costs: vec![0.0; kept.len()], budget: f64::INFINITY, rules };
    let hint = "take one of them back";
    match portfolio.packages() {
        Err(Refusal::Contradiction { one, other }) => {
            let (one, other) = (&placed[one], &placed[other]);
            let message = format!("optimise: \"{}\" and \"{}\" contradict each other", one.told, other.told);
            check.error(other.at, message, hint);
        }
        Err(Refusal::NoPackage { rules }) => {
            let told: Vec<&str> = rules.iter().map(|rule| placed[*rule].told.as_str()).collect();
            let at = rules.last().map_or(placed[placed.len() - 1].at, |rule| placed[*rule].at);
            let way = match told.is_empty() {
                true => "take back more than one of them".to_owned(),
                false => format!("take back one of these: {}", told.join("; ")),
            };
            check.error(at, "optimise: no mix of arms obeys all rules, whatever it costs", way);
        }
        Err(other) => check.error(placed[0].at, format!("optimise: {other}"), hint),
        Ok(_) => {}
    }
}

fn names(rule: &Rule, item: usize) -> bool {
    match rule {
        Rule::Requires { item: one, needs: other } | Rule::Excludes { item: one, other } => {
            *one == item || *other == item
        }
        Rule::Always { item: own } | Rule::Never { item: own } => *own == item,
        Rule::AtLeast { of, .. } | Rule::AtMost { of, .. } => of.contains(&item),
    }
}

/// A rule about some of the arms alone, those left out being free.
fn renumbered(rule: &Rule, kept: &[usize], left_out: usize) -> Rule {
    let place = |item: &usize| kept.iter().position(|own| own == item).unwrap_or(0);
    match rule {
        Rule::Requires { item, needs } => Rule::Requires { item: place(item), needs: place(needs) },
        Rule::Excludes { item, other } => Rule::Excludes { item: place(item), other: place(other) },
        Rule::Always { item } => Rule::Always { item: place(item) },
        Rule::Never { item } => Rule::Never { item: place(item) },
        Rule::AtLeast { count, .. } => {
            Rule::AtLeast { count: count.saturating_sub(left_out), of: (0..kept.len()).collect() }
        }
        Rule::AtMost { count, .. } => Rule::AtMost { count: *count, of: (0..kept.len()).collect() },
    }
}
