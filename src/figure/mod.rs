//! Table -> drawing: charts of print quality from tables alone.
//!
//! Every chart is a function of tables and a [`Context`] to a [`Drawing`]: an SVG of physical size,
//! its caption as text, and the numbers drawn where they are not those of the table. Text is
//! measured before anything is placed. The same tables give the same bytes. No file is touched and
//! no system font is asked for.

use std::fmt;

use crate::table::Table;

pub mod axis;
mod backend;
mod barriers;
pub mod calendar;
mod columns;
mod cost_effect;
mod courses;
mod differences;
pub mod font;
mod forest;
mod funnel;
mod hysteresis;
mod labels;
mod ledger;
mod legend;
mod litmus;
mod marks;
mod matrix;
mod packages;
pub mod palette;
mod panels;
pub mod paper;
mod pdf;
mod predictions;
mod ranking;
pub mod raster;
mod rates;
mod series;
pub mod sheet;
mod spread;
pub mod svg;
pub mod ticks;
mod trajectories;
mod tree;
mod unit;
mod validation;
mod words;

pub use barriers::barriers;
pub use cost_effect::cost_effect;
pub use differences::differences;
pub use forest::{Outcome, forest};
pub use funnel::funnel;
pub use hysteresis::hysteresis;
pub use litmus::litmus;
pub use matrix::matrix;
pub use packages::packages;
pub use pdf::{outlined, pdf};
pub use predictions::predictions;
pub use ranking::ranking;
pub use raster::{DPI, png, tiff};
pub use series::{Measure, measures_over_time, series};
pub use sheet::Sheet;
pub use spread::spread;
pub use trajectories::trajectories;
pub use validation::validation;

/// Size and type of a figure; journals differ, charts do not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width in millimetres; `None` lets the chart choose (89 single, 120 one and a half, 183 double).
    pub width: Option<f64>,
    /// Text size in points.
    pub text: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: None, text: 7.0 }
    }
}

impl Style {
    /// Width in points, when the chart itself would take so many millimetres.
    fn points(&self, millimetres: f64) -> Result<f64, FigureError> {
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

/// Where the tables come from, for the caption, and how the figure is to look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Context {
    /// Title in words; empty lets the chart name itself.
    pub title: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Digest of the resolved scenario.
    pub digest: String,
    /// How many replicates were run.
    pub replicates: u64,
    /// The seed they share.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
    /// Names to print for keys of states, where the key itself does not read well.
    pub names: Vec<(String, String)>,
    /// Which state's rows to show; `None` is the whole region.
    pub state: Option<String>,
    /// Size and type.
    pub style: Style,
}

impl Context {
    fn title_or(&self, own: &str) -> String {
        let chosen = if self.title.is_empty() { own.to_owned() } else { self.title.clone() };
        match &self.state {
            Some(state) => format!("{chosen}: {}", self.name(state)),
            None => chosen,
        }
    }

    /// The name to print for the key of a state.
    fn name(&self, key: &str) -> String {
        let given = self.names.iter().find(|(known, _)| known == key);
        given.map_or_else(|| display_name(key), |(_, name)| name.clone())
    }

    /// Whether a row of that state is meant.
    fn shows(&self, state: &str) -> bool {
        state == self.state.as_deref().unwrap_or(REGION)
    }

    /// The caption in Markdown: title, what is shown, and where it comes from.
    fn caption(&self, title: &str, body: &str) -> String {
        let runs = if self.replicates == 1 { "run" } else { "runs" };
        let digest: String = self.digest.chars().take(12).collect();
        format!(
            "**{title}.** {body} n = {} {runs} of the scenario *{}* (digest `{digest}`), seed {}; comity {}.\n",
            self.replicates, self.scenario, self.seed, self.version
        )
    }
}

/// The key that stands for the whole region in a `state` column.
pub const REGION: &str = "region";

/// A finished figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Title, also in the metadata of every file made of it.
    pub title: String,
    /// The figure.
    pub svg: String,
    /// Its caption in Markdown: what is shown, n, interval method, seed, digest, version.
    pub caption: String,
    /// The numbers drawn, where they are not simply rows of the table handed in.
    pub data: Option<Table>,
    /// The display list the SVG was written from, for checks.
    pub sheet: Sheet,
}

impl Drawing {
    fn new(paper: paper::Paper, context: &Context, title: &str, body: &str) -> Result<Self, FigureError> {
        let sheet = paper.finish()?;
        let caption = context.caption(title, body);
        let mut drawing = Self { title: title.to_owned(), svg: String::new(), caption, data: None, sheet };
        drawing.svg = svg::write(&drawing.sheet, title, &drawing.description());
        Ok(drawing)
    }

    /// The caption without the marks of Markdown.
    fn description(&self) -> String {
        let plain: String = self.caption.chars().filter(|letter| !matches!(letter, '*' | '`')).collect();
        plain.trim().to_owned()
    }
}

/// Why a figure cannot be drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureError {
    /// The table lacks a column of that name and kind.
    MissingColumn {
        /// Name of the table.
        table: String,
        /// Name of the column.
        column: String,
        /// What the column should hold.
        kind: &'static str,
        /// The columns the table has.
        present: Vec<String>,
    },
    /// The table has no rows to draw.
    Nothing {
        /// Name of the table.
        table: String,
        /// What was looked for.
        what: String,
    },
    /// A text holds a character the bundled font cannot draw.
    Glyph {
        /// The character.
        character: char,
        /// The text.
        text: String,
    },
    /// The content cannot fit the size asked for.
    Unfit {
        /// Why.
        reason: String,
    },
    /// The drawing could not be made into pixels or a page.
    Raster {
        /// Why.
        reason: String,
    },
}

impl fmt::Display for FigureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn { table, column, kind, present } => {
                write!(f, "table `{table}` has no column `{column}` of {kind}; its columns are {}", present.join(", "))
            }
            Self::Nothing { table, what } => write!(f, "table `{table}` has no {what} to draw"),
            Self::Glyph { character, text } => write!(
                f,
                "the figure font has no glyph for `{character}` (U+{:04X}) in `{text}`; replace the label",
                u32::from(*character)
            ),
            Self::Unfit { reason } | Self::Raster { reason } => f.write_str(reason),
        }
    }
}

impl std::error::Error for FigureError {}

/// A key as a reader would write it: `viet-nam` becomes `Viet Nam`; a name with capitals stays.
fn display_name(key: &str) -> String {
    let spaced = key.replace(['_', '-'], " ");
    if key.chars().any(char::is_uppercase) {
        return key.replace('_', " ");
    }
    let mut out = String::with_capacity(spaced.len());
    let mut start = true;
    for letter in spaced.chars() {
        if start {
            out.extend(letter.to_uppercase());
        } else {
            out.push(letter);
        }
        start = letter == ' ';
    }
    out
}
