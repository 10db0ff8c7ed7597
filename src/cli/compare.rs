//! `comity compare`: a study, or scenarios against the first of them.

use super::arguments::Compare;
use super::compare_results::{self, Compared};
use super::posterior::{self, Asked};
use super::scenarios::{overrides, read_study, start_threads};
use super::terminal::{Terminal, columns, counted, grouped, rounded};
use super::{Ended, Errors, say};
use comity::article::Printed;
use comity::diagnostic::Diagnostic;
use comity::experiment::{
    CompareEnd, Comparison, LineKind, compare as run_study, compare_tables, replicates_table, runs_per_replicate,
};
use comity::numeral::capitalised;
use comity::scenario::{Override, Study};
use comity::storage::{Published, StorageError};
use comity::table::Table;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Compares.
pub fn compare(arguments: &Compare, terminal: &Terminal) -> Result<Ended, Errors> {
    if let Some(posterior) = &arguments.over.posterior {
        start_threads(&arguments.threads)?;
        let [file] = &arguments.files[..] else {
            let message = "a comparison over a posterior takes one study";
            return Err(vec![Diagnostic::error(message).hint("write a study with an [arm.NAME] for each file")]);
        };
        let asked = Asked {
            posterior,
            draws: arguments.over.draws,
            file,
            set: &arguments.set,
            runs: arguments.replicates.as_deref(),
            seed: arguments.seed.as_deref(),
            out: arguments.out.as_ref(),
        };
        return posterior::over(&asked, terminal);
    }
    let mut overrides = overrides(&arguments.set, arguments.replicates.as_deref(), arguments.seed.as_deref());
    overrides.extend(arguments.until_half_width.iter().map(|x| Override::new(format!("analysis.half_width={x}"))));
    start_threads(&arguments.threads)?;
    let study = read_study(&arguments.files, &overrides, terminal)?;
    if study.arms().is_empty() {
        let message = format!("{} has no arms: there is nothing to compare the baseline with", study.name());
        return Err(vec![Diagnostic::error(message).hint("it is a sweep: comity sweep runs it; or write [arm.NAME]")]);
    }
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(study.name()));
    let results = compare_results::open(&out, &study).map_err(refused)?;
    let runs = runs_per_replicate(&study);
    announce(terminal, &study, runs);
    let progress = terminal.progress(runs as u64 * u64::from(study.baseline().replicates()), "comparing");
    let comparison = run_study(&study, &progress);
    progress.finish();
    if comparison.replicates() == 0 {
        return Err(vec![Diagnostic::error("stopped before the first replicate was done; nothing is kept")]);
    }
    let tables = compare_tables(&comparison);
    let replicates = arguments.keep_replicates.then(|| replicates_table(&comparison));
    let compared = Compared { study: &study, comparison: &comparison, tables: &tables, replicates };
    let published = compare_results::publish(results, &compared).map_err(refused)?;
    say(&words(&compared, &published, arguments.markdown))?;
    Ok(if comparison.ended() == CompareEnd::Interrupted { Ended::Partly } else { Ended::Done })
}

fn refused(error: StorageError) -> Errors {
    vec![Diagnostic::from(error)]
}

fn announce(terminal: &Terminal, study: &Study, runs: usize) {
    let replicates = study.baseline().replicates();
    let mut words = format!("{}: {}", study.name(), counted(study.arms().len(), "arm"));
    if !study.packages().is_empty() {
        words += &format!(" and {}", counted(study.packages().len(), "package"));
    }
    let all = runs * replicates as usize;
    words += &format!(" against {}", study.baseline().name());
    words += &format!(": {} x {}", counted(runs, "run"), counted(replicates as usize, "replicate"));
    words += &format!(", {}, seed {}", counted(all, "run"), study.baseline().seed());
    if let Some(half_width) = study.analysis().half_width {
        let most = grouped(u64::from(study.analysis().most_replicates));
        words += &format!("; more replicates until half-widths are {half_width}, {most} at most");
    }
    terminal.announce(&words);
}

/// What was found, in a scholar's words.
fn words(compared: &Compared<'_>, published: &Published, as_markdown: bool) -> String {
    let Compared { study, comparison, tables, .. } = compared;
    let analysis = study.analysis();
    let main = analysis.outcomes[analysis.main];
    let time = study.baseline().time();
    let mut out = format!(
        "{}\n{} to {}, {}, every draw shared between arms.{}\n",
        study.title(),
        time.start,
        time.end,
        counted(comparison.replicates(), "replicate"),
        why(comparison)
    );
    for window in study.windows() {
        let heading = if study.windows().len() == 1 && window.key == "whole" {
            String::new()
        } else {
            format!(", {} to {} (window {})", window.from, window.until, window.key)
        };
        let _ = writeln!(out, "\n{} ({}){heading}:\n", capitalised(&main.label()), main.unit());
        let rows = effects_of(&tables.effects, main.key(), &window.key, analysis.confidence);
        out += &if as_markdown { Printed::of_words(&rows, &RIGHT).markdown() } else { columns(&rows, &RIGHT) };
        let _ = writeln!(out, "\n{}", ranking_of(&tables.ranking, comparison, &window.key));
    }
    for (package, lines) in study.packages().iter().zip(comparison.packages()) {
        let key = &comparison.lines()[lines.whole].key;
        out += &package_of(&tables.packages, main.key(), key, &package.label, study);
    }
    if as_markdown {
        return out;
    }
    let _ = writeln!(
        out,
        "\n{published}\n  \
         effects.csv, ranking.csv, differences.csv ...  tables, each also as .parquet; docs/compare.md explains every column\n  \
         scenarios/                                     the baseline and every arm, as they were run\n  \
         manifest.json                                  how to get the same again"
    );
    out
}

/// Why no more replicates were done, if that was not the plan.
fn why(comparison: &Comparison) -> String {
    let half_width = comparison.analysis().half_width.unwrap_or(f64::NAN);
    match comparison.ended() {
        CompareEnd::Planned => String::new(),
        CompareEnd::Precise => {
            format!(" Stopped because every contrast of the main outcome is known to {half_width} or better.")
        }
        CompareEnd::Settled => " Stopped because only one can still be the best: the ranking is settled.".to_owned(),
        CompareEnd::Most => format!(
            " Stopped at the most replicates; not every contrast is known to {half_width}. Raise analysis.most_replicates."
        ),
        CompareEnd::Interrupted => " Interrupted: whole replicates are kept.".to_owned(),
    }
}

/// A difference with its sign, to two digits at least.
fn signed(value: f64) -> String {
    let size = value.abs();
    let written = if size < 1e-6 {
        "0".to_owned()
    } else if size < 0.01 {
        format!("{value:.*}", if size < 0.001 { 5 } else { 4 })
    } else {
        rounded(value)
    };
    if value > 0.0 && written != "0" { format!("+{written}") } else { written }
}

/// Both ends of an interval; a stroke where there is none, as after a single replicate.
fn interval(low: f64, high: f64) -> String {
    if low.is_nan() || high.is_nan() { "-".to_owned() } else { format!("{} to {}", signed(low), signed(high)) }
}

/// A share to two digits; a stroke where it is unknown.
fn hundredths(share: f64) -> String {
    if share.is_nan() { "-".to_owned() } else { format!("{share:.2}") }
}

fn percent(share: f64) -> String {
    if share.is_nan() { "-".to_owned() } else { format!("{:+.1} %", 100.0 * share) }
}

/// The rows of a table in which some columns have these words.
fn rows_where(table: &Table, wanted: &[(&str, &str)]) -> Vec<usize> {
    let column = |name: &str| table.texts(name).unwrap_or_default();
    (0..table.rows()).filter(|row| wanted.iter().all(|(name, word)| &*column(name)[*row] == *word)).collect()
}

/// The columns of the table of effects that are numbers.
const RIGHT: [usize; 6] = [1, 2, 3, 5, 6, 7];

fn effects_of(effects: &Table, measure: &str, window: &str, confidence: f64) -> Vec<Vec<String>> {
    let text = |name: &str, row: usize| effects.texts(name).map_or(Arc::from(""), |all| Arc::clone(&all[row]));
    let real = |name: &str, row: usize| effects.reals(name).map_or(f64::NAN, |all| all[row]);
    let rows = rows_where(effects, &[("measure", measure), ("window", window)]);
    let costly = rows.iter().any(|row| real("cost", *row) != 0.0);
    let heading = format!("{} % interval", 100.0 * confidence);
    let mut head = vec!["arm", "baseline", "arm's", "difference", &heading, "relative", "P(better)", "variance", ""];
    if costly {
        head.insert(8, "cost");
    }
    let mut all = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for row in rows {
        let factor = real("variance_factor", row);
        let mut cells = vec![
            text("label", row).to_string(),
            rounded(real("baseline_mean", row)),
            rounded(real("arm_mean", row)),
            signed(real("difference", row)),
            interval(real("ci_low", row), real("ci_high", row)),
            percent(real("relative_change", row)),
            hundredths(real("probability_better", row)),
            if factor.is_nan() { "-".to_owned() } else { format!("/ {}", rounded(factor)) },
            text("verdict", row).to_string(),
        ];
        if costly {
            cells.insert(8, rounded(real("cost", row)));
        }
        all.push(cells);
    }
    all
}

/// Who is best, in a sentence.
fn ranking_of(ranking: &Table, comparison: &Comparison, window: &str) -> String {
    let rows = rows_where(ranking, &[("window", window)]);
    let label = |row: &usize| {
        let arm = ranking.texts("arm").map_or("", |all| &*all[*row]);
        let line = comparison.lines().iter().find(|line| *line.key == *arm);
        line.map_or(String::new(), |line| match line.kind {
            LineKind::Baseline => "the baseline".to_owned(),
            _ => format!("\"{}\"", line.label),
        })
    };
    let verdict = |row: usize| ranking.texts("verdict").map_or("", |all| &*all[row]);
    let probability = |row: usize| ranking.reals("probability_best").map_or(f64::NAN, |all| all[row]);
    let level = 100.0 * comparison.analysis().confidence;
    if rows.iter().all(|row| ranking.reals("mean").is_none_or(|all| all[*row].is_nan())) {
        return "Nothing can be ranked: in no replicate is there anything to take the outcome of.".to_owned();
    }
    let best: Vec<&usize> = rows.iter().filter(|row| verdict(**row) != "not best").collect();
    match best[..] {
        [one] => format!("Best, at {level} % for all comparisons together: {}.", label(one)),
        _ => {
            let mut best = best;
            best.sort_by(|a, b| probability(**b).total_cmp(&probability(**a)));
            let named = best.iter().map(|row| match probability(**row) {
                unknown if unknown.is_nan() => label(row),
                known => format!("{} (in {:.0} % of resamples)", label(row), 100.0 * known),
            });
            let named: Vec<String> = named.collect();
            format!("Any of these may be the best, at {level} % for all comparisons together: {}.", named.join(", "))
        }
    }
}

/// What a package brings, in a sentence for each window.
fn package_of(packages: &Table, measure: &str, key: &str, label: &str, study: &Study) -> String {
    let mut out = String::new();
    let real = |name: &str, row: usize| packages.reals(name).map_or(f64::NAN, |all| all[row]);
    for window in study.windows() {
        let of = |part: &str| {
            let wanted = [("package", key), ("measure", measure), ("window", window.key.as_str()), ("part", part)];
            rows_where(packages, &wanted).first().copied()
        };
        let (Some(whole), Some(sum), Some(synergy)) = (of("whole"), of("sum"), of("synergy")) else { continue };
        let (low, high) = (real("ci_low", synergy), real("ci_high", synergy));
        let verdict = if real("value", synergy).is_nan() {
            "nothing to add up"
        } else if low > 0.0 {
            "more than the sum of its arms"
        } else if high < 0.0 {
            "less than the sum of its arms"
        } else {
            "not clearly more or less than the sum of its arms"
        };
        let when = if study.windows().len() > 1 { format!(", {}", window.key) } else { String::new() };
        let _ = writeln!(
            out,
            "\nPackage \"{label}\"{when}: {}, the sum of its arms {}: {verdict} (synergy {}{}).",
            signed(real("value", whole)),
            signed(real("value", sum)),
            signed(real("value", synergy)),
            if low.is_nan() { String::new() } else { format!(", {}", interval(low, high)) }
        );
    }
    out
}
