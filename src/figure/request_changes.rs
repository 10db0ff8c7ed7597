//! Figures that a result was not left with: of another kind, or of something else; and what can be asked of them.

use std::collections::BTreeSet;

use super::request::{Kind, POINTS, Request, Tables};
use super::{sensitivity, sweep};

/// What a figure is to show instead of what its result was left with; what is not given stays.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// Key of the measure.
    pub measure: Option<String>,
    /// Key of the window.
    pub window: Option<String>,
    /// Key of the arm.
    pub arm: Option<String>,
    /// Which quantity of a sensitivity analysis.
    pub quantity: Option<String>,
    /// Key of the arm that a lead is over.
    pub against: Option<String>,
    /// Key of the state.
    pub state: Option<String>,
    /// Keys of factors.
    pub factors: Vec<String>,
    /// A value that matters.
    pub threshold: Option<f64>,
}

impl Request {
    /// The figure of a kind that a result was not left with: measure, window and confidence are those of its other charts,
    /// and of sweeps also where things stand today.
    pub fn like(kind: Kind, charts: &[Self]) -> Self {
        let base = Self::new(kind, kind.key());
        let same = |chart: &&Self| chart.kind.is_of_sweep() == kind.is_of_sweep();
        let like = charts
            .iter()
            .find(|chart| same(chart) && chart.window.is_some())
            .or_else(|| charts.iter().find(|chart| chart.window.is_some()))
            .or_else(|| charts.iter().find(|chart| chart.measure.is_some()));
        let Some(like) = like else { return base };
        if kind.is_of_sensitivity() {
            let like = charts.iter().find(|chart| chart.kind.is_of_one_quantity()).unwrap_or(like);
            return Self {
                measure: like.measure.clone(),
                window: like.window.clone(),
                quantity: like.quantity.clone().filter(|_| kind.is_of_one_quantity()),
                arm: like.arm.clone().filter(|_| kind.is_of_one_quantity()),
                against: like.against.clone().filter(|_| kind.is_of_one_quantity()),
                confidence: like.confidence,
                ..base
            };
        }
        Self {
            measure: like.measure.clone(),
            window: like.window.clone(),
            indifference: like.indifference,
            confidence: like.confidence,
            today: like.today.clone(),
            ..base
        }
    }

    /// The figure of something else, under a name that says so; what its kind does not take is left alone.
    #[must_use]
    pub fn changed(mut self, changes: &Changes) -> Self {
        if self.kind.is_of_sensitivity() {
            return sensitivity::changed(self, changes);
        }
        let kind = self.kind;
        let mut parts = vec![kind.key()];
        let mut changed = false;
        let measured = self.measure.clone();
        for (what, field, wanted) in [
            ("measure", &mut self.measure, &changes.measure),
            ("window", &mut self.window, &changes.window),
            ("arm", &mut self.arm, &changes.arm),
            ("state", &mut self.state, &changes.state),
        ] {
            let Some(word) = wanted.as_deref().filter(|_| kind.takes(what)) else { continue };
            parts.push(word);
            changed = changed || field.as_deref() != Some(word);
            *field = Some(word.to_owned());
        }
        if kind.takes("factor") && !changes.factors.is_empty() {
            parts.extend(changes.factors.iter().map(String::as_str));
            changed = changed || self.factors != changes.factors;
            self.factors.clone_from(&changes.factors);
        }
        if self.measure != measured {
            // What matters, or does not, in one measure says nothing of another.
            (self.indifference, self.threshold) = (None, None);
        }
        if kind.takes("threshold") && changes.threshold.is_some() {
            self.threshold = changes.threshold;
        }
        if changed {
            self.name = parts.join("-");
        }
        self
    }

    /// The keys of what the figure lists, which can be selected and ordered: words of the columns of its tables, or the
    /// factors of a sweep. Each once, in alphabetical order.
    pub fn keys(&self, tables: &Tables) -> Vec<String> {
        let mut keys: Vec<String> = self.kind.items().iter().flat_map(|column| self.words(tables, column)).collect();
        if let (true, Some(points)) = (self.kind.is_of_all_factors(), tables.get(POINTS)) {
            keys.extend(sweep::factors(points).unwrap_or_default().into_iter().map(str::to_owned));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The states that the figure can be of, in alphabetical order.
    pub fn states(&self, tables: &Tables) -> Vec<String> {
        if self.kind.takes("state") { self.words(tables, "state") } else { Vec::new() }
    }

    /// The different words of a column of its tables, in alphabetical order.
    fn words(&self, tables: &Tables, column: &str) -> Vec<String> {
        let own = self.kind.tables().iter().filter_map(|name| tables.get(name.trim_end_matches('?')));
        let words: BTreeSet<&str> = own.filter_map(|table| table.texts(column)).flatten().map(|word| &**word).collect();
        words.into_iter().map(str::to_owned).collect()
    }
}
