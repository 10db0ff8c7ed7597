//! Size and type of a figure; journals differ, charts do not.

use super::{FigureError, svg};

/// Size and type of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width in millimetres; `None` lets the chart choose (89 single, 120 one and a half, 183 double).
    pub width: Option<f64>,
    /// Text size in points.
    pub text: f64,
    /// What heights that could be otherwise (of panels, of rows) are multiplied with; 1 is the chart's own choice.
    pub stretch: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: None, text: 7.0, stretch: 1.0 }
    }
}

impl Style {
    /// Width in points, when the chart itself would take so many millimetres.
    pub(super) fn points(&self, millimetres: f64) -> Result<f64, FigureError> {
        let width = self.width.unwrap_or(millimetres);
        if !(50.0..=1000.0).contains(&width) {
            return Err(FigureError::Unfit {
                reason: format!("a figure is 50 to 1000 mm wide, but {width} was asked for"),
            });
        }
        if !(6.0..=24.0).contains(&self.text) {
            return Err(FigureError::Unfit { reason: format!("text is 6 to 24 pt, but {} was asked for", self.text) });
        }
        Ok(width * svg::POINTS_PER_MILLIMETRE)
    }
}
