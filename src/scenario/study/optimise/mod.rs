//! `[optimise]`: which mix of arms is the best, under which budget and rules, and how it is looked for.
//!
//! ```toml
//! [optimise]
//! budget = 500000
//! requires = [["liaison-officers", "information-sharing"]]
//! ```
//!
//! What is best is said by `[analysis]`; what may be put together, by the arms, by `[factor.*]` and by `[constraint.*]`.

mod rules;
mod schema;

pub(super) use schema::schema;

use super::super::check::Check;
use super::super::report::Report;
use super::super::written::Node;
use super::{Analysis, AnalysisWindow, Sweep, nothing_called};
use crate::diagnostic::Diagnostic;
use crate::parameter::Unit;
use crate::statistics::optimisation::Rule;
use rules::Placed;
use std::collections::BTreeMap;

/// Most arms whose mixes are all tried.
pub const MOST_LISTED: usize = 15;
/// The first replicate of the fresh seeds: no search comes so far.
pub const FIRST_FRESH: u32 = 50_000;
/// The keys of `[optimise]`.
const KEYS: [&str; 17] = [
    "method",
    "budget",
    "requires",
    "excludes",
    "always",
    "never",
    "at_least",
    "at_most",
    "window",
    "indifference",
    "first",
    "most",
    "finalists",
    "fresh",
    "population",
    "generations",
    "seed",
];

/// Columns of the table of mixes that no arm or factor may be called as.
const TAKEN: [&str; 9] = ["mix_id", "mix", "arms", "stage", "obeys", "feasible", "effect", "efficient", "chosen"];

/// How the best mix is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Every mix that fits is tried.
    Subsets,
    /// Mixes are proposed, generation by generation (NSGA-II).
    Search,
}

impl Method {
    /// Its word in the study.
    pub fn key(self) -> &'static str {
        match self {
            Self::Subsets => "subsets",
            Self::Search => "search",
        }
    }
}

/// What is looked for, and at what price.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimise {
    /// How.
    pub method: Method,
    /// What a mix may cost on average, beyond what the baseline costs; nothing for no bound.
    pub budget: Option<f64>,
    /// Which arms go together, and which do not: items are arms in their order.
    pub rules: Vec<Rule>,
    /// The rules as they are told to people, in the same order.
    pub told: Vec<String>,
    /// The window that counts: a place among those of the study.
    pub window: usize,
    /// A difference of the main outcome that does not matter.
    pub indifference: Option<f64>,
    /// Replicates of every mix that is looked at.
    pub first: u32,
    /// Replicates at which a race of mixes ends, come what may.
    pub most: u32,
    /// How many of the best are run again on fresh seeds.
    pub finalists: usize,
    /// On how many.
    pub fresh: u32,
    /// Mixes of a generation.
    pub population: usize,
    /// Generations.
    pub generations: u32,
    /// Luck of the search.
    pub seed: u64,
}

impl Optimise {
    /// Everything that determines what is found, but for how many runs there may be.
    pub fn described(&self) -> String {
        let Self { method, budget, rules, window, indifference, first, most, .. } = self;
        let Self { finalists, fresh, population, generations, seed, .. } = self;
        format!(
            "optimise {} {budget:?} {rules:?} {window} {indifference:?} {first} {most} {finalists} {fresh} {population} {generations} {seed}\n",
            method.key()
        )
    }
}

/// What `[optimise]` is read against.
pub(super) struct Resolved<'r> {
    pub(super) space: &'r Sweep,
    pub(super) analysis: &'r Analysis,
    pub(super) windows: &'r [AnalysisWindow],
    pub(super) seed: u64,
}

/// Reads `[optimise]`; `None` where there is none, or where it is wrong, which is reported.
pub(super) fn optimise(report: &mut Report, study: &Node, of: &Resolved<'_>) -> Option<Optimise> {
    let node = study.get("optimise")?;
    let mut check = Check { report, clock: None, facts: BTreeMap::new() };
    let entries = check.table(node, "optimise");
    check.unknown_keys(entries, "optimise", &KEYS);
    let arms: Vec<&str> = of.space.factors().iter().filter(|own| own.is_switch()).map(|own| own.key.as_str()).collect();
    let others = of.space.factors().len() - arms.len();
    if arms.is_empty() {
        let hint = "write [arm.NAME] for each thing that may be done";
        check.missing(node.at, "there are no arms: there is nothing to be put together", hint);
        return None;
    }
    for factor in of.space.factors() {
        if let Some(taken) = TAKEN.iter().find(|taken| taken.eq_ignore_ascii_case(&factor.key)) {
            let message = format!("{} cannot be called so: the table of mixes has a column {taken}", factor.key);
            check.error(factor.at, message, "give it another name");
        }
    }
    let method = method(&mut check, node, (arms.len(), others));
    let budget = budget(&mut check, node);
    let placed = rules::rules(&mut check, node, &arms);
    rules::consistent(&mut check, &placed, &arms);
    useful(&mut check, of.space, &placed, &arms);
    let window = window(&mut check, node, of.windows);
    let main = of.analysis.main;
    let indifference = match node.get("indifference") {
        Some(node) => {
            let above = (f64::MIN_POSITIVE, f64::MAX);
            check.quantity(node, "optimise.indifference", Unit::Factor, above).map(Some)
        }
        None => Some(of.analysis.relevant.get(main).copied().flatten().filter(|margin| *margin > 0.0)),
    };
    if method == Some(Method::Subsets) && indifference == Some(None) {
        let outcome = of.analysis.outcomes[main].key();
        let message = format!("optimise does not know which difference of {outcome} does not matter");
        let hint = "write indifference = 0.001, or relevant in [analysis]: mixes are told apart down to it";
        check.missing(node.at, message, hint);
    }
    let mut whole = |key: &str, default: u64, range: (u64, u64)| match node.get(key) {
        Some(node) => check.whole(node, &format!("optimise.{key}"), range.0, range.1),
        None => Some(default),
    };
    let first = whole("first", 10, (2, 1000));
    let most = whole("most", first.unwrap_or(10).max(200), (2, u64::from(FIRST_FRESH)));
    let finalists = whole("finalists", 5, (1, 100));
    let fresh = whole("fresh", 100, (2, u64::from(FIRST_FRESH)));
    let population = whole("population", 40, (0, 10_000));
    let generations = whole("generations", 30, (1, 10_000));
    let seed = whole("seed", of.seed, (0, u64::MAX));
    if let (Some(first), Some(most)) = (first, most)
        && most < first
    {
        let at = node.get("most").map_or(node.at, |most| most.at);
        let message = format!("optimise.most is {most}, fewer than the {first} replicates of the first stage");
        check.error(at, message, format!("write most = {first}, or more, or fewer in first"));
    }
    if let (Some(population), Some(written)) = (population, node.get("population")) {
        if population < 4 {
            let message = format!("a population of {population} is too small for a search");
            check.error(written.at, message, "write population = 4, or more: 40 is usual");
        } else if population % 2 == 1 {
            let message = format!("a population of {population} is odd, but its members come in pairs");
            check.error(written.at, message, format!("write population = {}", population + 1));
        }
    }
    if let Some(method) = method {
        idle_keys(&mut check, node, method);
    }
    if report.failed() {
        return None;
    }
    Some(Optimise {
        method: method?,
        budget: budget?,
        told: placed.iter().map(|placed| placed.told.clone()).collect(),
        rules: placed.into_iter().map(|placed| placed.rule).collect(),
        window: window?,
        indifference: indifference?,
        first: u32::try_from(first?).ok()?,
        most: u32::try_from(most?).ok()?,
        finalists: usize::try_from(finalists?).ok()?,
        fresh: u32::try_from(fresh?).ok()?,
        population: usize::try_from(population?).ok()?,
        generations: u32::try_from(generations?).ok()?,
        seed: seed?,
    })
}

fn method(check: &mut Check<'_>, node: &Node, (arms, others): (usize, usize)) -> Option<Method> {
    let Some(written) = node.get("method") else {
        return Some(if others == 0 && arms <= MOST_LISTED { Method::Subsets } else { Method::Search });
    };
    let words = [Method::Subsets.key(), Method::Search.key()];
    if check.one_of(written, "optimise.method", &words)? == Method::Search.key() {
        return Some(Method::Search);
    }
    if arms > MOST_LISTED {
        let message = format!("{arms} arms have too many mixes to try them all: subsets takes {MOST_LISTED} at most");
        check.error(written.at, message, "write method = \"search\", or take out arms");
        return None;
    }
    if others > 0 {
        let message = "subsets tries every mix of arms as they are, but there are factors besides";
        check.error(written.at, message, "write method = \"search\", or take out [factor.*]");
        return None;
    }
    Some(Method::Subsets)
}

/// Tells of keys that do nothing with a method.
fn idle_keys(check: &mut Check<'_>, node: &Node, method: Method) {
    let idle: &[&str] = match method {
        Method::Subsets => &["population", "generations", "seed"],
        Method::Search => &["most"],
    };
    for key in idle {
        if let Some(written) = node.get(key) {
            let message = format!("optimise.{key} does nothing with method = \"{}\"", method.key());
            check.warn(written.at, message, "take it out");
        }
    }
}

fn budget(check: &mut Check<'_>, node: &Node) -> Option<Option<f64>> {
    let Some(written) = node.get("budget") else { return Some(None) };
    let number = check.quantity(written, "optimise.budget", Unit::Factor, (f64::MIN, f64::MAX))?;
    if number <= 0.0 {
        let message =
            format!("optimise.budget is money to be spent, but {} is not above 0", super::super::units::number(number));
        check.error(written.at, message, "write a budget above 0, or take it out for no bound");
        return None;
    }
    Some(Some(number))
}

fn window(check: &mut Check<'_>, node: &Node, windows: &[AnalysisWindow]) -> Option<usize> {
    let Some(written) = node.get("window") else { return Some(0) };
    let key = check.text(written, "optimise.window")?;
    let found = windows.iter().position(|window| window.key == key);
    if found.is_none() {
        let known: Vec<&str> = windows.iter().map(|window| window.key.as_str()).collect();
        nothing_called(check, written.at, "window", &key, &known);
    }
    found
}

/// Reports factors that vary the baseline, or nothing at all.
fn useful(check: &mut Check<'_>, space: &Sweep, placed: &[Placed], arms: &[&str]) {
    let never = |arm: usize| placed.iter().any(|own| own.rule == Rule::Never { item: arm });
    for (place, factor) in space.factors().iter().enumerate().filter(|(_, factor)| !factor.is_switch()) {
        let at = factor.at;
        if space.varies_baseline(place) {
            let message = format!("factor.{} varies the baseline, which a mix is held against", factor.key);
            let hint = "vary fields of interventions that arms use; what changes the world itself can be an arm with set = { ... }";
            check.report.noticed(at, Diagnostic::error(message).hint(hint));
            continue;
        }
        let of = space.arms_of(place);
        if of.iter().all(|arm| never(*arm)) {
            let named: Vec<&str> = of.iter().map(|arm| arms[*arm]).collect();
            let message = format!("factor.{} does nothing: {} is never in a mix", factor.key, named.join(" and "));
            check.error(at, message, "take the factor out, or the arm out of never");
        }
    }
}
