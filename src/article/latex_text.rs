//! Text as LaTeX takes it.

use super::printed::one_line;

/// Text in which nothing is a command; it has no end of line, its braces balance, and it may stand at the start of a row.
pub(super) fn escaped(text: &str) -> String {
    let line = one_line(text);
    let letters: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len() + 16);
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| letters[before]);
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(letter);
            }
            // Two of them would be another sign.
            '-' | ',' | '\'' if before == Some(letter) => {
                out.push_str("{}");
                out.push(letter);
            }
            // A date, or a span of years, stays on its line.
            '-' if before.is_some_and(|b| b.is_ascii_digit())
                && letters.get(place + 1).is_some_and(char::is_ascii_digit) =>
            {
                out.push_str("\\mbox{-}");
            }
            // What follows the end of a row in these would be taken for its options.
            '[' | '*' if place == 0 => {
                out.push('{');
                out.push(letter);
                out.push('}');
            }
            '"' => out.push_str(if opens(before) { "``" } else { "''" }),
            _ => match command(letter) {
                Some(command) => out.push_str(command),
                None => out.push(letter),
            },
        }
    }
    out
}

/// The same, and a line may end after an underscore or a stroke.
pub(super) fn breakable(text: &str) -> String {
    escaped(text).replace("\\_", "\\_\\allowbreak{}").replace('/', "/\\allowbreak{}")
}

/// Whether a straight quotation mark after that letter opens.
fn opens(before: Option<char>) -> bool {
    before.is_none_or(|before| {
        before.is_whitespace() || matches!(before, '(' | '[' | '{' | '/' | '\u{2013}' | '\u{2014}')
    })
}

fn command(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\\' => "\\textbackslash{}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '`' => "\\textasciigrave{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '\u{a0}' => "~",
        '\u{2009}' | '\u{202f}' => "\\,",
        '\u{2007}' => "\\phantom{0}",
        '\u{ad}' => "\\-",
        '\u{2010}' | '\u{2011}' => "{-}",
        '\u{2212}' => "$-$",
        '\u{2013}' => "\\textendash{}",
        '\u{2014}' => "\\textemdash{}",
        '\u{2018}' => "\\textquoteleft{}",
        '\u{2019}' => "\\textquoteright{}",
        '\u{201a}' => "\\quotesinglbase{}",
        '\u{201c}' => "\\textquotedblleft{}",
        '\u{201d}' => "\\textquotedblright{}",
        '\u{201e}' => "\\quotedblbase{}",
        '\u{2026}' => "\\textellipsis{}",
        '\u{2022}' => "\\textbullet{}",
        '\u{20ac}' => "\\texteuro{}",
        '×' => "$\\times$",
        '÷' => "$\\div$",
        '±' => "$\\pm$",
        '·' => "$\\cdot$",
        '≤' => "$\\leq$",
        '≥' => "$\\geq$",
        '≠' => "$\\neq$",
        '≈' => "$\\approx$",
        '→' => "$\\rightarrow$",
        '←' => "$\\leftarrow$",
        '↔' => "$\\leftrightarrow$",
        '∞' => "$\\infty$",
        'µ' | 'μ' => "$\\mu$",
        'σ' => "$\\sigma$",
        'α' => "$\\alpha$",
        'β' => "$\\beta$",
        'Δ' => "$\\Delta$",
        '¹' => "\\textsuperscript{1}",
        '²' => "\\textsuperscript{2}",
        '³' => "\\textsuperscript{3}",
        '⁰' => "\\textsuperscript{0}",
        '⁴' => "\\textsuperscript{4}",
        '⁵' => "\\textsuperscript{5}",
        '⁶' => "\\textsuperscript{6}",
        '⁷' => "\\textsuperscript{7}",
        '⁸' => "\\textsuperscript{8}",
        '⁹' => "\\textsuperscript{9}",
        '⁻' => "\\textsuperscript{$-$}",
        _ => return None,
    })
}

/// Whether pdfLaTeX with the encoding T1 has no such letter, so that LuaLaTeX or XeLaTeX and a font that has it are needed.
pub(super) fn needs_unicode(letter: char) -> bool {
    let known = letter.is_ascii() || command(letter).is_some() || ('\u{a1}'..='\u{17f}').contains(&letter);
    !known || matches!(letter, 'Ħ' | 'ħ' | 'ĸ' | 'ŀ' | 'Ŀ' | 'ŉ' | 'Ŧ' | 'ŧ' | 'ſ')
}
