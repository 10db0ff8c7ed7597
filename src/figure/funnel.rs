//! Attrition of cases: how many survive each stage, and what takes the others.
//!
//! A waterfall of bars: dark bars are the cases that survive to a stage, pale bars beneath them the
//! cases lost before the next, each where it falls off. All bars share one axis that starts at zero.

use super::ledger::{Ledger, Level, Row};
use super::palette::{BLUE, Colour, GREEN, VERMILLION};
use super::ticks::{self, number, percent};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

struct Step {
    key: String,
    label: String,
    cases: f64,
    sd: f64,
    share: f64,
    loss: bool,
}

/// Draws the `funnel` table: surviving share and counts per stage, and the loss per reason.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn funnel(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let steps = ordered(read(table, context)?);
    let width = context.style.points(120.0)?;
    let rows: Vec<Row> = steps.iter().map(row).collect();
    let most = steps.iter().map(|step| step.share).filter(|share| share.is_finite()).fold(0.0, f64::max);
    let scale = ticks::shares(most.max(1.0), 5);
    let heads = ["Cases per run\n(mean ± SD)", "Share"];
    let ledger = Ledger {
        stub: "Stage",
        heads: &heads,
        rows: &rows,
        scale,
        axis: "Share of the cases that arose (%)",
        indent: 0.0,
    };
    let laid = ledger.lay(width, context.style, |_, _| {})?;
    let (mut surviving, mut half) = (f64::NAN, 0.0);
    for (step, &middle) in steps.iter().zip(&laid.middles) {
        let place = laid.panel.place;
        let height = |y: f64| (place.bottom - y) / place.height();
        let size = context.style.text;
        if step.loss {
            half = size * 0.3;
            let from = (surviving - step.share).max(0.0);
            let bar = ((from, height(middle - half)), (surviving, height(middle + half)));
            laid.panel.bar(bar.0, bar.1, LOSS.tint(0.55));
            surviving = from;
        } else {
            half = size * 0.52;
            surviving = step.share;
            let colour = if outcome(&step.key) { GREEN } else { BLUE };
            laid.panel.bar((0.0, height(middle - half)), (step.share, height(middle + half)), colour);
        }
    }
    debug_assert!(half >= 0.0);
    let title = context.title_or("Attrition of cases");
    let body = "Blue: share of cases that survive to a stage; green: what came of the accepted requests; pale: cases \
                lost before the next stage, by reason, drawn where they fall off. Counts are means per run with the \
                standard deviation between runs; shares are of all cases that arose.";
    Drawing::new(laid.paper, context, &title, body)
}

const LOSS: Colour = VERMILLION;

fn outcome(key: &str) -> bool {
    key.starts_with("rescue") || key.starts_with("arrest")
}

fn row(step: &Step) -> Row {
    let decimals = usize::from(step.cases.abs() < 99.95);
    let counts = if step.sd.is_finite() {
        format!("{} ± {}", number(step.cases, decimals), number(step.sd, decimals))
    } else {
        number(step.cases, decimals)
    };
    let (level, label) =
        if step.loss { (Level::Sub, format!("– {}", step.label)) } else { (Level::Item, step.label.clone()) };
    Row { level, label, numbers: vec![counts, percent(step.share)] }
}

fn read(table: &Table, context: &Context) -> Result<Vec<Step>, FigureError> {
    let states = columns::texts(table, "state")?;
    let keys = columns::texts(table, "stage")?;
    let labels = columns::texts(table, "label")?;
    let kinds = columns::texts(table, "kind")?;
    let cases = columns::numbers(table, "cases")?;
    let sds = columns::numbers(table, "sd")?;
    let shares = columns::numbers(table, "share")?;
    let steps: Vec<Step> = (0..table.rows())
        .filter(|&row| context.shows(&states[row]))
        .map(|row| Step {
            key: keys[row].to_string(),
            label: labels[row].to_string(),
            cases: cases[row],
            sd: sds[row],
            share: shares[row],
            loss: &*kinds[row] == "loss",
        })
        .collect();
    if steps.is_empty() {
        return Err(columns::nothing(table, "stages"));
    }
    Ok(steps)
}

/// Stages in order, each followed by the losses before the next. Losses listed after the last stage
/// are put, in their order, where a gap between stages still has room for them.
fn ordered(steps: Vec<Step>) -> Vec<Step> {
    let last_stage = steps.iter().rposition(|step| !step.loss);
    let first_loss = steps.iter().position(|step| step.loss);
    if first_loss.zip(last_stage).is_none_or(|(loss, stage)| loss < stage) {
        return steps;
    }
    let (losses, stages): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| step.loss);
    let mut room: Vec<f64> = stages.windows(2).map(|pair| pair[0].share - pair[1].share).collect();
    room.push(f64::INFINITY);
    let mut under: Vec<Vec<Step>> = stages.iter().map(|_| Vec::new()).collect();
    let mut gap = 0;
    for loss in losses {
        while gap + 1 < room.len() && (room[gap] <= 1e-9 || loss.share > room[gap] + 1e-6) {
            gap += 1;
        }
        room[gap] -= loss.share;
        under[gap].push(loss);
    }
    stages.into_iter().zip(under).flat_map(|(stage, losses)| std::iter::once(stage).chain(losses)).collect()
}
