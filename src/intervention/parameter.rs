//! Parameter: any number of the model, set, added to or scaled on a schedule: for what nobody foresaw.
//!
//! At strength x the number v becomes x value + (1 - x) v (*set*), v + x value (*add*) or v (1 + x (value - 1)) (*scale*), within the range declared for it. What
//! chance has drawn already stays drawn: numbers that are drawn a year ahead (`role.ROLE.meetings`, `gate.closures`, `gate.closure_days`,
//! `arrival.dispersion`) act from the next year of the run, and traits that people bring along (`habit.learning_spread`, thresholds, capacities) on newcomers. A level to
//! which the living return (`state.KEY.awareness`, `tool.TOOL.familiarity`) or from which they start (`state.KEY.priority`, `tool.TOOL.suitability`,
//! `habit.learning`) moves for them by as much as it moves,
//! and back by as much; it counts as within 0 and 1 however far it was moved. Cannot be changed under way: numbers of desks and `trust.generalised`, which are read on the first
//! day only; for more desks there is `capacity_building`.

use super::Facts;

/// How a number is changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// To a value.
    Set(f64),
    /// By an amount.
    Add(f64),
    /// By a factor.
    Scale(f64),
}

/// A number of the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// Of a mechanism: group, name, and which tool or role.
    Rule(&'static str, &'static str, usize),
    /// Of a state.
    State(usize, &'static str),
    /// Of a corridor.
    Corridor(usize),
    /// Of a pair of states.
    Pair(usize, &'static str),
}

/// Content of a change of a number.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterChange {
    /// Its key.
    pub key: String,
    /// Where it stands.
    pub place: Place,
    /// How it is changed.
    pub change: Change,
    /// Its value in the scenario.
    pub from: f64,
    /// The range declared for it.
    pub range: (f64, f64),
}

impl ParameterChange {
    /// What a value becomes at that strength.
    pub fn changed(&self, value: f64, strength: f64) -> f64 {
        let changed = match self.change {
            // In this form it is exactly the value at full strength, and exactly what it was at none.
            Change::Set(to) => strength * to + (1.0 - strength) * value,
            Change::Add(by) => value + strength * by,
            Change::Scale(by) => value * (1.0 + strength * (by - 1.0)),
        };
        changed.clamp(self.range.0, self.range.1)
    }

    /// Changes it.
    pub fn hold(&self, strength: f64, facts: &mut Facts<'_>) {
        let before = self.now(facts).unwrap_or(self.from);
        let value = self.changed(before, strength);
        match self.place {
            Place::Rule(group, name, place) => {
                facts.model.set(group, name, place, value);
            }
            Place::State(state, name) => {
                facts.region.states[state].numbers.set(name, 0, value);
                if name == "english" {
                    self.understand(facts.region);
                }
            }
            Place::Corridor(corridor) => facts.region.corridors[corridor].cases = value,
            Place::Pair(pair, name) => {
                let pair = &mut facts.region.pairs[pair];
                match name {
                    "language" => pair.language = value,
                    "harmonisation" => pair.harmonisation = Some(value),
                    _ => pair.approval = Some(value),
                }
            }
        }
    }

    /// Its value with what other interventions have done to it; `None` where only the scenario's is known.
    fn now(&self, facts: &Facts<'_>) -> Option<f64> {
        match self.place {
            Place::Rule(group, name, place) => facts.model.get(group, name, place),
            Place::State(state, name) => facts.region.states[state].numbers.get(name, 0),
            Place::Corridor(corridor) => Some(facts.region.corridors[corridor].cases),
            Place::Pair(pair, name) => {
                let pair = &facts.region.pairs[pair];
                match name {
                    "language" => Some(pair.language),
                    "harmonisation" => pair.harmonisation,
                    _ => pair.approval.or(Some(facts.model.gate.approval)),
                }
            }
        }
    }

    /// The common language of pairs of which nothing is stated follows from both states' command of it.
    fn understand(&self, region: &mut crate::world::Region) {
        for high in 0..region.states.len() {
            for low in 0..high {
                let (a, b) = (&region.states[low], &region.states[high]);
                let common = a.numbers.english.min(b.numbers.english);
                let differ = a.language != b.language;
                let place = region.pair_index(low, high);
                let pair = &mut region.pairs[place];
                if differ && !pair.language_stated {
                    pair.language = common;
                }
            }
        }
    }
}
