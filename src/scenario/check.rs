//! Reading single values: of the right kind, in range, with their provenance.

use super::report::{Origin, Report};
use super::units::{self, nearest};
use super::written::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::parameter::{Declaration, Grade, Provenance, Unit};
use crate::quantity::Date;
use std::collections::BTreeMap;

/// A value with what is said about it.
pub(super) struct Given<'n> {
    pub(super) node: &'n Node,
    pub(super) provenance: Provenance,
}

/// Reads values and gathers what is wrong with them.
pub(super) struct Check<'r> {
    pub(super) report: &'r mut Report,
    /// First day and days in a tick, once known: dates may be written in ticks.
    pub(super) clock: Option<(Date, f64)>,
    /// Where the facts come from.
    pub(super) facts: BTreeMap<String, Provenance>,
}

impl Check<'_> {
    /// An error there, with a way out.
    pub(super) fn error(&mut self, at: Origin, message: impl Into<String>, hint: impl Into<String>) {
        self.report.noticed(at, Diagnostic::error(message).hint(hint));
    }

    /// A warning there, with a way out.
    pub(super) fn warn(&mut self, at: Origin, message: impl Into<String>, hint: impl Into<String>) {
        self.report.noticed(at, Diagnostic::warning(message).hint(hint));
    }

    /// That something is missing there, with a way out.
    pub(super) fn missing(&mut self, at: Origin, message: impl Into<String>, hint: impl Into<String>) {
        self.report.missing(at, Diagnostic::error(message).hint(hint));
    }

    /// The entries of a table; anything else is an error.
    pub(super) fn table<'n>(&mut self, node: &'n Node, path: &str) -> &'n [Entry] {
        match &node.value {
            Value::Table(entries) => entries,
            _ => {
                let message = format!("{path} is a table, but {} stands here", node.kind());
                self.error(node.at, message, format!("write [{path}] on a line of its own, and its keys below"));
                &[]
            }
        }
    }

    /// Reports every key that is not among the known ones.
    pub(super) fn unknown_keys(&mut self, entries: &[Entry], path: &str, known: &[&str]) {
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            self.unknown_key(entry, path, known, &[]);
        }
    }

    /// Reports one unknown key, with the nearest of its table, or else of the full keys given.
    pub(super) fn unknown_key(&mut self, entry: &Entry, path: &str, known: &[&str], elsewhere: &[String]) {
        let key = shortened(&entry.key);
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let same_name = elsewhere.iter().find(|other| other.rsplit('.').next() == Some(entry.key.as_str()));
        let hint = match (nearest(&entry.key, known.iter().copied()), same_name) {
            (Some(near), _) => format!("did you mean {near}?"),
            (None, Some(other)) => format!("there is {other}; is it that?"),
            (None, None) if known.is_empty() => "take it out".to_owned(),
            (None, None) => format!("known here: {}", listed(known)),
        };
        self.error(entry.key_at, format!("{full} is not known"), hint);
    }

    /// A value that may come with its source: plain, or `{ value = …, source = …, grade = … }`.
    pub(super) fn given<'n>(&mut self, node: &'n Node, path: &str) -> Option<Given<'n>> {
        let set_by = self.report.set_by(node.at);
        let Some(entries) = node.entries() else {
            return Some(Given {
                node,
                provenance: Provenance { grade: Grade::Assumed, source: "".into(), set_by: set_by.into() },
            });
        };
        self.unknown_keys(entries, path, &["value", "source", "grade"]);
        let source = node.get("source").and_then(|source| self.text(source, &format!("{path}.source")));
        let grade = node.get("grade").and_then(|grade| self.grade(grade, path));
        let Some(value) = node.get("value") else {
            let hint = "write { value = …, source = \"…\", grade = \"seen\" }, or the value alone";
            self.missing(node.at, format!("{path} has no value"), hint);
            return None;
        };
        let source = source.unwrap_or_default();
        let unsaid = if source.is_empty() { Grade::Assumed } else { Grade::Memory };
        let grade = grade.unwrap_or(unsaid);
        if source.is_empty() && matches!(grade, Grade::Seen | Grade::Memory) {
            let message = format!("{path} is graded {}, but names no source", grade.key());
            self.warn(node.at, message, "add source = \"…\", or grade it assumed");
        }
        let set_by = self.report.set_by(value.at);
        Some(Given { node: value, provenance: Provenance { grade, source: source.into(), set_by: set_by.into() } })
    }

    fn grade(&mut self, node: &Node, path: &str) -> Option<Grade> {
        let words = Grade::ALL.map(Grade::key);
        let word = self.one_of(node, &format!("{path}.grade"), &words)?;
        Grade::from_key(word)
    }

    /// A text.
    pub(super) fn text(&mut self, node: &Node, path: &str) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                let written = shortened(self.report.written(node.at));
                let message = format!("{path} is a text, but {} stands here", node.kind());
                self.error(node.at, message, format!("put it in quotes: \"{}\"", written.trim_matches('"')));
                None
            }
        }
    }

    /// A name for people: a text that stands on one line of a table, a chart, a page.
    pub(super) fn name(&mut self, node: &Node, path: &str) -> Option<String> {
        const LONGEST: usize = 120;
        let name = self.text(node, path)?;
        let length = name.chars().count();
        if name.chars().any(char::is_control) {
            self.error(node.at, format!("{path} is not one line of text"), "take line breaks and tabs out");
            return None;
        }
        if length > LONGEST {
            let message = format!("{path} has {length} characters, and would stand in every table and chart");
            self.error(node.at, message, format!("write at most {LONGEST}"));
            return None;
        }
        Some(name)
    }

    /// One of some words; `true` and `false` stand for on and off.
    pub(super) fn one_of<'w>(&mut self, node: &Node, path: &str, words: &[&'w str]) -> Option<&'w str> {
        let written = match &node.value {
            Value::Text(text) => text.as_str(),
            Value::Truth(true) => "on",
            Value::Truth(false) => "off",
            _ => "",
        };
        if let Some(word) = words.iter().find(|word| **word == written) {
            return Some(word);
        }
        let hint = match nearest(written, words.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("write \"{}\"", words.join("\" or \"")),
        };
        let shown = shortened(self.report.written(node.at));
        self.error(node.at, format!("{path} is one of {}, but {shown} is not", words.join(", ")), hint);
        None
    }

    /// A whole number from `low` to `high`.
    pub(super) fn whole(&mut self, node: &Node, path: &str, low: u64, high: u64) -> Option<u64> {
        let number = match &node.value {
            Value::Whole(number) => *number,
            _ => {
                let message = format!("{path} is a whole number, but {} stands here", node.kind());
                self.error(node.at, message, format!("write a whole number from {low} to {high}"));
                return None;
            }
        };
        match u64::try_from(number) {
            Ok(number) if low <= number && number <= high => Some(number),
            _ => {
                let shown = shortened(self.report.written(node.at));
                let message = format!("{path} is a whole number, but {shown} is outside {low} to {high}");
                self.error(node.at, message, format!("write a whole number from {low} to {high}"));
                None
            }
        }
    }

    /// A number of some unit within a range, plain or in words.
    pub(super) fn quantity(&mut self, node: &Node, path: &str, unit: Unit, range: (f64, f64)) -> Option<f64> {
        let noun = units::noun(unit);
        let value = match &node.value {
            Value::Whole(number) => *number as f64,
            Value::Real(number) => *number,
            Value::Text(text) => match units::in_words(unit, text) {
                Ok(value) => value,
                Err(trouble) => {
                    self.error(node.at, format!("{path} {}", trouble.message), trouble.hint);
                    return None;
                }
            },
            _ => {
                let message = format!("{path} is {noun}, but {} stands here", node.kind());
                self.error(node.at, message, units::example(unit));
                return None;
            }
        };
        let shown = shortened(self.report.written(node.at));
        if !value.is_finite() {
            self.error(node.at, format!("{path} is {noun}, but {shown} is no finite number"), units::example(unit));
            return None;
        }
        let (low, high) = range;
        if !(low <= value && value <= high) {
            let (low_text, high_text) = (units::number(low), units::number(high));
            if range == (f64::MIN_POSITIVE, f64::MAX) {
                self.error(node.at, format!("{path} is {noun} above 0, but {shown} is not"), "write a value above 0");
                return None;
            }
            let days = if unit == Unit::Days { " days" } else { "" };
            let message = format!("{path} is {noun}, but {shown} is outside {low_text} to {high_text}{days}");
            let of_a_whole = matches!(unit, Unit::Probability | Unit::Share);
            let as_percent = of_a_whole && !shown.contains('%') && 1.0 < value && value <= 100.0;
            let hint = if as_percent {
                // Rounded, lest the hundredth part show the noise of its last bit.
                let hundredth = (value * 1e10).round() / 1e12;
                format!("if you meant {} %, write {}", units::number(value), units::number(hundredth))
            } else {
                format!("write a value from {low_text} to {high_text}{days}")
            };
            self.error(node.at, message, hint);
            return None;
        }
        if unit == Unit::Count && value.fract() != 0.0 {
            let hint = format!("write {} or {}", value.floor(), value.ceil());
            self.error(node.at, format!("{path} is a count, but {shown} is not whole"), hint);
            return None;
        }
        Some(value)
    }

    /// A declared number, with its provenance.
    pub(super) fn number(&mut self, node: &Node, path: &str, of: &Declaration) -> Option<(f64, Provenance)> {
        let given = self.given(node, path)?;
        let value = self.quantity(given.node, path, of.unit, (of.low, of.high))?;
        Some((value, given.provenance))
    }

    /// A date, or a number of ticks after the start.
    pub(super) fn date(&mut self, node: &Node, path: &str) -> Option<Date> {
        let hint = "write a date such as 2006-01-31, without quotes, or a whole number of ticks after time.start";
        match &node.value {
            Value::Moment(moment) => {
                if let (Some(date), None) = (moment.date, moment.time) {
                    let date = Date::new(i32::from(date.year), date.month, date.day);
                    if date.is_none() {
                        self.error(node.at, format!("{path} is a date that the calendar does not have"), hint);
                    }
                    return date;
                }
                self.error(node.at, format!("{path} is a date, but a time of day stands here"), hint);
                None
            }
            Value::Whole(ticks) => {
                if !(0..=10_000_000).contains(ticks) {
                    let shown = shortened(self.report.written(node.at));
                    let message = format!("{path} is a date in ticks, but {shown} is outside 0 to 10000000");
                    self.error(node.at, message, hint);
                    return None;
                }
                let (start, tick_days) = self.clock?;
                let date = Date::from_days((f64::from(start.days()) + *ticks as f64 * tick_days).round() as i32);
                if date.is_none() {
                    self.error(node.at, format!("{path} lies beyond the calendar"), hint);
                }
                date
            }
            Value::Text(text) => {
                let bare = text.parse::<toml::value::Datetime>().is_ok();
                let hint = if bare { format!("write {text} without quotes") } else { hint.to_owned() };
                self.error(node.at, format!("{path} is a date, but a text stands here"), hint);
                None
            }
            _ => {
                self.error(node.at, format!("{path} is a date, but {} stands here", node.kind()), hint);
                None
            }
        }
    }

    /// A fact of an entity, with its provenance noted; `None` when it is absent, taken out or wrong.
    pub(super) fn fact<T>(
        &mut self,
        entity: &Node,
        path: &str,
        key: &str,
        read: impl FnOnce(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<T> {
        let node = entity.get(key).filter(|node| !node.takes_out())?;
        let path = format!("{path}.{key}");
        let given = self.given(node, &path)?;
        let value = read(self, given.node, &path)?;
        self.facts.insert(path, given.provenance);
        Some(value)
    }
}

/// A one-word name: letters, digits, `_`; hyphens where allowed.
pub(super) fn is_word(text: &str, hyphens: bool) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || (hyphens && c == '-'))
}

/// The first of many, in a list for people.
pub(super) fn listed(words: &[&str]) -> String {
    const SHOWN: usize = 12;
    let shown = words.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if words.len() > SHOWN { format!("{shown} and {} more", words.len() - SHOWN) } else { shown }
}

/// A text short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let line = text.split('\n').next().unwrap_or("").trim_end();
    if line.chars().count() <= SHOWN && line.len() == text.trim_end().len() {
        return line.to_owned();
    }
    format!("{}…", line.chars().take(SHOWN).collect::<String>())
}
