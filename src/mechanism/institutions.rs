//! Institutions: the law books, and, when switched on, their answer to practice.
//!
//! Harmonisation of two states = `base` + `same_family` if their law is of one family + `both_laws` if both have a law against
//! trafficking in force + `like_priorities` x (1 - difference of priorities), or what the scenario states for the pair; plus what adapting
//! institutions have gained; between 0 and 1.
//!
//! *Dated*: laws and treaties come into force on their dates. *Endogenous*: each state has an institutional clock that runs
//! exp(`adaptation` x (p - `reference`)) times as fast as the calendar, between 1/5 and 5 times, p the mean of practice (the state's decayed
//! share of cooperation in the arrived cases that concern it, from either side) and norm (the share seen to cooperate in its specialist unit); a state
//! without cases stays with the calendar; a dated fact comes into force when the clock passes its date. Above the reference, momentum
//! m = (p - reference) / (1 - reference) moves priority, suitability of tools (by the mean m over states) and harmonisation (by
//! the smaller m of the two) upwards a share `drift` x m a year of what is missing; below it, priority falls likewise.
//! Switched off, everything stays as on the first day of the window.
//!
//! Assumed throughout, for counterfactuals. Ignored on purpose: elections, foreign pressure, bargaining.

use super::kept;
use super::norm::Norm;
use crate::quantity::UnitKind;
use crate::world::{Region, StateIndex, StateNow, World};

crate::parameters! {
    /// Numbers of institutions.
    Institutions in "institutions" {
        /// Harmonisation of two states that share nothing.
        base: one[Share, 0.0, 1.0] = 0.1, Assumed "";
        /// What one legal family adds.
        same_family: one[Share, 0.0, 1.0] = 0.3, Assumed "similar law eases agreements (Efrat and Newman 2018)";
        /// What laws against trafficking in both states add.
        both_laws: one[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// What equal priorities add.
        like_priorities: one[Share, 0.0, 1.0] = 0.2, Assumed "";
        /// How strongly the institutional clock answers to practice (endogenous).
        adaptation: one[Factor, 0.0, 100.0] = 3.0, Assumed "";
        /// Practice and norm at which the clock runs with the calendar (endogenous).
        reference: one[Share, 0.0, 0.99] = 0.2, Assumed "";
        /// How fast priority, tools and harmonisation answer to practice (endogenous).
        drift: one[PerYear, 0.0, 10.0] = 0.3, Assumed "";
        /// Half-life of practice in the eyes of institutions.
        memory: one[Days, 1.0, 36525.0] = 365.25, Assumed "";
    }
}

/// Whether institutions answer to practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Laws and treaties come into force on their dates.
    Dated,
    /// Practice speeds them up or slows them down.
    Endogenous,
    /// Nothing changes.
    Off,
}

impl Institutions {
    /// Harmonisation of two states now, with what agreements between them make good.
    #[inline]
    pub fn harmonisation(&self, region: &Region, world: &World, a: StateIndex, b: StateIndex) -> f64 {
        region.accords.iter().fold(self.of_laws(region, world, a, b), |legal, accord| {
            let ratified =
                |state: StateIndex| accord.deposits[state].is_some_and(|day| day <= world.states[state].clock);
            if ratified(a) && ratified(b) { legal + accord.gain * (1.0 - legal) } else { legal }
        })
    }

    /// Harmonisation of two states' own laws now.
    #[inline]
    pub fn of_laws(&self, region: &Region, world: &World, a: StateIndex, b: StateIndex) -> f64 {
        let pair = region.pair(a, b);
        let stated = pair.harmonisation.unwrap_or_else(|| {
            let in_force =
                |state: StateIndex| region.states[state].law.is_some_and(|day| day <= world.states[state].clock);
            let difference = (world.priority(a) - world.priority(b)).abs();
            self.base
                + self.same_family * f64::from(u8::from(pair.same_family))
                + self.both_laws * f64::from(u8::from(in_force(a) && in_force(b)))
                + self.like_priorities * (1.0 - difference)
        });
        (stated + world.harmonised[region.pair_index(a, b)]).clamp(0.0, 1.0)
    }

    /// A state counts an arrived case that concerns it.
    pub fn count(&self, state: &mut StateNow, cooperated: bool) {
        state.arrived += 1.0;
        state.practised += f64::from(u8::from(cooperated));
    }

    /// The end of a tick: practice fades from memory, clocks advance, and institutions adapt.
    pub fn adapt(&self, mode: Mode, norm: &Norm, region: &Region, world: &mut World, days: f64) {
        let kept = kept(days, self.memory);
        let now = world.now;
        world.sought *= kept;
        world.recognised *= kept;
        let mut momentum = Vec::with_capacity(world.states.len());
        for (place, state) in world.states.iter_mut().enumerate() {
            state.arrived *= kept;
            state.practised *= kept;
            let unit = &world.units[region.unit_in(place, UnitKind::Police)];
            let strength = match state.arrived {
                0.0 => self.reference,
                arrived => f64::midpoint(state.practised / arrived, norm.seen_in_unit(unit, now)),
            };
            let speed = libm::exp(self.adaptation * (strength - self.reference)).clamp(0.2, 5.0);
            match mode {
                Mode::Dated => state.clock = now + days,
                Mode::Endogenous if now >= 0.0 => state.clock += days * speed,
                Mode::Endogenous => state.clock = now + days,
                Mode::Off => state.clock = (now + days).min(0.0),
            }
            momentum.push((strength - self.reference) / (1.0 - self.reference));
        }
        if mode == Mode::Endogenous && now >= 0.0 {
            self.drift(region, world, &momentum, days / crate::quantity::DAYS_PER_YEAR);
        }
    }

    fn drift(&self, region: &Region, world: &mut World, momentum: &[f64], years: f64) {
        let step = |value: &mut f64, momentum: f64| {
            let share = 1.0 - libm::exp(-self.drift * momentum.abs() * years);
            *value += share * if momentum > 0.0 { (1.0 - *value).max(0.0) } else { -value.max(0.0) };
        };
        for (state, &m) in world.states.iter_mut().zip(momentum) {
            step(&mut state.priority, m);
        }
        let mean = momentum.iter().sum::<f64>() / momentum.len() as f64;
        if mean > 0.0 {
            for suitability in &mut world.suitability {
                step(suitability, mean);
            }
        }
        for a in 0..momentum.len() {
            for b in 0..a {
                let smaller = momentum[a].min(momentum[b]);
                if smaller > 0.0 {
                    let harmonisation = self.of_laws(region, world, a, b);
                    let mut raised = harmonisation;
                    step(&mut raised, smaller);
                    world.harmonised[region.pair_index(a, b)] += raised - harmonisation;
                }
            }
        }
    }
}
