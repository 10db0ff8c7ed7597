//! `comity table` as its user meets it.

use crate::program::{Scratch, comity};
use std::path::{Path, PathBuf};

/// Exit code, standard output, standard error.
fn table(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = comity(&[&["table"], arguments].concat()).output().expect("the program runs");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), words(&output.stdout), words(&output.stderr))
}

/// A comparison of the test world, kept in a folder.
fn compared(scratch: &Scratch) -> PathBuf {
    let out = scratch.0.join("result");
    let arguments = ["compare", "tests/worlds/study.toml", "-n", "4", "-q", "--out", &out.to_string_lossy()];
    let output = comity(&arguments).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

fn refuses(arguments: &[&str], promised: &[&str]) {
    let (code, _, said) = table(arguments);
    assert_eq!(code, Some(2), "{arguments:?}: {said}");
    for promise in promised {
        assert!(said.contains(promise), "{arguments:?} does not say `{promise}`:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_comparison_gives_its_tables_in_every_format() {
    let scratch = Scratch::new();
    let folder = compared(&scratch);
    let result = folder.to_string_lossy();
    let (code, text, said) = table(&[&result]);
    assert_eq!(code, Some(0), "{said}");
    assert!(text.starts_with("**Effects against the baseline**"), "{text}");
    assert!(text.contains("| No approval") && text.contains("seed "), "{text}");
    assert!(said.contains("the main outcome"), "{said}");
    for (ending, start) in [("tex", "% Needs"), ("html", "<table"), ("typ", "#["), ("csv", "arm,"), ("md", "**")] {
        let file = scratch.0.join(format!("table.{ending}"));
        let (code, text, said) = table(&[&result, "--measure", "all", "--out", &file.to_string_lossy()]);
        assert_eq!((code, text.as_str()), (Some(0), ""), "{said}");
        assert!(std::fs::read_to_string(&file).expect("it was written").starts_with(start), "{ending}");
    }
    for kind in ["ranking", "packages"] {
        let (code, text, said) =
            table(&[&result, "--kind", kind, "--format", "latex", "--label-id", "tab:mine", "--title", "T"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(text.contains("\\caption{T}\\label{tab:mine}"), "{text}");
    }
    // The rows chosen are those of the result, to the last digit.
    let (_, rows, _) = table(&[&result, "--format", "csv", "--measure", "all"]);
    let kept = std::fs::read_to_string(folder.join("effects.csv")).expect("it is there");
    assert!(rows.lines().count() > 3 && rows.lines().all(|line| kept.lines().any(|other| other == line)));
}

#[test]
fn a_table_that_cannot_be_is_refused_with_the_way_out() {
    let scratch = Scratch::new();
    let folder = compared(&scratch);
    let result = folder.to_string_lossy().into_owned();
    let nowhere = scratch.0.join("nowhere").to_string_lossy().into_owned();
    refuses(&[&nowhere], &["there is no folder", "nowhere", "comity run"]);
    refuses(&["README.md"], &["README.md is a file"]);
    refuses(&["scenarios"], &["scenarios has no manifest.json"]);
    refuses(&[&result, "--kind", "summary"], &["holds nothing for a table of summary", "effects, ranking, packages"]);
    refuses(&[&result, "--kind", "sumary"], &["no kind of table called sumary", "effects"]);
    refuses(&[&result, "--window", "soon"], &["no window `soon`", "first"]);
    refuses(&[&result, "--measure", "hope"], &["no measure `hope`", "cooperation_rate"]);
    refuses(&[&result, "--arm", "opne"], &["no arm `opne`", "open"]);
    refuses(&[&result, "--label-id", "tab{x}"], &["cannot be a label"]);
    let there = scratch.0.join("there.md");
    std::fs::write(&there, "mine").expect("there is room");
    refuses(&[&result, "--out", &there.to_string_lossy()], &["it exists already"]);
    assert_eq!(std::fs::read_to_string(&there).expect("it is there"), "mine");
    let file = |name: &str| folder.join(name);
    std::fs::write(file("effects.parquet"), "PAR1 and no more").expect("there is room");
    refuses(&[&result], &["effects.parquet"]);
    std::fs::remove_file(file("effects.parquet")).expect("it is there");
    refuses(&[&result], &["effects"]);
    std::fs::write(file("manifest.json"), "{").expect("there is room");
    refuses(&[&result], &["manifest.json"]);
}

#[test]
fn the_readme_shows_the_validation_as_it_is_printed() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("it is there");
    let block = readme
        .split("<!-- validation:begin -->\n")
        .nth(1)
        .and_then(|rest| rest.split("<!-- validation:end -->").next());
    let block = block.expect("the block is marked");
    let arguments = ["validate", "scenarios/teaching.toml", "--markdown", "-q", "-n", "2"];
    let output = comity(&arguments).output().expect("the program runs");
    let printed = String::from_utf8(output.stdout).expect("it is UTF-8");
    // All but the numbers: the columns, and the patterns in their order.
    let columns = |text: &str| -> Vec<String> {
        let rows = text.lines().filter(|line| line.starts_with('|'));
        rows.map(|line| line.split('|').take(3).map(str::trim).collect::<Vec<_>>().join("|")).collect()
    };
    let dashes = |rows: Vec<String>| -> Vec<String> { rows.into_iter().filter(|row| !row.contains("---")).collect() };
    assert_eq!(dashes(columns(block)), dashes(columns(&printed)));
}
