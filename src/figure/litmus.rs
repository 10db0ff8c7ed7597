//! The litmus test of cooperation: willing or not, able or not.
//!
//! Left, the two-by-two of the region: coloured areas are in proportion to shares (a full cell is
//! 100 %). Right, the same four classes state by state.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::{BLACK, BLUE, Colour, VERMILLION};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, number, percent};
use super::{Context, Drawing, FigureError, REGION, columns};
use crate::table::Table;

/// Key, column (able first) and row (willing first) of the two-by-two, and its colour.
const CLASSES: [(&str, usize, usize); 4] =
    [("willing_able", 0, 0), ("willing_hindered", 1, 0), ("able_unwilling", 0, 1), ("neither", 1, 1)];

fn colour(class: usize) -> Colour {
    [BLUE, BLUE.tint(0.35), VERMILLION.tint(0.35), VERMILLION][class]
}

#[derive(Clone)]
struct Quarter {
    label: String,
    share: f64,
    low: f64,
    high: f64,
}

struct Square {
    state: String,
    name: String,
    quarters: [Option<Quarter>; 4],
}

impl Square {
    fn share(&self, class: usize) -> f64 {
        self.quarters[class].as_ref().map_or(0.0, |quarter| if quarter.share.is_finite() { quarter.share } else { 0.0 })
    }

    fn empty(&self) -> bool {
        (0..4).all(|class| self.share(class) <= 0.0)
    }
}

/// Draws the `litmus` table: the two-by-two of willing and able, and the four classes by state.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn litmus(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let mut squares = read(table, context)?;
    let Some(index) = squares.iter().position(|square| context.shows(&square.state)) else {
        return Err(columns::nothing(table, "litmus rows of role `all` and period `all` for the state asked for"));
    };
    let whole = squares.remove(index);
    squares.retain(|square| square.state != REGION);
    if context.state.is_some() {
        squares.clear();
    }
    squares.sort_by(|a, b| {
        b.share(0)
            .total_cmp(&a.share(0))
            .then_with(|| b.share(1).total_cmp(&a.share(1)))
            .then_with(|| a.state.cmp(&b.state))
    });
    context.arrange(&mut squares, |square| &square.state);
    let width = context.style.points(if squares.is_empty() { 89.0 } else { 183.0 })?;
    let paper = draw(&whole, &squares, width, context);
    let title = context.title_or("Willing and able");
    let letter = if squares.is_empty() { "" } else { "(a) " };
    let mut body = format!(
        "{letter}Cases by whether the practitioner was willing and able to cooperate. Coloured areas are in \
                    proportion to shares, a full cell being 100%; in brackets the 95% confidence interval of the mean \
                    over runs (Student’s t)."
    );
    if !squares.is_empty() {
        body.push_str(
            " (b) The same four classes by state, in the colours of (a), sorted by the share willing and able. \
             Dashes: no cases.",
        );
    }
    let rows = columns::rows_of(table, &[("role", "all"), ("period", "all")])?;
    Drawing::new(paper, context, (&title, &body), table.picked(&rows))
}

const EDGE: f64 = 2.0;

fn draw(whole: &Square, states: &[Square], width: f64, context: &Context) -> Paper {
    let size = context.style.text;
    let beside = width >= 380.0 && !states.is_empty();
    let head = if states.is_empty() { EDGE } else { EDGE + (size + 1.0) * CAP_HEIGHT + size * 0.9 };
    let names = LEADING * size;
    let row_height = LEADING * size * 1.25 * context.style.stretch;
    let grid_left = EDGE + names + 2.0;
    let cell = ((if beside { width * 0.36 } else { width - EDGE }) - grid_left) / 2.0;
    let tall = cell.min(size * 12.0) * context.style.stretch;
    let grid = Rect::new(grid_left, head + names + 2.0, grid_left + 2.0 * cell, head + names + 2.0 + 2.0 * tall);
    let rows = states.len() as f64 + 1.6;
    let foot = axis::bottom_height(size) + size * (0.5 + CAP_HEIGHT + DESCENT) + EDGE;
    let (bars_left, bars_top) =
        if beside { (grid.right + size * 2.5, head) } else { (EDGE, grid.bottom + size * 1.5 + head) };
    let stretch = if beside { ((grid.bottom - bars_top - 1.0) / (rows * row_height)).clamp(1.0, 1.5) } else { 1.0 };
    let bars_bottom = bars_top + rows * row_height * stretch;
    let height = match states.is_empty() {
        true => grid.bottom + EDGE,
        false => (grid.bottom + EDGE).max(bars_bottom + foot),
    };
    let paper = Paper::new(width, height);
    two_by_two(&paper, whole, grid, context);
    if !states.is_empty() {
        let letter = Lettering::new(size + 1.0).bold();
        let base = |top: f64| top + (size + 1.0) * CAP_HEIGHT;
        paper.text((EDGE, base(EDGE)), "a", letter);
        paper.text((grid_left, base(EDGE)), &shown(whole, context), Lettering::new(size).bold());
        let top = if beside { EDGE } else { bars_top - head + EDGE };
        paper.text((bars_left, base(top)), "b", letter);
        paper.text(
            (bars_left + grid_left - EDGE, base(top)),
            &context.say("State by state"),
            Lettering::new(size).bold(),
        );
        let place = Rect::new(bars_left, bars_top, width, bars_bottom);
        stacked(&paper, whole, states, place, context);
    }
    paper
}

fn shown(square: &Square, context: &Context) -> String {
    if square.state == REGION { context.say("All states") } else { square.name.clone() }
}

fn two_by_two(paper: &Paper, whole: &Square, grid: Rect, context: &Context) {
    let size = context.style.text;
    let (wide, tall) = (grid.width() / 2.0, grid.height() / 2.0);
    for (index, name) in ["Able", "Not able"].map(|words| context.say(words)).iter().enumerate() {
        let at = (grid.left + (index as f64 + 0.5) * wide, grid.top - 2.0 - DESCENT * size);
        paper.text(at, name, Lettering::new(size).anchor(Anchor::Middle));
    }
    for (index, name) in ["Willing", "Not willing"].map(|words| context.say(words)).iter().enumerate() {
        let at = (grid.left - 2.0 - DESCENT * size, grid.top + (index as f64 + 0.5) * tall);
        paper.text(at, name, Lettering::new(size).anchor(Anchor::Middle).turned(-90.0));
    }
    for (class, &(_, column, row)) in CLASSES.iter().enumerate() {
        let cell = Rect::new(
            grid.left + column as f64 * wide,
            grid.top + row as f64 * tall,
            grid.left + (column + 1) as f64 * wide,
            grid.top + (row + 1) as f64 * tall,
        );
        let side = libm::sqrt(whole.share(class).clamp(0.0, 1.0));
        // Areas meet in the middle of the two-by-two, so that they can be compared.
        let (middle_x, middle_y) = grid.centre();
        let (dx, dy) = (side * wide, side * tall);
        let x = if column == 0 { (middle_x - dx, middle_x) } else { (middle_x, middle_x + dx) };
        let y = if row == 0 { (middle_y - dy, middle_y) } else { (middle_y, middle_y + dy) };
        if side > 0.0 {
            paper.rect(Rect::new(x.0, y.0, x.1, y.1), colour(class));
        }
        paper.frame(cell, Stroke::solid(axis::LINE, BLACK));
        words(paper, whole.quarters[class].as_ref(), cell, (class, (x, y)), context);
    }
}

type Area = ((f64, f64), (f64, f64));

/// Name, share and interval in the outer corner of a cell; the ink follows the ground.
fn words(paper: &Paper, quarter: Option<&Quarter>, cell: Rect, (class, area): (usize, Area), context: &Context) {
    let size = context.style.text;
    let pad = size * 0.5;
    let Some(quarter) = quarter else {
        paper.text(
            (cell.left + pad, cell.top + pad + CAP_HEIGHT * size),
            &context.say("no cases"),
            Lettering::new(size),
        );
        return;
    };
    let interval = match quarter.low.is_finite() && quarter.high.is_finite() {
        true => {
            let decimals = usize::from(quarter.share < 0.0995);
            let show = |share: f64| number(share * 100.0, decimals);
            format!("{} [{}, {}]", percent(quarter.share), show(quarter.low), show(quarter.high))
        }
        false => percent(quarter.share),
    };
    let mut lines =
        font::wrap(&context.label(CLASSES[class].0, &quarter.label), Face::Regular, size, cell.width() - 2.0 * pad, 3);
    lines.insert(0, interval);
    let column_is_left = CLASSES[class].1 == 0;
    let top_row = CLASSES[class].2 == 0;
    let height = (lines.len() as f64 - 1.0) * LEADING * size + CAP_HEIGHT * size;
    let top = if top_row { cell.top + pad } else { cell.bottom - pad - height - DESCENT * size };
    for (index, line) in lines.iter().enumerate() {
        let face = if index == 0 { Face::Bold } else { Face::Regular };
        let (x, anchor) =
            if column_is_left { (cell.left + pad, Anchor::Start) } else { (cell.right - pad, Anchor::End) };
        let base = top + CAP_HEIGHT * size + index as f64 * LEADING * size;
        let mut lettering = Lettering { face, ..Lettering::new(size).anchor(anchor) };
        let ground = super::sheet::text_box((x, base), line, &lettering);
        let ((left, right), (upper, lower)) = area;
        if ground.overlaps(&Rect::new(left, upper, right, lower), 0.0) && colour(class).luminance() < 0.25 {
            // White words on dark ground, with the ground carried under the whole line.
            paper
                .rect(Rect::new(ground.left - 1.0, ground.top - 1.0, ground.right + 1.0, ground.bottom), colour(class));
            lettering.colour = colour(class).ink();
        }
        paper.text((x, base), line, lettering);
    }
}

fn stacked(paper: &Paper, whole: &Square, states: &[Square], place: Rect, context: &Context) {
    let size = context.style.text;
    let names: Vec<String> = states.iter().map(|square| square.name.clone()).collect();
    let all = shown(whole, context);
    let room = place.width() * 0.34;
    let label = font::widest(names.iter().map(String::as_str), Face::Regular, size)
        .max(font::width(&all, Face::Bold, size))
        .min(room);
    let scale = ticks::shares(1.0, 5);
    let left = place.left + label + size * 0.7 + if place.left > EDGE { size * 1.4 } else { 0.0 };
    let right = place.right - EDGE - font::width("100", Face::Regular, size) / 2.0;
    let plot = Rect::new(left, place.top, right, place.bottom);
    let panel = paper.panel(plot, (0.0, 1.0), (0.0, 1.0));
    let step = plot.height() / (states.len() as f64 + 1.6);
    for index in 0..=states.len() {
        let (square, name, bold) =
            if index == 0 { (whole, &all, true) } else { (&states[index - 1], &names[index - 1], false) };
        let middle = plot.top + step * (if index == 0 { 0.5 } else { index as f64 + 0.9 });
        let lettering = Lettering { face: if bold { Face::Bold } else { Face::Regular }, ..Lettering::new(size) };
        let text = font::shorten(name, lettering.face, size, label);
        paper.text_centred((left - size * 0.5, middle), &text, lettering.anchor(Anchor::End));
        if square.empty() {
            paper.text_centred((left + 3.0, middle), "–", Lettering::new(size));
            continue;
        }
        segments(paper, &panel, square, (middle, step * 0.39), size);
    }
    axis::bottom(paper, &panel, &scale, size);
    let title = [context.say("Share of cases (%)")];
    let top = plot.bottom + axis::bottom_height(size) + size * 0.35;
    axis::bottom_title(paper, &title, plot.centre().0, top, (place.left, place.right - EDGE), size);
}

fn segments(paper: &Paper, panel: &super::paper::Panel, square: &Square, (middle, half): (f64, f64), size: f64) {
    let sum: f64 = (0..4).map(|class| square.share(class)).sum();
    let mut from = 0.0;
    for class in 0..4 {
        let to = from + square.share(class) / sum;
        let (left, right) = (panel.at(from, 0.0).0, panel.at(to, 0.0).0);
        if right - left > 0.05 {
            // A hair of white parts neighbours, without shortening the bar as a whole.
            let gap = if class > 0 && right - left > 1.0 { 0.4 } else { 0.0 };
            paper.rect(Rect::new(left + gap, middle - half, right, middle + half), colour(class));
        }
        let text = number(square.share(class) / sum * 100.0, 0);
        if font::width(&text, Face::Regular, size) + 4.0 < right - left {
            let lettering = Lettering::new(size).anchor(Anchor::Middle).colour(colour(class).ink());
            paper.text_centred((f64::midpoint(left, right), middle), &text, lettering);
        }
        from = to;
    }
}

fn read(table: &Table, context: &Context) -> Result<Vec<Square>, FigureError> {
    let states = columns::texts(table, "state")?;
    let roles = columns::texts(table, "role")?;
    let periods = columns::texts(table, "period")?;
    let classes = columns::texts(table, "class")?;
    let labels = columns::texts(table, "label")?;
    let shares = columns::numbers(table, "share")?;
    let lows = columns::numbers(table, "ci_low")?;
    let highs = columns::numbers(table, "ci_high")?;
    let mut squares: Vec<Square> = Vec::new();
    for row in 0..table.rows() {
        if &*roles[row] != "all" || &*periods[row] != "all" {
            continue;
        }
        let Some(class) = CLASSES.iter().position(|(key, _, _)| *key == &*classes[row]) else { continue };
        let quarter = Quarter { label: labels[row].to_string(), share: shares[row], low: lows[row], high: highs[row] };
        let index = match squares.iter().position(|square| square.state == *states[row]) {
            Some(index) => index,
            None => {
                squares.push(Square {
                    name: context.name(&states[row]),
                    state: states[row].to_string(),
                    quarters: [None, None, None, None],
                });
                squares.len() - 1
            }
        };
        squares[index].quarters[class] = Some(quarter);
    }
    Ok(squares)
}
