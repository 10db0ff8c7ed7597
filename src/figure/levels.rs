//! A swept parameter as an axis: its levels, on a linear or a logarithmic scale, and its words.

use super::columns;
use super::forest::difference_axis;
use super::palette::BLACK;
use super::paper::Paper;
use super::sheet::{Rect, Stroke};
use super::ticks::{self, Scale, Tick, number, significant};
use super::unit::{self, Unit};
use super::words::capitalised;
use super::{Context, FigureError, axis, display_name};
use crate::statistics::quantile_sorted;
use crate::table::Table;
use std::borrow::Cow;
use std::sync::Arc;

/// Levels in order, and where they stand on the axis.
pub(super) struct Levels {
    /// As the table has them.
    pub(super) raw: Vec<f64>,
    /// Whether they stand at even steps of their logarithm.
    pub(super) logarithmic: bool,
    unit: Unit,
    /// Words and unit.
    pub(super) title: String,
    /// Names of the levels where they are words; then levels are 0, 1, 2 ...
    pub(super) names: Vec<String>,
}

impl Levels {
    /// The levels of a column, each once; those of a column of words in the order in which they first come, unless the
    /// context has another.
    pub(super) fn read(table: &Table, column: &str, context: &Context) -> Result<Self, FigureError> {
        if table.texts(column).is_some() {
            let keys = categories(table, column, context)?;
            return Ok(Self {
                raw: (0..keys.len()).map(|place| place as f64).collect(),
                logarithmic: false,
                unit: Unit::level("", std::iter::empty()),
                title: words_of(table, column, context),
                names: keys.iter().map(|key| category_name(key, context)).collect(),
            });
        }
        let mut raw: Vec<f64> =
            columns::numbers(table, column)?.iter().copied().filter(|level| level.is_finite()).collect();
        raw.sort_by(f64::total_cmp);
        raw.dedup();
        let unit = Unit::level(&columns::unit(table, column), raw.iter().copied());
        let title = unit::title(&unit, context, &words_of(table, column, context));
        Ok(Self { logarithmic: is_logarithmic(&raw), raw, unit, title, names: Vec::new() })
    }

    /// Where a level stands on the axis.
    pub(super) fn at(&self, level: f64) -> f64 {
        let value = self.unit.of_value(level);
        if self.logarithmic { libm::log10(value) } else { value }
    }

    /// The level in words, for messages.
    pub(super) fn word(&self, level: f64) -> String {
        self.names.get(level as usize).cloned().unwrap_or_else(|| level.to_string())
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
        if !self.names.is_empty() {
            let ticks = self.names.iter().enumerate();
            let ticks = ticks.map(|(place, name)| Tick { at: place as f64, label: name.clone() }).collect();
            return (Scale { low, high, ticks }, Vec::new());
        }
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

/// The different words of a column.
pub(super) fn categories(table: &Table, column: &str, context: &Context) -> Result<Vec<Arc<str>>, FigureError> {
    let mut keys: Vec<Arc<str>> = Vec::new();
    for word in columns::texts(table, column)? {
        if !keys.contains(word) {
            keys.push(Arc::clone(word));
        }
        if keys.len() > MOST {
            let reason = format!(
                "`{column}` has more than {MOST} different words: an axis that names each of them cannot be read"
            );
            return Err(FigureError::Unfit { reason });
        }
    }
    context.arrange(&mut keys, |key| key);
    Ok(keys)
}

/// The name to print for a category: words as they are but for a capital, a key as a reader would write it.
pub(super) fn category_name(word: &str, context: &Context) -> String {
    if word.contains(' ') { context.label(word, &capitalised(word)) } else { context.name(word) }
}

/// The most categories of an axis.
const MOST: usize = 100;

/// The levels of a column row by row: its numbers, or the place of its word among the categories.
pub(super) fn places<'a>(table: &'a Table, column: &str, context: &Context) -> Result<Cow<'a, [f64]>, FigureError> {
    if table.texts(column).is_none() {
        return columns::numbers(table, column);
    }
    let keys = categories(table, column, context)?;
    let place = |word: &Arc<str>| keys.iter().position(|key| key == word).map_or(f64::NAN, |place| place as f64);
    Ok(columns::texts(table, column)?.iter().map(place).collect())
}

/// Whether levels stand on a logarithmic axis: at even ratios, or, where they are many (drawn at random, they have no even
/// steps), with their quantiles at even ratios.
fn is_logarithmic(levels: &[f64]) -> bool {
    let quantiles = || [0.1, 0.3, 0.5, 0.7, 0.9].map(|share| quantile_sorted(levels, share));
    let positive = levels.first().is_some_and(|first| *first > 0.0);
    even_ratios(levels) || (levels.len() > MANY && positive && even_ratios(&quantiles()))
}

/// So many levels are more than a person writes down.
const MANY: usize = 12;

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
    context.say(&own_words(table, column))
}

fn own_words(table: &Table, column: &str) -> String {
    let field = table.schema.fields.iter().find(|field| field.name == column);
    let words = field.map_or("", |field| field.description.trim_end_matches('.'));
    if words.is_empty() { display_name(column) } else { words.to_owned() }
}

/// The words and unit of an outcome, or of a difference in it.
pub(super) fn outcome(table: &Table, column: &str, difference: bool, unit: &Unit, context: &Context) -> String {
    match difference {
        true => difference_axis(context, unit, &own_words(table, column)),
        false => unit::title(unit, context, &words_of(table, column, context)),
    }
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
    fn many_levels_drawn_at_random_are_told_apart_by_their_quantiles() {
        // Multiples of the golden ratio fill the unit interval evenly without even steps.
        let mut unit: Vec<f64> = (1..200).map(|n| (f64::from(n) * 0.618_033_988_75).fract()).collect();
        unit.sort_by(f64::total_cmp);
        let even: Vec<f64> = unit.iter().map(|u| libm::pow(10.0, 2.0 * u)).collect();
        assert!(is_logarithmic(&even) && !even_ratios(&even));
        assert!(!is_logarithmic(&unit) && !is_logarithmic(&unit.iter().map(|u| 1.0 + 99.0 * u).collect::<Vec<_>>()));
        let zero: Vec<f64> = std::iter::once(0.0).chain(even).collect();
        assert!(!is_logarithmic(&zero), "nothing has a logarithm at zero");
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
