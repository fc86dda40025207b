//! Many photos: reports in input order while the threads work ahead.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gradphoto::Error;
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use crate::errors::raised;
use crate::life::{Life, forked};
use crate::local::Local;
use crate::source::Source;

/// Photos taken from the input beyond the one whose report comes next, per thread. Enough that one slow photo does not
/// leave the other threads without work, few enough that memory stays flat.
const LOOK_AHEAD: usize = 8;
/// How long Ctrl-C may have to wait.
const PATIENCE: Duration = Duration::from_millis(50);

/// An iterator over the JSON of each report, or the exception of a photo that cannot be checked.
#[pyclass(module = "gradphoto._gradphoto")]
pub struct Stream {
    life: Arc<Local<Life>>,
    photos: Py<PyIterator>,
    /// `Some` once the input has ended, with what it raised if it did.
    end: Option<PyResult<()>>,
    sender: Sender<(usize, Answer)>,
    receiver: Mutex<Receiver<(usize, Answer)>>,
    /// Answers that came before their turn.
    early: BTreeMap<usize, Answer>,
    started: usize,
    received: usize,
    handed_over: usize,
    stopped: Arc<AtomicBool>,
}

/// `None` for a photo that was still waiting when the stream was closed.
type Answer = Option<Result<String, Error>>;

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

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Outcome>> {
        self.start_more(py)?;
        if self.handed_over == self.started {
            return self.end.take().unwrap_or(Ok(())).map(|()| None);
        }
        loop {
            if let Some(answer) = self.early.remove(&self.handed_over) {
                self.handed_over += 1;
                return Ok(answer.map(|result| match result {
                    Ok(json) => Outcome::Json(json),
                    Err(error) => Outcome::Failure(raised(error).into_value(py)),
                }));
            }
            let receiver = &self.receiver;
            match py.detach(|| locked(receiver).recv_timeout(PATIENCE)) {
                Ok((index, answer)) => {
                    self.received += 1;
                    self.early.insert(index, answer);
                }
                Err(_) => py.check_signals()?,
            }
        }
    }

    /// Drops the photos that wait and returns when none is being checked any more.
    fn close(&mut self, py: Python<'_>) {
        self.stopped.store(true, Ordering::Relaxed);
        self.end = Some(Ok(()));
        if self.life.get().is_some() {
            let (receiver, running) = (&self.receiver, self.started - self.received);
            py.detach(|| locked(receiver).iter().take(running).for_each(drop));
        }
        (self.received, self.handed_over) = (self.started, self.started);
    }
}

impl Stream {
    /// A stream over an iterator of [`Source`].
    pub fn new(life: Arc<Local<Life>>, photos: Py<PyIterator>) -> Self {
        let (sender, receiver) = channel();
        Stream {
            life,
            photos,
            end: None,
            sender,
            receiver: Mutex::new(receiver),
            early: BTreeMap::new(),
            started: 0,
            received: 0,
            handed_over: 0,
            stopped: Arc::default(),
        }
    }

    /// Hands photos to the threads until they have enough.
    ///
    /// The input is asked here, on the thread that wants the results, so no thread of the pool ever waits for Python.
    fn start_more(&mut self, py: Python<'_>) -> PyResult<()> {
        let life = self.life.get().ok_or_else(forked)?;
        let enough = LOOK_AHEAD * life.pool.current_num_threads();
        while self.end.is_none() && self.started - self.handed_over < enough {
            match self.photos.bind(py).clone().next() {
                None => self.end = Some(Ok(())),
                Some(Err(error)) => self.end = Some(Err(error)),
                Some(Ok(photo)) => {
                    let source = photo.cast::<Source>()?.get().0.clone();
                    let (index, sender) = (self.started, self.sender.clone());
                    let (stopped, life) = (Arc::clone(&self.stopped), Arc::clone(&self.life));
                    self.started += 1;
                    // Queued first in, first out: the report that is wanted next is worked on first.
                    self.life.get().ok_or_else(forked)?.pool.spawn_fifo(move || {
                        let is_wanted = !stopped.load(Ordering::Relaxed);
                        let life = life.get().filter(|_| is_wanted);
                        let answer = life.map(|life| life.checker.check(source).map(|report| report.to_json()));
                        // The receiver is gone only when nobody wants the answer.
                        let _ = sender.send((index, answer));
                    });
                }
            }
        }
        Ok(())
    }
}

/// The receiver; only the one thread that holds the stream asks for it.
fn locked(receiver: &Mutex<Receiver<(usize, Answer)>>) -> MutexGuard<'_, Receiver<(usize, Answer)>> {
    receiver.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}
