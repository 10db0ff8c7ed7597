//! Attrition of cases: how many survive each stage, and what takes the others.
//!
//! A waterfall of bars: dark bars are the cases that survive to a stage, pale bars beneath them the
//! cases lost before the next, each where it falls off. All bars share one axis that starts at zero.

use super::ledger::{Ledger, Level, Row};
use super::palette::{BLUE, GREEN, GREY, VERMILLION};
use super::sheet::Stroke;
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
    let rows: Vec<Row> = steps.iter().map(|step| row(step, context)).collect();
    let most = steps.iter().map(|step| step.share).filter(|share| share.is_finite()).fold(0.0, f64::max);
    let scale = ticks::shares(most.max(1.0), 5);
    let heads = ["Cases per run\n(mean ± SD)", "Share of\nall cases"].map(|head| context.say(head));
    let ledger = Ledger {
        stub: &context.say("Stage"),
        heads: &heads,
        rows: &rows,
        scale,
        axis: &context.say("Share of all cases that came to light (%)"),
        indent: 0.0,
        least: 0.24,
        grounds: &[],
        legend: &[],
    };
    let laid = ledger.lay(width, context.style, |_, _, _| {})?;
    let size = context.style.text;
    let place = laid.panel.place;
    let height = |y: f64| (place.bottom - y) / place.height();
    // Where the bar above ended: the share still in play, and the foot of that bar.
    let mut above: Option<(f64, f64)> = None;
    for (step, &middle) in steps.iter().zip(&laid.middles) {
        let half = if step.loss { size * 0.3 } else { size * 0.52 };
        let (from, to, colour) = match above {
            Some((surviving, _)) if step.loss => ((surviving - step.share).max(0.0), surviving, VERMILLION.tint(0.55)),
            _ => (0.0, step.share, if outcome(&step.key) { GREEN } else { BLUE }),
        };
        let end = if step.loss { from } else { to };
        let falls = above.filter(|(surviving, _)| !laid.above && (step.loss || (surviving - end).abs() < 0.002));
        if let Some((surviving, foot)) = falls {
            let x = if step.loss { surviving } else { end };
            laid.panel.curve(&[(x, height(foot)), (x, height(middle - half))], Stroke::solid(0.5, GREY));
        }
        laid.panel.bar((from, height(middle - half)), (to, height(middle + half)), colour);
        above = Some((end, middle + half));
    }
    let title = context.title_or("Attrition of cases");
    let body = "Blue: share of cases that survive to a stage; green: what came of the accepted requests; pale: cases \
                lost before the next stage, by reason, drawn where they fall off. Counts are means per run with the \
                standard deviation between runs; shares are of all cases that came to light. A stage that is a difference \
                of two counts has no deviation.";
    Drawing::new(laid.paper, context, (&title, body), columns::shown(table, context, &[]))
}

fn outcome(key: &str) -> bool {
    key.starts_with("rescue") || key.starts_with("arrest")
}

fn row(step: &Step, context: &Context) -> Row {
    let decimals = ticks::count_decimals(step.cases);
    let counts = if step.sd.is_finite() {
        format!("{} ± {}", number(step.cases, decimals), number(step.sd, decimals))
    } else {
        number(step.cases, decimals)
    };
    let (level, label) = if step.loss {
        (Level::Sub, format!("– {}", context.label(&step.key, &step.label)))
    } else {
        (Level::Item, context.label(&step.key, &step.label))
    };
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
