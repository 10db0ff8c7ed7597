//! Sweeps: the same bytes whatever happens on the way, and nothing lost, doubled or changed.

mod designs;
mod faults;
mod sensitivity;

use crate::program::{Scratch, comity};
use comity::format::parquet;
use comity::table::Table;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A small region, so that a run takes a fraction of a millisecond.
const REGION: &str = r#"
[time]
start = 2020-01-01
end = 2020-07-01
burn_in = "10 weeks"
[run]
replicates = 6
seed = 5
[state.ORI]
legal_family = "civil"
language = "orish"
investigators = 3
[state.DES]
legal_family = "common"
language = "desh"
investigators = 3
[corridor.ORI-DES]
cases = 80
"#;

/// What every sweep here is made of.
pub const STUDY: &str = r#"
title = "A small sweep"
baseline = "region.toml"
[intervention.book]
kind = "handbook"
start = 2020-02-01
uptake = 0.5
[arm.book]
interventions = ["book"]
[sweep]
design = "factorial"
[factor.approval]
parameter = "gate.approval"
from = 0.0
to = 1.0
levels = 3
[factor.uptake]
parameter = "intervention.book.uptake"
values = [0.2, 0.4, 0.6, 0.8]
[factor.habit]
parameter = "mechanisms.habit"
values = ["on", "off"]
[analysis]
outcomes = ["seeking_rate", "accepted"]
"#;

/// A folder with a region and a study.
pub struct Room {
    scratch: Scratch,
    pub study: String,
}

impl Room {
    pub fn new(study: &str) -> Self {
        let scratch = Scratch::new();
        fs::write(scratch.0.join("region.toml"), REGION).expect("there is room");
        let path = scratch.0.join("study.toml");
        fs::write(&path, study).expect("there is room");
        Self { study: path.to_string_lossy().into_owned(), scratch }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.0.join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// Sweeps the study into a folder.
    pub fn sweep(&self, folder: &str, more: &[&str]) -> Output {
        let out = self.name(folder);
        comity(&["sweep", &self.study, "--out", &out]).args(more).output().expect("the program runs")
    }

    /// A command of the program on a folder.
    pub fn on(&self, command: &str, folder: &str, more: &[&str]) -> Output {
        comity(&[command, &self.name(folder)]).args(more).output().expect("the program runs")
    }

    /// The merged result of a folder.
    pub fn result(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tables_in(&self.path(folder).join("result"))
    }

    pub fn block(&self, folder: &str, number: u32) -> PathBuf {
        self.path(folder).join("blocks").join(format!("{number:06}.parquet"))
    }
}

/// The tables of a result, by name.
pub fn tables_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = ["results.parquet", "points.parquet", "points.csv", "design.parquet", "design.csv"];
    names.iter().map(|name| ((*name).to_owned(), fs::read(folder.join(name)).expect("it is there"))).collect()
}

pub fn read(path: &Path) -> Table {
    parquet::read(fs::read(path).expect("it is there")).expect("it is whole")
}

pub fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn done(output: &Output) {
    assert!(output.status.success(), "{}{}", words(&output.stdout), words(&output.stderr));
}

/// The program ended so, and said all that.
pub fn said(output: &Output, code: i32, promised: &[&str]) {
    let all = words(&output.stdout) + &words(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{all}");
    for words in promised {
        assert!(all.contains(words), "{words:?} is not said:\n{all}");
    }
}

#[test]
fn threads_and_shards_in_any_order_change_nothing() {
    let room = Room::new(STUDY);
    done(&room.sweep("one", &["--threads", "1", "-q"]));
    let whole = room.result("one");
    for threads in ["2", "7"] {
        done(&room.sweep(threads, &["--threads", threads, "-q"]));
        assert_eq!(room.result(threads), whole, "{threads} threads");
    }
    // Two shards into one folder, one of them twice; the third into another.
    for (folder, shard) in [("a", "3/3"), ("a", "1/3"), ("b", "2/3"), ("a", "1/3")] {
        done(&room.sweep(folder, &["--shard", shard, "-q"]));
    }
    let early = room.on("merge", "a", &[]);
    said(&early, 2, &["cannot be merged", "blocks/000001.parquet is missing", "point 0 replicate"]);
    let merged =
        room.on("merge", "a", &[&room.path("b").to_string_lossy(), "--out", &room.path("c").to_string_lossy()]);
    done(&merged);
    assert_eq!(tables_in(&room.path("c")), whole, "merged from two folders");
}

#[test]
fn what_is_added_is_what_would_have_been_planned() {
    let study = STUDY.replace("design = \"factorial\"", "design = \"sobol\"\npoints = 4").replace("levels = 3\n", "");
    let room = Room::new(&study);
    done(&room.sweep("large", &["-n", "5", "--set", "sweep.points=16", "-q"]));
    done(&room.sweep("small", &["-n", "2", "-q"]));
    let before = room.result("small");
    done(&room.sweep("small", &["-n", "2", "--add-points", "12", "-q"]));
    done(&room.sweep("small", &["-n", "2", "--add-replicates", "3", "-q"]));
    assert_eq!(room.result("small"), room.result("large"));
    assert_ne!(room.result("small"), before);
    assert!(!room.path("small").join("result-2").exists(), "an earlier state makes room");
    // Once more is nothing more, and the study that was asked for is still that of the folder.
    done(&room.sweep("small", &["-n", "2", "--resume", "-q"]));
    assert_eq!(room.result("small"), room.result("large"));
    said(&room.sweep("small", &["-n", "9", "--resume"]), 2, &["run.replicates was 2 and is 9", "--add-replicates"]);
    let hypercube = Room::new(&study.replace("sobol", "latin-hypercube"));
    done(&hypercube.sweep("x", &["-q"]));
    said(&hypercube.sweep("x", &["--add-points", "4"]), 2, &["cannot be added to", "other strata", "sobol"]);
}

#[test]
fn a_point_is_the_comparison_that_its_values_make() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    let results = read(&room.path("s/result/results.parquet"));
    // Point 13: approval 0.5, uptake 0.6, habit off.
    let design = read(&room.path("s/result/design.parquet"));
    let at = |name: &str| design.reals(name).expect("it is a number")[13];
    assert_eq!((at("approval"), at("uptake")), (0.5, 0.6));
    assert_eq!(&*design.texts("habit").expect("they are words")[13], "off");
    let out = room.path("compared").to_string_lossy().into_owned();
    let set = ["--set", "gate.approval=0.5", "--set", "mechanisms.habit=off", "--set", "intervention.book.uptake=0.6"];
    let output = comity(&["compare", &room.study, "--out", &out, "--keep-replicates", "-q"]).args(set).output();
    done(&output.expect("the program runs"));
    let replicates = read(&room.path("compared/replicates.parquet"));
    let mut checked = 0;
    for row in 0..replicates.rows() {
        let text = |name: &str| &*replicates.texts(name).expect("they are words")[row];
        let number = replicates.integers("replicate").expect("they are numbers")[row];
        let arm = i64::from(text("arm") != "baseline");
        let ids = results.integers("run_id").expect("they are numbers");
        let place = ids.iter().position(|id| *id == 13 * 10_000_000 + number * 100 + arm).expect("the run is there");
        assert_eq!(&*results.texts("arm").expect("they are words")[place], text("arm"));
        let (kept, own) = (results.reals(text("measure")).expect("there is such a column"), replicates.reals("value"));
        let (kept, own) = (kept[place], own.expect("they are numbers")[row]);
        assert_eq!(kept.to_bits(), own.to_bits(), "{} of {} in {number}", text("measure"), text("arm"));
        checked += 1;
    }
    assert_eq!(checked, 2 * 6 * 3);
}

#[test]
fn points_are_means_and_paired_differences_of_their_runs() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    let (results, points) = (read(&room.path("s/result/results.parquet")), read(&room.path("s/result/points.parquet")));
    // 24 points, two arms, two outcomes and the cost.
    assert_eq!(points.rows(), 24 * 2 * 3);
    let of = |arm: &str, point: i64| -> Vec<f64> {
        let arms = results.texts("arm").expect("they are words");
        let ids = results.integers("point_id").expect("they are numbers");
        let rows = (0..results.rows()).filter(|row| &*arms[*row] == arm && ids[*row] == point);
        rows.map(|row| results.reals("accepted").expect("they are numbers")[row]).collect()
    };
    let text = |name: &str, row: usize| &*points.texts(name).expect("they are words")[row];
    let real = |name: &str, row: usize| points.reals(name).expect("they are numbers")[row];
    let mut checked = 0;
    for row in (0..points.rows()).filter(|row| text("measure", *row) == "accepted") {
        let point = points.integers("point_id").expect("they are numbers")[row];
        let own = of(text("arm", row), point);
        assert_eq!(own.len(), 6);
        let mean = own.iter().sum::<f64>() / 6.0;
        assert!((real("mean", row) - mean).abs() < 1e-12);
        if text("arm", row) == "baseline" {
            assert!(real("difference", row).is_nan());
            continue;
        }
        let differences: Vec<f64> = own.iter().zip(of("baseline", point)).map(|(a, b)| a - b).collect();
        let mean = differences.iter().sum::<f64>() / 6.0;
        let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 5.0;
        // The 97.5 % quantile of Student's t with 5 degrees of freedom.
        let half = 2.570_581_835_636_314 * (variance / 6.0).sqrt();
        assert!((real("difference", row) - mean).abs() < 1e-12);
        assert!((real("difference_low", row) - (mean - half)).abs() < 1e-9);
        assert!((real("difference_high", row) - (mean + half)).abs() < 1e-9);
        checked += 1;
    }
    assert_eq!(checked, 24);
}

#[test]
fn the_run_table_names_every_run_before_it_has_run() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["--shard", "1/9999", "-q"]));
    let runs = read(&room.path("s/runs.parquet"));
    assert_eq!(runs.rows(), 24 * 6 * 2);
    done(&room.sweep("s", &["--resume", "-q"]));
    let results = read(&room.path("s/result/results.parquet"));
    for column in ["run_id", "point_id", "replicate"] {
        assert_eq!(runs.integers(column), results.integers(column), "{column}");
    }
    assert_eq!(runs.reals("uptake"), results.reals("uptake"));
    assert_eq!(runs.texts("habit"), results.texts("habit"));
    let mut ids = results.integers("run_id").expect("they are numbers").to_vec();
    ids.dedup();
    assert_eq!(ids.len(), 24 * 6 * 2);
}

#[test]
fn a_single_run_is_rebuilt_alone() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    let file = room.path("run.toml").to_string_lossy().into_owned();
    let output = room.on("verify", "s", &["--run", "130000401", "--scenario", &file]);
    said(&output, 0, &["approval      0.5", "habit         off", "The same, to the bit"]);
    let scenario = fs::read_to_string(&file).expect("it is written");
    assert!(scenario.contains("uptake = 0.6"), "{scenario}");
    said(&room.on("verify", "s", &["--run", "999999999999"]), 2, &["has no run 999999999999", "10,000,000 point_id"]);
    said(
        &room.on("verify", "s", &["--sample", "1000000"]),
        0,
        &["288 runs of 288 run again, each the same, to the bit"],
    );
}

#[test]
fn a_failed_run_is_a_row_and_the_sweep_goes_on() {
    // An intervention that begins after it ends, but only where both moves meet.
    let dates = "[factor.start]\nparameter = \"intervention.book.start\"\nvalues = [2020-02-01, 2020-05-01]\n\
                 [factor.end]\nparameter = \"intervention.book.end\"\nvalues = [2020-03-01, 2020-06-01]\n";
    let from = STUDY.find("[factor.approval]").expect("it is there");
    let to = STUDY.find("[analysis]").expect("it is there");
    let study =
        format!("{}{dates}{}", &STUDY[..from], &STUDY[to..]).replace("uptake = 0.5", "uptake = 0.5\nend = 2020-06-15");
    let room = Room::new(&study);
    let output = room.sweep("s", &["--threads", "2"]);
    said(&output, 1, &["6 failed", "start = 2020-05-01, end = 2020-03-01", "at scenario", "--retry-failed"]);
    let results = read(&room.path("s/result/results.parquet"));
    let failed = results.texts("failed_at").expect("they are words");
    assert_eq!(failed.iter().filter(|at| &***at == "scenario").count(), 6, "the baseline does not fail with the arm");
    let values = results.reals("accepted").expect("they are numbers");
    assert!(failed.iter().zip(values).all(|(at, value)| at.is_empty() != value.is_nan()));
    let points = read(&room.path("s/result/points.parquet"));
    let n: Vec<i64> = points.integers("n_failed").expect("they are numbers").to_vec();
    assert_eq!(n.iter().filter(|n| **n == 6).count(), 3);
    // They are run again, and fail again: nothing else changes.
    let before = room.result("s");
    said(&room.sweep("s", &["--retry-failed"]), 1, &["6 failed"]);
    assert_eq!(room.result("s"), before);
    said(&room.on("status", "s", &["--thorough"]), 1, &["6 failed"]);
}

/// Whether a program is there and does that without complaint.
fn can(program: &str, arguments: &[&str]) -> bool {
    let mut command = std::process::Command::new(program);
    command.args(arguments).output().is_ok_and(|output| output.status.success())
}

#[test]
fn the_snippets_of_the_page_read_the_result_where_the_machine_has_their_programs() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sweeps.md")).expect("the page is there");
    let snippets: Vec<(&str, &str)> = page
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.split_once('\n'))
        .filter(|(language, _)| ["python", "r", "sql"].contains(language))
        .collect();
    assert_eq!(snippets.len(), 4, "pandas, polars, R, DuckDB");
    let scratch = Scratch::new();
    let out = scratch.0.join("output/sweep-teaching").to_string_lossy().into_owned();
    let sweep = ["sweep", "scenarios/sweep-teaching.toml", "-n", "3", "-q", "--out", &out];
    done(&comity(&sweep).output().expect("the program runs"));
    let python = std::env::var("COMITY_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut tried = Vec::new();
    for (language, text) in snippets {
        let (program, option, text) = match language {
            "python" => (python.as_str(), "-c", text.to_owned()),
            "r" => ("Rscript", "-e", text.to_owned()),
            _ => {
                let query = text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join(" ");
                (python.as_str(), "-c", format!("import duckdb\nprint(duckdb.sql(\"\"\"{query}\"\"\").fetchall())"))
            }
        };
        let imports = text.lines().filter(|line| line.starts_with("import")).collect::<Vec<_>>().join("\n");
        let needs = if language == "r" { "1" } else { imports.as_str() };
        // Pandas reads Parquet with one of two more packages.
        let parquet = if text.contains("pandas") { "import pyarrow" } else { needs };
        if !can(program, &[option, needs]) || !can(program, &[option, parquet]) {
            continue;
        }
        let read = std::process::Command::new(program).args([option, &text]).current_dir(&scratch.0).output();
        let read = read.expect("it was there a moment ago");
        assert!(read.status.success(), "{text}\n{}", words(&read.stderr));
        tried.push(language);
    }
    println!("read by {tried:?}");
}

#[test]
fn the_folder_of_a_sweep_serves_figures_and_a_report() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    let charts = room.path("s/result/charts");
    // Three factors, one of them words: a panel each, of the baseline and of the arm's difference.
    for name in ["factors-baseline.svg", "factors-differences-book.svg"] {
        assert!(charts.join(name).is_file(), "{name}");
    }
    let drawn = room.path("drawn").to_string_lossy().into_owned();
    said(&room.on("figure", "s", &["--out", &drawn, "--format", "svg"]), 0, &["2 figures in"]);
    for name in ["factors-baseline.svg", "factors-differences-book.svg"] {
        let again = fs::read(room.path("drawn").join(name)).expect("it was drawn");
        assert_eq!(again, fs::read(charts.join(name)).expect("it is there"), "{name} drawn again");
    }
    let page = room.path("page.html").to_string_lossy().into_owned();
    done(&room.on("report", "s", &["--out", &page]));
    let page = fs::read_to_string(&page).expect("it is written");
    for words in [
        "24 points of a factorial design",
        "at every point",
        "difference in seeking rate from",
        "not which numbers are right",
    ] {
        assert!(page.contains(words), "the report does not say {words:?}");
    }
}
