//! `validation` and `predictions`: the model against what is known, and against what was said of it beforehand.

use crate::numeral::{decimals, decimals_for, percent};
use crate::table::Table;

use super::cells::{self, MISSING, capitalised, interval, interval_head, interval_note, plain, shown};
use super::{ArticleError, Column, Entry, Group, Printed, Source};

/// Decimals by the uncertainty where it is known, else two digits of the number itself.
fn places(value: f64, (low, high): (f64, f64)) -> usize {
    let half = (high - low) / 2.0;
    let own = decimals_for(value.abs(), 2).min(4);
    match half > 0.0 {
        true if half < 5e-5 => decimals_for(half, 1),
        true => decimals([half].into_iter()),
        false => own,
    }
}

/// The patterns that were calibrated, then those held out.
pub(super) fn validation(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let words = ["pattern", "description", "use", "holds"].map(|column| cells::texts(table, column));
    let [patterns, descriptions, uses, verdicts] = words;
    let (patterns, descriptions, uses, verdicts) = (patterns?, descriptions?, uses?, verdicts?);
    let numbers =
        ["low", "high", "value", "ci_low", "ci_high", "runs_in_band"].map(|column| cells::numbers(table, column));
    let [from, to, values, low, high, inside] = numbers;
    let (from, to, values, low, high, inside) = (from?, to?, values?, low?, high?, inside?);
    let counts = cells::integers(table, "n")?;
    let row = |row: usize| -> Vec<Entry> {
        let band = match (from[row].is_finite(), to[row].is_finite()) {
            (true, true) if from[row] == to[row] => plain(from[row]),
            (true, true) => format!("{} to {}", plain(from[row]), plain(to[row])),
            (true, false) => format!("≥ {}", plain(from[row])),
            (false, true) => format!("≤ {}", plain(to[row])),
            (false, false) => MISSING.to_owned(),
        };
        let bounds = (low[row], high[row]);
        let places = places(values[row], bounds);
        vec![
            patterns[row].to_string().into(),
            capitalised(&descriptions[row]).into(),
            band.into(),
            shown(values[row], places).into(),
            interval(bounds, places).into(),
            percent(inside[row]).into(),
            Entry { text: verdicts[row].to_string(), strong: &*verdicts[row] == "misses" },
        ]
    };
    let groups = cells::grouped(table, &[uses]);
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|rows| Group { title: capitalised(&uses[rows[0]]), rows: rows.into_iter().map(row).collect() })
        .collect();
    let count = |verdict: &str| verdicts.iter().filter(|own| &***own == verdict).count();
    let most = counts.iter().max().copied().unwrap_or(0);
    let mut notes = vec![
        format!(
            "{} patterns hold, {} miss, {} not tested; a pattern holds if the mean lies in the band. Calibrated patterns were used to set parameters; held-out ones were not.",
            count("holds"),
            count("misses"),
            count("not tested")
        ),
        format!("Mean over n = {most} replicates at most."),
        interval_note(table),
        "In band: share of the replicates whose own value lies in the band.".to_owned(),
    ];
    notes.extend(cells::closing(&groups, "not defined, or only for all replicates together", source));
    Ok(Printed {
        caption: "Patterns of the evidence beside what the model gives".to_owned(),
        label: String::new(),
        columns: vec![
            Column::left("").or_alone("No."),
            Column::wrapped("Pattern", 1.0),
            Column::left("Band"),
            Column::right("Model"),
            Column::right(&interval_head(table)),
            Column::right("In band"),
            Column::left("Verdict"),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}

/// One group for each prediction, one row for each part of it that was tested.
pub(super) fn predictions(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let words = ["key", "sentence", "test", "verdict"].map(|column| cells::texts(table, column));
    let [keys, sentences, tests, verdicts] = words;
    let (keys, sentences, tests, verdicts) = (keys?, sentences?, tests?, verdicts?);
    let [estimates, low, high, margins] =
        ["estimate", "ci_low", "ci_high", "margin"].map(|column| cells::numbers(table, column));
    let (estimates, low, high, margins) = (estimates?, low?, high?, margins?);
    let predicted = cells::texts(table, "predicted")?;
    let counts = cells::integers(table, "n")?;
    let row = |row: usize| -> Vec<Entry> {
        let bounds = (low[row], high[row]);
        let places = places(estimates[row], bounds);
        let expected = match &*predicted[row] {
            "more" => "> 0".to_owned(),
            _ => format!("±\u{a0}{}", plain(margins[row])),
        };
        vec![
            capitalised(&tests[row]).into(),
            expected.into(),
            shown(estimates[row], places).into(),
            interval(bounds, places).into(),
            counts[row].to_string().into(),
            Entry { text: verdicts[row].to_string(), strong: &*verdicts[row] == "broken" },
        ]
    };
    let groups: Vec<Group> = cells::grouped(table, &[keys])
        .into_iter()
        .map(|rows| {
            let own: Vec<&str> = rows.iter().map(|&row| &*verdicts[row]).collect();
            let title = format!("{} {} ({})", keys[rows[0]], sentences[rows[0]], together(&own));
            Group { title, rows: rows.into_iter().map(row).collect() }
        })
        .collect();
    let count = |verdict: &str| verdicts.iter().filter(|own| &***own == verdict).count();
    let mut notes = vec![
        format!(
            "Of {} parts, {} held, {} broken, {} undecided, {} not tested. A prediction is broken if a part is, undecided if a part is and none is broken, else held.",
            verdicts.len(),
            count("held"),
            count("broken"),
            count("undecided"),
            count("not tested")
        ),
        cells::n_note(counts, "replicates of every arm"),
        interval_note(table),
        "They are not adjusted for the number of parts. Predicted: more than 0, or within the margin of 0.".to_owned(),
    ];
    notes.extend(cells::closing(&groups, "not defined", source));
    Ok(Printed {
        caption: "Predictions, each an experiment on twin worlds".to_owned(),
        label: String::new(),
        columns: vec![
            Column::wrapped("Prediction and what was tested", 1.0),
            Column::right("Predicted"),
            Column::right("Estimate"),
            Column::right(&interval_head(table)),
            Column::right("n"),
            Column::left("Verdict"),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}

/// The verdict on a prediction from those on its parts.
fn together(parts: &[&str]) -> &'static str {
    ["broken", "undecided", "held"].into_iter().find(|verdict| parts.contains(verdict)).unwrap_or("not tested")
}
