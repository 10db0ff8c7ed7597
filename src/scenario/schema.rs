//! A JSON Schema (draft 7) of scenario files, from the same declarations, so that editors complete and validate.
//!
//! Editors for TOML (Tombi, taplo) hold a bare date for a string of format `date`.

use super::numbers::Declared;
use super::units::{example, human, number};
use crate::intervention::Kind;
use crate::intervention::schedule::Measure;
use crate::intervention::shock::Event;
use crate::intervention::target::Choosing;
use crate::parameter::{Declaration, Grade, Over, Unit};
use crate::quantity::{Role, Tool};
use serde_json::{Map, Value, json};

/// The JSON Schema of a scenario file.
pub fn schema() -> Value {
    let declared = Declared::all();
    let mut properties = Map::new();
    properties.insert("title".to_owned(), json!({ "type": "string", "description": "What it is called." }));
    properties.insert("description".to_owned(), json!({ "type": "string", "description": "What it is about." }));
    properties.insert(
        "extends".to_owned(),
        json!({ "type": "string", "description": "The file this one extends, relative to it: say only what differs." }),
    );
    let currency = "The currency in which costs are given; a word for labels.";
    properties.insert("currency".to_owned(), json!({ "type": "string", "description": currency, "default": "USD" }));
    properties.insert("time".to_owned(), time());
    properties.insert("run".to_owned(), run());
    for group in declared.groups() {
        properties.insert(group.to_owned(), group_schema(declared, group));
    }
    properties.insert("state".to_owned(), entities("The member states.", "^[A-Za-z0-9_]+$", state(declared)));
    let two_states = "^[A-Za-z0-9_]+-[A-Za-z0-9_]+$";
    let corridor = closed("A corridor.", numbers_of(declared, "corridor"));
    properties.insert("corridor".to_owned(), entities("Corridors, ORIGIN-DESTINATION.", two_states, corridor));
    properties.insert("pair".to_owned(), entities("Pairs of states, in either order.", two_states, pair(declared)));
    let word = "^[A-Za-z0-9_-]+$";
    properties.insert("treaty".to_owned(), entities("Treaties that open tools.", word, treaty()));
    properties.insert("declaration".to_owned(), entities("Joint declarations.", word, declaration()));
    properties.insert("intervention".to_owned(), entities("Interventions.", word, intervention()));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of comity",
        "type": "object",
        "properties": properties,
        "additionalProperties": false
    })
}

/// A table that has these keys and no others.
pub(super) fn closed(description: &str, properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "description": description, "properties": properties, "additionalProperties": false })
}

/// Tables named by the scenario; `false` takes one out that the base has.
fn entities(description: &str, names: &str, one: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "patternProperties": { names: { "anyOf": [one, absent()] } },
        "additionalProperties": false
    })
}

fn absent() -> Value {
    json!({ "type": "boolean", "const": false, "description": "Takes out what the base has." })
}

pub(super) fn date() -> Value {
    json!({ "type": "string", "format": "date" })
}

pub(super) fn ticks() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": 10_000_000, "description": "Ticks after the start." })
}

/// A value as it is, or in a table with its source.
fn sourced(description: &str, mut plain: Vec<Value>, more: Vec<Value>) -> Value {
    let value = json!({ "anyOf": plain.clone() });
    let grades = Grade::ALL.map(Grade::key);
    plain.push(json!({
        "type": "object",
        "properties": {
            "value": value,
            "source": { "type": "string", "description": "Where the value comes from." },
            "grade": { "type": "string", "enum": grades, "description": "How well the value is known." }
        },
        "additionalProperties": false
    }));
    plain.extend(more);
    json!({ "description": description, "anyOf": plain })
}

fn text(description: &str) -> Value {
    sourced(description, vec![json!({ "type": "string" })], Vec::new())
}

fn dated(description: &str) -> Value {
    sourced(description, vec![date(), ticks()], vec![absent()])
}

fn degrees(description: &str, most: f64) -> Value {
    sourced(description, vec![json!({ "type": "number", "minimum": -most, "maximum": most })], vec![absent()])
}

pub(super) fn object<const N: usize>(properties: [(&str, Value); N]) -> Map<String, Value> {
    properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A number plain or in words.
pub(super) fn plain_number(unit: Unit, (low, high): (f64, f64)) -> Vec<Value> {
    let kind = if unit == Unit::Count { "integer" } else { "number" };
    let mut plain = vec![json!({ "type": kind, "minimum": low, "maximum": high })];
    let amount = r"[+-]?[0-9][0-9_]*(\.[0-9_]+)?";
    let words = match unit {
        Unit::Days => {
            let one = format!("{amount} ?(years?|months?|weeks?|days?)");
            Some(format!("^{one}(,? (and )?{one})*$"))
        }
        Unit::Probability | Unit::Share | Unit::Factor => Some(format!("^{amount} ?(%|percent|per cent)$")),
        Unit::PerYear => Some(format!("^{amount} ?(per |a |/ ?)(year|month|week|day)$")),
        Unit::Utility | Unit::PerRepetition | Unit::Evidence | Unit::Count | Unit::Money => None,
    };
    plain.extend(words.map(|pattern| json!({ "type": "string", "pattern": pattern })));
    plain
}

fn number_schema(of: &Declaration, default: Option<f64>) -> Value {
    let (low, high) = (number(of.low), number(of.high));
    let mut description = format!("{} A {} from {low} to {high}; {}.", of.sentence, of.unit.label(), example(of.unit));
    if let Some(default) = default {
        description += &format!(" Default {} ({}", human(of.unit, default), of.grade.key());
        description += &if of.source.is_empty() { ").".to_owned() } else { format!(": {}).", of.source) };
    }
    let more = if of.over == Over::Maybe { vec![absent()] } else { Vec::new() };
    let mut schema = sourced(&description, plain_number(of.unit, (of.low, of.high)), more);
    if let (Some(default), Value::Object(fields)) = (default, &mut schema) {
        fields.insert("default".to_owned(), json!(default));
    }
    schema
}

fn numbers_of(declared: &Declared, group: &str) -> Map<String, Value> {
    let of = declared.of_entities(group);
    of.iter().map(|of| (of.name.to_owned(), number_schema(of, of.defaults.first().copied()))).collect()
}

fn group_schema(declared: &Declared, group: &str) -> Value {
    let mut properties = Map::new();
    for key in Tool::KEYS.iter().chain(Role::KEYS) {
        let inner = leaves(declared, &format!("{group}.{key}"));
        if !inner.is_empty() {
            let label = Tool::from_key(key).map(Tool::label).or(Role::from_key(key).map(Role::label)).unwrap_or(key);
            properties.insert((*key).to_owned(), closed(&format!("For the {label}."), inner));
        }
    }
    properties.extend(leaves(declared, group));
    closed(&format!("Parameters of {group}."), properties)
}

/// The numbers and choices directly below a path.
fn leaves(declared: &Declared, path: &str) -> Map<String, Value> {
    let mut leaves = Map::new();
    for parameter in declared.declarations.iter().flat_map(Declaration::expand) {
        if let Some((table, name)) = parameter.key.rsplit_once('.')
            && table == path
        {
            leaves.insert(name.to_owned(), number_schema(&parameter.declaration, Some(parameter.default)));
        }
    }
    for choice in &declared.choices {
        if let Some((table, name)) = choice.key.rsplit_once('.')
            && table == path
        {
            let mut plain = vec![json!({ "type": "string", "enum": choice.options })];
            if choice.options.contains(&"on") && choice.options.contains(&"off") {
                plain.push(json!({ "type": "boolean" }));
            }
            let mut schema = sourced(choice.sentence, plain, Vec::new());
            if let (Some(default), Value::Object(fields)) = (choice.options.first(), &mut schema) {
                fields.insert("default".to_owned(), json!(default));
            }
            leaves.insert(name.to_owned(), schema);
        }
    }
    leaves
}

fn time() -> Value {
    let duration = |description: &str, default: &str, range: (f64, f64)| json!({ "description": description, "default": default, "anyOf": plain_number(Unit::Days, range) });
    closed(
        "When it happens.",
        object([
            ("start", json!({ "type": "string", "format": "date", "description": "First day that is recorded." })),
            (
                "end",
                json!({ "description": "First day that is no longer simulated: a date, or ticks after the start.",
                        "anyOf": [date(), ticks()] }),
            ),
            (
                "burn_in",
                duration("Time simulated before the start, unrecorded.", "0 days", super::resolve::BURN_IN_DAYS),
            ),
            ("tick", duration("Length of one tick.", "1 week", super::resolve::TICK_DAYS)),
        ]),
    )
}

fn run() -> Value {
    closed(
        "How often, and with what luck.",
        object([
            (
                "replicates",
                json!({ "type": "integer", "minimum": 1, "maximum": super::resolve::MOST_REPLICATES,
                        "default": super::resolve::REPLICATES, "description": "How often it is run." }),
            ),
            ("seed", json!({ "type": "integer", "minimum": 0, "default": 0, "description": "Keys all randomness." })),
        ]),
    )
}

fn state(declared: &Declared) -> Value {
    let mut properties = object([
        ("name", text("Name in full.")),
        ("legal_family", text("Legal family, one word: states of one family harmonise more easily.")),
        ("language", text("Working language of its practitioners, one word.")),
        ("tip_law", dated("When its law against trafficking came into force.")),
        ("longitude", degrees("Degrees east of Greenwich, for maps alone; wants a latitude.", 180.0)),
        ("latitude", degrees("Degrees north of the equator, for maps alone; wants a longitude.", 90.0)),
    ]);
    properties.extend(numbers_of(declared, "state"));
    closed("A member state.", properties)
}

fn pair(declared: &Declared) -> Value {
    let moment = json!({ "anyOf": [date(), ticks()] });
    let stretch = json!({
        "type": "object",
        "properties": { "from": moment, "until": moment },
        "required": ["from", "until"],
        "additionalProperties": false
    });
    let mut properties = object([
        ("memorandum", dated("When their bilateral memorandum was signed.")),
        (
            "gate_shut",
            sourced(
                "When the political gate is shut: from the first date until the day before the second.",
                vec![json!({ "type": "array", "items": stretch })],
                vec![absent()],
            ),
        ),
    ]);
    properties.extend(numbers_of(declared, "pair"));
    closed("What sets a pair of states apart.", properties)
}

fn treaty() -> Value {
    let tools = json!({ "type": "array", "items": { "type": "string", "enum": Tool::KEYS } });
    closed(
        "A treaty under which two states may use tools once both have deposited.",
        object([
            ("name", text("Name in full.")),
            (
                "tools",
                sourced(
                    "The tools it opens; once named here, a tool is open only under a treaty.",
                    vec![tools],
                    Vec::new(),
                ),
            ),
            (
                "requires",
                sourced("Who must have deposited.", vec![json!({ "type": "string", "enum": ["both"] })], Vec::new()),
            ),
            (
                "deposits",
                json!({
                    "type": "object",
                    "description": "Which state deposited when.",
                    "patternProperties": { "^[A-Za-z0-9_]+$": dated("When it deposited its ratification.") },
                    "additionalProperties": false
                }),
            ),
        ]),
    )
}

/// An intervention of any kind.
fn intervention() -> Value {
    json!({ "anyOf": Kind::ALL.iter().map(|kind| intervention_of(*kind)).collect::<Vec<_>>() })
}

fn words(description: &str, allowed: &[&str]) -> Value {
    let item =
        if allowed.is_empty() { json!({ "type": "string" }) } else { json!({ "type": "string", "enum": allowed }) };
    json!({ "type": "array", "description": description, "items": item, "minItems": 1 })
}

fn intervention_of(kind: Kind) -> Value {
    let level = plain_number(Unit::Share, (0.0, 1.0));
    let when = object([
        (
            "measure",
            json!({ "type": "string", "enum": Measure::KEYS, "description": "What is watched, over the region." }),
        ),
        ("above", json!({ "description": "Sets off above this.", "anyOf": level.clone() })),
        ("below", json!({ "description": "Sets off below this.", "anyOf": level })),
        (
            "over",
            json!({ "description": "The time over which it is measured.", "default": "1 year",
                    "anyOf": plain_number(Unit::Days, (0.1, 36525.0)) }),
        ),
    ]);
    let mut properties = object([
        ("kind", json!({ "type": "string", "const": kind.key(), "description": kind.sentence() })),
        ("name", text("Its name, for labels.")),
        ("start", dated("When it begins, or from when on it can be set off.")),
        ("end", dated("First day on which it is no longer in force.")),
        ("when", closed("What sets it off, if not the date alone.", when)),
        ("states", words("The states aimed at; all, if none are named.", &[])),
        ("pairs", words("The pairs of states aimed at, as in KHM-THA; all between the states named.", &[])),
        ("roles", words("The roles aimed at.", Role::KEYS)),
        ("units", words("The units aimed at, as in THA.police; all of the states named.", &[])),
        (
            "choose",
            json!({ "type": "string", "enum": Choosing::KEYS, "default": "random",
                    "description": "In what order practitioners are chosen." }),
        ),
    ]);
    for fact in super::interventions::content_facts(kind) {
        let schema = match *fact {
            "tools" => words("The tools it opens, or treats.", Tool::KEYS),
            "event" => json!({ "type": "string", "enum": Event::KEYS, "description": "What befalls the region." }),
            "parameter" => json!({ "type": "string", "description": "The number it changes: a key as in --set." }),
            how => {
                let description = match how {
                    "set" => "The value it is set to.",
                    "add" => "The amount added to it.",
                    _ => "The factor it is scaled by.",
                };
                sourced(description, vec![json!({ "type": ["number", "string"] })], Vec::new())
            }
        };
        properties.insert((*fact).to_owned(), schema);
    }
    let numbers = super::interventions::declarations(kind);
    let numbers = numbers.iter().map(|of| (of.name.to_owned(), number_schema(of, of.defaults.first().copied())));
    properties.extend(numbers);
    let mut schema = closed(kind.sentence(), properties);
    if let Value::Object(fields) = &mut schema {
        fields.insert("required".to_owned(), json!(["kind"]));
    }
    schema
}

fn declaration() -> Value {
    let strength = sourced("How strongly it commits, 0 to 1.", plain_number(Unit::Share, (0.0, 1.0)), Vec::new());
    closed(
        "A joint declaration.",
        object([("name", text("Name in full.")), ("date", dated("When it was made.")), ("strength", strength)]),
    )
}
