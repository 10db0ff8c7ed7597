//! Tables as Markdown: GitHub's pipe tables, their columns aligned in the text as well.

use super::printed::{Align, Entry, Printed, one_line};

pub(super) fn write(printed: &Printed) -> String {
    let mut out = String::new();
    let caption = escaped(&printed.caption);
    if !caption.is_empty() {
        out += &format!("**{caption}**\n\n");
    }
    let heads: Vec<String> = printed.columns.iter().map(|column| escaped(&column.alone)).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for group in &printed.groups {
        let title = escaped(&group.title);
        if !title.is_empty() {
            let mut cells = vec![format!("**{title}**")];
            cells.resize(printed.columns.len(), String::new());
            rows.push(cells);
        }
        rows.extend(group.rows.iter().map(|row| row.iter().map(cell).collect()));
    }
    // A heading of a group runs over the columns behind it: it makes the first of them no wider.
    let heading = |row: &Vec<String>| row.iter().skip(1).all(String::is_empty) && row.len() > 1;
    let widths: Vec<usize> = (0..heads.len())
        .map(|place| {
            let cells = rows.iter().filter(|row| !heading(row)).chain([&heads]).filter_map(|row| row.get(place));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
        })
        .collect();
    let right: Vec<bool> = printed.columns.iter().map(|column| column.align == Align::Right).collect();
    let line = |cells: &[String]| {
        let mut line = String::from("|");
        for ((cell, width), right) in cells.iter().zip(&widths).zip(&right) {
            let room = " ".repeat(width.saturating_sub(cell.chars().count()));
            line += &if *right { format!(" {room}{cell} |") } else { format!(" {cell}{room} |") };
        }
        line + "\n"
    };
    out += &line(&heads);
    out.push('|');
    for (width, right) in widths.iter().zip(&right) {
        out += &if *right { format!(" {}: |", "-".repeat(width - 1)) } else { format!(" {} |", "-".repeat(*width)) };
    }
    out.push('\n');
    for row in &rows {
        out += &line(row);
    }
    if !printed.notes.is_empty() {
        out += &format!("\n*Note.* {}\n", escaped(&printed.note()));
    }
    out
}

fn cell(entry: &Entry) -> String {
    let text = escaped(&entry.text);
    if entry.strong && !text.is_empty() { format!("**{text}**") } else { text }
}

/// Text in which nothing is markup, on one line.
pub(super) fn escaped(text: &str) -> String {
    let line = one_line(text).replace(['\u{a0}', '\u{2009}', '\u{202f}', '\u{2007}'], " ");
    let letters: Vec<char> = line.trim().chars().collect();
    let mut out = String::with_capacity(line.len() + 8);
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(place + 1).copied();
        let escape = match letter {
            '\\' | '|' | '*' | '`' | '~' | '$' => true,
            // Within a word it is a letter like any other.
            '_' => !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)),
            // Numbers in brackets are an interval.
            '[' => !after.is_some_and(|after| after.is_ascii_digit() || matches!(after, '+' | '−' | '–')),
            ']' => after.is_some_and(|after| matches!(after, '(' | '[' | ':')),
            '&' => after.is_some_and(|after| after.is_ascii_alphanumeric() || after == '#'),
            '<' => after.is_some_and(|after| after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?')),
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
