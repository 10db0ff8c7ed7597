//! What the engine costs, on one core unless it says otherwise: `cargo bench`.
//!
//! Machines are noisy: each figure is the least of several rounds, and what is worth quoting is a ratio of two figures from one run.
//! Figures are printed, never asserted.

use comity::diagnostic::Diagnostic;
use comity::engine::{Setup, Simulation};
use comity::experiment::{Plan, replicate};
use comity::record::{Blind, CaseRecord, Observer, Recorder};
use comity::scenario::{Files, Override, Scenario, parse};
use std::sync::Arc;
use std::time::Instant;

struct Disk;

impl Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        std::fs::read_to_string(name).map_err(|error| Diagnostic::error(error.to_string()))
    }
}

fn scenario(changes: &[String]) -> Scenario {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/asean-baseline.toml");
    let overrides: Vec<Override> = changes.iter().map(Override::new).collect();
    parse(path, &Disk, &overrides).expect("the baseline is sound").0
}

fn setup(changes: &[&str]) -> Arc<Setup> {
    Arc::new(Setup::new(&scenario(&changes.iter().map(|change| (*change).to_owned()).collect::<Vec<_>>())))
}

/// Least seconds of several rounds.
fn least(rounds: u32, mut work: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Counts cases, and asks why or not.
struct Counter {
    why: bool,
    cases: u64,
}

impl Observer for Counter {
    fn asks_why(&self, _now: f64) -> bool {
        self.why
    }
    fn case(&mut self, _now: f64, _record: &CaseRecord) {
        self.cases += 1;
    }
}

fn per_case(setup: &Arc<Setup>, why: bool) -> f64 {
    let ticks = setup.time.burn_in_ticks() + setup.time.ticks();
    let mut cases = 0;
    let fresh: Vec<Simulation> = (0..8).map(|replicate| Simulation::new(setup, replicate)).collect();
    let seconds = least(5, || {
        let mut counter = Counter { why, cases: 0 };
        for simulation in &fresh {
            simulation.clone().run(ticks, &mut counter);
        }
        cases = counter.cases;
    });
    let copying = least(5, || fresh.iter().for_each(|simulation| drop(std::hint::black_box(simulation.clone()))));
    (seconds - copying) * 1e9 / cases as f64
}

fn idle() -> f64 {
    let staff: Vec<String> =
        scenario(&[]).states().iter().map(|state| format!("state.{}.investigators=20000", state.key)).collect();
    let mut changes: Vec<String> =
        scenario(&[]).corridors().iter().map(|corridor| format!("corridor.{}.cases=0", corridor.key)).collect();
    changes.extend(staff);
    changes.extend([
        "mechanisms.ties=off".to_owned(),
        "mechanisms.turnover=on".to_owned(),
        "role.investigator.turnover=0.0001".to_owned(),
    ]);
    let setup = Arc::new(Setup::new(&scenario(&changes)));
    let ticks = setup.time.ticks();
    let fresh = Simulation::new(&setup, 0);
    let seconds = least(5, || {
        let mut simulation = fresh.clone();
        let mut recorder = Recorder::new(&setup.region, setup.window(), true);
        let start = Instant::now();
        simulation.run(ticks, &mut recorder);
        std::hint::black_box(start.elapsed());
    });
    let without = least(5, || {
        drop(std::hint::black_box((fresh.clone(), Recorder::new(&setup.region, setup.window(), true))));
    });
    (seconds - without) * 1e9 / (f64::from(ticks) * setup.region.desks() as f64)
}

/// Resident memory of this process in MiB, where the system tells.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN)
        / 1024.0
}

fn main() {
    let baseline = setup(&[]);
    println!(
        "baseline, {} practitioners, {} + {} ticks",
        baseline.region.desks(),
        baseline.time.burn_in_ticks(),
        baseline.time.ticks()
    );
    let (plain, why) = (per_case(&baseline, false), per_case(&baseline, true));
    println!("ns per arrived case                             {plain:8.0}");
    println!("ns per arrived case, barriers and litmus        {why:8.0}");
    for mechanism in [
        "habit",
        "routine",
        "trust",
        "familiarity",
        "recognition",
        "ties",
        "norm",
        "response",
        "workload",
        "turnover",
        "referral",
        "observation",
    ] {
        let without = per_case(&setup(&[&format!("mechanisms.{mechanism}=off")]), false);
        println!("  without {mechanism:<14}                        {without:8.0}  ({:+.0})", without - plain);
    }
    println!("ns per idle practitioner-tick, recording on     {:8.2}", idle());
    println!(
        "ms to set up a replicate                        {:8.3}",
        1e3 * least(20, || drop(std::hint::black_box(Simulation::new(&baseline, 1))))
    );
    println!(
        "ms per replicate, recording and why             {:8.2}",
        1e3 * least(20, || drop(std::hint::black_box(baseline.run_one(3, true))))
    );
    let plan = Plan { setup: Arc::clone(&baseline), first: 0, replicates: 200, why: true };
    println!(
        "ms per replicate, all cores, without files      {:8.2}",
        1e3 / 200.0 * least(3, || drop(replicate(&plan, &(), &mut (), &mut |_, _| {})))
    );
    let large: Vec<String> =
        scenario(&[]).states().iter().map(|state| format!("state.{}.investigators=100000", state.key)).collect();
    let large = Arc::new(Setup::new(&scenario(&large)));
    let before = resident();
    let start = Instant::now();
    let mut simulation = Simulation::new(&large, 0);
    let seconds = start.elapsed().as_secs_f64();
    let after = resident();
    println!(
        "region of {} practitioners: set up in {seconds:.2} s, {:.0} MiB, {:.0} bytes each",
        large.region.desks(),
        after - before,
        (after - before) * 1048576.0 / large.region.desks() as f64
    );
    let start = Instant::now();
    simulation.run(52, &mut Blind);
    println!(
        "  52 ticks in {:.2} s; bytes per tie {}",
        start.elapsed().as_secs_f64(),
        std::mem::size_of::<comity::world::Tie>()
    );
}
