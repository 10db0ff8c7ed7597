//! Draws of posteriors, by parameter of scenarios and by factor.

use super::problem::Problem;
use super::schemas::model;
use super::walk::Fit;
use crate::scenario::{Domain, Factor};
use crate::statistics::design::Law;
use crate::table::{Cell, Field, Schema, Table};

/// The columns of a posterior are the parameters of scenarios, whatever factors they came from.
pub(super) fn posterior_table(problem: &Problem<'_>, name: &str, sentence: &str) -> Table {
    let mut fields = vec![
        model(),
        Field::integer("draw", "", "Number of the draw, from 0."),
        Field::real("weight", "share", "Its weight; all of a model sum to 1."),
    ];
    for factor in problem.factors() {
        for parameter in &factor.parameters {
            let sentence = format!("{}.", factor.label);
            fields.push(match factor.is_words() {
                true => Field::text(parameter, &sentence),
                false => Field::real(parameter, "as in scenarios", &sentence),
            });
        }
    }
    Table::new(Schema::of(name, sentence, fields))
}

pub(super) fn draws(table: &mut Table, problem: &Problem<'_>, fit: &Fit) {
    for (draw, point) in fit.posterior.iter().enumerate() {
        let values = problem.values(point);
        let own = problem.factors().iter().zip(values).flat_map(|(factor, value)| {
            (0..factor.parameters.len()).map(move |place| match factor.is_words() {
                true => Cell::from(factor.value(value).as_str()),
                false => Cell::from(factor.placed(place, value)),
            })
        });
        let head: [Cell; 3] = [problem.key().into(), (draw as i64).into(), fit.weights.values()[draw].into()];
        table.push_cells(head.into_iter().chain(own));
    }
}

/// The most draws of a prior that are told.
const PRIOR_DRAWS: usize = 500;

/// The factors that are numbers.
pub(super) fn numbers<'p>(problem: &'p Problem<'_>) -> impl Iterator<Item = (usize, &'p Factor)> {
    problem.factors().iter().enumerate().filter(|(_, factor)| !factor.is_words())
}

pub(super) fn factor_table(problem: &Problem<'_>) -> Table {
    let mut fields = vec![
        model(),
        Field::text("of", "`prior`, at most 500 draws of it, or `posterior`."),
        Field::integer("draw", "", "Number of the draw, from 0; of the posterior as in the table of it."),
        Field::real("weight", "share", "Its weight; all of a prior, and all of a posterior, sum to 1."),
    ];
    let own = numbers(problem);
    fields.extend(own.map(|(_, factor)| Field::real(&factor.key, &factor.unit, &format!("{}.", factor.label))));
    let sentence = "Draws of the prior and of the posterior: a factor of the study in each column, if it is a number.";
    Table::new(Schema::of("factor_draws", sentence, fields))
}

pub(super) fn factor_draws(table: &mut Table, problem: &Problem<'_>, fit: &Fit) {
    let mut push = |of: &str, draw: usize, weight: f64, point: &[f64]| {
        let head: [Cell; 4] = [problem.key().into(), of.into(), (draw as i64).into(), weight.into()];
        let own = numbers(problem).map(|(place, factor)| Cell::from(factor.at(point[place])));
        table.push_cells(head.into_iter().chain(own));
    };
    let told = fit.prior_points.len().min(PRIOR_DRAWS);
    for (draw, point) in fit.prior_points.iter().take(told).enumerate() {
        push("prior", draw, 1.0 / told as f64, point);
    }
    for (draw, point) in fit.posterior.iter().enumerate() {
        push("posterior", draw, fit.weights.values()[draw], point);
    }
}

pub(super) fn logarithmic(factor: &Factor) -> bool {
    let Domain::Law { margin, .. } = &factor.domain else { return false };
    matches!(margin.law(), Law::Logarithmic { .. } | Law::Lognormal { .. })
}

/// Where a prior begins and ends; missing where it does not.
pub(super) fn ends(factor: &Factor) -> (f64, f64) {
    match &factor.domain {
        Domain::Law { margin, .. } if matches!(margin.law(), Law::Normal { .. } | Law::Lognormal { .. }) => {
            (f64::NAN, f64::NAN)
        }
        Domain::Numbers(numbers) => (
            numbers.iter().copied().fold(f64::INFINITY, f64::min),
            numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        ),
        _ => (factor.at(0.0), factor.at(1.0)),
    }
}
