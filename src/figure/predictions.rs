//! What the theory predicts against what the model does: held, broken or undecided.
//!
//! Rows have different units, so each is divided by its own margin (the smallest difference that counts);
//! where a row has no margin, by half the width of its interval. The axis is logarithmic away from 0,
//! x → sign(x) · log10(1 + |x|), so that a row far beyond its margin does not crush the others.

use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Estimate, Look, Shape};
use super::palette::{BLUE, GREY, VERMILLION};
use super::ticks::{Scale, Tick, compact, decimals_for};
use super::words::{capitalised, counted};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

struct Prediction {
    key: String,
    sentence: String,
    test: String,
    value: f64,
    interval: (f64, f64),
    margin: f64,
    verdict: String,
}

/// The furthest the axis goes, in margins.
const FURTHEST: f64 = 1000.0;

/// Draws the `predictions` table: columns `key`, `sentence`, `test`, `estimate`, `ci_low`, `ci_high`,
/// `margin` and `verdict` (`held`, `broken` or `undecided`).
///
/// # Errors
/// When a column is missing, the table is empty, or the size asked for is too small.
pub fn predictions(predictions: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let all = read(predictions)?;
    // A prediction with several tests is a heading over them; one without a test of its own is a row by itself.
    let (mut rows, mut drawn): (Vec<Row>, Vec<Option<&Prediction>>) = (Vec::new(), Vec::new());
    for (place, own) in all.iter().enumerate() {
        let sentence = format!("{}  {}", own.key, context.say(&own.sentence));
        let label = if own.test.is_empty() {
            sentence
        } else {
            if place == 0 || all[place - 1].key != own.key {
                rows.push(Row::heading(&sentence));
                drawn.push(None);
            }
            context.say(&capitalised(&own.test))
        };
        rows.push(Row { level: Level::Item, label, numbers: numbers(own, context) });
        drawn.push(Some(own));
    }
    let reach = |sign: f64| {
        let each =
            all.iter().flat_map(|own| [own.value, own.interval.0, own.interval.1].map(|value| value / scale_of(own)));
        each.map(|value| value * sign).filter(|size| size.is_finite()).fold(3.0, f64::max).min(FURTHEST)
    };
    let scale = scale(reach(-1.0), reach(1.0));
    let heads = ["Estimate\n[95% CI]", "Margin", "Verdict"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Prediction"),
        heads: &heads,
        rows: &rows,
        scale,
        axis: &context.say("Estimate in multiples of its margin (logarithmic away from 0)"),
        indent: 0.9,
        least: 0.3,
        grounds: &[],
        legend: &[],
    };
    let width = context.style.points(183.0)?;
    let laid = ledger.lay(width, context.style, |paper, panel, spans| marks::zero(paper, panel, spans, 0.0))?;
    for (own, &y) in drawn.iter().zip(&laid.middles).filter_map(|(own, y)| own.map(|own| (own, y))) {
        if sound(own.margin) {
            let half = context.style.text * 0.5;
            marks::zero(&laid.paper, &laid.panel, &[(y - half, y + half)], bend(1.0));
        }
    }
    for (own, &y) in drawn.iter().zip(&laid.middles).filter_map(|(own, y)| own.map(|own| (own, y))) {
        let place = |value: f64| bend(value / scale_of(own));
        let estimate = Estimate::new(place(own.value), (place(own.interval.0), place(own.interval.1)));
        let look = match own.verdict.as_str() {
            "held" => Look::filled(Shape::Disc, BLUE),
            "broken" => Look::filled(Shape::Diamond, VERMILLION),
            _ => Look::hollow(Shape::Disc, GREY),
        };
        marks::across(&laid.paper, &laid.panel, &estimate, y, look);
    }
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    let title = context.title_or("Predictions");
    let count = |wanted: &str| verdicts(&all).iter().filter(|verdict| **verdict == wanted).count();
    let untested = match count("not tested") {
        0 => String::new(),
        some => format!(", {some} not tested"),
    };
    let scaled = all.iter().filter(|own| !sound(own.margin)).count();
    let body = format!(
        "{} in {}, each with its own experiment: {} held in every test, {} broken in at least one, {} undecided{untested}. \
         Estimates and their 95% intervals (Student’s t) are divided by the margin of the test; shaded: within the margin. {} Blue disc: held; \
         vermillion diamond: broken; hollow grey disc: undecided or not tested. The axis is logarithmic away from 0; a triangle at the edge \
         marks a value beyond it.{}",
        counted(verdicts(&all).len(), "prediction"),
        counted(all.len(), "test"),
        count("held"),
        count("broken"),
        count("undecided"),
        match scaled {
            0 => String::new(),
            some => format!(
                "{} without a margin (–) {} divided by half the width of the interval instead, and nothing is shaded there.",
                counted(some, "test"),
                if some == 1 { "is" } else { "are" }
            ),
        },
        in_full(&laid.cut, &labels),
    );
    Drawing::new(laid.paper, context, (&title, &body), predictions.clone())
}

/// The verdict on each prediction: broken if any of its tests is, held if all are.
fn verdicts(all: &[Prediction]) -> Vec<&'static str> {
    let mut keys: Vec<&str> = all.iter().map(|own| own.key.as_str()).collect();
    keys.dedup();
    let of = |key: &&str| {
        let own: Vec<&str> = all.iter().filter(|own| own.key == **key).map(|own| own.verdict.as_str()).collect();
        match () {
            () if own.contains(&"broken") => "broken",
            () if own.iter().all(|verdict| *verdict == "held") => "held",
            () if own.iter().all(|verdict| *verdict == "not tested") => "not tested",
            () => "undecided",
        }
    };
    keys.iter().map(of).collect()
}

fn sound(margin: f64) -> bool {
    margin.is_finite() && margin > 0.0
}

/// What a row is divided by; never 0.
fn scale_of(own: &Prediction) -> f64 {
    let half = (own.interval.1 - own.interval.0) / 2.0;
    [own.margin, half, own.value.abs()].into_iter().find(|size| sound(*size)).unwrap_or(1.0)
}

fn bend(value: f64) -> f64 {
    value.signum() * libm::log10(1.0 + value.abs())
}

/// An axis that reaches so far down and up, with ticks at powers of ten.
fn scale(down: f64, up: f64) -> Scale {
    let end = |reach: f64| {
        let ends = [3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
        ends.into_iter().find(|end| *end >= reach).unwrap_or(FURTHEST)
    };
    let powers = |end: f64| [1.0, 10.0, 100.0, 1000.0].into_iter().filter(move |power| *power <= end);
    let (low, high) = (end(down), end(up));
    let mut marks: Vec<f64> = powers(low).map(|power| -power).chain([0.0]).chain(powers(high)).collect();
    marks.sort_by(f64::total_cmp);
    let ticks = marks.into_iter().map(|mark| Tick { at: bend(mark), label: super::unit::plus(mark, 0) }).collect();
    Scale { low: bend(-low), high: bend(high), ticks }
}

fn numbers(own: &Prediction, context: &Context) -> Vec<String> {
    let (low, high) = own.interval;
    let wide = [(high - low) / 2.0, own.margin, own.value.abs()].into_iter().find(|size| sound(*size)).unwrap_or(0.0);
    let decimals = decimals_for(wide, 2).min(4);
    let show = |value: f64| compact(value, decimals);
    let estimate = match own.value.is_finite() && low.is_finite() && high.is_finite() {
        true => format!("{} [{}, {}]", show(own.value), show(low), show(high)),
        false => show(own.value),
    };
    let margin = match sound(own.margin) {
        true => compact(own.margin, decimals_for(own.margin, 2).min(4)),
        false => "–".to_owned(),
    };
    vec![estimate, margin, context.say(&own.verdict)]
}

fn read(table: &Table) -> Result<Vec<Prediction>, FigureError> {
    let keys = columns::texts(table, "key")?;
    let sentences = columns::texts(table, "sentence")?;
    let tests = columns::texts(table, "test")?;
    let values = columns::numbers(table, "estimate")?;
    let lows = columns::numbers(table, "ci_low")?;
    let highs = columns::numbers(table, "ci_high")?;
    let margins = columns::numbers(table, "margin")?;
    let verdicts = columns::texts(table, "verdict")?;
    if table.rows() == 0 {
        return Err(columns::nothing(table, "predictions"));
    }
    let each = (0..table.rows()).map(|row| Prediction {
        key: keys[row].to_string(),
        sentence: sentences[row].to_string(),
        test: tests[row].to_string(),
        value: values[row],
        interval: (lows[row], highs[row]),
        margin: margins[row],
        verdict: verdicts[row].to_string(),
    });
    Ok(each.collect())
}
