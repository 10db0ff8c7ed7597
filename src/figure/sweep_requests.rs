//! Which figures a sweep is left with.

use std::collections::BTreeMap;

use super::request::{Kind, Request};
use super::sweep::{self, BASELINE};
use super::{columns, response};
use crate::table::Table;

/// What the figures of a sweep are to show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SweepCharts<'a> {
    /// Key of the main measure.
    pub measure: &'a str,
    /// Keys of the windows, the one that matters most first.
    pub windows: &'a [&'a str],
    /// Keys of the arms besides the baseline, those that matter most first.
    pub arms: &'a [&'a str],
    /// The confidence of the intervals in the table, where it is not 0.95.
    pub confidence: Option<f64>,
    /// A level of the measure that matters, in its unit.
    pub threshold: Option<f64>,
    /// Where factors that are numbers stand in the scenario as it is, in the units of their columns.
    pub today: BTreeMap<String, f64>,
}

/// The most figures.
const FIGURES: usize = 8;
/// The least levels of each factor of a grid, and the most of one that is drawn level by level.
const LEVELS: (usize, usize) = (3, 60);
/// The least share of the cells of a grid that have a point.
const FILLED: f64 = 0.6;

/// The figures of a sweep, from its table `points`:
///
/// * one factor that varies: means of all arms, and differences where there are arms;
/// * two numbers on a grid (at least 3 by 3 levels, most cells filled): a map of the differences of each arm, and one of the
///   means of the baseline;
/// * else, or where lines would be too many: what each factor does to the means of the baseline, and to the differences of
///   each arm.
///
/// In every window, or in the first alone where that would be more than 8; of arms then as many as fit. None where no factor
/// varies, or the table has no factors. Names are unique and say arm and, where there are several, window.
pub fn sweep_requests(points: &Table, charts: &SweepCharts<'_>) -> Vec<Request> {
    let first = charts.windows.first().copied();
    let wanted: Vec<(&str, &str)> =
        std::iter::once(("measure", charts.measure)).chain(first.map(|window| ("window", window))).collect();
    let Ok(rows) = columns::rows_of(points, &wanted) else { return Vec::new() };
    let baseline = points.texts("arm").is_some_and(|arms| rows.iter().any(|&row| &*arms[row] == BASELINE));
    let points = points.picked(&rows);
    let Ok(all) = sweep::factors(&points) else { return Vec::new() };
    let moving = sweep::varying(&points, &all);
    let base = baseline.then_some(BASELINE).or_else(|| charts.arms.first().copied());
    let lines = charts.arms.len() + usize::from(baseline);
    let each = |means: Kind, differences: Kind| {
        let base = base.into_iter().map(move |arm| (means, Some(arm)));
        let arms = charts.arms.iter().filter(|_| baseline).map(move |arm| (differences, Some(*arm)));
        base.chain(arms).collect::<Vec<_>>()
    };
    let one_by_one = |factor: &str| sweep::is_category(&points, factor) || sweep::levels(&points, factor) <= LEVELS.1;
    let mut kinds = match moving.as_slice() {
        [] => Vec::new(),
        [only] if lines <= response::MOST && one_by_one(only) => {
            let differences = (baseline && !charts.arms.is_empty()).then_some((Kind::ResponseDifferences, None));
            std::iter::once((Kind::Response, None)).chain(differences).collect()
        }
        [x, y] if is_grid(&points, x, y) => each(Kind::Heatmap, Kind::HeatmapDifferences),
        _ => each(Kind::Factors, Kind::FactorsDifferences),
    };
    kinds.truncate(FIGURES);
    let several = charts.windows.len() > 1 && charts.windows.len() * kinds.len() <= FIGURES;
    let windows: Vec<Option<&str>> = match several {
        true => charts.windows.iter().copied().map(Some).collect(),
        false => vec![first],
    };
    let mut requests = Vec::new();
    for window in windows {
        for &(kind, arm) in &kinds {
            let name: Vec<&str> = std::iter::once(kind.key()).chain(arm).chain(window.filter(|_| several)).collect();
            requests.push(Request {
                measure: Some(charts.measure.to_owned()),
                window: window.map(str::to_owned),
                arm: arm.map(str::to_owned),
                confidence: charts.confidence.filter(|level| *level != 0.95),
                factors: moving.iter().filter(|_| !kind.is_of_all_factors()).map(|key| (*key).to_owned()).collect(),
                threshold: charts.threshold.filter(|_| !kind.is_of_differences()),
                today: charts.today.clone(),
                ..Request::new(kind, &name.join("-"))
            });
        }
    }
    requests
}

fn is_grid(points: &Table, x: &str, y: &str) -> bool {
    if sweep::is_category(points, x) || sweep::is_category(points, y) {
        return false;
    }
    let (across, up) = (sweep::levels(points, x), sweep::levels(points, y));
    let fits = |count: usize| LEVELS.0 <= count && count <= LEVELS.1;
    fits(across) && fits(up) && sweep::pairs(points, x, y) as f64 >= FILLED * (across * up) as f64
}
