//! Names beside points of a scatter: the nearest free place, with a hair line where that is far.

use super::font::{self, CAP_HEIGHT, DESCENT, Face};
use super::palette::GREY;
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke, cut, text_box};

/// What is to be named.
pub(super) struct Wish {
    pub(super) at: (f64, f64),
    pub(super) words: String,
    /// The longest hair line.
    pub(super) furthest: f64,
}

/// What must not be covered, growing as names are placed.
pub(super) struct Room {
    pub(super) bounds: Rect,
    pub(super) taken: Vec<Rect>,
    names: Vec<Rect>,
    leaders: Vec<((f64, f64), (f64, f64))>,
    /// Lines that a name avoids where it can.
    pub(super) soft: Vec<((f64, f64), (f64, f64))>,
    /// Slanted lines that a name never stands on; hair lines may cross them.
    pub(super) hard: Vec<((f64, f64), (f64, f64))>,
}

/// Reach of a marker.
const MARKER: f64 = 3.0;

impl Room {
    pub(super) fn new(bounds: Rect) -> Self {
        Self { bounds, taken: Vec::new(), names: Vec::new(), leaders: Vec::new(), soft: Vec::new(), hard: Vec::new() }
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
            && !self.leaders.iter().chain(&self.hard).any(|&(from, to)| cut(&air, from, to).is_some())
    }

    /// Writes the name at the nearest free place; says whether there was one.
    pub(super) fn name(&mut self, paper: &Paper, wish: &Wish, size: f64) -> bool {
        self.name_around(paper, wish, MARKER, size)
    }

    /// The same beside a marker of that reach. Soft lines are crossed only where no other place is near.
    pub(super) fn name_around(&mut self, paper: &Paper, wish: &Wish, reach: f64, size: f64) -> bool {
        let spots = spots(wish, reach, size);
        // Names that need a hair line come last among those that cross nothing.
        let clear = |room: &Self, at, anchor| {
            let place = text_box(at, &wish.words, &Lettering::new(size).anchor(anchor));
            !room.soft.iter().any(|&(from, to)| cut(&place, from, to).is_some())
        };
        let firsts = spots.iter().filter(|(at, anchor, _)| clear(self, *at, *anchor)).copied();
        let mut order: Vec<_> = firsts.collect();
        order.extend(spots.iter().filter(|(at, anchor, _)| !clear(self, *at, *anchor)).copied());
        for (at, anchor, beside) in order {
            let lettering = Lettering::new(size).anchor(anchor);
            let place = text_box(at, &wish.words, &lettering);
            if !self.free(&place) {
                continue;
            }
            if !beside {
                let (start, end) = leader(wish.at, reach, &place);
                if !self.passable(wish.at, start, end) {
                    continue;
                }
                paper.line(start, end, Stroke::solid(0.35, GREY));
                self.leaders.push((start, end));
            }
            paper.text(at, &wish.words, lettering);
            self.taken.push(place);
            self.names.push(place);
            return true;
        }
        false
    }

    /// Whether a hair line may run there: over lines, but not through names, markers or other hair lines.
    fn passable(&self, own: (f64, f64), start: (f64, f64), end: (f64, f64)) -> bool {
        let solid = |place: &&Rect| place.width() > 4.0 && place.height() > 4.0 && !contains(place, own);
        !self.taken.iter().filter(solid).chain(&self.names).any(|place| cut(place, start, end).is_some())
            && !self.leaders.iter().any(|&(from, to)| meet((start, end), (from, to)))
    }

    /// The pieces of an upright line that run through no name.
    pub(super) fn pieces(&self, x: f64, (top, bottom): (f64, f64)) -> Vec<(f64, f64)> {
        let crossed = |place: &&Rect| place.left - 1.0 < x && x < place.right + 1.0;
        let mut holes: Vec<(f64, f64)> =
            self.names.iter().filter(crossed).map(|place| (place.top - 1.0, place.bottom + 1.0)).collect();
        holes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut pieces, mut from) = (Vec::new(), top);
        for (start, end) in holes {
            if start > from {
                pieces.push((from, start));
            }
            from = from.max(end);
        }
        if from < bottom {
            pieces.push((from, bottom));
        }
        pieces
    }
}

/// Where a name may stand, the nearest first, and whether it stands so close that it needs no hair line.
fn spots(wish: &Wish, reach: f64, size: f64) -> Vec<((f64, f64), Anchor, bool)> {
    let (x, y) = wish.at;
    let middle = y + CAP_HEIGHT * size / 2.0;
    let side = reach + 1.5;
    let mut spots = vec![((x + side, middle), Anchor::Start, true), ((x - side, middle), Anchor::End, true)];
    let mut far = Vec::new();
    for ring in 0..16 {
        let out = f64::from(ring) * size * 0.6;
        let rows = [y - reach - DESCENT * size - out, y + reach + 1.0 + CAP_HEIGHT * size + out];
        for base in rows {
            for shift in [0.0, 0.25, 0.5, 1.0, 1.5, 2.5, 4.0] {
                for (sign, anchor) in [(1.0, Anchor::Start), (-1.0, Anchor::End)] {
                    let shift = shift * (side + out);
                    let spot = ((x + sign * shift, base), anchor);
                    if ring == 0 && shift < side { spots.push((spot.0, spot.1, true)) } else { far.push(spot) }
                }
            }
            let spot = ((x, base), Anchor::Middle);
            if ring == 0 { spots.push((spot.0, spot.1, true)) } else { far.push(spot) }
        }
    }
    let long = |(at, anchor): &((f64, f64), Anchor)| {
        let place = text_box(*at, &wish.words, &Lettering::new(size).anchor(*anchor));
        let (start, end) = leader(wish.at, reach, &place);
        libm::hypot(end.0 - start.0, end.1 - start.1)
    };
    let mut far: Vec<(f64, _)> = far.iter().map(|spot| (long(spot), *spot)).collect();
    far.retain(|(long, _)| *long <= wish.furthest);
    far.sort_by(|a, b| a.0.total_cmp(&b.0));
    spots.extend(far.into_iter().map(|(_, (at, anchor))| (at, anchor, false)));
    spots
}

/// The hair line from a marker to the nearest point of a name, a little short of it.
fn leader(at: (f64, f64), reach: f64, place: &Rect) -> ((f64, f64), (f64, f64)) {
    let end = (at.0.clamp(place.left, place.right), at.1.clamp(place.top, place.bottom));
    let start = towards(at, end, reach);
    (start, towards(end, start, 1.0))
}

/// Whether two segments meet.
fn meet((a, b): ((f64, f64), (f64, f64)), (c, d): ((f64, f64), (f64, f64))) -> bool {
    let side = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
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
