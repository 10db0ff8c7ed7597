//! An order in which those who have much to do with each other stand together, and whether they form groups.
//!
//! Average-linkage clustering on similarity (what passes between two, over the geometric mean of their totals, so
//! that the large do not draw everybody), then branches of the tree are turned as long as that brings strong
//! ties nearer to the diagonal. Groups are a cut of the same tree: the one of greatest modularity (Newman 2004),
//! and only where that is at least 0.3, the customary sign of structure, and every group has two members or
//! more. Of equal choices the one that names the earlier members is taken, so that equal tables give equal orders.

/// The least modularity at which groups are spoken of.
pub(super) const STRUCTURE: f64 = 0.3;
/// Rounds of turning branches.
const ROUNDS: usize = 50;

/// Who stands where, and how many stand in each group, in that order; one group where there is no structure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seriation {
    pub(super) order: Vec<usize>,
    pub(super) groups: Vec<usize>,
    /// Of the best cut; NaN where there is nothing to cut.
    pub(super) modularity: f64,
}

/// A branch of the tree: its members in order, and the branches it was made of.
#[derive(Debug, Clone)]
struct Branch {
    members: Vec<usize>,
    parts: Option<(usize, usize)>,
}

/// Orders by symmetric, non-negative ties; the first in the list comes first where it makes no other difference.
pub(super) fn seriate(ties: &[Vec<f64>]) -> Seriation {
    let count = ties.len();
    let totals: Vec<f64> = ties.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = totals.iter().sum();
    if count < 3 || all <= 0.0 {
        return Seriation { order: (0..count).collect(), groups: vec![count], modularity: f64::NAN };
    }
    let alike = |a: usize, b: usize| {
        let size = libm::sqrt(totals[a] * totals[b]);
        if size > 0.0 { ties[a][b] / size } else { 0.0 }
    };
    let mut branches: Vec<Branch> = (0..count).map(|member| Branch { members: vec![member], parts: None }).collect();
    let mut open: Vec<usize> = (0..count).collect();
    let (mut best, mut cut): (f64, Vec<usize>) = (f64::NEG_INFINITY, Vec::new());
    while open.len() > 1 {
        let q = modularity(ties, &totals, all, open.iter().map(|&branch| branches[branch].members.as_slice()));
        if q > best && open.iter().all(|&branch| branches[branch].members.len() > 1) {
            (best, cut) = (q, open.clone());
        }
        let (a, b) = nearest(&open, &branches, alike);
        let members = [branches[a].members.as_slice(), branches[b].members.as_slice()].concat();
        open.retain(|&branch| branch != a && branch != b);
        open.push(branches.len());
        branches.push(Branch { members, parts: Some((a, b)) });
    }
    let groups: Vec<Vec<usize>> = cut.iter().map(|&branch| branches[branch].members.clone()).collect();
    let order = turned(&branches, open[0], ties);
    let mut sizes: Vec<usize> = Vec::new();
    if best >= STRUCTURE {
        let mut left = order.as_slice();
        while let Some(first) = left.first() {
            let size = groups.iter().find(|group| group.contains(first)).map_or(left.len(), Vec::len);
            sizes.push(size);
            left = &left[size..];
        }
    }
    let groups = if sizes.is_empty() { vec![count] } else { sizes };
    Seriation { order, groups, modularity: if best.is_finite() { best } else { f64::NAN } }
}

/// The two open branches that are most alike on average, the earlier first.
fn nearest(open: &[usize], branches: &[Branch], alike: impl Fn(usize, usize) -> f64) -> (usize, usize) {
    let mut found = (f64::NEG_INFINITY, (open[0], open[1]));
    let first = |branch: usize| branches[branch].members.iter().min().copied().unwrap_or(0);
    for (index, &one) in open.iter().enumerate() {
        for &two in &open[..index] {
            let (a, b) = if first(one) < first(two) { (one, two) } else { (two, one) };
            let (here, there) = (&branches[a].members, &branches[b].members);
            let sum: f64 = here.iter().map(|&x| there.iter().map(|&y| alike(x, y)).sum::<f64>()).sum();
            let mean = sum / (here.len() * there.len()) as f64;
            let (old_a, old_b) = found.1;
            let earlier = (first(a), first(b)) < (first(old_a), first(old_b));
            if mean > found.0 + 1e-12 || ((mean - found.0).abs() <= 1e-12 && earlier) {
                found = (mean, (a, b));
            }
        }
    }
    found.1
}

/// The share of ties within groups beyond what totals alone would give.
fn modularity<'a>(ties: &[Vec<f64>], totals: &[f64], all: f64, groups: impl Iterator<Item = &'a [usize]>) -> f64 {
    groups
        .map(|group| {
            let within: f64 = group.iter().map(|&a| group.iter().map(|&b| ties[a][b]).sum::<f64>()).sum();
            let total: f64 = group.iter().map(|&a| totals[a]).sum();
            within / all - (total / all) * (total / all)
        })
        .sum()
}

/// The members of the tree, its branches turned as long as the weighted distance between tied members falls.
fn turned(branches: &[Branch], root: usize, ties: &[Vec<f64>]) -> Vec<usize> {
    let mut flipped = vec![false; branches.len()];
    let cost = |flipped: &[bool]| {
        let order = leaves(branches, root, flipped);
        let mut sum = 0.0;
        for (place, &a) in order.iter().enumerate() {
            sum +=
                order[..place].iter().enumerate().map(|(other, &b)| ties[a][b] * (place - other) as f64).sum::<f64>();
        }
        sum
    };
    let mut least = cost(&flipped);
    for _ in 0..ROUNDS {
        let before = least;
        // From the root down, so that whole branches find their side before their members do.
        for branch in (0..branches.len()).rev().filter(|branch| branches[*branch].parts.is_some()) {
            flipped[branch] = !flipped[branch];
            let now = cost(&flipped);
            if now < least * (1.0 - 1e-12) {
                least = now;
            } else {
                flipped[branch] = !flipped[branch];
            }
        }
        if least >= before {
            break;
        }
    }
    let mut order = leaves(branches, root, &flipped);
    let place = order.iter().position(|member| *member == 0).unwrap_or(0);
    // The whole may be read from either end: the first member stands in the first half.
    if 2 * place >= order.len() {
        order.reverse();
    }
    order
}

fn leaves(branches: &[Branch], branch: usize, flipped: &[bool]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut open = vec![branch];
    while let Some(branch) = open.pop() {
        match branches[branch].parts {
            None => order.push(branches[branch].members[0]),
            Some((a, b)) if flipped[branch] => open.extend([a, b]),
            Some((a, b)) => open.extend([b, a]),
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ties(count: usize, tie: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        let each = |a: usize, b: usize| if a == b { 0.0 } else { tie(a, b) };
        (0..count).map(|a| (0..count).map(|b| each(a, b)).collect()).collect()
    }

    #[test]
    fn blocks_that_were_shuffled_stand_together_again_and_are_groups() {
        let found = seriate(&ties(9, |a, b| if a % 3 == b % 3 { 10.0 } else { 0.5 }));
        assert_eq!(found.groups, [3, 3, 3]);
        for block in found.order.chunks(3) {
            assert!(block.iter().all(|member| member % 3 == block[0] % 3), "{found:?}");
        }
        assert!(found.modularity > 0.5);
    }

    #[test]
    fn a_chain_is_laid_out_as_a_chain() {
        let links = [4, 1, 6, 0, 5, 2, 3];
        let at = |member: usize| links.iter().position(|other| *other == member).expect("it is a link");
        let found = seriate(&ties(7, |a, b| if at(a).abs_diff(at(b)) == 1 { 1.0 } else { 0.0 }));
        let mut chain = found.order.clone();
        if chain[0] != 4 {
            chain.reverse();
        }
        assert_eq!(chain, links);
    }

    #[test]
    fn where_all_are_alike_there_are_no_groups_and_nobody_is_lost() {
        for found in [seriate(&ties(8, |_, _| 1.0)), seriate(&ties(8, |_, _| 0.0)), seriate(&ties(2, |_, _| 1.0))] {
            assert_eq!(found.groups.len(), 1);
            let mut all = found.order.clone();
            all.sort_unstable();
            assert_eq!(all, (0..found.order.len()).collect::<Vec<_>>());
        }
    }
}
