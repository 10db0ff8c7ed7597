//! Targets, schedule, delivery and cost: what they say is what happens.

use super::{BEGINS, NO_CASES, NO_TURNOVER, mean_and_error, until, with, without};
use crate::log::Event;
use crate::worlds::{REGION, setup};
use comity::engine::{Setup, Simulation};
use comity::quantity::Role;
use comity::record::{Observer, View};
use comity::world::Desk;
use std::sync::Arc;

/// Whom interventions touched, and when.
#[derive(Default)]
struct Touched(Vec<(f64, usize, Desk)>);

impl Observer for Touched {
    fn touched(&mut self, now: f64, intervention: usize, desk: Desk) {
        self.0.push((now, intervention, desk));
    }
    fn tick(&mut self, _view: View<'_>) {}
}

fn touched(setup: &Arc<Setup>, replicate: u32, day: f64) -> (Simulation, Vec<(f64, usize, Desk)>) {
    let mut touched = Touched::default();
    let mut simulation = Simulation::new(setup, replicate);
    while simulation.world().now < day {
        simulation.step(&mut touched);
    }
    (simulation, touched.0)
}

/// Investigators of AAA 6, BBB 4, CCC 9, DDD 3.
const TRAINING: &str = "kind = \"capacity_building\"\nroles = [\"investigator\"]\n";

fn trained(lines: &str, replicate: u32) -> Vec<Desk> {
    let setup = with(&format!("{TRAINING}{lines}"), &[NO_CASES]);
    let (simulation, touched) = touched(&setup, replicate, 200.0);
    assert_eq!(simulation.world().interventions[0].reached, touched.len() as u64);
    let region = &simulation.setup().region;
    assert!(touched.iter().all(|(_, _, desk)| region.role_of(*desk) == Role::Investigator));
    touched.into_iter().map(|(_, _, desk)| desk).collect()
}

#[test]
fn share_number_and_capacity_limit_who_takes_part() {
    assert_eq!(trained("", 0).len(), 22);
    assert_eq!(trained("share = 0.5", 0).len(), 3 + 2 + 5 + 2);
    assert_eq!(trained("number = 2", 0).len(), 8);
    assert_eq!(trained("share = 0.1\nnumber = 3", 0).len(), 4, "one of every unit");
    assert_eq!(trained("share = 0", 0).len(), 0);
    let setup = with(&format!("{TRAINING}capacity = 6"), &[NO_CASES]);
    let region = &setup.region;
    let mut states: Vec<usize> = trained("capacity = 6", 0).iter().map(|desk| region.state_of(*desk)).collect();
    states.sort_unstable();
    assert_eq!(states, [0, 0, 1, 1, 2, 3], "the first of every unit come before the second");
    assert_eq!(trained("states = [\"AAA\"]", 0).len(), 6);
    assert_eq!(trained("units = [\"AAA.police\", \"DDD.police\"]", 0).len(), 9);
}

#[test]
fn coverage_is_the_chance_to_be_reached() {
    let reached: Vec<f64> = (0..100).map(|replicate| trained("coverage = 0.4", replicate).len() as f64).collect();
    let (mean, error) = mean_and_error(&reached);
    assert!((mean - 8.8).abs() < 4.0 * error, "{mean} +- {error} of 22");
    // Among those, whoever is reached at a lower coverage is reached at a higher one.
    let (few, many) = (trained("coverage = 0.2", 1), trained("coverage = 0.7", 1));
    assert!(few.iter().all(|desk| many.contains(desk)) && few.len() < many.len());
}

#[test]
fn those_are_chosen_who_come_first_by_the_trait() {
    let before = until(&without(&[]), 0, BEGINS - 6.0).0;
    let chosen = |how: &str| {
        let setup = with(&format!("{TRAINING}number = 1\nchoose = \"{how}\""), &[]);
        let all = touched(&setup, 0, 183.0).1;
        all.into_iter().map(|(_, _, desk)| desk).collect::<Vec<Desk>>()
    };
    let view = before.view();
    let (model, region, world) = (view.model, view.region, view.world);
    let load = |desk: Desk| model.workload.of(world.people.at(desk), world.now);
    let known = |desk: Desk| -> f64 {
        let tools = comity::mechanism::tool::of_role(Role::Investigator);
        tools.map(|tool| model.familiarity.with(world.people.at(desk), tool, world.now)).sum()
    };
    let ties = |desk: Desk| {
        let live = |tie: &&comity::world::Tie| {
            model.ties.live(&model.turnover, region, world, view.randomness, desk, tie).is_some()
        };
        world.people.at(desk).ties.iter().filter(live).count()
    };
    for state in 0..region.states.len() {
        let (first, desks) = region.desks_of(state, Role::Investigator);
        let all: Vec<Desk> = (first..first + desks).collect();
        let of_state = |chosen: &[Desk]| *chosen.iter().find(|desk| all.contains(desk)).expect("one of each state");
        let (busiest, least, best) =
            (of_state(&chosen("busiest")), of_state(&chosen("least_familiar")), of_state(&chosen("best_connected")));
        assert!(all.iter().all(|desk| load(*desk) <= load(busiest)), "{state}: busiest");
        assert!(all.iter().all(|desk| known(*desk) >= known(least)), "{state}: least familiar");
        assert!(all.iter().all(|desk| ties(*desk) <= ties(best)), "{state}: best connected");
    }
    assert_eq!(chosen("random").len(), 4);
    let lots: std::collections::BTreeSet<Vec<Desk>> =
        (0..10).map(|replicate| trained("number = 1", replicate)).collect();
    assert!(lots.len() > 5, "the lot falls on different people in different runs");
}

#[test]
fn occasions_are_held_as_often_as_said() {
    let setup = with(&format!("{TRAINING}number = 1\nevery = \"30 days\"\nlasts = \"100 days\""), &[NO_CASES]);
    let (simulation, touched) = touched(&setup, 0, 900.0);
    assert_eq!(simulation.world().interventions[0].occasions, 4);
    let mut days: Vec<f64> = touched.iter().map(|(now, _, _)| *now).collect();
    days.dedup();
    assert_eq!(days, [175.0, 210.0, 238.0, 266.0], "days 181, 211, 241 and 271, each in its tick");
}

#[test]
fn cost_is_what_one_adds_up_by_hand() {
    let lines = "number = 100\nevery = \"100 days\"\nlasts = \"250 days\"\ncost_fixed = 1000\ncost_per_year = 3652.5\ncost_per_target = 365.25\n\
                 cost_per_occasion = 100\ncost_per_participant = 1";
    let setup = with(&format!("{TRAINING}{lines}"), &[NO_CASES, NO_TURNOVER]);
    // 1,000 to begin; 250 days at 10 a day; four states at 1 a day; three occasions; 22 officers each time.
    let by_hand = 1_000.0 + 250.0 * 10.0 + 250.0 * 4.0 + 3.0 * 100.0 + 3.0 * 22.0;
    let simulation = until(&setup, 0, 900.0).0;
    assert!((simulation.cost() - by_hand).abs() < 1e-6, "{} for {by_hand}", simulation.cost());
    assert!((until(&setup, 0, 182.0).0.cost() - (1_000.0 + 14.0 + 122.0)).abs() < 1e-9, "one day");
    assert_eq!(until(&setup, 0, 175.0).0.cost(), 0.0, "nothing before it begins");
    let half = with(
        "kind = \"liaison_officer\"\nlasts = \"100 days\"\ncost_per_target = 365.25\npairs = [\"AAA-BBB\", \"CCC-DDD\"]",
        &[NO_CASES],
    );
    assert!((until(&half, 0, 900.0).0.cost() - 200.0).abs() < 1e-9);
}

#[test]
fn a_trigger_fires_in_the_tick_that_the_history_says() {
    for (level, above) in [(0.25, false), (0.35, true), (0.15, true)] {
        let side = if above { "above" } else { "below" };
        let lines = format!("{TRAINING}when = {{ measure = \"seeking_rate\", {side} = {level}, over = \"26 weeks\" }}");
        let (plain, set) = (without(&[]), with(&lines, &[]));
        for replicate in 0..4 {
            let (end, events) = until(&set, replicate, 900.0);
            let mut ticks: Vec<(u32, u32)> = vec![(0, 0)];
            for event in &events {
                let last = ticks.last_mut().expect("there is one");
                match event {
                    Event::Case { ending, request, .. } => {
                        last.0 += u32::from(request.is_some());
                        last.1 += u32::from(ending.recognised());
                    }
                    Event::Tick => ticks.push((0, 0)),
                    _ => {}
                }
            }
            let fires = (0..ticks.len() - 1).find(|&tick| {
                let (sought, recognised) =
                    ticks[tick.saturating_sub(26)..tick].iter().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
                let rate = f64::from(sought) / f64::from(recognised);
                tick >= 26
                    && plain.start_of(tick as u64 + 1) > BEGINS
                    && if above { rate > level } else { rate < level }
            });
            let began = end.world().interventions[0].began;
            let expected = fires.map(|tick| plain.start_of(tick as u64).max(BEGINS));
            assert_eq!(began, expected, "{side} {level}, replicate {replicate}");
        }
    }
}

#[test]
fn what_holds_rises_and_falls_as_its_ramps_say() {
    let lines = "kind = \"liaison_officer\"\nreach = 0.8\nlasts = \"400 days\"\nramp_up = \"100 days\"\nramp_down = \"100 days\"\nintensity = 0.5";
    let setup = with(lines, &[NO_CASES]);
    for day in [188.0, 231.0, 280.0, 400.0, 504.0, 567.0, 574.0, 588.0] {
        let mut simulation = until(&setup, 0, day).0;
        let now = simulation.world().now;
        simulation.step(&mut comity::record::Blind);
        let reach = simulation.setup().region.broker(0, 1).reach;
        let level = ((now - BEGINS) / 100.0).clamp(0.0, 1.0).min((581.0 - now) / 100.0).max(0.0);
        assert!((reach - 0.8 * 0.5 * level).abs() < 1e-12, "day {now}: {reach}");
    }
}

/// Cases that surface, found or not, between two days on any corridor.
fn surfaced(events: &[Event], ticks: (usize, usize)) -> f64 {
    let mut tick = 0;
    let mut count = 0.0;
    for event in events {
        match event {
            Event::Tick => tick += 1,
            Event::Case { .. } | Event::Missed { .. } if ticks.0 <= tick && tick < ticks.1 => count += 1.0,
            _ => {}
        }
    }
    count
}

#[test]
fn a_surge_doubles_cases_and_a_smaller_flow_halves_them() {
    // From the first tick wholly within the year in force to the last.
    let ticks = (129 + 26, 129 + 77);
    let plain = without(&[]);
    let compare = |setup: &Arc<Setup>, factor: f64| {
        let differences: Vec<f64> = (0..120)
            .map(|replicate| {
                let of = |setup: &_| surfaced(&until(setup, replicate, 560.0).1, ticks);
                of(setup) - factor * of(&plain)
            })
            .collect();
        let (mean, error) = mean_and_error(&differences);
        assert!(mean.abs() < 3.0 * error, "{factor} times: {mean} +- {error}");
        error
    };
    compare(&with("kind = \"shock\"\nevent = \"surge\"\nfactor = 2\nlasts = \"1 year\"", &[]), 2.0);
    let corridors = ["AAA-BBB", "BBB-AAA", "AAA-CCC", "CCC-DDD", "BBB-DDD"];
    let thinned: String = corridors
        .iter()
        .map(|corridor| {
            let key = corridor.to_lowercase();
            format!("\n[intervention.{key}]\nkind = \"parameter\"\nparameter = \"corridor.{corridor}.cases\"\nscale = 0.5\nstart = 2006-07-01\nlasts = \"1 year\"\n")
        })
        .collect();
    compare(&setup(&format!("{REGION}{thinned}"), &[]), 0.5);
}

#[test]
fn the_cases_that_remain_of_a_smaller_flow_are_the_same_cases() {
    let lines = "kind = \"parameter\"\nparameter = \"corridor.AAA-BBB.cases\"\nscale = 0.5";
    let cases = |setup: &_| -> Vec<(u64, u64)> {
        let of = |event: &Event| match event {
            Event::Case { corridor, event, .. } | Event::Missed { corridor, event } => Some((*corridor, *event)),
            _ => None,
        };
        until(setup, 0, 900.0).1.iter().filter_map(of).collect()
    };
    let (all, fewer) = (cases(&without(&[])), cases(&with(lines, &[])));
    assert!(fewer.len() < all.len() && fewer.iter().all(|case| all.contains(case)));
}

#[test]
fn the_luck_of_an_intervention_is_its_own() {
    let book = "[intervention.x]\nkind = \"handbook\"\nstart = 2006-07-01\nshare = 0.5\ncoverage = 0.6\nuptake = 0.5\n\
                roles = [\"investigator\", \"head\"]\n";
    let others = "[intervention.a]\nkind = \"exchange\"\nstart = 2006-07-01\nroles = [\"prosecutor\"]\n\
                  [intervention.b]\nkind = \"information_sharing\"\nstart = 2006-02-01\n";
    let alone = setup(&format!("{REGION}\n{book}"), &[NO_CASES]);
    let among = setup(&format!("{REGION}\n{others}{book}"), &[NO_CASES]);
    let of = |setup: &_, place: usize| -> Vec<(f64, Desk)> {
        let all = touched(setup, 0, 500.0).1;
        all.into_iter().filter(|(_, own, _)| *own == place).map(|(now, _, desk)| (now, desk)).collect()
    };
    let (first, second) = (of(&alone, 0), of(&among, 2));
    assert!(first.len() > 3);
    assert_eq!(first, second);
}
