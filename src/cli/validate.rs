//! `comity validate`: every pattern of the evidence beside what the model gives.

use super::arguments::Validate;
use super::scenarios::load;
use super::terminal::{Terminal, columns, grouped, rounded};
use super::{Ended, Errors, say};
use comity::engine::Setup;
use comity::experiment::{Held, Plan, Stopped, Use, Validation, Validator, replicate};
use std::fmt::Write as _;
use std::sync::Arc;

/// Runs that the patterns beyond the window are given at most.
const FURTHER: u32 = 100;

/// Prints every pattern.
pub fn validate(arguments: &Validate, terminal: &Terminal) -> Result<Ended, Errors> {
    let loaded = load(&arguments.chosen, terminal)?;
    let scenario = &loaded.scenario;
    let setup = Arc::new(Setup::new(scenario));
    let replicates = scenario.replicates();
    let further = replicates.min(FURTHER);
    let runs = u64::from(replicates) + Validator::further_runs(further);
    terminal.announce(&format!(
        "{}: {} replicates of the window, and {further} each on to 2025, with more practitioners, and as probes",
        scenario.name(),
        grouped(u64::from(replicates))
    ));
    let progress = terminal.progress(runs, "patterns");
    let mut validator = Validator::new(scenario, &setup);
    let plan = Plan { setup: Arc::clone(&setup), first: 0, replicates, why: false };
    let Ok((_, stopped)) = replicate(&plan, &progress, &mut (), &mut |_, tally| validator.add(tally));
    if stopped == Stopped::Finished {
        validator.look_further(&setup, further, &progress, &|more| loaded.again(more));
    }
    progress.finish();
    let all = validator.finish();
    say(&if arguments.markdown { markdown(&all) } else { plain(&all) })?;
    Ok(if stopped == Stopped::Finished { Ended::Done } else { Ended::Partly })
}

fn band(validation: &Validation) -> String {
    let (low, high) = (validation.pattern.low, validation.pattern.high);
    if high.is_finite() {
        format!("{} to {}", rounded(low), rounded(high))
    } else {
        format!("at least {}", rounded(low))
    }
}

fn model(validation: &Validation) -> String {
    let interval = validation.model.interval();
    if interval.low.is_nan() {
        rounded(validation.model.mean())
    } else {
        format!("{} [{}, {}]", rounded(validation.model.mean()), rounded(interval.low), rounded(interval.high))
    }
}

fn cells(validation: &Validation) -> Vec<String> {
    let share = validation.runs_in_band;
    vec![
        validation.pattern.key.to_owned(),
        validation.pattern.sentence.to_owned(),
        if validation.pattern.used == Use::Calibrated { "calibrated" } else { "held out" }.to_owned(),
        band(validation),
        model(validation),
        if share.is_nan() { "-".to_owned() } else { format!("{:.0} %", 100.0 * share) },
        validation.held().key().to_owned(),
    ]
}

const HEADER: [&str; 7] = ["", "pattern", "use", "band", "model: mean [95 % interval]", "runs in band", ""];

fn plain(all: &[Validation]) -> String {
    let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
    rows.extend(all.iter().map(cells));
    let mut out = columns(&rows, &[5]);
    out += &format!("\n{}\n", count(all));
    out
}

fn markdown(all: &[Validation]) -> String {
    let mut out = format!("| {} |\n|{}\n", HEADER.join(" | "), "---|".repeat(HEADER.len()));
    for validation in all {
        let mut cells = cells(validation);
        if validation.held() == Held::Misses {
            cells[6] = "**misses**".to_owned();
        }
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

/// How many patterns hold, in words.
pub fn count(all: &[Validation]) -> String {
    let of = |used: Use| {
        let tested: Vec<&Validation> =
            all.iter().filter(|v| v.pattern.used == used && v.held() != Held::Untested).collect();
        (tested.iter().filter(|v| v.held() == Held::Holds).count(), tested.len())
    };
    let ((held, tested), (out_held, out_tested)) = (of(Use::Calibrated), of(Use::HeldOut));
    format!(
        "Patterns of ASEAN 2006-08: {held} of {tested} calibrated figures hold, {out_held} of {out_tested} held-out ones."
    )
}
