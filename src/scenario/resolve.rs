//! From the tree to a [`Scenario`]: every part read, then the parts against each other.

use super::check::Check;
use super::extend::{self, Joined, Override};
use super::interventions::Setting;
use super::numbers::Declared;
use super::report::{Origin, Report};
use super::written::{Node, Value};
use super::{Files, Scenario, TimeFrame, commitments, entities, interventions, numbers};
use crate::diagnostic::Diagnostic;
use crate::parameter::Unit;
use crate::quantity::Date;
use std::collections::BTreeMap;

/// Most replicates of one scenario.
pub(super) const MOST_REPLICATES: u64 = 10_000_000;
/// Replicates where nothing is said.
pub(super) const REPLICATES: u64 = 100;
/// Shortest and longest burn-in, in days.
pub(super) const BURN_IN_DAYS: (f64, f64) = (0.0, 73_200.0);
/// Shortest and longest tick, in days.
pub(super) const TICK_DAYS: (f64, f64) = (0.1, 366.0);
/// Most ticks that can be counted; far beyond what can be simulated.
const MOST_TICKS: f64 = 1e9;
/// Ticks from which a run is called long.
const MANY_TICKS: f64 = 1e6;

/// Reads and checks a scenario, all it extends, and the changes on top.
///
/// # Errors
/// Everything that is wrong with it, and what was odd besides, in the order of the files.
pub fn parse(
    name: &str,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<(Scenario, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut report = Report::default();
    let scenario =
        extend::join(&mut report, name, files, overrides).and_then(|joined| resolve(&mut report, name, &joined));
    match scenario {
        Some(scenario) if !report.failed() => Ok((scenario, report.finish())),
        _ => Err(report.finish()),
    }
}

/// Makes a scenario of a tree; what is wrong with it is reported.
pub(super) fn resolve(report: &mut Report, name: &str, joined: &Joined) -> Option<Scenario> {
    let (root, whole) = (&joined.root, Origin::whole(joined.own));
    let declared = Declared::all();
    let mut check = Check { report, clock: None, facts: BTreeMap::new() };
    let time = time_frame(&mut check, root, whole);
    let (replicates, seed) = run(&mut check, root);
    let mut settings = numbers::read(&mut check, declared, root);
    let states = entities::states(&mut check, declared, &mut settings, root);
    let corridors = entities::corridors(&mut check, declared, &mut settings, (root, &states));
    let pairs = entities::pairs(&mut check, declared, &mut settings, (root, &states));
    let treaties = commitments::treaties(&mut check, root, &states);
    let declarations = commitments::declarations(&mut check, root);
    let interventions = match time {
        Some(time) => {
            let setting = Setting { root, time, states: &states, corridors: &corridors };
            interventions::interventions(&mut check, declared, &mut settings, &setting)
        }
        None => Vec::new(),
    };
    let (interventions, intervention_facts) = interventions.into_iter().unzip();
    if states.len() < 2 {
        let message = if states.is_empty() { "there are no states" } else { "there is only one state" };
        check.missing(whole, message, "cooperation wants two at least: write [state.THA] and its keys below");
    }
    if corridors.is_empty() && root.get("corridor").is_none_or(|node| node.entries().is_none_or(<[_]>::is_empty)) {
        check.missing(
            whole,
            "there are no corridors, so no case ever arises",
            "write [corridor.KHM-THA] and cases = 20 below",
        );
    }
    for (index, state) in states.iter().enumerate() {
        let used = corridors.iter().any(|corridor| corridor.from == index || corridor.to == index);
        if let (false, false, Some(node)) =
            (used, corridors.is_empty(), root.get("state").and_then(|s| s.get(&state.key)))
        {
            let hint = "its practitioners meet no case; add a corridor, or take the state out";
            check.warn(node.at, format!("no corridor touches state.{}", state.key), hint);
        }
    }
    let text = |check: &mut Check<'_>, key: &str| root.get(key).and_then(|node| check.text(node, key));
    let title = text(&mut check, "title");
    let description = text(&mut check, "description").unwrap_or_default().trim().to_owned();
    let name = stem(name);
    let currency = text(&mut check, "currency").unwrap_or_else(|| "USD".to_owned());
    let facts = check.facts;
    Some(Scenario {
        title: title.unwrap_or_else(|| name.clone()),
        name,
        description,
        extends: joined.extends.clone(),
        time: time?,
        replicates: replicates?,
        seed: seed?,
        settings,
        states,
        corridors,
        pairs,
        treaties,
        declarations,
        currency,
        interventions,
        intervention_facts,
        facts,
    })
}

/// A file's name without directory and ending.
pub(super) fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file).to_owned()
}

/// Reads `[time]`; also sets the clock by which dates in ticks are read.
fn time_frame(check: &mut Check<'_>, root: &Node, whole: Origin) -> Option<TimeFrame> {
    let example = "write [time] with start = 2006-01-01 and end = 2008-07-01 below";
    let Some(node) = root.get("time") else {
        check.missing(whole, "there is no [time]", example);
        return None;
    };
    let entries = check.table(node, "time");
    check.unknown_keys(entries, "time", &["start", "end", "burn_in", "tick"]);
    for key in ["start", "end"].into_iter().filter(|key| node.get(key).is_none() && node.entries().is_some()) {
        check.missing(node.at, format!("time has no {key}"), example);
    }
    let duration = |check: &mut Check<'_>, key: &str, default: f64, range: (f64, f64)| match node.get(key) {
        Some(given) => check.quantity(given, &format!("time.{key}"), Unit::Days, range),
        None => Some(default),
    };
    let tick_days = duration(check, "tick", 7.0, TICK_DAYS);
    let burn_in_days = duration(check, "burn_in", 0.0, BURN_IN_DAYS);
    let start = node.get("start").and_then(|start| match start.value {
        Value::Whole(_) => {
            check.error(start.at, "time.start is a date, but a number stands here", "write a date such as 2006-01-01");
            None
        }
        _ => check.date(start, "time.start"),
    });
    check.clock = start.zip(tick_days);
    let end_node = node.get("end")?;
    let end = check.date(end_node, "time.end");
    let frame = TimeFrame { start: start?, end: end?, burn_in_days: burn_in_days?, tick_days: tick_days? };
    consistent(check, frame, end_node.at)
}

/// Checks the parts of the time frame against each other.
fn consistent(check: &mut Check<'_>, frame: TimeFrame, at: Origin) -> Option<TimeFrame> {
    let TimeFrame { start, end, .. } = frame;
    if end <= start {
        check.error(
            at,
            format!("time.end is {end}, but time.start is {start}"),
            "the end comes after the start; swap the two",
        );
        return None;
    }
    let days = f64::from(end.days() - start.days());
    if frame.tick_days > days {
        let tick = super::units::human(Unit::Days, frame.tick_days);
        let hint = "write a shorter tick, such as tick = \"1 week\", or a later end";
        check.error(at, format!("a tick ({tick}) is longer than the run ({days} days)"), hint);
        return None;
    }
    let ticks = (days + frame.burn_in_days) / frame.tick_days;
    if ticks > MOST_TICKS {
        check.error(at, format!("these are {ticks:.0} ticks"), "write a longer tick or an earlier end");
        return None;
    }
    if ticks > MANY_TICKS {
        check.warn(
            at,
            format!("these are {ticks:.0} ticks, and will take long"),
            "write a longer tick or an earlier end",
        );
    }
    if Date::new(2100, 12, 31).is_some_and(|far| end > far) {
        check.warn(at, format!("time.end is {end}, beyond the year 2100"), "is the year a slip of the pen?");
    }
    Some(frame)
}

/// Reads `[run]`: replicates and seed.
fn run(check: &mut Check<'_>, root: &Node) -> (Option<u32>, Option<u64>) {
    let Some(node) = root.get("run") else { return (u32::try_from(REPLICATES).ok(), Some(0)) };
    let entries = check.table(node, "run");
    check.unknown_keys(entries, "run", &["replicates", "seed"]);
    let whole = |check: &mut Check<'_>, key: &str, default: u64, low: u64, high: u64| match node.get(key) {
        Some(given) => check.whole(given, &format!("run.{key}"), low, high),
        None => Some(default),
    };
    let replicates =
        whole(check, "replicates", REPLICATES, 1, MOST_REPLICATES).and_then(|number| u32::try_from(number).ok());
    (replicates, whole(check, "seed", 0, 0, u64::MAX))
}
