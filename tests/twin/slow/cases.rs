//! Cases: where they surface, who finds them, and what is asked of each.

use super::{Case, Chances, Cooperation, Decided, Outcome, Twin, Without, persons, was_recognised, year_key};
use crate::log::Event;
use comity::mechanism::funnel::Finder;
use comity::quantity::{Barrier, DAYS_PER_YEAR, Ending, Litmus, UnitKind};
use comity::random::{Draws, Purpose, binomial_quantile};
use comity::world::Desk;

impl Case {
    pub(super) fn entity(&self) -> u64 {
        let (year, number) = (self.event >> 32 & 0xff, self.event & 0xff_ffff);
        self.corridor << 32 | year << 24 | number
    }
}

impl Twin<'_> {
    /// The cases of this tick, in order of time.
    pub(super) fn arrivals(&self, end: f64) -> Vec<Case> {
        let mut all = Vec::new();
        let mut multipliers = vec![1.0; self.region.corridors.len()];
        for year in self.years(end).filter(|year| f64::from(*year) * DAYS_PER_YEAR < end) {
            let (rules, _) = &self.drawn[&year];
            for (index, corridor) in self.program.region.corridors.iter().enumerate() {
                let mut draws = self.random.at(Purpose::Arrivals, u64::from(corridor.address), year_key(year));
                let multiplier = draws.gamma_mean_one(rules.arrival.dispersion);
                multipliers[index] = multiplier;
                let left = self.region.corridors[index].cases / corridor.cases;
                for number in 0..draws.poisson(corridor.cases * multiplier) {
                    let time = (f64::from(year) + draws.uniform()) * DAYS_PER_YEAR;
                    let event = year_key(year) << 32 | u64::from(number);
                    let luck =
                        || self.random.at(Purpose::Surge, u64::from(corridor.address), 1 << 63 | event).uniform();
                    if self.now <= time && time < end && (left >= 1.0 || luck() < left) {
                        all.push(self.case(index, time, event));
                    }
                }
            }
        }
        for (index, multiplier) in multipliers.into_iter().enumerate() {
            all.extend(self.beyond(index, multiplier));
        }
        all.sort_by(|a, b| a.time.total_cmp(&b.time));
        all
    }

    /// Cases of this tick beyond those drawn for the year, where interventions let more arise.
    fn beyond(&self, index: usize, multiplier: f64) -> Vec<Case> {
        let corridor = &self.region.corridors[index];
        let more = corridor.cases - self.program.region.corridors[index].cases;
        if more <= 0.0 {
            return Vec::new();
        }
        let days = self.time.tick_days;
        let first_tick = -i64::from(self.time.burn_in_ticks());
        let tick = (self.tick - first_tick) as u64;
        let mut draws = self.random.at(Purpose::Surge, u64::from(corridor.address), tick);
        let year = year_key((self.now / DAYS_PER_YEAR).floor() as i32);
        // The upper half of the year's numbers is shared out among the ticks that can begin in it.
        let ticks = (DAYS_PER_YEAR / self.time.tick_days).ceil() as u64 + 1;
        let each = (1 << 23) / ticks;
        let count = u64::from(draws.poisson(more * multiplier * days / DAYS_PER_YEAR)).min(each);
        let mut cases = Vec::new();
        for number in 0..count {
            let time = self.now + draws.uniform() * days;
            cases.push(self.case(index, time, year << 32 | 1 << 23 | (tick % ticks * each + number)));
        }
        cases
    }

    pub(super) fn case(&self, corridor: usize, time: f64, event: u64) -> Case {
        let (region, arrival) = (self.region.clone(), &self.model.arrival);
        let corridor = &region.corridors[corridor];
        let mut draws = self.random.at(Purpose::Case, u64::from(corridor.address), event);
        let at_destination = draws.uniform() < arrival.at_destination;
        let (here, there) = if at_destination {
            (corridor.destination, corridor.origin)
        } else {
            (corridor.origin, corridor.destination)
        };
        let victims = draws.uniform();
        let severity = draws.uniform();
        let visibility = arrival.hidden + (1.0 - arrival.hidden) * draws.uniform();
        let acts = 1 + self.acts_beyond_first(draws.uniform());
        let officer = self.desk_met(here, UnitKind::Police, &mut draws);
        let worker = self.desk_met(here, UnitKind::Ngo, &mut draws);
        let prosecutor = self.desk_met(here, UnitKind::Prosecution, &mut draws);
        let handler = if draws.uniform() < arrival.prosecution_share { prosecutor } else { officer };
        Case {
            corridor: u64::from(corridor.address),
            event,
            time,
            here,
            there,
            victims: persons(arrival.victims, victims),
            severity,
            visibility,
            acts,
            officer,
            worker,
            handler,
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
            culprits: persons(arrival.culprits, draws.uniform()),
        }
    }

    /// Negative binomial with mean acts - 1 and shape acts_dispersion, at most 17.
    pub(super) fn acts_beyond_first(&self, u: f64) -> u32 {
        let (mean, shape) = (self.model.arrival.acts - 1.0, self.model.arrival.acts_dispersion);
        let mut chance = libm::pow(shape / (shape + mean), shape);
        let mut sum = chance;
        let mut beyond = 0;
        while sum < u && beyond < 17 {
            chance *= (shape + f64::from(beyond)) / f64::from(beyond + 1) * mean / (shape + mean);
            beyond += 1;
            sum += chance;
        }
        beyond
    }

    /// The desk floor(n u^c) of a unit.
    pub(super) fn desk_met(&self, state: usize, kind: UnitKind, draws: &mut Draws) -> Desk {
        let unit = &self.region.units[self.region.unit_in(state, kind)];
        let share = libm::pow(draws.uniform(), self.region.states[state].numbers.concentration);
        let desk = unit.first + ((f64::from(unit.desks) * share).floor() as u32).min(unit.desks - 1);
        // A colleague stands in for whoever is away, if one is at hand.
        self.at_hand(desk, (unit.first, unit.desks)).unwrap_or(desk)
    }

    pub(super) fn chances(&self, case: &Case, counterpart: Desk) -> Chances {
        let mut draws = self.random.at(Purpose::Counterpart, case.entity(), self.region.address_of(counterpart));
        let mut seeking = [0.0; 5];
        for noise in &mut seeking {
            *noise = draws.uniform();
        }
        Chances {
            seeking,
            response: draws.uniform(),
            silence: draws.uniform(),
            well_formed: draws.uniform(),
            delay: draws.uniform(),
            rescue: draws.uniform(),
            arrest: draws.uniform(),
            prosecution: draws.uniform(),
            leak: draws.uniform(),
        }
    }

    pub(super) fn finder(&self, case: &Case) -> Option<Finder> {
        let arrival = &self.model.arrival;
        if case.police
            < arrival.police_detection * self.officer(case.officer).awareness * (1.0 + self.help.raids[case.here])
        {
            return Some(Finder::Police);
        }
        let knows = self.officer(case.worker).ties.iter().any(|tie| self.region.state_of(tie.to) == case.there);
        let contact = if knows { arrival.ngo_contact } else { 0.0 };
        if case.ngo < arrival.ngo_detection * (1.0 + contact) { Some(Finder::Ngo) } else { None }
    }

    pub(super) fn decide(&self, case: Case, finder: Finder) -> (Decided, Event, Option<Cooperation>) {
        let nothing = Without::default();
        let outcome = self.walk(&case, finder, &nothing);
        let accepted = outcome.ending == Ending::Accepted;
        let request = outcome.sought.as_ref().map(|sought| self.request(&case, sought, accepted));
        let cooperation = match &request {
            Some(request) if accepted => Some(self.cooperation(&case, finder, request)),
            _ => None,
        };
        let communications = match (&request, accepted) {
            (None, _) => 0,
            (Some(_), false) => 1,
            (Some(_), true) => case.acts,
        };
        let (binding, litmus) = if self.asks_why { self.why(&case, finder, &outcome) } else { (None, None) };
        let record = Event::Case {
            corridor: case.corridor,
            event: case.event,
            time: case.time,
            here: case.here,
            there: case.there,
            victims: case.victims,
            acts: case.acts,
            finder,
            handler: case.handler,
            ending: outcome.ending,
            by_habit: outcome.by_habit,
            request: request.clone(),
            communications,
            recorded_communications: self.recorded(communications, case.here, case.recorded_communications),
            binding,
            litmus,
        };
        (Decided { case, finder, ending: outcome.ending, request }, record, cooperation)
    }

    pub(super) fn recorded(&self, count: u32, state: usize, u: f64) -> u32 {
        if self.model.switches.observation {
            binomial_quantile(count, self.region.states[state].numbers.recording, u)
        } else {
            count
        }
    }

    /// Binding barriers of a case without cooperation, and the litmus of a handled one.
    pub(super) fn why(&self, case: &Case, finder: Finder, outcome: &Outcome) -> (Option<(u16, bool)>, Option<Litmus>) {
        let without =
            |barriers: &[Barrier]| Without { barriers: barriers.iter().copied().collect(), ..Without::default() };
        let accepted = |without: &Without| self.walk(case, finder, without).ending == Ending::Accepted;
        let binding = (outcome.ending != Ending::Accepted).then(|| {
            let mut single = 0;
            for (place, &barrier) in Barrier::ALL.iter().enumerate() {
                if accepted(&without(&[barrier])) {
                    single |= 1 << place;
                }
            }
            (single, single != 0 || accepted(&without(Barrier::ALL)))
        });
        let litmus = was_recognised(outcome.ending).then(|| {
            use Barrier::{
                Approval, Distrust, Gate, HabitAlone, Language, LegalDifference, Unawareness, Unfamiliarity,
                Unsuitability, Workload,
            };
            let unhindered = without(&[
                Unfamiliarity,
                Unsuitability,
                Unawareness,
                LegalDifference,
                Language,
                Approval,
                Gate,
                Workload,
            ]);
            let eager = Without { weak_norm: true, low_priority: true, ..without(&[Distrust, HabitAlone]) };
            let willing = self.seek(case, &unhindered).0.is_some();
            let able = self.seek(case, &eager).0.is_some_and(|sought| self.stopped(case, &sought, &eager).is_none());
            match (willing, able) {
                (true, true) => Litmus::WillingAble,
                (true, false) => Litmus::WillingHindered,
                (false, true) => Litmus::AbleUnwilling,
                (false, false) => Litmus::Neither,
            }
        });
        (binding, litmus)
    }
}
