//! Files that are written whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Writes `file` whole, with the folders it lies in, or leaves what is there as it is.
///
/// # Errors
/// A folder or the file cannot be written; what was begun is gone.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = temporary(file);
    let written = fs::write(&temporary, bytes).and_then(|()| replace(&temporary, file));
    if written.is_err() {
        // What went wrong first is what is told.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Puts a finished file in the place of another.
///
/// # Errors
/// As of [`fs::rename`].
pub fn replace(finished: &Path, file: &Path) -> io::Result<()> {
    // Guards against viruses, and drives kept in a cloud, hold a new file for a moment.
    for pause in [20, 80, 320, 1280] {
        match fs::rename(finished, file) {
            Err(error) if is_held(&error) => thread::sleep(Duration::from_millis(pause)),
            renamed => return renamed,
        }
    }
    fs::rename(finished, file)
}

/// Whether what kept a file from being replaced may be that another program has it open: Windows alone minds.
pub fn is_held(error: &io::Error) -> bool {
    let is_denied = || error.kind() == io::ErrorKind::PermissionDenied;
    cfg!(windows) && (is_denied() || matches!(error.raw_os_error(), Some(32 | 33)))
}

/// Sees to it that a file can be replaced when the time comes: Windows does not do so with a table that is open in Excel.
///
/// # Errors
/// Another program holds the file.
pub fn free(file: &Path) -> io::Result<()> {
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt;
        /// What whoever replaces a file asks for.
        const DELETE: u32 = 0x1_0000;
        match fs::OpenOptions::new().access_mode(DELETE).open(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    #[cfg(not(windows))]
    let _ = file;
    Ok(())
}

/// A hidden name beside `file` that no other thread or run uses.
pub fn temporary(file: &Path) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    file.with_file_name(format!(".gradphoto-{}-{number}.tmp", process::id()))
}
