//! Every package of at most fifteen items that fits a budget and obeys the rules.
//!
//! Packages are listed in ascending order of their number, in which bit j stands for item j, as for
//! [`shapley`](crate::statistics::shapley): so the empty package comes first, then item 0 alone. Costs of items add up; effects need
//! not, which is why packages are listed and not put together from the best items.

use super::Refusal;

/// The most items there may be: 2^15 packages.
const MOST_ITEMS: usize = 15;

/// Part of a budget by which a sum of costs may be above it: rounding.
const ROUNDING: f64 = 1e-9;

/// A set of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subset {
    /// Bit j is set if item j is in it.
    pub bits: u32,
}

impl Subset {
    /// Whether an item is in it.
    pub fn has(self, item: usize) -> bool {
        item < 32 && self.bits >> item & 1 == 1
    }

    /// Its items, in ascending order.
    pub fn items(self) -> Vec<usize> {
        (0..32).filter(|item| self.has(*item)).collect()
    }

    fn count(self, of: &[usize]) -> usize {
        of.iter().filter(|item| self.has(**item)).count()
    }
}

/// What a package must obey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Where the item is, so is what it needs.
    Requires {
        /// The item.
        item: usize,
        /// What it needs.
        needs: usize,
    },
    /// The two are never together.
    Excludes {
        /// One item.
        item: usize,
        /// The other.
        other: usize,
    },
    /// The item is in every package.
    Always {
        /// The item.
        item: usize,
    },
    /// The item is in no package.
    Never {
        /// The item.
        item: usize,
    },
    /// So many or more of these items, each listed once.
    AtLeast {
        /// How many.
        count: usize,
        /// The items.
        of: Vec<usize>,
    },
    /// So many or fewer of these items, each listed once.
    AtMost {
        /// How many.
        count: usize,
        /// The items.
        of: Vec<usize>,
    },
}

impl Rule {
    fn holds(&self, subset: Subset) -> bool {
        match self {
            Self::Requires { item, needs } => !subset.has(*item) || subset.has(*needs),
            Self::Excludes { item, other } => !(subset.has(*item) && subset.has(*other)),
            Self::Always { item } => subset.has(*item),
            Self::Never { item } => !subset.has(*item),
            Self::AtLeast { count, of } => subset.count(of) >= *count,
            Self::AtMost { count, of } => subset.count(of) <= *count,
        }
    }

    fn items(&self) -> Vec<usize> {
        match self {
            Self::Requires { item, needs: other } | Self::Excludes { item, other } => vec![*item, *other],
            Self::Always { item } | Self::Never { item } => vec![*item],
            Self::AtLeast { of, .. } | Self::AtMost { of, .. } => of.clone(),
        }
    }
}

/// Items, what they cost, and what may be put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// The cost of each item, 0 or more.
    pub costs: Vec<f64>,
    /// What a package may cost at most; infinite for no limit.
    pub budget: f64,
    /// What it must obey.
    pub rules: Vec<Rule>,
}

impl Portfolio {
    /// What a package costs.
    ///
    /// # Panics
    /// When it has an item that is not there.
    pub fn cost(&self, subset: Subset) -> f64 {
        subset.items().iter().map(|item| self.costs[*item]).sum()
    }

    /// All packages that fit the budget and obey the rules, in ascending order; at least one.
    ///
    /// # Errors
    /// With more than fifteen items, a cost or budget that means nothing, a rule about an item that is not there or named twice, rules that
    /// contradict each other or that no package obeys (it is said which), and a budget below the cheapest package (it is said
    /// what that costs).
    pub fn packages(&self) -> Result<Vec<Subset>, Refusal> {
        self.check()?;
        let obeying = self.obeying(None);
        if obeying.is_empty() {
            let alone = |rule: &usize| !self.obeying(Some(*rule)).is_empty();
            return Err(Refusal::NoPackage { rules: (0..self.rules.len()).filter(alone).collect() });
        }
        let fits = |subset: &Subset| self.cost(*subset) <= self.budget + ROUNDING * self.budget.abs();
        let packages: Vec<Subset> = obeying.iter().copied().filter(fits).collect();
        if packages.is_empty() {
            let cheaper = |a: &&Subset, b: &&Subset| self.cost(**a).total_cmp(&self.cost(**b));
            let cheapest = *obeying.iter().min_by(cheaper).expect("some obey the rules");
            let (budget, cost) = (self.budget, self.cost(cheapest));
            return Err(Refusal::Budget { budget, cheapest: cost, items: cheapest.items() });
        }
        Ok(packages)
    }

    /// Packages that obey all rules, or all but one.
    fn obeying(&self, but: Option<usize>) -> Vec<Subset> {
        let rules = || self.rules.iter().enumerate().filter(|(place, _)| Some(*place) != but);
        let all = (0..1_u32 << self.costs.len()).map(|bits| Subset { bits });
        all.filter(|subset| rules().all(|(_, rule)| rule.holds(*subset))).collect()
    }

    fn check(&self) -> Result<(), Refusal> {
        let items = self.costs.len();
        if items > MOST_ITEMS {
            return Err(Refusal::TooManyItems { given: items, most: MOST_ITEMS });
        }
        if let Some(of) = self.costs.iter().position(|cost| !(cost.is_finite() && *cost >= 0.0)) {
            return Err(Refusal::Number { what: "the cost of item", of, value: self.costs[of], allowed: "0 or more" });
        }
        if self.budget.is_nan() {
            return Err(Refusal::Setting { name: "the budget", value: self.budget, allowed: "a number" });
        }
        for (place, rule) in self.rules.iter().enumerate() {
            let named = rule.items();
            if let Some(item) = named.iter().find(|item| **item >= items) {
                return Err(Refusal::NoSuchItem { rule: place, item: *item, items });
            }
            if let Some(later) = (1..named.len()).find(|later| named[..*later].contains(&named[*later])) {
                return Err(Refusal::NamedTwice { rule: place, item: named[later] });
            }
        }
        self.contradictions()
    }

    /// An item excluded by what it needs, directly or at one remove or more, and an item that must be in and out.
    fn contradictions(&self) -> Result<(), Refusal> {
        for (one, rule) in self.rules.iter().enumerate() {
            let against = |other: &Rule| match (rule, other) {
                (Rule::Always { item }, Rule::Never { item: out }) => item == out,
                (Rule::Requires { item, .. }, Rule::Excludes { item: this, other: that }) => {
                    let company = self.company(*item);
                    company.has(*this) && company.has(*that)
                }
                (Rule::AtLeast { count, of }, Rule::AtMost { count: most, of: among }) => {
                    // What is beyond the items in common cannot make up for what is too much of them.
                    let apart = of.iter().filter(|item| !among.contains(item)).count();
                    *count > most + apart
                }
                _ => false,
            };
            if let Some(other) = self.rules.iter().position(against) {
                return Err(Refusal::Contradiction { one: one.min(other), other: one.max(other) });
            }
        }
        Ok(())
    }

    /// An item with all it needs, and all these need.
    fn company(&self, item: usize) -> Subset {
        let mut company = Subset { bits: 1 << item };
        loop {
            let added = self.rules.iter().fold(company.bits, |bits, rule| match rule {
                Rule::Requires { item, needs } if company.has(*item) => bits | 1 << needs,
                _ => bits,
            });
            if added == company.bits {
                return company;
            }
            company.bits = added;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(budget: f64, rules: &[Rule]) -> Portfolio {
        Portfolio { costs: vec![0.1, 0.2, 0.4, 0.8], budget, rules: rules.to_vec() }
    }

    fn lists(portfolio: &Portfolio) -> Vec<Vec<usize>> {
        portfolio.packages().expect("there are some").into_iter().map(Subset::items).collect()
    }

    #[test]
    fn packages_come_in_order_and_a_sum_is_not_above_the_budget_by_rounding() {
        // 0.1 + 0.2 is above 0.3 in binary.
        assert_eq!(lists(&portfolio(0.3, &[])), [vec![], vec![0], vec![1], vec![0, 1]]);
        assert_eq!(lists(&portfolio(f64::INFINITY, &[])).len(), 16);
        let none = Portfolio { costs: vec![], budget: 0.0, rules: vec![] };
        assert_eq!(lists(&none), [Vec::<usize>::new()]);
    }

    #[test]
    fn rules_are_obeyed() {
        let requires = Rule::Requires { item: 1, needs: 0 };
        assert_eq!(lists(&portfolio(0.3, &[requires])), [vec![], vec![0], vec![0, 1]]);
        let excludes = Rule::Excludes { item: 0, other: 1 };
        assert_eq!(lists(&portfolio(0.3, &[excludes])), [vec![], vec![0], vec![1]]);
        let two = Rule::AtLeast { count: 2, of: vec![0, 1, 2] };
        let one = Rule::AtMost { count: 1, of: vec![1, 2, 3] };
        assert_eq!(lists(&portfolio(9.0, &[two, one])), [[0, 1], [0, 2]]);
        let both = [Rule::Always { item: 3 }, Rule::Never { item: 2 }, Rule::Never { item: 1 }];
        assert_eq!(lists(&portfolio(9.0, &both)), [vec![3], vec![0, 3]]);
    }

    #[test]
    fn a_budget_too_small_says_what_the_cheapest_costs() {
        let refusal = portfolio(0.3, &[Rule::AtLeast { count: 1, of: vec![2, 3] }]).packages().expect_err("too dear");
        assert_eq!(refusal, Refusal::Budget { budget: 0.3, cheapest: 0.4, items: vec![2] });
        assert!(refusal.to_string().contains("the cheapest that obeys the rules costs 0.4 (items: 3)"));
    }

    #[test]
    fn rules_that_contradict_each_other_are_named() {
        let needs = |item, needs| Rule::Requires { item, needs };
        let not = |item, other| Rule::Excludes { item, other };
        let refused = |rules: &[Rule]| portfolio(9.0, rules).packages().expect_err("it is a contradiction");
        assert_eq!(refused(&[needs(0, 1), not(1, 0)]), Refusal::Contradiction { one: 0, other: 1 });
        assert_eq!(refused(&[not(2, 0), needs(1, 2), needs(0, 1)]), Refusal::Contradiction { one: 0, other: 2 });
        let both = [Rule::Never { item: 1 }, Rule::Always { item: 1 }];
        assert_eq!(refused(&both), Refusal::Contradiction { one: 0, other: 1 });
        let counts = [Rule::AtMost { count: 1, of: vec![0, 1] }, Rule::AtLeast { count: 2, of: vec![0, 1] }];
        assert_eq!(refused(&counts), Refusal::Contradiction { one: 0, other: 1 });
        // Each pair could be, but not all three: any one taken back helps, and the fourth is not in the way.
        let always = |item| Rule::Always { item };
        let three = [always(0), always(1), Rule::AtMost { count: 1, of: vec![0, 1] }, always(3)];
        assert_eq!(refused(&three), Refusal::NoPackage { rules: vec![0, 1, 2] });
        assert!(refused(&three).to_string().contains("taken back: 1, 2, 3"));
        let twice = [always(0), always(1), always(2), not(0, 1), not(1, 2), not(0, 2)];
        assert_eq!(refused(&twice), Refusal::NoPackage { rules: vec![] });
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let many = Portfolio { costs: vec![1.0; 16], budget: 3.0, rules: vec![] };
        assert_eq!(many.packages(), Err(Refusal::TooManyItems { given: 16, most: 15 }));
        let far = portfolio(1.0, &[Rule::Never { item: 4 }]);
        assert_eq!(far.packages(), Err(Refusal::NoSuchItem { rule: 0, item: 4, items: 4 }));
        let odd = Portfolio { costs: vec![1.0, -1.0], budget: 3.0, rules: vec![] };
        assert!(matches!(odd.packages(), Err(Refusal::Number { of: 1, .. })));
        assert!(matches!(portfolio(f64::NAN, &[]).packages(), Err(Refusal::Setting { .. })));
        let itself = portfolio(1.0, &[Rule::AtMost { count: 1, of: vec![2, 2] }]);
        assert_eq!(itself.packages(), Err(Refusal::NamedTwice { rule: 0, item: 2 }));
    }
}
