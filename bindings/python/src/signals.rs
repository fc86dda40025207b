//! Ctrl-C while the library works.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

/// How long Ctrl-C may have to wait.
pub const PATIENCE: Duration = Duration::from_millis(50);

/// What `work` gives, which runs on a thread of its own, so that this one hears Ctrl-C meanwhile. Work that nobody waits for
/// any more runs to its end, and what it gives is dropped.
pub fn hearing_signals<T: Send + 'static>(py: Python<'_>, work: impl FnOnce() -> T + Send + 'static) -> PyResult<T> {
    let (done, mut result) = channel();
    let worker = thread::Builder::new().spawn(move || drop(done.send(work())))?;
    loop {
        let result = &mut result;
        match py.detach(move || result.recv_timeout(PATIENCE)) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    // Only a panic ends the thread without a result.
    resume_unwind(worker.join().expect_err("sent its result"))
}
