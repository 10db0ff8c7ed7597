//! Willing and able, year by year: four panels, placed as in the two-by-two of the litmus test.
//!
//! Stacked bars would show the sum, which is always 100 %, and hide the intervals and every class but the lowest; four
//! panels on one scale show each class and how surely it moves.

use super::marks::{Look, Shape};
use super::palette::{BLUE, Colour, VERMILLION};
use super::panels::{self, Cell, Multiples, own_width};
use super::sheet::Stroke;
use super::ticks;
use super::words::capitalised;
use super::yearly::{self, Line};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

/// Able left, willing above: the order of the panels, and the look of each.
const CLASSES: [(&str, Colour, Shape, bool); 4] = [
    ("willing_able", BLUE, Shape::Disc, true),
    ("willing_hindered", BLUE, Shape::Disc, false),
    ("able_unwilling", VERMILLION, Shape::Square, true),
    ("neither", VERMILLION, Shape::Square, false),
];

/// Draws the `litmus` table by calendar year (columns `state`, `role`, `period`, `class`, `label`, `cases`, `share`,
/// `ci_low`, `ci_high`): four panels on one scale, one for each class.
///
/// # Errors
/// When a column is missing, no row is of a calendar year, or the size asked for is too small.
pub fn litmus_over_time(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let years = yearly::read(table, "class", context)?;
    let found = |key: &str| years.lines.iter().find(|line| line.key == key);
    let classes: Vec<(Option<&Line>, Stroke, Look)> = CLASSES
        .iter()
        .map(|&(key, colour, shape, filled)| (found(key), Stroke::solid(1.0, colour), Look { shape, colour, filled }))
        .collect();
    if classes.iter().all(|(line, ..)| line.is_none()) {
        return Err(columns::nothing(table, "classes of the litmus test by calendar year"));
    }
    let lines = || classes.iter().filter_map(|(line, ..)| *line);
    let scale = ticks::shares(lines().flat_map(Line::values).fold(0.0, f64::max), 4);
    let cells: Vec<Cell> = classes
        .iter()
        .zip(CLASSES)
        .map(|((line, ..), (key, ..))| {
            let title = line.map_or_else(|| key.replace('_', " "), |line| line.label.clone());
            // An end without a value is not drawn, but parts the panels: a year may be named at the very edge of each.
            Cell { title: capitalised(&context.say(&title)), ends: vec![(f64::NAN, "2000".to_owned())] }
        })
        .collect();
    let axis = context.say("Share of handled cases (%)");
    let multiples = Multiples { cells: &cells, scale: &scale, axis: &axis, days: years.days, legend: &[], context };
    let width = context.style.points(own_width(2))?;
    let laid = multiples.lay(width)?;
    for (panel, (line, stroke, look)) in laid.panels.iter().zip(&classes) {
        match line.filter(|line| line.newest().is_some()) {
            Some(line) => {
                line.draw(&laid.paper, panel, (*stroke, *look), 0.0);
                line.print(&laid.paper, panel, context.style.text);
            }
            None => panels::empty(&laid.paper, panel, context),
        }
    }
    let labels: Vec<String> = cells.iter().map(|cell| cell.title.clone()).collect();
    let cut = super::ledger::in_full(&laid.cut, &labels);
    let paper = laid.finish();
    let title = context.title_or("Willing and able over time");
    let handled = |year| years.of(year).map(|point| point.cases).filter(|cases| cases.is_finite()).sum::<f64>();
    let body = format!(
        "Share of handled cases in each calendar year by whether the practitioner was willing and able to cooperate. Points: mean over runs; bars: 95% confidence interval of the mean (Student’s t). \
         All panels have the same scale. Points stand in the middle of their year.{}{cut}",
        years.counts("Handled cases", handled),
    );
    Drawing::new(paper, context, (&title, &body), table.picked(&years.rows))
}
