//! Tick positions at 1, 2 or 5 times a power of ten.

pub use crate::numeral::{compact, count, count_decimals, decimals_for, number, percent, significant};

/// A tick and its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where, in data units.
    pub at: f64,
    /// What it says; empty for a minor tick.
    pub label: String,
}

/// Bounds of an axis and its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Ticks within the bounds.
    pub ticks: Vec<Tick>,
}

/// An axis that covers the values, its bounds on ticks, with about `wanted` steps.
pub fn linear(low: f64, high: f64, wanted: usize) -> Scale {
    let (mut low, mut high) = (finite(low), finite(high));
    if low > high {
        std::mem::swap(&mut low, &mut high);
    }
    if high - low <= f64::EPSILON * high.abs().max(low.abs()) * 8.0 {
        let room = if high == 0.0 { 1.0 } else { high.abs() / 2.0 };
        (low, high) = (if low >= 0.0 { (low - room).max(0.0) } else { low - room }, high + room);
    }
    let step = step(high - low, wanted);
    let first = libm::floor(low / step + 1e-9);
    let last = libm::ceil(high / step - 1e-9);
    let decimals = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 12.0) as usize;
    let steps = (last - first).clamp(1.0, 100.0) as usize;
    let ticks = (0..=steps)
        .map(|index| {
            let at = (first + index as f64) * step;
            Tick { at, label: number(at, decimals) }
        })
        .collect();
    Scale { low: first * step, high: last * step, ticks }
}

/// An axis of shares, in percent, from 0 to a round bound no higher than 100.
pub fn shares(high: f64, wanted: usize) -> Scale {
    let top = if high.is_finite() && high > 0.0 { high.clamp(0.001, 1.0) } else { 1.0 };
    let scale = linear(0.0, top * 100.0, wanted);
    let cap = if scale.high > 100.0 { linear(0.0, 100.0, 5) } else { scale };
    let ticks = cap.ticks.into_iter().map(|tick| Tick { at: tick.at / 100.0, label: tick.label }).collect();
    Scale { low: 0.0, high: cap.high / 100.0, ticks }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value.clamp(-1e300, 1e300) } else { 0.0 }
}

/// The step of 1, 2 or 5 times a power of ten that cuts the span into at most `wanted` parts.
fn step(span: f64, wanted: usize) -> f64 {
    let raw = span / wanted.max(1) as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    let lead = raw / power;
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| lead <= nice * (1.0 + 1e-9)).unwrap_or(10.0);
    nice * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<&str> {
        scale.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_and_share_their_decimals() {
        assert_eq!(labels(&linear(0.0, 1.0, 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&linear(-3.0, 7.0, 5)), ["−4", "−2", "0", "2", "4", "6", "8"]);
        assert_eq!(labels(&linear(0.0, 0.00003, 3)), ["0.00000", "0.00001", "0.00002", "0.00003"]);
        assert_eq!(labels(&shares(0.38, 4)), ["0", "10", "20", "30", "40"]);
        assert_eq!(labels(&shares(1.0, 5)).last(), Some(&"100"));
    }

    #[test]
    fn tick_labels_read_back_to_their_values() {
        for (low, high) in [(0.0, 1.0), (-5.0, 5.0), (0.0, 123_456.0), (1e-6, 3e-6), (-0.3, 0.1)] {
            for tick in linear(low, high, 5).ticks {
                let read: f64 = tick.label.replace('−', "-").replace(',', "").parse().expect("a number");
                assert!((read - tick.at).abs() <= 1e-9 * (1.0 + tick.at.abs()), "{tick:?}");
            }
        }
    }

    #[test]
    fn strange_bounds_still_give_an_axis() {
        for (low, high) in [(0.0, 0.0), (f64::NAN, 1.0), (5.0, 5.0), (f64::NEG_INFINITY, f64::INFINITY), (2.0, 1.0)] {
            let scale = linear(low, high, 5);
            assert!(scale.low < scale.high && scale.ticks.len() >= 2, "{low} {high}");
        }
    }
}
