//! Files: whole or not at all, and nobody's work is overwritten.

#![expect(clippy::disallowed_methods, reason = "how long to wait, and how old a folder is")]

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use comity::diagnostic::{Diagnostic, Severity};
use comity::digest::Digest;
use comity::storage::{
    HashingWriter, Obstacle, Outcome, Published, SCENARIO_BYTES, Staging, StorageError, read_text, write_new,
};

/// A folder of one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("comity-storage-{}-{count}", std::process::id()));
        fs::create_dir(&path).expect("the temporary folder takes folders");
        Self(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names in it, hidden ones too, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn staged(path: &Path, digest: &str, duration: u32) -> Staging {
    let staging = Staging::create(path).expect("there is room");
    let mut file = staging.file("series.csv").expect("it can be made");
    writeln!(file, "result\n{digest}").expect("there is room");
    file.finish().expect("there is room");
    let manifest = format!("{{\"result_digest\": \"{digest}\", \"duration\": {duration}}}\n");
    staging.write("manifest.json", manifest.as_bytes()).expect("there is room");
    staging
}

fn publish(path: &Path, digest: &str, duration: u32) -> Published {
    staged(path, digest, duration).publish(digest).expect("it can be renamed")
}

fn series(path: &Path) -> String {
    fs::read_to_string(path.join("series.csv")).expect("it is there")
}

fn manifest(path: &Path) -> String {
    fs::read_to_string(path.join("manifest.json")).expect("it is there")
}

fn beside(path: &Path, obstacle: Obstacle, replaced: bool) -> Outcome {
    Outcome::Beside { other: path.to_owned(), obstacle, replaced }
}

// --- publishing -----------------------------------------------------------------------------------

#[test]
fn nothing_stands_under_the_final_name_before_it_is_whole() {
    let folder = Folder::new();
    let path = folder.join("town");
    let staging = staged(&path, "aa", 1);
    assert!(!path.exists());
    let published = staging.publish("aa").expect("it can be renamed");
    assert_eq!(published, Published { path: path.clone(), outcome: Outcome::New });
    assert_eq!(series(&path), "result\naa\n");
    assert_eq!(folder.names(), ["town"]);
}

#[test]
fn the_folders_on_the_way_are_made() {
    let folder = Folder::new();
    let path = folder.join("output/deep/town");
    assert_eq!(publish(&path, "aa", 1).outcome, Outcome::New);
}

#[test]
fn the_same_result_is_replaced() {
    let folder = Folder::new();
    let path = folder.join("town");
    publish(&path, "aa", 1);
    let published = publish(&path, "aa", 2);
    assert_eq!(published, Published { path: path.clone(), outcome: Outcome::Replaced });
    assert!(manifest(&path).contains("\"duration\": 2"));
    assert_eq!(folder.names(), ["town"]);
}

#[test]
fn what_a_scholar_put_into_a_result_folder_survives_its_replacement() {
    let folder = Folder::new();
    let path = folder.join("town");
    publish(&path, "aa", 1);
    fs::write(path.join("notes.txt"), "look at March").expect("it can be written");
    publish(&path, "aa", 2);
    assert_eq!(fs::read_to_string(path.join("notes.txt")).expect("it is there"), "look at March");
}

#[test]
fn a_different_result_goes_beside_and_gets_a_number() {
    let folder = Folder::new();
    let path = folder.join("town");
    publish(&path, "aa", 1);
    let second = publish(&path, "bb", 1);
    assert_eq!(second.path, folder.join("town-2"));
    assert_eq!(second.outcome, beside(&path, Obstacle::OtherResult, false));
    assert_eq!(publish(&path, "cc", 1).path, folder.join("town-3"));
    let again = publish(&path, "bb", 2);
    assert_eq!(again.path, folder.join("town-2"));
    assert_eq!(again.outcome, beside(&path, Obstacle::OtherResult, true));
    assert_eq!(series(&path), "result\naa\n");
    assert_eq!(series(&folder.join("town-2")), "result\nbb\n");
    assert_eq!(folder.names(), ["town", "town-2", "town-3"]);
    assert!(second.to_string().ends_with("town holds a different result and was left as it is)"), "{second}");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let folder = Folder::new();
    let path = folder.join("thesis");
    fs::create_dir(&path).expect("it can be made");
    fs::write(path.join("chapter.txt"), "precious").expect("it can be written");
    let published = publish(&path, "aa", 1);
    assert_eq!(published.path, folder.join("thesis-2"));
    assert_eq!(published.outcome, beside(&path, Obstacle::NotAResult, false));
    assert_eq!(fs::read_to_string(path.join("chapter.txt")).expect("it is there"), "precious");
}

#[test]
fn a_folder_with_a_broken_manifest_is_left_alone() {
    let folder = Folder::new();
    for (name, text) in [("torn", "{\"result_dig"), ("other", "{\"name\": \"an app\"}"), ("void", "")] {
        let path = folder.join(name);
        fs::create_dir(&path).expect("it can be made");
        fs::write(path.join("manifest.json"), text).expect("it can be written");
        assert_eq!(publish(&path, "aa", 1).outcome, beside(&path, Obstacle::NotAResult, false));
        assert_eq!(manifest(&path), text);
    }
}

#[test]
fn an_empty_folder_is_used() {
    let folder = Folder::new();
    let path = folder.join("town");
    fs::create_dir(&path).expect("it can be made");
    assert_eq!(publish(&path, "aa", 1), Published { path, outcome: Outcome::New });
}

#[test]
fn a_file_that_took_the_name_meanwhile_does_not_cost_the_result() {
    let folder = Folder::new();
    let path = folder.join("town");
    let staging = staged(&path, "aa", 1);
    fs::write(&path, "sudden").expect("it can be written");
    let published = staging.publish("aa").expect("there is room beside");
    assert_eq!(published.outcome, beside(&path, Obstacle::File, false));
    assert_eq!(published.path, folder.join("town-2"));
}

#[test]
fn a_result_dropped_unpublished_leaves_nothing() {
    let folder = Folder::new();
    drop(staged(&folder.join("town"), "aa", 1));
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_manifest_that_says_another_digest_is_not_published() {
    let folder = Folder::new();
    let path = folder.join("town");
    let error = staged(&path, "aa", 1).publish("bb").expect_err("digests differ");
    assert!(error.to_string().contains("does not say result_digest bb"), "{error}");
    let bare = Staging::create(&path).expect("there is room");
    assert!(bare.publish("aa").is_err());
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_file_still_open_keeps_the_result_from_being_published() {
    let folder = Folder::new();
    let staging = staged(&folder.join("town"), "aa", 1);
    let open = staging.file("late.csv").expect("it can be made");
    assert_eq!(staging.publish("aa").expect_err("a file is open").kind, ErrorKind::ResourceBusy);
    drop(open);
}

#[test]
fn files_stay_inside_the_result_folder() {
    let folder = Folder::new();
    let staging = Staging::create(&folder.join("town")).expect("there is room");
    for name in ["../escape", "/etc/escape", "", "charts/../../escape"] {
        assert!(staging.file(name).is_err(), "{name}");
    }
    staging.write("charts/rate.svg", b"<svg/>").expect("folders inside are fine");
}

// --- at the same time -----------------------------------------------------------------------------

#[test]
fn many_at_once_lose_nothing_and_leave_nothing_behind() {
    let folder = Folder::new();
    let path = folder.join("town");
    let digests = ["aa", "bb", "cc"];
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let path = &path;
            scope.spawn(move || {
                for round in 0..25 {
                    let digest = digests[(worker + round) % 3];
                    let published = publish(path, digest, 1);
                    assert!(published.path.starts_with(path.parent().expect("it has one")));
                }
            });
        }
    });
    let names = folder.names();
    let mut found: Vec<_> = names.iter().map(|name| series(&folder.join(name))).collect();
    found.sort();
    if cfg!(not(unix)) {
        found.dedup(); // Without locks a result may have come to have two numbers.
    }
    assert_eq!(found, ["result\naa\n", "result\nbb\n", "result\ncc\n"]);
    assert!(names.iter().all(|name| name.starts_with("town")), "{names:?}");
}

#[test]
fn a_living_neighbour_keeps_its_hidden_folder() {
    let folder = Folder::new();
    let path = folder.join("town");
    let first = staged(&path, "aa", 1);
    let second = staged(&path, "bb", 1);
    assert_eq!(first.publish("aa").expect("it can be renamed").path, path);
    assert_eq!(second.publish("bb").expect("it can be renamed").path, folder.join("town-2"));
}

/// The name a hidden folder would have, had another process made it.
fn hidden(folder: &Folder, ending: &str, machine: Option<&str>, process: u32) -> PathBuf {
    let staging = Staging::create(&folder.join("town")).expect("there is room");
    let name = staging.path().file_name().expect("it has one").to_string_lossy().into_owned();
    let own = name.split('-').nth(1).expect("the machine is in it").to_owned();
    folder.join(&format!(".town.{ending}-{}-{process}-0", machine.unwrap_or(&own)))
}

/// No process has a number so high.
const NOBODY: u32 = u32::MAX;

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_process_left_is_removed_and_nothing_else() {
    let folder = Folder::new();
    let dead = hidden(&folder, "partial", None, NOBODY);
    let elsewhere = hidden(&folder, "partial", Some("0123abcd"), NOBODY);
    let foreign = [".town.partial-mine", ".town.partial-0123abcd-x-0", ".city.partial-0123abcd-1-0", ".town.old-"];
    for path in [&dead, &elsewhere].into_iter().cloned().chain(foreign.map(|name| folder.join(name))) {
        fs::create_dir(&path).expect("it can be made");
        fs::write(path.join("series.csv"), "torn").expect("it can be written");
    }
    let file = hidden(&folder, "partial", None, NOBODY - 1);
    fs::write(&file, "a file is none of ours").expect("it can be written");
    drop(Staging::create(&folder.join("town")).expect("there is room"));
    assert!(!dead.exists());
    assert!(elsewhere.exists(), "its process may live on another machine");
    assert!(file.exists());
    assert!(foreign.iter().all(|name| folder.join(name).exists()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_ended_unasked_counts_as_gone() {
    let folder = Folder::new();
    let mut child = std::process::Command::new("true").spawn().expect("there is such a program");
    let dead = hidden(&folder, "partial", None, child.id());
    fs::create_dir(&dead).expect("it can be made");
    let start = Instant::now();
    while dead.exists() && start.elapsed() < Duration::from_secs(10) {
        drop(Staging::create(&folder.join("town")).expect("there is room"));
    }
    assert!(!dead.exists());
    child.wait().expect("it is ours");
}

#[cfg(unix)]
#[test]
fn a_hidden_folder_of_an_unknown_machine_is_given_up_after_a_day() {
    let folder = Folder::new();
    let old = hidden(&folder, "partial", Some("0123abcd"), NOBODY);
    fs::create_dir(&old).expect("it can be made");
    let file = old.join("series.csv");
    fs::write(&file, "torn").expect("it can be written");
    let long_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    let open = fs::File::open(&old).expect("it is there");
    open.set_modified(long_ago).expect("it is ours");
    drop(Staging::create(&folder.join("town")).expect("there is room"));
    assert!(old.exists(), "a file in it is fresh");
    fs::File::open(&file).expect("it is there").set_modified(long_ago).expect("it is ours");
    open.set_modified(long_ago).expect("it is ours");
    drop(Staging::create(&folder.join("town")).expect("there is room"));
    assert!(!old.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_set_aside_by_a_killed_process_comes_back() {
    let folder = Folder::new();
    let path = folder.join("town");
    let aside = hidden(&folder, "old", None, NOBODY);
    publish(&path, "aa", 1);
    fs::rename(&path, &aside).expect("nobody is in the way");
    drop(Staging::create(&path).expect("there is room"));
    assert_eq!(series(&path), "result\naa\n");
    // And when the name is taken by its twin, it goes.
    fs::create_dir(&aside).expect("it can be made");
    fs::copy(path.join("manifest.json"), aside.join("manifest.json")).expect("it can be copied");
    drop(Staging::create(&path).expect("there is room"));
    assert_eq!(folder.names(), ["town"]);
}

// --- faults ---------------------------------------------------------------------------------------

#[test]
fn a_file_under_the_final_name_is_an_error_at_once() {
    let folder = Folder::new();
    let path = folder.join("town");
    fs::write(&path, "precious").expect("it can be written");
    let error = Staging::create(&path).expect_err("it is a file");
    assert_eq!(error.to_string(), format!("cannot write results to {}: it is a file, not a folder", path.display()));
    assert_eq!(folder.names(), ["town"]);
}

#[test]
fn a_file_on_the_way_is_named() {
    let folder = Folder::new();
    let file = folder.join("output");
    fs::write(&file, "precious").expect("it can be written");
    let error = Staging::create(&file.join("deep/town")).expect_err("a parent is a file");
    assert_eq!(error.reason, format!("{} is a file, not a folder", file.display()));
    assert!(error.hint.is_some());
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_an_error_in_plain_words() {
    // The superuser may write everywhere but here.
    let path = Path::new("/sys/comity-test");
    if !Path::new("/sys").is_dir() {
        return;
    }
    let error = Staging::create(path).expect_err("nobody makes folders there");
    assert!(["permission denied", "the disk is read-only"].contains(&error.reason.as_str()), "{error}");
    assert!(Staging::create(Path::new("/proc/comity-test")).is_err());
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_an_error_in_plain_words() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let locked = folder.join("locked");
    fs::create_dir(&locked).expect("it can be made");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("it is ours");
    if fs::write(locked.join("probe"), "").is_ok() {
        return; // The superuser is not stopped by permissions.
    }
    let error = Staging::create(&locked.join("town")).expect_err("it is read-only");
    assert_eq!(error.reason, "permission denied");
    assert_eq!(error.hint.as_deref(), Some("choose a folder that you may write to"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_with_the_path_and_keeps_the_result_from_being_published() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = Folder::new();
    let path = folder.join("town");
    let staging = staged(&path, "aa", 1);
    std::os::unix::fs::symlink("/dev/full", staging.path().join("pairs.csv")).expect("it can be made");
    let mut file = staging.file("pairs.csv").expect("it opens");
    let wide = vec![b'x'; 1_000_000];
    let error = StorageError::from(file.write_all(&wide).expect_err("there is no room"));
    assert_eq!(error.path, path.join("pairs.csv"));
    assert_eq!(error.kind, ErrorKind::StorageFull);
    assert_eq!(error.to_string(), format!("cannot write {}: the disk is full", path.join("pairs.csv").display()));
    // Few bytes wait in memory; the file is dropped and nobody asks how it went.
    drop(file);
    let mut file = staging.file("pairs.csv").expect("it opens");
    file.write_all(b"few").expect("they wait in memory");
    drop(file);
    assert_eq!(staging.publish("aa").expect_err("a file is not whole").kind, ErrorKind::StorageFull);
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_name_too_long_is_an_error_in_plain_words() {
    let folder = Folder::new();
    let error = Staging::create(&folder.join(&"x".repeat(300))).expect_err("no name is so long");
    assert!(error.reason.contains("too long"), "{error}");
}

#[test]
fn the_root_of_a_disk_cannot_be_a_result() {
    let error = Staging::create(Path::new("/")).expect_err("it has no name");
    assert!(error.reason.contains("root"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_followed() {
    let folder = Folder::new();
    fs::create_dir(folder.join("there")).expect("it can be made");
    std::os::unix::fs::symlink(folder.join("there"), folder.join("here")).expect("it can be made");
    publish(&folder.join("here"), "aa", 1);
    assert_eq!(series(&folder.join("there")), "result\naa\n");
    assert_eq!(publish(&folder.join("here"), "aa", 2).outcome, Outcome::Replaced);
}

// --- reading --------------------------------------------------------------------------------------

#[test]
fn a_text_is_read_as_it_is_without_its_byte_order_mark() {
    let folder = Folder::new();
    let path = folder.join("town.toml");
    fs::write(&path, "\u{feff}name = \"Việt Nam\"\n").expect("it can be written");
    assert_eq!(read_text(&path, SCENARIO_BYTES).expect("it is text"), "name = \"Việt Nam\"\n");
}

#[test]
fn a_missing_file_hints_at_the_nearest_name() {
    let folder = Folder::new();
    fs::write(folder.join("asean-baseline.toml"), "x = 1").expect("it can be written");
    fs::write(folder.join("teaching.toml"), "x = 1").expect("it can be written");
    let error = read_text(&folder.join("asean-basline.toml"), SCENARIO_BYTES).expect_err("it is missing");
    let meant = folder.join("asean-baseline.toml");
    assert_eq!(error.hint, Some(format!("did you mean {}?", meant.display())));
    let far = read_text(&folder.join("zzz"), SCENARIO_BYTES).expect_err("it is missing");
    assert_eq!(far.hint, None);
    let error = read_text(&folder.join("no/where.toml"), SCENARIO_BYTES).expect_err("it is missing");
    assert_eq!(error.hint, Some(format!("the folder {} does not exist either", folder.join("no").display())));
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_place() {
    let folder = Folder::new();
    let path = folder.join("town.toml");
    fs::write(&path, b"name = 'x'\nstate = 'Vi\xEAt Nam'\n").expect("it can be written");
    let error = read_text(&path, SCENARIO_BYTES).expect_err("0xEA begins no character here");
    assert_eq!(error.reason, "it is not UTF-8: byte 22 (line 2) is 0xEA");
    let diagnostic = Diagnostic::from(error);
    assert_eq!(diagnostic.severity, Severity::Error);
    let place = diagnostic.place.expect("it has a place");
    assert_eq!((place.line, place.column), (2, 12));
    assert_eq!(place.excerpt, "state = 'Vi\u{fffd}t Nam'");
    fs::write(&path, b"\xFF\xFEn\0a\0").expect("it can be written");
    let error = read_text(&path, SCENARIO_BYTES).expect_err("it is UTF-16");
    assert_eq!(error.hint.as_deref(), Some("it looks like UTF-16; save it as UTF-8"));
}

#[test]
fn an_empty_file_and_a_folder_are_refused() {
    let folder = Folder::new();
    let path = folder.join("town.toml");
    for text in ["", "\u{feff}", " \n\n"] {
        fs::write(&path, text).expect("it can be written");
        assert_eq!(read_text(&path, SCENARIO_BYTES).expect_err("it is empty").reason, "it is empty");
    }
    let error = read_text(&folder.0, SCENARIO_BYTES).expect_err("it is a folder");
    assert_eq!(error.reason, "it is a folder, not a file");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let folder = Folder::new();
    let path = folder.join("huge.toml");
    fs::File::create(&path).and_then(|file| file.set_len(100 << 30)).expect("a hole takes no room");
    let error = read_text(&path, SCENARIO_BYTES).expect_err("it is too large");
    assert_eq!(error.reason, "it has 102400 MB, more than the 10 MB allowed");
    assert_eq!(error.kind, ErrorKind::FileTooLarge);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_end_is_refused() {
    let error = read_text(Path::new("/dev/zero"), 1000).expect_err("it has no end");
    assert_eq!(error.kind, ErrorKind::FileTooLarge);
}

#[test]
fn a_new_file_never_overwrites() {
    let folder = Folder::new();
    let path = folder.join("town.toml");
    write_new(&path, b"x = 1").expect("nothing has that name");
    let error = write_new(&path, b"x = 2").expect_err("it exists");
    assert_eq!(error.reason, "it exists already");
    assert_eq!(fs::read(&path).expect("it is there"), b"x = 1");
}

// --- digests --------------------------------------------------------------------------------------

#[test]
fn the_digest_is_sha_256() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(Digest::of(b"abc"), abc);
    let mut writer = HashingWriter::new(Vec::new());
    writer.write_all(b"a").expect("memory takes everything");
    writer.write_all(b"bc").expect("memory takes everything");
    assert_eq!(writer.finish(), (b"abc".to_vec(), abc.to_owned()));
}
