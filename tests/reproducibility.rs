//! Results are a function of scenario and seed alone.

use crate::program::{Scratch, comity};
use comity::engine::Setup;
use comity::experiment::{Plan, replicate};
use comity::record::Tally;
use comity::scenario::{Files, Override, parse};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const SHORT: [&str; 6] = ["--replicates", "6", "--set", "time.end=20", "--set", "time.burn_in=40 weeks"];

/// Every file of a result but the manifest, which tells the time it took.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let folders = [folder.to_owned(), folder.join("charts"), folder.join("scenarios")];
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(&folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_file() && path.file_name().is_some_and(|name| name != "manifest.json") {
                all.insert(path.to_string_lossy().into_owned(), fs::read(&path).expect("it can be read"));
            }
        }
    }
    let strip = |(name, bytes): (String, Vec<u8>)| (name.rsplit('/').next().unwrap_or_default().to_owned(), bytes);
    all.into_iter().map(strip).collect()
}

fn run(scratch: &Scratch, name: &str, more: &[&str], environment: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let out = scratch.0.join(name);
    let mut command = comity(&["run", "scenarios/asean-baseline.toml", "--out", &out.to_string_lossy(), "--quiet"]);
    let output = command.args(SHORT).args(more).envs(environment.iter().copied()).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    contents(&out)
}

/// Fails where two results differ.
pub fn same(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{what}: not the same files");
    let differing: Vec<&String> = a.keys().filter(|name| a[*name] != b[*name]).collect();
    assert!(differing.is_empty(), "{what}: {differing:?} differ");
}

#[test]
fn threads_locale_and_time_zone_change_nothing() {
    let scratch = Scratch::new();
    let one = run(&scratch, "one", &["--threads", "1"], &[]);
    assert!(one.contains_key("series.parquet") && one.contains_key("matrix.png"), "{:?}", one.keys());
    for threads in ["2", "3", "7"] {
        let other = run(&scratch, threads, &["--threads", threads], &[("LANG", "de_DE.UTF-8"), ("TZ", "Asia/Bangkok")]);
        same(&one, &other, &format!("{threads} threads"));
    }
}

#[test]
fn a_run_alone_is_the_run_among_many() {
    struct Disk;
    impl Files for Disk {
        fn read(&self, name: &str) -> Result<String, comity::diagnostic::Diagnostic> {
            fs::read_to_string(name).map_err(|error| comity::diagnostic::Diagnostic::error(error.to_string()))
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/asean-baseline.toml");
    let overrides = ["time.end=20", "time.burn_in=40 weeks"].map(Override::new);
    let (scenario, _) = parse(path, &Disk, &overrides).expect("the baseline is sound");
    let setup = Arc::new(Setup::new(&scenario));
    let tallies = |first: u32, replicates: u32, why: bool| {
        let mut seen: Vec<(u32, Tally)> = Vec::new();
        let plan = Plan { setup: Arc::clone(&setup), first, replicates, why };
        let Ok(_) = replicate(&plan, &(), &mut (), &mut |number, tally| seen.push((number, tally.clone())));
        seen
    };
    let many = tallies(0, 9, true);
    for (number, among) in &many {
        let alone = &tallies(*number, 1, true)[0];
        assert_eq!(format!("{:?}", (number, among)), format!("{alone:?}"));
    }
    let blind = tallies(0, 9, false);
    for ((_, seen), (_, unseen)) in many.iter().zip(&blind) {
        assert_eq!((&seen.totals, &seen.pairs), (&unseen.totals, &unseen.pairs), "asking why changed the run");
    }
}

#[test]
fn the_resolved_scenario_gives_the_same_result() {
    let scratch = Scratch::new();
    let first = run(&scratch, "first", &[], &[]);
    let again = scratch.0.join("again");
    let resolved = scratch.0.join("first/scenario.toml");
    let output = comity(&["run", &resolved.to_string_lossy(), "--out", &again.to_string_lossy(), "--quiet"]).output();
    assert!(output.expect("the program runs").status.success());
    let again = contents(&again);
    for table in ["series.csv", "summary.csv", "barriers.csv", "validation.csv"] {
        assert!(first[table] == again[table], "{table} differs");
    }
}

#[test]
fn the_same_again_replaces_and_another_result_goes_beside() {
    let scratch = Scratch::new();
    let out = scratch.0.join("result");
    let go = |more: &[&str]| {
        let mut command = comity(&["run", "scenarios/asean-baseline.toml", "--plain", "--out", &out.to_string_lossy()]);
        let output = command.args(SHORT).args(more).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("words are UTF-8")
    };
    go(&[]);
    let before = contents(&out);
    go(&[]);
    same(&before, &contents(&out), "the same again");
    let words = go(&["--seed", "7"]);
    assert!(words.contains("result-2"), "it does not say where it went:\n{words}");
    same(&before, &contents(&out), "another seed");
    assert!(scratch.0.join("result-2/manifest.json").is_file());
}
