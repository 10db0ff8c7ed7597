//! Attrition compared: how far cases come in the baseline and in an arm, stage by stage.
//!
//! Left, dumbbells: the share of cases that survive to a stage in the baseline (square) and in the arm (disc), joined by a line.
//! Few arms move a stage by more than a few hundredths of all cases, which such an axis cannot show; so the paired difference of
//! the shares stands beside it on an axis of its own, with its interval. Every window has its own block of rows.

use super::attrition_page::{Block, Page, Row};
use super::legend::{Entry, Sample};
use super::marks::{self, Estimate, Look, Shape, marker};
use super::palette::{BLUE, GREY};
use super::sheet::Stroke;
use super::ticks::{self, number};
use super::unit::{self, Unit, plus};
use super::words::{capitalised, in_full, pairs};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// One stage in one window.
struct Stage {
    window: String,
    key: String,
    label: String,
    n: i64,
    /// Baseline and arm, in cases per run.
    cases: (f64, f64),
    /// The same as shares of the cases that came to light.
    shares: (f64, f64),
    difference: f64,
    interval: (f64, f64),
}

impl Stage {
    fn look(&self) -> Look {
        arm(self.interval.0 > 0.0 || self.interval.1 < 0.0)
    }
}

/// The marker of the arm, by whether its interval is clear of zero.
fn arm(clear: bool) -> Look {
    Look { shape: Shape::Disc, colour: BLUE, filled: clear }
}

const BASELINE: Look = Look { shape: Shape::Square, colour: GREY, filled: true };

/// Draws the `stages` table (columns `arm`, `label`, `window`, `stage`, `stage_label`, `unit`, `n`, `baseline_mean`,
/// `arm_mean`, `difference`, `ci_low`, `ci_high`) for one arm: baseline against arm along the funnel, in one window or in all
/// of them, one beneath the other.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn attrition(stages: &Table, arm: &str, window: Option<&str>, context: &Context) -> Result<Drawing, FigureError> {
    let mut wanted = vec![("arm", arm)];
    wanted.extend(window.map(|window| ("window", window)));
    let rows = columns::rows_of(stages, &wanted)?;
    let found = read(stages, &rows)?;
    let label = context.say(&columns::word(stages, "label", &rows));
    let shares = found.iter().flat_map(|stage| [stage.shares.0, stage.shares.1]).filter(|share| share.is_finite());
    let ends = || found.iter().flat_map(|stage| [stage.difference, stage.interval.0, stage.interval.1]);
    let unit = Unit::difference("share", ends());
    let show = |share: f64| unit.of_value(share);
    let bounds = unit::bounds(ends().map(show).chain([0.0]));
    let differences = unit::tight(unit::differences(ends().map(show), 3), bounds, (0.08, 0.08));
    let decimals = unit::decimals(found.iter().map(|stage| show(stage.interval.1 - stage.interval.0) / 2.0)).min(3);
    let entries = [
        Entry::new(&[Sample::Marker(BASELINE)], &context.say("baseline")),
        Entry::new(&[Sample::Marker(self::arm(true))], &context.say("arm, difference clear of zero")),
        Entry::new(&[Sample::Marker(self::arm(false))], &context.say("arm, not clear of zero")),
    ];
    let blocks = blocks(&found, (&unit, decimals), context);
    let page = Page {
        legend: &entries,
        stub: context.say("Stage"),
        heads: ["Cases per run\nbaseline → arm", "Difference\n[95% CI]"].map(|head| context.say(head)),
        blocks: &blocks,
        scales: [ticks::shares(shares.fold(0.0, f64::max), 5), differences],
        axes: [
            context.say("Share of the cases that came to light (%)"),
            format!("{} ({})", context.say("Difference in share"), context.say(unit.name())),
        ],
    };
    let laid = page.lay(context.style.points(183.0)?, context.style)?;
    let [levels, differences] = &laid.panels;
    for (stage, &y) in found.iter().zip(&laid.middles) {
        let x = |share: f64| levels.at(share, 0.0).0;
        let (baseline, own) = stage.shares;
        if baseline.is_finite() && own.is_finite() {
            laid.paper.line((x(baseline), y), (x(own), y), Stroke::solid(1.4, GREY.tint(0.6)));
        }
        if baseline.is_finite() {
            marker(&laid.paper, (x(baseline), y), 2.2, BASELINE);
        }
        if own.is_finite() {
            marker(&laid.paper, (x(own), y), 2.2, stage.look());
        }
        let interval = (show(stage.interval.0), show(stage.interval.1));
        marks::across(&laid.paper, differences, &Estimate::new(show(stage.difference), interval), y, stage.look());
    }
    let title = context.title_or(&format!("{}: {label}", context.say("Attrition compared")));
    let body = format!(
        "How far cases come in the baseline (square) and with the arm *{label}* (disc): share of the cases that came to light \
         in the same run and window, and the difference of the two, in percentage points, with its 95% interval (Student’s t), paired by \
         replicate ({}). Filled: the interval is clear of zero; hollow: it is not. {}.{}{}",
        pairs(found.iter().map(|stage| stage.n)),
        windows(&blocks),
        if laid.cases { "" } else { " Cases per run, for which there is no room, are in the table." },
        in_full(&laid.cut),
    );
    Drawing::new(laid.paper, context, (&title, &body), stages.picked(&rows))
}

fn blocks(found: &[Stage], shown: (&Unit, usize), context: &Context) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut last = None;
    for stage in found {
        if last != Some(&stage.window) {
            last = Some(&stage.window);
            blocks.push(Block { name: capitalised(&context.say(&stage.window)), rows: Vec::new() });
        }
        if let Some(block) = blocks.last_mut() {
            block.rows.push(row(stage, shown, context));
        }
    }
    blocks
}

fn windows(blocks: &[Block]) -> String {
    let names: Vec<&str> = blocks.iter().map(|block| block.name.as_str()).collect();
    format!("{}: {}", if names.len() == 1 { "Window" } else { "Windows" }, names.join(", "))
}

fn row(stage: &Stage, (unit, decimals): (&Unit, usize), context: &Context) -> Row {
    let show = ticks::count;
    let cases = match stage.cases.0.is_finite() || stage.cases.1.is_finite() {
        true => format!("{} → {}", show(stage.cases.0), show(stage.cases.1)),
        false => "–".to_owned(),
    };
    let [value, low, high] = [stage.difference, stage.interval.0, stage.interval.1].map(|share| unit.of_value(share));
    let difference = match low.is_finite() && high.is_finite() {
        true => format!("{} [{}, {}]", plus(value, decimals), number(low, decimals), number(high, decimals)),
        false => plus(value, decimals),
    };
    Row { label: capitalised(&context.say(&stage.label)), numbers: [cases, difference] }
}

/// The stages of those rows, each window together, cases and shares of a stage joined.
fn read(table: &Table, rows: &[usize]) -> Result<Vec<Stage>, FigureError> {
    let (windows, keys) = (columns::texts(table, "window")?, columns::texts(table, "stage")?);
    let (labels, units) = (columns::texts(table, "stage_label")?, columns::texts(table, "unit")?);
    let counts = columns::integers(table, "n")?;
    let number = |column| columns::numbers(table, column);
    let (baseline, own) = (number("baseline_mean")?, number("arm_mean")?);
    let (difference, low, high) = (number("difference")?, number("ci_low")?, number("ci_high")?);
    columns::texts(table, "label")?;
    let none = (f64::NAN, f64::NAN);
    let mut found: Vec<Stage> = Vec::new();
    for &row in rows {
        let of_window = |stage: &Stage| stage.window == *windows[row];
        let place = found.iter().position(|stage| of_window(stage) && stage.key == *keys[row]);
        let place = place.unwrap_or_else(|| {
            // A window that turns up again goes on where it was left.
            let after = found.iter().rposition(of_window).map_or(found.len(), |last| last + 1);
            let (window, key, label) = (windows[row].to_string(), keys[row].to_string(), labels[row].to_string());
            let difference = f64::NAN;
            let stage = Stage { window, key, label, n: 0, cases: none, shares: none, difference, interval: none };
            found.insert(after, stage);
            after
        });
        let stage = &mut found[place];
        let both = (baseline[row], own[row]);
        if &*units[row] == "share" {
            (stage.shares, stage.difference, stage.interval) = (both, difference[row], (low[row], high[row]));
            stage.n = counts[row];
        } else {
            stage.cases = both;
        }
    }
    Ok(found)
}
