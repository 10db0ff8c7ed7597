//! Many swept factors: a small panel for each, with the points of the design and the means of bins of that factor.
//!
//! All panels share the vertical axis and stand in order of the share of variance that their bins explain
//! (`factor_bins`). Dots are thinned, bins are not.

use super::factor_bins::{MOST, Trend, trend};
use super::factor_panels::{FactorPanels, Panelled};
use super::factor_words::{caption, numbers};
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
use crate::table::Table;
use std::borrow::Cow;

/// The most dots of a panel, and of all panels together.
const DOTS: (usize, usize) = (500, 6000);
/// The most panels.
const PANELS: usize = 30;

/// A factor to be drawn.
pub(super) struct Factor<'a> {
    pub(super) key: &'a str,
    pub(super) levels: Levels,
    places: Cow<'a, [f64]>,
    pub(super) trend: Trend,
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
    let Reading { drawn, still, left_out } = read(points, request, &values, context)?;
    let unit_name = columns::unit(points, column);
    let sizes = values.iter().copied();
    let unit = if differences { Unit::difference(&unit_name, sizes) } else { Unit::level(&unit_name, sizes) };
    let every = every(points.rows(), drawn.len());
    let dotted = thinned(points.rows(), every);
    let shown = || dotted.iter().map(|&row| unit.of_value(values[row]));
    let bins = || drawn.iter().flat_map(|factor| &factor.trend.bins);
    let ends = |interval: Interval| [unit.of_value(interval.low), unit.of_value(interval.high)];
    let threshold = request.threshold.map(|value| unit.of_value(value)).filter(|value| value.is_finite());
    // The interval of a mean of two or three points may be many times as wide as all points: it does not set the axis.
    let core = unit::bounds(shown().chain(bins().map(|bin| unit.of_value(bin.mean))));
    let half = (core.1 - core.0) / 2.0;
    let bound = |value: f64| value.max(core.0 - half).min(core.1 + half);
    let whiskers = || bins().flat_map(|bin| ends(bin.interval)).filter(|value| value.is_finite());
    let all = [core.0, core.1].into_iter().chain(whiskers().map(bound)).chain(threshold);
    let all: Vec<f64> = all.collect();
    let (low, high) = unit::bounds(all.iter().copied());
    let zero = differences || (low >= 0.0 && low <= 0.6 * high);
    let reach = unit::bounds(all.iter().copied().chain(zero.then_some(0.0)));
    let scale = match differences {
        true => unit::differences(all.iter().copied(), 5),
        false => unit::scale(all.iter().copied(), zero, 5),
    };
    let below = if zero && low >= 0.0 && !differences { 0.0 } else { 0.06 };
    let scale = unit::tight(scale, reach, (below, 0.06));
    let beyond = whiskers().any(|value| value < scale.low || scale.high < value);
    let axis = levels::outcome(points, column, differences, &unit, context);
    let today = |factor: &Factor<'_>| request.today.get(factor.key).map(|level| factor.levels.at(*level));
    let marked = drawn.iter().any(|factor| today(factor).is_some_and(|at| reached(&factor.levels, at)));
    let legend = legend(marked, context);
    let cells: Vec<Panelled> = drawn.iter().map(|factor| panelled(factor, context)).collect();
    let frame = FactorPanels { cells: &cells, scale: &scale, axis: &axis, legend: &legend, context };
    let laid = frame.lay()?;
    for (panel, factor) in laid.panels.iter().zip(&drawn) {
        let (left, right) = panel.across();
        dots(panel, factor, &values, (&dotted, &unit));
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
    if beyond {
        body += " Intervals wider than the axis are cut at it.";
    }
    if !still.is_empty() {
        body += &format!(" Without a panel, because they have one level here: {}.", still.join(", "));
    }
    if let Some((count, most)) = left_out {
        body += &format!(" Not drawn: {} that explain less ({most} at most).", counted(count, "factor"));
    }
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

/// What is to be shown.
struct Reading<'a> {
    /// Factors that explain most first.
    drawn: Vec<Factor<'a>>,
    /// The words of those asked for that have one level.
    still: Vec<String>,
    /// How many were left out, and what they explain at most.
    left_out: Option<(usize, String)>,
}

fn read<'a>(
    points: &'a Table,
    request: &Request,
    values: &[f64],
    context: &Context,
) -> Result<Reading<'a>, FigureError> {
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
    Ok(Reading { drawn, still, left_out })
}

/// Of how many points in turn one has a dot.
fn every(points: usize, panels: usize) -> usize {
    let most = DOTS.0.min(DOTS.1 / panels.max(1));
    points.div_ceil(most.max(1)).max(1)
}

/// The points that have a dot: one of each so many, at a place among them that moves on by the golden ratio. Always the same
/// place would show a grid at some of its levels alone.
fn thinned(points: usize, every: usize) -> Vec<usize> {
    let place = |block: usize| ((block as f64 * GOLDEN).fract() * every as f64) as usize;
    (0..points.div_ceil(every)).map(|block| (block * every + place(block)).min(points - 1)).collect()
}

/// The golden ratio, whose multiples leave no gaps.
const GOLDEN: f64 = 0.618_033_988_749_895;

/// Where the bounds of a panel lie.
fn bounds(levels: &Levels) -> (f64, f64) {
    if !levels.names.is_empty() {
        return (-0.5, levels.names.len() as f64 - 0.5);
    }
    let (first, last) = unit::bounds(levels.raw.iter().map(|&level| levels.at(level)));
    let air = if last > first { (last - first) * 0.07 } else { 0.5 };
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

/// How far dots stand aside of their level at most, so that those of categories and of few levels are strips.
fn aside(levels: &Levels) -> f64 {
    if !levels.names.is_empty() {
        return 0.3;
    }
    let at: Vec<f64> = levels.raw.iter().map(|&level| levels.at(level)).collect();
    let (Some(first), Some(last), true) = (at.first(), at.last(), at.len() <= MOST) else { return 0.0 };
    let nearest = at.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    (0.2 * nearest).min(0.04 * (last - first))
}

/// The colour of the points.
const POINT: (Colour, f64) = (GREY, 0.45);

fn dots(panel: &Panel, factor: &Factor<'_>, values: &[f64], (dotted, unit): (&[usize], &Unit)) {
    let fill = POINT.0.tint(POINT.1);
    let reach = aside(&factor.levels);
    for (index, &row) in dotted.iter().enumerate() {
        let (level, value) = (factor.places[row], values[row]);
        if !(level.is_finite() && value.is_finite()) {
            continue;
        }
        // Multiples of the golden ratio keep neighbours apart.
        let aside = reach * (2.0 * (index as f64 * GOLDEN).fract() - 1.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_of_a_grid_show_each_of_its_levels() {
        // Ten levels that change with every point, and one of ten points has a dot.
        let dotted = thinned(5000, 10);
        assert_eq!(dotted.len(), 500);
        assert!(dotted.windows(2).all(|pair| pair[0] < pair[1]));
        for level in 0..10 {
            let count = dotted.iter().filter(|row| *row % 10 == level).count();
            assert!((45..=55).contains(&count), "level {level}: {count}");
        }
        assert_eq!(thinned(7, 1), (0..7).collect::<Vec<_>>());
        assert!(thinned(0, 1).is_empty());
    }

    #[test]
    fn panels_have_no_more_dots_than_eyes_can_take() {
        for (points, panels, most) in [(100, 30, 100), (100_000, 2, 500), (100_000, 30, 200)] {
            assert!(thinned(points, every(points, panels)).len() <= most, "{points} {panels}");
        }
    }
}
