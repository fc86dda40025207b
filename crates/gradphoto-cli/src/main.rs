//! The `gradphoto` command.

mod annotations;
mod args;
mod batch;
mod commands;
mod line;
mod output;
mod photos;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

/// How a run ended, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Every photo passed.
    AllPass = 0,
    /// Some photo failed, needs a person's eye or could not be read.
    SomeNot = 1,
    /// The command could not run, or not to its end.
    CouldNotRun = 2,
}

fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Check(args) => commands::check::run(&args),
        Command::Watch(args) => commands::watch::run(&args),
        Command::Prepare(args) => commands::prepare::run(&args),
        Command::Rules(args) => commands::rules::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Profile(args) => commands::profile::run(&args),
    };
    let exit = outcome.unwrap_or_else(|error| {
        if !is_broken_pipe(&error) {
            anstream::eprintln!("gradphoto: {error:#}");
        }
        Exit::CouldNotRun
    });
    ExitCode::from(exit as u8)
}

/// Whether whoever read the output has gone, as `head` does: nothing is left to say, and nobody to say it to.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
