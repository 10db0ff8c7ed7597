//! Every shipped scenario, run short, against what it gave before: a digest, and a summary that a person can read.
//!
//! `UPDATE_GOLDEN=1` rewrites the files; the changelog has a heading *Results may change*.

use crate::program::{Scratch, comity};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const SHORT: [&str; 7] = ["--replicates", "3", "--set", "time.end=26", "--set", "time.burn_in=26 weeks", "--plain"];
const SHOWN: [&str; 9] =
    ["arrived", "withheld", "not_recognised", "alone", "sought", "accepted", "communications", "rescues", "arrests"];

/// What a scenario gives: its result digest, and some means.
fn short_run(scenario: &Path) -> String {
    let scratch = Scratch::new();
    let out = scratch.0.join("out");
    let arguments = ["run", &scenario.to_string_lossy(), "--quiet", "--out", &out.to_string_lossy()];
    let text = fs::read_to_string(scenario).expect("it is text");
    // Interventions begin half a year into the window.
    let more: &[&str] = if text.contains("\n[intervention.") { &["--set", "time.end=2007-07-01"] } else { &[] };
    let output = comity(&arguments).args(SHORT).args(more).output().expect("the program runs");
    assert!(output.status.success(), "{}: {}", scenario.display(), String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| fs::read_to_string(out.join(name)).expect("it was written");
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).expect("a manifest is JSON");
    let mut text = String::new();
    for key in ["scenario_digest", "result_digest"] {
        let _ = writeln!(text, "{key} {}", manifest[key].as_str().unwrap_or_default());
    }
    let summary = read("summary.csv");
    for name in SHOWN {
        let line = summary.lines().find(|line| line.starts_with(&format!("{name},"))).expect("it is a measure");
        // The description may hold commas: the numbers are the last five fields.
        let mean = line.rsplit(',').nth(3).unwrap_or_default();
        let _ = writeln!(text, "{name} {mean}");
    }
    text
}

#[test]
fn shipped_scenarios_give_what_they_gave() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(root.join("scenarios")).expect("there are scenarios");
    let mut wrong = String::new();
    for file in files {
        let path = file.expect("it can be read").path();
        let is_study = fs::read_to_string(&path).is_ok_and(|text| text.starts_with("#:schema ./study.schema.json"));
        if is_study || path.extension().is_none_or(|kind| kind != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let golden = root.join("tests/golden").join(format!("{name}.txt"));
        let now = short_run(&path);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &now).expect("it can be written");
            continue;
        }
        let before = fs::read_to_string(&golden).unwrap_or_default();
        if before != now {
            let _ = writeln!(wrong, "{name} gave\n{before}and gives\n{now}");
        }
    }
    assert!(wrong.is_empty(), "results changed (UPDATE_GOLDEN=1 rewrites, CHANGELOG.md says so):\n{wrong}");
}
