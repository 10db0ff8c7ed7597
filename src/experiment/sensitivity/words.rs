//! Verdicts and findings in words.

use super::Ground;
use super::outcomes::Value;
use super::subject::Subject;
use crate::numeral::significant;
use crate::statistics::sensitivity::Importance;

/// How many factors are told by name.
const TOLD: usize = 5;

/// The word of a verdict on a factor.
pub(super) fn word(importance: Importance) -> &'static str {
    match importance {
        Importance::Important => "matters",
        Importance::Negligible => "negligible",
        Importance::Undecided => "undecided",
    }
}

/// A number for a sentence.
pub(super) fn short(value: f64) -> String {
    significant(value, 3)
}

impl Ground<'_> {
    /// Whether findings on this quantity are told: of the outcome that is drawn.
    pub(super) fn tells(&self, value: Value) -> bool {
        value.measure == self.outcomes.plan().main()
    }

    /// A sentence on what matters most, the factors in order of importance with a number each, and what follows.
    pub(super) fn finding(
        &self,
        subject: Subject,
        value: Value,
        (named, of): (&[(usize, f64, Importance)], &str),
        verdict: &str,
    ) -> String {
        let mut what = self.in_words(subject, value);
        if let Some(first) = what.get(..1) {
            what = first.to_uppercase() + &what[1..];
        }
        let matters = named.iter().filter(|(_, _, importance)| *importance == Importance::Important);
        let told: Vec<String> = matters
            .clone()
            .take(TOLD)
            .map(|(group, number, _)| format!("{} ({})", self.group(*group).1, short(*number)))
            .collect();
        let rest = matters.count().saturating_sub(TOLD);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let list = match told.is_empty() {
            true => "nothing stands out of chance".to_owned(),
            false => format!("{of}: {}{more}", told.join(", ")),
        };
        format!("\n{what}. {list}. {verdict}\n", list = crate::numeral::capitalised(&list))
    }
}
