//! The designs by name, and what each admits.

use super::Refusal;

/// A design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Points as listed.
    List,
    /// All combinations of levels.
    FullFactorial,
    /// A baseline, and one factor changed in each point.
    OneAtATime,
    /// Latin hypercube, plain, improved or sliced.
    LatinHypercube,
    /// Sobol' points.
    Sobol,
    /// Blocks for variance shares.
    Saltelli,
    /// Trajectories for screening.
    Morris,
}

impl Method {
    /// All designs.
    pub const ALL: [Self; 7] = [
        Self::List,
        Self::FullFactorial,
        Self::OneAtATime,
        Self::LatinHypercube,
        Self::Sobol,
        Self::Saltelli,
        Self::Morris,
    ];

    /// The name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::FullFactorial => "full factorial",
            Self::OneAtATime => "one at a time",
            Self::LatinHypercube => "latin hypercube",
            Self::Sobol => "sobol",
            Self::Saltelli => "saltelli",
            Self::Morris => "morris",
        }
    }

    /// Whether factors can be varied in groups.
    ///
    /// # Errors
    /// For all designs but Saltelli's and Morris'.
    pub fn admits_groups(self) -> Result<(), Refusal> {
        match self {
            Self::Saltelli | Self::Morris => Ok(()),
            method => Err(Refusal::GroupsForbidden { method }),
        }
    }

    /// Whether points that break a constraint can be left out.
    ///
    /// # Errors
    /// For Saltelli's and Morris' designs, whose estimators need independent factors and whole blocks.
    pub fn admits_constraints(self) -> Result<(), Refusal> {
        match self {
            Self::Saltelli | Self::Morris => Err(Refusal::ConstraintsForbidden { method: self }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_admits_groups_or_constraints_and_never_both() {
        for method in Method::ALL {
            assert_ne!(method.admits_groups().is_ok(), method.admits_constraints().is_ok(), "{}", method.name());
        }
        assert!(Method::Morris.admits_groups().is_ok());
        assert!(Method::LatinHypercube.admits_constraints().is_ok());
    }
}
