//! A row of samples and words above a chart, broken into lines where the page is narrow.

use super::font::{self, CAP_HEIGHT, Face, LEADING};
use super::marks::{Look, marker};
use super::palette::Colour;
use super::paper::Paper;
use super::sheet::{Lettering, Mark, Rect, Stroke};

/// What a sample shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    Line(Stroke),
    Area(Colour),
    Marker(Look),
    Dot(Colour),
}

/// Samples laid over each other, and the words for them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) samples: Vec<Sample>,
    pub(super) words: String,
}

impl Entry {
    pub(super) fn new(samples: &[Sample], words: &str) -> Self {
        Self { samples: samples.to_vec(), words: words.to_owned() }
    }

    fn sample_width(&self, size: f64) -> f64 {
        let small = |sample: &Sample| matches!(sample, Sample::Marker(_) | Sample::Dot(_));
        if self.samples.iter().all(small) { size * 0.8 } else { size * 2.2 }
    }

    fn width(&self, size: f64) -> f64 {
        self.sample_width(size) + size * 0.5 + font::width(&self.words, Face::Regular, size)
    }
}

/// Height of the legend within that width, with the air below it; nothing without entries.
pub(super) fn height(entries: &[Entry], width: f64, size: f64) -> f64 {
    match lines(entries, width, size).len() {
        0 => 0.0,
        lines => (lines as f64 - 1.0) * LEADING * size * 1.1 + size * 1.9,
    }
}

fn lines(entries: &[Entry], width: f64, size: f64) -> Vec<Vec<&Entry>> {
    let mut lines: Vec<Vec<&Entry>> = Vec::new();
    let mut taken = f64::INFINITY;
    for entry in entries {
        let own = entry.width(size);
        if taken + own > width {
            lines.push(Vec::new());
            taken = 0.0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(entry);
        }
        taken += own + size * 1.6;
    }
    lines
}

/// Draws the entries from the corner given, within the width.
pub(super) fn draw(paper: &Paper, entries: &[Entry], corner: (f64, f64), width: f64, size: f64) {
    for (index, line) in lines(entries, width, size).iter().enumerate() {
        let y = corner.1 + CAP_HEIGHT * size / 2.0 + 0.8 + index as f64 * LEADING * size * 1.1;
        let mut x = corner.0;
        for entry in line {
            let long = entry.sample_width(size);
            for sample in &entry.samples {
                match *sample {
                    Sample::Line(stroke) => paper.line((x, y), (x + long, y), stroke),
                    Sample::Area(colour) => {
                        paper.rect(Rect::new(x, y - size * 0.42, x + long, y + size * 0.42), colour);
                    }
                    Sample::Dot(colour) => {
                        let centre = (x + long / 2.0, y);
                        paper.add(Mark::Circle { centre, radius: 1.1, stroke: None, fill: Some(colour), clip: None });
                    }
                    Sample::Marker(look) => marker(paper, (x + long / 2.0, y), 2.2, look),
                }
            }
            let words = font::shorten(&entry.words, Face::Regular, size, width - long - size * 0.5);
            paper.text_centred((x + long + size * 0.5, y), &words, Lettering::new(size));
            x += entry.width(size) + size * 1.6;
        }
    }
}
