//! Files that are written whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Writes `file` whole, with the folders it lies in, or leaves what is there as it is.
///
/// # Errors
/// A folder or the file cannot be written; what was begun is gone.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = temporary(file);
    let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, file));
    if written.is_err() {
        // What went wrong first is what is told.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A hidden name beside `file` that no other thread or run uses.
pub fn temporary(file: &Path) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    file.with_file_name(format!(".gradphoto-{}-{number}.tmp", process::id()))
}
