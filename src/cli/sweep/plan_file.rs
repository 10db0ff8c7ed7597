//! The plan of a sweep as a file: what is to be done, and all that it was read from.

use super::cost::MOST_RUNS;
use crate::cli::Errors;
use crate::cli::scenarios::Disk;
use comity::diagnostic::Diagnostic;
use comity::digest::Digest;
use comity::experiment::{Part, SweepPlan};
use comity::scenario::{Files, Override, Study, parse_study};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::path::Path;

/// The form of the file; another number is another form.
const FORMAT: u32 = 1;

/// A text that the study was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptText {
    /// Its name, relative to the study where it can be.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// The plan of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    format: u32,
    /// The study's name.
    pub study: String,
    /// Which program planned it.
    pub program: String,
    /// What determines what a run gives.
    pub digest: String,
    /// The values of all points.
    pub points_digest: String,
    /// How many points, base points or trajectories the design has, if it has a size.
    pub size: Option<u64>,
    /// What the study asked for: its size and replicates, before anything was added.
    pub asked: (Option<u64>, u32),
    /// How many points there are.
    pub points: u64,
    /// The cells, in parts.
    pub parts: Vec<Part>,
    /// The baseline and the arms.
    pub arms: Vec<String>,
    /// Changes of the command line.
    pub overrides: Vec<String>,
    /// The study, then what it names.
    pub texts: Vec<KeptText>,
}

impl PlanFile {
    /// The plan of a study that was read from a file.
    ///
    /// # Errors
    /// When the study cannot be read once more.
    pub fn new(path: &Path, overrides: &[Override], study: &Study, plan: &SweepPlan) -> Result<Self, Errors> {
        Ok(Self {
            format: FORMAT,
            study: study.name().to_owned(),
            program: super::program(),
            digest: plan.digest().to_owned(),
            points_digest: points_digest(plan),
            size: plan.sweep().design().size(),
            asked: asked(study),
            points: plan.points().rows() as u64,
            parts: plan.parts().to_vec(),
            arms: plan.lines().iter().map(|line| line.key.clone()).collect(),
            overrides: overrides.iter().map(|change| change.as_str().to_owned()).collect(),
            texts: texts(path, overrides)?,
        })
    }

    /// Reads the text of a plan.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn read(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let form: Form = serde_json::from_str(text).map_err(|error| format!("it is damaged: {error}"))?;
        if form.format != FORMAT {
            return Err(format!("it has form {}, and this version reads form {FORMAT}", form.format));
        }
        serde_json::from_str(text).map_err(|error| format!("it is damaged: {error}"))
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map_or_else(|_| String::new(), |text| text + "\n")
    }

    /// The study as it was when the sweep was planned, and the plan.
    ///
    /// # Errors
    /// When this version of the program cannot make that plan any more.
    pub fn plan(&self) -> Result<(Study, SweepPlan), Errors> {
        let Some(first) = self.texts.first() else {
            return Err(vec![
                Diagnostic::error("the plan of the sweep has no study").hint("take plan.json from a copy"),
            ]);
        };
        if !self.sound() {
            let message = "the parts in the plan of the sweep do not fit its points: plan.json was changed";
            return Err(vec![
                Diagnostic::error(message).hint("take plan.json from a copy, or sweep anew into another folder"),
            ]);
        }
        let overrides: Vec<Override> = self.overrides.iter().map(Override::new).collect();
        let (study, _) = parse_study(&first.name, self, &overrides)?;
        let plan = self.again(&study)?;
        Ok((study, plan))
    }

    /// The plan once more, of the study from which it was made or of one that reads otherwise and is the same.
    ///
    /// # Errors
    /// When another plan comes of it, or other points.
    pub fn again(&self, study: &Study) -> Result<SweepPlan, Errors> {
        let plan = self.plan_of(study).map_err(|reason| vec![Diagnostic::error(reason)])?;
        if plan.digest() == self.digest && points_digest(&plan) == self.points_digest {
            return Ok(plan);
        }
        let message = if self.program == super::program() {
            "the study in the plan is not the one that was planned: plan.json was changed".to_owned()
        } else {
            format!(
                "this program ({}) makes something else of the sweep than the one that planned it ({})",
                super::program(),
                self.program
            )
        };
        let hint = "use the program that planned it, or sweep anew into another folder";
        Err(vec![Diagnostic::error(message).hint(hint)])
    }

    /// The plan of a study with the size and parts that stand here.
    fn plan_of(&self, study: &Study) -> Result<SweepPlan, String> {
        let sweep = study.sweep().ok_or("the study is no sweep any more")?;
        let sweep = self.size.map_or_else(|| sweep.clone(), |size| sweep.of_size(size));
        SweepPlan::of_sweep(study, sweep, self.parts.clone())
    }

    /// In what a study that is swept now differs from the one that was planned, in words; empty if in nothing.
    pub fn differences(&self, path: &Path, study: &Study, plan: &SweepPlan) -> Vec<String> {
        let mut differing = Vec::new();
        let (size, replicates) = asked(study);
        if replicates != self.asked.1 {
            differing.push(format!(
                "run.replicates was {} and is {replicates} (replicates are added by --add-replicates)",
                self.asked.1
            ));
        }
        if size != self.asked.0 {
            let words = |size: Option<u64>| size.map_or("none".to_owned(), |size| size.to_string());
            differing.push(format!(
                "the size of the design was {} and is {} (points are added by --add-points)",
                words(self.asked.0),
                words(size)
            ));
        }
        if plan.digest() != self.digest {
            let now = texts(path, &[]).unwrap_or_default();
            let changed = now.iter().filter(|now| !self.texts.contains(now)).map(|text| text.name.clone());
            let gone = self.texts.iter().filter(|then| !now.iter().any(|now| now.name == then.name));
            let names: Vec<String> = changed.chain(gone.map(|text| text.name.clone())).collect();
            differing.push(match names.is_empty() {
                true => "what is set on the command line, or what the program makes of the study".to_owned(),
                false => format!("what stands in {}", names.join(", ")),
            });
        }
        differing.extend(self.other_program());
        differing
    }

    /// Whether the study reads as it did when this was written.
    pub fn reads(&self, path: &Path, overrides: &[Override]) -> bool {
        texts(path, overrides).is_ok_and(|now| now == self.texts)
    }

    /// That the parts are of these points, do not overlap, and are not beyond all measure.
    fn sound(&self) -> bool {
        let whole = |part: &Part| {
            let cells = u128::from(part.points) * u128::from(part.replicates);
            let last = u128::from(part.first_point) + u128::from(part.points);
            0 < cells
                && cells <= u128::from(MOST_RUNS)
                && last <= u128::from(self.points)
                && part.first_replicate.checked_add(part.replicates).is_some()
                && part.cells_per_block > 0
        };
        let apart = |a: &Part, b: &Part| {
            a.first_point + a.points <= b.first_point
                || b.first_point + b.points <= a.first_point
                || a.first_replicate + a.replicates <= b.first_replicate
                || b.first_replicate + b.replicates <= a.first_replicate
        };
        let pairs = || (0..self.parts.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let parts = &self.parts;
        !parts.is_empty() && parts.iter().all(whole) && pairs().all(|(i, j)| apart(&parts[i], &parts[j]))
    }

    /// That the program is another than the one that planned, in words, if it is.
    pub fn other_program(&self) -> Vec<String> {
        let now = super::program();
        if self.program == now { Vec::new() } else { vec![format!("the program was {} and is {now}", self.program)] }
    }

    /// The same plan by this program, with the points and parts of another state of it.
    #[must_use]
    pub fn grown(&self, plan: &SweepPlan) -> Self {
        Self {
            program: super::program(),
            points_digest: points_digest(plan),
            size: plan.sweep().design().size(),
            points: plan.points().rows() as u64,
            parts: plan.parts().to_vec(),
            ..self.clone()
        }
    }
}

/// The texts of a plan, by name.
impl Files for PlanFile {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        let found = self.texts.iter().find(|text| text.name == name);
        found.map(|text| text.text.clone()).ok_or_else(|| Diagnostic::error(format!("the plan has no text {name}")))
    }
}

/// What a study asks for: the size of its design, and its replicates.
fn asked(study: &Study) -> (Option<u64>, u32) {
    (study.sweep().and_then(|sweep| sweep.design().size()), study.baseline().replicates())
}

/// SHA-256 of the values of all points.
fn points_digest(plan: &SweepPlan) -> String {
    let mut digest = Digest::new();
    plan.points().values().iter().for_each(|value| digest.update(&value.to_bits().to_le_bytes()));
    digest.hex()
}

/// Files on disk, named from the folder of the study, each remembered when it is read.
struct Remembering<'p> {
    folder: &'p Path,
    read: RefCell<Vec<KeptText>>,
}

impl Files for Remembering<'_> {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        let text = Disk.read(&self.folder.join(name).to_string_lossy())?;
        let mut read = self.read.borrow_mut();
        if !read.iter().any(|known| known.name == name) {
            read.push(KeptText { name: name.to_owned(), text: text.clone() });
        }
        Ok(text)
    }
}

/// All texts that a study is read from.
fn texts(path: &Path, overrides: &[Override]) -> Result<Vec<KeptText>, Errors> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = Remembering { folder, read: RefCell::new(Vec::new()) };
    parse_study(&name, &files, overrides)?;
    Ok(files.read.into_inner())
}
