//! Work in parallel, results in order: the same results for any number of threads.

/// What an experiment tells of its progress, and asks.
pub trait Watch: Sync {
    /// So many more pieces of work are done.
    fn advanced(&self, _by: u64) {}
    /// So many more are to be done than was said before.
    fn expects(&self, _more: u64) {}
    /// Whether somebody wants it to stop.
    fn stop(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl Watch for () {}

/// The work was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted {
    /// How many pieces were done and taken, the first ones.
    pub done: u32,
}

/// Does `work` for 0 to `count` - 1, on all threads where there are some, and hands the results to `take` in order.
///
/// Results wait in blocks: while one block is worked out, the one before it is taken, so that memory does not grow with `count`.
///
/// # Errors
/// The first error of `take`. A stop asked for by the watch is no error: it is told in the `Ok`.
pub fn in_order<T: Send, E: Send>(
    count: u32,
    watch: &dyn Watch,
    work: impl Fn(u32) -> T + Sync,
    mut take: impl FnMut(u32, T) -> Result<(), E> + Send,
) -> Result<Option<Interrupted>, E> {
    let block = block_size();
    let mut waiting: Option<(u32, Vec<T>)> = None;
    let mut next: u32 = 0;
    loop {
        let stop = watch.stop();
        let end = if stop { next } else { next.saturating_add(block).min(count) };
        let taken = waiting.take();
        let before = taken.as_ref().map_or(0, |(_, results)| results.len());
        let hand_over = || match taken {
            Some((first, results)) => {
                results.into_iter().zip(first..).try_for_each(|(result, number)| take(number, result))
            }
            None => Ok(()),
        };
        let (results, handed) = both(|| block_of(next, end, &work), hand_over);
        handed?;
        watch.advanced(before as u64);
        if results.is_empty() {
            return Ok((next < count).then_some(Interrupted { done: next }));
        }
        waiting = Some((next, results));
        next = end;
    }
}

/// What `work` makes of each of some items, in their order, on all threads where there are some.
pub(super) fn map<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    block_of(0, items.len() as u32, &|place| work(&items[place as usize]))
}

/// Does `work` for each of some items, on all threads where there are some, in no particular order: every piece is a thing of its own.
///
/// # Errors
/// The first error met; pieces that were begun before it are done.
pub fn each<I: Send + Sync, E: Send>(items: Vec<I>, work: impl Fn(I) -> Result<(), E> + Sync + Send) -> Result<(), E> {
    // Taken one by one from the front, so that what is done first is what comes first.
    let next = std::sync::Mutex::new(items.into_iter());
    let take = || next.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    on_all_threads(|| {
        while let Some(item) = take() {
            if let Err(error) = work(item) {
                // Nothing more is begun.
                while take().is_some() {}
                return Err(error);
            }
        }
        Ok(())
    })
}

#[cfg(feature = "parallel")]
fn on_all_threads<E: Send>(work: impl Fn() -> Result<(), E> + Sync + Send) -> Result<(), E> {
    rayon::broadcast(|_| work()).into_iter().collect()
}

#[cfg(not(feature = "parallel"))]
fn on_all_threads<E>(work: impl Fn() -> Result<(), E>) -> Result<(), E> {
    work()
}

#[cfg(feature = "parallel")]
fn block_size() -> u32 {
    8 * rayon::current_num_threads() as u32
}

#[cfg(feature = "parallel")]
fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(feature = "parallel")]
fn block_of<T: Send>(from: u32, to: u32, work: &(impl Fn(u32) -> T + Sync)) -> Vec<T> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    (from..to).into_par_iter().map(work).collect()
}

#[cfg(not(feature = "parallel"))]
fn block_size() -> u32 {
    8
}

#[cfg(not(feature = "parallel"))]
fn both<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

#[cfg(not(feature = "parallel"))]
fn block_of<T>(from: u32, to: u32, work: &impl Fn(u32) -> T) -> Vec<T> {
    (from..to).map(work).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn results_come_in_order_and_all_of_them() {
        let mut seen = Vec::new();
        let end = in_order(
            1000,
            &(),
            |n| n * 2,
            |number, result| {
                seen.push((number, result));
                Ok::<(), ()>(())
            },
        );
        assert_eq!(end, Ok(None));
        assert_eq!(seen, (0..1000).map(|n| (n, n * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_the_work() {
        let end = in_order(1000, &(), |n| n, |number, _| if number == 17 { Err(number) } else { Ok(()) });
        assert_eq!(end, Err(17));
    }

    #[test]
    fn a_stop_keeps_what_is_whole() {
        struct After(AtomicU64);
        impl Watch for After {
            fn advanced(&self, by: u64) {
                self.0.fetch_add(by, Ordering::Relaxed);
            }
            fn stop(&self) -> bool {
                self.0.load(Ordering::Relaxed) > 0
            }
        }
        let mut seen = 0;
        let end = in_order(
            100_000,
            &After(AtomicU64::new(0)),
            |n| n,
            |number, _| {
                assert_eq!(number, seen);
                seen += 1;
                Ok::<(), ()>(())
            },
        );
        assert_eq!(end, Ok(Some(Interrupted { done: seen })));
        assert!(0 < seen && seen < 100_000);
    }
}
