//! The merged result of a sweep: tables written as they come, charts, manifest.

use crate::cli::Errors;
use crate::cli::results::Results;
use comity::diagnostic::Diagnostic;
use comity::experiment::{PointsTable, SweepPlan};
use comity::figure::{Context, Request, SweepCharts, Tables, sweep_requests};
use comity::format::csv::CsvWriter;
use comity::format::parquet::ParquetWriter;
use comity::scenario::Study;
use comity::storage::{HashingWriter, Published, StagedFile, StorageError};
use comity::table::Table;
use serde_json::{Value, json};
use std::path::Path;

/// Rows of the points table beyond which no charts are drawn: those of the outcome that is drawn.
const CHARTED: usize = 400_000;
/// The key of the manifest under which stands which sweep the result is of.
pub const SWEEP_DIGEST: &str = "sweep_digest";

/// A result in the making.
pub struct SweepResult<'p> {
    plan: &'p SweepPlan,
    results: Results,
    runs: ParquetWriter<HashingWriter<StagedFile>>,
    points: PointsTable<'p>,
    csv: CsvWriter<HashingWriter<StagedFile>>,
    parquet: ParquetWriter<StagedFile>,
    rows: u64,
    point_rows: u64,
    /// The rows of the outcome that is drawn.
    drawn: Option<Table>,
}

impl<'p> SweepResult<'p> {
    /// Opens the folder and the files that grow with the sweep.
    pub fn create(path: &Path, study: &Study, plan: &'p SweepPlan) -> Result<Self, StorageError> {
        let metadata = [
            ("study", study.name().to_owned()),
            ("study_digest", study.digest()),
            ("sweep_digest", plan.digest().to_owned()),
            ("seed", plan.seed().to_string()),
        ];
        let results = Results::create(path, metadata)?;
        let runs = HashingWriter::new(results.file("results.parquet")?);
        let runs = ParquetWriter::new(runs, plan.schema(), results.metadata())?;
        let points = PointsTable::new(plan);
        let csv = CsvWriter::new(HashingWriter::new(results.file("points.csv")?), points.schema())?;
        let parquet = ParquetWriter::new(results.file("points.parquet")?, points.schema(), results.metadata())?;
        let drawn = Some(Table::new(std::sync::Arc::clone(points.schema())));
        Ok(Self { plan, results, runs, points, csv, parquet, rows: 0, point_rows: 0, drawn })
    }

    /// Takes in rows of results, in order.
    pub fn add(&mut self, rows: &Table) -> Result<(), StorageError> {
        self.rows += rows.rows() as u64;
        let (runs, points) = (&mut self.runs, &mut self.points);
        let (written, whole) = rayon::join(|| runs.write(rows), || points.add(rows));
        written?;
        self.take(&whole)
    }

    fn take(&mut self, points: &Table) -> Result<(), StorageError> {
        self.point_rows += points.rows() as u64;
        let (csv, parquet) = (&mut self.csv, &mut self.parquet);
        let (first, second) = rayon::join(|| csv.write(points), || parquet.write(points));
        first?;
        second?;
        let main = self.plan.outcomes()[self.plan.main()].key();
        let measures = points.texts("measure").unwrap_or_default();
        let rows: Vec<usize> = (0..points.rows()).filter(|row| &*measures[*row] == main).collect();
        if let Some(drawn) = &mut self.drawn {
            drawn.append(points.picked(&rows));
            if drawn.rows() > CHARTED {
                self.drawn = None;
            }
        }
        Ok(())
    }

    /// Writes everything else and gives the folder its name; an earlier state of the same sweep that has it makes room.
    pub fn publish(
        mut self,
        study: &Study,
        failed: u64,
        found: impl Fn(&Table) -> String,
    ) -> Result<(Published, String), Errors> {
        let told = |error: StorageError| vec![Diagnostic::from(error)];
        let last = std::mem::replace(&mut self.points, PointsTable::new(self.plan)).finish();
        self.take(&last).map_err(told)?;
        let Self { plan, mut results, runs, csv, parquet, rows, point_rows, drawn, .. } = self;
        let finish = || -> Result<(String, String), StorageError> {
            let (file, of_runs) = runs.finish()?.finish();
            file.finish()?;
            parquet.finish()?.finish()?;
            let (file, of_points) = csv.finish()?.finish();
            file.finish()?;
            Ok((of_runs, of_points))
        };
        let (of_runs, of_points) = finish().map_err(told)?;
        results.count("results", rows, of_runs.as_bytes());
        results.count("points", point_rows, of_points.as_bytes());
        results.table(&plan.design_table()).map_err(told)?;
        if let Some(points) = &drawn {
            let tables: Tables = [("points".to_owned(), points.clone())].into_iter().collect();
            results.charts(charts(plan, points), &tables, &context(study, plan)).map_err(told)?;
        }
        let findings = drawn.as_ref().map(found).unwrap_or_default();
        let about = about(study, plan, (rows, failed), &findings);
        let published = results.publish_anew(about, (SWEEP_DIGEST, plan.digest())).map_err(told)?;
        Ok((published, findings))
    }
}

/// What captions of the charts of a sweep say.
pub fn context(study: &Study, plan: &SweepPlan) -> Context {
    Context {
        scenario: study.name().to_owned(),
        digest: plan.digest().to_owned(),
        replicates: u64::from(plan.replicates_of(0)),
        seed: plan.seed(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Context::default()
    }
}

/// The charts that a sweep is left with.
fn charts(plan: &SweepPlan, points: &Table) -> Vec<Request> {
    let windows: Vec<&str> = plan.windows().iter().map(|window| window.key.as_str()).collect();
    let arms: Vec<&str> = plan.lines()[1..].iter().map(|line| line.key.as_str()).collect();
    let today = plan.factors().iter().filter(|factor| !factor.is_words());
    let today = today.filter_map(|factor| Some((factor.key.clone(), factor.today?)));
    let mut requests = sweep_requests(
        points,
        &SweepCharts {
            measure: plan.outcomes()[plan.main()].key(),
            windows: &windows,
            arms: &arms,
            confidence: Some(plan.confidence()),
            threshold: None,
            today: today.collect(),
        },
    );
    // A baseline that is the same at every point is no picture.
    if plan.shares_baseline() {
        requests.retain(|request| request.arm.as_deref() != Some("baseline"));
    }
    requests
}

fn about(study: &Study, plan: &SweepPlan, (runs, failed): (u64, u64), findings: &str) -> [(&'static str, Value); 15] {
    let factor = |factor: &comity::scenario::Factor| json!({ "key": factor.key, "label": factor.label, "parameters": factor.parameters, "unit": factor.unit, "today": factor.today });
    [
        ("study", json!(study.name())),
        ("title", json!(study.title())),
        ("description", json!(study.description())),
        ("findings", json!(findings)),
        ("study_digest", json!(study.digest())),
        (SWEEP_DIGEST, json!(plan.digest())),
        ("seed", json!(plan.seed())),
        ("design", json!(plan.sweep().design().name())),
        ("points", json!(plan.points().rows())),
        ("replicates", json!(plan.replicates_of(0))),
        ("runs", json!(runs)),
        ("failed", json!(failed)),
        ("groups", json!(plan.sweep().groups())),
        ("arms", json!(plan.lines().iter().map(|line| &line.key).collect::<Vec<_>>())),
        ("factors", json!(plan.factors().iter().map(factor).collect::<Vec<_>>())),
    ]
}
