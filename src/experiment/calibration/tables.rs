//! The tables of a calibration.

use super::checks::{Checked, Predicted};
use super::draws::{draws, ends, factor_draws, logarithmic};
use super::problem::Problem;
use super::walk::Fit;
use crate::experiment::validate::Use;
use crate::scenario::{Calibration, FigureOf};
use crate::statistics::Interval;
use crate::statistics::calibration::{
    Agreement, Combination, Contraction, Identifiability, Learned, PredictiveCheck, RankVerdict, Weights,
};
use crate::table::{Cell, Field, Schema, Table};

/// The tables of all models.
#[derive(Debug, Clone)]
pub struct CalibrationTables {
    /// The posterior of the study's own model: one row per draw.
    pub posterior: Table,
    /// Those of rival models.
    pub rival_posteriors: Table,
    /// Draws of prior and posterior by the factors of the study, which are few where parameters may be many.
    pub factor_draws: Table,
    /// How each walk went.
    pub generations: Table,
    /// Figures and patterns beside predictions.
    pub predictive: Table,
    /// What was learned.
    pub learned: Table,
    /// Correlations of parameters in the posterior.
    pub correlations: Table,
    /// Whether the pipeline finds what is known.
    pub pipeline: Table,
    /// The models beside each other.
    pub models: Table,
}

/// The `targets` table of a study.
pub fn of_study(calibration: &Calibration) -> Table {
    let fields = vec![
        Field::text("target", "Its name in the study."),
        Field::text("label", "Its name for people."),
        Field::text("of", "The outcome or pattern it is of."),
        Field::real("value", "see of", "The figure."),
        Field::real(
            "ci_low",
            "see of",
            "Lower end of the 95 % interval of the truth, from the figure and its error alone.",
        ),
        Field::real("ci_high", "see of", "Upper end of it."),
        Field::text("error", "Its error model."),
        Field::real("discrepancy", "see of", "Standard deviation of what the model cannot get right."),
        Field::text("period", "Of which time it is."),
        Field::text("source", "Where it comes from."),
        Field::text("grade", "How well it is known."),
    ];
    let mut table = Table::new(Schema::of("targets", "The figures that are fitted to.", fields));
    for figure in &calibration.targets {
        let of = match &figure.of {
            FigureOf::Measure(measure) => measure.key(),
            FigureOf::Pattern(key) => key,
        };
        let interval = figure.target.interval(0.95);
        table.push([
            figure.key.as_str().into(),
            figure.label.as_str().into(),
            of.into(),
            figure.target.value().into(),
            interval.low.into(),
            interval.high.into(),
            figure.error.into(),
            figure.target.discrepancy().into(),
            figure.period.as_str().into(),
            figure.source.as_str().into(),
            figure.grade.key().into(),
        ]);
    }
    table
}

impl CalibrationTables {
    /// All that have rows.
    pub fn all(&self) -> impl Iterator<Item = &Table> {
        let all = [
            &self.posterior,
            &self.rival_posteriors,
            &self.factor_draws,
            &self.generations,
            &self.predictive,
            &self.learned,
            &self.correlations,
            &self.pipeline,
            &self.models,
        ];
        all.into_iter().filter(|table| table.rows() > 0)
    }

    /// Takes in a model that was fitted and checked.
    pub fn add(&mut self, problem: &Problem<'_>, fit: &Fit, checked: &Checked) {
        let key = problem.key();
        let posterior = if key == "baseline" { &mut self.posterior } else { &mut self.rival_posteriors };
        draws(posterior, problem, fit);
        factor_draws(&mut self.factor_draws, problem, fit);
        for own in &fit.generations {
            let epsilon = if own.epsilon.is_finite() { own.epsilon } else { f64::NAN };
            self.generations.push([
                key.into(),
                i64::from(own.number).into(),
                epsilon.into(),
                (own.particles as i64).into(),
                (own.simulations as i64).into(),
                (own.failed as i64).into(),
                own.acceptance.into(),
                own.effective.into(),
                own.distance.into(),
            ]);
        }
        let targets = problem.calibration().targets.len();
        for (place, own) in checked.predicted.iter().enumerate() {
            let row = prediction(own, place < targets);
            self.predictive.push_cells(std::iter::once(key.into()).chain(row));
        }
        if let Ok(learned) = &checked.learned {
            self.learn(problem, fit, checked, learned);
        }
        for own in &checked.pipeline {
            let (numbers, verdict) = match &own.ranks {
                Ok(report) => {
                    let count: u32 = report.counts.iter().sum();
                    (
                        (i64::from(count), report.chi_square, report.probability, report.largest),
                        ranked(report.verdict).to_owned(),
                    )
                }
                Err(why) => ((0, f64::NAN, f64::NAN, f64::NAN), format!("not judged: {why}")),
            };
            self.pipeline.push([
                key.into(),
                own.parameter.as_str().into(),
                numbers.0.into(),
                numbers.1.into(),
                numbers.2.into(),
                numbers.3.into(),
                verdict.as_str().into(),
            ]);
        }
        self.models.push_cells(beside(problem, fit, checked));
    }

    fn learn(&mut self, problem: &Problem<'_>, fit: &Fit, checked: &Checked, learned: &Identifiability) {
        let key = problem.key();
        let names: Vec<&str> = checked.numbers.iter().map(|place| problem.factors()[*place].key.as_str()).collect();
        let column = |points: &[Vec<f64>], place: usize| -> Vec<f64> {
            points.iter().map(|point| problem.factors()[place].at(point[place])).collect()
        };
        let prior_weights = Weights::even(fit.prior_points.len()).ok();
        for own in learned.parameters.iter().chain(&learned.directions).chain(&learned.pairs) {
            let (what, label) = named(&own.combination, &names);
            let mut numbers = [f64::NAN; 4];
            let (mut name, mut scale, mut range) = (label.as_str(), "", (f64::NAN, f64::NAN));
            if let Combination::Parameter(place) = &own.combination {
                let factor = &problem.factors()[checked.numbers[*place]];
                (name, scale, range) =
                    (&factor.label, if logarithmic(factor) { "log" } else { "linear" }, ends(factor));
            }
            if let (Combination::Parameter(place), Some(even)) = (&own.combination, &prior_weights) {
                let factor = checked.numbers[*place];
                let posterior = column(&fit.posterior, factor);
                let Interval { low, high } = fit.weights.interval(&posterior, 0.9);
                numbers = [
                    even.quantile(&column(&fit.prior_points, factor), 0.5),
                    fit.weights.quantile(&posterior, 0.5),
                    low,
                    high,
                ];
            }
            let Contraction { prior_sd, posterior_sd, contraction, standard_error, learned, .. } = own;
            let head: [Cell; 9] = [
                key.into(),
                what.into(),
                label.as_str().into(),
                name.into(),
                (*prior_sd).into(),
                (*posterior_sd).into(),
                (*contraction).into(),
                (*standard_error).into(),
                verdict(*learned).into(),
            ];
            let tail: [Cell; 3] = [scale.into(), range.0.into(), range.1.into()];
            self.learned.push_cells(head.into_iter().chain(numbers.map(Cell::from)).chain(tail));
        }
        for one in 0..names.len() {
            for other in 0..one {
                self.correlations.push([
                    key.into(),
                    names[other].into(),
                    names[one].into(),
                    learned.correlations[one][other].into(),
                ]);
            }
        }
    }
}

/// The word of a verdict on learning.
pub(super) fn verdict(learned: Learned) -> &'static str {
    match learned {
        Learned::Informed => "informed",
        Learned::Weakly => "weakly informed",
        Learned::NotInformed => "not informed by data",
    }
}

/// The words of a verdict on ranks.
pub(super) fn ranked(verdict: RankVerdict) -> &'static str {
    match verdict {
        RankVerdict::Calibrated => "calibrated",
        RankVerdict::OverConfident => "over-confident: posteriors are too narrow",
        RankVerdict::UnderConfident => "under-confident: posteriors are too wide",
        RankVerdict::ShiftedLow => "posteriors lie too low",
        RankVerdict::ShiftedHigh => "posteriors lie too high",
        RankVerdict::Uneven => "ranks are not even",
    }
}

fn named(of: &Combination, names: &[&str]) -> (&'static str, String) {
    match of {
        Combination::Parameter(place) => ("parameter", names[*place].to_owned()),
        Combination::Direction(entries) => {
            let mut order: Vec<usize> = (0..entries.len()).collect();
            order.sort_by(|one, other| entries[*other].abs().total_cmp(&entries[*one].abs()));
            let told: Vec<String> = order
                .iter()
                .take(4)
                .filter(|place| entries[**place].abs() >= 0.2)
                .map(|place| format!("{} {}", crate::numeral::plus(entries[*place], 2), names[*place]))
                .collect();
            ("direction", told.join(" "))
        }
        Combination::Product(one, other) => ("product", format!("{} x {}", names[*one], names[*other])),
        Combination::Ratio(one, other) => ("ratio", format!("{} / {}", names[*one], names[*other])),
        Combination::Sum(one, other) => ("sum", format!("{} + {}", names[*one], names[*other])),
        Combination::Difference(one, other) => ("difference", format!("{} - {}", names[*one], names[*other])),
    }
}

fn prediction(own: &Predicted, target: bool) -> Vec<Cell> {
    let of = |check: &Option<PredictiveCheck>, number: &dyn Fn(&PredictiveCheck) -> f64| {
        Cell::from(check.as_ref().map_or(f64::NAN, number))
    };
    let agreement = match (target, &own.posterior, own.holds) {
        (true, Some(check), _) => match check.agreement {
            Agreement::InsideHalf => "inside 50 %",
            Agreement::InsideNinety => "inside 90 %",
            Agreement::Outside => "outside",
        },
        (false, _, Some(true)) => "holds",
        (false, _, Some(false)) => "misses",
        _ => "",
    };
    let only = |value: f64| if target { value } else { f64::NAN };
    vec![
        if target { "target" } else { "pattern" }.into(),
        own.key.as_str().into(),
        own.label.as_str().into(),
        if own.used == Use::Calibrated { "calibrated" } else { "held out" }.into(),
        own.observed.into(),
        own.band.0.into(),
        if own.band.1.is_finite() { own.band.1 } else { f64::NAN }.into(),
        of(&own.prior, &|check| check.median),
        of(&own.prior, &|check| check.ninety.low),
        of(&own.prior, &|check| check.ninety.high),
        of(&own.posterior, &|check| check.mean),
        of(&own.posterior, &|check| check.median),
        of(&own.posterior, &|check| check.half.low),
        of(&own.posterior, &|check| check.half.high),
        of(&own.posterior, &|check| check.ninety.low),
        of(&own.posterior, &|check| check.ninety.high),
        of(&own.posterior, &|check| only(check.rank)),
        of(&own.posterior, &|check| only(check.score)),
        agreement.into(),
        own.inside.map_or(f64::NAN, |inside| inside.share).into(),
        own.inside.map_or(f64::NAN, |inside| inside.interval.low).into(),
        own.inside.map_or(f64::NAN, |inside| inside.interval.high).into(),
    ]
}

/// How many of some predictions hold.
pub(super) struct Score {
    pub targets: (usize, usize),
    pub calibrated: (usize, usize),
    pub held_out: (usize, usize),
    /// Mean share of the posterior inside the bands of held-out patterns.
    pub inside: f64,
}

pub(super) fn score(problem: &Problem<'_>, checked: &Checked) -> Score {
    let (targets, patterns) = checked.predicted.split_at(problem.calibration().targets.len());
    let inside = |own: &&Predicted| own.posterior.as_ref().is_some_and(|check| check.agreement != Agreement::Outside);
    let of = |used: Use| {
        let own: Vec<&Predicted> = patterns.iter().filter(|own| own.used == used).collect();
        (own.iter().filter(|own| own.holds == Some(true)).count(), own.len())
    };
    let shares: Vec<f64> = patterns
        .iter()
        .filter(|own| own.used == Use::HeldOut)
        .filter_map(|own| own.inside.map(|inside| inside.share))
        .collect();
    Score {
        targets: (targets.iter().filter(inside).count(), targets.len()),
        calibrated: of(Use::Calibrated),
        held_out: of(Use::HeldOut),
        inside: shares.iter().sum::<f64>() / shares.len() as f64,
    }
}

fn beside(problem: &Problem<'_>, fit: &Fit, checked: &Checked) -> Vec<Cell> {
    let Score { targets, calibrated, held_out, inside } = score(problem, checked);
    let last = fit.generations.last();
    vec![
        problem.key().into(),
        problem.label().into(),
        (fit.simulations() as i64).into(),
        (fit.generations.len() as i64 - 1).into(),
        fit.last.epsilon.into(),
        last.map_or(f64::NAN, |own| own.distance).into(),
        fit.weights.effective().into(),
        (targets.0 as i64).into(),
        (targets.1 as i64).into(),
        (calibrated.0 as i64).into(),
        (calibrated.1 as i64).into(),
        (held_out.0 as i64).into(),
        (held_out.1 as i64).into(),
        inside.into(),
        fit.ended.as_str().into(),
    ]
}
