//! What a live ring's writer, preparer, flusher and freeing threads share.
//!
//! The writer only stores and loads atomics here. The lock over the mapped segments is for the others.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::Thread;

use crate::preparer::READY_AHEAD;
use crate::segment::Segment;
use crate::{Full, RingId, Settings};

const NOT_BLOCKED: i32 = 0;
const BY_CAPACITY: i32 = -1;

/// The shared state of a ring that has, or had, a writer in this process.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) id: RingId,
    folder: PathBuf,
    settings: Settings,
    published: Line<AtomicU64>,
    /// The segment the writer holds. Stored after the former one was let go, so those behind it are nobody's but ours
    /// to unmap.
    writing: AtomicU64,
    /// The oldest segment kept.
    first: AtomicU64,
    /// The newest segment allocated. Only the preparer changes it.
    prepared: AtomicU64,
    /// The newest segment that should be allocated, as far as there may be one. Only the writer changes it.
    wanted: AtomicU64,
    /// Why there is no further segment: [`NOT_BLOCKED`], [`BY_CAPACITY`], or the error number of the disk.
    blocked: AtomicI32,
    writer_gone: AtomicBool,
    mapped: Mutex<VecDeque<Arc<Segment>>>,
    ready: SyncSender<Arc<Segment>>,
    preparer: Thread,
}

/// A cache line of its own: this word changes with each append, its neighbours hardly ever.
#[derive(Debug)]
#[repr(align(128))]
struct Line<T>(T);

impl Live {
    /// The state of a ring whose writer holds its first segment, and where that writer receives the next ones.
    pub(crate) fn new(
        id: RingId,
        folder: PathBuf,
        settings: Settings,
        first: Arc<Segment>,
        preparer: Thread,
    ) -> (Live, Receiver<Arc<Segment>>) {
        // It can hold all segments there may be: a delivery never waits.
        let (ready, receiver) = sync_channel(settings.max_segments);
        let number = first.number;
        let live = Live {
            id,
            folder,
            settings,
            published: Line(AtomicU64::new(0)),
            writing: AtomicU64::new(number),
            first: AtomicU64::new(number),
            prepared: AtomicU64::new(number),
            wanted: AtomicU64::new(number + READY_AHEAD),
            blocked: AtomicI32::new(NOT_BLOCKED),
            writer_gone: AtomicBool::new(false),
            mapped: Mutex::new(VecDeque::from([first])),
            ready,
            preparer,
        };
        (live, receiver)
    }

    /// The writer: records up to `seq` are complete.
    #[inline]
    pub(crate) fn publish(&self, seq: u64) {
        self.published.0.store(seq, Ordering::Release);
    }

    /// The newest complete record; 0 when there is none.
    pub(crate) fn published(&self) -> u64 {
        self.published.0.load(Ordering::Acquire)
    }

    /// The writer: it moved to segment `number` and let go of the one before.
    pub(crate) fn moved_to(&self, number: u64) {
        self.writing.store(number, Ordering::Release);
        let wanted = self.wanted.load(Ordering::Relaxed).max(number + READY_AHEAD);
        self.wanted.store(wanted, Ordering::Release);
        self.preparer.unpark();
    }

    /// The writer: it was refused. Reservations may fill even the segments that are ready, so it asks for one more,
    /// once until that is there.
    pub(crate) fn want_more(&self) {
        let prepared = self.prepared.load(Ordering::Acquire);
        if self.wanted.load(Ordering::Relaxed) <= prepared {
            self.wanted.store(prepared + 1, Ordering::Release);
            self.preparer.unpark();
        }
    }

    /// The segment the writer holds.
    pub(crate) fn writing(&self) -> u64 {
        self.writing.load(Ordering::Acquire)
    }

    /// The writer: there will be no more records.
    pub(crate) fn writer_leaves(&self) {
        self.writer_gone.store(true, Ordering::Release);
        self.preparer.unpark();
    }

    pub(crate) fn writer_is_gone(&self) -> bool {
        self.writer_gone.load(Ordering::Acquire)
    }

    /// Why the writer found no ready segment.
    pub(crate) fn why_full(&self) -> Full {
        match self.blocked.load(Ordering::Acquire) {
            NOT_BLOCKED => Full::Preparing,
            BY_CAPACITY => Full::Capacity,
            errno => Full::Disk(errno),
        }
    }

    /// Segments kept so far behind the one being written, and how many there can be in all: `max_segments`, or what is
    /// allocated when the disk gives no more.
    pub(crate) fn segments_kept_and_possible(&self) -> (u64, u64) {
        let first = self.first.load(Ordering::Relaxed);
        let kept = self.writing.load(Ordering::Relaxed) - first;
        let possible = match self.blocked.load(Ordering::Relaxed) {
            NOT_BLOCKED | BY_CAPACITY => self.settings.max_segments as u64,
            _disk => self.prepared.load(Ordering::Relaxed) + 1 - first,
        };
        (kept, possible)
    }

    /// Segments from `number` on that the writer began, oldest first.
    pub(crate) fn begun_from(&self, number: u64) -> Vec<Arc<Segment>> {
        let mapped = self.mapped.lock().expect("nothing panics while it holds this lock");
        let begun = number..=self.writing();
        mapped.iter().filter(|segment| begun.contains(&segment.number)).cloned().collect()
    }

    /// The file of segment `number`, and all before it, are gone: unmap them and let the preparer use the room.
    pub(crate) fn forget(&self, number: u64) {
        let mut mapped = self.mapped.lock().expect("nothing panics while it holds this lock");
        while mapped.front().is_some_and(|segment| segment.number <= number) {
            mapped.pop_front();
        }
        self.first.store(number + 1, Ordering::Release);
        // The reason is gone; until the preparer has been here, the next segment is simply not ready.
        let _ = self.blocked.compare_exchange(BY_CAPACITY, NOT_BLOCKED, Ordering::AcqRel, Ordering::Relaxed);
        self.preparer.unpark();
    }

    /// The preparer: allocates segments until there are as many as the writer wants. True when the disk refused and it
    /// should be tried again later.
    pub(crate) fn prepare(&self) -> bool {
        while !self.writer_is_gone() {
            let prepared = self.prepared.load(Ordering::Relaxed);
            if prepared >= self.wanted.load(Ordering::Acquire) {
                self.blocked.store(NOT_BLOCKED, Ordering::Release);
                return false;
            }
            if prepared + 1 - self.first.load(Ordering::Acquire) >= self.settings.max_segments as u64 {
                self.blocked.store(BY_CAPACITY, Ordering::Release);
                return false;
            }
            let Settings { segment_bytes, durability, .. } = self.settings;
            match Segment::prepare(&self.folder, &self.id, prepared + 1, segment_bytes, durability) {
                Ok(segment) => self.deliver(Arc::new(segment)),
                Err(error) => {
                    self.blocked.store(error.raw_os_error().unwrap_or(libc::EIO), Ordering::Release);
                    return true;
                }
            }
        }
        false
    }

    fn deliver(&self, segment: Arc<Segment>) {
        self.blocked.store(NOT_BLOCKED, Ordering::Release);
        self.prepared.store(segment.number, Ordering::Release);
        self.mapped.lock().expect("nothing panics while it holds this lock").push_back(Arc::clone(&segment));
        // Never full, as said above. A writer that left has no use for the segment.
        let _ = self.ready.try_send(segment);
    }
}
