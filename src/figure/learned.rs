//! What was learned: how far the posterior of each parameter, and of some directions among them, is narrower than its prior.

use super::calibration::{of_model, of_which, rests_on};
use super::ledger::{Ledger, Level, Row, in_full};
use super::legend::{Entry, Sample};
use super::marks::{self, Look, Shape, marker};
use super::palette::{BLUE, GREY, VERMILLION};
use super::request::Request;
use super::sensitivity::{covering, cut_words, within_reach};
use super::sheet::{Dash, Stroke};
use super::unit;
use super::words::counted;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// The most parameters, and how many directions of each end.
const MOST: (usize, usize) = (30, 3);
/// Contractions from which on a parameter is weakly informed, and informed.
const WEAKLY: f64 = 0.1;
const INFORMED: f64 = 0.5;
/// Standard errors on either side of an interval.
const NINETY_FIVE: f64 = 1.96;

/// Draws the `learned` table of one model: parameters by contraction, and the directions that are most and least determined.
///
/// # Errors
/// When a column is missing, there is no such model, or the size asked for is too small.
pub fn learned(
    table: &Table,
    generations: Option<&Table>,
    request: &Request,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let own = of_model(table, request)?;
    let (what, labels, names) =
        (columns::texts(&own, "what")?, columns::texts(&own, "label")?, columns::texts(&own, "name")?);
    let (values, errors) = (columns::numbers(&own, "contraction")?, columns::numbers(&own, "contraction_error")?);
    let sorted = |kind: &str| {
        let mut rows: Vec<usize> = (0..own.rows()).filter(|&row| *what[row] == *kind).collect();
        let size = |row: usize| if values[row].is_nan() { f64::NEG_INFINITY } else { values[row] };
        rows.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
        rows
    };
    let mut parameters = sorted("parameter");
    if parameters.is_empty() {
        return Err(columns::nothing(&own, "parameters"));
    }
    parameters.sort_by_key(|&row| context.place_of(&labels[row]));
    let left_out = parameters.split_off(parameters.len().min(MOST.0)).len();
    let directions = sorted("direction");
    let ends: Vec<usize> = match directions.len() > 2 * MOST.1 {
        true => directions[..MOST.1].iter().chain(&directions[directions.len() - MOST.1..]).copied().collect(),
        false => directions.clone(),
    };
    let interval = |row: usize| {
        let half = NINETY_FIVE * errors[row];
        (values[row] - half, values[row] + half)
    };
    let every: Vec<usize> = parameters.iter().chain(&ends).copied().collect();
    let core: Vec<f64> = every.iter().map(|&row| values[row]).chain([0.0, 1.0]).collect();
    let covered = within_reach(&core, every.iter().flat_map(|&row| [interval(row).0, interval(row).1]));
    let line = |row: usize| {
        let label = match &*what[row] {
            "parameter" => context.label(&labels[row], &names[row]),
            _ => direction(&labels[row], context),
        };
        Row { level: Level::Item, label, numbers: vec![unit::bounded(values[row], interval(row), 2)] }
    };
    let mut rows = vec![Row::heading(&context.say("Parameters"))];
    rows.extend(parameters.iter().map(|&row| line(row)));
    let mut of_row: Vec<Option<usize>> = std::iter::once(None).chain(parameters.iter().copied().map(Some)).collect();
    if !ends.is_empty() {
        rows.push(Row::heading(&context.say("Directions, in prior standard deviations")));
        rows.extend(ends.iter().map(|&row| line(row)));
        of_row.push(None);
        of_row.extend(ends.iter().copied().map(Some));
    }
    let legend = [
        Entry::new(&[Sample::Marker(look(0.9))], &context.say("informed (0.5 or more)")),
        Entry::new(&[Sample::Marker(look(0.3))], &context.say("weakly informed")),
        Entry::new(&[Sample::Marker(look(0.0))], &context.say("not informed by data (below 0.1)")),
    ];
    let heads = [context.say("Contraction\n[95% CI]")];
    let axis = context.say("Contraction (1 − posterior variance / prior variance)");
    let ledger = Ledger {
        stub: &context.say("Parameter"),
        heads: &heads,
        rows: &rows,
        scale: covering(&covered),
        axis: &axis,
        indent: 0.9,
        least: 0.26,
        grounds: &[],
        legend: &legend,
    };
    let laid = ledger.lay(context.style.points(120.0)?, context.style, |paper, panel, spans| {
        marks::zero(paper, panel, spans, 0.0);
        for (at, dash) in [(WEAKLY, Dash::Dotted), (INFORMED, Dash::Dashed)] {
            let x = panel.at(at, 0.0).0;
            let stroke = Stroke::solid(0.6, GREY).dashed(dash);
            spans.iter().for_each(|&(top, bottom)| paper.line((x, top), (x, bottom), stroke));
        }
    })?;
    let mut cut = false;
    for (row, &y) in of_row.iter().zip(&laid.middles) {
        let Some(row) = *row else { continue };
        let look = look(values[row]);
        cut |= marks::interval(&laid.paper, &laid.panel, interval(row), y, Stroke::solid(0.9, look.colour));
        if values[row].is_finite() {
            marker(&laid.paper, (laid.panel.at(values[row], 0.0).0, y), 2.1, look);
        }
    }
    let count =
        |least: f64, below: f64| parameters.iter().filter(|&&row| least <= values[row] && values[row] < below).count();
    let mut body = format!(
        "Contraction of each of {}: 1 where the figures leave nothing open, 0 where the posterior is as wide as the prior, below 0 where it is wider. Intervals: ± 1.96 approximate standard errors. Dotted line: {WEAKLY}; \
         dashed line: {INFORMED}. {} informed, {} weakly, {} not: of the last the data say little or nothing, and conclusions are to be drawn over all that the prior allows.",
        counted(parameters.len(), "parameter"),
        count(INFORMED, f64::INFINITY),
        count(WEAKLY, INFORMED),
        count(f64::NEG_INFINITY, WEAKLY),
    );
    if !ends.is_empty() {
        let which = match ends.len() < directions.len() {
            true => format!(
                " Of {} directions in the space of parameters the {} that are most and the {} that are least determined.",
                directions.len(),
                MOST.1,
                MOST.1
            ),
            false => format!(" All {} directions in the space of parameters.", directions.len()),
        };
        body += &which;
        body += " A direction is named by its largest parts (at most four, of 0.2 or more).";
    }
    if left_out > 0 {
        body += &format!(" Not drawn: {}.", counted(left_out, "other parameter"));
    }
    body += &rests_on(generations, request)?;
    body += cut_words(cut);
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    body += &in_full(&laid.cut, &labels);
    let title = context.title_or(&format!("What the figures say of parameters{}", of_which(&own)));
    Drawing::new(laid.paper, context, (&title, &body), own.picked(&every))
}

/// A direction in words, its parts apart: `+0.84 referral, −0.25 seeking`.
fn direction(label: &str, context: &Context) -> String {
    let words: Vec<&str> = label.split(' ').collect();
    let part = |part: &[&str]| match part {
        [weight, key] => format!("{weight} {}", context.label(key, &key.replace('_', " "))),
        _ => part.join(" "),
    };
    words.chunks(2).map(part).collect::<Vec<String>>().join(", ")
}

/// What a contraction of that size looks like.
fn look(contraction: f64) -> Look {
    match () {
        () if contraction >= INFORMED => Look::filled(Shape::Disc, BLUE),
        () if contraction >= WEAKLY => Look::hollow(Shape::Disc, BLUE),
        () => Look::hollow(Shape::Diamond, VERMILLION),
    }
}
