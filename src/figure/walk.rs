//! How a calibration came nearer: threshold and distances by generation, and how many simulations were near enough.

use super::axis;
use super::calibration::{logarithmic, of_model, of_which, rests_on};
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLUE, GREY};
use super::paper::{Panel, Paper};
use super::request::Request;
use super::sheet::{Dash, Rect, Stroke};
use super::ticks::{self, Scale, Tick};
use super::{Context, Drawing, FigureError, columns, unit};
use crate::table::Table;

const EDGE: f64 = 2.0;
const DISTANCE: Look = Look { shape: Shape::Disc, colour: BLUE, filled: true };
const NEEDED: Look = Look { shape: Shape::Square, colour: GREY, filled: false };

/// Draws the `generations` of one model: left distances, right the share of simulations accepted.
///
/// # Errors
/// When a column is missing, there is no such model, or the size asked for is too small.
pub fn walk(table: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let own = of_model(table, request)?;
    let numbers: Vec<f64> = columns::integers(&own, "generation")?.iter().map(|number| *number as f64).collect();
    let (epsilon, distance) = (columns::numbers(&own, "epsilon")?, columns::numbers(&own, "distance")?);
    let acceptance = columns::numbers(&own, "acceptance")?;
    let size = context.style.text;
    let width = context.style.points(89.0)?;
    let legend = [
        Entry::new(&[Sample::Line(line(BLUE)), Sample::Marker(DISTANCE)], &context.say("median of particles")),
        Entry::new(&[Sample::Line(dashed()), Sample::Marker(NEEDED)], &context.say("needed")),
    ];
    let last = numbers.iter().copied().fold(0.0, f64::max).max(1.0);
    let x = Scale {
        low: -0.3,
        high: last + 0.3,
        ticks: (0..=last as i64).map(|at| Tick { at: at as f64, label: at.to_string() }).collect(),
    };
    let known = epsilon.iter().chain(distance.iter()).copied().filter(|value| value.is_finite() && *value > 0.0);
    let (low, high) = unit::bounds(known);
    if low > high {
        return Err(columns::nothing(&own, "distances"));
    }
    let distances = logarithmic(low / 1.25, high * 1.25);
    let shares = ticks::shares(acceptance.iter().copied().fold(0.0, f64::max), 4);
    let titles = ["Squared distance", "Accepted (%)"].map(|words| context.say(words));
    let names = [&distances, &shares].map(|scale| axis::left_width(scale, size));
    let before = names.map(|names| LEADING * size + size * 0.4 + names);
    let gap = size;
    let plot = (width - 2.0 * EDGE - before[0] - before[1] - gap) / 2.0;
    if plot < 45.0 {
        return Err(FigureError::Unfit { reason: "this is too narrow for two panels side by side".to_owned() });
    }
    let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + size * 0.4;
    let high = ((plot * 0.85).clamp(50.0, 130.0) * context.style.stretch).max(50.0);
    let foot = top + high + axis::bottom_height(size) + size * 0.35;
    let paper = Paper::new(width, foot + (CAP_HEIGHT + DESCENT) * size + EDGE);
    legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
    let lefts = [EDGE + before[0], EDGE + before[0] + plot + gap + before[1]];
    let panels: Vec<Panel> = [&distances, &shares]
        .iter()
        .zip(lefts)
        .map(|(scale, left)| {
            paper.panel(Rect::new(left, top, left + plot, top + high), (x.low, x.high), (scale.low, scale.high))
        })
        .collect();
    for (place, panel) in panels.iter().enumerate() {
        axis::bottom(&paper, panel, &x, size);
        axis::left(&paper, panel, [&distances, &shares][place], size);
        let words = font::wrap(&titles[place], Face::Regular, size, high, 1);
        axis::left_title(&paper, &words, panel.place, lefts[place] - names[place] - size * 0.3, size);
        let title = [context.say("Generation")];
        axis::bottom_title(&paper, &title, panel.place.centre().0, foot, (EDGE, width - EDGE), size);
    }
    let log = |value: f64| if value > 0.0 { libm::log10(value) } else { f64::NAN };
    let draw = |panel: &Panel, values: &[f64], stroke: Stroke, look: Look, onto: &dyn Fn(f64) -> f64| {
        let points: Vec<(f64, f64)> = numbers.iter().zip(values).map(|(at, value)| (*at, onto(*value))).collect();
        panel.curve(&points, stroke);
        for (at, value) in points.into_iter().filter(|(_, value)| value.is_finite()) {
            marker(&paper, panel.at(at, value), 2.0, look);
        }
    };
    draw(&panels[0], &epsilon, dashed(), NEEDED, &log);
    draw(&panels[0], &distance, line(BLUE), DISTANCE, &log);
    draw(&panels[1], &acceptance, line(BLUE), DISTANCE, &|value| value);
    let body = format!(
        "Left, on a logarithmic axis: how far runs are from the figures (sum over the figures of squared differences, each in units of its error): the median of the \
         particles of each generation, and how near they had to come. Generation 0 is the prior; generation 1 the nearest of its runs, which costs no simulation. Right: share of \
         simulations that came near enough; of the prior, those that did not fail.{}",
        rests_on(Some(table), request)?
    );
    let title = context.title_or(&format!("How the calibration came nearer{}", of_which(&own)));
    Drawing::new(paper, context, (&title, &body), own)
}

fn line(colour: super::palette::Colour) -> Stroke {
    Stroke::solid(1.0, colour)
}

fn dashed() -> Stroke {
    Stroke::solid(0.8, GREY).dashed(Dash::Dashed)
}
