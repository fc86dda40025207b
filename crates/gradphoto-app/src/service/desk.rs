//! How many photos are looked at and may wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::refusal::Refusal;

/// Photos that wait, for each that is looked at: beyond that the caller is told to come again.
const QUEUE: usize = 4;

/// Looks at a photo a core; a few more may wait.
pub struct Desk {
    at_once: Arc<Semaphore>,
    in_work: Arc<AtomicUsize>,
    /// Photos that are looked at or wait.
    held: Arc<AtomicUsize>,
    held_max: usize,
}

impl Desk {
    pub fn new(cores: usize) -> Desk {
        Desk {
            at_once: Arc::new(Semaphore::new(cores)),
            in_work: Arc::default(),
            held: Arc::default(),
            held_max: (QUEUE + 1) * cores,
        }
    }

    /// A place among those that are looked at or wait.
    pub fn take(&self) -> Result<Counted, Refusal> {
        let others = self.held.fetch_add(1, Ordering::Relaxed);
        let held = Counted(Arc::clone(&self.held));
        if others >= self.held_max {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Err(Refusal::new(status, "正忙，请稍后再试。", "Too many photos at once; try again in a moment."));
        }
        Ok(held)
    }

    /// Does `work` when it is its turn. What has begun goes on where nobody waits for it any more, and keeps its place.
    pub async fn work<T: Send + 'static>(
        &self,
        held: Counted,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(anyhow::Error::from)?;
        self.in_work.fetch_add(1, Ordering::Relaxed);
        let working = Counted(Arc::clone(&self.in_work));
        let done = spawn_blocking(move || {
            let _until_done = (held, working, permit);
            work()
        });
        Ok(done.await.map_err(anyhow::Error::from)?)
    }

    /// How many photos are looked at now.
    pub fn in_work(&self) -> usize {
        self.in_work.load(Ordering::Relaxed)
    }

    /// How many photos are looked at now or wait.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }
}

/// One of a count, until it is dropped.
pub struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_photo_keeps_its_place_until_it_is_done_even_where_its_sender_has_gone() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let desk = Desk::new(1);
            let counted = || [desk.in_work(), desk.held()];
            let (end, ends) = mpsc::channel::<()>();
            let work = desk.work(desk.take().unwrap(), move || ends.recv());
            assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err(), "the sender goes");
            assert_eq!((counted(), desk.at_once.available_permits()), ([1, 1], 0));
            let others = (0..QUEUE).map(|_| desk.take().unwrap()).collect::<Vec<_>>();
            assert!(desk.take().is_err());
            drop((others, end));
            let _turn = desk.at_once.acquire().await.unwrap();
            assert_eq!(counted(), [0, 0]);
        });
    }
}
