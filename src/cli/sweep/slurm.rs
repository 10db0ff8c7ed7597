//! Slurm: the scripts of a round (an array of shards, and a job that collects), and what is asked of the scheduler.
//!
//! The folder is the only truth. What Slurm says of jobs is shown to people and decides nothing: a controller that was killed forgets
//! jobs and gives out numbers again.

use super::folder::Folder;
use crate::cli::Errors;
use comity::diagnostic::Diagnostic;
use comity::storage::{StorageError, read_text, write_over};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Bytes of a record of submission beyond which it is none of ours.
const RECORD_BYTES: u64 = 1024 * 1024;
/// Seconds for which the collecting job waits for blocks that a network file system may show late.
const SETTLE: u32 = 60;

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
    /// What is handed to sbatch as it is.
    pub options: Vec<String>,
    /// The numbers of the jobs of the last round, as Slurm gave them: array, collecting job.
    pub jobs: Vec<String>,
}

/// Where the scripts and logs of a sweep are.
fn room(folder: &Folder) -> PathBuf {
    folder.path.join("slurm")
}

/// A word that the shell takes as one.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

impl Submission {
    /// Reads how a folder was submitted.
    pub fn read(folder: &Folder) -> Option<Self> {
        let text = read_text(&room(folder).join("submission.json"), RECORD_BYTES).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Writes it down.
    pub fn write(&self, folder: &Folder) -> Result<(), StorageError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        write_over(&room(folder).join("submission.json"), (text + "\n").as_bytes())
    }

    /// The scripts of a round for some shards (numbered from 0), with their names.
    pub fn scripts(&self, folder: &Folder, shards: &[u32], round: u32) -> [(String, String); 2] {
        let shown = |path: PathBuf| quoted(&path.to_string_lossy());
        let (path, program) = (shown(folder.path.clone()), quoted(&self.program.to_string_lossy()));
        let log = |name: &str| room(folder).join(name).to_string_lossy().into_owned();
        let head = |what: &str, log: String, cpus: u16| {
            format!(
                "#!/bin/bash\n#SBATCH --job-name=comity-{}-{what}\n#SBATCH --cpus-per-task={cpus}\n#SBATCH --output=\"{log}\"\n\
                 #SBATCH --open-mode=append\n",
                plain(&self.study)
            )
        };
        let mut array = head("shards", log("shard-%a.log"), self.cpus);
        let list = ranges(shards);
        let _ = write!(
            array,
            "#SBATCH --array={list}\n#SBATCH --requeue\n#SBATCH --signal=B:TERM@60\n\
             # A task makes the blocks of its shard that are not there yet. Requeued or started twice, it does the same.\n\
             exec {program} sweep {path} --resume --expect {} --threads {} --shard $((SLURM_ARRAY_TASK_ID + 1))/{}\n",
            self.digest, self.cpus, self.shards
        );
        let mut collect = head("collect", log("collect.log"), self.cpus);
        let _ = write!(
            collect,
            "#SBATCH --requeue\n\
             # Merges, if all is there; else submits a round for what is missing, {} at most.\n\
             exec {program} merge {path} --expect {} --settle {SETTLE} --round {round}\n",
            self.rounds, self.digest
        );
        [(format!("shards-{round}.sh"), array), (format!("collect-{round}.sh"), collect)]
    }

    /// Writes the scripts of a round and submits them; the numbers of the jobs.
    pub fn submit(&mut self, folder: &Folder, shards: &[u32], round: u32) -> Result<(), Errors> {
        let refused = |error: StorageError| vec![Diagnostic::from(error)];
        let [(array, array_text), (collect, collect_text)] = self.scripts(folder, shards, round);
        write_over(&room(folder).join(&array), array_text.as_bytes()).map_err(refused)?;
        write_over(&room(folder).join(&collect), collect_text.as_bytes()).map_err(refused)?;
        self.write(folder).map_err(refused)?;
        let first = self.sbatch(&[], &room(folder).join(&array))?;
        let after = format!("--dependency=afterany:{first}");
        let second = self.sbatch(&[after], &room(folder).join(&collect)).map_err(|mut errors| {
            let more =
                format!("the shards are job {first}; when they are done: comity merge {}", folder.path.display());
            errors.push(Diagnostic::error("the shards were submitted, but not the job that merges them").hint(more));
            errors
        })?;
        self.jobs = vec![first, second];
        self.write(folder).map_err(refused)
    }

    fn sbatch(&self, more: &[String], script: &std::path::Path) -> Result<String, Errors> {
        let mut command = Command::new("sbatch");
        // What this process was given by the scheduler, if it is a job itself, is none of the new job's business.
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_the_job(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        let output = command.arg("--parsable").args(&self.options).args(more).arg(script).output().map_err(|error| {
            let hint = "submit on a machine that has Slurm's commands, such as a login node; --dry-run writes the scripts only";
            vec![Diagnostic::error(format!("sbatch cannot be started: {error}")).hint(hint)]
        })?;
        let said = String::from_utf8_lossy(&output.stdout);
        let number = said.trim().split(';').next().unwrap_or("").to_owned();
        if !output.status.success() || number.is_empty() {
            let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let message = format!("sbatch refused {}: {why}", script.display());
            return Err(vec![
                Diagnostic::error(message).hint("the plan is kept: mend it and submit again with --resume"),
            ]);
        }
        Ok(number)
    }
}

/// Whether a variable tells a process about the job it is in; where Slurm is configured is another matter.
fn is_of_the_job(name: &str) -> bool {
    (name.starts_with("SLURM_") && name != "SLURM_CONF") || name.starts_with("SBATCH_")
}

/// A name that Slurm takes.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect()
}

/// Numbers as Slurm lists them: 0-3,7.
fn ranges(numbers: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => parts.push((number, number)),
        }
    }
    let words = parts.iter().map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") });
    words.collect::<Vec<_>>().join(",")
}

/// What Slurm says of the jobs of a sweep, in words; nothing if it was not submitted.
pub fn queue(folder: &Folder) -> String {
    let Some(submission) = Submission::read(folder) else { return String::new() };
    let jobs = submission.jobs.join(",");
    if jobs.is_empty() {
        return "written for Slurm, not submitted\n".to_owned();
    }
    let asked = Command::new("squeue").args(["--noheader", "--array", "--format=%T", "--jobs", &jobs]).output();
    let output = match asked {
        Ok(output) => output,
        Err(error) => return format!("Slurm (jobs {jobs}) cannot be asked: {error}\n"),
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && !errors.contains("Invalid job id") {
        return format!("Slurm (jobs {jobs}) cannot be asked: {}\n", errors.trim());
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut states: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    states.sort_unstable();
    if states.is_empty() {
        return format!("Slurm (jobs {jobs}): nothing in the queue\n");
    }
    let mut counted: Vec<(usize, &str)> = Vec::new();
    for state in states {
        match counted.last_mut() {
            Some((count, last)) if *last == state => *count += 1,
            _ => counted.push((1, state)),
        }
    }
    let words: Vec<String> = counted.iter().map(|(count, state)| format!("{count} {}", state.to_lowercase())).collect();
    format!("Slurm (jobs {jobs}): {}\n", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn shards_are_listed_as_slurm_reads_them() {
        assert_eq!(ranges(&[0, 1, 2, 3, 7, 9, 10]), "0-3,7,9-10");
        assert_eq!(ranges(&[5]), "5");
        assert_eq!(plain("a study/x"), "a_study_x");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn scripts_name_everything_that_a_task_needs() {
        let submission = Submission {
            study: "sweep-x".to_owned(),
            digest: "abc".to_owned(),
            program: PathBuf::from("/opt/comity"),
            shards: 8,
            cpus: 4,
            rounds: 3,
            options: Vec::new(),
            jobs: Vec::new(),
        };
        let folder = Folder::new(Path::new("/data/it's here"));
        let [(_, array), (_, collect)] = submission.scripts(&folder, &[0, 1, 5], 2);
        for words in [
            "--array=0-1,5",
            "--cpus-per-task=4",
            "--requeue",
            "--open-mode=append",
            "B:TERM@60",
            "--expect abc",
            "--threads 4",
            "$((SLURM_ARRAY_TASK_ID + 1))/8",
            r"'/data/it'\''s here'",
        ] {
            assert!(array.contains(words), "{words} is not in {array}");
        }
        assert!(collect.contains("--round 2") && collect.contains("merge '/data/it'\\''s here'"), "{collect}");
    }
}
