//! What is explained is what happened.

use crate::program::{Scratch, comity};
use crate::worlds::{REGION, scenario, setup};
use comity::diagnostic::Diagnostic;
use comity::engine::{Setup, Simulation};
use comity::explain::{
    Account, Entry, Pick, Proof, Reach, Root, SHARES, Spread, Twins, account, career, desk_key, desk_name, find_desk,
    pick, roll, spread, spreads,
};
use comity::mechanism::choice::Removed;
use comity::mechanism::funnel::{Docket, Finder, Funnel};
use comity::quantity::{Barrier, Carrier, Ending, Role, Tool, UnitKind};
use comity::random::Randomness;
use comity::record::{CaseRecord, Conclusion, Count, Observer, View};
use comity::scenario::{Files, parse};
use comity::world::{Desk, Tie, World};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Every recorded case of the first two replicates, explained.
fn accounts(setup: &Arc<Setup>, every: usize) -> Vec<(Entry, Account)> {
    let mut all = Vec::new();
    for replicate in 0..2 {
        for entry in roll(setup, replicate).into_iter().step_by(every) {
            all.push((entry, account(setup, replicate, &entry)));
        }
    }
    all
}

/// What the run itself recorded.
#[derive(Default)]
struct Recorded {
    cases: Vec<CaseRecord>,
    conclusions: Vec<Conclusion>,
    /// How many cases arrived before the window.
    before: usize,
}

impl Observer for Recorded {
    fn case(&mut self, now: f64, record: &CaseRecord) {
        self.before += usize::from(now < 0.0);
        self.cases.push(record.clone());
    }
    fn conclusion(&mut self, _now: f64, conclusion: &Conclusion) {
        self.conclusions.push(conclusion.clone());
    }
}

fn recorded(setup: &Arc<Setup>, replicate: u32) -> Recorded {
    let mut all = Recorded::default();
    Simulation::new(setup, replicate).run(setup.time.burn_in_ticks() + setup.time.ticks(), &mut all);
    all
}

#[test]
fn the_explained_ending_is_the_recorded_one() {
    for changes in [vec![], vec![("habit.variant", "utility")], vec![("mechanisms.response", "off")]] {
        let setup = setup(REGION, &changes);
        let mut endings = BTreeSet::new();
        for replicate in 0..2 {
            let run = recorded(&setup, replicate);
            let roll = roll(&setup, replicate);
            let tally = setup.run_one(replicate, false).0;
            let states = setup.region.states.len();
            assert_eq!(roll.len() as u64, tally.totals[states][Count::Arrived as usize]);
            for entry in roll.iter().step_by(3) {
                let account = account(&setup, replicate, entry);
                let place = run.before + entry.number as usize - 1;
                let record = &run.cases[place];
                assert_eq!(account.record.case, record.case);
                assert_eq!((entry.ending, account.record.ending), (record.ending, record.ending));
                assert_eq!(account.record.request, record.request);
                // What was promised when it was accepted is what was concluded.
                if let Some(promised) = &account.cooperation {
                    let concluded = run.conclusions.iter().find(|c| c.cooperation.case == place as u64);
                    assert!(concluded.is_none_or(|concluded| concluded.cooperation == *promised));
                }
                assert_eq!(account.cooperation.is_some(), record.ending == Ending::Accepted);
                endings.insert(record.ending);
            }
        }
        assert!(endings.len() >= 5, "{changes:?}: {endings:?}");
    }
}

#[test]
fn the_numbers_of_an_account_add_up_and_explain_the_ending() {
    for changes in [vec![], vec![("habit.variant", "utility")]] {
        let setup = setup(REGION, &changes);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12 * (1.0 + a.abs());
        let (mut openings, mut answers, mut referrals) = (0, 0, 0);
        for (_, account) in accounts(&setup, 2) {
            for opening in &account.openings {
                let sum: f64 = opening.terms.iter().map(|term| term.amount).sum();
                assert!(near(sum, opening.utility), "{opening:?}");
                openings += 1;
            }
            let ending = account.record.ending;
            // A case found by the police was not referred; one found by an NGO was told or not as its chance says.
            assert_eq!(account.found.finder == Finder::Police, account.found.police.1.happens());
            if let Some((terms, chance)) = &account.referral {
                let logit: f64 = terms.iter().map(|term| term.amount).sum();
                assert!(near(comity::random::expit(logit), chance.chance));
                assert_eq!(chance.happens(), ending != Ending::Withheld);
                referrals += 1;
            }
            if ending != Ending::Withheld {
                assert_eq!(account.recognition.happens(), ending.recognised());
            }
            let sought = account.openings.iter().find(|opening| opening.sought);
            if ending.recognised() && !account.record.by_habit {
                let best = account.openings.first();
                let worth = best.is_some_and(|best| best.utility + best.noise > account.alone);
                assert_eq!(sought.is_some(), worth);
                assert!(sought.is_none_or(|sought| best.is_some_and(|best| best == sought)));
            }
            if let Some(answer) = &account.answer {
                let sum: f64 = answer.terms.iter().map(|term| term.amount).sum();
                assert!(near(sum, answer.utility));
                assert_eq!(answer.utility + answer.noise > 0.0, ending == Ending::Accepted);
                if ending != Ending::Accepted {
                    assert_eq!(answer.silence.happens(), ending == Ending::Lapsed);
                }
                answers += 1;
            }
        }
        assert!(openings > 1000 && answers > 50 && referrals > 50, "{openings} {answers} {referrals}");
    }
}

/// Keeps the world in which the cases of a tick are decided.
struct Deciding(Option<World>);

impl Observer for Deciding {
    fn deciding(&mut self, view: View<'_>) {
        self.0 = Some(view.world.clone());
    }
}

#[test]
fn removing_a_named_barrier_brings_cooperation_and_removing_another_does_not() {
    let setup = setup(REGION, &[]);
    let (mut named, mut paired, mut hopeless) = (0, 0, 0);
    for entry in roll(&setup, 0).iter().step_by(2).filter(|entry| entry.ending != Ending::Accepted) {
        let account = account(&setup, 0, entry);
        let mut simulation = Simulation::new(&setup, 0);
        simulation.run(entry.tick as u32, &mut comity::record::Blind);
        let mut deciding = Deciding(None);
        simulation.step(&mut deciding);
        let world = deciding.0.expect("cases are decided in every tick");
        let randomness = Randomness { seed: setup.seed, replicate: 0 };
        let funnel = Funnel { model: &setup.model, region: &setup.region, world: &world, randomness };
        let case = &account.record.case;
        let mut docket = Docket::default();
        funnel.open(&mut docket, case, account.found.finder, true);
        let mut accepted = |removed| funnel.walk(&mut docket, case, removed).ending == Ending::Accepted;
        for &barrier in Barrier::ALL {
            assert_eq!(accepted(Removed::barrier(barrier)), account.single.contains(&barrier), "{barrier:?}");
        }
        for (place, &a) in Barrier::ALL.iter().enumerate() {
            for &b in &Barrier::ALL[place + 1..] {
                if account.single.is_empty() {
                    let both = accepted(Removed::barrier(a).and(Removed::barrier(b)));
                    assert_eq!(both, account.pairs.contains(&(a, b)), "{a:?} {b:?}");
                }
            }
        }
        assert_eq!(account.record.binding.map(|binding| binding.together), Some(account.together));
        named += account.single.len();
        paired += account.pairs.len();
        hopeless += usize::from(!account.together);
    }
    assert!(named > 50 && paired > 50 && hopeless > 10, "{named} {paired} {hopeless}");
}

#[test]
fn cases_are_picked_by_number_ending_and_lot() {
    let setup = setup(REGION, &[]);
    let roll = roll(&setup, 1);
    let randomness = Randomness { seed: setup.seed, replicate: 1 };
    let picked =
        |asked: Pick| pick(&roll, asked, randomness).map(|all| all.iter().map(|e| e.number).collect::<Vec<_>>());
    assert_eq!(picked(Pick { case: Some(17), ..Pick::default() }), Ok(vec![17]));
    let refused = pick(&roll, Pick { ending: Some(Ending::Refused), ..Pick::default() }, randomness).expect("some are");
    let first = roll.iter().find(|entry| entry.ending == Ending::Refused).expect("some are");
    assert_eq!(refused, [*first]);
    let lot = picked(Pick { random: Some(20), ..Pick::default() }).expect("there are cases");
    assert_eq!(lot.iter().collect::<BTreeSet<_>>().len(), 20, "no case twice");
    assert_eq!(Ok(lot), picked(Pick { random: Some(20), ..Pick::default() }));
    let beyond = roll.len() as u32 + 1;
    let errors = picked(Pick { case: Some(beyond), ..Pick::default() }).expect_err("there are not so many");
    assert!(errors[0].hint.as_ref().is_some_and(|hint| hint.contains(&format!("1 to {}", roll.len()))), "{errors:?}");
    assert!(picked(Pick { case: Some(0), ..Pick::default() }).is_err());
}

#[test]
fn every_desk_is_found_by_its_own_key() {
    let setup = setup(REGION, &[]);
    for desk in 0..setup.region.desks() as Desk {
        assert_eq!(find_desk(&setup.region, &desk_key(&setup.region, desk)), Ok(desk));
    }
    for wrong in
        ["", "AAA", "AAA.police", "AAA.police.0", "AAA.police.9", "AAA.army.1", "ZZZ.police.1", "AAA.police.1.1"]
    {
        assert!(find_desk(&setup.region, wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_career_tells_every_case_request_and_change_of_hands() {
    struct Counted {
        desk: Desk,
        cases: usize,
        asked: usize,
        left: usize,
        concluded: usize,
    }
    impl Observer for Counted {
        fn case(&mut self, now: f64, record: &CaseRecord) {
            if now < 0.0 {
                return;
            }
            let recognised = record.ending.recognised();
            let met = record.case.officer == self.desk && (record.ending == Ending::NotRecognised || recognised)
                || record.handler == self.desk && recognised
                || record.case.worker == self.desk && record.finder == Finder::Ngo;
            self.cases += usize::from(met);
            let answered = matches!(record.ending, Ending::Accepted | Ending::Refused | Ending::Lapsed);
            self.asked += usize::from(answered && record.request.is_some_and(|r| r.counterpart == self.desk));
        }
        fn left(&mut self, now: f64, desk: Desk) {
            self.left += usize::from(now >= 0.0 && desk == self.desk);
        }
        fn conclusion(&mut self, now: f64, conclusion: &Conclusion) {
            let sides = [conclusion.cooperation.asker.0, conclusion.cooperation.counterpart.0];
            self.concluded += usize::from(now >= 0.0 && sides.contains(&self.desk));
        }
    }
    let setup = setup(REGION, &[]);
    let mut all = 0;
    for kind in UnitKind::ALL {
        let desk = setup.region.units[setup.region.unit_in(0, *kind)].first;
        let career = career(&setup, 2, desk);
        let mut counted = Counted { desk, cases: 0, asked: 0, left: 0, concluded: 0 };
        let mut simulation = Simulation::new(&setup, 2);
        simulation.run(setup.time.burn_in_ticks() + setup.time.ticks(), &mut counted);
        let count = |kind: &str| career.happenings.iter().filter(|happening| happening.kind == kind).count();
        assert_eq!(count("case"), counted.cases, "{}", career.name);
        assert_eq!(count("asked"), counted.asked, "{}", career.name);
        assert_eq!(count("concluded"), counted.concluded, "{}", career.name);
        assert_eq!(count("came"), counted.left + 1, "{}", career.name);
        // Ties made and lost bring the number of ties from its first to its last level.
        let (first, last) = (career.levels[0].ties, career.levels[career.levels.len() - 1].ties);
        assert_eq!(first + count("tie"), last + count("untied"), "{}", career.name);
        // The last level is the run's own last state.
        let person = simulation.world().people.at(desk);
        let own = setup.model.habit.of_person(setup.model.disuse, person, simulation.world().now);
        assert_eq!(career.levels.last().map(|level| level.own), Some(own));
        assert_eq!(career.levels.last().map(|level| level.generation), Some(person.generation));
        all += counted.cases + counted.asked;
    }
    assert!(all > 100, "{all}");
}

fn accepted(setup: &Arc<Setup>, replicate: u32) -> i64 {
    let tally = setup.run_one(replicate, false).0;
    tally.totals[setup.region.states.len()][Count::Accepted as usize] as i64
}

/// What must be true of any spread.
fn sound(one: &Spread) {
    let gained: i64 = one.nodes.iter().filter(|node| node.recorded).map(|node| node.gained).sum();
    assert_eq!(gained, one.accepted.1 as i64 - one.accepted.0 as i64);
    assert_eq!(one.shares.iter().flatten().sum::<i64>(), gained * SHARES, "the split adds up");
    for (place, node) in one.nodes.iter().enumerate() {
        assert_eq!(node.id as usize, place + 1);
        match node.root {
            Root::Case => {
                let parent = node.parent.expect("a case goes back to something");
                assert!(parent < node.id, "a parent comes first");
                assert!(one.nodes[parent as usize - 1].date <= node.date);
                assert!(!node.via.is_empty());
                assert_eq!(node.proof == Proof::Together, node.via[0].carrier == Carrier::Several);
            }
            _ => assert_eq!((node.parent, node.gained), (None, 0)),
        }
    }
}

#[test]
fn the_split_adds_up_to_the_difference_of_two_separate_runs() {
    let baseline = setup(REGION, &[]);
    let changes = [
        ("gate.approval", "0"),
        ("state.AAA.awareness", "0.95"),
        ("habit.learning", "0.2"),
        ("tool.informal.intercept", "2"),
        ("turnover.handover", "1"),
        ("arrival.at_destination", "0.9"),
        ("corridor.AAA-BBB.cases", "90"),
        ("ties.capacity", "3"),
    ];
    for change in changes {
        let arm = setup(REGION, &[change]);
        for replicate in 0..2 {
            let one = spread(&baseline, &arm, replicate).expect("they are twins");
            sound(&one);
            assert_eq!(one.accepted.0 as i64, accepted(&baseline, replicate), "{change:?}");
            assert_eq!(one.accepted.1 as i64, accepted(&arm, replicate), "{change:?}");
            assert!(one.cases().count() > 2, "{change:?}");
            // Parameters are all that differs: nobody is acted on.
            let roots: Vec<Root> = one.nodes.iter().map(|node| node.root).filter(|root| *root != Root::Case).collect();
            assert_eq!(roots, [Root::Parameters], "{change:?}");
        }
    }
}

#[test]
fn identical_worlds_give_an_empty_tree() {
    let one = setup(REGION, &[("institutions.mode", "endogenous")]);
    let found = spread(&one, &one, 0).expect("they are twins");
    sound(&found);
    assert!(found.nodes.is_empty());
    assert_eq!(found.accepted.0, found.accepted.1);
    assert!(found.accepted.0 > 0);
}

#[test]
fn where_one_rule_differs_it_carries_the_first_difference() {
    let baseline = setup(REGION, &[]);
    let first = |change: (&str, &str)| {
        let found = spread(&baseline, &setup(REGION, &[change]), 0).expect("they are twins");
        let node = found.cases().next().expect("they differ").clone();
        (node.via.iter().map(|lever| lever.carrier).collect::<Vec<_>>(), node.reach)
    };
    assert_eq!(first(("gate.approval", "0")), (vec![Carrier::Institutions], Reach::Direct));
    assert_eq!(first(("tool.informal.intercept", "4")), (vec![Carrier::Institutions], Reach::Direct));
    assert_eq!(first(("state.AAA.awareness", "1")).0, [Carrier::Awareness]);
    let (familiar, _) = first(("tool.informal.familiarity", "1"));
    assert!(familiar.iter().all(|carrier| *carrier == Carrier::Familiarity), "{familiar:?}");
}

/// Lets both worlds run for a while, changes one thing by hand, and lets them run to the end.
fn by_hand(setup: &Arc<Setup>, change: impl Fn(&mut World)) -> Spread {
    let mut twins = Twins::new(Simulation::new(setup, 0), Simulation::new(setup, 0)).expect("they are twins");
    let burn_in = setup.time.burn_in_ticks();
    twins.run(burn_in);
    change(twins.arm_mut().world_mut());
    twins.run(setup.time.ticks());
    let found = twins.finish();
    sound(&found);
    found
}

/// The head of a unit, who meets many cases.
fn head(setup: &Setup, state: usize) -> Desk {
    setup.region.desks_of(state, Role::Head).0
}

#[test]
fn a_tie_made_by_hand_is_the_root_of_all_that_differs() {
    let setup = setup(REGION, &[]);
    let (owner, other) = (head(&setup, 0), head(&setup, 1) + 2);
    let found = by_hand(&setup, |world| {
        let (now, generation) = (world.now, world.people.at(other).generation);
        let ties = &mut world.people.at_mut(owner).ties;
        ties.retain(|tie| tie.to != other);
        ties.push(Tie { to: other, generation, good: 50.0, bad: 0.0, evidence_at: now, used: now, dies: now + 1e6 });
    });
    let roots: Vec<_> = found.nodes.iter().filter(|node| node.root != Root::Case).collect();
    assert_eq!(roots.len(), 1, "{roots:#?}");
    assert_eq!((roots[0].root, roots[0].handler.as_str()), (Root::Person, "AAA unit head 1"));
    let first = found.cases().next().expect("the tie is used");
    assert_eq!((first.handler.as_str(), first.reach), ("AAA unit head 1", Reach::Direct));
    assert!(first.via.iter().any(|lever| lever.carrier == Carrier::Contacts), "{first:?}");
    assert_eq!(first.parent, Some(roots[0].id));
}

#[test]
fn habit_awareness_and_familiarity_changed_by_hand_are_direct_where_they_carry() {
    let setup = setup(REGION, &[("mechanisms.turnover", "off")]);
    type Change = fn(&mut World, Desk);
    let changes: [(Carrier, Change); 3] = [
        (Carrier::Habit, |world, desk| {
            let now = world.now;
            let person = world.people.at_mut(desk);
            (person.cooperating, person.alone, person.habit_at) = (0.9, 0.0, now);
            person.last_tool = Some(Tool::Informal);
        }),
        (Carrier::Awareness, |world, desk| {
            let person = world.people.at_mut(desk);
            (person.awareness.value, person.awareness.level) = (1.0, 1.0);
        }),
        (Carrier::Familiarity, |world, desk| {
            for familiarity in &mut world.people.at_mut(desk).familiarity {
                (familiarity.value, familiarity.level) = (1.0, 1.0);
            }
        }),
    ];
    for (carrier, change) in changes {
        let mut passed_on = 0;
        for state in 0..4 {
            let desk = head(&setup, state);
            let found = by_hand(&setup, |world| change(world, desk));
            let roots: Vec<_> = found.nodes.iter().filter(|node| node.root != Root::Case).collect();
            assert_eq!(roots.len(), 1, "{carrier:?}: {roots:#?}");
            assert_eq!((roots[0].root, roots[0].handler.clone()), (Root::Person, desk_name(&setup.region, desk)));
            let first = found.cases().next().expect("it shows");
            assert!(first.via.iter().all(|lever| lever.carrier == carrier), "{carrier:?}: {first:?}");
            assert_eq!(first.reach, Reach::Direct);
            passed_on += found.cases().filter(|node| node.reach == Reach::PassedOn).count();
        }
        assert!(passed_on > 0, "{carrier:?}: it spreads, {passed_on}");
    }
}

#[test]
fn a_routine_changed_by_hand_goes_back_to_the_unit_also_for_newcomers() {
    let setup = setup(REGION, &[("role.head.turnover", "8"), ("role.investigator.turnover", "8")]);
    let unit = setup.region.unit_in(1, UnitKind::Police);
    let found = by_hand(&setup, |world| {
        let now = world.now;
        let unit = &mut world.units[unit];
        (unit.cooperating, unit.alone, unit.routine_at) = (0.95, 0.0, now);
        unit.last_tool = Some(Tool::Informal);
    });
    let roots: Vec<_> = found.nodes.iter().filter(|node| node.root != Root::Case).collect();
    assert_eq!(roots.len(), 1, "{roots:#?}");
    assert_eq!((roots[0].root, roots[0].handler.as_str()), (Root::Unit, "BBB specialist unit"));
    assert!(found.accepted.1 > found.accepted.0);
}

#[test]
fn a_shut_gate_goes_back_to_institutions() {
    let setup = setup(REGION, &[]);
    let pair = setup.region.pair_index(1, 3);
    let found = by_hand(&setup, |world| {
        let now = world.now;
        world.closures[pair].push((now, now + 300.0));
    });
    let first = found.cases().next().expect("requests meet it");
    assert_eq!((first.endings.1, first.via[0].carrier), ("gate_shut", Carrier::Institutions));
    let roots: Vec<Root> = found.nodes.iter().map(|node| node.root).filter(|root| *root != Root::Case).collect();
    assert_eq!(roots, [Root::Institutions]);
}

/// A scenario with an intervention, and the same without, set up side by side.
fn with_intervention(text: &str) -> (Arc<Setup>, Arc<Setup>) {
    let arm = scenario(&format!("{REGION}\n{text}"), &[]);
    let baseline = scenario(REGION, &[]);
    (Arc::new(Setup::beside(&baseline, &arm)), Arc::new(Setup::beside(&arm, &baseline)))
}

const EXCHANGE: &str = r#"
[intervention.visit]
kind = "exchange"
start = 2006-02-01
end = 2007-02-01
every = "3 months"
states = ["AAA", "BBB", "DDD"]
roles = ["investigator", "head"]
number = 3
"#;

#[test]
fn an_exchange_goes_back_to_those_who_took_part_and_an_empty_one_to_nobody() {
    let (baseline, arm) = with_intervention(EXCHANGE);
    let mut direct = 0;
    for replicate in 0..4 {
        let found = spread(&baseline, &arm, replicate).expect("they are twins");
        sound(&found);
        assert_eq!(found.accepted.0 as i64, accepted(&setup(REGION, &[]), replicate));
        assert_eq!(found.accepted.1 as i64, accepted(&arm, replicate));
        for root in found.nodes.iter().filter(|node| node.root != Root::Case) {
            let children: Vec<_> = found.cases().filter(|node| node.parent == Some(root.id)).collect();
            assert!(matches!(root.root, Root::Person | Root::Unit), "{root:?} {children:#?}");
            assert!(root.handler.ends_with("(visit)"), "{root:?}");
            assert_ne!(root.state, Some(2), "CCC takes no part");
        }
        let first = found.cases().next().expect("they differ");
        assert_eq!(first.reach, Reach::Direct);
        assert!(first.date.to_string().as_str() >= "2006-01-29", "nothing differs before it begins: {first:?}");
        direct += found.cases().filter(|node| node.reach == Reach::Direct).count();
    }
    assert!(direct > 10, "{direct}");
    let (baseline, arm) = with_intervention(&EXCHANGE.replace("number = 3", "coverage = 0"));
    assert!(spread(&baseline, &arm, 0).expect("they are twins").nodes.is_empty());
}

/// The scenario files on disk.
struct Disk;

impl Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        std::fs::read_to_string(name).map_err(|error| Diagnostic::error(format!("{name}: {error}")))
    }
}

#[test]
fn the_spread_of_every_shipped_intervention_adds_up_and_goes_back_to_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let read = |path: &std::path::Path| parse(&path.to_string_lossy(), &Disk, &[]).map(|(scenario, _)| scenario);
    let plain = read(&folder.join("asean-baseline.toml")).expect("it is sound");
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("it is there").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    let mut followed = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml")) {
        // Studies are no scenarios.
        let Ok(arm) = read(file) else { continue };
        if arm.interventions().is_empty() {
            continue;
        }
        let name = arm.name().to_owned();
        let keys: Vec<String> = arm.interventions().iter().map(|one| format!("({})", one.key)).collect();
        let (baseline, arm) = (Arc::new(Setup::beside(&plain, &arm)), Arc::new(Setup::beside(&arm, &plain)));
        let found = spread(&baseline, &arm, 0).expect("they are twins");
        sound(&found);
        assert_eq!(found.accepted.1 as i64, accepted(&arm, 0), "{name}");
        assert!(found.nodes.iter().all(|node| node.root != Root::Parameters), "{name}");
        let named = |node: &&comity::explain::Node| keys.iter().any(|key| node.handler.ends_with(key.as_str()));
        let roots: Vec<_> = found.nodes.iter().filter(|node| node.root != Root::Case).collect();
        if keys.len() == 1 {
            assert!(roots.iter().all(named), "{name}: {:#?}", roots.iter().find(|root| !named(root)));
        }
        followed += 1;
    }
    assert!(followed >= 13, "{followed}");
}

#[test]
fn desks_in_reserve_change_nothing_until_they_are_staffed() {
    let text = r#"
[intervention.more]
kind = "capacity_building"
start = 2006-07-01
end = 2007-07-01
states = ["AAA"]
staff = 4
"#;
    let (baseline, arm) = with_intervention(text);
    assert!(baseline.region.desks() > setup(REGION, &[]).region.desks(), "there is a reserve");
    for replicate in 0..2 {
        let found = spread(&baseline, &arm, replicate).expect("they are twins");
        sound(&found);
        assert_eq!(found.accepted.0 as i64, accepted(&setup(REGION, &[]), replicate));
        assert!(found.cases().any(|node| node.via.iter().any(|lever| lever.carrier == Carrier::Arrival)));
    }
}

#[test]
fn means_over_replicates_are_those_of_single_ones_on_any_number_of_threads() {
    let (baseline, arm) = (setup(REGION, &[]), setup(REGION, &[("gate.approval", "0")]));
    let many = spreads(&baseline, &arm, 5, &()).expect("they are twins");
    let single: Vec<Spread> = (0..5).map(|r| spread(&baseline, &arm, r).expect("they are twins")).collect();
    let gained = single.iter().map(|one| one.accepted.1 as f64 - one.accepted.0 as f64).sum::<f64>() / 5.0;
    assert!((many.gained.mean() - gained).abs() < 1e-12);
    let together: f64 = many.shares.iter().flatten().map(|moments| moments.mean()).sum();
    assert!((together - gained).abs() < 1e-9, "{together} {gained}");
    let habit =
        single.iter().map(|one| one.shares[Carrier::Habit as usize][2]).sum::<i64>() as f64 / SHARES as f64 / 5.0;
    assert!((many.shares[Carrier::Habit as usize][2].mean() - habit).abs() < 1e-9);
}

#[test]
fn worlds_that_cannot_be_twins_are_refused_with_every_reason() {
    let baseline = setup(REGION, &[]);
    let other = setup(REGION, &[("time.tick", "\"14 days\""), ("run.seed", "3"), ("state.AAA.investigators", "9")]);
    let errors = spread(&baseline, &other, 0).expect_err("they differ in time, seed and staff");
    assert_eq!(errors.len(), 3, "{errors:#?}");
    for (error, word) in errors.iter().zip(["time", "seed", "desks"]) {
        assert!(error.message.contains(word) && error.hint.is_some(), "{error:?}");
    }
}

/// The examples of docs/explain.md: what stands after `$ comity` in a block is run, the rest of the block is what it says. `arm.toml` is the block of TOML.
/// `UPDATE_GOLDEN=1` rewrites them.
#[test]
fn the_examples_of_the_documentation_are_what_the_program_prints() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain.md");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let scratch = Scratch::new();
    let arm = scratch.0.join("arm.toml");
    let written = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("there is an arm");
    let root = format!("\"{}/scenarios", env!("CARGO_MANIFEST_DIR"));
    std::fs::write(&arm, written.replace("\"scenarios", &root)).expect("there is room");
    let mut fresh = String::new();
    let mut examples = 0;
    for (place, part) in text.split("```").enumerate() {
        let line = part.strip_prefix("text\n$ comity ").and_then(|rest| rest.lines().next()).filter(|_| place % 2 == 1);
        if place > 0 {
            fresh += "```";
        }
        let Some(line) = line else {
            fresh += part;
            continue;
        };
        let own = arm.to_string_lossy().into_owned();
        let arguments: Vec<&str> =
            line.split(' ').map(|word| if word == "arm.toml" { own.as_str() } else { word }).collect();
        let output = comity(&arguments).output().expect("the program runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        fresh += &format!("text\n$ comity {line}\n{}", String::from_utf8_lossy(&output.stdout));
        examples += 1;
    }
    assert!(examples >= 4, "{examples}");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &fresh).expect("there is room");
    }
    assert!(
        fresh == text || std::env::var_os("UPDATE_GOLDEN").is_some(),
        "docs/explain.md is stale; UPDATE_GOLDEN=1 rewrites it:\n{fresh}"
    );
}

fn refuses(arguments: &[&str], promised: &[&str]) {
    let output = comity(arguments).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty());
    for promise in promised {
        assert!(said.contains(promise), "{arguments:?} does not say `{promise}`:\n{said}");
    }
}

const TINY: &str = "scenarios/teaching.toml";

#[test]
fn the_program_refuses_what_cannot_be_explained() {
    refuses(&["explain", TINY], &["explain what?", "--case"]);
    refuses(&["explain", TINY, "--case", "99999999"], &["no case 99999999", "numbered 1 to"]);
    refuses(&["explain", TINY, "--case", "0"], &["no case 0"]);
    refuses(&["explain", TINY, "--case", "1", "--replicate", "99999999"], &["no replicate 99999999", "0 to"]);
    refuses(&["explain", TINY, "--practitioner", "XXX.police.1"], &["no state XXX", "the states are"]);
    refuses(&["explain", TINY, "--ending", "vanished"], &["vanished", "refused"]);
    refuses(&["explain", TINY, "--case", "1", "--practitioner", "A.police.1"], &["cannot be used with"]);
    refuses(&["explain", TINY, "--case", "1", "--out", "nowhere"], &["two scenarios"]);
    refuses(&["explain", TINY, TINY, "--case", "1"], &["one scenario"]);
    refuses(&["explain", TINY, "scenarios/asean-baseline.toml"], &["states"]);
    refuses(&["explain", TINY, "scenarios/nothing.toml"], &["nothing.toml"]);
    refuses(&["explain", TINY, TINY, "--replicates", "99999999"], &["fewer than"]);
    let scratch = Scratch::new();
    let file = scratch.0.join("later.toml");
    let base = format!("{}/{TINY}", env!("CARGO_MANIFEST_DIR"));
    std::fs::write(&file, format!("extends = {base:?}\n[time]\ntick = \"2 weeks\"\n")).expect("there is room");
    refuses(&["explain", TINY, &file.to_string_lossy()], &["do not share their time", "lockstep"]);
}

#[test]
fn the_program_says_the_same_on_any_number_of_threads_and_leaves_its_tables() {
    let scratch = Scratch::new();
    let file = scratch.0.join("arm.toml");
    let base = format!("{}/{TINY}", env!("CARGO_MANIFEST_DIR"));
    std::fs::write(&file, format!("extends = {base:?}\n[gate]\napproval = 0\n")).expect("there is room");
    let file = file.to_string_lossy().into_owned();
    let said = |arguments: &[&str]| {
        let output = comity(arguments).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    let means = |threads: &str| said(&["explain", TINY, &file, "--replicates", "6", "--threads", threads]);
    assert_eq!(means("1"), means("2"));
    let out = scratch.0.join("out").to_string_lossy().into_owned();
    let text = said(&["explain", TINY, &file, "--replicate", "1", "--out", &out]);
    assert!(text.contains("The first decision that differed"), "{text}");
    let read = |name: &str| std::fs::read_to_string(scratch.0.join("out").join(name)).expect("it is there");
    assert_eq!(read("explain.txt"), text);
    assert!(read("charts/spread.svg").contains("<svg"));
    assert!(read("charts/spread.md").contains("otherwise"));
    assert!(read("spread.csv").starts_with("replicate,id,parent,kind,date,"));
    assert_eq!(read("carriers.csv").lines().count(), Carrier::COUNT + 1);
    let json = said(&["explain", TINY, &file, "--replicate", "1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let nodes = json["nodes"].as_array().expect("there are nodes");
    assert_eq!(read("spread.csv").lines().count(), nodes.len() + 1);
    let case = said(&["explain", TINY, "--case", "3", "--format", "json"]);
    let case: serde_json::Value = serde_json::from_str(&case).expect("it is JSON");
    assert_eq!(case["case"], 3);
    let words = said(&["explain", TINY, "--case", "3"]);
    assert!(words.contains("Case 3 of replicate 0"), "{words}");
}
