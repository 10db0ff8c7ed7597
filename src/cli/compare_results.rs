//! The result folder of `comity compare`: tables, charts, every scenario as resolved, manifest.

use super::results::{Drawn, Results};
use comity::experiment::{CompareEnd, CompareTables, Comparison};
use comity::scenario::Study;
use comity::storage::{Published, StorageError};
use comity::table::Table;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::Duration;

/// What a comparison leaves.
pub struct Compared<'c> {
    /// What was compared.
    pub study: &'c Study,
    /// What was found.
    pub comparison: &'c Comparison,
    /// The tables of it.
    pub tables: &'c CompareTables,
    /// Every value, if it is to be kept.
    pub replicates: Option<Table>,
}

/// Opens the folder before the first run.
pub fn open(path: &Path, study: &Study) -> Result<Results, StorageError> {
    let metadata = [
        ("study", study.name().to_owned()),
        ("study_digest", study.digest()),
        ("seed", study.baseline().seed().to_string()),
    ];
    Results::create(path, metadata)
}

/// Writes everything and gives the folder its name.
pub fn publish(mut results: Results, compared: &Compared<'_>, duration: Duration) -> Result<Published, StorageError> {
    for table in compared.tables.all() {
        results.table(table)?;
    }
    if let Some(replicates) = &compared.replicates {
        results.table_beside(replicates)?;
    }
    results.charts(charts(compared))?;
    let study = compared.study;
    results.write("scenarios/baseline.toml", study.baseline().to_toml().as_bytes())?;
    for arm in study.arms() {
        results.write(&format!("scenarios/{}.toml", arm.key), arm.scenario.to_toml().as_bytes())?;
    }
    results.publish(about(compared), duration)
}

/// Draws the charts.
fn charts(_compared: &Compared<'_>) -> Vec<Drawn> {
    Vec::new()
}

/// Why no more replicates were done: a word for the manifest.
fn ended(end: CompareEnd) -> &'static str {
    match end {
        CompareEnd::Planned => "planned",
        CompareEnd::Precise => "precise",
        CompareEnd::Settled => "settled",
        CompareEnd::Most => "most replicates",
        CompareEnd::Interrupted => "interrupted",
    }
}

/// What the manifest says of this result alone.
fn about(compared: &Compared<'_>) -> Map<String, Value> {
    let Compared { study, comparison, .. } = compared;
    let arms: Map<String, Value> =
        study.arms().iter().map(|arm| (arm.key.clone(), json!(arm.scenario.digest()))).collect();
    [
        ("study", json!(study.name())),
        ("title", json!(study.title())),
        ("seed", json!(study.baseline().seed())),
        ("replicates", json!(comparison.replicates())),
        ("ended", json!(ended(comparison.ended()))),
        ("interrupted", json!(comparison.ended() == CompareEnd::Interrupted)),
        ("study_digest", json!(study.digest())),
        ("baseline_digest", json!(study.baseline().digest())),
        ("arm_digests", Value::Object(arms)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
