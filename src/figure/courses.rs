//! Arms over time as the `differences` table has them, and what every drawing of them does alike.

use super::calendar::day_name;
use super::marks::{Look, marker};
use super::paper::{Panel, Paper};
use super::words::pairs;
use super::{FigureError, columns, force};
use crate::table::Table;

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

    /// How many pairs stand behind the means, and which days are shown: the end of a caption.
    pub(super) fn extent(&self) -> String {
        let pairs = pairs(self.arms.iter().map(|arm| arm.n));
        let (first, last) = (day_name(self.days.0), day_name(self.days.1 - 1));
        format!(" {pairs} per arm. Period shown: {first} to {last}.")
    }
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

/// The time in force, over the whole height of a panel.
pub(super) fn shade(panel: &Panel, arm: &Course, bounds: (f64, f64)) {
    force::shade(panel, &arm.force, bounds);
}

/// Markers for periods whose neighbours are missing: a line would not show them.
pub(super) fn dots(paper: &Paper, panel: &Panel, line: &[(f64, f64)], look: Look) {
    for &(x, y) in alone(line, |(_, y)| y.is_finite()) {
        marker(paper, panel.at(x, y), 1.6, look);
    }
}

/// The points whose neighbours are both missing.
pub(super) fn alone<T>(points: &[T], known: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
    let has: Vec<bool> = points.iter().map(known).collect();
    points.iter().enumerate().filter_map(move |(index, point)| {
        let before = index > 0 && has[index - 1];
        let after = has.get(index + 1).copied().unwrap_or(false);
        (has[index] && !before && !after).then_some(point)
    })
}
