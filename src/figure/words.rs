//! Words of titles and captions.

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

pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
