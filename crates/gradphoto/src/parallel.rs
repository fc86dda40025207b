//! Work on many threads, results in order.

use std::collections::BTreeMap;
use std::iter::Fuse;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};

use rayon::ThreadPool;
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::error::Error;
use crate::text::text;

/// Items taken from the input beyond the one whose result comes next, per thread. Enough that a slow one does not leave the
/// other threads without work, few enough that memory stays flat.
const LOOK_AHEAD: usize = 8;

/// Results in the order of their items, while the threads work ahead; the items are taken on the thread that asks for
/// results. Work that has not begun when this is dropped is not done.
pub(crate) struct InOrder<I: Iterator, R> {
    items: Fuse<I>,
    work: Arc<dyn Fn(I::Item) -> R + Send + Sync>,
    threads: Arc<ThreadPool>,
    sender: Sender<(usize, R)>,
    receiver: Receiver<(usize, R)>,
    /// Results that came before their turn.
    early: BTreeMap<usize, R>,
    started: usize,
    handed_over: usize,
    stopped: Arc<AtomicBool>,
}

impl<I: Iterator, R> InOrder<I, R> {
    /// `work` must not panic.
    pub(crate) fn new(items: I, threads: Arc<ThreadPool>, work: impl Fn(I::Item) -> R + Send + Sync + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        InOrder {
            items: items.fuse(),
            work: Arc::new(work),
            threads,
            sender,
            receiver,
            early: BTreeMap::new(),
            started: 0,
            handed_over: 0,
            stopped: Arc::default(),
        }
    }
}

impl<I: Iterator<Item: Send + 'static>, R: Send + 'static> Iterator for InOrder<I, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        let enough = LOOK_AHEAD * self.threads.current_num_threads();
        while self.started - self.handed_over < enough {
            let Some(item) = self.items.next() else { break };
            let (index, work) = (self.started, Arc::clone(&self.work));
            let (sender, stopped) = (self.sender.clone(), Arc::clone(&self.stopped));
            self.started += 1;
            // First in, first out: the result that is wanted next is worked on first.
            self.threads.spawn_fifo(move || {
                if !stopped.load(Ordering::Relaxed) {
                    // The receiver is gone only after a stop, when nobody wants the result.
                    let _ = sender.send((index, work(item)));
                }
            });
        }
        if self.handed_over == self.started {
            return None;
        }
        loop {
            if let Some(result) = self.early.remove(&self.handed_over) {
                self.handed_over += 1;
                return Some(result);
            }
            let (index, result) = self.receiver.recv().ok()?;
            self.early.insert(index, result);
        }
    }
}

impl<I: Iterator, R> Drop for InOrder<I, R> {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// Does `work` for each item on `jobs` threads (0: one per core) and hands each result to `sink` on the calling thread, in
/// input order, while the work goes on. Stops early when `sink` breaks. The threads live only as long as the call.
///
/// # Errors
/// [`ErrorKind::Model`](crate::ErrorKind::Model) when the threads cannot be started.
pub fn map_in_order<T: Send, R: Send>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    jobs: usize,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> ControlFlow<()>,
) -> Result<(), Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|e| Error::model(text("无法启动工作线程", "threads cannot be started"), e))?;
    let stopped = AtomicBool::new(false);
    let (sender, receiver) = mpsc::sync_channel(2 * pool.current_num_threads());
    let numbered = items.into_iter().take_while(|_| !stopped.load(Ordering::Relaxed)).enumerate();
    std::thread::scope(|scope| {
        let (stopped, work) = (&stopped, &work);
        scope.spawn(move || {
            pool.install(|| {
                numbered.par_bridge().for_each_with(sender, |sender, (index, item)| {
                    if !stopped.load(Ordering::Relaxed) {
                        // The receiver is gone only after a stop, when nobody wants the result.
                        let _ = sender.send((index, work(item)));
                    }
                });
            });
        });
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        'results: for (index, result) in receiver {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&next) {
                next += 1;
                if sink(result).is_break() {
                    stopped.store(true, Ordering::Relaxed);
                    break 'results;
                }
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_stop_when_told() {
        let mut seen = Vec::new();
        let slow_first = |n: u64| {
            std::thread::sleep(std::time::Duration::from_millis(if n == 0 { 20 } else { 0 }));
            n
        };
        let sink = |n| {
            seen.push(n);
            if n == 50 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        map_in_order(0..1_000_000, 4, slow_first, sink).expect("threads start");
        assert_eq!(seen, (0..=50).collect::<Vec<_>>());
    }
}
