//! Arguments in, words out. Data goes to standard output, words to standard error.

mod arguments;
mod calibrate;
mod compare;
mod compare_results;
mod describe;
mod diagnostics;
mod explain;
mod figure;
mod figure_words;
mod kept;
mod ledger;
mod optimise;
mod picture;
mod posterior;
mod report;
mod results;
mod run;
mod run_results;
mod scenarios;
mod sweep;
mod table;
mod terminal;
mod validate;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
use comity::diagnostic::Diagnostic;
use std::io::Write;
use std::process::ExitCode;

/// How a command ended, when nothing kept it from starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All was done.
    Done,
    /// Done, but something in it failed or was stopped.
    Partly,
}

/// Everything that kept a command from being done.
pub type Errors = Vec<Diagnostic>;

/// Runs the program. Exit code 0: done; 1: done in part; 2: could not start, or could not keep its results.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = terminal::Terminal::new(arguments.quiet);
    let ended = match arguments.command {
        Command::Run(arguments) => run::run(&arguments, &terminal),
        Command::Compare(arguments) => compare::compare(&arguments, &terminal),
        Command::Validate(arguments) => validate::validate(&arguments, &terminal),
        Command::Table(arguments) => table::table(&arguments, &terminal),
        Command::Sweep(arguments) => sweep::sweep(&arguments, &terminal),
        Command::Sensitivity(arguments) => sweep::sensitivity(&arguments, &terminal),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments, &terminal),
        Command::Optimise(arguments) => optimise::optimise(&arguments, &terminal),
        Command::Merge(arguments) => sweep::merge(&arguments, &terminal),
        Command::Verify(arguments) => sweep::verify(&arguments, &terminal),
        Command::Submit(arguments) => sweep::submit(&arguments, &terminal),
        Command::Status(arguments) => sweep::status(&arguments, &terminal),
        Command::Explain(arguments) => explain::explain(&arguments, &terminal),
        Command::Figure(arguments) => figure::figure(&arguments, &terminal),
        Command::Report(arguments) => report::report(&arguments, &terminal),
        Command::Check(arguments) => scenarios::check(&arguments, &terminal),
        Command::Describe(arguments) => describe::describe(&arguments, &terminal),
        Command::New(arguments) => scenarios::new(&arguments, &terminal),
        Command::Schema(arguments) => scenarios::schema(&arguments),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "comity", &mut std::io::stdout());
            Ok(Ended::Done)
        }
    };
    match ended {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::Partly) => ExitCode::from(1),
        Err(errors) => {
            terminal.report(&errors);
            ExitCode::from(2)
        }
    }
}

/// Writes data to standard output. A reader that has gone away is no error.
pub fn say(text: &str) -> Result<(), Errors> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("the output could not be written: {error}");
            Err(vec![Diagnostic::error(message).hint("free some space, or send it elsewhere")])
        }
        _ => Ok(()),
    }
}
