//! Who asks whom: a heat matrix of communications between states, with totals at its margins.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::{BLACK, GREY, LIGHT, sequential};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, Scale, number};
use super::{Context, Drawing, FigureError, columns, svg};
use crate::table::Table;

/// The most states for which values are printed in the cells.
const PRINTED: usize = 12;
const EDGE: f64 = 2.0;

struct Grid {
    names: Vec<String>,
    /// `cells[asks][asked]`; NaN where the table has no row.
    cells: Vec<Vec<f64>>,
    rows: Vec<f64>,
    columns: Vec<f64>,
}

/// Draws the `pairs` table: communications per ordered pair of states, rows ask columns, states ordered by
/// their total.
///
/// # Errors
/// When a column is missing, the table is empty, or the states do not fit the size asked for.
pub fn matrix(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let grid = read(table, context)?;
    let width = context.style.points(match grid.names.len() {
        ..=5 => 89.0,
        6..=PRINTED => 120.0,
        _ => 183.0,
    })?;
    let layout = Layout::new(&grid, width, context.style.text)?;
    let paper = layout.draw(&grid);
    let title = context.title_or("Who asks whom");
    let (total, net) = asymmetry(&grid);
    let lopsided = match total > 0.0 {
        true => format!("{} of all communications are not matched by one the other way", ticks::percent(net / total)),
        false => "There were no communications".to_owned(),
    };
    let body = format!(
        "Communications per ordered pair of states, mean per run: the state of the row asks the state of the column. \
         States are ordered by the sum of what they ask and are asked. The matrix need not be symmetric: {lopsided}. \
         Bars: totals asked (right) and received (bottom). The diagonal is blank: a state does not ask itself. \
         Grey: no data."
    );
    Drawing::new(paper, context, (&title, &body), table.clone())
}

fn asymmetry(grid: &Grid) -> (f64, f64) {
    let (mut total, mut net) = (0.0, 0.0);
    for a in 0..grid.names.len() {
        for b in 0..a {
            let value = |x: f64| if x.is_finite() { x } else { 0.0 };
            let (there, back) = (value(grid.cells[a][b]), value(grid.cells[b][a]));
            total += there + back;
            net += (there - back).abs();
        }
    }
    (total, net)
}

/// Whole numbers from 10 up, as many decimals as the matrix needs below.
fn show(value: f64, decimals: usize) -> String {
    number(value, if value >= 9.95 || value == 0.0 { 0 } else { decimals })
}

struct Layout {
    size: f64,
    width: f64,
    cell: f64,
    body: Rect,
    scale: Scale,
    decimals: usize,
    labels: f64,
    heads: f64,
    bars: f64,
    totals: Vec<String>,
    received: Vec<String>,
    turned: bool,
    colour_left: f64,
}

impl Layout {
    fn new(grid: &Grid, width: f64, size: f64) -> Result<Self, FigureError> {
        let count = grid.names.len() as f64;
        let most = grid.cells.iter().flatten().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let scale = ticks::linear(0.0, most, 5);
        let decimals = if most >= 99.5 {
            0
        } else if most >= 9.95 {
            1
        } else {
            ticks::decimals_for(most, 2).min(6)
        };
        let line = LEADING * size;
        let labels = font::widest(grid.names.iter().map(String::as_str), Face::Regular, size).min(width * 0.24);
        let texts = |values: &[f64]| -> Vec<String> { values.iter().map(|&value| show(value, decimals)).collect() };
        let (totals, received) = (texts(&grid.rows), texts(&grid.columns));
        let total_width = font::widest(totals.iter().map(String::as_str), Face::Regular, size);
        let bars = (width * 0.09).clamp(18.0, 40.0);
        let ticks_width = font::widest(scale.ticks.iter().map(|tick| tick.label.as_str()), Face::Regular, size);
        let strip = size;
        let colour_width = strip + axis::TICK + axis::GAP + ticks_width + line + 2.0;
        let left = EDGE + line + 2.0 + labels + 3.0;
        let right = 4.0 + bars + 3.0 + total_width + size * 1.6 + colour_width + EDGE;
        let cell = ((width - left - right) / count).min(size * 6.0);
        let least = (CAP_HEIGHT + DESCENT) * size + 0.8;
        if cell < least {
            let needed = (left + right + least * count) / svg::POINTS_PER_MILLIMETRE;
            return Err(FigureError::Unfit {
                reason: format!("{count:.0} states need a figure {:.0} mm wide at this text size", libm::ceil(needed)),
            });
        }
        let widest = font::widest(grid.names.iter().map(String::as_str), Face::Regular, size);
        let turned = widest + 3.0 > cell;
        let heads = if turned { widest.min(width * 0.24) } else { CAP_HEIGHT * size };
        let top = EDGE + line + 3.0 + heads + 3.0;
        let side = cell * count;
        let body = Rect::new(left, top, left + side, top + side);
        let colour_left = body.right + 4.0 + bars + 3.0 + total_width + size * 1.6;
        Ok(Self {
            size,
            width,
            cell,
            body,
            scale,
            decimals,
            labels,
            heads,
            bars,
            totals,
            received,
            turned,
            colour_left,
        })
    }

    fn draw(&self, grid: &Grid) -> Paper {
        let size = self.size;
        let received = font::widest(self.received.iter().map(String::as_str), Face::Regular, size);
        let flat = received + 2.0 <= self.cell;
        let foot = 4.0 + self.bars + 3.0 + if flat { CAP_HEIGHT * size } else { received } + DESCENT * size;
        let paper = Paper::new(self.width, self.body.bottom + foot + EDGE);
        self.cells(&paper, grid);
        self.names(&paper, grid);
        self.margins(&paper, grid, flat);
        self.colour_bar(&paper);
        paper
    }

    fn cells(&self, paper: &Paper, grid: &Grid) {
        let count = grid.names.len();
        let texts: Vec<Vec<String>> =
            grid.cells.iter().map(|row| row.iter().map(|&value| show(value, self.decimals)).collect()).collect();
        let widest = font::widest(texts.iter().flatten().map(String::as_str), Face::Regular, self.size);
        let printed = count <= PRINTED && widest + 1.5 <= self.cell;
        for (a, row) in grid.cells.iter().enumerate() {
            for (b, &value) in row.iter().enumerate() {
                if a == b {
                    continue;
                }
                let left = self.body.left + b as f64 * self.cell;
                let top = self.body.top + a as f64 * self.cell;
                let gap = 0.25;
                let place = Rect::new(left + gap, top + gap, left + self.cell - gap, top + self.cell - gap);
                let ground = if value.is_finite() { sequential(value / self.scale.high) } else { LIGHT };
                paper.rect(place, ground);
                if printed && value.is_finite() {
                    let lettering = Lettering::new(self.size).anchor(Anchor::Middle).colour(ground.ink());
                    paper.text_centred(place.centre(), &texts[a][b], lettering);
                }
            }
        }
        paper.frame(self.body, Stroke::solid(axis::LINE, BLACK));
    }

    fn names(&self, paper: &Paper, grid: &Grid) {
        let size = self.size;
        let (middle_x, middle_y) = self.body.centre();
        for (index, name) in grid.names.iter().enumerate() {
            let along = (index as f64 + 0.5) * self.cell;
            let row = font::shorten(name, Face::Regular, size, self.labels);
            let at = (self.body.left - 3.0, self.body.top + along);
            paper.text_centred(at, &row, Lettering::new(size).anchor(Anchor::End));
            let column = font::shorten(name, Face::Regular, size, if self.turned { self.heads } else { self.cell });
            if self.turned {
                let at = (self.body.left + along + CAP_HEIGHT * size / 2.0, self.body.top - 3.0);
                paper.text(at, &column, Lettering::new(size).turned(-90.0));
            } else {
                let at = (self.body.left + along, self.body.top - 3.0);
                paper.text(at, &column, Lettering::new(size).anchor(Anchor::Middle));
            }
        }
        let bold = Lettering::new(size).bold().anchor(Anchor::Middle);
        paper.text((middle_x, EDGE + CAP_HEIGHT * size), "State asked", bold);
        paper.text((EDGE + CAP_HEIGHT * size, middle_y), "State that asks", bold.turned(-90.0));
    }

    fn margins(&self, paper: &Paper, grid: &Grid, flat: bool) {
        let size = self.size;
        let most = grid.rows.iter().chain(&grid.columns).copied().fold(0.0, f64::max);
        let length = |value: f64| if most > 0.0 { value / most * self.bars } else { 0.0 };
        let thick = self.cell * 0.3;
        let (right, bottom) = (self.body.right + 4.0, self.body.bottom + 4.0);
        for (index, (&asks, &asked)) in grid.rows.iter().zip(&grid.columns).enumerate() {
            let along = (index as f64 + 0.5) * self.cell;
            let (x, y) = (self.body.left + along, self.body.top + along);
            paper.rect(Rect::new(right, y - thick, right + length(asks), y + thick), GREY);
            paper.rect(Rect::new(x - thick, bottom, x + thick, bottom + length(asked)), GREY);
            paper.text_centred((right + length(asks) + 2.5, y), &self.totals[index], Lettering::new(size));
            let text = &self.received[index];
            if flat {
                let at = (x, bottom + length(asked) + 2.5 + CAP_HEIGHT * size);
                paper.text(at, text, Lettering::new(size).anchor(Anchor::Middle));
            } else {
                let at = (x + CAP_HEIGHT * size / 2.0, bottom + length(asked) + 2.5);
                paper.text(at, text, Lettering::new(size).anchor(Anchor::End).turned(-90.0));
            }
        }
        let axis = Stroke::solid(axis::LINE, BLACK);
        paper.line((right, self.body.top), (right, self.body.bottom), axis);
        paper.line((self.body.left, bottom), (self.body.right, bottom), axis);
        let at = (self.body.right + 4.0, EDGE + LEADING * size + 3.0 + self.heads);
        paper.text(at, "total", Lettering::new(size));
        let at = (self.body.left - 3.0, bottom + CAP_HEIGHT * size);
        paper.text(at, "total", Lettering::new(size).anchor(Anchor::End));
    }

    fn colour_bar(&self, paper: &Paper) {
        let size = self.size;
        let place = Rect::new(self.colour_left, self.body.top, self.colour_left + size, self.body.bottom);
        let steps = 64;
        for step in 0..steps {
            let share = (f64::from(step) + 0.5) / f64::from(steps);
            let bottom = place.bottom - place.height() * f64::from(step) / f64::from(steps);
            // Each step reaches under the next, so that no hairline shows between them.
            let top = (bottom - place.height() * 1.5 / f64::from(steps)).max(place.top);
            paper.rect(Rect::new(place.left, top, place.right, bottom), sequential(share));
        }
        paper.frame(place, Stroke::solid(axis::LINE, BLACK));
        for tick in &self.scale.ticks {
            let y = place.bottom - place.height() * (tick.at - self.scale.low) / (self.scale.high - self.scale.low);
            paper.line((place.right, y), (place.right + axis::TICK, y), Stroke::solid(axis::LINE, BLACK));
            let at = (place.right + axis::TICK + axis::GAP, y);
            paper.text_centred(at, &tick.label, Lettering::new(size));
        }
        let full = "Communications per pair and run";
        let room = place.height() + 2.0 * self.heads;
        let title = if font::width(full, Face::Regular, size) <= room { full } else { "Communications" };
        let names = font::widest(self.scale.ticks.iter().map(|tick| tick.label.as_str()), Face::Regular, size);
        let right = place.right + axis::TICK + axis::GAP + names + 2.0 + LEADING * size;
        let at = (right - DESCENT * size, place.centre().1);
        paper.text(at, title, Lettering::new(size).anchor(Anchor::Middle).turned(-90.0));
    }
}

fn read(table: &Table, context: &Context) -> Result<Grid, FigureError> {
    let from = columns::texts(table, "from")?;
    let to = columns::texts(table, "to")?;
    let values = columns::numbers(table, "communications")?;
    let mut keys: Vec<&str> = from.iter().chain(to).map(|name| &**name).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Err(columns::nothing(table, "pairs of states"));
    }
    let place = |name: &str| keys.binary_search(&name).ok();
    let mut total = vec![0.0; keys.len()];
    let mut sums = vec![vec![f64::NAN; keys.len()]; keys.len()];
    for row in 0..table.rows() {
        let (Some(a), Some(b)) = (place(&from[row]), place(&to[row])) else { continue };
        let value = values[row];
        if a == b || !value.is_finite() {
            continue;
        }
        sums[a][b] = if sums[a][b].is_nan() { value } else { sums[a][b] + value };
        total[a] += value;
        total[b] += value;
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| total[b].total_cmp(&total[a]).then_with(|| keys[a].cmp(keys[b])));
    let cells: Vec<Vec<f64>> = order.iter().map(|&a| order.iter().map(|&b| sums[a][b]).collect()).collect();
    let known = |value: f64| if value.is_finite() { value } else { 0.0 };
    let rows = cells.iter().map(|row| row.iter().copied().map(known).sum()).collect();
    let columns = (0..keys.len()).map(|b| cells.iter().map(|row| known(row[b])).sum()).collect();
    Ok(Grid { names: order.iter().map(|&index| context.name(keys[index])).collect(), cells, rows, columns })
}
