//! Mixes of arms: what they cost against what they bring, and the efficient frontier under a budget.
//!
//! Effects to the right, costs upwards, as in the figure of single arms. Mixes that were only tried stand where the seeds of the search put
//! them, small and grey; those that were run again, where fresh seeds do, with intervals. The frontier is drawn in steps: at a given
//! budget one has the best mix that fits it.

use super::cost_effect::corners;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::forest::difference_axis;
use super::labels::{Room, Wish};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::numbered::Key;
use super::palette::{BLACK, BLUE, FAINT, GREY, VERMILLION};
use super::paper::Paper;
use super::sheet::{Dash, Rect, Stroke};
use super::unit::{self, Unit};
use super::words::{in_full, lower};
use super::{Context, Drawing, FigureError, axis, columns};
use crate::table::{Cell, Field, Schema, Table};

const EDGE: f64 = 2.0;
/// The furthest a number may stand from its point.
const FAR: f64 = 60.0;

/// A mix in the plane.
struct Mix {
    id: i64,
    label: String,
    cost: f64,
    effect: f64,
    interval: (f64, f64),
    kind: Kind,
}

/// What is known of a mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Tried on the seeds of the search; within the budget.
    Tried,
    /// Tried, and beyond the budget.
    Dear,
    /// Run again on fresh seeds, and not efficient.
    Behind,
    /// Run again, and efficient.
    Efficient,
}

/// So many mixes.
pub(super) fn counted(count: usize) -> String {
    format!("{count} {}", if count == 1 { "mix" } else { "mixes" })
}

/// The mixes that have numbers, in the order of their costs: efficient ones that no mixture beats, doing nothing left out.
pub(super) fn numbered(frontier: &Table) -> Result<Vec<(i64, String)>, FigureError> {
    let (ids, labels) = (columns::integers(frontier, "mix_id")?, columns::texts(frontier, "mix")?);
    let beaten = columns::texts(frontier, "beaten_by_mixture")?;
    let rows = (0..frontier.rows()).filter(|row| &*beaten[*row] == "no" && ids[*row] != 0);
    Ok(rows.map(|row| (ids[row], labels[row].to_string())).collect())
}

/// Draws the tables `mixes`, `finalists` and `frontier`, with a line at the budget if there is one.
///
/// # Errors
/// When a column is missing, no mix has both a cost and an effect, or the size asked for is too small.
pub fn mixes(
    [mixes, finalists, frontier]: [&Table; 3],
    budget: Option<f64>,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let all = read(mixes, finalists, context)?;
    let (best, knee) = marked(finalists)?;
    let mut numbers = numbered(frontier)?;
    if let Some(own) =
        all.iter().find(|mix| Some(mix.id) == best && mix.id != 0 && !numbers.iter().any(|(id, _)| *id == mix.id))
    {
        numbers.push((own.id, own.label.clone()));
    }
    let numbers: Vec<(i64, String)> =
        numbers.into_iter().map(|(id, label)| (id, context.label(&label, &label))).collect();
    let name = columns::word(frontier, "measure_label", &[0]);
    let values =
        || all.iter().flat_map(|mix| [mix.effect, mix.interval.0, mix.interval.1]).filter(|value| value.is_finite());
    let effect_unit = Unit::difference(&columns::word(frontier, "unit", &[0]), values());
    let costs = || all.iter().map(|mix| mix.cost).chain(budget);
    let cost_unit = Unit::level(&columns::unit(mixes, "cost"), costs());
    let x = unit::differences(values().map(|value| effect_unit.of_value(value)).collect::<Vec<f64>>().into_iter(), 5);
    let y = unit::scale(costs().map(|cost| cost_unit.of_value(cost)), true, 5);

    let size = context.style.text;
    let width = context.style.points(120.0)?;
    let legend = legend(context, &all, knee.is_some(), budget.is_some());
    let ticks = axis::left_width(&y, size);
    let left = EDGE + LEADING * size + size * 0.4 + ticks;
    let half = x.ticks.last().map_or(0.0, |tick| font::width(&tick.label, Face::Regular, size) / 2.0);
    let right = width - EDGE - half;
    if right - left < 80.0 {
        return Err(FigureError::Unfit { reason: "the figure is too narrow for its axes; make it wider".to_owned() });
    }
    let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + size * 0.3;
    let high = ((right - left) * 0.75).max(110.0) * context.style.stretch;
    let place = Rect::new(left, top, right, top + high);
    let title = font::wrap(&difference_axis(context, &effect_unit, &name), Face::Regular, size, width - 2.0 * EDGE, 3);
    let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
    let below = foot + (title.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size;
    let names: Vec<&str> = numbers.iter().map(|(_, label)| label.as_str()).collect();
    let key = Key::new(&names, width, size);
    let paper = Paper::new(width, below + key.height() + EDGE);
    let panel = paper.panel(place, (x.low, x.high), (y.low, y.high));
    legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
    axis::bottom(&paper, &panel, &x, size);
    axis::left(&paper, &panel, &y, size);
    let words = unit::title(&cost_unit, context, &context.say("Cost"));
    axis::left_title(
        &paper,
        &[font::shorten(&words, Face::Regular, size, high)],
        place,
        left - ticks - size * 0.3,
        size,
    );
    axis::bottom_title(&paper, &title, place.centre().0, foot, (EDGE, width - EDGE), size);
    key.draw(&paper, below + size);

    let at = |effect: f64, cost: f64| panel.at(effect_unit.of_value(effect), cost_unit.of_value(cost));
    let mut room = Room::new(Rect::new(place.left + 1.5, place.top - size * 0.2, width - EDGE, place.bottom - 1.5));
    if let Some(budget) = budget {
        let level = at(0.0, budget).1;
        paper.line((place.left, level), (place.right, level), Stroke::solid(0.6, GREY).dashed(Dash::Dashed));
        room.line((place.left, level), (place.right, level));
    }
    for mix in all.iter().filter(|mix| matches!(mix.kind, Kind::Tried | Kind::Dear)) {
        let look =
            if mix.kind == Kind::Tried { Look::filled(Shape::Disc, FAINT) } else { Look::hollow(Shape::Disc, FAINT) };
        marker(&paper, at(mix.effect, mix.cost), 1.1, look);
    }
    let efficient =
        corners(all.iter().filter(|mix| mix.kind == Kind::Efficient).map(|mix| (mix.effect, mix.cost)).collect());
    for ends in efficient.windows(2) {
        let (from, to) = (at(ends[0].0, ends[0].1), at(ends[1].0, ends[1].1));
        paper.line(from, to, Stroke::solid(2.2, BLUE.tint(0.35)));
        room.line(from, to);
    }
    for mix in all.iter().filter(|mix| matches!(mix.kind, Kind::Behind | Kind::Efficient) && mix.id != 0) {
        let (low, high) = mix.interval;
        if low.is_finite() && high.is_finite() {
            let (from, to) = (at(low, mix.cost), at(high, mix.cost));
            paper.line(from, to, Stroke::solid(0.6, look(mix).colour));
            room.line(from, to);
        }
    }
    for mix in
        all.iter().filter(|mix| mix.kind == Kind::Behind).chain(all.iter().filter(|mix| mix.kind == Kind::Efficient))
    {
        let spot = at(mix.effect, mix.cost);
        let (shown, radius) = match mix.id {
            0 => (Look::filled(Shape::Diamond, BLACK), 2.3),
            id if Some(id) == best => (Look::filled(Shape::Square, VERMILLION), 2.4),
            _ => (look(mix), 1.9),
        };
        if Some(mix.id) == knee {
            marker(&paper, spot, 3.8, Look::hollow(Shape::Disc, BLACK));
        }
        marker(&paper, spot, radius, shown);
        room.marker(spot);
    }
    let mut left_out = Vec::new();
    for (index, (id, label)) in numbers.iter().enumerate() {
        let Some(mix) = all.iter().find(|mix| mix.id == *id) else { continue };
        let wish = Wish { at: at(mix.effect, mix.cost), words: (index + 1).to_string(), furthest: FAR };
        if !room.name(&paper, &wish, size) {
            left_out.push(label.clone());
        }
    }
    let own = context.title_or(&format!("Mixes of arms: cost and effect on {}", lower(&name)));
    let again = all.iter().filter(|mix| matches!(mix.kind, Kind::Behind | Kind::Efficient)).count();
    let mut body = format!(
        "Mean cost of mixes of arms beyond the baseline’s against their mean paired difference from it. Blue and square: {} run again on fresh \
         seeds, with 95% intervals (Student’s t). Grey: {} on the seeds of the search{}, where chance puts them all together a little to the left or \
         right. The frontier goes by means on fresh seeds and is drawn in steps, as mixtures of mixes were not simulated; numbers are of \
         mixes that no such mixture would beat, and of the best.",
        counted(again),
        counted(all.len() - again),
        replicates_of(columns::integers(mixes, "replicates")?),
    );
    if !left_out.is_empty() {
        body.push_str(&format!(" Without room for their numbers: {}.", left_out.join("; ")));
    }
    body.push_str(&in_full(&key.cut(&names)));
    Drawing::new(paper, context, (&own, &body), data(&all))
}

fn read(mixes: &Table, finalists: &Table, context: &Context) -> Result<Vec<Mix>, FigureError> {
    let again = columns::integers(finalists, "mix_id")?;
    let mut all = Vec::new();
    let (ids, labels) = (columns::integers(mixes, "mix_id")?, columns::texts(mixes, "mix")?);
    let (costs, effects) = (columns::numbers(mixes, "cost")?, columns::numbers(mixes, "effect")?);
    let (feasible, obeys) = (columns::texts(mixes, "feasible")?, columns::texts(mixes, "obeys")?);
    // What breaks a rule was only run to know its cost, or what it adds.
    for row in (0..mixes.rows()).filter(|row| !again.contains(&ids[*row]) && &*obeys[*row] == "yes") {
        let kind = if &*feasible[row] == "yes" { Kind::Tried } else { Kind::Dear };
        let interval = (f64::NAN, f64::NAN);
        let label = labels[row].to_string();
        all.push(Mix { id: ids[row], label, cost: costs[row], effect: effects[row], interval, kind });
    }
    let (labels, efficient) = (columns::texts(finalists, "mix")?, columns::texts(finalists, "efficient")?);
    let standing = columns::texts(finalists, "standing")?;
    let number = |name: &str| columns::numbers(finalists, name);
    let (costs, effects, low, high) = (number("cost")?, number("effect")?, number("ci_low")?, number("ci_high")?);
    for row in 0..finalists.rows() {
        let kind = match (&*efficient[row], &*standing[row]) {
            ("yes", _) => Kind::Efficient,
            (_, "over budget") => Kind::Dear,
            _ => Kind::Behind,
        };
        let (interval, label) = ((low[row], high[row]), labels[row].to_string());
        all.push(Mix { id: again[row], label, cost: costs[row], effect: effects[row], interval, kind });
    }
    all.retain(|mix| mix.cost.is_finite() && mix.effect.is_finite());
    if !context.select.is_empty() {
        all.retain(|mix| context.select.contains(&mix.label) || context.select.contains(&mix.id.to_string()));
    }
    if all.is_empty() { Err(columns::nothing(mixes, "mixes with both a cost and an effect")) } else { Ok(all) }
}

/// The mix that is recommended, and the one after which returns fall off.
fn marked(finalists: &Table) -> Result<(Option<i64>, Option<i64>), FigureError> {
    let ids = columns::integers(finalists, "mix_id")?;
    let of = |words: &[std::sync::Arc<str>], wanted: &str| {
        words.iter().position(|word| &**word == wanted).map(|row| ids[row])
    };
    Ok((of(columns::texts(finalists, "standing")?, "best"), of(columns::texts(finalists, "knee")?, "yes")))
}

fn look(mix: &Mix) -> Look {
    if mix.kind == Kind::Efficient { Look::filled(Shape::Disc, BLUE) } else { Look::hollow(Shape::Disc, BLUE) }
}

fn legend(context: &Context, all: &[Mix], knee: bool, budget: bool) -> Vec<Entry> {
    let line = Sample::Line(Stroke::solid(2.2, BLUE.tint(0.35)));
    let one = |look: Look, words: &str| Entry::new(&[Sample::Marker(look)], &context.say(words));
    let there = |kind: Kind| all.iter().any(|mix| mix.kind == kind);
    let mut entries = vec![Entry::new(
        &[line, Sample::Marker(Look::filled(Shape::Disc, BLUE))],
        &context.say("efficient, on fresh seeds"),
    )];
    entries.push(one(Look::filled(Shape::Square, VERMILLION), "best within the budget"));
    if there(Kind::Behind) {
        entries.push(one(Look::hollow(Shape::Disc, BLUE), "run again, not efficient"));
    }
    if there(Kind::Tried) {
        entries.push(Entry::new(&[Sample::Dot(FAINT)], &context.say("tried")));
    }
    if there(Kind::Dear) {
        entries.push(one(Look::hollow(Shape::Disc, FAINT), "beyond the budget"));
    }
    if knee {
        entries.push(one(Look::hollow(Shape::Disc, BLACK), "ringed: returns fall off"));
    }
    entries.push(one(Look::filled(Shape::Diamond, BLACK), "baseline"));
    if budget {
        let dashed = Sample::Line(Stroke::solid(0.6, GREY).dashed(Dash::Dashed));
        entries.push(Entry::new(&[dashed], &context.say("budget")));
    }
    entries
}

/// How many replicates mixes were tried on, in words.
fn replicates_of(counts: &[i64]) -> String {
    match (counts.iter().min(), counts.iter().max()) {
        (Some(least), Some(most)) if least == most => format!(" ({most} replicates each)"),
        (Some(least), Some(most)) => format!(" ({least} to {most} replicates each)"),
        _ => String::new(),
    }
}

fn data(all: &[Mix]) -> Table {
    let schema = Schema::of(
        "figure_mixes",
        "Cost and effect of mixes.",
        vec![
            Field::integer("mix_id", "", "Number of the mix."),
            Field::text("mix", "What is in it."),
            Field::real("cost", "", "Its cost beyond the baseline's."),
            Field::real("effect", "", "Mean paired difference from the baseline."),
            Field::real("ci_low", "", "Lower end of its interval; missing where it was not run again."),
            Field::real("ci_high", "", "Upper end."),
            Field::text("standing", "efficient, behind, tried, or beyond the budget."),
        ],
    );
    let mut table = Table::new(schema);
    for mix in all {
        let standing = match mix.kind {
            Kind::Tried => "tried",
            Kind::Dear => "beyond the budget",
            Kind::Behind => "behind",
            Kind::Efficient => "efficient",
        };
        table.push([
            Cell::from(mix.id),
            Cell::from(mix.label.as_str()),
            Cell::Real(mix.cost),
            Cell::Real(mix.effect),
            Cell::Real(mix.interval.0),
            Cell::Real(mix.interval.1),
            Cell::from(standing),
        ]);
    }
    table
}
