//! Which barrier binds where, or for whom: groups down, barriers across, the share printed in every cell.
//!
//! Cells of single barriers are darker the larger the share, all on one scale; those of `several` and `none` stand apart
//! and have no ground, for they are another kind of number and would drown the others. The table has no number of
//! cases without cooperation; it is the sum of a group's cases over the sum of their shares, the one being the other times it.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::{BLACK, LIGHT, sequential};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, number};
use super::{Context, Drawing, FigureError, REGION, columns, svg};
use crate::quantity::Role;
use crate::table::Table;

const EDGE: f64 = 2.0;

/// A barrier, and how it is counted.
struct Barrier {
    key: String,
    label: String,
    single: bool,
}

/// A row of the picture: the region, a state or a role.
struct Group {
    key: String,
    name: String,
    cases: f64,
    /// One per barrier; NaN where it is missing.
    shares: Vec<f64>,
}

struct Grid {
    barriers: Vec<Barrier>,
    /// The whole first.
    groups: Vec<Group>,
    stub: String,
}

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
         cooperation (second column, per run). Barriers stand in order of their share in it; darker cells are larger \
         shares, on one scale up to {}. Apart, and without ground: cases that only the removal of several barriers \
         together changes, and cases that no named barrier explains. A case may be counted under several single \
         barriers. Intervals are in the table. Dash: no cases.{}",
        if by.whole == REGION { "region" } else { "sum of all" },
        ticks::percent(layout.most),
        super::ledger::in_full(&layout.cut, &layout.labels),
    );
    Drawing::new(paper, context, (&title, &body), table.picked(&rows))
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

/// A share as printed in a cell: in percent, what is small never as zero.
fn show(share: f64, decimals: usize) -> String {
    let value = share * 100.0;
    let least = libm::pow(10.0, -(decimals as f64));
    if value > 0.0 && value < least / 2.0 { format!("<{}", number(least, decimals)) } else { number(value, decimals) }
}

struct Layout {
    width: f64,
    size: f64,
    /// Left edge of every cell, its width, and the top and height of every row.
    lefts: Vec<f64>,
    cell: f64,
    tops: Vec<f64>,
    row: f64,
    names: f64,
    cases: Vec<String>,
    decimals: usize,
    /// The largest share of a single barrier.
    most: f64,
    heads: Vec<Vec<String>>,
    /// Names of barriers, and which of them had to be cut.
    labels: Vec<String>,
    cut: Vec<usize>,
}

impl Layout {
    fn new(grid: &Grid, width: f64, context: &Context) -> Result<Self, FigureError> {
        let size = context.style.text;
        let count = grid.barriers.len() as f64;
        let faces =
            grid.groups.iter().enumerate().map(|(index, group)| {
                font::width(&group.name, if index == 0 { Face::Bold } else { Face::Regular }, size)
            });
        let stub = font::width(&grid.stub, Face::Bold, size);
        let names = faces.fold(stub, f64::max).min(width * 0.24).max(stub);
        let cases: Vec<String> = grid.groups.iter().map(|group| ticks::compact(group.cases, 0)).collect();
        let head = context.say("Cases");
        let case_width = font::widest(cases.iter().map(String::as_str), Face::Regular, size);
        let case_width = case_width.max(font::width(&head, Face::Bold, size));
        let left = EDGE + names + size + case_width + size * 0.8;
        let gap = size * 0.7;
        let cell = ((width - EDGE - left - gap) / count).min(size * 5.0);
        let widest = |decimals| {
            let all = grid.groups.iter().flat_map(|group| &group.shares).map(|share| show(*share, decimals));
            all.map(|text| font::width(&text, Face::Regular, size)).fold(0.0, f64::max) + 1.6
        };
        let Some(decimals) = [1, 0].into_iter().find(|decimals| widest(*decimals) <= cell) else {
            let needed = (left + gap + EDGE + widest(0) * count) / svg::POINTS_PER_MILLIMETRE;
            return Err(FigureError::Unfit {
                reason: format!(
                    "{count:.0} barriers need a figure {:.0} mm wide at this text size",
                    libm::ceil(needed)
                ),
            });
        };
        let labels: Vec<String> = grid.barriers.iter().map(|barrier| context.say(&barrier.label)).collect();
        let lines = if cell >= (2.0 * LEADING + 0.2) * size { 2 } else { 1 };
        let limit = if lines == 2 { size * 9.0 } else { size * 14.0 };
        let heads: Vec<Vec<String>> =
            labels.iter().map(|label| font::wrap(label, Face::Regular, size, limit, lines)).collect();
        let cut = heads.iter().enumerate().filter(|(_, lines)| lines.last().is_some_and(|line| line.ends_with('…')));
        let cut = cut.map(|(index, _)| index).collect();
        let high = font::widest(heads.iter().flatten().map(String::as_str), Face::Regular, size);
        let lefts = grid
            .barriers
            .iter()
            .enumerate()
            .map(|(index, barrier)| left + index as f64 * cell + if barrier.single { 0.0 } else { gap });
        let row = (LEADING * size * 1.35 * context.style.stretch).max((CAP_HEIGHT + DESCENT) * size + 1.0);
        let top = EDGE + LEADING * size + high + 5.0;
        let tops =
            (0..grid.groups.len()).map(|index| top + index as f64 * row + if index > 0 { size * 0.5 } else { 0.0 });
        let single = |group: &Group| -> f64 {
            let own =
                group.shares.iter().zip(&grid.barriers).filter(|(share, barrier)| barrier.single && share.is_finite());
            own.map(|(share, _)| *share).fold(0.0, f64::max)
        };
        let most = grid.groups.iter().map(single).fold(0.0, f64::max);
        let (lefts, tops) = (lefts.collect(), tops.collect());
        Ok(Self { width, size, lefts, cell, tops, row, names, cases, decimals, most, heads, labels, cut })
    }

    fn draw(&self, grid: &Grid, context: &Context) -> Paper {
        let (size, end) = (self.size, self.tops.last().copied().unwrap_or(0.0) + self.row);
        let paper = Paper::new(self.width, end + EDGE + 1.0);
        let first = self.tops.first().copied().unwrap_or(0.0);
        let cases_right = self.lefts.first().copied().unwrap_or(0.0) - size * 0.8;
        let base = first - 3.0 - DESCENT * size;
        paper.text((EDGE, base), &grid.stub, Lettering::new(size).bold());
        paper.text((cases_right, base), &context.say("Cases"), Lettering::new(size).bold().anchor(Anchor::End));
        self.heads(&paper, grid, first, context);
        for ((index, group), &top) in grid.groups.iter().enumerate().zip(&self.tops) {
            let middle = top + self.row / 2.0;
            let face = if index == 0 { Face::Bold } else { Face::Regular };
            let lettering = Lettering { face, ..Lettering::new(size) };
            let name = font::shorten(&group.name, face, size, self.names);
            paper.text_centred((EDGE, middle), &name, lettering);
            paper.text_centred((cases_right, middle), &self.cases[index], lettering.anchor(Anchor::End));
            for ((&share, barrier), &left) in group.shares.iter().zip(&grid.barriers).zip(&self.lefts) {
                let place = Rect::new(left + 0.25, top + 0.25, left + self.cell - 0.25, top + self.row - 0.25);
                let ground = match (share.is_finite(), barrier.single) {
                    (true, true) => Some(sequential(if self.most > 0.0 { share / self.most } else { 0.0 })),
                    (true, false) => None,
                    (false, _) => Some(LIGHT),
                };
                if let Some(ground) = ground {
                    paper.rect(place, ground);
                }
                let ink = ground.map_or(BLACK, |ground| ground.ink());
                let lettering = Lettering { face, ..Lettering::new(size).anchor(Anchor::Middle).colour(ink) };
                // Bold numbers may be wider than their cell.
                let text = show(share, self.decimals);
                let fits = font::width(&text, face, size) + 0.8 <= self.cell;
                let face = if fits { face } else { Face::Regular };
                paper.text_centred(place.centre(), &text, Lettering { face, ..lettering });
            }
        }
        self.frames(&paper, grid);
        paper
    }

    /// The names of barriers, turned, and what they are.
    fn heads(&self, paper: &Paper, grid: &Grid, first: f64, context: &Context) {
        let size = self.size;
        for (lines, &left) in self.heads.iter().zip(&self.lefts) {
            let middle = left + self.cell / 2.0 + CAP_HEIGHT * size / 2.0;
            for (index, line) in lines.iter().enumerate() {
                let x = middle + (index as f64 - (lines.len() - 1) as f64 / 2.0) * LEADING * size;
                paper.text((x, first - 3.0), line, Lettering::new(size).turned(-90.0));
            }
        }
        let Some(&left) = self.lefts.first().filter(|_| grid.barriers[0].single) else { return };
        let room = self.width - EDGE - left;
        let words = font::shorten(&context.say("Barrier removed (share in %)"), Face::Bold, size, room);
        paper.text((left, EDGE + CAP_HEIGHT * size), &words, Lettering::new(size).bold());
    }

    /// A frame around each block: the whole and the groups, single barriers and others.
    fn frames(&self, paper: &Paper, grid: &Grid) {
        let singles = grid.barriers.iter().filter(|barrier| barrier.single).count();
        let blocks = [(0, singles), (singles, grid.barriers.len())];
        let bands = [(0, 1), (1, self.tops.len())];
        for (from, to) in blocks.into_iter().filter(|(from, to)| from < to) {
            for (first, last) in bands.into_iter().filter(|(first, last)| first < last) {
                let place = Rect::new(
                    self.lefts[from],
                    self.tops[first],
                    self.lefts[to - 1] + self.cell,
                    self.tops[last - 1] + self.row,
                );
                paper.frame(place, Stroke::solid(axis::LINE, BLACK));
            }
        }
    }
}
