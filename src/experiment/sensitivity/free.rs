//! Methods that ask for no design: distances between distributions, harmonics, regressions.

use super::outcomes::{Series, Value};
use super::subject::Subject;
use super::words::word;
use super::{Ground, Part};
use crate::numeral::percent;
use crate::scenario::Domain;
use crate::statistics::Address;
use crate::statistics::sensitivity::{
    Dummies, Estimate, Importance, Refusal, Regression, Sample, partial_rank_correlations, pawn, rbd_fast,
    standardised_coefficients,
};
use crate::table::Cell;

/// Slices of PAWN.
const SLICES: usize = 10;
/// Harmonics of RBD-FAST.
const HARMONICS: usize = 10;
/// Up to which quantile of dummies a factor passes for one.
const DUMMY_LEVEL: f64 = 0.95;
/// Below this R2 coefficients of a regression say little.
const POOR_FIT: f64 = 0.7;

/// One index of one factor.
struct Index {
    name: &'static str,
    estimate: Estimate,
    chance: f64,
    verdict: Option<Importance>,
}

/// What a method says of every factor, the share a regression explains, and in words.
struct Said {
    indices: Vec<Vec<Index>>,
    r_squared: f64,
    words: String,
}

/// The points analysed: which factors vary, and their values.
pub(super) struct Chosen {
    /// Places in the factors of the sweep.
    pub factors: Vec<usize>,
    /// The points of which the outcome is known.
    pub sample: Sample,
}

/// The factors that vary over some points (all, or those rows), with an outcome of each. Of words that have no order, three or more, only where
/// none is asked for.
pub(super) fn chosen(
    ground: &Ground<'_>,
    means: &[f64],
    rows: Option<&[usize]>,
    ordered: bool,
) -> Result<Chosen, Refusal> {
    let designed = ground.outcomes.plan().points();
    let every: Vec<usize> = (0..designed.rows()).collect();
    let rows: Vec<usize> = rows.unwrap_or(&every).iter().copied().filter(|row| means[*row].is_finite()).collect();
    let column = |factor: usize| rows.iter().map(|row| designed.row(*row)[factor]).collect::<Vec<f64>>();
    let count = ground.outcomes.plan().factors().len();
    let varied = |factor: &usize| {
        let own = column(*factor);
        own.iter().any(|value| *value != own[0])
    };
    let counts = |factor: &usize| {
        let own = &ground.outcomes.plan().factors()[*factor];
        let many = matches!(&own.domain, Domain::Words { words, .. } if words.len() > 2);
        // Luck is no assumption.
        !(own.is_luck() || ordered && many)
    };
    let factors: Vec<usize> = (0..count).filter(|factor| varied(factor) && counts(factor)).collect();
    let columns: Vec<Vec<f64>> = factors.iter().map(|factor| column(*factor)).collect();
    let outcomes: Vec<f64> = rows.iter().map(|row| means[*row]).collect();
    Ok(Chosen { factors, sample: Sample::complete(&columns, &outcomes)? })
}

/// Adds what these methods say of a quantity.
pub(super) fn free(
    ground: &Ground<'_>,
    part: &mut Part,
    subject: Subject,
    value: Value,
    series: &Series,
    rows: Option<&[usize]>,
) {
    let quantity = ground.quantity(subject, value);
    let plan = ground.outcomes.plan();
    let label = ground.label(&subject, value);
    let means = series.means();
    let points = rows.map_or(means.len(), <[usize]>::len);
    let (any, ordered) = (chosen(ground, &means, rows, false), chosen(ground, &means, rows, true));
    let dummies = Dummies {
        address: Address { seed: plan.seed(), label: &label },
        count: ground.request.resamples.max(1),
        level: DUMMY_LEVEL,
    };
    let methods: [(&str, Method); 4] =
        [("pawn", by_pawn), ("rbd-fast", by_harmonics), ("prcc", by_ranks), ("src", by_line)];
    let mut told = Vec::new();
    for (method, work) in methods {
        let chosen = if method == "pawn" { &any } else { &ordered };
        let said =
            chosen.as_ref().map_err(Clone::clone).and_then(|chosen| work(&chosen.sample, &dummies, plan.confidence()));
        let complete = chosen.as_ref().map_or(0, |chosen| chosen.sample.rows());
        let (r_squared, words) = match &said {
            Ok(said) => (said.r_squared, said.words.clone()),
            Err(refusal) => (f64::NAN, format!("Refused: {refusal}.")),
        };
        let lost = points - complete;
        let mut verdict = words;
        if lost > 0 && said.is_ok() {
            verdict += &format!(" {lost} points were left out: runs of them failed or have no such outcome.");
        }
        let analysed: [Cell; 11] = [
            method.into(),
            (complete as i64).into(),
            (lost as i64).into(),
            (series.replicates as i64).into(),
            (ground.request.resamples as i64).into(),
            f64::NAN.into(),
            f64::NAN.into(),
            f64::NAN.into(),
            f64::NAN.into(),
            r_squared.into(),
            verdict.as_str().into(),
        ];
        part.analyses.push(quantity.iter().cloned().chain(analysed).collect());
        let (Ok(said), Ok(chosen)) = (said, chosen) else { continue };
        let mut named: Vec<(usize, f64, Importance)> = Vec::new();
        for (factor, indices) in chosen.factors.iter().zip(&said.indices) {
            let own = &plan.factors()[*factor];
            for index in indices {
                let row: [Cell; 10] = [
                    method.into(),
                    own.key.as_str().into(),
                    own.label.as_str().into(),
                    "".into(),
                    index.name.into(),
                    index.estimate.value.into(),
                    index.estimate.interval.low.into(),
                    index.estimate.interval.high.into(),
                    index.chance.into(),
                    index.verdict.map_or("", word).into(),
                ];
                part.indices.push(quantity.iter().cloned().chain(row).collect());
            }
            if let Some(first) = indices.first() {
                let group = ground.groups.of_factors()[*factor];
                named.push((group, first.estimate.value, first.verdict.unwrap_or(Importance::Undecided)));
            }
        }
        named.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        told.push((method, named, verdict));
    }
    // Of blocks the shares have been told already.
    if rows.is_none() && ground.tells(value) && subject != Subject::Spread {
        for (method, of) in [
            ("pawn", "what moves the distribution, by median distance"),
            ("prcc", "what raises it (+) or lowers it (-), by partial rank correlation"),
        ] {
            if let Some((_, named, verdict)) = told.iter().find(|(own, _, _)| *own == method) {
                part.findings += &ground.finding(subject, value, (named, of), verdict);
            }
        }
    }
}

type Method = fn(&Sample, &Dummies<'_>, f64) -> Result<Said, Refusal>;

fn plain(value: f64) -> Estimate {
    Estimate { value, ..Estimate::MISSING }
}

fn by_pawn(sample: &Sample, dummies: &Dummies<'_>, _: f64) -> Result<Said, Refusal> {
    let found = pawn(sample, SLICES, dummies)?;
    let indices = found.iter().map(|own| {
        vec![
            Index {
                name: "median",
                estimate: plain(own.median),
                chance: own.dummy.median_high,
                verdict: Some(own.importance()),
            },
            Index {
                name: "largest",
                estimate: plain(own.largest),
                chance: own.dummy.largest_high,
                verdict: Some(own.importance_somewhere()),
            },
        ]
    });
    let matter = found.iter().filter(|own| own.importance() == Importance::Important).count();
    let words = format!("{matter} of {} factors move the distribution further than dummies do.", found.len());
    Ok(Said { indices: indices.collect(), r_squared: f64::NAN, words })
}

fn by_harmonics(sample: &Sample, dummies: &Dummies<'_>, _: f64) -> Result<Said, Refusal> {
    let found = rbd_fast(sample, HARMONICS, dummies)?;
    let sum: f64 = found.iter().map(|own| own.first).sum();
    let indices = found.iter().map(|own| {
        vec![Index {
            name: "first",
            estimate: plain(own.first),
            chance: own.dummy_high,
            verdict: Some(own.importance()),
        }]
    });
    let words =
        format!("By themselves the factors explain {} of the variance between points, chance included.", percent(sum));
    Ok(Said { indices: indices.collect(), r_squared: f64::NAN, words })
}

fn by_ranks(sample: &Sample, _: &Dummies<'_>, level: f64) -> Result<Said, Refusal> {
    partial_rank_correlations(sample, level).map(|found| regressed(&found, "rising or falling"))
}

fn by_line(sample: &Sample, _: &Dummies<'_>, level: f64) -> Result<Said, Refusal> {
    standardised_coefficients(sample, level).map(|found| regressed(&found, "straight"))
}

fn regressed(found: &Regression, what: &str) -> Said {
    let indices = found.coefficients.iter().map(|own| {
        let interval = own.estimate.interval;
        let clear = interval.low > 0.0 || interval.high < 0.0;
        let verdict = Some(if clear { Importance::Important } else { Importance::Undecided });
        vec![Index { name: "coefficient", estimate: own.estimate, chance: f64::NAN, verdict }]
    });
    let explained = percent(found.r_squared);
    let words = if found.r_squared < POOR_FIT {
        format!("{what} relations explain only {explained}: coefficients leave much out.")
    } else {
        format!("{what} relations explain {explained}.")
    };
    Said { indices: indices.collect(), r_squared: found.r_squared, words: crate::numeral::capitalised(&words) }
}
