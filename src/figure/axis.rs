//! Axis lines, ticks and their names, placed by measured text.

use super::calendar::{Calendar, Span};
use super::font::{self, CAP_HEIGHT, Face, LEADING};
use super::palette::{BLACK, Colour};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::Scale;

/// Width of axis lines and ticks.
pub const LINE: f64 = 0.6;
/// Length of a major tick.
pub const TICK: f64 = 2.6;
/// Length of a minor tick.
pub const MINOR: f64 = 1.5;
/// Distance between a tick and its name.
pub const GAP: f64 = 2.0;

/// Height taken below the axis line by ticks and one line of names.
pub fn bottom_height(size: f64) -> f64 {
    TICK + GAP + size * (CAP_HEIGHT + font::DESCENT)
}

/// Width taken left of the axis line by ticks and names.
pub fn left_width(scale: &Scale, size: f64) -> f64 {
    TICK + GAP + font::widest(scale.ticks.iter().map(|tick| tick.label.as_str()), Face::Regular, size)
}

/// An axis below a panel; ticks whose names would touch go without.
pub fn bottom(paper: &Paper, panel: &Panel, scale: &Scale, size: f64) {
    let place = panel.place;
    paper.line((place.left, place.bottom), (place.right, place.bottom), Stroke::solid(LINE, BLACK));
    let spots: Vec<(f64, f64)> = scale
        .ticks
        .iter()
        .map(|tick| (panel.at(tick.at, 0.0).0, font::width(&tick.label, Face::Regular, size) / 2.0))
        .collect();
    let named = named(&spots, scale);
    for (index, (tick, &(x, _))) in scale.ticks.iter().zip(&spots).enumerate() {
        paper.line((x, place.bottom), (x, place.bottom + TICK), Stroke::solid(LINE, BLACK));
        if named[index] {
            let y = place.bottom + TICK + GAP + CAP_HEIGHT * size;
            paper.text((x, y), &tick.label, Lettering::new(size).anchor(Anchor::Middle));
        }
    }
}

/// Which ticks are named, zero among them: every n-th of even ticks, with the least n at which no names
/// touch; of uneven ones also, up to every third, and else those that do not touch the one before, from zero outwards.
fn named(spots: &[(f64, f64)], scale: &Scale) -> Vec<bool> {
    if spots.is_empty() {
        return Vec::new();
    }
    let zero = scale.ticks.iter().position(|tick| tick.at == 0.0).unwrap_or(0);
    let apart = |left: (f64, f64), right: (f64, f64)| left.0 + left.1 + 2.0 <= right.0 - right.1;
    let steps: Vec<f64> = spots.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let even = steps.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.1);
    let mut named = vec![false; spots.len()];
    let clear = |stride: usize| {
        let kept: Vec<(f64, f64)> = spots.iter().copied().skip(zero % stride).step_by(stride).collect();
        kept.windows(2).all(|pair| apart(pair[0], pair[1]))
    };
    // Every third of 1, 2, 5, 10, 20 ... are powers of ten.
    let most = if even { spots.len() } else { spots.len().min(3) };
    if let Some(stride) = (1..=most).find(|&stride| clear(stride)) {
        named.iter_mut().skip(zero % stride).step_by(stride).for_each(|name| *name = true);
        return named;
    }
    let mut last = zero;
    named[zero] = true;
    for index in zero + 1..spots.len() {
        if apart(spots[last], spots[index]) {
            (named[index], last) = (true, index);
        }
    }
    last = zero;
    for index in (0..zero).rev() {
        if apart(spots[index], spots[last]) {
            (named[index], last) = (true, index);
        }
    }
    named
}

/// An axis left of a panel.
pub fn left(paper: &Paper, panel: &Panel, scale: &Scale, size: f64) {
    let place = panel.place;
    paper.line((place.left, place.bottom), (place.left, place.top), Stroke::solid(LINE, BLACK));
    let mut taken = f64::INFINITY;
    for tick in &scale.ticks {
        let y = panel.at(0.0, tick.at).1;
        paper.line((place.left - TICK, y), (place.left, y), Stroke::solid(LINE, BLACK));
        if y + size / 2.0 < taken {
            let at = (place.left - TICK - GAP, y);
            paper.text_centred(at, &tick.label, Lettering::new(size).anchor(Anchor::End));
            taken = y - size / 2.0;
        }
    }
}

/// A bar of colours with its axis at the right; returns how wide the names of its ticks are.
pub(super) fn colour_bar(paper: &Paper, place: Rect, scale: &Scale, colour: impl Fn(f64) -> Colour, size: f64) -> f64 {
    let steps = 96;
    for step in 0..steps {
        let share = (f64::from(step) + 0.5) / f64::from(steps);
        let bottom = place.bottom - place.height() * f64::from(step) / f64::from(steps);
        // Each step reaches under the next, so that no hairline shows between them.
        let top = (bottom - place.height() * 1.5 / f64::from(steps)).max(place.top);
        let fill = colour(scale.low + share * (scale.high - scale.low));
        paper.rect(Rect::new(place.left, top, place.right, bottom), fill);
    }
    paper.frame(place, Stroke::solid(LINE, BLACK));
    for tick in &scale.ticks {
        let y = up_the_bar(place, scale, tick.at);
        paper.line((place.right, y), (place.right + TICK, y), Stroke::solid(LINE, BLACK));
        paper.text_centred((place.right + TICK + GAP, y), &tick.label, Lettering::new(size));
    }
    font::widest(scale.ticks.iter().map(|tick| tick.label.as_str()), Face::Regular, size)
}

/// The height of a value on a bar of colours.
pub(super) fn up_the_bar(place: Rect, scale: &Scale, value: f64) -> f64 {
    place.bottom - place.height() * (value - scale.low) / (scale.high - scale.low)
}

/// A calendar axis below a panel.
pub fn calendar(paper: &Paper, panel: &Panel, marks: &Calendar, size: f64) {
    let place = panel.place;
    paper.line((place.left, place.bottom), (place.right, place.bottom), Stroke::solid(LINE, BLACK));
    for (days, length) in [(&marks.major, TICK), (&marks.minor, MINOR)] {
        for &day in days {
            let x = panel.at(day, 0.0).0;
            paper.line((x, place.bottom), (x, place.bottom + length), Stroke::solid(LINE, BLACK));
        }
    }
    let y = place.bottom + TICK + GAP + CAP_HEIGHT * size;
    names(paper, panel, &marks.spans, y, size);
    names(paper, panel, &marks.under, y + LEADING * size, size);
}

fn names(paper: &Paper, panel: &Panel, spans: &[Span], y: f64, size: f64) {
    let mut taken = f64::NEG_INFINITY;
    for span in spans {
        let (from, to) = (panel.at(span.from, 0.0).0, panel.at(span.to, 0.0).0);
        let width = font::width(&span.label, Face::Regular, size);
        let x = f64::midpoint(from, to);
        let fits = span.from == span.to || width <= to - from || spans.len() == 1;
        if fits && x - width / 2.0 > taken {
            paper.text((x, y), &span.label, Lettering::new(size).anchor(Anchor::Middle));
            taken = x + width / 2.0 + 2.0;
        }
    }
}

/// The title of a vertical axis, turned, in lines, its last line ending at `right`; returns how wide it is.
pub fn left_title(paper: &Paper, lines: &[String], place: Rect, right: f64, size: f64) {
    let middle = place.centre().1;
    for (index, line) in lines.iter().enumerate() {
        let back = (lines.len() - 1 - index) as f64 * LEADING * size;
        let at = (right - font::DESCENT * size - back, middle);
        paper.text(at, line, Lettering::new(size).anchor(Anchor::Middle).turned(-90.0));
    }
}

/// The title of a horizontal axis in centred lines, the first line's capitals topping out at `top`,
/// kept between two edges.
pub fn bottom_title(paper: &Paper, lines: &[String], middle: f64, top: f64, edges: (f64, f64), size: f64) {
    let widest = font::widest(lines.iter().map(String::as_str), Face::Regular, size);
    let x = middle.min(edges.1 - widest / 2.0).max(edges.0 + widest / 2.0);
    for (index, line) in lines.iter().enumerate() {
        let y = top + CAP_HEIGHT * size + index as f64 * LEADING * size;
        paper.text((x, y), line, Lettering::new(size).anchor(Anchor::Middle));
    }
}

/// Heights that stay in order, at least `apart` from each other and within bounds, as near as can be
/// to those wanted.
pub fn spread(wanted: &[f64], apart: f64, bounds: (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = wanted.to_vec();
    let mut floor = bounds.0;
    for &index in &order {
        placed[index] = placed[index].max(floor);
        floor = placed[index] + apart;
    }
    let mut ceiling = bounds.1;
    for &index in order.iter().rev() {
        placed[index] = placed[index].min(ceiling);
        ceiling = placed[index] - apart;
    }
    placed
}
