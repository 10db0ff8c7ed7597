//! A key below a plot: numbers that stand beside its points, and the names of what they mark.

use super::font::{self, CAP_HEIGHT, Face, LEADING};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering};

const EDGE: f64 = 2.0;

/// Numbers and names in columns below the plot.
pub(super) struct Key {
    pub(super) lines: Vec<(String, Vec<String>)>,
    across: usize,
    column: f64,
    size: f64,
}

impl Key {
    pub(super) fn new(labels: &[&str], width: f64, size: f64) -> Self {
        let number = font::width("00", Face::Bold, size) + size * 0.6;
        let inner = width - 2.0 * EDGE;
        let widest = font::widest(labels.iter().copied(), Face::Regular, size);
        let fit = libm::floor(inner / (number + widest.min(inner / 2.2) + size * 1.2)).max(1.0);
        let across = (fit as usize).min(labels.len().max(1));
        let column = inner / across as f64;
        let lines = labels.iter().enumerate().map(|(index, label)| {
            let words = font::wrap(label, Face::Regular, size, column - number - size * 0.8, 3);
            ((index + 1).to_string(), words)
        });
        Self { lines: lines.collect(), across, column, size }
    }

    /// Entries per column.
    fn down(&self) -> usize {
        self.lines.len().div_ceil(self.across)
    }

    /// Height of each column's entries.
    fn columns(&self) -> impl Iterator<Item = f64> + '_ {
        let tall = |(_, words): &(String, Vec<String>)| words.len() as f64 * LEADING * self.size + self.size * 0.15;
        self.lines.chunks(self.down().max(1)).map(move |column| column.iter().map(tall).sum())
    }

    pub(super) fn height(&self) -> f64 {
        let tallest: f64 = self.columns().fold(0.0, f64::max);
        if tallest > 0.0 { tallest + self.size } else { 0.0 }
    }

    pub(super) fn draw(&self, paper: &Paper, top: f64) {
        let size = self.size;
        let number = font::width("00", Face::Bold, size);
        for (index, column) in self.lines.chunks(self.down().max(1)).enumerate() {
            let left = EDGE + index as f64 * self.column;
            let mut y = top + CAP_HEIGHT * size;
            for (own, words) in column {
                paper.text((left + number, y), own, Lettering::new(size).bold().anchor(Anchor::End));
                for line in words {
                    paper.text((left + number + size * 0.6, y), line, Lettering::new(size));
                    y += LEADING * size;
                }
                y += size * 0.15;
            }
        }
    }

    /// The labels that had to be cut.
    pub(super) fn cut(&self, labels: &[&str]) -> Vec<String> {
        let cut = labels.iter().zip(&self.lines).filter(|(label, (_, words))| {
            words.last().is_some_and(|line| line.ends_with('…')) && !label.ends_with('…')
        });
        cut.map(|(label, _)| (*label).to_owned()).collect()
    }
}
