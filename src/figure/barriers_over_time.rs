//! Which barrier binds, year by year: single barriers in one panel, what no single barrier explains in the other.
//!
//! The two panels have scales of their own: cases that several barriers hold together outnumber those of any single one.
//! Years of a barrier are joined by a line that is named at its end; intervals are bars. The bars of a year stand a little
//! aside from each other, in the order of the barriers.

use super::font::{self, Face};
use super::force::Force;
use super::marks::{Look, Shape, dash};
use super::palette::{CATEGORIES, GREY};
use super::sheet::Stroke;
use super::ticks;
use super::timed::{Frame, Label, Pane};
use super::words::in_full;
use super::yearly::{self, Line, Years};
use super::{Context, Drawing, FigureError};
use crate::table::Table;

/// How far the bars of one year are spread, in days.
const SPREAD: f64 = 50.0;
const SHAPES: [Shape; 5] = [Shape::Disc, Shape::Square, Shape::Diamond, Shape::Up, Shape::Down];

/// Draws the `barriers` table by calendar year (columns `state`, `role`, `period`, `barrier`, `label`, `kind`, `cases`,
/// `share`, `ci_low`, `ci_high`): for each barrier its share of the cases without cooperation, with intervals.
///
/// # Errors
/// When a column is missing, no row is of a calendar year, or the size asked for is too small.
pub fn barriers_over_time(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let years = yearly::read(table, "barrier", context)?;
    let width = context.style.points(183.0)?;
    let groups = [
        ("One barrier alone", group(&years, context, |kind| kind == "single")),
        ("No single barrier", group(&years, context, |kind| kind != "single")),
    ];
    let groups: Vec<(&str, Vec<&Line>)> = groups.into_iter().filter(|(_, lines)| !lines.is_empty()).collect();
    // Panels stand side by side where there is room for the names of both.
    let room = if groups.len() > 1 && width >= 450.0 { width / 2.0 } else { width } * 0.5;
    let mut cut = Vec::new();
    let panes: Vec<Pane> = groups
        .iter()
        .map(|(name, lines)| Pane {
            name: context.say(name),
            axis: context.say("Share of cases without cooperation (%)"),
            scale: ticks::shares(lines.iter().flat_map(|line| line.values()).fold(0.0, f64::max), 5),
            labels: labels(lines, room, context, &mut cut),
        })
        .collect();
    let frame = Frame { panes: &panes, days: years.days, force: &Force::default() };
    let paper = frame.draw(width, context, |paper, index, panel| {
        let lines = &groups[index].1;
        for (place, line) in lines.iter().enumerate() {
            let step = SPREAD / lines.len() as f64;
            let aside = (place as f64 - (lines.len() - 1) as f64 / 2.0) * step;
            line.draw(paper, panel, look(place, index), aside);
        }
    })?;
    let title = context.title_or("Barriers over time");
    let missing: Vec<&str> =
        years.lines.iter().filter(|line| line.newest().is_none()).map(|line| line.label.as_str()).collect();
    let body = format!(
        "Share of the cases without cooperation in each calendar year that would have seen it, had that barrier alone been \
         absent (decided again with the same draws); {}. Points: mean over runs; bars: 95% confidence interval (Student’s t) \
         of the mean; numbers: the last year. {}Points stand in the middle of their year, a little aside from each \
         other. A case may be counted under several single barriers.{}{}{}",
        match panes.len() {
            1 => "or the share that only the removal of several together changes, or that no named barrier explains",
            _ => {
                "(b) cases that only the removal of several barriers together changes, and cases that no named barrier \
                 explains"
            }
        },
        if panes.len() > 1 { "The panels differ in scale. " } else { "" },
        years.counts("About so many cases without cooperation", |year| without_cooperation(&years, year)),
        match missing.is_empty() {
            true => String::new(),
            false => format!(" Without data: {}.", missing.join(", ")),
        },
        in_full(&cut),
    );
    Drawing::new(paper, context, (&title, &body), table.picked(&years.rows))
}

/// Lines of some kinds, the largest last share first.
fn group<'a>(years: &'a Years, context: &Context, keep: impl Fn(&str) -> bool) -> Vec<&'a Line> {
    let mut lines: Vec<&Line> = years.lines.iter().filter(|line| keep(&line.kind)).collect();
    let rank = |line: &Line| line.newest().map_or(f64::NEG_INFINITY, |point| point.share);
    lines.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.label.cmp(&b.label)));
    context.arrange(&mut lines, |line| &line.key);
    lines
}

/// What a line looks like: colour, then dash, and a marker of its own; what no single barrier explains is grey.
fn look(place: usize, panel: usize) -> (Stroke, Look) {
    let colour = if panel == 0 { CATEGORIES[place % CATEGORIES.len()] } else { GREY };
    let (turn, shape) = (place / CATEGORIES.len(), SHAPES[place % SHAPES.len()]);
    let dash = if panel == 0 { dash(turn) } else { dash(place) };
    let look = if turn % 2 == 0 && panel == 0 { Look::filled(shape, colour) } else { Look::hollow(shape, colour) };
    (Stroke { width: 0.9, colour, dash }, look)
}

/// Names and last shares, the highest first; cut ones are told in full.
fn labels(lines: &[&Line], room: f64, context: &Context, cut: &mut Vec<String>) -> Vec<Label> {
    let mut known: Vec<(&Line, f64, f64)> =
        lines.iter().filter_map(|line| line.newest().map(|point| (*line, point.share, point.middle()))).collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let label = |(line, value, start): (&Line, f64, f64)| {
        let share = ticks::percent(value);
        let (face, size) = (Face::Regular, context.style.text);
        let full = context.say(&line.label);
        let left = room - font::width(&format!(" {share}"), face, size);
        let name = font::shorten(&full, face, size, left);
        if name != full {
            cut.push(full);
        }
        Label { value, start: start + SPREAD / 2.0, words: format!("{name} {share}") }
    };
    known.into_iter().map(label).collect()
}

/// Cases without cooperation in a year: about: the sum of cases over the sum of shares, both means over runs.
fn without_cooperation(years: &Years, year: i32) -> f64 {
    let known = years.of(year).filter(|point| point.share.is_finite() && point.cases.is_finite());
    let (cases, shares) = known.fold((0.0, 0.0), |(cases, shares), point| (cases + point.cases, shares + point.share));
    if shares > 0.0 { cases / shares } else { f64::NAN }
}
