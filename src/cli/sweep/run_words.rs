//! What `comity sweep` says: what it will do and cost, and what came of it.

use super::cost::{self, Cost};
use super::merge::Merged;
use super::shard::Shard;
use crate::cli::terminal::{Terminal, columns, counted, grouped, rounded};
use comity::experiment::SweepPlan;
use comity::scenario::Study;

/// How many points of what, in words: `33 x 33 points`.
fn points_words(plan: &SweepPlan) -> String {
    let points = plan.points().rows();
    let levels: Option<Vec<usize>> = (plan.sweep().design().name() == "factorial" && plan.factors().len() < 6)
        .then(|| (0..plan.factors().len()).map(|place| levels(plan, place)).collect());
    match levels.filter(|levels| levels.iter().product::<usize>() == points) {
        Some(levels) => {
            let words: Vec<String> = levels.iter().map(|count| grouped(*count as u64)).collect();
            format!("{} points", words.join(" x "))
        }
        None => counted(points, "point"),
    }
}

/// How many different values a factor has.
fn levels(plan: &SweepPlan, factor: usize) -> usize {
    let mut values: Vec<f64> = (0..plan.points().rows()).map(|point| plan.points().row(point)[factor]).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.len()
}

pub fn announce(terminal: &Terminal, study: &Study, plan: &SweepPlan, cells: u64, shard: Option<Shard>) {
    let replicates: u32 = plan.replicates_of(0);
    let arms = plan.lines().len();
    let mut words = format!(
        "{}: {} x {} x {} = {}",
        study.name(),
        points_words(plan),
        counted(arms, "arm"),
        counted(replicates as usize, "replicate"),
        counted(plan.runs() as usize, "run")
    );
    if let Some(shard) = shard {
        words += &format!(", shard {shard}");
    }
    if cells < plan.cells() {
        words += &format!(", {} to do", grouped(cells * arms as u64));
    }
    if cells > 0 {
        let Cost { seconds, bytes } = cost::measured(plan, cells);
        let threads = rayon::current_num_threads();
        let time = cost::duration(seconds / threads as f64);
        words += &format!(", {time} on {}, {}", counted(threads, "core"), cost::size(bytes));
    }
    words += &format!(", seed {}", plan.seed());
    terminal.announce(&words);
    if let Some(quality) = &plan.points().quality {
        let correlation = match quality.largest_correlation.is_nan() {
            true => String::new(),
            false => format!(", largest correlation of two factors {}", rounded(quality.largest_correlation)),
        };
        terminal.announce(&format!(
            "{} design: centred discrepancy {} (squared; 0 is even), smallest distance {}{correlation}",
            plan.sweep().design().name(),
            rounded(quality.centred_discrepancy),
            rounded(quality.smallest_distance)
        ));
    }
}

/// What a dry run prints: the factors, and the first points.
pub fn described(plan: &SweepPlan) -> String {
    const SHOWN: usize = 10;
    let mut rows = vec![["factor", "stands for", "unit", "levels", "now"].map(str::to_owned).to_vec()];
    for (place, factor) in plan.factors().iter().enumerate() {
        let parameters = match &factor.parameters[..] {
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        };
        let now = factor.today.map_or("-".to_owned(), |value| factor.value(value));
        rows.push(vec![factor.key.clone(), parameters, factor.unit.clone(), grouped(levels(plan, place) as u64), now]);
    }
    let mut out = columns(&rows, &[3, 4]);
    out += "\n";
    for point in 0..plan.points().rows().min(SHOWN) {
        out += &format!("  point {point}: {}\n", plan.point_words(point as u64));
    }
    if plan.points().rows() > SHOWN {
        out += &format!("  ... and {} more\n", grouped((plan.points().rows() - SHOWN) as u64));
    }
    out
}

/// What was done, in a scholar's words.
pub fn words(plan: &SweepPlan, merged: &Merged) -> String {
    let mut out = format!("{}\n", plan.title());
    out += &format!(
        "{} x {} x {}: {}, {}.\n",
        points_words(plan),
        counted(plan.lines().len(), "arm"),
        counted(plan.replicates_of(0) as usize, "replicate"),
        counted(merged.runs as usize, "run"),
        if merged.failed == 0 { "none failed".to_owned() } else { format!("{} failed", grouped(merged.failed)) }
    );
    if !merged.failures.is_empty() {
        out += "\nFailed runs:\n";
        for failure in &merged.failures {
            out += &format!("  {failure}\n");
        }
        if merged.failed > merged.failures.len() as u64 {
            out += &format!(
                "  ... and {} more: column failed_at of the results\n",
                merged.failed - merged.failures.len() as u64
            );
        }
        out += "  comity sweep STUDY --retry-failed runs them again; comity verify DIR --run RUN_ID rebuilds one\n";
    }
    out += &merged.findings;
    out += &format!(
        "\n{}\n  \
         points.csv        one row per point, arm, measure and window: n, mean, interval, difference to the baseline\n  \
         results.parquet   one row per run; docs/sweeps.md says how pandas, polars, R and DuckDB read it\n  \
         charts/           figures; comity figure draws others from the same tables\n",
        merged.published
    );
    out
}
