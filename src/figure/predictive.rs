//! Figures and patterns beside predictions: those of the prior, and those of the posterior.

use super::calibration::{of_model, of_which, rests_on};
use super::ledger::{Ledger, Level, Row, in_full};
use super::legend::{Entry, Sample};
use super::marks::{self, Estimate, Look, Shape};
use super::palette::{BLUE, GREY, LIGHT, VERMILLION};
use super::request::Request;
use super::sheet::Stroke;
use super::ticks::percent;
use super::validation::{ground, open_end, relative, scale, told};
use super::{Context, Drawing, FigureError, columns, unit};
use crate::table::Table;

/// Draws the `predictive` table of one model: each row on the scale of its own band, the figures fitted to, patterns and those held out
/// apart.
///
/// # Errors
/// When a column is missing, there is no such model, or the size asked for is too small.
pub fn predictive(
    table: &Table,
    generations: Option<&Table>,
    request: &Request,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let own = of_model(table, request)?;
    let rows = read(&own)?;
    let width = context.style.points(183.0)?;
    // In a narrow figure the plot needs the room.
    let from = usize::from(width < NARROW);
    let groups = ["Figures fitted to", "Patterns fitted to", "Patterns held out"];
    let (mut lines, mut drawn) = (Vec::new(), Vec::new());
    for (place, group) in groups.into_iter().enumerate() {
        let members: Vec<&Predicted> = rows.iter().filter(|row| row.group == place).collect();
        if members.is_empty() {
            continue;
        }
        lines.push(Row::heading(&context.say(group)));
        drawn.push(None);
        for row in members {
            let label = match row.target {
                true => context.label(&row.key, &row.label),
                false if from > 0 => row.key.clone(),
                false => format!("{}  {}", row.key, context.say(&row.label)),
            };
            let (low, high) = row.ninety;
            let [band, _] = told(row.band, row.median, (low, high), context);
            let bounded = |value: f64, (low, high): (f64, f64)| {
                unit::bounded(value, (low, high), unit::decimals(std::iter::once((high - low) / 2.0)))
            };
            let value = bounded(row.median, (low, high));
            // Of a figure, it is the figure itself that counts.
            let first = if row.target { bounded(row.observed, row.band) } else { band };
            lines.push(Row {
                level: Level::Item,
                label,
                numbers: [first, value, percent(row.inside)][from..].to_vec(),
            });
            drawn.push(Some(row));
        }
    }
    let heads = ["Figure [95%]\nor band", "Posterior\n[90%]", "Inside\n(%)"].map(|head| context.say(head));
    let legend = [
        Entry::new(&[Sample::Area(LIGHT)], &context.say("band, or 95% interval of the figure")),
        Entry::new(&[Sample::Line(PRIOR)], &context.say("prior, 90%")),
        Entry::new(
            &[Sample::Line(Stroke::solid(1.0, BLUE)), Sample::Marker(AGREES)],
            &context.say("posterior: median, 50% and 90%"),
        ),
        Entry::new(&[Sample::Marker(MISSES)], &context.say("missed")),
    ];
    let ledger = Ledger {
        stub: &context.say("Figure or pattern"),
        heads: &heads[from..],
        rows: &lines,
        scale: scale(context),
        axis: &context.say("Place against the band (own scale per row)"),
        indent: 0.9,
        least: 0.24,
        grounds: &[],
        legend: &legend,
    };
    let laid = ledger.lay(width, context.style, ground)?;
    // Under a label of its own line, marks stand lower.
    let lower = if laid.above { 1.4 } else { 0.0 };
    let mut cut = false;
    for (row, &y) in drawn.iter().zip(&laid.middles) {
        let Some(row) = row else { continue };
        open_end(&laid.paper, &laid.panel, row.band, y);
        let at = |value: f64| relative(row.band, value);
        let prior = (at(row.prior.0), at(row.prior.1));
        cut |= marks::interval(&laid.paper, &laid.panel, prior, y - 2.6 + lower, PRIOR);
        let look = if row.agrees { AGREES } else { MISSES };
        let estimate =
            Estimate { value: at(row.median), thin: (f64::NAN, f64::NAN), thick: (at(row.half.0), at(row.half.1)) };
        let ninety = (at(row.ninety.0), at(row.ninety.1));
        cut |= marks::interval(&laid.paper, &laid.panel, ninety, y + 0.8 + lower, Stroke::solid(0.9, look.colour));
        marks::across(&laid.paper, &laid.panel, &estimate, y + 0.8 + lower, look);
    }
    let agree = |group: usize| rows.iter().filter(|row| row.group == group && row.agrees).count();
    let all = |group: usize| rows.iter().filter(|row| row.group == group).count();
    let mut body = format!(
        "Each row has its own scale: shaded is the band that a pattern allows, or the 95% interval that the error of a figure allows around it; open-ended bands reach the edge. Grey: central 90% of the prior's runs; below it the \
         posterior's: median, central 50% (thick) and 90% (thin), of weighted single runs, so that chance between runs is in them, and of figures with the error of the figure laid on. Filled: a figure lies in the central 90% ({} of {}), \
         or a pattern's band holds the median (of those fitted to {} of {}, of those held out {} of {}); hollow: it does not. Inside: share of the posterior whose runs lie in the band, without error laid on. Nobody fitted to \
         patterns held out.",
        agree(0),
        all(0),
        agree(1),
        all(1),
        agree(2),
        all(2),
    );
    if rows.iter().any(|row| !row.prior.0.is_finite()) {
        body += " Without grey: beyond the window, where the prior was not run.";
    }
    if from > 0 {
        let patterns = rows.iter().filter(|row| !row.target);
        let named: Vec<String> = patterns.map(|row| format!("{} {}", row.key, row.label)).collect();
        if !named.is_empty() {
            body += &format!(" Patterns: {}.", named.join("; "));
        }
        body += " Bands and figures stand in the numbers of the figure.";
    }
    body += &rests_on(generations, request)?;
    body += match cut {
        true => " Intervals that end in a tip reach beyond the axis; a triangle at the edge is a median beyond it.",
        false => "",
    };
    let labels: Vec<String> = lines.iter().map(|line| line.label.clone()).collect();
    body += &in_full(&laid.cut, &labels);
    let title = context.title_or(&format!("Predictions beside figures and patterns{}", of_which(&own)));
    Drawing::new(laid.paper, context, (&title, &body), own)
}

/// Below this width, in points, figures and bands are not printed, and patterns have their keys alone.
pub(super) const NARROW: f64 = 400.0;
const PRIOR: Stroke = Stroke { width: 1.0, colour: GREY, dash: super::sheet::Dash::Solid };
const AGREES: Look = Look { shape: Shape::Disc, colour: BLUE, filled: true };
const MISSES: Look = Look { shape: Shape::Disc, colour: VERMILLION, filled: false };

struct Predicted {
    key: String,
    label: String,
    target: bool,
    /// Figures, patterns fitted to, patterns held out.
    group: usize,
    observed: f64,
    band: (f64, f64),
    prior: (f64, f64),
    median: f64,
    half: (f64, f64),
    ninety: (f64, f64),
    agrees: bool,
    inside: f64,
}

fn read(own: &Table) -> Result<Vec<Predicted>, FigureError> {
    let texts = |column: &str| columns::texts(own, column);
    let (kinds, keys, labels) = (texts("kind")?, texts("key")?, texts("label")?);
    let (uses, agreements) = (texts("use")?, texts("agreement")?);
    let numbers = |column: &str| columns::numbers(own, column);
    let (observed, inside, median) = (numbers("observed")?, numbers("inside")?, numbers("median")?);
    let (low, high) = (numbers("low")?, numbers("high")?);
    let (prior_low, prior_high) = (numbers("prior_low")?, numbers("prior_high")?);
    let (half_low, half_high) = (numbers("half_low")?, numbers("half_high")?);
    let (ninety_low, ninety_high) = (numbers("ninety_low")?, numbers("ninety_high")?);
    let of = |row: usize| {
        let target = &*kinds[row] == "target";
        Predicted {
            key: keys[row].to_string(),
            label: labels[row].to_string(),
            target,
            group: if target { 0 } else { 1 + usize::from(&*uses[row] != "calibrated") },
            observed: observed[row],
            band: (low[row], high[row]),
            prior: (prior_low[row], prior_high[row]),
            median: median[row],
            half: (half_low[row], half_high[row]),
            ninety: (ninety_low[row], ninety_high[row]),
            agrees: matches!(&*agreements[row], "holds" | "inside 50 %" | "inside 90 %"),
            inside: inside[row],
        }
    };
    Ok((0..own.rows()).map(of).collect())
}
