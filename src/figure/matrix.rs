//! Who asks whom: a heat matrix of communications between states, with totals at its margins.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::matrix_grid::{Grid, MatrixOrder, asymmetry, read};
use super::palette::{BLACK, GREY, LIGHT, sequential};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, Scale, number};
use super::{Context, Drawing, FigureError, svg};
use crate::table::Table;

/// The most states for which values are printed in the cells.
const PRINTED: usize = 12;
const EDGE: f64 = 2.0;
/// Room between groups.
const APART: f64 = 3.0;

/// Draws the `pairs` table (columns `from`, `to`, `communications`): communications per ordered pair of states, rows
/// ask columns, states that communicate with each other together.
///
/// # Errors
/// When a column is missing, the table is empty, or the states do not fit the size asked for.
pub fn matrix(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    matrix_ordered(table, MatrixOrder::default(), context)
}

/// The same with states in that order.
///
/// # Errors
/// As [`matrix`].
pub fn matrix_ordered(table: &Table, order: MatrixOrder, context: &Context) -> Result<Drawing, FigureError> {
    let grid = read(table, order, context)?;
    let width = context.style.points(match grid.names.len() {
        ..=5 => 89.0,
        6..=PRINTED => 120.0,
        _ => 183.0,
    })?;
    let layout = Layout::new(&grid, width, context)?;
    let paper = layout.draw(&grid, context);
    let title = context.title_or("Who asks whom");
    let (total, net) = asymmetry(&grid);
    let lopsided = match total > 0.0 {
        true => format!("{} of all communications are not matched by one the other way", ticks::percent(net / total)),
        false => "There were no communications".to_owned(),
    };
    let body = format!(
        "Communications per ordered pair of states, mean per run: the state of the row asks the state of the column. \
         {} The matrix need not be symmetric: {lopsided}. \
         Bars: totals asked (right) and received (bottom). The diagonal is blank: a state does not ask itself. \
         Grey: no data.",
        grid.order
    );
    Drawing::new(paper, context, (&title, &body), table.clone())
}

/// Whole numbers from 10 up, as many decimals as the matrix needs below.
fn show(value: f64, decimals: usize) -> String {
    number(value, if value >= 9.95 || value == 0.0 { 0 } else { decimals })
}

struct Layout {
    size: f64,
    width: f64,
    cell: f64,
    /// Where each state begins, from the edge of the body.
    starts: Vec<f64>,
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
    fn new(grid: &Grid, width: f64, context: &Context) -> Result<Self, FigureError> {
        let size = context.style.text;
        let gaps = (grid.groups.len().max(1) - 1) as f64 * APART;
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
        let cell = ((width - left - right - gaps) / count).min(size * 6.0);
        let least = (CAP_HEIGHT + DESCENT) * size + 0.8;
        if cell < least {
            let needed = (left + right + gaps + least * count) / svg::POINTS_PER_MILLIMETRE;
            return Err(FigureError::Unfit {
                reason: format!("{count:.0} states need a figure {:.0} mm wide at this text size", libm::ceil(needed)),
            });
        }
        let widest = font::widest(grid.names.iter().map(String::as_str), Face::Regular, size);
        let turned = widest + 3.0 > cell;
        let heads = if turned { widest.min(width * 0.24) } else { CAP_HEIGHT * size };
        let top = EDGE + line + 3.0 + heads + 3.0;
        let mut starts = Vec::with_capacity(grid.names.len());
        for (group, &members) in grid.groups.iter().enumerate() {
            starts.extend(
                (0..members)
                    .map(|member| ((starts.len() + member) as f64, group as f64 * APART))
                    .map(|(place, gap)| place * cell + gap)
                    .collect::<Vec<_>>(),
            );
        }
        let side = cell * count + gaps;
        let body = Rect::new(left, top, left + side, top + side);
        let colour_left = body.right + 4.0 + bars + 3.0 + total_width + size * 1.6;
        Ok(Self {
            size,
            width,
            cell,
            starts,
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

    /// The middle of a state, from the edge of the body.
    fn along(&self, index: usize) -> f64 {
        self.starts[index] + self.cell / 2.0
    }

    fn draw(&self, grid: &Grid, context: &Context) -> Paper {
        let size = self.size;
        let received = font::widest(self.received.iter().map(String::as_str), Face::Regular, size);
        let flat = received + 2.0 <= self.cell;
        let foot = 4.0 + self.bars + 3.0 + if flat { CAP_HEIGHT * size } else { received } + DESCENT * size;
        let paper = Paper::new(self.width, self.body.bottom + foot + EDGE);
        self.cells(&paper, grid);
        self.names(&paper, grid, context);
        self.margins(&paper, grid, flat, context);
        self.colour_bar(&paper, context);
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
                let left = self.body.left + self.starts[b];
                let top = self.body.top + self.starts[a];
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

    fn names(&self, paper: &Paper, grid: &Grid, context: &Context) {
        let size = self.size;
        let (middle_x, middle_y) = self.body.centre();
        for (index, name) in grid.names.iter().enumerate() {
            let along = self.along(index);
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
        paper.text((middle_x, EDGE + CAP_HEIGHT * size), &context.say("State asked"), bold);
        paper.text((EDGE + CAP_HEIGHT * size, middle_y), &context.say("State that asks"), bold.turned(-90.0));
    }

    fn margins(&self, paper: &Paper, grid: &Grid, flat: bool, context: &Context) {
        let size = self.size;
        let most = grid.rows.iter().chain(&grid.columns).copied().fold(0.0, f64::max);
        let length = |value: f64| if most > 0.0 { value / most * self.bars } else { 0.0 };
        let thick = self.cell * 0.3;
        let (right, bottom) = (self.body.right + 4.0, self.body.bottom + 4.0);
        for (index, (&asks, &asked)) in grid.rows.iter().zip(&grid.columns).enumerate() {
            let along = self.along(index);
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
        let total = context.say("total");
        paper.text(at, &total, Lettering::new(size));
        let at = (self.body.left - 3.0, bottom + CAP_HEIGHT * size);
        paper.text(at, &total, Lettering::new(size).anchor(Anchor::End));
    }

    fn colour_bar(&self, paper: &Paper, context: &Context) {
        let size = self.size;
        let place = Rect::new(self.colour_left, self.body.top, self.colour_left + size, self.body.bottom);
        let names = axis::colour_bar(paper, place, &self.scale, |value| sequential(value / self.scale.high), size);
        let full = context.say("Communications per pair and run");
        let room = place.height() + 2.0 * self.heads;
        let fits = font::width(&full, Face::Regular, size) <= room;
        let title = if fits { full } else { context.say("Communications") };
        let right = place.right + axis::TICK + axis::GAP + names + 2.0 + LEADING * size;
        let at = (right - DESCENT * size, place.centre().1);
        paper.text(at, &title, Lettering::new(size).anchor(Anchor::Middle).turned(-90.0));
    }
}
