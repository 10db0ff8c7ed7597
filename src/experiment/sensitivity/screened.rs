//! Screening: elementary effects along trajectories, beside what chance alone shows.

use super::outcomes::{Series, Value};
use super::subject::Subject;
use super::words::{short, word};
use super::{Ground, Part};
use crate::statistics::Address;
use crate::statistics::design::Morris;
use crate::statistics::sensitivity::{
    Bootstrap, Estimate, Importance, NoiseFloor, Replication, Screened, elementary_effects, noise_floor,
    noise_of_steps, screening, screening_replication,
};
use crate::table::Cell;

/// The share of the largest effect to which chance should be brought.
const SMALL: f64 = 0.1;

pub(super) fn screened(ground: &Ground<'_>, design: &Morris, subject: Subject, value: Value, series: &Series) -> Part {
    let mut part = Part::default();
    let quantity = ground.quantity(subject, value);
    let analysed = |complete: usize, failed: usize, floor: &NoiseFloor, verdict: &str| -> Vec<Cell> {
        let own = [
            "morris".into(),
            (complete as i64).into(),
            (failed as i64).into(),
            (series.replicates as i64).into(),
            (ground.request.resamples as i64).into(),
            f64::NAN.into(),
            floor.mu_star.into(),
            f64::NAN.into(),
            floor.mu_star_high.into(),
            f64::NAN.into(),
            verdict.into(),
        ];
        quantity.iter().cloned().chain(own).collect()
    };
    const UNSEEN: NoiseFloor = NoiseFloor { mu_star: f64::NAN, mu_star_high: f64::NAN, sigma: f64::NAN };
    let label = ground.label(&subject, value);
    let plan = ground.outcomes.plan();
    let level = plan.confidence();
    let bootstrap =
        Bootstrap { address: Address { seed: plan.seed(), label: &label }, resamples: ground.request.resamples, level };
    let means = series.means();
    let effects = match elementary_effects(design, &ground.groups, &means)
        .and_then(|effects| screening(&effects, &bootstrap).map(|found| (effects, found)))
    {
        Ok(effects) => effects,
        Err(refusal) => {
            let trajectories = means.len() / (ground.groups.count() + 1);
            part.analyses.push(analysed(0, trajectories, &UNSEEN, &format!("Refused: {refusal}.")));
            return part;
        }
    };
    let (effects, found) = effects;
    let noise = noise_of_steps(design, &ground.groups, &series.numbers, series.replicates);
    let floor = noise.map_or(UNSEEN, |sd| noise_floor(sd, design.delta, effects.complete, level));
    let verdict = judged(&found, &floor, effects.failed, series.replicates, subject);
    part.analyses.push(analysed(effects.complete, effects.failed, &floor, &verdict));
    let mut named: Vec<(usize, f64, Importance)> = Vec::new();
    for (group, own) in found.iter().enumerate() {
        let importance = importance(own, &floor, largest(&found));
        named.push((group, own.mu_star.value, importance));
        let rows: [(&str, Estimate, f64, &str); 3] = [
            ("mu", own.mu, f64::NAN, ""),
            ("mu_star", own.mu_star, floor.mu_star_high, word(importance)),
            ("sigma", own.sigma, floor.sigma, ""),
        ];
        let (key, name) = ground.group(group);
        for (index, estimate, chance, verdict) in rows {
            let own: [Cell; 10] = [
                "morris".into(),
                key.into(),
                name.into(),
                "".into(),
                index.into(),
                estimate.value.into(),
                estimate.interval.low.into(),
                estimate.interval.high.into(),
                chance.into(),
                verdict.into(),
            ];
            part.indices.push(quantity.iter().cloned().chain(own).collect());
        }
    }
    named.sort_by(|one, other| other.1.total_cmp(&one.1));
    if ground.tells(value) && subject != Subject::Spread {
        let of = "what matters, by mean size of effect over the whole range";
        part.findings = ground.finding(subject, value, (&named, of), &verdict);
    }
    part
}

/// Whether a group matters; one without any effect does not, whatever chance does. Where chance is much beside the largest effect, one that
/// does not rise above it may still be of some size: that decides nothing.
fn importance(own: &Screened, floor: &NoiseFloor, largest: f64) -> Importance {
    match own.importance(floor) {
        _ if own.mu_star.value == 0.0 => Importance::Negligible,
        Importance::Negligible if floor.mu_star > SMALL * largest => Importance::Undecided,
        importance => importance,
    }
}

/// The largest effect.
fn largest(found: &[Screened]) -> f64 {
    found.iter().map(|own| own.mu_star.value).fold(0.0, f64::max)
}

fn judged(found: &[Screened], floor: &NoiseFloor, failed: usize, replicates: usize, subject: Subject) -> String {
    let largest = largest(found);
    let with = |wanted: Importance| found.iter().filter(|own| importance(own, floor, largest) == wanted).count();
    let counts = format!(
        "{} of {} matter, {} are negligible, {} are undecided.",
        with(Importance::Important),
        found.len(),
        with(Importance::Negligible),
        with(Importance::Undecided)
    );
    let chance = if floor.mu_star.is_nan() {
        match subject {
            Subject::Spread => "Chance in a variance is seen from four replicates on.".to_owned(),
            _ => "With one replicate chance cannot be seen: take two or more.".to_owned(),
        }
    } else {
        match screening_replication(found, floor, replicates, SMALL) {
            Replication::Enough => {
                format!("Chance alone gives {}, little beside the largest, {}.", short(floor.mu_star), short(largest))
            }
            Replication::More { replicates } => format!(
                "Chance alone gives {}, which is much beside the largest, {}: about {replicates} replicates would make it a tenth.",
                short(floor.mu_star),
                short(largest)
            ),
            Replication::Unseen => format!(
                "Nothing rises above what chance alone gives, {}: take more replicates, or wider ranges.",
                short(floor.mu_star_high)
            ),
        }
    };
    let lost = match failed {
        0 => String::new(),
        1 => " One trajectory was left out: a run of it failed or has no such outcome.".to_owned(),
        many => format!(" {many} trajectories were left out: runs of them failed or have no such outcome."),
    };
    format!("{counts} {chance}{lost}")
}
