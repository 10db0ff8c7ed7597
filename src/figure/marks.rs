//! Markers that differ by shape as well as colour, and estimates with their intervals.

use super::palette::{BLACK, Colour, LIGHT, WHITE};
use super::paper::{Panel, Paper, path};
use super::sheet::{Dash, Mark, Rect, Stroke};

/// What a marker looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Disc,
    Square,
    Diamond,
    Up,
    Down,
    Cross,
}

/// Shape, colour, and whether it is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) shape: Shape,
    pub(super) colour: Colour,
    pub(super) filled: bool,
}

impl Look {
    pub(super) fn filled(shape: Shape, colour: Colour) -> Self {
        Self { shape, colour, filled: true }
    }

    pub(super) fn hollow(shape: Shape, colour: Colour) -> Self {
        Self { shape, colour, filled: false }
    }
}

/// An estimate with a thin outer and a thick inner interval; what is `NaN` is not drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) thin: (f64, f64),
    pub(super) thick: (f64, f64),
}

impl Estimate {
    pub(super) fn new(value: f64, thin: (f64, f64)) -> Self {
        Self { value, thin, thick: (f64::NAN, f64::NAN) }
    }
}

/// A marker of about that radius at a place on the page.
pub(super) fn marker(paper: &Paper, at: (f64, f64), radius: f64, look: Look) {
    let (x, y) = at;
    let stroke = Stroke::solid(0.8, look.colour);
    let fill = if look.filled { look.colour } else { WHITE };
    let corners = |points: Vec<(f64, f64)>| {
        paper.add(Mark::Path { points, closed: true, stroke: Some(stroke), fill: Some(fill), clip: None });
    };
    match look.shape {
        Shape::Disc => {
            paper.add(Mark::Circle { centre: at, radius, stroke: Some(stroke), fill: Some(fill), clip: None })
        }
        Shape::Square => {
            let r = radius * 0.9;
            corners(vec![(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]);
        }
        Shape::Diamond => {
            let r = radius * 1.2;
            corners(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]);
        }
        Shape::Up | Shape::Down => {
            let r = radius * if look.shape == Shape::Up { 1.15 } else { -1.15 };
            corners(vec![(x, y - r), (x + radius * 1.1, y + r * 0.75), (x - radius * 1.1, y + r * 0.75)]);
        }
        Shape::Cross => {
            let r = radius * 0.85;
            let pen = Stroke::solid(1.1, look.colour);
            paper.add(path(vec![(x - r, y - r), (x + r, y + r)], Some(pen), None));
            paper.add(path(vec![(x - r, y + r), (x + r, y - r)], Some(pen), None));
        }
    }
}

/// An estimate on a row of a panel whose axis runs across; what lies beyond the axis ends in a
/// triangle at its edge.
pub(super) fn across(paper: &Paper, panel: &Panel, estimate: &Estimate, y: f64, look: Look) {
    let (low, high) = panel.across();
    let place = |value: f64| panel.at(value.clamp(low, high), 0.0).0;
    for ((from, to), width) in [(estimate.thin, 1.0), (estimate.thick, 2.6)] {
        if from.is_nan() || to.is_nan() || to < low || high < from {
            continue;
        }
        let (left, right) = (place(from), place(to));
        // An interval without width is still seen.
        let room = if right - left < 0.4 { 0.2 } else { 0.0 };
        paper.line((left - room, y), (right + room, y), Stroke::solid(width, look.colour));
    }
    if estimate.value.is_nan() {
        return;
    }
    if low <= estimate.value && estimate.value <= high {
        marker(paper, (place(estimate.value), y), 2.3, look);
    } else {
        let (tip, back) = if estimate.value < low { (low, 5.0) } else { (high, -5.0) };
        let tip = place(tip);
        paper.area(vec![(tip, y), (tip + back, y - 2.6), (tip + back, y + 2.6)], look.colour);
    }
}

/// An upright line at zero, and the shaded region of half that width around it, at those heights.
pub(super) fn zero(paper: &Paper, panel: &Panel, spans: &[(f64, f64)], margin: f64) {
    let x = |value: f64| panel.at(value, 0.0).0;
    for &(top, bottom) in spans {
        if margin > 0.0 {
            paper.rect(Rect::new(x(-margin), top, x(margin), bottom), LIGHT);
        }
        paper.line((x(0.0), top), (x(0.0), bottom), Stroke::solid(0.6, BLACK));
    }
}

/// The dash of the n-th line of a chart, so that lines differ without colour.
pub(super) fn dash(index: usize) -> Dash {
    [Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted][index % 4]
}

/// An interval on a row of a panel whose axis runs across; where it reaches beyond the axis it is cut there, and a tip says so.
/// Whether it was cut.
pub(super) fn interval(paper: &Paper, panel: &Panel, (from, to): (f64, f64), y: f64, stroke: Stroke) -> bool {
    let (low, high) = panel.across();
    if from.is_nan() || to.is_nan() {
        return false;
    }
    let place = |value: f64| panel.at(value.clamp(low, high), 0.0).0;
    if from <= high && low <= to {
        paper.line((place(from), y), (place(to), y), stroke);
    }
    let tip = |at: f64, back: f64| {
        let at = place(at);
        paper.add(path(vec![(at + back, y - 1.8), (at, y), (at + back, y + 1.8)], Some(stroke), None));
    };
    if from < low {
        tip(low, 2.4);
    }
    if to > high {
        tip(high, -2.4);
    }
    from < low || to > high
}
