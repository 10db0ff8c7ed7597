//! Shares by calendar year, as the tables `barriers` and `litmus` have them for the region.
//!
//! A table says of a period no more than its year, so a point stands in the middle of its calendar year, and whether
//! a year was recorded whole is not known; the cases of every year, which the caption gives, say how much lies behind it.

use super::calendar::month_start;
use super::font::{CAP_HEIGHT, DESCENT};
use super::marks::{self, Look};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Lettering, Rect, Stroke, cut, text_box};
use super::ticks::{count, percent};
use super::{Context, FigureError, columns};
use crate::table::Table;

/// A share in one year, with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) year: i32,
    pub(super) share: f64,
    pub(super) interval: (f64, f64),
    pub(super) cases: f64,
}

impl Point {
    /// The middle of its year, as a day.
    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(f64::from(month_start(self.year, 0)), f64::from(month_start(self.year + 1, 0)))
    }
}

/// One barrier or class over the years.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) label: String,
    /// The word of the column `kind`; empty where the table has none.
    pub(super) kind: String,
    /// By year.
    pub(super) points: Vec<Point>,
}

impl Line {
    /// The last year with a share.
    pub(super) fn newest(&self) -> Option<&Point> {
        self.points.iter().rev().find(|point| point.share.is_finite())
    }

    /// All shares and upper ends of intervals that are known: what an axis has to reach.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let each = self.points.iter().flat_map(|point| [point.share, point.interval.1]);
        each.filter(|value| value.is_finite()).map(|value| value.min(1.0))
    }

    /// Draws the years: markers joined by a line, intervals as bars, all moved aside by so many days.
    pub(super) fn draw(&self, paper: &Paper, panel: &Panel, (stroke, look): (Stroke, Look), aside: f64) {
        let line: Vec<(f64, f64)> = self.points.iter().map(|point| (point.middle() + aside, point.share)).collect();
        for (point, &(x, _)) in self.points.iter().zip(&line) {
            // An interval of Student's may reach beyond what a share can be.
            let (low, high) = (point.interval.0.clamp(0.0, 1.0), point.interval.1.clamp(0.0, 1.0));
            panel.curve(&[(x, low), (x, high)], Stroke::solid(0.7, stroke.colour));
        }
        panel.curve(&line, stroke);
        for &(x, share) in line.iter().filter(|(_, share)| share.is_finite()) {
            marks::marker(paper, panel.at(x, share), 1.6, look);
        }
    }

    /// Prints the shares at their markers, the last one first; where a line or another number is in the way, none.
    pub(super) fn print(&self, paper: &Paper, panel: &Panel, size: f64) {
        let spots: Vec<(f64, f64)> = self.points.iter().map(|point| panel.at(point.middle(), point.share)).collect();
        let mut taken: Vec<Rect> = Vec::new();
        for (point, &(x, y)) in self.points.iter().zip(&spots).rev().filter(|(point, _)| point.share.is_finite()) {
            let words = percent(point.share);
            let lettering = Lettering::new(size).anchor(Anchor::Middle);
            let ends = [point.interval.0, point.interval.1];
            let ends = ends.map(|end| panel.at(point.middle(), end.clamp(0.0, 1.0)).1);
            let [low, high] = ends.map(|end| if end.is_finite() { end } else { y });
            let above = high.min(y - 1.6) - 2.0 - DESCENT * size;
            let below = low.max(y + 1.6) + 2.5 + CAP_HEIGHT * size;
            let free = |place: &Rect| {
                let within = panel.place.left <= place.left
                    && place.right <= panel.place.right + size
                    && panel.place.top <= place.top
                    && place.bottom <= panel.place.bottom - 1.0;
                let known = |ends: &[(f64, f64)]| ends.iter().all(|(_, y)| y.is_finite());
                let crossed = spots.windows(2).filter(|ends| known(ends));
                let mut crossed = crossed.filter(|ends| cut(place, ends[0], ends[1]).is_some());
                within && crossed.next().is_none() && !taken.iter().any(|other| other.overlaps(place, -1.0))
            };
            let found = [above, below].into_iter().map(|base| (base, text_box((x, base), &words, &lettering)));
            if let Some((base, place)) = found.into_iter().find(|(_, place)| free(place)) {
                paper.text((x, base), &words, lettering);
                taken.push(place);
            }
        }
    }
}

/// All lines, and the rows they were read from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Years {
    pub(super) lines: Vec<Line>,
    pub(super) rows: Vec<usize>,
    /// First day of the axis, and the day after its last.
    pub(super) days: (i32, i32),
}

/// Reads the rows of the state shown, of all roles and of a calendar year each; `column` has the keys of the lines.
pub(super) fn read(table: &Table, column: &str, context: &Context) -> Result<Years, FigureError> {
    let (states, roles) = (columns::texts(table, "state")?, columns::texts(table, "role")?);
    let periods = columns::texts(table, "period")?;
    let (keys, labels) = (columns::texts(table, column)?, columns::texts(table, "label")?);
    let kinds = table.texts("kind");
    let (cases, shares) = (columns::numbers(table, "cases")?, columns::numbers(table, "share")?);
    let (lows, highs) = (columns::numbers(table, "ci_low")?, columns::numbers(table, "ci_high")?);
    let (mut lines, mut rows): (Vec<Line>, Vec<usize>) = (Vec::new(), Vec::new());
    for row in 0..table.rows() {
        if !context.shows(&states[row]) || &*roles[row] != "all" {
            continue;
        }
        let Some(year) = periods[row].parse().ok().filter(|year| (1..=9999).contains(year)) else { continue };
        let place = lines.iter().position(|line| line.key == *keys[row]).unwrap_or_else(|| {
            let kind = kinds.map(|kinds| kinds[row].to_string()).unwrap_or_default();
            lines.push(Line { key: keys[row].to_string(), label: labels[row].to_string(), kind, points: Vec::new() });
            lines.len() - 1
        });
        // What is no share has no place on the axis.
        let share = if (-1e-9..=1.0 + 1e-9).contains(&shares[row]) { shares[row].clamp(0.0, 1.0) } else { f64::NAN };
        let interval = if share.is_nan() { (f64::NAN, f64::NAN) } else { (lows[row], highs[row]) };
        lines[place].points.push(Point { year, share, interval, cases: cases[row] });
        rows.push(row);
    }
    for line in &mut lines {
        line.points.sort_by_key(|point| point.year);
    }
    let years = || lines.iter().flat_map(|line| &line.points).map(|point| point.year);
    let Some((first, last)) = years().min().zip(years().max()) else {
        return Err(columns::nothing(table, "rows of role `all` and a calendar year for the state asked for"));
    };
    // A single year has some air, so that the axis names the year and not its months.
    let air = if first == last { 70 } else { 0 };
    Ok(Years { days: (month_start(first, 0) - air, month_start(last + 1, 0) + air), lines, rows })
}

impl Years {
    /// The years, in order.
    pub(super) fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.lines.iter().flat_map(|line| &line.points).map(|point| point.year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The points of all lines in a year.
    pub(super) fn of(&self, year: i32) -> impl Iterator<Item = &Point> {
        self.lines.iter().flat_map(|line| &line.points).filter(move |point| point.year == year)
    }

    /// How many cases lie behind every year, in words for the caption.
    pub(super) fn counts(&self, what: &str, cases: impl Fn(i32) -> f64) -> String {
        let each = self.years().into_iter().map(|year| format!("{} in {year}", count(cases(year))));
        format!(
            " {what} per run: {}; a year with far fewer than its neighbours may be recorded in part only.",
            each.collect::<Vec<String>>().join(", ")
        )
    }
}
