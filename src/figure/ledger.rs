//! Rows of label, plot and numbers: the frame of funnels, forest plots and dot plots.
//!
//! The label column and the number columns are measured first; the plot takes what is left.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::legend::{self, Entry};
use super::palette::{BLACK, Colour};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Rect};
use super::ticks::{Scale, Tick};
use super::{FigureError, Style};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// A heading over the rows that follow.
    Heading,
    /// A row of its own.
    Item,
    /// A row that belongs to the one above.
    Sub,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) level: Level,
    pub(super) label: String,
    pub(super) numbers: Vec<String>,
}

impl Row {
    pub(super) fn heading(label: &str) -> Self {
        Self { level: Level::Heading, label: label.to_owned(), numbers: Vec::new() }
    }
}

/// A table with a plot in the middle.
pub(super) struct Ledger<'a> {
    /// Head of the label column.
    pub(super) stub: &'a str,
    /// Heads of the number columns; each may have two lines, parted by `\n`.
    pub(super) heads: &'a [String],
    pub(super) rows: &'a [Row],
    /// The horizontal axis.
    pub(super) scale: Scale,
    /// Its title.
    pub(super) axis: &'a str,
    /// Indentation of rows under headings, in em.
    pub(super) indent: f64,
    /// The least share of the width that is left to the plot.
    pub(super) least: f64,
    /// Grounds of the numbers, row by row: a strip of heat; none where empty.
    pub(super) grounds: &'a [Vec<Option<Colour>>],
    /// Samples and words above everything.
    pub(super) legend: &'a [Entry],
}

/// A ledger on paper, waiting for its marks.
pub(super) struct Laid {
    pub(super) paper: Paper,
    pub(super) panel: Panel,
    /// Middle of every row.
    pub(super) middles: Vec<f64>,
    /// Where every row begins.
    pub(super) tops: Vec<f64>,
    /// Whether labels stand on lines of their own, above their marks.
    pub(super) above: bool,
    /// Rows whose label had to be cut.
    pub(super) cut: Vec<usize>,
    /// Right edges of the number columns.
    pub(super) edges: Vec<f64>,
    /// Baseline of the last line of the heads.
    pub(super) head: f64,
}

/// The labels that had to be cut, in full, for the caption.
pub(super) fn in_full(cut: &[usize], labels: &[String]) -> String {
    let words: Vec<&str> = cut.iter().filter_map(|&index| labels.get(index)).map(String::as_str).collect();
    super::words::in_full(&words)
}

const EDGE: f64 = 2.0;

impl Ledger<'_> {
    /// Measures, then writes everything but the marks; `underlay` is drawn beneath the words and axis and
    /// is told the heights at which no label stands in the plot.
    pub(super) fn lay(
        &self,
        width: f64,
        style: Style,
        underlay: impl FnOnce(&Paper, &Panel, &[(f64, f64)]),
    ) -> Result<Laid, FigureError> {
        let size = style.text;
        let columns: Vec<f64> = (0..self.heads.len()).map(|index| self.column_width(index, size)).collect();
        let gap = size * 1.2;
        // Grounds reach half a gap beyond the numbers on them.
        let pad = if self.grounds.is_empty() { 0.0 } else { gap * 0.45 };
        let numbers: f64 = columns.iter().map(|column| column + gap).sum::<f64>() + pad;
        let inner = width - 2.0 * EDGE;
        let widest = self
            .rows
            .iter()
            .map(|row| self.indentation(row, size) + font::width(&row.label, face(row), size))
            .chain([font::width(self.stub, Face::Bold, size)])
            .fold(0.0, f64::max);
        let half_of =
            |tick: Option<&Tick>| tick.map_or(0.0, |tick| font::width(&tick.label, Face::Regular, size) / 2.0);
        let (first, half) = (half_of(self.scale.ticks.first()), half_of(self.scale.ticks.last()));
        let least = (inner * self.least).max(45.0);
        let room = inner - numbers - least - 2.0 * gap;
        // Too narrow for a column of labels: each label gets a line of its own above its marks.
        let above = room < widest.min(size * 8.0);
        let stub = if above { 0.0 } else { widest.min(room) };
        let plot_left = EDGE + if above { first.max(half) } else { stub + gap };
        let plot_right = EDGE + inner - numbers - if numbers > 0.0 { gap * 0.5 } else { half };
        if plot_right - plot_left < 30.0 {
            return Err(FigureError::Unfit {
                reason: format!("{:.0} mm is too narrow for these labels", width / super::svg::POINTS_PER_MILLIMETRE),
            });
        }
        let lines: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let limit = match row.level {
                    _ if above => inner,
                    Level::Heading => plot_right - EDGE,
                    _ => stub,
                };
                font::wrap(&row.label, face(row), size, limit - self.indentation(row, size), 4)
            })
            .collect();
        let cut = self.rows.iter().zip(&lines).enumerate().filter(|(_, (row, lines))| {
            lines.last().is_some_and(|line| line.ends_with('…')) && !row.label.ends_with('…')
        });
        let cut = cut.map(|(index, _)| index).collect();
        let head_lines = self.heads.iter().map(|head| head.lines().count()).max().unwrap_or(1).max(1) as f64;
        let legend = legend::height(self.legend, inner, size);
        let top = EDGE + legend + (CAP_HEIGHT + DESCENT + (head_lines - 1.0) * LEADING) * size + size * 0.7;
        let mut middles = Vec::with_capacity(lines.len());
        let mut tops = Vec::with_capacity(lines.len());
        // Heights free of labels, neighbouring ones joined.
        let mut spans: Vec<(f64, f64)> = Vec::new();
        let mut free = |from: f64, to: f64| match spans.last_mut() {
            Some(last) if last.1 + 1e-9 >= from => last.1 = to,
            _ => spans.push((from, to)),
        };
        let mut y = top;
        for (row, lines) in self.rows.iter().zip(&lines) {
            let height = row_height(row, lines.len(), style, self.rows.len());
            tops.push(y);
            let lift = if row.level == Level::Heading && y > top { size * 0.25 } else { 0.0 };
            if above && row.level != Level::Heading {
                let middle = y + height + size * 0.45;
                middles.push(middle);
                free(middle - size * 0.6, middle + size * 0.6);
                y += height + size * 1.3;
            } else {
                middles.push(y + height / 2.0 + lift);
                let words = font::widest(lines.iter().map(String::as_str), face(row), size);
                if row.level != Level::Heading || (EDGE + words < plot_left && !above) {
                    free(y, y + height + lift);
                }
                y += height + lift;
            }
        }
        if !above {
            free(y, y + size * 0.3);
        }
        let plot = Rect::new(plot_left, top, plot_right, y + size * 0.3);
        let title = font::wrap(self.axis, Face::Regular, size, inner, 3);
        let title_top = plot.bottom + axis::bottom_height(size) + size * 0.35;
        let height = title_top + (title.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size + EDGE;
        let paper = Paper::new(width, height);
        let panel = paper.panel(plot, (self.scale.low, self.scale.high), (0.0, 1.0));
        legend::draw(&paper, self.legend, (EDGE, EDGE), inner, size);
        underlay(&paper, &panel, &spans);
        axis::bottom(&paper, &panel, &self.scale, size);
        axis::bottom_title(&paper, &title, plot.centre().0, title_top, (EDGE, width - EDGE), size);
        let edges: Vec<f64> = (0..columns.len()).map(|index| right_edge(&columns, index, gap, width - pad)).collect();
        let head_base = top - size * 0.7 - DESCENT * size;
        paper.text((EDGE, head_base), self.stub, Lettering::new(size).bold());
        for (index, head) in self.heads.iter().enumerate() {
            let x = edges[index];
            for (up, line) in head.lines().rev().enumerate() {
                let at = (x, head_base - up as f64 * LEADING * size);
                paper.text(at, line, Lettering::new(size).bold().anchor(Anchor::End));
            }
        }
        for (place, ((row, lines), &middle)) in self.rows.iter().zip(&lines).zip(&middles).enumerate() {
            let lettering = Lettering { face: face(row), ..Lettering::new(size) };
            for (index, line) in lines.iter().enumerate() {
                let centred = (lines.len() - 1) as f64 / 2.0;
                let back = if above && row.level != Level::Heading { lines.len() as f64 } else { centred };
                let offset = (index as f64 - back) * LEADING * size;
                paper.text_centred((EDGE + self.indentation(row, size), middle + offset), line, lettering);
            }
            for (index, number) in row.numbers.iter().enumerate() {
                let at = (edges[index], middle);
                let ground = self.ground(place, index);
                if let Some(colour) = ground {
                    // A label above its marks keeps clear of the ground.
                    let half = size * if above { 0.6 } else { 0.8 };
                    let (left, right) = (at.0 - columns[index] - gap * 0.45, at.0 + gap * 0.45);
                    paper.rect(Rect::new(left, middle - half, right, middle + half), colour);
                }
                let ink = ground.map_or(BLACK, Colour::ink);
                paper.text_centred(at, number, Lettering::new(size).anchor(Anchor::End).colour(ink));
            }
        }
        Ok(Laid { paper, panel, middles, tops, above, cut, edges, head: head_base })
    }

    fn ground(&self, row: usize, column: usize) -> Option<Colour> {
        self.grounds.get(row).and_then(|row| row.get(column)).copied().flatten()
    }

    fn column_width(&self, index: usize, size: f64) -> f64 {
        let head = font::widest(self.heads[index].lines(), Face::Bold, size);
        let cells = self.rows.iter().filter_map(|row| row.numbers.get(index)).map(String::as_str);
        head.max(font::widest(cells, Face::Regular, size))
    }

    fn indentation(&self, row: &Row, size: f64) -> f64 {
        match row.level {
            Level::Heading => 0.0,
            Level::Item => self.indent * size,
            Level::Sub => (self.indent + 0.9) * size,
        }
    }
}

fn right_edge(columns: &[f64], index: usize, gap: f64, width: f64) -> f64 {
    let after: f64 = columns[index + 1..].iter().map(|column| column + gap).sum();
    width - EDGE - after
}

fn face(row: &Row) -> Face {
    if row.level == Level::Heading { Face::Bold } else { Face::Regular }
}

fn row_height(row: &Row, lines: usize, style: Style, rows: usize) -> f64 {
    // A long ledger is set tighter, so that it stays on its page.
    let air = if row.level == Level::Sub || rows > 40 { 0.45 } else { 0.75 };
    let words = (lines as f64 - 1.0) * LEADING + 1.0;
    // A figure that is to be taller or flatter gains or loses air; words keep their size.
    (words + (air + (style.stretch - 1.0) * (words + air)).max(0.15)) * style.text
}
