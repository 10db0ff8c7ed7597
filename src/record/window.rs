//! The part of a run that is recorded: days, ticks and calendar years.

use crate::quantity::Date;

/// The part of a run that is recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// First day.
    pub start: Date,
    /// Days in a tick.
    pub tick_days: f64,
    /// How many ticks.
    pub ticks: u32,
    /// First day that is no longer recorded; the last tick may reach beyond it.
    pub end: Date,
}

impl Window {
    /// Its length in days.
    pub fn days(&self) -> f64 {
        f64::from(self.end.days() - self.start.days())
    }

    /// Days since 1970-01-01 of the day on which a tick begins.
    pub fn date(&self, tick: usize) -> i32 {
        self.start.days() + libm::round(tick as f64 * self.tick_days) as i32
    }

    /// The tick that begins then, if it lies in the window.
    pub fn tick(&self, now: f64) -> Option<usize> {
        let tick = libm::floor(now / self.tick_days + 0.5);
        (0.0 <= tick && tick < f64::from(self.ticks)).then_some(tick as usize)
    }

    /// The tick of a case that surfaced at `time` and was decided at `now`, if the case is recorded.
    pub fn tick_of_case(&self, now: f64, time: f64) -> Option<usize> {
        self.tick(now).filter(|_| time < self.days())
    }

    /// The calendar year of a moment.
    pub fn year(&self, now: f64) -> i32 {
        Date::from_days(self.start.days() + libm::floor(now) as i32).map_or(self.start.year(), Date::year)
    }
}
