//! Quantities in words: `"13 months"`, `"30 %"`, `"0.4 per year"`, and back.

use crate::parameter::Unit;
use crate::quantity::{DAYS_PER_MONTH, DAYS_PER_YEAR};

/// Why a text is no such quantity, and a way out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) message: String,
    pub(super) hint: String,
}

/// Units of duration, in days, largest first.
const DURATIONS: [(&str, &str, f64); 4] = [
    ("year", "years", DAYS_PER_YEAR),
    ("month", "months", DAYS_PER_MONTH),
    ("week", "weeks", 7.0),
    ("day", "days", 1.0),
];

/// What a number of that unit is called, with its article.
pub(super) fn noun(unit: Unit) -> &'static str {
    match unit {
        Unit::Probability => "a probability",
        Unit::Share => "a share",
        Unit::Days => "a duration",
        Unit::PerYear => "a rate per year",
        Unit::Utility => "a weight in utility",
        Unit::PerRepetition => "a rate per repetition",
        Unit::Factor => "a factor",
        Unit::Evidence => "an amount of evidence",
        Unit::Count => "a count",
        Unit::Money => "an amount of money",
    }
}

/// How a value of that unit may be written.
pub(super) fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Probability | Unit::Share => "write a number such as 0.3, or \"30 %\"",
        Unit::Days => "write a number of days, or words: \"13 months\"; known units: days, weeks, months, years",
        Unit::PerYear => "write a number a year, or words: \"0.4 per year\", \"2 per month\"",
        Unit::Factor => "write a number such as 1.5, or \"150 %\"",
        Unit::Utility | Unit::PerRepetition | Unit::Evidence | Unit::Money => {
            "write a number such as 0.5, without quotes"
        }
        Unit::Count => "write a whole number, without quotes",
    }
}

/// Reads a quantity in words.
pub(super) fn in_words(unit: Unit, text: &str) -> Result<f64, Trouble> {
    match unit {
        Unit::Days => duration(text),
        Unit::Probability | Unit::Share | Unit::Factor => percentage(unit, text),
        Unit::PerYear => rate(text),
        Unit::Utility | Unit::PerRepetition | Unit::Evidence | Unit::Count | Unit::Money => {
            Err(plain_trouble(unit, text))
        }
    }
}

fn plain_trouble(unit: Unit, text: &str) -> Trouble {
    let hint = match text.trim().parse::<f64>() {
        Ok(_) => format!("write {} without quotes", text.trim()),
        Err(_) => example(unit).to_owned(),
    };
    Trouble { message: format!("is {}, but \"{text}\" is a text", noun(unit)), hint }
}

/// Splits off a leading number.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-._".contains(c))).unwrap_or(text.len());
    let number = text[..end].replace('_', "").parse::<f64>().ok()?;
    Some((number, text[end..].trim_start()))
}

fn duration(text: &str) -> Result<f64, Trouble> {
    let no_duration =
        || Trouble { message: format!("is a duration, but \"{text}\" is none"), hint: example(Unit::Days).to_owned() };
    let mut rest = text.trim();
    let mut days = 0.0;
    if rest.is_empty() {
        return Err(no_duration());
    }
    while !rest.is_empty() {
        let (number, after) = leading_number(rest).ok_or_else(no_duration)?;
        let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let word = &after[..end];
        if word.is_empty() {
            return Err(Trouble {
                message: format!("is a duration, but \"{text}\" does not say in what unit"),
                hint: format!("write {number} for days without quotes, or name the unit: \"{number} months\""),
            });
        }
        let known =
            DURATIONS.iter().find(|(one, many, _)| word.eq_ignore_ascii_case(one) || word.eq_ignore_ascii_case(many));
        let Some((_, _, length)) = known else {
            let near = nearest(word, DURATIONS.iter().flat_map(|(one, many, _)| [*one, *many]));
            let hint = near.map(|near| format!("did you mean \"{number} {near}\"? ")).unwrap_or_default();
            return Err(Trouble {
                message: format!("is a duration, but \"{text}\" is measured in {word}"),
                hint: format!("{hint}known units: days, weeks, months, years"),
            });
        };
        days += number * length;
        rest = after[end..].trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest).trim_start();
    }
    Ok(days)
}

fn percentage(unit: Unit, text: &str) -> Result<f64, Trouble> {
    let (number, rest) = leading_number(text.trim()).ok_or_else(|| plain_trouble(unit, text))?;
    match rest.trim_end() {
        "%" | "percent" | "per cent" => Ok(number / 100.0),
        "" => Err(plain_trouble(unit, text)),
        other => Err(Trouble {
            message: format!("is {}, but \"{text}\" is measured in {other}", noun(unit)),
            hint: example(unit).to_owned(),
        }),
    }
}

fn rate(text: &str) -> Result<f64, Trouble> {
    let trouble = || Trouble {
        message: format!("is a rate per year, but \"{text}\" is none"),
        hint: example(Unit::PerYear).to_owned(),
    };
    let (number, rest) = leading_number(text.trim()).ok_or_else(trouble)?;
    let word = ["per ", "a ", "/ ", "/"].iter().find_map(|start| rest.strip_prefix(start)).ok_or_else(trouble)?;
    let known = DURATIONS.iter().find(|(one, _, _)| word.trim().eq_ignore_ascii_case(one));
    known.map(|(_, _, length)| number * (DAYS_PER_YEAR / length)).ok_or_else(trouble)
}

/// A value as a person would write it: `13 months` rather than `395.6875 days`; plain numbers elsewhere.
pub(super) fn human(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Days => {
            for (one, many, length) in DURATIONS {
                let count = value / length;
                if count >= 1.0 && (count - count.round()).abs() < 1e-9 {
                    return format!("{} {}", number(count.round()), if count.round() == 1.0 { one } else { many });
                }
            }
            format!("{} days", number(value))
        }
        Unit::PerYear => format!("{} per year", number(value)),
        _ => number(value),
    }
}

/// A number that reads back unchanged.
pub(super) fn number(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e15).contains(&value.abs()) { format!("{value:e}") } else { format!("{value}") }
}

/// The known word nearest to the one written, if it is near enough to be meant.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let mut best: Option<((usize, usize), &str)> = None;
    for candidate in known {
        let other = candidate.to_lowercase();
        let within = lower.len() >= 4 && other.len() >= 4 && (other.contains(&lower) || lower.contains(&other));
        let edits = strsim::damerau_levenshtein(&lower, &other);
        // What is a part of the other is near, and what takes fewer edits is nearer still.
        let distance = if within { 1 } else { edits };
        let allowed = lower.chars().count().max(other.chars().count()).div_ceil(3);
        if distance <= allowed && best.is_none_or(|(least, _)| (distance, edits) < least) {
            best = Some(((distance, edits), candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_words() {
        assert_eq!(in_words(Unit::Days, "90 days"), Ok(90.0));
        assert_eq!(in_words(Unit::Days, "1 week"), Ok(7.0));
        assert_eq!(in_words(Unit::Days, "13 months"), Ok(13.0 * DAYS_PER_MONTH));
        assert_eq!(in_words(Unit::Days, "1 year and 6 months"), Ok(1.5 * DAYS_PER_YEAR));
        assert_eq!(in_words(Unit::Days, "2years"), Ok(2.0 * DAYS_PER_YEAR));
        assert!(in_words(Unit::Days, "13 metres").is_err());
        assert!(in_words(Unit::Days, "13").is_err());
        assert!(in_words(Unit::Days, "").is_err());
        assert!(in_words(Unit::Days, "soon").is_err());
    }

    #[test]
    fn shares_are_read_as_percentages() {
        assert_eq!(in_words(Unit::Share, "30 %"), Ok(0.3));
        assert_eq!(in_words(Unit::Probability, "12.5 percent"), Ok(0.125));
        assert!(in_words(Unit::Share, "0.3").is_err());
        assert!(in_words(Unit::Share, "3 days").is_err());
    }

    #[test]
    fn rates_are_read_per_year_month_week_and_day() {
        assert_eq!(in_words(Unit::PerYear, "0.4 per year"), Ok(0.4));
        assert_eq!(in_words(Unit::PerYear, "2 per month"), Ok(24.0));
        assert_eq!(in_words(Unit::PerYear, "1 a day"), Ok(DAYS_PER_YEAR));
        assert!(in_words(Unit::PerYear, "2 per moon").is_err());
    }

    #[test]
    fn durations_are_written_in_the_largest_unit_that_fits() {
        assert_eq!(human(Unit::Days, 13.0 * DAYS_PER_MONTH), "13 months");
        assert_eq!(human(Unit::Days, DAYS_PER_YEAR), "1 year");
        assert_eq!(human(Unit::Days, 395.7), "395.7 days");
        assert_eq!(human(Unit::Days, 28.0), "4 weeks");
    }

    #[test]
    fn numbers_read_back_unchanged() {
        for value in [0.1, 1e300, 1e-300, 0.0, -0.5, 10_000_000.0, 1.0 / 3.0, f64::MIN_POSITIVE] {
            assert_eq!(number(value).parse::<f64>(), Ok(value));
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_near_and_another_word_is_not() {
        assert_eq!(nearest("half_lif", ["half_life", "variant"]), Some("half_life"));
        assert_eq!(nearest("THX", ["THA", "VNM"]), Some("THA"));
        assert_eq!(nearest("half", ["half_life", "variant"]), Some("half_life"));
        assert_eq!(nearest("zebra", ["half_life", "variant"]), None);
    }
}
