//! The schemas beside the scenarios are the ones the program prints, and every shipped scenario and study names its own and is sound. `UPDATE_GOLDEN=1` rewrites it.

use comity::diagnostic::Diagnostic;
use comity::scenario::{Files, is_study, parse, parse_study, schema, study_schema};
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
fn the_schemas_beside_the_scenarios_are_the_ones_printed() {
    for (name, schema) in [("scenario.schema.json", schema()), ("study.schema.json", study_schema())] {
        let path = shipped().join(name);
        let wanted = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, wanted).expect("the schema can be written");
            continue;
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == wanted, "scenarios/{name} is not what is declared; UPDATE_GOLDEN=1 cargo test rewrites it");
    }
}

#[test]
fn every_shipped_scenario_names_the_schema_and_is_sound() {
    let files = std::fs::read_dir(shipped()).expect("there are scenarios").map(|file| file.expect("a file").path());
    let scenarios: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect();
    assert!(scenarios.len() >= 4, "only {} scenarios are shipped", scenarios.len());
    for path in scenarios {
        let text = std::fs::read_to_string(&path).expect("the scenario can be read");
        let name = path.to_string_lossy();
        let (kind, noticed) = if is_study(&name, &Disk) {
            ("study", parse_study(&name, &Disk, &[]).map(|(_, noticed)| noticed))
        } else {
            ("scenario", parse(&name, &Disk, &[]).map(|(_, noticed)| noticed))
        };
        assert!(text.starts_with(&format!("#:schema ./{kind}.schema.json\n")), "{name} does not name its schema");
        match noticed {
            Ok(warnings) => assert!(warnings.is_empty(), "{name}: {warnings:#?}"),
            Err(errors) => panic!("{name}: {errors:#?}"),
        }
    }
}
