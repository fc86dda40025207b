//! Work on many threads, results in order.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::error::Error;

/// Does `work` for each item on `jobs` threads (0: one per core) and hands each result to `sink` on the calling thread, in
/// input order, while the work goes on. Stops early when `sink` breaks. The threads live only as long as the call.
///
/// # Errors
/// [`Error::Model`] when the threads cannot be started.
pub fn map_in_order<T: Send, R: Send>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    jobs: usize,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> ControlFlow<()>,
) -> Result<(), Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|e| Error::Model { step: "starting the worker threads", reason: e.to_string() })?;
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
