//! What can go wrong, in the words of the person who must do something about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::{MAX_PAYLOAD, Reservation, RingId, SettingsError};

/// A cold operation (lock, create, open, free, flush, remove, control page) failed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process holds the folder.
    #[error(
        "another Keyward{} uses the data folder {}: stop it, or give this one a folder of its own",
        process.map(|id| format!(" (process {id})")).unwrap_or_default(), folder.display()
    )]
    InUse {
        /// The data folder.
        folder: PathBuf,
        /// The process that wrote its number into the lock file, as far as it can be read.
        process: Option<u32>,
    },
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was being done, as a verb phrase.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A dial is out of bounds.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A ring of this epoch and number is already there.
    #[error("ring {id} cannot be created: its folder exists. Open a new epoch, or settle and remove the old ring")]
    RingExists {
        /// The ring asked for.
        id: RingId,
    },
    /// No such ring in this data folder.
    #[error("ring {id} is not in this data folder")]
    RingMissing {
        /// The ring asked for.
        id: RingId,
    },
    /// The ring still has its writer.
    #[error("ring {id} cannot be removed while its writer lives: drop the writer first")]
    RingLive {
        /// The ring asked for.
        id: RingId,
    },
    /// A file belongs to another ring: a copy from elsewhere, or another epoch's.
    #[error("{} belongs to ring {found}, not to {expected}: it was copied from another data folder", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The ring it was found in.
        expected: RingId,
        /// The ring it names.
        found: RingId,
    },
    /// A control page or a segment header does not check out.
    #[error("{} is damaged ({what}): restore it, or write its ring off with `keyward recover`", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which part.
        what: &'static str,
    },
    /// A control page holds at most [`crate::MAX_CONTROL_PAYLOAD`] bytes.
    #[error("a control page holds {limit} bytes, not {length}", limit = crate::MAX_CONTROL_PAYLOAD)]
    ControlTooLong {
        /// The bytes given.
        length: usize,
    },
    /// An earlier flush failed. The kernel may have dropped those pages, so no later flush of this ring can be
    /// believed.
    #[error("ring {id} could not be flushed earlier: its disk lost writes; restart on a sound disk")]
    FlushFailed {
        /// The ring.
        id: RingId,
    },
}

impl JournalError {
    /// For `map_err`: wraps the system's answer with what was being done to which file.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
        move |source| JournalError::Io { doing, path: path.to_owned(), source }
    }
}

/// Why the ring takes no further record now. Each reason ends by itself; nothing must be restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// `max_segments` are in use, because shipping lags. Ends with [`crate::Ring::free_through`].
    #[error("the journal is full: all its segments wait to be shipped")]
    Capacity,
    /// The next segment could not be allocated. Retried every [`crate::RETRY_AFTER`].
    #[error("the journal cannot grow: {}", io::Error::from_raw_os_error(*.0))]
    Disk(
        /// The system's error number, such as `ENOSPC`.
        i32,
    ),
    /// The next segment is being prepared; the writer outran the disk. Ends within milliseconds.
    #[error("the journal's next segment is not ready yet")]
    Preparing,
}

/// An append that wrote nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// No room, or only room that is reserved.
    #[error(transparent)]
    Full(#[from] Full),
    /// The payload is longer than a record, or than the reservation it was to use.
    #[error("a payload of {length} bytes is over its limit of {limit} (a record holds at most {MAX_PAYLOAD})")]
    TooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
}

/// A reserved append that wrote nothing, with its reservation handed back.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Unwritten {
    /// Why.
    pub error: AppendError,
    /// Still valid: use it with a shorter payload, or release it.
    pub reservation: Reservation,
}

/// A reader cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Records are missing or damaged in the middle: something valid follows. A torn end is not this: see
    /// [`crate::Tail`].
    ///
    /// `kill -9` cannot cause it. Power loss can, when the disk wrote later pages first: on a disk that honours
    /// flushes, every record that a flush had confirmed stands before the damage, and a caller that knows of the power
    /// loss may take it for the end. With `expected <= flushed` the disk did lose confirmed records.
    #[error(
        "segment {segment} is damaged at byte {offset}: record {expected} should stand there{}",
        found.map(|seq| format!(", and record {seq} follows")).unwrap_or_default()
    )]
    Corrupt {
        /// The segment's number.
        segment: u64,
        /// Where in the segment, in bytes.
        offset: usize,
        /// The sequence number that should have come next.
        expected: u64,
        /// The next valid record, when one was found.
        found: Option<u64>,
        /// Up to which sequence number flushes are known to have succeeded, at least; 0 where there was none.
        flushed: u64,
    },
    /// A segment file is absent between two others.
    #[error("segment {segment} is missing: record {expected} should be in it")]
    MissingSegment {
        /// The segment's number.
        segment: u64,
        /// The sequence number that should have come next.
        expected: u64,
    },
    /// The wanted record was freed.
    #[error("record {wanted} was freed; the oldest kept is {first}")]
    Freed {
        /// The sequence number asked for.
        wanted: u64,
        /// The oldest still kept.
        first: u64,
    },
    /// The wanted record is not written yet.
    #[error("record {wanted} is not written yet; the newest is {last}")]
    Beyond {
        /// The sequence number asked for.
        wanted: u64,
        /// The newest there is; 0 when there is none.
        last: u64,
    },
    /// A file could not be opened or does not belong here.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
