//! Which barrier binds: what removing one barrier alone would have changed.

use super::ledger::{Ledger, Level, Row};
use super::palette::{BLUE, Colour, GREY, WHITE};
use super::sheet::Stroke;
use super::ticks;
use super::unit;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

struct Barrier {
    key: String,
    label: String,
    kind: String,
    cases: f64,
    share: f64,
    low: f64,
    high: f64,
}

/// Draws the `barriers` table: for each barrier the share of cases without cooperation that would have
/// seen it, had this barrier alone been absent; beneath, cases that need several removed, or none named.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn barriers(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let found = read(table, context)?;
    let width = context.style.points(120.0)?;
    let mut single: Vec<&Barrier> = sorted(&found, |barrier| barrier.kind == "single");
    let mut other: Vec<&Barrier> = sorted(&found, |barrier| barrier.kind != "single");
    for group in [&mut single, &mut other] {
        context.arrange(group, |barrier| &barrier.key);
    }
    let mut rows = Vec::new();
    let mut drawn: Vec<Option<&Barrier>> = Vec::new();
    for (heading, group) in [("One barrier alone", &single), ("No single barrier", &other)] {
        if group.is_empty() {
            continue;
        }
        rows.push(Row::heading(&context.say(heading)));
        drawn.push(None);
        for barrier in group.iter() {
            rows.push(Row {
                level: Level::Item,
                label: context.label(&barrier.key, &barrier.label),
                numbers: numbers(barrier),
            });
            drawn.push(Some(barrier));
        }
    }
    let top = found.iter().flat_map(|b| [b.share, b.high]).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let heads = ["Cases\nper run", "Share (%)\n[95% CI]"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Barrier removed"),
        heads: &heads,
        rows: &rows,
        scale: ticks::shares(top, 5),
        axis: &context.say("Share of cases without cooperation (%)"),
        indent: 1.2,
        least: 0.24,
        grounds: &[],
        legend: &[],
    };
    let laid = ledger.lay(width, context.style, |_, _, _| {})?;
    for (barrier, &middle) in drawn.iter().zip(&laid.middles) {
        let Some(barrier) = barrier else { continue };
        let height = (laid.panel.place.bottom - middle) / laid.panel.place.height();
        let (ink, fill) = if barrier.kind == "single" { (BLUE, BLUE) } else { (GREY, WHITE) };
        dot(&laid.panel, height, (barrier.low, barrier.share, barrier.high), (fill, ink));
    }
    let title = context.title_or("Which barrier binds");
    let body = "Each case without cooperation is decided again with the same random draws and one barrier removed. Dots: \
                share of these cases in which removing that barrier alone brings cooperation about; lines: 95% confidence \
                interval of the mean over runs (Student’s t). Barriers are sorted by share. Hollow: cases that only the removal of \
                two or more barriers together changes, and cases that no named barrier explains. A case may be counted \
                under several single barriers.";
    let data = columns::shown(table, context, &[("role", "all"), ("period", "all")]);
    Drawing::new(laid.paper, context, (&title, body), data)
}

/// A dot with its interval, on a thin stem from zero.
fn dot(panel: &super::paper::Panel, height: f64, (low, value, high): (f64, f64, f64), (fill, ink): (Colour, Colour)) {
    panel.curve(&[(0.0, height), (value, height)], Stroke::solid(0.5, GREY.tint(0.45)));
    panel.curve(&[(low, height), (high, height)], Stroke::solid(1.2, ink));
    panel.dot(value, height, 2.3, (fill, ink));
}

fn numbers(barrier: &Barrier) -> Vec<String> {
    let [share, low, high] = [barrier.share, barrier.low, barrier.high].map(|share| share * 100.0);
    vec![ticks::count(barrier.cases), unit::bounded(share, (low, high), 1)]
}

fn sorted(found: &[Barrier], keep: impl Fn(&Barrier) -> bool) -> Vec<&Barrier> {
    let mut kept: Vec<&Barrier> = found.iter().filter(|barrier| keep(barrier)).collect();
    let rank = |barrier: &Barrier| if barrier.share.is_nan() { f64::NEG_INFINITY } else { barrier.share };
    kept.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.label.cmp(&b.label)));
    kept
}

fn read(table: &Table, context: &Context) -> Result<Vec<Barrier>, FigureError> {
    let states = columns::texts(table, "state")?;
    let roles = columns::texts(table, "role")?;
    let periods = columns::texts(table, "period")?;
    let keys = columns::texts(table, "barrier")?;
    let labels = columns::texts(table, "label")?;
    let kinds = columns::texts(table, "kind")?;
    let cases = columns::numbers(table, "cases")?;
    let shares = columns::numbers(table, "share")?;
    let lows = columns::numbers(table, "ci_low")?;
    let highs = columns::numbers(table, "ci_high")?;
    let found: Vec<Barrier> = (0..table.rows())
        .filter(|&row| context.shows(&states[row]) && &*roles[row] == "all" && &*periods[row] == "all")
        .map(|row| Barrier {
            key: keys[row].to_string(),
            label: labels[row].to_string(),
            kind: kinds[row].to_string(),
            cases: cases[row],
            share: shares[row],
            low: lows[row],
            high: highs[row],
        })
        .collect();
    if found.is_empty() {
        return Err(columns::nothing(table, "barriers of role `all` and period `all`"));
    }
    Ok(found)
}
