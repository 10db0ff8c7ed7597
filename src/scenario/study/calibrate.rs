//! `[calibrate]` and `[target.*]`: to which figures the factors of a study are fitted, and how long.
//!
//! ```toml
//! [calibrate]
//! particles = 200
//! simulations = 20000
//! [target.communications]
//! pattern = "P1"
//! value = 474
//! error = "overdispersed"
//! cv = 0.1
//! source = "HSU figures, January 2006 - June 2008"
//! [factor.unit_share]
//! parameter = "habit.unit_share"
//! from = 0.1
//! to = 0.5
//! ```

use super::super::check::Check;
use super::super::report::Report;
use super::super::written::{Entry, Node, Value};
use super::{nothing_called, tables};
use crate::parameter::{Grade, Unit};
use crate::record::Measure;
use crate::statistics::calibration::{ErrorModel, Target};
use std::collections::BTreeMap;

/// The keys of `[calibrate]`.
pub(super) const KEYS: [&str; 10] = [
    "particles",
    "simulations",
    "generations",
    "prior",
    "quantile",
    "least_acceptance",
    "least_effective",
    "epsilon",
    "seed",
    "assumed",
];
/// The error models by name, with the keys each takes.
pub(super) const ERRORS: [(&str, &[&str]); 6] = [
    ("poisson", &[]),
    ("overdispersed", &["cv"]),
    ("deviation", &["sd"]),
    ("band", &["low", "high", "probability"]),
    ("relative", &["share"]),
    ("ratio", &["log_sd", "counts"]),
];
/// The keys of a target besides those of its error.
pub(super) const OWN: [&str; 9] =
    ["name", "measure", "pattern", "value", "error", "discrepancy", "source", "grade", "period"];

/// Most simulations of a calibration.
pub(super) const MOST: u64 = 100_000_000;

/// What a calibration is to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The figures.
    pub targets: Vec<Figure>,
    /// Particles of a generation.
    pub particles: u32,
    /// Most simulations of a model, those of its prior included.
    pub simulations: u64,
    /// Most generations after the prior.
    pub generations: u32,
    /// Simulations from the prior.
    pub prior: u32,
    /// Which share of a generation's distances the next must come below.
    pub quantile: f64,
    /// The share of accepted simulations below which it ends.
    pub least_acceptance: f64,
    /// The effective sample size, as a share of the particles, below which a generation is left out and the walk ends.
    pub least_effective: f64,
    /// How near is near enough, as a squared distance.
    pub epsilon: f64,
    /// Luck of the calibration.
    pub seed: u64,
}

/// A figure that the model is fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its name in the study.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What of the model it is.
    pub of: FigureOf,
    /// Its value and error.
    pub target: Target,
    /// The name of its error model.
    pub error: &'static str,
    /// Where it comes from.
    pub source: String,
    /// How well it is known.
    pub grade: Grade,
    /// Of which time it is, in words.
    pub period: String,
}

/// What of a run a figure is.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureOf {
    /// An outcome of the region over the whole run.
    Measure(Measure),
    /// A pattern of the evidence that a run of the window has: `P1`, `P9`.
    Pattern(String),
}

/// Reads `[calibrate]` and `[target.*]`.
pub(super) fn calibration(report: &mut Report, study: &Node, seed: u64) -> Option<Calibration> {
    let mut check = Check { report, clock: None, facts: BTreeMap::new() };
    let entries = tables(&mut check, study, "target");
    let Some(node) = study.get("calibrate") else {
        if let Some(first) = entries.first() {
            check.error(first.key_at, "there are targets, but no [calibrate]", "write [calibrate], or take them out");
        }
        return None;
    };
    let own = check.table(node, "calibrate");
    check.unknown_keys(own, "calibrate", &KEYS);
    let mut whole = |key: &str, default: u64, range: (u64, u64)| match node.get(key) {
        Some(given) => check.whole(given, &format!("calibrate.{key}"), range.0, range.1),
        None => Some(default),
    };
    let particles = whole("particles", 200, (20, 100_000));
    let simulations = whole("simulations", 20_000, (1, MOST));
    let generations = whole("generations", 20, (1, 1000));
    let prior = whole("prior", 1000, (50, 1_000_000));
    let seed = whole("seed", seed, (0, u64::MAX));
    let mut share = |key: &str, default: f64, range: (f64, f64)| match node.get(key) {
        Some(given) => check.quantity(given, &format!("calibrate.{key}"), Unit::Factor, range),
        None => Some(default),
    };
    let quantile = share("quantile", 0.5, (0.01, 0.99));
    let least_acceptance = share("least_acceptance", 0.02, (0.0, 1.0));
    let least_effective = share("least_effective", 0.3, (0.0, 1.0));
    let epsilon = share("epsilon", 0.0, (0.0, f64::MAX));
    if entries.is_empty() {
        let hint = "write [target.NAME] with measure or pattern, value, error and source";
        check.missing(node.at, "the calibration has no targets: there is nothing to fit to", hint);
        return None;
    }
    let targets: Vec<Option<Figure>> = entries.iter().map(|entry| figure(&mut check, entry)).collect();
    let targets: Vec<Figure> = targets.into_iter().collect::<Option<_>>()?;
    for (place, own) in targets.iter().enumerate() {
        if let Some(other) = targets[..place].iter().find(|other| other.of == own.of) {
            let message = format!("target.{} and target.{} are of the same figure", other.key, own.key);
            check.error(entries[place].key_at, message, "it would count twice: take one out");
            return None;
        }
    }
    let (particles, simulations, prior) = (particles?, simulations?, prior?);
    let needed = prior + particles;
    if simulations < needed {
        let message = format!(
            "calibrate.simulations is {simulations}: {prior} from the prior and one generation of {particles} need {needed} at least"
        );
        let at = node.get("simulations").map_or(node.at, |node| node.at);
        check.error(at, message, "raise simulations, or lower prior or particles");
        return None;
    }
    if prior < particles {
        let message =
            format!("calibrate.prior is {prior}, less than the {particles} particles that are chosen from it");
        check.error(node.get("prior").map_or(node.at, |node| node.at), message, "raise prior, or lower particles");
        return None;
    }
    Some(Calibration {
        targets,
        particles: particles as u32,
        simulations,
        generations: generations? as u32,
        prior: prior as u32,
        quantile: quantile?,
        least_acceptance: least_acceptance?,
        least_effective: least_effective?,
        epsilon: epsilon?,
        seed: seed?,
    })
}

/// Reads one target.
fn figure(check: &mut Check<'_>, entry: &Entry) -> Option<Figure> {
    let path = format!("target.{}", entry.key);
    let get = |key: &str| entry.node.get(key);
    let kinds: Vec<&str> = ERRORS.iter().map(|(name, _)| *name).collect();
    let keys: Vec<&str> = OWN.iter().chain(ERRORS.iter().flat_map(|(_, keys)| *keys)).copied().collect();
    check.unknown_keys(entry.node.entries().unwrap_or(&[]), &path, &keys);
    let of = match (get("measure"), get("pattern")) {
        (Some(node), None) => {
            let key = check.text(node, &format!("{path}.measure"))?;
            let Some(measure) = Measure::from_key(&key) else {
                let known: Vec<&str> = Measure::all().map(Measure::key).collect();
                nothing_called(check, node.at, "outcome", &key, &known);
                return None;
            };
            FigureOf::Measure(measure)
        }
        (None, Some(node)) => FigureOf::Pattern(check.text(node, &format!("{path}.pattern"))?),
        (Some(_), Some(second)) => {
            check.error(second.at, format!("{path} is of a measure and of a pattern"), "take one of the two out");
            return None;
        }
        (None, None) => {
            let hint = "write measure = \"recorded_communications\", or pattern = \"P1\" of the evidence";
            check.missing(entry.key_at, format!("{path} is of nothing"), hint);
            return None;
        }
    };
    let number = |check: &mut Check<'_>, key: &str, range: (f64, f64)| match get(key) {
        Some(node) => check.quantity(node, &format!("{path}.{key}"), Unit::Utility, range),
        None => {
            check.missing(entry.key_at, format!("{path} has no {key}"), format!("write {key} = and a number"));
            None
        }
    };
    let value = number(check, "value", (f64::MIN, f64::MAX))?;
    let Some(node) = get("error") else {
        let message = format!("{path} has no error: a figure without one cannot be fitted to, only hit or missed");
        let hint = "write error = \"poisson\" for a count, \"overdispersed\" with cv = 0.1, \"band\" with low and high, \
                    \"relative\" with share = 0.2, \"deviation\" with sd, or \"ratio\" with log_sd or counts = [36, 474]";
        check.missing(entry.key_at, message, hint);
        return None;
    };
    let kind = check.one_of(node, &format!("{path}.error"), &kinds)?;
    let (kind, own) = ERRORS.iter().find(|(name, _)| *name == kind).copied()?;
    for key in ERRORS.iter().flat_map(|(_, keys)| *keys).filter(|key| get(key).is_some()) {
        if !own.contains(key) {
            let takes = if own.is_empty() { "it has none".to_owned() } else { format!("it has {}", own.join(", ")) };
            let at = get(key).map_or(entry.key_at, |node| node.at);
            check.error(at, format!("{path}: a {kind} error has no {key}"), takes);
            return None;
        }
    }
    let above = (f64::MIN_POSITIVE, f64::MAX);
    let error = match kind {
        "poisson" => ErrorModel::Poisson,
        "overdispersed" => ErrorModel::overdispersed_by(number(check, "cv", above)?),
        "deviation" => ErrorModel::Deviation { sd: number(check, "sd", above)? },
        "relative" => ErrorModel::Relative { share: number(check, "share", above)? },
        "band" => ErrorModel::Band {
            low: number(check, "low", (f64::MIN, f64::MAX))?,
            high: number(check, "high", (f64::MIN, f64::MAX))?,
            probability: match get("probability") {
                Some(_) => number(check, "probability", (0.01, 0.9999))?,
                None => 0.95,
            },
        },
        _ => match get("counts") {
            Some(node) => {
                let counts = match &node.value {
                    Value::List(items) => items
                        .iter()
                        .map(|item| check.quantity(item, &format!("{path}.counts"), Unit::Utility, above))
                        .collect::<Option<Vec<f64>>>()?,
                    _ => Vec::new(),
                };
                let [part, whole] = counts[..] else {
                    check.error(
                        node.at,
                        format!("{path}.counts is the two counts of the ratio"),
                        "write counts = [142, 474]",
                    );
                    return None;
                };
                ErrorModel::ratio_of_counts(part, whole)
            }
            None => ErrorModel::Ratio { log_sd: number(check, "log_sd", above)? },
        },
    };
    let discrepancy = match get("discrepancy") {
        Some(_) => number(check, "discrepancy", (0.0, f64::MAX))?,
        None => 0.0,
    };
    let target = match Target::new(value, error, discrepancy) {
        Ok(target) => target,
        Err(refusal) => {
            check.error(entry.key_at, format!("{path}: {refusal}"), "change its numbers, or its error");
            return None;
        }
    };
    let mut words = |key: &str| match get(key) {
        Some(node) => check.text(node, &format!("{path}.{key}")),
        None => Some(String::new()),
    };
    let (name, source, period) = (words("name")?, words("source")?, words("period")?);
    let grade = match get("grade") {
        Some(node) => {
            let grades: Vec<&str> = Grade::ALL.iter().map(|grade| grade.key()).collect();
            check.one_of(node, &format!("{path}.grade"), &grades).and_then(Grade::from_key)?
        }
        None => Grade::Assumed,
    };
    if source.is_empty() && grade != Grade::Assumed {
        check.missing(entry.key_at, format!("{path} has a grade and no source"), "write source = \"...\"");
        return None;
    }
    let label = if name.is_empty() { entry.key.replace(['_', '-'], " ") } else { name };
    Some(Figure { key: entry.key.clone(), label, of, target, error: kind, source, grade, period })
}
