//! From a point to the scenarios that are simulated there.

use super::super::super::Scenario;
use super::super::super::extend::{ENTITIES, name_pairs, no_such, pair_key};
use super::super::super::report::{Origin, Report};
use super::super::super::written::{Entry, Node, Value};
use super::super::{Common, Ground};
use super::{Factor, Resolved, Written};
use crate::diagnostic::Diagnostic;

/// What is simulated at every point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointLine {
    /// Short name: `baseline`, or that of an arm or package.
    pub key: String,
    /// Its name for people.
    pub label: String,
}

/// The baseline and all that is laid over it, before any factor has a value.
#[derive(Debug, Clone)]
pub(super) struct Template {
    common: Common,
    lines: Vec<PointLine>,
    /// Per line: what it lays over the baseline. Of a mix: all that it may.
    parts: Vec<Vec<Node>>,
    /// What each arm lays over the baseline, if the only line besides the baseline is a mix of arms, put together point by point.
    mixed: Option<Vec<Vec<Node>>>,
    /// The texts that all of it was read from.
    texts: std::sync::Arc<Report>,
}

impl Template {
    pub(super) fn new(ground: &Ground<'_>, written: &Written<'_>, resolved: &Resolved<'_>) -> Self {
        let mut lines = vec![PointLine { key: "baseline".to_owned(), label: "Baseline".to_owned() }];
        let mut parts = vec![Vec::new()];
        for arm in written.arms {
            lines.push(PointLine { key: arm.key.clone(), label: arm.label.clone() });
            parts.push(arm.parts.clone());
        }
        for package in resolved.packages {
            lines.push(PointLine { key: package.key.clone(), label: package.label.clone() });
            parts.push(package.arms.iter().flat_map(|arm| written.arms[*arm].parts.clone()).collect());
        }
        Self { common: ground.common.clone(), lines, parts, mixed: None, texts: std::sync::Arc::default() }
    }

    /// The baseline and one mix of the arms, which the switches among the factors put together.
    pub(super) fn mixing(ground: &Ground<'_>, written: &Written<'_>) -> Self {
        let line = |key: &str, label: &str| PointLine { key: key.to_owned(), label: label.to_owned() };
        let arms: Vec<Vec<Node>> = written.arms.iter().map(|arm| arm.parts.clone()).collect();
        Self {
            common: ground.common.clone(),
            lines: vec![line("baseline", "Baseline"), line("mix", "Mix")],
            parts: vec![Vec::new(), arms.concat()],
            mixed: Some(arms),
            texts: std::sync::Arc::default(),
        }
    }

    /// What a line lays over the baseline at a point.
    fn parts_at(&self, line: usize, factors: &[Factor], values: &[f64]) -> Vec<Node> {
        let Some(arms) = self.mixed.as_ref().filter(|_| line > 0) else { return self.parts[line].clone() };
        let on = factors.iter().zip(values).filter(|(_, value)| **value > 0.0);
        let mut on: Vec<usize> = on.filter_map(|(factor, _)| factor.switch).collect();
        on.sort_unstable();
        on.into_iter().flat_map(|arm| arms[arm].clone()).collect()
    }

    /// Takes in the texts that all was read from, when all is read.
    pub(super) fn read(&mut self, report: &Report) {
        self.texts = std::sync::Arc::new(report.afresh());
    }

    pub(super) fn lines(&self) -> &[PointLine] {
        &self.lines
    }

    /// The entities of a group, in the baseline or in what any line adds.
    pub(super) fn entities(&self, group: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for root in std::iter::once(&self.common.root).chain(self.parts.iter().flatten()) {
            for entry in root.get(group).and_then(Node::entries).unwrap_or(&[]) {
                if !entry.node.takes_out() && !all.contains(&entry.key) {
                    all.push(entry.key.clone());
                }
            }
        }
        all
    }

    /// In which lines there is something that the parameter is of.
    pub(super) fn touched(&self, parameter: &str) -> Result<Vec<bool>, Diagnostic> {
        let steps: Vec<&str> = parameter.split('.').collect();
        let all = vec![true; self.lines.len()];
        let (group, rest) = (steps[0], &steps[1..]);
        if !ENTITIES.contains(&group) || rest.is_empty() {
            return Ok(all);
        }
        let entity = if group == "pair" { pair_key(rest[0]) } else { rest[0].to_owned() };
        let has = |root: &Node| root.get(group).and_then(|all| all.get(&entity)).is_some();
        // A pair of which nothing is said yet may be spoken of.
        if has(&self.common.root) || group == "pair" {
            return Ok(all);
        }
        let of_lines: Vec<bool> = self.parts.iter().map(|parts| parts.iter().any(has)).collect();
        if of_lines.contains(&true) {
            return Ok(of_lines);
        }
        let mut error = no_such(&self.common.root, group, &entity);
        if group == "intervention" {
            error.message += " in the baseline or in any arm";
            let known = self.entities(group);
            error.hint = Some(match known.is_empty() {
                true => "write [intervention.NAME], and an arm that uses it".to_owned(),
                false => format!("those in use are {}", known.join(", ")),
            });
        }
        Err(error)
    }

    /// What a factor at a value lays over a line, if it touches it: under the line's own parts, and over them.
    fn laid(
        &self,
        report: &mut Report,
        (factor, value): (&Factor, f64),
        line: usize,
        parts: &[Node],
    ) -> (Vec<Node>, Vec<Node>) {
        let (mut under, mut over) = (Vec::new(), Vec::new());
        for (place, parameter) in factor.parameters.iter().enumerate() {
            if !self.touched(parameter).is_ok_and(|lines| lines[line]) || !self.is_there(parameter, parts) {
                continue;
            }
            let node = tree(report, parameter, factor.node(place, value), factor.at);
            // What is of an entity that the line brings along can only be laid over it.
            if parameter.starts_with("intervention.") { over.push(node) } else { under.push(node) }
        }
        (under, over)
    }

    /// Whether an intervention is there that a parameter is of: a mix has only those of the arms that are switched on.
    fn is_there(&self, parameter: &str, parts: &[Node]) -> bool {
        let Some((key, _)) = parameter.strip_prefix("intervention.").and_then(|rest| rest.split_once('.')) else {
            return true;
        };
        let has = |root: &Node| root.get("intervention").and_then(|all| all.get(key)).is_some();
        self.mixed.is_none() || has(&self.common.root) || parts.iter().any(has)
    }

    /// The arms of a mix that have an intervention which one of the parameters is of.
    pub(super) fn arms_of(&self, parameters: &[String]) -> Vec<usize> {
        let keys = || parameters.iter().filter_map(|own| own.strip_prefix("intervention.")?.split('.').next());
        let has = |part: &Node| keys().any(|key| part.get("intervention").and_then(|all| all.get(key)).is_some());
        let arms = self.mixed.as_deref().unwrap_or(&[]);
        (0..arms.len()).filter(|arm| arms[*arm].iter().any(has)).collect()
    }

    fn scenario(
        &self,
        report: &mut Report,
        line: usize,
        parts: &[Node],
        laid: &[(Vec<Node>, Vec<Node>)],
    ) -> Option<Scenario> {
        let under = laid.iter().flat_map(|(under, _)| under);
        let over = laid.iter().flat_map(|(_, over)| over);
        let PointLine { key, label } = &self.lines[line];
        self.common.scenario(report, key, Some(label), under.chain(parts).chain(over))
    }

    /// The scenarios of a point, or what is wrong with them, line by line.
    pub(super) fn scenarios(&self, factors: &[Factor], values: &[f64]) -> Vec<Result<Scenario, Vec<Diagnostic>>> {
        // The luck of a point is its own, whatever seed the command line gives the study.
        let luck = factors.iter().zip(values).find(|(factor, _)| factor.is_luck()).map(|(_, value)| *value as u64);
        let of_line = |line: usize| {
            let mut report = self.texts.afresh();
            let parts = self.parts_at(line, factors, values);
            let laid: Vec<_> = factors
                .iter()
                .zip(values)
                .map(|(factor, value)| self.laid(&mut report, (factor, *value), line, &parts))
                .collect();
            match self.scenario(&mut report, line, &parts, &laid).filter(|_| !report.failed()) {
                Some(mut scenario) => {
                    scenario.seed = luck.unwrap_or(scenario.seed);
                    Ok(scenario)
                }
                None => Err(report.finish()),
            }
        };
        (0..self.lines.len()).map(of_line).collect()
    }

    /// Factors that do nothing in a line, because it sets the parameter by itself, in words; with the factor.
    pub(super) fn masked<'f>(&self, factors: &'f [Factor]) -> Vec<(&'f Factor, String)> {
        let mut all = Vec::new();
        for factor in factors {
            for parameter in factor.parameters.iter().filter(|parameter| !parameter.starts_with("intervention.")) {
                let sets = |part: &Node| parameter.split('.').try_fold(part, |node, step| node.get(step)).is_some();
                for (line, parts) in self.lines.iter().zip(&self.parts) {
                    if parts.iter().any(sets) {
                        let message = format!(
                            "factor {} does nothing to {parameter} in {}, which sets it by itself",
                            factor.key, line.key
                        );
                        all.push((factor, message));
                    }
                }
            }
        }
        all
    }

    /// Tells of them.
    pub(super) fn tell_masked(&self, report: &mut Report, factors: &[Factor]) {
        let hint = "the tables say the factor's value there too: take it out of the arm, or read the arm as it is";
        for (factor, message) in self.masked(factors) {
            report.noticed(factor.at, Diagnostic::warning(message).hint(hint));
        }
    }

    /// Sets one factor to a value, in the first line that it touches, and reports what is wrong then.
    pub(super) fn try_one(&self, report: &mut Report, factor: &Factor, value: f64) {
        let touches = |line: &usize| {
            factor.parameters.iter().any(|parameter| self.touched(parameter).is_ok_and(|lines| lines[*line]))
        };
        let Some(line) = (0..self.lines.len()).find(touches) else { return };
        let parts = &self.parts[line];
        let laid = vec![self.laid(report, (factor, value), line, parts)];
        self.scenario(report, line, parts, &laid);
    }
}

/// A value under its path.
fn tree(report: &mut Report, parameter: &str, value: Node, at: Origin) -> Node {
    let mut tree = parameter.split('.').rev().fold(value, |node, step| Node {
        value: Value::Table(vec![Entry { key: step.to_owned(), key_at: at, node }]),
        at,
    });
    if let Value::Table(groups) = &mut tree.value {
        for group in groups.iter_mut().filter(|group| group.key == "pair") {
            name_pairs(report, &mut group.node);
        }
    }
    tree
}
