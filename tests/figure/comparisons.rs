//! Charts that compare arms, from small fixed tables.

use super::{NONE, Numbers, START, context, hold, schema, wide};
use comity::figure::font::Face;
use comity::figure::palette::{GREY, LIGHT};
use comity::figure::sheet::Mark;
use comity::figure::{self, Context, Drawing, FigureError, Outcome};
use comity::table::{Cell, Kind, Table};

const ARMS: [(&str, &str, f64, f64); 8] = [
    ("liaison", "Liaison officers", 0.146, 410_000.0),
    ("exchange-12", "Exchange visits, 12 months", 0.121, 260_000.0),
    ("exercises", "Joint exercises", 0.083, 90_000.0),
    ("contact", "24/7 contact points", 0.072, 120_000.0),
    ("handbook", "Handbook, shared authorship", 0.064, 22_000.0),
    ("form", "Standard request form", 0.017, 8_000.0),
    ("course", "E-learning course", 0.006, 15_000.0),
    ("reporting", "Mandatory reporting", -0.022, 60_000.0),
];
const LONG: &str = "A package of exchange visits, handbooks, liaison officers and standing contact points in every province \
                    of the region, renewed each year for as long as the budget lasts and reviewed by a joint commission \
                    of all states, their practitioners and the organisations that look after the victims";
const WORD: &str = "Zusammenarbeitsverhinderungsgrundsatzangelegenheitenverordnung";

type Arm = (String, String, f64, f64);

fn named() -> Vec<Arm> {
    ARMS.iter().map(|&(key, label, effect, cost)| (key.to_owned(), label.to_owned(), effect, cost)).collect()
}

fn many(count: usize) -> Vec<Arm> {
    let mut numbers = Numbers(11);
    (0..count)
        .map(|index| {
            let effect = 0.25 * numbers.unit() - 0.08;
            (
                format!("arm-{index}"),
                format!("Arm {index}: measures of kind {}", index % 7),
                effect,
                5e5 * numbers.unit(),
            )
        })
        .collect()
}

/// The arms as rows of `effects`, every number multiplied by the scale.
fn effects(arms: &[Arm], unit: &str, scale: f64) -> Table {
    use Kind::{Integer, Real, Text};
    let texts = ["arm", "label", "kind", "measure", "measure_label", "unit", "window", "from", "until"];
    let reals = [
        "baseline_mean",
        "arm_mean",
        "difference",
        "sd",
        "ci_low",
        "ci_high",
        "relative_change",
        "cost",
        "cost_per_additional",
    ];
    let mut fields: Vec<(&str, Kind)> = texts.iter().map(|name| (*name, Text)).collect();
    fields.push(("n", Integer));
    fields.extend(reals.iter().map(|name| (*name, Real)));
    let mut table = Table::new(schema("effects", &fields));
    let mut numbers = Numbers(3);
    for (key, label, effect, cost) in arms {
        let half = (0.01 + 0.03 * numbers.unit()) * scale;
        let effect = effect * scale;
        for (window, factor) in [("after", 1.0), ("ten-years-on", 0.4)] {
            let effect = effect * factor;
            let text = |words: &str| Cell::from(words);
            table.push([
                text(key),
                text(label),
                text("single"),
                text("cooperation"),
                text("Share of cases with cooperation"),
                text(unit),
                text(window),
                text("2010-01-01"),
                text("2014-12-31"),
                Cell::Integer(200),
                Cell::Real(0.3 * scale),
                Cell::Real(0.3 * scale + effect),
                Cell::Real(effect),
                Cell::Real(half * 200f64.sqrt() / 1.972),
                Cell::Real(effect - half),
                Cell::Real(effect + half),
                Cell::Real(effect / (0.3 * scale)),
                Cell::Real(*cost),
                Cell::Real(cost / effect),
            ]);
        }
    }
    table
}

/// Differences that rise while an arm is in force (years 2 to 5) and fade afterwards.
fn differences(arms: &[Arm], periods: i32, scale: f64) -> Table {
    use Kind::{Date, Integer, Real, Text};
    let fields = [
        ("arm", Text),
        ("label", Text),
        ("measure", Text),
        ("measure_label", Text),
        ("unit", Text),
        ("period_start", Date),
        ("n", Integer),
        ("difference", Real),
        ("sd", Real),
        ("ci_low", Real),
        ("ci_high", Real),
        ("band_low", Real),
        ("band_high", Real),
        ("baseline_mean", Real),
        ("arm_mean", Real),
    ];
    let mut table = Table::new(schema("differences", &fields));
    let mut numbers = Numbers(5);
    let base: Vec<f64> = (0..periods).map(|_| 0.3 + 0.015 * numbers.unit()).collect();
    for (key, label, effect, _) in arms {
        for period in 0..periods {
            let shape = match period {
                ..8 => 0.0,
                8..20 => f64::from(period - 7) / 12.0,
                _ => 0.3 + 0.7 / (1.0 + f64::from(period - 20) / 8.0),
            };
            let noise = if shape == 0.0 { 0.0 } else { 0.012 * (numbers.unit() - 0.5) };
            let difference = (effect * shape + noise) * scale;
            let half = if shape == 0.0 { 0.0 } else { (0.012 + 0.08 * effect.abs()) * scale };
            let level = base[period as usize] * scale;
            table.push([
                Cell::from(key.as_str()),
                Cell::from(label.as_str()),
                Cell::from("cooperation"),
                Cell::from("Share of cases with cooperation"),
                Cell::from("share"),
                Cell::Date(START + period * 91),
                Cell::Integer(200),
                Cell::Real(difference),
                Cell::Real(half * 7.0),
                Cell::Real(difference - half),
                Cell::Real(difference + half),
                Cell::Real(difference - 1.7 * half),
                Cell::Real(difference + 1.7 * half),
                Cell::Real(level),
                Cell::Real(level + difference),
            ]);
        }
    }
    table
}

fn schedule(arms: &[Arm]) -> Table {
    use Kind::{Date, Text};
    let fields = [("arm", Text), ("intervention", Text), ("kind", Text), ("start", Date), ("end", Date)];
    let mut table = Table::new(schema("schedule", &fields));
    for (index, (key, ..)) in arms.iter().enumerate() {
        let end = if index % 4 == 3 { i32::MIN } else { START + 20 * 91 };
        let row = [Cell::from(key.as_str()), Cell::from("programme"), Cell::from("exchange")];
        let [arm, intervention, kind] = row;
        table.push([arm, intervention, kind, Cell::Date(START + 8 * 91), Cell::Date(end)]);
    }
    table
}

fn ranking(arms: &[Arm]) -> (Table, Table) {
    use Kind::{Integer, Real, Text};
    let fields = [
        ("arm", Text),
        ("label", Text),
        ("measure_label", Text),
        ("unit", Text),
        ("difference", Real),
        ("ci_low", Real),
        ("ci_high", Real),
    ];
    let mut table = Table::new(schema("ranking", &fields));
    let chances = [("arm", Text), ("rank", Integer), ("probability", Real)];
    let mut probabilities = Table::new(schema("rank_probabilities", &chances));
    let count = arms.len();
    for (own, (key, label, effect, _)) in arms.iter().enumerate() {
        let others = arms.iter().enumerate().filter(|(other, _)| *other != own).map(|(_, arm)| arm.2);
        let best = others.reduce(f64::max).unwrap_or(*effect);
        let gap = effect - best;
        table.push([
            Cell::from(key.as_str()),
            Cell::from(label.as_str()),
            Cell::from("Share of cases with cooperation"),
            Cell::from("share"),
            Cell::Real(gap),
            Cell::Real((gap - 0.03).min(0.0)),
            Cell::Real((gap + 0.03).max(0.0)),
        ]);
        let rank = arms.iter().filter(|arm| arm.2 > *effect).count() + 1;
        let weight = |at: usize| libm::pow(0.35, at.abs_diff(rank) as f64);
        let whole: f64 = (1..=count).map(weight).sum();
        for at in 1..=count {
            probabilities.push([Cell::from(key.as_str()), Cell::Integer(at as i64), Cell::Real(weight(at) / whole)]);
        }
    }
    (table, probabilities)
}

/// A package, its parts with their effects alone, and the effect of the whole.
type Package<'a> = (&'a str, &'a [(&'a str, f64)], f64);

fn packages(list: &[Package<'_>]) -> Table {
    use Kind::{Integer, Real, Text};
    let fields = [
        ("package", Text),
        ("measure", Text),
        ("window", Text),
        ("part", Text),
        ("kind", Text),
        ("value", Real),
        ("ci_low", Real),
        ("ci_high", Real),
        ("n", Integer),
    ];
    let mut table = Table::new(schema("packages", &fields));
    for &(package, parts, whole) in list {
        let sum: f64 = parts.iter().map(|(_, value)| value).sum();
        let mut rows: Vec<(&str, &str, f64)> = parts.iter().map(|&(part, value)| (part, "alone", value)).collect();
        rows.extend([("", "sum", sum), ("", "whole", whole), ("", "synergy", whole - sum)]);
        let even = |value: f64| value + (whole - sum) / parts.len() as f64;
        rows.extend(parts.iter().map(|&(part, value)| (part, "shapley", even(value))));
        for (part, kind, value) in rows {
            let half = 0.02 * whole.abs().max(value.abs());
            let half = if kind == "synergy" { 2.0 * half } else { half } + 0.1 * value.abs();
            table.push([
                Cell::from(package),
                Cell::from("cooperation"),
                Cell::from("after"),
                Cell::from(part),
                Cell::from(kind),
                Cell::Real(value),
                Cell::Real(value - half),
                Cell::Real(value + half),
                Cell::Integer(200),
            ]);
        }
    }
    table
}

const PARTS: [Package<'static>; 2] = [
    ("people-and-paper", &[("exchange", 0.06), ("handbook", 0.04), ("contact-points", 0.015)], 0.16),
    ("paper-only", &[("handbook", 0.04), ("form", 0.02)], 0.05),
];

fn sweep(levels: i32, labels: fn(bool, i32) -> &'static str, scale: f64) -> Table {
    use Kind::{Real, Text};
    let fields =
        [("direction", Text), ("level", Real), ("value", Real), ("ci_low", Real), ("ci_high", Real), ("label", Text)];
    let mut own = (*schema("loop", &fields)).clone();
    own.fields[1].description = "Share of practitioners on exchange.".to_owned();
    own.fields[1].unit = "share".to_owned();
    own.fields[2].unit = "share".to_owned();
    own.fields[2].description = "Share of cases with cooperation.".to_owned();
    let mut table = Table::new(own.into());
    for up in [true, false] {
        for step in 0..levels {
            let level = f64::from(step) / f64::from((levels - 1).max(1));
            let middle = if up { 0.6 } else { 0.3 };
            let value = 0.15 + 0.5 / (1.0 + libm::exp(-(level - middle) * 14.0));
            let half = 0.01 + 0.05 * (1.0 - (2.0 * level - 2.0 * middle).abs()).max(0.0);
            table.push([
                Cell::from(if up { "up" } else { "down" }),
                Cell::Real(level),
                Cell::Real(value * scale),
                Cell::Real((value - half) * scale),
                Cell::Real((value + half) * scale),
                Cell::from(labels(up, step)),
            ]);
        }
    }
    table
}

fn outcome_label(_: bool, _: i32) -> &'static str {
    "Share of cases with cooperation"
}

fn point_labels(up: bool, step: i32) -> &'static str {
    match (up, step) {
        (true, 0) => "start",
        (true, 10) => "full programme",
        (false, 4) => "half cut back",
        (false, 0) => "programme over",
        _ => "",
    }
}

type Prediction<'a> = (&'a str, &'a str, &'a str, f64, f64, f64, &'a str);

const PREDICTIONS: [Prediction<'static>; 7] = [
    ("Q1", "Exchange visits raise cooperation while they last", "difference above 0", 0.121, 0.02, 0.01, "held"),
    ("Q2", "Half of the gain is left five years later", "share above one half", 0.32, 0.11, 0.1, "undecided"),
    ("Q3", "A handbook alone changes nothing", "difference within the margin", 0.004, 0.003, 0.01, "held"),
    (
        "Q4",
        "Liaison officers matter more where few know each other",
        "difference of differences",
        -0.09,
        0.03,
        0.02,
        "broken",
    ),
    ("Q5", "Requests per year double", "cases", 1_840.0, 210.0, 20.0, "held"),
    ("Q6", "Sanctions do not crowd out habit", "change of habit", -0.3, 0.6, NONE, "undecided"),
    ("Q7", "Trust outlives the people who built it", "", NONE, NONE, 0.05, "undecided"),
];

fn predictions(list: &[Prediction<'_>]) -> Table {
    use Kind::{Real, Text};
    let fields = [
        ("key", Text),
        ("sentence", Text),
        ("test", Text),
        ("estimate", Real),
        ("ci_low", Real),
        ("ci_high", Real),
        ("margin", Real),
        ("verdict", Text),
    ];
    let mut table = Table::new(schema("predictions", &fields));
    for &(key, sentence, test, value, half, margin, verdict) in list {
        table.push([
            Cell::from(key),
            Cell::from(sentence),
            Cell::from(test),
            Cell::Real(value),
            Cell::Real(value - half),
            Cell::Real(value + half),
            Cell::Real(margin),
            Cell::from(verdict),
        ]);
    }
    table
}

const ROUTES: [&str; 10] =
    ["habit", "direct", "routine", "trust", "norm", "familiarity", "contacts", "institutions", "workload", "case flow"];

fn tree(count: i64, routes: usize, states: usize) -> Table {
    use Kind::{Date, Integer, Text};
    let fields = [
        ("id", Integer),
        ("parent", Integer),
        ("date", Date),
        ("state", Text),
        ("other", Text),
        ("via", Text),
        ("gained", Integer),
    ];
    let mut table = Table::new(schema("tree", &fields));
    let mut numbers = Numbers(23);
    let mut known: Vec<(i32, usize)> = Vec::new();
    for id in 0..count {
        let root = id == 0 || numbers.unit() < 0.06;
        let parent = if root { -1 } else { ((numbers.unit() * id as f64) as i64).max(id - 60) };
        let (day, state) = match parent {
            -1 => (START + (numbers.unit() * 600.0 * f64::from(u8::from(id > 0))) as i32, 0),
            _ => {
                let (day, state) = known[parent as usize];
                let next = if numbers.unit() < 0.6 { state } else { (numbers.unit() * states as f64) as usize };
                (day + 7 + (numbers.unit() * 260.0) as i32, next)
            }
        };
        known.push((day, state));
        let route = if root { "direct" } else { ROUTES[((numbers.unit() * numbers.unit()) * routes as f64) as usize] };
        let gained = match numbers.unit() {
            ..0.35 => 1,
            0.35..0.5 => -1,
            _ => 0,
        };
        table.push([
            Cell::Integer(id),
            Cell::Integer(parent),
            Cell::Date(day),
            Cell::from(super::STATES[state % super::STATES.len()]),
            Cell::from(super::STATES[(state + 1) % super::STATES.len()]),
            Cell::from(route),
            Cell::Integer(gained),
        ]);
    }
    table
}

const OUTCOME: (&str, &str) = ("cooperation", "after");

fn outcome() -> Outcome<'static> {
    Outcome::new(OUTCOME.0, OUTCOME.1)
}

/// The same, where differences up to that size do not matter.
fn within(size: f64) -> Outcome<'static> {
    Outcome { indifference: Some(size), ..outcome() }
}

/// Everything drawn from ordinary tables in the style of the context.
pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    let draw = |result: Result<Drawing, FigureError>| result.unwrap_or_else(|error| panic!("{error}"));
    let arms = named();
    let (ranks, chances) = ranking(&arms);
    let over_time = differences(&arms[..6], 40, 1.0);
    vec![
        ("forest", draw(figure::forest(&effects(&arms, "share", 1.0), &within(0.01), context))),
        ("differences", draw(figure::differences(&over_time, "cooperation", &schedule(&arms), context))),
        ("trajectories", draw(figure::trajectories(&over_time, "cooperation", &schedule(&arms), context))),
        ("ranking", draw(figure::ranking(&ranks, &chances, context))),
        ("cost-effect", draw(figure::cost_effect(&effects(&arms, "share", 1.0), &outcome(), context))),
        ("packages", draw(figure::packages(&packages(&PARTS), &outcome(), context))),
        ("hysteresis", draw(figure::hysteresis(&sweep(11, outcome_label, 1.0), context))),
        ("predictions", draw(figure::predictions(&predictions(&PREDICTIONS), context))),
        ("spread", draw(figure::spread(&tree(60, 6, 8), context))),
    ]
}

#[test]
fn extreme_forests_are_drawn() {
    let full = named();
    for width in [89.0, 183.0] {
        let draw = |name: &str, arms: &[Arm], unit: &str, scale: f64| {
            let table = effects(arms, unit, scale);
            let drawing = figure::forest(&table, &within(0.01), &wide(width)).expect(name);
            hold(&format!("forest-{name}-{width}"), &drawing);
            drawing
        };
        draw("one", &full[..1], "share", 1.0);
        draw("sixty", &many(60), "share", 1.0);
        draw("huge", &full, "cases", 4e12);
        draw("tiny", &full, "cases", 3e-9);
        draw("zero", &full, "cases", 0.0);
        draw("missing", &full, "share", NONE);
        let long = [("a".to_owned(), LONG.to_owned(), 0.1, 1.0), ("b".to_owned(), WORD.to_owned(), 0.2, NONE)];
        let drawing = draw("long", &long, "share", 1.0);
        if width < 100.0 {
            assert!(drawing.caption.contains("the organisations that look after the victims"), "{}", drawing.caption);
        }
    }
}

#[test]
fn a_filled_marker_means_an_interval_clear_of_what_does_not_matter() {
    let table = effects(&named(), "share", 1.0);
    let filled = |outcome: &Outcome<'_>| {
        let drawing = figure::forest(&table, outcome, &context()).expect("a forest");
        drawing.svg.matches("fill=\"#0072b2\"").count()
    };
    let lows = table.reals("ci_low").expect("bounds");
    let highs = table.reals("ci_high").expect("bounds");
    let windows = table.texts("window").expect("windows");
    for margin in [0.0, 0.01, 0.05, 0.5] {
        let rows = (0..table.rows()).filter(|&row| &*windows[row] == "after");
        let clear = rows.filter(|&row| lows[row] > margin || highs[row] < -margin).count();
        assert_eq!(filled(&within(margin)), clear, "{margin}");
    }
    assert_eq!(filled(&outcome()), filled(&within(0.0)));
}

#[test]
fn the_thick_line_of_a_forest_holds_half_the_thin_one_holds_95_percent() {
    let drawing = figure::forest(&effects(&named()[..1], "share", 1.0), &outcome(), &context()).expect("a forest");
    let long = |wanted: f64| {
        let line = drawing.sheet.marks.iter().find_map(|mark| match mark {
            Mark::Path { points, stroke: Some(stroke), .. } if stroke.width == wanted => {
                Some(points[1].0 - points[0].0)
            }
            _ => None,
        });
        line.expect("a line of that width")
    };
    // Student's t with 199 degrees of freedom: t(0.75) = 0.6757, and 1.972 stands in the table for t(0.975).
    let ratio = long(2.6) / long(1.0);
    assert!((ratio - 0.6757 / 1.972).abs() < 0.002, "{ratio}");
}

#[test]
fn panels_stand_in_order_of_the_last_difference() {
    let mut arms = named();
    arms.reverse();
    let drawing = figure::differences(&differences(&arms, 40, 1.0), "cooperation", &schedule(&arms), &wide(183.0));
    let sheet = drawing.expect("drawn").sheet;
    let titles: Vec<&str> = sheet
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text { text, lettering, .. } if lettering.face == Face::Bold && text.len() > 1 => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let wanted: Vec<&str> = ARMS.iter().map(|(_, label, ..)| *label).collect();
    assert_eq!(titles, wanted);
}

#[test]
fn an_intervention_without_an_end_is_in_force_to_the_end() {
    let arms = named()[3..4].to_vec();
    let areas = |end: i32| {
        let mut table = Table::new(schedule(&[]).schema);
        let [arm, intervention, kind] = ["contact", "programme", "exchange"].map(Cell::from);
        table.push([arm, intervention, kind, Cell::Date(START + 8 * 91), Cell::Date(end)]);
        let drawing = figure::differences(&differences(&arms, 40, 1.0), "cooperation", &table, &context());
        let sheet = drawing.expect("drawn").sheet;
        let widths = sheet.marks.iter().filter_map(|mark| match mark {
            Mark::Path { points, fill: Some(LIGHT), clip: Some(_), .. } => Some(points[1].0 - points[0].0),
            _ => None,
        });
        widths.sum::<f64>()
    };
    let (endless, whole, short) = (areas(i32::MIN), areas(START + 40 * 91), areas(START + 24 * 91));
    assert!((endless - whole).abs() < 0.02, "{endless} {whole}");
    assert!((short - whole / 2.0).abs() < 0.05, "{short} {whole}");
}

#[test]
fn every_difference_in_a_tree_is_drawn_once_and_joined_to_its_parent() {
    let table = tree(200, 6, 8);
    let drawing = figure::spread(&table, &context()).expect("a tree");
    let parents = table.integers("parent").expect("parents");
    let curves =
        drawing.sheet.marks.iter().filter(|mark| matches!(mark, Mark::Path { points, .. } if points.len() == 13));
    assert_eq!(curves.count(), parents.iter().filter(|parent| **parent >= 0).count());
    let gained = table.integers("gained").expect("gains");
    let neither = gained.iter().filter(|gained| **gained == 0).count();
    let discs =
        |mark: &&Mark| matches!(mark, Mark::Circle { fill: Some(fill), radius, .. } if *fill == GREY && *radius < 1.0);
    assert_eq!(drawing.sheet.marks.iter().filter(discs).count(), neither);
}

#[test]
fn extreme_courses_are_drawn() {
    for width in [89.0, 183.0] {
        let draw = |name: &str, arms: &[Arm], periods: i32, scale: f64| {
            let table = differences(arms, periods, scale);
            let schedule = schedule(arms);
            let drawing = figure::differences(&table, "cooperation", &schedule, &wide(width)).expect(name);
            hold(&format!("differences-{name}-{width}"), &drawing);
            let drawing = figure::trajectories(&table, "cooperation", &schedule, &wide(width)).expect(name);
            hold(&format!("trajectories-{name}-{width}"), &drawing);
        };
        let full = named();
        draw("one", &full[..1], 40, 1.0);
        draw("two", &full[..2], 40, 1.0);
        draw("sixty", &many(60), 40, 1.0);
        draw("one-period", &full[..3], 1, 1.0);
        draw("months", &full[..5], 4, 1.0);
        draw("zero", &full[..4], 40, 0.0);
        draw("huge", &full[..4], 40, 1e12);
        draw("tiny", &full[..4], 40, 1e-9);
        draw("missing", &full[..4], 40, NONE);
        let long = [("a".to_owned(), LONG.to_owned(), 0.1, 1.0), ("b".to_owned(), WORD.to_owned(), 0.2, NONE)];
        draw("long", &long, 40, 1.0);
    }
    let empty = Table::new(schedule(&[]).schema);
    let table = differences(&named(), 20, 1.0);
    hold("differences-unscheduled", &figure::differences(&table, "cooperation", &empty, &context()).expect("drawn"));
}

#[test]
fn extreme_rankings_are_drawn() {
    for width in [89.0, 183.0] {
        for (name, arms) in [("one", named()[..1].to_vec()), ("three", named()[..3].to_vec()), ("sixty", many(60))] {
            let (table, chances) = ranking(&arms);
            hold(&format!("ranking-{name}-{width}"), &figure::ranking(&table, &chances, &wide(width)).expect(name));
        }
        let (table, chances) = ranking(&named());
        let none = Table::new(chances.schema.clone());
        hold(&format!("ranking-no-chances-{width}"), &figure::ranking(&table, &none, &wide(width)).expect("drawn"));
    }
}

#[test]
fn extreme_costs_are_drawn_and_the_frontier_is_right() {
    for width in [89.0, 183.0] {
        let draw = |name: &str, arms: &[Arm], scale: f64| {
            let table = effects(arms, "share", scale);
            let drawing = figure::cost_effect(&table, &outcome(), &wide(width)).expect(name);
            hold(&format!("cost-effect-{name}-{width}"), &drawing);
            drawing
        };
        draw("one", &named()[..1], 1.0);
        draw("sixty", &many(60), 1.0);
        draw("zero", &named(), 0.0);
        draw("huge", &named(), 1e12);
        let long = [("a".to_owned(), LONG.to_owned(), 0.1, 1e-9), ("b".to_owned(), WORD.to_owned(), 0.2, NONE)];
        let drawing = draw("long", &long, 1.0);
        assert!(drawing.caption.contains(&format!("missing: {WORD}")), "{}", drawing.caption);
    }
    let drawing = figure::cost_effect(&effects(&named(), "share", 1.0), &outcome(), &context()).expect("drawn");
    let data = drawing.data;
    let standings = data.texts("standing").expect("standings");
    let found: Vec<&str> = standings.iter().map(|word| &**word).collect();
    let want = ["frontier", "frontier", "frontier", "dominated", "frontier", "frontier", "dominated", "dominated"];
    assert_eq!(found, want);
    let costless: Vec<Arm> = named().into_iter().map(|(key, label, effect, _)| (key, label, effect, NONE)).collect();
    let error = figure::cost_effect(&effects(&costless, "share", 1.0), &outcome(), &context()).expect_err("no costs");
    assert_eq!(error.to_string(), "table `effects` has no arms with both a cost and an effect to draw");
}

#[test]
fn extreme_packages_are_drawn() {
    for width in [89.0, 183.0] {
        let draw = |name: &str, list: &[Package<'_>]| {
            let drawing = figure::packages(&packages(list), &outcome(), &wide(width)).expect(name);
            hold(&format!("packages-{name}-{width}"), &drawing);
        };
        draw("one", &PARTS[1..]);
        draw("zero", &[("nothing", &[("a", 0.0), ("b", 0.0)], 0.0)]);
        draw("huge", &[("huge", &[("a", 4e12), ("b", -2e3)], 5e12)]);
        draw("missing", &[("unknown", &[("a", NONE), ("b", 0.1)], 0.2)]);
        draw("long", &[(LONG, &[(LONG, 0.1), (WORD, 0.2)], 0.4)]);
        let parts: Vec<(&str, f64)> = (0..20).map(|index| (ARMS[index % 8].0, 0.01 * index as f64)).collect();
        draw("twenty", &[("all", &parts, 1.0)]);
    }
}

#[test]
fn extreme_loops_are_drawn() {
    for width in [89.0, 183.0] {
        let draw = |name: &str, table: &Table| {
            hold(&format!("hysteresis-{name}-{width}"), &figure::hysteresis(table, &wide(width)).expect(name));
        };
        draw("points", &sweep(11, point_labels, 1.0));
        draw("one", &sweep(1, outcome_label, 1.0));
        draw("many", &sweep(101, outcome_label, 1.0));
        draw("zero", &sweep(11, outcome_label, 0.0));
        draw("huge", &sweep(11, outcome_label, 1e9));
    }
    let table = sweep(11, outcome_label, 1.0);
    let drawing = figure::hysteresis(&table, &context()).expect("a loop");
    assert!(drawing.caption.contains("more on the way down; there the intervals do not touch"), "{}", drawing.caption);
    let error = figure::hysteresis(&sweep(3, outcome_label, NONE), &context()).expect_err("nothing known");
    assert!(matches!(error, FigureError::Nothing { .. }), "{error}");
}

#[test]
fn extreme_predictions_are_drawn() {
    let list = [
        ("Q1", LONG, WORD, 4e12, 1.0, 1e-9, "held"),
        ("Q2", WORD, LONG, -4e12, 1.0, 1.0, "broken"),
        ("Q3", "zero", "", 0.0, 0.0, 0.0, "undecided"),
        ("Q4", "tiny", "x", 1e-14, 1e-15, NONE, "held"),
    ];
    for width in [89.0, 183.0] {
        let drawing = figure::predictions(&predictions(&list), &wide(width)).expect("drawn");
        hold(&format!("predictions-extreme-{width}"), &drawing);
        let drawing = figure::predictions(&predictions(&list[2..3]), &wide(width)).expect("drawn");
        hold(&format!("predictions-one-{width}"), &drawing);
    }
}

#[test]
fn extreme_trees_are_drawn() {
    for width in [89.0, 183.0] {
        for (name, count, routes, states) in [("one", 1, 1, 1), ("five-hundred", 500, 10, 10), ("two", 2, 3, 2)] {
            let drawing = figure::spread(&tree(count, routes, states), &wide(width)).expect(name);
            hold(&format!("spread-{name}-{width}"), &drawing);
        }
    }
}

#[test]
fn comparisons_without_rows_say_so() {
    let bare = |table: &Table| Table::new(table.schema.clone());
    let (table, chances) = ranking(&named());
    let effects = effects(&named(), "share", 1.0);
    let over_time = differences(&named(), 2, 1.0);
    let timetable = schedule(&named());
    for drawn in [
        figure::forest(&bare(&effects), &outcome(), &context()),
        figure::cost_effect(&bare(&effects), &outcome(), &context()),
        figure::differences(&bare(&over_time), "cooperation", &timetable, &context()),
        figure::trajectories(&bare(&over_time), "cooperation", &timetable, &context()),
        figure::ranking(&bare(&table), &chances, &context()),
        figure::packages(&bare(&packages(&PARTS)), &outcome(), &context()),
        figure::hysteresis(&bare(&sweep(3, outcome_label, 1.0)), &context()),
        figure::predictions(&bare(&predictions(&PREDICTIONS)), &context()),
        figure::spread(&bare(&tree(3, 1, 1)), &context()),
    ] {
        assert!(matches!(drawn, Err(FigureError::Nothing { .. })), "{drawn:?}");
    }
    let error = figure::forest(&effects, &Outcome::new("rescues", "after"), &context()).expect_err("no such measure");
    assert_eq!(
        error.to_string(),
        "table `effects` has no rows of measure `rescues` and window `after` (measure has cooperation) to draw"
    );
    let error = figure::differences(&effects, "cooperation", &timetable, &context()).expect_err("another table");
    assert!(error.to_string().contains("no column `period_start` of dates"), "{error}");
}
