//! One model, its parameters and the figures that its runs give.

use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::engine::Setup;
use crate::experiment::validate::Validator;
use crate::experiment::{Validation, Watch};
use crate::record::{Count, Measure};
use crate::scenario::{Calibration, Domain, Factor, Figure, FigureOf, Files, Override, Scenario, Study, Sweep, parse};
use crate::statistics::calibration::{Axis, Observing, distance, luck};
use crate::statistics::design::{Law, Margin};
use crate::table::{Cell, Field, Schema, Table};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A model that is fitted: the baseline of a study, or one of its arms.
pub struct Problem<'s> {
    calibration: &'s Calibration,
    space: Sweep,
    line: usize,
    axes: Vec<Axis>,
    measures: Vec<Measure>,
    patterns: Vec<&'static str>,
    schema: Arc<Schema>,
    digest: String,
}

impl<'s> Problem<'s> {
    /// The model of a line of the study: 0 is the baseline.
    ///
    /// # Errors
    /// When the study is no calibration, a target names a pattern that a run of the window does not have, or a factor has no law.
    pub fn new(study: &'s Study, line: usize) -> Result<Self, String> {
        let (Some(calibration), Some(space)) = (study.calibration(), study.space()) else {
            return Err(format!("{} is a study without [calibrate]", study.name()));
        };
        if let Some(factor) = space.factors().iter().find(|factor| factor.is_luck()) {
            return Err(format!("factor {} is the luck of runs, which is no parameter to be fitted", factor.key));
        }
        if space.lines().len() != study.arms().len() + 1 {
            return Err("a calibration has no packages: each arm is a rival model".to_owned());
        }
        let axes = space.factors().iter().map(axis).collect::<Result<Vec<Axis>, String>>()?;
        let space = space.with_luck();
        let patterns: Vec<&'static str> = Validator::keys();
        let of_window = Validator::window_keys();
        for figure in &calibration.targets {
            if let FigureOf::Pattern(key) = &figure.of
                && !of_window.contains(&key.as_str())
            {
                return Err(format!(
                    "target.{} is of the pattern {key}, which a run of the window does not have; those that it has are {}",
                    figure.key,
                    of_window.join(", ")
                ));
            }
        }
        let mut measures = study.analysis().outcomes.clone();
        for figure in &calibration.targets {
            if let FigureOf::Measure(measure) = figure.of
                && !measures.contains(&measure)
            {
                measures.push(measure);
            }
        }
        let schema = simulations(&space, &patterns, &measures);
        let text = format!(
            "comity calibration 1\n{}\n{}\n{}\n{:?}\n{:?}",
            study.digest(),
            space.described(),
            line,
            measures.iter().map(|measure| measure.key()).collect::<Vec<_>>(),
            calibration
        );
        let digest = Digest::of(text.as_bytes());
        Ok(Self { calibration, space, line, axes, measures, patterns, schema, digest })
    }

    /// To what it is fitted.
    pub fn calibration(&self) -> &'s Calibration {
        self.calibration
    }

    /// Its parameters.
    pub fn factors(&self) -> &[Factor] {
        &self.space.factors()[..self.axes.len()]
    }

    /// Edges of the unit cube of its prior.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// Its short name: `baseline`, or that of an arm.
    pub fn key(&self) -> &str {
        &self.space.lines()[self.line].key
    }

    /// Its name for people.
    pub fn label(&self) -> &str {
        &self.space.lines()[self.line].label
    }

    /// SHA-256 of all that determines its simulations.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The values at a point of the unit cube.
    pub fn values(&self, coordinates: &[f64]) -> Vec<f64> {
        self.factors().iter().zip(coordinates).map(|(factor, u)| factor.at(*u)).collect()
    }

    /// Whether a point of the unit cube keeps the constraints.
    pub fn keeps(&self, coordinates: &[f64]) -> bool {
        let mut values = self.values(coordinates);
        values.push(0.0);
        self.space.keeps(&values)
    }

    /// The scenario at a point of the unit cube, with luck of its own.
    ///
    /// # Errors
    /// What is wrong with it there.
    pub fn scenario(&self, coordinates: &[f64], seed: u64) -> Result<Scenario, Vec<Diagnostic>> {
        let mut values = self.values(coordinates);
        values.push(seed as f64);
        self.space.scenarios(&values).swap_remove(self.line)
    }

    /// Simulates once each of some points, told by (generation, number, coordinates); `None` if the watch asks to stop.
    pub fn simulate(&self, points: &[(u32, u64, &[f64])], watch: &dyn Watch) -> Option<Table> {
        let mut table = Table::new(Arc::clone(&self.schema));
        for (generation, number, coordinates) in points {
            if watch.stop() {
                return None;
            }
            let seed = luck(self.calibration.seed, *generation, *number);
            let figures = self.figures(coordinates, seed);
            let own = self.values(coordinates).into_iter().map(Cell::from);
            let head = [Cell::from(i64::from(*generation)), Cell::from(*number as i64)];
            table.push_cells(head.into_iter().chain(own).chain(figures.into_iter().map(Cell::from)));
            watch.advanced(1);
        }
        Some(table)
    }

    /// The figures of one run: patterns, then outcomes; all missing when it fails.
    fn figures(&self, coordinates: &[f64], seed: u64) -> Vec<f64> {
        let count = self.patterns.len() + self.measures.len();
        let Ok(scenario) = self.scenario(coordinates, seed) else { return vec![f64::NAN; count] };
        let run = || {
            let setup = Arc::new(Setup::new(&scenario));
            let (tally, _) = setup.run_one(0, false);
            let mut validator = Validator::new(&scenario, &setup);
            validator.add(&tally);
            let region: &[u64; Count::COUNT] = &tally.totals[tally.totals.len() - 1];
            let patterns = validator.finish().into_iter().map(|pattern| pattern.model.mean());
            let patterns: Vec<f64> = patterns.collect();
            patterns.into_iter().chain(self.measures.iter().map(|measure| measure.of(region))).collect::<Vec<f64>>()
        };
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| vec![f64::NAN; count])
    }

    /// Every pattern at a point of the unit cube, those beyond the window too; nothing when its run fails.
    pub fn patterns_beyond(&self, coordinates: &[f64], seed: u64, watch: &dyn Watch) -> Option<Vec<Validation>> {
        let scenario = self.scenario(coordinates, seed).ok()?;
        let run = || {
            let setup = Arc::new(Setup::new(&scenario));
            let mut validator = Validator::new(&scenario, &setup);
            validator.add(&setup.run_one(0, false).0);
            let text = scenario.to_toml();
            validator.look_further(&setup, 1, watch, &|more| again(&text, more));
            validator.finish()
        };
        catch_unwind(AssertUnwindSafe(run)).ok()
    }

    /// The keys of all patterns, in order.
    pub fn pattern_keys(&self) -> &[&'static str] {
        &self.patterns
    }

    /// The column of simulations that a figure stands in.
    pub fn column<'f>(&self, figure: &'f Figure) -> &'f str {
        match &figure.of {
            FigureOf::Measure(measure) => measure.key(),
            FigureOf::Pattern(key) => key,
        }
    }

    /// The figures of simulations that are targets: \[simulation\]\[target\].
    pub fn targets_of(&self, simulations: &Table) -> Vec<Vec<f64>> {
        let columns: Vec<&[f64]> =
            self.calibration.targets.iter().map(|f| simulations.reals(self.column(f)).unwrap_or_default()).collect();
        (0..simulations.rows()).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
    }

    /// The same as they could have been observed: with the error of each figure laid on it, so that a fit, however near, keeps it.
    pub fn observed_of(&self, simulations: &Table) -> Vec<Vec<f64>> {
        let generations = simulations.integers("generation").unwrap_or_default();
        let proposals = simulations.integers("proposal").unwrap_or_default();
        let targets = self.targets_of(simulations).into_iter().enumerate();
        let of = |(row, values): (usize, Vec<f64>)| {
            let draw = ((generations[row] as u64) << 40) + proposals[row] as u64;
            let figures = self.calibration.targets.iter().zip(values).enumerate();
            let observed = |(place, (figure, value)): (usize, (&Figure, f64))| {
                figure.target.draw(value, Observing { seed: self.calibration.seed, target: place as u32, draw })
            };
            figures.map(observed).collect::<Vec<f64>>()
        };
        targets.map(of).collect()
    }

    /// How far simulations are from the targets: squared distances, missing where a figure is.
    pub fn distances(&self, simulations: &Table) -> Vec<f64> {
        let targets: Vec<_> = self.calibration.targets.iter().map(|figure| figure.target).collect();
        self.observed_of(simulations).iter().map(|row| distance(&targets, row).unwrap_or(f64::NAN)).collect()
    }
}

/// The edge of the prior that a factor is.
fn axis(factor: &Factor) -> Result<Axis, String> {
    let weighted = |weights: Vec<f64>| Margin::new(Law::Weighted { weights }).map_err(|refusal| refusal.to_string());
    let axis = match &factor.domain {
        Domain::Law { margin, .. } => Axis::of(margin),
        Domain::Numbers(numbers) => Axis::Integers { count: numbers.len() },
        Domain::Words { words, weights } => {
            let weights = weights.clone().unwrap_or_else(|| vec![1.0; words.len()]);
            Axis::of(&weighted(weights)?)
        }
        Domain::Rows => return Err(format!("factor {} has no prior; write from and to, or another law", factor.key)),
    };
    if axis.levels() == Some(1) {
        return Err(format!("factor {} has one value: it cannot vary; take it out, or set the value", factor.key));
    }
    Ok(axis)
}

/// The same scenario, from its whole text, with other values set.
fn again(text: &str, more: &[String]) -> Option<Scenario> {
    struct One<'t>(&'t str);
    impl Files for One<'_> {
        fn read(&self, _: &str) -> Result<String, Diagnostic> {
            Ok(self.0.to_owned())
        }
    }
    let more: Vec<Override> = more.iter().map(Override::new).collect();
    parse("scenario.toml", &One(text), &more).ok().map(|(scenario, _)| scenario)
}

fn simulations(space: &Sweep, patterns: &[&'static str], measures: &[Measure]) -> Arc<Schema> {
    let mut fields = vec![
        Field::integer("generation", "", "Generation of proposals; 0 is the prior."),
        Field::integer("proposal", "", "Number of the proposal in its generation, from 0."),
    ];
    let factors = space.factors().iter().filter(|factor| !factor.is_luck());
    fields.extend(factors.map(|factor| Field::real(&factor.key, &factor.unit, &format!("{}.", factor.label))));
    fields.extend(
        patterns.iter().map(|key| Field::real(key, "see docs/evidence.md", "A pattern of the evidence in this run.")),
    );
    fields.extend(measures.iter().map(|measure| Field::real(measure.key(), &measure.unit(), &measure.sentence())));
    Schema::of("simulations", "One row per simulation: parameters and figures.", fields)
}
