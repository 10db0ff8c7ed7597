//! A hostile label stays in its cell, in every format.

use super::with_label;
use comity::article::Format;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

/// Texts that have meant something to some format.
const KNOWN: &[&str] = &[
    "|",
    "\\|",
    "\\",
    "\\\\",
    "&",
    "%",
    "$",
    "#",
    "_",
    "{",
    "}",
    "~",
    "^",
    "[",
    "]",
    "*",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "@",
    "\n",
    "\r\n",
    "\t",
    "\u{2028}",
    "\u{202e}",
    "\u{a0}",
    "--",
    "---",
    "''",
    "``",
    "\\end{tabular}",
    "\\\\[1cm]",
    "</td>",
    "<script>",
    "-->",
    "&amp;",
    "](x)",
    "![",
    "#[",
    "//",
    "/*",
    "*/",
    "\"), \"",
    ",",
    ";",
    "−",
    "×10⁶",
    "é",
    "ไทย",
];

/// Texts that have meant something to some format, and whatever else there is.
fn hostile() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(KNOWN).prop_map(str::to_owned);
    let letter = any::<char>().prop_map(String::from);
    let word = Just("abc 12".to_owned());
    proptest::collection::vec(prop_oneof![4 => known, 1 => letter, 1 => word], 0..12).prop_map(|parts| parts.concat())
}

/// Unescaped bars in a line of Markdown: a backslash takes the character behind it along.
fn bars(line: &str) -> usize {
    let mut letters = line.chars();
    let mut count = 0;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '|' => count += 1,
            _ => {}
        }
    }
    count
}

/// What LaTeX takes for more than a letter, in order; braces must balance.
fn commands(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut depth = 0_i32;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let mut name = String::new();
                while let Some(next) = letters.next_if(char::is_ascii_alphabetic) {
                    name.push(next);
                }
                if name.is_empty() {
                    name.extend(letters.next());
                }
                out.push(format!("\\{name}"));
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            '&' | '%' | '#' | '_' | '^' => out.push(letter.to_string()),
            _ => {}
        }
        assert!(depth >= 0, "a brace closes what none opened: {text}");
    }
    assert_eq!(depth, 0, "braces do not balance: {text}");
    out
}

/// Commands that only make letters.
const LETTERS: [&str; 32] = [
    "\\&",
    "\\%",
    "\\$",
    "\\#",
    "\\_",
    "\\{",
    "\\}",
    "\\,",
    "\\-",
    "\\textbackslash",
    "\\textasciitilde",
    "\\textasciicircum",
    "\\textasciigrave",
    "\\textless",
    "\\textgreater",
    "\\textbar",
    "\\textendash",
    "\\textemdash",
    "\\textquoteleft",
    "\\textquoteright",
    "\\quotesinglbase",
    "\\textquotedblleft",
    "\\textquotedblright",
    "\\quotedblbase",
    "\\textellipsis",
    "\\textbullet",
    "\\texteuro",
    "\\textsuperscript",
    "\\mbox",
    "\\phantom",
    "\\allowbreak",
    "\\times",
];
/// The same within a formula.
const FORMULA: [&str; 14] = [
    "\\div",
    "\\pm",
    "\\cdot",
    "\\leq",
    "\\geq",
    "\\neq",
    "\\approx",
    "\\rightarrow",
    "\\leftarrow",
    "\\leftrightarrow",
    "\\infty",
    "\\mu",
    "\\sigma",
    "\\alpha",
];

/// What builds the table, in order: all but what only makes letters.
fn skeleton(text: &str) -> Vec<String> {
    let body: String = text.lines().filter(|line| !line.starts_with('%')).map(|line| format!("{line}\n")).collect();
    let is_letter = |command: &String| {
        LETTERS.contains(&command.as_str())
            || FORMULA.contains(&command.as_str())
            || matches!(command.as_str(), "\\beta" | "\\Delta")
    };
    // How wide columns are depends on the words in them.
    let widths = |command: &String| {
        matches!(
            command.as_str(),
            "\\linewidth" | "\\raggedright" | "\\arraybackslash" | "\\footnotesize" | "\\scriptsize"
        )
    };
    commands(&body).into_iter().filter(|command| !is_letter(command) && !widths(command)).collect()
}

/// The tags of a fragment, in order.
fn tags(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').expect("a tag ends");
        out.push(tag.to_owned());
        rest = after;
    }
    out
}

/// A Typst text without what its strings hold.
fn without_strings(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if inside => drop(letters.next()),
            '"' => {
                inside = !inside;
                out.push('"');
            }
            _ if inside => {}
            _ => out.push(letter),
        }
    }
    assert!(!inside, "a string has no end");
    out
}

/// The cells of a CSV text.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut inside) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => inside = !inside,
            ',' if !inside => row.push(std::mem::take(&mut cell)),
            '\n' if !inside => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(letter),
        }
    }
    rows
}

/// A label that says nothing.
const HARMLESS: &str = "abc";

proptest! {
    #[test]
    fn no_label_breaks_out_of_its_cell_in_markdown(label in hostile()) {
        let text = with_label(&label).markdown();
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(lines.len(), 7, "{text}");
        for line in lines {
            assert_eq!(bars(line), 10, "{line}");
        }
        assert!(!text.contains("<script") || text.contains("\\<script"), "{text}");
    }

    #[test]
    fn no_label_breaks_out_of_its_cell_in_latex(label in hostile()) {
        let text = with_label(&label).latex();
        assert_eq!(skeleton(&text), skeleton(&with_label(HARMLESS).latex()), "{text}");
        for row in text.lines().filter(|line| line.ends_with(" \\\\")) {
            assert!(!row.starts_with(['[', '*']), "{row}");
        }
        let formulas = text.replace("\\$", "").matches('$').count();
        assert_eq!(formulas % 2, 0, "{text}");
    }

    #[test]
    fn no_label_breaks_out_of_its_cell_in_html(label in hostile()) {
        assert_eq!(tags(&with_label(&label).html()), tags(&with_label(HARMLESS).html()));
    }

    #[test]
    fn no_label_breaks_out_of_its_string_in_typst(label in hostile()) {
        let (text, plain) = (with_label(&label).typst(), with_label(HARMLESS).typst());
        assert_eq!(without_strings(&text), without_strings(&plain));
    }

    #[test]
    fn every_label_comes_back_from_csv(label in hostile()) {
        let bytes = with_label(&label).write(Format::Csv).expect("dates are dates");
        let rows = csv(&String::from_utf8(bytes).expect("it is UTF-8"));
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| row.len() == 19));
        assert_eq!(rows[1][1], label);
    }
}

#[test]
fn latex_is_a_table_with_as_many_cells_in_every_row() {
    let text = with_label("R&D_50% {x} \\ 1 #$^~ [y]").latex();
    let environments = |word: &str| -> Vec<String> {
        text.match_indices(word)
            .map(|(at, _)| text[at + word.len()..].split('}').next().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(environments("\\begin{"), ["table", "tabular"]);
    assert_eq!(environments("\\end{"), ["tabular", "table"]);
    for row in text.lines().filter(|line| line.ends_with(" \\\\") && !line.contains("multicolumn")) {
        assert_eq!(row.replace("\\&", "").matches('&').count(), 8, "{row}");
    }
    let label = "R\\&D\\_50\\% \\{x\\} \\textbackslash{} 1 \\#\\$\\textasciicircum{}\\textasciitilde{} [y]";
    assert!(text.contains(label) || text.contains(&label.replace("\\_", "\\_\\allowbreak{}")), "{text}");
    assert!(text.contains("$-$0.78") && text.contains("{[}$-$0.98,~$-$0.58]"), "{text}");
    assert!(text.starts_with("% Needs \\usepackage{booktabs"), "{text}");
}

#[test]
fn latex_says_which_letters_need_a_unicode_engine() {
    assert!(with_label("ไทย").latex().contains("compile it with LuaLaTeX or XeLaTeX"));
    assert!(!with_label("Côte d’Ivoire – São Tomé ≥ 3").latex().contains("LuaLaTeX"));
}
