//! When interventions are in force: grey ground behind the curves, and two words for each above them.
//!
//! The words are those of the intervention's kind. What is of one kind and follows or overlaps is one span; every kind has
//! a lane of its own; where that would take too many, one lane says how many interventions there are.

use super::calendar::day_name;
use super::font::{self, DESCENT, Face, LEADING};
use super::palette::{GREY, LIGHT};
use super::paper::{Panel, Paper};
use super::sheet::{Anchor, Dash, Lettering, Stroke};
use super::{Context, FigureError, columns};
use crate::table::Table;

/// The arm whose interventions are meant, where a schedule has several.
const ARM: &str = "baseline";
/// The most lanes above a panel.
const LANES: usize = 4;

/// A time in which something is in force; a single occasion has no length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub(super) from: i32,
    pub(super) to: i32,
    words: String,
}

/// All that is in force in the time shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Force {
    spans: Vec<Span>,
    /// What stands above the panel: lane, and what is in it.
    named: Vec<(usize, Span)>,
    /// Names and times, for the caption.
    sentence: String,
}

impl Force {
    /// Reads a schedule: columns `start`, `end`, `kind` and `name`, and of several arms the baseline.
    pub(super) fn read(schedule: &Table, (first, last): (i32, i32), context: &Context) -> Result<Self, FigureError> {
        let (starts, ends) = (columns::dates(schedule, "start")?, columns::dates(schedule, "end")?);
        let (kinds, names) = (columns::texts(schedule, "kind")?, columns::texts(schedule, "name")?);
        let arms = schedule.texts("arm");
        let (mut spans, mut told): (Vec<Span>, Vec<String>) = (Vec::new(), Vec::new());
        let own = |row: &usize| arms.is_none_or(|arms| &*arms[*row] == ARM);
        for row in (0..schedule.rows()).filter(own) {
            // An end that is missing lies before every start.
            let end = if ends[row] < starts[row] { last } else { ends[row] };
            if starts[row] >= last || end < first || (end == first && starts[row] < first) {
                continue;
            }
            let (from, to) = (starts[row].max(first), end.min(last));
            let when = match from == to {
                true => format!("on {}", day_name(from)),
                false => format!("{} to {}", day_name(from), day_name(to - 1)),
            };
            told.push(format!("{} ({when})", names[row]));
            spans.push(Span { from, to, words: context.say(&words(&kinds[row])) });
        }
        told.dedup();
        let merged = merged(&spans);
        let mut named = in_lanes(&merged);
        if named.iter().any(|(lane, _)| *lane >= LANES) {
            let from = merged.iter().map(|span| span.from).min().unwrap_or(first);
            let to = merged.iter().map(|span| span.to).max().unwrap_or(last);
            named = vec![(0, Span { from, to, words: format!("{} {}", spans.len(), context.say("interventions")) })];
        }
        let sentence = match told.len() {
            0 => String::new(),
            count if count > 8 => {
                format!(
                    " Interventions as scheduled (grey ground; a single occasion: dotted): {} and {} more.",
                    told[..8].join("; "),
                    count - 8
                )
            }
            _ => format!(" Interventions as scheduled (grey ground; a single occasion: dotted): {}.", told.join("; ")),
        };
        Ok(Self { spans, named, sentence })
    }

    /// What the caption says of it.
    pub(super) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Height of the lanes above a panel.
    pub(super) fn height(&self, size: f64) -> f64 {
        match self.named.iter().map(|(lane, _)| lane + 1).max() {
            Some(lanes) => lanes as f64 * lane_height(size) + size * 0.2,
            None => 0.0,
        }
    }

    /// The grey ground, to be drawn before anything else in the panel; a single occasion is a dotted line.
    pub(super) fn ground(&self, panel: &Panel, bounds: (f64, f64)) {
        let spans: Vec<(i32, i32)> = self.spans.iter().map(|span| (span.from, span.to)).collect();
        shade(panel, &spans, bounds);
        for span in self.spans.iter().filter(|span| span.from == span.to) {
            let day = f64::from(span.from);
            panel.curve(&[(day, bounds.0), (day, bounds.1)], Stroke::solid(0.6, GREY).dashed(Dash::Dotted));
        }
    }

    /// The words above the panel, each over a line as long as its time.
    pub(super) fn lanes(&self, paper: &Paper, panel: &Panel, size: f64) {
        let place = panel.place;
        for (lane, span) in &self.named {
            let foot = place.top - size * 0.2 - *lane as f64 * lane_height(size);
            let (from, to) = (panel.at(f64::from(span.from), 0.0).0, panel.at(f64::from(span.to), 0.0).0);
            if span.from == span.to {
                paper.line((from, foot - 1.5), (from, foot + 0.5), Stroke::solid(0.6, GREY));
            } else {
                paper.line((from, foot), (to, foot), Stroke::solid(0.6, GREY));
            }
            let words = font::shorten(&span.words, Face::Regular, size, place.width());
            let half = font::width(&words, Face::Regular, size) / 2.0;
            let middle = f64::midpoint(from, to).max(place.left + half).min(place.right - half);
            let at = (middle, foot - 1.9 - DESCENT * size);
            paper.text(at, &words, Lettering::new(size).anchor(Anchor::Middle));
        }
    }
}

fn lane_height(size: f64) -> f64 {
    LEADING * size + 2.4
}

/// Grey ground over the whole height of a panel.
pub(super) fn shade(panel: &Panel, spans: &[(i32, i32)], (low, high): (f64, f64)) {
    let (left, right) = panel.across();
    for &(from, to) in spans {
        let (from, to) = (f64::from(from).max(left), f64::from(to).min(right));
        if from < to {
            panel.bar((from, low), (to, high), LIGHT);
        }
    }
}

/// `liaison_officer` as a reader would say it.
fn words(kind: &str) -> String {
    let each = kind.split('_').map(|word| if word == "ngo" { "NGO" } else { word });
    each.collect::<Vec<&str>>().join(" ")
}

/// Spans of the same words that overlap or follow each other at once, made one; the earliest first.
fn merged(spans: &[Span]) -> Vec<Span> {
    let mut order = spans.to_vec();
    order.sort_by(|a, b| a.words.cmp(&b.words).then(a.from.cmp(&b.from)).then(a.to.cmp(&b.to)));
    let mut found: Vec<Span> = Vec::new();
    for span in order {
        match found.last_mut() {
            Some(last) if last.words == span.words && span.from <= last.to => last.to = last.to.max(span.to),
            _ => found.push(span),
        }
    }
    found.sort_by(|a, b| a.from.cmp(&b.from).then_with(|| a.words.cmp(&b.words)));
    found
}

/// A lane for every kind, the earliest at the bottom: words may be wider than their span, so kinds do not share one.
fn in_lanes(spans: &[Span]) -> Vec<(usize, Span)> {
    let mut kinds: Vec<&str> = Vec::new();
    for span in spans {
        if !kinds.contains(&span.words.as_str()) {
            kinds.push(&span.words);
        }
    }
    // The words of a kind stand once, over its longest span; its other spans have the line alone.
    let mut found = Vec::new();
    for (lane, kind) in kinds.into_iter().enumerate() {
        let own = || spans.iter().filter(move |span| span.words == kind);
        let longest = own().max_by(|a, b| (a.to - a.from).cmp(&(b.to - b.from)).then(b.from.cmp(&a.from)));
        for span in own() {
            let words = if Some(span) == longest { span.words.clone() } else { String::new() };
            found.push((lane, Span { words, ..span.clone() }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(words: &str, from: i32, to: i32) -> Span {
        Span { from, to, words: words.to_owned() }
    }

    #[test]
    fn spans_of_a_kind_that_touch_are_one() {
        let spans =
            merged(&[span("treaty", 5, 9), span("exchange", 0, 4), span("treaty", 1, 5), span("treaty", 12, 13)]);
        assert_eq!(spans, [span("exchange", 0, 4), span("treaty", 1, 9), span("treaty", 12, 13)]);
    }

    #[test]
    fn a_kind_is_named_once_in_a_lane_of_its_own() {
        let lanes = in_lanes(&[span("a", 0, 4), span("b", 1, 2), span("a", 10, 20)]);
        assert_eq!(lanes, [(0, span("", 0, 4)), (0, span("a", 10, 20)), (1, span("b", 1, 2))]);
        assert_eq!(words("ngo_partnership"), "NGO partnership");
    }
}
