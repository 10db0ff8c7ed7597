//! Rival models, fitted to the same figures: which patterns each holds.

use super::font::{self, CAP_HEIGHT, DESCENT, Face};
use super::ledger::{Ledger, Level, Row, in_full};
use super::legend::{Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLUE, GREY, LIGHT, VERMILLION};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{Scale, significant};
use super::words::counted;
use super::{Context, Drawing, FigureError, columns, svg};
use crate::table::Table;

const HOLDS: Look = Look { shape: Shape::Disc, colour: BLUE, filled: true };
const MISSES: Look = Look { shape: Shape::Disc, colour: VERMILLION, filled: false };
/// The least width of a column, in ems.
const COLUMN: f64 = 1.35;

/// Draws the `models` beside each other: a row each, a column for each pattern (table `predictive`), those fitted to first.
///
/// # Errors
/// When a column is missing, there are fewer than two models, or the size asked for is too small.
pub fn rivals(models: &Table, predictive: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let (keys, labels) = (columns::texts(models, "model")?, columns::texts(models, "label")?);
    if models.rows() < 2 {
        let reason =
            "models are set beside each other where there are two or more, and there is one; calibrate with its rivals";
        return Err(FigureError::Unfit { reason: reason.to_owned() });
    }
    let whole = |column: &str| columns::integers(models, column);
    let (inside, targets, simulations) = (whole("targets_inside")?, whole("targets")?, whole("simulations")?);
    let (held, held_out) = (whole("held_out_held")?, whole("held_out")?);
    let (distances, effective) = (columns::numbers(models, "distance")?, columns::numbers(models, "effective")?);
    let (patterns, fitted) = patterns(predictive)?;
    let mut order: Vec<usize> = (0..models.rows()).collect();
    order.sort_by_key(|&row| context.place_of(&keys[row]));
    let width = context.style.points(183.0)?;
    // In a narrow figure the patterns need the room.
    let narrow = width < super::predictive::NARROW;
    let rows: Vec<Row> = order
        .iter()
        .map(|&row| Row {
            level: Level::Item,
            label: context.label(&keys[row], &labels[row]),
            numbers: {
                let inside = format!("{} / {}", inside[row], targets[row]);
                let held = format!("{} / {}", held[row], held_out[row]);
                if narrow { vec![held] } else { vec![inside, held, significant(distances[row], 3)] }
            },
        })
        .collect();
    let size = context.style.text;
    let count = patterns.len() as f64;
    let gap = if fitted > 0 && fitted < patterns.len() { 1.0 } else { 0.0 };
    let inner = width - 4.0;
    // Keys stand upright over their columns, so the heads are as high as the longest.
    let longest = font::widest(patterns.iter().map(String::as_str), Face::Regular, size);
    let line = font::LEADING * size;
    let lines = libm::ceil((longest - CAP_HEIGHT * size) / line).max(1.0) as usize + 1;
    let heads: &[&str] = if narrow { &["Held out\nhold"] } else { &["Figures\ninside", "Held out\nhold", "Distance"] };
    let heads: Vec<String> = heads
        .iter()
        .map(|head| {
            let head = context.say(head);
            format!("{}{head}", "\n".repeat(lines.saturating_sub(head.lines().count())))
        })
        .collect();
    let stub = context.say("Model");
    let axis = context.say("Patterns: to the left fitted to, to the right held out");
    let legend = [
        Entry::new(&[Sample::Marker(HOLDS)], &context.say("holds")),
        Entry::new(&[Sample::Marker(MISSES)], &context.say("misses")),
        Entry::new(&[Sample::Line(NOT_LOOKED_AT)], &context.say("not looked at")),
    ];
    let ledger = |stub| Ledger {
        stub,
        heads: &heads,
        rows: &rows,
        scale: Scale { low: 0.0, high: count + gap, ticks: Vec::new() },
        axis: &axis,
        indent: 0.0,
        least: ((count + gap) * COLUMN * size / inner).min(0.9),
        grounds: &[],
        legend: &legend,
    };
    let place = |pattern: usize| pattern as f64 + 0.5 + if pattern >= fitted { gap } else { 0.0 };
    let ground = |paper: &Paper, panel: &Panel, spans: &[(f64, f64)]| {
        for &(top, bottom) in spans {
            for pattern in (0..patterns.len()).step_by(2) {
                let (left, right) = (panel.at(place(pattern) - 0.5, 0.0).0, panel.at(place(pattern) + 0.5, 0.0).0);
                paper.rect(Rect::new(left, top, right, bottom), LIGHT.tint(0.6));
            }
        }
    };
    let laid = ledger(stub.as_str()).lay(width, context.style, ground)?;
    // Where labels stand above their marks, keys begin at the edge.
    let laid = if laid.above { ledger("").lay(width, context.style, ground)? } else { laid };
    let column = laid.panel.at(1.0, 0.0).0 - laid.panel.at(0.0, 0.0).0;
    if column < size * (CAP_HEIGHT + DESCENT) + 0.2 {
        return Err(FigureError::Unfit {
            reason: format!(
                "{:.0} mm is too narrow for {}; make it wider, or the text smaller",
                width / svg::POINTS_PER_MILLIMETRE,
                counted(patterns.len(), "pattern")
            ),
        });
    }
    for (pattern, key) in patterns.iter().enumerate() {
        let x = laid.panel.at(place(pattern), 0.0).0;
        let lettering = Lettering::new(size);
        match font::width(key, Face::Regular, size) + 2.0 < column && longest + 2.0 < column {
            true => laid.paper.text((x, laid.head), key, lettering.anchor(Anchor::Middle)),
            false => {
                laid.paper.text((x + CAP_HEIGHT * size / 2.0, laid.head + DESCENT * size), key, lettering.turned(-90.0))
            }
        }
    }
    let (of, on, agreements) = (
        columns::texts(predictive, "model")?,
        columns::texts(predictive, "key")?,
        columns::texts(predictive, "agreement")?,
    );
    let kinds = columns::texts(predictive, "kind")?;
    for (&row, &y) in order.iter().zip(&laid.middles) {
        for (pattern, key) in patterns.iter().enumerate() {
            let found = (0..predictive.rows())
                .find(|&at| *of[at] == *keys[row] && **key == *on[at] && &*kinds[at] == "pattern");
            let x = laid.panel.at(place(pattern), 0.0).0;
            match found.map(|at| &*agreements[at]) {
                Some("holds") => marker(&laid.paper, (x, y), 2.2, HOLDS),
                Some("misses") => marker(&laid.paper, (x, y), 2.2, MISSES),
                _ => laid.paper.line((x - 1.8, y), (x + 1.8, y), NOT_LOOKED_AT),
            }
        }
    }
    let least = effective.iter().copied().fold(f64::INFINITY, f64::min);
    let (few, many) = (simulations.iter().min().copied().unwrap_or(0), simulations.iter().max().copied().unwrap_or(0));
    let each = if few == many { few.to_string() } else { format!("{few} to {many}") };
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    let body = format!(
        "{}, each fitted to the same figures with the same priors by {each} simulations. A pattern holds where its band has the median prediction of the model's posterior. Figures inside: those in the central 90% of \
         predictions; held out: patterns that nobody fitted to. Distance: median squared distance of the last particles; it is smaller where the walk went on longer, and says less than the patterns do. Effective sample sizes are {} or more. {} fitted to, {} \
         held out. That a pattern holds says that it can be had, not that the model is right: several models may hold the same.{}",
        counted(models.rows(), "model"),
        significant(least, 3),
        counted(fitted, "pattern"),
        patterns.len() - fitted,
        in_full(&laid.cut, &labels),
    );
    let title = context.title_or("Rival models and the patterns they hold");
    Drawing::new(laid.paper, context, (&title, &body), models.clone())
}

/// What was not looked at.
const NOT_LOOKED_AT: Stroke = Stroke { width: 0.8, colour: GREY, dash: super::sheet::Dash::Solid };

/// The keys of all patterns, those fitted to first, and how many these are.
fn patterns(predictive: &Table) -> Result<(Vec<String>, usize), FigureError> {
    let (kinds, keys) = (columns::texts(predictive, "kind")?, columns::texts(predictive, "key")?);
    let uses = columns::texts(predictive, "use")?;
    let of = |fitted: bool| {
        let mut known: Vec<String> = Vec::new();
        for row in 0..predictive.rows() {
            let own = &*kinds[row] == "pattern" && (&*uses[row] == "calibrated") == fitted;
            if own && !known.iter().any(|key| **key == *keys[row]) {
                known.push(keys[row].to_string());
            }
        }
        known
    };
    let (mut all, held_out) = (of(true), of(false));
    let fitted = all.len();
    all.extend(held_out);
    if all.is_empty() {
        return Err(columns::nothing(predictive, "patterns"));
    }
    Ok((all, fitted))
}
