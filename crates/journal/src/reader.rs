//! The reader: every record of a ring, in order, once. It follows a live ring without locks, and scans what a killed
//! process left.
//!
//! It maps the segment files itself, read-only, and shares nothing with the writer but the page cache. A record's word
//! is loaded with acquire order before anything of the record is looked at.

mod end;

use crc32fast::Hasher;

use crate::frame::{self, Word};
use crate::segment;
use crate::segment::view::{Start, View};
use crate::{JournalError, ReadError, Ring};

/// One record, as it lies in the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its sequence number.
    pub seq: u64,
    /// Its bytes.
    pub payload: &'a [u8],
}

/// How a ring ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing stands behind the newest record. Always so after `kill -9`: a record whose append did not return has no
    /// word yet.
    Clean {
        /// The newest record; 0 when there never was one.
        last_seq: u64,
    },
    /// Something stands there that is no record, and no record follows it. Power loss can do that.
    Torn {
        /// The newest sound record; 0 when there never was one.
        last_seq: u64,
        /// The segment's number.
        segment: u64,
        /// Where in the segment, in bytes.
        offset: usize,
    },
}

/// Reads one ring. Several readers do not disturb each other, nor the writer.
#[derive(Debug)]
pub struct Reader {
    ring: Ring,
    seeded: Hasher,
    view: View,
    offset: usize,
    first_seq: u64,
    next_seq: u64,
    /// The end that was examined, so that asking again at the same place costs nothing.
    examined: Option<Tail>,
}

/// What stands at the reader's place.
enum Look {
    Record { length: usize },
    Nothing,
    End,
    Damage { found: Option<u64> },
}

impl Reader {
    pub(crate) fn open(ring: Ring) -> Result<Reader, ReadError> {
        let seeded = ring.id().seeded();
        loop {
            let oldest = oldest_segment(&ring)?;
            // Freed between the listing and the opening: there is a newer oldest.
            let Some(view) = View::open(&ring.shared.folder, &ring.id(), oldest)? else { continue };
            let Start::At(first_seq) = view.start(&seeded) else {
                return Err(start_damaged(&ring, oldest).into());
            };
            let offset = View::FIRST_RECORD;
            return Ok(Reader { ring, seeded, view, offset, first_seq, next_seq: first_seq, examined: None });
        }
    }

    /// The next record; `None` when there is none (yet). On a live ring, ask again later.
    ///
    /// # Errors
    /// `Corrupt` or `MissingSegment` when records are missing or damaged in the middle; `Freed` when the reader was
    /// overtaken by [`Ring::free_through`]; `Journal`. An error does not move the reader.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, ReadError> {
        let Some((offset, length)) = self.advance()? else { return Ok(None) };
        let payload = self.view.bytes(offset + frame::RECORD_HEADER, length);
        Ok(Some(Record { seq: self.next_seq - 1, payload }))
    }

    /// Moves, so that the next record is `seq`.
    ///
    /// # Errors
    /// `Freed` when it is no longer kept, `Beyond` when it is more than one ahead of the newest; otherwise as
    /// [`Reader::next_record`].
    pub fn seek(&mut self, seq: u64) -> Result<(), ReadError> {
        let mut fresh = Reader::open(self.ring.clone())?;
        if seq < fresh.first_seq {
            return Err(ReadError::Freed { wanted: seq, first: fresh.first_seq });
        }
        fresh.skip_segments_before(seq)?;
        while fresh.next_seq < seq {
            if fresh.advance()?.is_none() {
                return Err(ReadError::Beyond { wanted: seq, last: fresh.next_seq - 1 });
            }
        }
        *self = fresh;
        Ok(())
    }

    /// Reads on to the end and says how the ring ends. Meant for a ring without a writer; on a live one the answer is
    /// already old.
    ///
    /// # Errors
    /// As [`Reader::next_record`].
    pub fn tail(&mut self) -> Result<Tail, ReadError> {
        while self.advance()?.is_some() {}
        Ok(self.examined.unwrap_or(Tail::Clean { last_seq: self.next_seq - 1 }))
    }

    /// The oldest record that was kept when the reader was opened (or last sought).
    pub fn first_seq(&self) -> u64 {
        self.first_seq
    }

    /// The sequence number of the record that [`Reader::next_record`] gives next.
    pub fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Steps over the next record; its offset and payload length.
    fn advance(&mut self) -> Result<Option<(usize, usize)>, ReadError> {
        loop {
            // Asked first: once it is sealed, what is looked at afterwards is final.
            let sealed = self.ring.is_sealed();
            match self.look() {
                Look::Record { length } => {
                    let at = self.offset;
                    self.offset += frame::framed(length);
                    self.next_seq += 1;
                    self.examined = None;
                    return Ok(Some((at, length)));
                }
                Look::End => {
                    if !self.enter_next_segment(sealed)? {
                        return Ok(None);
                    }
                }
                Look::Nothing if !sealed => return Ok(None),
                Look::Nothing => {
                    self.examine(Tail::Clean { last_seq: self.next_seq - 1 })?;
                    return Ok(None);
                }
                Look::Damage { found: None } if sealed => {
                    let (last_seq, segment, offset) = (self.next_seq - 1, self.view.number, self.offset);
                    self.examine(Tail::Torn { last_seq, segment, offset })?;
                    return Ok(None);
                }
                // A live writer never leaves damage behind: its memory or its file was tampered with.
                Look::Damage { found } => return Err(self.corrupt(found)),
            }
        }
    }

    fn look(&self) -> Look {
        match frame::parse(self.view.word(self.offset)) {
            Word::Nothing => Look::Nothing,
            Word::End { crc } if crc == frame::seq_crc(&self.seeded, self.next_seq - 1) => Look::End,
            _ => match self.view.record(self.offset, &self.seeded) {
                Some((seq, length)) if seq == self.next_seq => Look::Record { length },
                // Sound, but out of order.
                Some((seq, _)) => Look::Damage { found: Some(seq) },
                None => Look::Damage { found: None },
            },
        }
    }

    /// Goes to the segment after this one; false when it is not begun.
    fn enter_next_segment(&mut self, sealed: bool) -> Result<bool, ReadError> {
        let number = self.view.number + 1;
        let Some(next) = View::open(&self.ring.shared.folder, &self.ring.id(), number)? else {
            self.explain_absence(number)?;
            return Ok(false);
        };
        match next.start(&self.seeded) {
            Start::At(first) if first == self.next_seq => {
                self.view = next;
                self.offset = View::FIRST_RECORD;
                Ok(true)
            }
            Start::At(first) => Err(self.corrupt(Some(first))),
            Start::Unused => {
                if sealed {
                    self.examine(Tail::Clean { last_seq: self.next_seq - 1 })?;
                }
                Ok(false)
            }
            Start::Damaged => Err(start_damaged(&self.ring, number).into()),
        }
    }

    /// The segment after this one has no file: not made yet, freed, or lost?
    fn explain_absence(&self, number: u64) -> Result<(), ReadError> {
        let folder = &self.ring.shared.folder;
        let numbers = segment::numbers(folder).map_err(JournalError::io("list", folder))?;
        match (numbers.first(), numbers.last()) {
            (Some(&oldest), _) if oldest > number => {
                let first = Reader::open(self.ring.clone())?.first_seq;
                Err(ReadError::Freed { wanted: self.next_seq, first })
            }
            // A listing is no snapshot, so the file itself decides. If it was made since: it is there next time.
            (_, Some(&newest)) if newest > number && !segment::path(folder, number).exists() => {
                Err(ReadError::MissingSegment { segment: number, expected: self.next_seq })
            }
            _ => Ok(()),
        }
    }

    /// From a reader at its first record: goes to the last segment that begins at or before `seq`.
    fn skip_segments_before(&mut self, seq: u64) -> Result<(), ReadError> {
        let folder = &self.ring.shared.folder;
        while let Some(next) = View::open(folder, &self.ring.id(), self.view.number + 1)? {
            match next.start(&self.seeded) {
                Start::At(first) if first <= seq => {
                    self.view = next;
                    self.next_seq = first;
                }
                _ => break,
            }
        }
        Ok(())
    }
}

fn oldest_segment(ring: &Ring) -> Result<u64, JournalError> {
    let folder = &ring.shared.folder;
    let numbers = segment::numbers(folder).map_err(JournalError::io("list", folder))?;
    numbers.first().copied().ok_or_else(|| JournalError::Damaged { path: folder.clone(), what: "no segment is left" })
}

fn start_damaged(ring: &Ring, number: u64) -> JournalError {
    JournalError::Damaged { path: segment::path(&ring.shared.folder, number), what: "segment start" }
}
