//! Paired differences over time: one panel per arm, with the time in which it is in force.
//!
//! The dark band is the interval of each period taken alone (`ci_low`, `ci_high`); the light one holds
//! the whole curve at once (`band_low`, `band_high`). A claim about *when* the difference is there needs
//! the light one.

use super::calendar::day_name;
use super::font::{self, CAP_HEIGHT, DESCENT, Face};
use super::forest::{counted, lower};
use super::ledger::in_full;
use super::legend::{Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLACK, BLUE, LIGHT};
use super::panels::{self, Cell, Multiples};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Stroke};
use super::unit::{self, Unit};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// Strength of the band that holds the whole curve.
const LIGHTER: f64 = 0.22;
/// Strength of the band that holds one period.
const DARKER: f64 = 0.5;

/// One period of one arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) day: i32,
    pub(super) difference: f64,
    pub(super) interval: (f64, f64),
    pub(super) band: (f64, f64),
    pub(super) baseline: f64,
    pub(super) arm: f64,
}

/// One arm over time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    pub(super) arm: String,
    pub(super) label: String,
    pub(super) n: i64,
    pub(super) steps: Vec<Step>,
    /// First day and the day after the last in which an intervention is in force.
    pub(super) force: Vec<(i32, i32)>,
}

impl Course {
    /// The last period with a difference.
    pub(super) fn newest(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.difference.is_finite())
    }
}

/// All arms of a measure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Courses {
    pub(super) arms: Vec<Course>,
    pub(super) name: String,
    pub(super) unit: String,
    /// First day, and the day after the last.
    pub(super) days: (i32, i32),
    /// Length of a period in days.
    pub(super) period: i32,
}

impl Courses {
    /// The middle of a period.
    pub(super) fn middle(&self, step: &Step) -> f64 {
        f64::from(step.day) + f64::from(self.period) / 2.0
    }
}

/// Draws the `differences` table for one measure: small multiples, one per arm, largest final difference
/// first; `schedule` says when each arm is in force.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn differences(
    differences: &Table,
    measure: &str,
    schedule: &Table,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let courses = read(differences, measure, schedule)?;
    let steps = || courses.arms.iter().flat_map(|arm| &arm.steps);
    let values = steps().flat_map(|step| [step.difference, step.interval.0, step.interval.1, step.band.0, step.band.1]);
    let unit = Unit::difference(&courses.unit, values.clone());
    let values = values.map(|value| unit.of_value(value));
    // Room above and below for the names of the peaks.
    let ends = unit::bounds(values.clone().chain([0.0]));
    let most = if courses.arms.len() > 20 { 0.32 } else { 0.16 };
    let air = (if ends.0 < 0.0 { most } else { 0.06 }, if ends.1 > 0.0 { most } else { 0.06 });
    let scale = unit::tight(unit::differences(values, 5), ends, air);
    let decimals = unit::decimals(steps().map(|step| unit.of_value(step.interval.1 - step.interval.0) / 2.0));
    let cells: Vec<Cell> = courses
        .arms
        .iter()
        .map(|arm| {
            let end = arm.newest().map(|step| unit.of_value(step.difference));
            let ends = end.map(|value| vec![(value, unit::plus(value, decimals))]).unwrap_or_default();
            Cell { title: arm.label.clone(), ends }
        })
        .collect();
    let colour = BLUE;
    let legend = [
        Entry::new(&[Sample::Line(Stroke::solid(1.2, colour))], "mean difference"),
        Entry::new(&[Sample::Area(colour.tint(DARKER))], "95% interval, each period"),
        Entry::new(&[Sample::Area(colour.tint(LIGHTER))], "95% band, all periods at once"),
        Entry::new(&[Sample::Area(LIGHT)], "intervention in force"),
    ];
    let axis = format!("Difference from baseline: {}", unit.title(&lower(&courses.name)));
    let multiples = Multiples { cells: &cells, scale: &scale, axis: &axis, days: courses.days, legend: &legend };
    let width = context.style.points(panels::own_width(cells.len()))?;
    let laid = multiples.lay(width, context.style)?;
    for (panel, arm) in laid.panels.iter().zip(&courses.arms) {
        shade(panel, arm, (scale.low, scale.high));
        let points = |pick: fn(&Step) -> (f64, f64)| -> Vec<(f64, f64, f64)> {
            arm.steps
                .iter()
                .map(|step| {
                    let (low, high) = pick(step);
                    (courses.middle(step), unit.of_value(low), unit.of_value(high))
                })
                .collect()
        };
        for (band, strength) in [(points(|step| step.band), LIGHTER), (points(|step| step.interval), DARKER)] {
            panel.band(&band, colour.tint(strength));
            lone(panel, &band, courses.period, colour.tint(strength));
        }
        let (left, right) = (f64::from(courses.days.0), f64::from(courses.days.1));
        panel.curve(&[(left, 0.0), (right, 0.0)], Stroke::solid(0.5, BLACK));
        let line: Vec<(f64, f64)> =
            arm.steps.iter().map(|step| (courses.middle(step), unit.of_value(step.difference))).collect();
        panel.curve(&line, Stroke::solid(1.2, colour));
        dots(&laid.paper, panel, &line, Look::filled(Shape::Disc, colour));
        if let Some(step) = peak(arm) {
            let tops: Vec<(f64, f64, f64)> = points(|step| step.band);
            let at = (courses.middle(step), unit.of_value(step.difference));
            name_peak(&laid.paper, panel, at, &unit::plus(at.1, decimals), &tops, context.style.text);
        }
        if arm.newest().is_none() {
            panels::empty(&laid.paper, panel, context.style.text);
        }
    }
    let labels: Vec<String> = cells.iter().map(|cell| cell.title.clone()).collect();
    let cut = in_full(&laid.cut, &labels);
    let paper = laid.finish();
    let title = context.title_or(&format!("Differences over time: {}", lower(&courses.name)));
    let body = format!(
        "Mean paired difference from the baseline per period, {}; all panels have the same scales and stand in order \
         of the last difference, which is printed at the end of the line, the largest at its dot where its band is clear of zero and the difference has fallen since. Dark band: 95% interval of the mean in each \
         period taken alone; light band: simultaneous 95% band for all periods. Grey: an intervention of the arm is in \
         force.{} Period shown: {} to {}.{cut}",
        counted(cells.len(), "arm"),
        pairs(&courses),
        day_name(courses.days.0),
        day_name(courses.days.1 - 1),
    );
    Drawing::new(paper, context, &title, &body)
}

/// The period with the largest difference, where its band is clear of zero and the difference does not last.
fn peak(arm: &Course) -> Option<&Step> {
    let known = || arm.steps.iter().filter(|step| step.difference.is_finite());
    let top = known().max_by(|a, b| a.difference.abs().total_cmp(&b.difference.abs()))?;
    let newest = arm.newest()?;
    let (low, high) = top.band;
    let clear = low > 0.0 || high < 0.0;
    let stands_out = clear && top.difference.abs() > 1.15 * newest.difference.abs();
    (known().count() > 3 && stands_out && top.day != newest.day).then_some(top)
}

/// A dot at the largest difference and its value beyond the band, where there is room for it.
fn name_peak(paper: &Paper, panel: &Panel, at: (f64, f64), words: &str, band: &[(f64, f64, f64)], size: f64) {
    let place = panel.place;
    let (x, y) = panel.at(at.0, at.1);
    marker(paper, (x, y), 1.7, Look::filled(Shape::Disc, BLUE));
    let half = font::width(words, Face::Regular, size) / 2.0;
    let middle = x.max(place.left + half + 1.0).min(place.right - half - 1.0);
    let near = band.iter().filter(|(day, low, high)| {
        low.is_finite() && high.is_finite() && (panel.at(*day, 0.0).0 - middle).abs() <= half + 3.0
    });
    let edges = near.flat_map(|&(day, low, high)| [panel.at(day, low).1, panel.at(day, high).1]);
    let base = match at.1 > 0.0 {
        true => edges.fold(y - 2.0, f64::min) - 2.0,
        false => edges.fold(y + 2.0, f64::max) + 2.0 + CAP_HEIGHT * size,
    };
    if base - CAP_HEIGHT * size > place.top && base + DESCENT * size < place.bottom {
        paper.text((middle, base), words, Lettering::new(size).anchor(Anchor::Middle));
    }
}

/// How many pairs stand behind the means.
pub(super) fn pairs(courses: &Courses) -> String {
    let least = courses.arms.iter().map(|arm| arm.n).min().unwrap_or(0);
    let most = courses.arms.iter().map(|arm| arm.n).max().unwrap_or(0);
    if least == most { format!(" {least} pairs per arm.") } else { format!(" {least} to {most} pairs per arm.") }
}

/// The time in force, over the whole height of a panel.
pub(super) fn shade(panel: &Panel, arm: &Course, (low, high): (f64, f64)) {
    let (left, right) = panel.across();
    for &(from, to) in &arm.force {
        let (from, to) = (f64::from(from).max(left), f64::from(to).min(right));
        if from < to {
            panel.bar((from, low), (to, high), LIGHT);
        }
    }
}

/// Bars for periods whose neighbours are missing: a band would not show them.
fn lone(panel: &Panel, band: &[(f64, f64, f64)], period: i32, fill: super::palette::Colour) {
    let half = f64::from(period) * 0.2;
    for &(x, low, high) in alone(band, |&(_, low, high)| low.is_finite() && high.is_finite()) {
        panel.bar((x - half, high), (x + half, low), fill);
    }
}

/// Markers for periods whose neighbours are missing: a line would not show them.
pub(super) fn dots(paper: &Paper, panel: &Panel, line: &[(f64, f64)], look: Look) {
    for &(x, y) in alone(line, |(_, y)| y.is_finite()) {
        marker(paper, panel.at(x, y), 1.6, look);
    }
}

fn alone<T>(points: &[T], known: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
    let has: Vec<bool> = points.iter().map(known).collect();
    points.iter().enumerate().filter_map(move |(index, point)| {
        let before = index > 0 && has[index - 1];
        let after = has.get(index + 1).copied().unwrap_or(false);
        (has[index] && !before && !after).then_some(point)
    })
}

/// The arms of a measure, largest last difference first, missing ones last.
pub(super) fn read(table: &Table, measure: &str, schedule: &Table) -> Result<Courses, FigureError> {
    let rows = columns::rows_of(table, &[("measure", measure)])?;
    let keys = columns::texts(table, "arm")?;
    let labels = columns::texts(table, "label")?;
    let days = columns::dates(table, "period_start")?;
    let counts = columns::integers(table, "n")?;
    let number = |column| columns::numbers(table, column);
    let (difference, baseline, level) = (number("difference")?, number("baseline_mean")?, number("arm_mean")?);
    let (ci_low, ci_high) = (number("ci_low")?, number("ci_high")?);
    let (band_low, band_high) = (number("band_low")?, number("band_high")?);
    let mut arms: Vec<Course> = Vec::new();
    for &row in &rows {
        let step = Step {
            day: days[row],
            difference: difference[row],
            interval: (ci_low[row], ci_high[row]),
            band: (band_low[row], band_high[row]),
            baseline: baseline[row],
            arm: level[row],
        };
        match arms.iter_mut().find(|arm| arm.arm == *keys[row]) {
            Some(arm) => {
                arm.steps.push(step);
                arm.n = arm.n.max(counts[row]);
            }
            None => arms.push(Course {
                arm: keys[row].to_string(),
                label: labels[row].to_string(),
                n: counts[row],
                steps: vec![step],
                force: Vec::new(),
            }),
        }
    }
    for arm in &mut arms {
        arm.steps.sort_by_key(|step| step.day);
    }
    let mut starts: Vec<i32> = rows.iter().map(|&row| days[row]).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut gaps: Vec<i32> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let period = gaps.get(gaps.len() / 2).copied().unwrap_or(91);
    let ends = (starts.first().copied().unwrap_or(0), starts.last().copied().unwrap_or(0) + period);
    in_force(&mut arms, schedule, ends)?;
    let last = |arm: &Course| arm.newest().map_or(f64::INFINITY, |step| -step.difference);
    arms.sort_by(|a, b| last(a).total_cmp(&last(b)).then_with(|| a.label.cmp(&b.label)));
    let (name, unit) = (columns::word(table, "measure_label", &rows), columns::word(table, "unit", &rows));
    Ok(Courses { arms, name, unit, days: ends, period })
}

/// Reads when each arm is in force; an end that is missing (below every date shown) is the end of the figure.
fn in_force(arms: &mut [Course], schedule: &Table, (first, last): (i32, i32)) -> Result<(), FigureError> {
    let keys = columns::texts(schedule, "arm")?;
    let starts = columns::dates(schedule, "start")?;
    let ends = columns::dates(schedule, "end")?;
    for (row, key) in keys.iter().enumerate() {
        let Some(arm) = arms.iter_mut().find(|arm| arm.arm == **key) else { continue };
        let to = if ends[row] < starts[row] { last } else { ends[row].min(last) };
        let from = starts[row].max(first);
        if from < to {
            arm.force.push((from, to));
        }
    }
    Ok(())
}
