//! Files that appear in a folder while it is watched.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::store::FileStamp;

/// Files that are being written, and those that need not be looked at any more. Folders on a network tell nobody what happens
/// in them, so they are looked through again and again.
#[derive(Default)]
pub struct Arrivals {
    /// Stamp of the file, since when, and whether it has been tried.
    open: HashMap<PathBuf, (Option<FileStamp>, Instant, bool)>,
    done: HashMap<PathBuf, Option<FileStamp>>,
}

impl Arrivals {
    pub const TICK: Duration = Duration::from_millis(150);
    /// A file is looked at when nothing has been written to it for so long.
    const QUIET: Duration = Duration::from_millis(250);
    /// One that is no whole picture by then is given this time before that is said.
    const PATIENCE: Duration = Duration::from_secs(3);

    /// This file is not looked at again unless it changes.
    pub fn skip(&mut self, path: PathBuf) {
        self.open.remove(&path);
        let stamp = FileStamp::of(&path);
        self.done.insert(path, stamp);
    }

    /// Files to look at now, and whether that is the last time: once when they fall quiet, once when patience ends.
    pub fn ready(&mut self, found: Vec<PathBuf>) -> Vec<(PathBuf, bool)> {
        let mut ready = Vec::new();
        for path in found {
            let stamp = FileStamp::of(&path);
            if self.done.get(&path) == Some(&stamp) {
                continue;
            }
            let open = self.open.entry(path.clone()).or_insert_with(|| (stamp, Instant::now(), false));
            if open.0 != stamp {
                *open = (stamp, Instant::now(), false);
            }
            let quiet = open.1.elapsed();
            if quiet >= Self::PATIENCE || quiet >= Self::QUIET && !open.2 {
                open.2 = true;
                ready.push((path, quiet >= Self::PATIENCE));
            }
        }
        ready
    }
}
