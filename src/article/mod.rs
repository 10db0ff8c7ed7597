//! Result tables -> tables for readers.
//!
//! [`printed`] makes a [`Printed`] of a table that a result folder holds: a caption, heads with units, groups of rows, numbers
//! rounded by their uncertainty, and notes that say n, how intervals were made, what is adjusted, and where it all comes from.
//! Writers turn it into Markdown, LaTeX, HTML or Typst; as CSV it is the rows chosen, in full precision.
//!
//! Text in a [`Printed`] is plain: no character of it means anything but itself, and each writer escapes what its format would
//! take for more. U+00A0 holds words together, U+2212 is the minus, an en dash alone stands for what is missing.

use std::fmt;
use std::io;

use crate::format::csv::CsvWriter;
use crate::table::Table;

mod arms;
pub(crate) mod cells;
mod choice;
mod effects;
mod evidence;
mod facts;
mod html;
mod latex;
mod latex_text;
mod latex_widths;
mod markdown;
mod printed;
mod typst;

pub use choice::Choice;
pub use printed::{Align, Column, Entry, Group, Printed, Span};

/// What a table for readers is about. Its key is the name of the result table that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What every arm changes against the baseline.
    Effects,
    /// Which arm is best.
    Ranking,
    /// What packages bring beyond their parts.
    Packages,
    /// The region over the whole window.
    Summary,
    /// Depth of cooperative practice.
    Depth,
    /// What was done, how many it reached, what it cost.
    Interventions,
    /// Patterns of the evidence against the model.
    Validation,
    /// Qualitative predictions.
    Predictions,
    /// What differs from what a scenario is built on, or from the baseline.
    Changes,
    /// Every number in force, and its source.
    Parameters,
}

impl Kind {
    /// All of them; of a result that holds several, the first is the one it mainly holds.
    pub const ALL: [Self; 10] = [
        Self::Effects,
        Self::Summary,
        Self::Predictions,
        Self::Validation,
        Self::Ranking,
        Self::Packages,
        Self::Depth,
        Self::Interventions,
        Self::Changes,
        Self::Parameters,
    ];

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Effects => "effects",
            Self::Ranking => "ranking",
            Self::Packages => "packages",
            Self::Summary => "summary",
            Self::Depth => "depth",
            Self::Interventions => "interventions",
            Self::Validation => "validation",
            Self::Predictions => "predictions",
            Self::Changes => "changes",
            Self::Parameters => "parameters",
        }
    }

    /// The kind of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Where a table comes from, for its notes. What is empty or `None` is not told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Name of the scenario or study.
    pub name: String,
    /// Digest of the scenario or study as resolved.
    pub digest: String,
    /// How many replicates were run.
    pub replicates: Option<u64>,
    /// The seed they share.
    pub seed: Option<u64>,
    /// Version of the program that made the result.
    pub version: String,
    /// Whether it was stopped before all was done.
    pub interrupted: bool,
}

/// Why a table for readers cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleError {
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
    /// The table has no rows.
    Empty {
        /// Name of the table.
        table: String,
    },
    /// The table cannot be chosen from by that.
    NotBy {
        /// Name of the table.
        table: String,
        /// `measure`, `window` or `arm`.
        what: &'static str,
    },
    /// The table has nothing of that name.
    Unknown {
        /// Name of the table.
        table: String,
        /// `measure`, `window` or `arm`.
        what: &'static str,
        /// What was asked for.
        wanted: String,
        /// What there is.
        present: Vec<String>,
    },
    /// Each of the things asked for is there, but no row has all of them.
    NoneTogether {
        /// Name of the table.
        table: String,
    },
    /// A label for references has characters that no format takes.
    Label {
        /// The label.
        label: String,
    },
}

impl fmt::Display for ArticleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn { table, column, kind, present } => {
                write!(f, "table `{table}` has no column `{column}` of {kind}; its columns are {}", present.join(", "))
            }
            Self::Empty { table } => write!(f, "table `{table}` has no rows"),
            Self::NotBy { table, what } => write!(f, "table `{table}` has no {what}s to choose from"),
            Self::Unknown { table, what, wanted, present } => {
                write!(f, "table `{table}` has no {what} `{wanted}`; it has {}", present.join(", "))
            }
            Self::NoneTogether { table } => write!(f, "table `{table}` has no row of all that was chosen together"),
            Self::Label { label } => {
                write!(f, "`{label}` cannot be a label: it takes letters A to Z, digits, `:`, `.`, `_` and `-`")
            }
        }
    }
}

impl std::error::Error for ArticleError {}

/// Makes a table for readers of a result table.
///
/// # Errors
/// When a column is missing, the table has no rows, what was chosen is not there, or the label is none.
pub fn printed(kind: Kind, table: &Table, choice: &Choice, source: &Source) -> Result<Printed, ArticleError> {
    let label = choice.label.clone().unwrap_or_else(|| format!("tab:{}", kind.key()));
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ':' | '.' | '_' | '-');
    if label.is_empty() || !label.chars().all(allowed) || !label.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(ArticleError::Label { label });
    }
    let table = choice.of(kind, table)?;
    let mut printed = match kind {
        Kind::Effects => effects::effects(&table, source),
        Kind::Ranking => arms::ranking(&table, source),
        Kind::Packages => arms::packages(&table, source),
        Kind::Summary | Kind::Depth => facts::measures(&table, source),
        Kind::Interventions => facts::interventions(&table, source),
        Kind::Changes => facts::changes(&table, source),
        Kind::Parameters => facts::parameters(&table, source),
        Kind::Validation => evidence::validation(&table, source),
        Kind::Predictions => evidence::predictions(&table, source),
    }?;
    if let Some(title) = &choice.title {
        printed.caption.clone_from(title);
    }
    printed.label = label;
    Ok(printed)
}

/// In which form a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GitHub's pipe tables.
    Markdown,
    /// LaTeX with booktabs.
    Latex,
    /// Comma-separated values of the rows chosen, in full precision.
    Csv,
    /// A fragment of HTML.
    Html,
    /// Typst.
    Typst,
}

impl Printed {
    /// The table in that format.
    ///
    /// # Errors
    /// As CSV, when a date of its rows is in no calendar.
    pub fn write(&self, format: Format) -> io::Result<Vec<u8>> {
        Ok(match format {
            Format::Markdown => self.markdown().into_bytes(),
            Format::Latex => self.latex().into_bytes(),
            Format::Html => self.html().into_bytes(),
            Format::Typst => self.typst().into_bytes(),
            Format::Csv => {
                let mut writer = CsvWriter::new(Vec::new(), &self.data.schema)?;
                writer.write(&self.data)?;
                writer.finish()?
            }
        })
    }

    /// As Markdown: caption, pipe table, notes.
    pub fn markdown(&self) -> String {
        markdown::write(self)
    }

    /// As LaTeX: a float, or a table over several pages; what it needs stands in comments at its top.
    pub fn latex(&self) -> String {
        latex::write(self)
    }

    /// As a fragment of HTML without scripts and styles of its own.
    pub fn html(&self) -> String {
        html::write(self)
    }

    /// As Typst: a figure with a table.
    pub fn typst(&self) -> String {
        typst::write(self)
    }
}
