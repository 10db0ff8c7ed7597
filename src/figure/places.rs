//! Where the nodes of a network stand: on a map by their coordinates, or by their ties alone.
//!
//! On a map: an equirectangular projection that is true at the mean latitude, cut where the longitudes leave
//! the widest gap. By ties: stress majorization (SMACOF; Gansner, Koren and North 2005) from a circle, with a
//! fixed number of iterations, so that the same ties give the same places. The length wanted of a tie is one
//! over the square root of its share of the strongest; of others it is the shortest way along ties.
//! Either way nodes that would touch are then pushed apart in rounds, the least that is needed.

use super::sheet::Rect;

/// Rounds of stress majorization.
const ROUNDS: usize = 300;
/// Rounds in which nodes are pushed apart.
const PUSHES: usize = 400;
/// The longest tie wanted, in lengths of the strongest.
const LONGEST: f64 = 4.0;

pub(super) type Spot = (f64, f64);

/// Longitude and latitude in degrees to a plane whose second axis points down.
pub(super) fn projected(coordinates: &[Spot]) -> Vec<Spot> {
    let mut around: Vec<f64> = coordinates.iter().map(|&(longitude, _)| longitude).collect();
    around.sort_by(f64::total_cmp);
    // The map begins behind the widest gap between neighbours around the globe.
    let mut start = around.first().copied().unwrap_or(0.0);
    let mut widest = around.last().map_or(0.0, |last| start + 360.0 - last);
    for pair in around.windows(2) {
        if pair[1] - pair[0] > widest {
            (start, widest) = (pair[1], pair[1] - pair[0]);
        }
    }
    let mean = coordinates.iter().map(|&(_, latitude)| latitude).sum::<f64>() / coordinates.len().max(1) as f64;
    let shrink = libm::cos(mean.to_radians()).max(0.05);
    let place = |&(longitude, latitude): &Spot| {
        let east = longitude - start;
        ((if east < 0.0 { east + 360.0 } else { east }) * shrink, -latitude)
    };
    coordinates.iter().map(place).collect()
}

/// Places from the strengths of ties alone, which are symmetric; `order` says who stands where on the first circle.
/// The longer axis lies level.
pub(super) fn by_ties(ties: &[Vec<f64>], order: &[usize]) -> Vec<Spot> {
    let count = ties.len();
    let wanted = distances(ties);
    let mut spots = vec![(0.0, 0.0); count];
    for (place, &node) in order.iter().enumerate() {
        let angle = std::f64::consts::TAU * place as f64 / count.max(1) as f64;
        spots[node] = (libm::cos(angle), libm::sin(angle));
    }
    for _ in 0..ROUNDS {
        let before = spots.clone();
        for node in 0..count {
            let (mut x, mut y, mut weights) = (0.0, 0.0, 0.0);
            for other in (0..count).filter(|other| *other != node) {
                let (far, weight) = (wanted[node][other], 1.0 / (wanted[node][other] * wanted[node][other]));
                let (dx, dy) = (before[node].0 - before[other].0, before[node].1 - before[other].1);
                let long = libm::hypot(dx, dy).max(1e-9);
                x += weight * (before[other].0 + far * dx / long);
                y += weight * (before[other].1 + far * dy / long);
                weights += weight;
            }
            if weights > 0.0 {
                spots[node] = (x / weights, y / weights);
            }
        }
    }
    level(&mut spots);
    spots
}

/// The distances wanted: short for strong ties, along ties where there is none, far where there is no way.
fn distances(ties: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let count = ties.len();
    let most = ties.iter().flatten().copied().fold(0.0, f64::max);
    let length = |tie: f64| {
        if tie > 0.0 { (1.0 / libm::sqrt(tie / most)).min(LONGEST) } else { f64::INFINITY }
    };
    let mut far: Vec<Vec<f64>> = ties.iter().map(|row| row.iter().map(|&tie| length(tie)).collect()).collect();
    for via in 0..count {
        for a in 0..count {
            for b in 0..count {
                far[a][b] = far[a][b].min(far[a][via] + far[via][b]);
            }
        }
    }
    let reached = far.iter().flatten().copied().filter(|far| far.is_finite()).fold(1.0, f64::max);
    for value in far.iter_mut().flatten() {
        if !value.is_finite() {
            *value = 1.3 * reached;
        }
    }
    far
}

/// Turns the places so that they spread most from left to right.
fn level(spots: &mut [Spot]) {
    let count = spots.len().max(1) as f64;
    let middle =
        (spots.iter().map(|spot| spot.0).sum::<f64>() / count, spots.iter().map(|spot| spot.1).sum::<f64>() / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for &(x, y) in spots.iter() {
        let (dx, dy) = (x - middle.0, y - middle.1);
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    let angle = 0.5 * libm::atan2(2.0 * xy, xx - yy);
    let (sine, cosine) = (libm::sin(-angle), libm::cos(-angle));
    for spot in spots {
        let (dx, dy) = (spot.0 - middle.0, spot.1 - middle.1);
        *spot = (dx * cosine - dy * sine, dx * sine + dy * cosine);
    }
}

/// Width and height of the places; never nothing.
pub(super) fn extent(spots: &[Spot]) -> (f64, f64) {
    let (left, top, right, bottom) = edges(spots);
    ((right - left).max(1e-9), (bottom - top).max(1e-9))
}

fn edges(spots: &[Spot]) -> (f64, f64, f64, f64) {
    let start = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    let all = spots.iter().fold(start, |e, &(x, y)| (e.0.min(x), e.1.min(y), e.2.max(x), e.3.max(y)));
    if all.0 <= all.2 { all } else { (0.0, 0.0, 0.0, 0.0) }
}

/// The places scaled into a rectangle, the same in both directions, and centred there.
pub(super) fn fitted(spots: &[Spot], room: Rect) -> Vec<Spot> {
    let (left, top, right, bottom) = edges(spots);
    let (wide, high) = extent(spots);
    let scale = (room.width() / wide).min(room.height() / high);
    let scale = if wide.max(high) <= 1e-8 { 0.0 } else { scale };
    let (middle, centre) = ((f64::midpoint(left, right), f64::midpoint(top, bottom)), room.centre());
    spots.iter().map(|&(x, y)| (centre.0 + (x - middle.0) * scale, centre.1 + (y - middle.1) * scale)).collect()
}

/// Pushes discs apart until no two are nearer than `air`, within a rectangle; says how far one had to move at most,
/// or nothing where they found no room.
pub(super) fn apart(spots: &mut [Spot], radii: &[f64], air: f64, room: Rect) -> Option<f64> {
    let before = spots.to_vec();
    let inside = |spot: Spot, radius: f64| {
        let bound = |value: f64, low: f64, high: f64| value.min(high - radius).max(low + radius);
        (bound(spot.0, room.left, room.right), bound(spot.1, room.top, room.bottom))
    };
    let close = |a: Spot, b: Spot, least: f64| libm::hypot(a.0 - b.0, a.1 - b.1) < least - 1e-6;
    for round in 0..PUSHES {
        let mut clear = true;
        for a in 0..spots.len() {
            for b in 0..a {
                let least = radii[a] + radii[b] + air;
                if !close(spots[a], spots[b], least) {
                    continue;
                }
                clear = false;
                let (dx, dy) = (spots[a].0 - spots[b].0, spots[a].1 - spots[b].1);
                let long = libm::hypot(dx, dy);
                // In the same place, or kept there by an edge: out at an angle of their own.
                let (ux, uy) = if long > 1e-6 && round % 16 != 15 {
                    (dx / long, dy / long)
                } else {
                    let angle = 2.4 * a as f64 + 0.7 * b as f64;
                    (libm::cos(angle), libm::sin(angle))
                };
                let push = (least - long) / 2.0 + 1e-3;
                spots[a] = inside((spots[a].0 + ux * push, spots[a].1 + uy * push), radii[a]);
                spots[b] = inside((spots[b].0 - ux * push, spots[b].1 - uy * push), radii[b]);
            }
        }
        if clear {
            let moved = spots.iter().zip(&before).map(|(now, then)| libm::hypot(now.0 - then.0, now.1 - then.1));
            return Some(moved.fold(0.0, f64::max));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_cut_where_nobody_is() {
        let spots = projected(&[(178.0, -18.0), (-175.0, -21.0), (160.0, -9.0)]);
        assert!(spots[2].0 < spots[0].0 && spots[0].0 < spots[1].0, "Tonga lies east of Fiji: {spots:?}");
        assert!(spots[2].1 < spots[1].1, "north is up");
        assert!(extent(&spots).0 < 26.0);
    }

    #[test]
    fn strong_ties_pull_together_and_rounds_lower_the_stress() {
        let tie = |a: usize, b: usize| {
            if a == b {
                0.0
            } else if a / 3 == b / 3 {
                10.0
            } else {
                0.2
            }
        };
        let ties: Vec<Vec<f64>> = (0..6).map(|a| (0..6).map(|b| tie(a, b)).collect()).collect();
        // The first circle has friends far apart.
        let spots = by_ties(&ties, &[0, 3, 1, 4, 2, 5]);
        let far = |a: usize, b: usize| libm::hypot(spots[a].0 - spots[b].0, spots[a].1 - spots[b].1);
        assert!(far(0, 1).max(far(1, 2)).max(far(4, 5)) < 0.6 * far(0, 3).min(far(2, 5)), "{spots:?}");
        let (wide, high) = extent(&spots);
        assert!(wide > high);
    }

    #[test]
    fn discs_are_pushed_apart_or_it_is_said_that_they_cannot_be() {
        let room = Rect::new(0.0, 0.0, 100.0, 100.0);
        let mut spots = vec![(50.0, 50.0); 12];
        let moved = apart(&mut spots, &[5.0; 12], 4.0, room).expect("there is room");
        assert!(moved > 10.0);
        for a in 0..12 {
            for b in 0..a {
                assert!(libm::hypot(spots[a].0 - spots[b].0, spots[a].1 - spots[b].1) >= 13.99);
            }
        }
        assert_eq!(apart(&mut vec![(50.0, 50.0); 60], &[9.0; 60], 4.0, room), None);
    }
}
