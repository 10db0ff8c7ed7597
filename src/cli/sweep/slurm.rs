//! Slurm: a round of a sweep (an array of shards, and a job that collects) is submitted.
//!
//! The folder is the only truth. What Slurm says of jobs is shown to people and decides nothing but whether a round is on its way
//! already: a controller that was killed forgets jobs and gives out numbers again.

use super::folder::Folder;
use super::slurm_script::{room, scripts};
use crate::cli::Errors;
use comity::diagnostic::Diagnostic;
use comity::storage::{StorageError, read_text, write_over};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes of a record of submission beyond which it is none of ours.
const RECORD_BYTES: u64 = 1024 * 1024;
/// What is Slurm's, but settled here: long name, short name, and what to do instead.
const SETTLED: [(&str, Option<char>, &str); 7] = [
    ("--array", Some('a'), "the tasks are chosen by --shards, before the --"),
    (
        "--dependency",
        Some('d'),
        "the collecting job waits for the tasks; to wait for another job, submit when that is done",
    ),
    ("--cpus-per-task", Some('c'), "the processors of a task are chosen by --cpus, before the --"),
    ("--wait", Some('W'), "comity status DIR says how far the jobs are"),
    ("--wrap", None, "the scripts are written by comity submit; comity submit --dry-run prints them"),
    ("--test-only", None, "comity submit --dry-run writes the scripts and submits nothing"),
    ("--help", Some('h'), "ask sbatch itself: sbatch --help"),
];
/// What a shell may have set for sbatch that would go before what the scripts say.
const SETTLED_VARIABLES: [&str; 12] = [
    "SBATCH_ARRAY_INX",
    "SBATCH_CPUS_PER_TASK",
    "SBATCH_DEPENDENCY",
    "SBATCH_ERROR",
    "SBATCH_JOB_NAME",
    "SBATCH_NO_REQUEUE",
    "SBATCH_OPEN_MODE",
    "SBATCH_OUTPUT",
    "SBATCH_REQUEUE",
    "SBATCH_SIGNAL",
    "SBATCH_WAIT",
    "SBATCH_WRAP",
];
/// What Slurm's commands need to find their controller.
const WHERE_SLURM_IS: [&str; 4] = ["SLURM_CONF", "SLURM_CLUSTERS", "SLURM_CONF_SERVER", "SLURM_JWT"];

/// How a sweep was handed to Slurm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The study, for the names of jobs.
    pub study: String,
    /// The plan that was submitted.
    pub digest: String,
    /// The program, as the nodes know it.
    pub program: PathBuf,
    /// How many shards.
    pub shards: u32,
    /// Processors of a task.
    pub cpus: u16,
    /// The most rounds for what is missing after the first.
    pub rounds: u32,
    /// Seconds for which the collecting job waits for blocks that a network file system may show late.
    pub settle: u32,
    /// What is handed to sbatch as it is.
    pub options: Vec<String>,
    /// The last round that was submitted; the first is 1.
    pub round: u32,
    /// The numbers of the jobs of the last round, as Slurm gave them: array, collecting job.
    pub jobs: Vec<String>,
}

/// Refuses options for sbatch that would undo what is settled here.
///
/// # Errors
/// The first such option, and what to do instead.
pub fn refuse_settled(options: &[String]) -> Result<(), Errors> {
    for option in options {
        let name = option.split('=').next().unwrap_or("");
        // Long options can be cut short; short ones can have their value stuck to them.
        let is = |long: &str, short: Option<char>| match name.strip_prefix("--") {
            Some(word) => !word.is_empty() && long[2..].starts_with(word),
            None => short.is_some_and(|short| name.strip_prefix('-').is_some_and(|rest| rest.starts_with(short))),
        };
        if let Some((long, _, instead)) = SETTLED.iter().find(|(long, short, _)| is(long, *short)) {
            let whose = if name == *long { String::new() } else { format!(" ({long})") };
            let message = format!("{option}{whose} cannot be handed to sbatch: comity submit settles that");
            return Err(vec![Diagnostic::error(message).hint(*instead)]);
        }
    }
    Ok(())
}

impl Submission {
    /// Reads how a folder was submitted.
    pub fn read(folder: &Folder) -> Option<Self> {
        let text = read_text(&room(folder).join("submission.json"), RECORD_BYTES).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Writes it down.
    fn write(&self, folder: &Folder) -> Result<(), StorageError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        write_over(&room(folder).join("submission.json"), (text + "\n").as_bytes())
    }

    /// Writes the scripts of a round, and what they are for unless the folder was submitted before, and submits nothing.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn prepare(&self, folder: &Folder, shards: &[u32], round: u32) -> Result<[(PathBuf, String); 2], Errors> {
        let refused = |error: StorageError| vec![Diagnostic::from(error)];
        let scripts = scripts(self, folder, shards, round);
        for (path, text) in &scripts {
            write_over(path, text.as_bytes()).map_err(refused)?;
        }
        if Self::read(folder).is_none_or(|earlier| earlier.jobs.is_empty()) {
            self.write(folder).map_err(refused)?;
        }
        Ok(scripts)
    }

    /// Writes the scripts of a round, submits them, and notes their numbers.
    ///
    /// # Errors
    /// When they cannot be written, or sbatch refuses them.
    pub fn submit(&mut self, folder: &Folder, shards: &[u32], round: u32) -> Result<(), Errors> {
        let refused = |error: StorageError| vec![Diagnostic::from(error)];
        let [(array, array_text), (collect, collect_text)] = scripts(self, folder, shards, round);
        write_over(&array, array_text.as_bytes()).map_err(refused)?;
        write_over(&collect, collect_text.as_bytes()).map_err(refused)?;
        // The record is there before a collecting job can look for it.
        (self.round, self.jobs) = (round, Vec::new());
        self.write(folder).map_err(refused)?;
        let first = self.sbatch(&[], &array)?;
        self.jobs.push(first.clone());
        self.write(folder).map_err(refused)?;
        let second = self.sbatch(&[after(&first)], &collect).map_err(|mut errors| {
            let more =
                format!("the shards are job {first}; when they are done: comity merge {}", folder.path.display());
            errors.push(Diagnostic::error("the shards were submitted, but not the job that merges them").hint(more));
            errors
        })?;
        self.jobs.push(second);
        self.write(folder).map_err(refused)
    }

    fn sbatch(&self, more: &[String], script: &Path) -> Result<String, Errors> {
        let mut command = Command::new("sbatch");
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_kept_back(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        let output = command.arg("--parsable").args(&self.options).args(more).arg(script).output().map_err(|error| {
            let hint = "submit on a machine that has Slurm's commands, such as a login node; --dry-run writes the scripts only";
            vec![Diagnostic::error(format!("sbatch cannot be started: {error}")).hint(hint)]
        })?;
        let number = job_number(&String::from_utf8_lossy(&output.stdout));
        match number.filter(|_| output.status.success()) {
            Some(number) => Ok(number),
            None => {
                let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                let hint = match why.contains("Invalid job array specification")
                    || why.contains("Limit")
                    || why.contains("limit")
                {
                    true => {
                        "take fewer tasks by --shards (scontrol show config says MaxArraySize; your site says what a user may have)"
                    }
                    false => "the plan is kept: mend what sbatch says and submit again with --resume",
                };
                let why = if why.is_empty() { "it said no number of a job".to_owned() } else { why };
                Err(vec![Diagnostic::error(format!("sbatch refused {}: {why}", script.display())).hint(hint)])
            }
        }
    }

    /// The clusters that were named among the options, if any were: squeue has to be told.
    pub fn clusters(&self) -> Option<&str> {
        self.options.iter().enumerate().find_map(|(place, option)| match option.as_str() {
            "--clusters" | "-M" => self.options.get(place + 1).map(String::as_str),
            other => other.strip_prefix("--clusters=").or_else(|| other.strip_prefix("-M")),
        })
    }
}

/// That a job begins when another has ended, in whatever way: after a failure, too, something has to look what is missing.
fn after(job: &str) -> String {
    format!("--dependency=afterany:{job}")
}

/// The number of a job in what sbatch printed: a site's own lines may go before it, and the name of a cluster may follow it.
fn job_number(said: &str) -> Option<String> {
    let number = |line: &str| {
        let number = line.trim().split(';').next().unwrap_or("").to_owned();
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
    };
    said.lines().rev().find_map(number)
}

/// Whether a variable is kept from sbatch: what tells a process about the job that it is in is none of the new job's business, and
/// what the scripts settle is not settled elsewhere. What a user has set for all his jobs (account, partition) is handed on.
fn is_kept_back(name: &str) -> bool {
    (name.starts_with("SLURM_") && !WHERE_SLURM_IS.contains(&name)) || SETTLED_VARIABLES.contains(&name)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A submission of eight shards.
    pub fn submission() -> Submission {
        Submission {
            study: "sweep-x".to_owned(),
            digest: "abc".to_owned(),
            program: PathBuf::from("/opt/comity"),
            shards: 8,
            cpus: 4,
            rounds: 3,
            settle: 60,
            options: Vec::new(),
            round: 1,
            jobs: Vec::new(),
        }
    }

    #[test]
    fn options_that_are_settled_here_are_refused_however_they_are_written() {
        let asked = |options: &[&str]| refuse_settled(&options.iter().map(|o| (*o).to_owned()).collect::<Vec<_>>());
        for wrong in [
            "--array=1-3",
            "-a1-3",
            "-a",
            "--arr=1",
            "--dependency=afterok:1",
            "-d",
            "-c4",
            "--cpus-per-task",
            "-W",
            "--wrap=x",
        ] {
            assert!(asked(&["--time=5", wrong]).is_err(), "{wrong}");
        }
        let fine = [
            "--partition",
            "long",
            "-p",
            "array",
            "--account=a",
            "-A",
            "x",
            "--wait-all-nodes=1",
            "--cpus-per-gpu=2",
            "--mem=4G",
        ];
        assert_eq!(asked(&fine), Ok(()));
    }

    #[test]
    fn the_number_of_a_job_is_found_in_whatever_a_site_prints() {
        assert_eq!(job_number("123\n").as_deref(), Some("123"));
        assert_eq!(job_number("Welcome to the cluster 7!\n123;north\n\n").as_deref(), Some("123"));
        assert_eq!(job_number("Submitted nothing"), None);
        assert_eq!(job_number(""), None);
    }

    #[test]
    fn a_job_does_not_hand_its_own_variables_to_the_next_but_what_its_user_has_set_for_all() {
        for name in ["SLURM_JOB_ID", "SLURM_CPUS_PER_TASK", "SLURM_ARRAY_TASK_ID", "SBATCH_ARRAY_INX", "SBATCH_SIGNAL"]
        {
            assert!(is_kept_back(name), "{name}");
        }
        for name in ["SLURM_CONF", "SLURM_CLUSTERS", "SBATCH_ACCOUNT", "SBATCH_PARTITION", "PATH", "HOME"] {
            assert!(!is_kept_back(name), "{name}");
        }
    }

    #[test]
    fn clusters_are_found_among_the_options() {
        let named = |options: &[&str]| {
            let options = options.iter().map(|option| (*option).to_owned()).collect();
            Submission { options, ..submission() }.clusters().map(str::to_owned)
        };
        assert_eq!(named(&["--time=5", "--clusters=north"]).as_deref(), Some("north"));
        assert_eq!(named(&["--clusters", "north"]).as_deref(), Some("north"));
        assert_eq!(named(&["-M", "north"]).as_deref(), Some("north"));
        assert_eq!(named(&["-Mnorth"]).as_deref(), Some("north"));
        assert_eq!(named(&["--mem=4G"]), None);
    }
}
