//! Names beside points of a scatter: the nearest free place, with a hair line where that is far.

use super::font::{self, CAP_HEIGHT, DESCENT, Face};
use super::palette::GREY;
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke, cut, text_box};

/// What is to be named: where, and how far its marker reaches.
pub(super) struct Wish {
    pub(super) at: (f64, f64),
    pub(super) words: String,
}

/// What must not be covered, growing as names are placed.
pub(super) struct Room {
    pub(super) bounds: Rect,
    pub(super) taken: Vec<Rect>,
    leaders: Vec<((f64, f64), (f64, f64))>,
}

/// Reach of a marker.
const MARKER: f64 = 3.0;

impl Room {
    pub(super) fn new(bounds: Rect) -> Self {
        Self { bounds, taken: Vec::new(), leaders: Vec::new() }
    }

    /// Keeps the box around a marker free.
    pub(super) fn marker(&mut self, (x, y): (f64, f64)) {
        self.taken.push(Rect::new(x - MARKER, y - MARKER, x + MARKER, y + MARKER));
    }

    /// Keeps an upright or level line free.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let half = 0.6;
        self.taken.push(Rect::new(
            from.0.min(to.0) - half,
            from.1.min(to.1) - half,
            from.0.max(to.0) + half,
            from.1.max(to.1) + half,
        ));
    }

    fn free(&self, place: &Rect) -> bool {
        let inside = self.bounds.left <= place.left
            && place.right <= self.bounds.right
            && self.bounds.top <= place.top
            && place.bottom <= self.bounds.bottom;
        let air = Rect::new(place.left - 0.5, place.top - 0.5, place.right + 0.5, place.bottom + 0.5);
        inside
            && !self.taken.iter().any(|other| other.overlaps(&air, 0.0))
            && !self.leaders.iter().any(|&(from, to)| cut(&air, from, to).is_some())
    }

    /// Writes the name at the nearest free place; says whether there was one.
    pub(super) fn name(&mut self, paper: &Paper, wish: &Wish, size: f64) -> bool {
        let (x, y) = wish.at;
        for ring in 0..18 {
            for (at, anchor) in spots((x, y), size, ring) {
                let lettering = Lettering::new(size).anchor(anchor);
                let place = text_box(at, &wish.words, &lettering);
                if !self.free(&place) {
                    continue;
                }
                if ring > 0 {
                    let end = (x.clamp(place.left, place.right), y.clamp(place.top, place.bottom));
                    let start = towards(wish.at, end, MARKER);
                    let blocked = self.taken.iter().filter(|box_| !contains(box_, wish.at));
                    if blocked
                        .into_iter()
                        .any(|other| other.width() > 4.0 && other.height() > 4.0 && cut(other, start, end).is_some())
                    {
                        continue;
                    }
                    let short = towards(end, start, 1.0);
                    paper.line(start, short, Stroke::solid(0.35, GREY));
                    self.leaders.push((start, short));
                }
                paper.text(at, &wish.words, lettering);
                self.taken.push(place);
                return true;
            }
        }
        false
    }
}

/// Where a name may stand, the best first: beside, above and below, then aslant, ring by ring.
fn spots((x, y): (f64, f64), size: f64, ring: i32) -> Vec<((f64, f64), Anchor)> {
    let far = f64::from(ring) * size * 0.6;
    let middle = y + CAP_HEIGHT * size / 2.0;
    let side = MARKER + 1.5 + far;
    let (above, below) = (y - MARKER - DESCENT * size - far, y + MARKER + 1.0 + CAP_HEIGHT * size + far);
    let mut spots = Vec::new();
    // Further out, a level hair line would pass for an interval.
    if ring == 0 {
        spots.push(((x + side, middle), Anchor::Start));
        spots.push(((x - side, middle), Anchor::End));
    }
    spots.push(((x, above), Anchor::Middle));
    spots.push(((x, below), Anchor::Middle));
    for slant in [0.5, 1.0, 2.0, 3.5] {
        for (sign, anchor) in [(1.0, Anchor::Start), (-1.0, Anchor::End)] {
            let x = x + sign * slant * (side - 1.5);
            spots.push(((x, above), anchor));
            spots.push(((x, below), anchor));
        }
    }
    spots
}

fn contains(place: &Rect, (x, y): (f64, f64)) -> bool {
    place.left <= x && x <= place.right && place.top <= y && y <= place.bottom
}

/// The point so far from `from` on the way to `to`, never beyond it.
fn towards(from: (f64, f64), to: (f64, f64), far: f64) -> (f64, f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let long = libm::hypot(dx, dy).max(1e-9);
    let share = (far / long).min(1.0);
    (from.0 + dx * share, from.1 + dy * share)
}

/// A name on no more than so much room, for a scatter.
pub(super) fn short(words: &str, size: f64, limit: f64) -> String {
    font::shorten(words, Face::Regular, size, limit)
}
