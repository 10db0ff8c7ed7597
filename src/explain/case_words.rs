//! One case in plain sentences, and as JSON.

use super::case::{Account, Chance, Opening, Term};
use super::name::wrapped;
use crate::mechanism::funnel::Finder;
use crate::mechanism::habit::Impulse;
use crate::quantity::{Barrier, Ending};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Openings printed; the rest are counted.
const SHOWN: usize = 6;

impl Account {
    /// The case in sentences for a scholar.
    pub fn text(&self) -> String {
        let case = &self.record.case;
        let mut out = format!(
            "Case {} of replicate {}, {}. It surfaced in {} and leads to {}: {}, {} within reach, severity {:.2}, \
             visibility {:.2}, {} of work.\n",
            self.number,
            self.replicate,
            self.date,
            self.states.0,
            self.states.1,
            counted(case.victims, "victim"),
            counted(case.culprits, "culprit"),
            case.severity,
            case.visibility,
            counted(case.acts, "act"),
        );
        for paragraph in
            [self.finding(), self.recognising(), self.handling(), self.deciding(), self.answering(), self.result()]
        {
            if !paragraph.is_empty() {
                out.push('\n');
                out += &paragraph;
            }
        }
        out.push('\n');
        out += &self.otherwise();
        wrapped(&out)
    }

    fn finding(&self) -> String {
        let (officer, police) = &self.found.police;
        let (worker, ngo) = &self.found.ngo;
        let mut out = String::from("Found. ");
        match self.found.finder {
            Finder::Police => {
                let _ = writeln!(out, "{officer} came upon it ({}).", luck(*police));
            }
            Finder::Ngo => {
                let _ = write!(
                    out,
                    "The police did not: {officer} passed it by ({}). {worker} came upon it ({})",
                    luck(*police),
                    luck(*ngo)
                );
                if let Some((terms, chance)) = &self.referral {
                    let said = if chance.happens() { "told the police" } else { "told nobody" };
                    let _ = write!(out, " and {said} ({}; {}).", luck(*chance), sum(terms));
                }
                out.push('\n');
            }
        }
        out
    }

    fn recognising(&self) -> String {
        let officer = &self.found.police.0;
        let conditional = if self.record.ending == Ending::Withheld { " Had it been referred:" } else { "" };
        let said = match (self.recognition.happens(), self.record.ending == Ending::Withheld) {
            (true, false) => "saw that it was trafficking",
            (false, false) => "did not see that it was trafficking",
            (true, true) => "would have seen that it was trafficking",
            (false, true) => "would not have seen that it was trafficking",
        };
        format!("Recognised.{conditional} {officer} {said} ({}).\n", luck(self.recognition))
    }

    fn handling(&self) -> String {
        let verb = if self.record.ending.recognised() { "was" } else { "would have been" };
        let mut out = format!("Open to the handler. It {verb} {}'s case. ", self.handler);
        if self.openings.is_empty() {
            out += "No tool was open to this role between the two states.\n";
            return out;
        }
        let ways = match self.openings.len() {
            1 => "The one way of cooperating".to_owned(),
            several => format!("Of {several} ways of cooperating"),
        };
        let better = match self.openings.iter().filter(|opening| opening.utility + opening.noise > self.alone).count() {
            0 if self.openings.len() == 1 => " was not".to_owned(),
            1 if self.openings.len() == 1 => " was".to_owned(),
            0 => " none was".to_owned(),
            1 => " one was".to_owned(),
            better => format!(" {better} were"),
        };
        let _ = writeln!(
            out,
            "{ways}{better} worth more than handling alone, which is worth its noise, {:+.2}:",
            self.alone
        );
        for opening in self.openings.iter().take(SHOWN) {
            out += &line(opening);
        }
        if self.openings.len() > SHOWN {
            let _ = writeln!(out, "    and {} worth less.", self.openings.len() - SHOWN);
        }
        out
    }

    fn deciding(&self) -> String {
        let habits = &self.habits;
        let mut out = String::from(if self.record.ending.recognised() {
            "Habit or deliberation. "
        } else {
            "Habit or deliberation, had it come to that. "
        });
        let _ = write!(
            out,
            "Habit of cooperating {:.2} (own {:.2}, unit {:.2}), of handling alone {:.2} (own {:.2}, unit {:.2})",
            habits.union.0, habits.own.0, habits.unit.0, habits.union.1, habits.own.1, habits.unit.1
        );
        let Some(impulse) = habits.impulse else {
            out += "; they weigh in the utilities.\n";
            return out + &self.choosing();
        };
        let _ = write!(
            out,
            ": below {:.2} habit cooperates, from {:.2} on it handles alone, between them the handler deliberates. The number \
             drawn was {:.2}: ",
            habits.bounds.0, habits.bounds.1, habits.drawn
        );
        out += match impulse {
            Impulse::Alone => "handled alone from habit.\n",
            Impulse::Cooperate if self.openings.is_empty() => "habit would have cooperated, but nothing was open.\n",
            Impulse::Cooperate => "cooperation sought from habit, by the tool and contact used last.\n",
            Impulse::Deliberate => "the handler deliberated.\n",
        };
        out + &self.choosing()
    }

    fn choosing(&self) -> String {
        let by = |opening: &Opening| format!("by {} from {}", opening.tool.label(), opening.counterpart);
        let sought = self.openings.iter().find(|opening| opening.sought);
        let recognised = self.record.ending.recognised();
        let constant = if self.deliberates || self.record.by_habit {
            String::new()
        } else {
            format!(" Deliberation is switched off: a constant chance decides ({}).", luck(self.constant))
        };
        match (sought, recognised) {
            (Some(opening), true) => format!("Cooperation was sought {}.{constant}\n", by(opening)),
            (Some(opening), false) => format!("Cooperation would have been sought {}.{constant}\n", by(opening)),
            (None, true) => format!("The case was handled alone.{constant}\n"),
            (None, false) => format!("The case would have been handled alone.{constant}\n"),
        }
    }

    fn answering(&self) -> String {
        let Some(opening) = self.openings.iter().find(|opening| opening.sought) else { return String::new() };
        if !self.record.ending.recognised() {
            return String::new();
        }
        let mut out = String::from("On its way. ");
        out += if self.gate_shut { "The gate between the two states was shut" } else { "The gate was open" };
        if self.record.ending == Ending::GateShut {
            return out + ": the request did not pass.\n";
        }
        if let Some(approval) = self.approval {
            let said = if approval.happens() { "sent back for a formal letter" } else { "not sent back for approval" };
            let _ = write!(out, "; the request was {said} ({})", luck(approval));
        }
        out += ".\n";
        if self.record.ending == Ending::SentBack {
            return out;
        }
        let name = &opening.counterpart;
        match &self.answer {
            None => {
                let _ =
                    writeln!(out, "\nThe counterpart. {name} accepted, as every counterpart does in this scenario.");
            }
            Some(answer) => {
                let total = answer.utility + answer.noise;
                let said = match self.record.ending {
                    Ending::Accepted => "accepted".to_owned(),
                    Ending::Lapsed => format!("never answered (silence: {})", luck(answer.silence)),
                    _ => format!("refused (silence: {})", luck(answer.silence)),
                };
                let _ = writeln!(
                    out,
                    "\nThe counterpart. {name} {said}: {} = {:+.2}, noise {:+.2}, together {total:+.2}.",
                    sum(&answer.terms),
                    answer.utility,
                    answer.noise
                );
            }
        }
        out
    }

    fn result(&self) -> String {
        let Some(cooperation) = &self.cooperation else { return String::new() };
        let late = if cooperation.late { ", later than the tool's deadline" } else { "" };
        let days = cooperation.due - cooperation.since;
        let mut came = Vec::new();
        if cooperation.rescue {
            came.push(format!("{} rescued", counted(cooperation.victims, "victim")));
        }
        if cooperation.arrests > 0 {
            came.push(format!("{} arrested", counted(cooperation.arrests, "culprit")));
            came.push(if cooperation.prosecution { "and prosecuted" } else { "but not prosecuted" }.to_owned());
        }
        if cooperation.leak {
            came.push("a leak on the side asked".to_owned());
        }
        let came = if came.is_empty() { "nothing: no rescue, no arrest".to_owned() } else { came.join(", ") };
        format!(
            "What came of it. {}, concluded after {days:.0} days{late}: {came}.\n",
            counted(self.record.communications, "communication")
        )
    }

    fn otherwise(&self) -> String {
        let ended = self.record.ending.label();
        let mut out = format!("It ended as: {ended}. ");
        if self.record.ending == Ending::Accepted {
            out.push('\n');
            return out + NOTE;
        }
        let list = |barriers: &[Barrier]| {
            let labels: Vec<&str> = barriers.iter().map(|barrier| barrier.label()).collect();
            labels.join("; ")
        };
        if !self.single.is_empty() {
            let _ = writeln!(
                out,
                "Without any one of these barriers, and with the same luck, there would have been cooperation in the model: {}.",
                list(&self.single)
            );
        } else if !self.pairs.is_empty() {
            let pairs: Vec<String> =
                self.pairs.iter().map(|(a, b)| format!("{} with {}", a.label(), b.label())).collect();
            let _ = writeln!(
                out,
                "No single barrier made the difference. With the same luck, removing two together would have, in the model: {}.",
                pairs.join("; ")
            );
        } else if self.together {
            out += "No barrier alone, nor any two, made the difference; removing all would have, in the model, with the same luck.\n";
        } else {
            out += "Even with every barrier removed there would have been no cooperation, in the model, with the same luck.\n";
        }
        out + NOTE
    }

    /// The case as JSON, every number in full.
    pub fn json(&self) -> Value {
        let terms = |terms: &[Term]| -> Value {
            terms.iter().map(|t| json!({ "name": t.name, "level": t.level, "amount": t.amount })).collect()
        };
        let chance =
            |chance: Chance| json!({ "chance": chance.chance, "drawn": chance.drawn, "happens": chance.happens() });
        let case = &self.record.case;
        let keys = |barriers: &[Barrier]| -> Value { barriers.iter().map(|barrier| json!(barrier.key())).collect() };
        let openings: Value = self
            .openings
            .iter()
            .map(|o| {
                json!({
                    "tool": o.tool.key(),
                    "counterpart": o.counterpart,
                    "days_since_last_contact": o.known,
                    "brokered": o.brokered,
                    "terms": terms(&o.terms),
                    "utility": o.utility,
                    "noise": o.noise,
                    "habitual": o.habitual,
                    "sought": o.sought,
                })
            })
            .collect();
        let habits = &self.habits;
        let pair = |(cooperating, alone): (f64, f64)| json!({ "cooperating": cooperating, "alone": alone });
        json!({
            "case": self.number,
            "replicate": self.replicate,
            "date": self.date.to_string(),
            "state": &*self.states.0,
            "other": &*self.states.1,
            "victims": case.victims,
            "culprits": case.culprits,
            "severity": case.severity,
            "visibility": case.visibility,
            "acts": case.acts,
            "finder": match self.found.finder { Finder::Police => "police", Finder::Ngo => "ngo" },
            "police": { "practitioner": self.found.police.0, "detection": chance(self.found.police.1) },
            "ngo": { "practitioner": self.found.ngo.0, "detection": chance(self.found.ngo.1) },
            "referral": self.referral.as_ref().map(|(t, c)| json!({ "terms": terms(t), "referral": chance(*c) })),
            "recognition": chance(self.recognition),
            "handler": self.handler,
            "role": self.record.role.key(),
            "openings": openings,
            "alone_noise": self.alone,
            "habits": {
                "own": pair(habits.own),
                "unit": pair(habits.unit),
                "union": pair(habits.union),
                "drawn": habits.drawn,
                "cooperates_below": habits.bounds.0,
                "alone_from": habits.bounds.1,
            },
            "by_habit": self.record.by_habit,
            "gate_shut": self.gate_shut,
            "approval": self.approval.map(chance),
            "answer": self.answer.as_ref().map(|a| json!({
                "terms": terms(&a.terms), "utility": a.utility, "noise": a.noise, "silence": chance(a.silence)
            })),
            "ending": self.record.ending.key(),
            "communications": self.record.communications,
            "cooperation": self.cooperation.as_ref().map(|c| json!({
                "days": c.due - c.since, "late": c.late, "rescued": if c.rescue { c.victims } else { 0 },
                "arrested": c.arrests, "prosecuted": c.prosecution, "leak": c.leak,
            })),
            "binding_alone": keys(&self.single),
            "binding_in_pairs": self.pairs.iter().map(|(a, b)| keys(&[*a, *b])).collect::<Value>(),
            "all_removed_would_bring_cooperation": self.record.ending == Ending::Accepted || self.together,
        })
    }
}

const NOTE: &str = "A thing happens when the number drawn for it lies below its chance. What would have been is an answer of the model, \
                    not of the world.\n";

fn counted(number: u32, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn luck(chance: Chance) -> String {
    format!("chance {:.2}, drawn {:.2}", chance.chance, chance.drawn)
}

/// The terms that weigh, in words.
fn sum(terms: &[Term]) -> String {
    let words: Vec<String> = terms
        .iter()
        .filter(|term| term.amount != 0.0)
        .map(|term| match term.level {
            Some(level) => format!("{:+.2} {} ({level:.2})", term.amount, term.name),
            None => format!("{:+.2} {}", term.amount, term.name),
        })
        .collect();
    words.join(", ")
}

fn line(opening: &Opening) -> String {
    let known = match opening.known {
        Some(days) => format!("known, last contact {days:.0} days ago"),
        None if opening.brokered => "a stranger, through a liaison officer".to_owned(),
        None => "point of contact, a stranger".to_owned(),
    };
    let mark = if opening.sought { ">" } else { " " };
    format!(
        "  {mark} {} from {} ({known}): {:+.2}, with noise {:+.2}. {}\n",
        opening.tool.label(),
        opening.counterpart,
        opening.utility,
        opening.utility + opening.noise,
        sum(&opening.terms)
    )
}
