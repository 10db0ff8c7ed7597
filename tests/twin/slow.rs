//! The tick, plain and slow.
//!
//! Written from the model's description, to be read beside it. Nothing is lazy and nothing is remembered that can be worked out: at the end
//! of every tick everything of everybody fades, every tie is asked whether it lives, every year's events are drawn
//! again, and a barrier is removed by deciding the whole case again with the hindrance itself gone. Parameters are read as plain numbers and the
//! draws come from their addresses; no rule of the engine is called.

mod cases;
mod execution;
mod funnel;
mod institutions;
mod interventions;
mod learning;
mod people;
mod ties;

use crate::log::{Event, Request};
use comity::engine::Program;
use comity::mechanism::Model;
use comity::mechanism::funnel::Finder;
use comity::mechanism::habit::Disuse;
use comity::quantity::{Barrier, DAYS_PER_YEAR, Ending, Role, Tool};
use comity::random::Randomness;
use comity::scenario::TimeFrame;
use comity::world::{Desk, Region};
use interventions::{Counts, Deed, Help};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
    /// Learning rate of habits, as a multiple of the median.
    pub quickness: f64,
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
    /// Away from the desk until then; 0 where never.
    pub away_until: Option<f64>,
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
    /// What declarations lift it by.
    pub lifted: f64,
    pub practised: f64,
    pub arrived: f64,
    pub clock: f64,
}

/// A cooperation under way.
#[derive(Debug, Clone)]
pub struct Cooperation {
    pub due: f64,
    pub since: f64,
    pub case: u64,
    pub asking: usize,
    pub asker: (Desk, u32),
    pub counterpart: (Desk, u32),
    pub tool: Tool,
    pub acts: u32,
    pub stable: bool,
    pub keeps: bool,
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
    /// Whether a liaison officer brings the two together.
    brokered: bool,
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
    /// Rules and facts as interventions leave them in this tick.
    pub model: Rc<Model>,
    pub region: Rc<Region>,
    /// Interventions, and rules and facts without them.
    program: &'a Program,
    pub deeds: Vec<Deed>,
    pub help: Help,
    /// Rules and facts as they stood when the events of a year were drawn.
    drawn: BTreeMap<i32, (Rc<Model>, Rc<Region>)>,
    history: Vec<Counts>,
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
    /// Gates shut by shocks: between whom, from when, until when.
    shut: Vec<(usize, usize, f64, f64)>,
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

/// Whether a tool is a channel between police forces.
fn police_channel(tool: Tool) -> bool {
    matches!(tool, Tool::Informal | Tool::Hsu)
}

/// What triggers see of a tick.
fn counts(decided: &[Decided]) -> Counts {
    let count = |of: &dyn Fn(&Decided) -> bool| decided.iter().filter(|decided| of(decided)).count() as u32;
    let told = |decided: &Decided| decided.finder == Finder::Ngo && decided.ending != Ending::Withheld;
    Counts {
        arrived: decided.len() as u32,
        found_by_ngo: count(&|decided| decided.finder == Finder::Ngo),
        referred: count(&told),
        recognised: count(&|decided| was_recognised(decided.ending)),
        sought: count(&|decided| decided.request.is_some()),
        accepted: count(&|decided| decided.ending == Ending::Accepted),
    }
}

/// Who may ask by a tool.
fn may_ask(tool: Tool, role: Role) -> bool {
    use Role::{Head, Investigator, Prosecutor};
    match tool {
        Tool::Informal => [Investigator, Head].contains(&role),
        Tool::Hsu => [Investigator, Head].contains(&role),
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
    pub fn new(program: &'a Program, time: TimeFrame, random: Randomness) -> Self {
        let (model, region) = (Rc::new(program.model.clone()), Rc::new(program.region.clone()));
        let now = -f64::from(time.burn_in_ticks()) * time.tick_days;
        let mut twin = Self {
            model: model.clone(),
            region: region.clone(),
            program,
            deeds: vec![Deed::default(); program.interventions.len()],
            help: Help::none(&region),
            drawn: BTreeMap::new(),
            history: Vec::new(),
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
            shut: Vec::new(),
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
            twin.countries.push(Country { priority, lifted: 0.0, practised: 0.0, arrived: 0.0, clock: now });
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

    pub fn step(&mut self) {
        let days = self.time.tick_days;
        let end = (self.tick + 1) as f64 * days;

        // 1 What is drawn for a year is drawn by the rules in force when it begins; declarations.
        for year in self.years(end) {
            if f64::from(year) * DAYS_PER_YEAR < end {
                self.drawn.entry(year).or_insert((self.model.clone(), self.region.clone()));
            }
        }
        if self.model.switches.norm {
            for &(day, strength) in &self.program.region.declarations {
                if self.now <= day && day < end {
                    self.commitment = 1.0 - (1.0 - self.commitment) * (1.0 - strength);
                }
            }
        }

        // 1, second half: interventions.
        self.intervene(days, end);

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
            for state in [decided.case.here, decided.case.there] {
                let country = &mut self.countries[state];
                country.arrived += 1.0;
                country.practised += if decided.ending == Ending::Accepted { 1.0 } else { 0.0 };
            }
            self.recognised += if was_recognised(decided.ending) { 1.0 } else { 0.0 };
            self.sought += if decided.request.is_some() { 1.0 } else { 0.0 };
        }
        self.history.push(counts(&decided));
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
        let model = self.model.clone();
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
            let own = clamp(officer.own_awareness);
            officer.awareness = own + (officer.awareness - own) * kept;
            for tool in 0..5 {
                let own = clamp(officer.own_familiarity[tool]);
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
}
