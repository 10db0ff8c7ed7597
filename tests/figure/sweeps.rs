//! Charts of sweeps: one factor as lines, two as a map of cells.

use super::{NONE, Numbers, context, hold, texts, wide};
use comity::figure::palette::{Colour, diverging, sequential};
use comity::figure::sheet::{Mark, Rect};
use comity::figure::{self, Context, Drawing, FigureError, Response, Swept, Wording};
use comity::table::{Cell, Field, Schema, Table};

fn table(rows: &[(f64, f64, f64, f64)]) -> Table {
    let mut table = Table::new(Schema::of(
        "points",
        "",
        vec![
            Field::text("arm", "Arm."),
            Field::real("visits", "visits", "Exchange visits per 100 practitioners and year."),
            Field::real("coverage", "share", "Handbook coverage."),
            Field::real("answered", "share", "Share of requests answered."),
            Field::real("low", "share", "Lower end."),
            Field::real("high", "share", "Upper end."),
        ],
    ));
    for &(x, y, value, half) in rows {
        table.push([
            Cell::from("only"),
            Cell::Real(x),
            Cell::Real(y),
            Cell::Real(value),
            Cell::Real(value - half),
            Cell::Real(value + half),
        ]);
    }
    table
}

const SWEPT: Swept<'static> = Swept {
    x: "visits",
    y: "coverage",
    value: "answered",
    low: Some("low"),
    high: Some("high"),
    today: None,
    threshold: None,
    difference: false,
    intervals: "",
};

/// A noisy slope over even ratios of visits and even steps of coverage.
fn slope(columns: i32, rows: i32, value: impl Fn(f64, f64) -> f64) -> Table {
    let mut numbers = Numbers(5);
    let mut points = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (along, up) =
                (f64::from(column) / f64::from((columns - 1).max(1)), f64::from(row) / f64::from((rows - 1).max(1)));
            points.push((
                libm::pow(10.0, 2.0 * along - 1.0),
                up,
                value(along, up) + 0.02 * (numbers.unit() - 0.5),
                0.03,
            ));
        }
    }
    table(&points)
}

fn levels(along: f64, up: f64) -> f64 {
    0.15 + 0.75 / (1.0 + libm::exp(-5.0 * (along + up - 0.9)))
}

/// The boxes of grounds of that colour.
fn grounds(drawing: &Drawing, colour: Colour) -> Vec<Rect> {
    let place = |mark: &Mark| match mark {
        Mark::Path { points, fill: Some(fill), .. } if *fill == colour => {
            points.iter().map(|&(x, y)| Rect::new(x, y, x, y)).reduce(|a, b| {
                Rect::new(a.left.min(b.left), a.top.min(b.top), a.right.max(b.right), a.bottom.max(b.bottom))
            })
        }
        _ => None,
    };
    drawing.sheet.marks.iter().filter_map(place).collect()
}

/// A map of cells and lines of one factor.
pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    let swept = Swept { today: Some((0.5, 0.3)), threshold: Some(0.5), ..SWEPT };
    let rising = |index: usize, x: f64| 0.2 + 0.06 * index as f64 + 0.1 * libm::log(1.0 + x);
    let three = arms(&["handbook", "exchange-visits", "liaison"], &STEPS, rising);
    let line = Response { today: Some(0.5), threshold: Some(0.4), ..LINE };
    vec![
        ("heatmap", figure::heatmap(&slope(9, 7, levels), &swept, context).unwrap_or_else(|error| panic!("{error}"))),
        ("response", figure::response(&three, &line, context).unwrap_or_else(|error| panic!("{error}"))),
    ]
}

#[test]
fn a_heat_map_is_fit_for_print_at_journal_widths() {
    let swept = Swept { today: Some((0.5, 0.3)), threshold: Some(0.5), ..SWEPT };
    let difference = Swept { difference: true, today: Some((3.0, 0.9)), ..SWEPT };
    for width in [84.0, 89.0, 120.0, 140.0, 183.0] {
        hold(
            &format!("heatmap-{width}"),
            &figure::heatmap(&slope(25, 21, levels), &swept, &wide(width)).expect("a map"),
        );
        let table = slope(9, 7, |along, up| 0.3 * (along - 0.4) - 0.15 * up);
        hold(
            &format!("heatmap-difference-{width}"),
            &figure::heatmap(&table, &difference, &wide(width)).expect("a map"),
        );
    }
    let (one, two) = (
        figure::heatmap(&slope(9, 9, levels), &swept, &context()),
        figure::heatmap(&slope(9, 9, levels), &swept, &context()),
    );
    assert_eq!(one.expect("a map").svg, two.expect("a map").svg);
}

#[test]
fn uneven_levels_give_uneven_cells_whose_borders_lie_midway() {
    // Levels 0, 1 and 4 of x: borders at −0.5, 0.5, 2.5 and 5.5.
    let points =
        [(0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.5, 0.0), (4.0, 0.0, 1.0, 0.0), (0.0, 1.0, 0.0, 0.0), (4.0, 1.0, 1.0, 0.0)];
    let drawing = figure::heatmap(&table(&points), &SWEPT, &context()).expect("a map");
    hold("heatmap-uneven", &drawing);
    let middle =
        grounds(&drawing, sequential(0.5)).into_iter().find(|cell| cell.width() > 20.0).expect("the cell of 0.5");
    let first = grounds(&drawing, sequential(0.0)).into_iter().find(|cell| cell.width() > 20.0).expect("a cell of 0");
    assert!((middle.width() / first.width() - 2.0).abs() < 0.03, "{middle:?} {first:?}");
    assert!((middle.left - first.right).abs() < 0.5);
    assert!(texts(&drawing).contains(&"no data".to_owned()), "the point that is missing is named");
    assert!(drawing.caption.contains("no data"), "{}", drawing.caption);
}

#[test]
fn levels_at_even_ratios_stand_on_a_logarithmic_axis() {
    let drawing = figure::heatmap(&slope(5, 5, levels), &SWEPT, &context()).expect("a map");
    let words = texts(&drawing);
    for tick in ["0.1", "1", "10"] {
        assert!(words.contains(&tick.to_owned()), "{words:?}");
    }
    let at = |word: &str| {
        let found = drawing.sheet.text_boxes().into_iter().find(|(place, text)| *text == word && place.top > 100.0);
        found.map(|(place, _)| place.centre().0).expect("a tick")
    };
    assert!((at("1") - at("0.1") - (at("10") - at("1"))).abs() < 0.5, "decades are equally long");
}

#[test]
fn differences_are_white_at_zero_and_dotted_where_their_interval_includes_it() {
    let points: Vec<(f64, f64, f64, f64)> = (0..3)
        .flat_map(|x| (0..3).map(move |y| (f64::from(x), f64::from(y) / 2.0, f64::from(x - 1) * 0.2, 0.05)))
        .collect();
    let drawing = figure::heatmap(&table(&points), &Swept { difference: true, ..SWEPT }, &context()).expect("a map");
    hold("heatmap-zero", &drawing);
    assert_eq!(grounds(&drawing, diverging(0.5)).iter().filter(|cell| cell.width() > 20.0).count(), 3);
    let cells = |share: f64| {
        let big = |cell: &Rect| cell.width() > 20.0 && cell.height() > 20.0;
        grounds(&drawing, diverging(share)).into_iter().filter(big).collect::<Vec<_>>()
    };
    let dots: Vec<(f64, f64)> = drawing
        .sheet
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Circle { centre, radius, .. } if *radius < 0.5 && centre.1 > 30.0 => Some(*centre),
            _ => None,
        })
        .collect();
    let within = |cell: &Rect| {
        dots.iter().filter(|(x, y)| cell.left < *x && *x < cell.right && cell.top < *y && *y < cell.bottom).count()
    };
    assert!(cells(0.5).iter().all(|cell| within(cell) > 20), "cells of zero are dotted");
    assert_eq!(cells(0.0).iter().chain(&cells(1.0)).map(within).sum::<usize>(), 0, "clear cells are not");
    assert!(texts(&drawing).contains(&"interval includes 0".to_owned()));
}

#[test]
fn the_bold_contour_runs_where_the_threshold_lies_and_todays_dot_where_today_is() {
    let points: Vec<(f64, f64, f64, f64)> = (0..11)
        .flat_map(|x| (0..11).map(move |y| (f64::from(x), f64::from(y) / 10.0, f64::from(x) / 10.0, 0.0)))
        .collect();
    let swept = Swept { threshold: Some(0.62), today: Some((2.0, 0.5)), ..SWEPT };
    let drawing = figure::heatmap(&table(&points), &swept, &context()).expect("a map");
    hold("heatmap-plane", &drawing);
    let bold: Vec<f64> = drawing
        .sheet
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Path { points, closed: false, stroke: Some(stroke), .. }
                if stroke.width == 1.5 && stroke.colour == figure::palette::BLACK =>
            {
                Some(points.clone())
            }
            _ => None,
        })
        .flatten()
        .map(|(x, _)| x)
        .collect();
    let dot = drawing.sheet.marks.iter().find_map(|mark| match mark {
        Mark::Circle { centre, radius, .. } if *radius > 3.0 => Some(*centre),
        _ => None,
    });
    let (today, cell) = (dot.expect("the dot of today").0, grounds(&drawing, sequential(0.2))[0]);
    assert!((cell.centre().0 - today).abs() < 0.5, "today stands in the middle of its cell");
    let step = grounds(&drawing, sequential(0.3))[0].left - cell.left;
    assert!(!bold.is_empty() && bold.iter().all(|x| (x - today - 4.2 * step).abs() < 0.1), "{bold:?} {today} {step}");
    assert!(drawing.caption.contains("The threshold of 62 is the bold line"), "{}", drawing.caption);
}

#[test]
fn extreme_heat_maps_are_drawn_or_refused_with_a_reason() {
    let all = Swept { threshold: Some(0.5), today: Some((1.0, 0.0)), ..SWEPT };
    let one = table(&[(1.0, 0.5, 0.4, 0.1)]);
    hold("heatmap-one", &figure::heatmap(&one, &all, &context()).expect("one point"));
    hold("heatmap-60", &figure::heatmap(&slope(60, 60, levels), &all, &context()).expect("60 levels"));
    hold(
        "heatmap-zeros",
        &figure::heatmap(&table(&[(0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0)]), &all, &context()).expect("zeros"),
    );
    for scale in [1e9, 1e-9] {
        let points: Vec<(f64, f64, f64, f64)> = (0..5)
            .flat_map(|x| (0..5).map(move |y| (f64::from(x) * scale, f64::from(y), scale * f64::from(x + y), scale)))
            .collect();
        let swept = Swept { threshold: Some(4.0 * scale), ..SWEPT };
        hold(&format!("heatmap-{scale}"), &figure::heatmap(&table(&points), &swept, &context()).expect("a scale"));
    }
    let missing = table(&[(1.0, 0.5, NONE, NONE), (2.0, 0.5, NONE, NONE)]);
    for nothing in [missing, table(&[])] {
        assert!(matches!(figure::heatmap(&nothing, &all, &context()), Err(FigureError::Nothing { .. })));
    }
    let twice = table(&[(1.0, 0.5, 0.1, 0.0), (1.0, 0.5, 0.2, 0.0)]);
    let error = figure::heatmap(&twice, &all, &context()).map(|drawing| drawing.caption).expect_err("a point twice");
    assert!(error.to_string().contains("more than one row with visits = 1 and coverage = 0.5"), "{error}");
    let error = figure::heatmap(&one, &Swept { x: "trust", ..SWEPT }, &context())
        .map(|drawing| drawing.caption)
        .expect_err("no column");
    assert!(error.to_string().contains("no column `trust` of numbers"), "{error}");
    let words =
        "A sentence about the outcome that is so long that no axis of any chart was ever made for it. ".repeat(3);
    let outer = Context { wording: Wording::new([("Share of requests answered".to_owned(), words)]), ..wide(84.0) };
    hold("heatmap-long", &figure::heatmap(&slope(5, 5, levels), &SWEPT, &outer).expect("long words"));
}

const LINE: Response<'static> = Response {
    x: "visits",
    value: "answered",
    low: Some("low"),
    high: Some("high"),
    arm: Some("arm"),
    names: None,
    today: None,
    threshold: None,
    difference: false,
    intervals: "",
};

/// So many arms over some levels.
fn arms(names: &[&str], steps: &[f64], value: impl Fn(usize, f64) -> f64) -> Table {
    let mut out = Table::new(table(&[]).schema);
    for (index, name) in names.iter().enumerate() {
        for &x in steps {
            let value = value(index, x);
            let (low, high) = (Cell::Real(value - 0.03), Cell::Real(value + 0.03));
            out.push([Cell::from(*name), Cell::Real(x), Cell::Real(0.0), Cell::Real(value), low, high]);
        }
    }
    out
}

const STEPS: [f64; 5] = [0.1, 0.3, 1.0, 3.0, 10.0];

#[test]
fn lines_of_one_factor_are_fit_for_print_at_journal_widths() {
    let rising = |index: usize, x: f64| 0.2 + 0.06 * index as f64 + 0.1 * libm::log(1.0 + x);
    let swept = Response { today: Some(0.5), threshold: Some(0.4), ..LINE };
    for width in [84.0, 89.0, 120.0, 140.0, 183.0] {
        let three = arms(&["handbook", "exchange-visits", "liaison"], &STEPS, rising);
        hold(&format!("response-{width}"), &figure::response(&three, &swept, &wide(width)).expect("three arms"));
        let alone = arms(&["handbook"], &STEPS, rising);
        let alone_swept = Response { arm: None, ..swept };
        hold(
            &format!("response-alone-{width}"),
            &figure::response(&alone, &alone_swept, &wide(width)).expect("one line"),
        );
    }
}

#[test]
fn markers_stand_where_values_are_and_names_beside_their_ends() {
    let flat = arms(&["high", "low"], &STEPS, |index, _| [0.6, 0.2][index]);
    let drawing = figure::response(&flat, &LINE, &context()).expect("two arms");
    hold("response-flat", &drawing);
    let discs: Vec<(f64, f64)> = drawing
        .sheet
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Circle { centre, .. } => Some(*centre),
            _ => None,
        })
        .collect();
    assert_eq!(discs.len(), STEPS.len(), "the first arm has discs");
    let name = |word: &str| {
        let found = drawing.sheet.text_boxes().into_iter().find(|(_, text)| *text == word);
        found.map(|(place, _)| place.centre()).expect("a name")
    };
    assert!((name("High").1 - discs[0].1).abs() < 2.5 && name("Low").1 > name("High").1 + 10.0);
    let steps: Vec<f64> = discs.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(steps.iter().all(|step| (step - steps[0]).abs() < 0.1 * steps[0]), "even ratios, even steps: {steps:?}");
    let given = Context { order: vec!["low".to_owned()], ..context() };
    assert_ne!(figure::response(&flat, &LINE, &given).expect("two arms").svg, drawing.svg);
}

#[test]
fn extreme_lines_are_drawn_or_refused_with_a_reason() {
    let one = arms(&["a"], &[1.0], |_, _| 0.5);
    hold("response-one", &figure::response(&one, &LINE, &context()).expect("one point"));
    let sixty: Vec<f64> = (0..60).map(f64::from).collect();
    hold("response-60", &figure::response(&arms(&["a", "b"], &sixty, |_, x| x), &LINE, &context()).expect("60 levels"));
    hold(
        "response-zeros",
        &figure::response(&arms(&["a", "b"], &STEPS, |_, _| 0.0), &LINE, &context()).expect("zeros"),
    );
    for scale in [1e9, 1e-9] {
        let table = arms(&["a", "b"], &STEPS, |index, x| scale * (x + index as f64));
        hold(&format!("response-{scale}"), &figure::response(&table, &LINE, &context()).expect("a scale"));
    }
    let gaps = arms(&["a", "b"], &STEPS, |index, x| if index == 0 && x == 1.0 { NONE } else { 0.4 });
    hold("response-gaps", &figure::response(&gaps, &LINE, &context()).expect("gaps"));
    let long = "A package of exchange visits, handbooks and liaison officers in every province of the region";
    hold(
        "response-long",
        &figure::response(&arms(&[long, "b"], &STEPS, |_, x| x), &LINE, &wide(84.0)).expect("long names"),
    );
    let names: Vec<String> = (0..13).map(|index| format!("arm-{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    hold(
        "response-12",
        &figure::response(&arms(&names[..12], &STEPS, |i, x| x + i as f64), &LINE, &context()).expect("12"),
    );
    let refused = |table: &Table, swept: &Response<'_>| {
        figure::response(table, swept, &context()).map(|drawing| drawing.caption).expect_err("refused").to_string()
    };
    assert!(refused(&arms(&names, &STEPS, |_, x| x), &LINE).contains("13 lines cannot be told apart"));
    assert!(refused(&arms(&["a"], &[1.0, 1.0], |_, x| x), &LINE).contains("more than one row with visits = 1"));
    assert!(refused(&arms(&["a"], &STEPS, |_, _| NONE), &LINE).contains("no points with a value"));
    assert!(refused(&table(&[]), &LINE).contains("no points with a value"));
    assert!(refused(&one, &Response { value: "trust", ..LINE }).contains("no column `trust`"));
}
