//! Elementary effects (Morris 1991): their mean size to the right, their spread upwards, and what chance alone shows of both.
//!
//! A factor far to the right matters. Above the line of ratio 1 its effect depends on the other factors, or bends; near the bottom it is the same everywhere.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::labels::{Room, Wish};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::numbered::Key;
use super::palette::{BLUE, FAINT, GREY, LIGHT};
use super::paper::{Panel, Paper};
use super::request::Request;
use super::sensitivity::{Analysis, Quantity, narrowed};
use super::sheet::{Anchor, Dash, Lettering, Rect, Stroke};
use super::ticks::Scale;
use super::unit::{self, Unit};
use super::words::{counted, in_full};
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

const EDGE: f64 = 2.0;
/// The most factors that are numbered.
const NAMED: usize = 12;
/// The lines of equal ratio of spread to size.
const RATIOS: [f64; 3] = [0.1, 0.5, 1.0];
/// The furthest a number may stand from its point.
const FAR: f64 = 55.0;

struct Factor {
    key: String,
    label: String,
    size: f64,
    interval: (f64, f64),
    spread: f64,
    verdict: String,
}

/// What chance alone shows.
struct Chance {
    size: f64,
    spread: f64,
}

/// Draws the rows of method `morris` of `indices` of one quantity: `mu_star` to the right, `sigma` upwards.
///
/// # Errors
/// When a column is missing, nothing fits, or the size asked for is too small.
pub fn screening(
    indices: &Table,
    analyses: &Table,
    request: &Request,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let own = narrowed(indices, request)?;
    let quantity = Quantity::of(&own, context);
    let own = own.picked(&columns::rows_of(&own, &[("method", "morris")])?);
    let (mut factors, chance) = read(&own, context)?;
    let all = factors.len();
    factors.retain(|factor| factor.size.is_finite() && factor.spread.is_finite());
    if factors.is_empty() {
        return Err(columns::nothing(indices, "factors with a mean and a spread of effects"));
    }
    factors.sort_by(|a, b| b.size.total_cmp(&a.size));
    let named = named(&factors, chance.size.is_finite(), context);
    let plane = Plane { factors: &factors, named: &named, chance: &chance, quantity: &quantity, context };
    let (paper, nameless, cut) = plane.draw()?;
    let analysis = Analysis::of(&narrowed(analyses, request)?, "morris")?;
    let rests = analysis.map_or(String::new(), |own| {
        format!(" {}; {}.", own.rests_on(("trajectory", "trajectories")), own.intervals("trajectories"))
    });
    let of = |verdict: &str| factors.iter().filter(|factor| factor.verdict == verdict).count();
    let mut body = format!(
        "Elementary effects on the {} of {} (Morris 1991; {}), each for the whole range of the factor. To the right: the mean of their sizes (mu-star); \
         upwards: their standard deviation (sigma), large where an effect depends on the other factors or is not straight. Lines from the origin: equal ratios of the two.{rests} \
         Filled blue: matters ({}); hollow blue: undecided ({}); small grey: negligible ({}).",
        quantity.words,
        counted(all, "factor"),
        quantity.window(),
        of("matters"),
        of("undecided"),
        of("negligible"),
    );
    body += &match chance.size.is_finite() {
        true => format!(
            " Shaded: mean sizes that a factor without any effect stays below by chance (one-sided, 95% confidence); dotted: its expected spread. A factor matters where the interval of its \
             mean size{} lies beyond the shade.",
            if named.is_empty() { "" } else { " (thin line)" }
        ),
        false => " What chance alone shows is not known.".to_owned(),
    };
    body += &match (named.len(), of("matters")) {
        (0, _) => " None is numbered.".to_owned(),
        (count, matters) if count < matters => {
            format!(" Numbered: the {count} largest of the {matters} that matter, in order of size.")
        }
        (count, matters) if count == matters => " Numbered: those that matter, in order of size.".to_owned(),
        (count, _) => format!(" Numbered: {count}, in order of size."),
    };
    if !nameless.is_empty() {
        body += &format!(" Without room for their numbers: {}.", nameless.join("; "));
    }
    if all > factors.len() {
        body += &format!(" {} without effects left out.", counted(all - factors.len(), "factor"));
    }
    body += &in_full(&cut);
    let title = context.title_or(&format!("Which factors matter: {}", quantity.words));
    Drawing::new(paper, context, (&title, &body), own)
}

/// The places of those that are numbered: those that matter; where chance is not known the largest, and where factors were
/// selected all of them.
fn named(factors: &[Factor], known: bool, context: &Context) -> Vec<usize> {
    let asked = |factor: &Factor| context.select.contains(&factor.key) || context.order.contains(&factor.key);
    let wanted = |factor: &Factor| !known || factor.verdict == "matters" || asked(factor);
    (0..factors.len()).filter(|&place| wanted(&factors[place])).take(NAMED).collect()
}

/// All that is drawn.
struct Plane<'a> {
    factors: &'a [Factor],
    named: &'a [usize],
    chance: &'a Chance,
    quantity: &'a Quantity,
    context: &'a Context,
}

impl Plane<'_> {
    /// The page, the factors without room for their number, and labels cut in the key.
    fn draw(&self) -> Result<(Paper, Vec<String>, Vec<String>), FigureError> {
        let (context, size) = (self.context, self.context.style.text);
        let width = context.style.points(89.0)?;
        let sizes = self.factors.iter().map(|factor| factor.size).chain([self.chance.size]);
        let ends = self.named.iter().map(|&place| self.factors[place].interval.1);
        let spreads = || self.factors.iter().map(|factor| factor.spread).chain([self.chance.spread]);
        let unit = self.quantity.change(sizes.clone().chain(spreads()));
        let covering = |values: Vec<f64>| {
            let bounds = unit::bounds(values.iter().copied().chain([0.0]));
            unit::tight(unit::scale(values.into_iter(), true, 5), bounds, (0.0, 0.05))
        };
        let x = covering(sizes.chain(ends).map(|value| unit.of_value(value)).collect());
        let y = covering(spreads().map(|value| unit.of_value(value)).collect());
        let legend = self.legend();
        let head = LEADING * size * 1.1;
        let names = axis::left_width(&y, size);
        let left = EDGE + LEADING * size + size * 0.4 + names;
        let ratio = |ratio: f64| format!("σ/μ* = {ratio}");
        let after = font::widest(RATIOS.map(ratio).iter().map(String::as_str), Face::Regular, size) + 4.0;
        let right = width - EDGE - after;
        let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + head;
        // As long to the right as upwards, where that makes a plot that is neither flat nor tall.
        let true_height = (right - left) * (y.high - y.low) / (x.high - x.low);
        let high = true_height.clamp((right - left) * 0.55, (right - left) * 1.15) * context.style.stretch;
        let place = Rect::new(left, top, right, top + high);
        let title = unit::title(&unit, context, &context.say("Mean size of effects, μ*"));
        let title = font::wrap(&title, Face::Regular, size, width - 2.0 * EDGE, 3);
        let foot = place.bottom + axis::bottom_height(size) + size * 0.35;
        let below = foot + (title.len() as f64 - 1.0) * LEADING * size + (CAP_HEIGHT + DESCENT) * size;
        let labels: Vec<&str> = self.named.iter().map(|&place| self.factors[place].label.as_str()).collect();
        let key = Key::new(&labels, width, size);
        let paper = Paper::new(width, below + key.height() + EDGE);
        let panel = paper.panel(place, (x.low, x.high), (y.low, y.high));
        legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
        let floor = Chance { size: unit.of_value(self.chance.size), spread: unit.of_value(self.chance.spread) };
        panel.bar((0.0, y.low), (floor.size, y.high), LIGHT);
        if floor.spread.is_finite() {
            panel.curve(&[(x.low, floor.spread), (x.high, floor.spread)], DOTTED);
        }
        ratios(&paper, &panel, (&x, &y), size, ratio);
        axis::bottom(&paper, &panel, &x, size);
        axis::left(&paper, &panel, &y, size);
        let words = context.say("Spread of effects, σ");
        let spread = unit::title(&unit, context, &words);
        // Its unit is that of the other axis.
        let spread = if font::width(&spread, Face::Regular, size) <= high { spread } else { words };
        let spread = font::wrap(&spread, Face::Regular, size, high, 1);
        axis::left_title(&paper, &spread, place, left - names - size * 0.3, size);
        axis::bottom_title(&paper, &title, place.centre().0, foot, (EDGE, width - EDGE), size);
        key.draw(&paper, below + size);
        let mut room = Room::new(Rect::new(place.left + 1.5, place.top + 0.5, place.right - 0.5, place.bottom - 1.5));
        room.hard.extend(RATIOS.map(|ratio| (panel.at(0.0, 0.0), panel.at(x.high, ratio * x.high))));
        if floor.spread.is_finite() {
            room.line(panel.at(x.low, floor.spread), panel.at(x.high, floor.spread));
        }
        let nameless = self.points(&paper, &panel, &unit, room);
        Ok((paper, nameless, key.cut(&labels)))
    }

    /// Points, the intervals and numbers of those that are named; returns those without room for it.
    fn points(&self, paper: &Paper, panel: &Panel, unit: &Unit, mut room: Room) -> Vec<String> {
        let size = self.context.style.text;
        let at = |factor: &Factor| panel.at(unit.of_value(factor.size), unit.of_value(factor.spread));
        for &own in self.named {
            let factor = &self.factors[own];
            let height = unit.of_value(factor.spread);
            let (low, high) = (unit.of_value(factor.interval.0), unit.of_value(factor.interval.1));
            panel.curve(&[(low, height), (high, height)], Stroke::solid(0.6, BLUE));
            if low.is_finite() && high.is_finite() {
                room.line(panel.at(low, height), panel.at(high, height));
            }
        }
        // The largest are drawn last, on top.
        for factor in self.factors.iter().rev() {
            let (radius, look) = look(&factor.verdict);
            marker(paper, at(factor), radius, look);
            room.marker(at(factor));
        }
        let mut nameless = Vec::new();
        for (number, &own) in self.named.iter().enumerate() {
            let factor = &self.factors[own];
            let wish = Wish { at: at(factor), words: (number + 1).to_string(), furthest: FAR };
            if !room.name(paper, &wish, size) {
                nameless.push(format!("{} ({})", factor.label, number + 1));
            }
        }
        nameless
    }

    fn legend(&self) -> Vec<Entry> {
        let say = |words: &str| self.context.say(words);
        let has = |verdict: &str| self.factors.iter().any(|factor| factor.verdict == verdict);
        let mut entries = Vec::new();
        for (verdict, words) in [("matters", "matters"), ("undecided", "undecided"), ("negligible", "negligible")] {
            if has(verdict) {
                entries.push(Entry::new(&[Sample::Marker(look(verdict).1)], &say(words)));
            }
        }
        if self.chance.size.is_finite() {
            entries.push(Entry::new(&[Sample::Area(LIGHT)], &say("within chance")));
        }
        if self.chance.spread.is_finite() {
            entries.push(Entry::new(&[Sample::Line(DOTTED)], &say("spread by chance")));
        }
        entries
    }
}

/// The spread that chance alone gives.
const DOTTED: Stroke = Stroke { width: 0.7, colour: GREY, dash: Dash::Dotted };

fn look(verdict: &str) -> (f64, Look) {
    match verdict {
        "matters" => (2.3, Look::filled(Shape::Disc, BLUE)),
        "negligible" => (1.2, Look::hollow(Shape::Disc, FAINT)),
        _ => (1.8, Look::hollow(Shape::Disc, BLUE)),
    }
}

/// Lines of equal ratio from the origin, named where they leave the panel.
fn ratios(paper: &Paper, panel: &Panel, (x, y): (&Scale, &Scale), size: f64, words: impl Fn(f64) -> String) {
    let place = panel.place;
    let (mut beside, mut above) = (Vec::new(), Vec::new());
    for ratio in RATIOS {
        let end = if ratio * x.high <= y.high { (x.high, ratio * x.high) } else { (y.high / ratio, y.high) };
        panel.curve(&[(0.0, 0.0), end], Stroke::solid(0.4, GREY));
        let at = panel.at(end.0, end.1);
        if at.1 > place.top + 0.1 { beside.push((at.1, words(ratio))) } else { above.push((at.0, words(ratio))) }
    }
    let wanted: Vec<f64> = beside.iter().map(|(y, _)| *y).collect();
    let bounds = (place.top + size * 0.5, place.bottom - size * 0.5);
    for ((_, words), y) in beside.iter().zip(axis::spread(&wanted, LEADING * size, bounds)) {
        paper.text_centred((place.right + 3.0, y), words, Lettering::new(size));
    }
    let mut taken = f64::INFINITY;
    for (x, words) in above {
        let half = font::width(&words, Face::Regular, size) / 2.0;
        let x = x.min(taken - half - 2.0);
        if x - half < place.left {
            continue;
        }
        taken = x - half;
        paper.text((x, place.top - size * 0.4), &words, Lettering::new(size).anchor(Anchor::Middle));
    }
}

fn read(own: &Table, context: &Context) -> Result<(Vec<Factor>, Chance), FigureError> {
    let (keys, labels) = (columns::texts(own, "factor")?, columns::texts(own, "factor_label")?);
    let (indices, verdicts) = (columns::texts(own, "index")?, columns::texts(own, "verdict")?);
    let (values, chances) = (columns::numbers(own, "value")?, columns::numbers(own, "chance")?);
    let (lows, highs) = (columns::numbers(own, "ci_low")?, columns::numbers(own, "ci_high")?);
    let mut factors: Vec<Factor> = Vec::new();
    let mut chance = Chance { size: f64::NAN, spread: f64::NAN };
    for row in 0..own.rows() {
        let place = factors.iter().position(|factor| factor.key == *keys[row]).unwrap_or_else(|| {
            factors.push(Factor {
                key: keys[row].to_string(),
                label: context.label(&keys[row], &labels[row]),
                size: f64::NAN,
                interval: (f64::NAN, f64::NAN),
                spread: f64::NAN,
                verdict: String::new(),
            });
            factors.len() - 1
        });
        match &*indices[row] {
            "mu_star" => {
                factors[place].size = values[row];
                factors[place].interval = (lows[row], highs[row]);
                factors[place].verdict = verdicts[row].to_string();
                chance.size = chances[row];
            }
            "sigma" => {
                factors[place].spread = values[row];
                chance.spread = chances[row];
            }
            _ => {}
        }
    }
    Ok((factors, chance))
}
