//! Points of a sweep over two parameters as a grid.

use super::levels::{Levels, places};
use super::unit::Unit;
use super::{Context, FigureError, columns};
use crate::table::Table;

/// Which columns of a table of points are drawn, and what stands out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Swept<'a> {
    /// The parameter that runs to the right.
    pub x: &'a str,
    /// The parameter that runs upwards.
    pub y: &'a str,
    /// The outcome.
    pub value: &'a str,
    /// Lower end of its interval.
    pub low: Option<&'a str>,
    /// Upper end of its interval.
    pub high: Option<&'a str>,
    /// Where things stand today, in the units of the columns.
    pub today: Option<(f64, f64)>,
    /// A value that matters, in the unit of the column.
    pub threshold: Option<f64>,
    /// Whether the outcome is a difference.
    pub difference: bool,
    /// What the intervals are, for the caption; empty where nothing is known but that the table has them.
    pub intervals: &'a str,
}

/// The most cells of a heat map.
const CELLS: usize = 40_000;

/// The points as a grid.
pub(super) struct Points {
    pub(super) x: Levels,
    pub(super) y: Levels,
    pub(super) unit: Unit,
    /// `values[y][x]` as printed; NaN where there is no point.
    pub(super) values: Vec<Vec<f64>>,
    /// Whether the interval of a cell includes the threshold.
    pub(super) unclear: Vec<Vec<bool>>,
}

impl Points {
    /// Whether both factors are numbers, so that there is something between two cells.
    pub(super) fn is_smooth(&self) -> bool {
        self.x.names.is_empty() && self.y.names.is_empty()
    }
}

/// Reads the columns named and puts the points into a grid.
pub(super) fn read(table: &Table, swept: &Swept<'_>, context: &Context) -> Result<Points, FigureError> {
    let (x_of, y_of) = (places(table, swept.x, context)?, places(table, swept.y, context)?);
    let value_of = columns::numbers(table, swept.value)?;
    let bound = |column: Option<&str>| column.map(|column| columns::numbers(table, column)).transpose();
    let (low_of, high_of) = (bound(swept.low)?, bound(swept.high)?);
    if !value_of.iter().any(|value| value.is_finite()) {
        return Err(columns::nothing(table, "points with a value"));
    }
    let (x, y) = (Levels::read(table, swept.x, context)?, Levels::read(table, swept.y, context)?);
    if x.raw.len() * y.raw.len() > CELLS {
        let reason = format!(
            "{} levels of {} by {} of {} are more than the {CELLS} cells that a heat map holds",
            x.raw.len(),
            swept.x,
            y.raw.len(),
            swept.y
        );
        return Err(FigureError::Unfit { reason });
    }
    let unit_name = columns::unit(table, swept.value);
    let sizes = value_of.iter().copied();
    let unit = if swept.difference { Unit::difference(&unit_name, sizes) } else { Unit::level(&unit_name, sizes) };
    let mark = if swept.difference { Some(0.0) } else { swept.threshold };
    let mut values = vec![vec![f64::NAN; x.raw.len()]; y.raw.len()];
    let mut unclear = vec![vec![false; x.raw.len()]; y.raw.len()];
    let mut seen = unclear.clone();
    for row in 0..table.rows() {
        let place = |levels: &Levels, level: f64| levels.raw.iter().position(|other| *other == level);
        let (Some(column), Some(line)) = (place(&x, x_of[row]), place(&y, y_of[row])) else { continue };
        if seen[line][column] {
            let reason = format!(
                "table `{}` has more than one row with {} = {} and {} = {}: give one row per point",
                table.schema.name,
                swept.x,
                x.word(x_of[row]),
                swept.y,
                y.word(y_of[row])
            );
            return Err(FigureError::Unfit { reason });
        }
        seen[line][column] = true;
        let value = unit.of_value(value_of[row]);
        values[line][column] = if value.is_finite() { value } else { f64::NAN };
        if let (Some(low), Some(high), Some(mark)) = (&low_of, &high_of, mark) {
            unclear[line][column] = value.is_finite() && low[row] <= mark && mark <= high[row];
        }
    }
    if x.raw.is_empty() || y.raw.is_empty() || !values.iter().flatten().any(|value| value.is_finite()) {
        return Err(columns::nothing(table, "points with a value"));
    }
    Ok(Points { x, y, unit, values, unclear })
}
