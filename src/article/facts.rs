//! `summary`, `depth`, `interventions` and `parameters`: what was observed, done and assumed.

use std::sync::Arc;

use crate::numeral::{Unit, decimals, decimals_for, percent};
use crate::table::Table;

use super::cells::{self, MISSING, interval, interval_head, interval_note, plain, raised, shown};
use super::effects::cost;
use super::{ArticleError, Column, Entry, Group, Printed, Source};

/// One row for each measure of `summary` or `depth`.
pub(super) fn measures(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let keys = cells::texts(table, "measure")?;
    let (descriptions, units) = (cells::texts(table, "description")?, cells::texts(table, "unit")?);
    let counts = cells::integers(table, "n")?;
    let (means, deviations) = (cells::numbers(table, "mean")?, cells::numbers(table, "sd")?);
    let (low, high) = (cells::numbers(table, "ci_low")?, cells::numbers(table, "ci_high")?);
    let names = table.texts("name");
    let row = |row: usize| -> Vec<Entry> {
        let name = names.map_or_else(
            || cells::spaced(&keys[row]),
            |names| match *names[row] == *keys[row] {
                true => keys[row].to_string(),
                false => format!("{} {}", keys[row], names[row]),
            },
        );
        let unit = Unit::level(&units[row], [means[row], deviations[row], low[row], high[row]].into_iter());
        let of = |value: f64| unit.of_value(value);
        let half = of(high[row] - low[row]) / 2.0;
        let places = if half > 0.0 { decimals([half].into_iter()) } else { own_decimals(of(means[row])) };
        vec![
            cells::capitalised(&name).into(),
            descriptions[row].to_string().into(),
            raised(unit.name()).into(),
            counts[row].to_string().into(),
            shown(of(means[row]), places).into(),
            shown(of(deviations[row]), places).into(),
            interval((of(low[row]), of(high[row])), places).into(),
        ]
    };
    let groups = vec![Group { title: String::new(), rows: (0..table.rows()).map(row).collect() }];
    let mut notes = vec![
        "n: replicates in which the measure is defined. SD: standard deviation between replicates.".to_owned(),
        interval_note(table),
    ];
    notes.extend(cells::closing(&groups, "not defined, or of one value alone", source));
    let caption = match names {
        Some(_) => "Depth of cooperative practice",
        None => "The region over the whole window",
    };
    Ok(Printed {
        caption: caption.to_owned(),
        label: String::new(),
        columns: vec![
            Column::wrapped("Measure", 1.0),
            Column::wrapped("Meaning", 2.0),
            Column::left("Unit"),
            Column::right("n"),
            Column::right("Mean"),
            Column::right("SD"),
            Column::right(&interval_head(table)),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}

/// Decimals of a number whose uncertainty is not known: three digits of its own.
fn own_decimals(value: f64) -> usize {
    decimals_for(value.abs(), 3).min(4)
}

/// One row for each intervention.
pub(super) fn interventions(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let (names, kinds) = (cells::texts(table, "name")?, cells::texts(table, "kind")?);
    let counts = cells::integers(table, "n")?;
    let [began, occasions, reached, costs, deviations] =
        ["began", "occasions", "reached", "cost", "cost_sd"].map(|column| cells::numbers(table, column));
    let (began, occasions, reached, costs, deviations) = (began?, occasions?, reached?, costs?, deviations?);
    let currency = Unit::level(&cells::unit(table, "cost"), costs.iter().copied());
    let most = |values: &[f64]| values.iter().filter(|v| v.is_finite()).fold(0.0, |most: f64, v| most.max(v.abs()));
    let places = |values: &[f64]| {
        let whole = values.iter().all(|value| !value.is_finite() || *value == libm::round(*value));
        if whole { 0 } else { decimals_for(most(values), 3).min(2) }
    };
    let row = |row: usize| -> Vec<Entry> {
        vec![
            names[row].to_string().into(),
            cells::spaced(&kinds[row]).into(),
            percent(began[row]).into(),
            shown(occasions[row], places(&occasions)).into(),
            shown(reached[row], places(&reached)).into(),
            cost(costs[row], &costs, &currency).into(),
            cost(deviations[row], &costs, &currency).into(),
            counts[row].to_string().into(),
        ]
    };
    let groups = vec![Group { title: String::new(), rows: (0..table.rows()).map(row).collect() }];
    let mut notes = vec![
        cells::n_note(counts, "replicates"),
        "Began: share of the replicates in which it began. Occasions, practitioners reached (each time counted) and cost: means over replicates, by the end of the run. SD: standard deviation of the cost between replicates.".to_owned(),
    ];
    notes.extend(cells::closing(&groups, "not defined", source));
    Ok(Printed {
        caption: "Interventions: what was done, how many it reached, what it cost".to_owned(),
        label: String::new(),
        columns: vec![
            Column::wrapped("Intervention", 2.0),
            Column::wrapped("Kind", 1.0),
            Column::right("Began"),
            Column::right("Occasions"),
            Column::right("Reached"),
            Column::right(&raised(&currency.title("Cost"))),
            Column::right("SD"),
            Column::right("n"),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}

/// One group for each arm, one row for each value that differs; what interventions have by default is left out.
pub(super) fn changes(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let labels = cells::texts(table, "label")?;
    let [set_by, keys, here, base, grades, sources] =
        ["set_by", "key", "here", "base", "grade", "source"].map(|column| cells::texts(table, column));
    let (set_by, keys, here, base, grades, sources) = (set_by?, keys?, here?, base?, grades?, sources?);
    let shown = |row: &usize| !(base[*row].is_empty() && &*set_by[*row] == "default");
    let row = |row: usize| -> Vec<Entry> {
        let told = |words: &str| Entry::from(if words.is_empty() { MISSING } else { words });
        let values = [&here[row], &base[row], &grades[row], &sources[row]].map(|words| told(words));
        std::iter::once(Entry::from(&*keys[row])).chain(values).collect()
    };
    let group = |rows: Vec<usize>| Group {
        title: labels[rows[0]].to_string(),
        rows: rows.into_iter().filter(shown).map(row).collect(),
    };
    let groups: Vec<Group> = cells::grouped(table, &[labels]).into_iter().map(group).collect();
    let left_out = (0..table.rows()).filter(|row| !shown(row)).count();
    let mut notes = Vec::new();
    if left_out > 0 {
        notes.push(format!("{left_out} values that interventions have by default are not listed."));
    }
    notes.extend(cells::closing(&groups, "none", source));
    Ok(Printed {
        caption: "What differs".to_owned(),
        label: String::new(),
        columns: vec![
            Column::wrapped("Key", 1.8),
            Column::wrapped("Here", 1.0),
            Column::wrapped("Before", 1.0),
            Column::left("Grade"),
            Column::wrapped("Source", 2.2),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}

/// One group for each part of the model, one row for each number.
pub(super) fn parameters(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let keys = cells::texts(table, "key")?;
    let words = ["value", "unit", "grade", "source", "meaning"].map(|column| cells::texts(table, column));
    let [values, units, grades, sources, meanings] = words;
    let (values, units, grades, sources, meanings) = (values?, units?, grades?, sources?, meanings?);
    let (low, high) = (cells::numbers(table, "low")?, cells::numbers(table, "high")?);
    let parts: Vec<(&str, &str)> = keys.iter().map(|key| key.rsplit_once('.').unwrap_or(("", key))).collect();
    let parents: Vec<Arc<str>> = parts.iter().map(|(parent, _)| Arc::from(*parent)).collect();
    let row = |row: usize| -> Vec<Entry> {
        let range = match (low[row].is_finite(), high[row].is_finite()) {
            (true, true) => format!("{} to {}", plain(low[row]), plain(high[row])),
            (true, false) => format!("≥ {}", plain(low[row])),
            (false, true) => format!("≤ {}", plain(high[row])),
            (false, false) => MISSING.to_owned(),
        };
        let told = |words: &str| Entry::from(if words.is_empty() { MISSING } else { words });
        let range = if units[row].is_empty() { range } else { format!("{range} ({})", units[row]) };
        vec![
            parts[row].1.into(),
            told(&meanings[row]),
            values[row].replace('-', "−").into(),
            range.into(),
            told(&grades[row]),
            told(&sources[row]),
        ]
    };
    let groups = cells::grouped(table, &[&parents]);
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|rows| Group { title: parents[rows[0]].to_string(), rows: rows.into_iter().map(row).collect() })
        .collect();
    let mut notes = vec![
        "Range: what the model accepts, in that unit. Grade: how well the number is known; assumed numbers are assumptions, whatever their source says.".to_owned(),
    ];
    notes.extend(cells::closing(&groups, "none", source));
    Ok(Printed {
        caption: "Parameters in force".to_owned(),
        label: String::new(),
        columns: vec![
            Column::wrapped("Parameter", 1.2),
            Column::wrapped("Meaning", 2.6),
            Column::wrapped("Value", 0.8),
            Column::wrapped("Range and unit", 1.0),
            Column::left("Grade"),
            Column::wrapped("Source", 2.2),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}
