//! One segment file as a reader holds it: mapped read-only, checked against its name, read word by word.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crc32fast::Hasher;
use memmap2::{MmapOptions, MmapRaw};

use super::header::{self, FIRST_SEQ, FLUSHED, HEADER_BYTES, IDENTITY_BYTES, Misfit, START};
use crate::frame::{self, END_BYTES, Word};
use crate::settings::{MAX_SEGMENT_BYTES, MIN_SEGMENT_BYTES};
use crate::{JournalError, RingId};

/// A mapped segment. The writer may be adding to it, so only words (atomically) and committed records are looked at.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) number: u64,
    map: MmapRaw,
}

/// How far a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Prepared, not begun.
    Unused,
    /// Begun; its first record has this sequence number.
    At(u64),
    /// The start does not check out.
    Damaged,
}

impl View {
    /// Maps segment `number` of a ring; `None` when there is no such file.
    ///
    /// # Errors
    /// `Foreign` or `Damaged` when the header does not fit the file's place; `Io`.
    pub(crate) fn open(folder: &Path, id: &RingId, number: u64) -> Result<Option<View>, JournalError> {
        let path = super::path(folder, number);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(JournalError::io("open segment", &path))?,
        };
        let length = file.metadata().map_err(JournalError::io("inspect segment", &path))?.len() as usize;
        if !(MIN_SEGMENT_BYTES..=MAX_SEGMENT_BYTES).contains(&length) || !length.is_multiple_of(8) {
            return Err(JournalError::Damaged { path, what: "segment length" });
        }
        let map =
            MmapOptions::new().len(length).map_raw_read_only(&file).map_err(JournalError::io("map segment", &path))?;
        let view = View { number, map };
        let identity: [u8; IDENTITY_BYTES] = std::array::from_fn(|i| view.bytes(0, IDENTITY_BYTES)[i]);
        match header::check_identity(&identity, id, number, length) {
            Ok(()) => Ok(Some(view)),
            Err(Misfit::Damaged(what)) => Err(JournalError::Damaged { path, what }),
            Err(Misfit::Foreign(found)) => Err(JournalError::Foreign { path, expected: *id, found }),
        }
    }

    /// Whether the segment is begun, and where.
    pub(crate) fn start(&self, seeded: &Hasher) -> Start {
        let word = self.word(START);
        let first_seq = self.word(FIRST_SEQ);
        match word {
            0 => Start::Unused,
            word if word == header::start_word(seeded, first_seq) && first_seq > 0 => Start::At(first_seq),
            _ => Start::Damaged,
        }
    }

    /// Up to which sequence number a flush is known to have succeeded.
    pub(crate) fn flushed(&self) -> u64 {
        self.word(FLUSHED)
    }

    /// The word at `offset`, ordered before whatever it commits.
    pub(crate) fn word(&self, offset: usize) -> u64 {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.map.len(), "a word outside its segment");
        // SAFETY: inside the map and aligned (just checked; a map begins on a page). Loading does not write, so a
        // read-only map will do.
        let word = unsafe { AtomicU64::from_ptr(self.map.as_mut_ptr().add(offset).cast()) };
        u64::from_le(word.load(Ordering::Acquire))
    }

    /// Bytes that no writer touches any more: of an identity, or of a record whose word was seen.
    pub(crate) fn bytes(&self, offset: usize, length: usize) -> &[u8] {
        assert!(offset + length <= self.map.len(), "bytes outside their segment");
        // SAFETY: inside the map, and committed, as the caller says; committed bytes are never written again.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().add(offset), length) }
    }

    /// The payload's length and sequence number of the record at `offset`, if a sound one stands there.
    pub(crate) fn record(&self, offset: usize, seeded: &Hasher) -> Option<(u64, usize)> {
        let Word::Record { length, crc } = frame::parse(self.word(offset)) else { return None };
        if offset + frame::framed(length) > self.end_limit() {
            return None;
        }
        let body = self.bytes(offset + 8, 8 + length);
        let seq = u64::from_le_bytes(std::array::from_fn(|i| body[i]));
        (frame::record_crc(seeded, seq, &body[8..]) == crc).then_some((seq, length))
    }

    /// The first offset behind which no record may reach: an end word always fits there.
    pub(crate) fn end_limit(&self) -> usize {
        self.map.len() - END_BYTES
    }

    /// Where the first record stands.
    pub(crate) const FIRST_RECORD: usize = HEADER_BYTES;
}
