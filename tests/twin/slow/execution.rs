//! What a cooperation yields, and what of it is recorded.

use super::{Case, Cooperation, Possibility, Twin, clamp, police_channel};
use crate::log::{Event, Request};
use comity::mechanism::funnel::Finder;
use comity::quantity::Tool;
use comity::random::normal_quantile;
use comity::world::Desk;

impl Twin<'_> {
    pub(super) fn legal_fit(&self, tool: Tool, case: &Case) -> f64 {
        1.0 - self.model.tools.legal_sensitivity[tool as usize] * (1.0 - self.harmonisation(case.here, case.there))
    }

    pub(super) fn request(&self, case: &Case, sought: &Possibility, accepted: bool) -> Request {
        let tool = sought.tool as usize;
        let chances = self.chances(case, sought.to);
        let spread = self.model.execution.delay_spread * normal_quantile(chances.delay);
        let mut delay = self.model.tools.delay[tool] * libm::exp(spread);
        if police_channel(sought.tool) {
            delay *= 1.0 - self.help.delay[case.here][case.there];
        }
        let liaison = self.help.liaison[case.here][case.there];
        if sought.brokered {
            delay *= 1.0 - liaison.delay;
        }
        let clear = self.officer(case.handler).familiarity[tool] * self.legal_fit(sought.tool, case);
        Request {
            tool: sought.tool,
            counterpart: sought.to,
            known: sought.known.is_some(),
            brokered: sought.brokered,
            keeps: !sought.brokered || self.finds(case, 2, liaison.keeps),
            well_formed: chances.well_formed < clear,
            delay: accepted.then_some(delay),
            late: accepted && delay > self.model.tools.deadline[tool],
        }
    }

    pub(super) fn cooperation(&self, case: &Case, finder: Finder, request: &Request) -> Cooperation {
        let (model, tool) = (self.model.clone(), request.tool as usize);
        let chances = self.chances(case, request.counterpart);
        let complicity = |state: usize| self.region.states[state].numbers.complicity;
        let familiarity = |desk: Desk| self.officer(desk).familiarity[tool];
        let competence = (familiarity(case.handler) + familiarity(request.counterpart)) / 2.0;
        let fit = self.legal_fit(request.tool, case);
        let prospects = clamp(self.suitability[tool])
            * fit
            * competence
            * (1.0 - complicity(case.here))
            * (1.0 - complicity(case.there));
        let on = model.switches.execution;
        let arrest = on && chances.arrest < model.tools.arrest[tool] * prospects;
        let prosecution = model.execution.prosecution * fit * self.priority(case.there);
        let who = |desk: Desk| (desk, self.officer(desk).generation);
        Cooperation {
            since: self.now,
            due: self.now + request.delay.expect("it was accepted"),
            case: self.cases,
            asking: case.here,
            asker: who(case.handler),
            counterpart: who(request.counterpart),
            tool: request.tool,
            acts: case.acts,
            stable: request.known || request.brokered,
            keeps: request.keeps,
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

    pub(super) fn record_conclusion(&self, cooperation: &Cooperation) -> Event {
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
}
