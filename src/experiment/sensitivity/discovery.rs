//! Scenario discovery: in which corner of what is assumed does it go wrong?

use super::outcomes::{Value, independent};
use super::subject::Subject;
use super::{Ground, Part, free};
use crate::numeral::percent;
use crate::scenario::Structure;
use crate::statistics::sensitivity::{End, FoundBox, Interest, Peeling, Prim, kept_in_halves, prim};
use crate::statistics::{Address, quantile_sorted};
use crate::table::Cell;

/// Searches on random halves of the points.
const HALVES: usize = 20;
/// Fewer points than this share of all, or more than the rest, make no question by themselves.
const WORTH_ASKING: f64 = 0.02;

/// Where an outcome is of interest.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Key of the outcome; the one that is drawn if it is not said.
    pub measure: Option<String>,
    /// Key of the arm whose effect is meant; without it the level of the baseline.
    pub arm: Option<String>,
    /// Which values.
    pub interest: Interest,
}

/// A question of discovery.
pub(super) struct Question {
    subject: Subject,
    value: Value,
    interest: Interest,
}

/// The question asked for; or, if none is, those that suggest themselves: where the baseline does worst, where an arm does not help,
/// where the leading arm does not lead.
pub(super) fn questions(ground: &Ground<'_>, main: &[(Subject, Value)]) -> Result<Vec<Question>, String> {
    let plan = ground.outcomes.plan();
    let has_points = matches!(ground.structure, Structure::Free | Structure::Blocks(_));
    if let Some(wanted) = &ground.request.wanted {
        if !has_points {
            return Err(format!(
                "the points of a {} design do not fill the space of its factors, so no box can be looked for; use latin-hypercube or sobol",
                plan.sweep().design().name()
            ));
        }
        let known = |keys: Vec<&str>, key: &str, what: &str| {
            let found = keys.iter().position(|own| *own == key);
            found.ok_or_else(|| format!("this sweep has no {what} {key}; it has {}", keys.join(", ")))
        };
        let measure = match &wanted.measure {
            Some(key) => known(plan.outcomes().iter().map(|own| own.key()).collect(), key, "outcome")?,
            None => plan.main(),
        };
        let subject = match wanted.arm.as_deref() {
            None | Some("baseline") => Subject::Level,
            Some(key) => {
                let keys: Vec<&str> = plan.lines().iter().map(|line| line.key.as_str()).collect();
                Subject::Effect(known(keys, key, "arm")?)
            }
        };
        let windows = 0..plan.windows().len();
        let of_window = |window| Question { subject, value: Value { measure, window }, interest: wanted.interest };
        return Ok(windows.map(of_window).collect());
    }
    if !has_points {
        return Ok(Vec::new());
    }
    let smallest = ground.smallest;
    let mut questions = Vec::new();
    for (subject, value) in main {
        let Some(series) = ground.outcomes.of(*subject, *value) else { continue };
        let all = series.means();
        let rows = rows(ground).unwrap_or_else(|| (0..all.len()).collect());
        let mut means: Vec<f64> = rows.into_iter().map(|row| all[row]).filter(|mean| mean.is_finite()).collect();
        means.sort_by(f64::total_cmp);
        let bad = |at: f64| if smallest { Interest::AtLeast(at) } else { Interest::AtMost(at) };
        let interest = match subject {
            Subject::Level => bad(quantile_sorted(&means, if smallest { 0.75 } else { 0.25 })),
            Subject::Effect(_) | Subject::Lead { .. } => bad(0.0),
            Subject::Spread => continue,
        };
        let hits = means.iter().filter(|mean| interest.holds(**mean)).count() as f64 / means.len() as f64;
        if (WORTH_ASKING..=1.0 - WORTH_ASKING).contains(&hits) {
            questions.push(Question { subject: *subject, value: *value, interest });
        }
    }
    Ok(questions)
}

/// The points that are searched: of blocks those that are independent of each other; else all.
fn rows(ground: &Ground<'_>) -> Option<Vec<usize>> {
    match &ground.structure {
        Structure::Blocks(blocks) => Some(independent(*blocks, ground.outcomes.points())),
        _ => None,
    }
}

/// Looks for the corner.
pub(super) fn discover(ground: &Ground<'_>, question: &Question) -> Part {
    let mut part = Part::default();
    let Question { subject, value, interest } = *question;
    let Some(series) = ground.outcomes.of(subject, value) else { return part };
    let rows = rows(ground);
    let what = match interest {
        Interest::AtLeast(least) => format!(">= {}", super::words::short(least)),
        Interest::AtMost(most) => format!("<= {}", super::words::short(most)),
    };
    let peeling = Peeling::default();
    let chosen = free::chosen(ground, &series.means(), rows.as_deref(), true);
    let label = format!("{} {what}", ground.label(&subject, value));
    let address = Address { seed: ground.outcomes.plan().seed(), label: &label };
    let searched = chosen.and_then(|chosen| {
        let found = prim(&chosen.sample, interest, &peeling)?;
        let kept = kept_in_halves(&chosen.sample, interest, &peeling, (address, HALVES));
        Ok((chosen, found, kept))
    });
    let name = ground.in_words(subject, value);
    let (chosen, found, kept) = match searched {
        Ok(found) => found,
        Err(refusal) => {
            part.findings = format!("\nWhere is the {name} {what}? That cannot be searched: {refusal}.\n");
            return part;
        }
    };
    let suggested = found.suggested();
    let quantity: Vec<Cell> = ground.quantity(subject, value).into_iter().chain([what.as_str().into()]).collect();
    let plan = ground.outcomes.plan();
    for (number, own) in found.boxes.iter().enumerate() {
        let row: [Cell; 9] = [
            (number as i64).into(),
            made_by(&found, number).into(),
            (own.points as i64).into(),
            (own.hits as i64).into(),
            own.coverage.into(),
            own.density.into(),
            own.mass.into(),
            (own.restricted as i64).into(),
            i64::from(number == suggested).into(),
        ];
        part.boxes.push(quantity.iter().cloned().chain(row).collect());
        for limit in &own.limits {
            let factor = &plan.factors()[chosen.factors[limit.factor]];
            let own = &chosen.sample.factors()[limit.factor];
            let lowest = own.iter().copied().fold(f64::INFINITY, f64::min);
            let highest = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let row: [Cell; 10] = [
                (number as i64).into(),
                factor.key.as_str().into(),
                factor.label.as_str().into(),
                if limit.end == End::Low { "from" } else { "to" }.into(),
                limit.value.into(),
                factor.value(limit.value).as_str().into(),
                lowest.into(),
                highest.into(),
                limit.quasi_p.into(),
                if number == suggested { kept[limit.factor] } else { f64::NAN }.into(),
            ];
            part.limits.push(quantity.iter().cloned().chain(row).collect());
        }
    }
    part.findings = words(ground, &chosen, (&name, &what), &found.boxes[suggested], &kept);
    part
}

fn made_by(found: &Prim, number: usize) -> &'static str {
    match number {
        0 => "",
        number if number <= found.cuts => "cut",
        _ => "paste",
    }
}

fn words(
    ground: &Ground<'_>,
    chosen: &free::Chosen,
    (name, what): (&str, &str),
    suggested: &FoundBox,
    kept: &[f64],
) -> String {
    let factors = ground.outcomes.plan().factors();
    let mut limits: Vec<String> = Vec::new();
    for (place, own) in chosen.factors.iter().enumerate() {
        let of: Vec<_> = suggested.limits.iter().filter(|limit| limit.factor == place).collect();
        if of.is_empty() {
            continue;
        }
        let factor = &factors[*own];
        let ends: Vec<String> = of
            .iter()
            .map(|limit| {
                let at = if factor.is_words() { factor.value(limit.value) } else { super::words::short(limit.value) };
                format!("{} {at}", if limit.end == End::Low { "at least" } else { "at most" })
            })
            .collect();
        let halves = match kept[place] {
            kept if kept.is_nan() => "no halves to be tried on".to_owned(),
            kept => format!("in {} of halves", percent(kept)),
        };
        limits.push(format!("{} {} ({halves})", factor.key, ends.join(" and ")));
    }
    let of = (percent(suggested.coverage), percent(suggested.density), percent(suggested.mass));
    format!(
        "\nWhere is the {name} {what}? {} of such points lie in a box that holds {} of all, and {} of what it holds are such points: {}.\n",
        of.0,
        of.2,
        of.1,
        if limits.is_empty() { "nowhere in particular".to_owned() } else { limits.join("; ") }
    )
}
