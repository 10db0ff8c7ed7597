//! The resolved scenario as text: complete for people ([`Scenario::to_toml`]), bare for its digest
//! ([`Scenario::canonical`]).

use super::numbers::Declared;
use super::units::{human, number};
use super::{Coordinates, Scenario, State, interventions};
use crate::digest::Digest;
use crate::parameter::{Declaration, Grade, Provenance};
use crate::quantity::{Date, Role, Tool};
use std::fmt::{Display, Write};

impl Scenario {
    /// The scenario as resolved: every parameter with its provenance, every fact, nothing extended.
    ///
    /// Parsing it again gives the same digest.
    pub fn to_toml(&self) -> String {
        let declared = Declared::all();
        let mut out =
            format!("# The scenario {} as resolved: every value in force, and where it comes from.\n", self.name);
        out += &format!("title = {}\n", quoted(&self.title));
        if !self.description.is_empty() {
            out += &format!("description = {}\n", quoted(&self.description));
        }
        out += &format!("currency = {}\n", quoted(&self.currency));
        let time = self.time;
        out += &format!("\n[time]\nstart = {}\nend = {}\n", time.start, time.end);
        out += &format!("burn_in = {} # days\n", number(time.burn_in_days));
        out += &format!("tick = {} # days\n", number(time.tick_days));
        out += &format!("\n[run]\nreplicates = {}\nseed = {}\n", self.replicates, self.seed);
        for group in declared.groups() {
            self.write_group(&mut out, declared, group);
        }
        for state in &self.states {
            self.write_state(&mut out, declared, state);
        }
        for corridor in &self.corridors {
            out += &format!("\n[corridor.{}]\n", corridor.key);
            self.write_numbers(&mut out, declared, "corridor", &corridor.key);
        }
        for pair in &self.pairs {
            let path = format!("pair.{}", pair.key);
            out += &format!("\n[{path}]\n");
            if let Some(date) = pair.memorandum {
                self.write_fact(&mut out, &path, "memorandum", date);
            }
            if !pair.gate_shut.is_empty() {
                let shut: Vec<String> = pair
                    .gate_shut
                    .iter()
                    .map(|(from, until)| format!("{{ from = {from}, until = {until} }}"))
                    .collect();
                self.write_fact(&mut out, &path, "gate_shut", format!("[{}]", shut.join(", ")));
            }
            self.write_numbers(&mut out, declared, "pair", &pair.key);
        }
        self.write_commitments(&mut out);
        for (intervention, facts) in self.interventions.iter().zip(&self.intervention_facts) {
            out += &format!("\n[intervention.{}]\n", intervention.key);
            for (name, line) in facts {
                self.write_fact(&mut out, &format!("intervention.{}", intervention.key), name, line);
            }
            for of in interventions::declarations(intervention.kind()) {
                self.write_number(&mut out, of.name, &of.key_of(&intervention.key), &of);
            }
        }
        out
    }

    fn write_group(&self, out: &mut String, declared: &Declared, group: &str) {
        let mut tables: Vec<(String, String)> = vec![(group.to_owned(), String::new())];
        let below = Tool::KEYS.iter().chain(Role::KEYS).map(|key| format!("{group}.{key}"));
        tables.extend(below.map(|path| (path, String::new())));
        for (path, lines) in &mut tables {
            for parameter in declared.declarations.iter().flat_map(Declaration::expand) {
                let declaration = parameter.declaration;
                if parameter.key.rsplit_once('.').is_some_and(|(table, _)| table == path) {
                    self.write_number(lines, declaration.name, &parameter.key, &declaration);
                }
            }
            for choice in &declared.choices {
                if let Some((table, name)) = choice.key.rsplit_once('.')
                    && table == path
                {
                    let word = self.settings.choice(choice.key);
                    *lines +=
                        &format!("{name} = \"{word}\" # one of {}; {}\n", choice.options.join(", "), choice.sentence);
                }
            }
        }
        for (path, lines) in tables.iter().filter(|(_, lines)| !lines.is_empty()) {
            *out += &format!("\n[{path}]\n{lines}");
        }
    }

    fn write_numbers(&self, out: &mut String, declared: &Declared, group: &str, entity: &str) {
        for declaration in declared.of_entities(group) {
            self.write_number(out, declaration.name, &declaration.key_of(entity), &declaration);
        }
    }

    fn write_number(&self, out: &mut String, name: &str, key: &str, of: &Declaration) {
        let Some((_, value, provenance)) = self.settings.numbers().find(|(other, _, _)| *other == key) else { return };
        let words = human(of.unit, value);
        let plain = number(value);
        let words = if words == plain { of.unit.label().to_owned() } else { words };
        let (low, high) = (number(of.low), number(of.high));
        let set_by = without_directory(&provenance.set_by);
        *out += &format!("{name} = {} # {words}, {low} to {high}; {set_by}\n", with_source(plain, provenance));
    }

    fn write_state(&self, out: &mut String, declared: &Declared, state: &State) {
        let path = format!("state.{}", state.key);
        *out += &format!("\n[{path}]\n");
        self.write_fact(out, &path, "name", quoted(&state.name));
        self.write_fact(out, &path, "legal_family", quoted(&state.legal_family));
        self.write_fact(out, &path, "language", quoted(&state.language));
        if let Some(date) = state.tip_law {
            self.write_fact(out, &path, "tip_law", date);
        }
        if let Some(Coordinates { longitude, latitude }) = state.coordinates {
            self.write_fact(out, &path, "longitude", number(longitude));
            self.write_fact(out, &path, "latitude", number(latitude));
        }
        self.write_numbers(out, declared, "state", &state.key);
    }

    fn write_commitments(&self, out: &mut String) {
        for treaty in &self.treaties {
            let path = format!("treaty.{}", treaty.key);
            *out += &format!("\n[{path}]\n");
            self.write_fact(out, &path, "name", quoted(&treaty.name));
            let tools: Vec<String> = treaty.tools.iter().map(|tool| format!("\"{}\"", tool.key())).collect();
            self.write_fact(out, &path, "tools", format!("[{}]", tools.join(", ")));
            *out += "requires = \"both\"\n";
            if !treaty.deposits.is_empty() {
                let path = format!("{path}.deposits");
                *out += &format!("[{path}]\n");
                for (state, date) in &treaty.deposits {
                    self.write_fact(out, &path, &self.states[*state].key, date);
                }
            }
        }
        for declaration in &self.declarations {
            let path = format!("declaration.{}", declaration.key);
            *out += &format!("\n[{path}]\n");
            self.write_fact(out, &path, "name", quoted(&declaration.name));
            self.write_fact(out, &path, "date", declaration.date);
            self.write_fact(out, &path, "strength", number(declaration.strength));
        }
    }

    fn write_fact(&self, out: &mut String, path: &str, key: &str, value: impl Display) {
        let value = value.to_string();
        let line = match self.provenance(&format!("{path}.{key}")) {
            Some(provenance) => {
                format!("{} # {}", with_source(value, provenance), without_directory(&provenance.set_by))
            }
            None => value,
        };
        *out += &format!("{key} = {line}\n");
    }

    /// What determines the results, and nothing else, in a fixed form: a line for each value.
    ///
    /// The seed is part of it; title, description, names in full, coordinates, provenance and the number of replicates are not.
    pub fn canonical(&self) -> String {
        let mut out = String::from("comity scenario 1\n");
        let time = self.time;
        line(&mut out, "time", format!("{} {} {} {}", time.start, time.end, time.burn_in_days, time.tick_days));
        line(&mut out, "seed", self.seed);
        for (key, value, _) in self.settings.numbers() {
            // Zero is zero, whatever its sign.
            line(&mut out, key, number(value + 0.0));
        }
        for (key, word, _) in self.settings.choices() {
            line(&mut out, key, word);
        }
        for state in &self.states {
            let law = optional(state.tip_law);
            line(&mut out, &format!("state {}", state.key), format!("{} {} {law}", state.legal_family, state.language));
        }
        for corridor in &self.corridors {
            line(&mut out, "corridor", &corridor.key);
        }
        for pair in &self.pairs {
            let mut facts = optional(pair.memorandum);
            for (from, until) in &pair.gate_shut {
                facts += &format!(" {from}/{until}");
            }
            line(&mut out, &format!("pair {}", pair.key), facts);
        }
        for treaty in &self.treaties {
            let mut facts: Vec<String> = treaty.tools.iter().map(|tool| tool.key().to_owned()).collect();
            facts.extend(treaty.deposits.iter().map(|(state, date)| format!("{}/{date}", self.states[*state].key)));
            line(&mut out, &format!("treaty {}", treaty.key), facts.join(" "));
        }
        for declaration in &self.declarations {
            let facts = format!("{} {}", declaration.date, number(declaration.strength));
            line(&mut out, &format!("declaration {}", declaration.key), facts);
        }
        for (intervention, facts) in self.interventions.iter().zip(&self.intervention_facts) {
            for (name, fact) in facts.iter().filter(|(name, _)| *name != "name") {
                line(&mut out, &format!("intervention {} {name}", intervention.key), fact);
            }
        }
        out
    }

    /// SHA-256 of [`canonical`](Self::canonical), in hexadecimal digits.
    pub fn digest(&self) -> String {
        Digest::of(self.canonical().as_bytes())
    }
}

fn line(out: &mut String, key: &str, value: impl Display) {
    // Writing to a text does not fail.
    let _ = writeln!(out, "{key} = {value}");
}

fn optional(date: Option<Date>) -> String {
    date.map_or("-".to_owned(), |date| date.to_string())
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Who set a value, without the directory, so that the same scenario gives the same text from wherever it is read,
/// and without anything that could break out of a comment.
fn without_directory(set_by: &str) -> String {
    let file = set_by.rsplit(['/', '\\']).next().unwrap_or(set_by);
    file.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A value with what is known of it: plain if it is a bare assumption.
fn with_source(value: String, provenance: &Provenance) -> String {
    let grade = provenance.grade.key();
    if !provenance.source.is_empty() {
        let source = inline(&provenance.source);
        return format!("{{ value = {value}, source = {source}, grade = \"{grade}\" }}");
    }
    if provenance.grade == Grade::Assumed { value } else { format!("{{ value = {value}, grade = \"{grade}\" }}") }
}

/// A text as TOML writes it within one line.
fn inline(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out += &format!("\\u{:04X}", c as u32),
            c => out.push(c),
        }
    }
    out + "\""
}
