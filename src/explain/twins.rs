//! Two runs of one replicate in lockstep, and what makes them differ.
//!
//! Every piece of the world that differs between the twins keeps what made it begin to differ, and what last changed the difference. An
//! act from outside (an intervention, a hand, other parameters) shows in the arm alone, before the cases of the tick are decided. A
//! case that was decided otherwise changes the pieces that `decided_elements` and `concluded_elements` list. Newcomers carry on their
//! unit's routine; of a tie that was crowded out the cause is that of the tie that crowds.

use super::element::{Cause, Difference, Element, differing};
use super::fate::Fate;
use super::lever::{Hybrid, Lever, Parties, Side};
use super::name::{desk_name, unit_name};
use super::scene::Scene;
use super::spread::{Node, Proof, Reach, Root, SHARES, Spread};
use crate::diagnostic::Diagnostic;
use crate::engine::{Setup, Simulation};
use crate::mechanism::arrival::Case;
use crate::mechanism::funnel::{Docket, Finder};
use crate::quantity::{Carrier, Date, Ending};
use crate::record::{CaseRecord, Conclusion, Observer, View, Window};
use crate::scenario::TimeFrame;
use crate::world::{Desk, OpenCooperation, Region, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is kept of one world's tick.
#[derive(Default)]
struct Watcher {
    scene: Option<Scene>,
    /// In the order of arrival: the case, and whether it was found, with its ending.
    cases: Vec<(Case, Option<Ending>)>,
    conclusions: Vec<OpenCooperation>,
    left: BTreeSet<Desk>,
    touched: BTreeMap<Desk, usize>,
    /// Whether the two worlds have other rules or numbers in this tick.
    ruled: bool,
}

impl Observer for Watcher {
    fn deciding(&mut self, view: View<'_>) {
        self.scene = Some(Scene::of(view));
    }
    fn missed(&mut self, _now: f64, case: &Case) {
        self.cases.push((case.clone(), None));
    }
    fn case(&mut self, _now: f64, record: &CaseRecord) {
        self.cases.push((record.case.clone(), Some(record.ending)));
    }
    fn conclusion(&mut self, _now: f64, conclusion: &Conclusion) {
        self.conclusions.push(conclusion.cooperation.clone());
    }
    fn left(&mut self, _now: f64, desk: Desk) {
        self.left.insert(desk);
    }
    fn touched(&mut self, _now: f64, intervention: usize, desk: Desk) {
        self.touched.insert(desk, intervention);
    }
}

/// Two runs of one replicate in lockstep.
pub struct Twins {
    baseline: Simulation,
    arm: Simulation,
    window: Window,
    /// Whether the two worlds have other parameters or facts.
    parameters: bool,
    /// The one intervention in force in the arm, if there is exactly one.
    in_force: Option<usize>,
    /// The two worlds at the end of the last tick, once they differ.
    before: Option<(World, World)>,
    causes: BTreeMap<Element, Difference>,
    /// Every cause that became a node.
    roots: BTreeMap<Cause, u32>,
    /// Nodes of cooperations under way, by world and number of the case.
    open: [BTreeMap<u64, usize>; 2],
    /// Recorded cases so far.
    numbered: (u32, u32),
    clock: u64,
    spread: Spread,
}

/// One case in both worlds.
struct Matched {
    /// As it surfaces.
    cases: [Option<Case>; 2],
    /// As somebody meets it: others may stand in for those who are away.
    met: [Option<Case>; 2],
    fates: [Fate; 2],
    numbers: (Option<u32>, Option<u32>),
    /// Numbers in the order of arrival from the start of the run.
    arrivals: [Option<u64>; 2],
}

impl Twins {
    /// Two runs that have not yet begun, or are at the same tick of the same replicate.
    ///
    /// # Errors
    /// When they cannot be twins; every reason is told.
    pub fn new(baseline: Simulation, arm: Simulation) -> Result<Self, Vec<Diagnostic>> {
        let errors = unlike(baseline.setup(), arm.setup());
        if !errors.is_empty() {
            return Err(errors);
        }
        let (window, region) = (baseline.setup().window(), &baseline.setup().region);
        let parameters = baseline.setup().model != arm.setup().model || *region != arm.setup().region;
        let replicate = baseline.view().randomness.replicate;
        let states = region.states.iter().map(|state| Arc::clone(&state.key)).collect();
        Ok(Self {
            window,
            parameters,
            in_force: None,
            before: None,
            causes: BTreeMap::new(),
            roots: BTreeMap::new(),
            open: [BTreeMap::new(), BTreeMap::new()],
            numbered: (0, 0),
            clock: 0,
            spread: Spread {
                replicate,
                states,
                nodes: Vec::new(),
                accepted: (0, 0),
                arrived: (0, 0),
                shares: [[0; Reach::COUNT]; Carrier::COUNT],
            },
            baseline,
            arm,
        })
    }

    /// The arm, to be changed by hand between two ticks.
    pub fn arm_mut(&mut self) -> &mut Simulation {
        &mut self.arm
    }

    /// The baseline's run as it stands.
    pub fn baseline(&self) -> &Simulation {
        &self.baseline
    }

    /// Runs both so many ticks.
    pub fn run(&mut self, ticks: u32) {
        (0..ticks).for_each(|_| self.step());
    }

    /// What was found.
    pub fn finish(self) -> Spread {
        self.spread
    }

    /// Walks one tick of both.
    pub fn step(&mut self) {
        let (mut a, mut b) = (Watcher::default(), Watcher::default());
        self.baseline.step(&mut a);
        self.arm.step(&mut b);
        let scenes =
            [a.scene.take().expect("a step decides cases once"), b.scene.take().expect("a step decides cases once")];
        self.clock += 1;
        b.ruled = scenes[0].model != scenes[1].model
            || (scenes[0].region.states.iter().zip(&scenes[1].region.states)).any(|(p, q)| p.numbers != q.numbers);
        self.before_deciding(&scenes, &a, &b);
        let matched = self.matched(&scenes, &a, &b);
        let differ = self.compare(&scenes, matched);
        self.after_deciding(&differ, [&a, &b]);
    }

    /// What came to differ before the tick's cases were decided: by interventions, rotation and meetings.
    fn before_deciding(&mut self, scenes: &[Scene; 2], a: &Watcher, b: &Watcher) {
        let region = &scenes[1].region;
        let (x, y) = (&scenes[0].world, &scenes[1].world);
        let found: BTreeSet<Element> = differing(scenes[0].view(), scenes[1].view()).into_iter().collect();
        self.in_force = in_force(&scenes[1].world);
        self.causes.retain(|element, _| found.contains(element));
        for &element in &found {
            let rotated = element.desk().is_some_and(|desk| a.left.contains(&desk) && b.left.contains(&desk));
            let routine = match element {
                Element::Habit(desk) if rotated => self.causes.get(&Element::Routine(region.unit_of(desk))).copied(),
                _ => None,
            };
            if let Some(routine) = routine {
                self.causes.insert(element, routine);
                continue;
            }
            let changed = |old: &World, new: &Scene| element.differs(new.with(old), new.view());
            let acted = self.before.as_ref().is_some_and(|(p, q)| changed(q, &scenes[1]) && !changed(p, &scenes[0]));
            if self.causes.contains_key(&element) && !acted {
                continue;
            }
            let outside = || Difference::outside(self.outside(element, region, b), self.clock);
            let difference = self.crowded_out(element, x, y).unwrap_or_else(outside);
            self.causes.insert(element, difference);
        }
    }

    /// A tie that one of the worlds lacks, and that is not new in the arm, was crowded out by another that differs, if there is one.
    fn crowded_out(&self, element: Element, baseline: &World, arm: &World) -> Option<Difference> {
        let Element::Tie(owner, to) = element else { return None };
        let knows = |world: &World| world.people.at(owner).ties.iter().any(|tie| tie.to == to);
        let new = !self.before.as_ref().is_some_and(|(_, before)| knows(before));
        if knows(arm) && (knows(baseline) || new) {
            return None;
        }
        let ties = self.causes.range(Element::Tie(owner, 0)..=Element::Tie(owner, Desk::MAX));
        ties.map(|(_, difference)| *difference).max_by_key(|difference| difference.when)
    }

    /// The outside cause of a piece that differs.
    fn outside(&self, element: Element, region: &Region, arm: &Watcher) -> Cause {
        let by_desk = element.desk().and_then(|desk| arm.touched.get(&desk).map(|number| (desk, *number)));
        if let Some((desk, number)) = by_desk {
            return Cause::Person(desk, Some(number));
        }
        let in_unit = |unit| arm.touched.iter().find(|(desk, _)| region.unit_of(**desk) == unit);
        if let Some((unit, (_, number))) = element.unit().and_then(|unit| in_unit(unit).map(|found| (unit, found))) {
            return Cause::Unit(unit, Some(*number));
        }
        match (self.parameters, element.desk(), element.unit()) {
            (true, ..) => Cause::Parameters,
            (false, None, None) => Cause::Institutions(self.in_force),
            // Numbers that follow a parameter which an intervention has changed.
            _ if self.in_force.is_some() && arm.ruled => Cause::Institutions(self.in_force),
            (false, Some(desk), _) => Cause::Person(desk, self.in_force),
            (false, None, Some(unit)) => Cause::Unit(unit, self.in_force),
        }
    }

    /// The tick's cases, matched by address, with what became of them in both worlds.
    fn matched(&mut self, scenes: &[Scene; 2], a: &Watcher, b: &Watcher) -> Vec<Matched> {
        let mut all: BTreeMap<(u64, u64), Matched> = BTreeMap::new();
        for (world, watcher) in [a, b].into_iter().enumerate() {
            let mut arrivals = scenes[world].world.cases;
            for (case, ending) in &watcher.cases {
                let recorded = self.window.tick_of_case(scenes[world].world.now, case.time).is_some();
                let entry = all.entry(case.address).or_insert_with(|| Matched {
                    cases: [None, None],
                    met: [None, None],
                    fates: [Fate::Absent, Fate::Absent],
                    numbers: (None, None),
                    arrivals: [None, None],
                });
                entry.cases[world] = scenes[world].case(case.address, case.time);
                entry.met[world] = Some(case.clone());
                let Some(ending) = ending else { continue };
                entry.arrivals[world] = Some(arrivals);
                arrivals += 1;
                if recorded {
                    let (counter, number, arrived, accepted) = if world == 0 {
                        let spread = &mut self.spread;
                        (&mut self.numbered.0, &mut entry.numbers.0, &mut spread.arrived.0, &mut spread.accepted.0)
                    } else {
                        let spread = &mut self.spread;
                        (&mut self.numbered.1, &mut entry.numbers.1, &mut spread.arrived.1, &mut spread.accepted.1)
                    };
                    *counter += 1;
                    *number = Some(*counter);
                    *arrived += 1;
                    *accepted += u64::from(*ending == Ending::Accepted);
                }
            }
        }
        let mut docket = Docket::default();
        let mut matched: Vec<Matched> = all.into_values().collect();
        for one in &mut matched {
            for ((scene, case), fate) in scenes.iter().zip(&one.cases).zip(&mut one.fates) {
                *fate = Fate::of(&scene.funnel(), &mut docket, case.as_ref());
            }
        }
        let time = |one: &Matched| one.cases.iter().flatten().map(|case| case.time).fold(f64::INFINITY, f64::min);
        matched.sort_by(|x, y| time(x).total_cmp(&time(y)));
        matched
    }

    /// Makes nodes of the cases that differ.
    fn compare(&mut self, scenes: &[Scene; 2], matched: Vec<Matched>) -> Vec<(usize, Matched)> {
        let mut hybrid = None;
        let mut differ = Vec::new();
        for one in matched {
            if one.fates[0].like(&one.fates[1]) {
                continue;
            }
            let hybrid = hybrid.get_or_insert_with(|| Hybrid::new(&scenes[0], &scenes[1]));
            let place = self.node(scenes, hybrid, &one);
            for world in 0..2 {
                if let Some(number) = one.arrivals[world].filter(|_| one.fates[world].accepted()) {
                    self.open[world].insert(number, place);
                }
            }
            differ.push((place, one));
        }
        differ
    }

    fn node(&mut self, scenes: &[Scene; 2], hybrid: &mut Hybrid<'_>, one: &Matched) -> usize {
        let region = &scenes[1].region;
        let cases = [one.cases[0].as_ref(), one.cases[1].as_ref()];
        let met = [cases[0], cases[1], one.met[0].as_ref(), one.met[1].as_ref()];
        let parties = Parties::of([&scenes[0], &scenes[1]], &met, [&one.fates[0], &one.fates[1]]);
        let ends_like = one.fates[0].ends_like(&one.fates[1]);
        let gives_back = |fate: &Fate| {
            if ends_like { fate.like(&one.fates[0]) } else { fate.ends_like(&one.fates[0]) }
        };
        let mut via: Vec<Lever> =
            Lever::all().filter(|lever| gives_back(&hybrid.fate(*lever, &parties, cases))).collect();
        let mut proof = Proof::Needed;
        if via.is_empty() {
            let brings_about =
                |fate: &Fate| if ends_like { fate.like(&one.fates[1]) } else { fate.ends_like(&one.fates[1]) };
            let mut reverse = Hybrid::new(&scenes[1], &scenes[0]);
            let turned = [cases[1], cases[0]];
            via.extend(Lever::all().filter(|lever| brings_about(&reverse.fate(*lever, &parties, turned))));
            proof = Proof::Enough;
        }
        if via.is_empty() {
            via.push(Lever { carrier: Carrier::Several, side: Side::Asking });
            proof = Proof::Together;
        }
        let differences: Vec<Difference> =
            via.iter().map(|lever| self.difference_of(*lever, &parties, region)).collect();
        let latest = *differences.iter().max_by_key(|difference| difference.when).expect("there is a carrier at least");
        let parent = self.id_of(latest.last, scenes);
        let case = one.met[1].as_ref().or(one.met[0].as_ref()).expect("a matched case is in one of the worlds");
        let gained = i64::from(one.fates[1].accepted()) - i64::from(one.fates[0].accepted());
        let now = scenes[1].world.now;
        let recorded = self.window.tick_of_case(now, case.time).is_some();
        if recorded {
            // Both sides of a carrier count as one, so that at most 13 share, and 13 divides SHARES.
            let carriers: BTreeSet<Carrier> = via.iter().map(|lever| lever.carrier).collect();
            for carrier in &carriers {
                let of_carrier = via.iter().zip(&differences).filter(|(lever, _)| lever.carrier == *carrier);
                let latest = of_carrier.map(|(_, difference)| difference).max_by_key(|difference| difference.when);
                let reach = latest.map_or(Reach::Direct, Reach::of);
                self.spread.shares[*carrier as usize][reach as usize] += gained * SHARES / carriers.len() as i64;
            }
        }
        let mut told = (one.fates[0].words(region), one.fates[1].words(region));
        if told.0 == told.1 {
            told = (one.fates[0].words_in_full(region), one.fates[1].words_in_full(region));
        }
        let handler = if case.to_prosecution { case.prosecutor } else { case.officer };
        let place = self.spread.nodes.len();
        self.spread.nodes.push(Node {
            id: place as u32 + 1,
            parent: Some(parent),
            root: Root::Case,
            date: self.date(now),
            recorded,
            state: Some(case.here),
            other: Some(case.there),
            handler: desk_name(region, handler),
            numbers: one.numbers,
            via,
            proof,
            reach: Reach::of(&latest),
            endings: (one.fates[0].key(), one.fates[1].key()),
            gained,
            told,
        });
        place
    }

    /// Why a group of inputs differs: of its pieces that differ, the one changed last; of ties, first those to whoever was asked.
    fn difference_of(&self, lever: Lever, parties: &Parties, region: &Region) -> Difference {
        let elements = parties.elements(lever, region);
        let latest = |wanted: &dyn Fn(Element) -> bool| {
            let found =
                elements.iter().filter(|element| wanted(**element)).filter_map(|element| self.causes.get(element));
            found.copied().max_by_key(|difference| difference.when)
        };
        let to_asked = |element: Element| matches!(element, Element::Tie(_, to) if parties.asked.contains(&to));
        let unknown = if self.parameters { Cause::Parameters } else { Cause::Institutions(self.in_force) };
        latest(&to_asked).or_else(|| latest(&|_| true)).unwrap_or(Difference::outside(unknown, 0))
    }

    /// The node of a cause; roots become nodes when something first comes of them.
    fn id_of(&mut self, cause: Cause, scenes: &[Scene; 2]) -> u32 {
        if let Cause::Case(place) = cause {
            return self.spread.nodes[place].id;
        }
        if let Some(id) = self.roots.get(&cause) {
            return *id;
        }
        let region = &scenes[1].region;
        let (root, state, handler) = match cause {
            Cause::Person(desk, number) => {
                (Root::Person, Some(region.state_of(desk)), self.by(desk_name(region, desk), number))
            }
            Cause::Unit(unit, number) => {
                (Root::Unit, Some(region.units[unit].state), self.by(unit_name(region, unit), number))
            }
            Cause::Institutions(number) => (Root::Institutions, None, self.by("institutions".to_owned(), number)),
            Cause::Parameters | Cause::Case(_) => (Root::Parameters, None, "parameters and facts".to_owned()),
        };
        let id = self.spread.nodes.len() as u32 + 1;
        self.roots.insert(cause, id);
        self.spread.nodes.push(Node {
            id,
            parent: None,
            root,
            date: self.date(scenes[1].world.now),
            recorded: true,
            state,
            other: None,
            handler,
            numbers: (None, None),
            via: Vec::new(),
            proof: Proof::Needed,
            reach: Reach::Direct,
            endings: ("", ""),
            gained: 0,
            told: (String::new(), String::new()),
        });
        id
    }

    /// Who or what was acted on, with the key of the intervention.
    fn by(&self, name: String, intervention: Option<usize>) -> String {
        let all = &self.arm.setup().program.interventions;
        match intervention.and_then(|place| all.get(place)) {
            Some(intervention) => format!("{name} ({})", intervention.key),
            None => name,
        }
    }

    fn date(&self, now: f64) -> Date {
        Date::from_days(self.window.start.days() + libm::floor(now) as i32).unwrap_or(self.window.start)
    }

    /// What came to differ by the tick's decisions and conclusions.
    fn after_deciding(&mut self, differ: &[(usize, Matched)], watchers: [&Watcher; 2]) {
        let (x, y) = (self.baseline.world(), self.arm.world());
        let region = &self.arm.setup().region;
        let found: BTreeSet<Element> = differing(self.baseline.view(), self.arm.view()).into_iter().collect();
        self.causes.retain(|element, _| found.contains(element));
        let mut touched: Vec<(usize, BTreeSet<Element>)> = Vec::new();
        for (place, one) in differ {
            let mut elements = BTreeSet::new();
            one.fates.iter().for_each(|fate| decided_elements(fate, region, &mut elements));
            touched.push((*place, elements));
        }
        for (world, watcher) in watchers.into_iter().enumerate() {
            for cooperation in &watcher.conclusions {
                if let Some(place) = self.open[world].remove(&cooperation.case) {
                    let mut elements = BTreeSet::new();
                    concluded_elements(cooperation, region, &mut elements);
                    touched.push((place, elements));
                }
            }
        }
        let last = self.spread.nodes.iter().rposition(|node| node.root == Root::Case);
        for (place, elements) in touched {
            for element in elements {
                match element {
                    // A new tie crowds out an old one: all ties of the owner that begin to differ.
                    Element::Tie(owner, Desk::MAX) => {
                        for &tie in found.range(Element::Tie(owner, 0)..=element) {
                            self.causes.entry(tie).or_insert(Difference::by_case(place, self.clock, None));
                        }
                    }
                    one if found.contains(&one) => {
                        let before = self.causes.get(&one).copied();
                        self.causes.insert(one, Difference::by_case(place, self.clock, before));
                    }
                    _ => {}
                }
            }
        }
        for &element in &found {
            if self.causes.contains_key(&element) {
                continue;
            }
            let kin = match element {
                Element::Awareness(desk) => self.causes.get(&Element::Familiarity(desk)).copied(),
                Element::Familiarity(desk) => self.causes.get(&Element::Awareness(desk)).copied(),
                Element::Commitment | Element::Institutions => {
                    last.filter(|_| !self.parameters).map(|place| Difference::by_case(place, self.clock, None))
                }
                _ => self.crowded_out(element, x, y),
            };
            let outside = || Difference::outside(self.outside(element, region, watchers[1]), self.clock);
            let difference = kin.unwrap_or_else(outside);
            self.causes.insert(element, difference);
        }
        // As long as the worlds are the same there is nothing to compare with.
        self.before = Some((x.clone(), y.clone()));
    }
}

/// The one intervention in force, if there is exactly one.
fn in_force(world: &World) -> Option<usize> {
    let mut places = world.interventions.iter().enumerate().filter(|(_, state)| state.level > 0.0);
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Some(place),
        _ => None,
    }
}

/// The pieces that a decision changes. `Tie(owner, Desk::MAX)` stands for all ties of an owner.
fn decided_elements(fate: &Fate, region: &Region, all: &mut BTreeSet<Element>) {
    let Some(decided) = fate.decided() else { return };
    let record = &decided.record;
    let (case, handler) = (&record.case, record.handler);
    let unit = region.unit_of(handler);
    if record.finder == Finder::Ngo {
        let ngo = region.unit_of(case.worker);
        all.insert(Element::UnitSeen(ngo));
        if !matches!(record.ending, Ending::Withheld | Ending::Accepted) {
            all.extend([Element::Authorities(case.worker), Element::Generalised(ngo, case.here)]);
        }
    }
    if !record.ending.recognised() {
        return;
    }
    all.extend([Element::Awareness(case.officer), Element::Workload(handler), Element::UnitSeen(unit)]);
    all.extend([Element::Habit(handler), Element::Routine(unit)]);
    let Some(request) = &record.request else { return };
    let asked = request.counterpart;
    if matches!(record.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed) {
        all.extend([Element::Seen(handler), Element::Seen(asked)]);
        all.extend([Element::Tie(handler, asked), Element::Generalised(unit, case.there)]);
    }
    if record.ending == Ending::Accepted {
        all.extend([Element::Tie(asked, handler), Element::Workload(asked)]);
        all.extend([Element::Tie(handler, Desk::MAX), Element::Tie(asked, Desk::MAX)]);
    }
}

/// The pieces that the conclusion of a cooperation changes.
fn concluded_elements(cooperation: &OpenCooperation, region: &Region, all: &mut BTreeSet<Element>) {
    let sides = [(cooperation.asker.0, cooperation.counterpart.0), (cooperation.counterpart.0, cooperation.asker.0)];
    for (own, other) in sides {
        let unit = region.unit_of(own);
        all.extend([Element::Habit(own), Element::Routine(unit), Element::Familiarity(own)]);
        all.extend([Element::Generalised(unit, region.state_of(other)), Element::Tie(own, other)]);
        all.insert(Element::Tie(own, Desk::MAX));
    }
    all.insert(Element::Awareness(cooperation.counterpart.0));
    if let Some((worker, _)) = cooperation.referrer {
        all.insert(Element::Authorities(worker));
        all.insert(Element::Generalised(region.unit_of(worker), region.state_of(worker)));
    }
}

/// Why two setups cannot be twins.
fn unlike(baseline: &Setup, arm: &Setup) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut refuse = |message: String, hint: &str| errors.push(Diagnostic::error(message).hint(hint));
    if baseline.time != arm.time {
        let said = |time: &TimeFrame| {
            format!(
                "{} to {} in ticks of {} days after {} days of burn-in",
                time.start, time.end, time.tick_days, time.burn_in_days
            )
        };
        let message =
            format!("the two scenarios do not share their time: {}; {}", said(&baseline.time), said(&arm.time));
        refuse(message, "twin worlds go in lockstep: give both the same [time], or let one extend the other");
    }
    if baseline.seed != arm.seed {
        let message = format!("the two scenarios do not share their seed: {} and {}", baseline.seed, arm.seed);
        refuse(message, "twin worlds share their luck: give both one seed, or use --seed");
    }
    let keys =
        |setup: &Setup| -> Vec<Arc<str>> { setup.region.states.iter().map(|state| Arc::clone(&state.key)).collect() };
    if keys(baseline) != keys(arm) {
        let message = "the two scenarios do not have the same states in the same order".to_owned();
        refuse(message, "let the arm extend the baseline");
        return errors;
    }
    for (a, b) in baseline.region.units.iter().zip(&arm.region.units) {
        if (a.desks, a.heads, a.reserve) != (b.desks, b.heads, b.reserve) {
            let state = &baseline.region.states[a.state].key;
            let message = format!(
                "{state}'s {} has {} desks ({} heads, {} more in reserve) in one scenario and {} ({}, {}) in the other",
                a.kind.label(),
                a.desks,
                a.heads,
                a.reserve,
                b.desks,
                b.heads,
                b.reserve
            );
            refuse(message, "people are compared desk by desk: both need the same staff");
        }
    }
    errors
}
