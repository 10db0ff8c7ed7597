//! Paired differences over time: one panel per arm, with the time in which it is in force.
//!
//! The dark band is the interval of each period taken alone (`ci_low`, `ci_high`); the light one holds
//! the whole curve at once (`band_low`, `band_high`). A claim about *when* the difference is there needs
//! the light one.

use super::courses::{Course, Step, alone, dots, read, shade};
use super::font::{self, CAP_HEIGHT, DESCENT, Face};
use super::forest::difference_axis;
use super::ledger::in_full;
use super::legend::{Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLACK, BLUE, Colour, LIGHT};
use super::panels::{self, Cell, Multiples};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Stroke};
use super::unit::{self, Unit};
use super::words::{counted, lower};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// Strength of the band that holds the whole curve.
const LIGHTER: f64 = 0.22;
/// Strength of the band that holds one period.
const DARKER: f64 = 0.5;

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
    let mut courses = read(differences, measure, schedule)?;
    context.arrange(&mut courses.arms, |arm| &arm.arm);
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
            Cell { title: context.label(&arm.arm, &arm.label), ends }
        })
        .collect();
    let colour = BLUE;
    let legend = [
        Entry::new(&[Sample::Line(Stroke::solid(1.2, colour))], &context.say("mean difference")),
        Entry::new(&[Sample::Area(colour.tint(DARKER))], &context.say("95% interval, each period")),
        Entry::new(&[Sample::Area(colour.tint(LIGHTER))], &context.say("95% band, all periods at once")),
        Entry::new(&[Sample::Area(LIGHT)], &context.say("intervention in force")),
    ];
    let axis = difference_axis(context, &unit, &courses.name);
    let multiples =
        Multiples { cells: &cells, scale: &scale, axis: &axis, days: courses.days, legend: &legend, context };
    let width = context.style.points(panels::own_width(cells.len()))?;
    let laid = multiples.lay(width)?;
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
            panels::empty(&laid.paper, panel, context);
        }
    }
    let labels: Vec<String> = cells.iter().map(|cell| cell.title.clone()).collect();
    let cut = in_full(&laid.cut, &labels);
    let paper = laid.finish();
    let title = context.title_or(&format!("Differences over time: {}", lower(&courses.name)));
    let body = format!(
        "Mean paired difference from the baseline per period, {}; all panels have the same scales and stand in order \
         of the last difference, which is printed at the end of the line, the largest at its dot where its band is clear of zero, the difference has fallen since, and there is room. Dark band: 95% interval (Student’s t) of the mean in each \
         period taken alone; light band: simultaneous 95% band for all periods. Grey: an intervention of the arm is in \
         force.{}{cut}",
        counted(cells.len(), "arm"),
        courses.extent(),
    );
    let data = differences.picked(&columns::rows_of(differences, &[("measure", measure)])?);
    Drawing::new(paper, context, (&title, &body), data)
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
        marker(paper, (x, y), 1.7, Look::filled(Shape::Disc, BLUE));
        paper.text((middle, base), words, Lettering::new(size).anchor(Anchor::Middle));
    }
}

/// Bars for periods whose neighbours are missing: a band would not show them.
fn lone(panel: &Panel, band: &[(f64, f64, f64)], period: i32, fill: Colour) {
    let half = f64::from(period) * 0.2;
    for &(x, low, high) in alone(band, |&(_, low, high)| low.is_finite() && high.is_finite()) {
        panel.bar((x - half, high), (x + half, low), fill);
    }
}
