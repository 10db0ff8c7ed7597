//! Panels over calendar time, each with its own scale, and names beside the ends of what is drawn in them.
//!
//! [`Frame::draw`] measures all words, lays the panels out side by side where the page is wide enough, and hands every
//! panel over to be drawn in. What interventions are in force lies behind the marks and is named above the panels.

use super::axis::{self, spread};
use super::calendar;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::force::Force;
use super::palette::GREY;
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Mark, Rect, Stroke};
use super::ticks::Scale;
use super::{Context, FigureError};

/// The least height of a panel.
const LEAST: f64 = 100.0;
/// The least width of a panel that has another beside it.
const LEAST_WIDE: f64 = 60.0;
const LETTERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const EDGE: f64 = 2.0;

/// A name at the right edge: the height it means, where the line to it starts, and the words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) value: f64,
    pub(super) start: f64,
    pub(super) words: String,
}

/// One panel; all words as they are to be printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pane {
    pub(super) name: String,
    /// Title of the vertical axis.
    pub(super) axis: String,
    pub(super) scale: Scale,
    /// Names beside the end, the highest first; without any the panel says that there are no cases.
    pub(super) labels: Vec<Label>,
}

/// One to six panels over the same time.
pub(super) struct Frame<'a> {
    pub(super) panes: &'a [Pane],
    /// First day, and the day after the last.
    pub(super) days: (i32, i32),
    pub(super) force: &'a Force,
}

impl Frame<'_> {
    /// Lays the page out; `marks` draws what is in the panel of that number.
    pub(super) fn draw(
        &self,
        width: f64,
        context: &Context,
        marks: impl Fn(&Paper, usize, &Panel),
    ) -> Result<Paper, FigureError> {
        let Self { panes, days, force } = self;
        let (size, stretch) = (context.style.text, context.style.stretch);
        let least = LEAST * stretch;
        let titles: Vec<Vec<String>> =
            panes.iter().map(|pane| font::wrap(&pane.axis, Face::Regular, size, least + 8.0, 3)).collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let title_width = lines * LEADING * size + size * 0.4;
        let names = panes.iter().map(|pane| axis::left_width(&pane.scale, size)).fold(0.0, f64::max);
        let left = EDGE + title_width + names;
        // A date under the very end of the axis reaches half its width beyond.
        let date = font::width("30 May", Face::Regular, size) / 2.0;
        let ends = panes.iter().flat_map(|pane| &pane.labels).map(|label| label.words.as_str());
        let right = (font::widest(ends, Face::Regular, size) + 6.5).max(date) + EDGE;
        let head = EDGE + (size + 1.0) * CAP_HEIGHT + size * 1.1 + force.height(size);
        let between = size * 2.0;
        let half = (width - between) / 2.0;
        let across = if width >= 300.0 && panes.len() > 1 && half - left - right >= LEAST_WIDE { 2 } else { 1 };
        let between = if across == 2 { between } else { 0.0 };
        let block_width = if across == 2 { half } else { width };
        let panel_width = block_width - left - right;
        if panel_width < 40.0 {
            return Err(FigureError::Unfit {
                reason: format!("{:.0} mm is too narrow for time series", width / super::svg::POINTS_PER_MILLIMETRE),
            });
        }
        let most = panes.iter().map(|pane| pane.labels.len()).max().unwrap_or(0) as f64;
        let names_high = (most + 0.5) * LEADING * size;
        let panel_height = ((panel_width * 0.68).clamp(LEAST, 150.0) * stretch).max(names_high);
        let calendar = calendar::axis(days.0, days.1, (panel_width / (size * 4.2)) as usize).said(context);
        let under = if calendar.under.is_empty() { 0.0 } else { LEADING * size };
        let block = head + panel_height + axis::bottom_height(size) + under + EDGE + size * 0.5;
        let paper = Paper::new(width, block * panes.len().div_ceil(across) as f64);
        for (index, pane) in panes.iter().enumerate() {
            let dx = (index % across) as f64 * (block_width + between);
            let dy = (index / across) as f64 * block;
            let place = Rect::new(dx + left, dy + head, dx + left + panel_width, dy + head + panel_height);
            let scale = &pane.scale;
            let panel = paper.panel(place, (f64::from(days.0), f64::from(days.1)), (scale.low, scale.high));
            force.ground(&panel, (scale.low, scale.high));
            marks(&paper, index, &panel);
            axis::left(&paper, &panel, scale, size);
            axis::calendar(&paper, &panel, &calendar, size);
            axis::left_title(&paper, &titles[index], place, dx + EDGE + title_width - size * 0.2, size);
            let base = dy + EDGE + (size + 1.0) * CAP_HEIGHT;
            if panes.len() > 1 {
                paper.text((dx + EDGE, base), LETTERS[index], Lettering::new(size + 1.0).bold());
            }
            let name = font::shorten(&pane.name, Face::Bold, size, block_width - left - EDGE);
            paper.text((place.left, base), &name, Lettering::new(size).bold());
            force.lanes(&paper, &panel, size);
            end_labels(&paper, &panel, &pane.labels, context);
        }
        Ok(paper)
    }
}

/// Names what ends at the right edge, with hair lines where a name had to move.
fn end_labels(paper: &Paper, panel: &Panel, labels: &[Label], context: &Context) {
    let (place, size) = (panel.place, context.style.text);
    if labels.is_empty() {
        paper.text(place.centre(), &context.say("no cases"), Lettering::new(size).anchor(Anchor::Middle));
        return;
    }
    let wanted: Vec<f64> = labels.iter().map(|label| panel.at(label.start, label.value).1).collect();
    let mut ordered = wanted.clone();
    // The names keep their order, the first on top, even where what they name collapses to one height.
    for index in 1..ordered.len() {
        ordered[index] = ordered[index].max(ordered[index - 1] + 1e-6);
    }
    let placed = spread(&ordered, LEADING * size, (place.top + size * 0.4, place.bottom - DESCENT * size));
    for ((label, &from), &to) in labels.iter().zip(&wanted).zip(&placed) {
        let start = panel.at(label.start, label.value).0 + 2.5;
        let points = vec![(start, from), (place.right + 1.5, from), (place.right + 5.5, to)];
        let stroke = Some(Stroke::solid(0.35, GREY));
        paper.add(Mark::Path { points, closed: false, stroke, fill: None, clip: None });
        paper.text_centred((place.right + 6.5, to), &label.words, Lettering::new(size));
    }
}
