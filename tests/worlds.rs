//! Small worlds for tests, written as scenarios are.

use comity::engine::Setup;
use comity::mechanism::{Model, choices, declarations};
use comity::parameter::{Grade, Over, Provenance, Settings};
use comity::quantity::{Date, Tool, UnitKind};
use comity::random::name_address;
use comity::scenario::TimeFrame;
use comity::world::{Corridor, CorridorNumbers, Desk, Pair, PairNumbers, Region, State, StateNumbers, Unit};
use std::sync::Arc;
use toml::{Table, Value};

/// A change on top of a scenario: path and value, as in `--set`.
pub type Change<'a> = (&'a str, &'a str);

/// The setup of a scenario with some changes.
pub fn setup(text: &str, changes: &[Change<'_>]) -> Arc<Setup> {
    let mut root: Table = text.parse().expect("the text of a test is TOML");
    for (path, value) in changes {
        set(&mut root, path, value);
    }
    Arc::new(read(&root))
}

fn set(root: &mut Table, path: &str, value: &str) {
    let value = format!("x = {value}").parse::<Table>().ok().and_then(|mut table| table.remove("x"));
    let value = value.unwrap_or_else(|| panic!("{path}: not a value"));
    let mut keys: Vec<&str> = path.split('.').collect();
    let last = keys.pop().expect("a path has a last key");
    let mut table = root;
    for key in keys {
        let entry = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
        table = entry.as_table_mut().expect("a path leads through tables");
    }
    table.insert(last.to_owned(), value);
}

fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)).expect("a number")
}

fn date(value: &Value) -> Date {
    let date = value.as_datetime().and_then(|moment| moment.date).expect("a date");
    Date::new(i32::from(date.year), date.month, date.day).expect("a date of the calendar")
}

fn tables<'t>(root: &'t Table, key: &str) -> Vec<(&'t String, &'t Table)> {
    let entries = root.get(key).and_then(Value::as_table);
    entries.into_iter().flatten().map(|(key, value)| (key, value.as_table().expect("a table"))).collect()
}

fn read(root: &Table) -> Setup {
    let time = root["time"].as_table().expect("[time]");
    let time = TimeFrame {
        start: date(&time["start"]),
        end: date(&time["end"]),
        burn_in_days: time.get("burn_in").map_or(0.0, number),
        tick_days: time.get("tick").map_or(7.0, number),
    };
    let settings = settings(root);
    Setup {
        model: Model::from_settings(&settings),
        region: region(root, &settings, time.start),
        time,
        seed: root.get("run").map_or(0, |run| number(&run["seed"]) as u64),
    }
}

fn settings(root: &Table) -> Settings {
    let mut settings = Settings::defaults(&declarations(), &choices());
    let by_test = || Provenance { grade: Grade::Assumed, source: String::new(), set_by: "test".to_owned() };
    let find = |path: &str| path.split('.').try_fold(root, |table, key| table.get(key)?.as_table());
    let at = |path: &str| {
        let (table, key) = path.rsplit_once('.')?;
        find(table)?.get(key)
    };
    for declaration in declarations() {
        for parameter in declaration.expand() {
            if let Some(value) = at(&parameter.key) {
                settings.set_number(&parameter.key, number(value), by_test());
            }
        }
        if !matches!(declaration.over, Over::Each | Over::Maybe) {
            continue;
        }
        for (entity, table) in tables(root, declaration.group) {
            let value = table.get(declaration.name).map(number).or_else(|| declaration.defaults.first().copied());
            if let Some(value) = value {
                settings.set_number(&declaration.key_of(entity), value, by_test());
            }
        }
    }
    for choice in choices() {
        if let Some(word) = at(choice.key).and_then(Value::as_str) {
            assert!(choice.options.contains(&word), "{}: {word}", choice.key);
            settings.set_choice(choice.key, word, "test");
        }
    }
    settings
}

fn region(root: &Table, settings: &Settings, start: Date) -> Region {
    let day = |date: Date| f64::from(date.days() - start.days());
    let text = |table: &Table, key: &str| table[key].as_str().expect("a text").to_owned();
    let states: Vec<State> = tables(root, "state")
        .into_iter()
        .map(|(key, table)| State {
            key: Arc::from(key.as_str()),
            address: name_address(key),
            legal_family: text(table, "legal_family"),
            language: text(table, "language"),
            law: table.get("tip_law").map(|value| day(date(value))),
            numbers: StateNumbers::of_entity(settings, key),
        })
        .collect();
    let index = |key: &str| states.iter().position(|state| &*state.key == key).expect("a state");
    let mut pairs = Vec::new();
    for high in 0..states.len() {
        for low in 0..high {
            let (a, b) = (&states[low], &states[high]);
            let (first, second) = if a.key < b.key { (a, b) } else { (b, a) };
            let key = format!("{}-{}", first.key, second.key);
            let table = tables(root, "pair").into_iter().find(|(name, _)| **name == key).map(|(_, table)| table);
            let numbers = PairNumbers::of_entity(settings, &key);
            let common = a.numbers.english.min(b.numbers.english);
            let closures = table.and_then(|table| table.get("gate_shut")).and_then(Value::as_array);
            pairs.push(Pair {
                address: u64::from(first.address) << 32 | u64::from(second.address),
                language: numbers.language.unwrap_or(if a.language == b.language { 1.0 } else { common }),
                same_family: a.legal_family == b.legal_family,
                harmonisation: numbers.harmonisation,
                approval: numbers.approval,
                closures: closures
                    .into_iter()
                    .flatten()
                    .map(|shut| (day(date(&shut["from"])), day(date(&shut["until"]))))
                    .collect(),
            });
        }
    }
    let corridors = tables(root, "corridor")
        .into_iter()
        .map(|(key, _)| {
            let (from, to) = key.split_once('-').expect("FROM-TO");
            Corridor {
                address: name_address(key),
                origin: index(from),
                destination: index(to),
                cases: CorridorNumbers::of_entity(settings, key).cases,
            }
        })
        .collect();
    let treaties = std::array::from_fn(|tool| {
        let opens = |table: &Table| {
            table["tools"].as_array().expect("tools").iter().any(|word| word.as_str() == Some(Tool::KEYS[tool]))
        };
        let deposits = |table: &Table| {
            let deposits = table.get("deposits").and_then(Value::as_table);
            states.iter().map(|state| deposits?.get(&*state.key).map(|value| day(date(value)))).collect()
        };
        tables(root, "treaty").iter().filter(|(_, table)| opens(table)).map(|(_, table)| deposits(table)).collect()
    });
    let mut declarations: Vec<(f64, f64)> = tables(root, "declaration")
        .into_iter()
        .map(|(_, table)| (day(date(&table["date"])), number(&table["strength"])))
        .collect();
    declarations.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut units, mut unit_of) = (Vec::new(), Vec::new());
    for (state, facts) in states.iter().enumerate() {
        let numbers = &facts.numbers;
        for (&kind, (heads, others)) in UnitKind::ALL.iter().zip([
            (numbers.heads, numbers.investigators),
            (0.0, numbers.prosecutors),
            (0.0, numbers.ngo_workers),
            (0.0, numbers.coordinators),
        ]) {
            let desks = (heads + others) as u32;
            unit_of.extend(std::iter::repeat_n(units.len() as u32, desks as usize));
            units.push(Unit { state, kind, first: unit_of.len() as Desk - desks, desks, heads: heads as u32 });
        }
    }
    Region { states, pairs, corridors, treaties, declarations, units, unit_of }
}
