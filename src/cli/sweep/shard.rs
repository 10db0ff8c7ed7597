//! Which part of a sweep a process works on.

use std::fmt;
use std::str::FromStr;

/// A shard: the blocks whose number leaves that remainder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 0.
    pub index: u64,
    /// Of how many.
    pub count: u64,
}

/// How a scheduler says which task of how many a process is.
struct Scheduler {
    name: &'static str,
    /// The variable with the number of the task.
    index: &'static str,
    /// That with how many there are, if there is one.
    count: Option<&'static str>,
    /// Those with the first and the last number, where tasks need not be numbered from 0.
    bounds: Option<(&'static str, &'static str)>,
    /// What the first task is numbered where nobody says.
    first: u64,
}

const fn ranked(name: &'static str, index: &'static str, count: Option<&'static str>) -> Scheduler {
    Scheduler { name, index, count, bounds: None, first: 0 }
}

/// The schedulers that are known. Arrays come first: a task of an array can also be a process of an MPI program of one. MPI's own
/// numbers come before Slurm's, which name the launcher where mpirun starts processes under Slurm.
const SCHEDULERS: [Scheduler; 11] = [
    Scheduler {
        bounds: Some(("SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX")),
        ..ranked("Slurm (job array)", "SLURM_ARRAY_TASK_ID", Some("SLURM_ARRAY_TASK_COUNT"))
    },
    ranked("PBS (job array)", "PBS_ARRAY_INDEX", None),
    ranked("Torque (job array)", "PBS_ARRAYID", None),
    Scheduler { bounds: Some(("SGE_TASK_FIRST", "SGE_TASK_LAST")), ..ranked("SGE (job array)", "SGE_TASK_ID", None) },
    Scheduler { first: 1, ..ranked("LSF (job array)", "LSB_JOBINDEX", Some("LSB_JOBINDEX_END")) },
    ranked("Kubernetes (indexed job)", "JOB_COMPLETION_INDEX", None),
    ranked("AWS Batch (array job)", "AWS_BATCH_JOB_ARRAY_INDEX", Some("AWS_BATCH_JOB_ARRAY_SIZE")),
    ranked("Google Cloud Batch", "BATCH_TASK_INDEX", Some("BATCH_TASK_COUNT")),
    ranked("Open MPI", "OMPI_COMM_WORLD_RANK", Some("OMPI_COMM_WORLD_SIZE")),
    ranked("MPICH, Intel MPI", "PMI_RANK", Some("PMI_SIZE")),
    ranked("Slurm (srun)", "SLURM_PROCID", Some("SLURM_NTASKS")),
];

impl Shard {
    /// Whether a block belongs to it.
    pub fn holds(self, block: u64) -> bool {
        block % self.count == self.index
    }

    /// What `auto` is here. `COMITY_SHARDS` and `COMITY_FIRST` go before what a scheduler says.
    fn of_environment(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let number = |name: &str| get(name).and_then(|text| text.trim().parse::<u64>().ok());
        // LSF gives a job that is no array the number 0.
        let found =
            SCHEDULERS.iter().find_map(|known| Some((known, number(known.index).filter(|n| *n >= known.first)?)));
        let Some((known, own)) = found else {
            let names: Vec<&str> = SCHEDULERS.iter().map(|known| known.name).collect();
            return Err(format!(
                "no scheduler says which task this is (known are {}); name the shard: --shard 3/16",
                names.join(", ")
            ));
        };
        let bounds = known.bounds.and_then(|(first, last)| Some((number(first)?, number(last)?)));
        let first = number("COMITY_FIRST").or(bounds.map(|(first, _)| first)).unwrap_or(known.first);
        let said = known.count.and_then(number);
        let spanned = bounds.and_then(|(first, last)| Some(last.checked_sub(first)? + 1));
        let index = known.index;
        let count = match (number("COMITY_SHARDS"), said, spanned) {
            (Some(count), _, _) => count,
            (None, Some(count), Some(spanned)) if count != spanned => {
                return Err(format!(
                    "{index} is {own}, but the {count} tasks are not numbered one after the other; export COMITY_SHARDS=16, so many \
                     as there are in all, and COMITY_FIRST=1 if they begin with 1"
                ));
            }
            (None, said, spanned) => said.or(spanned).ok_or_else(|| {
                format!("{index} says which task this is, but not of how many; export COMITY_SHARDS=16")
            })?,
        };
        match own.checked_sub(first).filter(|index| *index < count) {
            Some(index) => Ok(Self { index, count }),
            None => Err(format!(
                "{index} is {own}, which is none of {count} tasks from {first} on; export COMITY_SHARDS=16, and COMITY_FIRST=1 if \
                 tasks begin with 1"
            )),
        }
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Self::of_environment(&|name| std::env::var(name).ok());
        }
        let wrong = || format!("\"{text}\" is no shard: write 1/16 to 16/16, or auto");
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let (index, count): (u64, u64) = (index.parse().map_err(|_| wrong())?, count.parse().map_err(|_| wrong())?);
        if index == 0 || index > count { Err(wrong()) } else { Ok(Self { index: index - 1, count }) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Shard, String> {
        let owned: Vec<(String, String)> = variables.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Shard::of_environment(&move |name| {
            owned.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn shards_are_counted_from_one_by_people_and_as_they_like_by_schedulers() {
        assert_eq!("3/16".parse(), Ok(Shard { index: 2, count: 16 }));
        for wrong in ["0/4", "5/4", "3", "a/b", "3/", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        let array = [
            ("SLURM_ARRAY_TASK_ID", "5"),
            ("SLURM_ARRAY_TASK_COUNT", "8"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_MAX", "8"),
        ];
        assert_eq!(with(&array), Ok(Shard { index: 4, count: 8 }));
        assert_eq!(with(&[("SLURM_PROCID", "0"), ("SLURM_NTASKS", "4")]), Ok(Shard { index: 0, count: 4 }));
        let sge = [("SGE_TASK_ID", "8"), ("SGE_TASK_FIRST", "1"), ("SGE_TASK_LAST", "8")];
        assert_eq!(with(&sge), Ok(Shard { index: 7, count: 8 }));
        assert_eq!(with(&[("JOB_COMPLETION_INDEX", "2"), ("COMITY_SHARDS", "3")]), Ok(Shard { index: 2, count: 3 }));
        assert!(with(&[("PBS_ARRAY_INDEX", "2")]).is_err_and(|error| error.contains("COMITY_SHARDS")));
        assert!(with(&[]).is_err_and(|error| error.contains("--shard 3/16")));
        // Tasks of an array have both; the array is what was asked for.
        let both = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "1"), array[0], array[1], array[2], array[3]];
        assert_eq!(with(&both), Ok(Shard { index: 4, count: 8 }));
        // Under mpirun, Slurm numbers the launchers.
        let mpi = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "2"), ("PMI_RANK", "5"), ("PMI_SIZE", "8")];
        assert_eq!(with(&mpi), Ok(Shard { index: 5, count: 8 }));
    }

    #[test]
    fn a_list_of_tasks_with_gaps_is_refused_unless_their_number_is_said() {
        let gaps = [
            ("SLURM_ARRAY_TASK_ID", "5"),
            ("SLURM_ARRAY_TASK_COUNT", "2"),
            ("SLURM_ARRAY_TASK_MIN", "3"),
            ("SLURM_ARRAY_TASK_MAX", "5"),
        ];
        assert!(with(&gaps).is_err_and(|error| error.contains("COMITY_SHARDS")));
        let said = [&gaps[..], &[("COMITY_SHARDS", "16"), ("COMITY_FIRST", "1")]].concat();
        assert_eq!(with(&said), Ok(Shard { index: 4, count: 16 }));
        let all = [&gaps[..], &[("COMITY_SHARDS", "0")]].concat();
        assert!(with(&all).is_err());
    }

    #[test]
    fn tasks_that_are_numbered_from_one_are_counted_from_one() {
        let pbs = [("PBS_ARRAY_INDEX", "16"), ("COMITY_SHARDS", "16")];
        assert!(with(&pbs).is_err_and(|error| error.contains("COMITY_FIRST=1")));
        assert_eq!(with(&[pbs[0], pbs[1], ("COMITY_FIRST", "1")]), Ok(Shard { index: 15, count: 16 }));
        assert_eq!(with(&[("LSB_JOBINDEX", "1"), ("LSB_JOBINDEX_END", "4")]), Ok(Shard { index: 0, count: 4 }));
        // No arrays: LSF says 0, SGE says "undefined".
        assert!(with(&[("LSB_JOBINDEX", "0"), ("LSB_JOBINDEX_END", "0")]).is_err());
        assert!(with(&[("SGE_TASK_ID", "undefined")]).is_err());
    }

    #[test]
    fn every_block_belongs_to_one_shard() {
        for block in 0..100 {
            let held = (0..7).filter(|index| Shard { index: *index, count: 7 }.holds(block)).count();
            assert_eq!(held, 1);
        }
    }
}
