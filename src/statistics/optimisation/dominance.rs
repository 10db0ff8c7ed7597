//! Which options no other beats in all respects at once. All objectives are to be small; turn the sign of those that shall be large.
//!
//! One option dominates another if it is nowhere worse and somewhere better; equal ones do not dominate each other.
//!
//! With means and standard errors of independent estimates, A is better than B in one objective with probability Phi((mB - mA) /
//! sqrt(sA^2 + sB^2)), and dominates with the product over objectives, as if errors of objectives had nothing to do with each
//! other (Hughes 2001; Teich 2001).

use super::Refusal;
use crate::statistics::normal_probability;

/// Whether one point dominates another: never where a number is missing.
pub(super) fn dominates(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).all(|(a, b)| a <= b) && one.iter().zip(other).any(|(a, b)| a < b)
}

/// Which points no other dominates; not those in which a number is missing. One list of objectives per point.
pub fn non_dominated(points: &[impl AsRef<[f64]>]) -> Vec<bool> {
    let complete = |point: &[f64]| point.iter().all(|x| !x.is_nan());
    let free = |own: &[f64]| complete(own) && !points.iter().any(|other| dominates(other.as_ref(), own));
    points.iter().map(|own| free(own.as_ref())).collect()
}

/// Points in fronts: those no other dominates, those no other dominates when the first are gone, and so on; within a front in
/// ascending order (Deb and others 2002).
pub fn fronts(points: &[impl AsRef<[f64]>]) -> Vec<Vec<usize>> {
    fronts_by(points.len(), |one, other| dominates(points[one].as_ref(), points[other].as_ref()))
}

/// Fronts by any order that has no circles.
pub(super) fn fronts_by(count: usize, dominates: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let all = || 0..count;
    let beats: Vec<Vec<usize>> = all().map(|one| all().filter(|other| dominates(one, *other)).collect()).collect();
    let mut beaten_by = vec![0_usize; count];
    beats.iter().flatten().for_each(|other| beaten_by[*other] += 1);
    let mut fronts = Vec::new();
    let mut front: Vec<usize> = (0..count).filter(|own| beaten_by[*own] == 0).collect();
    while !front.is_empty() {
        let mut next = Vec::new();
        for other in front.iter().flat_map(|own| &beats[*own]) {
            beaten_by[*other] -= 1;
            if beaten_by[*other] == 0 {
                next.push(*other);
            }
        }
        next.sort_unstable();
        fronts.push(core::mem::replace(&mut front, next));
    }
    fronts
}

/// How far apart the neighbours of each point of a front are: the sum over objectives of the distance between the next on either
/// side, in shares of the front's range; infinite at the ends of an objective, 0 added by one that is the same for all (Deb and
/// others 2002). One number for each place in `front`; equal values in the order of `front`.
///
/// # Panics
/// When a place is not there.
pub fn crowding(points: &[impl AsRef<[f64]>], front: &[usize]) -> Vec<f64> {
    let objectives = front.first().map_or(0, |own| points[*own].as_ref().len());
    let mut distances = vec![0.0; front.len()];
    let mut order: Vec<usize> = (0..front.len()).collect();
    for objective in 0..objectives {
        let value = |place: usize| points[front[place]].as_ref()[objective];
        order.sort_by(|a, b| value(*a).total_cmp(&value(*b)).then(a.cmp(b)));
        let (Some(&first), Some(&last)) = (order.first(), order.last()) else { break };
        let range = value(last) - value(first);
        for three in order.windows(3) {
            if range > 0.0 {
                distances[three[1]] += (value(three[2]) - value(three[0])) / range;
            }
        }
        distances[first] = f64::INFINITY;
        distances[last] = f64::INFINITY;
    }
    distances
}

/// How probably one option is better than another in all respects.
#[derive(Debug, Clone, PartialEq)]
pub struct Dominance {
    /// For each objective, the probability that the first is better.
    pub better: Vec<f64>,
    /// The probability that the first dominates the second.
    pub dominates: f64,
    /// The probability that it is dominated.
    pub dominated: f64,
    /// The probability that neither does.
    pub neither: f64,
}

impl Dominance {
    /// From the mean and standard error (0 or more) of every objective of one option and of another. Without any error a tie counts
    /// as half.
    ///
    /// # Errors
    /// When there are not as many objectives on both sides, or none, or a number is missing, infinite, or an error below 0.
    pub fn between(one: &[(f64, f64)], other: &[(f64, f64)]) -> Result<Self, Refusal> {
        if one.is_empty() {
            return Err(Refusal::TooFew { what: "objectives", given: 0, needed: 1 });
        }
        if one.len() != other.len() {
            return Err(Refusal::Uneven { what: "objectives", given: other.len(), needed: one.len() });
        }
        for (of, (mean, error)) in one.iter().chain(other).enumerate() {
            if !mean.is_finite() {
                let (what, allowed) = ("the mean of objective", "a number");
                return Err(Refusal::Number { what, of: of % one.len(), value: *mean, allowed });
            }
            if !(error.is_finite() && *error >= 0.0) {
                let (what, allowed) = ("the standard error of objective", "0 or more");
                return Err(Refusal::Number { what, of: of % one.len(), value: *error, allowed });
            }
        }
        let better = |((mean, error), (other, its_error)): (&(f64, f64), &(f64, f64))| {
            let both = libm::sqrt(error * error + its_error * its_error);
            let lead = other - mean;
            let z = if both > 0.0 || lead == 0.0 { lead / both.max(f64::MIN_POSITIVE) } else { lead * f64::INFINITY };
            normal_probability(z)
        };
        let better: Vec<f64> = one.iter().zip(other).map(better).collect();
        let dominates: f64 = better.iter().product();
        let dominated: f64 = better.iter().map(|share| 1.0 - share).product();
        Ok(Self { better, dominates, dominated, neither: 1.0 - dominates - dominated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_points_do_not_dominate_each_other_and_missing_ones_do_nothing() {
        let points = [[1.0, 2.0], [1.0, 2.0], [2.0, 2.0], [f64::NAN, 0.0], [0.0, 3.0]];
        assert_eq!(non_dominated(&points), [true, true, false, false, true]);
        assert_eq!(fronts(&points[..3]), [vec![0, 1], vec![2]]);
        assert!(fronts(&points[..0]).is_empty());
        assert!(crowding(&points, &[0, 1]).iter().all(|distance| *distance == f64::INFINITY));
    }

    #[test]
    fn without_error_dominance_is_certain_and_a_tie_is_half() {
        let got = Dominance::between(&[(1.0, 0.0), (2.0, 0.0)], &[(1.5, 0.0), (3.0, 0.0)]).expect("it is sound");
        assert_eq!((got.dominates, got.dominated, got.neither), (1.0, 0.0, 0.0));
        let tie = Dominance::between(&[(1.0, 0.0)], &[(1.0, 0.0)]).expect("it is sound");
        assert_eq!(tie.better, [0.5]);
        assert!(Dominance::between(&[(1.0, 0.1)], &[]).is_err());
        assert!(Dominance::between(&[(1.0, -0.1)], &[(1.0, 0.1)]).is_err());
    }
}
