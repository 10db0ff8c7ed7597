//! The schema beside the scenarios is the one the program prints, and every shipped scenario names it and is sound. `UPDATE_GOLDEN=1` rewrites it.

use comity::diagnostic::Diagnostic;
use comity::scenario::{Files, parse, schema};
use std::path::{Path, PathBuf};

struct Disk;

impl Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        Ok(std::fs::read_to_string(name).expect("the scenario can be read"))
    }
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

#[test]
fn the_schema_beside_the_scenarios_is_the_one_printed() {
    let path = shipped().join("scenario.schema.json");
    let wanted = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, wanted).expect("the schema can be written");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("scenarios/scenario.schema.json can be read");
    assert!(
        written == wanted,
        "scenarios/scenario.schema.json is not what is declared; UPDATE_GOLDEN=1 cargo test rewrites it"
    );
}

#[test]
fn every_shipped_scenario_names_the_schema_and_is_sound() {
    let files = std::fs::read_dir(shipped()).expect("there are scenarios").map(|file| file.expect("a file").path());
    let scenarios: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect();
    assert!(scenarios.len() >= 4, "only {} scenarios are shipped", scenarios.len());
    for path in scenarios {
        let text = std::fs::read_to_string(&path).expect("the scenario can be read");
        assert!(text.starts_with("#:schema ./scenario.schema.json\n"), "{} does not name its schema", path.display());
        match parse(&path.to_string_lossy(), &Disk, &[]) {
            Ok((_, warnings)) => assert!(warnings.is_empty(), "{}: {warnings:#?}", path.display()),
            Err(errors) => panic!("{}: {errors:#?}", path.display()),
        }
    }
}
