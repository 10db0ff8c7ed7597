//! The tick, plain and slow.
//!
//! Written from the model's description, to be read beside it. Nothing is lazy and nothing is remembered that can be worked out: at the end
//! of every tick everything of everybody fades, every tie is asked whether it lives, every year's events are drawn
//! again, and a barrier is removed by deciding the whole case again with the hindrance itself gone. Parameters are read as plain numbers and the
//! draws come from their addresses; no rule of the engine is called.

use crate::log::{Event, Request};
use comity::mechanism::Model;
use comity::mechanism::funnel::Finder;
use comity::mechanism::habit::{Disuse, Variant};
use comity::mechanism::institutions::Mode;
use comity::mechanism::norm::Contagion;
use comity::quantity::{Barrier, DAYS_PER_YEAR, Ending, Litmus, Role, Tool, UnitKind};
use comity::random::{Draws, Purpose, Randomness, binomial_quantile, expit, gumbel, logistic, normal_quantile};
use comity::scenario::TimeFrame;
use comity::world::{Desk, Region};
use std::collections::{BTreeMap, BTreeSet};

/// Whom somebody knows abroad.
#[derive(Debug, Clone)]
pub struct Tie {
    pub to: Desk,
    pub good: f64,
    pub bad: f64,
    pub used: f64,
    pub dies: f64,
}

/// Whoever sits at a desk.
#[derive(Debug, Clone, Default)]
pub struct Officer {
    pub generation: u32,
    pub lifetime: f64,
    pub borne: f64,
    pub eta: f64,
    pub threshold: f64,
    pub capacity: usize,
    pub awareness: f64,
    pub own_awareness: f64,
    pub familiarity: [f64; 5],
    pub own_familiarity: [f64; 5],
    pub cooperating: f64,
    pub alone: f64,
    pub last_tool: Option<Tool>,
    pub seen_for: f64,
    pub seen_all: f64,
    pub contacts_seen: BTreeMap<Desk, f64>,
    pub workload: f64,
    pub authorities_for: f64,
    pub authorities_against: f64,
    pub ties: Vec<Tie>,
}

/// What a unit holds.
#[derive(Debug, Clone, Default)]
pub struct Office {
    pub cooperating: f64,
    pub alone: f64,
    pub seen_for: f64,
    pub seen_all: f64,
    pub members_seen: BTreeMap<Desk, f64>,
    pub last_tool: Option<Tool>,
    /// Generalised trust in the practitioners of each state.
    pub trust: Vec<f64>,
}

/// What changes about a state.
#[derive(Debug, Clone)]
pub struct Country {
    pub priority: f64,
    pub practised: f64,
    pub arrived: f64,
    pub clock: f64,
}

/// A cooperation under way.
#[derive(Debug, Clone)]
pub struct Cooperation {
    pub due: f64,
    pub case: u64,
    pub asking: usize,
    pub asker: (Desk, u32),
    pub counterpart: (Desk, u32),
    pub tool: Tool,
    pub acts: u32,
    pub known: bool,
    pub victims: u32,
    pub rescue: bool,
    pub arrests: u32,
    pub prosecution: bool,
    pub leak: bool,
    pub late: bool,
    pub referrer: Option<(Desk, u32)>,
    pub recording: f64,
}

/// A case and the chances that go with it.
#[derive(Debug, Clone)]
struct Case {
    corridor: u64,
    event: u64,
    time: f64,
    here: usize,
    there: usize,
    victims: u32,
    culprits: u32,
    severity: f64,
    visibility: f64,
    acts: u32,
    officer: Desk,
    worker: Desk,
    handler: Desk,
    police: f64,
    ngo: f64,
    referral: f64,
    recognition: f64,
    habit: f64,
    alone: f64,
    approval: f64,
    help: f64,
    recorded_communications: f64,
    recorded_result: f64,
}

/// The chances of a case before a counterpart.
struct Chances {
    seeking: [f64; 5],
    response: f64,
    silence: f64,
    well_formed: f64,
    delay: f64,
    rescue: f64,
    arrest: f64,
    prosecution: f64,
    leak: f64,
}

/// What is taken away when a case is decided again.
#[derive(Debug, Clone, Default)]
struct Without {
    barriers: BTreeSet<Barrier>,
    weak_norm: bool,
    low_priority: bool,
}

/// Something the handler could ask for.
#[derive(Debug, Clone)]
struct Possibility {
    tool: Tool,
    to: Desk,
    /// When a live tie to the counterpart was last used.
    known: Option<f64>,
    utility: f64,
    noise: f64,
}

/// What became of a case.
#[derive(Debug, Clone)]
struct Outcome {
    ending: Ending,
    sought: Option<Possibility>,
    by_habit: bool,
}

/// A case decided in this tick.
struct Decided {
    case: Case,
    finder: Finder,
    ending: Ending,
    request: Option<Request>,
}

/// One side's view of a possible cooperation.
struct Side {
    intercept: f64,
    trust: f64,
    norm: f64,
    priority: f64,
    familiarity: f64,
    workload: f64,
}

/// The whole world, and its rules.
pub struct Twin<'a> {
    pub model: &'a Model,
    pub region: &'a Region,
    time: TimeFrame,
    random: Randomness,
    pub asks_why: bool,
    pub events: Vec<Event>,
    pub now: f64,
    tick: i64,
    first_year: i32,
    pub officers: Vec<Officer>,
    pub offices: Vec<Office>,
    pub countries: Vec<Country>,
    /// Harmonisation gained by adapting institutions, by pair of states (the larger number first).
    pub gained: BTreeMap<(usize, usize), f64>,
    pub suitability: [f64; 5],
    pub commitment: f64,
    pub sought: f64,
    pub recognised: f64,
    pub open: Vec<Cooperation>,
    pub cases: u64,
}

fn half(days: f64, half_life: f64) -> f64 {
    libm::exp2(-days / half_life)
}

fn year_key(year: i32) -> u64 {
    ((1 << 20) + year) as u64
}

fn clamp(x: f64) -> f64 {
    x.clamp(0.0, 1.0)
}

/// The geometric number of persons (1, 2, 3 ... 100) of that mean at probability `u`.
fn persons(mean: f64, u: f64) -> u32 {
    if mean <= 1.0 {
        return 1;
    }
    (1 + (libm::log(u) / libm::log(1.0 - 1.0 / mean)).floor() as u32).min(100)
}

/// Whether a case that ended so was recognised as trafficking.
fn was_recognised(ending: Ending) -> bool {
    ending != Ending::Withheld && ending != Ending::NotRecognised
}

/// Who may ask by a tool.
fn may_ask(tool: Tool, role: Role) -> bool {
    use Role::{Coordinator, Head, Investigator, Prosecutor};
    match tool {
        Tool::Informal => [Investigator, Head].contains(&role),
        Tool::Hsu => [Investigator, Head, Coordinator].contains(&role),
        Tool::Mla | Tool::Extradition => [Prosecutor].contains(&role),
        Tool::Joint => [Head, Prosecutor].contains(&role),
    }
}

/// Who may answer by a tool.
fn may_answer(tool: Tool, role: Role) -> bool {
    use Role::{Coordinator, Head, Investigator, Prosecutor};
    match tool {
        Tool::Informal => [Investigator, Head].contains(&role),
        Tool::Hsu => [Head, Coordinator].contains(&role),
        Tool::Mla | Tool::Extradition => [Prosecutor].contains(&role),
        Tool::Joint => [Head, Prosecutor].contains(&role),
    }
}

impl<'a> Twin<'a> {
    pub fn new(model: &'a Model, region: &'a Region, time: TimeFrame, random: Randomness) -> Self {
        let now = -f64::from(time.burn_in_ticks()) * time.tick_days;
        let mut twin = Self {
            model,
            region,
            time,
            random,
            asks_why: true,
            events: Vec::new(),
            now,
            tick: -i64::from(time.burn_in_ticks()),
            first_year: (now / DAYS_PER_YEAR).floor() as i32,
            officers: Vec::new(),
            offices: Vec::new(),
            countries: Vec::new(),
            gained: BTreeMap::new(),
            suitability: model.tools.suitability,
            commitment: 0.0,
            sought: 0.0,
            recognised: 0.0,
            open: Vec::new(),
            cases: 0,
        };
        for _ in &region.units {
            let trust = vec![model.trust.generalised; region.states.len()];
            twin.offices.push(Office { trust, ..Office::default() });
        }
        for desk in 0..region.desks() as Desk {
            let officer = twin.newcomer(desk, 0);
            twin.officers.push(officer);
        }
        for state in &region.states {
            let priority = state.numbers.priority;
            twin.countries.push(Country { priority, practised: 0.0, arrived: 0.0, clock: now });
        }
        twin
    }

    fn officer(&self, desk: Desk) -> &Officer {
        &self.officers[desk as usize]
    }

    fn officer_mut(&mut self, desk: Desk) -> &mut Officer {
        &mut self.officers[desk as usize]
    }

    fn office(&self, desk: Desk) -> &Office {
        &self.offices[self.region.unit_of(desk)]
    }

    fn office_mut(&mut self, desk: Desk) -> &mut Office {
        &mut self.offices[self.region.unit_of(desk)]
    }

    // ---- the tick ----------------------------------------------------------------------------------------------

    pub fn step(&mut self) {
        let days = self.time.tick_days;
        let end = self.now + days;

        // 1 Declarations.
        if self.model.switches.norm {
            for &(day, strength) in &self.region.declarations {
                if self.now <= day && day < end {
                    self.commitment = 1.0 - (1.0 - self.commitment) * (1.0 - strength);
                }
            }
        }

        // 2 Staff rotate, practitioners meet.
        if self.model.switches.turnover {
            self.rotate(days);
        }
        if self.model.switches.ties {
            for (desk, partner) in self.meetings(end) {
                self.work_together(desk, partner, self.model.ties.acquaintance, 0.0);
                self.work_together(partner, desk, self.model.ties.acquaintance, 0.0);
            }
        }

        // 3 to 7 Cases are decided on the world as it stands.
        let mut decided = Vec::new();
        let mut records = Vec::new();
        if self.model.switches.arrival {
            for case in self.arrivals(end) {
                let Some(finder) = self.finder(&case) else {
                    self.events.push(Event::Missed { corridor: case.corridor, event: case.event });
                    continue;
                };
                let (case_decided, record, cooperation) = self.decide(case, finder);
                self.cases += 1;
                self.open.extend(cooperation);
                decided.push(case_decided);
                records.push(record);
            }
        }

        // 8 Cooperations conclude.
        let mut concluded: Vec<Cooperation> = self.open.iter().filter(|open| open.due < end).cloned().collect();
        self.open.retain(|open| open.due >= end);
        concluded.sort_by(|a, b| a.due.total_cmp(&b.due).then(a.case.cmp(&b.case)));

        // 9 Both sides learn.
        for decided in &decided {
            self.learn_from_decision(decided);
        }
        for cooperation in &concluded {
            self.learn_from_conclusion(cooperation);
        }

        // 10 Peers observe.
        if self.model.switches.norm {
            for decided in &decided {
                self.observe(decided);
            }
        }

        // 12 Institutions see what was done, and adapt.
        for decided in &decided {
            let country = &mut self.countries[decided.case.here];
            country.arrived += 1.0;
            country.practised += if decided.ending == Ending::Accepted { 1.0 } else { 0.0 };
            self.recognised += if was_recognised(decided.ending) { 1.0 } else { 0.0 };
            self.sought += if decided.request.is_some() { 1.0 } else { 0.0 };
        }
        self.institutions(days);

        // 13 Record.
        self.events.extend(records);
        for cooperation in concluded {
            let event = self.record_conclusion(&cooperation);
            self.events.push(event);
        }
        self.events.push(Event::Tick);

        // 11 Unused things fade, up to the start of the next tick.
        self.tick += 1;
        self.now = self.tick as f64 * days;
        self.fade(days);
    }

    fn fade(&mut self, days: f64) {
        let model = self.model;
        let (habit, routine) = match model.disuse {
            Disuse::Clock => (half(days, model.habit.half_life), half(days, model.habit.routine_half_life)),
            Disuse::Cue => (1.0, 1.0),
        };
        let seen = half(days, model.norm.half_life);
        let evidence = half(days, model.trust.half_life);
        let now = self.now;
        for officer in &mut self.officers {
            officer.cooperating *= habit;
            officer.alone *= habit;
            let kept = half(days, model.recognition.half_life);
            officer.awareness = officer.own_awareness + (officer.awareness - officer.own_awareness) * kept;
            for tool in 0..5 {
                let own = officer.own_familiarity[tool];
                let kept = half(days, model.familiarity.half_life);
                officer.familiarity[tool] = own + (officer.familiarity[tool] - own) * kept;
            }
            officer.seen_for *= seen;
            officer.seen_all *= seen;
            officer.workload *= half(days, model.workload.half_life);
            officer.authorities_for *= evidence;
            officer.authorities_against *= evidence;
            for tie in &mut officer.ties {
                tie.good *= evidence;
                tie.bad *= evidence;
            }
            officer.ties.retain(|tie| tie.dies > now);
        }
        for office in &mut self.offices {
            office.cooperating *= routine;
            office.alone *= routine;
            office.seen_for *= seen;
            office.seen_all *= seen;
        }
    }

    // ---- people ------------------------------------------------------------------------------------------------

    fn newcomer(&self, desk: Desk, generation: u32) -> Officer {
        let (model, region) = (self.model, self.region);
        let state = &region.states[region.state_of(desk)].numbers;
        let mut draws = self.random.at(Purpose::Person, region.address_of(desk), u64::from(generation));
        let eta = model.habit.learning * libm::exp(model.habit.learning_spread * draws.normal());
        let own_awareness = clamp(state.awareness + model.recognition.spread * draws.normal());
        let mut own_familiarity = [0.0; 5];
        for (tool, own) in own_familiarity.iter_mut().enumerate() {
            *own = clamp(model.tools.familiarity[tool] + model.familiarity.spread * draws.normal());
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
            eta,
            threshold,
            capacity: capacity.max(1.0) as usize,
            awareness: own_awareness,
            own_awareness,
            familiarity: own_familiarity,
            own_familiarity,
            cooperating: start * office.cooperating,
            alone: start * office.alone,
            ..Officer::default()
        }
    }

    fn rotate(&mut self, days: f64) {
        for state in 0..self.region.states.len() {
            for &role in Role::ALL {
                let rate = self.model.leaving.turnover[role as usize] * self.region.states[state].numbers.turnover;
                let (first, desks) = self.region.desks_of(state, role);
                for desk in first..first + desks {
                    self.officer_mut(desk).borne += rate * days / DAYS_PER_YEAR;
                    while self.officer(desk).borne > self.officer(desk).lifetime {
                        self.replace(desk);
                        self.events.push(Event::Left(desk));
                    }
                }
            }
        }
    }

    fn replace(&mut self, desk: Desk) {
        let (region, random, handover) = (self.region, self.random, self.model.turnover.handover);
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

    // ---- ties and meetings -------------------------------------------------------------------------------------

    /// Who meets whom in this tick, in order of time.
    fn meetings(&self, end: f64) -> Vec<(Desk, Desk)> {
        let (region, model) = (self.region, self.model);
        let mut all: Vec<(f64, Desk, Desk)> = Vec::new();
        for year in self.years(end) {
            for (state, facts) in region.states.iter().enumerate() {
                for &role in Role::ALL {
                    let (first, desks) = region.desks_of(state, role);
                    let entity = u64::from(facts.address) << 32 | role as u64;
                    let mut draws = self.random.at(Purpose::Meetings, entity, year_key(year));
                    let count = draws.poisson(model.meetings.meetings[role as usize] * f64::from(desks));
                    for number in 0..count {
                        let time = (f64::from(year) + draws.uniform()) * DAYS_PER_YEAR;
                        let desk = first + draws.index(desks as usize) as Desk;
                        if self.now <= time && time < end {
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
    fn years(&self, end: f64) -> std::ops::RangeInclusive<i32> {
        (self.now / DAYS_PER_YEAR).floor() as i32..=(end / DAYS_PER_YEAR).floor() as i32
    }

    /// The likeliest of four candidates abroad.
    fn partner(&self, desk: Desk, entity: u64, event: u64) -> Desk {
        let (region, ties) = (self.region, &self.model.ties);
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
    fn work_together(&mut self, owner: Desk, to: Desk, good: f64, bad: f64) {
        let (model, now) = (self.model, self.now);
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
    fn generalise(&mut self, member: Desk, state: usize, good: f64, bad: f64) {
        let model = self.model;
        if !model.switches.trust {
            return;
        }
        let trust = &mut self.office_mut(member).trust[state];
        *trust += (1.0 - *trust) * (1.0 - libm::pow(1.0 - model.trust.generalisation, good));
        *trust -= *trust * (1.0 - libm::pow(1.0 - model.trust.generalisation, model.trust.loss_weight * bad));
    }

    fn trust(&self, owner: Desk, to: Desk) -> f64 {
        let c = self.model.trust.prior_weight;
        let prior = self.office(owner).trust[self.region.state_of(to)];
        match self.officer(owner).ties.iter().find(|tie| tie.to == to) {
            Some(tie) => (tie.good + c * prior) / (tie.good + tie.bad + c),
            None => prior,
        }
    }

    // ---- cases -------------------------------------------------------------------------------------------------

    /// The cases of this tick, in order of time.
    fn arrivals(&self, end: f64) -> Vec<Case> {
        let mut all = Vec::new();
        for year in self.years(end) {
            for (index, corridor) in self.region.corridors.iter().enumerate() {
                let mut draws = self.random.at(Purpose::Arrivals, u64::from(corridor.address), year_key(year));
                let multiplier = draws.gamma_mean_one(self.model.arrival.dispersion);
                for number in 0..draws.poisson(corridor.cases * multiplier) {
                    let time = (f64::from(year) + draws.uniform()) * DAYS_PER_YEAR;
                    if self.now <= time && time < end {
                        all.push(self.case(index, time, year_key(year) << 32 | u64::from(number)));
                    }
                }
            }
        }
        all.sort_by(|a, b| a.time.total_cmp(&b.time));
        all
    }

    fn case(&self, corridor: usize, time: f64, event: u64) -> Case {
        let (region, arrival) = (self.region, &self.model.arrival);
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
    fn acts_beyond_first(&self, u: f64) -> u32 {
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
    fn desk_met(&self, state: usize, kind: UnitKind, draws: &mut Draws) -> Desk {
        let unit = &self.region.units[self.region.unit_in(state, kind)];
        let share = libm::pow(draws.uniform(), self.region.states[state].numbers.concentration);
        unit.first + ((f64::from(unit.desks) * share).floor() as u32).min(unit.desks - 1)
    }

    fn chances(&self, case: &Case, counterpart: Desk) -> Chances {
        let (year, number) = (case.event >> 32 & 0xff, case.event & 0xff_ffff);
        let entity = case.corridor << 32 | year << 24 | number;
        let mut draws = self.random.at(Purpose::Counterpart, entity, self.region.address_of(counterpart));
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

    fn finder(&self, case: &Case) -> Option<Finder> {
        let arrival = &self.model.arrival;
        if case.police < arrival.police_detection * self.officer(case.officer).awareness {
            return Some(Finder::Police);
        }
        let knows = self.officer(case.worker).ties.iter().any(|tie| self.region.state_of(tie.to) == case.there);
        let contact = if knows { arrival.ngo_contact } else { 0.0 };
        if case.ngo < arrival.ngo_detection * (1.0 + contact) { Some(Finder::Ngo) } else { None }
    }

    fn decide(&self, case: Case, finder: Finder) -> (Decided, Event, Option<Cooperation>) {
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

    fn recorded(&self, count: u32, state: usize, u: f64) -> u32 {
        if self.model.switches.observation {
            binomial_quantile(count, self.region.states[state].numbers.recording, u)
        } else {
            count
        }
    }

    /// Binding barriers of a case without cooperation, and the litmus of a handled one.
    fn why(&self, case: &Case, finder: Finder, outcome: &Outcome) -> (Option<(u16, bool)>, Option<Litmus>) {
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
            match (self.seek(case, &unhindered).0.is_some(), self.seek(case, &eager).0.is_some()) {
                (true, true) => Litmus::WillingAble,
                (true, false) => Litmus::WillingHindered,
                (false, true) => Litmus::AbleUnwilling,
                (false, false) => Litmus::Neither,
            }
        });
        (binding, litmus)
    }

    /// The walk of a case through the funnel.
    fn walk(&self, case: &Case, finder: Finder, without: &Without) -> Outcome {
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

    fn refers(&self, case: &Case, without: &Without) -> bool {
        let model = self.model;
        let referral = &model.referral;
        let (worker, office) = (self.officer(case.worker), self.office(case.worker));
        let c = model.trust.prior_weight;
        let (good, bad) = (worker.authorities_for, worker.authorities_against);
        let trust = (good + c * office.trust[case.here]) / (good + bad + c);
        let trust = if without.barriers.contains(&Barrier::Distrust) { 1.0 } else { trust };
        let c = model.norm.prior_weight;
        let norm = (office.seen_for + c * model.norm.prior) / (office.seen_all + c);
        let numbers = &self.region.states[case.here].numbers;
        let fear = clamp(1.0 - numbers.protection + referral.complicity_fear * numbers.complicity);
        let fear = if without.barriers.contains(&Barrier::NgoFear) { 0.0 } else { fear };
        let logit = referral.intercept + referral.trust_weight * (2.0 * trust - 1.0) - referral.fear_weight * fear
            + referral.norm_weight * (2.0 * norm - 1.0);
        case.referral < expit(logit)
    }

    /// The strengths of habit that act: cooperating, alone.
    fn habits(&self, desk: Desk, without: &Without) -> (f64, f64) {
        let (person, office) = (self.officer(desk), self.office(desk));
        let union = |a: f64, b: f64| 1.0 - (1.0 - a) * (1.0 - b);
        let alone = union(person.alone, office.alone);
        let alone = if without.barriers.contains(&Barrier::HabitAlone) { 0.0 } else { alone };
        (union(person.cooperating, office.cooperating), alone)
    }

    /// What the handler seeks, if anything, and whether habit decided.
    fn seek(&self, case: &Case, without: &Without) -> (Option<Possibility>, bool) {
        let model = self.model;
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
    fn as_last_time<'p>(&self, handler: Desk, possibilities: &'p [Possibility]) -> Option<&'p Possibility> {
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
    fn possibilities(&self, case: &Case, without: &Without) -> Vec<Possibility> {
        let region = self.region;
        let role = region.role_of(case.handler);
        let mut all: Vec<Possibility> = Vec::new();
        for tie in self.officer(case.handler).ties.iter().filter(|tie| region.state_of(tie.to) == case.there) {
            for &tool in Tool::ALL {
                if self.open(tool, case) && may_ask(tool, role) && may_answer(tool, region.role_of(tie.to)) {
                    all.push(self.possibility(case, tool, tie.to, Some(tie.used), without));
                }
            }
        }
        for &tool in Tool::ALL {
            let official = match tool {
                Tool::Informal => Role::Head,
                Tool::Hsu => Role::Coordinator,
                Tool::Mla | Tool::Extradition | Tool::Joint => Role::Prosecutor,
            };
            let (contact, _) = region.desks_of(case.there, official);
            let there_already = all.iter().any(|other| other.tool == tool && other.to == contact);
            if self.open(tool, case) && may_ask(tool, role) && !there_already {
                all.push(self.possibility(case, tool, contact, None, without));
            }
        }
        all
    }

    /// Whether a tool is open between the two states of a case: by no treaty, or by one that both deposited.
    fn open(&self, tool: Tool, case: &Case) -> bool {
        let treaties = &self.region.treaties[tool as usize];
        let in_force = |deposits: &[Option<f64>], state: usize| {
            deposits[state].is_some_and(|day| day <= self.countries[state].clock)
        };
        treaties.is_empty()
            || treaties.iter().any(|deposits| in_force(deposits, case.here) && in_force(deposits, case.there))
    }

    fn possibility(&self, case: &Case, tool: Tool, to: Desk, known: Option<f64>, without: &Without) -> Possibility {
        let model = self.model;
        let handler = case.handler;
        let side = Side {
            intercept: model.tools.intercept[tool as usize],
            trust: self.trust(handler, to),
            norm: self.perceived_norm(handler),
            priority: self.countries[case.here].priority,
            familiarity: self.officer(handler).familiarity[tool as usize],
            workload: self.workload(handler),
        };
        let mut utility = self.utility(case, tool, &side, without);
        if model.variant == Variant::Utility {
            let (h, g) = self.habits(handler, without);
            utility += model.habit.kappa * (h - g);
        }
        Possibility { tool, to, known, utility, noise: gumbel(self.chances(case, to).seeking[tool as usize]) }
    }

    /// V, with hindrances gone where they are removed.
    fn utility(&self, case: &Case, tool: Tool, side: &Side, without: &Without) -> f64 {
        let w = &self.model.choice;
        let tools = &self.model.tools;
        let gone = |barrier: Barrier| without.barriers.contains(&barrier);
        let trust = if gone(Barrier::Distrust) { 1.0 } else { side.trust };
        let norm = if without.weak_norm { 1.0 } else { side.norm };
        let priority = if without.low_priority { 1.0 } else { side.priority };
        let familiarity = if gone(Barrier::Unfamiliarity) { 1.0 } else { side.familiarity };
        let suitability = if gone(Barrier::Unsuitability) { 1.0 } else { self.suitability[tool as usize] };
        let harmonisation =
            if gone(Barrier::LegalDifference) { 1.0 } else { self.harmonisation(case.here, case.there) };
        let language = if gone(Barrier::Language) { 1.0 } else { self.region.pair(case.here, case.there).language };
        let workload = if gone(Barrier::Workload) { 0.0 } else { side.workload };
        side.intercept
            + w.trust * (2.0 * trust - 1.0)
            + w.norm * (2.0 * norm - 1.0)
            + w.priority * priority
            + w.severity * case.severity
            - w.familiarity * (1.0 - familiarity)
            - w.suitability * (1.0 - suitability)
            - w.legal * tools.legal_sensitivity[tool as usize] * (1.0 - harmonisation)
            - w.language * (1.0 - language)
            - w.effort * tools.effort[tool as usize]
            - w.workload * workload
    }

    fn response(&self, case: &Case, sought: &Possibility, without: &Without) -> Ending {
        let model = self.model;
        if model.switches.gate && !without.barriers.contains(&Barrier::Gate) && self.gate_shut(case.here, case.there) {
            return Ending::GateShut;
        }
        let approval = self.region.pair(case.here, case.there).approval.unwrap_or(model.gate.approval);
        let sent_back = case.approval < approval * model.tools.approval_exposure[sought.tool as usize];
        if sent_back && !without.barriers.contains(&Barrier::Approval) {
            return Ending::SentBack;
        }
        if !model.switches.response {
            return Ending::Accepted;
        }
        let asked = sought.to;
        let side = Side {
            intercept: model.tools.acceptance[sought.tool as usize],
            trust: self.trust(asked, case.handler),
            norm: self.perceived_norm(asked),
            priority: self.countries[case.there].priority,
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

    fn gate_shut(&self, a: usize, b: usize) -> bool {
        let pair = self.region.pair(a, b);
        let shut = |from: f64, until: f64| from <= self.now && self.now < until;
        if pair.closures.iter().any(|&(from, until)| shut(from, until)) {
            return true;
        }
        for year in self.first_year..=(self.now / DAYS_PER_YEAR).floor() as i32 {
            let mut draws = self.random.at(Purpose::Gate, pair.address, year_key(year));
            for _ in 0..draws.poisson(self.model.gate.closures) {
                let from = (f64::from(year) + draws.uniform()) * DAYS_PER_YEAR;
                let until = from + self.model.gate.closure_days * draws.exponential();
                if shut(from, until) {
                    return true;
                }
            }
        }
        false
    }

    fn perceived_norm(&self, desk: Desk) -> f64 {
        let model = self.model;
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

    fn workload(&self, desk: Desk) -> f64 {
        let cases = self.officer(desk).workload;
        cases / (cases + self.model.workload.half)
    }

    fn harmonisation(&self, a: usize, b: usize) -> f64 {
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
        sum += institutions.like_priorities * (1.0 - (self.countries[a].priority - self.countries[b].priority).abs());
        let gained = self.gained.get(&(a.max(b), a.min(b))).copied().unwrap_or(0.0);
        clamp(pair.harmonisation.unwrap_or(sum) + gained)
    }

    fn legal_fit(&self, tool: Tool, case: &Case) -> f64 {
        1.0 - self.model.tools.legal_sensitivity[tool as usize] * (1.0 - self.harmonisation(case.here, case.there))
    }

    fn request(&self, case: &Case, sought: &Possibility, accepted: bool) -> Request {
        let tool = sought.tool as usize;
        let chances = self.chances(case, sought.to);
        let spread = self.model.execution.delay_spread * normal_quantile(chances.delay);
        let delay = self.model.tools.delay[tool] * libm::exp(spread);
        let clear = self.officer(case.handler).familiarity[tool] * self.legal_fit(sought.tool, case);
        Request {
            tool: sought.tool,
            counterpart: sought.to,
            known: sought.known.is_some(),
            well_formed: chances.well_formed < clear,
            delay: accepted.then_some(delay),
            late: accepted && delay > self.model.tools.deadline[tool],
        }
    }

    fn cooperation(&self, case: &Case, finder: Finder, request: &Request) -> Cooperation {
        let (model, tool) = (self.model, request.tool as usize);
        let chances = self.chances(case, request.counterpart);
        let complicity = |state: usize| self.region.states[state].numbers.complicity;
        let familiarity = |desk: Desk| self.officer(desk).familiarity[tool];
        let competence = (familiarity(case.handler) + familiarity(request.counterpart)) / 2.0;
        let fit = self.legal_fit(request.tool, case);
        let prospects =
            self.suitability[tool] * fit * competence * (1.0 - complicity(case.here)) * (1.0 - complicity(case.there));
        let on = model.switches.execution;
        let arrest = on && chances.arrest < model.tools.arrest[tool] * prospects;
        let prosecution = model.execution.prosecution * fit * self.countries[case.there].priority;
        let who = |desk: Desk| (desk, self.officer(desk).generation);
        Cooperation {
            due: self.now + request.delay.expect("it was accepted"),
            case: self.cases,
            asking: case.here,
            asker: who(case.handler),
            counterpart: who(request.counterpart),
            tool: request.tool,
            acts: case.acts,
            known: request.known,
            victims: case.victims,
            rescue: on && chances.rescue < model.tools.rescue[tool] * prospects,
            arrests: if arrest { case.culprits } else { 0 },
            prosecution: arrest && chances.prosecution < prosecution,
            leak: chances.leak < model.execution.leak * complicity(case.there),
            late: request.late,
            referrer: (finder == Finder::Ngo).then(|| who(case.worker)),
            recording: case.recorded_result,
        }
    }

    fn record_conclusion(&self, cooperation: &Cooperation) -> Event {
        let rescued = if cooperation.rescue { cooperation.victims } else { 0 };
        Event::Conclusion {
            case: cooperation.case,
            due: cooperation.due,
            asker: cooperation.asker,
            counterpart: cooperation.counterpart,
            rescue: cooperation.rescue,
            arrests: cooperation.arrests,
            prosecution: cooperation.prosecution,
            leak: cooperation.leak,
            late: cooperation.late,
            referrer: cooperation.referrer,
            recorded_rescues: self.recorded(rescued, cooperation.asking, cooperation.recording),
            recorded_arrests: self.recorded(cooperation.arrests, cooperation.asking, cooperation.recording),
        }
    }

    // ---- learning ----------------------------------------------------------------------------------------------

    fn learn_from_decision(&mut self, decided: &Decided) {
        let model = self.model;
        let case = &decided.case;
        if was_recognised(decided.ending) {
            if model.switches.recognition {
                self.learn_awareness(case.officer);
            }
            self.take_on(case.handler);
        }
        match (&decided.request, decided.ending) {
            (None, Ending::Alone) => {
                self.repeat_alone(case.handler, case.acts, model.habit.reward_alone);
            }
            (None, _) => {}
            (Some(request), Ending::Accepted) => {
                self.take_on(request.counterpart);
                self.remember_tool(case.handler, request.tool);
                if model.switches.ties {
                    self.work_together(case.handler, request.counterpart, 0.0, 0.0);
                    self.work_together(request.counterpart, case.handler, 0.0, 0.0);
                }
            }
            (Some(request), ending) => {
                let context = if request.known { 1.0 } else { model.habit.new_context };
                self.repeat_cooperating(case.handler, 1, model.habit.reward_failure * context);
                self.repeat_routine_cooperating(case.handler, 1, model.habit.reward_failure * context);
                self.remember_tool(case.handler, request.tool);
                let bad = match ending {
                    Ending::Refused => model.trust.refusal,
                    Ending::Lapsed => model.trust.silence,
                    _ => 0.0,
                };
                if model.switches.trust {
                    let known = request.known;
                    let ties = &mut self.officer_mut(case.handler).ties;
                    for tie in ties.iter_mut().filter(|tie| known && tie.to == request.counterpart) {
                        tie.bad += model.trust.loss_weight * bad;
                    }
                }
                self.generalise(case.handler, case.there, 0.0, bad);
            }
        }
        if decided.finder == Finder::Ngo && decided.ending != Ending::Withheld && decided.ending != Ending::Accepted {
            let protection = self.region.states[case.here].numbers.protection;
            let helped = was_recognised(decided.ending) && case.help < model.execution.help_at_home * protection;
            self.follow_up(case.worker, helped);
        }
    }

    fn learn_from_conclusion(&mut self, cooperation: &Cooperation) {
        let trust = &self.model.trust;
        let success = cooperation.rescue || cooperation.arrests > 0;
        let good = if success { trust.success } else { trust.fruitless };
        let mut bad = 0.0;
        if cooperation.late {
            bad += trust.silence;
        }
        if cooperation.leak {
            bad += trust.betrayal;
        }
        self.learn_one_side(cooperation, cooperation.asker, cooperation.counterpart, good, bad);
        self.learn_one_side(cooperation, cooperation.counterpart, cooperation.asker, good, 0.0);
        if let Some((worker, generation)) = cooperation.referrer {
            if self.officer(worker).generation == generation {
                self.follow_up(worker, cooperation.rescue);
            }
        }
    }

    fn learn_one_side(
        &mut self,
        cooperation: &Cooperation,
        (own, own_generation): (Desk, u32),
        (other, other_generation): (Desk, u32),
        good: f64,
        bad: f64,
    ) {
        let model = self.model;
        let success = cooperation.rescue || cooperation.arrests > 0;
        let reward = if success { model.habit.reward_success } else { model.habit.reward_failure };
        let context = if cooperation.known { 1.0 } else { model.habit.new_context };
        self.repeat_routine_cooperating(own, cooperation.acts, reward * context);
        self.generalise(own, self.region.state_of(other), good, bad);
        if self.officer(own).generation != own_generation {
            return;
        }
        self.repeat_cooperating(own, cooperation.acts, reward * context);
        if model.switches.familiarity {
            let familiarity = &mut self.officer_mut(own).familiarity[cooperation.tool as usize];
            *familiarity += model.familiarity.learning * (1.0 - *familiarity);
        }
        if model.switches.recognition && own == cooperation.counterpart.0 {
            self.learn_awareness(own);
        }
        if model.switches.ties && self.officer(other).generation == other_generation {
            self.work_together(own, other, good, bad);
        }
    }

    fn learn_awareness(&mut self, desk: Desk) {
        let share = self.model.recognition.learning;
        let awareness = &mut self.officer_mut(desk).awareness;
        *awareness += share * (1.0 - *awareness);
    }

    fn take_on(&mut self, desk: Desk) {
        if self.model.switches.workload {
            self.officer_mut(desk).workload += 1.0;
        }
    }

    fn remember_tool(&mut self, desk: Desk, tool: Tool) {
        self.officer_mut(desk).last_tool = Some(tool);
        self.office_mut(desk).last_tool = Some(tool);
    }

    /// Act by act: the strength repeated gains, its rival loses, and, where disuse is by the cue, is extinguished once.
    fn repeat(&self, repeated: &mut f64, rival: &mut f64, eta: f64, times: u32, weight: f64, extinction: f64) {
        let step = (1.0 - libm::exp(-eta)) * weight;
        for _ in 0..times {
            *repeated += step * (1.0 - *repeated);
            *rival -= self.model.habit.rival_loss * step * *rival;
        }
        if self.model.disuse == Disuse::Cue {
            *rival -= extinction * *rival;
        }
    }

    fn repeat_cooperating(&mut self, desk: Desk, times: u32, weight: f64) {
        if !self.model.switches.habit {
            return;
        }
        let mut officer = self.officer(desk).clone();
        let extinction = self.model.habit.extinction;
        self.repeat(&mut officer.cooperating, &mut officer.alone, officer.eta, times, weight, extinction);
        *self.officer_mut(desk) = officer;
    }

    fn repeat_routine_cooperating(&mut self, member: Desk, times: u32, weight: f64) {
        if !self.model.switches.routine {
            return;
        }
        let habit = &self.model.habit;
        let mut office = self.office(member).clone();
        let (eta, extinction) = (habit.unit_share * habit.learning, habit.unit_share * habit.extinction);
        self.repeat(&mut office.cooperating, &mut office.alone, eta, times, weight, extinction);
        *self.office_mut(member) = office;
    }

    fn repeat_alone(&mut self, desk: Desk, times: u32, weight: f64) {
        let habit = &self.model.habit;
        if self.model.switches.habit {
            let mut officer = self.officer(desk).clone();
            self.repeat(&mut officer.alone, &mut officer.cooperating, officer.eta, times, weight, habit.extinction);
            *self.officer_mut(desk) = officer;
        }
        if self.model.switches.routine {
            let mut office = self.office(desk).clone();
            let (eta, extinction) = (habit.unit_share * habit.learning, habit.unit_share * habit.extinction);
            self.repeat(&mut office.alone, &mut office.cooperating, eta, times, weight, extinction);
            *self.office_mut(desk) = office;
        }
    }

    fn follow_up(&mut self, worker: Desk, helped: bool) {
        let model = self.model;
        if !model.switches.referral {
            return;
        }
        let (good, bad) = if helped { (1.0, 0.0) } else { (0.0, model.referral.silence) };
        let officer = self.officer_mut(worker);
        officer.authorities_for += good;
        officer.authorities_against += model.trust.loss_weight * bad;
        self.generalise(worker, self.region.state_of(worker), good, bad);
    }

    fn observe(&mut self, decided: &Decided) {
        let case = &decided.case;
        if decided.finder == Finder::Ngo {
            self.seen_in_unit(case.worker, decided.ending != Ending::Withheld);
        }
        if !was_recognised(decided.ending) {
            return;
        }
        self.seen_in_unit(case.handler, decided.request.is_some());
        if let Some(request) = &decided.request {
            if matches!(decided.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed) {
                self.seen_of_contact(request.counterpart, case.handler, true);
                self.seen_of_contact(case.handler, request.counterpart, decided.ending == Ending::Accepted);
            }
        }
    }

    fn seen_in_unit(&mut self, member: Desk, cooperates: bool) {
        let now = self.now;
        let office = self.office_mut(member);
        office.seen_all += 1.0;
        if cooperates {
            office.seen_for += 1.0;
            office.members_seen.insert(member, now);
        }
    }

    fn seen_of_contact(&mut self, observer: Desk, contact: Desk, cooperates: bool) {
        let now = self.now;
        let officer = self.officer_mut(observer);
        officer.seen_all += 1.0;
        if cooperates {
            officer.seen_for += 1.0;
            officer.contacts_seen.insert(contact, now);
        }
    }

    // ---- institutions ------------------------------------------------------------------------------------------

    fn institutions(&mut self, days: f64) {
        let (model, now) = (self.model, self.now);
        let institutions = &model.institutions;
        let practice = if self.recognised > 0.0 { self.sought / self.recognised } else { 0.0 };
        self.commitment *= half(days * (1.0 - practice), model.norm.declaration_half_life);
        let memory = half(days, institutions.memory);
        self.sought *= memory;
        self.recognised *= memory;
        let mut momentum = Vec::new();
        for country in &mut self.countries {
            country.arrived *= memory;
            country.practised *= memory;
            let practice = if country.arrived > 0.0 { country.practised / country.arrived } else { 0.0 };
            let speed = libm::exp(institutions.adaptation * (practice - institutions.reference)).clamp(0.2, 5.0);
            country.clock = match model.mode {
                Mode::Endogenous if now >= 0.0 => country.clock + days * speed,
                Mode::Dated | Mode::Endogenous => now + days,
                Mode::Off => (now + days).min(0.0),
            };
            momentum.push((practice - institutions.reference) / (1.0 - institutions.reference));
        }
        if model.mode != Mode::Endogenous || now < 0.0 {
            return;
        }
        let share = |m: f64| 1.0 - libm::exp(-institutions.drift * m.abs() * days / DAYS_PER_YEAR);
        for (country, &m) in self.countries.iter_mut().zip(&momentum) {
            if m > 0.0 {
                country.priority += share(m) * (1.0 - country.priority);
            } else {
                country.priority -= share(m) * country.priority;
            }
        }
        let mean = momentum.iter().sum::<f64>() / momentum.len() as f64;
        if mean > 0.0 {
            for suitability in &mut self.suitability {
                *suitability += share(mean) * (1.0 - *suitability);
            }
        }
        for a in 0..momentum.len() {
            for b in 0..a {
                let m = momentum[a].min(momentum[b]);
                if m > 0.0 {
                    let missing = 1.0 - self.harmonisation(a, b);
                    *self.gained.entry((a, b)).or_insert(0.0) += share(m) * missing;
                }
            }
        }
    }
}
