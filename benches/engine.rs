//! What the engine costs, on one core unless it says otherwise: `cargo bench`.
//!
//! Machines are noisy: each figure is the least of several rounds, and what is worth quoting is a ratio of two figures from one run.
//! Figures are printed, never asserted.

#![allow(clippy::disallowed_methods, reason = "a benchmark asks for the time")]

use comity::diagnostic::Diagnostic;
use comity::engine::{Setup, Simulation};
use comity::experiment::{Plan, SweepPlan, compare, compare_tables, replicate, runs_per_replicate};
use comity::random::{Purpose, Randomness};
use comity::record::{Blind, CaseRecord, Observer, Recorder};
use comity::scenario::{Files, Override, Scenario, parse, parse_study};
use comity::statistics::{Address, Pairs, Resamples, bca_interval, paired, variance_reduction};
use std::sync::Arc;
use std::time::Instant;

struct Disk;

impl Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        std::fs::read_to_string(name).map_err(|error| Diagnostic::error(error.to_string()))
    }
}

fn shipped(name: &str) -> String {
    format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

fn arm(name: &str, changes: &[String]) -> Scenario {
    let overrides: Vec<Override> = changes.iter().map(Override::new).collect();
    parse(&shipped(name), &Disk, &overrides).expect("shipped scenarios are sound").0
}

fn scenario(changes: &[String]) -> Scenario {
    arm("asean-baseline", changes)
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

/// Seconds that an arm takes for so many ticks from the one in which it begins, less what the same ticks of the baseline take.
fn beyond_baseline(name: &str, changes: &[&str], ticks: u32) -> f64 {
    let changes: Vec<String> = changes.iter().map(|change| (*change).to_owned()).collect();
    let (plain, own) = (scenario(&[]), arm(name, &changes));
    let setups: Vec<Arc<Setup>> = Setup::together(&[&plain, &own]).into_iter().map(Arc::new).collect();
    let begins = setups[1].diverges_from(&setups[0]).expect("the arm does something") as u32;
    let mut baseline = Simulation::new(&setups[0], 0);
    baseline.run(begins, &mut Blind);
    let seconds = |simulation: &Simulation| {
        (0..30)
            .map(|_| {
                let mut simulation = simulation.clone();
                let start = Instant::now();
                simulation.run(ticks, &mut Blind);
                start.elapsed().as_secs_f64()
            })
            .fold(f64::INFINITY, f64::min)
    };
    seconds(&baseline.fork(&setups[1])) - seconds(&baseline)
}

fn interventions() {
    for name in [
        "declaration",
        "working-group",
        "treaty",
        "information-sharing",
        "harmonisation",
        "exchange-programme",
        "capacity-building",
        "handbook",
        "specialised-units",
        "ngo-partnership",
        "liaison-officers",
        "retention",
        "parameter",
        "shock",
    ] {
        println!("us in its first tick, {name:<20}      {:8.1}", 1e6 * beyond_baseline(name, &[], 1));
    }
    let year = 52;
    for (what, name, key) in
        [("facts alone", "information-sharing", "channel"), ("rules: all is settled", "parameter", "no-letter-khm-tha")]
    {
        let at_once = beyond_baseline(name, &[&format!("intervention.{key}.ramp_up=\"0 days\"")], year);
        let ramped = beyond_baseline(name, &[&format!("intervention.{key}.ramp_up=\"1 year\"")], year);
        println!("us per step of a ramp, {what:<24} {:8.1}", 1e6 * (ramped - at_once) / f64::from(year));
    }
}

/// A study of the size of the shipped one: its runs, and its tables.
fn comparison() {
    let replicates = 8;
    let set = [Override::new(format!("run.replicates={replicates}"))];
    let study = parse_study(&shipped("study-interventions"), &Disk, &set).expect("the shipped study is sound").0;
    let runs = runs_per_replicate(&study) * replicates;
    let start = Instant::now();
    let comparison = compare(&study, &());
    println!(
        "ms per run of a study, all cores                {:8.2}",
        1e3 * start.elapsed().as_secs_f64() / runs as f64
    );
    let seconds = least(3, || drop(std::hint::black_box(compare_tables(&comparison))));
    println!("ms for its tables, {replicates} replicates, all cores       {:8.1}", 1e3 * seconds);

    let (effects, n) = (15 * 7 * 2, 200);
    let column = |number: u64| -> Vec<f64> {
        let mut draws = Randomness { seed: 1, replicate: 0 }.at(Purpose::Bootstrap, 1, number);
        (0..n).map(|_| draws.normal()).collect()
    };
    let pairs: Vec<Pairs> =
        (0..effects).map(|effect| Pairs::complete(&column(2 * effect), &column(2 * effect + 1))).collect();
    let resamples = Resamples::drawn(Address { seed: 1, label: "bench" }, n, 2000);
    let each = |work: &dyn Fn(&Pairs)| 1e6 * least(3, || pairs.iter().for_each(work)) / effects as f64;
    println!(
        "us per effect of {n} replicates, paired          {:8.1}",
        each(&|pairs| _ = std::hint::black_box(paired(pairs, 0.95)))
    );
    println!(
        "us per effect, variance reduction               {:8.1}",
        each(&|pairs| _ = std::hint::black_box(variance_reduction(pairs, 0.95)))
    );
    println!(
        "us per effect, bootstrap of 2000                {:8.1}",
        each(&|pairs| _ = std::hint::black_box(bca_interval(&pairs.differences(), &resamples, 0.95)))
    );
}

/// Resident memory of this process in MiB, where the system tells.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN)
        / 1024.0
}

/// A sweep of the teaching scenario over two factors, one thread, in memory: what a run costs at one replicate a point and at a hundred, and what the bare
/// engine takes for the same runs.
fn sweeps() {
    let text = "baseline = \"teaching.toml\"\n[sweep]\ndesign = \"sobol\"\npoints = 256\n[factor.half]\nparameter = \"habit.half_life\"\n\
                from = 100\nto = 1000\n[factor.english]\nparameter = \"state.*.english\"\nfrom = 0.2\nto = 1\n";
    struct Beside<'t>(&'t str);
    impl Files for Beside<'_> {
        fn read(&self, name: &str) -> Result<String, Diagnostic> {
            if name == "study.toml" {
                Ok(self.0.to_owned())
            } else {
                Disk.read(&shipped(name.trim_end_matches(".toml")))
            }
        }
    }
    let (study, _) = parse_study("study.toml", &Beside(text), &[]).expect("the study is sound");
    let plan = SweepPlan::new(&study, Vec::new()).expect("it can be planned");
    let setup = Arc::new(Setup::new(study.baseline()));
    let bare = least(3, || {
        for replicate in 0..256 {
            let ticks = setup.time.burn_in_ticks() + setup.time.ticks();
            Simulation::new(&setup, replicate).run(ticks, &mut Blind);
        }
    });
    let single = least(3, || drop(plan.run_points(0..256, 0..1)));
    let many = least(3, || drop(plan.run_points(0..2, 0..128)));
    let each = 1e6 / 256.0;
    println!("us per run of the teaching scenario, bare       {:8.0}", bare * each);
    println!("us per run of a sweep, a replicate a point      {:8.0}", single * each);
    println!("us per run of a sweep, 128 replicates a point   {:8.0}", many * each);
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
    interventions();
    comparison();
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
    println!("  52 ticks in {:.2} s; bytes per tie {}", start.elapsed().as_secs_f64(), size_of::<comity::world::Tie>());
    sweeps();
}
