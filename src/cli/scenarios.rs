//! Reading scenarios from disk; `check`, `new` and `schema`.

use super::arguments::{Check, Chosen, New, Schema, Threads};
use super::results::csv;
use super::terminal::{Terminal, counted};
use super::{Ended, Errors, say};
use comity::diagnostic::Diagnostic;
use comity::format::parquet;
use comity::scenario::{self, Files, Override, Scenario, Study};
use comity::storage;
use std::path::{Path, PathBuf};

/// The scenario files on disk.
pub struct Disk;

impl Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        if name.ends_with(".parquet") {
            return table_as_csv(Path::new(name));
        }
        storage::read_text(Path::new(name), storage::SCENARIO_BYTES).map_err(Diagnostic::from)
    }
}

/// A Parquet table of points as the text of a CSV table: every number reads back as it was.
fn table_as_csv(path: &Path) -> Result<String, Diagnostic> {
    let bytes = storage::read_bytes(path).map_err(Diagnostic::from)?;
    let unreadable = |why: String| Diagnostic::error(format!("cannot read {}: {why}", path.display()));
    let table = parquet::read(bytes).map_err(|error| unreadable(error.to_string()))?;
    let bytes = csv(&table).map_err(|error| unreadable(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))
}

/// A scenario that was asked for, read and checked.
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    file: String,
    overrides: Vec<Override>,
}

impl Loaded {
    /// The same scenario with more values set; `None` if they do not fit it.
    pub fn again(&self, more: &[String]) -> Option<Scenario> {
        let overrides: Vec<Override> = self.overrides.iter().cloned().chain(more.iter().map(Override::new)).collect();
        scenario::parse(&self.file, &Disk, &overrides).ok().map(|(scenario, _)| scenario)
    }

    /// What the scenario is built on: the one it extends, or its own file without what was set on the command line.
    pub fn base(&self) -> Option<Scenario> {
        let file = match self.scenario.extends() {
            Some(base) => base,
            None if self.overrides.is_empty() => return None,
            None => &self.file,
        };
        scenario::parse(file, &Disk, &[]).ok().map(|(scenario, _)| scenario)
    }

    /// The same scenario with a text of TOML laid over it.
    pub fn under(&self, text: &str) -> Result<Scenario, Errors> {
        let base = Path::new(&self.file).file_name().map_or_else(|| self.file.clone(), |n| n.to_string_lossy().into());
        let text = format!("extends = {}\n{text}", toml_text(&base));
        let over = Over { name: format!("{}~", self.file), text: &text };
        scenario::parse(&over.name, &over, &self.overrides).map(|(scenario, _)| scenario)
    }
}

/// The scenario files on disk, and one text that lies over one of them.
struct Over<'t> {
    name: String,
    text: &'t str,
}

impl Files for Over<'_> {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        if name == self.name { Ok(self.text.to_owned()) } else { Disk.read(name) }
    }
}

/// Reads and checks the scenario of a command, and sets up its threads.
pub fn load(chosen: &Chosen, terminal: &Terminal) -> Result<Loaded, Errors> {
    start_threads(&chosen.threads)?;
    read(&chosen.scenario, overrides(&chosen.set, chosen.replicates.as_deref(), chosen.seed.as_deref()), terminal)
}

/// What a command line sets: values by path, then the number of replicates and the seed, where they are given.
pub fn overrides(set: &[String], replicates: Option<&str>, seed: Option<&str>) -> Vec<Override> {
    let mut overrides: Vec<Override> = set.iter().map(Override::new).collect();
    overrides.extend(replicates.map(|replicates| Override::new(format!("run.replicates={replicates}"))));
    overrides.extend(seed.map(|seed| Override::new(format!("run.seed={seed}"))));
    overrides
}

/// Starts that many threads; as many as there are cores if no number is asked for.
pub fn start_threads(threads: &Threads) -> Result<(), Errors> {
    let Some(threads) = threads.threads else { return Ok(()) };
    let built = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    built.map_err(|error| vec![Diagnostic::error(format!("{threads} threads cannot be started: {error}"))])
}

/// Reads and checks a file that has to be a study.
pub fn read_own_study(path: &Path, overrides: &[Override], terminal: &Terminal) -> Result<Study, Errors> {
    let name = path.to_string_lossy();
    if path.is_file() && !scenario::is_study(&name, &Disk) {
        let message = format!("{name} is a scenario, not a study");
        let hint = format!("write a study that names it: baseline = {}", toml_text(&name));
        return Err(vec![Diagnostic::error(message).hint(hint)]);
    }
    read_study(&[path.to_owned()], overrides, terminal)
}

/// Reads and checks a study, or a baseline with scenarios that are its arms; what is odd is told.
pub fn read_study(paths: &[PathBuf], overrides: &[Override], terminal: &Terminal) -> Result<Study, Errors> {
    let names: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (study, warnings) = match names[..] {
        [name] if scenario::is_study(name, &Disk) => scenario::parse_study(name, &Disk, overrides)?,
        _ => scenario::study_of_files(&names, &Disk, overrides)?,
    };
    terminal.report(&warnings);
    Ok(study)
}

/// Whether a file is a study.
pub fn is_study(path: &Path) -> bool {
    scenario::is_study(&path.to_string_lossy(), &Disk)
}

/// Reads and checks a scenario; what is odd is told.
pub fn read(path: &Path, overrides: Vec<Override>, terminal: &Terminal) -> Result<Loaded, Errors> {
    let file = path.to_string_lossy().into_owned();
    if is_study(path) {
        let error = Diagnostic::error(format!("{file} is a study, not a scenario"));
        let hint = format!(
            "a study is compared (comity compare {file}), and one of its arms explained (comity explain {file} --arm KEY)"
        );
        return Err(vec![error.hint(hint)]);
    }
    let (scenario, warnings) = scenario::parse(&file, &Disk, &overrides)?;
    terminal.report(&warnings);
    Ok(Loaded { scenario, file, overrides })
}

/// A text in the double quotes of TOML, which escapes as JSON does.
pub fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `comity check`: every error of every file.
pub fn check(arguments: &Check, terminal: &Terminal) -> Result<Ended, Errors> {
    let mut errors = Errors::new();
    for path in &arguments.scenarios {
        let overrides = overrides(&arguments.set, None, None);
        if is_study(path) {
            match read_study(std::slice::from_ref(path), &overrides, terminal) {
                Ok(study) => {
                    let arms = counted(study.arms().len(), "arm");
                    let packages = counted(study.packages().len(), "package");
                    let swept = match study.sweep().map(|sweep| (sweep, sweep.points())) {
                        Some((sweep, Ok(points))) => format!(
                            "; a {} sweep of {} over {}",
                            sweep.design().name(),
                            counted(points.rows(), "point"),
                            counted(sweep.factors().len(), "factor")
                        ),
                        _ => String::new(),
                    };
                    let swept = match study.optimise() {
                        Some(asked) => format!("{swept}; the best mix, by {}", asked.method.key()),
                        None => swept,
                    };
                    terminal.announce(&format!("{}: sound ({arms}, {packages}{swept})", path.display()));
                }
                Err(found) => errors.extend(found),
            }
            continue;
        }
        match read(path, overrides, terminal) {
            Ok(Loaded { scenario, .. }) => {
                let (states, corridors) = (scenario.states().len(), scenario.corridors().len());
                terminal.announce(&format!("{}: sound ({states} states, {corridors} corridors)", path.display()));
            }
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(Ended::Done) } else { Err(errors) }
}

/// `comity new`: a starter file beside the other scenarios, or here.
pub fn new(arguments: &New, terminal: &Terminal) -> Result<Ended, Errors> {
    let name = arguments.name.strip_suffix(".toml").unwrap_or(&arguments.name);
    let stem = Path::new(name).file_name().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let path = format!("{name}.toml");
    storage::write_new(Path::new(&path), scenario::starter(&stem).as_bytes())
        .map_err(|error| vec![Diagnostic::from(error)])?;
    terminal.announce(&format!("{path} written. Next: comity check {path}; comity run {path}"));
    Ok(Ended::Done)
}

/// `comity schema`: the JSON Schema of scenarios, or of studies.
pub fn schema(arguments: &Schema) -> Result<Ended, Errors> {
    let schema = if arguments.study { scenario::study_schema() } else { scenario::schema() };
    say(&format!("{schema:#}\n"))?;
    Ok(Ended::Done)
}
