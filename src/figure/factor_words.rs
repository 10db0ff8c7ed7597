//! What is said of a figure of many factors: its caption, and its numbers as a table.

use super::factor_bins::MOST;
use super::factors::Factor;
use super::levels;
use super::request::Request;
use super::ticks;
use super::words::counted;
use super::{Context, columns, sweep};
use crate::table::{Cell, Field, Schema, Table};

/// What is shown of the factors drawn, whose points have these values, one dot for so many.
pub(super) fn caption(
    points: &Table,
    request: &Request,
    axis: &str,
    (drawn, values, every): (&[Factor<'_>], &[f64], usize),
    context: &Context,
) -> String {
    let differences = request.kind.is_of_differences();
    let known = values.iter().filter(|value| value.is_finite()).count();
    let bins = drawn.iter().map(|factor| factor.trend.bins.len()).max().unwrap_or(1);
    let chance = (bins.saturating_sub(1)) as f64 / known.saturating_sub(1).max(1) as f64;
    let what = if differences { "differences at the points" } else { "means of the points" };
    let asked = drawn.iter().any(|factor| context.order.iter().any(|key| key == factor.key));
    let named = if asked { "first those asked for, then " } else { "" };
    let mut body = format!(
        "{axis}, {}: a panel for each of {}, all with the same vertical axis, {named}in order of the share of the variance of \
         the {what} that the factor explains by itself. That share is printed above each panel: variance between its bins \
         over all variance, a first-order share estimated from the points as they are. It says nothing of interactions, and by chance \
         a factor that does nothing may show about {} at random points. Blue: means of the points in bins of equal counts, at \
         most {MOST} (a factor of few levels or of categories has a bin for each), each at the median of its levels, with 95% \
         intervals (Student’s t, over the points of the bin); lines are a guide.",
        sweep::arm_label(points, context),
        counted(drawn.len(), "factor"),
        ticks::percent(chance.min(1.0)),
    );
    let total = counted(points.rows(), "point");
    body += &match every {
        1 => format!(" Grey: all {total}."),
        _ => format!(" Grey: one of every {every} of the {total}, by their order; bins hold all of them."),
    };
    if drawn.iter().any(|factor| !factor.levels.names.is_empty() || factor.levels.raw.len() <= MOST) {
        body += " At categories and at few levels they stand a little aside, so that all are seen.";
    }
    let of = sweep::runs(points, differences);
    body += &format!(" A point is the mean of {of} (window: {}).", columns::word(points, "window", &[0]));
    match points.rows() - known {
        0 => {}
        missing => body += &format!(" {} without a value left out.", counted(missing, "point")),
    }
    body
}

/// The bins as a table, in the units of the points.
pub(super) fn numbers(points: &Table, drawn: &[Factor<'_>], unit: &str, column: &str, context: &Context) -> Table {
    let schema = Schema::of(
        "bins",
        &format!("Means of `{column}` in bins of factors."),
        vec![
            Field::text("factor", "Factor."),
            Field::text("label", "Its words."),
            Field::real("share", "share", "Share of the variance of the points that the factor explains by itself."),
            Field::text("level", "The level, where it is a category."),
            Field::real("low", "see factor", "Lowest level of the bin."),
            Field::real("high", "see factor", "Highest level of the bin."),
            Field::integer("n", "points", "Points in the bin."),
            Field::real("mean", unit, "Mean of the points."),
            Field::real("ci_low", unit, "Lower end of its interval."),
            Field::real("ci_high", unit, "Upper end of its interval."),
        ],
    );
    let mut table = Table::new(schema);
    for factor in drawn {
        let label = levels::words_of(points, factor.key, context);
        for bin in &factor.trend.bins {
            let name = factor.levels.names.get(bin.middle as usize).map_or("", String::as_str);
            let end = |level: f64| Cell::Real(if name.is_empty() { level } else { f64::NAN });
            table.push([
                Cell::from(factor.key),
                Cell::from(label.as_str()),
                Cell::Real(factor.trend.share),
                Cell::from(name),
                end(bin.ends.0),
                end(bin.ends.1),
                Cell::Integer(bin.n as i64),
                Cell::Real(bin.mean),
                Cell::Real(bin.interval.low),
                Cell::Real(bin.interval.high),
            ]);
        }
    }
    table
}
