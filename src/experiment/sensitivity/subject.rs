//! What is analysed.

use super::Ground;
use super::outcomes::Value;
use crate::table::Cell;

/// A quantity that every point has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The outcome of the baseline.
    Level,
    /// What an arm (a line of the plan) makes of it.
    Effect(usize),
    /// By how much one arm does better than another.
    Lead {
        /// The arm that is best over all points.
        best: usize,
        /// Another.
        rival: usize,
    },
    /// How far runs of the baseline lie apart: the logarithm of their variance.
    Spread,
}

impl Subject {
    /// The word for its kind.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Effect(_) => "effect",
            Self::Lead { .. } => "lead",
            Self::Spread => "spread",
        }
    }

    /// A word that is its alone.
    pub(super) fn code(self) -> String {
        match self {
            Self::Level => "level".to_owned(),
            Self::Effect(line) => format!("effect {line}"),
            Self::Lead { best, rival } => format!("lead {best} {rival}"),
            Self::Spread => "spread".to_owned(),
        }
    }

    /// The lines that it is of, and against.
    fn lines(self) -> (usize, Option<usize>) {
        match self {
            Self::Level | Self::Spread => (0, None),
            Self::Effect(line) => (line, Some(0)),
            Self::Lead { best, rival } => (best, Some(rival)),
        }
    }
}

impl Ground<'_> {
    /// Which quantity it is, as cells: kind, arm, against what, measure, its label, its unit, window.
    pub(super) fn quantity(&self, subject: Subject, value: Value) -> Vec<Cell> {
        let plan = self.outcomes.plan();
        let (own, against) = subject.lines();
        let measure = plan.outcomes()[value.measure];
        let unit = match subject {
            Subject::Spread => "log variance".to_owned(),
            _ => measure.unit(),
        };
        vec![
            subject.kind().into(),
            plan.lines()[own].key.as_str().into(),
            plan.lines()[own].label.as_str().into(),
            against.map_or("", |line| plan.lines()[line].key.as_str()).into(),
            against.map_or("", |line| plan.lines()[line].label.as_str()).into(),
            measure.key().into(),
            measure.label().as_str().into(),
            unit.as_str().into(),
            plan.windows()[value.window].key.as_str().into(),
        ]
    }

    /// The same in words.
    pub(super) fn in_words(&self, subject: Subject, value: Value) -> String {
        let plan = self.outcomes.plan();
        let label = plan.outcomes()[value.measure].label();
        let when =
            if plan.windows().len() > 1 { format!(" ({})", plan.windows()[value.window].key) } else { String::new() };
        let line = |line: usize| plan.lines()[line].label.as_str();
        match subject {
            Subject::Level => format!("{label} of the baseline{when}"),
            Subject::Effect(own) => format!("effect of {} on {label}{when}", line(own)),
            Subject::Lead { best, rival } => format!("lead of {} over {} in {label}{when}", line(best), line(rival)),
            Subject::Spread => format!("spread of {label} between runs{when}"),
        }
    }
}
