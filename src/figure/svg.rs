//! A sheet as SVG of physical size: millimetres outside, points inside, two decimals everywhere.

use std::fmt::Write as _;

use super::font::{self, Face};
use super::sheet::{Anchor, Dash, Mark, Sheet, Stroke};

/// Points in a millimetre.
pub const POINTS_PER_MILLIMETRE: f64 = 72.0 / 25.4;

/// A coordinate with at most two decimals, without a negative zero.
pub fn coordinate(value: f64) -> String {
    let rounded = libm::round(value * 100.0) / 100.0;
    let text = format!("{:.2}", if rounded == 0.0 { 0.0 } else { rounded });
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text that is safe between tags and in attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

/// What stands before an SVG document of its own.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The sheet as an SVG document with a title and a description for readers who cannot see it.
pub fn write(sheet: &Sheet, title: &str, description: &str) -> String {
    format!("{DECLARATION}{}", element(sheet, title, description, ""))
}

/// The start of an SVG element up to its content: physical size, points inside, title and description.
pub(super) fn head(sheet: &Sheet, title: &str, description: &str, prefix: &str) -> String {
    let mut out = String::new();
    let (width, height) = (coordinate(sheet.width), coordinate(sheet.height));
    let millimetres = |points: f64| coordinate(points / POINTS_PER_MILLIMETRE);
    push(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{prefix}title {prefix}desc\">\n",
            millimetres(sheet.width),
            millimetres(sheet.height)
        ),
    );
    push(&mut out, format_args!("<title id=\"{prefix}title\">{}</title>\n", escape(title)));
    push(&mut out, format_args!("<desc id=\"{prefix}desc\">{}</desc>\n", escape(description)));
    out
}

/// The sheet as an element of a page; every identifier in it begins with the prefix.
pub fn element(sheet: &Sheet, title: &str, description: &str, prefix: &str) -> String {
    let mut out = head(sheet, title, description, prefix);
    let (width, height) = (coordinate(sheet.width), coordinate(sheet.height));
    if !sheet.clips.is_empty() {
        out.push_str("<defs>\n");
        for (index, clip) in sheet.clips.iter().enumerate() {
            push(
                &mut out,
                format_args!(
                    "<clipPath id=\"{prefix}clip{index}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n",
                    coordinate(clip.left),
                    coordinate(clip.top),
                    coordinate(clip.width()),
                    coordinate(clip.height())
                ),
            );
        }
        out.push_str("</defs>\n");
    }
    push(&mut out, format_args!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n", sheet.ground.hex()));
    push(&mut out, format_args!("<g font-family=\"{}\">\n", font::FAMILY));
    for mark in &sheet.marks {
        write_mark(&mut out, mark, prefix);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn push(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words).expect("writing to a String cannot fail");
}

fn write_mark(out: &mut String, mark: &Mark, prefix: &str) {
    match mark {
        Mark::Path { points, closed, stroke, fill, clip } => {
            out.push_str("<path d=\"");
            for (index, (x, y)) in points.iter().enumerate() {
                let letter = if index == 0 { 'M' } else { 'L' };
                push(out, format_args!("{letter}{} {}", coordinate(*x), coordinate(*y)));
            }
            out.push_str(if *closed { "Z\"" } else { "\"" });
            finish(out, *stroke, fill.map(|colour| colour.hex()), clip.map(|clip| (clip, prefix)));
        }
        Mark::Circle { centre, radius, stroke, fill, clip } => {
            push(
                out,
                format_args!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"",
                    coordinate(centre.0),
                    coordinate(centre.1),
                    coordinate(*radius)
                ),
            );
            finish(out, *stroke, fill.map(|colour| colour.hex()), clip.map(|clip| (clip, prefix)));
        }
        Mark::Text { at, text, lettering } => {
            let (x, y) = (coordinate(at.0), coordinate(at.1));
            push(out, format_args!("<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"", coordinate(lettering.size)));
            out.push_str(match lettering.face {
                Face::Regular => "",
                Face::Bold => " font-weight=\"bold\"",
                Face::Italic => " font-style=\"italic\"",
            });
            out.push_str(match lettering.anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            });
            if lettering.angle != 0.0 {
                push(out, format_args!(" transform=\"rotate({} {x} {y})\"", coordinate(lettering.angle)));
            }
            push(out, format_args!(" fill=\"{}\">", lettering.colour.hex()));
            write_runs(out, text, lettering.size);
            out.push_str("</text>\n");
        }
    }
}

fn write_runs(out: &mut String, text: &str, size: f64) {
    let mut dropped = 0.0;
    for run in font::runs(text) {
        let (script, plain) = (run.script, !run.italic && run.script == font::Script::Base);
        if plain && dropped == 0.0 {
            out.push_str(&escape(run.text));
            continue;
        }
        out.push_str("<tspan");
        let drop = script.drop() * size;
        if drop != dropped {
            push(out, format_args!(" dy=\"{}\"", coordinate(drop - dropped)));
        }
        if script != font::Script::Base {
            push(out, format_args!(" font-size=\"{}\"", coordinate(size * font::SCRIPT_SIZE)));
        }
        if run.italic {
            out.push_str(" font-style=\"italic\"");
        }
        push(out, format_args!(">{}</tspan>", escape(run.text)));
        dropped = drop;
    }
}

fn finish(out: &mut String, stroke: Option<Stroke>, fill: Option<String>, clip: Option<(usize, &str)>) {
    push(out, format_args!(" fill=\"{}\"", fill.as_deref().unwrap_or("none")));
    if let Some(stroke) = stroke {
        push(out, format_args!(" stroke=\"{}\" stroke-width=\"{}\"", stroke.colour.hex(), coordinate(stroke.width)));
        let w = stroke.width.max(0.5);
        let dash = match stroke.dash {
            Dash::Solid => None,
            Dash::Dashed => Some(vec![4.0 * w, 2.5 * w]),
            Dash::Dotted => Some(vec![w, 2.0 * w]),
            Dash::DashDot => Some(vec![4.0 * w, 2.0 * w, w, 2.0 * w]),
        };
        match dash {
            None => out.push_str(" stroke-linejoin=\"round\""),
            Some(parts) => {
                let parts: Vec<String> = parts.into_iter().map(coordinate).collect();
                push(out, format_args!(" stroke-dasharray=\"{}\" stroke-linejoin=\"round\"", parts.join(" ")));
            }
        }
    }
    if let Some((clip, prefix)) = clip {
        push(out, format_args!(" clip-path=\"url(#{prefix}clip{clip})\""));
    }
    out.push_str("/>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_never_negative_zero() {
        assert_eq!(coordinate(-0.001), "0");
        assert_eq!(coordinate(12.5), "12.5");
        assert_eq!(coordinate(-3.456), "-3.46");
        assert_eq!(coordinate(100.0), "100");
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escape("<a href=\"x\">&\u{0}"), "&lt;a href=&quot;x&quot;&gt;&amp; ");
    }
}
