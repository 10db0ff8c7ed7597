//! How a difference spread: every decision that came out otherwise, by state and time, joined to the
//! earlier difference it came from.
//!
//! A row of the table is a decision that differs between two worlds which share their luck. Its parent is
//! the difference it can be traced to; a decision the intervention touched itself has none. Lanes are
//! states in the order in which the difference reached them.

use std::collections::{BTreeMap, BTreeSet};

use super::axis;
use super::calendar::{self, day_name, said_day};
use super::font::{self, Face, LEADING};
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, dash, marker};
use super::palette::{BLACK, CATEGORIES, Colour, GREY, LIGHT, VERMILLION};
use super::paper::{Panel, Paper, path};
use super::sheet::{Anchor, Dash, Lettering, Mark, Rect, Stroke};
use super::words::counted;
use super::{Context, Drawing, FigureError, columns};
use crate::table::Table;

const EDGE: f64 = 2.0;
/// The least height of a lane.
const LEAST: f64 = 17.0;

struct Node {
    id: i64,
    parent: i64,
    day: i32,
    state: String,
    via: String,
    gained: i64,
}

/// How one route of influence is drawn.
struct Route {
    via: String,
    count: usize,
    stroke: Stroke,
}

/// Draws the `tree` table: columns `id`, `parent` (−1: the intervention itself), `date`, `state`, `other`,
/// `via` and `gained` (1, 0 or −1 cooperations).
///
/// # Errors
/// When a column is missing, the table is empty, or the size asked for is too small.
pub fn spread(tree: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let nodes = read(tree)?;
    let lanes = lanes(&nodes);
    let size = context.style.text;
    let width = context.style.points(183.0)?;
    let thin = if nodes.len() > 150 { 0.4 } else { 0.7 };
    let routes = routes(&nodes, thin);
    let mut entries: Vec<Entry> = routes
        .iter()
        .map(|route| {
            Entry::new(
                &[Sample::Line(Stroke { width: 1.0, ..route.stroke })],
                &format!("{} ({})", context.say(&route.via), route.count),
            )
        })
        .collect();
    let gains: Vec<(i64, &str)> = vec![(1, "cooperation gained"), (-1, "cooperation lost"), (0, "differs, neither")];
    for (gained, words) in gains {
        let count = nodes.iter().filter(|node| node.gained.signum() == gained).count();
        if count > 0 {
            entries.push(Entry::new(&[Sample::Marker(look(gained))], &format!("{} ({count})", context.say(words))));
        }
    }
    let direct = nodes.iter().filter(|node| node.parent < 0).count();
    if direct > 0 {
        let ring = Look::hollow(Shape::Disc, BLACK);
        entries.push(Entry::new(
            &[Sample::Marker(ring)],
            &format!("{} ({direct})", context.say("ringed: the intervention itself")),
        ));
    }
    let names: Vec<String> = lanes.iter().map(|lane| context.name(lane)).collect();
    let stub = font::widest(names.iter().map(String::as_str), Face::Regular, size).min(width * 0.22);
    let heads = ["Decisions", "Net"].map(|head| context.say(head));
    let numbers: Vec<[String; 2]> = lanes.iter().map(|lane| numbers(&nodes, lane)).collect();
    let column = |index: usize| {
        let cells = numbers.iter().map(|pair| pair[index].as_str());
        font::widest(cells, Face::Regular, size).max(font::width(&heads[index], Face::Bold, size))
    };
    let columns = [column(0), column(1)];
    let left = EDGE + stub + size * 0.8;
    let right = width - EDGE - columns[0] - columns[1] - size * 2.2;
    if right - left < 60.0 {
        let mm = width / super::svg::POINTS_PER_MILLIMETRE;
        return Err(FigureError::Unfit { reason: format!("{mm:.0} mm is too narrow for states over time") });
    }
    let crowd = nodes.len() as f64 / lanes.len() as f64;
    let lane = (LEAST + crowd * 0.45).min(48.0) * context.style.stretch;
    let top = EDGE + legend::height(&entries, width - 2.0 * EDGE, size) + size * 1.9;
    let place = Rect::new(left, top, right, top + lane * lanes.len() as f64);
    let (first, last) = days(&nodes);
    let calendar = calendar::axis(first, last, (place.width() / (size * 4.2)) as usize).said(context);
    let under = if calendar.under.is_empty() { 0.0 } else { LEADING * size };
    let paper = Paper::new(width, place.bottom + axis::bottom_height(size) + under + EDGE);
    // A little air before the first and after the last decision.
    let air = f64::from(last - first) * 0.015;
    let panel = paper.panel(place, (f64::from(first) - air, f64::from(last) + air), (0.0, 1.0));
    legend::draw(&paper, &entries, (EDGE, EDGE), width - 2.0 * EDGE, size);
    let foot = top - size * 0.55;
    paper.text((EDGE, foot), &context.say("State"), Lettering::new(size).bold());
    let edges = [width - EDGE - columns[1] - size * 1.2, width - EDGE];
    for (head, &edge) in heads.iter().zip(&edges) {
        paper.text((edge, foot), head, Lettering::new(size).bold().anchor(Anchor::End));
    }
    for (index, name) in names.iter().enumerate() {
        let y = place.top + lane * (index as f64 + 0.5);
        if index % 2 == 0 {
            paper.rect(Rect::new(place.left, y - lane / 2.0, place.right, y + lane / 2.0), LIGHT.tint(0.5));
        }
        let short = font::shorten(name, Face::Regular, size, stub);
        paper.text_centred((EDGE, y), &short, Lettering::new(size));
        for (words, &edge) in numbers[index].iter().zip(&edges) {
            paper.text_centred((edge, y), words, Lettering::new(size).anchor(Anchor::End));
        }
    }
    let spots = spots(&nodes, &lanes, &panel, lane);
    draw(&paper, &nodes, &spots, &routes);
    let origin = &nodes[0];
    mark_first(&paper, &panel, spots[0], origin, context);
    axis::calendar(&paper, &panel, &calendar, size);
    let title = context.title_or("How the difference spread");
    let net: i64 = nodes.iter().map(|node| node.gained).sum();
    let body = format!(
        "{} that came out otherwise than in the baseline, by date and state; states in the order in which the difference \
         reached them. Lines lead from an earlier difference to the later one traced to it, by the route given in the \
         legend (with counts); {} come from the intervention itself: they are ringed and have no line. Up: a cooperation gained; down: one \
         lost; dot: the decision differs, but neither (net {}). The first divergence is on {}. Columns: decisions that \
         differ, and net cooperations.",
        counted(nodes.len(), "decision"),
        direct,
        super::unit::plus(net as f64, 0),
        day_name(origin.day),
    );
    Drawing::new(paper, context, (&title, &body), tree.clone())
}

fn look(gained: i64) -> Look {
    match gained.signum() {
        1 => Look::filled(Shape::Up, BLACK),
        -1 => Look::hollow(Shape::Down, VERMILLION),
        _ => Look::filled(Shape::Disc, GREY),
    }
}

fn numbers(nodes: &[Node], lane: &str) -> [String; 2] {
    let own = || nodes.iter().filter(|node| node.state == lane);
    let net: i64 = own().map(|node| node.gained).sum();
    [own().count().to_string(), super::unit::plus(net as f64, 0)]
}

/// First and last day shown.
fn days(nodes: &[Node]) -> (i32, i32) {
    let first = nodes.iter().map(|node| node.day).min().unwrap_or(0);
    let last = nodes.iter().map(|node| node.day).max().unwrap_or(0);
    (first, last.max(first + 7))
}

/// The states, the first reached on top.
fn lanes(nodes: &[Node]) -> Vec<String> {
    let mut lanes: Vec<String> = Vec::new();
    for node in nodes {
        if !lanes.contains(&node.state) {
            lanes.push(node.state.clone());
        }
    }
    lanes
}

/// Routes by how many differences came that way, each with its own colour and dash.
fn routes(nodes: &[Node], thin: f64) -> Vec<Route> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    // What the intervention touched itself has no line, and needs none in the legend.
    let ids: BTreeSet<i64> = nodes.iter().map(|node| node.id).collect();
    for node in nodes.iter().filter(|node| ids.contains(&node.parent)) {
        *counts.entry(&node.via).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = counts.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let colours: Vec<Colour> = CATEGORIES.to_vec();
    let routes = order.into_iter().enumerate().map(|(index, (via, count))| {
        let colour = colours[index % colours.len()];
        // Six colours; beyond them, the dash tells routes of one colour apart.
        let dash = if index < colours.len() { Dash::Solid } else { dash(index / colours.len()) };
        Route { via: via.to_owned(), count, stroke: Stroke { width: thin, colour, dash } }
    });
    routes.collect()
}

/// Where each node stands: by date, and within its lane spread by the golden section, so that
/// neighbours in time lie apart.
fn spots(nodes: &[Node], lanes: &[String], panel: &Panel, lane: f64) -> Vec<(f64, f64)> {
    let mut seen = vec![0u32; lanes.len()];
    nodes
        .iter()
        .map(|node| {
            let index = lanes.iter().position(|name| *name == node.state).expect("every state has a lane");
            let turn = f64::from(seen[index]) * 0.618_033_988_749_895 + 0.5;
            seen[index] += 1;
            let share = turn - libm::floor(turn);
            let room = lane - 7.0;
            let x = panel.at(f64::from(node.day), 0.0).0;
            (x, panel.place.top + lane * (index as f64 + 0.5) + (share - 0.5) * room)
        })
        .collect()
}

fn draw(paper: &Paper, nodes: &[Node], spots: &[(f64, f64)], routes: &[Route]) {
    let index: BTreeMap<i64, usize> = nodes.iter().enumerate().map(|(index, node)| (node.id, index)).collect();
    let many = nodes.len() > 150;
    // The most frequent route lies at the back.
    for route in routes {
        let colour = route.stroke.colour.tint(if many { 0.6 } else { 0.85 });
        for (node, &to) in nodes.iter().zip(spots).filter(|(node, _)| node.via == route.via) {
            let Some(&parent) = index.get(&node.parent) else { continue };
            paper.add(path(curve(spots[parent], to), Some(Stroke { colour, ..route.stroke }), None));
        }
    }
    let radius = if many { 1.1 } else { 2.0 };
    for gained in [0, -1, 1] {
        for (node, &at) in nodes.iter().zip(spots).filter(|(node, _)| node.gained.signum() == gained) {
            if node.parent < 0 {
                let (wider, colour) = if many { (1.2, GREY) } else { (1.5, BLACK) };
                let stroke = Some(Stroke::solid(0.4, colour));
                paper.add(Mark::Circle { centre: at, radius: radius + wider, stroke, fill: None, clip: None });
            }
            let radius = if gained == 0 { radius * 0.7 } else { radius };
            marker(paper, at, radius, look(node.gained));
        }
    }
}

/// A line that leaves and arrives level: x as it goes, y eased by 3t² − 2t³.
fn curve(from: (f64, f64), to: (f64, f64)) -> Vec<(f64, f64)> {
    let pieces = 12;
    (0..=pieces)
        .map(|piece| {
            let t = f64::from(piece) / f64::from(pieces);
            (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t * t * (3.0 - 2.0 * t))
        })
        .collect()
}

/// The first divergence: a ring, a dotted line up, and its date above the lanes.
fn mark_first(paper: &Paper, panel: &Panel, spot: (f64, f64), origin: &Node, context: &Context) {
    let size = context.style.text;
    let place = panel.place;
    let ring = 5.0;
    paper.add(Mark::Circle {
        centre: spot,
        radius: ring,
        stroke: Some(Stroke::solid(0.9, BLACK)),
        fill: None,
        clip: None,
    });
    if spot.1 - ring > place.top - 1.0 {
        paper.line((spot.0, spot.1 - ring), (spot.0, place.top - 2.0), Stroke::solid(0.5, BLACK).dashed(Dash::Dotted));
    }
    let words = format!("{}, {}", context.say("first divergence"), said_day(origin.day, context));
    let half = font::width(&words, Face::Regular, size) / 2.0;
    // The head of the label column must stay clear.
    let least = place.left.max(EDGE + font::width(&context.say("State"), Face::Bold, size) + size) + half;
    let x = spot.0.max(least).min((place.right - half).max(least));
    paper.text((x, place.top - size * 0.55), &words, Lettering::new(size).anchor(Anchor::Middle));
}

/// The nodes, earliest first.
fn read(table: &Table) -> Result<Vec<Node>, FigureError> {
    let ids = columns::integers(table, "id")?;
    let parents = columns::integers(table, "parent")?;
    let dates = columns::dates(table, "date")?;
    let states = columns::texts(table, "state")?;
    let routes = columns::texts(table, "via")?;
    let gained = columns::integers(table, "gained")?;
    if table.rows() == 0 {
        return Err(columns::nothing(table, "decisions that differ"));
    }
    let each = (0..table.rows()).map(|row| Node {
        id: ids[row],
        parent: parents[row],
        day: dates[row],
        state: states[row].to_string(),
        via: routes[row].to_string(),
        gained: gained[row],
    });
    let mut nodes: Vec<Node> = each.collect();
    nodes.sort_by_key(|node| (node.day, node.id));
    Ok(nodes)
}
