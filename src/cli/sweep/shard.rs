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

/// Where schedulers say which task of how many a process is: the names of index and count, and what the index starts from.
const SCHEDULERS: [(&str, &str, &str, Option<&str>); 7] = [
    ("Slurm (job array)", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", Some("SLURM_ARRAY_TASK_MIN")),
    ("PBS (job array)", "PBS_ARRAY_INDEX", "COMITY_SHARDS", None),
    ("SGE (job array)", "SGE_TASK_ID", "SGE_TASK_LAST", Some("SGE_TASK_FIRST")),
    ("Kubernetes (indexed job)", "JOB_COMPLETION_INDEX", "COMITY_SHARDS", None),
    ("Slurm (srun)", "SLURM_PROCID", "SLURM_NTASKS", None),
    ("Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", None),
    ("MPICH, Intel MPI", "PMI_RANK", "PMI_SIZE", None),
];

impl Shard {
    /// Whether a block belongs to it.
    pub fn holds(self, block: u64) -> bool {
        block % self.count == self.index
    }

    /// What `auto` is here.
    fn of_environment(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let number = |name: &str| get(name).and_then(|text| text.trim().parse::<u64>().ok());
        for (_, index, count, first) in SCHEDULERS {
            let Some(own) = number(index) else { continue };
            // A job array need not begin with 0; PBS begins where its user says, and tells nobody.
            let start = first.map_or_else(|| number("COMITY_FIRST"), number).unwrap_or(0);
            let Some(count) = number(count).or_else(|| number("COMITY_SHARDS")) else {
                return Err(format!("{index} says which task this is, but not of how many; export COMITY_SHARDS=16"));
            };
            let count = if count == 0 { 1 } else { count };
            // SGE names the last task, not their number.
            let count = if index == "SGE_TASK_ID" { count.saturating_sub(start) + 1 } else { count };
            return match own.checked_sub(start).filter(|index| *index < count) {
                Some(index) => Ok(Self { index, count }),
                None => Err(format!(
                    "task {own} of {count} from {start} is none; export COMITY_FIRST=1 if tasks begin with 1"
                )),
            };
        }
        let names: Vec<&str> = SCHEDULERS.iter().map(|(name, ..)| *name).collect();
        Err(format!(
            "no scheduler says which task this is (known are {}); name the shard: --shard 3/16",
            names.join(", ")
        ))
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
        let array = [("SLURM_ARRAY_TASK_ID", "5"), ("SLURM_ARRAY_TASK_COUNT", "8"), ("SLURM_ARRAY_TASK_MIN", "1")];
        assert_eq!(with(&array), Ok(Shard { index: 4, count: 8 }));
        assert_eq!(with(&[("SLURM_PROCID", "0"), ("SLURM_NTASKS", "4")]), Ok(Shard { index: 0, count: 4 }));
        let sge = [("SGE_TASK_ID", "8"), ("SGE_TASK_FIRST", "1"), ("SGE_TASK_LAST", "8")];
        assert_eq!(with(&sge), Ok(Shard { index: 7, count: 8 }));
        assert_eq!(with(&[("JOB_COMPLETION_INDEX", "2"), ("COMITY_SHARDS", "3")]), Ok(Shard { index: 2, count: 3 }));
        assert!(with(&[("PBS_ARRAY_INDEX", "2")]).is_err_and(|error| error.contains("COMITY_SHARDS")));
        assert!(with(&[]).is_err_and(|error| error.contains("--shard 3/16")));
        // Requeued tasks of an array have both; the array is what was asked for.
        let both = [("SLURM_PROCID", "0"), ("SLURM_NTASKS", "1"), array[0], array[1], array[2]];
        assert_eq!(with(&both), Ok(Shard { index: 4, count: 8 }));
    }

    #[test]
    fn every_block_belongs_to_one_shard() {
        for block in 0..100 {
            let held = (0..7).filter(|index| Shard { index: *index, count: 7 }.holds(block)).count();
            assert_eq!(held, 1);
        }
    }
}
