//! Interventions, written from their descriptions: who is reached, what happens on occasions, what flows, what holds.
//!
//! In every tick rules and facts are written down anew from those of the scenario; nothing is remembered but what has begun.

use super::{Tie, Twin, clamp, half, may_ask};
use crate::log::Event;
use comity::intervention::parameter::{Change, ParameterChange, Place};
use comity::intervention::schedule::{Measure, Schedule};
use comity::intervention::shock::Event as Blow;
use comity::intervention::target::{Choosing, Targeted};
use comity::intervention::{Content, Intervention};
use comity::mechanism::Model;
use comity::mechanism::institutions::Mode;
use comity::quantity::{DAYS_PER_YEAR, Role, Tool, UnitKind};
use comity::random::{Draws, Purpose};
use comity::world::{Desk, Region};
use std::rc::Rc;

/// How far an intervention has come.
#[derive(Debug, Clone, Default)]
pub struct Deed {
    pub began: Option<f64>,
    pub level: f64,
    pub occasions: u32,
    pub reached: u64,
    pub cost: f64,
    /// The institutional clock of each state when it began.
    clocks: Vec<f64>,
}

/// The cases of one tick, as triggers see them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub arrived: u32,
    pub found_by_ngo: u32,
    pub referred: u32,
    pub recognised: u32,
    pub sought: u32,
    pub accepted: u32,
}

/// A liaison officer, as seen from either side.
#[derive(Debug, Clone, Copy, Default)]
pub struct Liaison {
    pub reach: f64,
    pub trust: f64,
    pub delay: f64,
    pub keeps: f64,
}

/// What interventions that hold do, besides changing numbers of the scenario.
#[derive(Debug, Clone)]
pub struct Help {
    /// By state.
    pub raids: Vec<f64>,
    pub feedback: Vec<f64>,
    pub handover: Vec<f64>,
    pub turnover: Vec<[f64; 5]>,
    /// By state and state.
    pub effort: Vec<Vec<f64>>,
    pub delay: Vec<Vec<f64>>,
    pub directory: Vec<Vec<f64>>,
    pub liaison: Vec<Vec<Liaison>>,
    /// Treaties: tools, when each state ratifies, and what is gained in harmony.
    pub treaties: Vec<(Vec<Tool>, Vec<Option<f64>>, f64)>,
}

impl Help {
    pub fn none(region: &Region) -> Self {
        let n = region.states.len();
        Self {
            raids: vec![0.0; n],
            feedback: vec![0.0; n],
            handover: vec![0.0; n],
            turnover: vec![[1.0; 5]; n],
            effort: vec![vec![0.0; n]; n],
            delay: vec![vec![0.0; n]; n],
            directory: vec![vec![0.0; n]; n],
            liaison: vec![vec![Liaison::default(); n]; n],
            treaties: Vec::new(),
        }
    }
}

/// Takes that share off what is left to full.
fn fill(value: &mut f64, share: f64) {
    *value += share.min(1.0) * (1.0 - *value);
}

fn ends(schedule: &Schedule, began: f64) -> f64 {
    let lasts = schedule.lasts.map_or(f64::INFINITY, |lasts| began + lasts);
    lasts.min(schedule.end.unwrap_or(f64::INFINITY))
}

/// How far it is in force: ramps up, ramps down, and fades after the end.
fn force(schedule: &Schedule, began: f64, now: f64) -> f64 {
    let end = ends(schedule, began);
    let ramp = |at: f64| {
        let mut force: f64 = 1.0;
        if schedule.ramp_up > 0.0 {
            force = force.min((at - began) / schedule.ramp_up);
        }
        if schedule.ramp_down > 0.0 && end < f64::INFINITY {
            force = force.min((end - at) / schedule.ramp_down);
        }
        clamp(force)
    };
    let at = now.max(began);
    if at < end {
        return ramp(at);
    }
    let left = if schedule.fading > 0.0 { ramp(end) * half(at - end, schedule.fading) } else { 0.0 };
    if left < 0.001 { 0.0 } else { left }
}

impl Twin<'_> {
    fn luck(&self, of: &Intervention, occasion: u32, whom: u64) -> Draws {
        self.random.at(Purpose::Intervention, u64::from(of.address) << 32 | u64::from(occasion), whom)
    }

    fn states_reached(&self, of: &Intervention) -> Vec<usize> {
        let mut reached = Vec::new();
        for &state in &of.targets.states {
            let address = u64::from(self.region.states[state].address);
            if self.luck(of, u32::MAX, address).uniform() < of.delivery.coverage {
                reached.push(state);
            }
        }
        reached
    }

    fn pairs_reached(&self, of: &Intervention) -> Vec<(usize, usize)> {
        let mut reached = Vec::new();
        for &(a, b) in &of.targets.pairs {
            if self.luck(of, u32::MAX, self.region.pair(a, b).address).uniform() < of.delivery.coverage {
                reached.push((a, b));
            }
        }
        reached
    }

    /// The states that one is paired with.
    fn partners(of: &Intervention, state: usize) -> Vec<usize> {
        let mut partners = Vec::new();
        for &(a, b) in &of.targets.pairs {
            if a == state {
                partners.push(b);
            }
            if b == state {
                partners.push(a);
            }
        }
        partners
    }

    /// Interventions begin, hold, act and end.
    pub(super) fn intervene(&mut self, days: f64, end: f64) {
        let program = self.program;
        let now = self.now;
        for (place, of) in program.interventions.iter().enumerate() {
            if self.deeds[place].began.is_none() && of.schedule.start < end && self.set_off(&of.schedule, days) {
                let start = of.schedule.start;
                let began = if of.schedule.trigger.is_some() { start.max(now) } else { start };
                if ends(&of.schedule, began) > now {
                    let endogenous = self.model.mode == Mode::Endogenous;
                    let clock = |clock: f64| if endogenous { began + (clock - now) } else { began };
                    self.deeds[place].clocks = self.countries.iter().map(|country| clock(country.clock)).collect();
                    self.deeds[place].began = Some(began);
                    self.deeds[place].cost += of.delivery.cost_fixed;
                }
            }
            if let Some(began) = self.deeds[place].began {
                self.deeds[place].level = force(&of.schedule, began, now);
            }
        }
        self.lay_down_rules();
        for (place, of) in program.interventions.iter().enumerate() {
            let Some(began) = self.deeds[place].began else { continue };
            let last = ends(&of.schedule, began);
            if of.kind().has_occasions() {
                loop {
                    let number = self.deeds[place].occasions;
                    let moment = match of.schedule.every {
                        Some(every) => began + f64::from(number) * every,
                        None if number == 0 => began,
                        None => break,
                    };
                    if moment >= end || moment >= last {
                        break;
                    }
                    let reached = self.occasion(place, of, last);
                    self.deeds[place].occasions += 1;
                    self.deeds[place].reached += reached;
                    self.deeds[place].cost +=
                        of.delivery.cost_per_occasion + of.delivery.cost_per_participant * reached as f64;
                }
            }
            let years = (last.min(end) - began.max(now)).max(0.0) / DAYS_PER_YEAR;
            if years > 0.0 {
                self.flow(of, of.delivery.intensity * self.deeds[place].level * years);
                let targets = match of.targeted() {
                    Targeted::States | Targeted::People => self.states_reached(of).len(),
                    Targeted::Pairs | Targeted::PeopleInPairs => self.pairs_reached(of).len(),
                    Targeted::Nobody => 0,
                };
                let delivery = &of.delivery;
                self.deeds[place].cost += (delivery.cost_per_year + delivery.cost_per_target * targets as f64) * years;
            }
        }
    }

    /// Whether a measure over the time before lets an intervention begin.
    fn set_off(&self, schedule: &Schedule, days: f64) -> bool {
        let Some(trigger) = schedule.trigger else { return true };
        let ticks = ((trigger.over / days - 1e-6).ceil() as usize).max(1);
        if self.history.len() < ticks {
            return false;
        }
        let (mut part, mut whole) = (0, 0);
        for counts in self.history.iter().rev().take(ticks) {
            let (more, of) = match trigger.measure {
                Measure::SeekingRate => (counts.sought, counts.recognised),
                Measure::CooperationRate => (counts.accepted, counts.arrived),
                Measure::ReferralRate => (counts.referred, counts.found_by_ngo),
                Measure::RecognitionRate => (counts.recognised, counts.arrived),
                Measure::AcceptanceRate => (counts.accepted, counts.sought),
            };
            part += more;
            whole += of;
        }
        let value = f64::from(part) / f64::from(whole);
        whole > 0 && if trigger.above { value > trigger.level } else { value < trigger.level }
    }

    /// Writes down rules and facts anew, as those interventions leave them that hold; then lets the living follow.
    fn lay_down_rules(&mut self) {
        let program = self.program;
        let (mut model, mut region) = (program.model.clone(), program.region.clone());
        let mut help = Help::none(&region);
        for (deed, of) in self.deeds.iter().zip(&program.interventions) {
            if deed.began.is_some() && deed.level > 0.0 {
                let strength = of.delivery.intensity * deed.level;
                self.hold(of, strength, deed, (&mut model, &mut region, &mut help));
            }
        }
        let (old_model, old_region) = (self.model.clone(), self.region.clone());
        self.model = Rc::new(model);
        self.region = Rc::new(region);
        self.help = help;
        let (model, region) = (self.model.clone(), self.region.clone());
        for desk in 0..region.desks() as Desk {
            let state = region.state_of(desk);
            let awareness = region.states[state].numbers.awareness - old_region.states[state].numbers.awareness;
            let officer = self.officer_mut(desk);
            officer.own_awareness += awareness;
            for tool in 0..5 {
                officer.own_familiarity[tool] += model.tools.familiarity[tool] - old_model.tools.familiarity[tool];
            }
        }
        for (state, country) in self.countries.iter_mut().enumerate() {
            country.priority += region.states[state].numbers.priority - old_region.states[state].numbers.priority;
        }
        for tool in 0..5 {
            self.suitability[tool] += model.tools.suitability[tool] - old_model.tools.suitability[tool];
        }
        self.staff(&old_region);
    }

    /// Desks are staffed by newcomers, or given up.
    fn staff(&mut self, old: &Region) {
        let region = self.region.clone();
        for desk in 0..region.desks() as Desk {
            match (old.staffed(desk), region.staffed(desk)) {
                (true, false) => {
                    for officer in &mut self.officers {
                        officer.ties.retain(|tie| tie.to != desk);
                    }
                    let officer = self.officer_mut(desk);
                    officer.ties.clear();
                    officer.generation += 1;
                }
                (false, true) => {
                    let generation = self.officer(desk).generation + 1;
                    *self.officer_mut(desk) = self.newcomer(desk, generation);
                    self.welcome(desk);
                }
                _ => {}
            }
        }
    }

    /// What an intervention makes of rules and facts.
    fn hold(
        &self,
        of: &Intervention,
        strength: f64,
        deed: &Deed,
        (model, region, help): (&mut Model, &mut Region, &mut Help),
    ) {
        match &of.content {
            Content::Treaty(treaty) => {
                let mut deposits = vec![None; region.states.len()];
                for state in self.states_reached(of) {
                    let z = self.luck(of, 0, u64::from(region.states[state].address)).normal();
                    let numbers = &treaty.numbers;
                    let wait = numbers.ratification * libm::exp(numbers.ratification_spread * z);
                    deposits[state] = Some(deed.clocks[state] + wait);
                }
                let gain = (treaty.numbers.harmonisation * strength).min(1.0);
                help.treaties.push((treaty.tools.clone(), deposits, gain));
            }
            Content::InformationSharing(sharing) => {
                for (a, b) in self.pairs_reached(of) {
                    for (a, b) in [(a, b), (b, a)] {
                        fill(&mut help.effort[a][b], sharing.effort * strength);
                        fill(&mut help.delay[a][b], sharing.delay * strength);
                        fill(&mut help.directory[a][b], sharing.directory * strength);
                    }
                }
            }
            Content::LiaisonOfficer(officer) => {
                for (a, b) in self.pairs_reached(of) {
                    for (a, b) in [(a, b), (b, a)] {
                        let liaison = &mut help.liaison[a][b];
                        fill(&mut liaison.reach, officer.reach * strength);
                        if strength > 0.0 {
                            liaison.trust = liaison.trust.max(officer.trust);
                            liaison.delay = liaison.delay.max(officer.delay);
                            liaison.keeps = liaison.keeps.max(officer.keeps);
                        }
                    }
                }
            }
            Content::CapacityBuilding(building) => {
                let more = (building.staff * strength).round() as u32;
                let reached = self.states_reached(of);
                for &unit in &of.targets.units {
                    // New desks stand behind all others, so they are of the role of the last one.
                    let facts = &region.units[unit];
                    let role = region.role_of(facts.first + facts.desks + facts.reserve - 1);
                    if reached.contains(&facts.state) && of.targets.roles.contains(&role) {
                        region.units[unit].desks += more;
                    }
                }
            }
            Content::SpecialisedUnits(units) => {
                for state in self.states_reached(of) {
                    let concentration = &mut region.states[state].numbers.concentration;
                    if units.concentration > *concentration {
                        *concentration += strength.min(1.0) * (units.concentration - *concentration);
                    }
                }
            }
            Content::NgoPartnership(partnership) => {
                for state in self.states_reached(of) {
                    fill(&mut region.states[state].numbers.protection, partnership.protection * strength);
                    fill(&mut help.feedback[state], partnership.feedback * strength);
                    help.raids[state] += partnership.raids * strength;
                }
            }
            Content::Retention(retention) => {
                for state in self.states_reached(of) {
                    for &role in &of.targets.roles {
                        help.turnover[state][role as usize] *= 1.0 - (retention.turnover * strength).min(1.0);
                    }
                    fill(&mut help.handover[state], retention.handover * strength);
                }
            }
            Content::Shock(shock) => {
                if shock.event == Blow::Surge {
                    let factor = (1.0 + strength * (shock.numbers.factor - 1.0)).max(0.0);
                    for (a, b) in self.pairs_reached(of) {
                        for corridor in &mut region.corridors {
                            let ends = (corridor.origin, corridor.destination);
                            if ends == (a, b) || ends == (b, a) {
                                corridor.cases *= factor;
                            }
                        }
                    }
                }
            }
            Content::Parameter(change) => {
                if self.luck(of, u32::MAX, 0).uniform() < of.delivery.coverage {
                    change_number(change, strength, model, region);
                }
            }
            Content::Declaration(_)
            | Content::WorkingGroup(_)
            | Content::Harmonisation(_)
            | Content::Exchange(_)
            | Content::Handbook(_) => {}
        }
    }

    /// What flows in a tick; `amount` is strength x years.
    fn flow(&mut self, of: &Intervention, amount: f64) {
        let Content::Harmonisation(harmonisation) = &of.content else { return };
        let share = |rate: f64| 1.0 - libm::exp(-rate * amount);
        for (a, b) in self.pairs_reached(of) {
            let missing = 1.0 - self.harmony_of_laws(a, b);
            *self.gained.entry((a.max(b), a.min(b))).or_insert(0.0) += share(harmonisation.rate) * missing;
            let distance = clamp(self.countries[a].priority) - clamp(self.countries[b].priority);
            let lower = if distance < 0.0 { a } else { b };
            self.countries[lower].priority += share(harmonisation.priorities) * distance.abs();
        }
    }

    pub fn away(&self, desk: Desk) -> bool {
        self.officer(desk).away_until.is_some_and(|until| self.now < until)
    }

    /// The first who is at hand, from a desk on and round some desks.
    pub(super) fn at_hand(&self, desk: Desk, (first, desks): (Desk, u32)) -> Option<Desk> {
        let round = (desk..first + desks).chain(first..desk);
        round.into_iter().find(|desk| !self.away(*desk))
    }

    /// Somebody at the front of a unit who is at hand, the first of them most likely.
    fn somebody(&self, unit: usize, draws: &mut Draws) -> Desk {
        let unit = &self.region.units[unit];
        let heads = if unit.desks > unit.heads { unit.heads } else { 0 };
        let (first, desks) = (unit.first + heads, unit.desks - heads);
        let share = libm::pow(draws.uniform(), self.region.states[unit.state].numbers.concentration);
        let desk = first + ((f64::from(desks) * share).floor() as u32).min(desks - 1);
        self.at_hand(desk, (first, desks)).unwrap_or(desk)
    }

    fn participants(&self, of: &Intervention, occasion: u32) -> Vec<(Desk, Draws)> {
        let region = &self.region;
        let mut seats: Vec<(usize, Desk, Draws)> = Vec::new();
        for &unit in &of.targets.units {
            let unit = &region.units[unit];
            let together = matches!(of.content, Content::Exchange(_) | Content::WorkingGroup(_));
            if together && Self::partners(of, unit.state).is_empty() {
                continue;
            }
            let mut queue: Vec<(f64, Desk, bool, Draws)> = Vec::new();
            for desk in unit.first..unit.first + unit.desks {
                let role = region.role_of(desk);
                if !of.targets.roles.contains(&role) || self.away(desk) {
                    continue;
                }
                let mut draws = self.luck(of, occasion, region.address_of(desk));
                let reached = draws.uniform() < of.delivery.coverage;
                let by_luck = draws.uniform();
                let officer = self.officer(desk);
                let tools: Vec<Tool> = Tool::ALL.iter().copied().filter(|tool| may_ask(*tool, role)).collect();
                let known: f64 = tools.iter().map(|tool| officer.familiarity[*tool as usize]).sum();
                let first = match of.targets.choosing {
                    Choosing::Random => by_luck,
                    Choosing::BestConnected => officer.ties.len() as f64,
                    Choosing::LeastFamiliar => -known / tools.len().max(1) as f64,
                    Choosing::Busiest => self.workload(desk),
                };
                queue.push((first, desk, reached, draws));
            }
            queue.sort_by(|a, b| b.0.partial_cmp(&a.0).expect("no trait is missing").then(a.1.cmp(&b.1)));
            let mut seated = (of.delivery.share * queue.len() as f64 - 1e-9).ceil().max(0.0) as usize;
            if let Some(number) = of.delivery.number {
                seated = seated.min(number as usize);
            }
            for (place, (_, desk, reached, draws)) in queue.into_iter().enumerate() {
                if place < seated && reached {
                    seats.push((place, desk, draws));
                }
            }
        }
        seats.sort_by_key(|(place, desk, _)| (*place, *desk));
        if let Some(capacity) = of.delivery.capacity {
            seats.truncate(capacity as usize);
        }
        seats.into_iter().map(|(_, desk, draws)| (desk, draws)).collect()
    }

    fn acquaint(&mut self, a: Desk, b: Desk, good: f64) {
        if self.model.switches.ties {
            self.work_together(a, b, good, 0.0);
            self.work_together(b, a, good, 0.0);
        }
    }

    fn teach(&mut self, desk: Desk, awareness: f64, familiarity: f64) {
        let switches = self.model.switches;
        let role = self.region.role_of(desk);
        let officer = self.officer_mut(desk);
        if switches.recognition {
            fill(&mut officer.awareness, awareness);
        }
        for &tool in Tool::ALL {
            if switches.familiarity && may_ask(tool, role) {
                fill(&mut officer.familiarity[tool as usize], familiarity);
            }
        }
    }

    /// Holds an occasion; how many took part.
    fn occasion(&mut self, place: usize, of: &Intervention, last: f64) -> u64 {
        let number = self.deeds[place].occasions;
        let strength = of.delivery.intensity * self.deeds[place].level;
        let region = self.region.clone();
        match &of.content {
            Content::Declaration(declaration) => {
                let states = self.states_reached(of);
                let share = states.len() as f64 / region.states.len() as f64;
                if self.model.switches.norm {
                    fill(&mut self.commitment, declaration.strength * strength * share);
                }
                for state in states {
                    let country = &mut self.countries[state];
                    let mut priority = clamp(clamp(country.priority) + country.lifted);
                    fill(&mut priority, declaration.priority * strength);
                    country.lifted = country.lifted.max(priority - clamp(country.priority));
                }
                0
            }
            Content::WorkingGroup(group) => {
                let members = self.participants(of, number);
                let desks: Vec<Desk> = members.iter().map(|(desk, _)| *desk).collect();
                for (desk, mut draws) in members.clone() {
                    let partners = Self::partners(of, region.state_of(desk));
                    let mut others: Vec<Desk> =
                        desks.iter().copied().filter(|other| partners.contains(&region.state_of(*other))).collect();
                    let role = region.role_of(desk);
                    if others.iter().any(|other| region.role_of(*other) == role) {
                        others.retain(|other| region.role_of(*other) == role);
                    }
                    for _ in 0..group.contacts as u32 {
                        if others.is_empty() {
                            break;
                        }
                        let other = others[draws.index(others.len())];
                        self.acquaint(desk, other, group.acquaintance * strength);
                        if draws.uniform() < group.delegation {
                            let own = self.somebody(region.unit_of(desk), &mut draws);
                            let theirs = self.somebody(region.unit_of(other), &mut draws);
                            self.acquaint(own, theirs, group.acquaintance * strength);
                        }
                    }
                }
                for unit in 0..region.units.len() {
                    if desks.iter().any(|desk| region.unit_of(*desk) == unit) {
                        for state in Self::partners(of, region.units[unit].state) {
                            if desks.iter().any(|desk| region.state_of(*desk) == state) {
                                self.generalise_in(unit, state, group.trust * strength, 0.0);
                            }
                        }
                    }
                }
                members.len() as u64
            }
            Content::Exchange(exchange) => {
                let visitors = self.participants(of, number);
                for (desk, mut draws) in visitors.clone() {
                    let home = region.state_of(desk);
                    let partners = Self::partners(of, home);
                    let host = partners[draws.index(partners.len())];
                    let own = region.unit_of(desk);
                    let theirs = host * 4 + own % 4;
                    self.officer_mut(desk).away_until = Some(self.now + exchange.days);
                    for _ in 0..exchange.ties as u32 {
                        let colleague = self.somebody(theirs, &mut draws);
                        self.acquaint(desk, colleague, exchange.acquaintance * strength);
                    }
                    self.teach(desk, 0.0, exchange.familiarity * strength);
                    self.officer_mut(desk).alone *= 1.0 - (exchange.unlearning * strength).min(1.0);
                    self.generalise_in(own, host, exchange.trust * strength, 0.0);
                    self.generalise_in(theirs, home, exchange.trust * strength, 0.0);
                }
                visitors.len() as u64
            }
            Content::CapacityBuilding(building) => {
                let trained = self.participants(of, number);
                for (desk, _) in &trained {
                    self.teach(*desk, building.awareness * strength, building.familiarity * strength);
                }
                trained.len() as u64
            }
            Content::Handbook(handbook) => {
                let readers = self.participants(of, number);
                for (desk, draws) in &readers {
                    if draws.clone().uniform() < handbook.numbers.uptake {
                        self.take_up(*desk, &handbook.tools, handbook.numbers.floor * strength);
                    }
                }
                readers.len() as u64
            }
            Content::NgoPartnership(partnership) => {
                let workers = self.participants(of, number);
                let good = partnership.trust * strength;
                for (desk, _) in &workers {
                    if self.model.switches.referral {
                        self.officer_mut(*desk).authorities_for += good;
                    }
                    self.generalise(*desk, region.state_of(*desk), good, 0.0);
                }
                workers.len() as u64
            }
            Content::Shock(shock) => match shock.event {
                Blow::Gate => {
                    for (a, b) in self.pairs_reached(of) {
                        self.shut.push((a, b, self.now, last));
                    }
                    0
                }
                Blow::Betrayal => {
                    for (a, b) in self.pairs_reached(of) {
                        self.betray(a, b, shock.numbers.loss * strength, shock.numbers.evidence * strength);
                        self.betray(b, a, shock.numbers.loss * strength, shock.numbers.evidence * strength);
                    }
                    0
                }
                Blow::Purge => {
                    let purged = self.participants(of, number);
                    for (desk, _) in &purged {
                        let officer = self.officer_mut(*desk);
                        officer.ties.clear();
                        officer.borne = officer.lifetime;
                        self.replace(*desk);
                        self.events.push(Event::Left(*desk));
                        self.welcome(*desk);
                    }
                    purged.len() as u64
                }
                Blow::Surge => 0,
            },
            Content::Treaty(_)
            | Content::InformationSharing(_)
            | Content::Harmonisation(_)
            | Content::SpecialisedUnits(_)
            | Content::LiaisonOfficer(_)
            | Content::Retention(_)
            | Content::Parameter(_) => 0,
        }
    }

    /// One state's units lose trust in another's practitioners.
    fn betray(&mut self, own: usize, other: usize, loss: f64, evidence: f64) {
        if !self.model.switches.trust {
            return;
        }
        let region = self.region.clone();
        for &kind in UnitKind::ALL {
            self.offices[region.unit_in(own, kind)].trust[other] *= 1.0 - loss.min(1.0);
        }
        let bad = self.model.trust.loss_weight * evidence;
        for desk in 0..region.desks() as Desk {
            let betrayed = |tie: &&mut Tie| region.state_of(desk) == own && region.state_of(tie.to) == other;
            for tie in self.officer_mut(desk).ties.iter_mut().filter(betrayed) {
                tie.bad += bad;
            }
        }
    }

    fn take_up(&mut self, desk: Desk, tools: &[Tool], floor: f64) {
        let role = self.region.role_of(desk);
        let officer = self.officer_mut(desk);
        for &tool in tools {
            if may_ask(tool, role) {
                let own = &mut officer.own_familiarity[tool as usize];
                *own += floor;
                let familiarity = &mut officer.familiarity[tool as usize];
                *familiarity = familiarity.max(clamp(*own));
            }
        }
    }

    /// Whoever takes a desk finds the handbooks that were handed out and are in force.
    pub(super) fn welcome(&mut self, desk: Desk) {
        let program = self.program;
        for (place, of) in program.interventions.iter().enumerate() {
            let Content::Handbook(handbook) = &of.content else { continue };
            let Deed { level, occasions, .. } = self.deeds[place];
            let unit = self.region.unit_of(desk);
            let aimed_at = of.targets.units.contains(&unit) && of.targets.roles.contains(&self.region.role_of(desk));
            if level == 0.0 || occasions == 0 || !aimed_at {
                continue;
            }
            let generation = self.officer(desk).generation;
            let mut draws = self.luck(of, 1 << 31 | generation, self.region.address_of(desk));
            let (covered, chosen, takes) = (draws.uniform(), draws.uniform(), draws.uniform());
            if covered < of.delivery.coverage && chosen < of.delivery.share && takes < handbook.numbers.uptake {
                let strength = of.delivery.intensity * level;
                self.take_up(desk, &handbook.tools, handbook.numbers.floor * strength);
            }
        }
    }

    /// Handover of the contacts of a state's practitioners.
    pub(super) fn handover(&self, state: usize) -> f64 {
        let mut handover = self.model.turnover.handover;
        fill(&mut handover, self.help.handover[state]);
        handover
    }

    /// The first of a role in a state who is at hand.
    pub(super) fn first_at_hand(&self, role: Role, state: usize) -> Option<Desk> {
        let (first, desks) = self.region.desks_of(state, role);
        self.at_hand(first, (first, desks))
    }
}

/// Any number of the model.
fn change_number(change: &ParameterChange, strength: f64, model: &mut Model, region: &mut Region) {
    let (low, high) = change.range;
    let to = |value: f64| {
        let changed = match change.change {
            Change::Set(to) => value + strength * (to - value),
            Change::Add(by) => value + strength * by,
            Change::Scale(by) => value * (1.0 + strength * (by - 1.0)),
        };
        changed.max(low).min(high)
    };
    match change.place {
        Place::Rule(group, name, place) => {
            let value = model.get(group, name, place).expect("the scenario checked it");
            model.set(group, name, place, to(value));
        }
        Place::State(state, name) => {
            let numbers = &mut region.states[state].numbers;
            let value = numbers.get(name, 0).expect("the scenario checked it");
            numbers.set(name, 0, to(value));
            if name == "english" {
                for high in 0..region.states.len() {
                    for low in 0..high {
                        let (a, b) = (&region.states[low], &region.states[high]);
                        let common = a.numbers.english.min(b.numbers.english);
                        let follows = a.language != b.language;
                        let place = region.pair_index(low, high);
                        if follows && !region.pairs[place].language_stated {
                            region.pairs[place].language = common;
                        }
                    }
                }
            }
        }
        Place::Corridor(corridor) => {
            region.corridors[corridor].cases = to(region.corridors[corridor].cases);
        }
        Place::Pair(pair, name) => {
            let pair = &mut region.pairs[pair];
            match name {
                "language" => pair.language = to(pair.language),
                "harmonisation" => pair.harmonisation = pair.harmonisation.map(to),
                "approval" => pair.approval = pair.approval.map(to),
                _ => panic!("a pair has no {name}"),
            }
        }
    }
}
