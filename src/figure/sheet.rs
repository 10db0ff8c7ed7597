//! The display list: every mark of a figure in points (1/72 inch), before it is written as SVG.
//!
//! Because the marks are data, a figure can be checked before it is printed: no text leaves the
//! canvas, no two texts touch, no stroke is too thin for print.

use super::font::{self, Face};
use super::palette::{BLACK, Colour, WHITE};
use super::style::THINNEST;

/// A rectangle, top-left origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Rect {
    /// The rectangle between those edges.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left, top, right, bottom }
    }
    /// Right minus left.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }
    /// Bottom minus top.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
    /// Its middle.
    pub fn centre(&self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }
    /// Whether the place lies within it.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
    /// Whether more than `slack` of both directions is shared.
    pub fn overlaps(&self, other: &Self, slack: f64) -> bool {
        self.left + slack < other.right
            && other.left + slack < self.right
            && self.top + slack < other.bottom
            && other.top + slack < self.bottom
    }
}

/// How a line is broken up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dash {
    /// Unbroken.
    Solid,
    /// Strokes of 3, gaps of 2.
    Dashed,
    /// Dots.
    Dotted,
    /// Strokes and dots in turn.
    DashDot,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Width in points.
    pub width: f64,
    /// Its colour.
    pub colour: Colour,
    /// Unbroken or not.
    pub dash: Dash,
}

impl Stroke {
    /// An unbroken line.
    pub fn solid(width: f64, colour: Colour) -> Self {
        Self { width, colour, dash: Dash::Solid }
    }
    /// The same, broken up.
    #[must_use]
    pub fn dashed(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }
}

/// Which end of a text its position means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The position is where the text starts.
    Start,
    /// The position is the text's middle.
    Middle,
    /// The position is where the text ends.
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lettering {
    /// Size in points (1 em).
    pub size: f64,
    /// Upright, bold or italic.
    pub face: Face,
    /// What its position means.
    pub anchor: Anchor,
    /// Its colour; black unless it stands on a dark ground.
    pub colour: Colour,
    /// Clockwise turn about its position, in degrees.
    pub angle: f64,
}

impl Lettering {
    /// Upright black text that starts at its position.
    pub fn new(size: f64) -> Self {
        Self { size, face: Face::Regular, anchor: Anchor::Start, colour: BLACK, angle: 0.0 }
    }
    /// The same in bold.
    #[must_use]
    pub fn bold(mut self) -> Self {
        self.face = Face::Bold;
        self
    }
    /// The same, anchored elsewhere.
    #[must_use]
    pub fn anchor(mut self, anchor: Anchor) -> Self {
        self.anchor = anchor;
        self
    }
    /// The same in a colour.
    #[must_use]
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }
    /// The same, turned clockwise by that many degrees.
    #[must_use]
    pub fn turned(mut self, angle: f64) -> Self {
        self.angle = angle;
        self
    }
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line or an area.
    Path {
        /// Its corners.
        points: Vec<(f64, f64)>,
        /// Whether the last is joined to the first.
        closed: bool,
        /// Outline, if any.
        stroke: Option<Stroke>,
        /// Ground, if any.
        fill: Option<Colour>,
        /// Which of the sheet's clips cuts it.
        clip: Option<usize>,
    },
    /// A disc.
    Circle {
        /// Its middle.
        centre: (f64, f64),
        /// Its radius.
        radius: f64,
        /// Outline, if any.
        stroke: Option<Stroke>,
        /// Ground, if any.
        fill: Option<Colour>,
        /// Which of the sheet's clips cuts it.
        clip: Option<usize>,
    },
    /// Words.
    Text {
        /// Baseline position.
        at: (f64, f64),
        /// The words, with markup.
        text: String,
        /// How they are set.
        lettering: Lettering,
    },
}

/// Everything drawn on one page.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// What is drawn, from back to front.
    pub marks: Vec<Mark>,
    /// Rectangles that cut marks.
    pub clips: Vec<Rect>,
    /// The colour of the page.
    pub ground: Colour,
}

/// The box that holds a text, and the text, for checks.
pub type Box<'a> = (Rect, &'a str);

impl Sheet {
    /// An empty page of that size in points.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, marks: Vec::new(), clips: Vec::new(), ground: WHITE }
    }

    /// Multiplies the width of every line, down to the thinnest that is printed.
    pub(super) fn weigh(&mut self, factor: f64) {
        for mark in &mut self.marks {
            if let Mark::Path { stroke: Some(stroke), .. } | Mark::Circle { stroke: Some(stroke), .. } = mark {
                stroke.width = (stroke.width * factor).max(THINNEST);
            }
        }
    }

    /// The box of every text, from the top of its capitals to the foot of its descenders.
    pub fn text_boxes(&self) -> Vec<Box<'_>> {
        self.marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Text { at, text, lettering } => Some((text_box(*at, text, lettering), text.as_str())),
                _ => None,
            })
            .collect()
    }

    /// The first character that the bundled font cannot draw, and the text it stands in.
    pub fn missing_glyph(&self) -> Option<(char, &str)> {
        self.marks.iter().find_map(|mark| {
            let Mark::Text { text, lettering, .. } = mark else { return None };
            font::runs(text)
                .iter()
                .find_map(|run| font::missing_glyph(run.text, if run.italic { Face::Italic } else { lettering.face }))
                .map(|letter| (letter, text.as_str()))
        })
    }

    /// What a referee would send back: text off the canvas, texts that touch, lines through text,
    /// strokes below 0.3 pt, text below 6 pt, numbers that are no numbers.
    pub fn faults(&self) -> Vec<String> {
        let boxes = self.text_boxes();
        let mut faults = Vec::new();
        for (index, (place, text)) in boxes.iter().enumerate() {
            let inside = -0.01 <= place.left
                && -0.01 <= place.top
                && place.right <= self.width + 0.01
                && place.bottom <= self.height + 0.01;
            if !inside {
                faults.push(format!("“{text}” leaves the canvas: {place:?}"));
            }
            for (other, words) in &boxes[index + 1..] {
                if place.overlaps(other, 0.05) {
                    faults.push(format!("“{text}” touches “{words}”: {place:?} {other:?}"));
                }
            }
        }
        for mark in &self.marks {
            self.check_mark(mark, &boxes, &mut faults);
        }
        self.check_cover(&mut faults);
        faults
    }

    /// Text that lies under something drawn later.
    fn check_cover(&self, faults: &mut Vec<String>) {
        for (index, mark) in self.marks.iter().enumerate() {
            let Mark::Text { at, text, lettering } = mark else { continue };
            let place = text_box(*at, text, lettering);
            if self.marks[index + 1..].iter().filter_map(ground).any(|cover| cover.overlaps(&place, 0.05)) {
                faults.push(format!("“{text}” is covered"));
            }
        }
    }

    fn check_mark(&self, mark: &Mark, boxes: &[Box<'_>], faults: &mut Vec<String>) {
        match mark {
            Mark::Path { points, stroke, closed, clip, .. } => {
                if points.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
                    faults.push("a path has a corner that is no number".to_owned());
                }
                let Some(stroke) = stroke else { return };
                if stroke.width < THINNEST {
                    faults.push(format!("a stroke of {} pt is too thin for print", stroke.width));
                }
                if *closed {
                    return;
                }
                // What a clip cuts off is not seen.
                let clip = clip.and_then(|clip| self.clips.get(clip));
                let seen = |from, to| clip.map_or(Some((from, to)), |clip| cut(clip, from, to));
                let lines: Vec<_> = points.windows(2).filter_map(|ends| seen(ends[0], ends[1])).collect();
                for (place, text) in boxes {
                    if lines.iter().any(|&(from, to)| crosses(place, from, to)) {
                        faults.push(format!("a line runs through “{text}”"));
                    }
                }
            }
            Mark::Circle { centre, radius, .. } => {
                if !(centre.0.is_finite() && centre.1.is_finite() && radius.is_finite()) {
                    faults.push("a disc stands nowhere".to_owned());
                }
            }
            Mark::Text { text, lettering, .. } => {
                let smallest = font::runs(text).iter().fold(lettering.size, |size, run| {
                    if run.script == font::Script::Base { size } else { size.min(lettering.size * font::SCRIPT_SIZE) }
                });
                if smallest < 6.0 {
                    faults.push(format!("“{text}” is set in {smallest} pt"));
                }
            }
        }
    }
}

/// The box around a text, turned with it.
pub fn text_box(at: (f64, f64), text: &str, lettering: &Lettering) -> Rect {
    let width = font::width(text, lettering.face, lettering.size);
    let left = match lettering.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -width / 2.0,
        Anchor::End => -width,
    };
    let (top, bottom) = (-font::CAP_HEIGHT * lettering.size, font::DESCENT * lettering.size);
    let radians = lettering.angle.to_radians();
    let (sine, cosine) = (libm::sin(radians), libm::cos(radians));
    let corners = [(left, top), (left + width, top), (left, bottom), (left + width, bottom)]
        .map(|(x, y)| (at.0 + x * cosine - y * sine, at.1 + x * sine + y * cosine));
    corners.iter().fold(Rect::new(f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY), |r, (x, y)| {
        Rect::new(r.left.min(*x), r.top.min(*y), r.right.max(*x), r.bottom.max(*y))
    })
}

/// The box of a filled mark.
pub(super) fn ground(mark: &Mark) -> Option<Rect> {
    match mark {
        Mark::Path { points, fill: Some(_), .. } => {
            points.iter().map(|&(x, y)| Rect::new(x, y, x, y)).reduce(|a, b| {
                Rect::new(a.left.min(b.left), a.top.min(b.top), a.right.max(b.right), a.bottom.max(b.bottom))
            })
        }
        Mark::Circle { centre: (x, y), radius: r, fill: Some(_), .. } => Some(Rect::new(x - r, y - r, x + r, y + r)),
        _ => None,
    }
}

/// Whether the segment enters the rectangle, a hair inside its edges.
fn crosses(place: &Rect, from: (f64, f64), to: (f64, f64)) -> bool {
    let slack = 0.3;
    let inner = Rect::new(place.left + slack, place.top + slack, place.right - slack, place.bottom - slack);
    cut(&inner, from, to).is_some()
}

/// The part of a segment that lies in the rectangle (Liang and Barsky), if any.
pub fn cut(place: &Rect, from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [
        (-dx, from.0 - place.left),
        (dx, place.right - from.0),
        (-dy, from.1 - place.top),
        (dy, place.bottom - from.1),
    ];
    for (step, room) in edges {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |t: f64| (from.0 + t * dx, from.1 + t * dy);
    (enter <= leave).then(|| (at(enter), if leave < 1.0 { at(leave) } else { to }))
}
