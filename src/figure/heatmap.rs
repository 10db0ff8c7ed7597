//! Two swept parameters: a cell per point, contour lines over them.
//!
//! Cells are drawn as cells, their borders midway between neighbouring levels, so that uneven sweeps look uneven.
//! Levels at even ratios stand on a logarithmic axis. Contours are those of the values as they are
//! (`contours`); the threshold is bold. Cells whose interval includes the threshold (for differences: zero) are
//! dotted. Colours run from little (light) to much (dark); differences from brown over white at zero to blue.

use super::category_names::CategoryNames;
use super::contour_labels::{Ground, draw_lines};
use super::contours::contours;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::heat_grid::{Points, Swept, read};
use super::heat_notes::{dotted, draw_notes, notes};
use super::levels::{self, rounded};
use super::marks::{Look, Shape, marker};
use super::palette::{BLACK, Colour, GREY, LIGHT, WHITE, diverging, sequential};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Mark, Rect, Stroke, text_box};
use super::ticks::{self, Scale, number};
use super::unit;
use super::words::in_full;
use super::{Context, Drawing, FigureError, axis};
use crate::table::Table;

const EDGE: f64 = 2.0;
/// The most contour lines.
const LINES: usize = 7;

/// Draws a table with one row per point of a sweep over two parameters.
///
/// Titles and units of axes and colours are the descriptions and units of the columns.
///
/// # Errors
/// When a column is missing, no point has a value, a point stands twice, or the size asked for is too small.
pub fn heatmap(points: &Table, swept: &Swept<'_>, context: &Context) -> Result<Drawing, FigureError> {
    let grid = read(points, swept, context)?;
    let size = context.style.text;
    let width = context.style.points(89.0)?;
    let (low, top_value) = unit::bounds(grid.values.iter().flatten().copied());
    let most = low.abs().max(top_value.abs());
    let scale = if swept.difference {
        unit::differences([-most, most].into_iter(), 6)
    } else {
        ticks::linear(low, top_value, 5)
    };
    let (x_edges, y_edges) = (grid.x.edges(), grid.y.edges());
    let ends = |edges: &[f64]| (edges[0], edges[edges.len() - 1]);
    let (x_scale, x_minor) = grid.x.scale(ends(&x_edges), 5);
    let (mut y_scale, y_minor) = grid.y.scale(ends(&y_edges), 5);
    for (tick, name) in y_scale.ticks.iter_mut().zip(&grid.y.names) {
        tick.label = font::shorten(name, Face::Regular, size, width * 0.25);
    }
    let threshold = swept.threshold.map(|value| grid.unit.of_value(value)).filter(|value| value.is_finite());

    let notes = notes(&grid, swept, threshold, context);
    let line = LEADING * size;
    let (names, colour_names) = (axis::left_width(&y_scale, size), axis::left_width(&scale, size));
    let colour_words = levels::outcome(points, swept.value, swept.difference, &grid.unit, context);
    let (mut up, mut beside, mut place) = (Vec::new(), Vec::new(), Rect::new(0.0, 0.0, 0.0, 0.0));
    let top = EDGE + notes.len() as f64 * line * 1.15 + size * 0.6;
    // Titles may need more lines once the height is known; two passes settle it.
    let mut high = width * 0.6;
    for _ in 0..3 {
        up = font::wrap(&grid.y.title, Face::Regular, size, high, 3);
        beside = font::wrap(&colour_words, Face::Regular, size, high, 3);
        let left = EDGE + up.len() as f64 * line + size * 0.3 + names;
        let right = width - EDGE - beside.len() as f64 * line - size * 0.3 - colour_names - size * 2.0;
        if right - left < 60.0 {
            let reason =
                "the figure is too narrow for its axes; make it wider, or descriptions of columns shorter".to_owned();
            return Err(FigureError::Unfit { reason });
        }
        high = ((right - left) * 1.03).clamp(70.0, 330.0) * context.style.stretch;
        place = Rect::new(left, top, right, top + high);
    }
    let across = font::wrap(&grid.x.title, Face::Regular, size, width - 2.0 * EDGE, 3);
    let step = place.width() / grid.x.names.len().max(1) as f64;
    let categories = CategoryNames::new(&grid.x.names, step, size * 12.0, size);
    let below = if grid.x.names.is_empty() { axis::bottom_height(size) } else { categories.height };
    let foot = place.bottom + below + size * 0.35;
    let bottom = foot + (across.len() as f64 - 1.0) * line + (CAP_HEIGHT + DESCENT) * size + EDGE;
    let paper = Paper::new(width, bottom);
    let panel = paper.panel(place, ends(&x_edges), ends(&y_edges));
    let colour = |value: f64| {
        let share = (value - scale.low) / (scale.high - scale.low);
        if swept.difference { diverging(share) } else { sequential(share) }
    };
    cells(&paper, &panel, &grid, (&x_edges, &y_edges), colour);
    let mut ground = Ground::new(place);
    today(&paper, &panel, &grid, swept.today, &mut ground, context);
    let heights = heights(&scale, (low, top_value), threshold);
    lines(&paper, &panel, (&grid, swept.difference), &heights, threshold, &mut ground, size);
    paper.frame(place, Stroke::solid(axis::LINE, BLACK));
    if grid.x.names.is_empty() {
        axis::bottom(&paper, &panel, &x_scale, size);
    } else {
        let across = grid.x.raw.iter().map(|&level| panel.at(level, 0.0).0);
        categories.draw(&paper, across, place.bottom, size);
    }
    axis::left(&paper, &panel, &y_scale, size);
    levels::minor_below(&paper, place, x_minor.iter().map(|&at| panel.at(at, ends(&y_edges).0).0));
    levels::minor_left(&paper, place, y_minor.iter().map(|&at| panel.at(ends(&x_edges).0, at).1));
    axis::left_title(&paper, &up, place, place.left - names - size * 0.3, size);
    axis::bottom_title(&paper, &across, place.centre().0, foot, (EDGE, width - EDGE), size);
    let bar = Rect::new(place.right + size, place.top, place.right + 2.0 * size, place.bottom);
    colour_bar(&paper, bar, (&scale, threshold), &beside, colour, size);
    draw_notes(&paper, &notes, size);
    let title = context.title_or(if swept.difference { "What two levers change" } else { "Two levers at once" });
    let mut body = caption(&grid, swept, &colour_words, (low, top_value), threshold);
    let cut = y_scale.ticks.iter().zip(&grid.y.names).filter(|(tick, name)| tick.label != **name);
    let cut = cut.map(|(_, name)| name).chain(categories.cut.iter().map(|&place| &grid.x.names[place]));
    body += &in_full(&cut.collect::<Vec<_>>());
    Drawing::new(paper, context, (&title, &body), points.clone())
}

/// The heights of thin contour lines: round values inside the range, apart from the threshold.
fn heights(scale: &Scale, (low, high): (f64, f64), threshold: Option<f64>) -> Vec<f64> {
    let near = (scale.high - scale.low) * 0.02;
    // A scale that is even about zero may be much wider than what there is.
    let own = ticks::linear(low, high, 5);
    let inside = own.ticks.iter().map(|tick| tick.at).filter(|at| low < *at && *at < high);
    let clear: Vec<f64> = inside.filter(|at| threshold.is_none_or(|bold| (bold - at).abs() > near)).collect();
    let every = clear.len().div_ceil(LINES).max(1);
    clear.into_iter().step_by(every).collect()
}

fn lines(
    paper: &Paper,
    panel: &Panel,
    (grid, difference): (&Points, bool),
    heights: &[f64],
    threshold: Option<f64>,
    ground: &mut Ground,
    size: f64,
) {
    if !grid.is_smooth() {
        return;
    }
    let x: Vec<f64> = grid.x.raw.iter().map(|&level| grid.x.at(level)).collect();
    let y: Vec<f64> = grid.y.raw.iter().map(|&level| grid.y.at(level)).collect();
    let step = heights.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let step = if step.is_finite() { step } else { heights.first().copied().unwrap_or(1.0).abs() };
    let decimals = ticks::decimals_for(step * 1.000_001, 1).min(6);
    let at = |line: Vec<(f64, f64)>| line.into_iter().map(|(x, y)| panel.at(x, y)).collect::<Vec<_>>();
    let mut all = Vec::new();
    // The bold line first: it has first choice of a place for its label.
    for (height, bold) in threshold.map(|height| (height, true)).into_iter().chain(heights.iter().map(|&h| (h, false)))
    {
        let words = match (bold, difference) {
            (true, true) if height > 0.0 => format!("+{}", rounded(height)),
            (true, _) => rounded(height),
            (false, true) => unit::plus(height, decimals),
            (false, false) => number(height, decimals),
        };
        for line in contours(&x, &y, &grid.values, height) {
            all.push((at(line), words.clone(), bold));
        }
    }
    draw_lines(paper, &all, ground, size);
}

fn cells(paper: &Paper, panel: &Panel, grid: &Points, (x, y): (&[f64], &[f64]), colour: impl Fn(f64) -> Colour) {
    for (row, values) in grid.values.iter().enumerate() {
        for (column, &value) in values.iter().enumerate() {
            let ((left, bottom), (right, top)) = (panel.at(x[column], y[row]), panel.at(x[column + 1], y[row + 1]));
            // Each cell reaches under the next, so that no hairline shows between them.
            let reach = |edge: f64, most: f64| (edge + 0.4).min(most);
            let under = Rect::new(left, (top - 0.4).max(panel.place.top), reach(right, panel.place.right), bottom);
            if !value.is_finite() {
                paper.rect(under, LIGHT);
                paper.add(Mark::Path {
                    points: vec![(left, bottom), (right, top)],
                    closed: true,
                    stroke: Some(Stroke::solid(0.35, GREY)),
                    fill: None,
                    clip: None,
                });
                continue;
            }
            paper.rect(under, colour(value));
        }
    }
    for (row, values) in grid.values.iter().enumerate() {
        for (column, &value) in values.iter().enumerate().filter(|(column, _)| grid.unclear[row][*column]) {
            let ((left, bottom), (right, top)) = (panel.at(x[column], y[row]), panel.at(x[column + 1], y[row + 1]));
            dotted(paper, Rect::new(left, top, right, bottom), colour(value).ink());
        }
    }
}

/// The dot for today and its word, on a ground that reads on any colour.
fn today(
    paper: &Paper,
    panel: &Panel,
    grid: &Points,
    today: Option<(f64, f64)>,
    ground: &mut Ground,
    context: &Context,
) {
    let Some((x, y)) = inside(panel, grid, today) else { return };
    let size = context.style.text;
    let words = context.say("today");
    let (wide, room) = (font::width(&words, Face::Regular, size), panel.place);
    let middle = y + CAP_HEIGHT * size / 2.0;
    let spots = [
        ((x + 5.5, middle), Anchor::Start),
        ((x - 5.5, middle), Anchor::End),
        ((x.clamp(room.left + wide / 2.0 + 2.0, room.right - wide / 2.0 - 2.0), y - 6.0), Anchor::Middle),
        (
            (x.clamp(room.left + wide / 2.0 + 2.0, room.right - wide / 2.0 - 2.0), y + 6.0 + CAP_HEIGHT * size),
            Anchor::Middle,
        ),
    ];
    let box_of = |(at, anchor): &((f64, f64), Anchor)| text_box(*at, &words, &Lettering::new(size).anchor(*anchor));
    let fits = |spot: &&((f64, f64), Anchor)| {
        let place = box_of(spot);
        room.left + 1.0 <= place.left
            && place.right <= room.right - 1.0
            && room.top + 1.0 <= place.top
            && place.bottom <= room.bottom - 1.0
    };
    if let Some(spot) = spots.iter().find(fits) {
        let place = box_of(spot);
        ground.halo(paper, place);
        paper.text(spot.0, &words, Lettering::new(size).anchor(spot.1));
    }
    ground.keep(Rect::new(x - 3.4, y - 3.4, x + 3.4, y + 3.4));
    marker(paper, (x, y), 3.2, Look::filled(Shape::Disc, WHITE));
    marker(paper, (x, y), 2.2, Look::hollow(Shape::Disc, BLACK));
}

/// Where today stands on the page, if it is within the sweep.
fn inside(panel: &Panel, grid: &Points, today: Option<(f64, f64)>) -> Option<(f64, f64)> {
    let (x, y) = today?;
    let spot = (grid.x.at(x), grid.y.at(y));
    let at = (spot.0.is_finite() && spot.1.is_finite()).then(|| panel.at(spot.0, spot.1))?;
    panel.place.contains(at).then_some(at)
}

fn colour_bar(
    paper: &Paper,
    place: Rect,
    (scale, threshold): (&Scale, Option<f64>),
    title: &[String],
    colour: impl Fn(f64) -> Colour,
    size: f64,
) {
    let widest = axis::colour_bar(paper, place, scale, colour, size);
    let at = |value: f64| axis::up_the_bar(place, scale, value);
    if let Some(bold) = threshold.filter(|bold| scale.low <= *bold && *bold <= scale.high) {
        for (width, colour) in [(2.6, WHITE), (1.4, BLACK)] {
            paper.line((place.left, at(bold)), (place.right, at(bold)), Stroke::solid(width, colour));
        }
    }
    let right = place.right + axis::TICK + axis::GAP + widest + size * 0.3 + title.len() as f64 * LEADING * size;
    axis::left_title(paper, title, place, right, size);
}

fn caption(grid: &Points, swept: &Swept<'_>, words: &str, (low, high): (f64, f64), threshold: Option<f64>) -> String {
    let lines = match grid.is_smooth() {
        true => {
            "a cell is a point of the sweep, its borders lie midway between levels. Contour lines are those of the values as \
             they are, linear between points and not smoothed."
        }
        false => "a cell is a point of the sweep.",
    };
    let (across, up) = (grid.x.raw.len(), grid.y.raw.len());
    let range = (rounded(low), rounded(high));
    let mut body = format!("{words} at {across} × {up} levels; {lines} Values from {} to {}.", range.0, range.1);
    if let Some(bold) = threshold {
        let crossed = low < bold && bold <= high;
        let what = match (crossed, grid.is_smooth()) {
            (true, true) => "is the bold line",
            (true, false) => "is bold on the bar of colours",
            (false, true) => "is reached nowhere or everywhere: there is no bold line",
            (false, false) => "is reached nowhere or everywhere",
        };
        body += &format!(" The threshold of {} {what}.", rounded(bold));
    }
    if grid.unclear.iter().flatten().any(|unclear| *unclear) {
        let mark = if swept.difference { "zero" } else { "the threshold" };
        body += &format!(" Dotted: the interval includes {mark}.");
    }
    if !swept.intervals.is_empty() {
        let used = swept.difference || threshold.is_some();
        body += &format!(" {} {}.", if used { "Intervals are the" } else { "Not shown: the" }, swept.intervals);
    }
    if grid.values.iter().flatten().any(|value| !value.is_finite()) {
        body += " Grey, struck through: no data.";
    }
    body
}
