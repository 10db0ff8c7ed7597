//! Which arm is best: multiple comparisons with the best, and how often each arm takes which rank.
//!
//! The interval of an arm is that of its difference from the best of the *others* (Hsu 1984), all
//! intervals holding at once. An arm whose interval lies at or below 0 is ruled out; one whose interval
//! lies at or above 0 is the best; the rest may be the best.

use std::collections::BTreeMap;

use super::font::{self, Face, LEADING};
use super::ledger::{Ledger, Level, Row, in_full};
use super::marks::{self, Estimate, Look, Shape};
use super::palette::{BLUE, GREY, sequential};
use super::sheet::{Anchor, Lettering};
use super::unit::{self, Unit};
use super::words::{counted, lower};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

struct Arm {
    key: String,
    label: String,
    value: f64,
    interval: (f64, f64),
}

/// Draws the `ranking` table (columns `arm`, `label`, `difference` to the best of the others, `ci_low`,
/// `ci_high`) with the `rank_probabilities` table (`arm`, `rank` from 1, `probability`) beside it.
///
/// Where the `ranking` table has columns `measure_label` and `unit`, the axis names them.
///
/// # Errors
/// When a column is missing, the table is empty, or the size asked for is too small.
pub fn ranking(ranking: &Table, rank_probabilities: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let mut arms = read(ranking)?;
    context.arrange(&mut arms, |arm| &arm.key);
    let chances = chances(rank_probabilities)?;
    let all: Vec<usize> = (0..ranking.rows()).collect();
    let values = arms.iter().flat_map(|arm| [arm.value, arm.interval.0, arm.interval.1]);
    let unit = Unit::difference(&columns::word(ranking, "unit", &all), values.clone());
    let scale = unit::differences(values.map(|value| unit.of_value(value)), 4);
    let arm_sizes = arms.iter().map(|arm| (arm.interval.1 - arm.value).min(arm.value - arm.interval.0));
    let decimals = unit::decimals(arm_sizes.map(|size| unit.of_value(size)));
    let width = context.style.points(if arms.len() > 4 { 183.0 } else { 120.0 })?;
    let size = context.style.text;
    // A cell of the strip takes about three digits and its gap.
    let most = (libm::floor(width * 0.36 / (size * 2.9)) as usize).max(2);
    let groups = groups(arms.len(), most);
    let share = |key: &str, (from, to): (i64, i64)| -> f64 {
        let known = (from..=to).filter_map(|rank| chances.get(&(key.to_owned(), rank)));
        known.copied().reduce(|a, b| a + b).unwrap_or(f64::NAN)
    };
    let mut heads: Vec<String> = vec![context.say("To the best of\nthe others [95% CI]")];
    heads.extend(groups.iter().map(|&(from, to)| match from == to {
        true => format!("{from}"),
        false => format!("{from}–{to}"),
    }));
    let (mut rows, mut grounds) = (Vec::new(), Vec::new());
    for arm in &arms {
        let [value, low, high] = [arm.value, arm.interval.0, arm.interval.1].map(|value| unit.of_value(value));
        let shares: Vec<f64> = groups.iter().map(|&group| share(&arm.key, group)).collect();
        let mut numbers = vec![unit::bounded(value, (low, high), decimals)];
        numbers.extend(shares.iter().map(|&share| percent(share)));
        rows.push(Row { level: Level::Item, label: context.label(&arm.key, &arm.label), numbers });
        let mut ground = vec![None];
        ground.extend(shares.iter().map(|share| share.is_finite().then(|| sequential(*share))));
        grounds.push(ground);
    }
    let name = columns::word(ranking, "measure_label", &all);
    let words = if name.is_empty() {
        context.say("Difference from the best of the others")
    } else {
        format!("{}: {}", context.say("Difference from the best of the others"), lower(&context.say(&name)))
    };
    let axis = unit::title(&unit, context, &words);
    let ledger = Ledger {
        stub: &context.say("Arm"),
        heads: &heads,
        rows: &rows,
        scale,
        axis: &axis,
        indent: 0.0,
        least: 0.26,
        grounds: &grounds,
        legend: &[],
    };
    let laid = ledger.lay(width, context.style, |paper, panel, spans| marks::zero(paper, panel, spans, 0.0))?;
    for (arm, &y) in arms.iter().zip(&laid.middles) {
        let (low, high) = arm.interval;
        let estimate = Estimate::new(unit.of_value(arm.value), (unit.of_value(low), unit.of_value(high)));
        marks::across(&laid.paper, &laid.panel, &estimate, y, look(arm));
    }
    if let Some(&right) = laid.edges.last() {
        let first = laid.edges[0] + size;
        let full = ["Probability of rank (%)", "P(rank) (%)", "P (%)"].map(|words| context.say(words));
        let fits = |words: &&String| font::width(words, Face::Bold, size) <= right - first;
        let words = full.iter().find(fits).unwrap_or(&full[2]);
        let at = (right, laid.head - LEADING * size);
        laid.paper.text(at, words, Lettering::new(size).bold().anchor(Anchor::End));
    }
    let count = |kind: Shape, filled: bool| {
        arms.iter().map(look).filter(|look| look.shape == kind && look.filled == filled).count()
    };
    let title = context.title_or(&match name.is_empty() {
        true => "Which arm is best".to_owned(),
        false => format!("Which arm is best: {}", lower(&name)),
    });
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    let body = format!(
        "Each arm against the best of the others, with simultaneous 95% intervals (multiple comparisons with the best). \
         Filled blue disc: the best ({}); hollow blue disc: may be the best ({}); grey cross: ruled out ({}). Strip: \
         probability, in percent, that the arm takes the rank (1 is best); –: not given.{}",
        counted(count(Shape::Disc, true), "arm"),
        counted(count(Shape::Disc, false), "arm"),
        counted(count(Shape::Cross, true), "arm"),
        in_full(&laid.cut, &labels),
    );
    Drawing::new(laid.paper, context, (&title, &body), ranking.clone())
}

fn percent(share: f64) -> String {
    let value = share * 100.0;
    match value {
        _ if !value.is_finite() => "–".to_owned(),
        _ if value > 0.0 && value < 0.5 => "<1".to_owned(),
        _ if (99.5..100.0).contains(&value) => ">99".to_owned(),
        _ => super::ticks::number(value, 0),
    }
}

fn look(arm: &Arm) -> Look {
    match arm.interval {
        (low, _) if low >= 0.0 => Look::filled(Shape::Disc, BLUE),
        (_, high) if high <= 0.0 => Look::filled(Shape::Cross, GREY),
        _ => Look::hollow(Shape::Disc, BLUE),
    }
}

/// Ranks from 1, the last ones taken together where there is no room for all.
fn groups(arms: usize, most: usize) -> Vec<(i64, i64)> {
    let (arms, most) = (arms as i64, most.min(10) as i64);
    if arms <= most {
        return (1..=arms).map(|rank| (rank, rank)).collect();
    }
    (1..most).map(|rank| (rank, rank)).chain([(most, arms)]).collect()
}

fn chances(table: &Table) -> Result<BTreeMap<(String, i64), f64>, FigureError> {
    let arms = columns::texts(table, "arm")?;
    let ranks = columns::integers(table, "rank")?;
    let shares = columns::numbers(table, "probability")?;
    let each = (0..table.rows()).filter(|&row| shares[row].is_finite());
    Ok(each.map(|row| ((arms[row].to_string(), ranks[row]), shares[row])).collect())
}

fn read(table: &Table) -> Result<Vec<Arm>, FigureError> {
    let keys = columns::texts(table, "arm")?;
    let labels = columns::texts(table, "label")?;
    let values = columns::numbers(table, "difference")?;
    let lows = columns::numbers(table, "ci_low")?;
    let highs = columns::numbers(table, "ci_high")?;
    if table.rows() == 0 {
        return Err(columns::nothing(table, "arms"));
    }
    let arm = |row: usize| Arm {
        key: keys[row].to_string(),
        label: labels[row].to_string(),
        value: values[row],
        interval: (lows[row], highs[row]),
    };
    let mut arms: Vec<Arm> = (0..table.rows()).map(arm).collect();
    let key = |arm: &Arm| if arm.value.is_finite() { -arm.value } else { f64::INFINITY };
    arms.sort_by(|a, b| key(a).total_cmp(&key(b)).then_with(|| a.label.cmp(&b.label)));
    Ok(arms)
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn every_rank_is_in_exactly_one_column() {
        for arms in [1, 2, 5, 10, 11, 60] {
            for most in [2, 4, 10, 30] {
                let ranks: Vec<i64> = groups(arms, most).into_iter().flat_map(|(from, to)| from..=to).collect();
                assert_eq!(ranks, (1..=arms as i64).collect::<Vec<i64>>(), "{arms} {most}");
            }
        }
    }
}
