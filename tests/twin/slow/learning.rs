//! What those who took part learn, and what peers see.

use super::{Cooperation, Decided, Twin, was_recognised};
use comity::mechanism::funnel::Finder;
use comity::mechanism::habit::Disuse;
use comity::quantity::{Ending, Tool};
use comity::world::Desk;

impl Twin<'_> {
    pub(super) fn learn_from_decision(&mut self, decided: &Decided) {
        let model = self.model.clone();
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
                if model.switches.ties && request.keeps {
                    self.work_together(case.handler, request.counterpart, 0.0, 0.0);
                    self.work_together(request.counterpart, case.handler, 0.0, 0.0);
                }
            }
            (Some(request), ending) => {
                let context = if request.known || request.brokered { 1.0 } else { model.habit.new_context };
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
            self.follow_up(case.worker, true, helped);
        }
    }

    pub(super) fn learn_from_conclusion(&mut self, cooperation: &Cooperation) {
        let model = self.model.clone();
        let trust = &model.trust;
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
            let in_time = cooperation.due - cooperation.since <= self.model.referral.patience;
            let stayed = self.officer(worker).generation == generation;
            self.follow_up(worker, stayed, cooperation.rescue && in_time);
        }
    }

    pub(super) fn learn_one_side(
        &mut self,
        cooperation: &Cooperation,
        (own, own_generation): (Desk, u32),
        (other, other_generation): (Desk, u32),
        good: f64,
        bad: f64,
    ) {
        let model = self.model.clone();
        let success = cooperation.rescue || cooperation.arrests > 0;
        let reward = if success { model.habit.reward_success } else { model.habit.reward_failure };
        let context = if cooperation.stable { 1.0 } else { model.habit.new_context };
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
        if model.switches.ties && cooperation.keeps && self.officer(other).generation == other_generation {
            self.work_together(own, other, good, bad);
        }
    }

    pub(super) fn learn_awareness(&mut self, desk: Desk) {
        let share = self.model.recognition.learning;
        let awareness = &mut self.officer_mut(desk).awareness;
        *awareness += share * (1.0 - *awareness);
    }

    pub(super) fn take_on(&mut self, desk: Desk) {
        if self.model.switches.workload {
            self.officer_mut(desk).workload += 1.0;
        }
    }

    pub(super) fn remember_tool(&mut self, desk: Desk, tool: Tool) {
        self.officer_mut(desk).last_tool = Some(tool);
        self.office_mut(desk).last_tool = Some(tool);
    }

    /// Act by act: the strength repeated gains, its rival loses, and, where disuse is by the cue, is extinguished once.
    pub(super) fn repeat(
        &self,
        repeated: &mut f64,
        rival: &mut f64,
        eta: f64,
        times: u32,
        weight: f64,
        extinction: f64,
    ) {
        let step = (1.0 - libm::exp(-eta)) * weight;
        for _ in 0..times {
            *repeated += step * (1.0 - *repeated);
            *rival -= self.model.habit.rival_loss * step * *rival;
        }
        if self.model.disuse == Disuse::Cue {
            *rival -= extinction * *rival;
        }
    }

    pub(super) fn repeat_cooperating(&mut self, desk: Desk, times: u32, weight: f64) {
        if !self.model.switches.habit {
            return;
        }
        let mut officer = self.officer(desk).clone();
        let model = self.model.clone();
        let extinction = model.habit.extinction;
        self.repeat(
            &mut officer.cooperating,
            &mut officer.alone,
            model.habit.learning * officer.quickness,
            times,
            weight,
            extinction,
        );
        *self.officer_mut(desk) = officer;
    }

    pub(super) fn repeat_routine_cooperating(&mut self, member: Desk, times: u32, weight: f64) {
        if !self.model.switches.routine {
            return;
        }
        let model = self.model.clone();
        let habit = &model.habit;
        let mut office = self.office(member).clone();
        let (eta, extinction) = (habit.unit_share * habit.learning, habit.unit_share * habit.extinction);
        self.repeat(&mut office.cooperating, &mut office.alone, eta, times, weight, extinction);
        *self.office_mut(member) = office;
    }

    pub(super) fn repeat_alone(&mut self, desk: Desk, times: u32, weight: f64) {
        let model = self.model.clone();
        let habit = &model.habit;
        if self.model.switches.habit {
            let mut officer = self.officer(desk).clone();
            self.repeat(
                &mut officer.alone,
                &mut officer.cooperating,
                habit.learning * officer.quickness,
                times,
                weight,
                habit.extinction,
            );
            *self.officer_mut(desk) = officer;
        }
        if self.model.switches.routine {
            let mut office = self.office(desk).clone();
            let (eta, extinction) = (habit.unit_share * habit.learning, habit.unit_share * habit.extinction);
            self.repeat(&mut office.alone, &mut office.cooperating, eta, times, weight, extinction);
            *self.office_mut(desk) = office;
        }
    }

    pub(super) fn follow_up(&mut self, worker: Desk, stayed: bool, helped: bool) {
        let model = self.model.clone();
        if !model.switches.referral {
            return;
        }
        let feedback = self.help.feedback[self.region.state_of(worker)];
        let (good, bad) = if helped { (1.0, 0.0) } else { (0.0, model.referral.silence * (1.0 - feedback)) };
        if stayed {
            let officer = self.officer_mut(worker);
            officer.authorities_for += good;
            officer.authorities_against += model.trust.loss_weight * bad;
        }
        self.generalise(worker, self.region.state_of(worker), good, bad);
    }

    pub(super) fn observe(&mut self, decided: &Decided) {
        let case = &decided.case;
        if decided.finder == Finder::Ngo {
            self.seen_in_unit(case.worker, decided.ending != Ending::Withheld);
        }
        if !was_recognised(decided.ending) {
            return;
        }
        self.seen_in_unit(case.handler, decided.request.is_some());
        if let Some(request) = &decided.request
            && matches!(decided.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed)
        {
            self.seen_of_contact(request.counterpart, case.handler, true);
            self.seen_of_contact(case.handler, request.counterpart, decided.ending == Ending::Accepted);
        }
    }

    pub(super) fn seen_in_unit(&mut self, member: Desk, cooperates: bool) {
        let now = self.now;
        let office = self.office_mut(member);
        office.seen_all += 1.0;
        if cooperates {
            office.seen_for += 1.0;
            office.members_seen.insert(member, now);
        }
    }

    pub(super) fn seen_of_contact(&mut self, observer: Desk, contact: Desk, cooperates: bool) {
        let now = self.now;
        let officer = self.officer_mut(observer);
        officer.seen_all += 1.0;
        if cooperates {
            officer.seen_for += 1.0;
            officer.contacts_seen.insert(contact, now);
        }
    }
}
