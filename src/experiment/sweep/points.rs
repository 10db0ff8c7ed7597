//! From runs to points: what each arm came to at every point, and how it differs from the baseline there.

use super::plan::{SweepPlan, factor_fields};
use crate::statistics::{Interval, Moments};
use crate::table::{Cell, Field, Schema, Table};
use std::sync::Arc;

/// Gathers rows of results, in their order, into the `points` table.
#[derive(Debug)]
pub struct PointsTable<'p> {
    plan: &'p SweepPlan,
    schema: Arc<Schema>,
    /// The point being gathered.
    point: Option<u64>,
    /// Per line and value: the numbers of its replicates so far, missing ones too.
    values: Vec<Vec<f64>>,
    /// Per line: failed runs.
    failed: Vec<u64>,
    places: Vec<usize>,
}

impl<'p> PointsTable<'p> {
    /// Nothing gathered yet.
    pub fn new(plan: &'p SweepPlan) -> Self {
        let per_line = plan.windows().len() * plan.outcomes().len() + 1;
        let first = 4 + plan.factors().len();
        Self {
            plan,
            schema: points_schema(plan),
            point: None,
            values: vec![Vec::new(); plan.lines().len() * per_line],
            failed: vec![0; plan.lines().len()],
            places: (first..first + per_line).collect(),
        }
    }

    /// What its columns are.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Takes in rows of results, whole replicates of one point after the other; the points that are whole come out.
    pub fn add(&mut self, results: &Table) -> Table {
        let mut out = Table::new(Arc::clone(&self.schema));
        let points = results.integers("point_id").unwrap_or_default();
        let failed = results.texts("failed_at").unwrap_or_default();
        let columns: Vec<&[f64]> = self
            .places
            .iter()
            .map(|place| match &results.columns()[*place] {
                crate::table::Values::Real(v) => v.as_slice(),
                _ => &[],
            })
            .collect();
        let lines = self.plan.lines().len();
        for row in 0..results.rows() {
            let point = points[row] as u64;
            if self.point != Some(point) {
                self.finish_point(&mut out);
                self.point = Some(point);
            }
            let line = row % lines;
            if !failed[row].is_empty() {
                self.failed[line] += 1;
            }
            for (value, column) in columns.iter().enumerate() {
                self.values[line * columns.len() + value].push(column[row]);
            }
        }
        out
    }

    /// The last point.
    pub fn finish(mut self) -> Table {
        let mut out = Table::new(Arc::clone(&self.schema));
        self.finish_point(&mut out);
        out
    }

    fn finish_point(&mut self, out: &mut Table) {
        let Some(point) = self.point.take() else { return };
        let (plan, per_line) = (self.plan, self.places.len());
        let factors: Vec<Cell> = plan.factor_cells(point).collect();
        for (place, line) in plan.lines().iter().enumerate() {
            let key: Arc<str> = Arc::from(line.key.as_str());
            let label: Arc<str> = Arc::from(line.label.as_str());
            for value in 0..per_line {
                let own = &self.values[place * per_line + value];
                let baseline = (place > 0).then(|| self.values[value].as_slice());
                let head = [(point as i64).into(), Arc::clone(&key).into(), Arc::clone(&label).into()];
                let row = head.into_iter().chain(factors.iter().cloned());
                let row = row.chain(measured(plan, value)).chain(summed(
                    own,
                    baseline,
                    self.failed[place],
                    plan.confidence(),
                ));
                out.push_cells(row);
            }
        }
        self.values.iter_mut().for_each(Vec::clear);
        self.failed.fill(0);
    }
}

/// What a value is: measure, its name, unit and window.
fn measured(plan: &SweepPlan, value: usize) -> [Cell; 4] {
    let count = plan.outcomes().len();
    match plan.windows().get(value / count) {
        Some(window) => {
            let measure = plan.outcomes()[value % count];
            [
                measure.key().into(),
                measure.label().as_str().into(),
                measure.unit().as_str().into(),
                window.key.as_str().into(),
            ]
        }
        None => ["cost".into(), "cost".into(), plan.currency().into(), "run".into()],
    }
}

/// The numbers of a row: of the arm, and of the paired difference to the baseline.
fn summed(own: &[f64], baseline: Option<&[f64]>, failed: u64, level: f64) -> [Cell; 10] {
    let moments: Moments = own.iter().copied().collect();
    let interval = moments.interval_at(level);
    let differences = baseline.map(|baseline| {
        let pairs = own.iter().zip(baseline).map(|(own, baseline)| own - baseline);
        pairs.collect::<Moments>()
    });
    let of = differences.as_ref();
    let difference: Option<Interval> = of.map(|moments| moments.interval_at(level));
    [
        (moments.n as i64).into(),
        (failed as i64).into(),
        moments.mean().into(),
        moments.sd().into(),
        interval.low.into(),
        interval.high.into(),
        of.map_or(0, |moments| moments.n as i64).into(),
        of.map_or(f64::NAN, Moments::mean).into(),
        difference.map_or(f64::NAN, |interval| interval.low).into(),
        difference.map_or(f64::NAN, |interval| interval.high).into(),
    ]
}

fn points_schema(plan: &SweepPlan) -> Arc<Schema> {
    let unit = "see unit";
    let level = crate::experiment::compare_tables::percent(plan.confidence());
    let mut fields = vec![
        Field::integer("point_id", "", "Number of the point of the design, from 0."),
        Field::text("arm", "Short name of the arm or package, or `baseline`."),
        Field::text("arm_label", "Its name for people."),
    ];
    fields.extend(factor_fields(plan.sweep()));
    fields.extend([
        Field::text("measure", "What is measured, or `cost`."),
        Field::text("measure_label", "Its name for people."),
        Field::text("unit", "Unit of the measure, and of every column whose unit is `see unit`."),
        Field::text("window", "Window of analysis; `run` for the cost, which is of the whole run."),
        Field::integer("n", "replicates", "Replicates in which it is defined."),
        Field::integer("n_failed", "replicates", "Replicates that failed."),
        Field::real("mean", unit, "Mean over replicates."),
        Field::real("sd", unit, "Standard deviation over replicates."),
        Field::real(
            "ci_low",
            unit,
            &format!("Lower end of the {level} confidence interval of the mean (Student's t)."),
        ),
        Field::real("ci_high", unit, "Upper end of it."),
        Field::integer("n_pairs", "replicates", "Replicates in which both the arm and the baseline have a value."),
        Field::real(
            "difference",
            unit,
            "Mean difference to the baseline at the same point, replicate by replicate; missing for the baseline.",
        ),
        Field::real(
            "difference_low",
            unit,
            &format!("Lower end of its {level} confidence interval (paired, Student's t)."),
        ),
        Field::real("difference_high", unit, "Upper end of it."),
    ]);
    Schema::of("points", "One row per point, arm, measure and window of a sweep.", fields)
}
