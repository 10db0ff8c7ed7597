//! `ranking` and `packages`: which arm is best, and what arms do together.

use crate::numeral::{Unit, decimals, number, percent, plus};
use crate::table::Table;

use super::cells::{self, MISSING, capitalised, interval_head, interval_note, raised, shown, signed_interval};
use super::{ArticleError, Column, Entry, Group, Printed, Source, Span};

/// One group for each window, the best first.
pub(super) fn ranking(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let (measures, windows) = (cells::texts(table, "measure")?, cells::texts(table, "window")?);
    let groups = cells::grouped(table, &[measures, windows]);
    let groups = groups.iter().map(|rows| ranked(table, rows)).collect::<Result<Vec<Group>, _>>()?;
    let mut notes = vec![
        cells::n_note(cells::integers(table, "n")?, "replicates, the same for all that are ranked"),
        interval_note(table),
        "Difference: from the best mean of the others. P(best): share of bootstrap resamples of the replicates in which it has the best mean.".to_owned(),
    ];
    notes.extend(cells::closing(&groups, "not defined", source));
    Ok(Printed {
        caption: "Which arm is best".to_owned(),
        label: String::new(),
        columns: vec![
            Column::right("Rank"),
            Column::wrapped("Arm", 1.0),
            Column::right("Mean"),
            Column::right("Estimate").or_alone("Difference from the best of the others"),
            Column::right(&interval_head(table)),
            Column::right("P(best)"),
            Column::left("Verdict"),
        ],
        spans: vec![Span { head: "From the best other".to_owned(), first: 3, count: 2 }],
        groups,
        notes,
        data: table.clone(),
    })
}

fn ranked(table: &Table, rows: &[usize]) -> Result<Group, ArticleError> {
    let ranks = cells::integers(table, "rank")?;
    let (labels, verdicts) = (cells::texts(table, "label")?, cells::texts(table, "verdict")?);
    let (means, differences) = (cells::numbers(table, "mean")?, cells::numbers(table, "difference")?);
    let (low, high) = (cells::numbers(table, "ci_low")?, cells::numbers(table, "ci_high")?);
    let best = cells::numbers(table, "probability_best")?;
    let unit_key = &cells::texts(table, "unit")?[rows[0]];
    let all = || rows.iter().flat_map(|&row| [means[row], differences[row], low[row], high[row]]);
    let unit = Unit::level(unit_key, all());
    let of = |value: f64| unit.of_value(value);
    let decimals = decimals(rows.iter().map(|&row| of((high[row] - low[row]) / 2.0)));
    let mut order = rows.to_vec();
    order.sort_by_key(|&row| ranks[row]);
    let cells = |row: usize| -> Vec<Entry> {
        vec![
            ranks[row].to_string().into(),
            labels[row].to_string().into(),
            shown(of(means[row]), decimals).into(),
            raised(&plus(of(differences[row]), decimals)).into(),
            signed_interval((of(low[row]), of(high[row])), decimals).into(),
            percent(best[row]).into(),
            verdicts[row].to_string().into(),
        ]
    };
    let names = table.texts("measure_label").map_or_else(|| cells::texts(table, "measure"), Ok)?;
    let name = capitalised(&cells::spaced(&names[rows[0]]));
    let difference = Unit::difference(unit_key, all());
    let title = titled(&name, &unit, &difference, &cells::texts(table, "window")?[rows[0]]);
    Ok(Group { title, rows: order.into_iter().map(cells).collect() })
}

fn titled(name: &str, level: &Unit, difference: &Unit, window: &str) -> String {
    let units = match (level.name(), difference.name()) {
        ("", _) => String::new(),
        (one, other) if one == other => format!(" ({})", raised(one)),
        (one, other) => format!(" ({}; differences in {})", raised(one), raised(other)),
    };
    let when = if window == "whole" { String::new() } else { format!(", window {window}") };
    format!("{name}{units}{when}")
}

/// The rows of a package in their order, and what they are called.
const PARTS: [(&str, &str); 6] = [
    ("alone", " alone"),
    ("sum", "Sum of the arms alone"),
    ("whole", "The whole package"),
    ("synergy", "Synergy: whole minus sum"),
    ("shapley", ": its share of the whole"),
    ("last", ": added to all others"),
];

/// One group for each package, measure and window.
pub(super) fn packages(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let keys = [cells::texts(table, "package")?, cells::texts(table, "measure")?, cells::texts(table, "window")?];
    let groups = cells::grouped(table, &keys);
    let groups = groups.iter().map(|rows| package(table, rows)).collect::<Result<Vec<Group>, _>>()?;
    let shapley = cells::texts(table, "kind")?.iter().any(|kind| &**kind == "shapley");
    let mut notes = vec![
        cells::n_note(cells::integers(table, "n")?, "replicates, paired with the baseline"),
        format!("{} They are not adjusted for the number of rows.", interval_note(table)),
    ];
    if shapley {
        notes.push("Share of the whole: what an arm adds, on average over all orders of adding (Shapley); the shares add up to the whole.".to_owned());
    }
    notes.extend(cells::closing(&groups, "not defined, or a share of next to nothing", source));
    Ok(Printed {
        caption: "What packages bring beyond their parts".to_owned(),
        label: String::new(),
        columns: vec![
            Column::wrapped("Part", 1.0),
            Column::right("Effect"),
            Column::right(&interval_head(table)),
            Column::right("Of the whole"),
            Column::right("n"),
        ],
        spans: Vec::new(),
        groups,
        notes,
        data: table.clone(),
    })
}

fn package(table: &Table, rows: &[usize]) -> Result<Group, ArticleError> {
    let (parts, kinds) = (cells::texts(table, "part")?, cells::texts(table, "kind")?);
    let values = cells::numbers(table, "value")?;
    let (low, high) = (cells::numbers(table, "ci_low")?, cells::numbers(table, "ci_high")?);
    let counts = cells::integers(table, "n")?;
    let unit_key = &cells::texts(table, "unit")?[rows[0]];
    let unit = Unit::difference(unit_key, rows.iter().flat_map(|&row| [values[row], low[row], high[row]]));
    let of = |value: f64| unit.of_value(value);
    let decimals = decimals(rows.iter().map(|&row| of((high[row] - low[row]) / 2.0)));
    let whole = rows.iter().find(|&&row| &*kinds[row] == "whole").map_or(f64::NAN, |&row| values[row]);
    let mut order = rows.to_vec();
    let place = |row: usize| PARTS.iter().position(|(key, _)| *key == &*kinds[row]);
    order.sort_by_key(|&row| place(row).unwrap_or(PARTS.len()));
    let cells = |row: usize| -> Vec<Entry> {
        let words = place(row).map_or("", |place| PARTS[place].1);
        let own = matches!(&*kinds[row], "sum" | "whole" | "synergy");
        let name = if own { words.to_owned() } else { format!("{}{words}", parts[row]) };
        let share = values[row] / whole;
        let share = if &*kinds[row] == "whole" {
            "100%".to_owned()
        } else if share.abs() < 10.0 {
            format!("{}%", number(100.0 * share, 0))
        } else {
            MISSING.to_owned()
        };
        vec![
            name.into(),
            raised(&plus(of(values[row]), decimals)).into(),
            signed_interval((of(low[row]), of(high[row])), decimals).into(),
            share.into(),
            counts[row].to_string().into(),
        ]
    };
    let name = cells::spaced(&cells::texts(table, "measure")?[rows[0]]);
    let name = format!("Package {}, {name}", cells::texts(table, "package")?[rows[0]]);
    let title = titled(&name, &unit, &unit, &cells::texts(table, "window")?[rows[0]]);
    Ok(Group { title, rows: order.into_iter().map(cells).collect() })
}
