//! Charts of the table `points`, as a sweep leaves it, through the door of requests.

use std::sync::Arc;

use super::{NONE, Numbers, context, hold, texts, wide};
use comity::figure::sheet::Mark;
use comity::figure::{Context, Drawing, JOURNALS, Kind, Request, Style, Tables};
use comity::table::{Field, Schema, Table, Values};

/// Levels of a factor, point by point.
#[derive(Clone)]
pub enum Levels {
    Number(Vec<f64>),
    Word(Vec<&'static str>),
}

/// A factor: key, unit, words, levels.
pub type Factor = (&'static str, &'static str, &'static str, Levels);

/// A table of points at those levels: `arms` (key, label; the first is the baseline where it is called so), one measure and
/// window, the mean and the half-width of its interval by arm and point.
pub fn points(factors: &[Factor], arms: &[(&str, &str)], mean: impl Fn(usize, usize) -> (f64, f64)) -> Table {
    in_windows(factors, arms, &["last"], mean)
}

/// The same in several windows.
pub fn in_windows(
    factors: &[Factor],
    arms: &[(&str, &str)],
    windows: &[&str],
    mean: impl Fn(usize, usize) -> (f64, f64),
) -> Table {
    let count = factors.first().map_or(0, |factor| match &factor.3 {
        Levels::Number(levels) => levels.len(),
        Levels::Word(levels) => levels.len(),
    });
    let mut rows: Vec<(usize, usize, &str)> = Vec::new();
    for point in 0..count {
        for arm in 0..arms.len() {
            rows.extend(windows.iter().map(|window| (point, arm, *window)));
        }
    }
    let words = |pick: &dyn Fn(&(usize, usize, &str)) -> String| -> Values {
        Values::Text(rows.iter().map(|row| Arc::from(pick(row))).collect())
    };
    let reals =
        |pick: &dyn Fn(&(usize, usize, &str)) -> f64| -> Values { Values::Real(rows.iter().map(pick).collect()) };
    let number =
        |pick: &dyn Fn(&(usize, usize, &str)) -> i64| -> Values { Values::Integer(rows.iter().map(pick).collect()) };
    let mut fields = vec![
        Field::integer("point_id", "", "Point."),
        Field::text("arm", "Arm."),
        Field::text("arm_label", "Its name."),
    ];
    let mut columns = vec![
        number(&|row| row.0 as i64),
        words(&|row| arms[row.1].0.to_owned()),
        words(&|row| arms[row.1].1.to_owned()),
    ];
    for (key, unit, label, levels) in factors {
        match levels {
            Levels::Number(levels) => {
                fields.push(Field::real(key, unit, label));
                columns.push(reals(&|row| levels[row.0]));
            }
            Levels::Word(levels) => {
                fields.push(Field::text(key, label));
                columns.push(words(&|row| levels[row.0].to_owned()));
            }
        }
    }
    for name in ["measure", "measure_label", "unit", "window"] {
        fields.push(Field::text(name, ""));
    }
    columns.push(words(&|_| "accepted".to_owned()));
    columns.push(words(&|_| "Share of requests accepted".to_owned()));
    columns.push(words(&|_| "share".to_owned()));
    columns.push(words(&|row| row.2.to_owned()));
    fields.push(Field::integer("n", "runs", "Replicates."));
    columns.push(number(&|_| 20));
    for name in ["mean", "sd", "ci_low", "ci_high"] {
        fields.push(Field::real(name, "see unit", ""));
    }
    let of = |row: &(usize, usize, &str)| mean(row.1, row.0);
    columns.push(reals(&|row| of(row).0));
    columns.push(reals(&|row| of(row).1 * 2.0));
    columns.push(reals(&|row| of(row).0 - of(row).1));
    columns.push(reals(&|row| of(row).0 + of(row).1));
    fields.push(Field::integer("n_pairs", "pairs", "Pairs."));
    columns.push(number(&|row| if arms[row.1].0 == "baseline" { 0 } else { 20 }));
    for name in ["difference", "difference_low", "difference_high"] {
        fields.push(Field::real(name, "see unit", ""));
    }
    let difference = |row: &(usize, usize, &str), side: f64| match arms[row.1].0 {
        "baseline" => NONE,
        _ => of(row).0 - mean(0, row.0).0 + side * of(row).1 * 0.7,
    };
    columns.push(reals(&|row| difference(row, 0.0)));
    columns.push(reals(&|row| difference(row, -1.0)));
    columns.push(reals(&|row| difference(row, 1.0)));
    Table::from_columns(Schema::of("points", "", fields), columns).unwrap_or_else(|error| panic!("{error}"))
}

pub const ARMS: [(&str, &str); 3] =
    [("baseline", "Baseline"), ("handbook", "Handbook"), ("exchange", "Exchange programme")];
const PLACES: (&str, &str, &str) = ("exchange_places", "places", "Places in an exchange, a year");
const HALF_LIFE: (&str, &str, &str) = ("half_life", "days", "Half-life of a tie that nobody uses");

/// Five levels of places: one factor.
pub fn one() -> Table {
    let levels = vec![0.0, 10.0, 20.0, 40.0, 80.0];
    let factor = (PLACES.0, PLACES.1, PLACES.2, Levels::Number(levels.clone()));
    points(&[factor], &ARMS, |arm, point| {
        let x = levels[point] / 80.0;
        (0.3 + [0.02, 0.05 * x + 0.02, 0.25 * x * (1.6 - x)][arm], 0.02 + 0.01 * x)
    })
}

/// Three kinds of memory: one factor that is a category.
pub fn one_category() -> Table {
    let factor =
        ("memory", "", "What a practitioner remembers", Levels::Word(vec!["nothing", "last-case", "all-cases"]));
    points(&[factor], &ARMS, |arm, point| {
        (0.3 + 0.04 * arm as f64 + 0.05 * point as f64 - 0.03 * (arm * point) as f64, 0.025)
    })
}

/// Seven by six levels: two factors on a grid.
pub fn two() -> Table {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for x in [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0] {
        for y in [30.0, 60.0, 120.0, 240.0, 480.0, 960.0] {
            a.push(x);
            b.push(y);
        }
    }
    let factors = [
        (PLACES.0, PLACES.1, PLACES.2, Levels::Number(a.clone())),
        (HALF_LIFE.0, HALF_LIFE.1, HALF_LIFE.2, Levels::Number(b.clone())),
    ];
    points(&factors, &ARMS, |arm, point| {
        let (x, y) = (a[point] / 60.0, libm::log2(b[point] / 30.0) / 5.0);
        (0.25 + 0.3 * y + arm as f64 * 0.12 * (x * y - 0.25), 0.015)
    })
}

/// A category by numbers on a grid.
pub fn two_with_a_category() -> Table {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for x in ["nothing", "the last case", "all cases of the last three years"] {
        for y in [30.0, 60.0, 120.0, 240.0] {
            a.push(x);
            b.push(y);
        }
    }
    let factors = [
        ("memory", "", "What a practitioner remembers", Levels::Word(a)),
        (HALF_LIFE.0, HALF_LIFE.1, HALF_LIFE.2, Levels::Number(b.clone())),
    ];
    points(&factors, &ARMS, |arm, point| (0.2 + 0.02 * point as f64 + 0.05 * arm as f64, 0.03))
}

/// So many points at random levels of six numbers and a category.
pub fn many(count: usize) -> Table {
    let mut numbers = Numbers(9);
    let mut column =
        |low: f64, high: f64| -> Vec<f64> { (0..count).map(|_| low + (high - low) * numbers.unit()).collect() };
    let (places, trust, load, share, bound) =
        (column(0.0, 80.0), column(0.0, 1.0), column(2.0, 12.0), column(0.05, 0.4), column(1.0, 2.0));
    let half_life: Vec<f64> = column(1.0, 3.0).into_iter().map(|power| libm::pow(10.0, power)).collect();
    let luck = column(-0.05, 0.05);
    let kinds = ["central", "mixed", "local"];
    let kind: Vec<&'static str> = (0..count).map(|point| kinds[(point * 7 + point / 5) % 3]).collect();
    let at = |name: &str| f64::from(u8::from(name == "central"));
    let factors = [
        (PLACES.0, PLACES.1, PLACES.2, Levels::Number(places.clone())),
        (HALF_LIFE.0, HALF_LIFE.1, HALF_LIFE.2, Levels::Number(half_life.clone())),
        ("trust", "share", "Trust at the start", Levels::Number(trust.clone())),
        ("load", "cases", "Cases a practitioner holds at once", Levels::Number(load.clone())),
        ("organisation", "", "Who decides on requests", Levels::Word(kind.clone())),
        ("recognised", "probability", "Chance that a case is recognised", Levels::Number(share)),
        ("bound", "", "Bound of rationality", Levels::Number(bound)),
    ];
    points(&factors, &ARMS[..2], |arm, point| {
        let slow = (libm::log10(half_life[point]) - 1.0) / 2.0;
        let base = 0.2 + 0.25 * slow + 0.1 * trust[point] - 0.008 * load[point] + 0.06 * at(kind[point]) + luck[point];
        (base + arm as f64 * 0.002 * places[point] * (0.4 + slow) - 0.04 * arm as f64, 0.02)
    })
}

pub fn request(kind: Kind) -> Request {
    Request { today: [(PLACES.0.to_owned(), 20.0), (HALF_LIFE.0.to_owned(), 120.0)].into(), ..Request::new(kind, "x") }
}

pub fn of_arm(kind: Kind, arm: &str) -> Request {
    Request { arm: Some(arm.to_owned()), ..request(kind) }
}

pub fn tables(points: Table) -> Tables {
    Tables::from([("points".to_owned(), points)])
}

fn drawn(points: Table, request: &Request, context: &Context) -> Drawing {
    request.draw(&tables(points), context).unwrap_or_else(|error| panic!("{}: {error}", request.kind.key()))
}

fn refused(points: Table, request: &Request) -> String {
    let drawn = request.draw(&tables(points), &context()).map(|drawing| drawing.caption);
    drawn.expect_err("it is refused").to_string()
}

/// Every chart of points, with a table that suits it.
pub fn charts() -> Vec<(&'static str, Table, Request)> {
    let marked = |kind| Request { threshold: Some(0.4), ..request(kind) };
    vec![
        ("sweep-response", one(), marked(Kind::Response)),
        ("sweep-response-differences", one(), request(Kind::ResponseDifferences)),
        ("sweep-response-category", one_category(), marked(Kind::Response)),
        ("sweep-response-differences-category", one_category(), request(Kind::ResponseDifferences)),
        ("sweep-heatmap", two(), Request { threshold: Some(0.4), ..of_arm(Kind::Heatmap, "exchange") }),
        ("sweep-heatmap-differences", two(), of_arm(Kind::HeatmapDifferences, "exchange")),
        ("sweep-heatmap-category", two_with_a_category(), request(Kind::Heatmap)),
        ("sweep-factors", many(240), marked(Kind::Factors)),
        ("sweep-factors-differences", many(240), request(Kind::FactorsDifferences)),
    ]
}

/// For the references.
pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    charts().into_iter().map(|(name, points, request)| (name, drawn(points, &request, context))).collect()
}

fn circles(drawing: &Drawing, fits: impl Fn(f64) -> bool) -> usize {
    let disc = |mark: &&Mark| matches!(mark, Mark::Circle { radius, .. } if fits(*radius));
    drawing.sheet.marks.iter().filter(disc).count()
}

#[test]
fn charts_of_points_are_fit_for_print_at_every_width() {
    for (name, points, request) in charts() {
        for width in [84.0, 120.0, 183.0] {
            hold(&format!("{name}-{width}"), &drawn(points.clone(), &request, &wide(width)));
        }
    }
}

#[test]
fn charts_of_points_are_fit_for_one_column_of_every_journal() {
    for journal in &JOURNALS {
        for (name, points, request) in charts() {
            let style = Style { width: Some(journal.columns[0]), ..Style::of(journal) };
            let drawing = drawn(points, &request, &Context { style, ..context() });
            let faults = drawing.sheet.faults();
            assert!(faults.is_empty(), "{} {name}:\n{}", journal.key, faults.join("\n"));
        }
    }
}

#[test]
fn means_are_named_after_their_measure_and_say_what_their_intervals_are() {
    let drawing = drawn(one(), &request(Kind::Response), &context());
    let words = texts(&drawing).join(" ");
    for name in ["Baseline", "Exchange programme", "today", "Places in an exchange, a year (places)"] {
        assert!(words.contains(name), "{name}: {words}");
    }
    assert!(words.contains("accepted (%)"), "the measure and its unit are on the axis: {words}");
    let said = "Bands: 95% intervals (Student’s t) of the mean of 20 runs at each point (window: last).";
    assert!(drawing.caption.contains(said), "{}", drawing.caption);
    let at = Request { confidence: Some(0.9), ..request(Kind::Response) };
    assert!(drawn(one(), &at, &context()).caption.contains("90% intervals (Student’s t)"));
    assert_eq!(drawing.data.rows(), 15);
}

#[test]
fn differences_leave_the_baseline_out_and_have_a_line_at_zero() {
    let drawing = drawn(one(), &request(Kind::ResponseDifferences), &context());
    let words = texts(&drawing).join(" ");
    assert!(!words.contains("Baseline") && words.contains("Difference from baseline"), "{words}");
    assert!(words.contains("percentage points") && words.contains('+'), "{words}");
    assert!(drawing.caption.contains("mean paired difference of 20 pairs of runs"), "{}", drawing.caption);
    assert_eq!(drawing.data.rows(), 10);
}

#[test]
fn categories_have_a_row_each_and_their_numbers_beside_it() {
    let drawing = drawn(one_category(), &request(Kind::Response), &context());
    let words = texts(&drawing);
    for name in ["Nothing", "Last Case", "All Cases", "Handbook", "30.0 [27.5, 32.5]"] {
        assert!(words.contains(&name.to_owned()), "{name}: {words:?}");
    }
    let picked = Context { select: vec!["handbook".to_owned()], ..context() };
    let drawing = drawn(one_category(), &request(Kind::ResponseDifferences), &picked);
    assert!(!texts(&drawing).contains(&"Handbook".to_owned()), "one arm needs no name in every row");
    assert!(drawing.caption.contains("Selected: 1 of 2"), "{}", drawing.caption);
}

#[test]
fn a_map_is_of_one_arm_and_says_which() {
    let drawing = drawn(two(), &of_arm(Kind::HeatmapDifferences, "exchange"), &context());
    assert_eq!(drawing.title, "What two levers change: Exchange programme");
    assert!(texts(&drawing).contains(&"interval includes 0".to_owned()));
    assert_eq!(drawn(two(), &request(Kind::Heatmap), &context()).title, "Two levers at once: Baseline");
    assert!(refused(two(), &request(Kind::HeatmapDifferences)).contains("one arm, and none is named"));
    assert!(refused(two(), &of_arm(Kind::HeatmapDifferences, "baseline")).contains("name another arm"));
    assert!(refused(two(), &of_arm(Kind::Heatmap, "treaty")).contains("has baseline, handbook, exchange"));
}

#[test]
fn cells_of_categories_are_named_and_have_no_contours() {
    let drawing = drawn(two_with_a_category(), &request(Kind::Heatmap), &context());
    let words = texts(&drawing).join(" ");
    assert!(words.contains("The last case") || words.contains("The last"), "{words}");
    assert!(!drawing.caption.contains("Contour") && drawing.caption.contains("3 × 4 levels"), "{}", drawing.caption);
    let other =
        Request { factors: vec![HALF_LIFE.0.to_owned(), "memory".to_owned()], ..request(Kind::HeatmapDifferences) };
    let drawing = drawn(two_with_a_category(), &Request { arm: Some("handbook".to_owned()), ..other }, &wide(84.0));
    hold("sweep-heatmap-category-up", &drawing);
    assert!(drawing.caption.contains("4 × 3 levels"), "{}", drawing.caption);
}

#[test]
fn a_chart_of_some_factors_refuses_to_mix_the_others() {
    let error = refused(two(), &Request { factors: vec![PLACES.0.to_owned()], ..request(Kind::Response) });
    assert!(error.contains("differ in exchange_places alone, but half_life varies too"), "{error}");
    assert!(error.contains("kind `factors`"), "{error}");
    let error = refused(two(), &request(Kind::Response));
    assert!(error.contains("those that vary are: exchange_places, half_life"), "{error}");
    let error = refused(many(40), &of_arm(Kind::Heatmap, "handbook"));
    assert!(error.contains("two factors"), "{error}");
    let unknown = Request { factors: vec!["distance".to_owned()], ..request(Kind::Factors) };
    let error = refused(two(), &unknown);
    assert!(error.contains("no factor `distance`; its factors are exchange_places, half_life"), "{error}");
}

#[test]
fn factors_stand_in_order_of_what_they_explain() {
    let drawing = drawn(many(240), &request(Kind::Factors), &context());
    let factors = drawing.data.texts("factor").expect("factors");
    assert_eq!((&*factors[0], factors.len()), ("half_life", 6 * 10 + 3));
    let shares = drawing.data.reals("share").expect("shares");
    assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]), "{shares:?}");
    assert!((0.3..0.9).contains(&shares[0]), "{}", shares[0]);
    let order = Context { order: vec!["bound".to_owned()], ..context() };
    let drawing = drawn(many(240), &request(Kind::Factors), &order);
    assert_eq!(&*drawing.data.texts("factor").expect("factors")[0], "bound");
    let two = Request { factors: vec!["trust".to_owned(), "load".to_owned()], ..request(Kind::Factors) };
    let drawing = drawn(many(240), &two, &context());
    assert_eq!(drawing.data.rows(), 20);
    assert!(drawing.caption.contains("a panel for each of 2 factors"), "{}", drawing.caption);
}

#[test]
fn dots_are_thinned_by_a_rule_that_the_caption_states_and_bins_hold_all_points() {
    let factor = |count: usize| {
        let levels: Vec<f64> = (0..count).map(|point| (point * 37 % 1009) as f64).collect();
        [(PLACES.0, PLACES.1, PLACES.2, Levels::Number(levels))]
    };
    let of = |count: usize| points(&factor(count), &ARMS[..1], |_, point| ((point * 37 % 1009) as f64 / 1009.0, 0.01));
    let few = drawn(of(500), &request(Kind::Factors), &context());
    assert!(few.caption.contains("Grey: all 500 points."), "{}", few.caption);
    let drawing = drawn(of(100_000), &request(Kind::Factors), &context());
    hold("sweep-factors-100000", &drawing);
    assert!(drawing.caption.contains("one of every 200 of the 100000 points"), "{}", drawing.caption);
    assert_eq!(circles(&drawing, |radius| radius == 0.8), 500);
    assert_eq!(drawing.data.integers("n").expect("counts").iter().sum::<i64>(), 100_000);
    assert!(drawing.svg.len() < 300_000, "{}", drawing.svg.len());
    assert!(refused(of(100_000), &Request { factors: Vec::new(), ..request(Kind::Heatmap) }).contains("two factors"));
}

#[test]
fn thirty_factors_have_a_panel_each_and_more_are_counted_in_the_caption() {
    let keys: Vec<&'static str> = (0..34).map(|index| &*format!("factor_{index:02}").leak()).collect();
    let mut numbers = Numbers(3);
    let columns: Vec<Vec<f64>> = keys.iter().map(|_| (0..90).map(|_| numbers.unit()).collect()).collect();
    let of = |count: usize| {
        let factors: Vec<Factor> = (0..count)
            .map(|index| (keys[index], "share", keys[index], Levels::Number(columns[index].clone())))
            .collect();
        points(&factors, &ARMS[..2], |arm, point| (0.2 + 0.5 * columns[0][point] + 0.1 * arm as f64, 0.02))
    };
    for (count, width) in [(2, 84.0), (3, 84.0), (12, 84.0), (30, 84.0), (30, 180.0), (34, 180.0)] {
        let drawing = drawn(of(count), &request(Kind::Factors), &wide(width));
        hold(&format!("sweep-factors-{count}-{width}"), &drawing);
        let left_out = drawing.caption.contains("Not drawn: 4 factors that explain less");
        assert_eq!(left_out, count == 34, "{}", drawing.caption);
    }
}

#[test]
fn hostile_points_are_drawn_or_refused_with_a_reason() {
    let constant = (PLACES.0, PLACES.1, PLACES.2, Levels::Number(vec![20.0]));
    let single = points(&[constant], &ARMS, |arm, _| (0.2 + 0.1 * arm as f64, 0.02));
    for kind in [Kind::Response, Kind::ResponseDifferences] {
        hold("sweep-one-level", &drawn(single.clone(), &request(kind), &wide(84.0)));
    }
    assert!(refused(single, &request(Kind::Factors)).contains("no factors with more than one level"));
    let levels = Levels::Number(vec![1.0, 2.0, 3.0]);
    let factor = [(PLACES.0, PLACES.1, PLACES.2, levels)];
    let nothing = points(&factor, &ARMS, |_, _| (NONE, NONE));
    for kind in [Kind::Response, Kind::ResponseDifferences, Kind::Factors] {
        let error = refused(nothing.clone(), &request(kind));
        assert!(error.contains("no points with a value to draw"), "{}: {error}", kind.key());
    }
    let names: Vec<(String, String)> = (0..13)
        .map(|arm| (format!("arm-{arm}"), format!("Intervention {arm}, of a kind that has quite a long name")))
        .collect();
    let names: Vec<(&str, &str)> = names.iter().map(|(key, label)| (&**key, &**label)).collect();
    let rising = |arm: usize, point: usize| (0.1 * point as f64 + 0.02 * arm as f64, 0.01);
    hold("sweep-response-12", &drawn(points(&factor, &names[..12], rising), &request(Kind::Response), &wide(84.0)));
    assert!(refused(points(&factor, &names, rising), &request(Kind::Response)).contains("13 lines cannot be told"));
    for scale in [1e9, 1e-9] {
        let table = points(&factor, &ARMS, |arm, point| (scale * (arm + point) as f64, scale));
        for kind in [Kind::Response, Kind::ResponseDifferences, Kind::Factors] {
            hold(&format!("sweep-{}-{scale}", kind.key()), &drawn(table.clone(), &request(kind), &wide(84.0)));
        }
    }
    let same = points(&factor, &ARMS, |_, _| (0.3, 0.0));
    let drawing = drawn(same, &request(Kind::Factors), &wide(84.0));
    hold("sweep-factors-same", &drawing);
    assert!(texts(&drawing).iter().any(|text| text.starts_with('–')), "no variance, no share");
}

#[test]
fn what_the_table_lacks_is_named() {
    let table = one();
    let without = |name: &str| {
        let place = table.schema.fields.iter().position(|field| field.name == name).expect("a column");
        let (mut fields, mut columns) = (table.schema.fields.clone(), table.columns().to_vec());
        fields.remove(place);
        columns.remove(place);
        Table::from_columns(Schema::of("points", "", fields), columns).expect("a table")
    };
    assert!(refused(without(PLACES.0), &request(Kind::Response)).contains("no factors (columns between"));
    for name in ["arm_label", "measure", "window", "point_id", "mean", "ci_low"] {
        let error = refused(without(name), &request(Kind::Response));
        assert!(error.contains(&format!("no column `{name}`")), "{name}: {error}");
    }
    let windows = in_windows(
        &[(PLACES.0, PLACES.1, PLACES.2, Levels::Number(vec![1.0, 2.0]))],
        &ARMS,
        &["first", "last"],
        |_, point| (point as f64, 0.1),
    );
    assert!(refused(windows.clone(), &request(Kind::Response)).contains("of one window, and none is named"));
    let named = Request { window: Some("first".to_owned()), ..request(Kind::Response) };
    assert_eq!(drawn(windows.clone(), &named, &context()).data.rows(), 6);
    let wrong = Request { window: Some("middle".to_owned()), ..request(Kind::Response) };
    assert!(refused(windows, &wrong).contains("window has first, last"));
    let empty = Table::new(table.schema.clone());
    assert!(refused(empty, &request(Kind::Response)).contains("has no points to draw"));
}

#[test]
fn long_words_and_many_categories_stay_on_the_page() {
    let long =
        "A sentence about a factor that is so long that no axis of any chart was ever made for it, and then some";
    let words: Vec<&'static str> =
        (0..36).map(|point| &*format!("organisation of the {}th kind, with a name", point % 12).leak()).collect();
    let values: Vec<f64> = (0..36).map(|point| f64::from(point * 5 % 36)).collect();
    let factors = [
        ("organisation", "", long, Levels::Word(words.clone())),
        ("value", "cases a year and practitioner", long, Levels::Number(values.clone())),
    ];
    let both = points(&factors, &ARMS, |arm, point| (0.2 + 0.01 * (point * (arm + 1)) as f64, 0.02));
    for width in [84.0, 120.0, 180.0] {
        let drawing = drawn(both.clone(), &request(Kind::Factors), &wide(width));
        hold(&format!("sweep-factors-long-{width}"), &drawing);
        assert!(drawing.caption.contains("Labels cut in the figure, in full:"), "{}", drawing.caption);
    }
    let category = points(&[("organisation", "", long, Levels::Word(words[..12].to_vec()))], &ARMS, |arm, point| {
        (0.2 + 0.01 * (point * (arm + 1)) as f64, 0.02)
    });
    hold("sweep-response-long", &drawn(category, &request(Kind::Response), &wide(84.0)));
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for word in &words[..9] {
        for other in &words[..5] {
            a.push(*word);
            b.push(*other);
        }
    }
    let grid =
        points(&[("one", "", long, Levels::Word(a)), ("other", "", long, Levels::Word(b))], &ARMS, |arm, point| {
            (0.01 * (point + arm) as f64, 0.02)
        });
    hold("sweep-heatmap-long", &drawn(grid, &of_arm(Kind::HeatmapDifferences, "handbook"), &wide(84.0)));
}

#[test]
fn scattered_points_are_no_map() {
    let mut numbers = Numbers(4);
    let mut column = || Levels::Number((0..200).map(|_| numbers.unit()).collect());
    let factors = [(PLACES.0, PLACES.1, PLACES.2, column()), (HALF_LIFE.0, HALF_LIFE.1, HALF_LIFE.2, column())];
    let table = points(&factors, &ARMS, |_, point| (0.001 * point as f64, 0.01));
    let error = refused(table.clone(), &request(Kind::Heatmap));
    assert!(error.contains("200 points at 200 levels of exchange_places and 200 of half_life are no grid"), "{error}");
    hold("sweep-factors-scattered", &drawn(table, &request(Kind::Factors), &wide(84.0)));
}

#[test]
fn intervals_of_two_points_do_not_flatten_the_others() {
    let (a, b) = (vec![1.0, 1.0, 2.0, 2.0], vec![1.0, 2.0, 1.0, 2.0]);
    let factors = [("a", "", "A", Levels::Number(a)), ("b", "", "B", Levels::Number(b))];
    let table = points(&factors, &ARMS[..1], |_, point| ([0.30, 0.34, 0.33, 0.38][point], 0.01));
    let drawing = drawn(table, &request(Kind::Factors), &wide(84.0));
    hold("sweep-factors-four-points", &drawing);
    assert!(drawing.caption.contains("Intervals wider than the axis are cut at it."), "{}", drawing.caption);
    let heights: Vec<f64> = drawing
        .sheet
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Circle { centre, radius, .. } if *radius == 0.8 => Some(centre.1),
            _ => None,
        })
        .collect();
    let spread =
        heights.iter().fold(f64::MIN, |most, y| most.max(*y)) - heights.iter().fold(f64::MAX, |least, y| least.min(*y));
    assert!(spread > 20.0, "the points take a good part of their panels: {heights:?}");
}

#[test]
fn the_same_points_give_the_same_bytes() {
    for ((name, first), (_, second)) in gallery(&context()).iter().zip(&gallery(&context())) {
        assert_eq!((&first.svg, &first.caption), (&second.svg, &second.caption), "{name}");
    }
}
