//! Levels of practitioners over many runs: counts pooled on a fine grid, and the tables `levels` and `levels_quantiles`.

use super::accumulate::ratio;
use crate::quantity::Role;
use crate::record::{LEVEL_STEPS, LevelCell, Levels, PersonalLevel};
use crate::table::{Field, Schema, Table};

/// Bins of the table `levels`; each holds equally many steps of the grid.
const BINS: usize = 50;
/// Quantiles of the table `levels_quantiles`.
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// One level of one role at one date, over all runs.
#[derive(Debug, Clone, PartialEq)]
struct Pool {
    in_post: u64,
    at_zero: u64,
    sum: f64,
    /// Per grid point.
    counts: Vec<u64>,
}

impl Pool {
    fn empty() -> Self {
        Self { in_post: 0, at_zero: 0, sum: 0.0, counts: vec![0; LEVEL_STEPS + 1] }
    }

    fn add(&mut self, cell: &LevelCell) {
        self.in_post += u64::from(cell.in_post);
        self.at_zero += u64::from(cell.at_zero);
        self.sum += cell.sum;
        for &(point, count) in &cell.counts {
            self.counts[usize::from(point)] += u64::from(count);
        }
    }

    fn join(mut self, other: &Self) -> Self {
        self.in_post += other.in_post;
        self.at_zero += other.at_zero;
        self.sum += other.sum;
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
        self
    }

    /// How many have a value.
    fn n(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The least grid point at or below which at least that share lies; missing without values.
    fn quantile(&self, share: f64) -> f64 {
        let wanted = share * self.n() as f64;
        let mut below = 0;
        for (point, count) in self.counts.iter().enumerate() {
            below += count;
            if below > 0 && below as f64 >= wanted {
                return point as f64 / LEVEL_STEPS as f64;
            }
        }
        f64::NAN
    }

    /// How many lie in a bin; the last one includes 1.
    fn in_bin(&self, bin: usize) -> u64 {
        let width = LEVEL_STEPS / BINS;
        let end = if bin + 1 == BINS { LEVEL_STEPS + 1 } else { (bin + 1) * width };
        self.counts[bin * width..end].iter().sum()
    }
}

/// Levels of practitioners, pooled over runs.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPools {
    dates: Vec<i32>,
    /// In the order of [`Levels::cells`].
    pools: Vec<Pool>,
}

impl LevelPools {
    /// Nothing yet, for runs looked at on the dates of this one.
    pub(super) fn like(levels: &Levels) -> Self {
        Self { dates: levels.dates.clone(), pools: vec![Pool::empty(); levels.cells.len()] }
    }

    /// Takes in a run.
    pub(super) fn add(&mut self, levels: &Levels) {
        self.pools.iter_mut().zip(&levels.cells).for_each(|(pool, cell)| pool.add(cell));
    }

    /// One level at one date: of one role, or of all.
    fn pool(&self, date: usize, level: PersonalLevel, role: Option<Role>) -> Pool {
        let first = (date * PersonalLevel::COUNT + level as usize) * Role::COUNT;
        match role {
            Some(role) => self.pools[first + role as usize].clone(),
            None => self.pools[first..first + Role::COUNT].iter().fold(Pool::empty(), Pool::join),
        }
    }

    /// Every level, role and date, in the order of the tables.
    fn rows(&self) -> impl Iterator<Item = (PersonalLevel, Option<Role>, i32, Pool)> {
        let roles = || std::iter::once(None).chain(Role::ALL.iter().copied().map(Some));
        let of = move |level: PersonalLevel, role: Option<Role>| {
            let dates = self.dates.iter().enumerate();
            dates.map(move |(date, day)| (level, role, *day, self.pool(date, level, role)))
        };
        PersonalLevel::ALL.iter().flat_map(move |level| roles().flat_map(move |role| of(*level, role)))
    }
}

fn key_fields() -> Vec<Field> {
    vec![
        Field::text("measure", "What is measured of each practitioner; all measures lie between 0 and 1."),
        Field::text("measure_label", "The same in words."),
        Field::text("role", "Role of the practitioners, or `all`."),
        Field::text("role_label", "The same in words."),
        Field::date(
            "date",
            "First day of the window, each 1 January within it, last day; people are looked at at the end of the tick in which it lies.",
        ),
    ]
}

fn role_words(role: Option<Role>) -> (&'static str, String) {
    role.map_or_else(|| ("all", "all practitioners".to_owned()), |role| (role.key(), format!("{}s", role.label())))
}

/// The table `levels`: how practitioners are spread over bins.
pub(super) fn levels(pools: &LevelPools, runs: u64) -> Table {
    let mut fields = key_fields();
    fields.extend([
        Field::real("bin_low", "share", "Lower end of the bin, which belongs to it."),
        Field::real(
            "bin_high",
            "share",
            "Upper end, which belongs to the next bin; that of the last bin, 1, belongs to it.",
        ),
        Field::real(
            "practitioners",
            "practitioners",
            "Practitioners in post with a value in the bin, mean over replicates.",
        ),
        Field::real(
            "share",
            "share",
            "Of the practitioners in post who have a value, all replicates together; missing where none has.",
        ),
    ]);
    let mut table = Table::new(Schema::of(
        "levels",
        "How trust, familiarity, habits and norm are spread over practitioners.",
        fields,
    ));
    for (level, role, day, pool) in pools.rows() {
        let (key, label) = role_words(role);
        let n = pool.n() as f64;
        for bin in 0..BINS {
            let count = pool.in_bin(bin) as f64;
            table.push([
                level.key().into(),
                level.label().into(),
                key.into(),
                label.as_str().into(),
                crate::table::Cell::Date(day),
                (bin as f64 / BINS as f64).into(),
                ((bin + 1) as f64 / BINS as f64).into(),
                (count / runs as f64).into(),
                ratio(count, n).into(),
            ]);
        }
    }
    table
}

/// The table `levels_quantiles`: what the bins of `levels` are too coarse for.
pub(super) fn levels_quantiles(pools: &LevelPools, runs: u64) -> Table {
    let mut fields = key_fields();
    fields.extend([
        Field::real(
            "in_post",
            "practitioners",
            "Practitioners at staffed desks, those away included, mean over replicates.",
        ),
        Field::real(
            "practitioners",
            "practitioners",
            "Of those, practitioners who have a value, mean over replicates: without live ties there is no trust in known counterparts, and roles that may not ask have no tools.",
        ),
        Field::integer("n", "practitioners", "Values pooled: practitioners who have one, all replicates together."),
        Field::real("at_zero", "share", "Share of the values that are exactly 0."),
        Field::real("mean", "share", "Mean of the values."),
    ]);
    let names = ["q05", "q25", "median", "q75", "q95"];
    for (name, share) in names.into_iter().zip(QUANTILES) {
        let sentence = format!(
            "The least value at or below which lie at least {:.0} % of the values, rounded down to {}.",
            share * 100.0,
            1.0 / LEVEL_STEPS as f64
        );
        fields.push(Field::real(name, "share", &sentence));
    }
    let mut table = Table::new(Schema::of(
        "levels_quantiles",
        "Quantiles of trust, familiarity, habits and norm over practitioners, all replicates together.",
        fields,
    ));
    for (level, role, day, pool) in pools.rows() {
        let (key, label) = role_words(role);
        let n = pool.n();
        let [q05, q25, median, q75, q95] = QUANTILES.map(|share| pool.quantile(share));
        table.push([
            level.key().into(),
            level.label().into(),
            key.into(),
            label.as_str().into(),
            crate::table::Cell::Date(day),
            (pool.in_post as f64 / runs as f64).into(),
            (n as f64 / runs as f64).into(),
            (n as i64).into(),
            ratio(pool.at_zero as f64, n as f64).into(),
            ratio(pool.sum, n as f64).into(),
            q05.into(),
            q25.into(),
            median.into(),
            q75.into(),
            q95.into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(counts: &[(u16, u32)]) -> Pool {
        let mut pool = Pool::empty();
        pool.add(&LevelCell { in_post: 10, at_zero: 0, sum: 0.0, counts: counts.to_vec() });
        pool
    }

    #[test]
    fn quantiles_are_the_least_value_that_reaches_the_share() {
        let pool = pool(&[(0, 5), (400, 4), (1000, 1)]);
        assert_eq!([0.05, 0.5, 0.51, 0.9, 0.91].map(|share| pool.quantile(share)), [0.0, 0.0, 0.4, 0.4, 1.0]);
        assert!(Pool::empty().quantile(0.5).is_nan());
    }

    #[test]
    fn bins_hold_every_value_once_and_the_last_one_holds_1() {
        let pool = pool(&[(0, 1), (19, 2), (20, 4), (979, 8), (980, 16), (1000, 32)]);
        let bins: Vec<u64> = (0..BINS).map(|bin| pool.in_bin(bin)).collect();
        assert_eq!((bins[0], bins[1], bins[48], bins[49]), (3, 4, 8, 48));
        assert_eq!(bins.iter().sum::<u64>(), pool.n());
        assert_eq!(LEVEL_STEPS % BINS, 0, "bins end on the grid");
    }
}
