//! The program as its user meets it: bad input, faults, words.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder of one test, gone at its end.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("comity-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("there is room");
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("there is room");
        path.to_string_lossy().into_owned()
    }

    /// What stands in the folder.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("it is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The program, with arguments, in the folder of the repository.
pub fn comity(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

fn done(arguments: &[&str]) -> Output {
    comity(arguments).output().expect("the program runs")
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The program refuses, with exit code 2 and these words, and leaves nothing of a result behind.
fn refuses(scratch: &Scratch, arguments: &[&str], promised: &[&str]) {
    let before = scratch.names();
    let output = done(arguments);
    let said = words(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    for promise in promised {
        assert!(said.contains(promise), "{arguments:?} does not say `{promise}`:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(before, scratch.names(), "{arguments:?} left something behind");
}

const TINY: &str = "scenarios/teaching.toml";

#[test]
fn scenarios_that_cannot_be_read_are_refused() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let run = |file: &str, promised: &[&str]| refuses(&scratch, &["run", file, "--out", &out], promised);
    run("scenarios/asean-basline.toml", &["asean-basline.toml", "asean-baseline.toml"]);
    run("scenarios", &["folder"]);
    run(&scratch.file("empty.toml", b""), &["empty"]);
    run(&scratch.file("latin.toml", b"title = \"Caf\xe9\"\n"), &["UTF-8"]);
    let huge = scratch.0.join("huge.toml");
    std::fs::File::create(&huge).and_then(|file| file.set_len(100 << 20)).expect("a hole takes no room");
    run(&huge.to_string_lossy(), &["100"]);
}

#[test]
fn bad_values_on_the_command_line_are_refused() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let set =
        |change: &str, promised: &[&str]| refuses(&scratch, &["run", TINY, "--out", &out, "--set", change], promised);
    set("habit.half_live=3", &["habit.half_live", "half_life"]);
    set("habit.half_life=\"13 metres\"", &["metres", "months"]);
    set("gate.approval=10", &["gate.approval", "0 to 1"]);
    set("gate.approval=nan", &["gate.approval"]);
    set("gate.approval=inf", &["gate.approval"]);
    set("state.XXX.priority=0.5", &["XXX"]);
    set("nonsense", &["nonsense"]);
    for replicates in ["0", "-1", "1.5", "99999999999", "many"] {
        let arguments = ["run", TINY, "--out", &out, &format!("--replicates={replicates}")];
        refuses(&scratch, &arguments, &["replicates"]);
    }
    refuses(&scratch, &["run", TINY, "--out", &out, "--seed=-4"], &["seed"]);
    refuses(&scratch, &["run", TINY, "--out", &out, "--threads", "0"], &["threads"]);
}

#[test]
fn every_error_of_every_file_is_told_at_once() {
    let scratch = Scratch::new();
    let one = scratch.file("one.toml", b"[habit]\nhalf_live = 3\nvariant = \"none\"\n");
    let two = scratch.file("two.toml", b"[gate]\napproval = 7\n");
    refuses(&scratch, &["check", &one, &two], &["half_live", "variant", "approval", "one.toml", "two.toml", "hint"]);
}

#[test]
fn results_cannot_go_where_a_file_is() {
    let scratch = Scratch::new();
    let file = scratch.file("a-file", b"mine");
    refuses(&scratch, &["run", TINY, "-n", "2", "--plain", "--out", &format!("{file}/below")], &["a-file"]);
    assert_eq!(std::fs::read(&file).expect("it is there"), b"mine");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = comity(&["describe", "scenarios/asean-baseline.toml", "--all"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert_eq!(words(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_standard_output_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = comity(&["schema"]).stdout(full).stderr(Stdio::piped()).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("could not be written"), "{}", words(&output.stderr));
}

#[test]
fn quiet_says_nothing_on_standard_error() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let output = done(&["run", TINY, "-n", "2", "--plain", "--quiet", "--out", &out]);
    assert!(output.status.success());
    assert_eq!(words(&output.stderr), "");
    assert!(words(&output.stdout).contains("transnational cases"));
}

#[test]
fn a_starter_is_sound_runs_and_is_never_overwritten() {
    let scratch = Scratch::new();
    let name = scratch.0.join("my-first").to_string_lossy().into_owned();
    let file = format!("{name}.toml");
    assert!(done(&["new", &name]).status.success());
    assert!(done(&["check", &file]).status.success());
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    assert!(done(&["run", &file, "-n", "2", "--out", &out]).status.success());
    let mine = std::fs::read(&file).expect("it is there");
    refuses(&scratch, &["new", &name], &["my-first.toml"]);
    assert_eq!(mine, std::fs::read(&file).expect("it is there"));
}

#[test]
fn studies_that_cannot_be_compared_are_refused() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let compare = |files: &[&str], promised: &[&str]| {
        refuses(&scratch, &[&["compare", "--out", &out], files].concat(), promised);
    };
    let study = "tests/worlds/study.toml";
    compare(&[TINY], &["nothing to compare scenarios/teaching.toml with", "hint"]);
    compare(&[TINY, TINY, TINY], &["two arms are called teaching"]);
    compare(&[TINY, "scenarios/realist.toml"], &["extends scenarios/asean-baseline.toml, but the baseline is", TINY]);
    compare(&[TINY, study], &["study.toml is a study, not a scenario"]);
    compare(&["nowhere.toml", TINY], &["nowhere.toml"]);
    compare(&[study, "--until-half-width", "soon"], &["analysis.half_width", "soon"]);
    compare(&[study, "--until-half-width=0"], &["analysis.half_width"]);
    compare(&[study, "--set", "arm.opne.name=x"], &["arm.opne adds nothing"]);
    compare(&[study, "--set", "intervention.x.coverage=0.1"], &["there is no intervention x"]);
    compare(&[study, "-n", "0"], &["run.replicates"]);
}

#[test]
fn a_comparison_says_what_it_will_do_what_it_found_and_why_it_stopped() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let study = "tests/worlds/study.toml";
    let output = done(&["compare", study, "-n", "10", "--until-half-width", "0.02", "--out", &out]);
    let (data, said) = (words(&output.stdout), words(&output.stderr));
    assert!(output.status.success(), "{said}");
    for promise in ["3 arms and 1 package against region", "8 runs x 10 replicates, 80 runs", "2,000 at most"] {
        assert!(said.contains(promise), "`{promise}` is not in\n{said}");
    }
    for promise in
        ["No approval", "P(better)", "95 % interval", "Stopped because", "(window first)", "Package \"All three\""]
    {
        assert!(data.contains(promise), "`{promise}` is not in\n{data}");
    }
    let manifest = std::fs::read_to_string(format!("{out}/manifest.json")).expect("it was written");
    for promise in ["\"study_digest\"", "\"arm_digests\"", "\"ended\"", "\"interrupted\": false"] {
        assert!(manifest.contains(promise), "`{promise}` is not in\n{manifest}");
    }
    // What was run can be run again.
    let scenario = |name: &str| format!("{out}/scenarios/{name}.toml");
    let again = scratch.0.join("again").to_string_lossy().into_owned();
    let output = done(&["compare", &scenario("baseline"), &scenario("open"), "-n", "10", "--out", &again]);
    assert!(output.status.success(), "{}", words(&output.stderr));
    let checked = done(&["check", study]);
    assert!(checked.status.success());
    assert!(words(&checked.stderr).contains("sound (3 arms, 1 package)"), "{}", words(&checked.stderr));
}

#[cfg(unix)]
#[test]
fn a_comparison_that_is_stopped_keeps_whole_replicates() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out");
    let set = ["--set", "time.end=2006-06-01", "--set", "window.first=false", "--set", "window.second=false"];
    let mut child = comity(&["compare", "tests/worlds/study.toml", "-n", "5000000", "--out", &out.to_string_lossy()])
        .args(set)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // A comparison writes nothing until it is done: give it time for the first replicates.
    for _ in 0..600 {
        if !scratch.names().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    std::thread::sleep(std::time::Duration::from_secs(3));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("there is kill");
    assert!(kill.success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(1));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("what is whole is kept");
    assert!(manifest.contains("\"interrupted\": true"), "{manifest}");
    assert_eq!(scratch.names(), ["out"]);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_keeps_what_is_whole() {
    let scratch = Scratch::new();
    let out = scratch.0.join("out");
    let mut child = comity(&["run", TINY, "-n", "5000000", "--plain", "--out", &out.to_string_lossy()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // The series grows under a hidden name while the run goes on.
    let growing = |folder: &Path| {
        let hidden = std::fs::read_dir(folder).into_iter().flatten().flatten();
        hidden
            .map(|entry| entry.path().join("series.csv"))
            .any(|path| path.metadata().is_ok_and(|found| found.len() > 100_000))
    };
    for _ in 0..600 {
        if growing(&scratch.0) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(growing(&scratch.0), "the run does not start");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("there is kill");
    assert!(kill.success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(1));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("what is whole is kept");
    assert!(manifest.contains("\"interrupted\": true"), "{manifest}");
    assert_eq!(scratch.names(), ["out"]);
}

/// A study of the teaching scenario: two arms, one of which two are a package.
const STUDY: &str = r#"
[arm.open]
set = { "gate.approval" = 0.0 }
[arm.talk]
interventions = ["talk"]
[package.both]
arms = ["open", "talk"]
[intervention.talk]
kind = "declaration"
start = 2020-06-01
"#;

impl Scratch {
    /// The study, and the scenario that is its baseline beside it.
    fn study(&self) -> String {
        let teaching = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY)).expect("it is shipped");
        self.file("teaching.toml", &teaching);
        self.file("study.toml", format!("baseline = \"teaching.toml\"\n{STUDY}").as_bytes())
    }
}

#[test]
fn a_study_in_the_place_of_a_scenario_is_called_a_study() {
    let scratch = Scratch::new();
    let study = scratch.study();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let promised = ["is a study, not a scenario", "comity compare", "--arm KEY"];
    refuses(&scratch, &["run", &study, "--out", &out], &promised);
    for command in ["validate", "describe"] {
        refuses(&scratch, &[command, &study], &promised);
    }
    refuses(&scratch, &["explain", TINY, &study], &promised);
}

#[test]
fn half_widths_that_cannot_be_are_refused_with_the_reason() {
    let scratch = Scratch::new();
    let study = scratch.study();
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    for (width, reason) in
        [("0", "above 0"), ("-1", "above 0"), ("-0.5", "above 0"), ("nan", "number"), ("some", "number")]
    {
        let arguments = ["compare", &study, "--out", &out, "-n", "2", "--until-half-width", width];
        refuses(&scratch, &arguments, &["analysis.half_width", reason]);
    }
}

#[test]
fn what_cannot_be_known_is_left_open_in_words() {
    let scratch = Scratch::new();
    let study = scratch.study();
    for more in [["-n", "1"], ["--set", "mechanisms.arrival=off"]] {
        let out = scratch.0.join("out").to_string_lossy().into_owned();
        let output =
            done(&[&["compare", &study, "-q", "--out", &out, "--set", "run.replicates=3"], &more[..]].concat());
        let said = words(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{}", words(&output.stderr));
        assert!(!said.contains("NaN") && !said.contains("- to -"), "{said}");
    }
}

#[test]
fn the_experiments_of_the_predictions_bear_any_name_of_a_file() {
    let scratch = Scratch::new();
    let teaching = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(TINY)).expect("it is shipped");
    for name in ["it's mine.toml", "s\u{e3}o \u{6f22} \u{201c}x\u{201d}.toml"] {
        let file = scratch.file(name, &teaching);
        let output = done(&["validate", &file, "--predictions", "-n", "1", "-q"]);
        assert_eq!(output.status.code(), Some(0), "{}", words(&output.stderr));
        assert!(words(&output.stdout).contains("18 not tested. Estimates with 95 % intervals, 1 replicate."));
    }
}

#[test]
fn predictions_are_not_called_broken_in_a_world_without_cases() {
    let scratch = Scratch::new();
    let arguments = ["validate", TINY, "--predictions", "-n", "2", "--set", "mechanisms.arrival=off"];
    refuses(&scratch, &arguments, &["no case arrives in teaching", "mechanisms.arrival"]);
}

#[test]
fn a_folder_that_cannot_be_is_refused_before_anything_is_explained() {
    let scratch = Scratch::new();
    let study = scratch.study();
    let output = done(&["explain", &study, "--arm", "both", "--out", &study]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "{}", words(&output.stdout));
    assert!(words(&output.stderr).contains("it is a file, not a folder"));
}
