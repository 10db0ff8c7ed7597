//! One factor moved at a time: how far the outcome goes from where it is.
//!
//! A bar runs from the outcome of the study as it is to that outcome and the mean paired change, with the interval of the change.

use super::ledger::{Ledger, Level, Row, in_full};
use super::legend::{Entry, Sample};
use super::marks;
use super::palette::{BLACK, BLUE, Colour, LIGHT, VERMILLION};
use super::request::Request;
use super::sensitivity::{Listed, Quantity, cut_words, listed, narrowed, within_reach};
use super::sheet::{Rect, Stroke};
use super::unit;
use super::words::counted;
use super::{Context, Drawing, FigureError, columns, ticks};
use crate::table::Table;

/// The most factors drawn: each takes two rows.
const MOST: usize = 12;
const EDGE: f64 = 2.0;

/// Units that say nothing beside the words of a factor.
const PLAIN: [&str; 4] = ["", "share", "probability", "utility"];

struct Factor {
    key: String,
    label: String,
    unit: String,
    /// Rows of the table: the lowest value it was moved to, and the highest.
    ends: Vec<usize>,
    /// How far the outcome goes between them and where it is.
    width: f64,
}

/// Draws the `tornado` table of one quantity: the change at the lowest and the highest value of each factor, the widest first.
///
/// # Errors
/// When a column is missing, nothing fits, or the size asked for is too small.
pub fn tornado(table: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let own = narrowed(table, request)?;
    let quantity = Quantity::of(&own, context);
    let (changes, lows, highs) =
        (columns::numbers(&own, "change")?, columns::numbers(&own, "ci_low")?, columns::numbers(&own, "ci_high")?);
    let (at, today) = (columns::numbers(&own, "at")?, columns::numbers(&own, "own")?);
    let written = columns::texts(&own, "written")?;
    let base = columns::numbers(&own, "base")?[0];
    let factors = read(&own, context)?;
    let keys: Vec<String> = factors.iter().map(|factor| factor.key.clone()).collect();
    let widths: Vec<f64> = factors.iter().map(|factor| factor.width).collect();
    let Listed { order, left_out } = listed(&keys, &widths, MOST, context);
    let drawn: Vec<&Factor> = order.iter().map(|&place| &factors[place]).collect();
    let ends: Vec<usize> = drawn.iter().flat_map(|factor| factor.ends.iter().copied()).collect();
    let unit = quantity.unit(ends.iter().map(|&row| base + changes[row]).chain([base]));
    let shown = |value: f64| unit.of_value(value);
    let core: Vec<f64> = ends.iter().map(|&row| shown(base + changes[row])).chain([shown(base)]).collect();
    let covered = within_reach(&core, ends.iter().flat_map(|&row| [shown(base + lows[row]), shown(base + highs[row])]));
    let scale = match quantity.difference {
        true => unit::differences(covered.iter().copied(), 5),
        false => unit::scale(covered.iter().copied(), false, 5),
    };
    let scale = unit::tight(scale, unit::bounds(covered.iter().copied()), (0.04, 0.04));
    let decimals = unit::decimals(ends.iter().map(|&row| shown(highs[row] - lows[row]) / 2.0));
    let mut rows: Vec<Row> = Vec::new();
    for factor in &drawn {
        for (place, &row) in factor.ends.iter().enumerate() {
            let [change, low, high] = [changes[row], lows[row], highs[row]].map(shown);
            let interval = match low.is_finite() && high.is_finite() {
                true => format!(" [{}, {}]", ticks::number(low, decimals), ticks::number(high, decimals)),
                false => String::new(),
            };
            let set = match today[row].is_finite() || written[row].parse::<f64>().is_ok() {
                true => super::levels::rounded(at[row]),
                false => context.label(&written[row], &written[row]),
            };
            let label = match place {
                0 if PLAIN.contains(&&*factor.unit) => factor.label.clone(),
                0 => format!("{} ({})", factor.label, context.say(&factor.unit)),
                _ => String::new(),
            };
            rows.push(Row {
                level: if place == 0 { Level::Item } else { Level::Sub },
                label,
                numbers: vec![set, format!("{}{interval}", unit::plus(change, decimals))],
            });
        }
    }
    let words = super::words::capitalised(&quantity.words);
    let axis = unit::title(&unit, context, &context.say(&words));
    let heads = ["Set to", "Change\n[95% CI]"].map(|head| context.say(head));
    let legend = [
        Entry::new(&[Sample::Area(colour(0))], &context.say("at its lowest value")),
        Entry::new(&[Sample::Area(colour(1))], &context.say("at its highest value")),
    ];
    let ledger = Ledger {
        stub: &context.say("Factor"),
        heads: &heads,
        rows: &rows,
        scale,
        axis: &axis,
        indent: 0.0,
        least: 0.28,
        grounds: &[],
        legend: &legend,
    };
    let laid = ledger.lay(context.style.points(120.0)?, context.style, |_, _, _| {})?;
    let x = |value: f64| laid.panel.at(shown(value), 0.0).0;
    let mut cut = false;
    let half = context.style.text * 0.36;
    let mut places = laid.middles.iter();
    // Rows of a factor belong together.
    for (row, &top) in rows.iter().zip(&laid.tops).skip(1) {
        if row.level == Level::Item {
            laid.paper.line((EDGE, top), (laid.paper.size().0 - EDGE, top), Stroke::solid(0.4, LIGHT));
        }
    }
    for factor in &drawn {
        for (place, (&row, &y)) in factor.ends.iter().zip(places.by_ref()).enumerate() {
            let which = if factor.ends.len() == 1 && at[row] > today[row] { 1 } else { place };
            if !changes[row].is_finite() {
                continue;
            }
            let (from, to) = (x(base), x(base + changes[row]));
            if (to - from).abs() > 0.05 {
                let (left, right) = (from.min(to), from.max(to));
                laid.paper.rect(Rect::new(left, y - half, right, y + half), colour(which));
            }
            let interval = (shown(base + lows[row]), shown(base + highs[row]));
            cut |= marks::interval(&laid.paper, &laid.panel, interval, y, Stroke::solid(0.6, BLACK));
        }
    }
    // The outcome as it is, in front of the bars but beside no words.
    for &y in &laid.middles {
        laid.paper.line((x(base), y - half - 1.0), (x(base), y + half + 1.0), Stroke::solid(0.7, BLACK));
    }
    let mut body = format!(
        "Each factor was moved by itself (one at a time), all others left as the study has them: how factors work together is not seen. Bars run from \
         the {} of the study as it is ({}; upright line) by the mean change, paired by replicate ({}); thin black lines: 95% intervals of the \
         change (Student’s t). Sorted by how far the outcome goes. Widths depend on the ranges that were given to the factors.",
        quantity.words,
        format!("{} {}", super::levels::rounded(shown(base)), unit.name()).trim_end(),
        quantity.window(),
    );
    let more = columns::texts(&own, "factor")?.len() - factors.iter().map(|factor| factor.ends.len()).sum::<usize>();
    if more > 0 {
        body += " Values between the lowest and the highest are in the table.";
    }
    if let Some((count, largest)) = left_out {
        let change = quantity.change([largest].into_iter());
        let most = format!("{} {}", ticks::significant(change.of_value(largest), 2), change.name());
        body += &format!(" Not drawn: {} that do less (at most {}).", counted(count, "factor"), most.trim_end());
    }
    body += cut_words(cut);
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    body += &in_full(&laid.cut, &labels);
    let title = context.title_or(&format!("One factor at a time: {}", quantity.words));
    Drawing::new(laid.paper, context, (&title, &body), own)
}

/// The colour of the bar at the lowest value, and at the highest.
fn colour(place: usize) -> Colour {
    if place == 0 { BLUE.tint(0.75) } else { VERMILLION.tint(0.55) }
}

fn read(own: &Table, context: &Context) -> Result<Vec<Factor>, FigureError> {
    let (keys, labels) = (columns::texts(own, "factor")?, columns::texts(own, "factor_label")?);
    let units = columns::texts(own, "factor_unit")?;
    let (at, changes) = (columns::numbers(own, "at")?, columns::numbers(own, "change")?);
    let mut factors: Vec<Factor> = Vec::new();
    for row in 0..own.rows() {
        if let Some(factor) = factors.iter_mut().find(|factor| factor.key == *keys[row]) {
            factor.ends.push(row);
            continue;
        }
        factors.push(Factor {
            key: keys[row].to_string(),
            label: context.label(&keys[row], &labels[row]),
            unit: units[row].to_string(),
            ends: vec![row],
            width: f64::NAN,
        });
    }
    for factor in &mut factors {
        factor.ends.sort_by(|&a, &b| at[a].total_cmp(&at[b]));
        if factor.ends.len() > 2 {
            factor.ends = vec![factor.ends[0], factor.ends[factor.ends.len() - 1]];
        }
        let known = factor.ends.iter().map(|&row| changes[row]).filter(|change| change.is_finite());
        let (low, high) = unit::bounds(known.chain([0.0]));
        factor.width = if factor.ends.iter().any(|&row| changes[row].is_finite()) { high - low } else { f64::NAN };
    }
    Ok(factors)
}
