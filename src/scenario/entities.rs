//! States, corridors and pairs: reading, and checking them against each other.

use super::check::{Check, is_word};
use super::extend::no_such;
use super::numbers::{self, Declared, Written};
use super::report::Origin;
use super::units::{nearest, number};
use super::written::{Node, Value};
use super::{Coordinates, Corridor, Pair, State};
use crate::diagnostic::Diagnostic;
use crate::parameter::Settings;
use crate::quantity::Date;

/// Reads the states and their numbers.
pub(super) fn states(check: &mut Check<'_>, declared: &Declared, settings: &mut Settings, root: &Node) -> Vec<State> {
    let of = declared.of_entities("state");
    let known = numbers::entity_keys(&of, &["name", "legal_family", "language", "tip_law", "longitude", "latitude"]);
    let written = numbers::entities(check, root, "state");
    let mut states = Vec::new();
    for state in &written {
        check.unknown_keys(state.node.entries().unwrap_or(&[]), &state.path, &known);
        for fact in ["legal_family", "language"].into_iter().filter(|fact| state.node.get(fact).is_none()) {
            let others = written.iter().map(|other| other.key).filter(|key| *key != state.key);
            let meant = nearest(state.key, others).map(|near| format!(", or did you mean state.{near}?"));
            let example = if fact == "language" { "thai" } else { "civil" };
            check.missing(
                state.key_at,
                format!("{} has no {fact}", state.path),
                format!("write {fact} = \"{example}\"{}", meant.unwrap_or_default()),
            );
        }
        let name = check.fact(state.node, &state.path, "name", Check::name);
        let legal_family = check.fact(state.node, &state.path, "legal_family", word);
        let language = check.fact(state.node, &state.path, "language", word);
        let tip_law = check.fact(state.node, &state.path, "tip_law", Check::date);
        let coordinates = coordinates(check, state);
        numbers::read_entity(check, settings, &of, (state.key, Some(state.node)));
        states.push(State {
            key: state.key.to_owned(),
            name: name.unwrap_or_else(|| state.key.to_owned()),
            legal_family: legal_family.unwrap_or_default(),
            language: language.unwrap_or_default(),
            tip_law,
            coordinates,
        });
    }
    for (fact, of_state) in [
        ("legal_family", (|state| &state.legal_family) as fn(&State) -> &String),
        ("language", |state| &state.language),
    ] {
        warn_of_near_words(check, &written, &states, fact, of_state);
    }
    states
}

/// Where a map shows a state: both coordinates or neither.
fn coordinates(check: &mut Check<'_>, state: &Written<'_>) -> Option<Coordinates> {
    let longitude =
        check.fact(state.node, &state.path, "longitude", |check, node, path| degrees(check, node, path, 180.0));
    let latitude =
        check.fact(state.node, &state.path, "latitude", |check, node, path| degrees(check, node, path, 90.0));
    let has = |key| state.node.get(key).is_some_and(|node| !node.takes_out());
    for (given, absent) in [("longitude", "latitude"), ("latitude", "longitude")] {
        if has(given) && !has(absent) {
            let message = format!("{} has a {given}, but no {absent}", state.path);
            check.missing(state.key_at, message, format!("give both, in degrees, or take {given} out"));
        }
    }
    Some(Coordinates { longitude: longitude?, latitude: latitude? })
}

/// Degrees, at most so many to either side.
fn degrees(check: &mut Check<'_>, node: &Node, path: &str, most: f64) -> Option<f64> {
    let most_text = number(most);
    let (east, west) = if most > 90.0 { ("east", "west") } else { ("north", "south") };
    let hint = format!("write degrees as a number from -{most_text} to {most_text}, {west} below 0");
    let value = match &node.value {
        Value::Whole(whole) => *whole as f64,
        Value::Real(real) => *real,
        _ => {
            check.error(node.at, format!("{path} is in degrees {east}, but {} stands here", node.kind()), hint);
            return None;
        }
    };
    if (-most..=most).contains(&value) {
        return Some(value);
    }
    let message = format!("{path} is in degrees {east}, but {} is outside -{most_text} to {most_text}", number(value));
    check.error(node.at, message, hint);
    None
}

/// A word that one state alone has may be a slip of the pen for another state's word.
fn warn_of_near_words(
    check: &mut Check<'_>,
    written: &[Written<'_>],
    states: &[State],
    fact: &str,
    of: fn(&State) -> &String,
) {
    for (state, place) in states.iter().zip(written) {
        let word = of(state);
        let shared = states.iter().filter(|other| of(other) == word).count() > 1;
        let others = states.iter().map(|other| of(other).as_str()).filter(|other| other != word && !other.is_empty());
        if shared || word.len() < 4 {
            continue;
        }
        if let (Some(near), Some(node)) = (others.into_iter().find(|other| one_slip(word, other)), place.node.get(fact))
        {
            let message = format!("{}.{fact} is \"{word}\", which no other state has", place.path);
            check.warn(node.at, message, format!("did you mean \"{near}\"?"));
        }
    }
}

fn one_slip(word: &str, other: &str) -> bool {
    word.len() <= 64 && strsim::damerau_levenshtein(word, other) == 1
}

/// A fact that is one word.
fn word(check: &mut Check<'_>, node: &Node, path: &str) -> Option<String> {
    let text = check.text(node, path)?;
    if is_word(&text, true) {
        return Some(text);
    }
    let message = format!("{path} is one word, but \"{}\" is not", super::check::shortened(&text));
    check.error(node.at, message, "use letters, digits, _ and - only");
    None
}

/// Index of a state, or an error there.
pub(super) fn state_index(
    check: &mut Check<'_>,
    root: &Node,
    states: &[State],
    key: &str,
    at: Origin,
    of: &str,
) -> Option<usize> {
    let index = states.iter().position(|state| state.key == key);
    if index.is_none() {
        let Diagnostic { message, hint, .. } = no_such(root, "state", key);
        check.missing(at, format!("{of}: {message}"), hint.unwrap_or_default());
    }
    index
}

/// The two states in a key like `KHM-THA`.
fn two_states(check: &mut Check<'_>, root: &Node, states: &[State], written: &Written<'_>) -> Option<(usize, usize)> {
    let Some((first, second)) = written.key.split_once('-') else {
        let hint = "join the keys of two states by a hyphen, as in KHM-THA";
        check.error(written.key_at, format!("{} does not name two states", written.path), hint);
        return None;
    };
    let first_index = state_index(check, root, states, first, written.key_at, &written.path);
    let second_index = state_index(check, root, states, second, written.key_at, &written.path);
    let (first_index, second_index) = (first_index?, second_index?);
    if first_index == second_index {
        let hint = "only transnational cases are simulated: name two different states";
        check.error(written.key_at, format!("{} joins {first} to itself", written.path), hint);
        return None;
    }
    Some((first_index, second_index))
}

/// Reads the corridors and their numbers.
pub(super) fn corridors(
    check: &mut Check<'_>,
    declared: &Declared,
    settings: &mut Settings,
    (root, states): (&Node, &[State]),
) -> Vec<Corridor> {
    let of = declared.of_entities("corridor");
    let known = numbers::entity_keys(&of, &[]);
    let mut corridors = Vec::new();
    for corridor in numbers::entities(check, root, "corridor") {
        check.unknown_keys(corridor.node.entries().unwrap_or(&[]), &corridor.path, &known);
        numbers::read_entity(check, settings, &of, (corridor.key, Some(corridor.node)));
        if let Some((from, to)) = two_states(check, root, states, &corridor) {
            corridors.push(Corridor { key: corridor.key.to_owned(), from, to });
        }
    }
    corridors
}

/// Reads what is said about pairs of states.
pub(super) fn pairs(
    check: &mut Check<'_>,
    declared: &Declared,
    settings: &mut Settings,
    (root, states): (&Node, &[State]),
) -> Vec<Pair> {
    let of = declared.of_entities("pair");
    let known = numbers::entity_keys(&of, &["memorandum", "gate_shut"]);
    let mut pairs = Vec::new();
    for pair in numbers::entities(check, root, "pair") {
        check.unknown_keys(pair.node.entries().unwrap_or(&[]), &pair.path, &known);
        let memorandum = check.fact(pair.node, &pair.path, "memorandum", Check::date);
        let gate_shut = check.fact(pair.node, &pair.path, "gate_shut", gate_shut).unwrap_or_default();
        numbers::read_entity(check, settings, &of, (pair.key, Some(pair.node)));
        if let Some((a, b)) = two_states(check, root, states, &pair) {
            pairs.push(Pair { key: pair.key.to_owned(), a, b, memorandum, gate_shut });
        }
    }
    pairs
}

/// A list of `{ from = date, until = date }`, in order of time.
fn gate_shut(check: &mut Check<'_>, node: &Node, path: &str) -> Option<Vec<(Date, Date)>> {
    let Value::List(items) = &node.value else {
        let message = format!("{path} is a list, but {} stands here", node.kind());
        check.error(node.at, message, "write [ { from = 2007-01-01, until = 2007-03-01 } ]");
        return None;
    };
    let mut shut: Vec<(Date, Date)> = Vec::new();
    for item in items {
        let entries = stretch(check, item, path)?;
        check.unknown_keys(entries, path, &["from", "until"]);
        let (Some(from), Some(until)) = (item.get("from"), item.get("until")) else {
            check.missing(
                item.at,
                format!("{path} wants both from and until"),
                "the gate opens again on the day of until",
            );
            continue;
        };
        let dates = (check.date(from, &format!("{path}.from")), check.date(until, &format!("{path}.until")));
        let (Some(first), Some(opens)) = dates else { continue };
        if first >= opens {
            let message = format!("{path} opens again on {opens}, but is shut only from {first}");
            check.error(item.at, message, "until is a day after from; swap the two");
            continue;
        }
        if shut.iter().any(|(other, end)| first < *end && *other < opens) {
            check.warn(item.at, format!("{path} is shut twice from {first} to {opens}"), "join the two stretches");
        }
        shut.push((first, opens));
    }
    shut.sort();
    Some(shut)
}

/// The entries of one stretch of time.
fn stretch<'n>(check: &mut Check<'_>, item: &'n Node, path: &str) -> Option<&'n [super::written::Entry]> {
    if item.entries().is_none() {
        let message = format!("{path} holds stretches of time, but {} stands here", item.kind());
        check.error(item.at, message, "write [ { from = 2007-01-01, until = 2007-03-01 } ]");
    }
    item.entries()
}
