//! Charts of a table of points that was narrowed to what a request shows.

use super::factors::factors;
use super::heat_grid::Swept;
use super::heatmap::heatmap;
use super::request::{Kind, Request};
use super::response::{Response, response};
use super::{Context, Drawing, FigureError, sweep};
use crate::table::Table;

/// The least share of the cells of a grid that must have a point.
const FILLED: f64 = 0.25;

/// Draws narrowed points (`sweep::narrowed`) as the kind of the request.
///
/// # Errors
/// When factors are missing or others vary besides them, or the chart refuses.
pub(super) fn draw(points: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    match request.kind {
        Kind::Response | Kind::ResponseDifferences => of_one(points, request, context),
        Kind::Heatmap | Kind::HeatmapDifferences => of_two(points, request, context),
        _ => factors(points, request, context),
    }
}

fn of_one(points: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let [x] = sweep::chosen(points, request)?;
    let difference = request.kind.is_of_differences();
    let (value, low, high) = sweep::value_columns(request.kind);
    let swept = Response {
        x,
        value,
        low: Some(low),
        high: Some(high),
        arm: Some("arm"),
        names: Some("arm_label"),
        today: request.today.get(x).copied(),
        threshold: request.threshold,
        difference,
        intervals: &sweep::intervals(points, difference),
    };
    response(points, &swept, context)
}

fn of_two(points: &Table, request: &Request, context: &Context) -> Result<Drawing, FigureError> {
    let [x, y] = sweep::chosen(points, request)?;
    is_grid(points, [x, y])?;
    let difference = request.kind.is_of_differences();
    let (value, low, high) = sweep::value_columns(request.kind);
    let swept = Swept {
        x,
        y,
        value,
        low: Some(low),
        high: Some(high),
        today: request.today.get(x).copied().zip(request.today.get(y).copied()),
        threshold: request.threshold,
        difference,
        intervals: &sweep::intervals(points, difference),
    };
    let own = if difference { "What two levers change" } else { "Two levers at once" };
    let context = Context { title: sweep::titled(points, own, context), ..context.clone() };
    heatmap(points, &swept, &context)
}

/// That points stand on a grid: a heat map of scattered points is nearly empty.
fn is_grid(points: &Table, [x, y]: [&str; 2]) -> Result<(), FigureError> {
    let (across, up) = (sweep::levels(points, x), sweep::levels(points, y));
    let cells = across as f64 * up as f64;
    if cells <= 25.0 || points.rows() as f64 >= FILLED * cells {
        return Ok(());
    }
    let reason = format!(
        "{} points at {across} levels of {x} and {up} of {y} are no grid, and a heat map of them would be nearly empty: \
         kind `{}` shows what each factor does",
        points.rows(),
        Kind::Factors.key()
    );
    Err(FigureError::Unfit { reason })
}
