//! A plan (data) and its execution in plan order: replicates, twin-world probes, validation.

mod accumulate;
pub mod calibration;
mod compare;
mod compare_tables;
mod ensemble;
mod levels;
mod optimise;
mod parallel;
mod prediction;
mod probe;
mod replicate;
mod schedule;
mod sensitivity;
mod states;
mod sweep;
mod tables;
mod validate;
mod worlds;

pub use accumulate::{Accumulator, PEOPLE, all_rates};
pub use compare::{CompareEnd, Comparison, Line, LineKind, PackageLines, compare, runs_per_replicate};
pub use compare_tables::{CompareTables, compare_tables, replicates_table};
pub use ensemble::{Conclusion, Ensemble, ensemble};
pub use levels::LevelPools;
pub use optimise::{Evaluate, Forecast, Halt, Optimisation, forecast as optimisation_forecast, optimise};
pub use parallel::{Interrupted, Watch, each, in_order};
pub use prediction::{Expected, Finding, Verdict, predict, prediction_runs, predictions_table, verdicts};
pub use probe::{HORIZON_YEARS, Probes, probe};
pub use replicate::{Kept, Plan, SeriesSink, Stopped, replicate};
pub use schedule::{loops_table, scenario_schedule, schedule_table};
pub use sensitivity::{Outcomes, Request as SensitivityRequest, Sensitivity, Wanted, sensitivity};
pub use states::states_table;
pub use sweep::{
    Block, MOST_ARMS, MOST_POINTS_AT_ONCE, MOST_SWEPT_REPLICATES, Part, PointsTable, RunId, SweepPlan, block_digest,
    rows_differ,
};
pub use tables::{Tables, tables};
pub use validate::{Held, Pattern, Use, Validation, Validator, validation_table};
