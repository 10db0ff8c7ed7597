//! Tables as a fragment of HTML: caption, heads with their scope, no scripts.

use std::fmt::Write as _;

use super::printed::{Align, Column, Entry, Printed, one_line};

/// Where the numbers of a column stand.
const NUMBER: &str = " style=\"text-align: right; white-space: nowrap\"";

pub(super) fn write(printed: &Printed) -> String {
    let mut out = format!("<table id=\"{}\">\n", escaped(&printed.label));
    if !printed.caption.is_empty() {
        let _ = writeln!(out, "  <caption>{}</caption>", escaped(&printed.caption));
    }
    out += "  <thead>\n";
    if !printed.spans.is_empty() {
        out += "    <tr>";
        for (head, count) in printed.stretches() {
            out += &match head {
                Some(head) => format!("<th scope=\"colgroup\" colspan=\"{count}\">{}</th>", escaped(head)),
                None => "<td></td>".to_owned(),
            };
        }
        out += "</tr>\n";
    }
    let heads = printed.columns.iter().map(|column| {
        let head = if printed.spans.is_empty() { &column.alone } else { &column.head };
        format!("<th scope=\"col\"{}>{}</th>", style(column), escaped(head))
    });
    let _ = writeln!(out, "    <tr>{}</tr>\n  </thead>", heads.collect::<String>());
    let count = printed.columns.len();
    for group in &printed.groups {
        out += "  <tbody>\n";
        if !group.title.is_empty() {
            let title = escaped(&group.title);
            let _ = writeln!(
                out,
                "    <tr><th scope=\"rowgroup\" colspan=\"{count}\" style=\"text-align: left\">{title}</th></tr>"
            );
        }
        for row in &group.rows {
            let cells = row.iter().zip(&printed.columns).enumerate().map(cell);
            let _ = writeln!(out, "    <tr>{}</tr>", cells.collect::<String>());
        }
        out += "  </tbody>\n";
    }
    if !printed.notes.is_empty() {
        let note = escaped(&printed.note());
        let _ = writeln!(out, "  <tfoot>\n    <tr><td colspan=\"{count}\"><em>Note.</em> {note}</td></tr>\n  </tfoot>");
    }
    out + "</table>\n"
}

fn style(column: &Column) -> &'static str {
    if column.align == Align::Right { NUMBER } else { " style=\"text-align: left\"" }
}

/// The first cell of a row is its head.
fn cell((place, (entry, column)): (usize, (&Entry, &Column))) -> String {
    let text = escaped(&entry.text);
    let text = if entry.strong { format!("<strong>{text}</strong>") } else { text };
    match (place, column.align) {
        (0, _) => format!("<th scope=\"row\"{}>{text}</th>", style(column)),
        (_, Align::Right) => format!("<td{NUMBER}>{text}</td>"),
        _ => format!("<td>{text}</td>"),
    }
}

/// Text in which nothing is a tag or an entity.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}
