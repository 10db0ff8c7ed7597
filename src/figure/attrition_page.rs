//! The page of attrition compared: blocks of rows with a label, two panels side by side and two columns of numbers.
//!
//! Where the page is too narrow for a column of labels, each label has a line of its own above its marks.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::legend::{self, Entry};
use super::palette::BLACK;
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{Scale, Tick};
use super::{FigureError, Style, svg};

const EDGE: f64 = 2.0;
/// The least width of a panel.
const LEAST: f64 = 34.0;

/// One row, in words.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) numbers: [String; 2],
}

/// Rows under a heading.
pub(super) struct Block {
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
}

/// What the page holds; all words as they are to be printed.
pub(super) struct Page<'a> {
    pub(super) legend: &'a [Entry],
    pub(super) stub: String,
    /// Heads of the columns of numbers, in lines.
    pub(super) heads: [String; 2],
    pub(super) blocks: &'a [Block],
    /// The axes of the panels: levels, and differences around zero.
    pub(super) scales: [Scale; 2],
    pub(super) axes: [String; 2],
}

/// The page with empty panels.
pub(super) struct Laid {
    pub(super) paper: Paper,
    pub(super) panels: [Panel; 2],
    /// The height of every row, block after block.
    pub(super) middles: Vec<f64>,
    /// Whether there was room for the column of cases.
    pub(super) cases: bool,
    /// Labels that had to be cut, in full.
    pub(super) cut: Vec<String>,
}

/// Widths and heights, before anything is drawn.
struct Plan {
    above: bool,
    stub: f64,
    /// Whether there is room for the column of cases.
    cases: bool,
    columns: [f64; 2],
    gap: f64,
    /// Between the panels, so that the names of their ticks do not touch.
    between: f64,
    panel: f64,
}

impl Page<'_> {
    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|block| &block.rows)
    }

    fn plan(&self, width: f64, size: f64) -> Result<Plan, FigureError> {
        let column = |index: usize| {
            let head = font::widest(self.heads[index].lines(), Face::Bold, size);
            head.max(font::widest(self.rows().map(|row| row.numbers[index].as_str()), Face::Regular, size))
        };
        let columns = [column(0), column(1)];
        self.plan_with(width, size, (true, columns)).or_else(|_| self.plan_with(width, size, (false, columns)))
    }

    /// The plan with or without the column of cases.
    fn plan_with(&self, width: f64, size: f64, (cases, columns): (bool, [f64; 2])) -> Result<Plan, FigureError> {
        let gap = size * 1.3;
        let labels = font::widest(self.rows().map(|row| row.label.as_str()), Face::Regular, size);
        let labels = labels.max(font::width(&self.stub, Face::Bold, size)) + size * 0.9;
        let half = |tick: Option<&Tick>| tick.map_or(0.0, |tick| font::width(&tick.label, Face::Regular, size) / 2.0);
        let between = gap.max(half(self.scales[0].ticks.last()) + half(self.scales[1].ticks.first()) + size * 0.7);
        let numbers = columns[1] + gap + if cases { columns[0] + gap } else { 0.0 };
        let inner = width - 2.0 * EDGE - numbers - between;
        // Two panels twice as wide as the least, or labels above.
        let room = inner - gap - 3.6 * LEAST;
        let above = room < labels.min(size * 9.0);
        let stub = if above { half(self.scales[0].ticks.first()) } else { labels.min(room) + gap };
        let panel = ((inner - stub) / 2.0).min(150.0);
        if panel < LEAST {
            return Err(FigureError::Unfit {
                reason: format!("{:.0} mm is too narrow for these numbers", width / svg::POINTS_PER_MILLIMETRE),
            });
        }
        Ok(Plan { above, stub, cases, columns, gap, between, panel })
    }

    /// Measures, then writes everything but the marks.
    pub(super) fn lay(&self, width: f64, style: Style) -> Result<Laid, FigureError> {
        let size = style.text;
        let plan = self.plan(width, size)?;
        let inner = width - 2.0 * EDGE;
        let head_lines = self.heads.iter().map(|head| head.lines().count()).max().unwrap_or(1) as f64;
        let head = EDGE + legend::height(self.legend, inner, size) + (CAP_HEIGHT + (head_lines - 1.0) * LEADING) * size;
        let top = head + size * 0.8;
        let row = size * (if plan.above { 2.7 } else { 1.65 }) * style.stretch.max(0.7);
        let mut y = top;
        let (mut names, mut middles, mut spans) = (Vec::new(), Vec::new(), Vec::new());
        for block in self.blocks {
            names.push(y + size * 0.85);
            y += size * 1.8;
            let first = y;
            for _ in &block.rows {
                middles.push(if plan.above { y + row - size * 0.6 } else { y + row / 2.0 });
                y += row;
            }
            spans.push((first, y));
            y += size * 0.4;
        }
        let left = EDGE + plan.stub;
        let titles: Vec<Vec<String>> = self
            .axes
            .iter()
            .map(|axis| font::wrap(axis, Face::Regular, size, plan.panel + plan.gap * 0.6, 5))
            .collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let title_top = y + axis::bottom_height(size) + size * 0.35;
        let height = title_top + (CAP_HEIGHT + DESCENT + (lines - 1.0) * LEADING) * size + EDGE;
        let paper = Paper::new(width, height);
        legend::draw(&paper, self.legend, (EDGE, EDGE), inner, size);
        let place = |index: f64| {
            let from = left + index * (plan.panel + plan.between);
            Rect::new(from, top, from + plan.panel, y)
        };
        let [levels, differences] = &self.scales;
        let panels = [
            paper.panel(place(0.0), (levels.low, levels.high), (0.0, 1.0)),
            paper.panel(place(1.0), (differences.low, differences.high), (0.0, 1.0)),
        ];
        for ((panel, scale), title) in panels.iter().zip(&self.scales).zip(&titles) {
            axis::bottom(&paper, panel, scale, size);
            let edges = (panel.place.left - plan.gap / 2.0, panel.place.right + plan.gap / 2.0);
            axis::bottom_title(&paper, title, panel.place.centre().0, title_top, edges, size);
        }
        let zero = panels[1].at(0.0, 0.0).0;
        let short = |middle: &f64| (middle - size * 0.6, middle + size * 0.6);
        let lines: Vec<(f64, f64)> = if plan.above { middles.iter().map(short).collect() } else { spans };
        for (from, to) in lines {
            paper.line((zero, from), (zero, to), Stroke::solid(0.6, BLACK));
        }
        let cut = self.words(&paper, &plan, (head, panels[1].place.right + plan.gap), (&names, &middles), size);
        Ok(Laid { paper, panels, middles, cases: plan.cases, cut })
    }

    /// Heads, headings, labels and numbers; returns the labels that had to be cut.
    fn words(
        &self,
        paper: &Paper,
        plan: &Plan,
        (head, numbers): (f64, f64),
        (names, middles): (&[f64], &[f64]),
        size: f64,
    ) -> Vec<String> {
        let before = if plan.cases { plan.columns[0] + plan.gap } else { 0.0 };
        let edges = [numbers + plan.columns[0], numbers + before + plan.columns[1]];
        let skipped = usize::from(!plan.cases);
        paper.text((EDGE, head), &self.stub, Lettering::new(size).bold());
        for (words, &x) in self.heads.iter().zip(&edges).skip(skipped) {
            for (up, line) in words.lines().rev().enumerate() {
                let at = (x, head - up as f64 * LEADING * size);
                paper.text(at, line, Lettering::new(size).bold().anchor(Anchor::End));
            }
        }
        let room = edges[1] - EDGE;
        for (block, &y) in self.blocks.iter().zip(names) {
            let name = font::shorten(&block.name, Face::Bold, size, room);
            paper.text_centred((EDGE, y), &name, Lettering::new(size).bold());
        }
        let mut cut = Vec::new();
        for (row, &middle) in self.rows().zip(middles) {
            let (indent, limit, y) = match plan.above {
                true => (0.0, room, middle - LEADING * size * 1.05),
                false => (size * 0.9, plan.stub - plan.gap - size * 0.9, middle),
            };
            let label = font::shorten(&row.label, Face::Regular, size, limit);
            if label != row.label && !cut.contains(&row.label) {
                cut.push(row.label.clone());
            }
            paper.text_centred((EDGE + indent, y), &label, Lettering::new(size));
            for (number, &x) in row.numbers.iter().zip(&edges).skip(skipped) {
                paper.text_centred((x, middle), number, Lettering::new(size).anchor(Anchor::End));
            }
        }
        cut
    }
}
