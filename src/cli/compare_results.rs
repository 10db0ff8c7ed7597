//! The result folder of `comity compare`: tables, charts, every scenario as resolved, manifest.

use super::results::Results;
use comity::experiment::{CompareEnd, CompareTables, Comparison, loops_table, schedule_table};
use comity::figure::{Context, Kind, Request};
use comity::scenario::{self, Study};
use comity::storage::{Published, StorageError};
use comity::table::Table;
use serde_json::{Map, Value, json};
use std::path::Path;

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
pub fn publish(mut results: Results, compared: &Compared<'_>) -> Result<Published, StorageError> {
    let schedule = schedule_table(compared.study);
    let loops = loops_table(compared.study, compared.comparison);
    for table in compared.tables.all().into_iter().chain([&schedule]).chain((loops.rows() > 0).then_some(&loops)) {
        results.table(table)?;
    }
    if let Some(replicates) = &compared.replicates {
        results.table_beside(replicates)?;
    }
    let study = compared.study;
    let arms: Vec<_> = study.arms().iter().map(|arm| (arm.key.as_str(), arm.label.as_str(), &arm.scenario)).collect();
    results.table_beside(&scenario::changes(&arms, study.baseline()))?;
    results.table_beside(&scenario::describe(study.baseline()))?;
    let drawn = compared.tables.all().into_iter().chain([&schedule, &loops]);
    let drawn = drawn.map(|table| (table.schema.name.clone(), table.clone())).collect();
    results.charts(charts(compared, &loops), &drawn, &context(compared))?;
    results.write("scenarios/baseline.toml", study.baseline().to_toml().as_bytes())?;
    for arm in study.arms() {
        results.write(&format!("scenarios/{}.toml", arm.key), arm.scenario.to_toml().as_bytes())?;
    }
    results.publish(about(compared))
}

fn context(compared: &Compared<'_>) -> Context {
    let Compared { study, comparison, .. } = compared;
    Context {
        scenario: study.name().to_owned(),
        digest: study.digest(),
        replicates: comparison.replicates() as u64,
        seed: study.baseline().seed(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Context::default()
    }
}

/// The charts: of the main outcome in every window, and over time.
fn charts(compared: &Compared<'_>, loops: &Table) -> Vec<Request> {
    let Compared { study, comparison, tables, .. } = compared;
    let analysis = comparison.analysis();
    let main = analysis.outcomes[analysis.main];
    let costly = tables.effects.reals("cost").is_some_and(|costs| costs.iter().any(|cost| *cost > 0.0));
    let mut charts: Vec<Request> = Vec::new();
    for window in study.windows() {
        let mut draw = |kind: Kind| {
            let key = kind.key();
            let name = if study.windows().len() > 1 { format!("{key}-{}", window.key) } else { key.to_owned() };
            charts.push(Request {
                measure: Some(main.key().to_owned()),
                window: Some(window.key.clone()),
                indifference: analysis.relevant[analysis.main],
                ..Request::new(kind, &name)
            });
        };
        draw(Kind::Forest);
        if costly {
            draw(Kind::CostEffect);
        }
        if !study.packages().is_empty() {
            draw(Kind::Packages);
        }
        if study.arms().len() > 1 {
            draw(Kind::Ranking);
        }
    }
    for kind in [Kind::Differences, Kind::Trajectories] {
        charts.push(Request { measure: Some(main.key().to_owned()), ..Request::new(kind, kind.key()) });
    }
    for arm in study.arms() {
        let name = format!("attrition-{}", arm.key);
        charts.push(Request { arm: Some(arm.key.clone()), ..Request::new(Kind::Attrition, &name) });
    }
    for arm in study.arms().iter().filter(|arm| comes_back(loops, &arm.key)) {
        charts.push(Request { arm: Some(arm.key.clone()), ..Request::new(Kind::Loop, &format!("loop-{}", arm.key)) });
    }
    let confidence = Some(analysis.confidence).filter(|level| *level != 0.95);
    charts.iter_mut().for_each(|chart| chart.confidence = confidence);
    charts
}

/// Whether an intervention of the arm passes the same level on its way up and on its way down, short of being wholly in
/// force: without that there is no loop to look at.
fn comes_back(loops: &Table, arm: &str) -> bool {
    let (Some(arms), Some(ways), Some(levels)) = (loops.texts("arm"), loops.texts("direction"), loops.reals("level"))
    else {
        return false;
    };
    let of = |way: &str| -> Vec<f64> {
        let rows = (0..loops.rows()).filter(|&row| &*arms[row] == arm && &*ways[row] == way);
        rows.map(|row| levels[row]).filter(|level| *level < 1.0).collect()
    };
    let down = of("down");
    of("up").iter().any(|level| down.contains(level))
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
fn about(compared: &Compared<'_>) -> [(&'static str, Value); 11] {
    let Compared { study, comparison, .. } = compared;
    let analysis = comparison.analysis();
    let arms: Map<String, Value> =
        study.arms().iter().map(|arm| (arm.key.clone(), json!(arm.scenario.digest()))).collect();
    [
        ("study", json!(study.name())),
        ("title", json!(study.title())),
        ("description", json!(study.description())),
        ("main_outcome", json!(analysis.outcomes[analysis.main].key())),
        ("seed", json!(study.baseline().seed())),
        ("replicates", json!(comparison.replicates())),
        ("ended", json!(ended(comparison.ended()))),
        ("interrupted", json!(comparison.ended() == CompareEnd::Interrupted)),
        ("study_digest", json!(study.digest())),
        ("baseline_digest", json!(study.baseline().digest())),
        ("arm_digests", Value::Object(arms)),
    ]
}
