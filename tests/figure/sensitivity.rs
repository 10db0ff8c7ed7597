//! Charts of what a sensitivity analysis found, through the door of requests.

use super::{Numbers, context, hold, texts, wide};
use comity::figure::sheet::Mark;
use comity::figure::{Changes, Context, Drawing, JOURNALS, Kind, Request, Style, Tables, sensitivity_requests};
use comity::table::{Cell, Field, Schema, Table};

/// A quantity: kind, arm and its label, against what and its label.
type Quantity = (&'static str, &'static str, &'static str, &'static str, &'static str);

const LEVEL: Quantity = ("level", "baseline", "Baseline", "", "");
const EFFECT: Quantity = ("effect", "exchange", "Exchange visits", "baseline", "Baseline");
const LEAD: Quantity = ("lead", "exchange", "Exchange visits", "handbook", "A handbook");
const SPREAD: Quantity = ("spread", "baseline", "Baseline", "", "");
const ALL: [Quantity; 4] = [LEVEL, EFFECT, LEAD, SPREAD];

const LABELS: [&str; 6] = [
    "Weight of trust",
    "Chance that an informal request is sent back for a formal letter",
    "Learning rate of a habit per repetition, median over practitioners",
    "Share of victims who speak a common language",
    "Generalised trust at the start",
    "Half-life of familiarity",
];

fn words(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| Field::text(name, "")).collect()
}

fn numbers(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| Field::real(name, "", "")).collect()
}

/// A table whose rows begin with a quantity.
fn of_quantities(name: &str, fields: Vec<Vec<Field>>) -> Table {
    let own =
        ["quantity", "arm", "arm_label", "against", "against_label", "measure", "measure_label", "unit", "window"];
    let fields = words(&own).into_iter().chain(fields.into_iter().flatten()).collect();
    Table::new(Schema::of(name, "", fields))
}

fn push(table: &mut Table, quantity: Quantity, own: Vec<Cell>) {
    let (kind, arm, arm_label, against, against_label) = quantity;
    let of = [kind, arm, arm_label, against, against_label, "rate", "Cooperation rate", "share", "whole"];
    table.push_cells(of.map(Cell::from).into_iter().chain(own));
}

fn indices() -> Table {
    of_quantities(
        "indices",
        vec![
            words(&["method", "factor", "factor_label", "other", "index"]),
            numbers(&["value", "ci_low", "ci_high", "chance"]),
            words(&["verdict"]),
        ],
    )
}

fn analyses(method: &str, chance: (f64, f64, f64)) -> Table {
    let counts = ["complete", "failed", "replicates", "resamples"];
    let mut table = of_quantities(
        "analyses",
        vec![
            words(&["method"]),
            counts.iter().map(|name| Field::integer(name, "", "")).collect(),
            numbers(&["chance", "chance_low", "chance_high"]),
        ],
    );
    for quantity in ALL {
        let counts = [64, 2, 4, 1000].map(Cell::Integer);
        let chance = [chance.0, chance.1, chance.2].map(Cell::Real);
        push(&mut table, quantity, std::iter::once(Cell::from(method)).chain(counts).chain(chance).collect());
    }
    table
}

fn index(
    method: &str,
    (key, label): (&str, &str),
    index: &str,
    [value, low, high]: [f64; 3],
    end: (f64, &str),
) -> Vec<Cell> {
    let words = [method, key, label, "", index].map(Cell::from);
    let numbers = [value, low, high, end.0].map(Cell::Real);
    words.into_iter().chain(numbers).chain([Cell::from(end.1)]).collect()
}

fn label(place: usize) -> String {
    LABELS.get(place).map_or_else(|| format!("Assumption number {place}"), |label| (*label).to_owned())
}

/// Screening of so many factors, some of which stand out of chance.
pub fn screened(factors: usize, chance: f64) -> Tables {
    let mut draws = Numbers(3);
    let mut table = indices();
    for quantity in ALL {
        for place in 0..factors {
            let (key, label) = (format!("f{place}"), label(place));
            let size = 0.09 * libm::exp(-0.12 * place as f64) * (0.6 + 0.8 * draws.unit());
            let spread = size * (0.3 + draws.unit());
            let verdict = match size {
                size if size < chance => "negligible",
                size if 0.7 * size > chance => "matters",
                _ => "undecided",
            };
            let ends = [size, 0.7 * size, 1.3 * size];
            push(&mut table, quantity, index("morris", (&key, &label), "mu", ends, (f64::NAN, "")));
            push(&mut table, quantity, index("morris", (&key, &label), "mu_star", ends, (chance, verdict)));
            push(
                &mut table,
                quantity,
                index("morris", (&key, &label), "sigma", [spread, 0.8 * spread, 1.2 * spread], (chance * 0.9, "")),
            );
        }
    }
    tables([table, analyses("morris", (chance * 0.8, f64::NAN, chance))])
}

/// Shares of so many factors, the first of them with an interval of that height.
pub fn shared(factors: usize, high: f64, luck: bool) -> Tables {
    let mut table = indices();
    for quantity in ALL {
        for place in 0..factors {
            let (key, label) = (format!("f{place}"), label(place));
            let total = 0.6 * libm::exp(-0.5 * place as f64);
            let first = total - 0.1;
            let top = if place == 0 { high } else { total + 0.15 };
            for method in ["sobol", "azzini"] {
                let slip = if method == "sobol" { 7.0 } else { 0.0 };
                let own = (key.as_str(), label.as_str());
                push(
                    &mut table,
                    quantity,
                    index(method, own, "first", [first + slip, first - 0.1, first + 0.1], (f64::NAN, "")),
                );
                push(
                    &mut table,
                    quantity,
                    index(method, own, "total", [total + slip, total - 0.1, top], (f64::NAN, "matters")),
                );
            }
        }
        if luck {
            let own = ("seed", "Luck");
            push(&mut table, quantity, index("azzini", own, "first", [0.2, 0.1, 0.3], (f64::NAN, "")));
            push(&mut table, quantity, index("azzini", own, "total", [0.34, 0.25, 0.43], (f64::NAN, "matters")));
        }
    }
    let mut all = tables([table, analyses("azzini", (0.34, 0.25, 0.43))]);
    all.insert("convergence".to_owned(), settled(factors));
    all
}

fn settled(factors: usize) -> Table {
    let mut table = of_quantities(
        "convergence",
        vec![
            vec![Field::integer("base_points", "", "")],
            words(&["factor", "factor_label"]),
            numbers(&["value", "ci_low", "ci_high"]),
        ],
    );
    for quantity in ALL {
        for (stage, base) in [64, 128, 256].into_iter().enumerate() {
            for place in 0..factors {
                let total = 0.6 * libm::exp(-0.5 * place as f64) + 0.05 * (2.0 - stage as f64);
                let half = if place > 2 && stage == 2 { 0.01 } else { 0.2 / (1.0 + stage as f64) };
                let own =
                    [Cell::Integer(base), Cell::from(format!("f{place}").as_str()), Cell::from(label(place).as_str())];
                push(
                    &mut table,
                    quantity,
                    own.into_iter().chain([total, total - half, total + half].map(Cell::Real)).collect(),
                );
            }
        }
    }
    table
}

/// One-at-a-time over so many factors.
pub fn moved(factors: usize) -> Tables {
    let mut table = of_quantities(
        "tornado",
        vec![
            words(&["factor", "factor_label", "factor_unit"]),
            numbers(&["own", "at"]),
            words(&["written"]),
            numbers(&["value", "base", "change", "ci_low", "ci_high"]),
            words(&["verdict"]),
        ],
    );
    for quantity in ALL {
        for place in 0..factors {
            let reach = 0.2 * libm::exp(-0.3 * place as f64);
            for (at, written, change) in [(0.5, "0.5", -reach), (1.5, "1.5", 0.4 * reach)] {
                // The last is a choice, in words, and of one other value.
                let (own, at, written) = match place + 1 == factors {
                    true if change < 0.0 => continue,
                    true => (f64::NAN, 1.0, "complex"),
                    false => (1.0, at, written),
                };
                let half = if place == 1 { 3.0 } else { 0.03 };
                let words = [format!("f{place}"), label(place), if place == 2 { "per year" } else { "" }.to_owned()];
                let words = words.iter().map(|word| Cell::from(word.as_str()));
                let numbers = [0.3 + change, 0.3, change, change - half, change + half].map(Cell::Real);
                let own = words.chain([Cell::Real(own), Cell::Real(at), Cell::from(written)]);
                push(&mut table, quantity, own.chain(numbers).chain([Cell::from("matters")]).collect());
            }
        }
    }
    tables([table])
}

/// A search for boxes, and limits of those it found.
pub fn discovered() -> Tables {
    let whole = |names: &[&str]| names.iter().map(|name| Field::integer(name, "", "")).collect::<Vec<Field>>();
    let mut boxes = of_quantities(
        "boxes",
        vec![
            words(&["interest", "made_by"]),
            whole(&["box", "points", "hits", "restricted", "suggested"]),
            numbers(&["coverage", "density", "mass"]),
        ],
    );
    let mut limits = of_quantities(
        "limits",
        vec![
            words(&["interest", "factor", "factor_label", "end", "written"]),
            whole(&["box"]),
            numbers(&["value", "lowest", "highest", "kept"]),
        ],
    );
    for quantity in [LEVEL, EFFECT, LEAD] {
        for number in 0..24_i64 {
            let along = number as f64 / 24.0;
            let (coverage, density) = (1.0 - 0.6 * along * along, 0.3 + 0.6 * along);
            let counts = [number, 300 - 10 * number, 90 - 2 * number, (number + 5) / 6, i64::from(number == 15)];
            let own = ["<= 0.12", "cut"].map(Cell::from).into_iter().chain(counts.map(Cell::Integer));
            let shares = [coverage, density, 1.0 - along].map(Cell::Real);
            push(&mut boxes, quantity, own.chain(shares).collect());
        }
        for (place, end, value, written) in
            [(0, "from", 0.4, "0.4"), (0, "to", 2.2, "2.2"), (1, "to", 1.7, "1.7"), (2, "from", 1.0, "complex")]
        {
            let (key, label) = (format!("f{place}"), label(place));
            let own = ["<= 0.12", &key, &label, end, written].map(Cell::from).into_iter().chain([Cell::Integer(15)]);
            push(&mut limits, quantity, own.chain([value, 0.0, 3.0, 0.85].map(Cell::Real)).collect());
        }
    }
    tables([boxes, limits])
}

pub fn best() -> Tables {
    let mut fields = words(&["measure", "measure_label", "unit", "window", "arm", "arm_label"]);
    fields.push(Field::integer("points", "", ""));
    fields.extend(numbers(&["best", "helps", "effect", "effect_low", "effect_high"]));
    let mut table = Table::new(Schema::of("best_arms", "", fields));
    for (arm, label, best, mean) in [
        ("handbook", "A handbook", 0.25, 0.02),
        ("exchange", "Exchange visits", 0.75, 0.06),
        ("treaty", "A treaty", 0.0, -0.01),
    ] {
        let own = ["rate", "Cooperation rate", "share", "whole", arm, label].map(Cell::from);
        let numbers = [best, best / 2.0 + 0.4, mean, mean - 0.05, mean + 0.09].map(Cell::Real);
        table.push_cells(own.into_iter().chain([Cell::Integer(300)]).chain(numbers));
    }
    tables([table])
}

fn tables<const N: usize>(all: [Table; N]) -> Tables {
    all.into_iter().map(|table| (table.schema.name.clone(), table)).collect()
}

fn request(kind: Kind, (quantity, arm, _, against, _): Quantity) -> Request {
    let word = |word: &str| (!word.is_empty()).then(|| word.to_owned());
    Request {
        quantity: word(quantity),
        arm: word(arm),
        against: word(against),
        measure: Some("rate".to_owned()),
        window: Some("whole".to_owned()),
        ..Request::new(kind, kind.key())
    }
}

/// Every chart of a sensitivity analysis, with tables that suit it.
pub fn charts() -> Vec<(&'static str, Tables, Request)> {
    vec![
        ("screening", screened(40, 0.012), request(Kind::Screening, EFFECT)),
        ("screening-without-chance", screened(8, f64::NAN), request(Kind::Screening, SPREAD)),
        ("shares", shared(6, 0.9, true), request(Kind::Shares, LEVEL)),
        ("shares-cut", shared(25, 9.0, false), request(Kind::Shares, LEAD)),
        ("tornado", moved(6), request(Kind::Tornado, LEVEL)),
        ("tornado-of-an-effect", moved(20), request(Kind::Tornado, EFFECT)),
        ("convergence", shared(8, 0.9, false), request(Kind::Convergence, LEVEL)),
        ("discovery", discovered(), request(Kind::Discovery, LEAD)),
        ("best-arms", best(), Request { quantity: None, arm: None, ..request(Kind::BestArms, LEVEL) }),
    ]
}

fn drawn(tables: &Tables, request: &Request, context: &Context) -> Drawing {
    request.draw(tables, context).unwrap_or_else(|error| panic!("{}: {error}", request.name))
}

/// The same, drawn.
pub fn gallery(context: &Context) -> Vec<(&'static str, Drawing)> {
    charts().into_iter().map(|(name, tables, request)| (name, drawn(&tables, &request, context))).collect()
}

#[test]
fn charts_of_a_sensitivity_analysis_are_fit_for_print_at_every_width() {
    for width in [84.0, 120.0, 183.0] {
        for (name, drawing) in gallery(&wide(width)) {
            hold(&format!("{name}-{width}"), &drawing);
        }
    }
    for (name, drawing) in gallery(&context()) {
        hold(name, &drawing);
        for word in ["n = 200 runs", "seed 1", "3f9a11c2d4e5", "comity 0.1.0", "window: whole"] {
            assert!(drawing.caption.contains(word), "{name}: {}", drawing.caption);
        }
    }
}

#[test]
fn charts_of_a_sensitivity_analysis_are_fit_for_one_column_of_every_journal() {
    for journal in &JOURNALS {
        let mut style = Style::of(journal);
        // The height is another matter: some are too much for a page.
        (style.width, style.highest) = (Some(journal.columns[0]), None);
        for (name, drawing) in gallery(&Context { style, ..context() }) {
            hold(&format!("{name}-{}", journal.key), &drawing);
        }
    }
}

#[test]
fn captions_say_what_the_numbers_rest_on() {
    let captions: Vec<(&str, String)> = gallery(&Context { confidence: Some(0.9), ..context() })
        .into_iter()
        .map(|(name, own)| (name, own.caption))
        .collect();
    let has = |name: &str, words: &[&str]| {
        let (_, caption) = captions.iter().find(|(own, _)| *own == name).expect("a chart");
        for word in words {
            assert!(caption.contains(word), "{name} lacks {word}: {caption}");
        }
    };
    has(
        "screening",
        &["64 trajectories (and 2 left out whole", "4 runs at each point", "1000 resamples", "40 factors"],
    );
    has("screening-without-chance", &["What chance alone shows is not known"]);
    has(
        "shares",
        &["64 blocks of a Saltelli design", "Azzini", "Set apart: the share of chance", "do together with chance"],
    );
    has("shares-cut", &["Not drawn: 5 factors with smaller totals", "end in a tip"]);
    has("tornado", &["Student’s t", "30 %; upright line"]);
    has("tornado-of-an-effect", &["Not drawn: 8 factors that do less"]);
    has("convergence", &["256 base points", "3 of the 6 drawn are wider", "Not drawn: 2 factors"]);
    has("discovery", &["≤ 0.12", "300 points", "box 15", "150 points"]);
    has("best-arms", &["3 arms over 300 points", "5th to the 95th percentile"]);
}

#[test]
fn the_confidence_of_an_analysis_is_in_its_figure() {
    for (name, tables, request) in charts() {
        let request = Request { confidence: Some(0.9), ..request };
        let drawing = drawn(&tables, &request, &context());
        let said = format!("{} {}", drawing.caption, texts(&drawing).join(" "));
        assert!(!said.contains("95%"), "{name}: {said}");
    }
}

#[test]
fn an_interval_beyond_the_axis_is_cut_with_a_tip_and_stretches_nothing() {
    let shown = |high: f64| drawn(&shared(4, high, true), &request(Kind::Shares, LEVEL), &context());
    let (narrow, wide) = (shown(0.7), shown(9.0));
    // A tip is an open path of three corners.
    let tips = |drawing: &Drawing| {
        let open =
            |mark: &&Mark| matches!(mark, Mark::Path { points, closed: false, fill: None, .. } if points.len() == 3);
        drawing.sheet.marks.iter().filter(open).count()
    };
    assert_eq!((tips(&narrow), tips(&wide)), (0, 1));
    assert!(wide.caption.contains("end in a tip") && !narrow.caption.contains("end in a tip"), "{}", wide.caption);
    assert!(texts(&wide).contains(&"60 [50, 900]".to_owned()), "the numbers are whole: {:?}", texts(&wide));
    assert!(!texts(&wide).contains(&"200".to_owned()), "the axis keeps to the estimates: {:?}", texts(&wide));
}

#[test]
fn a_negative_share_is_shown_as_it_is() {
    let drawing = drawn(&shared(6, 0.9, true), &request(Kind::Shares, LEVEL), &context());
    // The first-order share of the last factor: 0.6 exp(-2.5) - 0.1.
    assert!(texts(&drawing).contains(&"−5".to_owned()), "{:?}", texts(&drawing));
    let at = |word: &str| {
        let found = drawing.sheet.text_boxes().into_iter().rev().find(|(_, text)| *text == word);
        found.map(|(place, _)| place.centre().0).expect("a tick")
    };
    let zero = at("0");
    let hollow = |mark: &Mark| match mark {
        // A diamond.
        Mark::Path { points, closed: true, stroke: Some(_), fill: Some(_), .. } if points.len() == 4 => {
            Some(points[0].0)
        }
        _ => None,
    };
    let least = drawing.sheet.marks.iter().filter_map(hollow).fold(f64::INFINITY, f64::min);
    assert!(least < zero - 3.0, "{least} {zero}");
}

#[test]
fn of_two_estimators_the_better_one_is_shown() {
    let drawing = drawn(&shared(3, 0.9, false), &request(Kind::Shares, LEVEL), &context());
    assert!(!texts(&drawing).iter().any(|text| text.starts_with("760")), "{:?}", texts(&drawing));
    let mut tables = shared(3, 0.9, false);
    let indices = tables.get_mut("indices").expect("it is there");
    let methods = indices.texts("method").expect("words").to_vec();
    let rows: Vec<usize> = (0..indices.rows()).filter(|&row| &*methods[row] == "sobol").collect();
    *indices = indices.picked(&rows);
    let drawing = drawn(&tables, &request(Kind::Shares, LEVEL), &context());
    assert!(
        drawing.caption.contains("Jansen") && drawing.caption.contains("Chance is not told apart"),
        "{}",
        drawing.caption
    );
    assert!(texts(&drawing).iter().any(|text| text.starts_with("760")), "{:?}", texts(&drawing));
}

#[test]
fn luck_stands_apart_from_assumptions() {
    let drawing = drawn(&shared(3, 0.9, true), &request(Kind::Shares, LEVEL), &context());
    let words = texts(&drawing);
    let place = |word: &str| words.iter().position(|own| own == word).unwrap_or_else(|| panic!("{word}: {words:?}"));
    assert_eq!(words.iter().filter(|own| *own == "Luck").count(), 1);
    assert!(place("Chance") < place("Luck") && place("Weight of trust") < place("Chance"), "{words:?}");
    assert!(drawing.caption.contains("the ranges of 3 factors"), "{}", drawing.caption);
}

#[test]
fn only_factors_that_matter_are_numbered_in_a_screening() {
    let tables = screened(160, 0.012);
    let drawing = drawn(&tables, &request(Kind::Screening, LEVEL), &context());
    hold("screening-160", &drawing);
    let words = texts(&drawing);
    assert!(words.iter().filter(|own| *own == "12").count() >= 1 && !words.contains(&"13".to_owned()), "{words:?}");
    assert!(!words.contains(&"Assumption number 150".to_owned()), "{words:?}");
    let select = vec!["f150".to_owned()];
    let drawing = drawn(&tables, &request(Kind::Screening, LEVEL), &Context { select, ..context() });
    assert!(texts(&drawing).contains(&"Assumption number 150".to_owned()), "what is selected is named");
}

#[test]
fn a_figure_of_several_quantities_says_what_to_name() {
    let refused = |kind: Kind, tables: &Tables| {
        let drawn = Request::new(kind, "x").draw(tables, &context()).map(|drawing| drawing.caption);
        drawn.expect_err("it is refused").to_string()
    };
    for (kind, tables) in
        [(Kind::Screening, screened(3, 0.01)), (Kind::Shares, shared(3, 0.9, true)), (Kind::Tornado, moved(3))]
    {
        let words = refused(kind, &tables);
        assert!(words.contains("one quantity") && words.contains("level, effect, lead, spread"), "{words}");
    }
    let words = refused(Kind::Shares, &screened(3, 0.01));
    assert!(words.contains("one quantity"), "{words}");
    let none = request(Kind::Shares, LEVEL).draw(&screened(3, 0.01), &context()).map(|drawing| drawing.caption);
    assert!(none.expect_err("no shares").to_string().contains("sobol"));
}

#[test]
fn every_design_is_left_with_its_figures() {
    let joined =
        |all: &[Tables]| all.iter().flatten().map(|(name, table)| (name.clone(), table.clone())).collect::<Tables>();
    let names = |tables: &Tables| {
        let requests = sensitivity_requests(tables, Some(0.95));
        for request in &requests {
            assert_eq!(request.confidence, None);
            drawn(tables, request, &context());
        }
        requests.into_iter().map(|request| request.name).collect::<Vec<_>>()
    };
    let of = |kind: &str| ["level", "effect-exchange", "lead-exchange-handbook"].map(|own| format!("{kind}-{own}"));
    let list = |names: &[&[String]]| names.concat();
    let best_arms = ["best-arms".to_owned()];
    assert_eq!(names(&joined(&[screened(9, 0.01), best()])), list(&[&best_arms, &of("screening")]));
    assert_eq!(names(&joined(&[moved(5), best()])), list(&[&best_arms, &of("tornado")]));
    let [level, effect, lead] = of("discovery");
    assert_eq!(names(&joined(&[discovered(), best()])), list(&[&best_arms, &[lead.clone(), level.clone(), effect]]));
    let blocks = names(&joined(&[shared(5, 0.9, true), discovered(), best()]));
    let settled = ["convergence-level".to_owned()];
    assert_eq!(blocks, list(&[&best_arms, &of("shares"), &settled, &[lead, level, of("discovery")[1].clone()]]));
    assert!(sensitivity_requests(&Tables::new(), None).is_empty());
    let sure = sensitivity_requests(&best(), Some(0.9));
    assert_eq!(sure[0].confidence, Some(0.9));
}

#[test]
fn a_figure_of_another_quantity_is_named_after_it() {
    let own = request(Kind::Shares, EFFECT);
    let changed = |changes: Changes| own.clone().changed(&changes);
    let word = |word: &str| Some(word.to_owned());
    assert_eq!(changed(Changes::default()), own);
    let spread = changed(Changes { quantity: word("spread"), ..Changes::default() });
    assert_eq!((spread.name.as_str(), &spread.arm), ("shares-spread", &None));
    drawn(&shared(3, 0.9, true), &spread, &context());
    let lead =
        Changes { quantity: word("lead"), arm: word("exchange"), against: word("handbook"), ..Changes::default() };
    let lead = changed(lead);
    assert_eq!(lead.name, "shares-lead-exchange-handbook");
    drawn(&shared(3, 0.9, true), &lead, &context());
    let other = changed(Changes { arm: word("handbook"), window: word("late"), ..Changes::default() });
    assert_eq!(other.name, "shares-effect-handbook-late");
    // The level is that of the baseline, whatever arm is named.
    let level = request(Kind::Shares, LEVEL);
    assert_eq!(level.clone().changed(&Changes { arm: word("exchange"), ..Changes::default() }), level);
    let like = Request::like(Kind::Convergence, std::slice::from_ref(&own));
    assert_eq!((like.quantity.as_deref(), like.arm.as_deref()), (Some("effect"), Some("exchange")));
    let json = serde_json::to_string(&own).expect("plain data");
    assert_eq!(serde_json::from_str::<Request>(&json).expect("the same data"), own);
}
