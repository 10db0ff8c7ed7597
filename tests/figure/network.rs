//! The network of ties: a map, or a layout of its own.

use super::{NONE, STATES, context, hold, many, named, pairs_table, schema, wide};
use comity::figure::sheet::Mark;
use comity::figure::{self, Context, Drawing, FigureError, Wording};
use comity::table::{Cell, Kind, Table};

/// Longitude and latitude of the capitals of `STATES`.
const CAPITALS: [(f64, f64); 10] = [
    (100.5, 13.8),
    (105.8, 21.0),
    (104.9, 11.6),
    (96.1, 19.8),
    (102.6, 18.0),
    (101.7, 3.1),
    (106.8, -6.2),
    (121.0, 14.6),
    (103.8, 1.3),
    (114.9, 4.9),
];

fn states(keys: &[String], place: impl Fn(usize) -> (f64, f64)) -> Table {
    use Kind::{Real, Text};
    let mut table =
        Table::new(schema("states", &[("key", Text), ("name", Text), ("longitude", Real), ("latitude", Real)]));
    for (index, key) in keys.iter().enumerate() {
        let (longitude, latitude) = place(index);
        table.push([Cell::from(key.as_str()), Cell::from(""), Cell::Real(longitude), Cell::Real(latitude)]);
    }
    table
}

fn pairs(rows: &[(&str, &str, f64, f64)]) -> Table {
    use Kind::{Real, Text};
    let columns = [("from", Text), ("to", Text), ("cases", Real), ("communications", Real)];
    let mut table = Table::new(schema("pairs", &columns));
    for &(from, to, cases, sent) in rows {
        table.push([Cell::from(from), Cell::from(to), Cell::Real(cases), Cell::Real(sent)]);
    }
    table
}

/// Centre and radius of the discs on the map, in the order of their keys; the key of the figure draws more after them.
fn discs(drawing: &Drawing, count: usize) -> Vec<((f64, f64), f64)> {
    let circle = |mark: &Mark| match mark {
        Mark::Circle { centre, radius, .. } => Some((*centre, *radius)),
        _ => None,
    };
    drawing.sheet.marks.iter().filter_map(circle).take(count).collect()
}

/// The corners of the ties, without their white rims and the key.
fn ties(drawing: &Drawing, count: usize) -> Vec<Vec<(f64, f64)>> {
    let white = figure::palette::WHITE;
    let corners = |mark: &Mark| match mark {
        Mark::Path { points, closed: true, fill: Some(fill), .. } if *fill != white => Some(points.clone()),
        _ => None,
    };
    drawing.sheet.marks.iter().filter_map(corners).take(count).collect()
}

fn long(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// A network on a map and one without.
pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    let keys = named(&STATES);
    let (table, map) = (pairs_table(&keys, 1.0), states(&keys, |index| CAPITALS[index]));
    let draw = |map: Option<&Table>| figure::network(&table, map, context).unwrap_or_else(|error| panic!("{error}"));
    vec![("network-on-a-map", draw(Some(&map))), ("network-without-a-map", draw(None))]
}

#[test]
fn the_network_is_fit_for_print_at_journal_widths_with_and_without_a_map() {
    let keys = named(&STATES);
    let (table, map) = (pairs_table(&keys, 1.0), states(&keys, |index| CAPITALS[index]));
    for width in [84.0, 89.0, 120.0, 140.0, 183.0] {
        hold(&format!("network-map-{width}"), &figure::network(&table, Some(&map), &wide(width)).expect("a map"));
        hold(&format!("network-ties-{width}"), &figure::network(&table, None, &wide(width)).expect("a layout"));
    }
    let (one, two) = (figure::network(&table, None, &context()), figure::network(&table, None, &context()));
    assert_eq!(one.expect("a network").svg, two.expect("a network").svg);
}

#[test]
fn east_is_right_north_is_up_and_distances_are_in_proportion() {
    let keys = named(&["a", "b", "c", "d"]);
    let table = pairs(&[("a", "b", 5.0, 3.0), ("b", "c", 5.0, 3.0), ("c", "d", 5.0, 2.0), ("d", "a", 5.0, 1.0)]);
    let map = states(&keys, |index| [(10.0, 0.0), (20.0, 0.0), (10.0, 10.0), (15.0, -10.0)][index]);
    let spots: Vec<(f64, f64)> =
        discs(&figure::network(&table, Some(&map), &context()).expect("a map"), 4).iter().map(|disc| disc.0).collect();
    let degree = (spots[1].0 - spots[0].0) / 10.0;
    assert!(degree > 1.0 && (spots[0].1 - spots[1].1).abs() < 1e-6);
    assert!((spots[0].1 - spots[2].1 - 10.0 * degree).abs() < 0.01, "at the equator degrees are alike: {spots:?}");
    assert!((spots[3].0 - spots[0].0 - 5.0 * degree).abs() < 0.01 && spots[3].1 > spots[0].1);
}

#[test]
fn areas_show_cases_and_the_ends_of_ties_what_is_asked_there() {
    let table =
        pairs(&[("a", "b", 400.0, 80.0), ("b", "a", 100.0, 20.0), ("a", "c", 0.0, 40.0), ("c", "a", 25.0, 40.0)]);
    let drawing = figure::network(&table, None, &context()).expect("a network");
    let radii: Vec<f64> = discs(&drawing, 3).iter().map(|disc| disc.1).collect();
    assert!((radii[0] / radii[1] - 2.0).abs() < 1e-6 && (radii[0] / radii[2] - 4.0).abs() < 1e-6, "{radii:?}");
    // The weaker tie, a to c, is drawn first; its width is that of 40 at both ends, half that of 80.
    let ties = ties(&drawing, 2);
    let ends = |corners: &[(f64, f64)]| {
        let middle = corners.len() / 2;
        (long(corners[0], corners[corners.len() - 1]), long(corners[middle - 1], corners[middle]))
    };
    let (even, tapered) = (ends(&ties[0]), ends(&ties[1]));
    assert!((even.0 - even.1).abs() < 1e-6);
    assert!((tapered.0 / tapered.1 - 4.0).abs() < 1e-6, "a asks four times as much: {tapered:?}");
    assert!((tapered.0 / even.0 - 2.0).abs() < 1e-6);
}

#[test]
fn weak_ties_are_cut_and_the_caption_says_which() {
    let drawing = figure::network(&pairs_table(&many(20), 1.0), None, &context()).expect("a network");
    let (drawn, asks, asked) = (drawing.data.texts("drawn"), drawing.data.reals("asks"), drawing.data.reals("asked"));
    let (drawn, asks, asked) = (drawn.expect("words"), asks.expect("numbers"), asked.expect("numbers"));
    let kept = drawn.iter().filter(|word| &***word == "yes").count();
    assert_eq!(drawing.data.rows(), 190);
    assert!(kept <= 30, "{kept}");
    assert!(drawing.caption.contains(&format!("the {kept} strongest of 190 pairs")), "{}", drawing.caption);
    let sum = |row: usize| asks[row] + asked[row];
    let weakest = (0..190).filter(|row| &*drawn[*row] == "yes").map(sum).fold(f64::INFINITY, f64::min);
    assert!((0..190).filter(|row| &*drawn[*row] == "cut").all(|row| sum(row) < weakest));
}

#[test]
fn extreme_networks_are_drawn_or_refused_with_a_reason() {
    let one = pairs(&[("a", "b", 1.0, 1.0)]);
    hold("network-one", &figure::network(&one, None, &context()).expect("one tie"));
    hold("network-40", &figure::network(&pairs_table(&many(40), 1.0), None, &context()).expect("40 states"));
    let error = figure::network(&pairs_table(&many(40), 1.0), None, &wide(84.0))
        .map(|drawing| drawing.caption)
        .expect_err("no room");
    assert!(error.to_string().contains("40 states find no room on 84 mm"), "{error}");
    let error = figure::network(&pairs_table(&many(61), 1.0), None, &context()).expect_err("too many");
    assert!(error.to_string().contains("61 states cannot be read"), "{error}");
    for scale in [1e9, 1e-9] {
        let table = pairs_table(&named(&STATES), scale);
        hold(&format!("network-{scale}"), &figure::network(&table, None, &context()).expect("a scale"));
    }
    let word = "The United Federal Republics of the Mountains and the Islands beyond them".to_owned();
    let keys = vec![word.clone(), format!("{word} of the South"), "c".to_owned()];
    for width in [84.0, 183.0] {
        hold("network-long", &figure::network(&pairs_table(&keys, 1.0), None, &wide(width)).expect("long names"));
    }
    let cases_missing = pairs(&[("a", "b", NONE, 4.0), ("b", "c", NONE, NONE), ("c", "b", NONE, 2.0)]);
    hold("network-missing", &figure::network(&cases_missing, None, &context()).expect("no cases known"));
    for silent in [pairs(&[("a", "b", 5.0, 0.0)]), pairs(&[("a", "b", 5.0, NONE)]), pairs(&[])] {
        let error = figure::network(&silent, None, &context());
        assert!(matches!(error, Err(FigureError::Nothing { .. })), "{error:?}");
    }
    let error = figure::network(&states(&many(2), |_| (0.0, 0.0)), None, &context()).expect_err("no pairs");
    assert!(error.to_string().contains("no column `from` of words"), "{error}");
    let alike: Vec<(String, String)> =
        (0..12).flat_map(|a| (0..a).map(move |b| (format!("s{a}"), format!("s{b}")))).collect();
    let rows: Vec<(&str, &str, f64, f64)> = alike.iter().map(|(a, b)| (a.as_str(), b.as_str(), 1.0, 1.0)).collect();
    let error = figure::network(&pairs(&rows), None, &context()).expect_err("nothing to cut by");
    assert!(error.to_string().contains("66 pairs communicate equally much"), "{error}");
}

#[test]
fn states_in_one_place_are_moved_apart_and_missing_coordinates_mean_no_map() {
    let keys = named(&STATES);
    let table = pairs_table(&keys, 1.0);
    let crowded = states(&keys, |index| if index < 6 { (100.0, 10.0) } else { CAPITALS[index] });
    let drawing = figure::network(&table, Some(&crowded), &context()).expect("a map");
    hold("network-crowded", &drawing);
    let discs = discs(&drawing, 10);
    for a in 0..10 {
        for b in 0..a {
            assert!(long(discs[a].0, discs[b].0) > discs[a].1 + discs[b].1, "{a} {b}");
        }
    }
    assert!(drawing.caption.contains("moved"), "{}", drawing.caption);
    let partly = states(&keys, |index| if index == 3 { (NONE, NONE) } else { CAPITALS[index] });
    let drawing = figure::network(&table, Some(&partly), &context()).expect("a layout");
    assert!(drawing.caption.contains("stress majorization"), "{}", drawing.caption);
}

#[test]
fn a_network_speaks_the_language_asked_for_and_grows_with_its_height() {
    let words = [("cases found per run".to_owned(), "aufgefundene Fälle je Lauf".to_owned())];
    let spoken = Context { wording: Wording::new(words), ..context() };
    let table = pairs_table(&named(&STATES), 1.0);
    let drawing = figure::network(&table, None, &spoken).expect("a network");
    hold("network-spoken", &drawing);
    assert!(drawing.svg.contains("aufgefundene Fälle"), "the key is said in the words given");
    let mut tall = context();
    tall.style.stretch = 1.5;
    let taller = figure::network(&table, None, &tall).expect("a network");
    hold("network-tall", &taller);
    assert!(taller.sheet.height > drawing.sheet.height * 1.2);
}
