//! Sensitivity analysis of a sweep: which assumptions an outcome depends on, and what would change the ranking of arms.
//!
//! Four kinds of quantity are analysed at every point: the *level* of the baseline, the *effect* of an arm (its difference to the
//! baseline, draw by draw), the *lead* of the arm that does best over all points before another, and the *spread* of runs
//! (logarithm of their variance). How, the design of the sweep decides: trajectories are screened, blocks give shares of variance,
//! one-at-a-time gives a tornado, and any other points serve the methods that ask for no design. Failed runs spoil what they
//! belong to (a trajectory, a block, a point), which is left out whole, and counted.

mod discovery;
mod free;
mod outcomes;
mod ranking;
mod schemas;
mod screened;
mod shares;
mod subject;
mod tornado;
mod words;

pub use discovery::Wanted;
pub use outcomes::Outcomes;

use super::parallel::map;
use crate::scenario::{Structure, Study};
use crate::statistics::design::Groups;
use crate::table::{Cell, Table};
use outcomes::Value;
use subject::Subject;

/// What is asked of an analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How many resamples intervals are made of.
    pub resamples: usize,
    /// Where the outcome is of interest, if somebody says so.
    pub wanted: Option<Wanted>,
}

/// What a sensitivity analysis came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// One row per quantity, method, factor and index.
    pub indices: Table,
    /// One row per quantity and method: what it rests on, and what follows for it as a whole.
    pub analyses: Table,
    /// Total shares with a quarter, a half and all of the blocks.
    pub convergence: Table,
    /// What each factor moved by itself does.
    pub tornado: Table,
    /// How often which arm is best.
    pub best_arms: Table,
    /// Every box of scenario discovery.
    pub boxes: Table,
    /// The limits of every box.
    pub limits: Table,
    /// What was found, in sentences.
    pub findings: String,
}

impl Sensitivity {
    /// Its tables.
    pub fn tables(&self) -> [&Table; 7] {
        [&self.indices, &self.analyses, &self.convergence, &self.tornado, &self.best_arms, &self.boxes, &self.limits]
    }
}

/// What one quantity gave.
#[derive(Debug, Default)]
struct Part {
    indices: Vec<Vec<Cell>>,
    analyses: Vec<Vec<Cell>>,
    convergence: Vec<Vec<Cell>>,
    tornado: Vec<Vec<Cell>>,
    boxes: Vec<Vec<Cell>>,
    limits: Vec<Vec<Cell>>,
    findings: String,
}

/// What the parts of an analysis have in common.
struct Ground<'a> {
    outcomes: &'a Outcomes<'a>,
    groups: Groups,
    structure: Structure,
    request: &'a Request,
    /// Whether less of the outcome that is drawn is better.
    smallest: bool,
}

impl Ground<'_> {
    /// The name and the label of a group of factors.
    fn group(&self, group: usize) -> (&str, &str) {
        let sweep = self.outcomes.plan().sweep();
        let mut members = sweep.factors().iter().zip(self.groups.of_factors()).filter(|(_, of)| **of == group);
        let key = sweep.groups().get(group).map_or("", String::as_str);
        match (members.next(), members.next()) {
            (Some((factor, _)), None) => (key, &factor.label),
            _ => (key, key),
        }
    }

    /// Whether a group is the luck of runs, alone.
    fn luck(&self) -> Option<usize> {
        let factors = self.outcomes.plan().factors();
        let place = factors.iter().position(crate::scenario::Factor::is_luck)?;
        Some(self.groups.of_factors()[place])
    }

    fn label(&self, subject: &Subject, value: Value) -> String {
        let (measure, window) = self.outcomes.name(value);
        format!("sensitivity {} {measure} {window}", subject.code())
    }
}

/// Analyses the outcomes of a sweep.
///
/// # Errors
/// When the outcomes are not those of the sweep, or its design does not admit it.
pub fn sensitivity(study: &Study, outcomes: &Outcomes<'_>, request: &Request) -> Result<Sensitivity, String> {
    outcomes.whole()?;
    let plan = outcomes.plan();
    let sweep = plan.sweep();
    let (groups, structure) = (sweep.grouping()?, sweep.structure()?);
    let smallest = study.analysis().smallest_is_best;
    let ground = Ground { outcomes, groups, structure, request, smallest };
    if let Some(luck) = ground.luck()
        && ground.groups.of_factors().iter().filter(|of| **of == luck).count() > 1
    {
        return Err(
            "the seed of a run is in a group with other factors, so that chance cannot be told from them; take it out \
                    of the group"
                .to_owned(),
        );
    }
    let ranked = ranking::ranked(&ground);
    let mut tasks: Vec<(Subject, Value)> = Vec::new();
    for value in outcomes.values() {
        if !plan.shares_baseline() {
            tasks.push((Subject::Level, value));
            tasks.push((Subject::Spread, value));
        }
        tasks.extend((1..plan.lines().len()).map(|line| (Subject::Effect(line), value)));
        if value.measure == plan.main() {
            tasks.extend(ranked.leads(value.window));
        }
    }
    let mut parts = map(&tasks, |(subject, value)| one(&ground, *subject, *value));
    let main: Vec<(Subject, Value)> = tasks.iter().copied().filter(|(_, value)| value.measure == plan.main()).collect();
    let discovered = map(&discovery::questions(&ground, &main)?, |question| discovery::discover(&ground, question));
    parts.extend(discovered);
    let mut found = Sensitivity {
        indices: Table::new(schemas::indices()),
        analyses: Table::new(schemas::analyses()),
        convergence: Table::new(schemas::convergence()),
        tornado: Table::new(schemas::tornado()),
        best_arms: ranked.table(),
        boxes: Table::new(schemas::boxes()),
        limits: Table::new(schemas::limits()),
        findings: ranked.words(),
    };
    for part in parts {
        let tables = [
            (&mut found.indices, part.indices),
            (&mut found.analyses, part.analyses),
            (&mut found.convergence, part.convergence),
            (&mut found.tornado, part.tornado),
            (&mut found.boxes, part.boxes),
            (&mut found.limits, part.limits),
        ];
        for (table, rows) in tables {
            rows.into_iter().for_each(|row| table.push_cells(row));
        }
        found.findings += &part.findings;
    }
    Ok(found)
}

/// Everything that the design allows to be said of one quantity.
fn one(ground: &Ground<'_>, subject: Subject, value: Value) -> Part {
    let Some(outcomes) = ground.outcomes.of(subject, value) else { return Part::default() };
    match &ground.structure {
        Structure::Trajectories(design) => screened::screened(ground, design, subject, value, &outcomes),
        Structure::Blocks(blocks) => {
            let mut part = shares::shares(ground, *blocks, subject, value, &outcomes);
            let rows = outcomes::independent(*blocks, ground.outcomes.points());
            free::free(ground, &mut part, subject, value, &outcomes, Some(&rows));
            part
        }
        Structure::Deviations => tornado::tornado(ground, subject, value, &outcomes),
        Structure::Free => {
            let mut part = Part::default();
            free::free(ground, &mut part, subject, value, &outcomes, None);
            part
        }
    }
}
