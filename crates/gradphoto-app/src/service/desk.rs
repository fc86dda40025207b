//! How many photos are looked at and may wait, and how much of those that still come is kept.

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
    /// Bytes of all photos that have come or are coming.
    bytes: Arc<AtomicUsize>,
    bytes_max: usize,
}

impl Desk {
    /// A desk for photos of `photo_bytes_max` at most.
    pub fn new(cores: usize, photo_bytes_max: usize) -> Desk {
        let held_max = (QUEUE + 1) * cores;
        Desk {
            at_once: Arc::new(Semaphore::new(cores)),
            in_work: Arc::default(),
            held: Arc::default(),
            held_max,
            bytes: Arc::default(),
            bytes_max: held_max * photo_bytes_max,
        }
    }

    /// Room for a photo that comes, none yet: one that comes slowly takes no place that others could have.
    pub fn room(&self) -> Counted {
        Counted::new(&self.bytes, 0)
    }

    /// More room for a photo that comes.
    pub fn widen(&self, room: &mut Counted, bytes: usize) -> Result<(), Refusal> {
        room.add(bytes);
        if self.bytes.load(Ordering::Relaxed) > self.bytes_max { Err(busy()) } else { Ok(()) }
    }

    /// A place among those that are looked at or wait.
    pub fn take(&self) -> Result<Counted, Refusal> {
        let held = Counted::new(&self.held, 1);
        if self.held() > self.held_max { Err(busy()) } else { Ok(held) }
    }

    /// Does `work` when it is its turn. What has begun goes on where nobody waits for it any more, and keeps its place.
    pub async fn work<T: Send + 'static>(
        &self,
        held: Counted,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(anyhow::Error::from)?;
        let working = Counted::new(&self.in_work, 1);
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

/// Part of a count, until it is dropped.
pub struct Counted {
    all: Arc<AtomicUsize>,
    part: usize,
}

impl Counted {
    fn new(all: &Arc<AtomicUsize>, part: usize) -> Counted {
        let mut counted = Counted { all: Arc::clone(all), part: 0 };
        counted.add(part);
        counted
    }

    fn add(&mut self, more: usize) {
        self.all.fetch_add(more, Ordering::Relaxed);
        self.part += more;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.all.fetch_sub(self.part, Ordering::Relaxed);
    }
}

fn busy() -> Refusal {
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "正忙，请稍后再试。",
        "Too many photos at once; try again in a moment.",
    )
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
            let desk = Desk::new(1, 10);
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
    #[test]
    fn photos_that_come_take_the_room_of_what_has_come_of_them() {
        let desk = Desk::new(1, 10);
        let mut rooms = (0..100).map(|_| desk.room()).collect::<Vec<_>>();
        assert!(desk.take().is_ok(), "those that only begin take nobody's place");
        assert!(rooms.iter_mut().take(5).all(|room| desk.widen(room, 10).is_ok()));
        assert!(desk.widen(&mut rooms[5], 1).is_err());
        rooms.truncate(4);
        assert!(desk.widen(&mut desk.room(), 10).is_ok());
    }
}
