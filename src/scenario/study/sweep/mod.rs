//! Sweeps: what of a study is varied, over which values, and in which points.
//!
//! ```toml
//! [sweep]
//! design = "factorial"
//! [factor.visitors]
//! parameter = "intervention.exchange.number"
//! from = 0
//! to = 8
//! levels = 9
//! ```
//!
//! A factor is a key of the study's own and stands for one parameter or several that share its value: any declared number or choice, any
//! field of an intervention. A point gives every factor a value; at every point the baseline and all arms (and packages) are simulated with
//! the same draws. A factor of the model is laid under what an arm sets by itself, one of an intervention over it.

mod assumed;
mod constraint;
mod design;
mod factor;
mod made;
mod points;
mod rows;
pub(super) mod schema;
mod template;
mod values;

pub use constraint::Constraint;
pub use design::Design;
pub use factor::{Domain, Factor};
pub use points::{Designed, Structure};
pub use template::PointLine;

use super::super::Scenario;
use super::super::check::Check;
use super::super::report::Report;
use super::super::written::{Entry, Node};
use super::arms::WrittenArm;
use super::{Arm, Ground, Package, tables};
use crate::diagnostic::Diagnostic;
use crate::parameter::Unit;
use crate::statistics::design::{Groups, Refusal};
use factor::Field;
use std::collections::BTreeMap;
use template::Template;

/// Most factors of a sweep.
const MOST_FACTORS: usize = 1000;
/// Columns of the tables of a sweep that no factor may be called as.
const TAKEN: [&str; 27] = [
    "run_id",
    "point_id",
    "replicate",
    "arm",
    "arm_label",
    "cost",
    "failed_at",
    "message",
    "measure",
    "measure_label",
    "unit",
    "window",
    "n",
    "n_failed",
    "n_pairs",
    "mean",
    "sd",
    "ci_low",
    "ci_high",
    "difference",
    "difference_low",
    "difference_high",
    "base",
    "member",
    "trajectory",
    "moved",
    "slice",
];

/// What is varied, and how.
#[derive(Debug, Clone)]
pub struct Sweep {
    factors: Vec<Factor>,
    groups: Vec<String>,
    design: Design,
    constraints: Vec<Constraint>,
    seed: u64,
    template: Template,
}

/// Sweeps are equal that determine the same points.
impl PartialEq for Sweep {
    fn eq(&self, other: &Self) -> bool {
        (self.described(), self.design.size()) == (other.described(), other.design.size())
    }
}

impl Sweep {
    /// What is varied, in the order of the file.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// How points are chosen.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// What is simulated at every point: the baseline, the arms, the packages.
    pub fn lines(&self) -> &[PointLine] {
        self.template.lines()
    }

    /// The points.
    ///
    /// # Errors
    /// When the design is refused.
    pub fn points(&self) -> Result<Designed, String> {
        points::designed(self)
    }

    /// The same factors at points that are handed over, one number for each factor (of words: the place in their list), row after row.
    #[must_use]
    pub fn of_rows(&self, numbers: Vec<f64>) -> Self {
        Self { design: Design::Rows { from: "list", numbers }, constraints: Vec::new(), ..self.clone() }
    }

    /// The same with parameters of scenarios as further factors, after its own, whose values are handed over with the rest.
    ///
    /// # Errors
    /// When there is no such parameter that is a number, or one of its factors stands for it already.
    pub fn with_parameters(&self, parameters: &[String], baseline: &Scenario) -> Result<Self, String> {
        let mut sweep = self.clone();
        for parameter in parameters {
            let key = factor::canonical(parameter);
            let own = |factor: &Factor| factor.parameters.iter().any(|own| factor::canonical(own) == key);
            if let Some(factor) = self.factors.iter().find(|factor| own(factor)) {
                return Err(format!("factor {} varies {parameter}, and so do the draws", factor.key));
            }
            let group = sweep.groups.len();
            sweep.factors.push(Factor::of_parameter(parameter, group, baseline)?);
            sweep.groups.push(parameter.clone());
        }
        Ok(sweep)
    }

    /// Which factors do nothing in an arm, because it sets the parameter by itself, in words.
    pub fn masked(&self) -> Vec<String> {
        self.template.masked(&self.factors).into_iter().map(|(_, words)| words).collect()
    }

    /// The same with the luck of a run as one more factor, the last, if it is none yet: then every point can have luck of its own.
    #[must_use]
    pub fn with_luck(&self) -> Self {
        let mut sweep = self.clone();
        if !sweep.factors.iter().any(Factor::is_luck) {
            sweep.factors.push(Factor::luck(sweep.groups.len()));
            sweep.groups.push("luck".to_owned());
        }
        sweep
    }

    /// Whether its points are asked for by a program as it goes, and not laid down by a design.
    pub(super) fn is_asked(&self) -> bool {
        matches!(self.design, Design::Rows { from: "asked", .. })
    }

    /// Whether values keep every constraint.
    pub fn keeps(&self, values: &[f64]) -> bool {
        self.constraints.iter().all(|constraint| constraint.kept(values))
    }

    /// What the design means by its points.
    ///
    /// # Errors
    /// When the design is refused.
    pub fn structure(&self) -> Result<Structure, String> {
        points::structure(self)
    }

    /// Which factors are varied together.
    ///
    /// # Errors
    /// When the groups are refused.
    pub fn grouping(&self) -> Result<Groups, String> {
        self.grouped().map_err(|refusal| refusal.to_string())
    }

    /// The same sweep with more points, of which the first are those it has.
    ///
    /// # Errors
    /// When the design cannot be extended, or would not grow.
    pub fn extended(&self, more: u64) -> Result<Self, String> {
        let design = self.design.extended(more)?;
        Ok(Self { design, ..self.clone() })
    }

    /// The same sweep of so many points, which its design must be able to be [extended](Self::extended) to or cut to.
    #[must_use]
    pub fn of_size(&self, size: u64) -> Self {
        Self { design: self.design.of_size(size), ..self.clone() }
    }

    /// Whether the baseline is the same at every point, because only interventions of arms are varied.
    pub fn shares_baseline(&self) -> bool {
        let of = |parameter: &String| self.template.touched(parameter).is_ok_and(|lines| !lines[0]);
        self.factors.iter().flat_map(|factor| &factor.parameters).all(of)
    }

    /// Whether a factor changes the baseline too, and not interventions of arms alone.
    pub fn varies_baseline(&self, factor: usize) -> bool {
        let of = |parameter: &String| self.template.touched(parameter).is_ok_and(|lines| lines[0]);
        self.factors[factor].parameters.iter().any(of)
    }

    /// The arms of a mix, by place, whose interventions a factor is of.
    pub fn arms_of(&self, factor: usize) -> Vec<usize> {
        self.template.arms_of(&self.factors[factor].parameters)
    }

    /// The scenarios of a point, or what is wrong with them, one for each line; `values` has one number per factor (of words: the place in
    /// the list).
    pub fn scenarios(&self, values: &[f64]) -> Vec<Result<Scenario, Vec<Diagnostic>>> {
        self.template.scenarios(&self.factors, values)
    }

    /// Everything that determines the points but how many there are, a line for each.
    pub fn described(&self) -> String {
        let mut text = format!("design {} seed {}\n", self.design.described(), self.seed);
        for factor in &self.factors {
            text += &factor.described();
        }
        for Constraint { key, weights, at_least, at_most } in &self.constraints {
            text += &format!("constraint {key} {weights:?} {at_least:?} {at_most:?}\n");
        }
        text
    }

    fn grouped(&self) -> Result<Groups, Refusal> {
        Groups::of(self.factors.iter().map(|factor| factor.group).collect())
    }

    /// The names of the groups of factors; of a factor in no group its own key.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }
}

/// The study as written, as far as it is read.
pub(super) struct Written<'w> {
    /// The file.
    pub(super) name: &'w str,
    pub(super) study: &'w Node,
    pub(super) arms: &'w [WrittenArm],
}

/// The study as checked, as far as it is.
pub(super) struct Resolved<'r> {
    pub(super) baseline: &'r Scenario,
    pub(super) arms: &'r [Arm],
    pub(super) packages: &'r [Package],
}

/// Reads `[sweep]`, `[factor.*]` and `[constraint.*]`; `None` where there are none, or where they are wrong, which is reported.
pub(super) fn sweep(
    report: &mut Report,
    ground: &Ground<'_>,
    written: &Written<'_>,
    resolved: &Resolved<'_>,
) -> Option<Sweep> {
    let study = written.study;
    let of_sweep = asking(report, study)?;
    let entries = tables(&mut checking(report), study, "factor");
    let stray = ["factor", "constraint"].into_iter().find_map(|group| study.get(group));
    let Some((asking, node)) = of_sweep else {
        if let Some(stray) = stray {
            let error = Diagnostic::error("factors are varied by a sweep, but there is no [sweep]");
            report.missing(stray.at, error.hint("write [sweep] with design = \"factorial\", or another design"));
        }
        return None;
    };
    let template = match asking {
        Asking::Mixes => Template::mixing(ground, written),
        Asking::Design | Asking::Values => Template::new(ground, written, resolved),
    };
    let mut check = checking(report);
    let seed = match node.get("seed") {
        Some(seed) => {
            let table = if asking == Asking::Mixes { "optimise" } else { "sweep" };
            check.whole(seed, &format!("{table}.seed"), 0, u64::MAX)?
        }
        None => resolved.baseline.seed(),
    };
    let asked = match asking {
        Asking::Design => design::read(&mut check, node)?,
        Asking::Values | Asking::Mixes => Design::Rows { from: "asked", numbers: Vec::new() },
    };
    let of_assumed = match node.get("assumed") {
        Some(share) if asking != Asking::Mixes => {
            let unit = (f64::EPSILON, 1.0);
            let share = check.quantity(share, "sweep.assumed", Unit::Share, unit)?;
            Some(assumed::assumed(resolved.baseline, &entries, &asked, (share, node.at)))
        }
        _ => None,
    };
    let generated = of_assumed.iter().flat_map(|assumed| &assumed.entries);
    let entries: Vec<&Entry> = entries.into_iter().chain(generated).collect();
    if entries.is_empty() && asking != Asking::Mixes {
        let error = Diagnostic::error("there are no factors: nothing is varied");
        report.missing(node.at, error.hint("write [factor.NAME] with parameter = \"habit.half_life\" and its values"));
        return None;
    }
    if entries.len() > MOST_FACTORS {
        let message = format!("the sweep has {} factors, more than {MOST_FACTORS}", entries.len());
        report.noticed(
            node.at,
            Diagnostic::error(message).hint("vary fewer at a time, several parameters by one factor"),
        );
        return None;
    }
    let field = Field { template: &template, resolved, asked: &asked };
    let mut factors = Vec::new();
    for entry in &entries {
        if let Some(found) =
            TAKEN.iter().find(|taken| taken.eq_ignore_ascii_case(&entry.key)).copied().or_else(|| measured(&entry.key))
        {
            let message = format!("factor.{} cannot be called so: the tables have a column {found}", entry.key);
            checking(report).error(entry.key_at, message, "give the factor another name");
            continue;
        }
        factors.extend(factor::read(report, &field, entry));
    }
    if factors.len() < entries.len() || !apart(report, &factors) {
        return None;
    }
    let (design, mut factors) = match asking {
        Asking::Design => rows::filled(report, (ground.files, written.name), &field, node, factors)?,
        Asking::Values | Asking::Mixes => (asked.clone(), factors),
    };
    if asking == Asking::Mixes {
        let switches = written.arms.iter().enumerate();
        let switches = switches.map(|(place, arm)| Factor::of_arm(place, &arm.key, &arm.label, arm.at));
        factors = switches.chain(factors).collect();
        if !apart(report, &factors) {
            return None;
        }
    }
    let constraints = constraint::constraints(report, study, &factors)?;
    let (groups, factors) = grouped(factors);
    let mut sweep = Sweep { factors, groups, design, constraints, seed, template };
    sweep.template.read(report);
    sweep.template.tell_masked(report, &sweep.factors);
    factor::try_ends(report, &sweep);
    if report.failed() {
        return None;
    }
    if asking != Asking::Design {
        let left_out = of_assumed.iter().flat_map(|assumed| &assumed.notices);
        for notice in left_out {
            checking(report).warn(node.at, notice, "nothing needs to be done: it is only told");
        }
        return Some(sweep);
    }
    let mut check = checking(report);
    let refused = match sweep.points() {
        Ok(designed) => {
            let left_out = of_assumed.iter().flat_map(|assumed| &assumed.notices);
            for notice in designed.notices.iter().chain(left_out) {
                check.warn(node.at, notice, "nothing needs to be done: it is only told");
            }
            None
        }
        Err(reason) => Some(reason),
    };
    if let Some(reason) = refused {
        let at = node.get("design").map_or(node.at, |design| design.at);
        check.error(at, format!("this design cannot be made: {reason}"), "change the design, its size or its factors");
        return None;
    }
    Some(sweep)
}

/// Who says at which points the factors are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// A design, in `[sweep]`.
    Design,
    /// A calibration, which asks for values as it goes: `[calibrate]`.
    Values,
    /// An optimisation, which asks for mixes of arms besides: `[optimise]`.
    Mixes,
}

/// Which table says that something is varied, if one does.
fn asking<'n>(report: &mut Report, study: &'n Node) -> Option<Option<(Asking, &'n Node)>> {
    let all = [("sweep", Asking::Design), ("calibrate", Asking::Values), ("optimise", Asking::Mixes)];
    let mut there = all.iter().filter_map(|(key, asking)| Some((*key, *asking, study.get(key)?)));
    let Some((first, asking, node)) = there.next() else { return Some(None) };
    if let Some((second, _, other)) = there.next() {
        let message = format!("a study has [{first}] or [{second}], not both");
        checking(report).error(other.at, message, "make two studies of them");
        return None;
    }
    Some(Some((asking, node)))
}

/// The measure whose column, alone or of a window, could have this name.
fn measured(key: &str) -> Option<&'static str> {
    let lower = key.to_ascii_lowercase();
    let taken =
        |own: &&'static str| lower.strip_prefix(*own).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    crate::record::Measure::all().map(crate::record::Measure::key).find(taken)
}

/// Whether no two factors are called alike or stand for the same parameter; what is wrong is reported.
fn apart(report: &mut Report, factors: &[Factor]) -> bool {
    let mut sound = true;
    for (place, factor) in factors.iter().enumerate() {
        for other in &factors[..place] {
            let mut check = checking(report);
            if factor.key.eq_ignore_ascii_case(&other.key) {
                let message = format!(
                    "factors {} and {} are called alike: many programs do not tell them apart",
                    other.key, factor.key
                );
                check.error(factor.at, message, "give one of them another name");
                sound = false;
            }
            let canonical = factor::canonical;
            let shared = factor
                .parameters
                .iter()
                .find(|own| other.parameters.iter().any(|theirs| canonical(own) == canonical(theirs)));
            if let Some(shared) = shared {
                let message = format!("factors {} and {} both stand for {shared}", other.key, factor.key);
                check.error(factor.at, message, "only one of them can set it: take it out of the other");
                sound = false;
            }
        }
    }
    sound
}

fn checking(report: &mut Report) -> Check<'_> {
    Check { report, clock: None, facts: BTreeMap::new() }
}

/// Numbers the groups in the order in which they are met, a factor without one being a group by itself.
fn grouped(mut factors: Vec<Factor>) -> (Vec<String>, Vec<Factor>) {
    let mut groups: Vec<String> = Vec::new();
    for factor in &mut factors {
        let name = factor.group_name.clone().unwrap_or_else(|| factor.key.clone());
        factor.group = match groups.iter().position(|group| *group == name).filter(|_| factor.group_name.is_some()) {
            Some(place) => place,
            None => {
                groups.push(name);
                groups.len() - 1
            }
        };
    }
    (groups, factors)
}
