//! Blocks of points for variance shares (Saltelli 2002; Saltelli and others 2010).
//!
//! Each base point is a pair (A, B) of points that have nothing in common: the two halves of a Sobol' point of twice as many
//! dimensions as there are factors. AB_i is A with group i taken from B, BA_i is B with group i taken from A. With the BA_i
//! second-order shares and the estimators of Azzini and Rosati become possible.
//!
//! To give chance a share of its own, add a factor that stands for the seed of a run.

use super::sobol::sequence;
use super::{BasePoints, Groups, Method, Points, Refusal, Scrambling};

/// The members of a block and where they stand: A, AB_1 to AB_g, then BA_1 to BA_g if there are any, then B.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocks {
    /// How many groups of factors (as many as factors when each is its own).
    pub groups: usize,
    /// Whether there are BA_i.
    pub second_order: bool,
}

/// A member of a block. Groups count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// The first point of the pair.
    A,
    /// A with this group taken from B.
    Ab(usize),
    /// B with this group taken from A.
    Ba(usize),
    /// The second point of the pair.
    B,
}

impl Blocks {
    /// How many points a block has: groups + 2, or twice the groups + 2.
    pub fn size(self) -> usize {
        if self.second_order { self.groups.saturating_mul(2).saturating_add(2) } else { self.groups.saturating_add(2) }
    }

    /// The base point and the member that a row of the design is.
    pub fn member(self, row: usize) -> (usize, Member) {
        let place = row % self.size();
        let member = match place {
            0 => Member::A,
            _ if place == self.size() - 1 => Member::B,
            _ if place <= self.groups => Member::Ab(place - 1),
            _ => Member::Ba(place - 1 - self.groups),
        };
        (row / self.size(), member)
    }

    /// The row of a member of a base point; none for a group that is not there, or a BA_i without second order.
    pub fn row(self, base: usize, member: Member) -> Option<usize> {
        let place = match member {
            Member::A => Some(0),
            Member::B => Some(self.size() - 1),
            Member::Ab(group) => (group < self.groups).then_some(1 + group),
            Member::Ba(group) => (self.second_order && group < self.groups).then_some(1 + self.groups + group),
        };
        place.map(|place| base * self.size() + place)
    }
}

/// The blocks of all base points, one after the other, and how to read them. The notice of [`BasePoints`] says whether their
/// number was rounded up.
///
/// # Errors
/// For more than 64 factors (a base point has twice as many dimensions), and beyond 10^8 numbers.
pub fn saltelli(
    base: BasePoints,
    groups: &Groups,
    second_order: bool,
    scrambling: Scrambling,
) -> Result<(Points, Blocks), Refusal> {
    let factors = groups.factors();
    let blocks = Blocks { groups: groups.count(), second_order };
    let rows = base.count().saturating_mul(blocks.size());
    super::points::allowed(rows, factors)?;
    let pairs = sequence(base, 2 * factors, scrambling, Method::Saltelli)?;
    let mut numbers = Vec::with_capacity(rows * factors);
    for pair in pairs.iter() {
        let (a, b) = pair.split_at(factors);
        let mut mixed = |one: &[f64], other: &[f64], group: usize| {
            let own = one.iter().zip(other).zip(groups.of_factors());
            numbers.extend(own.map(|((one, other), of)| if *of == group { *other } else { *one }));
        };
        // No factor is in a group beyond the last.
        let none = groups.count();
        mixed(a, b, none);
        (0..groups.count()).for_each(|group| mixed(a, b, group));
        if second_order {
            (0..groups.count()).for_each(|group| mixed(b, a, group));
        }
        mixed(b, a, none);
    }
    Ok((Points::laid_out(factors, numbers), blocks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(count: usize, groups: &Groups, second_order: bool, scrambling: Scrambling) -> (Points, Blocks) {
        let base = BasePoints::at_least(count).expect("it is small");
        saltelli(base, groups, second_order, scrambling).expect("it is small")
    }

    #[test]
    fn a_mixed_point_differs_from_its_own_in_its_group_alone_and_there_it_is_the_others() {
        let grouped = Groups::of(vec![0, 1, 0, 2]).expect("they are sound");
        let single = Groups::single(3).expect("there are some");
        for (groups, second_order) in [(&grouped, true), (&grouped, false), (&single, true), (&single, false)] {
            let (points, blocks) = design(32, groups, second_order, Scrambling::Owen(4));
            assert_eq!(points.rows(), 32 * blocks.size());
            for row in 0..points.rows() {
                let (base, member) = blocks.member(row);
                assert_eq!(blocks.row(base, member), Some(row));
                let at = |member| points.row(blocks.row(base, member).expect("it is there"));
                let (own, other, group) = match member {
                    Member::Ab(group) => (at(Member::A), at(Member::B), group),
                    Member::Ba(group) => (at(Member::B), at(Member::A), group),
                    Member::A | Member::B => continue,
                };
                for (factor, value) in points.row(row).iter().enumerate() {
                    let from = if groups.of_factors()[factor] == group { other } else { own };
                    assert_eq!(*value, from[factor]);
                    assert_ne!(own[factor], other[factor]);
                }
            }
        }
    }

    #[test]
    fn members_that_are_not_there_have_no_row() {
        let blocks = Blocks { groups: 3, second_order: false };
        assert_eq!(blocks.size(), 5);
        assert_eq!(blocks.row(2, Member::Ba(0)), None);
        assert_eq!(blocks.row(2, Member::Ab(3)), None);
        assert_eq!(blocks.row(2, Member::B), Some(14));
    }

    #[test]
    fn the_same_seed_gives_the_same_bits() {
        let groups = Groups::single(4).expect("there are some");
        let one = design(16, &groups, true, Scrambling::Owen(1));
        assert_eq!(one, design(16, &groups, true, Scrambling::Owen(1)));
        assert_ne!(one, design(16, &groups, true, Scrambling::Owen(2)));
    }

    #[test]
    fn more_factors_than_half_the_dimensions_and_absurd_sizes_are_refused() {
        let base = |count| BasePoints::at_least(count).expect("it is small");
        let many = Groups::single(65).expect("there are some");
        let refused = saltelli(base(2), &many, false, Scrambling::None);
        assert_eq!(refused, Err(Refusal::TooManyDimensions { needed: 130, method: Method::Saltelli }));
        let few = Groups::single(64).expect("there are some");
        assert!(saltelli(base(2), &few, true, Scrambling::None).is_ok());
        let refused = saltelli(base(1 << 20), &few, true, Scrambling::None);
        assert_eq!(refused, Err(Refusal::TooManyNumbers { rows: 130 << 20, columns: 64 }));
    }
}
