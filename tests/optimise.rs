//! The best mix: found where it is known, the same whatever happens on the way, and refused where there is none.

use crate::program::{Scratch, comity};
use crate::sweep::{done, read, said, words};
use comity::table::Table;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

/// A small region, so that a run takes a fraction of a millisecond. No request gets past its gate.
const REGION: &str = r#"
[time]
start = 2020-01-01
end = 2021-01-01
burn_in = "10 weeks"
[run]
seed = 5
[state.ORI]
legal_family = "civil"
language = "orish"
investigators = 6
[state.DES]
legal_family = "common"
language = "desh"
investigators = 6
[corridor.ORI-DES]
cases = 200
[gate]
approval = 0.95
"#;

/// One arm opens the gate. Another does the same for ten times the money; a third is a book that nobody takes up.
const STUDY: &str = r#"
title = "What opens the gate?"
baseline = "region.toml"
[intervention.letters]
kind = "parameter"
parameter = "gate.approval"
set = 0.0
start = 2020-01-01
cost_fixed = 100
[intervention.ministers]
kind = "parameter"
parameter = "gate.approval"
set = 0.0
start = 2020-01-01
cost_fixed = 1000
[intervention.book]
kind = "handbook"
start = 2020-01-01
uptake = 0.0
cost_fixed = 50
[intervention.visits]
kind = "handbook"
start = 2020-01-01
uptake = 0.6
share = 1.0
cost_fixed = 300
[arm.letters]
name = "Letters"
interventions = ["letters"]
[arm.ministers]
name = "Ministers"
interventions = ["ministers"]
[arm.book]
name = "Book"
interventions = ["book"]
[arm.visits]
name = "Visits"
interventions = ["visits"]
[analysis]
outcomes = ["cooperation_rate", "accepted"]
[optimise]
budget = 500
excludes = [["letters", "ministers"]]
indifference = 0.005
first = 6
most = 60
finalists = 3
fresh = 20
"#;

struct Room {
    scratch: Scratch,
    study: String,
}

impl Room {
    fn new(study: &str) -> Self {
        let scratch = Scratch::new();
        fs::write(scratch.0.join("region.toml"), REGION).expect("there is room");
        let path = scratch.0.join("study.toml");
        fs::write(&path, study).expect("there is room");
        Self { study: path.to_string_lossy().into_owned(), scratch }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.0.join(name)
    }

    fn command(&self, folder: &str, more: &[&str]) -> std::process::Command {
        let out = self.path(folder).to_string_lossy().into_owned();
        let mut command = comity(&["optimise", &self.study, "--out", &out]);
        command.args(more);
        command
    }

    fn optimise(&self, folder: &str, more: &[&str]) -> Output {
        self.command(folder, more).output().expect("the program runs")
    }

    fn table(&self, folder: &str, name: &str) -> Table {
        read(&self.path(folder).join("result").join(format!("{name}.parquet")))
    }

    /// Every table of a result, and its charts' numbers.
    fn result(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        for place in ["result", "result/charts"] {
            for entry in fs::read_dir(self.path(folder).join(place)).expect("it is there") {
                let path = entry.expect("it can be read").path();
                if path.extension().is_some_and(|kind| ["csv", "parquet", "svg"].contains(&&*kind.to_string_lossy())) {
                    let name = path.file_name().map(|name| format!("{place}/{}", name.to_string_lossy()));
                    all.insert(name.expect("a file"), fs::read(&path).expect("it is there"));
                }
            }
        }
        assert!(all.len() >= 8, "{:?}", all.keys());
        all
    }
}

fn text(table: &Table, name: &str, row: usize) -> String {
    table.texts(name).expect("they are words")[row].to_string()
}

fn real(table: &Table, name: &str, row: usize) -> f64 {
    table.reals(name).expect("they are numbers")[row]
}

/// The row of the mix of these arms.
fn row_of(table: &Table, mix: &str) -> usize {
    let labels = table.texts("mix").expect("they are words");
    labels.iter().position(|label| &**label == mix).unwrap_or_else(|| panic!("no {mix} in {labels:?}"))
}

#[test]
fn the_mix_that_is_known_to_be_best_is_found_and_what_fits_the_budget_by_its_cost() {
    let room = Room::new(STUDY);
    let output = room.optimise("o", &["-q"]);
    done(&output);
    let mixes = room.table("o", "mixes");
    // Four arms, one pair excluded: of the mixes that obey, those with ministers are beyond the budget.
    let single = row_of(&mixes, "Ministers");
    assert_eq!((text(&mixes, "obeys", single), text(&mixes, "feasible", single)), ("yes".into(), "no".into()));
    assert_eq!(real(&mixes, "cost", single), 1000.0);
    let (letters, dear) = (row_of(&mixes, "Letters"), row_of(&mixes, "Letters + Book + Visits"));
    assert_eq!((text(&mixes, "feasible", letters), real(&mixes, "cost", dear)), ("yes".into(), 450.0));
    done(&room.optimise("short", &["--set", "optimise.most=6", "-q"]));
    let short = room.table("short", "mixes");
    let effect = |mix: &str| real(&short, "effect", row_of(&short, mix));
    assert_eq!(effect("Letters"), effect("Ministers"), "both open the gate, on the same draws");
    assert_eq!(effect("Letters + Book"), effect("Letters"), "a book that nobody takes up");
    let finalists = room.table("o", "finalists");
    let standing = finalists.texts("standing").expect("they are words");
    let best = standing.iter().position(|word| &**word == "best").expect("one is the best");
    let label = text(&finalists, "mix", best);
    assert!(label.starts_with("Letters") && !label.contains("Book"), "{label}");
    assert!(real(&finalists, "ci_low", best) > 0.01);
    // A book that nobody takes up changes nothing, so that it is dominated.
    let frontier = room.table("o", "frontier");
    let efficient: Vec<String> = (0..frontier.rows()).map(|row| text(&frontier, "mix", row)).collect();
    assert!(efficient.iter().all(|mix| !mix.contains("Book")) && efficient[0] == "Nothing", "{efficient:?}");
    assert!(efficient.contains(&"Letters".to_owned()));
    said(&output, 0, &["Best: Letters", "within the budget of USD 500", "Efficient, the cheapest first"]);
    let manifest = fs::read_to_string(room.path("o/result/manifest.json")).expect("it is there");
    assert!(manifest.contains("\"charts_not_drawn\": []"), "{manifest}");
}

#[test]
fn an_effect_on_the_seeds_of_the_search_is_that_of_a_comparison() {
    let room = Room::new(STUDY);
    done(&room.optimise("o", &["-q"]));
    let mixes = room.table("o", "mixes");
    let letters = row_of(&mixes, "Letters");
    let replicates = mixes.integers("replicates").expect("they are numbers")[letters].to_string();
    let compared = room.study.replace("study.toml", "compare.toml");
    let text = STUDY.split("[optimise]").next().expect("the part before");
    fs::write(&compared, text).expect("there is room");
    let out = room.path("c").to_string_lossy().into_owned();
    done(&comity(&["compare", &compared, "-n", &replicates, "--out", &out, "-q"]).output().expect("it runs"));
    let effects = read(&room.path("c/effects.parquet"));
    let (arms, measures) = (effects.texts("arm").expect("words"), effects.texts("measure").expect("words"));
    let own = (0..effects.rows()).find(|row| &*arms[*row] == "letters" && &*measures[*row] == "cooperation_rate");
    let difference = real(&effects, "difference", own.expect("it is there"));
    assert!((difference - real(&mixes, "effect", letters)).abs() < 1e-12);
}

#[test]
fn threads_interruptions_and_shards_change_nothing() {
    let room = Room::new(STUDY);
    done(&room.optimise("one", &["--threads", "1", "-q"]));
    let whole = room.result("one");
    done(&room.optimise("two", &["--threads", "2", "-q"]));
    assert_eq!(room.result("two"), whole, "two threads");
    // Some pieces were lost, others cut short.
    for (number, entry) in fs::read_dir(room.path("two/steps/race-01")).into_iter().flatten().enumerate() {
        let path = entry.expect("it can be read").path();
        match number % 2 {
            0 => fs::remove_file(&path).expect("it can be removed"),
            _ => fs::write(&path, b"PAR1").expect("it can be written"),
        }
    }
    fs::remove_dir_all(room.path("two/steps/fresh")).expect("it is there");
    said(&room.optimise("two", &["-q"]), 2, &["holds this already", "--resume"]);
    done(&room.optimise("two", &["--resume", "-q"]));
    assert_eq!(room.result("two"), whole, "carried on");
    // Two processes share a folder at the same time.
    let shards =
        ["1/2", "2/2"].map(|shard| room.command("shared", &["--shard", shard, "-q"]).spawn().expect("it runs"));
    for mut shard in shards {
        assert!(shard.wait().expect("it ends").success());
    }
    assert_eq!(room.result("shared"), whole, "two shards");
    // Another study is refused there.
    let other = room.optimise("one", &["--resume", "--set", "optimise.budget=400"]);
    said(&other, 2, &["holds another work", "--out"]);
}

#[test]
fn a_budget_that_buys_nothing_says_what_the_cheapest_costs() {
    let study = STUDY.replace("budget = 500", "budget = 40\nat_least = 1");
    let room = Room::new(&study);
    said(
        &room.optimise("o", &[]),
        2,
        &["no mix that obeys the rules fits the budget of", "the cheapest costs", "50", "Book"],
    );
    assert!(!room.path("o/result").exists());
    // Where doing nothing is allowed it is the best that can be had.
    let room = Room::new(&STUDY.replace("budget = 500", "budget = 40"));
    said(&room.optimise("o", &["-q"]), 0, &["Best is to do nothing"]);
}

#[test]
fn a_cap_on_simulations_is_kept_and_said_and_one_too_small_says_what_it_takes() {
    let room = Room::new(STUDY);
    let refused = room.optimise("o", &["--budget", "50"]);
    said(&refused, 2, &["50 simulations are too few", "--budget"]);
    let all = words(&refused.stderr);
    let needed = all.split("--budget ").nth(1).and_then(|rest| rest.split(' ').next()).expect("it is said").to_owned();
    // What was said to be enough for the first stage is; the next says its own.
    let next = room.optimise("o", &["--budget", &needed, "--resume"]);
    assert!(matches!(next.status.code(), Some(0 | 2)), "{}", words(&next.stderr));
    let capped = room.optimise("p", &["--budget", "300", "-q"]);
    done(&capped);
    let manifest = fs::read_to_string(room.path("p/result/manifest.json")).expect("it is there");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    assert!(manifest["runs"].as_u64().is_some_and(|runs| runs <= 300), "{}", manifest["runs"]);
    // More may be allowed later, and what was run stays.
    done(&room.optimise("p", &["--resume", "-q"]));
    done(&room.optimise("q", &["-q"]));
    assert_eq!(room.result("p"), room.result("q"));
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let room = Room::new(STUDY);
    let output = room.optimise("o", &["--dry-run"]);
    said(
        &output,
        0,
        &["4 arms, every mix (11 obey the rules)", "budget: USD 500", "letters excludes ministers", "20 fresh seeds"],
    );
    assert!(!room.path("o").exists());
    said(
        &comity(&["optimise", "scenarios/study-interventions.toml"]).output().expect("it runs"),
        2,
        &["asks for no best mix", "[optimise]"],
    );
}

#[test]
fn a_search_over_fields_finds_what_subsets_would_and_carries_on_where_it_was_stopped() {
    let study = STUDY
        .replace("indifference = 0.005\nfirst = 6\nmost = 60", "first = 6\npopulation = 12\ngenerations = 5")
        + "[factor.taken]\nparameter = \"intervention.visits.uptake\"\nfrom = 0.0\nto = 1.0\n";
    let room = Room::new(&study);
    let output = room.optimise("o", &["-q"]);
    done(&output);
    let mixes = room.table("o", "mixes");
    for row in 0..mixes.rows() {
        // A field of what is not in a mix is missing there, and everything that breaks a rule was not run, but for parts of the best.
        assert_eq!(real(&mixes, "taken", row).is_nan(), text(&mixes, "visits", row) == "off");
        let broken = text(&mixes, "letters", row) == "on" && text(&mixes, "ministers", row) == "on";
        assert_eq!(text(&mixes, "obeys", row) == "no", broken);
        assert!(!broken || text(&mixes, "stage", row) == "screened");
    }
    let finalists = room.table("o", "finalists");
    let best = finalists.texts("standing").expect("words").iter().position(|word| &**word == "best").expect("one");
    assert!(text(&finalists, "mix", best).starts_with("Letters"), "{}", text(&finalists, "mix", best));
    assert!(real(&finalists, "cost", best) <= 500.0);
    let search = room.table("o", "search");
    assert_eq!(search.rows(), 5);
    let volumes = search.reals("hypervolume").expect("they are numbers");
    assert!(volumes.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12) && volumes[0] > 0.0, "{volumes:?}");
    fs::remove_dir_all(room.path("o/steps/generation-002")).expect("it is there");
    let before = room.result("o");
    done(&room.optimise("o", &["--resume", "--threads", "1", "-q"]));
    assert_eq!(room.result("o"), before);
}

#[test]
fn where_less_is_better_the_best_mix_brings_least() {
    let study = STUDY.replace("[analysis]", "[analysis]\nsmallest_is_best = true");
    let room = Room::new(&study);
    done(&room.optimise("o", &["-q"]));
    let finalists = room.table("o", "finalists");
    let best = finalists.texts("standing").expect("words").iter().position(|word| &**word == "best").expect("one");
    assert!(!text(&finalists, "mix", best).contains("Letters"), "opening the gate brings more");
}
