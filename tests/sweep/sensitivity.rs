//! `comity sensitivity` leaves figures, of whichever design, and they can be drawn again.

use super::{Room, done, words};
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
