//! Cooperation and seeking over calendar time: the median run within 50 % and 90 % of runs.

use super::force::Force;
use super::palette::{BLACK, BLUE, Colour, GREEN, ORANGE, PURPLE, VERMILLION, WHITE};
use super::paper::Panel;
use super::rates::{self, Course, Point};
use super::sheet::Stroke;
use super::ticks::{self, Scale};
use super::timed::{Frame, Label, Pane};
use super::{Context, Drawing, FigureError, calendar};
use crate::table::Table;

/// Half the width of a bar that stands for a period without neighbours, in lengths of the period.
const LONE_HALF: f64 = 0.1;

/// Something drawn over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What it is called, over its panel.
    pub name: String,
    /// Title of its axis, with the unit.
    pub axis: String,
    /// The column that is added up.
    pub part: String,
    /// The column it is divided by, which makes it a share shown in percent; `None` gives the mean
    /// per tick in the column's own unit.
    pub whole: Option<String>,
}

impl Measure {
    /// The share of one count in another.
    pub fn share(name: &str, axis: &str, part: &str, whole: &str) -> Self {
        Self { whole: Some(whole.to_owned()), ..Self::mean(name, axis, part) }
    }

    /// The mean of a column per tick.
    pub fn mean(name: &str, axis: &str, part: &str) -> Self {
        Self { name: name.to_owned(), axis: axis.to_owned(), part: part.to_owned(), whole: None }
    }

    pub(super) fn show(&self, value: f64) -> String {
        if self.whole.is_some() { ticks::percent(value) } else { ticks::significant(value, 3) }
    }
}

const COLOURS: [Colour; 6] = [BLUE, GREEN, PURPLE, ORANGE, VERMILLION, BLACK];
const LETTERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// The two rates of cooperation: accepted of arrived cases, and sought of recognised cases.
pub(super) fn rates_of_cooperation() -> [Measure; 2] {
    [
        Measure::share("Cooperation rate", "Accepted per case that came to light (%)", "accepted", "arrived"),
        Measure::share("Seeking rate", "Sought per recognised case (%)", "sought", "recognised"),
    ]
}

/// Draws the `series` table (columns `replicate`, `date`, `state`, `arrived`, `recognised`, `sought`, `accepted`):
/// cooperation rate (accepted of arrived cases) and seeking rate (sought of recognised cases) over calendar time, with
/// the spread from run to run. A `schedule` (columns `start`, `end`, `kind`, `name`; of several arms in a column `arm` the
/// `baseline`) adds when interventions are in force.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn series(table: &Table, schedule: Option<&Table>, context: &Context) -> Result<Drawing, FigureError> {
    over_time(table, &rates_of_cooperation(), schedule, context)
}

/// Draws one to six measures of the `series` table over calendar time, one panel each.
///
/// # Errors
/// When a column is missing, no row fits, there are no measures or more than six, or the size asked
/// for is too small.
pub fn measures_over_time(table: &Table, measures: &[Measure], context: &Context) -> Result<Drawing, FigureError> {
    over_time(table, measures, None, context)
}

fn over_time(
    table: &Table,
    measures: &[Measure],
    schedule: Option<&Table>,
    context: &Context,
) -> Result<Drawing, FigureError> {
    if measures.is_empty() || measures.len() > COLOURS.len() {
        return Err(FigureError::Unfit { reason: format!("1 to 6 measures fit one figure, not {}", measures.len()) });
    }
    let pairs: Vec<(&str, Option<&str>)> =
        measures.iter().map(|measure| (measure.part.as_str(), measure.whole.as_deref())).collect();
    let course = rates::course(table, context, &pairs)?;
    let width = context.style.points(if measures.len() == 1 { 89.0 } else { 183.0 })?;
    let days = (course.first, course.last);
    let force = schedule.map(|schedule| Force::read(schedule, days, context)).transpose()?.unwrap_or_default();
    let panes = panes(&course, measures, context);
    let paper = Frame { panes: &panes, days, force: &force }.draw(width, context, |_, index, panel| {
        curves(panel, &course.measures[index], COLOURS[index], course.replicates.len());
    })?;
    let own = if measures.len() == 1 { measures[0].name.as_str() } else { "Cooperation over time" };
    let title = context.title_or(own);
    let names: Vec<&str> = measures.iter().map(|measure| measure.name.as_str()).collect();
    let data = rates::table(&course, &names);
    let body = format!("{}{}", words(&course, measures, context), force.sentence());
    Drawing::new(paper, context, (&title, &body), data)
}

/// What each panel shows, in words.
fn panels(measures: &[Measure]) -> String {
    let each = measures.iter().enumerate().map(|(index, measure)| {
        let letter = if measures.len() > 1 { format!("({}) ", LETTERS[index]) } else { String::new() };
        match &measure.whole {
            Some(whole) => format!("{letter}{}: `{}` per `{whole}`.", measure.name, measure.part),
            None => format!("{letter}{}: mean of `{}` per tick.", measure.name, measure.part),
        }
    });
    each.collect::<Vec<String>>().join(" ")
}

fn words(course: &Course, measures: &[Measure], context: &Context) -> String {
    let spread = match course.replicates.len() {
        1 => "The line is the one run; it has no spread.".to_owned(),
        _ => "Line: median of runs; dark band: middle 50% of runs; light band: middle 90% of runs. \
              The bands show the spread from run to run, not the uncertainty of the mean."
            .to_owned(),
    };
    let alike =
        scales(course, measures).windows(2).all(|pair| pair[0].low == pair[1].low && pair[0].high == pair[1].high);
    let scale = match (measures.len(), alike) {
        (1, _) => "",
        (_, true) => " All panels have the same scale.",
        (_, false) => " The panels differ in scale.",
    };
    format!(
        "{} Columns are added up per {} within each run before dividing; a ragged first or last period is \
         counted with its neighbour. {spread} Numbers at the right edge: the last period. \
         Runs with nothing to divide by in a period are left out of it.{scale} Period shown: {} to {}.{}",
        panels(measures),
        course.period.name(),
        calendar::day_name(course.first),
        calendar::day_name(course.last - 1),
        if course.replicates.len() as u64 == context.replicates {
            String::new()
        } else {
            format!(" The table holds {} runs.", course.replicates.len())
        }
    )
}

/// Scales of the panels: shares have one and the same where that hides nothing.
fn scales(course: &Course, measures: &[Measure]) -> Vec<Scale> {
    let tops: Vec<f64> = course.measures.iter().map(|points| extreme(points, 4, 0.0, f64::max)).collect();
    let shares = tops.iter().zip(measures).filter(|(_, measure)| measure.whole.is_some());
    let most = shares.map(|(top, _)| *top).fold(0.0, f64::max);
    let each = tops.iter().zip(measures).zip(&course.measures);
    each.map(|((&top, measure), points)| match measure.whole {
        Some(_) => ticks::shares(if top * 2.5 >= most { most } else { top }, 5),
        None => ticks::linear(extreme(points, 0, 0.0, f64::min), top, 5),
    })
    .collect()
}

/// The largest or smallest of a quantile over all periods, and of zero.
fn extreme(points: &[Point], quantile: usize, zero: f64, pick: fn(f64, f64) -> f64) -> f64 {
    points.iter().map(|point| point.quantiles[quantile]).filter(|value| value.is_finite()).fold(zero, pick)
}

fn panes(course: &Course, measures: &[Measure], context: &Context) -> Vec<Pane> {
    let each = measures.iter().zip(scales(course, measures)).zip(&course.measures);
    let pane = |((measure, scale), points): ((&Measure, Scale), &Vec<Point>)| Pane {
        name: context.say(&measure.name),
        axis: context.say(&measure.axis),
        scale,
        labels: labels(points, measure, course.replicates.len(), context),
    };
    each.map(pane).collect()
}

fn curves(panel: &Panel, points: &[Point], colour: Colour, replicates: usize) {
    let dots = points.len() <= 24;
    if replicates > 1 {
        for (low, high, strength) in [(0, 4, 0.22), (1, 3, 0.5)] {
            let band: Vec<(f64, f64, f64)> =
                points.iter().map(|point| (point.middle(), point.quantiles[low], point.quantiles[high])).collect();
            panel.band(&band, colour.tint(strength));
            for (index, point) in points.iter().enumerate() {
                if alone(points, index) {
                    let half = f64::from(point.to - point.from) * LONE_HALF;
                    let (from, to) = (point.middle() - half, point.middle() + half);
                    panel.bar((from, point.quantiles[high]), (to, point.quantiles[low]), colour.tint(strength));
                }
            }
        }
    }
    let line: Vec<(f64, f64)> = points.iter().map(|point| (point.middle(), point.quantiles[2])).collect();
    panel.curve(&line, Stroke::solid(1.2, colour));
    for (index, &(x, y)) in line.iter().enumerate() {
        if dots || alone(points, index) {
            panel.dot(x, y, 1.5, (colour, WHITE));
        }
    }
}

/// Whether a period has a value and neither neighbour has.
fn alone(points: &[Point], index: usize) -> bool {
    let has = |index: Option<usize>| {
        index.and_then(|index| points.get(index)).is_some_and(|point| point.quantiles[2].is_finite())
    };
    has(Some(index)) && !has(index.checked_sub(1)) && !has(Some(index + 1))
}

/// The last period with a value.
fn newest(points: &[Point]) -> Option<&Point> {
    points.iter().rev().find(|point| point.quantiles[2].is_finite())
}

/// The right edge of what is drawn for the last period.
fn newest_edge(points: &[Point], point: &Point) -> f64 {
    let index = points.iter().position(|other| other.from == point.from);
    let half = f64::from(point.to - point.from) * LONE_HALF;
    point.middle() + if index.is_some_and(|index| alone(points, index)) { half } else { 0.0 }
}

/// What stands beside the end of a panel.
fn labels(points: &[Point], measure: &Measure, replicates: usize, context: &Context) -> Vec<Label> {
    let Some(point) = newest(points) else { return Vec::new() };
    let start = newest_edge(points, point);
    let [_, _, median, q75, q95] = point.quantiles;
    let label = |value: f64, words: String| Label { value, start, words };
    if replicates == 1 {
        return vec![label(median, measure.show(median))];
    }
    vec![
        label(f64::midpoint(q75, q95), context.say("90% of runs")),
        label(f64::midpoint(median, q75), context.say("50% of runs")),
        label(median, format!("{} {}", context.say("median"), measure.show(median))),
    ]
}
