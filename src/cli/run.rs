//! `comity run`: simulate a scenario, and leave its results.

use super::arguments::Run;
use super::posterior::{self, Asked};
use super::run_results::{Findings, Folder};
use super::scenarios::{load, start_threads};
use super::terminal::{Terminal, columns, counted, grouped, rounded};
use super::{Ended, Errors, say, validate};
use comity::diagnostic::Diagnostic;
use comity::engine::Setup;
use comity::experiment::{
    Accumulator, Plan, Stopped, Validation, Validator, Watch, replicate, states_table, tables, validation_table,
};
use comity::record::{Count, RATES};
use comity::scenario::{self, Scenario};
use comity::storage::{Published, StorageError};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Runs that probes and patterns beyond the window are given at most.
const FURTHER: u32 = 16;
/// Regions with more desks than this are not probed: it would cost far more than the runs asked for.
const PROBED_DESKS: usize = 20_000;

/// Simulates a scenario.
pub fn run(arguments: &Run, terminal: &Terminal) -> Result<Ended, Errors> {
    if let Some(posterior) = &arguments.over.posterior {
        let chosen = &arguments.chosen;
        start_threads(&chosen.threads)?;
        let asked = Asked {
            posterior,
            draws: arguments.over.draws,
            file: &chosen.scenario,
            set: &chosen.set,
            runs: chosen.replicates.as_deref(),
            seed: chosen.seed.as_deref(),
            out: arguments.out.as_ref(),
        };
        return posterior::over(&asked, terminal);
    }
    let loaded = load(&arguments.chosen, terminal)?;
    let scenario = &loaded.scenario;
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(scenario.name()));
    let mut folder = Folder::create(&out, scenario).map_err(refused)?;
    let setup = Arc::new(Setup::new(scenario));
    announce(terminal, scenario, &setup);
    let replicates = scenario.replicates();
    let probed = !arguments.plain && setup.region.staff() <= PROBED_DESKS;
    let further = if probed { replicates.min(FURTHER) } else { 0 };
    let progress = terminal.progress(u64::from(replicates) + Validator::further_runs(further), "simulating");
    let mut validator = Validator::new(scenario, &setup);
    let plan = Plan { setup: Arc::clone(&setup), first: 0, replicates, why: true };
    let (sum, stopped) =
        replicate(&plan, &progress, &mut folder, &mut |_, tally| validator.add(tally)).map_err(refused)?;
    let Some(sum) = sum else {
        progress.finish();
        return Err(vec![Diagnostic::error("stopped before the first run was done; nothing is kept")]);
    };
    let probes = (further > 0 && stopped == Stopped::Finished)
        .then(|| validator.look_further(&setup, further, &progress, &|more| loaded.again(more)));
    // Ctrl-C in the probes leaves them short, which is done in part as well.
    let whole = stopped == Stopped::Finished && !progress.stop();
    progress.finish();
    let validation = validator.finish();
    let findings = Findings {
        tables: tables(scenario, &sum, probes.as_ref()),
        validation: validation_table(&validation),
        parameters: scenario::describe(scenario),
        changes: loaded.base().map(|base| scenario::changes(&[("", "", scenario)], &base)),
        states: states_table(scenario, &setup),
        replicates: sum.n,
        interrupted: !whole,
    };
    let published = folder.publish(scenario, &findings).map_err(refused)?;
    say(&words(scenario, &sum, &validation, &published))?;
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

fn refused(error: StorageError) -> Errors {
    vec![Diagnostic::from(error)]
}

fn announce(terminal: &Terminal, scenario: &Scenario, setup: &Setup) {
    let time = scenario.time();
    terminal.announce(&format!(
        "{}: {} of {} ticks after {} of burn-in, {} practitioners in {} states, seed {}",
        scenario.name(),
        counted(scenario.replicates() as usize, "replicate"),
        grouped(u64::from(time.ticks())),
        grouped(u64::from(time.burn_in_ticks())),
        grouped(setup.region.staff() as u64),
        scenario.states().len(),
        scenario.seed()
    ));
}

/// What happened, in a scholar's words.
fn words(scenario: &Scenario, sum: &Accumulator, validation: &[Validation], published: &Published) -> String {
    let region = &sum.totals[sum.states()];
    let mean = |count: Count| region[count as usize].mean();
    let time = scenario.time();
    let mut out = format!(
        "{}\n{} to {}, {}; means per replicate.\n\n",
        scenario.title(),
        time.start,
        time.end,
        counted(sum.n as usize, "replicate")
    );
    let _ = writeln!(
        out,
        "Of {} transnational cases that came to light, {} were recognised as trafficking. Cooperation was sought in {}\n\
         and accepted in {}. It brought {} communications, rescue to {} victims and {} arrests; officials recorded\n\
         {}, {} and {} of them.\n",
        rounded(mean(Count::Arrived)),
        rounded(mean(Count::Recognised)),
        rounded(mean(Count::Sought)),
        rounded(mean(Count::Accepted)),
        rounded(mean(Count::Communications)),
        rounded(mean(Count::Rescues)),
        rounded(mean(Count::Arrests)),
        rounded(mean(Count::RecordedCommunications)),
        rounded(mean(Count::RecordedRescues)),
        rounded(mean(Count::RecordedArrests)),
    );
    let mut rows =
        vec![["measure", "mean", "95 % interval of the mean", "sd between runs"].map(str::to_owned).to_vec()];
    let mut row = |name: &str, moments: &comity::statistics::Moments| {
        let interval = moments.interval();
        rows.push(vec![
            name.to_owned(),
            rounded(moments.mean()),
            format!("{} to {}", rounded(interval.low), rounded(interval.high)),
            rounded(moments.sd()),
        ]);
    };
    for (rate, moments) in RATES.iter().zip(&sum.rates) {
        row(&rate.key.replace('_', " "), moments);
    }
    for count in [Count::RecordedCommunications, Count::RecordedRescues, Count::RecordedArrests, Count::FormalRequests]
    {
        row(&count.key().replace('_', " "), &region[count as usize]);
    }
    out += &columns(&rows, &[1, 3]);
    let _ = writeln!(out, "\n{}", validate::count(validation));
    let _ = writeln!(out, "{published}");
    let _ = writeln!(
        out,
        "  summary.csv, funnel.csv, barriers.csv ...  tables, each also as .parquet; parameters.csv names every source\n  \
         charts/                                    figures (SVG, PDF, PNG), captions, numbers drawn\n  \
         manifest.json, scenario.toml               how to get the same again"
    );
    out
}
