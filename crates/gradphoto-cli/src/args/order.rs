//! The order of what was typed, as clap takes it.

use std::ffi::OsString;

use clap::CommandFactory;

use super::Args;

/// The command line with its command in front and `help` behind it, as --help: clap takes what follows an option of the page
/// for the page's folder, and knows `help` in English alone.
pub fn ordered(mut typed: Vec<OsString>) -> Vec<OsString> {
    let first = next_word(&typed, 1);
    if typed.get(first).is_some_and(|word| !word.as_encoded_bytes().starts_with(b"-")) {
        typed[1..=first].rotate_right(1);
    }
    let (mut known, mut at) = (Args::command(), 1);
    while let Some(word) = typed.get(at).filter(|_| known.has_subcommands()) {
        if word == "help" {
            typed.remove(at);
            typed.push("--help".into());
            return ordered(typed);
        }
        let Some(below) = known.find_subcommand(word).cloned() else { break };
        known = below;
        at = next_word(&typed, at + 1);
    }
    typed
}

/// The place of the first word from there on that is no option of every command.
fn next_word(typed: &[OsString], mut at: usize) -> usize {
    while let Some(word) = typed.get(at).and_then(|word| word.to_str()) {
        at += match word {
            "--lang" => 2,
            "--no-config" => 1,
            word if word.starts_with("--lang=") => 1,
            _ => break,
        };
    }
    at
}
