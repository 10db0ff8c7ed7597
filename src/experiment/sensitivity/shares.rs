//! Shares of the variance, with what chance has of it, and whether they have settled.

use super::outcomes::{Series, Value};
use super::subject::Subject;
use super::words::{short, word};
use super::{Ground, Part};
use crate::numeral::percent;
use crate::statistics::Address;
use crate::statistics::design::Blocks;
use crate::statistics::sensitivity::{
    Bootstrap, Centre, Chance, Convergence, Estimate, Importance, NARROW, NEGLIGIBLE_SHARE, Replication, Settled,
    SharedDraws, VarianceAnalysis, VarianceShares, convergence, variance_replication,
};
use crate::table::Cell;

/// The share of the variance between points to which that of chance in their means should be brought.
const SMALL: f64 = 0.5;

pub(super) fn shares(ground: &Ground<'_>, blocks: Blocks, subject: Subject, value: Value, series: &Series) -> Part {
    let mut part = Part::default();
    let quantity = ground.quantity(subject, value);
    let label = ground.label(&subject, value);
    let plan = ground.outcomes.plan();
    let chance = chance(ground, subject, series.replicates);
    let outcomes = match chance {
        Chance::Replicates { .. } => series.numbers.clone(),
        Chance::Seed { .. } | Chance::Ignored => series.means(),
    };
    let analysis = VarianceAnalysis {
        blocks,
        chance,
        centre: Centre::default(),
        bootstrap: Bootstrap {
            address: Address { seed: plan.seed(), label: &label },
            resamples: ground.request.resamples,
            level: plan.confidence(),
        },
    };
    let method = if blocks.second_order { "azzini" } else { "sobol" };
    let analysed = |(complete, failed): (usize, usize), variance: f64, of_chance: Estimate, verdict: &str| {
        let own: [Cell; 11] = [
            method.into(),
            (complete as i64).into(),
            (failed as i64).into(),
            (series.replicates as i64).into(),
            (ground.request.resamples as i64).into(),
            variance.into(),
            of_chance.value.into(),
            of_chance.interval.low.into(),
            of_chance.interval.high.into(),
            f64::NAN.into(),
            verdict.into(),
        ];
        quantity.iter().cloned().chain(own).collect::<Vec<Cell>>()
    };
    let settled = match convergence(&analysis, &outcomes, NARROW) {
        Ok(settled) => settled,
        Err(refusal) => {
            let bases = ground.outcomes.points() / blocks.size();
            part.analyses.push(analysed((0, bases), f64::NAN, Estimate::MISSING, &format!("Refused: {refusal}.")));
            return part;
        }
    };
    let Some(Ok(all)) = settled.stages.last().map(|stage| stage.shares.as_ref()) else { return part };
    let verdict = judged(ground, &settled, all, &analysis, series.replicates);
    let of_chance = all.chance.unwrap_or(Estimate::MISSING);
    part.analyses.push(analysed((all.complete, all.failed), all.variance.value, of_chance, &verdict));
    let mut push = |method: &str, group: usize, other: &str, index: &str, estimate: Estimate, verdict: &str| {
        let (key, name) = ground.group(group);
        let own: [Cell; 10] = [
            method.into(),
            key.into(),
            name.into(),
            other.into(),
            index.into(),
            estimate.value.into(),
            estimate.interval.low.into(),
            estimate.interval.high.into(),
            f64::NAN.into(),
            verdict.into(),
        ];
        part.indices.push(quantity.iter().cloned().chain(own).collect());
    };
    let mut named: Vec<(usize, f64, Importance)> = Vec::new();
    for (group, own) in all.groups.iter().enumerate() {
        let mut both = vec![("sobol", own.plain)];
        both.extend(own.crossed.map(|crossed| ("azzini", crossed)));
        for (method, shares) in both {
            push(method, group, "", "first", shares.first, "");
            push(method, group, "", "total", shares.total, word(shares.total.importance(NEGLIGIBLE_SHARE)));
        }
        let total = own.best().total;
        named.push((group, total.value, total.importance(NEGLIGIBLE_SHARE)));
    }
    for pair in &all.pairs {
        let other = ground.group(pair.other).0.to_owned();
        push("sobol", pair.one, &other, "second", pair.share, "");
    }
    for stage in &settled.stages {
        let Ok(shares) = &stage.shares else { continue };
        for (group, own) in shares.groups.iter().enumerate() {
            let (key, name) = ground.group(group);
            let total = own.best().total;
            let own: [Cell; 6] = [
                (stage.base_points as i64).into(),
                key.into(),
                name.into(),
                total.value.into(),
                total.interval.low.into(),
                total.interval.high.into(),
            ];
            part.convergence.push(quantity.iter().cloned().chain(own).collect());
        }
    }
    let luck = ground.luck();
    named.retain(|(group, _, _)| Some(*group) != luck);
    named.sort_by(|one, other| other.1.total_cmp(&one.1));
    if ground.tells(value) && subject != Subject::Spread {
        let of = "what matters, by total share of the variance";
        part.findings = ground.finding(subject, value, (&named, of), &verdict);
    }
    part
}

/// What chance is in these outcomes.
fn chance(ground: &Ground<'_>, subject: Subject, replicates: usize) -> Chance {
    match (ground.luck(), replicates) {
        (Some(group), _) => Chance::Seed { group },
        (None, 0 | 1) => Chance::Ignored,
        // Batches of a spread have no run in common; runs of the same replicate draw alike at every point.
        (None, count) if subject == Subject::Spread => Chance::Replicates { count, draws: SharedDraws::Apart },
        (None, count) => Chance::Replicates { count, draws: SharedDraws::Alike },
    }
}

fn judged(
    ground: &Ground<'_>,
    settled: &Convergence,
    all: &VarianceShares,
    analysis: &VarianceAnalysis<'_>,
    replicates: usize,
) -> String {
    let bases = all.complete + all.failed;
    let mut said: Vec<String> = Vec::new();
    match (analysis.chance, all.chance) {
        (Chance::Ignored, _) => {
            said.push(
                "Chance is not told apart: its share is in the totals (add a factor of run.seed, or replicates)."
                    .to_owned(),
            );
        }
        (Chance::Seed { .. }, Some(share)) => {
            let of = if replicates > 1 { format!("the mean of {replicates} runs") } else { "a run".to_owned() };
            said.push(format!("Chance explains {} of the variance of {of}.", percent(share.value)));
        }
        (_, Some(share)) => said.push(format!("Chance explains {} of the variance of a run.", percent(share.value))),
        (_, None) => {}
    }
    let enough = |settled: &Convergence| match settled.enough {
        Some(enough) if enough > bases => format!("about {enough} base points would bring it to {NARROW}"),
        _ => format!("double the base points, {}", 2 * bases),
    };
    said.push(match settled.settled {
        Settled::Settled => format!("Settled with {bases} base points."),
        Settled::Wide => format!(
            "Not converged: the order stands, but the widest interval of a total is {}; {}.",
            short(settled.widest),
            enough(settled)
        ),
        Settled::Unordered => "Not converged: intervals are narrow, but factors still change places.".to_owned(),
        Settled::Neither => format!(
            "Not converged: factors still change places, and the widest interval of a total is {}; {}.",
            short(settled.widest),
            enough(settled)
        ),
        Settled::Unknown => "Whether it has converged cannot be told.".to_owned(),
    });
    if let (Chance::Replicates { .. }, Some(noise)) = (analysis.chance, all.noise)
        && let Replication::More { replicates } = variance_replication(noise, all.variance.value, replicates, SMALL)
    {
        said.push(format!("About {replicates} replicates would bring chance below half of what the factors do."));
    }
    let sum: f64 = {
        let luck = ground.luck();
        let own = all.groups.iter().enumerate().filter(|(group, _)| Some(*group) != luck);
        own.map(|(_, shares)| shares.best().first.value).sum()
    };
    if sum.is_finite() {
        said.push(format!(
            "By themselves the factors explain {} of it; the rest is in how they work together.",
            percent(sum)
        ));
    }
    match all.failed {
        0 => {}
        1 => said.push("One base point was left out: a run of it failed or has no such outcome.".to_owned()),
        many => said.push(format!("{many} base points were left out: runs of them failed or have no such outcome.")),
    }
    said.join(" ")
}
