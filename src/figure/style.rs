//! Size and type of a figure; journals differ, charts do not.

use super::journal::Journal;
use super::theme::Theme;
use super::{FigureError, svg};

/// Size and type of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width in millimetres; `None` lets the chart choose one of `columns`.
    pub width: Option<f64>,
    /// Height in millimetres; `None` lets the chart choose.
    pub height: Option<f64>,
    /// The greatest height in millimetres, if there is one: a figure that would be higher is set tighter.
    pub highest: Option<f64>,
    /// Widths in millimetres that a chart chooses from: one column, one and a half, two.
    pub columns: [f64; 3],
    /// Text size in points.
    pub text: f64,
    /// What the widths of lines are multiplied with; no line gets thinner than 0.3 pt.
    pub lines: f64,
    /// What heights that could be otherwise (of panels, of rows) are multiplied with; 1 is the chart's own choice.
    pub stretch: f64,
    /// Colours.
    pub theme: Theme,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: None,
            height: None,
            highest: None,
            columns: OWN,
            text: 7.0,
            lines: 1.0,
            stretch: 1.0,
            theme: Theme::Print,
        }
    }
}

/// The widths charts are designed for.
const OWN: [f64; 3] = [89.0, 120.0, 183.0];
/// The thinnest line that every publisher prints, in points.
pub(super) const THINNEST: f64 = 0.3;
/// What a screen's text and lines are multiplied with: it is looked at from further away.
const SCREEN: f64 = 1.25;

impl Style {
    /// What a journal asks.
    pub fn of(journal: &Journal) -> Self {
        let Journal { columns, highest, text, lines, .. } = *journal;
        Self { columns, highest, text, lines, ..Self::default() }
    }

    /// The same in a theme.
    #[must_use]
    pub fn themed(self, theme: Theme) -> Self {
        let grown = if theme == Theme::Screen { SCREEN } else { 1.0 };
        Self { theme, text: self.text * grown, lines: self.lines * grown, ..self }
    }

    /// Width in points, when the chart itself would take so many millimetres (89, 120 or 183).
    pub(super) fn points(&self, millimetres: f64) -> Result<f64, FigureError> {
        let own = OWN.iter().position(|own| *own >= millimetres).unwrap_or(OWN.len() - 1);
        let width = self.width.unwrap_or(self.columns[own]);
        let unfit = |reason: String| Err(FigureError::Unfit { reason });
        if !(50.0..=1000.0).contains(&width) {
            return unfit(format!("a figure is 50 to 1000 mm wide, but {width} was asked for"));
        }
        if !(6.0..=24.0).contains(&self.text) {
            return unfit(format!("text is 6 to 24 pt, but {} was asked for", self.text));
        }
        Ok(width * svg::POINTS_PER_MILLIMETRE)
    }
}
