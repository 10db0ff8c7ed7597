//! Tick positions at 1, 2 or 5 times a power of ten, and numbers as print wants them.

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

/// A number with that many decimals, U+2212 as minus, no negative zero, thousands set apart by commas.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = format!("{:.decimals$}", value.abs());
    let negative = value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}{rest}", if negative { "−" } else { "" })
}

/// The same, but as a power of ten where it would be too long or vanish.
pub fn compact(value: f64, decimals: usize) -> String {
    let size = value.abs();
    let vanishes = size < 0.5 * libm::pow(10.0, -(decimals as f64));
    if !value.is_finite() || size == 0.0 || (size < 1e7 && !vanishes) {
        return number(value, decimals);
    }
    let power = libm::floor(libm::log10(size));
    let lead = value / libm::pow(10.0, power);
    let carries = libm::round(lead.abs() * 10.0) >= 100.0;
    let (lead, power) = if carries { (lead / 10.0, power + 1.0) } else { (lead, power) };
    format!("{}×10^{{{}}}", number(lead, 1), number(power, 0))
}

/// A number with about that many significant digits.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return number(value, 0);
    }
    number(value, decimals_for(value.abs(), digits))
}

/// How many decimals show that many significant digits of a positive size.
pub fn decimals_for(size: f64, digits: usize) -> usize {
    if !(size.is_finite() && size > 0.0) {
        return 0;
    }
    let places = digits as f64 - 1.0 - libm::floor(libm::log10(size));
    places.clamp(0.0, 12.0) as usize
}

/// A share as a percentage: one decimal below 10 %, none above, and small ones never shown as zero.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if !value.is_finite() {
        "–".to_owned()
    } else if value == 0.0 {
        "0%".to_owned()
    } else if value.abs() < 0.05 {
        "<0.1%".to_owned()
    } else {
        format!("{}%", number(value, usize::from(value.abs() < 9.95)))
    }
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

    #[test]
    fn numbers_have_a_true_minus_and_no_negative_zero() {
        assert_eq!(number(-1234.5, 1), "−1,234.5");
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(f64::NAN, 1), "–");
        assert_eq!(percent(0.0004), "<0.1%");
        assert_eq!(percent(0.312), "31%");
        assert_eq!(significant(0.01234, 3), "0.0123");
        assert_eq!(compact(4.0e12, 2), "4.0×10^{12}");
        assert_eq!(compact(-2.5e-9, 2), "−2.5×10^{−9}");
        assert_eq!(compact(12.5, 1), "12.5");
    }
}
