//! Choice: seek cooperation, by which tool, from whom; and would the one asked accept?
//!
//! Random utility (McFadden). Handling alone has utility 0; a tool m and counterpart j have
//!
//! V = intercept_m + trust (2 T - 1) + norm (2 n - 1) + priority p + severity s - familiarity (1 - f) - suitability (1 - s_m)
//!   - legal l_m (1 - harmonisation) - language (1 - g) - effort e_m - workload w,
//!
//! each alternative with its own standard Gumbel noise, addressed by (case, counterpart, tool), so that the same case meets the same
//! noise in a twin world: a structural causal model (Oberst and Sontag 2019), in which "would this case have gone otherwise" has an exact,
//! *model-internal* answer. The counterpart accepts if its own V, with intercept `acceptance`, plus logistic noise is positive;
//! else it refuses, or with chance `silence` never answers.
//!
//! Each negative term belongs to a barrier, and removing the barrier gives the term back: its *gain*. Switched off, deliberation is
//! replaced by a constant chance `constant` of seeking, by the tool and contact with the most noise (a null model).
//!
//! All weights are assumed; the intercepts of the tools carry the level. Ignored on purpose: learning of weights, and search.

use crate::quantity::{Barrier, Role, Tool};

crate::parameters! {
    /// Weights of the utility.
    Choice in "choice" {
        /// Weight of trust.
        trust: one[Utility, 0.0, 50.0] = 1.0, Assumed "";
        /// Weight of the perceived norm.
        norm: one[Utility, 0.0, 50.0] = 0.8, Assumed "";
        /// Weight of the priority the state gives to trafficking.
        priority: one[Utility, 0.0, 50.0] = 0.8, Assumed "";
        /// Weight of the severity of the case.
        severity: one[Utility, 0.0, 50.0] = 0.8, Assumed "";
        /// Weight of unfamiliarity with the tool.
        familiarity: one[Utility, 0.0, 50.0] = 2.0, Assumed "";
        /// Weight of unsuitability of the tool.
        suitability: one[Utility, 0.0, 50.0] = 1.5, Assumed "";
        /// Weight of legal difference, for a fully sensitive tool.
        legal: one[Utility, 0.0, 50.0] = 2.0, Assumed "";
        /// Weight of the lack of a common language.
        language: one[Utility, 0.0, 50.0] = 1.0, Assumed "interpreters named as the main need (UNICRI/TIJ)";
        /// Weight of the tool's effort.
        effort: one[Utility, 0.0, 50.0] = 1.0, Assumed "";
        /// Weight of a busy desk.
        workload: one[Utility, 0.0, 50.0] = 1.0, Assumed "";
        /// Chance that a counterpart who does not accept never answers.
        silence: one[Probability, 0.0, 1.0] = 0.5, Assumed "";
        /// Chance of seeking cooperation where deliberation is switched off.
        constant: one[Probability, 0.0, 1.0] = 0.3, Assumed "";
    }
}

/// What removing a hindrance gives back to a utility, in the order of [`Gain`].
pub type Gains = [f64; Gain::COUNT];

/// The hindrances that weigh in a utility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Gain {
    /// Unfamiliarity with the tool.
    Unfamiliarity,
    /// Unsuitability of the tool.
    Unsuitability,
    /// Legal difference.
    LegalDifference,
    /// Distrust.
    Distrust,
    /// No common language.
    Language,
    /// A busy desk.
    Workload,
    /// The habit of handling alone, where it weighs in the utility.
    HabitAlone,
    /// A norm short of full.
    Norm,
    /// A priority short of full.
    Priority,
}

impl Gain {
    /// How many there are.
    pub const COUNT: usize = 9;
}

/// What is taken away from a case when it is decided again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed(u32);

impl Removed {
    /// Nothing: the case as it is.
    pub const NOTHING: Self = Self(0);
    const NORM: u32 = 1 << 30;
    const PRIORITY: u32 = 1 << 31;

    /// One barrier.
    pub fn barrier(barrier: Barrier) -> Self {
        Self(1 << barrier as u32)
    }

    /// All barriers together.
    pub fn all_barriers() -> Self {
        Barrier::ALL.iter().fold(Self::NOTHING, |all, barrier| all.and(Self::barrier(*barrier)))
    }

    /// All that hinders the willing: tools, laws, language, approval, gate, workload, lack of awareness.
    pub fn hindrances() -> Self {
        use Barrier::{Approval, Gate, Language, LegalDifference, Unawareness, Unfamiliarity, Unsuitability, Workload};
        let all = [Approval, Gate, Language, LegalDifference, Unawareness, Unfamiliarity, Unsuitability, Workload];
        all.into_iter().fold(Self::NOTHING, |all, barrier| all.and(Self::barrier(barrier)))
    }

    /// All that makes the able unwilling: distrust, the habit of handling alone, a weak norm, a low priority.
    pub fn reluctance() -> Self {
        Self(Self::NORM | Self::PRIORITY).and(Self::barrier(Barrier::Distrust)).and(Self::barrier(Barrier::HabitAlone))
    }

    /// These and those.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether that barrier is taken away.
    pub fn has(self, barrier: Barrier) -> bool {
        self.0 & 1 << barrier as u32 != 0
    }

    /// What a utility gains.
    pub fn gain(self, gains: &Gains) -> f64 {
        if self == Self::NOTHING {
            return 0.0;
        }
        let mut sum = 0.0;
        let mut add = |present: bool, gain: Gain| {
            if present {
                sum += gains[gain as usize];
            }
        };
        add(self.has(Barrier::Unfamiliarity), Gain::Unfamiliarity);
        add(self.has(Barrier::Unsuitability), Gain::Unsuitability);
        add(self.has(Barrier::LegalDifference), Gain::LegalDifference);
        add(self.has(Barrier::Distrust), Gain::Distrust);
        add(self.has(Barrier::Language), Gain::Language);
        add(self.has(Barrier::Workload), Gain::Workload);
        add(self.has(Barrier::HabitAlone), Gain::HabitAlone);
        add(self.0 & Self::NORM != 0, Gain::Norm);
        add(self.0 & Self::PRIORITY != 0, Gain::Priority);
        sum
    }
}

/// What one side of a possible cooperation weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Situation {
    /// Intercept: of seeking, or of accepting.
    pub intercept: f64,
    /// Trust in the other.
    pub trust: f64,
    /// Perceived norm.
    pub norm: f64,
    /// Priority of the own state.
    pub priority: f64,
    /// Severity of the case.
    pub severity: f64,
    /// Familiarity with the tool.
    pub familiarity: f64,
    /// Suitability of the tool.
    pub suitability: f64,
    /// Legal sensitivity of the tool.
    pub legal_sensitivity: f64,
    /// Harmonisation of the two states.
    pub harmonisation: f64,
    /// Ease of a common language.
    pub language: f64,
    /// Effort of the tool.
    pub effort: f64,
    /// How busy the desk is.
    pub workload: f64,
}

impl Choice {
    /// The utility of a situation, and what removing each hindrance would give back.
    pub fn utility(&self, s: &Situation) -> (f64, Gains) {
        let mut gains = [0.0; Gain::COUNT];
        gains[Gain::Unfamiliarity as usize] = self.familiarity * (1.0 - s.familiarity);
        gains[Gain::Unsuitability as usize] = self.suitability * (1.0 - s.suitability);
        gains[Gain::LegalDifference as usize] = self.legal * s.legal_sensitivity * (1.0 - s.harmonisation);
        gains[Gain::Distrust as usize] = self.trust * 2.0 * (1.0 - s.trust);
        gains[Gain::Language as usize] = self.language * (1.0 - s.language);
        gains[Gain::Workload as usize] = self.workload * s.workload;
        gains[Gain::Norm as usize] = self.norm * 2.0 * (1.0 - s.norm);
        gains[Gain::Priority as usize] = self.priority * (1.0 - s.priority);
        let best =
            s.intercept + self.trust + self.norm + self.priority + self.severity * s.severity - self.effort * s.effort;
        (best - gains.iter().sum::<f64>(), gains)
    }
}

/// Which desks may be asked by which tool: the tool's rules for two roles.
pub fn possible(tool: Tool, asker: Role, counterpart: Role) -> bool {
    super::tool::asks(tool, asker) && super::tool::answers(tool, counterpart)
}
