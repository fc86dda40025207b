//! The `gradphoto` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    // SAFETY: no other thread runs yet.
    unsafe { gradphoto::forbid_reports() };
    ExitCode::from(gradphoto_cli::main(gradphoto_cli::typed()) as u8)
}
