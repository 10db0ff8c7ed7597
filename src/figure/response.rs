//! One swept parameter: the outcome over its levels, a line with its band for each arm, named at its end.
//!
//! Levels at even ratios stand on a logarithmic axis. Up to 120 levels are marked: between markers nothing was run. The
//! vertical axis starts at zero where the outcome comes near it. Where lines are few, bands have borders, so that those beneath others show.

use super::arm_looks::Looks;
use super::axis::{self, spread};
use super::courses::alone;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::levels::{self, Levels, rounded};
use super::marks::{Look, marker};
use super::palette::{BLACK, GREY};
use super::paper::{Panel, Paper, path};
use super::response_rows::response_rows;
use super::sheet::{Anchor, Dash, Lettering, Rect, Stroke};
use super::unit::{self, Unit};
use super::words::{counted, in_full};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

const EDGE: f64 = 2.0;
/// The most lines that can be told apart.
pub(super) const MOST: usize = 12;
/// The most levels that are marked one by one.
const MARKED: usize = 120;

/// Which columns of a table of points are drawn, and what stands out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Response<'a> {
    /// The parameter.
    pub x: &'a str,
    /// The outcome.
    pub value: &'a str,
    /// Lower end of its interval.
    pub low: Option<&'a str>,
    /// Upper end of its interval.
    pub high: Option<&'a str>,
    /// A column of words: a line for each.
    pub arm: Option<&'a str>,
    /// The column of their names, where the words of `arm` are keys.
    pub names: Option<&'a str>,
    /// Where the parameter stands today, in the unit of its column.
    pub today: Option<f64>,
    /// A value that matters, in the unit of the outcome.
    pub threshold: Option<f64>,
    /// Whether the outcome is a difference.
    pub difference: bool,
    /// What the intervals are, for the caption; empty where nothing is known but that the table has them.
    pub intervals: &'a str,
}

/// A point of a line, on the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    x: f64,
    value: f64,
    interval: (f64, f64),
}

struct Line {
    key: String,
    name: String,
    look: (Look, Dash),
    points: Vec<Point>,
}

impl Line {
    fn last(&self) -> Option<&Point> {
        self.points.iter().rev().find(|point| point.value.is_finite())
    }
}

/// Draws a table with one row per level of a sweep (and arm).
///
/// Titles and units of the axes are the descriptions and units of the columns.
///
/// # Errors
/// When a column is missing, no point has a value, a level stands twice in an arm, there are more than 12 arms, or the
/// size asked for is too small.
pub fn response(points: &Table, swept: &Response<'_>, context: &Context) -> Result<Drawing, FigureError> {
    if points.texts(swept.x).is_some() {
        return response_rows(points, swept, context);
    }
    let sweep = Levels::read(points, swept.x, context)?;
    let unit = unit_of(points, swept)?;
    let lines = read(points, swept, (&sweep, &unit), context)?;
    let size = context.style.text;
    let width = context.style.points(if lines.len() > 4 { 120.0 } else { 89.0 })?;
    let threshold = swept.threshold.map(|value| unit.of_value(value)).filter(|value| value.is_finite());
    let all = || lines.iter().flat_map(|line| &line.points);
    let values = || all().flat_map(|point| [point.value, point.interval.0, point.interval.1]).chain(threshold);
    let (low, high) = unit::bounds(values());
    let zero = swept.difference || (low >= 0.0 && low <= 0.6 * high);
    let shown = || values().chain(zero.then_some(0.0));
    let below = if zero && low >= 0.0 && !swept.difference { 0.0 } else { 0.06 };
    let y = match swept.difference {
        true => unit::differences(shown(), 5),
        false => unit::scale(shown(), zero, 5),
    };
    let y = unit::tight(y, unit::bounds(shown()), (below, 0.08));
    let (first, last) = unit::bounds(all().map(|point| point.x));
    let air = if last > first { (last - first) * 0.03 } else { first.abs().max(1.0) * 0.5 };
    let (x, minor) = sweep.scale((first - air, last + air), 5);

    let names = axis::left_width(&y, size);
    let many = lines.len() > 1;
    let room = width * 0.28;
    // Few names have two lines each.
    let tall = if lines.len() > 6 { 1 } else { 2 };
    let labels: Vec<Vec<String>> = match many {
        true => lines.iter().map(|line| font::wrap(&line.name, Face::Regular, size, room, tall)).collect(),
        false => Vec::new(),
    };
    let after = font::widest(labels.iter().flatten().map(String::as_str), Face::Regular, size);
    let words = levels::outcome(points, swept.value, swept.difference, &unit, context);
    let wrapped = font::wrap(&words, Face::Regular, size, 120.0, 3);
    let left = EDGE + wrapped.len() as f64 * LEADING * size + size * 0.4 + names;
    let right = width - EDGE - if many { after + 5.0 } else { size };
    if right - left < 60.0 {
        let reason = "the figure is too narrow for its axes and names; make it wider or the names shorter".to_owned();
        return Err(FigureError::Unfit { reason });
    }
    let top = EDGE + size * 1.6;
    let tallest = labels.iter().map(Vec::len).max().unwrap_or(0);
    let least = (labels.len() * tallest) as f64 * LEADING * size + size;
    let high = (((right - left) * 0.72).clamp(115.0, 240.0) * context.style.stretch).max(least);
    let place = Rect::new(left, top, right, top + high);
    let across = font::wrap(&sweep.title, Face::Regular, size, width - 2.0 * EDGE, 3);
    let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
    let bottom = foot + (across.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size + EDGE;
    let paper = Paper::new(width, bottom);
    let panel = paper.panel(place, (x.low, x.high), (y.low, y.high));
    bands(&panel, &lines);
    let now = swept.today.map(|level| sweep.at(level)).filter(|at| x.low <= *at && *at <= x.high);
    if let Some(at) = now {
        upright(&paper, &panel, at, &context.say("today"), size);
    }
    if let Some(bold) = threshold {
        let y = panel.at(x.low, bold).1;
        paper.line((place.left, y), (place.right, y), Stroke::solid(0.6, BLACK).dashed(Dash::Dashed));
    }
    if swept.difference {
        let y = panel.at(x.low, 0.0).1;
        paper.line((place.left, y), (place.right, y), Stroke::solid(0.5, BLACK));
    }
    draw(&paper, &panel, &lines, sweep.raw.len() <= MARKED);
    axis::bottom(&paper, &panel, &x, size);
    axis::left(&paper, &panel, &y, size);
    levels::minor_below(&paper, place, minor.iter().map(|&at| panel.at(at, y.low).0));
    axis::left_title(&paper, &wrapped, place, place.left - names - size * 0.3, size);
    axis::bottom_title(&paper, &across, place.centre().0, foot, (EDGE, width - EDGE), size);
    ends(&paper, &panel, &lines, &labels, size);
    let title = context.title_or(title_of(swept));
    let mut body = match sweep.raw.len() <= MARKED {
        true => format!(
            "{words} at {}; markers are the levels that were run, lines between them are a guide.",
            counted(sweep.raw.len(), "level")
        ),
        false => format!("{words} at {} levels, too many for a marker at each.", sweep.raw.len()),
    };
    if all().any(|point| point.interval.0.is_finite()) {
        let what = if swept.intervals.is_empty() { "intervals as the table gives them" } else { swept.intervals };
        body += &format!(" Bands: {what}.");
    }
    if let Some(bold) = threshold {
        body += &format!(" Dashed across: the threshold of {}.", rounded(bold));
    }
    if swept.today.is_some() && now.is_none() {
        body += " Where things stand today is outside the sweep.";
    }
    let cut = lines
        .iter()
        .zip(&labels)
        .filter(|(line, words)| words.last().is_some_and(|last| last.ends_with('…') && !line.name.ends_with('…')));
    body += &in_full(&cut.map(|(line, _)| &line.name).collect::<Vec<_>>());
    Drawing::new(paper, context, (&title, &body), points.clone())
}

/// The unit in which the outcome is printed.
pub(super) fn unit_of(points: &Table, swept: &Response<'_>) -> Result<Unit, FigureError> {
    let sizes = columns::numbers(points, swept.value)?;
    let (name, sizes) = (columns::unit(points, swept.value), sizes.iter().copied());
    Ok(if swept.difference { Unit::difference(&name, sizes) } else { Unit::level(&name, sizes) })
}

/// The title of a chart of one factor.
pub(super) fn title_of(swept: &Response<'_>) -> &'static str {
    if swept.difference { "What one lever changes" } else { "One lever" }
}

/// A thin upright line with its word on top.
fn upright(paper: &Paper, panel: &Panel, at: f64, words: &str, size: f64) {
    let place = panel.place;
    let x = panel.at(at, 0.0).0;
    paper.line((x, place.top), (x, place.bottom), Stroke::solid(0.6, GREY).dashed(Dash::Dotted));
    let half = font::width(words, Face::Regular, size) / 2.0;
    let x = x.min(paper.size().0 - EDGE - half).max(EDGE + half);
    paper.text((x, place.top - size * 0.5), words, Lettering::new(size).anchor(Anchor::Middle));
}

/// Bands, beneath everything else.
fn bands(panel: &Panel, lines: &[Line]) {
    for line in lines {
        let band: Vec<(f64, f64, f64)> =
            line.points.iter().map(|point| (point.x, point.interval.0, point.interval.1)).collect();
        panel.band(&band, line.look.0.colour.tint(0.22));
    }
}

fn draw(paper: &Paper, panel: &Panel, lines: &[Line], marked: bool) {
    for line in lines {
        let (look, dash) = line.look;
        let through =
            |pick: fn(&Point) -> f64| line.points.iter().map(|point| (point.x, pick(point))).collect::<Vec<_>>();
        if (2..=4).contains(&lines.len()) {
            for pick in [|point: &Point| point.interval.0, |point: &Point| point.interval.1] {
                panel.curve(&through(pick), Stroke::solid(0.35, look.colour));
            }
        }
        // A band of one level has no width: it is drawn as a whisker.
        for point in alone(&line.points, |point| point.interval.0.is_finite() && point.interval.1.is_finite()) {
            panel.curve(&[(point.x, point.interval.0), (point.x, point.interval.1)], Stroke::solid(0.8, look.colour));
        }
        let curve = through(|point| point.value);
        panel.curve(&curve, Stroke::solid(1.2, look.colour).dashed(dash));
        for &(x, value) in curve.iter().filter(|(_, value)| marked && value.is_finite()) {
            marker(paper, panel.at(x, value), 1.7, look);
        }
    }
}

/// Names beside the last points, with hair lines where they had to move.
fn ends(paper: &Paper, panel: &Panel, lines: &[Line], labels: &[Vec<String>], size: f64) {
    let place = panel.place;
    let named = lines.iter().zip(labels).filter_map(|(line, words)| Some((line.last()?, words)));
    let named: Vec<(&Point, &Vec<String>)> = named.collect();
    // All have the room of the tallest.
    let wanted: Vec<f64> = named.iter().map(|(point, _)| panel.at(point.x, point.value).1).collect();
    let tall = named.iter().map(|(_, words)| words.len()).max().unwrap_or(1) as f64;
    let half = (tall - 1.0) / 2.0 * LEADING * size;
    let bounds = (place.top + size * 0.4 + half, place.bottom - DESCENT * size - half);
    let placed = spread(&wanted, tall * LEADING * size, bounds);
    for ((&(point, words), &from), &to) in named.iter().zip(&wanted).zip(&placed) {
        let start = panel.at(point.x, point.value).0 + 2.6;
        if (from - to).abs() > 1.0 || place.right - start > 8.0 {
            paper.add(path(vec![(start, from), (place.right + 2.5, to)], Some(Stroke::solid(0.35, GREY)), None));
        }
        let first = to - (words.len() as f64 - 1.0) / 2.0 * LEADING * size;
        for (index, line) in words.iter().enumerate() {
            let at = (place.right + 3.5, first + index as f64 * LEADING * size);
            paper.text_centred(at, line, Lettering::new(size));
        }
    }
}

fn read(
    table: &Table,
    swept: &Response<'_>,
    (sweep, unit): (&Levels, &Unit),
    context: &Context,
) -> Result<Vec<Line>, FigureError> {
    let (x_of, value_of) = (columns::numbers(table, swept.x)?, columns::numbers(table, swept.value)?);
    let arms = swept.arm.map(|column| columns::texts(table, column)).transpose()?;
    let names = swept.names.map(|column| columns::texts(table, column)).transpose()?;
    let bound = |column: Option<&str>| column.map(|column| columns::numbers(table, column)).transpose();
    let (low_of, high_of) = (bound(swept.low)?, bound(swept.high)?);
    let (mut lines, mut looks): (Vec<Line>, Looks) = (Vec::new(), Looks::default());
    for row in (0..table.rows()).filter(|row| x_of[*row].is_finite()) {
        let key = arms.map_or("", |arms| &*arms[row]);
        let interval = match (&low_of, &high_of) {
            (Some(low), Some(high)) => (unit.of_value(low[row]), unit.of_value(high[row])),
            _ => (f64::NAN, f64::NAN),
        };
        let point = Point { x: sweep.at(x_of[row]), value: unit.of_value(value_of[row]), interval };
        match lines.iter_mut().find(|line| line.key == key) {
            Some(line) => line.points.push(point),
            None => {
                let name = names.map_or_else(|| context.name(key), |names| context.label(key, &names[row]));
                lines.push(Line { key: key.to_owned(), name, look: looks.next(key), points: vec![point] });
            }
        }
    }
    for line in &mut lines {
        line.points.sort_by(|a, b| a.x.total_cmp(&b.x));
        if let Some(pair) = line.points.windows(2).find(|pair| pair[0].x == pair[1].x) {
            let level = x_of.iter().find(|level| sweep.at(**level) == pair[0].x).copied().unwrap_or(f64::NAN);
            return Err(twice(table, swept.x, &level.to_string(), &line.key));
        }
    }
    lines.retain(|line| line.last().is_some());
    if lines.is_empty() {
        return Err(columns::nothing(table, "points with a value"));
    }
    if lines.len() > MOST {
        return Err(too_many(lines.len(), "lines"));
    }
    let end = |line: &Line| line.last().map_or(f64::INFINITY, |point| -point.value);
    lines.sort_by(|a, b| end(a).total_cmp(&end(b)).then_with(|| a.key.cmp(&b.key)));
    context.arrange(&mut lines, |line| line.key.as_str());
    Ok(lines)
}

/// That a level stands twice in an arm.
pub(super) fn twice(table: &Table, x: &str, level: &str, arm: &str) -> FigureError {
    let table = &table.schema.name;
    let reason = format!("table `{table}` has more than one row with {x} = {level} `{arm}`: give one row per level");
    FigureError::Unfit { reason }
}

/// That there are too many arms.
pub(super) fn too_many(count: usize, what: &str) -> FigureError {
    let reason = format!("{count} {what} cannot be told apart; at most {MOST} are drawn: pick fewer arms");
    FigureError::Unfit { reason }
}
