//! Depth of cooperative practice: the vector as dots on one axis, the composite apart.
//!
//! Shares and ratios have dots on an axis from 0 to 1 (further if they reach further); what has another unit, such as days
//! until recovery, has its number alone. A part of a measure (`D4.half` after `D4`) is set beneath it.

use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Estimate, Look, Shape};
use super::palette::{BLACK, BLUE, GREY};
use super::paper::path;
use super::sheet::Stroke;
use super::ticks::{self, number};
use super::unit::bounded;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// The furthest the axis goes; what lies beyond ends in a triangle.
const FURTHEST: f64 = 1.5;
const COMPOSITE: &str = "composite";

struct Measure {
    key: String,
    name: String,
    unit: String,
    description: String,
    n: i64,
    mean: f64,
    interval: (f64, f64),
}

impl Measure {
    /// Whether it belongs on the axis.
    fn plotted(&self) -> bool {
        matches!(self.unit.as_str(), "share" | "ratio")
    }

    fn composite(&self) -> bool {
        self.key == COMPOSITE
    }
}

/// Draws the `depth` table (columns `measure`, `name`, `description`, `unit`, `n`, `mean`, `ci_low`, `ci_high`): one row for
/// each component, its mean and interval; the composite beneath, under a heading of its own.
///
/// # Errors
/// When a column is missing, the table is empty, or the size asked for is too small.
pub fn depth(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let all = read(table)?;
    let mut parts: Vec<&Measure> = all.iter().filter(|measure| !measure.composite()).collect();
    context.arrange(&mut parts, |measure| &measure.key);
    let composite: Vec<&Measure> = all.iter().filter(|measure| measure.composite()).collect();
    let (mut rows, mut drawn): (Vec<Row>, Vec<Option<&Measure>>) = (Vec::new(), Vec::new());
    for (heading, group) in [("Components of the vector", &parts), ("Beside the vector", &composite)] {
        if group.is_empty() {
            continue;
        }
        rows.push(Row::heading(&context.say(heading)));
        drawn.push(None);
        for (place, measure) in group.iter().enumerate() {
            rows.push(row(measure, group[..place].iter().map(|other| other.key.as_str()), context));
            drawn.push(Some(measure));
        }
    }
    let ends = all.iter().filter(|measure| measure.plotted());
    let top = ends.flat_map(|own| [own.mean, own.interval.1]).filter(|value| value.is_finite()).fold(1.0, f64::max);
    // The axis is named from 0 to 1 and reaches as far beyond as anything does.
    let mut scale = if top <= 1.1 { ticks::linear(0.0, 1.0, 5) } else { ticks::linear(0.0, top.min(FURTHEST), 6) };
    scale.high = scale.high.max(top.min(FURTHEST));
    let least = scale.low;
    let heads = [context.say("Mean\n[95% CI]")];
    let ledger = Ledger {
        stub: &context.say("Measure"),
        heads: &heads,
        rows: &rows,
        scale,
        axis: &context.say("Mean over runs (share or ratio)"),
        indent: 0.9,
        least: 0.3,
        grounds: &[],
        legend: &[],
    };
    let width = context.style.points(120.0)?;
    let laid = ledger.lay(width, context.style, |_, _, _| {})?;
    for (measure, &y) in drawn.iter().zip(&laid.middles).filter_map(|(own, y)| own.map(|own| (own, y))) {
        if !measure.plotted() {
            continue;
        }
        let (x, most) = (|value: f64| laid.panel.at(value, 0.0).0, laid.panel.across().1);
        if measure.mean.is_finite() {
            let stem = vec![(x(least), y), (x(measure.mean.clamp(least, most)), y)];
            laid.paper.add(path(stem, Some(Stroke::solid(0.5, GREY.tint(0.45))), None));
        }
        let look = match measure.composite() {
            true => Look::hollow(Shape::Diamond, BLACK),
            false => Look::filled(Shape::Disc, BLUE),
        };
        marks::across(&laid.paper, &laid.panel, &Estimate::new(measure.mean, measure.interval), y, look);
    }
    let title = context.title_or("Depth of cooperative practice");
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    let body = format!(
        "Components of the depth of cooperative practice: mean over runs (dot) with its 95% confidence interval (line; Student’s t) \
         where there is one. They measure different things and are not to be compared with each other; what is not a \
         share or a ratio has its number alone. Indented: parts or variants of the measure above.{}{}{}{}",
        told(&composite),
        fewer(&all),
        missing(&all),
        in_full(&laid.cut, &labels),
    );
    Drawing::new(laid.paper, context, (&title, &body), table.clone())
}

/// A row; set beneath another if it is a part of one that came before.
fn row<'a>(measure: &Measure, mut before: impl Iterator<Item = &'a str>, context: &Context) -> Row {
    let (own, part) = measure.key.split_once('.').map_or((measure.key.as_str(), false), |(own, _)| (own, true));
    let level = if part && before.any(|other| other == own) { Level::Sub } else { Level::Item };
    let name = context.say(&measure.name);
    let label = if measure.composite() || level == Level::Sub { name } else { format!("{own}  {name}") };
    let label = if measure.unit == "share" { label } else { format!("{label} ({})", context.say(&measure.unit)) };
    let decimals = if measure.plotted() { 2 } else { ticks::decimals_for(measure.mean.abs(), 3).min(2) };
    Row { level, label, numbers: vec![bounded(measure.mean, measure.interval, decimals)] }
}

/// What the table says of the composite.
fn told(composite: &[&Measure]) -> String {
    composite.first().map_or_else(String::new, |own| format!(" Diamond: {}", own.description))
}

/// Measures that rest on fewer runs than the others.
fn fewer(all: &[Measure]) -> String {
    let most = all.iter().map(|measure| measure.n).max().unwrap_or(0);
    let few = all.iter().filter(|own| own.mean.is_finite() && own.interval.0.is_finite() && own.n < most);
    let words: Vec<String> = few.map(|own| format!("{} (n = {})", own.key, number(own.n as f64, 0))).collect();
    if words.is_empty() { String::new() } else { format!(" On fewer runs than the others rest: {}.", words.join(", ")) }
}

fn missing(all: &[Measure]) -> String {
    let words: Vec<&str> = all.iter().filter(|own| !own.mean.is_finite()).map(|own| own.key.as_str()).collect();
    if words.is_empty() { String::new() } else { format!(" Not defined in this result (–): {}.", words.join(", ")) }
}

fn read(table: &Table) -> Result<Vec<Measure>, FigureError> {
    let (keys, names) = (columns::texts(table, "measure")?, columns::texts(table, "name")?);
    let (units, descriptions) = (columns::texts(table, "unit")?, columns::texts(table, "description")?);
    let counts = columns::integers(table, "n")?;
    let means = columns::numbers(table, "mean")?;
    let (lows, highs) = (columns::numbers(table, "ci_low")?, columns::numbers(table, "ci_high")?);
    if table.rows() == 0 {
        return Err(columns::nothing(table, "measures of depth"));
    }
    let each = (0..table.rows()).map(|row| Measure {
        key: keys[row].to_string(),
        name: names[row].to_string(),
        unit: units[row].to_string(),
        description: descriptions[row].to_string(),
        n: counts[row],
        mean: means[row],
        interval: (lows[row], highs[row]),
    });
    Ok(each.collect())
}
