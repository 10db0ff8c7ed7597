//! Which barrier binds where, or for whom: groups down, barriers across, the share printed in every cell.
//!
//! Cells of single barriers are darker the larger the share, all on one scale; those of `several` and `none` stand apart
//! and have no ground, for they are another kind of number and would drown the others. The table has no number of
//! cases without cooperation; it is the sum of a group's cases over the sum of their shares, the one being the other times it.

use super::barriers_grid::{Barrier, Grid, Group, Layout};
use super::{Context, Drawing, FigureError, REGION, columns, ticks};
use crate::quantity::Role;
use crate::table::Table;

/// Draws the `barriers` table by state (columns `state`, `role`, `period`, `barrier`, `label`, `kind`, `cases`, `share`): the
/// region first, then states by how many cases went without cooperation; barriers by their share in the region.
///
/// # Errors
/// When a column is missing, no row fits, or the barriers do not fit the size asked for.
pub fn barriers_by_state(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let (states, roles) = (columns::texts(table, "state")?, columns::texts(table, "role")?);
    let key = |row: usize| (&*roles[row] == "all").then(|| &*states[row]);
    let name = |key: &str| if key == REGION { context.say("All states") } else { context.name(key) };
    let shown = |key: &str| key == REGION || context.state.as_deref().is_none_or(|state| state == key);
    let key = |row: usize| key(row).filter(|key| shown(key));
    draw(table, context, &By { whole: REGION, stub: "State", title: "Barriers by state" }, (&key, &name))
}

/// Draws the `barriers` table by role of who handled the case, for the whole region; columns and order as by state.
///
/// # Errors
/// When a column is missing, no row fits, or the barriers do not fit the size asked for.
pub fn barriers_by_role(table: &Table, context: &Context) -> Result<Drawing, FigureError> {
    let (states, roles) = (columns::texts(table, "state")?, columns::texts(table, "role")?);
    let key = |row: usize| (&*states[row] == REGION).then(|| &*roles[row]);
    let name = |key: &str| match (key, Role::from_key(key)) {
        ("all", _) => context.say("All roles"),
        (_, Some(role)) => context.say(&super::words::capitalised(role.label())),
        (_, None) => context.name(key),
    };
    draw(table, context, &By { whole: "all", stub: "Role", title: "Barriers by role" }, (&key, &name))
}

/// What the groups are.
struct By {
    /// Key of the group that is the whole.
    whole: &'static str,
    stub: &'static str,
    title: &'static str,
}

/// The key of the group that a row belongs to, if it is shown; and the name of a group.
type Naming<'a> = (&'a dyn Fn(usize) -> Option<&'a str>, &'a dyn Fn(&str) -> String);

fn draw(table: &Table, context: &Context, by: &By, naming: Naming<'_>) -> Result<Drawing, FigureError> {
    let (mut grid, rows) = read(table, by, naming)?;
    grid.stub = context.say(by.stub);
    order(&mut grid, by, context);
    let width = context.style.points(if grid.barriers.len() > 6 { 183.0 } else { 120.0 })?;
    let layout = Layout::new(&grid, width, context)?;
    let paper = layout.draw(&grid, context);
    let title = context.title_or(by.title);
    let body = format!(
        "Share (%) of the cases without cooperation that would have seen it, had this barrier alone been absent, decided \
         again with the same draws; mean over runs. The {} is first, the others follow by their cases without \
         cooperation (second column, per run; about). Barriers stand in order of their share in it; darker cells are larger \
         shares, on one scale up to {}. Apart, and without ground: cases that only the removal of several barriers \
         together changes, and cases that no named barrier explains. A case may be counted under several single \
         barriers. Intervals are in the table. Dash: no cases.{}",
        if by.whole == REGION { "region" } else { "sum of all" },
        ticks::percent(layout.most),
        in_full(&layout, &grid),
    );
    Drawing::new(paper, context, (&title, &body), table.picked(&rows))
}

/// Names of barriers and groups that had to be cut.
fn in_full(layout: &Layout, grid: &Grid) -> String {
    let barriers = layout.cut.iter().map(|&index| layout.labels[index].as_str());
    let long = grid.groups.iter().enumerate().filter(|(index, group)| layout.name(*index, group) != group.name);
    let cut: Vec<&str> = barriers.chain(long.map(|(_, group)| group.name.as_str())).collect();
    super::words::in_full(&cut)
}

fn read(table: &Table, by: &By, (key, name): Naming<'_>) -> Result<(Grid, Vec<usize>), FigureError> {
    let periods = columns::texts(table, "period")?;
    let (keys, labels) = (columns::texts(table, "barrier")?, columns::texts(table, "label")?);
    let kinds = columns::texts(table, "kind")?;
    let (cases, shares) = (columns::numbers(table, "cases")?, columns::numbers(table, "share")?);
    let mut grid = Grid { barriers: Vec::new(), groups: Vec::new(), stub: String::new() };
    let mut rows = Vec::new();
    let mut sums: Vec<(f64, f64)> = Vec::new();
    for row in (0..table.rows()).filter(|&row| &*periods[row] == "all") {
        let Some(key) = key(row) else { continue };
        rows.push(row);
        let column = grid.barriers.iter().position(|barrier| barrier.key == *keys[row]).unwrap_or_else(|| {
            let (key, label) = (keys[row].to_string(), labels[row].to_string());
            grid.barriers.push(Barrier { key, label, single: &*kinds[row] == "single" });
            grid.barriers.len() - 1
        });
        let place = grid.groups.iter().position(|group| group.key == key).unwrap_or_else(|| {
            let cases = f64::NAN;
            grid.groups.push(Group { key: key.to_owned(), name: name(key), cases, shares: Vec::new() });
            sums.push((0.0, 0.0));
            grid.groups.len() - 1
        });
        let group = &mut grid.groups[place];
        group.shares.resize(group.shares.len().max(column + 1), f64::NAN);
        group.shares[column] = shares[row];
        if cases[row].is_finite() && shares[row].is_finite() {
            sums[place] = (sums[place].0 + cases[row], sums[place].1 + shares[row]);
        }
    }
    for (group, (cases, shares)) in grid.groups.iter_mut().zip(sums) {
        group.shares.resize(grid.barriers.len(), f64::NAN);
        group.cases = if shares > 0.0 { cases / shares } else { f64::NAN };
    }
    if !grid.groups.iter().any(|group| group.key == by.whole) {
        return Err(columns::nothing(table, &format!("barriers of `{}` and period `all`", by.whole)));
    }
    Ok((grid, rows))
}

/// Groups by cases, the whole before them; barriers by their share in the whole, single ones first.
fn order(grid: &mut Grid, by: &By, context: &Context) {
    let rank = |value: f64| if value.is_finite() { value } else { f64::NEG_INFINITY };
    grid.groups.sort_by(|a, b| rank(b.cases).total_cmp(&rank(a.cases)).then_with(|| a.key.cmp(&b.key)));
    context.arrange(&mut grid.groups, |group| &group.key);
    grid.groups.sort_by_key(|group| group.key != by.whole);
    let shares = grid.groups[0].shares.clone();
    let mut places: Vec<(usize, String)> =
        grid.barriers.iter().map(|barrier| barrier.key.clone()).enumerate().collect();
    places.sort_by(|(a, _), (b, _)| rank(shares[*b]).total_cmp(&rank(shares[*a])).then(a.cmp(b)));
    context.arrange(&mut places, |(_, key)| key);
    places.sort_by_key(|(place, _)| !grid.barriers[*place].single);
    for group in &mut grid.groups {
        group.shares = places.iter().map(|(place, _)| group.shares[*place]).collect();
    }
    let mut barriers: Vec<Option<Barrier>> = grid.barriers.drain(..).map(Some).collect();
    grid.barriers = places.iter().filter_map(|(place, _)| barriers[*place].take()).collect();
}
