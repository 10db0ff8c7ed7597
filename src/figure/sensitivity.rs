//! The tables of a sensitivity analysis, narrowed to the quantity that one figure is of.

use super::request::Request;
use super::request_changes::Changes;
use super::ticks::Scale;
use super::unit::Unit;
use super::words::counted;
use super::{Context, FigureError, columns, unit};
use crate::table::Table;

/// The most factors that are listed.
pub(super) const MOST: usize = 20;

/// The rows of the quantity that the request is of.
///
/// # Errors
/// When a column is missing, nothing fits, or the request leaves open which of several quantities is meant.
pub(super) fn narrowed(table: &Table, request: &Request) -> Result<Table, FigureError> {
    let asked = [
        ("quantity", &request.quantity),
        ("arm", &request.arm),
        ("against", &request.against),
        ("measure", &request.measure),
        ("window", &request.window),
    ];
    let own = asked.iter().filter(|(column, _)| request.kind.takes(column));
    let wanted: Vec<(&str, &str)> =
        own.clone().filter_map(|(column, word)| Some((*column, word.as_deref()?))).collect();
    let rows = columns::rows_of(table, &wanted)?;
    for (column, _) in own {
        let words = columns::texts(table, column)?;
        let there: Vec<_> = rows.iter().map(|&row| std::sync::Arc::clone(&words[row])).collect();
        let there = columns::distinct(&there);
        if there.len() > 1 {
            let reason = format!(
                "a figure of kind `{}` is of one {column}, and table `{}` has {}; name one",
                request.kind.key(),
                table.schema.name,
                there.join(", ")
            );
            return Err(FigureError::Unfit { reason });
        }
    }
    Ok(table.picked(&rows))
}

/// What the rows of a narrowed table are of.
pub(super) struct Quantity {
    /// In words: `effect of exchange on cooperation rate`.
    pub(super) words: String,
    /// The window of time.
    pub(super) window: String,
    unit: String,
    /// Whether it is a difference: an effect or a lead.
    pub(super) difference: bool,
}

impl Quantity {
    pub(super) fn of(table: &Table, context: &Context) -> Self {
        let word = |column: &str| columns::word(table, column, &[0]);
        let arm = context.label(&word("arm"), &word("arm_label"));
        let against = context.label(&word("against"), &word("against_label"));
        let measure = context.label(&word("measure"), &word("measure_label"));
        let kind = word("quantity");
        let words = match kind.as_str() {
            "effect" => format!("effect of {arm} on {measure}"),
            "lead" => format!("lead of {arm} over {against} in {measure}"),
            "spread" => format!("spread of {measure} between runs"),
            _ => format!("{measure} of the baseline"),
        };
        Self { words, window: word("window"), unit: word("unit"), difference: matches!(&*kind, "effect" | "lead") }
    }

    /// Its unit, for numbers of that size.
    pub(super) fn unit(&self, values: impl Iterator<Item = f64>) -> Unit {
        if self.difference { Unit::difference(&self.unit, values) } else { Unit::level(&self.unit, values) }
    }

    /// The unit of changes of it.
    pub(super) fn change(&self, values: impl Iterator<Item = f64>) -> Unit {
        Unit::difference(&self.unit, values)
    }

    /// What is at the end of a caption's first sentence: the window.
    pub(super) fn window(&self) -> String {
        format!("window: {}", self.window)
    }
}

/// What an analysis rests on.
pub(super) struct Analysis {
    pub(super) complete: i64,
    failed: i64,
    replicates: i64,
    resamples: i64,
    /// What chance has of it: value, and the ends of its interval.
    pub(super) chance: (f64, f64, f64),
}

impl Analysis {
    /// The row of that method in a narrowed table; nothing if there is none.
    pub(super) fn of(analyses: &Table, method: &str) -> Result<Option<Self>, FigureError> {
        let methods = columns::texts(analyses, "method")?;
        let number = |column: &str, row: usize| Ok::<i64, FigureError>(columns::integers(analyses, column)?[row]);
        let real = |column: &str, row: usize| Ok::<f64, FigureError>(columns::numbers(analyses, column)?[row]);
        let Some(row) = methods.iter().position(|own| **own == *method) else { return Ok(None) };
        Ok(Some(Self {
            complete: number("complete", row)?,
            failed: number("failed", row)?,
            replicates: number("replicates", row)?,
            resamples: number("resamples", row)?,
            chance: (real("chance", row)?, real("chance_low", row)?, real("chance_high", row)?),
        }))
    }

    /// `20 trajectories (14 left out as a whole, as a run of them failed), 4 runs at each point`, say.
    pub(super) fn rests_on(&self, noun: (&str, &str)) -> String {
        let many = |count: i64| if count == 1 { noun.0 } else { noun.1 };
        let lost = match self.failed {
            0 => String::new(),
            count => format!(" (and {count} left out whole, where a run failed or has no such outcome)"),
        };
        let runs = counted(self.replicates.max(0) as usize, "run");
        format!("{} {}{lost}, {runs} at each point", self.complete, many(self.complete))
    }

    /// How its intervals were made.
    pub(super) fn intervals(&self, of: &str) -> String {
        format!("95% intervals: bootstrap of whole {of}, {} resamples", self.resamples)
    }
}

/// The places of a list of factors in order of size, the first asked for first, and how many of how large were left out.
pub(super) struct Listed {
    pub(super) order: Vec<usize>,
    /// How many have no room, and the largest of them.
    pub(super) left_out: Option<(usize, f64)>,
}

/// Orders factors by that size, the largest first, what has none last; at most so many of them.
pub(super) fn listed(keys: &[String], sizes: &[f64], most: usize, context: &Context) -> Listed {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    let size = |place: usize| if sizes[place].is_nan() { f64::NEG_INFINITY } else { sizes[place] };
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    order.sort_by_key(|&place| context.place_of(&keys[place]));
    let rest = order.split_off(order.len().min(most));
    let largest = rest.iter().map(|&place| size(place)).fold(f64::NEG_INFINITY, f64::max);
    let left_out = (!rest.is_empty()).then_some((rest.len(), largest));
    Listed { order, left_out }
}

/// What an axis is to cover: all of the core, and of what surrounds it as much as does not make the core small.
pub(super) fn within_reach(core: &[f64], ends: impl Iterator<Item = f64>) -> Vec<f64> {
    let (low, high) = unit::bounds(core.iter().copied());
    if low > high {
        return Vec::new();
    }
    let half = ((high - low) / 2.0).max(f64::MIN_POSITIVE);
    let ends = ends.filter(|end| end.is_finite()).map(|end| end.max(low - half).min(high + half));
    [low, high].into_iter().chain(ends).collect()
}

/// An axis of shares that covers those values and zero, cut down to them with a little air.
pub(super) fn covering(values: &[f64]) -> Scale {
    let reach = unit::bounds(values.iter().copied().chain([0.0]));
    let below = if reach.0 < 0.0 { 0.04 } else { 0.0 };
    unit::tight(unit::scale(values.iter().copied(), true, 5), reach, (below, 0.04))
}

/// What is said where intervals were cut.
pub(super) fn cut_words(cut: bool) -> &'static str {
    if cut { " Intervals that end in a tip reach beyond the axis." } else { "" }
}

/// The name of the figure of that kind and quantity.
pub(super) fn name(request: &Request) -> String {
    let own = |word: &str| word != "baseline" && !word.is_empty();
    let words = [&request.quantity, &request.arm, &request.against];
    let words = words.into_iter().flatten().map(String::as_str).filter(|word| own(word));
    std::iter::once(request.kind.key()).chain(words).collect::<Vec<_>>().join("-")
}

/// The figure of something else, under a name that says so.
pub(super) fn changed(mut request: Request, changes: &Changes) -> Request {
    let before = request.clone();
    if let Some(quantity) = changes.quantity.as_deref().filter(|_| request.kind.takes("quantity")) {
        if request.quantity.as_deref() != Some(quantity) {
            // An arm of another quantity may not be one of this.
            (request.arm, request.against) = (None, None);
        }
        request.quantity = Some(quantity.to_owned());
    }
    // The level of the baseline is of no other arm, and only a lead is over one.
    let of_arm = !matches!(request.quantity.as_deref(), Some("level" | "spread"));
    let lead = matches!(request.quantity.as_deref(), None | Some("lead"));
    let mut parts = Vec::new();
    for (what, field, wanted, fits) in [
        ("arm", &mut request.arm, &changes.arm, of_arm),
        ("against", &mut request.against, &changes.against, lead),
        ("measure", &mut request.measure, &changes.measure, true),
        ("window", &mut request.window, &changes.window, true),
    ] {
        let Some(word) = wanted.as_deref().filter(|_| fits && request.kind.takes(what)) else { continue };
        if field.as_deref() != Some(word) && matches!(what, "measure" | "window") {
            parts.push(word.to_owned());
        }
        *field = Some(word.to_owned());
    }
    if request != before {
        parts.insert(0, name(&request));
        request.name = parts.join("-");
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surrounds_the_core_never_makes_it_small() {
        assert_eq!(within_reach(&[0.0, 1.0], [-30.0, 9.0, f64::NAN].into_iter()), [0.0, 1.0, -0.5, 1.5]);
        assert!(within_reach(&[f64::NAN], [1.0].into_iter()).is_empty());
    }

    #[test]
    fn the_largest_are_listed_and_those_asked_for_come_first() {
        let keys: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let sizes = [0.1, f64::NAN, 0.5, 0.3];
        let order = vec!["b".to_owned()];
        let context = Context { order, ..Context::default() };
        let all = listed(&keys, &sizes, 3, &Context::default());
        assert_eq!((all.order, all.left_out), (vec![2, 3, 0], Some((1, f64::NEG_INFINITY))));
        let some = listed(&keys, &sizes, 2, &context);
        assert_eq!((some.order, some.left_out), (vec![1, 2], Some((2, 0.3))));
    }
}
