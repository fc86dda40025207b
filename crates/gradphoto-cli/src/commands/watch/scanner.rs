//! A scanner is a keyboard: it types a code and a line end.

use std::io;
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Lines of stdin as they come, without blanks around them; none unless they are wanted.
pub fn lines(wanted: Option<()>) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    if wanted.is_some() {
        // The thread ends with the program, or when stdin does.
        thread::spawn(move || {
            for line in io::stdin().lines().map_while(Result::ok) {
                let line = line.trim().trim_start_matches('\u{feff}').to_owned();
                if !line.is_empty() && sender.send(line).is_err() {
                    break;
                }
            }
        });
    }
    lines
}
