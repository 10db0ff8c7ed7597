//! Arms against the baseline: paired differences with their intervals, sorted by effect.
//!
//! The thick interval holds 50 %: difference ± t(0.75; n − 1) · sd / √n, from the paired differences;
//! the thin one is the interval of the table (`ci_low`, `ci_high`). A filled marker says that the thin
//! interval is clear of the differences that do not matter (of 0, if no such region is given).

use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Estimate, Look, Shape};
use super::palette::{BLUE, GREY};
use super::unit::{self, Unit};
use super::words::{counted, lower, pairs};
use super::{Context, Drawing, FigureError, columns};
use crate::numeral::change;
use crate::statistics::student_quantile;
use crate::table::Table;

/// Which effects are meant: a measure in a window of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome<'a> {
    /// Key of the measure.
    pub measure: &'a str,
    /// Key of the window.
    pub window: &'a str,
    /// The largest difference, either way, that does not matter in practice, in the measure's own
    /// unit; `None` where nothing is said.
    pub indifference: Option<f64>,
}

impl<'a> Outcome<'a> {
    /// The effects on a measure in a window.
    pub fn new(measure: &'a str, window: &'a str) -> Self {
        Self { measure, window, indifference: None }
    }

    /// Half the width of the region that does not matter: 0 unless a number above 0 is given.
    pub(super) fn margin(&self) -> f64 {
        self.indifference.filter(|size| size.is_finite() && *size > 0.0).unwrap_or(0.0)
    }

    /// Whether an interval is clear of that region.
    pub(super) fn clear(&self, (low, high): (f64, f64)) -> bool {
        low > self.margin() || high < -self.margin()
    }
}

/// One arm's effect.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effect {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) n: i64,
    pub(super) difference: f64,
    pub(super) interval: (f64, f64),
    pub(super) half: (f64, f64),
    pub(super) relative: f64,
}

/// Draws the `effects` table for one measure and window: a forest plot, the numbers beside it.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn forest(effects: &Table, outcome: &Outcome<'_>, context: &Context) -> Result<Drawing, FigureError> {
    let rows = columns::rows_of(effects, &[("measure", outcome.measure), ("window", outcome.window)])?;
    let mut arms = read(effects, &rows)?;
    let relative = columns::numbers(effects, "relative_change")?;
    for (arm, &row) in arms.iter_mut().zip(&rows) {
        arm.relative = relative[row];
    }
    sort(&mut arms);
    context.arrange(&mut arms, |arm| &arm.key);
    let margin = outcome.margin();
    let all = arms.iter().flat_map(|arm| [arm.difference, arm.interval.0, arm.interval.1]).chain([margin, -margin]);
    let unit = Unit::difference(&columns::word(effects, "unit", &rows), all.clone());
    let scale = unit::differences(all.map(|value| unit.of_value(value)), 5);
    let decimals = unit::decimals(arms.iter().map(|arm| unit.of_value(arm.interval.1 - arm.interval.0) / 2.0));
    let lines: Vec<Row> = arms
        .iter()
        .map(|arm| {
            let [value, low, high] = [arm.difference, arm.interval.0, arm.interval.1].map(|value| unit.of_value(value));
            let numbers = vec![unit::bounded(value, (low, high), decimals), change(arm.relative)];
            Row { level: Level::Item, label: context.label(&arm.key, &arm.label), numbers }
        })
        .collect();
    let name = columns::word(effects, "measure_label", &rows);
    let axis = difference_axis(context, &unit, &name);
    let heads = ["Difference\n[95% CI]", "Relative\nchange"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Arm"),
        heads: &heads,
        rows: &lines,
        scale,
        axis: &axis,
        indent: 0.0,
        least: 0.3,
        grounds: &[],
        legend: &[],
    };
    let width = context.style.points(120.0)?;
    let laid = ledger.lay(width, context.style, |paper, panel, spans| {
        marks::zero(paper, panel, spans, unit.of_value(margin));
    })?;
    for (arm, &y) in arms.iter().zip(&laid.middles) {
        let both = |(low, high): (f64, f64)| (unit.of_value(low), unit.of_value(high));
        let estimate =
            Estimate { value: unit.of_value(arm.difference), thin: both(arm.interval), thick: both(arm.half) };
        let look = match outcome.clear(arm.interval) {
            true => Look::filled(Shape::Disc, BLUE),
            false => Look::hollow(Shape::Disc, GREY),
        };
        marks::across(&laid.paper, &laid.panel, &estimate, y, look);
    }
    let title = context.title_or(&format!("Effects on {}", lower(&name)));
    let labels: Vec<String> = lines.iter().map(|line| line.label.clone()).collect();
    let body = format!(
        "{} against the baseline, paired by replicate ({}; window: {}). Dot: mean difference; thick line: 50% interval, \
         thin line: 95% interval of the mean (Student’s t; each arm alone, not adjusted for their number). {} Sorted by effect.{}{}",
        counted(arms.len(), "arm"),
        pairs(arms.iter().map(|arm| arm.n)),
        outcome.window,
        region(outcome, &unit),
        absent(&arms),
        in_full(&laid.cut, &labels),
    );
    Drawing::new(laid.paper, context, (&title, &body), effects.picked(&rows))
}

/// Title of an axis of differences from the baseline.
pub(super) fn difference_axis(context: &Context, unit: &Unit, measure: &str) -> String {
    format!(
        "{}: {}",
        context.say("Difference from baseline"),
        unit::title(unit, context, &lower(&context.say(measure)))
    )
}

/// What filled and hollow mean.
pub(super) fn region(outcome: &Outcome<'_>, unit: &Unit) -> String {
    let margin = unit.of_value(outcome.margin());
    match margin > 0.0 {
        true => format!(
            "Shaded: differences of no practical importance (within {} {}). Filled: the 95% interval is clear of them; \
             hollow: it is not.",
            super::ticks::significant(margin, 2),
            unit.name()
        ),
        false => "Filled: the 95% interval is clear of zero; hollow: it is not.".to_owned(),
    }
}

fn absent(arms: &[Effect]) -> String {
    match arms.iter().filter(|arm| !arm.difference.is_finite()).count() {
        0 => String::new(),
        count => format!(" {} without an estimate (–).", counted(count, "arm")),
    }
}

/// Largest effect first; what is missing last; equals by label.
pub(super) fn sort(arms: &mut [Effect]) {
    let key = |arm: &Effect| if arm.difference.is_finite() { -arm.difference } else { f64::INFINITY };
    arms.sort_by(|a, b| key(a).total_cmp(&key(b)).then_with(|| a.label.cmp(&b.label)));
}

/// The effects of those rows, in their order.
pub(super) fn read(effects: &Table, rows: &[usize]) -> Result<Vec<Effect>, FigureError> {
    let keys = columns::texts(effects, "arm")?;
    let labels = columns::texts(effects, "label")?;
    let counts = columns::integers(effects, "n")?;
    let differences = columns::numbers(effects, "difference")?;
    let deviations = columns::numbers(effects, "sd")?;
    let lows = columns::numbers(effects, "ci_low")?;
    let highs = columns::numbers(effects, "ci_high")?;
    let read = |&row: &usize| {
        let (n, difference, deviation) = (counts[row], differences[row], deviations[row]);
        let half = match n {
            ..=1 => f64::NAN,
            _ => student_quantile(0.75, (n - 1) as f64) * deviation / (n as f64).sqrt(),
        };
        Effect {
            key: keys[row].to_string(),
            label: labels[row].to_string(),
            n,
            difference,
            interval: (lows[row], highs[row]),
            half: (difference - half, difference + half),
            relative: f64::NAN,
        }
    };
    Ok(rows.iter().map(read).collect())
}
