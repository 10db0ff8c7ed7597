//! The walk of a case through the funnel: once as it is, and again with barriers removed.
//!
//! found? -> referred? -> recognised? -> sought (habit or deliberation; tool, counterpart)? -> gate -> approval -> accepted?
//!
//! All of a tick's cases are decided on the world as it stands when the tick's cases arrive; what they change is applied afterwards. The
//! same walk, with the same noise, answers what would have become of the case without a barrier ([`Removed`]).

use super::arrival::Case;
use super::choice::{Gain, Gains, Removed, Situation, possible};
use super::execution::legal_fit;
use super::habit::{Impulse, Variant, arbitrate, union};
use super::referral::ReferralLogit;
use super::{Model, tool};
use crate::quantity::{Barrier, Ending, Litmus, Role, Tool};
use crate::random::{Purpose, Randomness, expit, gumbel, logistic};
use crate::world::{Broker, Desk, Region, Tie, World};

/// Who came upon a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finder {
    /// The police.
    Police,
    /// An NGO.
    Ngo,
}

/// One uniform number for each question put to a case before one counterpart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CounterpartNoise {
    /// The noise of asking this counterpart, by tool.
    pub seeking: [f64; Tool::COUNT],
    /// Does the counterpart accept?
    pub response: f64,
    /// Does it keep silent?
    pub silence: f64,
    /// Is the request well formed?
    pub well_formed: f64,
    /// How long does it take?
    pub delay: f64,
    /// Are the victims rescued?
    pub rescue: f64,
    /// Is a culprit arrested?
    pub arrest: f64,
    /// Is the culprit prosecuted?
    pub prosecution: f64,
    /// Does somebody leak?
    pub leak: f64,
}

/// A tool and a counterpart open to the handler of a case.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The tool.
    pub tool: Tool,
    /// The counterpart.
    pub counterpart: Desk,
    /// When the handler's live tie to the counterpart was last used, if there is one.
    pub known: Option<f64>,
    /// Whether a liaison officer brings the two together.
    pub brokered: bool,
    /// Utility, without noise.
    pub utility: f64,
    /// What removing each hindrance would give back.
    pub gains: Gains,
    /// The noise it meets.
    pub noise: f64,
    /// Where the counterpart's noise stands.
    chance: usize,
    /// The counterpart's utility of accepting and its gains, once asked for.
    answer: Option<(f64, Gains)>,
}

/// Everything that bears on one case, and the alternatives; reused from case to case.
#[derive(Debug, Clone, Default)]
pub struct Docket {
    /// What is open to the handler.
    pub alternatives: Vec<Alternative>,
    /// The counterparts' noise.
    pub chances: Vec<CounterpartNoise>,
    /// Logit of referral if an NGO found the case.
    pub referral: Option<ReferralLogit>,
    /// Awareness of the officer.
    pub awareness: f64,
    /// The habits that act on the handler: cooperating, alone.
    pub habits: (f64, f64),
    /// The alternative habit would take.
    pub habitual: Option<usize>,
    /// Whether the gate is shut.
    pub gate_shut: bool,
    /// Chance that a request of full exposure is sent back.
    pub approval: f64,
    /// Noise of handling alone.
    pub alone: f64,
}

/// What became of a case, in one world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Where it ended.
    pub ending: Ending,
    /// The alternative sought, if any.
    pub sought: Option<usize>,
    /// Whether habit decided it.
    pub by_habit: bool,
}

/// Which barriers bind on a case that was not cooperated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Binding {
    /// One bit per barrier, in the order of [`Barrier`]: removing it alone would have brought cooperation.
    pub single: u16,
    /// Whether removing all of them together would have.
    pub together: bool,
}

/// Puts the questions of the funnel to a case.
pub struct Funnel<'a> {
    /// Rules of change.
    pub model: &'a Model,
    /// Facts.
    pub region: &'a Region,
    /// State, which a walk does not change.
    pub world: &'a World,
    /// The run's randomness.
    pub randomness: Randomness,
}

impl Funnel<'_> {
    /// Who comes upon a case, if anybody.
    pub fn found(&self, case: &Case) -> Option<Finder> {
        if case.noise.police < self.police_detection(case) {
            return Some(Finder::Police);
        }
        (case.noise.ngo < self.ngo_detection(case)).then_some(Finder::Ngo)
    }

    /// The chance that the police come upon a case.
    pub fn police_detection(&self, case: &Case) -> f64 {
        let officer = self.world.people.at(case.officer);
        let raids = 1.0 + self.region.states[case.here].support.raids;
        self.model.arrival.police_detection * self.model.recognition.awareness(officer, self.world.now) * raids
    }

    /// The chance that the NGO comes upon a case that the police did not find.
    pub fn ngo_detection(&self, case: &Case) -> f64 {
        let arrival = &self.model.arrival;
        let worker = self.world.people.at(case.worker);
        let contact = worker
            .ties
            .iter()
            .any(|tie| self.region.state_of(tie.to) == case.there && self.live(case.worker, tie).is_some());
        arrival.ngo_detection * (1.0 + arrival.ngo_contact * f64::from(u8::from(contact)))
    }

    /// Puts in the place of officer, worker and prosecutor whoever stands in for them, where they are away.
    #[inline]
    pub fn stand_in(&self, case: &mut Case) {
        if self.world.now < self.world.away_until {
            for desk in [&mut case.officer, &mut case.worker, &mut case.prosecutor] {
                let unit = &self.region.units[self.region.unit_of(*desk)];
                *desk = self.present(*desk, (unit.first, unit.desks)).unwrap_or(*desk);
            }
        }
    }

    /// The first of some desks, from one of them on and round, at which nobody is away.
    fn present(&self, from: Desk, (first, desks): (Desk, u32)) -> Option<Desk> {
        if !self.world.away(from) {
            return Some(from);
        }
        let next = |step: u32| first + (from - first + step) % desks;
        (1..desks).map(next).find(|desk| !self.world.away(*desk))
    }

    /// The official point of contact for a tool in a state, or who stands in.
    fn official(&self, tool: Tool, state: usize) -> Option<Desk> {
        self.of_role(tool::official(tool), state)
    }

    /// The first of a role in a state who is not away.
    fn of_role(&self, role: Role, state: usize) -> Option<Desk> {
        let (first, desks) = self.region.desks_of(state, role);
        self.present(first, (first, desks))
    }

    /// Who handles a case once it is recognised.
    pub fn handler(&self, case: &Case) -> Desk {
        if case.to_prosecution { case.prosecutor } else { case.officer }
    }

    /// Gathers what bears on a case. With `whole` it gathers all, even what this world's ending did not need.
    pub fn open(&self, docket: &mut Docket, case: &Case, finder: Finder, whole: bool) -> Outcome {
        let (model, world) = (self.model, self.world);
        docket.alternatives.clear();
        docket.chances.clear();
        docket.referral = (finder == Finder::Ngo).then(|| self.referral(case));
        docket.awareness = model.recognition.awareness(world.people.at(case.officer), world.now);
        let lost = self.lost_before_handling(docket, case, Removed::NOTHING);
        if let (Some(ending), false) = (lost, whole) {
            return Outcome { ending, sought: None, by_habit: false };
        }
        self.handling(docket, case);
        self.walk(docket, case, Removed::NOTHING)
    }

    /// What becomes of a case with some hindrances removed.
    pub fn walk(&self, docket: &mut Docket, case: &Case, removed: Removed) -> Outcome {
        if let Some(ending) = self.lost_before_handling(docket, case, removed) {
            return Outcome { ending, sought: None, by_habit: false };
        }
        let (sought, by_habit) = self.seek(docket, case, removed);
        let Some(place) = sought else {
            return Outcome { ending: Ending::Alone, sought, by_habit };
        };
        let ending = self.respond(docket, case, place, removed);
        Outcome { ending, sought, by_habit }
    }

    /// Which barriers bind on a case that was not cooperated on.
    pub fn binding(&self, docket: &mut Docket, case: &Case) -> Binding {
        let mut accepted = |removed| self.walk(docket, case, removed).ending == Ending::Accepted;
        let single = Barrier::ALL
            .iter()
            .enumerate()
            .fold(0, |bits, (place, barrier)| bits | u16::from(accepted(Removed::barrier(*barrier))) << place);
        Binding { single, together: single != 0 || accepted(Removed::all_barriers()) }
    }

    /// The litmus of a handled case: would the handler seek if nothing hindered, and would a handler without reluctance
    /// find a way, past gate and approval, to a counterpart?
    pub fn litmus(&self, docket: &Docket, case: &Case) -> Litmus {
        let willing = self.seek(docket, case, Removed::hindrances()).0.is_some();
        let inclined = self.seek(docket, case, Removed::reluctance()).0;
        let able = inclined.is_some_and(|place| self.stopped(docket, case, place, Removed::reluctance()).is_none());
        match (willing, able) {
            (true, true) => Litmus::WillingAble,
            (true, false) => Litmus::WillingHindered,
            (false, true) => Litmus::AbleUnwilling,
            (false, false) => Litmus::Neither,
        }
    }

    fn live(&self, owner: Desk, tie: &Tie) -> Option<u32> {
        let model = self.model;
        model.ties.live(&model.turnover, self.region, self.world, self.randomness, owner, tie)
    }

    fn referral(&self, case: &Case) -> ReferralLogit {
        let (model, region, world) = (self.model, self.region, self.world);
        let trust = model.referral.trust(&model.trust, region, world, case.worker);
        let norm = model.referral.norm(&model.norm, region, world, case.worker);
        let state = &region.states[case.here];
        let fear = model.referral.fear(state.numbers.protection, state.numbers.complicity, state.support.raids);
        model.referral.logit(trust, norm, fear)
    }

    fn lost_before_handling(&self, docket: &Docket, case: &Case, removed: Removed) -> Option<Ending> {
        if let Some(referral) = &docket.referral {
            let fear = if removed.has(Barrier::NgoFear) { referral.fear } else { 0.0 };
            let distrust = if removed.has(Barrier::Distrust) { referral.distrust } else { 0.0 };
            if case.noise.referral >= expit(referral.logit + fear + distrust) {
                return Some(Ending::Withheld);
            }
        }
        let awareness = if removed.has(Barrier::Unawareness) { 1.0 } else { docket.awareness };
        (case.noise.recognition >= awareness * case.visibility).then_some(Ending::NotRecognised)
    }

    /// Gathers what bears on the handling of a case.
    fn handling(&self, docket: &mut Docket, case: &Case) {
        let (model, region, world) = (self.model, self.region, self.world);
        let handler = self.handler(case);
        let person = world.people.at(handler);
        let unit = &world.units[region.unit_of(handler)];
        let (cooperating, alone) = model.habit.of_person(model.disuse, person, world.now);
        let (unit_cooperating, unit_alone) = model.habit.of_unit(model.disuse, unit, world.now);
        docket.habits = (union(cooperating, unit_cooperating), union(alone, unit_alone));
        docket.alone = gumbel(case.noise.alone);
        docket.gate_shut = world.gate_shut(region, case.here, case.there);
        docket.approval = model.gate.approval(region, case.here, case.there);
        self.alternatives(docket, case, handler);
        let last = person.last_tool.or(unit.last_tool);
        docket.habitual = last.and_then(|last| {
            let by_last = docket.alternatives.iter().enumerate().filter(|(_, a)| a.tool == last);
            let used = |a: &Alternative| a.known.unwrap_or(f64::NEG_INFINITY);
            by_last.max_by(|(_, a), (_, b)| used(a).total_cmp(&used(b))).map(|(place, _)| place)
        });
    }

    fn alternatives(&self, docket: &mut Docket, case: &Case, handler: Desk) {
        let (region, world) = (self.region, self.world);
        let role = region.role_of(handler);
        let clock = |state: usize| (state, world.states[state].clock);
        let tools = || {
            Tool::ALL
                .iter()
                .copied()
                .filter(|&tool| tool::asks(tool, role) && region.open(tool, clock(case.here), clock(case.there)))
        };
        let person = world.people.at(handler);
        let common = self.common(case, handler);
        for tie in &person.ties {
            if region.state_of(tie.to) != case.there || world.away(tie.to) || self.live(handler, tie).is_none() {
                continue;
            }
            let other = region.role_of(tie.to);
            for tool in tools().filter(|&tool| possible(tool, role, other)) {
                self.add(docket, case, &common, (tool, tie.to), Contact::Known(tie));
            }
        }
        let open = |docket: &Docket, tool: Tool, desk: Desk| {
            !docket.alternatives.iter().any(|a| a.tool == tool && a.counterpart == desk)
        };
        let broker = region.broker(case.here, case.there);
        let brokered = broker.reach > 0.0 && self.finds(case, Finding::Broker, broker.reach);
        for tool in tools() {
            if let Some(official) = self.official(tool, case.there).filter(|desk| open(docket, tool, *desk)) {
                let contact = if brokered { Contact::Brokered(broker) } else { Contact::Stranger };
                self.add(docket, case, &common, (tool, official), contact);
            }
        }
        let directory = region.pair(case.here, case.there).support.directory;
        if directory > 0.0 && self.finds(case, Finding::Directory, directory) {
            for (tool, role) in [(Tool::Informal, Role::Investigator), (Tool::Hsu, Role::Head)] {
                let listed = self.of_role(role, case.there).filter(|desk| open(docket, tool, *desk));
                if let Some(desk) = listed.filter(|_| tools().any(|other| other == tool)) {
                    self.add(docket, case, &common, (tool, desk), Contact::Stranger);
                }
            }
        }
    }

    /// Whether handler and counterpart get to know each other by working together: not always, where somebody stands between them.
    pub fn keeps(&self, docket: &Docket, case: &Case, place: usize) -> bool {
        !docket.alternatives[place].brokered
            || self.finds(case, Finding::Keeping, self.region.broker(case.here, case.there).keeps)
    }

    /// The share of a tool's delay that is left where interventions shorten it.
    pub fn delay_left(&self, docket: &Docket, case: &Case, place: usize) -> f64 {
        let alternative = &docket.alternatives[place];
        let shared = self.region.pair(case.here, case.there).support.delay;
        let channel = if tool::formal(alternative.tool) { 1.0 } else { 1.0 - shared };
        let broker = if alternative.brokered { 1.0 - self.region.broker(case.here, case.there).delay } else { 1.0 };
        channel * broker
    }

    /// Whether a case finds help of a kind, by its own luck.
    fn finds(&self, case: &Case, what: Finding, chance: f64) -> bool {
        self.randomness.at(Purpose::Finding, case_entity(case), what as u64).uniform() < chance
    }

    #[inline]
    fn common(&self, case: &Case, handler: Desk) -> Common {
        let (model, region, world) = (self.model, self.region, self.world);
        Common {
            handler,
            norm: model.norm.perceived(model.contagion, world, &world.units[region.unit_of(handler)], handler),
            harmonisation: model.institutions.harmonisation(region, world, case.here, case.there),
            workload: model.workload.of(world.people.at(handler), world.now),
        }
    }

    /// What the handler of a case weighs about an alternative.
    pub fn weighed(&self, docket: &Docket, case: &Case, place: usize) -> Situation {
        let (alternative, handler) = (&docket.alternatives[place], self.handler(case));
        let ties = &self.world.people.at(handler).ties;
        let tie = ties.iter().find(|tie| tie.to == alternative.counterpart && alternative.known.is_some());
        let contact = match tie {
            Some(tie) => Contact::Known(tie),
            None if alternative.brokered => Contact::Brokered(self.region.broker(case.here, case.there)),
            None => Contact::Stranger,
        };
        self.situation(case, &self.common(case, handler), alternative.tool, contact)
    }

    #[inline]
    fn situation(&self, case: &Case, common: &Common, tool: Tool, contact: Contact<'_>) -> Situation {
        let (model, region, world) = (self.model, self.region, self.world);
        let person = world.people.at(common.handler);
        let prior = world.generalised_trust(region, region.unit_of(common.handler), case.there);
        let tools = &model.tools;
        Situation {
            intercept: tools.intercept[tool as usize],
            trust: match contact {
                Contact::Known(tie) => model.trust.in_contact(Some(tie), prior, world.now),
                Contact::Brokered(broker) => prior.max(broker.trust),
                Contact::Stranger => prior,
            },
            norm: common.norm,
            priority: world.priority(case.here),
            severity: case.severity,
            familiarity: model.familiarity.with(person, tool, world.now),
            suitability: world.suitability(tool),
            legal_sensitivity: tools.legal_sensitivity[tool as usize],
            harmonisation: common.harmonisation,
            language: region.pair(case.here, case.there).language,
            effort: self.effort(case, tool),
            workload: common.workload,
        }
    }

    fn add(&self, docket: &mut Docket, case: &Case, common: &Common, (tool, to): (Tool, Desk), contact: Contact<'_>) {
        let model = self.model;
        let (mut utility, mut gains) = model.choice.utility(&self.situation(case, common, tool, contact));
        if model.variant == Variant::Utility {
            let (cooperating, alone) = docket.habits;
            utility += model.habit.kappa * (cooperating - alone);
            gains[Gain::HabitAlone as usize] = model.habit.kappa * alone;
        }
        let known = docket.alternatives.iter().find(|a| a.counterpart == to).map(|a| a.chance);
        let chance = known.unwrap_or_else(|| {
            docket.chances.push(self.chances(case, to));
            docket.chances.len() - 1
        });
        docket.alternatives.push(Alternative {
            tool,
            counterpart: to,
            known: match contact {
                Contact::Known(tie) => Some(tie.used),
                _ => None,
            },
            brokered: matches!(contact, Contact::Brokered(_)),
            utility,
            gains,
            noise: gumbel(docket.chances[chance].seeking[tool as usize]),
            chance,
            answer: None,
        });
    }

    /// The effort of a tool between the two states of a case.
    #[inline]
    fn effort(&self, case: &Case, tool: Tool) -> f64 {
        let effort = self.model.tools.effort[tool as usize];
        if tool::formal(tool) {
            effort
        } else {
            effort * (1.0 - self.region.pair(case.here, case.there).support.effort)
        }
    }

    fn chances(&self, case: &Case, counterpart: Desk) -> CounterpartNoise {
        let address = self.region.address_of(counterpart);
        let mut draws = self.randomness.at(Purpose::Counterpart, case_entity(case), address);
        CounterpartNoise {
            seeking: std::array::from_fn(|_| draws.uniform()),
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

    /// What the handler does: the alternative sought, if any, and whether habit decided.
    fn seek(&self, docket: &Docket, case: &Case, removed: Removed) -> (Option<usize>, bool) {
        let model = self.model;
        if model.variant == Variant::Arbitration {
            let (cooperating, alone) = docket.habits;
            let alone = if removed.has(Barrier::HabitAlone) { 0.0 } else { alone };
            match arbitrate(cooperating, alone, case.noise.habit) {
                Impulse::Alone => return (None, true),
                Impulse::Cooperate if !docket.alternatives.is_empty() => {
                    let place = docket.habitual.or_else(|| best(docket, removed).map(|(place, _)| place));
                    return (place, true);
                }
                Impulse::Cooperate | Impulse::Deliberate => {}
            }
        }
        if !model.switches.choice {
            let noisiest = docket.alternatives.iter().enumerate().max_by(|(_, a), (_, b)| a.noise.total_cmp(&b.noise));
            let seeks = case.noise.alone < model.choice.constant;
            return (noisiest.filter(|_| seeks).map(|(place, _)| place), false);
        }
        let chosen = best(docket, removed).filter(|(_, utility)| *utility > docket.alone);
        (chosen.map(|(place, _)| place), false)
    }

    /// Whether gate or approval stop a request on its way.
    fn stopped(&self, docket: &Docket, case: &Case, place: usize, removed: Removed) -> Option<Ending> {
        let tool = docket.alternatives[place].tool;
        if docket.gate_shut && !removed.has(Barrier::Gate) {
            return Some(Ending::GateShut);
        }
        let sent_back = docket.approval * self.model.tools.approval_exposure[tool as usize];
        (case.noise.approval < sent_back && !removed.has(Barrier::Approval)).then_some(Ending::SentBack)
    }

    /// What becomes of a request.
    fn respond(&self, docket: &mut Docket, case: &Case, place: usize, removed: Removed) -> Ending {
        let model = self.model;
        if let Some(ending) = self.stopped(docket, case, place, removed) {
            return ending;
        }
        if !model.switches.response {
            return Ending::Accepted;
        }
        let (utility, gains) = match docket.alternatives[place].answer {
            Some(answer) => answer,
            None => self.answer(case, self.handler(case), &docket.alternatives[place]),
        };
        docket.alternatives[place].answer = Some((utility, gains));
        let chance = &docket.chances[docket.alternatives[place].chance];
        if utility + removed.gain(&gains) + logistic(chance.response) > 0.0 {
            Ending::Accepted
        } else if chance.silence < model.choice.silence {
            Ending::Lapsed
        } else {
            Ending::Refused
        }
    }

    /// The counterpart's utility of accepting.
    fn answer(&self, case: &Case, handler: Desk, alternative: &Alternative) -> (f64, Gains) {
        self.model.choice.utility(&self.weighed_by_counterpart(case, handler, alternative))
    }

    /// What the counterpart of an alternative weighs about accepting.
    #[inline]
    pub fn weighed_by_counterpart(&self, case: &Case, handler: Desk, alternative: &Alternative) -> Situation {
        let (model, region, world) = (self.model, self.region, self.world);
        let (desk, tool) = (alternative.counterpart, alternative.tool);
        let person = world.people.at(desk);
        let unit = region.unit_of(desk);
        let prior = world.generalised_trust(region, unit, case.here);
        let tie = person.ties.iter().find(|tie| tie.to == handler).filter(|tie| self.live(desk, tie).is_some());
        let trust = model.trust.in_contact(tie, prior, world.now);
        let vouched = if alternative.brokered { region.broker(case.here, case.there).trust } else { 0.0 };
        Situation {
            intercept: model.tools.acceptance[tool as usize],
            trust: trust.max(vouched),
            norm: model.norm.perceived(model.contagion, world, &world.units[unit], desk),
            priority: world.priority(case.there),
            severity: case.severity,
            familiarity: model.familiarity.with(person, tool, world.now),
            suitability: world.suitability(tool),
            legal_sensitivity: model.tools.legal_sensitivity[tool as usize],
            harmonisation: model.institutions.harmonisation(region, world, case.here, case.there),
            language: region.pair(case.here, case.there).language,
            effort: self.effort(case, tool),
            workload: model.workload.of(person, world.now),
        }
    }

    /// The noise that goes with an alternative.
    pub fn chance<'d>(&self, docket: &'d Docket, place: usize) -> &'d CounterpartNoise {
        &docket.chances[docket.alternatives[place].chance]
    }

    /// Whether the counterpart judges a request well formed: with chance familiarity of the asker x legal fit.
    pub fn well_formed(&self, docket: &Docket, case: &Case, place: usize) -> bool {
        let tool = docket.alternatives[place].tool;
        let person = self.world.people.at(self.handler(case));
        let familiarity = self.model.familiarity.with(person, tool, self.world.now);
        let harmonisation = self.model.institutions.harmonisation(self.region, self.world, case.here, case.there);
        let fit = legal_fit(self.model.tools.legal_sensitivity[tool as usize], harmonisation);
        self.chance(docket, place).well_formed < familiarity * fit
    }

    /// The role of the handler of a case.
    pub fn handler_role(&self, case: &Case) -> Role {
        self.region.role_of(self.handler(case))
    }
}

/// How a handler comes by a counterpart.
#[derive(Clone, Copy)]
enum Contact<'a> {
    /// By a live tie.
    Known(&'a Tie),
    /// Through a liaison officer.
    Brokered(&'a Broker),
    /// By a list of points of contact.
    Stranger,
}

/// What a case may find by luck.
#[derive(Clone, Copy)]
#[repr(u64)]
enum Finding {
    Broker,
    Directory,
    Keeping,
}

/// A case as one number: corridor (32 bits), year (8 bits) and number in the year (24 bits).
fn case_entity(case: &Case) -> u64 {
    let (year, number) = (case.address.1 >> 32 & 0xff, case.address.1 & 0xff_ffff);
    case.address.0 << 32 | year << 24 | number
}

/// What does not differ between the alternatives of a case.
struct Common {
    handler: Desk,
    norm: f64,
    harmonisation: f64,
    workload: f64,
}

/// The best alternative, noise included.
fn best(docket: &Docket, removed: Removed) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (place, alternative) in docket.alternatives.iter().enumerate() {
        let utility = alternative.utility + removed.gain(&alternative.gains) + alternative.noise;
        if best.is_none_or(|(_, highest)| utility > highest) {
            best = Some((place, utility));
        }
    }
    best
}
