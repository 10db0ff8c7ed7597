//! Rules of change, one file each, and the list of them in tick order.
//!
//! A mechanism holds parameters, the [world](crate::world) holds state; a mechanism reads and changes the state it is handed.

pub mod arrival;
pub mod choice;
pub mod execution;
pub mod familiarity;
pub mod funnel;
pub mod gate;
pub mod habit;
pub mod institutions;
pub mod newcomer;
pub mod norm;
pub mod observation;
pub mod recognition;
pub mod referral;
pub mod ties;
pub mod tool;
pub mod trust;
pub mod turnover;
pub mod workload;

use crate::parameter::{Choice as Word, Declaration, Settings};
use crate::world::{CorridorNumbers, PairNumbers, StateNumbers};

/// The share left of something that halves every `half_life` after a time, both in days.
pub fn kept(elapsed: f64, half_life: f64) -> f64 {
    if elapsed <= 0.0 { 1.0 } else { libm::exp2(-elapsed / half_life) }
}

/// One step of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub sentence: &'static str,
}

/// The steps of a tick, in order. The engine walks them; `comity describe` prints them.
pub const TICK: [Stage; 13] = [
    Stage {
        name: "interventions act",
        sentence: "What is drawn for a year is drawn at its start; declarations dated in this tick lift the commitment; interventions begin, hold, act and end.",
    },
    Stage {
        name: "staff rotate",
        sentence: "Whoever's hazard has run out leaves; a newcomer takes the desk; practitioners meet colleagues abroad.",
    },
    Stage {
        name: "cases arrive",
        sentence: "Cases that surface in this tick are found by the police, by an NGO, or by nobody.",
    },
    Stage { name: "NGOs refer", sentence: "An NGO tells the police of a case it found, or does not." },
    Stage { name: "handlers recognise", sentence: "The officer sees that it is trafficking, or does not." },
    Stage {
        name: "handlers decide",
        sentence: "By habit or by deliberation the handler seeks cooperation (tool, counterpart) or handles the case alone.",
    },
    Stage {
        name: "counterparts respond",
        sentence: "Gate, approval, then the counterpart's own utility: accepted, refused or never answered.",
    },
    Stage {
        name: "cooperations conclude",
        sentence: "Those whose delay has run out yield rescues, arrests and prosecutions, or nothing.",
    },
    Stage {
        name: "both sides learn",
        sentence: "Habits, routines, trust, familiarity, awareness, workload and ties of all who took part.",
    },
    Stage { name: "peers observe", sentence: "Colleagues and contacts see what was decided." },
    Stage {
        name: "unused things fade",
        sentence: "By closed form, when next read: habits, evidence, skills, norms, workload; ties die.",
    },
    Stage {
        name: "institutions adapt",
        sentence: "Institutional clocks advance; commitment fades; where switched on, law and priority answer to practice.",
    },
    Stage { name: "record", sentence: "What happened is counted; officials record a thinned part of it." },
];

/// Which mechanisms are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches {
    /// Cases arrive.
    pub arrival: bool,
    /// Awareness learns and fades.
    pub recognition: bool,
    /// Handlers deliberate; else a constant chance decides.
    pub choice: bool,
    /// Practitioners have habits.
    pub habit: bool,
    /// Units have routines.
    pub routine: bool,
    /// Trust learns from experience.
    pub trust: bool,
    /// Familiarity learns and fades.
    pub familiarity: bool,
    /// Ties form and die.
    pub ties: bool,
    /// Practitioners see what others do.
    pub norm: bool,
    /// Counterparts decide; else they accept all that reaches them.
    pub response: bool,
    /// Cooperation yields.
    pub execution: bool,
    /// NGO workers learn from what becomes of referrals.
    pub referral: bool,
    /// People leave.
    pub turnover: bool,
    /// Desks get busy.
    pub workload: bool,
    /// Gates shut at random and by date.
    pub gate: bool,
    /// Officials record only a part.
    pub observation: bool,
}

/// The rules of one scenario: every mechanism with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What is switched on.
    pub switches: Switches,
    /// How habit acts.
    pub variant: habit::Variant,
    /// How an unused habit fades.
    pub disuse: habit::Disuse,
    /// How a norm spreads.
    pub contagion: norm::Contagion,
    /// Whether institutions answer to practice.
    pub mode: institutions::Mode,
    /// Arrival of cases.
    pub arrival: arrival::Arrival,
    /// Chances of the number of acts of a case.
    pub acts_table: [f64; arrival::MOST_ACTS as usize],
    /// Referral by NGOs.
    pub referral: referral::Referral,
    /// Recognition.
    pub recognition: recognition::Recognition,
    /// Weights of the utility.
    pub choice: choice::Choice,
    /// Tools.
    pub tools: tool::Tools,
    /// Habit and routine.
    pub habit: habit::Habit,
    /// Trust.
    pub trust: trust::Trust,
    /// Familiarity.
    pub familiarity: familiarity::Familiarity,
    /// Ties.
    pub ties: ties::Ties,
    /// Meetings.
    pub meetings: ties::Meetings,
    /// Norm.
    pub norm: norm::Norm,
    /// Workload.
    pub workload: workload::Workload,
    /// Gates and approval.
    pub gate: gate::Gate,
    /// Execution.
    pub execution: execution::Execution,
    /// Turnover.
    pub turnover: turnover::Turnover,
    /// Hazards of leaving.
    pub leaving: turnover::Leaving,
    /// Institutions.
    pub institutions: institutions::Institutions,
}

impl Model {
    /// The rules that settings describe.
    pub fn from_settings(settings: &Settings) -> Self {
        let arrival = arrival::Arrival::from_settings(settings);
        Self {
            switches: Switches::from_settings(settings),
            variant: match settings.choice("habit.variant") {
                "utility" => habit::Variant::Utility,
                _ => habit::Variant::Arbitration,
            },
            disuse: match settings.choice("habit.disuse") {
                "cue" => habit::Disuse::Cue,
                _ => habit::Disuse::Clock,
            },
            // Switched off, nobody is ever seen: simple contagion then gives the prior, complex would give nothing.
            contagion: match (settings.is_on("norm"), settings.choice("norm.contagion")) {
                (true, "complex") => norm::Contagion::Complex,
                _ => norm::Contagion::Simple,
            },
            mode: match (settings.is_on("institutions"), settings.choice("institutions.mode")) {
                (false, _) => institutions::Mode::Off,
                (true, "endogenous") => institutions::Mode::Endogenous,
                (true, _) => institutions::Mode::Dated,
            },
            acts_table: arrival.acts_table(),
            arrival,
            referral: referral::Referral::from_settings(settings),
            recognition: recognition::Recognition::from_settings(settings),
            choice: choice::Choice::from_settings(settings),
            tools: tool::Tools::from_settings(settings),
            habit: habit::Habit::from_settings(settings),
            trust: trust::Trust::from_settings(settings),
            familiarity: familiarity::Familiarity::from_settings(settings),
            ties: ties::Ties::from_settings(settings),
            meetings: ties::Meetings::from_settings(settings),
            norm: norm::Norm::from_settings(settings),
            workload: workload::Workload::from_settings(settings),
            gate: gate::Gate::from_settings(settings),
            execution: execution::Execution::from_settings(settings),
            turnover: turnover::Turnover::from_settings(settings),
            leaving: turnover::Leaving::from_settings(settings),
            institutions: institutions::Institutions::from_settings(settings),
        }
    }
}

/// Reads and sets the numbers of a model by group, from one list of which field holds which group.
macro_rules! groups {
    ($($group:literal: $($field:ident)+;)*) => {
        impl Model {
            /// The number of a group, name and place (tool or role, where there is one for each), if there is one.
            pub fn get(&self, group: &str, name: &str, place: usize) -> Option<f64> {
                match group {
                    $($group => None$(.or_else(|| self.$field.get(name, place)))+,)*
                    _ => None,
                }
            }

            /// Sets the number of a group, name and place (tool or role, where there is one for each); whether there is such a number.
            ///
            /// What was worked out from numbers when the model was made is worked out again.
            pub fn set(&mut self, group: &str, name: &str, place: usize, value: f64) -> bool {
                let known = match group {
                    $($group => false $(|| self.$field.set(name, place, value))+,)*
                    _ => false,
                };
                if known && group == "arrival" {
                    self.acts_table = self.arrival.acts_table();
                }
                known
            }
        }
    };
}

groups! {
    "arrival": arrival;
    "referral": referral;
    "recognition": recognition;
    "tool": tools;
    "choice": choice;
    "habit": habit;
    "trust": trust;
    "familiarity": familiarity;
    "ties": ties;
    "norm": norm;
    "workload": workload;
    "gate": gate;
    "execution": execution;
    "turnover": turnover;
    "role": leaving meetings;
    "institutions": institutions;
}

impl Switches {
    fn from_settings(settings: &Settings) -> Self {
        Self {
            arrival: settings.is_on("arrival"),
            recognition: settings.is_on("recognition"),
            choice: settings.is_on("choice"),
            habit: settings.is_on("habit"),
            routine: settings.is_on("routine"),
            trust: settings.is_on("trust"),
            familiarity: settings.is_on("familiarity"),
            ties: settings.is_on("ties"),
            norm: settings.is_on("norm"),
            response: settings.is_on("response"),
            execution: settings.is_on("execution"),
            referral: settings.is_on("referral"),
            turnover: settings.is_on("turnover"),
            workload: settings.is_on("workload"),
            gate: settings.is_on("gate"),
            observation: settings.is_on("observation"),
        }
    }
}

/// Every declared number, in the order of the documentation.
pub fn declarations() -> Vec<Declaration> {
    [
        StateNumbers::DECLARATIONS,
        CorridorNumbers::DECLARATIONS,
        PairNumbers::DECLARATIONS,
        arrival::Arrival::DECLARATIONS,
        referral::Referral::DECLARATIONS,
        recognition::Recognition::DECLARATIONS,
        tool::Tools::DECLARATIONS,
        choice::Choice::DECLARATIONS,
        habit::Habit::DECLARATIONS,
        trust::Trust::DECLARATIONS,
        familiarity::Familiarity::DECLARATIONS,
        ties::Ties::DECLARATIONS,
        norm::Norm::DECLARATIONS,
        workload::Workload::DECLARATIONS,
        gate::Gate::DECLARATIONS,
        execution::Execution::DECLARATIONS,
        turnover::Turnover::DECLARATIONS,
        turnover::Leaving::DECLARATIONS,
        ties::Meetings::DECLARATIONS,
        institutions::Institutions::DECLARATIONS,
    ]
    .concat()
}

/// Every declared choice: variants, and the switch of each mechanism.
pub fn choices() -> Vec<Word> {
    const SWITCH: &[&str] = &["on", "off"];
    let word = |key, options, sentence| Word { key, options, sentence };
    vec![
        word(
            "habit.variant",
            &["arbitration", "utility"],
            "Whether habit takes over from deliberation or weighs in the utility.",
        ),
        word(
            "habit.disuse",
            &["clock", "cue"],
            "Whether an unused habit fades with time or at each case met without the response.",
        ),
        word(
            "norm.contagion",
            &["simple", "complex"],
            "Whether every observation counts, or only a share above one's threshold, seen from two sources.",
        ),
        word(
            "institutions.mode",
            &["dated", "endogenous"],
            "Whether law and treaties keep to their dates or answer to practice.",
        ),
        word("mechanisms.arrival", SWITCH, "Cases arrive. Off: none do."),
        word("mechanisms.recognition", SWITCH, "Awareness learns. Off: it stays at each officer's own level."),
        word("mechanisms.choice", SWITCH, "Handlers deliberate. Off: they seek with a constant chance."),
        word("mechanisms.habit", SWITCH, "Practitioners form habits. Off: their habits stay at nothing."),
        word("mechanisms.routine", SWITCH, "Units form routines. Off: their routines stay at nothing."),
        word("mechanisms.trust", SWITCH, "Trust learns from experience. Off: it stays at the prior."),
        word("mechanisms.familiarity", SWITCH, "Familiarity learns. Off: it stays at each practitioner's floor."),
        word(
            "mechanisms.ties",
            SWITCH,
            "Ties form. Off: nobody knows anybody abroad but the official points of contact.",
        ),
        word(
            "mechanisms.norm",
            SWITCH,
            "Practitioners see what others do and hear what is declared. Off: the perceived norm stays at its prior.",
        ),
        word("mechanisms.response", SWITCH, "Counterparts decide. Off: they accept every request that reaches them."),
        word("mechanisms.execution", SWITCH, "Cooperation yields. Off: it concludes without rescue or arrest."),
        word(
            "mechanisms.referral",
            SWITCH,
            "NGO workers learn from what becomes of referrals. Off: they keep their first trust.",
        ),
        word("mechanisms.turnover", SWITCH, "People leave. Off: nobody does."),
        word("mechanisms.workload", SWITCH, "Desks get busy. Off: none does."),
        word("mechanisms.gate", SWITCH, "Political gates shut. Off: all stay open."),
        word(
            "mechanisms.institutions",
            SWITCH,
            "Laws and treaties come into force. Off: all stays as on the first day of the window.",
        ),
        word("mechanisms.observation", SWITCH, "Officials record a part of what happens. Off: they record all of it."),
    ]
}
