//! The page that figures are drawn on, and panels with a coordinate system of `plotters`.
//!
//! Coordinates of plotters are whole numbers, so its unit here is 1/100 pt. Its own elements pull
//! points outside the axes onto the frame (plotters #429, #622, #689), which falsifies slopes; the
//! marks of a [`Panel`] are mapped untruncated and cut by a clip path instead.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea};

use super::FigureError;
use super::backend::Inked;
use super::font;
use super::palette::Colour;
use super::sheet::{Lettering, Mark, Rect, Sheet, Stroke, cut};

/// Units of plotters in a point.
pub(super) const UNITS: f64 = 100.0;
/// Half the width of the heaviest line drawn within a panel.
const EDGE: f64 = 0.6;

/// A page; copies are handles of the same page.
#[derive(Debug, Clone)]
pub struct Paper {
    sheet: Rc<RefCell<Sheet>>,
}

impl Paper {
    /// An empty page of that size in points.
    pub fn new(width: f64, height: f64) -> Self {
        Self { sheet: Rc::new(RefCell::new(Sheet::new(width, height))) }
    }

    /// Puts a mark on top of what is there.
    pub fn add(&self, mark: Mark) {
        self.sheet.borrow_mut().marks.push(mark);
    }

    /// A straight line.
    pub fn line(&self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.add(path(vec![from, to], Some(stroke), None));
    }

    /// A filled rectangle.
    pub fn rect(&self, place: Rect, fill: Colour) {
        self.add(rectangle(place, None, Some(fill)));
    }

    /// The outline of a rectangle.
    pub fn frame(&self, place: Rect, stroke: Stroke) {
        self.add(rectangle(place, Some(stroke), None));
    }

    /// A filled area.
    pub fn area(&self, points: Vec<(f64, f64)>, fill: Colour) {
        self.add(Mark::Path { points, closed: true, stroke: None, fill: Some(fill), clip: None });
    }

    /// Words on the baseline at that position.
    pub fn text(&self, at: (f64, f64), text: &str, lettering: Lettering) {
        if !text.is_empty() {
            self.add(Mark::Text { at, text: text.to_owned(), lettering });
        }
    }

    /// Words whose capitals are centred on that height.
    pub fn text_centred(&self, at: (f64, f64), text: &str, lettering: Lettering) {
        self.text((at.0, at.1 + font::CAP_HEIGHT * lettering.size / 2.0), text, lettering);
    }

    /// A plotters coordinate system over that rectangle, for data between those bounds.
    pub fn panel(&self, place: Rect, x: (f64, f64), y: (f64, f64)) -> Panel {
        let clip = {
            let mut sheet = self.sheet.borrow_mut();
            // A line along the very edge keeps its full width.
            sheet.clips.push(Rect::new(place.left, place.top - EDGE, place.right, place.bottom + EDGE));
            sheet.clips.len() - 1
        };
        let axes = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            x.0..x.1,
            y.0..y.1,
            (units(place.left)..units(place.right), units(place.bottom)..units(place.top)),
        );
        Panel { area: self.clone().into_drawing_area().apply_coord_spec(axes), place, x, y, clip }
    }

    /// Width and height in points.
    pub(super) fn size(&self) -> (f64, f64) {
        let sheet = self.sheet.borrow();
        (sheet.width, sheet.height)
    }

    /// The finished page.
    ///
    /// # Errors
    /// When a text holds a character that the bundled font cannot draw.
    pub fn finish(self) -> Result<Sheet, FigureError> {
        let sheet = self.sheet.borrow().clone();
        match sheet.missing_glyph() {
            Some((character, text)) => Err(FigureError::Glyph { character, text: text.to_owned() }),
            None => Ok(sheet),
        }
    }
}

/// A coordinate system of plotters on a page, with its data bounds and its clip.
pub struct Panel {
    area: DrawingArea<Paper, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    /// Where it stands on the page.
    pub place: Rect,
    x: (f64, f64),
    y: (f64, f64),
    clip: usize,
}

impl Panel {
    /// Where a data point stands on the page, in points; never pulled to the frame.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.area.map_coordinate(&(x, y));
        (f64::from(x) / UNITS, f64::from(y) / UNITS)
    }

    /// The data bounds of the horizontal axis.
    pub fn across(&self) -> (f64, f64) {
        self.x
    }

    /// A line through data points; a missing point breaks it.
    pub fn curve(&self, points: &[(f64, f64)], stroke: Stroke) {
        for piece in points.split(|(x, y)| !x.is_finite() || !y.is_finite()) {
            for run in self.within_reach(piece) {
                let points = run.iter().map(|&(x, y)| self.at(x, y)).collect();
                self.draw(path(points, Some(stroke), Some(self.clip)));
            }
        }
    }

    /// The area between a lower and an upper bound: triples of x, low, high; a missing bound breaks it.
    pub fn band(&self, points: &[(f64, f64, f64)], fill: Colour) {
        let reach = self.reach();
        for piece in points.split(|(x, low, high)| x.is_nan() || low.is_nan() || high.is_nan()) {
            if piece.len() < 2 {
                continue;
            }
            let bound = |y: f64| y.clamp(reach.top, reach.bottom);
            let lower = piece.iter().map(|&(x, low, _)| self.at(x, bound(low)));
            let upper = piece.iter().rev().map(|&(x, _, high)| self.at(x, bound(high)));
            let points = lower.chain(upper).collect();
            self.draw(Mark::Path { points, closed: true, stroke: None, fill: Some(fill), clip: Some(self.clip) });
        }
    }

    /// A disc at a data point that lies within the bounds.
    pub fn dot(&self, x: f64, y: f64, radius: f64, look: (Colour, Colour)) {
        if !(self.x.0 <= x && x <= self.x.1 && self.y.0 <= y && y <= self.y.1) {
            return;
        }
        let (fill, line) = look;
        let stroke = Some(Stroke::solid(0.8, line));
        self.draw(Mark::Circle { centre: self.at(x, y), radius, stroke, fill: Some(fill), clip: None });
    }

    /// A small disc without a border at a data point that lies within the bounds.
    pub fn speck(&self, x: f64, y: f64, radius: f64, fill: Colour) {
        if self.x.0 <= x && x <= self.x.1 && self.y.0 <= y && y <= self.y.1 {
            self.draw(Mark::Circle { centre: self.at(x, y), radius, stroke: None, fill: Some(fill), clip: None });
        }
    }

    /// A filled rectangle between two data corners.
    pub fn bar(&self, from: (f64, f64), to: (f64, f64), fill: Colour) {
        if [from.0, from.1, to.0, to.1].iter().any(|value| value.is_nan()) {
            return;
        }
        let reach = self.reach();
        let corner = |(x, y): (f64, f64)| self.at(x.clamp(reach.left, reach.right), y.clamp(reach.top, reach.bottom));
        let ((left, top), (right, bottom)) = (corner(from), corner(to));
        let points = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        self.draw(Mark::Path { points, closed: true, stroke: None, fill: Some(fill), clip: Some(self.clip) });
    }

    fn draw(&self, mark: Mark) {
        self.area.draw(&Inked(mark)).expect("writing to a sheet in memory cannot fail");
    }

    /// Bounds three panels wide and high: far enough out to be invisible, near enough to be counted
    /// in whole units.
    fn reach(&self) -> Rect {
        let (dx, dy) = (self.x.1 - self.x.0, self.y.1 - self.y.0);
        Rect::new(self.x.0 - dx, self.y.0 - dy, self.x.1 + dx, self.y.1 + dy)
    }

    /// The parts of a line that lie within reach, their slopes kept.
    fn within_reach(&self, points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
        let reach = self.reach();
        let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
        for ends in points.windows(2) {
            let Some((from, to)) = cut(&reach, ends[0], ends[1]) else { continue };
            match runs.last_mut() {
                Some(run) if run.last() == Some(&from) => run.push(to),
                _ => runs.push(vec![from, to]),
            }
        }
        runs
    }
}

pub(super) fn units(points: f64) -> i32 {
    libm::round(points * UNITS) as i32
}

pub(super) fn path(points: Vec<(f64, f64)>, stroke: Option<Stroke>, clip: Option<usize>) -> Mark {
    Mark::Path { points, closed: false, stroke, fill: None, clip }
}

pub(super) fn rectangle(place: Rect, stroke: Option<Stroke>, fill: Option<Colour>) -> Mark {
    let Rect { left, top, right, bottom } = place;
    let points = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    Mark::Path { points, closed: true, stroke, fill, clip: None }
}

#[cfg(test)]
mod tests {
    use super::super::palette::{BLACK, BLUE};
    use super::*;

    fn panel() -> (Paper, Panel) {
        let paper = Paper::new(200.0, 100.0);
        let panel = paper.panel(Rect::new(20.0, 10.0, 180.0, 90.0), (0.0, 10.0), (0.0, 1.0));
        (paper, panel)
    }

    fn corners(paper: Paper) -> Vec<(f64, f64)> {
        let sheet = paper.finish().expect("no text");
        sheet
            .marks
            .iter()
            .flat_map(|mark| match mark {
                Mark::Path { points, clip, .. } => {
                    assert_eq!(*clip, Some(0), "everything in a panel is clipped");
                    points.clone()
                }
                Mark::Circle { centre, .. } => vec![*centre],
                Mark::Text { .. } => Vec::new(),
            })
            .collect()
    }

    #[test]
    fn points_out_of_range_are_never_pulled_to_the_frame() {
        let (paper, panel) = panel();
        panel.curve(&[(1.0, 0.5), (2.0, 1.8), (3.0, -0.7), (4.0, 0.5), (14.0, 0.5)], Stroke::solid(1.0, BLACK));
        panel.band(&[(1.0, -0.5, 1.5), (5.0, 0.2, 1.9)], BLUE);
        panel.dot(5.0, 1.2, 2.0, (BLUE, BLACK));
        let corners = corners(paper);
        assert_eq!(corners.len(), 5 + 4, "the dot is left out");
        let on = |value: f64, edge: f64| (value - edge).abs() < 0.02;
        assert!(corners.iter().all(|&(x, y)| !on(y, 10.0) && !on(y, 90.0) && !on(x, 20.0) && !on(x, 180.0)));
        assert!(corners.iter().any(|&(_, y)| (y - (90.0 - 1.8 * 80.0)).abs() < 0.02), "slopes are kept: {corners:?}");
    }

    #[test]
    fn absurd_values_break_or_leave_but_never_bend_a_line() {
        let (paper, panel) = panel();
        let line =
            [(0.0, 0.5), (1.0, f64::NAN), (2.0, 0.5), (3.0, f64::INFINITY), (4.0, 0.5), (5.0, 1e300), (6.0, 0.5)];
        panel.curve(&line, Stroke::solid(1.0, BLACK));
        panel.bar((0.0, 0.0), (f64::NAN, 1.0), BLUE);
        for (x, y) in corners(paper) {
            assert!(x.is_finite() && y.is_finite() && y.abs() < 1e4, "{x} {y}");
        }
    }
}
