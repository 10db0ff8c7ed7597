//! The standard recorder: counts a run into one [`Tally`], small enough to add up over any number of replicates.

use super::counting::{of_case, of_conclusion};
use super::depth::{DEPTH, mean_cosine, patternedness, standing};
use super::levels::{LevelDate, Levels, level_dates};
use super::{CaseRecord, Conclusion, Count, Level, Observer, RATES, Request, View, Window};
use crate::mechanism::arrival::Case;
use crate::mechanism::tool::formal;
use crate::quantity::{Barrier, DAYS_PER_YEAR, Ending, Litmus, Role, Tool, UnitKind};
use crate::statistics::quantile_sorted;
use crate::table::{Field, Schema, Table, Values};
use crate::world::{Desk, InterventionState, Region, StateIndex};
use std::sync::Arc;

/// Rows per group in the barrier counts: each barrier alone, several together, none of them.
pub const BINDING_ROWS: usize = Barrier::COUNT + 2;

/// Of what a count is made: everything, one state, one role, one calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKey {
    /// The whole region and window.
    All,
    /// Cases found in one state.
    State(StateIndex),
    /// Cases handled, or kept back, by one role.
    Role(Role),
    /// Cases of one calendar year.
    Year(i32),
}

/// What one run amounts to.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Counts per state, and for the region in the last row.
    pub totals: Vec<[u64; Count::COUNT]>,
    /// Per ordered pair of states: cases, sought, accepted, communications, rescues, arrests, formal requests, recorded communications.
    pub pairs: Vec<[u32; PAIR_COLUMNS]>,
    /// Groups, in the order of the next two.
    pub groups: Vec<GroupKey>,
    /// Cases not cooperated on per group.
    pub lost: Vec<u32>,
    /// Per group: on how many of those each barrier binds alone, several only together, none.
    pub binding: Vec<[u32; BINDING_ROWS]>,
    /// Per group: handled cases by litmus.
    pub litmus: Vec<[u32; Litmus::COUNT]>,
    /// The depth vector, in the order of [`DEPTH`].
    pub depth: [f64; DEPTH.len()],
    /// Median days from request to conclusion: informal channels, formal ones.
    pub delays: (f64, f64),
    /// Cases of each investigator in the last year: mean, median.
    pub caseload: (f64, f64),
    /// Acts of cooperation per head of unit and year.
    pub acts_per_head: f64,
    /// Ties idle through the last year: how many there were, how many were lost.
    pub idle_ties: (u32, u32),
    /// Per intervention: whether it began, occasions held, practitioners reached (each time counted), cost.
    pub interventions: Vec<[f64; INTERVENTION_COLUMNS]>,
    /// Calendar year of the first entry of the yearly lists.
    pub first_year: i32,
    /// Victims identified per state and calendar year.
    pub yearly_victims: Vec<Vec<u32>>,
    /// Arrests through cooperation per state and calendar year.
    pub yearly_arrests: Vec<Vec<u32>>,
    /// Per calendar year: cases with a communication, cases.
    pub yearly_density: Vec<(u32, u32)>,
    /// Formal requests made and received per state and calendar year.
    pub formal: Vec<Vec<(u32, u32)>>,
    /// Levels of practitioners at a few dates.
    pub levels: Levels,
}

/// Columns of [`Tally::pairs`].
pub const PAIR_COLUMNS: usize = 8;
/// Columns of [`Tally::interventions`].
pub const INTERVENTION_COLUMNS: usize = 4;

/// Days before the end over which the caseload and idle ties are watched.
const LAST_YEAR: f64 = DAYS_PER_YEAR;

/// Ways in which a recognised case can be handled: from habit or not; alone, or by a tool with an answer.
const ROUTES: usize = 2 * (1 + Tool::COUNT * ANSWERS);
/// What can become of a request: sent back, gate shut, refused, lapsed, accepted; the last endings, in their order.
const ANSWERS: usize = 5;

/// Counts one run.
#[derive(Debug, Clone)]
pub struct Recorder {
    window: Window,
    /// Whether barriers and litmus are worked out.
    why: bool,
    states: Vec<Arc<str>>,
    roles: Vec<Role>,
    state_of: Vec<u32>,
    /// One row per recorded tick and state.
    counts: Vec<[u32; Count::COUNT]>,
    levels: Vec<[f64; Level::ALL.len()]>,
    tally: Tally,
    caseload: Vec<u16>,
    head_acts: u64,
    delays: (Vec<f64>, Vec<f64>),
    answered: u32,
    well_formed: u32,
    routes: Vec<u32>,
    tools: Vec<[u32; Tool::COUNT]>,
    /// Requests accepted so far, asker-major.
    helped: Vec<u32>,
    /// Requests to states that owe the asker nothing, and to such that owe something: made, accepted.
    reciprocity: [(u32, u32); 2],
    /// Live ties a year before the end: owner, other, last used.
    watched: Option<Vec<(Desk, Desk, f64)>>,
    level_dates: Vec<LevelDate>,
}

impl Recorder {
    /// A recorder of the window of a run; `why` asks for barriers and litmus.
    pub fn new(region: &Region, window: Window, why: bool) -> Self {
        let states = region.states.len();
        let ticks = window.ticks as usize;
        let first_year = window.start.year();
        let years = (window.year((window.days() - 1.0).max(0.0)) - first_year + 1).max(1) as usize;
        let mut groups = vec![GroupKey::All];
        groups.extend((0..states).map(GroupKey::State));
        groups.extend(Role::ALL.iter().map(|role| GroupKey::Role(*role)));
        groups.extend((0..years).map(|year| GroupKey::Year(first_year + year as i32)));
        let desks = region.desks() as Desk;
        let level_dates = level_dates(&window);
        Self {
            window,
            why,
            states: region.states.iter().map(|state| Arc::clone(&state.key)).collect(),
            roles: (0..desks).map(|desk| region.role_of(desk)).collect(),
            state_of: (0..desks).map(|desk| region.state_of(desk) as u32).collect(),
            counts: vec![[0; Count::COUNT]; ticks * states],
            levels: vec![[f64::NAN; Level::ALL.len()]; ticks * states],
            tally: Tally {
                totals: vec![[0; Count::COUNT]; states + 1],
                pairs: vec![[0; PAIR_COLUMNS]; states * states],
                lost: vec![0; groups.len()],
                binding: vec![[0; BINDING_ROWS]; groups.len()],
                litmus: vec![[0; Litmus::COUNT]; groups.len()],
                groups,
                depth: [f64::NAN; DEPTH.len()],
                delays: (f64::NAN, f64::NAN),
                caseload: (f64::NAN, f64::NAN),
                acts_per_head: f64::NAN,
                idle_ties: (0, 0),
                interventions: Vec::new(),
                first_year,
                yearly_victims: vec![vec![0; years]; states],
                yearly_arrests: vec![vec![0; years]; states],
                yearly_density: vec![(0, 0); years],
                formal: vec![vec![(0, 0); years]; states],
                levels: Levels::at(&level_dates),
            },
            caseload: vec![0; desks as usize],
            head_acts: 0,
            delays: (Vec::new(), Vec::new()),
            answered: 0,
            well_formed: 0,
            routes: vec![0; ROUTES],
            tools: vec![[0; Tool::COUNT]; states],
            helped: vec![0; states * states],
            reciprocity: [(0, 0); 2],
            watched: None,
            level_dates,
        }
    }

    fn in_last_year(&self, now: f64) -> bool {
        now >= self.window.days() - LAST_YEAR
    }

    fn groups_of(&self, here: StateIndex, role: Role, year: i32) -> [usize; 4] {
        let states = self.states.len();
        let year = (year - self.tally.first_year).clamp(0, self.tally.yearly_density.len() as i32 - 1) as usize;
        [0, 1 + here, 1 + states + role as usize, 1 + states + Role::COUNT + year]
    }

    fn count_request(&mut self, year: usize, record: &CaseRecord, request: &Request) {
        let (here, there) = (record.case.here, record.case.there);
        let states = self.states.len();
        self.tools[here][request.tool as usize] += 1;
        self.answered += u32::from(match record.ending {
            Ending::Accepted => !request.late,
            Ending::Refused | Ending::SentBack => true,
            _ => false,
        });
        self.well_formed += u32::from(request.well_formed);
        if formal(request.tool) {
            self.tally.formal[here][year].0 += 1;
            self.tally.formal[there][year].1 += 1;
        }
        let owes = self.helped[there * states + here] > self.helped[here * states + there];
        let (made, accepted) = &mut self.reciprocity[usize::from(owes)];
        *made += 1;
        if record.ending == Ending::Accepted {
            *accepted += 1;
            self.helped[here * states + there] += 1;
            let delays = if formal(request.tool) { &mut self.delays.1 } else { &mut self.delays.0 };
            delays.extend(request.delay);
        }
        for desk in [record.handler, request.counterpart] {
            if self.roles[desk as usize] == Role::Head && (desk == record.handler || record.ending == Ending::Accepted)
            {
                self.head_acts += u64::from(record.communications);
            }
        }
    }

    /// What the run amounts to, and its rows of the `series` table.
    pub fn finish(mut self, view: View<'_>, replicate: u32, schema: &Arc<Schema>) -> (Tally, Table) {
        let states = self.states.len();
        for rows in self.counts.chunks(states) {
            for (state, row) in rows.iter().enumerate() {
                for (count, number) in row.iter().enumerate() {
                    self.tally.totals[state][count] += u64::from(*number);
                    self.tally.totals[states][count] += u64::from(*number);
                }
            }
        }
        self.close_depth(view);
        self.close_people(view);
        let deeds = |state: &InterventionState| {
            let began = f64::from(u8::from(state.began.is_some()));
            [began, f64::from(state.occasions), state.reached as f64, state.cost]
        };
        self.tally.interventions = view.world.interventions.iter().map(deeds).collect();
        let series = self.series(replicate, schema);
        (self.tally, series)
    }

    fn close_depth(&mut self, view: View<'_>) {
        let total = |count: Count| self.tally.totals[self.states.len()][count as usize] as f64;
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
        let sought = total(Count::Sought);
        let acceptance = |(made, accepted): (u32, u32)| ratio(f64::from(accepted), f64::from(made));
        let standing = standing(view);
        let referral = ratio(total(Count::Referred), total(Count::FoundByNgo));
        let d5 = acceptance(self.reciprocity[0]) / acceptance(self.reciprocity[1]);
        self.tally.depth = [
            ratio(sought, total(Count::Arrived)),
            ratio(f64::from(self.answered), sought),
            ratio(total(Count::SoughtByHabit), sought),
            standing.mean_trust,
            standing.low_trust,
            standing.trusting,
            if d5.is_finite() { d5.min(1.0) } else { f64::NAN },
            self.balance(),
            standing.familiarity,
            mean_cosine(&self.tools),
            patternedness(&self.routes),
            ratio(f64::from(self.well_formed), sought),
            f64::midpoint(referral, standing.cross_role),
            referral,
            standing.cross_role,
        ];
    }

    /// 1 - the mean imbalance of accepted requests over pairs of states that had any.
    fn balance(&self) -> f64 {
        let states = self.states.len();
        let (mut sum, mut pairs) = (0.0, 0_u32);
        for a in 0..states {
            for b in 0..a {
                let (x, y) = (f64::from(self.helped[a * states + b]), f64::from(self.helped[b * states + a]));
                if x + y > 0.0 {
                    sum += (x - y).abs() / (x + y);
                    pairs += 1;
                }
            }
        }
        if pairs == 0 { f64::NAN } else { 1.0 - sum / f64::from(pairs) }
    }

    fn close_people(&mut self, view: View<'_>) {
        let median = |values: &mut Vec<f64>| {
            values.sort_by(f64::total_cmp);
            quantile_sorted(values, 0.5)
        };
        self.tally.delays = (median(&mut self.delays.0), median(&mut self.delays.1));
        let of_role = |role: Role| {
            let desks = self.roles.iter().enumerate().filter(move |(_, own)| **own == role).map(|(desk, _)| desk);
            desks.filter(|desk| view.region.staffed(*desk as Desk))
        };
        let mut cases: Vec<f64> = of_role(Role::Investigator).map(|desk| f64::from(self.caseload[desk])).collect();
        let watched_years = self.window.days().min(LAST_YEAR) / DAYS_PER_YEAR;
        let mean = cases.iter().sum::<f64>() / cases.len() as f64 / watched_years;
        self.tally.caseload = (mean, median(&mut cases));
        let heads = of_role(Role::Head).count() as f64;
        self.tally.acts_per_head = self.head_acts as f64 / heads / (self.window.days() / DAYS_PER_YEAR);
        let View { model, region, world, randomness } = view;
        for &(owner, to, used) in self.watched.iter().flatten() {
            let tie = world.people.at(owner).ties.iter().find(|tie| tie.to == to);
            match tie {
                Some(tie) if tie.used > used => continue,
                Some(tie) if model.ties.live(&model.turnover, region, world, randomness, owner, tie).is_some() => {}
                _ => self.tally.idle_ties.1 += 1,
            }
            self.tally.idle_ties.0 += 1;
        }
    }

    fn series(&self, replicate: u32, schema: &Arc<Schema>) -> Table {
        let states = self.states.len();
        let rows = self.window.ticks as usize * (states + 1);
        let region: Arc<str> = Arc::from(super::REGION);
        let mut ticks = Vec::with_capacity(rows);
        let mut dates = Vec::with_capacity(rows);
        let mut names = Vec::with_capacity(rows);
        let mut counts: Vec<Vec<i64>> = (0..Count::COUNT).map(|_| Vec::with_capacity(rows)).collect();
        let mut rates: Vec<Vec<f64>> = (0..RATES.len()).map(|_| Vec::with_capacity(rows)).collect();
        let mut levels: Vec<Vec<f64>> = (0..Level::ALL.len()).map(|_| Vec::with_capacity(rows)).collect();
        let mut row = |tick: usize, name: &Arc<str>, count: &[u32; Count::COUNT], level: &[f64; Level::ALL.len()]| {
            ticks.push(tick as i64);
            dates.push(self.window.date(tick));
            names.push(Arc::clone(name));
            for (column, number) in counts.iter_mut().zip(count) {
                column.push(i64::from(*number));
            }
            for (column, rate) in rates.iter_mut().zip(&RATES) {
                let whole = count[rate.whole as usize];
                column.push(if whole == 0 {
                    f64::NAN
                } else {
                    f64::from(count[rate.part as usize]) / f64::from(whole)
                });
            }
            for (column, number) in levels.iter_mut().zip(level) {
                column.push(*number);
            }
        };
        for tick in 0..self.window.ticks as usize {
            let mut all = [0; Count::COUNT];
            let mut mean = [0.0; Level::ALL.len()];
            for state in 0..states {
                let (count, level) = (&self.counts[tick * states + state], &self.levels[tick * states + state]);
                all.iter_mut().zip(count).for_each(|(sum, number)| *sum += number);
                mean.iter_mut().zip(level).for_each(|(sum, number)| *sum += number / states as f64);
                row(tick, &self.states[state], count, level);
            }
            row(tick, &region, &all, &mean);
        }
        let mut columns = vec![
            Values::Integer(vec![i64::from(replicate); rows]),
            Values::Integer(ticks),
            Values::Date(dates),
            Values::Text(names),
        ];
        columns.extend(counts.into_iter().map(Values::Integer));
        columns.extend(rates.into_iter().chain(levels).map(Values::Real));
        Table::from_columns(Arc::clone(schema), columns).expect("the columns follow series_schema")
    }
}

impl Observer for Recorder {
    fn asks_why(&self, now: f64) -> bool {
        self.why && self.window.tick(now).is_some()
    }

    fn missed(&mut self, now: f64, case: &Case) {
        if let Some(tick) = self.window.tick_of_case(now, case.time) {
            self.counts[tick * self.states.len() + case.here][Count::Surfaced as usize] += 1;
        }
    }

    fn case(&mut self, now: f64, record: &CaseRecord) {
        let Some(tick) = self.window.tick_of_case(now, record.case.time) else { return };
        let row = &mut self.counts[tick * self.states.len() + record.case.here];
        of_case(record, &mut |count, by| row[count as usize] += by);
        let (here, there) = (record.case.here, record.case.there);
        let role = if record.ending == Ending::Withheld { Role::Ngo } else { record.role };
        let groups = self.groups_of(here, role, self.window.year(now));
        let year = groups[3] - (1 + self.states.len() + Role::COUNT);
        let density = &mut self.tally.yearly_density[year];
        density.0 += u32::from(record.request.is_some());
        density.1 += 1;
        if record.ending.recognised() {
            self.tally.yearly_victims[here][year] += record.case.victims;
            let tool = record.request.as_ref().map_or(0, |request| {
                1 + request.tool as usize * ANSWERS + record.ending as usize - Ending::SentBack as usize
            });
            self.routes[usize::from(record.by_habit) * (ROUTES / 2) + tool] += 1;
            if self.in_last_year(now) {
                self.caseload[record.handler as usize] += 1;
            }
        }
        let pair = &mut self.tally.pairs[here * self.states.len() + there];
        pair[0] += 1;
        if let Some(request) = &record.request {
            pair[1] += 1;
            pair[2] += u32::from(record.ending == Ending::Accepted);
            pair[3] += record.communications;
            if formal(request.tool) {
                pair[6] += 1;
            } else {
                pair[7] += record.recorded_communications;
            }
            self.count_request(year, record, request);
        }
        for group in groups {
            if let Some(binding) = &record.binding {
                self.tally.lost[group] += 1;
                let rows = &mut self.tally.binding[group];
                for (place, row) in rows[..Barrier::COUNT].iter_mut().enumerate() {
                    *row += u32::from(binding.single >> place & 1);
                }
                rows[Barrier::COUNT] += u32::from(binding.single == 0 && binding.together);
                rows[Barrier::COUNT + 1] += u32::from(!binding.together);
            }
            if let Some(litmus) = record.litmus {
                self.tally.litmus[group][litmus as usize] += 1;
            }
        }
    }

    fn conclusion(&mut self, now: f64, conclusion: &Conclusion) {
        let cooperation = &conclusion.cooperation;
        let Some(tick) = self.window.tick(now).filter(|_| cooperation.due < self.window.days()) else { return };
        let row = &mut self.counts[tick * self.states.len() + cooperation.asking];
        of_conclusion(conclusion, &mut |count, by| row[count as usize] += by);
        let pair = &mut self.tally.pairs[cooperation.asking * self.states.len() + cooperation.asked];
        pair[4] += if cooperation.rescue { cooperation.victims } else { 0 };
        pair[5] += cooperation.arrests;
        let years = self.tally.yearly_density.len() as i32;
        let year = (self.window.year(now) - self.tally.first_year).clamp(0, years - 1) as usize;
        self.tally.yearly_arrests[cooperation.asking][year] += cooperation.arrests;
    }

    fn left(&mut self, now: f64, desk: Desk) {
        if let Some(tick) = self.window.tick(now) {
            let state = self.state_of[desk as usize] as usize;
            self.counts[tick * self.states.len() + state][Count::Left as usize] += 1;
        }
    }

    fn tick(&mut self, view: View<'_>) {
        let View { model, region, world, randomness } = view;
        let Some(tick) = self.window.tick(world.now) else { return };
        let states = self.states.len();
        for state in 0..states {
            let place = region.unit_in(state, UnitKind::Police);
            let unit = &world.units[place];
            let (cooperating, alone) = model.habit.of_unit(model.disuse, unit, world.now);
            let trust =
                (0..states).filter(|other| *other != state).map(|other| world.generalised_trust(region, place, other));
            let trust = trust.sum::<f64>() / (states - 1) as f64;
            self.levels[tick * states + state] = [cooperating, alone, trust, model.norm.seen_in_unit(unit, world.now)];
        }
        if let Some(date) = self.level_dates.iter().position(|date| date.tick == tick) {
            self.tally.levels.look(date, view);
        }
        if self.watched.is_none() && self.in_last_year(world.now) {
            let mut watched = Vec::new();
            for (owner, person) in world.people.persons.iter().enumerate() {
                if !region.staffed(owner as Desk) {
                    continue;
                }
                for tie in &person.ties {
                    if model.ties.live(&model.turnover, region, world, randomness, owner as Desk, tie).is_some() {
                        watched.push((owner as Desk, tie.to, tie.used));
                    }
                }
            }
            self.watched = Some(watched);
        }
    }
}

/// What the `series` table holds.
pub fn series_schema() -> Arc<Schema> {
    let mut fields = vec![
        Field::integer("replicate", "", "Number of the run, from 0."),
        Field::integer("tick", "ticks", "Ticks since the start of the window."),
        Field::date("date", "First day of the tick."),
        Field::text("state", "State in which the case was found, or `region` for the whole."),
    ];
    fields.extend(Count::ALL.iter().map(|count| count.field()));
    fields.extend(RATES.iter().map(|rate| Field::real(rate.key, "share", rate.sentence)));
    fields.extend(Level::ALL.iter().map(|level| level.field()));
    Schema::of("series", "What happened in each tick of each run, by state and for the region.", fields)
}
