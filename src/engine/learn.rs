//! Stages 9 and 10 of a tick: those who took part learn, and peers observe.

use super::{Decided, Setup, Simulation};
use crate::mechanism::Model;
use crate::mechanism::funnel::Finder;
use crate::mechanism::habit::{Repetitions, Response};
use crate::mechanism::trust::Evidence;
use crate::quantity::Ending;
use crate::record::{CaseRecord, Conclusion, Request};
use crate::world::{Desk, OpenCooperation, Region};
use std::sync::Arc;

impl Simulation {
    /// Stage 9, first half: handlers learn from what they decided, and from answers.
    pub(super) fn learn_from_decisions(&mut self, decided: &[Decided]) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        let now = self.world.now;
        for Decided { record, .. } in decided {
            let case = &record.case;
            if record.ending.recognised() {
                if model.switches.recognition {
                    let officer = self.world.people.at_mut(case.officer);
                    model.refresh_skills(officer, now);
                    model.recognition.learn(&mut officer.awareness);
                }
                self.take_on(model, record.handler);
            }
            match (record.ending, &record.request) {
                (Ending::Alone, _) => {
                    let weight = model.habit.reward_alone;
                    self.repeat(model, region, record.handler, Response::Alone, case.acts, weight);
                }
                (Ending::Accepted, Some(request)) => self.begin(model, region, record, request),
                (_, Some(request)) => self.turned_down(model, region, record, request),
                (_, None) => {}
            }
            if record.finder == Finder::Ngo && !matches!(record.ending, Ending::Withheld | Ending::Accepted) {
                let protection = region.states[case.here].numbers.protection;
                let at_home = case.noise.help < model.execution.help_at_home * protection;
                self.follow_up(model, region, (case.worker, true), record.ending.recognised() && at_home);
            }
        }
    }

    /// A cooperation begins.
    fn begin(&mut self, model: &Model, region: &Region, record: &CaseRecord, request: &Request) {
        self.take_on(model, request.counterpart);
        self.remember_tool(region, record.handler, request);
        if model.switches.ties && request.keeps {
            for (owner, to) in [(record.handler, request.counterpart), (request.counterpart, record.handler)] {
                model.work_together(region, &mut self.world, self.randomness, (owner, to), Evidence::default());
            }
        }
    }

    /// A request was sent back, met a shut gate, was refused or never answered: one act, and evidence against the counterpart.
    fn turned_down(&mut self, model: &Model, region: &Region, record: &CaseRecord, request: &Request) {
        let context = if request.known || request.brokered { 1.0 } else { model.habit.new_context };
        self.repeat(model, region, record.handler, Response::Cooperating, 1, model.habit.reward_failure * context);
        self.remember_tool(region, record.handler, request);
        let bad = match record.ending {
            Ending::Refused => model.trust.refusal,
            Ending::Lapsed => model.trust.silence,
            _ => return,
        };
        if model.switches.trust {
            let evidence = Evidence { good: 0.0, bad };
            let now = self.world.now;
            if request.known {
                let ties = &mut self.world.people.at_mut(record.handler).ties;
                if let Some(tie) = ties.iter_mut().find(|tie| tie.to == request.counterpart) {
                    model.trust.learn(tie, now, evidence);
                }
            }
            let unit = region.unit_of(record.handler);
            model.trust.generalise(region, &mut self.world, unit, record.case.there, evidence);
        }
    }

    /// Stage 9, second half: both sides learn from a cooperation that concluded.
    pub(super) fn learn_from_conclusions(&mut self, concluded: &[Conclusion]) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        for Conclusion { cooperation, .. } in concluded {
            let success = cooperation.succeeded();
            let good = if success { model.trust.success } else { model.trust.fruitless };
            let late = if cooperation.late { model.trust.silence } else { 0.0 };
            let leaked = if cooperation.leak { model.trust.betrayal } else { 0.0 };
            let (asker, counterpart) = (cooperation.asker, cooperation.counterpart);
            let bad = late + leaked;
            self.conclude_side(model, region, cooperation, (asker, counterpart), Evidence { good, bad });
            self.conclude_side(model, region, cooperation, (counterpart, asker), Evidence { good, bad: 0.0 });
            if let Some((worker, generation)) = cooperation.referrer {
                let stayed = self.world.people.at(worker).generation == generation;
                let helped = cooperation.rescue && cooperation.due - cooperation.since <= model.referral.patience;
                self.follow_up(model, region, (worker, stayed), helped);
            }
        }
    }

    /// One side learns from a cooperation: the unit always, the practitioner if still there.
    fn conclude_side(
        &mut self,
        model: &Model,
        region: &Region,
        cooperation: &OpenCooperation,
        ((own, own_generation), (other, other_generation)): ((Desk, u32), (Desk, u32)),
        evidence: Evidence,
    ) {
        let now = self.world.now;
        let success = cooperation.succeeded();
        let reward = if success { model.habit.reward_success } else { model.habit.reward_failure };
        let context = if cooperation.stable { 1.0 } else { model.habit.new_context };
        let repetitions =
            Repetitions { response: Response::Cooperating, times: cooperation.acts, weight: reward * context };
        if model.switches.routine {
            let unit = &mut self.world.units[region.unit_of(own)];
            model.habit.repeat_in_unit(model.disuse, unit, now, repetitions);
        }
        if model.switches.trust {
            let state = region.state_of(other);
            model.trust.generalise(region, &mut self.world, region.unit_of(own), state, evidence);
        }
        if self.world.people.at(own).generation != own_generation {
            return;
        }
        let person = self.world.people.at_mut(own);
        if model.switches.habit {
            model.habit.repeat(model.disuse, person, now, repetitions);
        }
        model.refresh_skills(person, now);
        if model.switches.familiarity {
            model.familiarity.learn(person, cooperation.tool);
        }
        if model.switches.recognition && own == cooperation.counterpart.0 {
            model.recognition.learn(&mut person.awareness);
        }
        if model.switches.ties && cooperation.keeps && self.world.people.at(other).generation == other_generation {
            model.work_together(region, &mut self.world, self.randomness, (own, other), evidence);
        }
    }

    /// Stage 10: colleagues and contacts see what was decided.
    pub(super) fn observe(&mut self, decided: &[Decided]) {
        let setup = Arc::clone(&self.setup);
        let Setup { model, region, .. } = &*setup;
        if !model.switches.norm {
            return;
        }
        let now = self.world.now;
        for Decided { record, .. } in decided {
            if record.finder == Finder::Ngo {
                let worker = record.case.worker;
                let unit = &mut self.world.units[region.unit_of(worker)];
                model.norm.observe(&mut unit.seen, now, worker, record.ending != Ending::Withheld);
            }
            if !record.ending.recognised() {
                continue;
            }
            let unit = &mut self.world.units[region.unit_of(record.handler)];
            model.norm.observe(&mut unit.seen, now, record.handler, record.request.is_some());
            let answered = matches!(record.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed);
            if let (Some(request), true) = (&record.request, answered) {
                let counterpart = self.world.people.at_mut(request.counterpart);
                model.norm.observe(&mut counterpart.seen, now, record.handler, true);
                let handler = self.world.people.at_mut(record.handler);
                model.norm.observe(&mut handler.seen, now, request.counterpart, record.ending == Ending::Accepted);
            }
        }
    }

    fn take_on(&mut self, model: &Model, desk: Desk) {
        if model.switches.workload {
            let now = self.world.now;
            model.workload.take_on(self.world.people.at_mut(desk), now);
        }
    }

    fn remember_tool(&mut self, region: &Region, desk: Desk, request: &Request) {
        self.world.people.at_mut(desk).last_tool = Some(request.tool);
        self.world.units[region.unit_of(desk)].last_tool = Some(request.tool);
    }

    /// A practitioner and the unit repeat an act.
    fn repeat(&mut self, model: &Model, region: &Region, desk: Desk, response: Response, times: u32, weight: f64) {
        let now = self.world.now;
        let repetitions = Repetitions { response, times, weight };
        if model.switches.habit {
            model.habit.repeat(model.disuse, self.world.people.at_mut(desk), now, repetitions);
        }
        if model.switches.routine {
            model.habit.repeat_in_unit(model.disuse, &mut self.world.units[region.unit_of(desk)], now, repetitions);
        }
    }

    /// An NGO worker, if still there, and the NGO learn what became of a referral.
    fn follow_up(&mut self, model: &Model, region: &Region, (worker, stayed): (Desk, bool), helped: bool) {
        if !model.switches.referral {
            return;
        }
        let now = self.world.now;
        let feedback = region.states[region.state_of(worker)].support.feedback;
        if stayed {
            model.referral.learn(&model.trust, self.world.people.at_mut(worker), now, (helped, feedback));
        }
        if model.switches.trust {
            let (good, bad) = if helped { (1.0, 0.0) } else { (0.0, model.referral.silence * (1.0 - feedback)) };
            let (unit, state) = (region.unit_of(worker), region.state_of(worker));
            model.trust.generalise(region, &mut self.world, unit, state, Evidence { good, bad });
        }
    }
}
