//! Scenarios: what is read, and in what words what is wrong is said.

use comity::diagnostic::{Diagnostic, Severity};
use comity::scenario::{Files, Override, Scenario, parse};
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
        let (accepted, noticed) = match parse(name, &files, &set) {
            Ok((_, noticed)) => (true, noticed),
            Err(noticed) => (false, noticed),
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
    assert_eq!((law.source.as_str(), law.set_by.as_str()), ("Act B.E. 2551", "dir/two.toml:18"));
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
    assert_eq!(set_by("state.THA.priority"), Some(("d/v.toml:4".to_owned(), String::new())));
    assert_eq!(set_by("corridor.LAO-THA.cases"), Some(("--set".to_owned(), String::new())), "the old source is gone");
}
