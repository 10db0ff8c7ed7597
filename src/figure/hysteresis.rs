//! A lever moved up and down again: does the outcome come back the way it went?
//!
//! The way up and the way down are lines with bands; arrows show which is which. Where the two bands do
//! not touch, the state of the world depends on where it came from.

use super::axis;
use super::courses::alone;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::labels::{Room, Wish, short};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLUE, Colour, VERMILLION};
use super::paper::{Panel, Paper};
use super::sheet::{Dash, Rect, Stroke};
use super::ticks::significant;
use super::unit::{self, Unit};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

const EDGE: f64 = 2.0;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    level: f64,
    value: f64,
    interval: (f64, f64),
}

struct Way {
    words: String,
    colour: Colour,
    dash: Dash,
    look: Look,
    points: Vec<(Point, String)>,
}

/// Draws the `loop` table: columns `direction` (`up` or `down`), `level`, `value`, `ci_low`, `ci_high` and
/// `label`. One label for all rows names the outcome; labels that differ name points (empty: no name).
/// Units are those of the columns `level` and `value`.
///
/// # Errors
/// When a column is missing, the table is empty, a direction is neither up nor down, or the size asked
/// for is too small.
pub fn hysteresis(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let ways = read(table, context)?;
    let points = || ways.iter().flat_map(|way| way.points.iter().map(|(point, _)| *point));
    if points().all(|point| !point.level.is_finite() || !point.value.is_finite()) {
        return Err(columns::nothing(table, "points with a level and a value"));
    }
    let mut labels: Vec<&str> =
        ways.iter().flat_map(|way| way.points.iter().map(|(_, label)| label.as_str())).collect();
    labels.sort_unstable();
    labels.dedup();
    let one = labels.len() == 1 && !labels[0].is_empty();
    let outcome = if one { labels[0].to_owned() } else { words_of(table, "value", "Outcome") };
    let level_unit = Unit::level(&columns::unit(table, "level"), points().map(|point| point.level));
    let values = || points().flat_map(|point| [point.value, point.interval.0, point.interval.1]);
    let value_unit = Unit::level(&columns::unit(table, "value"), values());
    let x = unit::scale(points().map(|point| level_unit.of_value(point.level)), false, 5);
    let low = values().filter(|value| value.is_finite()).fold(f64::INFINITY, f64::min);
    let high = values().filter(|value| value.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let zero = low >= 0.0 && low <= 0.6 * high;
    let shown = values().chain(zero.then_some(0.0)).map(|value| value_unit.of_value(value));
    let y = unit::tight(unit::scale(shown.clone(), zero, 5), unit::bounds(shown), (if zero { 0.0 } else { 0.06 }, 0.1));

    let size = context.style.text;
    let width = context.style.points(89.0)?;
    let mut legend: Vec<Entry> = ways
        .iter()
        .filter(|way| !way.points.is_empty())
        .map(|way| {
            Entry::new(
                &[Sample::Line(Stroke::solid(1.2, way.colour).dashed(way.dash)), Sample::Marker(way.look)],
                &way.words,
            )
        })
        .collect();
    if values().any(f64::is_finite) && points().any(|point| point.interval.0.is_finite()) {
        let band = Sample::Area(BLUE.tint(0.22));
        legend.push(Entry::new(&[band], &context.say("95% interval")));
    }
    let names = axis::left_width(&y, size);
    let wrapped = font::wrap(
        &unit::title(&value_unit, context, &super::words::capitalised(&context.say(&outcome))),
        Face::Regular,
        size,
        120.0,
        3,
    );
    let left = EDGE + wrapped.len() as f64 * LEADING * size + size * 0.4 + names;
    let half = x.ticks.last().map_or(0.0, |tick| font::width(&tick.label, Face::Regular, size) / 2.0);
    let right = width - EDGE - half.max(3.0);
    let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + size * 0.3;
    let place = Rect::new(left, top, right, top + ((right - left) * 0.75).clamp(125.0, 260.0) * context.style.stretch);
    let swept = font::wrap(
        &unit::title(&level_unit, context, &context.say(&words_of(table, "level", "Level"))),
        Face::Regular,
        size,
        width - 2.0 * EDGE,
        3,
    );
    let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
    let paper =
        Paper::new(width, foot + (swept.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size + EDGE);
    let panel = paper.panel(place, (x.low, x.high), (y.low, y.high));
    legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
    let scaled = |point: &Point| (level_unit.of_value(point.level), value_unit.of_value(point.value));
    let edge = |way: &Way, pick: fn(&Point) -> f64| -> Vec<(f64, f64)> {
        let each = way.points.iter().map(|(point, _)| point);
        each.map(|point| (level_unit.of_value(point.level), value_unit.of_value(pick(point)))).collect()
    };
    for way in &ways {
        let band: Vec<(f64, f64, f64)> = way
            .points
            .iter()
            .map(|(point, _)| {
                let (low, high) = point.interval;
                (level_unit.of_value(point.level), value_unit.of_value(low), value_unit.of_value(high))
            })
            .collect();
        panel.band(&band, way.colour.tint(0.22));
    }
    // Where bands lie over each other, the edges still show both.
    for way in &ways {
        for pick in [|point: &Point| point.interval.0, |point: &Point| point.interval.1] {
            panel.curve(&edge(way, pick), Stroke::solid(0.35, way.colour.tint(0.55)));
        }
    }
    let mut room = Room::new(Rect::new(place.left + 1.5, place.top, width - EDGE, place.bottom - 1.5));
    for way in &ways {
        let line: Vec<(f64, f64)> = way.points.iter().map(|(point, _)| scaled(point)).collect();
        panel.curve(&line, Stroke::solid(1.2, way.colour).dashed(way.dash));
        // A band needs two levels; one alone has a bar.
        for (point, _) in alone(&way.points, |(point, _)| point.value.is_finite()) {
            let ends = [point.interval.0, point.interval.1]
                .map(|value| (level_unit.of_value(point.level), value_unit.of_value(value)));
            panel.curve(&ends, Stroke::solid(0.8, way.colour));
        }
        // Many points would hide their line: then every n-th is marked, the ends among them.
        let every = line.len().saturating_sub(1).div_ceil(20).max(1);
        let known = |(_, (level, value)): &(usize, &(f64, f64))| level.is_finite() && value.is_finite();
        for (index, &(level, value)) in line.iter().enumerate().filter(known) {
            if index % every == 0 || index + 1 == line.len() {
                let spot = panel.at(level, value);
                marker(&paper, spot, 2.0, way.look);
                room.marker(spot);
            }
        }
        arrows(&paper, &panel, &line, every, way.colour);
        keep_free(&mut room, &panel, &line);
        for pick in [|point: &Point| point.interval.0, |point: &Point| point.interval.1] {
            keep_free(&mut room, &panel, &edge(way, pick));
        }
    }
    axis::bottom(&paper, &panel, &x, size);
    axis::left(&paper, &panel, &y, size);
    axis::left_title(&paper, &wrapped, place, left - names - size * 0.3, size);
    axis::bottom_title(&paper, &swept, place.centre().0, foot, (EDGE, width - EDGE), size);
    if !one {
        for (point, label) in ways.iter().flat_map(|way| &way.points) {
            let (level, value) = scaled(point);
            if !label.is_empty() && level.is_finite() && value.is_finite() {
                let words = short(label, size, place.width() * 0.4);
                room.name(&paper, &Wish { at: panel.at(level, value), words, furthest: 60.0 }, size);
            }
        }
    }
    let title = context.title_or("Up and down again");
    let body = format!(
        "{outcome} while the level is raised (blue, discs) and lowered again (vermillion, dashed, squares), with 95% \
         intervals of the mean (Student’s t); arrows show the way. What changes with time alone is part of both ways.{}",
        gap(&ways, &level_unit, &value_unit)
    );
    Drawing::new(paper, context, (&title, &body), table.clone())
}

/// The description of a column, or words of our own.
fn words_of(table: &Table, column: &str, own: &str) -> String {
    let field = table.schema.fields.iter().find(|field| field.name == column);
    let words = field.map_or("", |field| field.description.trim_end_matches('.'));
    if words.is_empty() { own.to_owned() } else { words.to_owned() }
}

/// Keeps names off a line: boxes along it.
fn keep_free(room: &mut Room, panel: &Panel, line: &[(f64, f64)]) {
    for ends in line.windows(2) {
        if [ends[0].0, ends[0].1, ends[1].0, ends[1].1].iter().any(|value| !value.is_finite()) {
            continue;
        }
        let (from, to) = (panel.at(ends[0].0, ends[0].1), panel.at(ends[1].0, ends[1].1));
        let pieces = 8;
        for piece in 0..pieces {
            let at = |piece: i32| {
                let share = f64::from(piece) / f64::from(pieces);
                (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
            };
            room.line(at(piece), at(piece + 1));
        }
    }
}

/// Up to three arrow heads at even distances along the way, between points that are marked.
fn arrows(paper: &Paper, panel: &Panel, line: &[(f64, f64)], every: usize, colour: Colour) {
    let spots: Vec<(f64, f64)> =
        line.iter().filter(|(x, y)| x.is_finite() && y.is_finite()).map(|&(x, y)| panel.at(x, y)).collect();
    let long = |ends: &[(f64, f64)]| libm::hypot(ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
    let whole: f64 = spots.windows(2).map(long).sum();
    for share in [0.2, 0.5, 0.8] {
        let mut before = 0.0;
        let reached = spots.windows(2).position(|ends| {
            before += long(ends);
            before >= share * whole
        });
        let Some(at) = reached.map(|at| at / every * every + every / 2) else { continue };
        let Some(ends) = spots.get(at..at + 2) else { continue };
        let own = long(ends);
        if own < 1e-6 {
            continue;
        }
        let (dx, dy) = ((ends[1].0 - ends[0].0) / own, (ends[1].1 - ends[0].1) / own);
        let middle = match every {
            1 => (f64::midpoint(ends[0].0, ends[1].0), f64::midpoint(ends[0].1, ends[1].1)),
            _ => ends[0],
        };
        let tip = (middle.0 + dx * 3.4, middle.1 + dy * 3.4);
        let back = (middle.0 - dx * 2.4, middle.1 - dy * 2.4);
        let side = 2.7;
        let feet = [(back.0 - dy * side, back.1 + dx * side), (back.0 + dy * side, back.1 - dx * side)];
        paper.area(vec![tip, feet[0], feet[1]], colour);
    }
}

/// The widest gap between the ways at a level both pass, in words.
fn gap(ways: &[Way; 2], level: &Unit, value: &Unit) -> String {
    let mut widest: Option<(f64, f64, f64)> = None;
    for (up, _) in &ways[0].points {
        for (down, _) in &ways[1].points {
            let size = down.value - up.value;
            if up.level == down.level && size.is_finite() && widest.is_none_or(|(_, most, _)| size.abs() > most.abs()) {
                let apart = up.interval.1 < down.interval.0 || down.interval.1 < up.interval.0;
                widest = Some((up.level, size, f64::from(u8::from(apart))));
            }
        }
    }
    match widest {
        None => " The two ways share no level.".to_owned(),
        Some((_, 0.0, _)) => " The way down is the way up.".to_owned(),
        Some((at, size, apart)) => format!(
            " The ways lie furthest apart at a level of {}: {} {} on the way down; there the intervals {}.",
            significant(level.of_value(at), 3),
            significant(value.of_value(size.abs()), 2),
            if size > 0.0 { "more" } else { "less" },
            if apart > 0.0 { "do not touch" } else { "overlap" }
        ),
    }
}

/// The way up and the way down, each in the order of the table.
fn read(table: &Table, context: &Context) -> Result<[Way; 2], FigureError> {
    let directions = columns::texts(table, "direction")?;
    let levels = columns::numbers(table, "level")?;
    let values = columns::numbers(table, "value")?;
    let lows = columns::numbers(table, "ci_low")?;
    let highs = columns::numbers(table, "ci_high")?;
    let labels = columns::texts(table, "label")?;
    if table.rows() == 0 {
        return Err(columns::nothing(table, "levels"));
    }
    let way = |words, colour, dash, look| Way { words: context.say(words), colour, dash, look, points: Vec::new() };
    let mut ways = [
        way("way up", BLUE, Dash::Solid, Look::filled(Shape::Disc, BLUE)),
        way("way down", VERMILLION, Dash::Dashed, Look::hollow(Shape::Square, VERMILLION)),
    ];
    for row in 0..table.rows() {
        let index = match &*directions[row] {
            "up" => 0,
            "down" => 1,
            other => {
                let reason = format!("table `{}` has a direction `{other}`; known are up and down", table.schema.name);
                return Err(FigureError::Unfit { reason });
            }
        };
        let point = Point { level: levels[row], value: values[row], interval: (lows[row], highs[row]) };
        ways[index].points.push((point, labels[row].to_string()));
    }
    ways[0].points.sort_by(|a, b| a.0.level.total_cmp(&b.0.level));
    ways[1].points.sort_by(|a, b| b.0.level.total_cmp(&a.0.level));
    Ok(ways)
}
