//! Delivery: how many are reached, how strongly, and what that costs.
//!
//! *Choosing* comes first ([`target`](super::target)): of the eligible practitioners of each unit a share, or at most a number, by the order
//! the scenario names. Each of those chosen is then *reached* with chance `coverage`; where more are reached than `capacity` allows, the
//! first of every unit come before the second, and so on. States and pairs are reached with chance `coverage` likewise, once for all time.
//!
//! Cost is counted where and when it arises: once when the intervention begins, for every year in force, for every state or pair
//! covered and year in force, for every occasion, for every practitioner reached. Ignored on purpose: inflation, discounting, and costs of the cases
//! themselves.

crate::parameters! {
    /// How an intervention is delivered.
    entity Delivery in "intervention" {
        /// Chance that a target that was chosen is reached.
        coverage: each[Probability, 0.0, 1.0] = 1.0, Assumed "";
        /// Strength of the content: 1 as declared, 0 nothing.
        intensity: each[Factor, 0.0, 10.0] = 1.0, Assumed "";
        /// Share of the eligible practitioners of each unit who are chosen.
        share: each[Share, 0.0, 1.0] = 1.0, Assumed "";
        /// Most practitioners of each unit chosen on one occasion.
        number: maybe[Count, 1.0, 1e6] = none, Assumed "";
        /// Most practitioners on one occasion, in all.
        capacity: maybe[Count, 1.0, 1e7] = none, Assumed "";
        /// Time from one occasion to the next.
        every: maybe[Days, 0.1, 36525.0] = none, Assumed "";
        /// How long it lasts from when it begins.
        lasts: maybe[Days, 0.1, 365250.0] = none, Assumed "";
        /// Time in which what holds comes up to full.
        ramp_up: each[Days, 0.0, 365250.0] = 0.0, Assumed "";
        /// Time before the end in which it comes down.
        ramp_down: each[Days, 0.0, 365250.0] = 0.0, Assumed "";
        /// Half-life of what is left of it after the end; 0: it is gone at once.
        fading: each[Days, 0.0, 365250.0] = 0.0, Assumed "";
        /// Cost when it begins.
        cost_fixed: each[Money, 0.0, 1e15] = 0.0, Assumed "";
        /// Cost for each year in force.
        cost_per_year: each[Money, 0.0, 1e15] = 0.0, Assumed "";
        /// Cost for each state or pair of states covered and year in force.
        cost_per_target: each[Money, 0.0, 1e15] = 0.0, Assumed "";
        /// Cost of each occasion.
        cost_per_occasion: each[Money, 0.0, 1e15] = 0.0, Assumed "";
        /// Cost of each practitioner reached, each time.
        cost_per_participant: each[Money, 0.0, 1e15] = 0.0, Assumed "";
    }
}
