//! Numbers as print wants them: decimals by uncertainty, a true minus, shares as percent, the huge and the tiny by powers of ten.
//!
//! Figures and tables write their numbers with these, so that a number is the same in both. A power of ten is written `10^{6}`.

/// What numbers are multiplied with before they are printed, and what that makes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    factor: f64,
    name: String,
}

impl Unit {
    /// For levels of that unit.
    pub fn level(unit: &str, values: impl Iterator<Item = f64>) -> Self {
        Self::of(unit, "%", values)
    }

    /// For differences between levels of that unit.
    pub fn difference(unit: &str, values: impl Iterator<Item = f64>) -> Self {
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
    pub fn of_value(&self, value: f64) -> f64 {
        value * self.factor
    }

    /// The words with the unit in brackets.
    pub fn title(&self, words: &str) -> String {
        self.title_in(words, str::to_owned)
    }

    /// The same, with other words for the unit.
    pub fn title_in(&self, words: &str, say: impl Fn(&str) -> String) -> String {
        if self.name.is_empty() { words.to_owned() } else { format!("{words} ({})", say(&self.name)) }
    }

    /// The name of the unit.
    pub fn name(&self) -> &str {
        &self.name
    }
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

/// A mean count: one decimal below ten, none above or at nothing.
pub fn count(value: f64) -> String {
    compact(value, count_decimals(value))
}

/// The decimals of a mean count.
pub fn count_decimals(value: f64) -> usize {
    usize::from(value != 0.0 && value.abs() < 9.95)
}

/// The words with a capital at their start.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `found_by_ngo` as `found by NGO`.
pub fn spaced(key: &str) -> String {
    let words = key.split('_').map(|word| if word == "ngo" { "NGO" } else { word });
    words.collect::<Vec<_>>().join(" ")
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

/// A share as a percentage: one decimal below 10 %, none above; small ones are never shown as zero, nor nearly all as all.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if !value.is_finite() {
        "–".to_owned()
    } else if value == 0.0 {
        "0%".to_owned()
    } else if value.abs() < 0.05 {
        "<0.1%".to_owned()
    } else if (99.5..100.0).contains(&value) {
        ">99%".to_owned()
    } else {
        format!("{}%", number(value, usize::from(value.abs() < 9.95)))
    }
}

/// A number with a plus above zero.
pub fn plus(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let above = value > 0.0 && value.is_finite() && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    if above { format!("+{text}") } else { text }
}

/// Decimals for estimates whose uncertainty has these sizes: two digits of the middling one where it starts with
/// 1 to 3, one digit where it starts higher (the rule of the Particle Data Group); at most four.
pub fn decimals(sizes: impl Iterator<Item = f64>) -> usize {
    let mut sizes: Vec<f64> = sizes.map(f64::abs).filter(|size| size.is_finite() && *size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let Some(&size) = sizes.get(sizes.len() / 2) else { return 0 };
    let lead = size / libm::pow(10.0, libm::floor(libm::log10(size)));
    decimals_for(size, if lead < 3.55 { 2 } else { 1 }).min(4)
}

/// A relative change in percent with its sign: one decimal below 10 %, none above; huge ones by powers of ten.
pub fn change(relative: f64) -> String {
    if !relative.is_finite() {
        return "–".to_owned();
    }
    let value = relative * 100.0;
    if value.abs() >= 1e5 {
        return format!("{}%", compact(value, 0).replace(',', ""));
    }
    format!("{}%", plus(value, usize::from(value.abs() < 9.95 && value != 0.0)))
}

/// `14.6 [11.1, 18.1]`, without the bounds where they are missing.
pub fn bounded(value: f64, (low, high): (f64, f64), decimals: usize) -> String {
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

    #[test]
    fn shares_are_percent_and_extremes_are_powers_of_ten() {
        let unit = Unit::difference("share", [0.1].into_iter());
        assert_eq!(unit.title("Change"), "Change (percentage points)");
        assert_eq!(unit.of_value(0.1), 10.0);
        let huge = Unit::level("cases", [2.5e7, f64::NAN].into_iter());
        assert_eq!(huge.title("Cases"), "Cases (10^{6} cases)");
        assert!((huge.of_value(2.5e7) - 25.0).abs() < 1e-9);
        let tiny = Unit::level("", [2e-9].into_iter());
        assert_eq!(tiny.title("x"), "x (10^{−9})");
        assert_eq!(Unit::level("days", [0.0].into_iter()).title("x"), "x (days)");
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
    fn an_estimate_has_two_digits_of_its_uncertainty_or_one() {
        assert_eq!(decimals([3.0].into_iter()), 1);
        assert_eq!(decimals([0.009].into_iter()), 3);
        assert_eq!(decimals([0.012, f64::NAN, 0.013].into_iter()), 3);
        assert_eq!(decimals([f64::NAN].into_iter()), 0);
    }

    #[test]
    fn a_relative_change_has_its_sign() {
        assert_eq!(change(0.101), "+10%");
        assert_eq!(change(-0.011), "−1.1%");
        assert_eq!(change(0.0), "0%");
        assert_eq!(change(f64::NAN), "–");
    }
}
