//! A scanner is a keyboard: it types a code and a line end.

use std::io::{self, BufRead};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

/// Lines of stdin as they come, with when they did, without blanks around them.
pub fn lines() -> Receiver<(Instant, String)> {
    let (sender, lines) = mpsc::channel();
    // The thread ends with the program, or when stdin does.
    thread::spawn(move || codes(io::stdin().lock()).try_for_each(|code| sender.send((Instant::now(), code))));
    lines
}

/// No lines, where stdin is not asked.
pub fn none() -> Receiver<(Instant, String)> {
    mpsc::channel().1
}

/// Bytes that are no text stay as signs that no roster has: a garbled scan is nobody's, and the next one counts again.
fn codes(typed: impl BufRead) -> impl Iterator<Item = String> {
    let lines = typed.split(b'\n').map_while(Result::ok);
    let codes = lines.map(|line| String::from_utf8_lossy(&line).trim().trim_start_matches('\u{feff}').to_owned());
    codes.filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_garbled_scan_does_not_end_the_scanning() {
        let typed = b"\xef\xbb\xbfC001\r\n\n C00\xa12 \nC002\n";
        assert_eq!(codes(&typed[..]).collect::<Vec<_>>(), ["C001", "C00\u{fffd}2", "C002"]);
    }
}
