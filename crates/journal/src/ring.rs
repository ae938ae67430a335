//! A ring as everyone but its writer sees it: read it, keep its control page, free what was shipped, remove it when
//! settled.
//!
//! The same handle serves a live ring and one that a killed process left. A ring appears and disappears whole, by a
//! rename of its folder.

pub(crate) mod create;
pub(crate) mod live;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::data_dir::Inner;
use crate::segment;
use crate::segment::view::{Start, View};
use crate::{Control, JournalError, ReadError, Reader, RingId};
use live::Live;

/// Ending of a ring's folder while it is being created.
pub(crate) const UNFINISHED: &str = "new";
/// Ending of a ring's folder while it is being deleted.
pub(crate) const REMOVED: &str = "removed";

/// A handle on one ring. Cheap to clone, good for any thread; it keeps the data folder locked.
#[derive(Clone, Debug)]
pub struct Ring {
    pub(crate) shared: Arc<Shared>,
}

/// What the handles of one ring share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) id: RingId,
    pub(crate) folder: PathBuf,
    /// Present when the ring was created by this process.
    pub(crate) live: Option<Arc<Live>>,
    control: Control,
    /// Held while segments are freed, so that two callers do not free the same one.
    freeing: Mutex<()>,
    dir: Arc<Inner>,
}

impl Ring {
    /// Which ring this is.
    pub fn id(&self) -> RingId {
        self.shared.id
    }

    /// A reader at the oldest record kept.
    ///
    /// # Errors
    /// As [`ReadError`] says; a fresh ring is simply empty.
    pub fn reader(&self) -> Result<Reader, ReadError> {
        Reader::open(self.clone())
    }

    /// The ring's control page, for the shipping cut.
    pub fn control(&self) -> &Control {
        &self.shared.control
    }

    /// Deletes the segments whose records are all ≤ `seq`; returns how many. The segment being written is never among
    /// them. Readers that still look at one keep what they have mapped. Space returns to the file system, and a full
    /// writer goes on.
    ///
    /// # Errors
    /// `Io`, `Damaged`, `Foreign`: the segments freed before the error stay freed.
    pub fn free_through(&self, seq: u64) -> Result<usize, JournalError> {
        let Shared { id, folder, live, .. } = &*self.shared;
        let _one_at_a_time = self.shared.freeing.lock().expect("nothing panics while it holds this lock");
        // Taken before the files are looked at: a segment behind this one is no longer held by the writer.
        let written_now = live.as_ref().map_or(u64::MAX, |live| live.writing());
        let numbers = segment::numbers(folder).map_err(JournalError::io("list", folder))?;
        let mut freed = 0;
        for (&number, &next) in numbers.iter().zip(numbers.iter().skip(1)) {
            let next_first = View::open(folder, id, next)?.map(|view| view.start(&id.seeded()));
            let shipped = matches!(next_first, Some(Start::At(first)) if first <= seq.saturating_add(1));
            if number >= written_now || !shipped {
                break;
            }
            let path = segment::path(folder, number);
            fs::remove_file(&path).map_err(JournalError::io("free segment", &path))?;
            if let Some(live) = live {
                live.forget(number);
            }
            freed += 1;
        }
        Ok(freed)
    }

    /// Deletes the ring, once it is settled. Other handles of it are of no more use.
    ///
    /// # Errors
    /// `RingLive` while its writer lives; `Io`.
    pub fn remove(self) -> Result<(), JournalError> {
        let Shared { id, folder, dir, .. } = &*self.shared;
        if !self.is_sealed() {
            return Err(JournalError::RingLive { id: *id });
        }
        let mut open = dir.open.lock().expect("nothing panics while it holds this lock");
        let doomed = folder.with_extension(REMOVED);
        fs::rename(folder, &doomed).map_err(JournalError::io("remove ring", folder))?;
        open.retain(|ring| ring.upgrade().is_some_and(|ring| ring.id != *id));
        fs::remove_dir_all(&doomed).map_err(JournalError::io("remove ring", &doomed))
    }

    /// Whether no writer can add to it any more.
    pub(crate) fn is_sealed(&self) -> bool {
        self.shared.live.as_ref().is_none_or(|live| live.writer_is_gone())
    }
}
