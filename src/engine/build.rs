//! The world before its first tick: facts from the scenario, people from the draws.

use crate::intervention::Intervention;
use crate::mechanism::Model;
use crate::quantity::{Role, Tool, UnitKind};
use crate::random::{Randomness, name_address};
use crate::scenario::Scenario;
use crate::world::{
    Corridor, CorridorNumbers, Desk, Pair, PairNumbers, PairSupport, People, Region, Seen, State, StateNow,
    StateNumbers, StateSupport, Unit, UnitState, World,
};
use std::collections::BinaryHeap;
use std::sync::Arc;

/// The facts of a scenario, with so many desks of each unit in reserve.
pub fn region(scenario: &Scenario, reserve: &[u32]) -> Region {
    let start = scenario.time().start.days();
    let day = |date: crate::quantity::Date| f64::from(date.days() - start);
    let settings = scenario.settings();
    let states: Vec<State> = scenario
        .states()
        .iter()
        .map(|state| State {
            key: Arc::from(state.key.as_str()),
            address: name_address(&state.key),
            legal_family: state.legal_family.clone(),
            language: state.language.clone(),
            law: state.tip_law.map(day),
            numbers: StateNumbers::of_entity(settings, &state.key),
            support: StateSupport::default(),
        })
        .collect();
    let mut pairs = Vec::with_capacity(Region::pair_count(states.len()));
    for high in 0..states.len() {
        for low in 0..high {
            pairs.push(pair(scenario, &states, (low, high), day));
        }
    }
    let corridors = scenario
        .corridors()
        .iter()
        .map(|corridor| Corridor {
            address: name_address(&corridor.key),
            origin: corridor.from,
            destination: corridor.to,
            cases: CorridorNumbers::of_entity(settings, &corridor.key).cases,
        })
        .collect();
    let treaties = std::array::from_fn(|tool| {
        let named = scenario.treaties().iter().filter(|treaty| treaty.tools.contains(&Tool::ALL[tool]));
        named
            .map(|treaty| {
                let mut deposits = vec![None; states.len()];
                for &(state, date) in &treaty.deposits {
                    deposits[state] = Some(day(date));
                }
                deposits
            })
            .collect()
    });
    let mut declarations: Vec<(f64, f64)> = scenario.declarations().iter().map(|d| (day(d.date), d.strength)).collect();
    declarations.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (units, unit_of) = units(&states, reserve);
    Region { states, pairs, corridors, treaties, accords: Vec::new(), declarations, units, unit_of }
}

fn pair(
    scenario: &Scenario,
    states: &[State],
    (low, high): (usize, usize),
    day: impl Fn(crate::quantity::Date) -> f64,
) -> Pair {
    let stated = scenario.pairs().iter().find(|pair| (pair.a.min(pair.b), pair.a.max(pair.b)) == (low, high));
    let numbers = stated.map(|pair| PairNumbers::of_entity(scenario.settings(), &pair.key));
    let (a, b) = (&states[low], &states[high]);
    let same_language = a.language == b.language;
    let common = if same_language { 1.0 } else { a.numbers.english.min(b.numbers.english) };
    let (first, second) = if a.key < b.key { (a.address, b.address) } else { (b.address, a.address) };
    Pair {
        address: u64::from(first) << 32 | u64::from(second),
        language: numbers.and_then(|numbers| numbers.language).unwrap_or(common),
        language_stated: numbers.is_some_and(|numbers| numbers.language.is_some()),
        same_family: a.legal_family == b.legal_family,
        harmonisation: numbers.and_then(|numbers| numbers.harmonisation),
        approval: numbers.and_then(|numbers| numbers.approval),
        closures: stated.map_or_else(Vec::new, |pair| {
            pair.gate_shut.iter().map(|&(from, until)| (day(from), day(until))).collect()
        }),
        support: PairSupport::default(),
    }
}

/// How many desks each unit keeps in reserve: what interventions could staff in all.
pub fn reserve(scenario: &Scenario) -> Vec<u32> {
    let mut reserve = vec![0; scenario.states().len() * UnitKind::COUNT];
    for (unit, desks) in scenario.interventions().iter().flat_map(Intervention::reserve) {
        reserve[unit] += desks;
    }
    reserve
}

/// The same, and as many as any of some others keeps. With other states desks cannot have the same numbers: such a scenario is left out, and
/// whoever compares the two will see it.
pub fn common_reserve<'s>(scenario: &Scenario, others: impl IntoIterator<Item = &'s Scenario>) -> Vec<u32> {
    let states = scenario.states().len();
    others.into_iter().filter(|other| other.states().len() == states).fold(reserve(scenario), |most, other| {
        most.into_iter().zip(reserve(other)).map(|(most, others)| most.max(others)).collect()
    })
}

fn units(states: &[State], reserve: &[u32]) -> (Vec<Unit>, Vec<u32>) {
    let mut units = Vec::new();
    let mut unit_of = Vec::new();
    for (index, state) in states.iter().enumerate() {
        let numbers = &state.numbers;
        for &kind in UnitKind::ALL {
            let (heads, others) = match kind {
                UnitKind::Police => (numbers.heads, numbers.investigators),
                UnitKind::Prosecution => (0.0, numbers.prosecutors),
                UnitKind::Ngo => (0.0, numbers.ngo_workers),
                UnitKind::Secretariat => (0.0, numbers.coordinators),
            };
            let heads = heads.round() as u32;
            let desks = heads + others.round() as u32;
            let number = units.len() as u32;
            let reserve = reserve[number as usize];
            units.push(Unit { state: index, kind, first: unit_of.len() as Desk, desks, reserve, heads });
            unit_of.extend(std::iter::repeat_n(number, (desks + reserve) as usize));
        }
    }
    (units, unit_of)
}

/// The world on the first day of the burn-in.
pub fn world(model: &Model, region: &Region, randomness: Randomness, start: f64) -> World {
    let states = region.states.len();
    let unit =
        UnitState { cooperating: 0.0, alone: 0.0, routine_at: start, seen: Seen::nothing(start), last_tool: None };
    let mut people =
        People { persons: Vec::with_capacity(region.desks()), leaves_at: Vec::with_capacity(region.desks()) };
    for desk in 0..region.desks() as Desk {
        let (person, hazard) = model.newcomer(region, randomness, desk, 0, start, (0.0, 0.0));
        people.persons.push(person);
        people.leaves_at.push(hazard);
    }
    World {
        now: start,
        tick: 0,
        people,
        units: vec![unit; region.units.len()],
        generalised_trust: vec![model.trust.generalised; region.units.len() * states],
        states: region
            .states
            .iter()
            .map(|state| StateNow {
                priority: state.numbers.priority,
                lifted: 0.0,
                practised: 0.0,
                arrived: 0.0,
                clock: start,
                hazard: [0.0; Role::COUNT],
            })
            .collect(),
        harmonised: vec![0.0; region.pairs.len()],
        suitability: model.tools.suitability,
        commitment: 0.0,
        sought: 0.0,
        recognised: 0.0,
        open: BinaryHeap::new(),
        closures: region
            .pairs
            .iter()
            .map(|pair| if model.switches.gate { pair.closures.clone() } else { Vec::new() })
            .collect(),
        cases: 0,
        away_until: f64::NEG_INFINITY,
        interventions: Vec::new(),
    }
}
