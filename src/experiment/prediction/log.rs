//! What a prediction looks at in one run: every case, every conclusion, and every month what people are like.

use crate::mechanism::tool::{formal, of_role};
use crate::mechanism::trust::Evidence;
use crate::quantity::{DAYS_PER_MONTH, DAYS_PER_YEAR, Ending, Role, Tool, UnitKind};
use crate::record::{CaseRecord, Conclusion, Observer, View};
use crate::world::Desk;

/// A case that arrived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    /// When, in years since the start of the window.
    pub(super) year: f64,
    pub(super) here: usize,
    pub(super) there: usize,
    pub(super) role: Role,
    pub(super) found_by_ngo: bool,
    pub(super) ending: Ending,
    pub(super) tool: Option<Tool>,
    pub(super) communications: u32,
    pub(super) victims: u32,
    handler: Desk,
    /// How long the handler had held the desk, in years.
    pub(super) tenure: f64,
    /// Whether the unit's routine of handling alone was stronger than its routine of cooperating.
    pub(super) unit_alone: bool,
}

impl Event {
    /// Whether a formal tool was asked for.
    pub(super) fn formal(&self) -> bool {
        self.tool.is_some_and(formal)
    }
}

/// A cooperation that concluded.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) year: f64,
    pub(super) rescued: u32,
    pub(super) arrests: u32,
}

/// What people are like, at the end of a month.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    pub(super) year: f64,
    /// Mean over states of the norm that the first head perceives, declared commitment included.
    pub(super) norm: f64,
    /// Mean generalised trust of the police in other states' practitioners.
    pub(super) trust: f64,
    /// Mean awareness of the police, and mean familiarity with the tools of the role.
    pub(super) knowledge: f64,
    /// The same of the first desk of each police unit.
    pub(super) knowledge_at_the_top: f64,
    /// Mean familiarity of all who may ask.
    pub(super) familiarity: f64,
    /// Mean of the units' routines of cooperating.
    pub(super) routine: f64,
    /// Live ties of all practitioners.
    pub(super) ties: f64,
    /// Evidence for their contacts that heads hold.
    pub(super) evidence_of_heads: f64,
    /// Mean harmonisation over pairs.
    pub(super) harmonisation: f64,
    /// What a leak would cost in trust, and which share of it: mean over the best known tenth of ties, and over the least known tenth.
    pub(super) leak: [(f64, f64); 2],
    /// Practitioners.
    pub(super) staff: f64,
}

/// Looks at one run.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    pub(super) events: Vec<Event>,
    pub(super) ends: Vec<End>,
    pub(super) months: Vec<Month>,
    /// Cases of the present tick, whose handlers are still to be looked at.
    open: usize,
}

impl Observer for Log {
    fn case(&mut self, now: f64, record: &CaseRecord) {
        if now < 0.0 {
            return;
        }
        self.events.push(Event {
            year: now / DAYS_PER_YEAR,
            here: record.case.here,
            there: record.case.there,
            role: record.role,
            found_by_ngo: record.finder == crate::mechanism::funnel::Finder::Ngo,
            ending: record.ending,
            tool: record.request.map(|request| request.tool),
            communications: record.communications,
            victims: record.case.victims,
            handler: record.handler,
            tenure: f64::NAN,
            unit_alone: false,
        });
    }

    fn conclusion(&mut self, now: f64, conclusion: &Conclusion) {
        if now >= 0.0 {
            let cooperation = &conclusion.cooperation;
            let rescued = if cooperation.rescue { cooperation.victims } else { 0 };
            self.ends.push(End { year: now / DAYS_PER_YEAR, rescued, arrests: cooperation.arrests });
        }
    }

    fn tick(&mut self, view: View<'_>) {
        let View { model, region, world, .. } = view;
        for event in &mut self.events[self.open..] {
            event.tenure = (world.now - world.people.at(event.handler).since) / DAYS_PER_YEAR;
            let unit = &world.units[region.unit_of(event.handler)];
            let (cooperating, alone) = model.habit.of_unit(model.disuse, unit, world.now);
            event.unit_alone = alone > cooperating;
        }
        self.open = self.events.len();
        let due = world.now >= 0.0 && world.now >= self.months.len() as f64 * DAYS_PER_MONTH;
        if due {
            self.months.push(month(view));
        }
    }
}

fn month(view: View<'_>) -> Month {
    let View { model, region, world, randomness } = view;
    let states = region.states.len();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let police: Vec<usize> = (0..states).map(|state| region.unit_in(state, UnitKind::Police)).collect();
    let norm: Vec<f64> = police
        .iter()
        .map(|unit| model.norm.perceived(model.contagion, world, &world.units[*unit], region.units[*unit].first))
        .collect();
    let (mut trust, mut routine) = (Vec::new(), Vec::new());
    for (state, unit) in police.iter().enumerate() {
        trust.extend(
            (0..states).filter(|other| *other != state).map(|other| world.generalised_trust(region, *unit, other)),
        );
        routine.push(model.habit.of_unit(model.disuse, &world.units[*unit], world.now).0);
    }
    let (mut knowledge, mut top, mut familiarity) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ties, mut evidence_of_heads) = (0.0, 0.0);
    let mut by_evidence: Vec<(f64, (f64, f64))> = Vec::new();
    let desks = (0..region.desks() as Desk).filter(|desk| region.staffed(*desk));
    for desk in desks {
        let person = world.people.at(desk);
        let role = region.role_of(desk);
        for tie in &person.ties {
            if model.ties.live(&model.turnover, region, world, randomness, desk, tie).is_none() {
                continue;
            }
            ties += 1.0;
            let kept = crate::mechanism::kept(world.now - tie.evidence_at, model.trust.half_life);
            if role == Role::Head {
                evidence_of_heads += tie.good * kept;
            }
            let prior = world.generalised_trust(region, region.unit_of(desk), region.state_of(tie.to));
            let before = model.trust.in_contact(Some(tie), prior, world.now);
            let mut betrayed = *tie;
            model.trust.learn(&mut betrayed, world.now, Evidence { good: 0.0, bad: model.trust.betrayal });
            let cost = before - model.trust.in_contact(Some(&betrayed), prior, world.now);
            by_evidence.push((tie.good * kept, (cost, cost / before)));
        }
        if role == Role::Ngo {
            continue;
        }
        let tools: Vec<f64> = of_role(role).map(|tool| model.familiarity.with(person, tool, world.now)).collect();
        if tools.is_empty() {
            continue;
        }
        familiarity.push(mean(&tools));
        if matches!(role, Role::Investigator | Role::Head) {
            let known = model.recognition.awareness(person, world.now) + mean(&tools);
            knowledge.push(known);
            if region.units[region.unit_of(desk)].first == desk {
                top.push(known);
            }
        }
    }
    by_evidence.sort_by(|a, b| a.0.total_cmp(&b.0));
    let tenth = (by_evidence.len() / 10).max(1).min(by_evidence.len());
    let costs = |ties: &[(f64, (f64, f64))]| {
        let of = |of: fn(&(f64, f64)) -> f64| mean(&ties.iter().map(|(_, cost)| of(cost)).collect::<Vec<_>>());
        (of(|cost| cost.0), of(|cost| cost.1))
    };
    let pairs = (0..states).flat_map(|high| (0..high).map(move |low| (low, high)));
    let legal: Vec<f64> = pairs.map(|(a, b)| model.institutions.harmonisation(region, world, a, b)).collect();
    Month {
        year: world.now / DAYS_PER_YEAR,
        norm: mean(&norm),
        trust: mean(&trust),
        knowledge: mean(&knowledge),
        knowledge_at_the_top: mean(&top),
        familiarity: mean(&familiarity),
        routine: mean(&routine),
        ties,
        evidence_of_heads,
        harmonisation: mean(&legal),
        leak: [costs(&by_evidence[by_evidence.len() - tenth..]), costs(&by_evidence[..tenth])],
        staff: region.staff() as f64,
    }
}

/// What is asked of a log, over years from one to the other.
impl Log {
    fn cases(&self, from: f64, to: f64) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| from <= event.year && event.year < to)
    }

    /// How many cases are such.
    pub(super) fn count(&self, (from, to): (f64, f64), such: impl Fn(&Event) -> bool) -> f64 {
        self.cases(from, to).filter(|event| such(event)).count() as f64
    }

    /// A sum over cases.
    pub(super) fn sum(&self, (from, to): (f64, f64), of: impl Fn(&Event) -> f64) -> f64 {
        self.cases(from, to).map(of).sum()
    }

    /// Of the cases that are such, the share that are also so.
    pub(super) fn share(&self, years: (f64, f64), such: impl Fn(&Event) -> bool, so: impl Fn(&Event) -> bool) -> f64 {
        self.count(years, |event| such(event) && so(event)) / self.count(years, such)
    }

    /// Sought / recognised cases.
    pub(super) fn seeking(&self, years: (f64, f64)) -> f64 {
        self.share(years, |event| event.ending.recognised(), |event| event.tool.is_some())
    }

    /// Accepted / arrived cases.
    pub(super) fn cooperation(&self, years: (f64, f64)) -> f64 {
        self.share(years, |_| true, |event| event.ending == Ending::Accepted)
    }

    /// Accepted cases.
    pub(super) fn accepted(&self, years: (f64, f64)) -> f64 {
        self.count(years, |event| event.ending == Ending::Accepted)
    }

    /// Cases of which NGOs told the police / cases that NGOs found.
    pub(super) fn referral(&self, years: (f64, f64)) -> f64 {
        self.share(years, |event| event.found_by_ngo, |event| event.ending != Ending::Withheld)
    }

    /// Requests by formal tools.
    pub(super) fn formal(&self, years: (f64, f64)) -> f64 {
        self.count(years, Event::formal)
    }

    /// Requests by police channels.
    pub(super) fn informal(&self, years: (f64, f64)) -> f64 {
        self.count(years, |event| event.tool.is_some() && !event.formal())
    }

    /// A sum over conclusions.
    pub(super) fn yields(&self, (from, to): (f64, f64), of: impl Fn(&End) -> f64) -> f64 {
        self.ends.iter().filter(|end| from <= end.year && end.year < to).map(of).sum()
    }

    /// The mean over months.
    pub(super) fn mean(&self, (from, to): (f64, f64), of: impl Fn(&Month) -> f64) -> f64 {
        let months: Vec<f64> =
            self.months.iter().filter(|month| from <= month.year && month.year < to).map(of).collect();
        months.iter().sum::<f64>() / months.len() as f64
    }
}
