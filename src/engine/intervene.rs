//! Stage 1, second half: interventions begin, hold, act and cost.

use super::{Program, Setup, Simulation};
use crate::intervention::{Facts, Intervention, Occasion, Stage};
use crate::mechanism::Model;
use crate::mechanism::arrival::Surfacing;
use crate::mechanism::institutions::Mode;
use crate::quantity::{DAYS_PER_YEAR, Tool};
use crate::record::Observer;
use crate::world::{Desk, InterventionState, Region, State, World};
use std::sync::Arc;

impl Setup {
    /// The first tick, counted from the start of the burn-in, from which on a run of this setup may differ from one of another; 0 if they may differ from
    /// the start, `None` if they never do.
    pub fn diverges_from(&self, other: &Self) -> Option<u64> {
        let (own, theirs) = (&*self.program, &*other.program);
        let same = own.model == theirs.model && own.region == theirs.region && self.time == other.time;
        if !same || self.seed != other.seed {
            return Some(0);
        }
        let before = (0..own.interventions.len().max(theirs.interventions.len()))
            .find(|place| own.interventions.get(*place) != theirs.interventions.get(*place))?;
        let rest = own.interventions[before..].iter().chain(&theirs.interventions[before..]);
        let first = rest.map(|intervention| intervention.schedule.start).fold(f64::INFINITY, f64::min);
        // The tick that ends after it begins, also where dividing and multiplying round differently.
        let mut tick = ((first - self.start_of(0)) / self.time.tick_days).floor().max(0.0) as u64;
        while tick > 0 && self.start_of(tick) > first {
            tick -= 1;
        }
        Some(tick)
    }
}

impl Simulation {
    /// A copy that goes on under another setup. What it would have been from the start, if both setups do not differ up to now; see
    /// [`Setup::diverges_from`].
    #[must_use]
    pub fn fork(&self, setup: &Arc<Setup>) -> Self {
        let mut fork = self.clone();
        let known = &self.setup.program.interventions;
        fork.world.interventions = setup
            .program
            .interventions
            .iter()
            .enumerate()
            .map(|(place, intervention)| match known.get(place) {
                Some(same) if same == intervention => self.world.interventions.get(place).cloned().unwrap_or_default(),
                _ => InterventionState::default(),
            })
            .collect();
        fork.setup = Arc::new(Setup { program: Arc::clone(&setup.program), ..(*self.setup).clone() });
        fork
    }

    /// What all interventions together have cost so far, in the currency of the scenario.
    pub fn cost(&self) -> f64 {
        self.world.interventions.iter().map(|state| state.cost).sum()
    }

    /// Interventions begin, rules and facts follow those that hold, occasions are held.
    pub(super) fn intervene(&mut self, end: f64, observer: &mut impl Observer) {
        let program = Arc::clone(&self.setup.program);
        if program.interventions.is_empty() {
            return;
        }
        let now = self.world.now;
        self.world.interventions.resize(program.interventions.len(), InterventionState::default());
        self.begin_interventions(&program, end, observer);
        for (place, intervention) in program.interventions.iter().enumerate() {
            self.hold_occasions(place, intervention, end, observer);
            let InterventionState { began: Some(began), level, .. } = self.world.interventions[place] else { continue };
            let days = intervention.schedule.days_in_force(began, (now, end));
            if days > 0.0 {
                let strength = intervention.delivery.intensity * level;
                self.on_stage(place, observer, |stage| intervention.flow(strength, days, stage));
                self.pay_for_time(place, intervention, days);
            }
        }
        self.change_flow(&program, end);
    }

    /// What begins in this tick begins; levels are brought up to date, and with them rules and facts.
    fn begin_interventions(&mut self, program: &Program, end: f64, observer: &mut impl Observer) {
        let (now, tick_days) = (self.world.now, self.setup.time.tick_days);
        let endogenous = self.setup.model.mode == Mode::Endogenous;
        let mut moved = false;
        for (state, intervention) in self.world.interventions.iter_mut().zip(&program.interventions) {
            let schedule = &intervention.schedule;
            if state.began.is_none() && schedule.begins(end, tick_days, &self.history) {
                let began = if schedule.trigger.is_some() { schedule.start.max(now) } else { schedule.start };
                if schedule.ends(began) > now {
                    state.began = Some(began);
                    // Where institutions do not answer to practice, their clocks are the calendar.
                    let ahead = |clock: f64| if endogenous { clock - now } else { 0.0 };
                    state.clocks = self.world.states.iter().map(|state| began + ahead(state.clock)).collect();
                    state.cost += intervention.delivery.cost_fixed;
                    moved = true;
                }
            }
            let level = state.began.map_or(0.0, |began| schedule.level(began, now));
            moved |= level != state.level;
            state.level = level;
        }
        if moved {
            self.lay_over(program, observer);
        }
    }

    /// Rules and facts as those interventions leave them that hold now.
    fn lay_over(&mut self, program: &Program, observer: &mut impl Observer) {
        let (mut model, mut region) = (program.model.clone(), program.region.clone());
        for (state, intervention) in self.world.interventions.iter().zip(&program.interventions) {
            if state.began.is_some() && state.level > 0.0 {
                let mut facts = Facts { model: &mut model, region: &mut region };
                let strength = intervention.delivery.intensity * state.level;
                intervention.hold((strength, &state.clocks), self.randomness, &mut facts);
            }
        }
        let before = Arc::clone(&self.setup);
        if model == before.model && region == before.region {
            return;
        }
        // What bears on the fading of something: all rules, and of the facts the handover of contacts and the awareness to which officers return.
        let fading = |region: &Region| {
            let of = |state: &State| (state.support.handover, state.numbers.awareness);
            region.states.iter().map(of).collect::<Vec<_>>()
        };
        if model != before.model || fading(&region) != fading(&before.region) {
            settle(&before.model, &before.region, &mut self.world, self.randomness);
        }
        follow(&before, (&model, &region), &mut self.world);
        self.setup = Arc::new(Setup { model, region, ..(*before).clone() });
        self.staff(&before.region, observer);
    }

    /// Newcomers take the desks that were not staffed before; whoever sits at a desk that is given up leaves, and is nobody's contact any more.
    fn staff(&mut self, before: &Region, observer: &mut impl Observer) {
        let setup = Arc::clone(&self.setup);
        let units = || setup.region.units.iter().zip(&before.units);
        if units().any(|(unit, old)| unit.desks < old.desks) {
            for person in &mut self.world.people.persons {
                person.ties.retain(|tie| setup.region.staffed(tie.to));
            }
        }
        for (unit, old) in units() {
            for desk in unit.first + unit.desks..unit.first + unit.desks.max(old.desks) {
                let person = self.world.people.at_mut(desk);
                person.generation += 1;
                person.ties.clear();
            }
            for desk in unit.first + old.desks..unit.first + unit.desks.max(old.desks) {
                self.replace_now(&setup.region, &setup.model, desk);
                self.welcome(desk, observer);
            }
        }
    }

    /// Holds the occasions of an intervention that fall into this tick.
    fn hold_occasions(&mut self, place: usize, intervention: &Intervention, end: f64, observer: &mut impl Observer) {
        let Some(began) = self.world.interventions[place].began else { return };
        if !intervention.kind().has_occasions() {
            return;
        }
        while intervention.schedule.due(began, self.world.interventions[place].occasions, end) {
            let InterventionState { level, occasions, .. } = self.world.interventions[place];
            let strength = intervention.delivery.intensity * level;
            let occasion = Occasion { number: occasions, strength, ends: intervention.schedule.ends(began) };
            let reached = self.on_stage(place, observer, |stage| intervention.act(occasion, stage));
            let state = &mut self.world.interventions[place];
            state.occasions += 1;
            state.reached += reached;
            let delivery = &intervention.delivery;
            state.cost += delivery.cost_per_occasion + delivery.cost_per_participant * reached as f64;
        }
    }

    /// Cost that goes with time.
    fn pay_for_time(&mut self, place: usize, intervention: &Intervention, days: f64) {
        let delivery = &intervention.delivery;
        let region = &self.setup.region;
        let targets = match delivery.cost_per_target {
            0.0 => 0.0,
            _ => intervention.targets_reached(region, self.randomness) as f64,
        };
        let per_year = delivery.cost_per_year + delivery.cost_per_target * targets;
        self.world.interventions[place].cost += per_year * days / DAYS_PER_YEAR;
    }

    /// Lets content act on the world; tells the observer whom it touched; returns how many took part.
    fn on_stage(&mut self, place: usize, observer: &mut impl Observer, act: impl FnOnce(&mut Stage<'_>)) -> u64 {
        let setup = Arc::clone(&self.setup);
        let mut stage = Stage {
            model: &setup.model,
            region: &setup.region,
            world: &mut self.world,
            randomness: self.randomness,
            touched: Vec::new(),
            leaving: Vec::new(),
            participants: 0,
        };
        act(&mut stage);
        let Stage { touched, leaving, participants, .. } = stage;
        for desk in leaving {
            self.replace_now(&setup.region, &setup.model, desk);
            observer.left(self.world.now, desk);
            observer.touched(self.world.now, place, desk);
            self.welcome(desk, observer);
        }
        for desk in touched {
            observer.touched(self.world.now, place, desk);
        }
        participants
    }

    /// A newcomer takes a desk on the spot, outside the turnover of the tick.
    fn replace_now(&mut self, region: &Region, model: &Model, desk: Desk) {
        self.world.people.at_mut(desk).ties.clear();
        // The hazard of the one who goes is gone by; the newcomer's is counted from here.
        let hazard = &self.world.states[region.state_of(desk)].hazard;
        self.world.people.leaves_at[desk as usize] = hazard[region.role_of(desk) as usize];
        self.replace(region, model, desk);
    }

    /// Somebody took a desk: interventions in force that have been there before may act on newcomers.
    pub(super) fn welcome(&mut self, desk: Desk, observer: &mut impl Observer) {
        let program = Arc::clone(&self.setup.program);
        for (place, intervention) in program.interventions.iter().enumerate() {
            let Some(state) = self.world.interventions.get(place) else { continue };
            if state.level > 0.0 && state.occasions > 0 {
                let level = state.level;
                let strength = intervention.delivery.intensity * level;
                self.on_stage(place, observer, |stage| intervention.welcome(strength, desk, stage));
            }
        }
    }

    /// Cases of this tick become fewer or more where interventions have changed the flow of a corridor.
    fn change_flow(&mut self, program: &Program, end: f64) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        if !model.switches.arrival {
            return;
        }
        let (tick, now, tick_days) = (self.world.tick, self.world.now, self.setup.time.tick_days);
        let mut more: Vec<Surfacing> = Vec::new();
        for (corridor, (present, planned)) in region.corridors.iter().zip(&program.region.corridors).enumerate() {
            if present.cases > planned.cases {
                let per_year = (present.cases - planned.cases) * self.multipliers[corridor];
                let mean = per_year * tick_days / DAYS_PER_YEAR;
                more.extend(model.arrival.beyond(region, self.randomness, (corridor, mean), (tick, now, tick_days)));
            } else if present.cases < planned.cases {
                let share = present.cases / planned.cases;
                let randomness = self.randomness;
                self.surfacings.retain(|case| {
                    case.corridor != corridor
                        || case.time >= end
                        || model.arrival.remains(region, randomness, case, share)
                });
            }
        }
        if !more.is_empty() {
            self.surfacings.extend(more);
            self.surfacings.make_contiguous().sort_by(|a, b| {
                a.time.total_cmp(&b.time).then(a.corridor.cmp(&b.corridor)).then(a.event.cmp(&b.event))
            });
        }
    }
}

/// Brings all that fades up to now under the rules that held until now, so that new ones do not reach into the past.
fn settle(model: &Model, region: &Region, world: &mut World, randomness: crate::random::Randomness) {
    let now = world.now;
    for unit in &mut world.units {
        (unit.cooperating, unit.alone) = model.habit.of_unit(model.disuse, unit, now);
        unit.routine_at = now;
        model.norm.settle(&mut unit.seen, now);
    }
    for desk in 0..world.people.persons.len() as Desk {
        let ties = std::mem::take(&mut world.people.at_mut(desk).ties);
        let settled = ties.into_iter().filter_map(|mut tie| {
            tie.generation = model.ties.live(&model.turnover, region, world, randomness, desk, &tie)?;
            let kept = crate::mechanism::kept(now - tie.evidence_at, model.trust.half_life);
            tie.good *= kept;
            tie.bad *= kept;
            tie.evidence_at = now;
            Some(tie)
        });
        let settled: Vec<_> = settled.collect();
        let person = world.people.at_mut(desk);
        person.ties = settled;
        (person.cooperating, person.alone) = model.habit.of_person(model.disuse, person, now);
        person.habit_at = now;
        model.refresh_skills(person, now);
        model.norm.settle(&mut person.seen, now);
        person.workload = model.workload.left(person, now);
        person.workload_at = now;
        let kept = crate::mechanism::kept(now - person.authorities_at, model.trust.half_life);
        person.authorities_for *= kept;
        person.authorities_against *= kept;
        person.authorities_at = now;
    }
}

/// Levels to which the living return, or from which they started, move with the numbers they came from, and back by as much: they are held
/// between 0 and 1 when they are read, not when they are moved.
fn follow(before: &Setup, (model, region): (&Model, &Region), world: &mut World) {
    for (place, (new, old)) in region.states.iter().zip(&before.region.states).enumerate() {
        let moved = new.numbers.priority - old.numbers.priority;
        if moved != 0.0 {
            world.states[place].priority += moved;
        }
        let moved = new.numbers.awareness - old.numbers.awareness;
        if moved != 0.0 {
            for unit in region.units.iter().filter(|unit| unit.state == place) {
                for person in &mut world.people.persons[unit.first as usize..(unit.first + unit.desks) as usize] {
                    person.awareness.level += moved;
                }
            }
        }
    }
    for &tool in Tool::ALL {
        let tool = tool as usize;
        let moved = model.tools.suitability[tool] - before.model.tools.suitability[tool];
        if moved != 0.0 {
            world.suitability[tool] += moved;
        }
        let moved = model.tools.familiarity[tool] - before.model.tools.familiarity[tool];
        if moved != 0.0 {
            for person in &mut world.people.persons {
                person.familiarity[tool].level += moved;
            }
        }
    }
}
