//! One swept factor whose levels are words: a row for every level, or a heading with a row for every arm under it.

use super::arm_looks::Looks;
use super::font::{self, Face};
use super::ledger::{Ledger, Level, Row, in_full};
use super::levels::{self, categories, category_name, rounded};
use super::marks::{self, Estimate, Look};
use super::palette::BLACK;
use super::response::{MOST, Response, title_of, too_many, twice, unit_of};
use super::sheet::{Dash, Lettering, Stroke};
use super::unit;
use super::words::counted;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;
use std::sync::Arc;

/// The most rows of one figure.
const ROWS: usize = 200;

/// An arm.
struct Arm {
    key: String,
    name: String,
    look: Look,
}

/// An arm at a level.
struct Spot {
    level: usize,
    arm: usize,
    value: f64,
    interval: (f64, f64),
}

/// Draws a table with one row per level and arm, where levels are words: the outcome across, its numbers beside it.
///
/// # Errors
/// When a column is missing, no point has a value, a level stands twice in an arm, there are more than 12 arms, or the
/// size asked for is too small.
pub(super) fn response_rows(points: &Table, swept: &Response<'_>, context: &Context) -> Result<Drawing, FigureError> {
    let keys = categories(points, swept.x, context)?;
    let unit = unit_of(points, swept)?;
    let (arms, mut spots) = read(points, swept, &keys, context)?;
    if !spots.iter().any(|spot| spot.value.is_finite()) {
        return Err(columns::nothing(points, "points with a value"));
    }
    if arms.len() > MOST {
        return Err(too_many(arms.len(), "arms"));
    }
    if spots.len() > ROWS {
        let reason = format!("{} rows are more than a figure holds; at most {ROWS} are drawn", spots.len());
        return Err(FigureError::Unfit { reason });
    }
    for spot in &mut spots {
        spot.value = unit.of_value(spot.value);
        spot.interval = (unit.of_value(spot.interval.0), unit.of_value(spot.interval.1));
    }
    spots.sort_by_key(|spot| (spot.level, spot.arm));
    let threshold = swept.threshold.map(|value| unit.of_value(value)).filter(|value| value.is_finite());
    let values = || spots.iter().flat_map(|spot| [spot.value, spot.interval.0, spot.interval.1]).chain(threshold);
    let (low, high) = unit::bounds(values());
    let zero = low >= 0.0 && low <= 0.6 * high;
    let scale = if swept.difference { unit::differences(values(), 5) } else { unit::scale(values(), zero, 5) };
    let decimals = unit::decimals(spots.iter().map(|spot| (spot.interval.1 - spot.interval.0) / 2.0));
    let several = arms.len() > 1;
    let (mut rows, mut drawn): (Vec<Row>, Vec<Option<&Spot>>) = (Vec::new(), Vec::new());
    for (place, key) in keys.iter().enumerate() {
        if several {
            rows.push(Row::heading(&category_name(key, context)));
            drawn.push(None);
        }
        for spot in spots.iter().filter(|spot| spot.level == place) {
            let label = if several { arms[spot.arm].name.clone() } else { category_name(key, context) };
            let numbers = vec![unit::bounded(spot.value, spot.interval, decimals)];
            rows.push(Row { level: Level::Item, label, numbers });
            drawn.push(Some(spot));
        }
    }
    let axis = levels::outcome(points, swept.value, swept.difference, &unit, context);
    let width = context.style.points(120.0)?;
    let factor = levels::words_of(points, swept.x, context);
    let head = if swept.difference { "Difference\n[95% CI]" } else { "Mean\n[95% CI]" };
    let ledger = Ledger {
        // It may reach over the plot, and is written below.
        stub: "",
        heads: &[context.say(head)],
        rows: &rows,
        scale,
        axis: &axis,
        indent: if several { 0.9 } else { 0.0 },
        least: 0.3,
        grounds: &[],
        legend: &[],
    };
    let laid = ledger.lay(width, context.style, |paper, panel, spans| {
        if swept.difference {
            marks::zero(paper, panel, spans, 0.0);
        }
        if let Some(bold) = threshold {
            let x = panel.at(bold, 0.0).0;
            for &(top, bottom) in spans {
                paper.line((x, top), (x, bottom), Stroke::solid(0.6, BLACK).dashed(Dash::Dashed));
            }
        }
    })?;
    let size = context.style.text;
    let taken = font::widest(context.say(head).lines(), Face::Bold, size) + size;
    let numbers = font::widest(rows.iter().flat_map(|row| &row.numbers).map(String::as_str), Face::Regular, size);
    // In full it is in the caption.
    let stub = font::shorten(&factor, Face::Bold, size, width - taken.max(numbers) - 4.0);
    laid.paper.text((2.0, laid.head), &stub, Lettering::new(size).bold());
    for (spot, &y) in drawn.iter().zip(&laid.middles) {
        let Some(spot) = spot else { continue };
        marks::across(&laid.paper, &laid.panel, &Estimate::new(spot.value, spot.interval), y, arms[spot.arm].look);
    }
    let what = if swept.intervals.is_empty() { "intervals as the table gives them" } else { swept.intervals };
    let mut body = format!("{axis} at {} of “{factor}”. Markers with lines: {what}.", counted(keys.len(), "level"));
    if let Some(bold) = threshold {
        body += &format!(" Dashed: the threshold of {}.", rounded(bold));
    }
    match spots.iter().filter(|spot| !spot.value.is_finite()).count() {
        0 => {}
        count => body += &format!(" {} without a value (–).", counted(count, "row")),
    }
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    body += &in_full(&laid.cut, &labels);
    Drawing::new(laid.paper, context, (&context.title_or(title_of(swept)), &body), points.clone())
}

/// Arms (key and name), and their values at every level, in the unit of the table.
fn read(
    table: &Table,
    swept: &Response<'_>,
    keys: &[Arc<str>],
    context: &Context,
) -> Result<(Vec<Arm>, Vec<Spot>), FigureError> {
    let (levels, value_of) = (columns::texts(table, swept.x)?, columns::numbers(table, swept.value)?);
    let text = |column: Option<&str>| column.map(|column| columns::texts(table, column)).transpose();
    let (arm_of, name_of) = (text(swept.arm)?, text(swept.names)?);
    let bound = |column: Option<&str>| column.map(|column| columns::numbers(table, column)).transpose();
    let (low_of, high_of) = (bound(swept.low)?, bound(swept.high)?);
    let key_of = |row: usize| arm_of.map_or("", |arms| &*arms[row]);
    let (mut arms, mut looks): (Vec<Arm>, Looks) = (Vec::new(), Looks::default());
    for row in 0..table.rows() {
        let key = key_of(row);
        if !arms.iter().any(|arm| arm.key == key) {
            let name = name_of.map_or_else(|| context.name(key), |names| context.label(key, &names[row]));
            arms.push(Arm { key: key.to_owned(), name, look: looks.next(key).0 });
        }
    }
    context.arrange(&mut arms, |arm| &arm.key);
    let mut spots: Vec<Spot> = Vec::new();
    for row in 0..table.rows() {
        let level = keys.iter().position(|key| *key == levels[row]);
        let arm = arms.iter().position(|arm| arm.key == key_of(row));
        let (Some(level), Some(arm)) = (level, arm) else { continue };
        if spots.iter().any(|spot| (spot.level, spot.arm) == (level, arm)) {
            return Err(twice(table, swept.x, &levels[row], key_of(row)));
        }
        let interval = match (&low_of, &high_of) {
            (Some(low), Some(high)) => (low[row], high[row]),
            _ => (f64::NAN, f64::NAN),
        };
        spots.push(Spot { level, arm, value: value_of[row], interval });
    }
    Ok((arms, spots))
}
