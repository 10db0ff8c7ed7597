//! Charts of what a calibration came to, through the door of requests.

use super::{Numbers, context, hold, wide};
use comity::figure::sheet::Mark;
use comity::figure::{Changes, Context, Drawing, JOURNALS, Kind, Request, Style, Tables, calibration_requests};
use comity::table::{Cell, Field, Schema, Table};

const FACTORS: [(&str, &str, &str, f64, f64); 8] = [
    ("seeking", "Readiness to ask by police channels", "utility", -1.5, 2.5),
    ("cases", "Cases of all corridors", "times its value", 0.5, 2.0),
    ("recording", "Recording of all states", "times its value", 0.5, 1.6),
    ("approval", "Chance that an informal request is sent back for a formal letter", "probability", 0.1, 0.7),
    ("routine_half_life", "Half-life of a unit's unused routine", "days", 180.0, 1800.0),
    ("learning", "Learning rate of a habit per repetition, median over practitioners", "rate", 0.012, 0.09),
    ("trust", "Generalised trust at the start", "share", 0.15, 0.65),
    ("trust_return", "How fast generalised trust goes back", "share", 0.0, 1.0),
];
const CONTRACTIONS: [f64; 8] = [0.91, 0.62, 0.5, 0.31, 0.1, 0.04, -0.08, -0.3];
const MODELS: [(&str, &str); 3] =
    [("baseline", "Baseline"), ("no-habit", "No habit"), ("realist", "Realist: gates and no habit")];

fn texts(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| Field::text(name, "")).collect()
}

fn reals(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| Field::real(name, "", "")).collect()
}

fn integers(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| Field::integer(name, "", "")).collect()
}

fn table(name: &str, fields: Vec<Vec<Field>>) -> Table {
    Table::new(Schema::of(name, "", fields.into_iter().flatten().collect()))
}

/// Draws and what was learned of so many factors.
fn fitted(count: usize) -> [Table; 2] {
    let own: Vec<Field> = FACTORS[..count].iter().map(|(key, _, unit, ..)| Field::real(key, unit, "")).collect();
    let mut draws = table("factor_draws", vec![texts(&["model", "of"]), integers(&["draw"]), reals(&["weight"]), own]);
    let mut learned = table(
        "learned",
        vec![
            texts(&["model", "what", "label", "name"]),
            reals(&["contraction", "contraction_error", "median", "low", "high"]),
            texts(&["scale"]),
            reals(&["prior_from", "prior_to"]),
        ],
    );
    let mut numbers = Numbers(11);
    for (model, _) in MODELS {
        for (of, many) in [("prior", 150), ("posterior", 90)] {
            let raw: Vec<f64> = (0..many).map(|_| if of == "prior" { 1.0 } else { 0.2 + numbers.unit() }).collect();
            let sum: f64 = raw.iter().sum();
            for (draw, weight) in raw.iter().enumerate() {
                let shared = numbers.unit();
                let mut row: Vec<Cell> =
                    vec![model.into(), of.into(), Cell::from(draw as i64), Cell::from(weight / sum)];
                for (place, (.., low, high)) in FACTORS[..count].iter().enumerate() {
                    let width = if of == "prior" { 1.0 } else { libm::sqrt((1.0 - CONTRACTIONS[place]).min(1.0)) };
                    let u = 0.5 + (0.5 * numbers.unit() + 0.5 * shared - 0.5) * width;
                    let value = if *low > 0.0 && high / low >= 4.0 {
                        low * libm::pow(high / low, u)
                    } else {
                        low + (high - low) * u
                    };
                    row.push(value.into());
                }
                draws.push_cells(row);
            }
        }
        for (place, (key, name, _, low, high)) in FACTORS[..count].iter().enumerate() {
            let scale = if *low > 0.0 && high / low >= 4.0 { "log" } else { "linear" };
            let (middle, half) = ((low + high) / 2.0, (high - low) / 3.0);
            let numbers = [CONTRACTIONS[place], 0.1, middle, middle - half, middle + half].map(Cell::from);
            let head = [model, "parameter", key, name].map(Cell::from);
            let tail = [scale.into(), (*low).into(), (*high).into()];
            learned.push_cells(head.into_iter().chain(numbers).chain(tail));
        }
        for (place, contraction) in [0.95, 0.9, 0.4, 0.3, 0.2, 0.1, -0.1, -0.5].into_iter().enumerate().take(count) {
            let label = format!("+0.84 {} -0.30 routine_half_life", FACTORS[place].0);
            let nan = f64::NAN;
            let head = [model, "direction", &label, &label].map(Cell::from);
            let numbers = [contraction, if place == count - 1 { 4.0 } else { 0.05 }, nan, nan, nan].map(Cell::from);
            learned.push_cells(head.into_iter().chain(numbers).chain(["".into(), nan.into(), nan.into()]));
        }
    }
    [draws, learned]
}

fn generations(count: i64) -> Table {
    let mut all = table(
        "generations",
        vec![
            texts(&["model"]),
            integers(&["generation", "particles", "simulations", "failed"]),
            reals(&["epsilon", "acceptance", "effective", "distance"]),
        ],
    );
    for (model, _) in MODELS {
        for number in 0..count {
            let distance = 98.0 * libm::pow(0.6, number as f64);
            let epsilon = if number == 0 { f64::NAN } else { distance * 1.5 };
            let acceptance = if number == 1 { f64::NAN } else { 0.9 * libm::pow(0.7, number as f64) };
            let head = [Cell::from(model), number.into(), (if number == 0 { 1000 } else { 200 }).into()];
            let tail = [Cell::from(900), 3.into(), epsilon.into(), acceptance.into(), 140.2.into(), distance.into()];
            all.push_cells(head.into_iter().chain(tail));
        }
    }
    all
}

const PATTERNS: [(&str, &str, &str, f64, f64); 9] = [
    ("P1", "HSU communications recorded in 30 months (474 ± 20 %)", "calibrated", 379.2, 568.8),
    ("P2", "recorded rescues per communication", "calibrated", 0.22, 0.38),
    ("P7", "cases a year of the median specialist", "held out", 0.0, 0.0),
    ("P7b", "cases a year per specialist, mean", "held out", 0.1, 0.5),
    ("P8b", "requests by police channels per formal request", "held out", 10.0, f64::NAN),
    ("P9b", "pairs of states without recorded communication", "held out", 2.0, 44.0),
    ("P11", "share of origin states that ask more often than they are asked", "held out", 0.5, 1.0),
    ("P13", "a pattern beyond the window, as it stands", "held out", 0.2, 0.4),
    ("P18", "share of idle ties lost in a year", "held out", 0.6, 0.95),
];

fn predicted() -> Table {
    let mut all = table(
        "predictive",
        vec![
            texts(&["model", "kind", "key", "label", "use"]),
            reals(&["observed", "low", "high", "prior_median", "prior_low", "prior_high"]),
            reals(&["median", "half_low", "half_high", "ninety_low", "ninety_high"]),
            texts(&["agreement"]),
            reals(&["inside"]),
        ],
    );
    for (place, (model, _)) in MODELS.into_iter().enumerate() {
        let mut push = |words: [&str; 5], numbers: [f64; 11], agreement: &str, inside: f64| {
            let row = words.map(Cell::from).into_iter().chain(numbers.map(Cell::from));
            all.push_cells(row.chain([agreement.into(), inside.into()]));
        };
        let n = [474.0, 385.0, 594.0, 351.0, 36.0, 2080.0, 453.0, 373.0, 566.0, 219.0, 823.0];
        push([model, "target", "communications", "HSU communications", "calibrated"], n, "inside 50 %", 0.5);
        let n = [0.2, 0.08, 0.38, 0.09, -0.08, 0.29, 0.5, 0.45, 0.55, -0.0024, 0.6];
        push([model, "target", "sought", "Cases with cooperation sought", "calibrated"], n, "outside", 0.1);
        for (at, (key, label, used, low, high)) in PATTERNS.into_iter().enumerate() {
            // Rivals were not looked at beyond the window.
            if place == 1 && key == "P13" {
                continue;
            }
            let holds = (at + place) % 4 != 3;
            let top = if high.is_nan() { 3.0 * low } else { high };
            let width = (top - low).max(0.1);
            let median = if holds { (low + top) / 2.0 } else { top + 2.0 * width };
            let prior = if key == "P13" { [f64::NAN; 3] } else { [median, low - 2.0 * width, top + width] };
            let w = 0.2 * width;
            let n = [
                f64::NAN,
                low,
                high,
                prior[0],
                prior[1],
                prior[2],
                median,
                median - w,
                median + w,
                median - 2.0 * w,
                median + 3.0 * w,
            ];
            push(
                [model, "pattern", key, label, used],
                n,
                if holds { "holds" } else { "misses" },
                if holds { 0.8 } else { 0.04 },
            );
        }
    }
    all
}

fn models(count: usize) -> Table {
    let mut all = table(
        "models",
        vec![
            texts(&["model", "label"]),
            integers(&["simulations", "targets_inside", "targets", "held_out_held", "held_out"]),
            reals(&["distance", "effective"]),
        ],
    );
    for (place, (key, label)) in MODELS.into_iter().enumerate().take(count) {
        let numbers = [2700, 1, 2, 5 - place as i64, 7].map(Cell::from);
        let tail = [22.4 + 8.0 * place as f64, 140.2].map(Cell::from);
        all.push_cells([key.into(), label.into()].into_iter().chain(numbers).chain(tail));
    }
    all
}

/// The tables of a calibration of so many factors, generations and models.
fn calibrated(factors: usize, steps: i64, count: usize) -> Tables {
    let [draws, learned] = fitted(factors);
    let all = [draws, learned, generations(steps), predicted(), models(count)];
    all.into_iter().map(|table| (table.schema.name.clone(), table)).collect()
}

/// Every chart of a calibration, with tables that suit it.
pub fn charts() -> Vec<(&'static str, Tables, Request)> {
    let of = |name: &'static str, kind: Kind, tables: &Tables| (name, tables.clone(), Request::new(kind, kind.key()));
    let (all, few) = (calibrated(8, 5, 3), calibrated(2, 2, 3));
    vec![
        of("posterior", Kind::Posterior, &all),
        of("posterior-of-two", Kind::Posterior, &few),
        of("posterior-of-one", Kind::Posterior, &calibrated(1, 2, 3)),
        of("predictive", Kind::Predictive, &all),
        of("learned", Kind::Learned, &all),
        of("learned-of-two", Kind::Learned, &few),
        of("rivals", Kind::Rivals, &all),
        of("walk", Kind::Walk, &all),
    ]
}

/// The same, drawn.
pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    charts().into_iter().map(|(name, tables, request)| (name, drawn(&tables, &request, context))).collect()
}

fn drawn(tables: &Tables, request: &Request, context: &Context) -> Drawing {
    request.draw(tables, context).unwrap_or_else(|error| panic!("{}: {error}", request.name))
}

#[test]
fn charts_of_a_calibration_are_fit_for_print_at_every_width() {
    for width in [84.0, 120.0, 183.0] {
        for (name, drawing) in gallery(&wide(width)) {
            hold(&format!("{name}-{width}"), &drawing);
        }
    }
    for (name, drawing) in gallery(&context()) {
        hold(name, &drawing);
    }
}

#[test]
fn charts_of_a_calibration_are_fit_for_one_column_of_every_journal() {
    for journal in &JOURNALS {
        let mut style = Style::of(journal);
        (style.width, style.highest) = (Some(journal.columns[0]), None);
        for (name, drawing) in gallery(&Context { style, ..context() }) {
            hold(&format!("{name}-{}", journal.key), &drawing);
        }
    }
}

#[test]
fn captions_of_a_calibration_say_what_the_numbers_rest_on() {
    let captions: Vec<(&str, String)> =
        gallery(&context()).into_iter().map(|(name, own)| (name, own.caption)).collect();
    let has = |name: &str, all: &[&str]| {
        let (_, caption) = captions.iter().find(|(own, _)| *own == name).expect("a chart");
        for words in all {
            assert!(caption.contains(words), "{name} lacks {words}: {caption}");
        }
    };
    let walk = "Fitted by 4500 simulations of this model in 4 generations after the prior (n counts those of all models); the last has 200 particles, whose weights make them worth 140";
    has(
        "posterior",
        &[walk, "90 weighted draws", "150 of the prior", "Not drawn: 2 parameters", "trust, trust_return"],
    );
    has("predictive", &[walk, "90% (1 of 2)", "fitted to 2 of 2", "held out 5 of 7", "Without grey", "end in a tip"]);
    has("learned", &[walk, "3 informed, 2 weakly, 3 not", "Of 8 directions", "end in a tip"]);
    has("rivals", &["3 models", "by 2700 simulations", "2 patterns fitted to, 7 held out"]);
    has("walk", &[walk, "logarithmic"]);
    let (_, two) = captions.iter().find(|(own, _)| *own == "posterior-of-two").expect("a chart");
    assert!(!two.contains("Not drawn"), "{two}");
}

#[test]
fn the_parameters_that_figures_say_most_of_come_first_and_others_can_be_asked_for() {
    let tables = calibrated(8, 3, 3);
    let request = Request::new(Kind::Posterior, "posterior");
    let order = vec!["trust_return".to_owned()];
    let own = super::texts(&drawn(&tables, &request, &context()));
    let place = |own: &[String], word: &str| own.iter().position(|text| text.starts_with(word));
    assert!(
        place(&own, "Readiness to ask") < place(&own, "Cases of all corridors") && place(&own, "How fast").is_none()
    );
    let asked = super::texts(&drawn(&tables, &request, &Context { order, ..context() }));
    assert!(place(&asked, "How fast") < place(&asked, "Readiness to ask") && place(&asked, "Learning").is_none());
    // Shares are printed as percent, days as they are.
    assert!(own.iter().any(|text| text == "40 [20, 60]"), "{own:?}");
}

#[test]
fn missed_figures_are_hollow_and_those_that_hold_are_filled() {
    let rivals = drawn(&calibrated(8, 3, 3), &Request::new(Kind::Rivals, "rivals"), &context());
    let white = comity::figure::palette::WHITE;
    let discs = |hollow: bool| {
        let of = |mark: &&Mark| matches!(mark, Mark::Circle { fill: Some(fill), stroke: Some(_), .. } if (*fill == white) == hollow);
        rivals.sheet.marks.iter().filter(of).count()
    };
    // Nine patterns of three models, one of them not looked at, and one of each in the legend.
    assert_eq!((discs(false), discs(true)), (20 + 1, 6 + 1));
}

#[test]
fn a_calibration_is_left_with_its_figures_and_another_model_has_its_own() {
    let names = |tables: &Tables| calibration_requests(tables).into_iter().map(|own| own.name).collect::<Vec<_>>();
    let all = calibrated(8, 3, 3);
    assert_eq!(names(&all), ["predictive", "posterior", "learned", "rivals", "walk"]);
    assert_eq!(names(&calibrated(8, 3, 1)), ["predictive", "posterior", "learned", "walk"]);
    let mut unlearned = all.clone();
    drop(unlearned.remove("learned"));
    assert_eq!(names(&unlearned), ["predictive", "rivals", "walk"]);
    assert!(names(&Tables::new()).is_empty());
    let walk = Request::new(Kind::Walk, "walk");
    let rival = walk.clone().changed(&Changes { arm: Some("realist".to_owned()), ..Changes::default() });
    assert_eq!(rival.name, "walk-realist");
    assert!(drawn(&all, &rival, &context()).caption.contains("model realist"));
    let nobody = Request { arm: Some("nobody".to_owned()), ..walk };
    let error = nobody.draw(&all, &context()).map(|own| own.caption).expect_err("there is none").to_string();
    assert!(error.contains("nobody") && error.contains("no-habit"), "{error}");
    let alone = Request::new(Kind::Rivals, "rivals").draw(&calibrated(8, 3, 1), &context());
    assert!(alone.map(|own| own.caption).expect_err("one").to_string().contains("two or more"));
}
