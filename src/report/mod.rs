//! A result as one page of HTML: the question, what was found, how, how far it can be trusted, and how to get it again.
//!
//! The page is whole in itself: figures are drawn into it, nothing is fetched, nothing is run. It is made of a
//! result's own tables, figures and manifest, so the same result gives the same bytes. It reads with a screen reader
//! (headings in order, tables with heads, figures with their description), on a phone and in print.

mod brief;
mod page;
mod words;

use std::collections::BTreeMap;

use crate::article::{self, Choice, Source};
use crate::figure::Drawing;
use crate::table::Table;

use page::Page;

/// A result to be told.
#[derive(Debug, Clone)]
pub struct Result<'a> {
    /// Its title, in words.
    pub title: &'a str,
    /// What it asks, in words of who wrote the scenario; may be empty.
    pub description: &'a str,
    /// What the result is of.
    pub of: Of<'a>,
    /// Name, digest, seed and so on.
    pub source: Source,
    /// Its tables, by name.
    pub tables: &'a BTreeMap<String, Table>,
    /// Its figures, in the order in which to show them.
    pub figures: &'a [Drawing],
    /// How to get it again: what and its value.
    pub provenance: &'a [(String, String)],
}

/// What a result is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of<'a> {
    /// One scenario.
    Run,
    /// Arms against a baseline, judged first by that measure.
    Comparison {
        /// Key of the main outcome.
        measure: &'a str,
    },
    /// Points of a sweep, each with a baseline and perhaps arms.
    Sweep {
        /// The name of the design.
        design: &'a str,
        /// How many points.
        points: u64,
        /// What was found, a sentence to a line.
        found: &'a str,
    },
    /// A scenario, and rival models, fitted to recorded figures.
    Calibration {
        /// Simulations of all models.
        simulations: u64,
        /// How many models.
        models: usize,
        /// What was found, a sentence to a line.
        found: &'a str,
    },
}

/// How a page says by what it was made.
pub const GENERATOR: &str = "<meta name=\"generator\" content=\"comity ";

/// Sections of tables: the heading and the kinds of tables beneath it.
const TABLES: [(&str, &[article::Kind]); 2] = [
    (
        "Tables",
        &[
            article::Kind::Effects,
            article::Kind::Ranking,
            article::Kind::Packages,
            article::Kind::Summary,
            article::Kind::Depth,
            article::Kind::Interventions,
        ],
    ),
    ("Held against the evidence", &[article::Kind::Validation, article::Kind::Predictions]),
];

/// The page.
pub fn html(result: &Result<'_>) -> String {
    let mut page = Page::new(result.title);
    page.section("Question");
    if result.description.is_empty() {
        page.paragraph(result.title);
    }
    for paragraph in result.description.split("\n\n") {
        page.paragraph(paragraph);
    }
    page.section("In brief");
    for paragraph in brief::brief(result) {
        page.paragraph(&paragraph);
    }
    scenario(&mut page, result);
    page.section("The model in brief");
    for paragraph in words::MODEL {
        page.paragraph(paragraph);
    }
    if !result.figures.is_empty() {
        page.section("Figures");
        for drawing in result.figures {
            page.figure(drawing);
        }
    }
    for (heading, kinds) in TABLES {
        let printed: Vec<String> = kinds.iter().filter_map(|kind| printed(result, *kind)).collect();
        if printed.is_empty() {
            continue;
        }
        page.section(heading);
        printed.iter().for_each(|table| page.table(table));
    }
    page.section("Limits");
    page.list(&words::limits(result));
    page.section("Methods, to be adapted");
    page.paragraph(&words::methods(result));
    page.paragraph("References for it:");
    page.list(&words::references(result));
    page.section("How to get the same again");
    page.facts(result.provenance);
    page.paragraph(words::AGAIN);
    if let Some(changes) = printed(result, article::Kind::Changes) {
        page.section("What differs");
        page.table(&changes);
    }
    if let Some(parameters) = printed(result, article::Kind::Parameters) {
        page.section("Parameters");
        page.paragraph(&words::grades(result));
        page.table(&parameters);
    }
    page.finish(&result.source.version)
}

/// A table for readers as HTML, if the result has rows for it. Of effects, those on the main outcome.
fn printed(result: &Result<'_>, kind: article::Kind) -> Option<String> {
    let table = result.tables.get(kind.key()).filter(|table| table.rows() > 0)?;
    let measure = match (result.of, kind) {
        (Of::Comparison { measure }, article::Kind::Effects | article::Kind::Packages) => Some(measure.to_owned()),
        _ => None,
    };
    let choice = Choice { measure, ..Choice::default() };
    article::printed(kind, table, &choice, &result.source).ok().map(|printed| printed.html())
}

/// What was run, and what differs from what.
fn scenario(page: &mut Page, result: &Result<'_>) {
    page.section(match result.of {
        Of::Run => "Scenario",
        Of::Comparison { .. } => "Baseline and arms",
        Of::Sweep { .. } => "Points",
        Of::Calibration { .. } => "Fit",
    });
    let source = &result.source;
    let runs = source.replicates.map_or_else(String::new, |runs| {
        let arms = match result.of {
            Of::Run | Of::Calibration { .. } => "",
            Of::Comparison { .. } => " of the baseline and of every arm",
            Of::Sweep { .. } => " at every point, of the baseline and of every arm,",
        };
        if runs == 1 { format!(" One replicate{arms} was run") } else { format!(" {runs} replicates{arms} were run") }
    });
    let seed = source.seed.map_or_else(String::new, |seed| format!(" from seed {seed}"));
    let cut = if source.interrupted { " The run was stopped before all replicates were done." } else { "" };
    if let Of::Sweep { design, points, .. } = result.of {
        let points = if points == 1 { "One point".to_owned() } else { format!("{points} points") };
        page.paragraph(&format!(
            "{points} of a {design} design; the folder of the result has each in the table design."
        ));
    }
    if let Of::Calibration { simulations, models, .. } = result.of {
        let models = if models == 1 { "One model was".to_owned() } else { format!("{models} models were") };
        page.paragraph(&format!("{models} fitted to recorded figures by {simulations} simulations; the table targets of the result has the figures."));
    }
    page.paragraph(&format!("{} (digest {}).{runs}{seed}.{cut}", source.name, source.digest));
    let Some(changes) = result.tables.get("changes") else { return };
    if changes.rows() == 0 {
        page.paragraph("Nothing differs from the scenario it is built on.");
        return;
    }
    page.paragraph("What differs from what it is built on is listed before the parameters.");
}
