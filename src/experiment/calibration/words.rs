//! What a calibration came to, in sentences.

use super::checks::Checked;
use super::problem::Problem;
use super::tables::{ranked, score, verdict};
use super::walk::Fit;
use crate::experiment::validate::Use;
use crate::numeral::{percent, significant};
use crate::statistics::calibration::{Agreement, Combination, Learned, RankVerdict};

/// From how many held-out patterns between the best and the worst model on they are said to differ.
const TELLING: usize = 3;

fn short(value: f64) -> String {
    significant(value, 3)
}

/// Of one model: how the walk went, what was learned, what fits and what does not.
pub fn words(problem: &Problem<'_>, fit: &Fit, checked: &Checked) -> String {
    let mut out = format!("\n{}", problem.label());
    let last = fit.generations.last();
    out += &format!(
        "\nFitted in {} generations and {} simulations: {}. Effective sample size {} of {} draws; median squared distance {} over {} targets.",
        fit.generations.len() - 1,
        fit.simulations(),
        fit.ended,
        short(fit.weights.effective()),
        fit.posterior.len(),
        short(last.map_or(f64::NAN, |own| own.distance)),
        problem.calibration().targets.len()
    );
    if let Err(why) = &fit.adjusted {
        out += &format!(" Draws are as accepted, not moved to the figures by regression: {why}.");
    }
    let (targets, patterns) = checked.predicted.split_at(problem.calibration().targets.len());
    let unlikely: Vec<&str> = targets
        .iter()
        .filter(|own| own.prior.as_ref().is_some_and(|check| check.rank < 0.01 || check.rank > 0.99))
        .map(|own| own.label.as_str())
        .collect();
    out += &match unlikely[..] {
        [] => "\nBefore fitting, the prior's runs lie about every figure.".to_owned(),
        _ => format!("\nBefore fitting, the prior's runs hardly reach {}: look at the priors.", unlikely.join(", ")),
    };
    let outside: Vec<&str> = targets
        .iter()
        .filter(|own| own.posterior.as_ref().is_some_and(|check| check.agreement == Agreement::Outside))
        .map(|own| own.label.as_str())
        .collect();
    out += &match outside[..] {
        [] => format!(" After it, all {} figures lie in the central 90 % of predictions.", targets.len()),
        _ => format!(" After it, {} lie outside the central 90 % of predictions.", outside.join(", ")),
    };
    let told = |used: Use| {
        let own: Vec<_> = patterns.iter().filter(|own| own.used == used).collect();
        let missed: Vec<String> = own
            .iter()
            .filter(|own| own.holds == Some(false))
            .map(|own| {
                let median = own.posterior.as_ref().map_or(f64::NAN, |check| check.median);
                let band = match own.band.1.is_finite() {
                    true => format!("{} to {}", short(own.band.0), short(own.band.1)),
                    false => format!("{} or more", short(own.band.0)),
                };
                format!("{} ({} where {band} is asked)", own.key, short(median))
            })
            .collect();
        (own.len() - missed.len(), own.len(), missed.join(", "))
    };
    let (held, all, missed) = told(Use::HeldOut);
    if all > 0 {
        out += &format!("\nHeld-out patterns: {held} of {all} hold");
        out += &if missed.is_empty() { ".".to_owned() } else { format!("; missed: {missed}.") };
    }
    match &checked.learned {
        Err(why) => out += &format!("\nWhat was learned of parameters cannot be said: {why}."),
        Ok(learned) => {
            let of = |wanted: Learned| -> Vec<String> {
                let own = learned.parameters.iter().filter(|own| own.learned == wanted);
                own.filter_map(|own| match own.combination {
                    Combination::Parameter(place) => Some(format!(
                        "{} ({})",
                        problem.factors()[checked.numbers[place]].key,
                        crate::numeral::number(own.contraction, 2)
                    )),
                    _ => None,
                })
                .collect()
            };
            for wanted in [Learned::Informed, Learned::Weakly, Learned::NotInformed] {
                let own = of(wanted);
                if !own.is_empty() {
                    let words = crate::numeral::capitalised(verdict(wanted));
                    out += &format!("\n{words} (contraction): {}.", own.join(", "));
                }
            }
            let directions = learned.directions.iter().filter(|own| own.learned == Learned::Informed).count();
            out += &format!(
                "\nThe figures determine {directions} of {} directions in the space of parameters; conclusions are to be drawn over the whole posterior.",
                learned.directions.len()
            );
        }
    }
    let amiss: Vec<String> = checked
        .pipeline
        .iter()
        .filter_map(|own| match &own.ranks {
            Ok(report) if report.verdict == RankVerdict::Calibrated => None,
            Ok(report) => Some(format!("{} ({})", own.parameter, ranked(report.verdict))),
            Err(why) => Some(format!("{} (not judged: {why})", own.parameter)),
        })
        .collect();
    out += &match amiss.len() {
        0 => "\nThe pipeline finds known truths: their ranks are even for every parameter.".to_owned(),
        _ => format!(
            "\nThe pipeline, tried on known truths, is not even for {} (of twenty parameters one looks so by chance).",
            amiss.join(", ")
        ),
    };
    out + "\n"
}

/// The models beside each other.
pub fn compared(all: &[(&Problem<'_>, &Fit, &Checked)]) -> String {
    if all.len() < 2 {
        return String::new();
    }
    let mut out = "\nRival models, fitted to the same figures:".to_owned();
    let mut fitting: Vec<(usize, &str)> = Vec::new();
    for (problem, fit, checked) in all {
        let own = score(problem, checked);
        out += &format!(
            "\n  {}: {} of {} figures inside 90 % of predictions, {} of {} held-out patterns hold (in {} of the posterior on average), median squared distance {}.",
            problem.label(),
            own.targets.0,
            own.targets.1,
            own.held_out.0,
            own.held_out.1,
            if own.inside.is_nan() { "-".to_owned() } else { percent(own.inside) },
            short(fit.generations.last().map_or(f64::NAN, |own| own.distance))
        );
        if own.targets.0 == own.targets.1 {
            fitting.push((own.held_out.0, problem.label()));
        }
    }
    let most = fitting.iter().map(|(held, _)| *held).max();
    let least = fitting.iter().map(|(held, _)| *held).min();
    out += &match (most, least) {
        (Some(most), Some(least)) if fitting.len() > 1 => {
            let named: Vec<&str> = fitting.iter().filter(|(held, _)| *held == most).map(|(_, label)| *label).collect();
            let verdict = if most - least < TELLING {
                ": too little between them to choose by. The figures do not tell these stories apart".to_owned()
            } else {
                String::new()
            };
            let first = format!("\nOf the {} models that fit all figures, ", fitting.len());
            let which = if most == least {
                format!("all keep {most} held-out patterns")
            } else {
                format!("{} keep most held-out patterns ({most}; the fewest are {least})", named.join(", "))
            };
            first + &which + &verdict + ".\n"
        }
        (Some(_), _) => format!("\nOnly {} fits all figures.\n", fitting[0].1),
        _ => "\nNone of them fits all figures.\n".to_owned(),
    };
    out
}
