//! The patterns of the evidence, each with its band, and what the model gives.
//!
//! P1 to P9, P18 and P19 are those the baseline is calibrated to; P10 to P17 and P20 are held out: nobody tunes to them. A pattern holds if the mean
//! over replicates lies in its band. Some need more than the window: a run of the same scenario on to the end of 2025 (its dated facts reach
//! so far), probes on twin worlds, or the same scenario with more practitioners.

use super::accumulate::ratio;
use super::parallel::{Watch, in_order};
use super::probe::{HORIZON_YEARS, Probes, probe};
use crate::engine::Setup;
use crate::record::{Count, Tally};
use crate::scenario::Scenario;
use crate::statistics::{Moments, gini};
use crate::table::{Field, Schema, Table};
use std::sync::Arc;

/// Whether a pattern was used in calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The baseline was fitted to it.
    Calibrated,
    /// Nobody tuned to it.
    HeldOut,
}

/// A pattern of the evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pattern {
    /// P1 to P20; a second figure of the same pattern has a letter.
    pub key: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// Calibrated or held out.
    pub used: Use,
    /// Lower end of its band.
    pub low: f64,
    /// Upper end of its band.
    pub high: f64,
}

const fn pattern(key: &'static str, sentence: &'static str, used: Use, low: f64, high: f64) -> Pattern {
    Pattern { key, sentence, used, low, high }
}

use Use::{Calibrated, HeldOut};

/// Any pattern above this has no upper bound.
const NO_LIMIT: f64 = f64::INFINITY;

const PATTERNS: [Pattern; 27] = [
    pattern("P1", "HSU communications recorded in 30 months (474 \u{b1} 20 %)", Calibrated, 379.2, 568.8),
    pattern("P2", "recorded rescues per communication", Calibrated, 0.22, 0.38),
    pattern("P3", "recorded arrests per communication", Calibrated, 0.05, 0.11),
    pattern("P3b", "recorded rescues per recorded arrest", Calibrated, 2.8, 5.5),
    pattern("P4", "share of transnational cases with cooperation sought", Calibrated, 0.1, 0.35),
    pattern("P5", "rescuing cooperations that end without arrest", Calibrated, 0.6, 1.0),
    pattern("P6", "share of NGO cases told to the police", Calibrated, 0.2, 0.6),
    pattern("P7", "cases a year of the median specialist", Calibrated, 0.0, 0.0),
    pattern("P7b", "cases a year per specialist, mean", Calibrated, 0.1, 0.5),
    pattern("P8", "formal requests a year, region", Calibrated, 0.0, 10.0),
    pattern("P8b", "requests by police channels per formal request", Calibrated, 10.0, NO_LIMIT),
    pattern("P9", "Gini coefficient of communications over pairs", Calibrated, 0.5, 0.8),
    pattern("P9b", "pairs of states without recorded communication", Calibrated, 2.0, 44.0),
    pattern("P10", "Gini coefficient of formal requests over states, 2016-19", HeldOut, 0.57, 0.77),
    pattern("P10b", "share of formal requests made by the top three, 2016-19", HeldOut, 0.7, 0.9),
    pattern("P10c", "states with at most two formal requests, 2016-19", HeldOut, 3.0, 10.0),
    pattern("P11", "share of origin states that ask more often than they are asked", HeldOut, 0.5, 1.0),
    pattern("P12", "pairs with a memorandum but under half the practice expected", HeldOut, 1.0, 45.0),
    pattern("P13", "coefficient of variation of a state's yearly identified victims", HeldOut, 0.5, 1.5),
    pattern("P14", "median delay of formal against police channels", HeldOut, 10.0, NO_LIMIT),
    pattern("P15", "share of states whose arrests fall in the four years after the convention", HeldOut, 0.1, 0.9),
    pattern("P16", "share of cases with communication in 2025", HeldOut, 0.0, 0.5),
    pattern("P17", "growth of communications a year when practitioners grow by 20 % a year", HeldOut, 0.08, 0.15),
    pattern("P17b", "communications per practitioner after nine such years, relative", HeldOut, 0.0, 1.0),
    pattern("P18", "share of idle ties lost in a year", Calibrated, 0.6, 0.95),
    pattern("P19", "months until half of what training taught is lost", Calibrated, 6.0, 13.0),
    pattern("P20", "time to recover from betrayal, at least, against from a shut gate", HeldOut, 3.0, NO_LIMIT),
];

/// What became of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The mean lies in the band.
    Holds,
    /// It does not.
    Misses,
    /// This scenario cannot tell.
    Untested,
}

impl Held {
    /// The word used in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Misses => "misses",
            Self::Untested => "not tested",
        }
    }
}

/// A pattern beside what the model gives.
#[derive(Debug, Clone)]
pub struct Validation {
    /// The pattern.
    pub pattern: Pattern,
    /// What the model gives, over replicates.
    pub model: Moments,
    /// Share of replicates whose own value lies in the band; missing for what only the whole ensemble has.
    pub runs_in_band: f64,
}

impl Validation {
    /// Whether it holds.
    pub fn held(&self) -> Held {
        let mean = self.model.mean();
        if mean.is_nan() {
            Held::Untested
        } else if self.pattern.low <= mean && mean <= self.pattern.high {
            Held::Holds
        } else {
            Held::Misses
        }
    }
}

/// Gathers one pattern over replicates.
#[derive(Clone, Default)]
struct Gathered {
    model: Moments,
    inside: Moments,
}

struct Board(Vec<Gathered>);

impl Board {
    fn new() -> Self {
        Self(vec![Gathered::default(); PATTERNS.len()])
    }

    fn add(&mut self, key: &str, value: f64) {
        let Some(place) = PATTERNS.iter().position(|pattern| pattern.key == key) else { return };
        if value.is_finite() {
            let pattern = &PATTERNS[place];
            self.0[place].model.add(value);
            self.0[place].inside.add(f64::from(u8::from(pattern.low <= value && value <= pattern.high)));
        }
    }
}

/// The last year of the long run.
const LAST_YEAR: i32 = 2025;
/// Yearly growth of practitioners in P17, and for how many years.
const GROWTH: (f64, f64) = (1.2, 9.0);

/// Holds a scenario against the patterns: first the runs of its window, one by one, then what needs more than them.
pub struct Validator<'a> {
    scenario: &'a Scenario,
    board: Board,
    years: f64,
}

impl<'a> Validator<'a> {
    /// A validator that has seen nothing.
    pub fn new(scenario: &'a Scenario, setup: &Setup) -> Self {
        Self { scenario, board: Board::new(), years: setup.window().days() / crate::quantity::DAYS_PER_YEAR }
    }

    /// All patterns, in that order.
    pub fn patterns() -> &'static [Pattern] {
        &PATTERNS
    }

    /// The keys of all patterns, in the order of [`finish`](Self::finish).
    pub fn keys() -> Vec<&'static str> {
        PATTERNS.iter().map(|pattern| pattern.key).collect()
    }

    /// The keys of those that a run of the window has.
    pub fn window_keys() -> Vec<&'static str> {
        const BEYOND: [&str; 10] = ["P10", "P10b", "P10c", "P13", "P15", "P16", "P17", "P17b", "P19", "P20"];
        Self::keys().into_iter().filter(|key| !BEYOND.contains(key)).collect()
    }

    /// Takes in a run of the window.
    pub fn add(&mut self, tally: &Tally) {
        window_patterns(&mut self.board, tally, self.years);
        origin_patterns(&mut self.board, self.scenario, tally);
    }

    /// How many runs [`look_further`](Self::look_further) makes, for the progress bar.
    pub fn further_runs(replicates: u32) -> u64 {
        4 * u64::from(replicates)
    }

    /// Makes the runs that the other patterns need: on to 2025, with more practitioners, and probes.
    ///
    /// `again` reads the same scenario with other values set.
    pub fn look_further(
        &mut self,
        setup: &Arc<Setup>,
        replicates: u32,
        watch: &dyn Watch,
        again: &dyn Fn(&[String]) -> Option<Scenario>,
    ) -> Probes {
        let board = &mut self.board;
        if self.scenario.time().end.year() <= LAST_YEAR
            && let Some(long) = again(&[format!("time.end={}-01-01", LAST_YEAR + 1)])
        {
            runs(&Arc::new(Setup::new(&long)), replicates, watch, |tally| long_patterns(board, &long, tally));
        }
        scaling_patterns(board, self.scenario, setup, replicates, watch, again);
        let probes = probe(setup, replicates, watch);
        board.add("P19", probes.knowledge_days / crate::quantity::DAYS_PER_MONTH);
        // A betrayal from which the region does not recover while it is watched took at least that long.
        let watched = HORIZON_YEARS * crate::quantity::DAYS_PER_YEAR;
        let betrayal = if probes.betrayal_days.is_nan() { watched } else { probes.betrayal_days };
        board.add("P20", betrayal / probes.gate_days);
        probes
    }

    /// Every pattern beside what the model gives.
    pub fn finish(self) -> Vec<Validation> {
        let beside = |(pattern, gathered): (&Pattern, Gathered)| {
            let ensemble = ["P17", "P17b", "P19", "P20"].contains(&pattern.key);
            let runs_in_band = if ensemble { f64::NAN } else { gathered.inside.mean() };
            Validation { pattern: *pattern, model: gathered.model, runs_in_band }
        };
        PATTERNS.iter().zip(self.board.0).map(beside).collect()
    }
}

fn runs(setup: &Arc<Setup>, replicates: u32, watch: &dyn Watch, mut take: impl FnMut(&Tally) + Send) {
    let taken: Result<_, std::convert::Infallible> = in_order(
        replicates,
        watch,
        |number| setup.run_one(number, false).0,
        |_, tally| {
            take(&tally);
            Ok(())
        },
    );
    match taken {
        Ok(_) => {}
    }
}

fn window_patterns(board: &mut Board, tally: &Tally, years: f64) {
    let region = &tally.totals[tally.totals.len() - 1];
    let count = |count: Count| region[count as usize] as f64;
    let recorded = count(Count::RecordedCommunications);
    // The figure is for 30 months; another window is brought to that length.
    board.add("P1", recorded * 2.5 / years);
    board.add("P2", ratio(count(Count::RecordedRescues), recorded));
    board.add("P3", ratio(count(Count::RecordedArrests), recorded));
    board.add("P3b", ratio(count(Count::RecordedRescues), count(Count::RecordedArrests)));
    board.add("P4", ratio(count(Count::Sought), count(Count::Arrived)));
    board.add("P5", ratio(count(Count::Impunity), count(Count::RescuedCases)));
    board.add("P6", ratio(count(Count::Referred), count(Count::FoundByNgo)));
    board.add("P7", tally.caseload.1);
    board.add("P7b", tally.caseload.0);
    board.add("P8", count(Count::FormalRequests) / years);
    board.add("P8b", ratio(count(Count::Sought) - count(Count::FormalRequests), count(Count::FormalRequests)));
    let per_pair = unordered(tally, 7);
    board.add("P9", gini(&per_pair));
    board.add("P9b", per_pair.iter().filter(|count| **count == 0.0).count() as f64);
    board.add("P14", tally.delays.1 / tally.delays.0);
    board.add("P18", ratio(f64::from(tally.idle_ties.1), f64::from(tally.idle_ties.0)));
}

/// A column of the pairs, both directions together.
fn unordered(tally: &Tally, column: usize) -> Vec<f64> {
    let states = tally.totals.len() - 1;
    let cell = |a: usize, b: usize| f64::from(tally.pairs[a * states + b][column]);
    (0..states).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| cell(a, b) + cell(b, a)).collect()
}

fn origin_patterns(board: &mut Board, scenario: &Scenario, tally: &Tally) {
    let states = scenario.states().len();
    let flow =
        |corridor: &crate::scenario::Corridor| scenario.settings().number(&format!("corridor.{}.cases", corridor.key));
    let mut net_origin = vec![0.0; states];
    for corridor in scenario.corridors() {
        net_origin[corridor.from] += flow(corridor);
        net_origin[corridor.to] -= flow(corridor);
    }
    let sought = |a: usize, b: usize| f64::from(tally.pairs[a * states + b][1]);
    let net_asks = |a: usize| (0..states).map(|b| sought(a, b) - sought(b, a)).sum::<f64>();
    let origins: Vec<usize> = (0..states).filter(|state| net_origin[*state] > 0.0).collect();
    let asking = origins.iter().filter(|state| net_asks(**state) > 0.0).count();
    board.add("P11", ratio(asking as f64, origins.len() as f64));
    if scenario.pairs().iter().any(|pair| pair.memorandum.is_some()) {
        let (cases, communications) = (unordered(tally, 0), unordered(tally, 3));
        let per_case = ratio(communications.iter().sum(), cases.iter().sum());
        let place = |a: usize, b: usize| a.max(b) * (a.max(b) - 1) / 2 + a.min(b);
        let idle =
            scenario.pairs().iter().filter(|pair| pair.memorandum.is_some_and(|day| day < scenario.time().end)).filter(
                |pair| {
                    let place = place(pair.a, pair.b);
                    communications[place] < 0.5 * per_case * cases[place]
                },
            );
        board.add("P12", idle.count() as f64);
    }
}

fn long_patterns(board: &mut Board, scenario: &Scenario, tally: &Tally) {
    let year = |year: i32| usize::try_from(year - tally.first_year).ok();
    let last = tally.yearly_density.len();
    if let (Some(from), Some(to)) = (year(2016), year(2020).filter(|to| *to <= last)) {
        let mut made: Vec<f64> =
            tally.formal.iter().map(|years| years[from..to].iter().map(|(made, _)| f64::from(*made)).sum()).collect();
        board.add("P10", gini(&made));
        board.add("P10c", made.iter().filter(|made| **made <= 2.0).count() as f64);
        made.sort_by(|a, b| b.total_cmp(a));
        board.add("P10b", ratio(made.iter().take(3).sum(), made.iter().sum()));
    }
    let mut variation = Moments::default();
    for victims in &tally.yearly_victims {
        let mut yearly = Moments::default();
        victims.iter().take(8).for_each(|count| yearly.add(f64::from(*count)));
        if yearly.mean() > 0.0 {
            variation.add(yearly.sd() / yearly.mean());
        }
    }
    board.add("P13", variation.mean());
    let mut fell = Moments::default();
    let convention = scenario.treaties().iter().filter(|treaty| treaty.tools.contains(&crate::quantity::Tool::Joint));
    for &(state, date) in convention.flat_map(|treaty| &treaty.deposits) {
        let Some(of) = year(date.year()).filter(|of| *of >= 4 && of + 4 < last) else { continue };
        let sum = |years: &[u32]| years.iter().map(|count| f64::from(*count)).sum::<f64>();
        let arrests = &tally.yearly_arrests[state];
        fell.add(f64::from(u8::from(sum(&arrests[of + 1..of + 5]) < sum(&arrests[of - 4..of]))));
    }
    board.add("P15", fell.mean());
    if let Some(&(with, all)) = year(LAST_YEAR).and_then(|place| tally.yearly_density.get(place)) {
        board.add("P16", ratio(f64::from(with), f64::from(all)));
    }
}

/// P17: the same cases met by more practitioners.
fn scaling_patterns(
    board: &mut Board,
    scenario: &Scenario,
    setup: &Arc<Setup>,
    replicates: u32,
    watch: &dyn Watch,
    again: &dyn Fn(&[String]) -> Option<Scenario>,
) {
    let factor = libm::pow(GROWTH.0, GROWTH.1);
    let staff = ["investigators", "heads", "prosecutors", "ngo_workers", "coordinators"];
    let more: Vec<String> = scenario
        .states()
        .iter()
        .flat_map(|state| staff.iter().map(move |role| format!("state.{}.{role}", state.key)))
        .map(|key| format!("{key}={}", libm::round(scenario.settings().number(&key) * factor)))
        .collect();
    let Some(larger) = again(&more) else { return };
    let communications = |setup: &Arc<Setup>| {
        let mut moments = Moments::default();
        runs(setup, replicates, watch, |tally| {
            moments.add(tally.totals[tally.totals.len() - 1][Count::Communications as usize] as f64);
        });
        moments.mean()
    };
    let volume = ratio(communications(&Arc::new(Setup::new(&larger))), communications(setup));
    board.add("P17", libm::pow(volume, 1.0 / GROWTH.1) - 1.0);
    board.add("P17b", volume / factor);
}

/// The `validation` table.
pub fn validation_table(all: &[Validation]) -> Table {
    let real = |name: &str, description: &str| Field::real(name, "see description", description);
    let fields = vec![
        Field::text("pattern", "Pattern of the evidence."),
        Field::text("description", "What it says."),
        Field::text("use", "`calibrated`, or `held out`: nobody tuned to it."),
        real("low", "Lower end of the band."),
        real("high", "Upper end of the band; missing where there is none."),
        real("value", "What the model gives: mean over replicates."),
        real(
            "ci_low",
            "Lower end of the 95 % confidence interval of that mean; missing for what only the whole ensemble has.",
        ),
        real("ci_high", "Upper end of it."),
        Field::real("runs_in_band", "share", "Share of replicates whose own value lies in the band."),
        Field::integer("n", "replicates", "Replicates in which it is defined."),
        Field::text(
            "holds",
            "`holds` if the mean lies in the band, else `misses`; `not tested` where this scenario cannot tell.",
        ),
    ];
    let mut table =
        Table::new(Schema::of("validation", "The patterns of the evidence beside what the model gives.", fields));
    for validation in all {
        let Pattern { key, sentence, used, low, high } = validation.pattern;
        let interval = validation.model.interval();
        table.push([
            key.into(),
            sentence.into(),
            if used == Calibrated { "calibrated" } else { "held out" }.into(),
            low.into(),
            if high.is_finite() { high } else { f64::NAN }.into(),
            validation.model.mean().into(),
            interval.low.into(),
            interval.high.into(),
            validation.runs_in_band.into(),
            (validation.model.n as i64).into(),
            validation.held().key().into(),
        ]);
    }
    table
}
