//! Patterns against their bands: which the model reproduces, calibrated and held out apart.

use super::ledger::{Ledger, Level, Row};
use super::palette::{BLUE, GREY, LIGHT, VERMILLION, WHITE};
use super::paper::{Panel, Paper};
use super::sheet::{Rect, Stroke};
use super::ticks::{Scale, Tick, compact, decimals_for};
use super::words::capitalised;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

struct Pattern {
    name: String,
    description: String,
    group: String,
    band: (f64, f64),
    value: f64,
    interval: (f64, f64),
    holds: String,
}

/// How far the axis reaches beyond the band, in widths of the band.
pub(super) const REACH: f64 = 1.25;

/// Draws the `validation` table: every pattern on the scale of its own band, with the numbers beside it.
///
/// # Errors
/// When a column is missing, the table is empty, or the size asked for is too small.
pub fn validation(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let patterns = read(table)?;
    let width = context.style.points(183.0)?;
    let mut groups: Vec<&str> = Vec::new();
    for pattern in &patterns {
        if !groups.contains(&pattern.group.as_str()) {
            groups.push(&pattern.group);
        }
    }
    let (mut rows, mut drawn) = (Vec::new(), Vec::new());
    for group in groups {
        rows.push(Row::heading(&context.say(&capitalised(group))));
        drawn.push(None);
        for pattern in patterns.iter().filter(|pattern| pattern.group == group) {
            let label = format!("{}  {}", pattern.name, context.say(&pattern.description));
            rows.push(Row { level: Level::Item, label, numbers: numbers(pattern, context) });
            drawn.push(Some(pattern));
        }
    }
    let heads = ["Band", "Model\n[95% CI]", "Verdict"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Pattern"),
        heads: &heads,
        rows: &rows,
        scale: scale(context),
        axis: &context.say("Place against the pattern’s band (own scale per row)"),
        indent: 0.9,
        least: 0.24,
        grounds: &[],
        legend: &[],
    };
    let laid = ledger.lay(width, context.style, ground)?;
    for (pattern, &middle) in drawn.iter().zip(&laid.middles) {
        if let Some(pattern) = pattern {
            mark(&laid.paper, &laid.panel, pattern, middle);
        }
    }
    let count = |verdict: &str| patterns.iter().filter(|pattern| pattern.holds == verdict).count();
    let title = context.title_or("Patterns the model is held against");
    let body = format!(
        "Each row has its own scale: the shaded band is the range the pattern allows; open-ended bands reach the edge. \
         Filled blue dot: the pattern holds; hollow vermillion dot: it misses; lines: 95% confidence interval over runs (Student’s t). Patterns that need runs of their own rest on fewer of them: column n of the data. \
         A triangle at the edge marks a value beyond the axis. {} hold, {} miss, {} not tested. Calibrated patterns were \
         used to set parameters; held-out ones were not.",
        count("holds"),
        count("misses"),
        count("not tested")
    );
    Drawing::new(laid.paper, context, (&title, &body), table.clone())
}

pub(super) fn scale(context: &Context) -> Scale {
    let tick = |at: f64, label: &str| Tick { at, label: context.say(label) };
    Scale { low: -REACH, high: 1.0 + REACH, ticks: vec![tick(0.0, "low"), tick(1.0, "high")] }
}

pub(super) fn ground(paper: &Paper, panel: &Panel, spans: &[(f64, f64)]) {
    let (left, right) = (panel.at(0.0, 0.0).0, panel.at(1.0, 0.0).0);
    for &(top, bottom) in spans {
        paper.rect(Rect::new(left, top, right, bottom), LIGHT);
    }
}

/// The value in widths of the band above its lower end.
pub(super) fn relative((low, high): (f64, f64), value: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) if high > low => (value - low) / (high - low),
        // A band without width: its one value stands in the middle, all others outside.
        (true, true) if value == low => 0.5,
        (true, true) if value > low => 1.0 + (value - low) / unit(low),
        (true, true) => (value - low) / unit(low),
        (true, false) => (value - low) / unit(low),
        (false, true) => 1.0 + (value - high) / unit(high),
        (false, false) => f64::NAN,
    }
}

fn unit(bound: f64) -> f64 {
    if bound == 0.0 { 1.0 } else { bound.abs() }
}

/// The shading of a band without an end, on to the edge.
pub(super) fn open_end(paper: &Paper, panel: &Panel, band: (f64, f64), middle: f64) {
    let half = 3.4;
    for (open, from, to) in [
        (!band.0.is_finite() && band.1.is_finite(), -REACH, 0.0),
        (band.0.is_finite() && !band.1.is_finite(), 1.0, 1.0 + REACH),
    ] {
        if open {
            let (left, right) = (panel.at(from, 0.0).0, panel.at(to, 0.0).0);
            paper.rect(Rect::new(left, middle - half, right, middle + half), LIGHT);
        }
    }
}

fn mark(paper: &Paper, panel: &Panel, pattern: &Pattern, middle: f64) {
    let place = panel.place;
    let height = (place.bottom - middle) / place.height();
    open_end(paper, panel, pattern.band, middle);
    let at = relative(pattern.band, pattern.value);
    if !at.is_finite() {
        return;
    }
    let (ink, fill) = match pattern.holds.as_str() {
        "holds" => (BLUE, BLUE),
        "misses" => (VERMILLION, WHITE),
        _ => (GREY, WHITE),
    };
    let (low, high) = (relative(pattern.band, pattern.interval.0), relative(pattern.band, pattern.interval.1));
    panel.curve(&[(low, height), (high, height)], Stroke::solid(1.2, ink));
    if (-REACH..=1.0 + REACH).contains(&at) {
        panel.dot(at, height, 2.3, (fill, ink));
    } else {
        let (tip, back) = if at < 0.0 { (place.left, place.left + 5.0) } else { (place.right, place.right - 5.0) };
        paper.area(vec![(tip, middle), (back, middle - 2.6), (back, middle + 2.6)], ink);
    }
}

fn numbers(pattern: &Pattern, context: &Context) -> Vec<String> {
    let [band, value] = told(pattern.band, pattern.value, pattern.interval, context);
    vec![band, value, context.say(&pattern.holds)]
}

/// A band, and a value with its interval, with as many decimals as they need.
pub(super) fn told((low, high): (f64, f64), value: f64, (from, to): (f64, f64), context: &Context) -> [String; 2] {
    let span = if high > low { high - low } else { value.abs().max(low.abs()) };
    let span = if span.is_finite() && span > 0.0 { span } else { value.abs() };
    let decimals = decimals_for(span, 2).min(4);
    // The model's value keeps two digits of its own, however wide the band is.
    let own = decimals_for(value.abs(), 2).min(4).max(decimals);
    let (show, tell) = (|value: f64| compact(value, decimals), |value: f64| compact(value, own));
    let band = match (low.is_finite(), high.is_finite()) {
        (true, true) if low == high => show(low),
        (true, true) => format!("{} {} {}", show(low), context.say("to"), show(high)),
        (true, false) => format!("≥ {}", show(low)),
        (false, true) => format!("≤ {}", show(high)),
        (false, false) => "–".to_owned(),
    };
    let value = match from.is_finite() && to.is_finite() && value.is_finite() {
        true => format!("{} [{}, {}]", tell(value), tell(from), tell(to)),
        false => tell(value),
    };
    [band, value]
}

fn read(table: &Table) -> Result<Vec<Pattern>, FigureError> {
    let names = columns::texts(table, "pattern")?;
    let descriptions = columns::texts(table, "description")?;
    let uses = columns::texts(table, "use")?;
    let verdicts = columns::texts(table, "holds")?;
    let lows = columns::numbers(table, "low")?;
    let highs = columns::numbers(table, "high")?;
    let values = columns::numbers(table, "value")?;
    let froms = columns::numbers(table, "ci_low")?;
    let tos = columns::numbers(table, "ci_high")?;
    if table.rows() == 0 {
        return Err(columns::nothing(table, "patterns"));
    }
    let patterns = (0..table.rows()).map(|row| Pattern {
        name: names[row].to_string(),
        description: descriptions[row].to_string(),
        group: uses[row].to_string(),
        band: (lows[row], highs[row]),
        value: values[row],
        interval: (froms[row], tos[row]),
        holds: verdicts[row].to_string(),
    });
    Ok(patterns.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_within_the_shading_only_when_it_is_within_the_band() {
        let nan = f64::NAN;
        for (low, high) in [(0.2, 0.4), (0.3, 0.3), (nan, 0.3), (0.3, nan), (-0.5, -0.2), (0.0, 0.0), (nan, 0.0)] {
            for value in [-2.0, -0.3, 0.0, 0.1, 0.3, 0.35, 5.0] {
                let pattern = Pattern {
                    name: String::new(),
                    description: String::new(),
                    group: String::new(),
                    band: (low, high),
                    value,
                    interval: (nan, nan),
                    holds: String::new(),
                };
                let at = relative(pattern.band, value);
                let above = low.is_nan() || low <= value;
                let below = high.is_nan() || value <= high;
                assert_eq!(low.is_nan() || 0.0 <= at, above, "{value} in {low} to {high}: {at}");
                assert_eq!(high.is_nan() || at <= 1.0, below, "{value} in {low} to {high}: {at}");
            }
        }
    }
}
