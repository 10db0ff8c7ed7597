//! A study: a baseline, arms that each add something to it, packages of arms, and what is to be learnt of them.
//!
//! A study is one TOML file. `baseline` names a scenario; whatever else the file says that a scenario may say (`[time]`, `[run]`, any
//! parameter) changes the baseline, and with it every arm. `[intervention.KEY]` is a library: none of it is in force until an arm uses it.
//! An arm is a change on top of the baseline, by interventions of the library, by scenario files, or by values:
//!
//! ```toml
//! baseline = "asean-baseline.toml"
//! [arm.handbook]
//! interventions = ["handbook"]
//! [arm.open-gates]
//! set = { "gate.approval" = 0.0 }
//! [package.both]
//! arms = ["handbook", "open-gates"]
//! ```
//!
//! Of a file that extends the baseline (or something that the baseline extends as well) only what it adds counts. Without a study file, the
//! first scenario is the baseline and every further one an arm ([`study_of_files`]).
//!
//! Arms share the baseline's time and seed: otherwise their draws would not be shared, and a difference would be no effect.

mod analysis;
mod arms;
mod calibrate;
mod calibrate_schema;
mod optimise;
mod packages;
mod schema;
mod sweep;

pub use calibrate::{Calibration, Figure, FigureOf};
pub use optimise::{FIRST_FRESH, Method, Optimise};
pub use schema::study_schema;
pub use sweep::{Constraint, Design, Designed, Domain, Factor, PointLine, Structure, Sweep};

use super::check::Check;
use super::extend::{self, Chain, Joined, Override, beside, normal, overlay};
use super::numbers::Declared;
use super::report::{Origin, Report};
use super::resolve::{resolve, stem};
use super::written::{Entry, Node, Value};
use super::{Files, Scenario};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::quantity::Date;
use crate::record::Measure;
use std::collections::BTreeMap;

/// Keys at the top of a study that are no changes of its baseline.
const OWN: [&str; 14] = [
    "title",
    "description",
    "baseline",
    "intervention",
    "arm",
    "package",
    "analysis",
    "window",
    "sweep",
    "calibrate",
    "optimise",
    "target",
    "factor",
    "constraint",
];

/// A checked study.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    name: String,
    title: String,
    description: String,
    baseline: Scenario,
    arms: Vec<Arm>,
    packages: Vec<Package>,
    windows: Vec<AnalysisWindow>,
    analysis: Analysis,
    sweep: Option<Sweep>,
    space: Option<Sweep>,
    optimise: Option<Optimise>,
    calibration: Option<Calibration>,
}

/// An arm: the baseline with something added.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Short name, as in `arm.handbook`.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What is simulated.
    pub scenario: Scenario,
}

/// Several arms together.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// Short name, as in `package.both`.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// Which arms, by index.
    pub arms: Vec<usize>,
    /// All of them together.
    pub scenario: Scenario,
    /// Every smaller combination of two arms or more, for Shapley shares; none if the package is too large for them.
    pub subsets: Vec<Combination>,
    /// Every order in which the arms may come one after the other, if that is asked for.
    pub orders: Vec<Combination>,
    /// Days between one arm of an order and the next.
    pub stagger_days: f64,
}

/// Arms of a package together, or one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// Which arms, by index.
    pub arms: Vec<usize>,
    /// What is simulated.
    pub scenario: Scenario,
}

/// A part of the run that is looked at by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysisWindow {
    /// Short name, as in `window.during`.
    pub key: String,
    /// First day.
    pub from: Date,
    /// First day that no longer belongs to it.
    pub until: Date,
}

/// What is to be learnt, and how surely.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// What is measured.
    pub outcomes: Vec<Measure>,
    /// The measure that arms are ranked by: an index of the outcomes.
    pub main: usize,
    /// Whether the arm with the smallest mean is the best.
    pub smallest_is_best: bool,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Half-width of the main contrasts at which enough replicates are done; without it the number of replicates is fixed.
    pub half_width: Option<f64>,
    /// Replicates after which a stopping rule gives up.
    pub most_replicates: u32,
    /// Per outcome: a difference no larger than this matters to nobody.
    pub relevant: Vec<Option<f64>>,
    /// Days in one period of the difference series.
    pub period_days: f64,
}

impl Study {
    /// The file's name without directory and ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its title; the name where none is given.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is about, in sentences.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What every arm is held against.
    pub fn baseline(&self) -> &Scenario {
        &self.baseline
    }

    /// The arms, in the order of the file.
    pub fn arms(&self) -> &[Arm] {
        &self.arms
    }

    /// The packages, in the order of the file.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The windows of analysis, in the order of the file; the whole run if none are named.
    pub fn windows(&self) -> &[AnalysisWindow] {
        &self.windows
    }

    /// What is to be learnt.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// What is varied besides, if the study is a sweep.
    pub fn sweep(&self) -> Option<&Sweep> {
        self.sweep.as_ref()
    }

    /// What a calibration or an optimisation varies: factors, whose values it chooses as it goes ([`Sweep::of_rows`]).
    pub fn space(&self) -> Option<&Sweep> {
        self.space.as_ref()
    }

    /// What is looked for among mixes of arms, if the study is an optimisation.
    pub fn optimise(&self) -> Option<&Optimise> {
        self.optimise.as_ref()
    }

    /// To what the factors are fitted, if the study is a calibration. Its arms are rival models.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// SHA-256 of everything that determines the results of a given number of replicates, in hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut text = format!("comity study 1\nbaseline {}\n", self.baseline.digest());
        for arm in &self.arms {
            text += &format!("arm {} {}\n", arm.key, arm.scenario.digest());
        }
        for package in &self.packages {
            text += &format!("package {} {:?} {}\n", package.key, package.arms, package.scenario.digest());
            for combination in package.subsets.iter().chain(&package.orders) {
                text += &format!("  {:?} {}\n", combination.arms, combination.scenario.digest());
            }
        }
        for window in &self.windows {
            text += &format!("window {} {} {}\n", window.key, window.from, window.until);
        }
        let of = &self.analysis;
        let outcomes: Vec<&str> = of.outcomes.iter().map(|measure| measure.key()).collect();
        text += &format!("outcomes {outcomes:?} {} {} {}\n", of.main, of.smallest_is_best, of.confidence);
        text += &format!("rule {:?} {} {:?} {}\n", of.half_width, of.most_replicates, of.relevant, of.period_days);
        Digest::of(text.as_bytes())
    }
}

/// Whether the file of that name is a study: TOML with a `baseline`.
pub fn is_study(name: &str, files: &dyn Files) -> bool {
    let Ok(text) = files.read(name) else { return false };
    let (table, _) = toml::de::DeTable::parse_recoverable(&text);
    table.get_ref().contains_key("baseline")
}

/// Reads and checks a study, its baseline, all files of its arms, and the changes on top.
///
/// A change of something that only studies have (`analysis.half_width=0.01`) changes the study, any other one the baseline.
///
/// # Errors
/// Everything that is wrong with it, and what was odd besides, in the order of the files.
pub fn parse_study(
    name: &str,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<(Study, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut report = Report::default();
    let study = of_file(&mut report, name, files, overrides);
    finished(report, study)
}

/// The study of some scenarios: the first is the baseline, every further one an arm named as its file.
///
/// # Errors
/// As [`parse_study`].
pub fn study_of_files(
    names: &[&str],
    files: &dyn Files,
    overrides: &[Override],
) -> Result<(Study, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut report = Report::default();
    let study = of_files(&mut report, names, files, overrides);
    finished(report, study)
}

fn finished(report: Report, study: Option<Study>) -> Result<(Study, Vec<Diagnostic>), Vec<Diagnostic>> {
    match study {
        Some(study) if !report.failed() => Ok((study, report.finish())),
        _ => Err(report.finish()),
    }
}

fn of_file(report: &mut Report, name: &str, files: &dyn Files, overrides: &[Override]) -> Option<Study> {
    let text = match files.read(name) {
        Ok(text) => text,
        Err(diagnostic) => {
            report.placeless(diagnostic);
            return None;
        }
    };
    let own = extend::add(report, name, &text);
    let root = extend::layer(report, own, &text)?;
    let whole = Origin::whole(own);
    let (study, shared) = split(report, root, whole);
    let baseline = match study.get("baseline").map(|node| (&node.value, node.at)) {
        Some((Value::Text(file), at)) if !file.trim().is_empty() => Some((beside(name, file), at)),
        Some((_, at)) => {
            let error = Diagnostic::error("baseline is the name of a file");
            report.noticed(at, error.hint("write baseline = \"asean-baseline.toml\""));
            None
        }
        None => {
            let error = Diagnostic::error("there is no baseline");
            report.missing(whole, error.hint("write baseline = \"asean-baseline.toml\" above all tables"));
            None
        }
    };
    let (file, at) = baseline?;
    let chain = extend::chain(report, (&file, Some(at)), files, &[])?;
    let written = Written { name, own, study, further: &[] };
    assemble(report, written, (file, chain, Some(shared)), files, overrides)
}

fn of_files(report: &mut Report, names: &[&str], files: &dyn Files, overrides: &[Override]) -> Option<Study> {
    let (first, further) = names.split_first()?;
    if further.is_empty() {
        let message = format!("there is nothing to compare {first} with");
        let hint = "name a study, or further scenarios after the baseline: comity compare base.toml arm.toml";
        report.placeless(Diagnostic::error(message).hint(hint));
        return None;
    }
    let chain = extend::chain(report, (first, None), files, &[])?;
    let study = Node { value: Value::Table(Vec::new()), at: Origin::whole(chain.own) };
    let written = Written { name: first, own: chain.own, study, further };
    assemble(report, written, (normal(first), chain, None), files, overrides)
}

/// A study as written.
struct Written<'w> {
    /// The file that is read, as the user named it.
    name: &'w str,
    /// Its source.
    own: usize,
    /// What only studies have.
    study: Node,
    /// Scenarios that are arms.
    further: &'w [&'w str],
}

/// What arms are made of.
struct Ground<'f> {
    files: &'f dyn Files,
    common: Common,
}

/// What the baseline and all arms have in common.
#[derive(Debug, Clone)]
struct Common {
    /// The baseline as one tree, the changes for all arms included.
    root: Node,
    /// Its file.
    baseline: String,
    /// Its file and all that it extends.
    known: Vec<String>,
    /// The source that errors without a better place are told of.
    own: usize,
    /// Changes of the command line that no arm may undo.
    last: Vec<Node>,
}

impl Common {
    /// The baseline with some parts laid over it, checked.
    fn scenario<'n>(
        &self,
        report: &mut Report,
        name: &str,
        title: Option<&str>,
        parts: impl Iterator<Item = &'n Node>,
    ) -> Option<Scenario> {
        let mut root = self.root.clone();
        for part in parts {
            overlay(report, &mut root, part.clone(), &[]);
        }
        for part in &self.last {
            overlay(report, &mut root, part.clone(), &[]);
        }
        let joined = Joined { root, extends: Some(self.baseline.clone()), own: self.own };
        let mut scenario = resolve(report, name, &joined)?;
        if let Some(title) = title {
            scenario.title = title.to_owned();
        }
        Some(scenario)
    }
}

/// What a study says, apart from what it changes in the baseline.
fn split(report: &mut Report, root: Node, whole: Origin) -> (Node, Node) {
    let Value::Table(entries) = root.value else { unreachable!("a file is a table") };
    let declared = Declared::all();
    let of_scenarios = declared.top_keys();
    let known: Vec<&str> = OWN.iter().chain(&of_scenarios).copied().filter(|key| *key != "extends").collect();
    let (mut study, mut shared) = (Vec::new(), Vec::new());
    let mut check = Check { report, clock: None, facts: BTreeMap::new() };
    for entry in entries {
        let key = entry.key.as_str();
        if OWN.contains(&key) {
            study.push(entry);
        } else if key == "extends" {
            let hint = "write baseline = in place of extends =; a study changes its baseline for all arms";
            check.error(entry.key_at, "a study extends nothing: it names its baseline", hint);
        } else if known.contains(&key) {
            shared.push(entry);
        } else {
            check.unknown_key(&entry, "", &known, &declared.full_keys());
        }
    }
    let table = |entries| Node { value: Value::Table(entries), at: whole };
    (table(study), table(shared))
}

/// Makes a study of all that was read.
fn assemble(
    report: &mut Report,
    written: Written<'_>,
    (baseline, chain, shared): (String, Chain, Option<Node>),
    files: &dyn Files,
    overrides: &[Override],
) -> Option<Study> {
    let Written { name, own, mut study, further } = written;
    let mut common = Common {
        root: Node { value: Value::Table(Vec::new()), at: Origin::whole(chain.own) },
        baseline,
        known: chain.names.clone(),
        own: chain.own,
        last: Vec::new(),
    };
    for layer in chain.layers.into_iter().rev().chain(shared) {
        overlay(report, &mut common.root, layer, &[]);
    }
    let mut of_interventions = Vec::new();
    for change in overrides {
        let group = change.as_str().split(['=', '.']).next().unwrap_or("").trim();
        if group == "intervention" && !names_one(&study, change) {
            of_interventions.push(change);
        } else if OWN.contains(&group) {
            if let Some(layer) =
                extend::set(report, &study, change).filter(|layer| takes_out_something(report, &study, layer))
            {
                overlay(report, &mut study, layer, &[]);
            }
        } else if let Some(layer) = extend::set(report, &common.root, change) {
            if ["time", "run"].contains(&group) {
                common.last.push(layer.clone());
            }
            overlay(report, &mut common.root, layer, &[]);
        }
    }
    let mut ground = Ground { files, common };
    let mut written_arms = if further.is_empty() {
        arms::of_study(report, &ground, name, &study)
    } else {
        arms::of_files(report, &ground, further)
    };
    for change in of_interventions {
        arms::change_intervention(report, &mut ground, &mut written_arms, change);
    }
    let baseline_name = stem(&ground.common.baseline);
    let baseline = ground.common.scenario(report, &baseline_name, None, std::iter::empty());
    let time = baseline.as_ref().map(Scenario::time);
    let arms = arms::resolved(report, &ground, baseline.as_ref(), &written_arms);
    let mut check = Check { report, clock: time.map(|time| (time.start, time.tick_days)), facts: BTreeMap::new() };
    let windows = time.map(|time| analysis::windows(&mut check, &study, time));
    let analysis = analysis::analysis(&mut check, &study, time);
    let packages = packages::packages(report, &ground.common, &study, &written_arms, time);
    let swept = sweep::Written { name, study: &study, arms: &written_arms };
    let sweep = match (&baseline, &arms, &packages) {
        (Some(baseline), Some(arms), Some(packages)) => {
            let of = sweep::Resolved { baseline, arms, packages };
            sweep::sweep(report, &ground, &swept, &of)
        }
        _ => None,
    };
    let mut check = Check { report, clock: None, facts: BTreeMap::new() };
    let text = |check: &mut Check<'_>, key: &str| study.get(key).and_then(|node| check.text(node, key));
    let title = text(&mut check, "title");
    let description = text(&mut check, "description").unwrap_or_default().trim().to_owned();
    let study_name = if further.is_empty() { stem(name) } else { format!("{}-compared", stem(name)) };
    let title = title.unwrap_or_else(|| match (further.is_empty(), &baseline) {
        (false, Some(baseline)) => format!("{}, and what changes it", baseline.title()),
        _ => study_name.clone(),
    });
    let seed = baseline.as_ref().map_or(0, Scenario::seed);
    let calibration = calibrate::calibration(report, &study, seed);
    let (space, sweep) = match sweep {
        Some(asked) if asked.is_asked() => (Some(asked), None),
        sweep => (None, sweep),
    };
    let optimise = match (&space, &analysis, &windows, &baseline) {
        (Some(space), Some(analysis), Some(windows), Some(baseline)) => {
            let seed = baseline.seed();
            optimise::optimise(report, &study, &optimise::Resolved { space, analysis, windows, seed })
        }
        _ => None,
    };
    if written_arms.is_empty() && sweep.is_none() && space.is_none() && !report.failed() {
        let error = Diagnostic::error("the study has no arms");
        report.missing(Origin::whole(own), error.hint("write [arm.NAME] and what it changes below"));
    }
    Some(Study {
        name: study_name,
        title,
        description,
        baseline: baseline?,
        arms: arms?,
        packages: packages?,
        windows: windows?,
        analysis: analysis?,
        sweep,
        space,
        optimise,
        calibration,
    })
}

/// Whether a change such as `arm.handbook=false` takes out what the study has, if it takes out anything; else it is told.
fn takes_out_something(report: &mut Report, study: &Node, layer: &Node) -> bool {
    for group in ["arm", "package", "window"] {
        let written = study.get(group).and_then(Node::entries).unwrap_or(&[]);
        for entry in layer.get(group).and_then(Node::entries).unwrap_or(&[]) {
            if entry.node.takes_out() && !written.iter().any(|old| old.key == entry.key) {
                let known: Vec<&str> = written.iter().map(|old| old.key.as_str()).collect();
                let hint = match super::units::nearest(&entry.key, known.iter().copied()) {
                    Some(near) => format!("did you mean {near}?"),
                    None if known.is_empty() => format!("the study has no {group} at all"),
                    None => format!("there is {}", super::check::listed(&known)),
                };
                let key = super::check::shortened(&entry.key);
                let message = format!("{group}.{key} = false takes out what the study has, but there is none");
                report.noticed(entry.key_at, Diagnostic::error(message).hint(hint));
                return false;
            }
        }
    }
    true
}

/// Whether a change is one of an intervention that stands there.
fn names_one(root: &Node, change: &Override) -> bool {
    let path = change.as_str().split('=').next().unwrap_or("");
    let key = path.split('.').nth(1).unwrap_or("").trim().trim_matches('"');
    root.get("intervention").and_then(|library| library.get(key)).is_some()
}

/// The tables of a group of the study, each with its key; those taken out on the command line are left out.
fn tables<'n>(check: &mut Check<'_>, study: &'n Node, group: &str) -> Vec<&'n Entry> {
    let Some(node) = study.get(group) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in check.table(node, group).iter().filter(|entry| !entry.node.takes_out()) {
        let path = format!("{group}.{}", entry.key);
        if !super::check::is_word(&entry.key, true) || entry.key == "baseline" {
            let (key, hint) = (super::check::shortened(&entry.key), "use letters, digits, _ and - only, 64 at most");
            let hint = if key == "baseline" { "the baseline has that name already" } else { hint };
            check.error(entry.key_at, format!("{group}.{key} cannot be called so"), hint);
        } else if entry.node.entries().is_none() {
            check.table(&entry.node, &path);
        } else {
            found.push(entry);
        }
    }
    found
}

/// A list of words, each with its place.
fn words(check: &mut Check<'_>, node: &Node, path: &str, example: &str) -> Vec<(String, Origin)> {
    let Value::List(items) = &node.value else {
        let message = format!("{path} is a list, but {} stands here", node.kind());
        check.error(node.at, message, format!("write {example}"));
        return Vec::new();
    };
    items.iter().filter_map(|item| Some((check.text(item, path)?, item.at))).collect()
}

/// A word that names nothing, with the nearest that does.
fn nothing_called(check: &mut Check<'_>, at: Origin, what: &str, word: &str, known: &[&str]) {
    let hint = match super::units::nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if known.is_empty() => format!("the study has no {what} at all"),
        None => format!("there is {}", super::check::listed(known)),
    };
    check.error(at, format!("there is no {what} {}", super::check::shortened(word)), hint);
}
