//! Counts per tick -> rates per calendar period and their spread over replicates.
//!
//! With a few cases a week a weekly rate is noise; counts are therefore added up over quarters
//! (months below a year, weeks below eight weeks) within each replicate before they are divided.

use std::collections::BTreeMap;

use crate::statistics::quantile_sorted;
use crate::table::{Cell, Field, Schema, Table};

use super::calendar::{month_start, year_month};
use super::{Context, FigureError, columns};

/// The period over which counts are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Quarter,
    Month,
    Week,
}

impl Period {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Quarter => "calendar quarter",
            Self::Month => "calendar month",
            Self::Week => "week",
        }
    }

    /// The first day of the period that holds the day.
    fn start(self, day: i32, first: i32) -> i32 {
        match self {
            Self::Week => first + (day - first).div_euclid(7) * 7,
            Self::Month | Self::Quarter => {
                let (year, month) = year_month(day);
                month_start(year, if self == Self::Quarter { month / 3 * 3 } else { month })
            }
        }
    }

    /// How long such a period is, about.
    fn days(self) -> i32 {
        match self {
            Self::Quarter => 91,
            Self::Month => 30,
            Self::Week => 7,
        }
    }
}

/// Rates of one measure in one period: quantiles over replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) from: i32,
    pub(super) to: i32,
    /// Replicates with at least one case in the period.
    pub(super) n: usize,
    /// 5th, 25th, 50th, 75th and 95th percentile; NaN where there is nothing.
    pub(super) quantiles: [f64; 5],
}

impl Point {
    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(f64::from(self.from), f64::from(self.to))
    }
}

/// All periods of the span shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    pub(super) period: Period,
    pub(super) first: i32,
    pub(super) last: i32,
    /// Numbers of the replicates, in order.
    pub(super) replicates: Vec<i64>,
    /// Per measure, in the order asked for.
    pub(super) measures: Vec<Vec<Point>>,
    /// The rates behind them, by measure, replicate and period; NaN where there is nothing.
    pub(super) runs: Vec<Vec<Vec<f64>>>,
}

/// The rates `part / whole` of every pair of columns; without a whole, the mean of the part per tick.
pub(super) fn course(table: &Table, context: &Context, pairs: &[(&str, Option<&str>)]) -> Result<Course, FigureError> {
    let states = columns::texts(table, "state")?;
    let replicates = columns::integers(table, "replicate")?;
    let dates = columns::dates(table, "date")?;
    let counts = pairs
        .iter()
        .map(|(part, whole)| {
            Ok((columns::numbers(table, part)?, whole.map(|whole| columns::numbers(table, whole)).transpose()?))
        })
        .collect::<Result<Vec<_>, FigureError>>()?;
    let rows: Vec<usize> = (0..table.rows()).filter(|&row| context.shows(&states[row])).collect();
    let ends = rows.iter().map(|&row| dates[row]).min().zip(rows.iter().map(|&row| dates[row]).max());
    let Some((first, newest)) = ends else {
        return Err(columns::nothing(
            table,
            &format!("rows of `{}`", context.state.as_deref().unwrap_or(super::REGION)),
        ));
    };
    let tick = step(&rows, dates);
    let last = newest + tick;
    let period = match last - first {
        days if days < 56 => Period::Week,
        days if days < 365 => Period::Month,
        _ => Period::Quarter,
    };
    let starts = periods(&rows, dates, period, (first, last));
    // sums[measure][(replicate, period)] = (part, whole)
    let mut sums: Vec<BTreeMap<(usize, i64), (f64, f64)>> = vec![BTreeMap::new(); pairs.len()];
    for &row in &rows {
        let index = starts.partition_point(|&start| start <= dates[row]).saturating_sub(1);
        for (sum, (part, whole)) in sums.iter_mut().zip(&counts) {
            let entry = sum.entry((index, replicates[row])).or_default();
            entry.0 += part[row];
            entry.1 += whole.as_ref().map_or(1.0, |whole| whole[row]);
        }
    }
    let mut numbers: Vec<i64> = rows.iter().map(|&row| replicates[row]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let rate = |sum: &BTreeMap<(usize, i64), (f64, f64)>, index: usize, replicate: i64| {
        let rate = sum.get(&(index, replicate)).map_or(f64::NAN, |(part, whole)| part / whole);
        if rate.is_finite() { rate } else { f64::NAN }
    };
    let run =
        |sum, replicate: &i64| -> Vec<f64> { (0..starts.len()).map(|index| rate(sum, index, *replicate)).collect() };
    let runs: Vec<Vec<Vec<f64>>> =
        sums.iter().map(|sum| numbers.iter().map(|replicate| run(sum, replicate)).collect()).collect();
    let point = |runs: &[Vec<f64>], index: usize| {
        let mut rates: Vec<f64> = runs.iter().map(|run| run[index]).filter(|rate| rate.is_finite()).collect();
        rates.sort_by(f64::total_cmp);
        let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| quantile_sorted(&rates, share));
        let to = starts.get(index + 1).copied().unwrap_or(last);
        Point { from: starts[index], to, n: rates.len(), quantiles }
    };
    let points = |runs: &Vec<Vec<f64>>| (0..starts.len()).map(|index| point(runs, index)).collect();
    let measures = runs.iter().map(points).collect();
    Ok(Course { period, first, last, replicates: numbers, measures, runs })
}

/// Days between neighbouring dates: the least there is, a week if there is only one.
fn step(rows: &[usize], dates: &[i32]) -> i32 {
    let mut days: Vec<i32> = rows.iter().map(|&row| dates[row]).collect();
    days.sort_unstable();
    days.dedup();
    days.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(7)
}

/// First days of the periods; a ragged first or last one that lacks more than half is counted with its neighbour.
fn periods(rows: &[usize], dates: &[i32], period: Period, (first, last): (i32, i32)) -> Vec<i32> {
    let mut starts: Vec<i32> = rows.iter().map(|&row| period.start(dates[row], first)).collect();
    starts.sort_unstable();
    starts.dedup();
    if starts.len() > 1 && (last - starts[starts.len() - 1]) * 2 < period.days() {
        starts.pop();
    }
    if starts.len() > 1 && (starts[1] - first) * 2 < period.days() {
        starts.remove(1);
    }
    if let Some(start) = starts.first_mut() {
        *start = first;
    }
    starts
}

/// The points as a table: the numbers of the figure.
pub(super) fn table(course: &Course, names: &[&str]) -> Table {
    let schema = Schema::of(
        "figure_series",
        &format!("Rates per {} and their spread over replicates.", course.period.name()),
        vec![
            Field::text("measure", "Which rate."),
            Field::date("from", "First day of the period."),
            Field::date("to", "Day after its last."),
            Field::integer("n", "replicates", "Replicates with a case in the period."),
            Field::real("q05", "", "5th percentile over replicates."),
            Field::real("q25", "", "25th percentile over replicates."),
            Field::real("median", "", "Median over replicates."),
            Field::real("q75", "", "75th percentile over replicates."),
            Field::real("q95", "", "95th percentile over replicates."),
        ],
    );
    let mut table = Table::new(schema);
    for (name, points) in names.iter().zip(&course.measures) {
        for point in points {
            let [a, b, c, d, e] = point.quantiles.map(Cell::from);
            let (from, to) = (Cell::Date(point.from), Cell::Date(point.to));
            table.push([Cell::from(*name), from, to, Cell::Integer(point.n as i64), a, b, c, d, e]);
        }
    }
    table
}
