//! Levels of practitioners, held against people looked at one by one with the rules of docs/odd.md written out.

use super::all_ticks;
use crate::worlds::{Change, REGION, scenario, setup};
use comity::engine::{Setup, Simulation};
use comity::experiment::{Plan, replicate, tables};
use comity::quantity::{Role, Tool};
use comity::record::{LevelDate, Observer, PersonalLevel, View, level_dates};
use comity::table::Table;
use std::sync::Arc;

/// What is left after some days.
fn kept(days: f64, half_life: f64) -> f64 {
    if days <= 0.0 { 1.0 } else { libm::pow(2.0, -days / half_life) }
}

/// Everybody's levels at the dates: role, then level by level.
struct Walk {
    start_of: Vec<f64>,
    seen: Vec<Vec<(Role, [f64; 6])>>,
}

impl Walk {
    fn new(setup: &Setup, dates: &[LevelDate]) -> Self {
        let days = |date: &LevelDate| date.tick as f64 * setup.time.tick_days;
        Self { start_of: dates.iter().map(days).collect(), seen: Vec::new() }
    }
}

fn levels(view: View<'_>, desk: u32) -> (Role, [f64; 6]) {
    let View { model, region, world, randomness } = view;
    let (role, unit) = (region.role_of(desk), region.unit_of(desk));
    let person = &world.people.persons[desk as usize];
    let states = region.states.len();
    let prior = |state: usize| world.generalised_trust[unit * states + state];
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let trust: Vec<f64> = person
        .ties
        .iter()
        .filter(|tie| model.ties.live(&model.turnover, region, world, randomness, desk, tie).is_some())
        .map(|tie| {
            let left = kept(world.now - tie.evidence_at, model.trust.half_life);
            let (good, bad, weight) = (tie.good * left, tie.bad * left, model.trust.prior_weight);
            (good + weight * prior(region.state_of(tie.to))) / (good + bad + weight)
        })
        .collect();
    let strangers: Vec<f64> = (0..states).filter(|state| *state != region.state_of(desk)).map(prior).collect();
    let tools: &[Tool] = match role {
        Role::Investigator => &[Tool::Informal, Tool::Hsu],
        Role::Head => &[Tool::Informal, Tool::Hsu, Tool::Joint],
        Role::Prosecutor => &[Tool::Mla, Tool::Extradition, Tool::Joint],
        Role::Ngo | Role::Coordinator => &[],
    };
    let familiar = |tool: &Tool| {
        let skill = &person.familiarity[*tool as usize];
        let floor = skill.level.clamp(0.0, 1.0);
        floor + (skill.value - floor) * kept(world.now - person.skill_at, model.familiarity.half_life)
    };
    let familiarity: Vec<f64> = tools.iter().map(familiar).collect();
    let habit = kept(world.now - person.habit_at, model.habit.half_life);
    let (of_unit, of_contacts) = (&world.units[unit].seen, &person.seen);
    let left = [of_unit.at, of_contacts.at].map(|at| kept(world.now - at, model.norm.half_life));
    let seen = of_unit.cooperating * left[0] + of_contacts.cooperating * left[1];
    let all = of_unit.all * left[0] + of_contacts.all * left[1];
    let norm = (seen + model.norm.prior_weight * model.norm.prior) / (all + model.norm.prior_weight);
    let norm = norm + (1.0 - norm) * model.norm.injunctive * world.commitment;
    (role, [mean(&trust), mean(&strangers), mean(&familiarity), person.cooperating * habit, person.alone * habit, norm])
}

impl Observer for Walk {
    fn tick(&mut self, view: View<'_>) {
        if self.start_of.iter().any(|start| (start - view.world.now).abs() < 1e-6) {
            let desks = 0..view.region.desks() as u32;
            self.seen.push(desks.filter(|desk| view.region.staffed(*desk)).map(|desk| levels(view, desk)).collect());
        }
    }
}

/// A cell of a table: the row of those keys.
fn row(table: &Table, level: PersonalLevel, role: &str, day: i32) -> Vec<usize> {
    let texts = |name: &str| table.texts(name).expect("a column of words");
    let (measures, roles, days) = (texts("measure"), texts("role"), table.dates("date").expect("dates"));
    let fits = |row: &usize| &*measures[*row] == level.key() && &*roles[*row] == role && days[*row] == day;
    (0..table.rows()).filter(fits).collect()
}

#[test]
fn levels_of_practitioners_are_those_of_everybody_looked_at_one_by_one() {
    const RUNS: u32 = 3;
    // The rules written out above are these.
    const RULES: [Change<'_>; 2] = [("habit.disuse", "clock"), ("norm.contagion", "simple")];
    let setup: Arc<Setup> = setup(REGION, &RULES);
    let dates = level_dates(&setup.window());
    let mut everybody: Vec<Vec<(Role, [f64; 6])>> = vec![Vec::new(); dates.len()];
    for number in 0..RUNS {
        let mut walk = Walk::new(&setup, &dates);
        Simulation::new(&setup, number).run(all_ticks(&setup), &mut walk);
        assert_eq!(walk.seen.len(), dates.len());
        everybody.iter_mut().zip(walk.seen).for_each(|(all, seen)| all.extend(seen));
    }
    let plan = Plan { setup: Arc::clone(&setup), first: 0, replicates: RUNS, why: false };
    let Ok((sum, _)) = replicate(&plan, &(), &mut (), &mut |_, _| {});
    let sum = sum.expect("runs were done");
    let made = tables(&scenario(REGION, &RULES), &sum, None);
    let roles = std::iter::once(None).chain(Role::ALL.iter().copied().map(Some));
    let mut some = 0;
    for (role, (date, seen)) in roles.flat_map(|role| dates.iter().zip(&everybody).map(move |pair| (role, pair))) {
        let key = role.map_or("all", Role::key);
        let of_role = || seen.iter().filter(|(own, _)| role.is_none_or(|role| role == *own));
        for (place, &level) in PersonalLevel::ALL.iter().enumerate() {
            let mut values: Vec<f64> =
                of_role().map(|(_, levels)| levels[place]).filter(|value| !value.is_nan()).collect();
            values.sort_by(f64::total_cmp);
            assert!(values.iter().all(|value| (0.0..=1.0).contains(value)), "{level:?} of {key}");
            let found = row(&made.levels_quantiles, level, key, date.day);
            assert_eq!(found.len(), 1, "{level:?} of {key}");
            let real = |name: &str| made.levels_quantiles.reals(name).expect("a column of numbers")[found[0]];
            let n = made.levels_quantiles.integers("n").expect("counts")[found[0]];
            let what = format!("{level:?} of {key} on day {}", date.day);
            assert_eq!(n as usize, values.len(), "{what}");
            assert!((real("in_post") * f64::from(RUNS) - of_role().count() as f64).abs() < 1e-6, "{what}");
            let bins = row(&made.levels, level, key, date.day);
            let shares: Vec<f64> = bins.iter().map(|row| made.levels.reals("share").expect("shares")[*row]).collect();
            if values.is_empty() {
                assert!(real("median").is_nan() && real("mean").is_nan() && shares.iter().all(|share| share.is_nan()));
                continue;
            }
            some += 1;
            assert!((real("mean") - values.iter().sum::<f64>() / values.len() as f64).abs() < 1e-9, "{what}");
            for (name, share) in [("q05", 0.05), ("q25", 0.25), ("median", 0.5), ("q75", 0.75), ("q95", 0.95)] {
                let least = values[(share * values.len() as f64).ceil() as usize - 1];
                let told = real(name);
                assert!(told - 1e-8 <= least && least < told + 0.001 + 1e-8, "{what}: {name} is {told}, not {least}");
            }
            let zeros = values.iter().filter(|value| **value == 0.0).count() as f64 / values.len() as f64;
            assert!((real("at_zero") - zeros).abs() < 1e-12, "{what}");
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{what}");
            // A value within rounding of an edge may lie on either side of it.
            let below = |edge: f64| values.iter().filter(|value| **value < edge).count() as f64 / values.len() as f64;
            let half: f64 = shares[..shares.len() / 2].iter().sum();
            assert!(below(0.5 - 1e-6) - 1e-9 <= half && half <= below(0.5 + 1e-6) + 1e-9, "{what}");
        }
    }
    assert!(some > 50, "most roles have most levels: {some}");
}
