//! One thread per data folder that makes segments before they are needed: allocate, map, pre-fault.
//!
//! It sleeps until a writer moves to its next segment or a segment is freed. The writer's part in waking it is at most
//! one futex call per segment, never per record.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use crate::ring::live::Live;

/// Segments kept ready beyond the one being written, more when reservations fill these. Two, so that a burst may cross
/// a boundary while the next one is being made.
pub const READY_AHEAD: u64 = 2;
/// How long after a refusal the disk is asked again.
pub const RETRY_AFTER: Duration = Duration::from_millis(100);

/// The thread's handle: it stops, and has stopped, when this is dropped.
#[derive(Debug)]
pub(crate) struct Preparer {
    work: Arc<Work>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Work {
    rings: Mutex<Vec<Weak<Live>>>,
    stop: AtomicBool,
}

impl Preparer {
    pub(crate) fn start() -> io::Result<Preparer> {
        let work = Arc::new(Work::default());
        let of_thread = Arc::clone(&work);
        let thread = thread::Builder::new().name("journal-prepare".into()).spawn(move || of_thread.run())?;
        Ok(Preparer { work, thread: Some(thread) })
    }

    /// What to unpark when there is something to prepare.
    pub(crate) fn thread(&self) -> Thread {
        self.thread.as_ref().expect("taken only when dropped").thread().clone()
    }

    /// Looks after a ring until its writer is gone.
    pub(crate) fn register(&self, ring: &Arc<Live>) {
        self.work.rings.lock().expect("nothing panics while it holds this lock").push(Arc::downgrade(ring));
        self.thread().unpark();
    }
}

impl Drop for Preparer {
    fn drop(&mut self) {
        self.work.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It cannot have panicked; if it had, there would be nothing to clean up.
            let _ = thread.join();
        }
    }
}

impl Work {
    fn run(&self) {
        while !self.stop.load(Ordering::Acquire) {
            let refused = self.rings().iter().filter(|ring| ring.prepare()).count() > 0;
            // An unpark between the look above and this line makes the wait return at once.
            if refused {
                thread::park_timeout(RETRY_AFTER);
            } else {
                thread::park();
            }
        }
    }

    fn rings(&self) -> Vec<Arc<Live>> {
        let mut rings = self.rings.lock().expect("nothing panics while it holds this lock");
        rings.retain(|ring| ring.upgrade().is_some_and(|ring| !ring.writer_is_gone()));
        rings.iter().filter_map(Weak::upgrade).collect()
    }
}
