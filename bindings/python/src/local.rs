//! What must not cross a fork.

use std::process;

use pyo3::PyErr;
use pyo3::exceptions::PyRuntimeError;

/// A value of the process that made it. Threads do not survive a fork and locks may be held by them for ever, so a child
/// gets nothing, and leaves what it inherited as it lies instead of dropping it.
pub struct Local<T> {
    process: u32,
    value: Option<T>,
}

impl<T> Local<T> {
    /// A value of this process.
    pub fn new(value: T) -> Self {
        Local { process: process::id(), value: Some(value) }
    }

    /// The value; `None` in a child of the process that made it.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.process == process::id())
    }
}

impl<T> Drop for Local<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            std::mem::forget(self.value.take());
        }
    }
}

/// Raised where a child of a fork goes on with its parent's work.
pub fn forked() -> PyErr {
    PyRuntimeError::new_err("these results belong to the parent process; ask for them again here")
}
