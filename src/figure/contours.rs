//! Contour lines of a grid by marching squares on the values as they are: nothing is smoothed, nothing is guessed.
//!
//! A line crosses an edge of the grid where linear interpolation between its two ends meets the level. A
//! square with a missing corner has no line. In a saddle the mean of the corners decides which sides are joined.

/// An edge of the grid: column, row, and whether it goes down (to the next row) or across.
type Edge = (usize, usize, bool);

/// The lines at a level; `values[row][column]` stand at `x[column]`, `y[row]`. A closed line ends where it began.
pub(super) fn contours(x: &[f64], y: &[f64], values: &[Vec<f64>], level: f64) -> Vec<Vec<(f64, f64)>> {
    let mut links: Vec<(Edge, Edge)> = Vec::new();
    for row in 1..y.len() {
        for column in 1..x.len() {
            let (a, b) = (values[row - 1][column - 1], values[row - 1][column]);
            let (c, d) = (values[row][column], values[row][column - 1]);
            if [a, b, c, d].iter().any(|value| !value.is_finite()) {
                continue;
            }
            let above = |value: f64| value >= level;
            let first = (column - 1, row - 1, false);
            let last = (column - 1, row, false);
            let (left, right) = ((column - 1, row - 1, true), (column, row - 1, true));
            let crossed: Vec<Edge> = [(first, a, b), (right, b, c), (last, c, d), (left, d, a)]
                .into_iter()
                .filter(|(_, from, to)| above(*from) != above(*to))
                .map(|(edge, _, _)| edge)
                .collect();
            match crossed.as_slice() {
                [one, two] => links.push((*one, *two)),
                [..] if crossed.len() == 4 => {
                    let middle = above(a / 4.0 + b / 4.0 + c / 4.0 + d / 4.0);
                    // The corners that are unlike the middle are cut off, each by a line of its own.
                    let pairs = if above(a) == middle {
                        [(first, right), (last, left)]
                    } else {
                        [(first, left), (right, last)]
                    };
                    links.extend(pairs);
                }
                _ => {}
            }
        }
    }
    let place = |(column, row, down): Edge| {
        let (from, to) = if down { ((column, row), (column, row + 1)) } else { ((column, row), (column + 1, row)) };
        let (low, high) = (values[from.1][from.0], values[to.1][to.0]);
        let share = ((level - low) / (high - low)).clamp(0.0, 1.0);
        let mix = |a: f64, b: f64| a + (b - a) * share;
        (mix(x[from.0], x[to.0]), mix(y[from.1], y[to.1]))
    };
    joined(links).into_iter().map(|line| line.into_iter().map(place).collect()).collect()
}

/// Links end to end.
fn joined(mut links: Vec<(Edge, Edge)>) -> Vec<Vec<Edge>> {
    let mut lines = Vec::new();
    while let Some((start, end)) = links.pop() {
        let mut line = std::collections::VecDeque::from([start, end]);
        while let (Some(&head), Some(&tail)) = (line.front(), line.back()) {
            let closed = head == tail && line.len() > 2;
            let next = links.iter().position(|(a, b)| [*a, *b].iter().any(|edge| *edge == tail || *edge == head));
            let Some(index) = next.filter(|_| !closed) else { break };
            let (a, b) = links.swap_remove(index);
            if a == tail {
                line.push_back(b);
            } else if b == tail {
                line.push_back(a);
            } else if a == head {
                line.push_front(b);
            } else {
                line.push_front(a);
            }
        }
        lines.push(line.into());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(value: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Vec<Vec<f64>>) {
        let at: Vec<f64> = (0..11).map(f64::from).collect();
        let values = at.iter().map(|&y| at.iter().map(|&x| value(x, y)).collect()).collect();
        (at, values)
    }

    #[test]
    fn the_contour_of_a_plane_is_the_straight_line_it_must_be() {
        let (at, values) = grid(|x, y| 2.0 * x + y);
        let lines = contours(&at, &at, &values, 9.5);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|(x, y)| (2.0 * x + y - 9.5).abs() < 1e-9), "{lines:?}");
        assert!(lines[0].len() > 10);
        assert!(contours(&at, &at, &values, 99.0).is_empty());
    }

    #[test]
    fn the_contour_of_a_hill_is_closed_and_missing_corners_break_it() {
        let (at, mut values) = grid(|x, y| -libm::hypot(x - 5.0, y - 5.0));
        let lines = contours(&at, &at, &values, -3.2);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].iter().all(|(x, y)| (libm::hypot(x - 5.0, y - 5.0) - 3.2).abs() < 0.1), "{lines:?}");
        values[5][8] = f64::NAN;
        let broken = contours(&at, &at, &values, -3.2);
        assert!(broken.iter().all(|line| line.first() != line.last()), "{broken:?}");
    }

    #[test]
    fn a_saddle_is_joined_by_its_middle() {
        let at = [0.0, 1.0];
        let lines = contours(&at, &at, &[vec![1.0, 0.0], vec![0.0, 0.9]], 0.4);
        assert_eq!(lines.len(), 2);
        // The middle (0.475) is above: the low corners are cut off.
        let cuts_low = |line: &Vec<(f64, f64)>| {
            let (x, y) = (line[0].0 + line[1].0, line[0].1 + line[1].1);
            (x > 1.0) != (y > 1.0)
        };
        assert!(lines.iter().all(cuts_low), "{lines:?}");
    }
}
