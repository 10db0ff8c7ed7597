//! What is in force, and what differs, as tables.

use super::numbers::Declared;
use super::units::{human, number};
use super::{Coordinates, Scenario};
use crate::parameter::{Declaration, Grade, Provenance, Unit};
use crate::table::{Cell, Field, Schema, Table, Values};
use std::collections::BTreeMap;
use std::sync::Arc;

fn text(text: impl AsRef<str>) -> Cell {
    Cell::from(text.as_ref())
}

/// Every parameter in force, in order of key: numbers first, then choices.
pub fn describe(scenario: &Scenario) -> Table {
    let schema = Schema::of(
        "parameters",
        "The parameters in force.",
        vec![
            Field::text("key", "Key, as in --set."),
            Field::text("value", "The value in force, in human units."),
            Field::real("number", "", "The value in force, in the declared unit."),
            Field::text("unit", "What it measures; the words allowed, where it is a choice."),
            Field::real("low", "", "Lowest value allowed."),
            Field::real("high", "", "Highest value allowed."),
            Field::text("default", "Its default, in human units."),
            Field::text("grade", "How well it is known."),
            Field::text("source", "Where it comes from."),
            Field::text("set_by", "Who set it: default, a file and line, or --set."),
            Field::text("meaning", "What it means."),
        ],
    );
    let declared = Declared::all();
    let mut table = Table::new(schema);
    for (key, value, provenance) in scenario.settings.numbers() {
        let Some(of) = scenario.declaration_of(declared, key) else { continue };
        let default = default_of(declared, key, &of).map(|default| human(of.unit, default)).unwrap_or_default();
        table.push([
            text(key),
            text(human(of.unit, value)),
            Cell::Real(value),
            text(of.unit.label()),
            Cell::Real(of.low),
            Cell::Real(of.high),
            text(default),
            text(provenance.grade.key()),
            text(&provenance.source),
            text(&provenance.set_by),
            text(of.sentence),
        ]);
    }
    for (key, word, set_by) in scenario.settings.choices() {
        let Some(choice) = declared.choices.iter().find(|choice| choice.key == key) else { continue };
        table.push([
            text(key),
            text(word),
            Cell::Real(f64::NAN),
            text(choice.options.join(" | ")),
            Cell::Real(f64::NAN),
            Cell::Real(f64::NAN),
            text(choice.options.first().copied().unwrap_or_default()),
            text(Grade::Assumed.key()),
            text(""),
            text(set_by),
            text(choice.sentence),
        ]);
    }
    table
}

/// The default of a key. Entities have one default for all; parameters over tools or roles one each.
fn default_of(declared: &Declared, key: &str, of: &Declaration) -> Option<f64> {
    match declared.parameter(key) {
        Some(parameter) => Some(parameter.default),
        None => of.defaults.first().copied(),
    }
}

/// What differs between a scenario and its base, in order of key; an empty text stands where one has nothing.
pub fn differences(scenario: &Scenario, base: &Scenario) -> Table {
    let schema = Schema::of(
        "differences",
        "What differs from the base.",
        vec![
            Field::text("key", "Key, as in --set."),
            Field::text("here", "The value here; empty where there is none."),
            Field::text("base", "The value in the base; empty where there is none."),
            Field::text("grade", "How well the value here is known."),
            Field::text("source", "Where the value here comes from."),
            Field::text("set_by", "Who set it: a file and line, or --set."),
        ],
    );
    let (here, there) = (all_values(scenario), all_values(base));
    let mut keys: Vec<&String> = here.keys().chain(there.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut table = Table::new(schema);
    for key in keys {
        let (mine, theirs) = (here.get(key), there.get(key));
        let shown = |item: Option<&Item>| item.map(|item| item.value.clone()).unwrap_or_default();
        if shown(mine) == shown(theirs) {
            continue;
        }
        let provenance = mine.and_then(|item| item.provenance.as_ref());
        let said = |of: fn(&Provenance) -> &str| text(provenance.map(of).unwrap_or_default());
        table.push([
            text(key),
            text(shown(mine)),
            text(shown(theirs)),
            said(|provenance| provenance.grade.key()),
            said(|provenance| &provenance.source),
            said(|provenance| &provenance.set_by),
        ]);
    }
    table
}

/// What differs between arms (key, name, scenario) and their base, arm by arm, as [`differences`] has it.
pub fn changes(arms: &[(&str, &str, &Scenario)], base: &Scenario) -> Table {
    let mut fields = vec![
        Field::text("arm", "Key of the arm; empty for a scenario that is run alone."),
        Field::text("label", "Its name."),
    ];
    let each: Vec<_> = arms.iter().map(|(arm, label, scenario)| (arm, label, differences(scenario, base))).collect();
    let of = each.first().map_or_else(|| differences(base, base), |(_, _, table)| table.clone());
    fields.extend(of.schema.fields.iter().cloned());
    let mut words: Vec<Vec<Arc<str>>> = vec![Vec::new(); fields.len()];
    for (arm, label, table) in &each {
        for row in 0..table.rows() {
            words[0].push(Arc::from(**arm));
            words[1].push(Arc::from(**label));
            for (field, words) in of.schema.fields.iter().zip(&mut words[2..]) {
                words.extend(table.texts(&field.name).and_then(|own| own.get(row)).cloned());
            }
        }
    }
    let schema = Schema::of("changes", "What differs between each scenario and the one it is held against.", fields);
    Table::from_columns(schema, words.into_iter().map(Values::Text).collect()).expect("every row fills every column")
}

struct Item {
    value: String,
    provenance: Option<Provenance>,
}

/// Everything a scenario says, by key.
fn all_values(scenario: &Scenario) -> BTreeMap<String, Item> {
    let declared = Declared::all();
    let mut values = BTreeMap::new();
    for (key, value, provenance) in scenario.settings.numbers() {
        let unit = scenario.declaration_of(declared, key).map_or(Unit::Factor, |of| of.unit);
        let item = Item { value: human(unit, value), provenance: Some(provenance.clone()) };
        values.insert(key.to_owned(), item);
    }
    for (key, word, set_by) in scenario.settings.choices() {
        let (grade, source) = (Grade::Assumed, String::new());
        let provenance = Some(Provenance { grade, source: source.into(), set_by: set_by.into() });
        values.insert(key.to_owned(), Item { value: word.to_owned(), provenance });
    }
    let mut fact = |key: String, value: String| {
        let provenance = scenario.provenance(&key).cloned();
        values.insert(key, Item { value, provenance });
    };
    let time = scenario.time;
    fact("time.start".to_owned(), time.start.to_string());
    fact("time.end".to_owned(), time.end.to_string());
    fact("time.burn_in".to_owned(), human(Unit::Days, time.burn_in_days));
    fact("time.tick".to_owned(), human(Unit::Days, time.tick_days));
    fact("run.replicates".to_owned(), scenario.replicates.to_string());
    fact("run.seed".to_owned(), scenario.seed.to_string());
    for state in &scenario.states {
        fact(format!("state.{}.name", state.key), state.name.clone());
        fact(format!("state.{}.legal_family", state.key), state.legal_family.clone());
        fact(format!("state.{}.language", state.key), state.language.clone());
        if let Some(date) = state.tip_law {
            fact(format!("state.{}.tip_law", state.key), date.to_string());
        }
        if let Some(Coordinates { longitude, latitude }) = state.coordinates {
            fact(format!("state.{}.longitude", state.key), number(longitude));
            fact(format!("state.{}.latitude", state.key), number(latitude));
        }
    }
    for pair in &scenario.pairs {
        if let Some(date) = pair.memorandum {
            fact(format!("pair.{}.memorandum", pair.key), date.to_string());
        }
        if !pair.gate_shut.is_empty() {
            let shut: Vec<String> = pair.gate_shut.iter().map(|(from, until)| format!("{from} to {until}")).collect();
            fact(format!("pair.{}.gate_shut", pair.key), shut.join(", "));
        }
    }
    for treaty in &scenario.treaties {
        fact(format!("treaty.{}.name", treaty.key), treaty.name.clone());
        let tools: Vec<&str> = treaty.tools.iter().map(|tool| tool.key()).collect();
        fact(format!("treaty.{}.tools", treaty.key), tools.join(", "));
        for (state, date) in &treaty.deposits {
            fact(format!("treaty.{}.deposits.{}", treaty.key, scenario.states[*state].key), date.to_string());
        }
    }
    for declaration in &scenario.declarations {
        fact(format!("declaration.{}.name", declaration.key), declaration.name.clone());
        fact(format!("declaration.{}.date", declaration.key), declaration.date.to_string());
        fact(format!("declaration.{}.strength", declaration.key), number(declaration.strength));
    }
    fact("currency".to_owned(), scenario.currency.clone());
    for (intervention, facts) in scenario.interventions.iter().zip(&scenario.intervention_facts) {
        for (name, line) in facts {
            fact(format!("intervention.{}.{name}", intervention.key), line.clone());
        }
    }
    values
}
