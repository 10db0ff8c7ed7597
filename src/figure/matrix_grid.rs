//! The `pairs` table as a matrix, its states in order.

use super::seriation::{STRUCTURE, seriate};
use super::ticks::number;
use super::{Context, FigureError, columns};
use crate::table::Table;

/// In what order states stand; an order given in the context goes before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatrixOrder {
    /// States that communicate with each other stand together; gaps where they form groups.
    #[default]
    Groups,
    /// By the sum of what they ask and are asked, the largest first.
    Total,
}

/// The matrix as it is drawn.
pub(super) struct Grid {
    pub(super) names: Vec<String>,
    /// How many states stand in each group.
    pub(super) groups: Vec<usize>,
    /// The order in words.
    pub(super) order: String,
    /// `cells[asks][asked]`; NaN where the table has no row.
    pub(super) cells: Vec<Vec<f64>>,
    pub(super) rows: Vec<f64>,
    pub(super) columns: Vec<f64>,
}

/// Reads the `pairs` table and puts the states in order.
pub(super) fn read(table: &Table, order: MatrixOrder, context: &Context) -> Result<Grid, FigureError> {
    let from = columns::texts(table, "from")?;
    let to = columns::texts(table, "to")?;
    let values = columns::numbers(table, "communications")?;
    let mut keys: Vec<&str> = from.iter().chain(to).map(|name| &**name).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Err(columns::nothing(table, "pairs of states"));
    }
    let place = |name: &str| keys.binary_search(&name).ok();
    let mut total = vec![0.0; keys.len()];
    let mut sums = vec![vec![f64::NAN; keys.len()]; keys.len()];
    for row in 0..table.rows() {
        let (Some(a), Some(b)) = (place(&from[row]), place(&to[row])) else { continue };
        let value = values[row];
        if a == b || !value.is_finite() {
            continue;
        }
        sums[a][b] = if sums[a][b].is_nan() { value } else { sums[a][b] + value };
        total[a] += value;
        total[b] += value;
    }
    let known = |value: f64| if value.is_finite() { value } else { 0.0 };
    let mut states: Vec<usize> = (0..keys.len()).collect();
    states.sort_by(|&a, &b| total[b].total_cmp(&total[a]).then_with(|| keys[a].cmp(keys[b])));
    let by_total = "States are ordered by the sum of what they ask and are asked.";
    let (mut groups, mut words) = (vec![keys.len()], by_total.to_owned());
    if order == MatrixOrder::Groups {
        let tie = |a: usize, b: usize| known(sums[a][b]) + known(sums[b][a]);
        let ties: Vec<Vec<f64>> = states.iter().map(|&a| states.iter().map(|&b| tie(a, b)).collect()).collect();
        let found = seriate(&ties);
        states = found.order.iter().map(|&place| states[place]).collect();
        words = in_groups(&found.groups, found.modularity);
        groups = found.groups;
    }
    let mut named: Vec<(usize, &str)> = states.iter().map(|&state| (state, keys[state])).collect();
    context.arrange(&mut named, |(_, key)| key);
    let order: Vec<usize> = named.iter().map(|(state, _)| *state).collect();
    if order != states {
        (groups, words) = (vec![keys.len()], "States stand in the order asked for.".to_owned());
    }
    let cells: Vec<Vec<f64>> = order.iter().map(|&a| order.iter().map(|&b| sums[a][b]).collect()).collect();
    let rows = cells.iter().map(|row| row.iter().copied().map(known).sum()).collect();
    let columns = (0..keys.len()).map(|b| cells.iter().map(|row| known(row[b])).sum()).collect();
    let names = order.iter().map(|&index| context.name(keys[index])).collect();
    Ok(Grid { names, groups, order: words, cells, rows, columns })
}

/// The order by groups in words.
fn in_groups(groups: &[usize], modularity: f64) -> String {
    let how = "States that communicate with each other stand together (average linkage; similarity: what passes between two over the geometric mean of their totals).";
    match groups.len() {
        1 => format!("{how} They form no groups (modularity below {STRUCTURE})."),
        count => format!(
            "{how} Gaps part {count} groups (the cut of greatest modularity, {}; groups are shown from {STRUCTURE} on).",
            number(modularity, 2)
        ),
    }
}

/// All communications, and those not matched by one the other way.
pub(super) fn asymmetry(grid: &Grid) -> (f64, f64) {
    let (mut total, mut net) = (0.0, 0.0);
    for a in 0..grid.names.len() {
        for b in 0..a {
            let value = |x: f64| if x.is_finite() { x } else { 0.0 };
            let (there, back) = (value(grid.cells[a][b]), value(grid.cells[b][a]));
            total += there + back;
            net += (there - back).abs();
        }
    }
    (total, net)
}
