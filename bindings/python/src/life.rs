//! What lives as long as a process: the models and the threads.

use gradphoto::{Checker, Profile};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::engine::EngineChoice;
use crate::errors::{ModelError, raised};

/// The models in memory and the threads that use them.
pub struct Life {
    /// The library's checker.
    pub checker: Checker,
    /// Threads for many photos.
    pub pool: ThreadPool,
}

impl Life {
    /// Loads the models and starts `jobs` threads, 0 for one per core.
    pub fn new(profile: &Profile, engine: &EngineChoice, jobs: usize) -> PyResult<Self> {
        let checker = engine.build(Checker::builder().profile(profile.clone())).map_err(raised)?;
        let pool = ThreadPoolBuilder::new().num_threads(jobs).thread_name(|index| format!("gradphoto-{index}")).build();
        let pool = pool.map_err(|e| ModelError::new_err(format!("starting the worker threads: {e}")))?;
        Ok(Life { checker, pool })
    }
}

/// Raised where a child of a fork goes on with its parent's work.
pub fn forked() -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err("these results belong to the parent process; ask for them again here")
}
