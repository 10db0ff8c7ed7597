//! `comity calibrate` finds what is known, and comes to the same whatever happens on the way.

use crate::program::{Scratch, comity};
use crate::sweep::{done, read, said, words};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::Duration;

/// The teaching scenario with figures of its own: 400 runs with readiness 0.5 and 100 cases a year had a seeking rate of 0.384 and 216.2
/// cases that came to light.
const STUDY: &str = r#"
title = "Known values, to be found again"
baseline = "teaching.toml"
[calibrate]
particles = 60
prior = 400
simulations = 1200
seed = 7
[target.seeking]
measure = "seeking_rate"
value = 0.384
error = "deviation"
sd = 0.02
[target.arrived]
measure = "arrived"
value = 216.2
error = "deviation"
sd = 10
[factor.asking]
name = "Readiness to ask"
parameter = "tool.informal.intercept"
from = -1.5
to = 2.5
[factor.cases]
parameter = "corridor.ORI-DES.cases"
from = 20
to = 400
scale = "log"
"#;

/// Less of it, where only bytes matter.
fn small() -> String {
    STUDY.replace("particles = 60", "particles = 20").replace("= 400\nsim", "= 100\nsim").replace("= 1200", "= 300")
}

struct Room {
    scratch: Scratch,
    study: String,
}

impl Room {
    fn new(study: &str) -> Self {
        let scratch = Scratch::new();
        let teaching = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/teaching.toml");
        fs::copy(teaching, scratch.0.join("teaching.toml")).expect("there is room");
        let path = scratch.0.join("known.toml");
        fs::write(&path, study).expect("there is room");
        Self { study: path.to_string_lossy().into_owned(), scratch }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.0.join(name)
    }

    fn command(&self, folder: &str, more: &[&str]) -> std::process::Command {
        let out = self.path(folder).to_string_lossy().into_owned();
        let mut command = comity(&["calibrate", &self.study, "--within", "-q", "--out", &out]);
        command.args(more);
        command
    }

    fn calibrate(&self, folder: &str, more: &[&str]) -> Output {
        self.command(folder, more).output().expect("the program runs")
    }

    fn begun(&self, folder: &str, more: &[&str]) -> Child {
        let mut command = self.command(folder, more);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs")
    }

    fn manifest(&self, folder: &str) -> Value {
        let text = fs::read_to_string(self.path(folder).join("result/manifest.json")).expect("it is left");
        serde_json::from_str(&text).expect("JSON")
    }

    fn digest(&self, folder: &str) -> String {
        self.manifest(folder)["result_digest"].as_str().expect("words").to_owned()
    }

    /// The pieces of all steps, in order.
    fn pieces(&self, folder: &str) -> Vec<PathBuf> {
        let entries = |path: &Path| -> Vec<PathBuf> {
            let mut all: Vec<PathBuf> =
                fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            all.sort();
            all
        };
        let steps = entries(&self.path(folder).join("steps"));
        let all = steps.iter().flat_map(|step| entries(step));
        all.filter(|path| path.extension().is_some_and(|ending| ending == "parquet")).collect()
    }
}

/// Contraction, and the central 90 % of the posterior, of each parameter.
fn learned(room: &Room, folder: &str) -> Vec<(String, f64, (f64, f64))> {
    let table = read(&room.path(folder).join("result/learned.parquet"));
    let (what, labels) = (table.texts("what").expect("words"), table.texts("label").expect("words"));
    let real = |column: &str| table.reals(column).expect("numbers").to_vec();
    let (contraction, low, high) = (real("contraction"), real("low"), real("high"));
    let rows = (0..table.rows()).filter(|&row| &*what[row] == "parameter");
    rows.map(|row| (labels[row].to_string(), contraction[row], (low[row], high[row]))).collect()
}

#[test]
fn known_values_are_found_again_and_others_where_the_figures_are_others() {
    let room = Room::new(STUDY);
    done(&room.calibrate("c", &[]));
    let truths = [("asking", 0.5), ("cases", 100.0)];
    let found = learned(&room, "c");
    assert_eq!(found.len(), 2);
    for ((key, contraction, (low, high)), (wanted, truth)) in found.iter().zip(truths) {
        assert_eq!(key, wanted);
        assert!(*contraction > 0.3, "{key} contracts by {contraction}");
        assert!(*low <= truth && truth <= *high, "{key}: {truth} in {low} to {high}");
    }
    // A third of the cases: the posterior no longer holds a hundred.
    let other = Room::new(&STUDY.replace("value = 216.2", "value = 50"));
    done(&other.calibrate("c", &[]));
    let (key, _, (low, high)) = learned(&other, "c").remove(1);
    assert!(key == "cases" && high < 100.0 && low < 25.0, "{low} to {high}");
    let manifest = room.manifest("c");
    assert_eq!(manifest["charts_not_drawn"], serde_json::json!([]));
    let names: Vec<&str> =
        manifest["charts"].as_array().expect("a list").iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(names, ["predictive", "posterior", "learned", "walk"], "no rivals without rivals");
}

#[test]
fn threads_change_nothing_and_another_seed_does() {
    let room = Room::new(&small());
    done(&room.calibrate("one", &["--threads", "1"]));
    done(&room.calibrate("two", &["--threads", "2"]));
    done(&room.calibrate("other", &["--set", "calibrate.seed=8"]));
    assert_eq!(room.digest("one"), room.digest("two"));
    assert_ne!(room.digest("one"), room.digest("other"));
}

#[test]
fn a_calibration_killed_again_and_again_is_carried_on_to_the_same() {
    let room = Room::new(&small());
    done(&room.calibrate("whole", &[]));
    let count = room.pieces("whole").len();
    assert!(count >= 4, "{count} pieces");
    for wanted in 1..count.min(5) {
        let mut child = room.begun("killed", &["--resume", "--threads", "1"]);
        for _ in 0..5000 {
            if room.pieces("killed").len() >= wanted || child.try_wait().expect("it can be asked").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(child.kill());
        child.wait().expect("it ends");
    }
    done(&room.calibrate("killed", &["--resume"]));
    assert_eq!(room.digest("killed"), room.digest("whole"));
    said(&room.calibrate("killed", &[]), 2, &["holds this already", "--resume"]);
}

#[test]
fn two_shards_at_once_in_one_folder_come_to_the_same() {
    let room = Room::new(&small());
    done(&room.calibrate("whole", &[]));
    let children = [room.begun("shared", &["--shard", "1/2"]), room.begun("shared", &["--shard", "2/2"])];
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", words(&output.stderr));
    }
    assert_eq!(room.digest("shared"), room.digest("whole"));
    assert_eq!(room.pieces("shared").len(), room.pieces("whole").len());
}

#[test]
fn torn_damaged_and_foreign_pieces_are_made_anew() {
    let room = Room::new(&small());
    done(&room.calibrate("c", &[]));
    let (digest, pieces) = (room.digest("c"), room.pieces("c"));
    let before: Vec<Vec<u8>> = pieces.iter().map(|path| fs::read(path).expect("it is there")).collect();
    let last = pieces.len() - 1;
    // Torn; of another step under this name; gone; begun as nothing.
    let spoil: [(usize, Option<Vec<u8>>); 4] = [
        (0, Some(before[0][..before[0].len() / 2].to_vec())),
        (1, Some(before[last].clone())),
        (last - 1, None),
        (last, Some(Vec::new())),
    ];
    for (place, bytes) in spoil {
        match bytes {
            Some(bytes) => fs::write(&pieces[place], bytes).expect("there is room"),
            None => fs::remove_file(&pieces[place]).expect("it is there"),
        }
        fs::remove_dir_all(room.path("c/result")).expect("it is there");
        done(&room.calibrate("c", &["--resume"]));
        assert_eq!(room.digest("c"), digest, "piece {place}");
        let after: Vec<Vec<u8>> = pieces.iter().map(|path| fs::read(path).expect("it is there")).collect();
        assert!(after == before, "piece {place} is not as it was");
    }
}

#[test]
fn constraints_keep_draws_out_of_prior_and_posterior() {
    let bound = "[constraint.both]\nweights = { asking = 100, cases = 1 }\nat_most = 180\n";
    let room = Room::new(&(small() + bound));
    done(&room.calibrate("c", &[]));
    let table = read(&room.path("c/result/factor_draws.parquet"));
    let (asking, cases) = (table.reals("asking").expect("numbers"), table.reals("cases").expect("numbers"));
    assert!(table.rows() > 100);
    for (asking, cases) in asking.iter().zip(cases) {
        assert!(100.0 * asking + cases <= 180.0 + 1e-9, "{asking} {cases}");
    }
    // Without it there are such draws.
    let free = Room::new(&small());
    done(&free.calibrate("c", &[]));
    let table = read(&free.path("c/result/factor_draws.parquet"));
    let (asking, cases) = (table.reals("asking").expect("numbers"), table.reals("cases").expect("numbers"));
    assert!(asking.iter().zip(cases).any(|(asking, cases)| 100.0 * asking + cases > 180.0));
}

#[test]
fn rival_models_stand_beside_each_other() {
    let arm = "[arm.no-habit]\nname = \"No habit\"\nset = { \"mechanisms.habit\" = \"off\" }\n";
    let room = Room::new(&(small() + arm));
    done(&room.calibrate("c", &[]));
    let models = read(&room.path("c/result/models.parquet"));
    let keys: Vec<&str> = models.texts("model").expect("words").iter().map(|key| &**key).collect();
    assert_eq!(keys, ["baseline", "no-habit"]);
    assert!(room.path("c/result/rival_posteriors.csv").is_file());
    for name in ["rivals", "posterior", "predictive", "learned", "walk"] {
        assert!(room.path("c/result/charts").join(format!("{name}.svg")).is_file(), "{name}");
    }
    let result = room.path("c/result").to_string_lossy().into_owned();
    let drawn = room.path("drawn").to_string_lossy().into_owned();
    let again = comity(&["figure", &result, "--out", &drawn, "--format", "svg"]).output().expect("it runs");
    said(&again, 0, &["5 figures in"]);
    for name in ["rivals", "posterior"] {
        let first = fs::read(room.path("c/result/charts").join(format!("{name}.svg"))).expect("it is left");
        assert!(fs::read(room.path("drawn").join(format!("{name}.svg"))).expect("it was drawn") == first, "{name}");
    }
    let other =
        comity(&["figure", &result, "--out", &drawn, "--name", "learned", "--arm", "no-habit", "--format", "svg"]);
    let mut other = other;
    done(&other.output().expect("it runs"));
    assert!(room.path("drawn/learned-no-habit.svg").is_file());
    let none =
        comity(&["figure", &result, "--out", &drawn, "--name", "walk", "--arm", "nobody"]).output().expect("it runs");
    said(&none, 2, &["nobody", "baseline"]);
    let page = room.path("page.html").to_string_lossy().into_owned();
    done(&comity(&["report", &result, "--out", &page]).output().expect("it runs"));
    let page = fs::read_to_string(&page).expect("it is written");
    for words in
        ["2 models were fitted", "approximate Bayesian computation", "Rival models", "Digest of the calibration"]
    {
        assert!(page.contains(words), "the report does not say {words:?}");
    }
    // Only the own model.
    done(&room.calibrate("alone", &["--no-rivals"]));
    assert_eq!(read(&room.path("alone/result/models.parquet")).rows(), 1);
}

#[test]
fn what_cannot_be_calibrated_is_refused_with_the_way_out() {
    let refused = |study: &str, more: &[&str], promised: &[&str]| {
        let room = Room::new(study);
        said(&room.calibrate("c", more), 2, promised);
        assert!(!room.path("c").exists(), "nothing is left behind");
    };
    let from = STUDY.find("[factor.asking]").expect("it is there");
    let factors = &STUDY[from..];
    let sweep = format!("baseline = \"teaching.toml\"\n[sweep]\ndesign = \"sobol\"\npoints = 8\n{factors}");
    refused(&sweep, &[], &["it has no [calibrate]", "write [calibrate]"]);
    refused(STUDY, &["--budget", "100"], &["calibrate.simulations is 100", "need 460 at least", "raise simulations"]);
    let unknown = STUDY.replace("measure = \"arrived\"", "pattern = \"P99\"");
    refused(&unknown, &[], &["target.arrived is of the pattern P99", "those that it has are P1"]);
    let one = STUDY.replace("from = -1.5\nto = 2.5", "values = [0.5]");
    refused(&one, &[], &["factor asking has one value"]);
    let luck = format!("{STUDY}[factor.luck]\nparameter = \"run.seed\"\n");
    refused(&luck, &[], &["luck"]);
    refused(STUDY, &["--shard", "3/2"], &["--shard"]);
}

#[test]
fn a_folder_of_other_work_is_left_alone() {
    let room = Room::new(&small());
    done(&room.calibrate("c", &[]));
    let digest = room.digest("c");
    let changed = room.calibrate("c", &["--resume", "--set", "calibrate.particles=21"]);
    said(&changed, 2, &["holds another work", "known", "--out"]);
    fs::create_dir_all(room.path("other")).expect("there is room");
    fs::write(room.path("other/letter.txt"), "dear").expect("there is room");
    said(&room.calibrate("other", &["--resume"]), 2, &["holds other things than this", "--out"]);
    assert_eq!(room.digest("c"), digest);
    assert_eq!(fs::read_to_string(room.path("other/letter.txt")).expect("it is there"), "dear");
}
