//! How often each arm is best over the points of a design, and how far its effect ranges.

use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Look, Shape, marker};
use super::palette::{BLUE, GREY};
use super::request::Request;
use super::sensitivity::{narrowed, within_reach};
use super::sheet::Stroke;
use super::ticks::percent;
use super::unit::{self, Unit};
use super::words::{counted, lower};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// Draws the `best_arms` table: mean effect of each arm over the points with its range, and at what share of them it is best, and helps.
///
/// # Errors
/// When a column is missing, nothing fits, or the size asked for is too small.
pub fn best_arms(table: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let own = narrowed(table, request)?;
    let (keys, labels) = (columns::texts(&own, "arm")?, columns::texts(&own, "arm_label")?);
    let points = columns::integers(&own, "points")?;
    let (best, helps) = (columns::numbers(&own, "best")?, columns::numbers(&own, "helps")?);
    let (means, lows, highs) = (
        columns::numbers(&own, "effect")?,
        columns::numbers(&own, "effect_low")?,
        columns::numbers(&own, "effect_high")?,
    );
    let mut order: Vec<usize> = (0..own.rows()).collect();
    let size = |row: usize| if best[row].is_nan() { f64::NEG_INFINITY } else { best[row] };
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    order.sort_by_key(|&row| context.place_of(&keys[row]));
    let values = || order.iter().flat_map(|&row| [means[row], lows[row], highs[row]]);
    let unit = Unit::difference(&columns::word(&own, "unit", &[0]), values());
    let covered = within_reach(&values().map(|value| unit.of_value(value)).collect::<Vec<_>>(), std::iter::empty());
    let rows: Vec<Row> = order
        .iter()
        .map(|&row| Row {
            level: Level::Item,
            label: context.label(&keys[row], &labels[row]),
            numbers: vec![percent(best[row]), percent(helps[row])],
        })
        .collect();
    let name = columns::word(&own, "measure_label", &[0]);
    let axis = super::forest::difference_axis(context, &unit, &name);
    let heads = ["Best at", "Helps at"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Arm"),
        heads: &heads,
        rows: &rows,
        scale: unit::differences(covered.into_iter(), 5),
        axis: &axis,
        indent: 0.0,
        least: 0.34,
        grounds: &[],
        legend: &[],
    };
    let laid = ledger.lay(context.style.points(120.0)?, context.style, |paper, panel, spans| {
        marks::zero(paper, panel, spans, 0.0);
    })?;
    for (&row, &y) in order.iter().zip(&laid.middles) {
        let [mean, low, high] = [means[row], lows[row], highs[row]].map(|value| unit.of_value(value));
        let look = if best[row] > 0.0 { Look::filled(Shape::Disc, BLUE) } else { Look::hollow(Shape::Disc, GREY) };
        marks::interval(&laid.paper, &laid.panel, (low, high), y, Stroke::solid(1.0, look.colour));
        if mean.is_finite() {
            marker(&laid.paper, (laid.panel.at(mean, 0.0).0, y), 2.3, look);
        }
    }
    let count = points.iter().copied().max().unwrap_or(0);
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    let body = format!(
        "{} over {count} points of the design at which all have a value (window: {}). Dot: mean effect over these points (paired by replicate at each \
         point); line: from the 5th to the 95th percentile of the points, which is no confidence interval. Best at: share of the points at which the mean effect of the arm is \
         the best of all (no test: where effects hardly differ, chance decides); helps at: share at which it is to the good. Filled: best somewhere; hollow: nowhere. \
         Shares depend on the ranges that were given to the factors.{}",
        counted(own.rows(), "arm"),
        columns::word(&own, "window", &[0]),
        in_full(&laid.cut, &labels),
    );
    let title = context.title_or(&format!("Which arm is best over all assumptions: {}", lower(&name)));
    Drawing::new(laid.paper, context, (&title, &body), own)
}
