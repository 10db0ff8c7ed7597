//! Scenarios: what is read, and in what words what is wrong is said.

use comity::diagnostic::{Diagnostic, Severity};
use comity::scenario::{Files, Override, Scenario, describe, differences, parse, parse_study, schema, starter};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use serde_json::Value;
use std::collections::BTreeMap;

/// Texts by name, in memory.
struct Texts(BTreeMap<String, String>);

impl Texts {
    fn of(texts: &[(&str, &str)]) -> Self {
        Self(texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }
}

impl Files for Texts {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        self.0.get(name).cloned().ok_or_else(|| Diagnostic::error(format!("{name} does not exist")))
    }
}

const BASE: &str = r#"
title = "Two"
[time]
start = 2006-01-01
end = 2008-07-01
burn_in = "3 years"
tick = "1 week"
[run]
replicates = 20
seed = 1
[state.LAO]
legal_family = "civil"
language = "lao"
[state.THA]
name = "Thailand"
legal_family = "civil"
language = "thai"
tip_law = { value = 2008-06-05, source = "Act B.E. 2551", grade = "seen" }
priority = 0.7
[corridor.LAO-THA]
cases = { value = 60, source = "flows", grade = "seen" }
[pair.THA-LAO]
memorandum = 2005-07-13
approval = "40 %"
gate_shut = [ { from = 2007-01-01, until = 60 }, ]
[treaty.asean-mla]
tools = ["mla"]
deposits = { THA = 2005-04-12, LAO = 3 }
[declaration.asean-2004]
date = 2004-11-29
strength = 0.5
"#;

fn read(name: &str, texts: &[(&str, &str)], set: &[&str]) -> Result<(Scenario, Vec<Diagnostic>), Vec<Diagnostic>> {
    let set: Vec<Override> = set.iter().map(|text| Override::new(*text)).collect();
    parse(name, &Texts::of(texts), &set)
}

fn good(name: &str, texts: &[(&str, &str)], set: &[&str]) -> Scenario {
    match read(name, texts, set) {
        Ok((scenario, _)) => scenario,
        Err(diagnostics) => panic!("{}", in_words(&diagnostics)),
    }
}

fn bad(name: &str, texts: &[(&str, &str)], set: &[&str]) -> String {
    match read(name, texts, set) {
        Ok(_) => panic!("this scenario should not be accepted"),
        Err(diagnostics) => in_words(&diagnostics),
    }
}

/// What was noticed, a line each: `severity: message --> file:line:column`, and `hint: …`.
fn in_words(diagnostics: &[Diagnostic]) -> String {
    let mut words = String::new();
    for diagnostic in diagnostics {
        let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
        words += &format!("{severity}: {}", diagnostic.message);
        if let Some(place) = &diagnostic.place {
            words += &format!(" --> {}:{}:{}", place.file, place.line, place.column);
        }
        words += "\n";
        if let Some(hint) = &diagnostic.hint {
            words += &format!("hint: {hint}\n");
        }
    }
    words
}

#[test]
fn every_bad_input_is_refused_in_the_words_it_promises() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inputs");
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(directory).expect("tests/inputs is part of the repository") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        texts.insert(name, std::fs::read_to_string(&path).expect("it is text"));
    }
    let files = Texts(texts);
    let mut checked = 0;
    let mut broken = String::new();
    for (name, text) in files.0.iter().filter(|(name, _)| !name.starts_with("base-")) {
        let promised: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.split_once(": "))
            .filter(|(kind, _)| ["error", "hint", "line", "warning", "set", "errors", "in"].contains(kind))
            .collect();
        let set: Vec<Override> =
            promised.iter().filter(|(kind, _)| *kind == "set").map(|(_, text)| Override::new(*text)).collect();
        let (accepted, noticed) = if name.starts_with("study-") {
            parse_study(name, &files, &set).map_or_else(|noticed| (false, noticed), |(_, noticed)| (true, noticed))
        } else {
            parse(name, &files, &set).map_or_else(|noticed| (false, noticed), |(_, noticed)| (true, noticed))
        };
        let words = in_words(&noticed);
        let errors = noticed.iter().filter(|noticed| noticed.severity == Severity::Error).count();
        if accepted != promised.iter().all(|(kind, _)| *kind != "error") {
            broken += &format!("{name} accepted: {accepted}\n{words}\n");
        }
        for (kind, promise) in promised {
            let kept = match kind {
                "error" | "warning" => noticed.iter().any(|noticed| {
                    (noticed.severity == Severity::Error) == (kind == "error") && noticed.message.contains(promise)
                }),
                "hint" => noticed.iter().any(|noticed| noticed.hint.as_deref().is_some_and(|h| h.contains(promise))),
                "line" => words.contains(&format!("{name}:{promise}:")),
                "in" => words.contains(&format!("--> {promise}")),
                "errors" => promise.parse() == Ok(errors),
                _ => true,
            };
            if !kept {
                broken += &format!("{name} promises `{kind}: {promise}`, but says:\n{words}\n");
            }
        }
        let hintless = noticed.iter().any(|noticed| noticed.hint.is_none());
        if hintless {
            broken += &format!("{name}: something is said without a way out:\n{words}\n");
        }
        checked += 1;
    }
    assert!(broken.is_empty(), "{broken}");
    assert!(checked >= 40, "only {checked} bad inputs");
}

#[test]
fn a_scenario_is_read_with_all_its_parts() {
    let scenario = good("dir/two.toml", &[("dir/two.toml", BASE)], &[]);
    assert_eq!(scenario.name(), "two");
    assert_eq!(scenario.title(), "Two");
    assert_eq!(scenario.replicates(), 20);
    assert_eq!(scenario.time().start.to_string(), "2006-01-01");
    assert_eq!(scenario.time().ticks(), 131);
    assert_eq!(scenario.time().burn_in_ticks(), 157);
    let keys: Vec<&str> = scenario.states().iter().map(|state| state.key.as_str()).collect();
    assert_eq!(keys, ["LAO", "THA"]);
    assert_eq!(scenario.states()[0].name, "LAO");
    assert_eq!(scenario.states()[1].tip_law.map(|date| date.to_string()).as_deref(), Some("2008-06-05"));
    assert_eq!(scenario.settings().number("state.THA.priority"), 0.7);
    assert_eq!(scenario.settings().number("corridor.LAO-THA.cases"), 60.0);
    assert_eq!(scenario.settings().number("pair.LAO-THA.approval"), 0.4);
    assert_eq!(scenario.settings().get("pair.LAO-THA.language"), None);
    assert_eq!((scenario.pairs()[0].a, scenario.pairs()[0].b), (0, 1));
    let shut: Vec<String> = scenario.pairs()[0].gate_shut.iter().map(|(a, b)| format!("{a} {b}")).collect();
    assert_eq!(shut, ["2007-01-01 2007-02-25"]);
    assert_eq!(scenario.treaties()[0].deposits[0].1.to_string(), "2006-01-22");
    assert_eq!(scenario.declarations()[0].strength, 0.5);
    let law = scenario.provenance("state.THA.tip_law").expect("the law has a source");
    assert_eq!((&*law.source, &*law.set_by), ("Act B.E. 2551", "dir/two.toml:18"));
}

#[test]
fn a_variant_says_only_what_differs() {
    let variant = r#"
extends = "base.toml"
[state.THA]
priority = 0.2
[corridor]
THA-LAO = { cases = 5 }
[pair.LAO-THA]
memorandum = false
[treaty]
asean-mla = false
"#;
    let scenario =
        good("d/v.toml", &[("d/v.toml", variant), ("d/base.toml", BASE)], &["corridor.LAO-THA.cases=3 per month"]);
    assert_eq!(scenario.title(), "Two");
    assert_eq!(scenario.extends(), Some("d/base.toml"));
    assert_eq!(scenario.settings().number("state.THA.priority"), 0.2);
    assert_eq!(scenario.settings().number("corridor.LAO-THA.cases"), 36.0);
    assert_eq!(scenario.states()[1].name, "Thailand");
    let corridors: Vec<&str> = scenario.corridors().iter().map(|corridor| corridor.key.as_str()).collect();
    assert_eq!(corridors, ["LAO-THA", "THA-LAO"]);
    assert_eq!(scenario.pairs()[0].memorandum, None);
    assert!(scenario.treaties().is_empty());
    let set_by = |wanted: &str| {
        scenario
            .settings()
            .numbers()
            .find(|(key, _, _)| *key == wanted)
            .map(|(_, _, p)| (p.set_by.clone(), p.source.clone()))
    };
    assert_eq!(set_by("state.THA.priority"), Some(("d/v.toml:4".into(), "".into())));
    assert_eq!(set_by("corridor.LAO-THA.cases"), Some(("--set".into(), "".into())), "the old source is gone");
}

#[test]
fn the_resolved_scenario_reads_back_to_the_same_digest() {
    let variant = "extends = \"base.toml\"\ntitle = \"A \\\"quoted\\\" \\u0007 title\"\n[habit]\nvariant = \"utility\"\nhalf_life = \"1 year\"\n";
    let scenario = good("v.toml", &[("v.toml", variant), ("base.toml", BASE)], &["mechanisms.habit=false"]);
    let resolved = scenario.to_toml();
    assert!(!resolved.contains("extends"));
    let again = good("v.toml", &[("v.toml", &resolved)], &[]);
    assert_eq!(again.canonical(), scenario.canonical());
    assert_eq!(again.digest(), scenario.digest());
    assert_eq!(again.title(), scenario.title());
    assert_eq!(again.settings().choice("mechanisms.habit"), "off");
    let law = again.provenance("state.THA.tip_law").expect("the law keeps its source");
    assert_eq!(&*law.source, "Act B.E. 2551");
    let said = |scenario: &Scenario| -> Vec<(String, f64, String, &'static str)> {
        let numbers = scenario.settings().numbers();
        numbers.map(|(key, value, p)| (key.to_owned(), value, p.source.to_string(), p.grade.key())).collect()
    };
    assert_eq!(said(&again), said(&scenario), "every number keeps its source and grade");
    assert_eq!(again.to_toml(), good("v.toml", &[("v.toml", &again.to_toml())], &[]).to_toml());
}

#[test]
fn coordinates_read_back_with_their_sources() {
    let set =
        ["state.THA.longitude={ value = 100.5, source = \"Bangkok\", grade = \"memory\" }", "state.THA.latitude=-13"];
    let scenario = good("b.toml", &[("b.toml", BASE)], &set);
    let again = good("b.toml", &[("b.toml", &scenario.to_toml())], &[]);
    let place = again.states()[1].coordinates.expect("Thailand has a place");
    assert_eq!((place.longitude, place.latitude), (100.5, -13.0));
    assert_eq!(again.states()[0].coordinates, None);
    assert_eq!(again.provenance("state.THA.longitude").map(|from| &*from.source), Some("Bangkok"));
    assert!(
        good("b.toml", &[("b.toml", BASE)], &[set[0], set[1], "state.THA.latitude=false", "state.THA.longitude=false"])
            .states()[1]
            .coordinates
            .is_none()
    );
}

#[test]
fn only_what_determines_results_is_in_the_digest() {
    let digest = |set: &[&str]| good("b.toml", &[("b.toml", BASE)], set).digest();
    let plain = digest(&[]);
    assert_eq!(plain.len(), 64);
    assert_eq!(plain, digest(&["run.replicates=3", "title=Other", "state.THA.name=Siam"]));
    assert_eq!(plain, digest(&["state.THA.longitude=100.5", "state.THA.latitude=13.8"]), "a map is no model");
    assert_eq!(plain, digest(&["state.THA.priority={ value = 0.7, source = \"x\" }"]));
    for change in [
        "run.seed=2",
        "state.THA.priority=0.71",
        "time.end=2009-01-01",
        "habit.variant=utility",
        "pair.LAO-THA.memorandum=false",
        "treaty.asean-mla.deposits.LAO=7",
        "declaration.asean-2004.strength=0.6",
        "state.LAO.language=thai",
        "pair.THA-LAO.language=0.5",
    ] {
        assert_ne!(plain, digest(&[change]), "{change}");
    }
}

#[test]
fn the_same_quantity_in_other_words_is_the_same_scenario() {
    let digest = |set: &[&str]| good("b.toml", &[("b.toml", BASE)], set).digest();
    assert_eq!(digest(&["habit.half_life=2 years"]), digest(&["habit.half_life=730.5"]));
    assert_eq!(digest(&["state.THA.priority=30 %"]), digest(&["state.THA.priority=0.3"]));
    assert_eq!(digest(&["corridor.LAO-THA.cases=2 per month"]), digest(&["corridor.LAO-THA.cases=24"]));
    assert_eq!(digest(&["time.end=131"]), digest(&["time.end=2008-07-06"]));
    assert_eq!(digest(&["mechanisms.habit=off"]), digest(&["mechanisms.habit=false"]));
}

#[test]
fn the_starter_is_valid_whatever_it_is_called() {
    for name in ["mine", "a \"b\"", "ü\n\\", ""] {
        let text = starter(name);
        match read("s.toml", &[("s.toml", &text)], &[]) {
            Ok((scenario, noticed)) => assert_eq!((scenario.title(), noticed), (name, vec![])),
            Err(noticed) => panic!("{}", in_words(&noticed)),
        }
    }
}

#[test]
fn the_parameters_in_force_say_who_set_them() {
    let scenario = good("b.toml", &[("b.toml", BASE)], &["habit.half_life=2 years"]);
    let table = describe(&scenario);
    let column = |name: &str| table.texts(name).expect("it is a column of words");
    let row = column("key").iter().position(|key| &**key == "habit.half_life").expect("it is declared");
    assert_eq!(&*column("value")[row], "2 years");
    assert_eq!(&*column("unit")[row], "days");
    assert_eq!(&*column("set_by")[row], "--set");
    assert!(column("key").iter().any(|key| &**key == "mechanisms.habit"));
}

#[test]
fn a_variant_differs_from_its_base_in_what_it_says() {
    let base = good("base.toml", &[("base.toml", BASE)], &[]);
    let variant = "extends = \"base.toml\"\n[state.THA]\npriority = 0.2\ntip_law = false\n[time]\nend = 2009-01-01\n";
    let variant = good("v.toml", &[("v.toml", variant), ("base.toml", BASE)], &[]);
    let table = differences(&variant, &base);
    let column = |name: &str| -> Vec<String> {
        table.texts(name).expect("it is a column of words").iter().map(|word| word.to_string()).collect()
    };
    assert_eq!(column("key"), ["state.THA.priority", "state.THA.tip_law", "time.end"]);
    assert_eq!(column("here"), ["0.2", "", "2009-01-01"]);
    assert_eq!(column("base"), ["0.7", "2008-06-05", "2008-07-01"]);
    assert_eq!(column("set_by")[0], "v.toml:3");
    assert_eq!(differences(&base, &base).rows(), 0);
}

#[test]
fn a_long_file_and_a_deep_one_are_refused_in_words() {
    let long = "# x\n".repeat(5 << 20);
    assert!(bad("l.toml", &[("l.toml", &long)], &[]).contains("the file has 20 MB"));
    let deep = format!("{}a = 1", "a.".repeat(100_000));
    assert!(bad("d.toml", &[("d.toml", &deep)], &[]).contains("error"));
    let nested = format!("x = {}", "[".repeat(100_000));
    assert!(bad("n.toml", &[("n.toml", &nested)], &[]).contains("error"));
    let key = format!("{} = 1", "k".repeat(1_000_000));
    assert!(bad("k.toml", &[("k.toml", &key)], &[]).len() < 5_000);
}

#[test]
fn a_file_written_on_windows_is_read_like_any_other() {
    let windows = format!("\u{feff}{}", BASE.replace('\n', "\r\n"));
    assert_eq!(
        good("b.toml", &[("b.toml", &windows)], &[]).digest(),
        good("b.toml", &[("b.toml", BASE)], &[]).digest()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reading_panic(text in "\\PC*", set in "\\PC*") {
        let _ = read("x.toml", &[("x.toml", &text)], &[&set]);
    }

    #[test]
    fn no_damage_makes_the_reading_panic(at in 0usize..1100, length in 0usize..40, instead in "[\\[\\]{}=\"'\\.,#\\-0-9a-z\\n é]{0,6}") {
        let mut text: Vec<char> = BASE.chars().collect();
        let start = at.min(text.len());
        let end = (start + length).min(text.len());
        text.splice(start..end, instead.chars());
        let text: String = text.into_iter().collect();
        if let Ok((scenario, _)) = read("x.toml", &[("x.toml", &text)], &[]) {
            let again = good("x.toml", &[("x.toml", &scenario.to_toml())], &[]);
            prop_assert_eq!(again.canonical(), scenario.canonical());
        }
    }

    #[test]
    fn no_value_makes_the_setting_panic(key in "(habit|state|pair|time|run|treaty|title|corridor)(\\.(THA|half_life|start|LAO-THA|deposits|gate_shut|asean-mla)){0,3}", value in "\\PC{0,20}") {
        let _ = read("x.toml", &[("x.toml", BASE)], &[&format!("{key}={value}")]);
    }
}

#[test]
fn the_schema_knows_every_key_of_a_resolved_scenario() {
    fn unknown(value: &toml::Value, schema: &Value, path: &str) -> Vec<String> {
        let toml::Value::Table(table) = value else { return Vec::new() };
        if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
            let of_each = options.iter().filter(|option| option.get("type") == Some(&Value::from("object")));
            return of_each.flat_map(|option| unknown(value, option, path)).collect();
        }
        let mut missing = Vec::new();
        for (key, inner) in table {
            let named = schema.get("properties").and_then(|properties| properties.get(key));
            let patterned = schema.get("patternProperties").and_then(|p| p.as_object()?.values().next());
            match named.or(patterned) {
                Some(schema) => missing.extend(unknown(inner, schema, &format!("{path}.{key}"))),
                None => missing.push(format!("{path}.{key}")),
            }
        }
        missing
    }
    let resolved = good("b.toml", &[("b.toml", BASE)], &[]).to_toml();
    let value: toml::Value = toml::from_str(&resolved).expect("it is TOML");
    assert_eq!(unknown(&value, &schema(), ""), Vec::<String>::new());
    let wrong: toml::Value = toml::from_str("[state.THA]\nhabitt = 3").expect("it is TOML");
    assert_eq!(unknown(&wrong, &schema(), ""), [".state.THA.habitt"], "the walk finds what is not known");
}

/// The words, numbers, marks and stretches of space that a text is made of.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| {
        if c.is_alphanumeric() || "_.-".contains(c) {
            0
        } else if c == ' ' {
            1
        } else {
            2
        }
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|last| last != kind(c) || last == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = Some(kind(c));
    }
    tokens.push(&text[start..]);
    tokens
}

/// Words that are no part of a shipped file, and are meant to hurt.
const ODD: [&str; 24] = [
    "0",
    "-1",
    "1e308",
    "1e-320",
    "9223372036854775807",
    "-9223372036854775808",
    "nan",
    "inf",
    "true",
    "false",
    "[]",
    "{}",
    "\"\"",
    "0001-01-01",
    "9999-12-31",
    "1970-01-01T00:00:00Z",
    "\"1e300 years\"",
    "\"0.1 days\"",
    "\"-3 months\"",
    "\u{221e}",
    "[[",
    "\"\"\"",
    "\r\n",
    "\0",
];

#[test]
fn no_mutant_of_a_shipped_file_ends_the_program() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(directory).expect("scenarios are part of the repository") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            texts.insert(name, std::fs::read_to_string(&path).expect("it is text"));
        }
    }
    let shipped: Vec<(String, String)> = texts.clone().into_iter().collect();
    // A plain congruential generator: the same mutants in every test.
    let mut state = 2026_u64;
    let mut drawn = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut sound, mut refused) = (0, 0);
    for _ in 0..600 {
        let (name, text) = &shipped[drawn(shipped.len())];
        let mut parts = tokens(text);
        let donors = tokens(&shipped[drawn(shipped.len())].1);
        for _ in 0..=drawn(4) {
            let at = drawn(parts.len());
            match drawn(4) {
                0 => drop(parts.remove(at)),
                1 => parts.insert(at, parts[at]),
                2 => parts[at] = donors[drawn(donors.len())],
                _ => parts[at] = ODD[drawn(ODD.len())],
            }
        }
        let study = text.contains("\nbaseline = ");
        texts.insert("mutant.toml".to_owned(), parts.concat());
        let files = Texts(texts.clone());
        let noticed = if study {
            parse_study("mutant.toml", &files, &[]).map_or_else(|noticed| noticed, |(_, noticed)| noticed)
        } else {
            parse("mutant.toml", &files, &[]).map_or_else(|noticed| noticed, |(_, noticed)| noticed)
        };
        match noticed.iter().filter(|noticed| noticed.severity == Severity::Error).count() {
            0 => sound += 1,
            _ => refused += 1,
        }
        assert!(noticed.iter().all(|noticed| noticed.hint.is_some()), "{name}:\n{}", in_words(&noticed));
    }
    assert!(sound > 50 && refused > 50, "{sound} sound, {refused} refused");
}
