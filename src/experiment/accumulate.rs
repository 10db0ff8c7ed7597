//! Adds up tallies, in the order of replicates, without keeping them.

use super::levels::LevelPools;
use crate::quantity::Litmus;
use crate::record::{
    BINDING_ROWS, Count, DEPTH, GroupKey, INTERVENTION_COLUMNS, PAIR_COLUMNS, RATES, Rate, SUMMARY_RATES, Tally,
};
use crate::statistics::Moments;

/// What many runs amount to.
#[derive(Debug, Clone)]
pub struct Accumulator {
    /// How many runs.
    pub n: u64,
    /// Counts per state, the region last.
    pub totals: Vec<[Moments; Count::COUNT]>,
    /// Rates of the region, in the order of [`all_rates`].
    pub rates: Vec<Moments>,
    /// Per ordered pair of states, columns as in [`Tally::pairs`].
    pub pairs: Vec<[Moments; PAIR_COLUMNS]>,
    /// Groups of the next three.
    pub groups: Vec<GroupKey>,
    /// Per group and row: cases.
    pub binding: Vec<[Moments; BINDING_ROWS]>,
    /// Per group and row: share of cases not cooperated on.
    pub binding_share: Vec<[Moments; BINDING_ROWS]>,
    /// Per group and class: handled cases.
    pub litmus: Vec<[Moments; Litmus::COUNT]>,
    /// Per group and class: share of handled cases.
    pub litmus_share: Vec<[Moments; Litmus::COUNT]>,
    /// The depth vector.
    pub depth: Vec<Moments>,
    /// Median delays, caseload and acts per head, idle ties lost: in the order of [`PEOPLE`].
    pub people: Vec<Moments>,
    /// Interventions, columns as in [`Tally::interventions`].
    pub interventions: Vec<[Moments; INTERVENTION_COLUMNS]>,
    /// Levels of practitioners.
    pub levels: LevelPools,
}

/// More measures of the `summary` table: key, unit, meaning.
pub const PEOPLE: [(&str, &str, &str); 6] = [
    ("delay_informal", "days", "Median days from request to conclusion by the police channels."),
    ("delay_formal", "days", "Median days from request to conclusion by formal tools."),
    ("cases_per_investigator", "cases per year", "Recognised cases handled per investigator in the last year, mean."),
    ("median_cases_per_investigator", "cases", "Recognised cases handled by the median investigator in the last year."),
    ("acts_per_head", "acts per year", "Acts of cooperation per head of unit and year."),
    ("idle_ties_lost", "share", "Share of the ties idle through the last year that were lost in it."),
];

/// The rates of `series`, then those that only `summary` has.
pub fn all_rates() -> impl Iterator<Item = &'static Rate> {
    RATES.iter().chain(&SUMMARY_RATES)
}

/// A part of a whole; missing where there is no whole.
pub(crate) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

impl Accumulator {
    /// Nothing yet, for tallies shaped like this one.
    pub fn like(tally: &Tally) -> Self {
        let groups = tally.groups.len();
        Self {
            n: 0,
            totals: vec![[Moments::default(); Count::COUNT]; tally.totals.len()],
            rates: vec![Moments::default(); all_rates().count()],
            pairs: vec![[Moments::default(); PAIR_COLUMNS]; tally.pairs.len()],
            groups: tally.groups.clone(),
            binding: vec![[Moments::default(); BINDING_ROWS]; groups],
            binding_share: vec![[Moments::default(); BINDING_ROWS]; groups],
            litmus: vec![[Moments::default(); Litmus::COUNT]; groups],
            litmus_share: vec![[Moments::default(); Litmus::COUNT]; groups],
            depth: vec![Moments::default(); DEPTH.len()],
            people: vec![Moments::default(); PEOPLE.len()],
            interventions: vec![[Moments::default(); INTERVENTION_COLUMNS]; tally.interventions.len()],
            levels: LevelPools::like(&tally.levels),
        }
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.totals.len() - 1
    }

    /// Takes in a run.
    pub fn add(&mut self, tally: &Tally) {
        self.n += 1;
        for (row, counts) in self.totals.iter_mut().zip(&tally.totals) {
            row.iter_mut().zip(counts).for_each(|(moments, count)| moments.add(*count as f64));
        }
        let region = &tally.totals[self.totals.len() - 1];
        for (moments, rate) in self.rates.iter_mut().zip(all_rates()) {
            moments.add(ratio(region[rate.part as usize] as f64, region[rate.whole as usize] as f64));
        }
        for (row, counts) in self.pairs.iter_mut().zip(&tally.pairs) {
            row.iter_mut().zip(counts).for_each(|(moments, count)| moments.add(f64::from(*count)));
        }
        for group in 0..self.groups.len() {
            let lost = f64::from(tally.lost[group]);
            for (row, count) in tally.binding[group].iter().enumerate() {
                self.binding[group][row].add(f64::from(*count));
                self.binding_share[group][row].add(ratio(f64::from(*count), lost));
            }
            let handled: u32 = tally.litmus[group].iter().sum();
            for (row, count) in tally.litmus[group].iter().enumerate() {
                self.litmus[group][row].add(f64::from(*count));
                self.litmus_share[group][row].add(ratio(f64::from(*count), f64::from(handled)));
            }
        }
        for (row, deeds) in self.interventions.iter_mut().zip(&tally.interventions) {
            row.iter_mut().zip(deeds).for_each(|(moments, value)| moments.add(*value));
        }
        self.levels.add(&tally.levels);
        self.depth.iter_mut().zip(tally.depth).for_each(|(moments, value)| moments.add(value));
        let idle = ratio(f64::from(tally.idle_ties.1), f64::from(tally.idle_ties.0));
        let people = [tally.delays.0, tally.delays.1, tally.caseload.0, tally.caseload.1, tally.acts_per_head, idle];
        self.people.iter_mut().zip(people).for_each(|(moments, value)| moments.add(value));
    }
}
