//! Factors that are varied together.

use super::Refusal;

/// To which group each factor belongs. Groups are numbered from 0 without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    of: Vec<usize>,
    count: usize,
}

impl Groups {
    /// Each factor a group of its own.
    ///
    /// # Errors
    /// Without factors.
    pub fn single(factors: usize) -> Result<Self, Refusal> {
        Self::of((0..factors).collect())
    }

    /// The group of each factor.
    ///
    /// # Errors
    /// Without factors, and when a group below the highest has none.
    pub fn of(groups: Vec<usize>) -> Result<Self, Refusal> {
        let Some(highest) = groups.iter().copied().max() else { return Err(Refusal::NoFactors) };
        let mut met = vec![false; groups.len()];
        for group in &groups {
            if let Some(met) = met.get_mut(*group) {
                *met = true;
            }
        }
        // With more groups than factors one of the first is empty.
        match met.iter().take(highest.saturating_add(1)).position(|met| !met) {
            Some(group) => Err(Refusal::EmptyGroup { group }),
            None => Ok(Self { count: highest + 1, of: groups }),
        }
    }

    /// How many factors.
    pub fn factors(&self) -> usize {
        self.of.len()
    }

    /// How many groups, from 1 to the count of factors.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The group of each factor.
    pub fn of_factors(&self) -> &[usize] {
        &self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_without_a_gap() {
        let groups = Groups::of(vec![1, 0, 1]).expect("they are sound");
        assert_eq!((groups.factors(), groups.count()), (3, 2));
        assert_eq!(Groups::of(vec![0, 2]), Err(Refusal::EmptyGroup { group: 1 }));
        assert_eq!(Groups::of(vec![1, 1]), Err(Refusal::EmptyGroup { group: 0 }));
        assert_eq!(Groups::of(vec![usize::MAX]), Err(Refusal::EmptyGroup { group: 0 }));
        assert_eq!(Groups::of(vec![]), Err(Refusal::NoFactors));
        assert_eq!(Groups::single(3), Groups::of(vec![0, 1, 2]));
    }
}
