//! Depth of cooperative practice: the vector D1 to D9, taken from one run.
//!
//! D10 (what is left after all personal ties and habits are reset) and D11 (recovery from shocks) are experiments on twin worlds and
//! are worked out by [`experiment`](crate::experiment).

use super::View;
use crate::mechanism::tool::asks;
use crate::quantity::{Role, Tool};
use crate::world::Desk;

/// One component of the depth vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepthMeasure {
    /// Key in the tables.
    pub key: &'static str,
    /// Name in words.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub sentence: &'static str,
}

const fn measure(key: &'static str, name: &'static str, sentence: &'static str) -> DepthMeasure {
    DepthMeasure { key, name, sentence }
}

/// The components that one run yields, in the order of [`Recorder`](super::Recorder)'s vector.
pub const DEPTH: [DepthMeasure; 15] = [
    measure(
        "D1",
        "transaction density",
        "Arrived cases with at least one communication across the border / arrived cases.",
    ),
    measure("D2", "responsiveness", "Requests answered within the tool's deadline / requests."),
    measure("D3", "taken-for-grantedness", "Requests made from habit, without deliberation / requests."),
    measure("D4", "trust", "Mean trust over live ties at the end."),
    measure("D4.p10", "trust, lowest tenth", "10th percentile of trust over live ties at the end."),
    measure("D4.half", "trusting ties", "Share of live ties with trust above 0.5 at the end."),
    measure(
        "D5",
        "diffuse reciprocity",
        "Chance that a request is accepted by a state that owes the asker nothing / by one that does (at most 1).",
    ),
    measure("D5.balance", "balance", "1 - mean absolute net balance of accepted requests between two states."),
    measure("D6", "shared repertoire", "Mean familiarity with the tools of one's role at the end."),
    measure("D6.cosine", "likeness of repertoires", "Mean cosine similarity of states' use of tools."),
    measure("D7", "patternedness", "1 - normalised entropy of how recognised cases are handled (route, tool, answer)."),
    measure("D8", "recognised competence", "Requests that the counterpart judges well formed / requests."),
    measure("D9", "multi-level inclusion", "Mean of NGO referral rate and share of live ties that cross roles."),
    measure("D9.referral", "NGO referral", "Cases told to the police / cases found by NGOs."),
    measure("D9.ties", "cross-role ties", "Live ties between different roles / live ties at the end."),
];

/// What the people of a run are like at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Standing {
    pub mean_trust: f64,
    pub low_trust: f64,
    pub trusting: f64,
    pub familiarity: f64,
    pub cross_role: f64,
}

/// Looks at everybody once.
pub(super) fn standing(view: View<'_>) -> Standing {
    let View { model, region, world, randomness } = view;
    let mut trusts = Vec::new();
    let mut crossing = 0_usize;
    let (mut familiarity, mut tools) = (0.0, 0_usize);
    for (desk, person) in world.people.persons.iter().enumerate() {
        let desk = desk as Desk;
        if !region.staffed(desk) {
            continue;
        }
        let role = region.role_of(desk);
        for tie in &person.ties {
            if model.ties.live(&model.turnover, region, world, randomness, desk, tie).is_none() {
                continue;
            }
            let prior = world.generalised_trust(region, region.unit_of(desk), region.state_of(tie.to));
            trusts.push(model.trust.in_contact(Some(tie), prior, world.now));
            crossing += usize::from(region.role_of(tie.to) != role);
        }
        if role == Role::Ngo {
            continue;
        }
        for &tool in Tool::ALL.iter().filter(|tool| asks(**tool, role)) {
            familiarity += model.familiarity.with(person, tool, world.now);
            tools += 1;
        }
    }
    trusts.sort_by(f64::total_cmp);
    let share = |part: f64| if trusts.is_empty() { f64::NAN } else { part / trusts.len() as f64 };
    Standing {
        mean_trust: share(trusts.iter().sum()),
        low_trust: crate::statistics::quantile_sorted(&trusts, 0.1),
        trusting: share(trusts.iter().filter(|trust| **trust > 0.5).count() as f64),
        familiarity: if tools == 0 { f64::NAN } else { familiarity / tools as f64 },
        cross_role: share(crossing as f64),
    }
}

/// Mean cosine similarity of rows of counts; rows without counts are left out.
pub(super) fn mean_cosine(rows: &[[u32; Tool::COUNT]]) -> f64 {
    let used: Vec<&[u32; Tool::COUNT]> = rows.iter().filter(|row| row.iter().any(|count| *count > 0)).collect();
    let dot = |a: &[u32], b: &[u32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let mut sum = 0.0;
    let mut pairs = 0_u32;
    for (place, a) in used.iter().enumerate() {
        for b in &used[..place] {
            sum += dot(*a, *b) / libm::sqrt(dot(*a, *a) * dot(*b, *b));
            pairs += 1;
        }
    }
    if pairs == 0 { f64::NAN } else { sum / f64::from(pairs) }
}

/// 1 - entropy of counts over the entropy of an even spread.
pub(super) fn patternedness(counts: &[u32]) -> f64 {
    let all: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    if all == 0.0 || counts.len() < 2 {
        return f64::NAN;
    }
    let entropy: f64 =
        counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / all).map(|p| -p * libm::log(p)).sum();
    1.0 - entropy / libm::log(counts.len() as f64)
}
