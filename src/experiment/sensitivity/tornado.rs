//! One factor moved at a time.

use super::outcomes::{Series, Value};
use super::subject::Subject;
use super::words::word;
use super::{Ground, Part};
use crate::statistics::Moments;
use crate::statistics::sensitivity::Importance;
use crate::table::Cell;

pub(super) fn tornado(ground: &Ground<'_>, subject: Subject, value: Value, series: &Series) -> Part {
    let mut part = Part::default();
    let plan = ground.outcomes.plan();
    let designed = plan.points();
    let quantity = ground.quantity(subject, value);
    // A constraint may have left out the study as it is.
    let own = |(factor, at): (&crate::scenario::Factor, &f64)| factor.today.is_none_or(|today| today == *at);
    if !plan.factors().iter().zip(designed.row(0)).all(own) {
        let what = ground.in_words(subject, value);
        part.findings = format!(
            "\nThe {what} cannot be analysed: the study as it is breaks a constraint, and is no point of the design.\n"
        );
        return part;
    }
    let of_point = |point: usize| &series.numbers[point * series.replicates..(point + 1) * series.replicates];
    let mean = |numbers: &[f64]| {
        let moments: Moments = numbers.iter().copied().filter(|number| number.is_finite()).collect();
        moments.mean()
    };
    let base = of_point(0);
    let mut largest: Vec<(usize, f64, Importance)> = Vec::new();
    let mut lost = 0;
    for point in 1..designed.rows() {
        let mut moved =
            (0..plan.factors().len()).filter(|factor| designed.row(point)[*factor] != designed.row(0)[*factor]);
        let (Some(factor), None) = (moved.next(), moved.next()) else { continue };
        let changes: Vec<f64> = of_point(point).iter().zip(base).map(|(there, here)| there - here).collect();
        let known: Moments = changes.iter().copied().filter(|change| change.is_finite()).collect();
        lost += changes.len() - known.n as usize;
        let interval = known.interval_at(plan.confidence());
        let importance = if interval.low > 0.0 || interval.high < 0.0 {
            Importance::Important
        } else if known.n > 0 && changes.iter().all(|change| *change == 0.0) {
            Importance::Negligible
        } else {
            Importance::Undecided
        };
        let own = &plan.factors()[factor];
        let row: [Cell; 12] = [
            own.key.as_str().into(),
            own.label.as_str().into(),
            own.unit.as_str().into(),
            own.today.unwrap_or(f64::NAN).into(),
            designed.row(point)[factor].into(),
            own.value(designed.row(point)[factor]).as_str().into(),
            mean(of_point(point)).into(),
            mean(base).into(),
            known.mean().into(),
            interval.low.into(),
            interval.high.into(),
            word(importance).into(),
        ];
        part.tornado.push(quantity.iter().cloned().chain(row).collect());
        let group = ground.groups.of_factors()[factor];
        match largest.iter_mut().find(|(own, _, _)| *own == group) {
            Some(known_so_far) if known_so_far.1.abs() < known.mean().abs() => {
                *known_so_far = (group, known.mean(), importance)
            }
            Some(_) => {}
            None => largest.push((group, known.mean(), importance)),
        }
    }
    largest.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    if ground.tells(value) && subject != Subject::Spread {
        let mut verdict = "Each factor was moved by itself: how they work together is not seen.".to_owned();
        if lost > 0 {
            verdict += &format!(" {lost} pairs of runs were left out: one failed or has no such outcome.");
        }
        let of = "the largest changes when one factor is moved";
        part.findings = ground.finding(subject, value, (&largest, of), &verdict);
    }
    part
}
