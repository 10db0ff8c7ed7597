//! `comity sensitivity` leaves figures, of whichever design, and they can be drawn again.

use super::{Room, done, read, said, words};
use serde_json::Value;
use std::fs;

const FACTORS: &str = r#"
[factor.approval]
parameter = "gate.approval"
from = 0.0
to = 0.8
[factor.trust]
parameter = "choice.trust"
from = 0.0
to = 3.0
[analysis]
outcomes = ["accepted"]
"#;

fn study(design: &str, factors: &str) -> String {
    format!(
        "title = \"A small sweep\"\nbaseline = \"region.toml\"\n[intervention.book]\nkind = \"handbook\"\nstart = 2020-02-01\nuptake = 0.5\n[arm.book]\ninterventions = [\"book\"]\n[sweep]\n{design}\n{factors}"
    )
}

#[test]
fn a_sensitivity_analysis_leaves_the_figures_of_its_design() {
    let moved = FACTORS
        .replace("from = 0.0\nto = 0.8", "values = [0.0, 0.8]")
        .replace("from = 0.0\nto = 3.0", "values = [0, 3]");
    for (design, factors, kind) in [
        ("design = \"morris\"\ntrajectories = 8", FACTORS, "screening"),
        ("design = \"saltelli\"\nbase_points = 32", FACTORS, "shares"),
        ("design = \"one-at-a-time\"", moved.as_str(), "tornado"),
        ("design = \"latin-hypercube\"\npoints = 60", FACTORS, "best-arms"),
    ] {
        let room = Room::new(&study(design, factors));
        let out = room.path("s").to_string_lossy().into_owned();
        done(&crate::program::comity(&["sensitivity", &room.study, "--out", &out, "-q"]).output().expect("it runs"));
        let manifest = fs::read_to_string(room.path("s/sensitivity/manifest.json")).expect("it is left");
        let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
        assert_eq!(manifest["charts_not_drawn"], serde_json::json!([]), "{design}");
        let charts = manifest["charts"].as_array().expect("a list");
        let names: Vec<&str> = charts.iter().filter_map(|chart| chart["name"].as_str()).collect();
        assert!(names.iter().any(|name| name.starts_with(kind)), "{design}: {names:?}");
        assert!(names.len() <= 8 && names.contains(&"best-arms"), "{design}: {names:?}");
        let drawn = room.path("drawn").to_string_lossy().into_owned();
        done(&room.on("figure", "s/sensitivity", &["--out", &drawn, "--format", "svg"]));
        for name in names {
            let again = fs::read(room.path("drawn").join(format!("{name}.svg"))).expect("it was drawn");
            let first = fs::read(room.path("s/sensitivity/charts").join(format!("{name}.svg"))).expect("it is left");
            assert_eq!(again, first, "{name} drawn again");
        }
        let page = room.path("page.html").to_string_lossy().into_owned();
        done(&room.on("report", "s/sensitivity", &["--out", &page]));
        let page = fs::read(&page).expect("it is written");
        assert!(
            words(&page).contains("how often each arm is best") || words(&page).contains("Which arm is best over"),
            "{design}"
        );
        let other = room.on("figure", "s/sensitivity", &["--out", &drawn, "--name", "best-arms", "--quantity", "lead"]);
        assert_eq!(other.status.code(), Some(2));
        assert!(words(&other.stderr).contains("is of one quantity"), "{}", words(&other.stderr));
    }
}

/// The rows of a table in which a column has a word, by another column's name.
fn picked(table: &comity::table::Table, wanted: &[(&str, &str)], number: &str) -> Vec<f64> {
    let of = |name: &str| table.texts(name).expect("it has the column");
    let reals = table.reals(number).expect("it has the column");
    (0..table.rows())
        .filter(|row| wanted.iter().all(|(name, word)| &*of(name)[*row] == *word))
        .map(|row| reals[row])
        .collect()
}

/// A factor of a mechanism that is switched off, beside one that matters.
const INERT: &str = r#"
[factor.approval]
parameter = "gate.approval"
from = 0.0
to = 0.9
[factor.inert]
parameter = "institutions.drift"
from = 0.1
to = 0.9
[analysis]
outcomes = ["accepted"]
"#;

#[test]
fn what_does_nothing_has_no_effect_at_all_and_what_does_stands_out_of_chance() {
    let room = Room::new(&study("design = \"morris\"\ntrajectories = 10", INERT));
    let out = room.path("s").to_string_lossy().into_owned();
    done(&crate::program::comity(&["sensitivity", &room.study, "--out", &out, "-q", "-n", "40"]).output().expect("it runs"));
    let indices = read(&room.path("s/sensitivity/indices.parquet"));
    let level = |factor| [("quantity", "level"), ("factor", factor), ("index", "mu_star")];
    assert_eq!(picked(&indices, &level("inert"), "value"), [0.0]);
    let (own, chance) =
        (picked(&indices, &level("approval"), "ci_low")[0], picked(&indices, &level("approval"), "chance")[0]);
    assert!(own > chance, "{own} beside {chance}");
    let mu = picked(&indices, &[("quantity", "level"), ("factor", "approval"), ("index", "mu")], "value")[0];
    assert!(mu < 0.0, "more letters, less cooperation: {mu}");
}

#[test]
fn luck_as_a_factor_has_a_share_of_its_own_and_a_factor_that_does_nothing_has_none() {
    let factors = format!("{INERT}[factor.luck]\nparameter = \"run.seed\"\n");
    let text = study("design = \"saltelli\"\nbase_points = 256", &factors);
    let room = Room::new(&text);
    let out = room.path("s").to_string_lossy().into_owned();
    let arguments = ["sensitivity", &room.study, "--out", &out, "-q", "-n", "1"];
    done(&crate::program::comity(&arguments).output().expect("it runs"));
    let indices = read(&room.path("s/sensitivity/indices.parquet"));
    let total = |factor| picked(&indices, &[("quantity", "level"), ("factor", factor), ("index", "total")], "value")[0];
    assert_eq!(total("inert"), 0.0);
    assert!(total("approval") > 0.5 && total("luck") > 0.02, "{} {}", total("approval"), total("luck"));
    let analyses = read(&room.path("s/sensitivity/analyses.parquet"));
    let chance = picked(&analyses, &[("quantity", "level"), ("method", "sobol")], "chance");
    assert_eq!(chance, [total("luck")]);
}

#[test]
fn a_budget_makes_the_design_as_large_as_it_allows_or_says_how_much_it_takes() {
    let room = Room::new(&study("design = \"morris\"\ntrajectories = 50", FACTORS));
    let out = room.path("s").to_string_lossy().into_owned();
    let with = |more: &[&str]| {
        let head = ["sensitivity", room.study.as_str(), "--out", out.as_str()];
        crate::program::comity(&[&head[..], more].concat()).output().expect("it runs")
    };
    said(&with(&["--budget", "10", "-n", "2"]), 2, &["10 runs are too few", "24 at least"]);
    said(
        &with(&["--budget", "100", "-n", "2"]),
        0,
        &["allows 8 of the 50 trajectories", "24 points x 2 arms x 2 replicates = 96 runs"],
    );
    said(&with(&["--measure", "accepted"]), 2, &["--below X or --above X"]);
    let on = |more: &[&str]| room.on("sensitivity", "s", more);
    said(&on(&["--below", "3"]), 2, &["do not fill the space", "latin-hypercube"]);
    said(&on(&["--budget", "1000"]), 2, &["is there already"]);
}

#[test]
fn results_of_another_design_are_refused_and_so_is_a_folder_without_any() {
    let (one, other) = ("design = \"sobol\"\npoints = 64", "design = \"sobol\"\npoints = 64\nseed = 7");
    let (room, foreign) = (Room::new(&study(one, FACTORS)), Room::new(&study(other, FACTORS)));
    done(&room.sweep("s", &["-q"]));
    done(&foreign.sweep("s", &["-q"]));
    let result = |room: &Room| room.path("s/result");
    fs::remove_dir_all(result(&room)).expect("it goes");
    said(&room.on("sensitivity", "s", &[]), 2, &["has no result yet", "comity merge"]);
    fs::rename(result(&foreign), result(&room)).expect("it moves");
    said(&room.on("sensitivity", "s", &[]), 2, &["is not the result of the sweep"]);
    done(&room.on("merge", "s", &["-q"]));
    said(&room.on("sensitivity", "s", &["--below", "3", "--measure", "nothing"]), 2, &["no outcome nothing"]);
    said(&room.on("sensitivity", "s", &["--below", "3"]), 0, &["Where is the accepted of the baseline <= 3.00?"]);
}

#[test]
fn a_seed_in_a_group_with_other_factors_is_refused() {
    let grouped = FACTORS.replacen("to = 0.8", "to = 0.8\ngroup = \"g\"", 1)
        + "[factor.luck]\nparameter = \"run.seed\"\ngroup = \"g\"\n";
    let room = Room::new(&study("design = \"saltelli\"\nbase_points = 8", &grouped));
    let out = room.path("s").to_string_lossy().into_owned();
    let output = crate::program::comity(&["sensitivity", &room.study, "--out", &out, "-q"]).output().expect("it runs");
    said(&output, 2, &["in a group with other factors"]);
}
