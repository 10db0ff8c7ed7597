//! Every mix of arms that may fit is tried, and those that fit race for the best.

use super::pool::{Of, Pool, Stage, runs_of};
use super::{Course, Evaluate, Halt, finals};
use crate::scenario::Optimise;
use crate::statistics::optimisation::{Portfolio, Refusal, Rule, Subset, non_dominated};
use crate::statistics::selection::{Indifference, Race, Verdict};
use std::collections::BTreeMap;

/// By how much, as a share of the budget, a sum of single costs may be above it at first.
const MARGIN: f64 = 0.1;

/// The arms that may be in a mix at all.
fn candidates(pool: &Pool<'_>, asked: &Optimise) -> Vec<usize> {
    (0..pool.arms()).filter(|arm| !asked.rules.contains(&Rule::Never { item: *arm })).collect()
}

/// The mixes that obey the rules, whatever they cost; doing nothing is not among them.
pub(super) fn obeying(pool: &Pool<'_>, asked: &Optimise) -> Vec<Subset> {
    let portfolio = Portfolio { costs: vec![0.0; pool.arms()], budget: f64::INFINITY, rules: asked.rules.clone() };
    portfolio.packages().unwrap_or_default().into_iter().filter(|own| own.bits > 0).collect()
}

/// Simulations of the first stage.
pub(super) fn single_runs(pool: &Pool<'_>, asked: &Optimise) -> u64 {
    runs_of(candidates(pool, asked).len() as u64, u64::from(asked.first))
}

/// Tries all, and lets those race that fit.
pub(super) fn run<R: Evaluate>(
    pool: &mut Pool<'_>,
    asked: &Optimise,
    runner: &mut R,
) -> Result<Course, Halt<R::Error>> {
    let first = 0..asked.first;
    let alone: Vec<(usize, usize)> =
        candidates(pool, asked).into_iter().map(|arm| (arm, pool.place_of_arms(1 << arm))).collect();
    let singles: Vec<usize> = alone.iter().map(|(_, mix)| *mix).collect();
    let reserve = finals::runs(pool, asked).0;
    let needed = pool.missing(&singles, &first) + reserve;
    if !pool.allows(needed) {
        return Err(too_few(pool, needed, "every arm alone, and the finalists on fresh seeds,"));
    }
    pool.evaluate(("singles", Stage::First), &singles, first.clone(), runner)?;
    let costs = single_costs(pool, &alone)?;
    let mut margin = MARGIN;
    let mut round = 0;
    let (mut tried, apart) = loop {
        let packages = packages(pool, asked, &costs, margin)?;
        let mixes: Vec<usize> =
            packages.iter().filter(|own| own.bits > 0).map(|own| pool.place_of_arms(own.bits)).collect();
        let more = pool.missing(&mixes, &first);
        if !pool.allows(more + reserve) {
            let needed = pool.runs + more + reserve;
            return Err(too_few(pool, needed, &format!("all {} mixes that may fit, and the finalists,", mixes.len())));
        }
        let step = if round == 0 { "subsets".to_owned() } else { format!("subsets-{round:02}") };
        pool.evaluate((&step, Stage::First), &mixes, first.clone(), runner)?;
        let apart = spread(pool, &packages, &costs);
        // Costs that add up to less than their sum could make room for mixes that were not run.
        if asked.budget.is_none() || apart.0 <= margin / (1.0 + margin) || round == 3 {
            break (mixes, apart);
        }
        margin = 2.0 * apart.0 / (1.0 - apart.0).max(0.1);
        round += 1;
    };
    // Doing nothing is a mix too, where the rules allow it.
    if pool.broken(0, &asked.rules) == 0 {
        tried.insert(0, 0);
    }
    let whole = |mix: &usize| {
        let (effect, cost) =
            (pool.beyond(*mix, pool.main(), first.clone()), pool.beyond(*mix, Of::Cost, first.clone()));
        effect.iter().chain(&cost).all(|number| number.is_finite())
    };
    let fitting: Vec<usize> = tried
        .iter()
        .copied()
        .filter(whole)
        .filter(|mix| Pool::fits(pool.in_search(*mix, Of::Cost).mean(), asked.budget))
        .collect();
    if fitting.is_empty() {
        return Err(none_fits(pool, asked, &tried));
    }
    let points: Vec<[f64; 2]> = fitting
        .iter()
        .map(|mix| [pool.in_search(*mix, Of::Cost).mean(), -pool.sign() * pool.in_search(*mix, pool.main()).mean()])
        .collect();
    let frontier: Vec<usize> =
        fitting.iter().zip(non_dominated(&points)).filter(|(_, free)| *free).map(|(mix, _)| *mix).collect();
    let mut course = Course {
        chosen: Vec::new(),
        frontier,
        winner: None,
        left: Vec::new(),
        equal: false,
        dropped: BTreeMap::new(),
        screened: fitting.len(),
        broken_off: tried.iter().filter(|mix| !whole(mix)).count(),
        raced: 0,
        cut_short: false,
        apart,
        generations: Vec::new(),
    };
    race(pool, asked, &fitting, &mut course, runner)?;
    Ok(course)
}

/// What each arm costs alone, by arm; what was not run costs nothing, as it is in no mix.
fn single_costs<E>(pool: &Pool<'_>, alone: &[(usize, usize)]) -> Result<Vec<f64>, Halt<E>> {
    let mut costs = vec![0.0; pool.arms()];
    for (arm, mix) in alone {
        let cost = pool.in_search(*mix, Of::Cost).mean();
        if !cost.is_finite() {
            let message = format!("all runs of {} alone failed, so that its cost is not known", pool.label(*mix));
            return Err(Halt::refused(message, "comity compare shows why; or write it into never"));
        }
        costs[*arm] = cost.max(0.0);
    }
    Ok(costs)
}

fn packages<E>(pool: &Pool<'_>, asked: &Optimise, costs: &[f64], margin: f64) -> Result<Vec<Subset>, Halt<E>> {
    let budget = asked.budget.map_or(f64::INFINITY, |budget| budget * (1.0 + margin));
    let portfolio = Portfolio { costs: costs.to_vec(), budget, rules: asked.rules.clone() };
    portfolio.packages().map_err(|refusal| match refusal {
        Refusal::Budget { cheapest, items, .. } => beyond_budget(pool, asked, cheapest, &items),
        other => Halt::refused(format!("no mix can be made: {other}"), "change the rules of [optimise]"),
    })
}

fn beyond_budget<E>(pool: &Pool<'_>, asked: &Optimise, cheapest: f64, arms: &[usize]) -> Halt<E> {
    let factors = pool.space.factors();
    let arms: Vec<&str> = arms.iter().map(|arm| factors[*arm].label.as_str()).collect();
    let money = |amount: f64| super::words::money(pool, amount);
    let message = format!(
        "no mix that obeys the rules fits the budget of {}: the cheapest costs {} ({})",
        money(asked.budget.unwrap_or(f64::INFINITY)),
        money(cheapest),
        arms.join(" + ")
    );
    Halt::refused(message, format!("raise optimise.budget to {} or more, or loosen the rules", libm::ceil(cheapest)))
}

fn none_fits<E>(pool: &Pool<'_>, asked: &Optimise, tried: &[usize]) -> Halt<E> {
    let cost = |mix: &usize| pool.in_search(*mix, Of::Cost).mean();
    let known = tried.iter().filter(|mix| cost(mix).is_finite());
    match known.min_by(|a, b| cost(a).total_cmp(&cost(b))) {
        Some(mix) => beyond_budget(pool, asked, cost(mix), &pool.arms_of(*mix)),
        None => Halt::refused("every run failed, so that nothing is known of any mix", "comity compare shows why"),
    }
}

/// By how much real costs are below and above sums of single costs at most, as shares of these sums.
fn spread(pool: &mut Pool<'_>, packages: &[Subset], costs: &[f64]) -> (f64, f64) {
    let (mut below, mut above): (f64, f64) = (0.0, 0.0);
    for package in packages.iter().filter(|own| own.bits.count_ones() > 1) {
        let mix = pool.place_of_arms(package.bits);
        let (real, sum) =
            (pool.in_search(mix, Of::Cost).mean(), package.items().iter().map(|arm| costs[*arm]).sum::<f64>());
        if real.is_finite() && sum > 0.0 {
            let share = real / sum - 1.0;
            (below, above) = (below.max(-share), above.max(share));
        }
    }
    (below, above)
}

fn too_few<E>(pool: &Pool<'_>, needed: u64, what: &str) -> Halt<E> {
    let message = format!("{} simulations are too few: {what} take {needed}", pool.limit);
    Halt::refused(
        message,
        format!("write --budget {needed} or more; or fewer arms, replicates in first or fresh; or method = \"search\""),
    )
}

/// Replicates are added to those that may still be the best until it is clear.
fn race<R: Evaluate>(
    pool: &mut Pool<'_>,
    asked: &Optimise,
    fitting: &[usize],
    course: &mut Course,
    runner: &mut R,
) -> Result<(), Halt<R::Error>> {
    let sign = pool.sign();
    let better = |pool: &Pool<'_>, a: &usize, b: &usize| {
        let mean = |mix: usize| sign * pool.in_search(mix, pool.main()).mean();
        mean(*b).total_cmp(&mean(*a))
    };
    if let [only] = fitting {
        (course.winner, course.left) = (Some(*only), vec![*only]);
    } else {
        let rule = Indifference {
            delta: asked.indifference.unwrap_or(f64::MIN_POSITIVE),
            level: pool.study.analysis().confidence,
            direction: pool.direction(),
            most: asked.most as usize,
        };
        let row = |pool: &Pool<'_>, replicate: u32| -> Vec<f64> {
            let one = |mix: &usize| pool.beyond(*mix, pool.main(), replicate..replicate + 1)[0];
            fitting.iter().map(one).collect()
        };
        let rows: Vec<Vec<f64>> = (0..asked.first).map(|replicate| row(pool, replicate)).collect();
        let refused = |reason: String| {
            Halt::refused(format!("mixes cannot race: {reason}"), "change [optimise] or analysis.confidence")
        };
        let mut race = Race::start(rule, &rows).map_err(|refusal| refused(refusal.to_string()))?;
        let mut made = asked.first;
        let mut round = 0;
        while let Verdict::Undecided { left } = race.verdict() {
            let mixes: Vec<usize> = left.iter().map(|option| fitting[*option]).collect();
            // Longer rounds as there are more replicates: what is run in vain stays a share of the whole.
            let until = (made + (made / 2).max(asked.first)).min(asked.most);
            let more = pool.missing(&mixes, &(made..until));
            if made == until || !pool.allows(more + finals::runs(pool, asked).1.min(pool.limit / 2)) {
                course.cut_short = made < until;
                break;
            }
            round += 1;
            pool.evaluate((&format!("race-{round:02}"), Stage::Race), &mixes, made..until, runner)?;
            for replicate in made..until {
                // A replicate in which a run failed tells nothing; one after the end is not looked at.
                if race.tell(&row(pool, replicate)).is_err() && !matches!(race.verdict(), Verdict::Undecided { .. }) {
                    break;
                }
            }
            made = until;
        }
        course.raced = race.replicates() as u32;
        for out in race.eliminations() {
            course.dropped.extend(out.options.iter().map(|option| (fitting[*option], out.replicates as u32)));
        }
        let left: Vec<usize> = race.left().iter().map(|option| fitting[*option]).collect();
        match race.verdict() {
            Verdict::Best { option } => course.winner = Some(fitting[option]),
            Verdict::Equal { .. } => course.equal = true,
            Verdict::Undecided { .. } | Verdict::NotToldApart { .. } => {}
        }
        course.left = left;
    }
    // Those left come first, the best by its mean at the top; then those that held out longest.
    let last = |mix: &usize| course.dropped.get(mix).copied().unwrap_or(u32::MAX);
    let mut order = fitting.to_vec();
    order.sort_by(|a, b| last(b).cmp(&last(a)).then_with(|| better(pool, a, b)).then_with(|| a.cmp(b)));
    course.chosen = order.into_iter().take(asked.finalists).collect();
    Ok(())
}
