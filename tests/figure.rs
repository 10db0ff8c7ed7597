//! Figures: every chart from small fixed tables, held to what print asks.
//!
//! PNG previews are left in `target/figure-preview/` for the eye.
#![cfg(feature = "charts")]

mod calibration;
mod comparisons;
mod files;
mod matrix_order;
mod network;
mod references;
mod requests;
mod ridges;
mod sensitivity;
pub mod sweep_points;
mod sweep_requests;
mod sweeps;
mod views;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use comity::figure::{self, Context, Drawing, FigureError, Measure, Style};
use comity::table::{Cell, Field, Kind, Schema, Table, Values};

const STATES: [&str; 10] = [
    "thailand",
    "viet-nam",
    "cambodia",
    "myanmar",
    "lao-pdr",
    "malaysia",
    "indonesia",
    "philippines",
    "singapore",
    "brunei-darussalam",
];
/// Days from 1970-01-01 to 2006-01-01.
const START: i32 = 13_149;

fn schema(name: &str, fields: &[(&str, Kind)]) -> Arc<Schema> {
    let fields = fields.iter().map(|(name, kind)| Field::new(name, *kind, "", "")).collect();
    Schema::of(name, "", fields)
}

fn context() -> Context {
    Context {
        scenario: "asean-baseline".to_owned(),
        digest: "3f9a11c2d4e5f6a7b8".to_owned(),
        replicates: 200,
        seed: 1,
        version: "0.1.0".to_owned(),
        ..Context::default()
    }
}

fn wide(width: f64) -> Context {
    Context { style: Style { width: Some(width), ..Style::default() }, ..context() }
}

/// A small generator, so that the tables are the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
    fn count(&mut self, trials: i64, chance: f64) -> i64 {
        (0..trials).filter(|_| self.unit() < chance).count() as i64
    }
}

fn series_table(replicates: i64, ticks: i64, cases: i64) -> Table {
    use Kind::{Date, Integer, Text};
    let mut table = Table::new(schema(
        "series",
        &[
            ("replicate", Integer),
            ("tick", Integer),
            ("date", Date),
            ("state", Text),
            ("arrived", Integer),
            ("recognised", Integer),
            ("sought", Integer),
            ("accepted", Integer),
        ],
    ));
    let mut numbers = Numbers(7);
    for replicate in 0..replicates {
        let luck = 0.8 + 0.4 * numbers.unit();
        for tick in 0..ticks {
            let rise = tick as f64 / 156.0;
            let arrived = if cases == 0 { 0 } else { numbers.count(2 * cases, 0.5) };
            let recognised = numbers.count(arrived, 0.55);
            let sought = numbers.count(recognised, (0.3 + 0.12 * rise) * luck);
            let accepted = numbers.count(sought, 0.6);
            let date = Cell::Date(START + 7 * tick as i32);
            for (state, part) in [("region", 1), ("thailand", 2)] {
                table.push([
                    Cell::Integer(replicate),
                    Cell::Integer(tick),
                    date.clone(),
                    Cell::from(state),
                    Cell::Integer(arrived / part),
                    Cell::Integer(recognised / part),
                    Cell::Integer(sought / part),
                    Cell::Integer(accepted / part),
                ]);
            }
        }
    }
    table
}

const FUNNEL: [(&str, &str, f64, &str); 14] = [
    ("arrived", "Cases that arose", 1.0, "stage"),
    ("reported", "Known to the police", 0.71, "stage"),
    ("recognised", "Recognised as trafficking", 0.46, "stage"),
    ("sought", "Cooperation sought", 0.24, "stage"),
    ("accepted", "Request accepted", 0.13, "stage"),
    ("rescue", "Victim rescued", 0.092, "stage"),
    ("arrest", "Suspect arrested", 0.041, "stage"),
    ("withheld", "withheld by NGO", 0.29, "loss"),
    ("not_recognised", "not recognised", 0.25, "loss"),
    ("alone", "handled alone", 0.17, "loss"),
    ("approval", "sent back for approval", 0.05, "loss"),
    ("gate", "gate shut", 0.045, "loss"),
    ("refused", "refused", 0.055, "loss"),
    ("lapsed", "lapsed", 0.01, "loss"),
];

fn funnel_table(total: f64) -> Table {
    use Kind::{Real, Text};
    let mut table = Table::new(schema(
        "funnel",
        &[
            ("state", Text),
            ("stage", Text),
            ("label", Text),
            ("cases", Real),
            ("sd", Real),
            ("share", Real),
            ("kind", Text),
        ],
    ));
    for (stage, label, share, kind) in FUNNEL {
        let cases = total * share;
        let sd = Cell::Real(cases.abs().sqrt());
        let share = if total == 0.0 { 0.0 } else { share };
        let names = [Cell::from("region"), Cell::from(stage), Cell::from(label)];
        let [state, stage, label] = names;
        table.push([state, stage, label, Cell::Real(cases), sd, Cell::Real(share), Cell::from(kind)]);
    }
    table
}

fn barriers_table(labels: &[(&str, f64, &str)]) -> Table {
    use Kind::{Real, Text};
    let mut table = Table::new(schema(
        "barriers",
        &[
            ("state", Text),
            ("role", Text),
            ("period", Text),
            ("barrier", Text),
            ("label", Text),
            ("kind", Text),
            ("cases", Real),
            ("share", Real),
            ("ci_low", Real),
            ("ci_high", Real),
        ],
    ));
    for period in ["all", "2006"] {
        for (label, share, kind) in labels {
            table.push([
                Cell::from("region"),
                Cell::from("all"),
                Cell::from(period),
                Cell::from(*label),
                Cell::from(*label),
                Cell::from(*kind),
                Cell::Real(share * 812.0),
                Cell::Real(*share),
                Cell::Real((share - 0.012).max(0.0)),
                Cell::Real(share + 0.012),
            ]);
        }
    }
    table
}

const BARRIERS: [(&str, f64, &str); 10] = [
    ("Not recognised as trafficking", 0.287, "single"),
    ("Habit of handling cases alone", 0.214, "single"),
    ("Nobody familiar on the other side", 0.163, "single"),
    ("No legal basis", 0.094, "single"),
    ("Approval by a superior", 0.081, "single"),
    ("Distrust of the other state", 0.052, "single"),
    ("No common language", 0.013, "single"),
    ("Complicity", 0.004, "single"),
    ("Two or more together", 0.198, "joint"),
    ("No named barrier", 0.031, "none"),
];

fn litmus_table(states: &[String], nothing: bool) -> Table {
    use Kind::{Real, Text};
    let mut table = Table::new(schema(
        "litmus",
        &[
            ("state", Text),
            ("role", Text),
            ("period", Text),
            ("class", Text),
            ("label", Text),
            ("cases", Real),
            ("share", Real),
            ("ci_low", Real),
            ("ci_high", Real),
        ],
    ));
    let classes = [
        ("willing_able", "willing and able"),
        ("willing_hindered", "willing, but hindered"),
        ("able_unwilling", "able, but unwilling"),
        ("neither", "neither willing nor able"),
    ];
    let mut numbers = Numbers(3);
    for state in [String::from("region")].iter().chain(states) {
        let parts: Vec<f64> = (0..4).map(|_| 0.15 + numbers.unit()).collect();
        let sum: f64 = parts.iter().sum();
        for ((class, label), part) in classes.iter().zip(parts) {
            let share = if nothing { f64::NAN } else { part / sum };
            table.push([
                Cell::from(state.as_str()),
                Cell::from("all"),
                Cell::from("all"),
                Cell::from(*class),
                Cell::from(*label),
                Cell::Real(share * 400.0),
                Cell::Real(share),
                Cell::Real(share - 0.01),
                Cell::Real(share + 0.01),
            ]);
        }
    }
    table
}

fn pairs_table(states: &[String], scale: f64) -> Table {
    use Kind::{Real, Text};
    let names = ["cases", "sought", "accepted", "communications", "rescues", "arrests"];
    let mut fields = vec![("from", Text), ("to", Text)];
    fields.extend(names.map(|name| (name, Real)));
    let mut table = Table::new(schema("pairs", &fields));
    let mut numbers = Numbers(11);
    for (a, from) in states.iter().enumerate() {
        for (b, to) in states.iter().enumerate() {
            if a != b {
                let value = scale * numbers.unit() * numbers.unit() * 60.0 / (1.0 + a as f64 + 0.5 * b as f64);
                let v = || Cell::Real(value);
                table.push([Cell::from(from.as_str()), Cell::from(to.as_str()), v(), v(), v(), v(), v(), v()]);
            }
        }
    }
    table
}

type Pattern<'a> = (&'a str, &'a str, &'a str, f64, f64, f64, &'a str);

fn validation_table(patterns: &[Pattern<'_>]) -> Table {
    use Kind::{Real, Text};
    let mut table = Table::new(schema(
        "validation",
        &[
            ("pattern", Text),
            ("description", Text),
            ("use", Text),
            ("low", Real),
            ("high", Real),
            ("value", Real),
            ("ci_low", Real),
            ("ci_high", Real),
            ("holds", Text),
        ],
    ));
    for &(name, description, role, low, high, value, holds) in patterns {
        let half = 0.06 * if high.is_finite() && low.is_finite() { high - low } else { value.abs() };
        table.push([
            Cell::from(name),
            Cell::from(description),
            Cell::from(role),
            Cell::Real(low),
            Cell::Real(high),
            Cell::Real(value),
            Cell::Real(value - half),
            Cell::Real(value + half),
            Cell::from(holds),
        ]);
    }
    table
}

const NONE: f64 = f64::NAN;
const PATTERNS: [Pattern<'static>; 9] = [
    ("P1", "Share of cases in which a practitioner seeks cooperation", "calibrated", 0.05, 0.25, 0.17, "holds"),
    ("P2", "Share of requests that are accepted", "calibrated", 0.4, 0.7, 0.55, "holds"),
    ("P3", "Recorded communications per year across all pairs of states", "calibrated", 120.0, 310.0, 288.0, "holds"),
    ("P4", "Recognition before special laws, against after", "calibrated", NONE, 0.8, 0.62, "holds"),
    ("P8", "Share of pairs that never communicate in three years", "held out", 0.3, 0.6, 0.71, "misses"),
    (
        "P9",
        "Concentration of requests on the busiest fifth of practitioners (Gini)",
        "held out",
        0.5,
        0.8,
        0.66,
        "holds",
    ),
    ("P11", "Decline within a year of a liaison’s departure", "held out", -0.4, -0.1, -1.9, "misses"),
    ("P18", "Share of rescued victims with an arrest abroad", "held out", 0.2, NONE, 0.31, "holds"),
    ("P19", "Trust of repeated partners", "held out", 0.1, 0.3, NONE, "not tested"),
];

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("state-{index:02}")).collect()
}

/// Everything drawn from ordinary tables in the style of the context.
fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    let draw = |result: Result<Drawing, FigureError>| result.unwrap_or_else(|error| panic!("{error}"));
    let mut all = vec![
        ("series", draw(figure::series(&series_table(60, 157, 9), None, context))),
        ("funnel", draw(figure::funnel(&funnel_table(1512.0), context))),
        ("barriers", draw(figure::barriers(&barriers_table(&BARRIERS), context))),
        ("litmus", draw(figure::litmus(&litmus_table(&named(&STATES), false), context))),
        ("litmus-region", draw(figure::litmus(&litmus_table(&[], false), context))),
        ("validation", draw(figure::validation(&validation_table(&PATTERNS), context))),
    ];
    all.extend(comparisons::gallery(context));
    all.extend(ridges::gallery(context));
    all
}

fn preview(name: &str, drawing: &Drawing) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/figure-preview");
    fs::create_dir_all(&folder).expect("a folder for previews");
    // Long pages would take long to paint.
    let dpi = if drawing.sheet.height > 500.0 { 100 } else { figure::DPI };
    let png = figure::png(drawing, dpi).expect("a picture");
    fs::write(folder.join(format!("{name}.png")), png).expect("a preview");
    fs::write(folder.join(format!("{name}.svg")), &drawing.svg).expect("a preview");
}

/// The words of a drawing, one for each text.
fn texts(drawing: &Drawing) -> Vec<String> {
    drawing.sheet.text_boxes().iter().map(|(_, text)| (*text).to_owned()).collect()
}

fn hold(name: &str, drawing: &Drawing) {
    preview(name, drawing);
    let faults = drawing.sheet.faults();
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
}

#[test]
fn every_chart_is_fit_for_print_at_its_own_width() {
    for (name, drawing) in gallery(&context()) {
        hold(name, &drawing);
    }
    let drawing = figure::matrix(&pairs_table(&named(&STATES), 1.0), &context()).expect("a matrix");
    hold("matrix", &drawing);
}

#[test]
fn every_chart_is_fit_for_print_at_journal_widths() {
    for width in [84.0, 89.0, 120.0, 140.0, 183.0] {
        for (name, drawing) in gallery(&wide(width)) {
            hold(&format!("{name}-{width}"), &drawing);
            assert!(drawing.svg.contains(&format!("width=\"{width}mm\"")), "{name}");
        }
    }
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    for ((name, first), (_, second)) in gallery(&context()).iter().zip(&gallery(&context())) {
        assert_eq!(first.svg, second.svg, "{name}");
        assert_eq!(first.caption, second.caption, "{name}");
        let png = |drawing| figure::png(drawing, 150).expect("a picture");
        assert!(png(first) == png(second), "{name}");
    }
}

#[test]
fn captions_name_runs_seed_digest_and_version() {
    for (name, drawing) in gallery(&context()) {
        for word in ["n = 200 runs", "seed 1", "3f9a11c2d4e5", "comity 0.1.0", "asean-baseline"] {
            assert!(drawing.caption.contains(word), "{name}: {}", drawing.caption);
        }
        assert!(drawing.svg.contains("<title id=\"title\">") && drawing.svg.contains("role=\"img\""), "{name}");
    }
}

#[test]
fn extreme_series_are_drawn() {
    for (name, replicates, ticks, cases) in [
        ("one-run", 1, 157, 9),
        ("one-tick", 50, 1, 9),
        ("one-of-each", 1, 1, 1),
        ("nothing-happened", 20, 157, 0),
        ("rare", 30, 157, 1),
        ("weeks", 30, 6, 30),
        ("months", 30, 30, 20),
        ("decades", 10, 2000, 2),
    ] {
        let table = series_table(replicates, ticks, cases);
        hold(&format!("series-{name}"), &figure::series(&table, None, &context()).expect(name));
        hold(&format!("series-{name}-single"), &figure::series(&table, None, &wide(89.0)).expect(name));
    }
    let state = Context { state: Some("thailand".to_owned()), ..context() };
    hold("series-state", &figure::series(&series_table(20, 157, 9), None, &state).expect("one state"));
}

#[test]
fn any_measure_can_be_drawn_over_time() {
    let table = series_table(20, 157, 9);
    let one = [Measure::mean("Cases", "Cases that arose per week", "arrived")];
    let drawing = figure::measures_over_time(&table, &one, &context()).expect("one measure");
    hold("series-cases", &drawing);
    let data = drawing.data;
    assert_eq!(data.rows(), 12, "a row per quarter");
    let medians = data.reals("median").expect("medians");
    assert!(medians.iter().all(|median| (6.0..12.0).contains(median)), "{medians:?}");
    let five: Vec<Measure> = ["arrived", "recognised", "sought", "accepted", "tick"]
        .map(|column| Measure::mean(column, "A long title that surely has to be broken into lines", column))
        .to_vec();
    hold("series-five", &figure::measures_over_time(&table, &five, &context()).expect("five measures"));
    assert!(figure::measures_over_time(&table, &[], &context()).is_err());
    let unknown = [Measure::mean("Trust", "Trust", "trust")];
    let error = figure::measures_over_time(&table, &unknown, &context()).expect_err("no such column");
    assert!(error.to_string().contains("no column `trust` of numbers"), "{error}");
}

#[test]
fn extreme_funnels_and_barriers_are_drawn() {
    for (name, total) in [("zero", 0.0), ("tiny", 0.02), ("huge", 4.2e9), ("missing", f64::NAN)] {
        hold(&format!("funnel-{name}"), &figure::funnel(&funnel_table(total), &context()).expect(name));
    }
    let long = "Nobody familiar on the other side of the border, nor anybody who knows somebody who would be";
    let word = "Zusammenarbeitsverhinderungsgrundsatzangelegenheitenverordnung";
    for width in [89.0, 120.0] {
        let table = barriers_table(&[(long, 0.3, "single"), (word, 0.0, "single"), ("x", NONE, "joint")]);
        hold(&format!("barriers-long-{width}"), &figure::barriers(&table, &wide(width)).expect("long names"));
    }
    for share in [0.0, 1e-6, 1.0] {
        let table = barriers_table(&[("only one", share, "single")]);
        hold(&format!("barriers-{share}"), &figure::barriers(&table, &context()).expect("one barrier"));
    }
}

#[test]
fn extreme_litmus_tables_are_drawn() {
    hold("litmus-40", &figure::litmus(&litmus_table(&many(40), false), &context()).expect("40 states"));
    hold("litmus-missing", &figure::litmus(&litmus_table(&many(3), true), &context()).expect("no shares"));
    hold("litmus-two", &figure::litmus(&litmus_table(&many(2), false), &context()).expect("two states"));
}

#[test]
fn extreme_matrices_are_drawn_or_refused() {
    for (name, count, scale) in [("2", 2, 1.0), ("12", 12, 1.0), ("13", 13, 10.0), ("40", 40, 10.0), ("zero", 6, 0.0)] {
        hold(&format!("matrix-{name}"), &figure::matrix(&pairs_table(&many(count), scale), &context()).expect(name));
    }
    for scale in [1e-4, 1e6] {
        hold("matrix-scale", &figure::matrix(&pairs_table(&named(&STATES), scale), &context()).expect("a matrix"));
    }
    let error = figure::matrix(&pairs_table(&many(40), 1.0), &wide(89.0)).expect_err("no room");
    assert!(error.to_string().starts_with("40 states need a figure "), "{error}");
    let long = named(&["the united republics of the northern mountains", "aa", "the islands beyond the sea", "b"]);
    hold("matrix-long", &figure::matrix(&pairs_table(&long, 1.0), &context()).expect("long names"));
}

#[test]
fn extreme_patterns_are_drawn() {
    let table = validation_table(&[
        ("P1", "Equal bounds", "calibrated", 0.5, 0.5, 0.6, "misses"),
        ("P2", "No bounds", "calibrated", NONE, NONE, 0.6, "not tested"),
        ("P3", "Far out", "held out", 0.0, 1e-9, 4e12, "misses"),
        ("P4", "Zero", "held out", 0.0, NONE, 0.0, "holds"),
    ]);
    hold("validation-extreme", &figure::validation(&table, &context()).expect("patterns"));
}

#[test]
fn what_is_missing_is_named() {
    let table = funnel_table(10.0);
    let error = figure::barriers(&table, &context()).expect_err("a funnel is no barrier table");
    assert!(
        error.to_string().contains("table `funnel` has no column `role` of words; its columns are state"),
        "{error}"
    );
    let empty = Table::new(table.schema.clone());
    let error = figure::funnel(&empty, &context()).expect_err("an empty table");
    assert_eq!(error.to_string(), "table `funnel` has no stages to draw");
    for error in [
        figure::series(&Table::new(series_table(1, 1, 1).schema), None, &context()),
        figure::litmus(&Table::new(litmus_table(&[], false).schema), &context()),
        figure::matrix(&Table::new(pairs_table(&[], 1.0).schema), &context()),
        figure::validation(&Table::new(validation_table(&[]).schema), &context()),
        figure::barriers(&Table::new(barriers_table(&[]).schema), &context()),
    ] {
        assert!(matches!(error, Err(FigureError::Nothing { .. })), "{error:?}");
    }
    assert!(Values::empty(Kind::Real).is_empty());
}

#[test]
fn letters_without_a_glyph_are_refused_by_name() {
    let error = figure::matrix(&pairs_table(&named(&["泰国", "laos"]), 1.0), &context()).expect_err("no glyph");
    assert!(error.to_string().contains("no glyph for `泰`"), "{error}");
}

#[test]
fn absurd_sizes_are_refused() {
    for width in [0.0, -5.0, f64::NAN, 1e9, 49.0] {
        assert!(figure::funnel(&funnel_table(10.0), &wide(width)).is_err(), "{width}");
    }
    let drawing = figure::funnel(&funnel_table(10.0), &context()).expect("a funnel");
    assert!(figure::png(&drawing, 0).is_err());
}

#[test]
fn png_records_its_resolution_and_title_without_alpha() {
    let drawing = figure::funnel(&funnel_table(1512.0), &context()).expect("a funnel");
    let bytes = figure::png(&drawing, 300).expect("a picture");
    let chunk = |name: &[u8]| bytes.windows(4).position(|window| window == name).map(|at| &bytes[at + 4..]);
    let physical = chunk(b"pHYs").expect("a resolution");
    assert_eq!(physical[..9], [0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1]);
    let header = chunk(b"IHDR").expect("a header");
    let width = u32::from_be_bytes([header[0], header[1], header[2], header[3]]);
    assert!(width.abs_diff(1417) <= 1, "120 mm at 300 dpi is 1417 pixels, not {width}");
    assert_eq!(header[9], 2, "RGB without alpha");
    assert!(chunk(b"iTXt").expect("a title").starts_with(b"Title\0"));
}
