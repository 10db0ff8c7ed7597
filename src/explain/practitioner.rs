//! One desk over time: who sat there, what they met, whom they knew, and what they were like quarter by quarter.

use super::name::{desk_key, desk_name, holder};
use crate::engine::{Setup, Simulation};
use crate::mechanism::funnel::Finder;
use crate::mechanism::habit::union;
use crate::quantity::{DAYS_PER_YEAR, Date, Ending, Tool};
use crate::record::{CaseRecord, Conclusion, Observer, View};
use crate::world::Desk;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;

/// Something that happened to whoever sat at the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// The first day of the tick.
    pub date: Date,
    /// How many had held the desk before.
    pub generation: u32,
    /// What kind: `came`, `case`, `asked`, `concluded`, `tie`, `untied`, `touched`.
    pub kind: &'static str,
    /// What, in a sentence.
    pub sentence: String,
}

/// What the practitioner was like at the end of a quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The day.
    pub date: Date,
    /// How many had held the desk before.
    pub generation: u32,
    /// Own habits: cooperating, alone.
    pub own: (f64, f64),
    /// The unit's routine: cooperating, alone.
    pub unit: (f64, f64),
    /// Awareness.
    pub awareness: f64,
    /// Familiarity with each tool.
    pub familiarity: [f64; Tool::COUNT],
    /// The norm as perceived.
    pub norm: f64,
    /// How busy.
    pub workload: f64,
    /// Live ties abroad.
    pub ties: usize,
    /// Mean trust in them; missing where there are none.
    pub trust: f64,
}

/// One desk over the recorded window.
#[derive(Debug, Clone, PartialEq)]
pub struct Career {
    /// The desk, as a scholar would say it.
    pub name: String,
    /// The desk, as it is typed.
    pub key: String,
    /// The replicate.
    pub replicate: u32,
    /// What happened, in order.
    pub happenings: Vec<Happening>,
    /// Levels at the start of the window, at the end of every quarter, and at the end.
    pub levels: Vec<Level>,
}

/// Follows a desk through the recorded window of a run.
pub fn career(setup: &Arc<Setup>, replicate: u32, desk: Desk) -> Career {
    let region = &setup.region;
    let mut simulation = Simulation::new(setup, replicate);
    let burn_in = setup.time.burn_in_ticks();
    simulation.run(burn_in, &mut crate::record::Blind);
    let mut follower = Follower {
        desk,
        start: setup.time.start,
        setup: Arc::clone(setup),
        ties: live_ties(simulation.view(), desk),
        moved: Vec::new(),
        happenings: Vec::new(),
        levels: vec![level(simulation.view(), setup.time.start, desk)],
        quarters: 0,
    };
    let person = simulation.world().people.at(desk);
    let (came, generation) = (person.since, person.generation);
    let sentence =
        format!("At the desk since {}, knowing {} abroad.", day(setup.time.start, came), people(follower.ties.len()));
    follower.happenings.push(Happening { date: setup.time.start, generation, kind: "came", sentence });
    simulation.run(setup.time.ticks(), &mut follower);
    follower.levels.push(level(simulation.view(), setup.time.start, desk));
    Career {
        name: desk_name(region, desk),
        key: desk_key(region, desk),
        replicate,
        happenings: follower.happenings,
        levels: follower.levels,
    }
}

struct Follower {
    desk: Desk,
    start: Date,
    setup: Arc<Setup>,
    /// Live ties at the end of the last tick.
    ties: Vec<(Desk, u32)>,
    /// Those who left in this tick.
    moved: Vec<Desk>,
    happenings: Vec<Happening>,
    levels: Vec<Level>,
    quarters: u32,
}

fn day(start: Date, now: f64) -> Date {
    Date::from_days(start.days() + libm::floor(now) as i32).unwrap_or(start)
}

fn people(number: usize) -> String {
    match number {
        0 => "nobody".to_owned(),
        1 => "one practitioner".to_owned(),
        n => format!("{n} practitioners"),
    }
}

fn live_ties(view: View<'_>, desk: Desk) -> Vec<(Desk, u32)> {
    let View { model, region, world, randomness } = view;
    let live = |tie: &crate::world::Tie| {
        model.ties.live(&model.turnover, region, world, randomness, desk, tie).map(|generation| (tie.to, generation))
    };
    world.people.at(desk).ties.iter().filter_map(live).collect()
}

fn level(view: View<'_>, start: Date, desk: Desk) -> Level {
    let View { model, region, world, randomness } = view;
    let person = world.people.at(desk);
    let unit = region.unit_of(desk);
    let live: Vec<f64> = person
        .ties
        .iter()
        .filter(|tie| model.ties.live(&model.turnover, region, world, randomness, desk, tie).is_some())
        .map(|tie| {
            let prior = world.generalised_trust(region, unit, region.state_of(tie.to));
            model.trust.in_contact(Some(tie), prior, world.now)
        })
        .collect();
    Level {
        date: day(start, world.now),
        generation: person.generation,
        own: model.habit.of_person(model.disuse, person, world.now),
        unit: model.habit.of_unit(model.disuse, &world.units[unit], world.now),
        awareness: model.recognition.awareness(person, world.now),
        familiarity: std::array::from_fn(|tool| model.familiarity.with(person, Tool::ALL[tool], world.now)),
        norm: model.norm.perceived(model.contagion, world, &world.units[unit], desk),
        workload: model.workload.of(person, world.now),
        ties: live.len(),
        trust: if live.is_empty() { f64::NAN } else { live.iter().sum::<f64>() / live.len() as f64 },
    }
}

impl Follower {
    fn note(&mut self, now: f64, kind: &'static str, sentence: String) {
        let date = day(self.start, now);
        // The generation is filled in at the end of the tick; within a tick people change before cases arrive.
        self.happenings.push(Happening { date, generation: u32::MAX, kind, sentence });
    }

    fn intervention(&self, place: usize) -> String {
        self.setup.program.interventions.get(place).map_or_else(|| (place + 1).to_string(), |one| one.key.clone())
    }

    fn compare_ties(&mut self, view: View<'_>) {
        let now = view.world.now;
        let ties = live_ties(view, self.desk);
        let before = std::mem::replace(&mut self.ties, ties.clone());
        let own_left = self.moved.contains(&self.desk);
        for &(to, generation) in &before {
            if ties.iter().any(|(other, _)| *other == to) {
                continue;
            }
            let reason = if own_left {
                "not handed over"
            } else if self.moved.contains(&to) {
                "who left and handed nothing over"
            } else if view.world.people.at(self.desk).ties.iter().any(|tie| tie.to == to && tie.dies <= now) {
                "unused for too long"
            } else {
                "unused for too long, or crowded out"
            };
            let name = holder(&self.setup.region, to, generation);
            self.note(now, "untied", format!("Lost touch with {name} ({reason})."));
        }
        for &(to, generation) in &ties {
            if !before.iter().any(|(other, _)| *other == to) {
                let name = holder(&self.setup.region, to, generation);
                self.note(now, "tie", format!("Got to know {name}."));
            }
        }
    }
}

impl Observer for Follower {
    fn left(&mut self, now: f64, desk: Desk) {
        self.moved.push(desk);
        if desk == self.desk {
            self.note(now, "came", "A new practitioner took the desk.".to_owned());
        }
    }

    fn touched(&mut self, now: f64, intervention: usize, desk: Desk) {
        if desk == self.desk {
            self.note(
                now,
                "touched",
                format!("The intervention {} acted on the practitioner.", self.intervention(intervention)),
            );
        }
    }

    fn case(&mut self, now: f64, record: &CaseRecord) {
        let case = &record.case;
        let setup = Arc::clone(&self.setup);
        let region = &setup.region;
        let key = |state: usize| &*region.states[state].key;
        let asked = |desk: Desk| desk_name(region, desk);
        if case.worker == self.desk && record.finder == Finder::Ngo {
            let said = if record.ending == Ending::Withheld { "told nobody" } else { "told the police" };
            let sentence = format!("Came upon a case that leads to {} and {said}.", key(case.there));
            self.note(now, "case", sentence);
        }
        if case.officer == self.desk && record.ending == Ending::NotRecognised {
            let sentence =
                format!("Met a case that leads to {} and did not see that it was trafficking.", key(case.there));
            self.note(now, "case", sentence);
        }
        if case.officer == self.desk && record.ending.recognised() && record.handler != self.desk {
            let sentence =
                format!("Recognised a case that leads to {}; it passed to {}.", key(case.there), asked(record.handler));
            self.note(now, "case", sentence);
        }
        if record.handler == self.desk && record.ending.recognised() {
            let habit = if record.by_habit { ", from habit" } else { "" };
            let sentence = match &record.request {
                None => format!("Handled a case that leads to {} alone{habit}.", key(case.there)),
                Some(request) => format!(
                    "On a case that leads to {} asked {} by {}{habit}: {}.",
                    key(case.there),
                    asked(request.counterpart),
                    request.tool.label(),
                    said(record.ending)
                ),
            };
            self.note(now, "case", sentence);
        }
        if let Some(request) = record.request.filter(|request| request.counterpart == self.desk) {
            if matches!(record.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed) {
                let sentence =
                    format!("Asked by {} by {}: {}.", asked(record.handler), request.tool.label(), said(record.ending));
                self.note(now, "asked", sentence);
            }
        }
    }

    fn conclusion(&mut self, now: f64, conclusion: &Conclusion) {
        let cooperation = &conclusion.cooperation;
        let other = match (cooperation.asker.0 == self.desk, cooperation.counterpart.0 == self.desk) {
            (true, _) => cooperation.counterpart,
            (_, true) => cooperation.asker,
            _ => return,
        };
        let rescued = if cooperation.rescue { cooperation.victims } else { 0 };
        let sentence = format!(
            "A cooperation with {} concluded after {:.0} days: {rescued} rescued, {} arrested.",
            holder(&self.setup.region, other.0, other.1),
            cooperation.due - cooperation.since,
            cooperation.arrests
        );
        self.note(now, "concluded", sentence);
    }

    fn tick(&mut self, view: View<'_>) {
        self.compare_ties(view);
        self.moved.clear();
        let generation = view.world.people.at(self.desk).generation;
        for happening in self.happenings.iter_mut().rev().take_while(|happening| happening.generation == u32::MAX) {
            happening.generation = generation;
        }
        let quarters = libm::floor(view.world.now / (DAYS_PER_YEAR / 4.0)) as u32;
        if quarters > self.quarters {
            self.quarters = quarters;
            self.levels.push(level(view, self.start, self.desk));
        }
    }
}

/// What became of a request.
fn said(ending: Ending) -> &'static str {
    match ending {
        Ending::SentBack => "sent back for a formal letter",
        Ending::GateShut => "the gate was shut",
        Ending::Refused => "refused",
        Ending::Lapsed => "never answered",
        _ => "accepted",
    }
}

impl Career {
    /// The career in sentences for a scholar.
    pub fn text(&self) -> String {
        let mut out = format!("{} ({}), replicate {}.\n\n", self.name, self.key, self.replicate);
        let mut generation = u32::MAX;
        for happening in &self.happenings {
            if happening.generation != generation {
                generation = happening.generation;
                let _ = writeln!(out, "{} holder", super::name::ordinal(generation + 1));
            }
            let _ = writeln!(out, "  {}  {}", happening.date, happening.sentence);
        }
        let count = |kind: &str| self.happenings.iter().filter(|happening| happening.kind == kind).count();
        let _ = writeln!(
            out,
            "\n{} cases met, {} requests received, {} ties made, {} lost.\n",
            count("case"),
            count("asked"),
            count("tie"),
            count("untied")
        );
        let _ = writeln!(
            out,
            "{:<12}{:>10}{:>10}{:>10}{:>10}{:>10}{:>8}{:>8}{:>8}   familiarity: {}",
            "",
            "habit:",
            "alone",
            "routine:",
            "alone",
            "awareness",
            "norm",
            "ties",
            "trust",
            Tool::KEYS.join(", ")
        );
        for level in &self.levels {
            let familiarity: Vec<String> = level.familiarity.iter().map(|own| format!("{own:.2}")).collect();
            let trust = if level.trust.is_nan() { "-".to_owned() } else { format!("{:.2}", level.trust) };
            let _ = writeln!(
                out,
                "{:<12}{:>10.3}{:>10.3}{:>10.3}{:>10.3}{:>10.2}{:>8.2}{:>8}{:>8}   {}",
                level.date.to_string(),
                level.own.0,
                level.own.1,
                level.unit.0,
                level.unit.1,
                level.awareness,
                level.norm,
                level.ties,
                trust,
                familiarity.join(" ")
            );
        }
        out
    }

    /// The career as JSON, every number in full.
    pub fn json(&self) -> Value {
        let happenings: Value = self
            .happenings
            .iter()
            .map(|h| json!({ "date": h.date.to_string(), "holder": h.generation + 1, "kind": h.kind, "sentence": h.sentence }))
            .collect();
        let levels: Value = self
            .levels
            .iter()
            .map(|l| {
                let familiarity: Value =
                    Tool::ALL.iter().map(|t| json!({ "tool": t.key(), "level": l.familiarity[*t as usize] })).collect();
                json!({
                    "date": l.date.to_string(),
                    "holder": l.generation + 1,
                    "habit_cooperating": l.own.0,
                    "habit_alone": l.own.1,
                    "routine_cooperating": l.unit.0,
                    "routine_alone": l.unit.1,
                    "acts_cooperating": union(l.own.0, l.unit.0),
                    "acts_alone": union(l.own.1, l.unit.1),
                    "awareness": l.awareness,
                    "norm": l.norm,
                    "workload": l.workload,
                    "ties": l.ties,
                    "trust": (!l.trust.is_nan()).then_some(l.trust),
                    "familiarity": familiarity,
                })
            })
            .collect();
        json!({ "practitioner": self.key, "name": self.name, "replicate": self.replicate, "happenings": happenings, "levels": levels })
    }
}
