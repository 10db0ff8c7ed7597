//! Ties, meetings and trust.

use super::{Tie, Twin, year_key};
use comity::quantity::{DAYS_PER_YEAR, Role};
use comity::random::{Purpose, gumbel};
use comity::world::Desk;

impl Twin<'_> {
    /// Who meets whom in this tick, in order of time.
    pub(super) fn meetings(&self, end: f64) -> Vec<(Desk, Desk)> {
        let region = self.region.clone();
        let mut all: Vec<(f64, Desk, Desk)> = Vec::new();
        for year in self.years(end) {
            let Some((rules, facts_then)) = self.drawn.get(&year) else { continue };
            for (state, facts) in region.states.iter().enumerate() {
                for &role in Role::ALL {
                    let (first, desks) = facts_then.desks_of(state, role);
                    let entity = u64::from(facts.address) << 32 | role as u64;
                    let mut draws = self.random.at(Purpose::Meetings, entity, year_key(year));
                    let count = draws.poisson(rules.meetings.meetings[role as usize] * f64::from(desks));
                    for number in 0..count {
                        let time = (f64::from(year) + draws.uniform()) * DAYS_PER_YEAR;
                        let desk = first + draws.index(desks as usize) as Desk;
                        if self.now <= time && time < end && region.staffed(desk) {
                            let event = year_key(year) << 32 | u64::from(number);
                            all.push((time, desk, self.partner(desk, entity, event)));
                        }
                    }
                }
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.into_iter().map(|(_, desk, partner)| (desk, partner)).collect()
    }

    /// The years that a tick touches.
    pub(super) fn years(&self, end: f64) -> std::ops::RangeInclusive<i32> {
        (self.now / DAYS_PER_YEAR).floor() as i32..=(end / DAYS_PER_YEAR).floor() as i32
    }

    /// The likeliest of four candidates abroad.
    pub(super) fn partner(&self, desk: Desk, entity: u64, event: u64) -> Desk {
        let (region, ties) = (self.region.clone(), &self.model.ties);
        let mut draws = self.random.at(Purpose::Meeting, entity, event);
        let home = region.state_of(desk);
        let abroad: Vec<usize> = (0..region.states.len()).filter(|state| *state != home).collect();
        let mut candidates = Vec::new();
        for _ in 0..4 {
            let state = abroad[draws.index(abroad.len())];
            let role = Role::ALL[draws.index(Role::COUNT)];
            let (first, desks) = region.desks_of(state, role);
            let other = first + draws.index(desks as usize) as Desk;
            let pair = region.pair(home, state);
            let mut likeness = ties.language_likeness * pair.language;
            if role == region.role_of(desk) {
                likeness += ties.role_likeness;
            }
            if pair.same_family {
                likeness += ties.family_likeness;
            }
            candidates.push((likeness + gumbel(draws.uniform()), other));
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
        candidates[0].1
    }

    /// Two worked together or met: the owner has a tie to the other, with some evidence.
    pub(super) fn work_together(&mut self, owner: Desk, to: Desk, good: f64, bad: f64) {
        let (model, now) = (self.model.clone(), self.now);
        let between = self.region.address_between(owner, to);
        let idle = self.random.at(Purpose::Idle, between, now.to_bits()).exponential();
        let dies = now + idle * model.ties.half_life / std::f64::consts::LN_2;
        let officer = self.officer_mut(owner);
        if !officer.ties.iter().any(|tie| tie.to == to) {
            while officer.ties.len() >= officer.capacity {
                let mut longest = 0;
                for place in 0..officer.ties.len() {
                    if officer.ties[place].used < officer.ties[longest].used {
                        longest = place;
                    }
                }
                officer.ties.remove(longest);
            }
            officer.ties.push(Tie { to, good: 0.0, bad: 0.0, used: now, dies });
        }
        for tie in officer.ties.iter_mut().filter(|tie| tie.to == to) {
            tie.used = now;
            tie.dies = dies;
            if model.switches.trust {
                tie.good += good;
                tie.bad += model.trust.loss_weight * bad;
            }
        }
    }

    /// A unit's trust in a state's practitioners moves with a member's experience.
    pub(super) fn generalise(&mut self, member: Desk, state: usize, good: f64, bad: f64) {
        self.generalise_in(self.region.unit_of(member), state, good, bad);
    }

    pub(super) fn generalise_in(&mut self, unit: usize, state: usize, good: f64, bad: f64) {
        let model = self.model.clone();
        if !model.switches.trust {
            return;
        }
        let trust = &mut self.offices[unit].trust[state];
        *trust += (1.0 - *trust) * (1.0 - libm::pow(1.0 - model.trust.generalisation, good));
        *trust -= *trust * (1.0 - libm::pow(1.0 - model.trust.generalisation, model.trust.loss_weight * bad));
    }

    pub(super) fn trust(&self, owner: Desk, to: Desk) -> f64 {
        let c = self.model.trust.prior_weight;
        let prior = self.office(owner).trust[self.region.state_of(to)];
        match self.officer(owner).ties.iter().find(|tie| tie.to == to) {
            Some(tie) => (tie.good + c * prior) / (tie.good + tie.bad + c),
            None => prior,
        }
    }
}
