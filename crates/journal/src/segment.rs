//! One segment file as its writer holds it: allocated, mapped, pre-faulted, never resized.
//!
//! The file is made under another name and renamed when it is complete, so that a file called `.segment` always has its
//! full length on disk and its identity in place. Whatever a crash leaves of an unfinished one is ignored and written
//! over.

pub(crate) mod allocate;
pub(crate) mod header;
pub(crate) mod view;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crc32fast::Hasher;
use memmap2::{MmapOptions, MmapRaw};

use crate::frame::{self, END_BYTES};
use crate::{Durability, RingId};
use header::HEADER_BYTES;

/// Lines of cache that most records fit into.
#[cfg(target_arch = "x86_64")]
const LINES_AHEAD: usize = 4;

/// A mapped segment. The bytes are shared with readers in this and other processes, so they are touched through raw
/// pointers only; words that order them are atomics.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    map: MmapRaw,
}

/// Bytes for records in a segment not yet begun.
pub(crate) fn fresh_room(segment_bytes: usize) -> usize {
    segment_bytes - HEADER_BYTES - END_BYTES
}

/// The file of segment `number` in a ring's folder.
pub(crate) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}.segment"))
}

/// The numbers of all complete segments in a ring's folder, ascending.
pub(crate) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.strip_suffix(".segment")?.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

impl Segment {
    /// Allocates, maps and pre-faults segment `number`, off the hot path. Nothing is left behind when it fails.
    pub(crate) fn prepare(
        folder: &Path,
        id: &RingId,
        number: u64,
        segment_bytes: usize,
        durability: Durability,
    ) -> io::Result<Segment> {
        let unfinished = folder.join(format!("{number:010}.preparing"));
        let made = Segment::fill(&unfinished, id, number, segment_bytes, durability)
            .and_then(|segment| fs::rename(&unfinished, path(folder, number)).map(|()| segment))
            .and_then(|segment| match durability {
                Durability::Process => Ok(segment),
                Durability::Host => sync_folder(folder).map(|()| segment),
            });
        if made.is_err() {
            // The first error is the one worth reporting; a leftover is written over by the next attempt.
            let _ = fs::remove_file(&unfinished);
        }
        made
    }

    fn fill(
        file: &Path,
        id: &RingId,
        number: u64,
        segment_bytes: usize,
        durability: Durability,
    ) -> io::Result<Segment> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(file)?;
        allocate::reserve_blocks(&file, segment_bytes)?;
        let map = MmapOptions::new().len(segment_bytes).map_raw(&file)?;
        allocate::fault_in(&map)?;
        let identity = header::encode_identity(id, number, segment_bytes);
        // SAFETY: the map is longer than a header, and nobody else knows the file yet.
        unsafe { std::ptr::copy_nonoverlapping(identity.as_ptr(), map.as_mut_ptr(), identity.len()) };
        if durability == Durability::Host {
            // Blocks written once are overwritten in place later: group flushes then wait for data, not for file system
            // metadata.
            map.flush()?;
            file.sync_all()?;
        }
        Ok(Segment { number, map })
    }

    /// Opens the segment for records from `first_seq` on. Readers see it as begun from the last of the two stores.
    pub(crate) fn start(&self, first_seq: u64, seeded: &Hasher) {
        self.word(header::FIRST_SEQ).store(first_seq.to_le(), Ordering::Relaxed);
        self.word(header::START).store(header::start_word(seeded, first_seq).to_le(), Ordering::Release);
    }

    /// Writes one record at `offset`. Its word is stored last: until then a reader sees nothing there.
    ///
    /// # Safety
    /// Only the ring's one writer may call it; `offset` must be a multiple of 8 at or after the header, behind all
    /// earlier records, and `offset + framed(payload.len())` must leave [`END_BYTES`] at the segment's end.
    #[inline]
    pub(crate) unsafe fn write_record(&self, offset: usize, seq: u64, payload: &[u8], seeded: &Hasher) {
        debug_assert!(offset + frame::framed(payload.len()) + END_BYTES <= self.map.len());
        // Of the caller's bytes, which are at hand: those in the map must first come from memory to be read again.
        let crc = frame::record_crc(seeded, seq, payload);
        // SAFETY: the range is inside the map, nobody reads it before the word below is stored, and nobody else writes
        // it.
        unsafe {
            let body = self.map.as_mut_ptr().add(offset + 8);
            body.cast::<u64>().write(seq.to_le());
            std::ptr::copy_nonoverlapping(payload.as_ptr(), body.add(8), payload.len());
        }
        self.word(offset).store(frame::record_word(payload.len(), crc).to_le(), Ordering::Release);
    }

    /// Has the place of the next record on its way into the cache while other things are done: it was zeroed long ago, and whoever
    /// waits for stores (every lock does) would wait for the memory.
    #[inline]
    pub(crate) fn fetch_ahead(&self, offset: usize) {
        #[cfg(target_arch = "x86_64")]
        for line in 0..LINES_AHEAD {
            use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
            let place = self.map.as_ptr().wrapping_add(offset + line * 64);
            // SAFETY: a hint, which reads and writes nothing: even an address behind the map would do.
            unsafe { _mm_prefetch::<_MM_HINT_ET0>(place.cast()) };
        }
    }

    /// Closes the segment at `offset`, behind its last record.
    pub(crate) fn write_end(&self, offset: usize, last_seq: u64, seeded: &Hasher) {
        self.word(offset).store(frame::end_word(seeded, last_seq).to_le(), Ordering::Release);
    }

    /// Waits until the disk has every byte written so far.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.map.flush()
    }

    /// Notes in the header up to where flushes have succeeded. It reaches the disk with the next flush, so what a crash
    /// leaves is a lower bound.
    pub(crate) fn note_flushed(&self, seq: u64) {
        self.word(header::FLUSHED).store(seq.to_le(), Ordering::Relaxed);
    }

    fn word(&self, offset: usize) -> &AtomicU64 {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.map.len(), "a word outside its segment");
        // SAFETY: inside the map and aligned (just checked; a map begins on a page); the word is only ever accessed as
        // an atomic while shared.
        unsafe { AtomicU64::from_ptr(self.map.as_mut_ptr().add(offset).cast()) }
    }
}

/// Makes the names in a folder survive power loss.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
