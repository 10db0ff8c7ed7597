//! docs/interventions.md: every example can be run, and nothing is left out.

use crate::worlds::shipped;
use comity::engine::Setup;
use comity::intervention::Kind;
use comity::intervention::delivery::Delivery;
use comity::scenario::{Files, parse};

const PAGE: &str = include_str!("../../docs/interventions.md");

struct Text(String);

impl Files for Text {
    fn read(&self, name: &str) -> Result<String, comity::diagnostic::Diagnostic> {
        if name.ends_with("asean-baseline.toml") {
            // The page is about files beside the baseline.
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/asean-baseline.toml");
            return std::fs::read_to_string(path)
                .map_err(|error| comity::diagnostic::Diagnostic::error(error.to_string()));
        }
        Ok(self.0.clone())
    }
}

#[test]
fn every_example_of_the_page_is_accepted_without_a_word() {
    let examples: Vec<&str> = PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= Kind::COUNT, "{} examples", examples.len());
    let mut kinds = Vec::new();
    for example in examples {
        let text = if example.contains("extends") {
            example.to_owned()
        } else {
            format!("extends = \"asean-baseline.toml\"\n{example}")
        };
        match parse("example.toml", &Text(text), &[]) {
            Ok((scenario, noticed)) => {
                assert!(noticed.is_empty(), "{example}\n{noticed:#?}");
                let setup = Setup::new(&scenario);
                kinds.extend(setup.program.interventions.iter().map(|own| own.kind()));
                assert!(!setup.program.interventions.is_empty(), "{example} has no intervention");
            }
            Err(errors) => panic!("{example}\n{errors:#?}"),
        }
    }
    for kind in Kind::ALL {
        assert!(kinds.contains(kind), "no example of a {}", kind.label());
    }
}

#[test]
fn every_key_is_explained_on_the_page() {
    let content = Kind::ALL.iter().flat_map(|kind| kind.declarations());
    for declaration in Delivery::DECLARATIONS.iter().chain(content) {
        assert!(PAGE.contains(&format!("`{}`", declaration.name)), "{} is missing", declaration.name);
    }
    for key in [
        "kind",
        "name",
        "start",
        "end",
        "when",
        "states",
        "pairs",
        "roles",
        "units",
        "choose",
        "tools",
        "event",
        "parameter",
        "set",
        "add",
        "scale",
    ] {
        assert!(PAGE.contains(&format!("`{key}`")), "{key} is missing");
    }
}

#[test]
fn shipped_scenarios_say_what_their_costs_rest_on() {
    for name in crate::worlds::shipped_with_interventions() {
        let text = std::fs::read_to_string(format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR")))
            .expect("it is there");
        for line in text.lines().filter(|line| line.starts_with("cost_")) {
            assert!(line.contains("source = ") && line.contains("grade = "), "{name}: {line}");
        }
        assert!(shipped(&name, &[]).program.interventions.iter().all(|own| own.schedule.start == 181.0), "{name}");
    }
}
