//! Many photos: reports in input order while the threads of the checker work ahead.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use gradphoto::{Checker, Error, InOrder};
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use crate::errors::raised;
use crate::local::{Local, forked};
use crate::signals::PATIENCE;
use crate::source::Source;

/// An iterator over the JSON of each report, or the exception of a photo that cannot be checked.
#[pyclass(frozen, module = "gradphoto._gradphoto")]
pub struct Stream {
    /// `None` once it is closed.
    reports: Local<Mutex<Option<Reports>>>,
    end: End,
}

type Reports = InOrder<Photos, Result<String, Failure>>;

/// Why a photo has no report: the library's error, or the exception that stands in the input in place of a photo.
enum Failure {
    Library(Error),
    Input(Py<PyBaseException>),
}

/// What the input raised, to be raised behind the last report.
type End = Arc<Mutex<Option<PyErr>>>;

/// What Python gets for one photo.
#[derive(IntoPyObject)]
pub enum Outcome {
    Json(String),
    Failure(Py<PyBaseException>),
}

#[pymethods]
impl Stream {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Outcome>> {
        let reports = self.reports.get().ok_or_else(forked)?;
        let wait = || locked(reports).as_mut().map_or(Poll::Ready(None), |reports| reports.next_within(PATIENCE));
        loop {
            match py.detach(wait) {
                Poll::Ready(Some(Ok(json))) => return Ok(Some(Outcome::Json(json))),
                Poll::Ready(Some(Err(Failure::Library(error)))) => {
                    return Ok(Some(Outcome::Failure(raised(error).into_value(py))));
                }
                Poll::Ready(Some(Err(Failure::Input(exception)))) => return Ok(Some(Outcome::Failure(exception))),
                Poll::Ready(None) => return locked(&self.end).take().map_or(Ok(None), Err),
                Poll::Pending => py.check_signals()?,
            }
        }
    }

    /// Drops the photos that wait and returns when none is being checked any more.
    fn close(&self, py: Python<'_>) {
        if let Some(reports) = self.reports.get() {
            py.detach(|| drop(locked(reports).take()));
        }
    }
}

impl Stream {
    /// A stream over an iterator of [`Source`], and of the exceptions of photos that are none.
    pub fn new(checker: &Checker, photos: Py<PyIterator>) -> PyResult<Self> {
        let end = End::default();
        let photos = Photos { photos, end: Arc::clone(&end) };
        let reports = checker.map_in_order(photos, |checker, photo| {
            let report = checker.check(photo.map_err(Failure::Input)?).map_err(Failure::Library)?;
            Ok(report.to_json())
        });
        Ok(Stream { reports: Local::new(Mutex::new(Some(reports.map_err(raised)?))), end })
    }
}

/// The input. It is asked on the thread that wants the results, so no thread of the checker ever waits for Python.
struct Photos {
    photos: Py<PyIterator>,
    end: End,
}

impl Iterator for Photos {
    type Item = Result<gradphoto::Source, Py<PyBaseException>>;

    fn next(&mut self) -> Option<Self::Item> {
        Python::attach(|py| {
            let photo = self.photos.bind(py).clone().next()?;
            let item = photo.and_then(|photo| match photo.cast_into::<PyBaseException>() {
                Ok(exception) => Ok(Err(exception.unbind())),
                Err(other) => Ok(Ok(other.into_inner().cast::<Source>()?.get().0.clone())),
            });
            item.map_err(|error| *locked(&self.end) = Some(error)).ok()
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
