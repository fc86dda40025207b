//! A progress bar on a terminal's stderr, for runs long enough to want one.

use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// The bar, and the way to print without tearing it.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_secs(1);

    /// A bar for this many photos.
    pub fn new(photos: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(photos as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {rate}/s  ETA {eta}") {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // Writing to the bar's own buffer does not fail.
                let _ = write!(out, "{:.1}", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate));
        }
        Progress { bar, started: Instant::now() }
    }

    /// Prints the lines of one photo and moves the bar on.
    pub fn print(&self, lines: &str) -> io::Result<()> {
        if self.bar.is_hidden() && self.started.elapsed() > Self::PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
        self.bar.suspend(|| print(lines))
    }
}

impl Drop for Progress {
    /// Takes the bar off the terminal.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Writes whole lines to stdout, coloured only on a terminal that wants colours.
pub fn print(lines: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(lines.as_bytes())?;
    stdout.flush()
}
