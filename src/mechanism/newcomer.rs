//! Newcomers: the traits and skills with which a practitioner arrives.
//!
//! Drawn at the address of the desk and the number of its predecessors, in this order: learning rate of habits,
//! LogNormal(`habit.learning`, `habit.learning_spread`); own level of awareness, Normal(the state's, `recognition.spread`) within 0 to 1;
//! floor of familiarity with each tool, Normal(the tool's, `familiarity.spread`) within 0 to 1; threshold of the norm,
//! Normal(`norm.threshold`, `norm.threshold_spread`) truncated to 0.05 to 0.6; capacity for ties; the turnover hazard that will be borne.
//! Skills start at their floors; habits at `habit.newcomer` of the unit's routine.

use super::Model;
use crate::random::{Draws, Purpose, Randomness, normal_quantile};
use crate::world::{Desk, Fading, Person, Region, Seen};

/// The standard normal distribution function.
fn normal_probability(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

impl Model {
    /// The practitioner who arrives at a desk, and the turnover hazard this one will bear.
    ///
    /// `routine` is the unit's, cooperating and alone.
    pub fn newcomer(
        &self,
        region: &Region,
        randomness: Randomness,
        desk: Desk,
        generation: u32,
        now: f64,
        routine: (f64, f64),
    ) -> (Person, f64) {
        let mut draws = randomness.at(Purpose::Person, region.address_of(desk), u64::from(generation));
        let state = &region.states[region.state_of(desk)].numbers;
        let quickness = libm::exp(self.habit.learning_spread * draws.normal());
        let mut level = |mean: f64, spread: f64| {
            let level = mean + spread * draws.normal();
            Fading { value: level.clamp(0.0, 1.0), level }
        };
        let awareness = level(state.awareness, self.recognition.spread);
        let familiarity = std::array::from_fn(|tool| level(self.tools.familiarity[tool], self.familiarity.spread));
        let threshold = self.threshold(&mut draws);
        let capacity = self.ties.capacity_at(draws.uniform());
        let hazard = draws.exponential();
        let habit = |routine: f64| if self.switches.habit { self.habit.newcomer * routine } else { 0.0 };
        let person = Person {
            generation,
            since: now,
            away_until: f64::NEG_INFINITY,
            quickness,
            threshold,
            capacity,
            last_tool: None,
            cooperating: habit(routine.0),
            alone: habit(routine.1),
            habit_at: now,
            awareness,
            familiarity,
            skill_at: now,
            seen: Seen::nothing(now),
            workload_at: now,
            authorities_at: now,
            ..Person::default()
        };
        (person, hazard)
    }

    fn threshold(&self, draws: &mut Draws) -> f64 {
        let u = draws.uniform();
        let (mean, spread) = (self.norm.threshold, self.norm.threshold_spread);
        if spread <= 0.0 {
            return mean;
        }
        let (low, high) = (normal_probability((0.05 - mean) / spread), normal_probability((0.6 - mean) / spread));
        (mean + spread * normal_quantile(low + u * (high - low))).clamp(0.05, 0.6)
    }

    /// Brings a practitioner's skills up to date.
    pub fn refresh_skills(&self, person: &mut Person, now: f64) {
        let elapsed = now - person.skill_at;
        if elapsed > 0.0 {
            person.awareness.value = person.awareness.faded(super::kept(elapsed, self.recognition.half_life));
            let kept = super::kept(elapsed, self.familiarity.half_life);
            for familiarity in &mut person.familiarity {
                familiarity.value = familiarity.faded(kept);
            }
        }
        person.skill_at = now;
    }
}
