//! One page of HTML, section by section.

use std::fmt::Write as _;

use super::GENERATOR;
use crate::figure::Drawing;
use crate::figure::svg::escape;

/// The look: one column, black on white, figures in their own size; readable on a phone and in print.
const STYLE: &str = "
:root { color-scheme: light; }
body { font: 17px/1.5 'Liberation Sans', Arial, Helvetica, sans-serif; color: #111; background: #fff; max-width: 52rem;
  margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
a { color: #005a9c; } nav ul { columns: 2; padding-left: 1.2rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; background: #fff; }
figure { margin: 1.5rem 0; } figure svg { width: 100%; height: auto; }
figcaption { font-size: .88rem; margin-top: .4rem; }
.wide { overflow-x: auto; margin: 1.2rem 0; }
table { border-collapse: collapse; font-size: .85rem; border-top: 1.5px solid #111; border-bottom: 1.5px solid #111; }
thead { border-bottom: 1px solid #111; } caption { text-align: left; font-weight: bold; padding-bottom: .4rem; }
p { overflow-wrap: anywhere; }
figure { overflow-x: auto; } figure.broad svg { min-width: 34rem; }
th, td { padding: .2rem .6rem; vertical-align: top; text-align: left; font-weight: normal; }
thead th, tbody th[scope=rowgroup] { font-weight: bold; }
tfoot { border-top: 1px solid #111; } code, dd { font-family: 'Liberation Mono', Menlo, Consolas, monospace; font-size: .9em;
  overflow-wrap: anywhere; }
dt { font-weight: bold; margin-top: .5rem; } dd { margin-left: 1rem; }
@media (max-width: 40rem) { nav ul { columns: 1; } body { font-size: 16px; } }
@media print { figure.broad svg { min-width: 0; } tbody th[scope=rowgroup] { break-after: avoid; } body { font-size: 10pt; max-width: none; padding: 0; } nav, .skip { display: none; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; } .wide { overflow: visible; }
  table { font-size: 8pt; } a { color: #111; text-decoration: none; } }
";

/// A page in the making.
pub(super) struct Page {
    title: String,
    sections: Vec<(String, String)>,
    figures: usize,
    tables: usize,
}

impl Page {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), sections: Vec::new(), figures: 0, tables: 0 }
    }

    /// Starts a section.
    pub(super) fn section(&mut self, heading: &str) {
        self.sections.push((heading.to_owned(), String::new()));
    }

    /// Words, with the marks of captions.
    pub(super) fn paragraph(&mut self, words: &str) {
        let words = words.trim();
        if !words.is_empty() {
            self.put(&format!("<p>{}</p>\n", marked(words)));
        }
    }

    pub(super) fn list(&mut self, items: &[String]) {
        let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
        self.put(&format!("<ul>\n{items}</ul>\n"));
    }

    /// Names and their values.
    pub(super) fn facts(&mut self, facts: &[(String, String)]) {
        let each = facts.iter().map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>\n", escape(name), escape(value)));
        let each: String = each.collect();
        self.put(&format!("<dl>\n{each}</dl>\n"));
    }

    /// A table that is HTML already. A wide one is scrolled by itself, by keyboard too.
    pub(super) fn table(&mut self, html: &str) {
        self.tables += 1;
        let number = self.tables;
        self.put(&format!(
            "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table {number}\">\n{html}</div>\n"
        ));
    }

    /// A figure with its caption.
    pub(super) fn figure(&mut self, drawing: &Drawing) {
        self.figures += 1;
        let svg = drawing.inline(&format!("figure{}-", self.figures));
        let caption = marked(&drawing.caption);
        let width = drawing.sheet.width * 25.4 / 72.0;
        self.put(&format!(
            "<figure{} style=\"max-width: {:.0}mm\">\n{svg}<figcaption>Figure {}. {caption}</figcaption>\n</figure>\n",
            // On a telephone a wide figure is scrolled rather than shrunk until nobody can read it.
            if width > 100.0 { " class=\"broad\"" } else { "" },
            // On a screen a figure may be looked at larger than in print.
            (width * 1.35).min(230.0),
            self.figures
        ));
    }

    fn put(&mut self, html: &str) {
        if let Some((_, body)) = self.sections.last_mut() {
            body.push_str(html);
        }
    }

    /// The whole page.
    pub(super) fn finish(self, version: &str) -> String {
        let title = escape(&self.title);
        let mut out = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             {GENERATOR}{}\"/>\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#section1\">To the text</a>\n<header><h1>{title}</h1></header>\n\
             <nav aria-label=\"Sections\"><ul>\n",
            escape(version)
        );
        for (index, (heading, _)) in self.sections.iter().enumerate() {
            let _ = writeln!(out, "<li><a href=\"#section{}\">{}</a></li>", index + 1, escape(heading));
        }
        out += "</ul></nav>\n<main>\n";
        for (index, (heading, body)) in self.sections.iter().enumerate() {
            let id = format!("section{}", index + 1);
            let _ = write!(
                out,
                "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n{body}</section>\n",
                escape(heading)
            );
        }
        out + "</main>\n</body>\n</html>\n"
    }
}

/// The Markdown of captions (`**bold**`, `*slanted*`, `` `code` ``) as HTML.
fn marked(caption: &str) -> String {
    let mut out = escape(caption.trim());
    for (mark, tag) in [("**", "strong"), ("*", "em"), ("`", "code")] {
        let mut parts = out.split(mark);
        let mut made = parts.next().unwrap_or_default().to_owned();
        let rest: Vec<&str> = parts.collect();
        for (index, part) in rest.iter().enumerate() {
            // A mark without its partner is a character like any other.
            match (index % 2 == 0, index + 1 == rest.len()) {
                (true, true) => made += mark,
                (true, false) => made += &format!("<{tag}>"),
                (false, _) => made += &format!("</{tag}>"),
            }
            made += part;
        }
        out = made;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_keep_their_marks_and_hostile_words_stay_words() {
        assert_eq!(marked("**A.** b *c* `d`"), "<strong>A.</strong> b <em>c</em> <code>d</code>");
        assert_eq!(marked("a * b"), "a * b");
        assert_eq!(marked("<script>"), "&lt;script&gt;");
    }

    #[test]
    fn a_page_names_its_sections_once_and_nests_them() {
        let mut page = Page::new("A & B");
        page.section("One");
        page.paragraph("words");
        page.section("Two");
        page.list(&["<item>".to_owned()]);
        let html = page.finish("0");
        assert_eq!(html.matches("<section").count(), html.matches("</section>").count());
        assert!(html.contains("<h1>A &amp; B</h1>") && html.contains("&lt;item&gt;"));
        assert!(html.contains("href=\"#section2\"") && html.contains("id=\"section2\""));
    }
}
