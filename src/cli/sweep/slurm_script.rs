//! The scripts of a round as Slurm and the shell read them.

use super::folder::Folder;
use super::slurm::Submission;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where the scripts and logs of a sweep are.
pub fn room(folder: &Folder) -> PathBuf {
    folder.path.join("slurm")
}

/// A word that the shell takes as one.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The name of a log in a script's directives: sbatch reads quotes as a shell does, and what follows a % as something to fill in.
/// `name` is filled in, the folder is not.
fn directive(folder: &Path, name: &str) -> String {
    format!("\"{}/{name}\"", folder.to_string_lossy().replace('%', "%%").replace('"', "\\\""))
}

/// Why a path cannot stand in a script, if it cannot.
pub fn unfit(path: &Path) -> Option<&'static str> {
    let Some(text) = path.to_str() else { return Some("its name is not UTF-8") };
    // With a backslash anywhere in it, sbatch fills in nothing.
    text.chars().any(|c| c == '\\' || c.is_control()).then_some("sbatch takes no backslash or line break in it")
}

/// The scripts of a round for some shards (numbered from 0), with their names.
pub fn scripts(submission: &Submission, folder: &Folder, shards: &[u32], round: u32) -> [(PathBuf, String); 2] {
    let (path, program) = (quoted(&folder.path.to_string_lossy()), quoted(&submission.program.to_string_lossy()));
    let head = |what: &str, log: &str| {
        format!(
            "#!/bin/bash\n#SBATCH --job-name=comity-{}-{what}\n#SBATCH --cpus-per-task={}\n#SBATCH --output={}\n\
             #SBATCH --open-mode=append\n#SBATCH --requeue\n",
            plain(&submission.study),
            submission.cpus,
            directive(&room(folder), log)
        )
    };
    let mut array = head("shards", "shard-%a.log");
    let list = ranges(shards);
    let _ = write!(
        array,
        "#SBATCH --array={list}\n#SBATCH --signal=B:TERM@60\n\
         # A task makes the blocks of its shard that are not there yet. Requeued or started twice, it does the same.\n\
         exec {program} sweep {path} --resume --expect {} --threads {} --shard $((SLURM_ARRAY_TASK_ID + 1))/{}\n",
        submission.digest, submission.cpus, submission.shards
    );
    let mut collect = head("collect", "collect.log");
    let _ = write!(
        collect,
        "# Merges, if all is there; else submits a round for what is missing, {} at most after the first.\n\
         exec {program} merge {path} --expect {} --settle {} --round {round}\n",
        submission.rounds, submission.digest, submission.settle
    );
    let name = |what: &str| room(folder).join(format!("{what}-{round}.sh"));
    [(name("shards"), array), (name("collect"), collect)]
}

/// The commands that submit the scripts, for a person to type.
pub fn by_hand(submission: &Submission, [array, collect]: [&Path; 2]) -> String {
    let options: String = submission.options.iter().map(|option| quoted(option) + " ").collect();
    let script = |path: &Path| quoted(&path.to_string_lossy());
    format!(
        "job=$(sbatch --parsable {options}{})\nsbatch {options}--dependency=afterany:\"${{job%%;*}}\" {}\n",
        script(array),
        script(collect)
    )
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

#[cfg(test)]
mod tests {
    use super::super::slurm::tests::submission;
    use super::*;

    #[test]
    fn shards_are_listed_as_slurm_reads_them() {
        assert_eq!(ranges(&[0, 1, 2, 3, 7, 9, 10]), "0-3,7,9-10");
        assert_eq!(ranges(&[5]), "5");
        assert_eq!(plain("a study/x"), "a_study_x");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn scripts_name_everything_that_a_task_needs() {
        let folder = Folder::new(Path::new("/data/it's 5% \"here\""));
        let [(_, array), (path, collect)] = scripts(&submission(), &folder, &[0, 1, 5], 2);
        for words in [
            "--array=0-1,5",
            "--cpus-per-task=4",
            "--requeue",
            "--open-mode=append",
            "B:TERM@60",
            "--expect abc",
            "--threads 4",
            "$((SLURM_ARRAY_TASK_ID + 1))/8",
            r#"'/data/it'\''s 5% "here"'"#,
            r#"--output="/data/it's 5%% \"here\"/slurm/shard-%a.log""#,
        ] {
            assert!(array.contains(words), "{words} is not in {array}");
        }
        assert!(collect.contains("--settle 60 --round 2") && collect.contains("merge '/data/it'\\''s"), "{collect}");
        assert!(path.ends_with("slurm/collect-2.sh"), "{}", path.display());
        assert_eq!(unfit(&folder.path), None);
        assert!(unfit(Path::new("/a\\b")).is_some() && unfit(Path::new("/a\nb")).is_some());
    }

    #[test]
    fn what_is_typed_by_hand_is_what_would_be_submitted() {
        let submission = Submission { options: vec!["--comment=two words".to_owned()], ..submission() };
        let words = by_hand(&submission, [Path::new("/a b/shards-1.sh"), Path::new("/a b/collect-1.sh")]);
        assert_eq!(
            words,
            "job=$(sbatch --parsable '--comment=two words' '/a b/shards-1.sh')\n\
             sbatch '--comment=two words' --dependency=afterany:\"${job%%;*}\" '/a b/collect-1.sh'\n"
        );
    }
}
