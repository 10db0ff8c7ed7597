//! Cuts and pastes of boxes.

use super::binomial::at_least;
use super::{End, FoundBox, Limit, Peeling};
use crate::statistics::Interval;

/// Points, which of them are of interest, and the box that holds them all.
pub(super) struct Search<'a> {
    factors: &'a [Vec<f64>],
    hits: Vec<bool>,
    whole: Vec<Interval>,
}

/// Points of a box.
#[derive(Clone, Copy)]
struct Count {
    points: usize,
    hits: usize,
}

impl Count {
    fn density(self) -> f64 {
        self.hits as f64 / self.points as f64
    }

    /// Density gained per point given up or taken in.
    fn gain(self, next: Count) -> f64 {
        (next.density() - self.density()) / self.points.abs_diff(next.points) as f64
    }
}

impl<'a> Search<'a> {
    pub fn new(factors: &'a [Vec<f64>], hits: Vec<bool>) -> Self {
        let range = |column: &Vec<f64>| Interval {
            low: column.iter().copied().fold(f64::INFINITY, f64::min),
            high: column.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        Self { factors, hits, whole: factors.iter().map(range).collect() }
    }

    /// The box of all points.
    pub fn whole(&self) -> Vec<Interval> {
        self.whole.clone()
    }

    /// The rows in a box.
    fn rows(&self, ranges: &[Interval]) -> Vec<usize> {
        let inside = |row: &usize| {
            let values = self.factors.iter().map(|column| column[*row]);
            values.zip(ranges).all(|(value, range)| range.low <= value && value <= range.high)
        };
        (0..self.hits.len()).filter(inside).collect()
    }

    fn count(&self, rows: &[usize]) -> Count {
        Count { points: rows.len(), hits: rows.iter().filter(|row| self.hits[**row]).count() }
    }

    /// The best cut; none when it gains nothing or leaves too little.
    pub fn cut(&self, ranges: &[Interval], peeling: &Peeling) -> Option<Vec<Interval>> {
        let rows = self.rows(ranges);
        let candidates =
            self.ends().map(|(factor, end)| limited(ranges, factor, end, self.edge(&rows, factor, end, peeling.peel)));
        let best = self.best(&rows, candidates.filter(|ranges| self.rows(ranges).len() < rows.len()))?;
        let left = self.rows(&best).len() as f64 / self.hits.len() as f64;
        (left >= peeling.least_mass).then_some(best)
    }

    /// The best paste; none when it gains nothing.
    pub fn paste(&self, ranges: &[Interval], peeling: &Peeling) -> Option<Vec<Interval>> {
        let rows = self.rows(ranges);
        let candidates = self.ends().filter_map(|(factor, end)| {
            // The points that only this limit keeps out, the nearest first.
            let open = self.rows(&self.opened(ranges, factor, end));
            let beyond: Vec<usize> = open.into_iter().filter(|row| rows.binary_search(row).is_err()).collect();
            if beyond.is_empty() {
                return None;
            }
            let nearest = match end {
                End::Low => End::High,
                End::High => End::Low,
            };
            Some(limited(ranges, factor, end, self.edge(&beyond, factor, nearest, peeling.paste)))
        });
        self.best(&rows, candidates)
    }

    /// Where a share of rows, counted from an end of a factor, ends: midway between two neighbouring values.
    fn edge(&self, rows: &[usize], factor: usize, from: End, share: f64) -> f64 {
        // Seen from the high end, the values are their opposites.
        let sign = match from {
            End::Low => 1.0,
            End::High => -1.0,
        };
        let mut values: Vec<f64> = rows.iter().map(|row| sign * self.factors[factor][*row]).collect();
        values.sort_by(f64::total_cmp);
        sign * edge(&values, share)
    }

    /// A box without a limit.
    fn opened(&self, ranges: &[Interval], factor: usize, end: End) -> Vec<Interval> {
        let value = match end {
            End::Low => self.whole[factor].low,
            End::High => self.whole[factor].high,
        };
        limited(ranges, factor, end, value)
    }

    /// All factors and their ends.
    fn ends(&self) -> impl Iterator<Item = (usize, End)> + use<> {
        (0..self.factors.len()).flat_map(|factor| [(factor, End::Low), (factor, End::High)])
    }

    /// The box that gains most, if anything.
    fn best(&self, rows: &[usize], candidates: impl Iterator<Item = Vec<Interval>>) -> Option<Vec<Interval>> {
        let now = self.count(rows);
        let mut best: Option<(f64, usize, Vec<Interval>)> = None;
        for ranges in candidates {
            let next = self.count(&self.rows(&ranges));
            if next.points == 0 {
                continue;
            }
            let (gain, restricted) = (now.gain(next), self.restricted(&ranges));
            let better =
                best.as_ref().is_none_or(|(most, fewest, _)| gain > *most || (gain == *most && restricted < *fewest));
            if better {
                best = Some((gain, restricted, ranges));
            }
        }
        best.filter(|(gain, _, _)| *gain > 0.0).map(|(_, _, ranges)| ranges)
    }

    /// How many factors are limited.
    fn restricted(&self, ranges: &[Interval]) -> usize {
        ranges.iter().zip(&self.whole).filter(|(own, whole)| own != whole).count()
    }

    /// What is to be known of a box.
    pub fn described(&self, ranges: &[Interval]) -> FoundBox {
        let count = self.count(&self.rows(ranges));
        let all = self.hits.iter().filter(|hit| **hit).count();
        let limits = self.ends().filter_map(|(factor, end)| {
            let opened = self.opened(ranges, factor, end);
            if opened == ranges {
                return None;
            }
            let value = match end {
                End::Low => ranges[factor].low,
                End::High => ranges[factor].high,
            };
            let density = self.count(&self.rows(&opened)).density();
            Some(Limit { factor, end, value, quasi_p: at_least(count.hits, count.points, density) })
        });
        FoundBox {
            limits: limits.collect(),
            points: count.points,
            hits: count.hits,
            coverage: count.hits as f64 / all as f64,
            density: count.density(),
            mass: count.points as f64 / self.hits.len() as f64,
            restricted: self.restricted(ranges),
            ranges: ranges.to_vec(),
        }
    }
}

/// A box with another limit.
fn limited(ranges: &[Interval], factor: usize, end: End, value: f64) -> Vec<Interval> {
    let mut ranges = ranges.to_vec();
    match end {
        End::Low => ranges[factor].low = value,
        End::High => ranges[factor].high = value,
    }
    ranges
}

/// The middle between the two sorted values around a share of them; where those are equal, between them and the next
/// greater one. If there is none, that value.
fn edge(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = last as f64 * share;
    let below = sorted[libm::floor(place) as usize];
    let above = sorted[libm::ceil(place) as usize..].iter().find(|value| **value != below).unwrap_or(&below);
    (below + above) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_lies_between_values_and_equal_ones_stay_together() {
        let values: Vec<f64> = (0..41).map(f64::from).collect();
        // Place 2 is a value: the edge lies above it, so that three are cut.
        assert_eq!(edge(&values, 0.05), 2.5);
        assert_eq!(edge(&[1.0, 1.0, 1.0, 4.0], 0.05), 2.5);
        assert_eq!(edge(&[1.0, 1.0], 0.05), 1.0);
        assert_eq!(edge(&[7.0], 0.05), 7.0);
    }

    #[test]
    fn the_edge_from_the_high_end_mirrors_that_from_the_low_end() {
        let factors = [(0..20).map(|row| f64::from(row * row)).collect::<Vec<f64>>()];
        let search = Search::new(&factors, vec![true; 20]);
        let rows: Vec<usize> = (0..20).collect();
        // Place 0.95 of 19: between the first two and between the last two.
        assert_eq!(search.edge(&rows, 0, End::Low, 0.05), 0.5);
        assert_eq!(search.edge(&rows, 0, End::High, 0.05), (361.0 + 324.0) / 2.0);
    }
}
