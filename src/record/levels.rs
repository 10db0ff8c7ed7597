//! Levels of practitioners: how trust, familiarity, habit and norm are spread over people at a few dates.
//!
//! Looked at is everybody in post: whoever holds a staffed desk at the end of the tick in which the date lies, those included who are
//! away from it. (Desks are never vacant; those in reserve that no intervention staffs have nobody.) What fades is read as of the
//! tick's first moment, as everything else of a tick. Values are kept as counts on a fine grid, so that memory grows neither with
//! practitioners nor with replicates.

use super::{View, Window};
use crate::mechanism::tool::of_role;
use crate::quantity::{Date, Role};
use crate::world::{Desk, Person, UnitIndex};

/// Steps of the grid between 0 and 1; a value counts for the grid point at or below it.
pub const LEVEL_STEPS: usize = 1000;
/// Most dates at which people are looked at.
pub const LEVEL_DATES: usize = 12;
/// What keeps a value such as 0.29, whose product with the steps falls short of 290 by rounding, at its own grid point.
const ROUNDING: f64 = 1e-9;

/// Something about a practitioner that lies between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum PersonalLevel {
    /// Trust in the counterparts abroad whom one knows.
    TieTrust,
    /// Trust in strangers abroad.
    GeneralisedTrust,
    /// Familiarity with the tools of one's role.
    Familiarity,
    /// Habit of cooperating.
    HabitCooperating,
    /// Habit of handling alone.
    HabitAlone,
    /// Norm as one perceives it.
    PerceivedNorm,
}

impl PersonalLevel {
    /// All of them, in the order of the tables.
    pub const ALL: &'static [Self] = &[
        Self::TieTrust,
        Self::GeneralisedTrust,
        Self::Familiarity,
        Self::HabitCooperating,
        Self::HabitAlone,
        Self::PerceivedNorm,
    ];
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Key in the tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::TieTrust => "tie_trust",
            Self::GeneralisedTrust => "generalised_trust",
            Self::Familiarity => "familiarity",
            Self::HabitCooperating => "habit_cooperating",
            Self::HabitAlone => "habit_alone",
            Self::PerceivedNorm => "perceived_norm",
        }
    }

    /// Name in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::TieTrust => "Trust in known counterparts",
            Self::GeneralisedTrust => "Trust in strangers abroad",
            Self::Familiarity => "Familiarity with tools",
            Self::HabitCooperating => "Habit of cooperating",
            Self::HabitAlone => "Habit of handling alone",
            Self::PerceivedNorm => "Perceived norm of cooperating",
        }
    }
}

/// A day at which people are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelDate {
    /// The tick in which it lies, from the start of the window.
    pub tick: usize,
    /// Days since 1970-01-01.
    pub day: i32,
}

/// The days at which people are looked at: first and last of the window and each 1 January between; of more than [`LEVEL_DATES`] so
/// many, evenly chosen, the first and the last among them. Days that lie in one tick are one.
pub fn level_dates(window: &Window) -> Vec<LevelDate> {
    let first = LevelDate { tick: 0, day: window.start.days() };
    let last = LevelDate { tick: window.ticks.saturating_sub(1) as usize, day: window.end.days() - 1 };
    let mut dates = vec![first];
    for year in window.start.year() + 1..=window.end.year() {
        let Some(day) = Date::new(year, 1, 1).map(Date::days) else { continue };
        let tick = libm::floor(f64::from(day - first.day) / window.tick_days) as usize;
        if dates.last().is_some_and(|before| before.tick < tick) && tick < last.tick {
            dates.push(LevelDate { tick, day });
        }
    }
    if last.tick > first.tick {
        dates.push(last);
    }
    let steps = LEVEL_DATES - 1;
    if dates.len() > LEVEL_DATES {
        let of = |place: usize| dates[(place * (dates.len() - 1) + steps / 2) / steps];
        return (0..LEVEL_DATES).map(of).collect();
    }
    dates
}

/// One level of one role at one date.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LevelCell {
    /// Practitioners in post.
    pub in_post: u32,
    /// Of those who have a value, how many have exactly 0.
    pub at_zero: u32,
    /// Sum of the values.
    pub sum: f64,
    /// Grid points that occur, in order, and how many practitioners each has.
    pub counts: Vec<(u16, u32)>,
}

/// All levels of all roles at the dates of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Levels {
    /// The dates, days since 1970-01-01.
    pub dates: Vec<i32>,
    /// By date, level and role, in this order.
    pub cells: Vec<LevelCell>,
}

impl Levels {
    /// Nobody looked at yet.
    pub(super) fn at(dates: &[LevelDate]) -> Self {
        let cells = dates.len() * PersonalLevel::COUNT * Role::COUNT;
        Self { dates: dates.iter().map(|date| date.day).collect(), cells: vec![LevelCell::default(); cells] }
    }

    /// Looks at everybody in post, for the date of that number.
    pub(super) fn look(&mut self, date: usize, view: View<'_>) {
        let per_date = PersonalLevel::COUNT * Role::COUNT;
        let cells = &mut self.cells[date * per_date..(date + 1) * per_date];
        let mut grid = vec![0_u32; per_date * (LEVEL_STEPS + 1)];
        // Where on the grid each level of each role begins and ends.
        let mut reach = [(LEVEL_STEPS, 0); PersonalLevel::COUNT * Role::COUNT];
        for (place, unit) in view.region.units.iter().enumerate() {
            let strangers = trust_in_strangers(view, place);
            for desk in unit.first..unit.first + unit.desks {
                let role = view.region.role_of(desk);
                for (level, value) in of_practitioner(view, desk, role, strangers).into_iter().enumerate() {
                    let number = level * Role::COUNT + role as usize;
                    let cell = &mut cells[number];
                    cell.in_post += 1;
                    if value.is_nan() {
                        continue;
                    }
                    cell.at_zero += u32::from(value == 0.0);
                    cell.sum += value;
                    let point = grid_point(value);
                    grid[number * (LEVEL_STEPS + 1) + point] += 1;
                    reach[number] = (reach[number].0.min(point), reach[number].1.max(point));
                }
            }
        }
        for ((cell, counts), (first, last)) in cells.iter_mut().zip(grid.chunks(LEVEL_STEPS + 1)).zip(reach) {
            let points = (first..=last).filter(|point| counts[*point] > 0);
            cell.counts = points.map(|point| (point as u16, counts[point])).collect();
        }
    }
}

/// The grid point at or below a value.
fn grid_point(value: f64) -> usize {
    ((value * LEVEL_STEPS as f64 + ROUNDING) as usize).min(LEVEL_STEPS)
}

/// The levels of whoever sits at a desk, in the order of [`PersonalLevel::ALL`]; `NaN` is missing.
fn of_practitioner(view: View<'_>, desk: Desk, role: Role, strangers: f64) -> [f64; PersonalLevel::COUNT] {
    let View { model, region, world, .. } = view;
    let person = world.people.at(desk);
    let (cooperating, alone) = model.habit.of_person(model.disuse, person, world.now);
    let norm = model.norm.perceived(model.contagion, world, &world.units[region.unit_of(desk)], desk);
    let familiarity = mean(of_role(role).map(|tool| model.familiarity.with(person, tool, world.now)));
    [trust_in_ties(view, desk, person), strangers, familiarity, cooperating, alone, norm]
}

/// Mean trust over live ties; missing without any.
fn trust_in_ties(view: View<'_>, desk: Desk, person: &Person) -> f64 {
    let View { model, region, world, randomness } = view;
    let alive = person
        .ties
        .iter()
        .filter(|tie| model.ties.live(&model.turnover, region, world, randomness, desk, tie).is_some());
    mean(alive.map(|tie| {
        let prior = world.generalised_trust(region, region.unit_of(desk), region.state_of(tie.to));
        model.trust.in_contact(Some(tie), prior, world.now)
    }))
}

/// A unit's generalised trust, mean over the other states; missing where there are none.
fn trust_in_strangers(view: View<'_>, unit: UnitIndex) -> f64 {
    let View { region, world, .. } = view;
    let home = region.units[unit].state;
    let others = (0..region.states.len()).filter(|state| *state != home);
    mean(others.map(|state| world.generalised_trust(region, unit, state)))
}

/// The mean; missing without numbers.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { f64::NAN } else { sum / f64::from(count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(start: &str, end: &str, tick_days: f64) -> Vec<String> {
        let date = |text: &str| {
            let part = |from: usize, to: usize| text[from..to].parse::<i32>().expect("digits");
            Date::new(part(0, 4), part(5, 7) as u8, part(8, 10) as u8).expect("a date")
        };
        let (start, end) = (date(start), date(end));
        let ticks = (f64::from(end.days() - start.days()) / tick_days - 1e-6).ceil() as u32;
        let window = Window { start, tick_days, ticks, end };
        let dates = level_dates(&window);
        assert!(dates.windows(2).all(|pair| pair[0].tick < pair[1].tick && pair[0].day < pair[1].day), "{dates:?}");
        assert!(dates.iter().all(|date| date.tick < ticks as usize), "{dates:?}");
        dates.iter().map(|date| Date::from_days(date.day).expect("a date").to_string()).collect()
    }

    #[test]
    fn people_are_looked_at_on_the_first_and_last_day_and_each_first_of_january_between() {
        let shown = days("2006-01-01", "2008-07-01", 7.0);
        assert_eq!(shown, ["2006-01-01", "2007-01-01", "2008-01-01", "2008-06-30"]);
        assert_eq!(days("2006-05-01", "2006-05-08", 7.0), ["2006-05-01"], "one tick, one date");
        assert_eq!(days("2006-12-30", "2007-01-20", 7.0), ["2006-12-30", "2007-01-19"], "a tick is looked at once");
        assert_eq!(days("2006-05-01", "2009-05-01", 366.0), ["2006-05-01", "2008-01-01", "2009-04-30"]);
    }

    #[test]
    fn of_many_dates_twelve_are_chosen_evenly() {
        let shown = days("1950-01-01", "2050-01-01", 30.0);
        assert_eq!(shown.len(), LEVEL_DATES);
        assert_eq!((shown[0].as_str(), shown[11].as_str()), ("1950-01-01", "2049-12-31"));
        let years: Vec<i32> = shown.iter().map(|day| day[..4].parse().expect("a year")).collect();
        assert!(years[..11].windows(2).all(|pair| (8..=10).contains(&(pair[1] - pair[0]))), "{years:?}");
    }

    #[test]
    fn a_value_counts_for_the_grid_point_at_or_below_it() {
        for hundredth in 0..=100 {
            assert_eq!(grid_point(f64::from(hundredth) / 100.0), hundredth as usize * 10);
        }
        assert_eq!(grid_point(0.000_999), 0);
        assert_eq!(grid_point(0.999_9), 999);
        assert_eq!(grid_point(1.0), LEVEL_STEPS);
    }
}
