//! A result folder that is there: its manifest and its tables.

use super::Errors;
use comity::article::Source;
use comity::diagnostic::Diagnostic;
use comity::format::parquet;
use comity::storage::{MANIFEST, RESULT_DIGEST, read_bytes, read_text};
use comity::table::{Schema, Table};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Bytes of a manifest beyond which it is none of ours.
const MANIFEST_BYTES: u64 = 64 * 1024 * 1024;

/// What to do about a table that is missing or damaged.
const ANEW: &str = "make the result anew, or take the file from a copy";

/// A result folder.
pub struct Kept {
    /// Where it is.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Value,
}

/// Opens a result folder.
///
/// # Errors
/// When there is no such folder, or it is no result of this program.
pub fn open(path: &Path) -> Result<Kept, Errors> {
    let refuse = |message: String, hint: &str| Err(vec![Diagnostic::error(message).hint(hint)]);
    let shown = path.display();
    const MAKE: &str = "name a folder that `comity run`, `compare`, `sweep` or `validate --out` left";
    if !path.exists() {
        return refuse(format!("there is no folder {shown}"), MAKE);
    }
    if !path.is_dir() {
        return refuse(format!("{shown} is a file, not a result folder"), MAKE);
    }
    // The folder of a sweep has its result inside.
    let within = path.join("result");
    let path = if !path.join(MANIFEST).exists() && within.join(MANIFEST).is_file() { &within } else { path };
    let file = path.join(MANIFEST);
    if !file.is_file() {
        return refuse(format!("{shown} has no {MANIFEST}, so it is not a result folder"), MAKE);
    }
    let text = read_text(&file, MANIFEST_BYTES).map_err(|error| vec![Diagnostic::from(error)])?;
    let manifest: Value = match serde_json::from_str(&text) {
        Ok(manifest) => manifest,
        Err(error) => {
            return refuse(
                format!("{} is damaged: {error}", file.display()),
                "make the result anew, or take it from a copy",
            );
        }
    };
    if manifest.get(RESULT_DIGEST).and_then(Value::as_str).is_none() {
        return refuse(format!("{} is not the manifest of a result of comity", file.display()), MAKE);
    }
    Ok(Kept { path: path.to_owned(), manifest })
}

/// Which rows of a table are wanted; called for a part of the table at a time.
pub type Rows<'a> = &'a dyn Fn(&Table) -> Vec<usize>;

impl Kept {
    /// Reads a table of the result.
    ///
    /// # Errors
    /// When it is not there, or damaged.
    pub fn table(&self, name: &str) -> Result<Table, Errors> {
        self.part(name, &|table| (0..table.rows()).collect())
    }

    /// Reads the rows of a table that are wanted, so that a long one need not be held whole.
    ///
    /// # Errors
    /// When it is not there, or damaged.
    pub fn part(&self, name: &str, rows: Rows<'_>) -> Result<Table, Errors> {
        let path = self.path_of(name);
        if !path.is_file() {
            let message = format!("{} has no table {name} ({} is missing)", self.path.display(), path.display());
            return Err(vec![Diagnostic::error(message).hint(ANEW)]);
        }
        let bytes = read_bytes(&path).map_err(|error| vec![Diagnostic::from(error)])?;
        if let Some(whose) = self.stranger(&bytes) {
            let message =
                format!("{} belongs to another result ({whose}), not to {}", path.display(), self.path.display());
            return Err(vec![Diagnostic::error(message).hint(ANEW)]);
        }
        let table = parquet::read_part(bytes, rows).map_err(|error| {
            vec![Diagnostic::error(format!("{} cannot be read: {error}", path.display())).hint(ANEW)]
        })?;
        // A file that somebody else wrote has no name inside.
        let schema = Schema { name: name.to_owned(), ..(*table.schema).clone() };
        Ok(table.renamed(schema))
    }

    /// The digest a table was written under, if it is another than that of this result.
    fn stranger(&self, bytes: &[u8]) -> Option<String> {
        ["scenario_digest", "study_digest"].iter().find_map(|key| {
            let own = self.manifest.get(key)?.as_str()?;
            parquet::footer(bytes, &format!("comity:{key}")).filter(|digest| digest != own)
        })
    }

    /// How many rows of a table the manifest tells of.
    pub fn rows(&self, name: &str) -> u64 {
        self.manifest.get("rows").and_then(|rows| rows.get(name)).and_then(Value::as_u64).unwrap_or(0)
    }

    /// Where its numbers come from, as the manifest says.
    pub fn source(&self) -> Source {
        let word = |key: &str| self.manifest.get(key).and_then(Value::as_str);
        let first = |keys: [&str; 2]| keys.into_iter().find_map(word).unwrap_or_default().to_owned();
        Source {
            name: first(["study", "scenario"]),
            digest: first(["study_digest", "scenario_digest"]),
            replicates: self.manifest.get("replicates").and_then(Value::as_u64),
            seed: self.manifest.get("seed").and_then(Value::as_u64),
            version: word("version").unwrap_or_default().to_owned(),
            interrupted: self.manifest.get("interrupted").and_then(Value::as_bool).unwrap_or(false),
        }
    }

    /// Whether the result has such a table.
    pub fn has(&self, name: &str) -> bool {
        self.path_of(name).is_file()
    }

    fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.parquet"))
    }
}
