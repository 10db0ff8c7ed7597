//! Which points a study's design has.

use comity::diagnostic::Diagnostic;
use comity::scenario::{Designed, Files, Study, parse_study};

struct Texts<'t>(&'t [(&'t str, &'t str)]);

impl Files for Texts<'_> {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| Diagnostic::error(format!("there is no {name}")))
    }
}

fn study(text: &str, more: &[(&str, &str)]) -> Study {
    let whole = format!("baseline = \"region.toml\"\n{text}");
    let mut texts = vec![("study.toml", whole.as_str()), ("region.toml", super::REGION)];
    texts.extend(more);
    match parse_study("study.toml", &Texts(&texts), &[]) {
        Ok((study, _)) => study,
        Err(errors) => panic!("{errors:?}"),
    }
}

fn points(text: &str) -> Designed {
    study(text, &[]).sweep().expect("it is a sweep").points().expect("the design is sound")
}

fn rows(designed: &Designed) -> Vec<Vec<f64>> {
    (0..designed.rows()).map(|row| designed.row(row).to_vec()).collect()
}

const HALF: &str = "[factor.half]\nparameter = \"habit.half_life\"\nfrom = 100\nto = 1000\n";
const APPROVAL: &str = "[factor.approval]\nparameter = \"gate.approval\"\n";

#[test]
fn the_last_factor_of_a_grid_changes_fastest() {
    let text = format!("[sweep]\ndesign = \"factorial\"\n{HALF}levels = 2\n{APPROVAL}values = [0.5, 0.1, 0.9]\n");
    let want = [[100.0, 0.5], [100.0, 0.1], [100.0, 0.9], [1000.0, 0.5], [1000.0, 0.1], [1000.0, 0.9]];
    assert_eq!(rows(&points(&text)), want);
}

#[test]
fn one_at_a_time_begins_with_the_study_as_it_is() {
    let text = format!(
        "[sweep]\ndesign = \"one-at-a-time\"\n[gate]\napproval = 0.3\n[habit]\nhalf_life = 100\n{HALF}levels = 3\n{APPROVAL}values = [0.3, 0.7]\n"
    );
    assert_eq!(rows(&points(&text)), [[100.0, 0.3], [550.0, 0.3], [1000.0, 0.3], [100.0, 0.7]]);
}

#[test]
fn lists_zips_and_tables_are_taken_as_they_stand() {
    let list = format!(
        "[sweep]\ndesign = \"list\"\nrows = [{{ approval = 0.1, half = \"1 year\" }}, {{ half = 30, approval = 1 }}]\n[factor.half]\nparameter = \"habit.half_life\"\n{APPROVAL}"
    );
    assert_eq!(rows(&points(&list)), [[365.25, 0.1], [30.0, 1.0]]);
    let zip = format!(
        "[sweep]\ndesign = \"zip\"\n[factor.half]\nparameter = \"habit.half_life\"\nvalues = [30, 60]\n{APPROVAL}values = [1, 0]\n"
    );
    assert_eq!(rows(&points(&zip)), [[30.0, 1.0], [60.0, 0.0]]);
    let table = format!(
        "[sweep]\ndesign = \"table\"\ntable = \"points.csv\"\n[factor.habit]\nparameter = \"mechanisms.habit\"\n{APPROVAL}"
    );
    let csv = "note,approval,habit\n\"a, b\",0.25,off\nc,0.5,on\nd,0.75,off\n";
    let study = study(&table, &[("points.csv", csv)]);
    let sweep = study.sweep().expect("it is a sweep");
    let designed = sweep.points().expect("it is sound");
    assert_eq!(rows(&designed), [[0.0, 0.25], [1.0, 0.5], [0.0, 0.75]]);
    let words: Vec<String> = (0..3).map(|row| sweep.factors()[0].value(designed.row(row)[0])).collect();
    assert_eq!(words, ["off", "on", "off"]);
    let scenarios: Vec<_> = sweep.scenarios(designed.row(2)).into_iter().map(|s| s.expect("it is sound")).collect();
    assert!(!scenarios[0].settings().is_on("habit"));
}

#[test]
fn hypercubes_meet_every_stratum_once_and_integers_reach_both_ends() {
    let text = format!(
        "[sweep]\ndesign = \"latin-hypercube\"\npoints = 20\n{HALF}scale = \"log\"\n[factor.desks]\nparameter = \"state.ORI.investigators\"\nfrom = 1\nto = 5\n"
    );
    let designed = points(&text);
    let mut strata: Vec<i64> =
        (0..20).map(|row| (libm::log10(designed.row(row)[0] / 100.0) * 20.0).floor() as i64).collect();
    strata.sort_unstable();
    assert_eq!(strata, (0..20).collect::<Vec<_>>());
    let mut counts = [0; 6];
    (0..20).for_each(|row| counts[designed.row(row)[1] as usize] += 1);
    assert_eq!(counts, [0, 4, 4, 4, 4, 4], "each whole number owns an equal part: none is rounded");
    assert!(designed.quality.is_some());
}

#[test]
fn a_larger_sobol_design_begins_with_the_smaller_one() {
    let text = |count: u32| {
        format!("[sweep]\ndesign = \"sobol\"\npoints = {count}\nseed = 3\n{HALF}{APPROVAL}from = 0\nto = 1\n")
    };
    let (small, large) = (points(&text(8)), points(&text(64)));
    assert_eq!(large.values()[..small.values().len()], *small.values());
    let rounded = points(&text(9));
    assert_eq!((rounded.rows(), rounded.notices.len()), (16, 1));
    let sweep = study(&text(8), &[]).sweep().expect("it is a sweep").extended(20).expect("it can be");
    assert_eq!(sweep.points().expect("it is sound").rows(), 32);
}

#[test]
fn blocks_and_trajectories_say_what_each_point_is() {
    let blocks =
        points(&format!("[sweep]\ndesign = \"saltelli\"\nbase_points = 4\n{HALF}{APPROVAL}from = 0\nto = 1\n"));
    assert_eq!(blocks.rows(), 4 * 4);
    assert_eq!(blocks.structure[0].2[..8], [0, 0, 0, 0, 1, 1, 1, 1]);
    assert_eq!(blocks.structure[1].2[..4], [0, 1, 2, 3]);
    // A with the first factor from B.
    assert_eq!((blocks.row(1)[0], blocks.row(1)[1]), (blocks.row(3)[0], blocks.row(0)[1]));
    let paths = points(&format!("[sweep]\ndesign = \"morris\"\ntrajectories = 5\n{HALF}{APPROVAL}from = 0\nto = 1\n"));
    assert_eq!(paths.rows(), 15);
    let moved = &paths.structure[1].2;
    for (row, moved) in moved.iter().enumerate() {
        if row % 3 == 0 {
            assert_eq!(*moved, -1);
            continue;
        }
        let changed: Vec<i64> =
            (0..2).filter(|k| paths.row(row)[*k as usize] != paths.row(row - 1)[*k as usize]).collect();
        assert_eq!(changed, [*moved]);
    }
}

#[test]
fn factors_of_a_group_move_together() {
    let text = format!(
        "[sweep]\ndesign = \"morris\"\ntrajectories = 3\n{HALF}group = \"g\"\n{APPROVAL}from = 0\nto = 1\ngroup = \"g\"\n[factor.p]\nparameter = \"state.*.priority\"\nfrom = 0\nto = 1\n"
    );
    let study = study(&text, &[]);
    let sweep = study.sweep().expect("it is a sweep");
    assert_eq!(sweep.groups(), ["g", "p"]);
    assert_eq!(sweep.factors()[2].parameters, ["state.ORI.priority", "state.DES.priority"]);
    let designed = sweep.points().expect("it is sound");
    assert_eq!(designed.rows(), 3 * 3);
}

#[test]
fn words_are_crossed_with_slices_of_a_hypercube() {
    let text = format!(
        "[sweep]\ndesign = \"sliced-latin-hypercube\"\npoints = 6\n{HALF}[factor.habit]\nparameter = \"mechanisms.habit\"\nvalues = [\"on\", \"off\"]\n"
    );
    let designed = points(&text);
    assert_eq!(designed.rows(), 12);
    let strata = |rows: std::ops::Range<usize>, count: f64| {
        let mut strata: Vec<i64> = rows.map(|row| ((designed.row(row)[0] - 100.0) / 900.0 * count) as i64).collect();
        strata.sort_unstable();
        strata
    };
    assert_eq!(strata(0..6, 6.0), (0..6).collect::<Vec<_>>());
    assert_eq!(strata(6..12, 6.0), (0..6).collect::<Vec<_>>());
    assert_eq!(strata(0..12, 12.0), (0..12).collect::<Vec<_>>());
    assert!((0..12).all(|row| designed.row(row)[1] == f64::from(u8::from(row >= 6))));
}

#[test]
fn constraints_leave_out_what_breaks_them_and_repeats_are_run_once() {
    let text = format!(
        "[sweep]\ndesign = \"factorial\"\n[factor.half]\nparameter = \"habit.half_life\"\nvalues = [10, 20, 30]\n{APPROVAL}values = [0, 1, 1]\n[constraint.most]\nweights = {{ half = 1, approval = 5 }}\nat_most = 25\n"
    );
    let designed = points(&text);
    assert_eq!(rows(&designed), [[10.0, 0.0], [10.0, 1.0], [20.0, 0.0], [20.0, 1.0]]);
    assert_eq!(designed.notices.len(), 2, "{:?}", designed.notices);
}

#[test]
fn a_factor_of_the_model_lies_under_what_an_arm_sets_and_one_of_an_intervention_over_it() {
    let text = format!(
        "[intervention.book]\nkind = \"handbook\"\nstart = 2020-02-01\nuptake = 0.5\n[arm.open]\nset = {{ \"gate.approval\" = 0 }}\n\
         [arm.book]\ninterventions = [\"book\"]\n[package.both]\narms = [\"open\", \"book\"]\n[sweep]\ndesign = \"factorial\"\n{APPROVAL}values = [0.7, 1]\n\
         [factor.uptake]\nparameter = \"intervention.book.uptake\"\nvalues = [0.1, 0.9]\n"
    );
    let study = study(&text, &[]);
    let sweep = study.sweep().expect("it is a sweep");
    let keys: Vec<&str> = sweep.lines().iter().map(|line| line.key.as_str()).collect();
    assert_eq!(keys, ["baseline", "open", "book", "both"]);
    let scenarios: Vec<_> = sweep.scenarios(&[0.7, 0.9]).into_iter().map(|s| s.expect("it is sound")).collect();
    let approval: Vec<f64> = scenarios.iter().map(|scenario| scenario.settings().number("gate.approval")).collect();
    assert_eq!(approval, [0.7, 0.0, 0.7, 0.0]);
    let uptake: Vec<Option<f64>> = scenarios.iter().map(|s| s.settings().get("intervention.book.uptake")).collect();
    assert_eq!(uptake, [None, None, Some(0.9), Some(0.9)]);
}

#[test]
fn what_a_run_gives_decides_the_digest_and_how_many_there_are_does_not() {
    let text = |points: u32, from: f64, title: &str| {
        format!(
            "title = \"{title}\"\n[sweep]\ndesign = \"sobol\"\npoints = {points}\n{HALF}{APPROVAL}from = {from}\nto = 1\n"
        )
    };
    let described = |text: &str| study(text, &[]).sweep().expect("it is a sweep").described();
    assert_eq!(described(&text(8, 0.1, "a")), described(&text(16, 0.1, "b")));
    assert_ne!(described(&text(8, 0.1, "a")), described(&text(8, 0.2, "a")));
}

#[test]
fn a_factor_with_times_multiplies_what_each_parameter_is_by_itself_within_its_range() {
    let plain =
        study("[sweep]\ndesign = \"factorial\"\n[factor.h]\nparameter = \"habit.half_life\"\nvalues = [100]\n", &[]);
    let settings = |study: &Study, value: f64| {
        let scenario = study.sweep().expect("it is a sweep").scenarios(&[value]).swap_remove(0).expect("it is sound");
        scenario.settings().clone()
    };
    let base = plain.baseline().settings();
    let both =
        "[factor.all]\nparameter = [\"habit.unit_share\", \"habit.newcomer\"]\ntimes = true\nvalues = [0.5, 8]\n";
    let text = format!("[sweep]\ndesign = \"factorial\"\n{both}");
    let own = study(&text, &[]);
    for key in ["habit.unit_share", "habit.newcomer"] {
        assert_eq!(settings(&own, 0.5).number(key), 0.5 * base.number(key), "{key}");
        // Eight times a share is more than a whole.
        assert_eq!(settings(&own, 8.0).number(key), (8.0 * base.number(key)).min(1.0), "{key}");
    }
    let factor = &own.sweep().expect("it is a sweep").factors()[0];
    assert_eq!((factor.today, factor.unit.as_str()), (Some(1.0), "times its value"));
}

#[test]
fn every_assumed_number_of_the_baseline_is_varied_or_told_to_be_left_out() {
    struct Disk;
    impl Files for Disk {
        fn read(&self, name: &str) -> Result<String, Diagnostic> {
            std::fs::read_to_string(name).map_err(|error| Diagnostic::error(error.to_string()))
        }
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/study-sensitivity.toml");
    let (study, told) = parse_study(file, &Disk, &[]).unwrap_or_else(|errors| panic!("{errors:?}"));
    let sweep = study.sweep().expect("it is a sweep");
    let varied: Vec<&String> = sweep.factors().iter().flat_map(|factor| &factor.parameters).collect();
    let assumed = study.baseline().settings().numbers();
    let mut count = 0;
    for (key, value, provenance) in assumed {
        if provenance.grade != comity::parameter::Grade::Assumed {
            continue;
        }
        count += 1;
        let named = told.iter().any(|told| told.message.contains(key));
        assert!(
            varied.iter().any(|own| *own == key) || (value == 0.0 && (named || key.contains('.'))),
            "{key} is left out"
        );
        assert!(!(varied.iter().any(|own| *own == key) && named), "{key} is varied and told to be left out");
    }
    assert!(count > 150, "{count}");
}

#[test]
fn luck_as_a_factor_is_the_seed_of_all_arms_of_a_point() {
    let text = "[arm.open]\nset = { \"gate.approval\" = 0 }\n[sweep]\ndesign = \"sobol\"\npoints = 8\n[factor.luck]\nparameter = \"run.seed\"\n";
    let study = study(text, &[]);
    let sweep = study.sweep().expect("it is a sweep");
    assert!(sweep.factors()[0].is_luck());
    let points = sweep.points().expect("the design is sound");
    let mut seeds = Vec::new();
    for row in 0..points.rows() {
        let scenarios = sweep.scenarios(points.row(row));
        let own: Vec<u64> = scenarios.into_iter().map(|scenario| scenario.expect("it is sound").seed()).collect();
        assert_eq!((own[0], own[1]), (points.row(row)[0] as u64, own[0]));
        seeds.push(own[0]);
    }
    seeds.dedup();
    assert_eq!(seeds.len(), 8, "every point has luck of its own");
}

#[test]
fn a_seed_of_the_command_line_leaves_the_luck_of_points_alone() {
    let text = "baseline = \"region.toml\"\n[sweep]\ndesign = \"sobol\"\npoints = 4\n[factor.luck]\nparameter = \"run.seed\"\n";
    let files = [("study.toml", text), ("region.toml", super::REGION)];
    let change = [comity::scenario::Override::new("run.seed=9")];
    let (study, _) = parse_study("study.toml", &Texts(&files), &change).expect("it is sound");
    assert_eq!(study.baseline().seed(), 9);
    let sweep = study.sweep().expect("it is a sweep");
    let points = sweep.points().expect("the design is sound");
    for row in 0..points.rows() {
        let scenario = sweep.scenarios(points.row(row)).swap_remove(0).expect("it is sound");
        assert_eq!(scenario.seed(), points.row(row)[0] as u64);
    }
}
