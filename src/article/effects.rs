//! `effects`: every arm against the baseline.

use crate::numeral::{Unit, change, compact, decimals, decimals_for, plus};
use crate::quantity::Date;
use crate::table::Table;

use super::cells::{self, MISSING, capitalised, interval_head, interval_note, raised, shown, signed_interval};
use super::{ArticleError, Column, Entry, Group, Printed, Source, Span};

/// The columns that not every table of effects fills.
struct Further<'t> {
    holm: Option<&'t [f64]>,
    cost: Option<(&'t [f64], Unit)>,
    per: Option<(&'t [f64], String)>,
}

/// One group for each measure and window, one row for each arm.
pub(super) fn effects(table: &Table, source: &Source) -> Result<Printed, ArticleError> {
    let (measures, windows) = (cells::texts(table, "measure")?, cells::texts(table, "window")?);
    let further = further(table);
    let groups = cells::grouped(table, &[measures, windows]);
    let groups = groups.iter().map(|rows| group(table, rows, &further)).collect::<Result<Vec<Group>, _>>()?;
    let (columns, spans) = heads(table, &further);
    let n = cells::integers(table, "n")?;
    let mut notes = vec![
        cells::n_note(n, "replicates, each the baseline and the arm with the same draws of chance"),
        interval_note(table),
    ];
    if further.holm.is_some() {
        notes.push("p (Holm): of the two-sided paired t test, adjusted by Holm's rule for all arms and packages of the study within an outcome and window; intervals are not adjusted.".to_owned());
    } else {
        notes.push("Intervals are not adjusted for the number of arms.".to_owned());
    }
    if further.cost.is_some() {
        notes.push("Cost: mean over replicates, over the whole run.".to_owned());
    }
    if further.per.is_some() {
        notes.push("Cost per additional: additional cost over additional outcome, for counts whose interval is clear of 0; below 0, per one fewer.".to_owned());
    }
    notes.extend(cells::closing(&groups, "not defined: no estimate, no spread, or nothing to divide by", source));
    Ok(Printed {
        caption: "Effects against the baseline".to_owned(),
        label: String::new(),
        columns,
        spans,
        groups,
        notes,
        data: table.clone(),
    })
}

fn further(table: &Table) -> Further<'_> {
    let filled = |column: &str, wanted: fn(f64) -> bool| {
        table.reals(column).filter(|values| values.iter().any(|value| wanted(*value)))
    };
    let currency = cells::unit(table, "cost");
    Further {
        holm: filled("p_holm", f64::is_finite),
        cost: filled("cost", |cost| cost.is_finite() && cost != 0.0)
            .map(|costs| (costs, Unit::level(&currency, costs.iter().copied()))),
        per: filled("cost_per_additional", f64::is_finite).map(|per| (per, currency)),
    }
}

fn heads(table: &Table, further: &Further<'_>) -> (Vec<Column>, Vec<Span>) {
    let interval = interval_head(table);
    let mut columns = vec![
        Column::wrapped("Arm", 1.0),
        Column::right("Baseline"),
        Column::right("Arm").or_alone("With arm"),
        Column::right("Estimate").or_alone("Difference"),
        Column::right(&interval),
        Column::right("Relative").or_alone("Relative change"),
    ];
    if further.holm.is_some() {
        columns.push(Column::right("p (Holm)"));
    }
    let differences = columns.len() - 3;
    columns.push(Column::right("n"));
    let mut spans = vec![
        Span { head: "Mean".to_owned(), first: 1, count: 2 },
        Span { head: "Difference".to_owned(), first: 3, count: differences },
    ];
    let first = columns.len();
    if let Some((_, unit)) = &further.cost {
        let head = raised(unit.name());
        let alone = raised(&unit.title("Cost"));
        columns.push(Column::right(if head.is_empty() { "Total" } else { &head }).or_alone(&alone));
    }
    if let Some((_, currency)) = &further.per {
        let alone = Unit::level(currency, std::iter::empty()).title("Cost per additional");
        columns.push(Column::right("Per additional").or_alone(&alone));
    }
    if columns.len() > first {
        spans.push(Span { head: "Cost".to_owned(), first, count: columns.len() - first });
    }
    (columns, spans)
}

fn group(table: &Table, rows: &[usize], further: &Further<'_>) -> Result<Group, ArticleError> {
    let labels = cells::texts(table, "label")?;
    let counts = cells::integers(table, "n")?;
    let [baseline, arm, difference, low, high, relative] =
        ["baseline_mean", "arm_mean", "difference", "ci_low", "ci_high", "relative_change"]
            .map(|column| cells::numbers(table, column));
    let (baseline, arm, difference) = (baseline?, arm?, difference?);
    let (low, high, relative) = (low?, high?, relative?);
    let units = cells::texts(table, "unit")?;
    let all = || rows.iter().flat_map(|&row| [baseline[row], arm[row], difference[row], low[row], high[row]]);
    let level = Unit::level(&units[rows[0]], all());
    let of = |value: f64| level.of_value(value);
    let decimals = decimals(rows.iter().map(|&row| of(high[row] - low[row]) / 2.0));
    let mut printed = Vec::with_capacity(rows.len());
    for &row in rows {
        let mut cells: Vec<Entry> = vec![
            labels[row].to_string().into(),
            shown(of(baseline[row]), decimals).into(),
            shown(of(arm[row]), decimals).into(),
            raised(&plus(of(difference[row]), decimals)).into(),
            signed_interval((of(low[row]), of(high[row])), decimals).into(),
            raised(&change(relative[row])).into(),
        ];
        cells.extend(further.holm.map(|holm| Entry::from(cells::p_value(holm[row]))));
        cells.push(counts[row].to_string().into());
        cells.extend(further.cost.as_ref().map(|(costs, unit)| Entry::from(cost(costs[row], costs, unit))));
        cells.extend(further.per.as_ref().map(|(per, _)| Entry::from(price(per[row]))));
        printed.push(cells);
    }
    let title = title(table, rows, &level, &Unit::difference(&units[rows[0]], all()))?;
    Ok(Group { title, rows: printed })
}

/// A cost with as many decimals as the dearest needs for four digits.
pub(super) fn cost(value: f64, all: &[f64], unit: &Unit) -> String {
    let most = all.iter().filter(|cost| cost.is_finite()).fold(0.0, |most: f64, cost| most.max(cost.abs()));
    shown(unit.of_value(value), decimals_for(unit.of_value(most), 4).min(3))
}

fn price(value: f64) -> String {
    raised(&compact(value, decimals_for(value.abs(), 3).min(6)))
}

/// `Cooperation rate (%; differences in percentage points), during: 2006-07-01 to 2009-06-30`.
fn title(table: &Table, rows: &[usize], level: &Unit, difference: &Unit) -> Result<String, ArticleError> {
    let row = rows[0];
    let names = table.texts("measure_label").map_or_else(|| cells::texts(table, "measure"), Ok)?;
    let name = capitalised(&cells::spaced(&names[row]));
    let units = match (level.name(), difference.name()) {
        ("", _) => String::new(),
        (one, other) if one == other => format!(" ({})", raised(one)),
        (one, other) => format!(" ({}; differences in {})", raised(one), raised(other)),
    };
    let window = &cells::texts(table, "window")?[row];
    let day = |column: &str, less: i32| {
        let days = table.dates(column)?[row];
        Date::from_days(days.checked_sub(less)?).map(|date| date.to_string())
    };
    let dates = match (day("from", 0), day("until", 1)) {
        (Some(from), Some(until)) => format!("{from} to {until}"),
        _ => MISSING.to_owned(),
    };
    let when = match (&**window, dates.as_str()) {
        ("whole", MISSING) => String::new(),
        ("whole", dates) => format!(", {dates}"),
        (window, MISSING) => format!(", window {window}"),
        (window, dates) => format!(", {window}: {dates}"),
    };
    Ok(format!("{name}{units}{when}"))
}
