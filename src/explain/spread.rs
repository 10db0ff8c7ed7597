//! How a difference spreads between twin worlds: the first decision that differed, and the tree of all that came of it.
//!
//! Two runs of one replicate go in lockstep, with shared draws. Cases are matched by the address of their luck. For each case that was
//! decided otherwise, or has other consequences, [`lever`](super::lever) finds what carried the difference. Every piece of the world
//! that differs knows what last made it differ: somebody or something acted on from outside (an intervention, a hand, other parameters),
//! or an earlier case that differed. That is the parent of a case. Outside causes are the roots.
//!
//! An additional cooperation is one in the arm that is none in the baseline; one lost counts -1, so the sum is the difference of the two
//! runs' accepted cases, exactly. It is shared evenly among its carriers. It is *direct* if the carrying piece was last changed from
//! outside, *built on* if it began to differ from outside and earlier cases have changed it since, *passed on* if an earlier case
//! made it begin to differ.
//!
//! A carrier is *needed*: set back to the baseline, it alone gives back the baseline's outcome. Where none is, those are named of which
//! each is *enough*: lent to the baseline, it alone brings about the arm's outcome. Where there is none of either, it took several.

use super::element::{Cause, Difference};
use super::lever::Lever;
use super::twins::Twins;
use crate::diagnostic::Diagnostic;
use crate::engine::{Setup, Simulation};
use crate::experiment::{Watch, in_order};
use crate::quantity::{Carrier, Date};
use crate::statistics::Moments;
use crate::world::StateIndex;
use std::sync::Arc;

/// One cooperation in shares: divisible by every number of carriers up to 15.
pub const SHARES: i64 = 360_360;

/// What kind of node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// No root: a case that was decided otherwise.
    Case,
    /// A practitioner acted on from outside.
    Person,
    /// A unit acted on from outside.
    Unit,
    /// Institutions acted on from outside.
    Institutions,
    /// Other parameters or facts.
    Parameters,
}

impl Root {
    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Person => "person",
            Self::Unit => "unit",
            Self::Institutions => "institutions",
            Self::Parameters => "parameters",
        }
    }
}

/// How a carrier is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Set back to the baseline, each alone gives back the baseline's outcome.
    Needed,
    /// Lent to the baseline, each alone brings about the arm's outcome; none was needed.
    Enough,
    /// No carrier alone does either.
    Together,
}

impl Proof {
    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Enough => "enough",
            Self::Together => "together",
        }
    }
}

/// How the acts from outside reached a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Reach {
    /// The carrying piece was last changed from outside.
    Direct,
    /// It began to differ from outside, and earlier cases have changed it since.
    BuiltOn,
    /// An earlier case made it begin to differ.
    PassedOn,
}

impl Reach {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// How a difference reaches what it carries.
    pub fn of(difference: &Difference) -> Self {
        match (difference.began, difference.last) {
            (Cause::Case(_), _) => Self::PassedOn,
            (_, Cause::Case(_)) => Self::BuiltOn,
            _ => Self::Direct,
        }
    }

    /// Its name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::BuiltOn => "built_on",
            Self::PassedOn => "passed_on",
        }
    }
}

/// A case that was decided otherwise, or a root.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its number, from 1.
    pub id: u32,
    /// The node that made the carrying piece differ; `None` for roots.
    pub parent: Option<u32>,
    /// What kind of node.
    pub root: Root,
    /// First day of the tick.
    pub date: Date,
    /// Whether the case lies in the recorded window; `true` for roots.
    pub recorded: bool,
    /// The state where the case surfaced, or of the root.
    pub state: Option<StateIndex>,
    /// The other state.
    pub other: Option<StateIndex>,
    /// Who handled the case in the arm, or who or what was acted on.
    pub handler: String,
    /// Number of the case in the window, as `--case` takes it: baseline, arm.
    pub numbers: (Option<u32>, Option<u32>),
    /// What carried the difference. Empty for roots; `Several` if nothing did alone.
    pub via: Vec<Lever>,
    /// How that is proved.
    pub proof: Proof,
    /// How acts from outside reached the case, by the carrier that changed last.
    pub reach: Reach,
    /// Endings as tables name them: baseline, arm.
    pub endings: (&'static str, &'static str),
    /// 1 if the arm cooperates and the baseline does not, -1 the other way round, else 0.
    pub gained: i64,
    /// What became of it, in words: baseline, arm.
    pub told: (String, String),
}

/// How the difference between two runs of a replicate spread.
#[derive(Debug, Clone)]
pub struct Spread {
    /// The replicate.
    pub replicate: u32,
    /// Names of the states.
    pub states: Vec<Arc<str>>,
    /// All nodes, in order of their numbers; a parent comes before its children.
    pub nodes: Vec<Node>,
    /// Accepted cases of the recorded window: baseline, arm.
    pub accepted: (u64, u64),
    /// Cases that arrived in the recorded window: baseline, arm.
    pub arrived: (u64, u64),
    /// Additional cooperations in [`SHARES`], by carrier and [`Reach`].
    pub shares: [[i64; Reach::COUNT]; Carrier::COUNT],
}

/// Follows a replicate through two worlds from its first day to its last.
///
/// # Errors
/// When the two scenarios cannot be twins; every reason is told.
pub fn spread(baseline: &Arc<Setup>, arm: &Arc<Setup>, replicate: u32) -> Result<Spread, Vec<Diagnostic>> {
    let mut twins = Twins::new(Simulation::new(baseline, replicate), Simulation::new(arm, replicate))?;
    twins.run(baseline.time.burn_in_ticks() + baseline.time.ticks());
    Ok(twins.finish())
}

/// Mean shares over replicates.
#[derive(Debug, Clone)]
pub struct Spreads {
    /// How many replicates.
    pub n: u32,
    /// Additional cooperations.
    pub gained: Moments,
    /// By carrier and [`Reach`].
    pub shares: Vec<[Moments; Reach::COUNT]>,
    /// Cases that were decided otherwise.
    pub differed: Moments,
}

/// Follows the first replicates through two worlds, on all threads.
///
/// # Errors
/// When the two scenarios cannot be twins; every reason is told.
pub fn spreads(
    baseline: &Arc<Setup>,
    arm: &Arc<Setup>,
    replicates: u32,
    watch: &dyn Watch,
) -> Result<Spreads, Vec<Diagnostic>> {
    let mut all = Spreads {
        n: 0,
        gained: Moments::default(),
        shares: vec![[Moments::default(); Reach::COUNT]; Carrier::COUNT],
        differed: Moments::default(),
    };
    let stopped = in_order(
        replicates,
        watch,
        |number| spread(baseline, arm, number),
        |_, one| {
            let one = one?;
            all.n += 1;
            all.gained.add(one.accepted.1 as f64 - one.accepted.0 as f64);
            for (sums, shares) in all.shares.iter_mut().flatten().zip(one.shares.into_iter().flatten()) {
                sums.add(shares as f64 / SHARES as f64);
            }
            all.differed.add(one.cases().filter(|node| node.recorded).count() as f64);
            Ok(())
        },
    );
    stopped.map(|_| all)
}

impl Spread {
    /// The cases that were decided otherwise, in order.
    pub fn cases(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.root == Root::Case)
    }
}
