//! Work on many threads, results in order.

use std::any::Any;
use std::collections::BTreeMap;
use std::iter::Fuse;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use rayon::ThreadPool;

/// Items taken from the input beyond the one whose result comes next, per thread. Enough that a slow one does not leave the
/// other threads without work, few enough that memory stays flat.
const LOOK_AHEAD: usize = 8;

/// Results in the order of their items, while threads work ahead; see [`Checker::map_in_order`](crate::Checker::map_in_order).
///
/// The items are taken on the thread that asks for results, a few for each worker ahead of them. Dropping this stops the
/// work: it waits for what is being done and leaves the rest.
pub struct InOrder<I: Iterator, R> {
    items: Fuse<I>,
    work: Arc<dyn Fn(I::Item) -> R + Send + Sync>,
    threads: Arc<ThreadPool>,
    /// Gone when this is dropped, so that the receiver knows its end.
    sender: Option<Sender<Answer<R>>>,
    receiver: Receiver<Answer<R>>,
    /// Results that came before their turn.
    early: BTreeMap<usize, Result<R, Panic>>,
    started: usize,
    handed_over: usize,
    stopped: Arc<AtomicBool>,
}

/// The place of an item, and its result or the panic of its work.
type Answer<R> = (usize, Result<R, Panic>);
type Panic = Box<dyn Any + Send>;

impl<I: Iterator, R> InOrder<I, R> {
    /// A panic of `work` goes on where its result is asked for.
    pub(crate) fn new(items: I, threads: Arc<ThreadPool>, work: impl Fn(I::Item) -> R + Send + Sync + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        InOrder {
            items: items.fuse(),
            work: Arc::new(work),
            threads,
            sender: Some(sender),
            receiver,
            early: BTreeMap::new(),
            started: 0,
            handed_over: 0,
            stopped: Arc::default(),
        }
    }
}

impl<I: Iterator<Item: Send + 'static>, R: Send + 'static> InOrder<I, R> {
    /// As [`Iterator::next`], but waits no longer than this for a result: for those who must heed something else meanwhile.
    pub fn next_within(&mut self, patience: Duration) -> Poll<Option<R>> {
        // Results out of their turn, however many come, begin no new wait.
        let begun = Instant::now();
        self.next_of(|receiver| receiver.recv_timeout(patience.saturating_sub(begun.elapsed())).ok())
    }

    /// The next result, while `receive` gives those that come.
    fn next_of(&mut self, receive: impl Fn(&Receiver<Answer<R>>) -> Option<Answer<R>>) -> Poll<Option<R>> {
        self.start_more();
        if self.handed_over == self.started {
            return Poll::Ready(None);
        }
        loop {
            if let Some(result) = self.early.remove(&self.handed_over) {
                self.handed_over += 1;
                return Poll::Ready(Some(result.unwrap_or_else(|panic| resume_unwind(panic))));
            }
            let Some((index, result)) = receive(&self.receiver) else { return Poll::Pending };
            self.early.insert(index, result);
        }
    }

    /// Hands items to the threads until they have enough.
    fn start_more(&mut self) {
        // Who asks on one of these threads does the work: it would wait there for a thread, perhaps for its own.
        let is_among_threads = self.threads.current_thread_index().is_some();
        let enough = if is_among_threads { 1 } else { LOOK_AHEAD * self.threads.current_num_threads() };
        while self.started - self.handed_over < enough {
            let Some(item) = self.items.next() else { break };
            let Some(sender) = self.sender.clone() else { break };
            let (index, work, stopped) = (self.started, Arc::clone(&self.work), Arc::clone(&self.stopped));
            self.started += 1;
            let job = move || {
                if !stopped.load(Ordering::Relaxed) {
                    let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                    // The receiver is gone only when nobody wants the result.
                    let _ = sender.send((index, result));
                }
            };
            if is_among_threads {
                job();
            } else {
                // First in, first out: the result that is wanted next is worked on first.
                self.threads.spawn_fifo(job);
            }
        }
    }
}

impl<I: Iterator<Item: Send + 'static>, R: Send + 'static> Iterator for InOrder<I, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        match self.next_of(|receiver| receiver.recv().ok()) {
            Poll::Ready(result) => result,
            // This holds a sender itself, so the receiver does not end.
            Poll::Pending => None,
        }
    }
}

impl<I: Iterator, R> Drop for InOrder<I, R> {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.sender = None;
        // Ends when the last of the work has let go of its sender.
        self.receiver.iter().for_each(drop);
    }
}

impl<I: Iterator, R> std::fmt::Debug for InOrder<I, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InOrder({} handed over, {} ahead)", self.handed_over, self.started - self.handed_over)
    }
}

/// Does both at the same time.
pub(crate) fn beside<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|panic| resume_unwind(panic)), b)
    })
}

#[cfg(test)]
mod tests {
    use std::ops::Range;
    use std::sync::atomic::AtomicUsize;
    use std::thread::sleep;

    use rayon::ThreadPoolBuilder;

    use super::*;

    fn in_order<R: Send + 'static>(
        items: Range<usize>,
        work: impl Fn(usize) -> R + Send + Sync + 'static,
    ) -> InOrder<Range<usize>, R> {
        let threads = ThreadPoolBuilder::new().num_threads(4).build().expect("threads start");
        InOrder::new(items, Arc::new(threads), work)
    }

    #[test]
    fn results_come_in_order() {
        let slow_first = |n| {
            sleep(Duration::from_millis(if n % 20 == 0 { 20 } else { 0 }));
            2 * n
        };
        assert_eq!(in_order(0..100, slow_first).collect::<Vec<_>>(), (0..100).map(|n| 2 * n).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_goes_on_when_the_results_are_dropped() {
        let (begun, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counts, finished) = (Arc::clone(&begun), Arc::clone(&ended));
        let mut results = in_order(0..1_000_000, move |_| {
            counts.fetch_add(1, Ordering::SeqCst);
            sleep(Duration::from_millis(5));
            finished.fetch_add(1, Ordering::SeqCst);
        });
        results.next();
        drop(results);
        let (begun, ended) = (begun.load(Ordering::SeqCst), ended.load(Ordering::SeqCst));
        assert_eq!(begun, ended);
        assert!((1..=1 + 4 * LOOK_AHEAD).contains(&ended), "{ended}");
    }

    #[test]
    fn whoever_waits_for_so_long_waits_no_longer_while_others_keep_coming() {
        let (done, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counts, ends) = (Arc::clone(&done), Arc::clone(&is_over));
        let mut results = in_order(0..1_000_000, move |n| {
            while n == 0 && !ends.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            sleep(Duration::from_millis(60));
            counts.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(results.next_within(Duration::from_millis(100)), Poll::Pending);
        let others = done.load(Ordering::SeqCst);
        is_over.store(true, Ordering::SeqCst);
        assert!(others < 4 * LOOK_AHEAD - 1, "{others}: all that were begun");
    }

    #[test]
    fn work_may_ask_the_same_threads_for_more() {
        let threads = Arc::new(ThreadPoolBuilder::new().num_threads(1).build().expect("a thread starts"));
        let inner = Arc::clone(&threads);
        let sums = InOrder::new(0..5, threads, move |n| InOrder::new(0..n, Arc::clone(&inner), |m| m).sum::<usize>());
        assert_eq!(sums.collect::<Vec<_>>(), [0, 0, 1, 3, 6]);
    }

    #[test]
    fn a_panic_goes_on_where_its_result_is_asked_for() {
        let mut results = in_order(0..3, |n| assert_ne!(n, 1, "no way"));
        assert_eq!(results.next(), Some(()));
        let panic = catch_unwind(AssertUnwindSafe(|| results.next())).expect_err("panics");
        assert!(panic.downcast_ref::<String>().is_some_and(|message| message.contains("no way")));
        assert_eq!((results.next(), results.next()), (Some(()), None));
    }
}
