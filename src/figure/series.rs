//! Cooperation and seeking over calendar time: the median run within 50 % and 90 % of runs.

use super::axis::{self, spread};
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::{BLACK, BLUE, Colour, GREEN, GREY, WHITE};
use super::paper::{Panel, Paper};
use super::rates::{self, Course, Point};
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, Scale};
use super::{Context, Drawing, FigureError, calendar};
use crate::table::Table;

/// Half the width of a bar that stands for a period without neighbours, in lengths of the period.
const LONE_HALF: f64 = 0.1;

struct Measure {
    name: &'static str,
    axis: &'static str,
    part: &'static str,
    whole: &'static str,
    colour: Colour,
}

const MEASURES: [Measure; 2] = [
    Measure {
        name: "Cooperation rate",
        axis: "Accepted per case that arose (%)",
        part: "accepted",
        whole: "arrived",
        colour: BLUE,
    },
    Measure {
        name: "Seeking rate",
        axis: "Sought per recognised case (%)",
        part: "sought",
        whole: "recognised",
        colour: GREEN,
    },
];

/// Draws the `series` table: cooperation rate (accepted of arrived cases) and seeking rate (sought of
/// recognised cases) over calendar time, with the spread from run to run.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn series(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let pairs = MEASURES.each_ref().map(|measure| (measure.part, measure.whole));
    let course = rates::course(table, context, &pairs)?;
    let width = context.style.points(183.0)?;
    let paper = draw(&course, width, context.style.text);
    let title = context.title_or("Cooperation over time");
    let mut drawing = Drawing::new(paper, context, &title, &words(&course, context))?;
    drawing.data = Some(rates::table(&course, &MEASURES.each_ref().map(|measure| measure.name)));
    Ok(drawing)
}

fn words(course: &Course, context: &Context) -> String {
    let spread = match course.replicates {
        1 => "The line is the one run; it has no spread.".to_owned(),
        _ => "Line: median of runs; dark band: middle 50% of runs; light band: middle 90% of runs. \
              The bands show the spread from run to run, not the uncertainty of the mean."
            .to_owned(),
    };
    format!(
        "(a) Cooperation rate: requests accepted per case that arose. (b) Seeking rate: requests made per case \
         recognised. Counts are added up per {} within each run before dividing; a ragged first or last period is \
         counted with its neighbour. {spread} Figures at the right edge: median of the last period. \
         Runs without a case in a period are left out of it. {} Period shown: {} to {}.{}",
        course.period.name(),
        if scales(course).windows(2).all(|pair| pair[0].high == pair[1].high) {
            "Both panels have the same scale."
        } else {
            "The panels differ in scale."
        },
        calendar::day_name(course.first),
        calendar::day_name(course.last - 1),
        if course.replicates as u64 == context.replicates {
            String::new()
        } else {
            format!(" The table holds {} runs.", course.replicates)
        }
    )
}

/// Scales of the panels: one and the same where that hides nothing.
fn scales(course: &Course) -> Vec<Scale> {
    let tops: Vec<f64> = course
        .measures
        .iter()
        .map(|points| points.iter().map(|point| point.quantiles[4]).filter(|top| top.is_finite()).fold(0.0, f64::max))
        .collect();
    let most = tops.iter().copied().fold(0.0, f64::max);
    tops.iter().map(|&top| ticks::shares(if top * 2.5 >= most { most } else { top }, 5)).collect()
}

fn draw(course: &Course, width: f64, size: f64) -> Paper {
    let scales = scales(course);
    let beside = width >= 300.0;
    let edge = 2.0;
    let title_width = LEADING * size + size * 0.4;
    let left = edge + title_width + scales.iter().map(|scale| axis::left_width(scale, size)).fold(0.0, f64::max);
    let right = labels_width(course, size) + 9.0;
    let head = edge + (size + 1.0) * CAP_HEIGHT + size * 1.1;
    let (across, between) = if beside { (2.0, size * 2.0) } else { (1.0, 0.0) };
    let panel_width = ((width - between) / across - left - right).max(40.0);
    let panel_height = (panel_width * 0.68).clamp(100.0, 150.0);
    let marks = calendar::axis(course.first, course.last, (panel_width / (size * 4.2)) as usize);
    let under = if marks.under.is_empty() { 0.0 } else { LEADING * size };
    let below = axis::bottom_height(size) + under + edge + size * 0.5;
    let block = head + panel_height + below;
    let paper = Paper::new(width, if beside { block } else { 2.0 * block });
    for (index, (measure, scale)) in MEASURES.iter().zip(&scales).enumerate() {
        let (dx, dy) = if beside { (index as f64 * (width + between) / 2.0, 0.0) } else { (0.0, index as f64 * block) };
        let place = Rect::new(dx + left, dy + head, dx + left + panel_width, dy + head + panel_height);
        let days = (f64::from(course.first), f64::from(course.last));
        let panel = paper.panel(place, days, (scale.low, scale.high));
        curves(&panel, &course.measures[index], measure.colour, course.replicates);
        axis::left(&paper, &panel, scale, size);
        axis::calendar(&paper, &panel, &marks, size);
        let title = font::wrap(measure.axis, Face::Regular, size, panel_height + 8.0, 1);
        axis::left_title(&paper, &title, place, dx + edge + title_width - size * 0.2, size);
        let letter = ["a", "b"][index];
        let base = dy + edge + (size + 1.0) * CAP_HEIGHT;
        paper.text((dx + edge, base), letter, Lettering::new(size + 1.0).bold());
        paper.text((place.left, base), measure.name, Lettering::new(size).bold());
        end_labels(&paper, &panel, &course.measures[index], course.replicates, size);
    }
    paper
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

/// What stands beside the end of a panel: heights in data units and words.
fn labels(points: &[Point], replicates: usize) -> Vec<(f64, String)> {
    let Some(point) = newest(points) else { return Vec::new() };
    let [_, _, median, q75, q95] = point.quantiles;
    if replicates == 1 {
        return vec![(median, ticks::percent(median))];
    }
    vec![
        (f64::midpoint(q75, q95), "90% of runs".to_owned()),
        (f64::midpoint(median, q75), "50% of runs".to_owned()),
        (median, format!("median {}", ticks::percent(median))),
    ]
}

fn labels_width(course: &Course, size: f64) -> f64 {
    let all: Vec<String> = course
        .measures
        .iter()
        .flat_map(|points| labels(points, course.replicates))
        .map(|(_, words)| words)
        .chain(["none".to_owned()])
        .collect();
    font::widest(all.iter().map(String::as_str), Face::Regular, size)
}

/// Names the bands and the median at the right edge, with hair lines where a name had to move.
fn end_labels(paper: &Paper, panel: &Panel, points: &[Point], replicates: usize, size: f64) {
    let place = panel.place;
    let found = labels(points, replicates);
    let Some(point) = newest(points) else {
        let (x, y) = place.centre();
        paper.text((x, y), "no cases", Lettering::new(size).anchor(Anchor::Middle).colour(BLACK));
        return;
    };
    let wanted: Vec<f64> = found.iter().map(|(y, _)| panel.at(0.0, *y).1).collect();
    let lowest = place.bottom - DESCENT * size;
    let mut ordered = wanted.clone();
    // The names keep their order, widest band on top, even where the bands collapse to one height.
    for index in 1..ordered.len() {
        ordered[index] = ordered[index].max(ordered[index - 1] + 1e-6);
    }
    let placed = spread(&ordered, LEADING * size, (place.top + size * 0.4, lowest));
    for ((words, &from), &to) in found.iter().map(|(_, words)| words).zip(&wanted).zip(&placed) {
        let start = panel.at(newest_edge(points, point), 0.0).0 + 2.5;
        let bend = place.right + 1.5;
        let lead = vec![(start, from), (bend, from), (place.right + 5.5, to)];
        paper.add(super::sheet::Mark::Path {
            points: lead,
            closed: false,
            stroke: Some(Stroke::solid(0.35, GREY)),
            fill: None,
            clip: None,
        });
        paper.text_centred((place.right + 6.5, to), words, Lettering::new(size));
    }
}
