//! The engine agrees with its twin whatever interventions there are.

use super::{Seen, compare};
use crate::worlds::{Change, REGION, setup};
use comity::intervention::Kind;
use comity::parameter::{Declaration, Unit};
use comity::quantity::{Role, Tool};
use comity::random::{Draws, Purpose, Randomness};
use std::fmt::Write;

/// Compares both on the region with interventions written below it; something must have happened.
fn agree(interventions: &str, changes: &[Change<'_>]) -> Seen {
    let mut seen = Seen::default();
    let text = format!("{REGION}\n{interventions}");
    for replicate in 0..2 {
        compare(&setup(&text, changes), replicate, &format!("{interventions}{changes:?}, {replicate}"), &mut seen);
    }
    seen
}

/// At three lengths of tick, one much shorter and one longer than what happens in between.
fn agree_at_any_tick(interventions: &str) -> Seen {
    agree(interventions, &[("time.tick", "1.5"), ("time.end", "2007-02-01")]);
    agree(interventions, &[("time.tick", "45.5")]);
    agree(interventions, &[])
}

const FALLING: &str = "start = 2006-01-04\nend = 2007-03-02\nramp_up = 100\nramp_down = 60";
const FADING: &str =
    "start = 2005-06-03\nlasts = 400\nfading = 120\ncost_fixed = 10\ncost_per_year = 3\ncost_per_target = 7";

#[test]
fn declarations() {
    agree_at_any_tick(
        "[intervention.bali]\nkind = 'declaration'\nstart = 2006-02-02\nevery = 300\nstates = ['AAA', 'CCC']",
    );
    agree(
        "[intervention.bali]\nkind = 'declaration'\nstart = 2005-02-02\nevery = 5\nend = 2006-04-01\ncoverage = 0.5",
        &[("institutions.mode", "'endogenous'")],
    );
}

#[test]
fn working_groups() {
    let meet = |more: &str| {
        format!("[intervention.group]\nkind = 'working_group'\n{more}\ncost_per_occasion = 3\ncost_per_participant = 2")
    };
    let seen = agree_at_any_tick(&meet("start = 2006-02-03\nevery = 60\ndelegation = 0.4"));
    assert!(seen.reached > 0);
    agree(
        &meet(
            "start = 2006-02-03\nevery = 3\nend = 2006-10-01\npairs = ['AAA-BBB', 'BBB-CCC']\ncapacity = 4\nchoose = 'best_connected'\nnumber = 1",
        ),
        &[],
    );
    agree(&meet(FALLING), &[("mechanisms.trust", "'off'")]);
    agree(
        &meet(
            "start = 2006-02-03\nevery = 30\ncoverage = 0.5\nroles = ['investigator', 'head']\nchoose = 'busiest'\nshare = 0.4",
        ),
        &[],
    );
}

#[test]
fn treaties() {
    let treaty = |more: &str| {
        format!(
            "[intervention.accord]\nkind = 'treaty'\ntools = ['mla', 'joint', 'informal']\nratification = 200\nharmonisation = 0.5\n{more}"
        )
    };
    agree_at_any_tick(&treaty("start = 2006-02-03"));
    agree(&treaty(FALLING), &[("institutions.mode", "'endogenous'")]);
    agree(
        &treaty("start = 2007-02-03\ncoverage = 0.6"),
        &[("institutions.mode", "'endogenous'"), ("institutions.reference", "0.02")],
    );
    agree(&treaty("start = 2004-02-03"), &[("mechanisms.institutions", "'off'")]);
}

#[test]
fn information_sharing() {
    let channel = |more: &str| format!("[intervention.channel]\nkind = 'information_sharing'\n{more}");
    agree_at_any_tick(&channel("start = 2006-02-03\ndirectory = 0.8"));
    agree(&channel(FALLING), &[]);
    agree(&channel(FADING), &[("mechanisms.ties", "'off'")]);
    agree(&channel("start = 2005-06-01\npairs = ['AAA-BBB']\ncoverage = 0.7"), &[]);
}

#[test]
fn harmonisation() {
    let law = |more: &str| format!("[intervention.law]\nkind = 'harmonisation'\nrate = 0.6\npriorities = 0.8\n{more}");
    agree_at_any_tick(&law("start = 2006-02-03"));
    agree(&law(FALLING), &[("institutions.mode", "'endogenous'")]);
    agree(&law(FADING), &[]);
    agree(
        &law("start = 2005-06-01\ncoverage = 0.5"),
        &[("institutions.mode", "'endogenous'"), ("institutions.reference", "0.02")],
    );
    let both = format!(
        "{}\n[intervention.accord]\nkind = 'treaty'\ntools = ['mla']\nratification = 90\nharmonisation = 0.5\nstart = 2005-01-01",
        law("start = 2005-06-01")
    );
    agree(&both, &[("institutions.mode", "'endogenous'"), ("institutions.reference", "0.02")]);
}

#[test]
fn exchanges() {
    let exchange = |more: &str| format!("[intervention.visit]\nkind = 'exchange'\ncost_per_participant = 5\n{more}");
    let seen = agree_at_any_tick(&exchange("start = 2006-02-03\nevery = 25\nshare = 0.5"));
    assert!(seen.reached > 0);
    agree(
        &exchange("start = 2005-02-03\nevery = 40\nstates = ['AAA', 'BBB', 'CCC']\npairs = ['AAA-BBB']\ncapacity = 5"),
        &[],
    );
    agree(&exchange("start = 2005-02-03\nevery = 2\nnumber = 1\nchoose = 'least_familiar'"), &[]);
    agree(
        &exchange(
            "start = 2005-02-03\nevery = 40\nroles = ['head', 'investigator', 'prosecutor', 'coordinator', 'ngo']\ndays = 60",
        ),
        &[],
    );
    agree(
        &exchange("start = 2005-02-03\nevery = 40\nramp_up = 300\nroles = ['head']\nties = 5"),
        &[("habit.disuse", "'cue'")],
    );
}

#[test]
fn capacity_building() {
    let build = |more: &str| format!("[intervention.school]\nkind = 'capacity_building'\n{more}");
    agree_at_any_tick(&build("start = 2006-02-03\nevery = 90\nstaff = 3\nend = 2007-02-01"));
    agree(
        &build(
            "start = 2005-02-03\nevery = 30\nstaff = 5\nramp_up = 200\nlasts = 500\nfading = 100\nunits = ['AAA.police', 'BBB.ngo', 'CCC.prosecution']",
        ),
        &[("turnover.handover", "0.8")],
    );
    agree(
        &build("start = 2005-02-03\nawareness = 0.9\ncoverage = 0.4\nintensity = 3\nstaff = 2"),
        &[("mechanisms.recognition", "'off'")],
    );
    let twice = "[intervention.one]\nkind = 'capacity_building'\nstart = 2005-02-03\nlasts = 200\nstaff = 4\n[intervention.two]\nkind = 'capacity_building'\nstart = 2006-02-03\nlasts = 200\nstaff = 3\n[intervention.book]\nkind = 'handbook'\nuptake = 0.9\nstart = 2004-12-01";
    let roles = Role::KEYS.iter().map(|role| format!("role.{role}.meetings")).collect::<Vec<_>>();
    let often: Vec<Change<'_>> =
        roles.iter().map(|role| (role.as_str(), "20.0")).chain([("turnover.handover", "0.9")]).collect();
    agree(twice, &often);
}

#[test]
fn handbooks() {
    let book = |more: &str| format!("[intervention.book]\nkind = 'handbook'\nuptake = 0.5\nfloor = 0.2\n{more}");
    let seen = agree_at_any_tick(&book("start = 2006-02-03"));
    assert!(seen.reached > 0);
    agree(&book("start = 2005-02-03\nevery = 100\ntools = ['mla', 'hsu']\ncoverage = 0.6\nshare = 0.7"), &[]);
    agree(&book(FADING), &[("role.investigator.turnover", "6")]);
}

#[test]
fn specialised_units() {
    let units = |more: &str| format!("[intervention.unit]\nkind = 'specialised_units'\n{more}");
    agree_at_any_tick(&units("start = 2006-02-03"));
    agree(&units(FALLING), &[]);
    agree(&units("start = 2006-02-03\ncoverage = 0.5\nintensity = 2"), &[]);
}

#[test]
fn ngo_partnerships() {
    let partners = |more: &str| format!("[intervention.partners]\nkind = 'ngo_partnership'\nraids = 0.4\n{more}");
    let seen = agree_at_any_tick(&partners("start = 2006-02-03\nevery = 50"));
    assert!(seen.reached > 0);
    agree(&partners(FADING), &[]);
    agree(&partners("start = 2005-02-03\ncoverage = 0.5"), &[("mechanisms.referral", "'off'")]);
}

#[test]
fn liaison_officers() {
    let officer = |more: &str| format!("[intervention.officer]\nkind = 'liaison_officer'\n{more}");
    let seen = agree_at_any_tick(&officer("start = 2006-02-03\nlasts = 300"));
    assert!(seen.brokered > 0);
    agree(&officer(FALLING), &[]);
    agree(
        &officer("start = 2005-02-03\npairs = ['AAA-BBB', 'BBB-DDD']\nkeeps = 0.6\nreach = 1"),
        &[("habit.variant", "'utility'")],
    );
    let two = format!(
        "{}\n[intervention.idle]\nkind = 'liaison_officer'\nstart = 2005-02-03\ntrust = 1\nintensity = 0",
        officer("start = 2005-02-03")
    );
    agree(&two, &[]);
}

#[test]
fn retention() {
    let keep = |more: &str| format!("[intervention.keep]\nkind = 'retention'\nhandover = 0.7\n{more}");
    let busy: Vec<Change<'_>> = vec![
        ("role.investigator.turnover", "8"),
        ("role.head.turnover", "8"),
        ("ties.capacity", "4"),
        ("ties.capacity_spread", "2"),
        ("role.head.meetings", "20"),
    ];
    agree_at_any_tick(&keep("start = 2006-02-03\nlasts = 300"));
    agree(&keep(FALLING), &busy);
    agree(&keep("start = 2005-02-03\nlasts = 300\nroles = ['head']\ncoverage = 0.5"), &busy);
}

#[test]
fn shocks() {
    for event in ["gate", "betrayal", "purge", "surge"] {
        let shock = |more: &str| format!("[intervention.shock]\nkind = 'shock'\nevent = '{event}'\n{more}");
        agree_at_any_tick(&shock("start = 2006-02-06\nlasts = 99"));
        agree(&shock("start = 2005-02-03\nend = 2007-01-03\nevery = 120\ncoverage = 0.5\nramp_up = 200"), &[]);
        agree(
            &shock("start = 2005-02-03\nlasts = 200\npairs = ['AAA-BBB']\nintensity = 2\nfactor = 4"),
            &[("role.head.meetings", "20")],
        );
    }
    agree(
        "[intervention.calm]\nkind = 'shock'\nevent = 'surge'\nfactor = 0.3\nstart = 2005-02-03\nlasts = 500\nramp_up = 300",
        &[],
    );
}

#[test]
fn changes_of_numbers() {
    for (key, how) in [
        ("habit.half_life", "set = 30"),
        ("habit.learning", "set = 0"),
        ("habit.learning", "scale = 4"),
        ("trust.half_life", "scale = 0.05"),
        ("familiarity.half_life", "set = 20"),
        ("norm.half_life", "set = 10"),
        ("workload.half_life", "set = 200"),
        ("turnover.handover", "set = 0.95"),
        ("state.AAA.awareness", "add = 0.4"),
        ("state.CCC.priority", "add = 0.9"),
        ("state.BBB.english", "set = 1"),
        ("tool.mla.familiarity", "add = 0.6"),
        ("tool.informal.suitability", "add = 0.6"),
        ("tool.mla.intercept", "add = 3"),
        ("corridor.AAA-BBB.cases", "scale = 3"),
        ("corridor.AAA-BBB.cases", "set = 5"),
        ("pair.AAA-BBB.approval", "set = 0.9"),
        ("pair.BBB-DDD.harmonisation", "set = 1"),
        ("arrival.acts", "set = 9"),
        ("arrival.dispersion", "set = 5"),
        ("role.head.meetings", "set = 30"),
        ("role.investigator.turnover", "scale = 10"),
        ("gate.closures", "set = 6"),
        ("ties.half_life", "set = 20"),
        ("ties.capacity", "set = 2"),
    ] {
        let change =
            |more: &str| format!("[intervention.change]\nkind = 'parameter'\nparameter = '{key}'\n{how}\n{more}");
        agree(&change("start = 2005-05-05\nend = 2006-06-06"), &[("role.head.turnover", "3")]);
        agree(&change(FALLING), &[("institutions.mode", "'endogenous'"), ("institutions.reference", "0.02")]);
    }
}

#[test]
fn triggers() {
    for (kind, when) in [
        ("working_group", "{ measure = 'seeking_rate', above = 0.1, over = 200 }"),
        ("handbook", "{ measure = 'recognition_rate', below = 0.9, over = 3 }"),
        ("retention", "{ measure = 'acceptance_rate', above = 0.3 }"),
        ("liaison_officer", "{ measure = 'referral_rate', below = 0.6, over = 100 }"),
        ("ngo_partnership", "{ measure = 'cooperation_rate', below = 0.5, over = 400 }"),
    ] {
        agree_at_any_tick(&format!(
            "[intervention.answer]\nkind = '{kind}'\nwhen = {when}\nlasts = 300\ncost_fixed = 1\ncost_per_year = 1"
        ));
        agree(
            &format!("[intervention.answer]\nkind = '{kind}'\nwhen = {when}\nstart = 2006-06-06\nend = 2007-05-05"),
            &[],
        );
    }
}

#[test]
fn several_together() {
    let many = "
[intervention.visit]\nkind = 'exchange'\nstart = 2005-02-01\nevery = 90\n
[intervention.purge]\nkind = 'shock'\nevent = 'purge'\nstart = 2006-02-01\nshare = 0.5\n
[intervention.book]\nkind = 'handbook'\nstart = 2006-02-01\nuptake = 0.8\n
[intervention.keep]\nkind = 'retention'\nstart = 2005-06-01\nend = 2007-01-01\nramp_up = 100\n
[intervention.officer]\nkind = 'liaison_officer'\nstart = 2005-06-01\n
[intervention.channel]\nkind = 'information_sharing'\nstart = 2005-07-01\n
[intervention.wave]\nkind = 'shock'\nevent = 'surge'\nstart = 2006-01-01\nlasts = 300\n
[intervention.calm]\nkind = 'shock'\nevent = 'surge'\nfactor = 0.2\npairs = ['AAA-BBB']\nstart = 2006-01-01\nlasts = 500\n
[intervention.staff]\nkind = 'capacity_building'\nstaff = 2\nstart = 2006-03-01\nlasts = 200\nevery = 30\n
[intervention.leak]\nkind = 'shock'\nevent = 'betrayal'\nstart = 2007-01-01\n";
    agree_at_any_tick(many);
}

#[test]
fn at_the_longest_and_the_shortest_tick() {
    let many = "
[intervention.visit]\nkind = 'exchange'\nstart = 2006-01-03\nevery = 4\n
[intervention.group]\nkind = 'working_group'\nstart = 2005-12-24\nevery = 0.1\nend = 2006-01-20\n
[intervention.purge]\nkind = 'shock'\nevent = 'purge'\nstart = 2006-01-11\nshare = 0.5\n
[intervention.gate]\nkind = 'shock'\nevent = 'gate'\nstart = 2006-01-05\nlasts = 8.55\n
[intervention.wave]\nkind = 'shock'\nevent = 'surge'\nfactor = 20\nstart = 2005-12-30\nlasts = 20\n
[intervention.staff]\nkind = 'capacity_building'\nstaff = 2\nstart = 2006-01-05\nlasts = 12.3\nevery = 5\n
[intervention.change]\nkind = 'parameter'\nparameter = 'habit.half_life'\nset = 3\nramp_up = 9.9\nstart = 2006-01-07\ncost_per_year = 100\n";
    agree(many, &[("time.tick", "0.1"), ("time.burn_in", "12"), ("time.end", "2006-02-01")]);
    agree(many, &[("time.tick", "366")]);
}

/// One intervention, written at random.
fn written(key: &str, draws: &mut Draws) -> String {
    let kind = Kind::ALL[draws.index(Kind::ALL.len())];
    let mut text = format!("[intervention.{key}]\nkind = '{}'\n", kind.key());
    let mut line = |line: String| writeln!(text, "{line}").expect("a text takes any line");
    let chance = |draws: &mut Draws, chance: f64| draws.uniform() < chance;
    let day =
        |draws: &mut Draws| format!("200{}-{:02}-{:02}", 4 + draws.index(3), 1 + draws.index(12), 1 + draws.index(28));
    let start = day(draws);
    if chance(draws, 0.2) {
        line(format!(
            "when = {{ measure = 'seeking_rate', above = {}, over = {} }}",
            draws.uniform() * 0.6,
            1 + draws.index(300)
        ));
    } else {
        line(format!("start = {start}"));
    }
    let event = ["gate", "betrayal", "purge", "surge"][draws.index(4)];
    match kind {
        Kind::Shock => line(format!("event = '{event}'")),
        Kind::Treaty => line(format!("tools = ['{}', '{}']", Tool::KEYS[0], Tool::KEYS[2 + draws.index(3)])),
        Kind::Parameter => {
            let keys = [
                "habit.half_life",
                "trust.half_life",
                "familiarity.half_life",
                "recognition.half_life",
                "norm.half_life",
                "turnover.handover",
                "habit.learning",
                "tool.hsu.familiarity",
                "tool.mla.suitability",
                "state.AAA.awareness",
                "state.BBB.priority",
                "state.CCC.concentration",
                "state.DDD.english",
                "corridor.BBB-DDD.cases",
                "ties.half_life",
                "choice.trust",
                "role.ngo.turnover",
                "gate.closures",
                "arrival.hidden",
            ];
            line(format!("parameter = '{}'\nscale = {}", keys[draws.index(keys.len())], draws.uniform() * 2.5));
        }
        _ => {}
    }
    for declaration in kind.declarations() {
        let Declaration { name, low, high, unit, .. } = *declaration;
        if chance(draws, 0.5) {
            let high = match name {
                "staff" | "ties" | "contacts" => 4.0,
                _ => high.min(if unit == Unit::Days { 400.0 } else { 8.0 }),
            };
            let value = low + draws.uniform() * (high - low);
            line(format!("{name} = {}", if unit == Unit::Count { value.round() } else { value }));
        }
    }
    let needs_end = kind == Kind::Shock;
    if needs_end || chance(draws, 0.6) {
        line(format!("lasts = {}", 1 + draws.index(700)));
    }
    if chance(draws, 0.3) {
        line(format!("ramp_up = {}", draws.index(300)));
    }
    if chance(draws, 0.3) {
        line(format!("ramp_down = {}", draws.index(300)));
    }
    if chance(draws, 0.3) {
        line(format!("fading = {}", draws.index(200)));
    }
    if kind.has_occasions() && chance(draws, 0.7) {
        line(format!("every = {}", 3.0 + draws.uniform() * 200.0));
    }
    for name in ["coverage", "share"] {
        if chance(draws, 0.4) {
            line(format!("{name} = {}", draws.uniform()));
        }
    }
    for name in ["number", "capacity"] {
        if chance(draws, 0.3) {
            line(format!("{name} = {}", 1 + draws.index(5)));
        }
    }
    if chance(draws, 0.3) {
        line(format!("intensity = {}", draws.uniform() * 2.0));
    }
    for name in ["cost_fixed", "cost_per_year", "cost_per_target", "cost_per_occasion", "cost_per_participant"] {
        line(format!("{name} = {}", draws.index(100)));
    }
    if chance(draws, 0.5) {
        let words = ["random", "best_connected", "least_familiar", "busiest"];
        line(format!("choose = '{}'", words[draws.index(4)]));
    }
    if chance(draws, 0.3) {
        line("states = ['AAA', 'CCC', 'DDD']".to_owned());
    } else if chance(draws, 0.3) {
        line("pairs = ['AAA-BBB', 'AAA-CCC']".to_owned());
    }
    if chance(draws, 0.4) {
        let role = kind.usual_roles()[draws.index(kind.usual_roles().len())];
        line(format!("roles = ['{}', '{}']", role.key(), Role::KEYS[draws.index(Role::COUNT)]));
    }
    text
}

#[test]
fn whatever_the_programme() {
    for world in 0..30 {
        let mut draws = Randomness { seed: 12, replicate: 0 }.at(Purpose::Bootstrap, 1, world);
        let count = 1 + draws.index(6);
        let programme: String = (0..count).map(|place| written(&format!("deed{place}"), &mut draws)).collect();
        let mut changes: Vec<Change<'_>> = Vec::new();
        let ticks = ["7", "7", "7", "3.3", "30.4375", "0.9", "120"];
        let tick = ticks[draws.index(ticks.len())];
        changes.push(("time.tick", tick));
        if draws.uniform() < 0.4 {
            changes.extend([("institutions.mode", "'endogenous'"), ("institutions.reference", "0.05")]);
        }
        if draws.uniform() < 0.3 {
            changes.extend([("role.investigator.turnover", "5"), ("turnover.handover", "0.7")]);
        }
        if draws.uniform() < 0.3 {
            changes.extend([("role.head.meetings", "20"), ("ties.capacity", "3"), ("ties.capacity_spread", "2")]);
        }
        if draws.uniform() < 0.3 {
            changes.push(("habit.variant", "'utility'"));
        }
        if draws.uniform() < 0.3 {
            changes.push(("norm.contagion", "'complex'"));
        }
        let text = format!("{REGION}\n{programme}");
        compare(&setup(&text, &changes), 0, &format!("world {world}, {programme}{changes:?}"), &mut Seen::default());
    }
}
