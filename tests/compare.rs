//! Studies compared: twin worlds, and what the tables say of them.

use crate::program::{Scratch, comity};
use crate::reproducibility::{contents, same};
use crate::worlds::REGION;
use comity::diagnostic::Diagnostic;
use comity::engine::Setup;
use comity::experiment::{
    CompareEnd, CompareTables, Comparison, LineKind, compare, compare_tables, replicates_table, runs_per_replicate,
    scenario_schedule, schedule_table,
};
use comity::format::csv::CsvWriter;
use comity::record::{Count, Measure};
use comity::scenario::{Files, Override, Study, parse_study, study_of_files};
use comity::statistics::{Pairs, paired, variance_reduction};
use comity::table::Table;
use std::collections::BTreeMap;
use std::sync::Arc;

const STUDY: &str = include_str!("worlds/study.toml");

/// The region as `region.toml`, and some texts more.
struct Texts(BTreeMap<&'static str, String>);

impl Files for Texts {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        let text = self.0.get(name).cloned();
        text.ok_or_else(|| Diagnostic::error(format!("{name} does not exist")).hint("make it"))
    }
}

fn texts(more: &[(&'static str, &str)]) -> Texts {
    let region = [("region.toml", REGION.to_owned())];
    Texts(region.into_iter().chain(more.iter().map(|(name, text)| (*name, (*text).to_owned()))).collect())
}

fn overrides(set: &[&str]) -> Vec<Override> {
    set.iter().map(|text| Override::new(*text)).collect()
}

/// A study of that text, with some values set.
fn study(text: &str, set: &[&str]) -> Study {
    match parse_study("study.toml", &texts(&[("study.toml", text)]), &overrides(set)) {
        Ok((study, _)) => study,
        Err(errors) => panic!("{errors:#?}"),
    }
}

fn compared(text: &str, set: &[&str]) -> (Comparison, CompareTables) {
    let comparison = compare(&study(text, set), &());
    let tables = compare_tables(&comparison);
    (comparison, tables)
}

/// The lines of a table as CSV, by column.
fn rows(table: &Table) -> Vec<BTreeMap<String, String>> {
    let mut csv = CsvWriter::new(Vec::new(), &table.schema).expect("it can be written");
    csv.write(table).expect("it can be written");
    let text = String::from_utf8(csv.finish().expect("it can be written")).expect("CSV is text");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("there is a head").split(',').collect();
    lines
        .map(|line| {
            // Labels of these studies may have commas, but no quotes: every second piece between quotes is a label.
            let pieces = line.split('"').enumerate();
            let plain: String = pieces
                .map(|(place, piece)| if place % 2 == 1 { piece.replace(',', ";") } else { piece.to_owned() })
                .collect();
            let cells: Vec<&str> = plain.split(',').collect();
            assert_eq!(cells.len(), head.len(), "{line}");
            head.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect()
        })
        .collect()
}

fn real(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

/// The rows in which a column says that.
fn of<'r>(rows: &'r [BTreeMap<String, String>], wanted: &[(&str, &str)]) -> Vec<&'r BTreeMap<String, String>> {
    rows.iter().filter(|row| wanted.iter().all(|(column, word)| row[*column] == *word)).collect()
}

#[test]
fn an_arm_that_changes_nothing_differs_in_nothing() {
    // A law that comes into force after the end is another scenario, and so another run, but the same history.
    let text =
        "baseline = \"region.toml\"\nrun.replicates = 6\n[arm.late]\nset = { \"state.CCC.tip_law\" = 2010-01-01 }\n";
    let study = study(text, &[]);
    assert_eq!(runs_per_replicate(&study), 2, "it is run by itself");
    let comparison = compare(&study, &());
    let tables = compare_tables(&comparison);
    for table in [&tables.effects, &tables.differences] {
        for column in ["difference", "sd", "ci_low", "ci_high"] {
            let values = table.reals(column).expect("it is a column of numbers");
            assert!(values.len() >= 8 && values.iter().all(|value| *value == 0.0), "{column}: {values:?}");
        }
    }
    let verdicts = tables.effects.texts("verdict").expect("it is a column of words");
    assert!(verdicts.iter().all(|verdict| &**verdict == "no relevant difference"));
}

#[test]
fn adding_an_arm_changes_no_number_of_another() {
    let (_, with) = compared(STUDY, &["package.all=false"]);
    let (_, without) = compared(STUDY, &["package.all=false", "arm.aware=false"]);
    let others = |table: &Table| {
        let mut rows = rows(table);
        rows.retain(|row| row["arm"] != "aware");
        // Holm's rule looks at all arms together.
        rows.iter_mut().for_each(|row| drop(row.remove("p_holm")));
        rows
    };
    for (with, without) in [(&with.effects, &without.effects), (&with.differences, &without.differences)] {
        let (with, without) = (others(with), others(without));
        assert!(without.len() > 10);
        assert_eq!(with, without);
    }
}

#[test]
fn a_study_and_its_files_say_the_same() {
    let open = "extends = \"region.toml\"\ntitle = \"No approval\"\n[gate]\napproval = 0.0\n";
    let both = "extends = \"open.toml\"\n[state.AAA]\npriority = 1.0\n";
    let files = texts(&[("open.toml", open), ("both.toml", both)]);
    let set = overrides(&["run.replicates=4"]);
    let (by_files, _) = study_of_files(&["region.toml", "open.toml", "both.toml"], &files, &set).expect("it is sound");
    assert_eq!(by_files.name(), "region-compared");
    let labels: Vec<&str> = by_files.arms().iter().map(|arm| arm.label.as_str()).collect();
    assert_eq!(labels, ["No approval", "both"]);
    let text = "baseline = \"region.toml\"\n[arm.open]\nname = \"No approval\"\nset = { \"gate.approval\" = 0.0 }\n\
        [arm.both]\nset = { gate.approval = 0.0, state.AAA.priority = 1.0 }\n";
    let by_study = study(text, &["run.replicates=4"]);
    let in_files =
        "baseline = \"region.toml\"\n[arm.open]\nfiles = [\"open.toml\"]\n[arm.both]\nfiles = [\"both.toml\"]\n";
    let files = texts(&[("open.toml", open), ("both.toml", both), ("study.toml", in_files)]);
    let (by_both, _) = parse_study("study.toml", &files, &set).expect("it is sound");
    let tables = |study: &Study| {
        let tables = compare_tables(&compare(study, &()));
        tables.all().map(rows)
    };
    assert_eq!(tables(&by_files), tables(&by_study));
    assert_eq!(tables(&by_files), tables(&by_both));
    for study in [&by_study, &by_both] {
        assert_eq!(study.digest(), by_files.digest());
    }
}

#[test]
fn where_a_value_of_an_arm_comes_from_stays_true() {
    let study = study(STUDY, &["gate.closures=0.1"]);
    let set_by = |scenario: &comity::scenario::Scenario, wanted: &str| {
        let mut numbers = scenario.settings().numbers();
        numbers.find(|(key, _, _)| *key == wanted).map(|(_, _, provenance)| provenance.set_by.clone())
    };
    let line = 1 + STUDY.lines().position(|line| line.contains("gate.approval")).expect("it is set there");
    assert_eq!(set_by(&study.arms()[0].scenario, "gate.approval"), Some(format!("study.toml:{line}").into()));
    assert_eq!(set_by(study.baseline(), "gate.approval"), Some("default".into()));
    assert_eq!(set_by(&study.arms()[2].scenario, "gate.closures"), Some("--set".into()));
    assert!(
        set_by(&study.arms()[1].scenario, "state.AAA.english").is_some_and(|place| place.starts_with("region.toml:"))
    );
}

#[test]
fn a_change_of_the_command_line_reaches_every_arm_and_the_study() {
    let study = study(STUDY, &["time.end=2008-01-01", "run.seed=9", "analysis.confidence=0.9", "title=Other"]);
    let all = study.arms().iter().map(|arm| &arm.scenario).chain([study.baseline()]);
    for scenario in all {
        assert_eq!((scenario.time().end.to_string().as_str(), scenario.seed()), ("2008-01-01", 9));
    }
    assert_eq!(study.analysis().confidence, 0.9);
    assert_eq!(study.title(), "Other");
    assert_eq!(study.windows()[1].until.to_string(), "2008-01-01");
}

#[test]
fn what_is_counted_is_what_a_run_counts() {
    let keys: Vec<String> = Measure::all().map(|measure| format!("\"{}\"", measure.key())).collect();
    let set = format!("analysis.outcomes=[{}]", keys.join(", "));
    let study = study(STUDY, &[&set, "run.replicates=3", "window.all={}"]);
    let comparison = compare(&study, &());
    let window = |key: &str| study.windows().iter().position(|window| window.key == key).expect("it is there");
    let (first, second, all) = (window("first"), window("second"), window("all"));
    for (line, scenario) in
        std::iter::once(study.baseline()).chain(study.arms().iter().map(|arm| &arm.scenario)).enumerate()
    {
        let setup = Arc::new(Setup::new(scenario));
        for (outcome, measure) in study.analysis().outcomes.iter().enumerate() {
            for replicate in 0..3_u32 {
                let value = |window: usize| comparison.in_window(line, window, outcome)[replicate as usize];
                let in_periods: f64 = (0..comparison.periods().len())
                    .map(|period| comparison.in_period(line, period, outcome)[replicate as usize])
                    .sum();
                if let Measure::Count(_) = measure {
                    assert_eq!(value(first) + value(second), value(all), "{}", measure.key());
                    assert_eq!(in_periods, value(all), "{}", measure.key());
                }
            }
        }
        for replicate in 0..3_u32 {
            let (tally, _) = setup.run_one(replicate, false);
            let region = tally.totals.last().expect("there is a region");
            assert!(region[Count::Arrived as usize] > 50);
            for (outcome, measure) in study.analysis().outcomes.iter().enumerate() {
                let here = comparison.in_window(line, all, outcome)[replicate as usize];
                let there = measure.of(region);
                assert!(here == there || (here.is_nan() && there.is_nan()), "{}: {here}, {there}", measure.key());
            }
        }
    }
}

const INTERVENTIONS: &str = r#"
baseline = "region.toml"
[time]
burn_in = "1 year"
[run]
replicates = 4
[intervention.book]
kind = "handbook"
start = 2006-09-01
cost_per_participant = 20
[intervention.swap]
kind = "exchange"
start = 2006-09-01
end = 2007-09-01
every = "3 months"
number = 2
cost_per_participant = 4000
[intervention.never]
kind = "handbook"
start = 2006-09-01
coverage = 0
[arm.book]
interventions = ["book"]
[arm.swap]
interventions = ["swap"]
[arm.never]
interventions = ["never"]
[package.both]
arms = ["book", "swap"]
stagger = "6 months"
[window.before]
until = 2006-09-01
[window.after]
from = 2006-09-01
"#;

#[test]
fn an_arm_that_goes_on_from_the_baseline_is_the_arm_run_by_itself() {
    let study = study(INTERVENTIONS, &["window.all={}", "analysis.outcomes=[\"accepted\", \"recognised\", \"left\"]"]);
    let comparison = compare(&study, &());
    let all = study.windows().iter().position(|window| window.key == "all").expect("it is there");
    for (line, arm) in (1..).zip(study.arms()) {
        let setup = Arc::new(Setup::new(&arm.scenario));
        for replicate in 0..4_u32 {
            let (tally, _) = setup.run_one(replicate, false);
            let region = tally.totals.last().expect("there is a region");
            for (outcome, measure) in study.analysis().outcomes.iter().enumerate() {
                assert_eq!(
                    comparison.in_window(line, all, outcome)[replicate as usize],
                    measure.of(region),
                    "{}",
                    arm.key
                );
            }
        }
    }
}

#[test]
fn before_an_intervention_begins_nothing_differs_and_afterwards_something_does() {
    let (comparison, tables) = compared(INTERVENTIONS, &[]);
    let effects = rows(&tables.effects);
    for row in of(&effects, &[("window", "before")]) {
        assert_eq!((real(row, "difference"), real(row, "sd")), (0.0, 0.0), "{row:?}");
    }
    for arm in ["book", "swap", "both"] {
        let after = of(&effects, &[("window", "after"), ("arm", arm)]);
        assert!(after.iter().any(|row| real(row, "difference") != 0.0), "{arm} does nothing");
        assert!(after.iter().all(|row| real(row, "cost") > 0.0), "{arm} costs nothing");
    }
    for row in of(&effects, &[("arm", "never")]) {
        assert_eq!((real(row, "difference"), real(row, "sd"), real(row, "cost")), (0.0, 0.0, 0.0), "{row:?}");
    }
    // What two interventions cost together is what they cost, and what is spent is of the replicate.
    let cost = |key: &str| {
        let line = comparison.lines().iter().position(|line| &*line.key == key).expect("it has a line");
        comparison.costs(line)
    };
    assert!(cost("baseline").iter().all(|cost| *cost == 0.0));
    assert!(cost("both").iter().zip(cost("book")).all(|(both, book)| *both > book));
}

#[test]
fn in_an_order_the_later_arm_begins_later() {
    let study = study(INTERVENTIONS, &[]);
    let package = &study.packages()[0];
    assert_eq!(package.orders.iter().map(|order| order.arms.clone()).collect::<Vec<_>>(), [[0, 1], [1, 0]]);
    let start = |order: usize, key: &str| {
        let scenario = package.orders[order].scenario.canonical();
        let line =
            scenario.lines().find(|line| line.starts_with(&format!("intervention {key} start"))).map(str::to_owned);
        line.unwrap_or_else(|| panic!("{key} is not in\n{scenario}"))
    };
    assert!(start(0, "book").contains("2006-09-01") && start(0, "swap").contains("2007-03-03"));
    assert!(start(1, "swap").contains("2006-09-01") && start(1, "book").contains("2007-03-03"));
    let (_, tables) = compared(INTERVENTIONS, &["analysis.outcomes=[\"accepted\"]"]);
    let orders = rows(&tables.orders);
    assert_eq!(orders.len(), 4, "two orders, two windows");
    for row in &orders {
        let effect = format!("{}: {}", row["package"], row["order"]);
        let rows = rows(&tables.effects);
        let effect = of(&rows, &[("arm", &effect), ("window", &row["window"])]);
        assert!((real(effect[0], "difference") - real(row, "value")).abs() < 1e-9);
    }
}

#[test]
fn effects_are_the_mean_of_what_replicates_differ() {
    let (comparison, tables) = compared(STUDY, &[]);
    let (effects, values) = (rows(&tables.effects), rows(&replicates_table(&comparison)));
    assert_eq!(effects.len(), 7 * 4 * 2, "seven combinations, four outcomes, two windows");
    for effect in &effects {
        let column = |arm: &str| -> Vec<f64> {
            let wanted = [("arm", arm), ("measure", &effect["measure"]), ("window", &effect["window"])];
            of(&values, &wanted).iter().map(|row| real(row, "value")).collect()
        };
        let (baseline, arm) = (column("baseline"), column(&effect["arm"]));
        assert_eq!((baseline.len(), arm.len()), (8, 8));
        let differences: Vec<f64> = arm.iter().zip(&baseline).map(|(arm, baseline)| arm - baseline).collect();
        let mean = differences.iter().sum::<f64>() / 8.0;
        assert!((mean - real(effect, "difference")).abs() < 1e-9, "{effect:?}");
        let above = differences.iter().filter(|difference| **difference > 0.0).count() as f64;
        let ties = differences.iter().filter(|difference| **difference == 0.0).count() as f64;
        assert!(((above + ties / 2.0) / 8.0 - real(effect, "probability_better")).abs() < 1e-12);
        let (low, high) = (real(effect, "ci_low"), real(effect, "ci_high"));
        let verdict = effect["verdict"].as_str();
        assert_eq!(verdict == "more", low > 0.0 && verdict != "no relevant difference", "{effect:?}");
        assert!(low <= mean + 1e-9 && mean <= high + 1e-9);
    }
    assert!(effects.iter().any(|effect| effect["verdict"] == "more"), "the test is too easy");
}

#[test]
fn a_package_is_its_arms_together_and_its_shares_add_up() {
    let (comparison, tables) = compared(STUDY, &[]);
    let together = "baseline = \"region.toml\"\n[time]\nburn_in = \"1 year\"\n[run]\nreplicates = 8\n[arm.pair]\n\
        set = { gate.approval = 0.0, state.AAA.protection = 0.1, state.CCC.protection = 0.1 }\n\
        [window.first]\nuntil = 2007-07-01\n[window.second]\nfrom = 2007-07-01\n\
        [analysis]\noutcomes = [\"cooperation_rate\", \"recognised\", \"accepted\", \"rescues\"]\n";
    let (alone, _) = compared(together, &[]);
    let subset = comparison.lines().iter().position(|line| &*line.key == "open+protected").expect("it is run");
    assert_eq!(comparison.lines()[subset].kind, LineKind::Subset);
    for outcome in 0..4 {
        assert_eq!(comparison.in_window(subset, 1, outcome), alone.in_window(1, 1, outcome));
    }
    let (packages, effects) = (rows(&tables.packages), rows(&tables.effects));
    for measure in ["cooperation_rate", "recognised", "accepted", "rescues"] {
        let wanted = [("measure", measure), ("window", "first")];
        let value = |part: &str, kind: &str| {
            let wanted = [wanted[0], wanted[1], ("part", part), ("kind", kind)];
            real(of(&packages, &wanted)[0], "value")
        };
        let arms = ["open", "protected", "aware"];
        let sum = |kind: &str| arms.iter().map(|arm| value(arm, kind)).sum::<f64>();
        let whole = value("whole", "whole");
        assert!((sum("shapley") - whole).abs() < 1e-9, "{measure}: shares {}, whole {whole}", sum("shapley"));
        assert!((sum("alone") - value("sum", "sum")).abs() < 1e-9);
        assert!((whole - value("sum", "sum") - value("synergy", "synergy")).abs() < 1e-9);
        for arm in arms.into_iter().chain(["all"]) {
            let effect = real(of(&effects, &[wanted[0], wanted[1], ("arm", arm)])[0], "difference");
            let said = if arm == "all" { whole } else { value(arm, "alone") };
            assert!((effect - said).abs() < 1e-9, "{measure}, {arm}");
        }
    }
}

#[test]
fn the_same_run_is_made_once() {
    // Of three arms there are 2^3 combinations; a second package of two of them brings nothing new.
    let plain = study(STUDY, &[]);
    assert_eq!(runs_per_replicate(&plain), 8);
    let more = study(&format!("{STUDY}\n[package.two]\narms = [\"open\", \"aware\"]\n"), &[]);
    assert_eq!(runs_per_replicate(&more), 8);
    let comparison = compare(&more, &());
    let line = |key: &str| comparison.lines().iter().position(|line| &*line.key == key).expect("it has a line");
    assert_eq!(comparison.in_window(line("two"), 0, 0), comparison.in_window(line("open+aware"), 0, 0));
}

#[test]
fn ranks_and_their_probabilities_are_whole() {
    let (comparison, tables) = compared(STUDY, &[]);
    let (ranking, probabilities) = (rows(&tables.ranking), rows(&tables.rank_probabilities));
    for window in ["first", "second"] {
        let ranked = of(&ranking, &[("window", window)]);
        assert_eq!(ranked.len(), 5, "baseline, three arms, one package");
        let mut ranks: Vec<f64> = ranked.iter().map(|row| real(row, "rank")).collect();
        ranks.sort_by(f64::total_cmp);
        assert_eq!(ranks, [1.0, 2.0, 3.0, 4.0, 5.0]);
        let best: f64 = ranked.iter().map(|row| real(row, "probability_best")).sum();
        assert!((best - 1.0).abs() < 1e-9);
        for row in &ranked {
            let own = of(&probabilities, &[("window", window), ("arm", &row["arm"])]);
            assert!((own.iter().map(|row| real(row, "probability")).sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(real(row, "ci_low") <= 0.0 && 0.0 <= real(row, "ci_high"));
        }
        let first = ranked.iter().find(|row| row["rank"] == "1").expect("somebody is first");
        let top = ranked.iter().map(|row| real(row, "mean")).fold(f64::MIN, f64::max);
        assert_eq!(real(first, "mean"), top);
        assert_ne!(first["verdict"], "not best");
    }
    let (_, smallest) = compared(STUDY, &["analysis.smallest_is_best=true"]);
    let last = of(&ranking, &[("window", "first"), ("rank", "5")])[0]["arm"].clone();
    assert_eq!(of(&rows(&smallest.ranking), &[("window", "first"), ("rank", "1")])[0]["arm"], last);
    assert_eq!(comparison.ended(), CompareEnd::Planned);
}

#[test]
fn replicates_are_added_until_it_is_known_well_enough_and_no_longer() {
    let ask = |set: &[&str]| compared(STUDY, &[&["package.all=false", "run.replicates=10"], set].concat());
    let (easy, tables) = ask(&["analysis.half_width=0.02"]);
    assert_eq!(easy.ended(), CompareEnd::Precise);
    for row in of(&rows(&tables.effects), &[("measure", "cooperation_rate")]) {
        assert!((real(row, "ci_high") - real(row, "ci_low")) / 2.0 <= 0.02, "{row:?}");
    }
    // The same replicates, asked for by number, are the same numbers.
    let (planned, again) = ask(&[&format!("run.replicates={}", easy.replicates())]);
    assert_eq!(planned.replicates(), easy.replicates());
    assert_eq!(rows(&again.differences), rows(&tables.differences));
    let (settled, tables) = ask(&["analysis.half_width=0.0000001"]);
    assert_eq!(settled.ended(), CompareEnd::Settled);
    for window in ["first", "second"] {
        assert_eq!(of(&rows(&tables.ranking), &[("window", window), ("verdict", "best")]).len(), 1);
    }
    // Two arms that are alike are never told apart.
    let alike = "[arm.late]\nset = { state.CCC.tip_law = 2010-01-01, state.AAA.awareness = 0.9, state.BBB.awareness = 0.9, \
        state.CCC.awareness = 0.9, state.DDD.awareness = 0.9 }\n";
    let set =
        ["package.all=false", "run.replicates=10", "analysis.half_width=0.0000001", "analysis.most_replicates=25"];
    let (most, _) = compared(&format!("{STUDY}{alike}"), &set);
    assert_eq!((most.ended(), most.replicates()), (CompareEnd::Most, 25));
}

#[test]
fn periods_cover_the_run_once() {
    for (period, wanted) in [("\"6 months\"", 5), ("\"5 months\"", 6), ("\"10 years\"", 1), ("\"3 months\"", 10)] {
        let set = format!("analysis.period={period}");
        let comparison = compare(&study(STUDY, &[&set, "run.replicates=1", "package.all=false"]), &());
        let periods = comparison.periods();
        assert_eq!(periods.len(), wanted, "{period}");
        assert!(periods.windows(2).all(|two| two[0].until == two[1].from));
        let ends = (periods[0].from.to_string(), periods[wanted - 1].until.to_string());
        assert_eq!(ends, ("2006-01-01".to_owned(), "2008-07-01".to_owned()));
    }
}

/// The teaching scenario with an exchange of officers, as a study.
const EXCHANGE: &str = "
baseline = \"teaching.toml\"
run.replicates = 1000
[intervention.exchange]
kind = \"exchange\"
start = 2020-07-01
end = 2022-07-01
every = \"6 months\"
number = 3
[arm.exchange]
interventions = [\"exchange\"]
[analysis]
outcomes = [\"cooperation_rate\"]
";

#[test]
fn intervals_cover_and_variance_factors_come_true_in_a_scenario_as_they_do_on_paper() {
    let files = texts(&[("study.toml", EXCHANGE), ("teaching.toml", include_str!("../scenarios/teaching.toml"))]);
    // By arm, then by replicate.
    let values = |seed: &str| -> [Vec<f64>; 2] {
        let set = overrides(&[seed]);
        let study = match parse_study("study.toml", &files, &set) {
            Ok((study, _)) => study,
            Err(errors) => panic!("{errors:#?}"),
        };
        let all = rows(&replicates_table(&compare(&study, &())));
        ["baseline", "exchange"].map(|arm| {
            of(&all, &[("arm", arm), ("measure", "cooperation_rate")])
                .into_iter()
                .map(|row| real(row, "value"))
                .collect()
        })
    };
    let ([baseline, arm], [_, apart]) = (values("run.seed=1"), values("run.seed=77"));
    assert_eq!((baseline.len(), arm.len(), apart.len()), (1000, 1000, 1000));

    // Fifty studies of twenty replicates against the mean of all. With true coverage 0.93 the standard error is 0.036; intervals of unpaired numbers
    // would be three times as wide and cover always.
    let truth = paired(&Pairs::complete(&baseline, &arm), 0.95);
    let covers = |(before, after): &(&[f64], &[f64])| {
        let interval = paired(&Pairs::complete(before, after), 0.95).interval;
        interval.low <= truth.difference && truth.difference <= interval.high
    };
    let covered = baseline.chunks(20).zip(arm.chunks(20)).filter(covers).count();
    assert!((43..=49).contains(&covered), "{covered} of 50");

    // So many times the variance with seeds that are truly apart.
    let said = variance_reduction(&Pairs::complete(&baseline, &arm), 0.95);
    let unpaired = paired(&Pairs::complete(&baseline, &apart), 0.95);
    let came = (unpaired.sd / truth.sd) * (unpaired.sd / truth.sd);
    assert!(said.factor > 4.0 && (came / said.factor - 1.0).abs() < 0.15, "{came} and {said:?}");
    // And twins tell who is better off far more often than worlds apart do.
    assert!(truth.beats > 0.85 && (truth.superiority - unpaired.beats).abs() < 0.05 && unpaired.beats < 0.75);
}

fn run(scratch: &Scratch, name: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let out = scratch.0.join(name);
    let out = out.to_string_lossy();
    let arguments = ["compare", "tests/worlds/study.toml", "--quiet", "--keep-replicates", "--out", &out];
    let output = comity(&arguments).args(more).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    contents(std::path::Path::new(&*out))
}

#[test]
fn threads_and_another_time_change_nothing_in_a_comparison() {
    let scratch = Scratch::new();
    let one = run(&scratch, "one", &["--threads", "1"]);
    for file in ["effects.csv", "ranking.parquet", "differences.csv", "packages.csv", "replicates.csv"] {
        assert!(one.contains_key(file), "{file} is missing: {:?}", one.keys());
    }
    for threads in ["2", "3", "7", "1"] {
        same(&one, &run(&scratch, &format!("with-{threads}"), &["--threads", threads]), &format!("{threads} threads"));
    }
    let adaptive = ["--until-half-width", "0.02", "-n", "10"];
    let few = run(&scratch, "few", &[&adaptive[..], &["--threads", "1"]].concat());
    let many = run(&scratch, "many", &[&adaptive[..], &["--threads", "5"]].concat());
    same(&few, &many, "a stopping rule with more threads");
}

#[test]
fn a_title_of_many_lines_is_a_label_of_one() {
    let long = "x".repeat(3000);
    let arm = format!(
        "extends = \"region.toml\"\ntitle = \"\"\"\n Two\n\tlines\\u0007 {long}\"\"\"\n[gate]\napproval = 0.9\n"
    );
    let files = texts(&[("arm.toml", &arm)]);
    let (study, _) = study_of_files(&["region.toml", "arm.toml"], &files, &[]).expect("it is sound");
    let label = &study.arms()[0].label;
    assert!(label.starts_with("Two lines xxx") && label.ends_with('\u{2026}'), "{label}");
    assert_eq!(label.chars().count(), 120);
}

#[test]
fn stages_say_of_acceptance_what_effects_say_of_it() {
    let (comparison, tables) = compared(STUDY, &[]);
    let (stages, effects) = (rows(&tables.stages), rows(&tables.effects));
    let lines = comparison.lines().len() - 1;
    assert_eq!(stages.len(), lines * 2 * 7 * 2, "lines, windows, stages, units");
    for (unit, measure, stage) in [
        ("cases", "accepted", "accepted"),
        ("cases", "recognised", "recognised"),
        ("share", "cooperation_rate", "accepted"),
    ] {
        let effects = of(&effects, &[("measure", measure)]);
        let stages = of(&stages, &[("unit", unit), ("stage", stage)]);
        assert_eq!((effects.len(), stages.len()), (lines * 2, lines * 2));
        for (effect, stage) in effects.iter().zip(&stages) {
            for column in
                ["arm", "label", "kind", "window", "from", "until", "n", "baseline_mean", "arm_mean", "difference"]
            {
                assert_eq!(effect[column], stage[column], "{measure}, {column}");
            }
            for column in ["sd", "ci_low", "ci_high"] {
                assert_eq!(effect[column], stage[column], "{measure}, {column}");
            }
        }
    }
    // Cases get fewer from stage to stage, and all of them came to light.
    for place in 0..lines * 2 {
        let own: Vec<f64> = stages[place * 14..place * 14 + 12].iter().map(|row| real(row, "arm_mean")).collect();
        assert_eq!(own[1], 1.0);
        for unit in 0..2 {
            assert!((0..4).all(|stage| own[2 * stage + unit] >= own[2 * (stage + 1) + unit]), "{own:?}");
        }
    }
}

#[test]
fn a_scenario_has_the_schedule_that_it_has_in_a_study() {
    let text = "baseline = \"region.toml\"\n[arm.train]\nfiles = [\"train.toml\"]\n";
    let train = "extends = \"region.toml\"\n[intervention.train]\nkind = \"exchange\"\nstart = 2007-01-01\n";
    let files = texts(&[("study.toml", text), ("train.toml", train)]);
    let (study, _) = parse_study("study.toml", &files, &[]).expect("it is sound");
    assert_eq!(scenario_schedule(study.baseline()).rows(), 0);
    let (whole, own) = (rows(&schedule_table(&study)), rows(&scenario_schedule(&study.arms()[0].scenario)));
    assert_eq!((whole.len(), own.len()), (1, 1));
    assert_eq!((whole[0]["arm"].as_str(), own[0]["arm"].as_str()), ("train", "baseline"));
    for column in ["intervention", "name", "kind", "start", "end"] {
        assert_eq!(whole[0][column], own[0][column]);
    }
    assert_eq!(own[0]["start"], "2007-01-01");
}
