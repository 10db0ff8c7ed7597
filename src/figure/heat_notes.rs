//! Grounds of a heat map that need words: cells that are not clear, cells without data.

use super::Context;
use super::font::LEADING;
use super::heat_grid::{Points, Swept};
use super::levels::rounded;
use super::palette::{BLACK, Colour, GREY, LIGHT};
use super::paper::{Paper, rectangle};
use super::sheet::{Lettering, Mark, Rect, Stroke};

/// Distance between the dots of a cell that is not clear.
const DOTS: f64 = 3.4;
const EDGE: f64 = 2.0;

/// Dots over a cell, at even distances from its middle; at least one.
pub(super) fn dotted(paper: &Paper, place: Rect, ink: Colour) {
    let centre = place.centre();
    let reach = |length: f64| libm::floor((length / 2.0 - 0.9).max(0.0) / DOTS) as i32;
    let (columns, rows) = (reach(place.width()), reach(place.height()));
    for row in -rows..=rows {
        for column in -columns..=columns {
            let centre = (centre.0 + f64::from(column) * DOTS, centre.1 + f64::from(row) * DOTS);
            paper.add(Mark::Circle { centre, radius: 0.42, stroke: None, fill: Some(ink), clip: None });
        }
    }
}

/// A sample of a ground and the words for it.
pub(super) struct Note {
    dots: bool,
    words: String,
}

/// What grounds need words.
pub(super) fn notes(grid: &Points, swept: &Swept<'_>, threshold: Option<f64>, context: &Context) -> Vec<Note> {
    let mut notes = Vec::new();
    if grid.unclear.iter().flatten().any(|unclear| *unclear) {
        let mark = if swept.difference { "0".to_owned() } else { rounded(threshold.unwrap_or(0.0)) };
        notes.push(Note { dots: true, words: format!("{} {mark}", context.say("interval includes")) });
    }
    if grid.values.iter().flatten().any(|value| !value.is_finite()) {
        notes.push(Note { dots: false, words: context.say("no data") });
    }
    notes
}

/// Draws samples and words at the top of the page.
pub(super) fn draw_notes(paper: &Paper, notes: &[Note], size: f64) {
    for (index, note) in notes.iter().enumerate() {
        let y = EDGE + (index as f64 + 0.5) * LEADING * size * 1.15;
        let place = Rect::new(EDGE + 0.5, y - size * 0.45, EDGE + 0.5 + size * 2.2, y + size * 0.45);
        if note.dots {
            dotted(paper, place, BLACK);
            paper.frame(place, Stroke::solid(0.4, BLACK));
        } else {
            paper.add(rectangle(place, None, Some(LIGHT)));
            paper.add(Mark::Path {
                points: vec![(place.left, place.bottom), (place.right, place.top)],
                closed: true,
                stroke: Some(Stroke::solid(0.35, GREY)),
                fill: None,
                clip: None,
            });
        }
        paper.text_centred((place.right + size * 0.5, y), &note.words, Lettering::new(size));
    }
}
