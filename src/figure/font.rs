//! Text as it will be printed: bundled faces, measured widths, line breaks, a tiny markup.
//!
//! `^{…}` raises, `_{…}` lowers and `/{…}` slants what stands between the braces. Widths are sums
//! of unscaled advances and kerning of the bundled Liberation Sans, which shares its metrics with
//! Arial and Helvetica, so the layout holds in an editor that has only those.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef};

/// Which cut of the typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Upright, for everything that has no reason to differ.
    Regular,
    /// For headings and panel letters.
    Bold,
    /// For symbols.
    Italic,
}

impl Face {
    /// The bytes of the bundled TrueType file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../assets/LiberationSans-Regular.ttf"),
            Self::Bold => include_bytes!("../../assets/LiberationSans-Bold.ttf"),
            Self::Italic => include_bytes!("../../assets/LiberationSans-Italic.ttf"),
        }
    }

    fn font(self) -> &'static FontRef<'static> {
        static FONTS: OnceLock<[FontRef<'static>; 3]> = OnceLock::new();
        let fonts = FONTS.get_or_init(|| {
            [Self::Regular, Self::Bold, Self::Italic]
                .map(|face| FontRef::try_from_slice(face.bytes()).expect("the bundled fonts are whole"))
        });
        &fonts[self as usize]
    }
}

/// The typefaces an editor may use, the bundled one first.
pub const FAMILY: &str = "'Liberation Sans', Arial, Helvetica, sans-serif";
/// Height of a capital letter, in em.
pub const CAP_HEIGHT: f64 = 0.716;
/// How far letters such as `g` reach below the baseline, in em.
pub const DESCENT: f64 = 0.212;
/// Distance between baselines, in em.
pub const LEADING: f64 = 1.2;
/// Size of raised and lowered text, so that 7 pt text keeps its exponents above 6 pt.
pub const SCRIPT_SIZE: f64 = 0.86;

/// Where a run of text stands against the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// On the line.
    Base,
    /// Raised.
    Super,
    /// Lowered.
    Sub,
}

impl Script {
    /// How far below the baseline, in em of the surrounding text (negative: above).
    pub fn drop(self) -> f64 {
        match self {
            Self::Base => 0.0,
            Self::Super => -0.33,
            Self::Sub => 0.16,
        }
    }
}

/// A stretch of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// The words.
    pub text: &'a str,
    /// Raised, lowered or neither.
    pub script: Script,
    /// Whether it is slanted.
    pub italic: bool,
}

/// The runs of a text with markup.
pub fn runs(text: &str) -> Vec<Run<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let plain = |text| Run { text, script: Script::Base, italic: false };
    while let Some((start, end)) = next_mark(rest) {
        if start > 0 {
            found.push(plain(&rest[..start]));
        }
        let inner = &rest[start + 2..end];
        found.push(match rest.as_bytes()[start] {
            b'^' => Run { text: inner, script: Script::Super, italic: false },
            b'_' => Run { text: inner, script: Script::Sub, italic: false },
            _ => Run { text: inner, script: Script::Base, italic: true },
        });
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        found.push(plain(rest));
    }
    found
}

fn next_mark(text: &str) -> Option<(usize, usize)> {
    let start = ["^{", "_{", "/{"].iter().filter_map(|mark| text.find(mark)).min()?;
    let length = text[start..].find('}')?;
    Some((start, start + length))
}

/// The first character the bundled font cannot draw, if any.
pub fn missing_glyph(text: &str, face: Face) -> Option<char> {
    text.chars().find(|&letter| face.font().glyph_id(letter).0 == 0)
}

/// How wide the text is, in the unit of `size`.
pub fn width(text: &str, face: Face, size: f64) -> f64 {
    runs(text).iter().map(|run| run_width(run, face, size)).sum()
}

fn run_width(run: &Run<'_>, face: Face, size: f64) -> f64 {
    let font = if run.italic { Face::Italic } else { face }.font();
    let units = f64::from(font.units_per_em().unwrap_or(2048.0));
    let size = if run.script == Script::Base { size } else { size * SCRIPT_SIZE };
    let mut previous = None;
    let mut sum = 0.0;
    for letter in run.text.chars() {
        let glyph = font.glyph_id(letter);
        sum += f64::from(font.h_advance_unscaled(glyph));
        if let Some(before) = previous {
            sum += f64::from(font.kern_unscaled(before, glyph));
        }
        previous = Some(glyph);
    }
    sum / units * size
}

/// The widest of several texts.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, face: Face, size: f64) -> f64 {
    texts.into_iter().map(|text| width(text, face, size)).fold(0.0, f64::max)
}

/// The text in lines no wider than `limit`; words too long for a line are cut, and a text that needs
/// more than `most` lines ends in an ellipsis.
pub fn wrap(text: &str, face: Face, size: f64, limit: f64, most: usize) -> Vec<String> {
    let fits = |line: &str| width(line, face, size) <= limit;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&joined) {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(letter);
            }
        }
    }
    lines.push(line);
    if lines.len() > most {
        lines.truncate(most.max(1));
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && !fits(&format!("{last}…")) {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// The text on one line, cut with an ellipsis when it is wider than `limit`.
pub fn shorten(text: &str, face: Face, size: f64, limit: f64) -> String {
    let mut lines = wrap(text, face, size, limit, usize::MAX);
    if lines.len() == 1 {
        return lines.remove(0);
    }
    let mut kept: String = text.to_owned();
    while !kept.is_empty() && width(&format!("{}…", kept.trim_end()), face, size) > limit {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_the_figures_use_has_a_glyph_in_every_face() {
        let ascii: String = (' '..='~').collect();
        for face in [Face::Regular, Face::Bold, Face::Italic] {
            assert_eq!(missing_glyph(&ascii, face), None);
            assert_eq!(missing_glyph("−–—…±×·≥≤→←ΔμσÄéñçữ“”‘’\u{a0}", face), None, "{face:?}");
            assert_eq!(missing_glyph("国", face), Some('国'));
        }
    }

    #[test]
    fn widths_are_those_of_arial() {
        assert!((width("M", Face::Regular, 1000.0) - 833.0).abs() < 0.5);
        assert!((width("0.5", Face::Regular, 1000.0) - (556.0 + 278.0 + 556.0)).abs() < 0.5);
        assert!(width("10^{2}", Face::Regular, 7.0) < width("102", Face::Regular, 7.0));
    }

    #[test]
    fn wrapped_lines_fit_whatever_the_words() {
        for text in ["a short one", "Donaudampfschifffahrtsgesellschaftskapitän of the region", "", "   "] {
            for line in wrap(text, Face::Regular, 7.0, 60.0, 3) {
                assert!(width(&line, Face::Regular, 7.0) <= 60.0, "{line}");
            }
        }
    }

    #[test]
    fn markup_is_read_and_the_rest_left_alone() {
        let found = runs("m^{2} of /{x} or a/b");
        assert_eq!(found.len(), 5);
        assert_eq!(found[1].script, Script::Super);
        assert!(found[3].italic);
        assert_eq!(runs("a^{b").len(), 1);
    }
}
