//! Single runs over time: thin lines, the median over all of them, one typical and one extreme run.
//!
//! A run's distance from the median is, for each measure, the mean over periods of the squared difference, divided by its mean over runs,
//! so that every measure has the same weight; distances of measures are added. The run with the least distance is
//! typical, the one with the largest extreme. Of more than 50 runs the 50 that divide them evenly by number are drawn.

use super::force::Force;
use super::palette::{BLACK, BLUE, Colour, GREY, VERMILLION};
use super::rates::{self, Course};
use super::series::{Measure, rates_of_cooperation};
use super::sheet::{Dash, Stroke};
use super::ticks::{self, Scale};
use super::timed::{Frame, Label, Pane};
use super::{Context, Drawing, FigureError, calendar};
use crate::table::{Cell, Field, Schema, Table};

/// The most runs drawn as thin lines.
const DRAWN: usize = 50;

/// Which runs are shown, as places in the order of replicates.
struct Shown {
    thin: Vec<usize>,
    typical: Option<usize>,
    extreme: Option<usize>,
}

/// Draws the `series` table (columns `replicate`, `date`, `state`, `arrived`, `recognised`, `sought`, `accepted`) run by
/// run: cooperation rate and seeking rate, up to 50 runs, the median of all, a typical run and an extreme one.
///
/// # Errors
/// When a column is missing, no row fits, or the size asked for is too small.
pub fn spaghetti(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let measures = rates_of_cooperation();
    let pairs: Vec<(&str, Option<&str>)> =
        measures.iter().map(|measure| (measure.part.as_str(), measure.whole.as_deref())).collect();
    let course = rates::course(table, context, &pairs)?;
    let shown = choose(&course);
    let width = context.style.points(183.0)?;
    let panes: Vec<Pane> = measures
        .iter()
        .enumerate()
        .map(|(index, measure)| Pane {
            name: context.say(&measure.name),
            axis: context.say(&measure.axis),
            scale: scale(&course, &shown, index),
            labels: labels(&course, &shown, (index, measure), context),
        })
        .collect();
    let frame = Frame { panes: &panes, days: (course.first, course.last), force: &Force::default() };
    let paper = frame.draw(width, context, |_, index, panel| {
        let line = |run: usize| -> Vec<(f64, f64)> {
            let values = &course.runs[index][run];
            course.measures[index].iter().zip(values).map(|(point, value)| (point.middle(), *value)).collect()
        };
        let curve = |points: &[(f64, f64)], stroke: Stroke| {
            panel.curve(points, stroke);
            for &(x, y) in super::courses::alone(points, |(_, y)| y.is_finite()) {
                panel.dot(x, y, 0.6 + stroke.width * 0.5, (stroke.colour, stroke.colour));
            }
        };
        for &run in &shown.thin {
            curve(&line(run), Stroke::solid(0.35, GREY.tint(0.55)));
        }
        for (run, stroke) in [(shown.extreme, EXTREME), (shown.typical, TYPICAL)] {
            if let Some(run) = run {
                curve(&line(run), stroke);
            }
        }
        let median = course.measures[index].iter().map(|point| (point.middle(), point.quantiles[2]));
        curve(&median.collect::<Vec<_>>(), MEDIAN);
    })?;
    let differ = panes[0].scale.high != panes[1].scale.high;
    let title = context.title_or("Single runs over time");
    let data = numbers(&course, &shown, &measures);
    Drawing::new(paper, context, (&title, &words(&course, &shown, differ, context)), data)
}

const MEDIAN: Stroke = Stroke { width: 1.4, colour: BLACK, dash: Dash::Solid };
const TYPICAL: Stroke = line(BLUE, Dash::Dashed);
const EXTREME: Stroke = line(VERMILLION, Dash::DashDot);

const fn line(colour: Colour, dash: Dash) -> Stroke {
    Stroke { width: 1.1, colour, dash }
}

/// The runs drawn, the one nearest to the median and the one farthest from it; equals by the lower number.
fn choose(course: &Course) -> Shown {
    let count = course.replicates.len();
    let thin: Vec<usize> = match count {
        ..=DRAWN => (0..count).collect(),
        _ => (0..DRAWN).map(|place| place * count / DRAWN).collect(),
    };
    let mut away: Vec<(usize, f64)> = distances(course);
    away.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    if away.len() < 2 {
        return Shown { thin, typical: None, extreme: None };
    }
    let most = away[away.len() - 1].1;
    let typical = away[0].0;
    let extreme = away.iter().find(|(run, distance)| *distance == most && *run != typical).map(|(run, _)| *run);
    Shown { thin, typical: Some(typical), extreme }
}

/// How far every run is from the median, in every measure; runs that have no value in some measure are left out.
fn distances(course: &Course) -> Vec<(usize, f64)> {
    let off = |measure: usize, run: usize| {
        let pairs = course.runs[measure][run].iter().zip(&course.measures[measure]);
        let squares = pairs.map(|(rate, point)| (rate - point.quantiles[2]) * (rate - point.quantiles[2]));
        let known: Vec<f64> = squares.filter(|square| square.is_finite()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let each: Vec<Vec<f64>> = (0..course.runs.len())
        .map(|measure| {
            let own: Vec<f64> = (0..course.replicates.len()).map(|run| off(measure, run)).collect();
            let known: Vec<f64> = own.iter().copied().filter(|off| off.is_finite()).collect();
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            own.iter().map(|off| if mean > 0.0 { off / mean } else { *off }).collect()
        })
        .collect();
    let all = (0..course.replicates.len()).map(|run| (run, each.iter().map(|own| own[run]).sum::<f64>()));
    all.filter(|(_, distance)| distance.is_finite()).collect()
}

/// The rates that are drawn of one measure.
fn drawn<'a>(course: &'a Course, shown: &'a Shown, measure: usize) -> impl Iterator<Item = f64> + 'a {
    let runs = shown.thin.iter().copied().chain(shown.typical).chain(shown.extreme);
    let rates = runs.flat_map(move |run| course.runs[measure][run].iter().copied());
    rates.filter(|rate| rate.is_finite())
}

fn scale(course: &Course, shown: &Shown, measure: usize) -> Scale {
    let top = |measure| drawn(course, shown, measure).fold(0.0, f64::max);
    let most = (0..course.runs.len()).map(top).fold(0.0, f64::max);
    // One scale where that hides nothing.
    let own = top(measure);
    ticks::shares(if own * 2.5 >= most { most } else { own }, 5)
}

/// What stands beside the end: the median and the two runs by number, the highest first.
fn labels(course: &Course, shown: &Shown, (index, measure): (usize, &Measure), context: &Context) -> Vec<Label> {
    let points = &course.measures[index];
    let label = |words: String, values: Vec<f64>| {
        let newest = points.iter().zip(values).rev().find(|(_, value)| value.is_finite());
        newest.map(|(point, value)| Label {
            value,
            start: point.middle(),
            words: format!("{words} {}", measure.show(value)),
        })
    };
    let run = |run: Option<usize>, what: &str| {
        run.and_then(|run| {
            let name = format!("{} {} ({})", context.say("run"), course.replicates[run], context.say(what));
            label(name, course.runs[index][run].clone())
        })
    };
    let median = points.iter().map(|point| point.quantiles[2]).collect();
    let alone = course.replicates.len() == 1;
    let own = if alone { format!("{} {}", context.say("run"), course.replicates[0]) } else { context.say("median") };
    let mut labels: Vec<Label> = [label(own, median), run(shown.typical, "typical"), run(shown.extreme, "extreme")]
        .into_iter()
        .flatten()
        .collect();
    labels.sort_by(|a, b| b.value.total_cmp(&a.value));
    labels
}

fn words(course: &Course, shown: &Shown, differ: bool, context: &Context) -> String {
    let count = course.replicates.len();
    let number = |run: usize| course.replicates[run];
    let which = match (count, shown.thin.len()) {
        (1, _) => format!("The line is run {}, the only one.", course.replicates[0]),
        (all, drawn) if all == drawn => {
            format!("Thin lines: all {all} runs; black: their median, period by period, which is no run of its own.")
        }
        (all, drawn) => format!(
            "Thin lines: {drawn} of {all} runs, evenly chosen by number from run {} to run {}; black: the median of all \
             {all}, period by period, which is no run of its own.",
            number(shown.thin[0]),
            number(shown.thin[drawn - 1])
        ),
    };
    let marked = match (shown.typical, shown.extreme) {
        (Some(typical), Some(extreme)) => format!(
            " Dashed: run {}, the typical one, whose two curves are nearest to the medians (least mean squared distance, \
             both measures weighing the same); dash-dotted: run {}, the one farthest from them.",
            number(typical),
            number(extreme)
        ),
        _ => String::new(),
    };
    format!(
        "Cooperation rate: `accepted` per `arrived`; seeking rate: `sought` per `recognised`. {which}{marked} Columns are added up per {} within each run before dividing; a ragged first or last period is \
         counted with its neighbour. Numbers at the right edge: the last period. {}Period shown: {} to {}.{}",
        course.period.name(),
        if differ { "The panels differ in scale. " } else { "" },
        calendar::day_name(course.first),
        calendar::day_name(course.last - 1),
        if count as u64 == context.replicates { String::new() } else { format!(" The table holds {count} runs.") },
    )
}

/// The rates drawn: the median, then every run that is shown.
fn numbers(course: &Course, shown: &Shown, measures: &[Measure]) -> Table {
    let fields = vec![
        Field::text("measure", "Which rate."),
        Field::text("line", "`median` of all runs, `typical` or `extreme` run, or `run`."),
        Field::integer("replicate", "", "Number of the run; -1 for the median."),
        Field::date("from", "First day of the period."),
        Field::date("to", "Day after its last."),
        Field::real("rate", "share", "The rate; missing where there is nothing to divide by."),
    ];
    let mut table = Table::new(Schema::of("figure_spaghetti", "Rates of single runs per period.", fields));
    for ((measure, points), runs) in measures.iter().zip(&course.measures).zip(&course.runs) {
        let mut push = |line: &str, replicate: i64, rates: &[f64]| {
            for (point, rate) in points.iter().zip(rates) {
                let days = [Cell::Date(point.from), Cell::Date(point.to)];
                let [from, to] = days;
                table.push([measure.name.as_str().into(), line.into(), replicate.into(), from, to, (*rate).into()]);
            }
        };
        push("median", -1, &points.iter().map(|point| point.quantiles[2]).collect::<Vec<f64>>());
        for (run, line) in [(shown.typical, "typical"), (shown.extreme, "extreme")] {
            if let Some(run) = run {
                push(line, course.replicates[run], &runs[run]);
            }
        }
        for &run in &shown.thin {
            push("run", course.replicates[run], &runs[run]);
        }
    }
    table
}
