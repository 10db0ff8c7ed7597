//! Is the fit any good? Predictions of the prior and the posterior beside what was observed, what was learned, and whether the pipeline
//! finds what is known.

use super::problem::Problem;
use super::walk::{Fit, Trouble};
use super::{Asked, Keeper};
use crate::digest::Digest;
use crate::experiment::Watch;
use crate::experiment::validate::{Use, Validator};
use crate::scenario::FigureOf;
use crate::statistics::calibration::{
    Adjustment, Draws, Holding, Identifiability, Observing, PredictiveCheck, RankReport, RankTest, Resampling, Scale,
    Scatter, Weights, adjusted, holding, identifiability, judge_ranks, luck, predictive_check, rank_among,
};
use crate::table::Table;
use std::sync::Arc;

/// The generation of which the luck of predictive runs is.
const PREDICTING: u32 = 1_000_000;
/// Level of intervals.
const LEVEL: f64 = 0.95;
/// Draws of a rank, and bins of ranks.
const RANKED: (u32, u32) = (99, 20);
/// The share of the prior's runs that a known truth is fitted with.
const NEAREST: f64 = 0.1;
/// Known truths.
const TRUTHS: usize = 200;

/// A figure or pattern beside predictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// Key of the target, or of the pattern.
    pub key: String,
    /// What it says.
    pub label: String,
    /// Whether it was used in the calibration.
    pub used: Use,
    /// What was observed; missing for a pattern that is only a band.
    pub observed: f64,
    /// Its band, or the interval of the observation.
    pub band: (f64, f64),
    /// The prior's predictions, with the error of the figure laid on them; none beyond the window.
    pub prior: Option<PredictiveCheck>,
    /// The posterior's.
    pub posterior: Option<PredictiveCheck>,
    /// In how much of the posterior a run lies in the band.
    pub inside: Option<Holding>,
    /// Whether the median prediction of the posterior lies in it.
    pub holds: Option<bool>,
}

/// Whether a parameter is found where it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// The parameter.
    pub parameter: String,
    /// What its ranks say; or why they cannot be judged.
    pub ranks: Result<RankReport, String>,
}

/// What checking came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Targets, then patterns.
    pub predicted: Vec<Predicted>,
    /// Of the parameters that are numbers what was learned; or why that cannot be said.
    pub learned: Result<Identifiability, String>,
    /// Places of these parameters among the factors.
    pub numbers: Vec<usize>,
    /// Per such parameter.
    pub pipeline: Vec<Pipeline>,
}

/// Checks a fit: one more run for each draw of the posterior, on to 2025 and with probes if `beyond`. `None` when it was stopped.
///
/// # Errors
/// Those of the keeper.
pub fn check<K: Keeper>(
    problem: &Problem<'_>,
    keeper: &mut K,
    fit: &Fit,
    beyond: bool,
) -> Result<Option<Checked>, Trouble<K::Error>> {
    let count = fit.posterior.len();
    let name = format!("{}-predictive{}", problem.key(), if beyond { "" } else { "-window" });
    let digest = Digest::of(format!("{} {beyond} {:?}", problem.digest(), fit.posterior).as_bytes());
    let work = |range: std::ops::Range<usize>, watch: &dyn Watch| {
        let mut table: Option<Table> = None;
        for draw in range {
            if watch.stop() {
                return None;
            }
            let at = fit.posterior[draw].as_slice();
            let mut row = problem.simulate(&[(PREDICTING, draw as u64, at)], watch)?;
            if beyond {
                let seed = luck(problem.calibration().seed, PREDICTING, draw as u64);
                let patterns = problem.patterns_beyond(at, seed, &());
                row = with_patterns(problem, &row, patterns.as_deref());
            }
            match &mut table {
                Some(table) => table.append(row),
                None => table = Some(row),
            }
        }
        table
    };
    let Some(runs) = keeper.rows(Asked { name: &name, digest: &digest, items: count }, &work).map_err(Ok)? else {
        return Ok(None);
    };
    let numbers: Vec<usize> =
        (0..problem.factors().len()).filter(|place| !problem.factors()[*place].is_words()).collect();
    Ok(Some(Checked {
        predicted: predicted(problem, fit, &runs),
        learned: learned(problem, fit, &numbers),
        pipeline: pipeline(problem, fit, &numbers),
        numbers,
    }))
}

/// A row of simulations with the patterns beyond the window filled in.
fn with_patterns(problem: &Problem<'_>, row: &Table, patterns: Option<&[crate::experiment::Validation]>) -> Table {
    let value = |key: &str| {
        let found = patterns?.iter().find(|own| own.pattern.key == key)?;
        Some(found.model.mean())
    };
    let columns = row.schema.fields.iter().zip(row.columns()).map(|(field, values)| {
        let known = problem.pattern_keys().contains(&field.name.as_str());
        match (known.then(|| value(&field.name)).flatten(), values) {
            (Some(value), crate::table::Values::Real(_)) => crate::table::Values::Real(vec![value]),
            _ => values.clone(),
        }
    });
    Table::from_columns(Arc::clone(&row.schema), columns.collect()).unwrap_or_else(|_| row.clone())
}

/// Draws and weights without the runs that have no such figure.
fn known(values: &[f64], weights: &Weights) -> Option<(Vec<f64>, Weights)> {
    let there: Vec<usize> = (0..values.len()).filter(|place| values[*place].is_finite()).collect();
    let raw: Vec<f64> = there.iter().map(|place| weights.values()[*place]).collect();
    let weights = Weights::new(&raw).ok()?;
    Some((there.into_iter().map(|place| values[place]).collect(), weights))
}

fn predicted(problem: &Problem<'_>, fit: &Fit, runs: &Table) -> Vec<Predicted> {
    let calibration = problem.calibration();
    let even = Weights::even(fit.prior.rows()).ok();
    let mut all: Vec<Predicted> = Vec::new();
    for (place, figure) in calibration.targets.iter().enumerate() {
        let with_error = |table: &Table, from: u64| -> Vec<f64> {
            let values = table.reals(problem.column(figure)).unwrap_or_default();
            let draw = |(row, value): (usize, &f64)| {
                let address = Observing { seed: calibration.seed, target: place as u32, draw: from + row as u64 };
                figure.target.draw(*value, address)
            };
            values.iter().enumerate().map(draw).collect()
        };
        let checked = |draws: &[f64], weights: &Weights| {
            let (draws, weights) = known(draws, weights)?;
            predictive_check(figure.target.value(), &draws, &weights).ok()
        };
        let interval = figure.target.interval(LEVEL);
        let posterior = with_error(runs, 1 << 40);
        let raw = runs.reals(problem.column(figure)).unwrap_or_default();
        all.push(Predicted {
            key: figure.key.clone(),
            label: figure.label.clone(),
            used: Use::Calibrated,
            observed: figure.target.value(),
            band: (interval.low, interval.high),
            prior: even.as_ref().and_then(|even| checked(&with_error(&fit.prior, 0), even)),
            posterior: checked(&posterior, &fit.weights),
            inside: inside(raw, &fit.weights, (interval.low, interval.high)),
            holds: None,
        });
    }
    let fitted = |key: &str| calibration.targets.iter().any(|figure| figure.of == FigureOf::Pattern(key.to_owned()));
    for pattern in Validator::patterns() {
        let values = runs.reals(pattern.key).unwrap_or_default();
        let Some((draws, weights)) = known(values, &fit.weights) else { continue };
        let median = weights.quantile(&draws, 0.5);
        let of_prior = fit.prior.reals(pattern.key).unwrap_or_default();
        let prior = even.as_ref().and_then(|even| {
            let (draws, weights) = known(of_prior, even)?;
            predictive_check(f64::midpoint(pattern.low, pattern.high.min(1e12)), &draws, &weights).ok()
        });
        all.push(Predicted {
            key: pattern.key.to_owned(),
            label: pattern.sentence.to_owned(),
            used: if fitted(pattern.key) { Use::Calibrated } else { Use::HeldOut },
            observed: f64::NAN,
            band: (pattern.low, pattern.high),
            prior,
            posterior: predictive_check(median, &draws, &weights).ok(),
            inside: inside(values, &fit.weights, (pattern.low, pattern.high)),
            holds: Some(pattern.low <= median && median <= pattern.high),
        });
    }
    all
}

fn inside(values: &[f64], weights: &Weights, (low, high): (f64, f64)) -> Option<Holding> {
    let (draws, weights) = known(values, weights)?;
    let holds: Vec<f64> = draws.iter().map(|value| f64::from(u8::from(low <= *value && *value <= high))).collect();
    holding(&holds, &weights, LEVEL).ok()
}

/// Coordinates as values of the parameters that are numbers.
fn numbers_of(problem: &Problem<'_>, points: &[Vec<f64>], numbers: &[usize]) -> Vec<Vec<f64>> {
    let of = |point: &Vec<f64>| {
        let values = problem.values(point);
        numbers.iter().map(|place| values[*place]).collect::<Vec<f64>>()
    };
    points.iter().map(of).collect()
}

fn learned(problem: &Problem<'_>, fit: &Fit, numbers: &[usize]) -> Result<Identifiability, String> {
    let posterior = numbers_of(problem, &fit.posterior, numbers);
    let prior = numbers_of(problem, &fit.prior_points, numbers);
    let even = Weights::even(prior.len()).map_err(|refusal| refusal.to_string())?;
    let posterior = Draws { values: &posterior, weights: &fit.weights };
    identifiability(posterior, Draws { values: &prior, weights: &even }).map_err(|refusal| refusal.to_string())
}

/// Simulation-based calibration of the pipeline's last step: runs of the prior play the figures in turn, the others are fitted to them (the
/// nearest, moved by regression), and the known truth is ranked among the draws.
fn pipeline(problem: &Problem<'_>, fit: &Fit, numbers: &[usize]) -> Vec<Pipeline> {
    let seed = problem.calibration().seed;
    let figures: Vec<Vec<f64>> = problem.observed_of(&fit.prior);
    // Failed runs have no particle: the particles are the whole runs, in order.
    let whole: Vec<&Vec<f64>> = figures.iter().filter(|row| row.iter().all(|value| value.is_finite())).collect();
    let points = &fit.prior_points;
    if whole.len() != points.len() {
        let why = "runs of the prior and its particles do not agree".to_owned();
        let none =
            |place: &usize| Pipeline { parameter: problem.factors()[*place].key.clone(), ranks: Err(why.clone()) };
        return numbers.iter().map(none).collect();
    }
    let truths = TRUTHS.min(whole.len());
    let ranks_of = |truth: usize| -> Option<Vec<u32>> {
        let others: Vec<usize> = (0..whole.len()).filter(|other| *other != truth).collect();
        let values: Vec<Vec<f64>> = others.iter().map(|other| points[*other].clone()).collect();
        let statistics: Vec<Vec<f64>> = others.iter().map(|other| whole[*other].clone()).collect();
        let weights = Weights::even(values.len()).ok()?;
        let moved = adjusted(&Adjustment {
            axes: problem.axes(),
            values: &values,
            weights: &weights,
            statistics: &statistics,
            observed: whole[truth],
            nearest: ((values.len() as f64 * NEAREST) as usize).max(30),
            scale: Scale::Logit,
            scatter: Scatter::Even,
        })
        .ok()?;
        let chosen = moved.weights.multinomial(RANKED.0 as usize, Resampling { seed, number: truth as u64 });
        let rank = |place: &usize| {
            let draws: Vec<f64> = chosen.iter().map(|draw| moved.values[*draw][*place]).collect();
            rank_among(points[truth][*place], &draws, seed, truth as u64)
        };
        Some(numbers.iter().map(rank).collect())
    };
    let all: Vec<Vec<u32>> =
        crate::experiment::parallel::map(&(0..truths).collect::<Vec<usize>>(), |truth| ranks_of(*truth))
            .into_iter()
            .flatten()
            .collect();
    let test = RankTest { draws: RANKED.0, bins: RANKED.1, level: LEVEL, seed, simulated: 1000 };
    let judged = |(column, place): (usize, &usize)| {
        let ranks: Vec<u32> = all.iter().map(|row| row[column]).collect();
        Pipeline {
            parameter: problem.factors()[*place].key.clone(),
            ranks: judge_ranks(&ranks, &test).map_err(|refusal| refusal.to_string()),
        }
    };
    numbers.iter().enumerate().map(judged).collect()
}
