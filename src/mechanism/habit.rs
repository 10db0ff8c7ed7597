//! Habit: two rival strengths, cooperating and handling alone, held by the practitioner and by the unit.
//!
//! n repetitions of an act under reward r and stability of context c bring the strength h to
//! 1 - (1 - h) (1 - (1 - e^-eta) r c)^n and leave the rival g with g (1 - rival_loss (1 - e^-eta) r c)^n. The practitioner's
//! eta is LogNormal(median `learning`, `learning_spread`); the unit's is `unit_share` x `learning`. Disuse:
//! by the *clock*, strength halves every `half_life` (the unit's every `routine_half_life`); by the *cue*, a case
//! met without the response takes a share `extinction` (the unit's: x `unit_share`), and time takes nothing.
//! What acts is the union of person and unit: h* = 1 - (1 - h)(1 - h_unit), and g* likewise.
//!
//! Variant *arbitration*: with probability 1 - (1 - h*)(1 - g*) the handler acts from habit, and then cooperates with
//! probability h*/(h* + g*). Variant *utility*: h* and g* enter the utility as kappa (h* - g*).
//!
//! Sources: Lally et al. 2010 (rate: median 66 days to 95 %, range 18 to 254); Singh et al. 2024; Wood and Neal 2007; Hopf 2010;
//! Nelson and Winter 1982 and Feldman and Pentland 2003 for routines. Ignored on purpose: that habits are tied to
//! place and time of day, and that intentions to break a habit cost effort.

use super::kept;
use crate::world::{Person, UnitState};

crate::parameters! {
    /// Numbers of habit and routine.
    Habit in "habit" {
        /// Learning rate of a habit per repetition, median over practitioners.
        learning: one[PerRepetition, 0.0, 5.0] = 0.045, Derived "3.0 over the median 66 repetitions to 95 % of Lally et al. 2010 (extremes 0.012 to 0.166)";
        /// Spread of the learning rate between practitioners (standard deviation of its logarithm).
        learning_spread: one[Factor, 0.0, 5.0] = 0.57, Derived "range 18 to 254 days in Lally et al. 2010";
        /// The unit's learning rate, as a share of the median practitioner's.
        unit_share: one[Share, 0.0, 1.0] = 0.15, Assumed "0.1 to 0.5 (docs/evidence.md, 3.2)";
        /// Half-life of a practitioner's unused habit (clock).
        half_life: one[Days, 1.0, 365250.0] = 395.6875, Derived "13 months, bracketed by skill half-lives of 6.5 to 24 months; no study of rare professional acts";
        /// Half-life of a unit's unused routine (clock).
        routine_half_life: one[Days, 1.0, 365250.0] = 547.875, Assumed "6 to 60 months (docs/evidence.md, 3.2)";
        /// Share of a habit lost at each case met without the response (cue).
        extinction: one[Share, 0.0, 1.0] = 0.05, Assumed "";
        /// Share of its own learning step that a repetition takes from the rival habit.
        rival_loss: one[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Reward of a cooperation that succeeds.
        reward_success: one[Share, 0.0, 1.0] = 1.0, Assumed "reward matters only mildly (Judah et al. 2018)";
        /// Reward of a cooperation that fails, or a request that is turned down.
        reward_failure: one[Share, 0.0, 1.0] = 0.5, Assumed "0.25 to 1 (docs/evidence.md, 3.1)";
        /// Reward of a case handled alone.
        reward_alone: one[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Stability of context with a counterpart not known before (with a known one it is 1).
        new_context: one[Share, 0.0, 1.0] = 0.5, Assumed "docs/evidence.md, 3.1; context stability mediates (Judah et al. 2018)";
        /// Share of the unit's routine from which a newcomer starts.
        newcomer: one[Share, 0.0, 1.0] = 0.5, Assumed "0.2 to 0.8 (docs/evidence.md, 3.2)";
        /// Weight of habit in the utility (variant utility).
        kappa: one[Utility, 0.0, 50.0] = 3.0, Assumed "";
    }
}

/// How habit acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Habit takes over from deliberation.
    Arbitration,
    /// Habit weighs in the utility.
    Utility,
}

/// How an unused habit fades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disuse {
    /// With time.
    Clock,
    /// At each case met without the response.
    Cue,
}

/// Which of the two habits an act repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// Cooperating.
    Cooperating,
    /// Handling alone.
    Alone,
}

/// Repetitions of an act.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repetitions {
    /// Which act.
    pub response: Response,
    /// How often.
    pub times: u32,
    /// Reward x stability of context.
    pub weight: f64,
}

impl Habit {
    /// A practitioner's two habits now: cooperating, alone.
    pub fn of_person(&self, disuse: Disuse, person: &Person, now: f64) -> (f64, f64) {
        let kept = self.clock(disuse, now - person.habit_at, self.half_life);
        (person.cooperating * kept, person.alone * kept)
    }

    /// A unit's two routines now: cooperating, alone.
    pub fn of_unit(&self, disuse: Disuse, unit: &UnitState, now: f64) -> (f64, f64) {
        let kept = self.clock(disuse, now - unit.routine_at, self.routine_half_life);
        (unit.cooperating * kept, unit.alone * kept)
    }

    /// A practitioner repeats an act.
    pub fn repeat(&self, disuse: Disuse, person: &mut Person, now: f64, repetitions: Repetitions) {
        let before = self.of_person(disuse, person, now);
        let step = self.step(self.learning * person.quickness, repetitions.weight);
        (person.cooperating, person.alone) = self.after(disuse, before, repetitions, step, self.extinction);
        person.habit_at = now;
    }

    /// A unit sees a member repeat an act.
    pub fn repeat_in_unit(&self, disuse: Disuse, unit: &mut UnitState, now: f64, repetitions: Repetitions) {
        let before = self.of_unit(disuse, unit, now);
        let step = self.step(self.unit_share * self.learning, repetitions.weight);
        let extinction = self.unit_share * self.extinction;
        (unit.cooperating, unit.alone) = self.after(disuse, before, repetitions, step, extinction);
        unit.routine_at = now;
    }

    fn clock(&self, disuse: Disuse, elapsed: f64, half_life: f64) -> f64 {
        match disuse {
            Disuse::Clock => kept(elapsed, half_life),
            Disuse::Cue => 1.0,
        }
    }

    /// The share of the way to 1 that one repetition brings.
    fn step(&self, learning: f64, weight: f64) -> f64 {
        (1.0 - libm::exp(-learning)) * weight
    }

    fn after(
        &self,
        disuse: Disuse,
        (cooperating, alone): (f64, f64),
        repetitions: Repetitions,
        step: f64,
        extinction: f64,
    ) -> (f64, f64) {
        let times = f64::from(repetitions.times);
        let gain = |strength: f64| 1.0 - (1.0 - strength) * libm::pow(1.0 - step, times);
        let unmet = match disuse {
            Disuse::Clock => 1.0,
            Disuse::Cue => 1.0 - extinction,
        };
        let loss = |strength: f64| strength * libm::pow(1.0 - self.rival_loss * step, times) * unmet;
        match repetitions.response {
            Response::Cooperating => (gain(cooperating), loss(alone)),
            Response::Alone => (loss(cooperating), gain(alone)),
        }
    }
}

/// The strength that acts: the union of the practitioner's and the unit's.
pub fn union(person: f64, unit: f64) -> f64 {
    1.0 - (1.0 - person) * (1.0 - unit)
}

/// What habit does with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impulse {
    /// Cooperates without deliberating.
    Cooperate,
    /// Handles alone without deliberating.
    Alone,
    /// Leaves it to deliberation.
    Deliberate,
}

/// What habit does with a case, by arbitration, at the uniform number `u`.
///
/// The lowest part of (0, 1) is habitual cooperation, the highest habitual handling alone, so that a weaker habit of
/// handling alone never turns cooperation into its opposite.
pub fn arbitrate(cooperating: f64, alone: f64, u: f64) -> Impulse {
    let either = union(cooperating, alone);
    let sum = cooperating + alone;
    if sum <= 0.0 {
        return Impulse::Deliberate;
    }
    if u < either * cooperating / sum {
        Impulse::Cooperate
    } else if u >= 1.0 - either * alone / sum {
        Impulse::Alone
    } else {
        Impulse::Deliberate
    }
}
