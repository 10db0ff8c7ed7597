//! Small multiples: panels over calendar time that share both axes, with names at the outer edge only.

use super::axis::{self, spread};
use super::calendar;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::legend::{self, Entry};
use super::palette::GREY;
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Mark, Rect, Stroke};
use super::ticks::Scale;
use super::{Context, FigureError, svg};

/// One panel: its heading, and values named beside the end of its lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Cell {
    pub(super) title: String,
    pub(super) ends: Vec<(f64, String)>,
}

/// All panels and what they share.
pub(super) struct Multiples<'a> {
    pub(super) cells: &'a [Cell],
    /// The vertical axis.
    pub(super) scale: &'a Scale,
    /// Its title.
    pub(super) axis: &'a str,
    /// First day, and the day after the last.
    pub(super) days: (i32, i32),
    pub(super) legend: &'a [Entry],
    pub(super) context: &'a Context,
}

/// The page with empty panels; [`Laid::finish`] draws what stands in front of the data.
pub(super) struct Laid<'a> {
    pub(super) paper: Paper,
    pub(super) panels: Vec<Panel>,
    /// Panels whose heading had to be cut.
    pub(super) cut: Vec<usize>,
    multiples: &'a Multiples<'a>,
    across: usize,
    size: f64,
    titles: Vec<Vec<String>>,
}

const EDGE: f64 = 2.0;
/// The least width of a panel: of a few, of many.
const LEAST: (f64, f64) = (66.0, 50.0);

/// How many panels stand side by side where the page is wide enough.
pub(super) fn wanted(cells: usize) -> usize {
    match cells {
        ..=1 => 1,
        2 | 4 => 2,
        3..=9 => 3,
        10..=20 => 4,
        21..=30 => 5,
        _ => 6,
    }
}

/// `a` to `z`, then `aa` and so on.
pub(super) fn letter(index: usize) -> String {
    let own = char::from(b'a' + (index % 26) as u8);
    if index < 26 { own.to_string() } else { format!("{}{own}", letter(index / 26 - 1)) }
}

/// The width in millimetres that suits so many panels.
pub(super) fn own_width(cells: usize) -> f64 {
    match cells {
        1 => 89.0,
        2 => 120.0,
        _ => 183.0,
    }
}

impl<'a> Multiples<'a> {
    pub(super) fn lay(&'a self, width: f64) -> Result<Laid<'a>, FigureError> {
        let style = self.context.style;
        let size = style.text;
        let count = self.cells.len().max(1);
        let ends = self.cells.iter().flat_map(|cell| &cell.ends).map(|(_, words)| words.as_str());
        let end = font::widest(ends, Face::Regular, size);
        let after = if end > 0.0 { end + 3.0 + axis::TICK + size * 1.1 } else { size };
        let names = axis::left_width(self.scale, size);
        let mut title_lines = 1;
        let mut plan = None;
        let mut level = false;
        // The title of the axis may need a second line once the height is known; two passes settle it.
        for _ in 0..4 {
            let left = EDGE + title_lines as f64 * LEADING * size + size * 0.3 + names;
            let inner = width - left - EDGE;
            let least = if count > 20 { LEAST.1 } else { LEAST.0 };
            let fit = libm::floor(inner / (least + after)) as usize;
            let across = wanted(count).min(fit);
            if across == 0 {
                let mm = width / svg::POINTS_PER_MILLIMETRE;
                return Err(FigureError::Unfit { reason: format!("{mm:.0} mm is too narrow for panels over time") });
            }
            // Panels within a row are parted by the names at the end of lines.
            let panel = inner / across as f64 - after;
            let ratio = if count > 20 { 0.55 } else { 0.68 };
            let high = (panel * ratio).clamp(if count > 20 { 40.0 } else { 52.0 }, 130.0) * style.stretch;
            let titles: Vec<Vec<String>> = self
                .cells
                .iter()
                .enumerate()
                .map(|(index, cell)| {
                    font::wrap(&cell.title, Face::Bold, size, panel + after * 0.8 - self.indent(index, size), 2)
                })
                .collect();
            let heads: Vec<f64> = titles
                .chunks(across)
                .map(|row| {
                    let lines = row.iter().map(Vec::len).max().unwrap_or(1).max(1) as f64;
                    (CAP_HEIGHT + 1.0) * size + (lines - 1.0) * LEADING * size
                })
                .collect();
            let mut top = EDGE + legend::height(self.legend, width - 2.0 * EDGE, size);
            if level {
                top += (font::wrap(self.axis, Face::Regular, size, width - 2.0 * EDGE, 3).len() as f64 + 0.4)
                    * LEADING
                    * size;
            }
            let between = size * 0.9;
            let mut tops = Vec::with_capacity(heads.len());
            let mut bottom = top - between;
            for head in &heads {
                tops.push(bottom + between + head);
                bottom += between + head + high;
            }
            let all = bottom - top;
            let wrapped = font::wrap(self.axis, Face::Regular, size, all - size, usize::MAX);
            // A title of more than two lines is not read sideways.
            let settled = level || wrapped.len() <= title_lines;
            level = level || wrapped.len() > 2;
            title_lines = if level { 0 } else { wrapped.len() };
            plan = Some((left, panel, across, high, tops, bottom, titles, wrapped));
            if settled {
                break;
            }
        }
        let (left, panel_width, across, high, tops, bottom, titles, wrapped) =
            plan.expect("the loop ran at least once");
        let marks = calendar::axis(self.days.0, self.days.1, (panel_width / (size * 4.2)) as usize).said(self.context);
        let under = if marks.under.is_empty() { 0.0 } else { LEADING * size };
        let paper = Paper::new(width, bottom + axis::bottom_height(size) + under + EDGE);
        legend::draw(&paper, self.legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
        let days = (f64::from(self.days.0), f64::from(self.days.1));
        let panels = (0..count).map(|index| {
            let x = left + (index % across) as f64 * (panel_width + after);
            let y = tops[index / across];
            paper.panel(Rect::new(x, y, x + panel_width, y + high), days, (self.scale.low, self.scale.high))
        });
        let panels: Vec<Panel> = panels.collect();
        let whole = Rect::new(left, tops[0], width - EDGE, bottom);
        if level {
            let foot = EDGE + legend::height(self.legend, width - 2.0 * EDGE, size) + CAP_HEIGHT * size;
            for (index, line) in font::wrap(self.axis, Face::Regular, size, width - 2.0 * EDGE, 3).iter().enumerate() {
                paper.text((EDGE, foot + index as f64 * LEADING * size), line, Lettering::new(size));
            }
        } else {
            axis::left_title(&paper, &wrapped, whole, left - names - size * 0.3, size);
        }
        let cut = titles.iter().zip(self.cells).enumerate().filter(|(_, (lines, cell))| {
            lines.last().is_some_and(|line| line.ends_with('…')) && !cell.title.ends_with('…')
        });
        let cut = cut.map(|(index, _)| index).collect();
        Ok(Laid { paper, panels, cut, multiples: self, across, size, titles })
    }

    fn indent(&self, index: usize, size: f64) -> f64 {
        match self.cells.len() {
            ..=1 => 0.0,
            _ => font::width(&letter(index), Face::Bold, size + 1.0) + size * 0.6,
        }
    }
}

impl Laid<'_> {
    /// Axes, headings and the names at the end of lines.
    pub(super) fn finish(self) -> Paper {
        let (size, paper, count) = (self.size, self.paper, self.panels.len());
        for (index, panel) in self.panels.iter().enumerate() {
            let place = panel.place;
            let mut scale = self.multiples.scale.clone();
            if index % self.across != 0 {
                scale.ticks.iter_mut().for_each(|tick| tick.label.clear());
            }
            axis::left(&paper, panel, &scale, size);
            let room = (place.width() / (size * 4.2)) as usize;
            let mut marks =
                calendar::axis(self.multiples.days.0, self.multiples.days.1, room).said(self.multiples.context);
            if index + self.across < count {
                marks.spans.clear();
                marks.under.clear();
            }
            axis::calendar(&paper, panel, &marks, size);
            let Some(cell) = self.multiples.cells.get(index) else { continue };
            let lines = &self.titles[index];
            let foot = place.top - size * 0.75;
            for (line, words) in lines.iter().enumerate() {
                let y = foot - (lines.len() - 1 - line) as f64 * LEADING * size;
                if line == 0 && count > 1 {
                    paper.text((place.left, y), &letter(index), Lettering::new(size + 1.0).bold());
                }
                paper.text((place.left + self.multiples.indent(index, size), y), words, Lettering::new(size).bold());
            }
            ends(&paper, panel, &cell.ends, size);
        }
        paper
    }
}

fn ends(paper: &Paper, panel: &Panel, ends: &[(f64, String)], size: f64) {
    let place = panel.place;
    let known: Vec<&(f64, String)> = ends.iter().filter(|(value, _)| value.is_finite()).collect();
    let wanted: Vec<f64> = known.iter().map(|(value, _)| panel.at(0.0, *value).1).collect();
    let placed = spread(&wanted, LEADING * size, (place.top, place.bottom - DESCENT * size));
    for (((_, words), &from), &to) in known.iter().zip(&wanted).zip(&placed) {
        if (from - to).abs() > 1.0 {
            let points = vec![(place.right + 0.5, from), (place.right + 2.5, to)];
            let stroke = Some(Stroke::solid(0.35, GREY));
            paper.add(Mark::Path { points, closed: false, stroke, fill: None, clip: None });
        }
        paper.text_centred((place.right + 3.0, to), words, Lettering::new(size));
    }
}

/// The words of a panel without data.
pub(super) fn empty(paper: &Paper, panel: &Panel, context: &Context) {
    // Off the middle, where a line at zero may run.
    let at = (panel.place.centre().0, panel.place.top + panel.place.height() * 0.25);
    paper.text_centred(at, &context.say("no data"), Lettering::new(context.style.text).anchor(Anchor::Middle));
}
