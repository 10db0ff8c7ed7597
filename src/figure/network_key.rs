//! The key of a network: what widths and areas stand for, in round numbers, beside words that are broken where the page is narrow.

use super::Context;
use super::font::{self, CAP_HEIGHT, Face, LEADING};
use super::network::{NODE, TIE};
use super::palette::BLACK;
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Mark, Stroke};
use super::ticks::{self, number};

/// One line of the key: samples with their numbers, and the words after them.
struct Row {
    samples: Vec<(Sample, String)>,
    words: Vec<String>,
    /// Height of its tallest sample.
    tall: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sample {
    /// A wedge of those widths at its ends.
    Wedge(f64, f64),
    /// A disc of that radius.
    Disc(f64),
}

impl Sample {
    fn width(self, size: f64) -> f64 {
        match self {
            Self::Wedge(..) => size * 2.6,
            Self::Disc(radius) => 2.0 * radius,
        }
    }
}

/// The whole key.
pub(super) struct Key {
    rows: Vec<Row>,
    size: f64,
}

impl Key {
    /// For the strongest end of a tie and its width, and the most cases and the radius of their disc.
    pub(super) fn new(
        context: &Context,
        (strongest, widest): (f64, f64),
        (most, largest): (f64, f64),
        width: f64,
    ) -> Self {
        let size = context.style.text;
        let wedges = round_numbers(strongest).map(|(value, words)| {
            let wide = widest * value / strongest;
            (Sample::Wedge(wide, wide), words)
        });
        let mut rows =
            vec![row(wedges, &context.say("communications asked per run by the state at that end"), width, size)];
        let taper = [(Sample::Wedge(widest * 0.7, 0.8), String::new())].into_iter();
        rows.push(row(taper, &context.say("the state at the wide end asks more"), width, size));
        if most > 0.0 {
            let discs = round_numbers(most)
                .map(|(value, words)| (Sample::Disc((largest * libm::sqrt(value / most)).max(1.0)), words));
            rows.push(row(discs, &context.say("cases found per run"), width, size));
        }
        Self { rows, size }
    }

    pub(super) fn height(&self) -> f64 {
        self.rows.iter().map(|row| row.height(self.size)).sum()
    }
}

impl Row {
    fn height(&self, size: f64) -> f64 {
        self.tall.max(self.words.len() as f64 * LEADING * size) + size * 0.6
    }

    /// Where the words begin.
    fn indent(&self, size: f64) -> f64 {
        let each = |(sample, words): &(Sample, String)| sample.width(size) + after(words, size);
        self.samples.iter().map(each).sum::<f64>()
    }
}

/// Room for the number after a sample.
fn after(words: &str, size: f64) -> f64 {
    let gap = if words.is_empty() { 0.0 } else { size * 0.4 };
    gap + font::width(words, Face::Regular, size) + size * 0.9
}

fn row(samples: impl Iterator<Item = (Sample, String)>, words: &str, width: f64, size: f64) -> Row {
    let samples: Vec<(Sample, String)> = samples.collect();
    let tall = samples.iter().map(|(sample, _)| match *sample {
        Sample::Wedge(a, b) => a.max(b),
        Sample::Disc(radius) => 2.0 * radius,
    });
    let mut row = Row { tall: tall.fold(CAP_HEIGHT * size, f64::max), samples, words: Vec::new() };
    row.words = font::wrap(words, Face::Regular, size, (width - row.indent(size)).max(size * 6.0), usize::MAX);
    row
}

/// Up to three round numbers no larger than the largest, the smallest first, and how they are written.
fn round_numbers(most: f64) -> impl Iterator<Item = (f64, String)> {
    let round = |value: f64| {
        let power = libm::pow(10.0, libm::floor(libm::log10(value)));
        let lead = value / power;
        power
            * if lead >= 5.0 {
                5.0
            } else if lead >= 2.0 {
                2.0
            } else {
                1.0
            }
    };
    let large = round(most);
    let mut values = vec![round(large / 9.0), round(large / 3.0), large];
    values.dedup();
    let decimals = ticks::decimals_for(values[0], 1);
    let words = move |value: f64| {
        let plain = (1e-3..1e6).contains(&value);
        (value, if plain { number(value, decimals) } else { ticks::compact(value, 0) })
    };
    values.into_iter().map(words)
}

/// Draws the key from a corner.
pub(super) fn draw(paper: &Paper, key: &Key, (left, top): (f64, f64)) {
    let size = key.size;
    let mut y = top;
    for row in &key.rows {
        let high = row.height(size);
        let middle = y + high / 2.0;
        let mut x = left;
        for (sample, words) in &row.samples {
            let wide = sample.width(size);
            match *sample {
                Sample::Wedge(a, b) => {
                    let points = vec![
                        (x, middle - a / 2.0),
                        (x + wide, middle - b / 2.0),
                        (x + wide, middle + b / 2.0),
                        (x, middle + a / 2.0),
                    ];
                    paper.area(points, TIE.tint(0.6));
                }
                Sample::Disc(radius) => {
                    let (stroke, fill) = (Some(Stroke::solid(0.7, BLACK)), Some(NODE));
                    paper.add(Mark::Circle { centre: (x + radius, middle), radius, stroke, fill, clip: None });
                }
            }
            paper.text_centred((x + wide + size * 0.4, middle), words, Lettering::new(size));
            x += wide + after(words, size);
        }
        for (index, line) in row.words.iter().enumerate() {
            let off = (index as f64 - (row.words.len() as f64 - 1.0) / 2.0) * LEADING * size;
            paper.text_centred((x, middle + off), line, Lettering::new(size).anchor(Anchor::Start));
        }
        y += high;
    }
}
