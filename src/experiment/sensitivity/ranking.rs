//! How often which arm is best, and which arm leads.

use super::outcomes::{Value, independent};
use super::subject::Subject;
use super::{Ground, schemas};
use crate::numeral::percent;
use crate::scenario::Structure;
use crate::statistics::quantile_sorted;
use crate::table::Table;

/// The arms over the points of a design, by the outcome that is drawn.
pub(super) struct Ranked<'g> {
    ground: &'g Ground<'g>,
    windows: Vec<OfWindow>,
}

struct OfWindow {
    /// Points at which all arms have an effect.
    points: usize,
    arms: Vec<OfArm>,
    /// The arm (line of the plan) with the best mean effect.
    leader: Option<usize>,
}

struct OfArm {
    line: usize,
    best: f64,
    helps: f64,
    mean: f64,
    low: f64,
    high: f64,
}

pub(super) fn ranked<'g>(ground: &'g Ground<'g>) -> Ranked<'g> {
    let outcomes = ground.outcomes;
    let plan = outcomes.plan();
    let sign = if ground.smallest { -1.0 } else { 1.0 };
    let rows: Vec<usize> = match &ground.structure {
        Structure::Blocks(blocks) => independent(*blocks, outcomes.points()),
        _ => (0..outcomes.points()).collect(),
    };
    let of_window = |window: usize| {
        let value = Value { measure: plan.main(), window };
        let effects: Vec<Vec<f64>> = (1..plan.lines().len())
            .filter_map(|line| outcomes.of(Subject::Effect(line), value))
            .map(|series| series.means())
            .collect();
        let whole: Vec<usize> =
            rows.iter().copied().filter(|row| effects.iter().all(|own| own[*row].is_finite())).collect();
        let best_at = |row: usize| {
            let best = effects.iter().map(|own| sign * own[row]).fold(f64::NEG_INFINITY, f64::max);
            effects.iter().map(|own| sign * own[row] == best).collect::<Vec<bool>>()
        };
        // Arms that are equal share a point.
        let mut wins = vec![0.0; effects.len()];
        for row in &whole {
            let best = best_at(*row);
            let equals = best.iter().filter(|best| **best).count() as f64;
            wins.iter_mut().zip(best).for_each(|(wins, best)| *wins += if best { 1.0 / equals } else { 0.0 });
        }
        let count = whole.len() as f64;
        let arms: Vec<OfArm> = effects
            .iter()
            .enumerate()
            .map(|(place, own)| {
                let mut there: Vec<f64> = whole.iter().map(|row| own[*row]).collect();
                there.sort_by(f64::total_cmp);
                OfArm {
                    line: place + 1,
                    best: wins[place] / count,
                    helps: there.iter().filter(|effect| sign * **effect > 0.0).count() as f64 / count,
                    mean: there.iter().sum::<f64>() / count,
                    low: quantile_sorted(&there, 0.05),
                    high: quantile_sorted(&there, 0.95),
                }
            })
            .collect();
        let leader = arms.iter().filter(|arm| arm.mean.is_finite());
        let leader = leader.max_by(|one, other| (sign * one.mean).total_cmp(&(sign * other.mean))).map(|arm| arm.line);
        OfWindow { points: whole.len(), arms, leader }
    };
    Ranked { ground, windows: (0..plan.windows().len()).map(of_window).collect() }
}

impl Ranked<'_> {
    /// The leads of the leading arm over every other.
    pub(super) fn leads(&self, window: usize) -> Vec<(Subject, Value)> {
        let own = &self.windows[window];
        let Some(best) = own.leader else { return Vec::new() };
        let value = Value { measure: self.ground.outcomes.plan().main(), window };
        let rivals = own.arms.iter().map(|arm| arm.line).filter(|line| *line != best);
        rivals.map(|rival| (Subject::Lead { best, rival }, value)).collect()
    }

    /// One row per window and arm.
    pub(super) fn table(&self) -> Table {
        let plan = self.ground.outcomes.plan();
        let measure = plan.outcomes()[plan.main()];
        let mut table = Table::new(schemas::best_arms());
        for (window, own) in plan.windows().iter().zip(&self.windows) {
            for arm in &own.arms {
                let line = &plan.lines()[arm.line];
                table.push([
                    measure.key().into(),
                    measure.label().as_str().into(),
                    measure.unit().as_str().into(),
                    window.key.as_str().into(),
                    line.key.as_str().into(),
                    line.label.as_str().into(),
                    (own.points as i64).into(),
                    arm.best.into(),
                    arm.helps.into(),
                    arm.mean.into(),
                    arm.low.into(),
                    arm.high.into(),
                ]);
            }
        }
        table
    }

    /// In words.
    pub(super) fn words(&self) -> String {
        let plan = self.ground.outcomes.plan();
        let label = plan.outcomes()[plan.main()].label();
        let mut out = String::new();
        for (window, own) in plan.windows().iter().zip(&self.windows) {
            if own.points == 0 || own.arms.is_empty() {
                continue;
            }
            let when = if plan.windows().len() > 1 { format!(" ({})", window.key) } else { String::new() };
            let mut arms: Vec<&OfArm> = own.arms.iter().collect();
            arms.sort_by(|one, other| other.best.total_cmp(&one.best));
            let name = |arm: &OfArm| plan.lines()[arm.line].label.clone();
            if let [only] = arms[..] {
                let what = format!("{} helps at {} of {} points", name(only), percent(only.helps), own.points);
                out += &format!("\n{label}{when}: {what}.\n");
                continue;
            }
            let best: Vec<String> = arms
                .iter()
                .filter(|arm| arm.best > 0.0)
                .map(|arm| format!("{} at {}", name(arm), percent(arm.best)))
                .collect();
            out += &format!("\nBest for {label}{when}, over {} points: {}.\n", own.points, best.join(", "));
        }
        out
    }
}
