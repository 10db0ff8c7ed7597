//! A result folder in the making: tables as CSV and Parquet, charts, manifest. `run`, `compare`, `sweep` and `explain` leave one.

use super::picture::{CHARTS, files};
use comity::digest::Digest;
use comity::figure::{self, Context, Request, Tables};
use comity::format::csv::CsvWriter;
use comity::format::parquet::ParquetWriter;
use comity::storage::{Published, StagedFile, Staging, StorageError};
use comity::table::Table;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::Instant;

/// What has been put into a result folder so far.
pub struct Results {
    staging: Staging,
    metadata: Vec<(String, String)>,
    digest: Digest,
    rows: Map<String, Value>,
    charts: Vec<Request>,
    drawn_of: Option<Value>,
    not_drawn: Vec<String>,
    started: Instant,
}

impl Results {
    /// Opens a folder; the metadata go into every Parquet file.
    pub fn create<const N: usize>(path: &Path, metadata: [(&str, String); N]) -> Result<Self, StorageError> {
        #[expect(clippy::disallowed_methods, reason = "the manifest says how long it took; no result depends on it")]
        let started = Instant::now();
        let version = ("version", env!("CARGO_PKG_VERSION").to_owned());
        let metadata = std::iter::once(version).chain(metadata);
        Ok(Self {
            staging: Staging::create(path)?,
            metadata: metadata.map(|(key, value)| (format!("comity:{key}"), value)).collect(),
            digest: Digest::new(),
            rows: Map::new(),
            charts: Vec::new(),
            drawn_of: None,
            not_drawn: Vec::new(),
            started,
        })
    }

    /// What goes into every Parquet file.
    pub fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }

    /// Opens a file that the caller writes by itself.
    pub fn file(&self, name: &str) -> Result<StagedFile, StorageError> {
        self.staging.file(name)
    }

    /// Writes a whole file that is no table.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.staging.write(name, bytes)
    }

    /// Takes a table into account that the caller has written.
    pub fn count(&mut self, name: &str, rows: u64, digest: &[u8]) {
        self.digest.update(digest);
        self.rows.insert(name.to_owned(), json!(rows));
    }

    /// Writes a table that is part of the result.
    pub fn table(&mut self, table: &Table) -> Result<(), StorageError> {
        let bytes = self.put(table)?;
        self.digest.update(&bytes);
        Ok(())
    }

    /// Writes a table that says where the result comes from, and does not make it another result.
    pub fn table_beside(&mut self, table: &Table) -> Result<(), StorageError> {
        self.put(table).map(drop)
    }

    fn put(&mut self, table: &Table) -> Result<Vec<u8>, StorageError> {
        let name = &table.schema.name;
        let bytes = csv(table)?;
        self.staging.write(&format!("{name}.csv"), &bytes)?;
        let file = self.staging.file(&format!("{name}.parquet"))?;
        let mut parquet = ParquetWriter::new(file, &table.schema, &self.metadata)?;
        parquet.write(table)?;
        parquet.finish()?.finish()?;
        self.rows.insert(name.clone(), json!(table.rows()));
        Ok(bytes)
    }

    /// Draws and writes charts: SVG, PDF, PNG, caption and the numbers drawn. Of those that could not be drawn the
    /// manifest says why. They are made on all threads.
    pub fn charts(&mut self, requests: Vec<Request>, tables: &Tables, context: &Context) -> Result<(), StorageError> {
        let make = |request: Request| {
            let files = request.draw(tables, context).and_then(|drawing| files(&drawing, &CHARTS, figure::DPI));
            (request, files)
        };
        self.drawn_of = Some(described(context));
        let made: Vec<_> = requests.into_par_iter().map(make).collect();
        for (request, files) in made {
            match files {
                Ok(files) => {
                    for (ending, bytes) in files {
                        self.staging.write(&format!("charts/{}.{ending}", request.name), &bytes)?;
                    }
                    self.charts.push(request);
                }
                Err(error) => self.not_drawn.push(format!("{}: {error}", request.name)),
            }
        }
        Ok(())
    }

    /// Writes the manifest, which says besides what is handed over how long it took, and gives the folder its name.
    pub fn publish<const N: usize>(self, about: [(&str, Value); N]) -> Result<Published, StorageError> {
        let (staging, digest) = self.finished(about)?;
        staging.publish(&digest)
    }

    /// The same in the place of an earlier state of the result: one whose manifest has that word under that key.
    pub fn publish_anew<const N: usize>(
        self,
        about: [(&str, Value); N],
        earlier: (&str, &str),
    ) -> Result<Published, StorageError> {
        let (staging, digest) = self.finished(about)?;
        staging.publish_anew(&digest, earlier)
    }

    fn finished<const N: usize>(self, about: [(&str, Value); N]) -> Result<(Staging, String), StorageError> {
        let digest = self.digest.hex();
        let mut manifest = json!({
            "program": "comity",
            "version": env!("CARGO_PKG_VERSION"),
            "commit": env!("COMITY_COMMIT"),
            "command": std::env::args().skip(1).collect::<Vec<_>>(),
        });
        if let Value::Object(manifest) = &mut manifest {
            manifest.extend(about.into_iter().map(|(key, value)| (key.to_owned(), value)));
            manifest.insert("result_digest".to_owned(), json!(digest));
            manifest.insert("rows".to_owned(), Value::Object(self.rows));
            if let Some(of) = self.drawn_of {
                manifest.insert(CHARTS_OF.to_owned(), of);
            }
            manifest.insert(CHARTS_LIST.to_owned(), json!(self.charts));
            manifest.insert("charts_not_drawn".to_owned(), json!(self.not_drawn));
            let seconds = (self.started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
            manifest.insert("duration_seconds".to_owned(), json!(seconds));
        }
        self.staging.write("manifest.json", format!("{manifest:#}\n").as_bytes())?;
        Ok((self.staging, digest))
    }
}

/// The key of the manifest under which stands what captions say of the result.
pub const CHARTS_OF: &str = "charts_of";
/// The key of the manifest under which stands how each chart was drawn.
pub const CHARTS_LIST: &str = "charts";

/// What captions say of a result, for the manifest.
fn described(context: &Context) -> Value {
    let names: Map<String, Value> = context.names.iter().map(|(key, name)| (key.clone(), json!(name))).collect();
    json!({
        "scenario": context.scenario,
        "digest": context.digest,
        "replicates": context.replicates,
        "seed": context.seed,
        "names": names,
    })
}

/// The bytes of a table as CSV.
pub fn csv(table: &Table) -> std::io::Result<Vec<u8>> {
    let mut csv = CsvWriter::new(Vec::new(), &table.schema)?;
    csv.write(table)?;
    csv.finish()
}
