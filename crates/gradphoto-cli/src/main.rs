//! The `gradphoto` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(gradphoto_cli::main(std::env::args_os()) as u8)
}
