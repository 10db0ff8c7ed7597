//! Packages of interventions: the parts alone, their sum, the whole, and whether it is more.
//!
//! Synergy is the whole minus the sum of its parts alone; a Shapley share is what a part adds, averaged
//! over all orders in which the parts could have come in, so that the shares add up to the whole.

use super::forest::{Outcome, difference_axis};
use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Estimate, Look, Shape};
use super::palette::{BLACK, BLUE, GREEN, VERMILLION};
use super::unit::{self, Unit};
use super::words::{counted, pairs};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

struct Part {
    kind: Role,
    part: String,
    value: f64,
    interval: (f64, f64),
    n: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Alone,
    Sum,
    Whole,
    Synergy,
    Shapley,
}

impl Role {
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "alone" => Self::Alone,
            "sum" => Self::Sum,
            "whole" => Self::Whole,
            "synergy" => Self::Synergy,
            "shapley" => Self::Shapley,
            _ => return None,
        })
    }

    fn look(self, clear: bool) -> Look {
        let (shape, colour) = match self {
            Self::Alone => (Shape::Disc, BLUE),
            Self::Sum | Self::Whole => (Shape::Diamond, BLACK),
            Self::Synergy => (Shape::Up, VERMILLION),
            Self::Shapley => (Shape::Square, GREEN),
        };
        Look { shape, colour, filled: clear }
    }
}

/// Draws the `packages` table for one measure and window.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn packages(packages: &Table, outcome: &Outcome<'_>, context: &Context) -> Result<Drawing, FigureError> {
    let rows = columns::rows_of(packages, &[("measure", outcome.measure), ("window", outcome.window)])?;
    let groups = read(packages, &rows, context)?;
    let parts = || groups.iter().flat_map(|(_, parts)| parts);
    let values = || parts().flat_map(|part| [part.value, part.interval.0, part.interval.1]);
    let unit = Unit::difference(&unit_of(packages, &rows), values());
    let scale = unit::differences(values().map(|value| unit.of_value(value)), 5);
    let decimals = unit::decimals(parts().map(|part| unit.of_value(part.interval.1 - part.interval.0) / 2.0));
    let (mut lines, mut drawn): (Vec<Row>, Vec<Option<&Part>>) = (Vec::new(), Vec::new());
    for (name, parts) in &groups {
        lines.push(Row::heading(&context.say(name)));
        drawn.push(None);
        let whole = parts.iter().find(|part| part.kind == Role::Whole).map_or(f64::NAN, |part| part.value);
        for part in parts {
            let [value, low, high] = [part.value, part.interval.0, part.interval.1].map(|value| unit.of_value(value));
            let share = match part.kind {
                Role::Whole => String::new(),
                // Shares of next to nothing say nothing.
                _ if whole.abs() > 0.0 && (part.value / whole).abs() < 10.0 => {
                    format!("{}%", super::ticks::number(100.0 * part.value / whole, 0))
                }
                _ => "–".to_owned(),
            };
            let label = match part.kind {
                Role::Alone => format!("{} {}", context.say(&part.part), context.say("alone")),
                Role::Sum => context.say("Sum of the parts alone"),
                Role::Whole => context.say("The whole package"),
                Role::Synergy => context.say("Synergy: whole minus sum"),
                Role::Shapley => format!("{}: {}", context.say(&part.part), context.say("its share of the whole")),
            };
            lines.push(Row {
                level: Level::Item,
                label,
                numbers: vec![unit::bounded(value, (low, high), decimals), share],
            });
            drawn.push(Some(part));
        }
    }
    let name = measure_name(packages, &rows, outcome);
    let axis = difference_axis(context, &unit, &name);
    let heads = ["Difference\n[95% CI]", "Of the\nwhole"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Package"),
        heads: &heads,
        rows: &lines,
        scale,
        axis: &axis,
        indent: 0.9,
        least: 0.28,
        grounds: &[],
        legend: &[],
    };
    let width = context.style.points(120.0)?;
    let laid = ledger.lay(width, context.style, |paper, panel, spans| {
        marks::zero(paper, panel, spans, unit.of_value(outcome.margin()));
    })?;
    for (part, &y) in drawn.iter().zip(&laid.middles) {
        let Some(part) = part else { continue };
        let (low, high) = part.interval;
        let estimate = Estimate::new(unit.of_value(part.value), (unit.of_value(low), unit.of_value(high)));
        marks::across(&laid.paper, &laid.panel, &estimate, y, part.kind.look(outcome.clear(part.interval)));
    }
    let labels: Vec<String> = lines.iter().map(|line| line.label.clone()).collect();
    let pairs = pairs(parts().map(|part| part.n));
    let title = context.title_or("More than the sum of its parts?");
    let body = format!(
        "{}: mean paired differences from the baseline with 95% intervals (Student’s t; {pairs}; window: {}). Blue discs: each part \
         alone; black diamonds: the sum of the parts alone, and the whole package; vermillion triangle: synergy, the whole \
         minus the sum; green squares: Shapley shares, what each part adds averaged over all orders, which add up to the \
         whole. Filled: the interval is clear of {}; hollow: it is not. Last column: percent of the whole.{}",
        counted(groups.len(), "package"),
        outcome.window,
        if outcome.margin() > 0.0 { "differences that do not matter" } else { "zero" },
        in_full(&laid.cut, &labels),
    );
    Drawing::new(laid.paper, context, (&title, &body), packages.picked(&rows))
}

fn unit_of(table: &Table, rows: &[usize]) -> String {
    let own = columns::word(table, "unit", rows);
    if own.is_empty() { columns::unit(table, "value") } else { own }
}

fn measure_name(table: &Table, rows: &[usize], outcome: &Outcome<'_>) -> String {
    let own = columns::word(table, "measure_label", rows);
    if own.is_empty() { outcome.measure.replace('_', " ") } else { own }
}

/// The name given for a key, or the key as words.
fn named(context: &Context, key: &str) -> String {
    if context.names.iter().any(|(known, _)| known == key) {
        return context.name(key);
    }
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Packages in the order of the table, largest whole first; parts by role, largest first.
fn read(table: &Table, rows: &[usize], context: &Context) -> Result<Vec<(String, Vec<Part>)>, FigureError> {
    let packages = columns::texts(table, "package")?;
    let parts = columns::texts(table, "part")?;
    let kinds = columns::texts(table, "kind")?;
    let values = columns::numbers(table, "value")?;
    let lows = columns::numbers(table, "ci_low")?;
    let highs = columns::numbers(table, "ci_high")?;
    let counts = columns::integers(table, "n")?;
    let mut groups: Vec<(String, Vec<Part>)> = Vec::new();
    // What an arm adds to all others stands in the table; the chart has the share that is fair to all orders.
    for &row in rows.iter().filter(|row| &*kinds[**row] != "last") {
        let Some(kind) = Role::of(&kinds[row]) else {
            let reason = format!(
                "table `{}` has a part of kind `{}`; known are alone, sum, whole, synergy and shapley",
                table.schema.name, kinds[row]
            );
            return Err(FigureError::Unfit { reason });
        };
        let part = Part {
            kind,
            part: named(context, &parts[row]),
            value: values[row],
            interval: (lows[row], highs[row]),
            n: counts[row],
        };
        let name = named(context, &packages[row]);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, parts)) => parts.push(part),
            None => groups.push((name, vec![part])),
        }
    }
    for (_, parts) in &mut groups {
        parts.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| b.value.total_cmp(&a.value)));
    }
    let whole = |parts: &[Part]| {
        let own = parts.iter().find(|part| part.kind == Role::Whole).map(|part| -part.value);
        own.filter(|value| value.is_finite()).unwrap_or(f64::INFINITY)
    };
    groups.sort_by(|a, b| whole(&a.1).total_cmp(&whole(&b.1)).then_with(|| a.0.cmp(&b.0)));
    Ok(groups)
}
