//! Turnover: people leave, desks stay.
//!
//! A practitioner leaves when the turnover hazard gone by since arrival exceeds an exponential number drawn at arrival; the hazard
//! is `role.turnover` x the state's factor. Ties survive with the chance `handover`; the successor draws own traits, starts
//! from a share of the unit's routine, with skills at the own floor, and no norms or workload. A tie that survives keeps its evidence.
//!
//! Source: police 0.33 to 0.5 a year, prosecutors 0.25 to 0.4, heads 0.3 to 0.5, NGO 0.2 to 0.35, coordinators 0.2 (assumed; three-year
//! prosecutor norm seen). Ignored on purpose: fixed terms of service, and moves between units.

crate::parameters! {
    /// Numbers of turnover.
    Turnover in "turnover" {
        /// Chance that a contact is handed over to the successor.
        handover: one[Probability, 0.0, 1.0] = 0.25, Assumed "0.1 to 0.4 (EVIDENCE 3.5)";
    }
}

crate::parameters! {
    /// How often practitioners leave.
    Leaving in "role" {
        /// Hazard of leaving the desk.
        turnover: roles[PerYear, 0.0, 1000.0] = [0.4, 0.4, 0.33, 0.28, 0.2], Assumed "EVIDENCE 3.10; a three-year rotation of prosecutors is seen in a US county";
    }
}
