//! The result folder of `comity run`: tables, charts, manifest.

use super::results::Results;
use comity::experiment::{SeriesSink, Tables, scenario_schedule};
use comity::figure::{Context, Kind, Request};
use comity::format::csv::CsvWriter;
use comity::format::parquet::ParquetWriter;
use comity::record::{Count, REGION, series_schema};
use comity::scenario::Scenario;
use comity::storage::{HashingWriter, Published, StagedFile, StorageError};
use comity::table::{Field, Schema, Table, Values};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Replicates whose series are kept for the chart over time.
pub const CHARTED: i64 = 1000;

/// The tables of a run besides the series.
pub struct Findings {
    /// What does not grow with the number of replicates.
    pub tables: Tables,
    /// Patterns of the evidence.
    pub validation: Table,
    /// Parameters in force.
    pub parameters: Table,
    /// What differs from the scenario it is built on, if there is one.
    pub changes: Option<Table>,
    /// The member states.
    pub states: Table,
    /// Replicates done.
    pub replicates: u64,
    /// Whether somebody stopped the run.
    pub interrupted: bool,
}

/// A result folder in the making, and the sink of the series.
pub struct Folder {
    results: Results,
    csv: CsvWriter<HashingWriter<StagedFile>>,
    parquet: ParquetWriter<StagedFile>,
    rows: u64,
    chart: Table,
}

/// What the chart over time needs of the series.
const CHART_COUNTS: [Count; 4] = [Count::Arrived, Count::Recognised, Count::Sought, Count::Accepted];

impl Folder {
    /// Opens the folder and the series files, before the first tick.
    pub fn create(path: &Path, scenario: &Scenario) -> Result<Self, StorageError> {
        let schema = series_schema();
        let metadata = [
            ("scenario", scenario.name().to_owned()),
            ("scenario_digest", scenario.digest()),
            ("seed", scenario.seed().to_string()),
        ];
        let results = Results::create(path, metadata)?;
        let csv = CsvWriter::new(HashingWriter::new(results.file("series.csv")?), &schema)?;
        let parquet = ParquetWriter::new(results.file("series.parquet")?, &schema, results.metadata())?;
        let mut fields = vec![
            Field::integer("replicate", "", "Number of the run."),
            Field::date("date", "First day of the tick."),
            Field::text("state", "The whole region."),
        ];
        fields.extend(CHART_COUNTS.iter().map(|count| count.field()));
        let chart = Schema::of("series", "The region over time.", fields);
        Ok(Self { results, csv, parquet, rows: 0, chart: Table::new(chart) })
    }

    /// Writes everything else and gives the folder its name.
    pub fn publish(self, scenario: &Scenario, findings: &Findings) -> Result<Published, StorageError> {
        let Self { mut results, csv, parquet, rows, chart } = self;
        parquet.finish()?.finish()?;
        let (file, series_digest) = csv.finish()?.finish();
        file.finish()?;
        results.count("series", rows, series_digest.as_bytes());
        let tables = &findings.tables;
        let small = [&tables.summary, &tables.pairs, &tables.funnel, &tables.barriers, &tables.litmus, &tables.depth];
        let levels = [&tables.levels, &tables.levels_quantiles];
        for table in small.into_iter().chain(levels).chain([&findings.validation]).chain(&tables.interventions) {
            results.table(table)?;
        }
        let schedule = Some(scenario_schedule(scenario)).filter(|schedule| schedule.rows() > 0);
        let beside = [&findings.parameters, &findings.states].into_iter().chain(&findings.changes).chain(&schedule);
        for table in beside.clone() {
            results.table_beside(table)?;
        }
        let drawn = small
            .into_iter()
            .chain(levels)
            .chain([&findings.validation, &chart])
            .chain(beside)
            .map(|table| (table.schema.name.clone(), table.clone()));
        results.charts(charts(), &drawn.collect(), &context(scenario, findings.replicates))?;
        results.write("scenario.toml", scenario.to_toml().as_bytes())?;
        results.publish(about(scenario, findings))
    }
}

impl SeriesSink for Folder {
    type Error = StorageError;

    fn take(&mut self, rows: Table) -> Result<(), StorageError> {
        self.rows += rows.rows() as u64;
        let (csv, parquet) = (&mut self.csv, &mut self.parquet);
        let (first, second) = rayon::join(|| csv.write(&rows), || parquet.write(&rows));
        first?;
        second?;
        if rows.integers("replicate").and_then(|numbers| numbers.first()).is_some_and(|number| *number < CHARTED) {
            self.chart.append(region_rows(&self.chart.schema, &rows));
        }
        Ok(())
    }
}

/// The rows of the whole region, in the columns of the chart.
fn region_rows(schema: &Arc<Schema>, rows: &Table) -> Table {
    let states = rows.texts("state").unwrap_or_default();
    let places: Vec<usize> = (0..rows.rows()).filter(|row| &*states[*row] == REGION).collect();
    let pick = |field: &Field| match rows.column(&field.name) {
        Some(Values::Integer(all)) => Values::Integer(places.iter().map(|row| all[*row]).collect()),
        Some(Values::Real(all)) => Values::Real(places.iter().map(|row| all[*row]).collect()),
        Some(Values::Text(all)) => Values::Text(places.iter().map(|row| Arc::clone(&all[*row])).collect()),
        Some(Values::Date(all)) => Values::Date(places.iter().map(|row| all[*row]).collect()),
        None => Values::empty(field.kind),
    };
    let columns = schema.fields.iter().map(pick).collect();
    Table::from_columns(Arc::clone(schema), columns).expect("the chart's columns are columns of the series")
}

/// The charts of a run.
fn charts() -> Vec<Request> {
    let charts = [
        (Kind::Series, "cooperation"),
        (Kind::Spaghetti, "spaghetti"),
        (Kind::Funnel, "funnel"),
        (Kind::Barriers, "barriers"),
        (Kind::BarriersByState, "barriers-by-state"),
        (Kind::BarriersOverTime, "barriers-over-time"),
        (Kind::Litmus, "litmus"),
        (Kind::LitmusOverTime, "litmus-over-time"),
        (Kind::Depth, "depth"),
        (Kind::Matrix, "matrix"),
        (Kind::Network, "network"),
        (Kind::Validation, "validation"),
    ];
    let charts = charts.into_iter().map(|(kind, name)| Request::new(kind, name));
    let levels =
        [("levels-trust", "tie_trust"), ("levels-habit", "habit_cooperating"), ("levels-familiarity", "familiarity")];
    let ridges = |(name, measure): (&str, &str)| Request {
        measure: Some(measure.to_owned()),
        ..Request::new(Kind::Ridges, name)
    };
    charts.chain(levels.map(ridges)).collect()
}

/// What captions say of a scenario's run.
pub fn context(scenario: &Scenario, replicates: u64) -> Context {
    let states = scenario.states().iter().map(|state| (state.key.clone(), state.name.clone()));
    Context {
        scenario: scenario.name().to_owned(),
        digest: scenario.digest(),
        replicates,
        seed: scenario.seed(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        names: states.chain([(REGION.to_owned(), "Region".to_owned())]).collect(),
        ..Context::default()
    }
}

/// What the manifest says of this result alone.
fn about(scenario: &Scenario, findings: &Findings) -> [(&'static str, Value); 7] {
    [
        ("scenario", json!(scenario.name())),
        ("title", json!(scenario.title())),
        ("description", json!(scenario.description())),
        ("seed", json!(scenario.seed())),
        ("replicates", json!(findings.replicates)),
        ("interrupted", json!(findings.interrupted)),
        ("scenario_digest", json!(scenario.digest())),
    ]
}
