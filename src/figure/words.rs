//! Words of titles and captions.

pub(super) use crate::numeral::capitalised;

/// `1 arm`, `2 arms`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The words with a small first letter, unless they start with an abbreviation.
pub(super) fn lower(words: &str) -> String {
    let mut letters = words.chars();
    let (Some(first), second) = (letters.next(), letters.next()) else { return String::new() };
    if second.is_some_and(char::is_uppercase) {
        return words.to_owned();
    }
    first.to_lowercase().chain(words.chars().skip(1)).collect()
}

/// The labels that had to be cut, in full, for the caption.
pub(super) fn in_full<T: AsRef<str>>(cut: &[T]) -> String {
    if cut.is_empty() {
        return String::new();
    }
    let words: Vec<&str> = cut.iter().map(AsRef::as_ref).collect();
    format!(" Labels cut in the figure, in full: {}.", words.join("; "))
}

/// `20 pairs`, or `18 to 20 pairs`.
pub(super) fn pairs(counts: impl Iterator<Item = i64> + Clone) -> String {
    let (least, most) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    if least == most { format!("{least} pairs") } else { format!("{least} to {most} pairs") }
}
