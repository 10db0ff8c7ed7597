//! Which design, and how large.

use super::super::super::check::Check;
use super::super::super::written::{Node, Value};
use crate::statistics::design::{Goal, Method};

/// The designs by name, and the keys of `[sweep]` that each takes besides those of all.
const DESIGNS: [(&str, &[&str]); 10] = [
    ("list", &["rows"]),
    ("table", &["table"]),
    ("zip", &[]),
    ("factorial", &[]),
    ("one-at-a-time", &[]),
    ("latin-hypercube", &["points", "improve", "trials"]),
    ("sliced-latin-hypercube", &["points"]),
    ("sobol", &["points"]),
    ("saltelli", &["base_points", "second_order"]),
    ("morris", &["trajectories", "levels", "candidates"]),
];

/// The keys that every design takes.
const OF_ALL: [&str; 3] = ["design", "seed", "assumed"];

/// The names of the designs.
pub(in crate::scenario::study) fn names() -> Vec<&'static str> {
    DESIGNS.iter().map(|(name, _)| *name).collect()
}

/// Most points, base points or trajectories that can be asked for.
const MOST: u64 = 100_000_000;

/// How points are chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Design {
    /// Points as they are listed: in the study (`list`, `zip`) or in a file (`table`). One number per factor, row after row.
    Rows {
        /// Where the rows come from.
        from: &'static str,
        /// The numbers.
        numbers: Vec<f64>,
    },
    /// Every combination of all levels, the last factor changing fastest.
    Factorial,
    /// The study as it is, then every level of every factor by itself.
    OneAtATime,
    /// A Latin hypercube.
    LatinHypercube {
        /// How many points.
        points: u64,
        /// Towards what its points are exchanged, in how many trials.
        improve: Option<(Goal, u64)>,
    },
    /// A Latin hypercube in slices, one for each combination of the factors that are words.
    Sliced {
        /// How many points in a slice.
        points: u64,
    },
    /// Sobol' points, scrambled after Owen.
    Sobol {
        /// How many, rounded up to a power of two.
        points: u64,
    },
    /// Saltelli's blocks for shares of variance.
    Saltelli {
        /// How many blocks, rounded up to a power of two.
        base_points: u64,
        /// Whether blocks serve for shares of pairs of factors, too.
        second_order: bool,
    },
    /// Morris' trajectories for screening.
    Morris {
        /// How many.
        trajectories: u64,
        /// Levels of the grid.
        levels: u64,
        /// From how many they are chosen; 0: taken as drawn.
        candidates: u64,
    },
}

impl Design {
    /// Its name as in a study.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rows { from, .. } => from,
            Self::Factorial => "factorial",
            Self::OneAtATime => "one-at-a-time",
            Self::LatinHypercube { .. } => "latin-hypercube",
            Self::Sliced { .. } => "sliced-latin-hypercube",
            Self::Sobol { .. } => "sobol",
            Self::Saltelli { .. } => "saltelli",
            Self::Morris { .. } => "morris",
        }
    }

    /// The method, which says what the design admits.
    pub(super) fn method(&self) -> Method {
        match self {
            Self::Rows { .. } => Method::List,
            Self::Factorial => Method::FullFactorial,
            Self::OneAtATime => Method::OneAtATime,
            Self::LatinHypercube { .. } | Self::Sliced { .. } => Method::LatinHypercube,
            Self::Sobol { .. } => Method::Sobol,
            Self::Saltelli { .. } => Method::Saltelli,
            Self::Morris { .. } => Method::Morris,
        }
    }

    /// Its size, for those that have one: points, base points or trajectories.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::LatinHypercube { points, .. } | Self::Sliced { points } | Self::Sobol { points } => Some(*points),
            Self::Saltelli { base_points, .. } => Some(*base_points),
            Self::Morris { trajectories, .. } => Some(*trajectories),
            Self::Rows { .. } | Self::Factorial | Self::OneAtATime => None,
        }
    }

    /// Everything about it but its size, where its first points do not depend on that.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Rows { from, numbers } => {
                let text: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
                format!("{from} {}", text.join(" "))
            }
            Self::Sobol { .. } => "sobol".to_owned(),
            Self::Saltelli { second_order, .. } => format!("saltelli {second_order}"),
            Self::Morris { levels, candidates: 0, .. } => format!("morris {levels}"),
            other => format!("{other:?}"),
        }
    }

    /// The same design of another size; one without a size is left as it is.
    pub(super) fn of_size(&self, size: u64) -> Self {
        let mut design = self.clone();
        match &mut design {
            Self::LatinHypercube { points, .. } | Self::Sliced { points } | Self::Sobol { points } => *points = size,
            Self::Saltelli { base_points, .. } => *base_points = size,
            Self::Morris { trajectories, .. } => *trajectories = size,
            Self::Rows { .. } | Self::Factorial | Self::OneAtATime => {}
        }
        design
    }

    /// The same design with more points, base points or trajectories; the ones it has stay the first.
    pub(super) fn extended(&self, more: u64) -> Result<Self, String> {
        let name = self.name();
        match self {
            Self::Sobol { points: size } | Self::Saltelli { base_points: size, .. } => {
                let size = size.next_power_of_two();
                Ok(self.of_size(size.saturating_add(more).min(MOST).next_power_of_two()))
            }
            Self::Morris { trajectories, candidates: 0, .. } => Ok(self.of_size(trajectories.saturating_add(more))),
            Self::Morris { .. } => {
                Err("trajectories that were chosen for their spread cannot be added to: more of them would be \
                 other ones; sweep anew, or with candidates = 0"
                    .to_owned())
            }
            Self::LatinHypercube { .. } | Self::Sliced { .. } => Err(format!(
                "a {name} cannot be added to: a larger one has other strata, and none of its points; use sobol, which can, or \
                 sweep anew"
            )),
            Self::Rows { .. } | Self::Factorial | Self::OneAtATime => Err(format!(
                "a {name} design has the points that its values make: change those, and sweep anew; replicates can be added"
            )),
        }
    }
}

/// Reads `[sweep]`. Rows are filled in later, when the factors are known.
pub(super) fn read(check: &mut Check<'_>, node: &Node) -> Option<Design> {
    let names = names();
    let entries = check.table(node, "sweep");
    let Some(chosen) = node.get("design") else {
        let hint = format!("write design = \"factorial\"; the designs are {}", names.join(", "));
        check.missing(node.at, "the sweep has no design", hint);
        return None;
    };
    let name = check.one_of(chosen, "sweep.design", &names)?;
    let (_, own) = DESIGNS.iter().find(|(known, _)| *known == name)?;
    let mut sound = true;
    for entry in entries.iter().filter(|entry| !OF_ALL.contains(&entry.key.as_str())) {
        if own.contains(&entry.key.as_str()) {
            continue;
        }
        sound = false;
        match DESIGNS
            .iter()
            .filter(|(_, keys)| keys.contains(&entry.key.as_str()))
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
        {
            of if of.is_empty() => {
                let all: Vec<&str> = OF_ALL.iter().chain(*own).copied().collect();
                check.unknown_key(entry, "sweep", &all, &[]);
            }
            of => {
                let message = format!("sweep.{} is of the designs {}, not of {name}", entry.key, of.join(" and "));
                check.error(entry.key_at, message, "take it out, or choose that design");
            }
        }
    }
    let mut whole = |key: &str, default: Option<u64>, low: u64| match (node.get(key), default) {
        (Some(given), _) => check.whole(given, &format!("sweep.{key}"), low, MOST),
        (None, Some(default)) => Some(default),
        (None, None) => {
            check.missing(node.at, format!("a {name} design has no size of its own"), format!("write {key} = 256"));
            None
        }
    };
    let design = match name {
        "factorial" => Design::Factorial,
        "one-at-a-time" => Design::OneAtATime,
        "latin-hypercube" => {
            let points = whole("points", None, 1)?;
            let trials = whole("trials", Some(10_000), 0)?;
            let goals = ["none", "maximin", "correlation", "discrepancy"];
            let goal = match node.get("improve") {
                Some(given) => check.one_of(given, "sweep.improve", &goals)?,
                None => "none",
            };
            let goal = match goal {
                "maximin" => Some(Goal::Maximin),
                "correlation" => Some(Goal::Correlation),
                "discrepancy" => Some(Goal::Discrepancy),
                _ => None,
            };
            Design::LatinHypercube { points, improve: goal.map(|goal| (goal, trials)) }
        }
        "sliced-latin-hypercube" => Design::Sliced { points: whole("points", None, 1)? },
        "sobol" => Design::Sobol { points: whole("points", None, 1)? },
        "saltelli" => {
            let base_points = whole("base_points", None, 1)?;
            let second_order = match node.get("second_order").map(|node| (node, &node.value)) {
                Some((_, Value::Truth(truth))) => *truth,
                Some((node, _)) => {
                    let message = format!("sweep.second_order is true or false, but {} stands here", node.kind());
                    check.error(node.at, message, "write second_order = true, without quotes");
                    return None;
                }
                None => false,
            };
            Design::Saltelli { base_points, second_order }
        }
        "morris" => Design::Morris {
            trajectories: whole("trajectories", None, 1)?,
            levels: whole("levels", Some(4), 2)?,
            candidates: whole("candidates", Some(0), 0)?,
        },
        other => Design::Rows { from: other_name(other), numbers: Vec::new() },
    };
    sound.then_some(design)
}

/// The name as a constant.
fn other_name(name: &str) -> &'static str {
    ["list", "table", "zip"].into_iter().find(|known| *known == name).unwrap_or("list")
}
