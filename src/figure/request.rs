//! One figure asked for: its kind, what it is of, and how it becomes a drawing of the size wanted.
//!
//! `run`, `compare` and `figure` all draw through here, so that a figure drawn again from the tables of a
//! result is the figure that the result was left with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::forest::Outcome;
use super::{Context, Drawing, FigureError, Style, svg, sweep, sweep_charts};
use crate::table::Table;

macro_rules! kinds {
    ($($variant:ident = $key:literal, $tables:expr, $items:expr, $sentence:literal;)*) => {
        /// What a figure shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $(#[doc = $sentence] $variant,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Their keys, in the same order.
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            /// The word to ask for it.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// What it shows, in a sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// The tables it is drawn from; one that may be missing has a question mark.
            pub fn tables(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$tables,)* }
            }

            /// The columns that hold the keys of what is shown, which can be selected and ordered.
            pub fn items(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$items,)* }
            }
        }
    };
}

kinds! {
    Series = "series", ["series", "schedule?"], [], "Cooperation and seeking over time: the median run within 50 % and 90 % of runs.";
    Spaghetti = "spaghetti", ["series"], [], "Single runs over time, a typical and an extreme one among them.";
    Funnel = "funnel", ["funnel"], ["stage"], "How far cases come, and where they are lost.";
    Barriers = "barriers", ["barriers"], ["barrier"], "Which barrier, if removed, would have brought cooperation.";
    BarriersByState = "barriers-by-state", ["barriers"], ["state"], "Which barrier binds, state by state.";
    BarriersByRole = "barriers-by-role", ["barriers"], ["role"], "Which barrier binds, role by role.";
    BarriersOverTime = "barriers-over-time", ["barriers"], ["barrier"], "Which barrier binds, year by year.";
    Litmus = "litmus", ["litmus"], ["state"], "Willing and able: two by two, and state by state.";
    LitmusOverTime = "litmus-over-time", ["litmus"], [], "Willing and able, year by year.";
    Depth = "depth", ["depth"], ["measure"], "Depth of cooperative practice: the vector D1 to D11, and the composite beside it.";
    Matrix = "matrix", ["pairs"], ["from", "to"], "Who asks whom: communications for every ordered pair of states.";
    Network = "network", ["pairs", "states?"], ["from", "to"], "Who works with whom: ties between states, on a map where their coordinates are known.";
    Ridges = "ridges", ["levels", "levels_quantiles"], ["role"], "How trust, habit or familiarity is spread over practitioners, by role and date.";
    Validation = "validation", ["validation"], ["pattern"], "Patterns of the evidence against what the model gives.";
    Forest = "forest", ["effects"], ["arm"], "Effects of arms with intervals, the numbers set beside them.";
    Differences = "differences", ["differences", "schedule"], ["arm"], "Paired differences over time, a panel for each arm.";
    Trajectories = "trajectories", ["differences", "schedule"], ["arm"], "Arms over time, the baseline ghosted behind each.";
    Attrition = "attrition", ["stages"], ["stage"], "How far cases come in an arm, beside the baseline.";
    Ranking = "ranking", ["ranking", "rank_probabilities"], ["arm"], "Which arm is best, and how sure that is.";
    CostEffect = "cost-effect", ["effects"], ["arm"], "What arms cost against what they bring, with the efficient frontier.";
    Packages = "packages", ["packages"], ["package"], "Packages: parts alone, their sum, the whole, synergy and shares.";
    Loop = "loop", ["loops"], ["arm"], "A lever moved up and down again: does the outcome come back the way it went?";
    Predictions = "predictions", ["predictions"], ["key"], "Qualitative predictions: held, broken or undecided.";
    Spread = "spread", ["tree"], ["state"], "How the difference between two worlds spread from decision to decision.";
    Response = "response", ["points"], ["arm"], "A sweep of one factor: the outcome over its levels, a line for each arm.";
    ResponseDifferences = "response-differences", ["points"], ["arm"], "A sweep of one factor: what each arm changes, over its levels.";
    Heatmap = "heatmap", ["points"], [], "A sweep of two factors: the outcome of an arm as a map of cells with contours.";
    HeatmapDifferences = "heatmap-differences", ["points"], [], "A sweep of two factors: what an arm changes, as a map of cells with contours.";
    Factors = "factors", ["points"], [], "A sweep of many factors: what each does to the outcome of an arm, a panel for each.";
    FactorsDifferences = "factors-differences", ["points"], [], "A sweep of many factors: what each does to the difference that an arm makes, a panel for each.";
    Screening = "screening", ["indices", "analyses"], ["factor"], "Which factors matter: mean and spread of the elementary effects of each (Morris), beside what chance alone shows.";
    Shares = "shares", ["indices", "analyses"], ["factor"], "Which factors the variance comes from: first-order and total share of each, and the share of chance.";
    Tornado = "tornado", ["tornado"], ["factor"], "What each factor does when it alone is moved.";
    Convergence = "convergence", ["convergence"], ["factor"], "Whether shares of the variance have settled: with a quarter, a half and all of the base points.";
    Discovery = "discovery", ["boxes", "limits?"], ["factor"], "Where the points of interest lie: the boxes of a search (PRIM), and the limits of the one suggested.";
    BestArms = "best-arms", ["best_arms"], ["arm"], "How often each arm is best over the points of a design.";
    Mixes = "mixes", ["mixes", "finalists", "frontier"], [], "Mixes of arms: cost against effect, with the efficient frontier on fresh seeds.";
    Acceptability = "acceptability", ["acceptability", "frontier"], [], "Which mix of arms is the best, given what a unit of the outcome is worth.";
    Posterior = "posterior", ["factor_draws", "learned", "generations?"], ["label"], "What a calibration leaves of the parameters: each beside its prior, and each pair.";
    Predictive = "predictive", ["predictive", "generations?"], ["key"], "Figures and patterns beside what prior and posterior predict.";
    Learned = "learned", ["learned", "generations?"], ["label"], "What the figures say of each parameter: how far the posterior is narrower than the prior.";
    Rivals = "rivals", ["models", "predictive"], ["model"], "Rival models, fitted to the same: which patterns each holds.";
    Walk = "walk", ["generations"], [], "How a calibration came nearer to its figures, generation by generation.";
}

impl Kind {
    /// Whether a figure of this kind can be of something else: `measure`, `window`, `arm`, `state`, `factor`,
    /// `threshold`, `quantity` or `against`.
    pub fn takes(self, what: &str) -> bool {
        match what {
            "measure" | "window" | "factor" | "threshold" if self.is_of_sweep() => return true,
            "threshold" if self == Self::Mixes => return true,
            "arm" if self.is_of_one_arm() || self.is_of_one_model() => return true,
            "measure" | "window" if self.is_of_sensitivity() => return true,
            "quantity" | "arm" | "against" if self.is_of_one_quantity() => return true,
            _ => {}
        }
        let kinds: &[Self] = match what {
            "measure" => {
                &[Self::Forest, Self::CostEffect, Self::Packages, Self::Differences, Self::Trajectories, Self::Ridges]
            }
            "window" => &[Self::Forest, Self::CostEffect, Self::Packages, Self::Ranking, Self::Attrition],
            "arm" => &[Self::Attrition, Self::Loop],
            "state" => {
                &[Self::Series, Self::Spaghetti, Self::Funnel, Self::Barriers, Self::BarriersByState, Self::Litmus]
            }
            _ => &[],
        };
        kinds.contains(&self)
    }

    /// Whether it is drawn from the points of a sweep.
    pub(super) fn is_of_sweep(self) -> bool {
        self.tables() == ["points"]
    }

    /// Whether it is drawn from what a sensitivity analysis found.
    pub(super) fn is_of_sensitivity(self) -> bool {
        self.is_of_one_quantity() || self == Self::BestArms
    }

    /// Whether it is of one of the quantities that a sensitivity analysis looks at.
    pub(super) fn is_of_one_quantity(self) -> bool {
        matches!(self, Self::Screening | Self::Shares | Self::Tornado | Self::Convergence | Self::Discovery)
    }

    /// Whether it is of one of the models of a calibration.
    pub(super) fn is_of_one_model(self) -> bool {
        matches!(self, Self::Posterior | Self::Predictive | Self::Learned | Self::Walk)
    }

    /// Whether a figure of a sweep is of paired differences.
    pub(super) fn is_of_differences(self) -> bool {
        matches!(self, Self::ResponseDifferences | Self::HeatmapDifferences | Self::FactorsDifferences)
    }

    /// Whether a figure of a sweep has a panel for each factor.
    pub(super) fn is_of_all_factors(self) -> bool {
        matches!(self, Self::Factors | Self::FactorsDifferences)
    }

    /// Whether a figure of a sweep is of one arm.
    pub(super) fn is_of_one_arm(self) -> bool {
        self.is_of_all_factors() || matches!(self, Self::Heatmap | Self::HeatmapDifferences)
    }

    /// The kind of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }
}

/// One figure asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The name of its files.
    pub name: String,
    /// What it shows.
    pub kind: Kind,
    /// Key of the measure, for kinds that show one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Key of the window of time, for kinds that show one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Key of the arm, for kinds that show one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// Which quantity of a sensitivity analysis: `level`, `effect`, `lead` or `spread`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Key of the arm that the lead of the other is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// Key of the state, where it is not the whole region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The largest difference, either way, that does not matter in practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indifference: Option<f64>,
    /// The confidence of the intervals, where it is not 0.95.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Keys of the factors of a sweep; empty for those that vary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<String>,
    /// A value that matters, in the unit of the measure, for kinds that mark one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Where factors that are numbers stand in the scenario as it is, in the units of their columns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub today: BTreeMap<String, f64>,
}

/// Tables by name.
pub type Tables = BTreeMap<String, Table>;

impl Request {
    /// The figure of that kind and name, of the whole region and of no measure in particular.
    pub fn new(kind: Kind, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            measure: None,
            window: None,
            arm: None,
            quantity: None,
            against: None,
            state: None,
            indifference: None,
            confidence: None,
            factors: Vec::new(),
            threshold: None,
            today: BTreeMap::new(),
        }
    }

    /// The tables with the rows alone of what was selected, and of the whole region.
    fn selected(&self, tables: &Tables, select: &[String]) -> Tables {
        let own = self.kind.tables().iter().map(|name| name.trim_end_matches('?'));
        let own = own.filter_map(|name| Some((name.to_owned(), tables.get(name)?.clone())));
        let mut chosen: Tables = own.collect();
        for table in chosen.values_mut() {
            for column in self.kind.items() {
                let Some(words) = table.texts(column) else { continue };
                let named = |word: &str| select.iter().any(|key| key == word);
                // A figure of another kind lists other things, and is not of what was selected.
                if !words.iter().any(|word| named(word)) {
                    continue;
                }
                let wanted = |word: &str| named(word) || word == super::REGION || word == ALL;
                let rows: Vec<usize> = (0..table.rows()).filter(|&row| wanted(&words[row])).collect();
                *table = table.picked(&rows);
            }
        }
        chosen
    }

    /// How many of the things that the figure lists were selected, and how many there are.
    fn share_selected(&self, tables: &Tables, select: &[String]) -> (usize, usize) {
        let mut keys = self.keys(tables);
        keys.retain(|key| *key != super::REGION && *key != ALL);
        (keys.iter().filter(|key| select.iter().any(|wanted| wanted == *key)).count(), keys.len())
    }

    /// The figure, of the size the style of the context asks for.
    ///
    /// # Errors
    /// When a table or a column is missing, nothing in them fits what is asked, or the size cannot be had.
    pub fn draw(&self, tables: &Tables, context: &Context) -> Result<Drawing, FigureError> {
        // Points may be very many, and a height is met by drawing again and again: they are looked through once.
        let narrowed = match tables.get(POINTS).filter(|_| self.kind.is_of_sweep()) {
            Some(points) => Some(Tables::from([(POINTS.to_owned(), sweep::narrowed(points, self)?)])),
            None => None,
        };
        let tables = narrowed.as_ref().unwrap_or(tables);
        let (shown, all) = self.share_selected(tables, &context.select);
        let note = match shown == 0 || shown == all {
            true => String::new(),
            false => format!(
                "Selected: {shown} of {all}; what is said of the others, and of all together, was worked out before."
            ),
        };
        // What is efficient is decided among all arms, so its figure selects by itself.
        let selects = self.kind != Kind::CostEffect && !context.select.is_empty();
        let chosen = selects.then(|| self.selected(tables, &context.select));
        let tables = chosen.as_ref().unwrap_or(tables);
        let draw = |style: Style| {
            let context = Context {
                style,
                note: note.clone(),
                confidence: self.confidence,
                state: self.state.clone().or_else(|| context.state.clone()),
                ..context.clone()
            };
            self.own(tables, &context)
        };
        fitted(context.style, draw)
    }

    fn own<'t>(&'t self, tables: &Tables, context: &Context) -> Result<Drawing, FigureError> {
        let table = |name: &str| {
            tables.get(name).ok_or_else(|| FigureError::Nothing { table: name.to_owned(), what: "rows".to_owned() })
        };
        let need = |what: &str, word: &'t Option<String>| {
            let reason = || format!("a figure of kind `{}` is of one {what}, and none is named", self.kind.key());
            word.as_deref().ok_or_else(|| FigureError::Unfit { reason: reason() })
        };
        let (measure, arm) = (|| need("measure", &self.measure), || need("arm", &self.arm));
        let outcome = || {
            let outcome = Outcome::new(measure()?, need("window", &self.window)?);
            Ok(Outcome { indifference: self.indifference, ..outcome })
        };
        let of = |table: &Table, column: &str, word: &Option<String>| match word {
            Some(word) => super::columns::rows_of(table, &[(column, word)]).map(|rows| table.picked(&rows)),
            None => Ok(table.clone()),
        };
        match self.kind {
            Kind::Series => super::series(table("series")?, tables.get("schedule"), context),
            Kind::Spaghetti => super::spaghetti(table("series")?, context),
            Kind::Funnel => super::funnel(table("funnel")?, context),
            Kind::Barriers => super::barriers(table("barriers")?, context),
            Kind::BarriersByState => super::barriers_by_state(table("barriers")?, context),
            Kind::BarriersByRole => super::barriers_by_role(table("barriers")?, context),
            Kind::BarriersOverTime => super::barriers_over_time(table("barriers")?, context),
            Kind::LitmusOverTime => super::litmus_over_time(table("litmus")?, context),
            Kind::Depth => super::depth(table("depth")?, context),
            Kind::Attrition => super::attrition(table("stages")?, arm()?, self.window.as_deref(), context),
            Kind::Litmus => super::litmus(table("litmus")?, context),
            Kind::Matrix => super::matrix(table("pairs")?, context),
            Kind::Network => super::network(table("pairs")?, tables.get("states"), context),
            Kind::Ridges => super::ridges(table("levels")?, table("levels_quantiles")?, measure()?, context),
            Kind::Validation => super::validation(table("validation")?, context),
            Kind::Forest => super::forest(table("effects")?, &outcome()?, context),
            Kind::CostEffect => super::cost_effect(table("effects")?, &outcome()?, context),
            Kind::Packages => super::packages(table("packages")?, &outcome()?, context),
            Kind::Differences => super::differences(table("differences")?, measure()?, table("schedule")?, context),
            Kind::Trajectories => super::trajectories(table("differences")?, measure()?, table("schedule")?, context),
            Kind::Ranking => {
                let of_window = |name| of(table(name)?, "window", &self.window);
                super::ranking(&of_window("ranking")?, &of_window("rank_probabilities")?, context)
            }
            Kind::Loop => super::hysteresis(&of(table("loops")?, "arm", &self.arm)?, context),
            Kind::Predictions => super::predictions(table("predictions")?, context),
            Kind::Spread => super::spread(table("tree")?, context),
            Kind::Response
            | Kind::ResponseDifferences
            | Kind::Heatmap
            | Kind::HeatmapDifferences
            | Kind::Factors
            | Kind::FactorsDifferences => sweep_charts::draw(table(POINTS)?, self, context),
            Kind::Screening => super::screening(table("indices")?, table("analyses")?, self, context),
            Kind::Shares => super::shares(table("indices")?, table("analyses")?, self, context),
            Kind::Tornado => super::tornado(table("tornado")?, self, context),
            Kind::Convergence => super::convergence(table("convergence")?, self, context),
            Kind::Discovery => super::discovery(table("boxes")?, tables.get("limits"), self, context),
            Kind::BestArms => super::best_arms(table("best_arms")?, self, context),
            Kind::Mixes => {
                let tables = [table("mixes")?, table("finalists")?, table("frontier")?];
                super::mixes(tables, self.threshold, context)
            }
            Kind::Acceptability => super::acceptability(table("acceptability")?, table("frontier")?, context),
            Kind::Posterior => {
                let (draws, learned) = (table("factor_draws")?, table("learned")?);
                super::posterior(draws, learned, tables.get("generations"), self, context)
            }
            Kind::Predictive => super::predictive(table("predictive")?, tables.get("generations"), self, context),
            Kind::Learned => super::learned(table("learned")?, tables.get("generations"), self, context),
            Kind::Rivals => super::rivals(table("models")?, table("predictive")?, context),
            Kind::Walk => super::walk(table("generations")?, self, context),
        }
    }
}

/// The table of a sweep.
pub(super) const POINTS: &str = "points";
/// What stands for all roles in a column of roles.
const ALL: &str = "all";
/// The least and the most that heights are multiplied with.
const LEAST: f64 = 0.05;
const MOST: f64 = 200.0;
/// How near a height has to come, in points, before the rest is left as air.
const NEAR: f64 = 0.4;

/// Draws with the stretch that gives the height asked for, or the greatest one allowed.
fn fitted(style: Style, draw: impl Fn(Style) -> Result<Drawing, FigureError>) -> Result<Drawing, FigureError> {
    let points = |millimetres: f64| millimetres * svg::POINTS_PER_MILLIMETRE;
    if let Some(height) = style.height.filter(|height| !(20.0..=2000.0).contains(height)) {
        return Err(FigureError::Unfit {
            reason: format!("a figure is 20 to 2000 mm high, but {height} was asked for"),
        });
    }
    let free = draw(style)?;
    let wanted = match (style.height, style.highest) {
        (Some(height), _) => points(height),
        (None, Some(highest)) if free.sheet.height > points(highest) + 0.01 => points(highest),
        _ => return Ok(free),
    };
    // Set too tight, a figure may find no room, or words may touch that did not before.
    let clean = free.sheet.faults().is_empty();
    let at = |stretch: f64| {
        let drawing = draw(Style { stretch, ..style }).ok()?;
        (!clean || drawing.sheet.faults().is_empty()).then_some(drawing)
    };
    let refused = |word: &str, height: f64| {
        let mm = |points: f64| points / svg::POINTS_PER_MILLIMETRE;
        let (asked, width, height, text) = (mm(wanted), mm(free.sheet.width), libm::ceil(mm(height)), style.text);
        let reason = format!(
            "a height of {asked:.0} mm was asked for, but at {width:.0} mm width and {text} pt this figure takes at {word} \
             {height:.0} mm; change the width, the text size or what is shown"
        );
        Err(FigureError::Unfit { reason })
    };
    let (mut low, mut high) = (LEAST, 1.0);
    let (mut best, mut least): (Option<Drawing>, f64) = (None, free.sheet.height);
    if free.sheet.height <= wanted {
        (low, high, best) = (1.0, 2.0, Some(free.clone()));
        while high < MOST {
            match at(high) {
                Some(drawing) if drawing.sheet.height < wanted => {
                    (low, high, best) = (high, high * 2.0, Some(drawing));
                }
                _ => break,
            }
        }
        if let (true, Some(tallest)) = (high >= MOST, &best) {
            return refused("most", tallest.sheet.height);
        }
    }
    // The tallest figure that still fits, by halving.
    for _ in 0..40 {
        if best.as_ref().is_some_and(|best| wanted - best.sheet.height <= NEAR) {
            break;
        }
        let middle = f64::midpoint(low, high);
        match at(middle) {
            Some(drawing) if drawing.sheet.height <= wanted + 0.005 => (low, best) = (middle, Some(drawing)),
            Some(drawing) => (high, least) = (middle, least.min(drawing.sheet.height)),
            None if best.is_none() => low = middle,
            None => high = middle,
        }
    }
    let Some(best) = best else { return refused("least", least) };
    Ok(best.of_height(wanted))
}
