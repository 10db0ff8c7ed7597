//! The runs of one replicate that share every draw: the first, and others that go on from a copy of it.
//!
//! A run that comes to differ from the first only at a known tick is not begun anew: the first is copied there, together with its
//! observer, and the other goes on from the copy. So that staff which one of them keeps in reserve does not stand in the way, all keep the
//! same reserve.

use crate::engine::{Setup, Simulation};
use crate::record::{Stretch, StretchCounts};
use crate::scenario::Scenario;
use std::sync::Arc;

/// Runs that are made together in every replicate.
#[derive(Debug)]
pub(super) struct Worlds {
    setups: Vec<Arc<Setup>>,
    /// Tick of divergence and run, in the order of ticks.
    forks: Vec<(u32, usize)>,
    /// Nothing counted yet.
    counts: StretchCounts,
}

impl Worlds {
    /// The runs of these scenarios, counted over these stretches. All have the time and seed of the first.
    pub(super) fn new(scenarios: &[&Scenario], stretches: &[Stretch]) -> Self {
        let setups: Vec<Arc<Setup>> = Setup::together(scenarios).into_iter().map(Arc::new).collect();
        let mut forks: Vec<(u32, usize)> =
            (1..setups.len()).map(|run| (diverges(&setups[run], &setups[0]), run)).collect();
        forks.sort_unstable();
        let counts = StretchCounts::new(setups[0].window(), stretches);
        Self { setups, forks, counts }
    }

    /// How many runs a replicate has.
    pub(super) fn len(&self) -> usize {
        self.setups.len()
    }

    /// All runs of a replicate, in the order of the scenarios; each is looked at when it is done.
    pub(super) fn run<T>(&self, replicate: u32, mut look: impl FnMut(&Simulation, &StretchCounts) -> T) -> Vec<T> {
        let ticks = self.ticks();
        let mut found: Vec<Option<T>> = self.setups.iter().map(|_| None).collect();
        let mut finished = |(mut simulation, mut counts): (Simulation, StretchCounts), ticks: u32| {
            simulation.run(ticks, &mut counts);
            look(&simulation, &counts)
        };
        let mut first = (Simulation::new(&self.setups[0], replicate), self.counts.clone());
        let mut now = 0;
        for &(fork, run) in &self.forks {
            let fork = fork.min(ticks);
            let other = if fork == 0 {
                (Simulation::new(&self.setups[run], replicate), self.counts.clone())
            } else {
                first.0.run(fork - now, &mut first.1);
                now = fork;
                (first.0.fork(&self.setups[run]), first.1.clone())
            };
            found[run] = Some(finished(other, ticks - fork));
        }
        found[0] = Some(finished(first, ticks - now));
        found.into_iter().map(|found| found.expect("every run is the first or a fork")).collect()
    }

    /// One run of a replicate by itself, from its first day: the same as among the others.
    pub(super) fn run_alone<T>(
        &self,
        run: usize,
        replicate: u32,
        look: impl FnOnce(&Simulation, &StretchCounts) -> T,
    ) -> T {
        let (mut simulation, mut counts) = (Simulation::new(&self.setups[run], replicate), self.counts.clone());
        simulation.run(self.ticks(), &mut counts);
        look(&simulation, &counts)
    }

    fn ticks(&self) -> u32 {
        let time = self.setups[0].time;
        time.burn_in_ticks() + time.ticks()
    }
}

/// The tick before which a run is the first's; 0 if that is not known, the last of all if it always is.
fn diverges(setup: &Setup, first: &Setup) -> u32 {
    setup.diverges_from(first).map_or(u32::MAX, |tick| u32::try_from(tick).unwrap_or(u32::MAX))
}
