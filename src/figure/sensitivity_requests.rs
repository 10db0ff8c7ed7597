//! Which figures a sensitivity analysis is left with.

use super::columns;
use super::request::{Kind, Request, Tables};
use super::sensitivity::name;
use crate::table::Table;

/// The most figures.
const FIGURES: usize = 8;

/// The figures of a sensitivity analysis, from its tables: how often each arm is best; for the level, each effect and each lead what the
/// design tells of it (`screening`, `shares` or `tornado`); whether shares have settled, for the first of them; and where the points of
/// interest lie.
///
/// Of the main measure in its first window: those of `best_arms`, or of the first row of another table. At most 8, names unique; spreads
/// are not drawn unless asked for. None where no table has rows.
pub fn sensitivity_requests(tables: &Tables, confidence: Option<f64>) -> Vec<Request> {
    let there = |name: &str| tables.get(name).filter(|table| table.rows() > 0);
    let all = ["best_arms", "tornado", "indices", "boxes"];
    let Some(first) = all.into_iter().find_map(there) else { return Vec::new() };
    let (measure, window) = (columns::word(first, "measure", &[0]), columns::word(first, "window", &[0]));
    let confidence = confidence.filter(|level| *level != 0.95);
    let of = |kind: Kind, own: Option<[String; 3]>| {
        let [quantity, arm, against] = own.map_or([None, None, None], |words| words.map(Some));
        let request = Request {
            measure: Some(measure.clone()),
            window: Some(window.clone()),
            quantity,
            arm,
            against: against.filter(|word| !word.is_empty()),
            confidence,
            ..Request::new(kind, kind.key())
        };
        Request { name: name(&request), ..request }
    };
    let main = [("measure", measure.as_str()), ("window", window.as_str())];
    let mut requests: Vec<Request> = there("best_arms").into_iter().map(|_| of(Kind::BestArms, None)).collect();
    let mut boxes: Vec<[String; 3]> = there("boxes").into_iter().flat_map(|table| quantities(table, &main)).collect();
    // What would change the order of arms comes first.
    boxes.sort_by_key(|own| own[0] != "lead");
    let boxes: Vec<Request> = boxes.into_iter().map(|own| of(Kind::Discovery, Some(own))).collect();
    let mut drawn = Vec::new();
    if let Some(indices) = there("indices") {
        let with = |method: &str| quantities(indices, &[&main[..], &[("method", method)]].concat());
        drawn.extend(with("morris").into_iter().map(|own| of(Kind::Screening, Some(own))));
        let shares = with("sobol");
        let settled = there("convergence").and_then(|table| quantities(table, &main).into_iter().next());
        drawn.extend(shares.into_iter().map(|own| of(Kind::Shares, Some(own))));
        drawn.extend(settled.map(|own| of(Kind::Convergence, Some(own))));
    }
    drawn.extend(
        there("tornado").into_iter().flat_map(|table| quantities(table, &main)).map(|own| of(Kind::Tornado, Some(own))),
    );
    // One figure of discovery has its place, however many there are of others.
    let most = FIGURES - requests.len() - usize::from(!boxes.is_empty());
    if drawn.len() > most {
        let settled =
            drawn.iter().position(|request| request.kind == Kind::Convergence).map(|place| drawn.remove(place));
        drawn.truncate(most - usize::from(settled.is_some()));
        drawn.extend(settled);
    }
    requests.extend(drawn);
    requests.extend(boxes);
    requests.truncate(FIGURES);
    requests
}

/// The quantities in those rows but spreads, each once, in the order of the table: kind, arm, against what.
fn quantities(table: &Table, wanted: &[(&str, &str)]) -> Vec<[String; 3]> {
    let mut known: Vec<[String; 3]> = Vec::new();
    for row in columns::rows_of(table, wanted).unwrap_or_default() {
        let own = ["quantity", "arm", "against"].map(|column| columns::word(table, column, &[row]));
        if own[0] != "spread" && !known.contains(&own) {
            known.push(own);
        }
    }
    known
}
