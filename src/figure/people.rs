//! Practitioners as the tables `levels` and `levels_quantiles` have them: one ridge per role and date.

use super::{FigureError, columns};
use crate::table::{Cell, Field, Schema, Table};

/// A bin and the share of the practitioners with a value that lies in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bin {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) share: f64,
}

/// One role at one date.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ridge {
    pub(super) day: i32,
    /// In order; empty where no share is known.
    pub(super) bins: Vec<Bin>,
    /// 5, 25, 50, 75 and 95 %.
    pub(super) quantiles: [f64; 5],
    pub(super) at_zero: f64,
    /// Practitioners in post; those who have a value.
    pub(super) people: (f64, f64),
}

impl Ridge {
    /// The tallest bin and the second tallest; 0 where there is none.
    pub(super) fn tallest(&self) -> (f64, f64) {
        self.bins.iter().fold((0.0, 0.0), |(first, second), bin| match bin.share > first {
            true => (bin.share, first),
            false => (first, f64::max(second, bin.share)),
        })
    }
}

/// One role.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) role: String,
    pub(super) label: String,
    /// In order of time.
    pub(super) ridges: Vec<Ridge>,
}

impl Group {
    /// Whether anybody has a value at any date.
    pub(super) fn known(&self) -> bool {
        self.ridges.iter().any(|ridge| !ridge.bins.is_empty())
    }
}

/// Roles and dates of one measure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct People {
    pub(super) name: String,
    pub(super) groups: Vec<Group>,
    /// The widest bin.
    pub(super) bin: f64,
}

impl People {
    pub(super) fn ridges(&self) -> impl Iterator<Item = &Ridge> {
        self.groups.iter().flat_map(|group| &group.ridges)
    }

    /// The dates, in order.
    pub(super) fn days(&self) -> Vec<i32> {
        let mut days: Vec<i32> = self.ridges().map(|ridge| ridge.day).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// Reads one measure; roles stand in the order of the table.
pub(super) fn read(levels: &Table, quantiles: &Table, measure: &str) -> Result<People, FigureError> {
    let rows = columns::rows_of(levels, &[("measure", measure)])?;
    let (roles, labels) = (columns::texts(levels, "role")?, columns::texts(levels, "role_label")?);
    let days = columns::dates(levels, "date")?;
    let number = |column| columns::numbers(levels, column);
    let (lows, highs, shares) = (number("bin_low")?, number("bin_high")?, number("share")?);
    let mut people = People { name: columns::word(levels, "measure_label", &rows), groups: Vec::new(), bin: 0.0 };
    for &row in &rows {
        let bin = Bin { low: lows[row], high: highs[row], share: shares[row] };
        if !(0.0 <= bin.low && bin.low < bin.high && bin.high <= 1.0) {
            let reason = format!(
                "bins of table `{}` lie between 0 and 1, but one runs from {} to {}",
                levels.schema.name, bin.low, bin.high
            );
            return Err(FigureError::Unfit { reason });
        }
        people.bin = people.bin.max(bin.high - bin.low);
        let ridge = ridge_of(&mut people.groups, (&roles[row], &labels[row]), days[row]);
        if bin.share.is_finite() && bin.share >= 0.0 {
            ridge.bins.push(bin);
        }
    }
    add_quantiles(&mut people.groups, quantiles, measure)?;
    for group in &mut people.groups {
        group.ridges.sort_by_key(|ridge| ridge.day);
        group.ridges.iter_mut().for_each(|ridge| ridge.bins.sort_by(|a, b| a.low.total_cmp(&b.low)));
    }
    Ok(people)
}

/// The ridge of a role and date, made where there is none yet.
fn ridge_of<'a>(groups: &'a mut Vec<Group>, (role, label): (&str, &str), day: i32) -> &'a mut Ridge {
    let place = groups.iter().position(|group| group.role == role).unwrap_or_else(|| {
        groups.push(Group { role: role.to_owned(), label: label.to_owned(), ridges: Vec::new() });
        groups.len() - 1
    });
    let ridges = &mut groups[place].ridges;
    let place = ridges.iter().position(|ridge| ridge.day == day).unwrap_or_else(|| {
        let (quantiles, people) = ([f64::NAN; 5], (f64::NAN, f64::NAN));
        ridges.push(Ridge { day, bins: Vec::new(), quantiles, at_zero: f64::NAN, people });
        ridges.len() - 1
    });
    &mut ridges[place]
}

/// Adds what the table `levels_quantiles` says of the ridges there are.
fn add_quantiles(groups: &mut [Group], table: &Table, measure: &str) -> Result<(), FigureError> {
    let rows = columns::rows_of(table, &[("measure", measure)])?;
    let (roles, days) = (columns::texts(table, "role")?, columns::dates(table, "date")?);
    let number = |column| columns::numbers(table, column);
    let (in_post, practitioners, at_zero) = (number("in_post")?, number("practitioners")?, number("at_zero")?);
    let [q05, q25, q50, q75, q95] = ["q05", "q25", "median", "q75", "q95"].map(number);
    let (q05, q25, q50, q75, q95) = (q05?, q25?, q50?, q75?, q95?);
    for row in rows {
        let group = groups.iter_mut().find(|group| *group.role == *roles[row]);
        let ridge = group.and_then(|group| group.ridges.iter_mut().find(|ridge| ridge.day == days[row]));
        if let Some(ridge) = ridge {
            ridge.quantiles = [q05[row], q25[row], q50[row], q75[row], q95[row]];
            ridge.at_zero = at_zero[row];
            ridge.people = (in_post[row], practitioners[row]);
        }
    }
    Ok(())
}

/// The numbers drawn: a row per role, date and bin, what holds of the ridge repeated in each.
pub(super) fn data(measure: &str, people: &People) -> Table {
    let real = |name: &str, unit: &str, sentence: &str| Field::real(name, unit, sentence);
    let fields = vec![
        Field::text("measure", "What is measured."),
        Field::text("role", "Role of the practitioners."),
        Field::text("role_label", "The same in words."),
        Field::date("date", "When."),
        real("bin_low", "share", "Lower end of the bin; missing where nobody has a value."),
        real("bin_high", "share", "Upper end of it."),
        real("share", "share", "Of the practitioners who have a value."),
        real("at_zero", "share", "Share of the values that are exactly 0."),
        real("in_post", "practitioners", "Practitioners in post."),
        real("practitioners", "practitioners", "Practitioners who have a value."),
        real("q05", "share", "5 % quantile."),
        real("q25", "share", "25 % quantile."),
        real("median", "share", "Median."),
        real("q75", "share", "75 % quantile."),
        real("q95", "share", "95 % quantile."),
    ];
    let mut table = Table::new(Schema::of("ridges", "The numbers drawn.", fields));
    for group in &people.groups {
        for ridge in &group.ridges {
            let nothing = [Bin { low: f64::NAN, high: f64::NAN, share: f64::NAN }];
            for bin in if ridge.bins.is_empty() { &nothing[..] } else { &ridge.bins } {
                let [q05, q25, q50, q75, q95] = ridge.quantiles.map(Cell::Real);
                table.push([
                    measure.into(),
                    group.role.as_str().into(),
                    group.label.as_str().into(),
                    Cell::Date(ridge.day),
                    bin.low.into(),
                    bin.high.into(),
                    bin.share.into(),
                    ridge.at_zero.into(),
                    ridge.people.0.into(),
                    ridge.people.1.into(),
                    q05,
                    q25,
                    q50,
                    q75,
                    q95,
                ]);
            }
        }
    }
    table
}
