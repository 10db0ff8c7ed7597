//! The tables of a calibration, narrowed to the model that one figure is of.

use super::request::Request;
use super::ticks::{Scale, Tick, significant};
use super::words::counted;
use super::{FigureError, columns};
use crate::table::Table;

/// The study's own model.
const BASELINE: &str = "baseline";

/// The rows of one model: of the one asked for, or the study's own.
///
/// # Errors
/// When the column is missing, or there is no such model.
pub(super) fn of_model(table: &Table, request: &Request) -> Result<Table, FigureError> {
    let models = columns::texts(table, "model")?;
    let first = models.first().map_or(BASELINE, |model| model);
    let own = if models.iter().any(|model| **model == *BASELINE) { BASELINE } else { first };
    let rows = columns::rows_of(table, &[("model", request.arm.as_deref().unwrap_or(own))])?;
    Ok(table.picked(&rows))
}

/// Which model the rows are of, for a title: nothing for the study's own.
pub(super) fn of_which(own: &Table) -> String {
    match columns::word(own, "model", &[0]).as_str() {
        BASELINE | "" => String::new(),
        model => format!(" (model {model})"),
    }
}

/// What a fit rests on: simulations, generations, particles of the last and what they are worth, in a sentence.
///
/// # Errors
/// When a column is missing.
pub(super) fn rests_on(generations: Option<&Table>, request: &Request) -> Result<String, FigureError> {
    let Some(all) = generations.filter(|table| table.rows() > 0) else { return Ok(String::new()) };
    let own = of_model(all, request)?;
    let simulations: i64 = columns::integers(&own, "simulations")?.iter().sum();
    let last = own.rows() - 1;
    let particles = columns::integers(&own, "particles")?[last];
    let effective = columns::numbers(&own, "effective")?[last];
    Ok(format!(
        " Fitted by {} of this model in {} after the prior (n counts those of all models); the last has {}, whose weights make them worth {} (effective sample size, before they are moved to the figures).",
        counted(simulations.max(0) as usize, "simulation"),
        counted(last, "generation"),
        counted(particles.max(0) as usize, "particle"),
        significant(effective, 3),
    ))
}

/// A logarithmic axis, its bounds and ticks as logarithms to the base 10, with names at 1, 2 and 5 times powers of ten, more of
/// them over less than a decade, and powers alone over very many.
pub(super) fn logarithmic(low: f64, high: f64) -> Scale {
    let (from, to) = (libm::log10(low), libm::log10(high));
    let mut ticks = Vec::new();
    for power in libm::floor(from) as i32..=libm::ceil(to) as i32 {
        for lead in [1.0, 1.5, 2.0, 3.0, 5.0, 7.0] {
            let at = f64::from(power) + libm::log10(lead);
            let told = match lead {
                1.0 => true,
                2.0 | 5.0 => to - from < 2.2,
                _ => to - from < 0.8,
            };
            if from - 1e-9 <= at && at <= to + 1e-9 && told {
                let value = lead * libm::pow(10.0, f64::from(power));
                ticks.push(Tick { at, label: super::levels::rounded(value) });
            }
        }
    }
    Scale { low: from, high: to, ticks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_names_ones_twos_and_fives() {
        let names = |low, high| logarithmic(low, high).ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>();
        assert_eq!(names(0.5, 2.0), ["0.5", "0.7", "1", "1.5", "2"]);
        assert_eq!(names(180.0, 1800.0), ["200", "500", "1,000"]);
        assert_eq!(names(0.1, 1000.0), ["0.1", "1", "10", "100", "1,000"]);
    }
}
