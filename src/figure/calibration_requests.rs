//! Which figures a calibration is left with.

use super::request::{Kind, Request, Tables};

/// The figures of a calibration, from its tables: the posterior of the study's own model, predictions, what was learned, rival models
/// where there are any, and how the walk went. None where a table has no rows.
pub fn calibration_requests(tables: &Tables) -> Vec<Request> {
    let rows = |name: &str| tables.get(name).map_or(0, crate::table::Table::rows);
    let there = |kind: &Kind| {
        let needed = kind.tables().iter().filter(|name| !name.ends_with('?'));
        needed.into_iter().all(|name| rows(name) > 0) && (*kind != Kind::Rivals || rows("models") > 1)
    };
    let all = [Kind::Predictive, Kind::Posterior, Kind::Learned, Kind::Rivals, Kind::Walk];
    all.into_iter().filter(there).map(|kind| Request::new(kind, kind.key())).collect()
}
