//! The limits of a box, each within the whole range of its factor.

use super::font::{self, CAP_HEIGHT, Face, LEADING};
use super::levels::rounded;
use super::palette::{BLACK, BLUE, GREY};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::{Context, FigureError, columns, ticks};
use crate::table::Table;

/// The limits of a box, a row for each factor that it limits.
#[derive(Default)]
pub(super) struct Limits {
    pub(super) rows: Vec<Limited>,
    number: i64,
}

/// A factor that a box limits.
pub(super) struct Limited {
    key: String,
    label: String,
    /// Lowest and highest value of all points.
    range: (f64, f64),
    /// The limits, `NaN` where there is none, and how they are written.
    ends: [(f64, String); 2],
    kept: f64,
}

impl Limited {
    fn limits(&self, context: &Context) -> String {
        match [&self.ends[0], &self.ends[1]] {
            [(low, from), (high, to)] if low.is_finite() && high.is_finite() => {
                format!("{from} {} {to}", context.say("to"))
            }
            [(low, from), _] if low.is_finite() => format!("≥ {from}"),
            [_, (_, to)] => format!("≤ {to}"),
        }
    }
}

/// Reads the limits of the box of that number.
///
/// # Errors
/// When a column is missing.
pub(super) fn read(table: &Table, interest: &str, number: i64, context: &Context) -> Result<Limits, FigureError> {
    let boxes = columns::integers(table, "box")?;
    let interests = columns::texts(table, "interest")?;
    let (keys, labels) = (columns::texts(table, "factor")?, columns::texts(table, "factor_label")?);
    let (ends, written) = (columns::texts(table, "end")?, columns::texts(table, "written")?);
    let (values, kept) = (columns::numbers(table, "value")?, columns::numbers(table, "kept")?);
    let (lowest, highest) = (columns::numbers(table, "lowest")?, columns::numbers(table, "highest")?);
    let mut rows: Vec<Limited> = Vec::new();
    for row in (0..table.rows()).filter(|&row| boxes[row] == number && *interests[row] == *interest) {
        let place = rows.iter().position(|own| own.key == *keys[row]).unwrap_or_else(|| {
            rows.push(Limited {
                key: keys[row].to_string(),
                label: context.label(&keys[row], &labels[row]),
                range: (lowest[row], highest[row]),
                ends: [(f64::NAN, String::new()), (f64::NAN, String::new())],
                kept: kept[row],
            });
            rows.len() - 1
        });
        let words = match written[row].parse::<f64>() {
            Ok(_) => rounded(values[row]),
            Err(_) => context.label(&written[row], &written[row]),
        };
        rows[place].ends[usize::from(&*ends[row] == "to")] = (values[row], words);
    }
    context.arrange(&mut rows, |own| &own.key);
    Ok(Limits { rows, number })
}

impl Limits {
    /// The height they take.
    pub(super) fn height(&self, size: f64) -> f64 {
        if self.rows.is_empty() { 0.0 } else { size * 2.6 + self.rows.len() as f64 * row_height(size) }
    }

    /// Draws them below that height, between two edges; returns labels that had to be cut.
    pub(super) fn draw(&self, paper: &Paper, top: f64, (left, right): (f64, f64), context: &Context) -> Vec<String> {
        let size = context.style.text;
        if self.rows.is_empty() {
            return Vec::new();
        }
        let head = top + size * 1.2 + CAP_HEIGHT * size;
        let words = format!("{} {}", context.say("Limits of box"), self.number);
        let halves = context.say("In halves");
        let column = font::width(&halves, Face::Bold, size).max(font::width("100%", Face::Regular, size));
        paper.text((right, head), &halves, Lettering::new(size).bold().anchor(Anchor::End));
        let fits = font::shorten(&words, Face::Bold, size, right - left - column - size);
        paper.text((left, head), &fits, Lettering::new(size).bold());
        let ends = self.rows.iter().map(|own| [rounded(own.range.0), rounded(own.range.1)]);
        let ends: Vec<[String; 2]> = ends.collect();
        let widest = |place: usize| font::widest(ends.iter().map(|own| own[place].as_str()), Face::Regular, size);
        let edge = right - column - size * 1.2;
        let bar = (left + widest(0) + size * 0.5, edge - widest(1) - size * 0.5);
        let mut cut = Vec::new();
        for (place, own) in self.rows.iter().enumerate() {
            let y = top + size * 2.6 + place as f64 * row_height(size);
            let limits = own.limits(context);
            let room = edge - left - font::width(&limits, Face::Regular, size) - size;
            let label = font::shorten(&own.label, Face::Regular, size, room);
            if label != own.label {
                cut.push(own.label.clone());
            }
            let line = y + CAP_HEIGHT * size;
            paper.text((left, line), &label, Lettering::new(size));
            paper.text((edge, line), &limits, Lettering::new(size).anchor(Anchor::End));
            let middle = y + LEADING * size + CAP_HEIGHT * size / 2.0 + size * 0.1;
            paper.text_centred((right, middle), &ticks::percent(own.kept), Lettering::new(size).anchor(Anchor::End));
            paper.text_centred((bar.0 - size * 0.5, middle), &ends[place][0], Lettering::new(size).anchor(Anchor::End));
            paper.text_centred((bar.1 + size * 0.5, middle), &ends[place][1], Lettering::new(size));
            paper.line((bar.0, middle), (bar.1, middle), Stroke::solid(0.6, GREY));
            for end in [bar.0, bar.1] {
                paper.line((end, middle - 2.0), (end, middle + 2.0), Stroke::solid(0.6, GREY));
            }
            let (low, high) = own.range;
            let share = |value: f64| ((value - low) / (high - low)).clamp(0.0, 1.0);
            let at = |value: f64| bar.0 + (bar.1 - bar.0) * share(value);
            let from = if own.ends[0].0.is_finite() { at(own.ends[0].0) } else { bar.0 };
            let to = if own.ends[1].0.is_finite() { at(own.ends[1].0) } else { bar.1 };
            paper.rect(Rect::new(from, middle - 1.7, to.max(from + 0.5), middle + 1.7), BLUE);
            for (end, x) in [(own.ends[0].0, from), (own.ends[1].0, to)] {
                if end.is_finite() {
                    paper.line((x, middle - 2.6), (x, middle + 2.6), Stroke::solid(0.9, BLACK));
                }
            }
        }
        cut
    }
}

fn row_height(size: f64) -> f64 {
    size * (2.0 * LEADING + 0.55)
}
