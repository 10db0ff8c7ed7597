//! People: who comes, who leaves, and what is handed over.

use super::{Officer, Twin, clamp};
use crate::log::Event;
use comity::quantity::{DAYS_PER_YEAR, Role};
use comity::random::{Purpose, normal_quantile};
use comity::world::Desk;

impl Twin<'_> {
    pub(super) fn newcomer(&self, desk: Desk, generation: u32) -> Officer {
        let (model, region) = (self.model.clone(), self.region.clone());
        let state = &region.states[region.state_of(desk)].numbers;
        let mut draws = self.random.at(Purpose::Person, region.address_of(desk), u64::from(generation));
        let quickness = libm::exp(model.habit.learning_spread * draws.normal());
        let own_awareness = state.awareness + model.recognition.spread * draws.normal();
        let mut own_familiarity = [0.0; 5];
        for (tool, own) in own_familiarity.iter_mut().enumerate() {
            *own = model.tools.familiarity[tool] + model.familiarity.spread * draws.normal();
        }
        let u = draws.uniform();
        let (mean, spread) = (model.norm.threshold, model.norm.threshold_spread);
        let threshold = if spread > 0.0 {
            let below = |x: f64| 0.5 * libm::erfc(-(x - mean) / spread / std::f64::consts::SQRT_2);
            (mean + spread * normal_quantile(below(0.05) + u * (below(0.6) - below(0.05)))).clamp(0.05, 0.6)
        } else {
            mean
        };
        let (capacity, spread) = (model.ties.capacity, model.ties.capacity_spread);
        let capacity = capacity - spread + (draws.uniform() * (2.0 * spread + 1.0)).floor();
        let lifetime = draws.exponential();
        let office = self.office(desk);
        let start = if model.switches.habit { model.habit.newcomer } else { 0.0 };
        Officer {
            generation,
            lifetime,
            quickness,
            threshold,
            capacity: capacity.max(1.0) as usize,
            awareness: clamp(own_awareness),
            own_awareness,
            familiarity: own_familiarity.map(clamp),
            own_familiarity,
            cooperating: start * office.cooperating,
            alone: start * office.alone,
            ..Officer::default()
        }
    }

    pub(super) fn rotate(&mut self, days: f64) {
        for state in 0..self.region.states.len() {
            for &role in Role::ALL {
                let rate = self.model.leaving.turnover[role as usize]
                    * self.region.states[state].numbers.turnover
                    * self.help.turnover[state][role as usize];
                let (first, desks) = self.region.desks_of(state, role);
                for desk in first..first + desks {
                    self.officer_mut(desk).borne += rate * days / DAYS_PER_YEAR;
                    while self.officer(desk).borne > self.officer(desk).lifetime {
                        self.replace(desk);
                        self.events.push(Event::Left(desk));
                        self.welcome(desk);
                    }
                }
            }
        }
    }

    pub(super) fn replace(&mut self, desk: Desk) {
        let (region, random) = (self.region.clone(), self.random);
        let handover = self.handover(region.state_of(desk));
        let generation = u64::from(self.officer(desk).generation) + 1;
        // What the successor is handed of the leaver's contacts.
        let mut ties = self.officer(desk).ties.clone();
        ties.retain(|tie| {
            let between = region.address_between(desk, tie.to);
            random.at(Purpose::Handover, between, generation << 32).uniform() < handover
        });
        // What others keep of their contact with this desk.
        for (owner, officer) in self.officers.iter_mut().enumerate() {
            officer.ties.retain(|tie| {
                let between = || region.address_between(owner as Desk, desk);
                tie.to != desk || random.at(Purpose::Handover, between(), generation).uniform() < handover
            });
        }
        let overshoot = self.officer(desk).borne - self.officer(desk).lifetime;
        let newcomer = self.newcomer(desk, generation as u32);
        *self.officer_mut(desk) = Officer { ties, borne: overshoot, ..newcomer };
    }
}
