//! Contour lines with their heights written on them, where a line runs straight and nothing else is near.

use super::font::{self, CAP_HEIGHT, DESCENT};
use super::palette::{BLACK, WHITE};
use super::paper::{Paper, path};
use super::sheet::{Anchor, Lettering, Rect, Stroke, cut, text_box};

type Spot = (f64, f64);

/// What lines stop at, growing as names are placed.
pub(super) struct Ground {
    bounds: Rect,
    taken: Vec<Rect>,
}

impl Ground {
    pub(super) fn new(bounds: Rect) -> Self {
        Self { bounds, taken: Vec::new() }
    }

    /// Keeps lines and labels out of a rectangle.
    pub(super) fn keep(&mut self, place: Rect) {
        self.taken.push(place);
    }

    /// White under a text, kept free.
    pub(super) fn halo(&mut self, paper: &Paper, place: Rect) {
        let around = Rect::new(place.left - 1.0, place.top - 1.0, place.right + 1.0, place.bottom + 1.0);
        paper.rect(around, WHITE);
        self.keep(around);
    }

    fn free(&self, place: &Rect) -> bool {
        self.bounds.left <= place.left
            && place.right <= self.bounds.right
            && self.bounds.top <= place.top
            && place.bottom <= self.bounds.bottom
            && !self.taken.iter().any(|other| other.overlaps(place, 0.0))
    }
}

/// Where a label stands on its line.
struct Label {
    at: Spot,
    angle: f64,
    place: Rect,
}

/// Draws lines (their corners on the page, their label, and whether they are bold) around what is taken.
pub(super) fn draw_lines(paper: &Paper, lines: &[(Vec<Spot>, String, bool)], ground: &mut Ground, size: f64) {
    let mut labels = Vec::new();
    for (index, (line, words, bold)) in lines.iter().enumerate() {
        let others =
            lines.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, (line, _, _))| line.as_slice());
        let others: Vec<&[Spot]> = others.collect();
        let Some(label) = place_label(line, &others, ground, &lettering(*bold, size), words) else { continue };
        ground.keep(label.place);
        labels.push((label, words, *bold));
    }
    // White under black reads on any ground; bold lines on top.
    for wanted in [false, true] {
        for (under, colour) in [(0.9, WHITE), (0.0, BLACK)] {
            for (line, _, _) in lines.iter().filter(|(_, _, bold)| *bold == wanted) {
                let width = if wanted { 1.5 } else { 0.6 } + under;
                for piece in pieces(line, &ground.taken) {
                    paper.add(path(piece, Some(Stroke::solid(width, colour)), None));
                }
            }
        }
    }
    for (label, words, bold) in labels {
        let lettering = lettering(bold, size).turned(label.angle);
        let radians = label.angle.to_radians();
        let (sine, cosine) = (libm::sin(radians), libm::cos(radians));
        let half = font::width(words, lettering.face, size) / 2.0 + 0.8;
        let up = CAP_HEIGHT * size / 2.0 + 0.8;
        let turned = |(x, y): Spot| (label.at.0 + x * cosine - y * sine, label.at.1 + x * sine + y * cosine);
        paper.area([(-half, -up), (half, -up), (half, up), (-half, up)].map(turned).to_vec(), WHITE);
        paper.text(turned((0.0, CAP_HEIGHT * size / 2.0)), words, lettering);
    }
}

fn lettering(bold: bool, size: f64) -> Lettering {
    let plain = Lettering::new(size).anchor(Anchor::Middle);
    if bold { plain.bold() } else { plain }
}

/// The straightest stretch of a line on which the label fits, nothing else near; none on short lines.
fn place_label(
    line: &[Spot],
    others: &[&[Spot]],
    ground: &Ground,
    lettering: &Lettering,
    words: &str,
) -> Option<Label> {
    let wide = font::width(words, lettering.face, lettering.size) + 5.0;
    let mut along = vec![0.0];
    for ends in line.windows(2) {
        along.push(along[along.len() - 1] + libm::hypot(ends[1].0 - ends[0].0, ends[1].1 - ends[0].1));
    }
    let whole = along[along.len() - 1];
    if whole < 2.2 * wide {
        return None;
    }
    let at = |way: f64| {
        let index = along.partition_point(|end| *end < way).clamp(1, line.len() - 1);
        let own = (along[index] - along[index - 1]).max(1e-9);
        let share = ((way - along[index - 1]) / own).clamp(0.0, 1.0);
        let (a, b) = (line[index - 1], line[index]);
        (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
    };
    let mut best: Option<(f64, Label)> = None;
    for step in 1..40 {
        let middle = whole * f64::from(step) / 40.0;
        let (start, end) = (middle - wide / 2.0, middle + wide / 2.0);
        if start < 0.0 || end > whole {
            continue;
        }
        let (from, to) = (at(start), at(end));
        let chord = libm::hypot(to.0 - from.0, to.1 - from.1);
        let mut angle = libm::atan2(to.1 - from.1, to.0 - from.0).to_degrees();
        if angle > 90.0 || angle <= -90.0 {
            angle -= libm::copysign(180.0, angle);
        }
        let angle = libm::round(angle * 10.0) / 10.0;
        let centre = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let radians = angle.to_radians();
        let off = CAP_HEIGHT * lettering.size / 2.0;
        let base = (centre.0 - off * libm::sin(radians), centre.1 + off * libm::cos(radians));
        let tight = text_box(base, words, &lettering.turned(angle));
        let air = DESCENT * lettering.size;
        let place = Rect::new(tight.left - air, tight.top - air, tight.right + air, tight.bottom + air);
        let crossed = others.iter().any(|other| other.windows(2).any(|ends| cut(&place, ends[0], ends[1]).is_some()));
        if crossed || !ground.free(&place) {
            continue;
        }
        // Straight stretches near the middle of the line.
        let score = (wide - chord) / wide + 0.15 * (middle / whole - 0.5).abs();
        if best.as_ref().is_none_or(|(least, _)| score < *least - 1e-9) {
            best = Some((score, Label { at: centre, angle, place }));
        }
    }
    best.map(|(_, label)| label)
}

/// The pieces of a line outside all those rectangles.
fn pieces(line: &[Spot], taken: &[Rect]) -> Vec<Vec<Spot>> {
    let mut pieces: Vec<Vec<Spot>> = Vec::new();
    let mut add = |from: Spot, to: Spot| match pieces.last_mut() {
        Some(piece) if piece.last() == Some(&from) => piece.push(to),
        _ => pieces.push(vec![from, to]),
    };
    for ends in line.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let long = libm::hypot(to.0 - from.0, to.1 - from.1);
        if long < 1e-9 {
            continue;
        }
        let share = |spot: Spot| libm::hypot(spot.0 - from.0, spot.1 - from.1) / long;
        let mut holes: Vec<(f64, f64)> =
            taken.iter().filter_map(|place| cut(place, from, to)).map(|(a, b)| (share(a), share(b))).collect();
        holes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at =
            |way: f64| if way >= 1.0 { to } else { (from.0 + (to.0 - from.0) * way, from.1 + (to.1 - from.1) * way) };
        let mut begin = 0.0;
        for (start, end) in holes {
            if start > begin {
                add(if begin == 0.0 { from } else { at(begin) }, at(start));
            }
            begin = f64::max(begin, end);
        }
        if begin < 1.0 {
            add(if begin == 0.0 { from } else { at(begin) }, to);
        }
    }
    pieces
}
