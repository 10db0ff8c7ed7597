//! Names of categories beneath a panel: level in one or two lines where each fits its place, or else upright.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::BLACK;
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Stroke};

/// Names as they will stand, and the height they take below the axis line.
pub(super) struct CategoryNames {
    lines: Vec<Vec<String>>,
    turned: bool,
    stride: usize,
    /// Ticks, gap and names.
    pub(super) height: f64,
    /// Which of them had to be cut or left out.
    pub(super) cut: Vec<usize>,
}

impl CategoryNames {
    /// The names in places of that width; upright ones are no longer than `longest`.
    pub(super) fn new(names: &[String], place: f64, longest: f64, size: f64) -> Self {
        let limit = place - 2.0;
        let level: Vec<Vec<String>> =
            names.iter().map(|name| font::wrap(name, Face::Regular, size, limit, usize::MAX)).collect();
        let whole = |name: &String| name.split_whitespace().all(|word| font::width(word, Face::Regular, size) <= limit);
        let above = axis::TICK + axis::GAP;
        if names.iter().all(whole) && level.iter().all(|lines| lines.len() <= 2) {
            let most = level.iter().map(Vec::len).max().unwrap_or(1).max(1) as f64;
            let height = above + (CAP_HEIGHT + DESCENT + (most - 1.0) * LEADING) * size;
            return Self { lines: level, turned: false, stride: 1, height, cut: Vec::new() };
        }
        let lines: Vec<Vec<String>> =
            names.iter().map(|name| vec![font::shorten(name, Face::Regular, size, longest)]).collect();
        let stride = (libm::ceil(size * (CAP_HEIGHT + DESCENT + 0.1) / place) as usize).max(1);
        let shown = || lines.iter().step_by(stride).flatten().map(String::as_str);
        let height = above + font::widest(shown(), Face::Regular, size);
        let whole = |place: usize| place.is_multiple_of(stride) && lines[place][0] == names[place];
        let cut = (0..names.len()).filter(|place| !whole(*place)).collect();
        Self { lines, turned: true, stride, height, cut }
    }

    /// Ticks and names below an axis line at that height, at those places across.
    pub(super) fn draw(&self, paper: &Paper, across: impl Iterator<Item = f64>, line: f64, size: f64) {
        for (index, (x, lines)) in across.zip(&self.lines).enumerate() {
            paper.line((x, line), (x, line + axis::TICK), Stroke::solid(axis::LINE, BLACK));
            let top = line + axis::TICK + axis::GAP;
            if self.turned && index % self.stride == 0 {
                let lettering = Lettering::new(size).anchor(Anchor::End).turned(-90.0);
                paper.text((x + (CAP_HEIGHT - DESCENT) * size / 2.0, top), &lines[0], lettering);
            }
            for (number, words) in lines.iter().enumerate().filter(|_| !self.turned) {
                let y = top + CAP_HEIGHT * size + number as f64 * LEADING * size;
                paper.text((x, y), words, Lettering::new(size).anchor(Anchor::Middle));
            }
        }
    }
}
