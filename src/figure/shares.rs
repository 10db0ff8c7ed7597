//! Shares of the variance: what each factor explains by itself, and with others; and what chance does.
//!
//! Estimates are shown as they are: one below 0 or above 1 is the noise of the estimator, and is not pulled back.

use super::ledger::{Ledger, Level, Row, in_full};
use super::legend::{Entry, Sample};
use super::marks::{self, Look, Shape, marker};
use super::palette::{BLUE, GREY, VERMILLION};
use super::request::Request;
use super::sensitivity::{Analysis, Listed, MOST, Quantity, covering, cut_words, listed, narrowed, within_reach};
use super::sheet::Stroke;
use super::unit::{self, Unit};
use super::words::counted;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// A share and its interval.
#[derive(Debug, Clone, Copy)]
struct Share {
    value: f64,
    interval: (f64, f64),
}

const MISSING: Share = Share { value: f64::NAN, interval: (f64::NAN, f64::NAN) };

struct Factor {
    key: String,
    label: String,
    first: Share,
    total: Share,
}

/// Draws the rows of `indices` of one quantity and of Sobol' indices: first-order and total share of each factor, sorted by total, and
/// the share of chance set apart (from `analyses`). Of two estimators the one of Azzini is shown where it is there.
///
/// # Errors
/// When a column is missing, nothing fits, or the size asked for is too small.
pub fn shares(indices: &Table, analyses: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let own = narrowed(indices, request)?;
    let quantity = Quantity::of(&own, context);
    let (method, mut factors) = read(&own, context)?;
    let analysis = Analysis::of(&narrowed(analyses, request)?, method)?;
    let chance =
        analysis.as_ref().map_or(MISSING, |own| Share { value: own.chance.0, interval: (own.chance.1, own.chance.2) });
    // The share of chance is worked out as the total of luck where luck is a factor, and is the very same number.
    let luck = factors.iter().position(|factor| factor.total.value.to_bits() == chance.value.to_bits());
    let apart = match luck.map(|place| factors.remove(place)) {
        Some(factor) => Some(factor),
        None if chance.value.is_finite() => {
            let label = context.say("Luck of a run");
            Some(Factor { key: "chance".to_owned(), label, first: MISSING, total: chance })
        }
        None => None,
    };
    let keys: Vec<String> = factors.iter().map(|factor| factor.key.clone()).collect();
    let totals: Vec<f64> = factors.iter().map(|factor| factor.total.value).collect();
    let Listed { order, left_out } = listed(&keys, &totals, MOST, context);
    let drawn: Vec<&Factor> = order.iter().map(|&place| &factors[place]).collect();
    let all: Vec<&Factor> = drawn.iter().copied().chain(&apart).collect();
    if all.is_empty() {
        return Err(columns::nothing(indices, "factors with shares"));
    }
    let of_all = || all.iter().flat_map(|factor| [factor.first, factor.total]);
    let unit = Unit::level("share", of_all().map(|share| share.value));
    let shown = |value: f64| unit.of_value(value);
    let core: Vec<f64> = of_all().map(|share| shown(share.value)).chain([0.0]).collect();
    let ends = of_all().flat_map(|share| [shown(share.interval.0), shown(share.interval.1)]);
    let covered = within_reach(&core, ends);
    let decimals = unit::decimals(of_all().map(|share| shown(share.interval.1 - share.interval.0) / 2.0));
    let line = |factor: &Factor| {
        let (first, total) = (factor.first, factor.total);
        let numbers = vec![
            unit::bounded(shown(first.value), (f64::NAN, f64::NAN), decimals),
            unit::bounded(shown(total.value), (shown(total.interval.0), shown(total.interval.1)), decimals),
        ];
        Row { level: Level::Item, label: factor.label.clone(), numbers }
    };
    let mut rows: Vec<Row> = drawn.iter().map(|factor| line(factor)).collect();
    if let Some(factor) = &apart {
        rows.push(Row::heading(&context.say("Chance")));
        rows.push(line(factor));
    }
    let axis = unit::title(&unit, context, &context.say("Share of the variance"));
    let heads = ["First", "Total\n[95% CI]"].map(|head| context.say(head));
    let legend = [
        Entry::new(&[Sample::Marker(TOTAL)], &context.say("total: with others")),
        Entry::new(&[Sample::Marker(FIRST)], &context.say("first order: by itself")),
    ];
    let ledger = Ledger {
        stub: &context.say("Factor"),
        heads: &heads,
        rows: &rows,
        scale: covering(&covered),
        axis: &axis,
        indent: 0.0,
        least: 0.3,
        grounds: &[],
        legend: &legend,
    };
    let laid = ledger.lay(context.style.points(120.0)?, context.style, |paper, panel, spans| {
        marks::zero(paper, panel, spans, 0.0);
    })?;
    let mut cut = false;
    let items = rows.iter().zip(&laid.middles).filter(|(row, _)| row.level == Level::Item);
    for (factor, (_, &y)) in all.iter().zip(items) {
        let look = if drawn.len() < all.len() && factor.key == all[drawn.len()].key { GREY } else { BLUE };
        for (share, look, y) in
            [(factor.total, Look { colour: look, ..TOTAL }, y - ASIDE), (factor.first, FIRST, y + ASIDE)]
        {
            let interval = (shown(share.interval.0), shown(share.interval.1));
            cut |= marks::interval(&laid.paper, &laid.panel, interval, y, Stroke::solid(0.8, look.colour));
            if share.value.is_finite() {
                marker(&laid.paper, (laid.panel.at(shown(share.value), 0.0).0, y), 1.9, look);
            }
        }
    }
    let (estimator, design) = match method {
        "azzini" => ("estimators of Azzini and others", "blocks (base points)"),
        _ => ("estimators of Saltelli (first) and Jansen (total)", "blocks (base points)"),
    };
    let rests = analysis.as_ref().map_or(String::new(), |own| {
        format!(
            " {}; {}.",
            own.rests_on(("block of a Saltelli design", "blocks of a Saltelli design")),
            own.intervals(design)
        )
    });
    let mut body = format!(
        "Shares of the variance of the {} over the ranges of {} ({}; {estimator}). Vermillion diamond: first order, what would go of the \
         variance if the factor were known; blue disc: total, what would be left if all others were. The gap between them is in how factors work together. Sorted by total. \
         Estimates are shown as they are: below 0% or above 100% is noise of the estimator.{rests}",
        quantity.words,
        counted(factors.len(), "factor"),
        quantity.window(),
    );
    body += match (apart.is_some(), luck.is_some()) {
        (true, true) => {
            " Set apart: the share of chance in the variance of a single run. Shares of factors are of the variance without it, and their totals hold what they do \
             together with chance, too; the two do not add up."
        }
        (true, false) => {
            " Set apart: the share of chance in the variance of a single run. Shares of factors are of the variance without it; the two do not add up."
        }
        (false, _) => " Chance is not told apart: what it does is within the totals.",
    };
    if let Some((count, largest)) = left_out {
        let most = super::ticks::percent(largest);
        body += &format!(" Not drawn: {} with smaller totals ({most} at most).", counted(count, "factor"));
    }
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    body += cut_words(cut);
    body += &in_full(&laid.cut, &labels);
    let title = context.title_or(&format!("What the {} depends on", quantity.words));
    let shown_rows = columns::rows_of(&own, &[("method", method)])?;
    Drawing::new(laid.paper, context, (&title, &body), own.picked(&shown_rows))
}

/// How far the two marks of a row stand from its middle, in points.
const ASIDE: f64 = 2.3;
const TOTAL: Look = Look { shape: Shape::Disc, colour: BLUE, filled: true };
const FIRST: Look = Look { shape: Shape::Diamond, colour: VERMILLION, filled: false };

/// The estimator shown, and its shares of each factor.
fn read(own: &Table, context: &Context) -> Result<(&'static str, Vec<Factor>), FigureError> {
    let methods = columns::texts(own, "method")?;
    let has = |name: &str| methods.iter().any(|method| **method == *name);
    let method = match () {
        () if has("azzini") => "azzini",
        () if has("sobol") => "sobol",
        () => return Err(columns::nothing(own, "rows of method `sobol` or `azzini`")),
    };
    let (keys, labels) = (columns::texts(own, "factor")?, columns::texts(own, "factor_label")?);
    let indices = columns::texts(own, "index")?;
    let (values, lows, highs) =
        (columns::numbers(own, "value")?, columns::numbers(own, "ci_low")?, columns::numbers(own, "ci_high")?);
    let mut factors: Vec<Factor> = Vec::new();
    for row in columns::rows_of(own, &[("method", method)])? {
        let share = Share { value: values[row], interval: (lows[row], highs[row]) };
        let place = factors.iter().position(|factor| factor.key == *keys[row]).unwrap_or_else(|| {
            let label = context.label(&keys[row], &labels[row]);
            factors.push(Factor { key: keys[row].to_string(), label, first: MISSING, total: MISSING });
            factors.len() - 1
        });
        match &*indices[row] {
            "first" => factors[place].first = share,
            "total" => factors[place].total = share,
            _ => {}
        }
    }
    Ok((method, factors))
}
