//! Which rows of a result table are meant.

use std::borrow::Cow;
use std::sync::Arc;

use crate::table::Table;

use super::{ArticleError, Kind};

/// Which rows are printed, and under what title. Nothing chosen: all of them, under their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Key of the measure.
    pub measure: Option<String>,
    /// Key of the window.
    pub window: Option<String>,
    /// Keys of arms, packages or interventions, in the order of the table.
    pub arms: Vec<String>,
    /// The caption.
    pub title: Option<String>,
    /// The label by which a text refers to it: letters A to Z, digits, `:`, `.`, `_` and `-`.
    pub label: Option<String>,
}

impl Choice {
    /// The rows that are meant.
    pub(super) fn of<'t>(&self, kind: Kind, table: &'t Table) -> Result<Cow<'t, Table>, ArticleError> {
        let name = || table.schema.name.clone();
        if table.rows() == 0 {
            return Err(ArticleError::Empty { table: name() });
        }
        let arm_column = match kind {
            Kind::Packages => "package",
            Kind::Interventions => "intervention",
            _ => "arm",
        };
        let mut filters: Vec<(&[Arc<str>], Vec<&str>)> = Vec::new();
        let own = [
            ("measure", "measure", self.measure.iter().map(String::as_str).collect::<Vec<_>>()),
            ("window", "window", self.window.iter().map(String::as_str).collect()),
            ("arm", arm_column, self.arms.iter().map(String::as_str).collect()),
        ];
        for (what, column, wanted) in own {
            if wanted.is_empty() {
                continue;
            }
            let words = table.texts(column).ok_or_else(|| ArticleError::NotBy { table: name(), what })?;
            if let Some(unknown) = wanted.iter().find(|wanted| !words.iter().any(|word| **word == ***wanted)) {
                let present = super::cells::distinct(words);
                return Err(ArticleError::Unknown { table: name(), what, wanted: (*unknown).to_owned(), present });
            }
            filters.push((words, wanted));
        }
        // Orders and subsets of packages are there to be counted with; they are printed when they are asked for.
        let kinds = table.texts("kind").filter(|_| kind == Kind::Effects && self.arms.is_empty());
        let shown = |row: usize| kinds.is_none_or(|kinds| !matches!(&*kinds[row], "order" | "subset"));
        let meant = |row: &usize| shown(*row) && filters.iter().all(|(words, wanted)| wanted.contains(&&*words[*row]));
        let rows: Vec<usize> = (0..table.rows()).filter(meant).collect();
        match rows.len() {
            0 => Err(ArticleError::NoneTogether { table: name() }),
            all if all == table.rows() => Ok(Cow::Borrowed(table)),
            _ => Ok(Cow::Owned(table.picked(&rows))),
        }
    }
}
