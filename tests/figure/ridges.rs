//! Levels of practitioners by role and date, from small fixed tables.

use super::{START, context, hold, schema, wide};
use comity::figure::sheet::Mark;
use comity::figure::{self, Drawing, FigureError};
use comity::table::{Cell, Kind, Table};

const ROLES: [&str; 6] =
    ["all practitioners", "investigators", "unit heads", "prosecutors", "NGO workers", "regional coordinators"];
const LONG: &str = "investigators of the joint specialist units for trafficking in persons, migrant smuggling and related offences, \
                    seconded for a year to the standing secretariat of the states of the region and their partners";
const WORD: &str = "Zusammenarbeitsverhinderungsgrundsatzangelegenheitenverordnungsbeauftragte";
const BINS: usize = 50;

/// The shares of the bins, the quantiles 5, 25, 50, 75 and 95 %, and the share at exactly 0.
type Shape = (Vec<f64>, [f64; 5], f64);

/// A hump around a middle.
fn hump(middle: f64, width: f64) -> Shape {
    let weights: Vec<f64> = (0..BINS)
        .map(|bin| {
            let away = ((bin as f64 + 0.5) / BINS as f64 - middle) / width;
            libm::exp(-away * away)
        })
        .collect();
    let sum: f64 = weights.iter().sum();
    let quantile = |off: f64| (middle + off * width).clamp(0.0, 1.0);
    let shares = weights.iter().map(|weight| if *weight < 1e-4 { 0.0 } else { weight / sum }).collect();
    (shares, [-1.16, -0.48, 0.0, 0.48, 1.16].map(quantile), 0.0)
}

/// Most at 0, a few up to a half.
fn spike(at_zero: f64) -> Shape {
    let at_zero = at_zero.max(0.0);
    let mut shares = vec![0.0; BINS];
    shares[0] = at_zero;
    (1..20).for_each(|bin| shares[bin] = (1.0 - at_zero) / 19.0);
    (shares, [0.0, 0.0, 0.0, 0.0, 0.3], at_zero)
}

fn nobody() -> Shape {
    (vec![f64::NAN; BINS], [f64::NAN; 5], f64::NAN)
}

/// The two tables, of roles and dates, in the shape asked for by the number of the role and of the date.
fn tables(roles: &[&str], dates: usize, shape: impl Fn(usize, usize) -> Shape) -> (Table, Table) {
    use Kind::{Date, Integer, Real, Text};
    let keys = [("measure", Text), ("measure_label", Text), ("role", Text), ("role_label", Text), ("date", Date)];
    let with = |more: &[(&'static str, Kind)]| [&keys[..], more].concat();
    let levels = with(&[("bin_low", Real), ("bin_high", Real), ("practitioners", Real), ("share", Real)]);
    let quantiles: Vec<(&str, Kind)> =
        ["at_zero", "mean", "q05", "q25", "median", "q75", "q95"].iter().map(|name| (*name, Real)).collect();
    let people = [&[("in_post", Real), ("practitioners", Real), ("n", Integer)][..], &quantiles].concat();
    let mut levels = Table::new(schema("levels", &levels));
    let mut quantiles = Table::new(schema("levels_quantiles", &with(&people)));
    for (place, role) in roles.iter().enumerate() {
        for date in 0..dates {
            let (shares, [q05, q25, q50, q75, q95], at_zero) = shape(place, date);
            let day = START + 365 * date as i32;
            let [measure, label] = ["habit", "Habit of cooperating"].map(Cell::from);
            let (count, valued) = (120.0 - 20.0 * place as f64, f64::from(u8::from(at_zero.is_finite())));
            for (bin, share) in shares.iter().enumerate() {
                levels.push([
                    measure.clone(),
                    label.clone(),
                    Cell::from(*role),
                    Cell::from(*role),
                    Cell::Date(day),
                    Cell::Real(bin as f64 / BINS as f64),
                    Cell::Real((bin + 1) as f64 / BINS as f64),
                    Cell::Real(share * count),
                    Cell::Real(*share),
                ]);
            }
            quantiles.push([
                measure,
                label,
                Cell::from(*role),
                Cell::from(*role),
                Cell::Date(day),
                Cell::Real(count),
                Cell::Real(count * valued),
                Cell::Integer(200 * (count * valued) as i64),
                Cell::Real(at_zero),
                Cell::Real(q50),
                Cell::Real(q05),
                Cell::Real(q25),
                Cell::Real(q50),
                Cell::Real(q75),
                Cell::Real(q95),
            ]);
        }
    }
    (levels, quantiles)
}

/// Roles of which one has no values, one is all at 0, and one has a spike.
fn mixed(role: usize, date: usize) -> Shape {
    match role {
        2 => spike(0.7 - 0.1 * date as f64),
        3 => spike(1.0),
        4 => nobody(),
        _ => hump(0.2 + 0.1 * role as f64 + 0.05 * date as f64, 0.1),
    }
}

fn draw(of: &(Table, Table), context: &figure::Context) -> Drawing {
    figure::ridges(&of.0, &of.1, "habit", context).unwrap_or_else(|error| panic!("{error}"))
}

pub fn gallery(context: &figure::Context) -> Vec<(&'static str, Drawing)> {
    vec![
        (
            "ridges",
            draw(&tables(&ROLES, 4, |role, date| hump(0.3 + 0.1 * role as f64, 0.08 + 0.02 * date as f64)), context),
        ),
        ("ridges-mixed", draw(&tables(&ROLES, 4, mixed), context)),
    ]
}

fn words(drawing: &Drawing) -> Vec<&str> {
    drawing.sheet.text_boxes().into_iter().map(|(_, text)| text).collect()
}

#[test]
fn extreme_ridges_are_drawn() {
    for width in [84.0, 183.0] {
        let extreme = |name: &str, of: &(Table, Table)| {
            let drawing = draw(of, &wide(width));
            hold(&format!("ridges-{name}-{width}"), &drawing);
            drawing
        };
        extreme("one-role", &tables(&ROLES[..1], 4, mixed));
        extreme("one-date", &tables(&ROLES, 1, mixed));
        extreme("one-of-each", &tables(&ROLES[..1], 1, mixed));
        extreme("all-at-zero", &tables(&ROLES, 4, |_, _| spike(1.0)));
        extreme("at-the-edges", &tables(&ROLES, 4, |role, _| hump((role % 2) as f64, 0.2)));
        let none = extreme("nobody", &tables(&ROLES, 4, |_, _| nobody()));
        assert!(words(&none).iter().filter(|text| text.contains("none has a value")).count() == ROLES.len());
        let late =
            extreme("late", &tables(&ROLES, 4, |role, date| if date < 2 { nobody() } else { mixed(role, date) }));
        assert!(words(&late).contains(&"no values"));
        let many = extreme("twelve-dates", &tables(&ROLES, 12, mixed));
        assert!(many.sheet.height < 710.0, "a page holds it: {} pt", many.sheet.height);
        let long = extreme("long", &tables(&[LONG, WORD, "x"], 3, mixed));
        assert!(long.caption.contains(&LONG[1..]) || width > 100.0, "cut names stand in full in the caption");
        assert!(long.caption.contains(&WORD[1..]) || words(&long).contains(&WORD));
    }
}

#[test]
fn of_dates_that_no_page_holds_the_caption_tells_how_many_are_shown() {
    let drawing = draw(&tables(&ROLES, 12, |_, _| hump(0.5, 0.1)), &wide(84.0));
    let mut shown = drawing.data.dates("date").expect("the dates drawn").to_vec();
    shown.sort_unstable();
    shown.dedup();
    assert!((3..12).contains(&shown.len()), "{shown:?}");
    assert_eq!((shown[0], shown[shown.len() - 1]), (START, START + 365 * 11), "the first and the last are kept");
    assert!(drawing.caption.contains(&format!("{} of 12 dates shown", shown.len())), "{}", drawing.caption);
}

#[test]
fn no_ridge_leaves_the_range_from_0_to_1() {
    let drawing = draw(&tables(&ROLES, 3, |role, _| hump((role % 2) as f64, 0.2)), &context());
    let frames: Vec<_> = drawing.sheet.clips.clone();
    let mut clipped = 0;
    for mark in &drawing.sheet.marks {
        let Mark::Path { points, clip: Some(clip), .. } = mark else { continue };
        let frame = &frames[*clip];
        clipped += 1;
        for (x, y) in points {
            assert!(frame.left - 0.02 <= *x && *x <= frame.right + 0.02, "{x} leaves {frame:?}");
            assert!(frame.top - 0.02 <= *y && *y <= frame.bottom + 0.02, "{y} leaves {frame:?}");
        }
    }
    assert!(clipped >= 2 * ROLES.len() * 3, "an area and an outline for each ridge");
}

#[test]
fn a_mass_at_zero_is_named_where_its_bin_is_cut_off() {
    let of = tables(&ROLES, 2, |role, _| if role == 1 { spike(0.83) } else { hump(0.5, 0.1) });
    let drawing = draw(&of, &context());
    let said = words(&drawing);
    assert!(said.contains(&"Tallest") && said.contains(&"At 0"), "{said:?}");
    assert_eq!(
        said.iter().filter(|text| **text == "83%").count(),
        4,
        "the tallest bin, and the share at 0, at two dates"
    );
    let plain = draw(&tables(&ROLES, 2, |_, _| hump(0.5, 0.1)), &context());
    assert!(!words(&plain).contains(&"Tallest") && !words(&plain).contains(&"At 0"));
}

#[test]
fn the_numbers_drawn_are_those_of_the_tables() {
    let (levels, quantiles) = tables(&ROLES, 4, mixed);
    let drawing = figure::ridges(&levels, &quantiles, "habit", &context()).expect("ridges");
    let data = drawing.data;
    // A role without values has one row a date.
    assert_eq!(data.rows(), 5 * 4 * BINS + 4);
    let shares: f64 = data.reals("share").expect("shares").iter().filter(|share| share.is_finite()).sum();
    assert!((shares - 20.0).abs() < 0.01, "{shares}");
}

#[test]
fn ridges_that_cannot_be_drawn_are_refused_by_name() {
    let (levels, quantiles) = tables(&ROLES, 2, mixed);
    let refused = |levels: &Table, quantiles: &Table, measure: &str| {
        figure::ridges(levels, quantiles, measure, &context()).expect_err("it cannot be drawn").to_string()
    };
    assert_eq!(
        refused(&levels, &quantiles, "love"),
        "table `levels` has no rows of measure `love` (measure has habit) to draw"
    );
    let empty = Table::new(levels.schema.clone());
    assert!(matches!(
        figure::ridges(&empty, &quantiles, "habit", &context()),
        Err(FigureError::Nothing { table, .. }) if table == "levels"
    ));
    let said = refused(&levels, &levels, "habit");
    assert!(said.contains("has no column `in_post` of numbers"), "{said}");
    let said = refused(&quantiles, &quantiles, "habit");
    assert!(said.contains("has no column `bin_low` of numbers"), "{said}");
    let mut beyond = Table::new(levels.schema.clone());
    let [measure, label] = ["habit", "Habit"].map(Cell::from);
    let [role, role_label] = ["all", "all"].map(Cell::from);
    let [low, high, people, share] = [0.9, 1.1, 1.0, 1.0].map(Cell::Real);
    beyond.push([measure, label, role, role_label, Cell::Date(START), low, high, people, share]);
    let said = refused(&beyond, &quantiles, "habit");
    assert!(said.contains("between 0 and 1, but one runs from 0.9 to 1.1"), "{said}");
}
