//! Table -> drawing: charts of print quality from tables alone.
//!
//! Every chart is a function of tables and a [`Context`] to a [`Drawing`]: an SVG of physical size,
//! its caption as text, and the numbers drawn where they are not those of the table. Text is
//! measured before anything is placed. The same tables give the same bytes. No file is touched and
//! no system font is asked for.

use std::fmt;

use crate::table::Table;

mod acceptability;
mod arm_looks;
mod attrition;
mod attrition_page;
pub mod axis;
mod backend;
mod barriers;
mod barriers_by;
mod barriers_grid;
mod barriers_over_time;
mod best_arms;
pub mod calendar;
mod calibration;
mod calibration_requests;
mod category_names;
mod columns;
mod contour_labels;
mod contours;
mod convergence;
mod cost_effect;
mod courses;
mod density;
mod depth;
mod differences;
mod discovery;
mod discovery_limits;
mod factor_bins;
mod factor_panels;
mod factor_words;
mod factors;
pub mod font;
mod force;
mod forest;
mod funnel;
mod heat_grid;
mod heat_notes;
mod heatmap;
mod hysteresis;
mod journal;
mod labels;
mod learned;
mod ledger;
mod legend;
mod levels;
mod litmus;
mod litmus_over_time;
mod marks;
mod matrix;
mod matrix_grid;
mod mixes;
mod network;
mod network_key;
mod numbered;
mod packages;
pub mod palette;
mod panels;
pub mod paper;
mod pdf;
mod people;
mod places;
mod posterior;
mod predictions;
mod predictive;
mod ranking;
pub mod raster;
mod rates;
mod request;
mod request_changes;
mod response;
mod response_rows;
mod ridges;
mod rivals;
mod screening;
mod sensitivity;
mod sensitivity_requests;
mod seriation;
mod series;
mod shares;
pub mod sheet;
mod spaghetti;
mod spread;
mod style;
pub mod svg;
mod sweep;
mod sweep_charts;
mod sweep_requests;
mod theme;
pub mod ticks;
mod timed;
mod tornado;
mod trajectories;
mod tree;
mod unit;
mod validation;
mod walk;
mod wedges;
mod wording;
mod words;
mod yearly;

pub use acceptability::acceptability;
pub use attrition::attrition;
pub use barriers::barriers;
pub use barriers_by::{barriers_by_role, barriers_by_state};
pub use barriers_over_time::barriers_over_time;
pub use best_arms::best_arms;
pub use calibration_requests::calibration_requests;
pub use convergence::convergence;
pub use cost_effect::cost_effect;
pub use depth::depth;
pub use differences::differences;
pub use discovery::discovery;
pub use forest::{Outcome, forest};
pub use funnel::funnel;
pub use heat_grid::Swept;
pub use heatmap::heatmap;
pub use hysteresis::hysteresis;
pub use journal::{JOURNALS, Journal};
pub use learned::learned;
pub use litmus::litmus;
pub use litmus_over_time::litmus_over_time;
pub use matrix::{matrix, matrix_ordered};
pub use matrix_grid::MatrixOrder;
pub use mixes::mixes;
pub use network::network;
pub use packages::packages;
pub use pdf::{outlined, pdf};
pub use posterior::posterior;
pub use predictions::predictions;
pub use predictive::predictive;
pub use ranking::ranking;
pub use raster::{DPI, png, tiff};
pub use request::{Kind, Request, Tables};
pub use request_changes::Changes;
pub use response::{Response, response};
pub use ridges::ridges;
pub use rivals::rivals;
pub use screening::screening;
pub use sensitivity_requests::sensitivity_requests;
pub use series::{Measure, measures_over_time, series};
pub use shares::shares;
pub use sheet::Sheet;
pub use spaghetti::spaghetti;
pub use spread::spread;
pub use style::Style;
pub use sweep_requests::{SweepCharts, sweep_requests};
pub use theme::Theme;
pub use tornado::tornado;
pub use trajectories::trajectories;
pub use validation::validation;
pub use walk::walk;
pub use wording::Wording;

/// Where the tables come from, for the caption, and how the figure is to look.
#[derive(Debug, Clone, Default)]
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
    /// Keys of what the figure shows (arms, states, ...) in the order in which to show them; what is not
    /// named follows in the figure's own order.
    pub order: Vec<String>,
    /// Keys of what alone is to be shown; empty shows all.
    pub select: Vec<String>,
    /// The confidence of the tables' intervals, where it is not 0.95.
    pub confidence: Option<f64>,
    /// What the caption is to say besides; empty for nothing.
    pub note: String,
    /// Words that are to stand for the figure's own.
    pub wording: Wording,
    /// Size and type.
    pub style: Style,
}

impl Context {
    /// The words to print for the figure's own: themselves, unless others were given. Every text of a figure
    /// that is not data goes through here before it is measured.
    fn say(&self, own: &str) -> String {
        self.at_confidence(self.wording.say(own))
    }

    /// The words with the confidence of the intervals in them, which charts call 95%.
    fn at_confidence(&self, words: String) -> String {
        match self.confidence {
            Some(level) if level != 0.95 && words.contains("95%") => {
                let level = ticks::number(level * 100.0, usize::from((level * 100.0).fract() > 1e-9));
                words.replace("95%", &format!("{level}%"))
            }
            _ => words,
        }
    }

    /// The name to print for what a table gives a key and a name of its own.
    fn label(&self, key: &str, own: &str) -> String {
        self.wording.label(key, own)
    }

    /// Brings what is shown into the order asked for; what the order does not name keeps its place behind.
    fn arrange<T>(&self, items: &mut [T], key: impl Fn(&T) -> &str) {
        items.sort_by_key(|item| self.place_of(key(item)));
    }

    /// The place of a key in the order asked for; of what is not named the last.
    fn place_of(&self, key: &str) -> usize {
        self.order.iter().position(|wanted| wanted == key).unwrap_or(usize::MAX)
    }

    fn title_or(&self, own: &str) -> String {
        let chosen = if self.title.is_empty() { self.say(own) } else { self.title.clone() };
        match &self.state {
            Some(state) => format!("{chosen}: {}", self.name(state)),
            None => chosen,
        }
    }

    /// The name to print for the key of a state.
    fn name(&self, key: &str) -> String {
        let given = self.names.iter().find(|(known, _)| known == key);
        self.label(key, &given.map_or_else(|| display_name(key), |(_, name)| name.clone()))
    }

    /// Whether a row of that state is meant.
    fn shows(&self, state: &str) -> bool {
        state == self.state.as_deref().unwrap_or(REGION)
    }

    /// The caption in Markdown: title, what is shown, and where it comes from.
    fn caption(&self, title: &str, body: &str) -> String {
        let runs = if self.replicates == 1 { "run" } else { "runs" };
        let digest: String = self.digest.chars().take(12).collect();
        let stop = if title.ends_with(['?', '!', '.']) { "" } else { "." };
        let body = self.at_confidence(body.trim_end().to_owned());
        let note = if self.note.is_empty() { String::new() } else { format!(" {}", self.note) };
        let colours = match self.style.theme {
            Theme::Print | Theme::Screen => "",
            Theme::Dark => " Colours are named as they are in print; here they are lighter.",
            Theme::Greyscale => " Colours are named as they are in print; here they are greys.",
        };
        format!(
            "**{}{stop}** {body}{note}{colours} n = {} {runs} of the scenario *{}* (digest `{digest}`), seed {}; comity {}.\n",
            words::capitalised(title),
            self.replicates,
            self.scenario,
            self.seed,
            self.version
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
    /// The numbers drawn.
    pub data: Table,
    /// The display list the SVG was written from, for checks.
    pub sheet: Sheet,
}

impl Drawing {
    fn new(
        paper: paper::Paper,
        context: &Context,
        (title, body): (&str, &str),
        data: Table,
    ) -> Result<Self, FigureError> {
        let mut sheet = paper.finish()?;
        sheet.weigh(context.style.lines);
        context.style.theme.apply(&mut sheet);
        let caption = context.caption(title, body);
        let svg = svg::write(&sheet, title, &plain(&caption));
        Ok(Self { title: title.to_owned(), svg, caption, data, sheet })
    }

    /// The figure as an element of a web page; every identifier in it begins with the prefix.
    pub fn inline(&self, prefix: &str) -> String {
        svg::element(&self.sheet, &self.title, &self.description(), prefix)
    }

    /// The caption without its marks.
    fn description(&self) -> String {
        plain(&self.caption)
    }

    /// The same on a page of that height in points, the rest of it left as air.
    fn of_height(mut self, height: f64) -> Self {
        self.sheet.height = height;
        self.svg = svg::write(&self.sheet, &self.title, &self.description());
        self
    }
}

/// A caption without its marks.
fn plain(caption: &str) -> String {
    caption.trim().chars().filter(|letter| !matches!(letter, '*' | '`')).collect()
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
