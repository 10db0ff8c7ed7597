//! What Slurm says of the jobs of a sweep: for people to read, and to keep from submitting a round twice.

use super::slurm::Submission;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a controller is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// States of jobs that have left the queue; Slurm remembers them for some minutes.
const OVER: [&str; 11] = [
    "boot_fail",
    "cancelled",
    "completed",
    "deadline",
    "failed",
    "launch_failed",
    "node_fail",
    "out_of_memory",
    "preempted",
    "revoked",
    "timeout",
];

/// What Slurm says of some jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queue {
    /// How many are in which state, such as `running`, those that are over included; none if Slurm knows nothing of them.
    Jobs(Vec<(usize, String)>),
    /// Slurm cannot be asked, for this reason. That is not an empty queue.
    Unknown(String),
}

impl Queue {
    /// Asks for the jobs of a submission; only for those of this user, if it is his own jobs that count: a controller that forgot
    /// everything gives the same numbers to others.
    pub fn of(submission: &Submission, own: bool) -> Self {
        let mut command = Command::new("squeue");
        command.args(["--noheader", "--array", "--format=%T|%r", "--jobs", &submission.jobs.join(",")]);
        if own {
            command.arg("--me");
        }
        if let Some(clusters) = submission.clusters() {
            command.args(["--clusters", clusters]);
        }
        match answer(command) {
            Ok((true, said, _)) => Self::Jobs(counted_states(&said)),
            Ok((false, _, words)) if words.contains("Invalid job id") => Self::Jobs(Vec::new()),
            Ok((false, _, words)) => Self::Unknown(words.trim().to_owned()),
            Err(reason) => Self::Unknown(reason),
        }
    }

    /// Whether something waits or runs, for certain.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Jobs(states) if states.iter().any(|(_, state)| !OVER.contains(&state.as_str())))
    }

    /// In words, for jobs of those numbers.
    pub fn words(&self, jobs: &str) -> String {
        match self {
            Self::Unknown(reason) => format!("Slurm (jobs {jobs}) cannot be asked: {reason}\n"),
            Self::Jobs(states) => {
                let mut words: Vec<String> = states.iter().map(|(count, state)| format!("{count} {state}")).collect();
                if !self.is_busy() {
                    words.push("nothing in the queue".to_owned());
                }
                format!("Slurm (jobs {jobs}): {}\n", words.join(", "))
            }
        }
    }
}

/// Whether a command succeeded, what it printed and what it complained about; an error if it cannot be started or does not end.
fn answer(mut command: Command) -> Result<(bool, String, String), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let cannot = |error: std::io::Error| format!("{name} cannot be started: {error}");
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(cannot)?;
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // What cannot be read was not said.
            let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let said = read(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let words = read(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    #[expect(clippy::disallowed_methods, reason = "how long to wait for a controller is no result")]
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                let text = |thread: std::thread::JoinHandle<String>| thread.join().unwrap_or_default();
                return Ok((status.success(), text(said), text(words)));
            }
            Ok(None) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                // It is given up whether it can be ended or not.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{name} does not answer"));
            }
            Err(error) => return Err(format!("{name}: {error}")),
        }
    }
}

/// How many lines there are of each state; what waits is told with the reason.
fn counted_states(said: &str) -> Vec<(usize, String)> {
    // With --clusters, squeue names the cluster in a line of its own.
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("CLUSTER"));
    let state = |line: &str| match line.split_once('|') {
        Some(("PENDING", reason)) => format!("pending ({reason})"),
        Some((state, _)) => state.to_lowercase(),
        None => line.to_lowercase(),
    };
    let mut states: Vec<String> = lines.map(state).collect();
    states.sort_unstable();
    let mut counted: Vec<(usize, String)> = Vec::new();
    for state in states {
        match counted.last_mut() {
            Some((count, last)) if *last == state => *count += 1,
            _ => counted.push((1, state)),
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_counted() {
        let states = counted_states(
            "RUNNING|None\nPENDING|Dependency\nRUNNING|None\n\nCLUSTER: north\nFAILED|NonZeroExitCode\n",
        );
        assert_eq!(
            states,
            [(1, "failed".to_owned()), (1, "pending (Dependency)".to_owned()), (2, "running".to_owned())]
        );
        let queue = Queue::Jobs(states);
        assert_eq!(queue.words("1,2"), "Slurm (jobs 1,2): 1 failed, 1 pending (Dependency), 2 running\n");
        assert!(queue.is_busy());
    }

    #[test]
    fn jobs_that_are_over_are_not_in_the_queue() {
        let queue = Queue::Jobs(counted_states("COMPLETED|None\nTIMEOUT|TimeLimit\n"));
        assert!(!queue.is_busy());
        assert_eq!(queue.words("1"), "Slurm (jobs 1): 1 completed, 1 timeout, nothing in the queue\n");
        assert_eq!(Queue::Jobs(Vec::new()).words("1"), "Slurm (jobs 1): nothing in the queue\n");
    }

    #[test]
    fn an_error_is_not_an_empty_queue() {
        let unknown = Queue::Unknown("the controller is down".to_owned());
        assert!(!unknown.is_busy() && unknown != Queue::Jobs(Vec::new()));
        assert!(unknown.words("1").contains("cannot be asked: the controller is down"));
        assert!(answer(Command::new("/no/such/squeue")).is_err_and(|reason| reason.contains("cannot be started")));
    }

    #[test]
    fn more_than_a_pipe_holds_is_read() {
        let mut command = Command::new("seq");
        command.arg("100000");
        let (well, said, _) = answer(command).expect("every machine has seq");
        assert!(well && said.lines().count() == 100_000);
    }
}
