//! A ledger in memory: answers the meter's asks by `domain::lease::grant`.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use domain::{
    id::QuotaId,
    lease::{Counter, CounterId, Lease, grant},
};
use gateway::meter::Meter;

/// Answers until it is dropped.
pub struct Ledger {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ledger {
    /// A ledger that knows these limits and takes this long to answer.
    pub fn start(meter: Arc<Meter>, limits: HashMap<QuotaId, u64>, delay: Duration) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let run = move || {
            let mut rows: HashMap<CounterId, (Counter, Lease)> = HashMap::new();
            while !stopped.load(Ordering::Relaxed) {
                let answers = meter.due_asks().into_iter().map(|ask| {
                    let limit = limits[&ask.counter.quota];
                    let new = || (Counter { limit, granted: 0 }, Lease::default());
                    let row = rows.entry(ask.counter).or_insert_with(new);
                    let (counter, lease, answer) = grant(row.0, row.1, &ask);
                    *row = (counter, lease);
                    (ask, Ok(answer))
                });
                let answers: Vec<_> = answers.collect();
                if !answers.is_empty() {
                    std::thread::sleep(delay);
                }
                meter.answer(answers);
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        Ledger { stop, thread: Some(std::thread::spawn(run)) }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the ledger answers");
        }
    }
}
