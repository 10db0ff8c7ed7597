//! Small panels of factors: one vertical axis for all of them, a horizontal axis and its words for each.

use super::axis;
use super::category_names::CategoryNames;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::legend::{self, Entry};
use super::levels::minor_below;
use super::palette::BLACK;
use super::panels::{letter, own_width, wanted};
use super::paper::{Panel, Paper};
use super::sheet::{Lettering, Rect, Stroke};
use super::ticks::Scale;
use super::{Context, FigureError, svg};

/// A panel: what stands above it, and its axis.
pub(super) struct Panelled {
    /// Words and unit of the factor.
    pub(super) title: String,
    /// The number above the panel.
    pub(super) number: String,
    /// The words after it, where there is room.
    pub(super) words: String,
    pub(super) scale: Scale,
    pub(super) minor: Vec<f64>,
    /// Names of categories, which stand at 0, 1, 2 ...; empty for numbers.
    pub(super) names: Vec<String>,
}

/// All panels and what they share.
pub(super) struct FactorPanels<'a> {
    pub(super) cells: &'a [Panelled],
    /// The vertical axis.
    pub(super) scale: &'a Scale,
    /// Its title.
    pub(super) axis: &'a str,
    pub(super) legend: &'a [Entry],
    pub(super) context: &'a Context,
}

/// The page with empty panels; [`Laid::finish`] draws what stands in front of the data.
pub(super) struct Laid<'a> {
    pub(super) paper: Paper,
    pub(super) panels: Vec<Panel>,
    /// Words that had to be cut, in full.
    pub(super) cut: Vec<String>,
    frame: &'a FactorPanels<'a>,
    across: usize,
    titles: Vec<Vec<String>>,
    names: Vec<Option<CategoryNames>>,
    /// Whether every number has its words.
    worded: bool,
}

const EDGE: f64 = 2.0;
/// The least width of a panel: of a few, of many.
const LEAST: (f64, f64) = (52.0, 46.0);
/// The most lines of the words of a factor.
const LINES: usize = 4;

impl<'a> FactorPanels<'a> {
    pub(super) fn lay(&'a self) -> Result<Laid<'a>, FigureError> {
        let count = self.cells.len();
        let style = self.context.style;
        let size = style.text;
        let width = style.points(own_width(count))?;
        let labels = axis::left_width(self.scale, size);
        let inner = width - 2.0 * EDGE;
        let legend = legend::height(self.legend, inner, size);
        let mut lines = 1;
        loop {
            // More than two lines are not read sideways.
            let level = lines > 2;
            let beside = if level { 0.0 } else { lines as f64 * LEADING * size + size * 0.3 };
            let left = EDGE + beside + labels;
            let (across, place, gap) = self.columns(width - left - EDGE, width)?;
            let title = font::wrap(self.axis, Face::Regular, size, inner, 3);
            let above = if level { (title.len() as f64 + 0.3) * LEADING * size } else { 0.0 };
            let rows = self.rows(across, place, gap);
            let head = (CAP_HEIGHT + 1.0) * size;
            let mut tops = Vec::new();
            let mut bottom = EDGE + legend + above;
            for (place, row) in rows.below.iter().enumerate() {
                bottom += if place > 0 { size * 0.7 } else { 0.0 };
                tops.push(bottom + head);
                bottom += head + rows.high + row;
            }
            let whole = Rect::new(left, tops[0], width - EDGE, bottom - rows.below.last().copied().unwrap_or(0.0));
            if !level {
                let wrapped = font::wrap(self.axis, Face::Regular, size, whole.height(), usize::MAX);
                if wrapped.len() > lines {
                    lines = wrapped.len();
                    continue;
                }
            }
            let paper = Paper::new(width, bottom + EDGE);
            legend::draw(&paper, self.legend, (EDGE, EDGE), inner, size);
            let panels = self.cells.iter().enumerate().map(|(index, cell)| {
                let x = left + (index % across) as f64 * (place + gap);
                let y = tops[index / across];
                let ends = (cell.scale.low, cell.scale.high);
                paper.panel(Rect::new(x, y, x + place, y + rows.high), ends, (self.scale.low, self.scale.high))
            });
            let panels: Vec<Panel> = panels.collect();
            if level {
                for (index, line) in title.iter().enumerate() {
                    let y = EDGE + legend + CAP_HEIGHT * size + index as f64 * LEADING * size;
                    paper.text((EDGE, y), line, Lettering::new(size));
                }
            } else {
                let wrapped = font::wrap(self.axis, Face::Regular, size, whole.height(), usize::MAX);
                axis::left_title(&paper, &wrapped, whole, left - labels - size * 0.3, size);
            }
            return Ok(Laid {
                paper,
                panels,
                cut: rows.cut,
                frame: self,
                across,
                titles: rows.titles,
                names: rows.names,
                worded: rows.worded,
            });
        }
    }

    /// How many panels stand side by side, how wide each is, and the air between two.
    fn columns(&self, inner: f64, width: f64) -> Result<(usize, f64, f64), FigureError> {
        let size = self.context.style.text;
        let count = self.cells.len();
        let least = if count > 20 { LEAST.1 } else { LEAST.0 };
        for across in (1..=wanted(count)).rev() {
            // How far names of ticks reach beyond a panel depends on how wide it is.
            let mut gap = size;
            let mut after = 0.0;
            let mut place = 0.0;
            for _ in 0..3 {
                place = (inner - after - (across as f64 - 1.0) * gap) / across as f64;
                let (before, beyond) = self.overhang(place);
                (gap, after) = ((before + beyond + size * 0.5).max(size), beyond);
            }
            if place >= least || (across == 1 && place >= 40.0) {
                return Ok((across, place, gap));
            }
        }
        let mm = width / svg::POINTS_PER_MILLIMETRE;
        Err(FigureError::Unfit { reason: format!("{mm:.0} mm is too narrow for panels of factors") })
    }

    /// How far names of ticks reach beyond a panel of that width, on its left and on its right.
    fn overhang(&self, place: f64) -> (f64, f64) {
        let size = self.context.style.text;
        let mut most = (0.0_f64, 0.0_f64);
        for cell in self.cells.iter().filter(|cell| cell.names.is_empty()) {
            for tick in &cell.scale.ticks {
                let at = (tick.at - cell.scale.low) / (cell.scale.high - cell.scale.low) * place;
                let half = font::width(&tick.label, Face::Regular, size) / 2.0;
                most = (most.0.max(half - at), most.1.max(at + half - place));
            }
        }
        most
    }

    fn rows(&self, across: usize, place: f64, gap: f64) -> Rows {
        let style = self.context.style;
        let size = style.text;
        let ratio = if self.cells.len() > 12 { 0.6 } else { 0.75 };
        let high = (place * ratio).clamp(44.0, 130.0) * style.stretch;
        // Words may reach a little into the air beside their panel.
        let reach = place + gap * 0.5;
        let wrap = |cell: &Panelled| font::wrap(&cell.title, Face::Regular, size, reach, LINES);
        let titles: Vec<Vec<String>> = self.cells.iter().map(wrap).collect();
        let names: Vec<Option<CategoryNames>> = self
            .cells
            .iter()
            .map(|cell| {
                let step = place / cell.names.len().max(1) as f64;
                (!cell.names.is_empty()).then(|| CategoryNames::new(&cell.names, step, size * 8.0, size))
            })
            .collect();
        let mut cut: Vec<String> = Vec::new();
        for ((cell, title), names) in self.cells.iter().zip(&titles).zip(&names) {
            let ends = |words: &str| words.ends_with('…');
            if title.last().is_some_and(|line| ends(line)) && !ends(&cell.title) {
                cut.push(cell.title.clone());
            }
            let names = names.as_ref().map(|names| &names.cut).into_iter().flatten();
            cut.extend(names.map(|&place| cell.names[place].clone()));
        }
        let axis_of = |index: usize| names[index].as_ref().map_or(axis::bottom_height(size), |names| names.height);
        let below = (0..self.cells.len().div_ceil(across)).map(|row| {
            let cells = row * across..((row + 1) * across).min(self.cells.len());
            let words = |index: usize| ((titles[index].len() as f64 - 1.0) * LEADING + CAP_HEIGHT + DESCENT) * size;
            cells.map(|index| axis_of(index) + size * 0.3 + words(index)).fold(0.0, f64::max)
        });
        let below = below.collect();
        let worded =
            self.cells.iter().enumerate().all(|(index, cell)| {
                self.indent(index) + font::width(&heading(cell, true), Face::Regular, size) <= reach
            });
        Rows { high, below, titles, names, cut, worded }
    }

    fn indent(&self, index: usize) -> f64 {
        let size = self.context.style.text;
        match self.cells.len() {
            ..=1 => 0.0,
            _ => font::width(&letter(index), Face::Bold, size + 1.0) + size * 0.6,
        }
    }
}

/// What panels of a width take up.
struct Rows {
    high: f64,
    /// Height below the panels of each row: axis and words.
    below: Vec<f64>,
    titles: Vec<Vec<String>>,
    names: Vec<Option<CategoryNames>>,
    cut: Vec<String>,
    worded: bool,
}

fn heading(cell: &Panelled, worded: bool) -> String {
    if worded { format!("{} {}", cell.number, cell.words) } else { cell.number.clone() }
}

impl Laid<'_> {
    /// Axes and words.
    pub(super) fn finish(self) -> Paper {
        let frame = self.frame;
        let size = frame.context.style.text;
        let paper = self.paper;
        for (index, (panel, cell)) in self.panels.iter().zip(frame.cells).enumerate() {
            let place = panel.place;
            let mut scale = frame.scale.clone();
            if index % self.across != 0 {
                scale.ticks.iter_mut().for_each(|tick| tick.label.clear());
            }
            axis::left(&paper, panel, &scale, size);
            let below = match &self.names[index] {
                Some(names) => {
                    paper.line(
                        (place.left, place.bottom),
                        (place.right, place.bottom),
                        Stroke::solid(axis::LINE, BLACK),
                    );
                    names.draw(&paper, (0..cell.names.len()).map(|at| panel.at(at as f64, 0.0).0), place.bottom, size);
                    names.height
                }
                None => {
                    axis::bottom(&paper, panel, &cell.scale, size);
                    minor_below(&paper, place, cell.minor.iter().map(|&at| panel.at(at, frame.scale.low).0));
                    axis::bottom_height(size)
                }
            };
            let top = place.bottom + below + size * 0.3;
            let edges = (EDGE, paper.size().0 - EDGE);
            axis::bottom_title(&paper, &self.titles[index], place.centre().0, top, edges, size);
            let foot = place.top - size * 0.7;
            if frame.cells.len() > 1 {
                paper.text((place.left, foot), &letter(index), Lettering::new(size + 1.0).bold());
            }
            let at = (place.left + frame.indent(index), foot);
            paper.text(at, &heading(cell, self.worded), Lettering::new(size));
        }
        paper
    }
}
