//! Cooperation and seeking over calendar time: the median run within 50 % and 90 % of runs.

use super::axis::{self, spread};
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::{BLACK, BLUE, Colour, GREEN, GREY, ORANGE, PURPLE, VERMILLION, WHITE};
use super::paper::{Panel, Paper};
use super::rates::{self, Course, Point};
use super::sheet::{Anchor, Lettering, Mark, Rect, Stroke};
use super::ticks::{self, Scale};
use super::{Context, Drawing, FigureError, calendar};
use crate::table::Table;

/// Half the width of a bar that stands for a period without neighbours, in lengths of the period.
const LONE_HALF: f64 = 0.1;
/// The least height of a panel.
const LEAST: f64 = 100.0;

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

    fn show(&self, value: f64) -> String {
        if self.whole.is_some() { ticks::percent(value) } else { ticks::significant(value, 3) }
    }
}

const COLOURS: [Colour; 6] = [BLUE, GREEN, PURPLE, ORANGE, VERMILLION, BLACK];
const LETTERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const EDGE: f64 = 2.0;

/// Draws the `series` table: cooperation rate (accepted of arrived cases) and seeking rate (sought of
/// recognised cases) over calendar time, with the spread from run to run.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn series(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let measures = [
        Measure::share("Cooperation rate", "Accepted per case that arose (%)", "accepted", "arrived"),
        Measure::share("Seeking rate", "Sought per recognised case (%)", "sought", "recognised"),
    ];
    measures_over_time(table, &measures, context)
}

/// Draws one to six measures of the `series` table over calendar time, one panel each.
///
/// # Errors
/// When a column is missing, no row fits, there are no measures or more than six, or the size asked
/// for is too small.
pub fn measures_over_time(table: &Table, measures: &[Measure], context: &Context) -> Result<Drawing, FigureError> {
    if measures.is_empty() || measures.len() > COLOURS.len() {
        return Err(FigureError::Unfit { reason: format!("1 to 6 measures fit one figure, not {}", measures.len()) });
    }
    let pairs: Vec<(&str, Option<&str>)> =
        measures.iter().map(|measure| (measure.part.as_str(), measure.whole.as_deref())).collect();
    let course = rates::course(table, context, &pairs)?;
    let width = context.style.points(if measures.len() == 1 { 89.0 } else { 183.0 })?;
    let paper = draw(&course, measures, width, context.style.text)?;
    let own = if measures.len() == 1 { measures[0].name.as_str() } else { "Cooperation over time" };
    let title = context.title_or(own);
    let names: Vec<&str> = measures.iter().map(|measure| measure.name.as_str()).collect();
    let data = rates::table(&course, &names);
    Drawing::new(paper, context, (&title, &words(&course, measures, context)), data)
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
    let spread = match course.replicates {
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
        if course.replicates as u64 == context.replicates {
            String::new()
        } else {
            format!(" The table holds {} runs.", course.replicates)
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

fn draw(course: &Course, measures: &[Measure], width: f64, size: f64) -> Result<Paper, FigureError> {
    let scales = scales(course, measures);
    let titles: Vec<Vec<String>> =
        measures.iter().map(|measure| font::wrap(&measure.axis, Face::Regular, size, LEAST + 8.0, 3)).collect();
    let lines = titles.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let title_width = lines * LEADING * size + size * 0.4;
    let left = EDGE + title_width + scales.iter().map(|scale| axis::left_width(scale, size)).fold(0.0, f64::max);
    // A date under the very end of the axis reaches half its width beyond.
    let date = font::width("30 May", Face::Regular, size) / 2.0;
    let right = (labels_width(course, measures, size) + 6.5).max(date) + EDGE;
    let head = EDGE + (size + 1.0) * CAP_HEIGHT + size * 1.1;
    let across = if width >= 300.0 && measures.len() > 1 { 2 } else { 1 };
    let between = if across == 2 { size * 2.0 } else { 0.0 };
    let block_width = (width - between * (across as f64 - 1.0)) / across as f64;
    let panel_width = block_width - left - right;
    if panel_width < 40.0 {
        return Err(FigureError::Unfit {
            reason: format!("{:.0} mm is too narrow for time series", width / super::svg::POINTS_PER_MILLIMETRE),
        });
    }
    let panel_height = (panel_width * 0.68).clamp(LEAST, 150.0);
    let marks = calendar::axis(course.first, course.last, (panel_width / (size * 4.2)) as usize);
    let under = if marks.under.is_empty() { 0.0 } else { LEADING * size };
    let block = head + panel_height + axis::bottom_height(size) + under + EDGE + size * 0.5;
    let paper = Paper::new(width, block * measures.len().div_ceil(across) as f64);
    for (index, (measure, scale)) in measures.iter().zip(&scales).enumerate() {
        let dx = (index % across) as f64 * (block_width + between);
        let dy = (index / across) as f64 * block;
        let place = Rect::new(dx + left, dy + head, dx + left + panel_width, dy + head + panel_height);
        let days = (f64::from(course.first), f64::from(course.last));
        let panel = paper.panel(place, days, (scale.low, scale.high));
        curves(&panel, &course.measures[index], COLOURS[index], course.replicates);
        axis::left(&paper, &panel, scale, size);
        axis::calendar(&paper, &panel, &marks, size);
        axis::left_title(&paper, &titles[index], place, dx + EDGE + title_width - size * 0.2, size);
        let base = dy + EDGE + (size + 1.0) * CAP_HEIGHT;
        if measures.len() > 1 {
            paper.text((dx + EDGE, base), LETTERS[index], Lettering::new(size + 1.0).bold());
        }
        let name = font::shorten(&measure.name, Face::Bold, size, block_width - left - EDGE);
        paper.text((place.left, base), &name, Lettering::new(size).bold());
        end_labels(&paper, &panel, &labels(&course.measures[index], measure, course.replicates), size);
    }
    Ok(paper)
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

/// A name at the right edge: the height it means, where the line to it starts, and the words.
struct Label {
    value: f64,
    start: f64,
    words: String,
}

/// What stands beside the end of a panel.
fn labels(points: &[Point], measure: &Measure, replicates: usize) -> Vec<Label> {
    let Some(point) = newest(points) else { return Vec::new() };
    let start = newest_edge(points, point);
    let [_, _, median, q75, q95] = point.quantiles;
    let label = |value: f64, words: String| Label { value, start, words };
    if replicates == 1 {
        return vec![label(median, measure.show(median))];
    }
    vec![
        label(f64::midpoint(q75, q95), "90% of runs".to_owned()),
        label(f64::midpoint(median, q75), "50% of runs".to_owned()),
        label(median, format!("median {}", measure.show(median))),
    ]
}

fn labels_width(course: &Course, measures: &[Measure], size: f64) -> f64 {
    let each = course.measures.iter().zip(measures);
    let all: Vec<Label> = each.flat_map(|(points, measure)| labels(points, measure, course.replicates)).collect();
    font::widest(all.iter().map(|label| label.words.as_str()), Face::Regular, size)
}

/// Names the bands and the median at the right edge, with hair lines where a name had to move.
fn end_labels(paper: &Paper, panel: &Panel, labels: &[Label], size: f64) {
    let place = panel.place;
    if labels.is_empty() {
        paper.text(place.centre(), "no cases", Lettering::new(size).anchor(Anchor::Middle));
        return;
    }
    let wanted: Vec<f64> = labels.iter().map(|label| panel.at(label.start, label.value).1).collect();
    let mut ordered = wanted.clone();
    // The names keep their order, widest band on top, even where the bands collapse to one height.
    for index in 1..ordered.len() {
        ordered[index] = ordered[index].max(ordered[index - 1] + 1e-6);
    }
    let placed = spread(&ordered, LEADING * size, (place.top + size * 0.4, place.bottom - DESCENT * size));
    for ((label, &from), &to) in labels.iter().zip(&wanted).zip(&placed) {
        let start = panel.at(label.start, label.value).0 + 2.5;
        let points = vec![(start, from), (place.right + 1.5, from), (place.right + 5.5, to)];
        let stroke = Some(Stroke::solid(0.35, GREY));
        paper.add(Mark::Path { points, closed: false, stroke, fill: None, clip: None });
        paper.text_centred((place.right + 6.5, to), &label.words, Lettering::new(size));
    }
}
