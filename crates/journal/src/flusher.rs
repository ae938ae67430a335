//! Group flush, for [`crate::Durability::Host`]: one wait for the disk makes all records before it survive power loss.

use std::sync::{Arc, Mutex};

use crate::ring::live::Live;
use crate::{JournalError, Ring};

/// Flushes one ring, from any thread but its writer's. Clones share what they know.
#[derive(Clone, Debug)]
pub struct Flusher {
    live: Arc<Live>,
    progress: Arc<Mutex<Progress>>,
    /// Keeps the data folder locked.
    _ring: Ring,
}

#[derive(Debug)]
struct Progress {
    /// Up to which sequence number records are on the disk.
    durable: u64,
    /// The oldest segment that may hold something not yet on the disk.
    segment: u64,
    failed: bool,
}

impl Flusher {
    pub(crate) fn new(live: Arc<Live>, ring: Ring) -> Flusher {
        let progress = Progress { durable: 0, segment: live.writing(), failed: false };
        Flusher { live, progress: Arc::new(Mutex::new(progress)), _ring: ring }
    }

    /// Waits until every record appended before the call is on the disk; returns the sequence number up to which that
    /// is so. Callers that wait together share one flush.
    ///
    /// # Errors
    /// `Io` when the disk refuses; from then on `FlushFailed`, always: the kernel may have dropped the pages, and a
    /// flush that succeeds later would confirm records that are gone. Stop admitting.
    pub fn flush(&self) -> Result<u64, JournalError> {
        let wanted = self.live.published();
        let mut progress = self.progress.lock().expect("nothing panics while it holds this lock");
        if progress.failed {
            return Err(JournalError::FlushFailed { id: self.live.id });
        }
        if progress.durable >= wanted {
            return Ok(progress.durable);
        }
        // In this order: the segment seen afterwards is the one that holds `reached`, or a later one.
        let reached = self.live.published();
        let segments = self.live.begun_from(progress.segment);
        for segment in &segments {
            if let Err(source) = segment.flush() {
                progress.failed = true;
                return Err(JournalError::Io {
                    doing: "flush ring in",
                    path: self._ring.shared.folder.clone(),
                    source,
                });
            }
        }
        if let Some(newest) = segments.last() {
            newest.note_flushed(reached);
            progress.segment = newest.number;
        }
        progress.durable = reached;
        Ok(reached)
    }
}
