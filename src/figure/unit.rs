//! The unit in which numbers are printed: shares as percent, the huge and the tiny by powers of ten.

use super::Context;
use super::ticks::{self, Scale, decimals_for, number};

/// What numbers are multiplied with before they are printed, and what that makes them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    factor: f64,
    name: String,
}

impl Unit {
    /// For levels of that unit.
    pub(super) fn level(unit: &str, values: impl Iterator<Item = f64>) -> Self {
        Self::of(unit, "%", values)
    }

    /// For differences between levels of that unit.
    pub(super) fn difference(unit: &str, values: impl Iterator<Item = f64>) -> Self {
        Self::of(unit, "percentage points", values)
    }

    fn of(unit: &str, percent: &str, values: impl Iterator<Item = f64>) -> Self {
        let most = values.filter(|value| value.is_finite()).fold(0.0, |most: f64, value| most.max(value.abs()));
        let share = matches!(unit, "share" | "probability" | "rate" | "proportion");
        let (base, name) = if share { (100.0, percent) } else { (1.0, unit) };
        let size = most * base;
        if size == 0.0 || (0.001..1e6).contains(&size) {
            return Self { factor: base, name: name.to_owned() };
        }
        let power = libm::floor(libm::log10(size) / 3.0) * 3.0;
        let name = format!("10^{{{}}} {name}", number(power, 0));
        Self { factor: base / libm::pow(10.0, power), name: name.trim_end().to_owned() }
    }

    /// The number as printed.
    pub(super) fn of_value(&self, value: f64) -> f64 {
        value * self.factor
    }

    /// The words with the unit in brackets.
    pub(super) fn title(&self, context: &Context, words: &str) -> String {
        if self.name.is_empty() { words.to_owned() } else { format!("{words} ({})", context.say(&self.name)) }
    }

    /// The name of the unit.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// An axis that covers all finite numbers, and zero if asked for.
pub(super) fn scale(values: impl Iterator<Item = f64>, zero: bool, wanted: usize) -> Scale {
    let start = if zero { (0.0, 0.0) } else { (f64::INFINITY, f64::NEG_INFINITY) };
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold(start, |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    if low <= high { ticks::linear(low, high, wanted) } else { ticks::linear(0.0, 1.0, wanted) }
}

/// An axis of differences: zero is on it, in the middle if there is nothing else, and what lies above it has a plus.
pub(super) fn differences(values: impl Iterator<Item = f64> + Clone, wanted: usize) -> Scale {
    let (low, high) = bounds(values.clone());
    signed(if low < 0.0 || high > 0.0 { scale(values, true, wanted) } else { ticks::linear(-1.0, 1.0, 4) })
}

/// The axis with a plus before what is above zero.
fn signed(mut scale: Scale) -> Scale {
    for tick in &mut scale.ticks {
        if tick.at > 0.0 && !tick.label.is_empty() {
            tick.label = format!("+{}", tick.label);
        }
    }
    scale
}

/// A number with a plus above zero.
pub(super) fn plus(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let above = value > 0.0 && value.is_finite() && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    if above { format!("+{text}") } else { text }
}

/// Decimals for estimates whose uncertainty has these sizes: two digits of the middling one where it starts with
/// 1 to 3, one digit where it starts higher (the rule of the Particle Data Group); at most four.
pub(super) fn decimals(sizes: impl Iterator<Item = f64>) -> usize {
    let mut sizes: Vec<f64> = sizes.map(f64::abs).filter(|size| size.is_finite() && *size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let Some(&size) = sizes.get(sizes.len() / 2) else { return 0 };
    let lead = size / libm::pow(10.0, libm::floor(libm::log10(size)));
    decimals_for(size, if lead < 3.55 { 2 } else { 1 }).min(4)
}

/// The scale cut down to the data between those bounds, with air of those shares of the span below and above.
pub(super) fn tight(mut scale: Scale, (low, high): (f64, f64), (below, above): (f64, f64)) -> Scale {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return scale;
    }
    (scale.low, scale.high) = (low - below * span, high + above * span);
    let kept: Vec<_> =
        scale.ticks.iter().filter(|tick| scale.low <= tick.at && tick.at <= scale.high).cloned().collect();
    scale.ticks = kept;
    scale
}

/// The least and the largest of the finite numbers.
pub(super) fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    values.filter(|value| value.is_finite()).fold(start, |(low, high), value| (low.min(value), high.max(value)))
}

/// `14.6 [11.1, 18.1]`, without the bounds where they are missing.
pub(super) fn bounded(value: f64, (low, high): (f64, f64), decimals: usize) -> String {
    let show = |value: f64| number(value, decimals);
    if value.is_finite() && low.is_finite() && high.is_finite() {
        format!("{} [{}, {}]", show(value), show(low), show(high))
    } else {
        show(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percent_and_extremes_are_powers_of_ten() {
        let context = Context::default();
        let unit = Unit::difference("share", [0.1].into_iter());
        assert_eq!(unit.title(&context, "Change"), "Change (percentage points)");
        assert_eq!(unit.of_value(0.1), 10.0);
        let huge = Unit::level("cases", [2.5e7, f64::NAN].into_iter());
        assert_eq!(huge.title(&context, "Cases"), "Cases (10^{6} cases)");
        assert!((huge.of_value(2.5e7) - 25.0).abs() < 1e-9);
        let tiny = Unit::level("", [2e-9].into_iter());
        assert_eq!(tiny.title(&context, "x"), "x (10^{−9})");
        assert_eq!(Unit::level("days", [0.0].into_iter()).title(&context, "x"), "x (days)");
    }

    #[test]
    fn signs_are_shown_only_where_there_is_something() {
        assert_eq!(plus(1.24, 1), "+1.2");
        assert_eq!(plus(0.01, 1), "0.0");
        assert_eq!(plus(-1.0, 0), "−1");
        assert_eq!(plus(f64::NAN, 0), "–");
        assert_eq!(bounded(1.0, (0.5, f64::NAN), 1), "1.0");
    }

    #[test]
    fn an_axis_cut_to_its_data_keeps_its_ticks() {
        let axis = tight(ticks::linear(-3.0, 17.0, 5), (-3.0, 17.0), (0.05, 0.1));
        let names: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(names, ["0", "5", "10", "15"]);
        assert!(axis.low < -3.0 && axis.high > 17.0 && axis.high < 20.0);
        assert_eq!(decimals([3.0].into_iter()), 1);
        assert_eq!(decimals([0.009].into_iter()), 3);
    }

    #[test]
    fn an_axis_of_nothing_is_still_an_axis() {
        let axis = scale([f64::NAN, f64::INFINITY].into_iter(), false, 4);
        assert!(axis.low < axis.high);
    }
}
