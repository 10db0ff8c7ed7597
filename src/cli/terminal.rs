//! What a person sees while the program works: diagnostics, announcements, progress; and Ctrl-C.

use super::diagnostics::render;
use comity::diagnostic::Diagnostic;
use comity::experiment::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Standard error, and how much may be said there.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    quiet: bool,
    colour: bool,
    person: bool,
}

impl Terminal {
    /// Looks at standard error once. `NO_COLOR` is obeyed.
    pub fn new(quiet: bool) -> Self {
        let person = std::io::stderr().is_terminal();
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { quiet, colour: person && wanted, person }
    }

    /// Prints what is wrong or odd. Warnings are left out when quiet.
    pub fn report(&self, diagnostics: &[Diagnostic]) {
        use comity::diagnostic::Severity;
        let shown: Vec<Diagnostic> =
            diagnostics.iter().filter(|d| !self.quiet || d.severity == Severity::Error).cloned().collect();
        if !shown.is_empty() {
            eprint!("{}", render(&shown, self.colour));
        }
    }

    /// Says something that is no data.
    pub fn announce(&self, words: &str) {
        if !self.quiet {
            eprintln!("{words}");
        }
    }

    /// A progress bar over so many runs; invisible where nobody looks.
    pub fn progress(&self, runs: u64, what: &str) -> Progress {
        let target =
            if self.quiet || !self.person { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(runs), target);
        let template = "{msg:<22} [{bar:32}] {human_pos}/{human_len} runs, {rate}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // What cannot be written is not shown.
                let _ = write!(out, "{}/s", grouped(state.per_sec() as u64));
            };
            bar.set_style(style.progress_chars("=> ").with_key("rate", rate));
        }
        bar.set_message(what.to_owned());
        if self.person && !self.quiet {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Progress { bar, stopped: stop_flag() }
    }
}

/// The flag that Ctrl-C raises. The second Ctrl-C ends the program at once.
fn stop_flag() -> Arc<AtomicBool> {
    static FLAG: std::sync::OnceLock<Arc<AtomicBool>> = std::sync::OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&flag);
        let handler = ctrlc::set_handler(move || {
            if raised.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            eprintln!("\nstopping: what is whole is kept (Ctrl-C again to give it up)");
        });
        if handler.is_err() {
            eprintln!("warning: Ctrl-C will not end cleanly here");
        }
        flag
    });
    Arc::clone(flag)
}

/// Progress of an experiment, and the wish to stop it.
pub struct Progress {
    bar: ProgressBar,
    stopped: Arc<AtomicBool>,
}

impl Progress {
    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn advanced(&self, by: u64) {
        self.bar.inc(by);
    }

    fn expects(&self, more: u64) {
        self.bar.inc_length(more);
    }

    fn stop(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

/// A whole number with thin groups of three, as in 108,900.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// So many of something: `1 arm`, `2,800 runs`.
pub fn counted(number: usize, one: &str) -> String {
    format!("{} {one}{}", grouped(number as u64), if number == 1 { "" } else { "s" })
}

/// A number to three or four significant digits, for tables on the screen.
pub fn rounded(value: f64) -> String {
    if value.is_nan() {
        return "-".to_owned();
    }
    let size = value.abs();
    if size >= 1000.0 {
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}{}", grouped(size.round() as u64))
    } else if size >= 100.0 || size == 0.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else if size >= 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

/// Rows of words in columns; the columns named in `right` are set flush right.
pub fn columns(rows: &[Vec<String>], right: &[usize]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (column, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[column] - cell.chars().count());
            line.push(' ');
            line += &if right.contains(&column) { format!("{space}{cell}") } else { format!("{cell}{space}") };
            line.push(' ');
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}
