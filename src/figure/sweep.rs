//! The table `points` of a sweep, narrowed to what one figure shows.
//!
//! A row is a point of the design in an arm, a measure and a window. Factors are the columns between `arm_label` and
//! `measure`: numbers with a unit, or words.

use super::request::{Kind, Request};
use super::{Context, FigureError, columns};
use crate::table::{Schema, Table, Values};
use std::collections::BTreeSet;

/// The key of the arm without interventions.
pub(super) const BASELINE: &str = "baseline";
/// The columns that factors stand between.
const BETWEEN: (&str, &str) = ("arm_label", "measure");

/// The names of the columns that are factors, in the order of the table.
///
/// # Errors
/// When the table lacks one of the columns that they stand between, or has nothing between them.
pub(super) fn factors(points: &Table) -> Result<Vec<&str>, FigureError> {
    let place = |name: &str| points.schema.fields.iter().position(|field| field.name == name);
    columns::texts(points, BETWEEN.0)?;
    columns::texts(points, BETWEEN.1)?;
    let between = place(BETWEEN.0).zip(place(BETWEEN.1)).and_then(|(from, to)| points.schema.fields.get(from + 1..to));
    let names: Vec<&str> = between.into_iter().flatten().map(|field| field.name.as_str()).collect();
    if names.is_empty() {
        return Err(columns::nothing(points, "factors (columns between `arm_label` and `measure`)"));
    }
    Ok(names)
}

/// Those of the factors that have more than one level.
pub(super) fn varying<'a>(points: &Table, factors: &[&'a str]) -> Vec<&'a str> {
    factors.iter().copied().filter(|factor| varies(points, factor)).collect()
}

fn varies(points: &Table, factor: &str) -> bool {
    match points.column(factor) {
        Some(Values::Real(values)) => {
            let mut known = values.iter().filter(|value| value.is_finite());
            known.next().is_some_and(|first| known.any(|other| other != first))
        }
        Some(Values::Integer(values)) => values.iter().any(|other| *other != values[0]),
        Some(Values::Text(words)) => words.iter().any(|other| *other != words[0]),
        _ => false,
    }
}

/// Whether a factor is a category.
pub(super) fn is_category(points: &Table, factor: &str) -> bool {
    points.texts(factor).is_some()
}

/// How many levels a factor has; those that are missing do not count.
pub(super) fn levels(points: &Table, factor: &str) -> usize {
    if let Some(words) = points.texts(factor) {
        return words.iter().collect::<BTreeSet<_>>().len();
    }
    let Ok(values) = columns::numbers(points, factor) else { return 0 };
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    known.dedup();
    known.len()
}

/// How many different pairs of levels two factors that are numbers have.
pub(super) fn pairs(points: &Table, x: &str, y: &str) -> usize {
    let (Ok(x), Ok(y)) = (columns::numbers(points, x), columns::numbers(points, y)) else { return 0 };
    let mut known: Vec<(f64, f64)> =
        x.iter().zip(y.iter()).map(|(x, y)| (*x, *y)).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    known.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    known.dedup();
    known.len()
}

/// The factors that a figure of so many of them is of: those asked for, or else those that vary.
///
/// # Errors
/// When the table does not have one, there are not so many, or another one varies besides them.
pub(super) fn chosen<'a, const N: usize>(points: &'a Table, request: &Request) -> Result<[&'a str; N], FigureError> {
    let all = factors(points)?;
    let moving = varying(points, &all);
    let own = known(&all, &request.factors, points)?;
    let (kind, counted) = (request.kind.key(), if N == 1 { "one factor" } else { "two factors" });
    let named = match (own.is_empty(), moving.len(), all.len()) {
        (false, _, _) => own,
        // A single factor with a single level is still drawn.
        (true, count, all_of_them) if count < N && all_of_them == N => all.clone(),
        (true, _, _) => moving.clone(),
    };
    let Ok(named) = <[&str; N]>::try_from(named.as_slice()) else {
        let reason = if request.factors.is_empty() {
            let which = if moving.is_empty() { "none".to_owned() } else { moving.join(", ") };
            format!(
                "a figure of kind `{kind}` is of {counted}, and those that vary are: {which}; name {counted}, or draw kind `{FACTORS}`"
            )
        } else {
            format!("a figure of kind `{kind}` is of {counted}, but named are: {}", request.factors.join(", "))
        };
        return Err(FigureError::Unfit { reason });
    };
    let rest: Vec<&str> = moving.into_iter().filter(|factor| !named.contains(factor)).collect();
    if rest.is_empty() {
        return Ok(named);
    }
    let reason = format!(
        "a figure of kind `{kind}` shows points that differ in {} alone, but {} {} too: kind `{FACTORS}` shows what each does",
        named.join(" and "),
        rest.join(", "),
        if rest.len() == 1 { "varies" } else { "vary" },
    );
    Err(FigureError::Unfit { reason })
}

const FACTORS: &str = "factors";

/// The names asked for as the table has them.
pub(super) fn known<'a>(all: &[&'a str], wanted: &[String], points: &Table) -> Result<Vec<&'a str>, FigureError> {
    let find = |name: &String| {
        all.iter().copied().find(|factor| factor == name).ok_or_else(|| FigureError::Unfit {
            reason: format!(
                "table `{}` has no factor `{name}`; its factors are {}",
                points.schema.name,
                all.join(", ")
            ),
        })
    };
    wanted.iter().map(find).collect()
}

/// The rows that a figure of a sweep shows, the unit and name of the measure put where charts look for them.
///
/// # Errors
/// When a column is missing, nothing fits, or the request leaves open which of several measures, windows or arms is meant.
pub(super) fn narrowed(points: &Table, request: &Request) -> Result<Table, FigureError> {
    factors(points)?;
    if points.rows() == 0 {
        return Err(columns::nothing(points, "points"));
    }
    let measure = one_of(points, "measure", request.measure.as_deref(), request.kind)?;
    let window = one_of(points, "window", request.window.as_deref(), request.kind)?;
    let rows = columns::rows_of(points, &[("measure", &measure), ("window", &window)])?;
    let arms = columns::texts(points, "arm")?;
    columns::numbers(points, "point_id")?;
    let differences = request.kind.is_of_differences();
    let arm = request.kind.is_of_one_arm().then(|| arm_of(points, &rows, request)).transpose()?;
    let wanted = |row: &usize| match &arm {
        Some(arm) => *arms[*row] == **arm,
        None => !differences || &*arms[*row] != BASELINE,
    };
    let rows: Vec<usize> = rows.into_iter().filter(wanted).collect();
    if rows.is_empty() {
        return Err(columns::nothing(points, "arms other than the baseline"));
    }
    let word = |column: &str| columns::word(points, column, &rows);
    let (label, unit) = (word("measure_label"), word("unit"));
    let mut schema: Schema = (*points.schema).clone();
    for field in &mut schema.fields {
        if MEASURED.contains(&field.name.as_str()) {
            field.unit.clone_from(&unit);
            field.description.clone_from(&label);
        }
    }
    Ok(points.picked(&rows).renamed(schema))
}

/// The columns in the unit of the measure.
const MEASURED: [&str; 7] = ["mean", "sd", "ci_low", "ci_high", "difference", "difference_low", "difference_high"];

/// The word asked for, or the only one there is.
fn one_of(points: &Table, column: &str, wanted: Option<&str>, kind: Kind) -> Result<String, FigureError> {
    if let Some(word) = wanted {
        return Ok(word.to_owned());
    }
    let words = columns::distinct(columns::texts(points, column)?);
    match words.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let reason = format!(
                "a figure of kind `{}` is of one {column}, and none is named; table `{}` has {}",
                kind.key(),
                points.schema.name,
                several.join(", ")
            );
            Err(FigureError::Unfit { reason })
        }
    }
}

/// The arm that a figure of one arm is of.
fn arm_of(points: &Table, rows: &[usize], request: &Request) -> Result<String, FigureError> {
    let arms = columns::texts(points, "arm")?;
    let mut there: Vec<&str> = Vec::new();
    for &row in rows {
        if !there.contains(&&*arms[row]) {
            there.push(&arms[row]);
        }
    }
    let differences = request.kind.is_of_differences();
    let can: Vec<&str> = there.iter().copied().filter(|arm| !differences || *arm != BASELINE).collect();
    let own = match request.arm.as_deref() {
        Some(arm) => can.contains(&arm).then(|| arm.to_owned()),
        None if !differences && can.contains(&BASELINE) => Some(BASELINE.to_owned()),
        None => match can.as_slice() {
            [only] => Some((*only).to_owned()),
            _ => None,
        },
    };
    own.ok_or_else(|| {
        let kind = request.kind.key();
        let has = if can.is_empty() { "none".to_owned() } else { can.join(", ") };
        let has = format!("table `{}` has {has}", points.schema.name);
        let reason = match request.arm.as_deref() {
            Some(BASELINE) if differences => format!("differences are from the baseline: name another arm; {has}"),
            Some(arm) => format!("no rows of arm `{arm}` to draw; {has}"),
            None => format!("a figure of kind `{kind}` is of one arm, and none is named; {has}"),
        };
        FigureError::Unfit { reason }
    })
}

/// The columns of a mean, or of a difference, with its interval.
pub(super) fn value_columns(kind: Kind) -> (&'static str, &'static str, &'static str) {
    if kind.is_of_differences() {
        ("difference", "difference_low", "difference_high")
    } else {
        ("mean", "ci_low", "ci_high")
    }
}

/// What intervals are, for captions: `95% intervals (Student’s t) of the mean of 20 runs at each point (window: after)`.
pub(super) fn intervals(points: &Table, differences: bool) -> String {
    let what = if differences { "mean paired difference" } else { "mean" };
    let window = columns::word(points, "window", &[0]);
    format!(
        "95% intervals (Student’s t) of the {what} of {} at each point (window: {window})",
        runs(points, differences)
    )
}

/// How many runs or pairs of them stand behind a point: `20 runs`, `18 to 20 pairs of runs`.
pub(super) fn runs(points: &Table, differences: bool) -> String {
    let counts = points.integers(if differences { "n_pairs" } else { "n" }).unwrap_or_default();
    // A point without a run is told of as missing, not as a count.
    let known = || counts.iter().copied().filter(|count| *count > 0);
    let (least, most) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
    let noun = match (differences, most) {
        (true, 1) => "pair of runs",
        (true, _) => "pairs of runs",
        (false, 1) => "run",
        (false, _) => "runs",
    };
    if least == most { format!("{most} {noun}") } else { format!("{least} to {most} {noun}") }
}

/// The title of a figure of one arm: the chart's own, and the arm.
pub(super) fn titled(points: &Table, own: &str, context: &Context) -> String {
    if !context.title.is_empty() {
        return context.title.clone();
    }
    format!("{}: {}", context.say(own), arm_label(points, context))
}

/// The name of the arm of the first row.
pub(super) fn arm_label(points: &Table, context: &Context) -> String {
    let (key, label) = (columns::word(points, "arm", &[0]), columns::word(points, "arm_label", &[0]));
    context.label(&key, if label.is_empty() { &key } else { &label })
}
