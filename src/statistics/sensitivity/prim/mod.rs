//! Where does it fail? The patient rule induction method (PRIM; Friedman and Fisher 1999) for scenario discovery (Bryant and Lempert
//! 2010).
//!
//! A box begins with all points and is peeled: of all cuts of a share alpha from the low or the high end of a factor, the one is made
//! that gains most density per point given up, (mean_new - mean_old) / |n_old - n_new| (the lenient criterion, Kwakkel and Jaxa-Rozen 2016);
//! of equal ones that which leaves more factors free, then the first in order of factors, low before high. Limits lie midway between
//! neighbouring values. Peeling ends when the best cut gains nothing or would leave less than the smallest mass. Then points are
//! pasted back at the ends of the last box while that gains density.
//!
//! Each box has a coverage (share of all points of interest that lie in it), a density (share of its points that are of interest) and a mass
//! (share of all points). The user chooses on the trade-off between the first two; nothing is chosen here. The quasi-p of a
//! limit is the probability of as many points of interest in the box, or more, if its density were that of the box without the limit
//! (binomial). It is no p-value, since the limit was chosen by the same points: a large one says that the limit may go.
//!
//! Factors are numbers, or categories in an order. Everything is deterministic.

mod binomial;
mod choice;
mod peel;

use super::{Refusal, Sample};
use crate::statistics::Interval;
use peel::Search;

pub use choice::kept_in_halves;

/// Which outcomes are of interest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Interest {
    /// Those of at least this.
    AtLeast(f64),
    /// Those of at most this.
    AtMost(f64),
}

impl Interest {
    /// Whether an outcome is.
    pub fn holds(self, outcome: f64) -> bool {
        match self {
            Interest::AtLeast(least) => outcome >= least,
            Interest::AtMost(most) => outcome <= most,
        }
    }
}

/// How boxes are peeled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peeling {
    /// The share of a box's points that a cut takes; 0.05 is usual.
    pub peel: f64,
    /// The share of the points beyond a limit that are pasted back; 0.05 is usual.
    pub paste: f64,
    /// The smallest mass of a box; 0.05 is usual.
    pub least_mass: f64,
}

impl Default for Peeling {
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, least_mass: 0.05 }
    }
}

/// The end of a factor's range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The low end.
    Low,
    /// The high end.
    High,
}

/// A limit that a box has and the whole has not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Which factor.
    pub factor: usize,
    /// Which end of it.
    pub end: End,
    /// The limit itself, which belongs to the box.
    pub value: f64,
    /// Its quasi-p.
    pub quasi_p: f64,
}

/// A box of the search.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBox {
    /// Per factor, both ends included.
    pub ranges: Vec<Interval>,
    /// What limits it, in the order of factors, low before high.
    pub limits: Vec<Limit>,
    /// Points in it.
    pub points: usize,
    /// Points of interest in it.
    pub hits: usize,
    /// Hits over all points of interest.
    pub coverage: f64,
    /// Hits over points.
    pub density: f64,
    /// Points over all points.
    pub mass: f64,
    /// How many factors are limited.
    pub restricted: usize,
}

/// The way of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Prim {
    /// All boxes: the whole, one after each cut, one after each paste.
    pub boxes: Vec<FoundBox>,
    /// How many cuts; pastes come after them.
    pub cuts: usize,
}

/// Peels and pastes.
///
/// # Errors
/// For settings outside their range, fewer points than two cuts take, and when none or all of the points are of interest.
pub fn prim(sample: &Sample, interest: Interest, peeling: &Peeling) -> Result<Prim, Refusal> {
    let share = |name, value: f64, most: f64, allowed| {
        if 0.0 < value && value <= most { Ok(()) } else { Err(Refusal::Setting { name, value, allowed }) }
    };
    share("the share of a cut", peeling.peel, 0.5, "above 0 and at most 0.5")?;
    share("the share of a paste", peeling.paste, 0.5, "above 0 and at most 0.5")?;
    share("the smallest mass", peeling.least_mass, 1.0, "above 0 and at most 1")?;
    let hits: Vec<bool> = sample.outcomes().iter().map(|outcome| interest.holds(*outcome)).collect();
    let needed = libm::ceil(2.0 / peeling.peel) as usize;
    if sample.rows() < needed {
        let (complete, dropped) = (sample.rows(), sample.missing());
        return Err(Refusal::TooFew { what: "points", complete, dropped, needed });
    }
    if hits.iter().all(|hit| *hit == hits[0]) {
        return Err(Refusal::OneKind { all: hits[0] });
    }
    let search = Search::new(sample.factors(), hits);
    let mut boxes = vec![search.whole()];
    while let Some(next) = boxes.last().and_then(|last| search.cut(last, peeling)) {
        boxes.push(next);
    }
    let cuts = boxes.len() - 1;
    while let Some(next) = boxes.last().and_then(|last| search.paste(last, peeling)) {
        boxes.push(next);
    }
    Ok(Prim { boxes: boxes.iter().map(|ranges| search.described(ranges)).collect(), cuts })
}
