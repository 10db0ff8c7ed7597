//! Execution: what an accepted cooperation yields, and when.
//!
//! Delay is log-normal with the tool's median and spread `delay_spread`. Yield = potential of the tool x suitability x legal fit x
//! competence x (1 - complicity of either side), legal fit = 1 - sensitivity x (1 - harmonisation), competence the mean familiarity of
//! both sides with the tool. Rescue and arrest are drawn apart, each with its potential; a rescue frees all victims of the case, an arrest takes
//! all culprits within reach and leads to prosecution with `prosecution` x legal fit x priority of the state asked. With chance `leak` x complicity of the state asked
//! somebody leaks. Victims of cases that are not cooperated on get help at home with chance `help_at_home` x protection.
//!
//! Source: potentials set so that rescues and arrests per recorded communication are near 0.30 and 0.076. Ignored on purpose: what happens in
//! court, and that the yield of one case helps the next.

crate::parameters! {
    /// Numbers of execution.
    Execution in "execution" {
        /// Spread of delays (standard deviation of the logarithm).
        delay_spread: one[Factor, 0.0, 5.0] = 0.7, Assumed "";
        /// Chance that an arrest leads to prosecution when law and priority are perfect.
        prosecution: one[Probability, 0.0, 1.0] = 0.8, Assumed "";
        /// Chance of a leak when the state asked is wholly complicit.
        leak: one[Probability, 0.0, 1.0] = 0.3, Assumed "";
        /// Chance that victims of a case handled alone get help where protection is full.
        help_at_home: one[Probability, 0.0, 1.0] = 0.5, Assumed "";
    }
}

/// What decides how much a cooperation yields.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospects {
    /// Suitability of the tool.
    pub suitability: f64,
    /// Legal fit.
    pub legal_fit: f64,
    /// Mean familiarity of both sides with the tool.
    pub competence: f64,
    /// Complicity of the two states.
    pub complicity: (f64, f64),
}

impl Execution {
    /// The chance of a yield of that potential.
    pub fn chance(&self, potential: f64, prospects: &Prospects) -> f64 {
        potential
            * prospects.suitability
            * prospects.legal_fit
            * prospects.competence
            * (1.0 - prospects.complicity.0)
            * (1.0 - prospects.complicity.1)
    }

    /// The delay at the standard normal number `z`.
    pub fn delay(&self, median: f64, z: f64) -> f64 {
        median * libm::exp(self.delay_spread * z)
    }
}

/// How far two states' laws let a tool of that sensitivity work.
pub fn legal_fit(sensitivity: f64, harmonisation: f64) -> f64 {
    1.0 - sensitivity * (1.0 - harmonisation)
}
