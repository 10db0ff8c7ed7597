//! What may happen to a sweep, and what must come of it.

use super::{Room, STUDY, done, read, said, words};
use crate::program::comity;
use comity::experiment::block_digest;
use comity::format::parquet::{ParquetWriter, footer};
use comity::table::{Table, Values};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// The study with so many replicates that it takes a while.
fn begun(room: &Room, folder: &str, more: &[&str]) -> Child {
    let out = room.path(folder).to_string_lossy().into_owned();
    comity(&["sweep", &room.study, "--out", &out, "-q", "--threads", "2"])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

/// How many blocks are there.
fn blocks(room: &Room, folder: &str) -> usize {
    let entries = fs::read_dir(room.path(folder).join("blocks")).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.starts_with('.') && name.ends_with(".parquet")).count()
}

/// Waits until so many blocks are there.
fn wait_for(room: &Room, folder: &str, count: usize) {
    for _ in 0..30_000 {
        if blocks(room, folder) >= count {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Long enough to be caught in the act.
const LONG: [&str; 2] = ["-n", "200"];

#[test]
fn a_sweep_killed_again_and_again_is_carried_on_to_the_same_bytes() {
    let room = Room::new(STUDY);
    done(&room.sweep("whole", &[LONG[0], LONG[1], "-q"]));
    for round in 0..8 {
        let mut child = begun(&room, "killed", &[LONG[0], LONG[1], "--resume"]);
        wait_for(&room, "killed", 1 + 3 * round);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
    done(&room.sweep("killed", &[LONG[0], LONG[1], "--resume", "-q"]));
    assert_eq!(room.result("killed"), room.result("whole"));
    let left: Vec<_> =
        fs::read_dir(room.path("killed/blocks")).expect("it is there").flatten().map(|e| e.file_name()).collect();
    let blocks = left
        .iter()
        .filter(|name| name.to_string_lossy().ends_with(".parquet") && !name.to_string_lossy().starts_with('.'));
    assert!(blocks.count() > 8);
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_whole_and_twice_gives_up_at_once() {
    let room = Room::new(STUDY);
    done(&room.sweep("whole", &[LONG[0], LONG[1], "-q"]));
    let interrupt = |child: &Child| {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("there is kill");
        assert!(sent.success());
    };
    let child = begun(&room, "once", &LONG);
    wait_for(&room, "once", 2);
    interrupt(&child);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "{}", words(&output.stderr));
    assert!(!room.path("once/result").exists());
    let mut child = begun(&room, "once", &[LONG[0], LONG[1], "--resume"]);
    wait_for(&room, "once", blocks(&room, "once") + 1);
    interrupt(&child);
    interrupt(&child);
    let code = child.wait().expect("it ends").code();
    assert!([Some(130), Some(1), Some(0)].contains(&code), "{code:?}");
    done(&room.sweep("once", &[LONG[0], LONG[1], "--resume", "-q"]));
    assert_eq!(room.result("once"), room.result("whole"));
}

#[test]
fn a_second_process_on_the_folder_is_told_and_harms_nothing() {
    let room = Room::new(STUDY);
    let child = begun(&room, "s", &LONG);
    wait_for(&room, "s", 1);
    let second = room.sweep("s", &[LONG[0], LONG[1], "--resume"]);
    said(&second, 2, &["another process is at work in", "--out"]);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", words(&output.stderr));
    done(&room.sweep("whole", &[LONG[0], LONG[1], "-q"]));
    assert_eq!(room.result("s"), room.result("whole"));
}

#[test]
fn two_copies_of_one_shard_at_once_make_the_same_blocks() {
    let room = Room::new(STUDY);
    let shard = [LONG[0], LONG[1], "--shard", "1/2"];
    let children = [begun(&room, "s", &shard), begun(&room, "s", &shard)];
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", words(&output.stderr));
    }
    done(&room.sweep("s", &[LONG[0], LONG[1], "--shard", "2/2", "-q"]));
    done(&room.on("merge", "s", &["-q"]));
    done(&room.sweep("whole", &[LONG[0], LONG[1], "-q"]));
    assert_eq!(room.result("s"), room.result("whole"));
}

#[test]
fn torn_damaged_misplaced_and_missing_blocks_are_named_and_made_anew() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    let whole = room.result("s");
    let bytes = fs::read(room.block("s", 2)).expect("it is there");
    // As after a power cut.
    fs::write(room.block("s", 2), &bytes[..bytes.len() / 2]).expect("there is room");
    fs::copy(room.block("s", 4), room.block("s", 3)).expect("there is room");
    fs::write(room.block("s", 5), b"").expect("there is room");
    fs::remove_file(room.block("s", 6)).expect("it goes");
    let merge = room.on("merge", "s", &[]);
    let promised = [
        "4 blocks of",
        "000002.parquet",
        "000003.parquet: it holds point",
        "000005.parquet",
        "000006.parquet is missing",
        "--resume",
    ];
    said(&merge, 2, &promised);
    said(&room.on("status", "s", &["--thorough"]), 1, &["damaged", "000002.parquet"]);
    said(&room.on("verify", "s", &["--sample", "1000"]), 1, &["000002.parquet", "makes it anew"]);
    let resumed = room.sweep("s", &["--resume"]);
    said(&resumed, 0, &["000002.parquet is made anew", "000003.parquet is made anew", "000005.parquet is made anew"]);
    assert_eq!(room.result("s"), whole);
}

#[test]
fn a_flipped_bit_in_a_block_is_never_taken_for_a_result() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    let whole = room.result("s");
    let bytes = fs::read(room.block("s", 1)).expect("it is there");
    for place in (4..bytes.len() - 8).step_by(bytes.len() / 40) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        fs::write(room.block("s", 1), damaged).expect("there is room");
        let merged = room.on("merge", "s", &["-q"]);
        // What nobody reads (a statistic, a name of a column) may change; what is merged may not.
        if merged.status.success() {
            assert_eq!(room.result("s"), whole, "byte {place}");
        } else {
            said(&merged, 2, &["000001.parquet"]);
        }
    }
}

/// The block with a value changed by somebody who knows how to make it look whole.
fn forged(room: &Room, folder: &str, number: u32) {
    let path = room.block(folder, number);
    let bytes = fs::read(&path).expect("it is there");
    let of = |key: &str| footer(&bytes, &format!("comity:{key}")).expect("it says so");
    let (plan, block, program) = (of("plan"), of("block"), of("program"));
    let table = read(&path);
    let mut columns = table.columns().to_vec();
    let place = table.schema.fields.iter().position(|field| field.name == "accepted").expect("it is measured");
    if let Values::Real(values) = &mut columns[place] {
        values[0] += 1.0;
    }
    let table = Table::from_columns(Arc::clone(&table.schema), columns).expect("the columns are as before");
    let metadata = [("plan", plan), ("block", block), ("rows", block_digest(&table)), ("program", program)];
    let metadata: Vec<(String, String)> =
        metadata.into_iter().map(|(key, value)| (format!("comity:{key}"), value)).collect();
    let mut writer = ParquetWriter::new(Vec::new(), &table.schema, &metadata).expect("it can be written");
    writer.write(&table).expect("it can be written");
    fs::write(path, writer.finish().expect("it can be written")).expect("there is room");
}

#[test]
fn verify_says_which_run_differs_and_how() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["-q"]));
    forged(&room, "s", 0);
    said(&room.on("verify", "s", &["--sample", "100000"]), 1, &["1 differ", "run 0: accepted was"]);
    said(&room.on("verify", "s", &["--run", "0"]), 1, &["run 0: accepted was"]);
    said(&room.on("verify", "s", &["--run", "1"]), 0, &["The same, to the bit"]);
    // Two folders that disagree are not merged.
    done(&room.sweep("t", &["-q"]));
    let merged =
        room.on("merge", "s", &[&room.path("t").to_string_lossy(), "--out", &room.path("u").to_string_lossy()]);
    said(&merged, 2, &["hold the same runs with different outcomes", "000000.parquet"]);
}

#[test]
fn a_changed_study_is_refused_with_what_changed_unless_told_otherwise() {
    let room = Room::new(STUDY);
    done(&room.sweep("s", &["--shard", "1/2", "-q"]));
    let changed = STUDY.replace("0.8]", "0.9]");
    fs::write(room.path("study.toml"), &changed).expect("there is room");
    said(&room.sweep("s", &["--resume"]), 2, &["is not the sweep", "what stands in study.toml", "--accept-changes"]);
    said(&room.sweep("s", &[]), 2, &["holds another sweep already", "--out"]);
    done(&room.sweep("s", &["--resume", "--accept-changes", "-q"]));
    done(&room.sweep("t", &["-q"]));
    assert_eq!(room.result("s"), room.result("t"));
    said(&room.sweep("s", &[]), 2, &["holds this sweep already", "29 of 29 blocks done", "--resume"]);
    // Words are nobody's number: nothing is made anew, and the folder tells of them.
    let before = fs::metadata(room.block("s", 0)).and_then(|about| about.modified()).expect("it is there");
    let renamed = changed
        .replace("A small sweep", "Another title")
        .replace("[factor.uptake]", "[factor.uptake]\nname = \"Taken up\"");
    fs::write(room.path("study.toml"), &renamed).expect("there is room");
    done(&room.sweep("s", &["--resume", "-q"]));
    assert_eq!(fs::metadata(room.block("s", 0)).and_then(|about| about.modified()).expect("it is there"), before);
    said(&room.on("merge", "s", &[]), 0, &["Another title"]);
    let points = read(&room.path("s/result/points.parquet"));
    assert!(points.schema.fields.iter().any(|field| field.description == "Taken up"));
    // Other replicates are another plan, and the earlier result keeps its files.
    said(&room.sweep("s", &["-n", "3", "--resume", "--accept-changes"]), 0, &["x 3 replicates: 144 runs"]);
    assert_eq!(read(&room.path("s/result/results.parquet")).rows(), 144);
    // What somebody put into the result stays there.
    fs::write(room.path("s/result/notes.txt"), "look at point 7").expect("there is room");
    done(&room.sweep("s", &["-n", "3", "--add-replicates", "1", "-q"]));
    assert_eq!(read(&room.path("s/result/results.parquet")).rows(), 192);
    assert!(room.path("s/result/notes.txt").is_file() && !room.path("s/result-2").exists());
    // Another sweep in the folder: its result has the name, the other one a number.
    fs::write(room.path("study.toml"), STUDY.replace("0.8]", "0.7]")).expect("there is room");
    done(&room.sweep("s", &["--resume", "--accept-changes", "-q"]));
    assert_eq!(read(&room.path("s/result/results.parquet")).rows(), 288);
    assert_eq!(read(&room.path("s/result-2/results.parquet")).rows(), 192);
}

#[test]
fn a_folder_can_be_moved_and_carried_on_without_its_study() {
    let room = Room::new(STUDY);
    done(&room.sweep("whole", &["-q", "--set", "gate.closures=0.5"]));
    done(&room.sweep("s", &["--shard", "2/3", "-q", "--set", "gate.closures=0.5"]));
    fs::rename(room.path("s"), room.path("elsewhere")).expect("it can be moved");
    for file in ["study.toml", "region.toml"] {
        fs::remove_file(room.path(file)).expect("it goes");
    }
    done(&room.on("sweep", "elsewhere", &["--resume", "-q"]));
    assert_eq!(room.result("elsewhere"), room.result("whole"));
    done(&room.on("verify", "elsewhere", &[]));
    said(&room.on("sweep", "elsewhere", &["--resume", "-n", "3"]), 2, &["in which nothing can be set"]);
}

#[test]
fn what_is_no_sweep_is_refused_with_a_way_out() {
    let room = Room::new(STUDY);
    fs::create_dir(room.path("other")).expect("there is room");
    fs::write(room.path("other/thesis.txt"), "years of work").expect("there is room");
    said(&room.sweep("other", &[]), 2, &["holds other things than a sweep", "--out"]);
    let other = room.path("other").to_string_lossy().into_owned();
    let submitted = comity(&["submit", &room.study, "--out", &other, "--dry-run"]).output().expect("the program runs");
    said(&submitted, 2, &["holds other things than a sweep", "--out"]);
    assert_eq!(fs::read_dir(&other).expect("it is there").count(), 1, "nothing is left in a folder of somebody else");
    said(&room.sweep("none", &["--add-replicates", "3"]), 2, &["no sweep in", "that could be added to"]);
    said(&room.sweep("study.toml", &[]), 2, &["study.toml"]);
    said(&room.sweep("s", &["--shard", "5/4"]), 2, &["is no shard", "1/16"]);
    said(&room.on("merge", "nowhere", &[]), 2, &["there is no folder"]);
    said(&room.on("status", "other", &[]), 2, &["is not the folder of a sweep", "plan.json"]);
    let plain = room.path("region.toml").to_string_lossy().into_owned();
    let output = comity(&["sweep", &plain]).output().expect("the program runs");
    said(&output, 2, &["region.toml"]);
    fs::write(room.path("plain.toml"), "baseline = \"region.toml\"\n[arm.a]\nset = { \"gate.approval\" = 0 }\n")
        .expect("room");
    let output = comity(&["sweep", &room.path("plain.toml").to_string_lossy()]).output().expect("the program runs");
    said(&output, 2, &["varies nothing: it has no [sweep]", "comity compare"]);
    done(&room.sweep("s", &["-q"]));
    fs::write(room.path("s/plan.json"), "{\"format\": 1").expect("there is room");
    said(&room.on("status", "s", &[]), 2, &["plan.json cannot be used: it is damaged"]);
    fs::write(room.path("s/plan.json"), "{\"format\": 99}").expect("there is room");
    said(&room.on("status", "s", &[]), 2, &["it has form 99, and this version reads form 1"]);
    fs::remove_dir_all(room.path("s")).expect("it goes");
    done(&room.sweep("s", &["-q"]));
    let plan = fs::read_to_string(room.path("s/plan.json")).expect("it is there");
    for (from, to) in [
        ("\"points\": 24,\n      \"first", "\"points\": 99,\n      \"first"),
        ("\"replicates\": 6", "\"replicates\": 0"),
    ] {
        assert!(plan.contains(from), "{plan}");
        fs::write(room.path("s/plan.json"), plan.replacen(from, to, 1)).expect("there is room");
        for command in ["merge", "status", "verify"] {
            said(&room.on(command, "s", &[]), 2, &["do not fit its points"]);
        }
    }
    assert_eq!(fs::read_to_string(room.path("other/thesis.txt")).expect("it is there"), "years of work");
}

#[test]
fn absurd_sweeps_are_refused_and_a_dry_run_leaves_nothing() {
    let room = Room::new(&STUDY.replace("levels = 3", "levels = 1000000"));
    said(&room.sweep("s", &["-n", "100"]), 2, &["1,600,000,000 runs, more than 1,000,000,000", "fewer"]);
    let room = Room::new(STUDY);
    let dry = room.sweep("s", &["--dry-run"]);
    said(&dry, 0, &["3 x 4 x 2 points x 2 arms x 6 replicates = 288 runs, ", "gate.approval", "point 0: approval = 0"]);
    assert!(!room.path("s").exists());
}
