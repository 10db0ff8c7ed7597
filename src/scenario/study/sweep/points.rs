//! The points of a sweep, before anything runs.

use super::{Design, Domain, Factor, Sweep};
use crate::statistics::design::{
    BasePoints, Blocks, Groups, Member, Morris, Points, Quality, Scrambling, Trajectories, combinations, deviations,
    improved_latin_hypercube, latin_hypercube, morris, quality, saltelli, sliced_latin_hypercube, sobol,
};

/// Points beyond which the quality of a design is not worked out, which takes the square of them.
const MEASURED: usize = 4096;

/// The points of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Designed {
    columns: usize,
    values: Vec<f64>,
    /// What the design says of its points: name, sentence, and one number for each of them.
    pub structure: Vec<(&'static str, &'static str, Vec<i64>)>,
    /// What a reader should know: what was rounded up, left out, or met twice.
    pub notices: Vec<String>,
    /// How evenly the points lie, where that means something and can be known.
    pub quality: Option<Quality>,
}

impl Designed {
    /// How many points.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// The values of a point, one for each factor; of words the place in their list.
    ///
    /// # Panics
    /// Beyond the last point.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// All values, point after point.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// Makes the points.
pub(super) fn designed(sweep: &Sweep) -> Result<Designed, String> {
    let method = sweep.design.method();
    let groups = sweep.grouped().map_err(|refusal| refusal.to_string())?;
    if groups.count() < groups.factors() {
        method.admits_groups().map_err(|refusal| refusal.to_string())?;
    }
    if !sweep.constraints.is_empty() {
        method.admits_constraints().map_err(|refusal| refusal.to_string())?;
    }
    let mut designed = made(sweep, &groups)?;
    sift(&mut designed, sweep);
    if designed.rows() == 0 {
        let keys: Vec<&str> = sweep.constraints.iter().map(|constraint| constraint.key.as_str()).collect();
        return Err(format!("no point keeps the constraint {}; loosen it", keys.join(" and ")));
    }
    Ok(designed)
}

fn made(sweep: &Sweep, groups: &Groups) -> Result<Designed, String> {
    let factors = &sweep.factors;
    let refused = |refusal: crate::statistics::design::Refusal| refusal.to_string();
    let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    let plain = |values: Vec<f64>| Designed {
        columns: factors.len(),
        values,
        structure: Vec::new(),
        notices: Vec::new(),
        quality: None,
    };
    if !matches!(sweep.design, Design::Rows { .. })
        && let Some(factor) = factors.iter().find(|factor| factor.domain == Domain::Rows)
    {
        return Err(format!("factor {} has no values; write values = [...], or from and to", factor.key));
    }
    match &sweep.design {
        Design::Rows { numbers, .. } => Ok(plain(numbers.clone())),
        Design::Factorial => factorial(factors).map(plain),
        Design::OneAtATime => one_at_a_time(factors).map(plain),
        Design::LatinHypercube { points, improve } => {
            let points = size(*points);
            let unit = match improve {
                Some((goal, trials)) => {
                    improved_latin_hypercube(sweep.seed, points, factors.len(), *goal, size(*trials))
                }
                None => latin_hypercube(sweep.seed, points, factors.len()),
            };
            Ok(spread(plain(Vec::new()), factors, &unit.map_err(refused)?))
        }
        Design::Sobol { points } => {
            let base = BasePoints::at_least(size(*points)).map_err(refused)?;
            let unit = sobol(base, factors.len(), Scrambling::Owen(sweep.seed)).map_err(refused)?;
            let mut designed = spread(plain(Vec::new()), factors, &unit);
            designed.notices.extend(base.notice());
            Ok(designed)
        }
        Design::Sliced { points } => sliced(sweep, size(*points)),
        Design::Saltelli { base_points, second_order } => {
            let base = BasePoints::at_least(size(*base_points)).map_err(refused)?;
            let (unit, blocks) =
                saltelli(base, groups, *second_order, Scrambling::Owen(sweep.seed)).map_err(refused)?;
            let members = (0..unit.rows()).map(|row| blocks.member(row));
            let (bases, places): (Vec<i64>, Vec<i64>) = members
                .map(|(base, member)| {
                    let place = match member {
                        Member::A => 0,
                        Member::Ab(group) => 1 + group,
                        Member::Ba(group) => 1 + groups.count() + group,
                        Member::B => blocks.size() - 1,
                    };
                    (base as i64, place as i64)
                })
                .unzip();
            let mut designed = plain(values(factors, &unit));
            designed.notices.extend(base.notice());
            designed.structure = vec![
                ("base", "Base point, from 0: the block that the point belongs to.", bases),
                (
                    "member",
                    "Place in the block: 0 is A, then A with each group from B, then (with second order) B with each from A, then B.",
                    places,
                ),
            ];
            Ok(designed)
        }
        Design::Morris { trajectories, levels, candidates } => {
            if let Some(factor) = factors.iter().find(|factor| !factor.has_ends()) {
                return Err(format!(
                    "factor {} has a law without ends, and trajectories go from end to end; give it from and to",
                    factor.key
                ));
            }
            let made = trajectories_of(sweep, groups, (*trajectories, *levels, *candidates))?;
            let mut moved = vec![-1; made.points.rows()];
            for step in &made.steps {
                moved[step.row + 1] = step.group as i64;
            }
            let length = groups.count() + 1;
            let mut designed = plain(values(factors, &made.points));
            designed.structure = vec![
                (
                    "trajectory",
                    "Trajectory that the point belongs to, from 0.",
                    (0..made.points.rows()).map(|row| (row / length) as i64).collect(),
                ),
                (
                    "moved",
                    "The group of factors, from 0, that was moved from the point before; -1 at the start of a trajectory.",
                    moved,
                ),
            ];
            Ok(designed)
        }
    }
}

/// The trajectories of a design: how many, on how many levels, from how many candidates.
fn trajectories_of(
    sweep: &Sweep,
    groups: &Groups,
    (count, levels, candidates): (u64, u64, u64),
) -> Result<Morris, String> {
    let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    let plan =
        Trajectories { seed: sweep.seed, count: size(count), candidates: size(candidates), levels: size(levels) };
    morris(&plan, groups).map_err(|refusal| refusal.to_string())
}

/// What a design means by its points, for the analysis of their outcomes.
#[derive(Debug, Clone, PartialEq)]
pub enum Structure {
    /// Trajectories for screening.
    Trajectories(Morris),
    /// Blocks for shares of variance.
    Blocks(Blocks),
    /// The study as it is, then one factor after the other moved from it.
    Deviations,
    /// Points that stand for themselves.
    Free,
}

/// The structure of a sweep's points.
pub(super) fn structure(sweep: &Sweep) -> Result<Structure, String> {
    let groups = sweep.grouped().map_err(|refusal| refusal.to_string())?;
    Ok(match &sweep.design {
        Design::Morris { trajectories, levels, candidates } => {
            Structure::Trajectories(trajectories_of(sweep, &groups, (*trajectories, *levels, *candidates))?)
        }
        Design::Saltelli { second_order, .. } => {
            Structure::Blocks(Blocks { groups: groups.count(), second_order: *second_order })
        }
        Design::OneAtATime => Structure::Deviations,
        _ => Structure::Free,
    })
}

/// Values for points of the unit cube.
fn values(factors: &[Factor], unit: &Points) -> Vec<f64> {
    unit.iter().flat_map(|row| factors.iter().zip(row).map(|(factor, u)| factor.at(*u))).collect()
}

/// The same, with how evenly they lie.
fn spread(designed: Designed, factors: &[Factor], unit: &Points) -> Designed {
    let quality = (unit.rows() <= MEASURED).then(|| quality(unit));
    Designed { values: values(factors, unit), quality, ..designed }
}

/// The levels of every factor, in the order of the file.
fn grids(factors: &[Factor]) -> Result<Vec<Vec<f64>>, String> {
    factors.iter().map(Factor::grid).collect()
}

fn factorial(factors: &[Factor]) -> Result<Vec<f64>, String> {
    combinations(&grids(factors)?).map_err(|refusal| refusal.to_string())
}

fn one_at_a_time(factors: &[Factor]) -> Result<Vec<f64>, String> {
    let own = factors.iter().map(|factor| {
        factor.today.filter(|_| !factor.is_words()).ok_or_else(|| {
            format!("factor {} has no number in the study as it is, from which one at a time could begin", factor.key)
        })
    });
    let own: Vec<f64> = own.collect::<Result<_, _>>()?;
    deviations(&own, &grids(factors)?).map_err(|refusal| refusal.to_string())
}

/// Every combination of the factors that are words, each with a slice of a Latin hypercube over the others.
fn sliced(sweep: &Sweep, points: usize) -> Result<Designed, String> {
    let (words, numbers): (Vec<usize>, Vec<usize>) =
        (0..sweep.factors.len()).partition(|place| sweep.factors[*place].is_words());
    if words.is_empty() || numbers.is_empty() {
        return Err(
            "a sliced design crosses factors that are words with factors that are numbers, and needs both; use \
             latin-hypercube or factorial"
                .to_owned(),
        );
    }
    let of_words: Vec<Factor> = words.iter().map(|place| sweep.factors[*place].clone()).collect();
    let combinations = factorial(&of_words)?;
    let slices = combinations.len() / words.len();
    let unit =
        sliced_latin_hypercube(sweep.seed, slices, points, numbers.len()).map_err(|refusal| refusal.to_string())?;
    let mut values = vec![0.0; unit.rows() * sweep.factors.len()];
    for (row, own) in values.chunks_exact_mut(sweep.factors.len()).enumerate() {
        let combination = &combinations[row / points * words.len()..];
        words.iter().zip(combination).for_each(|(place, value)| own[*place] = *value);
        numbers.iter().zip(unit.row(row)).for_each(|(place, u)| own[*place] = sweep.factors[*place].at(*u));
    }
    let slice = (0..unit.rows()).map(|row| (row / points) as i64).collect();
    Ok(Designed {
        columns: sweep.factors.len(),
        values,
        structure: vec![("slice", "Slice that the point belongs to, from 0.", slice)],
        notices: Vec::new(),
        quality: (unit.rows() <= MEASURED).then(|| quality(&unit)),
    })
}

/// Leaves out points that break a constraint, and those that were there before; both are told. Blocks and trajectories stay whole.
fn sift(designed: &mut Designed, sweep: &Sweep) {
    let before = designed.rows();
    let keep: Vec<bool> =
        (0..before).map(|row| sweep.constraints.iter().all(|constraint| constraint.kept(designed.row(row)))).collect();
    let broken = keep.iter().filter(|keep| !**keep).count();
    retain(designed, &keep);
    if broken > 0 {
        let left = designed.rows();
        designed
            .notices
            .push(format!("{broken} of {before} points break a constraint and are left out; {left} are left"));
    }
    if !designed.structure.is_empty() && designed.structure[0].0 != "slice" {
        return;
    }
    let mut order: Vec<usize> = (0..designed.rows()).collect();
    let compare = |a: &usize, b: &usize| {
        let pairs = designed.row(*a).iter().zip(designed.row(*b));
        pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(a.cmp(b))
    };
    order.sort_unstable_by(compare);
    let mut keep = vec![true; designed.rows()];
    for pair in order.windows(2) {
        keep[pair[1]] = designed.row(pair[0]) != designed.row(pair[1]);
    }
    let twice = keep.iter().filter(|keep| !**keep).count();
    if twice > 0 {
        retain(designed, &keep);
        designed
            .notices
            .push(format!("{twice} points repeat earlier ones and are left out: equal points give equal runs"));
    }
}

fn retain(designed: &mut Designed, keep: &[bool]) {
    if keep.iter().all(|keep| *keep) {
        return;
    }
    // What was known of the whole is not known of what is left.
    designed.quality = None;
    let columns = designed.columns;
    let kept = |row: &usize| keep[*row];
    designed.values = (0..keep.len())
        .filter(kept)
        .flat_map(|row| designed.values[row * columns..(row + 1) * columns].to_vec())
        .collect();
    for (_, _, numbers) in &mut designed.structure {
        *numbers = (0..keep.len()).filter(kept).map(|row| numbers[row]).collect();
    }
}
