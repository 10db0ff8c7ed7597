//! How wide the columns of a LaTeX table are, where words are broken, and in which size it is set.

use super::printed::{Align, Printed};

/// Width of the text of an `article`, in points.
pub(super) const LINE: f64 = 345.0;

/// A size of type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Size {
    /// That of a footnote: 8 pt.
    Footnote,
    /// That of an index: 7 pt.
    Script,
}

impl Size {
    /// The command that sets it, and the space between columns.
    pub(super) fn command(self) -> &'static str {
        match self {
            Self::Footnote => "\\footnotesize\\setlength{\\tabcolsep}{4pt}",
            Self::Script => "\\scriptsize\\setlength{\\tabcolsep}{3pt}",
        }
    }

    /// What an average letter takes, and what separates two columns, in points.
    fn measures(self) -> (f64, f64) {
        match self {
            Self::Footnote => (4.3, 8.0),
            Self::Script => (3.9, 6.0),
        }
    }

    /// The width of a text, in points.
    pub(super) fn of(self, text: &str) -> f64 {
        text.chars().count() as f64 * self.measures().0
    }
}

/// Where words are broken, and how wide that makes the table, in points.
#[derive(Debug)]
pub(super) struct Widths {
    /// The size of type.
    pub(super) size: Size,
    /// Width of each column whose words are broken.
    pub(super) broken: Vec<Option<f64>>,
    /// Width of the table.
    pub(super) all: f64,
    /// By how much it is wider than the text.
    pub(super) too_much: f64,
}

impl Widths {
    /// In the larger size, or in the smaller one where that makes it too wide.
    pub(super) fn of(printed: &Printed) -> Self {
        let first = Self::in_size(printed, Size::Footnote);
        if first.too_much > 0.0 { Self::in_size(printed, Size::Script) } else { first }
    }

    fn in_size(printed: &Printed, size: Size) -> Self {
        let natural = natural(printed, size);
        let gaps = size.measures().1 * natural.len().saturating_sub(1) as f64;
        let all = natural.iter().sum::<f64>() + gaps;
        if all <= LINE {
            return Self { size, broken: vec![None; natural.len()], all, too_much: 0.0 };
        }
        let widths = shared(printed, size, &natural, LINE - gaps);
        let broken = widths.iter().zip(&natural).map(|(width, natural)| (width < natural).then_some(*width)).collect();
        let all = widths.iter().sum::<f64>() + gaps;
        Self { size, broken, all, too_much: (all - LINE).max(0.0) }
    }
}

/// The texts of a column.
fn texts(printed: &Printed, place: usize) -> impl Iterator<Item = &str> {
    let cells = printed.groups.iter().flat_map(|group| &group.rows).filter_map(move |row| row.get(place));
    cells.map(|cell| cell.text.as_str()).chain(printed.columns.get(place).map(|column| column.head.as_str()))
}

/// Widths on one line; a head that columns share widens the last of them.
fn natural(printed: &Printed, size: Size) -> Vec<f64> {
    let count = printed.columns.len();
    let own = |place: usize| texts(printed, place).map(|text| size.of(text)).fold(0.0, f64::max);
    let mut widths: Vec<f64> = (0..count).map(own).collect();
    for span in &printed.spans {
        let Some(under) = widths.get_mut(span.first..span.first + span.count) else { continue };
        let room = under.iter().sum::<f64>() + size.measures().1 * span.count.saturating_sub(1) as f64;
        if let Some(last) = under.last_mut() {
            *last += (size.of(&span.head) - room).max(0.0);
        }
    }
    widths
}

/// Widths that fill that room: columns that may be broken share what the others leave by their weights, none of them
/// wider than it needs, nor narrower than its longest word.
fn shared(printed: &Printed, size: Size, natural: &[f64], room: f64) -> Vec<f64> {
    let mut widths = natural.to_vec();
    let mut open: Vec<(usize, f64, f64)> = Vec::new();
    for (place, column) in printed.columns.iter().enumerate() {
        let Align::Wrapped(weight) = column.align else { continue };
        let words = texts(printed, place).flat_map(|text| text.split([' ', '_', '/']));
        // An underscore or a stroke stays before the break.
        let least = words.map(|word| size.of(word)).fold(0.0, f64::max) + size.of("_");
        open.push((place, weight, least.min(natural[place])));
    }
    while !open.is_empty() {
        let taken: f64 = (0..widths.len()).filter(|p| open.iter().all(|(o, _, _)| o != p)).map(|p| widths[p]).sum();
        let weights: f64 = open.iter().map(|(_, weight, _)| weight).sum();
        let share = |weight: f64| (room - taken).max(0.0) * weight / weights;
        let tight = open.iter().position(|(_, weight, least)| share(*weight) < *least);
        let content = || open.iter().position(|(place, weight, _)| natural[*place] <= share(*weight));
        match tight.map(|at| (at, true)).or_else(|| content().map(|at| (at, false))) {
            Some((at, is_tight)) => {
                let (place, _, least) = open.remove(at);
                widths[place] = if is_tight { least } else { natural[place] };
            }
            None => {
                for (place, weight, _) in &open {
                    widths[*place] = share(*weight);
                }
                open.clear();
            }
        }
    }
    widths
}
