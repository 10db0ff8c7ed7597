//! The walk of a case through the funnel, as it is or with hindrances gone.

use super::{Case, Outcome, Possibility, Side, Twin, Without, clamp, may_answer, may_ask, police_channel, year_key};
use comity::mechanism::funnel::Finder;
use comity::mechanism::habit::Variant;
use comity::mechanism::norm::Contagion;
use comity::quantity::{Barrier, DAYS_PER_YEAR, Ending, Role, Tool};
use comity::random::{Purpose, expit, gumbel, logistic};
use comity::world::Desk;

impl Twin<'_> {
    /// The walk of a case through the funnel.
    pub(super) fn walk(&self, case: &Case, finder: Finder, without: &Without) -> Outcome {
        let lost = |ending| Outcome { ending, sought: None, by_habit: false };
        if finder == Finder::Ngo && !self.refers(case, without) {
            return lost(Ending::Withheld);
        }
        let awareness =
            if without.barriers.contains(&Barrier::Unawareness) { 1.0 } else { self.officer(case.officer).awareness };
        if case.recognition >= awareness * case.visibility {
            return lost(Ending::NotRecognised);
        }
        let (sought, by_habit) = self.seek(case, without);
        let ending = match &sought {
            None => Ending::Alone,
            Some(sought) => self.response(case, sought, without),
        };
        Outcome { ending, sought, by_habit }
    }

    pub(super) fn refers(&self, case: &Case, without: &Without) -> bool {
        let model = self.model.clone();
        let referral = &model.referral;
        let (worker, office) = (self.officer(case.worker), self.office(case.worker));
        let c = model.trust.prior_weight;
        let (good, bad) = (worker.authorities_for, worker.authorities_against);
        let trust = (good + c * office.trust[case.here]) / (good + bad + c);
        let trust = if without.barriers.contains(&Barrier::Distrust) { 1.0 } else { trust };
        let c = model.norm.prior_weight;
        let norm = (office.seen_for + c * model.norm.prior) / (office.seen_all + c);
        let numbers = &self.region.states[case.here].numbers;
        let fear = clamp(
            1.0 - numbers.protection
                + referral.complicity_fear * numbers.complicity
                + self.help.raids[case.here] * (1.0 - numbers.protection),
        );
        let fear = if without.barriers.contains(&Barrier::NgoFear) { 0.0 } else { fear };
        let logit = referral.intercept + referral.trust_weight * (2.0 * trust - 1.0) - referral.fear_weight * fear
            + referral.norm_weight * (2.0 * norm - 1.0);
        case.referral < expit(logit)
    }

    /// The strengths of habit that act: cooperating, alone.
    pub(super) fn habits(&self, desk: Desk, without: &Without) -> (f64, f64) {
        let (person, office) = (self.officer(desk), self.office(desk));
        let union = |a: f64, b: f64| 1.0 - (1.0 - a) * (1.0 - b);
        let alone = union(person.alone, office.alone);
        let alone = if without.barriers.contains(&Barrier::HabitAlone) { 0.0 } else { alone };
        (union(person.cooperating, office.cooperating), alone)
    }

    /// What the handler seeks, if anything, and whether habit decided.
    pub(super) fn seek(&self, case: &Case, without: &Without) -> (Option<Possibility>, bool) {
        let model = self.model.clone();
        let possibilities = self.possibilities(case, without);
        let by_utility = |a: &&Possibility, b: &&Possibility| (a.utility + a.noise).total_cmp(&(b.utility + b.noise));
        let best = possibilities.iter().max_by(by_utility);
        if model.variant == Variant::Arbitration {
            let (h, g) = self.habits(case.handler, without);
            if h + g > 0.0 {
                let by_habit = 1.0 - (1.0 - h) * (1.0 - g);
                // Habitual cooperation takes the lowest part of (0, 1), habitual handling alone the highest.
                if case.habit < by_habit * h / (h + g) && best.is_some() {
                    return (self.as_last_time(case.handler, &possibilities).or(best).cloned(), true);
                }
                if case.habit >= 1.0 - by_habit * g / (h + g) {
                    return (None, true);
                }
            }
        }
        if !model.switches.choice {
            let noisiest = possibilities.iter().max_by(|a, b| a.noise.total_cmp(&b.noise));
            return (noisiest.filter(|_| case.alone < model.choice.constant).cloned(), false);
        }
        (best.filter(|best| best.utility + best.noise > gumbel(case.alone)).cloned(), false)
    }

    /// The tool used last (by the practitioner, else in the unit), with the contact used last.
    pub(super) fn as_last_time<'p>(&self, handler: Desk, possibilities: &'p [Possibility]) -> Option<&'p Possibility> {
        let tool = self.officer(handler).last_tool.or(self.office(handler).last_tool)?;
        let mut last: Option<&Possibility> = None;
        for possibility in possibilities.iter().filter(|possibility| possibility.tool == tool) {
            let used = possibility.known.unwrap_or(f64::NEG_INFINITY);
            if last.is_none_or(|last| used >= last.known.unwrap_or(f64::NEG_INFINITY)) {
                last = Some(possibility);
            }
        }
        last
    }

    /// Every tool and counterpart open to the handler: known contacts and official points of contact.
    pub(super) fn possibilities(&self, case: &Case, without: &Without) -> Vec<Possibility> {
        let region = self.region.clone();
        let role = region.role_of(case.handler);
        let mut all: Vec<Possibility> = Vec::new();
        for tie in self
            .officer(case.handler)
            .ties
            .iter()
            .filter(|tie| region.state_of(tie.to) == case.there && !self.away(tie.to))
        {
            for &tool in Tool::ALL {
                if self.open(tool, case) && may_ask(tool, role) && may_answer(tool, region.role_of(tie.to)) {
                    all.push(self.possibility(case, (tool, tie.to), (Some(tie.used), false), without));
                }
            }
        }
        let liaison = self.help.liaison[case.here][case.there];
        let brokered = self.finds(case, 0, liaison.reach);
        for &tool in Tool::ALL {
            let official = match tool {
                Tool::Informal => Role::Head,
                Tool::Hsu => Role::Coordinator,
                Tool::Mla | Tool::Extradition | Tool::Joint => Role::Prosecutor,
            };
            let Some(contact) = self.first_at_hand(official, case.there) else { continue };
            let there_already = all.iter().any(|other| other.tool == tool && other.to == contact);
            if self.open(tool, case) && may_ask(tool, role) && !there_already {
                all.push(self.possibility(case, (tool, contact), (None, brokered), without));
            }
        }
        if self.finds(case, 1, self.help.directory[case.here][case.there]) {
            for (tool, role_listed) in [(Tool::Informal, Role::Investigator), (Tool::Hsu, Role::Head)] {
                let Some(listed) = self.first_at_hand(role_listed, case.there) else { continue };
                let there_already = all.iter().any(|other| other.tool == tool && other.to == listed);
                if self.open(tool, case) && may_ask(tool, role) && !there_already {
                    all.push(self.possibility(case, (tool, listed), (None, false), without));
                }
            }
        }
        all
    }

    /// Whether a tool is open between the two states of a case: by no treaty, or by one that both deposited.
    pub(super) fn open(&self, tool: Tool, case: &Case) -> bool {
        let treaties = &self.region.treaties[tool as usize];
        let in_force = |deposits: &[Option<f64>], state: usize| {
            deposits[state].is_some_and(|day| day <= self.countries[state].clock)
        };
        let both = |deposits: &[Option<f64>]| in_force(deposits, case.here) && in_force(deposits, case.there);
        treaties.is_empty()
            || treaties.iter().any(|deposits| both(deposits))
            || self.help.treaties.iter().any(|(tools, deposits, _)| tools.contains(&tool) && both(deposits))
    }

    pub(super) fn possibility(
        &self,
        case: &Case,
        (tool, to): (Tool, Desk),
        (known, brokered): (Option<f64>, bool),
        without: &Without,
    ) -> Possibility {
        let model = self.model.clone();
        let handler = case.handler;
        let side = Side {
            intercept: model.tools.intercept[tool as usize],
            trust: self.trust(handler, to).max(self.word(case, brokered)),
            norm: self.perceived_norm(handler),
            priority: self.priority(case.here),
            familiarity: self.officer(handler).familiarity[tool as usize],
            workload: self.workload(handler),
        };
        let mut utility = self.utility(case, tool, &side, without);
        if model.variant == Variant::Utility {
            let (h, g) = self.habits(handler, without);
            utility += model.habit.kappa * (h - g);
        }
        Possibility { tool, to, known, brokered, utility, noise: gumbel(self.chances(case, to).seeking[tool as usize]) }
    }

    /// V, with hindrances gone where they are removed.
    pub(super) fn utility(&self, case: &Case, tool: Tool, side: &Side, without: &Without) -> f64 {
        let w = &self.model.choice;
        let tools = &self.model.tools;
        let gone = |barrier: Barrier| without.barriers.contains(&barrier);
        let trust = if gone(Barrier::Distrust) { 1.0 } else { side.trust };
        let norm = if without.weak_norm { 1.0 } else { side.norm };
        let priority = if without.low_priority { 1.0 } else { side.priority };
        let familiarity = if gone(Barrier::Unfamiliarity) { 1.0 } else { side.familiarity };
        let suitability = if gone(Barrier::Unsuitability) { 1.0 } else { clamp(self.suitability[tool as usize]) };
        let harmonisation =
            if gone(Barrier::LegalDifference) { 1.0 } else { self.harmonisation(case.here, case.there) };
        let language = if gone(Barrier::Language) { 1.0 } else { self.region.pair(case.here, case.there).language };
        let workload = if gone(Barrier::Workload) { 0.0 } else { side.workload };
        let spared = if police_channel(tool) { self.help.effort[case.here][case.there] } else { 0.0 };
        let effort = tools.effort[tool as usize] * (1.0 - spared);
        side.intercept
            + w.trust * (2.0 * trust - 1.0)
            + w.norm * (2.0 * norm - 1.0)
            + w.priority * priority
            + w.severity * case.severity
            - w.familiarity * (1.0 - familiarity)
            - w.suitability * (1.0 - suitability)
            - w.legal * tools.legal_sensitivity[tool as usize] * (1.0 - harmonisation)
            - w.language * (1.0 - language)
            - w.effort * effort
            - w.workload * workload
    }

    /// Whether gate or approval stop a request on its way.
    pub(super) fn stopped(&self, case: &Case, sought: &Possibility, without: &Without) -> Option<Ending> {
        let model = self.model.clone();
        if model.switches.gate && !without.barriers.contains(&Barrier::Gate) && self.gate_shut(case.here, case.there) {
            return Some(Ending::GateShut);
        }
        let approval = self.region.pair(case.here, case.there).approval.unwrap_or(model.gate.approval);
        let sent_back = case.approval < approval * model.tools.approval_exposure[sought.tool as usize];
        if sent_back && !without.barriers.contains(&Barrier::Approval) {
            return Some(Ending::SentBack);
        }
        None
    }

    pub(super) fn response(&self, case: &Case, sought: &Possibility, without: &Without) -> Ending {
        let model = self.model.clone();
        if let Some(ending) = self.stopped(case, sought, without) {
            return ending;
        }
        if !model.switches.response {
            return Ending::Accepted;
        }
        let asked = sought.to;
        let side = Side {
            intercept: model.tools.acceptance[sought.tool as usize],
            trust: self.trust(asked, case.handler).max(self.word(case, sought.brokered)),
            norm: self.perceived_norm(asked),
            priority: self.priority(case.there),
            familiarity: self.officer(asked).familiarity[sought.tool as usize],
            workload: self.workload(asked),
        };
        let chances = self.chances(case, asked);
        if self.utility(case, sought.tool, &side, without) + logistic(chances.response) > 0.0 {
            Ending::Accepted
        } else if chances.silence < model.choice.silence {
            Ending::Lapsed
        } else {
            Ending::Refused
        }
    }

    pub(super) fn gate_shut(&self, a: usize, b: usize) -> bool {
        let pair = self.region.pair(a, b);
        let shut = |from: f64, until: f64| from <= self.now && self.now < until;
        if pair.closures.iter().any(|&(from, until)| shut(from, until)) {
            return true;
        }
        if self
            .shut
            .iter()
            .any(|&(x, y, from, until)| (x.min(y), x.max(y)) == (a.min(b), a.max(b)) && shut(from, until))
        {
            return true;
        }
        for year in self.first_year..=(self.now / DAYS_PER_YEAR).floor() as i32 {
            let gate = &self.drawn[&year].0.gate;
            let mut draws = self.random.at(Purpose::Gate, pair.address, year_key(year));
            for _ in 0..draws.poisson(gate.closures) {
                let from = (f64::from(year) + draws.uniform()) * DAYS_PER_YEAR;
                let until = from + gate.closure_days * draws.exponential();
                if shut(from, until) {
                    return true;
                }
            }
        }
        false
    }

    pub(super) fn perceived_norm(&self, desk: Desk) -> f64 {
        let model = self.model.clone();
        let norm = &model.norm;
        if !model.switches.norm {
            return norm.prior;
        }
        let (person, office) = (self.officer(desk), self.office(desk));
        let seen_for = office.seen_for + person.seen_for;
        let seen_all = office.seen_all + person.seen_all;
        let mut share = (seen_for + norm.prior_weight * norm.prior) / (seen_all + norm.prior_weight);
        if model.contagion == Contagion::Complex {
            let lately = |(who, when): (&Desk, &f64)| *who != desk && self.now - *when <= norm.memory;
            let sources = office.members_seen.iter().chain(&person.contacts_seen).filter(|seen| lately(*seen)).count();
            if sources < 2 || share < person.threshold {
                share = 0.0;
            }
        }
        share + (1.0 - share) * norm.injunctive * self.commitment
    }

    pub(super) fn workload(&self, desk: Desk) -> f64 {
        let cases = self.officer(desk).workload;
        cases / (cases + self.model.workload.half)
    }

    /// Whether a case finds help of a kind (0 a liaison officer, 1 a list, 2 that a contact is kept), by its own luck.
    pub(super) fn finds(&self, case: &Case, what: u64, chance: f64) -> bool {
        self.random.at(Purpose::Finding, case.entity(), what).uniform() < chance
    }

    /// The trust that somebody deserves on the word of a liaison officer.
    fn word(&self, case: &Case, brokered: bool) -> f64 {
        if brokered { self.help.liaison[case.here][case.there].trust } else { 0.0 }
    }

    pub(super) fn priority(&self, state: usize) -> f64 {
        (clamp(self.countries[state].priority) + self.countries[state].lifted).min(1.0)
    }

    /// Harmonisation with what treaties make good between states that have ratified.
    pub(super) fn harmonisation(&self, a: usize, b: usize) -> f64 {
        let mut missing = 1.0 - self.harmony_of_laws(a, b);
        for (_, deposits, gain) in &self.help.treaties {
            let ratified = |state: usize| deposits[state].is_some_and(|day| day <= self.countries[state].clock);
            if ratified(a) && ratified(b) {
                missing *= 1.0 - gain;
            }
        }
        1.0 - missing
    }

    /// Harmonisation of two states' own laws.
    pub(super) fn harmony_of_laws(&self, a: usize, b: usize) -> f64 {
        let institutions = &self.model.institutions;
        let pair = self.region.pair(a, b);
        let in_force =
            |state: usize| self.region.states[state].law.is_some_and(|day| day <= self.countries[state].clock);
        let mut sum = institutions.base;
        if pair.same_family {
            sum += institutions.same_family;
        }
        if in_force(a) && in_force(b) {
            sum += institutions.both_laws;
        }
        sum += institutions.like_priorities * (1.0 - (self.priority(a) - self.priority(b)).abs());
        let gained = self.gained.get(&(a.max(b), a.min(b))).copied().unwrap_or(0.0);
        clamp(pair.harmonisation.unwrap_or(sum) + gained)
    }
}
