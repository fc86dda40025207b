//! The `gradphoto` command, as a function: its own binary and the Python package's command both call [`main`].

mod annotations;
mod args;
mod batch;
mod commands;
mod config;
mod help_zh;
mod interrupt;
mod line;
mod output;
mod own;
mod paper;
mod photos;
mod school;
mod text_file;
mod trouble;
mod upload;
mod usage;
mod window;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches};
use gradphoto::Language;

use crate::args::{Args, Command};
pub use crate::window::typed;

/// How a run ended, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every photo passed.
    AllPass = 0,
    /// Some photo failed, needs a person's eye or could not be read.
    SomeNot = 1,
    /// The command could not run, or not to its end.
    CouldNotRun = 2,
}

/// Runs the command as it was typed, its name first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> Exit {
    keep_memory_flat();
    let typed = args.into_iter().collect::<Vec<_>>();
    let language = args::language::typed(&typed);
    let is_from_desktop = typed.iter().skip(1).all(|word| Path::new(word).exists());
    let exit = run(typed, language);
    window::keep_open(exit, is_from_desktop, language);
    exit
}

fn run(typed: Vec<OsString>, language: Language) -> Exit {
    let (typed, told) = match config::completed(&Args::command(), args::ordered(typed)) {
        Ok(completed) => completed,
        Err(error) => return ended(Err(error), language),
    };
    // The file beside the photos may name another.
    let language = args::language::typed(&typed);
    let command = match language {
        Language::Zh => help_zh::in_chinese(Args::command()),
        Language::En => Args::command(),
    };
    let first = typed.get(1).map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let parsed = command.clone().try_get_matches_from(&typed).and_then(|matches| {
        let is_profile_typed = matches.value_source("profile") == Some(ValueSource::CommandLine);
        Ok((Args::from_arg_matches(&matches)?, is_profile_typed))
    });
    if let Some(told) = told {
        anstream::eprintln!("{told}");
    }
    let (args, is_profile_typed) = match parsed {
        Ok(args) => args,
        Err(slip) => {
            if let Some(misplaced) = usage::misplaced(&slip, &command, &typed) {
                return ended(Err(misplaced.into()), language);
            }
            let page = || match language {
                Language::Zh => help_zh::of_clap(&slip.render().ansi().to_string()),
                Language::En => slip.render().ansi().to_string(),
            };
            let page = usage::cure(&slip, &command, &first, language).unwrap_or_else(page);
            // Help goes to stdout, a slip to stderr; when neither can be written, nobody is left to tell.
            let _ = match slip.use_stderr() {
                true => write!(anstream::stderr(), "{page}"),
                false => write!(anstream::stdout(), "{page}"),
            };
            return if slip.use_stderr() { Exit::CouldNotRun } else { Exit::AllPass };
        }
    };
    let Some(wanted) = args.command else { return ended(commands::app::open(&args.page, is_profile_typed), language) };
    let outcome = match wanted {
        Command::Check(args) => commands::check::run(&args),
        Command::Watch(args) => commands::watch::run(&args),
        Command::Prepare(args) => commands::prepare::run(&args),
        Command::Rules(args) => commands::rules::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Profile(args) => commands::profile::run(&args, language),
        Command::Serve(args) => commands::app::serve(&args),
        Command::Completions(args) => commands::shell::completions(&args, command),
        Command::Man(args) => commands::shell::man(&args, command, language),
    };
    ended(outcome, language)
}

/// Says why a run could not be made.
fn ended(outcome: anyhow::Result<Exit>, language: Language) -> Exit {
    let flushed = outcome.and_then(|exit| Ok(io::stdout().flush().map(|()| exit)?));
    flushed.unwrap_or_else(|error| {
        if !is_broken_pipe(&error) {
            let colon = if language == Language::Zh { "：" } else { ": " };
            anstream::eprintln!("gradphoto{colon}{}", trouble::message(&error, language));
        }
        Exit::CouldNotRun
    })
}

/// Has all threads share one heap. With a heap for each, as glibc gives them, the pictures and reports that one thread asks
/// for and another frees leave holes, and memory grows over thousands of photos; the lock costs no measurable time.
fn keep_memory_flat() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: mallopt is safe to call at any time; heaps that threads already have stay as they are.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

/// Whether whoever read the output has gone, as `head` does: nothing is left to say, and nobody to say it to.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
