//! Whether shares of the variance have settled: total shares with a quarter, a half and all of the base points.

use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Look, Shape, marker};
use super::palette::{BLUE, GREY, LIGHT};
use super::request::Request;
use super::sensitivity::{Listed, Quantity, covering, cut_words, listed, narrowed, within_reach};
use super::sheet::{Rect, Stroke};
use super::unit::{self, Unit};
use super::words::counted;
use super::{Context, Drawing, FigureError, columns};
use crate::statistics::sensitivity::NARROW;
use crate::table::Table;

/// The most factors drawn.
const MOST: usize = 6;

/// Draws the `convergence` table of one quantity: for each of the largest factors a row for every number of base points.
///
/// # Errors
/// When a column is missing, nothing fits, or the size asked for is too small.
pub fn convergence(table: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let own = narrowed(table, request)?;
    let quantity = Quantity::of(&own, context);
    let (keys, labels) = (columns::texts(&own, "factor")?, columns::texts(&own, "factor_label")?);
    let bases = columns::integers(&own, "base_points")?;
    let (values, lows, highs) =
        (columns::numbers(&own, "value")?, columns::numbers(&own, "ci_low")?, columns::numbers(&own, "ci_high")?);
    let whole = bases.iter().copied().max().unwrap_or(0);
    let last: Vec<usize> = (0..own.rows()).filter(|&row| bases[row] == whole).collect();
    let names: Vec<String> = last.iter().map(|&row| keys[row].to_string()).collect();
    let sizes: Vec<f64> = last.iter().map(|&row| values[row]).collect();
    let Listed { order, left_out } = listed(&names, &sizes, MOST, context);
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    for &place in &order {
        let mut stages: Vec<usize> = (0..own.rows()).filter(|&row| *keys[row] == *names[place]).collect();
        stages.sort_by_key(|&row| bases[row]);
        groups.push((last[place], stages));
    }
    let every = || groups.iter().flat_map(|(_, stages)| stages.iter().copied());
    let unit = Unit::level("share", every().map(|row| values[row]));
    let shown = |value: f64| unit.of_value(value);
    let core: Vec<f64> = every().map(|row| shown(values[row])).chain([0.0]).collect();
    let covered = within_reach(&core, every().flat_map(|row| [shown(lows[row]), shown(highs[row])]));
    let decimals = unit::decimals(every().map(|row| shown(highs[row] - lows[row]) / 2.0));
    let mut rows: Vec<Row> = Vec::new();
    for (final_row, stages) in &groups {
        rows.push(Row::heading(&context.label(&keys[*final_row], &labels[*final_row])));
        for &row in stages {
            let label = format!("{} {}", bases[row], context.say("base points"));
            let numbers = vec![unit::bounded(shown(values[row]), (shown(lows[row]), shown(highs[row])), decimals)];
            rows.push(Row { level: Level::Sub, label, numbers });
        }
    }
    let axis = unit::title(&unit, context, &context.say("Total share of the variance"));
    let heads = [context.say("Total\n[95% CI]")];
    let ledger = Ledger {
        stub: &context.say("Factor"),
        heads: &heads,
        rows: &rows,
        scale: covering(&covered),
        axis: &axis,
        indent: 0.0,
        least: 0.34,
        grounds: &[],
        legend: &[],
    };
    let laid = ledger.lay(context.style.points(120.0)?, context.style, |paper, panel, spans| {
        marks::zero(paper, panel, spans, 0.0);
    })?;
    let middles: Vec<f64> =
        rows.iter().zip(&laid.middles).filter(|(row, _)| row.level != Level::Heading).map(|(_, &y)| y).collect();
    let (mut cut, mut from, mut wide) = (false, 0, 0);
    let (low, high) = laid.panel.across();
    for (final_row, stages) in &groups {
        let places = &middles[from..from + stages.len()];
        from += stages.len();
        if values[*final_row].is_finite() {
            let x = |value: f64| laid.panel.at(shown(value).clamp(low, high), 0.0).0;
            let (left, right) = (x(values[*final_row] - NARROW / 2.0), x(values[*final_row] + NARROW / 2.0));
            for &y in places {
                laid.paper.rect(Rect::new(left, y - 4.0, right, y + 4.0), LIGHT);
            }
        }
        wide += usize::from(highs[*final_row] - lows[*final_row] > NARROW);
        for (&row, &y) in stages.iter().zip(places) {
            let look =
                if bases[row] == whole { Look::filled(Shape::Disc, BLUE) } else { Look::hollow(Shape::Disc, GREY) };
            let interval = (shown(lows[row]), shown(highs[row]));
            cut |= marks::interval(&laid.paper, &laid.panel, interval, y, Stroke::solid(0.9, look.colour));
            if values[row].is_finite() {
                marker(&laid.paper, (laid.panel.at(shown(values[row]), 0.0).0, y), 2.0, look);
            }
        }
    }
    let mut body = format!(
        "Total share of the variance of the {} ({}) with a part of the {whole} base points of a Saltelli design, and with all (filled), \
         with 95% intervals (bootstrap of whole blocks). Grey ground: {NARROW} wide around the last estimate; a share counts as settled when its interval is no \
         wider than that (Sarrazin, Pianosi and Wagener 2016) and the order stands: {wide} of the {} drawn are wider.",
        quantity.words,
        quantity.window(),
        groups.len(),
    );
    if let Some((count, largest)) = left_out {
        let most = super::ticks::percent(largest);
        body += &format!(" Not drawn: {} with smaller totals ({most} at most).", counted(count, "factor"));
    }
    body += cut_words(cut);
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    body += &in_full(&laid.cut, &labels);
    let title = context.title_or(&format!("Have the shares settled: {}", quantity.words));
    Drawing::new(laid.paper, context, (&title, &body), own)
}
