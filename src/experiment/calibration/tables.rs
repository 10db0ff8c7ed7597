//! The tables of a calibration.

use super::checks::{Checked, Predicted};
use super::problem::Problem;
use super::walk::Fit;
use crate::experiment::validate::Use;
use crate::scenario::{Calibration, Domain, Factor, FigureOf};
use crate::statistics::Interval;
use crate::statistics::calibration::{
    Agreement, Combination, Contraction, Identifiability, Learned, PredictiveCheck, RankVerdict, Weights,
};
use crate::statistics::design::Law;
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

fn model() -> Field {
    Field::text("model", "`baseline`, or the arm that is a rival model.")
}

impl CalibrationTables {
    /// Empty tables for the models of a study, which have the same parameters.
    pub fn new(problem: &Problem<'_>) -> Self {
        let share = |name: &str, sentence: &str| Field::real(name, "share", sentence);
        let as_observed = |name: &str, sentence: &str| Field::real(name, "see key", sentence);
        let generations = vec![
            model(),
            Field::integer("generation", "", "Number of the generation; 0 is the prior."),
            Field::real("epsilon", "squared distance", "How near particles had to come; missing for the prior."),
            Field::integer("particles", "", "Particles."),
            Field::integer("simulations", "", "Simulations run for it."),
            Field::integer("failed", "", "Of these, failed ones, or ones without a figure."),
            share("acceptance", "Share of simulations accepted."),
            Field::real("effective", "particles", "Effective sample size."),
            Field::real("distance", "squared distance", "Median of its particles."),
        ];
        let predictive = vec![
            model(),
            Field::text("kind", "`target` of the calibration, or `pattern` of the evidence."),
            Field::text("key", "Its name."),
            Field::text("label", "What it says."),
            Field::text("use", "`calibrated`, or `held out`: nobody fitted to it."),
            as_observed("observed", "The figure; missing for a pattern, which is a band."),
            as_observed("low", "Lower end of the band, or of the 95 % interval of the figure."),
            as_observed("high", "Upper end of it; missing where there is none."),
            as_observed("prior_median", "Median prediction of the prior; missing beyond the window."),
            as_observed("prior_low", "Lower end of its central 90 %."),
            as_observed("prior_high", "Upper end of it."),
            as_observed("mean", "Mean prediction of the posterior; of targets with the error of the figure laid on."),
            as_observed("median", "Its median."),
            as_observed("half_low", "Lower end of its central 50 %."),
            as_observed("half_high", "Upper end of it."),
            as_observed("ninety_low", "Lower end of its central 90 %."),
            as_observed("ninety_high", "Upper end of it."),
            share("rank", "Where the figure stands among predictions, 0 to 1 (PIT); missing for patterns."),
            as_observed("score", "Continuous ranked probability score, smaller is better; missing for patterns."),
            Field::text(
                "agreement",
                "Of a target: `inside 50 %`, `inside 90 %` or `outside`. Of a pattern: whether the median lies in the band.",
            ),
            share("inside", "Share of the posterior whose runs lie in the band."),
            share("inside_low", "Lower end of its 95 % interval."),
            share("inside_high", "Upper end of it."),
        ];
        let learned = vec![
            model(),
            Field::text("what", "`parameter`, `direction`, `product`, `ratio`, `sum` or `difference` of parameters."),
            Field::text("label", "Which; directions in prior standard deviations, the largest parts first."),
            Field::text("name", "Of a parameter: its name for people; of others as in label."),
            Field::real("prior_sd", "see label", "Prior standard deviation."),
            Field::real("posterior_sd", "see label", "Posterior standard deviation."),
            share("contraction", "1 - posterior variance over prior variance."),
            share("contraction_error", "Its approximate standard error."),
            Field::text(
                "verdict",
                "`informed` (0.5 or more), `weakly informed`, or `not informed by data` (below 0.1).",
            ),
            Field::real("prior_median", "see label", "Prior median; of parameters only."),
            Field::real("median", "see label", "Posterior median."),
            Field::real("low", "see label", "Lower end of the central 90 % of the posterior."),
            Field::real("high", "see label", "Upper end of it."),
            Field::text("scale", "Of a parameter: `log` where its prior is one of logarithms, else `linear`."),
            Field::real(
                "prior_from",
                "see label",
                "Where the prior of a parameter begins; missing where it has no end.",
            ),
            Field::real("prior_to", "see label", "Where it ends; missing where it has no end."),
        ];
        let correlations = vec![
            model(),
            Field::text("factor", "One parameter."),
            Field::text("other", "Another."),
            Field::real("correlation", "-1 to 1", "Posterior correlation."),
        ];
        let pipeline = vec![
            model(),
            Field::text("factor", "The parameter."),
            Field::integer("truths", "", "Known truths that were fitted."),
            Field::real("chi_square", "", "Of their ranks among posterior draws, over 20 bins."),
            Field::real("probability", "probability", "That of one as large if the pipeline is right."),
            Field::real(
                "largest",
                "share",
                "The largest difference between the distribution of ranks and the even one.",
            ),
            Field::text("verdict", "What the ranks say; or why they cannot be judged."),
        ];
        let models = vec![
            model(),
            Field::text("label", "Its name for people."),
            Field::integer("simulations", "", "Simulations run."),
            Field::integer("generations", "", "Generations after the prior."),
            Field::real("epsilon", "squared distance", "How near its last particles had to come."),
            Field::real("distance", "squared distance", "The median of them."),
            Field::real("effective", "particles", "Effective sample size."),
            Field::integer("targets_inside", "", "Targets inside the central 90 % of predictions."),
            Field::integer("targets", "", "Targets."),
            Field::integer(
                "calibrated_held",
                "",
                "Patterns of the calibration whose band holds the median prediction.",
            ),
            Field::integer("calibrated", "", "Those that were looked at."),
            Field::integer("held_out_held", "", "Held-out patterns whose band holds the median prediction."),
            Field::integer("held_out", "", "Those that were looked at."),
            share("held_out_inside", "Share of the posterior inside their bands, averaged over held-out patterns."),
            Field::text("ended", "Why its walk ended."),
        ];
        let table = |name: &str, sentence: &str, fields| Table::new(Schema::of(name, sentence, fields));
        Self {
            posterior: posterior_table(
                problem,
                "posterior",
                "Weighted draws of the posterior: a parameter of scenarios in each column.",
            ),
            rival_posteriors: posterior_table(
                problem,
                "rival_posteriors",
                "Weighted draws of the posteriors of rival models.",
            ),
            factor_draws: factor_table(problem),
            generations: table("generations", "One row per model and generation.", generations),
            predictive: table("predictive", "Figures and patterns beside predictions.", predictive),
            learned: table("learned", "What the figures say of parameters and of combinations of them.", learned),
            correlations: table("correlations", "How parameters go together in the posterior.", correlations),
            pipeline: table("pipeline", "Simulation-based calibration: whether known truths are found.", pipeline),
            models: table("models", "The models beside each other.", models),
        }
    }

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

/// The columns of a posterior are the parameters of scenarios, whatever factors they came from.
fn posterior_table(problem: &Problem<'_>, name: &str, sentence: &str) -> Table {
    let mut fields = vec![
        model(),
        Field::integer("draw", "", "Number of the draw, from 0."),
        Field::real("weight", "share", "Its weight; all of a model sum to 1."),
    ];
    for factor in problem.factors() {
        for parameter in &factor.parameters {
            let sentence = format!("{}.", factor.label);
            fields.push(match factor.is_words() {
                true => Field::text(parameter, &sentence),
                false => Field::real(parameter, "as in scenarios", &sentence),
            });
        }
    }
    Table::new(Schema::of(name, sentence, fields))
}

fn draws(table: &mut Table, problem: &Problem<'_>, fit: &Fit) {
    for (draw, point) in fit.posterior.iter().enumerate() {
        let values = problem.values(point);
        let own = problem.factors().iter().zip(values).flat_map(|(factor, value)| {
            (0..factor.parameters.len()).map(move |place| match factor.is_words() {
                true => Cell::from(factor.value(value).as_str()),
                false => Cell::from(factor.placed(place, value)),
            })
        });
        let head: [Cell; 3] = [problem.key().into(), (draw as i64).into(), fit.weights.values()[draw].into()];
        table.push_cells(head.into_iter().chain(own));
    }
}

/// The most draws of a prior that are told.
const PRIOR_DRAWS: usize = 500;

/// The factors that are numbers.
fn numbers<'p>(problem: &'p Problem<'_>) -> impl Iterator<Item = (usize, &'p Factor)> {
    problem.factors().iter().enumerate().filter(|(_, factor)| !factor.is_words())
}

fn factor_table(problem: &Problem<'_>) -> Table {
    let mut fields = vec![
        model(),
        Field::text("of", "`prior`, at most 500 draws of it, or `posterior`."),
        Field::integer("draw", "", "Number of the draw, from 0; of the posterior as in the table of it."),
        Field::real("weight", "share", "Its weight; all of a prior, and all of a posterior, sum to 1."),
    ];
    let own = numbers(problem);
    fields.extend(own.map(|(_, factor)| Field::real(&factor.key, &factor.unit, &format!("{}.", factor.label))));
    let sentence = "Draws of the prior and of the posterior: a factor of the study in each column, if it is a number.";
    Table::new(Schema::of("factor_draws", sentence, fields))
}

fn factor_draws(table: &mut Table, problem: &Problem<'_>, fit: &Fit) {
    let mut push = |of: &str, draw: usize, weight: f64, point: &[f64]| {
        let head: [Cell; 4] = [problem.key().into(), of.into(), (draw as i64).into(), weight.into()];
        let own = numbers(problem).map(|(place, factor)| Cell::from(factor.at(point[place])));
        table.push_cells(head.into_iter().chain(own));
    };
    let told = fit.prior_points.len().min(PRIOR_DRAWS);
    for (draw, point) in fit.prior_points.iter().take(told).enumerate() {
        push("prior", draw, 1.0 / told as f64, point);
    }
    for (draw, point) in fit.posterior.iter().enumerate() {
        push("posterior", draw, fit.weights.values()[draw], point);
    }
}

fn logarithmic(factor: &Factor) -> bool {
    let Domain::Law { margin, .. } = &factor.domain else { return false };
    matches!(margin.law(), Law::Logarithmic { .. } | Law::Lognormal { .. })
}

/// Where a prior begins and ends; missing where it does not.
fn ends(factor: &Factor) -> (f64, f64) {
    match &factor.domain {
        Domain::Law { margin, .. } if matches!(margin.law(), Law::Normal { .. } | Law::Lognormal { .. }) => {
            (f64::NAN, f64::NAN)
        }
        Domain::Numbers(numbers) => (
            numbers.iter().copied().fold(f64::INFINITY, f64::min),
            numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        ),
        _ => (factor.at(0.0), factor.at(1.0)),
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
