//! A swept parameter as an axis: its levels, on a linear or a logarithmic scale, and its words.

use super::columns;
use super::palette::BLACK;
use super::paper::Paper;
use super::sheet::{Rect, Stroke};
use super::ticks::{self, Scale, Tick, number, significant};
use super::unit::{self, Unit};
use super::{Context, FigureError, axis, display_name};
use crate::table::Table;

/// Levels in order, and where they stand on the axis.
pub(super) struct Levels {
    /// As the table has them.
    pub(super) raw: Vec<f64>,
    /// Whether they stand at even steps of their logarithm.
    pub(super) logarithmic: bool,
    unit: Unit,
    /// Words and unit.
    pub(super) title: String,
}

impl Levels {
    /// The levels of a column, each once.
    pub(super) fn read(table: &Table, column: &str, context: &Context) -> Result<Self, FigureError> {
        let mut raw: Vec<f64> =
            columns::numbers(table, column)?.iter().copied().filter(|level| level.is_finite()).collect();
        raw.sort_by(f64::total_cmp);
        raw.dedup();
        let unit = Unit::level(&columns::unit(table, column), raw.iter().copied());
        let title = unit::title(&unit, context, &words_of(table, column, context));
        Ok(Self { logarithmic: even_ratios(&raw), raw, unit, title })
    }

    /// Where a level stands on the axis.
    pub(super) fn at(&self, level: f64) -> f64 {
        let value = self.unit.of_value(level);
        if self.logarithmic { libm::log10(value) } else { value }
    }

    /// Where cells begin and end: midpoints between neighbours, and as much beyond the first and the last.
    pub(super) fn edges(&self) -> Vec<f64> {
        let at: Vec<f64> = self.raw.iter().map(|&level| self.at(level)).collect();
        let (Some(&first), Some(&last)) = (at.first(), at.last()) else { return Vec::new() };
        if at.len() == 1 {
            let half = if first == 0.0 { 0.5 } else { first.abs() / 2.0 };
            return vec![first - half, first + half];
        }
        let mut edges = vec![first - (at[1] - first) / 2.0];
        edges.extend(at.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])));
        edges.push(last + (last - at[at.len() - 2]) / 2.0);
        edges
    }

    /// Whether something was run on both sides of a place on the axis: beyond the outermost levels there are no ticks.
    fn reaches(&self, at: f64) -> bool {
        let ends = self.raw.first().zip(self.raw.last());
        ends.is_some_and(|(&first, &last)| {
            let (first, last) = (self.at(first), self.at(last));
            let slack = (last - first) * 1e-9;
            first - slack <= at && at <= last + slack
        })
    }

    /// The axis between two places on it, and its minor ticks.
    pub(super) fn scale(&self, (low, high): (f64, f64), wanted: usize) -> (Scale, Vec<f64>) {
        if !self.logarithmic {
            let mut scale = ticks::linear(low, high, wanted);
            scale.ticks.retain(|tick| self.reaches(tick.at));
            if let (true, Some(&level)) = (scale.ticks.is_empty(), self.raw.first()) {
                let at = self.at(level);
                scale.ticks.push(Tick { at, label: rounded(at) });
            }
            return (Scale { low, high, ticks: scale.ticks }, Vec::new());
        }
        let (mut named, mut minor) = (Vec::new(), Vec::new());
        let span = high - low;
        for power in libm::floor(low) as i32..=libm::ceil(high) as i32 {
            for lead in 1..10 {
                let at = f64::from(power) + libm::log10(f64::from(lead));
                if !(low..=high).contains(&at) || !self.reaches(at) {
                    continue;
                }
                if lead == 1 || (span < 2.2 && matches!(lead, 2 | 5)) || span < 0.6 {
                    named.push(Tick { at, label: decimal(lead, power) });
                } else {
                    minor.push(at);
                }
            }
        }
        (Scale { low, high, ticks: named }, minor)
    }
}

/// A number with three significant digits, without zeros at the end.
pub(super) fn rounded(value: f64) -> String {
    let text = significant(value, 3);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A digit times a power of ten: plain from thousandths to ten thousands.
fn decimal(lead: i32, power: i32) -> String {
    if (-3..=4).contains(&power) {
        return number(f64::from(lead) * libm::pow(10.0, f64::from(power)), power.min(0).unsigned_abs() as usize);
    }
    let tens = format!("10^{{{}}}", number(f64::from(power), 0));
    if lead == 1 { tens } else { format!("{lead}×{tens}") }
}

/// Whether three levels or more, all above zero, keep their ratio better than their distance.
fn even_ratios(levels: &[f64]) -> bool {
    let (Some(&first), Some(&last)) = (levels.first(), levels.last()) else { return false };
    if levels.len() < 3 || first <= 0.0 || last < 4.0 * first {
        return false;
    }
    let uneven = |steps: &mut dyn Iterator<Item = f64>| {
        let (low, high) = steps.fold((f64::INFINITY, 0.0_f64), |(low, high), step| (low.min(step), high.max(step)));
        high / low
    };
    let ratios = uneven(&mut levels.windows(2).map(|pair| libm::log(pair[1] / pair[0])));
    let distances = uneven(&mut levels.windows(2).map(|pair| pair[1] - pair[0]));
    // 1, 2, 5, 10 counts as even.
    ratios < 1.7 && distances > 2.0
}

/// What a column is called on an axis: its description, or else its name.
pub(super) fn words_of(table: &Table, column: &str, context: &Context) -> String {
    let field = table.schema.fields.iter().find(|field| field.name == column);
    let words = field.map_or("", |field| field.description.trim_end_matches('.'));
    context.say(&if words.is_empty() { display_name(column) } else { words.to_owned() })
}

/// Minor ticks below a panel.
pub(super) fn minor_below(paper: &Paper, place: Rect, spots: impl Iterator<Item = f64>) {
    for x in spots {
        paper.line((x, place.bottom), (x, place.bottom + axis::MINOR), Stroke::solid(axis::LINE, BLACK));
    }
}

/// Minor ticks left of a panel.
pub(super) fn minor_left(paper: &Paper, place: Rect, spots: impl Iterator<Item = f64>) {
    for y in spots {
        paper.line((place.left - axis::MINOR, y), (place.left, y), Stroke::solid(axis::LINE, BLACK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_ratio_are_told_from_steps_of_distance() {
        for even in [vec![0.1, 0.3, 1.0, 3.0, 10.0], vec![1.0, 2.0, 5.0, 10.0], vec![1.0, 10.0, 100.0]] {
            assert!(even_ratios(&even), "{even:?}");
        }
        for not in
            [vec![0.0, 1.0, 10.0], vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0, 2.0], vec![], vec![0.0, 0.5, 0.6, 4.0]]
        {
            assert!(!even_ratios(&not), "{not:?}");
        }
    }

    #[test]
    fn decades_are_written_as_people_write_them() {
        assert_eq!(decimal(1, -3), "0.001");
        assert_eq!(decimal(5, 2), "500");
        assert_eq!(decimal(2, 6), "2×10^{6}");
        assert_eq!([rounded(50.0), rounded(0.125), rounded(1500.0)], ["50", "0.125", "1,500"]);
        assert_eq!(decimal(1, -5), "10^{−5}");
    }
}
