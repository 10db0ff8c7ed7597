//! Cost against effect: what each arm costs and brings, and the efficient frontier.
//!
//! An arm is on the frontier if no other arm (nor the baseline, at no cost and no effect) brings at least as
//! much for less, or more for the same. The frontier is drawn in steps, as mixtures of arms were not
//! simulated: at a given budget one has the best arm that fits it.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::forest::{Effect, Outcome, difference_axis, read};
use super::labels::{Room, Wish};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::numbered::Key;
use super::palette::{BLACK, BLUE, FAINT, GREY};
use super::paper::Paper;
use super::sheet::{Rect, Stroke};
use super::ticks::Scale;
use super::unit::{self, Unit};
use super::words::{counted, in_full, lower};
use super::{Context, Drawing, FigureError, columns};
use crate::statistics::optimisation::non_dominated;
use crate::table::{Cell, Field, Schema, Table};

const EDGE: f64 = 2.0;

struct Arm {
    effect: Effect,
    cost: f64,
    frontier: bool,
}

/// Draws the `effects` table for one measure and window: cost (column `cost`) against effect, with the
/// efficient frontier in steps.
///
/// # Errors
/// When a column is missing, no row fits, no arm has both a cost and an effect, or the size asked for
/// is too small.
pub fn cost_effect(effects: &Table, outcome: &Outcome<'_>, context: &Context) -> Result<Drawing, FigureError> {
    let rows = columns::rows_of(effects, &[("measure", outcome.measure), ("window", outcome.window)])?;
    let costs = columns::numbers(effects, "cost")?;
    let named = |effect: Effect| Effect { label: context.label(&effect.key, &effect.label), ..effect };
    let all = read(effects, &rows)?.into_iter().map(named).zip(rows.iter().map(|&row| costs[row]));
    let (known, unknown): (Vec<_>, Vec<_>) =
        all.partition(|(effect, cost)| effect.difference.is_finite() && cost.is_finite());
    let mut arms: Vec<Arm> = known.into_iter().map(|(effect, cost)| Arm { effect, cost, frontier: false }).collect();
    if arms.is_empty() {
        return Err(columns::nothing(effects, "arms with both a cost and an effect"));
    }
    mark_frontier(&mut arms);
    if !context.select.is_empty() {
        arms.retain(|arm| context.select.contains(&arm.effect.key));
    }
    if arms.is_empty() {
        return Err(columns::nothing(effects, "arms among those selected"));
    }
    let name = columns::word(effects, "measure_label", &rows);
    let effect_values =
        || arms.iter().flat_map(|arm| [arm.effect.difference, arm.effect.interval.0, arm.effect.interval.1]);
    let effect_unit = Unit::difference(&columns::word(effects, "unit", &rows), effect_values());
    let cost_unit = Unit::level(&columns::unit(effects, "cost"), arms.iter().map(|arm| arm.cost));
    let x = unit::differences(effect_values().map(|value| effect_unit.of_value(value)), 5);
    let y = unit::scale(arms.iter().map(|arm| cost_unit.of_value(arm.cost)), true, 5);

    let plane = Plane {
        arms: &arms,
        x: &x,
        y: &y,
        effect: &effect_unit,
        cost: &cost_unit,
        name: &name,
        context,
        size: context.style.text,
        width: context.style.points(120.0)?,
    };
    // Names where all of them find room near their points; else numbers, and a key below.
    let (paper, nameless, cut) = match plane.draw(true) {
        Some(drawn) => drawn,
        None => plane.draw(false).expect("numbers may be left out, so they are always drawn"),
    };
    let own = context.title_or(&format!("Cost and effect on {}", lower(&name)));
    let mut body = format!(
        "Cost of each arm against its mean paired difference from the baseline, with 95% intervals (Student’s t; {}; window: {}). \
         Filled, joined in steps: no other arm brings as much for less; hollow grey: dominated. The frontier goes by the means, whatever their \
         uncertainty, and is drawn in steps because mixtures of arms were not simulated.",
        counted(arms.len(), "arm"),
        outcome.window
    );
    if !nameless.is_empty() {
        body.push_str(&format!(" Without room for their numbers: {}.", nameless.join("; ")));
    }
    if !unknown.is_empty() {
        let labels: Vec<&str> = unknown.iter().map(|(effect, _)| effect.label.as_str()).collect();
        body.push_str(&format!(" Not shown, as cost or effect is missing: {}.", labels.join("; ")));
    }
    body.push_str(&in_full(&cut));
    Drawing::new(paper, context, (&own, &body), data(&arms))
}

/// All that is drawn, measured and scaled.
struct Plane<'a> {
    arms: &'a [Arm],
    x: &'a Scale,
    y: &'a Scale,
    effect: &'a Unit,
    cost: &'a Unit,
    name: &'a str,
    context: &'a Context,
    size: f64,
    width: f64,
}

/// The furthest a name may stand from its point, and a number.
const NEAR: f64 = 26.0;
const FAR: f64 = 75.0;

impl Plane<'_> {
    /// The page, the arms that could not be numbered, and labels cut in the key; nothing if names do not fit.
    fn draw(&self, named: bool) -> Option<(Paper, Vec<String>, Vec<String>)> {
        let (size, width) = (self.size, self.width);
        let legend = legend(self.context);
        let names = axis::left_width(self.y, size);
        let left = EDGE + LEADING * size + size * 0.4 + names;
        let half = self.x.ticks.last().map_or(0.0, |tick| font::width(&tick.label, Face::Regular, size) / 2.0);
        let right = width - EDGE - half;
        let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + size * 0.3;
        // More arms need more room for what stands beside them.
        let least = (self.arms.len() as f64 * size * if named { 0.95 } else { 0.6 }).max(90.0);
        let high = ((right - left) * 0.75).max(least).min((right - left) * 1.4) * self.context.style.stretch;
        let place = Rect::new(left, top, right, top + high);
        let title = difference_axis(self.context, self.effect, self.name);
        let title = font::wrap(&title, Face::Regular, size, width - 2.0 * EDGE, 3);
        let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
        let below = foot + (title.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size;
        // The frontier comes first, the largest effect on top.
        let mut order: Vec<&Arm> = self.arms.iter().collect();
        order.sort_by(|a, b| {
            b.frontier.cmp(&a.frontier).then_with(|| b.effect.difference.total_cmp(&a.effect.difference))
        });
        let labels: Vec<&str> = order.iter().filter(|_| !named).map(|arm| arm.effect.label.as_str()).collect();
        let key = Key::new(&labels, width, size);
        let paper = Paper::new(width, below + key.height() + EDGE);
        let panel = paper.panel(place, (self.x.low, self.x.high), (self.y.low, self.y.high));
        legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
        axis::bottom(&paper, &panel, self.x, size);
        axis::left(&paper, &panel, self.y, size);
        let cost =
            font::shorten(&unit::title(self.cost, self.context, &self.context.say("Cost")), Face::Regular, size, high);
        axis::left_title(&paper, &[cost], place, left - names - size * 0.3, size);
        axis::bottom_title(&paper, &title, place.centre().0, foot, (EDGE, width - EDGE), size);
        key.draw(&paper, below + size);

        let mut room = Room::new(Rect::new(place.left + 1.5, place.top - size * 0.2, width - EDGE, place.bottom - 1.5));
        let at = |effect: f64, cost: f64| panel.at(self.effect.of_value(effect), self.cost.of_value(cost));
        for ends in steps(self.arms).windows(2) {
            let (from, to) = (at(ends[0].0, ends[0].1), at(ends[1].0, ends[1].1));
            paper.line(from, to, Stroke::solid(2.2, BLUE.tint(0.35)));
            room.line(from, to);
        }
        // What is drawn last lies on top.
        for arm in order.iter().rev() {
            let (low, high) = arm.effect.interval;
            if low.is_finite() && high.is_finite() {
                let (from, to) = (at(low, arm.cost), at(high, arm.cost));
                paper.line(from, to, Stroke::solid(if arm.frontier { 0.8 } else { 0.6 }, look(arm).colour));
                room.line(from, to);
            }
        }
        marker(&paper, at(0.0, 0.0), 2.3, Look::filled(Shape::Diamond, BLACK));
        room.marker(at(0.0, 0.0));
        for arm in order.iter().rev() {
            let spot = at(arm.effect.difference, arm.cost);
            marker(&paper, spot, 2.3, look(arm));
            room.marker(spot);
        }
        let mut left_out = Vec::new();
        for (index, arm) in order.iter().enumerate() {
            let words = if named { arm.effect.label.clone() } else { (index + 1).to_string() };
            let wish =
                Wish { at: at(arm.effect.difference, arm.cost), words, furthest: if named { NEAR } else { FAR } };
            match room.name(&paper, &wish, size) {
                true => {}
                false if named => return None,
                false => left_out.push(arm.effect.label.clone()),
            }
        }
        // The line at zero gives way to names.
        let (zero, baseline) = at(0.0, 0.0);
        for (from, to) in room.pieces(zero, (place.top, baseline - 3.5)) {
            paper.line((zero, from), (zero, to), Stroke::solid(0.4, GREY));
        }
        Some((paper, left_out, key.cut(&labels)))
    }
}

fn look(arm: &Arm) -> Look {
    if arm.frontier { Look::filled(Shape::Disc, BLUE) } else { Look::hollow(Shape::Square, FAINT) }
}

fn legend(context: &Context) -> [Entry; 3] {
    let frontier = [Sample::Line(Stroke::solid(2.2, BLUE.tint(0.35))), Sample::Marker(Look::filled(Shape::Disc, BLUE))];
    [
        Entry::new(&frontier, &context.say("efficient frontier")),
        Entry::new(&[Sample::Marker(Look::hollow(Shape::Square, FAINT))], &context.say("dominated")),
        Entry::new(&[Sample::Marker(Look::filled(Shape::Diamond, BLACK))], &context.say("baseline")),
    ]
}

/// Marks the arms that nothing dominates, the baseline at the origin included.
fn mark_frontier(arms: &mut [Arm]) {
    let points: Vec<[f64; 2]> = arms.iter().map(|arm| [arm.cost, -arm.effect.difference]).chain([[0.0, 0.0]]).collect();
    arms.iter_mut().zip(non_dominated(&points)).for_each(|(arm, free)| arm.frontier = free);
}

/// The frontier of arms, in steps.
fn steps(arms: &[Arm]) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> =
        arms.iter().filter(|arm| arm.frontier).map(|arm| (arm.effect.difference, arm.cost)).collect();
    let beaten = arms
        .iter()
        .any(|arm| arm.effect.difference >= 0.0 && arm.cost <= 0.0 && (arm.effect.difference > 0.0 || arm.cost < 0.0));
    if !beaten {
        points.push((0.0, 0.0));
    }
    corners(points)
}

/// The corners of a frontier through points (effect, cost), from the cheapest up: first the cost, then the effect it buys.
pub(super) fn corners(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    points.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.total_cmp(&b.0)));
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if let Some(&(effect, _)) = corners.last() {
            corners.push((effect, point.1));
        }
        corners.push(point);
    }
    corners
}

fn data(arms: &[Arm]) -> Table {
    let schema = Schema::of(
        "figure_cost_effect",
        "Cost, effect, and whether the arm is on the efficient frontier.",
        vec![
            Field::text("label", "The arm."),
            Field::real("cost", "", "Its cost."),
            Field::real("difference", "", "Mean paired difference from the baseline."),
            Field::real("ci_low", "", "Lower end of its 95 % interval."),
            Field::real("ci_high", "", "Upper end of its 95 % interval."),
            Field::text("standing", "frontier or dominated."),
        ],
    );
    let mut table = Table::new(schema);
    for arm in arms {
        table.push([
            Cell::from(arm.effect.label.as_str()),
            Cell::Real(arm.cost),
            Cell::Real(arm.effect.difference),
            Cell::Real(arm.effect.interval.0),
            Cell::Real(arm.effect.interval.1),
            Cell::from(if arm.frontier { "frontier" } else { "dominated" }),
        ]);
    }
    table
}
