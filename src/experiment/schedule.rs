//! When the interventions of a study's arms are in force, and how an outcome follows one that is ramped up and down again.

use super::compare::Comparison;
use super::compare_tables::percent;
use crate::quantity::Date;
use crate::scenario::{Scenario, Study};
use crate::statistics::Moments;
use crate::table::{Cell, Field, Schema, Table};

/// The day so many days after the start of a scenario, within its time.
fn date(scenario: &Scenario, days: f64) -> i32 {
    let (first, last) = (scenario.time().start.days(), scenario.time().end.days());
    (first + days.clamp(0.0, f64::from(last - first)) as i32).min(last)
}

/// The `schedule` table: when what is in force in which arm, as far as the dates say; what waits for a trigger may begin later.
pub fn schedule_table(study: &Study) -> Table {
    let mut table = scenario_schedule(study.baseline());
    let arms = study.arms().iter().map(|arm| (arm.key.as_str(), &arm.scenario));
    let packages = study.packages().iter().map(|package| (package.key.as_str(), &package.scenario));
    for (arm, scenario) in arms.chain(packages) {
        add_schedule(&mut table, arm, scenario);
    }
    table
}

/// The same table of one scenario, which is its own `baseline`; without rows if it has no interventions.
pub fn scenario_schedule(scenario: &Scenario) -> Table {
    let fields = vec![
        Field::text("arm", "Short name of the arm, or `baseline`."),
        Field::text("intervention", "Its key."),
        Field::text("name", "Its name for people."),
        Field::text("kind", "What it does."),
        Field::date("start", "When it begins, or from when on it can be set off."),
        Field::date("end", "First day on which it is no longer in force; the end of the run, where it has none."),
    ];
    let mut table = Table::new(Schema::of("schedule", "When the interventions of each arm are in force.", fields));
    add_schedule(&mut table, "baseline", scenario);
    table
}

fn add_schedule(table: &mut Table, arm: &str, scenario: &Scenario) {
    for intervention in scenario.interventions() {
        let schedule = &intervention.schedule;
        let single = !intervention.kind().lasts() && schedule.every.is_none();
        let end = if single { schedule.start } else { schedule.ends(schedule.start) };
        table.push([
            arm.into(),
            intervention.key.as_str().into(),
            intervention.name.as_str().into(),
            intervention.kind().key().into(),
            Cell::Date(date(scenario, schedule.start)),
            Cell::Date(date(scenario, end)),
        ]);
    }
}

/// The `loops` table: for every arm with an intervention that is ramped up and down again, the main outcome against how far it is in force, period by period.
pub fn loops_table(study: &Study, comparison: &Comparison) -> Table {
    let outcome = comparison.analysis().outcomes[comparison.analysis().main];
    let confidence = comparison.analysis().confidence;
    let fields = vec![
        Field::text("arm", "Short name of the arm."),
        Field::text("intervention", "The intervention that is ramped."),
        Field::text("direction", "`up` while it rises, `down` while it falls."),
        Field::real("level", "share in force", "How far the intervention is in force, in the middle of the period."),
        Field::date("period_start", "First day of the period."),
        Field::text("label", "What is measured."),
        Field::integer("n", "replicates", "Replicates in which it is defined."),
        Field::real("value", &outcome.unit(), "Mean of the outcome over replicates."),
        Field::real(
            "ci_low",
            &outcome.unit(),
            &format!("Lower end of the {} confidence interval of the mean (Student's t).", percent(confidence)),
        ),
        Field::real("ci_high", &outcome.unit(), "Upper end of it."),
    ];
    let mut table =
        Table::new(Schema::of("loops", "An outcome against an intervention that is ramped up and down again.", fields));
    for (line, arm) in study.arms().iter().enumerate() {
        let ramped = arm.scenario.interventions().iter().find(|intervention| {
            let schedule = &intervention.schedule;
            schedule.ramp_up > 0.0 && schedule.ramp_down > 0.0 && schedule.ends(schedule.start).is_finite()
        });
        let Some(intervention) = ramped else { continue };
        let schedule = &intervention.schedule;
        let day = |date: Date| f64::from(date.days() - arm.scenario.time().start.days());
        for (period, stretch) in comparison.periods().iter().enumerate() {
            let middle = f64::midpoint(day(stretch.from), day(stretch.until));
            if middle < schedule.start || middle >= schedule.ends(schedule.start) {
                continue;
            }
            let level = schedule.level(schedule.start, middle);
            let rising = middle < schedule.start + schedule.ramp_up;
            let values: Moments =
                comparison.in_period(1 + line, period, comparison.analysis().main).into_iter().collect();
            let interval = values.interval_at(confidence);
            table.push([
                arm.key.as_str().into(),
                intervention.key.as_str().into(),
                if rising { "up" } else { "down" }.into(),
                level.into(),
                Cell::Date(stretch.from.days()),
                outcome.label().as_str().into(),
                (values.n as i64).into(),
                values.mean().into(),
                interval.low.into(),
                interval.high.into(),
            ]);
        }
    }
    table
}
