//! Which mix of arms is the best, given what a unit of the outcome is worth (acceptability curves).

use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::labels::{Room, Wish};
use super::marks::dash;
use super::numbered::Key;
use super::palette::{CATEGORIES, Colour, GREY};
use super::paper::Paper;
use super::sheet::{Dash, Rect, Stroke};
use super::unit::{self, Unit};
use super::words::{in_full, lower};
use super::{Context, Drawing, FigureError, axis, columns, mixes, ticks};
use crate::table::Table;

const EDGE: f64 = 2.0;
/// The most curves: what is never the best by far is not drawn.
const MOST: usize = 9;
/// The share that a mix must reach somewhere to be drawn.
const REACHED: f64 = 0.05;

/// A mix over all worths.
struct Curve {
    id: i64,
    label: String,
    points: Vec<(f64, f64)>,
    number: usize,
    colour: Colour,
    dash: Dash,
}

impl Curve {
    fn most(&self) -> f64 {
        self.points.iter().map(|point| point.1).fold(0.0, f64::max)
    }

    /// The middle of where it is at its highest.
    fn summit(&self) -> (f64, f64) {
        let most = self.most();
        let at: Vec<&(f64, f64)> = self.points.iter().filter(|point| point.1 >= most - 1e-9).collect();
        *at[at.len() / 2]
    }
}

/// Draws the table `acceptability`; numbers of mixes are those of the figure of mixes, by the table `frontier`.
///
/// # Errors
/// When a column is missing, there are no worths, or the size asked for is too small.
pub fn acceptability(table: &Table, frontier: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let name = columns::word(table, "measure_label", &[0]);
    // Of a share a percentage point is the unit.
    let effect = Unit::difference(&columns::word(table, "unit", &[0]), std::iter::once(1.0));
    let (mut curves, left_out) = read(table, frontier, effect.of_value(1.0))?;
    let size = context.style.text;
    let width = context.style.points(120.0)?;
    let money = columns::unit(table, "worth").split(" per ").next().unwrap_or_default().to_owned();
    let worths = || curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0)).collect::<Vec<f64>>();
    let worth = Unit::level(&money, worths().into_iter());
    for curve in &mut curves {
        curve.points.iter_mut().for_each(|point| point.0 = worth.of_value(point.0));
    }
    let (_, last) = unit::bounds(curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0)));
    let x = unit::tight(unit::scale([0.0, last].into_iter(), true, 5), (0.0, last), (0.0, 0.0));
    let y = ticks::shares(1.0, 5);

    let names = axis::left_width(&y, size);
    let left = EDGE + LEADING * size + size * 0.4 + names;
    let half = x.ticks.last().map_or(0.0, |tick| font::width(&tick.label, Face::Regular, size) / 2.0);
    let right = width - EDGE - half;
    if right - left < 80.0 {
        return Err(FigureError::Unfit { reason: "the figure is too narrow for its axes; make it wider".to_owned() });
    }
    let top = EDGE + size;
    let place = Rect::new(left, top, right, top + ((right - left) * 0.5).max(90.0) * context.style.stretch);
    let one = match effect.name() {
        "percentage points" => format!("one percentage point of {}", lower(&name)),
        "" => format!("one more of {}", lower(&name)),
        other => format!("one {other} of {}", lower(&name)),
    };
    let title = unit::title(&worth, context, &format!("{} {one}", context.say("Worth of")));
    let title = font::wrap(&title, Face::Regular, size, width - 2.0 * EDGE, 3);
    let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
    let below = foot + (title.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size;
    let labels: Vec<String> = curves.iter().map(|curve| context.label(&curve.label, &curve.label)).collect();
    let listed: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut key = Key::new(&listed, width, size);
    for ((number, _), curve) in key.lines.iter_mut().zip(&curves) {
        *number = curve.number.to_string();
    }
    let paper = Paper::new(width, below + key.height() + EDGE);
    let panel = paper.panel(place, (x.low, x.high), (y.low, y.high));
    axis::bottom(&paper, &panel, &x, size);
    axis::left(&paper, &panel, &y, size);
    let words = font::shorten(&context.say("Share in which it is the best (%)"), Face::Regular, size, place.height());
    axis::left_title(&paper, &[words], place, left - names - size * 0.3, size);
    axis::bottom_title(&paper, &title, place.centre().0, foot, (EDGE, width - EDGE), size);
    key.draw(&paper, below + size);
    let mut room = Room::new(Rect::new(place.left + 1.5, EDGE, width - EDGE, place.bottom - 1.5));
    for curve in &curves {
        for run in lifted(&curve.points) {
            panel.curve(run, Stroke::solid(1.1, curve.colour).dashed(curve.dash));
        }
        for pair in lifted(&curve.points).iter().flat_map(|run| run.windows(2)) {
            room.line(panel.at(pair[0].0, pair[0].1), panel.at(pair[1].0, pair[1].1));
        }
    }
    let mut nameless = Vec::new();
    for (curve, label) in curves.iter().zip(&labels) {
        let (worth, share) = curve.summit();
        let wish = Wish { at: panel.at(worth, share), words: curve.number.to_string(), furthest: 40.0 };
        if !room.name(&paper, &wish, size) {
            nameless.push(label.clone());
        }
    }
    let own = context.title_or(&format!("Which mix is best, given the worth of {}", lower(&name)));
    let mut body = format!(
        "Share of resamples of replicates in which a mix has the largest net benefit (worth times effect, less cost), over what {one} is taken to \
         be worth; among the mixes within the budget that were run on fresh seeds. Shares say how settled the choice is; they are no posterior \
         probabilities. Numbers are those of the figure of mixes.",
    );
    if left_out > 0 {
        let most = ticks::number(REACHED * 100.0, 0);
        body.push_str(&format!(
            " Not drawn: {} that never reach {most}%, or are beyond the {MOST} that do most.",
            mixes::counted(left_out)
        ));
    }
    if !nameless.is_empty() {
        body.push_str(&format!(" Without room for their numbers: {}.", nameless.join("; ")));
    }
    body.push_str(&in_full(&key.cut(&listed)));
    Drawing::new(paper, context, (&own, &body), table.clone())
}

/// The curves that are drawn, in the order of their numbers, worths being per unit printed; and how many are not.
fn read(table: &Table, frontier: &Table, per_unit: f64) -> Result<(Vec<Curve>, usize), FigureError> {
    let (ids, labels) = (columns::integers(table, "mix_id")?, columns::texts(table, "mix")?);
    let (worths, shares) = (columns::numbers(table, "worth")?, columns::numbers(table, "share")?);
    let mut all: Vec<Curve> = Vec::new();
    for row in 0..table.rows() {
        let point = (worths[row] / per_unit, shares[row]);
        match all.iter_mut().find(|curve| curve.id == ids[row]) {
            Some(curve) => curve.points.push(point),
            None => all.push(Curve {
                id: ids[row],
                label: labels[row].to_string(),
                points: vec![point],
                number: 0,
                colour: GREY,
                dash: Dash::Solid,
            }),
        }
    }
    if all.is_empty() {
        return Err(columns::nothing(table, "worths"));
    }
    let count = all.len();
    all.retain(|curve| curve.most() >= REACHED);
    all.sort_by(|a, b| b.most().total_cmp(&a.most()).then(a.id.cmp(&b.id)));
    all.truncate(MOST);
    let known = mixes::numbered(frontier)?;
    let mut next = known.len();
    for curve in &mut all {
        curve.number = match known.iter().position(|(id, _)| *id == curve.id) {
            _ if curve.id == 0 => 0,
            Some(place) => place + 1,
            None => {
                next += 1;
                next
            }
        };
    }
    all.sort_by_key(|curve| curve.number);
    for (index, curve) in all.iter_mut().filter(|curve| curve.id != 0).enumerate() {
        (curve.colour, curve.dash) =
            (CATEGORIES[index % CATEGORIES.len()], dash(index + usize::from(index >= CATEGORIES.len())));
    }
    let left_out = count - all.len();
    Ok((all, left_out))
}

/// The stretches of a curve that rise above the axis, with the points at which they leave and reach it: along the axis all curves are one.
fn lifted(points: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    const FLAT: f64 = 1e-3;
    let mut runs = Vec::new();
    let mut from = None;
    for place in 1..points.len() {
        let flat = points[place - 1].1 < FLAT && points[place].1 < FLAT;
        match (from, flat) {
            (None, false) => from = Some(place - 1),
            (Some(start), true) => {
                runs.push(&points[start..place]);
                from = None;
            }
            _ => {}
        }
    }
    runs.extend(from.map(|start| &points[start..]));
    runs
}
