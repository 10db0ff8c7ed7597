//! Legal tools: who may ask by which, who answers, and what each needs and can yield.
//!
//! Who asks and who answers is the institution itself and stands in the code; the rest are parameters.
//! The official point of contact of a tool in a state is the first desk of the role that answers it.

use crate::quantity::{Role, Tool};

crate::parameters! {
    /// The numbers of the tools.
    Tools in "tool" {
        /// Intercept of the utility of seeking by this tool.
        intercept: tools[Utility, -20.0, 20.0] = [0.45, 0.45, 2.2, 2.2, 2.0], Assumed "";
        /// Suitability of the tool for trafficking offences.
        suitability: tools[Share, 0.0, 1.0] = [0.7, 0.75, 0.45, 0.45, 0.6], Assumed "";
        /// Effort of using the tool.
        effort: tools[Share, 0.0, 1.0] = [0.1, 0.2, 0.8, 0.9, 0.9], Assumed "";
        /// Sensitivity to differences of law, standards and priorities.
        legal_sensitivity: tools[Share, 0.0, 1.0] = [0.25, 0.4, 0.9, 1.0, 0.8], Assumed "";
        /// Median time until a cooperation concludes.
        delay: tools[Days, 0.0, 36525.0] = [7.0, 14.0, 300.0, 540.0, 450.0], Assumed "order of magnitude: police channels within weeks, formal requests about a year (docs/evidence.md, 3.7); a US review found 10 months for mutual legal assistance";
        /// Time after which an answer counts as late.
        deadline: tools[Days, 1.0, 36525.0] = [14.0, 30.0, 365.0, 730.0, 730.0], Assumed "";
        /// Most a cooperation can do for the victims: chance of rescue when nothing stands against it.
        rescue: tools[Probability, 0.0, 1.0] = [0.95, 0.95, 0.6, 0.1, 0.9], Assumed "";
        /// Most a cooperation can do against the culprits: chance of an arrest when nothing stands against it.
        arrest: tools[Probability, 0.0, 1.0] = [0.65, 0.75, 0.95, 1.0, 1.0], Assumed "";
        /// Familiarity to which practitioners return without use or training.
        familiarity: tools[Share, 0.0, 1.0] = [0.5, 0.45, 0.3, 0.25, 0.15], Assumed "";
        /// How far the requirement of a formal letter reaches this tool.
        approval_exposure: tools[Share, 0.0, 1.0] = [1.0, 0.5, 0.0, 0.0, 0.0], Assumed "";
        /// Intercept of the counterpart's utility of accepting.
        acceptance: tools[Utility, -20.0, 20.0] = [2.8, 3.0, 3.2, 2.6, 2.8], Assumed "";
    }
}

/// Whether a role may ask for cooperation by a tool.
pub fn asks(tool: Tool, role: Role) -> bool {
    match tool {
        Tool::Informal => matches!(role, Role::Investigator | Role::Head),
        Tool::Hsu => matches!(role, Role::Investigator | Role::Head),
        Tool::Mla | Tool::Extradition => role == Role::Prosecutor,
        Tool::Joint => matches!(role, Role::Head | Role::Prosecutor),
    }
}

/// The tools by which a role may ask.
pub fn of_role(role: Role) -> impl Iterator<Item = Tool> {
    Tool::ALL.iter().copied().filter(move |tool| asks(*tool, role))
}

/// Whether a role may answer a request by a tool.
pub fn answers(tool: Tool, role: Role) -> bool {
    match tool {
        Tool::Informal => matches!(role, Role::Investigator | Role::Head),
        Tool::Hsu => matches!(role, Role::Head | Role::Coordinator),
        Tool::Mla | Tool::Extradition => role == Role::Prosecutor,
        Tool::Joint => matches!(role, Role::Head | Role::Prosecutor),
    }
}

/// The role whose first desk is the official point of contact for a tool.
pub fn official(tool: Tool) -> Role {
    match tool {
        Tool::Informal => Role::Head,
        Tool::Hsu => Role::Coordinator,
        Tool::Mla | Tool::Extradition | Tool::Joint => Role::Prosecutor,
    }
}

/// Whether a tool is a formal one: its requests go through central authorities and courts.
pub fn formal(tool: Tool) -> bool {
    matches!(tool, Tool::Mla | Tool::Extradition | Tool::Joint)
}
