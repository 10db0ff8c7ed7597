//! Tables as Typst: a figure with a table, its cells as strings, in which nothing is markup.

use std::fmt::Write as _;

use super::printed::{Align, Entry, Printed, one_line};

pub(super) fn write(printed: &Printed) -> String {
    let count = printed.columns.len();
    let long = printed.is_long();
    let mut out = String::from("#[\n");
    if long {
        out += "#show figure: set block(breakable: true)\n";
    }
    out += "#figure(\n  {\n    set text(size: 0.8em)\n    set par(justify: false)\n";
    let aligns: Vec<&str> =
        printed.columns.iter().map(|column| if column.align == Align::Right { "right" } else { "left" }).collect();
    let _ = write!(
        out,
        "    table(\n      columns: {count}, stroke: none, inset: (x: 0.35em, y: 0.3em),\n      align: ({},),\n      \
         table.hline(stroke: 0.08em),\n      table.header(\n",
        aligns.join(", ")
    );
    if !printed.spans.is_empty() {
        let cells = printed.stretches().into_iter().map(|(head, count)| match head {
            Some(head) => format!("table.cell(colspan: {count}, align: center, {})", string(head)),
            None => "[]".to_owned(),
        });
        let _ = writeln!(out, "        {},", cells.collect::<Vec<_>>().join(", "));
        for span in &printed.spans {
            let (start, end) = (span.first, span.first + span.count);
            let _ = writeln!(out, "        table.hline(y: 1, start: {start}, end: {end}, stroke: 0.03em),");
        }
    }
    let heads: Vec<String> = printed
        .columns
        .iter()
        .map(|column| string(if printed.spans.is_empty() { &column.alone } else { &column.head }))
        .collect();
    let _ = writeln!(out, "        {},\n        table.hline(stroke: 0.05em),\n      ),", heads.join(", "));
    for (place, group) in printed.groups.iter().enumerate() {
        if !group.title.is_empty() {
            let title = string(&group.title);
            let above = if place > 0 { "inset: (x: 0.35em, top: 0.9em, bottom: 0.3em), " } else { "" };
            let _ = writeln!(out, "      table.cell(colspan: {count}, {above}align: left, emph({title})),");
        }
        for row in &group.rows {
            let cells: Vec<String> = row.iter().map(cell).collect();
            let _ = writeln!(out, "      {},", cells.join(", "));
        }
    }
    out += "      table.hline(stroke: 0.08em),\n    )\n";
    if !printed.notes.is_empty() {
        let _ = writeln!(out, "    align(left, {{ emph(\"Note. \"); {} }})", string(&printed.note()));
    }
    out += "  },\n  kind: table,\n";
    if !printed.caption.is_empty() {
        let _ = writeln!(out, "  caption: figure.caption(position: top, {}),", string(&printed.caption));
    }
    let _ = writeln!(out, ") <{}>\n]", printed.label);
    out
}

fn cell(entry: &Entry) -> String {
    let text = string(&entry.text);
    if entry.strong { format!("strong({text})") } else { text }
}

/// Text as a string of Typst, on one line.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in one_line(text).chars() {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('"');
    out
}
