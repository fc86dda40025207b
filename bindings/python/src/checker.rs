//! The checker, one life per process.

use std::sync::{Arc, Mutex, PoisonError};

use gradphoto::Profile;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::errors::{ModelError, raised};
use crate::local::Local;
use crate::source::Source;
use crate::stream::Stream;

/// Checks photos against a profile; shared by any number of threads and alive again after a fork.
#[pyclass(frozen, module = "gradphoto._gradphoto")]
pub struct Checker {
    profile: Profile,
    jobs: usize,
    /// Locked only by a thread that holds the interpreter lock and keeps it, so never at the moment of a fork.
    life: Mutex<Arc<Local<Life>>>,
}

/// The models in memory and the threads that use them.
pub struct Life {
    /// The library's checker.
    pub checker: gradphoto::Checker,
    /// Threads for many photos.
    pub pool: ThreadPool,
}

#[pymethods]
impl Checker {
    /// Loads the models. `jobs` is the number of threads for many photos, 0 for one per core.
    #[new]
    fn new(profile_name: &str, profile_toml: &str, jobs: usize) -> PyResult<Self> {
        let profile = Profile::from_toml(profile_name, profile_toml).map_err(raised)?;
        let life = Mutex::new(Arc::new(Local::new(Life::new(&profile, jobs)?)));
        Ok(Checker { profile, jobs, life })
    }

    /// The report of one photo as JSON.
    fn check(&self, py: Python<'_>, photo: &Source) -> PyResult<String> {
        let life = self.life()?;
        let source = photo.0.clone();
        py.detach(|| life.get().map(|life| life.checker.check(source).map(|report| report.to_json())))
            .ok_or_else(forked)?
            .map_err(raised)
    }

    /// The reports of many photos, in their order.
    fn check_many(&self, photos: Bound<'_, PyIterator>) -> PyResult<Stream> {
        Ok(Stream::new(self.life()?, photos.unbind()))
    }
}

impl Checker {
    /// The models and threads of this process; a child of a fork gets its own.
    fn life(&self) -> PyResult<Arc<Local<Life>>> {
        let mut life = self.life.lock().unwrap_or_else(PoisonError::into_inner);
        if life.get().is_none() {
            *life = Arc::new(Local::new(Life::new(&self.profile, self.jobs)?));
        }
        Ok(Arc::clone(&life))
    }
}

impl Life {
    fn new(profile: &Profile, jobs: usize) -> PyResult<Self> {
        let checker = gradphoto::Checker::with_profile(profile.clone()).map_err(raised)?;
        let pool = ThreadPoolBuilder::new().num_threads(jobs).thread_name(|index| format!("gradphoto-{index}")).build();
        let pool = pool.map_err(|e| ModelError::new_err(format!("starting the worker threads: {e}")))?;
        Ok(Life { checker, pool })
    }
}

/// Raised where a child of a fork goes on with its parent's work.
pub fn forked() -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err("these results belong to the parent process; ask for them again here")
}
