//! What is to be learnt of a study, how surely, and over which windows.

use super::super::TimeFrame;
use super::super::check::Check;
use super::super::resolve::MOST_REPLICATES;
use super::super::units::{human, nearest};
use super::super::written::{Node, Value};
use super::{Analysis, AnalysisWindow, nothing_called, tables, words};
use crate::parameter::Unit;
use crate::quantity::{DAYS_PER_MONTH, Date};
use crate::record::Measure;

/// What is measured where nothing is said.
pub(super) const OUTCOMES: [&str; 8] = [
    "cooperation_rate",
    "recognition_rate",
    "seeking_rate",
    "acceptance_rate",
    "accepted",
    "communications",
    "rescues",
    "arrests",
];
/// Lowest and highest confidence of intervals.
pub(super) const CONFIDENCE: (f64, f64) = (0.5, 0.9999);
/// Replicates after which a stopping rule gives up where nothing is said.
pub(super) const MOST: u32 = 2000;
/// The keys of `[analysis]`.
const KEYS: [&str; 8] =
    ["outcomes", "main", "smallest_is_best", "confidence", "half_width", "most_replicates", "relevant", "period"];

/// Reads `[window.*]`; the whole run where there is none.
pub(super) fn windows(check: &mut Check<'_>, study: &Node, time: TimeFrame) -> Vec<AnalysisWindow> {
    let whole = AnalysisWindow { key: "whole".to_owned(), from: time.start, until: time.end };
    if study.get("window").is_none() {
        return vec![whole];
    }
    let mut windows = Vec::new();
    for entry in tables(check, study, "window") {
        let path = format!("window.{}", entry.key);
        check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &["from", "until"]);
        let mut date = |key: &str, default| match entry.node.get(key) {
            Some(node) => {
                let date = check.date(node, &format!("{path}.{key}"))?;
                if date < time.start || time.end < date {
                    let message = format!("{path}.{key} is {date}, but the run is from {} to {}", time.start, time.end);
                    check.error(node.at, message, "write a date within the run, or change [time] in this study");
                    return None;
                }
                Some(date)
            }
            None => Some(default),
        };
        let (Some(from), Some(until)) = (date("from", time.start), date("until", time.end)) else { continue };
        if until <= from {
            let message = format!("{path} ends on {until}, but begins on {from}");
            let hint = if until < from {
                "swap the two"
            } else {
                "until is the first day that no longer belongs to it: a later one"
            };
            check.error(entry.node.at, message, hint);
            continue;
        }
        if !has_a_tick(time, from, until) {
            let tick = human(Unit::Days, time.tick_days);
            let message = format!("{path} has no tick: it is from {from} to {until}, and no tick of {tick} ends in it");
            check.error(
                entry.node.at,
                message,
                "make it longer: a tick belongs to the window in which its last day lies",
            );
            continue;
        }
        windows.push(AnalysisWindow { key: entry.key.clone(), from, until });
    }
    if windows.is_empty() { vec![whole] } else { windows }
}

/// Whether a tick ends between two days.
fn has_a_tick(time: TimeFrame, from: Date, until: Date) -> bool {
    let last_day = |tick: u32| time.date_of(i64::from(tick) + 1).days().min(time.end.days()) - 1;
    (0..time.ticks()).any(|tick| from.days() <= last_day(tick) && last_day(tick) < until.days())
}

/// Reads `[analysis]`.
pub(super) fn analysis(check: &mut Check<'_>, study: &Node, time: Option<TimeFrame>) -> Option<Analysis> {
    let empty = Node { value: Value::Table(Vec::new()), at: study.at };
    let node = study.get("analysis").unwrap_or(&empty);
    let entries = check.table(node, "analysis");
    check.unknown_keys(entries, "analysis", &KEYS);
    let mut outcomes = match node.get("outcomes") {
        Some(node) => outcomes(check, node),
        None => OUTCOMES.iter().filter_map(|key| Measure::from_key(key)).collect(),
    };
    let main = node.get("main").and_then(|node| {
        let key = check.text(node, "analysis.main")?;
        measure(check, &key, node)
    });
    if let Some(main) = main.filter(|main| !outcomes.contains(main)) {
        outcomes.insert(0, main);
    }
    let main = main.and_then(|main| outcomes.iter().position(|measure| *measure == main)).unwrap_or(0);
    let mut number = |key: &str, unit, default, range| match node.get(key) {
        Some(node) => check.quantity(node, &format!("analysis.{key}"), unit, range),
        None => Some(default),
    };
    let confidence = number("confidence", Unit::Share, 0.95, CONFIDENCE);
    let half_width = number("half_width", Unit::Factor, f64::NAN, (f64::MIN_POSITIVE, f64::MAX));
    let shortest = time.map_or(0.0, |time| time.tick_days);
    let period_days = number("period", Unit::Days, (3.0 * DAYS_PER_MONTH).max(shortest), (1.0, 36_600.0));
    let most = match node.get("most_replicates") {
        Some(node) => check.whole(node, "analysis.most_replicates", 2, MOST_REPLICATES),
        None => Some(u64::from(MOST)),
    };
    let smallest = match node.get("smallest_is_best") {
        Some(Node { value: Value::Truth(truth), .. }) => *truth,
        Some(node) => {
            let message = format!("analysis.smallest_is_best is true or false, but {} stands here", node.kind());
            check.error(node.at, message, "write smallest_is_best = true, without quotes");
            false
        }
        None => false,
    };
    let relevant = relevant(check, node, &outcomes, main);
    if let (Some(time), Some(period_days)) = (time, period_days)
        && period_days < time.tick_days
    {
        let tick = human(Unit::Days, time.tick_days);
        let at = node.get("period").map_or(node.at, |period| period.at);
        let message = format!("analysis.period is shorter than a tick ({tick})");
        check.error(at, message, format!("a period has at least one tick: write period = \"{tick}\", or longer"));
    }
    Some(Analysis {
        outcomes,
        main,
        smallest_is_best: smallest,
        confidence: confidence?,
        half_width: Some(half_width?).filter(|half_width| !half_width.is_nan()),
        most_replicates: u32::try_from(most?).ok()?,
        relevant,
        period_days: period_days?,
    })
}

fn outcomes(check: &mut Check<'_>, node: &Node) -> Vec<Measure> {
    let example = "outcomes = [\"cooperation_rate\", \"rescues\"]";
    let mut outcomes = Vec::new();
    let Value::List(items) = &node.value else {
        words(check, node, "analysis.outcomes", example);
        return outcomes;
    };
    for item in items {
        let Some(key) = check.text(item, "analysis.outcomes") else { continue };
        match measure(check, &key, item) {
            Some(measure) if outcomes.contains(&measure) => {
                check.warn(item.at, format!("the outcome {key} is named twice"), "take one out");
            }
            Some(measure) => outcomes.push(measure),
            None => {}
        }
    }
    if items.is_empty() {
        check.missing(node.at, "analysis.outcomes is empty", format!("write {example}"));
    }
    outcomes
}

/// The measure of that name, or an error there.
fn measure(check: &mut Check<'_>, key: &str, node: &Node) -> Option<Measure> {
    let found = Measure::from_key(key);
    if found.is_none() {
        let known: Vec<&str> = Measure::all().map(Measure::key).collect();
        nothing_called(check, node.at, "outcome", key, &known);
    }
    found
}

/// The margins below which a difference matters to nobody: one for the main outcome, or a table of them.
fn relevant(check: &mut Check<'_>, node: &Node, outcomes: &[Measure], main: usize) -> Vec<Option<f64>> {
    let mut margins = vec![None; outcomes.len()];
    let range = (0.0, f64::MAX);
    let Some(node) = node.get("relevant") else { return margins };
    let Some(entries) = node.entries() else {
        let margin = check.quantity(node, "analysis.relevant", Unit::Factor, range);
        if let Some(place) = margins.get_mut(main) {
            *place = margin;
        }
        return margins;
    };
    for entry in entries {
        let Some(place) = outcomes.iter().position(|measure| measure.key() == entry.key) else {
            let known = outcomes.iter().map(|measure| measure.key());
            let hint = match nearest(&entry.key, known.clone()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("the outcomes are {}", known.collect::<Vec<_>>().join(", ")),
            };
            check.error(entry.key_at, format!("analysis.relevant: {} is no outcome of this study", entry.key), hint);
            continue;
        };
        margins[place] = check.quantity(&entry.node, &format!("analysis.relevant.{}", entry.key), Unit::Factor, range);
    }
    margins
}
