//! Views of the tables of a run and of a comparison: barriers by state and year, litmus by year, single runs, depth,
//! interventions in force, attrition compared.

use comity::figure::palette::{BLUE, Colour, GREY, LIGHT, sequential};
use comity::figure::sheet::Mark;
use comity::figure::{self, Context, Drawing, FigureError};
use comity::table::{Cell, Kind, Table};

use super::{NONE, START, STATES, context, hold, many, named, schema, series_table, wide};

const WIDTHS: [f64; 5] = [84.0, 89.0, 120.0, 140.0, 183.0];
const KEYS: [(&str, &str, &str); 5] = [
    ("distrust", "distrust", "single"),
    ("law", "differences in law and priorities", "single"),
    ("gate", "political gate", "single"),
    ("several", "several barriers together", "joint"),
    ("none", "no named barrier", "none"),
];

/// Groups of state, role and period, and the shares of the barriers in each.
type Group<'a> = (&'a str, &'a str, &'a str, f64, Vec<f64>);

fn barriers(keys: &[(&str, &str, &str)], groups: &[Group<'_>]) -> Table {
    use Kind::{Real, Text};
    let words = ["state", "role", "period", "barrier", "label", "kind"].map(|name| (name, Text));
    let numbers = ["cases", "share", "ci_low", "ci_high"].map(|name| (name, Real));
    let mut table = Table::new(schema("barriers", &[&words[..], &numbers[..]].concat()));
    for (state, role, period, cases, shares) in groups {
        for ((key, label, kind), share) in keys.iter().zip(shares) {
            let [a, b, c, d, e, f] = [state, role, period, key, label, kind].map(|word| Cell::from(*word));
            let numbers = [cases * share, *share, share * 0.9, share * 1.1].map(Cell::from);
            let [g, h, i, j] = numbers;
            table.push([a, b, c, d, e, f, g, h, i, j]);
        }
    }
    table
}

fn shares(seed: f64) -> Vec<f64> {
    vec![0.05 + 0.01 * seed, 0.02, 0.0004 * seed, 0.5 - 0.02 * seed, 0.4]
}

/// The region, states, roles and years.
fn whole(states: &[String]) -> Table {
    let mut groups: Vec<Group<'_>> = vec![("region", "all", "all", 900.0, shares(1.0))];
    let each = states.iter().enumerate();
    groups.extend(
        each.map(|(place, state)| (state.as_str(), "all", "all", 20.0 + place as f64, shares(place as f64 % 4.0))),
    );
    groups.extend(["investigator", "ngo"].map(|role| ("region", role, "all", 300.0, shares(2.0))));
    let years = [("2006", 300.0), ("2007", 310.0), ("2008", 120.0)];
    groups.extend(years.map(|(year, cases)| ("region", "all", year, cases, shares(cases / 300.0))));
    barriers(&KEYS, &groups)
}

fn litmus(years: &[(&str, [f64; 4])]) -> Table {
    use Kind::{Real, Text};
    let words = ["state", "role", "period", "class", "label"].map(|name| (name, Text));
    let numbers = ["cases", "share", "ci_low", "ci_high"].map(|name| (name, Real));
    let mut table = Table::new(schema("litmus", &[&words[..], &numbers[..]].concat()));
    let classes = ["willing_able", "willing_hindered", "able_unwilling", "neither"];
    let labels = ["willing and able", "willing but hindered", "able but unwilling", "neither"];
    for (year, shares) in years {
        for ((class, label), share) in classes.iter().zip(labels).zip(shares) {
            let [a, b, c, d, e] = ["region", "all", year, class, label].map(Cell::from);
            let [f, g, h, i] = [share * 400.0, *share, share - 0.01, share + 0.01].map(Cell::from);
            table.push([a, b, c, d, e, f, g, h, i]);
        }
    }
    table
}

type Depth<'a> = (&'a str, &'a str, &'a str, i64, f64, f64);

fn depth(rows: &[Depth<'_>]) -> Table {
    use Kind::{Integer, Real, Text};
    let words = ["measure", "name", "description", "unit"].map(|name| (name, Text));
    let numbers = ["mean", "sd", "ci_low", "ci_high"].map(|name| (name, Real));
    let mut table = Table::new(schema("depth", &[&words[..], &[("n", Integer)], &numbers[..]].concat()));
    for (key, name, unit, n, mean, half) in rows {
        let [a, b, c, d] = [key, name, "What it is.", unit].map(Cell::from);
        let [e, f, g, h] = [*mean, *half, mean - half, mean + half].map(Cell::from);
        table.push([a, b, c, d, Cell::Integer(*n), e, f, g, h]);
    }
    table
}

const DEPTH: [Depth<'static>; 7] = [
    ("D1", "transaction density", "share", 100, 0.25, 0.004),
    ("D4", "trust", "share", 100, 0.5, 0.01),
    ("D4.half", "trusting ties", "share", 100, 0.75, 0.02),
    ("D10", "institutional embedding", "ratio", 16, 0.95, 0.07),
    ("D11.betrayal", "recovery from betrayal", "days", 0, NONE, NONE),
    ("D11.gate", "recovery from a shut gate", "days", 1, 456.5, NONE),
    ("composite", "composite", "share", 1, 0.43, NONE),
];

fn schedule(rows: &[(&str, &str, i32, i32)]) -> Table {
    use Kind::{Date, Text};
    let words = ["arm", "intervention", "name", "kind"].map(|name| (name, Text));
    let mut table = Table::new(schema("schedule", &[&words[..], &[("start", Date), ("end", Date)]].concat()));
    for (arm, kind, start, end) in rows {
        let [a, b, c, d] = [arm, kind, "Something done", kind].map(Cell::from);
        table.push([a, b, c, d, Cell::Date(START + start), Cell::Date(START + end)]);
    }
    table
}

type Stage<'a> = (&'a str, &'a str, f64, f64, f64);

fn stages(rows: &[Stage<'_>], scale: f64) -> Table {
    use Kind::{Integer, Real, Text};
    let words = ["arm", "label", "window", "stage", "stage_label", "unit"].map(|name| (name, Text));
    let numbers = ["baseline_mean", "arm_mean", "difference", "sd", "ci_low", "ci_high"].map(|name| (name, Real));
    let mut table = Table::new(schema("stages", &[&words[..], &[("n", Integer)], &numbers[..]].concat()));
    for (window, stage, baseline, arm, half) in rows {
        for (unit, factor) in [("cases", scale), ("share", 1.0)] {
            let [a, b, c, d, e, f] = ["exchange", "Exchange of officers", window, stage, stage, unit].map(Cell::from);
            let difference = arm - baseline;
            let [g, h, i, j, k, l] = [*baseline, *arm, difference, *half, difference - half, difference + half]
                .map(|value| Cell::from(value * factor));
            table.push([a, b, c, d, e, f, Cell::Integer(30), g, h, i, j, k, l]);
        }
    }
    table
}

const STAGES: [Stage<'static>; 6] = [
    ("during", "came to light", 1.0, 1.0, 0.0),
    ("during", "cooperation sought", 0.2, 0.4, 0.05),
    ("during", "cooperation accepted", 0.1, 0.12, 0.05),
    ("after", "came to light", 1.0, 1.0, 0.0),
    ("after", "cooperation sought", 0.25, 0.2, 0.02),
    ("after", "cooperation accepted", 0.1, 0.1, NONE),
];

pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    let draw = |result: Result<Drawing, FigureError>| result.unwrap_or_else(|error| panic!("{error}"));
    let table = whole(&named(&STATES));
    let series = series_table(60, 157, 9);
    let years = [("2006", [0.4, 0.1, 0.3, 0.2]), ("2007", [0.3, 0.15, 0.3, 0.25]), ("2008", [0.5, 0.0, 0.25, 0.25])];
    let force = [("baseline", "ngo_partnership", 200, 600), ("baseline", "handbook", 300, 300), ("x", "treaty", 0, 9)];
    vec![
        ("barriers-by-state", draw(figure::barriers_by_state(&table, context))),
        ("barriers-by-role", draw(figure::barriers_by_role(&table, context))),
        ("barriers-over-time", draw(figure::barriers_over_time(&table, context))),
        ("litmus-over-time", draw(figure::litmus_over_time(&litmus(&years), context))),
        ("spaghetti", draw(figure::spaghetti(&series, context))),
        ("depth", draw(figure::depth(&depth(&DEPTH), context))),
        ("series-in-force", draw(figure::series(&series, Some(&schedule(&force)), context))),
        ("attrition", draw(figure::attrition(&stages(&STAGES, 900.0), "exchange", None, context))),
    ]
}

#[test]
fn every_view_is_fit_for_print_at_its_own_and_at_journal_widths() {
    for (name, drawing) in gallery(&context()) {
        hold(name, &drawing);
        assert!(drawing.data.rows() > 0, "{name} has its numbers");
    }
    for width in WIDTHS {
        for (name, drawing) in gallery(&wide(width)) {
            hold(&format!("{name}-{width}"), &drawing);
        }
    }
    for ((name, first), (_, second)) in gallery(&context()).iter().zip(&gallery(&context())) {
        assert_eq!(first.svg, second.svg, "{name}");
    }
}

/// The middles of all discs.
fn discs(drawing: &Drawing) -> Vec<(f64, f64)> {
    let each = drawing.sheet.marks.iter().filter_map(|mark| match mark {
        Mark::Circle { centre, .. } => Some(*centre),
        _ => None,
    });
    each.collect()
}

/// The middle of every text of those words.
fn places(drawing: &Drawing, words: &str) -> Vec<(f64, f64)> {
    drawing.sheet.text_boxes().iter().filter(|(_, text)| *text == words).map(|(place, _)| place.centre()).collect()
}

/// Two opposite corners and the ground of an area.
type Area = ((f64, f64), (f64, f64), Colour);

/// All filled four-cornered areas.
fn areas(drawing: &Drawing) -> Vec<Area> {
    let each = drawing.sheet.marks.iter().filter_map(|mark| match mark {
        Mark::Path { points, fill: Some(fill), closed: true, .. } if points.len() == 4 => {
            Some((points[0], points[2], *fill))
        }
        _ => None,
    });
    each.collect()
}

#[test]
fn a_cell_holds_the_share_of_its_state_and_barrier() {
    let groups: Vec<Group<'_>> = vec![
        ("aa", "all", "all", 50.0, vec![0.021, 0.08, 0.5]),
        ("region", "all", "all", 150.0, vec![0.031, 0.05, 0.6]),
        ("bb", "all", "all", 100.0, vec![0.04, NONE, 0.7]),
    ];
    let keys = [("x", "distrust", "single"), ("y", "language", "single"), ("z", "several", "joint")];
    let drawing = figure::barriers_by_state(&barriers(&keys, &groups), &context()).expect("a matrix");
    let at = |words: &str| {
        let found = places(&drawing, words);
        assert_eq!(found.len(), 1, "{words}: {found:?}");
        found[0]
    };
    // Cell after cell: in the row of its state, in the column of its barrier.
    for (state, barrier, cell) in [("Aa", "language", "8.0"), ("Aa", "distrust", "2.1"), ("Bb", "distrust", "4.0")] {
        let (cell, state, barrier) = (at(cell), at(state), at(barrier));
        assert!((cell.1 - state.1).abs() < 1.0 && (cell.0 - barrier.0).abs() < 1.5, "{cell:?} {state:?} {barrier:?}");
    }
    assert!(at("All states").1 < at("Bb").1 && at("Bb").1 < at("Aa").1, "the region, then states by cases");
    assert!(
        at("language").0 < at("distrust").0 && at("distrust").0 < at("several").0,
        "barriers by share, joint apart"
    );
    // The largest share is the darkest; joint ones have no ground; what is missing is light.
    let ground = |(x, y): (f64, f64)| {
        let own = areas(&drawing).into_iter().find(|(from, to, _)| from.0 < x && x < to.0 && from.1 < y && y < to.1);
        own.map(|(_, _, colour)| colour)
    };
    assert_eq!(ground(at("8.0")), Some(sequential(1.0)));
    assert_eq!(ground(at("70.0")), None);
    assert_eq!(ground(at("–")), Some(LIGHT));
    assert_eq!(at("150").1, at("All states").1, "cases are those behind the shares");
}

#[test]
fn points_of_years_stand_where_their_shares_are() {
    let year = |name, share| -> Group<'_> { ("region", "all", name, 300.0, vec![share]) };
    let table = barriers(&[("x", "distrust", "single")], &[year("2006", 0.1), year("2007", 0.2), year("2009", 0.4)]);
    let drawing = figure::barriers_over_time(&table, &context()).expect("a chart");
    let spots = discs(&drawing);
    assert_eq!(spots.len(), 3);
    let ((a, b), (c, d), (e, f)) = (spots[0], spots[1], spots[2]);
    assert!((d - f - 2.0 * (b - d)).abs() < 0.1, "heights are in proportion: {spots:?}");
    assert!((e - c - 2.0 * (c - a)).abs() < 0.3, "2008 is missing, and its place is kept: {spots:?}");
    assert!(drawing.caption.contains("300 in 2006, 300 in 2007, 300 in 2009"), "{}", drawing.caption);
    let years = [("2006", [0.1, 0.3, 0.3, 0.3]), ("2007", [0.2, 0.3, 0.3, 0.2]), ("2008", [0.4, NONE, 0.2, 0.1])];
    let drawing = figure::litmus_over_time(&litmus(&years), &context()).expect("a chart");
    let spots = discs(&drawing);
    assert_eq!(spots.len(), 5, "one point is missing");
    assert!((spots[1].1 - spots[2].1 - 2.0 * (spots[0].1 - spots[1].1)).abs() < 0.1, "{spots:?}");
    assert!(drawing.caption.contains("400 in 2006, 400 in 2007, 280 in 2008"), "{}", drawing.caption);
}

/// How many lines of that width and colour there are.
fn lines(drawing: &Drawing, width: f64, colour: Colour) -> usize {
    let thin = |mark: &&Mark| {
        matches!(mark, Mark::Path { stroke: Some(stroke), clip: Some(_), closed: false, .. }
            if stroke.width == width && stroke.colour == colour)
    };
    drawing.sheet.marks.iter().filter(thin).count()
}

#[test]
fn thin_lines_are_single_runs_and_the_typical_one_is_nearest_to_the_median() {
    for (runs, drawn) in [(1, 1), (2, 2), (50, 50), (51, 50), (120, 50)] {
        let drawing = figure::spaghetti(&series_table(runs, 157, 9), &context()).expect("runs");
        hold(&format!("spaghetti-{runs}"), &drawing);
        assert_eq!(lines(&drawing, 0.35, GREY.tint(0.55)), 2 * drawn, "{runs} runs in two panels");
    }
    // Run 3 is the median itself, run 1 is far below, run 5 further above.
    let mut table = Table::new(series_table(1, 1, 1).schema);
    for (run, accepted) in [(1, 20), (3, 50), (5, 95), (7, 60), (9, 45)] {
        for tick in 0..12 {
            let day = Cell::Date(START + 31 * tick);
            let [a, b, c, d] = [100, 100, accepted, accepted].map(Cell::Integer);
            table.push([Cell::Integer(run), Cell::Integer(0), day, "region".into(), a, b, c, d]);
        }
    }
    let drawing = figure::spaghetti(&table, &context()).expect("runs");
    hold("spaghetti-known", &drawing);
    for words in ["run 3 (typical) 50%", "run 5 (extreme) 95%", "median 50%"] {
        assert_eq!(places(&drawing, words).len(), 2, "{words}");
    }
    let data = &drawing.data;
    let (lines, rates) = (data.texts("line").expect("lines"), data.reals("rate").expect("rates"));
    let of = |line: &str| -> Vec<f64> {
        lines.iter().zip(rates).filter(|(own, _)| &***own == line).map(|(_, rate)| *rate).collect()
    };
    assert_eq!(of("median"), of("typical"));
    assert!(of("extreme").iter().all(|rate| *rate == 0.95) && of("run").len() == 5 * of("median").len());
}

#[test]
fn depth_stands_on_its_axis_and_what_is_missing_has_no_mark() {
    let drawing = figure::depth(&depth(&DEPTH), &context()).expect("a ledger");
    let spots = discs(&drawing);
    assert_eq!(spots.len(), 4, "shares and the ratio: {spots:?}");
    let (a, b, c) = (spots[0].0, spots[1].0, spots[2].0);
    assert!((b - a - (c - b)).abs() < 0.1 && b > a, "a quarter apart each: {spots:?}");
    assert_eq!(places(&drawing, "–").len(), 1, "the missing one");
    assert_eq!(places(&drawing, "456").len() + places(&drawing, "457").len(), 1, "days have a number");
    // The interval of the ratio reaches beyond 1, and so does its line.
    let reach = drawing.sheet.marks.iter().filter_map(|mark| match mark {
        Mark::Path { points, stroke: Some(stroke), .. } if stroke.colour == BLUE && points.len() == 2 => {
            Some(points[1].0)
        }
        _ => None,
    });
    let furthest = reach.fold(0.0, f64::max);
    assert!((furthest - a - (1.02 - 0.25) * (b - a) * 4.0).abs() < 0.2, "{furthest} {a} {b}");
    assert!(drawing.caption.contains("D10 (n = 16)") && drawing.caption.contains("(–): D11.betrayal"));
}

#[test]
fn grey_ground_stands_where_an_intervention_is_in_force() {
    let table = series_table(20, 157, 9);
    let grounds = |rows: &[(&str, &str, i32, i32)]| {
        let drawing = figure::series(&table, Some(&schedule(rows)), &context()).expect("a chart");
        let grey = areas(&drawing).into_iter().filter(|(_, _, colour)| *colour == LIGHT);
        let spans: Vec<(f64, f64)> = grey.map(|(from, to, _)| (from.0.min(to.0), from.0.max(to.0))).collect();
        (drawing, spans)
    };
    let (drawing, spans) = grounds(&[("baseline", "exchange", 0, 365), ("baseline", "exchange", 365, 730)]);
    assert_eq!(spans.len(), 4, "two spans in two panels: {spans:?}");
    let of_panel: Vec<_> = spans.chunks(2).collect();
    for pair in of_panel {
        assert!((pair[0].1 - pair[1].0).abs() < 0.02, "the second begins where the first ends: {pair:?}");
        assert!((pair[0].1 - pair[0].0 - (pair[1].1 - pair[1].0)).abs() < 0.02, "a year each: {pair:?}");
    }
    assert_eq!(places(&drawing, "exchange").len(), 2, "named once in each panel");
    assert!(drawing.caption.contains("Something done (1 Jan 2006 to 31 Dec 2006)"), "{}", drawing.caption);
    let (drawing, spans) = grounds(&[("other", "exchange", 0, 365), ("baseline", "treaty", 5000, 6000)]);
    assert!(spans.is_empty() && !drawing.caption.contains("Grey"), "another arm, and another time");
    let without = figure::series(&table, None, &context()).expect("a chart");
    assert_eq!(without.svg, drawing.svg, "what is never in force leaves no trace");
}

#[test]
fn many_interventions_share_one_name() {
    let table = series_table(20, 157, 9);
    let kinds = ["treaty", "exchange", "handbook", "retention", "declaration", "shock"];
    let rows: Vec<(&str, &str, i32, i32)> = kinds.iter().map(|kind| ("baseline", *kind, 100, 500)).collect();
    for (count, words) in [(4, "treaty"), (6, "6 interventions")] {
        for width in [84.0, 183.0] {
            let drawing = figure::series(&table, Some(&schedule(&rows[..count])), &wide(width)).expect("a chart");
            hold(&format!("series-force-{count}-{width}"), &drawing);
            assert_eq!(places(&drawing, words).len(), 2);
        }
    }
    let error = figure::series(&table, Some(&table), &context()).expect_err("no schedule");
    assert!(error.to_string().contains("no column `start` of dates"), "{error}");
}

#[test]
fn dumbbells_end_at_the_shares_of_baseline_and_arm() {
    let drawing = figure::attrition(&stages(&STAGES, 900.0), "exchange", Some("during"), &context()).expect("one");
    let spots = discs(&drawing);
    // The legend has two discs; then level and difference of every stage.
    assert_eq!(spots.len(), 2 + 2 * 3, "{spots:?}");
    let squares: Vec<f64> = areas(&drawing)
        .into_iter()
        .filter(|(.., colour)| *colour == GREY)
        .skip(1)
        .map(|(from, to, _)| f64::midpoint(from.0, to.0))
        .collect();
    let levels = [spots[2].0, spots[4].0, spots[6].0];
    let unit = (levels[0] - levels[1]) / 0.6;
    assert!((levels[1] - squares[1] - 0.2 * unit).abs() < 0.1, "0.2 in the baseline, 0.4 in the arm");
    assert!((levels[2] - squares[2] - 0.02 * unit).abs() < 0.1 && (levels[0] - squares[0]).abs() < 0.02);
    let differences = [spots[3].0, spots[5].0, spots[7].0];
    let zero = differences[0];
    assert!((differences[1] - zero - 10.0 * (differences[2] - zero)).abs() < 0.2, "{differences:?}");
    assert_eq!(places(&drawing, "180 → 360").len(), 1);
    assert_eq!(places(&drawing, "After").len(), 0, "the other window is not asked for");
    // Filled where the interval is clear of zero.
    let filled = |place: usize| {
        let circles = drawing.sheet.marks.iter().filter_map(|mark| match mark {
            Mark::Circle { fill, .. } => Some(*fill),
            _ => None,
        });
        circles.collect::<Vec<_>>()[place] == Some(BLUE)
    };
    assert!(filled(4) && !filled(6));
}

#[test]
fn extreme_views_are_drawn() {
    let word = "Zusammenarbeitsverhinderungsgrundsatzangelegenheitenverordnung";
    let long = "the habit of handling whatever comes alone, in one’s own way and without telling anybody";
    for width in [84.0, 183.0] {
        let context = wide(width);
        let draw = |name: &str, result: Result<Drawing, FigureError>| {
            let drawing = result.unwrap_or_else(|error| panic!("{name}: {error}"));
            hold(&format!("{name}-{width}"), &drawing);
        };
        draw("by-state-60", figure::barriers_by_state(&whole(&many(60)), &context));
        draw("by-state-0", figure::barriers_by_state(&whole(&[]), &context));
        let keys = [("x", word, "single"), ("y", long, "single"), ("z", long, "joint")];
        for (name, scale) in [("zero", 0.0), ("missing", NONE), ("tiny", 1e-9), ("huge", 1e9)] {
            // Shares end at 1; cases do not.
            let (share, cases) = (if scale > 1.0 { 1.0 } else { scale }, if scale > 1.0 { 1e12 } else { 9.0 });
            let row = |state, period| -> Group<'_> { (state, "all", period, cases, vec![share, share / 2.0, share]) };
            let groups = [row("region", "all"), row(long, "all"), row("region", "2006"), row("region", "2007")];
            let table = barriers(&keys, &groups);
            draw(&format!("by-state-{name}"), figure::barriers_by_state(&table, &context));
            draw(&format!("over-time-{name}"), figure::barriers_over_time(&table, &context));
            let years = [("2006", [scale; 4]), ("2007", [scale / 2.0; 4])];
            draw(&format!("litmus-{name}"), figure::litmus_over_time(&litmus(&years), &context));
            draw(&format!("litmus-one-{name}"), figure::litmus_over_time(&litmus(&years[..1]), &context));
            let measures = [("D1", long, "share", 9, scale, scale / 9.0), ("D9.x", word, "days", 9, scale, 1.0)];
            draw(&format!("depth-{name}"), figure::depth(&depth(&measures), &context));
            let rows = [(long, word, 1.0, 1.0, 0.0), (long, long, 0.5 * scale.min(1.0), scale.min(1.0), 1e-9)];
            let table = stages(&rows, scale);
            draw(&format!("attrition-{name}"), figure::attrition(&table, "exchange", None, &context));
        }
        let sixty: Vec<(String, String)> =
            (0..60).map(|index| (format!("b{index}"), format!("barrier {index}"))).collect();
        let keys: Vec<(&str, &str, &str)> =
            sixty.iter().map(|(key, label)| (key.as_str(), label.as_str(), "single")).collect();
        let falling: Vec<f64> = (0..60).map(|index| 1.0 / f64::from(index + 2)).collect();
        let years =
            ["2001", "2002", "2003"].map(|year| -> Group<'_> { ("region", "all", year, 50.0, falling.clone()) });
        draw("over-time-60", figure::barriers_over_time(&barriers(&keys, &years), &context));
        let long_ago: Vec<(String, [f64; 4])> =
            (1900..1960).map(|year| (year.to_string(), [0.1, 0.2, 0.3, 0.4])).collect();
        let years: Vec<(&str, [f64; 4])> = long_ago.iter().map(|(year, shares)| (year.as_str(), *shares)).collect();
        draw("litmus-60", figure::litmus_over_time(&litmus(&years), &context));
        let measures: Vec<Depth<'_>> =
            sixty.iter().map(|(key, name)| (key.as_str(), name.as_str(), "share", 5, 0.5, 0.1)).collect();
        draw("depth-60", figure::depth(&depth(&measures), &context));
        let rows: Vec<Stage<'_>> = sixty.iter().map(|(_, name)| ("all", name.as_str(), 0.3, 0.5, 0.3)).collect();
        draw("attrition-60", figure::attrition(&stages(&rows, 1e9), "exchange", None, &context));
        for (name, replicates, ticks, cases) in [("tick", 5, 1, 9), ("nothing", 5, 157, 0), ("rare", 30, 157, 1)] {
            draw(&format!("spaghetti-{name}"), figure::spaghetti(&series_table(replicates, ticks, cases), &context));
        }
    }
    let names: Vec<String> = (0..60).map(|index| format!("b{index}")).collect();
    let keys: Vec<(&str, &str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str(), "single")).collect();
    let table = barriers(&keys, &[("region", "all", "all", 10.0, vec![0.5; 60])]);
    let error = figure::barriers_by_state(&table, &context()).expect_err("no room");
    assert!(error.to_string().starts_with("60 barriers need a figure "), "{error}");
}

#[test]
fn what_a_view_misses_is_named() {
    let series = series_table(1, 1, 1);
    type Draw = fn(&Table, &Context) -> Result<Drawing, FigureError>;
    let views: [(Draw, Table, &str); 6] = [
        (figure::barriers_by_state, whole(&[]), "`role` of words"),
        (figure::barriers_by_role, whole(&[]), "`role` of words"),
        (figure::barriers_over_time, whole(&[]), "`role` of words"),
        (figure::litmus_over_time, litmus(&[]), "`role` of words"),
        (figure::depth, depth(&[]), "`measure` of words"),
        (|table, context| figure::attrition(table, "exchange", None, context), stages(&[], 1.0), "`arm` of words"),
    ];
    for (draw, own, missing) in views {
        let error = draw(&series, &context()).expect_err("another table").to_string();
        assert!(error.starts_with("table `series` has no column ") && error.contains(missing), "{error}");
        let empty = draw(&Table::new(own.schema.clone()), &context());
        assert!(matches!(empty, Err(FigureError::Nothing { .. })), "{empty:?}");
    }
    assert!(matches!(figure::spaghetti(&Table::new(series.schema), &context()), Err(FigureError::Nothing { .. })));
    let error = figure::attrition(&stages(&STAGES, 1.0), "treaty", None, &context()).expect_err("no such arm");
    assert!(error.to_string().contains("arm `treaty`"), "{error}");
    let only_all = barriers(&KEYS, &[("region", "all", "all", 1.0, shares(1.0))]);
    let error = figure::barriers_over_time(&only_all, &context()).expect_err("no years");
    assert!(error.to_string().contains("a calendar year"), "{error}");
}

#[test]
fn the_order_asked_for_is_kept() {
    let order = ["thailand", "gate"].map(str::to_owned).to_vec();
    let asked = Context { order, ..context() };
    let drawing = figure::barriers_by_state(&whole(&named(&STATES)), &asked).expect("a matrix");
    let rows = ["All states", "Thailand", "Brunei Darussalam"].map(|name| places(&drawing, name)[0].1);
    assert!(rows[0] < rows[1] && rows[1] < rows[2], "{rows:?}");
    assert!(places(&drawing, "political gate")[0].0 < places(&drawing, "distrust")[0].0);
}
