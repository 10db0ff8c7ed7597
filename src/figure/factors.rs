//! Many swept factors: a small panel for each, with the points of the design and the means of bins of that factor.
//!
//! All panels share the vertical axis and stand in order of the share of variance that their bins explain
//! (`factor_bins`). Dots are thinned, bins are not.

use super::factor_bins::{MOST, Trend, trend};
use super::factor_panels::{FactorPanels, Panelled};
use super::legend::{Entry, Sample};
use super::levels::{self, Levels, places, rounded};
use super::marks::{Look, Shape, marker};
use super::palette::{BLACK, BLUE, Colour, GREY};
use super::paper::Panel;
use super::request::Request;
use super::sheet::{Dash, Stroke};
use super::unit::{self, Unit};
use super::words::{counted, in_full};
use super::{Context, Drawing, FigureError, columns, sweep, ticks};
use crate::statistics::Interval;
use crate::table::{Cell, Field, Schema, Table};
use std::borrow::Cow;

/// The most dots of a panel, and of all panels together.
const DOTS: (usize, usize) = (500, 6000);
/// The most panels.
const PANELS: usize = 30;

/// A factor to be drawn.
struct Factor<'a> {
    key: &'a str,
    levels: Levels,
    places: Cow<'a, [f64]>,
    trend: Trend,
}

/// Draws a table of points narrowed to one measure, window and arm.
///
/// # Errors
/// When a column or factor is missing, no factor varies, no point has a value, a point stands twice, or the size asked
/// for is too small.
pub(super) fn factors(points: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let differences = request.kind.is_of_differences();
    let column = sweep::value_columns(request.kind).0;
    let values = columns::numbers(points, column)?;
    each_once(points)?;
    if !values.iter().any(|value| value.is_finite()) {
        return Err(columns::nothing(points, "points with a value"));
    }
    let (mut drawn, still, left_out) = read(points, request, &values, context)?;
    let unit_name = columns::unit(points, column);
    let sizes = values.iter().copied();
    let unit = if differences { Unit::difference(&unit_name, sizes) } else { Unit::level(&unit_name, sizes) };
    let every = every(points.rows(), drawn.len());
    let shown = || values.iter().step_by(every).map(|value| unit.of_value(*value));
    let bins = || drawn.iter().flat_map(|factor| &factor.trend.bins);
    let ends = |interval: Interval| [unit.of_value(interval.low), unit.of_value(interval.high)];
    let threshold = request.threshold.map(|value| unit.of_value(value)).filter(|value| value.is_finite());
    let all = shown().chain(bins().flat_map(|bin| ends(bin.interval))).chain(bins().map(|bin| unit.of_value(bin.mean)));
    let all: Vec<f64> = all.chain(threshold).collect();
    let (low, high) = unit::bounds(all.iter().copied());
    let zero = differences || (low >= 0.0 && low <= 0.6 * high);
    let reach = unit::bounds(all.iter().copied().chain(zero.then_some(0.0)));
    let scale = match differences {
        true => unit::differences(all.iter().copied(), 5),
        false => unit::scale(all.iter().copied(), zero, 5),
    };
    let below = if zero && low >= 0.0 && !differences { 0.0 } else { 0.06 };
    let scale = unit::tight(scale, reach, (below, 0.06));
    let axis = levels::outcome(points, column, differences, &unit, context);
    let today = |factor: &Factor<'_>| request.today.get(factor.key).map(|level| factor.levels.at(*level));
    let marked = drawn.iter().any(|factor| today(factor).is_some_and(|at| reached(&factor.levels, at)));
    let legend = legend(marked, context);
    let cells: Vec<Panelled> = drawn.iter().map(|factor| panelled(factor, context)).collect();
    let frame = FactorPanels { cells: &cells, scale: &scale, axis: &axis, legend: &legend, context };
    let laid = frame.lay()?;
    for (panel, factor) in laid.panels.iter().zip(&drawn) {
        let (left, right) = panel.across();
        dots(panel, factor, &values, (every, &unit));
        if differences {
            panel.curve(&[(left, 0.0), (right, 0.0)], Stroke::solid(0.5, BLACK));
        }
        if let Some(bold) = threshold {
            panel.curve(&[(left, bold), (right, bold)], Stroke::solid(0.5, BLACK).dashed(Dash::Dashed));
        }
        if let Some(at) = today(factor).filter(|at| reached(&factor.levels, *at)) {
            panel.curve(&[(at, scale.low), (at, scale.high)], TODAY);
        }
        let means: Vec<(f64, f64)> =
            factor.trend.bins.iter().map(|bin| (factor.levels.at(bin.middle), unit.of_value(bin.mean))).collect();
        for (bin, &(x, _)) in factor.trend.bins.iter().zip(&means) {
            let [from, to] = ends(bin.interval);
            panel.curve(&[(x, from), (x, to)], Stroke::solid(0.9, BLUE));
        }
        if factor.levels.names.is_empty() {
            panel.curve(&means, Stroke::solid(0.9, BLUE));
        }
        for &(x, y) in means.iter().filter(|(_, y)| y.is_finite()) {
            marker(&laid.paper, panel.at(x, y), 1.4, Look::filled(Shape::Disc, BLUE));
        }
    }
    let cut = in_full(&laid.cut);
    let paper = laid.finish();
    let data = numbers(points, &drawn, &unit_name, column, context);
    let mut body = caption(points, request, &axis, (&drawn, &values, every), context);
    if let Some(bold) = threshold {
        body += &format!(" Dashed across: the threshold of {}.", rounded(bold));
    }
    if !still.is_empty() {
        body += &format!(" Without a panel, because they have one level here: {}.", still.join(", "));
    }
    if let Some((count, most)) = left_out {
        body += &format!(" Not drawn: {} that explain less ({most} at most).", counted(count, "factor"));
    }
    drawn.clear();
    let own = if differences { "What each factor changes" } else { "What each factor does" };
    Drawing::new(paper, context, (&sweep::titled(points, own, context), &(body + &cut)), data)
}

/// How today looks.
const TODAY: Stroke = Stroke { width: 0.6, colour: GREY, dash: Dash::Dotted };

/// That no point stands twice.
fn each_once(points: &Table) -> Result<(), FigureError> {
    let mut ids = columns::integers(points, "point_id")?.to_vec();
    ids.sort_unstable();
    let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) else { return Ok(()) };
    let table = &points.schema.name;
    let reason =
        format!("table `{table}` has more than one row of point {} in this arm: give one row per point", pair[0]);
    Err(FigureError::Unfit { reason })
}

/// Factors that explain most first; those with one level, of those asked for; and how many were left out, with what they
/// explain at most.
#[expect(clippy::type_complexity, reason = "three lists, read once")]
fn read<'a>(
    points: &'a Table,
    request: &Request,
    values: &[f64],
    context: &Context,
) -> Result<(Vec<Factor<'a>>, Vec<String>, Option<(usize, String)>), FigureError> {
    let all = sweep::factors(points)?;
    let wanted = if request.factors.is_empty() { all.clone() } else { sweep::known(&all, &request.factors, points)? };
    let selected = |key: &&str| {
        let among = context.select.iter().any(|own| all.contains(&own.as_str()));
        !among || context.select.iter().any(|own| own == key)
    };
    let wanted: Vec<&str> = wanted.into_iter().filter(selected).collect();
    let moving = sweep::varying(points, &wanted);
    let still = wanted.iter().filter(|key| !moving.contains(key));
    let still: Vec<String> = still.map(|key| levels::words_of(points, key, context)).collect();
    if moving.is_empty() {
        return Err(columns::nothing(points, "factors with more than one level"));
    }
    let confidence = context.confidence.unwrap_or(0.95);
    let mut drawn = moving
        .into_iter()
        .map(|key| {
            let places = places(points, key, context)?;
            let levels = Levels::read(points, key, context)?;
            let trend = trend(&places, values, !levels.names.is_empty(), confidence);
            Ok(Factor { key, levels, places, trend })
        })
        .collect::<Result<Vec<_>, FigureError>>()?;
    let share = |factor: &Factor<'_>| if factor.trend.share.is_nan() { -1.0 } else { factor.trend.share };
    drawn.sort_by(|a, b| share(b).total_cmp(&share(a)));
    let left_out = drawn.split_off(drawn.len().min(PANELS));
    let left_out = left_out.first().map(|first| (left_out.len(), ticks::percent(first.trend.share)));
    context.arrange(&mut drawn, |factor| factor.key);
    Ok((drawn, still, left_out))
}

/// Every so manieth point has a dot.
fn every(points: usize, panels: usize) -> usize {
    let most = DOTS.0.min(DOTS.1 / panels.max(1));
    points.div_ceil(most.max(1)).max(1)
}

/// Where the bounds of a panel lie.
fn bounds(levels: &Levels) -> (f64, f64) {
    if !levels.names.is_empty() {
        return (-0.5, levels.names.len() as f64 - 0.5);
    }
    let (first, last) = unit::bounds(levels.raw.iter().map(|&level| levels.at(level)));
    let air = if last > first { (last - first) * 0.05 } else { 0.5 };
    (first - air, last + air)
}

fn reached(levels: &Levels, at: f64) -> bool {
    let (low, high) = bounds(levels);
    levels.names.is_empty() && low <= at && at <= high
}

fn panelled(factor: &Factor<'_>, context: &Context) -> Panelled {
    // A single named tick says nothing of a scale.
    let steps = (3..=8).map(|wanted| factor.levels.scale(bounds(&factor.levels), wanted));
    let enough = |(scale, _): &(ticks::Scale, Vec<f64>)| scale.ticks.len() >= 3;
    let (scale, minor) = steps.clone().find(enough).unwrap_or_else(|| factor.levels.scale(bounds(&factor.levels), 5));
    Panelled {
        title: factor.levels.title.clone(),
        number: ticks::percent(factor.trend.share),
        words: context.say("of variance"),
        scale,
        minor,
        names: factor.levels.names.clone(),
    }
}

/// The colour of the points.
const POINT: (Colour, f64) = (GREY, 0.45);

fn dots(panel: &Panel, factor: &Factor<'_>, values: &[f64], (every, unit): (usize, &Unit)) {
    let fill = POINT.0.tint(POINT.1);
    for (index, (&level, &value)) in factor.places.iter().zip(values).enumerate().step_by(every) {
        if !(level.is_finite() && value.is_finite()) {
            continue;
        }
        // Categories are strips: multiples of the golden ratio keep neighbours apart.
        let aside = match factor.levels.names.is_empty() {
            true => 0.0,
            false => ((index / every) as f64 * 0.618_033_988_749_895).fract() * 0.6 - 0.3,
        };
        panel.speck(factor.levels.at(level) + aside, unit.of_value(value), 0.8, fill);
    }
}

fn legend(today: bool, context: &Context) -> Vec<Entry> {
    let blue = [Sample::Line(Stroke::solid(0.9, BLUE)), Sample::Marker(Look::filled(Shape::Disc, BLUE))];
    let mut entries = vec![
        Entry::new(&[Sample::Dot(POINT.0.tint(POINT.1))], &context.say("point of the design")),
        Entry::new(&blue, &context.say("mean of a bin, 95% interval")),
    ];
    if today {
        entries.push(Entry::new(&[Sample::Line(TODAY)], &context.say("today")));
    }
    entries
}

fn caption(
    points: &Table,
    request: &Request,
    axis: &str,
    (drawn, values, every): (&[Factor<'_>], &[f64], usize),
    context: &Context,
) -> String {
    let differences = request.kind.is_of_differences();
    let known = values.iter().filter(|value| value.is_finite()).count();
    let bins = drawn.iter().map(|factor| factor.trend.bins.len()).max().unwrap_or(1);
    let chance = (bins.saturating_sub(1)) as f64 / known.saturating_sub(1).max(1) as f64;
    let what = if differences { "differences at the points" } else { "means of the points" };
    let mut body = format!(
        "{axis}, {}: a panel for each of {}, all with the same vertical axis, in order of the share of the variance of \
         the {what} that the factor explains by itself. That share is printed above each panel: variance between its bins \
         over all variance, a first-order share estimated from the points as they are. It says nothing of interactions, and by chance \
         a factor that does nothing may show about {} at random points. Blue: means of the points in bins of equal counts, at \
         most {MOST} (a factor of few levels or of categories has a bin for each), each at the median of its levels, with 95% \
         intervals (Student’s t, over the points of the bin); lines are a guide.",
        sweep::arm_label(points, context),
        counted(drawn.len(), "factor"),
        ticks::percent(chance.min(1.0)),
    );
    let total = counted(points.rows(), "point");
    body += &match every {
        1 => format!(" Grey: all {total}."),
        _ => format!(" Grey: every {} of {total} in the order of the table; bins hold all of them.", ordinal(every)),
    };
    let of = sweep::runs(points, differences);
    body += &format!(" A point is the mean of {of}.");
    match points.rows() - known {
        0 => {}
        missing => body += &format!(" {} without a value left out.", counted(missing, "point")),
    }
    body
}

/// `2nd`, `3rd`, `4th` ...
fn ordinal(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// The bins as a table, in the units of the points.
fn numbers(points: &Table, drawn: &[Factor<'_>], unit: &str, column: &str, context: &Context) -> Table {
    let schema = Schema::of(
        "bins",
        &format!("Means of `{column}` in bins of factors."),
        vec![
            Field::text("factor", "Factor."),
            Field::text("label", "Its words."),
            Field::real("share", "share", "Share of the variance of the points that the factor explains by itself."),
            Field::text("level", "The level, where it is a category."),
            Field::real("low", "see factor", "Lowest level of the bin."),
            Field::real("high", "see factor", "Highest level of the bin."),
            Field::integer("n", "points", "Points in the bin."),
            Field::real("mean", unit, "Mean of the points."),
            Field::real("ci_low", unit, "Lower end of its interval."),
            Field::real("ci_high", unit, "Upper end of its interval."),
        ],
    );
    let mut table = Table::new(schema);
    for factor in drawn {
        let label = levels::words_of(points, factor.key, context);
        for bin in &factor.trend.bins {
            let name = factor.levels.names.get(bin.middle as usize).map_or("", String::as_str);
            let end = |level: f64| Cell::Real(if name.is_empty() { level } else { f64::NAN });
            table.push([
                Cell::from(factor.key),
                Cell::from(label.as_str()),
                Cell::Real(factor.trend.share),
                Cell::from(name),
                end(bin.ends.0),
                end(bin.ends.1),
                Cell::Integer(bin.n as i64),
                Cell::Real(bin.mean),
                Cell::Real(bin.interval.low),
                Cell::Real(bin.interval.high),
            ]);
        }
    }
    table
}
