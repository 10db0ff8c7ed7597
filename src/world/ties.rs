//! Ties: whom a practitioner knows abroad, and what speaks for and against them.

use super::Desk;

/// A directed tie to a foreign practitioner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// The desk of the other.
    pub to: Desk,
    /// How many had held that desk before the person meant.
    pub generation: u32,
    /// Evidence for the other.
    pub good: f64,
    /// Evidence against the other.
    pub bad: f64,
    /// When the evidence was last brought up to date, in days.
    pub evidence_at: f64,
    /// Last used, in days.
    pub used: f64,
    /// When it dies unless it is used again, in days.
    pub dies: f64,
}

/// The ties of one practitioner, in the order in which they were made.
pub type TieSet = Vec<Tie>;
