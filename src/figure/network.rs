//! Who works with whom: a map of ties between states.
//!
//! A disc is a state, its area the cases found there. A tie is a wedge between two states: at each end it is as
//! wide as what the state there asks of the other, so that its mean width shows what passes between them and its
//! taper who asks more. Weak ties are cut, and the caption says which. Places come from `places`: a map where
//! coordinates of all states are known, else the ties themselves.

use super::font::{self, Face, LEADING};
use super::labels::{Room, Wish};
use super::network_key::{self, Key};
use super::palette::{BLACK, BLUE, Colour, ORANGE, WHITE};
use super::paper::Paper;
use super::places::{self, Spot};
use super::sheet::{Mark, Rect, Stroke};
use super::ticks::{percent, significant};
use super::wedges::{borders, course, wedge};
use super::words::counted;
use super::{Context, Drawing, FigureError, columns, svg};
use crate::table::{Cell, Field, Schema, Table};

/// The most states that can be told apart.
const MOST: usize = 60;
/// The least area for a state and its name, in square points, where there are many.
const LEAST: f64 = 1800.0;
/// Ties that together carry this share of all communications are enough.
const ENOUGH: f64 = 0.9;
const EDGE: f64 = 2.0;
/// Width of the strongest end of a tie.
const WIDEST: f64 = 7.0;
/// Width of an end at which nothing is asked.
const HAIR: f64 = 0.4;
/// Radius of a state without cases.
const POINT: f64 = 1.6;

pub(super) const TIE: Colour = BLUE;
pub(super) const NODE: Colour = ORANGE;

struct Node {
    key: String,
    name: String,
    cases: f64,
    total: f64,
}

/// What two states ask of each other; `a` stands before `b` in the table of nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Tie {
    a: usize,
    b: usize,
    asks: f64,
    asked: f64,
    shown: bool,
}

impl Tie {
    fn sum(&self) -> f64 {
        self.asks + self.asked
    }
}

/// Draws the `pairs` table: columns `from`, `to`, `cases` and `communications`. Where the `states` table (columns
/// `key`, `longitude`, `latitude` in degrees, and `name` if it has one) gives coordinates of all states, it is a map.
///
/// # Errors
/// When a column is missing, nobody communicates, there are more than 60 states, or discs and names find no
/// room in the size asked for.
pub fn network(pairs: &Table, states: Option<&Table>, context: &Context) -> Result<Drawing, FigureError> {
    let (nodes, mut ties) = read(pairs, context)?;
    let cut = cut(&mut ties, nodes.len())?;
    let size = context.style.text;
    let width = context.style.points(if nodes.len() > 12 { 183.0 } else { 120.0 })?;
    let strongest = ties.iter().map(|tie| tie.asks.max(tie.asked)).fold(0.0, f64::max);
    let most = nodes.iter().map(|node| node.cases).filter(|cases| cases.is_finite()).fold(0.0, f64::max);
    let map = coordinates(&nodes, states)?;
    let plane = map.as_ref().map_or_else(
        || places::by_ties(&matrix(&nodes, &ties), &circle(&nodes, context)),
        |map| places::projected(map),
    );
    let inner = width - 2.0 * EDGE;
    let (wide, high) = places::extent(&plane);
    // Names find room at the sides.
    let side = (font::widest(nodes.iter().map(|node| node.name.as_str()), Face::Regular, size) * 0.7).min(inner * 0.16);
    let core = (inner - 2.0 * side) * (high / wide).clamp(0.45, 0.95) * context.style.stretch;
    let air = 2.5 * LEADING * size;
    let height = core + 2.0 * air;
    if nodes.len() > 12 && inner * height < LEAST * nodes.len() as f64 {
        return Err(no_room(&nodes, width));
    }
    let largest = (libm::sqrt(inner * height / nodes.len() as f64) * 0.2).min(1.5 * size);
    let radius = |cases: f64| {
        if cases > 0.0 && most > 0.0 { (largest * libm::sqrt(cases / most)).max(POINT) } else { POINT }
    };
    let scale = |asked: f64| (WIDEST * asked / strongest).max(HAIR);
    let key = Key::new(context, (strongest, WIDEST), (most, largest), inner);
    let paper = Paper::new(width, EDGE + height + size + key.height() + EDGE);
    let frame = Rect::new(EDGE, EDGE, width - EDGE, EDGE + height);
    let radii: Vec<f64> = nodes.iter().map(|node| radius(node.cases)).collect();
    let core = Rect::new(frame.left + side, frame.top + air, frame.right - side, frame.bottom - air);
    let mut spots = places::fitted(&plane, core);
    let discs = Rect::new(frame.left + 1.0, frame.top + size, frame.right - 1.0, frame.bottom - size);
    let Some(moved) = places::apart(&mut spots, &radii, size * 0.8, discs) else { return Err(no_room(&nodes, width)) };
    // Weakest first, so that strong ties lie on top; they are in the order of their strength.
    let mut lines: Vec<(Spot, Spot)> = Vec::new();
    for tie in ties.iter().rev().filter(|tie| tie.shown) {
        let ends = (scale(tie.asks), scale(tie.asked));
        let line = course((tie.a, tie.b), &spots, &radii, ends.0.max(ends.1));
        wedge(&paper, &line, ends, TIE.tint(0.35 + 0.5 * (tie.sum() / (2.0 * strongest)).min(1.0)));
        lines.extend(borders(&line, ends.0.max(ends.1)));
    }
    for (node, (&centre, &radius)) in nodes.iter().zip(spots.iter().zip(&radii)) {
        let fill = if node.cases > 0.0 { NODE } else { WHITE };
        let stroke = Some(Stroke::solid(0.7, BLACK));
        paper.add(Mark::Circle { centre, radius, stroke, fill: Some(fill), clip: None });
    }
    names(&paper, &nodes, (&spots, &radii), lines, frame, size).map_err(|_| no_room(&nodes, width))?;
    network_key::draw(&paper, &key, (EDGE, EDGE + height + size));
    let title = context.title_or("Who works with whom");
    let place = match map {
        Some(_) if moved > 0.5 => {
            "States stand where they lie on the map (equirectangular), moved a little where they would touch."
        }
        Some(_) => "States stand where they lie on the map (equirectangular).",
        None => {
            "States that communicate much stand near each other (stress majorization); the place on the page means nothing else."
        }
    };
    let body = format!(
        "Communications between states and cases found in them, mean per run. A tie is as wide at each end as what the \
         state there asks of the other; the area of a disc shows the cases found there (hollow: none, or no data). Ties bend around discs that are not theirs. \
         {place} {cut}"
    );
    Drawing::new(paper, context, (&title, &body), data(&nodes, &ties))
}

fn no_room(nodes: &[Node], width: f64) -> FigureError {
    let (count, mm) = (nodes.len(), width / svg::POINTS_PER_MILLIMETRE);
    let reason = format!(
        "the discs and names of {count} states find no room on {mm:.0} mm; make the figure wider or higher, the text or the names shorter, or draw the matrix"
    );
    FigureError::Unfit { reason }
}

/// Writes the names, those of the largest discs first.
fn names(
    paper: &Paper,
    nodes: &[Node],
    (spots, radii): (&[Spot], &[f64]),
    lines: Vec<(Spot, Spot)>,
    frame: Rect,
    size: f64,
) -> Result<(), ()> {
    let mut room = Room::new(frame);
    for (&(x, y), &radius) in spots.iter().zip(radii) {
        let reach = radius + 0.8;
        room.taken.push(Rect::new(x - reach, y - reach, x + reach, y + reach));
    }
    room.soft = lines;
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by(|&a, &b| radii[b].total_cmp(&radii[a]).then(a.cmp(&b)));
    for node in order {
        let words = font::shorten(&nodes[node].name, Face::Regular, size, frame.width() * 0.3);
        let wish = Wish { at: spots[node], words, furthest: size * 3.0 };
        if !room.name_around(paper, &wish, radii[node], size) {
            return Err(());
        }
    }
    Ok(())
}

/// Marks the ties that are drawn, the strongest first, and says what is cut.
fn cut(ties: &mut [Tie], nodes: usize) -> Result<String, FigureError> {
    ties.sort_by(|x, y| y.sum().total_cmp(&x.sum()).then((x.a, x.b).cmp(&(y.a, y.b))));
    let all: f64 = ties.iter().map(Tie::sum).sum();
    let limit = (nodes + nodes / 2).max(15);
    let mut kept = 0;
    let mut carried = 0.0;
    while kept < ties.len() && (ties.len() <= 15 || carried < ENOUGH * all) {
        // Ties of one strength are drawn or cut together.
        let alike = ties[kept..].iter().take_while(|tie| tie.sum() >= ties[kept].sum()).count();
        if kept + alike > limit {
            break;
        }
        ties[kept..kept + alike].iter_mut().for_each(|tie| tie.shown = true);
        carried += ties[kept..kept + alike].iter().map(Tie::sum).sum::<f64>();
        kept += alike;
    }
    if kept == 0 {
        let reason = format!("{} pairs communicate equally much: no tie can be cut; draw the matrix", ties.len());
        return Err(FigureError::Unfit { reason });
    }
    let pairs = counted(ties.len(), "pair");
    Ok(if kept == ties.len() {
        format!("All {pairs} of states that communicate are drawn.")
    } else {
        format!(
            "Drawn are the {kept} strongest of {pairs} that communicate, with {} of all communications; pairs below {} per run are cut.",
            percent(carried / all),
            significant(ties[kept - 1].sum(), 2)
        )
    })
}

/// Strengths of all ties, drawn or not.
fn matrix(nodes: &[Node], ties: &[Tie]) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; nodes.len()]; nodes.len()];
    for tie in ties {
        matrix[tie.a][tie.b] = tie.sum();
        matrix[tie.b][tie.a] = tie.sum();
    }
    matrix
}

/// Who stands where on the first circle: by total, or as asked for.
fn circle(nodes: &[Node], context: &Context) -> Vec<usize> {
    let mut order: Vec<(usize, &Node)> = nodes.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| b.total.total_cmp(&a.total).then_with(|| a.key.cmp(&b.key)));
    context.arrange(&mut order, |(_, node)| node.key.as_str());
    order.into_iter().map(|(index, _)| index).collect()
}

/// Longitude and latitude of every node, if all have them.
fn coordinates(nodes: &[Node], states: Option<&Table>) -> Result<Option<Vec<Spot>>, FigureError> {
    let Some(states) = states else { return Ok(None) };
    let keys = columns::texts(states, "key")?;
    let (longitude, latitude) = (columns::numbers(states, "longitude")?, columns::numbers(states, "latitude")?);
    let place = |node: &Node| {
        let row = keys.iter().position(|key| **key == *node.key)?;
        let known = (-360.0..=360.0).contains(&longitude[row]) && (-90.0..=90.0).contains(&latitude[row]);
        known.then(|| (longitude[row], latitude[row]))
    };
    Ok(nodes.iter().map(place).collect())
}

fn read(pairs: &Table, context: &Context) -> Result<(Vec<Node>, Vec<Tie>), FigureError> {
    let (from, to) = (columns::texts(pairs, "from")?, columns::texts(pairs, "to")?);
    let (cases, sent) = (columns::numbers(pairs, "cases")?, columns::numbers(pairs, "communications")?);
    let mut keys: Vec<&str> = from.iter().chain(to).map(|key| &**key).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Err(columns::nothing(pairs, "pairs of states"));
    }
    if keys.len() > MOST {
        let reason =
            format!("a network of {} states cannot be read; at most {MOST} are drawn: draw the matrix", keys.len());
        return Err(FigureError::Unfit { reason });
    }
    let node = |key: &&str| Node { key: (*key).to_owned(), name: context.name(key), cases: f64::NAN, total: 0.0 };
    let mut nodes: Vec<Node> = keys.iter().map(node).collect();
    let mut sums = vec![vec![0.0; keys.len()]; keys.len()];
    for row in 0..pairs.rows() {
        let (Ok(a), Ok(b)) = (keys.binary_search(&&*from[row]), keys.binary_search(&&*to[row])) else { continue };
        if cases[row].is_finite() {
            nodes[a].cases = cases[row] + if nodes[a].cases.is_finite() { nodes[a].cases } else { 0.0 };
        }
        if a != b && sent[row].is_finite() && sent[row] > 0.0 {
            sums[a][b] += sent[row];
            nodes[a].total += sent[row];
            nodes[b].total += sent[row];
        }
    }
    let both = (0..keys.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let tie = |(a, b): (usize, usize)| Tie { a, b, asks: sums[a][b], asked: sums[b][a], shown: false };
    let ties: Vec<Tie> = both.map(tie).filter(|tie| tie.sum() > 0.0).collect();
    if ties.is_empty() { Err(columns::nothing(pairs, "communications")) } else { Ok((nodes, ties)) }
}

/// The ties as a table: the numbers of the figure.
fn data(nodes: &[Node], ties: &[Tie]) -> Table {
    let mut table = Table::new(Schema::of(
        "figure_network",
        "Ties between states, the strongest first, means per run.",
        vec![
            Field::text("state", "One state."),
            Field::text("other", "The other."),
            Field::real("asks", "communications", "What the one asks of the other."),
            Field::real("asked", "communications", "What the other asks of the one."),
            Field::text("drawn", "yes, or cut."),
            Field::real("cases", "cases", "Cases found in the one."),
            Field::real("other_cases", "cases", "Cases found in the other."),
        ],
    ));
    for tie in ties {
        table.push([
            Cell::from(nodes[tie.a].key.as_str()),
            Cell::from(nodes[tie.b].key.as_str()),
            Cell::Real(tie.asks),
            Cell::Real(tie.asked),
            Cell::from(if tie.shown { "yes" } else { "cut" }),
            Cell::Real(nodes[tie.a].cases),
            Cell::Real(nodes[tie.b].cases),
        ]);
    }
    table
}
