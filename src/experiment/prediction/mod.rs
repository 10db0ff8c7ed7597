//! Qualitative predictions as experiments: each a few arms of twin worlds, and what must come out of them.
//!
//! A prediction has parts. Of each part some numbers are taken from the arms of every replicate and averaged, and a formula of the averages is held
//! against what was predicted: more than nothing, or nothing to speak of. Its interval is the jackknife's (for a mean: Student's t). A part is *held*
//! if its 95 % interval lies where it was predicted, *broken* if it lies wholly elsewhere, else *undecided*. A prediction is broken if a part is, held if all
//! are. Nothing is tuned to make one hold.
//!
//! The experiments are aimed at all states of whatever scenario they are held against, with contents stronger than the shipped interventions': they ask for
//! direction, not size.

mod list;
mod log;

use super::parallel::{Watch, in_order};
use crate::engine::{Setup, Simulation};
use crate::quantity::{DAYS_PER_YEAR, Date};
use crate::scenario::Scenario;
use crate::statistics::Moments;
use crate::table::{Field, Schema, Table};
use log::Log;
use std::convert::Infallible;
use std::sync::Arc;

/// What must come out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expected {
    /// More than nothing.
    More,
    /// Nothing to speak of: no further from nothing than this.
    Within(f64),
}

/// What became of a prediction, or of a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It came out as predicted.
    Held,
    /// It came out otherwise.
    Broken,
    /// Chance could be behind it: more replicates are needed.
    Undecided,
    /// This scenario cannot tell.
    Untested,
}

impl Verdict {
    /// The word used in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Broken => "broken",
            Self::Undecided => "undecided",
            Self::Untested => "not tested",
        }
    }
}

/// Most numbers a part takes from a replicate.
const NUMBERS: usize = 4;

/// What is taken from the arms of a replicate; the first log is the twin without intervention.
type Taken = fn(&[Log]) -> [f64; NUMBERS];

/// One part of a prediction.
struct Part {
    /// What is tested, in words.
    test: &'static str,
    expected: Expected,
    taken: Taken,
    /// What is made of the means.
    formula: fn([f64; NUMBERS]) -> f64,
}

/// A prediction as an experiment.
struct Prediction {
    key: &'static str,
    sentence: &'static str,
    /// Years simulated.
    years: u32,
    /// What is laid over the scenario, one text of TOML for each arm; the twin comes first.
    arms: Vec<String>,
    parts: Vec<Part>,
}

/// What a part of a prediction gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// `Q1` to `Q18`.
    pub key: &'static str,
    /// The prediction.
    pub sentence: &'static str,
    /// What was tested.
    pub test: &'static str,
    /// How many replicates.
    pub n: u64,
    /// What came out, with its 95 % interval.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What was predicted.
    pub expected: Expected,
    /// What became of it.
    pub verdict: Verdict,
}

/// How many runs the predictions take for each replicate.
pub fn prediction_runs() -> u64 {
    list::all().iter().map(|prediction| prediction.arms.len() as u64).sum()
}

/// Holds a scenario against every prediction. `with` reads the scenario with a text of TOML laid over it.
///
/// # Errors
/// The key of the first prediction whose experiment the scenario does not admit, with what is wrong.
pub fn predict<E>(
    replicates: u32,
    watch: &dyn Watch,
    with: &dyn Fn(&str) -> Result<Scenario, E>,
) -> Result<Vec<Finding>, (&'static str, E)> {
    let mut findings = Vec::new();
    for prediction in list::all() {
        let start = with("").map_err(|error| (prediction.key, error))?.time().start;
        let end = Date::from_days(start.days() + (f64::from(prediction.years) * DAYS_PER_YEAR) as i32);
        let frame = end.map_or(String::new(), |end| format!("[time]\nend = {end}\n"));
        let scenarios = prediction.arms.iter().map(|arm| with(&format!("{frame}{}", dated(arm, start))));
        let scenarios: Vec<Scenario> = scenarios.collect::<Result<_, E>>().map_err(|error| (prediction.key, error))?;
        let setups: Vec<Arc<Setup>> =
            Setup::together(&scenarios.iter().collect::<Vec<_>>()).into_iter().map(Arc::new).collect();
        findings.extend(experiment(&prediction, &setups, replicates, watch));
    }
    Ok(findings)
}

/// An arm with dates for the years it names, `YEAR0` being the first day of the window.
fn dated(arm: &str, start: Date) -> String {
    const LAST: u32 = 20;
    (0..=LAST).rev().fold(arm.to_owned(), |text, year| {
        let date = Date::from_days(start.days() + (f64::from(year) * DAYS_PER_YEAR) as i32);
        text.replace(&format!("YEAR{year}"), &date.map_or(String::new(), |date| date.to_string()))
    })
}

fn experiment(prediction: &Prediction, setups: &[Arc<Setup>], replicates: u32, watch: &dyn Watch) -> Vec<Finding> {
    let mut taken: Vec<Vec<[f64; NUMBERS]>> = vec![Vec::new(); prediction.parts.len()];
    let run: Result<_, Infallible> = in_order(
        replicates,
        watch,
        |replicate| {
            let logs: Vec<Log> = worlds(setups, replicate);
            prediction.parts.iter().map(|part| (part.taken)(&logs)).collect::<Vec<_>>()
        },
        |_, parts: Vec<[f64; NUMBERS]>| {
            taken.iter_mut().zip(parts).for_each(|(all, one)| all.push(one));
            Ok(())
        },
    );
    match run {
        Ok(_) => {}
    }
    prediction.parts.iter().zip(&taken).map(|(part, taken)| finding(prediction, part, taken)).collect()
}

/// Runs the arms of a replicate; an arm goes on from a copy of its twin where both are the same until then.
fn worlds(setups: &[Arc<Setup>], replicate: u32) -> Vec<Log> {
    let Some(first) = setups.first() else { return Vec::new() };
    let last = |setup: &Setup| u64::from(setup.time.burn_in_ticks() + setup.time.ticks());
    let mut logs: Vec<Log> = vec![Log::default(); setups.len()];
    let mut forks: Vec<(u64, usize)> = Vec::new();
    for (arm, setup) in setups.iter().enumerate().skip(1) {
        match setup.diverges_from(first) {
            Some(0) => {
                let mut simulation = Simulation::new(setup, replicate);
                simulation.run(last(setup) as u32, &mut logs[arm]);
            }
            Some(tick) => forks.push((tick.min(last(first)), arm)),
            None => forks.push((last(first), arm)),
        }
    }
    forks.sort_unstable();
    let (mut simulation, mut log) = (Simulation::new(first, replicate), Log::default());
    for (tick, arm) in forks {
        while simulation.world().tick < tick {
            simulation.step(&mut log);
        }
        let mut fork = simulation.fork(&setups[arm]);
        logs[arm] = log.clone();
        let rest = last(&setups[arm]) - tick;
        fork.run(rest as u32, &mut logs[arm]);
    }
    while simulation.world().tick < last(first) {
        simulation.step(&mut log);
    }
    logs[0] = log;
    logs
}

fn finding(prediction: &Prediction, part: &Part, taken: &[[f64; NUMBERS]]) -> Finding {
    let whole: Vec<[f64; NUMBERS]> =
        taken.iter().copied().filter(|numbers| numbers.iter().all(|number| number.is_finite())).collect();
    let (estimate, low, high) = jackknife(&whole, part.formula);
    let verdict = match part.expected {
        _ if !(low.is_finite() && high.is_finite()) => Verdict::Untested,
        Expected::More if low > 0.0 => Verdict::Held,
        Expected::More if high <= 0.0 => Verdict::Broken,
        Expected::Within(margin) if -margin <= low && high <= margin => Verdict::Held,
        Expected::Within(margin) if low > margin || high < -margin => Verdict::Broken,
        _ => Verdict::Undecided,
    };
    Finding {
        key: prediction.key,
        sentence: prediction.sentence,
        test: part.test,
        n: whole.len() as u64,
        estimate,
        low,
        high,
        expected: part.expected,
        verdict,
    }
}

/// A formula of means with its 95 % interval by the jackknife; for one mean alone this is Student's t.
fn jackknife(taken: &[[f64; NUMBERS]], formula: fn([f64; NUMBERS]) -> f64) -> (f64, f64, f64) {
    let n = taken.len() as f64;
    let mut sums = [0.0; NUMBERS];
    for numbers in taken {
        sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
    }
    let estimate = formula(sums.map(|sum| sum / n));
    let pseudo: Moments = taken
        .iter()
        .map(|numbers| {
            let without = std::array::from_fn(|place| (sums[place] - numbers[place]) / (n - 1.0));
            n * estimate - (n - 1.0) * formula(without)
        })
        .collect();
    let half = pseudo.interval().half_width();
    (estimate, estimate - half, estimate + half)
}

/// The verdict on each prediction: broken if a part is, held if all that could be tested are.
pub fn verdicts(findings: &[Finding]) -> Vec<(&'static str, Verdict)> {
    let mut keys: Vec<&'static str> = findings.iter().map(|finding| finding.key).collect();
    keys.dedup();
    keys.into_iter()
        .map(|key| {
            let parts: Vec<Verdict> = findings.iter().filter(|f| f.key == key).map(|f| f.verdict).collect();
            let any = |verdict| parts.contains(&verdict);
            let verdict = if any(Verdict::Broken) {
                Verdict::Broken
            } else if any(Verdict::Undecided) {
                Verdict::Undecided
            } else if any(Verdict::Held) {
                Verdict::Held
            } else {
                Verdict::Untested
            };
            (key, verdict)
        })
        .collect()
}

/// The `predictions` table.
pub fn predictions_table(findings: &[Finding]) -> Table {
    let real = |name: &str, meaning: &str| Field::real(name, "see test", meaning);
    let fields = vec![
        Field::text("key", "Number of the prediction."),
        Field::text("sentence", "The prediction."),
        Field::text("test", "What was tested."),
        Field::integer("n", "replicates", "Replicates in which it is defined."),
        real("estimate", "What came out."),
        real("ci_low", "Lower end of its 95 % confidence interval (jackknife over replicates)."),
        real("ci_high", "Upper end of it."),
        Field::text("predicted", "What was predicted: `more` than nothing, or `nothing` to speak of."),
        real("margin", "How far from nothing still counts as nothing; missing where more was predicted."),
        Field::text("verdict", "`held`, `broken`, `undecided` or `not tested`."),
    ];
    let mut table =
        Table::new(Schema::of("predictions", "Qualitative predictions, each an experiment on twin worlds.", fields));
    for finding in findings {
        let (predicted, margin) = match finding.expected {
            Expected::More => ("more", f64::NAN),
            Expected::Within(margin) => ("nothing", margin),
        };
        table.push([
            finding.key.into(),
            finding.sentence.into(),
            finding.test.into(),
            (finding.n as i64).into(),
            finding.estimate.into(),
            finding.low.into(),
            finding.high.into(),
            predicted.into(),
            margin.into(),
            finding.verdict.key().into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jackknife_of_a_mean_is_students_interval() {
        let taken: Vec<[f64; NUMBERS]> = [3.0, 5.0, 4.0, 8.0].iter().map(|x| [*x, 0.0, 0.0, 0.0]).collect();
        let (estimate, low, high) = jackknife(&taken, |means| means[0]);
        let moments: Moments = [3.0, 5.0, 4.0, 8.0].into_iter().collect();
        assert!((estimate - 5.0).abs() < 1e-12);
        assert!((low - moments.interval().low).abs() < 1e-12 && (high - moments.interval().high).abs() < 1e-12);
    }

    #[test]
    fn every_prediction_is_there_once_and_has_parts() {
        let all = list::all();
        let keys: Vec<String> = all.iter().map(|prediction| prediction.key.to_owned()).collect();
        assert_eq!(keys, (1..=18).map(|number| format!("Q{number}")).collect::<Vec<_>>());
        assert!(all.iter().all(|prediction| !prediction.parts.is_empty() && prediction.arms.len() > 1));
    }
}
