//! The posterior of a calibration: each parameter beside its prior, and each pair of them.
//!
//! On the diagonal densities, below it where 50 % and 90 % of the posterior lie, above it correlations. Parameters are lettered, and named
//! with their numbers below.

use super::axis;
use super::calibration::{logarithmic, of_model, of_which, rests_on};
use super::contours::contours;
use super::density::{Draws, height_of, together};
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::legend::{self, Entry, Sample};
use super::palette::{BLACK, BLUE, GREY};
use super::panels::letter;
use super::paper::{Panel, Paper};
use super::request::Request;
use super::sensitivity::listed;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, Scale, Tick, number};
use super::unit::{self, Unit};
use super::words::counted;
use super::{Context, Drawing, FigureError, columns, svg};
use crate::statistics::calibration::Weights;
use crate::table::Table;

const EDGE: f64 = 2.0;
/// The most parameters.
const MOST: usize = 6;
/// Air between panels, and the greatest width of one.
const GAP: f64 = 4.0;
const WIDEST: f64 = 130.0;
/// Places of a density along a line, and along each side of a square.
const PLACES: (usize, usize) = (121, 41);

struct Parameter {
    title: String,
    /// Ends and draws on the axis: logarithms where that is one.
    prior: Draws,
    posterior: Draws,
    scale: Scale,
    /// Median and 90 % interval, and contraction, as printed.
    numbers: [String; 2],
}

/// Draws the posterior of one model: the parameters that the figures say most of, at most 6.
///
/// # Errors
/// When a column is missing, there is no such model, or the size asked for is too small.
pub fn posterior(
    draws: &Table,
    learned: &Table,
    generations: Option<&Table>,
    request: &Request,
    context: &Context,
) -> Result<Drawing, FigureError> {
    let (draws, learned) = (of_model(draws, request)?, of_model(learned, request)?);
    let learned = learned.picked(&columns::rows_of(&learned, &[("what", "parameter")])?);
    let keys: Vec<String> = columns::texts(&learned, "label")?.iter().map(ToString::to_string).collect();
    let contraction = columns::numbers(&learned, "contraction")?.to_vec();
    let size = context.style.text;
    let width = context.style.points(if keys.len() < 4 { 120.0 } else { 183.0 })?;
    // As many as leave each a panel in which numbers can be read.
    let room = width - 2.0 * EDGE - size * 5.0;
    let fit = (room / (size * 5.2)) as usize;
    if fit == 0 {
        let mm = width / svg::POINTS_PER_MILLIMETRE;
        return Err(FigureError::Unfit { reason: format!("{mm:.0} mm is too narrow for panels of parameters") });
    }
    let order = listed(&keys, &contraction, MOST.min(fit), context).order;
    let rows_of = |of: &str| columns::rows_of(&draws, &[("of", of)]);
    let (of_prior, of_posterior) = (rows_of("prior")?, rows_of("posterior")?);
    let all = columns::numbers(&draws, "weight")?;
    let weights_of = |rows: &[usize]| {
        let raw: Vec<f64> = rows.iter().map(|&row| all[row]).collect();
        Weights::new(&raw).map_err(|refusal| FigureError::Unfit { reason: refusal.to_string() })
    };
    let (even, weights) = (weights_of(&of_prior)?, weights_of(&of_posterior)?);
    let parameters = order
        .iter()
        .map(|&row| parameter(&draws, &learned, row, (&of_prior, &of_posterior), context))
        .collect::<Result<Vec<Parameter>, FigureError>>()?;
    let paper = draw(&parameters, (&even, &weights), width, context);
    let left_out: Vec<&str> =
        (0..keys.len()).filter(|place| !order.contains(place)).map(|place| keys[place].as_str()).collect();
    let mut body = format!(
        "{} weighted draws of the posterior, worth {} (effective sample size, after they were moved to the figures), and {} of the prior. Diagonal: densities of the prior (grey) and of the posterior (blue), of one area in each panel. Below it: dots are draws, larger \
         where they weigh more; lines hold 50% (heavy) and 90% of the posterior. Above it: correlations of posterior draws. Densities are sums of normal kernels (Silverman’s width by effective sample size), \
         thrown back at the ends of the prior; axes go from end to end of it{}. Parameters stand in the order of their contraction (1 − posterior variance / prior variance).",
        of_posterior.len(),
        ticks::significant(weights.effective(), 3),
        of_prior.len(),
        if parameters.iter().any(|own| own.scale.low != own.prior.ends.0) { ", with a little air" } else { "" },
    );
    body += &match left_out.len() {
        0 => String::new(),
        count => format!(
            " Not drawn: {} of smaller contraction or not asked for: {}.",
            counted(count, "parameter"),
            left_out.join(", ")
        ),
    };
    body += &rests_on(generations, request)?;
    let title = context.title_or(&format!("What is left of the parameters{}", of_which(&draws)));
    Drawing::new(paper, context, (&title, &body), draws)
}

fn parameter(
    draws: &Table,
    learned: &Table,
    row: usize,
    (of_prior, of_posterior): (&[usize], &[usize]),
    context: &Context,
) -> Result<Parameter, FigureError> {
    let key = &columns::texts(learned, "label")?[row];
    let number_of = |column: &str| Ok::<f64, FigureError>(columns::numbers(learned, column)?[row]);
    let values = columns::numbers(draws, key)?;
    let of = |rows: &[usize]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
    let (prior, posterior) = (of(of_prior), of(of_posterior));
    let seen = unit::bounds(prior.iter().chain(&posterior).copied());
    let (from, to) = (number_of("prior_from")?, number_of("prior_to")?);
    let mut ends = (if from.is_finite() { from } else { seen.0 }, if to.is_finite() { to } else { seen.1 });
    if ends.1 <= ends.0 {
        ends = (ends.0 - 0.5, ends.0 + 0.5);
    }
    let log = &*columns::texts(learned, "scale")?[row] == "log" && ends.0 > 0.0;
    let unit = Unit::level(&columns::unit(draws, key), [ends.0, ends.1].into_iter());
    let shown = |value: f64| unit.of_value(value);
    let onto = |value: f64| if log { libm::log10(shown(value)) } else { shown(value) };
    let (low, high) = (shown(ends.0), shown(ends.1));
    let mut scale = if log { logarithmic(low, high) } else { ticks::linear(low, high, 4) };
    (scale.low, scale.high) = (onto(ends.0), onto(ends.1));
    let inside = |tick: &Tick| scale.low - 1e-9 <= tick.at && tick.at <= scale.high + 1e-9;
    scale.ticks = scale.ticks.iter().filter(|tick| inside(tick)).cloned().collect();
    let along = |values: &[f64]| Draws {
        values: values.iter().map(|value| onto(value.clamp(ends.0, ends.1))).collect(),
        ends: (scale.low, scale.high),
    };
    let [median, from, to] = ["median", "low", "high"].map(|column| number_of(column).map(&shown));
    let (median, from, to) = (median?, from?, to?);
    let decimals = unit::decimals([(to - from) / 2.0].into_iter());
    let title = unit::title(&unit, context, &context.label(key, &columns::texts(learned, "name")?[row]));
    Ok(Parameter {
        title,
        prior: along(&prior),
        posterior: along(&posterior),
        scale,
        numbers: [unit::bounded(median, (from, to), decimals), number(number_of("contraction")?, 2)],
    })
}

fn draw(parameters: &[Parameter], (even, weights): (&Weights, &Weights), width: f64, context: &Context) -> Paper {
    let size = context.style.text;
    let count = parameters.len();
    let legend = [
        Entry::new(&[Sample::Area(PRIOR)], &context.say("prior")),
        Entry::new(&[Sample::Area(BLUE.tint(0.25)), Sample::Line(POSTERIOR)], &context.say("posterior")),
        Entry::new(&[Sample::Line(HALF)], &context.say("50% of it")),
        Entry::new(&[Sample::Line(NINETY)], &context.say("90% of it")),
    ];
    let names = parameters[1..].iter().map(|own| axis::left_width(&own.scale, size)).fold(size * 0.6, f64::max);
    let left = EDGE + size + size * 0.4 + names;
    let inner = width - EDGE - left;
    let cell = ((inner - GAP * (count as f64 - 1.0)) / count as f64).min(WIDEST);
    let high = cell * context.style.stretch;
    let top = EDGE + legend::height(&legend, width - 2.0 * EDGE, size) + size * 0.3;
    let place = |row: usize, column: usize| {
        let (x, y) = (left + column as f64 * (cell + GAP), top + row as f64 * (high + GAP));
        Rect::new(x, y, x + cell, y + high)
    };
    let foot = top + count as f64 * high + (count as f64 - 1.0) * GAP + axis::bottom_height(size) + size * 0.2;
    let listing = Listing::of(parameters, width, context);
    let below = foot + (CAP_HEIGHT + DESCENT) * size + size * 0.8;
    let paper = Paper::new(width, below + listing.height() + EDGE);
    legend::draw(&paper, &legend, (EDGE, EDGE), width - 2.0 * EDGE, size);
    for row in 0..count {
        for column in 0..count {
            let at = place(row, column);
            let (across, upwards) = (&parameters[column], &parameters[row]);
            if column > row {
                let r = correlation(across, upwards, weights);
                let lettering = Lettering::new(size).anchor(Anchor::Middle);
                paper.text_centred(at.centre(), &number(r, 2), lettering);
                continue;
            }
            let x = (across.scale.low, across.scale.high);
            let panel = match row == column {
                true => diagonal(&paper, at, across, (even, weights)),
                false => {
                    let panel = paper.panel(at, x, (upwards.scale.low, upwards.scale.high));
                    pair(&panel, across, upwards, weights);
                    panel
                }
            };
            let named = |scale: &Scale, shown: bool| {
                let mut scale = scale.clone();
                if !shown {
                    scale.ticks.iter_mut().for_each(|tick| tick.label.clear());
                }
                scale
            };
            let bottom = within(&across.scale, &panel, size);
            axis::bottom(&paper, &panel, &named(&bottom, row + 1 == count), size);
            if column < row {
                axis::left(&paper, &panel, &named(&upright(&upwards.scale, &panel, size), column == 0), size);
            }
            if row + 1 == count {
                let at = (at.centre().0, foot + CAP_HEIGHT * size);
                paper.text(at, &letter(column), Lettering::new(size).bold().anchor(Anchor::Middle));
            }
            if column == 0 {
                paper.text_centred((EDGE, at.centre().1), &letter(row), Lettering::new(size).bold());
            }
        }
    }
    listing.draw(&paper, below);
    paper
}

const PRIOR: super::palette::Colour = super::palette::Colour(214, 214, 214);
const POSTERIOR: Stroke = Stroke { width: 1.1, colour: BLUE, dash: super::sheet::Dash::Solid };
const HALF: Stroke = Stroke { width: 1.3, colour: BLUE, dash: super::sheet::Dash::Solid };
const NINETY: Stroke = Stroke { width: 0.6, colour: BLUE, dash: super::sheet::Dash::Solid };

/// The ticks whose names do not leave the panel, so that neighbours never touch.
fn within(scale: &Scale, panel: &Panel, size: f64) -> Scale {
    let mut scale = scale.clone();
    for tick in &mut scale.ticks {
        let (x, half) = (panel.at(tick.at, 0.0).0, font::width(&tick.label, Face::Regular, size) / 2.0);
        if x - half < panel.place.left - GAP / 2.0 + 0.4 || x + half > panel.place.right + GAP / 2.0 - 0.4 {
            tick.label.clear();
        }
    }
    // Names without words take no room.
    let named: Vec<Tick> = scale.ticks.iter().filter(|tick| !tick.label.is_empty()).cloned().collect();
    if named.is_empty() { scale } else { Scale { ticks: named, ..scale } }
}

/// The same for an upright axis.
fn upright(scale: &Scale, panel: &Panel, size: f64) -> Scale {
    let mut scale = scale.clone();
    scale.ticks.retain(|tick| {
        let (y, half) = (panel.at(panel.across().0, tick.at).1, size * 0.5);
        y - half >= panel.place.top - GAP / 2.0 && y + half <= panel.place.bottom + GAP / 2.0
    });
    scale
}

fn diagonal(paper: &Paper, at: Rect, own: &Parameter, (even, weights): (&Weights, &Weights)) -> Panel {
    let places = own.prior.places(PLACES.0);
    let (prior, posterior) = (own.prior.density(even, &places), own.posterior.density(weights, &places));
    let most = prior.iter().chain(&posterior).copied().fold(0.0, f64::max);
    let panel = paper.panel(at, (own.scale.low, own.scale.high), (0.0, most * 1.08));
    let band = |heights: &[f64]| places.iter().zip(heights).map(|(x, y)| (*x, 0.0, *y)).collect::<Vec<_>>();
    let curve = |heights: &[f64]| places.iter().zip(heights).map(|(x, y)| (*x, *y)).collect::<Vec<_>>();
    panel.band(&band(&prior), PRIOR);
    // Where both are, grey shows through.
    let lower: Vec<f64> = prior.iter().zip(&posterior).map(|(one, other)| one.min(*other)).collect();
    panel.band(&band(&posterior), BLUE.tint(0.25));
    panel.band(&band(&lower), BLUE.over(PRIOR, 0.25));
    panel.curve(&curve(&prior), Stroke::solid(0.5, GREY));
    panel.curve(&curve(&posterior), POSTERIOR);
    panel
}

fn pair(panel: &Panel, across: &Parameter, upwards: &Parameter, weights: &Weights) {
    let (x, y) = (&across.posterior, &upwards.posterior);
    let heaviest = weights.values().iter().copied().fold(0.0, f64::max);
    for ((x, y), weight) in x.values.iter().zip(&y.values).zip(weights.values()) {
        panel.speck(*x, *y, (1.1 * libm::sqrt(weight / heaviest)).max(0.25), GREY.tint(0.5));
    }
    let places = (x.places(PLACES.1), y.places(PLACES.1));
    let grid = together(x, y, weights, (&places.0, &places.1));
    for (share, stroke) in [(0.9, NINETY), (0.5, HALF)] {
        for line in contours(&places.0, &places.1, &grid, height_of(&grid, share)) {
            panel.curve(&line, stroke);
        }
    }
}

fn correlation(one: &Parameter, other: &Parameter, weights: &Weights) -> f64 {
    let (a, b) = (&one.posterior.values, &other.posterior.values);
    let (mean_a, mean_b) = (weights.mean(a), weights.mean(b));
    let products: Vec<f64> = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).collect();
    weights.mean(&products) / libm::sqrt(weights.variance(a) * weights.variance(b))
}

/// The names of the parameters and their numbers, below the panels.
struct Listing {
    rows: Vec<(Vec<String>, [String; 2])>,
    heads: [String; 2],
    widths: [f64; 2],
    stub: String,
    width: f64,
    size: f64,
}

impl Listing {
    fn of(parameters: &[Parameter], width: f64, context: &Context) -> Self {
        let size = context.style.text;
        let heads = ["Median [90%]", "Contraction"].map(|head| context.say(head));
        let wide = |column: usize| {
            let cells = parameters.iter().map(|own| own.numbers[column].as_str());
            font::widest(cells, Face::Regular, size).max(font::width(&heads[column], Face::Bold, size))
        };
        let widths = [wide(0), wide(1)];
        let room = width - 2.0 * EDGE - size * 1.4 - widths[0] - widths[1] - 2.0 * size * 1.2;
        let lines = |own: &Parameter| font::wrap(&own.title, Face::Regular, size, room, 4);
        let rows = parameters.iter().map(|own| (lines(own), own.numbers.clone())).collect();
        Self { rows, heads, widths, stub: context.say("Parameter"), width, size }
    }

    fn height(&self) -> f64 {
        let lines: usize = self.rows.iter().map(|(lines, _)| lines.len()).sum();
        (lines as f64 * LEADING + self.rows.len() as f64 * 0.2 + LEADING + 0.3) * self.size
    }

    fn draw(&self, paper: &Paper, top: f64) {
        let (size, right) = (self.size, self.width - EDGE);
        let edges = [right - self.widths[1] - size * 1.2, right];
        let mut y = top + CAP_HEIGHT * size;
        let bold = Lettering::new(size).bold();
        paper.text((EDGE, y), &self.stub, bold);
        for (head, edge) in self.heads.iter().zip(edges) {
            paper.text((edge, y), head, bold.anchor(Anchor::End));
        }
        let rule = y + DESCENT * size + 1.2;
        paper.line((EDGE, rule), (right, rule), Stroke::solid(0.4, BLACK));
        y += size * 0.3;
        for (place, (lines, numbers)) in self.rows.iter().enumerate() {
            y += size * (LEADING + 0.2);
            paper.text((EDGE, y), &letter(place), bold);
            for (number, edge) in numbers.iter().zip(edges) {
                paper.text((edge, y), number, Lettering::new(size).anchor(Anchor::End));
            }
            for (line, words) in lines.iter().enumerate() {
                paper.text((EDGE + size * 1.4, y + line as f64 * LEADING * size), words, Lettering::new(size));
            }
            y += (lines.len() as f64 - 1.0) * LEADING * size;
        }
    }
}
