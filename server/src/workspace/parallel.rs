//! Doing the same to many things on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};

/// From how many things on a second thread is worth its start.
const PER_THREAD: usize = 32;

/// How many are taken at once, so that the threads rarely meet.
const STEP: usize = 8;

/// What `task` makes of each of `items`, in their order.
pub(super) fn map<'i, T: Sync, R: Send>(items: &'i [T], threads: usize, task: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    let threads = threads.min(items.len() / PER_THREAD).max(1);
    if threads == 1 {
        return items.iter().map(task).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::with_capacity(items.len() / threads + STEP);
        loop {
            let start = next.fetch_add(STEP, Ordering::Relaxed);
            if start >= items.len() {
                return done;
            }
            let end = (start + STEP).min(items.len());
            done.extend(items[start..end].iter().zip(start..).map(|(item, at)| (at, task(item))));
        }
    };
    let mut all = Vec::with_capacity(items.len());
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        all.append(&mut work());
        for other in others {
            match other.join() {
                Ok(mut done) => all.append(&mut done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays() {
        let items: Vec<usize> = (0..1000).collect();
        for threads in [1, 2, 7, 2000] {
            assert_eq!(map(&items, threads, |item| item + 1), (1..1001).collect::<Vec<_>>());
        }
        assert!(map(&items[..0], 4, |item| *item).is_empty());
    }
}
