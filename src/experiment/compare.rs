//! Runs a study, replicate by replicate: the baseline, then every arm and combination, with every draw shared.
//!
//! A draw has an address that knows seed and replicate but not the arm, so replicate r of an arm differs from replicate r of the
//! baseline only in what the arm changed and what followed from it. Adding an arm changes no other one. Scenarios that
//! determine the same run are run once, whatever arms they stand for.
//!
//! An arm is the same run as the baseline until the first tick at which something in it may act, and goes on from a copy of it there ([`Worlds`]).
//!
//! Of a run only the values of the outcomes are kept, one per window of analysis and period of the difference series, the cases at every
//! stage of the funnel per window, and the cost.
//!
//! With a stopping rule replicates come in batches until every arm's and package's contrast of the main outcome against the baseline
//! is known to the half-width asked for, or one of them alone may still be the best, or the most replicates are done. The size of batches
//! depends on nothing but the number already done, so threads change nothing.

use super::parallel::{Watch, in_order};
use super::tables::funnel_stages;
use super::worlds::Worlds;
use crate::engine::Simulation;
use crate::quantity::Date;
use crate::record::{Count, Stretch, StretchCounts};
use crate::scenario::{Analysis, AnalysisWindow, Arm, Package, Scenario, Study, TimeFrame};
use crate::statistics::{AgainstBest, Arms, BestRule, Direction, Pairs, Pooling, StoppingRule, against_best, stopping};
use std::convert::Infallible;
use std::sync::Arc;

/// Fewest replicates at which a stopping rule is asked.
const FIRST_LOOK: u32 = 10;

/// What a line of the tables stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// What everything is held against.
    Baseline,
    /// An arm.
    Arm,
    /// A package.
    Package,
    /// The arms of a package, one after the other.
    Order,
    /// Some arms of a package together.
    Subset,
}

impl LineKind {
    /// The word in the tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Arm => "arm",
            Self::Package => "package",
            Self::Order => "order",
            Self::Subset => "subset",
        }
    }
}

/// Something that is run and held against the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name in the tables: `handbook`, `both`, `handbook+exchange`, `both: handbook > exchange`.
    pub key: Arc<str>,
    /// Its name for people.
    pub label: Arc<str>,
    /// What it stands for.
    pub kind: LineKind,
    /// Which of the runs of a replicate it is.
    run: usize,
}

/// Why a comparison ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareEnd {
    /// The replicates asked for were done.
    Planned,
    /// Every contrast of the main outcome is known to the half-width asked for.
    Precise,
    /// One arm alone may still be the best in the main outcome.
    Settled,
    /// The most replicates were done before that.
    Most,
    /// Somebody stopped it; whole replicates are kept.
    Interrupted,
}

/// A package, its parts as places of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLines {
    /// The package as a whole.
    pub whole: usize,
    /// Its arms.
    pub arms: Vec<usize>,
    /// Every combination: at place m the one that has arm j if bit j of m is set; empty if not all were run.
    pub combinations: Vec<usize>,
    /// Its orders, with the arms of each by place in `arms`.
    pub orders: Vec<(usize, Vec<usize>)>,
}

/// What one run amounts to.
#[derive(Debug, Clone, PartialEq)]
struct Observed {
    /// Values per stretch and outcome.
    values: Vec<f64>,
    /// Cases per window and stage of the funnel.
    stages: Vec<u64>,
    cost: f64,
}

/// What a study found, before statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    lines: Vec<Line>,
    packages: Vec<PackageLines>,
    windows: Vec<AnalysisWindow>,
    periods: Vec<Stretch>,
    analysis: Analysis,
    seed: u64,
    currency: String,
    observed: Vec<Vec<Observed>>,
    ended: CompareEnd,
}

impl Comparison {
    /// The baseline, then everything that is held against it.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The packages among the lines.
    pub fn packages(&self) -> &[PackageLines] {
        &self.packages
    }

    /// The windows of analysis.
    pub fn windows(&self) -> &[AnalysisWindow] {
        &self.windows
    }

    /// The periods of the difference series.
    pub fn periods(&self) -> &[Stretch] {
        &self.periods
    }

    /// What was to be learnt.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// What the draws of the statistics are keyed by.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The currency in which costs are given.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// How many whole replicates were done.
    pub fn replicates(&self) -> usize {
        self.observed.len()
    }

    /// Why no more were done.
    pub fn ended(&self) -> CompareEnd {
        self.ended
    }

    /// The values of an outcome in a window, by replicate; missing where the outcome is not defined.
    pub fn in_window(&self, line: usize, window: usize, outcome: usize) -> Vec<f64> {
        self.column(line, window, outcome)
    }

    /// The values of an outcome in a period, by replicate.
    pub fn in_period(&self, line: usize, period: usize, outcome: usize) -> Vec<f64> {
        self.column(line, self.windows.len() + period, outcome)
    }

    /// The cases at a stage of the funnel in a window, by replicate.
    pub(super) fn at_stage(&self, line: usize, window: usize, stage: usize) -> Vec<f64> {
        let (run, place) = (self.lines[line].run, window * funnel_stages().count() + stage);
        self.observed.iter().map(|runs| runs[run].stages[place] as f64).collect()
    }

    /// The cost of every replicate, over the whole run.
    pub fn costs(&self, line: usize) -> Vec<f64> {
        let run = self.lines[line].run;
        self.observed.iter().map(|runs| runs[run].cost).collect()
    }

    fn column(&self, line: usize, stretch: usize, outcome: usize) -> Vec<f64> {
        let (run, place) = (self.lines[line].run, stretch * self.analysis.outcomes.len() + outcome);
        self.observed.iter().map(|runs| runs[run].values[place]).collect()
    }

    /// The lines that compete with each other: the baseline, arms and packages.
    pub fn ranked(&self) -> Vec<usize> {
        let competes = |line: &Line| matches!(line.kind, LineKind::Baseline | LineKind::Arm | LineKind::Package);
        (0..self.lines.len()).filter(|place| competes(&self.lines[*place])).collect()
    }

    /// Which end of the main outcome is best.
    pub fn direction(&self) -> Direction {
        if self.analysis.smallest_is_best { Direction::Smallest } else { Direction::Largest }
    }

    /// The ranked lines in the main outcome of a window, replicates in which all of them have a value.
    pub fn rivals(&self, window: usize) -> Arms {
        let columns: Vec<Vec<f64>> =
            self.ranked().into_iter().map(|line| self.in_window(line, window, self.analysis.main)).collect();
        Arms::complete(&columns)
    }

    /// Every ranked line against the best of the others.
    pub fn against_best(&self, window: usize) -> Vec<AgainstBest> {
        let rule =
            BestRule { direction: self.direction(), pooling: Pooling::Pairwise, level: self.analysis.confidence };
        against_best(&self.rivals(window), rule)
    }

    /// Whether a stopping rule has its answer.
    fn answered(&self, half_width: f64) -> Option<CompareEnd> {
        let rule = StoppingRule { half_width, level: self.analysis.confidence, least: FIRST_LOOK as usize };
        let windows = 0..self.windows.len();
        let precise = |window: usize| {
            let baseline = self.in_window(0, window, self.analysis.main);
            self.ranked().into_iter().skip(1).all(|line| {
                let pairs = Pairs::complete(&baseline, &self.in_window(line, window, self.analysis.main));
                stopping(&pairs.differences(), rule).settled()
            })
        };
        if windows.clone().all(precise) {
            return Some(CompareEnd::Precise);
        }
        // A single arm has no rival, so that nothing but its own contrast can be settled.
        let rivals = self.ranked().len() > 2 && self.replicates() >= FIRST_LOOK as usize;
        let settled = |window: usize| self.against_best(window).iter().any(|line| line.surely_best);
        (rivals && windows.clone().all(settled)).then_some(CompareEnd::Settled)
    }
}

/// Everything that is run in each replicate.
struct Runs<'s> {
    scenarios: Vec<&'s Scenario>,
    canonical: Vec<String>,
    lines: Vec<Line>,
}

impl<'s> Runs<'s> {
    /// A line for a scenario; the same run is made once.
    fn add(&mut self, key: &str, label: &str, kind: LineKind, scenario: &'s Scenario) -> usize {
        let canonical = scenario.canonical();
        let run = self.canonical.iter().position(|other| *other == canonical).unwrap_or_else(|| {
            self.scenarios.push(scenario);
            self.canonical.push(canonical);
            self.scenarios.len() - 1
        });
        self.lines.push(Line { key: Arc::from(key), label: Arc::from(label), kind, run });
        self.lines.len() - 1
    }
}

/// All lines of a study, the baseline first, then arms, packages, subsets and orders.
fn runs(study: &Study) -> (Runs<'_>, Vec<PackageLines>) {
    let mut runs = Runs { scenarios: Vec::new(), canonical: Vec::new(), lines: Vec::new() };
    runs.add("baseline", "Baseline", LineKind::Baseline, study.baseline());
    for Arm { key, label, scenario } in study.arms() {
        runs.add(key, label, LineKind::Arm, scenario);
    }
    let mut packages = Vec::new();
    for Package { key, label, arms, scenario, .. } in study.packages() {
        let whole = runs.add(key, label, LineKind::Package, scenario);
        let arms = arms.iter().map(|arm| 1 + arm).collect();
        packages.push(PackageLines { whole, arms, combinations: Vec::new(), orders: Vec::new() });
    }
    for (package, lines) in study.packages().iter().zip(&mut packages) {
        let size = package.arms.len();
        let shared_out = package.subsets.len() + size + 2 == 1 << size;
        for subset in &package.subsets {
            let key = joined(study, &subset.arms, "+", |arm| &arm.key);
            if runs.lines.iter().all(|line| *line.key != *key) {
                let label = joined(study, &subset.arms, " + ", |arm| &arm.label);
                runs.add(&key, &label, LineKind::Subset, &subset.scenario);
            }
        }
        if shared_out {
            lines.combinations = (0..1_usize << size)
                .map(|set| {
                    let some: Vec<usize> =
                        (0..size).filter(|place| set >> place & 1 == 1).map(|place| package.arms[place]).collect();
                    match some[..] {
                        [] => 0,
                        [one] => 1 + one,
                        _ if some.len() == size => lines.whole,
                        _ => {
                            let key = joined(study, &some, "+", |arm| &arm.key);
                            let place = runs.lines.iter().position(|line| *line.key == *key);
                            place.expect("every smaller combination has its line")
                        }
                    }
                })
                .collect();
        }
        for order in &package.orders {
            let key = format!("{}: {}", package.key, joined(study, &order.arms, " > ", |arm| &arm.key));
            let label = joined(study, &order.arms, ", then ", |arm| &arm.label);
            let line = runs.add(&key, &label, LineKind::Order, &order.scenario);
            lines.orders.push((line, order.arms.iter().map(|arm| 1 + arm).collect()));
        }
    }
    (runs, packages)
}

fn joined(study: &Study, arms: &[usize], by: &str, of: impl Fn(&Arm) -> &String) -> String {
    arms.iter().map(|arm| of(&study.arms()[*arm]).as_str()).collect::<Vec<_>>().join(by)
}

/// How many runs one replicate of a study takes.
pub fn runs_per_replicate(study: &Study) -> usize {
    runs(study).0.scenarios.len()
}

/// The periods of a run: whole ones from its start, the last one up to half a period shorter or longer.
fn periods(time: TimeFrame, period_days: f64) -> Vec<Stretch> {
    let days = f64::from(time.end.days() - time.start.days());
    let count = libm::round(days / period_days).max(1.0) as u32;
    let date = |period: u32| {
        let day = libm::round(f64::from(period) * period_days) as i32;
        if period == count { time.end } else { Date::from_days(time.start.days() + day).unwrap_or(time.end) }
    };
    (0..count).map(|period| Stretch { from: date(period), until: date(period + 1) }).collect()
}

/// The cases at every stage of the funnel.
fn stages(counts: &[u64; Count::COUNT]) -> impl Iterator<Item = u64> + use<> {
    let counts = *counts;
    let sum = move |of: &[Count]| of.iter().map(|count| counts[*count as usize]).sum::<u64>();
    funnel_stages().map(move |(_, _, added, taken)| sum(added) - sum(taken))
}

/// Passes on only the wish to stop: progress is told run by run.
struct Stop<'w>(&'w dyn Watch);

impl Watch for Stop<'_> {
    fn stop(&self) -> bool {
        self.0.stop()
    }
}

/// Runs a study: as many replicates as its baseline says, or as its stopping rule asks for.
///
/// The watch is told of every run; that there will be [`runs_per_replicate`] times the baseline's replicates it is assumed to know.
pub fn compare(study: &Study, watch: &dyn Watch) -> Comparison {
    let (Runs { scenarios, lines, .. }, packages) = runs(study);
    let (time, analysis) = (study.baseline().time(), study.analysis());
    let periods = periods(time, analysis.period_days);
    let windows = study.windows().iter().map(|window| Stretch { from: window.from, until: window.until });
    let stretches: Vec<Stretch> = windows.chain(periods.iter().copied()).collect();
    let worlds = Worlds::new(&scenarios, &stretches);
    let observe = |simulation: &Simulation, counts: &StretchCounts| {
        watch.advanced(1);
        let values =
            counts.counts().iter().flat_map(|counts| analysis.outcomes.iter().map(|measure| measure.of(counts)));
        let windows = counts.counts().iter().take(study.windows().len());
        Observed { values: values.collect(), stages: windows.flat_map(stages).collect(), cost: simulation.cost() }
    };
    let mut comparison = Comparison {
        lines,
        packages,
        windows: study.windows().to_vec(),
        periods,
        analysis: analysis.clone(),
        seed: study.baseline().seed(),
        currency: study.baseline().currency().to_owned(),
        observed: Vec::new(),
        ended: CompareEnd::Planned,
    };
    let planned = study.baseline().replicates();
    let most = analysis.most_replicates;
    let (mut done, mut wanted) = (0, if analysis.half_width.is_some() { planned.min(most) } else { planned });
    loop {
        let taken: Result<_, Infallible> = in_order(
            wanted - done,
            &Stop(watch),
            |number| worlds.run(done + number, observe),
            |_, observed| {
                comparison.observed.push(observed);
                Ok(())
            },
        );
        let interrupted = match taken {
            Ok(interrupted) => interrupted.is_some(),
        };
        done = wanted;
        if interrupted {
            comparison.ended = CompareEnd::Interrupted;
            return comparison;
        }
        let Some(half_width) = analysis.half_width else { return comparison };
        if let Some(answer) = comparison.answered(half_width) {
            comparison.ended = answer;
            return comparison;
        }
        if done >= most {
            comparison.ended = CompareEnd::Most;
            return comparison;
        }
        let more = FIRST_LOOK.max(done / 4).min(most - done);
        watch.expects(u64::from(more) * worlds.len() as u64);
        wanted = done + more;
    }
}
