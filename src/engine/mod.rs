//! Builds the world and walks the tick. It asks for no clock, file, thread or terminal.

mod build;
mod intervene;
mod learn;

use crate::intervention::Intervention;
use crate::intervention::schedule::TickCounts;
use crate::mechanism::arrival::{Case, Surfacing};
use crate::mechanism::funnel::{Docket, Finder, Funnel};
use crate::mechanism::observation::recorded;
use crate::mechanism::ties::Meeting;
use crate::mechanism::trust::Evidence;
use crate::mechanism::{Model, execution};
use crate::quantity::{DAYS_PER_YEAR, Ending, Role};
use crate::random::{Randomness, normal_quantile};
use crate::record::{CaseRecord, Conclusion, Observer, Request, View};
use crate::scenario::{Scenario, TimeFrame};
use crate::world::{Desk, OpenCooperation, Region, World};
use std::collections::VecDeque;
use std::sync::Arc;

/// What all replicates of a scenario share.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Rules.
    pub model: Model,
    /// Facts.
    pub region: Region,
    /// Time.
    pub time: TimeFrame,
    /// Seed.
    pub seed: u64,
    /// Interventions, and rules and facts without them.
    pub program: Arc<Program>,
}

/// The interventions of a scenario, and what they are laid over.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Interventions, in the order of the scenario.
    pub interventions: Vec<Intervention>,
    /// Rules without them.
    pub model: Model,
    /// Facts without them.
    pub region: Region,
}

impl Setup {
    /// What a scenario says.
    pub fn new(scenario: &Scenario) -> Self {
        Self::with_reserve(scenario, &build::reserve(scenario))
    }

    /// The same, with the reserve of another scenario besides, so that desks have the same numbers in both. Desks in reserve change
    /// nothing until an intervention staffs them.
    pub fn beside(scenario: &Scenario, other: &Scenario) -> Self {
        Self::with_reserve(scenario, &build::common_reserve(scenario, [other]))
    }

    /// A setup for each scenario, each beside all the others that have as many states, so that a run of one can
    /// [go on](Simulation::fork) as a run of another, whatever they keep in reserve.
    pub fn together(scenarios: &[&Scenario]) -> Vec<Self> {
        let beside_all = |scenario: &&Scenario| {
            Self::with_reserve(scenario, &build::common_reserve(scenario, scenarios.iter().copied()))
        };
        scenarios.iter().map(beside_all).collect()
    }

    fn with_reserve(scenario: &Scenario, reserve: &[u32]) -> Self {
        let model = Model::from_settings(scenario.settings());
        let region = build::region(scenario, reserve);
        let interventions = scenario.interventions().to_vec();
        let program = Arc::new(Program { interventions, model: model.clone(), region: region.clone() });
        Self { model, region, time: scenario.time(), seed: scenario.seed(), program }
    }

    /// When a tick begins, in days since the start of the window; ticks count from the start of the burn-in.
    pub fn start_of(&self, tick: u64) -> f64 {
        (tick as f64 - f64::from(self.time.burn_in_ticks())) * self.time.tick_days
    }
}

/// One run, between two ticks. A clone goes on exactly as the original does.
#[derive(Debug, Clone)]
pub struct Simulation {
    setup: Arc<Setup>,
    randomness: Randomness,
    world: World,
    /// The first year whose events are not yet drawn, counted from the start of the window.
    next_year: i32,
    surfacings: VecDeque<Surfacing>,
    meetings: VecDeque<Meeting>,
    docket: Docket,
    /// What happened to the cases of each tick so far.
    history: Vec<TickCounts>,
    /// The multiplier of each corridor's cases in the year last drawn.
    multipliers: Vec<f64>,
}

/// A case decided in this tick, with all that its consequences need.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Where it ended.
    pub record: CaseRecord,
    /// The cooperation that begins, with all that it will yield.
    pub cooperation: Option<OpenCooperation>,
}

impl Simulation {
    /// A run of that replicate, on the first day of its burn-in.
    pub fn new(setup: &Arc<Setup>, replicate: u32) -> Self {
        let randomness = Randomness { seed: setup.seed, replicate };
        let start = setup.start_of(0);
        Self {
            world: build::world(&setup.model, &setup.region, randomness, start),
            setup: Arc::clone(setup),
            randomness,
            next_year: libm::floor(start / DAYS_PER_YEAR) as i32,
            surfacings: VecDeque::new(),
            meetings: VecDeque::new(),
            docket: Docket::default(),
            history: Vec::new(),
            multipliers: vec![1.0; setup.region.corridors.len()],
        }
    }

    /// The state of the run.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The state of the run, to be changed by an experiment between two ticks.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// What all replicates share.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The run as an observer may see it.
    pub fn view(&self) -> View<'_> {
        View { model: &self.setup.model, region: &self.setup.region, world: &self.world, randomness: self.randomness }
    }

    /// Runs that many ticks.
    pub fn run(&mut self, ticks: u32, observer: &mut impl Observer) {
        for _ in 0..ticks {
            self.step(observer);
        }
    }

    /// Walks one tick, stage by stage as [`TICK`](crate::mechanism::TICK) lists them.
    pub fn step(&mut self, observer: &mut impl Observer) {
        let days = self.setup.time.tick_days;
        let end = self.setup.start_of(self.world.tick + 1);
        self.act(end);
        self.intervene(end, observer);
        self.rotate(days, observer);
        self.meet(end);
        observer.deciding(self.view());
        let mut decided = self.decide(end, observer);
        let concluded = self.conclude(&mut decided, end);
        self.learn_from_decisions(&decided);
        self.learn_from_conclusions(&concluded);
        self.observe(&decided);
        self.adapt(&decided, days);
        for decided in &decided {
            observer.case(self.world.now, &decided.record);
        }
        for conclusion in &concluded {
            observer.conclusion(self.world.now, conclusion);
        }
        observer.tick(self.view());
        self.world.tick += 1;
        self.world.now = end;
    }

    /// Stage 1: what is drawn for a year, and what is dated in this tick.
    fn act(&mut self, end: f64) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        while f64::from(self.next_year) * DAYS_PER_YEAR < end {
            let year = self.next_year;
            if model.switches.arrival {
                let now = self.world.now;
                let cases;
                (cases, self.multipliers) = model.arrival.of_year(&setup.program.region, self.randomness, year);
                self.surfacings.extend(cases.into_iter().filter(|case| case.time >= now));
            }
            if model.switches.ties {
                let now = self.world.now;
                let meetings = model.meetings.of_year(region, self.randomness, year);
                self.meetings.extend(meetings.into_iter().filter(|meeting| meeting.time >= now));
            }
            if model.switches.gate {
                model.gate.close(region, &mut self.world, self.randomness, year);
            }
            self.next_year += 1;
        }
        for &(day, strength) in &region.declarations {
            if model.switches.norm && self.world.now <= day && day < end {
                self.world.commitment = model.norm.declare(self.world.commitment, strength);
            }
        }
    }

    /// Stage 2: people leave, others come.
    fn rotate(&mut self, days: f64, observer: &mut impl Observer) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        if !model.switches.turnover {
            return;
        }
        for (index, state) in region.states.iter().enumerate() {
            for &role in Role::ALL {
                let rate = model.leaving.turnover[role as usize]
                    * state.numbers.turnover
                    * state.support.turnover[role as usize];
                let hazard = &mut self.world.states[index].hazard[role as usize];
                *hazard += rate * days / DAYS_PER_YEAR;
                let hazard = *hazard;
                let (first, desks) = region.desks_of(index, role);
                let range = first as usize..(first + desks) as usize;
                // Few leave in a tick: scan for the first that does, cheaply, again and again.
                let mut from = range.start;
                while let Some(found) = self.world.people.leaves_at[from..range.end].iter().position(|at| *at < hazard)
                {
                    from += found;
                    self.replace(region, model, from as Desk);
                    observer.left(self.world.now, from as Desk);
                    self.welcome(from as Desk, observer);
                }
            }
        }
    }

    /// A newcomer takes a desk.
    fn replace(&mut self, region: &Region, model: &Model, desk: Desk) {
        let now = self.world.now;
        let unit = &self.world.units[region.unit_of(desk)];
        let routine = model.habit.of_unit(model.disuse, unit, now);
        let generation = self.world.people.at(desk).generation + 1;
        let (mut person, hazard) = model.newcomer(region, self.randomness, desk, generation, now, routine);
        let leaving = self.world.people.at_mut(desk);
        model.ties.hand_over(&model.turnover, region, self.randomness, desk, leaving);
        person.ties = std::mem::take(&mut leaving.ties);
        *leaving = person;
        self.world.people.leaves_at[desk as usize] += hazard;
    }

    /// Stage 2, second half: practitioners meet colleagues abroad.
    fn meet(&mut self, end: f64) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        while self.meetings.front().is_some_and(|meeting| meeting.time < end) {
            let Some(meeting) = self.meetings.pop_front().filter(|meeting| region.staffed(meeting.desk)) else {
                continue;
            };
            let partner = model.meetings.partner(&model.ties, region, self.randomness, &meeting);
            let evidence = Evidence { good: model.ties.acquaintance, bad: 0.0 };
            for (owner, to) in [(meeting.desk, partner), (partner, meeting.desk)] {
                model.work_together(region, &mut self.world, self.randomness, (owner, to), evidence);
            }
        }
    }

    /// Stages 3 to 7: cases arrive, are referred, recognised, sought and answered, all on the world as it stands.
    fn decide(&mut self, end: f64, observer: &mut impl Observer) -> Vec<Decided> {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        let why = observer.asks_why(self.world.now);
        let mut docket = std::mem::take(&mut self.docket);
        let mut all = Vec::new();
        while self.surfacings.front().is_some_and(|surfacing| surfacing.time < end) {
            let Some(surfacing) = self.surfacings.pop_front() else { break };
            let mut case = model.arrival.case(region, self.randomness, surfacing, &model.acts_table);
            let funnel = Funnel { model, region, world: &self.world, randomness: self.randomness };
            funnel.stand_in(&mut case);
            let Some(finder) = funnel.found(&case) else {
                observer.missed(self.world.now, &case);
                continue;
            };
            let number = self.world.cases + all.len() as u64;
            all.push(decide_one(&funnel, &mut docket, case, finder, number, why));
        }
        self.world.cases += all.len() as u64;
        self.docket = docket;
        all
    }

    /// Stage 8: accepted cooperations open; those due in this tick conclude.
    fn conclude(&mut self, decided: &mut [Decided], end: f64) -> Vec<Conclusion> {
        self.world.open.extend(decided.iter_mut().filter_map(|decided| decided.cooperation.take()));
        let observation = self.setup.model.switches.observation;
        let mut concluded = Vec::new();
        while self.world.open.peek().is_some_and(|open| open.due < end) {
            let Some(cooperation) = self.world.open.pop() else { break };
            let state = &self.setup.region.states[cooperation.asking].numbers;
            let recording = if observation { state.recording } else { 1.0 };
            let rescued = if cooperation.rescue { cooperation.victims } else { 0 };
            concluded.push(Conclusion {
                recorded_rescues: recorded(rescued, recording, cooperation.recording),
                recorded_arrests: recorded(cooperation.arrests, recording, cooperation.recording),
                cooperation,
            });
        }
        concluded
    }

    /// Stage 12: institutions see what was done.
    fn adapt(&mut self, decided: &[Decided], days: f64) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        for Decided { record, .. } in decided {
            for state in [record.case.here, record.case.there] {
                model.institutions.count(&mut self.world.states[state], record.ending == Ending::Accepted);
            }
            self.world.recognised += f64::from(u8::from(record.ending.recognised()));
            self.world.sought += f64::from(u8::from(record.request.is_some()));
        }
        let practice = if self.world.recognised > 0.0 { self.world.sought / self.world.recognised } else { 0.0 };
        self.world.commitment = model.norm.fade(self.world.commitment, days, practice);
        if model.switches.trust {
            model.trust.return_to_start(&mut self.world, days);
        }
        // Nothing fades to nothing.
        for state in self.world.states.iter_mut().filter(|state| state.lifted != 0.0) {
            state.lifted = model.norm.fade(state.lifted, days, practice);
        }
        self.history.push(counts_of(decided));
        model.institutions.adapt(model.mode, &model.norm, region, &mut self.world, days);
    }
}

/// What triggers may see of a tick.
fn counts_of(decided: &[Decided]) -> TickCounts {
    let mut counts = TickCounts::default();
    for Decided { record, .. } in decided {
        let ngo = record.finder == Finder::Ngo;
        counts.arrived += 1;
        counts.found_by_ngo += u32::from(ngo);
        counts.referred += u32::from(ngo && record.ending != Ending::Withheld);
        counts.recognised += u32::from(record.ending.recognised());
        counts.sought += u32::from(record.request.is_some());
        counts.accepted += u32::from(record.ending == Ending::Accepted);
    }
    counts
}

/// Decides a found case on the world as it stands, and changes nothing; `why` asks for barriers and litmus.
pub fn decide_one(
    funnel: &Funnel<'_>,
    docket: &mut Docket,
    case: Case,
    finder: Finder,
    number: u64,
    why: bool,
) -> Decided {
    let outcome = funnel.open(docket, &case, finder, why);
    let handled = outcome.ending.recognised();
    let litmus = (why && handled).then(|| funnel.litmus(docket, &case));
    let request = outcome.sought.map(|place| request(funnel, docket, &case, place, outcome.ending));
    let cooperation = match (request, outcome.sought, outcome.ending) {
        (Some(request), Some(place), Ending::Accepted) => {
            Some(open_cooperation(funnel, docket, &case, finder, number, (place, &request)))
        }
        _ => None,
    };
    let communications = match (&request, &cooperation) {
        (_, Some(_)) => case.acts,
        (Some(_), None) => 1,
        (None, None) => 0,
    };
    let recording =
        if funnel.model.switches.observation { funnel.region.states[case.here].numbers.recording } else { 1.0 };
    let binding = (why && outcome.ending != Ending::Accepted).then(|| funnel.binding(docket, &case));
    let record = CaseRecord {
        handler: funnel.handler(&case),
        role: funnel.handler_role(&case),
        finder,
        ending: outcome.ending,
        by_habit: outcome.by_habit,
        request,
        communications,
        recorded_communications: recorded(communications, recording, case.noise.recorded_communications),
        binding,
        litmus,
        case,
    };
    Decided { record, cooperation }
}

fn request(funnel: &Funnel<'_>, docket: &Docket, case: &Case, place: usize, ending: Ending) -> Request {
    let alternative = &docket.alternatives[place];
    let tools = &funnel.model.tools;
    let tool = alternative.tool as usize;
    let delay = (ending == Ending::Accepted).then(|| {
        let z = normal_quantile(funnel.chance(docket, place).delay);
        funnel.model.execution.delay(tools.delay[tool], z) * funnel.delay_left(docket, case, place)
    });
    Request {
        tool: alternative.tool,
        counterpart: alternative.counterpart,
        known: alternative.known.is_some(),
        brokered: alternative.brokered,
        keeps: funnel.keeps(docket, case, place),
        well_formed: funnel.well_formed(docket, case, place),
        delay,
        late: delay.is_some_and(|delay| delay > tools.deadline[tool]),
    }
}

fn open_cooperation(
    funnel: &Funnel<'_>,
    docket: &Docket,
    case: &Case,
    finder: Finder,
    number: u64,
    (place, request): (usize, &Request),
) -> OpenCooperation {
    let Funnel { model, region, world, .. } = funnel;
    let chance = funnel.chance(docket, place);
    let tool = request.tool;
    let handler = funnel.handler(case);
    let familiarity = |desk: Desk| model.familiarity.with(world.people.at(desk), tool, world.now);
    let harmonisation = model.institutions.harmonisation(region, world, case.here, case.there);
    let (here, there) = (&region.states[case.here].numbers, &region.states[case.there].numbers);
    let legal_fit = execution::legal_fit(model.tools.legal_sensitivity[tool as usize], harmonisation);
    let prospects = execution::Prospects {
        suitability: world.suitability(tool),
        legal_fit,
        competence: (familiarity(handler) + familiarity(request.counterpart)) / 2.0,
        complicity: (here.complicity, there.complicity),
    };
    let yields = |potential: f64, u: f64| model.switches.execution && u < model.execution.chance(potential, &prospects);
    let arrest = yields(model.tools.arrest[tool as usize], chance.arrest);
    let prosecution = model.execution.prosecution * legal_fit * world.priority(case.there);
    let generation = |desk: Desk| world.people.at(desk).generation;
    OpenCooperation {
        due: world.now + request.delay.unwrap_or(0.0),
        since: world.now,
        case: number,
        asking: case.here,
        asked: case.there,
        asker: (handler, generation(handler)),
        counterpart: (request.counterpart, generation(request.counterpart)),
        tool,
        acts: case.acts,
        stable: request.known || request.brokered,
        keeps: request.keeps,
        victims: case.victims,
        rescue: yields(model.tools.rescue[tool as usize], chance.rescue),
        arrests: if arrest { case.culprits } else { 0 },
        prosecution: arrest && chance.prosecution < prosecution,
        leak: chance.leak < model.execution.leak * there.complicity,
        late: request.late,
        referrer: (finder == Finder::Ngo).then(|| (case.worker, generation(case.worker))),
        recording: case.noise.recorded_result,
    }
}
