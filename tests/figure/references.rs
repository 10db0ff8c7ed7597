//! Charts of small fixed tables against the drawings kept in `references/`: what changes is looked at by a person.
//!
//! `UPDATE_GOLDEN=1 cargo test --release references` rewrites them; look at the pictures in `target/figure-preview/`
//! before you commit the difference.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{STATES, calibration, context, named, network, pairs_table, sensitivity, sweep_points, sweeps, views};
use comity::figure::{self, Drawing};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figure/references")
}

fn all() -> Vec<(&'static str, Drawing)> {
    let context = context();
    let matrix = figure::matrix(&pairs_table(&named(&STATES), 1.0), &context).unwrap_or_else(|error| panic!("{error}"));
    let mut all = super::gallery(&context);
    all.push(("matrix", matrix));
    all.extend(views::gallery(&context));
    all.extend(network::gallery(&context));
    all.extend(sweeps::gallery(&context));
    all.extend(sweep_points::gallery(&context));
    all.extend(sensitivity::gallery(&context));
    all.extend(calibration::gallery(&context));
    all
}

/// The first lines that differ, side by side; a mark of a drawing is a line.
fn difference(kept: &str, drawn: &str) -> String {
    let (kept, drawn): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), drawn.lines().collect());
    let line = |lines: &[&str], place: usize| lines.get(place).map_or("(nothing)", |line| *line).to_owned();
    let differing: Vec<usize> =
        (0..kept.len().max(drawn.len())).filter(|&place| kept.get(place) != drawn.get(place)).collect();
    let shown = differing.iter().take(6).map(|&place| {
        format!("  line {}\n    kept:  {}\n    drawn: {}\n", place + 1, line(&kept, place), line(&drawn, place))
    });
    format!("{} of {} lines differ\n{}", differing.len(), kept.len(), shown.collect::<String>())
}

#[test]
fn charts_of_fixed_tables_are_those_kept() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (mut wrong, mut names) = (String::new(), BTreeSet::new());
    for (name, drawing) in all() {
        let path = folder().join(format!("{name}.svg"));
        assert!(names.insert(format!("{name}.svg")), "two charts are called {name}");
        if update {
            fs::create_dir_all(folder()).expect("a folder of references");
            fs::write(&path, &drawing.svg).expect("a reference");
            continue;
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if kept != drawing.svg {
            wrong += &format!("{name}: {}", difference(&kept, &drawing.svg));
        }
    }
    assert!(wrong.is_empty(), "{wrong}UPDATE_GOLDEN=1 rewrites the references once you have looked at the pictures");
    let kept =
        fs::read_dir(folder()).expect("a folder of references").map(|entry| entry.expect("an entry").file_name());
    let stale: Vec<_> = kept.filter(|name| !names.contains(&*name.to_string_lossy())).collect();
    assert!(stale.is_empty(), "no chart is kept as {stale:?}");
}

#[test]
fn a_difference_names_the_lines() {
    let words = difference("a\nb\nc", "a\nB\nc\nd");
    assert!(
        words.starts_with("2 of 3 lines differ") && words.contains("line 2\n    kept:  b\n    drawn: B"),
        "{words}"
    );
    assert!(words.contains("(nothing)"), "{words}");
}
