//! How a level is spread over practitioners: a block per role, in it a ridge per date.
//!
//! A ridge is the histogram of the table, bin by bin; nothing is smoothed, so that nothing leaks beyond 0 and 1. All ridges have
//! the same scale. Where one bin towers over all others, it would press them flat: it is cut off, a triangle says so, and its
//! share stands beside it.

use super::axis;
use super::calendar::said_day;
use super::font::{self, CAP_HEIGHT, DESCENT, Face, LEADING};
use super::ledger::in_full;
use super::legend::{self, Entry, Sample};
use super::marks::{Look, Shape, marker};
use super::palette::{BLACK, BLUE, GREY};
use super::paper::{Panel, Paper};
use super::people::{self, Group, People, Ridge};
use super::sheet::{Anchor, Lettering, Rect, Stroke};
use super::ticks::{self, number, percent};
use super::words::{capitalised, counted};
use super::{Context, Drawing, FigureError, svg};
use crate::table::Table;

const EDGE: f64 = 2.0;
/// Strength of the colour under a ridge.
const GROUND: f64 = 0.3;
/// Room below a ridge for its quantiles.
const STRIP: f64 = 4.0;
/// Room above it for triangles.
const HEAD: f64 = 3.5;
/// Heights of a row, strip included: the most, and the least as a multiple of the text.
const ROW: (f64, f64) = (18.0, 1.9);
/// The least height of a row in a figure set tighter, as a multiple of the text: lines of words must not touch.
const LEAST: f64 = 1.3;
/// About what stands above and below the blocks, as a multiple of the text.
const OTHER: f64 = 9.0;
/// The tallest page that is printed without leaving out dates: what a journal's page holds.
const PAGE: f64 = 650.0;
/// The least width of a plot.
const PLOT: f64 = 45.0;

/// Draws one measure of the tables `levels` and `levels_quantiles`: a block per role, in it a ridge per date.
///
/// # Errors
/// When a column is missing, no row fits, a bin leaves the range from 0 to 1, or the size asked for is too small.
pub fn ridges(levels: &Table, quantiles: &Table, measure: &str, context: &Context) -> Result<Drawing, FigureError> {
    let mut all = people::read(levels, quantiles, measure)?;
    context.arrange(&mut all.groups, |group| &group.role);
    let width = context.style.points(if all.groups.len() > 1 { 183.0 } else { 89.0 })?;
    let plan = Plan::of(&all, width, context)?;
    let (paper, cut) = plan.draw();
    let title = context.title_or(&format!("{} among practitioners", all.name));
    let labels: Vec<String> = plan.people.groups.iter().map(|group| plan.name(group)).collect();
    let body = format!("{}{}", plan.words(all.days().len()), in_full(&cut, &labels));
    Drawing::new(paper, context, (&title, &body), people::data(measure, &plan.people))
}

/// The share that a ridge of full height means: such that no ridge's second tallest bin is cut off, and no bin at all unless one
/// towers over the rest.
fn full_height(people: &People) -> f64 {
    let (first, second) = people
        .ridges()
        .map(Ridge::tallest)
        .fold((0.0, 0.0), |(a, b): (f64, f64), (first, second)| (a.max(first), b.max(second)));
    let round = |share: f64| {
        let nice = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8];
        nice.into_iter().find(|nice| share <= *nice).unwrap_or(1.0)
    };
    let low = round(second);
    if second > 0.0 && first > 1.6 * low { low } else { round(first) }
}

/// What is to be drawn, and where.
struct Plan<'a> {
    context: &'a Context,
    people: People,
    full: f64,
    size: f64,
    width: f64,
    legend: Vec<Entry>,
    heads: Vec<Head>,
    /// Widths of the dates and of each column of numbers.
    stub: f64,
    numbers: Vec<f64>,
    /// Width of a column of blocks, and the numbers of the blocks in each.
    column: f64,
    columns: Vec<Vec<usize>>,
    row: f64,
}

impl<'a> Plan<'a> {
    fn of(all: &People, width: f64, context: &'a Context) -> Result<Self, FigureError> {
        let size = context.style.text;
        let full = full_height(all);
        let mut plan = Self {
            context,
            people: all.clone(),
            full,
            size,
            width,
            legend: legend_of(all, full, context),
            heads: heads_of(all, full),
            stub: 0.0,
            numbers: Vec::new(),
            column: width - 2.0 * EDGE,
            columns: vec![(0..all.groups.len()).collect()],
            row: ROW.0,
        };
        let days: Vec<String> = all.days().into_iter().map(|day| said_day(day, context)).collect();
        plan.stub = font::widest(days.iter().map(String::as_str), Face::Regular, size);
        plan.numbers = plan.heads.iter().map(|head| plan.number_width(*head)).collect();
        let gap = size * 2.5;
        let halves = (plan.column - gap) / 2.0;
        if all.groups.len() > 1 && halves - plan.beside_plot() >= 2.0 * PLOT {
            plan.column = halves;
            plan.columns = plan.in_two();
        }
        if plan.column - plan.beside_plot() < PLOT {
            let mm = width / svg::POINTS_PER_MILLIMETRE;
            return Err(FigureError::Unfit {
                reason: format!("{mm:.0} mm is too narrow for ridges beside their numbers"),
            });
        }
        plan.fit_page(all);
        Ok(plan)
    }

    /// The name of a role.
    fn name(&self, group: &Group) -> String {
        self.context.label(&group.role, &capitalised(&group.label))
    }

    fn number_width(&self, head: Head) -> f64 {
        let cells: Vec<String> = self.people.ridges().map(|ridge| head.cell(ridge)).collect();
        let cells = font::widest(cells.iter().map(String::as_str), Face::Regular, self.size);
        cells.max(font::widest(self.context.say(head.words()).lines(), Face::Bold, self.size))
    }

    /// What stands left and right of a plot within its column.
    fn beside_plot(&self) -> f64 {
        let gap = self.size * 0.9;
        self.stub + gap + self.numbers.iter().map(|width| width + gap).sum::<f64>()
    }

    fn heading(&self) -> f64 {
        self.size * (LEADING + 0.75)
    }

    fn block_height(&self, group: &Group) -> f64 {
        self.heading() + if group.known() { self.row * group.ridges.len() as f64 } else { self.size * 0.6 }
    }

    fn tallest_column(&self) -> f64 {
        let height =
            |blocks: &Vec<usize>| blocks.iter().map(|block| self.block_height(&self.people.groups[*block])).sum();
        self.columns.iter().map(height).fold(0.0, f64::max)
    }

    /// The blocks in two columns, in order, as even as can be.
    fn in_two(&self) -> Vec<Vec<usize>> {
        let count = self.people.groups.len();
        let split = |at: usize| vec![(0..at).collect::<Vec<_>>(), (at..count).collect()];
        let taller = |columns: &Vec<Vec<usize>>| {
            let height = |blocks: &Vec<usize>| -> f64 {
                blocks.iter().map(|block| self.block_height(&self.people.groups[*block])).sum()
            };
            columns.iter().map(height).fold(0.0, f64::max)
        };
        let best = (1..count).map(split).min_by(|a, b| taller(a).total_cmp(&taller(b)));
        best.unwrap_or_else(|| split(count))
    }

    /// Lowers the rows, then leaves out dates, until a page holds the figure; then stretches the rows as the style asks.
    fn fit_page(&mut self, all: &People) {
        let style = self.context.style;
        let page =
            style.highest.map_or(PAGE, |highest| PAGE.min(highest * svg::POINTS_PER_MILLIMETRE - OTHER * self.size));
        let days = all.days();
        let mut shown = days.len();
        loop {
            let fits = [ROW.0, 0.85 * ROW.0, 0.0].into_iter().any(|row| {
                self.row = row.max(ROW.1 * self.size);
                self.tallest_column() <= page
            });
            if fits || shown <= 2 {
                break;
            }
            shown -= 1;
            let (last, steps) = (days.len() - 1, shown - 1);
            let kept: Vec<i32> = (0..shown).map(|place| days[(place * last + steps / 2) / steps]).collect();
            self.people = all.clone();
            self.people.groups.iter_mut().for_each(|group| group.ridges.retain(|ridge| kept.contains(&ridge.day)));
        }
        self.row = (self.row * style.stretch).max(LEAST * self.size).max(STRIP + HEAD + 1.0);
    }

    fn draw(&self) -> (Paper, Vec<usize>) {
        let (size, inner) = (self.size, self.width - 2.0 * EDGE);
        let head_lines =
            self.heads.iter().map(|head| self.context.say(head.words()).lines().count()).max().unwrap_or(1) as f64;
        let heads = EDGE + legend::height(&self.legend, inner, size);
        let top = heads + (CAP_HEIGHT + DESCENT + (head_lines - 1.0) * LEADING) * size;
        let title = font::wrap(&self.context.say(&self.people.name), Face::Regular, size, self.column, 3);
        let foot = axis::bottom_height(size)
            + size * 0.35
            + ((title.len() as f64 - 1.0) * LEADING + CAP_HEIGHT + DESCENT) * size;
        let paper = Paper::new(self.width, top + self.tallest_column() + foot + EDGE);
        legend::draw(&paper, &self.legend, (EDGE, EDGE), inner, size);
        let mut cut = Vec::new();
        for (place, blocks) in self.columns.iter().enumerate() {
            let left = EDGE + place as f64 * (inner - self.column);
            self.draw_heads(&paper, left, top - DESCENT * size);
            let mut y = top;
            for &block in blocks {
                if self.draw_block(&paper, block, (left, y)) {
                    cut.push(block);
                }
                y += self.block_height(&self.people.groups[block]);
            }
            let (from, to) = self.plot(left);
            let panel = paper.panel(Rect::new(from, top, to, y), (0.0, 1.0), (0.0, 1.0));
            axis::bottom(&paper, &panel, &ticks::linear(0.0, 1.0, 5), size);
            let under = y + axis::bottom_height(size) + size * 0.35;
            axis::bottom_title(&paper, &title, f64::midpoint(from, to), under, (left, left + self.column), size);
        }
        (paper, cut)
    }

    /// Left and right edge of the plots in a column that begins there.
    fn plot(&self, left: f64) -> (f64, f64) {
        let gap = self.size * 0.9;
        (left + self.stub + gap, left + self.column - self.beside_plot() + self.stub + gap)
    }

    /// Right edges of the numbers.
    fn edges(&self, left: f64) -> Vec<f64> {
        let mut edge = self.plot(left).1;
        let step = |width: &f64| {
            edge += width + self.size * 0.9;
            edge
        };
        self.numbers.iter().map(step).collect()
    }

    fn draw_heads(&self, paper: &Paper, left: f64, base: f64) {
        let lettering = Lettering::new(self.size).bold();
        for (head, edge) in self.heads.iter().zip(self.edges(left)) {
            for (up, line) in self.context.say(head.words()).lines().rev().enumerate() {
                let at = (edge, base - up as f64 * LEADING * self.size);
                paper.text(at, line, lettering.anchor(Anchor::End));
            }
        }
    }

    /// Heading and ridges of a role; says whether the heading had to be cut.
    fn draw_block(&self, paper: &Paper, block: usize, (left, top): (f64, f64)) -> bool {
        let (size, group) = (self.size, &self.people.groups[block]);
        let base = top + self.heading() - size * 0.45;
        let count = staff(group, self.context);
        let name = self.name(group);
        let room = self.column - font::width(&count, Face::Regular, size) - size * 0.7;
        let shown = font::shorten(&name, Face::Bold, size, room);
        paper.text((left, base), &shown, Lettering::new(size).bold());
        let after = left + font::width(&shown, Face::Bold, size) + size * 0.7;
        paper.text((after, base), &count, Lettering::new(size));
        let (from, to) = self.plot(left);
        let mut y = top + self.heading();
        if !group.known() {
            return shown != name;
        }
        for ridge in &group.ridges {
            let foot = y + self.row - STRIP;
            let middle = foot - size * 0.35;
            paper.text_centred(
                (left + self.stub, middle),
                &said_day(ridge.day, self.context),
                Lettering::new(size).anchor(Anchor::End),
            );
            let panel = paper.panel(Rect::new(from, y + HEAD, to, foot), (0.0, 1.0), (0.0, self.full));
            if ridge.bins.is_empty() {
                let at = (f64::midpoint(from, to), middle);
                paper.text_centred(at, &self.context.say("no values"), Lettering::new(size).anchor(Anchor::Middle));
            } else {
                draw_ridge(paper, &panel, ridge, self.full);
            }
            for (head, edge) in self.heads.iter().zip(self.edges(left)) {
                let words = head.cell(ridge);
                paper.text_centred((edge, middle), &words, Lettering::new(size).anchor(Anchor::End));
            }
            y += self.row;
        }
        shown != name
    }

    /// The caption.
    fn words(&self, dates: usize) -> String {
        let people = &self.people;
        let mut words = format!(
            "How practitioners in post are spread, by role (n: mean number per run) and date, all runs together. Step outline: share \
             of practitioners in bins of {}, not smoothed; all ridges have the same scale, the height of the frame being {}. Below: \
             median (dot), middle 50% (thick) and middle 90% (thin) of practitioners; they tell how people differ, not how sure a mean is.",
            number(people.bin, 2),
            percent(self.full),
        );
        if self.heads.contains(&Head::Tallest) {
            words.push_str(
                " A triangle marks a bin taller than the frame; its share stands in the column “Tallest bin”.",
            );
        }
        if self.heads.contains(&Head::Zero) {
            words.push_str(" At 0: share of practitioners whose value is exactly 0.");
        }
        if people.ridges().any(|ridge| ridge.people.1 < ridge.people.0) {
            words.push_str(" Where fewer have a value than are in post, both numbers are given and shares are of those who have one.");
        }
        let shown = people.days().len();
        if shown < dates {
            words.push_str(&format!(" {shown} of {} shown, evenly chosen.", counted(dates, "date")));
        }
        words
    }
}

/// A column of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Median,
    Tallest,
    Zero,
}

impl Head {
    fn words(self) -> &'static str {
        match self {
            Self::Median => "Median",
            Self::Tallest => "Tallest\nbin",
            Self::Zero => "At 0",
        }
    }

    /// What stands in the column beside a ridge.
    fn cell(self, ridge: &Ridge) -> String {
        if ridge.bins.is_empty() {
            return "–".to_owned();
        }
        match self {
            Self::Tallest => part(ridge.tallest().0),
            Self::Zero => part(ridge.at_zero),
            Self::Median => match ridge.quantiles[2] {
                median if 0.0 < median && median < 0.005 => "<0.01".to_owned(),
                median => number(median, 2),
            },
        }
    }
}

fn heads_of(people: &People, full: f64) -> Vec<Head> {
    let mut heads = vec![Head::Median];
    if people.ridges().any(|ridge| ridge.tallest().0 > full) {
        heads.push(Head::Tallest);
    }
    if people.ridges().any(|ridge| ridge.at_zero > 0.0) {
        heads.push(Head::Zero);
    }
    heads
}

/// A share as a percentage that is 100% only for all.
fn part(share: f64) -> String {
    if (0.995..1.0).contains(&share) { ">99%".to_owned() } else { percent(share) }
}

/// How many practitioners stand behind a block: least and most over the dates, and of how many in post.
fn staff(group: &Group, context: &Context) -> String {
    let range = |pick: fn(&Ridge) -> f64| {
        let (low, high) = super::unit::bounds(group.ridges.iter().map(pick));
        let decimals = usize::from(low < 9.95 && (low.fract() != 0.0 || high.fract() != 0.0));
        let (low, high) = (number(low, decimals), number(high, decimals));
        if low == high { low } else { format!("{low}–{high}") }
    };
    if group.ridges.iter().all(|ridge| ridge.people.0.is_nan()) {
        return String::new();
    }
    let (in_post, valued) = (range(|ridge| ridge.people.0), range(|ridge| ridge.people.1));
    if !group.known() {
        return format!("n = {in_post}, {}", context.say("none has a value"));
    }
    if in_post == valued { format!("n = {in_post}") } else { format!("n = {valued} {} {in_post}", context.say("of")) }
}

fn legend_of(people: &People, full: f64, context: &Context) -> Vec<Entry> {
    let (bin, full_height) = (number(people.bin, 2), percent(full));
    let share = context.say("share of practitioners in a bin of");
    let bins = format!("{share} {bin} ({}: {full_height})", context.say("full height"));
    let quantiles = [Sample::Line(Stroke::solid(0.6, BLACK)), Sample::Marker(Look::filled(Shape::Disc, BLACK))];
    let mut entries = vec![
        Entry::new(&[Sample::Area(BLUE.tint(GROUND))], &bins),
        Entry::new(&quantiles, &context.say("median, middle 50% and 90%")),
    ];
    if people.ridges().any(|ridge| ridge.tallest().0 > full) {
        let triangle = Look::filled(Shape::Up, BLUE);
        entries.push(Entry::new(&[Sample::Marker(triangle)], &context.say("taller bin, cut off")));
    }
    entries
}

/// Bins, bounds and quantiles of a ridge.
fn draw_ridge(paper: &Paper, panel: &Panel, ridge: &Ridge, full: f64) {
    let place = panel.place;
    let line = Stroke::solid(0.4, GREY);
    for x in [place.left, place.right] {
        paper.line((x, place.top), (x, place.bottom), line);
    }
    paper.line((place.left, place.bottom), (place.right, place.bottom), line);
    for run in ridge.bins.split(|bin| bin.share <= 0.0).filter(|run| !run.is_empty()) {
        let steps: Vec<(f64, f64)> =
            run.iter().flat_map(|bin| [(bin.low, bin.share.min(full)), (bin.high, bin.share.min(full))]).collect();
        let area: Vec<(f64, f64, f64)> = steps.iter().map(|&(x, share)| (x, 0.0, share)).collect();
        panel.band(&area, BLUE.tint(GROUND));
        let mut outline = vec![(run[0].low, 0.0)];
        outline.extend(&steps);
        outline.push((run[run.len() - 1].high, 0.0));
        panel.curve(&outline, Stroke::solid(0.6, BLUE));
    }
    for bin in ridge.bins.iter().filter(|bin| bin.share > full) {
        let (x, y) = panel.at(f64::midpoint(bin.low, bin.high), full);
        paper.area(vec![(x - 2.2, y + 1.0), (x, y - 2.5), (x + 2.2, y + 1.0)], BLUE);
    }
    let y = place.bottom + STRIP / 2.0;
    let x = |value: f64| panel.at(value.clamp(0.0, 1.0), 0.0).0;
    let [q05, q25, q50, q75, q95] = ridge.quantiles;
    for (low, high, width) in [(q05, q95, 0.6), (q25, q75, 1.8)] {
        if low.is_finite() && high.is_finite() {
            let room = if x(high) - x(low) < 0.4 { 0.2 } else { 0.0 };
            paper.line((x(low) - room, y), (x(high) + room, y), Stroke::solid(width, BLACK));
        }
    }
    if q50.is_finite() {
        marker(paper, (x(q50), y), 1.1, Look::filled(Shape::Disc, BLACK));
    }
}
