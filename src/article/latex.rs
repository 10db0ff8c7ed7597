//! Tables as LaTeX, with rules as `booktabs` has them.
//!
//! A short table is a float with its notes below; a long one goes over pages. Widths are those of `\linewidth`, estimated
//! from the number of letters for 345 pt of text, so that words are broken only where the table would be too wide.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::latex_text::{breakable, escaped, needs_unicode};
use super::latex_widths::{LINE, Widths};
use super::printed::{Align, Column, Entry, Group, Printed, one_line};

pub(super) fn write(printed: &Printed) -> String {
    let widths = Widths::of(printed);
    let long = printed.is_long();
    let mut out = comments(printed, &widths, long);
    let columns: String = printed.columns.iter().zip(&widths.broken).map(column).collect();
    let (caption, label) = (escaped(&printed.caption), &printed.label);
    let head = head(printed);
    let size = widths.size.command();
    if long {
        let count = printed.columns.len();
        let _ = write!(
            out,
            "{{{size}%\n\\begin{{longtable}}{{@{{}}{columns}@{{}}}}\n\
             \\caption{{{caption}}}\\label{{{label}}}\\\\\n\\toprule\n{head}\\midrule\n\\endfirsthead\n\
             \\multicolumn{{{count}}}{{@{{}}l@{{}}}}{{\\emph{{continued}}}}\\\\\n\\toprule\n{head}\\midrule\n\\endhead\n\
             \\bottomrule\n\\endfoot\n{}\\end{{longtable}}\n",
            body(printed, &widths)
        );
        if !printed.notes.is_empty() {
            let _ = writeln!(out, "\\noindent\\emph{{Note.}} {}\\par", escaped(&printed.note()));
        }
        out.push_str("}\n");
    } else {
        let _ = write!(
            out,
            "\\begin{{table}}[htbp]\n\\centering\n\\caption{{{caption}}}\\label{{{label}}}\n\\vspace{{4pt}}\n\
             {size}%\n\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n\
             \\toprule\n{head}\\midrule\n{}\\bottomrule\n\\end{{tabular}}\n",
            body(printed, &widths)
        );
        if !printed.notes.is_empty() {
            let _ = write!(
                out,
                "\\par\\vspace{{4pt}}\n\\parbox{{\\linewidth}}{{\\footnotesize\\raggedright\\emph{{Note.}} {}}}\n",
                escaped(&printed.note())
            );
        }
        out.push_str("\\end{table}\n");
    }
    out
}

/// What the table needs of the document.
fn comments(printed: &Printed, widths: &Widths, long: bool) -> String {
    let mut packages = vec!["booktabs"];
    if widths.broken.iter().any(Option::is_some) {
        packages.push("array");
    }
    if long {
        packages.push("longtable");
    }
    let mut out = format!("% Needs \\usepackage{{{}}} and \\usepackage[T1]{{fontenc}}.\n", packages.join(","));
    if widths.too_much > 0.0 {
        let _ = writeln!(
            out,
            "% About {:.0} pt wider than the {LINE:.0} pt of an article: set it in a landscape (package pdflscape).",
            widths.too_much
        );
    }
    let letters: BTreeSet<char> = texts(printed).flat_map(|text| one_line(text).chars().collect::<Vec<_>>()).collect();
    let strange: String = letters.into_iter().filter(|letter| needs_unicode(*letter)).collect();
    if !strange.is_empty() {
        let _ = writeln!(out, "% Holds {strange}: compile it with LuaLaTeX or XeLaTeX, and a font that has them.");
    }
    out
}

fn texts(printed: &Printed) -> impl Iterator<Item = &str> {
    let heads = printed.columns.iter().map(|column| column.head.as_str());
    let spans = printed.spans.iter().map(|span| span.head.as_str());
    let titles = printed.groups.iter().map(|group| group.title.as_str());
    let cells = printed.groups.iter().flat_map(|group| group.rows.iter().flatten().map(|cell| cell.text.as_str()));
    let around = std::iter::once(printed.caption.as_str()).chain(printed.notes.iter().map(String::as_str));
    around.chain(heads).chain(spans).chain(titles).chain(cells)
}

fn column((column, broken): (&Column, &Option<f64>)) -> String {
    match (column.align, broken) {
        (Align::Right, _) => "r".to_owned(),
        (_, Some(width)) => format!(">{{\\raggedright\\arraybackslash}}p{{{:.3}\\linewidth}}", width / LINE),
        (_, None) => "l".to_owned(),
    }
}

/// One line of heads, or two where columns share some.
fn head(printed: &Printed) -> String {
    let mut out = String::new();
    if !printed.spans.is_empty() {
        let cells = printed.stretches().into_iter().map(|(head, count)| match head {
            Some(head) => format!("\\multicolumn{{{count}}}{{c}}{{{}}}", escaped(head)),
            None => String::new(),
        });
        let _ = writeln!(out, "{} \\\\", cells.collect::<Vec<_>>().join(" & "));
        for span in &printed.spans {
            let _ = write!(out, "\\cmidrule(lr){{{}-{}}}", span.first + 1, span.first + span.count);
        }
        out.push('\n');
    }
    let cells: Vec<String> = printed.columns.iter().map(|column| escaped(&column.head)).collect();
    let _ = writeln!(out, "{} \\\\", cells.join(" & "));
    out
}

fn body(printed: &Printed, widths: &Widths) -> String {
    let mut out = String::new();
    for (place, group) in printed.groups.iter().enumerate() {
        if place > 0 {
            out.push_str("\\addlinespace\n");
        }
        out += &heading(group, printed.columns.len(), widths);
        for row in &group.rows {
            let cells = row.iter().zip(&widths.broken).map(|(entry, broken)| cell(entry, broken.is_some()));
            let _ = writeln!(out, "{} \\\\", cells.collect::<Vec<_>>().join(" & "));
        }
    }
    out
}

fn heading(group: &Group, count: usize, widths: &Widths) -> String {
    if group.title.is_empty() {
        return String::new();
    }
    let long = widths.size.of(&group.title) > widths.all.min(LINE);
    let how = match long {
        true => format!("p{{{:.3}\\linewidth}}", (widths.all / LINE).min(1.0)),
        false => "l".to_owned(),
    };
    format!("\\multicolumn{{{count}}}{{@{{}}{how}@{{}}}}{{\\emph{{{}}}}} \\\\*\n", escaped(&group.title))
}

fn cell(entry: &Entry, broken: bool) -> String {
    let text = if broken { breakable(&entry.text) } else { escaped(&entry.text) };
    if entry.strong { format!("\\textbf{{{text}}}") } else { text }
}
