//! Ties of a network as wedges: bent around discs in their way, as wide at each end as is asked there.

use super::palette::{Colour, WHITE};
use super::paper::Paper;
use super::places::Spot;

/// The middle line of a tie: straight, or bent just so far that it passes no other disc.
pub(super) fn course((a, b): (usize, usize), spots: &[Spot], radii: &[f64], wide: f64) -> Vec<Spot> {
    let (from, to) = (spots[a], spots[b]);
    let long = libm::hypot(to.0 - from.0, to.1 - from.1).max(1e-9);
    let (nx, ny) = (-(to.1 - from.1) / long, (to.0 - from.0) / long);
    let bent = |bend: f64| -> Vec<Spot> {
        let pieces = if bend == 0.0 { 1 } else { 24 };
        let at = |piece: i32| {
            let share = f64::from(piece) / f64::from(pieces);
            let off = 4.0 * share * (1.0 - share) * bend;
            (from.0 + (to.0 - from.0) * share + nx * off, from.1 + (to.1 - from.1) * share + ny * off)
        };
        (0..=pieces).map(at).collect()
    };
    let clear = |line: &[Spot]| {
        (0..spots.len()).filter(|node| *node != a && *node != b).all(|node| {
            let least = radii[node] + wide / 2.0 + 1.0;
            line.windows(2).all(|ends| distance(spots[node], ends[0], ends[1]) >= least)
        })
    };
    let bends = (1..=24).flat_map(|step| [1.0, -1.0].map(|side| side * f64::from(step) * 0.012 * long));
    std::iter::once(0.0).chain(bends).map(bent).find(|line| clear(line)).unwrap_or_else(|| bent(0.0))
}

/// From a point to a segment.
fn distance(point: Spot, from: Spot, to: Spot) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = (dx * dx + dy * dy).max(1e-12);
    let share = (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / square).clamp(0.0, 1.0);
    libm::hypot(point.0 - from.0 - share * dx, point.1 - from.1 - share * dy)
}

/// A tie along its middle line, as wide at each end as asked there, with a white rim where it crosses others.
pub(super) fn wedge(paper: &Paper, line: &[Spot], (at_from, at_to): (f64, f64), fill: Colour) {
    let last = line.len() - 1;
    let side = |half: &dyn Fn(f64) -> f64, index: usize| {
        let (before, after) = (line[index.saturating_sub(1)], line[(index + 1).min(last)]);
        let long = libm::hypot(after.0 - before.0, after.1 - before.1).max(1e-9);
        let off = half(index as f64 / last as f64) / long;
        (line[index].0 - (after.1 - before.1) * off, line[index].1 + (after.0 - before.0) * off)
    };
    for (rim, fill) in [(0.4, WHITE), (0.0, fill)] {
        let half = |along: f64| (at_from + (at_to - at_from) * along) / 2.0 + rim;
        let back = |along: f64| -half(along);
        let there = (0..=last).map(|index| side(&half, index));
        let points = there.chain((0..=last).rev().map(|index| side(&back, index))).collect();
        paper.area(points, fill);
    }
}

/// Both borders of a line of that width, for names that keep off it.
pub(super) fn borders(line: &[Spot], wide: f64) -> Vec<(Spot, Spot)> {
    let border = |ends: &[Spot], side: f64| {
        let long = libm::hypot(ends[1].0 - ends[0].0, ends[1].1 - ends[0].1).max(1e-9);
        let (nx, ny) = (-(ends[1].1 - ends[0].1) / long * side, (ends[1].0 - ends[0].0) / long * side);
        ((ends[0].0 + nx, ends[0].1 + ny), (ends[1].0 + nx, ends[1].1 + ny))
    };
    let half = wide / 2.0 + 0.6;
    line.windows(2).flat_map(|ends| [border(ends, half), border(ends, -half)]).collect()
}
