//! What a sweep will cost, in time and on disk, and how it is cut into blocks.

use comity::engine::Setup;
use comity::experiment::{MOST_POINTS_AT_ONCE, Part, SweepPlan};
use comity::quantity::DAYS_PER_YEAR;
use comity::scenario::{Study, Sweep};
use std::time::{Duration, Instant};

/// Seconds of one thread that a block should take, at least and at most.
const BLOCK_SECONDS: (f64, f64) = (2.0, 60.0);
/// Blocks that a sweep is cut into, where that keeps them within those bounds.
const BLOCKS: f64 = 1000.0;
/// Blocks of a small sweep, so that all threads have something to do.
const FEWEST_BLOCKS: u64 = 32;
/// Runs beyond which a sweep is refused.
pub const MOST_RUNS: u64 = 1_000_000_000;

/// Seconds that a cell takes on one thread, roughly: so that the same study is cut in the same way on every machine, nothing is timed.
pub fn rough_seconds(study: &Study, arms: usize) -> f64 {
    let scenario = study.baseline();
    let setup = Setup::new(scenario);
    let desks: u32 = setup.region.units.iter().map(|unit| unit.desks).sum();
    let time = scenario.time();
    let ticks = f64::from(time.ticks() + time.burn_in_ticks());
    let years = ticks * time.tick_days / DAYS_PER_YEAR;
    let cases: f64 = setup.region.corridors.iter().map(|corridor| corridor.cases).sum::<f64>() * years;
    let run = 1e-4 + 3e-7 * f64::from(desks) + ticks * (1e-6 + 3e-10 * f64::from(desks)) + 1.3e-6 * cases;
    run * arms as f64
}

/// The part of that many points and replicates, cut into blocks.
pub fn part(
    study: &Study,
    arms: usize,
    (first_point, points): (u64, u64),
    (first_replicate, replicates): (u32, u32),
) -> Part {
    let cells = points * u64::from(replicates);
    let cell = rough_seconds(study, arms);
    let block = (cell * cells as f64 / BLOCKS).clamp(BLOCK_SECONDS.0, BLOCK_SECONDS.1);
    let cells_per_block = ((block / cell) as u64).clamp(1, cells.div_ceil(FEWEST_BLOCKS).max(1));
    let shared = study.sweep().is_some_and(Sweep::shares_baseline);
    let points_at_once = if shared { MOST_POINTS_AT_ONCE.min(points).max(1) } else { 1 };
    // Points that are run together are not cut apart.
    let cells_per_block = cells_per_block.next_multiple_of(points_at_once);
    Part { first_point, points, first_replicate, replicates, cells_per_block, points_at_once }
}

/// What a sweep costs.
pub struct Cost {
    /// Seconds on one thread.
    pub seconds: f64,
    /// Bytes on disk: blocks and merged tables.
    pub bytes: f64,
}

/// Runs a few cells of the first point and reckons from them.
pub fn measured(plan: &SweepPlan, cells: u64) -> Cost {
    #[expect(clippy::disallowed_methods, reason = "what a sweep will take is told, and no result depends on it")]
    let timed = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let Some(part) = plan.parts().first() else { return Cost { seconds: 0.0, bytes: 0.0 } };
    // The first replicate pays for what points take once; more of them do not.
    let most = part.replicates.min(4);
    let together = part.points_at_once.min(part.points);
    let points = part.first_point..part.first_point + together;
    let run = |count: u32| {
        timed(&|| drop(plan.run_points(points.clone(), part.first_replicate..part.first_replicate + count)))
    };
    let (one, all) = (Duration::as_secs_f64(&run(1)), Duration::as_secs_f64(&run(most)));
    let replicate = if most > 1 { ((all - one) / f64::from(most - 1)).max(one / 20.0) } else { one.min(all) };
    let once = (one.min(all) - replicate).max(0.0);
    let seconds = (replicate + once / f64::from(part.replicates)) * cells as f64 / together as f64;
    let outcomes = (plan.windows().len() * plan.outcomes().len() + 1) as f64;
    let row = 6.0 * outcomes + 3.0 + 0.2 * plan.factors().len() as f64;
    let runs = cells as f64 * plan.lines().len() as f64;
    Cost { seconds, bytes: 2.0 * row * runs + 400.0 * plan.points().rows() as f64 * plan.lines().len() as f64 }
}

/// A time as a person says it.
pub fn duration(seconds: f64) -> String {
    let whole = |number: f64, unit: &str| {
        let number = number.round().max(1.0);
        format!("about {number} {unit}")
    };
    match seconds {
        s if s < 1.0 => "under a second".to_owned(),
        s if s < 90.0 => whole(s, "s"),
        s if s < 90.0 * 60.0 => whole(s / 60.0, "min"),
        s if s < 48.0 * 3600.0 => whole(s / 3600.0, "hours"),
        s if s < 1000.0 * 86_400.0 => whole(s / 86_400.0, "days"),
        s => whole(s / (365.0 * 86_400.0), "years"),
    }
}

/// A number of bytes as a person says it.
pub fn size(bytes: f64) -> String {
    match bytes {
        b if b < 1e6 => format!("{} KB", (b / 1e3).ceil()),
        b if b < 1e9 => format!("{} MB", (b / 1e6).ceil()),
        b => format!("{:.1} GB", b / 1e9),
    }
}
