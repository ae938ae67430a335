//! Cut: what still runs for a stopped value is ended on every thread, and whoever stopped it can wait until it is.
//!
//! A thread looks between two steps of its calls, so nothing of it is half done: when it has acknowledged, not one byte of a
//! stopped value's call goes to an upstream from it, and no such call is admitted.

use std::{sync::Arc, time::Duration};

use domain::{allowlist::Layers, decision::decide_value};
use thiserror::Error;
use tokio::{sync::watch, time::timeout};

use crate::gate::Gate;

/// How long to wait for the acknowledgement of all threads. A thread is never busy for so long; one that is stuck is told of.
pub const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(1);

/// Has the threads of a gateway look for what must be cut.
#[derive(Clone)]
pub struct Cutter(Arc<Threads>);

struct Threads {
    /// Counts the wishes.
    wish: watch::Sender<u64>,
    /// The last wish that each thread has fulfilled.
    fulfilled: Vec<watch::Receiver<u64>>,
}

/// Some threads did not answer in time; they will look as soon as they can.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("threads {0:?} of the gateway did not say in time that they ended what is stopped")]
pub struct Unacknowledged(pub Vec<usize>);

/// One thread's side.
pub(crate) struct Orders {
    wish: watch::Receiver<u64>,
    fulfilled: watch::Sender<u64>,
}

impl Cutter {
    /// The cutter of so many threads, and what each of them is given.
    pub(crate) fn new(threads: usize) -> (Cutter, Vec<Orders>) {
        let (wish, _) = watch::channel(0);
        let (mut fulfilled, mut orders) = (Vec::with_capacity(threads), Vec::with_capacity(threads));
        for _ in 0..threads {
            let (sender, receiver) = watch::channel(0);
            fulfilled.push(receiver);
            orders.push(Orders { wish: wish.subscribe(), fulfilled: sender });
        }
        (Cutter(Arc::new(Threads { wish, fulfilled })), orders)
    }

    /// Ends what still runs for values that the keyring no longer allows. When it returns without an error, nothing of theirs
    /// is forwarded any more, by any thread.
    ///
    /// # Errors
    /// A thread did not acknowledge within [`ACKNOWLEDGED_WITHIN`].
    pub async fn cut(&self) -> Result<(), Unacknowledged> {
        let mut number = 0;
        self.0.wish.send_modify(|wish| {
            *wish += 1;
            number = *wish;
        });
        let mut late = Vec::new();
        let all = async {
            for (thread, fulfilled) in self.0.fulfilled.iter().enumerate() {
                late.push(thread);
                // An error means that the thread is over, and all that ran on it.
                _ = fulfilled.clone().wait_for(|fulfilled| *fulfilled >= number).await;
                late.pop();
            }
        };
        match timeout(ACKNOWLEDGED_WITHIN, all).await {
            Ok(()) => Ok(()),
            Err(_) => Err(Unacknowledged(late)),
        }
    }
}

/// Fulfils each wish of the cutter on this thread, until the cutter is gone.
pub(crate) async fn follow(gate: &Gate, orders: Orders) {
    let Orders { mut wish, fulfilled } = orders;
    while wish.changed().await.is_ok() {
        // Remembered before the look: what is wished after it must be looked for again.
        let number = *wish.borrow_and_update();
        cut_stopped(gate);
        fulfilled.send_replace(number);
    }
}

/// Ends what runs on this thread for values that are stopped, by a change or because their time is over.
pub(crate) fn cut_stopped(gate: &Gate) {
    let now = (gate.shared.clock.wall)();
    gate.watch.cut(|value| {
        let entry = gate.shared.keyring.find(value);
        let view = entry.as_ref().and_then(|entry| entry.view());
        decide_value(now, view.as_ref().map(|view| view.presented(&Layers::NONE))).err()
    });
}

#[cfg(test)]
mod tests {
    //! When a cut counts as done.

    use std::time::Instant;

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(test);
    }

    async fn fulfil(orders: Orders, delay: Duration) {
        let Orders { mut wish, fulfilled } = orders;
        while wish.changed().await.is_ok() {
            let number = *wish.borrow_and_update();
            tokio::time::sleep(delay).await;
            fulfilled.send_replace(number);
        }
    }

    #[test]
    fn it_waits_for_every_thread_that_lives() {
        run(async {
            let delay = Duration::from_millis(100);
            let (cutter, orders) = Cutter::new(3);
            let [first, second, over]: [Orders; 3] = orders.try_into().ok().expect("three");
            drop(over);
            let threads = [first, second].map(|orders| tokio::spawn(fulfil(orders, delay)));
            let began = Instant::now();
            assert_eq!(cutter.cut().await, Ok(()));
            assert!(began.elapsed() >= delay);
            threads.iter().for_each(|thread| thread.abort());
        });
    }

    #[test]
    fn a_thread_that_is_stuck_is_told_and_asked_again() {
        run(async {
            let (cutter, mut orders) = Cutter::new(1);
            assert_eq!(cutter.cut().await, Err(Unacknowledged(vec![0])));
            let Orders { wish, fulfilled } = orders.remove(0);
            fulfilled.send_replace(*wish.borrow());
            assert_eq!(cutter.cut().await, Err(Unacknowledged(vec![0])), "an old acknowledgement is none");
            drop(fulfilled);
            assert_eq!(cutter.cut().await, Ok(()));
        });
    }
}
