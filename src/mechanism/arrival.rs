//! Arrival: which transnational cases come to light, where, and on whose desk.
//!
//! A corridor's cases of a year are a gamma-mixed Poisson count, so that yearly counts are negative
//! binomial with shape `dispersion`: a multiplier M ~ Gamma(dispersion, mean 1), then
//! N ~ Poisson(cases x M), then N moments, uniform over the year. The multiplier belongs to the year,
//! not to the tick, so the flow does not know how long a tick is.
//!
//! Each case is met by one police desk and one NGO desk of the state in which it surfaces. The police
//! find it with chance `police_detection` x awareness of the officer; else the NGO does with chance
//! `ngo_detection` x (1 + `ngo_contact` if the worker has a live tie to the other state). What neither finds
//! does not arrive. Desks are drawn as floor(n u^c), c the state's concentration: the first desks
//! (heads of unit) get most.
//!
//! Source: over-dispersed yearly counts as in Malaysia's identified victims (shape about 0.6, docs/evidence.md, 3.8), 1 to 3
//! assumed for the flow beneath. Ignored on purpose: seasons, victims moving through third states, and that a
//! network crushed here reappears there.

use crate::quantity::UnitKind;
use crate::random::{Purpose, Randomness, scaled_index};
use crate::world::{Desk, Region, StateIndex};

crate::parameters! {
    /// Numbers of the arrival of cases.
    Arrival in "arrival" {
        /// Shape of the yearly counts of a corridor: the smaller, the more they vary.
        dispersion: one[Factor, 0.05, 1000.0] = 2.0, Assumed "1 to 3 assumed for the flow; about 0.6 for identified victims in Malaysia (docs/evidence.md, 3.8)";
        /// Share of cases that surface in the state of destination.
        at_destination: one[Share, 0.0, 1.0] = 0.4, Assumed "";
        /// Chance that a fully aware officer comes upon a case.
        police_detection: one[Probability, 0.0, 1.0] = 0.8, Assumed "";
        /// Chance that an NGO worker without foreign contact comes upon a case the police did not find.
        ngo_detection: one[Probability, 0.0, 1.0] = 0.4, Assumed "";
        /// What a live contact in the other state adds to that chance, as a share of it.
        ngo_contact: one[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Mean number of victims in a case.
        victims: one[Factor, 1.0, 50.0] = 5.5, Assumed "1 807 victims in 283 cases, 6.4 a case, in Thailand 2019 (domestic cases included)";
        /// Mean number of culprits within reach in a case.
        culprits: one[Factor, 1.0, 50.0] = 2.0, Assumed "";
        /// Mean number of acts that working on a case takes (1 to 18).
        acts: one[Factor, 1.0, 18.0] = 4.0, Assumed "4 fits a nascent system; 12 to 18 messages a case at Europol (docs/evidence.md, 3.1)";
        /// Shape of the number of acts beyond the first.
        acts_dispersion: one[Factor, 0.05, 1000.0] = 1.5, Assumed "";
        /// Visibility of the most hidden case (the most open has 1).
        hidden: one[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Share of recognised cases that pass to the prosecution service.
        prosecution_share: one[Share, 0.0, 1.0] = 0.12, Assumed "";
    }
}

/// Half of the numbers that a year's cases on one corridor can have (see `case_entity` in the funnel).
const UPPER_HALF: u64 = 1 << 23;
/// The largest number of acts of a case.
pub const MOST_ACTS: u32 = 18;
/// The largest number of victims, and of culprits, of a case.
pub const MOST_PERSONS: u32 = 100;

/// Where and when a case surfaces, before anybody has met it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surfacing {
    /// When, in days.
    pub time: f64,
    /// On which corridor.
    pub corridor: usize,
    /// The event part of its address: year and number in it.
    pub event: u64,
}

/// A case with everything that chance decides about it alone, whatever the world is like.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The address of its luck: corridor, year and number.
    pub address: (u64, u64),
    /// When it surfaced, in days.
    pub time: f64,
    /// Where it surfaced.
    pub here: StateIndex,
    /// The other state.
    pub there: StateIndex,
    /// How many victims.
    pub victims: u32,
    /// How many culprits are within reach.
    pub culprits: u32,
    /// Severity, from 0 to 1.
    pub severity: f64,
    /// Visibility, from `hidden` to 1.
    pub visibility: f64,
    /// How many acts working on it takes.
    pub acts: u32,
    /// The police desk that may meet it.
    pub officer: Desk,
    /// The NGO desk that may meet it.
    pub worker: Desk,
    /// The prosecution desk it may pass to.
    pub prosecutor: Desk,
    /// Whether a recognised case passes to the prosecution service.
    pub to_prosecution: bool,
    /// Uniform numbers, each for one question put to the case.
    pub noise: CaseNoise,
}

/// One uniform number for each question that is put to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseNoise {
    /// Does the police desk find it?
    pub police: f64,
    /// Does the NGO desk find it?
    pub ngo: f64,
    /// Is it referred?
    pub referral: f64,
    /// Is it recognised?
    pub recognition: f64,
    /// Does habit act, and which?
    pub habit: f64,
    /// The noise of handling alone.
    pub alone: f64,
    /// Is an informal request sent back?
    pub approval: f64,
    /// Do the victims get help at home?
    pub help: f64,
    /// How many communications are recorded?
    pub recorded_communications: f64,
    /// How much of the result is recorded?
    pub recorded_result: f64,
}

impl Arrival {
    /// The cases of all corridors that surface in a year (counted from the start of the window), in order of time.
    pub fn surfacings(&self, region: &Region, randomness: Randomness, year: i32) -> Vec<Surfacing> {
        self.of_year(region, randomness, year).0
    }

    /// The same, with what multiplies each corridor's flow in that year: the first draw of its address.
    pub fn of_year(&self, region: &Region, randomness: Randomness, year: i32) -> (Vec<Surfacing>, Vec<f64>) {
        let mut all = Vec::new();
        let mut multipliers = Vec::with_capacity(region.corridors.len());
        for (corridor, facts) in region.corridors.iter().enumerate() {
            let mut draws = randomness.at(Purpose::Arrivals, u64::from(facts.address), year_event(year));
            let multiplier = draws.gamma_mean_one(self.dispersion);
            multipliers.push(multiplier);
            let count = draws.poisson(facts.cases * multiplier);
            for number in 0..count {
                let time = (f64::from(year) + draws.uniform()) * crate::quantity::DAYS_PER_YEAR;
                all.push(Surfacing { time, corridor, event: year_event(year) << 32 | u64::from(number) });
            }
        }
        all.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.corridor.cmp(&b.corridor)).then(a.event.cmp(&b.event)));
        (all, multipliers)
    }

    /// Whether a case still arises where interventions have made a corridor's flow that share of what it was.
    pub fn remains(&self, region: &Region, randomness: Randomness, surfacing: &Surfacing, share: f64) -> bool {
        let entity = u64::from(region.corridors[surfacing.corridor].address);
        share >= 1.0 || randomness.at(Purpose::Surge, entity, 1 << 63 | surfacing.event).uniform() < share
    }

    /// Cases of one tick beyond those of the year's draw: Poisson of that mean, at moments of the tick.
    pub fn beyond(
        &self,
        region: &Region,
        randomness: Randomness,
        (corridor, mean): (usize, f64),
        (tick, now, tick_days): (u64, f64, f64),
    ) -> Vec<Surfacing> {
        let entity = u64::from(region.corridors[corridor].address);
        let mut draws = randomness.at(Purpose::Surge, entity, tick);
        let year = libm::floor(now / crate::quantity::DAYS_PER_YEAR) as i32;
        // In the year's numbering these come from the upper half, which is shared out among the ticks that can begin in a year.
        let ticks = libm::ceil(crate::quantity::DAYS_PER_YEAR / tick_days) as u64 + 1;
        let most = UPPER_HALF / ticks;
        let place = |number: u32| UPPER_HALF + tick % ticks * most + u64::from(number);
        (0..draws.poisson(mean).min(most as u32))
            .map(|number| {
                let time = now + draws.uniform() * tick_days;
                Surfacing { time, corridor, event: year_event(year) << 32 | place(number) }
            })
            .collect()
    }

    /// The chance of each number of acts, added up, for [`case`](Self::case).
    pub fn acts_table(&self) -> [f64; MOST_ACTS as usize] {
        let mean = self.acts - 1.0;
        let shape = self.acts_dispersion;
        let share = mean / (shape + mean);
        let mut term = libm::pow(1.0 - share, shape);
        let mut sum = 0.0;
        std::array::from_fn(|beyond| {
            sum += term;
            term *= share * (shape + beyond as f64) / (beyond as f64 + 1.0);
            sum
        })
    }

    /// The case that surfaces there, with its chances drawn.
    pub fn case(&self, region: &Region, randomness: Randomness, surfacing: Surfacing, acts_table: &[f64]) -> Case {
        let corridor = &region.corridors[surfacing.corridor];
        let address = (u64::from(corridor.address), surfacing.event);
        let mut draws = randomness.at(Purpose::Case, address.0, address.1);
        let (here, there) = if draws.uniform() < self.at_destination {
            (corridor.destination, corridor.origin)
        } else {
            (corridor.origin, corridor.destination)
        };
        let victims = geometric_from_one(self.victims, draws.uniform()).min(MOST_PERSONS);
        let severity = draws.uniform();
        let visibility = self.hidden + (1.0 - self.hidden) * draws.uniform();
        let acts_u = draws.uniform();
        let acts = 1 + acts_table.iter().take_while(|sum| **sum < acts_u).count() as u32;
        let concentration = region.states[here].numbers.concentration;
        let mut desk = |kind| {
            let unit = &region.units[region.unit_in(here, kind)];
            let u = libm::pow(draws.uniform(), concentration);
            unit.first + scaled_index(u, unit.desks as usize) as Desk
        };
        let officer = desk(UnitKind::Police);
        let worker = desk(UnitKind::Ngo);
        let prosecutor = desk(UnitKind::Prosecution);
        let to_prosecution = draws.uniform() < self.prosecution_share;
        let noise = CaseNoise {
            police: draws.uniform(),
            ngo: draws.uniform(),
            referral: draws.uniform(),
            recognition: draws.uniform(),
            habit: draws.uniform(),
            alone: draws.uniform(),
            approval: draws.uniform(),
            help: draws.uniform(),
            recorded_communications: draws.uniform(),
            recorded_result: draws.uniform(),
        };
        let culprits = geometric_from_one(self.culprits, draws.uniform()).min(MOST_PERSONS);
        Case {
            address,
            time: surfacing.time,
            here,
            there,
            victims,
            culprits,
            severity,
            visibility,
            acts: acts.min(MOST_ACTS),
            officer,
            worker,
            prosecutor,
            to_prosecution,
            noise,
        }
    }
}

/// A year as the upper half of an event address.
pub(crate) fn year_event(year: i32) -> u64 {
    u64::from((i64::from(year) + (1 << 20)) as u32)
}

/// The geometric number (1, 2, 3 ...) of that mean at probability `u`.
fn geometric_from_one(mean: f64, u: f64) -> u32 {
    if mean <= 1.0 {
        return 1;
    }
    1 + (libm::log(u) / libm::log(1.0 - 1.0 / mean)) as u32
}
