//! Scenario discovery (PRIM): what boxes cover against how purely, along the search, and the limits of the box suggested.

use super::axis;
use super::discovery_limits::{Limits, read as read_limits};
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::labels::{Room, Wish};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLACK, Colour, GREY, VERMILLION, sequential};
use super::paper::Paper;
use super::request::Request;
use super::sensitivity::{Quantity, narrowed};
use super::sheet::{Dash, Rect, Stroke};
use super::ticks::{self, percent};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

const EDGE: f64 = 2.0;

struct Found {
    number: i64,
    points: i64,
    coverage: f64,
    density: f64,
    mass: f64,
    restricted: i64,
}

/// Draws the `boxes` table of one quantity: coverage to the right, density upwards, with the limits of the suggested box (table
/// `limits`) below.
///
/// # Errors
/// When a column is missing, nothing fits, or the size asked for is too small.
pub fn discovery(
    boxes: &Table,
    limits: Option<&Table>,
    request: &Request,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let own = narrowed(boxes, request)?;
    let quantity = Quantity::of(&own, context);
    let interest = columns::word(&own, "interest", &[0]);
    // One question at a time.
    let own = own.picked(&columns::rows_of(&own, &[("interest", &interest)])?);
    let (found, suggested) = read(&own)?;
    let there = limits.filter(|table| table.rows() > 0).map(|table| narrowed(table, request));
    // A box without any limit has no rows there.
    let limits = match there {
        Some(Ok(table)) => read_limits(&table, &interest, found[suggested].number, context)?,
        _ => Limits::default(),
    };
    let (paper, cut) = draw(&found, suggested, &limits, context)?;
    let Found { number, points, coverage, density, mass, .. } = found[suggested];
    let whole = found[0].points;
    let mut body = format!(
        "Where is the {} {} ({})? The search (PRIM: Friedman and Fisher 1999; Bryant and Lempert 2010) cuts boxes out of the ranges of the factors; each mark is a \
         box, in the order of the search from the whole ({whole} points; {} of them are such points) on. To the right: coverage, the share of such points that the \
         box holds; upwards: density, the share of the points in it that are such. Colour: how many factors it limits. Suggested: box {number}, which tells them from \
         others best: {points} points ({} of all), coverage {}, density {}. No intervals: the same points chose the box.",
        quantity.words,
        readable(&interest),
        quantity.window(),
        percent(found[0].density),
        percent(mass),
        percent(coverage),
        percent(density),
    );
    body += &match limits.rows.is_empty() {
        true => " Its limits are in the table.".to_owned(),
        false => " Below: its limits (blue) within the values that the points have of each factor, and the share of searches on random halves of the points whose box \
                  limits that factor too."
            .to_owned(),
    };
    body += &super::words::in_full(&cut);
    let title = context.title_or(&format!("Where the {} is {}", quantity.words, readable(&interest)));
    Drawing::new(paper, context, (&title, &body), own)
}

/// `<= 0.1` as print has it.
fn readable(interest: &str) -> String {
    interest.replace("<=", "≤").replace(">=", "≥").replace('-', "−")
}

fn draw(
    found: &[Found],
    suggested: usize,
    limits: &Limits,
    context: &Context,
) -> Result<(Paper, Vec<String>), FigureError> {
    let size = context.style.text;
    let width = context.style.points(89.0)?;
    let most = found.iter().map(|own| own.restricted).max().unwrap_or(0);
    let x = ticks::shares(1.0, 5);
    let y = ticks::shares(found.iter().map(|own| own.density).fold(0.0, f64::max), 5);
    let legend = legend(most, context);
    let names = axis::left_width(&y, size);
    let left = EDGE + LEADING * size + size * 0.4 + names;
    let half = font::width("100", Face::Regular, size) / 2.0;
    let right = width - EDGE - half;
    let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + size * 0.4;
    let high = (right - left) * 0.72 * context.style.stretch;
    let place = Rect::new(left, top, right, top + high);
    let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
    let below = foot + (CAP_HEIGHT + DESCENT) * size;
    let paper = Paper::new(width, below + limits.height(size) + EDGE);
    // A mark on the edge is drawn whole.
    let panel = paper.panel(place, (x.low, x.high), (y.low, y.high));
    legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
    axis::bottom(&paper, &panel, &x, size);
    axis::left(&paper, &panel, &y, size);
    let titles = ["Coverage (% of the points of interest)", "Density (%)"].map(|words| context.say(words));
    let lines = font::wrap(&titles[0], Face::Regular, size, width - 2.0 * EDGE, 1);
    axis::bottom_title(&paper, &lines, place.centre().0, foot, (EDGE, width - EDGE), size);
    axis::left_title(&paper, &titles[1..], place, left - names - size * 0.3, size);
    panel.curve(&[(x.low, found[0].density), (x.high, found[0].density)], WHOLE);
    let path: Vec<(f64, f64)> = found.iter().map(|own| (own.coverage, own.density)).collect();
    panel.curve(&path, Stroke::solid(0.5, GREY));
    let mut room = Room::new(Rect::new(place.left + 1.5, place.top + 0.5, width - EDGE, place.bottom - 1.5));
    for own in found {
        let at = panel.at(own.coverage, own.density);
        marker(&paper, at, 1.8, Look::filled(Shape::Disc, colour(own.restricted, most)));
        room.marker(at);
    }
    let best = &found[suggested];
    let at = panel.at(best.coverage, best.density);
    marker(&paper, at, 3.4, SUGGESTED);
    marker(&paper, at, 1.8, Look::filled(Shape::Disc, colour(best.restricted, most)));
    room.hard.extend(path.windows(2).map(|ends| (panel.at(ends[0].0, ends[0].1), panel.at(ends[1].0, ends[1].1))));
    let words = format!("{} {}", context.say("box"), best.number);
    room.name_around(&paper, &Wish { at, words, furthest: 70.0 }, 5.0, size);
    let cut = limits.draw(&paper, below, (EDGE, width - EDGE), context);
    Ok((paper, cut))
}

/// The density of all points.
const WHOLE: Stroke = Stroke { width: 0.6, colour: GREY, dash: Dash::Dotted };
const SUGGESTED: Look = Look { shape: Shape::Square, colour: VERMILLION, filled: false };

/// The colour of a box that limits so many factors of so many at most: dark for many.
fn colour(restricted: i64, most: i64) -> Colour {
    if restricted == 0 { BLACK.tint(0.25) } else { sequential(0.3 + 0.7 * restricted as f64 / most.max(1) as f64) }
}

fn legend(most: i64, context: &Context) -> Vec<Entry> {
    // Of very many, the ends and the middle.
    let shown: Vec<i64> = if most <= 5 { (0..=most).collect() } else { vec![0, 1, (1 + most) / 2, most] };
    let last = shown.len() - 1;
    let mut entries: Vec<Entry> = shown
        .iter()
        .enumerate()
        .map(|(place, &count)| {
            let words = match place == last {
                true => format!("{count} {}", context.say("factors limited")),
                false => count.to_string(),
            };
            Entry::new(&[Sample::Marker(Look::filled(Shape::Disc, colour(count, most)))], &words)
        })
        .collect();
    entries.push(Entry::new(&[Sample::Marker(SUGGESTED)], &context.say("suggested")));
    entries.push(Entry::new(&[Sample::Line(WHOLE)], &context.say("density of all points")));
    entries
}

/// The boxes in the order of the search, and the place of the one suggested.
fn read(own: &Table) -> Result<(Vec<Found>, usize), FigureError> {
    let integers = |column: &str| columns::integers(own, column);
    let (numbers, points) = (integers("box")?, integers("points")?);
    let (restricted, suggested) = (integers("restricted")?, integers("suggested")?);
    let (coverage, density, mass) =
        (columns::numbers(own, "coverage")?, columns::numbers(own, "density")?, columns::numbers(own, "mass")?);
    let found: Vec<Found> = (0..own.rows())
        .map(|row| Found {
            number: numbers[row],
            points: points[row],
            coverage: coverage[row],
            density: density[row],
            mass: mass[row],
            restricted: restricted[row],
        })
        .collect();
    let place = suggested.iter().position(|&one| one == 1).ok_or_else(|| columns::nothing(own, "suggested box"))?;
    Ok((found, place))
}
