//! Columns of a result table, and the words and numbers of cells and notes.

use std::borrow::Cow;
use std::sync::Arc;

pub(super) use crate::numeral::{capitalised, spaced};
use crate::numeral::{compact, decimals_for, number, plus};
use crate::table::{Table, Values};

use super::{ArticleError, Source};

/// What stands for a missing number.
pub(super) const MISSING: &str = "–";

fn missing(table: &Table, column: &str, kind: &'static str) -> ArticleError {
    ArticleError::MissingColumn {
        table: table.schema.name.clone(),
        column: column.to_owned(),
        kind,
        present: table.schema.fields.iter().map(|field| field.name.clone()).collect(),
    }
}

/// Words.
pub(super) fn texts<'a>(table: &'a Table, column: &str) -> Result<&'a [Arc<str>], ArticleError> {
    table.texts(column).ok_or_else(|| missing(table, column, "words"))
}

/// Whole numbers.
pub(super) fn integers<'a>(table: &'a Table, column: &str) -> Result<&'a [i64], ArticleError> {
    table.integers(column).ok_or_else(|| missing(table, column, "whole numbers"))
}

/// Numbers, whole or real.
pub(super) fn numbers<'a>(table: &'a Table, column: &str) -> Result<Cow<'a, [f64]>, ArticleError> {
    match table.column(column) {
        Some(Values::Real(values)) => Ok(Cow::Borrowed(values)),
        Some(Values::Integer(values)) => Ok(values.iter().map(|&value| value as f64).collect()),
        _ => Err(missing(table, column, "numbers")),
    }
}

/// The unit of a column; empty where the table does not say.
pub(super) fn unit(table: &Table, column: &str) -> String {
    field(table, column).map_or_else(String::new, |(unit, _)| unit.to_owned())
}

fn field<'a>(table: &'a Table, column: &str) -> Option<(&'a str, &'a str)> {
    let field = table.schema.fields.iter().find(|field| field.name == column)?;
    Some((field.unit.as_str(), field.description.as_str()))
}

/// Each word once, in order of appearance.
pub(crate) fn distinct(words: &[Arc<str>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words {
        if !out.iter().any(|known| **known == **word) {
            out.push(word.to_string());
        }
    }
    out
}

/// Rows that have the same words in those columns, together, in order of appearance.
pub(super) fn grouped(table: &Table, columns: &[&[Arc<str>]]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for row in 0..table.rows() {
        let same = |group: &&mut Vec<usize>| columns.iter().all(|words| words[group[0]] == words[row]);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// `[4.8, 8.6]`, or a dash.
pub(super) fn interval((low, high): (f64, f64), decimals: usize) -> String {
    between((low, high), |value| fixed(value, decimals))
}

/// `[−1.2, +4.4]`, or a dash.
pub(super) fn signed_interval((low, high): (f64, f64), decimals: usize) -> String {
    between((low, high), |value| plus(value, decimals))
}

fn between((low, high): (f64, f64), show: impl Fn(f64) -> String) -> String {
    if low.is_finite() && high.is_finite() {
        format!("[{},\u{a0}{}]", raised(&show(low)), raised(&show(high)))
    } else {
        MISSING.to_owned()
    }
}

/// A number with that many decimals; only a huge one is a power of ten.
pub(super) fn shown(value: f64, decimals: usize) -> String {
    raised(&fixed(value, decimals))
}

fn fixed(value: f64, decimals: usize) -> String {
    if value.abs() < 1e7 { number(value, decimals) } else { compact(value, decimals) }
}

/// A given number with up to three significant digits, and no zeros at its end.
pub(super) fn plain(value: f64) -> String {
    let text = compact(value, decimals_for(value.abs(), 3).min(6));
    let text = if text.contains('.') && !text.contains('×') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    raised(&text)
}

/// A probability that decides: three decimals, and never 0.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.0005 { "<0.001".to_owned() } else { shown(p, 3) }
}

/// `10^{6}` as 10⁶.
pub(super) fn raised(text: &str) -> String {
    let Some((before, rest)) = text.split_once("10^{") else { return text.to_owned() };
    let Some((power, after)) = rest.split_once('}') else { return text.to_owned() };
    let digit = |letter: char| match letter {
        '−' | '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        _ => letter.to_digit(10).and_then(|digit| char::from_u32(0x2070 + digit)).unwrap_or(letter),
    };
    format!("{before}10{}{after}", power.chars().map(digit).collect::<String>())
}

/// The level of an interval as its column tells it, as in `95%`; empty where it does not.
pub(crate) fn level(table: &Table, column: &str) -> String {
    let told = field(table, column).and_then(|(_, description)| {
        let (before, _) = description.split_once(" %")?;
        let number = before.rsplit(' ').next()?;
        number.parse::<f64>().ok().map(|_| format!("{number}%"))
    });
    told.unwrap_or_default()
}

/// The head of a column of intervals: `95% interval`.
pub(super) fn interval_head(table: &Table) -> String {
    capitalised(format!("{} interval", level(table, "ci_low")).trim_start())
}

/// What the intervals are, in a sentence.
pub(super) fn interval_note(table: &Table) -> String {
    // The first column of an interval tells how both ends were made.
    let told = field(table, "ci_low").and_then(|(_, description)| description.strip_prefix("Lower end of "));
    match told {
        Some(words) => {
            let words = words.trim_start_matches("the ").trim_start_matches("its ").replace(" %", "%");
            format!("Intervals: {}", ended(&words))
        }
        None => "The result does not tell what its intervals are.".to_owned(),
    }
}

fn ended(words: &str) -> String {
    let words = words.trim_end();
    if words.ends_with('.') { words.to_owned() } else { format!("{words}.") }
}

/// `n` in words: how many of what.
pub(super) fn n_note(counts: &[i64], what: &str) -> String {
    let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
    if least == most { format!("n = {least} {what}.") } else { format!("n: {what}, {least} to {most}.") }
}

/// What a dash means, if the table has one, and where the numbers come from.
pub(super) fn closing(groups: &[super::Group], why: &str, source: &Source) -> Vec<String> {
    let mut cells = groups.iter().flat_map(|group| &group.rows).flatten();
    let mut out = Vec::new();
    if cells.any(|cell| cell.text == MISSING) {
        out.push(format!("{MISSING} {why}."));
    }
    out.extend(origin(source));
    out
}

fn origin(source: &Source) -> Option<String> {
    let mut parts = Vec::new();
    if !source.name.is_empty() {
        parts.push(source.name.clone());
    }
    if !source.digest.is_empty() {
        parts.push(format!("digest {}", source.digest.chars().take(12).collect::<String>()));
    }
    parts.extend(source.seed.map(|seed| format!("seed {seed}")));
    parts.extend(source.replicates.map(|count| format!("{count} replicate{}", if count == 1 { "" } else { "s" })));
    if source.interrupted {
        parts.push("stopped before all was done".to_owned());
    }
    if !source.version.is_empty() {
        parts.push(format!("comity {}", source.version));
    }
    (!parts.is_empty()).then(|| format!("Source: {}.", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_numbers_lose_the_zeros_at_their_end() {
        assert_eq!(plain(379.2), "379");
        assert_eq!(plain(0.22), "0.22");
        assert_eq!(plain(10.0), "10");
        assert_eq!(plain(0.0), "0");
        assert_eq!(plain(-0.5), "−0.5");
        assert_eq!(plain(36525.0), "36,525");
        assert_eq!(plain(1e15), "1.0×10¹⁵");
        assert_eq!(plain(f64::NAN), "–");
    }

    #[test]
    fn powers_of_ten_are_raised() {
        assert_eq!(raised("2.5×10^{−9}"), "2.5×10⁻⁹");
        assert_eq!(raised("10^{6} US$"), "10⁶ US$");
        assert_eq!(raised("10^{6"), "10^{6");
    }

    #[test]
    fn a_small_probability_is_never_nothing() {
        assert_eq!(p_value(0.0), "<0.001");
        assert_eq!(p_value(0.0123), "0.012");
        assert_eq!(p_value(f64::NAN), "–");
    }
}
