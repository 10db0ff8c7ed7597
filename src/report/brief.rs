//! What was found, in a few sentences made of the tables.

use super::{Of, Result};
use crate::article::cells::{distinct, level};
use crate::numeral::{Unit, capitalised, percent, significant};
use crate::record::REGION;
use crate::table::Table;

/// Paragraphs; nothing is said of what the tables do not hold.
pub(super) fn brief(result: &Result<'_>) -> Vec<String> {
    let found = match result.of {
        Of::Run => run(result),
        Of::Comparison { measure } => comparison(result, measure),
        Of::Sweep { found, .. } | Of::Calibration { found, .. } => {
            found.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
    };
    if found.is_empty() { vec!["What follows says what was found.".to_owned()] } else { found }
}

/// Mean of a measure, and its unit.
fn mean(summary: &Table, measure: &str) -> Option<f64> {
    let row = summary.texts("measure")?.iter().position(|key| **key == *measure)?;
    summary.reals("mean")?.get(row).copied().filter(|mean| mean.is_finite())
}

fn run(result: &Result<'_>) -> Vec<String> {
    let Some(summary) = result.tables.get("summary") else {
        return held(result).into_iter().chain(predicted(result)).collect();
    };
    let mut out = Vec::new();
    let of = |measure: &str| mean(summary, measure).map(|mean| significant(mean, 3));
    if let (Some(arrived), Some(recognised), Some(sought), Some(accepted)) =
        (of("arrived"), of("recognised"), of("sought"), of("accepted"))
    {
        out.push(format!(
            "Of {arrived} transnational cases that came to light in a run, on average, {recognised} were recognised as \
             trafficking; cooperation was sought in {sought} and accepted in {accepted}."
        ));
    }
    if let (Some(communications), Some(rescues), Some(arrests)) = (of("communications"), of("rescues"), of("arrests")) {
        out.push(format!(
            "It brought {communications} communications, rescue to {rescues} victims and {arrests} arrests."
        ));
    }
    if let Some(binding) = result.tables.get("barriers").and_then(most_binding) {
        out.push(binding);
    }
    out.extend(held(result));
    out
}

/// How many tests of predictions held.
fn predicted(result: &Result<'_>) -> Option<String> {
    let verdicts = result.tables.get("predictions")?.texts("verdict")?;
    let count = |word: &str| verdicts.iter().filter(|verdict| ***verdict == *word).count();
    Some(format!(
        "Of {} tests of qualitative predictions, {} held, {} were broken, {} are undecided.",
        verdicts.len(),
        count("held"),
        count("broken"),
        count("undecided")
    ))
}

/// The barrier that, removed alone, would have brought most cooperation.
fn most_binding(barriers: &Table) -> Option<String> {
    let text = |column: &str| barriers.texts(column);
    let (states, roles, periods) = (text("state")?, text("role")?, text("period")?);
    let (kinds, labels, shares) = (text("kind")?, text("label")?, barriers.reals("share")?);
    let whole = |row: &usize| {
        &*states[*row] == REGION
            && &*roles[*row] == "all"
            && &*periods[*row] == "all"
            && &*kinds[*row] == "single"
            && shares[*row].is_finite()
    };
    let row = (0..barriers.rows()).filter(whole).max_by(|a, b| shares[*a].total_cmp(&shares[*b]))?;
    (shares[row] > 0.0).then(|| {
        format!(
            "Of the cases without cooperation, {} would have seen it had one barrier alone been absent: {}. No other \
             single barrier accounts for more.",
            percent(shares[row]),
            labels[row]
        )
    })
}

/// How many patterns hold.
fn held(result: &Result<'_>) -> Option<String> {
    let validation = result.tables.get("validation")?;
    let verdicts = validation.texts("holds")?;
    let count = |word: &str| verdicts.iter().filter(|verdict| ***verdict == *word).count();
    let tested = count("holds") + count("misses");
    (tested > 0).then(|| format!("Of {tested} patterns of the evidence that were tested, {} hold.", count("holds")))
}

fn comparison(result: &Result<'_>, measure: &str) -> Vec<String> {
    let Some(effects) = result.tables.get("effects") else { return Vec::new() };
    let windows = distinct(effects.texts("window").unwrap_or_default());
    windows.iter().filter_map(|window| of_window(effects, measure, window)).collect()
}

/// The largest effect of a window, and how many arms differ from the baseline at all.
fn of_window(effects: &Table, measure: &str, window: &str) -> Option<String> {
    let text = |column: &str| effects.texts(column);
    let (measures, windows, labels, kinds) = (text("measure")?, text("window")?, text("label")?, text("kind")?);
    let (names, units) = (text("measure_label")?, text("unit")?);
    let real = |column: &str| effects.reals(column);
    let (difference, low, high) = (real("difference")?, real("ci_low")?, real("ci_high")?);
    let rows: Vec<usize> = (0..effects.rows())
        .filter(|&row| {
            &*measures[row] == measure
                && &*windows[row] == window
                && matches!(&*kinds[row], "arm" | "package")
                && difference[row].is_finite()
        })
        .collect();
    let best = rows.iter().copied().max_by(|a, b| difference[*a].total_cmp(&difference[*b]))?;
    let unit = Unit::difference(&units[best], [difference[best], low[best], high[best]].into_iter());
    let show = |value: f64| significant(unit.of_value(value), 2);
    let (up, down) =
        (rows.iter().filter(|row| low[**row] > 0.0).count(), rows.iter().filter(|row| high[**row] < 0.0).count());
    Some(format!(
        "{}, window {window}: the largest difference from the baseline is that of {}, {} {} ({} interval {} to {}). \
         Of {} arms and packages, {up} lie above the baseline and {down} below it with an interval clear of zero; intervals are each \
         arm's own, not adjusted for their number.",
        capitalised(&names[best]),
        labels[best],
        show(difference[best]),
        unit.name(),
        level(effects, "ci_low"),
        show(low[best]),
        show(high[best]),
        rows.len()
    ))
}
