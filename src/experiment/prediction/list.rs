//! The predictions Q1 to Q18 of docs/evidence.md, section 6.
//!
//! In all of them the world runs on for a year before anything is done. `MORE` arms build on each other where a prediction compares worlds.

use super::log::{Log, Month};
use super::{Expected, NUMBERS, Part, Prediction};
use crate::quantity::{Ending, Role};

/// One number, and three that are not used.
fn one(number: f64) -> [f64; NUMBERS] {
    [number, 0.0, 0.0, 0.0]
}

fn itself(means: [f64; NUMBERS]) -> f64 {
    means[0]
}

/// A part of which one number is taken.
fn mean(test: &'static str, expected: Expected, taken: fn(&[Log]) -> [f64; NUMBERS]) -> Part {
    Part { test, expected, taken, formula: itself }
}

const MORE: Expected = Expected::More;

fn prediction(key: &'static str, sentence: &'static str, years: u32, arms: &[&str], parts: Vec<Part>) -> Prediction {
    Prediction { key, sentence, years, arms: arms.iter().map(|arm| (*arm).to_owned()).collect(), parts }
}

/// Everything at once, for as long as it says.
fn bundle(end: &str, mechanisms: &str) -> String {
    format!(
        "{mechanisms}
[intervention.exchange]
kind = \"exchange\"
start = YEAR1
end = {end}
every = \"6 months\"
choose = \"busiest\"
number = 6
[intervention.group]
kind = \"working_group\"
start = YEAR1
end = {end}
every = \"6 months\"
delegation = 0.7
[intervention.training]
kind = \"capacity_building\"
start = YEAR1
end = {end}
every = \"1 year\"
[intervention.channel]
kind = \"information_sharing\"
start = YEAR1
end = {end}
[intervention.officers]
kind = \"liaison_officer\"
start = YEAR1
end = {end}
keeps = 0.5
[intervention.partnership]
kind = \"ngo_partnership\"
start = YEAR1
end = {end}
every = \"1 year\"
"
    )
}

/// The predictions, in order.
pub(super) fn all() -> Vec<Prediction> {
    vec![
        q1(),
        q2(),
        q3(),
        q4(),
        q5(),
        q6(),
        q7(),
        q8(),
        q9(),
        q10(),
        q11(),
        q12(),
        q13(),
        q14(),
        q15(),
        q16(),
        q17(),
        q18(),
    ]
}

fn q1() -> Prediction {
    prediction(
        "Q1",
        "A declaration alone lifts the perceived norm and seeking, then both decay to where they were.",
        10,
        &["", "[intervention.x]\nkind = \"declaration\"\nstart = YEAR1\nstrength = 0.8\npriority = 0.3\n"],
        vec![
            mean("perceived norm in the first year after it, more", MORE, |w| {
                let years = (1.0, 2.0);
                one(w[1].mean(years, |m| m.norm) - w[0].mean(years, |m| m.norm))
            }),
            mean("seeking rate in the first year after it, more", MORE, |w| {
                one(w[1].seeking((1.0, 2.0)) - w[0].seeking((1.0, 2.0)))
            }),
            mean("a quarter of that gain, less what is left after five years, more", MORE, |w| {
                let gain = |years| w[1].seeking(years) - w[0].seeking(years);
                one(0.25 * gain((1.0, 2.0)) - gain((6.0, 10.0)))
            }),
        ],
    )
}

fn q2() -> Prediction {
    const HANDBOOK: &str = "[intervention.x]\nkind = \"handbook\"\nstart = YEAR1\nuptake = 1.0\nfloor = 0.3\n";
    const BARREN: &str = "[mechanisms]\nties = \"off\"\n[trust]\ngeneralised = 0.02\ngeneralisation = 0.0\n";
    const TRUSTING: &str = "[trust]\ngeneralised = 0.8\n";
    let arms: Vec<String> =
        ["", BARREN, TRUSTING].iter().flat_map(|world| [(*world).to_owned(), format!("{world}{HANDBOOK}")]).collect();
    Prediction {
        key: "Q2",
        sentence: "A handbook alone does nothing where contacts or trust are absent; familiarity and trust interact.",
        years: 6,
        arms,
        parts: vec![
            mean("gain in cooperation rate in a world without ties and trust, nothing", Expected::Within(0.005), |w| {
                one(w[3].cooperation((1.0, 6.0)) - w[2].cooperation((1.0, 6.0)))
            }),
            mean("gain in cooperation rate as it is, more than there", MORE, |w| {
                let gain = |with: &Log, without: &Log| with.cooperation((1.0, 6.0)) - without.cooperation((1.0, 6.0));
                one(gain(&w[1], &w[0]) - gain(&w[3], &w[2]))
            }),
            mean("gain in seeking rate where trust is high, more than as it is", MORE, |w| {
                let gain = |with: &Log, without: &Log| with.seeking((1.0, 6.0)) - without.seeking((1.0, 6.0));
                one(gain(&w[5], &w[4]) - gain(&w[1], &w[0]))
            }),
        ],
    }
}

/// How much of what training taught is left so many months after it, as numbers to be averaged: at once, then.
fn knowledge(with: &Log, without: &Log, months: f64, of: fn(&Month) -> f64) -> (f64, f64) {
    let after = |years: (f64, f64)| with.mean(years, of) - without.mean(years, of);
    (after((1.0, 1.1)), after((1.0 + months / 12.0, 1.0 + (months + 1.2) / 12.0)))
}

fn q3() -> Prediction {
    const TRAINING: &str =
        "[intervention.x]\nkind = \"capacity_building\"\nstart = YEAR1\nawareness = 0.5\nfamiliarity = 0.5\n";
    const IDLE: &str = "[mechanisms]\narrival = \"off\"\n";
    let idle = format!("{IDLE}{TRAINING}");
    prediction(
        "Q3",
        "Training without cases halves in 6 to 13 months; with cases it sticks.",
        5,
        &["", TRAINING, IDLE, &idle],
        vec![
            Part {
                test: "share left after 6 months without cases, above a half",
                expected: MORE,
                taken: |w| {
                    let (at_once, then) = knowledge(&w[3], &w[2], 6.0, |m| m.knowledge);
                    [at_once, then, 0.0, 0.0]
                },
                formula: |m| m[1] / m[0] - 0.5,
            },
            Part {
                test: "a half, less the share left after 13 months without cases, more",
                expected: MORE,
                taken: |w| {
                    let (at_once, then) = knowledge(&w[3], &w[2], 13.0, |m| m.knowledge);
                    [at_once, then, 0.0, 0.0]
                },
                formula: |m| 0.5 - m[1] / m[0],
            },
            Part {
                test: "knowledge on the busiest desks two years later / at once, with cases, above that without",
                expected: MORE,
                taken: |w| {
                    let level = |log: &Log, years| log.mean(years, |m| m.knowledge_at_the_top);
                    [
                        level(&w[1], (1.0, 1.1)),
                        level(&w[1], (2.9, 3.1)),
                        level(&w[3], (1.0, 1.1)),
                        level(&w[3], (2.9, 3.1)),
                    ]
                },
                formula: |m| m[1] / m[0] - m[3] / m[2],
            },
        ],
    )
}

fn q4() -> Prediction {
    const FEW: &str = "[intervention.x]\nkind = \"specialised_units\"\nstart = YEAR1\nconcentration = 8\n";
    const MANY: &str =
        "[intervention.x]\nkind = \"capacity_building\"\nstart = YEAR1\nevery = \"1 year\"\nshare = 0.5\n";
    const RESTLESS: &str =
        "[role.investigator]\nturnover = 2.0\n[role.head]\nturnover = 2.0\n[role.prosecutor]\nturnover = 2.0\n";
    let (few, many) = (format!("{RESTLESS}{FEW}"), format!("{RESTLESS}{MANY}"));
    prediction(
        "Q4",
        "Cases on few desks beat training spread over many, until people rotate; the more they do, the better is spreading.",
        8,
        &["", FEW, MANY, RESTLESS, &few, &many],
        vec![
            mean("cooperation rate with cases on few desks, more than with training spread", MORE, |w| {
                one(w[1].cooperation((1.0, 8.0)) - w[2].cooperation((1.0, 8.0)))
            }),
            mean("that advantage, more than where people leave five times as often", MORE, |w| {
                let advantage = |few: &Log, many: &Log| few.cooperation((1.0, 8.0)) - many.cooperation((1.0, 8.0));
                one(advantage(&w[1], &w[2]) - advantage(&w[4], &w[5]))
            }),
        ],
    )
}

fn q5() -> Prediction {
    const ROTATION: &str = "[role.investigator]\nturnover = 1.5\n[role.head]\nturnover = 1.5\n[role.prosecutor]\nturnover = 1.5\n[role.coordinator]\nturnover = 1.5\n";
    const SHOCK: &str = "[intervention.rotation]\nkind = \"shock\"\nevent = \"purge\"\nstart = YEAR1\nshare = 0.5\n";
    let handover =
        format!("{ROTATION}[intervention.x]\nkind = \"retention\"\nstart = YEAR1\nturnover = 0.0\nhandover = 0.7\n");
    let training =
        format!("{ROTATION}[intervention.x]\nkind = \"capacity_building\"\nstart = YEAR1\nevery = \"1 year\"\n");
    prediction(
        "Q5",
        "Rotation hurts ties first and the unit's routine last; handing over beats more training.",
        6,
        &["", SHOCK, ROTATION, &handover, &training],
        vec![
            Part {
                test: "share of ties lost half a year after half of all were moved, more than of units' routine",
                expected: MORE,
                taken: |w| {
                    let at = |log: &Log, of: fn(&Month) -> f64| log.mean((1.05, 1.5), of);
                    [at(&w[0], |m| m.ties), at(&w[1], |m| m.ties), at(&w[0], |m| m.routine), at(&w[1], |m| m.routine)]
                },
                formula: |m| (1.0 - m[1] / m[0]) - (1.0 - m[3] / m[2]),
            },
            mean("live ties under fast rotation with handover, more than with training", MORE, |w| {
                one(w[3].mean((1.5, 6.0), |m| m.ties) - w[4].mean((1.5, 6.0), |m| m.ties))
            }),
            mean("seeking rate then, more", MORE, |w| one(w[3].seeking((1.0, 6.0)) - w[4].seeking((1.0, 6.0)))),
            mean("accepted requests then, more", MORE, |w| one(w[3].accepted((1.0, 6.0)) - w[4].accepted((1.0, 6.0)))),
        ],
    )
}

fn q6() -> Prediction {
    const GROUP: &str =
        "[intervention.x]\nkind = \"working_group\"\nstart = YEAR1\nend = YEAR5\nevery = \"6 months\"\ncontacts = 5\n";
    let delegated = format!("{GROUP}delegation = 1.0\n");
    fn front(log: &Log) -> f64 {
        log.share((1.0, 5.0), |e| e.role == Role::Investigator && e.ending.recognised(), |e| e.tool.is_some())
    }
    prediction(
        "Q6",
        "Working groups raise trust among heads but not front-line seeking, unless they pass contacts on.",
        5,
        &["", GROUP, &delegated],
        vec![
            mean("evidence for contacts that heads hold, more", MORE, |w| {
                let at = |log: &Log| log.mean((1.0, 5.0), |m| m.evidence_of_heads);
                one(at(&w[1]) - at(&w[0]))
            }),
            mean(
                "seeking rate of investigators, nothing",
                Expected::Within(0.02),
                |w| one(front(&w[1]) - front(&w[0])),
            ),
            mean("seeking rate of investigators with contacts passed on, more than without", MORE, |w| {
                one(front(&w[2]) - front(&w[1]))
            }),
        ],
    )
}

/// Formal requests per case between states that had more practice than the median before, and between those that had less.
fn formal_by_practice(before: &Log, log: &Log) -> (f64, f64) {
    let states = before.events.iter().map(|event| event.here.max(event.there) + 1).max().unwrap_or(0);
    let mut pairs: Vec<(f64, f64, f64)> = Vec::new();
    for a in 0..states {
        for b in 0..a {
            let of = |event: &super::log::Event| (event.here.max(event.there), event.here.min(event.there)) == (a, b);
            let cases = before.count((0.0, 3.0), of);
            if cases < 1.0 {
                continue;
            }
            let practice = before.count((0.0, 3.0), |e| of(e) && e.ending == Ending::Accepted && !e.formal());
            let later = log.count((3.0, 12.0), of);
            pairs.push((practice / cases, log.count((3.0, 12.0), |e| of(e) && e.formal()), later));
        }
    }
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    let half = pairs.len() / 2;
    let rate = |some: &[(f64, f64, f64)]| {
        some.iter().map(|pair| pair.1).sum::<f64>() / some.iter().map(|pair| pair.2).sum::<f64>()
    };
    (rate(&pairs[half..]), rate(&pairs[..half]))
}

/// How many more additional formal requests per case there are where practice was.
fn more_where_practised(twin: &Log, log: &Log) -> f64 {
    let ((high, low), (high_before, low_before)) = (formal_by_practice(twin, log), formal_by_practice(twin, twin));
    (high - high_before) - (low - low_before)
}

fn q7() -> Prediction {
    prediction(
        "Q7",
        "A treaty does nothing until both have ratified, then is used mainly where informal practice already existed.",
        12,
        &[
            "",
            "[intervention.x]\nkind = \"treaty\"\nstart = YEAR1\ntools = [\"mla\", \"extradition\"]\nratification = \"2 years\"\nratification_spread = 0.0\n",
            "[intervention.x]\nkind = \"treaty\"\nstart = YEAR1\ntools = [\"joint\"]\nratification = \"2 years\"\nratification_spread = 0.0\n",
        ],
        vec![
            mean("formal requests before the first two have ratified, nothing", Expected::Within(0.0), |w| {
                one(w[1].formal((0.0, 2.9)) - w[0].formal((0.0, 2.9)))
            }),
            mean(
                "formal requests after that, more",
                MORE,
                |w| one(w[1].formal((3.0, 12.0)) - w[0].formal((3.0, 12.0))),
            ),
            mean(
                "additional formal requests per case where practice was above the median, more than where below",
                MORE,
                |w| one(more_where_practised(&w[0], &w[1])),
            ),
            // Prosecutors have units of their own. Joint investigations are what heads of the police ask for, too.
            mean("the same of joint investigations, which the police may ask for", MORE, |w| {
                one(more_where_practised(&w[0], &w[2]))
            }),
        ],
    )
}

fn q8() -> Prediction {
    let officer = |key: &str, end: &str, reach: &str| {
        format!("[intervention.{key}]\nkind = \"liaison_officer\"\nstart = YEAR1\nend = {end}\nreach = {reach}\n")
    };
    let one_officer = officer("x", "YEAR4", "0.8");
    let two = officer("x", "YEAR4", "0.4") + &officer("y", "YEAR8", "0.4");
    prediction(
        "Q8",
        "A liaison officer: quick gain, collapse on removal; two half-time contacts are more robust.",
        8,
        &["", &one_officer, &two],
        vec![
            mean("accepted requests in the first year, more", MORE, |w| {
                one(w[1].accepted((1.0, 2.0)) - w[0].accepted((1.0, 2.0)))
            }),
            mean(
                "half of the yearly gain in cooperation rate meanwhile, less what is left in the two years after, more",
                MORE,
                |w| {
                    let gain = |years| w[1].cooperation(years) - w[0].cooperation(years);
                    one(0.5 * gain((1.0, 4.0)) - gain((4.0, 6.0)))
                },
            ),
            mean(
                "cooperation rate when one of two half-time officers is gone, more than when the only one is",
                MORE,
                |w| one(w[2].cooperation((4.0, 6.0)) - w[1].cooperation((4.0, 6.0))),
            ),
        ],
    )
}

fn q9() -> Prediction {
    prediction(
        "Q9",
        "Trust falls faster than it rises; a leak by a stranger costs more than one by an old partner.",
        6,
        &["", "[intervention.x]\nkind = \"shock\"\nevent = \"betrayal\"\nstart = YEAR1\n"],
        vec![
            mean(
                "generalised trust lost at once, more than twice what is regained in the next four years",
                MORE,
                |w| {
                    let gap = |years| w[0].mean(years, |m| m.trust) - w[1].mean(years, |m| m.trust);
                    let (lost, left) = (gap((1.0, 1.15)), gap((4.9, 5.1)));
                    one(lost - 2.0 * (lost - left))
                },
            ),
            mean(
                "share of trust that a leak by the least known tenth of contacts takes, more than one by the best known tenth",
                MORE,
                |w| one(w[0].mean((0.0, 6.0), |m| m.leak[1].1) - w[0].mean((0.0, 6.0), |m| m.leak[0].1)),
            ),
            mean("trust that it takes, more", MORE, |w| {
                one(w[0].mean((0.0, 6.0), |m| m.leak[1].0) - w[0].mean((0.0, 6.0), |m| m.leak[0].0))
            }),
        ],
    )
}

fn q10() -> Prediction {
    const CHANNEL: &str = "[intervention.x]\nkind = \"information_sharing\"\nstart = YEAR1\n";
    // Prosecutors meet, get more of the cases, and have what they ask by: without a treaty most have no tool at all.
    let prosecutors = format!(
        "{CHANNEL}[intervention.y]\nkind = \"working_group\"\nstart = YEAR1\nevery = \"6 months\"\nroles = [\"prosecutor\"]\n\
         [intervention.z]\nkind = \"parameter\"\nstart = YEAR1\nparameter = \"arrival.prosecution_share\"\nscale = 3.0\n\
         [intervention.open]\nkind = \"treaty\"\nstart = YEAR1\ntools = [\"mla\", \"extradition\", \"joint\"]\nratification = \"1 day\"\nratification_spread = 0.0\n"
    );
    prediction(
        "Q10",
        "Informal tools raise rescues and widen the gap to arrests; arrests move only when prosecutors join.",
        6,
        &["", CHANNEL, &prosecutors],
        vec![
            mean("rescues, more", MORE, |w| {
                let rescued = |log: &Log| log.yields((1.0, 6.0), |end| f64::from(end.rescued));
                one(rescued(&w[1]) - rescued(&w[0]))
            }),
            mean("rescues without arrest, more", MORE, |w| {
                let unpunished =
                    |log: &Log| log.yields((1.0, 6.0), |end| f64::from(u8::from(end.rescued > 0 && end.arrests == 0)));
                one(unpunished(&w[1]) - unpunished(&w[0]))
            }),
            Part {
                test: "arrests with informal tools alone / without, nothing (within 5 %)",
                expected: Expected::Within(0.05),
                taken: |w| {
                    let arrested = |log: &Log| log.yields((1.0, 6.0), |end| f64::from(end.arrests));
                    [arrested(&w[1]), arrested(&w[0]), 0.0, 0.0]
                },
                formula: |m| m[0] / m[1] - 1.0,
            },
            mean("arrests when prosecutors join, more than with informal tools alone", MORE, |w| {
                let arrested = |log: &Log| log.yields((1.0, 6.0), |end| f64::from(end.arrests));
                one(arrested(&w[2]) - arrested(&w[1]))
            }),
            Part {
                test: "arrests per rescue when prosecutors join, more than with informal tools alone",
                expected: MORE,
                taken: |w| {
                    let arrested = |log: &Log| log.yields((1.0, 6.0), |end| f64::from(end.arrests));
                    let rescued = |log: &Log| log.yields((1.0, 6.0), |end| f64::from(end.rescued));
                    [arrested(&w[2]), rescued(&w[2]), arrested(&w[1]), rescued(&w[1])]
                },
                formula: |m| m[0] / m[1] - m[2] / m[3],
            },
        ],
    )
}

fn q11() -> Prediction {
    const TRAINING: &str = "[intervention.x]\nkind = \"capacity_building\"\nstart = YEAR1\nevery = \"1 year\"\nroles = [\"investigator\", \"head\"]\n";
    const PARTNERSHIP: &str =
        "[intervention.x]\nkind = \"ngo_partnership\"\nstart = YEAR1\ntrust = 0.0\nprotection = 0.5\nfeedback = 0.8\n";
    const RAIDS: &str = "[intervention.x]\nkind = \"ngo_partnership\"\nstart = YEAR1\ntrust = 0.0\nprotection = 0.0\nfeedback = 0.0\nraids = 0.5\n";
    fn gain(w: &[Log], arm: usize) -> [f64; NUMBERS] {
        one(w[arm].referral((1.0, 6.0)) - w[0].referral((1.0, 6.0)))
    }
    prediction(
        "Q11",
        "Training the police alone does not raise NGO referral; protection and feedback do; raids without protection lower it.",
        6,
        &["", TRAINING, PARTNERSHIP, RAIDS],
        vec![
            mean("referral rate with trained police, nothing", Expected::Within(0.02), |w| gain(w, 1)),
            mean("referral rate with protection and feedback, more", MORE, |w| gain(w, 2)),
            mean("referral rate lost by raids without protection, more", MORE, |w| one(-gain(w, 3)[0])),
        ],
    )
}

fn q12() -> Prediction {
    let surge = |factor: &str| {
        format!(
            "[intervention.x]\nkind = \"shock\"\nevent = \"surge\"\nstart = YEAR1\nend = YEAR4\nfactor = {factor}\n"
        )
    };
    let (small, large) = (surge("1.5"), surge("12.0"));
    prediction(
        "Q12",
        "A surge of cases is an inverted U: more repetition, then overload.",
        4,
        &["", &small, &large],
        vec![
            mean("cooperation rate when cases grow by half, more", MORE, |w| {
                one(w[1].cooperation((1.5, 4.0)) - w[0].cooperation((1.5, 4.0)))
            }),
            mean("that rate, more than when cases grow twelvefold", MORE, |w| {
                one(w[1].cooperation((1.5, 4.0)) - w[2].cooperation((1.5, 4.0)))
            }),
        ],
    )
}

fn q13() -> Prediction {
    let (short, long) = (bundle("YEAR4", ""), bundle("YEAR7", ""));
    prediction(
        "Q13",
        "A temporary bundle relapses unless it carries practice past the fold; the longer it ran, the more slowly.",
        14,
        &["", &short, &long],
        vec![
            mean(
                "gain in seeking rate in its last year, more than what is left four to six years after its end",
                MORE,
                |w| {
                    let gain = |years| w[1].seeking(years) - w[0].seeking(years);
                    one(gain((3.0, 4.0)) - gain((8.0, 10.0)))
                },
            ),
            mean("gain left four to six years after six years of it, more than after three", MORE, |w| {
                let left = |arm: usize, years| w[arm].seeking(years) - w[0].seeking(years);
                one(left(2, (11.0, 13.0)) - left(1, (8.0, 10.0)))
            }),
        ],
    )
}

/// How much more often newcomers seek than veterans do, as a sum and its weight. Only investigators, and only those of the same unit, are
/// held against each other: states and roles differ in how long people stay *and* in how they seek. Units weigh as their numbers tell
/// (Mantel and Haenszel 1959).
fn gap_by_tenure(log: &Log, unit_alone: bool) -> (f64, f64) {
    let states = log.events.iter().map(|event| event.here + 1).max().unwrap_or(0);
    let mut cases = vec![[[0.0_f64; 2]; 2]; states];
    for event in &log.events {
        let counts = event.ending.recognised() && event.role == Role::Investigator && event.unit_alone == unit_alone;
        let veteran = event.tenure > 3.0;
        if counts && (veteran || event.tenure < 1.0) {
            let of = &mut cases[event.here][usize::from(veteran)];
            of[0] += 1.0;
            of[1] += f64::from(u8::from(event.tool.is_some()));
        }
    }
    cases.iter().filter(|[new, old]| new[0] > 0.0 && old[0] > 0.0).fold((0.0, 0.0), |(sum, weights), [new, old]| {
        let weight = new[0] * old[0] / (new[0] + old[0]);
        (sum + weight * (new[1] / new[0] - old[1] / old[0]), weights + weight)
    })
}

fn q14() -> Prediction {
    fn gaps(w: &[Log]) -> [f64; NUMBERS] {
        let (alone, cooperating) = (gap_by_tenure(&w[0], true), gap_by_tenure(&w[0], false));
        [alone.0, alone.1, cooperating.0, cooperating.1]
    }
    prediction(
        "Q14",
        "Handling alone locks in with experience: veterans cooperate less, unless their unit does.",
        10,
        &["", ""],
        vec![
            Part {
                test: "seeking rate of new investigators, more than of veterans of the same unit, in units that handle alone",
                expected: MORE,
                taken: gaps,
                formula: |m| m[0] / m[1],
            },
            Part {
                test: "that gap, more than in units that cooperate",
                expected: MORE,
                taken: gaps,
                formula: |m| m[0] / m[1] - m[2] / m[3],
            },
        ],
    )
}

fn q15() -> Prediction {
    prediction(
        "Q15",
        "Growth at maturity is extensive: more nodes, more communications, not more per node.",
        8,
        &[
            "",
            "[intervention.x]\nkind = \"capacity_building\"\nstart = YEAR1\nawareness = 0.0\nfamiliarity = 0.0\nstaff = 40\nroles = [\"investigator\"]\n",
        ],
        vec![
            mean("communications when every unit gets forty more practitioners, more", MORE, |w| {
                let all = |log: &Log| log.sum((1.0, 8.0), |e| f64::from(e.communications));
                one(all(&w[1]) - all(&w[0]))
            }),
            mean("communications for each practitioner before, more than after", MORE, |w| {
                let each = |log: &Log| {
                    log.sum((1.0, 8.0), |e| f64::from(e.communications)) / log.mean((2.0, 8.0), |m| m.staff)
                };
                one(each(&w[0]) - each(&w[1]))
            }),
        ],
    )
}

/// A gain of something between two worlds: early, and late.
fn early_and_late(w: &[Log], of: fn(&Log, (f64, f64)) -> f64) -> (f64, f64) {
    let gain = |years| of(&w[1], years) - of(&w[0], years);
    (gain((1.0, 2.5)) / 1.5, gain((6.0, 10.0)) / 4.0)
}

/// Whether the first reaches more of its late gain early than the second does.
fn sooner(w: &[Log], first: fn(&Log, (f64, f64)) -> f64, second: fn(&Log, (f64, f64)) -> f64) -> [f64; NUMBERS] {
    let ((first_early, first_late), (second_early, second_late)) =
        (early_and_late(w, first), early_and_late(w, second));
    [first_early, first_late, second_early, second_late]
}

fn earlier_share(means: [f64; NUMBERS]) -> f64 {
    means[0] / means[1] - means[2] / means[3]
}

/// A level as the sum over years, so that it is divided by years as flows are.
fn over(log: &Log, years: (f64, f64), of: fn(&Month) -> f64) -> f64 {
    log.mean(years, of) * (years.1 - years.0)
}

fn q16() -> Prediction {
    let world = "[institutions]\nmode = \"endogenous\"\n";
    // Contacts and nothing else: whatever follows, follows from them.
    let with = format!(
        "{world}[intervention.exchange]\nkind = \"exchange\"\nstart = YEAR1\nend = YEAR11\nevery = \"6 months\"\nchoose = \"busiest\"\n\
         number = 10\nfamiliarity = 0.0\nunlearning = 0.0\ntrust = 0.0\n\
         [intervention.group]\nkind = \"working_group\"\nstart = YEAR1\nend = YEAR11\nevery = \"6 months\"\ndelegation = 1.0\ntrust = 0.0\n"
    );
    let part = |test, taken| Part { test, expected: MORE, taken, formula: earlier_share };
    prediction(
        "Q16",
        "Order of change where contacts are made: contacts, informal messages, familiarity, formal use, norm, law in practice.",
        11,
        &[world, &with],
        vec![
            part("share of the late gain reached early: contacts, more than informal requests", |w| {
                sooner(w, |log, years| over(log, years, |m| m.ties), Log::informal)
            }),
            part("informal requests, more than familiarity", |w| {
                sooner(w, Log::informal, |log, years| over(log, years, |m| m.familiarity))
            }),
            part("familiarity, more than formal requests", |w| {
                sooner(w, |log, years| over(log, years, |m| m.familiarity), Log::formal)
            }),
            part("formal requests, more than the norm", |w| {
                sooner(w, Log::formal, |log, years| over(log, years, |m| m.norm))
            }),
            part("the norm, more than law", |w| {
                sooner(w, |log, years| over(log, years, |m| m.norm), |log, years| over(log, years, |m| m.harmonisation))
            }),
        ],
    )
}

fn q17() -> Prediction {
    let with = bundle("YEAR11", "");
    fn unpunished(log: &Log, years: (f64, f64)) -> f64 {
        log.yields(years, |end| f64::from(u8::from(end.rescued > 0 && end.arrests == 0)))
    }
    fn freed(log: &Log, years: (f64, f64)) -> f64 {
        log.yields(years, |end| f64::from(u8::from(end.rescued > 0)))
    }
    prediction(
        "Q17",
        "More cooperation raises recorded trafficking before it lowers impunity.",
        11,
        &["", &with],
        vec![
            mean("victims identified in the first two years, more", MORE, |w| {
                let identified =
                    |log: &Log| log.sum((1.0, 3.0), |e| if e.ending.recognised() { f64::from(e.victims) } else { 0.0 });
                one(identified(&w[1]) - identified(&w[0]))
            }),
            Part {
                test: "share of rescues without arrest in the first two years, not lower than without the bundle (within 2 points)",
                expected: Expected::Within(0.02),
                taken: |w| {
                    let years = (1.0, 3.0);
                    [unpunished(&w[1], years), freed(&w[1], years), unpunished(&w[0], years), freed(&w[0], years)]
                },
                formula: |m| m[0] / m[1] - m[2] / m[3],
            },
            Part {
                test: "that share without the bundle, more than with it, six to ten years on",
                expected: MORE,
                taken: |w| {
                    let years = (7.0, 11.0);
                    [unpunished(&w[1], years), freed(&w[1], years), unpunished(&w[0], years), freed(&w[0], years)]
                },
                formula: |m| m[2] / m[3] - m[0] / m[1],
            },
        ],
    )
}

fn q18() -> Prediction {
    const NO_LETTERS: &str = "[intervention.x]\nkind = \"parameter\"\nstart = YEAR1\nparameter = \"gate.approval\"\nset = 0.0\n\
        [intervention.y]\nkind = \"parameter\"\nstart = YEAR1\nparameter = \"choice.language\"\nset = 0.0\n";
    fn grown(w: &[Log], arm: usize, years: (f64, f64)) -> [f64; NUMBERS] {
        [w[arm].formal(years), w[0].formal(years), w[arm].informal(years), w[0].informal(years)]
    }
    fn successes(w: &[Log], arm: usize, years: (f64, f64)) -> [f64; NUMBERS] {
        let accepted =
            |log: &Log, formal: bool| log.count(years, |e| e.ending == Ending::Accepted && e.formal() == formal);
        [accepted(&w[arm], false), accepted(&w[0], false), accepted(&w[arm], true), accepted(&w[0], true)]
    }
    prediction(
        "Q18",
        "Harmonisation pays for formal tools only, and late; language and approval bind the informal ones.",
        12,
        &["", "[intervention.x]\nkind = \"harmonisation\"\nstart = YEAR1\nrate = 0.2\n", NO_LETTERS],
        vec![
            Part {
                test: "growth of formal requests by harmonisation, more than of informal ones",
                expected: MORE,
                taken: |w| grown(w, 1, (1.0, 12.0)),
                formula: |m| m[0] / m[1] - m[2] / m[3],
            },
            Part {
                test: "growth of informal requests by harmonisation, nothing (within 5 %)",
                expected: Expected::Within(0.05),
                taken: |w| grown(w, 1, (1.0, 12.0)),
                formula: |m| m[2] / m[3] - 1.0,
            },
            mean("additional formal requests a year in years 6 to 11, more than in the first two", MORE, |w| {
                let gain = |years| w[1].formal(years) - w[0].formal(years);
                one(gain((6.0, 12.0)) / 6.0 - gain((1.0, 3.0)) / 2.0)
            }),
            Part {
                test: "growth of accepted informal requests without letters and language barriers, more than by harmonisation",
                expected: MORE,
                taken: |w| {
                    let [without, twin, ..] = successes(w, 2, (1.0, 12.0));
                    [without, twin, successes(w, 1, (1.0, 12.0))[0], 0.0]
                },
                formula: |m| (m[0] - m[2]) / m[1],
            },
            Part {
                test: "growth of accepted informal requests without letters and language barriers, more than of formal ones",
                expected: MORE,
                taken: |w| successes(w, 2, (1.0, 12.0)),
                formula: |m| m[0] / m[1] - m[2] / m[3],
            },
        ],
    )
}
