//! All mixes looked at so far, and what came of their runs.

use super::{Evaluate, Halt};
use crate::experiment::sweep::{MOST_POINTS_AT_ONCE, Part, SweepPlan};
use crate::scenario::{FIRST_FRESH, Study, Sweep};
use crate::statistics::optimisation::Rule;
use crate::statistics::{Direction, Moments};
use crate::table::Table;
use std::collections::BTreeMap;
use std::ops::Range;

/// Cells of a block at most: a few seconds of work.
const CELLS: u64 = 160;
/// Blocks of a step at least, if it has as many cells.
const BLOCKS: u64 = 16;

/// How far a mix came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It was not simulated.
    Screened,
    /// It was tried.
    First,
    /// It was in the race beyond the first stage.
    Race,
    /// It was run again on fresh seeds.
    Fresh,
}

impl Stage {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Screened => "screened",
            Self::First => "first",
            Self::Race => "race",
            Self::Fresh => "fresh",
        }
    }
}

/// A mix of arms, with the values of factors that matter in it.
#[derive(Debug, Clone)]
pub(super) struct Mix {
    /// One number per factor of the space: switches first.
    pub(super) values: Vec<f64>,
    /// How far it came.
    pub(super) stage: Stage,
    /// By replicate: every outcome in the window that counts, then the cost; missing if the run failed.
    runs: BTreeMap<u32, Vec<f64>>,
}

/// Mixes and their runs. The first of them is doing nothing, which is the baseline.
pub(super) struct Pool<'s> {
    pub(super) study: &'s Study,
    pub(super) space: &'s Sweep,
    pub(super) mixes: Vec<Mix>,
    places: BTreeMap<Vec<u64>, usize>,
    window: usize,
    /// Simulations so far.
    pub(super) runs: u64,
    /// How many of them failed.
    pub(super) failed: u64,
    /// How many there may be.
    pub(super) limit: u64,
}

/// Which of a run's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The outcome at that place among the study's.
    Outcome(usize),
    /// What it cost.
    Cost,
}

/// Simulations of so many mixes in so many replicates: those that run together share their baseline.
pub(super) fn runs_of(mixes: u64, replicates: u64) -> u64 {
    (mixes + mixes.div_ceil(MOST_POINTS_AT_ONCE)) * replicates
}

impl<'s> Pool<'s> {
    pub(super) fn new(study: &'s Study, limit: Option<u64>) -> Result<Self, String> {
        let space = study.space().ok_or_else(|| format!("{} is a study without [optimise]", study.name()))?;
        let window = study.optimise().map_or(0, |asked| asked.window);
        let mut pool = Self {
            study,
            space,
            mixes: Vec::new(),
            places: BTreeMap::new(),
            window,
            runs: 0,
            failed: 0,
            limit: limit.unwrap_or(u64::MAX),
        };
        let nothing = vec![0.0; space.factors().len()];
        pool.place_of(&nothing);
        Ok(pool)
    }

    /// How many arms there are: their switches are the first factors.
    pub(super) fn arms(&self) -> usize {
        self.space.factors().iter().filter(|factor| factor.is_switch()).count()
    }

    /// Which end is best.
    pub(super) fn direction(&self) -> Direction {
        if self.study.analysis().smallest_is_best { Direction::Smallest } else { Direction::Largest }
    }

    /// 1 where more of the main outcome is better, -1 where less is.
    pub(super) fn sign(&self) -> f64 {
        if self.study.analysis().smallest_is_best { -1.0 } else { 1.0 }
    }

    /// The outcome that counts.
    pub(super) fn main(&self) -> Of {
        Of::Outcome(self.study.analysis().main)
    }

    /// How many mixes were simulated, doing nothing not among them.
    pub(super) fn simulated(&self) -> usize {
        self.mixes.iter().skip(1).filter(|mix| mix.stage > Stage::Screened).count()
    }

    /// Whether a factor does something in a mix with these switches.
    pub(super) fn matters(&self, factor: usize, values: &[f64]) -> bool {
        let own = &self.space.factors()[factor];
        own.is_switch() || self.space.arms_of(factor).iter().any(|arm| values[*arm] > 0.0)
    }

    /// Values with those of factors that do nothing brought to one and the same number.
    fn settled(&self, values: &[f64]) -> Vec<f64> {
        let one = |(place, value): (usize, &f64)| match self.matters(place, values) {
            true => *value + 0.0,
            false => self.space.factors()[place].at(0.0),
        };
        values.iter().enumerate().map(one).collect()
    }

    /// The place of a mix, which is added if it is new.
    pub(super) fn place_of(&mut self, values: &[f64]) -> usize {
        let values = self.settled(values);
        let bits: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
        let next = self.mixes.len();
        let place = *self.places.entry(bits).or_insert(next);
        if place == next {
            self.mixes.push(Mix { values, stage: Stage::Screened, runs: BTreeMap::new() });
        }
        place
    }

    /// The mix of some arms, where there are no other factors or they stand at their least.
    pub(super) fn place_of_arms(&mut self, bits: u32) -> usize {
        let arms = self.arms();
        let values: Vec<f64> = (0..self.space.factors().len())
            .map(|place| if place < arms && bits >> place & 1 == 1 { 1.0 } else { 0.0 })
            .collect();
        self.place_of(&values)
    }

    /// The arms of a mix.
    pub(super) fn arms_of(&self, mix: usize) -> Vec<usize> {
        (0..self.arms()).filter(|arm| self.mixes[mix].values[*arm] > 0.0).collect()
    }

    /// How many rules a mix breaks, constraints of factors among them: a factor that does nothing counts nothing.
    pub(super) fn broken(&self, mix: usize, rules: &[Rule]) -> usize {
        let values = &self.mixes[mix].values;
        let has = |arm: &usize| values[*arm] > 0.0;
        let count = |of: &[usize]| of.iter().filter(|arm| has(arm)).count();
        let breaks = |rule: &&Rule| match rule {
            Rule::Requires { item, needs } => has(item) && !has(needs),
            Rule::Excludes { item, other } => has(item) && has(other),
            Rule::Always { item } => !has(item),
            Rule::Never { item } => has(item),
            Rule::AtLeast { count: least, of } => count(of) < *least,
            Rule::AtMost { count: most, of } => count(of) > *most,
        };
        let counted: Vec<f64> =
            (0..values.len()).map(|place| if self.matters(place, values) { values[place] } else { 0.0 }).collect();
        rules.iter().filter(breaks).count() + usize::from(!self.space.keeps(&counted))
    }

    /// How many simulations it takes to have these mixes in these replicates.
    pub(super) fn missing(&self, mixes: &[usize], replicates: &Range<u32>) -> u64 {
        runs_of(self.lacking(mixes, replicates).len() as u64, replicates.len() as u64)
    }

    /// The mixes that lack any of the replicates, each once, in ascending order.
    fn lacking(&self, mixes: &[usize], replicates: &Range<u32>) -> Vec<usize> {
        let lacks = |mix: &usize| *mix > 0 && replicates.clone().any(|own| !self.mixes[*mix].runs.contains_key(&own));
        let mut all: Vec<usize> = mixes.iter().copied().filter(lacks).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether that many more simulations may be run.
    pub(super) fn allows(&self, more: u64) -> bool {
        self.runs.saturating_add(more) <= self.limit
    }

    /// Runs what is missing of some mixes in some replicates.
    pub(super) fn evaluate<R: Evaluate>(
        &mut self,
        (step, stage): (&str, Stage),
        mixes: &[usize],
        replicates: Range<u32>,
        runner: &mut R,
    ) -> Result<(), Halt<R::Error>> {
        for mix in mixes {
            self.mixes[*mix].stage = self.mixes[*mix].stage.max(stage);
        }
        let lacking = self.lacking(mixes, &replicates);
        if lacking.is_empty() {
            return Ok(());
        }
        let rows: Vec<f64> = lacking.iter().flat_map(|mix| self.mixes[*mix].values.clone()).collect();
        let wide = MOST_POINTS_AT_ONCE.min(lacking.len() as u64);
        // Blocks enough for several hands, but none larger than a few seconds of work.
        let rows_of_cells = (lacking.len() as u64).div_ceil(wide) * replicates.len() as u64;
        let deep = (rows_of_cells / BLOCKS).clamp(1, (CELLS / wide).max(1));
        let part = Part {
            first_point: 0,
            points: lacking.len() as u64,
            first_replicate: replicates.start,
            replicates: replicates.len() as u32,
            cells_per_block: wide * deep,
            points_at_once: MOST_POINTS_AT_ONCE,
        };
        let plan = SweepPlan::of_sweep(self.study, self.space.of_rows(rows), vec![part]);
        let hint = "take fewer arms, factors or replicates";
        let plan = plan.map_err(|reason| Halt::refused(format!("{step} cannot be run: {reason}"), hint))?;
        self.runs += runs_of(lacking.len() as u64, replicates.len() as u64);
        let table = runner.run(step, &plan).map_err(Halt::Evaluate)?.ok_or(Halt::Stopped)?;
        let strange = || Halt::refused(format!("{step} came back without its columns"), "carry on in another folder");
        self.take_in(&plan, &lacking, &table).ok_or_else(strange)
    }

    /// Takes in rows of results; nothing if they are not those of the plan.
    fn take_in(&mut self, plan: &SweepPlan, mixes: &[usize], rows: &Table) -> Option<()> {
        let own = plan.outcomes().len();
        // Number, point, replicate, arm, and the factors come first.
        let first = 4 + plan.factors().len() + self.window * own;
        let cost = 4 + plan.factors().len() + plan.windows().len() * own;
        let named = |place: usize| rows.reals(&rows.schema.fields.get(place)?.name);
        let columns: Option<Vec<&[f64]>> = (first..first + own).chain([cost]).map(named).collect();
        let (columns, arms) = (columns?, rows.texts("arm")?);
        let (points, replicates) = (rows.integers("point_id")?, rows.integers("replicate")?);
        let failed = rows.texts("failed_at")?;
        for row in 0..rows.rows() {
            let numbers: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            let replicate = u32::try_from(replicates[row]).ok()?;
            let is_baseline = &*arms[row] == "baseline";
            let mix = if is_baseline { 0 } else { *mixes.get(usize::try_from(points[row]).ok()?)? };
            // The baseline stands beside every mix: it fails once.
            let known = is_baseline && self.mixes[0].runs.contains_key(&replicate);
            if !known && !failed[row].is_empty() {
                self.failed += 1;
            }
            self.mixes[mix].runs.insert(replicate, numbers);
        }
        Some(())
    }

    /// On how many replicates of the search a mix was run.
    pub(super) fn searched(&self, mix: usize) -> u32 {
        self.mixes[mix].runs.range(..FIRST_FRESH).count() as u32
    }

    /// A number of a mix in every replicate of a range, beyond what it is of the baseline; missing where either failed.
    pub(super) fn beyond(&self, mix: usize, of: Of, replicates: Range<u32>) -> Vec<f64> {
        let number = |mix: usize, replicate: u32| {
            let run = self.mixes[mix].runs.get(&replicate)?;
            match of {
                Of::Outcome(place) => run.get(place),
                Of::Cost => run.last(),
            }
        };
        let difference = |replicate: u32| match (number(mix, replicate), number(0, replicate)) {
            (Some(own), Some(baseline)) => own - baseline,
            _ => f64::NAN,
        };
        replicates.map(difference).collect()
    }

    /// The same on the seeds of the search, as many as there are.
    pub(super) fn in_search(&self, mix: usize, of: Of) -> Moments {
        self.beyond(mix, of, 0..self.searched(mix)).into_iter().collect()
    }

    /// Whether a mean cost is within a budget, but for rounding.
    pub(super) fn fits(cost: f64, budget: Option<f64>) -> bool {
        budget.is_none_or(|budget| cost <= budget * (1.0 + 1e-9))
    }

    /// What is in a mix, in words: `Handbook + Treaty`.
    pub(super) fn label(&self, mix: usize) -> String {
        let factors = self.space.factors();
        let arms: Vec<&str> = self.arms_of(mix).into_iter().map(|arm| factors[arm].label.as_str()).collect();
        if arms.is_empty() {
            return "Nothing".to_owned();
        }
        let values = &self.mixes[mix].values;
        let others = (self.arms()..factors.len()).filter(|place| self.matters(*place, values));
        let others: Vec<String> = others
            .map(|place| format!("{} = {}", factors[place].key, short(&factors[place].value(values[place]))))
            .collect();
        match others.is_empty() {
            true => arms.join(" + "),
            false => format!("{} ({})", arms.join(" + "), others.join(", ")),
        }
    }
}

/// A number in words to four digits; other words as they are.
fn short(words: &str) -> String {
    match words.parse::<f64>() {
        Ok(number) if number.fract() != 0.0 => crate::numeral::significant(number, 4),
        _ => words.to_owned(),
    }
}
