//! `comity describe`: the order of a tick, the parameters in force, and what differs.

use super::arguments::Describe;
use super::scenarios::{Disk, overrides, read};
use super::terminal::{Terminal, columns};
use super::{Ended, Errors, say};
use comity::mechanism::TICK;
use comity::scenario::{self, Scenario};
use comity::table::Table;
use std::fmt::Write as _;

/// Prints a scenario.
pub fn describe(arguments: &Describe, terminal: &Terminal) -> Result<Ended, Errors> {
    let loaded = read(&arguments.scenario, overrides(&arguments.set, None, None), terminal)?;
    let scenario = &loaded.scenario;
    let mut out = String::new();
    head(&mut out, scenario);
    out += "\nOne tick\n";
    for (number, stage) in TICK.iter().enumerate() {
        let _ = writeln!(out, "  {:>2}  {:<26} {}", number + 1, stage.name, stage.sentence);
    }
    out += "\nParameters in force\n";
    out += &parameters(&scenario::describe(scenario), arguments.all);
    if !arguments.all {
        out += "  (the numbers of states, corridors and pairs: --all)\n";
    }
    if let Some(base) = scenario.extends() {
        let (base, _) = scenario::parse(base, &Disk, &[])?;
        let differences = scenario::differences(scenario, &base);
        let _ = writeln!(out, "\nWhat differs from {}", base.name());
        out += &rows(&differences, &["key", "here", "base", "grade", "source", "set_by"], |_| true);
    }
    say(&out)?;
    Ok(Ended::Done)
}

fn head(out: &mut String, scenario: &Scenario) {
    let time = scenario.time();
    let _ = writeln!(out, "{}: {}", scenario.name(), scenario.title());
    if !scenario.description().is_empty() {
        let _ = writeln!(out, "\n{}", scenario.description());
    }
    let _ = writeln!(
        out,
        "\nFrom {} to {} in {} ticks of {} days, after {} ticks of burn-in; {} replicates, seed {}.",
        time.start,
        time.end,
        time.ticks(),
        time.tick_days,
        time.burn_in_ticks(),
        scenario.replicates(),
        scenario.seed()
    );
    let _ = writeln!(
        out,
        "{} states, {} corridors, {} treaties, {} declarations. Digest {}.",
        scenario.states().len(),
        scenario.corridors().len(),
        scenario.treaties().len(),
        scenario.declarations().len(),
        scenario.digest()
    );
}

fn parameters(table: &Table, all: bool) -> String {
    let entity = |key: &str| ["state.", "corridor.", "pair."].iter().any(|group| key.starts_with(group));
    let range = |row: usize| {
        let bound = |name: &str| table.reals(name).map_or(f64::NAN, |values| values[row]);
        if bound("low").is_nan() { String::new() } else { format!("{} to {}", bound("low"), bound("high")) }
    };
    let word = |name: &str, row: usize| table.texts(name).map_or_else(String::new, |words| words[row].to_string());
    let header = ["key", "value", "unit", "range", "grade", "set by", "source"].map(str::to_owned).to_vec();
    let mut lines = vec![header];
    for row in (0..table.rows()).filter(|row| all || !entity(&word("key", *row))) {
        lines.push(vec![
            word("key", row),
            word("value", row),
            word("unit", row),
            range(row),
            word("grade", row),
            word("set_by", row),
            word("source", row),
        ]);
    }
    columns(&lines, &[])
}

/// Some columns of a table of words.
fn rows(table: &Table, names: &[&str], keep: impl Fn(usize) -> bool) -> String {
    let mut lines = vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    for row in (0..table.rows()).filter(|row| keep(*row)) {
        lines.push(
            names
                .iter()
                .map(|name| table.texts(name).map_or_else(String::new, |words| words[row].to_string()))
                .collect(),
        );
    }
    columns(&lines, &[])
}
