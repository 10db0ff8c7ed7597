//! `comity report`: a result as one page of HTML.

use super::arguments::Report as Arguments;
use super::figure::{charts, of_result, tables};
use super::kept::{Kept, open};
use super::terminal::Terminal;
use super::{Ended, Errors, say};
use comity::article::{self, Source};
use comity::diagnostic::Diagnostic;
use comity::figure::{Drawing, FigureError, Request};
use comity::report::{self, Of, Result as Told};
use comity::storage::{read_bytes, write_over};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::Value;

/// The table that a report reads beside those of its figures and for readers.
const BARRIERS: &str = "barriers";

/// Writes the page.
pub fn report(arguments: &Arguments, terminal: &Terminal) -> Result<Ended, Errors> {
    let kept = open(&arguments.result)?;
    let requests = charts(&kept, terminal);
    let (mut all, mut errors) = tables(&kept, &requests);
    let names = article::Kind::ALL.iter().map(|kind| kind.key()).chain([BARRIERS]);
    for name in names.filter(|name| kept.has(name)) {
        if !all.contains_key(name) {
            match kept.table(name) {
                Ok(table) => drop(all.insert(name.to_owned(), table)),
                Err(found) => errors.extend(found),
            }
        }
    }
    let context = of_result(&kept);
    let draw = |request: Request| {
        let drawing = request.draw(&all, &context);
        (request, drawing)
    };
    let drawn: Vec<(Request, Result<Drawing, FigureError>)> = requests.into_par_iter().map(draw).collect();
    let mut figures = Vec::new();
    for (request, drawing) in drawn {
        match drawing {
            Ok(drawing) => figures.push(drawing),
            Err(error) => errors.push(Diagnostic::warning(format!("{} was not drawn: {error}", request.name))),
        }
    }
    let word = |key: &str| kept.manifest.get(key).and_then(Value::as_str);
    let provenance = provenance(&kept);
    let told = Told {
        title: word("title").unwrap_or(&context.scenario),
        description: word("description").unwrap_or_default(),
        of: match (word("main_outcome"), word("design")) {
            (_, Some(design)) => Of::Sweep {
                design,
                points: kept.manifest.get("points").and_then(Value::as_u64).unwrap_or_default(),
                found: word("findings").unwrap_or_default(),
            },
            (Some(measure), None) => Of::Comparison { measure },
            (None, None) if word("calibration_digest").is_some() => Of::Calibration {
                simulations: kept.manifest.get("simulations").and_then(Value::as_u64).unwrap_or_default(),
                models: kept.manifest.get("models").and_then(Value::as_array).map_or(0, Vec::len),
                found: word("findings").unwrap_or_default(),
            },
            (None, None) => Of::Run,
        },
        source: Source { name: context.scenario.clone(), digest: context.digest.clone(), ..kept.source() },
        tables: &all,
        figures: &figures,
        provenance: &provenance,
    };
    let page = report::html(&told);
    let out = arguments.out.clone().unwrap_or_else(|| super::figure::beside(&arguments.result, "report.html"));
    if !is_report(&out) {
        let message = format!("{} is there already, and is no report of comity", out.display());
        return Err(vec![Diagnostic::error(message).hint("name another file: --out FILE")]);
    }
    write_over(&out, page.as_bytes()).map_err(|error| vec![Diagnostic::from(error)])?;
    terminal.report(&errors);
    say(&format!("{}\n", out.display()))?;
    Ok(if errors.is_empty() { Ended::Done } else { Ended::Partly })
}

/// Whether a report may stand there: nothing does, or an older report.
fn is_report(path: &std::path::Path) -> bool {
    !path.is_file()
        || read_bytes(path).is_ok_and(|bytes| {
            let head = &bytes[..bytes.len().min(600)];
            String::from_utf8_lossy(head).contains(report::GENERATOR)
        })
}

/// What a reader needs to get the same again.
fn provenance(kept: &Kept) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((name.to_owned(), value));
        }
    };
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let of = |key: &str| kept.manifest.get(key).map(shown).unwrap_or_default();
    let command = kept.manifest.get("command").and_then(Value::as_array);
    let command: Vec<String> = command.into_iter().flatten().map(|word| quoted(&shown(word))).collect();
    fact("Command", if command.is_empty() { String::new() } else { format!("comity {}", command.join(" ")) });
    for (key, name) in [
        ("version", "Version"),
        ("commit", "Commit of the program"),
        ("seed", "Seed"),
        ("replicates", "Replicates"),
        ("scenario_digest", "Digest of the scenario"),
        ("study_digest", "Digest of the study"),
        ("sweep_digest", "Digest of the sweep"),
        ("calibration_digest", "Digest of the calibration"),
        ("baseline_digest", "Digest of the baseline"),
        ("result_digest", "Digest of the result"),
    ] {
        fact(name, of(key));
    }
    let arms = kept.manifest.get("arm_digests").and_then(Value::as_object);
    for (arm, digest) in arms.into_iter().flatten() {
        fact(&format!("Digest of arm {arm}"), shown(digest));
    }
    facts
}

/// A word of a command as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./=:,+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
