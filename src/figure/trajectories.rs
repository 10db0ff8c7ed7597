//! Levels over time: one panel per arm, the baseline ghosted behind it.

use super::courses::{Step, dots, read, shade};
use super::ledger::in_full;
use super::legend::{Entry, Sample};
use super::marks::{Look, Shape};
use super::palette::{BLUE, GREY, LIGHT};
use super::panels::{self, Cell, Multiples};
use super::sheet::{Dash, Stroke};
use super::unit::{self, Unit};
use super::words::{capitalised, counted, lower};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// Draws the `differences` table for one measure as levels: the mean of each arm beside that of the
/// baseline; `schedule` says when each arm is in force.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn trajectories(
    differences: &Table,
    measure: &str,
    schedule: &Table,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let mut courses = read(differences, measure, schedule)?;
    context.arrange(&mut courses.arms, |arm| &arm.arm);
    let steps = || courses.arms.iter().flat_map(|arm| &arm.steps);
    let values = || steps().flat_map(|step| [step.baseline, step.arm]).filter(|value| value.is_finite());
    let unit = Unit::level(&courses.unit, values());
    let (low, high) =
        values().fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    // Zero is shown unless the levels lie so far from it that nothing else could be seen.
    let zero = low <= high * 0.5;
    // A line along the very axis would not be seen.
    let below = if zero { 0.0 } else { 0.06 };
    let shown = values().chain(zero.then_some(0.0)).map(|value| unit.of_value(value));
    let scale = unit::tight(unit::scale(shown.clone(), zero, 5), unit::bounds(shown), (below, 0.08));
    let decimals = unit::decimals(steps().map(|step| unit.of_value(step.interval.1 - step.interval.0) / 2.0));
    let show = |value: f64| super::ticks::number(unit.of_value(value), decimals);
    let cells: Vec<Cell> = courses
        .arms
        .iter()
        .map(|arm| {
            let newest = |pick: fn(&Step) -> f64| arm.steps.iter().rev().map(pick).find(|value| value.is_finite());
            let both = [newest(|step| step.arm), newest(|step| step.baseline)].into_iter().flatten();
            let ends = both.map(|value| (unit.of_value(value), show(value))).collect();
            Cell { title: context.label(&arm.arm, &arm.label), ends }
        })
        .collect();
    let (arm_line, base_line) = (Stroke::solid(1.2, BLUE), Stroke::solid(0.9, GREY).dashed(Dash::Dashed));
    let legend = [
        Entry::new(&[Sample::Line(arm_line)], &context.say("arm")),
        Entry::new(&[Sample::Line(base_line)], &context.say("baseline")),
        Entry::new(&[Sample::Area(LIGHT)], &context.say("intervention in force")),
    ];
    let axis = unit::title(&unit, context, &capitalised(&context.say(&courses.name)));
    let multiples =
        Multiples { cells: &cells, scale: &scale, axis: &axis, days: courses.days, legend: &legend, context };
    let width = context.style.points(panels::own_width(cells.len()))?;
    let laid = multiples.lay(width)?;
    for (panel, arm) in laid.panels.iter().zip(&courses.arms) {
        shade(panel, arm, (scale.low, scale.high));
        let line = |pick: fn(&Step) -> f64| -> Vec<(f64, f64)> {
            arm.steps.iter().map(|step| (courses.middle(step), unit.of_value(pick(step)))).collect()
        };
        let (base, own) = (line(|step| step.baseline), line(|step| step.arm));
        panel.curve(&base, base_line);
        dots(&laid.paper, panel, &base, Look::hollow(Shape::Square, GREY));
        panel.curve(&own, arm_line);
        dots(&laid.paper, panel, &own, Look::filled(Shape::Disc, BLUE));
        if own.iter().chain(&base).all(|(_, value)| !value.is_finite()) {
            panels::empty(&laid.paper, panel, context);
        }
    }
    let labels: Vec<String> = cells.iter().map(|cell| cell.title.clone()).collect();
    let cut = in_full(&laid.cut, &labels);
    let paper = laid.finish();
    let title = context.title_or(&format!("Arms over time: {}", lower(&courses.name)));
    let body = format!(
        "Mean over replicates per period, {}; the baseline (grey, dashed) is the same in every panel. All panels have the \
         same scales{} and stand in order of the last difference from the baseline; numbers are the last values. \
         Grey ground: an intervention of the arm is in force. Intervals are those of the paired differences, which this \
         figure does not show.{}{cut}",
        counted(cells.len(), "arm"),
        if zero { "" } else { ", which do not start at zero," },
        courses.extent(),
    );
    let data = differences.picked(&columns::rows_of(differences, &[("measure", measure)])?);
    Drawing::new(paper, context, (&title, &body), data)
}
