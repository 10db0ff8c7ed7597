//! Axes of numbers in the unit in which they are printed.

use super::Context;
use super::ticks::{self, Scale};

pub(super) use crate::numeral::{Unit, bounded, decimals, plus};

/// The words with the unit in brackets, in the words of the figure.
pub(super) fn title(unit: &Unit, context: &Context, words: &str) -> String {
    unit.title_in(words, |name| context.say(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_cut_to_its_data_keeps_its_ticks() {
        let axis = tight(ticks::linear(-3.0, 17.0, 5), (-3.0, 17.0), (0.05, 0.1));
        let names: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(names, ["0", "5", "10", "15"]);
        assert!(axis.low < -3.0 && axis.high > 17.0 && axis.high < 20.0);
    }

    #[test]
    fn an_axis_of_nothing_is_still_an_axis() {
        let axis = scale([f64::NAN, f64::INFINITY].into_iter(), false, 4);
        assert!(axis.low < axis.high);
    }
}
