//! The picture of barriers by group: names and cases at the left, a cell for every share, blocks framed.

use super::axis;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::palette::{BLACK, LIGHT, sequential};
use super::paper::Paper;
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, number};
use super::{Context, FigureError, svg};

const EDGE: f64 = 2.0;

/// A barrier, and how it is counted.
pub(super) struct Barrier {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) single: bool,
}

/// A row of the picture: the region, a state or a role.
pub(super) struct Group {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) cases: f64,
    /// One per barrier; NaN where it is missing.
    pub(super) shares: Vec<f64>,
}

pub(super) struct Grid {
    pub(super) barriers: Vec<Barrier>,
    /// The whole first.
    pub(super) groups: Vec<Group>,
    pub(super) stub: String,
}

/// A share as printed in a cell: in percent, what is small never as zero.
fn show(share: f64, decimals: usize) -> String {
    let value = share * 100.0;
    let least = libm::pow(10.0, -(decimals as f64));
    if value > 0.0 && value < least / 2.0 { format!("<{}", number(least, decimals)) } else { number(value, decimals) }
}

/// Where everything stands.
pub(super) struct Layout {
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
    pub(super) most: f64,
    heads: Vec<Vec<String>>,
    /// Names of barriers, and which of them had to be cut.
    pub(super) labels: Vec<String>,
    pub(super) cut: Vec<usize>,
}

impl Layout {
    pub(super) fn new(grid: &Grid, width: f64, context: &Context) -> Result<Self, FigureError> {
        let size = context.style.text;
        let count = grid.barriers.len() as f64;
        let faces =
            grid.groups.iter().enumerate().map(|(index, group)| {
                font::width(&group.name, if index == 0 { Face::Bold } else { Face::Regular }, size)
            });
        let stub = font::width(&grid.stub, Face::Bold, size);
        let names = faces.fold(stub, f64::max).min(width * 0.24).max(stub);
        let cases: Vec<String> = grid.groups.iter().map(|group| ticks::count(group.cases)).collect();
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

    /// The name of a group as printed.
    pub(super) fn name(&self, index: usize, group: &Group) -> String {
        let face = if index == 0 { Face::Bold } else { Face::Regular };
        font::shorten(&group.name, face, self.size, self.names)
    }

    pub(super) fn draw(&self, grid: &Grid, context: &Context) -> Paper {
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
            let name = self.name(index, group);
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
