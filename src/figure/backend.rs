//! [`Paper`] as a backend of `plotters`: whatever plotters draws becomes marks of the sheet.
//!
//! A unit of plotters is 1/100 pt. Text keeps its size in points and is measured with the bundled font.

use std::convert::Infallible;
use std::iter::Empty;

use plotters::element::{Drawable, PointCollection};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};

use super::font::{self, Face};
use super::palette::{Colour, WHITE};
use super::paper::{Paper, UNITS, path, rectangle, units};
use super::sheet::{Anchor, Lettering, Mark, Rect, Stroke};

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// An element of plotters that has been mapped to the page already, so that nothing moves its points.
pub(super) struct Inked(pub(super) Mark);

impl<'a> PointCollection<'a, (f64, f64)> for &'a Inked {
    type Point = (f64, f64);
    type IntoIter = Empty<(f64, f64)>;
    fn point_iter(self) -> Self::IntoIter {
        std::iter::empty()
    }
}

impl Drawable<Paper> for Inked {
    fn draw<I: Iterator<Item = BackendCoord>>(&self, _: I, backend: &mut Paper, _: (u32, u32)) -> Drawn {
        backend.add(self.0.clone());
        Ok(())
    }
}

fn points((x, y): BackendCoord) -> (f64, f64) {
    (f64::from(x) / UNITS, f64::from(y) / UNITS)
}

fn paint(colour: BackendColor) -> Option<Colour> {
    let (red, green, blue) = colour.rgb;
    (colour.alpha > 0.0).then(|| Colour(red, green, blue).tint(colour.alpha))
}

fn pen<S: BackendStyle>(style: &S) -> Option<Stroke> {
    paint(style.color()).map(|colour| Stroke::solid(f64::from(style.stroke_width()) / UNITS, colour))
}

impl DrawingBackend for Paper {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.size();
        (units(width).unsigned_abs(), units(height).unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Drawn {
        let (x, y) = points(point);
        self.rect(Rect::new(x, y, x + 1.0 / UNITS, y + 1.0 / UNITS), paint(colour).unwrap_or(WHITE));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.add(path(vec![points(from), points(to)], pen(style), None));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let ((left, top), (right, bottom)) = (points(from), points(to));
        let place = Rect::new(left, top, right, bottom);
        self.add(if fill { rectangle(place, None, paint(style.color())) } else { rectangle(place, pen(style), None) });
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.add(path(corners.into_iter().map(points).collect(), pen(style), None));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let (stroke, fill) = if fill { (None, paint(style.color())) } else { (pen(style), None) };
        let radius = f64::from(radius) / UNITS;
        self.add(Mark::Circle { centre: points(centre), radius, stroke, fill, clip: None });
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        if let Some(fill) = paint(style.color()) {
            self.area(corners.into_iter().map(points).collect(), fill);
        }
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let Some(colour) = paint(style.color()) else { return Ok(()) };
        let size = style.size() / UNITS;
        let lettering = Lettering {
            size,
            face: face(style.style()),
            anchor: match style.anchor().h_pos {
                HPos::Left => Anchor::Start,
                HPos::Center => Anchor::Middle,
                HPos::Right => Anchor::End,
            },
            colour,
            angle: match style.transform() {
                FontTransform::None => 0.0,
                FontTransform::Rotate90 => 90.0,
                FontTransform::Rotate180 => 180.0,
                FontTransform::Rotate270 => 270.0,
            },
        };
        let below = match style.anchor().v_pos {
            VPos::Top => font::CAP_HEIGHT * size,
            VPos::Center => font::CAP_HEIGHT * size / 2.0,
            VPos::Bottom => 0.0,
        };
        let (x, y) = points(at);
        let radians = lettering.angle.to_radians();
        self.text((x - below * libm::sin(radians), y + below * libm::cos(radians)), text, lettering);
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = font::width(text, face(style.style()), style.size());
        Ok((libm::ceil(width) as u32, libm::ceil(style.size() * (font::CAP_HEIGHT + font::DESCENT)) as u32))
    }
}

fn face(style: FontStyle) -> Face {
    match style {
        FontStyle::Normal => Face::Regular,
        FontStyle::Bold => Face::Bold,
        FontStyle::Italic | FontStyle::Oblique => Face::Italic,
    }
}

#[cfg(test)]
mod tests {
    use plotters::prelude::*;

    use super::super::sheet::Mark;
    use super::Paper;

    #[test]
    fn elements_of_plotters_become_marks_in_points() {
        let paper = Paper::new(200.0, 100.0);
        let area = paper.clone().into_drawing_area();
        area.draw(&PathElement::new(vec![(100, 200), (300, 400)], BLUE.stroke_width(120))).expect("cannot fail");
        area.draw(&Circle::new((500, 500), 150, RED.filled())).expect("cannot fail");
        area.draw(&Rectangle::new([(0, 0), (100, 100)], GREEN.filled())).expect("cannot fail");
        let sheet = paper.finish().expect("no text");
        assert_eq!(sheet.marks.len(), 3);
        let Mark::Path { points, stroke, .. } = &sheet.marks[0] else { panic!("a path") };
        assert_eq!(points, &[(1.0, 2.0), (3.0, 4.0)]);
        assert_eq!(stroke.map(|stroke| stroke.width), Some(1.2));
    }
}
