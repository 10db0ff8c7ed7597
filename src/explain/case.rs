//! One case: everything that bore on it, what was decided, and what else could have come of it.
//!
//! The run is walked to the tick of the case; its cases are decided on the world as it stands then, so that one look at that world
//! gives all that was weighed. Whatever a case did not reach is gathered too: of a case that an NGO kept back it is told what the officer
//! would have done. What removing barriers would have brought is a counterfactual of the model, with the same noise.

use super::name::practitioner;
use super::scene::Scene;
use crate::diagnostic::Diagnostic;
use crate::engine::{Setup, Simulation, decide_one};
use crate::mechanism::arrival::Case;
use crate::mechanism::choice::{Choice, Removed, Situation};
use crate::mechanism::funnel::{Docket, Finder, Funnel};
use crate::mechanism::habit::{Impulse, Variant, arbitrate};
use crate::quantity::{Barrier, Date, Ending, Tool};
use crate::random::{Purpose, Randomness, expit, logistic};
use crate::record::{Blind, CaseRecord, Observer, View, Window};
use crate::world::{Desk, OpenCooperation};
use std::sync::Arc;

/// A case of the recorded window, as the roll of a run lists it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Its number in order of arrival in the window, from 1.
    pub number: u32,
    /// The tick in which it was decided, from the start of the run.
    pub tick: u64,
    /// The address of its luck.
    pub address: (u64, u64),
    /// Where it ended.
    pub ending: Ending,
}

/// Which cases are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pick {
    /// The case of that number.
    pub case: Option<u32>,
    /// So many cases at random; the same ones each time.
    pub random: Option<u32>,
    /// Only cases that ended so.
    pub ending: Option<Ending>,
}

/// Something that happens if a uniform number lies below its chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The chance.
    pub chance: f64,
    /// The uniform number drawn.
    pub drawn: f64,
}

impl Chance {
    /// Whether it happens.
    pub fn happens(self) -> bool {
        self.drawn < self.chance
    }
}

/// One term of a utility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// What is weighed.
    pub name: &'static str,
    /// How much there is of it, where it is a level.
    pub level: Option<f64>,
    /// What it adds to the utility.
    pub amount: f64,
}

/// Who came upon a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Who.
    pub finder: Finder,
    /// Would the police have found it? The officer's name and chance.
    pub police: (String, Chance),
    /// The NGO worker's name and chance, asked only if the police did not find it.
    pub ngo: (String, Chance),
}

/// Habits that acted on the handler.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// The handler's own: cooperating, alone.
    pub own: (f64, f64),
    /// The unit's routine: cooperating, alone.
    pub unit: (f64, f64),
    /// The union of both: cooperating, alone.
    pub union: (f64, f64),
    /// The uniform number drawn.
    pub drawn: f64,
    /// Below this the handler cooperates from habit; at or above the other, handles alone from habit.
    pub bounds: (f64, f64),
    /// What habit did; `None` where habit only weighs in the utility.
    pub impulse: Option<Impulse>,
}

/// A tool and a counterpart open to the handler.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The tool.
    pub tool: Tool,
    /// The counterpart's desk.
    pub desk: Desk,
    /// The counterpart.
    pub counterpart: String,
    /// Days since the two last worked together or met, if they know each other.
    pub known: Option<f64>,
    /// Whether a liaison officer brings the two together.
    pub brokered: bool,
    /// What was weighed; the amounts add up to the utility.
    pub terms: Vec<Term>,
    /// The utility without noise.
    pub utility: f64,
    /// The noise.
    pub noise: f64,
    /// Whether this is what habit would take.
    pub habitual: bool,
    /// Whether this was sought.
    pub sought: bool,
}

/// What the counterpart weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was weighed; the amounts add up to the utility.
    pub terms: Vec<Term>,
    /// The utility of accepting, without noise.
    pub utility: f64,
    /// The noise.
    pub noise: f64,
    /// Does a counterpart who does not accept keep silent?
    pub silence: Chance,
}

/// One case explained.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its number in order of arrival in the window, from 1.
    pub number: u32,
    /// The replicate.
    pub replicate: u32,
    /// The first day of the tick in which it was decided.
    pub date: Date,
    /// Keys of the state where it surfaced and of the other.
    pub states: (Arc<str>, Arc<str>),
    /// The case as the run recorded it, with its binding barriers.
    pub record: CaseRecord,
    /// Who came upon it.
    pub found: Found,
    /// Was it referred? Terms of the logit, and the chance; `None` where the police found it.
    pub referral: Option<(Vec<Term>, Chance)>,
    /// Was it recognised?
    pub recognition: Chance,
    /// Who handled it, or would have.
    pub handler: String,
    /// Habits.
    pub habits: Habits,
    /// What was open to the handler, best first.
    pub openings: Vec<Opening>,
    /// What handling alone was worth: nothing but its noise.
    pub alone: f64,
    /// Whether the handler deliberates at all in this scenario; else a constant chance decides.
    pub deliberates: bool,
    /// The chance of seeking where nobody deliberates.
    pub constant: Chance,
    /// Whether the gate was shut.
    pub gate_shut: bool,
    /// Is the request sent back for approval? `None` if none was made.
    pub approval: Option<Chance>,
    /// What the counterpart weighed, where a request reached one and counterparts decide.
    pub answer: Option<Answer>,
    /// What came of a cooperation.
    pub cooperation: Option<OpenCooperation>,
    /// Barriers that bind alone.
    pub single: Vec<Barrier>,
    /// Pairs of barriers that bind together where none does alone.
    pub pairs: Vec<(Barrier, Barrier)>,
    /// Whether removing all barriers would have brought cooperation.
    pub together: bool,
}

/// Lists the recorded cases of a run.
pub fn roll(setup: &Arc<Setup>, replicate: u32) -> Vec<Entry> {
    struct Roll {
        window: Window,
        tick: u64,
        all: Vec<Entry>,
    }
    impl Observer for Roll {
        fn case(&mut self, now: f64, record: &CaseRecord) {
            if self.window.tick_of_case(now, record.case.time).is_some() {
                let number = self.all.len() as u32 + 1;
                let (address, ending) = (record.case.address, record.ending);
                self.all.push(Entry { number, tick: self.tick, address, ending });
            }
        }
        fn tick(&mut self, _view: View<'_>) {
            self.tick += 1;
        }
    }
    let mut roll = Roll { window: setup.window(), tick: 0, all: Vec::new() };
    Simulation::new(setup, replicate).run(setup.time.burn_in_ticks() + setup.time.ticks(), &mut roll);
    roll.all
}

/// The cases that are asked about.
///
/// # Errors
/// When there is no such case; the diagnostic says what there is.
pub fn pick(roll: &[Entry], pick: Pick, randomness: Randomness) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let refuse = |message: String, hint: String| Err(vec![Diagnostic::error(message).hint(hint)]);
    if roll.is_empty() {
        let hint = "try another replicate, or a longer window".to_owned();
        return refuse("no case arrives in this replicate".to_owned(), hint);
    }
    if let Some(number) = pick.case {
        return match roll.iter().find(|entry| entry.number == number) {
            Some(entry) => Ok(vec![*entry]),
            None => {
                let hint = format!("its recorded cases are numbered 1 to {}, in order of arrival", roll.len());
                refuse(format!("there is no case {number} in replicate {}", randomness.replicate), hint)
            }
        };
    }
    let mut left: Vec<Entry> =
        roll.iter().filter(|entry| pick.ending.is_none_or(|ending| entry.ending == ending)).copied().collect();
    if left.is_empty() {
        let mut endings: Vec<Ending> = roll.iter().map(|entry| entry.ending).collect();
        endings.sort();
        endings.dedup();
        let keys: Vec<&str> = endings.iter().map(|ending| ending.key()).collect();
        let wanted = pick.ending.map_or("", Ending::key);
        let message = format!("no case of replicate {} ended as `{wanted}`", randomness.replicate);
        return refuse(message, format!("endings that occur: {}", keys.join(", ")));
    }
    let mut chosen = Vec::new();
    let mut draws = randomness.at(Purpose::Bootstrap, 0, 0);
    for _ in 0..pick.random.unwrap_or(1) {
        if left.is_empty() {
            break;
        }
        let place = if pick.random.is_some() { draws.index(left.len()) } else { 0 };
        chosen.push(left.remove(place));
    }
    chosen.sort_by_key(|entry| entry.number);
    Ok(chosen)
}

/// Explains a case of the roll of that run.
pub fn account(setup: &Arc<Setup>, replicate: u32, entry: &Entry) -> Account {
    struct Keeper {
        address: (u64, u64),
        scene: Option<Scene>,
        found_before: u64,
        record: Option<(CaseRecord, u64)>,
    }
    impl Observer for Keeper {
        fn asks_why(&self, _now: f64) -> bool {
            true
        }
        fn deciding(&mut self, view: View<'_>) {
            self.scene = Some(Scene::of(view));
        }
        fn case(&mut self, _now: f64, record: &CaseRecord) {
            if record.case.address == self.address {
                self.record = Some((record.clone(), self.found_before));
            }
            self.found_before += 1;
        }
    }
    let mut simulation = Simulation::new(setup, replicate);
    simulation.run(u32::try_from(entry.tick).unwrap_or(u32::MAX), &mut Blind);
    let mut keeper = Keeper { address: entry.address, scene: None, found_before: 0, record: None };
    simulation.step(&mut keeper);
    let scene = keeper.scene.expect("a step decides cases once");
    let (record, before) = keeper.record.expect("the roll lists the cases of this very run");
    explain(setup, replicate, entry.number, &scene, (record, before))
}

fn explain(setup: &Setup, replicate: u32, number: u32, scene: &Scene, (record, before): (CaseRecord, u64)) -> Account {
    let Scene { model, region, world, .. } = scene;
    let funnel = scene.funnel();
    let case = &record.case;
    let mut docket = Docket::default();
    let outcome = funnel.open(&mut docket, case, record.finder, true);
    let mut scratch = Docket::default();
    let decided = decide_one(&funnel, &mut scratch, case.clone(), record.finder, world.cases + before, false);
    let handler = funnel.handler(case);
    let approval = outcome.sought.map(|place| {
        let tool = docket.alternatives[place].tool as usize;
        Chance { chance: docket.approval * model.tools.approval_exposure[tool], drawn: case.noise.approval }
    });
    let answered = matches!(record.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed);
    let answer = outcome.sought.filter(|_| answered && model.switches.response).map(|place| {
        let situation = funnel.weighed_by_counterpart(case, handler, &docket.alternatives[place]);
        let chance = funnel.chance(&docket, place);
        Answer {
            terms: terms(&model.choice, &situation),
            utility: model.choice.utility(&situation).0,
            noise: logistic(chance.response),
            silence: Chance { chance: model.choice.silence, drawn: chance.silence },
        }
    });
    let (single, pairs, together) = barriers(&funnel, &mut docket, case, record.ending);
    let date = setup.window().start.days() + libm::floor(world.now) as i32;
    Account {
        number,
        replicate,
        date: Date::from_days(date).unwrap_or(setup.time.start),
        states: (Arc::clone(&region.states[case.here].key), Arc::clone(&region.states[case.there].key)),
        found: found(scene, case, record.finder),
        referral: docket.referral.map(|referral| {
            let chance = Chance { chance: expit(referral.logit), drawn: case.noise.referral };
            (referral_terms(scene, case), chance)
        }),
        recognition: Chance { chance: docket.awareness * case.visibility, drawn: case.noise.recognition },
        handler: practitioner(region, world, handler),
        habits: habits(scene, &docket, case, handler),
        openings: openings(scene, &docket, case, outcome.sought),
        alone: docket.alone,
        deliberates: model.switches.choice,
        constant: Chance { chance: model.choice.constant, drawn: case.noise.alone },
        gate_shut: docket.gate_shut,
        approval,
        answer,
        cooperation: decided.cooperation,
        single,
        pairs,
        together,
        record,
    }
}

fn found(scene: &Scene, case: &Case, finder: Finder) -> Found {
    let Scene { region, world, .. } = scene;
    let funnel = scene.funnel();
    let (police, ngo) = (funnel.police_detection(case), funnel.ngo_detection(case));
    let name = |desk: Desk| practitioner(region, world, desk);
    Found {
        finder,
        police: (name(case.officer), Chance { chance: police, drawn: case.noise.police }),
        ngo: (name(case.worker), Chance { chance: ngo, drawn: case.noise.ngo }),
    }
}

fn referral_terms(scene: &Scene, case: &Case) -> Vec<Term> {
    let Scene { model, region, world, .. } = scene;
    let referral = &model.referral;
    let trust = referral.trust(&model.trust, region, world, case.worker);
    let norm = referral.norm(&model.norm, region, world, case.worker);
    let state = &region.states[case.here];
    let fear = referral.fear(state.numbers.protection, state.numbers.complicity, state.support.raids);
    let level = |name, level: f64, amount| Term { name, level: Some(level), amount };
    vec![
        Term { name: "intercept", level: None, amount: referral.intercept },
        level("trust in the authorities", trust, referral.trust_weight * (2.0 * trust - 1.0)),
        level("what colleagues do", norm, referral.norm_weight * (2.0 * norm - 1.0)),
        level("fear for the victims", fear, -referral.fear_weight * fear),
    ]
}

/// What a utility is made of; the amounts add up to it.
fn terms(choice: &Choice, s: &Situation) -> Vec<Term> {
    let level = |name, level: f64, amount| Term { name, level: Some(level), amount };
    vec![
        Term { name: "intercept", level: None, amount: s.intercept },
        level("trust", s.trust, choice.trust * (2.0 * s.trust - 1.0)),
        level("norm", s.norm, choice.norm * (2.0 * s.norm - 1.0)),
        level("priority", s.priority, choice.priority * s.priority),
        level("severity", s.severity, choice.severity * s.severity),
        level("familiarity", s.familiarity, -choice.familiarity * (1.0 - s.familiarity)),
        level("suitability", s.suitability, -choice.suitability * (1.0 - s.suitability)),
        level("harmonisation", s.harmonisation, -choice.legal * s.legal_sensitivity * (1.0 - s.harmonisation)),
        level("language", s.language, -choice.language * (1.0 - s.language)),
        level("effort", s.effort, -choice.effort * s.effort),
        level("workload", s.workload, -choice.workload * s.workload),
    ]
}

fn openings(scene: &Scene, docket: &Docket, case: &Case, sought: Option<usize>) -> Vec<Opening> {
    let Scene { model, region, world, .. } = scene;
    let funnel = scene.funnel();
    let mut all: Vec<Opening> = docket
        .alternatives
        .iter()
        .enumerate()
        .map(|(place, alternative)| {
            let mut terms = terms(&model.choice, &funnel.weighed(docket, case, place));
            if model.variant == Variant::Utility {
                let (cooperating, alone) = docket.habits;
                let amount = model.habit.kappa * (cooperating - alone);
                terms.push(Term { name: "habit", level: Some(cooperating - alone), amount });
            }
            Opening {
                tool: alternative.tool,
                desk: alternative.counterpart,
                counterpart: practitioner(region, world, alternative.counterpart),
                known: alternative.known.map(|used| world.now - used),
                brokered: alternative.brokered,
                terms,
                utility: alternative.utility,
                noise: alternative.noise,
                habitual: docket.habitual == Some(place),
                sought: sought == Some(place),
            }
        })
        .collect();
    all.sort_by(|a, b| (b.utility + b.noise).total_cmp(&(a.utility + a.noise)));
    all
}

fn habits(scene: &Scene, docket: &Docket, case: &Case, handler: Desk) -> Habits {
    let Scene { model, region, world, .. } = scene;
    let (cooperating, alone) = docket.habits;
    let sum = cooperating + alone;
    let either = crate::mechanism::habit::union(cooperating, alone);
    let bounds = if sum > 0.0 { (either * cooperating / sum, 1.0 - either * alone / sum) } else { (0.0, 1.0) };
    Habits {
        own: model.habit.of_person(model.disuse, world.people.at(handler), world.now),
        unit: model.habit.of_unit(model.disuse, &world.units[region.unit_of(handler)], world.now),
        union: docket.habits,
        drawn: case.noise.habit,
        bounds,
        impulse: (model.variant == Variant::Arbitration).then(|| arbitrate(cooperating, alone, case.noise.habit)),
    }
}

/// Barriers that bind alone, pairs where none does, and whether all together would do.
fn barriers(
    funnel: &Funnel<'_>,
    docket: &mut Docket,
    case: &Case,
    ending: Ending,
) -> (Vec<Barrier>, Vec<(Barrier, Barrier)>, bool) {
    if ending == Ending::Accepted {
        return (Vec::new(), Vec::new(), false);
    }
    let mut accepted = |removed| funnel.walk(docket, case, removed).ending == Ending::Accepted;
    let single: Vec<Barrier> =
        Barrier::ALL.iter().copied().filter(|barrier| accepted(Removed::barrier(*barrier))).collect();
    if !single.is_empty() {
        return (single, Vec::new(), true);
    }
    let mut pairs = Vec::new();
    for (place, &a) in Barrier::ALL.iter().enumerate() {
        for &b in &Barrier::ALL[place + 1..] {
            if accepted(Removed::barrier(a).and(Removed::barrier(b))) {
                pairs.push((a, b));
            }
        }
    }
    let together = accepted(Removed::all_barriers());
    (single, pairs, together)
}
