//! What a sweep is to do, before anything runs.

use crate::digest::Digest;
use crate::record::{Measure, Stretch};
use crate::scenario::{AnalysisWindow, Designed, Factor, PointLine, Study, Sweep};
use crate::table::{Cell, Field, Schema, Table};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Most arms of a sweep, the baseline included.
pub const MOST_ARMS: u32 = 100;
/// Most replicates of a point.
pub const MOST_SWEPT_REPLICATES: u32 = 100_000;
/// Most points, so that every run has a number of its own that other programs can hold exactly (below 2^53).
const MOST_POINTS: u64 = 900_000_000;

/// The number of a run: ten million times the point, plus a hundred times the replicate, plus the place of the arm.
///
/// It depends on nothing else, so that replicates and points can be added without renumbering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId {
    /// Which point, from 0.
    pub point: u64,
    /// Which replicate, from 0.
    pub replicate: u32,
    /// Which arm: 0 is the baseline.
    pub arm: u32,
}

impl RunId {
    /// As a number.
    pub fn number(self) -> i64 {
        let cell = self.point * u64::from(MOST_SWEPT_REPLICATES) + u64::from(self.replicate);
        (cell * u64::from(MOST_ARMS) + u64::from(self.arm)) as i64
    }

    /// The run of a number; `None` for one below 0.
    pub fn of(number: i64) -> Option<Self> {
        let number = u64::try_from(number).ok()?;
        let (cell, arm) = (number / u64::from(MOST_ARMS), (number % u64::from(MOST_ARMS)) as u32);
        let (point, replicate) = (cell / u64::from(MOST_SWEPT_REPLICATES), cell % u64::from(MOST_SWEPT_REPLICATES));
        Some(Self { point, replicate: replicate as u32, arm })
    }
}

/// A rectangle of cells, cut into blocks: some points with some replicates each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The first point.
    pub first_point: u64,
    /// How many points.
    pub points: u64,
    /// The first replicate.
    pub first_replicate: u32,
    /// How many replicates.
    pub replicates: u32,
    /// How many cells a block has; the last one may have fewer.
    pub cells_per_block: u64,
    /// How many points stand side by side in a replicate, before the next replicate comes: those that share a baseline are run together.
    pub points_at_once: u64,
}

impl Part {
    /// How many cells.
    pub fn cells(&self) -> u64 {
        self.points * u64::from(self.replicates)
    }

    /// How many blocks.
    pub fn blocks(&self) -> u64 {
        self.cells().div_ceil(self.cells_per_block.max(1))
    }

    /// The point and replicate of a cell: points that are run together side by side, then their next replicate, then the next such points.
    fn cell(&self, cell: u64) -> (u64, u32) {
        let (replicates, together) = (u64::from(self.replicates), self.points_at_once.max(1));
        let first = cell / (together * replicates) * together;
        let wide = together.min(self.points - first);
        let within = cell - first * replicates;
        (self.first_point + first + within % wide, self.first_replicate + (within / wide) as u32)
    }

    /// How many points are run together with a point of the part, itself among them.
    pub fn together_with(&self, point: u64) -> u64 {
        let together = self.points_at_once.max(1);
        let first = (point - self.first_point) / together * together;
        together.min(self.points - first)
    }
}

/// Some cells that are worked out together: one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its number, which is the name of its file.
    pub number: u64,
    part: Part,
    first: u64,
    cells: u64,
}

impl Block {
    /// How many cells.
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// Its cells in order, as point and replicate.
    pub fn each_cell(&self) -> impl Iterator<Item = (u64, u32)> + use<> {
        let (part, first) = (self.part, self.first);
        (first..first + self.cells).map(move |cell| part.cell(cell))
    }
}

/// Which cells they are, in words.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.part.cell(self.first), self.part.cell(self.first + self.cells.max(1) - 1));
        let (from, to) = (self.part.first_replicate, self.part.first_replicate + self.part.replicates);
        write!(
            f,
            "point {} replicate {} to point {} replicate {}, replicates {from} to {to}",
            first.0, first.1, last.0, last.1
        )?;
        if self.part.points_at_once > 1 { write!(f, ", {} points at once", self.part.points_at_once) } else { Ok(()) }
    }
}

/// A sweep that is ready to run.
#[derive(Debug, Clone)]
pub struct SweepPlan {
    name: String,
    title: String,
    sweep: Sweep,
    points: Designed,
    windows: Vec<AnalysisWindow>,
    outcomes: Vec<Measure>,
    main: usize,
    confidence: f64,
    seed: u64,
    currency: String,
    parts: Vec<Part>,
    shares_baseline: bool,
    digest: String,
    schema: Arc<Schema>,
}

impl SweepPlan {
    /// The plan of a study for some parts; the sweep has been made of the size that the parts need.
    ///
    /// # Errors
    /// When the study is no sweep, its design is refused, or there are too many points, arms or replicates.
    pub fn new(study: &Study, parts: Vec<Part>) -> Result<Self, String> {
        let sweep = study.sweep().ok_or_else(|| format!("{} is a study without [sweep]", study.name()))?.clone();
        Self::of_sweep(study, sweep, parts)
    }

    /// The same for a sweep of another size than the study says.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of_sweep(study: &Study, sweep: Sweep, parts: Vec<Part>) -> Result<Self, String> {
        let points = sweep.points()?;
        if points.rows() as u64 > MOST_POINTS {
            return Err(format!("{} points are more than the {MOST_POINTS} that can be numbered", points.rows()));
        }
        if sweep.lines().len() > MOST_ARMS as usize {
            return Err(format!("the baseline and {} arms are more than {MOST_ARMS}", sweep.lines().len() - 1));
        }
        let windows = study.windows();
        let name = |window: &AnalysisWindow| column_of(study.analysis().outcomes[0], window, windows.len());
        let twice = (1..windows.len())
            .find(|place| windows[..*place].iter().any(|other| name(other) == name(&windows[*place])));
        if let Some(place) = twice {
            return Err(format!("the windows called {} or nearly so would have the same columns", windows[place].key));
        }
        let digest = Digest::of(format!("comity sweep 1\n{}\n{}", study.digest(), sweep.described()).as_bytes());
        let (windows, analysis) = (study.windows().to_vec(), study.analysis());
        let schema = results_schema(&sweep, &windows, &analysis.outcomes, study.baseline().currency());
        let plan = Self {
            name: study.name().to_owned(),
            title: study.title().to_owned(),
            points,
            windows,
            outcomes: analysis.outcomes.clone(),
            main: analysis.main,
            confidence: analysis.confidence,
            seed: study.baseline().seed(),
            currency: study.baseline().currency().to_owned(),
            parts: Vec::new(),
            shares_baseline: sweep.shares_baseline(),
            digest,
            schema,
            sweep,
        };
        plan.with_parts(parts)
    }

    /// The same points in other parts.
    ///
    /// # Errors
    /// When a part has too many replicates.
    pub fn with_parts(self, parts: Vec<Part>) -> Result<Self, String> {
        let most = u64::from(MOST_SWEPT_REPLICATES);
        if parts.iter().any(|part| u64::from(part.first_replicate) + u64::from(part.replicates) > most) {
            return Err(format!("a point of a sweep has at most {MOST_SWEPT_REPLICATES} replicates"));
        }
        Ok(Self { parts, ..self })
    }

    /// The study's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The study's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What is varied, and how.
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// What is varied.
    pub fn factors(&self) -> &[Factor] {
        self.sweep.factors()
    }

    /// What is simulated at every point.
    pub fn lines(&self) -> &[PointLine] {
        self.sweep.lines()
    }

    /// The points.
    pub fn points(&self) -> &Designed {
        &self.points
    }

    /// What is measured; the one at [`main`](Self::main) first of all.
    pub fn outcomes(&self) -> &[Measure] {
        &self.outcomes
    }

    /// The outcome that is drawn and told: a place in the outcomes.
    pub fn main(&self) -> usize {
        self.main
    }

    /// Confidence of every interval.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// Windows of analysis.
    pub fn windows(&self) -> &[AnalysisWindow] {
        &self.windows
    }

    /// The master seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The currency of costs.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// Whether all points have the same baseline, which is run once for those that are run together.
    pub fn shares_baseline(&self) -> bool {
        self.shares_baseline
    }

    /// The parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// SHA-256 of everything that determines what a run gives, in hexadecimal digits: not of how many points or replicates there are.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What the columns of the results are.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// How many cells there are.
    pub fn cells(&self) -> u64 {
        self.parts.iter().map(Part::cells).sum()
    }

    /// How many runs there are.
    pub fn runs(&self) -> u64 {
        self.cells() * self.lines().len() as u64
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> Vec<Block> {
        let mut all = Vec::new();
        for part in &self.parts {
            let cells = part.cells();
            let mut first = 0;
            while first < cells {
                let count = part.cells_per_block.max(1).min(cells - first);
                all.push(Block { number: all.len() as u64, part: *part, first, cells: count });
                first += count;
            }
        }
        all
    }

    /// How many replicates a point has, if it is in the plan.
    pub fn replicates_of(&self, point: u64) -> u32 {
        let holds = |part: &&Part| part.first_point <= point && point < part.first_point + part.points;
        self.parts.iter().filter(holds).map(|part| part.replicates).sum()
    }

    /// Whether a run is in the plan.
    pub fn holds(&self, run: RunId) -> bool {
        (run.arm as usize) < self.lines().len()
            && self.parts.iter().any(|part| {
                part.first_point <= run.point
                    && run.point < part.first_point + part.points
                    && part.first_replicate <= run.replicate
                    && run.replicate < part.first_replicate + part.replicates
            })
    }

    /// The stretches over which outcomes are counted.
    pub(super) fn stretches(&self) -> Vec<Stretch> {
        self.windows.iter().map(|window| Stretch { from: window.from, until: window.until }).collect()
    }

    /// The value of every factor at a point, as cells of a table.
    pub(super) fn factor_cells(&self, point: u64) -> impl Iterator<Item = Cell> + '_ {
        let values = self.points.row(point as usize);
        self.factors().iter().zip(values).map(|(factor, value)| match factor.is_words() {
            true => Cell::from(factor.value(*value).as_str()),
            false => Cell::from(*value),
        })
    }

    /// The run table: one row per run, before anything has run, some points at a time.
    pub fn run_table(&self, points: std::ops::Range<u64>) -> Table {
        let mut fields = run_fields();
        fields.extend(factor_fields(&self.sweep));
        let mut table = Table::new(Schema::of("runs", "What is to be run: one row per run.", fields));
        let words: Vec<Arc<str>> = self.lines().iter().map(|line| Arc::from(line.key.as_str())).collect();
        for point in points {
            let factors: Vec<Cell> = self.factor_cells(point).collect();
            for replicate in 0..self.replicates_of(point) {
                for (arm, word) in words.iter().enumerate() {
                    let id = RunId { point, replicate, arm: arm as u32 };
                    let own = [
                        id.number().into(),
                        (point as i64).into(),
                        i64::from(replicate).into(),
                        Arc::clone(word).into(),
                    ];
                    table.push_cells(own.into_iter().chain(factors.iter().cloned()));
                }
            }
        }
        table
    }

    /// The design: one row per point, with what the design says of it.
    pub fn design_table(&self) -> Table {
        let mut fields = vec![Field::integer("point_id", "", "Number of the point, from 0.")];
        fields.extend(self.points.structure.iter().map(|(name, sentence, _)| Field::integer(name, "", sentence)));
        fields.extend(factor_fields(&self.sweep));
        let sentence = format!("The points of a {} design.", self.sweep.design().name());
        let mut table = Table::new(Schema::of("design", &sentence, fields));
        for point in 0..self.points.rows() {
            let structure = self.points.structure.iter().map(|(_, _, numbers)| Cell::from(numbers[point]));
            table.push_cells(
                std::iter::once(Cell::from(point as i64)).chain(structure).chain(self.factor_cells(point as u64)),
            );
        }
        table
    }

    /// What a point is, in words, numbers to four digits: `places = 4, tools = mla`.
    pub fn point_words(&self, point: u64) -> String {
        let values = self.factors().iter().zip(self.points.row(point as usize));
        let words = values.map(|(factor, value)| {
            let size = libm::floor(libm::log10(value.abs()));
            let unit = libm::pow(10.0, size - 3.0);
            let short = if *value == 0.0 || value.fract() == 0.0 { *value } else { libm::round(value / unit) * unit };
            // Once more through decimals, lest the last bit show.
            let short = format!("{short:.10}").parse().unwrap_or(*value);
            format!("{} = {}", factor.key, factor.value(if factor.is_words() { *value } else { short }))
        });
        /// Of more factors the first are told.
        const TOLD: usize = 8;
        let words: Vec<String> = words.collect();
        match words.len() {
            all if all <= TOLD + 1 => words.join(", "),
            all => format!("{} and {} more", words[..TOLD].join(", "), all - TOLD),
        }
    }
}

/// The columns that say which run it is.
pub(super) fn run_fields() -> Vec<Field> {
    vec![
        Field::integer("run_id", "", "Number of the run: 10,000,000 point_id + 100 replicate + the place of the arm."),
        Field::integer("point_id", "", "Number of the point of the design, from 0."),
        Field::integer(
            "replicate",
            "",
            "Number of the replicate, from 0; the same number has the same draws at every point and in every arm.",
        ),
        Field::text("arm", "Short name of the arm or package, or `baseline`."),
    ]
}

/// A column for each factor.
pub(super) fn factor_fields(sweep: &Sweep) -> impl Iterator<Item = Field> + '_ {
    sweep.factors().iter().map(|factor| match factor.is_words() {
        true => Field::text(&factor.key, &factor.label),
        false => Field::real(&factor.key, &factor.unit, &factor.label),
    })
}

fn results_schema(sweep: &Sweep, windows: &[AnalysisWindow], outcomes: &[Measure], currency: &str) -> Arc<Schema> {
    let mut fields = run_fields();
    fields.extend(factor_fields(sweep));
    for window in windows {
        for measure in outcomes {
            let name = column_of(*measure, window, windows.len());
            let sentence = format!("{} From {} to {}.", measure.sentence(), window.from, window.until);
            fields.push(Field::real(&name, &measure.unit(), &sentence));
        }
    }
    fields.push(Field::real("cost", currency, "Cost of the interventions over the whole run."));
    fields.push(Field::text("failed_at", "Where the run failed: `scenario` or `run`; empty for one that did not."));
    fields.push(Field::text("message", "Why it failed."));
    Schema::of("results", "One row per run of a sweep: which, where the factors stood, and what came out.", fields)
}

/// The column of a measure in a window: with the window's name where there are several.
fn column_of(measure: Measure, window: &AnalysisWindow, windows: usize) -> String {
    if windows == 1 { measure.key().to_owned() } else { format!("{}_{}", measure.key(), window.key.replace('-', "_")) }
}
