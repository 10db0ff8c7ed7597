//! What was found, in plain words.

use super::Course;
use super::finals::Ends;
use super::pool::{Of, Pool};
use crate::numeral::{self, Unit, number, plus};
use crate::scenario::{Method, Optimise};
use crate::statistics::Interval;

/// The unit of the main outcome.
pub(super) fn unit(pool: &Pool<'_>) -> String {
    pool.study.analysis().outcomes[pool.study.analysis().main].unit()
}

/// An amount of money.
pub(super) fn money(pool: &Pool<'_>, amount: f64) -> String {
    if !amount.is_finite() {
        return "no bound".to_owned();
    }
    let decimals = if amount.abs() < 100.0 && amount.fract() != 0.0 { 2 } else { 0 };
    format!("{} {}", pool.study.baseline().currency(), number(amount, decimals)).trim().to_owned()
}

/// How numbers of the main outcome are told: all with as many decimals.
struct Voice {
    unit: Unit,
    decimals: usize,
    confidence: String,
}

impl Voice {
    fn new(pool: &Pool<'_>, ends: &Ends) -> Self {
        let values: Vec<f64> = ends.options.iter().map(|mix| ends.mean(pool, *mix, pool.main()).mean()).collect();
        let unit = Unit::difference(&unit(pool), values.iter().copied());
        let most = values.iter().filter(|value| value.is_finite()).fold(0.0, |most: f64, own| most.max(own.abs()));
        let decimals = numeral::decimals_for(unit.of_value(most).max(1e-3), 3);
        let level = pool.study.analysis().confidence * 100.0;
        let confidence = number(level, usize::from((level - libm::round(level)).abs() > 1e-9));
        Self { unit, decimals, confidence }
    }

    fn amount(&self, value: f64) -> String {
        let words = format!("{} {}", plus(self.unit.of_value(value), self.decimals), self.unit.name());
        words.trim().to_owned()
    }

    /// A size that was written by hand, with no more digits than it takes.
    fn bare(&self, value: f64) -> String {
        let words = numeral::significant(self.unit.of_value(value).abs(), 3);
        let words = if words.contains('.') { words.trim_end_matches('0').trim_end_matches('.') } else { &words };
        format!("{words} {}", self.unit.name()).trim().to_owned()
    }

    /// With its interval, in the unit that was named before.
    fn with(&self, value: f64, interval: Interval) -> String {
        let end = |x: f64| plus(self.unit.of_value(x), self.decimals);
        format!("{} ({}% {} to {})", self.amount(value), self.confidence, end(interval.low), end(interval.high))
    }

    /// The same without the unit.
    fn short(&self, value: f64, interval: Interval) -> String {
        let say = |x: f64| plus(self.unit.of_value(x), self.decimals);
        format!("{} ({} to {})", say(value), say(interval.low), say(interval.high))
    }
}

impl Ends {
    /// How a mix stands.
    pub(super) fn standing(&self, mix: usize, complete: u64) -> &'static str {
        match self.against.get(&mix) {
            _ if self.best == Some(mix) => "best",
            _ if complete == 0 => "failed",
            _ if !self.fitting.contains(&mix) => "over budget",
            Some(own) if own.possibly_best => "may be best",
            _ => "behind",
        }
    }
}

/// Verdicts, one a line.
pub(super) fn findings(pool: &Pool<'_>, asked: &Optimise, course: &Course, ends: &Ends) -> String {
    let voice = Voice::new(pool, ends);
    let mut lines = vec![looked_at(pool, asked, course)];
    match ends.best {
        None => lines.push("On fresh seeds no mix obeys the rules, fits the budget and could be run.".to_owned()),
        Some(best) => {
            lines.push(recommended(pool, course, ends, best, &voice));
            lines.extend(told_apart(pool, asked, course, ends, best, &voice));
            lines.extend(curse(pool, ends, best, &voice));
            lines.extend(prices(pool, ends, best, &voice));
        }
    }
    lines.extend(efficient(pool, ends, &voice));
    lines.extend(parts(pool, ends, &voice));
    lines.extend(costs(asked, course));
    if course.cut_short || ends.left_out > 0 || ends.without_parts {
        lines.push(short(pool, course, ends));
    }
    if course.broken_off > 0 {
        lines.push(format!("Mixes left out because a run of them failed: {}.", course.broken_off));
    }
    if pool.failed > 0 {
        lines.push(format!("{} of {} simulations failed; means are over those that did not.", pool.failed, pool.runs));
    }
    lines.join("\n")
}

fn looked_at(pool: &Pool<'_>, asked: &Optimise, course: &Course) -> String {
    let within = match asked.budget {
        Some(budget) => format!("within the budget of {}", money(pool, budget)),
        None => "without a budget".to_owned(),
    };
    let tried = pool.simulated();
    let window = &pool.study.windows()[asked.window];
    let of = format!("{} from {} to {}", lower(&main_label(pool)), window.from, window.until);
    match asked.method {
        Method::Subsets => format!(
            "{tried} mixes of {} arms were tried for {of}; {} of those that obey the rules are {within}.",
            pool.arms(),
            course.screened
        ),
        Method::Search => format!(
            "{tried} mixes were tried in {} generations for {of}; {} of them obey the rules and are {within}.",
            course.generations.len(),
            course.screened
        ),
    }
}

fn main_label(pool: &Pool<'_>) -> String {
    pool.study.analysis().outcomes[pool.study.analysis().main].label()
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn recommended(pool: &Pool<'_>, course: &Course, ends: &Ends, best: usize, voice: &Voice) -> String {
    if best == 0 && course.screened == 1 {
        return "Best is to do nothing: no other mix that obeys the rules fits the budget.".to_owned();
    }
    if best == 0 {
        return "Best is to do nothing: no mix that fits brings anything that can be told.".to_owned();
    }
    let effect = ends.mean(pool, best, pool.main());
    let interval = effect.interval_at(pool.study.analysis().confidence);
    format!(
        "Best: {}. On {} fresh seeds it changes {} by {} for {}.",
        pool.label(best),
        effect.n,
        lower(&main_label(pool)),
        voice.with(effect.mean(), interval),
        money(pool, ends.mean(pool, best, Of::Cost).mean())
    )
}

fn told_apart(
    pool: &Pool<'_>,
    asked: &Optimise,
    course: &Course,
    ends: &Ends,
    best: usize,
    voice: &Voice,
) -> Vec<String> {
    let mut lines = Vec::new();
    let delta = asked.indifference.map_or(String::new(), |delta| voice.bare(delta));
    match (course.winner, asked.method) {
        (Some(_), Method::Subsets) if course.screened < 2 => {}
        (Some(winner), Method::Subsets) if winner == best => lines.push(format!(
            "The race settled on it after {} replicates: it is within {delta} of the best at {}% confidence.",
            course.raced, voice.confidence
        )),
        (Some(winner), Method::Subsets) => lines.push(format!(
            "The race settled on {}, but on fresh seeds it costs more than the budget.",
            pool.label(winner)
        )),
        (None, Method::Subsets) if course.equal => lines.push(format!(
            "To the race {} mixes are the same, each within {delta} of the best: the cheapest of them is recommended.",
            course.left.len()
        )),
        (None, Method::Subsets) => lines.push(format!(
            "The race left {} mixes that {} replicates do not tell apart by {delta}: any of them may be the best.",
            course.left.len(),
            course.raced
        )),
        (_, Method::Search) => {}
    }
    let may: Vec<String> = ends
        .fitting
        .iter()
        .filter(|mix| **mix != best && ends.against.get(mix).is_some_and(|own| own.possibly_best))
        .map(|mix| {
            format!(
                "{} ({}, {})",
                pool.label(*mix),
                voice.amount(ends.mean(pool, *mix, pool.main()).mean()),
                money(pool, ends.mean(pool, *mix, Of::Cost).mean())
            )
        })
        .collect();
    match may.len() {
        0 if ends.fitting.len() > 1 => {
            lines.push("On fresh seeds no other mix that was run again may be as good.".to_owned())
        }
        0 => {}
        _ => {
            lines.push(format!("On fresh seeds not told from it: {}.", may.join("; ")));
            lines.extend(cheapest(pool, ends, best));
        }
    }
    let first = ends.fitting.iter().copied().max_by(|a, b| {
        let mean = |mix: usize| pool.sign() * ends.mean(pool, mix, pool.main()).mean();
        mean(*a).total_cmp(&mean(*b)).then(b.cmp(a))
    });
    if let Some(first) = first.filter(|first| *first != best) {
        lines.push(format!("By the mean of fresh seeds alone, {} is ahead.", pool.label(first)));
    }
    lines
}

/// The cheapest of those that may be the best, if it is not the one recommended.
fn cheapest(pool: &Pool<'_>, ends: &Ends, best: usize) -> Option<String> {
    let cost = |mix: usize| ends.mean(pool, mix, Of::Cost).mean();
    let may = ends.fitting.iter().copied().filter(|mix| ends.against.get(mix).is_some_and(|own| own.possibly_best));
    let least = may.min_by(|a, b| cost(*a).total_cmp(&cost(*b)).then(a.cmp(b)))?;
    let saved = cost(best) - cost(least);
    (saved > 0.0)
        .then(|| format!("The cheapest that may be the best is {}: {} less.", pool.label(least), money(pool, saved)))
}

fn curse(pool: &Pool<'_>, ends: &Ends, best: usize, voice: &Voice) -> Option<String> {
    let (of, found) = ends.overstated.as_ref()?;
    let own = found.each.get(of.iter().position(|mix| *mix == best)?)?;
    let clear = own.interval.low > 0.0 || own.interval.high < 0.0;
    let verdict = match (clear, own.shrinkage > 0.0) {
        (true, true) => "the search overstated it",
        (true, false) => "the search understated it",
        _ => "no more than chance",
    };
    let search = pool.in_search(best, pool.main());
    Some(format!(
        "On the {} seeds of the search it had looked like {}: a shrinkage of {}, {verdict}.",
        search.n,
        voice.amount(search.mean()),
        voice.with(own.shrinkage, own.interval)
    ))
}

fn prices(pool: &Pool<'_>, ends: &Ends, best: usize, voice: &Voice) -> Option<String> {
    let analysis = pool.study.analysis();
    let scale = voice.unit.of_value(1.0);
    let mut told = Vec::new();
    for (place, measure) in analysis.outcomes.iter().enumerate() {
        let is_main = place == analysis.main;
        if !is_main && !["accepted", "rescues", "arrests"].contains(&measure.key()) {
            continue;
        }
        let price = ends.price(pool, best, Of::Outcome(place));
        let (by, unit) = match is_main {
            true => (scale, format!("of {} ({})", lower(&measure.label()), voice.unit.name().trim_end_matches('s'))),
            false => (1.0, lower(&measure.label())),
        };
        if !price.ratio.is_finite() {
            continue;
        }
        let interval = match price.interval.low.is_finite() {
            true => format!(
                "{}% {} to {}",
                voice.confidence,
                number(price.interval.low / by, 0),
                number(price.interval.high / by, 0)
            ),
            false => "no bounded interval".to_owned(),
        };
        told.push(format!("{unit} {} ({interval})", money(pool, price.ratio / by)));
    }
    (!told.is_empty()).then(|| format!("One more unit costs, against doing nothing: {}.", told.join("; ")))
}

fn efficient(pool: &Pool<'_>, ends: &Ends, voice: &Voice) -> Vec<String> {
    let Some(frontier) = &ends.frontier else { return Vec::new() };
    let mut lines = Vec::new();
    let told = |place: &&usize| !frontier.options[**place].beaten_by_mixture;
    let listed: Vec<String> = frontier
        .along
        .iter()
        .filter(told)
        .map(|place| {
            let own = frontier.options[*place];
            format!(
                "{} ({} for {})",
                pool.label(ends.fitting[*place]),
                voice.amount(own.effect.mean()),
                money(pool, own.cost.mean())
            )
        })
        .collect();
    if listed.len() > 1 {
        let others = match frontier.along.len() - listed.len() {
            0 => String::new(),
            others => format!(" (without {others} that mixtures of these would beat)"),
        };
        lines.push(format!("Efficient, the cheapest first{others}: {}.", listed.join("; ")));
    }
    if let Some(knee) = frontier.knee {
        let own = frontier.options[knee];
        lines.push(format!(
            "Returns fall off after {}; in {} % of resamples it is this one.",
            pool.label(ends.fitting[knee]),
            number(own.knee_frequency * 100.0, 0)
        ));
    }
    lines
}

fn parts(pool: &Pool<'_>, ends: &Ends, voice: &Voice) -> Vec<String> {
    let Some((synergy, interval)) = ends.synergy else { return Vec::new() };
    let label = |arm: usize| pool.space.factors()[arm].label.clone();
    let each: Vec<String> = ends
        .parts
        .iter()
        .map(|part| {
            let alone = ends.mean(pool, part.alone, pool.main()).mean();
            format!(
                "{} adds {}, alone {}",
                label(part.arm),
                voice.short(part.adds.0.mean(), part.adds.1),
                plus(voice.unit.of_value(alone), voice.decimals)
            )
        })
        .collect();
    let verdict = match (interval.low > 0.0, interval.high < 0.0) {
        (true, _) => "more than the sum of each alone: they help each other",
        (_, true) => "less than the sum of each alone: they do in part the same",
        _ => "what the sum of each alone is, as far as can be told",
    };
    // Of an outcome of which less is better, more of it is worse.
    let verdict = match (pool.sign() < 0.0, verdict) {
        (true, "more than the sum of each alone: they help each other") => {
            "less than each alone promises: they do in part the same"
        }
        (true, "less than the sum of each alone: they do in part the same") => {
            "more than each alone promises: they help each other"
        }
        (_, verdict) => verdict,
    };
    vec![
        format!(
            "Within the best mix, in {} with {}% intervals: {}.",
            voice.unit.name(),
            voice.confidence,
            each.join("; ")
        ),
        format!("Together they bring {verdict} ({} beyond it).", voice.with(synergy.mean(), interval)),
    ]
}

fn costs(asked: &Optimise, course: &Course) -> Option<String> {
    let (below, above) = course.apart;
    if asked.budget.is_none() || !below.is_finite() {
        return None;
    }
    let most = below.max(above) * 100.0;
    Some(match most < 0.05 {
        true => "Costs of arms add up; what was not simulated costs too much by far.".to_owned(),
        false => format!(
            "Costs of mixes are off the sum of their arms' by {} % at most; what was not simulated costs too much by far.",
            numeral::significant(most, 2)
        ),
    })
}

fn short(pool: &Pool<'_>, course: &Course, ends: &Ends) -> String {
    let mut what = Vec::new();
    if course.cut_short && course.generations.is_empty() {
        what.push(format!("the race ended after {} replicates", course.raced));
    } else if course.cut_short {
        what.push(format!("the search ended after {} generations", course.generations.len()));
    }
    if ends.left_out > 0 {
        what.push(format!("{} efficient mixes were not run again", ends.left_out));
    }
    if ends.without_parts {
        what.push("what each part of the best adds was not looked at".to_owned());
    }
    format!("{} of the {} simulations allowed were run: {}.", pool.runs, pool.limit, what.join(", "))
}
