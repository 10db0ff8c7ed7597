//! What was found, as tables.

use super::finals::Ends;
use super::pool::{Of, Pool, Stage};
use super::{Course, words};
use crate::record::Measure;
use crate::scenario::Optimise;
use crate::statistics::{Interval, Moments};
use crate::table::{Cell, Field, Schema, Table};

/// Outcomes of which it is told what one more costs, besides the main one.
const PRICED: [&str; 3] = ["accepted", "rescues", "arrests"];

fn yes(is: bool) -> Cell {
    Cell::from(if is { "yes" } else { "no" })
}

fn ends_of(interval: Interval) -> [Cell; 2] {
    [Cell::Real(interval.low), Cell::Real(interval.high)]
}

fn with_interval(moments: Moments, level: f64) -> [Cell; 3] {
    let interval = moments.interval_at(level);
    [Cell::Real(moments.mean()), Cell::Real(interval.low), Cell::Real(interval.high)]
}

/// The fields that say which mix it is.
fn mix_fields() -> Vec<Field> {
    vec![
        Field::integer(
            "mix_id",
            "",
            "Number of the mix, in the order in which they were looked at; 0 is doing nothing.",
        ),
        Field::text("mix", "What is in it."),
    ]
}

/// The fields that say which outcome it is.
fn measure_fields() -> Vec<Field> {
    vec![
        Field::text("measure", "The main outcome."),
        Field::text("measure_label", "Its name for people."),
        Field::text("unit", "Its unit."),
    ]
}

fn measure_cells(pool: &Pool<'_>) -> [Cell; 3] {
    let main = pool.study.analysis().outcomes[pool.study.analysis().main];
    [Cell::from(main.key()), Cell::from(main.label().as_str()), Cell::from(main.unit().as_str())]
}

fn mix_cells(pool: &Pool<'_>, mix: usize) -> [Cell; 2] {
    [Cell::from(mix as i64), Cell::from(pool.label(mix).as_str())]
}

/// The outcomes of which it is told what one more costs, with their places.
fn priced(pool: &Pool<'_>) -> Vec<(Of, Measure)> {
    let analysis = pool.study.analysis();
    let of = |(place, measure): (usize, &Measure)| {
        (place == analysis.main || PRICED.contains(&measure.key())).then_some((Of::Outcome(place), *measure))
    };
    analysis.outcomes.iter().enumerate().filter_map(of).collect()
}

/// Every mix that was looked at.
pub(super) fn mixes(pool: &Pool<'_>, asked: &Optimise, course: &Course, ends: &Ends) -> Table {
    let (unit, money) = (words::unit(pool), pool.study.baseline().currency());
    let mut fields = mix_fields();
    fields.push(Field::integer("arms", "", "How many arms are in it."));
    for factor in pool.space.factors() {
        fields.push(match factor.is_words() {
            true => Field::text(&factor.key, &factor.label),
            false => {
                Field::real(&factor.key, &factor.unit, &format!("{}; missing where it does nothing.", factor.label))
            }
        });
    }
    fields.extend([
        Field::text("stage", "How far it came: screened (not simulated), first, race, fresh."),
        Field::text("obeys", "Whether it obeys the rules."),
        Field::text(
            "feasible",
            "Whether it obeys the rules and its mean cost is within the budget; empty where it was not simulated.",
        ),
        Field::integer("replicates", "", "Replicates of the search that it was run on."),
        Field::real("cost", money, "Mean cost beyond the baseline's, over these replicates."),
        Field::real(
            "effect",
            &unit,
            "Mean paired difference of the main outcome from the baseline, over these replicates.",
        ),
        Field::real(
            "ci_low",
            &unit,
            "Lower end of its interval (Student's t): of a mix that was chosen it is too good.",
        ),
        Field::real("ci_high", &unit, "Upper end of its interval."),
        Field::text("efficient", "Whether it is on the frontier by these replicates."),
        Field::real(
            "dropped_after",
            "",
            "Replicates after which it dropped out of the race; missing where it did not, or was not in it.",
        ),
        Field::text("chosen", "Whether it was run again on fresh seeds."),
    ]);
    let sentence = "Every mix that was looked at, on the seeds of the search.";
    let mut table = Table::new(Schema::of("mixes", sentence, fields));
    let level = pool.study.analysis().confidence;
    for (mix, own) in pool.mixes.iter().enumerate() {
        let simulated = pool.searched(mix) > 0;
        let obeys = pool.broken(mix, &asked.rules) == 0;
        let cost = pool.in_search(mix, Of::Cost).mean();
        let mut row: Vec<Cell> = mix_cells(pool, mix).into();
        row.push(Cell::from(pool.arms_of(mix).len() as i64));
        for (place, factor) in pool.space.factors().iter().enumerate() {
            let (value, matters) = (own.values[place], pool.matters(place, &own.values));
            row.push(match (factor.is_words(), matters) {
                (true, true) => Cell::from(factor.value(value).as_str()),
                (true, false) => Cell::from(""),
                (false, true) => Cell::Real(value),
                (false, false) => Cell::Real(f64::NAN),
            });
        }
        row.extend([
            Cell::from(own.stage.key()),
            yes(obeys),
            if simulated { yes(obeys && Pool::fits(cost, asked.budget)) } else { Cell::from("") },
            Cell::from(i64::from(pool.searched(mix))),
            Cell::Real(cost),
        ]);
        row.extend(with_interval(pool.in_search(mix, pool.main()), level));
        row.extend([
            yes(course.frontier.contains(&mix)),
            Cell::Real(course.dropped.get(&mix).map_or(f64::NAN, |after| f64::from(*after))),
            yes(own.stage == Stage::Fresh && ends.options.contains(&mix)),
        ]);
        table.push_cells(row);
    }
    table
}

/// The mixes that were run on fresh seeds.
pub(super) fn finalists(pool: &Pool<'_>, ends: &Ends) -> Table {
    let (unit, money) = (words::unit(pool), pool.study.baseline().currency());
    let mut fields = mix_fields();
    fields.extend([
        Field::text("standing", "best (recommended), may be best (not told from it), behind, over budget, or failed."),
        Field::integer("n", "", "Fresh replicates in which neither it nor the baseline failed."),
        Field::real("effect", &unit, "Mean paired difference of the main outcome from the baseline, on fresh seeds."),
        Field::real("ci_low", &unit, "Lower end of its interval (Student's t)."),
        Field::real("ci_high", &unit, "Upper end."),
        Field::real("lead", &unit, "Its mean minus the best of the others that fit."),
        Field::real(
            "lead_low",
            &unit,
            "Lower end of the interval of that (multiple comparisons with the best, all together).",
        ),
        Field::real("lead_high", &unit, "Upper end."),
        Field::real("cost", money, "Mean cost beyond the baseline's, on fresh seeds."),
        Field::real("cost_low", money, "Lower end of its interval (Student's t)."),
        Field::real("cost_high", money, "Upper end."),
        Field::text("efficient", "Whether it is on the frontier."),
        Field::real("efficient_frequency", "share", "Share of resamples in which it is."),
        Field::text("knee", "Whether returns fall off after it."),
        Field::real("knee_frequency", "share", "Share of resamples in which they do."),
        Field::integer("search_n", "", "Replicates of the search."),
        Field::real("search_effect", &unit, "What it seemed to bring on the seeds of the search."),
        Field::real(
            "shrinkage",
            &unit,
            "By how much the search overstated it; missing for those not chosen for their effect.",
        ),
        Field::real("shrinkage_low", &unit, "Lower end of its interval (Welch's t, 95%)."),
        Field::real("shrinkage_high", &unit, "Upper end."),
    ]);
    let priced = priced(pool);
    for (_, measure) in &priced {
        let (key, of) = (measure.key(), format!("{money} per unit"));
        fields.extend([
            Field::real(
                &format!("cost_per_{key}"),
                &of,
                &format!(
                    "Cost of one more unit of {}, against doing nothing; missing where it brings no more.",
                    measure.label()
                ),
            ),
            Field::real(
                &format!("cost_per_{key}_low"),
                &of,
                "Lower end of its interval (Fieller); missing where it is not bounded.",
            ),
            Field::real(&format!("cost_per_{key}_high"), &of, "Upper end."),
        ]);
    }
    let sentence = "Mixes on fresh seeds, which no search has seen: what is to be reported of them.";
    let mut table = Table::new(Schema::of("finalists", sentence, fields));
    let level = pool.study.analysis().confidence;
    for mix in &ends.options {
        let effect = ends.mean(pool, *mix, pool.main());
        let cost = ends.mean(pool, *mix, Of::Cost);
        let place = ends.fitting.iter().position(|own| own == mix);
        let on = place.and_then(|place| Some((place, ends.frontier.as_ref()?)));
        let mut row: Vec<Cell> = mix_cells(pool, *mix).into();
        row.extend([Cell::from(ends.standing(*mix, effect.n)), Cell::from(effect.n as i64)]);
        row.extend(with_interval(effect, level));
        let against = ends.against.get(mix);
        row.push(Cell::Real(against.map_or(f64::NAN, |own| own.difference)));
        row.extend(ends_of(against.map_or(Interval::MISSING, |own| own.interval)));
        row.extend(with_interval(cost, level));
        row.extend([
            yes(on.is_some_and(|(place, frontier)| frontier.options[place].on)),
            Cell::Real(on.map_or(f64::NAN, |(place, frontier)| frontier.options[place].frequency)),
            yes(on.is_some_and(|(place, frontier)| frontier.knee == Some(place))),
            Cell::Real(on.map_or(f64::NAN, |(place, frontier)| frontier.options[place].knee_frequency)),
            Cell::from(i64::from(pool.searched(*mix))),
            Cell::Real(pool.in_search(*mix, pool.main()).mean()),
        ]);
        let shrunk = ends.overstated.as_ref().and_then(|(of, found)| {
            let place = of.iter().position(|own| own == mix)?;
            found.each.get(place)
        });
        row.push(Cell::Real(shrunk.map_or(f64::NAN, |own| own.shrinkage)));
        row.extend(ends_of(shrunk.map_or(Interval::MISSING, |own| own.interval)));
        for (of, _) in &priced {
            let price = ends.price(pool, *mix, *of);
            row.push(Cell::Real(price.ratio));
            row.extend(ends_of(price.interval));
        }
        table.push_cells(row);
    }
    table
}

/// The efficient mixes, the cheapest first, and what one more unit costs from each to the next.
pub(super) fn frontier(pool: &Pool<'_>, ends: &Ends) -> Table {
    let (unit, money) = (words::unit(pool), pool.study.baseline().currency());
    let per_unit = format!("{money} per unit");
    let mut fields = measure_fields();
    fields.extend(mix_fields());
    fields.extend([
        Field::real("cost", money, "Mean cost beyond the baseline's."),
        Field::real("effect", &unit, "Mean paired difference of the main outcome from the baseline."),
        Field::text(
            "beaten_by_mixture",
            "Whether a mixture of its neighbours would bring as much for less (extended dominance).",
        ),
        Field::real("frequency", "share", "Share of resamples in which it is on the frontier."),
        Field::real("knee_frequency", "share", "Share of resamples in which returns fall off after it."),
        Field::real("more_cost", money, "Additional cost against the one before; missing for the first."),
        Field::real("more_effect", &unit, "Additional effect against the one before."),
        Field::real("more_effect_low", &unit, "Lower end of its interval (paired, Student's t)."),
        Field::real("more_effect_high", &unit, "Upper end."),
        Field::real("cost_per_unit", &per_unit, "Additional cost of one more unit, against the one before."),
        Field::real(
            "cost_per_unit_low",
            &per_unit,
            "Lower end of its interval (Fieller); missing where the additional effect cannot be told from 0.",
        ),
        Field::real("cost_per_unit_high", &per_unit, "Upper end."),
    ]);
    let sentence =
        "The efficient frontier on fresh seeds: no other mix brings at least as much for less, or more for the same.";
    let mut table = Table::new(Schema::of("frontier", sentence, fields));
    let Some(found) = &ends.frontier else { return table };
    for (step, place) in found.along.iter().enumerate() {
        let own = found.options[*place];
        let before = step.checked_sub(1).map(|before| &found.steps[before]);
        let mut row: Vec<Cell> = measure_cells(pool).into();
        row.extend(mix_cells(pool, ends.fitting[*place]));
        row.extend([
            Cell::Real(own.cost.mean()),
            Cell::Real(own.effect.mean()),
            yes(own.beaten_by_mixture),
            Cell::Real(own.frequency),
            Cell::Real(own.knee_frequency),
            Cell::Real(before.map_or(f64::NAN, |step| step.cost.mean())),
            Cell::Real(before.map_or(f64::NAN, |step| step.effect.mean())),
        ]);
        row.extend(ends_of(before.map_or(Interval::MISSING, |step| step.effect_interval)));
        row.push(Cell::Real(before.map_or(f64::NAN, |step| step.ratio.ratio)));
        row.extend(ends_of(before.map_or(Interval::MISSING, |step| step.ratio.interval)));
        table.push_cells(row);
    }
    table
}

/// Which mix is the best, given what a unit of the main outcome is worth.
pub(super) fn acceptability(pool: &Pool<'_>, ends: &Ends) -> Table {
    let per_unit = format!("{} per unit", pool.study.baseline().currency());
    let mut fields = measure_fields();
    fields.push(Field::real("worth", &per_unit, "What a unit of the main outcome is taken to be worth."));
    fields.extend(mix_fields());
    fields.push(Field::real(
        "share",
        "share",
        "Share of resamples in which it has the largest net benefit; ties are shared.",
    ));
    let sentence = "Given what a unit of the main outcome is worth, which mix is the best, on fresh seeds.";
    let mut table = Table::new(Schema::of("acceptability", sentence, fields));
    for (worth, shares) in &ends.worths {
        for (mix, share) in ends.fitting.iter().zip(shares) {
            let mut row: Vec<Cell> = measure_cells(pool).into();
            row.push(Cell::Real(*worth));
            row.extend(mix_cells(pool, *mix));
            row.push(Cell::Real(*share));
            table.push_cells(row);
        }
    }
    table
}

/// What each arm of the best brings alone, and what it adds to the others.
pub(super) fn parts(pool: &Pool<'_>, ends: &Ends) -> Table {
    let (unit, money) = (words::unit(pool), pool.study.baseline().currency());
    let fields = vec![
        Field::text(
            "part",
            "arm, whole (all of the best together) or synergy (the whole beyond the sum of its arms alone).",
        ),
        Field::text("arm", "Short name of the arm; empty for the whole and the synergy."),
        Field::text("label", "Its name for people."),
        Field::real("alone", &unit, "Effect of the arm alone, on the same fresh seeds."),
        Field::real("alone_low", &unit, "Lower end of its interval (Student's t)."),
        Field::real("alone_high", &unit, "Upper end."),
        Field::real("alone_cost", money, "What it costs alone."),
        Field::real("adds", &unit, "What it adds to the others: the best minus the best without it."),
        Field::real("adds_low", &unit, "Lower end of its interval (paired, Student's t)."),
        Field::real("adds_high", &unit, "Upper end."),
        Field::real("adds_cost", money, "What it adds to their cost."),
        Field::text("alone_mix", "What was run for it alone."),
        Field::text("without_mix", "What was run for the best without it."),
    ];
    let mut table = Table::new(Schema::of("parts", "What each arm of the best mix brings.", fields));
    let (Some(best), Some((synergy, interval))) = (ends.best, ends.synergy) else { return table };
    let level = pool.study.analysis().confidence;
    let missing = [const { Cell::Real(f64::NAN) }; 3];
    for part in &ends.parts {
        let factor = &pool.space.factors()[part.arm];
        let mut row = vec![Cell::from("arm"), Cell::from(factor.key.as_str()), Cell::from(factor.label.as_str())];
        row.extend(with_interval(ends.mean(pool, part.alone, pool.main()), level));
        row.push(Cell::Real(ends.mean(pool, part.alone, Of::Cost).mean()));
        row.push(Cell::Real(part.adds.0.mean()));
        row.extend(ends_of(part.adds.1));
        row.push(Cell::Real(part.adds_cost.mean()));
        row.extend([Cell::from(pool.label(part.alone).as_str()), Cell::from(pool.label(part.without).as_str())]);
        table.push_cells(row);
    }
    let whole = ends.mean(pool, best, pool.main());
    let mut row = vec![Cell::from("whole"), Cell::from(""), Cell::from(pool.label(best).as_str())];
    row.extend(missing.clone());
    row.push(Cell::Real(f64::NAN));
    row.extend(with_interval(whole, level));
    row.push(Cell::Real(ends.mean(pool, best, Of::Cost).mean()));
    row.extend([Cell::from(""), Cell::from("")]);
    table.push_cells(row);
    let mut row = vec![Cell::from("synergy"), Cell::from(""), Cell::from("Beyond the sum of each alone")];
    row.extend(missing);
    row.push(Cell::Real(f64::NAN));
    row.push(Cell::Real(synergy.mean()));
    row.extend(ends_of(interval));
    row.push(Cell::Real(f64::NAN));
    row.extend([Cell::from(""), Cell::from("")]);
    table.push_cells(row);
    table
}

/// The generations of a search.
pub(super) fn search(pool: &Pool<'_>, course: &Course) -> Table {
    let (unit, money) = (words::unit(pool), pool.study.baseline().currency());
    let fields = vec![
        Field::integer("generation", "", "Number of the generation, from 0."),
        Field::integer("proposed", "", "Mixes proposed."),
        Field::integer("simulated", "", "Of these, mixes that had not been simulated before."),
        Field::integer("broke_rules", "", "Mixes that broke a rule and were not simulated."),
        Field::integer("over_budget", "", "Mixes that cost more than the budget."),
        Field::integer("archive", "", "Efficient mixes found so far."),
        Field::real(
            "hypervolume",
            &format!("{money} times {unit}"),
            "What they dominate of cost (up to the budget, or the dearest of the first generation) times effect.",
        ),
        Field::real("best_effect", &unit, "The best effect so far of a mix that fits, on the seeds of the search."),
        Field::integer("runs", "", "Simulations so far."),
    ];
    let mut table = Table::new(Schema::of("search", "Generations of the search.", fields));
    for (number, own) in course.generations.iter().enumerate() {
        table.push([
            Cell::from(number as i64),
            Cell::from(own.proposed as i64),
            Cell::from(own.simulated as i64),
            Cell::from(own.broken as i64),
            Cell::from(own.beyond as i64),
            Cell::from(own.archive as i64),
            Cell::Real(own.hypervolume),
            Cell::Real(own.best),
            Cell::from(own.runs as i64),
        ]);
    }
    table
}
