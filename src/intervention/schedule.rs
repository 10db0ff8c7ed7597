//! Schedule: when an intervention acts, and how far it is in force.
//!
//! It begins on a date, or, if a *trigger* is set, in the first tick from that date on in which a measure of the region, over
//! the time before, stands above or below a level. It ends on a date, or after it has *lasted* so long. Occasions are held when it begins and
//! then *every* so often until it ends. What holds rises over `ramp_up` from nothing to full, falls over the last `ramp_down` before the end, and
//! what is left at the end fades with half-life `fading` (0: it is gone at once) until less than a thousandth is left. All is read at the start of a tick; something is in force in the
//! ticks that its time touches.

use crate::mechanism::kept;
use crate::quantity::closed_list;

closed_list! {
    /// A measure of the region that can set off an intervention.
    Measure {
        /// Sought / recognised cases.
        SeekingRate = "seeking_rate", "seeking rate";
        /// Accepted / arrived cases.
        CooperationRate = "cooperation_rate", "cooperation rate";
        /// Cases of which NGOs told the police / cases that NGOs found.
        ReferralRate = "referral_rate", "NGO referral rate";
        /// Recognised / arrived cases.
        RecognitionRate = "recognition_rate", "recognition rate";
        /// Accepted / sought requests.
        AcceptanceRate = "acceptance_rate", "acceptance rate";
    }
}

/// What happened to the cases of one tick, as far as triggers can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickCounts {
    /// Cases that arrived.
    pub arrived: u32,
    /// Cases that NGOs found.
    pub found_by_ngo: u32,
    /// Cases that NGOs found and told.
    pub referred: u32,
    /// Cases recognised.
    pub recognised: u32,
    /// Cases in which cooperation was sought.
    pub sought: u32,
    /// Cases in which it was accepted.
    pub accepted: u32,
}

impl Measure {
    /// The parts of the ratio.
    fn parts(self, counts: &TickCounts) -> (u32, u32) {
        match self {
            Self::SeekingRate => (counts.sought, counts.recognised),
            Self::CooperationRate => (counts.accepted, counts.arrived),
            Self::ReferralRate => (counts.referred, counts.found_by_ngo),
            Self::RecognitionRate => (counts.recognised, counts.arrived),
            Self::AcceptanceRate => (counts.accepted, counts.sought),
        }
    }

    /// The measure over the last `ticks` ticks; missing while fewer have gone by, or without cases.
    pub fn over(self, history: &[TickCounts], ticks: usize) -> f64 {
        let Some(from) = history.len().checked_sub(ticks) else { return f64::NAN };
        let (part, whole) = history[from..].iter().fold((0, 0), |(part, whole), counts| {
            let (more_part, more_whole) = self.parts(counts);
            (part + more_part, whole + more_whole)
        });
        if whole == 0 { f64::NAN } else { f64::from(part) / f64::from(whole) }
    }
}

/// What sets an intervention off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trigger {
    /// The measure watched.
    pub measure: Measure,
    /// It is set off above the level, or below it.
    pub above: bool,
    /// The level.
    pub level: f64,
    /// The time over which the measure is taken, in days.
    pub over: f64,
}

/// When an intervention acts. All in days; moments since the start of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// When it begins, or from when on it can be set off.
    pub start: f64,
    /// When it ends at the latest, if ever.
    pub end: Option<f64>,
    /// How long it lasts, if that is limited.
    pub lasts: Option<f64>,
    /// How long from one occasion to the next, if it is repeated.
    pub every: Option<f64>,
    /// Time in which what holds comes up to full.
    pub ramp_up: f64,
    /// Time before the end in which it comes down.
    pub ramp_down: f64,
    /// Half-life of what is left at the end.
    pub fading: f64,
    /// What sets it off, if not the date alone.
    pub trigger: Option<Trigger>,
}

/// Below this, what is left after the end counts as gone.
const GONE: f64 = 1e-3;

impl Schedule {
    /// Whether it begins in a tick, given what happened in the ticks before.
    pub fn begins(&self, tick_end: f64, tick_days: f64, history: &[TickCounts]) -> bool {
        if self.start >= tick_end {
            return false;
        }
        self.trigger.is_none_or(|trigger| {
            let ticks = libm::ceil(trigger.over / tick_days - 1e-6).max(1.0) as usize;
            let value = trigger.measure.over(history, ticks);
            if trigger.above { value > trigger.level } else { value < trigger.level }
        })
    }

    /// When it ends, having begun that day.
    pub fn ends(&self, began: f64) -> f64 {
        let after = self.lasts.map_or(f64::INFINITY, |lasts| began + lasts);
        self.end.unwrap_or(f64::INFINITY).min(after)
    }

    /// How far it is in force in a tick that begins `now`, having begun on that day: from 0 to 1.
    pub fn level(&self, began: f64, now: f64) -> f64 {
        let end = self.ends(began);
        let at = now.max(began);
        if at < end {
            return self.ramped(began, at, end);
        }
        if self.fading <= 0.0 {
            return 0.0;
        }
        let left = self.ramped(began, end, end) * kept(at - end, self.fading);
        if left < GONE { 0.0 } else { left }
    }

    fn ramped(&self, began: f64, at: f64, end: f64) -> f64 {
        let share = |elapsed: f64, whole: f64| if whole > 0.0 { (elapsed / whole).clamp(0.0, 1.0) } else { 1.0 };
        let down = if end.is_finite() { share(end - at, self.ramp_down) } else { 1.0 };
        share(at - began, self.ramp_up).min(down)
    }

    /// Days of a tick in which it is in force, having begun on that day.
    pub fn days_in_force(&self, began: f64, (now, tick_end): (f64, f64)) -> f64 {
        (self.ends(began).min(tick_end) - now.max(began)).max(0.0)
    }

    /// Whether occasion `number` is held before the end of a tick.
    pub fn due(&self, began: f64, number: u32, tick_end: f64) -> bool {
        let moment = match (number, self.every) {
            (0, _) => began,
            (_, Some(every)) => began + f64::from(number) * every,
            (_, None) => return false,
        };
        moment < tick_end && (moment < self.ends(began) || number == 0)
    }

    /// The same schedule that many days later.
    #[must_use]
    pub fn later(self, days: f64) -> Self {
        Self { start: self.start + days, end: self.end.map(|end| end + days), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Schedule = Schedule {
        start: 100.0,
        end: Some(200.0),
        lasts: None,
        every: None,
        ramp_up: 0.0,
        ramp_down: 0.0,
        fading: 0.0,
        trigger: None,
    };

    #[test]
    fn what_holds_holds_from_start_to_end() {
        assert!(!PLAIN.begins(100.0, 7.0, &[]) && PLAIN.begins(100.5, 7.0, &[]));
        assert_eq!(PLAIN.level(100.0, 98.0), 1.0);
        assert_eq!(PLAIN.level(100.0, 199.9), 1.0);
        assert_eq!(PLAIN.level(100.0, 200.0), 0.0);
        assert_eq!(PLAIN.days_in_force(100.0, (98.0, 105.0)), 5.0);
        assert_eq!(PLAIN.days_in_force(100.0, (196.0, 203.0)), 4.0);
    }

    #[test]
    fn ramps_rise_and_fall_in_a_straight_line() {
        let ramped = Schedule { ramp_up: 40.0, ramp_down: 20.0, ..PLAIN };
        let level = |now| ramped.level(100.0, now);
        assert_eq!((level(100.0), level(120.0), level(140.0), level(190.0)), (0.0, 0.5, 1.0, 0.5));
    }

    #[test]
    fn what_is_left_at_the_end_fades_by_halves() {
        let fading = Schedule { fading: 10.0, ..PLAIN };
        assert_eq!(fading.level(100.0, 210.0), 0.5);
        assert_eq!(fading.level(100.0, 320.0), 0.0);
    }

    #[test]
    fn occasions_are_held_until_the_end() {
        let repeated = Schedule { every: Some(30.0), ..PLAIN };
        let held = (0..10).filter(|number| repeated.due(100.0, *number, 1e9)).count();
        assert_eq!(held, 4);
        assert!(!PLAIN.due(100.0, 1, 1e9));
    }

    #[test]
    fn a_trigger_waits_for_its_measure() {
        let trigger = Trigger { measure: Measure::SeekingRate, above: false, level: 0.3, over: 14.0 };
        let triggered = Schedule { trigger: Some(trigger), ..PLAIN };
        let tick = |sought| TickCounts { recognised: 10, sought, ..TickCounts::default() };
        assert!(!triggered.begins(150.0, 7.0, &[tick(1)]), "a tick of two is not yet the whole time");
        assert!(!triggered.begins(150.0, 7.0, &[tick(1), tick(5)]), "it is 0.3 and not below");
        assert!(triggered.begins(150.0, 7.0, &[tick(9), tick(1), tick(4)]));
        assert!(!triggered.begins(99.0, 7.0, &[tick(9), tick(1), tick(4)]), "it is before the start");
    }
}
