//! Counts the region over stretches of a run, such as quarters and windows of analysis, and keeps nothing else.
//!
//! What is counted is as in the [`Recorder`](super::Recorder). A tick belongs to a stretch if its last day does: what begins on the first
//! day of a stretch acts from the tick in which that day lies, and nothing of it is counted before.

use super::counting::{of_case, of_conclusion};
use super::{CaseRecord, Conclusion, Count, Observer, Window};
use crate::mechanism::arrival::Case;
use crate::quantity::Date;
use crate::world::Desk;
use std::sync::Arc;

/// A part of the window: from a date until the day before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First day.
    pub from: Date,
    /// First day that no longer belongs to it.
    pub until: Date,
}

/// Counts the region over some stretches, which may overlap.
#[derive(Debug, Clone)]
pub struct StretchCounts {
    window: Window,
    /// Per tick: the stretches it belongs to.
    of_tick: Arc<[Vec<u32>]>,
    counts: Vec<[u64; Count::COUNT]>,
}

impl StretchCounts {
    /// Nothing counted yet, over these stretches.
    pub fn new(window: Window, stretches: &[Stretch]) -> Self {
        let of_tick = |tick: u32| {
            let (first, next) = (window.date(tick as usize), window.date(tick as usize + 1));
            let day = first.max(next - 1).min(window.end.days() - 1);
            let belongs = |stretch: &Stretch| stretch.from.days() <= day && day < stretch.until.days();
            (0..).zip(stretches).filter(|(_, stretch)| belongs(stretch)).map(|(place, _)| place).collect()
        };
        Self {
            window,
            of_tick: (0..window.ticks).map(of_tick).collect(),
            counts: vec![[0; Count::COUNT]; stretches.len()],
        }
    }

    /// What was counted, per stretch.
    pub fn counts(&self) -> &[[u64; Count::COUNT]] {
        &self.counts
    }

    fn add(&mut self, tick: usize, of: impl Fn(&mut dyn FnMut(Count, u32))) {
        for place in &self.of_tick[tick] {
            let row = &mut self.counts[*place as usize];
            of(&mut |count, by| row[count as usize] += u64::from(by));
        }
    }
}

impl Observer for StretchCounts {
    fn missed(&mut self, now: f64, case: &Case) {
        if let Some(tick) = self.window.tick(now).filter(|_| case.time < self.window.days()) {
            self.add(tick, |add| add(Count::Surfaced, 1));
        }
    }

    fn case(&mut self, now: f64, record: &CaseRecord) {
        if let Some(tick) = self.window.tick(now).filter(|_| record.case.time < self.window.days()) {
            self.add(tick, |mut add| of_case(record, &mut add));
        }
    }

    fn conclusion(&mut self, now: f64, conclusion: &Conclusion) {
        if let Some(tick) = self.window.tick(now).filter(|_| conclusion.cooperation.due < self.window.days()) {
            self.add(tick, |mut add| of_conclusion(conclusion, &mut add));
        }
    }

    fn left(&mut self, now: f64, _desk: Desk) {
        if let Some(tick) = self.window.tick(now) {
            self.add(tick, |add| add(Count::Left, 1));
        }
    }
}
