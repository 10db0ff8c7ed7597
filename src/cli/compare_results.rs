//! The result folder of `comity compare`: tables, charts, every scenario as resolved, manifest.

use super::results::{Drawn, Results};
use comity::experiment::{CompareEnd, CompareTables, Comparison, loops_table, schedule_table};
use comity::figure::{self, Context, Outcome};
use comity::scenario::Study;
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
    results.charts(charts(compared, &schedule, &loops))?;
    let study = compared.study;
    results.write("scenarios/baseline.toml", study.baseline().to_toml().as_bytes())?;
    for arm in study.arms() {
        results.write(&format!("scenarios/{}.toml", arm.key), arm.scenario.to_toml().as_bytes())?;
    }
    results.publish(about(compared))
}

/// Draws the charts: of the main outcome in every window, and over time.
fn charts(compared: &Compared<'_>, schedule: &Table, loops: &Table) -> Vec<Drawn> {
    let Compared { study, comparison, tables, .. } = compared;
    let analysis = comparison.analysis();
    let main = analysis.outcomes[analysis.main];
    let context = Context {
        scenario: study.name().to_owned(),
        digest: study.digest(),
        replicates: comparison.replicates() as u64,
        seed: study.baseline().seed(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Context::default()
    };
    let mut drawn: Vec<Drawn> = Vec::new();
    let mut draw = |name: String, drawing| drawn.push(Drawn { name, drawing });
    let costly = tables.effects.reals("cost").is_some_and(|costs| costs.iter().any(|cost| *cost > 0.0));
    for window in study.windows() {
        let outcome =
            Outcome { indifference: analysis.relevant[analysis.main], ..Outcome::new(main.key(), &window.key) };
        let name =
            |kind: &str| if study.windows().len() > 1 { format!("{kind}-{}", window.key) } else { kind.to_owned() };
        draw(name("forest"), figure::forest(&tables.effects, &outcome, &context));
        if costly {
            draw(name("cost-effect"), figure::cost_effect(&tables.effects, &outcome, &context));
        }
        if !study.packages().is_empty() {
            draw(name("packages"), figure::packages(&tables.packages, &outcome, &context));
        }
        if study.arms().len() > 1 {
            let of_window = |table: &Table| rows_with(table, "window", &window.key);
            let (ranking, ranks) = (of_window(&tables.ranking), of_window(&tables.rank_probabilities));
            draw(name("ranking"), figure::ranking(&ranking, &ranks, &context));
        }
    }
    draw("differences".to_owned(), figure::differences(&tables.differences, main.key(), schedule, &context));
    draw("trajectories".to_owned(), figure::trajectories(&tables.differences, main.key(), schedule, &context));
    for arm in study.arms() {
        draw(format!("attrition-{}", arm.key), figure::attrition(&tables.stages, &arm.key, None, &context));
        let own = rows_with(loops, "arm", &arm.key);
        if own.rows() > 0 {
            draw(format!("loop-{}", arm.key), figure::hysteresis(&own, &context));
        }
    }
    drawn
}

/// The rows of a table in which a column has that word.
fn rows_with(table: &Table, column: &str, word: &str) -> Table {
    let wanted = table.texts(column).unwrap_or_default();
    let rows: Vec<usize> = (0..table.rows()).filter(|row| &*wanted[*row] == word).collect();
    table.picked(&rows)
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
fn about(compared: &Compared<'_>) -> [(&'static str, Value); 9] {
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
}
