//! The result folder of `comity run`: tables, charts, manifest.

use comity::experiment::{SeriesSink, Tables};
use comity::figure::{self, Context, Drawing, FigureError};
use comity::format::csv::CsvWriter;
use comity::format::parquet::ParquetWriter;
use comity::record::{Count, REGION, series_schema};
use comity::scenario::Scenario;
use comity::storage::{Digest, HashingWriter, Published, StagedFile, Staging, StorageError};
use comity::table::{Field, Kind, Schema, Table, Values};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Replicates whose series are kept for the chart over time.
const CHARTED: u64 = 1000;

/// The tables of a run besides the series.
pub struct Findings {
    /// What does not grow with the number of replicates.
    pub tables: Tables,
    /// Patterns of the evidence.
    pub validation: Table,
    /// Parameters in force.
    pub parameters: Table,
    /// Replicates done.
    pub replicates: u64,
    /// Whether somebody stopped the run.
    pub interrupted: bool,
}

/// A result folder in the making, and the sink of the series.
pub struct Folder {
    staging: Staging,
    csv: CsvWriter<HashingWriter<StagedFile>>,
    parquet: ParquetWriter<StagedFile>,
    metadata: Vec<(String, String)>,
    rows: u64,
    chart: Table,
}

/// What the chart over time needs of the series.
const CHART_COUNTS: [Count; 4] = [Count::Arrived, Count::Recognised, Count::Sought, Count::Accepted];

impl Folder {
    /// Opens the folder and the series files, before the first tick.
    pub fn create(path: &Path, scenario: &Scenario) -> Result<Self, StorageError> {
        let staging = Staging::create(path)?;
        let schema = series_schema();
        let metadata = vec![
            ("comity:version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("comity:scenario".to_owned(), scenario.name().to_owned()),
            ("comity:scenario_digest".to_owned(), scenario.digest()),
            ("comity:seed".to_owned(), scenario.seed().to_string()),
        ];
        let csv = CsvWriter::new(HashingWriter::new(staging.file("series.csv")?), &schema)?;
        let parquet = ParquetWriter::new(staging.file("series.parquet")?, &schema, &metadata)?;
        let mut fields = vec![
            Field::new("replicate", Kind::Integer, "", "Number of the run."),
            Field::new("date", Kind::Date, "", "First day of the tick."),
            Field::new("state", Kind::Text, "", "The whole region."),
        ];
        fields.extend(CHART_COUNTS.iter().map(|count| count.field()));
        let chart = Schema { name: "series".to_owned(), description: "The region over time.".to_owned(), fields };
        Ok(Self { staging, csv, parquet, metadata, rows: 0, chart: Table::new(Arc::new(chart)) })
    }

    /// Writes everything else and gives the folder its name.
    pub fn publish(
        self,
        scenario: &Scenario,
        findings: &Findings,
        duration: Duration,
    ) -> Result<Published, StorageError> {
        let Self { staging, csv, parquet, metadata, rows, chart } = self;
        parquet.finish()?.finish()?;
        let (file, series_digest) = csv.finish()?.finish();
        file.finish()?;
        let mut digest = Digest::new();
        digest.update(series_digest.as_bytes());
        let mut counted = Map::new();
        counted.insert("series".to_owned(), json!(rows));
        let tables = &findings.tables;
        let small = [&tables.summary, &tables.pairs, &tables.funnel, &tables.barriers, &tables.litmus, &tables.depth];
        for table in small.into_iter().chain([&findings.validation, &findings.parameters]) {
            let name = &table.schema.name;
            let mut csv = CsvWriter::new(Vec::new(), &table.schema)?;
            csv.write(table)?;
            let bytes = csv.finish()?;
            if name != "parameters" {
                digest.update(&bytes);
            }
            staging.write(&format!("{name}.csv"), &bytes)?;
            let mut parquet = ParquetWriter::new(staging.file(&format!("{name}.parquet"))?, &table.schema, &metadata)?;
            parquet.write(table)?;
            parquet.finish()?.finish()?;
            counted.insert(name.clone(), json!(table.rows()));
        }
        let missing = charts(&staging, scenario, findings, &chart)?;
        staging.write("scenario.toml", scenario.to_toml().as_bytes())?;
        let digest = digest.hex();
        let manifest = manifest(scenario, findings, &digest, counted, missing, duration);
        staging.write("manifest.json", format!("{manifest:#}\n").as_bytes())?;
        staging.publish(&digest)
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
        if rows
            .integers("replicate")
            .and_then(|numbers| numbers.first())
            .is_some_and(|number| (*number as u64) < CHARTED)
        {
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

/// Draws the charts; returns those that could not be drawn, with the reason.
fn charts(
    staging: &Staging,
    scenario: &Scenario,
    findings: &Findings,
    series: &Table,
) -> Result<Vec<String>, StorageError> {
    let mut names: Vec<(String, String)> =
        scenario.states().iter().map(|state| (state.key.clone(), state.name.clone())).collect();
    names.push((REGION.to_owned(), "Region".to_owned()));
    let context = Context {
        scenario: scenario.name().to_owned(),
        digest: scenario.digest(),
        replicates: findings.replicates,
        seed: scenario.seed(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        names: names.into_iter().collect(),
        ..Context::default()
    };
    let timed = Context { replicates: findings.replicates.min(CHARTED), ..context.clone() };
    let tables = &findings.tables;
    let drawn: [(&str, Result<Drawing, FigureError>); 6] = [
        ("cooperation", figure::series(series, &timed)),
        ("funnel", figure::funnel(&tables.funnel, &context)),
        ("barriers", figure::barriers(&tables.barriers, &context)),
        ("litmus", figure::litmus(&tables.litmus, &context)),
        ("matrix", figure::matrix(&tables.pairs, &context)),
        ("validation", figure::validation(&findings.validation, &context)),
    ];
    let mut missing = Vec::new();
    for (name, drawing) in drawn {
        let drawing = drawing.and_then(|drawing| figure::png(&drawing, figure::DPI).map(|png| (drawing, png)));
        match drawing {
            Ok((drawing, png)) => {
                staging.write(&format!("charts/{name}.svg"), drawing.svg.as_bytes())?;
                staging.write(&format!("charts/{name}.png"), &png)?;
                staging.write(&format!("charts/{name}.md"), drawing.caption.as_bytes())?;
            }
            Err(error) => missing.push(format!("{name}: {error}")),
        }
    }
    Ok(missing)
}

fn manifest(
    scenario: &Scenario,
    findings: &Findings,
    digest: &str,
    rows: Map<String, Value>,
    missing: Vec<String>,
    duration: Duration,
) -> Value {
    json!({
        "program": "comity",
        "version": env!("CARGO_PKG_VERSION"),
        "commit": env!("COMITY_COMMIT"),
        "command": std::env::args().skip(1).collect::<Vec<_>>(),
        "scenario": scenario.name(),
        "title": scenario.title(),
        "seed": scenario.seed(),
        "replicates": findings.replicates,
        "interrupted": findings.interrupted,
        "scenario_digest": scenario.digest(),
        "result_digest": digest,
        "rows": rows,
        "charts_not_drawn": missing,
        "duration_seconds": (duration.as_secs_f64() * 1000.0).round() / 1000.0,
    })
}
