//! comity: simulates cooperation habits in a security community.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
